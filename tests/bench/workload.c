/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading workloads: units, groups of units with the same modules and data, inputs selected out of files.
 */
#include "tests/bench/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vm/json.h"
#include "vm/number.h"

static int read_file(struct arena *a, struct str folder, struct str path, struct str *ret, struct err *e)
{
    struct str full = path.len > 0 && path.p[0] == '/'
                          ? arena_str(a, path)
                          : arena_printf(a, "%.*s/%.*s", (int)folder.len, folder.p, (int)path.len, path.p);
    FILE *f = fopen(full.p, "rb");
    struct buf b;
    if (f == NULL)
        return err_set(e, ERR_INPUT, "%s: %s", full.p, strerror(errno));
    buf_init(&b, a);
    for (size_t n = 1; n > 0 && buf_reserve(&b, 65536);) {
        n = fread(b.p + b.len, 1, b.cap - b.len, f);
        b.len += n;
    }
    (void)fclose(f); /* only read */
    *ret = buf_view(&b);
    return b.failed ? err_set(e, ERR_NOMEM, "out of memory") : 0;
}

static struct value get(struct value o, const char *key)
{
    const struct value *v = o.kind == VALUE_OBJECT ? object_find_str(o.object, str_cstr(key)) : NULL;
    return v != NULL ? *v : value_undefined();
}

static struct str text_of(struct arena *a, struct value v)
{
    struct buf b;
    buf_init(&b, a);
    json_write(&b, v, JSON_COMPACT_RAW);
    return buf_view(&b);
}

/* The module's text without the lines that call print(), as peers that cannot are given it. */
static struct str drop_prints(struct arena *a, struct str text)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < text.len;) {
        const char *nl = memchr(text.p + i, '\n', text.len - i);
        size_t end = nl != NULL ? (size_t)(nl - text.p) + 1 : text.len, start = i;
        while (start < end && (text.p[start] == ' ' || text.p[start] == '\t'))
            start++;
        if (!str_starts(str_of(text.p + start, end - start), STR("print(")))
            buf_bytes(&b, text.p + i, end - i);
        i = end;
    }
    return buf_view(&b);
}

struct reader {
    struct workload *w;
    struct str folder;
    bool drop_print_lines;
    struct err *e;
};

static int add_group(struct reader *r, struct value unit, size_t *ret)
{
    struct arena *a = &r->w->arena;
    struct value key_items[2] = {get(unit, "modules"), get(unit, "data")};
    struct value *key = arena_array(a, 2, sizeof *key);
    if (key_items[1].kind == VALUE_UNDEFINED)
        key_items[1] = value_null();
    memcpy(key, key_items, sizeof key_items);
    for (size_t i = 0; i < r->w->group_count; i++)
        if (value_equal(r->w->groups[i].key, value_array(key, 2))) {
            *ret = i;
            return 0;
        }
    struct group g = {.key = value_array(key, 2), .module_count = key[0].len};
    g.modules = arena_array(a, key[0].len + 1, sizeof *g.modules);
    for (size_t i = 0; i < key[0].len; i++) {
        struct str path = value_text(key[0].items[i]);
        g.modules[i].name = arena_str(a, path);
        if (read_file(a, r->folder, path, &g.modules[i].text, r->e) != 0)
            return -1;
        if (r->drop_print_lines)
            g.modules[i].text = drop_prints(a, g.modules[i].text);
    }
    if (key[1].kind == VALUE_STRING && read_file(a, r->folder, value_text(key[1]), &g.data, r->e) != 0)
        return -1;
    if (key[1].kind == VALUE_OBJECT)
        g.data = text_of(a, key[1]);
    if (!arena_grow(a, &r->w->groups, &r->w->group_cap, r->w->group_count + 1, sizeof *r->w->groups))
        return err_set(r->e, ERR_NOMEM, "out of memory");
    *ret = r->w->group_count;
    r->w->groups[r->w->group_count++] = g;
    return 0;
}

static size_t query_of(struct arena *a, struct group *g, struct str query)
{
    for (size_t i = 0; i < g->query_count; i++)
        if (str_equal(g->queries[i], query))
            return i;
    struct str *grown = arena_array(a, g->query_count + 1, sizeof *grown);
    if (g->query_count > 0)
        memcpy(grown, g->queries, g->query_count * sizeof *grown);
    grown[g->query_count] = arena_str(a, query);
    g->queries = grown;
    return g->query_count++;
}

struct inputs {
    struct str *items;
    size_t count, cap;
};

static int push_input(struct reader *r, struct inputs *in, struct str text)
{
    if (!arena_grow(&r->w->arena, &in->items, &in->cap, in->count + 1, sizeof *in->items))
        return err_set(r->e, ERR_NOMEM, "out of memory");
    in->items[in->count++] = text;
    return 0;
}

static bool matches(struct value element, struct value where)
{
    if (where.kind != VALUE_OBJECT)
        return true;
    for (uint32_t i = 0; i < where.object->count; i++) {
        const struct member *m = &where.object->members[i];
        const struct value *v = object_find(element.object, m->key);
        if (v == NULL || !value_equal(*v, m->value))
            return false;
    }
    return true;
}

static int select_element(struct reader *r, struct inputs *in, struct value spec, struct value element)
{
    if (spec.kind != VALUE_OBJECT || element.kind != VALUE_OBJECT)
        return 0;
    if (!matches(element, get(spec, "where")))
        return 0;
    return push_input(r, in,
                      text_of(&r->w->arena, get(element, value_text(get(spec, "member")).p != NULL
                                                             ? arena_str(&r->w->arena, value_text(get(spec, "member"))).p
                                                             : "")));
}

static int add_line(struct reader *r, struct inputs *in, struct value spec, struct str line)
{
    struct json_options o = {.borrow = true};
    struct value v;
    if (spec.kind != VALUE_OBJECT)
        return push_input(r, in, line);
    if (json_parse(&r->w->arena, line, &o, &v, r->e) != 0)
        return -1;
    return select_element(r, in, spec, v);
}

static int add_lines(struct reader *r, struct inputs *in, struct value spec, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        const char *nl = memchr(text.p + i, '\n', text.len - i);
        size_t end = nl != NULL ? (size_t)(nl - text.p) : text.len;
        if (end > i && add_line(r, in, spec, str_of(text.p + i, end - i)) != 0)
            return -1;
        i = end + 1;
    }
    return 0;
}

static int add_inputs(struct reader *r, struct inputs *in, struct value spec)
{
    struct str path = value_text(spec.kind == VALUE_OBJECT ? get(spec, "file") : spec), text;
    struct json_options o = {.borrow = true};
    struct value v;
    if (read_file(&r->w->arena, r->folder, path, &text, r->e) != 0)
        return -1;
    if (path.len > 6 && memcmp(path.p + path.len - 6, ".jsonl", 6) == 0)
        return add_lines(r, in, spec, text);
    if (spec.kind != VALUE_OBJECT)
        return push_input(r, in, text);
    if (json_parse(&r->w->arena, text, &o, &v, r->e) != 0)
        return -1;
    for (size_t i = 0; v.kind == VALUE_ARRAY && i < v.len; i++)
        if (select_element(r, in, spec, v.items[i]) != 0)
            return -1;
    return 0;
}

static int add_unit(struct reader *r, struct value spec)
{
    struct unit u = {0};
    struct inputs in = {0};
    struct value inputs = get(spec, "inputs");
    if (add_group(r, spec, &u.group) != 0)
        return -1;
    u.query = query_of(&r->w->arena, &r->w->groups[u.group], value_text(get(spec, "query")));
    for (size_t i = 0; inputs.kind == VALUE_ARRAY && i < inputs.len; i++)
        if (add_inputs(r, &in, inputs.items[i]) != 0)
            return -1;
    u.inputs = in.items;
    u.input_count = in.count;
    if (!arena_grow(&r->w->arena, &r->w->units, &r->w->unit_cap, r->w->unit_count + 1, sizeof *r->w->units))
        return err_set(r->e, ERR_NOMEM, "out of memory");
    r->w->units[r->w->unit_count++] = u;
    r->w->cases += in.count;
    return 0;
}

int workload_read(const char *folder, const char *name, struct workload *ret, struct err *e)
{
    struct alloc heap = alloc_default();
    struct str text;
    struct value root;
    struct json_options o = {.borrow = true};
    *ret = (struct workload){0};
    arena_init(&ret->arena, &heap, SIZE_MAX, 65536);
    ret->name = arena_str(&ret->arena, str_cstr(name));
    struct reader r = {.w = ret, .folder = arena_printf(&ret->arena, "%s/%s", folder, name), .e = e};
    if (read_file(&ret->arena, r.folder, STR("workload.json"), &text, e) != 0 || json_parse(&ret->arena, text, &o, &root, e) != 0)
        return -1;
    struct value rego = get(root, "rego"), values = get(root, "reference_values"), units = get(root, "units");
    ret->v0 = rego.kind == VALUE_STRING && str_equal(value_text(rego), STR("v0"));
    r.drop_print_lines = value_is_true(get(root, "drop_print_lines"));
    if (values.kind == VALUE_OBJECT)
        ret->reference_values = text_of(&ret->arena, values);
    if (units.kind != VALUE_ARRAY)
        return add_unit(&r, root);
    for (size_t i = 0; i < units.len; i++)
        if (add_unit(&r, units.items[i]) != 0)
            return -1;
    return 0;
}

/* ---- canonical text ---- */

static void canonical_number(struct buf *b, struct value v)
{
    int64_t i;
    char text[64];
    if (number_to_int64(v, &i)) {
        buf_printf(b, "%lld", (long long)i);
        return;
    }
    if (number_is_integral(v)) {
        struct str digits;
        if (number_format(b->arena, v, 10, &digits) == NUMBER_OK)
            buf_str(b, digits);
        return;
    }
    double d = number_double(v);
    for (int precision = 0; precision <= 17; precision++) {
        double back = 0;
        (void)snprintf(text, sizeof text, "%.*e", precision, d); /* fits */
        if (sscanf(text, "%lf", &back) == 1 && back == d)
            break;
    }
    char *e = strchr(text, 'e');
    buf_printf(b, "%.*se%d", (int)(e - text), text, (int)strtol(e + 1, NULL, 10));
}

static void canonical_string(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_char(b, '\\');
        if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

static void canonical_items(struct buf *b, const struct value *items, size_t count)
{
    buf_char(b, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_char(b, ',');
        workload_canonical(b, items[i]);
    }
    buf_char(b, ']');
}

static void canonical_object(struct buf *b, struct object *o)
{
    const struct member *m = object_members(o);
    buf_char(b, '{');
    for (uint32_t i = 0; i < o->count; i++) {
        struct str key = m[i].key.kind == VALUE_STRING ? value_text(m[i].key) : text_of(b->arena, m[i].key);
        if (i > 0)
            buf_char(b, ',');
        canonical_string(b, key);
        buf_char(b, ':');
        workload_canonical(b, m[i].value);
    }
    buf_char(b, '}');
}

void workload_canonical(struct buf *b, struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_NULL:
        buf_cstr(b, "null");
        return;
    case VALUE_BOOL:
        buf_cstr(b, v.i ? "true" : "false");
        return;
    case VALUE_NUMBER:
        canonical_number(b, v);
        return;
    case VALUE_STRING:
        canonical_string(b, value_text(v));
        return;
    case VALUE_ARRAY:
        canonical_items(b, v.items, v.len);
        return;
    case VALUE_SET:
        canonical_items(b, set_items(v.set), v.set->count);
        return;
    case VALUE_OBJECT:
        canonical_object(b, v.object);
        return;
    default:
        buf_cstr(b, "undefined");
    }
}
