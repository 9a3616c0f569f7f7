/* SPDX-License-Identifier: Apache-2.0
 *
 * Joins: a loop over a collection whose elements the next literals compare with a value that is known before the loop.
 *
 * `some e in data.employees; e.dept == dept` may leave out the elements whose dept differs: the comparison stays, so the loop
 * is free to ignore the hint. Only comparisons that follow directly are used, so that no literal between them is skipped.
 */
#include "lang/cg.h"
#include "lang/passes.h"

/* The variable that literal e gives the elements of a collection to (v = xs[k] with k unbound), or NULL. */
static const struct term *loop_variable(const struct cg *g, const struct expr *e)
{
    if (e->negated || e->with_count > 0 || !pass_is_eq(g->c->passes, e) || e->terms.count != 3)
        return NULL;
    const struct term *var = e->terms.items[1], *ref = e->terms.items[2];
    if (var->kind != TERM_VAR || ref->kind != TERM_REF || ref->list.count < 2 || cg_var(g, var->var) != NO_REG)
        return NULL;
    const struct term *key = ref->list.items[ref->list.count - 1];
    return key->kind == TERM_VAR && cg_is_open(g, key) && key->var != var->var ? var : NULL;
}

/* var.a.b with constant steps. */
static bool is_path_of(const struct term *t, const struct atom *var)
{
    if (t->kind != TERM_REF || t->list.count < 2 || t->list.items[0]->kind != TERM_VAR || t->list.items[0]->var != var)
        return false;
    for (size_t i = 1; i < t->list.count; i++)
        if (!term_is_ground_value(t->list.items[i]))
            return false;
    return true;
}

/* Can t be computed before the loop, without calling a rule? */
static bool is_known(const struct cg *g, const struct term *t)
{
    if (term_is_scalar(t))
        return true;
    if (t->kind == TERM_VAR)
        return cg_var(g, t->var) != NO_REG;
    if (t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR)
        return false;
    const struct atom *head = t->list.items[0]->var;
    if (cg_var(g, head) == NO_REG && !atom_is(head, "input"))
        return false;
    for (size_t i = 1; i < t->list.count; i++) {
        const struct term *step = t->list.items[i];
        if (!term_is_scalar(step) && (step->kind != TERM_VAR || cg_var(g, step->var) == NO_REG))
            return false;
    }
    return true;
}

/* Is e "var.path = known", either way round? */
static bool is_filter(const struct cg *g, const struct expr *e, const struct atom *var, struct cg_where *ret)
{
    if (e->negated || e->with_count > 0 || !pass_is_eq(g->c->passes, e) || e->terms.count != 3)
        return false;
    const struct term *a = e->terms.items[1], *b = e->terms.items[2];
    if (is_path_of(b, var)) {
        const struct term *t = a;
        a = b;
        b = t;
    }
    if (!is_path_of(a, var) || !is_known(g, b))
        return false;
    *ret = (struct cg_where){a, b};
    return true;
}

bool cg_where_find(const struct cg *g, const struct body *body, size_t i, struct cg_where *ret)
{
    const struct term *var = loop_variable(g, body->items[i]);
    return var != NULL && i + 1 < body->count && is_filter(g, body->items[i + 1], var->var, ret);
}
