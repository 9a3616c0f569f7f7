/* SPDX-License-Identifier: Apache-2.0
 *
 * base64.*, base64url.*, hex.*.
 *
 * Decoded text may be any bytes, not only UTF-8.
 */
#include "stdlib/base64.h"
#include "stdlib/builtins.h"
#include "stdlib/strings.h"
#include "stdlib/unicode.h"
#include "vm/limits.h"

static int encode_base64(struct bi_ctx *ctx, const struct value *argv, enum base64_alphabet alphabet, bool padded,
                         struct value *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    if (s.len / 3 * 4 > ctx->limits->output)
        return bi_halt(ctx, ERR_LIMIT_OUTPUT, "%s: the result is too large (limit 'output')", ctx->def->name);
    struct str out = base64_encode(ctx->arena, s, alphabet, padded);
    *ret = value_str(out);
    return out.p != NULL ? BI_OK : bi_nomem(ctx);
}

int bif_base64_encode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return encode_base64(ctx, argv, BASE64_STANDARD, true, ret);
}

int bif_base64url_encode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return encode_base64(ctx, argv, BASE64_URL, true, ret);
}

int bif_base64url_encode_no_pad(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return encode_base64(ctx, argv, BASE64_URL, false, ret);
}

static int decode_base64(struct bi_ctx *ctx, struct str s, enum base64_alphabet alphabet, bool padded, struct value *ret)
{
    struct str out;
    size_t at;
    int status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    switch (base64_decode(ctx->arena, s, alphabet, padded, &out, &at)) {
    case BASE64_OK:
        *ret = value_str(out);
        return BI_OK;
    case BASE64_CORRUPT:
        return bi_fail(ctx, "illegal base64 data at input byte %zu", at);
    default:
        return bi_nomem(ctx);
    }
}

int bif_base64_decode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    return status == BI_OK ? decode_base64(ctx, s, BASE64_STANDARD, true, ret) : status;
}

int bif_base64_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    *ret = value_bool(false);
    if (argv[0].kind != VALUE_STRING)
        return BI_OK;
    struct str out;
    size_t at;
    int status = bi_charge(ctx, argv[0].len / 4 + 1);
    if (status != BI_OK)
        return status;
    enum base64_status found = base64_decode(ctx->arena, value_text(argv[0]), BASE64_STANDARD, true, &out, &at);
    *ret = value_bool(found == BASE64_OK);
    return found == BASE64_NOMEM ? bi_nomem(ctx) : BI_OK;
}

/* Padding that is left out is supplied; the text that is judged is the one with it. */
int bif_base64url_decode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    if (status != BI_OK)
        return status;
    unsigned rest = s.len % 4;
    if (rest == 0 || s.p[s.len - 1] == '=')
        return decode_base64(ctx, s, BASE64_URL, true, ret);
    if (rest == 1)
        return bi_fail(ctx, "illegal base64url string: %.*s", (int)(s.len < 900 ? s.len : 900), s.p);
    char *text;
    status = strings_new(ctx, s.len + 2, &text);
    if (status != BI_OK)
        return status;
    memcpy(text, s.p, s.len);
    memset(text + s.len, '=', 2);
    return decode_base64(ctx, str_of(text, s.len + (4 - rest)), BASE64_URL, true, ret);
}

int bif_hex_encode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    char *text;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 8);
    if (status == BI_OK)
        status = strings_new(ctx, s.len * 2, &text);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < s.len; i++) {
        text[2 * i] = "0123456789abcdef"[(unsigned char)s.p[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[(unsigned char)s.p[i] & 15];
    }
    *ret = value_string(text, s.len * 2);
    return BI_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte as the code point of its number, which is how the error text shows it. */
static int fail_hex(struct bi_ctx *ctx, char byte)
{
    unsigned c = (unsigned char)byte;
    if (c < 0x80)
        return unicode_is_print(c) ? bi_fail(ctx, "encoding/hex: invalid byte: U+%04X '%c'", c, byte)
                                   : bi_fail(ctx, "encoding/hex: invalid byte: U+%04X", c);
    if (!unicode_is_print(c))
        return bi_fail(ctx, "encoding/hex: invalid byte: U+%04X", c);
    return bi_fail(ctx, "encoding/hex: invalid byte: U+%04X '%c%c'", c, (char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F)));
}

int bif_hex_decode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    char *text;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 8);
    if (status == BI_OK)
        status = strings_new(ctx, s.len / 2, &text);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < s.len; i++) {
        int digit = hex_digit(s.p[i]);
        if (digit < 0)
            return fail_hex(ctx, s.p[i]);
        if (i % 2 == 1)
            text[i / 2] = (char)(hex_digit(s.p[i - 1]) << 4 | digit);
    }
    if (s.len % 2 == 1)
        return bi_fail(ctx, "encoding/hex: odd length hex string");
    *ret = value_string(text, s.len / 2);
    return BI_OK;
}
