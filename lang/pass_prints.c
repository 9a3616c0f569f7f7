/* SPDX-License-Identifier: Apache-2.0
 *
 * print calls are erased, or become internal.print with each operand in a set comprehension, so that an undefined operand
 * prints and does not stop the evaluation. Operands must be bound by what stands before the call.
 */
#include "lang/passes.h"
#include "lang/ast_walk.h"

/* ---- erasing ---- */

static bool erase_term(struct ast_walk *w, struct term *t);
static bool erase_expr(struct ast_walk *w, struct expr *e);

static bool erase_body(struct passes *s, struct body *b)
{
    size_t kept = 0;
    struct ast_walk w = {.term = erase_term, .expr = erase_expr, .ctx = s};
    const struct loc loc = b->count > 0 ? b->items[0]->loc : (struct loc){0};
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        ast_walk_expr(&w, e);
        if (pass_calls(e, s->a_print))
            continue;
        e->index = (uint32_t)kept;
        b->items[kept++] = e;
    }
    if (kept == 0 && b->count > 0) {
        struct expr *e = ast_expr(&s->c->arena, EXPR_TERM, loc);
        struct term *t = ast_scalar(&s->c->arena, (struct value){.kind = VALUE_BOOL, .i = 1}, loc);
        if (e == NULL || t == NULL)
            return false;
        e->term = t;
        b->items[kept++] = e;
    }
    b->count = kept;
    return true;
}

static bool erase_term(struct ast_walk *w, struct term *t)
{
    if (t->kind <= TERM_SET || t->kind >= TERM_TEMPLATE)
        return false;
    if (t->compr->key != NULL)
        ast_walk_term(w, t->compr->key);
    ast_walk_term(w, t->compr->term);
    (void)erase_body(w->ctx, &t->compr->body); /* out of memory shows in the arena */
    return true;
}

static bool erase_expr(struct ast_walk *w, struct expr *e)
{
    if (e->kind == EXPR_EVERY) {
        ast_walk_term(w, e->every->domain);
        (void)erase_body(w->ctx, &e->every->body);
    } else if (e->kind == EXPR_NOT) {
        (void)erase_body(w->ctx, &e->not_body);
    } else if (e->kind == EXPR_AND || e->kind == EXPR_OR) {
        (void)erase_body(w->ctx, &e->logic->left);
        (void)erase_body(w->ctx, &e->logic->right);
    } else {
        return false;
    }
    for (size_t i = 0; i < e->with_count; i++)
        ast_walk_with(w, &e->withs[i]);
    return true;
}

/* ---- keeping ---- */

struct prints {
    struct passes *s;
    struct varset safe; /* bound before the current expression */
    bool failed;
};

static void keep_in_body(struct prints *p, struct body *b);

static void keep_in_closure(struct prints *p, struct body *b)
{
    struct varset safe = p->safe;
    p->safe = vars_copy(p->s, &safe);
    if (p->safe.words == NULL)
        p->failed = true;
    if (!p->failed)
        keep_in_body(p, b);
    vars_drop(p->s, &p->safe);
    p->safe = safe;
}

static bool keep_term(struct ast_walk *w, struct term *t)
{
    struct prints *p = w->ctx;
    if (t->kind <= TERM_SET || t->kind >= TERM_TEMPLATE)
        return p->failed;
    keep_in_closure(p, &t->compr->body);
    if (t->compr->key != NULL)
        ast_walk_term(w, t->compr->key);
    ast_walk_term(w, t->compr->term);
    return true;
}

static bool keep_expr(struct ast_walk *w, struct expr *e)
{
    struct prints *p = w->ctx;
    if (e->kind == EXPR_EVERY) {
        struct every *every = e->every;
        if ((every->key != NULL && !vars_of_term(p->s, every->key, VARS_ALL, &p->safe)) ||
            !vars_of_term(p->s, every->value, VARS_ALL, &p->safe))
            p->failed = true;
        keep_in_closure(p, &every->body);
        ast_walk_term(w, every->domain);
    } else if (e->kind == EXPR_NOT) {
        keep_in_closure(p, &e->not_body);
    } else if (e->kind == EXPR_AND || e->kind == EXPR_OR) {
        keep_in_closure(p, &e->logic->left);
        keep_in_closure(p, &e->logic->right);
    } else {
        return p->failed;
    }
    return true;
}

static int compare_names(const struct atom *a, const struct atom *b)
{
    return str_compare(atom_str(a), atom_str(b));
}

/* Reports what an operand needs and nothing before it binds, by name. */
static bool check_operand(struct prints *p, const struct term *t)
{
    struct passes *s = p->s;
    struct varset vars = vars_set(s);
    if (vars.words == NULL || !vars_of_term(s, t, VARS_SAFETY, &vars))
        return false;
    vars_subtract(s, &vars, &p->safe);
    for (;;) {
        const struct atom *first = NULL;
        for (size_t n = vars_next(s, &vars, 0); n != SIZE_MAX; n = vars_next(s, &vars, n + 1))
            if (first == NULL || compare_names(s->numbers.atoms[n], first) < 0)
                first = s->numbers.atoms[n];
        if (first == NULL)
            break;
        vars_remove(s, &vars, first);
        const struct atom *written = pass_written(s, first);
        (void)diag_add(s->c, ERR_COMPILE, t->loc, "var %s is undeclared", atom_is_wildcard(written) ? "_" : written->text);
    }
    vars_drop(s, &vars);
    return true;
}

static struct term *capture(struct passes *s, struct term *operand)
{
    struct arena *a = &s->c->arena;
    struct term *set = ast_term(a, TERM_SET_COMPR, operand->loc);
    struct compr *c = arena_zeroed(a, 1, sizeof *c);
    struct term *local = pass_local_term(s, operand->loc);
    struct term *element = local != NULL ? ast_copy_term(a, local) : NULL;
    struct expr *eq = pass_eq(s, local, operand, operand->loc);
    if (set == NULL || c == NULL || element == NULL || eq == NULL || !pass_append(s, &c->body, eq))
        return NULL;
    c->term = element;
    set->compr = c;
    return set;
}

/* print(x) becomes internal.print([{l | l = x}]); what stood around it (not, with) goes. */
static bool keep_print(struct prints *p, struct expr *e)
{
    struct passes *s = p->s;
    struct arena *a = &s->c->arena;
    size_t before = s->c->diag_count;
    for (size_t i = 1; i < e->terms.count; i++)
        if (!check_operand(p, e->terms.items[i]))
            return false;
    if (s->c->diag_count > before)
        return true;
    struct term *operands = ast_term(a, TERM_ARRAY, e->loc);
    struct term **items = arena_array(a, 2, sizeof *items);
    if (operands == NULL || items == NULL)
        return false;
    for (size_t i = 1; i < e->terms.count; i++) {
        struct term *set = capture(s, e->terms.items[i]);
        if (set == NULL || !terms_push(a, &operands->list, set))
            return false;
    }
    items[0] = s->op_print;
    items[1] = operands;
    e->terms = (struct terms){items, 2, 2};
    e->negated = false;
    e->with_count = 0;
    e->withs = NULL;
    return true;
}

/* Variables that stages generated count as bound by any expression that has them. */
static bool add_generated(struct ast_walk *w, struct term *t)
{
    struct prints *p = w->ctx;
    if (t->kind == TERM_VAR && atom_is_generated(t->var))
        vars_add(p->s, &p->safe, t->var);
    return false;
}

/* First the closures of all expressions, each with what the expressions before it bind; then the calls of the body. */
static void keep_in_body(struct prints *p, struct body *b)
{
    struct passes *s = p->s;
    size_t before = s->c->diag_count;
    struct varset start = vars_copy(s, &p->safe), known = vars_copy(s, &p->safe), out = vars_set(s);
    if (start.words == NULL || known.words == NULL || out.words == NULL) {
        p->failed = true;
        return;
    }
    struct ast_walk w = {.term = keep_term, .expr = keep_expr, .ctx = p};
    for (size_t i = 0; i < b->count && !p->failed && s->c->diag_count == before; i++) {
        vars_assign(s, &p->safe, &known);
        ast_walk_expr(&w, b->items[i]);
        p->failed = p->failed || !pass_outputs(s, b->items[i], &known, &out);
        vars_update(s, &known, &out);
    }
    vars_assign(s, &p->safe, &start);
    struct ast_walk generated = {.term = add_generated, .ctx = p};
    for (size_t i = 0; i < b->count && !p->failed && s->c->diag_count == before; i++) {
        struct expr *e = b->items[i];
        if (pass_calls(e, s->a_print)) {
            p->failed = !keep_print(p, e);
            e->index = (uint32_t)i;
        }
        p->failed = p->failed || !pass_outputs(s, e, &p->safe, &out);
        vars_update(s, &p->safe, &out);
        ast_walk_expr(&generated, e);
    }
    vars_drop(s, &start);
    vars_drop(s, &known);
    vars_drop(s, &out);
}

static bool start(struct prints *p, struct passes *s)
{
    *p = (struct prints){.s = s, .safe = vars_set(s)};
    if (p->safe.words == NULL)
        return false;
    vars_add(s, &p->safe, s->a_data);
    vars_add(s, &p->safe, s->a_input);
    return true;
}

static bool keep_in_rule(struct passes *s, struct rule *r)
{
    struct prints p;
    vars_begin(s);
    if (!vars_number_head(s, r->head) || !vars_number_body(s, &r->body))
        return false;
    vars_ready(s);
    if (!start(&p, s))
        return false;
    for (size_t i = 0; i < r->head->args.count; i++)
        if (!vars_of_term(s, r->head->args.items[i], VARS_ALL, &p.safe))
            return false;
    struct ast_walk w = {.term = keep_term, .expr = keep_expr, .ctx = &p};
    ast_walk_head(&w, r->head);
    if (!p.failed)
        keep_in_body(&p, &r->body);
    r->traits |= TRAIT_COMPR;
    return !p.failed;
}

/* ---- the stages ---- */

bool pass_prints(struct compiler *c)
{
    struct passes *s = c->passes;
    size_t before = c->diag_count;
    struct ast_walk w = {.term = erase_term, .expr = erase_expr, .ctx = s};
    EACH_RULE(s, r) {
        if ((r->traits & TRAIT_PRINT) == 0)
            continue;
        if (c->options.keep_prints) {
            if (!keep_in_rule(s, r))
                return false;
            continue;
        }
        ast_walk_head(&w, r->head);
        if (!erase_body(s, &r->body))
            return false;
    }
    return c->diag_count == before;
}

bool pass_prints_query(struct passes *s, struct body *b)
{
    if (!s->c->options.keep_prints)
        return erase_body(s, b);
    struct prints p;
    vars_begin(s);
    if (!vars_number_body(s, b))
        return false;
    vars_ready(s);
    if (!start(&p, s))
        return false;
    keep_in_body(&p, b);
    return !p.failed;
}
