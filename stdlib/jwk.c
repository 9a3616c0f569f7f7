/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Web Keys.
 *
 * Members are checked for their types even when nothing here uses them, because the library does. Numbers may be in base64 of
 * any of the four kinds; which one is guessed from the text, as the library guesses.
 */
#include "stdlib/jwk.h"

#include <openssl/crypto.h>

#include "stdlib/base64.h"
#include "stdlib/x509_cert.h"
#include "vm/json.h"

#define MAX_CHAIN 10 /* certificates in x5c */

/* A reading in progress. wrong: static or in the arena. */
struct reader {
    struct bi_ctx *ctx;
    const char *wrong;
    int halt;
};

static const char *const algorithms[] = {
    "ES256",
    "ES256K",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
    "HS256",
    "HS384",
    "HS512",
    "none",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
    "A128GCMKW",
    "A128KW",
    "A192GCMKW",
    "A192KW",
    "A256GCMKW",
    "A256KW",
    "dir",
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
    "PBES2-HS256+A128KW",
    "PBES2-HS384+A192KW",
    "PBES2-HS512+A256KW",
    "RSA1_5",
    "RSA-OAEP",
    "RSA-OAEP-256",
    "RSA-OAEP-384",
    "RSA-OAEP-512",
    "A128CBC-HS256",
    "A128GCM",
    "A192CBC-HS384",
    "A192GCM",
    "A256CBC-HS512",
    "A256GCM",
};

static const char *const curve_names[] = {"Ed25519", "Ed448", "P-256", "P-384", "P-521", "X25519", "X448"};

static bool fail(struct reader *r, const char *text)
{
    if (r->wrong == NULL)
        r->wrong = text;
    return false;
}

static bool pay(struct reader *r, uint64_t units)
{
    if (r->halt == BI_OK)
        r->halt = bi_charge(r->ctx, units);
    return r->halt == BI_OK;
}

static bool fail_member(struct reader *r, const char *name)
{
    struct str text = arena_printf(r->ctx->arena, "failed to decode value for key %s", name);
    if (text.p == NULL)
        r->halt = bi_nomem(r->ctx);
    return fail(r, text.p != NULL ? text.p : "");
}

static bool is_one_of(struct str s, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(s, str_cstr(list[i])))
            return true;
    return false;
}

static const struct value *member(struct object *o, const char *name)
{
    return object_find_str(o, str_cstr(name));
}

/* A member that must be a string when it is there; null counts as "". */
static bool read_text(struct reader *r, struct object *o, const char *name, struct str *ret, bool *ret_present)
{
    const struct value *v = member(o, name);
    *ret_present = v != NULL;
    *ret = v != NULL && v->kind == VALUE_STRING ? value_text(*v) : (struct str){"", 0};
    return v == NULL || v->kind == VALUE_STRING || v->kind == VALUE_NULL || fail_member(r, name);
}

/* Bytes in base64; p NULL when the member is missing. */
static bool read_bytes(struct reader *r, struct object *o, const char *name, struct str *ret)
{
    struct str text;
    bool present;
    size_t at;
    *ret = (struct str){NULL, 0};
    if (!read_text(r, o, name, &text, &present))
        return false;
    if (!present)
        return true;
    bool padded = text.len > 0 && text.p[text.len - 1] == '=';
    bool standard = text.len > 0 && (memchr(text.p, '+', text.len) != NULL || memchr(text.p, '/', text.len) != NULL);
    switch (base64_decode(r->ctx->arena, text, standard ? BASE64_STANDARD : BASE64_URL, padded, ret, &at)) {
    case BASE64_OK:
        return true;
    case BASE64_NOMEM:
        r->halt = bi_nomem(r->ctx);
        return false;
    default:
        return fail_member(r, name);
    }
}

/* ---- members that say how a key may be used ---- */

static bool check_operations(struct reader *r, const struct value *v)
{
    if (v == NULL)
        return true;
    if (v->kind != VALUE_ARRAY && v->kind != VALUE_NULL)
        return fail_member(r, "key_ops");
    for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->len; i++)
        if (v->items[i].kind != VALUE_STRING && v->items[i].kind != VALUE_NULL)
            return fail_member(r, "key_ops");
    return true;
}

static bool check_certificate(struct reader *r, struct value v)
{
    struct x509_reader inner = {.ctx = r->ctx};
    struct x509_cert cert;
    struct str der;
    size_t at;
    if (v.kind != VALUE_STRING)
        return fail_member(r, "x5c");
    enum base64_status status = base64_decode(r->ctx->arena, value_text(v), BASE64_STANDARD, true, &der, &at);
    if (status == BASE64_NOMEM)
        r->halt = bi_nomem(r->ctx);
    if (status != BASE64_OK)
        return fail_member(r, "x5c");
    struct der rest = der_of(der);
    bool ok = x509_read_cert(&inner, &rest, &cert) && rest.len == 0;
    r->halt = inner.halt;
    return ok || fail_member(r, "x5c");
}

static bool check_common(struct reader *r, struct object *o)
{
    static const char *const texts[] = {"use", "x5t", "x5t#S256", "x5u"};
    const struct value *chain = member(o, "x5c");
    struct str ignored;
    bool present;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!read_text(r, o, texts[i], &ignored, &present))
            return false;
    if (!check_operations(r, member(o, "key_ops")))
        return false;
    if (chain != NULL && (chain->kind != VALUE_ARRAY || chain->len > MAX_CHAIN))
        return fail_member(r, "x5c");
    for (uint32_t i = 0; chain != NULL && i < chain->len; i++)
        if (!check_certificate(r, chain->items[i]))
            return false;
    return true;
}

/* ---- kinds of keys ---- */

static bool read_rsa(struct reader *r, struct object *o, struct key *k)
{
    const struct {
        const char *name;
        struct str *place;
    } private[] = {{"d", &k->d}, {"p", &k->p}, {"q", &k->q}, {"dp", &k->dp}, {"dq", &k->dq}, {"qi", &k->qi}};
    k->kind = KEY_RSA;
    if (!read_bytes(r, o, "n", &k->n) || !read_bytes(r, o, "e", &k->e))
        return false;
    for (size_t i = 0; i < COUNT_OF(private) && k->is_private; i++)
        if (!read_bytes(r, o, private[i].name, private[i].place))
            return false;
    if (k->e.p == NULL)
        return fail(r, "required field e is missing");
    if (k->n.p == NULL)
        return fail(r, "required field n is missing");
    k->n = key_trim(k->n);
    k->e = key_trim(k->e);
    if (k->n.len == 0)
        return fail(r, "missing \"n\" value");
    if (k->e.len == 0)
        return fail(r, "missing \"e\" value");
    if ((k->e.p[k->e.len - 1] & 1) == 0)
        return fail(r, "invalid rsa public exponent: must be a positive odd integer");
    if (key_bits(k->e) >= 64)
        return fail(r, "rsa public exponent too large for this platform");
    return !k->is_private || k->d.len > 0 || fail(r, "missing \"d\" value");
}

/* The member crv, which must be a name that is known. */
static bool read_curve(struct reader *r, struct object *o, struct str *ret)
{
    bool present;
    if (!read_text(r, o, "crv", ret, &present))
        return false;
    if (!present)
        return fail(r, "required field crv is missing");
    return is_one_of(*ret, curve_names, COUNT_OF(curve_names)) || fail_member(r, "crv");
}

static bool read_ec(struct reader *r, struct object *o, struct key *k)
{
    struct str name;
    k->kind = KEY_EC;
    if (!read_curve(r, o, &name) || !read_bytes(r, o, "x", &k->x) || !read_bytes(r, o, "y", &k->y) ||
        (k->is_private && !read_bytes(r, o, "d", &k->d)))
        return false;
    k->curve = key_curve_by_name(name);
    if (k->curve == NULL)
        return fail(r, "invalid curve algorithm");
    size_t width = key_curve_bytes(k->curve);
    if (k->x.len != width)
        return fail(r, "invalid \"x\" length");
    if (k->y.len != width)
        return fail(r, "invalid \"y\" length");
    if (!pay(r, KEY_POINT_COST))
        return false;
    if (!key_is_on_curve(k))
        return fail(r, "invalid ECDSA public key: crypto/ecdh: invalid public key");
    return !k->is_private || k->d.len == width || fail(r, "invalid \"d\" length");
}

static bool read_okp(struct reader *r, struct object *o, struct key *k)
{
    struct str name;
    if (!read_curve(r, o, &name) || !read_bytes(r, o, "x", &k->x) || (k->is_private && !read_bytes(r, o, "d", &k->d)))
        return false;
    k->kind = str_equal(name, STR("Ed25519")) ? KEY_ED25519 : str_equal(name, STR("X25519")) ? KEY_X25519 : KEY_NONE;
    if (k->x.len == 0)
        return fail(r, "missing \"x\" field");
    if (k->kind != KEY_NONE && k->x.len != 32)
        return fail(r, "wrong public key size");
    if (k->is_private && k->d.len == 0)
        return fail(r, "missing \"d\" field");
    if (k->is_private && !pay(r, key_verify_cost(k))) /* jwk_check makes the public key of it */
        return false;
    return !k->is_private || k->kind == KEY_NONE || k->d.len == 32 || fail(r, "wrong private key size");
}

static bool read_secret(struct reader *r, struct object *o, struct key *k)
{
    k->kind = KEY_SECRET;
    k->is_private = true;
    if (!read_bytes(r, o, "k", &k->d))
        return false;
    return k->d.len > 0 || fail(r, "missing \"k\" field");
}

static bool fail_type(struct reader *r, struct str type)
{
    struct str text = arena_printf(r->ctx->arena, "invalid key type from JSON (%.*s)", (int)(type.len > 200 ? 200 : type.len),
                                   type.p);
    if (text.p == NULL)
        r->halt = bi_nomem(r->ctx);
    return fail(r, text.p != NULL ? text.p : "");
}

static bool read_key(struct reader *r, struct value v, struct jwk *ret)
{
    struct str type;
    bool present;
    *ret = (struct jwk){.alg = {"", 0}, .kid = {"", 0}, .opened = NULL};
    if (v.kind != VALUE_OBJECT)
        return fail(r, v.kind == VALUE_NULL ? "invalid key type from JSON ()" : "probe: failed to unmarshal data");
    struct object *o = v.object;
    if (!read_text(r, o, "kty", &type, &present))
        return false;
    ret->key.is_private = member(o, "d") != NULL;
    bool ok = str_equal(type, STR("RSA"))   ? read_rsa(r, o, &ret->key)
              : str_equal(type, STR("EC"))  ? read_ec(r, o, &ret->key)
              : str_equal(type, STR("OKP")) ? read_okp(r, o, &ret->key)
              : str_equal(type, STR("oct")) ? read_secret(r, o, &ret->key)
                                            : fail_type(r, type);
    if (!ok || !check_common(r, o) || !read_text(r, o, "kid", &ret->kid, &present) ||
        !read_text(r, o, "alg", &ret->alg, &present))
        return false;
    return !present || is_one_of(ret->alg, algorithms, COUNT_OF(algorithms)) || fail_member(r, "alg");
}

/* ---- sets ---- */

static bool read_set(struct reader *r, struct object *o, struct jwk_set *ret)
{
    const struct value *list = member(o, "keys");
    if (list->kind != VALUE_ARRAY)
        return fail(r, "failed to decode \"keys\": expected '['");
    if (list->len > JWK_MAX_KEYS)
        return fail(r, "too many keys in \"keys\" array: max 1000");
    ret->keys = arena_array(r->ctx->arena, list->len, sizeof *ret->keys);
    if (ret->keys == NULL) {
        r->halt = bi_nomem(r->ctx);
        return false;
    }
    while (ret->len < list->len) {
        struct jwk *k = &ret->keys[ret->len];
        *k = (struct jwk){.opened = NULL};
        ret->len++; /* a key that is read in part is wiped too */
        if (!read_key(r, list->items[ret->len - 1], k))
            return false;
    }
    return true;
}

static bool is_blank(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
            return false;
    return true;
}

static bool read_one(struct reader *r, struct value v, struct jwk_set *ret)
{
    ret->keys = arena_alloc(r->ctx->arena, sizeof *ret->keys);
    if (ret->keys == NULL) {
        r->halt = bi_nomem(r->ctx);
        return false;
    }
    ret->len = 1;
    return read_key(r, v, ret->keys);
}

int jwk_parse(struct bi_ctx *ctx, struct str text, struct jwk_set *ret, struct str *ret_error)
{
    struct err e = {.code = ERR_OK};
    struct json_options options = {.borrow = true};
    struct reader r = {.ctx = ctx};
    struct value v;
    size_t used;
    *ret = (struct jwk_set){NULL, 0};
    *ret_error = (struct str){"", 0};
    int status = bi_charge(ctx, 100 + text.len * 2);
    if (status != BI_OK)
        return status;
    if (json_parse_prefix(ctx->arena, text, &options, &v, &used, &e) != 0) {
        if (e.code != ERR_JSON)
            return bi_halt(ctx, e.code, "%s", e.text);
        *ret_error = arena_printf(ctx->arena,
                                  "jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe "
                                  "data: probe: failed to unmarshal data: %s",
                                  e.text);
        return ret_error->p != NULL ? BI_OK : bi_nomem(ctx);
    }
    /* What follows the document makes it no set, but is not looked at behind a key. */
    bool whole = is_blank((struct str){text.p + used, text.len - used});
    bool is_set = whole && v.kind == VALUE_OBJECT && member(v.object, "keys") != NULL;
    bool ok = is_set ? read_set(&r, v.object, ret) : read_one(&r, v, ret);
    if (r.halt != BI_OK) {
        jwk_wipe(ret);
        return r.halt;
    }
    if (!ok) {
        *ret_error = is_set ? arena_printf(ctx->arena,
                                           "jwk.Parse: failed to unmarshal JWK set: failed to decode key #%zu in "
                                           "\"keys\": jwk.ParseKey: %s",
                                           ret->len > 0 ? ret->len - 1 : 0, r.wrong)
                            : arena_printf(ctx->arena, "jwk.Parse: failed to parse sole key: jwk.ParseKey: %s", r.wrong);
        jwk_wipe(ret);
    }
    return ret_error->p != NULL ? BI_OK : bi_nomem(ctx);
}

const char *jwk_check(struct bi_ctx *ctx, struct jwk *k)
{
    struct key *key = &k->key;
    if (key->kind == KEY_NONE)
        return "jwk.Export: failed to export jwk.Key to raw format: invalid curve algorithm";
    if (key->kind == KEY_RSA && key->is_private) {
        if (key->q.p == NULL)
            return "jwk.Export: failed to export jwk.Key to raw format: missing \"q\" value";
        return key->p.p == NULL ? "jwk.Export: failed to export jwk.Key to raw format: missing \"p\" value" : NULL;
    }
    if (key->kind == KEY_ED25519 && key->is_private) {
        struct key derived = *key;
        const char *wrong = key_derive_public(ctx->arena, &derived);
        if (wrong != NULL || !str_equal(derived.x, key->x))
            return "jwk.Export: failed to export jwk.Key to raw format: ed25519: invalid x value given d value";
    }
    return NULL;
}

void jwk_wipe(struct jwk_set *set)
{
    for (size_t i = 0; i < set->len; i++) {
        struct key *k = &set->keys[i].key;
        struct str *secrets[] = {&k->d, &k->p, &k->q, &k->dp, &k->dq, &k->qi};
        for (size_t s = 0; s < COUNT_OF(secrets); s++) {
            if (secrets[s]->p != NULL && secrets[s]->len > 0)
                OPENSSL_cleanse((void *)(uintptr_t)secrets[s]->p, secrets[s]->len); /* ours: decoded into the arena */
            *secrets[s] = (struct str){NULL, 0};
        }
    }
}
