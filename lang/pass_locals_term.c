/* SPDX-License-Identifier: Apache-2.0
 *
 * Renaming of locals: scopes, terms and the declarations := and some.
 *
 * The order of steps is OPA's, since it decides which error is found and which generated name goes where. Terms that several
 * references share (the parts of a package's path) are never changed: a renamed head becomes a term of its own.
 */
#include "lang/locals.h"
#include "lang/sort.h"
#include "lang/ast_walk.h"

/* ---- scopes ---- */

size_t locals_open(struct locals *l)
{
    l->depth++;
    return l->count;
}

void locals_close(struct locals *l, size_t mark)
{
    while (l->count > mark) {
        struct decl *d = l->items[--l->count];
        pass_info(l->s, d->var)->decl = d->outer;
        d->outer = l->unused_decls;
        l->unused_decls = d;
    }
    l->depth--;
}

bool locals_insert(struct locals *l, const struct atom *var, const struct atom *name, enum occurrence how)
{
    struct arena *a = &l->s->c->arena;
    struct decl *d = l->unused_decls;
    if (d != NULL)
        l->unused_decls = d->outer;
    else
        d = arena_alloc(a, sizeof *d);
    if (d == NULL || (l->count == l->cap && !arena_grow(a, &l->items, &l->cap, l->count + 1, sizeof(struct decl *))))
        return false;
    struct atom_info *info = pass_info(l->s, var);
    *d = (struct decl){.var = var, .name = name, .outer = info->decl, .depth = l->depth, .count = 1, .occurrence = how};
    info->decl = d;
    l->items[l->count++] = d;
    if (var != name)
        pass_info(l->s, name)->original = var;
    return true;
}

bool locals_failed(struct locals *l)
{
    l->errors++;
    l->failed = true;
    return true;
}

static const char *var_text(const struct atom *var)
{
    return atom_is_wildcard(var) ? "_" : var->text;
}

const struct atom *locals_declare(struct locals *l, const struct atom *var, enum occurrence how, struct loc loc)
{
    static const char *const above[] = {
        [OCCURS_ARG] = "arg %s redeclared",
        [OCCURS_SEEN] = "var %s referenced above",
        [OCCURS_ASSIGNED] = "var %s assigned above",
        [OCCURS_DECLARED] = "var %s declared above",
    };
    const struct decl *d = locals_find(l, var);
    if (d != NULL && d->depth == l->depth) {
        (void)locals_failed(l);
        (void)diag_add(l->s->c, ERR_COMPILE, loc, above[d->occurrence], var_text(var));
        return NULL;
    }
    const struct atom *name = pass_local(l->s);
    if (name == NULL || !locals_insert(l, var, name, how))
        return NULL;
    if (how == OCCURS_DECLARED)
        locals_find(l, var)->loc = loc;
    return name;
}

/* ---- terms ---- */

static bool rename_var(struct locals *l, struct term **at)
{
    struct decl *d = locals_find(l, (*at)->var);
    if (d == NULL)
        return locals_insert(l, (*at)->var, (*at)->var, OCCURS_SEEN);
    d->count++;
    if (d->name == d->var)
        return true;
    d->is_mentioned = true;
    if (*at == l->package_head)
        return true;
    struct term *t = ast_var(&l->s->c->arena, d->name, (*at)->loc);
    if (t == NULL)
        return false;
    *at = t;
    return true;
}

/* A term in a list: a variable there is replaced rather than changed. */
static bool rename_item(struct locals *l, struct term **at)
{
    return (*at)->kind == TERM_VAR ? rename_var(l, at) : locals_term(l, *at);
}

static bool rename_items(struct locals *l, struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind > TERM_STRING && !rename_item(l, &list->items[i]))
            return false;
    return true;
}

/* input or data, bare: stands for a local when one of this name was declared. */
static bool rename_root(struct locals *l, struct term *t)
{
    struct decl *d = locals_find(l, t->list.items[0]->var);
    if (d == NULL || d->occurrence == OCCURS_SEEN)
        return true;
    d->is_mentioned = true;
    t->kind = TERM_VAR;
    t->var = d->name;
    return true;
}

struct call_check {
    struct locals *l;
    const struct term *call;
};

static bool check_operator_var(struct ast_walk *w, struct term *t)
{
    const struct call_check *check = w->ctx;
    struct locals *l = check->l;
    const struct decl *d = t->kind == TERM_VAR ? locals_find(l, t->var) : NULL;
    if (d == NULL || d->name == d->var)
        return false;
    struct str text = pass_ref_text(l->s, &check->call->list.items[0]->list);
    (void)diag_add(l->s->c, ERR_COMPILE, check->call->loc, "called function %.*s shadowed", (int)text.len, text.p);
    return locals_failed(l);
}

/* Functions are no values: no local may be called. */
static bool check_call(struct locals *l, struct term *t)
{
    struct call_check check = {l, t};
    struct ast_walk w = {.term = check_operator_var, .ctx = &check};
    if (t->list.items[0]->kind == TERM_REF)
        ast_walk_term(&w, t->list.items[0]);
    return true;
}

static bool check_calls_below(struct ast_walk *w, struct term *t)
{
    if (t->kind == TERM_CALL)
        (void)check_call(w->ctx, t);
    return false;
}

void locals_check_calls(struct locals *l, struct term *t)
{
    struct ast_walk w = {.term = check_calls_below, .ctx = l};
    ast_walk_term(&w, t);
}

bool locals_compr(struct locals *l, struct compr *c)
{
    struct term *const used[] = {c->term, c->key};
    size_t mark = locals_open(l);
    bool ok = locals_body(l, &c->body, (struct used_terms){used, c->key != NULL ? 2 : 1}) &&
              (c->key == NULL || locals_term(l, c->key)) && locals_term(l, c->term);
    locals_close(l, mark);
    return ok;
}

static bool rename_template(struct locals *l, struct template_string *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->parts[i].expr != NULL && !locals_expr(l, t->parts[i].expr))
            return false;
    return true;
}

bool locals_term(struct locals *l, struct term *t)
{
    if (t->constant)
        return true;
    switch (t->kind) {
    case TERM_VAR: {
        struct term *at = t;
        if (!rename_var(l, &at))
            return false;
        t->var = at->var;
        return true;
    }
    case TERM_REF:
        return pass_is_root(l->s, t) ? rename_root(l, t) : rename_items(l, &t->list);
    case TERM_CALL:
        return check_call(l, t) && rename_items(l, &t->list);
    case TERM_ARRAY:
        return rename_items(l, &t->list);
    case TERM_OBJECT:
    case TERM_SET:
        return rename_items(l, &t->list);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return locals_compr(l, t->compr);
    case TERM_TEMPLATE:
        return rename_template(l, t->template);
    default:
        return true;
    }
}

/* `with input as` means the document even where a local is called input. */
bool locals_with(struct locals *l, struct with *w)
{
    if (!locals_term(l, w->target))
        return false;
    const struct decl *d = locals_find(l, l->s->a_input);
    if (d != NULL) {
        struct term *input = ast_var(&l->s->c->arena, l->s->a_input, w->target->loc);
        if (input == NULL)
            return false;
        if (w->target->kind == TERM_VAR && w->target->var == d->name) {
            w->target = ast_list(&l->s->c->arena, TERM_REF, &input, 1, w->target->loc);
            if (w->target == NULL)
                return false;
        } else if (w->target->kind == TERM_REF && w->target->list.items[0]->kind == TERM_VAR &&
                   w->target->list.items[0]->var == d->name) {
            w->target->list.items[0] = input;
        }
    }
    return locals_term(l, w->value);
}

static bool rename_below(struct locals *l, struct terms *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct term *t = list->items[i];
        if (t->kind != TERM_VAR) {
            if (!locals_rename(l, t))
                return false;
            continue;
        }
        const struct decl *d = locals_find(l, t->var);
        if (d == NULL || d->name == d->var || t == l->package_head)
            continue;
        list->items[i] = ast_var(&l->s->c->arena, d->name, t->loc);
        if (list->items[i] == NULL)
            return false;
    }
    return true;
}

static bool rename_below_expr(struct locals *l, struct expr *e);

bool locals_rename_body(struct locals *l, struct body *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!rename_below_expr(l, b->items[i]))
            return false;
    return true;
}

static bool rename_below_expr(struct locals *l, struct expr *e)
{
    bool ok = true;
    switch (e->kind) {
    case EXPR_TERM:
        ok = locals_rename(l, e->term);
        break;
    case EXPR_CALL:
    case EXPR_SOME:
        ok = rename_below(l, &e->terms);
        break;
    case EXPR_EVERY:
        ok = (e->every->key == NULL || locals_rename(l, e->every->key)) && locals_rename(l, e->every->value) &&
             locals_rename(l, e->every->domain) && locals_rename_body(l, &e->every->body);
        break;
    case EXPR_NOT:
        ok = locals_rename_body(l, &e->not_body);
        break;
    case EXPR_AND:
    case EXPR_OR:
        ok = locals_rename_body(l, &e->logic->left) && locals_rename_body(l, &e->logic->right);
        break;
    }
    for (size_t i = 0; ok && i < e->with_count; i++)
        ok = locals_rename(l, e->withs[i].target) && locals_rename(l, e->withs[i].value);
    return ok;
}

bool locals_rename(struct locals *l, struct term *t)
{
    if (t->constant || t->kind <= TERM_STRING)
        return true;
    if (t->kind == TERM_VAR) {
        const struct decl *d = locals_find(l, t->var);
        if (d != NULL)
            t->var = d->name;
        return true;
    }
    if (t->kind == TERM_TEMPLATE) {
        for (size_t i = 0; i < t->template->count; i++)
            if (t->template->parts[i].expr != NULL && !rename_below_expr(l, t->template->parts[i].expr))
                return false;
        return true;
    }
    if (t->kind <= TERM_SET || t->kind == TERM_CALL)
        return rename_below(l, &t->list);
    return (t->compr->key == NULL || locals_rename(l, t->compr->key)) && locals_rename(l, t->compr->term) &&
           locals_rename_body(l, &t->compr->body);
}

static bool see_term(struct ast_walk *w, struct term *t)
{
    struct locals *l = w->ctx;
    if (t->kind == TERM_VAR && locals_find(l, t->var) == NULL)
        l->failed = !locals_insert(l, t->var, t->var, OCCURS_SEEN) || l->failed;
    return (t->kind > TERM_SET && t->kind < TERM_TEMPLATE) || (t->kind == TERM_REF && pass_is_root(l->s, t));
}

void locals_see(struct locals *l, struct expr *e)
{
    struct ast_walk w = {.term = see_term, .ctx = l};
    ast_walk_expr(&w, e);
}

/* ---- := ---- */

static const char *kind_text(const struct term *t)
{
    static const char *const texts[] = {
        [TERM_NULL] = "null", [TERM_BOOL] = "boolean", [TERM_NUMBER] = "number", [TERM_STRING] = "string", [TERM_VAR] = "var",
        [TERM_REF] = "ref", [TERM_ARRAY] = "array", [TERM_OBJECT] = "object", [TERM_SET] = "set",
        [TERM_ARRAY_COMPR] = "arraycomprehension", [TERM_OBJECT_COMPR] = "objectcomprehension",
        [TERM_SET_COMPR] = "setcomprehension", [TERM_TEMPLATE] = "templatestring", [TERM_CALL] = "call",
    };
    return texts[t->kind];
}

/* The left side: a pattern of variables. */
static bool assign_pattern(struct locals *l, struct term *t)
{
    if (t->kind == TERM_ARRAY) {
        for (size_t i = 0; i < t->list.count; i++)
            if (!assign_pattern(l, t->list.items[i]))
                return false;
        return true;
    }
    if (t->kind == TERM_OBJECT) {
        for (size_t i = 1; i < t->list.count; i += 2)
            if (!assign_pattern(l, t->list.items[i]))
                return false;
        return true;
    }
    bool is_root = pass_is_root(l->s, t);
    if (t->kind != TERM_VAR && !is_root) {
        (void)diag_add(l->s->c, ERR_COMPILE, t->loc, "cannot assign to %s", kind_text(t));
        return locals_failed(l);
    }
    const struct atom *name = locals_declare(l, is_root ? t->list.items[0]->var : t->var, OCCURS_ASSIGNED, t->loc);
    if (name == NULL)
        return true; /* reported, or memory ran out, which the arena remembers */
    t->kind = TERM_VAR;
    t->var = name;
    return true;
}

bool locals_assignment(struct locals *l, struct expr *e)
{
    if (e->negated) {
        (void)diag_add(l->s->c, ERR_COMPILE, e->loc, "cannot assign vars inside negated expression");
        return locals_failed(l);
    }
    if (e->terms.count != 3)
        return true;
    size_t errors = l->errors;
    if (!rename_item(l, &e->terms.items[2]))
        return false;
    for (size_t i = 0; i < e->with_count; i++)
        if (!locals_term(l, e->withs[i].value))
            return false;
    if (!assign_pattern(l, e->terms.items[1]))
        return false;
    if (l->errors > errors)
        return true;
    e->terms.items[0] = l->s->op_eq;
    e->from_assignment = true;
    return true;
}

/* ---- some ---- */

static int compare_atoms(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return str_compare(atom_str(*(const struct atom *const *)a), atom_str(*(const struct atom *const *)b));
}

/* The members of set, sorted by name, in the scratch arena. NULL when out of memory. */
static const struct atom **sorted_vars(struct passes *s, const struct varset *set, size_t *ret_count)
{
    const struct atom **vars = arena_array(&s->scratch, s->numbers.count, sizeof *vars);
    size_t count = 0;
    if (vars == NULL)
        return NULL;
    for (size_t n = vars_next(s, set, 0); n != SIZE_MAX; n = vars_next(s, set, n + 1))
        vars[count++] = s->numbers.atoms[n];
    *ret_count = count;
    return sort_stable(&s->scratch, vars, count, sizeof *vars, compare_atoms, NULL) ? vars : NULL;
}

/* Variables that key and val bind must not occur in the domain. */
static bool check_domain(struct locals *l, const struct expr *e, const struct term *domain, struct loc loc)
{
    struct passes *s = l->s;
    struct varset bound = vars_set(s), in = vars_set(s);
    size_t count = 0;
    if (bound.words == NULL || in.words == NULL || !vars_of_term(s, e->terms.items[1], VARS_PATTERN, &bound) ||
        !vars_of_term(s, e->terms.items[2]->list.items[e->terms.items[2]->list.count - 1], VARS_PATTERN, &bound) ||
        !vars_of_term(s, domain, VARS_SKIP_CLOSURES, &in))
        return false;
    vars_intersect(s, &bound, &in);
    const struct atom **vars = sorted_vars(s, &bound, &count);
    if (vars == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (atom_is_wildcard(vars[i]))
            continue;
        (void)diag_add(s->c, ERR_COMPILE, loc, "var %s assigned before", vars[i]->text);
        (void)locals_failed(l);
    }
    return true;
}

/* Declares what evaluating e will bind. */
static bool declare_outputs(struct locals *l, const struct expr *e, const struct term *domain, struct loc loc)
{
    struct passes *s = l->s;
    struct varset safe = vars_set(s), outputs = vars_set(s);
    size_t count = 0;
    if (safe.words == NULL || outputs.words == NULL || !vars_of_term(s, domain, VARS_ALL, &safe) ||
        !pass_outputs_eq(s, e, &safe, &outputs))
        return false;
    const struct atom **vars = sorted_vars(s, &outputs, &count);
    if (vars == NULL)
        return false;
    size_t errors = l->errors;
    for (size_t i = 0; i < count && l->errors == errors; i++)
        if (locals_declare(l, vars[i], OCCURS_DECLARED, loc) == NULL && l->errors == errors)
            return false;
    return true;
}

/* some k, v in xs: v = xs[k]. */
static bool some_in(struct locals *l, struct expr *e, const struct term *call, bool *keep)
{
    struct passes *s = l->s;
    struct arena *a = &s->c->arena;
    const struct terms *operands = &call->list;
    struct term *domain = operands->items[operands->count - 1];
    struct term *value = operands->items[operands->count - 2];
    struct term *key = operands->count == 4 ? operands->items[1] : pass_local_term(s, (struct loc){0});
    struct term *rhs = ast_term(a, TERM_REF, (struct loc){0});
    struct term **items = arena_array(a, 3, sizeof *items);
    if (key == NULL || rhs == NULL || items == NULL)
        return false;
    const struct terms base = {&domain, 1, 1};
    const struct terms *front = domain->kind == TERM_REF ? &domain->list : &base;
    for (size_t i = 0; i < front->count; i++)
        if (!terms_push(a, &rhs->list, front->items[i]))
            return false;
    if (!terms_push(a, &rhs->list, key))
        return false;
    items[0] = s->op_eq;
    items[1] = value;
    items[2] = rhs;
    struct loc loc = e->loc;
    e->kind = EXPR_CALL;
    e->terms = (struct terms){items, 3, 3};

    vars_begin(s);
    if (!vars_number_expr(s, e) || !vars_number_term(s, domain))
        return false;
    vars_ready(s);
    size_t errors = l->errors;
    if (!check_domain(l, e, domain, loc))
        return false;
    if (l->errors == errors && !declare_outputs(l, e, domain, loc))
        return false;
    *keep = l->errors == errors;
    return !*keep || locals_expr(l, e);
}

bool locals_some(struct locals *l, struct expr *e, bool *keep)
{
    *keep = false;
    for (size_t i = 0; i < e->terms.count; i++) {
        const struct term *t = e->terms.items[i];
        if (t->kind == TERM_CALL)
            return some_in(l, e, t, keep);
        size_t errors = l->errors;
        if (t->kind == TERM_VAR && locals_declare(l, t->var, OCCURS_DECLARED, e->loc) == NULL)
            return l->errors > errors;
    }
    return true;
}

bool expr_declares(const struct passes *s, const struct expr *e, const struct atom *var)
{
    if (e->kind == EXPR_SOME) {
        for (size_t i = 0; i < e->terms.count; i++)
            if (term_mentions(e->terms.items[i], var))
                return true;
        return false;
    }
    return pass_calls(e, s->a_assign) && e->terms.count == 3 && term_mentions(e->terms.items[1], var);
}
