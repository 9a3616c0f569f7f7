/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk that explains a failed parse: reads tokens in the order in which OPA's recursive parser tries its readings, only to
 * find the first error that OPA would report, and its words.
 *
 * Nothing is built. A reading that is given up takes its errors with it (the place carries them), as OPA's does. What a term
 * or literal was is summed up in a few facts that messages depend on.
 */
#ifndef QUIS_LANG_PARSE_WALK_H
#define QUIS_LANG_PARSE_WALK_H

#include "lang/parse.h"

/* An error or a hint, newest first. */
struct note {
    struct note *older;
    struct loc loc;
    struct str text;
};

#define WALK_BLANK TOKEN_KIND_COUNT /* kind of the current token: the blank in front of it */

/* Where the walk is, and what it has found up to there. Saved and restored as a whole. */
struct place {
    uint32_t at;  /* token */
    uint8_t kind; /* of it, after OPA's look-ahead: enum token_kind, or WALK_BLANK */
    struct note *errors, *hints;
};

enum seen_call { CALL_OTHER, CALL_MEMBER, CALL_MEMBER_KEY, CALL_EQ, CALL_ASSIGN };

/* What a term was. */
struct seen {
    bool ok;
    uint8_t kind;      /* enum term_kind */
    uint8_t call;      /* enum seen_call */
    uint8_t infix;     /* token kind of an infix call's operator; else 0 */
    uint8_t head_kind; /* of a reference's or a callee's first term */
    uint8_t second;    /* kind of a reference's second term */
    uint8_t left, right; /* kinds of a call's first two operands */
    uint8_t odd_kind;  /* of the first part of a reference, behind the head, that is not a string */
    bool is_ground, second_is_ground, is_empty;
    bool is_operator;  /* an infix call, in parentheses or not */
    uint32_t count;    /* parts of a reference; operands of a call */
    uint32_t ref_count, ref_end; /* parts of a callee; token behind it */
    uint32_t first, end; /* tokens: from first up to end */
    uint32_t odd;      /* token of odd_kind */
};

/* What a literal or a body was. */
struct seen_expr {
    bool ok;
    bool is_term, is_call, is_some, is_every, is_not, is_logic;
    bool is_negated, is_explicit, has_with, is_group;
    struct seen term;
    uint32_t first, end;
};

struct seen_body {
    bool ok;
    uint32_t count;
    struct seen_expr expr; /* the first */
    bool is_void; /* nothing but calls of print */
    bool is_ground;
};

struct memo;

struct walk {
    struct parse *p;
    const struct token *items;
    struct place now;
    unsigned keywords;
    bool not_bodies;
    struct memo *memo;
    uint64_t *work; /* terms that may still be read */
    uint64_t depth;
    bool is_raised; /* rego.v1 or rego.v2 is imported */
    bool is_late;   /* the error is one of the module's own checks */
};

/* ---- moving ---- */

void walk_scan(struct walk *w);
void walk_scan_blank(struct walk *w); /* stops at blanks */
bool walk_is_word(const struct walk *w, const char *word);
bool walk_is_ref_keyword(const struct walk *w, unsigned kind);
bool walk_ahead_ref(struct walk *w); /* a keyword with a dot or bracket behind it becomes a name */
unsigned walk_peek_blank(const struct walk *w); /* the kind of what follows the current token, blanks counting */
unsigned walk_kind_at(const struct walk *w, uint32_t token);
struct loc walk_loc(const struct walk *w);
struct loc walk_token_loc(const struct walk *w, uint32_t token);

/* ---- errors ---- */

void walk_error(struct walk *w, struct loc loc, const char *fmt, ...) PRINTF_LIKE(3, 4);
void walk_illegal(struct walk *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
void walk_illegal_token(struct walk *w);
void walk_hint(struct walk *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The source from token first up to token end. */
struct str walk_text(const struct walk *w, uint32_t first, uint32_t end);

/* ---- reading ---- */

struct seen walk_term(struct walk *w);
struct seen walk_any(struct walk *w);
struct seen walk_item(struct walk *w);
struct seen walk_ref(struct walk *w, struct seen head);
struct seen walk_var(struct walk *w);
struct seen_expr walk_literal(struct walk *w);
struct seen_body walk_body(struct walk *w, unsigned end);
struct seen_body walk_query(struct walk *w, bool needs_semicolon, unsigned end);
bool walk_withs(struct walk *w);

/* and, or, not (walk_logic.c) */
bool walk_logic_active(const struct walk *w);
bool walk_is_negated(struct walk *w);
struct seen_expr walk_logic_literal(struct walk *w, bool *ret_done);
struct seen_expr walk_not_body(struct walk *w, uint32_t not_token);
struct seen_expr walk_logic_tail(struct walk *w, struct seen_body left, bool is_explicit, uint32_t first);
struct seen_expr walk_negated_group(struct walk *w, uint32_t not_token, bool *ret_done);
struct seen_expr walk_logic_after(struct walk *w, struct seen_expr e, bool has_not, struct loc with_loc);
struct seen_body walk_body_of(const struct walk *w, struct seen_expr e);
bool walk_is_void(const struct walk *w, const struct seen_expr *e);
struct seen_expr walk_expr(struct walk *w);

/* A parser of its own from here on that knows all keywords, or none of the new ones; its errors are dropped. */
struct walk walk_future(const struct walk *w);
struct walk walk_present(const struct walk *w);

/* ---- statements ---- */

/* Walks statements from the current token on, up to the first error. */
void walk_statements(struct walk *w);

#endif
