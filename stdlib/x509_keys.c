/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.parse_private_keys, crypto.x509.parse_rsa_private_key, crypto.x509.parse_keypair.
 *
 * What these give is private keys as values, which live in the evaluation's arena like all values.
 */
#include "stdlib/base64.h"
#include "stdlib/builtins.h"
#include "stdlib/key_json.h"
#include "stdlib/key_parse.h"
#include "stdlib/pem.h"
#include "stdlib/x509_json.h"

static const struct str begin = {"-----BEGIN", 10};
static const struct str begin_blank = {"-----BEGIN ", 11};

struct keys {
    struct key *list;
    size_t len, cap;
};

static bool does_end_with(struct str s, struct str end)
{
    return s.len >= end.len && memcmp(s.p + s.len - end.len, end.p, end.len) == 0;
}

static int fail_key(struct bi_ctx *ctx, const char *wrong)
{
    return ctx->arena->failed != ARENA_OK ? bi_nomem(ctx) : bi_fail(ctx, "%s", wrong);
}

static int decode_base64(struct bi_ctx *ctx, struct str text, struct str *ret)
{
    size_t at;
    switch (base64_decode(ctx->arena, text, BASE64_STANDARD, true, ret, &at)) {
    case BASE64_OK:
        return BI_OK;
    case BASE64_NOMEM:
        return bi_nomem(ctx);
    default:
        return bi_fail(ctx, "illegal base64 data at input byte %zu", at);
    }
}

/* Parsing a private key may check its numbers, which costs about as much as using it. */
static int charge_key(struct bi_ctx *ctx, struct str der)
{
    uint64_t words = der.len / 32 + 1;
    return bi_charge(ctx, 20000 + words * words * words / 4);
}

/* The private keys of all blocks whose type is known. */
static int read_keys(struct bi_ctx *ctx, struct str text, struct keys *ret)
{
    struct pem_block block;
    size_t at;
    struct str decoded;
    enum base64_status base64 = base64_decode(ctx->arena, text, BASE64_STANDARD, true, &decoded, &at);
    if (base64 == BASE64_NOMEM)
        return bi_nomem(ctx);
    if (base64 == BASE64_OK)
        text = decoded;
    while (pem_next(ctx->arena, &text, &block)) {
        struct key k;
        const char *(*parse)(struct arena *, struct der,
                             struct key *) = str_equal(block.type, STR("RSA PRIVATE KEY"))  ? key_parse_pkcs1
                                             : str_equal(block.type, STR("PRIVATE KEY"))    ? key_parse_pkcs8
                                             : str_equal(block.type, STR("EC PRIVATE KEY")) ? key_parse_sec1
                                                                                            : NULL;
        if (parse == NULL)
            continue;
        int status = charge_key(ctx, block.bytes);
        if (status != BI_OK)
            return status;
        const char *wrong = parse(ctx->arena, der_of(block.bytes), &k);
        if (wrong != NULL)
            return fail_key(ctx, wrong);
        if (!arena_grow(ctx->arena, &ret->list, &ret->cap, ret->len + 1, sizeof *ret->list))
            return bi_nomem(ctx);
        ret->list[ret->len++] = k;
    }
    return ctx->arena->failed != ARENA_OK ? bi_nomem(ctx) : BI_OK;
}

int bif_crypto_parse_private_keys(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct keys keys = {.len = 0};
    struct go_json g = {.ctx = ctx};
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_charge(ctx, 50 + text.len * 2);
    if (status != BI_OK)
        return status;
    if (text.len == 0) {
        *ret = value_null();
        return BI_OK;
    }
    status = read_keys(ctx, text, &keys);
    if (status != BI_OK)
        return status;
    struct value *list = arena_array(ctx->arena, keys.len, sizeof *list);
    if (list == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < keys.len; i++)
        list[i] = key_json(&g, &keys.list[i]);
    *ret = value_array(list, keys.len);
    return g.status;
}

int bif_crypto_x509_parse_rsa_private_key(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct keys keys = {.len = 0};
    struct go_json g = {.ctx = ctx};
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_charge(ctx, 50 + text.len * 2);
    if (status != BI_OK)
        return status;
    if (text.len == 0)
        return bi_fail(ctx, "input PEM data was empty");
    if (!str_starts(text, begin))
        status = decode_base64(ctx, text, &text);
    if (status == BI_OK)
        status = read_keys(ctx, text, &keys);
    if (status != BI_OK)
        return status;
    if (keys.len == 0) {
        *ret = value_null();
        return BI_OK;
    }
    const struct key *k = &keys.list[0];
    if (k->kind == KEY_EC && k->curve->bits < 256)
        return bi_fail(ctx, "jwk.Import: failed to convert *ecdsa.PrivateKey to jwk.Key: the curve %s has no name in JWK",
                       k->curve->name);
    *ret = key_json_jwk(&g, k);
    return g.status;
}

/* ---- key pairs ---- */

struct types {
    struct buf text; /* "A B" */
    size_t count;
    struct str last;
};

static void add_type(struct types *t, struct str type)
{
    if (t->count++ > 0)
        buf_char(&t->text, ' ');
    buf_str(&t->text, type);
    t->last = type;
}

/* "what [A B]" */
static int fail_types(struct bi_ctx *ctx, const char *what, const struct types *t)
{
    if (t->text.failed || ctx->arena->failed != ARENA_OK)
        return bi_nomem(ctx);
    return bi_fail(ctx, "%s after skipping PEM blocks of the following types: [%.*s]", what,
                   (int)(t->text.len > 500 ? 500 : t->text.len), t->text.p);
}

/* The DER of all certificates in the input as JSON, and of the first one. */
static int read_chain(struct go_json *g, struct str text, struct array_builder *list, struct str *ret_first)
{
    struct bi_ctx *ctx = g->ctx;
    struct pem_block block;
    struct types skipped = {.count = 0};
    buf_init(&skipped.text, ctx->arena);
    *ret_first = text;
    bool is_pem = str_starts(text, begin_blank);
    if (!is_pem && !array_push(list, go_json_bytes(g, text)))
        return bi_nomem(ctx);
    while (is_pem && pem_next(ctx->arena, &text, &block)) {
        if (!str_equal(block.type, STR("CERTIFICATE"))) {
            add_type(&skipped, block.type);
            continue;
        }
        if (list->len == 0)
            *ret_first = block.bytes;
        if (!array_push(list, go_json_bytes(g, block.bytes)))
            return bi_nomem(ctx);
    }
    if (ctx->arena->failed != ARENA_OK)
        return bi_nomem(ctx);
    if (list->len > 0)
        return g->status;
    if (skipped.count == 0)
        return bi_fail(ctx, "tls: failed to find any PEM data in certificate input");
    if (skipped.count == 1 && does_end_with(skipped.last, STR("PRIVATE KEY")))
        return bi_fail(ctx, "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM "
                            "inputs may have been switched");
    return fail_types(ctx, "tls: failed to find \"CERTIFICATE\" PEM block in certificate input", &skipped);
}

static int read_key_block(struct bi_ctx *ctx, struct str text, struct str *ret)
{
    struct pem_block block;
    struct types skipped = {.count = 0};
    buf_init(&skipped.text, ctx->arena);
    *ret = text;
    if (!str_starts(text, begin))
        return BI_OK;
    while (pem_next(ctx->arena, &text, &block)) {
        if (str_equal(block.type, STR("PRIVATE KEY")) || does_end_with(block.type, STR(" PRIVATE KEY"))) {
            *ret = block.bytes;
            return BI_OK;
        }
        add_type(&skipped, block.type);
    }
    if (skipped.count == 0 && ctx->arena->failed == ARENA_OK)
        return bi_fail(ctx, "tls: failed to find any PEM data in key input");
    if (skipped.count == 1 && str_equal(skipped.last, STR("CERTIFICATE")))
        return bi_fail(ctx, "tls: found a certificate rather than a key in the PEM for the private key");
    return fail_types(ctx, "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input", &skipped);
}

/* A private key in any of the three formats. */
static const char *parse_private(struct arena *a, struct der der, struct key *ret)
{
    if (key_parse_pkcs1(a, der, ret) == NULL)
        return NULL;
    if (key_parse_pkcs8(a, der, ret) == NULL)
        return ret->kind == KEY_X25519 ? "tls: found unknown private key type in PKCS#8 wrapping" : NULL;
    return key_parse_sec1(a, der, ret) == NULL ? NULL : "tls: failed to parse private key";
}

static const char *compare_keys(const struct key *public, const struct key *private)
{
    if (public->kind != KEY_RSA && public->kind != KEY_EC && public->kind != KEY_ED25519)
        return "tls: unknown public key algorithm";
    if (public->kind != private->kind)
        return "tls: private key type does not match public key type";
    bool same = public->kind == KEY_RSA
                    ? str_equal(public->n, private->n) && str_equal(public->e, private->e)
                    : public->curve == private->curve && str_equal(public->x, private->x) && str_equal(public->y, private->y);
    return same ? NULL : "tls: private key does not match public key";
}

static int return_pair(struct go_json *g, const struct array_builder *chain, const struct x509_cert *leaf, const struct key *key,
                       struct value *ret)
{
    struct object *o = go_json_object(g, 6);
    go_json_put(g, o, "Certificate", array_value(chain));
    go_json_put(g, o, "PrivateKey", key_json(g, key));
    go_json_put(g, o, "SupportedSignatureAlgorithms", value_null());
    go_json_put(g, o, "OCSPStaple", value_null());
    go_json_put(g, o, "SignedCertificateTimestamps", value_null());
    go_json_put(g, o, "Leaf", x509_json_cert(g, leaf, false));
    if (g->status == BI_OK)
        *ret = value_object(o);
    return g->status;
}

int bif_crypto_x509_parse_keypair(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str cert_text, key_text, first;
    struct go_json g = {.ctx = ctx};
    struct x509_reader r = {.ctx = ctx};
    struct x509_cert leaf;
    struct key key;
    struct array_builder chain;
    array_init(&chain, ctx->arena);
    int status = bi_string(ctx, argv, 1, &cert_text);
    if (status == BI_OK && argv[1].kind != VALUE_STRING)
        status = bi_operand_error(ctx, 1, "string", argv[1]); /* OPA calls it operand 1 too */
    if (status != BI_OK)
        return status;
    key_text = value_text(argv[1]);
    status = bi_charge(ctx, 50 + (cert_text.len + key_text.len) * 2);
    if (status == BI_OK && !str_starts(cert_text, begin_blank))
        status = decode_base64(ctx, cert_text, &cert_text);
    if (status == BI_OK && !str_starts(key_text, begin_blank))
        status = decode_base64(ctx, key_text, &key_text);
    if (status == BI_OK)
        status = read_chain(&g, cert_text, &chain, &first);
    if (status == BI_OK)
        status = read_key_block(ctx, key_text, &key_text);
    if (status == BI_OK)
        status = charge_key(ctx, key_text);
    if (status != BI_OK)
        return status;
    struct der der = der_of(first);
    if (!x509_read_cert(&r, &der, &leaf))
        return r.halt != BI_OK ? r.halt : fail_key(ctx, r.wrong != NULL ? r.wrong : "x509: malformed certificate");
    if (der.len > 0)
        return bi_fail(ctx, "x509: trailing data");
    const char *wrong = parse_private(ctx->arena, der_of(key_text), &key);
    if (wrong == NULL)
        wrong = compare_keys(&leaf.key, &key);
    return wrong != NULL ? fail_key(ctx, wrong) : return_pair(&g, &chain, &leaf, &key, ret);
}
