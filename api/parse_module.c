/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module in the library with the compiler.
 */
#include "api/api.h"
#include "lang/module_value.h"

int api_parse_module(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret)
{
    const struct quis_engine *engine = ctx;
    struct linkage link = api_linkage(engine);
    return module_value(bi, link.builtins, link.builtin_count, &engine->alloc, name, text, ret);
}
