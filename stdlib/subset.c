/* SPDX-License-Identifier: Apache-2.0
 *
 * object.subset: is one collection contained in another, deeply for objects.
 *
 * Of arrays, the smaller must occur as a run in the larger; of an array and a set, the set's elements must occur. Each
 * comparison of two values is charged by the size of the smaller, since nested objects are compared again on each level.
 */
#include "stdlib/builtins.h"

#define UNITS_PER_STEP 4u

static int test_objects(struct bi_ctx *ctx, const struct object *super, const struct object *sub, bool *ret);

static int test_sets(struct bi_ctx *ctx, const struct set *super, const struct set *sub, bool *ret)
{
    int status = bi_charge(ctx, (uint64_t)sub->count * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    uint32_t i = 0;
    while (i < sub->count && set_find(super, sub->items[i]) != NULL)
        i++;
    *ret = i == sub->count;
    return BI_OK;
}

/* Does sub occur as a run of super? */
static int test_arrays(struct bi_ctx *ctx, struct value super, struct value sub, bool *ret)
{
    *ret = false;
    if (sub.len > super.len)
        return BI_OK;
    for (uint32_t start = 0; start <= super.len - sub.len; start++) {
        uint32_t i = 0;
        while (i < sub.len && value_equal(super.items[start + i], sub.items[i]))
            i++;
        int status = bi_charge(ctx, ((uint64_t)i + 1) * UNITS_PER_STEP);
        if (status != BI_OK)
            return status;
        if (i == sub.len) {
            *ret = true;
            return BI_OK;
        }
    }
    return BI_OK;
}

/* Elements of super that occur twice count twice, as they do in OPA; an empty super contains nothing. */
static int test_array_set(struct bi_ctx *ctx, struct value super, const struct set *sub, bool *ret)
{
    int status = bi_charge(ctx, (uint64_t)super.len * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    uint32_t unmatched = sub->count;
    *ret = false;
    for (uint32_t i = 0; i < super.len && !*ret; i++) {
        if (unmatched > 0 && set_find(sub, super.items[i]) != NULL)
            unmatched--;
        *ret = unmatched == 0;
    }
    return BI_OK;
}

static int test_member(struct bi_ctx *ctx, struct value super, struct value sub, bool *ret)
{
    int status = bi_charge(ctx, value_count(sub) + 1);
    if (status != BI_OK)
        return status;
    *ret = value_equal(super, sub);
    if (*ret || super.kind != sub.kind)
        return BI_OK;
    switch (sub.kind) {
    case VALUE_OBJECT:
        return test_objects(ctx, super.object, sub.object, ret);
    case VALUE_SET:
        return test_sets(ctx, super.set, sub.set, ret);
    case VALUE_ARRAY:
        return test_arrays(ctx, super, sub, ret);
    default:
        return BI_OK;
    }
}

static int test_objects(struct bi_ctx *ctx, const struct object *super, const struct object *sub, bool *ret)
{
    int status = bi_charge(ctx, (uint64_t)sub->count * UNITS_PER_STEP);
    *ret = true;
    for (uint32_t i = 0; status == BI_OK && *ret && i < sub->count; i++) {
        const struct value *place = object_find(super, sub->members[i].key);
        if (place == NULL)
            *ret = false;
        else
            status = test_member(ctx, *place, sub->members[i].value, ret);
    }
    return status;
}

int bif_object_subset(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value super = argv[0], sub = argv[1];
    bool is_subset;
    int status;
    if (super.kind == VALUE_OBJECT && sub.kind == VALUE_OBJECT)
        status = test_objects(ctx, super.object, sub.object, &is_subset);
    else if (super.kind == VALUE_SET && sub.kind == VALUE_SET)
        status = test_sets(ctx, super.set, sub.set, &is_subset);
    else if (super.kind == VALUE_ARRAY && sub.kind == VALUE_ARRAY)
        status = test_arrays(ctx, super, sub, &is_subset);
    else if (super.kind == VALUE_ARRAY && sub.kind == VALUE_SET)
        status = test_array_set(ctx, super, sub.set, &is_subset);
    else {
        (void)err_set(ctx->err, ERR_EVAL_TYPE, "%s: both arguments object.subset must be of the same type or array and set",
                      ctx->def->name);
        return BI_ERROR;
    }
    if (status == BI_OK)
        *ret = value_bool(is_subset);
    return status;
}
