/* SPDX-License-Identifier: Apache-2.0
 *
 * net.cidr_merge: the fewest blocks that cover the same addresses.
 *
 * Every block is a range; ranges are sorted by their last address and from the end joined where they touch; a joined range is
 * cut into blocks again. A block that met no other stays as it was written. An IPv4 address without a length stands for its
 * historical class (A, B or C), as in OPA.
 */
#include "stdlib/builtins.h"
#include "stdlib/cidr.h"

struct range {
    uint8_t first[16], last[16];
    uint8_t address[16]; /* as written: shown when the range was not joined */
    unsigned ones;
    bool is_joined;
};

static unsigned class_ones(uint8_t first_byte)
{
    return 96 + (first_byte < 0x80 ? 8 : first_byte < 0xC0 ? 16 : 24);
}

static int make_range(struct bi_ctx *ctx, struct value v, struct range *ret)
{
    if (v.kind != VALUE_STRING)
        return bi_fail(ctx, "element must be string");
    struct ip ip;
    struct cidr c;
    if (ip_parse(value_text(v), &ip, NULL) && ip.zone.len == 0) {
        if (!ip_is_mapped(ip.bytes))
            return bi_fail(ctx, "IPv6 invalid: needs prefix length");
        c = (struct cidr){.ones = class_ones(ip.bytes[12])};
        memcpy(ret->address, ip.bytes, sizeof ret->address);
        memcpy(c.first, ip.bytes, c.ones / 8);
    } else {
        if (!cidr_parse(value_text(v), &c))
            return bi_fail(ctx, "invalid CIDR address: %.*s", (int)(v.len < 900 ? v.len : 900), v.s);
        memcpy(ret->address, c.first, sizeof ret->address);
    }
    ret->ones = c.ones;
    ret->is_joined = false;
    memcpy(ret->first, c.first, sizeof ret->first);
    cidr_last(&c, ret->last);
    return BI_OK;
}

static int compare_ranges(const struct range *a, const struct range *b)
{
    int order = memcmp(a->last, b->last, sizeof a->last);
    return order != 0 ? order : memcmp(a->first, b->first, sizeof a->first);
}

/* Restores the heap below i: the greatest on top. */
static void sift(struct range *heap, size_t count, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && compare_ranges(&heap[child], &heap[child + 1]) < 0)
            child++;
        if (compare_ranges(&heap[i], &heap[child]) >= 0)
            return;
        struct range held = heap[i];
        heap[i] = heap[child];
        heap[child] = held;
    }
}

static void sort_ranges(struct range *ranges, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(ranges, count, i);
    for (size_t end = count; end-- > 1;) {
        struct range held = ranges[0];
        ranges[0] = ranges[end];
        ranges[end] = held;
        sift(ranges, end, 0);
    }
}

/* Less one; the first address of either family stays. */
static void step_back(uint8_t address[16])
{
    int floor = ip_is_mapped(address) ? 12 : 0, i = 15;
    while (i >= floor && address[i] == 0)
        i--;
    if (i < floor)
        return;
    address[i]--;
    memset(address + i + 1, 0xFF, (size_t)(15 - i));
}

static bool do_touch(const struct range *before, const struct range *after)
{
    uint8_t previous[16];
    memcpy(previous, after->first, sizeof previous);
    step_back(previous);
    return memcmp(previous, before->last, sizeof previous) <= 0;
}

static int add_block(struct bi_ctx *ctx, struct set *set, const uint8_t first[16], unsigned ones)
{
    char text[CIDR_TEXT_MAX];
    struct str s = arena_str(ctx->arena, str_of(text, cidr_format(first, ones, text)));
    return s.p == NULL || set_add(ctx->arena, set, value_str(s)) < 0 ? bi_nomem(ctx) : BI_OK;
}

/* The largest block that begins at c->first and ends no later than last; *ret_end is its last address. */
static void find_block(struct cidr *c, const uint8_t last[16], unsigned floor, uint8_t ret_end[16])
{
    c->ones = 128;
    cidr_last(c, ret_end);
    while (c->ones > floor) {
        unsigned bit = c->ones - 1;
        struct cidr wider = *c;
        uint8_t end[16];
        wider.ones = bit;
        cidr_last(&wider, end);
        if ((c->first[bit / 8] >> (7 - bit % 8) & 1) != 0 || memcmp(end, last, sizeof end) > 0)
            return;
        c->ones = bit;
        memcpy(ret_end, end, sizeof end);
    }
}

static int add_range(struct bi_ctx *ctx, struct set *set, const struct range *r)
{
    if (!r->is_joined)
        return add_block(ctx, set, r->address, r->ones);
    struct cidr c = {.ones = 128};
    memcpy(c.first, r->first, sizeof c.first);
    for (;;) {
        uint8_t end[16];
        find_block(&c, r->last, ip_is_mapped(c.first) ? 96 : 0, end);
        int status = bi_charge(ctx, 200);
        if (status == BI_OK)
            status = add_block(ctx, set, c.first, c.ones);
        if (status != BI_OK || memcmp(end, r->last, sizeof end) >= 0)
            return status;
        memcpy(c.first, end, sizeof c.first);
        for (int i = 15; i >= 0 && ++c.first[i] == 0;)
            i--;
    }
}

int bif_net_cidr_merge(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    if (argv[0].kind != VALUE_ARRAY && argv[0].kind != VALUE_SET)
        return bi_fail(ctx, "operand must be an array");
    const struct value *items;
    size_t count;
    int status = bi_sequence(ctx, argv, 1, &items, &count);
    if (status == BI_OK)
        status = bi_charge(ctx, count * 64);
    if (status != BI_OK)
        return status;
    struct range *ranges = arena_array(ctx->arena, count, sizeof *ranges);
    struct set *set = set_new(ctx->arena, 0);
    if (ranges == NULL || set == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count && status == BI_OK; i++)
        status = make_range(ctx, items[i], &ranges[i]);
    if (status != BI_OK)
        return status;
    sort_ranges(ranges, count);
    for (size_t i = count; i-- > 0 && status == BI_OK;) {
        if (i == 0 || !do_touch(&ranges[i - 1], &ranges[i])) {
            status = add_range(ctx, set, &ranges[i]);
            continue;
        }
        if (memcmp(ranges[i].first, ranges[i - 1].first, sizeof ranges[i].first) < 0)
            memcpy(ranges[i - 1].first, ranges[i].first, sizeof ranges[i].first);
        memcpy(ranges[i - 1].last, ranges[i].last, sizeof ranges[i].last);
        ranges[i - 1].is_joined = true;
    }
    *ret = value_set(set);
    return status;
}
