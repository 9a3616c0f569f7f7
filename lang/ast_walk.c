/* SPDX-License-Identifier: Apache-2.0
 *
 * The visitors of ast_walk.h.
 */
#include "lang/ast_walk.h"

void ast_walk_terms(struct ast_walk *w, const struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        ast_walk_term(w, list->items[i]);
}

static void walk_template(struct ast_walk *w, const struct template_string *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->parts[i].expr != NULL)
            ast_walk_expr(w, t->parts[i].expr);
}

void ast_walk_term(struct ast_walk *w, struct term *t)
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
        ast_walk_terms(w, &t->list);
        break;
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        if (t->compr->key != NULL)
            ast_walk_term(w, t->compr->key);
        ast_walk_term(w, t->compr->term);
        ast_walk_body(w, &t->compr->body);
        break;
    case TERM_TEMPLATE:
        walk_template(w, t->template);
        break;
    default:
        break;
    }
}

void ast_walk_with(struct ast_walk *w, struct with *with)
{
    if (w->with != NULL && w->with(w, with))
        return;
    ast_walk_term(w, with->target);
    ast_walk_term(w, with->value);
}

void ast_walk_expr(struct ast_walk *w, struct expr *e)
{
    if (w->expr != NULL && w->expr(w, e))
        return;
    switch (e->kind) {
    case EXPR_TERM:
        ast_walk_term(w, e->term);
        break;
    case EXPR_CALL:
    case EXPR_SOME:
        ast_walk_terms(w, &e->terms);
        break;
    case EXPR_EVERY:
        if (e->every->key != NULL)
            ast_walk_term(w, e->every->key);
        ast_walk_term(w, e->every->value);
        ast_walk_term(w, e->every->domain);
        ast_walk_body(w, &e->every->body);
        break;
    case EXPR_NOT:
        ast_walk_body(w, &e->not_body);
        break;
    case EXPR_AND:
    case EXPR_OR:
        ast_walk_body(w, &e->logic->left);
        ast_walk_body(w, &e->logic->right);
        break;
    }
    for (size_t i = 0; i < e->with_count; i++)
        ast_walk_with(w, &e->withs[i]);
}

void ast_walk_body(struct ast_walk *w, const struct body *b)
{
    if (w->body != NULL && w->body(w, (struct body *)b)) /* callbacks may rewrite; the caller owns it */
        return;
    for (size_t i = 0; i < b->count; i++)
        ast_walk_expr(w, b->items[i]);
}

void ast_walk_head(struct ast_walk *w, struct head *h)
{
    ast_walk_terms(w, &h->args);
    if (h->key != NULL)
        ast_walk_term(w, h->key);
    if (h->value != NULL)
        ast_walk_term(w, h->value);
}

void ast_walk_rule(struct ast_walk *w, struct rule *r)
{
    ast_walk_head(w, r->head);
    ast_walk_body(w, &r->body);
}
