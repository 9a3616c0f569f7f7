/* SPDX-License-Identifier: Apache-2.0
 *
 * Literals: what a body consists of. Negation, every, and/or are scopes: what they bind is forgotten behind them and they
 * have at most one solution. `with` wraps a literal in a frame that is left before what follows and entered again on the
 * way back into the literal's loops.
 */
#include "lang/cg.h"

static void positive(struct cg *g, const struct expr *e);

/* Generates what `inside` says so that its success fails the literal and its failure succeeds. */
static void negate(struct cg *g, const struct expr *e, const struct body *body)
{
    if (g->traced) {
        cg_trace_negate(g, e, body);
        return;
    }
    cg_label outer = g->fail, holds = cg_label_new(g);
    size_t mark = g->trail_count;
    bool any_order = g->any_order;
    g->any_order = !g->c->options.keep_prints;
    g->fail = holds;
    if (body != NULL)
        cg_body(g, body);
    else
        positive(g, e);
    cg_goto(g, outer);
    cg_place(g, holds);
    g->fail = outer;
    g->any_order = any_order;
    cg_unbind(g, mark);
    g->last_withs = NULL;
}

static void every(struct cg *g, const struct every *ev)
{
    cg_label next = cg_label_new(g), passed = cg_label_new(g);
    cg_reg domain = cg_term(g, ev->domain);
    cg_label outer = g->fail; /* the domain may have opened loops */
    size_t mark = g->trail_count;
    cg_reg it = cg_alloc_iterator(g), key = cg_alloc(g, 1), value = cg_alloc(g, 1);
    bool want_key = ev->key != NULL;
    cg_jump(g, OP_ITER, 0, it, domain, 0, 0, outer);
    cg_place(g, next);
    cg_jump(g, OP_NEXT, (uint8_t)(NEXT_VALUE | (want_key ? NEXT_KEY : 0)), it, want_key ? key : 0, value, 0, passed);
    if (want_key)
        cg_unify_reg(g, ev->key, key);
    cg_unify_reg(g, ev->value, value);
    cg_body(g, &ev->body);
    cg_goto(g, next);
    cg_place(g, passed);
    g->fail = outer;
    cg_unbind(g, mark);
    g->last_withs = NULL;
}

/* A body as an operand: its first solution counts, its bindings do not. */
static void once(struct cg *g, const struct body *body, cg_label fail)
{
    if (g->traced) {
        cg_trace_once(g, body, fail);
        return;
    }
    size_t mark = g->trail_count;
    g->fail = fail;
    cg_body(g, body);
    cg_unbind(g, mark);
    g->last_withs = NULL;
}

static void logical(struct cg *g, const struct expr *e)
{
    cg_label outer = g->fail;
    if (e->kind == EXPR_AND) {
        once(g, &e->logic->left, outer);
        once(g, &e->logic->right, outer);
    } else {
        cg_label right = cg_label_new(g), done = cg_label_new(g);
        once(g, &e->logic->left, right);
        cg_goto(g, done);
        cg_place(g, right);
        once(g, &e->logic->right, outer);
        cg_place(g, done);
    }
    g->fail = outer;
}

static void term_literal(struct cg *g, const struct term *t)
{
    if (t->kind == TERM_BOOL && t->scalar.i == 0) {
        cg_goto(g, g->fail);
        return;
    }
    if (term_is_scalar(t))
        return;
    cg_reg value = cg_term(g, t);
    if (t->kind == TERM_VAR || t->kind == TERM_REF || t->kind == TERM_CALL)
        cg_jump(g, OP_TEST, 0, value, 0, 0, 0, g->fail);
}

static void positive(struct cg *g, const struct expr *e)
{
    if (g->failed)
        return;
    switch (e->kind) {
    case EXPR_TERM:
        term_literal(g, e->term);
        return;
    case EXPR_CALL:
        cg_call_literal(g, &e->terms);
        return;
    case EXPR_SOME:
        return;
    case EXPR_EVERY:
        if (g->traced)
            cg_trace_every(g, e);
        else
            every(g, e->every);
        return;
    case EXPR_NOT:
        negate(g, e, &e->not_body);
        return;
    case EXPR_AND:
    case EXPR_OR:
        logical(g, e);
        return;
    }
}

static void plain(struct cg *g, const struct expr *e)
{
    if (e->negated)
        negate(g, e, NULL);
    else
        positive(g, e);
}

/* ---- with ---- */

static uint32_t target_path(struct cg *g, const struct terms *ref)
{
    uint32_t *keys = arena_array(g->arena, ref->count, sizeof *keys);
    if (keys == NULL) {
        cg_fail(g);
        return NONE;
    }
    for (size_t i = 1; i < ref->count; i++)
        keys[i - 1] = cg_constant(g, ref->items[i]);
    return builder_path(g->b, keys, ref->count - 1);
}

static struct cg_group *function_of(struct cg *g, const struct term *t)
{
    size_t used = 0;
    if (t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR || !atom_is(t->list.items[0]->var, "data"))
        return NULL;
    struct cg_group *group = cg_find_group(g, &t->list, &used);
    return group != NULL && used == t->list.count && group->kind == FUNCTION_CALL ? group : NULL;
}

/* The builtin that a term names as a replacement or target: not a variable of the rule, not input or data. */
static const struct builtin *builtin_named(struct cg *g, const struct term *t)
{
    const struct term *head = t->kind == TERM_REF ? t->list.items[0] : t;
    if (head->kind != TERM_VAR || cg_var(g, head->var) != NO_REG || atom_is(head->var, "input") || atom_is(head->var, "data"))
        return NULL;
    return cg_builtin_of(g, t);
}

static void replace_call(struct cg *g, cg_reg frame, enum mock_target kind, uint32_t target, const struct with *w, uint32_t argc)
{
    struct cg_group *function = function_of(g, w->value);
    const struct builtin *def = function == NULL ? builtin_named(g, w->value) : NULL;
    if (function != NULL) {
        cg_op2(g, OP_WITH_FUNCTION, (uint8_t)kind, frame, 0, 0, target, cg_need(g, function));
    } else if (def != NULL) {
        cg_op2(g, OP_WITH_BUILTIN, (uint8_t)kind, frame, 0, 0, target, builder_builtin(g->b, str_cstr(def->name), argc));
    } else {
        cg_op2(g, OP_WITH_VALUE, (uint8_t)kind, frame, cg_term(g, w->value), 0, target, 0);
    }
}

static void add_to_frame(struct cg *g, cg_reg frame, const struct with *w, cg_reg value)
{
    const struct term *target = w->target;
    struct cg_group *function = function_of(g, target);
    const struct builtin *def = function == NULL ? builtin_named(g, target) : NULL;
    if (function != NULL) {
        uint32_t argc = (uint32_t)function->node->rules[0]->head->args.count;
        replace_call(g, frame, MOCK_FUNCTION, cg_need(g, function), w, argc);
    } else if (def != NULL) {
        uint32_t row = builder_builtin(g->b, str_cstr(def->name), def->argc);
        replace_call(g, frame, MOCK_BUILTIN, row, w, def->argc);
    } else {
        const struct terms *ref = &target->list;
        struct terms head_only = {NULL, 1, 0};
        bool is_input = target->kind == TERM_VAR ? atom_is(target->var, "input") : atom_is(ref->items[0]->var, "input");
        uint32_t path = target_path(g, target->kind == TERM_VAR ? &head_only : ref);
        cg_op2(g, is_input ? OP_WITH_INPUT : OP_WITH_DATA, 0, frame, value, 0, path, 0);
    }
}

static bool is_document(struct cg *g, const struct with *w)
{
    return function_of(g, w->target) == NULL && builtin_named(g, w->target) == NULL;
}

/* Values belong to the frame outside, so all are computed before the frame is made. */
static cg_reg make_frame(struct cg *g, const struct expr *e)
{
    cg_reg values = cg_alloc(g, (uint32_t)e->with_count);
    for (size_t i = 0; i < e->with_count && !g->failed; i++)
        if (is_document(g, &e->withs[i]))
            cg_term_to(g, e->withs[i].value, values + (cg_reg)i);
    cg_reg frame = cg_alloc_frame(g);
    cg_op1(g, OP_WITH, 0, frame, 0, 0);
    for (size_t i = 0; i < e->with_count && !g->failed; i++)
        add_to_frame(g, frame, &e->withs[i], values + (cg_reg)i);
    return frame;
}

static void in_frame(struct cg *g, const struct expr *e)
{
    /* Expressions that one was expanded into share their frame, and so what was computed in it. */
    cg_reg frame = g->last_withs == e->withs ? g->last_frame : make_frame(g, e);
    cg_label outer = g->fail, leave = cg_stub(g, false, frame, outer);
    cg_reg below = g->frame;
    cg_op1(g, OP_ENTER, 0, frame, 0, 0);
    g->fail = leave;
    g->frame = frame;
    plain(g, e);
    cg_op1(g, OP_LEAVE, 0, frame, 0, 0);
    g->frame = below;
    g->fail = g->fail == leave ? outer : cg_stub(g, true, frame, g->fail);
    g->last_withs = e->withs;
    g->last_frame = frame;
}

void cg_expr(struct cg *g, const struct expr *e)
{
    if (g->traced)
        cg_trace_expr(g, e, e->index);
    else
        cg_plain_expr(g, e);
}

void cg_plain_expr(struct cg *g, const struct expr *e)
{
    if (g->failed)
        return;
    cg_line(g, e->loc);
    if (e->with_count > 0)
        in_frame(g, e);
    else
        plain(g, e);
}

void cg_body(struct cg *g, const struct body *body)
{
    if (g->traced) {
        for (size_t i = 0; i < body->count && !g->failed; i++)
            cg_trace_expr(g, body->items[i], (uint32_t)i);
        return;
    }
    for (size_t i = 0; i < body->count && !g->failed; i++) {
        struct cg_where where;
        g->where = cg_where_find(g, body, i, &where) ? &where : NULL;
        cg_expr(g, body->items[i]);
        g->where = NULL;
    }
}
