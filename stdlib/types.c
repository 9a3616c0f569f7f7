/* SPDX-License-Identifier: Apache-2.0
 *
 * What kind a value is: is_*, type_name and the casts of the old language.
 *
 * A cast checks and passes its argument on; only cast_array and cast_set convert, between arrays and sets.
 */
#include "stdlib/builtins.h"

static int return_is(const struct value *argv, enum value_kind kind, struct value *ret)
{
    *ret = value_bool(argv[0].kind == kind);
    return BI_OK;
}

int bif_is_array(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_ARRAY, ret);
}

int bif_is_boolean(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_BOOL, ret);
}

int bif_is_null(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_NULL, ret);
}

int bif_is_number(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_NUMBER, ret);
}

int bif_is_object(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_OBJECT, ret);
}

int bif_is_set(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_SET, ret);
}

int bif_is_string(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    return return_is(argv, VALUE_STRING, ret);
}

int bif_type_name(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    *ret = value_str(str_cstr(value_kind_name((enum value_kind)argv[0].kind)));
    return BI_OK;
}

static int pass_kind(struct bi_ctx *ctx, const struct value *argv, enum value_kind kind, struct value *ret)
{
    if (argv[0].kind != kind)
        return bi_operand_error(ctx, 1, value_kind_name(kind), argv[0]);
    *ret = argv[0];
    return BI_OK;
}

int bif_cast_boolean(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return pass_kind(ctx, argv, VALUE_BOOL, ret);
}

int bif_cast_null(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return pass_kind(ctx, argv, VALUE_NULL, ret);
}

int bif_cast_object(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return pass_kind(ctx, argv, VALUE_OBJECT, ret);
}

int bif_cast_string(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return pass_kind(ctx, argv, VALUE_STRING, ret);
}

int bif_cast_array(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = bi_sequence(ctx, argv, 1, &items, &count);
    if (status != BI_OK)
        return status;
    *ret = value_array(items, count);
    return BI_OK;
}

int bif_cast_set(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = bi_sequence(ctx, argv, 1, &items, &count);
    if (status != BI_OK)
        return status;
    if (argv[0].kind == VALUE_SET) {
        *ret = argv[0];
        return BI_OK;
    }
    status = bi_charge(ctx, count * 4);
    if (status != BI_OK)
        return status;
    struct set *s = set_new(ctx->arena, count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        if (set_add(ctx->arena, s, items[i]) < 0)
            return bi_nomem(ctx);
    *ret = value_set(s);
    return BI_OK;
}
