/* SPDX-License-Identifier: Apache-2.0
 *
 * net.lookup_ip_addr: an address is its own answer; names are resolved by the host, if it grants that.
 */
#include "stdlib/builtins.h"
#include "stdlib/ip.h"

static int answer_address(struct bi_ctx *ctx, const struct ip *ip, struct value *ret)
{
    char text[IP_TEXT_MAX];
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_bytes(&b, text, ip_format(ip->bytes, text));
    if (ip->zone.len > 0) {
        buf_char(&b, '%');
        buf_str(&b, ip->zone);
    }
    struct set *set = set_new(ctx->arena, 1);
    if (b.failed || set == NULL || set_add(ctx->arena, set, value_str(buf_view(&b))) < 0)
        return bi_nomem(ctx);
    *ret = value_set(set);
    return BI_OK;
}

int bif_net_lookup_ip_addr(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str name;
    struct ip ip;
    int status = bi_string(ctx, argv, 1, &name);
    if (status != BI_OK)
        return status;
    if (ip_parse(name, &ip, NULL))
        return answer_address(ctx, &ip, ret);
    if (name.len == 0)
        return bi_fail(ctx, "lookup : no such host");
    if (ctx->host == NULL || ctx->host->lookup_ip == NULL)
        return bi_fail(ctx, "lookup %.*s: the network is not granted", (int)(name.len < 900 ? name.len : 900), name.p);
    return ctx->host->lookup_ip(ctx->host->ctx, ctx, name, ret);
}
