/* SPDX-License-Identifier: Apache-2.0
 *
 * Aggregates over arrays and sets: count, sum, product, max, min, sort, all, any.
 */
#include "stdlib/builtins.h"
#include "vm/number.h"

#define EITHER "one of {set, array}" /* in the order OPA lists them for most of these */

int bif_count(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value v = argv[0];
    if (v.kind != VALUE_STRING && v.kind != VALUE_ARRAY && v.kind != VALUE_OBJECT && v.kind != VALUE_SET)
        return bi_operand_error(ctx, 1, "one of {array, object, set, string}", v);
    int status = bi_charge(ctx, v.kind == VALUE_STRING ? v.len / 32 : 1);
    *ret = value_int((int64_t)value_count(v));
    return status;
}

/* The elements of an array or a set, in order; pays units for each. */
static int read_items(struct bi_ctx *ctx, const struct value *argv, const char *expected, uint64_t units,
                      const struct value **ret, size_t *ret_count)
{
    if (argv[0].kind != VALUE_ARRAY && argv[0].kind != VALUE_SET)
        return bi_operand_error(ctx, 1, expected, argv[0]);
    int status = bi_charge(ctx, value_count(argv[0]) * units);
    return status == BI_OK ? bi_sequence(ctx, argv, 1, ret, ret_count) : status;
}

static int read_numbers(struct bi_ctx *ctx, const struct value *argv, const struct value **ret, size_t *ret_count)
{
    int status = read_items(ctx, argv, EITHER, 1, ret, ret_count);
    const char *kind = value_kind_name(argv[0].kind);
    for (size_t i = 0; status == BI_OK && i < *ret_count; i++) {
        struct value v = (*ret)[i];
        if (v.kind != VALUE_NUMBER)
            return bi_operand_text(ctx, 1, "must be %s of numbers but got %s containing %s", kind, kind,
                                   value_kind_name(v.kind));
        if (v.sub != NUMBER_INT)
            status = bi_charge(ctx, number_work(v));
    }
    return status;
}

int bif_sum(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_numbers(ctx, argv, &items, &count);
    return status == BI_OK ? bi_number_status(ctx, number_sum(ctx->arena, items, count, ret)) : status;
}

/* Digits of a product are at most those of its factors: its cost grows with their square. */
static uint64_t product_work(const struct value *items, size_t count)
{
    uint64_t digits = 0, most = 65536;
    for (size_t i = 0; i < count && digits < most; i++)
        digits += items[i].sub == NUMBER_TEXT ? items[i].number->len : 4;
    return digits < 64 ? 0 : count * (digits / 16 + digits * digits / 4096);
}

int bif_product(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_numbers(ctx, argv, &items, &count);
    if (status == BI_OK)
        status = bi_charge(ctx, product_work(items, count));
    return status == BI_OK ? bi_number_status(ctx, number_product(ctx->arena, items, count, ret)) : status;
}

/* Of equal elements the last counts, as in OPA. */
static int choose(struct bi_ctx *ctx, const struct value *argv, bool largest, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_items(ctx, argv, EITHER, 1, &items, &count);
    if (status != BI_OK)
        return status;
    if (count == 0)
        return BI_UNDEFINED;
    *ret = items[0];
    for (size_t i = 1; i < count; i++) {
        int order = value_compare(*ret, items[i]);
        if (largest ? order <= 0 : order >= 0)
            *ret = items[i];
    }
    return BI_OK;
}

int bif_max(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return choose(ctx, argv, true, ret);
}

int bif_min(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return choose(ctx, argv, false, ret);
}

static uint64_t log_of(size_t count)
{
    uint64_t log = 1;
    while (count > 1) {
        count /= 2;
        log++;
    }
    return log;
}

int bif_sort(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_items(ctx, argv, EITHER, log_of(value_count(argv[0])), &items, &count);
    if (status != BI_OK)
        return status;
    struct value *sorted = arena_array(ctx->arena, count, sizeof *sorted);
    if (sorted == NULL)
        return bi_nomem(ctx);
    if (count != 0)
        memcpy(sorted, items, count * sizeof *sorted);
    if (argv[0].kind == VALUE_ARRAY)
        value_sort(sorted, count);
    *ret = value_array(sorted, count);
    return BI_OK;
}

int bif_all(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_items(ctx, argv, "one of {array, set}", 1, &items, &count);
    if (status != BI_OK)
        return status;
    size_t i = 0;
    while (i < count && value_is_true(items[i]))
        i++;
    *ret = value_bool(i == count);
    return BI_OK;
}

int bif_any(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = read_items(ctx, argv, "one of {array, set}", 1, &items, &count);
    if (status != BI_OK)
        return status;
    size_t i = 0;
    while (i < count && !value_is_true(items[i]))
        i++;
    *ret = value_bool(i < count);
    return BI_OK;
}
