/* SPDX-License-Identifier: Apache-2.0
 *
 * io.jwt.verify_* and io.jwt.decode_verify.
 *
 * The verify functions decide by the algorithm in their name, whatever the token says; decode_verify goes by the token's, which
 * must fit the key. A signature that does not hold is false, never an error.
 */
#include "stdlib/builtins.h"
#include "stdlib/hash.h"
#include "stdlib/jwt.h"
#include "vm/number.h"

/* ---- io.jwt.verify_* with public keys ---- */

struct check {
    enum key_kind kind;
    enum key_scheme scheme;
    const EVP_MD *md;
};

static int try_key(struct bi_ctx *ctx, struct jwk *k, const struct check *check, const struct jwt *t, struct str signature,
                   bool *ret)
{
    *ret = false;
    if (k->key.kind != check->kind || k->key.is_private)
        return BI_OK;
    int status = bi_charge(ctx, key_verify_cost(&k->key) + HASH_COST(t->signed_text.len));
    if (status == BI_OK)
        *ret = key_verify(&k->key, &k->opened, check->scheme, check->md, t->signed_text, signature);
    return status;
}

/* A key that the token names decides alone; else any key whose algorithm, if it has one, is the token's. */
static int try_keys(struct bi_ctx *ctx, const struct jwk_set *keys, const struct jwt_header *h, const struct check *check,
                    const struct jwt *t, struct str signature, bool *ret)
{
    struct jwk *named = jwt_key_by_id(keys, h->kid);
    if (named != NULL)
        return try_key(ctx, named, check, t, signature, ret);
    int status = BI_OK;
    *ret = false;
    for (size_t i = 0; i < keys->len && status == BI_OK && !*ret; i++)
        if (keys->keys[i].alg.len == 0 || str_equal(keys->keys[i].alg, h->alg))
            status = try_key(ctx, &keys->keys[i], check, t, signature, ret);
    return status;
}

static int verify_public(struct bi_ctx *ctx, const struct value *argv, struct check check, struct value *ret)
{
    struct str token, key_text, signature;
    struct jwt t;
    struct jwt_header h;
    struct jwk_set *keys;
    bool holds = false;
    int status = bi_string(ctx, argv, 1, &token);
    if (status == BI_OK)
        status = jwt_split(ctx, token, &t);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &key_text);
    if (status == BI_OK)
        status = jwt_read_keys(ctx, key_text, &keys);
    if (status == BI_OK)
        status = jwt_decode_part(ctx, t.signature_text, "", &signature);
    if (status == BI_OK)
        status = jwt_decode_header(ctx, &t);
    if (status == BI_OK)
        status = jwt_read_header(ctx, &t, &h);
    if (status == BI_OK)
        status = try_keys(ctx, keys, &h, &check, &t, signature, &holds);
    if (status == BI_OK)
        *ret = value_bool(holds);
    return status;
}

int bif_io_jwt_verify_rs256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PKCS1, EVP_sha256()}, ret);
}

int bif_io_jwt_verify_rs384(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PKCS1, EVP_sha384()}, ret);
}

int bif_io_jwt_verify_rs512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PKCS1, EVP_sha512()}, ret);
}

int bif_io_jwt_verify_ps256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PSS_ANY, EVP_sha256()}, ret);
}

int bif_io_jwt_verify_ps384(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PSS_ANY, EVP_sha384()}, ret);
}

int bif_io_jwt_verify_ps512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_RSA, KEY_RSA_PSS_ANY, EVP_sha512()}, ret);
}

int bif_io_jwt_verify_es256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_EC, KEY_ECDSA_PAIR, EVP_sha256()}, ret);
}

int bif_io_jwt_verify_es384(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_EC, KEY_ECDSA_PAIR, EVP_sha384()}, ret);
}

int bif_io_jwt_verify_es512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_EC, KEY_ECDSA_PAIR, EVP_sha512()}, ret);
}

int bif_io_jwt_verify_eddsa(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_public(ctx, argv, (struct check){KEY_ED25519, KEY_EDDSA, NULL}, ret);
}

/* ---- io.jwt.verify_hs* ---- */

static bool is_mac(const EVP_MD *md, struct str secret, struct str text, struct str mac)
{
    uint8_t out[HASH_MAX_BYTES];
    size_t len = hash_hmac(md, secret, text, out);
    return len > 0 && hash_equal(mac, (struct str){(const char *)out, len});
}

static int verify_secret(struct bi_ctx *ctx, const struct value *argv, const EVP_MD *md, struct value *ret)
{
    struct str token, secret, signature;
    struct jwt t;
    int status = bi_string(ctx, argv, 1, &token);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &secret);
    if (status == BI_OK)
        status = jwt_split(ctx, token, &t);
    if (status == BI_OK)
        status = bi_charge(ctx, HASH_COST(token.len + secret.len));
    if (status == BI_OK)
        status = jwt_decode_part(ctx, t.signature_text, "", &signature);
    if (status == BI_OK)
        *ret = value_bool(is_mac(md, secret, t.signed_text, signature));
    return status;
}

int bif_io_jwt_verify_hs256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_secret(ctx, argv, EVP_sha256(), ret);
}

int bif_io_jwt_verify_hs384(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_secret(ctx, argv, EVP_sha384(), ret);
}

int bif_io_jwt_verify_hs512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return verify_secret(ctx, argv, EVP_sha512(), ret);
}

/* ---- io.jwt.decode_verify: constraints ---- */

struct constraints {
    struct jwk_set *keys;             /* NULL = none */
    struct str secret, alg, iss, aud; /* "" = none */
    double time;                      /* nanoseconds; -1 = the host's */
};

static int read_time(struct bi_ctx *ctx, struct value v, double *ret)
{
    if (v.kind != VALUE_NUMBER)
        return bi_fail(ctx, "token time constraint: must be a number");
    double t = number_double(v);
    if (!(t <= 1.7976931348623157e308 && t >= -1.7976931348623157e308))
        return bi_fail(ctx, "token time constraint: unvalid float64");
    if (t < 0)
        return bi_fail(ctx, "token time constraint: must not be negative");
    *ret = t;
    return BI_OK;
}

static int read_constraint(struct bi_ctx *ctx, struct str name, struct value v, struct constraints *c)
{
    const struct {
        const char *name;
        struct str *place;
    } texts[] = {{"secret", &c->secret}, {"alg", &c->alg}, {"iss", &c->iss}, {"aud", &c->aud}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_equal(name, str_cstr(texts[i].name))) {
            if (v.kind != VALUE_STRING)
                return bi_fail(ctx, "%s constraint: must be a string", texts[i].name);
            *texts[i].place = value_text(v);
            return BI_OK;
        }
    if (str_equal(name, STR("time")))
        return read_time(ctx, v, &c->time);
    if (!str_equal(name, STR("cert")))
        return bi_fail(ctx, "unknown token validation constraint: %.*s", (int)(name.len > 500 ? 500 : name.len), name.p);
    if (v.kind != VALUE_STRING)
        return bi_fail(ctx, "cert constraint: must be a string");
    return jwt_read_keys(ctx, value_text(v), &c->keys);
}

static int read_constraints(struct bi_ctx *ctx, struct object *o, struct constraints *ret)
{
    const struct member *members = object_members(o);
    *ret = (struct constraints){.secret = {"", 0}, .alg = {"", 0}, .iss = {"", 0}, .aud = {"", 0}, .time = -1};
    for (uint32_t i = 0; i < o->count; i++) {
        if (members[i].key.kind != VALUE_STRING)
            return bi_fail(ctx, "unknown token validation constraint: a %s", value_kind_name(members[i].key.kind));
        int status = read_constraint(ctx, value_text(members[i].key), members[i].value, ret);
        if (status != BI_OK)
            return status;
    }
    if (ret->keys != NULL && ret->secret.len > 0)
        return bi_fail(ctx, "duplicate key constraints");
    return ret->keys != NULL || ret->secret.len > 0 ? BI_OK : bi_fail(ctx, "no key constraint");
}

/* ---- io.jwt.decode_verify: signature ---- */

static enum key_kind kind_of_family(enum jwt_family family)
{
    switch (family) {
    case JWT_HMAC:
        return KEY_SECRET;
    case JWT_RSA:
        return KEY_RSA;
    case JWT_ECDSA:
        return KEY_EC;
    case JWT_EDDSA:
        return KEY_ED25519;
    }
    return KEY_NONE;
}

static int check_signature(struct bi_ctx *ctx, struct jwk *jwk, const struct jwt_algorithm *a, const struct jwt *t,
                           struct str signature, bool *ret)
{
    const struct key *k = &jwk->key;
    *ret = false;
    if (a == NULL || k->kind != kind_of_family(a->family))
        return BI_OK;
    uint64_t cost = k->kind == KEY_SECRET ? HASH_COST(k->d.len) : key_verify_cost(k);
    int status = bi_charge(ctx, cost + HASH_COST(t->signed_text.len));
    if (status != BI_OK)
        return status;
    if (a->family == JWT_HMAC)
        *ret = is_mac(a->digest(), k->d, t->signed_text, signature);
    else if (a->family != JWT_ECDSA || signature.len == 2 * key_curve_bytes(k->curve))
        *ret = key_verify(k, &jwk->opened, a->scheme, a->digest(), t->signed_text, signature);
    return BI_OK;
}

static int verify_signature(struct bi_ctx *ctx, const struct constraints *c, const struct jwt_header *h, const struct jwt *t,
                            struct str signature, bool *ret)
{
    const struct jwt_algorithm *a = jwt_find_algorithm(h->alg);
    if (c->keys == NULL) {
        struct jwk secret = {.key = {.kind = KEY_SECRET, .d = c->secret}};
        return check_signature(ctx, &secret, a, t, signature, ret);
    }
    struct jwk *named = jwt_key_by_id(c->keys, h->kid);
    if (named != NULL)
        return check_signature(ctx, named, a, t, signature, ret);
    int status = BI_OK;
    *ret = false;
    for (size_t i = 0; i < c->keys->len && status == BI_OK && !*ret; i++)
        if (c->keys->keys[i].alg.len == 0 || str_equal(c->keys->keys[i].alg, h->alg))
            status = check_signature(ctx, &c->keys->keys[i], a, t, signature, ret);
    return status;
}

/* ---- io.jwt.decode_verify: claims ---- */

static bool is_audience(struct value aud, struct str wanted)
{
    if (aud.kind == VALUE_STRING)
        return str_equal(value_text(aud), wanted);
    for (uint32_t i = 0; aud.kind == VALUE_ARRAY && i < aud.len; i++)
        if (aud.items[i].kind == VALUE_STRING && str_equal(value_text(aud.items[i]), wanted))
            return true;
    return false;
}

/* The order of now, in seconds, to the claim: both as the numbers that OPA compares. */
static int compare_time(struct bi_ctx *ctx, const char *name, struct value claim, double nanos, int *ret)
{
    struct value now;
    if (claim.kind != VALUE_NUMBER)
        return bi_fail(ctx, "%s value must be a number", name);
    if (nanos < 0) {
        if (ctx->host == NULL || !ctx->host->has_clock)
            return bi_fail(ctx, "the host grants no clock, and there is no time constraint");
        nanos = (double)ctx->host->now_ns;
        if (nanos < 0)
            return bi_fail(ctx, "token time constraint: must not be negative");
    }
    if (number_from_double(ctx->arena, nanos / 1000000000, &now) != NUMBER_OK)
        return bi_nomem(ctx);
    *ret = number_compare(now, claim);
    return BI_OK;
}

static int check_claims(struct bi_ctx *ctx, const struct constraints *c, struct object *payload, bool *ret)
{
    const struct value *iss = object_find_str(payload, STR("iss")), *aud = object_find_str(payload, STR("aud"));
    const struct value *exp = object_find_str(payload, STR("exp")), *nbf = object_find_str(payload, STR("nbf"));
    int order, status;
    *ret = false;
    if (c->iss.len > 0 && (iss == NULL || iss->kind != VALUE_STRING || !str_equal(value_text(*iss), c->iss)))
        return BI_OK;
    if (aud != NULL ? !is_audience(*aud, c->aud) : c->aud.len > 0)
        return BI_OK;
    if (exp != NULL) {
        status = compare_time(ctx, "exp", *exp, c->time, &order);
        if (status != BI_OK || order >= 0)
            return status;
    }
    if (nbf != NULL) {
        status = compare_time(ctx, "nbf", *nbf, c->time, &order);
        if (status != BI_OK || order < 0)
            return status;
    }
    *ret = true;
    return BI_OK;
}

/* ---- io.jwt.decode_verify ---- */

static bool is_jwt(struct str s)
{
    return s.len == 3 && (s.p[0] | 0x20) == 'j' && (s.p[1] | 0x20) == 'w' && (s.p[2] | 0x20) == 't';
}

/* Verifies one token. *ret_valid false: it is not; else *ret_payload is what it carries. */
static int verify_layer(struct bi_ctx *ctx, const struct constraints *c, struct str token, struct jwt *t, bool *ret_valid,
                        bool *ret_nested, struct str *ret_payload)
{
    struct jwt_header h;
    struct str signature;
    *ret_valid = false;
    int status = jwt_split(ctx, token, t);
    if (status == BI_OK)
        status = jwt_decode_header(ctx, t);
    if (status == BI_OK)
        status = jwt_read_header(ctx, t, &h);
    if (status != BI_OK || h.alg.len == 0 || h.has_unknown_critical || (c->alg.len > 0 && !str_equal(c->alg, h.alg)))
        return status;
    status = jwt_decode_part(ctx, t->signature_text, "", &signature);
    if (status == BI_OK)
        status = verify_signature(ctx, c, &h, t, signature, ret_valid);
    if (status == BI_OK && *ret_valid)
        status = jwt_decode_part(ctx, t->payload_text, "JWT payload had invalid encoding: ", ret_payload);
    *ret_nested = is_jwt(h.cty);
    return status;
}

static int return_triple(struct bi_ctx *ctx, bool valid, struct object *header, struct object *payload, struct value *ret)
{
    struct value *parts = arena_array(ctx->arena, 3, sizeof *parts);
    struct object *empty = object_new(ctx->arena, 0);
    if (parts == NULL || empty == NULL)
        return bi_nomem(ctx);
    parts[0] = value_bool(valid);
    parts[1] = value_object(valid ? header : empty);
    parts[2] = value_object(valid ? payload : empty);
    *ret = value_array(parts, 3);
    return BI_OK;
}

int bif_io_jwt_decode_verify(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *options, *payload = NULL;
    struct constraints c;
    struct jwt t = {.header = NULL};
    struct str token;
    bool valid = true, nested = true;
    int status = bi_object(ctx, argv, 2, &options);
    if (status == BI_OK)
        status = read_constraints(ctx, options, &c);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 1, &token);
    while (status == BI_OK && valid && nested) /* a token within a token is shorter by a quarter at least */
        status = verify_layer(ctx, &c, token, &t, &valid, &nested, &token);
    if (status == BI_OK && valid)
        status = jwt_parse_object(ctx, token, "", &payload);
    if (status == BI_OK && valid)
        status = check_claims(ctx, &c, payload, &valid);
    return status == BI_OK ? return_triple(ctx, valid, t.header, payload, ret) : status;
}
