/* SPDX-License-Identifier: Apache-2.0
 *
 * Types as text: reading the notation of builtins.def, which is that of OPA's error texts, and writing it.
 *
 * Only functions in builtins.def have named operands: "(string: string, search: string) => result: boolean".
 */
#include "lang/types.h"

#include "vm/number.h"

/* ---- reading ---- */

struct reader {
    struct types *ts;
    const char *at, *end;
    bool failed;
};

enum { MAX_PARTS = 32 };

static struct type *read_type(struct reader *r, int depth);

static bool skip(struct reader *r, const char *text)
{
    size_t len = strlen(text);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, text, len) != 0)
        return false;
    r->at += len;
    return true;
}

static void expect(struct reader *r, const char *text)
{
    if (!skip(r, text))
        r->failed = true;
}

static struct str read_word(struct reader *r)
{
    const char *begin = r->at;
    while (r->at < r->end && ((*r->at >= 'a' && *r->at <= 'z') || (*r->at >= 'A' && *r->at <= 'Z') || *r->at == '_' ||
                              (*r->at >= '0' && *r->at <= '9') || *r->at == '-' || *r->at == '$'))
        r->at++;
    return (struct str){begin, (size_t)(r->at - begin)};
}

/* Types up to the closing bracket. */
static size_t read_list(struct reader *r, struct type **items, int depth)
{
    size_t count = 0;
    do {
        if (count == MAX_PARTS) {
            r->failed = true;
            return 0;
        }
        items[count++] = read_type(r, depth);
    } while (!r->failed && skip(r, ", "));
    expect(r, ">");
    return count;
}

static struct type *read_array(struct reader *r, int depth)
{
    struct type *items[MAX_PARTS], *dynamic = NULL;
    size_t count = skip(r, "<") ? read_list(r, items, depth) : 0;
    if (skip(r, "[")) {
        dynamic = read_type(r, depth);
        expect(r, "]");
    }
    return types_array(r->ts, items, count, dynamic);
}

static size_t read_properties(struct reader *r, struct type_property *properties, int depth)
{
    size_t count = 0;
    do {
        if (count == MAX_PARTS) {
            r->failed = true;
            return 0;
        }
        properties[count].key = value_str(read_word(r));
        expect(r, ": ");
        properties[count++].type = read_type(r, depth);
    } while (!r->failed && skip(r, ", "));
    expect(r, ">");
    return count;
}

static struct type *read_object(struct reader *r, int depth)
{
    struct type_property properties[MAX_PARTS];
    struct type *key = NULL, *value = NULL;
    size_t count = skip(r, "<") ? read_properties(r, properties, depth) : 0;
    bool has_dynamic = skip(r, "[");
    if (has_dynamic) {
        key = read_type(r, depth);
        expect(r, ": ");
        value = read_type(r, depth);
        expect(r, "]");
    }
    return types_object(r->ts, properties, count, has_dynamic, key, value);
}

static struct type *read_set(struct reader *r, int depth)
{
    if (!skip(r, "["))
        return types_set(r->ts, NULL);
    struct type *of = read_type(r, depth);
    expect(r, "]");
    return types_set(r->ts, of);
}

static struct type *read_type(struct reader *r, int depth)
{
    struct types *ts = r->ts;
    struct type *members[MAX_PARTS];
    if (depth > 16)
        r->failed = true;
    if (r->failed)
        return NULL;
    struct str word = read_word(r);
    if (str_equal(word, STR("any")))
        return skip(r, "<") ? types_any(ts, members, read_list(r, members, depth + 1)) : &ts->any;
    if (str_equal(word, STR("string")))
        return &ts->string;
    if (str_equal(word, STR("number")))
        return &ts->number;
    if (str_equal(word, STR("boolean")))
        return &ts->boolean;
    if (str_equal(word, STR("null")))
        return &ts->null;
    if (str_equal(word, STR("array")))
        return read_array(r, depth + 1);
    if (str_equal(word, STR("object")))
        return read_object(r, depth + 1);
    if (str_equal(word, STR("set")))
        return read_set(r, depth + 1);
    r->failed = true;
    return NULL;
}

static struct type *read_named(struct reader *r)
{
    const char *begin = r->at;
    do
        (void)read_word(r);
    while (skip(r, " "));
    struct str name = {begin, (size_t)(r->at - begin)};
    if (name.len > 0 && skip(r, ": ")) {
        struct type *t = read_type(r, 0);
        return r->failed ? NULL : types_named(r->ts, name, t);
    }
    r->at = begin;
    return read_type(r, 0);
}

struct type *types_parse(struct types *ts, struct str text)
{
    struct reader r = {ts, text.p, text.p + text.len, false};
    struct type *operands[MAX_PARTS], *variadic = NULL, *result = NULL;
    size_t count = 0;
    expect(&r, "(");
    while (!r.failed && !skip(&r, ")")) {
        struct type *t = read_named(&r);
        if (skip(&r, "..."))
            variadic = t;
        else if (count < MAX_PARTS)
            operands[count++] = t;
        else
            r.failed = true;
        (void)skip(&r, ", "); /* none behind the last */
    }
    if (!r.failed && skip(&r, " => "))
        result = read_named(&r);
    if (r.failed || r.at != r.end)
        return NULL;
    return types_function(ts, operands, count, variadic, result);
}

/* ---- writing ---- */

struct writer {
    struct buf *b;
    size_t end; /* nothing more is begun behind it */
};

static void write_type(struct writer *w, const struct type *t);

/* As Go's %v: lists in brackets, objects as map[k:v]. */
void types_write_key(struct buf *b, struct value key)
{
    char digits[NUMBER_INT_TEXT];
    switch (key.kind) {
    case VALUE_STRING:
        buf_str(b, value_text(key));
        break;
    case VALUE_NUMBER:
        buf_str(b, number_text(key, digits));
        break;
    case VALUE_BOOL:
        buf_cstr(b, value_is_true(key) ? "true" : "false");
        break;
    case VALUE_ARRAY:
        buf_char(b, '[');
        for (size_t i = 0; i < key.len; i++) {
            if (i > 0)
                buf_char(b, ' ');
            types_write_key(b, key.items[i]);
        }
        buf_char(b, ']');
        break;
    case VALUE_OBJECT:
        buf_cstr(b, "map[");
        for (size_t i = 0; i < value_count(key); i++) {
            const struct member *m = &object_members(key.object)[i];
            if (i > 0)
                buf_char(b, ' ');
            types_write_key(b, m->key);
            buf_char(b, ':');
            types_write_key(b, m->value);
        }
        buf_char(b, ']');
        break;
    default:
        buf_cstr(b, "<nil>");
    }
}

static void write_list(struct writer *w, struct type *const *items, size_t count)
{
    for (size_t i = 0; i < count && w->b->len <= w->end; i++) {
        if (i > 0)
            buf_cstr(w->b, ", ");
        write_type(w, items[i]);
    }
}

static void write_array(struct writer *w, const struct type *t)
{
    buf_cstr(w->b, "array");
    if (t->count > 0) {
        buf_char(w->b, '<');
        write_list(w, t->items, t->count);
        buf_char(w->b, '>');
    }
    if (t->value != NULL) {
        buf_char(w->b, '[');
        write_type(w, t->value);
        buf_char(w->b, ']');
    }
}

static void write_object(struct writer *w, const struct type *t)
{
    buf_cstr(w->b, "object");
    for (size_t i = 0; i < t->count && w->b->len <= w->end; i++) {
        buf_cstr(w->b, i == 0 ? "<" : ", ");
        types_write_key(w->b, t->properties[i].key);
        buf_cstr(w->b, ": ");
        write_type(w, t->properties[i].type);
    }
    if (t->count > 0)
        buf_char(w->b, '>');
    if (!t->has_dynamic)
        return;
    buf_char(w->b, '[');
    write_type(w, t->key);
    buf_cstr(w->b, ": ");
    write_type(w, t->value);
    buf_char(w->b, ']');
}

/* Operands and results of functions are written without their names. */
static void write_function(struct writer *w, const struct type *t)
{
    buf_char(w->b, '(');
    for (size_t i = 0; i < t->count; i++) {
        if (i > 0)
            buf_cstr(w->b, ", ");
        write_type(w, types_unnamed(t->items[i]));
    }
    if (t->key != NULL) {
        buf_cstr(w->b, t->count > 0 ? ", " : "");
        write_type(w, types_unnamed(t->key));
        buf_cstr(w->b, "...");
    }
    buf_cstr(w->b, ") => ");
    write_type(w, types_unnamed(t->value));
}

static void write_type(struct writer *w, const struct type *t)
{
    static const char *const scalars[] = {"null", "boolean", "number", "string"};
    if (w->b->len > w->end)
        return;
    if (t == NULL) {
        buf_cstr(w->b, "???");
        return;
    }
    switch (t->kind) {
    case TYPE_ARRAY:
        write_array(w, t);
        break;
    case TYPE_OBJECT:
        write_object(w, t);
        break;
    case TYPE_SET:
        buf_cstr(w->b, t->value == NULL ? "set" : "set[");
        if (t->value == NULL)
            break;
        write_type(w, t->value);
        buf_char(w->b, ']');
        break;
    case TYPE_ANY:
        buf_cstr(w->b, t->count == 0 ? "any" : "any<");
        write_list(w, t->items, t->count);
        if (t->count > 0)
            buf_char(w->b, '>');
        break;
    case TYPE_FUNCTION:
        write_function(w, t);
        break;
    case TYPE_RECURSIVE:
        buf_cstr(w->b, "recursive(");
        buf_str(w->b, t->name);
        buf_char(w->b, ')');
        break;
    case TYPE_NAMED:
        buf_str(w->b, t->name);
        buf_cstr(w->b, ": ");
        write_type(w, t->value);
        break;
    default:
        buf_cstr(w->b, scalars[t->kind]);
    }
}

void types_write(struct buf *b, const struct type *t, size_t limit)
{
    struct writer w = {b, b->len + limit};
    write_type(&w, t);
}

/* ---- with levels left out ---- */

static void write_elided_items(struct buf *b, struct type *const *items, size_t count, int depth)
{
    if (depth == 0 && count > 0) {
        buf_cstr(b, "...");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_cstr(b, ", ");
        types_write_elided(b, items[i], depth - 1);
    }
}

static void write_elided_object(struct buf *b, struct type *t, int depth)
{
    buf_cstr(b, "object");
    if (t->count > 0 && depth == 0)
        buf_cstr(b, "<...>");
    for (size_t i = 0; i < t->count && depth > 0; i++) {
        buf_cstr(b, i == 0 ? "<" : ", ");
        types_write_key(b, t->properties[i].key);
        buf_cstr(b, ": ");
        types_write_elided(b, t->properties[i].type, depth - 1);
    }
    if (t->count > 0 && depth > 0)
        buf_char(b, '>');
    if (!t->has_dynamic)
        return;
    buf_char(b, '[');
    if (depth > 0) {
        types_write_elided(b, t->key, depth - 1);
        buf_cstr(b, ": ");
        types_write_elided(b, t->value, depth - 1);
    } else {
        buf_cstr(b, "...");
    }
    buf_char(b, ']');
}

static void write_elided_array(struct buf *b, struct type *t, int depth)
{
    buf_cstr(b, "array");
    if (t->count > 0) {
        buf_char(b, '<');
        write_elided_items(b, t->items, t->count, depth);
        buf_char(b, '>');
    }
    if (t->value == NULL)
        return;
    buf_char(b, '[');
    write_elided_items(b, &t->value, 1, depth);
    buf_char(b, ']');
}

static void write_elided_function(struct buf *b, struct type *t, int depth)
{
    buf_char(b, '(');
    if (depth == 0) {
        buf_cstr(b, t->count > 0 || t->key != NULL ? "...) => " : ") => ");
        buf_cstr(b, t->value == NULL ? "???" : "...");
        return;
    }
    for (size_t i = 0; i < t->count; i++) {
        buf_cstr(b, i > 0 ? ", " : "");
        types_write_elided(b, types_unnamed(t->items[i]), depth - 1);
    }
    if (t->key != NULL) {
        buf_cstr(b, t->count > 0 ? ", " : "");
        types_write_elided(b, types_unnamed(t->key), depth - 1);
        buf_cstr(b, "...");
    }
    buf_cstr(b, ") => ");
    types_write_elided(b, types_unnamed(t->value), depth - 1);
}

void types_write_elided(struct buf *b, struct type *t, int depth)
{
    if (t == NULL || depth < 0) {
        types_write(b, t, SIZE_MAX / 4);
        return;
    }
    switch (t->kind) {
    case TYPE_NAMED:
        buf_str(b, t->name);
        buf_cstr(b, ": ");
        types_write_elided(b, t->value, depth);
        break;
    case TYPE_ARRAY:
        write_elided_array(b, t, depth);
        break;
    case TYPE_OBJECT:
        write_elided_object(b, t, depth);
        break;
    case TYPE_SET:
    case TYPE_ANY:
        if ((t->kind == TYPE_SET ? t->value == NULL : t->count == 0)) {
            types_write(b, t, SIZE_MAX / 4);
            break;
        }
        buf_cstr(b, t->kind == TYPE_SET ? "set[" : "any<");
        write_elided_items(b, t->kind == TYPE_SET ? &t->value : t->items, t->kind == TYPE_SET ? 1 : t->count, depth);
        buf_char(b, t->kind == TYPE_SET ? ']' : '>');
        break;
    case TYPE_FUNCTION:
        write_elided_function(b, t, depth);
        break;
    default:
        types_write(b, t, SIZE_MAX / 4);
    }
}
