/* SPDX-License-Identifier: Apache-2.0
 *
 * Renaming of locals: rules, heads, bodies, closures; and the search for declared variables that nothing uses.
 *
 * OPA goes over the inside of `every`, `not {}`, `and` and `or` a second time from outside. What that changes is done here
 * without looking at everything again: variables that an operand in braces merely mentions count as seen around it; the domain
 * of an `every` may be captured by its own key or value; and what a closure in such a body mentions may be declared after it.
 */
#include "lang/locals.h"
#include "lang/ast_walk.h"

/* ---- unused variables ---- */

static bool is_used(struct used_terms used, const struct atom *var)
{
    for (size_t i = 0; i < used.count; i++)
        if (term_mentions(used.items[i], var))
            return true;
    return false;
}

/* The expression that declares the variable; the first of the body when none does (every's variables). */
static struct loc declaring_place(const struct locals *l, const struct body *written, const struct decl *d)
{
    const struct atom *var = d->var;
    if (d->loc.row != 0)
        return d->loc;
    for (size_t i = 0; i < written->count; i++)
        if (expr_declares(l->s, written->items[i], var))
            return written->items[i]->loc;
    return written->items[0]->loc;
}

static struct loc mentioning_place(const struct body *written, const struct atom *name)
{
    for (size_t i = 0; i < written->count; i++)
        if (expr_mentions(written->items[i], name))
            return written->items[i]->loc;
    return written->items[0]->loc;
}

static void complain(struct locals *l, const struct body *written, struct used_terms used, size_t mark, enum occurrence how)
{
    if (l->errors > 0 || l->unused > 0)
        return;
    size_t found = 0;
    for (size_t i = mark; i < l->count; i++) {
        const struct decl *d = l->items[i];
        if (d->occurrence != how || (how == OCCURS_DECLARED ? d->is_mentioned : d->count > 1) || is_used(used, d->var))
            continue;
        if (how == OCCURS_DECLARED ? atom_is_generated(d->var) : atom_is_wildcard(d->var))
            continue;
        found++;
        if (how == OCCURS_DECLARED)
            (void)diag_add(l->s->c, ERR_COMPILE, declaring_place(l, written, d), "declared var %s unused",
                           atom_is_wildcard(d->var) ? "_" : d->var->text);
        else
            (void)diag_add(l->s->c, ERR_COMPILE, mentioning_place(written, d->name), "assigned var %s unused", d->var->text);
    }
    l->unused += found;
}

/* ---- closures ---- */

/* The second look at an every: its domain meets key and value, its closures what is declared behind them. */
static bool every_parts(struct locals *l, struct expr *e)
{
    locals_check_calls(l, e->every->domain);
    if (!locals_rename(l, e->every->domain) || !locals_rename_body(l, &e->every->body))
        return false;
    for (size_t i = 0; i < e->with_count; i++)
        if (!locals_with(l, &e->withs[i]))
            return false;
    return true;
}

static bool every_vars(struct locals *l, struct expr *e, bool *keep)
{
    struct every *every = e->every;
    struct term **places[] = {&every->key, &every->value};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct term **at = places[i];
        if (*at == NULL) { /* a key that is not written */
            *at = pass_local_term(l->s, (struct loc){0});
            if (*at == NULL)
                return false;
            continue;
        }
        if ((*at)->kind != TERM_VAR || atom_is_wildcard((*at)->var))
            continue;
        size_t errors = l->errors;
        const struct atom *name = locals_declare(l, (*at)->var, OCCURS_DECLARED, (struct loc){0}); /* as OPA: without place */
        if (name == NULL) {
            *keep = false;
            return l->errors > errors;
        }
        (*at)->var = name;
    }
    return true;
}

static bool rename_every(struct locals *l, struct expr *e, bool *keep)
{
    if (!locals_term(l, e->every->domain))
        return false;
    size_t mark = locals_open(l);
    bool ok = every_vars(l, e, keep);
    if (ok && *keep)
        ok = locals_body(l, &e->every->body, (struct used_terms){0}) && every_parts(l, e);
    locals_close(l, mark);
    return ok;
}

static bool rename_not(struct locals *l, struct expr *e);
static bool rename_logic(struct locals *l, struct expr *e);

/* A bare operand declares nothing; statements within it are renamed before its plain expressions. */
static bool bare_body(struct locals *l, struct body *b, const char *message)
{
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        if (pass_calls(e, l->s->a_assign)) {
            (void)diag_add(l->s->c, ERR_COMPILE, e->loc, "%s", message);
            (void)locals_failed(l);
        } else if (e->kind == EXPR_NOT && !rename_not(l, e))
            return false;
        else if ((e->kind == EXPR_AND || e->kind == EXPR_OR) && !rename_logic(l, e))
            return false;
    }
    return true;
}

/* The second look at a bare operand: its plain expressions. */
static bool bare_parts(struct locals *l, struct body *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct expr *e = b->items[i];
        if (e->kind != EXPR_TERM && e->kind != EXPR_CALL)
            locals_see(l, e);
        else if (!locals_expr(l, e))
            return false;
    }
    return true;
}

static bool rename_withs(struct locals *l, struct expr *e)
{
    for (size_t i = 0; i < e->with_count; i++)
        if (!locals_with(l, &e->withs[i]))
            return false;
    return true;
}

static bool rename_not(struct locals *l, struct expr *e)
{
    if (e->explicit_body) {
        size_t mark = locals_open(l);
        bool ok = locals_body(l, &e->not_body, (struct used_terms){0}) && locals_rename_body(l, &e->not_body) &&
                  rename_withs(l, e);
        locals_close(l, mark);
        return ok;
    }
    size_t errors = l->errors;
    if (!bare_body(l, &e->not_body, "cannot assign vars inside negated expression"))
        return false;
    return l->errors > errors || (bare_parts(l, &e->not_body) && rename_withs(l, e));
}

static bool braced_body(struct locals *l, struct body *b)
{
    size_t mark = locals_open(l);
    bool ok = locals_body(l, b, (struct used_terms){0});
    locals_close(l, mark);
    return ok;
}

static bool operand_parts(struct locals *l, struct body *b, bool braced)
{
    if (!braced)
        return bare_parts(l, b);
    for (size_t i = 0; i < b->count; i++)
        locals_see(l, b->items[i]);
    return true;
}

static bool rename_logic(struct locals *l, struct expr *e)
{
    const char *message = e->kind == EXPR_AND ? "cannot assign vars inside implicit and operand"
                                              : "cannot assign vars inside implicit or operand";
    struct logic *logic = e->logic;
    size_t errors = l->errors;
    if (logic->explicit_left ? !braced_body(l, &logic->left) : !bare_body(l, &logic->left, message))
        return false;
    if (logic->explicit_right ? !braced_body(l, &logic->right) : !bare_body(l, &logic->right, message))
        return false;
    return l->errors > errors ||
           (operand_parts(l, &logic->left, logic->explicit_left) && operand_parts(l, &logic->right, logic->explicit_right) &&
            rename_withs(l, e));
}

/* ---- bodies ---- */

bool locals_expr(struct locals *l, struct expr *e)
{
    if (e->kind == EXPR_TERM) {
        if (!locals_term(l, e->term))
            return false;
    } else if (e->kind == EXPR_CALL) {
        for (size_t i = 0; i < e->terms.count; i++)
            if (e->terms.items[i]->kind > TERM_STRING && !locals_term(l, e->terms.items[i]))
                return false;
    }
    return rename_withs(l, e);
}

static bool rename_statement(struct locals *l, struct expr *e, bool *keep)
{
    switch (e->kind) {
    case EXPR_CALL:
        return pass_calls(e, l->s->a_assign) ? locals_assignment(l, e) : locals_expr(l, e);
    case EXPR_SOME:
        return locals_some(l, e, keep);
    case EXPR_EVERY:
        return rename_every(l, e, keep);
    case EXPR_NOT:
        return rename_not(l, e);
    case EXPR_AND:
    case EXPR_OR:
        return rename_logic(l, e);
    default:
        return locals_expr(l, e);
    }
}

/* A body must not become empty. */
static bool push_true(struct locals *l, struct body *b)
{
    struct arena *a = &l->s->c->arena;
    struct expr *e = ast_expr(a, EXPR_TERM, (struct loc){0});
    if (e == NULL)
        return false;
    e->term = ast_scalar(a, (struct value){.kind = VALUE_BOOL, .i = 1}, (struct loc){0});
    return e->term != NULL && pass_append(l->s, b, e);
}

bool locals_body(struct locals *l, struct body *b, struct used_terms used)
{
    size_t mark = l->count; /* the scope's own, but for variables that its opener put in */
    while (mark > 0 && l->items[mark - 1]->depth == l->depth)
        mark--;
    struct body written = *b, kept = {0};
    for (size_t i = 0; i < written.count; i++) {
        bool keep = true;
        if (!rename_statement(l, written.items[i], &keep))
            return false;
        if (!keep && kept.items == NULL) { /* from here on the lists differ */
            kept.items = arena_array(&l->s->c->arena, written.count, sizeof(struct expr *));
            if (kept.items == NULL)
                return false;
            kept.cap = written.count;
            kept.count = i;
            memcpy(kept.items, written.items, i * sizeof(struct expr *));
        } else if (keep && kept.items != NULL) {
            written.items[i]->index = (uint32_t)kept.count;
            kept.items[kept.count++] = written.items[i];
        } else if (keep) {
            written.items[i]->index = (uint32_t)i;
        }
    }
    if (kept.items != NULL)
        *b = kept;
    if (b->count == 0 && !push_true(l, b))
        return false;
    if (l->strict)
        complain(l, &written, used, mark, OCCURS_ASSIGNED);
    complain(l, &written, used, mark, OCCURS_DECLARED);
    return true;
}

/* ---- heads ---- */

/* Arguments get new names; the same variable twice is the same name. */
static bool rename_arg(struct locals *l, struct term *t)
{
    if (t->kind == TERM_VAR) {
        struct decl *d = locals_find(l, t->var);
        const struct atom *name = d != NULL ? d->name : pass_local(l->s);
        if (name == NULL || (d == NULL && !locals_insert(l, t->var, name, OCCURS_ARG)))
            return false;
        if (d != NULL)
            d->count++;
        t->var = name;
        return true;
    }
    if (t->kind == TERM_CALL) {
        (void)diag_add(l->s->c, ERR_COMPILE, t->loc, "rule arguments cannot contain calls");
        return locals_failed(l);
    }
    if (t->kind < TERM_REF || t->kind > TERM_OBJECT)
        return true;
    size_t step = t->kind == TERM_OBJECT ? 2 : 1; /* keys of objects are no patterns */
    for (size_t i = step - 1; i < t->list.count; i += step)
        if (!rename_arg(l, t->list.items[i]))
            return false;
    return true;
}

/* Comprehensions and template strings in heads are scopes of their own, which see nothing of the rule. */
static bool rename_head_closures(struct locals *l, struct term *t)
{
    if (t == NULL || t->constant)
        return true;
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        for (size_t i = 0; i < t->list.count; i++)
            if (!rename_head_closures(l, t->list.items[i]))
                return false;
        return true;
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        l->unused = 0;
        return locals_compr(l, t->compr);
    case TERM_TEMPLATE:
        for (size_t i = 0; i < t->template->count; i++) {
            size_t mark = locals_open(l);
            bool ok = t->template->parts[i].expr == NULL || locals_expr(l, t->template->parts[i].expr);
            locals_close(l, mark);
            if (!ok)
                return false;
        }
        return true;
    default:
        return true;
    }
}

static bool head_closures(struct locals *l, struct head *h)
{
    for (size_t i = 0; i < h->args.count; i++)
        if (!rename_head_closures(l, h->args.items[i]))
            return false;
    return rename_head_closures(l, h->key) && rename_head_closures(l, h->value);
}

/* The head meets the variables of the body. */
static bool rename_head(struct locals *l, struct head *h)
{
    for (size_t i = 0; i < h->args.count; i++)
        if (!locals_rename(l, h->args.items[i]))
            return false;
    for (size_t i = 1; i < h->ref.count; i++)
        if (!locals_rename(l, h->ref.items[i]))
            return false;
    return (h->key == NULL || locals_rename(l, h->key)) && (h->value == NULL || locals_rename(l, h->value));
}

/* ---- rules ---- */

struct arg {
    const struct atom *var, *name; /* name NULL: within what declares nothing (a set, a call) */
    uint32_t count;
    bool is_used;
};

struct args {
    struct arg *items;
    size_t count;
};

/* Variables named like builtins get names of their own, lest a later stage takes them for the builtin: those of the body
 * that it does not declare and that no with mentions. */
static bool rename_builtin_vars(struct locals *l, struct rule *r);

static bool rename_branch(struct locals *l, struct rule *r, struct args *args)
{
    struct head *h = r->head;
    if ((r->traits & (TRAIT_COMPR | TRAIT_TEMPLATE)) != 0 && !head_closures(l, h))
        return false;
    l->errors = l->unused = 0;
    struct used_terms used = {0};
    struct term **terms = arena_array(&l->s->c->arena, h->ref.count + 2, sizeof *terms);
    if (terms == NULL)
        return false;
    for (size_t i = 1; i < h->ref.count; i++)
        terms[used.count++] = h->ref.items[i];
    if (h->key != NULL)
        terms[used.count++] = h->key;
    if (h->value != NULL)
        terms[used.count++] = h->value;
    used.items = terms;
    for (size_t i = 0; l->strict && i < args->count; i++)
        if (h->value != NULL && term_mentions(h->value, args->items[i].var))
            args->items[i].is_used = true;

    size_t mark = locals_open(l);
    for (size_t i = 0; i < args->count; i++) {
        if (args->items[i].name == NULL)
            continue;
        if (!locals_insert(l, args->items[i].var, args->items[i].name, OCCURS_ARG))
            return false;
        locals_find(l, args->items[i].var)->count = args->items[i].count;
    }
    bool ok = ((r->traits & TRAIT_BUILTIN_VAR) == 0 || rename_builtin_vars(l, r)) && locals_body(l, &r->body, used) &&
              rename_head(l, h);
    for (size_t i = 0; ok && i < args->count; i++) {
        const struct decl *d = locals_find(l, args->items[i].var);
        if (d != NULL && d->count > 1)
            args->items[i].is_used = true;
    }
    locals_close(l, mark);
    return ok;
}

static bool args_mention(const struct terms *args, const struct atom *var)
{
    return is_used((struct used_terms){args->items, args->count}, var);
}

/* Strict mode: variables of arguments that declare nothing are to be used, too. */
static bool add_loose_args(struct locals *l, struct rule *r, struct args *ret)
{
    struct passes *s = l->s;
    vars_begin(s);
    for (size_t i = 0; i < r->head->args.count; i++)
        if (!vars_number_term(s, r->head->args.items[i]))
            return false;
    ret->items = arena_zeroed(&s->c->arena, s->numbers.count, sizeof *ret->items);
    if (ret->items == NULL)
        return false;
    for (size_t i = 0; i < s->numbers.count; i++)
        if (i > 1 || args_mention(&r->head->args, s->numbers.atoms[i])) /* data and input always have a number */
            ret->items[ret->count++] = (struct arg){.var = s->numbers.atoms[i]};
    return true;
}

static bool rename_args(struct locals *l, struct rule *r, struct args *ret)
{
    *ret = (struct args){0};
    if (r->head->args.count == 0)
        return true;
    if (l->strict && !add_loose_args(l, r, ret))
        return false;
    size_t mark = locals_open(l);
    for (size_t i = 0; i < r->head->args.count; i++)
        if (!rename_arg(l, r->head->args.items[i]))
            return false;
    size_t count = l->count - mark;
    struct arg *all = arena_zeroed(&l->s->c->arena, count + ret->count, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct decl *d = l->items[mark + i];
        all[i] = (struct arg){.var = d->var, .name = d->name, .count = d->count};
    }
    for (size_t i = 0; i < ret->count; i++)
        if (locals_find(l, ret->items[i].var) == NULL)
            all[count++] = ret->items[i];
    *ret = (struct args){all, count};
    locals_close(l, mark);
    return true;
}

static bool rename_rule(struct locals *l, struct rule *rule)
{
    struct args args;
    if (!rename_args(l, rule, &args))
        return false;
    for (struct rule *r = rule; r != NULL; r = r->otherwise)
        if (!rename_branch(l, r, &args))
            return false;
    for (size_t i = 0; l->strict && i < args.count; i++)
        if (!args.items[i].is_used && !atom_is_wildcard(args.items[i].var))
            (void)diag_add(l->s->c, ERR_COMPILE, rule->head->loc,
                           "unused argument %s. (hint: use _ (wildcard variable) instead)", args.items[i].var->text);
    return true;
}

struct with_vars {
    struct passes *s;
    struct varset set;
    bool failed;
};

static bool collect_with(struct ast_walk *w, struct with *with)
{
    struct with_vars *v = w->ctx;
    v->failed = !vars_of_term(v->s, with->target, VARS_SKIP_CALL_HEAD, &v->set) ||
                !vars_of_term(v->s, with->value, VARS_SKIP_CALL_HEAD, &v->set) || v->failed;
    return false;
}

static int compare_names(const struct atom *a, const struct atom *b)
{
    return str_compare(atom_str(a), atom_str(b));
}

/* Gives the variables of set new names, in the order of their names. */
static bool rename_set(struct locals *l, const struct varset *set)
{
    struct passes *s = l->s;
    const struct atom *last = NULL;
    for (;;) {
        const struct atom *next = NULL;
        for (size_t n = vars_next(s, set, 0); n != SIZE_MAX; n = vars_next(s, set, n + 1)) {
            const struct atom *a = s->numbers.atoms[n];
            if ((last == NULL || compare_names(a, last) > 0) && (next == NULL || compare_names(a, next) < 0))
                next = a;
        }
        if (next == NULL)
            return true;
        last = next;
        if (pass_builtin_of(s, next) == NULL || pass_info(s, next)->declared > 0 || locals_find(l, next) != NULL)
            continue;
        const struct atom *name = pass_local(s);
        if (name == NULL || !locals_insert(l, next, name, OCCURS_SEEN))
            return false;
    }
}

static bool rename_builtin_vars(struct locals *l, struct rule *r)
{
    struct passes *s = l->s;
    vars_begin(s);
    for (struct rule *branch = r; branch != NULL; branch = branch->otherwise)
        if (!vars_number_body(s, &branch->body))
            return false;
    vars_ready(s);
    struct varset vars = vars_set(s);
    struct with_vars with = {.s = s, .set = vars_set(s)};
    if (vars.words == NULL || with.set.words == NULL || !vars_of_body(s, &r->body, VARS_SAFETY, &vars))
        return false;
    struct ast_walk w = {.with = collect_with, .ctx = &with};
    for (struct rule *branch = r; branch != NULL; branch = branch->otherwise)
        ast_walk_rule(&w, branch);
    if (with.failed)
        return false;
    vars_subtract(s, &vars, &with.set);
    pass_declare_body(s, &r->body, 1);
    bool ok = rename_set(l, &vars);
    pass_declare_body(s, &r->body, -1);
    return ok;
}

bool pass_locals(struct compiler *c)
{
    struct locals l = {.s = c->passes, .strict = c->options.strict};
    EACH_MODULE(l.s, m) {
        l.package_head = m->package.items[0];
        for (size_t i = 0; i < m->rule_count; i++)
            if (!rename_rule(&l, m->rules[i]))
                return false;
    }
    return !l.failed;
}

/* ---- queries ---- */

struct binder {
    struct passes *s;
    struct query *q;
    size_t cap;
    bool failed;
};

static bool bind_term(struct ast_walk *w, struct term *t)
{
    struct binder *b = w->ctx;
    if (t->kind == TERM_CALL) { /* its operator is no variable */
        for (size_t i = 1; i < t->list.count; i++)
            ast_walk_term(w, t->list.items[i]);
        return true;
    }
    if (t->kind != TERM_VAR)
        return t->kind > TERM_SET;
    struct atom_info *info = pass_info(b->s, t->var);
    const struct atom *written = pass_written(b->s, t->var);
    if (info->slot_epoch == b->s->epoch || pass_is_reserved(b->s, t->var) || atom_is_wildcard(written) ||
        atom_is_generated(written))
        return true;
    struct query *q = b->q;
    if (q->binding_count == b->cap &&
        !arena_grow(&b->s->c->arena, &q->bindings, &b->cap, q->binding_count + 1, sizeof *q->bindings)) {
        b->failed = true;
        return true;
    }
    info->slot_epoch = b->s->epoch;
    q->bindings[q->binding_count++] = (struct binding){.name = written, .renamed = t->var};
    return true;
}

static bool bind_expr(struct ast_walk *w, struct expr *e)
{
    if (e->kind == EXPR_EVERY) {
        ast_walk_term(w, e->every->domain);
        return true;
    }
    if (e->kind == EXPR_CALL) {
        for (size_t i = 1; i < e->terms.count; i++)
            ast_walk_term(w, e->terms.items[i]);
        return true;
    }
    return e->kind != EXPR_TERM;
}

bool pass_locals_query(struct passes *s, struct query *q)
{
    s->query_locals = 0;
    struct locals l = {.s = s, .strict = s->c->options.strict};
    size_t mark = locals_open(&l);
    bool ok = pass_query_names(s, &q->body) && locals_body(&l, &q->body, (struct used_terms){0});
    locals_close(&l, mark);
    if (!ok || l.failed || s->c->diag_count > 0)
        return false;
    s->epoch++;
    struct binder b = {.s = s, .q = q};
    struct ast_walk w = {.term = bind_term, .expr = bind_expr, .ctx = &b};
    ast_walk_body(&w, &q->body);
    return !b.failed;
}
