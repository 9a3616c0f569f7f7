/* SPDX-License-Identifier: Apache-2.0
 *
 * Code for observing: events around literals and the bodies within them.
 *
 * A traced literal knows whether it had a solution, so that FAIL can be told from "no more". Coming back to it passes REDO,
 * running out of it passes DONE. Bodies that need one solution only are cut there: the literals opened in them are told,
 * innermost first. What is computed does not change; negated bodies are searched to their end, as OPA does.
 */
#include "lang/cg.h"

struct trace_row cg_trace_expr_row(const struct expr *e, uint32_t index)
{
    return (struct trace_row){.kind = TRACE_ROW_EXPR, .loc = e->loc, .index = index, .expr = e};
}

struct trace_row cg_trace_body_row(const struct body *body)
{
    struct loc loc = body->count > 0 ? body->items[0]->loc : (struct loc){0};
    return (struct trace_row){.kind = TRACE_ROW_BODY, .loc = loc, .body = body};
}

struct trace_row cg_trace_node_row(const struct cg_group *group)
{
    bool tail = group->kind == FUNCTION_COMPLETE || group->kind == FUNCTION_CALL;
    return (struct trace_row){.kind = TRACE_ROW_NODE, .has_tail = tail, .node = group->node};
}

/* The variables bound now. */
static void note_vars(struct cg *g, struct trace_row *row)
{
    struct trace_var *vars = arena_array(g->arena, g->trail_count, sizeof *vars);
    if (vars == NULL) {
        cg_fail(g);
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < g->trail_count; i++)
        if (g->trail[i].var != NULL && cg_var(g, g->trail[i].var) != NO_REG)
            vars[count++] = (struct trace_var){g->trail[i].var, cg_var(g, g->trail[i].var)};
    row->vars = vars;
    row->var_count = count;
}

void cg_trace(struct cg *g, enum trace_event event, struct trace_row row)
{
    struct compiler *c = g->c;
    if (g->failed)
        return;
    if (row.vars == NULL && row.kind != TRACE_ROW_NODE)
        note_vars(g, &row);
    if (!arena_grow(g->arena, &c->traces, &c->trace_cap, c->trace_count + 1, sizeof *c->traces)) {
        cg_fail(g);
        return;
    }
    row.number = (uint32_t)c->trace_count;
    c->traces[c->trace_count] = row;
    cg_op2(g, OP_TRACE, (uint8_t)event, 0, 0, 0, cg_position(g, row.loc), (uint32_t)c->trace_count);
    c->trace_count++;
}

void cg_trace_call(struct cg *g, const struct cg_group *group)
{
    if (g->traced)
        cg_trace(g, TRACE_CALL, cg_trace_node_row(group));
}

void cg_trace_call_below(struct cg *g, const struct rule_node *node)
{
    struct trace_row row = {.kind = TRACE_ROW_NODE, .is_below = true, .node = node};
    if (g->traced)
        cg_trace(g, TRACE_CALL, row);
}

/* ---- literals ---- */

static void open_literal(struct cg *g, struct trace_row row)
{
    if (!arena_grow(g->arena, &g->open, &g->open_cap, g->open_count + 1, sizeof *g->open)) {
        cg_fail(g);
        return;
    }
    g->open[g->open_count++] = row;
}

void cg_trace_cut(struct cg *g, size_t mark)
{
    for (size_t i = g->open_count; i > mark; i--)
        cg_trace(g, TRACE_CUT, g->open[i - 1]);
}

static void mark_found(struct cg *g, cg_reg flag)
{
    cg_op2(g, OP_CONST, 0, flag, 0, 0, builder_constant(g->b, value_bool(true)), 0);
}

void cg_trace_expr(struct cg *g, const struct expr *e, uint32_t index)
{
    if (g->failed || e->kind == EXPR_SOME)
        return;
    struct trace_row before = cg_trace_expr_row(e, index), after = before;
    cg_label outer = g->fail, spent = cg_label_new(g), again = cg_label_new(g), on = cg_label_new(g), none = cg_label_new(g);
    cg_reg found = cg_alloc(g, 1);
    note_vars(g, &before);
    cg_trace(g, TRACE_EVAL, before);
    cg_op1(g, OP_CLEAR, 0, found, 0, 0);
    g->fail = spent;
    g->trace_index = index;
    cg_plain_expr(g, e);
    mark_found(g, found);
    cg_label resume = g->fail;
    note_vars(g, &after);
    cg_goto(g, on);
    cg_place(g, again);
    if (!e->negated)
        cg_trace(g, TRACE_REDO, after);
    cg_goto(g, resume);
    cg_place(g, spent);
    cg_trace(g, TRACE_DONE, before);
    cg_jump(g, OP_DEFINED, 0, found, 0, 0, 0, none);
    cg_goto(g, outer);
    cg_place(g, none);
    cg_trace(g, TRACE_FAIL, before);
    cg_goto(g, outer);
    cg_place(g, on);
    g->fail = again;
    open_literal(g, after);
}

/* ---- scopes ---- */

/* Looks for solutions of body, entered as row: for all, or for the first. found is set when there was one. */
static void scope(struct cg *g, const struct body *body, struct trace_row row, bool one, cg_reg found)
{
    cg_label end = cg_label_new(g);
    size_t mark = g->trail_count, open = g->open_count;
    cg_trace(g, TRACE_ENTER, row);
    cg_op1(g, OP_CLEAR, 0, found, 0, 0);
    g->fail = end;
    cg_body(g, body);
    row.is_early = one;
    cg_trace(g, TRACE_EXIT, row);
    cg_trace(g, TRACE_REDO, row);
    mark_found(g, found);
    if (one)
        cg_trace_cut(g, open);
    cg_goto(g, one ? end : g->fail);
    cg_place(g, end);
    cg_unbind(g, mark);
    g->open_count = open;
    cg_trace(g, TRACE_LEAVE, row);
    g->last_withs = NULL;
}

/* e without its not, as the one literal of a body. */
static struct body *complement(struct cg *g, const struct expr *e)
{
    struct body *body = arena_zeroed(g->arena, 1, sizeof *body);
    struct expr *positive = arena_alloc(g->arena, sizeof *positive);
    if (body == NULL || positive == NULL)
        return NULL;
    *positive = *e;
    positive->negated = false;
    positive->withs = NULL;
    positive->with_count = 0;
    positive->index = 0;
    return body_push(g->arena, body, positive) ? body : NULL;
}

void cg_trace_negate(struct cg *g, const struct expr *e, const struct body *body)
{
    cg_label outer = g->fail, holds = cg_label_new(g);
    cg_reg found = cg_alloc(g, 1);
    if (body == NULL)
        body = complement(g, e);
    if (body == NULL) {
        cg_fail(g);
        return;
    }
    scope(g, body, cg_trace_body_row(body), false, found);
    cg_jump(g, OP_DEFINED, 0, found, 0, 0, 0, holds);
    cg_goto(g, outer);
    cg_place(g, holds);
    g->fail = outer;
}

void cg_trace_once(struct cg *g, const struct body *body, cg_label fail)
{
    cg_reg found = cg_alloc(g, 1);
    scope(g, body, cg_trace_body_row(body), true, found);
    cg_jump(g, OP_DEFINED, 0, found, 0, 0, 0, fail);
    g->fail = fail;
}

/* ---- every ---- */

/* domain[key] = value: what gives the elements. */
static const struct expr *generator(struct cg *g, const struct every *ev)
{
    struct loc loc = ev->domain->loc;
    const struct atom *eq = atom_get(&g->c->atoms, STR("eq")), *wild = atom_get(&g->c->atoms, STR("_"));
    struct expr *e = ast_expr(g->arena, EXPR_CALL, loc);
    struct term *head = eq != NULL && wild != NULL ? ast_var(g->arena, eq, loc) : NULL;
    struct term *key = ev->key != NULL ? ev->key : wild != NULL ? ast_var(g->arena, wild, loc) : NULL;
    struct term *op = head != NULL ? ast_list(g->arena, TERM_REF, &head, 1, loc) : NULL;
    struct term *steps[] = {ev->domain, key};
    struct term *element = key != NULL ? ast_list(g->arena, TERM_REF, steps, 2, loc) : NULL;
    if (e == NULL || op == NULL || element == NULL || !terms_push(g->arena, &e->terms, op) ||
        !terms_push(g->arena, &e->terms, element) || !terms_push(g->arena, &e->terms, ev->value))
        return NULL;
    return e;
}

struct every_code {
    const struct expr *e;
    struct trace_row all, gen; /* the every, its generator */
    cg_reg it, key, value, found, seen, broken;
    cg_label outer;
};

static void every_element(struct cg *g, struct every_code *ec, cg_label next)
{
    const struct every *ev = ec->e->every;
    cg_label redo = cg_label_new(g), run = cg_label_new(g), unmet = cg_label_new(g);
    bool want_key = ev->key != NULL;
    mark_found(g, ec->seen);
    g->fail = redo;
    if (want_key)
        cg_unify_reg(g, ev->key, ec->key);
    cg_unify_reg(g, ev->value, ec->value);
    struct trace_row gen = ec->gen, all = ec->all;
    note_vars(g, &gen);
    note_vars(g, &all);
    cg_jump(g, OP_DEFINED, 0, ec->broken, 0, 0, 0, run);
    cg_goto(g, redo);
    cg_place(g, run);
    scope(g, &ev->body, cg_trace_body_row(&ev->body), true, ec->found);
    cg_jump(g, OP_DEFINED, 0, ec->found, 0, 0, 0, unmet);
    cg_label told = cg_label_new(g);
    cg_goto(g, told);
    cg_place(g, unmet); /* where the body did not hold */
    mark_found(g, ec->broken);
    cg_place(g, told);
    cg_trace(g, TRACE_REDO, all);
    cg_place(g, redo);
    cg_trace(g, TRACE_REDO, gen);
    cg_goto(g, next);
}

/* No element is left: the literal holds, or fails. */
static void every_end(struct cg *g, struct every_code *ec)
{
    cg_label some = cg_label_new(g), empty = cg_label_new(g), holds = cg_label_new(g);
    cg_trace(g, TRACE_DONE, ec->gen);
    cg_jump(g, OP_DEFINED, 0, ec->seen, 0, 0, 0, empty);
    cg_goto(g, some);
    cg_place(g, empty);
    cg_trace(g, TRACE_FAIL, ec->gen);
    cg_place(g, some);
    cg_jump(g, OP_DEFINED, 0, ec->broken, 0, 0, 0, holds);
    cg_trace(g, TRACE_FAIL, ec->all);
    cg_trace(g, TRACE_LEAVE, ec->all);
    cg_goto(g, ec->outer);
    cg_place(g, holds);
    struct trace_row late = ec->all;
    late.is_late = true;
    cg_trace(g, TRACE_EXIT, late);
    cg_trace(g, TRACE_LEAVE, ec->all);
}

void cg_trace_every(struct cg *g, const struct expr *e)
{
    const struct every *ev = e->every;
    const struct expr *gen = generator(g, ev);
    if (gen == NULL) {
        cg_fail(g);
        return;
    }
    cg_label next = cg_label_new(g), passed = cg_label_new(g), odd = cg_label_new(g), on = cg_label_new(g);
    cg_reg domain = cg_term(g, ev->domain);
    struct every_code ec = {.e = e, .outer = g->fail};
    ec.all = cg_trace_expr_row(e, g->trace_index);
    ec.gen = cg_trace_expr_row(gen, 0);
    size_t mark = g->trail_count;
    ec.it = cg_alloc_iterator(g);
    ec.key = cg_alloc(g, 5);
    ec.value = ec.key + 1;
    ec.found = ec.key + 2;
    ec.seen = ec.key + 3;
    ec.broken = ec.key + 4;
    note_vars(g, &ec.all);
    note_vars(g, &ec.gen);
    cg_op1(g, OP_CLEAR, 0, ec.seen, 0, 0);
    cg_op1(g, OP_CLEAR, 0, ec.broken, 0, 0);
    cg_jump(g, OP_ITER, 0, ec.it, domain, 0, 0, odd);
    cg_goto(g, on);
    cg_place(g, odd);
    cg_trace(g, TRACE_FAIL, ec.all); /* not a collection */
    cg_goto(g, ec.outer);
    cg_place(g, on);
    cg_trace(g, TRACE_ENTER, ec.all);
    cg_trace(g, TRACE_EVAL, ec.gen);
    cg_place(g, next);
    uint8_t want = (uint8_t)(NEXT_VALUE | (ev->key != NULL ? NEXT_KEY : 0));
    cg_jump(g, OP_NEXT, want, ec.it, ev->key != NULL ? ec.key : 0, ec.value, 0, passed);
    every_element(g, &ec, next);
    cg_place(g, passed);
    every_end(g, &ec);
    g->fail = ec.outer;
    cg_unbind(g, mark);
    g->last_withs = NULL;
}
