/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module: parses in a compilation of its own and copies the tree into the evaluation.
 */
#include "lang/module_value.h"

#include "lang/ast_json.h"
#include "lang/compiler.h"
#include "lang/diag.h"

static int report(struct bi_ctx *bi, const struct compiler *c)
{
    struct buf b;
    buf_init(&b, bi->arena);
    buf_printf(&b, "%zu error%s occurred:%s", c->diag_count, c->diag_count == 1 ? "" : "s", c->diag_count == 1 ? " " : "\n");
    for (size_t i = 0; i < c->diag_count; i++) {
        if (i > 0)
            buf_char(&b, '\n');
        diag_write(&b, c, &c->diags[i]);
    }
    return b.failed || c->out_of_memory ? bi_nomem(bi) : bi_fail(bi, "%.*s", (int)b.len, b.p);
}

int module_value(struct bi_ctx *bi, const struct builtin *builtins, size_t builtin_count, const struct alloc *alloc,
                 struct str name, struct str text, struct value *ret)
{
    struct compiler c;
    struct ast_json_options o = {0};
    int status = BI_OK;
    int charged = bi_charge(bi, text.len);
    if (charged != BI_OK)
        return charged;
    compiler_init(&c, alloc, bi->limits);
    c.builtins = builtins;
    c.builtin_count = builtin_count;
    if (parse_module(&c, name, text)) {
        *ret = value_copy(bi->arena, ast_module_json(&c.arena, &c, c.modules[0], o));
        status = ret->kind == VALUE_UNDEFINED ? bi_nomem(bi) : BI_OK;
    } else {
        status = report(bi, &c);
    }
    compiler_fini(&c);
    return status;
}
