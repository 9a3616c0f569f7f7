/* SPDX-License-Identifier: Apache-2.0
 *
 * http.send: checks a request as OPA does, then gives it to the host.
 *
 * The engine has no network: without a host function for it every request fails. When the request sets raise_error to false,
 * errors become an answer with status code 0.
 */
#include "stdlib/builtins.h"
#include "stdlib/quote.h"
#include "stdlib/time_format.h"
#include "vm/number.h"

enum param_kind {
    PARAM_ANY, /* checked nowhere, or not here */
    PARAM_STRING,
    PARAM_TRUTH, /* what Go's ParseBool reads from the text of the value */
    PARAM_HEADERS,
    PARAM_TIMEOUT,
};

static const struct {
    const char *name;
    enum param_kind kind;
} params[] = {
    {"body", PARAM_ANY},
    {"cache", PARAM_ANY},
    {"cache_ignored_headers", PARAM_ANY},
    {"caching_mode", PARAM_ANY},
    {"enable_redirect", PARAM_TRUTH},
    {"force_cache", PARAM_ANY},
    {"force_cache_duration_seconds", PARAM_ANY},
    {"force_json_decode", PARAM_ANY},
    {"force_yaml_decode", PARAM_ANY},
    {"headers", PARAM_HEADERS},
    {"max_retry_attempts", PARAM_ANY},
    {"method", PARAM_STRING},
    {"raise_error", PARAM_ANY},
    {"raw_body", PARAM_STRING},
    {"timeout", PARAM_TIMEOUT},
    {"tls_ca_cert", PARAM_STRING},
    {"tls_ca_cert_env_variable", PARAM_STRING},
    {"tls_ca_cert_file", PARAM_STRING},
    {"tls_client_cert", PARAM_STRING},
    {"tls_client_cert_env_variable", PARAM_STRING},
    {"tls_client_cert_file", PARAM_STRING},
    {"tls_client_key", PARAM_STRING},
    {"tls_client_key_env_variable", PARAM_STRING},
    {"tls_client_key_file", PARAM_STRING},
    {"tls_insecure_skip_verify", PARAM_TRUTH},
    {"tls_server_name", PARAM_STRING},
    {"tls_use_system_certs", PARAM_TRUTH},
    {"url", PARAM_STRING},
};

/* ---- names of parameters ---- */

static bool find_param(struct value key, enum param_kind *ret)
{
    for (size_t i = 0; key.kind == VALUE_STRING && i < COUNT_OF(params); i++)
        if (str_equal(value_text(key), str_cstr(params[i].name))) {
            *ret = params[i].kind;
            return true;
        }
    return false;
}

/* "operand 1 <text> {names}" */
static int fail_names(struct bi_ctx *ctx, const char *text, struct set *names)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, value_set(names));
    if (b.failed)
        return bi_nomem(ctx);
    return bi_operand_text(ctx, 1, "%s %.*s", text, b.len > 800 ? 800 : (int)b.len, b.p);
}

static int check_names(struct bi_ctx *ctx, struct object *request)
{
    static const struct str required[] = {{"method", 6}, {"url", 3}};
    struct set *unknown = set_new(ctx->arena, 0), *missing = set_new(ctx->arena, 0);
    enum param_kind kind;
    if (unknown == NULL || missing == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < request->count; i++)
        if (!find_param(request->members[i].key, &kind) && set_add(ctx->arena, unknown, request->members[i].key) < 0)
            return bi_nomem(ctx);
    if (unknown->count != 0)
        return fail_names(ctx, "invalid request parameters(s):", unknown);
    for (size_t i = 0; i < COUNT_OF(required); i++)
        if (object_find_str(request, required[i]) == NULL && set_add(ctx->arena, missing, value_str(required[i])) < 0)
            return bi_nomem(ctx);
    return missing->count != 0 ? fail_names(ctx, "missing required request parameters(s):", missing) : BI_OK;
}

/* ---- values of parameters ---- */

/* The value as Rego text, at most 500 bytes of it. */
static int write_value(struct bi_ctx *ctx, struct value v, struct str *ret)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, v);
    *ret = str_of(b.p, b.len > 500 ? 500 : b.len);
    return b.failed ? bi_nomem(ctx) : BI_OK;
}

static int check_ignored_headers(struct bi_ctx *ctx, struct object *request)
{
    const struct value *ignored = object_find_str(request, STR("cache_ignored_headers"));
    if (ignored == NULL || object_find_str(request, STR("headers")) == NULL)
        return BI_OK;
    bool good = ignored->kind == VALUE_ARRAY;
    for (uint32_t i = 0; good && i < ignored->len; i++)
        good = ignored->items[i].kind == VALUE_STRING;
    return good ? BI_OK : bi_fail(ctx, "cache_ignored_headers must be an array of strings");
}

static int read_flag(struct bi_ctx *ctx, struct object *request, const char *name, bool *ret)
{
    const struct value *v = object_find_str(request, str_cstr(name));
    *ret = v != NULL && value_is_true(*v);
    return v == NULL || v->kind == VALUE_BOOL ? BI_OK : bi_fail(ctx, "invalid value for \"%s\" field", name);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Fails as Go's strconv does. */
static int fail_conversion(struct bi_ctx *ctx, const char *function, struct str text, const char *why)
{
    struct buf quoted;
    buf_init(&quoted, ctx->arena);
    quote_text(&quoted, text, QUOTE_PRINTABLE);
    if (quoted.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "strconv.%s: parsing %.*s: %s", function, (int)quoted.len, quoted.p, why);
}

/* A duration is what Go's ParseInt reads from the text of the value. */
static int check_cache_duration(struct bi_ctx *ctx, struct value v)
{
    struct str text;
    int64_t seconds;
    int status = write_value(ctx, v, &text);
    if (status != BI_OK)
        return status;
    size_t i = text.len > 1 && text.p[0] == '-';
    while (i < text.len && is_digit(text.p[i]))
        i++;
    if (i < text.len)
        return fail_conversion(ctx, "ParseInt", text, "invalid syntax");
    bool fits = number_text_int64(v, &seconds) && seconds >= INT32_MIN && seconds <= INT32_MAX;
    return fits ? BI_OK : fail_conversion(ctx, "ParseInt", text, "value out of range");
}

static int check_caching(struct bi_ctx *ctx, struct object *request)
{
    bool cache, force;
    int status = read_flag(ctx, request, "cache", &cache);
    if (status == BI_OK)
        status = read_flag(ctx, request, "force_cache", &force);
    if (status != BI_OK || !force)
        return status;
    const struct value *v = object_find_str(request, STR("force_cache_duration_seconds"));
    if (v == NULL)
        return bi_fail(ctx, "'force_cache' set but 'force_cache_duration_seconds' parameter is missing");
    return check_cache_duration(ctx, *v);
}

static int check_truth(struct bi_ctx *ctx, struct value v)
{
    if (v.kind == VALUE_BOOL || (value_is_int(v) && (v.i == 0 || v.i == 1)))
        return BI_OK;
    struct str text;
    int status = write_value(ctx, v, &text);
    return status == BI_OK ? fail_conversion(ctx, "ParseBool", text, "invalid syntax") : status;
}

/* Nanoseconds without a unit, as OPA reads them: at most 19 digits, then zeros after a point. */
static bool is_plain_count(struct str s)
{
    size_t i = s.len != 0 && (s.p[0] == '-' || s.p[0] == '+'), first = i;
    uint64_t n = 0;
    if (s.len == first || s.len - first > 19)
        return false;
    for (; i < s.len && is_digit(s.p[i]); i++)
        n = n * 10 + (uint64_t)(s.p[i] - '0');
    if (i < s.len && s.p[i] == '.')
        for (i++; i < s.len && s.p[i] == '0'; i++)
            continue;
    return i == s.len && n <= INT64_MAX;
}

static int check_timeout_text(struct bi_ctx *ctx, struct value v)
{
    struct buf complaint;
    struct str shown;
    int64_t ns;
    int status = bi_charge(ctx, 10 + v.len);
    if (status != BI_OK || is_plain_count(value_text(v)))
        return status;
    buf_init(&complaint, ctx->arena);
    if (time_read_duration(value_text(v), &ns, &complaint))
        return BI_OK;
    if (complaint.failed)
        return bi_nomem(ctx);
    status = write_value(ctx, v, &shown);
    return status == BI_OK
               ? bi_fail(ctx, "invalid timeout value %.*s: %.*s", (int)shown.len, shown.p, (int)complaint.len, complaint.p)
               : status;
}

static int check_timeout(struct bi_ctx *ctx, struct value v)
{
    int64_t ns;
    struct str text;
    if (v.kind == VALUE_STRING)
        return check_timeout_text(ctx, v);
    if (v.kind != VALUE_NUMBER)
        return bi_operand_text(ctx, 1, "'timeout' must be one of {string, number} but got %s",
                               value_kind_name((enum value_kind)v.kind));
    if (number_text_int64(v, &ns))
        return BI_OK;
    int status = write_value(ctx, v, &text);
    return status == BI_OK ? bi_fail(ctx, "invalid timeout number value %.*s, must be int64", (int)text.len, text.p) : status;
}

static int check_header_values(struct bi_ctx *ctx, struct object *request)
{
    const struct value *headers = object_find_str(request, STR("headers"));
    if (headers == NULL)
        return BI_OK;
    const struct member *members = object_members(headers->object);
    for (uint32_t i = 0; i < headers->object->count; i++) {
        struct str text;
        if (members[i].value.kind == VALUE_STRING)
            continue;
        int status = write_value(ctx, members[i].value, &text);
        return status == BI_OK ? bi_fail(ctx, "invalid type for headers value %.*s", (int)text.len, text.p) : status;
    }
    return BI_OK;
}

static int check_params(struct bi_ctx *ctx, struct object *request)
{
    const struct member *members = object_members(request);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < request->count; i++) {
        enum param_kind kind = PARAM_ANY;
        struct value v = members[i].value;
        (void)find_param(members[i].key, &kind); /* check_names has seen them all */
        if (kind == PARAM_STRING && v.kind != VALUE_STRING)
            status = bi_fail(ctx, "\"%.*s\" must be a string", (int)members[i].key.len, members[i].key.s);
        else if (kind == PARAM_TRUTH)
            status = check_truth(ctx, v);
        else if (kind == PARAM_HEADERS && v.kind != VALUE_OBJECT)
            status = bi_fail(ctx, "invalid type for headers key");
        else if (kind == PARAM_TIMEOUT)
            status = check_timeout(ctx, v);
    }
    return status == BI_OK ? check_header_values(ctx, request) : status;
}

static int check_retries(struct bi_ctx *ctx, struct object *request)
{
    const struct value *v = object_find_str(request, STR("max_retry_attempts"));
    int64_t n;
    struct str text;
    if (v == NULL || (v->kind == VALUE_NUMBER && number_text_int64(*v, &n) && n >= 0))
        return BI_OK;
    int status = write_value(ctx, *v, &text);
    return status == BI_OK ? bi_fail(ctx, "invalid value %.*s for field \"max_retry_attempts\"", (int)text.len, text.p) : status;
}

static int check_decoding(struct bi_ctx *ctx, struct object *request)
{
    bool flag;
    int status = read_flag(ctx, request, "force_json_decode", &flag);
    return status == BI_OK ? read_flag(ctx, request, "force_yaml_decode", &flag) : status;
}

static int check_request(struct bi_ctx *ctx, struct object *request)
{
    int (*const checks[])(struct bi_ctx *, struct object *) = {check_names,  check_ignored_headers, check_caching,
                                                               check_params, check_retries,         check_decoding};
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < COUNT_OF(checks); i++)
        status = checks[i](ctx, request);
    return status;
}

/* ---- answers ---- */

/* The error of ctx as an answer, and no error any more. */
static int answer_error(struct bi_ctx *ctx, const char *code, struct value *ret)
{
    struct object *answer = object_new(ctx->arena, 2), *error = object_new(ctx->arena, 2);
    struct str prefix = STR("http.send: "), text = str_cstr(ctx->err->text);
    if (ctx->err->code == ERR_EVAL_BUILTIN && str_starts(text, prefix))
        text = str_of(text.p + prefix.len, text.len - prefix.len);
    text = ctx->err->code == ERR_EVAL_TYPE ? arena_printf(ctx->arena, "%s: %.*s", err_name(ctx->err->code), (int)text.len, text.p)
                                           : arena_str(ctx->arena, text);
    if (answer == NULL || error == NULL || text.p == NULL ||
        object_put(ctx->arena, error, value_str(STR("code")), value_str(str_cstr(code))) < 0 ||
        object_put(ctx->arena, error, value_str(STR("message")), value_str(text)) < 0 ||
        object_put(ctx->arena, answer, value_str(STR("status_code")), value_int(0)) < 0 ||
        object_put(ctx->arena, answer, value_str(STR("error")), value_object(error)) < 0)
        return bi_nomem(ctx);
    *ctx->err = (struct err){.code = ERR_OK};
    *ret = value_object(answer);
    return BI_OK;
}

int bif_http_send(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *request;
    int status = bi_object(ctx, argv, 1, &request);
    if (status != BI_OK)
        return status;
    const struct value *raise = object_find_str(request, STR("raise_error"));
    if (raise != NULL && raise->kind != VALUE_BOOL)
        return bi_fail(ctx, "invalid value for raise_error field");
    bool raises = raise == NULL || value_is_true(*raise);
    status = check_request(ctx, request);
    if (status == BI_ERROR && !raises)
        return answer_error(ctx, "eval_http_send_internal_error", ret);
    if (status != BI_OK)
        return status;
    if (ctx->host == NULL || ctx->host->http_send == NULL)
        return bi_fail(ctx, "not granted: this host sends no requests");
    status = ctx->host->http_send(ctx->host->ctx, ctx, argv[0], ret);
    bool is_unmade = status == BI_UNDEFINED;
    if (is_unmade)
        status = BI_ERROR;
    const char *code = is_unmade ? "eval_http_send_internal_error" : "eval_http_send_network_error";
    return status == BI_ERROR && !raises ? answer_error(ctx, code, ret) : status;
}
