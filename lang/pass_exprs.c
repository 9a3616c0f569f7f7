/* SPDX-License-Identifier: Apache-2.0
 *
 * Nested calls become expressions of their own: f(g(x)) is g(x, l); f(l, l2). What a reference goes into, when it is not a
 * name, gets a name.
 *
 * Expressions for an operand stand before the expression that they came from and have its `with`s; those for the element of a
 * comprehension go to the end of its body.
 */
#include "lang/passes.h"

/* Where new expressions go, and what they take over. */
struct target {
    struct passes *s;
    struct body *out;
    struct expr *from; /* the expression they are made for; NULL in heads */
    bool with;         /* they take over its withs */
};

static bool expand(struct target *t, struct term **at);
static bool expand_body(struct passes *s, struct body *b);

static bool emit(struct target *t, struct expr *e)
{
    if (e == NULL)
        return false;
    if (t->with && t->from->with_count > 0) {
        e->withs = t->from->withs;
        e->with_count = t->from->with_count;
    }
    e->generated_from = t->from;
    return pass_append(t->s, t->out, e);
}

static bool expand_call(struct target *t, struct term **at)
{
    struct passes *s = t->s;
    struct term *call = *at;
    for (size_t i = 1; i < call->list.count; i++)
        if (!expand(t, &call->list.items[i]))
            return false;
    struct term *output = pass_local_term(s, call->loc);
    struct expr *e = ast_expr(&s->c->arena, EXPR_CALL, call->loc);
    struct term **items = arena_array(&s->c->arena, call->list.count + 1, sizeof *items);
    if (output == NULL || e == NULL || items == NULL)
        return false;
    memcpy(items, call->list.items, call->list.count * sizeof *items);
    items[call->list.count] = output;
    e->terms = (struct terms){items, call->list.count + 1, call->list.count + 1};
    e->generated = true;
    *at = output;
    return emit(t, e);
}

/* The first part: a call is hoisted as everywhere; collections and comprehensions get a variable. */
static bool expand_base(struct target *t, struct term **at)
{
    struct passes *s = t->s;
    struct term *base = *at;
    if (base->kind < TERM_ARRAY)
        return true;
    struct expr *e = pass_eq_local(s, base);
    if (e == NULL)
        return false;
    *at = e->terms.items[1];
    return pass_subject(s, (*at)->var, base) && emit(t, e);
}

static bool expand_ref(struct target *t, struct terms *ref)
{
    for (size_t i = 0; i < ref->count; i++) {
        struct term *part = ref->items[i];
        if (part->kind <= TERM_VAR)
            continue;
        struct term *subject = part->kind == TERM_CALL ? ast_copy_term(&t->s->c->arena, part) : part;
        if (subject == NULL || !expand(t, &ref->items[i]))
            return false;
        if (subject != part && !pass_subject(t->s, ref->items[i]->var, subject))
            return false;
    }
    return expand_base(t, &ref->items[0]);
}

/* The key and the element, into the end of the body; then the body itself. */
static bool expand_compr(struct passes *s, struct compr *c)
{
    struct term **places[] = {&c->key, &c->term};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct body support = {0};
        struct target t = {.s = s, .out = &support};
        if (*places[i] == NULL)
            continue;
        if (!expand(&t, places[i]))
            return false;
        for (size_t k = 0; k < support.count; k++)
            if (!pass_append_body(s, &c->body, support.items[k]))
                return false;
    }
    return expand_body(s, &c->body);
}

static bool expand_items(struct target *t, struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind > TERM_VAR && !expand(t, &list->items[i]))
            return false;
    return true;
}

static bool expand(struct target *t, struct term **at)
{
    struct term *term = *at;
    if (term->constant)
        return true;
    switch (term->kind) {
    case TERM_CALL:
        return expand_call(t, at);
    case TERM_REF:
        return expand_ref(t, &term->list);
    case TERM_ARRAY:
        return expand_items(t, &term->list);
    case TERM_OBJECT:
    case TERM_SET:
        return pass_sort_collection(t->s, term) && expand_items(t, &term->list);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return expand_compr(t->s, term->compr);
    default:
        return true;
    }
}

/* The domain gets a variable in front. */
static bool expand_every(struct target *t, struct expr *e)
{
    struct passes *s = t->s;
    struct term *domain = e->every->domain;
    struct term *var = pass_local_term(s, domain->loc);
    struct expr *eq = pass_eq(s, var, domain, domain->loc);
    if (eq == NULL)
        return false;
    eq->generated = true;
    eq->generated_from = e;
    eq->withs = e->withs;
    eq->with_count = e->with_count;
    e->every->domain = var;
    struct target inner = {.s = s, .out = t->out, .from = eq, .with = true};
    return expand(&inner, &eq->terms.items[2]) && pass_append(s, t->out, eq) && expand_body(s, &e->every->body);
}

static bool expand_parts(struct target *t, struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        return expand(t, &e->term);
    case EXPR_CALL:
        for (size_t i = 1; i < e->terms.count; i++)
            if (e->terms.items[i]->kind > TERM_VAR && !expand(t, &e->terms.items[i]))
                return false;
        return true;
    case EXPR_EVERY:
        return expand_every(t, e);
    case EXPR_NOT:
        return expand_body(t->s, &e->not_body);
    case EXPR_AND:
    case EXPR_OR:
        return expand_body(t->s, &e->logic->left) && expand_body(t->s, &e->logic->right);
    default:
        return true;
    }
}

static bool expand_body(struct passes *s, struct body *b)
{
    struct body out = {arena_array(&s->c->arena, b->count + 2, sizeof(struct expr *)), 0, b->count + 2};
    if (out.items == NULL)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        struct target t = {.s = s, .out = &out, .from = e};
        for (size_t k = 0; k < e->with_count; k++)
            if (!expand(&t, &e->withs[k].value))
                return false;
        t.with = true;
        if (!expand_parts(&t, e) || !pass_append(s, &out, e))
            return false;
    }
    *b = out;
    return true;
}

static bool expand_head(struct passes *s, struct rule *r, struct term **at)
{
    struct body support = {0};
    struct target t = {.s = s, .out = &support};
    if (*at == NULL || (*at)->constant)
        return true;
    if (!expand(&t, at))
        return false;
    for (size_t i = 0; i < support.count; i++)
        if (!pass_append_body(s, &r->body, support.items[i]))
            return false;
    return true;
}

bool pass_exprs(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_RULE(s, r) {
        if ((r->traits & (TRAIT_CALL | TRAIT_BASE | TRAIT_CLOSURE | TRAIT_TEMPLATE)) == 0)
            continue;
        for (size_t i = 0; i < r->head->args.count; i++)
            if (!expand_head(s, r, &r->head->args.items[i]))
                return false;
        if (!expand_head(s, r, &r->head->key) || !expand_head(s, r, &r->head->value) || !expand_body(s, &r->body))
            return false;
    }
    return true;
}

bool pass_exprs_body(struct passes *s, struct body *b)
{
    return expand_body(s, b);
}
