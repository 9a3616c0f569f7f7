/* SPDX-License-Identifier: Apache-2.0
 *
 * array.concat, array.flatten, array.reverse, array.slice.
 *
 * Arrays are slices of immutable items: a slice of an array copies nothing.
 */
#include "stdlib/builtins.h"

static int new_items(struct bi_ctx *ctx, size_t count, struct value **ret)
{
    int status = bi_charge(ctx, count / 2 + 1);
    if (status != BI_OK)
        return status;
    if (count > UINT32_MAX)
        return bi_halt(ctx, ERR_LIMIT_SIZE, "array too large");
    *ret = arena_array(ctx->arena, count, sizeof **ret);
    return *ret != NULL ? BI_OK : bi_nomem(ctx);
}

int bif_array_concat(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *a, *b;
    size_t a_count, b_count;
    int status = bi_array(ctx, argv, 1, &a, &a_count);
    if (status == BI_OK)
        status = bi_array(ctx, argv, 2, &b, &b_count);
    if (status != BI_OK)
        return status;
    if (a_count == 0 || b_count == 0) {
        *ret = a_count == 0 ? argv[1] : argv[0];
        return BI_OK;
    }
    struct value *items;
    status = new_items(ctx, a_count + b_count, &items);
    if (status != BI_OK)
        return status;
    memcpy(items, a, a_count * sizeof *items);
    memcpy(items + a_count, b, b_count * sizeof *items);
    *ret = value_array(items, a_count + b_count);
    return BI_OK;
}

/* How many elements flattening one level gives; *ret_nested tells whether there is an array among them. */
static size_t count_flat(const struct value *items, size_t count, bool *ret_nested)
{
    size_t total = 0;
    *ret_nested = false;
    for (size_t i = 0; i < count; i++) {
        bool is_array = items[i].kind == VALUE_ARRAY;
        *ret_nested |= is_array;
        total += is_array ? items[i].len : 1;
    }
    return total;
}

int bif_array_flatten(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = bi_array(ctx, argv, 1, &items, &count);
    if (status == BI_OK)
        status = bi_charge(ctx, count / 4 + 1);
    if (status != BI_OK)
        return status;
    bool nested;
    size_t total = count_flat(items, count, &nested);
    if (!nested) {
        *ret = argv[0];
        return BI_OK;
    }
    struct value *flat;
    status = new_items(ctx, total, &flat);
    if (status != BI_OK)
        return status;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != VALUE_ARRAY) {
            flat[at++] = items[i];
            continue;
        }
        if (items[i].len != 0)
            memcpy(flat + at, items[i].items, items[i].len * sizeof *flat);
        at += items[i].len;
    }
    *ret = value_array(flat, total);
    return BI_OK;
}

int bif_array_reverse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = bi_array(ctx, argv, 1, &items, &count);
    if (status != BI_OK)
        return status;
    if (count < 2) {
        *ret = argv[0];
        return BI_OK;
    }
    struct value *reversed;
    status = new_items(ctx, count, &reversed);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        reversed[i] = items[count - 1 - i];
    *ret = value_array(reversed, count);
    return BI_OK;
}

int bif_array_slice(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int64_t start, stop;
    int status = bi_array(ctx, argv, 1, &items, &count);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 2, &start);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 3, &stop);
    if (status != BI_OK)
        return status;
    if (stop < 0)
        stop = 0;
    else if ((uint64_t)stop > count)
        stop = (int64_t)count;
    if (start < 0)
        start = 0;
    else if (start > stop)
        start = stop;
    *ret = stop == start ? value_array(NULL, 0) : value_array(items + start, (size_t)(stop - start));
    return BI_OK;
}
