/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer as a value: status, headers by name, the body as text and, where it is JSON or YAML, as a document.
 */
#include "cli/http_call.h"

#include "stdlib/yaml.h"
#include "vm/json.h"

struct line {
    struct str name, value;
};

static struct str trim(struct str s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_of(s.p + 1, s.len - 1);
    while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t' || s.p[s.len - 1] == '\r'))
        s.len--;
    return s;
}

/* The next header at *at; false: there is none. Lines without a colon are left out. */
static bool next_line(const struct buf *head, size_t *at, struct line *ret)
{
    while (*at < head->len) {
        const char *p = head->p + *at, *end = memchr(p, '\n', head->len - *at);
        size_t len = end != NULL ? (size_t)(end - p) : head->len - *at;
        *at += len + 1;
        const char *colon = memchr(p, ':', len);
        if (colon == NULL || (len >= 5 && memcmp(p, "HTTP/", 5) == 0))
            continue;
        ret->name = str_of(p, (size_t)(colon - p));
        ret->value = trim(str_of(colon + 1, len - ret->name.len - 1));
        return true;
    }
    return false;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_named(struct str s, const char *name)
{
    size_t i = 0;
    for (; i < s.len && name[i] != '\0'; i++)
        if (lower(s.p[i]) != lower(name[i]))
            return false;
    return i == s.len && name[i] == '\0';
}

struct str http_header(const struct http_call *c, const char *name)
{
    struct str found = {NULL, 0};
    struct line l;
    for (size_t at = 0; found.p == NULL && next_line(&c->head, &at, &l);)
        if (is_named(l.name, name))
            found = l.value;
    return found;
}

/* The bytes as they came. */
static struct value text_value(struct arena *a, struct str s)
{
    struct str own = arena_str(a, s);
    return own.p != NULL ? value_str(own) : value_undefined();
}

static struct value lower_name(struct arena *a, struct str name)
{
    char *p = arena_alloc(a, name.len + 1);
    for (size_t i = 0; p != NULL && i < name.len; i++)
        p[i] = lower(name.p[i]);
    return p != NULL ? text_value(a, str_of(p, name.len)) : value_undefined();
}

/* Go's client takes these for itself; the last three only where it unpacked the body. */
static bool is_hidden(struct str name, bool unpacked)
{
    return is_named(name, "Transfer-Encoding") || is_named(name, "Trailer") ||
           (unpacked && (is_named(name, "Content-Encoding") || is_named(name, "Content-Length")));
}

static bool was_unpacked(const struct http_call *c)
{
    struct str encoding = http_header(c, "Content-Encoding");
    return c->asks_gzip && encoding.p != NULL && is_named(encoding, "gzip");
}

/* All values of a header of this name, from the place of its first. */
static struct value values_of(struct http_call *c, struct str name)
{
    struct array_builder values;
    struct line l;
    array_init(&values, c->bi->arena);
    for (size_t at = 0; next_line(&c->head, &at, &l);) {
        bool same = l.name.len == name.len;
        for (size_t i = 0; same && i < name.len; i++)
            same = lower(l.name.p[i]) == lower(name.p[i]);
        struct value v = same ? text_value(c->bi->arena, l.value) : value_undefined();
        if (same && (v.kind == VALUE_UNDEFINED || !array_push(&values, v)))
            return value_undefined();
    }
    return array_value(&values);
}

static struct value headers_value(struct http_call *c)
{
    struct object *o = object_new(c->bi->arena, 8);
    bool unpacked = was_unpacked(c);
    struct line l;
    for (size_t at = 0; o != NULL && next_line(&c->head, &at, &l);) {
        if (is_hidden(l.name, unpacked))
            continue;
        struct value name = lower_name(c->bi->arena, l.name);
        if (name.kind == VALUE_UNDEFINED)
            return name;
        if (object_find(o, name) != NULL)
            continue;
        struct value values = values_of(c, l.name);
        if (values.kind == VALUE_UNDEFINED || object_put(c->bi->arena, o, name, values) < 0)
            return value_undefined();
    }
    return o != NULL ? value_object(o) : value_undefined();
}

static bool contains(struct str s, const char *part)
{
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= s.len; i++)
        if (memcmp(s.p + i, part, len) == 0)
            return true;
    return false;
}

/* application/json, application/x+json; parameters do not matter. */
static bool is_json_type(struct str type)
{
    size_t len = 0;
    while (len < type.len && type.p[len] != ';')
        len++;
    type = trim(str_of(type.p, len));
    if (is_named(type, "application/json"))
        return true;
    return type.len > 17 && is_named(str_of(type.p, 12), "application/") && is_named(str_of(type.p + type.len - 5, 5), "+json");
}

/* null when the body is neither, or not well-formed. */
static int body_value(struct http_call *c, struct value *ret)
{
    struct str type = http_header(c, "Content-Type"), text = buf_view(&c->answer);
    struct err e = {0};
    bool json = http_flag(c, "force_json_decode") || (type.p != NULL && is_json_type(type));
    bool yaml = http_flag(c, "force_yaml_decode") ||
                (type.p != NULL && (contains(type, "application/yaml") || contains(type, "application/x-yaml")));
    *ret = value_null();
    if (!json && !yaml)
        return BI_OK;
    int status = bi_charge(c->bi, text.len / 4);
    if (status != BI_OK)
        return status;
    struct value v;
    int failed = json ? json_parse(c->bi->arena, text, NULL, &v, &e) : yaml_parse(c->bi->arena, text, &v, &e);
    if (failed == 0)
        *ret = v;
    return c->bi->arena->failed != ARENA_OK ? bi_nomem(c->bi) : BI_OK;
}

/* "200 OK" of "HTTP/1.1 200 OK". */
static struct str status_text(const struct http_call *c)
{
    struct str line = buf_view(&c->head);
    const char *end = line.len > 0 ? memchr(line.p, '\n', line.len) : NULL, *space;
    line.len = end != NULL ? (size_t)(end - line.p) : line.len;
    while (line.len > 0 && line.p[line.len - 1] == '\r')
        line.len--;
    space = line.len > 0 ? memchr(line.p, ' ', line.len) : NULL;
    return space != NULL ? str_of(space + 1, line.len - (size_t)(space + 1 - line.p)) : STR("");
}

int http_answer(struct http_call *c, struct value *ret)
{
    struct arena *a = c->bi->arena;
    struct object *o = object_new(a, 5);
    struct str text = status_text(c);
    int64_t code = 0;
    struct value body;
    for (size_t i = 0; i < text.len && i < 3 && text.p[i] >= '0' && text.p[i] <= '9'; i++)
        code = code * 10 + (text.p[i] - '0');
    int status = bi_charge(c->bi, c->answer.len / 8 + c->head.len);
    if (status == BI_OK)
        status = body_value(c, &body);
    if (status != BI_OK)
        return status;
    struct value headers = headers_value(c), raw = text_value(a, buf_view(&c->answer)), line = text_value(a, text);
    if (o == NULL || headers.kind == VALUE_UNDEFINED || raw.kind == VALUE_UNDEFINED || line.kind == VALUE_UNDEFINED ||
        object_put(a, o, value_str(STR("status")), line) < 0 ||
        object_put(a, o, value_str(STR("status_code")), value_int(code)) < 0 ||
        object_put(a, o, value_str(STR("body")), body) < 0 || object_put(a, o, value_str(STR("raw_body")), raw) < 0 ||
        object_put(a, o, value_str(STR("headers")), headers) < 0)
        return bi_nomem(c->bi);
    *ret = value_object(o);
    return BI_OK;
}
