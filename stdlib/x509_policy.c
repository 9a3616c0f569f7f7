/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificate policies along a chain: the policy graph of RFC 5280 section 6.1 as RFC 9618 bounds it.
 *
 * The caller accepts any policy, so what can fail a chain is only an explicit policy that is required and missing, or a
 * mapping of anyPolicy. A level of the graph holds each policy at most once.
 */
#include "stdlib/x509_verify.h"

static const struct str any_policy = {"\x55\x1d\x20\x00", 4};

struct node {
    struct der policy;
    struct der *expected; /* policies that the next certificate may show for this one */
    size_t expected_count, expected_cap;
    struct node **parents;
    size_t parent_count, parent_cap;
    size_t children;
    struct node *next; /* in its level */
};

struct graph {
    struct x509_reader *r;
    struct node *levels[X509_MAX_CHAIN + 1];
    size_t depth;
    bool is_null; /* some certificate had no policies at all */
};

static bool is_any(struct der policy)
{
    return str_equal(der_str(policy), any_policy);
}

static struct node *find_node(const struct graph *g, size_t level, struct der policy)
{
    for (struct node *n = g->levels[level]; n != NULL; n = n->next)
        if (der_equal(n->policy, policy))
            return n;
    return NULL;
}

static bool add_expected(struct graph *g, struct node *n, struct der policy)
{
    if (!arena_grow(g->r->ctx->arena, &n->expected, &n->expected_cap, n->expected_count + 1, sizeof *n->expected))
        return x509_nomem(g->r);
    n->expected[n->expected_count++] = policy;
    return true;
}

static bool add_parent(struct graph *g, struct node *n, struct node *parent)
{
    for (size_t i = 0; i < n->parent_count; i++)
        if (n->parents[i] == parent)
            return true;
    if (!arena_grow(g->r->ctx->arena, &n->parents, &n->parent_cap, n->parent_count + 1, sizeof *n->parents))
        return x509_nomem(g->r);
    n->parents[n->parent_count++] = parent;
    parent->children++;
    return true;
}

/* A node at the deepest level, expecting its own policy. */
static struct node *add_node(struct graph *g, struct der policy)
{
    struct node *n = arena_zeroed(g->r->ctx->arena, 1, sizeof *n);
    if (n == NULL) {
        (void)x509_nomem(g->r);
        return NULL;
    }
    n->policy = policy;
    n->next = g->levels[g->depth];
    g->levels[g->depth] = n;
    return add_expected(g, n, policy) ? n : NULL;
}

static bool does_expect(const struct node *n, struct der policy)
{
    for (size_t i = 0; i < n->expected_count; i++)
        if (der_equal(n->expected[i], policy))
            return true;
    return false;
}

/* Adds policy below those that expect it; below anyPolicy when none does and or_any is set. */
static bool add_expected_policy(struct graph *g, struct der policy, bool or_any)
{
    struct node *n = NULL;
    for (struct node *p = g->levels[g->depth - 1]; p != NULL; p = p->next) {
        if (!x509_charge(g->r, 1 + p->expected_count / 4))
            return false;
        if (!does_expect(p, policy))
            continue;
        if (n == NULL && (n = add_node(g, policy)) == NULL)
            return false;
        if (!add_parent(g, n, p))
            return false;
    }
    struct node *any = n == NULL && or_any ? find_node(g, g->depth - 1, (struct der){(const uint8_t *)any_policy.p, 4}) : NULL;
    if (any == NULL)
        return true;
    n = add_node(g, policy);
    return n != NULL && add_parent(g, n, any);
}

static void unlink_node(struct graph *g, size_t level, struct node *n)
{
    for (size_t i = 0; i < n->parent_count; i++)
        n->parents[i]->children--;
    for (struct node **at = &g->levels[level]; *at != NULL; at = &(*at)->next)
        if (*at == n) {
            *at = n->next;
            return;
        }
}

static bool prune(struct graph *g)
{
    for (size_t level = g->depth; level-- > 1;)
        for (struct node *n = g->levels[level], *next; n != NULL; n = next) {
            next = n->next;
            if (!x509_charge(g->r, 1))
                return false;
            if (n->children == 0)
                unlink_node(g, level, n);
        }
    return true;
}

static bool add_certificate_policies(struct graph *g, const struct x509_cert *c, bool any_allowed)
{
    bool shows_any = false;
    for (size_t i = 0; i < c->policies.len; i++) {
        if (is_any(c->policies.items[i]))
            shows_any = true;
        else if (!add_expected_policy(g, c->policies.items[i], true))
            return false;
    }
    if (!shows_any || !any_allowed)
        return true;
    for (struct node *p = g->levels[g->depth - 1]; p != NULL; p = p->next)
        for (size_t i = 0; i < p->expected_count; i++) {
            if (!x509_charge(g->r, 1 + c->policies.len / 4))
                return false;
            if (find_node(g, g->depth, p->expected[i]) == NULL && !add_expected_policy(g, p->expected[i], false))
                return false;
        }
    return true;
}

/* The policy of the issuer, whose expected set becomes the subjects it is mapped to. */
static bool map_policy(struct graph *g, const struct x509_cert *c, size_t first)
{
    struct der issuer = c->mapping_issuer.items[first];
    for (size_t i = 0; i < first; i++)
        if (der_equal(c->mapping_issuer.items[i], issuer))
            return true; /* done with its first mapping */
    struct node *n = find_node(g, g->depth, issuer);
    if (n == NULL) {
        struct node *any = find_node(g, g->depth, (struct der){(const uint8_t *)any_policy.p, 4});
        if (any == NULL)
            return true;
        n = add_node(g, issuer);
        if (n == NULL || !add_parent(g, n, any))
            return false;
    }
    n->expected_count = 0;
    for (size_t i = first; i < c->mapping_issuer.len; i++)
        if (der_equal(c->mapping_issuer.items[i], issuer) && !add_expected(g, n, c->mapping_subject.items[i]))
            return false;
    return true;
}

static bool apply_mappings(struct graph *g, const struct x509_cert *c, bool allowed)
{
    size_t count = c->mapping_issuer.len;
    if (!x509_charge(g->r, 1 + count * count / 4))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (allowed && (is_any(c->mapping_issuer.items[i]) || is_any(c->mapping_subject.items[i])))
            return false;
        struct node *n = allowed ? NULL : find_node(g, g->depth, c->mapping_issuer.items[i]);
        if (n != NULL)
            unlink_node(g, g->depth, n);
    }
    if (!prune(g))
        return false;
    for (size_t i = 0; allowed && i < count; i++)
        if (!map_policy(g, c, i))
            return false;
    return true;
}

/* Is there any policy that the whole chain agrees on? */
static bool has_valid_policy(const struct graph *g)
{
    if (g->is_null)
        return false;
    for (size_t level = 0; level <= g->depth; level++)
        for (const struct node *n = g->levels[level]; n != NULL; n = n->next)
            if (is_any(n->policy) ? level == g->depth : n->parent_count == 1 && is_any(n->parents[0]->policy))
                return true;
    return false;
}

/* How many more certificates may come before a rule bites. */
struct counters {
    int64_t any, explicit_policy, mapping;
};

static void lower_counter(int64_t *counter, int64_t limit, bool is_zero)
{
    if ((limit > 0 || is_zero) && limit < *counter)
        *counter = limit;
}

static void step_counters(struct counters *k, const struct x509_cert *c, bool self_issued)
{
    if (!self_issued) {
        k->explicit_policy -= k->explicit_policy > 0;
        k->mapping -= k->mapping > 0;
        k->any -= k->any > 0;
    }
    lower_counter(&k->explicit_policy, c->require_policy, c->require_policy_zero);
    lower_counter(&k->mapping, c->inhibit_mapping, c->inhibit_mapping_zero);
    lower_counter(&k->any, c->inhibit_any, c->inhibit_any_zero);
}

/* One certificate below the trust anchor; is_leaf: the last one. */
static bool walk_certificate(struct graph *g, const struct x509_cert *c, struct counters *k, bool is_leaf)
{
    bool self_issued = der_equal(c->issuer.raw, c->subject.raw);
    if (c->policies.len == 0)
        g->is_null = true;
    if (g->is_null) {
        if (k->explicit_policy == 0)
            return false;
    } else {
        g->depth++;
        if (!add_certificate_policies(g, c, k->any > 0 || (!is_leaf && self_issued)) || !prune(g))
            return false;
        if (!is_leaf && c->mapping_issuer.len > 0 && !apply_mappings(g, c, k->mapping > 0))
            return false;
    }
    if (!is_leaf)
        step_counters(k, c, self_issued);
    return true;
}

bool x509_check_policies(struct x509_reader *r, const struct x509_chain *chain)
{
    if (chain->len == 1)
        return true;
    struct graph *g = arena_zeroed(r->ctx->arena, 1, sizeof *g);
    if (g == NULL)
        return x509_nomem(r);
    g->r = r;
    int64_t n = (int64_t)chain->len; /* certificates below the anchor, plus one */
    struct counters k = {n, n, n};
    if (add_node(g, (struct der){(const uint8_t *)any_policy.p, any_policy.len}) == NULL)
        return false;
    for (size_t i = chain->len - 1; i-- > 0;)
        if (!walk_certificate(g, chain->certs[i], &k, i == 0))
            return false;
    k.explicit_policy -= k.explicit_policy > 0;
    if (chain->certs[0]->require_policy_zero)
        k.explicit_policy = 0;
    return k.explicit_policy > 0 || has_valid_policy(g);
}
