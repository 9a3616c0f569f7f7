/* SPDX-License-Identifier: Apache-2.0
 *
 * From comments to annotations: finds the blocks, reads their YAML, and checks each attribute.
 *
 * The YAML reader is only called when there is a block. Its own error texts are not those of OPA's reader; where an attribute
 * has the wrong type, the text follows OPA's.
 */
#include "lang/annotation.h"

#include <stdarg.h>
#include <stdio.h>

#include "lang/diag.h"
#include "stdlib/yaml.h"

struct reader {
    struct compiler *c;
    struct module *m;
    struct arena *arena;
    const struct comment *comments; /* the block's, the first one being # METADATA */
    size_t count;
    struct str yaml;
    struct annotation *a;
    struct object *raw;
    struct loc loc; /* of errors */
};

static struct value nothing(void)
{
    return value_undefined();
}

static bool PRINTF_LIKE(2, 3) fail(struct reader *r, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* long values are cut */
    va_end(args);
    struct str message = arena_str(r->arena, str_cstr(text));
    if (message.p == NULL)
        return diag_nomem(r->c);
    struct str details = diag_details(r->arena, r->c->sources[r->loc.file].text, r->loc.offset);
    struct diag d = {.code = ERR_PARSE, .loc = r->loc, .message = message, .details = details};
    return diag_push(r->c, &d);
}

/* ---- texts ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str trim(struct str s)
{
    while (s.len != 0 && is_blank(s.p[0]))
        s = str_of(s.p + 1, s.len - 1);
    while (s.len != 0 && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

static bool is_metadata(const struct comment *c)
{
    return c->loc.col == 1 && str_starts(trim(c->text), STR("METADATA"));
}

/* How Go shows a value with %s, as far as YAML has such values. */
static void write_shown(struct buf *b, struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_STRING:
        buf_str(b, value_text(v));
        break;
    case VALUE_ARRAY:
        buf_char(b, '[');
        for (uint32_t i = 0; i < v.len; i++) {
            buf_cstr(b, i == 0 ? "" : " ");
            write_shown(b, v.items[i]);
        }
        buf_char(b, ']');
        break;
    case VALUE_OBJECT: {
        const struct member *members = object_members(v.object);
        buf_cstr(b, "map[");
        for (uint32_t i = 0; i < v.object->count; i++) {
            buf_cstr(b, i == 0 ? "" : " ");
            write_shown(b, members[i].key);
            buf_char(b, ':');
            write_shown(b, members[i].value);
        }
        buf_char(b, ']');
        break;
    }
    case VALUE_NULL:
        buf_cstr(b, "%!s(<nil>)");
        break;
    default:
        buf_cstr(b, v.kind == VALUE_BOOL ? "%!s(bool=" : value_is_int(v) ? "%!s(int=" : "%!s(float64=");
        value_write_rego(b, v);
        buf_char(b, ')');
        break;
    }
}

static const char *shown(struct reader *r, struct value v)
{
    struct buf b;
    buf_init(&b, r->arena);
    write_shown(&b, v);
    buf_char(&b, '\0');
    return b.failed ? "" : b.p;
}

/* ---- members ---- */

static struct value member(const struct object *o, const char *key)
{
    const struct value *v = object_find_str(o, str_cstr(key));
    return v == NULL || v->kind == VALUE_NULL ? nothing() : *v;
}

/* The line of a top-level key, from 1. */
static uint32_t line_of(const struct reader *r, const char *key)
{
    uint32_t line = 1;
    size_t len = strlen(key);
    const char *at = r->yaml.p, *end = at + r->yaml.len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if ((size_t)(end - at) > len && memcmp(at, key, len) == 0 && at[len] == ':')
            return line;
        line++;
        at = newline == NULL ? end : newline + 1;
    }
    return 1;
}

static const char *yaml_tag(struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_STRING:
        return "!!str";
    case VALUE_BOOL:
        return "!!bool";
    case VALUE_NUMBER:
        return value_is_int(v) ? "!!int" : "!!float";
    case VALUE_ARRAY:
        return "!!seq";
    default:
        return "!!map";
    }
}

/* An attribute of the wrong type; its error stands where OPA's stands, on the line behind. */
static bool fail_type(struct reader *r, const char *key, struct value v, const char *type)
{
    uint32_t line = line_of(r, key);
    bool is_nested = v.kind == VALUE_ARRAY || v.kind == VALUE_OBJECT;
    line += is_nested;
    size_t at = line < r->count - 1 ? line + 1 : r->count - 1;
    r->loc = r->comments[at].loc;
    struct buf b;
    buf_init(&b, r->arena);
    if (!is_nested) {
        struct buf text;
        buf_init(&text, r->arena);
        if (v.kind == VALUE_STRING)
            buf_str(&text, value_text(v));
        else
            value_write_rego(&text, v);
        buf_cstr(&b, " `");
        buf_bytes(&b, text.p, text.len > 10 ? 7 : text.len);
        buf_cstr(&b, text.len > 10 ? "...`" : "`");
    }
    return fail(r, "yaml: unmarshal errors:\n  line %u: cannot unmarshal %s%.*s into %s", line, yaml_tag(v), (int)b.len,
                b.p == NULL ? "" : b.p, type);
}

static bool read_text(struct reader *r, const char *key, struct str *ret)
{
    struct value v = member(r->raw, key);
    *ret = STR("");
    if (v.kind == VALUE_UNDEFINED)
        return true;
    if (v.kind == VALUE_STRING) {
        *ret = value_text(v);
        return true;
    }
    if (v.kind == VALUE_ARRAY || v.kind == VALUE_OBJECT)
        return fail_type(r, key, v, "string");
    struct buf b;
    buf_init(&b, r->arena);
    value_write_rego(&b, v);
    *ret = buf_view(&b);
    return !b.failed || diag_nomem(r->c);
}

static bool read_kind(struct reader *r, const char *key, enum value_kind kind, const char *type, struct value *ret)
{
    *ret = member(r->raw, key);
    return ret->kind == VALUE_UNDEFINED || ret->kind == kind || fail_type(r, key, *ret, type);
}

static struct value text_member(struct value o, const char *key)
{
    struct value v = member(o.object, key);
    return value_str(v.kind == VALUE_STRING ? trim(value_text(v)) : STR(""));
}

/* An array of count objects, to be filled. */
static struct value *new_items(struct reader *r, size_t count)
{
    struct value *items = arena_array(r->arena, count, sizeof *items);
    if (items == NULL)
        (void)diag_nomem(r->c);
    return items;
}

static bool put(struct reader *r, struct object *o, const char *key, struct value v)
{
    return (o != NULL && object_put(r->arena, o, value_str(str_cstr(key)), v) >= 0) || diag_nomem(r->c);
}

/* ---- attributes ---- */

static bool read_organizations(struct reader *r)
{
    struct value list;
    if (!read_kind(r, "organizations", VALUE_ARRAY, "[]string", &list) || list.kind == VALUE_UNDEFINED)
        return list.kind == VALUE_UNDEFINED;
    struct value *items = new_items(r, list.len);
    if (items == NULL)
        return false;
    for (uint32_t i = 0; i < list.len; i++) {
        items[i] = list.items[i];
        if (items[i].kind == VALUE_STRING)
            continue;
        struct buf b;
        buf_init(&b, r->arena);
        if (items[i].kind != VALUE_NULL)
            value_write_rego(&b, items[i]);
        items[i] = value_str(buf_view(&b));
    }
    r->a->organizations = value_array(items, list.len);
    return true;
}

static bool read_resource(struct reader *r, struct value v, struct value *ret)
{
    const char *why = "invalid value type, must be string or map";
    struct value ref = v, description = value_str(STR(""));
    if (v.kind == VALUE_STRING) {
        why = "ref URL may not be empty string";
    } else if (v.kind == VALUE_OBJECT) {
        why = "'ref' value required in object";
        ref = text_member(v, "ref");
        description = text_member(v, "description");
    }
    if (ref.kind != VALUE_STRING || ref.len == 0)
        return fail(r, "invalid related-resource definition %s: %s", shown(r, v), why);
    if (ref.s[0] == ':')
        return fail(r, "invalid related-resource definition %s: parse \"%.*s\": missing protocol scheme", shown(r, v),
                    (int)ref.len, ref.s);
    struct object *o = object_new(r->arena, 2);
    *ret = value_object(o);
    return put(r, o, "ref", ref) && (description.len == 0 || put(r, o, "description", description));
}

static bool read_resources(struct reader *r)
{
    struct value list;
    if (!read_kind(r, "related_resources", VALUE_ARRAY, "[]interface {}", &list) || list.kind == VALUE_UNDEFINED)
        return list.kind == VALUE_UNDEFINED;
    struct value *items = new_items(r, list.len);
    if (items == NULL)
        return false;
    for (uint32_t i = 0; i < list.len; i++)
        if (!read_resource(r, list.items[i], &items[i]))
            return false;
    r->a->related_resources = value_array(items, list.len);
    return true;
}

/* "Name Surname <mail>": words become one blank apart. */
static bool split_author(struct reader *r, struct str text, struct value *ret_name, struct value *ret_mail)
{
    struct buf name;
    buf_init(&name, r->arena);
    size_t at = 0;
    while (at < text.len) {
        while (at < text.len && is_blank(text.p[at]))
            at++;
        size_t from = at;
        while (at < text.len && !is_blank(text.p[at]))
            at++;
        struct str word = str_of(text.p + from, at - from);
        bool is_last = trim(str_of(text.p + at, text.len - at)).len == 0;
        if (is_last && word.len >= 2 && word.p[0] == '<' && word.p[word.len - 1] == '>') {
            *ret_mail = value_string(word.p + 1, word.len - 2);
            break;
        }
        if (name.len != 0 && word.len != 0)
            buf_char(&name, ' ');
        buf_str(&name, word);
    }
    *ret_name = value_str(buf_view(&name));
    return !name.failed || diag_nomem(r->c);
}

static bool read_author(struct reader *r, struct value v, struct value *ret)
{
    struct value name = value_str(STR("")), mail = name;
    if (v.kind == VALUE_STRING) {
        if (trim(value_text(v)).len == 0)
            return fail(r, "invalid author definition %s: author is an empty string", shown(r, v));
        if (!split_author(r, value_text(v), &name, &mail))
            return false;
    } else if (v.kind == VALUE_OBJECT) {
        name = text_member(v, "name");
        mail = text_member(v, "email");
        if (name.len == 0 && mail.len == 0)
            return fail(r, "invalid author definition %s: 'name' and/or 'email' values required in object", shown(r, v));
    } else {
        return fail(r, "invalid author definition %s: invalid value type, must be string or map", shown(r, v));
    }
    struct object *o = object_new(r->arena, 2);
    *ret = value_object(o);
    return put(r, o, "name", name) && (mail.len == 0 || put(r, o, "email", mail));
}

static bool read_authors(struct reader *r)
{
    struct value list;
    if (!read_kind(r, "authors", VALUE_ARRAY, "[]interface {}", &list) || list.kind == VALUE_UNDEFINED)
        return list.kind == VALUE_UNDEFINED;
    struct value *items = new_items(r, list.len);
    if (items == NULL)
        return false;
    for (uint32_t i = 0; i < list.len; i++)
        if (!read_author(r, list.items[i], &items[i]))
            return false;
    r->a->authors = value_array(items, list.len);
    return true;
}

/* The term that text is, a source of its own; NULL: it is none, nothing was reported. */
static struct term *read_term(struct reader *r, struct str text)
{
    struct compiler *c = r->c;
    size_t diags = c->diag_count;
    enum rego_version version = c->options.version;
    c->options.version = REGO_V1;
    struct term *t = parse_term(c, text);
    c->options.version = version;
    c->diag_count = diags;
    return t;
}

static bool read_schema_ref(struct reader *r, struct str text, struct terms *ret)
{
    struct term *t = read_term(r, text);
    bool is_schema = t != NULL && t->kind == TERM_VAR && atom_is(t->var, "schema");
    if (is_schema)
        return terms_push(r->arena, ret, t) || diag_nomem(r->c);
    if (t == NULL || t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR || !atom_is(t->list.items[0]->var, "schema"))
        return r->c->out_of_memory ? false : fail(r, "invalid schema reference");
    *ret = t->list;
    return true;
}

static bool read_schema(struct reader *r, struct value pair, struct schema_annotation *ret)
{
    *ret = (struct schema_annotation){.definition = nothing()};
    bool has_pair = pair.kind == VALUE_OBJECT && pair.object->count != 0;
    const struct member *m = has_pair ? &object_members(pair.object)[0] : NULL;
    struct term *path = m == NULL || m->key.kind != VALUE_STRING ? NULL : read_term(r, value_text(m->key));
    if (path == NULL || path->kind != TERM_REF)
        return r->c->out_of_memory ? false : fail(r, "invalid document reference");
    ret->path = path->list;
    if (m->value.kind == VALUE_STRING)
        return read_schema_ref(r, value_text(m->value), &ret->schema);
    if (m->value.kind != VALUE_OBJECT)
        return fail(r, "invalid schema declaration for path \"%.*s\"", (int)m->key.len, m->key.s);
    ret->definition = m->value;
    return true;
}

static bool read_schemas(struct reader *r)
{
    struct value list;
    if (!read_kind(r, "schemas", VALUE_ARRAY, "[]map[string]interface {}", &list) || list.kind == VALUE_UNDEFINED)
        return list.kind == VALUE_UNDEFINED;
    r->a->schemas = arena_array(r->arena, list.len, sizeof *r->a->schemas);
    if (r->a->schemas == NULL)
        return diag_nomem(r->c);
    for (uint32_t i = 0; i < list.len; i++)
        if (!read_schema(r, list.items[i], &r->a->schemas[r->a->schema_count++]))
            return false;
    return true;
}

static bool read_unknowns(struct reader *r, struct value list)
{
    r->a->unknowns = arena_zeroed(r->arena, list.len, sizeof *r->a->unknowns);
    if (r->a->unknowns == NULL)
        return diag_nomem(r->c);
    r->a->unknown_count = list.len;
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.items[i].kind != VALUE_STRING)
            continue;
        struct term *t = read_term(r, value_text(list.items[i]));
        if (t == NULL || t->kind != TERM_REF)
            return fail(r, "invalid unknowns element \"%.*s\": failed to parse ref: expected ref", (int)list.items[i].len,
                        list.items[i].s);
        r->a->unknowns[i] = t->list;
    }
    return true;
}

static bool read_compile(struct reader *r)
{
    struct value v;
    if (!read_kind(r, "compile", VALUE_OBJECT, "map[string]interface {}", &v) || v.kind == VALUE_UNDEFINED)
        return v.kind == VALUE_UNDEFINED;
    r->a->has_compile = true;
    struct value unknowns = member(v.object, "unknowns"), mask = member(v.object, "mask_rule");
    if (unknowns.kind == VALUE_ARRAY && !read_unknowns(r, unknowns))
        return false;
    if (mask.kind != VALUE_STRING)
        return true;
    struct term *t = read_term(r, value_text(mask));
    if (t == NULL)
        return fail(r, "invalid mask_rule annotation \"%.*s\": failed to parse term", (int)mask.len, mask.s);
    if (t->kind == TERM_REF) {
        r->a->mask_rule = t->list;
        return true;
    }
    if (t->kind != TERM_VAR && t->kind != TERM_STRING)
        return fail(r, "invalid mask_rule annotation type \"%.*s\"", (int)mask.len, mask.s);
    return terms_push(r->arena, &r->a->mask_rule, t) || diag_nomem(r->c);
}

static bool read_entrypoint(struct reader *r)
{
    struct value v;
    if (!read_kind(r, "entrypoint", VALUE_BOOL, "bool", &v))
        return false;
    r->a->entrypoint = value_is_true(v);
    return true;
}

static bool read_attributes(struct reader *r)
{
    struct annotation *a = r->a;
    return read_text(r, "scope", &a->scope) && read_text(r, "title", &a->title) &&
           read_text(r, "description", &a->description) && read_entrypoint(r) && read_organizations(r) &&
           read_kind(r, "custom", VALUE_OBJECT, "map[string]interface {}", &a->custom) &&
           read_kind(r, "labels", VALUE_OBJECT, "map[string]interface {}", &a->labels) && read_resources(r) &&
           read_compile(r) && read_schemas(r) && read_authors(r);
}

/* ---- blocks ---- */

static bool is_end(const struct comment *c, const struct comment *before)
{
    return c->loc.col != 1 || c->loc.row - 1 != before->loc.row || is_metadata(c);
}

/* The lines of the block, as YAML and as they would be written. */
static bool join_lines(struct reader *r)
{
    struct buf yaml, text;
    buf_init(&yaml, r->arena);
    for (size_t i = 1; i < r->count; i++) {
        struct str line = r->comments[i].text;
        if (line.len != 0 && line.p[0] == ' ')
            line = str_of(line.p + 1, line.len - 1);
        buf_str(&yaml, line);
        buf_char(&yaml, '\n');
    }
    buf_init(&text, r->arena);
    buf_cstr(&text, "# METADATA\n# ");
    for (size_t i = 0; i + 1 < yaml.len; i++) {
        buf_char(&text, yaml.p[i]);
        if (yaml.p[i] == '\n')
            buf_cstr(&text, "# ");
    }
    r->yaml = buf_view(&yaml);
    r->a->text = buf_view(&text);
    return (!yaml.failed && !text.failed) || diag_nomem(r->c);
}

static bool fail_yaml(struct reader *r, const struct err *e)
{
    if (e->code == ERR_NOMEM || e->code == ERR_LIMIT_MEMORY)
        return diag_nomem(r->c);
    /* OPA takes the line from the text, and the comment one further */
    const char *line = strncmp(e->text, "yaml: line ", 11) == 0 ? e->text + 11 : "";
    size_t row = 0;
    for (; *line >= '0' && *line <= '9' && row < r->count; line++)
        row = row * 10 + (size_t)(*line - '0');
    size_t at = row + 1 < r->count ? row + 1 : r->count - 1;
    r->loc = r->comments[row == 0 ? 1 : at].loc;
    return fail(r, "%s", e->text);
}

static bool read_block(struct reader *r)
{
    struct err e = {0};
    struct value v;
    if (!join_lines(r))
        return false;
    if (trim(r->yaml).len == 0)
        return fail(r, "expected METADATA block, found whitespace");
    if (yaml_parse(r->arena, r->yaml, &v, &e) != 0)
        return fail_yaml(r, &e);
    if (v.kind == VALUE_NULL)
        v = value_object(object_new(r->arena, 0));
    if (v.kind != VALUE_OBJECT) {
        r->loc = r->comments[r->count > 2 ? 2 : 1].loc;
        return fail(r, "yaml: unmarshal errors:\n  line 1: cannot unmarshal %s `%s` into ast.rawAnnotation", yaml_tag(v),
                    shown(r, v));
    }
    if (v.object == NULL)
        return diag_nomem(r->c);
    r->raw = v.object;
    return read_attributes(r);
}

static bool add(struct compiler *c, struct module *m, struct annotation *a, size_t *cap)
{
    if (!arena_grow(&c->arena, &m->annotations, cap, m->annotation_count + 1, sizeof *m->annotations))
        return diag_nomem(c);
    m->annotations[m->annotation_count++] = a;
    return true;
}

bool annotation_parse(struct compiler *c, struct module *m)
{
    size_t cap = 0, errors = c->diag_count;
    for (size_t i = 0; i < m->comment_count;) {
        const struct comment *first = &m->comments[i++];
        if (!is_metadata(first))
            continue;
        while (i < m->comment_count && !is_end(&m->comments[i], &m->comments[i - 1]))
            i++;
        const struct comment *last = &m->comments[i - 1];
        struct annotation *a = arena_alloc(&c->arena, sizeof *a);
        if (a == NULL)
            return diag_nomem(c);
        *a = (struct annotation){.loc = first->loc, .end_loc = last->loc, .module = m};
        a->organizations = a->related_resources = a->authors = a->custom = a->labels = nothing();
        a->loc.len = last->loc.offset + last->loc.len - first->loc.offset;
        struct reader r = {.c = c, .m = m, .arena = &c->arena, .comments = first, .count = (size_t)(last - first) + 1, .a = a,
                           .loc = first->loc};
        if (read_block(&r) ? !add(c, m, a, &cap) : c->out_of_memory)
            return false;
    }
    return c->diag_count == errors;
}
