/* SPDX-License-Identifier: Apache-2.0
 *
 * uri.parse, uri.is_valid: a URI reference as Go's net/url parses it, errors included.
 */
#define _GNU_SOURCE /* memrchr */
#include "stdlib/builtins.h"
#include "stdlib/ip.h"
#include "stdlib/quote.h"
#include "stdlib/strings.h"
#include "stdlib/url_escape.h"

struct uri {
    struct str scheme, host, path, raw_path, query, fragment;
};

/* The work of one parse: the text of an error is collected in error. */
struct parser {
    struct bi_ctx *ctx;
    struct buf error;
};

static const struct str nothing = {"", 0};

static bool fail(struct parser *p, const char *text)
{
    buf_cstr(&p->error, text);
    return false;
}

/* s without its first n bytes. */
static struct str after(struct str s, size_t n)
{
    return n == 0 ? s : str_of(s.p + n, s.len - n);
}

/* Cuts *s at the first c; what follows it is returned, nothing when c is not there. */
static struct str cut(struct str *s, char c)
{
    const char *at = s->len > 0 ? memchr(s->p, c, s->len) : NULL;
    if (at == NULL)
        return nothing;
    size_t n = (size_t)(at - s->p);
    struct str rest = after(*s, n + 1);
    s->len = n;
    return rest;
}

static size_t find_last(struct str s, char c)
{
    const char *at = s.len > 0 ? memrchr(s.p, c, s.len) : NULL;
    return at != NULL ? (size_t)(at - s.p) : STRINGS_NONE;
}

static bool unescape(struct parser *p, struct str s, enum url_part part, struct str *ret)
{
    struct buf b;
    struct str at;
    buf_init(&b, p->ctx->arena);
    enum url_fault fault = url_unescape(&b, s, part, &at);
    *ret = b.len > 0 ? buf_view(&b) : nothing;
    if (b.failed)
        p->error.failed = true;
    if (fault != URL_OK)
        url_write_fault(&p->error, fault, at);
    return fault == URL_OK && !b.failed;
}

/* The scheme before the first colon, if what stands there can be one. */
static bool read_scheme(struct parser *p, struct str *rest, struct str *ret)
{
    *ret = nothing;
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_letter)
            continue;
        if (c == ':') {
            if (i == 0)
                return fail(p, "missing protocol scheme");
            *ret = str_of(rest->p, i);
            *rest = after(*rest, i + 1);
            return true;
        }
        if (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))
            return true;
    }
    return true;
}

/* "" or ":" and digits. */
static bool is_port(struct str s)
{
    if (s.len > 0 && s.p[0] != ':')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

static bool check_port(struct parser *p, struct str s)
{
    if (is_port(s))
        return true;
    buf_cstr(&p->error, "invalid port ");
    quote_text(&p->error, s, QUOTE_PRINTABLE);
    return fail(p, " after host");
}

static bool check_address(struct parser *p, struct str host)
{
    struct ip ip;
    struct ip_error e = {0};
    if (ip_parse(host, &ip, &e))
        return !ip.is_v4 || fail(p, "invalid IP-literal");
    buf_cstr(&p->error, "invalid host: ParseAddr(");
    quote_text(&p->error, host, QUOTE_PRINTABLE);
    buf_cstr(&p->error, "): ");
    buf_cstr(&p->error, e.text);
    if (e.at.len > 0) {
        buf_cstr(&p->error, " (at ");
        quote_text(&p->error, e.at, QUOTE_PRINTABLE);
        buf_char(&p->error, ')');
    }
    return false;
}

/* "[" address ["%25" zone] "]" [":" port] */
static bool read_literal(struct parser *p, struct str host, struct str *ret)
{
    size_t close = find_last(host, ']');
    if (close == STRINGS_NONE)
        return fail(p, "missing ']' in host");
    struct str port = after(host, close + 1), name = str_of(host.p + 1, close - 1), zone = nothing;
    if (!check_port(p, port) || !unescape(p, port, URL_HOST, &port))
        return false;
    size_t percent = strings_find(name, STR("%25"));
    if (percent != STRINGS_NONE) {
        zone = after(name, percent);
        name.len = percent;
    }
    if (!unescape(p, name, URL_HOST, &name) || !unescape(p, zone, URL_ZONE, &zone))
        return false;
    struct buf b;
    buf_init(&b, p->ctx->arena);
    buf_char(&b, '[');
    buf_str(&b, name);
    buf_str(&b, zone);
    struct str address = after(buf_view(&b), b.len > 0 ? 1 : 0);
    if (b.failed || !check_address(p, address)) {
        p->error.failed |= b.failed;
        return false;
    }
    buf_char(&b, ']');
    buf_str(&b, port);
    *ret = buf_view(&b);
    p->error.failed |= b.failed;
    return !b.failed;
}

static bool read_host(struct parser *p, struct str scheme, struct str host, struct str *ret)
{
    size_t open = find_last(host, '[');
    if (open == 0)
        return read_literal(p, host, ret);
    if (open != STRINGS_NONE)
        return fail(p, "invalid IP-literal");
    const char *colon = host.len > 0 ? memchr(host.p, ':', host.len) : NULL;
    if (colon != NULL) {
        bool strict = str_equal(scheme, STR("http")) || str_equal(scheme, STR("https"));
        size_t at = strict ? (size_t)(colon - host.p) : find_last(host, ':');
        if (!check_port(p, after(host, at)))
            return false;
    }
    return unescape(p, host, URL_HOST, ret);
}

static bool check_user(struct parser *p, struct str user)
{
    for (size_t i = 0; i < user.len; i++) {
        char c = user.p[i];
        bool is_alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_alnum && (c == '\0' || strchr("-._:~!$&'()*+,;=%@", c) == NULL))
            return fail(p, "net/url: invalid userinfo");
    }
    struct str password = cut(&user, ':'), ignored;
    return unescape(p, user, URL_USER, &ignored) && unescape(p, password, URL_USER, &ignored);
}

static bool read_authority(struct parser *p, struct uri *u, struct str authority)
{
    size_t at = find_last(authority, '@');
    struct str host = at != STRINGS_NONE ? after(authority, at + 1) : authority;
    if (!read_host(p, u->scheme, host, &u->host))
        return false;
    return at == STRINGS_NONE || check_user(p, str_of(authority.p, at));
}

/* The raw path is told as it was written only where encoding the path would not give it back. */
static bool read_path(struct parser *p, struct uri *u, struct str path)
{
    struct buf b;
    buf_init(&b, p->ctx->arena);
    if (!unescape(p, path, URL_PATH, &u->path))
        return false;
    url_escape(&b, u->path, URL_PATH);
    u->raw_path = str_equal(buf_view(&b), path) ? u->path : path;
    p->error.failed |= b.failed;
    return !b.failed;
}

static bool lower_scheme(struct parser *p, struct str *scheme)
{
    char *text = arena_alloc(p->ctx->arena, scheme->len);
    if (text == NULL) {
        p->error.failed = true;
        return false;
    }
    for (size_t i = 0; i < scheme->len; i++)
        text[i] = scheme->p[i] >= 'A' && scheme->p[i] <= 'Z' ? (char)(scheme->p[i] | 0x20) : scheme->p[i];
    *scheme = str_of(text, scheme->len);
    return true;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return true;
    return false;
}

/* All but the fragment. */
static bool read_uri(struct parser *p, struct str text, struct uri *u)
{
    if (has_control(text))
        return fail(p, "net/url: invalid control character in URL");
    if (str_equal(text, STR("*"))) {
        u->path = u->raw_path = text;
        return true;
    }
    struct str rest = text;
    if (!read_scheme(p, &rest, &u->scheme) || !lower_scheme(p, &u->scheme))
        return false;
    u->query = cut(&rest, '?');
    if (rest.len == 0 || rest.p[0] != '/') {
        if (u->scheme.len > 0)
            return true; /* opaque */
        struct str segment = rest;
        (void)cut(&segment, '/');
        if (segment.len > 0 && memchr(segment.p, ':', segment.len) != NULL)
            return fail(p, "first path segment in URL cannot contain colon");
    }
    bool has_authority = str_starts(rest, STR("//")) && (u->scheme.len > 0 || !str_starts(rest, STR("///")));
    if (has_authority) {
        struct str authority = after(rest, 2);
        const char *slash = authority.len > 0 ? memchr(authority.p, '/', authority.len) : NULL;
        size_t n = slash != NULL ? (size_t)(slash - authority.p) : authority.len;
        rest = after(authority, n);
        authority.len = n;
        if (!read_authority(p, u, authority))
            return false;
    }
    return read_path(p, u, rest);
}

/* BI_OK and *ret_good, the text of the error then being in p->error. */
static int parse_uri(struct parser *p, struct str text, struct uri *ret, bool *ret_good)
{
    *ret = (struct uri){nothing, nothing, nothing, nothing, nothing, nothing};
    buf_init(&p->error, p->ctx->arena);
    int status = bi_charge(p->ctx, text.len / 2 + 1);
    if (status != BI_OK)
        return status;
    struct str head = text, fragment = cut(&head, '#'), shown = head;
    *ret_good = read_uri(p, head, ret);
    if (*ret_good && fragment.len > 0) {
        shown = text;
        *ret_good = unescape(p, fragment, URL_FRAGMENT, &ret->fragment);
    }
    if (!*ret_good && !p->error.failed) {
        struct buf b;
        buf_init(&b, p->ctx->arena);
        buf_cstr(&b, "parse ");
        quote_text(&b, shown, QUOTE_PRINTABLE);
        buf_cstr(&b, ": ");
        buf_str(&b, buf_view(&p->error));
        p->error = b;
    }
    return p->error.failed ? bi_nomem(p->ctx) : BI_OK;
}

/* The port is cut off *host, which may be in brackets. */
static struct str split_port(struct str *host)
{
    struct str port = nothing;
    size_t colon = find_last(*host, ':');
    if (colon != STRINGS_NONE && is_port(after(*host, colon))) {
        port = after(*host, colon + 1);
        host->len = colon;
    }
    if (host->len >= 2 && host->p[0] == '[' && host->p[host->len - 1] == ']')
        *host = str_of(host->p + 1, host->len - 2);
    return port;
}

int bif_uri_parse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct parser p = {.ctx = ctx};
    struct uri u;
    bool good = false;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = parse_uri(&p, text, &u, &good);
    if (status != BI_OK)
        return status;
    if (!good)
        return bi_fail(ctx, "%.*s", (int)(p.error.len < 1000 ? p.error.len : 1000), p.error.p);
    struct str port = split_port(&u.host);
    const struct {
        struct str key, text;
    } parts[] = {
        {STR("scheme"), u.scheme},     {STR("hostname"), u.host},   {STR("port"), port},           {STR("path"), u.path},
        {STR("raw_path"), u.raw_path}, {STR("raw_query"), u.query}, {STR("fragment"), u.fragment},
    };
    struct object *o = object_new(ctx->arena, COUNT_OF(parts));
    if (o == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].text.len > 0 && object_put(ctx->arena, o, value_str(parts[i].key), value_str(parts[i].text)) < 0)
            return bi_nomem(ctx);
    *ret = value_object(o);
    return BI_OK;
}

int bif_uri_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct parser p = {.ctx = ctx};
    struct uri u;
    bool good = false;
    int status = BI_OK;
    if (argv[0].kind == VALUE_STRING && argv[0].len > 0)
        status = parse_uri(&p, value_text(argv[0]), &u, &good);
    *ret = value_bool(good);
    return status;
}
