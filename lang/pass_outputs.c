/* SPDX-License-Identifier: Apache-2.0
 *
 * Which variables an expression binds when those that are safe have values: outputs of references, of unification, of calls.
 *
 * Sets belong to the current numbering (vars.h) and are given back as soon as possible, since bodies are tried many times.
 */
#include "lang/passes.h"

/* ---- references ---- */

static bool is_subset_of(struct passes *s, const struct term *t, const struct varset *safe, bool *ret)
{
    struct varset vars = vars_set(s);
    if (vars.words == NULL || !vars_of_term(s, t, VARS_SAFETY, &vars))
        return false;
    *ret = vars_is_subset(s, &vars, safe);
    vars_drop(s, &vars);
    return true;
}

/* Can what the reference goes into be known? */
static bool is_ref_safe(struct passes *s, const struct term *ref, const struct varset *safe, bool *ret)
{
    const struct term *head = ref->list.items[0];
    if (head->kind != TERM_VAR)
        return is_subset_of(s, head, safe, ret);
    *ret = vars_has(s, safe, head->var);
    return true;
}

static bool outputs_of_terms(struct passes *s, const struct terms *list, size_t from, const struct varset *safe,
                             struct varset *out);

static bool outputs_of_term(struct passes *s, const struct term *t, const struct varset *safe, struct varset *out)
{
    if (t->constant)
        return true;
    switch (t->kind) {
    case TERM_REF: {
        bool is_safe;
        if (!is_ref_safe(s, t, safe, &is_safe))
            return false;
        if (!is_safe)
            return true;
        if (!term_is_ground(t) && !vars_of_term(s, t, VARS_SKIP_REF_HEAD, out))
            return false;
        return outputs_of_terms(s, &t->list, 0, safe, out);
    }
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        return outputs_of_terms(s, &t->list, 0, safe, out);
    default:
        return true; /* closures keep theirs */
    }
}

static bool outputs_of_terms(struct passes *s, const struct terms *list, size_t from, const struct varset *safe,
                             struct varset *out)
{
    for (size_t i = from; i < list->count; i++)
        if (list->items[i]->kind > TERM_VAR && !outputs_of_term(s, list->items[i], safe, out))
            return false;
    return true;
}

/* Of an expression's operands and its withs. */
static bool outputs_of_parts(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *out)
{
    if (e->kind == EXPR_CALL ? !outputs_of_terms(s, &e->terms, 0, safe, out) : !outputs_of_term(s, e->term, safe, out))
        return false;
    for (size_t i = 0; i < e->with_count; i++)
        if (!outputs_of_term(s, e->withs[i].target, safe, out) || !outputs_of_term(s, e->withs[i].value, safe, out))
            return false;
    return true;
}

/* ---- unification ---- */

/* A variable that has its value once all of needs have theirs; and when it has, they have. */
struct unknown {
    size_t var;
    struct varset needs;
    bool is_open;
};

struct unifier {
    struct passes *s;
    const struct varset *safe;
    struct varset unified;
    struct unknown *unknowns;
    size_t count, cap;
    size_t *work; /* variables that became known and whose consequences are to be drawn */
    size_t work_count, work_cap;
};

static bool push_known(struct unifier *u, size_t var)
{
    if (u->work_count == u->work_cap && !arena_grow(&u->s->scratch, &u->work, &u->work_cap, u->work_count + 1, sizeof *u->work))
        return false;
    u->unified.words[var >> 6] |= UINT64_C(1) << (var & 63);
    u->work[u->work_count++] = var;
    return true;
}

static bool close_unknown(struct unifier *u, struct unknown *k)
{
    k->is_open = false;
    for (size_t n = vars_next(u->s, &k->needs, 0); n != SIZE_MAX; n = vars_next(u->s, &k->needs, n + 1))
        if (!push_known(u, n))
            return false;
    return true;
}

static bool draw_consequences(struct unifier *u)
{
    while (u->work_count > 0) {
        size_t var = u->work[--u->work_count];
        uint64_t bit = UINT64_C(1) << (var & 63);
        for (size_t i = 0; i < u->count; i++) {
            struct unknown *k = &u->unknowns[i];
            if (!k->is_open)
                continue;
            if (k->var == var) {
                if (!close_unknown(u, k))
                    return false;
            } else if ((k->needs.words[var >> 6] & bit) != 0) {
                k->needs.words[var >> 6] &= ~bit;
                if (vars_is_empty(u->s, &k->needs) && !push_known(u, k->var))
                    return false;
            }
        }
    }
    return true;
}

static bool mark_known(struct unifier *u, const struct atom *var)
{
    if (u->count == 0) { /* nothing waits */
        vars_add(u->s, &u->unified, var);
        return true;
    }
    return push_known(u, pass_info(u->s, var)->slot) && draw_consequences(u);
}

static bool mark_all_known(struct unifier *u, const struct term *t)
{
    struct varset vars = vars_set(u->s);
    if (vars.words == NULL || !vars_of_term(u->s, t, VARS_PATTERN, &vars))
        return false;
    for (size_t n = vars_next(u->s, &vars, 0); n != SIZE_MAX; n = vars_next(u->s, &vars, n + 1))
        if (!mark_known(u, u->s->numbers.atoms[n]))
            return false;
    vars_drop(u->s, &vars);
    return true;
}

static bool wait_for(struct unifier *u, const struct atom *var, const struct varset *needs)
{
    size_t number = pass_info(u->s, var)->slot;
    for (size_t i = 0; i < u->count; i++) {
        if (u->unknowns[i].is_open && u->unknowns[i].var == number) {
            vars_update(u->s, &u->unknowns[i].needs, needs);
            return true;
        }
    }
    if (u->count == u->cap && !arena_grow(&u->s->scratch, &u->unknowns, &u->cap, u->count + 1, sizeof *u->unknowns))
        return false;
    struct unknown *k = &u->unknowns[u->count];
    *k = (struct unknown){number, vars_copy(u->s, needs), true};
    u->count++;
    return k->needs.words != NULL;
}

static bool is_known(struct unifier *u, const struct atom *var)
{
    return vars_has(u->s, u->safe, var) || vars_has(u->s, &u->unified, var);
}

static bool wait_for_each_other(struct unifier *u, const struct atom *a, const struct atom *b)
{
    struct varset of_a = vars_set(u->s), of_b = vars_set(u->s);
    if (of_a.words == NULL || of_b.words == NULL)
        return false;
    vars_add(u->s, &of_a, b);
    vars_add(u->s, &of_b, a);
    bool ok = wait_for(u, a, &of_a) && wait_for(u, b, &of_b);
    vars_drop(u->s, &of_a);
    vars_drop(u->s, &of_b);
    return ok;
}

/* A variable and a pattern. */
static bool unify_pattern(struct unifier *u, const struct atom *var, const struct term *pattern)
{
    if (is_known(u, var))
        return mark_all_known(u, pattern);
    struct varset needs = vars_set(u->s);
    if (needs.words == NULL || !vars_of_term(u->s, pattern, VARS_PATTERN, &needs))
        return false;
    vars_subtract(u->s, &needs, u->safe);
    vars_subtract(u->s, &needs, &u->unified);
    bool ok = vars_is_empty(u->s, &needs) ? mark_known(u, var) : wait_for(u, var, &needs);
    vars_drop(u->s, &needs);
    return ok;
}

static bool is_source_safe(struct unifier *u, const struct term *t, bool *ret)
{
    return t->kind == TERM_REF ? is_ref_safe(u->s, t, u->safe, ret) : is_subset_of(u->s, t, u->safe, ret);
}

static bool unify_var(struct unifier *u, const struct atom *a, const struct term *b)
{
    bool is_safe = true;
    switch (b->kind) {
    case TERM_VAR:
        if (is_known(u, b->var))
            return mark_known(u, a);
        return is_known(u, a) ? mark_known(u, b->var) : wait_for_each_other(u, a, b->var);
    case TERM_ARRAY:
    case TERM_OBJECT:
        return unify_pattern(u, a, b);
    case TERM_REF:
    case TERM_CALL:
        return is_source_safe(u, b, &is_safe) && (!is_safe || mark_known(u, a));
    default:
        return mark_known(u, a);
    }
}

/* What b is, given that the reference or call a has a value when it is safe. */
static bool unify_source(struct unifier *u, const struct term *a, const struct term *b)
{
    bool is_safe;
    if (!is_source_safe(u, a, &is_safe))
        return false;
    if (!is_safe)
        return true;
    if (b->kind == TERM_VAR)
        return mark_known(u, b->var);
    return (b->kind != TERM_ARRAY && b->kind != TERM_OBJECT) || mark_all_known(u, b);
}

static bool unify(struct unifier *u, const struct term *a, const struct term *b);

static bool unify_arrays(struct unifier *u, const struct term *a, const struct term *b)
{
    if (a->list.count != b->list.count)
        return true;
    for (size_t i = 0; i < a->list.count; i++)
        if (!unify(u, a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

static const struct term *object_get(const struct term *o, const struct term *key)
{
    for (size_t i = 0; i < o->list.count; i += 2)
        if (term_compare(o->list.items[i], key) == 0)
            return o->list.items[i + 1];
    return NULL;
}

static bool unify_objects(struct unifier *u, const struct term *a, const struct term *b)
{
    if (a->list.count != b->list.count)
        return true;
    for (size_t i = 0; i < a->list.count; i += 2) {
        const struct term *other = i < b->list.count && term_compare(a->list.items[i], b->list.items[i]) == 0
                                       ? b->list.items[i + 1]
                                       : object_get(b, a->list.items[i]);
        if (other != NULL && !unify(u, a->list.items[i + 1], other))
            return false;
    }
    return true;
}

static bool unify_collection(struct unifier *u, const struct term *a, const struct term *b)
{
    if (b->kind == TERM_VAR)
        return unify_pattern(u, b->var, a);
    if (b->kind == TERM_REF || b->kind == TERM_CALL)
        return unify_source(u, b, a);
    if (a->kind == TERM_OBJECT)
        return b->kind != TERM_OBJECT || unify_objects(u, a, b);
    if (b->kind > TERM_SET && b->kind < TERM_TEMPLATE)
        return mark_all_known(u, a);
    return b->kind != TERM_ARRAY || unify_arrays(u, a, b);
}

static bool unify(struct unifier *u, const struct term *a, const struct term *b)
{
    switch (a->kind) {
    case TERM_VAR:
        return unify_var(u, a->var, b);
    case TERM_REF:
    case TERM_CALL:
        return unify_source(u, a, b);
    case TERM_ARRAY:
    case TERM_OBJECT:
        return unify_collection(u, a, b);
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
        if (b->kind == (a->kind == TERM_ARRAY_COMPR ? TERM_ARRAY : TERM_OBJECT))
            return mark_all_known(u, b);
        break;
    default:
        break;
    }
    return b->kind != TERM_VAR || mark_known(u, b->var);
}

/* ---- expressions ---- */

/* Takes the variables of a pattern out of set. */
static void remove_vars(struct passes *s, const struct term *t, struct varset *set)
{
    if (t->kind == TERM_VAR)
        vars_remove(s, set, t->var);
    else if (t->kind >= TERM_REF && (t->kind <= TERM_SET || t->kind == TERM_CALL))
        for (size_t i = 0; i < t->list.count; i++)
            remove_vars(s, t->list.items[i], set);
}

bool pass_outputs_eq(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *ret)
{
    vars_clear(s, ret);
    if (e->terms.count != 3) {
        vars_assign(s, ret, safe);
        return true;
    }
    const struct term *left = e->terms.items[1], *right = e->terms.items[2];
    if (!outputs_of_parts(s, e, safe, ret))
        return false;
    struct unifier u = {.s = s};
    struct varset basis = vars_copy(s, safe);
    u.unified = vars_set(s);
    if (basis.words == NULL || u.unified.words == NULL)
        return false;
    vars_update(s, &basis, ret);
    if (e->from_assignment) { /* its left side is output only */
        remove_vars(s, left, &basis);
        remove_vars(s, left, ret);
    }
    u.safe = &basis;
    if (!unify(&u, left, right))
        return false;
    vars_update(s, ret, &u.unified);
    vars_subtract(s, ret, safe);
    for (size_t i = 0; i < u.count; i++)
        vars_drop(s, &u.unknowns[i].needs);
    vars_drop(s, &u.unified);
    vars_drop(s, &basis);
    return true;
}

static bool outputs_of_call(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *ret)
{
    int arity = pass_arity(s, e->terms.items[0]);
    if (arity < 0)
        return true;
    if (!outputs_of_parts(s, e, safe, ret))
        return false;
    size_t inputs = (size_t)arity + 1;
    if (inputs >= e->terms.count)
        return true;
    struct varset needs = vars_set(s);
    if (needs.words == NULL)
        return false;
    for (size_t i = 0; i < inputs; i++)
        if (!vars_of_term(s, e->terms.items[i], VARS_OUTPUT, &needs))
            return false;
    vars_subtract(s, &needs, ret);
    vars_subtract(s, &needs, safe);
    bool ready = vars_is_empty(s, &needs);
    vars_drop(s, &needs);
    if (!ready) {
        vars_clear(s, ret);
        return true;
    }
    for (size_t i = inputs; i < e->terms.count; i++)
        if (!vars_of_term(s, e->terms.items[i], VARS_OUTPUT, ret))
            return false;
    return true;
}

/* Inputs of with must be safe before anything comes out. */
static bool are_withs_safe(struct passes *s, const struct expr *e, const struct varset *safe, bool *ret)
{
    *ret = true;
    if (e->with_count == 0)
        return true;
    struct varset vars = vars_set(s);
    if (vars.words == NULL)
        return false;
    for (size_t i = 0; i < e->with_count; i++)
        if (!vars_of_with(s, &e->withs[i], VARS_SAFETY, &vars))
            return false;
    *ret = vars_is_subset(s, &vars, safe);
    vars_drop(s, &vars);
    return true;
}

bool pass_outputs(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *ret)
{
    vars_clear(s, ret);
    bool ready;
    if (e->negated || e->kind == EXPR_NOT || e->kind == EXPR_AND || e->kind == EXPR_OR)
        return true;
    if (!are_withs_safe(s, e, safe, &ready))
        return false;
    if (!ready)
        return true;
    if (e->kind == EXPR_EVERY)
        return outputs_of_term(s, e->every->domain, safe, ret);
    if (e->kind == EXPR_TERM)
        return outputs_of_parts(s, e, safe, ret);
    if (e->kind != EXPR_CALL)
        return true;
    return pass_is_eq(s, e) ? pass_outputs_eq(s, e, safe, ret) : outputs_of_call(s, e, safe, ret);
}

bool pass_outputs_body(struct passes *s, const struct body *b, size_t count, const struct varset *safe, struct varset *ret)
{
    struct varset known = vars_copy(s, safe), more = vars_set(s);
    if (known.words == NULL || more.words == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!pass_outputs(s, b->items[i], &known, &more))
            return false;
        vars_update(s, &known, &more);
    }
    vars_assign(s, ret, &known);
    vars_subtract(s, ret, safe);
    vars_drop(s, &known);
    vars_drop(s, &more);
    return true;
}

/* ---- bare operands ---- */

/* Starts from everything that occurs, without what stands bare on a side of eq. */
static void exclude_sides(struct passes *s, const struct body *b, struct varset *safe)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct expr *e = b->items[i];
        if (!pass_is_eq(s, e) || e->terms.count != 3)
            continue;
        for (size_t k = 1; k < 3; k++)
            if (e->terms.items[k]->kind == TERM_VAR)
                vars_remove(s, safe, e->terms.items[k]->var);
    }
}

/* What the body itself binds: by eq, until nothing is added, and by outputs of calls. */
static bool bindings_of(struct passes *s, const struct body *b, struct varset *safe, struct varset *bound)
{
    struct varset out = vars_set(s);
    if (out.words == NULL)
        return false;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < b->count; i++) {
            if (!pass_is_eq(s, b->items[i]))
                continue;
            if (!pass_outputs_eq(s, b->items[i], safe, &out))
                return false;
            if (vars_is_subset(s, &out, bound))
                continue;
            vars_update(s, bound, &out);
            vars_update(s, safe, &out);
            changed = true;
        }
    }
    vars_drop(s, &out);
    for (size_t i = 0; i < b->count; i++) {
        const struct expr *e = b->items[i];
        if (e->kind != EXPR_CALL || pass_is_eq(s, e))
            continue;
        int arity = pass_arity(s, e->terms.items[0]);
        for (size_t k = (size_t)arity + 1; arity >= 0 && k < e->terms.count; k++)
            if (!vars_of_term(s, e->terms.items[k], VARS_OUTPUT, bound))
                return false;
    }
    return true;
}

bool vars_of_operand(struct passes *s, const struct body *b, struct varset *set)
{
    struct varset once = vars_set(s), twice = vars_set(s), vars = vars_set(s), bound = vars_set(s);
    if (once.words == NULL || twice.words == NULL || vars.words == NULL || bound.words == NULL)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        vars_clear(s, &vars);
        if (!vars_of_expr(s, b->items[i], VARS_SAFETY, &vars))
            return false;
        for (size_t w = 0; w < s->numbers.words; w++) {
            twice.words[w] |= once.words[w] & vars.words[w];
            once.words[w] |= vars.words[w];
        }
    }
    if (b->count > 1) { /* a variable that the body binds and uses is its own */
        vars_assign(s, &vars, &once);
        vars_add(s, &vars, s->a_data);
        vars_add(s, &vars, s->a_input);
        exclude_sides(s, b, &vars);
        if (!bindings_of(s, b, &vars, &bound))
            return false;
        vars_intersect(s, &bound, &twice);
        vars_subtract(s, &once, &bound);
    }
    vars_update(s, set, &once);
    vars_drop(s, &once);
    vars_drop(s, &twice);
    vars_drop(s, &vars);
    vars_drop(s, &bound);
    return true;
}
