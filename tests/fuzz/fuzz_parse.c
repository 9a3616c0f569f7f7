/* SPDX-License-Identifier: Apache-2.0
 *
 * Text as a module of either version, as a query and as a term.
 *
 * A refusal has an error with a place in the text; what parses can be printed and copied, and compares equal to its copy.
 */
#include "lang/ast_json.h"
#include "stdlib/builtins.h"
#include "tests/fuzz/fuzz_common.h"

static void open_compiler(struct compiler *c, enum rego_version version)
{
    *c = (struct compiler){.limits = limits_default(), .builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    c->limits.parse_depth = FUZZ_DEPTH;
    c->options.version = version;
    fuzz_arena(&c->arena);
}

static void check_refusal(const struct compiler *c, size_t size)
{
    if (c->out_of_memory)
        return;
    FUZZ_CHECK(c->diag_count != 0, "refused without an error");
    for (size_t i = 0; i < c->diag_count; i++) {
        FUZZ_CHECK(c->diags[i].message.len != 0, "an error without a text");
        FUZZ_CHECK(c->diags[i].loc.offset <= size, "an error outside the text");
    }
}

static void check_rule(struct compiler *c, const struct rule *r)
{
    struct buf text;
    buf_init(&text, &c->arena);
    ast_write_rule(&text, r, REGO_V1);
    for (size_t i = 0; i < r->body.count; i++) {
        struct expr *copy = ast_copy_expr(&c->arena, r->body.items[i]);
        if (copy != NULL)
            FUZZ_CHECK(expr_compare(copy, r->body.items[i]) == 0, "a copy differs");
    }
}

static void parse_as_module(struct str text, enum rego_version version)
{
    struct compiler c;
    open_compiler(&c, version);
    if (!parse_module(&c, STR("fuzz.rego"), text)) {
        check_refusal(&c, text.len);
    } else {
        const struct module *m = c.modules[0];
        struct ast_json_options all = {.locations = true, .comments = true};
        struct value v = ast_module_json(&c.arena, &c, m, all);
        FUZZ_CHECK(v.kind == VALUE_OBJECT || c.arena.failed != ARENA_OK, "a module without JSON");
        for (size_t i = 0; i < m->rule_count; i++)
            check_rule(&c, m->rules[i]);
    }
    arena_fini(&c.arena);
}

static void parse_as_query(struct str text)
{
    struct compiler c;
    struct query q = {0};
    open_compiler(&c, REGO_V1);
    if (!parse_query(&c, text, &q))
        check_refusal(&c, text.len);
    if (parse_term(&c, text) == NULL)
        check_refusal(&c, text.len);
    arena_fini(&c.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of((const char *)data, size);
    parse_as_module(text, REGO_V1);
    parse_as_module(text, REGO_V0);
    parse_as_query(text);
    return 0;
}
