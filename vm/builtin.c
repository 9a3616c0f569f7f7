/* SPDX-License-Identifier: Apache-2.0
 *
 * What builtins share: reading operands, reporting errors in OPA's words, paying for work.
 *
 * bi_cached is in vm/bi_cache.c.
 */
#include "vm/builtin.h"

#include <stdarg.h>
#include <stdio.h>

#include "vm/limits.h"
#include "vm/number.h"

#define TEXT_MAX 900 /* of an error; struct err cuts what is longer */

int bi_charge(struct bi_ctx *ctx, uint64_t units)
{
    if (LIKELY(*ctx->fuel >= units)) {
        *ctx->fuel -= units;
        return ctx->poll_at == NULL || LIKELY((int64_t)*ctx->fuel > *ctx->poll_at) ? BI_OK : ctx->poll(ctx);
    }
    *ctx->fuel = 0;
    return bi_halt(ctx, ERR_LIMIT_FUEL, "%s: out of fuel (limit 'fuel')", ctx->def->name);
}

#define CHARGE_AT_ONCE 4096 /* of a walk, so that it can be stopped */

static int walk_text(struct bi_ctx *ctx, struct value v, uint64_t *unpaid)
{
    int status = BI_OK;
    *unpaid += v.kind == VALUE_STRING ? 2 + v.len / 4 : v.kind == VALUE_NUMBER && v.sub == NUMBER_TEXT ? v.number->len / 4 : 2;
    if (*unpaid >= CHARGE_AT_ONCE) {
        status = bi_charge(ctx, *unpaid);
        *unpaid = 0;
    }
    const struct value *items = v.kind == VALUE_ARRAY    ? v.items
                                : v.kind == VALUE_OBJECT ? (const struct value *)(const void *)v.object->members
                                : v.kind == VALUE_SET    ? v.set->items
                                                         : NULL;
    size_t count = items != NULL ? value_count(v) * (v.kind == VALUE_OBJECT ? 2 : 1) : 0;
    for (size_t i = 0; i < count && status == BI_OK; i++)
        status = walk_text(ctx, items[i], unpaid);
    return status;
}

int bi_charge_text(struct bi_ctx *ctx, struct value v)
{
    uint64_t unpaid = 0;
    int status = walk_text(ctx, v, &unpaid);
    return status == BI_OK ? bi_charge(ctx, unpaid) : status;
}

int bi_nomem(struct bi_ctx *ctx)
{
    if (ctx->arena->failed == ARENA_BUDGET)
        return bi_halt(ctx, ERR_LIMIT_MEMORY, "%s: out of the evaluation's memory (limit 'memory')", ctx->def->name);
    return bi_halt(ctx, ERR_NOMEM, "%s: out of memory", ctx->def->name);
}

int bi_return_buf(struct bi_ctx *ctx, const struct buf *b, struct value *ret)
{
    if (b->failed)
        return bi_nomem(ctx);
    if (b->len > ctx->limits->output || b->len > UINT32_MAX)
        return bi_halt(ctx, ERR_LIMIT_OUTPUT, "%s: the result is too long (limit 'output')", ctx->def->name);
    *ret = value_string(b->len != 0 ? b->p : "", b->len);
    return BI_OK;
}

static COLD int set_error(struct bi_ctx *ctx, enum err_code code, const char *prefix, const char *fmt, va_list args)
{
    char text[TEXT_MAX];
    (void)vsnprintf(text, sizeof text, fmt, args); /* cutting is intended */
    (void)err_set(ctx->err, code, "%s: %s%s", ctx->def->name, prefix, text);
    return BI_ERROR;
}

int bi_fail(struct bi_ctx *ctx, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int status = set_error(ctx, ERR_EVAL_BUILTIN, "", fmt, args);
    va_end(args);
    return status;
}

int bi_operand_text(struct bi_ctx *ctx, int operand, const char *fmt, ...)
{
    char prefix[32];
    (void)snprintf(prefix, sizeof prefix, "operand %d ", operand); /* fits */
    va_list args;
    va_start(args, fmt);
    int status = set_error(ctx, ERR_EVAL_TYPE, prefix, fmt, args);
    va_end(args);
    return status;
}

int bi_operand_error(struct bi_ctx *ctx, int operand, const char *expected, struct value got)
{
    return bi_operand_text(ctx, operand, "must be %s but got %s", expected, value_kind_name(got.kind));
}

int bi_halt(struct bi_ctx *ctx, enum err_code code, const char *fmt, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* cutting is intended */
    va_end(args);
    (void)err_set(ctx->err, code, "%s", text);
    return BI_HALT;
}

int bi_number_status(struct bi_ctx *ctx, int status)
{
    switch ((enum number_status)status) {
    case NUMBER_OK:
        return BI_OK;
    case NUMBER_DIVIDE_BY_ZERO:
        return bi_fail(ctx, "divide by zero");
    case NUMBER_MODULO_BY_ZERO:
        return bi_fail(ctx, "modulo by zero");
    case NUMBER_MODULO_FLOAT:
        return bi_fail(ctx, "modulo on floating-point number");
    case NUMBER_TOO_BIG:
    case NUMBER_TOO_LONG:
        return bi_halt(ctx, ERR_LIMIT_BIGNUM, "%s: number too big (limit 'bignum_digits')", ctx->def->name);
    case NUMBER_SYNTAX:
        return bi_fail(ctx, "invalid number");
    case NUMBER_NOMEM:
        break;
    }
    return bi_nomem(ctx);
}

/* ---- operands ---- */

int bi_bool(struct bi_ctx *ctx, const struct value *argv, int operand, bool *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_BOOL)
        return bi_operand_error(ctx, operand, "boolean", v);
    *ret = v.i != 0;
    return BI_OK;
}

int bi_string(struct bi_ctx *ctx, const struct value *argv, int operand, struct str *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_STRING)
        return bi_operand_error(ctx, operand, "string", v);
    *ret = value_text(v);
    return BI_OK;
}

int bi_number(struct bi_ctx *ctx, const struct value *argv, int operand, struct value *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_NUMBER)
        return bi_operand_error(ctx, operand, "number", v);
    *ret = v;
    return BI_OK;
}

int bi_int(struct bi_ctx *ctx, const struct value *argv, int operand, int64_t *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_NUMBER)
        return bi_operand_error(ctx, operand, "number", v);
    if (!number_text_int64(v, ret))
        return bi_operand_text(ctx, operand, "must be integer number but got floating-point number");
    return BI_OK;
}

int bi_array(struct bi_ctx *ctx, const struct value *argv, int operand, const struct value **ret, size_t *ret_count)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_ARRAY)
        return bi_operand_error(ctx, operand, "array", v);
    *ret = v.items;
    *ret_count = v.len;
    return BI_OK;
}

int bi_object(struct bi_ctx *ctx, const struct value *argv, int operand, struct object **ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_OBJECT)
        return bi_operand_error(ctx, operand, "object", v);
    *ret = v.object;
    return BI_OK;
}

int bi_set(struct bi_ctx *ctx, const struct value *argv, int operand, struct set **ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_SET)
        return bi_operand_error(ctx, operand, "set", v);
    *ret = v.set;
    return BI_OK;
}

int bi_sequence(struct bi_ctx *ctx, const struct value *argv, int operand, const struct value **ret, size_t *ret_count)
{
    struct value v = argv[operand - 1];
    if (v.kind == VALUE_SET) {
        *ret = set_items(v.set);
        *ret_count = v.set->count;
        return BI_OK;
    }
    if (v.kind != VALUE_ARRAY)
        return bi_operand_error(ctx, operand, "one of {array, set}", v);
    *ret = v.items;
    *ret_count = v.len;
    return BI_OK;
}
