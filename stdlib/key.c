/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of keys: curves, points, the consistency of RSA.
 *
 * Limits are Go's: RSA exponents are odd and below 2^31; how large a modulus may be is OpenSSL's.
 */
#include "stdlib/key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

static const struct key_curve curves[] = {
    {"P-224",
     "secp224r1",
     {"\x2b\x81\x04\x00\x21", 5},
     NID_secp224r1,
     224,
     20000,
     "P224 point not on curve",
     "invalid P224 point encoding"},
    {"P-256",
     "prime256v1",
     {"\x2a\x86\x48\xce\x3d\x03\x01\x07", 8},
     NID_X9_62_prime256v1,
     256,
     12000,
     "P256 point not on curve",
     "invalid P256 point encoding"},
    {"P-384",
     "secp384r1",
     {"\x2b\x81\x04\x00\x22", 5},
     NID_secp384r1,
     384,
     120000,
     "P384 point not on curve",
     "invalid P384 point encoding"},
    {"P-521",
     "secp521r1",
     {"\x2b\x81\x04\x00\x23", 5},
     NID_secp521r1,
     521,
     120000,
     "P521 point not on curve",
     "invalid P521 point encoding"},
};

const struct key_curve *key_curve_by_oid(struct der oid)
{
    for (size_t i = 0; i < COUNT_OF(curves); i++)
        if (str_equal(curves[i].oid, der_str(oid)))
            return &curves[i];
    return NULL;
}

const struct key_curve *key_curve_by_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(curves); i++)
        if (str_equal(str_cstr(curves[i].name), name))
            return &curves[i];
    return NULL;
}

struct str key_trim(struct str number)
{
    while (number.len > 0 && number.p[0] == 0) {
        number.p++;
        number.len--;
    }
    return number;
}

size_t key_bits(struct str number)
{
    number = key_trim(number);
    size_t bits = number.len * 8;
    for (unsigned top = number.len > 0 ? (uint8_t)number.p[0] : 0x80; top < 0x80; top <<= 1)
        bits--;
    return bits;
}

uint64_t key_verify_cost(const struct key *k)
{
    uint64_t words = k->n.len / 8 + 1;
    switch (k->kind) {
    case KEY_RSA:
        return 500 + words * words * 3;
    case KEY_EC:
        return k->curve->verify_cost;
    default:
        return 15000;
    }
}

uint64_t key_sign_cost(const struct key *k)
{
    uint64_t words = k->n.len / 8 + 1;
    return k->kind == KEY_RSA ? 2000 + words * words * words * 3 : key_verify_cost(k);
}

static BIGNUM *read_number(struct str s)
{
    return s.len > INT32_MAX ? NULL : BN_bin2bn((const unsigned char *)s.p, (int)s.len, NULL);
}

/* ---- points ---- */

bool key_is_on_curve(const struct key *k)
{
    size_t width = key_curve_bytes(k->curve);
    bool ok = false;
    if (k->x.len > width || k->y.len > width)
        return false;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(k->curve->nid);
    EC_POINT *point = group != NULL ? EC_POINT_new(group) : NULL;
    BIGNUM *x = read_number(k->x), *y = read_number(k->y);
    BN_CTX *ctx = BN_CTX_new();
    if (point != NULL && x != NULL && y != NULL && ctx != NULL)
        ok = EC_POINT_set_affine_coordinates(group, point, x, y, ctx) == 1;
    /* setting (0, 0) or coordinates beyond the field fails too */
    BN_CTX_free(ctx);
    BN_free(x);
    BN_free(y);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    ERR_clear_error();
    return ok;
}

/* width bytes of n into the arena; p NULL on failure. */
static struct str write_number(struct arena *a, const BIGNUM *n, size_t width)
{
    unsigned char *p = arena_alloc(a, width);
    if (p == NULL || BN_bn2binpad(n, p, (int)width) < 0)
        return (struct str){NULL, 0};
    return (struct str){(const char *)p, width};
}

/* The point d times the generator; d in 1..order-1. */
static bool multiply_generator(struct arena *a, struct key *k, EC_GROUP *group, const BIGNUM *d, BN_CTX *ctx)
{
    size_t width = key_curve_bytes(k->curve);
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *x = BN_CTX_get(ctx), *y = BN_CTX_get(ctx);
    bool ok = point != NULL && y != NULL && EC_POINT_mul(group, point, d, NULL, NULL, ctx) == 1 &&
              EC_POINT_get_affine_coordinates(group, point, x, y, ctx) == 1;
    if (ok) {
        k->x = write_number(a, x, width);
        k->y = write_number(a, y, width);
        ok = k->x.p != NULL && k->y.p != NULL;
    }
    EC_POINT_free(point);
    return ok;
}

static const char *derive_point(struct arena *a, struct key *k)
{
    const char *wrong = "no memory";
    EC_GROUP *group = EC_GROUP_new_by_curve_name(k->curve->nid);
    BN_CTX *ctx = BN_CTX_secure_new();
    BIGNUM *d = read_number(k->d);
    if (ctx != NULL)
        BN_CTX_start(ctx);
    if (group != NULL && ctx != NULL && d != NULL) {
        BN_set_flags(d, BN_FLG_CONSTTIME);
        if (BN_is_zero(d) || BN_cmp(d, EC_GROUP_get0_order(group)) >= 0)
            wrong = "crypto/ecdsa: invalid private key";
        else if (multiply_generator(a, k, group, d, ctx)) {
            k->d = write_number(a, d, key_curve_bytes(k->curve));
            wrong = k->d.p != NULL ? NULL : wrong;
        }
    }
    BN_clear_free(d);
    if (ctx != NULL)
        BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    EC_GROUP_free(group);
    ERR_clear_error();
    return wrong;
}

static const char *derive_raw(struct arena *a, struct key *k)
{
    int type = k->kind == KEY_ED25519 ? EVP_PKEY_ED25519 : EVP_PKEY_X25519;
    size_t len = 32;
    unsigned char *out = arena_alloc(a, len);
    if (k->d.len != 32 || out == NULL)
        return "no 32-byte key";
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(type, NULL, (const unsigned char *)k->d.p, 32);
    bool ok = pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, out, &len) == 1;
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    if (!ok)
        return "the key is not available";
    k->x = (struct str){(const char *)out, len};
    return NULL;
}

const char *key_derive_public(struct arena *a, struct key *k)
{
    return k->kind == KEY_EC ? derive_point(a, k) : derive_raw(a, k);
}

/* ---- RSA ---- */

struct rsa_numbers {
    BIGNUM *n, *e, *d, *p, *q, *p1, *q1, *dp, *dq, *qi, *t;
    BN_CTX *ctx;
};

static const char *check_rsa_public(const struct key *k)
{
    if (k->n.len == 0 || (k->n.p[k->n.len - 1] & 1) == 0)
        return "crypto/rsa: public modulus is even";
    if (key_bits(k->e) < 2)
        return "crypto/rsa: public exponent too small or negative";
    if ((k->e.p[k->e.len - 1] & 1) == 0)
        return "crypto/rsa: public exponent is even";
    return key_bits(k->e) > 31 ? "crypto/rsa: public exponent too large" : NULL;
}

/* d mod (prime - 1) against the given exponent (or into it), and its product with e. */
static const char *check_exponent(struct rsa_numbers *r, const BIGNUM *prime1, BIGNUM **exponent, const char *mismatch)
{
    if (!BN_mod(r->t, r->d, prime1, r->ctx))
        return "no memory";
    if (*exponent == NULL)
        *exponent = BN_dup(r->t);
    if (*exponent == NULL)
        return "no memory";
    if (BN_cmp(*exponent, prime1) >= 0 || !BN_mod_mul(r->t, *exponent, r->e, prime1, r->ctx) || !BN_is_one(r->t))
        return "crypto/rsa: invalid CRT exponent";
    if (!BN_mod(r->t, r->d, prime1, r->ctx))
        return "no memory";
    return BN_cmp(r->t, *exponent) != 0 ? mismatch : NULL;
}

static const char *check_coefficient(struct rsa_numbers *r)
{
    if (r->qi == NULL && (r->qi = BN_mod_inverse(NULL, r->q, r->p, r->ctx)) == NULL)
        return "crypto/rsa: invalid CRT coefficient";
    if (BN_cmp(r->qi, r->p) >= 0 || !BN_mod_mul(r->t, r->q, r->qi, r->p, r->ctx) || !BN_is_one(r->t))
        return "crypto/rsa: invalid CRT coefficient";
    return NULL;
}

static const char *check_rsa_numbers(struct rsa_numbers *r)
{
    if (!BN_is_odd(r->p) || !BN_is_odd(r->q) || BN_num_bits(r->p) < 2 || BN_num_bits(r->q) < 2)
        return "crypto/rsa: invalid prime";
    if (BN_cmp(r->d, r->n) >= 0)
        return "input overflows the modulus size";
    if (BN_cmp(r->p, r->n) >= 0 || BN_cmp(r->q, r->n) >= 0)
        return "crypto/rsa: invalid prime";
    if (!BN_mod_mul(r->t, r->p, r->q, r->n, r->ctx) || !BN_is_zero(r->t))
        return "crypto/rsa: p * q != n";
    if (!BN_sub(r->p1, r->p, BN_value_one()) || !BN_sub(r->q1, r->q, BN_value_one()))
        return "no memory";
    const char *wrong = check_exponent(r, r->p1, &r->dp, "crypto/rsa: d does not match dP");
    if (wrong == NULL)
        wrong = check_exponent(r, r->q1, &r->dq, "crypto/rsa: d does not match dQ");
    if (wrong == NULL)
        wrong = check_coefficient(r);
    if (wrong != NULL)
        return wrong;
    int half = BN_num_bits(r->n) / 2;
    if (!BN_sub(r->t, r->p, r->q) || BN_num_bits(r->t) <= half - 100)
        return "crypto/rsa: |p - q| too small";
    return BN_num_bits(r->d) <= half ? "crypto/rsa: d too small" : NULL;
}

static struct str keep_number(struct arena *a, struct str old, const BIGNUM *n)
{
    return old.p != NULL ? old : write_number(a, n, (size_t)BN_num_bytes(n));
}

const char *key_check_rsa(struct arena *a, struct key *k)
{
    const char *wrong = check_rsa_public(k);
    if (wrong != NULL)
        return wrong;
    bool given = k->dp.p != NULL && k->dq.p != NULL && k->qi.p != NULL; /* all three, or they are made anew */
    struct rsa_numbers r = {
        .n = read_number(k->n),
        .e = read_number(k->e),
        .d = read_number(k->d),
        .p = read_number(k->p),
        .q = read_number(k->q),
        .dp = given ? read_number(k->dp) : NULL,
        .dq = given ? read_number(k->dq) : NULL,
        .qi = given ? read_number(k->qi) : NULL,
        .p1 = BN_new(),
        .q1 = BN_new(),
        .t = BN_new(),
        .ctx = BN_CTX_secure_new(),
    };
    BIGNUM **all[] = {&r.n, &r.e, &r.d, &r.p, &r.q, &r.p1, &r.q1, &r.t, &r.dp, &r.dq, &r.qi};
    wrong = r.ctx == NULL ? "no memory" : NULL;
    for (size_t i = 0; i < COUNT_OF(all) - (given ? 0 : 3); i++)
        if (*all[i] == NULL)
            wrong = "no memory";
        else if (i >= 2)
            BN_set_flags(*all[i], BN_FLG_CONSTTIME);
    if (wrong == NULL)
        wrong = check_rsa_numbers(&r);
    if (wrong == NULL) {
        struct str none = {NULL, 0};
        k->dp = keep_number(a, given ? k->dp : none, r.dp);
        k->dq = keep_number(a, given ? k->dq : none, r.dq);
        k->qi = keep_number(a, given ? k->qi : none, r.qi);
        wrong = k->dp.p != NULL && k->dq.p != NULL && k->qi.p != NULL ? NULL : "no memory";
    }
    for (size_t i = 0; i < COUNT_OF(all); i++)
        BN_clear_free(*all[i]);
    BN_CTX_free(r.ctx);
    ERR_clear_error();
    return wrong;
}
