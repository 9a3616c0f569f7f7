/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of calls and of names that are taken: undefined functions, wrong numbers of operands, calls without value used as
 * values, forbidden and deprecated builtins, input and data as names.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

/* The operator as the user knows it. */
static struct str operator_text(struct passes *s, const struct expr *e)
{
    const struct terms *op = expr_operator(e);
    if (op == NULL)
        return STR("");
    struct terms written = pass_written_ref(s, op);
    return written.items != NULL ? pass_ref_text(s, &written) : STR("");
}

/* Calls visit for each expression of a rule, also in closures. */
static void each_expr(struct ast_walk *w, struct rule *r)
{
    if ((r->traits & TRAIT_NESTED) != 0) {
        ast_walk_rule(w, r);
        return;
    }
    for (size_t i = 0; i < r->body.count; i++)
        (void)w->expr(w, r->body.items[i]);
}

/* ---- undefined functions, numbers of operands ---- */

static void report_arity(struct passes *s, const struct expr *e, const struct arity_entry *call, size_t operands)
{
    if (pass_types_arity(s, e, call->builtin))
        return;
    struct str name = operator_text(s, e);
    (void)diag_add(s->c, ERR_TYPE, e->loc, "function %.*s has arity %d, got %zu argument%s", (int)name.len, name.p, call->arity,
                   operands, operands == 1 ? "" : "s");
}

static bool check_call(struct ast_walk *w, struct expr *e)
{
    struct passes *s = w->ctx;
    if (e->kind != EXPR_CALL)
        return false;
    const struct arity_entry *call = pass_call(s, e->terms.items[0]);
    if (call->arity < 0) {
        struct str name = operator_text(s, e);
        (void)diag_add(s->c, ERR_TYPE, e->loc, "undefined function %.*s", (int)name.len, name.p);
        return true;
    }
    size_t operands = e->terms.count - 1, arity = (size_t)call->arity;
    if (e->generated) { /* a result operand was added */
        if (operands == arity + 1 || pass_is_eq(s, e))
            return false;
        report_arity(s, e, call, operands - 1);
        return true;
    }
    if (operands == arity || operands == arity + 1)
        return false;
    report_arity(s, e, call, operands);
    return true;
}

bool pass_undefined(struct compiler *c)
{
    size_t before = c->diag_count;
    struct ast_walk w = {.expr = check_call, .ctx = c->passes};
    EACH_RULE(c->passes, r)
        each_expr(&w, r);
    return c->diag_count == before;
}

bool pass_undefined_body(struct passes *s, struct body *b)
{
    struct ast_walk w = {.expr = check_call, .ctx = s};
    ast_walk_body(&w, b);
    return true;
}

/* ---- calls without value ---- */

static bool check_void(struct ast_walk *w, struct term *t)
{
    struct passes *s = w->ctx;
    if (t->kind != TERM_CALL)
        return false;
    const struct builtin *b = pass_builtin(s, t->list.items[0]);
    if (b == NULL || (b->flags & BI_VOID) == 0)
        return false;
    struct buf text;
    buf_init(&text, &s->c->arena);
    ast_write_term(&text, t);
    struct str view = text.failed ? STR("") : buf_view(&text);
    (void)diag_add(s->c, ERR_TYPE, t->loc, "%.*s used as value", (int)view.len, view.p);
    return false;
}

bool pass_voids(struct compiler *c)
{
    size_t before = c->diag_count;
    struct ast_walk w = {.term = check_void, .ctx = c->passes};
    EACH_RULE(c->passes, r)
        if ((r->traits & TRAIT_VOID) != 0)
            ast_walk_rule(&w, r);
    return c->diag_count == before;
}

bool pass_voids_body(struct passes *s, struct body *b)
{
    struct ast_walk w = {.term = check_void, .ctx = s};
    ast_walk_body(&w, b);
    return true;
}

/* ---- forbidden and deprecated builtins ---- */

static bool check_unsafe(struct ast_walk *w, struct expr *e)
{
    struct passes *s = w->ctx;
    const struct terms *op = expr_operator(e);
    if (op == NULL)
        return false;
    struct str name = pass_ref_text(s, op);
    for (size_t i = 0; i < s->c->options.unsafe_builtin_count; i++)
        if (str_equal(name, s->c->options.unsafe_builtins[i]))
            (void)diag_add(s->c, ERR_TYPE, e->loc, "unsafe built-in function calls in expression: %.*s", (int)name.len, name.p);
    return false;
}

bool pass_unsafe(struct compiler *c)
{
    struct ast_walk w = {.expr = check_unsafe, .ctx = c->passes};
    if (c->options.unsafe_builtin_count == 0)
        return true;
    EACH_RULE(c->passes, r)
        each_expr(&w, r);
    return true;
}

bool pass_unsafe_body(struct passes *s, struct body *b)
{
    struct ast_walk w = {.expr = check_unsafe, .ctx = s};
    if (s->c->options.unsafe_builtin_count > 0)
        ast_walk_body(&w, b);
    return true;
}

static bool check_deprecated(struct ast_walk *w, struct expr *e)
{
    struct passes *s = w->ctx;
    if (e->kind == EXPR_EVERY)
        return true; /* OPA does not look into their bodies; domains are expressions of their own by now */
    if (e->kind != EXPR_CALL)
        return false;
    const struct builtin *b = pass_call(s, e->terms.items[0])->builtin;
    if (b != NULL && (b->flags & BI_DEPRECATED) != 0)
        (void)diag_add(s->c, ERR_TYPE, e->loc, "deprecated built-in function calls in expression: %s", b->name);
    return false;
}

bool pass_deprecated(struct compiler *c)
{
    struct ast_walk w = {.expr = check_deprecated, .ctx = c->passes};
    EACH_RULE(c->passes, r)
        if ((r->traits & TRAIT_DEPRECATED) != 0 && (c->options.strict || module_is_v1(r->module)))
            each_expr(&w, r);
    return true;
}

bool pass_deprecated_body(struct passes *s, struct body *b)
{
    struct ast_walk w = {.expr = check_deprecated, .ctx = s};
    ast_walk_body(&w, b);
    return true;
}

/* ---- input and data as names ---- */

static bool check_shadow(struct ast_walk *w, struct expr *e)
{
    struct passes *s = w->ctx;
    if (!pass_calls(e, s->a_assign) || e->terms.count < 2)
        return false;
    const struct term *left = e->terms.items[1];
    const struct atom *name = pass_is_root(s, left) ? left->list.items[0]->var : left->kind == TERM_VAR ? left->var : NULL;
    if (name != NULL && pass_is_reserved(s, name))
        (void)diag_add(s->c, ERR_COMPILE, e->loc, "variables must not shadow %s (use a different variable name)", name->text);
    return false;
}

static void check_rule_names(struct passes *s, const struct rule *r)
{
    const struct term *first = r->head->ref.items[0];
    if (first->kind == TERM_VAR && pass_is_reserved(s, first->var))
        (void)diag_add(s->c, ERR_COMPILE, r->loc, "rules must not shadow %s (use a different rule name)", first->var->text);
    for (size_t i = 0; i < r->head->args.count; i++) {
        const struct term *arg = r->head->args.items[i];
        if (pass_is_root(s, arg))
            (void)diag_add(s->c, ERR_COMPILE, arg->loc, "args must not shadow %s (use a different variable name)",
                           arg->list.items[0]->var->text);
    }
}

bool pass_overrides(struct compiler *c)
{
    struct passes *s = c->passes;
    struct ast_walk w = {.expr = check_shadow, .ctx = s};
    EACH_MODULE(s, m) {
        if (!c->options.strict && !module_is_v1(m))
            continue;
        for (size_t i = 0; i < m->rule_count; i++) {
            check_rule_names(s, m->rules[i]);
            for (struct rule *r = m->rules[i]; r != NULL; r = r->otherwise)
                if ((r->traits & TRAIT_SHADOW) != 0)
                    ast_walk_rule(&w, r);
        }
    }
    return true;
}

bool pass_overrides_query(struct passes *s, struct body *b)
{
    struct ast_walk w = {.expr = check_shadow, .ctx = s};
    ast_walk_body(&w, b);
    return s->c->diag_count == 0;
}
