/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of variables as bitmaps.
 *
 * A numbering gives the variables of one rule (or body) numbers from 0, so that sets are as small as the rule and not as
 * large as the policy. All sets made under one numbering have its width; they live in the scratch arena and die with it.
 * Collecting variables from a tree follows OPA's rules of what to skip.
 */
#ifndef QUIS_LANG_VARS_H
#define QUIS_LANG_VARS_H

#include "lang/ast.h"

struct passes;

struct var_numbers {
    const struct atom **atoms; /* by number */
    size_t count, cap;
    size_t words;              /* of a set */
    uint64_t *free;            /* sets given back, linked through their first word */
};

struct varset {
    uint64_t *words;
};

/* What not to look into. */
enum vars_skip {
    VARS_ALL = 0,
    VARS_SKIP_REF_HEAD = 1 << 0,
    VARS_SKIP_CALL_HEAD = 1 << 1, /* the names of called functions, and of functions in with */
    VARS_SKIP_KEYS = 1 << 2,      /* of objects */
    VARS_SKIP_CLOSURES = 1 << 3,  /* comprehensions, template strings, bodies of every, not, and, or */
    VARS_SKIP_SETS = 1 << 4,
    VARS_PROMOTE = 1 << 5,        /* of bare operands of not, and, or: the variables that the body around must bind */
    VARS_SAFETY = VARS_SKIP_CALL_HEAD | VARS_SKIP_CLOSURES,
    VARS_OUTPUT = VARS_SKIP_CLOSURES | VARS_SKIP_SETS | VARS_SKIP_KEYS | VARS_SKIP_REF_HEAD,
    VARS_PATTERN = VARS_SKIP_REF_HEAD | VARS_SKIP_KEYS | VARS_SKIP_CLOSURES,
};

/* Forgets the numbering and resets the scratch arena. Then vars_number_* for everything that sets shall hold, then
 * vars_ready before the first set. */
void vars_begin(struct passes *s);
MUST_CHECK bool vars_number(struct passes *s, const struct atom *a);
MUST_CHECK bool vars_number_term(struct passes *s, const struct term *t);
MUST_CHECK bool vars_number_expr(struct passes *s, const struct expr *e);
MUST_CHECK bool vars_number_body(struct passes *s, const struct body *b);
MUST_CHECK bool vars_number_head(struct passes *s, const struct head *h);
void vars_ready(struct passes *s);

/* An empty set; words NULL when out of memory. */
struct varset vars_set(struct passes *s);
struct varset vars_copy(struct passes *s, const struct varset *from);

/* Gives a set's memory to the next vars_set. */
void vars_drop(struct passes *s, struct varset *set);

/* Adds a variable that has a number; others are ignored. */
void vars_add(struct passes *s, struct varset *set, const struct atom *a);
void vars_remove(struct passes *s, struct varset *set, const struct atom *a);
bool vars_has(struct passes *s, const struct varset *set, const struct atom *a);

void vars_clear(const struct passes *s, struct varset *set);
void vars_assign(const struct passes *s, struct varset *set, const struct varset *from);
void vars_update(const struct passes *s, struct varset *set, const struct varset *more);
void vars_subtract(const struct passes *s, struct varset *set, const struct varset *less);
void vars_intersect(const struct passes *s, struct varset *set, const struct varset *with);
bool vars_is_empty(const struct passes *s, const struct varset *set);
bool vars_is_subset(const struct passes *s, const struct varset *set, const struct varset *of);
bool vars_is_equal(const struct passes *s, const struct varset *a, const struct varset *b);

/* The next number in the set from number on, or SIZE_MAX. */
size_t vars_next(const struct passes *s, const struct varset *set, size_t number);

/* Adds the variables of a tree. false: out of memory (only VARS_PROMOTE allocates). */
MUST_CHECK bool vars_of_term(struct passes *s, const struct term *t, unsigned skip, struct varset *set);
MUST_CHECK bool vars_of_expr(struct passes *s, const struct expr *e, unsigned skip, struct varset *set);
MUST_CHECK bool vars_of_body(struct passes *s, const struct body *b, unsigned skip, struct varset *set);
MUST_CHECK bool vars_of_with(struct passes *s, const struct with *w, unsigned skip, struct varset *set);

/* The variables that a bare operand body of not, and, or needs from around it. */
MUST_CHECK bool vars_of_operand(struct passes *s, const struct body *b, struct varset *set);

/* Does the variable occur anywhere below? */
bool term_mentions(const struct term *t, const struct atom *a);
bool expr_mentions(const struct expr *e, const struct atom *a);
bool body_mentions(const struct body *b, const struct atom *a);

#endif
