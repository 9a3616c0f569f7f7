/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a URL.
 *
 * uri.parse decides what is a URL; a text that it accepts only needs to be cut here.
 */
#include "stdlib/url_parts.h"

#include "stdlib/builtins.h"
#include "stdlib/url_escape.h"

static const struct str nothing = {"", 0};

static struct str after(struct str s, size_t n)
{
    return str_of(s.p + n, s.len - n);
}

static bool find(struct str s, char c, size_t *ret)
{
    const char *at = s.len > 0 ? memchr(s.p, c, s.len) : NULL;
    *ret = at != NULL ? (size_t)(at - s.p) : s.len;
    return at != NULL;
}

static bool find_last(struct str s, char c, size_t *ret)
{
    for (size_t i = s.len; i-- > 0;)
        if (s.p[i] == c) {
            *ret = i;
            return true;
        }
    return false;
}

/* Cuts *s at the first c; gives what follows it. */
static struct str cut(struct str *s, char c)
{
    size_t at;
    if (!find(*s, c, &at))
        return nothing;
    struct str rest = after(*s, at + 1);
    s->len = at;
    return rest;
}

/* A part with its escapes resolved; the part has been checked. */
static bool resolve(struct arena *a, struct str s, enum url_part part, struct str *ret)
{
    struct buf b;
    struct str at;
    buf_init(&b, a);
    enum url_fault fault = url_unescape(&b, s, part, &at);
    *ret = b.len > 0 ? buf_view(&b) : nothing;
    return fault == URL_OK && !b.failed;
}

/* Escaped again: is it what was given? */
static bool is_default_form(struct arena *a, struct str part_text, enum url_part part, struct str given)
{
    struct buf b;
    buf_init(&b, a);
    url_escape(&b, part_text, part);
    return !b.failed && str_equal(buf_view(&b), given);
}

/* "name" or "name:password", each in its default form. */
static bool read_user(struct arena *a, struct str user, struct str *ret)
{
    struct buf b;
    size_t colon;
    bool has_password = find(user, ':', &colon);
    struct str name, password = nothing;
    if (!resolve(a, str_of(user.p, colon), URL_USER, &name) ||
        (has_password && !resolve(a, after(user, colon + 1), URL_USER, &password)))
        return false;
    buf_init(&b, a);
    url_escape(&b, name, URL_USER);
    if (has_password)
        buf_char(&b, ':');
    url_escape(&b, password, URL_USER);
    *ret = b.len > 0 ? buf_view(&b) : nothing;
    return !b.failed;
}

/* The zone of an address in brackets has escapes of its own. */
static bool read_host(struct arena *a, struct str host, struct str *ret)
{
    struct str name = host, zone = nothing;
    size_t close;
    if (host.len > 0 && host.p[0] == '[' && find_last(host, ']', &close))
        for (size_t i = 0; i + 3 <= close && zone.len == 0; i++)
            if (str_starts(after(host, i), STR("%25"))) {
                name.len = i;
                zone = str_of(host.p + i, close - i);
            }
    struct str tail = zone.len > 0 ? after(host, name.len + zone.len) : nothing;
    if (!resolve(a, name, URL_HOST, &name) || !resolve(a, zone, URL_ZONE, &zone) || !resolve(a, tail, URL_HOST, &tail))
        return false;
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, name);
    buf_str(&b, zone);
    buf_str(&b, tail);
    *ret = b.len > 0 ? buf_view(&b) : nothing;
    return !b.failed;
}

static bool read_authority(struct arena *a, struct str authority, struct url_parts *u)
{
    size_t at;
    u->has_user = find_last(authority, '@', &at);
    struct str host = u->has_user ? after(authority, at + 1) : authority;
    return (!u->has_user || read_user(a, str_of(authority.p, at), &u->user)) && read_host(a, host, &u->host);
}

static bool read_hierarchy(struct arena *a, struct str rest, struct url_parts *u)
{
    bool has_scheme = u->scheme.len > 0;
    if (str_starts(rest, STR("//")) && (has_scheme || !str_starts(rest, STR("///")))) {
        size_t slash;
        struct str authority = after(rest, 2);
        (void)find(authority, '/', &slash); /* without one the authority is all */
        rest = after(authority, slash);
        authority.len = slash;
        if (!read_authority(a, authority, u))
            return false;
    } else if (has_scheme && str_starts(rest, STR("/"))) {
        u->omit_host = true;
    }
    if (!resolve(a, rest, URL_PATH, &u->path))
        return false;
    u->raw_path = is_default_form(a, u->path, URL_PATH, rest) ? nothing : rest;
    return true;
}

/* text without its scheme, which uri.parse has told. */
static bool read_parts(struct arena *a, struct str text, struct url_parts *u)
{
    struct str rest = text, fragment = cut(&rest, '#');
    if (!resolve(a, fragment, URL_FRAGMENT, &u->fragment))
        return false;
    u->raw_fragment = is_default_form(a, u->fragment, URL_FRAGMENT, fragment) ? nothing : fragment;
    if (str_equal(rest, STR("*"))) {
        u->path = rest;
        return true;
    }
    if (u->scheme.len > 0)
        rest = after(rest, u->scheme.len + 1);
    size_t mark;
    if (find(rest, '?', &mark) && mark == rest.len - 1) {
        u->force_query = true;
        rest.len--;
    } else {
        u->query = cut(&rest, '?');
    }
    if (u->scheme.len > 0 && !str_starts(rest, STR("/"))) {
        u->opaque = rest;
        return true;
    }
    return read_hierarchy(a, rest, u);
}

/* uri.parse on text, with an error of its own: its text without the builtin's name. */
static int check_uri(struct bi_ctx *ctx, struct str text, struct value *ret, struct str *ret_error)
{
    struct err e = {.code = ERR_OK};
    struct bi_ctx inner = *ctx;
    struct value operand = value_str(text);
    inner.err = &e;
    int status = bif_uri_parse(&inner, &operand, ret);
    *ret_error = nothing;
    if (status == BI_HALT)
        return bi_halt(ctx, e.code, "%s", e.text);
    if (status == BI_OK)
        return BI_OK;
    size_t prefix = strlen(ctx->def->name) + 2;
    *ret_error = arena_str(ctx->arena, str_cstr(strlen(e.text) > prefix ? e.text + prefix : e.text));
    return ret_error->p != NULL ? BI_OK : bi_nomem(ctx);
}

int url_parts_parse(struct bi_ctx *ctx, struct str text, struct url_parts *ret, struct str *ret_error)
{
    struct value parsed;
    *ret = (struct url_parts){nothing, nothing, nothing, nothing, nothing, nothing,
                              nothing, nothing, nothing, false,   false,   false};
    int status = check_uri(ctx, text, &parsed, ret_error);
    if (status != BI_OK || ret_error->len > 0)
        return status;
    const struct value *scheme = object_find_str(parsed.object, STR("scheme"));
    if (scheme != NULL)
        ret->scheme = value_text(*scheme);
    return read_parts(ctx->arena, text, ret) ? BI_OK : bi_nomem(ctx);
}

/* ---- writing ---- */

/* Nothing in it that would have to be escaped. */
static bool is_valid_form(struct arena *a, struct str s, enum url_part part)
{
    for (size_t i = 0; i < s.len; i++) {
        struct buf b;
        buf_init(&b, a);
        char c = s.p[i];
        if (c != 0 && strchr("!$&'()*+,;=:@[]%", c) != NULL)
            continue;
        url_escape(&b, str_of(&c, 1), part);
        if (b.len != 1)
            return false;
    }
    return true;
}

static void write_part(struct buf *b, struct str part_text, struct str raw, enum url_part part)
{
    if (raw.len > 0 && is_valid_form(b->arena, raw, part))
        buf_str(b, raw);
    else
        url_escape(b, part_text, part);
}

void url_parts_write_path(struct buf *b, const struct url_parts *u)
{
    if (u->raw_path.len == 0 && str_equal(u->path, STR("*")))
        buf_char(b, '*');
    else
        write_part(b, u->path, u->raw_path, URL_PATH);
}

static void write_authority(struct buf *b, const struct url_parts *u)
{
    if (u->host.len > 0 || u->path.len > 0 || u->has_user)
        buf_cstr(b, "//");
    if (u->has_user) {
        buf_str(b, u->user);
        buf_char(b, '@');
    }
    url_escape(b, u->host, URL_HOST);
}

static void write_hierarchy(struct buf *b, const struct url_parts *u, size_t start)
{
    struct buf path;
    buf_init(&path, b->arena);
    if ((u->scheme.len > 0 || u->host.len > 0 || u->has_user) && !(u->omit_host && u->host.len == 0 && !u->has_user))
        write_authority(b, u);
    url_parts_write_path(&path, u);
    b->failed |= path.failed;
    if (path.len > 0 && path.p[0] != '/' && u->host.len > 0)
        buf_char(b, '/');
    if (b->len == start) {
        size_t slash, colon;
        (void)find(buf_view(&path), '/', &slash);
        if (find(str_of(path.p, slash), ':', &colon))
            buf_cstr(b, "./");
    }
    buf_str(b, buf_view(&path));
}

void url_parts_write(struct buf *b, const struct url_parts *u)
{
    size_t start = b->len;
    if (u->scheme.len > 0) {
        buf_str(b, u->scheme);
        buf_char(b, ':');
    }
    if (u->opaque.len > 0)
        buf_str(b, u->opaque);
    else
        write_hierarchy(b, u, start);
    if (u->force_query || u->query.len > 0) {
        buf_char(b, '?');
        buf_str(b, u->query);
    }
    if (u->fragment.len > 0) {
        buf_char(b, '#');
        write_part(b, u->fragment, u->raw_fragment, URL_FRAGMENT);
    }
}
