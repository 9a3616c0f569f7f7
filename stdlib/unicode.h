/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts about code points: simple case mapping and folding, general category, script, and classes of them by name.
 *
 * The tables are those of Unicode 15.0.0, the edition of OPA's. Whole strings are not cased here (stdlib/strings_case.c).
 */
#ifndef QUIS_STDLIB_UNICODE_H
#define QUIS_STDLIB_UNICODE_H

#include "base/str.h"

#define UNICODE_MAX 0x10FFFFu

/* The single code point that c maps to; c itself when there is none. */
uint32_t unicode_upper(uint32_t c);
uint32_t unicode_lower(uint32_t c);

/* The next member of the ring of code points that are equal under simple folding; c itself when it is alone. */
uint32_t unicode_fold(uint32_t c);

/* Calls fn for each code point that folds to another one, in no order and for some more than once: about three thousand. */
void unicode_each_folding(void (*fn)(void *ctx, uint32_t c), void *ctx);

bool unicode_is_letter(uint32_t c);
bool unicode_is_digit(uint32_t c); /* decimal digits */
bool unicode_is_space(uint32_t c);
bool unicode_is_print(uint32_t c); /* letters, marks, numbers, punctuation, symbols and the ASCII space */

/* A named class: the code points whose category is in categories, or whose script is script, or up to last. */
struct unicode_class {
    uint32_t categories; /* bit set of category numbers, or 0 */
    uint32_t script;     /* number of a script, or 0 */
    uint32_t last;       /* for Any and ASCII: all code points up to here, or 0 */
    bool negated;        /* Assigned is what is not Cn */
    bool folds;          /* case-insensitive use adds what its members fold to */
};

/* The class that a regular expression names as \p{name}; false when there is none. Case, blanks, '_' and '-' do not count. */
MUST_CHECK bool unicode_class_find(struct str name, struct unicode_class *ret);

/* A place in the ranges of a class; zero at the start. */
struct unicode_cursor {
    uint32_t at, first;
};

/* The next range of the class, not counting negated. false at the end. */
bool unicode_class_next(const struct unicode_class *cls, struct unicode_cursor *cursor, uint32_t *ret_lo, uint32_t *ret_hi);

#endif
