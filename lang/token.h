/* SPDX-License-Identifier: Apache-2.0
 *
 * The tokens of one source, and what the filter between scanner and grammar knows of them.
 *
 * The scanner (scanner.l) cuts the whole text into an array of tokens first. The filter (token.c) then resolves what depends
 * on context, so that the grammar needs one token of lookahead: which words are keywords here, whether a brace opens a body or
 * a value, whether a bar belongs to a comprehension, whether a bracket continues a reference, where a line ends a literal.
 */
#ifndef QUIS_LANG_TOKEN_H
#define QUIS_LANG_TOKEN_H

#include "lang/ast.h"
#include "vm/limits.h"

enum token_kind {
#define TOKEN(id, text, keyword) TOKEN_##id,
#include "lang/tokens.def"
#undef TOKEN
    TOKEN_KIND_COUNT
};

enum token_flag {
    TOKEN_SPACE = 1 << 0,  /* blanks or a comment before it */
    TOKEN_LINE = 1 << 1,   /* a line ended before it */
    TOKEN_NEXT_PART = 1 << 3, /* a part of a template string that is not its first */
    TOKEN_STARTS = 1 << 4, /* filter: the first token of a statement */
    TOKEN_CUT = 1 << 6,    /* a word or number with a character right behind it that is not ASCII: OPA's token has a part of it */
    TOKEN_SEPARATED = 1 << 5, /* filter: a line break separates it from the literal before */
};

struct token {
    uint8_t kind; /* enum token_kind; the filter turns words that are no keywords in the module into TOKEN_IDENT */
    uint8_t flags;
    uint16_t symbol; /* the grammar's number for it, from the filter */
    uint32_t offset, len;
    uint32_t row, col;
};

/* What is wrong with a TOKEN_ILLEGAL. */
struct scan_error {
    uint32_t token;
    const char *message;
};

enum {
    KEYWORD_IF = 1 << 0,
    KEYWORD_CONTAINS = 1 << 1,
    KEYWORD_IN = 1 << 2,
    KEYWORD_EVERY = 1 << 3,
    KEYWORD_AND = 1 << 4,
    KEYWORD_OR = 1 << 5,
    KEYWORD_NOT = 1 << 6, /* not bodies */
    KEYWORDS_V1 = KEYWORD_IF | KEYWORD_CONTAINS | KEYWORD_IN | KEYWORD_EVERY,
    KEYWORDS_V2 = KEYWORDS_V1 | KEYWORD_AND | KEYWORD_OR | KEYWORD_NOT,
};

struct tokens {
    struct arena *arena;
    struct str text;
    struct token *items; /* the last one is TOKEN_EOF */
    size_t count, cap;
    struct comment *comments;
    size_t comment_count, comment_cap;
    struct scan_error *errors;
    size_t error_count, error_cap;
    uint32_t file;
    bool failed; /* out of memory */
};

/* Cuts text into tokens. false: out of memory. */
MUST_CHECK bool tokens_scan(struct tokens *t, struct arena *arena, struct str text, uint32_t file);

struct filter {
    struct tokens *tokens;
    bool is_query;         /* no rules, imports or packages: literals only */
    enum rego_version version;
    unsigned keywords;     /* KEYWORD_*: at the start; then at the end */
    uint32_t not_from;     /* where KEYWORD_NOT begins to hold */
    uint64_t max_depth;
    uint32_t deep;         /* token where nesting passes max_depth; 0: none */
};

/* Resolves tokens from index first to the end. Stops early at a bracket that closes none: the grammar fails there at the
 * latest. false: out of memory. */
MUST_CHECK bool tokens_filter(struct filter *f, size_t first);

/* The word of a kind in error texts. */
const char *token_text(enum token_kind kind);
bool token_is_keyword(enum token_kind kind);

/* The keyword's bit among KEYWORD_*, 0 for others. */
unsigned token_keyword_bit(enum token_kind kind);

/* The kind of a word: a keyword's or TOKEN_IDENT. */
enum token_kind token_of_word(const char *p, size_t len);

static inline struct str token_str(const struct tokens *t, const struct token *k)
{
    return (struct str){t->text.p + k->offset, k->len};
}

#endif
