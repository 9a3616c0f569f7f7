/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk over literals, bodies and modifiers.
 */
#include "lang/parse_walk.h"

/* ---- bodies ---- */

struct seen_body walk_body(struct walk *w, unsigned end)
{
    return walk_query(w, false, end);
}

static void hint_infix(struct walk *w, const char *word, const char *example)
{
    walk_hint(w, "`import future.keywords.%s` for `%s` expressions", word, example);
}

static bool is_member(const struct seen *s)
{
    return s->ok && s->kind == TERM_CALL && (s->call == CALL_MEMBER || s->call == CALL_MEMBER_KEY);
}

/* An expression trailed by a word that would be an operator if it were imported. */
static void hint_missing_infix(struct walk *w)
{
    if (w->now.hints != NULL)
        return;
    if (w->now.kind == TOKEN_IDENT) {
        if (walk_is_word(w, "in"))
            hint_infix(w, "in", "x in xs");
        else if (walk_is_word(w, "and"))
            hint_infix(w, "and", "x and y");
        else if (walk_is_word(w, "or"))
            hint_infix(w, "or", "x or y");
    } else if (w->now.kind == TOKEN_COMMA) {
        struct place start = w->now;
        walk_scan(w);
        struct walk future = walk_future(w);
        struct seen s = walk_any(&future);
        w->now = start;
        if (is_member(&s))
            hint_infix(w, "in", "x in xs");
    }
}

static void add_expr(struct walk *w, struct seen_body *b, const struct seen_expr *e)
{
    if (b->count++ == 0) {
        b->expr = *e;
        b->is_ground = true;
        b->is_void = true;
    }
    b->is_ground &= e->term.is_ground && !e->is_some && !e->is_every;
    b->is_void &= walk_is_void(w, e);
}

struct seen_body walk_query(struct walk *w, bool needs_semicolon, unsigned end)
{
    struct seen_body body = {0};
    if (w->now.kind == end) {
        walk_error(w, walk_loc(w), "found empty body");
        return body;
    }
    for (;;) {
        struct seen_expr e = walk_literal(w);
        if (!e.ok)
            return body;
        add_expr(w, &body, &e);
        if (w->now.kind == TOKEN_SEMICOLON) {
            walk_scan(w);
            continue;
        }
        if (w->now.kind == end || needs_semicolon) {
            body.ok = true;
            return body;
        }
        if ((w->items[w->now.at].flags & TOKEN_LINE) != 0)
            continue;
        if (w->now.errors == NULL) { /* another error says more */
            hint_missing_infix(w);
            walk_illegal(w, "expected \\n or ; or %s", token_text(end));
        }
        return body;
    }
}

/* ---- with ---- */

bool walk_withs(struct walk *w)
{
    while (w->now.kind == TOKEN_WITH) {
        walk_scan(w);
        if (w->now.kind != TOKEN_IDENT) {
            walk_illegal(w, "expected ident");
            return false;
        }
        struct seen target = walk_term(w);
        if (!target.ok)
            return false;
        if (target.kind != TERM_REF && target.kind != TERM_VAR)
            walk_illegal(w, "expected with target path");
        if (w->now.kind != TOKEN_AS) {
            walk_illegal(w, "expected as keyword");
            return false;
        }
        walk_scan(w);
        if (!walk_any(w).ok)
            return false;
    }
    return true;
}

/* ---- some, every ---- */

static const struct seen_expr nothing = {0};

/* A member call may have been written as a call, with any number of operands. */
static bool has_domain(const struct seen *s)
{
    return s->count == (s->call == CALL_MEMBER ? 2 : 3);
}

/* Behind `some`: is it `x in xs`? 1 yes, 0 no, -1 an error that ends the literal. */
static int walk_some_in(struct walk *w)
{
    struct seen s = walk_any(w);
    if (!s.ok || s.kind != TERM_CALL)
        return 0;
    if (!is_member(&s)) {
        walk_illegal(w, "expected `x in xs` or `x, y in xs` expression");
        return -1;
    }
    if (!has_domain(&s)) {
        walk_illegal(w, "illegal domain");
        return -1;
    }
    return walk_withs(w) ? 1 : -1;
}

static void hint_some(struct walk *w)
{
    if (w->p->filter.version != REGO_V0)
        return;
    struct place start = w->now;
    walk_scan(w);
    struct walk future = walk_future(w);
    struct seen s = walk_any(&future);
    w->now = start;
    if (is_member(&s))
        walk_hint(w, "`import future.keywords.in` for `some x in xs` expressions");
}

static struct seen_expr walk_some(struct walk *w)
{
    struct seen_expr e = {.ok = true, .is_some = true, .first = w->now.at};
    struct place start = w->now;
    walk_scan(w);
    int in = walk_some_in(w);
    if (in < 0)
        return nothing;
    if (in == 0) {
        w->now = start;
        hint_some(w);
        do {
            walk_scan(w);
            if (w->now.kind != TOKEN_IDENT) {
                walk_illegal(w, "expected var");
                return nothing;
            }
            walk_scan(w);
        } while (w->now.kind == TOKEN_COMMA);
    }
    e.end = w->now.at;
    return e;
}

static bool is_every_head(struct walk *w, const struct seen *s)
{
    if (s->kind != TERM_CALL || (s->call != CALL_MEMBER && s->call != CALL_MEMBER_KEY))
        walk_illegal(w, "expected `x[, y] in xs { ... }` expression");
    else if (!has_domain(s))
        walk_illegal(w, "illegal domain");
    else if (s->call == CALL_MEMBER_KEY && s->left != TERM_VAR)
        walk_illegal(w, "expected key to be a variable");
    else if ((s->call == CALL_MEMBER_KEY ? s->right : s->left) != TERM_VAR)
        walk_illegal(w, "expected value to be a variable");
    else
        return true;
    return false;
}

static struct seen_expr walk_every(struct walk *w)
{
    struct seen_expr e = {.ok = true, .is_every = true, .first = w->now.at};
    walk_scan(w);
    struct seen s = walk_any(w);
    if (!s.ok || !is_every_head(w, &s))
        return nothing;
    if (w->now.kind != TOKEN_LBRACE) {
        walk_illegal(w, "missing body");
        return nothing;
    }
    walk_scan(w);
    if (!walk_body(w, TOKEN_RBRACE).ok)
        return nothing;
    walk_scan(w);
    if (!walk_withs(w))
        return nothing;
    e.end = w->now.at;
    return e;
}

/* ---- literals ---- */

/* The word every as a variable in v0: would it be every with the import? */
static void hint_every(struct walk *w, const struct seen_expr *e, struct place start)
{
    bool is_word = w->p->filter.version == REGO_V0 && e->is_term && e->term.kind == TERM_VAR &&
                   str_equal(walk_text(w, e->term.first, e->term.end), STR("every"));
    if (!is_word)
        return;
    struct place after = w->now;
    w->now = start;
    struct walk future = walk_future(w);
    struct seen_expr every = walk_every(&future);
    w->now = after;
    if (every.ok)
        walk_hint(w, "`import future.keywords.every` for `every x in xs { ... }` expressions");
}

struct seen_expr walk_expr(struct walk *w)
{
    struct seen_expr e = {.first = w->now.at};
    struct seen left = walk_any(w);
    if (!left.ok)
        return e;
    e.ok = true;
    e.term = left;
    e.is_call = left.kind == TERM_CALL;
    e.is_term = !e.is_call;
    unsigned op = w->now.kind;
    if (op == TOKEN_ASSIGN || op == TOKEN_UNIFY) {
        walk_scan(w);
        struct seen right = walk_any(w);
        e.ok = right.ok;
        e.is_call = true;
        e.is_term = false;
        e.term.call = op == TOKEN_UNIFY ? CALL_EQ : CALL_ASSIGN;
        e.term.kind = TERM_CALL;
        e.term.infix = (uint8_t)op;
        e.term.is_ground &= right.is_ground;
        e.term.left = left.kind;
        e.term.ref_end = left.end;
        e.term.end = right.end;
    }
    e.end = w->now.at;
    return e;
}

static struct seen_expr walk_plain(struct walk *w, bool is_negated, uint32_t not_token)
{
    struct place start = w->now;
    if (is_negated && w->not_bodies && w->now.kind == TOKEN_LPAREN) {
        bool is_done;
        struct seen_expr group = walk_negated_group(w, not_token, &is_done);
        if (is_done)
            return group;
    }
    struct seen_expr e = walk_expr(w);
    if (!e.ok)
        return e;
    struct loc with_loc = {0};
    if (w->now.kind == TOKEN_WITH) {
        with_loc = walk_loc(w);
        e.has_with = true;
        if (!walk_withs(w))
            return nothing;
    }
    hint_every(w, &e, start);
    e.is_negated = is_negated && !w->not_bodies;
    if (is_negated && w->not_bodies) {
        e.is_not = true;
        e.is_term = e.is_call = false;
    }
    e.end = w->now.at;
    if (w->now.kind == TOKEN_LOGICAL_AND || w->now.kind == TOKEN_LOGICAL_OR)
        return walk_logic_after(w, e, is_negated, with_loc);
    return e;
}

struct seen_expr walk_literal(struct walk *w)
{
    uint32_t first = w->now.at;
    bool is_done = false;
    struct seen_expr e = walk_logic_literal(w, &is_done);
    if (is_done) {
        e.first = first;
        return e;
    }
    if (walk_ahead_ref(w)) {
        e = walk_plain(w, false, 0);
        e.first = first;
        return e;
    }
    bool is_negated = walk_is_negated(w);
    if (is_negated)
        walk_scan(w);
    if (is_negated && w->not_bodies && w->now.kind == TOKEN_LBRACE) {
        e = walk_not_body(w, first);
        if (e.ok)
            e = walk_logic_tail(w, walk_body_of(w, e), false, first);
    } else if (w->now.kind == TOKEN_SOME || w->now.kind == TOKEN_EVERY) {
        bool is_some = w->now.kind == TOKEN_SOME;
        if (is_negated) {
            walk_illegal(w, "illegal negation of '%s'", is_some ? "some" : "every");
            return nothing;
        }
        e = is_some ? walk_some(w) : walk_every(w);
    } else {
        e = walk_plain(w, is_negated, first);
    }
    e.first = first;
    return e;
}
