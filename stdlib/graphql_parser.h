/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner of GraphQL and what the parsers of queries and schemas share. Private to the graphql files.
 *
 * The parser keeps one token ahead. The first error stops it: from then on peeking gives the last token taken, and loops end
 * because of failed.
 */
#ifndef QUIS_STDLIB_GRAPHQL_PARSER_H
#define QUIS_STDLIB_GRAPHQL_PARSER_H

#include "stdlib/graphql.h"

enum gql_token_kind {
    TOKEN_INVALID,
    TOKEN_EOF,
    TOKEN_BANG,
    TOKEN_DOLLAR,
    TOKEN_AMP,
    TOKEN_PAREN_L,
    TOKEN_PAREN_R,
    TOKEN_SPREAD,
    TOKEN_COLON,
    TOKEN_EQUALS,
    TOKEN_AT,
    TOKEN_BRACKET_L,
    TOKEN_BRACKET_R,
    TOKEN_BRACE_L,
    TOKEN_BRACE_R,
    TOKEN_PIPE,
    TOKEN_NAME,
    TOKEN_INT,
    TOKEN_FLOAT,
    TOKEN_STRING,
    TOKEN_BLOCK_STRING,
    TOKEN_COMMENT,
};

struct gql_token {
    enum gql_token_kind kind;
    struct str value;
    struct gql_pos pos;
    struct str problem; /* of an invalid token: reported when it is taken */
};

struct gql_lexer {
    struct gql_work *work;
    struct str text;
    size_t start, end;             /* of the token, in bytes */
    uint32_t start_char, end_char; /* in characters */
    uint32_t line, line_start;     /* line_start: in characters */
    bool is_built_in;
};

/* The next token. BI_OK also for an invalid one. */
MUST_CHECK int gql_lex(struct gql_lexer *l, struct gql_token *ret);

/* How error texts name a kind. */
const char *gql_token_name(enum gql_token_kind kind);

struct gql_parser {
    struct gql_work *work;
    struct gql_lexer lexer;
    bool failed;
    int status; /* why: BI_ERROR or BI_HALT */
    bool has_peek, in_comments;
    struct gql_token peek, prev;
    struct gql_comments *comment; /* before the peeked token */
    size_t depth;
};

void gql_parser_init(struct gql_parser *p, struct gql_work *w, struct str text, bool is_built_in);

struct gql_token gql_peek(struct gql_parser *p);
struct gql_token gql_next(struct gql_parser *p);
struct gql_pos gql_peek_pos(struct gql_parser *p);

/* Out of memory or another reason to halt. */
void gql_parser_halt(struct gql_parser *p, int status);

/* A zeroed node; NULL when the parser has failed. */
void *gql_new(struct gql_parser *p, size_t bytes);

/* Adds item unless the parser has failed. */
void gql_add(struct gql_parser *p, struct gql_list *list, void *item);
void gql_add_string(struct gql_parser *p, struct gql_strings *list, struct str s);

/* Takes a token of the kind, or fails. */
struct gql_token gql_expect(struct gql_parser *p, enum gql_token_kind kind);
void gql_expect_keyword(struct gql_parser *p, const char *keyword);

/* Takes the next token if it is of the kind. */
bool gql_skip(struct gql_parser *p, enum gql_token_kind kind);
bool gql_is_next(struct gql_parser *p, enum gql_token_kind kind);
bool gql_is_keyword(struct gql_parser *p, const char *keyword);

void gql_unexpected(struct gql_parser *p);
void gql_unexpected_token(struct gql_parser *p, struct gql_token token);

/* item one or more times between brackets, none at all when start does not come. Returns the comments before end. */
typedef void (*gql_item_fn)(struct gql_parser *p, void *into);
struct gql_comments *gql_some(struct gql_parser *p, enum gql_token_kind start, enum gql_token_kind end, gql_item_fn item,
                              void *into);

/* ---- what queries and schemas have in common: graphql_common.c ---- */

struct str gql_parse_name(struct gql_parser *p);
struct gql_type *gql_parse_type(struct gql_parser *p);
struct gql_value *gql_parse_value(struct gql_parser *p, bool is_const);
void gql_parse_arguments(struct gql_parser *p, bool is_const, struct gql_list *arguments);
void gql_parse_directives(struct gql_parser *p, bool is_const, struct gql_list *directives);
struct str gql_parse_operation_type(struct gql_parser *p);

#endif
