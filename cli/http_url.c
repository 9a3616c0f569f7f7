/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading URLs as far as requests need it. What is in the path is the server's business.
 */
#include "cli/http_url.h"

#include "base/buf.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (p == NULL)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < s.len; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
    p[s.len] = '\0';
    return str_of(p, s.len);
}

static size_t scheme_length(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == ':')
            return i;
        if (!is_letter(c) && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            return 0;
    }
    return 0;
}

/* ---- sockets ---- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str decode(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1);
    size_t n = 0;
    if (p == NULL)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < s.len; i++) {
        bool escaped = s.p[i] == '%' && i + 2 < s.len && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0;
        p[n++] = escaped ? (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2])) : s.p[i] == '+' ? ' ' : s.p[i];
        i += escaped ? 2 : 0;
    }
    p[n] = '\0';
    return str_of(p, n);
}

/* Takes the parameter socket out of the query: the first counts. */
static bool take_socket(struct arena *a, struct str rest, struct http_url *ret)
{
    const char *mark = memchr(rest.p, '?', rest.len);
    struct buf b;
    buf_init(&b, a);
    buf_cstr(&b, "http://");
    if (mark == NULL)
        return true;
    buf_bytes(&b, rest.p, (size_t)(mark - rest.p));
    char before = '?';
    for (const char *p = mark + 1, *end = rest.p + rest.len; p <= end;) {
        const char *next = memchr(p, '&', (size_t)(end - p));
        size_t len = (size_t)((next != NULL ? next : end) - p);
        if (len >= 7 && memcmp(p, "socket=", 7) == 0) {
            if (ret->socket.p == NULL)
                ret->socket = decode(a, str_of(p + 7, len - 7));
        } else if (len > 0) {
            buf_char(&b, before);
            buf_bytes(&b, p, len);
            before = '&';
        }
        p += len + 1;
    }
    buf_char(&b, '\0');
    ret->text = str_of(b.p, b.len - 1);
    if (ret->socket.p == NULL)
        ret->socket = arena_str(a, STR(""));
    return !b.failed && ret->socket.p != NULL;
}

/* ---- hosts ---- */

static const char *read_host(struct str rest, struct http_url *ret)
{
    size_t len = 0;
    while (len < rest.len && strchr("/?#", rest.p[len]) == NULL)
        len++;
    const char *at = NULL;
    for (size_t i = 0; i < len; i++)
        at = rest.p[i] == '@' ? rest.p + i : at;
    struct str host = at != NULL ? str_of(at + 1, len - (size_t)(at + 1 - rest.p)) : str_of(rest.p, len);
    size_t colon = host.len;
    for (size_t i = host.len; i > 0 && host.p[i - 1] != ']'; i--)
        if (host.p[i - 1] == ':')
            colon = i - 1;
    uint32_t port = 0;
    for (size_t i = colon + 1; i < host.len; i++) {
        if (host.p[i] < '0' || host.p[i] > '9' || port > 65535)
            return "invalid port after host";
        port = port * 10 + (uint32_t)(host.p[i] - '0');
    }
    ret->host = str_of(host.p, colon);
    ret->port = port != 0 ? port : str_equal(ret->scheme, STR("https")) ? 443 : 80;
    return NULL;
}

const char *http_url_read(struct arena *a, struct str text, struct http_url *ret)
{
    *ret = (struct http_url){0};
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
            return "net/url: invalid control character in URL";
    size_t len = scheme_length(text);
    ret->text = arena_str(a, text);
    ret->scheme = lower(a, str_of(text.p, len));
    if (ret->text.p == NULL || ret->scheme.p == NULL)
        return "";
    text = ret->text; /* what is kept are slices of the copy: the caller's text may go */
    size_t slash = 0;
    while (slash < text.len && text.p[slash] != '/')
        slash++;
    if (len == 0 && memchr(text.p, ':', slash) != NULL)
        return text.p[0] == ':' ? "missing protocol scheme" : "first path segment in URL cannot contain colon";
    bool has_host = text.len >= len + 3 && memcmp(text.p + len, "://", 3) == 0;
    struct str rest = has_host ? str_of(text.p + len + 3, text.len - len - 3) : STR("");
    if (str_equal(ret->scheme, STR("unix")) && has_host && !take_socket(a, rest, ret))
        return "";
    return read_host(rest, ret);
}

bool http_url_is_same_host(const struct http_url *a, const struct http_url *b)
{
    return str_equal(a->host, b->host) && a->port == b->port;
}

bool http_url_is_local(const struct http_url *u)
{
    return u->socket.p != NULL || str_equal(u->host, STR("localhost")) || str_equal(u->host, STR("[::1]")) ||
           str_starts(u->host, STR("127."));
}

struct str http_url_with_host(struct arena *a, const struct http_url *u, struct str host)
{
    size_t before = (size_t)(u->scheme.len + 3);
    const char *at = u->text.p + before, *end = at;
    while (*end != '\0' && strchr("/?#", *end) == NULL)
        end++;
    return arena_printf(a, "%.*s%.*s:%u%s", (int)before, u->text.p, (int)host.len, host.p, u->port, end);
}
