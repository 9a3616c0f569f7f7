/* SPDX-License-Identifier: Apache-2.0
 *
 * sprintf: integers are formatted as integers, other numbers as doubles (as text where a double cannot hold them), strings as
 * strings, and everything else as a string with its Rego text.
 */
#include <math.h>

#include "stdlib/builtins.h"
#include "stdlib/gofmt.h"
#include "vm/number.h"

/* "-0" is the one integer in text form that int64 holds. */
static void convert_number(struct value v, struct gofmt_arg *a)
{
    char digits[NUMBER_INT_TEXT];
    if (value_is_int(v)) {
        *a = (struct gofmt_arg){.kind = GOFMT_INT, .i = v.i};
        return;
    }
    struct str text = number_text(v, digits);
    bool is_float = false;
    for (size_t i = 0; i < text.len; i++)
        is_float = is_float || text.p[i] == '.' || text.p[i] == 'e' || text.p[i] == 'E';
    double f = is_float ? number_double(v) : 0;
    if (!is_float)
        *a = str_equal(text, STR("-0")) ? (struct gofmt_arg){.kind = GOFMT_INT}
                                        : (struct gofmt_arg){.kind = GOFMT_BIG, .value = v};
    else if (isinf(f))
        *a = (struct gofmt_arg){.kind = GOFMT_STRING, .text = text};
    else
        *a = (struct gofmt_arg){.kind = GOFMT_FLOAT, .f = f};
}

static int convert(struct bi_ctx *ctx, struct value v, struct gofmt_arg *ret)
{
    if (v.kind == VALUE_NUMBER) {
        convert_number(v, ret);
        return BI_OK;
    }
    *ret = (struct gofmt_arg){.kind = GOFMT_STRING};
    if (v.kind == VALUE_STRING) {
        ret->text = value_text(v);
        return BI_OK;
    }
    struct buf b;
    int status = bi_charge_text(ctx, v);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, v);
    ret->text = buf_view(&b);
    return b.failed ? bi_nomem(ctx) : BI_OK;
}

int bif_sprintf(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str format;
    const struct value *items;
    size_t count;
    int status = bi_string(ctx, argv, 1, &format);
    if (status == BI_OK)
        status = bi_array(ctx, argv, 2, &items, &count);
    if (status == BI_OK)
        status = bi_charge(ctx, count * 4 + 4);
    if (status != BI_OK)
        return status;
    struct gofmt_arg few[8], *args = few;
    if (count > COUNT_OF(few))
        args = arena_array(ctx->arena, count, sizeof *args);
    if (args == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count && status == BI_OK; i++)
        status = convert(ctx, items[i], &args[i]);
    struct buf b;
    buf_init(&b, ctx->arena);
    if (status == BI_OK)
        status = gofmt_printf(ctx, &b, format, args, count);
    return status == BI_OK ? bi_return_buf(ctx, &b, ret) : status;
}
