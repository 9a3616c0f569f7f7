/* SPDX-License-Identifier: Apache-2.0
 *
 * with: targets must be input, data or a function that may be replaced; values that need evaluation are evaluated in front.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

struct withs {
    struct passes *s;
    bool failed; /* out of memory */
};

static struct str text_of(struct passes *s, const struct term *t)
{
    struct buf b;
    buf_init(&b, &s->c->arena);
    ast_write_term(&b, t);
    return b.failed ? STR("") : buf_view(&b);
}

static bool is_root_ref(const struct term *t, const struct atom *root)
{
    return t->kind == TERM_REF && t->list.items[0]->kind == TERM_VAR && t->list.items[0]->var == root;
}

/* count becomes the reference count. */
static bool make_ref(struct passes *s, struct term **at)
{
    struct term *copy = ast_var(&s->c->arena, (*at)->var, (*at)->loc);
    if (copy == NULL)
        return false;
    *at = ast_list(&s->c->arena, TERM_REF, &copy, 1, (*at)->loc);
    return *at != NULL;
}

/* Reports a name that the caller forbids. false: it did. */
static bool check_forbidden(struct withs *w, const struct term *t)
{
    struct compiler *c = w->s->c;
    if (c->options.unsafe_builtin_count == 0 || (t->kind != TERM_REF && t->kind != TERM_VAR))
        return true;
    struct str name = text_of(w->s, t);
    for (size_t i = 0; i < c->options.unsafe_builtin_count; i++) {
        if (!str_equal(name, c->options.unsafe_builtins[i]))
            continue;
        return diag_add(c, ERR_COMPILE, t->loc, "with keyword replacing built-in function: target must not be unsafe: \"%.*s\"",
                        (int)name.len, name.p);
    }
    return true;
}

/* Is the value the name of a rule, a package or a builtin? *ret_bad: it is forbidden. */
static bool is_function_value(struct withs *w, const struct term *value, bool *ret_bad)
{
    *ret_bad = false;
    if (value->kind == TERM_REF && rule_node_find(w->s->c->rule_tree, &value->list) != NULL)
        return true;
    *ret_bad = !check_forbidden(w, value);
    return !*ret_bad && pass_builtin(w->s, value) != NULL;
}

static bool has_function(const struct rule_node *n)
{
    for (size_t i = 0; n != NULL && i < n->rule_count; i++)
        if (n->rules[i]->head->args.count > 0)
            return true;
    return false;
}

static bool is_builtin_target_good(struct withs *w, const struct builtin *b, const struct term *target)
{
    struct compiler *c = w->s->c;
    static const char prefix[] = "with keyword replacing built-in function: ";
    struct str name = str_cstr(b->name);
    if (str_equal(name, STR("eq")) || str_equal(name, STR("rego.metadata.chain")) || str_equal(name, STR("rego.metadata.rule")))
        return diag_add(c, ERR_COMPILE, target->loc, "%sreplacement of \"%s\" invalid", prefix, b->name);
    if (target->list.items[0]->var == w->s->a_internal)
        return diag_add(c, ERR_COMPILE, target->loc, "%sreplacement of internal function \"%s\" invalid", prefix, b->name);
    if ((b->flags & BI_RELATION) != 0)
        return diag_add(c, ERR_COMPILE, target->loc, "%starget must not be a relation", prefix);
    if ((b->flags & BI_VOID) != 0)
        return diag_add(c, ERR_COMPILE, target->loc, "%starget must not be a void function", prefix);
    return true;
}

/* Data: no part of what a rule defines. *ret_eval: the value must be evaluated. */
static bool check_data(struct withs *w, const struct with *with, bool *ret_eval)
{
    struct compiler *c = w->s->c;
    const struct terms *ref = &with->target->list;
    const struct rule_node *n = c->rule_tree;
    for (size_t i = 1; i + 1 < ref->count; i++) {
        const struct rule_node *child = rule_node_child(n, ref->items[i]);
        if (child == NULL)
            break;
        if (child->rule_count > 0) {
            return diag_add(c, ERR_COMPILE, with->target->loc, "with keyword cannot partially replace virtual document(s)");
        }
        n = child;
    }
    *ret_eval = false;
    if (ref->count > 1 && has_function(rule_node_child(n, ref->items[ref->count - 1]))) {
        bool bad, is_function = is_function_value(w, with->value, &bad);
        if (is_function || bad)
            return is_function;
    }
    if (with->value->kind == TERM_REF && has_function(rule_node_find(c->rule_tree, &with->value->list)))
        return true;
    *ret_eval = term_requires_eval(with->value);
    return true;
}

static bool check_builtin(struct withs *w, struct with *with, bool *ret_eval)
{
    if (with->target->kind == TERM_VAR && !make_ref(w->s, &with->target)) {
        w->failed = true;
        return false;
    }
    if (!is_builtin_target_good(w, pass_builtin(w->s, with->target), with->target))
        return false;
    bool bad;
    *ret_eval = !is_function_value(w, with->value, &bad) && term_requires_eval(with->value);
    return !bad;
}

static bool check(struct withs *w, struct with *with, bool *ret_eval)
{
    struct passes *s = w->s;
    if (with->value->kind == TERM_VAR && pass_builtin_of(s, with->value->var) != NULL && !make_ref(s, &with->value)) {
        w->failed = true;
        return false;
    }
    if (!check_forbidden(w, with->target))
        return false;
    if (is_root_ref(with->target, s->a_data))
        return check_data(w, with, ret_eval);
    if (is_root_ref(with->target, s->a_input)) {
        *ret_eval = term_requires_eval(with->value);
        return true;
    }
    if (pass_builtin(s, with->target) != NULL)
        return check_builtin(w, with, ret_eval);
    return diag_add(s->c, ERR_TYPE, with->target->loc,
                    "with keyword target must reference existing input, data, or a function");
}

/* false: the body is not to be looked at further: its first error ends it. */
static bool rewrite_body(struct withs *w, struct body *b)
{
    struct passes *s = w->s;
    bool any = false;
    for (size_t i = 0; i < b->count; i++)
        any = any || b->items[i]->with_count > 0;
    if (!any || w->failed)
        return !w->failed;
    struct body out = {0};
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        for (size_t k = 0; k < e->with_count; k++) {
            bool eval = false;
            if (!check(w, &e->withs[k], &eval))
                return false;
            struct expr *eq = eval ? pass_eq_local(s, e->withs[k].value) : NULL;
            if (eval && !pass_append(s, &out, eq)) {
                w->failed = true;
                return false;
            }
            if (eval)
                e->withs[k].value = eq->terms.items[1];
        }
        if (!pass_append(s, &out, e)) {
            w->failed = true;
            return false;
        }
    }
    *b = out;
    return true;
}

static bool visit_body(struct ast_walk *walk, struct body *b)
{
    return !rewrite_body(walk->ctx, b);
}

bool pass_with(struct compiler *c)
{
    size_t before = c->diag_count;
    struct withs w = {.s = c->passes};
    struct ast_walk walk = {.body = visit_body, .ctx = &w};
    EACH_RULE(w.s, r) {
        if ((r->traits & TRAIT_WITH) != 0)
            ast_walk_rule(&walk, r);
        if (w.failed)
            return false;
    }
    return c->diag_count == before;
}

/* Of queries, bodies of closures are left alone. */
bool pass_with_body(struct passes *s, struct body *b)
{
    struct withs w = {.s = s};
    return rewrite_body(&w, b) && !w.failed;
}
