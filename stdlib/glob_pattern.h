/* SPDX-License-Identifier: Apache-2.0
 *
 * Glob patterns: parsing, compiling, matching.
 *
 *   *       characters that are no separator     [abc] [a-z] [!abc]   a class
 *   **      any characters                       {a,b*}               alternatives
 *   ?       one character that is no separator   \c                   c itself
 *
 * A pattern without classes and alternatives is matched by going back to the last star only; any other by following all
 * alternatives at once. Both take time in proportion to text times pattern at most.
 */
#ifndef QUIS_STDLIB_GLOB_PATTERN_H
#define QUIS_STDLIB_GLOB_PATTERN_H

#include "base/arena.h"

struct glob;

struct glob_error {
    size_t offset; /* in the pattern, where the error was noticed */
    const char *reason;
};

enum glob_status { GLOB_OK, GLOB_SYNTAX, GLOB_NOMEM };

/* Parses pattern in a (for temporary use) and makes *ret, *ret_bytes large, with alloc. separators are code points. */
MUST_CHECK enum glob_status glob_make(struct arena *a, struct str pattern, const uint32_t *separators, size_t separator_count,
                                      const struct alloc *alloc, struct glob **ret, size_t *ret_bytes,
                                      struct glob_error *ret_error);

void glob_drop(struct glob *g, const struct alloc *alloc);

/* Upper bound of the steps a match of n bytes takes, for charging before it. */
uint64_t glob_work(const struct glob *g, size_t n);

/* Does all of text match? 1, 0, or -1 when a is out of memory. */
MUST_CHECK int glob_match(const struct glob *g, struct arena *a, struct str text);

#endif
