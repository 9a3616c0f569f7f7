/* SPDX-License-Identifier: Apache-2.0
 *
 * Quoting. Appends only; the buffer tells about failures.
 */
#include "stdlib/quote.h"

#include "base/utf8.h"
#include "stdlib/unicode.h"

static void write_hex(struct buf *b, char letter, uint32_t value, int digits)
{
    buf_char(b, '\\');
    buf_char(b, letter);
    while (digits-- > 0)
        buf_char(b, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static void write_control(struct buf *b, uint32_t c)
{
    static const char letters[] = "abtnvfr"; /* from 7 to 13 */
    if (c >= '\a' && c <= '\r') {
        buf_char(b, '\\');
        buf_char(b, letters[c - '\a']);
    } else if (c < ' ' || c == 0x7F) {
        write_hex(b, 'x', c, 2);
    } else if (c < 0x10000) {
        write_hex(b, 'u', c, 4);
    } else {
        write_hex(b, 'U', c, 8);
    }
}

static void write_escaped(struct buf *b, uint32_t c, char quote, enum quote_style style)
{
    char out[UTF8_MAX];
    if (c == (unsigned char)quote || c == '\\') {
        buf_char(b, '\\');
        buf_char(b, (char)c);
    } else if (unicode_is_print(c) && (style == QUOTE_PRINTABLE || c < 0x80)) {
        buf_bytes(b, out, utf8_encode(out, c));
    } else {
        write_control(b, c);
    }
}

void quote_text(struct buf *b, struct str s, enum quote_style style)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (c == UTF8_BAD && len == 1)
            write_hex(b, 'x', (unsigned char)s.p[i], 2);
        else
            write_escaped(b, c, '"', style);
        i += len;
    }
    buf_char(b, '"');
}

void quote_character(struct buf *b, uint32_t c, enum quote_style style)
{
    if (c > UNICODE_MAX || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_BAD;
    buf_char(b, '\'');
    write_escaped(b, c, '\'', style);
    buf_char(b, '\'');
}

bool quote_is_raw(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (len == 1 && (c == UTF8_BAD || (c < ' ' && c != '\t') || c == '`' || c == 0x7F))
            return false;
        if (c == 0xFEFF)
            return false;
        i += len;
    }
    return true;
}
