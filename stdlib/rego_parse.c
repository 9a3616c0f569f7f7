/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module: the syntax tree of a policy, made by the compiler that the host lends.
 * rego.metadata.*: the compiler replaces calls in rules; what is left are calls in queries, which are errors.
 */
#include "stdlib/builtins.h"

int bif_rego_parse_module(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str name, text;
    int status = bi_string(ctx, argv, 1, &name);
    if (status != BI_OK)
        return status;
    if (argv[1].kind != VALUE_STRING)
        return bi_operand_error(ctx, 1, "string", argv[1]); /* OPA counts both operands as the first */
    text = value_text(argv[1]);
    if (ctx->host == NULL || ctx->host->parse_module == NULL)
        return bi_fail(ctx, "no compiler available");
    status = bi_charge(ctx, text.len * 8);
    return status == BI_OK ? ctx->host->parse_module(ctx->host->ctx, ctx, name, text, ret) : status;
}

int bif_rego_metadata_chain(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv, (void)ret;
    return bi_fail(ctx, "the rego.metadata.chain function must only be called within the scope of a rule");
}

int bif_rego_metadata_rule(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv, (void)ret;
    return bi_fail(ctx, "the rego.metadata.rule function must only be called within the scope of a rule");
}
