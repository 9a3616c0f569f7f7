/* SPDX-License-Identifier: Apache-2.0
 *
 * The visitors of walk.h.
 */
#include "lang/walk.h"

void walk_terms(struct walk *w, const struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        walk_term(w, list->items[i]);
}

static void walk_template(struct walk *w, const struct template_string *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->parts[i].expr != NULL)
            walk_expr(w, t->parts[i].expr);
}

void walk_term(struct walk *w, struct term *t)
{
    if (w->term != NULL && w->term(w, t))
        return;
    if (t->constant)
        return;
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        walk_terms(w, &t->list);
        break;
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        if (t->compr->key != NULL)
            walk_term(w, t->compr->key);
        walk_term(w, t->compr->term);
        walk_body(w, &t->compr->body);
        break;
    case TERM_TEMPLATE:
        walk_template(w, t->template);
        break;
    default:
        break;
    }
}

void walk_with(struct walk *w, struct with *with)
{
    if (w->with != NULL && w->with(w, with))
        return;
    walk_term(w, with->target);
    walk_term(w, with->value);
}

void walk_expr(struct walk *w, struct expr *e)
{
    if (w->expr != NULL && w->expr(w, e))
        return;
    switch (e->kind) {
    case EXPR_TERM:
        walk_term(w, e->term);
        break;
    case EXPR_CALL:
    case EXPR_SOME:
        walk_terms(w, &e->terms);
        break;
    case EXPR_EVERY:
        if (e->every->key != NULL)
            walk_term(w, e->every->key);
        walk_term(w, e->every->value);
        walk_term(w, e->every->domain);
        walk_body(w, &e->every->body);
        break;
    case EXPR_NOT:
        walk_body(w, &e->not_body);
        break;
    case EXPR_AND:
    case EXPR_OR:
        walk_body(w, &e->logic->left);
        walk_body(w, &e->logic->right);
        break;
    }
    for (size_t i = 0; i < e->with_count; i++)
        walk_with(w, &e->withs[i]);
}

void walk_body(struct walk *w, const struct body *b)
{
    if (w->body != NULL && w->body(w, (struct body *)b)) /* callbacks may rewrite; the caller owns it */
        return;
    for (size_t i = 0; i < b->count; i++)
        walk_expr(w, b->items[i]);
}

void walk_head(struct walk *w, struct head *h)
{
    walk_terms(w, &h->args);
    if (h->key != NULL)
        walk_term(w, h->key);
    if (h->value != NULL)
        walk_term(w, h->value);
}

void walk_rule(struct walk *w, struct rule *r)
{
    walk_head(w, r->head);
    walk_body(w, &r->body);
}
