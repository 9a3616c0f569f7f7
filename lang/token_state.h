/* SPDX-License-Identifier: Apache-2.0
 *
 * State of the filter between scanner and grammar: what token_filter.c (brackets, operators) and token_word.c (words, imports)
 * share. Nobody else includes this.
 */
#ifndef QUIS_LANG_TOKEN_STATE_H
#define QUIS_LANG_TOKEN_STATE_H

#include "lang/grammar.h"
#include "lang/token.h"

/* How far the text behind an opening bracket looks like the head of a comprehension. */
enum stage {
    STAGE_START,      /* nothing yet */
    STAGE_TERM,       /* one term */
    STAGE_VALUE,      /* a key and a colon */
    STAGE_VALUE_TERM, /* and one term */
    STAGE_BAR,        /* and a bar */
    STAGE_NONE,
};

struct frame {
    uint32_t open;  /* token */
    uint32_t bar;   /* token; 0: none */
    uint32_t chain; /* operators since the last separator: each nests the terms before it */
    uint32_t commas; /* behind the bar */
    uint8_t stage;
    bool has_colon, has_comma, has_separator, colon_after_bar, in_first, in_second;
    bool is_value_bar; /* the bar is behind an object's first value */
    bool is_body;      /* something before the bar that no collection may hold */
    bool has_logic;    /* a parenthesis: and, or, not, with directly inside */
    bool may_group;    /* a parenthesis where and/or may be grouped */
    bool is_undecided; /* a brace that may turn out to be a body */
    bool is_every;     /* between every and its brace */
    bool in_with;      /* between with and as */
    bool has_key;      /* a comma that may belong to `k, v in xs` */
};

struct state {
    struct filter *f;
    struct token *items;
    struct frame *frames; /* the first one is the source itself */
    size_t depth, cap;    /* depth: index of the innermost frame */
    struct frame *top;
    size_t i;
    uint64_t level;       /* depth with all chains */
    bool prev_end;        /* the token before ends an operand */
    bool in_else;         /* behind else, before its body */
    bool is_plain_head;   /* a statement that has had nothing but its name so far */
    bool is_name_next;    /* behind a dot, package or import: any word is a name */
    size_t rule_name;     /* the token that may be followed by blanks and a bracket */
    size_t body_end;      /* the token that ended a body or a declaration last: no term goes on from it */
    size_t path_end;      /* the token behind the last import's path */
    size_t import;        /* the token of an import whose path is being read; 0: none */
};

/* The grammar's symbol of a token without a context. */
extern const uint16_t filter_symbols[TOKEN_KIND_COUNT];

static inline bool filter_is_adjacent(const struct token *t)
{
    return (t->flags & TOKEN_SPACE) == 0;
}

/* A dot or a bracket right behind t: if t is a word, it is a name. */
static inline bool filter_is_name_behind(const struct token *t)
{
    return (t[1].kind == TOKEN_DOT || t[1].kind == TOKEN_LBRACK) && filter_is_adjacent(&t[1]);
}

/* May a literal start at the current token, judging from the one before? */
bool filter_is_literal_start(const struct state *s);

/* An operand, or a word that starts a literal, begins at the current token. */
void filter_start_operand(struct state *s);

/* The current token stands between literals, or in one, never in a list of terms. */
void filter_note_separator(struct state *s);

/* An operator, which nests what stands before it; and the end of what operators nest. */
void filter_extend_chain(struct state *s);
void filter_end_chain(struct state *s);

void filter_on_in(struct state *s);
void filter_on_word(struct state *s);

/* The path of an import ends before the current token: switches on what it imports. */
void filter_apply_import(struct state *s);

#endif
