/* SPDX-License-Identifier: Apache-2.0
 *
 * replace, strings.replace_n.
 *
 * Both go once from left to right over bytes. An empty pattern matches before every byte and at the end, but not where an
 * empty match just was. Of the patterns that match at one place the first in order wins, which is the shortest one: a pattern
 * that another one begins can therefore never win, and what is left is found by bisection.
 */
#include "stdlib/builtins.h"
#include "stdlib/strings.h"

static int replace_single(struct bi_ctx *ctx, struct value subject, struct str old, struct str new, struct value *ret)
{
    struct str s = value_text(subject);
    size_t at = strings_find(s, old);
    *ret = subject;
    if (at == STRINGS_NONE)
        return BI_OK;
    struct buf b;
    buf_init(&b, ctx->arena);
    for (; at != STRINGS_NONE; at = strings_find(s, old)) {
        buf_bytes(&b, s.p, at);
        buf_str(&b, new);
        s = str_of(s.p + at + old.len, s.len - at - old.len);
        int status = bi_charge(ctx, new.len / 64 + 1);
        if (status != BI_OK || b.failed)
            return status != BI_OK ? status : bi_nomem(ctx);
    }
    buf_str(&b, s);
    return bi_return_buf(ctx, &b, ret);
}

struct pair {
    struct str old, new;
};

/* Sorted; no pattern begins with another, but the first may be empty. */
struct patterns {
    struct pair *pairs;
    size_t count;
    bool has_empty;
};

/* The pattern that s begins with, an empty one not counted; NULL: none. */
static const struct pair *find_pattern(const struct patterns *p, struct str s)
{
    size_t low = p->has_empty ? 1 : 0, first = low, high = p->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_compare(p->pairs[mid].old, s) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low > first && str_starts(s, p->pairs[low - 1].old) ? &p->pairs[low - 1] : NULL;
}

static int replace_all(struct bi_ctx *ctx, const struct patterns *p, struct str s, struct value *ret)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    bool after_empty = false;
    unsigned steps = 4;
    for (size_t n = p->count; n > 1; n /= 2)
        steps++;
    for (size_t i = 0; i <= s.len;) {
        const struct pair *hit = p->has_empty && !after_empty ? &p->pairs[0] : find_pattern(p, str_of(s.p + i, s.len - i));
        after_empty = hit != NULL && hit->old.len == 0;
        if (hit != NULL) {
            buf_str(&b, hit->new);
            i += hit->old.len;
        } else {
            if (i < s.len)
                buf_char(&b, s.p[i]);
            i++;
        }
        int status = bi_charge(ctx, steps + (hit != NULL ? hit->new.len / 64 : 0));
        if (status != BI_OK || b.failed)
            return status != BI_OK ? status : bi_nomem(ctx);
    }
    return bi_return_buf(ctx, &b, ret);
}

int bif_replace(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    struct pair pair;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &pair.old);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 3, &pair.new);
    if (status == BI_OK)
        status = strings_charge(ctx, s.len);
    if (status != BI_OK)
        return status;
    if (pair.old.len > 0)
        return replace_single(ctx, argv[0], pair.old, pair.new, ret);
    return replace_all(ctx, &(struct patterns){&pair, 1, true}, s, ret);
}

static int collect_patterns(struct bi_ctx *ctx, struct object *o, struct patterns *ret)
{
    const struct member *members = object_members(o);
    int status = bi_charge(ctx, (uint64_t)o->count * 4 + 1);
    if (status != BI_OK)
        return status;
    *ret = (struct patterns){.pairs = arena_array(ctx->arena, o->count, sizeof *ret->pairs)};
    if (ret->pairs == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < o->count; i++) {
        if (members[i].key.kind != VALUE_STRING)
            return bi_operand_text(ctx, 1, "non-string key found in pattern object");
        if (members[i].value.kind != VALUE_STRING)
            return bi_operand_text(ctx, 1, "non-string value found in pattern object");
        struct pair pair = {value_text(members[i].key), value_text(members[i].value)};
        struct pair *last = ret->count > 0 ? &ret->pairs[ret->count - 1] : NULL;
        if (last != NULL && last->old.len > 0 && str_starts(pair.old, last->old))
            continue;
        ret->has_empty |= pair.old.len == 0;
        ret->pairs[ret->count++] = pair;
    }
    return BI_OK;
}

int bif_strings_replace_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *o;
    struct str s;
    struct patterns patterns;
    int status = bi_object(ctx, argv, 1, &o);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &s);
    if (status == BI_OK)
        status = collect_patterns(ctx, o, &patterns);
    return status == BI_OK ? replace_all(ctx, &patterns, s, ret) : status;
}
