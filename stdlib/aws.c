/* SPDX-License-Identifier: Apache-2.0
 *
 * providers.aws.sign_req: a request with the headers of AWS's signature version 4.
 *
 * The canonical request is what OPA makes of it: the path as it goes on the wire, the query as it is given, headers in lower
 * case and in order. The secret key and what is derived from it are overwritten.
 */
#include <openssl/crypto.h>

#include "stdlib/builtins.h"
#include "stdlib/hash.h"
#include "stdlib/time_civil.h"
#include "stdlib/url_parts.h"
#include "vm/json.h"
#include "vm/number.h"

#define SHA256_BYTES 32
#define NANOS INT64_C(1000000000)

/* What a request may have, as for http.send. */
static const char *const request_members[] = {
    "body",
    "cache",
    "cache_ignored_headers",
    "caching_mode",
    "enable_redirect",
    "force_cache",
    "force_cache_duration_seconds",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "max_retry_attempts",
    "method",
    "raise_error",
    "raw_body",
    "timeout",
    "tls_ca_cert",
    "tls_ca_cert_env_variable",
    "tls_ca_cert_file",
    "tls_client_cert",
    "tls_client_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_key",
    "tls_client_key_env_variable",
    "tls_client_key_file",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "tls_use_system_certs",
    "url",
};

static const char *const required_members[] = {"method", "url"};
static const char *const required_config[] = {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"};

/* Not signed: proxies may change them. */
static const char *const unsigned_headers[] = {"authorization", "user-agent", "x-amzn-trace-id"};

/* A header by its name in lower case. */
struct header {
    struct str name, value;
};

struct signing {
    struct bi_ctx *ctx;
    struct object *request, *config;
    struct str service, region, access_key, secret, token; /* token: "" = none */
    struct url_parts url;
    struct str method, body;
    char date[9], time[17];
    char body_hash[2 * SHA256_BYTES + 1];
    struct header *headers;
    size_t header_count;
};

static struct str text_of(const struct value *v)
{
    return v != NULL && v->kind == VALUE_STRING ? value_text(*v) : (struct str){"", 0};
}

static struct str member_text(struct object *o, const char *name)
{
    return text_of(object_find_str(o, str_cstr(name)));
}

static bool is_one_of(struct value v, const char *const *list, size_t count)
{
    for (size_t i = 0; v.kind == VALUE_STRING && i < count; i++)
        if (str_equal(value_text(v), str_cstr(list[i])))
            return true;
    return false;
}

/* ---- operands ---- */

/* "operand N text {names}" unless there are none. */
static int fail_names(struct bi_ctx *ctx, int operand, const char *text, struct set *names)
{
    if (names->count == 0)
        return BI_OK;
    struct buf b;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, value_set(names));
    if (b.failed)
        return bi_nomem(ctx);
    return bi_operand_text(ctx, operand, "%s %.*s", text, (int)(b.len > 800 ? 800 : b.len), b.p);
}

/* The names in list that o lacks (strings false), or whose values are no strings (true). */
static int check_required(struct bi_ctx *ctx, struct object *o, const char *const *list, size_t count, bool strings, int operand,
                          const char *text)
{
    struct set *names = set_new(ctx->arena, 0);
    if (names == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++) {
        const struct value *v = object_find_str(o, str_cstr(list[i]));
        bool good = strings ? v == NULL || v->kind == VALUE_STRING : v != NULL;
        if (!good && set_add(ctx->arena, names, value_str(str_cstr(list[i]))) < 0)
            return bi_nomem(ctx);
    }
    return fail_names(ctx, operand, text, names);
}

static int check_members(struct bi_ctx *ctx, struct object *request)
{
    struct set *unknown = set_new(ctx->arena, 0);
    if (unknown == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < request->count; i++)
        if (!is_one_of(request->members[i].key, request_members, COUNT_OF(request_members)) &&
            set_add(ctx->arena, unknown, request->members[i].key) < 0)
            return bi_nomem(ctx);
    int status = fail_names(ctx, 1, "invalid request parameters(s):", unknown);
    return status != BI_OK ? status
                           : check_required(ctx, request, required_members, COUNT_OF(required_members), false, 1,
                                            "missing required request parameters(s):");
}

static int read_config(struct signing *s)
{
    struct bi_ctx *ctx = s->ctx;
    int status = check_required(ctx, s->config, required_config, COUNT_OF(required_config), false, 2,
                                "missing required AWS config parameters(s):");
    if (status == BI_OK)
        status = check_required(ctx, s->config, required_config, COUNT_OF(required_config), true, 2,
                                "invalid values for required AWS config parameters(s):");
    s->service = member_text(s->config, "aws_service");
    s->region = member_text(s->config, "aws_region");
    s->access_key = member_text(s->config, "aws_access_key");
    s->secret = member_text(s->config, "aws_secret_access_key");
    s->token = member_text(s->config, "aws_session_token");
    return status;
}

static int read_time(struct signing *s, const struct value *argv)
{
    struct value v;
    int64_t nanos;
    if (argv[2].kind != VALUE_NUMBER)
        return bi_operand_error(s->ctx, 1, "number", argv[2]);
    v = argv[2];
    if (!number_text_int64(v, &nanos))
        return bi_operand_text(s->ctx, 3, "could not convert time_ns value into a unix timestamp");
    int64_t seconds = nanos / NANOS - (nanos % NANOS < 0);
    struct civil_date d = civil_date_of(seconds);
    struct civil_clock c = civil_clock_of(seconds);
    struct str date = arena_printf(s->ctx->arena, "%04d%02d%02d", (int)d.year, d.month, d.day);
    struct str time = arena_printf(s->ctx->arena, "%04d%02d%02dT%02d%02d%02dZ", (int)d.year, d.month, d.day, c.hour, c.minute,
                                   c.second);
    if (date.p == NULL || time.p == NULL)
        return bi_nomem(s->ctx);
    memcpy(s->date, date.p, sizeof s->date - 1); /* 1677 to 2262: four digits of a year */
    memcpy(s->time, time.p, sizeof s->time - 1);
    return BI_OK;
}

static int read_url(struct signing *s)
{
    struct str error;
    int status = url_parts_parse(s->ctx, member_text(s->request, "url"), &s->url, &error);
    if (status == BI_OK && error.len > 0)
        return bi_fail(s->ctx, "%.*s", (int)(error.len > 900 ? 900 : error.len), error.p);
    return status;
}

static int read_body(struct signing *s)
{
    const struct value *raw = object_find_str(s->request, STR("raw_body")), *body = object_find_str(s->request, STR("body"));
    struct buf b;
    buf_init(&b, s->ctx->arena);
    s->body = text_of(raw);
    if (raw == NULL && body != NULL) {
        json_write(&b, *body, JSON_COMPACT);
        s->body = buf_view(&b);
    }
    return b.failed ? bi_nomem(s->ctx) : bi_charge(s->ctx, HASH_COST(s->body.len));
}

/* ---- canonical request ---- */

static bool hash_text(struct str text, char out[2 * SHA256_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[HASH_MAX_BYTES];
    size_t len = hash_digest(EVP_sha256(), text, bytes);
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = 0;
    return len == SHA256_BYTES;
}

static int hash_body(struct signing *s)
{
    static const char not_signed[] = "UNSIGNED-PAYLOAD";
    const struct value *flag = object_find_str(s->config, STR("disable_payload_signing"));
    if (flag != NULL && flag->kind != VALUE_BOOL)
        return bi_operand_text(s->ctx, 2, "invalid value for 'disable_payload_signing' in AWS config");
    if (flag != NULL && flag->i != 0)
        memcpy(s->body_hash, not_signed, sizeof not_signed);
    else if (!hash_text(s->body, s->body_hash))
        return bi_fail(s->ctx, "the digest is not available");
    return BI_OK;
}

/* A name in lower case, by the builtin for it. */
static int lower_name(struct bi_ctx *ctx, struct str name, struct str *ret)
{
    struct value lower, operand = value_str(name);
    int status = bif_lower(ctx, &operand, &lower);
    if (status == BI_OK)
        *ret = value_text(lower);
    return status;
}

/* Adds a header, or replaces the one of that name, in order of names. */
static void put_header(struct signing *s, struct str name, struct str value)
{
    size_t i = 0;
    int order = -1;
    while (i < s->header_count && (order = str_compare(s->headers[i].name, name)) < 0)
        i++;
    if (i < s->header_count && order == 0) {
        s->headers[i].value = value;
        return;
    }
    memmove(&s->headers[i + 1], &s->headers[i], (s->header_count - i) * sizeof *s->headers);
    s->headers[i] = (struct header){name, value};
    s->header_count++;
}

/* The headers that AWS wants. */
static size_t aws_headers(const struct signing *s, struct header out[4])
{
    size_t n = 0;
    out[n++] = (struct header){STR("host"), s->url.host};
    out[n++] = (struct header){STR("x-amz-date"), {s->time, sizeof s->time - 1}};
    if (str_equal(s->service, STR("s3")) || str_equal(s->service, STR("glacier")))
        out[n++] = (struct header){STR("x-amz-content-sha256"), str_cstr(s->body_hash)};
    if (s->token.len > 0)
        out[n++] = (struct header){STR("x-amz-security-token"), s->token};
    return n;
}

static int collect_headers(struct signing *s, struct object *given)
{
    struct header own[4];
    size_t own_count = aws_headers(s, own), given_count = given != NULL ? given->count : 0;
    int status = bi_charge(s->ctx, 20 + given_count * 20 + given_count * given_count / 8);
    if (status != BI_OK)
        return status;
    s->headers = arena_array(s->ctx->arena, given_count + own_count, sizeof *s->headers);
    if (s->headers == NULL)
        return bi_nomem(s->ctx);
    for (size_t i = 0; i < own_count; i++)
        put_header(s, own[i].name, own[i].value);
    const struct member *members = given != NULL ? object_members(given) : NULL;
    for (size_t i = 0; i < given_count; i++) {
        struct str name;
        status = lower_name(s->ctx, text_of(&members[i].key), &name);
        if (status != BI_OK)
            return status;
        if (!is_one_of(value_str(name), unsigned_headers, COUNT_OF(unsigned_headers)))
            put_header(s, name, text_of(&members[i].value));
    }
    return BI_OK;
}

static void write_names(struct buf *b, const struct signing *s)
{
    for (size_t i = 0; i < s->header_count; i++) {
        if (i > 0)
            buf_char(b, ';');
        buf_str(b, s->headers[i].name);
    }
}

static void write_request(struct buf *b, const struct signing *s)
{
    buf_str(b, s->method);
    buf_char(b, '\n');
    url_parts_write_path(b, &s->url);
    buf_char(b, '\n');
    buf_str(b, s->url.query);
    buf_char(b, '\n');
    for (size_t i = 0; i < s->header_count; i++) {
        buf_str(b, s->headers[i].name);
        buf_char(b, ':');
        buf_str(b, s->headers[i].value);
        buf_char(b, '\n');
    }
    buf_char(b, '\n');
    write_names(b, s);
    buf_char(b, '\n');
    buf_cstr(b, s->body_hash);
}

/* ---- signature ---- */

/* date/region/service/aws4_request */
static void write_scope(struct buf *b, const struct signing *s)
{
    buf_cstr(b, s->date);
    buf_char(b, '/');
    buf_str(b, s->region);
    buf_char(b, '/');
    buf_str(b, s->service);
    buf_cstr(b, "/aws4_request");
}

/* HMAC over HMAC: the secret, then date, region, service, a constant, and the text to sign. */
static bool sign_text(const struct signing *s, struct str text, uint8_t out[HASH_MAX_BYTES])
{
    const struct str steps[] = {{s->date, sizeof s->date - 1}, s->region, s->service, STR("aws4_request"), text};
    struct buf secret;
    buf_init(&secret, s->ctx->arena);
    buf_cstr(&secret, "AWS4");
    buf_str(&secret, s->secret);
    bool ok = !secret.failed;
    struct str key = buf_view(&secret);
    uint8_t next[HASH_MAX_BYTES];
    for (size_t i = 0; i < COUNT_OF(steps) && ok; i++) {
        ok = hash_hmac(EVP_sha256(), key, steps[i], next) == SHA256_BYTES;
        memcpy(out, next, SHA256_BYTES);
        key = (struct str){(const char *)out, SHA256_BYTES};
    }
    OPENSSL_cleanse(next, sizeof next);
    if (!secret.failed)
        OPENSSL_cleanse(secret.p, secret.len);
    return ok;
}

static int write_authorization(struct signing *s, struct buf *b)
{
    struct buf request, text;
    uint8_t signature[HASH_MAX_BYTES];
    char request_hash[2 * SHA256_BYTES + 1];
    buf_init(&request, s->ctx->arena);
    buf_init(&text, s->ctx->arena);
    write_request(&request, s);
    if (request.failed)
        return bi_nomem(s->ctx);
    int status = bi_charge(s->ctx, HASH_COST(request.len) + 2000);
    if (status != BI_OK)
        return status;
    bool ok = hash_text(buf_view(&request), request_hash);
    buf_printf(&text, "AWS4-HMAC-SHA256\n%s\n", s->time);
    write_scope(&text, s);
    buf_printf(&text, "\n%s", request_hash);
    ok = ok && !text.failed && sign_text(s, buf_view(&text), signature);
    if (s->ctx->arena->failed != ARENA_OK)
        return bi_nomem(s->ctx);
    if (!ok)
        return bi_fail(s->ctx, "the digest is not available");
    buf_cstr(b, "AWS4-HMAC-SHA256 Credential=");
    buf_str(b, s->access_key);
    buf_char(b, '/');
    write_scope(b, s);
    buf_cstr(b, ",SignedHeaders=");
    write_names(b, s);
    buf_cstr(b, ",Signature=");
    hash_hex(b, signature, SHA256_BYTES);
    return b->failed ? bi_nomem(s->ctx) : BI_OK;
}

/* ---- result ---- */

static int put_text(struct bi_ctx *ctx, struct object *o, struct str name, struct str value)
{
    struct str copy = arena_str(ctx->arena, value);
    return copy.p != NULL && object_put(ctx->arena, o, value_str(name), value_str(copy)) >= 0 ? BI_OK : bi_nomem(ctx);
}

static int return_request(struct signing *s, struct object *given, struct str authorization, struct value *ret)
{
    struct bi_ctx *ctx = s->ctx;
    struct header own[4];
    size_t own_count = aws_headers(s, own), given_count = given != NULL ? given->count : 0;
    struct object *headers = object_new(ctx->arena, given_count + 5), *out = object_new(ctx->arena, s->request->count + 1u);
    int status = headers != NULL && out != NULL ? BI_OK : bi_nomem(ctx);
    for (size_t i = 0; i < given_count && status == BI_OK; i++)
        status = put_text(ctx, headers, text_of(&given->members[i].key), text_of(&given->members[i].value));
    if (status == BI_OK)
        status = put_text(ctx, headers, STR("Authorization"), authorization);
    for (size_t i = 0; i < own_count && status == BI_OK; i++)
        status = put_text(ctx, headers, own[i].name, own[i].value);
    for (uint32_t i = 0; i < s->request->count && status == BI_OK; i++) {
        const struct member *m = &s->request->members[i];
        status = object_put(ctx->arena, out, m->key, m->value) >= 0 ? BI_OK : bi_nomem(ctx);
    }
    if (status == BI_OK && object_put(ctx->arena, out, value_str(STR("headers")), value_object(headers)) < 0)
        status = bi_nomem(ctx);
    if (status == BI_OK)
        *ret = value_object(out);
    return status;
}

/* Operands in OPA's order of complaints. */
static int read_operands(struct signing *s, const struct value *argv, struct object **ret_headers)
{
    struct bi_ctx *ctx = s->ctx;
    *ret_headers = NULL;
    int status = bi_object(ctx, argv, 1, &s->request);
    if (status == BI_OK && argv[1].kind != VALUE_OBJECT)
        status = bi_operand_error(ctx, 1, "object", argv[1]); /* OPA calls it operand 1 too */
    if (status != BI_OK)
        return status;
    s->config = argv[1].object;
    status = read_config(s);
    if (status == BI_OK)
        status = read_time(s, argv);
    if (status == BI_OK)
        status = check_members(ctx, s->request);
    if (status != BI_OK)
        return status;
    const struct value *headers = object_find_str(s->request, STR("headers"));
    if (headers != NULL && headers->kind != VALUE_OBJECT)
        return bi_operand_error(ctx, 0, "object", *headers);
    *ret_headers = headers != NULL ? headers->object : NULL;
    status = check_required(ctx, s->request, required_members, COUNT_OF(required_members), true, 1,
                            "invalid values for required request parameters(s):");
    s->method = member_text(s->request, "method");
    return status;
}

int bif_providers_aws_sign_req(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct signing s = {.ctx = ctx};
    struct object *headers;
    struct buf authorization;
    buf_init(&authorization, ctx->arena);
    int status = read_operands(&s, argv, &headers);
    if (status == BI_OK)
        status = read_url(&s);
    if (status == BI_OK)
        status = read_body(&s);
    if (status == BI_OK)
        status = hash_body(&s);
    if (status == BI_OK)
        status = collect_headers(&s, headers);
    if (status == BI_OK)
        status = write_authorization(&s, &authorization);
    return status == BI_OK ? return_request(&s, headers, buf_view(&authorization), ret) : status;
}
