/* SPDX-License-Identifier: Apache-2.0
 *
 * json.marshal, json.marshal_with_options, json.unmarshal, json.is_valid.
 */
#include "stdlib/builtins.h"
#include "vm/json.h"
#include "vm/limits.h"

#define GO_JSON_DEPTH 10000u /* Go's decoder reports deeper texts as an error */

int bif_json_marshal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct buf b;
    int status = bi_charge_text(ctx, argv[0]);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    json_write(&b, argv[0], JSON_COMPACT);
    return bi_return_buf(ctx, &b, ret);
}

struct marshal_options {
    struct str prefix, indent;
    bool is_pretty, is_pretty_given;
};

static int read_text_option(struct bi_ctx *ctx, struct str key, struct value v, uint32_t place, struct str *ret)
{
    if (v.kind != VALUE_STRING)
        return bi_operand_text(ctx, 2, "key \"%.*s\" failed cast to string: operand %u must be string but got %s", (int)key.len,
                               key.p, place, value_kind_name((enum value_kind)v.kind));
    *ret = value_text(v);
    return BI_OK;
}

static int read_option(struct bi_ctx *ctx, const struct member *m, uint32_t place, struct marshal_options *o)
{
    if (m->key.kind != VALUE_STRING) {
        struct buf b;
        buf_init(&b, ctx->arena);
        value_write_rego(&b, m->key);
        if (b.failed)
            return bi_nomem(ctx);
        return bi_operand_text(ctx, 2, "failed to stringify key %.*s at index %u: operand %u must be string but got %s",
                               b.len > 500 ? 500 : (int)b.len, b.p, place, place, value_kind_name((enum value_kind)m->key.kind));
    }
    struct str key = value_text(m->key);
    bool is_prefix = str_equal(key, STR("prefix"));
    if (is_prefix || str_equal(key, STR("indent"))) {
        if (!o->is_pretty_given)
            o->is_pretty = true;
        return read_text_option(ctx, key, m->value, place, is_prefix ? &o->prefix : &o->indent);
    }
    if (!str_equal(key, STR("pretty")))
        return bi_operand_text(ctx, 2, "object contained unknown key \"%.*s\"", key.len > 500 ? 500 : (int)key.len, key.p);
    if (m->value.kind != VALUE_BOOL)
        return bi_operand_text(ctx, 2, "key \"pretty\" failed cast to bool");
    o->is_pretty = value_is_true(m->value);
    o->is_pretty_given = true;
    return BI_OK;
}

int bif_json_marshal_with_options(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *given;
    int status = bi_object(ctx, argv, 2, &given);
    if (status != BI_OK)
        return status;
    struct marshal_options o = {.indent = STR("\t")};
    const struct member *members = object_members(given);
    for (uint32_t i = 0; status == BI_OK && i < given->count; i++)
        status = read_option(ctx, &members[i], i, &o);
    if (status != BI_OK)
        return status;
    if (!o.is_pretty)
        return bif_json_marshal(ctx, argv, ret);
    status = bi_charge_text(ctx, argv[0]);
    if (status != BI_OK)
        return status;
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_str(&b, o.prefix);
    json_write_indented(&b, argv[0], JSON_COMPACT, o.prefix, o.indent);
    status = bi_charge(ctx, b.len / 4);
    return status == BI_OK ? bi_return_buf(ctx, &b, ret) : status;
}

/* Parses operand 1; *ret_err says what is wrong with the text when the answer is BI_ERROR. */
static int parse_text(struct bi_ctx *ctx, struct str text, struct value *ret, struct err *ret_err)
{
    int status = bi_charge(ctx, text.len / 2 + 1);
    if (status != BI_OK)
        return status;
    struct json_options options = {.max_depth = (uint32_t)ctx->limits->json_depth, .borrow = true};
    if (json_parse(ctx->arena, text, &options, ret, ret_err) == 0)
        return BI_OK;
    if (ret_err->code == ERR_NOMEM || ret_err->code == ERR_LIMIT_MEMORY)
        return bi_nomem(ctx);
    if (ret_err->code == ERR_LIMIT_DEPTH && ctx->limits->json_depth >= GO_JSON_DEPTH)
        return BI_ERROR;
    return err_is_limit(ret_err->code) ? bi_halt(ctx, ret_err->code, "%s: %s", ctx->def->name, ret_err->text) : BI_ERROR;
}

int bif_json_unmarshal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    int status = bi_string(ctx, argv, 1, &text);
    if (status != BI_OK)
        return status;
    struct err e = {.code = ERR_OK};
    status = parse_text(ctx, text, ret, &e);
    return status == BI_ERROR ? bi_fail(ctx, "%s", e.text) : status;
}

int bif_json_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value v;
    struct err e = {.code = ERR_OK};
    int status = argv[0].kind == VALUE_STRING ? parse_text(ctx, value_text(argv[0]), &v, &e) : BI_ERROR;
    if (status == BI_HALT)
        return status;
    *ret = value_bool(status == BI_OK);
    return BI_OK;
}
