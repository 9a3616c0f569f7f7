/* SPDX-License-Identifier: Apache-2.0
 *
 * Expressions: calls, modifiers, declarations, every, not, and, or.
 */
#include "lang/parse.h"

static struct expr *make_expr(struct parse *p, enum expr_kind kind, struct span s)
{
    struct expr *e = ast_expr(p->arena, kind, span_loc(p, s));
    if (e == NULL)
        p->no_memory = true;
    return e;
}

struct expr *build_expr(struct parse *p, struct term *t, struct span s)
{
    struct expr *e = make_expr(p, t->kind == TERM_CALL ? EXPR_CALL : EXPR_TERM, s);
    if (e == NULL)
        return NULL;
    if (t->kind == TERM_CALL)
        e->terms = t->list;
    else
        e->term = t;
    return e;
}

struct expr *build_unify(struct parse *p, const struct token *op, struct term *left, struct term *right, struct span s)
{
    struct term *call = build_infix(p, op, left, right, s);
    return call == NULL ? NULL : build_expr(p, call, s);
}

static void place_inner(struct expr *not, struct loc loc)
{
    for (size_t i = 0; i < not->not_body.count; i++)
        not->not_body.items[i]->loc = loc;
}

/* The first operand of a chain, unless parentheses stand before it. */
static struct expr *first_operand(struct expr *e, uint32_t offset)
{
    while (e->kind == EXPR_AND || e->kind == EXPR_OR) {
        if (e->logic->explicit_left || e->logic->left.count != 1)
            return NULL;
        e = e->logic->left.items[0];
        if (e->loc.offset != offset)
            return NULL;
    }
    return e;
}

/* Not in parentheses of its own. */
static bool is_bare(const struct expr *e)
{
    return (e->kind == EXPR_TERM || e->kind == EXPR_CALL) && e->with_count == 0;
}

struct expr *build_literal(struct parse *p, struct expr *e, struct span s)
{
    if (e == NULL)
        return NULL;
    e->loc = span_loc(p, s);
    if (e->kind == EXPR_NOT && !e->explicit_body)
        place_inner(e, e->loc);
    if (e->kind == EXPR_AND || e->kind == EXPR_OR) {
        struct expr *first = first_operand(e, e->loc.offset);
        if (first != NULL && first->kind == EXPR_NOT && !first->explicit_body && is_bare(first->not_body.items[0]))
            place_inner(first, (struct loc){.file = p->file});
    }
    return e;
}

/* ---- with: on the stack, one node per modifier; the first says where they start ---- */

bool build_with(struct parse *p, struct term *target, struct term *value, bool is_first, struct span start, struct span s)
{
    bool is_target = target->kind == TERM_VAR || target->kind == TERM_REF;
    if (!is_target || target->parenthesised || start.first[1].kind != TOKEN_IDENT)
        return false;
    struct with *w = arena_alloc(p->arena, sizeof *w);
    if (w == NULL) {
        p->no_memory = true;
        return false;
    }
    *w = (struct with){target, value, span_loc(p, s)};
    return (!is_first || build_push(p, p)) && build_push(p, w);
}

struct expr *build_withs(struct parse *p, struct expr *e)
{
    size_t mark = p->node_count;
    while (p->nodes[mark - 1] != p)
        mark--;
    size_t count = p->node_count - mark;
    e->withs = arena_array(p->arena, count, sizeof *e->withs);
    if (e->withs == NULL) {
        p->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        e->withs[i] = *(struct with *)p->nodes[mark + i];
    e->with_count = count;
    p->node_count = mark - 1;
    return e;
}

/* ---- some, every ---- */

struct expr *build_some(struct parse *p, size_t names, struct span s)
{
    struct expr *e = make_expr(p, EXPR_SOME, s);
    return e != NULL && build_take_terms(p, names, &e->terms) ? e : NULL;
}

static bool is_member_call(const struct term *t)
{
    if (t->kind != TERM_CALL)
        return false;
    struct expr call = {.kind = EXPR_CALL, .terms = t->list};
    return (t->list.count == 3 && expr_is_call_of(&call, "internal.member_2")) ||
           (t->list.count == 4 && expr_is_call_of(&call, "internal.member_3"));
}

struct expr *build_some_in(struct parse *p, struct term *t, struct span s)
{
    if (!is_member_call(t))
        return NULL;
    struct expr *e = make_expr(p, EXPR_SOME, s);
    if (e == NULL)
        return NULL;
    if (!terms_push(p->arena, &e->terms, t)) {
        p->no_memory = true;
        return NULL;
    }
    return e;
}

struct expr *build_every(struct parse *p, struct term *key, struct term *value, struct term *domain, size_t body,
                         struct span s)
{
    if (value->kind != TERM_VAR || (key != NULL && key->kind != TERM_VAR))
        return NULL;
    struct expr *e = make_expr(p, EXPR_EVERY, s);
    struct every *every = arena_alloc(p->arena, sizeof *every);
    if (e == NULL || every == NULL) {
        p->no_memory = true;
        return NULL;
    }
    *every = (struct every){.key = key, .value = value, .domain = domain};
    e->every = every;
    return build_take_body(p, body, &every->body) ? e : NULL;
}

/* ---- not, and, or ---- */

/* Does `not` at s take a body? From the import on. */
static bool has_not_bodies(const struct parse *p, struct span s)
{
    return (p->filter.keywords & KEYWORD_NOT) != 0 && s.first->offset >= p->filter.not_from;
}

static struct expr *make_not(struct parse *p, size_t body, bool is_explicit, struct span s)
{
    struct expr *e = make_expr(p, EXPR_NOT, s);
    if (e == NULL || !build_take_body(p, body, &e->not_body))
        return NULL;
    e->explicit_body = is_explicit;
    return e;
}

size_t build_one(struct parse *p, struct expr *e)
{
    size_t mark;
    return build_start(p, &mark, e) ? mark : NO_BODY;
}

struct expr *build_not(struct parse *p, struct expr *e, struct span s)
{
    if (!has_not_bodies(p, s)) {
        if (e->kind != EXPR_TERM && e->kind != EXPR_CALL)
            return NULL;
        e->negated = true;
        return e;
    }
    size_t body = build_one(p, e);
    return body == NO_BODY ? NULL : make_not(p, body, false, s);
}

/* A bare union as the first expression could as well be the head of a comprehension. */
static bool is_ambiguous(const struct parse *p, size_t body)
{
    const struct expr *e = p->nodes[body];
    if (e->kind != EXPR_CALL || !expr_is_call_of(e, "or"))
        return false;
    struct str text = p->tokens.text;
    return text.p[e->terms.items[0]->loc.offset] == '|' && text.p[e->loc.offset] != '(';
}

struct expr *build_not_body(struct parse *p, size_t body, struct span s)
{
    return is_ambiguous(p, body) ? NULL : make_not(p, body, true, s);
}

struct expr *build_operand(struct parse *p, struct expr *e, struct span s)
{
    return s.first->kind == TOKEN_LBRACE ? NULL : build_literal(p, e, s);
}

struct expr *build_operand_body(struct parse *p, size_t body, struct span s)
{
    if (is_ambiguous(p, body))
        return NULL;
    struct expr *e = make_not(p, body, true, s);
    if (e != NULL)
        e->index = BRACES;
    return e;
}

static bool take_operand(struct parse *p, struct expr *e, struct body *body, bool *is_explicit)
{
    *is_explicit = e->index == BRACES;
    if (*is_explicit) {
        *body = e->not_body;
        return true;
    }
    size_t mark;
    return build_start(p, &mark, e) && build_take_body(p, mark, body);
}

/* Only calls that give nothing, so that the operand could never fail? */
static bool is_void(const struct parse *p, const struct body *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct expr *e = b->items[i];
        if (e->negated || e->kind != EXPR_CALL)
            return false;
        struct buf name;
        buf_init(&name, p->arena);
        ast_write_ref(&name, &e->terms.items[0]->list);
        const struct builtin *builtin = compiler_builtin(p->c, buf_view(&name));
        if (builtin == NULL || (builtin->flags & BI_VOID) == 0)
            return false;
    }
    return b->count != 0;
}

struct expr *build_logic(struct parse *p, enum expr_kind kind, struct expr *left, struct expr *right, struct span s)
{
    struct expr *e = make_expr(p, kind, s);
    struct logic *l = arena_alloc(p->arena, sizeof *l);
    if (e == NULL || l == NULL) {
        p->no_memory = true;
        return NULL;
    }
    if (!take_operand(p, left, &l->left, &l->explicit_left) || !take_operand(p, right, &l->right, &l->explicit_right))
        return NULL;
    if (is_void(p, &l->left) || is_void(p, &l->right))
        return NULL;
    if (s.first->kind == TOKEN_NOT && !has_not_bodies(p, s)) { /* an old `not` is no part of its operand */
        e->loc = left->loc;
        e->loc.len = s.end - left->loc.offset;
    }
    e->logic = l;
    return e;
}
