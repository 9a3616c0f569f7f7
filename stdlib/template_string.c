/* SPDX-License-Identifier: Apache-2.0
 *
 * internal.template_string: what a template string compiles to.
 *
 * Its parts are scalars, and sets of at most one value for the expressions between braces: an empty set shows as
 * <undefined>. Not to be confused with strings.render_template (stdlib/template.c).
 */
#include "stdlib/builtins.h"

static void write_value(struct buf *b, struct value v)
{
    if (v.kind == VALUE_STRING)
        buf_str(b, value_text(v));
    else
        value_write_rego(b, v);
}

int bif_internal_template_string(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *parts;
    size_t count;
    int status = bi_array(ctx, argv, 1, &parts, &count);
    struct buf b;
    buf_init(&b, ctx->arena);
    bool several = false;
    for (size_t i = 0; i < count && status == BI_OK; i++) {
        struct value part = parts[i];
        size_t before = b.len;
        status = bi_charge_text(ctx, part);
        if (status != BI_OK)
            return status;
        if (part.kind == VALUE_ARRAY || part.kind == VALUE_OBJECT)
            return bi_halt(ctx, ERR_EVAL_INTERNAL, "illegal argument type: %s", value_kind_name(part.kind));
        if (part.kind != VALUE_SET) {
            write_value(&b, part);
        } else if (part.set->count == 0) {
            buf_cstr(&b, "<undefined>");
        } else {
            several |= part.set->count > 1;
            write_value(&b, set_items(part.set)[0]);
        }
        status = bi_charge(ctx, (b.len - before) / 32 + 1);
    }
    if (status != BI_OK)
        return status;
    if (several)
        return bi_halt(ctx, ERR_EVAL_CONFLICT, "template-strings must not produce multiple outputs");
    return bi_return_buf(ctx, &b, ret);
}
