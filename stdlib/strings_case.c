/* SPDX-License-Identifier: Apache-2.0
 *
 * lower, upper: simple case mapping, one code point to one.
 *
 * A string that does not change is returned as it is. In text that is not ASCII a bad byte becomes U+FFFD.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/strings.h"
#include "stdlib/unicode.h"

/* The first byte that an ASCII mapping would change, or s.len. */
static size_t find_case(struct str s, char first)
{
    size_t i = 0;
    while (i < s.len && (unsigned char)(s.p[i] - first) >= 26)
        i++;
    return i;
}

static int map_ascii(struct bi_ctx *ctx, struct value v, char first, struct value *ret)
{
    struct str s = value_text(v);
    size_t same = find_case(s, first);
    *ret = v;
    if (same == s.len)
        return BI_OK;
    char *text;
    int status = strings_new(ctx, s.len, &text);
    if (status != BI_OK)
        return status;
    memcpy(text, s.p, same);
    for (size_t i = same; i < s.len; i++)
        text[i] = (unsigned char)(s.p[i] - first) < 26 ? (char)(s.p[i] ^ 0x20) : s.p[i];
    *ret = value_string(text, s.len);
    return BI_OK;
}

static int map_unicode(struct bi_ctx *ctx, struct str s, uint32_t (*map)(uint32_t), struct value *ret)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    int status = bi_charge(ctx, s.len * 2);
    if (status != BI_OK || !buf_reserve(&b, s.len))
        return status != BI_OK ? status : bi_nomem(ctx);
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        char out[UTF8_MAX];
        uint32_t c = map(utf8_decode(s.p + i, s.len - i, &len));
        buf_bytes(&b, out, utf8_encode(out, c));
        i += len;
    }
    return bi_return_buf(ctx, &b, ret);
}

static int map_text(struct bi_ctx *ctx, const struct value *argv, char first, uint32_t (*map)(uint32_t), struct value *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 16 + 1);
    if (status != BI_OK)
        return status;
    return utf8_is_ascii(s.p, s.len) ? map_ascii(ctx, argv[0], first, ret) : map_unicode(ctx, s, map, ret);
}

int bif_lower(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return map_text(ctx, argv, 'A', unicode_lower, ret);
}

int bif_upper(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return map_text(ctx, argv, 'a', unicode_upper, ret);
}
