/* SPDX-License-Identifier: Apache-2.0
 *
 * io.jwt.encode_sign and io.jwt.encode_sign_raw.
 *
 * The key is the first one of a JWK or a JWKS. HMAC, PKCS #1 and EdDSA give the same token each time, as in OPA; the other
 * algorithms draw random numbers, for which the host must grant them. Decoded secrets are overwritten.
 */
#include <openssl/crypto.h>

#include "stdlib/base64.h"
#include "stdlib/builtins.h"
#include "stdlib/hash.h"
#include "stdlib/jwt.h"
#include "vm/json.h"

/* A string member of the header. BI_OK and *ret_wrong NULL, or why it is not there. */
static const char *read_text(struct bi_ctx *ctx, struct value header, const char *name, struct str *ret)
{
    static const char *const kinds[] = {"", "null", "boolean", "number", "string", "array", "object"};
    const struct value *v = header.kind == VALUE_OBJECT ? object_find_str(header.object, str_cstr(name)) : NULL;
    if (v != NULL && v->kind == VALUE_STRING) {
        *ret = value_text(*v);
        return NULL;
    }
    const char *kind = v == NULL ? NULL : v->kind == VALUE_BOOL ? (v->i != 0 ? "true" : "false") : kinds[v->kind];
    struct str text = v == NULL ? arena_printf(ctx->arena, "jwsbb: header \"%s\" not found", name)
                                : arena_printf(ctx->arena, "value doesn't contain string; it contains %s", kind);
    return text.p != NULL ? text.p : "no memory";
}

static bool is_blank(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
            return false;
    return true;
}

/* What OPA's reader of headers takes for a number, which has no members: any such characters. */
static bool is_numberlike(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == 0 || strchr("0123456789.+-eE \t\r\n", s.p[i]) == NULL)
            return false;
    return true;
}

static int parse_header(struct bi_ctx *ctx, struct str text, struct value *ret)
{
    struct err e = {.code = ERR_OK};
    struct json_options options = {.borrow = true};
    if (is_blank(text))
        return bi_fail(ctx, "missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string; unparsed tail: \"\"");
    *ret = value_null();
    if (is_numberlike(text) || json_parse(ctx->arena, text, &options, ret, &e) == 0)
        return BI_OK;
    return e.code == ERR_JSON ? bi_fail(ctx, "missing or invalid 'alg' header: cannot parse JSON: %s", e.text)
                              : bi_halt(ctx, e.code, "%s", e.text);
}

static int check_payload(struct bi_ctx *ctx, struct str payload)
{
    struct err e = {.code = ERR_OK};
    struct json_options options = {.borrow = true};
    struct value v;
    if (json_parse(ctx->arena, payload, &options, &v, &e) == 0)
        return BI_OK;
    return e.code == ERR_JSON ? bi_fail(ctx, "type is JWT but payload is not JSON") : bi_halt(ctx, e.code, "%s", e.text);
}

/* The algorithm that the header asks for; and a header of type JWT (or of none) needs JSON as payload. */
static int read_header(struct bi_ctx *ctx, struct str text, struct str payload, const struct jwt_algorithm **ret)
{
    struct value header;
    struct str alg, typ;
    int status = parse_header(ctx, text, &header);
    if (status != BI_OK)
        return status;
    const char *wrong = read_text(ctx, header, "alg", &alg);
    if (wrong != NULL)
        return bi_fail(ctx, "missing or invalid 'alg' header: %s", wrong);
    if (!jwt_is_known(alg))
        return bi_fail(ctx, "unknown JWS algorithm: %.*s", (int)(alg.len > 500 ? 500 : alg.len), alg.p);
    *ret = jwt_find_algorithm(alg);
    if (read_text(ctx, header, "typ", &typ) != NULL || str_equal(typ, STR("JWT")))
        status = check_payload(ctx, payload);
    return status;
}

/* The bytes of a key for HMAC: a secret; or an Ed25519 key, which is bytes to OPA's library. p NULL: no such key. */
static struct str mac_key(struct bi_ctx *ctx, const struct key *k)
{
    if (k->kind == KEY_SECRET)
        return k->d;
    if (k->kind != KEY_ED25519)
        return (struct str){NULL, 0};
    if (!k->is_private)
        return k->x;
    char *both = arena_alloc(ctx->arena, k->d.len + k->x.len);
    if (both == NULL)
        return (struct str){NULL, 0};
    memcpy(both, k->d.p, k->d.len);
    memcpy(both + k->d.len, k->x.p, k->x.len);
    return (struct str){both, k->d.len + k->x.len};
}

static const char *sign_mac(struct bi_ctx *ctx, const struct key *k, const EVP_MD *md, struct str text, struct str *ret)
{
    struct str key = mac_key(ctx, k);
    uint8_t *out = arena_alloc(ctx->arena, HASH_MAX_BYTES);
    if (key.p == NULL || out == NULL)
        return "jwsbb.Sign: invalid key type. []byte is required";
    size_t len = hash_hmac(md, key, text, out);
    if (k->kind == KEY_ED25519 && k->is_private)
        OPENSSL_cleanse((void *)(uintptr_t)key.p, key.len); /* a copy */
    *ret = (struct str){(const char *)out, len};
    return len > 0 ? NULL : "the MAC is not available";
}

static const char *sign_text(struct bi_ctx *ctx, struct jwk *k, const struct jwt_algorithm *a, struct str text, struct str *ret)
{
    const char *wrong = jwk_check(ctx, k);
    if (wrong != NULL)
        return wrong;
    if (a->family == JWT_HMAC)
        return sign_mac(ctx, &k->key, a->digest(), text, ret);
    if (k->key.kind == KEY_RSA && a->family == JWT_RSA && k->key.is_private) {
        wrong = key_check_rsa(ctx->arena, &k->key);
        if (wrong != NULL)
            return wrong;
    }
    return key_sign(ctx->arena, &k->key, a->scheme, a->digest(), text, ret);
}

/* header.payload.signature */
static int sign_parts(struct bi_ctx *ctx, struct jwk *k, const struct jwt_algorithm *a, struct str header, struct str payload,
                      struct value *ret)
{
    struct buf b;
    struct str signature;
    struct str header_text = base64_encode(ctx->arena, header, BASE64_URL, false);
    struct str payload_text = base64_encode(ctx->arena, payload, BASE64_URL, false);
    if (header_text.p == NULL || payload_text.p == NULL)
        return bi_nomem(ctx);
    buf_init(&b, ctx->arena);
    buf_str(&b, header_text);
    buf_char(&b, '.');
    buf_str(&b, payload_text);
    if (b.failed)
        return bi_nomem(ctx);
    int status = bi_charge(ctx, key_sign_cost(&k->key) + HASH_COST(b.len));
    if (status != BI_OK)
        return status;
    const char *wrong = sign_text(ctx, k, a, buf_view(&b), &signature);
    if (wrong != NULL)
        return ctx->arena->failed != ARENA_OK ? bi_nomem(ctx) : bi_fail(ctx, "%s", wrong);
    struct str signature_text = base64_encode(ctx->arena, signature, BASE64_URL, false);
    if (signature_text.p == NULL)
        return bi_nomem(ctx);
    buf_char(&b, '.');
    buf_str(&b, signature_text);
    return bi_return_buf(ctx, &b, ret);
}

static int encode(struct bi_ctx *ctx, struct str header, struct str payload, struct str key_text, struct value *ret)
{
    struct jwk_set keys;
    struct str error;
    const struct jwt_algorithm *a = NULL;
    int status = bi_charge(ctx, 100 + (header.len + payload.len) * 4);
    if (status == BI_OK)
        status = jwk_parse(ctx, key_text, &keys, &error);
    if (status != BI_OK)
        return status;
    if (error.len > 0)
        return bi_fail(ctx, "%.*s", (int)(error.len > 900 ? 900 : error.len), error.p);
    if (keys.len == 0)
        return bi_fail(ctx, "no keys found in JWK set");
    status = read_header(ctx, header, payload, &a);
    if (status == BI_OK && (a->flags & JWT_RANDOM) != 0 && (ctx->host == NULL || ctx->host->random == NULL))
        status = bi_fail(ctx, "the host grants no random numbers, which %s needs", a->name);
    if (status == BI_OK)
        status = sign_parts(ctx, &keys.keys[0], a, header, payload, ret);
    jwk_wipe(&keys);
    return status;
}

int bif_io_jwt_encode_sign_raw(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str header, payload, key;
    int status = bi_string(ctx, argv, 3, &key);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 1, &header);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &payload);
    return status == BI_OK ? encode(ctx, header, payload, key, ret) : status;
}

int bif_io_jwt_encode_sign(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct buf parts[3];
    for (int i = 0; i < 3; i++) {
        buf_init(&parts[i], ctx->arena);
        json_write(&parts[i], argv[i], JSON_COMPACT);
        if (parts[i].failed)
            return bi_nomem(ctx);
        int status = bi_charge(ctx, parts[i].len / 2);
        if (status != BI_OK)
            return status;
    }
    int status = encode(ctx, buf_view(&parts[0]), buf_view(&parts[1]), buf_view(&parts[2]), ret);
    OPENSSL_cleanse(parts[2].p, parts[2].len);
    return status;
}
