/* SPDX-License-Identifier: Apache-2.0
 *
 * State of the scanner, and what its actions do. Only scanner.l and scan.c include this.
 */
#ifndef QUIS_LANG_SCAN_H
#define QUIS_LANG_SCAN_H

#include "lang/token.h"

/* All that the generated scanner allocates: its state, one buffer head and a stack of one. */
#define SCAN_MEMORY 1024

struct scan {
    struct tokens *out;
    const char *base;     /* the scanner's copy of the text */
    size_t size;          /* without the two NULs behind it */
    uint32_t row;
    size_t line;          /* where the row starts */
    size_t tails;         /* bytes of the row that are not the first of a character */
    uint8_t flags;        /* TOKEN_SPACE, TOKEN_LINE for the next token */
    bool plain;           /* the text is ASCII without NULs */
    bool after_comment;   /* nothing but blanks since a comment */
    const char *pending;  /* an error for the next token */
    uint32_t *braces;     /* per open template expression, innermost last: braces open in it, and 1 << 31 for a raw one */
    size_t template_count, template_cap;
    size_t used;          /* bytes of memory given out */
    _Alignas(16) char memory[SCAN_MEMORY];
};

/* Adds a token of size bytes at offset. */
void scan_token(struct scan *s, enum token_kind kind, size_t offset, size_t size);

/* Notes an error for the last token, which becomes illegal. */
void scan_error(struct scan *s, const char *message);

void scan_word(struct scan *s, size_t offset, size_t size);
void scan_line(struct scan *s, size_t offset);
size_t scan_comment(struct scan *s, size_t offset); /* to the end of the line */
void scan_bad_number(struct scan *s, size_t offset, size_t size);

/* Strings from their quote on: how many bytes they take. */
size_t scan_string(struct scan *s, size_t offset);
size_t scan_raw_string(struct scan *s, size_t offset);

/* A template string from its $ on, and how many bytes its first part takes. */
size_t scan_template(struct scan *s, size_t offset);

/* A brace; a closing one may resume a template string. Returns how many bytes were taken. */
size_t scan_brace(struct scan *s, size_t offset, char brace);

/* Anything else: a byte that starts no token. Returns its length as a character. */
size_t scan_other(struct scan *s, size_t offset);

/* The end: adds TOKEN_EOF. */
void scan_end(struct scan *s);

void *scan_alloc(struct scan *s, size_t size);

/* The generated scanner: fills s->out. text has size bytes and two NULs behind them. */
void scan_run(struct scan *s, char *text, size_t size);

#endif
