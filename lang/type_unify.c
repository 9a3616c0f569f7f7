/* SPDX-License-Identifier: Apache-2.0
 *
 * Unification in the type checker: terms against types, terms against terms (v1/ast/check.go, unify1 and unify2). Variables
 * without a type get one on the way, even where the answer turns out to be no.
 */
#include "lang/type_check.h"

static bool unify_array(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    if (t->list.count != type->count && type->value == NULL)
        return false;
    for (size_t i = 0; i < t->list.count; i++)
        if (!type_unify_term(k, t->list.items[i], types_element(type, i), joined))
            return false;
    return true;
}

static bool unify_object(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    if (t->list.count / 2 != type->count && (!type->has_dynamic || type->value == NULL))
        return false;
    for (size_t i = 0; i + 1 < t->list.count; i += 2) {
        const struct term *key = t->list.items[i], *value = t->list.items[i + 1];
        if (!term_is_constant(key)) {
            (void)type_unify_term(k, value, &k->types.any, joined); /* it may be any of the properties */
            continue;
        }
        struct type *property = type_env_select(k, type, key);
        if (property == NULL || !type_unify_term(k, value, property, joined))
            return false;
    }
    return true;
}

static bool unify_set(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    struct type *of = types_values(&k->types, type);
    for (size_t i = 0; i < t->list.count; i++)
        if (!type_unify_term(k, t->list.items[i], of, joined))
            return false;
    return true;
}

/* Each member of the union may give its types to the variables. */
static bool unify_union(struct checker *k, const struct term *t, struct type *type)
{
    bool fits = false;
    for (size_t i = 0; i < type->count; i++)
        fits = type_unify_term(k, t, type->items[i], true) || fits;
    if (type->count > 0 || t->constant)
        return fits || type->count == 0;
    for (size_t i = 0; i < t->list.count; i++)
        (void)type_unify_term(k, t->list.items[i], type, true);
    return true;
}

static bool unify_collection(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    if (t->kind != TERM_SET)
        type = types_unrolled(type);
    if (type == NULL)
        return false;
    if (type->kind == TYPE_ANY)
        return unify_union(k, t, type);
    if (t->kind == TERM_ARRAY && type->kind == TYPE_ARRAY)
        return unify_array(k, t, type, joined);
    if (t->kind == TERM_OBJECT && type->kind == TYPE_OBJECT)
        return unify_object(k, t, type, joined);
    return t->kind == TERM_SET && type->kind == TYPE_SET && unify_set(k, t, type, joined);
}

static bool unify_var(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    struct type *known = type_env_term(k, t);
    if (joined) {
        type_env_bind(k, t->var, types_or(&k->types, known, type));
        return true;
    }
    if (known != NULL)
        return types_unify(&k->types, known, type);
    type_env_bind(k, t->var, type);
    return true;
}

bool type_unify_term(struct checker *k, const struct term *t, struct type *type, bool joined)
{
    if (k->types.work == 0)
        return true;
    k->types.work--;
    switch (t->kind) {
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        return unify_collection(k, t, type, joined);
    case TERM_VAR:
        return unify_var(k, t, type, joined);
    case TERM_CALL:
        return true; /* only in what is not evaluated */
    default:
        return types_unify(&k->types, type_env_term(k, t), type);
    }
}

/* ---- two terms ---- */

static bool unify_known(struct checker *k, const struct term *a, const struct term *b)
{
    return type_unify_terms(k, a, type_env_term(k, a), b, type_env_term(k, b));
}

/* A collection with parts that are not known, and a variable. */
static bool unify_with_var(struct checker *k, const struct term *t, const struct term *var)
{
    return type_unify_term(k, t, &k->types.any, false) && type_unify_term(k, var, type_env_term(k, t), false);
}

static bool unify_arrays(struct checker *k, const struct term *a, const struct term *b)
{
    if (b->kind == TERM_VAR)
        return unify_with_var(k, a, b);
    if (b->kind != TERM_ARRAY || a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (!unify_known(k, a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

static const struct term *find_value(const struct term *object, const struct term *key)
{
    for (size_t i = 0; i + 1 < object->list.count; i += 2)
        if (term_compare(object->list.items[i], key) == 0)
            return object->list.items[i + 1];
    return NULL;
}

static bool unify_objects(struct checker *k, const struct term *a, const struct term *b)
{
    if (b->kind == TERM_VAR)
        return unify_with_var(k, a, b);
    if (b->kind != TERM_OBJECT || a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i + 1 < a->list.count; i += 2)
        if (find_value(b, a->list.items[i]) == NULL)
            return false;
    for (size_t i = 0; i + 1 < a->list.count; i += 2)
        if (!unify_known(k, a->list.items[i + 1], find_value(b, a->list.items[i])))
            return false;
    return true;
}

/* Neither side is known as a whole. */
static bool unify_unknown(struct checker *k, const struct term *a, const struct term *b, bool *ret_decided)
{
    *ret_decided = true;
    if (a->kind == TERM_ARRAY)
        return unify_arrays(k, a, b);
    if (a->kind == TERM_OBJECT)
        return unify_objects(k, a, b);
    if (a->kind == TERM_VAR && b->kind == TERM_VAR)
        return type_unify_term(k, a, &k->types.any, false) && type_unify_term(k, b, type_env_term(k, a), false);
    if (a->kind == TERM_VAR && b->kind == TERM_ARRAY)
        return unify_arrays(k, b, a);
    if (a->kind == TERM_VAR && b->kind == TERM_OBJECT)
        return unify_objects(k, b, a);
    if (a->kind == TERM_VAR && b->kind == TERM_REF)
        return type_unify_term(k, a, &k->types.any, false);
    if (a->kind == TERM_REF && b->kind == TERM_VAR)
        return type_unify_term(k, b, &k->types.any, false);
    *ret_decided = false;
    return false;
}

bool type_unify_terms(struct checker *k, const struct term *a, struct type *a_type, const struct term *b, struct type *b_type)
{
    bool a_unknown = types_is_unknown(a_type), b_unknown = types_is_unknown(b_type), decided;
    if (a_unknown && !b_unknown)
        return type_unify_term(k, a, b_type, false);
    if (b_unknown && !a_unknown)
        return type_unify_term(k, b, a_type, false);
    if (!a_unknown)
        return types_unify(&k->types, a_type, b_type);
    bool answer = unify_unknown(k, a, b, &decided);
    if (decided)
        return answer;
    if (a->kind == TERM_VAR && a_type == NULL && b_type != NULL)
        return type_unify_term(k, a, b_type, false);
    if (b->kind == TERM_VAR && b_type == NULL && a_type != NULL)
        return type_unify_term(k, b, a_type, false);
    return false;
}
