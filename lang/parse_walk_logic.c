/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk over and, or, not and their groups, with the advice that OPA gives about braces and parentheses.
 */
#include "lang/parse_walk.h"

static const struct seen_expr nothing = {0};

/* An operand: a body, written with braces or not, or nothing. */
struct operand {
    struct seen_body body;
    bool is_explicit;
    uint32_t first;
};

static struct operand walk_operand(struct walk *w, const char *op);
static struct operand walk_group(struct walk *w, bool is_operand, const char *prefix, bool *ret_done);

bool walk_logic_active(const struct walk *w)
{
    return (w->keywords & (KEYWORD_AND | KEYWORD_OR)) != 0;
}

static bool is_at_logic(const struct walk *w)
{
    return w->now.kind == TOKEN_LOGICAL_AND || w->now.kind == TOKEN_LOGICAL_OR;
}

bool walk_is_negated(struct walk *w)
{
    if (w->now.kind != TOKEN_NOT)
        return false;
    struct place start = w->now;
    walk_scan_blank(w);
    unsigned next = w->now.kind;
    w->now = start;
    return next != TOKEN_DOT && next != TOKEN_LBRACK;
}

bool walk_is_void(const struct walk *w, const struct seen_expr *e)
{
    return e->is_call && !e->is_negated && e->term.ref_count == 1 && !e->term.is_operator &&
           str_equal(walk_text(w, e->term.first, e->term.first + 1), STR("print"));
}

struct seen_body walk_body_of(const struct walk *w, struct seen_expr e)
{
    return (struct seen_body){
        .ok = e.ok, .count = 1, .expr = e, .is_ground = e.term.is_ground, .is_void = walk_is_void(w, &e)};
}

/* ---- advice ---- */

/* A bare union as the first expression of a body could as well be a comprehension. */
static bool is_ambiguous(const struct walk *w, const struct seen_body *b)
{
    const struct seen_expr *e = &b->expr;
    return b->count != 0 && e->is_call && e->term.infix == TOKEN_OR && w->items[e->first].kind != TOKEN_LPAREN;
}

static void report_ambiguous(struct walk *w, uint32_t brace, const struct seen_body *b, const char *prefix)
{
    struct str braces = walk_text(w, brace, w->now.at), whole = walk_text(w, b->expr.first, b->expr.end);
    size_t before = (size_t)(whole.p - braces.p), after = before + whole.len;
    walk_hint(w, "write `%s(%.*s)` for the comprehension, or `%s%.*s(%.*s)%.*s` for the set union", prefix, (int)braces.len,
              braces.p, prefix, (int)before, braces.p, (int)whole.len, whole.p, (int)(braces.len - after), braces.p + after);
    walk_error(w, walk_token_loc(w, brace),
               "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a comprehension");
}

static void report_brace_operand(struct walk *w, uint32_t first, const char *op)
{
    struct str text = walk_text(w, first, w->now.at);
    walk_hint(w, "wrap the operand to keep the value: `(%.*s) %s ...`", (int)text.len, text.p, op);
    walk_error(w, walk_token_loc(w, first), "operand of `%s` cannot begin with `{` unless the braces hold a body", op);
}

static void report_with(struct walk *w, struct loc loc, const char *op)
{
    walk_hint(w,
              "Wrap the operand in `(...)` or `{...}` to scope, or move `with` after the `%s` expression to apply it to the "
              "whole expression",
              op);
    walk_error(w, loc, "`with` modifier is not allowed on operand of `%s`", op);
}

static void report_void(struct walk *w, const struct operand *o, const char *op)
{
    if (!o->body.is_void)
        return;
    walk_hint(w,
              "`print` produces no value and always succeeds, so the operand can never fail; move it out of the operand, or add "
              "an expression that can fail");
    walk_error(w, walk_token_loc(w, o->body.expr.first), "operand of `%s` cannot consist only of calls to `print`", op);
}

/* The kind of the value that a brace opens at the left end of a term. */
static enum term_kind brace_led_kind(struct walk *w, uint32_t brace, const struct seen *whole)
{
    if (whole->infix == 0)
        return whole->kind;
    struct place end = w->now;
    struct walk again = walk_present(w);
    again.keywords = w->keywords;
    again.now.at = brace;
    again.now.kind = TOKEN_LBRACE;
    struct seen s = walk_term(&again);
    w->now = end;
    return s.ok ? s.kind : whole->kind;
}

/* Braces that did not hold a body: a value? Then say how to write it; else the body's own error stays. */
static void explain_braces(struct walk *w, struct place start, uint32_t brace, const char *op, const char *prefix)
{
    struct place failed = w->now;
    w->now = start;
    struct seen value = walk_any(w);
    if (!value.ok) {
        w->now = failed;
        return;
    }
    if (op != NULL) {
        report_brace_operand(w, brace, op);
        return;
    }
    enum term_kind kind = brace_led_kind(w, brace, &value);
    struct str text = walk_text(w, brace, w->now.at);
    walk_hint(w, "write `%s(%.*s)` to negate the value, or `%s{%.*s}` for a body holding it", prefix, (int)text.len, text.p,
              prefix, (int)text.len, text.p);
    walk_error(w, walk_token_loc(w, brace), "`{...}` in an operand position must contain expression(s), got: %s",
               term_kind_name(kind));
}

/* ---- not ---- */

struct seen_expr walk_not_body(struct walk *w, uint32_t not_token)
{
    struct place start = w->now;
    uint32_t brace = w->now.at;
    walk_scan(w);
    bool is_empty = w->now.kind == TOKEN_RBRACE;
    struct seen_body body = walk_body(w, TOKEN_RBRACE);
    if (!body.ok) {
        if (!is_empty)
            explain_braces(w, start, brace, NULL, "not ");
        return nothing;
    }
    walk_scan(w);
    if (is_ambiguous(w, &body)) {
        report_ambiguous(w, brace, &body, "not ");
        return nothing;
    }
    return (struct seen_expr){.ok = true, .is_not = true, .is_explicit = true, .first = not_token, .end = w->now.at};
}

struct seen_expr walk_negated_group(struct walk *w, uint32_t not_token, bool *ret_done)
{
    struct operand o = walk_group(w, true, "not ", ret_done);
    if (!*ret_done || !o.body.ok)
        return nothing;
    struct seen_expr not = {.ok = true, .is_not = true, .first = not_token, .end = w->now.at};
    return walk_logic_tail(w, walk_body_of(w, not), false, not_token);
}

/* ---- chains ---- */

static struct operand join(struct walk *w, struct operand left)
{
    struct seen_expr e = {.ok = true, .is_logic = true, .first = left.first, .end = w->now.at};
    return (struct operand){.body = walk_body_of(w, e), .first = left.first};
}

static struct operand walk_and_chain(struct walk *w, struct operand left)
{
    while (w->now.kind == TOKEN_LOGICAL_AND) {
        walk_scan(w);
        struct operand right = walk_operand(w, "and");
        if (!right.body.ok)
            return right;
        report_void(w, &left, "and");
        report_void(w, &right, "and");
        left = join(w, left);
    }
    return left;
}

static struct operand walk_or_chain(struct walk *w, struct operand left)
{
    left = walk_and_chain(w, left);
    while (left.body.ok && w->now.kind == TOKEN_LOGICAL_OR) {
        walk_scan(w);
        struct operand right = walk_operand(w, "or");
        if (right.body.ok)
            right = walk_and_chain(w, right);
        if (!right.body.ok)
            return right;
        report_void(w, &left, "or");
        report_void(w, &right, "or");
        left = join(w, left);
    }
    return left;
}

static struct seen_expr finish_chain(struct walk *w, struct operand left)
{
    struct operand chain = walk_or_chain(w, left);
    if (!chain.body.ok || !walk_withs(w))
        return nothing;
    chain.body.expr.end = w->now.at;
    return chain.body.expr;
}

struct seen_expr walk_logic_tail(struct walk *w, struct seen_body left, bool is_explicit, uint32_t first)
{
    if (is_at_logic(w))
        return finish_chain(w, (struct operand){left, is_explicit, first});
    if (!walk_withs(w))
        return nothing;
    left.expr.end = w->now.at;
    return left.expr;
}

struct seen_expr walk_logic_after(struct walk *w, struct seen_expr e, bool has_not, struct loc with_loc)
{
    const char *op = token_text(w->now.kind);
    if (e.has_with) {
        report_with(w, with_loc, op);
        return nothing;
    }
    if (!has_not && w->items[e.first].kind == TOKEN_LBRACE) {
        if (e.is_term && e.term.kind == TERM_OBJECT && e.term.is_empty)
            walk_error(w, walk_token_loc(w, e.first), "found empty body");
        else
            report_brace_operand(w, e.first, op);
        return nothing;
    }
    struct seen_body body = walk_body_of(w, e);
    return finish_chain(w, (struct operand){body, false, e.first});
}

/* ---- operands ---- */

static struct operand walk_brace_operand(struct walk *w, const char *op)
{
    struct operand o = {.first = w->now.at};
    struct place start = w->now;
    walk_scan(w);
    bool is_empty = w->now.kind == TOKEN_RBRACE;
    o.body = walk_body(w, TOKEN_RBRACE);
    if (!o.body.ok) {
        if (!is_empty && op != NULL)
            explain_braces(w, start, o.first, op, "");
        return o;
    }
    walk_scan(w);
    o.is_explicit = true;
    if (is_ambiguous(w, &o.body))
        report_ambiguous(w, o.first, &o.body, "");
    return o;
}

/* op NULL: the caller will go back when this fails. */
static struct operand walk_operand(struct walk *w, const char *op)
{
    if (w->now.kind == TOKEN_LBRACE)
        return walk_brace_operand(w, op);
    struct operand o = {.first = w->now.at};
    bool is_negated = walk_is_negated(w);
    if (is_negated)
        walk_scan(w);
    if (is_negated && w->not_bodies && w->now.kind == TOKEN_LBRACE) {
        struct seen_expr not = walk_not_body(w, o.first);
        o.body = walk_body_of(w, not);
        return o;
    }
    if (w->now.kind == TOKEN_LPAREN && walk_logic_active(w) && (!is_negated || w->not_bodies)) {
        bool is_done;
        struct operand group = walk_group(w, true, is_negated ? "not " : "", &is_done);
        if (is_done && (!group.body.ok || !is_negated))
            return group;
        if (is_done) {
            o.body = walk_body_of(w, (struct seen_expr){.ok = true, .is_not = true, .first = o.first, .end = w->now.at});
            return o;
        }
    }
    struct seen_expr e = walk_expr(w);
    e.is_negated = is_negated && !w->not_bodies;
    e.is_not = is_negated && w->not_bodies;
    if (e.is_not)
        e.is_call = e.is_term = false;
    o.body = walk_body_of(w, e);
    return o;
}

static bool expect_paren(struct walk *w)
{
    if (w->now.kind != TOKEN_RPAREN) {
        walk_error(w, walk_loc(w), "expected ) to close parenthesized group");
        return false;
    }
    walk_scan(w);
    return true;
}

static struct operand failed(void)
{
    return (struct operand){0};
}

/* ({ ... }): a value in parentheses, or a body that must not have them. */
static struct operand walk_wrapped_body(struct walk *w, struct place start, uint32_t brace, const char *prefix, bool *ret_done)
{
    struct str braces = walk_text(w, brace, w->now.at);
    w->now = start;
    walk_scan(w);
    bool is_value = walk_term(w).ok;
    w->now = start;
    *ret_done = !is_value;
    if (!is_value) {
        walk_hint(w, "drop the parens to keep the body: `%s%.*s`", prefix, (int)braces.len, braces.p);
        walk_error(w, walk_token_loc(w, start.at), "`(...)` in an operand position cannot contain a body");
    }
    return failed();
}

/* A group of one operand with modifiers of its own. */
static struct operand walk_scoped(struct walk *w, struct operand o, struct place start, bool is_operand, bool *ret_done)
{
    struct loc with_loc = walk_loc(w);
    if (!walk_withs(w))
        return failed();
    if (is_at_logic(w)) {
        report_with(w, with_loc, token_text(w->now.kind));
        return failed();
    }
    if (!expect_paren(w))
        return failed();
    if (is_operand || is_at_logic(w)) {
        o.first = start.at;
        return o;
    }
    w->now = start;
    *ret_done = false;
    return failed();
}

/* *ret_done false: not a group, the walk is back at the parenthesis. */
static struct operand walk_group(struct walk *w, bool is_operand, const char *prefix, bool *ret_done)
{
    struct place start = w->now;
    *ret_done = true;
    walk_scan(w);
    if (w->now.kind == TOKEN_RPAREN && is_operand) {
        walk_error(w, walk_token_loc(w, start.at), "empty parenthesized group");
        return failed();
    }
    struct operand o = w->now.kind == TOKEN_RPAREN ? failed() : walk_operand(w, NULL);
    bool is_single = o.body.count == 1;
    if (o.body.ok && is_at_logic(w)) {
        o = walk_or_chain(w, o);
        if (!o.body.ok || !walk_withs(w) || !expect_paren(w))
            return failed();
        o.first = start.at;
        return o;
    }
    if (o.body.ok && w->now.kind == TOKEN_WITH && !o.is_explicit && is_single)
        return walk_scoped(w, o, start, is_operand, ret_done);
    if (o.body.ok && o.is_explicit)
        return walk_wrapped_body(w, start, o.first, prefix, ret_done);
    bool is_whole = is_single && (o.body.expr.is_logic || o.body.expr.is_negated || o.body.expr.is_not);
    if (o.body.ok && is_whole) {
        if (!expect_paren(w))
            return failed();
        o.first = start.at;
        return o;
    }
    w->now = start;
    *ret_done = false;
    return failed();
}

/* ---- what a literal may start with ---- */

struct seen_expr walk_logic_literal(struct walk *w, bool *ret_done)
{
    *ret_done = false;
    if (!walk_logic_active(w))
        return nothing;
    struct place start = w->now;
    struct memo *memo = w->memo;
    if (w->now.kind == TOKEN_LBRACE) {
        walk_scan(w);
        struct seen_body body = walk_body(w, TOKEN_RBRACE);
        if (body.ok)
            walk_scan(w);
        if (body.ok && is_at_logic(w)) {
            *ret_done = true;
            if (!is_ambiguous(w, &body))
                return finish_chain(w, (struct operand){body, true, start.at});
            report_ambiguous(w, start.at, &body, "");
            return nothing;
        }
        w->now = start;
        w->memo = memo;
    } else if (w->now.kind == TOKEN_LPAREN) {
        struct operand group = walk_group(w, false, "", ret_done);
        if (*ret_done)
            return group.body.ok ? walk_logic_tail(w, group.body, group.is_explicit, group.first) : nothing;
    }
    return nothing;
}
