/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of a query's expressions: each gets a variable that keeps its value for the result.
 *
 * As OPA's evaluator rewrites queries (v1/rego/rego.go): a term is unified with a new variable, a call that has no result
 * operand gets one. Where there can be several solutions, or several expressions, a false value still fails its row.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

/* Several solutions: an unbound variable below brackets, or a relation. Comprehensions do not count. */
static bool iterates_term(struct ast_walk *w, struct term *t)
{
    bool *found = w->ctx;
    if (t->kind == TERM_ARRAY_COMPR || t->kind == TERM_OBJECT_COMPR || t->kind == TERM_SET_COMPR)
        return true;
    if (t->kind == TERM_REF)
        for (size_t i = 1; i < t->list.count; i++)
            if (t->list.items[i]->kind == TERM_VAR)
                *found = true;
    return *found;
}

static bool has_iteration(struct passes *s, struct body *b)
{
    bool found = false;
    struct ast_walk w = {.term = iterates_term, .ctx = &found};
    for (size_t i = 0; i < b->count && !found; i++) {
        const struct terms *op = expr_operator(b->items[i]);
        const struct builtin *def = op != NULL ? pass_builtin(s, b->items[i]->terms.items[0]) : NULL;
        found = def != NULL && (def->flags & BI_RELATION) != 0;
        ast_walk_expr(&w, b->items[i]);
    }
    return found;
}

static struct term *capture_var(struct passes *s, size_t i, struct loc loc)
{
    char name[32] = "$term";
    size_t len = 5;
    do
        name[len++] = (char)('0' + i % 10); /* digits backwards: unique all the same */
    while ((i /= 10) > 0);
    const struct atom *atom = atom_get(&s->c->atoms, str_of(name, len));
    struct term *t = atom != NULL ? ast_var(&s->c->arena, atom, loc) : NULL;
    if (t != NULL)
        t->generated = true;
    return t;
}

/* Makes e keep its value in var; false: e has no value to keep, or memory ran out. */
static bool capture(struct passes *s, struct expr *e, struct term *var)
{
    if (e->kind == EXPR_TERM) {
        struct expr *eq = pass_eq(s, e->term, var, e->loc);
        if (eq == NULL)
            return false;
        e->kind = EXPR_CALL;
        e->terms = eq->terms;
        return true;
    }
    const struct arity_entry *call = pass_call(s, e->terms.items[0]);
    if (call->arity < 0 || (size_t)call->arity != e->terms.count - 1)
        return false;
    if (call->builtin != NULL && (call->builtin->flags & BI_VOID) != 0)
        return false;
    return terms_push(&s->c->arena, &e->terms, var);
}

static bool append_check(struct passes *s, struct body *b, const struct expr *e, struct term *var)
{
    struct expr *check = ast_expr(&s->c->arena, EXPR_TERM, e->loc);
    if (check == NULL)
        return diag_nomem(s->c);
    check->term = var;
    check->generated = true;
    return pass_append(s, b, check);
}

/* some x, y: gone when the query runs. some x in xs is an expression like others. */
static bool is_declaration(const struct expr *e)
{
    return e->kind == EXPR_SOME && (e->terms.count != 1 || e->terms.items[0]->kind != TERM_CALL);
}

bool pass_capture_query(struct passes *s, struct query *q)
{
    size_t count = q->body.count, kept = 0;
    bool check = count > 1 || has_iteration(s, &q->body);
    q->captures = arena_zeroed(&s->c->arena, count, sizeof *q->captures);
    if (q->captures == NULL)
        return diag_nomem(s->c);
    for (size_t i = 0; i < count; i++) {
        struct expr *e = q->body.items[i];
        if (is_declaration(e))
            continue;
        struct capture *cap = &q->captures[kept++];
        cap->loc = e->loc;
        bool has_value = !e->negated && (e->kind == EXPR_TERM || e->kind == EXPR_CALL);
        if (!has_value || pass_calls(e, s->a_eq) || pass_calls(e, s->a_assign))
            continue;
        struct term *var = capture_var(s, i, e->loc);
        if (var == NULL)
            return diag_nomem(s->c);
        if (!capture(s, e, var))
            continue;
        cap->var = var->var;
        if (check && !append_check(s, &q->body, e, var))
            return false;
    }
    q->capture_count = kept;
    return true;
}
