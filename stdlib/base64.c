/* SPDX-License-Identifier: Apache-2.0
 *
 * Base64. Decoding goes by groups of four digits; a group that is not four digits takes the slow way, which knows padding,
 * line breaks and where an error is.
 */
#include "stdlib/base64.h"

static const char digits[2][65] = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

struct str base64_encode(struct arena *a, struct str bytes, enum base64_alphabet alphabet, bool padded)
{
    const char *table = digits[alphabet];
    size_t groups = bytes.len / 3, rest = bytes.len % 3, size;
    if (!size_mul(groups + 1, 4, &size))
        return (struct str){NULL, 0};
    char *out = arena_alloc(a, size), *at = out;
    if (out == NULL)
        return (struct str){NULL, 0};
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < groups; i++, p += 3) {
        uint32_t word = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        for (int shift = 18; shift >= 0; shift -= 6)
            *at++ = table[word >> shift & 63];
    }
    if (rest > 0) {
        uint32_t word = (uint32_t)p[0] << 16 | (rest == 2 ? (uint32_t)p[1] << 8 : 0);
        for (size_t i = 0; i <= rest; i++)
            *at++ = table[word >> (18 - 6 * i) & 63];
        for (size_t i = rest; padded && i < 3; i++)
            *at++ = '=';
    }
    return str_of(out, (size_t)(at - out));
}

/* The value of each byte as a digit, or 0xFF. */
static void make_values(enum base64_alphabet alphabet, unsigned char values[256])
{
    memset(values, 0xFF, 256);
    for (unsigned char i = 0; i < 64; i++)
        values[(unsigned char)digits[alphabet][i]] = i;
}

struct decoder {
    const unsigned char *text;
    size_t len, at;
    unsigned char values[256];
    bool padded;
    unsigned char *out;
    size_t out_len;
    size_t bad_at;
};

static bool fail_at(struct decoder *d, size_t at)
{
    d->bad_at = at;
    return false;
}

static void skip_breaks(struct decoder *d)
{
    while (d->at < d->len && (d->text[d->at] == '\n' || d->text[d->at] == '\r'))
        d->at++;
}

/* The padding whose first sign, in place number place of its group, was just read. */
static bool decode_padding(struct decoder *d, unsigned place)
{
    if (place < 2)
        return fail_at(d, d->at - 1);
    if (place == 2) {
        skip_breaks(d);
        if (d->at == d->len)
            return fail_at(d, d->len);
        if (d->text[d->at] != '=')
            return fail_at(d, d->at - 1);
        d->at++;
    }
    skip_breaks(d);
    return d->at == d->len || fail_at(d, d->at);
}

/* One group: up to four digits, the last group possibly fewer. */
static bool decode_group(struct decoder *d)
{
    uint32_t word = 0;
    unsigned place = 0;
    while (place < 4) {
        if (d->at == d->len) {
            if (place == 0)
                return true;
            if (place == 1 || d->padded)
                return fail_at(d, d->at - place);
            break;
        }
        unsigned char c = d->text[d->at++];
        if (d->values[c] != 0xFF) {
            word |= (uint32_t)d->values[c] << (18 - 6 * place++);
        } else if (c != '\n' && c != '\r') {
            if (c != '=' || !d->padded)
                return fail_at(d, d->at - 1);
            if (!decode_padding(d, place))
                return false;
            break;
        }
    }
    for (unsigned i = 0; i + 1 < place; i++)
        d->out[d->out_len++] = (unsigned char)(word >> (16 - 8 * i));
    return true;
}

static bool decode_text(struct decoder *d)
{
    while (d->at < d->len) {
        const unsigned char *p = d->text + d->at;
        if (d->len - d->at >= 4) {
            unsigned char a = d->values[p[0]], b = d->values[p[1]], c = d->values[p[2]], e = d->values[p[3]];
            if (((a | b | c | e) & 0x80) == 0) {
                d->out[d->out_len++] = (unsigned char)(a << 2 | b >> 4);
                d->out[d->out_len++] = (unsigned char)(b << 4 | c >> 2);
                d->out[d->out_len++] = (unsigned char)(c << 6 | e);
                d->at += 4;
                continue;
            }
        }
        if (!decode_group(d))
            return false;
    }
    return true;
}

enum base64_status base64_decode(struct arena *a, struct str text, enum base64_alphabet alphabet, bool padded, struct str *ret,
                                 size_t *ret_at)
{
    struct decoder d = {.text = (const unsigned char *)text.p, .len = text.len, .padded = padded};
    make_values(alphabet, d.values);
    d.out = arena_alloc(a, text.len / 4 * 3 + 3);
    if (d.out == NULL)
        return BASE64_NOMEM;
    bool good = decode_text(&d);
    *ret_at = d.bad_at;
    *ret = str_of((const char *)d.out, d.out_len);
    return good ? BASE64_OK : BASE64_CORRUPT;
}
