/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys as JSON. Curves and X25519 keys print as {} in Go, which has nothing public in them.
 */
#include "stdlib/key_json.h"

#include "stdlib/base64.h"

static struct value empty_object(struct go_json *g)
{
    struct object *o = go_json_object(g, 0);
    return o != NULL ? value_object(o) : value_null();
}

static void put_rsa_private(struct go_json *g, struct object *o, const struct key *k)
{
    struct object *computed = go_json_object(g, 4);
    struct value *primes = arena_array(g->ctx->arena, 2, sizeof *primes);
    if (primes == NULL && g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    if (g->status != BI_OK)
        return;
    primes[0] = go_json_number(g, k->p);
    primes[1] = go_json_number(g, k->q);
    go_json_put(g, computed, "Dp", go_json_number(g, k->dp));
    go_json_put(g, computed, "Dq", go_json_number(g, k->dq));
    go_json_put(g, computed, "Qinv", go_json_number(g, k->qi));
    go_json_put(g, computed, "CRTValues", value_array(NULL, 0));
    go_json_put(g, o, "D", go_json_number(g, k->d));
    go_json_put(g, o, "Primes", value_array(primes, 2));
    go_json_put(g, o, "Precomputed", value_object(computed));
}

static struct value rsa_json(struct go_json *g, const struct key *k)
{
    struct object *o = go_json_object(g, 5);
    go_json_put(g, o, "N", go_json_number(g, k->n));
    go_json_put(g, o, "E", go_json_number(g, k->e));
    if (k->is_private)
        put_rsa_private(g, o, k);
    return o != NULL ? value_object(o) : value_null();
}

static struct value ec_json(struct go_json *g, const struct key *k)
{
    struct object *o = go_json_object(g, 4);
    go_json_put(g, o, "Curve", empty_object(g));
    go_json_put(g, o, "X", go_json_number(g, k->x));
    go_json_put(g, o, "Y", go_json_number(g, k->y));
    if (k->is_private)
        go_json_put(g, o, "D", go_json_number(g, k->d));
    return o != NULL ? value_object(o) : value_null();
}

static struct value dsa_json(struct go_json *g, const struct key *k)
{
    struct object *o = go_json_object(g, 4);
    go_json_put(g, o, "P", go_json_number(g, k->p));
    go_json_put(g, o, "Q", go_json_number(g, k->q));
    go_json_put(g, o, "G", go_json_number(g, k->g));
    go_json_put(g, o, "Y", go_json_number(g, k->y));
    return o != NULL ? value_object(o) : value_null();
}

/* The private key of Go is seed and public key in one. */
static struct value ed25519_json(struct go_json *g, const struct key *k)
{
    if (!k->is_private)
        return go_json_bytes(g, k->x);
    struct buf b;
    buf_init(&b, g->ctx->arena);
    buf_str(&b, k->d);
    buf_str(&b, k->x);
    if (b.failed && g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    return go_json_bytes(g, buf_view(&b));
}

struct value key_json(struct go_json *g, const struct key *k)
{
    switch (k->kind) {
    case KEY_RSA:
        return rsa_json(g, k);
    case KEY_EC:
        return ec_json(g, k);
    case KEY_DSA:
        return dsa_json(g, k);
    case KEY_ED25519:
        return ed25519_json(g, k);
    case KEY_X25519:
        return empty_object(g);
    default:
        return value_null();
    }
}

static void put_url64(struct go_json *g, struct object *o, const char *name, struct str bytes)
{
    struct str text = base64_encode(g->ctx->arena, bytes, BASE64_URL, false);
    if (text.p == NULL && g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    if (g->status == BI_OK)
        go_json_put(g, o, name, value_str(text));
}

struct value key_json_jwk(struct go_json *g, const struct key *k)
{
    struct object *o = go_json_object(g, 9);
    if (k->kind == KEY_RSA) {
        const struct {
            const char *name;
            struct str value;
        } numbers[] = {{"n", k->n}, {"e", k->e}, {"p", k->p}, {"q", k->q}, {"dp", k->dp}, {"dq", k->dq}, {"qi", k->qi}};
        go_json_put(g, o, "kty", value_str(STR("RSA")));
        for (size_t i = 0; i < COUNT_OF(numbers); i++)
            put_url64(g, o, numbers[i].name, key_trim(numbers[i].value));
    } else {
        const char *curve = k->kind == KEY_EC ? k->curve->name : k->kind == KEY_ED25519 ? "Ed25519" : "X25519";
        go_json_put(g, o, "kty", value_str(str_cstr(k->kind == KEY_EC ? "EC" : "OKP")));
        go_json_put(g, o, "crv", value_str(str_cstr(curve)));
        put_url64(g, o, "x", k->x);
        if (k->kind == KEY_EC)
            put_url64(g, o, "y", k->y);
    }
    put_url64(g, o, "d", k->kind == KEY_RSA ? key_trim(k->d) : k->d);
    return o != NULL ? value_object(o) : value_null();
}
