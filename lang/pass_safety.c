/* SPDX-License-Identifier: Apache-2.0
 *
 * Safety: every variable of a head is bound by its body; every body is put into an order in which inputs are bound before
 * they are needed, as near to the written order as possible.
 *
 * A body is gone over again and again; each time, what has become safe is appended, in the order as written. Closures are
 * ordered after the body around them, with what precedes them bound. Long bodies keep for each variable the expressions that
 * wait for it, so that nothing is tried again without cause.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"
#include "lang/sort.h"

/* An expression that could not be placed, and the variables it lacks; of the body or of a closure in it. */
struct lacking {
    struct expr *expr;
    struct varset vars;
};

struct safety {
    struct passes *s;
    struct lacking *items;
    size_t count, cap;
    struct varset globals; /* what closures of the current expression may use */
    struct expr *current;
    size_t current_item;   /* its place in items + 1; 0: none */
    bool failed;           /* out of memory in a visitor */
};

/* One body while it is ordered. */
struct ordering {
    struct safety *y;
    struct body *body;
    struct expr **placed;
    size_t placed_count;
    struct varset safe, vars, out;
    struct varset *lacks;    /* per expression */
    struct varset *closures; /* per expression: variables of its closures; words NULL: none */
    uint8_t *state;          /* enum */
    size_t *first_use, *next_use, *use_expr; /* lists of expressions by variable; NULL in short bodies */
};

enum { WAITING, UNTRIED, PLACED };
enum { LONG_BODY = 32 };

static bool order_body(struct safety *y, const struct varset *globals, struct body *b, struct body *ret, size_t *ret_lacking);

/* ---- what an expression needs ---- */

static bool has_closure_term(const struct term *t)
{
    if (t->constant || t->kind <= TERM_VAR)
        return false;
    if (t->kind > TERM_SET && t->kind != TERM_CALL)
        return t->kind != TERM_TEMPLATE;
    for (size_t i = 0; i < t->list.count; i++)
        if (has_closure_term(t->list.items[i]))
            return true;
    return false;
}

static bool has_closure(const struct expr *e)
{
    for (size_t i = 0; i < e->with_count; i++)
        if (has_closure_term(e->withs[i].value) || has_closure_term(e->withs[i].target))
            return true;
    if (e->kind == EXPR_TERM)
        return has_closure_term(e->term);
    if (e->kind != EXPR_CALL)
        return true;
    for (size_t i = 1; i < e->terms.count; i++)
        if (has_closure_term(e->terms.items[i]))
            return true;
    return false;
}

struct collector {
    struct passes *s;
    struct varset *set;
    bool failed;
};

static bool collect_closure_term(struct ast_walk *w, struct term *t)
{
    struct collector *c = w->ctx;
    if (t->kind <= TERM_SET || t->kind >= TERM_TEMPLATE)
        return false;
    c->failed = !vars_of_term(c->s, t, VARS_ALL, c->set) || c->failed;
    return true;
}

static bool collect_closure_expr(struct ast_walk *w, struct expr *e)
{
    struct collector *c = w->ctx;
    bool ok = true;
    if (e->kind == EXPR_EVERY)
        ok = vars_of_body(c->s, &e->every->body, VARS_ALL, c->set);
    else if (e->kind == EXPR_NOT)
        ok = vars_of_body(c->s, &e->not_body, VARS_ALL, c->set);
    else if (e->kind == EXPR_AND || e->kind == EXPR_OR)
        ok = vars_of_body(c->s, &e->logic->left, VARS_ALL, c->set) &&
             vars_of_body(c->s, &e->logic->right, VARS_ALL, c->set);
    else
        return false;
    c->failed = !ok || c->failed;
    for (size_t i = 0; i < e->with_count; i++)
        ast_walk_with(w, &e->withs[i]);
    return true;
}

static bool vars_of_closures(struct passes *s, struct expr *e, struct varset *set)
{
    struct collector c = {.s = s, .set = set};
    struct ast_walk w = {.term = collect_closure_term, .expr = collect_closure_expr, .ctx = &c};
    ast_walk_expr(&w, e);
    return !c.failed;
}

/* ---- ordering ---- */

static bool prepare(struct ordering *o, const struct varset *globals)
{
    struct passes *s = o->y->s;
    size_t count = o->body->count;
    struct arena *a = &s->scratch;
    o->placed = arena_array(&s->c->arena, count, sizeof(struct expr *));
    o->lacks = arena_array(a, count, sizeof *o->lacks);
    o->closures = arena_zeroed(a, count, sizeof *o->closures);
    o->state = arena_alloc(a, count);
    o->vars = vars_set(s);
    o->out = vars_set(s);
    if (o->placed == NULL || o->lacks == NULL || o->closures == NULL || o->state == NULL || o->vars.words == NULL ||
        o->out.words == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct expr *e = o->body->items[i];
        o->state[i] = UNTRIED;
        o->lacks[i] = vars_set(s);
        if (o->lacks[i].words == NULL || !vars_of_expr(s, e, VARS_SAFETY | VARS_PROMOTE, &o->lacks[i]))
            return false;
        vars_update(s, &o->vars, &o->lacks[i]);
        vars_subtract(s, &o->lacks[i], globals);
        if (!has_closure(e))
            continue;
        o->closures[i] = vars_set(s);
        if (o->closures[i].words == NULL || !vars_of_closures(s, e, &o->closures[i]))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (o->closures[i].words == NULL)
            continue;
        vars_intersect(s, &o->closures[i], &o->vars);
        vars_subtract(s, &o->closures[i], globals);
        if (vars_is_empty(s, &o->closures[i]))
            vars_drop(s, &o->closures[i]);
    }
    o->safe = vars_copy(s, globals);
    if (o->safe.words != NULL)
        vars_intersect(s, &o->safe, &o->vars);
    return o->safe.words != NULL;
}

/* What may decide whether expression i can be placed. */
static void uses_of(struct ordering *o, size_t i, struct varset *set)
{
    vars_assign(o->y->s, set, &o->lacks[i]);
    if (o->closures[i].words != NULL)
        vars_update(o->y->s, set, &o->closures[i]);
}

/* Lists, for each variable, of the expressions that have it. */
static bool list_uses(struct ordering *o)
{
    struct passes *s = o->y->s;
    struct varset uses = vars_set(s);
    size_t total = 0, used = 0;
    if (uses.words == NULL)
        return false;
    for (size_t i = 0; i < o->body->count; i++) {
        uses_of(o, i, &uses);
        for (size_t n = vars_next(s, &uses, 0); n != SIZE_MAX; n = vars_next(s, &uses, n + 1))
            total++;
    }
    o->first_use = arena_zeroed(&s->scratch, s->numbers.count, sizeof(size_t));
    o->next_use = arena_array(&s->scratch, total + 1, sizeof(size_t));
    o->use_expr = arena_array(&s->scratch, total + 1, sizeof(size_t));
    if (o->first_use == NULL || o->next_use == NULL || o->use_expr == NULL)
        return false;
    for (size_t i = 0; i < o->body->count; i++) {
        uses_of(o, i, &uses);
        for (size_t n = vars_next(s, &uses, 0); n != SIZE_MAX; n = vars_next(s, &uses, n + 1)) {
            used++;
            o->use_expr[used] = i;
            o->next_use[used] = o->first_use[n];
            o->first_use[n] = used;
        }
    }
    vars_drop(s, &uses);
    return true;
}

/* OPA takes an expression for placed when the one at its own written position is equal to it. */
static bool is_duplicate(const struct ordering *o, const struct expr *e)
{
    return e->index < o->placed_count && expr_compare(e, o->placed[e->index]) == 0;
}

static void place(struct ordering *o, size_t i)
{
    struct passes *s = o->y->s;
    struct expr *e = o->body->items[i];
    o->state[i] = PLACED;
    e->index = (uint32_t)o->placed_count;
    o->placed[o->placed_count++] = e;
    if (o->first_use != NULL) {
        vars_subtract(s, &o->out, &o->safe);
        for (size_t n = vars_next(s, &o->out, 0); n != SIZE_MAX; n = vars_next(s, &o->out, n + 1))
            for (size_t u = o->first_use[n]; u != 0; u = o->next_use[u])
                if (o->state[o->use_expr[u]] == WAITING)
                    o->state[o->use_expr[u]] = UNTRIED;
    }
    vars_update(s, &o->safe, &o->out);
}

static bool try_to_place(struct ordering *o, size_t i)
{
    struct passes *s = o->y->s;
    struct expr *e = o->body->items[i];
    if (is_duplicate(o, e))
        return true;
    if (!pass_outputs(s, e, &o->safe, &o->out))
        return false;
    o->state[i] = o->first_use != NULL ? WAITING : UNTRIED;
    if (o->closures[i].words != NULL) {
        if (vars_is_equal(s, &o->closures[i], &o->out))
            return true; /* it would close over what only it binds */
        vars_assign(s, &o->lacks[i], &o->closures[i]);
    }
    vars_subtract(s, &o->lacks[i], &o->out);
    vars_subtract(s, &o->lacks[i], &o->safe);
    if (vars_is_empty(s, &o->lacks[i]))
        place(o, i);
    return true;
}

static bool place_all(struct ordering *o)
{
    size_t before = SIZE_MAX;
    while (o->placed_count != before && o->placed_count < o->body->count) {
        before = o->placed_count;
        for (size_t i = 0; i < o->body->count; i++)
            if (o->state[i] == UNTRIED && !try_to_place(o, i))
                return false;
    }
    return true;
}

/* ---- what is lacking ---- */

static bool push_lacking(struct safety *y, struct expr *e, struct varset vars)
{
    if (vars.words == NULL ||
        (y->count == y->cap && !arena_grow(&y->s->scratch, &y->items, &y->cap, y->count + 1, sizeof *y->items)))
        return false;
    y->items[y->count++] = (struct lacking){e, vars};
    return true;
}

/* What the current expression lacks for its closures' elements. NULL: out of memory. */
static struct varset *lacking_of_current(struct safety *y)
{
    if (y->current_item == 0) {
        if (!push_lacking(y, y->current, vars_set(y->s)))
            return NULL;
        y->current_item = y->count;
    }
    return &y->items[y->current_item - 1].vars;
}

/* Expressions that were not placed and lack something. */
static bool note_lacking(struct ordering *o)
{
    for (size_t i = 0; i < o->body->count; i++) {
        if (o->state[i] == PLACED || vars_is_empty(o->y->s, &o->lacks[i]))
            continue;
        if (!push_lacking(o->y, o->body->items[i], o->lacks[i]))
            return false;
        o->lacks[i].words = NULL;
    }
    return true;
}

/* ---- closures ---- */

/* Orders a closure's body. uses: variables of its element, which the body or its surroundings must have. */
static bool order_closure(struct safety *y, const struct varset *uses, struct body *b)
{
    struct passes *s = y->s;
    if (uses != NULL && !vars_is_subset(s, uses, &y->globals)) {
        struct varset have = vars_copy(s, &y->globals), lacks = vars_copy(s, uses);
        if (have.words == NULL || lacks.words == NULL || !vars_of_body(s, b, VARS_SAFETY | VARS_PROMOTE, &have))
            return false;
        vars_subtract(s, &lacks, &have);
        if (!vars_is_empty(s, &lacks)) {
            struct varset *of = lacking_of_current(y);
            if (of == NULL)
                return false;
            vars_update(s, of, &lacks);
        }
        vars_drop(s, &have);
        vars_drop(s, &lacks);
    }
    struct safety inner = {.s = s, .items = y->items, .count = y->count, .cap = y->cap};
    struct body ordered = *b;
    size_t lacking;
    if (!order_body(&inner, &y->globals, b, &ordered, &lacking))
        return false;
    y->items = inner.items;
    y->count = inner.count;
    y->cap = inner.cap;
    if (lacking == 0)
        *b = ordered;
    return true;
}

static bool order_compr(struct safety *y, struct compr *c)
{
    struct passes *s = y->s;
    struct varset uses = vars_set(s);
    if (uses.words == NULL || (c->key != NULL && !vars_of_term(s, c->key, VARS_ALL, &uses)) ||
        !vars_of_term(s, c->term, VARS_ALL, &uses))
        return false;
    bool ok = order_closure(y, &uses, &c->body);
    vars_drop(s, &uses);
    return ok;
}

static bool visit_term(struct ast_walk *w, struct term *t)
{
    struct safety *y = w->ctx;
    if (t->kind <= TERM_SET || t->kind >= TERM_TEMPLATE || y->failed)
        return y->failed;
    y->failed = !order_compr(y, t->compr);
    return true;
}

/* Also of the key and the value of an every: they stay known to the expressions after it. */
static bool visit_every(struct safety *y, struct every *e)
{
    if (e->key != NULL && !vars_of_term(y->s, e->key, VARS_ALL, &y->globals))
        return false;
    return vars_of_term(y->s, e->value, VARS_ALL, &y->globals) && order_closure(y, NULL, &e->body);
}

static bool visit_expr(struct ast_walk *w, struct expr *e)
{
    struct safety *y = w->ctx;
    bool ok = !y->failed;
    if (e->kind == EXPR_EVERY)
        ok = ok && visit_every(y, e->every);
    else if (e->kind == EXPR_NOT)
        ok = ok && order_closure(y, NULL, &e->not_body);
    else if (e->kind == EXPR_AND || e->kind == EXPR_OR)
        ok = ok && order_closure(y, NULL, &e->logic->left) && order_closure(y, NULL, &e->logic->right);
    else
        return y->failed;
    y->failed = !ok;
    return true;
}

/* The closures of the placed expressions, each with what stands before it. */
static bool order_closures(struct ordering *o, const struct varset *globals)
{
    struct safety *y = o->y;
    struct passes *s = y->s;
    y->globals = vars_copy(s, globals);
    if (y->globals.words == NULL)
        return false;
    struct ast_walk w = {.term = visit_term, .expr = visit_expr, .ctx = y};
    size_t known = 0;
    for (size_t i = 0; i < o->placed_count; i++) {
        if (!has_closure(o->placed[i]))
            continue;
        for (; known < i; known++)
            if (!vars_of_expr(s, o->placed[known], VARS_SAFETY | VARS_PROMOTE, &y->globals))
                return false;
        y->current = o->placed[i];
        y->current_item = 0;
        ast_walk_expr(&w, y->current);
        if (y->failed)
            return false;
    }
    vars_drop(s, &y->globals);
    return true;
}

/* Orders b with globals bound. *ret_lacking: how many expressions lack something; the order is good when none does. */
static bool order_body(struct safety *y, const struct varset *globals, struct body *b, struct body *ret, size_t *ret_lacking)
{
    struct ordering o = {.y = y, .body = b};
    size_t before = y->count;
    if (!prepare(&o, globals) || (b->count > LONG_BODY && !list_uses(&o)) || !place_all(&o))
        return false;
    if (o.placed_count < b->count && !note_lacking(&o))
        return false;
    if (!order_closures(&o, globals))
        return false;
    *ret = (struct body){o.placed, o.placed_count, b->count};
    *ret_lacking = y->count - before;
    for (size_t i = 0; i < b->count; i++) {
        vars_drop(y->s, &o.lacks[i]);
        vars_drop(y->s, &o.closures[i]);
    }
    vars_drop(y->s, &o.safe);
    vars_drop(y->s, &o.vars);
    vars_drop(y->s, &o.out);
    return true;
}

/* ---- errors ---- */

/* Of places in one file; a place that is none comes last. */
static bool is_before(struct loc a, struct loc b)
{
    if (a.row == 0 || b.row == 0)
        return a.row != 0;
    return a.row != b.row ? a.row < b.row : a.col < b.col;
}

/* Variables on the left of := in what lacks something, by both names. */
static void add_assigned(struct passes *s, const struct term *t, struct varset *set)
{
    if (t->kind == TERM_VAR) {
        vars_add(s, set, t->var);
        vars_add(s, set, pass_written(s, t->var));
    } else if (t->kind >= TERM_REF && t->kind <= TERM_SET) {
        for (size_t i = 0; i < t->list.count; i++)
            add_assigned(s, t->list.items[i], set);
    }
}

static bool is_future_keyword(const struct atom *a)
{
    static const char *const words[] = {"in", "every", "contains", "if", "not", "and", "or"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (atom_is(a, words[i]))
            return true;
    return false;
}

static void report_var(struct passes *s, const struct atom *written, struct loc loc, struct str scope)
{
    const char *name = atom_is_wildcard(written) ? "_" : written->text;
    if (is_future_keyword(written))
        (void)diag_add(s->c, ERR_UNSAFE_VAR, loc,
                       "var %s is unsafe%.*s (hint: `import future.keywords.%s` to import a future keyword)", name,
                       (int)scope.len, scope.p, name);
    else
        (void)diag_add(s->c, ERR_UNSAFE_VAR, loc, "var %s is unsafe%.*s", name, (int)scope.len, scope.p);
}

/* For each variable, the first place of an expression that lacks it. NULL when out of memory. */
static struct loc *first_places(const struct safety *y)
{
    struct passes *s = y->s;
    struct loc *places = arena_zeroed(&s->scratch, s->numbers.count, sizeof *places);
    for (size_t i = 0; places != NULL && i < y->count; i++) {
        const struct varset *vars = &y->items[i].vars;
        for (size_t n = vars_next(s, vars, 0); n != SIZE_MAX; n = vars_next(s, vars, n + 1))
            if (is_before(y->items[i].expr->loc, places[n]))
                places[n] = y->items[i].expr->loc;
    }
    return places;
}

/* Reports variables by name. false: there was none to name. */
static bool report_vars(struct safety *y, const struct varset *all, const struct varset *assigned, struct str scope)
{
    struct passes *s = y->s;
    bool others = false, reported = false;
    const struct loc *places = first_places(y);
    for (size_t n = vars_next(s, all, 0); n != SIZE_MAX; n = vars_next(s, all, n + 1)) {
        const struct atom *a = s->numbers.atoms[n];
        const struct atom *written = pass_written(s, a);
        others = others || (!atom_is_generated(written) && !vars_has(s, assigned, a) && !vars_has(s, assigned, written));
    }
    for (size_t n = vars_next(s, all, 0); places != NULL && n != SIZE_MAX; n = vars_next(s, all, n + 1)) {
        const struct atom *a = s->numbers.atoms[n];
        const struct atom *written = pass_written(s, a);
        if (atom_is_generated(written) || (others && (vars_has(s, assigned, a) || vars_has(s, assigned, written))))
            continue;
        report_var(s, written, places[n], scope);
        reported = true;
    }
    return reported;
}

static int compare_lacking(const void *left, const void *right, void *ctx)
{
    (void)ctx;
    struct loc a = ((const struct lacking *)left)->expr->loc, b = ((const struct lacking *)right)->expr->loc;
    return is_before(b, a) - is_before(a, b);
}

/* Generated variables have no names to show: reports the expressions, once per variable, from the first on. */
static bool report_exprs(struct safety *y, struct str scope)
{
    struct passes *s = y->s;
    struct varset seen = vars_set(s);
    bool reported = false;
    if (seen.words == NULL || !sort_stable(&s->scratch, y->items, y->count, sizeof *y->items, compare_lacking, NULL))
        return true;
    for (size_t i = 0; i < y->count; i++) {
        const struct lacking *l = &y->items[i];
        bool fresh = false;
        for (size_t n = vars_next(s, &l->vars, 0); n != SIZE_MAX; n = vars_next(s, &l->vars, n + 1)) {
            const struct atom *a = s->numbers.atoms[n];
            fresh = fresh || (atom_is_generated(a) && !vars_has(s, &seen, a));
        }
        vars_update(s, &seen, &l->vars);
        if (fresh)
            (void)diag_add(s->c, ERR_UNSAFE_VAR, l->expr->loc, "expression is unsafe%.*s", (int)scope.len, scope.p);
        reported = reported || fresh;
    }
    return reported;
}

/* true: something was reported. */
static bool report(struct safety *y, struct str scope)
{
    struct passes *s = y->s;
    struct varset all = vars_set(s), assigned = vars_set(s);
    if (all.words == NULL || assigned.words == NULL)
        return true;
    for (size_t i = 0; i < y->count; i++) {
        const struct expr *e = y->items[i].expr;
        vars_update(s, &all, &y->items[i].vars);
        if (e->from_assignment && e->kind == EXPR_CALL && e->terms.count == 3)
            add_assigned(s, e->terms.items[1], &assigned);
    }
    return report_vars(y, &all, &assigned, scope) || report_exprs(y, scope);
}

/* ---- places that hold several rules ---- */

static bool is_same_name(const struct rule *a, const struct rule *b)
{
    size_t count = ref_ground_prefix(&a->head->ref);
    if (count != ref_ground_prefix(&b->head->ref))
        return false;
    for (size_t i = 0; i < count; i++)
        if (term_compare(a->head->ref.items[i], b->head->ref.items[i]) != 0)
            return false;
    return true;
}

/* Does the row hold rules of different names, so that the row alone does not say which rule is meant? */
static bool is_row_shared(const struct rule *rule)
{
    const struct module *m = rule->module;
    const struct rule *first = NULL;
    for (size_t i = 0; i < m->rule_count; i++) {
        for (const struct rule *r = m->rules[i]; r != NULL; r = r->otherwise) {
            if (r->loc.row != rule->loc.row)
                continue;
            if (first != NULL && !is_same_name(first, r))
                return true;
            if (first == NULL)
                first = r;
        }
    }
    return false;
}

/* " in rule p" where it helps, else "". */
static struct str rule_scope(struct passes *s, const struct rule *r)
{
    if (r->loc.row == 0 || !is_row_shared(r))
        return STR("");
    const struct terms name = {r->head->ref.items, ref_ground_prefix(&r->head->ref), 0};
    struct str text = pass_ref_text(s, &name);
    return arena_printf(&s->c->arena, " in rule %.*s", (int)text.len, text.p);
}

/* ---- the stages ---- */

static bool check_body(struct passes *s, const struct varset *globals, struct body *b, const struct rule *r)
{
    struct safety y = {.s = s};
    struct body ordered;
    size_t lacking;
    if (!order_body(&y, globals, b, &ordered, &lacking))
        return false;
    if (lacking > 0 && report(&y, r != NULL ? rule_scope(s, r) : STR("")))
        return true;
    *b = ordered;
    return true;
}

/* Bodies of scalars and such need no ordering. */
static bool is_trivial(const struct body *b)
{
    return b->count == 1 && b->items[0]->kind == EXPR_TERM && b->items[0]->with_count == 0 &&
           term_is_scalar(b->items[0]->term);
}

bool pass_safety(struct compiler *c)
{
    struct passes *s = c->passes;
    size_t errors = c->diag_count;
    EACH_RULE(s, r) {
        if (is_trivial(&r->body))
            continue;
        vars_begin(s);
        if (!vars_number_head(s, r->head) || !vars_number_body(s, &r->body))
            return false;
        vars_ready(s);
        struct varset globals = vars_set(s);
        if (globals.words == NULL)
            return false;
        vars_add(s, &globals, s->a_data);
        vars_add(s, &globals, s->a_input);
        for (size_t i = 0; i < r->head->args.count; i++)
            if (!vars_of_term(s, r->head->args.items[i], VARS_ALL, &globals))
                return false;
        if (!check_body(s, &globals, &r->body, r))
            return false;
        if (c->options.max_errors > 0 && c->diag_count >= c->options.max_errors)
            return false;
    }
    return c->diag_count == errors;
}

bool pass_safety_query(struct passes *s, struct body *b)
{
    vars_begin(s);
    if (!vars_number_body(s, b))
        return false;
    vars_ready(s);
    struct varset globals = vars_set(s);
    if (globals.words == NULL)
        return false;
    vars_add(s, &globals, s->a_data);
    vars_add(s, &globals, s->a_input);
    return check_body(s, &globals, b, NULL);
}

/* ---- heads ---- */

struct head_check {
    struct passes *s;
    struct varset have, found;
    const struct rule *rule;
    struct loc *places; /* by number: the last place of a variable that the body does not have */
};

static bool find_unsafe(struct ast_walk *w, struct term *t)
{
    struct head_check *h = w->ctx;
    if (t->kind != TERM_VAR || vars_has(h->s, &h->have, t->var))
        return false;
    vars_add(h->s, &h->found, t->var);
    h->places[pass_info(h->s, t->var)->slot] = t->loc;
    return false;
}

static bool check_head(struct passes *s, struct rule *r)
{
    vars_begin(s);
    if (!vars_number_head(s, r->head) || !vars_number_body(s, &r->body))
        return false;
    vars_ready(s);
    struct head_check h = {.s = s, .have = vars_set(s), .found = vars_set(s), .rule = r};
    h.places = arena_array(&s->scratch, s->numbers.count, sizeof *h.places);
    if (h.have.words == NULL || h.found.words == NULL || h.places == NULL || !vars_of_body(s, &r->body, VARS_SAFETY, &h.have))
        return false;
    for (size_t i = 0; i < r->head->args.count; i++)
        if (!vars_of_term(s, r->head->args.items[i], VARS_ALL, &h.have))
            return false;
    struct ast_walk w = {.term = find_unsafe, .ctx = &h};
    ast_walk_head(&w, r->head);
    for (size_t i = 1; i < r->head->ref.count; i++)
        ast_walk_term(&w, r->head->ref.items[i]);
    for (size_t n = vars_next(s, &h.found, 0); n != SIZE_MAX; n = vars_next(s, &h.found, n + 1)) {
        const struct atom *written = pass_written(s, s->numbers.atoms[n]);
        if (atom_is_generated(written))
            continue;
        struct str scope = rule_scope(s, r);
        (void)diag_add(s->c, ERR_UNSAFE_VAR, h.places[n], "var %s is unsafe%.*s",
                       atom_is_wildcard(written) ? "_" : written->text, (int)scope.len, scope.p);
    }
    return true;
}

static bool may_have_vars(const struct term *t)
{
    return t != NULL && t->kind > TERM_STRING && !t->constant;
}

static bool head_has_vars(const struct head *h)
{
    for (size_t i = 0; i < h->args.count; i++)
        if (may_have_vars(h->args.items[i]))
            return true;
    for (size_t i = 1; i < h->ref.count; i++)
        if (may_have_vars(h->ref.items[i]))
            return true;
    return may_have_vars(h->key) || may_have_vars(h->value);
}

bool pass_safety_heads(struct compiler *c)
{
    struct passes *s = c->passes;
    size_t errors = c->diag_count;
    EACH_RULE(s, r)
        if (head_has_vars(r->head) && !check_head(s, r))
            return false;
    return c->diag_count == errors;
}
