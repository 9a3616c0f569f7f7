/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of regular expressions: one pass, a stack of finished parts with markers for open groups and alternatives.
 *
 * Accepts what Go's regexp/syntax accepts with the Perl flags, and refuses the rest with the same text about the same piece of
 * the pattern. Recursion: none. The limits on nesting, size and repetition are Go's.
 */
#include "stdlib/re2_parser.h"

#include "base/utf8.h"
#include "stdlib/unicode.h"

#define MOST_HEIGHT 1000
#define MOST_SIZE (INT64_C(128) * 1024 * 1024 / 40)
#define MOST_RUNES (INT64_C(128) * 1024 * 1024 / 4)
#define MOST_REPEATS 1000

bool re2_fail(struct re2_parser *p, const char *text, struct str where)
{
    if (p->status == RE2_OK) {
        p->status = RE2_BAD;
        p->error = (struct re2_error){text, where};
    }
    return false;
}

bool re2_pay(struct re2_parser *p, uint64_t units)
{
    if (*p->fuel < units) {
        if (p->status == RE2_OK)
            p->status = RE2_NOFUEL;
        return false;
    }
    *p->fuel -= units;
    return true;
}

/* ---- nodes ---- */

static struct re2_node *new_node(struct re2_parser *p, enum re2_op op)
{
    struct re2_node *n = arena_zeroed(p->arena, 1, sizeof *n);
    if (n == NULL) {
        p->status = RE2_NOMEM;
        return NULL;
    }
    n->op = (uint8_t)op;
    n->flags = p->flags;
    if (p->spare_nodes > 0)
        p->spare_nodes--;
    else
        p->node_count++;
    return n;
}

static bool is_nullable_concat(const struct re2_node *n)
{
    for (uint32_t i = 0; i < n->count; i++)
        if (!n->children[i]->is_nullable)
            return false;
    return true;
}

/* What follows from the children. */
static void measure_children(struct re2_node *n)
{
    n->height = n->repeats = 1;
    n->size = 0;
    bool any_nullable = false;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct re2_node *child = n->children[i];
        n->height = child->height + 1 > n->height ? child->height + 1 : n->height;
        n->repeats = child->repeats > n->repeats ? child->repeats : n->repeats;
        n->size += child->size;
        n->has_empty_loop |= child->has_empty_loop;
        any_nullable |= child->is_nullable;
    }
    n->is_nullable = n->op == RE2_CONCAT ? is_nullable_concat(n) : any_nullable;
}

static void measure_repeat(struct re2_node *n)
{
    int64_t sub = n->size, min = n->min, max = n->max;
    int64_t times = max < 0 ? min : max;
    if (max < 0)
        n->size = min == 0 ? 2 + sub : 1 + min * sub;
    else
        n->size = max * sub + (max - min);
    if (max == 0)
        n->repeats = 1;
    else if (times > 1)
        n->repeats = (uint32_t)(times * n->repeats < UINT32_MAX ? times * n->repeats : UINT32_MAX);
    n->has_empty_loop |= max < 0 && n->is_nullable;
    n->is_nullable |= min == 0;
}

static void measure(struct re2_node *n)
{
    switch (n->op) {
    case RE2_LITERAL:
        n->height = n->repeats = 1;
        n->size = n->count;
        break;
    case RE2_CLASS:
    case RE2_ANY:
    case RE2_ANY_NOT_NL:
    case RE2_NO_MATCH:
        n->height = n->repeats = 1;
        n->size = 1;
        break;
    case RE2_CAPTURE:
        measure_children(n);
        n->size += 2;
        break;
    case RE2_STAR:
    case RE2_PLUS:
    case RE2_QUEST:
        measure_children(n);
        n->size += n->op == RE2_STAR ? 2 : 1;
        n->has_empty_loop |= n->op != RE2_QUEST && n->is_nullable;
        n->is_nullable |= n->op != RE2_PLUS;
        break;
    case RE2_REPEAT:
        measure_children(n);
        measure_repeat(n);
        break;
    case RE2_CONCAT:
        measure_children(n);
        break;
    case RE2_ALTERNATE:
        measure_children(n);
        n->size += n->count - 1;
        break;
    default:
        n->height = n->repeats = 1;
        n->size = 1;
        n->is_nullable = true;
        break;
    }
    if (n->size < 1)
        n->size = 1;
}

static bool check_limits(struct re2_parser *p, struct re2_node *n)
{
    measure(n);
    if (n->op == RE2_REPEAT) {
        int64_t times = n->max < 0 ? n->min : n->max;
        if (times < 1)
            times = 1;
        p->repeat_product = times > MOST_SIZE / p->repeat_product ? MOST_SIZE : p->repeat_product * times;
    }
    p->does_track_size = p->does_track_size || (int64_t)p->node_count >= MOST_SIZE / p->repeat_product;
    if (p->rune_count > MOST_RUNES || (p->does_track_size && n->size > MOST_SIZE))
        return re2_fail(p, "expression too large", p->whole);
    if (n->height > MOST_HEIGHT)
        return re2_fail(p, "expression nests too deeply", p->whole);
    return true;
}

/* ---- the stack ---- */

static struct re2_node *top(const struct re2_parser *p, size_t depth)
{
    return depth <= p->count ? p->stack[p->count - depth] : NULL;
}

static bool append_runes(struct re2_parser *p, struct re2_node *to, const uint32_t *runes, uint32_t count)
{
    size_t need = (size_t)to->count + count, cap = 4;
    while (cap < to->count)
        cap *= 2; /* what the array was grown to: powers of two */
    if (to->count == 0 || need > cap) {
        size_t grown = cap;
        while (grown < need)
            grown *= 2;
        uint32_t *room = arena_array(p->arena, grown, sizeof *room);
        if (room == NULL) {
            p->status = RE2_NOMEM;
            return false;
        }
        if (to->count > 0)
            memcpy(room, to->runes, to->count * sizeof *room);
        to->runes = room;
    }
    memcpy(to->runes + to->count, runes, count * sizeof *runes);
    to->count = (uint32_t)need;
    return true;
}

/* Joins the two literals on top, so that the last one alone stays open to a repetition. */
static bool join_literals(struct re2_parser *p)
{
    struct re2_node *last = top(p, 1), *before = top(p, 2);
    if (last == NULL || before == NULL || last->op != RE2_LITERAL || before->op != RE2_LITERAL ||
        ((last->flags ^ before->flags) & RE2_FOLD_CASE) != 0)
        return true;
    if (!append_runes(p, before, last->runes, last->count))
        return false;
    measure(before);
    p->count--;
    p->spare_nodes++;
    return true;
}

static bool push_node(struct re2_parser *p, struct re2_node *n)
{
    if (n == NULL || !join_literals(p))
        return false;
    if (!arena_grow(p->arena, &p->stack, &p->cap, p->count + 1, sizeof *p->stack)) {
        p->status = RE2_NOMEM;
        return false;
    }
    p->stack[p->count++] = n;
    return check_limits(p, n);
}

static bool push_op(struct re2_parser *p, enum re2_op op)
{
    return push_node(p, new_node(p, op));
}

static bool push_rune(struct re2_parser *p, uint32_t c, uint8_t flags)
{
    struct re2_node *n = new_node(p, RE2_LITERAL);
    if (n == NULL || !append_runes(p, n, &c, 1))
        return false;
    n->flags = flags;
    return push_node(p, n);
}

bool re2_push_literal(struct re2_parser *p, uint32_t c)
{
    uint8_t flags = p->flags;
    if ((flags & RE2_FOLD_CASE) != 0) {
        uint32_t least = c;
        for (uint32_t f = unicode_fold(c); f != c; f = unicode_fold(f))
            least = f < least ? f : least;
        c = least;
    }
    return push_rune(p, c, flags);
}

/* A class of one code point, or of one in both cases, is a literal. */
bool re2_push_class(struct re2_parser *p, struct re2_class *c)
{
    if (c->failed) {
        p->status = RE2_NOMEM;
        return false;
    }
    if (!re2_pay(p, c->work))
        return false;
    p->rune_count += (int64_t)c->count * 2;
    uint8_t plain = (uint8_t)(p->flags & ~RE2_FOLD_CASE);
    const uint32_t *r = c->pairs;
    if (c->count == 1 && r[0] == r[1])
        return push_rune(p, r[0], plain);
    uint32_t other = c->count == 2 && r[0] == r[1] && r[2] == r[3] ? r[2] : c->count == 1 && r[0] + 1 == r[1] ? r[1] : 0;
    if (other != 0 && unicode_fold(r[0]) == other && unicode_fold(other) == r[0])
        return push_rune(p, r[0], plain | RE2_FOLD_CASE);
    struct re2_node *n = new_node(p, RE2_CLASS);
    if (n == NULL)
        return false;
    n->runes = c->pairs;
    n->count = (uint32_t)c->count;
    return push_node(p, n);
}

/* ---- repetition ---- */

/* Makes the top of the stack repeat. before: the pattern from the operator on; *after: what follows it, without a "?" that is
 * taken. last: the operator before this one, if it stands directly before, from there on. */
static bool push_repeat(struct re2_parser *p, enum re2_op op, int32_t min, int32_t max, struct str before, struct str *after,
                        struct str last)
{
    uint8_t flags = p->flags;
    if (after->len > 0 && after->p[0] == '?') {
        *after = str_of(after->p + 1, after->len - 1);
        flags ^= RE2_NON_GREEDY;
    }
    if (last.len > 0)
        return re2_fail(p, "invalid nested repetition operator", str_of(last.p, last.len - after->len));
    struct str shown = str_of(before.p, before.len - after->len);
    struct re2_node *sub = top(p, 1);
    if (sub == NULL || sub->op >= RE2_LEFT_PAREN)
        return re2_fail(p, "missing argument to repetition operator", shown);
    struct re2_node *n = new_node(p, op);
    struct re2_node **child = arena_array(p->arena, 1, sizeof *child);
    if (n == NULL || child == NULL) {
        p->status = RE2_NOMEM;
        return false;
    }
    *child = sub;
    n->flags = flags;
    n->min = min;
    n->max = max;
    n->children = child;
    n->count = 1;
    p->stack[p->count - 1] = n;
    if (!check_limits(p, n))
        return false;
    if (op == RE2_REPEAT && (min >= 2 || max >= 2) && n->repeats > MOST_REPEATS)
        return re2_fail(p, "invalid repeat count", shown);
    return true;
}

/* A number without leading zeros; -1 when it has nine digits or more. */
static bool read_count(struct str *t, int32_t *ret)
{
    size_t n = 0;
    int64_t value = 0;
    while (n < t->len && t->p[n] >= '0' && t->p[n] <= '9') {
        value = value < 0 || value >= 100000000 ? -1 : value * 10 + (t->p[n] - '0');
        n++;
    }
    if (n == 0 || (n > 1 && t->p[0] == '0'))
        return false;
    *ret = (int32_t)value;
    *t = str_of(t->p + n, t->len - n);
    return true;
}

/* {min}, {min,} or {min,max}; false when t is none of them, and "{" stands for itself. */
static bool read_braces(struct str *t, int32_t *ret_min, int32_t *ret_max)
{
    struct str s = str_of(t->p + 1, t->len - 1);
    if (!read_count(&s, ret_min) || s.len == 0)
        return false;
    *ret_max = *ret_min;
    if (s.p[0] == ',') {
        s = str_of(s.p + 1, s.len - 1);
        if (s.len == 0)
            return false;
        if (s.p[0] == '}') {
            *ret_max = -1;
        } else if (!read_count(&s, ret_max)) {
            return false;
        } else if (*ret_max < 0) {
            *ret_min = -1;
        }
    }
    if (s.len == 0 || s.p[0] != '}')
        return false;
    *t = str_of(s.p + 1, s.len - 1);
    return true;
}

/* ---- concatenation, alternatives, groups ---- */

/* The finished parts above the topmost marker, or with bars counted in, above the topmost "(". */
static size_t parts_from(const struct re2_parser *p)
{
    size_t i = p->count;
    while (i > 0 && p->stack[i - 1]->op < RE2_LEFT_PAREN)
        i--;
    return i;
}

static bool is_single(const struct re2_node *n)
{
    return n->op == RE2_CLASS || (n->op == RE2_LITERAL && n->count == 1);
}

/* a|b|[cd] as [abcd]; n as it is when its parts are not all of one character. */
static struct re2_node *join_singles(struct re2_parser *p, struct re2_node *n)
{
    for (uint32_t i = 0; i < n->count; i++)
        if (!is_single(n->children[i]))
            return n;
    struct re2_class all, part;
    re2_class_init(&all, p->arena);
    for (uint32_t i = 0; i < n->count; i++) {
        const struct re2_node *child = n->children[i];
        re2_class_init(&part, p->arena);
        for (uint32_t k = 0; k < child->count; k++) {
            bool is_class = child->op == RE2_CLASS;
            re2_class_add(&part, child->runes[is_class ? 2 * k : k], child->runes[is_class ? 2 * k + 1 : k]);
        }
        re2_class_add_class(&all, &part, child->op == RE2_LITERAL && (child->flags & RE2_FOLD_CASE) != 0, false);
    }
    re2_class_clean(&all);
    if (all.failed) {
        p->status = RE2_NOMEM;
        return NULL;
    }
    n->op = RE2_CLASS;
    n->runes = all.pairs;
    n->count = (uint32_t)all.count;
    return n;
}

/* One node of the parts from from on; a part of the same op gives its own parts. */
static struct re2_node *collapse(struct re2_parser *p, size_t from, enum re2_op op)
{
    size_t parts = p->count - from, total = 0;
    if (parts == 1)
        return p->stack[from];
    for (size_t i = from; i < p->count; i++)
        total += p->stack[i]->op == op ? p->stack[i]->count : 1;
    struct re2_node *n = new_node(p, op);
    struct re2_node **children = arena_array(p->arena, total, sizeof *children);
    if (n == NULL || children == NULL || total > UINT32_MAX) {
        p->status = RE2_NOMEM;
        return NULL;
    }
    for (size_t i = from; i < p->count; i++) {
        struct re2_node *part = p->stack[i];
        bool same = part->op == op;
        memcpy(children + n->count, same ? part->children : &part, (same ? part->count : 1) * sizeof *children);
        n->count += same ? part->count : 1;
        p->spare_nodes += same;
    }
    n->children = children;
    return op == RE2_ALTERNATE ? join_singles(p, n) : n;
}

/* Replaces the parts above the topmost marker by one. */
static bool push_collapsed(struct re2_parser *p, enum re2_op op)
{
    if (op == RE2_CONCAT && !join_literals(p)) /* alternatives stand side by side: nothing to join there */
        return false;
    size_t from = parts_from(p);
    struct re2_node *n = from == p->count ? new_node(p, op == RE2_CONCAT ? RE2_EMPTY : RE2_NO_MATCH) : collapse(p, from, op);
    p->count = from;
    return push_node(p, n);
}

/* The part on top goes below the bar that it stands on: it is an alternative then. False when there is no bar. */
static bool swap_bar(struct re2_parser *p)
{
    struct re2_node *last = top(p, 1), *bar = top(p, 2);
    if (bar == NULL || bar->op != RE2_VERTICAL_BAR)
        return false;
    p->stack[p->count - 2] = last;
    p->stack[p->count - 1] = bar;
    return true;
}

static bool close_alternatives(struct re2_parser *p)
{
    if (!push_collapsed(p, RE2_CONCAT))
        return false;
    if (swap_bar(p))
        p->count--;
    return push_collapsed(p, RE2_ALTERNATE);
}

static bool open_group(struct re2_parser *p, bool captures, struct str name)
{
    struct re2_node *n = new_node(p, RE2_LEFT_PAREN);
    if (n == NULL)
        return false;
    n->name = name;
    if (captures)
        n->cap = ++p->groups;
    return push_node(p, n);
}

static bool close_group(struct re2_parser *p)
{
    if (!close_alternatives(p))
        return false;
    struct re2_node *inner = top(p, 1), *paren = top(p, 2);
    if (paren == NULL || paren->op != RE2_LEFT_PAREN)
        return re2_fail(p, "unexpected )", p->whole);
    p->count -= 2;
    p->flags = paren->flags;
    if (paren->cap == 0)
        return push_node(p, inner);
    struct re2_node **child = arena_array(p->arena, 1, sizeof *child);
    if (child == NULL) {
        p->status = RE2_NOMEM;
        return false;
    }
    *child = inner;
    paren->op = RE2_CAPTURE;
    paren->children = child;
    paren->count = 1;
    return push_node(p, paren);
}

/* ---- (?...) ---- */

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c != '_' && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
            return false;
    }
    return s.len > 0;
}

static bool check_utf8(struct re2_parser *p, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        if (utf8_decode(s.p + i, s.len - i, &len) == UTF8_BAD && len == 1)
            return re2_fail(p, "invalid UTF-8", str_of(s.p + i, s.len - i));
        i += len;
    }
    return true;
}

/* (?P<name> and (?<name> */
static bool read_named_group(struct re2_parser *p, struct str *t, size_t name_at)
{
    const char *end = memchr(t->p, '>', t->len);
    if (end == NULL)
        return check_utf8(p, *t) && re2_fail(p, "invalid named capture", *t);
    size_t len = (size_t)(end - t->p);
    struct str name = str_of(t->p + name_at, len - name_at);
    if (!check_utf8(p, name))
        return false;
    if (!is_name(name))
        return re2_fail(p, "invalid named capture", str_of(t->p, len + 1));
    *t = str_of(end + 1, t->len - len - 1);
    return open_group(p, true, name);
}

static uint8_t flag_of(uint32_t c)
{
    switch (c) {
    case 'i':
        return RE2_FOLD_CASE;
    case 'm':
        return RE2_MULTI_LINE;
    case 's':
        return RE2_DOT_NL;
    case 'U':
        return RE2_NON_GREEDY;
    default:
        return 0;
    }
}

/* (?flags) and (?flags: and (?on-off: */
static bool read_flags(struct re2_parser *p, struct str *t)
{
    struct str s = str_of(t->p + 2, t->len - 2);
    uint8_t flags = p->flags;
    bool negative = false, seen = false;
    while (s.len > 0) {
        uint32_t c;
        if (!re2_next_rune(p, &s, &c))
            return false;
        uint8_t flag = flag_of(c);
        if (flag != 0) {
            flags = negative ? (uint8_t)(flags & ~flag) : flags | flag;
            seen = true;
        } else if (c == '-' && !negative) {
            negative = true;
            seen = false;
        } else if ((c == ':' || c == ')') && (seen || !negative)) {
            *t = s;
            if (c == ':' && !open_group(p, false, str_of("", 0)))
                return false;
            p->flags = flags;
            return true;
        } else {
            break;
        }
    }
    return re2_fail(p, "invalid or unsupported Perl syntax", str_of(t->p, t->len - s.len));
}

static bool read_paren(struct re2_parser *p, struct str *t)
{
    if (t->len >= 2 && t->p[1] == '?') {
        if (t->len > 4 && t->p[2] == 'P' && t->p[3] == '<')
            return read_named_group(p, t, 4);
        if (t->len > 3 && t->p[2] == '<')
            return read_named_group(p, t, 3);
        return read_flags(p, t);
    }
    *t = str_of(t->p + 1, t->len - 1);
    return open_group(p, true, str_of("", 0));
}

/* ---- the rest ---- */

/* \A \b \B \C \Q \z: true when t is one of them (or is refused). */
static bool read_assertion(struct re2_parser *p, struct str *t)
{
    if (t->len < 2)
        return false;
    struct str rest = str_of(t->p + 2, t->len - 2);
    char c = t->p[1];
    if (c == 'A' || c == 'b' || c == 'B' || c == 'z') {
        *t = rest;
        (void)push_op(p, c == 'A'   ? RE2_BEGIN_TEXT
                         : c == 'b' ? RE2_WORD_BOUNDARY
                         : c == 'B' ? RE2_NO_WORD_BOUNDARY
                                    : RE2_END_TEXT); /* p->status tells */
        return true;
    }
    if (c == 'C') {
        (void)re2_fail(p, "invalid escape sequence", str_of(t->p, 2)); /* p->status tells */
        return true;
    }
    if (c != 'Q')
        return false;
    while (rest.len > 0 && !str_starts(rest, STR("\\E"))) {
        uint32_t rune;
        if (!re2_next_rune(p, &rest, &rune) || !re2_push_literal(p, rune))
            return true;
    }
    *t = rest.len > 0 ? str_of(rest.p + 2, rest.len - 2) : rest;
    return true;
}

static bool read_escape(struct re2_parser *p, struct str *t)
{
    if (read_assertion(p, t))
        return p->status == RE2_OK;
    struct re2_class c;
    re2_class_init(&c, p->arena);
    bool found = re2_read_unicode_class(p, t, &c) || (p->status == RE2_OK && re2_read_perl_class(p, t, &c));
    if (p->status != RE2_OK)
        return false;
    if (found) {
        re2_class_clean(&c);
        return re2_push_class(p, &c);
    }
    uint32_t rune;
    return re2_read_escape(p, t, &rune) && re2_push_literal(p, rune);
}

/* * + ? and {n,m}; *ret_repeat is where the operator stood, nothing when "{" stands for itself. */
static bool read_repeat(struct re2_parser *p, struct str *t, struct str last, struct str *ret_repeat)
{
    struct str before = *t, after = str_of(t->p + 1, t->len - 1);
    enum re2_op op = t->p[0] == '*' ? RE2_STAR : t->p[0] == '+' ? RE2_PLUS : t->p[0] == '?' ? RE2_QUEST : RE2_REPEAT;
    int32_t min = 0, max = 0;
    if (op == RE2_REPEAT) {
        after = before;
        if (!read_braces(&after, &min, &max)) {
            *t = str_of(t->p + 1, t->len - 1);
            return re2_push_literal(p, '{');
        }
        if (min < 0 || min > MOST_REPEATS || max > MOST_REPEATS || (max >= 0 && min > max))
            return re2_fail(p, "invalid repeat count", str_of(before.p, before.len - after.len));
    }
    if (!push_repeat(p, op, min, max, before, &after, last))
        return false;
    *ret_repeat = before;
    *t = after;
    return true;
}

static bool read_bar(struct re2_parser *p)
{
    if (!push_collapsed(p, RE2_CONCAT))
        return false;
    return swap_bar(p) || push_op(p, RE2_VERTICAL_BAR);
}

/* One piece of the pattern from the front of *t. */
static bool read_piece(struct re2_parser *p, struct str *t, struct str last, struct str *ret_repeat)
{
    uint32_t rune;
    struct str rest = str_of(t->p + 1, t->len - 1);
    switch (t->p[0]) {
    case '(':
        return read_paren(p, t);
    case '[':
        return re2_read_class(p, t);
    case '\\':
        return read_escape(p, t);
    case '*':
    case '+':
    case '?':
    case '{':
        return read_repeat(p, t, last, ret_repeat);
    case '|':
        *t = rest;
        return read_bar(p);
    case ')':
        *t = rest;
        return close_group(p);
    case '^':
        *t = rest;
        return push_op(p, (p->flags & RE2_MULTI_LINE) != 0 ? RE2_BEGIN_LINE : RE2_BEGIN_TEXT);
    case '$':
        *t = rest;
        return push_op(p, (p->flags & RE2_MULTI_LINE) != 0 ? RE2_END_LINE : RE2_END_TEXT);
    case '.':
        *t = rest;
        return push_op(p, (p->flags & RE2_DOT_NL) != 0 ? RE2_ANY : RE2_ANY_NOT_NL);
    default:
        return re2_next_rune(p, t, &rune) && re2_push_literal(p, rune);
    }
}

static void name_groups(const struct re2_node *n, struct str *names)
{
    if (n->op == RE2_CAPTURE)
        names[n->cap] = n->name;
    for (uint32_t i = 0; n->op >= RE2_CAPTURE && i < n->count; i++)
        name_groups(n->children[i], names);
}

static bool collect_names(struct re2_parser *p, struct re2 *ret)
{
    ret->names = arena_zeroed(p->arena, (size_t)p->groups + 1, sizeof *ret->names);
    if (ret->names == NULL) {
        p->status = RE2_NOMEM;
        return false;
    }
    for (uint32_t i = 0; i <= p->groups; i++)
        ret->names[i] = str_of("", 0);
    name_groups(ret->root, ret->names);
    return true;
}

static bool parse(struct re2_parser *p, struct re2 *ret)
{
    struct str t = p->whole, last = str_of("", 0);
    while (t.len > 0) {
        struct str repeat = str_of("", 0);
        if (!re2_pay(p, 16) || !read_piece(p, &t, last, &repeat))
            return false;
        last = repeat;
    }
    if (!close_alternatives(p))
        return false;
    if (p->count != 1)
        return re2_fail(p, "missing closing )", p->whole);
    ret->root = p->stack[0];
    ret->groups = p->groups;
    return collect_names(p, ret);
}

enum re2_status re2_parse(struct arena *a, uint64_t *fuel, struct str pattern, struct re2 *ret, struct re2_error *ret_error)
{
    struct re2_parser p = {.arena = a, .fuel = fuel, .whole = pattern, .repeat_product = 1};
    *ret = (struct re2){0};
    bool good = parse(&p, ret);
    *ret_error = p.error;
    return good ? RE2_OK : p.status;
}

void re2_write_error(struct buf *b, const struct re2_error *e)
{
    buf_cstr(b, "error parsing regexp: ");
    buf_cstr(b, e->text);
    buf_cstr(b, ": `");
    buf_str(b, e->where);
    buf_char(b, '`');
}
