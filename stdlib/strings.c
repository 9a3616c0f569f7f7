/* SPDX-License-Identifier: Apache-2.0
 *
 * concat, contains, endswith, indexof, indexof_n, startswith, strings.count, strings.reverse, substring, trace.
 *
 * Strings may hold bytes that are no UTF-8 (base64.decode gives them): where characters count, such a byte is one U+FFFD.
 * Results are slices of the arguments where they can be.
 */
#define _GNU_SOURCE /* memmem */
#include "stdlib/strings.h"

#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "vm/limits.h"

/* ---- shared ---- */

size_t strings_find(struct str s, struct str needle)
{
    if (needle.len == 0)
        return 0;
    if (needle.len > s.len)
        return STRINGS_NONE;
    const char *at = memmem(s.p, s.len, needle.p, needle.len);
    return at != NULL ? (size_t)(at - s.p) : STRINGS_NONE;
}

int strings_charge(struct bi_ctx *ctx, size_t n)
{
    return bi_charge(ctx, n / 64 + 1);
}

int strings_new(struct bi_ctx *ctx, size_t n, char **ret)
{
    if (n > ctx->limits->output)
        return bi_halt(ctx, ERR_LIMIT_OUTPUT, "%s: the result is too large (limit 'output')", ctx->def->name);
    int status = strings_charge(ctx, n);
    if (status != BI_OK)
        return status;
    *ret = arena_alloc(ctx->arena, n);
    return *ret != NULL ? BI_OK : bi_nomem(ctx);
}

int strings_scrub(struct bi_ctx *ctx, struct str s, struct str *ret)
{
    *ret = s;
    int status = bi_charge(ctx, s.len / 16);
    if (status != BI_OK || utf8_is_valid(s.p, s.len))
        return status;
    struct buf b;
    buf_init(&b, ctx->arena);
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        char out[UTF8_MAX];
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        buf_bytes(&b, out, utf8_encode(out, c));
        i += len;
    }
    *ret = buf_view(&b);
    return b.failed ? bi_nomem(ctx) : BI_OK;
}

int strings_sequence(struct bi_ctx *ctx, const struct value *argv, int operand, const char *expected, const struct value **ret,
                     size_t *ret_count)
{
    struct value v = argv[operand - 1];
    if (v.kind == VALUE_ARRAY) {
        *ret = v.items;
        *ret_count = v.len;
    } else if (v.kind == VALUE_SET) {
        *ret = set_items(v.set);
        *ret_count = v.set->count;
    } else {
        return bi_operand_error(ctx, operand, expected, v);
    }
    int status = bi_charge(ctx, *ret_count / 8 + 1);
    if (status != BI_OK)
        return status;
    const char *kind = value_kind_name(v.kind);
    for (size_t i = 0; i < *ret_count; i++)
        if ((*ret)[i].kind != VALUE_STRING)
            return bi_operand_text(ctx, operand, "must be %s of strings but got %s containing %s", kind, kind,
                                   value_kind_name((*ret)[i].kind));
    return BI_OK;
}

/* ---- builtins ---- */

static int take_two(struct bi_ctx *ctx, const struct value *argv, struct str *ret_a, struct str *ret_b)
{
    int status = bi_string(ctx, argv, 1, ret_a);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, ret_b);
    return status == BI_OK ? strings_charge(ctx, ret_a->len) : status;
}

int bif_concat(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str sep;
    const struct value *items;
    size_t count;
    int status = bi_string(ctx, argv, 1, &sep);
    if (status == BI_OK)
        status = strings_sequence(ctx, argv, 2, "one of {set, array}", &items, &count);
    if (status != BI_OK)
        return status;
    if (count <= 1) {
        *ret = count == 0 ? value_string("", 0) : items[0];
        return BI_OK;
    }
    size_t total;
    bool fits = size_mul(sep.len, count - 1, &total);
    for (size_t i = 0; i < count; i++)
        fits = fits && size_add(total, items[i].len, &total);
    char *text;
    status = strings_new(ctx, fits ? total : SIZE_MAX, &text);
    if (status != BI_OK)
        return status;
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sep.len > 0) {
            memcpy(at, sep.p, sep.len);
            at += sep.len;
        }
        if (items[i].len > 0)
            memcpy(at, items[i].s, items[i].len);
        at += items[i].len;
    }
    *ret = value_string(text, total);
    return BI_OK;
}

int bif_contains(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, part;
    int status = take_two(ctx, argv, &s, &part);
    if (status == BI_OK)
        *ret = value_bool(strings_find(s, part) != STRINGS_NONE);
    return status;
}

int bif_startswith(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, prefix;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &prefix);
    if (status == BI_OK)
        *ret = value_bool(str_starts(s, prefix));
    return status;
}

int bif_endswith(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, suffix;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &suffix);
    if (status == BI_OK)
        *ret = value_bool(s.len >= suffix.len && str_equal(str_of(s.p + (s.len - suffix.len), suffix.len), suffix));
    return status;
}

/* Both operands of indexof and indexof_n: where a character counts, bad bytes of either become U+FFFD. */
static int take_search(struct bi_ctx *ctx, const struct value *argv, struct str *ret_base, struct str *ret_search)
{
    int status = take_two(ctx, argv, ret_base, ret_search);
    if (status != BI_OK)
        return status;
    if (ret_search->len == 0)
        return bi_fail(ctx, "empty search character");
    status = strings_scrub(ctx, *ret_base, ret_base);
    return status == BI_OK ? strings_scrub(ctx, *ret_search, ret_search) : status;
}

int bif_indexof(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str base, search;
    int status = take_search(ctx, argv, &base, &search);
    if (status != BI_OK)
        return status;
    size_t at = strings_find(base, search);
    *ret = value_int(at == STRINGS_NONE ? -1 : (int64_t)utf8_count(base.p, at));
    return BI_OK;
}

int bif_indexof_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str base, search;
    int status = take_search(ctx, argv, &base, &search);
    if (status != BI_OK)
        return status;
    struct array_builder found;
    array_init(&found, ctx->arena);
    size_t characters = 0;
    for (size_t at; (at = strings_find(base, search)) != STRINGS_NONE;) {
        characters += utf8_count(base.p, at);
        if (!array_push(&found, value_int((int64_t)characters)))
            return bi_nomem(ctx);
        unsigned len;
        (void)utf8_decode(base.p + at, base.len - at, &len);
        base = str_of(base.p + at + len, base.len - at - len);
        characters++;
        status = bi_charge(ctx, search.len / 16 + 4);
        if (status != BI_OK)
            return status;
    }
    *ret = array_value(&found);
    return BI_OK;
}

/* The byte at which character number index begins; s.len when there are fewer. */
static size_t skip_characters(struct str s, uint64_t index)
{
    size_t ascii = utf8_ascii_prefix(s.p, s.len);
    size_t at = index < ascii ? (size_t)index : ascii;
    for (index -= at; index > 0 && at < s.len; index--) {
        unsigned len;
        (void)utf8_decode(s.p + at, s.len - at, &len);
        at += len;
    }
    return at;
}

int bif_substring(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    int64_t start, length;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 2, &start);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 3, &length);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 16 + 1);
    if (status != BI_OK)
        return status;
    if (start < 0)
        return bi_fail(ctx, "negative offset");
    size_t from = skip_characters(s, (uint64_t)start);
    struct str tail = str_of(s.p + from, s.len - from);
    if (length >= 0)
        tail.len = skip_characters(tail, (uint64_t)length);
    if (tail.len < s.len) {
        status = strings_scrub(ctx, tail, &tail);
        if (status != BI_OK)
            return status;
    }
    *ret = value_str(tail);
    return BI_OK;
}

int bif_strings_count(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, part;
    int status = take_two(ctx, argv, &s, &part);
    if (status != BI_OK)
        return status;
    size_t count = 0;
    if (part.len == 0) {
        status = bi_charge(ctx, s.len / 16);
        *ret = value_int((int64_t)utf8_count(s.p, s.len) + 1);
        return status;
    }
    for (size_t at; (at = strings_find(s, part)) != STRINGS_NONE; count++)
        s = str_of(s.p + at + part.len, s.len - at - part.len);
    *ret = value_int((int64_t)count);
    return bi_charge(ctx, count);
}

int bif_strings_reverse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    char *text;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4);
    if (status == BI_OK)
        status = strings_new(ctx, s.len, &text);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        (void)utf8_decode(s.p + i, s.len - i, &len);
        memcpy(text + (s.len - i - len), s.p + i, len);
        i += len;
    }
    *ret = value_string(text, s.len);
    return BI_OK;
}

int bif_trace(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str note;
    int status = bi_string(ctx, argv, 1, &note);
    if (status != BI_OK)
        return status;
    if (ctx->host != NULL && ctx->host->note != NULL)
        ctx->host->note(ctx->host->ctx, note);
    *ret = value_bool(true);
    return BI_OK;
}
