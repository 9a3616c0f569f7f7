/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk over terms: scalars, template strings, collections, references, calls, operators.
 *
 * Terms are remembered as OPA's parser does, so that giving up readings stays cheap, and with the same effects; work is
 * bounded besides.
 */
#include "lang/parse_walk.h"

#include "lang/literal.h"

/* Terms read last, those further on in front; what a larger term is made of goes when that is put in. */
struct memo {
    struct memo *next;
    uint32_t at;
    struct seen seen;
    struct place after;
};

static bool enter(struct walk *w)
{
    if (w->depth >= w->p->filter.max_depth) {
        walk_error(w, walk_loc(w), "max parsing recursion depth exceeded");
        return false;
    }
    w->depth++;
    return true;
}

static void leave(struct walk *w)
{
    w->depth--;
}

/* ---- scalars ---- */

static const struct seen nothing = {0};

static struct seen see(struct walk *w, enum term_kind kind)
{
    return (struct seen){.ok = true, .kind = (uint8_t)kind, .is_ground = true, .first = w->now.at, .end = w->now.at + 1};
}

static bool has_name(const struct walk *w, const struct seen *s, const char *name)
{
    return s->kind == TERM_VAR && str_equal(token_str(&w->p->tokens, &w->items[s->first]), str_cstr(name));
}

struct seen walk_var(struct walk *w)
{
    struct seen s = see(w, TERM_VAR);
    s.is_ground = false;
    return s;
}

/* Would the exponent not even fit Go's big numbers? */
static bool is_beyond(struct str digits)
{
    int64_t count = 0, exponent = 0;
    size_t at = 0;
    bool in_fraction = false;
    for (; at < digits.len && (digits.p[at] | 0x20) != 'e'; at++) {
        in_fraction |= digits.p[at] == '.';
        count += digits.p[at] != '.';
        exponent -= in_fraction && digits.p[at] != '.';
    }
    bool is_negative = at + 1 < digits.len && digits.p[at + 1] == '-';
    int64_t written = 0;
    for (at++; at < digits.len; at++)
        if (digits.p[at] >= '0' && digits.p[at] <= '9' && written < INT64_C(1) << 40)
            written = written * 10 + (digits.p[at] - '0');
    exponent += (is_negative ? -written : written) + (count * 10 + 2) / 3;
    return exponent > INT32_MAX || exponent < INT32_MIN;
}

static bool is_number(struct walk *w, const char *prefix)
{
    struct str digits = token_str(&w->p->tokens, &w->items[w->now.at]);
    if (!literal_is_number(prefix, digits)) {
        walk_illegal(w, "expected number without leading zero");
        return false;
    }
    if ((w->items[w->now.at].flags & TOKEN_CUT) != 0 || is_beyond(digits)) {
        walk_illegal(w, "invalid float");
        return false;
    }
    struct value v;
    struct str text = arena_printf(w->p->arena, "%s%.*s", prefix, (int)digits.len, digits.p);
    enum number_status status = text.p != NULL ? literal_number(w->p->arena, text, &v) : NUMBER_NOMEM;
    if (status != NUMBER_TOO_BIG && status != NUMBER_TOO_LONG)
        return true;
    walk_error(w, walk_loc(w), "number too big");
    return false;
}

static struct seen walk_number(struct walk *w)
{
    struct seen s = see(w, TERM_NUMBER);
    bool is_negative = w->now.kind == TOKEN_MINUS, has_dot = false;
    if (is_negative) {
        walk_scan(w);
        if (w->now.kind != TOKEN_NUMBER && w->now.kind != TOKEN_DOT) {
            walk_illegal(w, "expected number");
            return nothing;
        }
    }
    if (w->now.kind == TOKEN_DOT) {
        has_dot = true;
        walk_scan(w);
        if (w->now.kind != TOKEN_NUMBER) {
            walk_illegal(w, "expected number");
            return nothing;
        }
    }
    s.end = w->now.at + 1;
    return is_number(w, is_negative ? (has_dot ? "-." : "-") : has_dot ? "." : "") ? s : nothing;
}

static struct seen walk_string(struct walk *w)
{
    struct seen s = see(w, TERM_STRING);
    struct str text = token_str(&w->p->tokens, &w->items[w->now.at]), inner = {text.p + 1, text.len - 2};
    bool has_escape = text.p[0] == '"' && memchr(inner.p, '\\', inner.len) != NULL;
    if (!has_escape || literal_unescape(w->p->arena, inner, &inner))
        return s;
    walk_error(w, walk_loc(w), "illegal string literal: %.*s", (int)text.len, text.p);
    return nothing;
}

/* ---- template strings ---- */

static bool is_template_text(struct walk *w)
{
    const struct token *t = &w->items[w->now.at];
    struct str text = token_str(&w->p->tokens, t);
    size_t skip = (t->flags & TOKEN_NEXT_PART) != 0 ? 0 : 2;
    bool is_raw = t->kind == TOKEN_RAW_TEMPLATE_PART || t->kind == TOKEN_RAW_TEMPLATE_END;
    struct str inner = {text.p + skip, text.len - skip - 1};
    if (literal_template_text(w->p->arena, inner, is_raw, &inner))
        return true;
    size_t from = skip == 0 ? 0 : 1;
    walk_error(w, walk_loc(w), "illegal template-string part: %.*s", (int)(text.len - from), text.p + from);
    return false;
}

static bool is_template_expr(struct walk *w, const struct seen_expr *e)
{
    struct loc loc = walk_token_loc(w, e->first);
    if (e->is_negated)
        walk_error(w, loc, "unexpected negation ('not') in template-string expression");
    else if (e->is_call && e->term.call == CALL_EQ)
        walk_error(w, loc, "unexpected unification ('=') in template-string expression");
    else if (e->is_call && e->term.call == CALL_ASSIGN)
        walk_error(w, loc, "unexpected assignment (':=') in template-string expression");
    else if (e->is_every || e->is_some)
        walk_error(w, loc, "unexpected '%s' in template-string expression", e->is_every ? "every" : "some");
    else
        return true;
    return false;
}

static struct seen walk_template(struct walk *w)
{
    struct seen s = see(w, TERM_TEMPLATE);
    s.is_ground = false;
    if (w->p->filter.version == REGO_V0) {
        walk_error(w, walk_loc(w), "template strings are not supported by current capabilities");
        return nothing;
    }
    for (;;) {
        unsigned kind = w->now.kind;
        if (kind < TOKEN_TEMPLATE_PART || kind > TOKEN_RAW_TEMPLATE_END) {
            walk_error(w, walk_loc(w), "expected template-string part");
            return nothing;
        }
        if (!is_template_text(w))
            return nothing;
        if (kind == TOKEN_TEMPLATE_END || kind == TOKEN_RAW_TEMPLATE_END)
            break;
        walk_scan(w);
        struct seen_expr e = walk_literal(w);
        if (!e.ok) {
            walk_error(w, walk_loc(w), "invalid template-string expression");
            return nothing;
        }
        if (!is_template_expr(w, &e))
            return nothing;
        if (w->now.kind != TOKEN_RBRACE) {
            walk_error(w, walk_loc(w), "expected } to end template string expression");
            return nothing;
        }
        walk_scan(w);
    }
    s.end = w->now.at + 1;
    return s;
}

/* ---- lists ---- */

/* Terms up to end; the sum of them goes to s. */
static bool walk_list(struct walk *w, unsigned end, struct seen *s)
{
    if (w->now.kind == end)
        return true;
    for (;;) {
        struct seen item = walk_item(w);
        if (!item.ok)
            return false;
        s->is_ground &= item.is_ground;
        s->left = s->count == 0 ? item.kind : s->left;
        s->right = s->count == 1 ? item.kind : s->right;
        s->count++;
        if (w->now.kind == end)
            return true;
        if (w->now.kind != TOKEN_COMMA) {
            walk_illegal(w, "expected \",\" or \"%s\"", token_text(end));
            return false;
        }
        walk_scan(w);
        if (w->now.kind == end)
            return true;
    }
}

static bool walk_pairs(struct walk *w, struct seen *s)
{
    if (w->now.kind == TOKEN_RBRACE)
        return true;
    for (;;) {
        struct seen key = walk_item(w);
        if (!key.ok)
            return false;
        if (w->now.kind != TOKEN_COLON) {
            walk_illegal(w, "expected \":\"");
            return false;
        }
        walk_scan(w);
        struct seen value = walk_item(w);
        if (!value.ok)
            return false;
        s->is_ground &= key.is_ground && value.is_ground;
        if (w->now.kind == TOKEN_RBRACE)
            return true;
        if (w->now.kind != TOKEN_COMMA) {
            walk_illegal(w, "expected \",\" or \"}\"");
            return false;
        }
        walk_scan(w);
        if (w->now.kind == TOKEN_RBRACE)
            return true;
    }
}

static struct seen closed(struct walk *w, struct seen s, enum term_kind kind, bool is_ground)
{
    s.kind = (uint8_t)kind;
    s.is_ground = is_ground;
    s.end = w->now.at + 1;
    return s;
}

static struct seen walk_array(struct walk *w)
{
    struct seen s = see(w, TERM_ARRAY);
    bool may_be_compr = true;
    walk_scan(w);
    if (w->now.kind == TOKEN_RBRACK)
        return closed(w, s, TERM_ARRAY, true);
    if (w->now.kind == TOKEN_COMMA) {
        may_be_compr = false;
        walk_scan(w);
    }
    struct place start = w->now;
    struct seen head = walk_term(w);
    if (!head.ok)
        return nothing;
    if (w->now.kind == TOKEN_RBRACK)
        return closed(w, s, TERM_ARRAY, head.is_ground);
    if (w->now.kind == TOKEN_COMMA) {
        walk_scan(w);
        s.is_ground = head.is_ground;
        return walk_list(w, TOKEN_RBRACK, &s) ? closed(w, s, TERM_ARRAY, s.is_ground) : nothing;
    }
    if (w->now.kind == TOKEN_OR && may_be_compr) {
        walk_scan(w);
        struct seen_body body = walk_body(w, TOKEN_RBRACK);
        if (body.ok)
            return closed(w, s, TERM_ARRAY_COMPR, head.is_ground && body.is_ground);
        if (w->now.kind != TOKEN_COMMA)
            return nothing;
    }
    w->now = start;
    return walk_list(w, TOKEN_RBRACK, &s) ? closed(w, s, TERM_ARRAY, s.is_ground) : nothing;
}

static struct seen walk_set(struct walk *w, struct seen s, struct place start, struct seen head, bool may_be_compr)
{
    if (w->now.kind == TOKEN_RBRACE)
        return closed(w, s, TERM_SET, head.is_ground);
    if (w->now.kind == TOKEN_COMMA) {
        walk_scan(w);
        s.is_ground = head.is_ground;
        return walk_list(w, TOKEN_RBRACE, &s) ? closed(w, s, TERM_SET, s.is_ground) : nothing;
    }
    if (may_be_compr) {
        walk_scan(w);
        struct seen_body body = walk_body(w, TOKEN_RBRACE);
        if (body.ok)
            return closed(w, s, TERM_SET_COMPR, head.is_ground && body.is_ground);
        if (w->now.kind != TOKEN_COMMA)
            return nothing;
    }
    w->now = start;
    return walk_list(w, TOKEN_RBRACE, &s) ? closed(w, s, TERM_SET, s.is_ground) : nothing;
}

static struct seen walk_object_rest(struct walk *w, struct seen s, bool is_ground, bool may_be_compr)
{
    if (w->now.kind == TOKEN_RBRACE)
        return closed(w, s, TERM_OBJECT, is_ground);
    if (w->now.kind == TOKEN_OR) {
        if (!may_be_compr) {
            walk_illegal(w, "non-terminated object");
            return nothing;
        }
        walk_scan(w);
        struct seen_body body = walk_body(w, TOKEN_RBRACE);
        return body.ok ? closed(w, s, TERM_OBJECT_COMPR, is_ground && body.is_ground) : nothing;
    }
    walk_scan(w);
    s.is_ground = is_ground;
    return walk_pairs(w, &s) ? closed(w, s, TERM_OBJECT, s.is_ground) : nothing;
}

static struct seen walk_object(struct walk *w, struct seen s, struct seen key, bool may_be_compr)
{
    walk_scan(w);
    struct place start = w->now;
    struct seen value = walk_term(w);
    if (!value.ok)
        return nothing;
    bool is_ground = key.is_ground && value.is_ground;
    if (may_be_compr && (w->now.kind == TOKEN_RBRACE || w->now.kind == TOKEN_COMMA))
        return walk_object_rest(w, s, is_ground, true);
    if (may_be_compr && w->now.kind == TOKEN_OR) {
        struct seen compr = walk_object_rest(w, s, is_ground, true);
        if (compr.ok)
            return compr;
    }
    w->now = start;
    value = walk_item(w);
    if (!value.ok)
        return nothing;
    if (w->now.kind == TOKEN_RBRACE || w->now.kind == TOKEN_COMMA)
        return walk_object_rest(w, s, key.is_ground && value.is_ground, false);
    walk_illegal(w, "non-terminated object");
    return nothing;
}

static struct seen walk_brace(struct walk *w)
{
    struct seen s = see(w, TERM_OBJECT);
    bool may_be_compr = true;
    walk_scan(w);
    if (w->now.kind == TOKEN_RBRACE) {
        s.is_empty = true;
        return closed(w, s, TERM_OBJECT, true);
    }
    if (w->now.kind == TOKEN_COMMA) {
        may_be_compr = false;
        walk_scan(w);
    }
    struct place start = w->now;
    struct seen head = walk_term(w);
    if (!head.ok)
        return nothing;
    if (w->now.kind == TOKEN_RBRACE || w->now.kind == TOKEN_COMMA || (w->now.kind == TOKEN_OR && may_be_compr))
        return walk_set(w, s, start, head, may_be_compr);
    if (w->now.kind == TOKEN_COLON)
        return walk_object(w, s, head, may_be_compr);
    w->now = start;
    head = walk_item(w);
    if (!head.ok)
        return nothing;
    if (w->now.kind == TOKEN_RBRACE || w->now.kind == TOKEN_COMMA)
        return walk_set(w, s, start, head, false);
    if (w->now.kind == TOKEN_COLON)
        return walk_object(w, s, head, may_be_compr);
    walk_illegal(w, "non-terminated set");
    return nothing;
}

static struct seen walk_parens(struct walk *w)
{
    walk_scan(w);
    struct seen s = walk_any(w);
    if (!s.ok)
        return nothing;
    if (w->now.kind != TOKEN_RPAREN) {
        walk_error(w, walk_loc(w), "non-terminated expression");
        return nothing;
    }
    s.infix = 0;
    s.end = w->now.at + 1;
    return s;
}

/* ---- references and calls ---- */

static bool is_root_name(const struct walk *w, const struct seen *s)
{
    return has_name(w, s, "input") || has_name(w, s, "data");
}

static void check_head(struct walk *w, const struct seen *head)
{
    bool is_good = head->kind == TERM_VAR || (head->kind >= TERM_ARRAY && head->kind != TERM_TEMPLATE);
    if (!is_good)
        walk_error(w, walk_token_loc(w, head->first), "illegal ref (head cannot be %s)", term_kind_name(head->kind));
}

static enum seen_call named_call(const struct walk *w, const struct seen *ref, const struct seen *head)
{
    if (ref->count == 1)
        return has_name(w, head, "eq") ? CALL_EQ : has_name(w, head, "assign") ? CALL_ASSIGN : CALL_OTHER;
    struct str text = ref->count == 2 ? walk_text(w, ref->first, w->now.at) : STR("");
    if (str_equal(text, STR("internal.member_2")))
        return CALL_MEMBER;
    return str_equal(text, STR("internal.member_3")) ? CALL_MEMBER_KEY : CALL_OTHER;
}

static struct seen walk_call(struct walk *w, const struct seen *ref, const struct seen *head)
{
    struct seen s = {.ok = true,
                     .kind = TERM_CALL,
                     .is_ground = true,
                     .first = ref->first,
                     .head_kind = ref->head_kind,
                     .ref_count = ref->count,
                     .ref_end = w->now.at};
    bool is_plain = ref->count == 1;
    s.call = (uint8_t)named_call(w, ref, head);
    walk_scan(w);
    if (w->now.kind == TOKEN_RPAREN) {
        s.end = w->now.at + 1;
        walk_scan_blank(w);
        if (is_plain && has_name(w, head, "set")) {
            s.kind = TERM_SET;
            s.is_empty = true;
        }
        return s;
    }
    if (!walk_list(w, TOKEN_RPAREN, &s))
        return nothing;
    s.end = w->now.at + 1;
    walk_scan_blank(w);
    return s;
}

static void add_part(struct seen *ref, const struct seen *part)
{
    if (ref->count == 1) {
        ref->second = part->kind;
        ref->second_is_ground = part->is_ground;
    }
    if (part->kind != TERM_STRING && ref->odd == 0) {
        ref->odd_kind = part->kind;
        ref->odd = part->first;
    }
    ref->is_ground &= part->is_ground;
    ref->count++;
}

static bool walk_dot(struct walk *w, struct seen *ref)
{
    walk_scan_blank(w);
    if (w->now.kind != TOKEN_IDENT && !walk_is_ref_keyword(w, w->now.kind)) {
        walk_illegal(w, "expected identifier");
        return false;
    }
    struct seen name = see(w, TERM_STRING);
    add_part(ref, &name);
    ref->end = name.end;
    walk_scan_blank(w);
    return true;
}

static bool walk_index(struct walk *w, struct seen *ref)
{
    walk_scan(w);
    struct seen part = walk_any(w);
    if (!part.ok)
        return false;
    if (w->now.kind != TOKEN_RBRACK) {
        walk_illegal(w, "expected [");
        return false;
    }
    add_part(ref, &part);
    ref->end = w->now.at + 1;
    walk_scan_blank(w);
    return true;
}

struct seen walk_ref(struct walk *w, struct seen head)
{
    check_head(w, &head);
    for (;;) {
        struct seen ref = head;
        ref.kind = TERM_REF;
        ref.head_kind = head.kind;
        ref.is_ground = true;
        ref.count = 1;
        ref.odd = 0;
        while (w->now.kind == TOKEN_DOT || w->now.kind == TOKEN_LBRACK)
            if (!(w->now.kind == TOKEN_DOT ? walk_dot(w, &ref) : walk_index(w, &ref)))
                return nothing;
        if (w->now.kind != TOKEN_LPAREN) {
            if (w->now.kind == WALK_BLANK)
                walk_scan(w);
            return ref;
        }
        struct seen call = walk_call(w, &ref, &head);
        if (!call.ok)
            return nothing;
        if (w->now.kind != TOKEN_DOT && w->now.kind != TOKEN_LBRACK) {
            if (w->now.kind == WALK_BLANK)
                walk_scan(w);
            return call;
        }
        head = call;
        check_head(w, &head);
    }
}

/* What follows a term directly: the rest of a reference or call, or nothing. */
static struct seen finish_term(struct walk *w, struct seen s)
{
    if (!s.ok)
        return s;
    walk_scan_blank(w);
    if (w->now.kind == TOKEN_LPAREN || w->now.kind == TOKEN_DOT || w->now.kind == TOKEN_LBRACK)
        return walk_ref(w, s);
    if (w->now.kind == WALK_BLANK)
        walk_scan(w);
    if (s.kind == TERM_VAR && is_root_name(w, &s)) {
        s.kind = TERM_REF;
        s.head_kind = TERM_VAR;
        s.count = 1;
        s.is_ground = true;
    }
    return s;
}

/* and( and or( call functions where a term is expected. */
static void ahead_logic_call(struct walk *w)
{
    if ((w->now.kind == TOKEN_LOGICAL_AND || w->now.kind == TOKEN_LOGICAL_OR) && walk_peek_blank(w) == TOKEN_LPAREN)
        w->now.kind = TOKEN_IDENT;
}

static struct seen walk_minus(struct walk *w, bool *is_negative)
{
    struct place start = w->now;
    walk_scan(w);
    if (w->now.kind == TOKEN_IDENT || w->now.kind == TOKEN_CONTAINS) {
        *is_negative = true;
        return walk_var(w);
    }
    w->now = start;
    return walk_number(w);
}

static struct seen walk_primary(struct walk *w, bool *is_negative)
{
    switch (w->now.kind) {
    case TOKEN_NULL:
        return see(w, TERM_NULL);
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        return see(w, TERM_BOOL);
    case TOKEN_MINUS:
        return walk_minus(w, is_negative);
    case TOKEN_DOT:
    case TOKEN_NUMBER:
        return walk_number(w);
    case TOKEN_STRING:
        return walk_string(w);
    case TOKEN_TEMPLATE_PART:
    case TOKEN_TEMPLATE_END:
    case TOKEN_RAW_TEMPLATE_PART:
    case TOKEN_RAW_TEMPLATE_END:
        return walk_template(w);
    case TOKEN_IDENT:
    case TOKEN_CONTAINS:
        return walk_var(w);
    case TOKEN_LBRACK:
        return walk_array(w);
    case TOKEN_LBRACE:
        return walk_brace(w);
    case TOKEN_LPAREN:
        return walk_parens(w);
    default:
        walk_illegal_token(w);
        return nothing;
    }
}

static const struct memo *recall(const struct walk *w, uint32_t at)
{
    for (const struct memo *m = w->memo; m != NULL && m->at >= at; m = m->next)
        if (m->at == at)
            return m;
    return NULL;
}

static void remember(struct walk *w, uint32_t at, struct seen s)
{
    struct memo *m = parse_alloc(w->p, sizeof *m), *next = w->memo;
    if (m == NULL)
        return;
    while (next != NULL && next->at >= at)
        next = next->next;
    *m = (struct memo){next, at, s, w->now};
    w->memo = m;
}

struct seen walk_term(struct walk *w)
{
    uint32_t at = w->now.at;
    if (w->p->no_memory || *w->work == 0 || !enter(w))
        return nothing;
    --*w->work;
    const struct memo *known = recall(w, at);
    if (known != NULL) {
        w->now = known->after;
        leave(w);
        return known->seen;
    }
    bool is_negative = false;
    ahead_logic_call(w);
    struct seen s = finish_term(w, walk_primary(w, &is_negative));
    if (s.ok && is_negative)
        s = (struct seen){.ok = true, .kind = TERM_CALL, .call = CALL_OTHER, .is_ground = s.is_ground, .count = 2,
                          .head_kind = TERM_VAR, .ref_count = 1, .first = at, .end = s.end};
    leave(w);
    remember(w, at, s);
    return s;
}

/* ---- operators ---- */

static int strength(unsigned kind)
{
    switch (kind) {
    case TOKEN_MUL:
    case TOKEN_DIV:
    case TOKEN_REM:
        return 5;
    case TOKEN_PLUS:
    case TOKEN_MINUS:
        return 4;
    case TOKEN_AND:
        return 3;
    case TOKEN_OR:
        return 2;
    case TOKEN_EQUAL:
    case TOKEN_NEQ:
    case TOKEN_GT:
    case TOKEN_LT:
    case TOKEN_GTE:
    case TOKEN_LTE:
        return 1;
    default:
        return 0;
    }
}

static struct seen infix(struct seen left, struct seen right, unsigned op, enum seen_call call)
{
    return (struct seen){.ok = true,
                         .kind = TERM_CALL,
                         .call = (uint8_t)call,
                         .infix = (uint8_t)op,
                         .is_operator = true,
                         .head_kind = TERM_VAR,
                         .left = left.kind,
                         .right = right.kind,
                         .is_ground = left.is_ground && right.is_ground,
                         .count = 2,
                         .ref_count = 1,
                         .first = left.first,
                         .end = right.end};
}

/* A term with the operators that bind at least as tight as `least`. A missing right operand is an error, but the left one
 * stands, and looser operators may go on from there. */
static struct seen walk_operators(struct walk *w, int least)
{
    struct seen left = walk_term(w);
    int most = 5;
    while (left.ok) {
        unsigned op = w->now.kind;
        int level = op == WALK_BLANK ? 0 : strength(op);
        if (level < least || level > most || level == 0)
            break;
        walk_scan(w);
        struct seen right = level == 5 ? walk_term(w) : walk_operators(w, level + 1);
        most = right.ok ? level : level - 1;
        if (right.ok)
            left = infix(left, right, op, CALL_OTHER);
    }
    return left;
}

static struct seen walk_in(struct walk *w, bool has_key)
{
    struct seen left = walk_operators(w, 1);
    if (!left.ok)
        return left;
    if (has_key && w->now.kind == TOKEN_COMMA) {
        struct place start = w->now;
        walk_scan(w);
        struct seen middle = walk_operators(w, 1), right = nothing;
        if (middle.ok && w->now.kind == TOKEN_IN) {
            walk_scan(w);
            right = walk_operators(w, 1);
        }
        if (right.ok) {
            left = infix(left, middle, TOKEN_IN, CALL_MEMBER_KEY);
            left.is_ground &= right.is_ground;
            left.count = 3;
            left.end = right.end;
            if (w->now.kind != TOKEN_IN)
                return left;
        } else {
            w->now = start;
        }
    }
    for (;;) {
        (void)walk_ahead_ref(w);
        if (w->now.kind != TOKEN_IN)
            return left;
        walk_scan(w);
        struct seen right = walk_operators(w, 1);
        if (!right.ok)
            return left;
        left = infix(left, right, TOKEN_IN, CALL_MEMBER);
        if (w->now.kind != TOKEN_IN)
            return left;
    }
}

struct seen walk_any(struct walk *w)
{
    return walk_in(w, true);
}

struct seen walk_item(struct walk *w)
{
    return walk_in(w, false);
}
