/* SPDX-License-Identifier: Apache-2.0
 *
 * glob.match, glob.quote_meta.
 *
 * Compiled patterns are kept by the VM under the key: separators, a byte 0xFF, pattern.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/glob_pattern.h"
#include "stdlib/strings.h"

#define KEY_END '\xFF' /* in no UTF-8 */

static int make_glob(struct bi_ctx *ctx, struct str key, const struct alloc *alloc, void **ret, size_t *ret_bytes)
{
    const char *end = memchr(key.p, KEY_END, key.len);
    struct str separators = str_of(key.p, end != NULL ? (size_t)(end - key.p) : 0);
    struct str pattern = str_of(end + 1, key.len - separators.len - 1);
    uint32_t *list = arena_array(ctx->arena, separators.len, sizeof *list);
    size_t count = 0;
    if (list == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < separators.len;) {
        unsigned len;
        list[count++] = utf8_decode(separators.p + i, separators.len - i, &len);
        i += len;
    }
    struct glob *g;
    struct glob_error e;
    int status = bi_charge(ctx, pattern.len * 8 + 1);
    if (status != BI_OK)
        return status;
    switch (glob_make(ctx->arena, pattern, list, count, alloc, &g, ret_bytes, &e)) {
    case GLOB_OK:
        *ret = g;
        return BI_OK;
    case GLOB_SYNTAX:
        return bi_fail(ctx, "glob: syntax error at %zu: %s", e.offset, e.reason);
    default:
        return bi_nomem(ctx);
    }
}

static void drop_glob(void *thing, const struct alloc *alloc)
{
    glob_drop(thing, alloc);
}

static const struct bi_class glob_class = {"glob", make_glob, drop_glob};

/* null: no separators; []: the dot; else one character each. */
static int write_separators(struct bi_ctx *ctx, struct value v, struct buf *b)
{
    if (v.kind == VALUE_NULL)
        return BI_OK;
    if (v.kind != VALUE_ARRAY)
        return bi_operand_error(ctx, 2, "one of {array, null}", v);
    for (uint32_t i = 0; i < v.len; i++) {
        struct value item = v.items[i];
        if (item.kind != VALUE_STRING)
            return bi_operand_text(ctx, 2, "must be array of strings but got array containing %s", value_kind_name(item.kind));
        unsigned len = 0;
        uint32_t ch = item.len > 0 ? utf8_decode(item.s, item.len, &len) : 0;
        if (item.len == 0 || len != item.len)
            return bi_operand_text(ctx, 2, "must be array of runes but got array containing string");
        char out[UTF8_MAX];
        buf_bytes(b, out, utf8_encode(out, ch));
    }
    if (v.len == 0)
        buf_char(b, '.');
    return bi_charge(ctx, v.len);
}

int bif_glob_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str pattern, text;
    struct buf key;
    void *thing;
    buf_init(&key, ctx->arena);
    int status = bi_string(ctx, argv, 1, &pattern);
    if (status == BI_OK)
        status = write_separators(ctx, argv[1], &key);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 3, &text);
    if (status == BI_OK)
        status = strings_charge(ctx, pattern.len);
    if (status != BI_OK)
        return status;
    buf_char(&key, KEY_END);
    buf_str(&key, pattern);
    if (key.failed)
        return bi_nomem(ctx);
    status = bi_cached(ctx, &glob_class, buf_view(&key), &thing);
    if (status == BI_OK)
        status = bi_charge(ctx, glob_work(thing, text.len));
    if (status != BI_OK)
        return status;
    int found = glob_match(thing, ctx->arena, text);
    *ret = value_bool(found == 1);
    return found >= 0 ? BI_OK : bi_nomem(ctx);
}

int bif_glob_quote_meta(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    struct buf b;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] != '\0' && strchr("*?\\[]{}", s.p[i]) != NULL)
            buf_char(&b, '\\');
        buf_char(&b, s.p[i]);
    }
    return bi_return_buf(ctx, &b, ret);
}
