/* SPDX-License-Identifier: Apache-2.0
 *
 * Set algebra: the operators & and |, union, intersection and difference.
 *
 * Where the result equals an operand the operand itself is the result: sets are immutable and may be shared. Of elements
 * that are equal but written differently (1 and 1.0) the same one survives as in OPA.
 */
#include "stdlib/sets.h"

#include "stdlib/builtins.h"

#define UNITS_PER_ELEMENT 4u /* hash and probe */

static int read_pair(struct bi_ctx *ctx, const struct value *argv, struct set **ret_a, struct set **ret_b)
{
    int status = bi_set(ctx, argv, 1, ret_a);
    if (status == BI_OK)
        status = bi_set(ctx, argv, 2, ret_b);
    if (status == BI_OK)
        status = bi_charge(ctx, ((uint64_t)(*ret_a)->count + (*ret_b)->count) * UNITS_PER_ELEMENT);
    return status;
}

/* The elements of from whose presence in other is wanted. */
static int select_elements(struct bi_ctx *ctx, struct set *from, const struct set *other, bool wanted, struct value *ret)
{
    uint32_t at = 0;
    while (at < from->count && (set_find(other, from->items[at]) != NULL) == wanted)
        at++;
    if (at == from->count) {
        *ret = value_set(from);
        return BI_OK;
    }
    struct set *s = set_new(ctx->arena, from->count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < from->count; i++) {
        bool take = i < at || (i > at && (set_find(other, from->items[i]) != NULL) == wanted);
        if (take && set_add(ctx->arena, s, from->items[i]) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_set(s);
    return BI_OK;
}

static int intersect(struct bi_ctx *ctx, struct set *a, struct set *b, struct value *ret)
{
    return b->count < a->count ? select_elements(ctx, b, a, true, ret) : select_elements(ctx, a, b, true, ret);
}

int sets_difference(struct bi_ctx *ctx, struct set *a, struct set *b, struct value *ret)
{
    return select_elements(ctx, a, b, false, ret);
}

static MUST_CHECK bool add_all(struct bi_ctx *ctx, struct set *to, const struct set *from)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (set_add(ctx->arena, to, from->items[i]) < 0)
            return false;
    return true;
}

int bif_and(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct set *a, *b;
    int status = read_pair(ctx, argv, &a, &b);
    return status != BI_OK ? status : intersect(ctx, a, b, ret);
}

int bif_or(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct set *a, *b;
    int status = read_pair(ctx, argv, &a, &b);
    if (status != BI_OK)
        return status;
    if (a->count == 0 || b->count == 0) {
        *ret = a->count == 0 ? argv[1] : argv[0];
        return BI_OK;
    }
    struct set *s = set_new(ctx->arena, (size_t)a->count + b->count);
    if (s == NULL || !add_all(ctx, s, a) || !add_all(ctx, s, b))
        return bi_nomem(ctx);
    *ret = value_set(s);
    return BI_OK;
}

int bif_set_diff(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct set *a, *b;
    int status = read_pair(ctx, argv, &a, &b);
    return status != BI_OK ? status : sets_difference(ctx, a, b, ret);
}

/* Operand 1 as a set of sets, in order, and how many elements those have together. */
static int read_sets(struct bi_ctx *ctx, const struct value *argv, const struct value **ret_sets, size_t *ret_count,
                     size_t *ret_total)
{
    struct set *outer;
    int status = bi_set(ctx, argv, 1, &outer);
    if (status != BI_OK)
        return status;
    const struct value *sets = set_items(outer);
    *ret_total = 0;
    for (uint32_t i = 0; i < outer->count; i++) {
        if (sets[i].kind != VALUE_SET)
            return bi_operand_error(ctx, 1, "set", sets[i]);
        *ret_total += sets[i].set->count;
    }
    *ret_sets = sets;
    *ret_count = outer->count;
    return bi_charge(ctx, (*ret_total + *ret_count) * UNITS_PER_ELEMENT);
}

int bif_union(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *sets;
    size_t count, total;
    int status = read_sets(ctx, argv, &sets, &count, &total);
    if (status != BI_OK)
        return status;
    struct set *s = set_new(ctx->arena, total);
    if (s == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        if (!add_all(ctx, s, sets[i].set))
            return bi_nomem(ctx);
    *ret = value_set(s);
    return BI_OK;
}

int bif_intersection(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *sets;
    size_t count, total;
    int status = read_sets(ctx, argv, &sets, &count, &total);
    if (status != BI_OK)
        return status;
    if (count == 0) {
        *ret = argv[0];
        return BI_OK;
    }
    struct value result = sets[0];
    for (size_t i = 1; i < count; i++) {
        status = intersect(ctx, result.set, sets[i].set, &result);
        if (status != BI_OK)
            return status;
    }
    *ret = result;
    return BI_OK;
}
