/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter's view of words: which are keywords here and which are names, and what imports switch on.
 */
#include "lang/token_state.h"

/* ---- imports ---- */

static bool is_text(const struct state *s, size_t i, const char *text)
{
    return str_equal(token_str(s->f->tokens, &s->items[i]), str_cstr(text));
}

/* The parts of a path: name, dot, name, or name [ "name" ]. Returns the token of part n of the path at first; 0: none. */
static size_t path_part(const struct state *s, size_t first, size_t end, int n)
{
    size_t at = first;
    while (n-- > 0) {
        if (s->items[at + 1].kind == TOKEN_DOT)
            at += 2;
        else if (s->items[at + 1].kind == TOKEN_LBRACK)
            at += at == first || s->items[at].kind != TOKEN_STRING ? 2 : 3;
        else
            return 0;
        if (at >= end)
            return 0;
    }
    return at;
}

static bool is_part(const struct state *s, size_t i, const char *text)
{
    struct str part = token_str(s->f->tokens, &s->items[i]);
    if (part.len >= 2 && (part.p[0] == '"' || part.p[0] == '`'))
        part = (struct str){part.p + 1, part.len - 2};
    return i != 0 && str_equal(part, str_cstr(text));
}

static unsigned imported_keywords(const struct state *s, size_t keyword)
{
    static const struct {
        const char *name;
        unsigned bits;
    } names[] = {{"if", KEYWORD_IF},       {"contains", KEYWORD_CONTAINS}, {"in", KEYWORD_IN},
                 {"every", KEYWORD_EVERY | KEYWORD_IN}, {"and", KEYWORD_AND}, {"or", KEYWORD_OR},
                 {"not", KEYWORD_NOT}};
    if (keyword == 0)
        return KEYWORDS_V2;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (is_part(s, keyword, names[i].name))
            return names[i].bits;
    return 0;
}

/* The path of an import ends before the current token: what does it switch on? */
void filter_apply_import(struct state *s)
{
    size_t first = s->import + 1, end = s->i;
    struct filter *f = s->f;
    s->import = 0;
    s->path_end = end;
    unsigned bits = 0;
    if (is_text(s, first, "rego")) {
        size_t version = path_part(s, first, end, 1);
        if (is_part(s, version, "v1"))
            bits = KEYWORDS_V1;
        else if (is_part(s, version, "v2"))
            bits = KEYWORDS_V2;
    } else if (is_text(s, first, "future")) {
        if (is_part(s, path_part(s, first, end, 1), "keywords"))
            bits = imported_keywords(s, path_part(s, first, end, 3) != 0 ? 0 : path_part(s, first, end, 2));
    } else if (token_keyword_bit(s->items[end].kind) != 0 || s->items[end].kind == TOKEN_NOT) {
        s->items[end].kind = TOKEN_IDENT; /* read before OPA's scanner knows its keywords again */
    }
    if ((bits & ~f->keywords & KEYWORD_NOT) != 0)
        f->not_from = s->items[end].offset;
    f->keywords |= bits;
}

/* ---- words ---- */

/* some x, y without an in behind it declares names only. */
static bool is_declaration(struct state *s)
{
    const struct token *t = &s->items[s->i + 1];
    int commas = 0;
    for (;; t += 2, commas++) {
        if (t->kind != TOKEN_IDENT && token_keyword_bit(t->kind) == 0)
            return false;
        if ((t[1].kind == TOKEN_DOT || t[1].kind == TOKEN_LBRACK || t[1].kind == TOKEN_LPAREN) && filter_is_adjacent(&t[1]))
            return false;
        if (t[1].kind != TOKEN_COMMA)
            break;
    }
    bool is_names = t[1].kind != TOKEN_IN || (s->f->keywords & KEYWORD_IN) == 0 || (commas != 1 && filter_is_name_behind(&t[1]));
    if (is_names)
        s->body_end = (size_t)(t - s->items); /* no operator goes on from a name that is only declared */
    return is_names;
}

/* A keyword with a dot or a bracket right behind it, where OPA takes it as a name. */
static bool is_name_here(const struct state *s, enum token_kind kind)
{
    const struct token *t = &s->items[s->i];
    if (!filter_is_name_behind(t))
        return false;
    if (!s->prev_end)
        return filter_is_literal_start(s) && s->items[s->i - 1].kind != TOKEN_LPAREN;
    if (kind == TOKEN_IN && s->top->has_key)
        return false; /* OPA does not look ahead there */
    if ((kind == TOKEN_IF || kind == TOKEN_CONTAINS) && s->depth == 0 && s->is_plain_head)
        return false; /* a head's own keyword */
    return kind != TOKEN_AS || (!s->top->in_with && s->path_end != s->i);
}

static void on_name(struct state *s)
{
    s->items[s->i].symbol = IDENT;
    filter_start_operand(s);
    s->prev_end = true;
}

static void on_contains(struct state *s)
{
    struct token *t = &s->items[s->i];
    bool is_keyword = s->depth == 0 && s->prev_end && !s->f->is_query;
    if (is_keyword && !s->is_plain_head && (t->flags & TOKEN_LINE) != 0)
        is_keyword = false; /* a rule of that name */
    if (!is_keyword) {
        on_name(s);
        return;
    }
    s->prev_end = false;
    s->is_plain_head = false;
    filter_end_chain(s);
}

static void on_logic(struct state *s)
{
    struct token *t = &s->items[s->i];
    if (s->prev_end) {
        s->top->has_logic = true;
        filter_note_separator(s);
        filter_extend_chain(s);
        s->prev_end = false;
    } else if (t[1].kind == TOKEN_LPAREN && filter_is_adjacent(&t[1])) {
        on_name(s);
    }
}

static void on_statement_word(struct state *s, enum token_kind kind)
{
    struct token *t = &s->items[s->i];
    filter_start_operand(s);
    s->prev_end = false;
    s->is_plain_head = kind == TOKEN_DEFAULT;
    if (kind == TOKEN_DEFAULT) {
        s->rule_name = s->i + 1;
        return;
    }
    s->rule_name = SIZE_MAX - 1;
    bool is_path = !filter_is_name_behind(t);
    s->is_name_next = is_path;
    if (kind == TOKEN_IMPORT && is_path)
        s->import = s->i;
}

static void on_keyword(struct state *s, enum token_kind kind)
{
    struct token *t = &s->items[s->i];
    switch (kind) {
    case TOKEN_NULL:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        filter_start_operand(s);
        s->prev_end = true;
        return;
    case TOKEN_PACKAGE:
    case TOKEN_IMPORT:
    case TOKEN_DEFAULT:
        on_statement_word(s, kind);
        return;
    case TOKEN_NOT:
        if (s->i != 0 && s->top->open + 1 == s->i)
            s->top->has_logic = true;
        filter_start_operand(s);
        filter_note_separator(s);
        break;
    case TOKEN_SOME:
        filter_start_operand(s);
        filter_note_separator(s);
        if (!is_declaration(s))
            t->symbol = SOME_IN;
        break;
    case TOKEN_EVERY:
        filter_start_operand(s);
        filter_note_separator(s);
        s->top->is_every = true;
        break;
    case TOKEN_WITH:
        s->top->has_logic = true;
        s->top->in_with = true;
        filter_end_chain(s);
        filter_note_separator(s);
        break;
    case TOKEN_AS:
        s->top->in_with = false;
        break;
    case TOKEN_ELSE:
        s->in_else = true;
        filter_extend_chain(s);
        break;
    case TOKEN_IF:
        s->is_plain_head = false;
        filter_end_chain(s);
        break;
    default:
        break;
    }
    s->prev_end = false;
}

void filter_on_word(struct state *s)
{
    struct token *t = &s->items[s->i];
    unsigned bit = token_keyword_bit(t->kind);
    if (bit != 0 && (s->f->keywords & bit) == 0)
        t->kind = TOKEN_IDENT;
    enum token_kind kind = t->kind;
    t->symbol = filter_symbols[kind];
    bool is_name = kind == TOKEN_IDENT || is_name_here(s, kind);
    bool is_first = s->depth != 0 && s->top->open + 1 == s->i && s->items[s->top->open].kind == TOKEN_LBRACE;
    if (is_name && is_first && kind != TOKEN_IDENT && kind != TOKEN_CONTAINS)
        filter_note_separator(s); /* in a set or object it would be a keyword */
    if (is_name)
        on_name(s);
    else if (kind == TOKEN_CONTAINS)
        on_contains(s);
    else if (kind == TOKEN_LOGICAL_AND || kind == TOKEN_LOGICAL_OR)
        on_logic(s);
    else if (kind == TOKEN_IN)
        filter_on_in(s);
    else
        on_keyword(s, kind);
}
