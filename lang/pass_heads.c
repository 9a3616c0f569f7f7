/* SPDX-License-Identifier: Apache-2.0
 *
 * Heads of rules: what must be evaluated in them moves into the body, bound to a generated variable.
 */
#include "lang/passes.h"

static bool lift_ref(struct passes *s, struct rule *r)
{
    struct terms *ref = &r->head->ref;
    for (size_t i = 1; i < ref->count; i++) {
        if (ref->items[i]->kind == TERM_VAR || term_is_scalar(ref->items[i]))
            continue;
        struct expr *e = pass_eq_local(s, ref->items[i]);
        if (!pass_append_body(s, &r->body, e))
            return false;
        ref->items[i] = e->terms.items[1];
    }
    return true;
}

/* p.q[x.y] if ... becomes p.q[l] if { ...; l = x.y }, so that the rule tree sees scalars and variables only. Rules with else
 * branches have ground references. */
bool pass_head_refs(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_MODULE(s, m)
        for (size_t i = 0; i < m->rule_count; i++)
            if (m->rules[i]->head->ref.count > 1 && !lift_ref(s, m->rules[i]))
                return false;
    return true;
}

static bool lift(struct passes *s, struct rule *r, struct term **at)
{
    if (*at == NULL || !term_requires_eval(*at))
        return true;
    struct expr *e = pass_eq_local(s, *at);
    if (!pass_append_body(s, &r->body, e))
        return false;
    *at = e->terms.items[1];
    return true;
}

bool pass_head_values(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_RULE(s, r) {
        if (!lift(s, r, &r->head->key) || !lift(s, r, &r->head->value))
            return false;
        for (size_t i = 0; i < r->head->args.count; i++)
            if (!lift(s, r, &r->head->args.items[i]))
                return false;
    }
    return true;
}
