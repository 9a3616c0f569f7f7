/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.x509.* on certificates and requests. Input is PEM, base64 of PEM, or base64 of DER.
 *
 * The time that chains are verified at is the host's, unless the options give one.
 */
#include "stdlib/base64.h"
#include "stdlib/builtins.h"
#include "stdlib/pem.h"
#include "stdlib/x509_json.h"
#include "stdlib/x509_request.h"
#include "stdlib/x509_verify.h"
#include "vm/number.h"

static const struct str begin = {"-----BEGIN", 10};
static const struct str begin_request = {"-----BEGIN CERTIFICATE REQUEST-----", 35};

/* The status of a reading that failed. */
static int fail_reading(const struct x509_reader *r)
{
    if (r->halt != BI_OK)
        return r->halt;
    if (r->ctx->arena->failed != ARENA_OK)
        return bi_nomem(r->ctx);
    return bi_fail(r->ctx, "%s", r->wrong != NULL ? r->wrong : "x509: the input cannot be read");
}

static bool decode_base64(struct x509_reader *r, struct str text, struct str *ret)
{
    size_t at;
    switch (base64_decode(r->ctx->arena, text, BASE64_STANDARD, true, ret, &at)) {
    case BASE64_OK:
        return true;
    case BASE64_NOMEM:
        return x509_nomem(r);
    default:
        break;
    }
    struct str wrong = arena_printf(r->ctx->arena, "illegal base64 data at input byte %zu", at);
    return wrong.p == NULL ? x509_nomem(r) : x509_wrong(r, wrong.p);
}

/* The certificates of all PEM blocks, one after another. */
static bool read_pem(struct x509_reader *r, struct str text, struct str *ret)
{
    struct pem_block block;
    struct buf b;
    buf_init(&b, r->ctx->arena);
    while (pem_next(r->ctx->arena, &text, &block)) {
        if (!str_equal(block.type, STR("CERTIFICATE"))) {
            struct str wrong = arena_printf(r->ctx->arena, "PEM block type is '%.*s', expected CERTIFICATE",
                                            (int)(block.type.len > 500 ? 500 : block.type.len), block.type.p);
            return wrong.p == NULL ? x509_nomem(r) : x509_wrong(r, wrong.p);
        }
        buf_str(&b, block.bytes);
    }
    *ret = buf_view(&b);
    return (!b.failed && r->ctx->arena->failed == ARENA_OK) || x509_nomem(r);
}

static bool read_certs(struct x509_reader *r, struct str text, struct x509_cert **ret, size_t *ret_count)
{
    struct str bytes;
    if (!x509_charge(r, 50 + text.len * 2))
        return false;
    if (str_starts(text, begin)) {
        if (!read_pem(r, text, &bytes))
            return false;
    } else if (!decode_base64(r, text, &bytes) || (str_starts(bytes, begin) && !read_pem(r, bytes, &bytes))) {
        return false;
    }
    return x509_read_certs(r, der_of(bytes), ret, ret_count);
}

int bif_crypto_x509_parse_certificates(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct x509_reader r = {.ctx = ctx};
    struct go_json g = {.ctx = ctx};
    struct x509_cert *certs;
    size_t count;
    int status = bi_string(ctx, argv, 1, &text);
    if (status != BI_OK)
        return status;
    if (!read_certs(&r, text, &certs, &count))
        return fail_reading(&r);
    struct value *list = arena_array(ctx->arena, count, sizeof *list);
    if (list == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        list[i] = x509_json_cert(&g, &certs[i], true);
    *ret = value_array(list, count);
    return g.status;
}

/* ---- verifying ---- */

static const char *const usage_names[X509_USAGES] = {
    "KeyUsageAny",
    "KeyUsageServerAuth",
    "KeyUsageClientAuth",
    "KeyUsageCodeSigning",
    "KeyUsageEmailProtection",
    "KeyUsageIPSECEndSystem",
    "KeyUsageIPSECTunnel",
    "KeyUsageIPSECUser",
    "KeyUsageTimeStamping",
    "KeyUsageOCSPSigning",
    "KeyUsageMicrosoftServerGatedCrypto",
    "KeyUsageNetscapeServerGatedCrypto",
    "KeyUsageMicrosoftCommercialCodeSigning",
    "KeyUsageMicrosoftKernelCodeSigning",
};

static struct str without_quotes(struct str s)
{
    while (s.len > 0 && s.p[0] == '"')
        s = (struct str){s.p + 1, s.len - 1};
    while (s.len > 0 && s.p[s.len - 1] == '"')
        s.len--;
    return s;
}

static int usage_of_name(struct str name)
{
    for (int i = 0; i < X509_USAGES; i++)
        if (str_equal(str_cstr(usage_names[i]), name))
            return i;
    return -1;
}

static int read_usages(struct bi_ctx *ctx, struct value v, struct x509_options *o)
{
    if (v.kind != VALUE_ARRAY && v.kind != VALUE_SET)
        return bi_fail(ctx, "'KeyUsages' should be an Array or Set");
    size_t count = value_count(v), unknown = 0;
    const struct value *items = v.kind == VALUE_ARRAY ? v.items : set_items(v.set);
    int *usages = arena_array(ctx->arena, count, sizeof *usages);
    struct buf b;
    buf_init(&b, ctx->arena);
    if (usages == NULL)
        return bi_nomem(ctx);
    o->usage_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != VALUE_STRING)
            continue;
        struct str name = without_quotes(value_text(items[i]));
        int usage = usage_of_name(name);
        if (usage >= 0) {
            usages[o->usage_count++] = usage;
            continue;
        }
        if (unknown++ > 0)
            buf_char(&b, ' ');
        buf_str(&b, name);
    }
    o->usages = usages;
    if (unknown == 0)
        return BI_OK;
    return b.failed ? bi_nomem(ctx)
                    : bi_fail(ctx, "invalid entries for 'KeyUsages' found: [%.*s]", (int)(b.len > 800 ? 800 : b.len), b.p);
}

static void set_time(struct x509_options *o, int64_t nanos)
{
    o->now_seconds = nanos / 1000000000;
    o->now_nanos = (int32_t)(nanos % 1000000000);
    if (o->now_nanos < 0) {
        o->now_nanos += 1000000000;
        o->now_seconds--;
    }
}

static int read_option(struct bi_ctx *ctx, struct str key, struct value v, struct x509_options *o, bool *has_time)
{
    int64_t n;
    if (str_equal(key, STR("DNSName"))) {
        if (v.kind != VALUE_STRING)
            return bi_fail(ctx, "'DNSName' should be a string");
        o->dns_name = without_quotes(value_text(v));
        return BI_OK;
    }
    if (str_equal(key, STR("CurrentTime"))) {
        if (v.kind != VALUE_NUMBER)
            return bi_fail(ctx, "'CurrentTime' should be a number");
        if (!number_text_int64(v, &n))
            return bi_fail(ctx, "'CurrentTime' should be a valid int64 number");
        set_time(o, n);
        *has_time = true;
        return BI_OK;
    }
    if (str_equal(key, STR("MaxConstraintComparisons"))) {
        if (v.kind != VALUE_NUMBER)
            return bi_fail(ctx, "'MaxConstraintComparisons' should be a number");
        return number_text_int64(v, &n) ? BI_OK : bi_fail(ctx, "'MaxConstraintComparisons' should be a valid number");
    }
    return str_equal(key, STR("KeyUsages")) ? read_usages(ctx, v, o) : bi_fail(ctx, "invalid key option");
}

static int read_options(struct bi_ctx *ctx, struct object *options, struct x509_options *o, bool *has_time)
{
    const struct member *members = object_members(options);
    for (uint32_t i = 0; i < options->count; i++) {
        if (members[i].key.kind != VALUE_STRING)
            continue;
        int status = read_option(ctx, value_text(members[i].key), members[i].value, o, has_time);
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}

/* [verified, chain] */
static int return_verdict(struct bi_ctx *ctx, const struct x509_chain *chain, bool with_uris, struct value *ret)
{
    struct go_json g = {.ctx = ctx};
    size_t count = chain != NULL ? chain->len : 0;
    struct value *pair = arena_array(ctx->arena, 2, sizeof *pair), *list = arena_array(ctx->arena, count, sizeof *list);
    if (pair == NULL || list == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        list[i] = x509_json_cert(&g, chain->certs[i], with_uris);
    pair[0] = value_bool(chain != NULL);
    pair[1] = value_array(list, count);
    *ret = value_array(pair, 2);
    return g.status;
}

static int verify(struct bi_ctx *ctx, struct str text, struct object *options, struct value *ret)
{
    struct x509_reader r = {.ctx = ctx};
    struct x509_options o = {.dns_name = {"", 0}};
    struct x509_cert *certs;
    struct x509_chain chain;
    size_t count;
    bool has_time = false;
    if (!read_certs(&r, text, &certs, &count)) {
        if (r.halt != BI_OK || ctx->arena->failed != ARENA_OK)
            return fail_reading(&r);
        return return_verdict(ctx, NULL, false, ret);
    }
    int status = options != NULL ? read_options(ctx, options, &o, &has_time) : BI_OK;
    if (status != BI_OK)
        return status;
    if (!has_time && (ctx->host == NULL || !ctx->host->has_clock))
        return bi_fail(ctx, "the host grants no clock, and no CurrentTime is given");
    if (!has_time)
        set_time(&o, ctx->host->now_ns);
    bool verified = x509_verify(&r, certs, count, &o, &chain);
    if (r.halt != BI_OK || ctx->arena->failed != ARENA_OK)
        return fail_reading(&r);
    return return_verdict(ctx, verified ? &chain : NULL, options == NULL, ret);
}

int bif_crypto_x509_parse_and_verify_certificates(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    int status = bi_string(ctx, argv, 1, &text);
    return status == BI_OK ? verify(ctx, text, NULL, ret) : status;
}

int bif_crypto_x509_parse_and_verify_certificates_with_options(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct object *options;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_object(ctx, argv, 2, &options);
    return status == BI_OK ? verify(ctx, text, options, ret) : status;
}

/* ---- requests ---- */

int bif_crypto_x509_parse_certificate_request(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct x509_reader r = {.ctx = ctx};
    struct pem_block block;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_charge(ctx, 50 + text.len * 2);
    if (status != BI_OK)
        return status;
    if (!str_starts(text, begin_request) && !decode_base64(&r, text, &text))
        return fail_reading(&r);
    if (pem_next(ctx->arena, &text, &block)) {
        if (!str_equal(block.type, STR("CERTIFICATE REQUEST")))
            return bi_fail(ctx, "invalid PEM-encoded certificate signing request");
        text = block.bytes;
    }
    return x509_request_json(&r, der_of(text), ret) ? BI_OK : fail_reading(&r);
}
