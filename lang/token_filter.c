/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter between scanner and grammar: one pass over the tokens with a stack of open brackets.
 *
 * Whether a brace opens a body, a parenthesis a group of and/or, and whether a bar makes a comprehension is only known at the
 * closing bracket: the opening token gets its symbol then. Everything else follows from the token before. Where OPA tries one
 * reading and then another, the filter picks the one that OPA ends with; where none is accepted it may pick any.
 */
#include "lang/grammar.h"
#include "lang/token_state.h"

const uint16_t filter_symbols[TOKEN_KIND_COUNT] = {
    [TOKEN_ILLEGAL] = GRAM_UNDEF,
    [TOKEN_EOF] = END,
    [TOKEN_IDENT] = IDENT,
    [TOKEN_PACKAGE] = PACKAGE,
    [TOKEN_IMPORT] = IMPORT,
    [TOKEN_AS] = AS,
    [TOKEN_DEFAULT] = DEFAULT,
    [TOKEN_ELSE] = ELSE,
    [TOKEN_NOT] = NOT,
    [TOKEN_SOME] = SOME,
    [TOKEN_WITH] = WITH,
    [TOKEN_NULL] = NULL_VALUE,
    [TOKEN_TRUE] = TRUE,
    [TOKEN_FALSE] = FALSE,
    [TOKEN_NUMBER] = NUMBER,
    [TOKEN_STRING] = STRING,
    [TOKEN_TEMPLATE_PART] = TEMPLATE_PART,
    [TOKEN_TEMPLATE_END] = TEMPLATE_END,
    [TOKEN_RAW_TEMPLATE_PART] = TEMPLATE_PART,
    [TOKEN_RAW_TEMPLATE_END] = TEMPLATE_END,
    [TOKEN_LBRACK] = LBRACK,
    [TOKEN_RBRACK] = RBRACK,
    [TOKEN_LBRACE] = LBRACE,
    [TOKEN_RBRACE] = RBRACE,
    [TOKEN_LPAREN] = LPAREN,
    [TOKEN_RPAREN] = RPAREN,
    [TOKEN_COMMA] = COMMA,
    [TOKEN_COLON] = COLON,
    [TOKEN_PLUS] = ADDITION,
    [TOKEN_MINUS] = ADDITION,
    [TOKEN_MUL] = MULTIPLICATION,
    [TOKEN_DIV] = MULTIPLICATION,
    [TOKEN_REM] = MULTIPLICATION,
    [TOKEN_AND] = INTERSECTION,
    [TOKEN_OR] = UNION,
    [TOKEN_UNIFY] = UNIFY,
    [TOKEN_EQUAL] = RELATION,
    [TOKEN_ASSIGN] = ASSIGN,
    [TOKEN_IN] = IN,
    [TOKEN_NEQ] = RELATION,
    [TOKEN_GT] = RELATION,
    [TOKEN_LT] = RELATION,
    [TOKEN_GTE] = RELATION,
    [TOKEN_LTE] = RELATION,
    [TOKEN_DOT] = DOT,
    [TOKEN_SEMICOLON] = SEMICOLON,
    [TOKEN_EVERY] = EVERY,
    [TOKEN_CONTAINS] = CONTAINS,
    [TOKEN_IF] = IF,
    [TOKEN_LOGICAL_AND] = LOGICAL_AND,
    [TOKEN_LOGICAL_OR] = LOGICAL_OR,
};

/* ---- looking around ---- */

/* Does a dot, bracket or parenthesis continue the term before it? Behind the name of a rule there may be blanks. */
static bool is_suffix(const struct state *s, const struct token *t)
{
    if (!s->prev_end || s->body_end + 1 == s->i)
        return false;
    return filter_is_adjacent(t) || (s->depth == 0 && !s->f->is_query && s->rule_name + 1 == s->i);
}

static bool has_logic_words(const struct state *s)
{
    return (s->f->keywords & (KEYWORD_AND | KEYWORD_OR)) != 0;
}

static bool is_word(enum token_kind kind)
{
    return kind == TOKEN_IDENT || token_is_keyword(kind);
}

/* Is t an operator between operands of and/or? */
static bool is_logic_word(const struct state *s, const struct token *t)
{
    return (t->kind == TOKEN_LOGICAL_AND || t->kind == TOKEN_LOGICAL_OR) &&
           (s->f->keywords & token_keyword_bit(t->kind)) != 0 && !filter_is_name_behind(t);
}

/* May t go on an expression whose first term is closed just before it? */
static bool continues_term(const struct state *s, const struct token *t)
{
    switch ((enum token_kind)t->kind) {
    case TOKEN_DOT:
    case TOKEN_LBRACK:
    case TOKEN_LPAREN:
        return filter_is_adjacent(t);
    case TOKEN_IN:
        return (s->f->keywords & KEYWORD_IN) != 0 && !filter_is_name_behind(t);
    case TOKEN_COMMA:
    case TOKEN_UNIFY:
    case TOKEN_ASSIGN:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_MUL:
    case TOKEN_DIV:
    case TOKEN_REM:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_EQUAL:
    case TOKEN_NEQ:
    case TOKEN_GT:
    case TOKEN_LT:
    case TOKEN_GTE:
    case TOKEN_LTE:
        return true;
    default:
        return false;
    }
}

/* May a literal start at the current token, judging from the one before? */
bool filter_is_literal_start(const struct state *s)
{
    if (s->i == 0 || s->prev_end)
        return true;
    switch ((enum token_kind)s->items[s->i - 1].kind) {
    case TOKEN_OR:
        return s->depth != 0 && s->top->bar + 1 == s->i;
    case TOKEN_LBRACE:
    case TOKEN_SEMICOLON:
    case TOKEN_IF:
    case TOKEN_DEFAULT:
    case TOKEN_TEMPLATE_PART:
    case TOKEN_RAW_TEMPLATE_PART:
        return true;
    case TOKEN_LPAREN:
        return s->top->may_group;
    default:
        return s->depth == 0 && s->items[s->i - 1].symbol == GRAM_UNDEF;
    }
}

/* ---- nesting ---- */

void filter_end_chain(struct state *s)
{
    s->level -= s->top->chain;
    s->top->chain = 0;
    s->top->has_key = false;
}

static void note_level(struct state *s)
{
    if (++s->level > s->f->max_depth && s->f->deep == 0)
        s->f->deep = (uint32_t)s->i;
}

void filter_extend_chain(struct state *s)
{
    s->top->chain++;
    note_level(s);
}

static bool push_frame(struct state *s)
{
    struct arena *a = s->f->tokens->arena;
    if (!arena_grow(a, &s->frames, &s->cap, s->depth + 2, sizeof *s->frames))
        return false;
    s->top = &s->frames[++s->depth];
    *s->top = (struct frame){.open = (uint32_t)s->i};
    note_level(s);
    return true;
}

static void pop_frame(struct state *s)
{
    s->level -= s->top->chain + 1;
    s->top = &s->frames[--s->depth];
}

/* ---- what a token means for the bracket around it ---- */

static void note_operand(struct state *s)
{
    struct frame *fr = s->top;
    if (fr->stage == STAGE_START)
        fr->stage = STAGE_TERM;
    else if (fr->stage == STAGE_VALUE)
        fr->stage = STAGE_VALUE_TERM;
}

void filter_note_separator(struct state *s)
{
    struct frame *fr = s->top;
    if (fr->stage == STAGE_BAR) {
        fr->has_separator = true;
        return;
    }
    fr->is_body = true;
    fr->stage = STAGE_NONE;
}

/* An operand, or a word that starts a literal, begins at the current token. */
void filter_start_operand(struct state *s)
{
    struct token *t = &s->items[s->i];
    if (!s->prev_end) {
        note_operand(s);
        return;
    }
    filter_end_chain(s);
    filter_note_separator(s);
    s->top->in_with = false;
    if (s->depth != 0) {
        if ((t->flags & TOKEN_LINE) != 0)
            t->flags |= TOKEN_SEPARATED;
        return;
    }
    t->flags |= TOKEN_STARTS;
    s->in_else = false;
    s->is_plain_head = true;
    s->rule_name = s->i;
}

static void on_operator(struct state *s)
{
    filter_extend_chain(s);
    struct frame *fr = s->top;
    if (fr->stage != STAGE_BAR)
        fr->stage = STAGE_NONE;
    s->prev_end = false;
}

static void on_bar(struct state *s)
{
    struct frame *fr = s->top;
    bool is_value = fr->stage == STAGE_VALUE_TERM, is_head = s->prev_end && (is_value || fr->stage == STAGE_TERM);
    on_operator(s);
    if (is_head && s->depth != 0) {
        fr->bar = (uint32_t)s->i;
        fr->is_value_bar = is_value;
        fr->stage = STAGE_BAR;
    }
}

/* May a comma here belong to `k, v in xs`? Not in lists. */
static bool may_have_key(const struct state *s)
{
    if (s->depth == 0 || s->top->stage == STAGE_BAR)
        return true;
    const struct token *open = &s->items[s->top->open];
    switch ((enum token_kind)open->kind) {
    case TOKEN_LBRACE:
        return open->symbol != LBRACE || s->top->is_undecided;
    case TOKEN_LBRACK:
        return open->symbol == REF_LBRACK;
    case TOKEN_LPAREN:
        return open->symbol != CALL_LPAREN;
    default:
        return true;
    }
}

static void on_comma(struct state *s)
{
    struct frame *fr = s->top;
    filter_end_chain(s);
    s->prev_end = false;
    fr->has_key = may_have_key(s);
    if (fr->stage == STAGE_BAR) {
        fr->commas++;
        return;
    }
    fr->has_comma = true;
    fr->stage = STAGE_NONE;
}

static void on_colon(struct state *s)
{
    struct frame *fr = s->top;
    filter_end_chain(s);
    s->prev_end = false;
    fr->has_colon = true;
    if (fr->stage == STAGE_BAR)
        fr->colon_after_bar = true;
    else
        fr->stage = fr->has_comma ? STAGE_NONE : STAGE_VALUE;
}

void filter_on_in(struct state *s)
{
    struct frame *fr = s->top;
    on_operator(s);
    if (fr->stage != STAGE_BAR)
        return;
    if (fr->commas == 0)
        fr->in_first = true;
    else if (fr->commas == 1)
        fr->in_second = true;
}

/* Does the bar make a comprehension? Commas belong to a list of terms, unless to `k, v in xs`. */
static bool is_comprehension(const struct frame *fr)
{
    if (fr->bar == 0)
        return false;
    if (fr->colon_after_bar)
        return !fr->is_value_bar; /* a key cannot be a union of bare terms: OPA takes it for a comprehension's head */
    return fr->commas == 0 || fr->has_separator || (fr->commas == 1 && !fr->in_first && fr->in_second);
}

/* ---- brackets ---- */

static bool open_bracket(struct state *s)
{
    struct token *t = &s->items[s->i];
    bool is_part = is_suffix(s, t);
    if (is_part)
        t->symbol = REF_LBRACK;
    else
        filter_start_operand(s);
    s->prev_end = false;
    if (!push_frame(s))
        return false;
    if (is_part)
        s->top->stage = STAGE_NONE;
    return true;
}

static bool open_paren(struct state *s)
{
    struct token *t = &s->items[s->i];
    bool is_call = is_suffix(s, t);
    bool may_group = false;
    if (is_call) {
        t->symbol = CALL_LPAREN;
        filter_extend_chain(s);
    } else {
        enum token_kind before = s->i == 0 ? TOKEN_EOF : s->items[s->i - 1].kind;
        bool is_operand = before == TOKEN_LOGICAL_AND || before == TOKEN_LOGICAL_OR;
        may_group = (has_logic_words(s) && (is_operand || filter_is_literal_start(s))) ||
                    (before == TOKEN_NOT && (s->f->keywords & KEYWORD_NOT) != 0) ||
                    (before == TOKEN_LPAREN && s->top->may_group);
        filter_start_operand(s);
    }
    s->prev_end = false;
    if (!push_frame(s))
        return false;
    s->top->may_group = may_group;
    s->top->stage = STAGE_NONE;
    return true;
}

/* The symbol of a brace that what stands before it decides; 0: what it holds does. */
static uint16_t brace_from_before(struct state *s)
{
    enum token_kind before = s->i == 0 ? TOKEN_EOF : s->items[s->i - 1].kind;
    if (s->prev_end) {
        if (s->top->is_every || (s->depth == 0 && !s->f->is_query)) {
            s->top->is_every = false;
            return LBODY;
        }
        return 0;
    }
    switch (before) {
    case TOKEN_ELSE:
        return LBODY;
    case TOKEN_IF:
        return s->in_else ? LBODY : 0;
    case TOKEN_NOT:
        return (s->f->keywords & KEYWORD_NOT) != 0 ? LOPERAND : LBRACE;
    case TOKEN_LOGICAL_AND:
    case TOKEN_LOGICAL_OR:
        return LOPERAND;
    default:
        return filter_is_literal_start(s) ? 0 : LBRACE;
    }
}

static bool open_brace(struct state *s)
{
    struct token *t = &s->items[s->i];
    uint16_t symbol = brace_from_before(s);
    if (symbol == LBODY) {
        filter_end_chain(s);
        if (s->depth == 0)
            s->is_plain_head = s->in_else = false;
    } else {
        filter_start_operand(s);
    }
    t->symbol = symbol == 0 ? LBRACE : symbol;
    s->prev_end = false;
    if (!push_frame(s))
        return false;
    s->top->is_undecided = symbol == 0;
    return true;
}

/* A brace where a literal may start is closed: what was it? */
static uint16_t brace_from_inside(const struct state *s, const struct frame *fr)
{
    const struct token *next = &s->items[s->i + 1];
    if (has_logic_words(s) && is_logic_word(s, next))
        return LOPERAND;
    bool is_behind_if = fr->open != 0 && s->items[fr->open - 1].kind == TOKEN_IF && s->depth == 1;
    if (!is_behind_if)
        return LBRACE;
    if (fr->is_body)
        return LBODY;
    bool is_value = s->i == fr->open + 1 || fr->has_colon || is_comprehension(fr) || continues_term(s, next);
    return is_value ? LBRACE : LBODY;
}

/* A keyword directly behind the opening token at `before` names a reference, if a literal may start there. */
static void settle_word(struct state *s, uint32_t before, bool starts_literal)
{
    struct token *t = &s->items[before + 1];
    if (t->symbol == IDENT && !starts_literal && t->kind != TOKEN_IDENT && t->kind != TOKEN_CONTAINS &&
        filter_is_name_behind(t))
        t->symbol = filter_symbols[t->kind];
}

static void close_brace(struct state *s)
{
    struct frame fr = *s->top;
    struct token *open = &s->items[fr.open];
    bool is_template = open->kind != TOKEN_LBRACE;
    if (!is_template) {
        if (fr.is_undecided)
            open->symbol = brace_from_inside(s, &fr);
        bool is_value = open->symbol == LBRACE;
        /* behind a parenthesis that may group, OPA has read the word as a name before it tries a value, and remembers */
        const struct frame *around = s->top - 1;
        bool is_grouped = around->may_group && around->open + 1 == fr.open;
        settle_word(s, fr.open, !is_value || is_grouped);
        if (fr.bar != 0) {
            bool is_compr = is_value && is_comprehension(&fr);
            if (is_compr)
                s->items[fr.bar].symbol = BAR;
            settle_word(s, fr.bar, is_compr);
        }
    }
    if (open->symbol != LBRACE)
        s->body_end = s->i;
    pop_frame(s);
    s->prev_end = !is_template;
}

static void close_bracket(struct state *s)
{
    struct frame fr = *s->top;
    if (fr.bar != 0) {
        bool is_compr = is_comprehension(&fr);
        if (is_compr)
            s->items[fr.bar].symbol = BAR;
        settle_word(s, fr.bar, is_compr);
    }
    pop_frame(s);
    s->prev_end = true;
}

static void close_paren(struct state *s)
{
    struct frame fr = *s->top;
    struct token *open = &s->items[fr.open];
    pop_frame(s);
    s->prev_end = true;
    if (!fr.may_group || !fr.has_logic)
        return;
    open->symbol = LGROUP;
    /* ((a or b)): the outer pair groups as well */
    bool is_whole = s->depth != 0 && s->top->open + 1 == fr.open && s->items[s->i + 1].kind == TOKEN_RPAREN;
    if (is_whole)
        s->top->has_logic = true;
}

/* Does the closing token fit the innermost bracket? */
static bool fits(const struct state *s, enum token_kind close)
{
    if (s->depth == 0)
        return false;
    switch ((enum token_kind)s->items[s->top->open].kind) {
    case TOKEN_LBRACK:
        return close == TOKEN_RBRACK;
    case TOKEN_LPAREN:
        return close == TOKEN_RPAREN;
    default:
        return close == TOKEN_RBRACE;
    }
}

/* ---- the pass ---- */

static void on_dot(struct state *s)
{
    struct token *t = &s->items[s->i];
    if (is_suffix(s, t)) {
        s->is_name_next = filter_is_adjacent(&t[1]);
        s->prev_end = false;
        return;
    }
    filter_start_operand(s);
    t->symbol = NUMBER_DOT;
    s->prev_end = false;
}

static bool on_template(struct state *s, bool is_part)
{
    struct token *t = &s->items[s->i];
    if ((t->flags & TOKEN_NEXT_PART) != 0)
        t->symbol = is_part ? NEXT_PART : NEXT_END;
    else
        filter_start_operand(s);
    s->prev_end = !is_part;
    return !is_part || push_frame(s);
}

/* false: out of memory. */
static bool on_token(struct state *s)
{
    struct token *t = &s->items[s->i];
    enum token_kind kind = t->kind;
    t->symbol = filter_symbols[kind];
    switch (kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
        filter_start_operand(s);
        s->prev_end = true;
        return true;
    case TOKEN_TEMPLATE_PART:
    case TOKEN_RAW_TEMPLATE_PART:
        return on_template(s, true);
    case TOKEN_TEMPLATE_END:
    case TOKEN_RAW_TEMPLATE_END:
        return on_template(s, false);
    case TOKEN_LBRACK:
        return open_bracket(s);
    case TOKEN_LPAREN:
        return open_paren(s);
    case TOKEN_LBRACE:
        return open_brace(s);
    case TOKEN_RBRACK:
        close_bracket(s);
        return true;
    case TOKEN_RPAREN:
        close_paren(s);
        return true;
    case TOKEN_RBRACE:
        close_brace(s);
        return true;
    case TOKEN_DOT:
        on_dot(s);
        return true;
    case TOKEN_COMMA:
        on_comma(s);
        return true;
    case TOKEN_COLON:
        on_colon(s);
        return true;
    case TOKEN_OR:
        on_bar(s);
        return true;
    case TOKEN_MINUS:
        if (s->prev_end && s->body_end + 1 != s->i) {
            on_operator(s);
            return true;
        }
        if (s->prev_end)
            filter_start_operand(s);
        t->symbol = NEGATE;
        s->prev_end = false;
        return true;
    case TOKEN_UNIFY:
    case TOKEN_ASSIGN:
    case TOKEN_SEMICOLON:
        filter_end_chain(s);
        filter_note_separator(s);
        s->prev_end = false;
        if (s->depth == 0)
            s->is_plain_head = false;
        return true;
    case TOKEN_ILLEGAL:
    case TOKEN_EOF:
        s->prev_end = false;
        return true;
    default:
        on_operator(s);
        return true;
    }
}

static bool is_path_token(const struct state *s, const struct token *t)
{
    if (s->depth != 0)
        return true;
    return filter_is_adjacent(t) && (t->kind == TOKEN_DOT || t->kind == TOKEN_LBRACK || t->kind == TOKEN_LPAREN);
}

static bool run(struct state *s)
{
    size_t count = s->f->tokens->count;
    for (; s->i < count; s->i++) {
        struct token *t = &s->items[s->i];
        if (s->import != 0 && !s->is_name_next && !is_path_token(s, t))
            filter_apply_import(s);
        bool is_name = s->is_name_next && is_word(t->kind);
        s->is_name_next = false;
        if (is_name) {
            t->symbol = s->items[s->i - 1].kind == TOKEN_DOT ? NAME : IDENT;
            s->prev_end = true;
            continue;
        }
        if (is_word(t->kind)) {
            filter_on_word(s);
            continue;
        }
        bool is_close = t->kind == TOKEN_RBRACK || t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACE;
        if (is_close && !fits(s, t->kind)) {
            t->symbol = GRAM_UNDEF;
            return true;
        }
        if (!on_token(s))
            return false;
    }
    return true;
}

bool tokens_filter(struct filter *f, size_t first)
{
    struct state s = {.f = f, .items = f->tokens->items, .i = first, .rule_name = SIZE_MAX - 1};
    f->deep = 0;
    if (!arena_grow(f->tokens->arena, &s.frames, &s.cap, 32, sizeof *s.frames))
        return false;
    s.top = s.frames;
    *s.top = (struct frame){.open = UINT32_MAX - 1};
    s.prev_end = true; /* whatever comes starts a statement */
    s.body_end = first - 1;
    if (!run(&s))
        return false;
    if (f->deep != 0)
        f->tokens->items[f->deep].symbol = GRAM_UNDEF;
    return true;
}
