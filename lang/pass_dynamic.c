/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms that need evaluation get a variable where only values may stand: elements of comprehensions, operands, brackets.
 * Also == in rules, which becomes =.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

/* ---- elements of comprehensions ---- */

struct lifter {
    struct passes *s;
    bool failed;
};

static bool lift(struct passes *s, struct body *b, struct term **at)
{
    if (*at == NULL || !term_requires_eval(*at))
        return true;
    struct expr *e = pass_eq_local(s, *at);
    if (!pass_append_body(s, b, e))
        return false;
    *at = e->terms.items[1];
    return true;
}

static bool lift_element(struct ast_walk *w, struct term *t)
{
    struct lifter *l = w->ctx;
    if (t->kind <= TERM_SET || t->kind >= TERM_TEMPLATE)
        return l->failed;
    struct compr *c = t->compr;
    l->failed = !lift(l->s, &c->body, &c->key) || !lift(l->s, &c->body, &c->term) || l->failed;
    return l->failed;
}

bool pass_comprehensions(struct compiler *c)
{
    struct lifter l = {.s = c->passes};
    struct ast_walk w = {.term = lift_element, .ctx = &l};
    EACH_RULE(l.s, r) {
        if ((r->traits & (TRAIT_COMPR | TRAIT_TEMPLATE | TRAIT_PRINT)) != 0)
            ast_walk_rule(&w, r);
        if (l.failed)
            return false;
    }
    return true;
}

bool pass_comprehensions_body(struct passes *s, struct body *b)
{
    struct lifter l = {.s = s};
    struct ast_walk w = {.term = lift_element, .ctx = &l};
    ast_walk_body(&w, b);
    return !l.failed;
}

/* ---- operands and brackets ---- */

struct hoist {
    struct passes *s;
    struct body *out;
    struct expr *from;
};

static bool hoist_body(struct passes *s, struct body *b);
static bool hoist_term(struct hoist *h, struct term **at);

/* The term goes into an expression in front; a variable takes its place. */
static bool hoist_out(struct hoist *h, struct term **at)
{
    struct expr *e = pass_eq_local(h->s, *at);
    if (e == NULL)
        return false;
    e->withs = h->from->withs;
    e->with_count = h->from->with_count;
    e->generated_from = h->from;
    *at = e->terms.items[1];
    return pass_append(h->s, h->out, e);
}

static bool hoist_parts(struct hoist *h, struct terms *list, size_t from)
{
    for (size_t i = from; i < list->count; i++)
        if (list->items[i]->kind > TERM_VAR && !hoist_term(h, &list->items[i]))
            return false;
    return true;
}

static bool hoist_term(struct hoist *h, struct term **at)
{
    struct term *t = *at;
    if (t->constant)
        return true;
    switch (t->kind) {
    case TERM_REF:
        return hoist_parts(h, &t->list, 1) && hoist_out(h, at) && pass_subject(h->s, (*at)->var, t);
    case TERM_ARRAY:
        return hoist_parts(h, &t->list, 0);
    case TERM_OBJECT:
    case TERM_SET:
        return pass_sort_collection(h->s, t) && hoist_parts(h, &t->list, 0) && pass_sort_collection(h->s, t);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return hoist_body(h->s, &t->compr->body) && hoist_out(h, at) && pass_subject(h->s, (*at)->var, t);
    default:
        return true;
    }
}

/* A side of eq or a term on its own: a reference or comprehension may stay. */
static bool hoist_side(struct hoist *h, struct term **at)
{
    struct term *t = *at;
    if (t->constant || t->kind <= TERM_VAR)
        return true;
    if (t->kind == TERM_REF)
        return hoist_parts(h, &t->list, 1);
    if (t->kind > TERM_SET && t->kind < TERM_TEMPLATE)
        return hoist_body(h->s, &t->compr->body);
    return hoist_term(h, at);
}

static bool hoist_expr(struct hoist *h, struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        return hoist_side(h, &e->term);
    case EXPR_CALL:
        if (!pass_is_eq(h->s, e))
            return hoist_parts(h, &e->terms, 1);
        return e->terms.count != 3 || (hoist_side(h, &e->terms.items[1]) && hoist_side(h, &e->terms.items[2]));
    case EXPR_EVERY:
        return hoist_term(h, &e->every->domain) && hoist_body(h->s, &e->every->body);
    case EXPR_NOT:
        return hoist_body(h->s, &e->not_body);
    case EXPR_AND:
    case EXPR_OR:
        return hoist_body(h->s, &e->logic->left) && hoist_body(h->s, &e->logic->right);
    default:
        return true;
    }
}

static bool hoist_body(struct passes *s, struct body *b)
{
    struct body out = {arena_array(&s->c->arena, b->count + 2, sizeof(struct expr *)), 0, b->count + 2};
    if (out.items == NULL)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        struct hoist h = {.s = s, .out = &out, .from = b->items[i]};
        if (!hoist_expr(&h, b->items[i]) || !pass_append(s, &out, b->items[i]))
            return false;
    }
    *b = out;
    return true;
}

bool pass_dynamic(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_RULE(s, r)
        if (!hoist_body(s, &r->body))
            return false;
    return true;
}

bool pass_dynamic_body(struct passes *s, struct body *b)
{
    return hoist_body(s, b);
}

/* ---- == ---- */

static bool unify_equals(struct ast_walk *w, struct expr *e)
{
    struct passes *s = w->ctx;
    if (e->terms.count == 3 && pass_calls(e, s->a_equal))
        e->terms.items[0] = s->op_eq;
    return false;
}

bool pass_equals(struct compiler *c)
{
    struct passes *s = c->passes;
    struct ast_walk w = {.expr = unify_equals, .ctx = s};
    EACH_RULE(s, r)
        if ((r->traits & TRAIT_EQUAL) != 0)
            ast_walk_rule(&w, r);
    return true;
}

/* ---- test rules ---- */

static bool test_body(struct passes *s, struct body *b);

static bool test_side(struct passes *s, struct expr *e, struct term **at, struct body *out)
{
    bool is_closure = (*at)->kind > TERM_SET && (*at)->kind < TERM_TEMPLATE;
    if ((*at)->kind != TERM_REF && !is_closure)
        return true;
    struct hoist h = {.s = s, .out = out, .from = e};
    return hoist_out(&h, at);
}

/* Both sides of what is compared get variables; failing in an every fails the test, too. */
static bool test_body(struct passes *s, struct body *b)
{
    struct body out = {0};
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        bool plain = !e->negated && !e->generated;
        if (plain && pass_is_eq(s, e) && e->terms.count == 3 &&
            (!test_side(s, e, &e->terms.items[1], &out) || !test_side(s, e, &e->terms.items[2], &out)))
            return false;
        if (plain && e->kind == EXPR_EVERY && !test_body(s, &e->every->body))
            return false;
        if (!pass_append_body(s, &out, e))
            return false;
    }
    *b = out;
    return true;
}

bool pass_tests(struct compiler *c)
{
    struct passes *s = c->passes;
    if (!c->options.trace_tests)
        return true;
    EACH_RULE(s, r)
        if (r->head->name != NULL && str_starts(atom_str(r->head->name), STR("test_")) && !test_body(s, &r->body))
            return false;
    return true;
}
