/* SPDX-License-Identifier: Apache-2.0
 *
 * trim, trim_left, trim_right, trim_prefix, trim_suffix, trim_space.
 *
 * Results are slices. A cut set is a set of characters; a bad byte is the character U+FFFD.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/strings.h"
#include "stdlib/unicode.h"

enum { TRIM_LEFT = 1, TRIM_RIGHT = 2 };

/* A set of characters: ASCII as bits, the others looked up in the text. */
struct cut_set {
    uint64_t ascii[2];
    struct str text;
    bool only_ascii;
};

static struct cut_set make_set(struct str text)
{
    struct cut_set set = {.text = text, .only_ascii = true};
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x80)
            set.ascii[c >> 6] |= UINT64_C(1) << (c & 63);
        else
            set.only_ascii = false;
    }
    return set;
}

static bool is_in_set(const struct cut_set *set, uint32_t c)
{
    if (c < 0x80)
        return (set->ascii[c >> 6] >> (c & 63) & 1) != 0;
    if (set->only_ascii)
        return false;
    for (size_t i = 0; i < set->text.len;) {
        unsigned len;
        if (utf8_decode(set->text.p + i, set->text.len - i, &len) == c)
            return true;
        i += len;
    }
    return false;
}

static int trim_set(struct bi_ctx *ctx, const struct value *argv, int sides, struct value *ret)
{
    struct str s, cut;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &cut);
    if (status == BI_OK)
        status = strings_charge(ctx, cut.len);
    if (status != BI_OK)
        return status;
    struct cut_set set = make_set(cut);
    uint64_t step = set.only_ascii ? 1 : cut.len / 2 + 1;
    unsigned len;
    while ((sides & TRIM_LEFT) != 0 && s.len > 0 && is_in_set(&set, utf8_decode(s.p, s.len, &len))) {
        s = str_of(s.p + len, s.len - len);
        if ((status = bi_charge(ctx, step)) != BI_OK)
            return status;
    }
    while ((sides & TRIM_RIGHT) != 0 && s.len > 0 && is_in_set(&set, utf8_decode_last(s.p, s.len, &len))) {
        s.len -= len;
        if ((status = bi_charge(ctx, step)) != BI_OK)
            return status;
    }
    *ret = value_str(s);
    return BI_OK;
}

int bif_trim(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return trim_set(ctx, argv, TRIM_LEFT | TRIM_RIGHT, ret);
}

int bif_trim_left(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return trim_set(ctx, argv, TRIM_LEFT, ret);
}

int bif_trim_right(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return trim_set(ctx, argv, TRIM_RIGHT, ret);
}

int bif_trim_prefix(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, prefix;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &prefix);
    if (status != BI_OK)
        return status;
    *ret = str_starts(s, prefix) ? value_string(s.p + prefix.len, s.len - prefix.len) : argv[0];
    return BI_OK;
}

int bif_trim_suffix(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, suffix;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &suffix);
    if (status != BI_OK)
        return status;
    bool has = s.len >= suffix.len && str_equal(str_of(s.p + (s.len - suffix.len), suffix.len), suffix);
    *ret = has ? value_string(s.p, s.len - suffix.len) : argv[0];
    return BI_OK;
}

int bif_trim_space(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 8);
    if (status != BI_OK)
        return status;
    unsigned len;
    while (s.len > 0 && unicode_is_space(utf8_decode(s.p, s.len, &len)))
        s = str_of(s.p + len, s.len - len);
    while (s.len > 0 && unicode_is_space(utf8_decode_last(s.p, s.len, &len)))
        s.len -= len;
    *ret = value_str(s);
    return BI_OK;
}
