/* SPDX-License-Identifier: Apache-2.0
 *
 * json.match_schema and json.verify_schema.
 *
 * Documents and schemas, given as text or as values, are taken through JSON text: sets become arrays, and the schema is a copy
 * that may be changed.
 */
#include "stdlib/schema.h"

#include "stdlib/builtins.h"
#include "vm/json.h"
#include "vm/limits.h"

/* Reads v as JSON. BI_ERROR: *ret_problem says why it is none. */
static int load(struct bi_ctx *ctx, struct value v, struct value *ret, struct str *ret_problem)
{
    struct str text = value_text(v);
    if (v.kind == VALUE_OBJECT || v.kind == VALUE_ARRAY) {
        struct buf b;
        int status = bi_charge_text(ctx, v);
        if (status != BI_OK)
            return status;
        buf_init(&b, ctx->arena);
        json_write(&b, v, JSON_COMPACT_RAW);
        if (b.failed)
            return bi_nomem(ctx);
        text = buf_view(&b);
    } else if (v.kind != VALUE_STRING) {
        *ret_problem = STR("wrong type, expected string or object");
        return BI_ERROR;
    }
    int status = bi_charge(ctx, text.len);
    if (status != BI_OK)
        return status;
    struct err e = {.code = ERR_OK};
    struct json_options options = {.max_depth = (uint32_t)ctx->limits->json_depth, .borrow = true};
    if (json_parse(ctx->arena, text, &options, ret, &e) == 0)
        return BI_OK;
    *ret_problem = STR("invalid JSON string");
    return err_is_limit(e.code) ? bi_halt(ctx, e.code, "%s: %s", ctx->def->name, e.text) : BI_ERROR;
}

static int load_schema(struct bi_ctx *ctx, struct value v, struct schema_node **ret, struct str *ret_problem)
{
    struct schema_compiler c = {.ctx = ctx};
    struct value document;
    int status = load(ctx, v, &document, ret_problem);
    if (status != BI_OK)
        return status;
    status = schema_parse(&c, document, ret);
    *ret_problem = c.problem;
    return status;
}

static int return_pair(struct bi_ctx *ctx, bool first, struct value second, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, 2, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    items[0] = value_bool(first);
    items[1] = second;
    *ret = value_array(items, 2);
    return BI_OK;
}

int bif_json_verify_schema(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct schema_node *root;
    struct str problem;
    int status = load_schema(ctx, argv[0], &root, &problem);
    if (status == BI_OK)
        return return_pair(ctx, true, value_null(), ret);
    if (status != BI_ERROR)
        return status;
    struct str text = arena_printf(ctx->arena, "jsonschema: %.*s", (int)problem.len, problem.p);
    return text.p != NULL ? return_pair(ctx, false, value_str(text), ret) : bi_nomem(ctx);
}

int bif_json_match_schema(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct schema_node *root;
    struct value document, errors;
    struct str problem;
    int status = load(ctx, argv[0], &document, &problem);
    if (status == BI_OK)
        status = load_schema(ctx, argv[1], &root, &problem);
    if (status == BI_ERROR)
        return bi_fail(ctx, "%.*s", problem.len > 1000 ? 1000 : (int)problem.len, problem.p);
    if (status == BI_OK)
        status = schema_check(ctx, root, document, &errors);
    return status == BI_OK ? return_pair(ctx, errors.len == 0, errors, ret) : status;
}
