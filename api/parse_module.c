/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module: a module's syntax tree as a value.
 */
#include "api/api.h"
#include "lang/ast_json.h"
#include "lang/diag.h"
#include "stdlib/builtins.h"

int api_parse_module(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret)
{
    const struct quis_engine *engine = ctx;
    struct compiler c;
    int status = BI_OK;
    compiler_init(&c, &engine->alloc, bi->limits);
    struct linkage link = api_linkage(engine);
    c.builtins = link.builtins;
    c.builtin_count = link.builtin_count;
    if (parse_module(&c, name, text)) {
        struct ast_json_options o = {0};
        struct value tree = ast_module_json(&c.arena, &c, c.modules[0], o);
        *ret = value_copy(bi->arena, tree);
        status = ret->kind == VALUE_UNDEFINED ? bi_nomem(bi) : BI_OK;
    } else {
        struct buf b;
        buf_init(&b, bi->arena);
        for (size_t i = 0; i < c.diag_count; i++)
            diag_write(&b, &c, &c.diags[i]);
        status = b.failed || c.out_of_memory ? bi_nomem(bi) : bi_fail(bi, "%.*s", (int)b.len, b.p);
    }
    compiler_fini(&c);
    return status;
}
