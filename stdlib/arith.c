/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic: the operators + - * / % and abs, ceil, floor, round. What numbers do is in vm/number_math.c.
 */
#include "stdlib/builtins.h"
#include "stdlib/sets.h"
#include "vm/number.h"

#define UNITS_PER_ELEMENT 4u /* of a set difference */

typedef enum number_status (*binary_fn)(struct arena *a, struct value x, struct value y, struct value *ret);
typedef enum number_status (*unary_fn)(struct arena *a, struct value x, struct value *ret);

static int apply(struct bi_ctx *ctx, binary_fn op, struct value x, struct value y, struct value *ret)
{
    int status = bi_charge(ctx, number_work(x) + number_work(y));
    return status == BI_OK ? bi_number_status(ctx, op(ctx->arena, x, y, ret)) : status;
}

static int apply_binary(struct bi_ctx *ctx, binary_fn op, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = bi_number(ctx, argv, 1, &x);
    if (status == BI_OK)
        status = bi_number(ctx, argv, 2, &y);
    return status == BI_OK ? apply(ctx, op, x, y, ret) : status;
}

static int apply_unary(struct bi_ctx *ctx, unary_fn op, const struct value *argv, struct value *ret)
{
    struct value x;
    int status = bi_number(ctx, argv, 1, &x);
    if (status == BI_OK)
        status = bi_charge(ctx, number_work(x));
    return status == BI_OK ? bi_number_status(ctx, op(ctx->arena, x, ret)) : status;
}

int bif_plus(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_binary(ctx, number_add, argv, ret);
}

int bif_mul(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_binary(ctx, number_mul, argv, ret);
}

int bif_div(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_binary(ctx, number_div, argv, ret);
}

int bif_rem(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_binary(ctx, number_rem, argv, ret);
}

/* Numbers or sets, but both of the same kind. */
int bif_minus(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x = argv[0], y = argv[1];
    if (x.kind == VALUE_NUMBER && y.kind == VALUE_NUMBER)
        return apply(ctx, number_sub, x, y, ret);
    if (x.kind == VALUE_SET && y.kind == VALUE_SET) {
        int status = bi_charge(ctx, ((uint64_t)x.set->count + y.set->count) * UNITS_PER_ELEMENT);
        return status == BI_OK ? sets_difference(ctx, x.set, y.set, ret) : status;
    }
    if (x.kind != VALUE_NUMBER && x.kind != VALUE_SET)
        return bi_operand_error(ctx, 1, "one of {number, set}", x);
    return bi_operand_error(ctx, 2, y.kind == VALUE_NUMBER ? "set" : "number", y);
}

int bif_abs(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_unary(ctx, number_abs, argv, ret);
}

int bif_ceil(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_unary(ctx, number_ceil, argv, ret);
}

int bif_floor(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_unary(ctx, number_floor, argv, ret);
}

int bif_round(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply_unary(ctx, number_round, argv, ret);
}
