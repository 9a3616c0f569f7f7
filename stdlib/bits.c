/* SPDX-License-Identifier: Apache-2.0
 *
 * bits.*: operations on integers of any size in two's complement.
 */
#include "stdlib/builtins.h"
#include "vm/number.h"

/* Any spelling of an integer will do. */
static int read_integer(struct bi_ctx *ctx, const struct value *argv, int operand, struct value *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_NUMBER)
        return bi_operand_error(ctx, operand, "integer", v);
    if (!number_is_integral(v))
        return bi_operand_text(ctx, operand, "must be integer number but got floating-point number");
    *ret = v;
    return bi_charge(ctx, number_work(v));
}

static int apply(struct bi_ctx *ctx, enum number_bits op, const struct value *argv, struct value *ret)
{
    struct value x, y = value_int(0);
    int status = read_integer(ctx, argv, 1, &x);
    if (status == BI_OK && op != NUMBER_NEGATE)
        status = read_integer(ctx, argv, 2, &y);
    if (status != BI_OK)
        return status;
    if ((op == NUMBER_LSH || op == NUMBER_RSH) && number_compare(y, value_int(0)) < 0)
        return bi_operand_text(ctx, 2, "must be an unsigned integer number but got a negative integer");
    return bi_number_status(ctx, number_bits(ctx->arena, op, x, y, ret));
}

int bif_bits_and(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_AND, argv, ret);
}

int bif_bits_or(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_OR, argv, ret);
}

int bif_bits_xor(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_XOR, argv, ret);
}

int bif_bits_negate(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_NEGATE, argv, ret);
}

int bif_bits_lsh(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_LSH, argv, ret);
}

int bif_bits_rsh(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return apply(ctx, NUMBER_RSH, argv, ret);
}
