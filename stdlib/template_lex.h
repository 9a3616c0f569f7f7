/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner of text templates (Go's text/template): text and what stands between {{ and }}.
 */
#ifndef QUIS_STDLIB_TEMPLATE_LEX_H
#define QUIS_STDLIB_TEMPLATE_LEX_H

#include "base/buf.h"

enum template_token_kind {
    TT_ERROR, /* text is what is wrong */
    TT_EOF,
    TT_BOOL,
    TT_CHAR, /* any other printable ASCII character */
    TT_CHAR_CONSTANT,
    TT_COMPLEX,
    TT_ASSIGN,  /* = */
    TT_DECLARE, /* := */
    TT_FIELD,   /* .name */
    TT_IDENTIFIER,
    TT_LEFT_DELIM,
    TT_LEFT_PAREN,
    TT_NUMBER,
    TT_PIPE,
    TT_RAW_STRING,
    TT_RIGHT_DELIM,
    TT_RIGHT_PAREN,
    TT_SPACE,
    TT_STRING,
    TT_TEXT,
    TT_VARIABLE,
    TT_FIRST_KEYWORD, /* from here on: keywords */
    TT_BLOCK = TT_FIRST_KEYWORD,
    TT_BREAK,
    TT_CONTINUE,
    TT_DOT,
    TT_DEFINE,
    TT_ELSE,
    TT_END,
    TT_IF,
    TT_NIL,
    TT_RANGE,
    TT_TEMPLATE,
    TT_WITH,
};

struct template_token {
    enum template_token_kind kind;
    size_t at; /* in the template */
    uint32_t line;
    struct str text;
};

struct template_lexer {
    struct arena *arena;
    struct str input;
    size_t at, start;
    bool at_end; /* the end was read over once: nothing is given back after that */
    int parens;
    uint32_t line, start_line;
    bool inside; /* an action */
    bool failed; /* out of memory */
    struct template_token token;
};

void template_lexer_init(struct template_lexer *l, struct arena *a, struct str input);

struct template_token template_next(struct template_lexer *l);

#endif
