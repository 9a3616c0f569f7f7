/* SPDX-License-Identifier: Apache-2.0
 *
 * References in the type checker: each part must be a key of what is in front of it. Variables in brackets get the type of the
 * keys (v1/ast/check.go, refChecker).
 */
#include "lang/type_check.h"
#include "lang/ast_walk.h"

/* ---- below a type ---- */

static bool check_empty(struct checker *k, const struct terms *ref, size_t i, struct type *type)
{
    const struct term *part = ref->items[i];
    if (part->kind <= TERM_STRING) {
        type_error_invalid(k, ref, i, NULL, NULL, NULL, NULL);
        return false;
    }
    if (part->kind != TERM_VAR)
        return true;
    struct type *known = type_env_term(k, part), *keys = types_keys(&k->types, type);
    if (known == NULL) {
        type_env_bind(k, part->var, &k->types.any);
    } else if (keys != NULL && !types_unify(&k->types, known, keys)) {
        type_error_invalid(k, ref, i, known, keys, NULL, NULL);
        return false;
    }
    return true;
}

/* A variable or reference in brackets must fit the keys. */
static bool check_known_key(struct checker *k, const struct terms *ref, size_t i, struct type *type, struct type *keys)
{
    const struct term *part = ref->items[i];
    struct type *known = type_env_term(k, part);
    if (known == NULL) {
        if (part->kind == TERM_VAR)
            type_env_bind(k, part->var, keys);
        return true;
    }
    if (types_unify(&k->types, known, keys))
        return true;
    type_error_invalid(k, ref, i, known, keys, NULL, type);
    return false;
}

static bool check_below(struct checker *k, struct type *type, const struct terms *ref, size_t i)
{
    for (; i < ref->count; i++) {
        const struct term *part = ref->items[i];
        if (types_is_empty_collection(type))
            return check_empty(k, ref, i, type);
        struct type *keys = types_keys(&k->types, type);
        if (keys == NULL) {
            type_error_unsupported(k, ref, i > 0 ? i - 1 : 0, type);
            return false;
        }
        if (part->kind == TERM_VAR || part->kind == TERM_REF) {
            if (!check_known_key(k, ref, i, type, keys))
                return false;
            type = types_values(&k->types, type);
        } else if (part->kind >= TERM_ARRAY && part->kind <= TERM_SET) {
            if (!type_unify_term(k, part, keys, false)) {
                type_error_invalid(k, ref, i, type_env_term(k, part), keys, NULL, NULL);
                return false;
            }
            type = types_values(&k->types, type);
        } else {
            struct type *child = type_env_select(k, type, part);
            if (child == NULL) {
                type_error_invalid(k, ref, i, NULL, keys, NULL, type);
                return false;
            }
            type = child;
        }
    }
    return true;
}

/* ---- in trees ---- */

/* Part i of ref, a key of n. Packages' parts are names. */
static bool check_part(struct checker *k, const struct type_node *n, const struct terms *ref, size_t i)
{
    const struct term *part = ref->items[i];
    if ((i == 1 || i == 2) && part->kind != TERM_VAR && part->kind != TERM_STRING) {
        type_error_invalid(k, ref, i, type_env_term(k, part), &k->types.string, n, NULL);
        return false;
    }
    if (part->kind != TERM_VAR || i == 0)
        return true;
    struct type *keys = types_keys(&k->types, type_env_extent(k, n)), *known = type_env_term(k, part);
    if (known == NULL) {
        type_env_bind(k, part->var, keys);
    } else if (!types_unify(&k->types, keys, known)) {
        type_error_invalid(k, ref, i, known, keys, n, NULL);
        return false;
    }
    return true;
}

enum found { NOT_FOUND, FITS, ERROR };

static enum found check_layer(struct checker *k, const struct type_layer *layer, const struct terms *ref)
{
    const struct type_node *n = layer->root;
    for (size_t i = 0; i < ref->count; i++) {
        if (!check_part(k, n, ref, i))
            return ERROR;
        n = type_env_child(k, n, ref->items[i]);
        if (n == NULL)
            return NOT_FOUND;
        if (n->type != NULL)
            return check_below(k, n->type, ref, i + 1) ? FITS : ERROR;
    }
    return FITS;
}

static bool check_path(struct checker *k, const struct terms *ref)
{
    const struct term *head = ref->items[0];
    const struct type_binding *b = head->kind == TERM_VAR ? type_env_var(k, head->var) : NULL;
    if (b != NULL && b->type != NULL)
        return check_below(k, b->type, ref, 1);
    for (const struct type_layer *layer = k->layer; layer != NULL && b == NULL; layer = layer->next) {
        enum found found = check_layer(k, layer, ref);
        if (found != NOT_FOUND)
            return found == FITS;
    }
    bool is_root = head->kind == TERM_VAR && pass_is_reserved(k->s, head->var);
    return check_below(k, &k->types.any, ref, is_root ? 1 : 0);
}

static bool check_ref(struct checker *k, const struct terms *ref)
{
    struct type *type = type_env_ref(k, ref);
    if (type != NULL && type->kind == TYPE_FUNCTION) {
        type_error_unsupported(k, ref, ref->count - 1, type);
        return false;
    }
    return check_path(k, ref);
}

/* ---- in expressions ---- */

static bool visit_term(struct ast_walk *w, struct term *t)
{
    switch (t->kind) {
    case TERM_REF:
        return !check_ref(w->ctx, &t->list);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return true; /* checked as closures */
    default:
        return false;
    }
}

/* Operators and withs are not looked into, but the withs of every, and, or. */
static bool visit_expr(struct ast_walk *w, struct expr *e)
{
    switch (e->kind) {
    case EXPR_CALL:
        for (size_t i = 1; i < e->terms.count; i++)
            ast_walk_term(w, e->terms.items[i]);
        return true;
    case EXPR_TERM:
        ast_walk_term(w, e->term);
        return true;
    case EXPR_NOT:
        ast_walk_body(w, &e->not_body);
        return true;
    default:
        return false;
    }
}

void type_ref_check(struct checker *k, struct expr *e)
{
    struct ast_walk w = {.term = visit_term, .expr = visit_expr, .ctx = k};
    ast_walk_expr(&w, e);
}
