/* SPDX-License-Identifier: Apache-2.0
 *
 * From a request's members to libcurl's options, redirects, retries, errors in Go's words.
 *
 * Only http and https are spoken, HTTP/1.1, with what the system trusts unless the request says otherwise. An answer may be as
 * large as the evaluation's memory. The evaluation remembers what it sent, so one request is sent once per query.
 */
#include "cli/http.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "cli/http_call.h"
#include "stdlib/time_format.h"
#include "vm/json.h"
#include "vm/limits.h"
#include "vm/number.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo

#define TIMEOUT_NS INT64_C(5000000000)
#define REDIRECTS_MOST 100
#define RETRY_MS 100
#define RETRY_MOST_MS 60000
#define USER_AGENT "User-Agent: quis/0.1.0"

/* ---- members ---- */

struct str http_text(const struct http_call *c, const char *name)
{
    const struct value *v = object_find_str(c->request, str_cstr(name));
    if (v == NULL || v->kind != VALUE_STRING)
        return (struct str){NULL, 0};
    struct str s = value_text(*v);
    while (s.len > 0 && s.p[0] == '"')
        s = str_of(s.p + 1, s.len - 1);
    while (s.len > 0 && s.p[s.len - 1] == '"')
        s.len--;
    return s;
}

bool http_flag(const struct http_call *c, const char *name)
{
    const struct value *v = object_find_str(c->request, str_cstr(name));
    return v != NULL && ((v->kind == VALUE_BOOL && value_is_true(*v)) || (value_is_int(*v) && v->i == 1));
}

int http_refuse(struct http_call *c, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* cut when it is longer */
    va_end(args);
    (void)bi_fail(c->bi, "%s", text); /* BI_ERROR */
    return BI_UNDEFINED;
}

/* A name as methods and headers have. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] <= 0x20 || (unsigned char)s.p[i] >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", s.p[i]) != NULL)
            return false;
    return s.len > 0;
}

static int read_method(struct http_call *c)
{
    struct str s = http_text(c, "method");
    char *p = arena_alloc(c->bi->arena, s.len + 1);
    if (p == NULL)
        return bi_nomem(c->bi);
    for (size_t i = 0; i < s.len; i++)
        p[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]);
    p[s.len] = '\0';
    c->method = s.len > 0 ? str_of(p, s.len) : STR("GET");
    return is_token(c->method) ? BI_OK : http_refuse(c, "net/http: invalid method \"%s\"", p);
}

static int read_body(struct http_call *c)
{
    const struct value *body = object_find_str(c->request, STR("body"));
    struct str raw = http_text(c, "raw_body");
    struct buf b;
    if (raw.p != NULL || body == NULL) {
        c->body = raw;
        return BI_OK;
    }
    buf_init(&b, c->bi->arena);
    json_write(&b, *body, JSON_COMPACT);
    c->body = buf_view(&b);
    return b.failed ? bi_nomem(c->bi) : BI_OK;
}

/* A number is nanoseconds, and so is a text that is one. The builtin has checked both. */
static void read_timeout(struct http_call *c)
{
    const struct value *v = object_find_str(c->request, STR("timeout"));
    struct buf complaint;
    struct value n;
    struct err e = {0};
    c->timeout_ns = TIMEOUT_NS;
    if (v == NULL || (v->kind == VALUE_NUMBER && number_text_int64(*v, &c->timeout_ns)) || v->kind != VALUE_STRING)
        return;
    buf_init(&complaint, c->bi->arena);
    bool is_count = json_parse(c->bi->arena, value_text(*v), NULL, &n, &e) == 0 && n.kind == VALUE_NUMBER &&
                    number_to_int64(n, &c->timeout_ns);
    if (!is_count && !time_read_duration(value_text(*v), &c->timeout_ns, &complaint))
        c->timeout_ns = TIMEOUT_NS;
}

static int read_url(struct http_call *c)
{
    const char *complaint = http_url_read(c->bi->arena, http_text(c, "url"), &c->url);
    if (complaint == NULL)
        return BI_OK;
    if (complaint[0] == '\0')
        return bi_nomem(c->bi);
    struct str text = http_text(c, "url");
    return http_refuse(c, "parse \"%.*s\": %s", (int)(text.len < 200 ? text.len : 200), text.p, complaint);
}

/* ---- headers ---- */

static bool is_name(struct str s, const char *name)
{
    size_t i = 0;
    for (; i < s.len && name[i] != '\0'; i++)
        if ((s.p[i] | 32) != (name[i] | 32))
            return false;
    return i == s.len && name[i] == '\0';
}

static bool is_field(struct str name, struct str value)
{
    bool good = is_token(name);
    for (size_t i = 0; i < value.len; i++)
        good = good && value.p[i] != '\n' && value.p[i] != '\r' && value.p[i] != '\0';
    return good;
}

static int add_header(struct http_call *c, const char *line)
{
    struct curl_slist *list = c->curl->curl_slist_append(c->headers, line);
    if (list == NULL)
        return bi_nomem(c->bi);
    c->headers = list;
    return BI_OK;
}

static int add_field(struct http_call *c, struct str name, struct str value)
{
    if (!is_field(name, value))
        return http_refuse(c, "net/http: invalid header field \"%.*s\"", (int)(name.len < 100 ? name.len : 100), name.p);
    if (is_name(name, "Host"))
        c->host = arena_str(c->bi->arena, value);
    bool secret = is_name(name, "Authorization") || is_name(name, "Www-Authenticate") || is_name(name, "Cookie");
    if ((secret && c->drops_secrets) || is_name(name, "Content-Length") || (is_name(name, "Host") && c->drops_secrets))
        return BI_OK;
    struct str line = value.len > 0 ? arena_printf(c->bi->arena, "%.*s: %.*s", (int)name.len, name.p, (int)value.len, value.p)
                                    : arena_printf(c->bi->arena, "%.*s;", (int)name.len, name.p);
    return line.p != NULL ? add_header(c, line.p) : bi_nomem(c->bi);
}

/* Go's client keeps no connection whose TLS or address is the request's own. */
static bool is_alone(const struct http_call *c)
{
    static const char *const members[] = {"tls_server_name", "tls_ca_cert", "tls_ca_cert_file", "tls_ca_cert_env_variable",
                                          "tls_client_cert", "tls_client_cert_file", "tls_client_cert_env_variable"};
    bool alone = c->url.socket.p != NULL || c->host.p != NULL || http_flag(c, "tls_insecure_skip_verify") ||
                 http_flag(c, "tls_use_system_certs");
    for (size_t i = 0; i < COUNT_OF(members) && !alone; i++)
        alone = http_text(c, members[i]).len > 0;
    return alone;
}

static int add_headers(struct http_call *c)
{
    static const char *const unwanted[] = {"Accept", "Content-Type", "Expect"};
    const struct value *v = object_find_str(c->request, STR("headers"));
    struct object *headers = v != NULL && v->kind == VALUE_OBJECT ? v->object : NULL;
    const struct member *members = headers != NULL ? object_members(headers) : NULL;
    bool has_agent = false, has_referer = false, has_encoding = false, has[COUNT_OF(unwanted)] = {false};
    int status = BI_OK;
    for (uint32_t i = 0; headers != NULL && i < headers->count && status == BI_OK; i++) {
        if (members[i].key.kind != VALUE_STRING || members[i].value.kind != VALUE_STRING)
            continue;
        struct str name = value_text(members[i].key);
        has_agent |= is_name(name, "User-Agent");
        has_referer |= is_name(name, "Referer");
        has_encoding |= is_name(name, "Accept-Encoding");
        for (size_t k = 0; k < COUNT_OF(unwanted); k++)
            has[k] |= is_name(name, unwanted[k]);
        status = add_field(c, name, value_text(members[i].value));
    }
    for (size_t k = 0; k < COUNT_OF(unwanted) && status == BI_OK; k++) {
        char line[32];
        (void)snprintf(line, sizeof line, "%s:", unwanted[k]); /* fits */
        status = has[k] ? BI_OK : add_header(c, line); /* none, instead of the library's */
    }
    if (status == BI_OK && !has_agent)
        status = add_header(c, USER_AGENT);
    if (status == BI_OK && is_alone(c))
        status = add_header(c, "Connection: close");
    if (status == BI_OK && c->referer.p != NULL && !has_referer)
        status = add_header(c, c->referer.p);
    c->asks_gzip = !has_encoding;
    return status;
}

/* ---- one exchange ---- */

static size_t take_header(char *bytes, size_t size, size_t count, void *ctx)
{
    struct http_call *c = ctx;
    size_t n = size * count;
    if (n >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        c->head.len = c->answer.len = 0; /* what came before was only on the way */
    buf_bytes(&c->head, bytes, n);
    return c->head.failed ? 0 : n;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct http_call *c = ctx;
    buf_bytes(&c->answer, bytes, size * count);
    return c->answer.failed ? 0 : size * count;
}

static void set_method(struct http_call *c)
{
    const struct http_curl *f = c->curl;
    bool has_body = c->body.len > 0, head = str_equal(c->method, STR("HEAD")), get = str_equal(c->method, STR("GET"));
    bool sends_length = str_equal(c->method, STR("POST")) || str_equal(c->method, STR("PUT")) ||
                        str_equal(c->method, STR("PATCH"));
    if (has_body || sends_length) {
        f->curl_easy_setopt(c->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.len);
        f->curl_easy_setopt(c->handle, CURLOPT_POSTFIELDS, has_body ? c->body.p : "");
    } else if (head) {
        f->curl_easy_setopt(c->handle, CURLOPT_NOBODY, 1L);
    } else {
        f->curl_easy_setopt(c->handle, CURLOPT_HTTPGET, 1L);
    }
    if (!get || has_body)
        f->curl_easy_setopt(c->handle, CURLOPT_CUSTOMREQUEST, c->method.p);
}

static void set_times(struct http_call *c, int64_t left_ns)
{
    int64_t ms = c->timeout_ns == 0 ? 0 : left_ns <= 0 ? 1 : left_ns / 1000000 + (left_ns % 1000000 != 0);
    uint64_t wall = c->bi->limits->wall_ms;
    if (wall != 0 && (ms == 0 || (uint64_t)ms > wall))
        ms = (int64_t)wall;
    c->curl->curl_easy_setopt(c->handle, CURLOPT_TIMEOUT_MS, (long)(ms < INT32_MAX ? ms : INT32_MAX));
}

static int prepare(struct http_call *c, int64_t left_ns)
{
    const struct http_curl *f = c->curl;
    c->head.len = c->answer.len = 0;
    c->trouble[0] = '\0';
    f->curl_easy_setopt(c->handle, CURLOPT_NOSIGNAL, 1L);
    f->curl_easy_setopt(c->handle, CURLOPT_ERRORBUFFER, c->trouble);
    f->curl_easy_setopt(c->handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    f->curl_easy_setopt(c->handle, CURLOPT_PROTOCOLS_STR, "http,https");
    f->curl_easy_setopt(c->handle, CURLOPT_HEADERFUNCTION, take_header);
    f->curl_easy_setopt(c->handle, CURLOPT_HEADERDATA, (void *)c);
    f->curl_easy_setopt(c->handle, CURLOPT_WRITEFUNCTION, take_body);
    f->curl_easy_setopt(c->handle, CURLOPT_WRITEDATA, (void *)c);
    f->curl_easy_setopt(c->handle, CURLOPT_URL, c->url.text.p);
    if (http_url_is_local(&c->url))
        f->curl_easy_setopt(c->handle, CURLOPT_NOPROXY, "*");
    if (c->url.socket.p != NULL)
        f->curl_easy_setopt(c->handle, CURLOPT_UNIX_SOCKET_PATH, c->url.socket.p);
    int status = add_headers(c);
    if (status != BI_OK)
        return status;
    f->curl_easy_setopt(c->handle, CURLOPT_HTTPHEADER, c->headers);
    if (c->asks_gzip)
        f->curl_easy_setopt(c->handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    set_method(c);
    set_times(c, left_ns);
    return http_tls(c);
}

static void clean(struct http_call *c)
{
    if (c->handle != NULL)
        c->curl->curl_easy_cleanup(c->handle);
    c->curl->curl_slist_free_all(c->headers);
    c->curl->curl_slist_free_all(c->connect_to);
    c->handle = NULL;
    c->headers = c->connect_to = NULL;
}

/* ---- errors ---- */

static const char *system_text(long number)
{
    switch (number) {
    case ECONNREFUSED:
        return "connection refused";
    case ENOENT:
        return "no such file or directory";
    case EACCES:
        return "permission denied";
    case ENETUNREACH:
        return "network is unreachable";
    case EHOSTUNREACH:
        return "no route to host";
    default:
        return NULL;
    }
}

/* "Get "http://...": why", as Go's client says it. */
static int fail_network(struct http_call *c, const char *why, bool quoted)
{
    char op[32] = "";
    for (size_t i = 0; i < c->method.len && i + 1 < sizeof op; i++)
        op[i] = (char)(i > 0 && c->method.p[i] >= 'A' && c->method.p[i] <= 'Z' ? c->method.p[i] + 32 : c->method.p[i]);
    const char *quote = quoted ? "\"" : "";
    return bi_fail(c->bi, "%s %s%.200s%s: %s", op, quote, c->url.text.p, quote, why);
}

static int fail_code(struct http_call *c, CURLcode code)
{
    char why[CURL_ERROR_SIZE + 64];
    long number = 0;
    const struct value *raise = object_find_str(c->request, STR("raise_error"));
    bool raises = raise == NULL || value_is_true(*raise);
    c->curl->curl_easy_getinfo(c->handle, CURLINFO_OS_ERRNO, &number);
    const char *text = system_text(number);
    if (c->answer.failed || c->head.failed || code == CURLE_OUT_OF_MEMORY)
        return bi_nomem(c->bi);
    if (code == CURLE_OPERATION_TIMEDOUT && raises)
        return fail_network(c, "request timed out", false);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail_network(c, "context deadline exceeded (Client.Timeout exceeded while awaiting headers)", true);
    if (code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE)
        return http_refuse(c, "%.300s", c->trouble[0] != '\0' ? c->trouble : c->curl->curl_easy_strerror(code));
    if (code == CURLE_COULDNT_CONNECT && text != NULL && c->url.socket.p != NULL)
        (void)snprintf(why, sizeof why, "dial unix %.200s: connect: %s", c->url.socket.p, text);
    else if (code == CURLE_COULDNT_CONNECT && text != NULL)
        (void)snprintf(why, sizeof why, "dial tcp %.*s:%u: connect: %s", (int)c->url.host.len, c->url.host.p, c->url.port, text);
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        (void)snprintf(why, sizeof why, "dial tcp: lookup %.*s: no such host", (int)c->url.host.len, c->url.host.p);
    else if (code == CURLE_PEER_FAILED_VERIFICATION)
        (void)snprintf(why, sizeof why, "tls: failed to verify certificate: %.200s", c->trouble);
    else if (code == CURLE_SSL_CONNECT_ERROR && strstr(c->trouble, "wrong version number") != NULL)
        (void)snprintf(why, sizeof why, "tls: first record does not look like a TLS handshake");
    else if (code == CURLE_GOT_NOTHING)
        (void)snprintf(why, sizeof why, "EOF");
    else
        (void)snprintf(why, sizeof why, "%.250s", c->trouble[0] != '\0' ? c->trouble : c->curl->curl_easy_strerror(code));
    return fail_network(c, why, true);
}

/* ---- redirects and retries ---- */

static int64_t clock_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail for this clock */
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Goes where the answer points to, as Go's client does. false: it points nowhere, or that is not wanted. */
static bool follow(struct http_call *c, int *ret_status)
{
    long code = 0;
    char *target = NULL;
    struct http_url to;
    c->curl->curl_easy_getinfo(c->handle, CURLINFO_RESPONSE_CODE, &code);
    bool moves = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
    if (!moves || !http_flag(c, "enable_redirect"))
        return false;
    c->curl->curl_easy_getinfo(c->handle, CURLINFO_REDIRECT_URL, &target);
    if (target == NULL)
        return false;
    if (http_url_read(c->bi->arena, str_cstr(target), &to) != NULL) {
        *ret_status = fail_network(c, "bad redirect", true);
        return false;
    }
    bool leaves_tls = str_equal(c->url.scheme, STR("https")) && !str_equal(to.scheme, STR("https"));
    c->referer = leaves_tls ? (struct str){NULL, 0} : arena_printf(c->bi->arena, "Referer: %s", c->url.text.p);
    to.socket = c->url.socket;
    c->drops_secrets |= !http_url_is_same_host(&c->url, &to);
    c->url = to;
    if (code < 307 && !str_equal(c->method, STR("GET")) && !str_equal(c->method, STR("HEAD"))) {
        c->method = STR("GET");
        c->body = (struct str){NULL, 0};
    }
    return true;
}

/* One request with its redirects. */
static int attempt(struct http_call *c, struct value *ret)
{
    int64_t until = clock_ns() + c->timeout_ns;
    int status = BI_OK;
    bool is_http = str_equal(c->url.scheme, STR("http")) || str_equal(c->url.scheme, STR("https")) || c->url.socket.p != NULL;
    if (!is_http) {
        struct str why = arena_printf(c->bi->arena, "unsupported protocol scheme \"%s\"", c->url.scheme.p);
        return why.p != NULL ? fail_network(c, why.p, true) : bi_nomem(c->bi);
    }
    if (c->url.host.len == 0)
        return fail_network(c, "http: no Host in request URL", true);
    for (int i = 0; i < REDIRECTS_MOST; i++) {
        c->handle = c->curl->curl_easy_init();
        status = c->handle != NULL ? prepare(c, until - clock_ns()) : bi_nomem(c->bi);
        CURLcode code = status == BI_OK ? c->curl->curl_easy_perform(c->handle) : CURLE_OK;
        if (status == BI_OK && code != CURLE_OK)
            status = fail_code(c, code);
        bool again = status == BI_OK && follow(c, &status);
        if (status == BI_OK && !again)
            status = http_answer(c, ret);
        clean(c);
        if (!again)
            return status;
    }
    return fail_network(c, "stopped after 100 redirects", true);
}

static int64_t retries(const struct http_call *c)
{
    const struct value *v = object_find_str(c->request, STR("max_retry_attempts"));
    int64_t n = 0;
    return v != NULL && number_text_int64(*v, &n) ? n : 0;
}

static void pause_before_retry(int64_t i)
{
    double ms = RETRY_MS;
    for (int64_t k = 0; k < i && ms < RETRY_MOST_MS; k++)
        ms *= 1.6;
    int64_t ns = (int64_t)((ms < RETRY_MOST_MS ? ms : RETRY_MOST_MS) * 1e6);
    struct timespec t = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
    (void)nanosleep(&t, NULL); /* a signal makes it shorter */
}

int http_send(void *ctx, struct bi_ctx *bi, struct value request, struct value *ret)
{
    struct http_call c = {.bi = bi, .curl = http_curl_load(), .request = request.object};
    (void)ctx;
    if (c.curl == NULL)
        return bi_fail(bi, "libcurl.so.4 is not installed");
    buf_init(&c.head, bi->arena);
    buf_init(&c.answer, bi->arena);
    int status = read_method(&c);
    if (status == BI_OK)
        status = read_body(&c);
    if (status == BI_OK)
        status = read_url(&c);
    if (status != BI_OK)
        return status;
    read_timeout(&c);
    struct http_call first = c;
    for (int64_t i = 0, most = retries(&c);; i++) {
        c = first;
        status = attempt(&c, ret);
        if (status != BI_ERROR || i >= most)
            return status;
        pause_before_retry(i);
    }
}
