/* SPDX-License-Identifier: Apache-2.0
 *
 * Heads of rules: what must be evaluated in them moves into the body, bound to a generated variable.
 */
#include "lang/passes.h"

/* Older capabilities know fewer kinds of heads. false: reported. */
static bool is_allowed(struct passes *s, const struct rule *r)
{
    const struct terms *ref = &r->head->ref;
    const struct allowed *allowed = &s->allowed;
    struct str text = allowed->general_refs ? STR("") : pass_ref_text(s, ref);
    if (!allowed->general_refs && !allowed->ref_prefixes && r->head->name == NULL)
        return diag_add(s->c, ERR_COMPILE, r->loc, "rule heads with refs are not supported: %.*s", (int)text.len, text.p);
    bool good = true;
    for (size_t i = 1; !allowed->general_refs && i < ref->count; i++)
        if (ref->items[i]->kind != TERM_STRING && (r->head->value == NULL || i + 1 != ref->count))
            good = diag_add(s->c, ERR_TYPE, r->loc,
                            "rule heads with general refs (containing variables) are not supported: %.*s", (int)text.len, text.p);
    return good;
}

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
    size_t before = c->diag_count;
    EACH_MODULE(s, m)
        for (size_t i = 0; i < m->rule_count; i++)
            if (m->rules[i]->head->ref.count > 1 && is_allowed(s, m->rules[i]) && !lift_ref(s, m->rules[i]))
                return false;
    return c->diag_count == before;
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
