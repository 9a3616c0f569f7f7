/* SPDX-License-Identifier: Apache-2.0
 *
 * References of JSON Schema: URLs resolved against each other by RFC 3986 as Go's net/url does it, with JSON pointers as
 * fragments.
 */
#include "stdlib/schema.h"
#include "stdlib/url_escape.h"

static int write_ref(struct schema_compiler *c, const struct url_parts *url, struct str *ret)
{
    struct buf b;
    buf_init(&b, c->ctx->arena);
    url_parts_write(&b, url);
    *ret = buf_view(&b);
    return b.failed ? bi_nomem(c->ctx) : BI_OK;
}

int schema_ref_parse(struct schema_compiler *c, struct str text, struct schema_ref *ret)
{
    struct str problem;
    int status = url_parts_parse(c->ctx, text, &ret->url, &problem);
    if (status != BI_OK)
        return status;
    if (problem.len != 0)
        return schema_refuse(c, problem);
    return write_ref(c, &ret->url, &ret->text);
}

int schema_ref_base(struct schema_compiler *c, const struct schema_ref *ref, struct schema_ref *ret)
{
    *ret = *ref;
    ret->url.fragment = ret->url.raw_fragment = STR("");
    return write_ref(c, &ret->url, &ret->text);
}

/* ---- resolving ---- */

static size_t last_slash(struct str s)
{
    size_t i = s.len;
    while (i > 0 && s.p[i - 1] != '/')
        i--;
    return i; /* behind it; 0: none */
}

/* Removes the segments "." and ".." of a path. */
static void write_clean_path(struct buf *b, struct str path)
{
    bool first = true, more = true;
    struct str segment = STR("");
    buf_char(b, '/');
    while (more) {
        const char *slash = path.len != 0 ? memchr(path.p, '/', path.len) : NULL;
        more = slash != NULL;
        segment = str_of(path.p, more ? (size_t)(slash - path.p) : path.len);
        path = more ? str_of(slash + 1, path.len - segment.len - 1) : STR("");
        if (str_equal(segment, STR("."))) {
            first = false;
        } else if (str_equal(segment, STR(".."))) {
            size_t end = last_slash(str_of(b->p + 1, b->len - 1));
            b->len = end == 0 ? 1 : end;
            first = b->len == 1;
        } else {
            if (!first)
                buf_char(b, '/');
            buf_str(b, segment);
            first = false;
        }
    }
    if (str_equal(segment, STR(".")) || str_equal(segment, STR("..")))
        buf_char(b, '/');
}

/* Sets the path of url to that of ref as seen from base; ref may be empty. */
static int set_path(struct schema_compiler *c, const struct url_parts *base, const struct url_parts *ref, struct url_parts *url)
{
    struct arena *a = c->ctx->arena;
    struct buf from, to, full, clean, plain;
    buf_init(&from, a);
    buf_init(&to, a);
    buf_init(&full, a);
    buf_init(&clean, a);
    buf_init(&plain, a);
    if (base != NULL)
        url_parts_write_path(&from, base);
    url_parts_write_path(&to, ref);
    if (to.len == 0 || to.p[0] != '/')
        buf_bytes(&full, from.p, to.len == 0 ? from.len : last_slash(buf_view(&from)));
    buf_str(&full, buf_view(&to));
    if (full.len != 0 && !full.failed)
        write_clean_path(&clean, buf_view(&full));
    struct str path = buf_view(&clean), at;
    if (path.len > 1 && path.p[1] == '/')
        path = str_of(path.p + 1, path.len - 1);
    if (from.failed || to.failed || full.failed || clean.failed)
        return bi_nomem(c->ctx);
    if (url_unescape(&plain, path, URL_PATH, &at) != URL_OK)
        return BI_ERROR;
    if (plain.failed)
        return bi_nomem(c->ctx);
    url->path = buf_view(&plain);
    url->raw_path = path; /* ignored by the writer when it is not a form of path */
    return BI_OK;
}

static int resolve(struct schema_compiler *c, const struct url_parts *base, const struct url_parts *ref, struct url_parts *ret)
{
    *ret = *ref;
    if (ref->scheme.len == 0)
        ret->scheme = base->scheme;
    if (ref->scheme.len != 0 || ref->host.len != 0 || ref->has_user)
        return set_path(c, NULL, ref, ret);
    if (ref->opaque.len != 0) {
        ret->has_user = false;
        ret->host = ret->path = ret->raw_path = STR("");
        return BI_OK;
    }
    if (ref->path.len == 0 && !ref->force_query && ref->query.len == 0)
        ret->query = base->query;
    if (ref->path.len == 0 && base->opaque.len != 0) {
        ret->opaque = base->opaque;
        ret->has_user = false;
        ret->host = ret->path = ret->raw_path = STR("");
        return BI_OK;
    }
    ret->host = base->host;
    ret->user = base->user;
    ret->has_user = base->has_user;
    return set_path(c, base, ref, ret);
}

int schema_ref_inherit(struct schema_compiler *c, const struct schema_ref *parent, const struct schema_ref *child,
                       struct schema_ref *ret)
{
    struct url_parts base = parent->url, url;
    struct str text;
    base.fragment = base.raw_fragment = STR("");
    int status = resolve(c, &base, &child->url, &url);
    if (status == BI_OK)
        status = write_ref(c, &url, &text);
    return status == BI_OK ? schema_ref_parse(c, text, ret) : status;
}

/* ---- pointers ---- */

static struct str decode_token(struct arena *a, struct str token)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < token.len; i++) {
        bool escape = token.p[i] == '~' && i + 1 < token.len && (token.p[i + 1] == '0' || token.p[i + 1] == '1');
        if (escape)
            i++;
        buf_char(&b, !escape ? token.p[i] : token.p[i] == '1' ? '/' : '~');
    }
    return b.failed ? str_of(NULL, 0) : token.len == 0 ? token : buf_view(&b);
}

static int step_array(struct schema_compiler *c, struct str token, struct value *at)
{
    struct arena *a = c->ctx->arena;
    struct str digits = token;
    int64_t index = 0;
    bool negative = digits.len != 0 && digits.p[0] == '-', bad;
    if (digits.len != 0 && (digits.p[0] == '-' || digits.p[0] == '+'))
        digits = str_of(digits.p + 1, digits.len - 1);
    bad = digits.len == 0;
    for (size_t i = 0; !bad && i < digits.len; i++)
        bad = digits.p[i] < '0' || digits.p[i] > '9' || __builtin_mul_overflow(index, 10, &index) ||
              __builtin_add_overflow(index, digits.p[i] - '0', &index);
    if (bad)
        return schema_refuse(c, arena_printf(a, "Invalid array index '%.*s'", (int)token.len, token.p));
    if (negative)
        index = -index;
    if (index < 0 || index >= (int64_t)at->len)
        return schema_refuse(c, arena_printf(a, "Out of bound array[0,%u] index '%lld'", at->len, (long long)index));
    *at = at->items[index];
    return BI_OK;
}

static int step(struct schema_compiler *c, struct str token, struct value *at)
{
    struct arena *a = c->ctx->arena;
    if (at->kind == VALUE_ARRAY)
        return step_array(c, token, at);
    if (at->kind != VALUE_OBJECT)
        return schema_refuse(c, arena_printf(a, "Invalid token reference '%.*s'", (int)token.len, token.p));
    struct str name = decode_token(a, token);
    if (name.p == NULL)
        return bi_nomem(c->ctx);
    const struct value *place = object_find_str(at->object, name);
    if (place == NULL)
        return schema_refuse(c, arena_printf(a, "Object has no key '%.*s'", (int)name.len, name.p));
    *at = *place;
    return BI_OK;
}

int schema_ref_follow(struct schema_compiler *c, const struct schema_ref *ref, struct value document, struct value *ret)
{
    struct str rest = ref->url.fragment;
    struct value at = document;
    int status = BI_OK;
    bool more = rest.len != 0 && rest.p[0] == '/'; /* what is no pointer means the whole document */
    while (status == BI_OK && more) {
        rest = str_of(rest.p + 1, rest.len - 1);
        const char *slash = rest.len != 0 ? memchr(rest.p, '/', rest.len) : NULL;
        struct str token = str_of(rest.p, slash != NULL ? (size_t)(slash - rest.p) : rest.len);
        status = bi_charge(c->ctx, 8);
        if (status == BI_OK)
            status = step(c, token, &at);
        more = slash != NULL;
        if (more)
            rest = str_of(slash, rest.len - token.len);
    }
    *ret = at;
    return status;
}
