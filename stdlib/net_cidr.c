/* SPDX-License-Identifier: Apache-2.0
 *
 * net.cidr_contains, net.cidr_contains_matches, net.cidr_expand, net.cidr_intersects, net.cidr_is_valid, net.cidr_overlap.
 *
 * Errors keep OPA's words, which name operand 1 for either operand. net.cidr_merge is in stdlib/net_merge.c.
 */
#include "stdlib/builtins.h"
#include "stdlib/cidr.h"

static int take_block(struct bi_ctx *ctx, struct value v, struct cidr *ret)
{
    if (v.kind != VALUE_STRING)
        return bi_operand_error(ctx, 1, "string", v);
    if (!cidr_parse(value_text(v), ret))
        return bi_fail(ctx, "invalid CIDR address: %.*s", (int)(v.len < 900 ? v.len : 900), v.s);
    return BI_OK;
}

/* Is v, an address or a block, within the block? */
static int check_within(struct bi_ctx *ctx, const struct cidr *block, struct value v, bool *ret)
{
    if (v.kind != VALUE_STRING)
        return bi_operand_error(ctx, 1, "string", v);
    struct ip ip;
    if (ip_parse(value_text(v), &ip, NULL) && ip.zone.len == 0) {
        *ret = cidr_has_address(block, ip.bytes);
        return BI_OK;
    }
    struct cidr inner;
    if (!cidr_parse(value_text(v), &inner))
        return bi_fail(ctx, "not a valid textual representation of an IP address or CIDR: %.*s", (int)(v.len < 900 ? v.len : 900),
                       v.s);
    *ret = cidr_has_block(block, &inner);
    return BI_OK;
}

int bif_net_cidr_contains(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct cidr block;
    bool within = false;
    int status = take_block(ctx, argv[0], &block);
    if (status == BI_OK)
        status = check_within(ctx, &block, argv[1], &within);
    *ret = value_bool(within);
    return status;
}

int bif_net_cidr_overlap(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return bif_net_cidr_contains(ctx, argv, ret);
}

int bif_net_cidr_intersects(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct cidr a, b;
    int status = take_block(ctx, argv[0], &a);
    if (status == BI_OK)
        status = take_block(ctx, argv[1], &b);
    if (status == BI_OK)
        *ret = value_bool(cidr_has_address(&a, b.first) || cidr_has_address(&b, a.first));
    return status;
}

int bif_net_cidr_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct cidr c;
    (void)ctx;
    *ret = value_bool(argv[0].kind == VALUE_STRING && cidr_parse(value_text(argv[0]), &c));
    return BI_OK;
}

/* Adds one; wraps around. */
static void step_address(uint8_t address[16])
{
    for (int i = 15; i >= 0; i--)
        if (++address[i] != 0)
            break;
}

int bif_net_cidr_expand(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct cidr block;
    int status = take_block(ctx, argv[0], &block);
    if (status != BI_OK)
        return status;
    unsigned host_bits = 128 - block.ones;
    uint64_t count = host_bits < 40 ? UINT64_C(1) << host_bits : UINT64_MAX / 64;
    status = bi_charge(ctx, count * 16);
    if (status != BI_OK)
        return status;
    if (count > UINT32_MAX)
        return bi_halt(ctx, ERR_LIMIT_SIZE, "%s: too many addresses", ctx->def->name);
    struct set *set = set_new(ctx->arena, (size_t)count);
    if (set == NULL)
        return bi_nomem(ctx);
    uint8_t address[16];
    memcpy(address, block.first, sizeof address);
    for (uint64_t i = 0; i < count; i++, step_address(address)) {
        char text[IP_TEXT_MAX];
        struct str s = arena_str(ctx->arena, str_of(text, ip_format(address, text)));
        if (s.p == NULL || set_add(ctx->arena, set, value_str(s)) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_set(set);
    return BI_OK;
}

/* ---- net.cidr_contains_matches ---- */

/* One side of the comparison: a text, or a collection whose elements are texts or arrays that begin with one. */
struct side {
    struct value all;
    size_t count;
    int operand;
};

static struct side make_side(const struct value *argv, int operand)
{
    struct side s = {.all = argv[operand - 1], .operand = operand};
    if (s.all.kind == VALUE_STRING)
        s.count = 1;
    else if (s.all.kind >= VALUE_ARRAY && s.all.kind <= VALUE_SET)
        s.count = value_count(s.all);
    return s;
}

/* The text of element i and what the result calls it. */
static int take_element(struct bi_ctx *ctx, const struct side *s, size_t i, struct value *ret_text, struct value *ret_index)
{
    switch (s->all.kind) {
    case VALUE_STRING:
        *ret_text = *ret_index = s->all;
        return BI_OK;
    case VALUE_ARRAY:
        *ret_text = s->all.items[i];
        *ret_index = value_int((int64_t)i);
        break;
    case VALUE_SET:
        *ret_text = *ret_index = set_items(s->all.set)[i];
        break;
    default:
        *ret_text = object_members(s->all.object)[i].value;
        *ret_index = object_members(s->all.object)[i].key;
        break;
    }
    if (ret_text->kind == VALUE_ARRAY && ret_text->len > 0)
        *ret_text = ret_text->items[0];
    else if (ret_text->kind != VALUE_STRING)
        return bi_fail(ctx, "operand %d: element must be string or non-empty array", s->operand);
    return BI_OK;
}

static int add_match(struct bi_ctx *ctx, struct set *set, struct value a, struct value b)
{
    struct value *pair = arena_array(ctx->arena, 2, sizeof *pair);
    if (pair == NULL)
        return bi_nomem(ctx);
    pair[0] = a;
    pair[1] = b;
    return set_add(ctx->arena, set, value_array(pair, 2)) < 0 ? bi_nomem(ctx) : BI_OK;
}

/* Compares element i of a with all of b. */
static int match_element(struct bi_ctx *ctx, const struct side *a, size_t i, const struct side *b, struct set *set)
{
    struct value text, index, inner_text, inner_index;
    struct cidr block;
    bool within;
    int status = take_element(ctx, a, i, &text, &index);
    for (size_t k = 0; k < b->count && status == BI_OK; k++) {
        status = take_element(ctx, b, k, &inner_text, &inner_index);
        if (status == BI_OK && k == 0)
            status = take_block(ctx, text, &block);
        if (status == BI_OK)
            status = check_within(ctx, &block, inner_text, &within);
        if (status == BI_OK)
            status = bi_charge(ctx, 16);
        if (status == BI_OK && within)
            status = bi_charge(ctx, 50);
        if (status == BI_OK && within)
            status = add_match(ctx, set, index, inner_index);
    }
    return status;
}

int bif_net_cidr_contains_matches(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct side a = make_side(argv, 1), b = make_side(argv, 2);
    struct set *set = set_new(ctx->arena, 0);
    if (set == NULL)
        return bi_nomem(ctx);
    int status = BI_OK;
    for (size_t i = 0; i < a.count && status == BI_OK; i++)
        status = match_element(ctx, &a, i, &b, set);
    *ret = value_set(set);
    return status;
}
