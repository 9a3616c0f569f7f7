/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs the stages over the modules and then over the query, keeps the limit of errors and sorts them as OPA does.
 *
 * The stages are in pass_*.c, their order in passes.def. When memory runs out anywhere, the arena remembers it and the run
 * ends with that as the only fact; stages merely return.
 */
#include "lang/compiler.h"

#include "lang/passes.h"
#include "lang/sort.h"

struct stage {
    bool (*run)(struct compiler *c);
    bool is_check; /* its errors do not stop the stages after it */
};

static const struct stage STAGES[] = {
#define STAGE(name, function, doc) {function, false},
#define CHECK(name, function, doc) {function, true},
#include "lang/passes.def"
#undef STAGE
#undef CHECK
};

struct query_stage {
    bool (*run)(struct passes *s, struct body *b);
    bool strict_only;
};

/* After names are resolved and locals renamed. */
static const struct query_stage QUERY_STAGES[] = {
    {pass_templates_query, false},
    {pass_voids_body, false},
    {pass_prints_query, false},
    {pass_exprs_body, false},
    {pass_comprehensions_body, false},
    {pass_with_body, false},
    {pass_undefined_body, false},
    {pass_safety_query, false},
    {pass_dynamic_body, false},
    {pass_types_query, false},
    {pass_unsafe_body, false},
    {pass_deprecated_body, true},
};

/* ---- errors ---- */

static bool is_out_of_memory(const struct compiler *c)
{
    return c->out_of_memory || c->arena.failed != ARENA_OK || c->passes->scratch.failed != ARENA_OK;
}

static int compare_places(const struct compiler *c, struct loc a, struct loc b)
{
    if (a.row == 0 || b.row == 0)
        return (a.row == 0) - (b.row == 0);
    int order = a.file == b.file ? 0 : str_compare(c->sources[a.file].name, c->sources[b.file].name);
    if (order == 0)
        order = (a.row > b.row) - (a.row < b.row);
    return order != 0 ? order : (a.col > b.col) - (a.col < b.col);
}

static int compare_diags(const void *left, const void *right, void *ctx)
{
    const struct diag *a = left, *b = right;
    int order = compare_places(ctx, a->loc, b->loc);
    if (order == 0)
        order = strcmp(err_name(a->code), err_name(b->code));
    if (order == 0)
        order = str_compare(a->message, b->message);
    return order != 0 ? order : str_compare(a->details, b->details);
}

void compiler_sort_diags(struct compiler *c, size_t from)
{
    if (c->diag_count - from < 2)
        return;
    if (!sort_stable(&c->arena, c->diags + from, c->diag_count - from, sizeof *c->diags, compare_diags, c))
        c->out_of_memory = true;
}

/* Cuts the list at the limit. */
static bool is_limit_reached(struct compiler *c)
{
    if (c->options.max_errors == 0 || c->diag_count < c->options.max_errors)
        return false;
    c->diag_count = c->options.max_errors;
    return true;
}

static void finish_errors(struct compiler *c, bool sorted, bool limited)
{
    if (sorted)
        compiler_sort_diags(c, 0);
    if (limited)
        (void)diag_add(c, ERR_COMPILE, (struct loc){0}, "error limit reached");
}

/* ---- the runs ---- */

/* A stage that fails says why. Should one not, the compilation fails all the same. */
static bool fail_without_reason(struct compiler *c)
{
    return diag_add(c, ERR_EVAL_INTERNAL, (struct loc){0}, "a stage of the compiler failed without a reason");
}

static bool run_stages(struct compiler *c)
{
    bool limited = false, has_types = pass_types_begin(c);
    for (size_t i = 0; i < COUNT_OF(STAGES) && !limited; i++) {
        bool go_on = STAGES[i].run(c) && has_types;
        if (is_out_of_memory(c))
            return diag_nomem(c);
        limited = is_limit_reached(c);
        if (!has_types || (!go_on && !STAGES[i].is_check)) {
            if (c->diag_count == 0)
                (void)fail_without_reason(c);
            break;
        }
    }
    if (c->diag_count == 0)
        return true;
    finish_errors(c, true, limited);
    return false;
}

/* The stages of queries see errors of one stage only, in the order in which it finds them. */
static bool end_query(struct compiler *c, bool ok)
{
    if (is_out_of_memory(c))
        return diag_nomem(c);
    if (c->diag_count == 0)
        return ok || fail_without_reason(c);
    uint32_t limit = c->options.max_errors;
    finish_errors(c, false, limit > 0 && c->diag_count > limit && is_limit_reached(c));
    return false;
}

static bool prepare_query(struct compiler *c, struct query *q)
{
    if (q->written.count == 0)
        q->written = q->body;
    q->body = (struct body){0};
    return ast_copy_body(&c->arena, &q->written, &q->body);
}

static bool run_query(struct compiler *c)
{
    struct passes *s = c->passes;
    struct query *q = c->query;
    s->in_query = true;
    if (q->body.count == 0 && q->written.count == 0)
        return diag_add(c, ERR_COMPILE, (struct loc){0}, "empty query cannot be compiled");
    bool ok = prepare_query(c, q) && (!c->options.strict || pass_overrides_query(s, &q->body)) && pass_resolve_query(s, q) &&
              pass_capture_query(s, q) && pass_locals_query(s, q);
    for (size_t i = 0; ok && i < COUNT_OF(QUERY_STAGES); i++) {
        if (QUERY_STAGES[i].strict_only && !c->options.strict)
            continue;
        ok = pass_query_names(s, &q->body) && QUERY_STAGES[i].run(s, &q->body) && c->diag_count == 0;
    }
    return end_query(c, ok);
}

static int compare_modules(const void *left, const void *right, void *ctx)
{
    const struct compiler *c = ctx;
    const struct module *const *a = left, *const *b = right;
    return str_compare(c->sources[(*a)->file].name, c->sources[(*b)->file].name);
}

static bool run_all(struct compiler *c)
{
    if (!sort_stable(&c->arena, c->modules, c->module_count, sizeof *c->modules, compare_modules, c))
        return diag_nomem(c);
    return run_stages(c) && (c->query == NULL || run_query(c));
}

bool compiler_run(struct compiler *c)
{
    if (c->out_of_memory || c->diag_count > 0)
        return false;
    if (!pass_init(c))
        return diag_nomem(c);
    bool ok = run_all(c);
    arena_fini(&c->passes->scratch);
    return ok;
}
