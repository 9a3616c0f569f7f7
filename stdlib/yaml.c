/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.marshal, yaml.unmarshal, yaml.is_valid, and YAML files for the command line.
 *
 * Text goes through libyaml's parser (yaml_compose.c), scalars get their types (yaml_resolve.c), the tree becomes a value
 * (yaml_decode.c); values become text in yaml_emit.c.
 */
#include "stdlib/yaml.h"

#include "stdlib/builtins.h"
#include "stdlib/yaml_node.h"

int yaml_parse_bounded(struct arena *a, struct str text, uint64_t max_units, struct value *ret, uint64_t *ret_units,
                       struct err *e)
{
    struct err own = {.code = ERR_OK};
    struct yaml_work w = {a, e != NULL ? e : &own, 0, max_units};
    struct yaml_node *root;
    int status = yaml_compose(&w, text, &root);
    if (status == 0) {
        *ret = value_null();
        status = root != NULL ? yaml_decode(&w, root, ret) : 0;
    }
    *ret_units = w.units;
    return status;
}

int yaml_parse(struct arena *a, struct str text, struct value *ret, struct err *e)
{
    uint64_t units;
    return yaml_parse_bounded(a, text, UINT64_MAX, ret, &units, e);
}

/* BI_ERROR: the text is at fault, ret_err says why. */
static int parse_text(struct bi_ctx *ctx, struct str text, struct value *ret, struct err *ret_err)
{
    uint64_t units;
    int parsed = yaml_parse_bounded(ctx->arena, text, *ctx->fuel, ret, &units, ret_err);
    int status = bi_charge(ctx, units);
    if (status != BI_OK || parsed == 0)
        return status;
    if (ret_err->code == ERR_YAML)
        return BI_ERROR;
    return ret_err->code == ERR_LIMIT_DEPTH ? bi_halt(ctx, ERR_LIMIT_DEPTH, "%s", ret_err->text) : bi_nomem(ctx);
}

int bif_yaml_unmarshal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct err e = {.code = ERR_OK};
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK) {
        status = parse_text(ctx, text, ret, &e);
        if (status == BI_ERROR)
            return bi_fail(ctx, "%s", e.text);
    }
    return status;
}

int bif_yaml_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value v;
    struct err e = {.code = ERR_OK};
    int status = argv[0].kind == VALUE_STRING ? parse_text(ctx, value_text(argv[0]), &v, &e) : BI_ERROR;
    if (status == BI_HALT)
        return status;
    *ret = value_bool(status == BI_OK);
    return BI_OK;
}

int bif_yaml_marshal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct buf b;
    struct err e = {.code = ERR_OK};
    int status = bi_charge(ctx, value_count(argv[0]) + 1);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    if (yaml_write(&b, argv[0], &e) != 0)
        return e.code == ERR_YAML ? bi_fail(ctx, "%s", e.text) : bi_nomem(ctx);
    status = bi_charge(ctx, b.len);
    return status == BI_OK ? bi_return_buf(ctx, &b, ret) : status;
}
