/* SPDX-License-Identifier: Apache-2.0
 *
 * strings.any_prefix_match, strings.any_suffix_match.
 *
 * Few against few are compared one by one. Many against many: the searched strings are sorted (for suffixes: reversed before),
 * so that those with a prefix follow directly where the prefix itself would stand.
 */
#include "stdlib/builtins.h"
#include "stdlib/strings.h"

#define FEW 16 /* comparisons up to here are cheaper than sorting */

struct list {
    const struct value *items;
    size_t count;
};

/* A string stands for a list of one. */
static int take_list(struct bi_ctx *ctx, const struct value *argv, int operand, struct list *ret)
{
    if (argv[operand - 1].kind != VALUE_STRING)
        return strings_sequence(ctx, argv, operand, "one of {string, set, array}", &ret->items, &ret->count);
    *ret = (struct list){&argv[operand - 1], 1};
    return BI_OK;
}

static bool has_affix(struct str s, struct str affix, bool suffix)
{
    if (affix.len > s.len)
        return false;
    return str_starts(suffix ? str_of(s.p + (s.len - affix.len), affix.len) : s, affix);
}

static int compare_all(struct bi_ctx *ctx, struct list a, struct list b, bool suffix, struct value *ret)
{
    *ret = value_bool(false);
    for (size_t i = 0; i < a.count; i++) {
        int status = bi_charge(ctx, b.count);
        if (status != BI_OK)
            return status;
        for (size_t k = 0; k < b.count; k++)
            if (has_affix(value_text(a.items[i]), value_text(b.items[k]), suffix)) {
                *ret = value_bool(true);
                return BI_OK;
            }
    }
    return BI_OK;
}

/* A copy to sort, bytes of each reversed for suffixes. */
static int copy_list(struct bi_ctx *ctx, struct list *list, bool reverse)
{
    struct value *items = arena_array(ctx->arena, list->count, sizeof *items);
    int status = bi_charge(ctx, list->count * 4);
    if (status != BI_OK || items == NULL)
        return status != BI_OK ? status : bi_nomem(ctx);
    for (size_t i = 0; i < list->count; i++) {
        struct str s = value_text(list->items[i]);
        items[i] = list->items[i];
        if (!reverse)
            continue;
        char *text;
        status = strings_new(ctx, s.len, &text);
        if (status != BI_OK)
            return status;
        for (size_t k = 0; k < s.len; k++)
            text[s.len - 1 - k] = s.p[k];
        items[i] = value_string(text, s.len);
    }
    list->items = items;
    return BI_OK;
}

/* The first of sorted items that is not less than s, or count. */
static size_t lower_bound(struct list sorted, struct str s)
{
    size_t low = 0, high = sorted.count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_compare(value_text(sorted.items[mid]), s) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int compare_sorted(struct bi_ctx *ctx, struct list a, struct list b, bool suffix, struct value *ret)
{
    unsigned steps = 4;
    for (size_t n = a.count; n > 1; n /= 2)
        steps += 2;
    int status = copy_list(ctx, &a, suffix);
    if (status == BI_OK && suffix)
        status = copy_list(ctx, &b, true);
    if (status == BI_OK)
        status = bi_charge(ctx, ((uint64_t)a.count + b.count) * steps);
    if (status != BI_OK)
        return status;
    value_sort((struct value *)a.items, a.count); /* copy_list made them ours */
    *ret = value_bool(false);
    for (size_t i = 0; i < b.count && !value_is_true(*ret); i++) {
        struct str affix = value_text(b.items[i]);
        size_t at = lower_bound(a, affix);
        *ret = value_bool(at < a.count && str_starts(value_text(a.items[at]), affix));
    }
    return BI_OK;
}

static int match_affixes(struct bi_ctx *ctx, const struct value *argv, bool suffix, struct value *ret)
{
    struct list a, b;
    int status = take_list(ctx, argv, 1, &a);
    if (status == BI_OK)
        status = take_list(ctx, argv, 2, &b);
    if (status != BI_OK)
        return status;
    bool few = a.count <= 1 || b.count <= 1 || a.count * b.count <= FEW;
    return few ? compare_all(ctx, a, b, suffix, ret) : compare_sorted(ctx, a, b, suffix, ret);
}

int bif_strings_any_prefix_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return match_affixes(ctx, argv, false, ret);
}

int bif_strings_any_suffix_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return match_affixes(ctx, argv, true, ret);
}
