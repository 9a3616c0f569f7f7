/* SPDX-License-Identifier: Apache-2.0
 *
 * Giving every node below a node one place.
 */
#include "lang/ast.h"

static void place_terms(struct terms *list, struct loc loc)
{
    for (size_t i = 0; i < list->count; i++)
        ast_place_term(list->items[i], loc);
}

static void place_body(struct body *b, struct loc loc)
{
    for (size_t i = 0; i < b->count; i++)
        ast_place_expr(b->items[i], loc);
}

void ast_place_term(struct term *t, struct loc loc)
{
    t->loc = loc;
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        place_terms(&t->list, loc);
        break;
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        if (t->compr->key != NULL)
            ast_place_term(t->compr->key, loc);
        ast_place_term(t->compr->term, loc);
        place_body(&t->compr->body, loc);
        break;
    case TERM_TEMPLATE:
        for (size_t i = 0; i < t->template->count; i++) {
            t->template->parts[i].loc = loc;
            if (t->template->parts[i].expr != NULL)
                ast_place_expr(t->template->parts[i].expr, loc);
        }
        break;
    default:
        break;
    }
}

static void place_every(struct every *e, struct loc loc)
{
    if (e->key != NULL)
        ast_place_term(e->key, loc);
    ast_place_term(e->value, loc);
    ast_place_term(e->domain, loc);
    place_body(&e->body, loc);
}

void ast_place_expr(struct expr *e, struct loc loc)
{
    e->loc = loc;
    for (size_t i = 0; i < e->with_count; i++) {
        e->withs[i].loc = loc;
        ast_place_term(e->withs[i].target, loc);
        ast_place_term(e->withs[i].value, loc);
    }
    switch (e->kind) {
    case EXPR_TERM:
        ast_place_term(e->term, loc);
        break;
    case EXPR_CALL:
    case EXPR_SOME:
        place_terms(&e->terms, loc);
        break;
    case EXPR_EVERY:
        place_every(e->every, loc);
        break;
    case EXPR_NOT:
        place_body(&e->not_body, loc);
        break;
    case EXPR_AND:
    case EXPR_OR:
        place_body(&e->logic->left, loc);
        place_body(&e->logic->right, loc);
        break;
    }
}
