/* SPDX-License-Identifier: Apache-2.0
 *
 * Escapes of strings, and what may be written as a number.
 *
 * A lone surrogate becomes U+FFFD and a control character is refused once there is an escape at all: OPA hands such strings
 * to Go's JSON decoder.
 */
#include "lang/literal.h"

#include "base/buf.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits at p. */
static bool read_unit(const char *p, const char *end, uint32_t *ret)
{
    if (end - p < 4)
        return false;
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *ret = unit;
    return true;
}

/* Behind \u; moves *at behind what was read. */
static bool read_code(const char **at, const char *end, uint32_t *ret)
{
    uint32_t high, low;
    if (!read_unit(*at, end, &high))
        return false;
    *at += 4;
    *ret = high;
    if (high < 0xD800 || high > 0xDFFF)
        return true;
    *ret = UTF8_BAD;
    const char *p = *at;
    if (high > 0xDBFF || end - p < 6 || p[0] != '\\' || p[1] != 'u' || !read_unit(p + 2, end, &low))
        return true;
    if (low < 0xDC00 || low > 0xDFFF)
        return true;
    *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    *at += 6;
    return true;
}

static bool write_escape(struct buf *b, const char **at, const char *end)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (*at == end)
        return false;
    char c = *(*at)++;
    if (c == 'u') {
        uint32_t code;
        char out[UTF8_MAX];
        if (!read_code(at, end, &code))
            return false;
        buf_bytes(b, out, utf8_encode(out, code));
        return true;
    }
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL)
        return false;
    buf_char(b, to[found - from]);
    return true;
}

bool literal_unescape(struct arena *a, struct str text, struct str *ret)
{
    struct buf b;
    buf_init(&b, a);
    if (!buf_reserve(&b, text.len))
        return false;
    const char *at = text.p, *end = text.p + text.len;
    while (at < end) {
        char c = *at++;
        if ((unsigned char)c < 0x20 || c == '"')
            return false;
        if (c != '\\')
            buf_char(&b, c);
        else if (!write_escape(&b, &at, end))
            return false;
    }
    *ret = buf_view(&b);
    return !b.failed;
}

/* Takes the backslash from every \{ whose backslash is not itself escaped. */
static bool open_braces(struct arena *a, struct str text, bool is_raw, struct str *ret)
{
    char *out = arena_alloc(a, text.len + 1);
    if (out == NULL)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '\\' && i + 1 < text.len) {
            if (text.p[i + 1] == '{') {
                out[n++] = '{';
                i++;
                continue;
            }
            if (!is_raw) {
                out[n++] = '\\';
                i++;
            }
        }
        out[n++] = text.p[i];
    }
    *ret = (struct str){out, n};
    return true;
}

bool literal_template_text(struct arena *a, struct str text, bool is_raw, struct str *ret)
{
    *ret = text;
    if (text.len == 0 || memchr(text.p, '\\', text.len) == NULL)
        return true;
    if (!open_braces(a, text, is_raw, ret))
        return false;
    return is_raw || memchr(ret->p, '\\', ret->len) == NULL || literal_unescape(a, *ret, ret);
}

bool literal_is_number(const char *prefix, struct str digits)
{
    size_t len = strlen(prefix);
    if ((len != 0 && prefix[len - 1] == '.') || digits.len < 2 || digits.p[0] != '0')
        return true;
    return digits.p[1] == '.' || (digits.len > 2 && (digits.p[1] == 'e' || digits.p[1] == 'E'));
}

enum number_status literal_number(struct arena *a, struct str text, struct value *ret)
{
    bool is_negative = text.len != 0 && text.p[0] == '-';
    if (text.len <= is_negative || text.p[is_negative] != '.')
        return number_parse(a, text, ret);
    struct str full = arena_printf(a, "%s0%.*s", is_negative ? "-" : "", (int)(text.len - is_negative), text.p + is_negative);
    return full.p == NULL ? NUMBER_NOMEM : number_parse(a, full, ret);
}
