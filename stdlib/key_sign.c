/* SPDX-License-Identifier: Apache-2.0
 *
 * Signatures: keys to OpenSSL objects, messages to digests, pairs of numbers to DER and back.
 *
 * RSA keys below 1024 bits are refused, as Go refuses them.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "stdlib/hash.h"
#include "stdlib/key.h"

#define MIN_RSA_BITS 1024
#define MAX_RSA_BITS 16384 /* OpenSSL's */
#define MAX_POINT_BYTES (1 + 2 * 66)

/* Numbers that must live until OSSL_PARAM_BLD_to_param. */
struct numbers {
    BIGNUM *list[8];
    size_t count;
};

static bool push_number(OSSL_PARAM_BLD *b, struct numbers *n, const char *name, struct str value)
{
    BIGNUM *bn = value.len > INT32_MAX ? NULL : BN_bin2bn((const unsigned char *)value.p, (int)value.len, NULL);
    if (bn == NULL)
        return false;
    BN_set_flags(bn, BN_FLG_CONSTTIME);
    n->list[n->count++] = bn;
    return OSSL_PARAM_BLD_push_BN(b, name, bn) == 1;
}

static bool push_rsa(OSSL_PARAM_BLD *b, struct numbers *n, const struct key *k)
{
    bool ok = push_number(b, n, OSSL_PKEY_PARAM_RSA_N, k->n) && push_number(b, n, OSSL_PKEY_PARAM_RSA_E, k->e);
    if (!k->is_private)
        return ok;
    return ok && push_number(b, n, OSSL_PKEY_PARAM_RSA_D, k->d) && push_number(b, n, OSSL_PKEY_PARAM_RSA_FACTOR1, k->p) &&
           push_number(b, n, OSSL_PKEY_PARAM_RSA_FACTOR2, k->q) && push_number(b, n, OSSL_PKEY_PARAM_RSA_EXPONENT1, k->dp) &&
           push_number(b, n, OSSL_PKEY_PARAM_RSA_EXPONENT2, k->dq) && push_number(b, n, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, k->qi);
}

/* point holds the encoded public point until the parameters are made. */
static bool push_ec(OSSL_PARAM_BLD *b, struct numbers *n, const struct key *k, uint8_t point[MAX_POINT_BYTES])
{
    size_t width = key_curve_bytes(k->curve);
    if (k->x.len > width || k->y.len > width)
        return false;
    memset(point, 0, MAX_POINT_BYTES);
    point[0] = 4;
    memcpy(point + 1 + width - k->x.len, k->x.p, k->x.len);
    memcpy(point + 1 + 2 * width - k->y.len, k->y.p, k->y.len);
    bool ok = OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, k->curve->group, 0) == 1 &&
              OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width) == 1;
    return ok && (!k->is_private || push_number(b, n, OSSL_PKEY_PARAM_PRIV_KEY, k->d));
}

static EVP_PKEY *open_numbers(const struct key *k)
{
    uint8_t point[MAX_POINT_BYTES];
    struct numbers numbers = {.count = 0};
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, k->kind == KEY_RSA ? "RSA" : "EC", NULL);
    bool ok = b != NULL && (k->kind == KEY_RSA ? push_rsa(b, &numbers, k) : push_ec(b, &numbers, k, point));
    if (ok)
        params = OSSL_PARAM_BLD_to_param(b);
    int selection = k->is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
        pkey = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    for (size_t i = 0; i < numbers.count; i++)
        BN_clear_free(numbers.list[i]);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static bool is_rsa_usable(const struct key *k)
{
    size_t bits = key_bits(k->n);
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && (k->n.p[k->n.len - 1] & 1) != 0 && key_bits(k->e) >= 2 &&
           key_bits(k->e) <= 31 && (k->e.p[k->e.len - 1] & 1) != 0;
}

static EVP_PKEY *open_key(const struct key *k)
{
    switch (k->kind) {
    case KEY_RSA:
        return is_rsa_usable(k) ? open_numbers(k) : NULL;
    case KEY_EC:
        return open_numbers(k);
    case KEY_ED25519:
        if (k->is_private)
            return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)k->d.p, k->d.len);
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)k->x.p, k->x.len);
    default:
        return NULL;
    }
}

static bool does_fit(const struct key *k, enum key_scheme scheme)
{
    switch (scheme) {
    case KEY_RSA_PKCS1:
    case KEY_RSA_PSS:
    case KEY_RSA_PSS_ANY:
        return k->kind == KEY_RSA;
    case KEY_ECDSA_DER:
    case KEY_ECDSA_PAIR:
        return k->kind == KEY_EC;
    case KEY_EDDSA:
        return k->kind == KEY_ED25519;
    }
    return false;
}

static bool set_scheme(EVP_PKEY_CTX *ctx, enum key_scheme scheme, const EVP_MD *md)
{
    if (EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
        return false;
    if (scheme == KEY_RSA_PKCS1)
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
    if (scheme == KEY_RSA_PSS || scheme == KEY_RSA_PSS_ANY)
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, scheme == KEY_RSA_PSS ? RSA_PSS_SALTLEN_DIGEST : RSA_PSS_SALTLEN_AUTO) == 1;
    return true;
}

/* ---- verifying ---- */

/* DER of the two halves of a signature; *ret is OpenSSL's memory. */
static size_t encode_pair(struct str signature, unsigned char **ret)
{
    size_t half = signature.len / 2;
    if (signature.len > 1024)
        return 0;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn((const unsigned char *)signature.p, (int)half, NULL);
    BIGNUM *s = BN_bin2bn((const unsigned char *)signature.p + half, (int)(signature.len - half), NULL);
    int len = 0;
    if (sig != NULL && r != NULL && s != NULL && !BN_is_zero(r) && !BN_is_zero(s) && ECDSA_SIG_set0(sig, r, s) == 1) {
        r = s = NULL; /* sig has them */
        *ret = NULL;
        len = i2d_ECDSA_SIG(sig, ret);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(sig);
    return len > 0 ? (size_t)len : 0;
}

static bool verify_digest(EVP_PKEY *pkey, enum key_scheme scheme, const EVP_MD *md, struct str message, struct str signature)
{
    uint8_t digest[HASH_MAX_BYTES];
    size_t len = hash_digest(md, message, digest);
    unsigned char *der = NULL;
    if (scheme == KEY_ECDSA_PAIR) {
        size_t der_len = encode_pair(signature, &der);
        if (der_len == 0)
            return false;
        signature = (struct str){(const char *)der, der_len};
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    bool ok = len > 0 && ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 && set_scheme(ctx, scheme, md) &&
              EVP_PKEY_verify(ctx, (const unsigned char *)signature.p, signature.len, digest, len) == 1;
    EVP_PKEY_CTX_free(ctx);
    OPENSSL_free(der);
    return ok;
}

static bool verify_eddsa(EVP_PKEY *pkey, struct str message, struct str signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
              EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.len, (const unsigned char *)message.p,
                               message.len) == 1;
    EVP_MD_CTX_free(ctx);
    return ok;
}

bool key_verify(const struct key *k, EVP_PKEY **opened, enum key_scheme scheme, const EVP_MD *md, struct str message,
                struct str signature)
{
    if (!does_fit(k, scheme) || signature.len == 0)
        return false;
    struct key public = *k;
    public.is_private = false;
    EVP_PKEY *pkey = opened != NULL && *opened != NULL ? *opened : open_key(&public);
    bool ok = pkey != NULL && (scheme == KEY_EDDSA ? verify_eddsa(pkey, message, signature)
                                                   : verify_digest(pkey, scheme, md, message, signature));
    if (opened != NULL)
        *opened = pkey;
    else
        EVP_PKEY_free(pkey);
    ERR_clear_error();
    return ok;
}

/* ---- signing ---- */

/* r and s of a DER signature, each at full width. */
static bool decode_pair(const struct key *k, const uint8_t *der, size_t len, uint8_t *out)
{
    int width = (int)key_curve_bytes(k->curve);
    const unsigned char *p = der;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
    bool ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, width) == width &&
              BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + width, width) == width;
    ECDSA_SIG_free(sig);
    return ok;
}

static bool sign_digest(struct arena *a, const struct key *k, EVP_PKEY *pkey, enum key_scheme scheme, const EVP_MD *md,
                        struct str message, struct str *ret)
{
    uint8_t digest[HASH_MAX_BYTES];
    size_t len = hash_digest(md, message, digest), size = (size_t)EVP_PKEY_get_size(pkey);
    uint8_t *out = arena_alloc(a, size), *pair = scheme == KEY_ECDSA_PAIR ? arena_alloc(a, 2 * key_curve_bytes(k->curve)) : out;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    bool ok = len > 0 && out != NULL && pair != NULL && ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
              set_scheme(ctx, scheme, md) && EVP_PKEY_sign(ctx, out, &size, digest, len) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!ok)
        return false;
    *ret = (struct str){(const char *)out, size};
    if (scheme != KEY_ECDSA_PAIR)
        return true;
    *ret = (struct str){(const char *)pair, 2 * key_curve_bytes(k->curve)};
    return decode_pair(k, out, size, pair);
}

static bool sign_eddsa(struct arena *a, EVP_PKEY *pkey, struct str message, struct str *ret)
{
    size_t size = 64;
    uint8_t *out = arena_alloc(a, size);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = out != NULL && ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
              EVP_DigestSign(ctx, out, &size, (const unsigned char *)message.p, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    *ret = (struct str){(const char *)out, size};
    return ok;
}

const char *key_sign(struct arena *a, const struct key *k, enum key_scheme scheme, const EVP_MD *md, struct str message,
                     struct str *ret)
{
    if (!does_fit(k, scheme) || !k->is_private)
        return "the key does not fit the algorithm";
    if (k->kind == KEY_RSA && key_bits(k->n) < MIN_RSA_BITS)
        return "crypto/rsa: keys below 1024 bits are insecure";
    EVP_PKEY *pkey = open_key(k);
    bool ok = pkey != NULL &&
              (scheme == KEY_EDDSA ? sign_eddsa(a, pkey, message, ret) : sign_digest(a, k, pkey, scheme, md, message, ret));
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return ok ? NULL : "the key cannot sign";
}
