/* SPDX-License-Identifier: Apache-2.0
 *
 * Unification, decided while compiling: which side binds is known, because bodies come in a safe order.
 *
 * Two patterns of arrays or objects are taken apart into pairs; pairs wait until one of their sides is closed. What remains
 * closed on both sides is compared.
 */
#include "lang/cg.h"

struct pair {
    const struct term *a, *b;
};

struct pairs {
    struct pair *items;
    size_t count, cap;
};

static void push_pair(struct cg *g, struct pairs *p, const struct term *a, const struct term *b)
{
    if (!arena_grow(g->arena, &p->items, &p->cap, p->count + 1, sizeof *p->items)) {
        cg_fail(g);
        return;
    }
    p->items[p->count++] = (struct pair){a, b};
}

/* A wildcard that nothing reads still gets bound: binding costs nothing. */
static void bind_or_check(struct cg *g, const struct term *var, cg_reg reg)
{
    cg_reg bound = cg_var(g, var->var);
    if (bound == NO_REG)
        cg_bind(g, var->var, reg);
    else if (bound != reg)
        cg_jump(g, OP_EQ, 0, bound, reg, 0, 0, g->fail);
}

static void unify_array_reg(struct cg *g, const struct term *pattern, cg_reg reg)
{
    cg_jump(g, OP_IS_ARRAY, 0, reg, 0, 0, (uint32_t)pattern->list.count, g->fail);
    for (size_t i = 0; i < pattern->list.count && !g->failed; i++) {
        cg_reg item = cg_alloc(g, 1);
        uint32_t index = builder_constant(g->b, value_int((int64_t)i));
        cg_jump(g, OP_GETK, 0, item, reg, 0, index, g->fail);
        cg_unify_reg(g, pattern->list.items[i], item);
    }
}

static void unify_object_reg(struct cg *g, const struct term *pattern, cg_reg reg)
{
    cg_jump(g, OP_IS_OBJECT, 0, reg, 0, 0, (uint32_t)pattern->list.count / 2, g->fail);
    for (size_t i = 0; i + 1 < pattern->list.count && !g->failed; i += 2) {
        const struct term *key = pattern->list.items[i];
        cg_reg item = cg_alloc(g, 1);
        if (term_is_ground_value(key))
            cg_jump(g, OP_GETK, 0, item, reg, 0, cg_constant(g, key), g->fail);
        else {
            cg_reg key_reg = cg_term(g, key); /* may open loops: before the fail label is read */
            cg_jump(g, OP_GET, 0, item, reg, key_reg, 0, g->fail);
        }
        cg_unify_reg(g, pattern->list.items[i + 1], item);
    }
}

void cg_unify_reg(struct cg *g, const struct term *pattern, cg_reg reg)
{
    if (g->failed)
        return;
    if (pattern->kind == TERM_VAR) {
        bind_or_check(g, pattern, reg);
    } else if (term_is_ground_value(pattern)) {
        cg_jump(g, OP_EQK, 0, reg, 0, 0, cg_constant(g, pattern), g->fail);
    } else if (pattern->kind == TERM_ARRAY) {
        unify_array_reg(g, pattern, reg);
    } else if (pattern->kind == TERM_OBJECT) {
        unify_object_reg(g, pattern, reg);
    } else {
        cg_reg r = cg_term(g, pattern);
        cg_jump(g, OP_EQ, 0, r, reg, 0, 0, g->fail);
    }
}

/* Object patterns: the values that pair up under equal constant keys; false when some key has no partner. */
static bool pair_objects(struct cg *g, struct pairs *p, const struct term *a, const struct term *b)
{
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i + 1 < a->list.count; i += 2) {
        size_t j = 0;
        while (j + 1 < b->list.count && term_compare(a->list.items[i], b->list.items[j]) != 0)
            j += 2;
        if (j + 1 >= b->list.count)
            return false;
        push_pair(g, p, a->list.items[i + 1], b->list.items[j + 1]);
    }
    return true;
}

/* Takes two open patterns of one kind apart. false: they can never be equal, and the code fails. */
static bool take_apart(struct cg *g, struct pairs *p, const struct term *a, const struct term *b)
{
    if (a->kind != b->kind || a->list.count != b->list.count)
        return false;
    if (a->kind == TERM_OBJECT)
        return pair_objects(g, p, a, b);
    for (size_t i = 0; i < a->list.count; i++)
        push_pair(g, p, a->list.items[i], b->list.items[i]);
    return true;
}

static bool is_pattern(const struct term *t)
{
    return t->kind == TERM_ARRAY || t->kind == TERM_OBJECT;
}

/* Generates the pair if it is ready. */
static bool unify_ready(struct cg *g, struct pairs *p, struct pair pair)
{
    const struct term *a = pair.a, *b = pair.b;
    bool open_a = cg_is_open(g, a), open_b = cg_is_open(g, b);
    if (is_pattern(a) && is_pattern(b) && (open_a || open_b)) {
        if (!take_apart(g, p, a, b))
            cg_goto(g, g->fail);
        return true;
    }
    if (open_a && open_b)
        return false;
    if (open_b || (!open_a && term_is_ground_value(b))) {
        cg_unify_reg(g, b, cg_term(g, a));
    } else if (open_a || term_is_ground_value(a)) {
        cg_unify_reg(g, a, cg_term(g, b));
    } else {
        cg_reg left = cg_term(g, a); /* the left side's loops are the outer ones */
        cg_reg right = cg_term(g, b);
        cg_jump(g, OP_EQ, 0, left, right, 0, 0, g->fail);
    }
    return true;
}

void cg_unify(struct cg *g, const struct term *a, const struct term *b)
{
    struct pairs p = {0};
    push_pair(g, &p, a, b);
    while (p.count > 0 && !g->failed) {
        size_t i = 0;
        while (i < p.count) {
            struct pair pair = p.items[i];
            memmove(&p.items[i], &p.items[i + 1], (p.count - i - 1) * sizeof *p.items);
            p.count--;
            if (unify_ready(g, &p, pair))
                break;
            /* not ready: back to its place, and on to the next one */
            memmove(&p.items[i + 1], &p.items[i], (p.count - i) * sizeof *p.items);
            p.items[i] = pair;
            p.count++;
            i++;
        }
        if (i == p.count && p.count > 0) {
            const struct term *left = p.items[0].a;
            (void)diag_add(g->c, ERR_UNSAFE_VAR, a->loc, "var %s is unsafe",
                           left->kind == TERM_VAR ? left->var->text : "pattern"); /* always false */
            g->failed = true;
        }
    }
}
