/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements of a module: packages, imports, and rules with their heads, else branches and further bodies.
 *
 * A head is parsed as an expression and becomes a head once it is clear that a body follows. What may stand where in a module
 * is decided afterwards (parse_module.c).
 */
#include "lang/grammar.h"
#include "lang/parse.h"

static void *keep(struct parse *p, void *node)
{
    if (node == NULL)
        p->no_memory = true;
    return node;
}

static struct statement *add_statement(struct parse *p, enum statement_kind kind, struct loc loc)
{
    if (!arena_grow(p->arena, &p->statements, &p->statement_cap, p->statement_count + 1, sizeof *p->statements)) {
        p->no_memory = true;
        return NULL;
    }
    struct statement *s = &p->statements[p->statement_count++];
    *s = (struct statement){.kind = kind, .loc = loc};
    return s;
}

static bool add_rule(struct parse *p, struct rule *r)
{
    struct statement *s = add_statement(p, STATEMENT_RULE, r->loc);
    if (s == NULL)
        return false;
    s->rule = r;
    return true;
}

/* ---- package, import, bodies ---- */

bool build_path(struct parse *p, size_t *mark, const struct token *first)
{
    return build_start(p, mark, build_var(p, first));
}

bool build_package(struct parse *p, size_t path, struct span s)
{
    struct statement *statement = add_statement(p, STATEMENT_PACKAGE, token_loc(p, s.first));
    struct term *head = p->nodes[path];
    struct term *data = keep(p, ast_var(p->arena, p->data, head->loc));
    struct term *name = keep(p, ast_scalar(p->arena, value_str(atom_str(head->var)), head->loc));
    if (statement == NULL || data == NULL || name == NULL)
        return false;
    p->nodes[path] = name;
    struct terms rest;
    if (!build_take_terms(p, path, &rest))
        return false;
    struct terms *package = &statement->package;
    package->items = keep(p, arena_array(p->arena, rest.count + 1, sizeof *package->items));
    if (package->items == NULL)
        return false;
    package->items[0] = data;
    memcpy(package->items + 1, rest.items, rest.count * sizeof *rest.items);
    package->count = package->cap = rest.count + 1;
    return true;
}

bool build_import(struct parse *p, size_t path, const struct token *alias, struct span s, struct span where)
{
    struct statement *statement = add_statement(p, STATEMENT_IMPORT, token_loc(p, s.first));
    struct import *i = keep(p, arena_alloc(p->arena, sizeof *i));
    if (statement == NULL || i == NULL)
        return false;
    *i = (struct import){.loc = token_loc(p, s.first)};
    i->path = build_ref(p, path, where);
    if (i->path == NULL)
        return false;
    if (alias != NULL) {
        i->alias = keep(p, (void *)(uintptr_t)atom_get(&p->c->atoms, token_str(&p->tokens, alias)));
        i->alias_loc = token_loc(p, alias);
        if (i->alias == NULL)
            return false;
    }
    statement->import = i;
    return parse_check_import(p, i);
}

/* What OPA refuses when it has tried to read a head: a keyword used like the name of a rule; an operator right behind the
 * name; and blanks in front of a bracket are only for rules that have a body. */
static bool is_refused_head(const struct parse *p, const struct token *first)
{
    const struct token *next = first + 1;
    if (p->filter.is_query)
        return false;
    if (first->symbol == NOT || first->symbol == SOME || first->symbol == SOME_IN || first->symbol == EVERY) {
        bool is_call = next->kind == TOKEN_LPAREN && first->symbol != NOT;
        return is_call || next->kind == TOKEN_CONTAINS || next->kind == TOKEN_IF || next->kind == TOKEN_ASSIGN ||
               next->kind == TOKEN_UNIFY;
    }
    if (first->symbol != IDENT)
        return false;
    switch (next->symbol) {
    case REF_LBRACK:
    case CALL_LPAREN:
    case DOT:
        return (next->flags & TOKEN_SPACE) != 0;
    case RELATION:
    case UNION:
    case INTERSECTION:
    case ADDITION:
    case MULTIPLICATION:
        return (next->flags & TOKEN_SPACE) == 0 && first->kind != TOKEN_CONTAINS;
    default:
        return false;
    }
}

bool build_statement(struct parse *p, size_t body, struct span s)
{
    if (is_refused_head(p, s.first))
        return false;
    struct statement *statement = add_statement(p, STATEMENT_BODY, span_loc(p, s));
    return statement != NULL && build_take_body(p, body, &statement->body);
}

/* ---- heads ---- */

static bool set_ref(struct parse *p, struct head *h, struct term *t)
{
    if (t->kind == TERM_VAR) {
        h->name = t->var;
        return terms_push(p->arena, &h->ref, t) || keep(p, NULL) != NULL;
    }
    if (t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR)
        return false;
    h->ref = t->list;
    if (t->list.count == 1)
        h->name = t->list.items[0]->var;
    return true;
}

/* The operator of a call that was written with a name and parentheses; NULL for infix operators. */
static struct term *callee_of(const struct parse *p, const struct terms *call)
{
    struct term *op = call->items[0];
    if (op->loc.len == 0)
        return NULL;
    char c = p->tokens.text.p[op->loc.offset];
    bool is_in = op->loc.len == 2 && op->list.count == 2;
    return strchr("=:!<>|&+-*/%", c) != NULL || is_in ? NULL : op;
}

static bool set_left(struct parse *p, struct head *h, struct term *left)
{
    if (left->parenthesised)
        return false;
    if (left->kind != TERM_CALL)
        return set_ref(p, h, left);
    struct term *op = callee_of(p, &left->list);
    if (op == NULL || !set_ref(p, h, op))
        return false;
    h->has_args = true;
    h->args = (struct terms){left->list.items + 1, left->list.count - 1, left->list.count - 1};
    return true;
}

static struct head *make_head(struct parse *p, struct expr *e, struct span s)
{
    const struct token *next = s.first + 1;
    bool is_path = (next->kind == TOKEN_DOT || next->kind == TOKEN_LBRACK) && (next->flags & TOKEN_SPACE) == 0;
    if (s.first->symbol != IDENT || (s.first->kind == TOKEN_CONTAINS && !is_path))
        return NULL;
    struct head *h = keep(p, arena_alloc(p->arena, sizeof *h));
    if (h == NULL)
        return NULL;
    *h = (struct head){.loc = span_loc(p, s)};
    if (e->kind == EXPR_TERM)
        return set_left(p, h, e->term) ? h : NULL;
    char op = p->tokens.text.p[e->terms.items[0]->loc.offset];
    bool is_unify = e->terms.items[0]->loc.len != 0 && (op == ':' || op == '=') && e->terms.items[0]->list.count == 1 &&
                    (expr_is_call_of(e, "assign") || expr_is_call_of(e, "eq"));
    if (!is_unify) {
        struct term call = {.kind = TERM_CALL, .list = e->terms};
        return set_left(p, h, &call) ? h : NULL;
    }
    h->assign = op == ':';
    h->value = e->terms.items[2];
    return set_left(p, h, e->terms.items[1]) ? h : NULL;
}

static bool set_true(struct parse *p, struct head *h, struct loc loc)
{
    h->generated_value = true;
    h->value = keep(p, ast_scalar(p->arena, value_bool(true), loc));
    return h->value != NULL;
}

struct head *build_head(struct parse *p, struct expr *e, struct span s)
{
    struct head *h = make_head(p, e, s);
    if (h == NULL)
        return NULL;
    if (h->value == NULL && (h->ref.count != 2 || h->args.count != 0) && !set_true(p, h, (struct loc){.file = p->file}))
        return NULL;
    return h;
}

struct head *build_contains(struct parse *p, struct expr *e, struct term *key, struct span s)
{
    struct head *h = make_head(p, e, s);
    if (h == NULL || h->value != NULL || h->has_args)
        return NULL;
    h->loc = span_loc(p, s);
    h->key = key;
    h->has_contains = true;
    return h;
}

/* ---- rules ---- */

static bool set_generated_body(struct parse *p, struct rule *r, struct loc loc)
{
    struct term *t = keep(p, ast_scalar(p->arena, value_bool(true), loc));
    struct expr *e = keep(p, ast_expr(p->arena, EXPR_TERM, loc));
    if (t == NULL || e == NULL)
        return false;
    e->term = t;
    e->generated = true;
    r->generated_body = true;
    return body_push(p->arena, &r->body, e) || keep(p, NULL) != NULL;
}

static struct rule *make_rule(struct parse *p, struct head *h, struct loc loc)
{
    struct rule *r = keep(p, arena_alloc(p->arena, sizeof *r));
    if (r != NULL)
        *r = (struct rule){.head = h, .loc = loc};
    return r;
}

/* p[x] if ... has the value true at x. */
static bool finish_if_head(struct parse *p, struct head *h)
{
    struct term *last = h->ref.items[1];
    if ((!term_is_ground(last) || last->kind == TERM_REF) && h->args.count == 0)
        h->key = last;
    if (h->value == NULL)
        return set_true(p, h, h->loc);
    h->name = h->ref.items[0]->var;
    return true;
}

/* p[x] { ... } is a set, p[x] = y { ... } an object. */
static void finish_old_head(struct head *h)
{
    h->name = h->ref.items[0]->var;
    h->key = h->ref.items[1];
    if (h->value == NULL)
        h->ref.count = 1;
}

struct rule *build_rule(struct parse *p, struct head *h, size_t body, bool has_if, struct span s)
{
    if (body == NO_BODY)
        return NULL;
    h->has_if = has_if;
    if (!h->has_contains && h->ref.count == 2) {
        if (has_if && !finish_if_head(p, h))
            return NULL;
        if (!has_if && h->args.count == 0)
            finish_old_head(h);
    }
    struct rule *r = make_rule(p, h, token_loc(p, s.first));
    if (r == NULL || !build_take_body(p, body, &r->body))
        return NULL;
    p->rule_head = h;
    return r;
}

bool build_rule_end(struct parse *p, struct rule *r, struct span s)
{
    r->loc = span_loc(p, s);
    return add_rule(p, r);
}

bool build_bodyless(struct parse *p, struct head *h, struct span s)
{
    struct rule *r = make_rule(p, h, h->loc);
    return r != NULL && set_generated_body(p, r, token_loc(p, s.first)) && add_rule(p, r);
}

struct rule *build_chained(struct parse *p, size_t body, struct span open, struct span close)
{
    struct loc loc = span_loc(p, build_span(open, close));
    struct rule *r = make_rule(p, keep(p, ast_copy_head(p->arena, p->rule_head)), loc);
    if (r == NULL || r->head == NULL || !build_take_body(p, body, &r->body) || !build_fresh_wildcards(p, &r->head->args))
        return NULL;
    struct head *h = r->head;
    r->chained = true;
    h->loc = loc;
    for (size_t i = 0; i < h->args.count; i++)
        ast_place_term(h->args.items[i], loc);
    if (h->key != NULL)
        ast_place_term(h->key, loc);
    if (h->value != NULL)
        ast_place_term(h->value, loc);
    return add_rule(p, r) ? r : NULL;
}

/* ---- default ---- */

static bool is_default_expr(const struct expr *e);

/* Nothing that would have to be evaluated, but for comprehensions. */
static bool is_default_value(const struct term *t)
{
    switch (t->kind) {
    case TERM_VAR:
    case TERM_REF:
    case TERM_CALL:
        return false;
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        for (size_t i = 0; i < t->list.count; i++)
            if (!is_default_value(t->list.items[i]))
                return false;
        return true;
    case TERM_TEMPLATE:
        for (size_t i = 0; i < t->template->count; i++)
            if (t->template->parts[i].expr != NULL && !is_default_expr(t->template->parts[i].expr))
                return false;
        return true;
    default:
        return true;
    }
}

static bool is_default_expr(const struct expr *e)
{
    return e->kind == EXPR_TERM && e->with_count == 0 && is_default_value(e->term);
}

static bool are_default_args(const struct terms *args)
{
    for (size_t i = 0; i < args->count; i++) {
        if (args->items[i]->kind != TERM_VAR)
            return false;
        for (size_t j = 0; j < i; j++)
            if (args->items[j]->var == args->items[i]->var)
                return false;
    }
    return true;
}

bool build_default(struct parse *p, struct head *h, struct span s)
{
    if (h->value == NULL || !is_default_value(h->value) || !are_default_args(&h->args))
        return false;
    struct loc loc = token_loc(p, s.first);
    struct rule *r = make_rule(p, h, loc);
    if (r == NULL || !set_generated_body(p, r, loc))
        return false;
    r->is_default = true;
    r->generated_body = false;
    return add_rule(p, r);
}

/* ---- else ---- */

struct head *build_else_head(struct parse *p)
{
    struct head *h = keep(p, ast_copy_head(p->arena, p->rule_head));
    if (h == NULL || !build_fresh_wildcards(p, &h->args))
        return NULL;
    h->has_if = h->has_contains = false;
    h->generated_value = false;
    return h;
}

struct rule *build_else(struct parse *p, struct head *h, const struct token *assign, struct term *value, size_t body,
                        bool has_if, struct span start, struct span value_span)
{
    struct span s = build_span(start, value_span);
    h->has_if = has_if;
    h->loc = span_loc(p, s);
    if (assign != NULL) {
        h->assign = assign->kind == TOKEN_ASSIGN;
        h->value = value;
    } else if (!set_true(p, h, (struct loc){.file = p->file})) {
        return NULL;
    }
    struct rule *r = make_rule(p, h, h->loc);
    if (r == NULL)
        return NULL;
    return (body == NO_BODY ? set_generated_body(p, r, r->loc) : build_take_body(p, body, &r->body)) ? r : NULL;
}

static void place_body(struct rule *r)
{
    for (size_t i = 0; i < r->body.count; i++)
        ast_place_expr(r->body.items[i], r->loc);
}

struct rule *build_else_end(struct parse *p, struct rule *r, struct rule *next, struct span s)
{
    uint32_t start = s.first->offset;
    r->loc = span_loc(p, s);
    r->otherwise = next;
    if (r->body.items[0]->loc.offset == start) /* a literal behind if: it has the place of the branch */
        place_body(r);
    return r;
}

struct rule *build_else_literal(struct parse *p, struct rule *r, struct span s)
{
    r->loc = span_loc(p, s);
    place_body(r);
    return r;
}

bool build_branch(struct parse *p, struct rule *r, struct rule *branch, struct span s)
{
    const struct head *h = r->head;
    bool is_ground = true;
    for (size_t i = 1; i < h->ref.count; i++)
        is_ground &= term_is_ground(h->ref.items[i]);
    if (!is_ground || h->key != NULL)
        return false;
    r->otherwise = branch;
    return build_rule_end(p, r, s);
}
