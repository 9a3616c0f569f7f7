/* SPDX-License-Identifier: Apache-2.0
 *
 * Template strings become calls of internal.template_string. Each expression in one becomes a set comprehension, so that an
 * undefined one is an empty set and does not stop the evaluation; what is known to be defined becomes a set of one.
 *
 * Variables of an expression must be bound by the body around, wherever in it; that is checked here.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

struct templates {
    struct passes *s;
    struct varset safe; /* bound by the bodies around */
    bool failed;        /* out of memory */
    bool reported;
};

enum { REPEATED_ERRORS = 10 };

static void visit_body(struct templates *t, struct body *b);
static bool visit_term(struct ast_walk *w, struct term *term);
static bool visit_expr(struct ast_walk *w, struct expr *e);

/* ---- rules that always have a value ---- */

static bool is_constant_rule(const struct rule *r)
{
    const struct term *v = r->head->value;
    return pass_is_empty_body(&r->body) && v != NULL && (v->kind <= TERM_VAR || (v->kind <= TERM_SET && v->kind != TERM_REF)) &&
           (v->kind == TERM_VAR || term_is_ground(v));
}

static bool is_defined_rule(struct passes *s, const struct terms *ref)
{
    if (ref->count < 2)
        return false;
    const struct rule_node *n = rule_node_find(s->c->rule_tree, ref);
    if (n == NULL || n->rule_count == 0)
        return false;
    const struct rule *first = n->rules[0];
    if (first->head->args.count > 0)
        return false;
    if (first->is_default || first->head->value == NULL)
        return true;
    if (n->rule_count == 1)
        return is_constant_rule(first);
    for (size_t i = 1; i < n->rule_count; i++)
        if (n->rules[i]->is_default)
            return true;
    return false;
}

/* ---- one template string ---- */

static struct term *set_of_one(struct passes *s, struct term *t)
{
    return ast_list(&s->c->arena, TERM_SET, &t, 1, (struct loc){0});
}

/* {l | l = term} */
static struct term *capture(struct passes *s, struct term *term, const struct expr *part)
{
    struct arena *a = &s->c->arena;
    struct term *set = ast_term(a, TERM_SET_COMPR, term->loc);
    struct compr *c = arena_zeroed(a, 1, sizeof *c);
    struct term *local = pass_local_term(s, term->loc);
    struct term *element = local != NULL ? ast_copy_term(a, local) : NULL;
    struct expr *eq = pass_eq(s, local, term, term->loc);
    if (set == NULL || c == NULL || element == NULL || eq == NULL || !pass_append(s, &c->body, eq))
        return NULL;
    eq->withs = part->withs;
    eq->with_count = part->with_count;
    c->term = element;
    set->compr = c;
    return set;
}

static int compare_names(const struct atom *a, const struct atom *b)
{
    return str_compare(atom_str(a), atom_str(b));
}

/* Reports, in the order of names, what no body around binds. */
static bool check_vars(struct templates *t, const struct term *term)
{
    struct passes *s = t->s;
    struct varset vars = vars_set(s);
    if (vars.words == NULL || !vars_of_term(s, term, VARS_SAFETY, &vars))
        return false;
    vars_subtract(s, &vars, &t->safe);
    for (;;) {
        const struct atom *first = NULL;
        for (size_t n = vars_next(s, &vars, 0); n != SIZE_MAX; n = vars_next(s, &vars, n + 1))
            if (first == NULL || compare_names(s->numbers.atoms[n], first) < 0)
                first = s->numbers.atoms[n];
        if (first == NULL)
            break;
        vars_remove(s, &vars, first);
        const struct atom *written = pass_written(s, first);
        (void)diag_add(s->c, ERR_COMPILE, term->loc, "var %s is undeclared", atom_is_wildcard(written) ? "_" : written->text);
        t->reported = true;
    }
    vars_drop(s, &vars);
    return true;
}

/* The term of a part's expression; NULL: reported, or out of memory. */
static struct term *part_term(struct templates *t, const struct template_part *part)
{
    struct passes *s = t->s;
    struct expr *e = part->expr;
    if (e->kind == EXPR_TERM)
        return e->term;
    if (e->kind != EXPR_CALL) {
        static const char *const kinds[] = {
            [EXPR_SOME] = "SomeDecl",  [EXPR_EVERY] = "Every",  [EXPR_NOT] = "Not",
            [EXPR_AND] = "LogicalAnd", [EXPR_OR] = "LogicalOr",
        };
        (void)diag_add(s->c, ERR_COMPILE, e->loc, "unexpected template-string expression type: *ast.%s", kinds[e->kind]);
        t->reported = true;
        return NULL;
    }
    const struct builtin *b = pass_builtin(s, e->terms.items[0]);
    if (b != NULL && (b->flags & BI_RELATION) != 0) {
        (void)diag_add(s->c, ERR_COMPILE, (struct loc){0},
                       "illegal call to relation built-in '%s' that may cause multiple outputs", b->name);
        t->reported = true;
        return NULL;
    }
    return ast_list(&s->c->arena, TERM_CALL, e->terms.items, e->terms.count, (struct loc){0});
}

static struct term *rewrite_part(struct templates *t, const struct template_part *part, struct loc loc)
{
    struct passes *s = t->s;
    if (part->expr == NULL) {
        struct term *text = ast_scalar(&s->c->arena, value_str(part->text), part->loc.row != 0 ? part->loc : loc);
        if (text != NULL)
            text->constant = true;
        return text;
    }
    struct term *term = part_term(t, part);
    if (term == NULL || part->scalar)
        return term;
    if (term->kind == TERM_VAR || (term->kind == TERM_REF && is_defined_rule(s, &term->list)))
        return set_of_one(s, term);
    return check_vars(t, term) ? capture(s, term, part->expr) : NULL;
}

/* internal.template_string([...]) in place of the template string; it stays when something was reported. */
static bool rewrite(struct templates *t, struct term *term)
{
    struct passes *s = t->s;
    struct arena *a = &s->c->arena;
    const struct template_string *template = term->template;
    size_t before = s->c->diag_count;
    if (!s->allowed.templates) {
        t->reported = true;
        (void)diag_add(s->c, ERR_COMPILE, term->loc, "template-strings are not supported");
        return true;
    }
    struct term *parts = ast_term(a, TERM_ARRAY, (struct loc){0});
    struct term **call = arena_array(a, 2, sizeof *call);
    if (parts == NULL || call == NULL)
        return false;
    for (size_t i = 0; i < template->count; i++) {
        struct term *part = rewrite_part(t, &template->parts[i], term->loc);
        if (part == NULL && s->c->diag_count == before)
            return false;
        if (part != NULL && !terms_push(a, &parts->list, part))
            return false;
    }
    if (template->count == 0) {
        struct term *empty = ast_scalar(a, value_str(STR("")), term->loc);
        if (empty == NULL || !terms_push(a, &parts->list, empty))
            return false;
    }
    if (s->c->diag_count > before)
        return true;
    call[0] = s->op_template;
    call[1] = parts;
    term->kind = TERM_CALL;
    term->list = (struct terms){call, 2, 2};
    return true;
}

/* ---- where they are ---- */

static void rewrite_if_template(struct templates *t, struct term *term)
{
    if (term != NULL && term->kind == TERM_TEMPLATE && !t->failed)
        t->failed = !rewrite(t, term);
}

/* A body within a body: what it binds counts for it only. */
static void nested_body(struct templates *t, struct body *b, const struct term *key, const struct term *value, struct compr *c)
{
    struct passes *s = t->s;
    struct templates inner = {.s = s, .safe = vars_copy(s, &t->safe), .failed = t->failed};
    if (inner.safe.words == NULL || (key != NULL && !vars_of_term(s, key, VARS_ALL, &inner.safe)) ||
        (value != NULL && !vars_of_term(s, value, VARS_ALL, &inner.safe))) {
        t->failed = true;
        return;
    }
    visit_body(&inner, b);
    if (c != NULL) {
        rewrite_if_template(&inner, c->key);
        rewrite_if_template(&inner, c->term);
    }
    t->failed = t->failed || inner.failed;
    t->reported = t->reported || inner.reported;
    vars_drop(s, &inner.safe);
    if (inner.reported && s->c->diag_count < REPEATED_ERRORS) { /* OPA looks again from outside */
        struct ast_walk again = {.term = visit_term, .expr = visit_expr, .ctx = t};
        ast_walk_body(&again, b);
    }
}

/* What is within an element, but is not the element, is not in the scope of the body. */
static bool visit_term(struct ast_walk *w, struct term *term)
{
    struct templates *t = w->ctx;
    if (term->kind == TERM_TEMPLATE)
        rewrite_if_template(t, term);
    if (term->kind <= TERM_SET || term->kind >= TERM_TEMPLATE)
        return t->failed || term->kind == TERM_TEMPLATE;
    nested_body(t, &term->compr->body, NULL, NULL, term->compr);
    if (term->compr->key != NULL)
        ast_walk_term(w, term->compr->key);
    ast_walk_term(w, term->compr->term);
    return true;
}

static bool visit_expr(struct ast_walk *w, struct expr *e)
{
    struct templates *t = w->ctx;
    if (e->kind != EXPR_EVERY || t->failed)
        return t->failed;
    rewrite_if_template(t, e->every->domain);
    nested_body(t, &e->every->body, e->every->key, e->every->value, NULL);
    ast_walk_term(w, e->every->domain);
    for (size_t i = 0; i < e->with_count; i++)
        ast_walk_with(w, &e->withs[i]);
    return true;
}

/* Adds to t->safe what b binds, and rewrites in b. */
static void visit_body(struct templates *t, struct body *b)
{
    struct passes *s = t->s;
    struct varset out = vars_set(s);
    if (out.words == NULL || !pass_outputs_body(s, b, b->count, &t->safe, &out)) {
        t->failed = true;
        return;
    }
    vars_update(s, &t->safe, &out);
    vars_drop(s, &out);
    struct ast_walk w = {.term = visit_term, .expr = visit_expr, .ctx = t};
    ast_walk_body(&w, b);
}

static bool rewrite_rule(struct passes *s, struct rule *r, bool *reported)
{
    vars_begin(s);
    if (!vars_number_head(s, r->head) || !vars_number_body(s, &r->body))
        return false;
    vars_ready(s);
    struct templates t = {.s = s, .safe = vars_set(s)};
    if (t.safe.words == NULL)
        return false;
    vars_add(s, &t.safe, s->a_data);
    vars_add(s, &t.safe, s->a_input);
    for (size_t i = 0; i < r->head->args.count; i++)
        if (!vars_of_term(s, r->head->args.items[i], VARS_ALL, &t.safe))
            return false;
    visit_body(&t, &r->body);
    struct ast_walk w = {.term = visit_term, .expr = visit_expr, .ctx = &t};
    ast_walk_head(&w, r->head);
    r->traits |= TRAIT_CALL | TRAIT_COMPR;
    *reported = *reported || t.reported;
    return !t.failed;
}

bool pass_templates(struct compiler *c)
{
    bool reported = false;
    EACH_RULE(c->passes, r)
        if ((r->traits & TRAIT_TEMPLATE) != 0 && !rewrite_rule(c->passes, r, &reported))
            return false;
    return !reported;
}

bool pass_templates_query(struct passes *s, struct body *b)
{
    vars_begin(s);
    if (!vars_number_body(s, b))
        return false;
    vars_ready(s);
    struct templates t = {.s = s, .safe = vars_set(s)};
    if (t.safe.words == NULL)
        return false;
    vars_add(s, &t.safe, s->a_data);
    vars_add(s, &t.safe, s->a_input);
    visit_body(&t, b);
    return !t.failed;
}
