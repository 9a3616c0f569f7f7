/* SPDX-License-Identifier: Apache-2.0
 *
 * regex.globs_match: is there a text that two restricted expressions both match?
 *
 * They consist of characters, ".", and [sets], each with "+" or "*" or without. The decision is that of gintersect, which does
 * not try all ways: it is not exact where two repetitions meet, and the order of its steps is kept here. What it asks twice
 * is remembered, so that time is polynomial.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/re2.h"

enum token_kind { TOKEN_CHAR, TOKEN_DOT, TOKEN_SET };
enum token_flag { FLAG_NONE, FLAG_PLUS, FLAG_STAR };

struct token {
    enum token_kind kind;
    enum token_flag flag;
    uint32_t c;
    struct re2_class set; /* cleaned */
};

struct glob_text {
    uint32_t *runes;
    size_t len;
    struct token *tokens;
    size_t count, cap;
    struct str text;
};

/* ---- reading ---- */

struct reader {
    struct bi_ctx *ctx;
    struct glob_text *g;
    size_t at;
    uint32_t c;
    bool escaped;
};

static int fail_input(struct reader *r, size_t at, const char *text)
{
    struct str shown = r->g->text;
    return bi_fail(r->ctx, "input:%.*s, pos:%zu, %s: the input provided is invalid", (int)(shown.len < 600 ? shown.len : 600),
                   shown.p, at, text);
}

/* The next character, escapes resolved; *ret_end at the end. */
static int read_rune(struct reader *r, bool *ret_end)
{
    const struct glob_text *g = r->g;
    *ret_end = r->at >= g->len;
    if (*ret_end)
        return BI_OK;
    r->escaped = g->runes[r->at] == '\\';
    if (r->escaped && r->at + 1 == g->len)
        return fail_input(r, r->at, "input ends with a \\ (escape) character");
    r->c = g->runes[r->at + r->escaped];
    r->at += 1 + r->escaped;
    return BI_OK;
}

/* What follows "-" in a set. */
static int read_range(struct reader *r, uint32_t previous, bool has_previous, struct re2_class *set)
{
    bool end;
    if (!has_previous)
        return fail_input(r, r->at, "range character '-' must be preceded by a Unicode character");
    if (r->at + 1 >= r->g->len)
        return fail_input(r, r->at, "range character '-' must be followed by a Unicode character");
    int status = read_rune(r, &end);
    if (status != BI_OK)
        return status;
    if (!r->escaped && (r->c == ']' || r->c == '-'))
        return fail_input(r, r->at, "range character '-' cannot be followed by a special symbol");
    if (r->c < previous) {
        char text[100] = "range is out of order: '";
        size_t n = strlen(text);
        n += utf8_encode(text + n, r->c);
        memcpy(text + n, "' comes before '", 16);
        n += 16;
        n += utf8_encode(text + n, previous);
        memcpy(text + n, "' in Unicode", 13);
        return fail_input(r, r->at, text);
    }
    re2_class_add(set, previous, r->c);
    return BI_OK;
}

static int read_set(struct reader *r, struct re2_class *set)
{
    uint32_t previous = 0;
    bool has_previous = false;
    re2_class_init(set, r->ctx->arena);
    for (;;) {
        bool end;
        int status = read_rune(r, &end);
        if (status != BI_OK)
            return status;
        if (end)
            return fail_input(r, r->at, "found [ without matching ]");
        if (!r->escaped && r->c == ']')
            break;
        if (!r->escaped && r->c == '-') {
            status = read_range(r, previous, has_previous, set);
            if (status != BI_OK)
                return status;
            has_previous = false;
            continue;
        }
        re2_class_add(set, r->c, r->c);
        previous = r->c;
        has_previous = true;
    }
    re2_class_clean(set);
    return set->failed ? bi_nomem(r->ctx) : BI_OK;
}

static int read_flag(struct reader *r, enum token_flag *ret)
{
    struct reader before = *r;
    bool end;
    *ret = FLAG_NONE;
    int status = read_rune(r, &end);
    if (status != BI_OK || end)
        return status;
    if (!r->escaped && (r->c == '+' || r->c == '*'))
        *ret = r->c == '+' ? FLAG_PLUS : FLAG_STAR;
    else
        *r = before;
    return BI_OK;
}

/* The character in r->c begins a token. */
static int read_token(struct reader *r, struct token *t)
{
    int status = BI_OK;
    *t = (struct token){.kind = TOKEN_CHAR, .c = r->c};
    if (!r->escaped && r->c == '.')
        t->kind = TOKEN_DOT;
    if (!r->escaped && r->c == ']')
        return fail_input(r, r->at, "set-close ']' with no preceding '['");
    if (!r->escaped && (r->c == '+' || r->c == '*'))
        return fail_input(r, r->at,
                          r->c == '+' ? "flag '+' must be preceded by a non-flag" : "flag '*' must be preceded by a non-flag");
    if (!r->escaped && r->c == '[') {
        t->kind = TOKEN_SET;
        status = read_set(r, &t->set);
    }
    return status == BI_OK ? read_flag(r, &t->flag) : status;
}

static bool is_same(const struct token *a, const struct token *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == TOKEN_CHAR)
        return a->c == b->c;
    if (a->kind == TOKEN_DOT)
        return true;
    return a->set.count == b->set.count &&
           (a->set.count == 0 || memcmp(a->set.pairs, b->set.pairs, a->set.count * 2 * sizeof *a->set.pairs) == 0);
}

/* Adds a token; two repetitions of the same are one. */
static int add_token(struct reader *r, struct token t)
{
    struct glob_text *g = r->g;
    struct token *last = g->count > 0 ? &g->tokens[g->count - 1] : NULL;
    if (last != NULL && last->flag != FLAG_NONE && t.flag != FLAG_NONE && is_same(&t, last)) {
        last->flag = last->flag == FLAG_PLUS || t.flag == FLAG_PLUS ? FLAG_PLUS : FLAG_STAR;
        return BI_OK;
    }
    if (!arena_grow(r->ctx->arena, &g->tokens, &g->cap, g->count + 1, sizeof *g->tokens))
        return bi_nomem(r->ctx);
    g->tokens[g->count++] = t;
    return BI_OK;
}

static int read_text(struct bi_ctx *ctx, struct str text, struct glob_text *g)
{
    int status = bi_charge(ctx, text.len * 8 + 1);
    if (status != BI_OK)
        return status;
    *g = (struct glob_text){.text = text, .runes = arena_array(ctx->arena, text.len, sizeof *g->runes)};
    if (g->runes == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < text.len;) {
        unsigned len;
        g->runes[g->len++] = utf8_decode(text.p + i, text.len - i, &len);
        i += len;
    }
    struct reader r = {.ctx = ctx, .g = g};
    for (;;) {
        bool end;
        struct token t;
        status = read_rune(&r, &end);
        if (status != BI_OK || end)
            return status;
        status = read_token(&r, &t);
        if (status == BI_OK)
            status = add_token(&r, t);
        if (status != BI_OK)
            return status;
    }
}

/* ---- deciding ---- */

static bool has_member(const struct re2_class *set, uint32_t c)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->pairs[2 * i] <= c && c <= set->pairs[2 * i + 1])
            return true;
    return false;
}

static bool do_match(const struct token *a, const struct token *b)
{
    if (a->kind == TOKEN_DOT || b->kind == TOKEN_DOT)
        return true;
    if (a->kind == TOKEN_CHAR && b->kind == TOKEN_CHAR)
        return a->c == b->c;
    if (a->kind == TOKEN_CHAR)
        return has_member(&b->set, a->c);
    if (b->kind == TOKEN_CHAR)
        return has_member(&a->set, b->c);
    for (size_t i = 0, k = 0; i < a->set.count && k < b->set.count;) {
        const uint32_t *x = &a->set.pairs[2 * i], *y = &b->set.pairs[2 * k];
        if (x[0] <= y[1] && y[0] <= x[1])
            return true;
        if (x[1] < y[1])
            i++;
        else
            k++;
    }
    return false;
}

struct side {
    const struct token *tokens;
    size_t count;
};

enum answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };

/* The question asked of the ends of both sides: [side first][from][from of the other]. */
struct decision {
    struct bi_ctx *ctx;
    struct side sides[2];
    uint8_t *known;
    unsigned depth;
    int status;
};

#define MOST_DEPTH 4000

static bool decide(struct decision *d, unsigned first, size_t i, size_t k);

/* One side begins with a repetition: it takes from the other until the rest of both meet. */
static bool decide_star(struct decision *d, unsigned starred, size_t i, size_t k)
{
    const struct side *a = &d->sides[starred], *b = &d->sides[1 - starred];
    const struct token *star = &a->tokens[i], *next = i + 1 < a->count ? star + 1 : NULL;
    for (; k < b->count && d->status == BI_OK; k++) {
        const struct token *t = &b->tokens[k];
        d->status = bi_charge(d->ctx, 4);
        if (next != NULL && do_match(t, next) && decide(d, starred, i + 1, k))
            return true;
        if (!do_match(t, star))
            return false;
    }
    return next == NULL;
}

static bool decide_plus(struct decision *d, unsigned plussed, size_t i, size_t k)
{
    const struct side *a = &d->sides[plussed], *b = &d->sides[1 - plussed];
    if (!do_match(&a->tokens[i], &b->tokens[k]))
        return false;
    if (decide_star(d, plussed, i, k + 1))
        return true;
    return b->tokens[k].flag != FLAG_NONE && decide(d, plussed, i + 1, k);
}

static bool work_out(struct decision *d, unsigned first, size_t i, size_t k)
{
    const struct side *a = &d->sides[first], *b = &d->sides[1 - first];
    for (; i < a->count && k < b->count; i++, k++) {
        const struct token *x = &a->tokens[i], *y = &b->tokens[k];
        if (x->flag == FLAG_PLUS)
            return decide_plus(d, first, i, k);
        if (x->flag == FLAG_STAR)
            return decide_star(d, first, i, k);
        if (y->flag == FLAG_PLUS)
            return decide_plus(d, 1 - first, k, i);
        if (y->flag == FLAG_STAR)
            return decide_star(d, 1 - first, k, i);
        if (!do_match(x, y))
            return false;
    }
    return i == a->count && k == b->count;
}

static bool decide(struct decision *d, unsigned first, size_t i, size_t k)
{
    size_t row = d->sides[1 - first].count + 1, cells = (d->sides[0].count + 1) * (d->sides[1].count + 1);
    uint8_t *known = &d->known[first * cells + i * row + k];
    if (*known != ANSWER_NONE)
        return *known == ANSWER_YES;
    if (d->depth >= MOST_DEPTH && d->status == BI_OK)
        d->status = bi_halt(d->ctx, ERR_LIMIT_DEPTH, "%s: the expressions are too long", d->ctx->def->name);
    if (d->status == BI_OK)
        d->status = bi_charge(d->ctx, 8);
    if (d->status != BI_OK)
        return false;
    d->depth++;
    bool yes = work_out(d, first, i, k);
    d->depth--;
    *known = yes ? ANSWER_YES : ANSWER_NO;
    return yes;
}

/* Takes off what is equal at both ends, but leaves one of it; false when the ends differ. */
static bool trim_sides(struct side *a, struct side *b)
{
    int64_t left = 0, last_a = (int64_t)a->count - 1, last_b = (int64_t)b->count - 1;
    while (left <= last_a && left <= last_b && a->tokens[left].flag == FLAG_NONE && b->tokens[left].flag == FLAG_NONE) {
        if (!do_match(&a->tokens[left], &b->tokens[left]))
            return false;
        left++;
    }
    if (left > 0)
        left--;
    while (last_a >= left && last_b >= left && a->tokens[last_a].flag == FLAG_NONE && b->tokens[last_b].flag == FLAG_NONE) {
        if (!do_match(&a->tokens[last_a], &b->tokens[last_b]))
            return false;
        last_a--;
        last_b--;
    }
    if (last_a < (int64_t)a->count - 1) {
        last_a++;
        last_b++;
    }
    if (left > 0) {
        a->tokens += left;
        b->tokens += left;
    }
    a->count = (size_t)(last_a + 1 - left);
    b->count = (size_t)(last_b + 1 - left);
    return true;
}

int bif_regex_globs_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str a, b;
    struct glob_text x, y;
    int status = bi_string(ctx, argv, 1, &a);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &b);
    if (status == BI_OK)
        status = read_text(ctx, a, &x);
    if (status == BI_OK)
        status = read_text(ctx, b, &y);
    if (status != BI_OK)
        return status;
    struct decision d = {.ctx = ctx, .sides = {{x.tokens, x.count}, {y.tokens, y.count}}};
    *ret = value_bool(false);
    if (!trim_sides(&d.sides[0], &d.sides[1]))
        return BI_OK;
    size_t cells;
    if (!size_mul(d.sides[0].count + 1, d.sides[1].count + 1, &cells) || !size_mul(cells, 2, &cells))
        return bi_nomem(ctx);
    status = bi_charge(ctx, cells / 32);
    if (status != BI_OK)
        return status;
    d.known = arena_zeroed(ctx->arena, cells, 1);
    if (d.known == NULL)
        return bi_nomem(ctx);
    *ret = value_bool(decide(&d, 0, 0, 0));
    return d.status;
}
