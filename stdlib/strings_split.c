/* SPDX-License-Identifier: Apache-2.0
 *
 * split, strings.split_n.
 *
 * The parts are slices of the text. An empty delimiter splits between characters, and an empty text has then no part.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/strings.h"

static int take_operands(struct bi_ctx *ctx, const struct value *argv, struct str *ret_text, struct str *ret_delim)
{
    int status = bi_string(ctx, argv, 1, ret_text);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, ret_delim);
    return status == BI_OK ? strings_charge(ctx, ret_text->len) : status;
}

/* The first part of *rest, which it is taken off; false when there is none left. *more: a delimiter was there. */
static bool next_part(struct str *rest, bool *more, struct str delim, struct str *ret)
{
    if (!*more)
        return false;
    size_t at = STRINGS_NONE, skip = delim.len;
    if (delim.len > 0) {
        at = strings_find(*rest, delim);
    } else if (rest->len > 0) {
        unsigned len;
        (void)utf8_decode(rest->p, rest->len, &len);
        at = len;
    } else {
        *more = false;
        return false;
    }
    *more = at != STRINGS_NONE;
    *ret = *more ? str_of(rest->p, at) : *rest;
    if (*more)
        *rest = str_of(rest->p + at + skip, rest->len - at - skip);
    return true;
}

/* All parts, but no more than most. */
static int split_text(struct bi_ctx *ctx, struct str text, struct str delim, uint64_t most, struct array_builder *ret)
{
    array_init(ret, ctx->arena);
    struct str part;
    bool more = true;
    while (ret->len < most && next_part(&text, &more, delim, &part)) {
        if (!array_push(ret, value_str(part)))
            return bi_nomem(ctx);
        if ((ret->len & 15u) == 0) {
            int status = bi_charge(ctx, 16);
            if (status != BI_OK)
                return status;
        }
    }
    return BI_OK;
}

int bif_split(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text, delim;
    struct array_builder parts;
    int status = take_operands(ctx, argv, &text, &delim);
    if (status == BI_OK)
        status = split_text(ctx, text, delim, UINT64_MAX, &parts);
    if (status == BI_OK)
        *ret = array_value(&parts);
    return status;
}

int bif_strings_split_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text, delim;
    struct array_builder parts;
    int64_t n;
    int status = take_operands(ctx, argv, &text, &delim);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 3, &n);
    if (status == BI_OK)
        status = split_text(ctx, text, delim, n >= 0 ? (uint64_t)n : UINT64_MAX, &parts);
    if (status != BI_OK)
        return status;
    uint64_t last = n < 0 ? (uint64_t)0 - (uint64_t)n : UINT64_MAX;
    size_t from = parts.len > last ? parts.len - (size_t)last : 0;
    *ret = parts.len == 0 ? value_array(NULL, 0) : value_array(parts.items + from, parts.len - from);
    return BI_OK;
}
