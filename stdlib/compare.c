/* SPDX-License-Identifier: Apache-2.0
 *
 * The comparison operators and membership. All values compare, by Rego's total order.
 */
#include "stdlib/builtins.h"

/* Pays for looking at both at most. What lies deeper is bounded by the memory that holds it. */
static int charge_pair(struct bi_ctx *ctx, const struct value *argv)
{
    uint64_t units = 0;
    for (int i = 0; i < 2; i++) {
        struct value v = argv[i];
        units += v.kind == VALUE_STRING ? v.len / 64 : v.kind > VALUE_STRING ? value_count(v) : 0;
    }
    return bi_charge(ctx, units);
}

static int compare_pair(struct bi_ctx *ctx, const struct value *argv, int *ret_order)
{
    int status = charge_pair(ctx, argv);
    if (status == BI_OK)
        *ret_order = value_compare(argv[0], argv[1]);
    return status;
}

int bif_equal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int status = charge_pair(ctx, argv);
    if (status == BI_OK)
        *ret = value_bool(value_equal(argv[0], argv[1]));
    return status;
}

int bif_neq(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int status = charge_pair(ctx, argv);
    if (status == BI_OK)
        *ret = value_bool(!value_equal(argv[0], argv[1]));
    return status;
}

int bif_lt(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int order = 0, status = compare_pair(ctx, argv, &order);
    *ret = value_bool(order < 0);
    return status;
}

int bif_lte(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int order = 0, status = compare_pair(ctx, argv, &order);
    *ret = value_bool(order <= 0);
    return status;
}

int bif_gt(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int order = 0, status = compare_pair(ctx, argv, &order);
    *ret = value_bool(order > 0);
    return status;
}

int bif_gte(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int order = 0, status = compare_pair(ctx, argv, &order);
    *ret = value_bool(order >= 0);
    return status;
}

static bool is_element(struct value v, struct value array)
{
    for (uint32_t i = 0; i < array.len; i++) {
        if (value_equal(array.items[i], v))
            return true;
    }
    return false;
}

static bool is_member_value(struct value v, const struct object *o)
{
    for (uint32_t i = 0; i < o->count; i++) {
        if (value_equal(o->members[i].value, v))
            return true;
    }
    return false;
}

/* value in collection: false for what is no collection. */
int bif_internal_member_2(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value v = argv[0], in = argv[1];
    int status = bi_charge(ctx, in.kind == VALUE_ARRAY || in.kind == VALUE_OBJECT ? value_count(in) : 1);
    *ret = value_bool(status == BI_OK && ((in.kind == VALUE_SET && set_find(in.set, v) != NULL) ||
                                          (in.kind == VALUE_ARRAY && is_element(v, in)) ||
                                          (in.kind == VALUE_OBJECT && is_member_value(v, in.object))));
    return status;
}

/* key, value in collection. */
int bif_internal_member_3(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    int status = charge_pair(ctx, argv);
    struct value found = value_get(argv[2], argv[0]);
    *ret = value_bool(status == BI_OK && found.kind != VALUE_UNDEFINED && value_equal(found, argv[1]));
    return status;
}
