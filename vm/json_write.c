/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON writer: as Go's json.Marshal and json.MarshalIndent write what OPA makes of a value.
 *
 * Keys that are not strings are written as their JSON text in a string. Members are in the order of their texts; of keys with
 * the same text (1 and "1") the greater value's member is written. Recursion is as deep as the value.
 */
#include "base/utf8.h"
#include "vm/json.h"
#include "vm/json_scan.h"
#include "vm/number.h"
#include "vm/value_sort.h"

struct writer {
    struct buf *b;
    enum json_style style;
    bool indented;
    struct str prefix, indent;
};

static void write_value(const struct writer *w, struct value v, unsigned depth);

/* ---- strings ---- */

static void write_unicode(struct buf *b, uint32_t c)
{
    buf_bytes(b, "\\u", 2);
    for (int shift = 12; shift >= 0; shift -= 4)
        buf_char(b, "0123456789abcdef"[c >> shift & 0xF]);
}

/* The special byte or character at p; how many bytes it has. */
static unsigned write_special(struct buf *b, const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    static const char letters[] = "btn\0fr"; /* of 8 to 13 */
    if (c >= 0x80) {
        unsigned len;
        uint32_t code = utf8_decode(p, left, &len);
        if ((code == UTF8_BAD && len == 1) || code == 0x2028 || code == 0x2029)
            write_unicode(b, code);
        else
            buf_bytes(b, p, len);
        return len;
    }
    if (c == '"' || c == '\\' || (c >= 8 && c <= 13 && c != 11)) {
        buf_char(b, '\\');
        buf_char(b, c < ' ' ? letters[c - 8] : (char)c);
    } else {
        write_unicode(b, c);
    }
    return 1;
}

void json_write_string(struct buf *b, struct str s, enum json_style style)
{
    const char *p = s.len != 0 ? s.p : "", *end = p + s.len;
    buf_char(b, '"');
    while (p < end) {
        const char *stop = json_scan_plain(p, end, style == JSON_COMPACT);
        buf_bytes(b, p, (size_t)(stop - p));
        p = stop;
        if (p < end)
            p += write_special(b, p, (size_t)(end - p));
    }
    buf_char(b, '"');
}

/* ---- collections ---- */

static void start_line(const struct writer *w, unsigned depth)
{
    if (!w->indented)
        return;
    buf_char(w->b, '\n');
    buf_str(w->b, w->prefix);
    for (unsigned i = 0; i < depth && !w->b->failed; i++)
        buf_str(w->b, w->indent);
}

static void write_items(const struct writer *w, const struct value *items, size_t count, unsigned depth)
{
    buf_char(w->b, '[');
    for (size_t i = 0; i < count && !w->b->failed; i++) {
        if (i != 0)
            buf_char(w->b, ',');
        start_line(w, depth + 1);
        write_value(w, items[i], depth + 1);
    }
    if (count != 0)
        start_line(w, depth);
    buf_char(w->b, ']');
}

static void write_members(const struct writer *w, const struct member *members, size_t count, unsigned depth)
{
    bool first = true;
    buf_char(w->b, '{');
    for (size_t i = 0; i < count && !w->b->failed; i++) {
        if (i + 1 < count && value_equal(members[i].key, members[i + 1].key))
            continue; /* the last of the same text counts */
        if (!first)
            buf_char(w->b, ',');
        first = false;
        start_line(w, depth + 1);
        json_write_string(w->b, value_text(members[i].key), w->style);
        buf_bytes(w->b, ": ", w->indented ? 2 : 1);
        write_value(w, members[i].value, depth + 1);
    }
    if (count != 0)
        start_line(w, depth);
    buf_char(w->b, '}');
}

/* With keys that are not strings: their texts are made first, in the buffer's arena, and sorted. */
static void write_any_keys(const struct writer *w, const struct member *members, size_t count, unsigned depth)
{
    struct arena *a = w->b->arena;
    struct member *named = arena_array(a, count, sizeof *named);
    if (named == NULL) {
        w->b->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        named[i] = members[i];
        if (members[i].key.kind == VALUE_STRING)
            continue;
        struct buf text;
        buf_init(&text, a);
        json_write(&text, members[i].key, JSON_COMPACT);
        if (text.failed) {
            w->b->failed = true;
            return;
        }
        named[i].key = value_str(buf_view(&text));
    }
    (void)value_sort_keys(&named->key, 2, count); /* whether anything moved does not matter */
    write_members(w, named, count, depth);
}

static void write_object(const struct writer *w, struct object *o, unsigned depth)
{
    const struct member *members = object_members(o);
    /* Kinds are in order: all keys are strings when the first and the last are. */
    if (o->count == 0 || (members[0].key.kind == VALUE_STRING && members[o->count - 1].key.kind == VALUE_STRING))
        write_members(w, members, o->count, depth);
    else
        write_any_keys(w, members, o->count, depth);
}

static void write_value(const struct writer *w, struct value v, unsigned depth)
{
    char tmp[NUMBER_INT_TEXT];
    switch (v.kind) {
    case VALUE_BOOL:
        buf_cstr(w->b, v.i ? "true" : "false");
        break;
    case VALUE_NUMBER:
        buf_str(w->b, number_text(v, tmp));
        break;
    case VALUE_STRING:
        json_write_string(w->b, value_text(v), w->style);
        break;
    case VALUE_ARRAY:
        write_items(w, v.items, v.len, depth);
        break;
    case VALUE_OBJECT:
        write_object(w, v.object, depth);
        break;
    case VALUE_SET:
        write_items(w, set_items(v.set), v.set->count, depth);
        break;
    default:
        buf_cstr(w->b, "null");
        break;
    }
}

void json_write(struct buf *b, struct value v, enum json_style style)
{
    struct writer w = {.b = b, .style = style};
    write_value(&w, v, 0);
}

void json_write_indented(struct buf *b, struct value v, enum json_style style, struct str prefix, struct str indent)
{
    struct writer w = {.b = b, .style = style, .indented = true, .prefix = prefix, .indent = indent};
    write_value(&w, v, 0);
}
