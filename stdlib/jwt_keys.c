/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys that tokens are verified with: read once and kept, for policies verify many tokens with few keys.
 *
 * A kept set is one allocation: the set, its keys, then their bytes. It has what verifying needs: public numbers, and secrets
 * of HMAC; it is overwritten when it goes.
 */
#include <openssl/crypto.h>

#include "stdlib/jwt.h"
#include "stdlib/key_parse.h"
#include "stdlib/pem.h"
#include "stdlib/x509_cert.h"

#define OPENED_BYTES 4096 /* about what OpenSSL takes for a key that is open */

struct kept {
    size_t bytes;
    struct jwk_set set;
    struct jwk keys[];
};

/* ---- reading ---- */

static int read_pem_key(struct bi_ctx *ctx, const struct pem_block *block, struct key *ret)
{
    struct x509_reader r = {.ctx = ctx};
    struct x509_cert cert;
    struct der der = der_of(block->bytes);
    if (str_equal(block->type, STR("CERTIFICATE"))) {
        bool ok = x509_read_cert(&r, &der, &cert);
        if (r.halt != BI_OK)
            return r.halt;
        if (!ok || der.len > 0)
            return bi_fail(ctx, "failed to parse a PEM certificate: %s", ok ? "x509: trailing data" : r.wrong);
        *ret = cert.key;
        return BI_OK;
    }
    if (!str_equal(block->type, STR("PUBLIC KEY")))
        return bi_fail(ctx, "failed to extract a Key from the PEM certificate");
    int status = bi_charge(ctx, KEY_POINT_COST);
    if (status != BI_OK)
        return status;
    const char *wrong = key_parse_pkix(ctx->arena, der, ret);
    if (ctx->arena->failed != ARENA_OK)
        return bi_nomem(ctx);
    return wrong == NULL ? BI_OK : bi_fail(ctx, "failed to parse a PEM public key: %s", wrong);
}

/* Drops the keys of algorithms that OPA does not know; the others must be usable. */
static int select_keys(struct bi_ctx *ctx, struct jwk_set *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->len; i++) {
        const char *wrong = jwk_check(ctx, &set->keys[i]);
        if (wrong != NULL)
            return ctx->arena->failed != ARENA_OK ? bi_nomem(ctx) : bi_fail(ctx, "%s", wrong);
        if (set->keys[i].alg.len == 0 || jwt_is_known(set->keys[i].alg))
            set->keys[kept++] = set->keys[i];
        else
            jwk_wipe(&(struct jwk_set){&set->keys[i], 1});
    }
    set->len = kept;
    return BI_OK;
}

static int parse_keys(struct bi_ctx *ctx, struct str text, struct jwk_set *ret)
{
    struct pem_block block;
    struct str rest = text, error;
    int status = bi_charge(ctx, 50 + text.len);
    if (status != BI_OK)
        return status;
    if (pem_next(ctx->arena, &rest, &block)) {
        if (rest.len > 0)
            return bi_fail(ctx, "extra data after a PEM certificate block");
        ret->keys = arena_zeroed(ctx->arena, 1, sizeof *ret->keys);
        if (ret->keys == NULL)
            return bi_nomem(ctx);
        ret->len = 1;
        return read_pem_key(ctx, &block, &ret->keys[0].key);
    }
    if (ctx->arena->failed != ARENA_OK)
        return bi_nomem(ctx);
    status = jwk_parse(ctx, text, ret, &error);
    if (status != BI_OK)
        return status;
    if (error.len > 0)
        return bi_fail(ctx, "failed to parse a JWK key (set): jwk.ParseString: failed to parse string: %.*s",
                       (int)(error.len > 800 ? 800 : error.len), error.p);
    return select_keys(ctx, ret);
}

/* ---- keeping ---- */

#define KEPT_FIELDS 7

/* The fields of a key that are kept. */
static void list_fields(struct jwk *k, struct str *out[KEPT_FIELDS])
{
    struct str *fields[KEPT_FIELDS] = {&k->alg, &k->kid, &k->key.n, &k->key.e, &k->key.x, &k->key.y, &k->key.d};
    memcpy(out, fields, sizeof fields);
}

/* What verifying does not need is left behind. */
static struct jwk without_secrets(const struct jwk *k)
{
    struct jwk copy = *k;
    struct str none = {NULL, 0};
    copy.key.p = copy.key.q = copy.key.dp = copy.key.dq = copy.key.qi = copy.key.g = none;
    if (copy.key.kind != KEY_SECRET)
        copy.key.d = none;
    return copy;
}

static bool measure(const struct jwk_set *set, size_t *ret)
{
    size_t keys;
    if (!size_mul(set->len, sizeof *set->keys, &keys) || !size_add(sizeof(struct kept), keys, ret))
        return false;
    for (size_t i = 0; i < set->len; i++) {
        struct jwk copy = without_secrets(&set->keys[i]);
        struct str *fields[KEPT_FIELDS];
        list_fields(&copy, fields);
        for (size_t f = 0; f < KEPT_FIELDS; f++)
            if (!size_add(*ret, fields[f]->len, ret))
                return false;
    }
    return true;
}

static void copy_keys(const struct jwk_set *set, struct kept *kept)
{
    char *at = (char *)&kept->keys[set->len];
    for (size_t i = 0; i < set->len; i++) {
        struct jwk *k = &kept->keys[i];
        struct str *fields[KEPT_FIELDS];
        *k = without_secrets(&set->keys[i]);
        k->opened = NULL;
        list_fields(k, fields);
        for (size_t f = 0; f < KEPT_FIELDS; f++) {
            if (fields[f]->len == 0)
                continue;
            memcpy(at, fields[f]->p, fields[f]->len);
            fields[f]->p = at;
            at += fields[f]->len;
        }
    }
}

static int make_keys(struct bi_ctx *ctx, struct str text, const struct alloc *alloc, void **ret, size_t *ret_bytes)
{
    struct jwk_set set = {NULL, 0};
    size_t bytes = 0;
    int status = parse_keys(ctx, text, &set);
    if (status == BI_OK && !measure(&set, &bytes))
        status = bi_nomem(ctx);
    struct kept *kept = status == BI_OK ? alloc_get(alloc, bytes) : NULL;
    if (status == BI_OK && kept == NULL)
        status = bi_halt(ctx, ERR_NOMEM, "%s: no memory for keys", ctx->def->name);
    if (status == BI_OK) {
        kept->bytes = bytes;
        kept->set = (struct jwk_set){kept->keys, set.len};
        copy_keys(&set, kept);
        *ret = kept;
        *ret_bytes = bytes + set.len * OPENED_BYTES;
    }
    jwk_wipe(&set);
    return status;
}

static void drop_keys(void *thing, const struct alloc *alloc)
{
    struct kept *kept = thing;
    size_t bytes = kept->bytes;
    for (size_t i = 0; i < kept->set.len; i++)
        EVP_PKEY_free(kept->keys[i].opened);
    OPENSSL_cleanse(kept, bytes);
    alloc_release(alloc, kept, bytes);
}

static const struct bi_class keys_class = {.name = "keys of tokens", .make = make_keys, .drop = drop_keys};

int jwt_read_keys(struct bi_ctx *ctx, struct str text, struct jwk_set **ret)
{
    void *thing;
    int status = bi_cached(ctx, &keys_class, text, &thing);
    if (status == BI_OK)
        *ret = &((struct kept *)thing)->set;
    return status;
}

struct jwk *jwt_key_by_id(const struct jwk_set *keys, struct str kid)
{
    for (size_t i = 0; i < keys->len && kid.len > 0; i++)
        if (str_equal(keys->keys[i].kid, kid))
            return &keys->keys[i];
    return NULL;
}
