/* SPDX-License-Identifier: Apache-2.0
 *
 * Rego's text of values, as sprintf, print and template strings show it.
 *
 * Strings are quoted as OPA quotes them: what is not printable (vm/printable.def) is escaped, a byte that is not UTF-8 as \x.
 */
#include "base/utf8.h"
#include "vm/number.h"
#include "vm/value.h"

struct printable_start {
    uint32_t first, at;
};

#include "vm/printable.def"

bool value_is_printable(uint32_t c)
{
    if (c < 0x7F)
        return c >= ' ';
    size_t start = COUNT_OF(printable_starts) - 1;
    while (printable_starts[start].first > c)
        start--;
    uint32_t end = printable_starts[start].first;
    bool shown = true;
    for (size_t i = printable_starts[start].at; i < sizeof printable_runs && end <= c;) {
        uint32_t length = 0;
        unsigned shift = 0;
        do {
            length |= (printable_runs[i] & 127u) << shift;
            shift += 7;
        } while (printable_runs[i++] > 127);
        end += length;
        shown = !shown;
    }
    return end > c && shown;
}

static void write_hex(struct buf *b, char letter, uint32_t c, int digits)
{
    buf_char(b, '\\');
    buf_char(b, letter);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        buf_char(b, "0123456789abcdef"[c >> shift & 0xF]);
}

static void write_escape(struct buf *b, uint32_t c)
{
    static const char names[] = "abtnvfr"; /* of 7 to 13 */
    if (c >= 7 && c <= 13) {
        buf_char(b, '\\');
        buf_char(b, names[c - 7]);
    } else if (c < ' ' || c == 0x7F) {
        write_hex(b, 'x', c, 2);
    } else if (c < 0x10000) {
        write_hex(b, 'u', c, 4);
    } else {
        write_hex(b, 'U', c, 8);
    }
}

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
}

void value_write_quoted(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len;) {
        size_t plain = i;
        while (plain < s.len && is_plain((unsigned char)s.p[plain]))
            plain++;
        buf_bytes(b, s.p + i, plain - i);
        i = plain;
        if (i == s.len)
            break;
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (c == UTF8_BAD && len == 1) {
            write_hex(b, 'x', (unsigned char)s.p[i], 2);
        } else if (c == '"' || c == '\\') {
            buf_char(b, '\\');
            buf_char(b, (char)c);
        } else if (value_is_printable(c)) {
            buf_bytes(b, s.p + i, len);
        } else {
            write_escape(b, c);
        }
        i += len;
    }
    buf_char(b, '"');
}

static void write_items(struct buf *b, const struct value *items, size_t count)
{
    for (size_t i = 0; i < count && !b->failed; i++) {
        if (i != 0)
            buf_bytes(b, ", ", 2);
        value_write_rego(b, items[i]);
    }
}

static void write_object(struct buf *b, struct object *o)
{
    const struct member *members = object_members(o);
    buf_char(b, '{');
    for (uint32_t i = 0; i < o->count && !b->failed; i++) {
        if (i != 0)
            buf_bytes(b, ", ", 2);
        value_write_rego(b, members[i].key);
        buf_bytes(b, ": ", 2);
        value_write_rego(b, members[i].value);
    }
    buf_char(b, '}');
}

static void write_set(struct buf *b, struct set *s)
{
    if (s->count == 0) {
        buf_cstr(b, "set()");
        return;
    }
    buf_char(b, '{');
    write_items(b, set_items(s), s->count);
    buf_char(b, '}');
}

void value_write_rego(struct buf *b, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    switch (v.kind) {
    case VALUE_NULL:
        buf_cstr(b, "null");
        break;
    case VALUE_BOOL:
        buf_cstr(b, v.i ? "true" : "false");
        break;
    case VALUE_NUMBER:
        buf_str(b, number_text(v, tmp));
        break;
    case VALUE_STRING:
        value_write_quoted(b, value_text(v));
        break;
    case VALUE_ARRAY:
        buf_char(b, '[');
        write_items(b, v.items, v.len);
        buf_char(b, ']');
        break;
    case VALUE_OBJECT:
        write_object(b, v.object);
        break;
    case VALUE_SET:
        write_set(b, v.set);
        break;
    default:
        buf_cstr(b, "undefined");
        break;
    }
}
