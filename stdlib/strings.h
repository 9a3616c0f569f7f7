/* SPDX-License-Identifier: Apache-2.0
 *
 * What the string builtins share: searching, and making text within the limits.
 */
#ifndef QUIS_STDLIB_STRINGS_H
#define QUIS_STDLIB_STRINGS_H

#include "vm/builtin.h"

#define STRINGS_NONE SIZE_MAX

/* Where needle begins in s, or STRINGS_NONE; an empty needle is at 0. Linear. */
size_t strings_find(struct str s, struct str needle);

/* Fuel for touching n bytes a word at a time. */
MUST_CHECK int strings_charge(struct bi_ctx *ctx, size_t n);

/* n bytes for text that a builtin is about to write, charged and within the limit of output. */
MUST_CHECK int strings_new(struct bi_ctx *ctx, size_t n, char **ret);

/* s with every bad byte replaced by U+FFFD; s itself when there is none. */
MUST_CHECK int strings_scrub(struct bi_ctx *ctx, struct str s, struct str *ret);

/* An array of strings or a set of them, in order: "must be array of strings but got array containing number". */
MUST_CHECK int strings_sequence(struct bi_ctx *ctx, const struct value *argv, int operand, const char *expected,
                                const struct value **ret, size_t *ret_count);

#endif
