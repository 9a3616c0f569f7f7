/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiled regular expressions and searching with them.
 *
 * Two matchers stand behind this: PCRE2, compiled to machine code from the second use on, and our own (stdlib/re2_prog.h).
 * Which one is asked follows from the expression and the length of the text alone; PCRE2 works under a match limit, and when
 * it gives up, ours takes over. The answer is the same.
 */
#ifndef QUIS_STDLIB_REGEX_ENGINE_H
#define QUIS_STDLIB_REGEX_ENGINE_H

#include "vm/builtin.h"

struct regex;

#define REGEX_UNSET SIZE_MAX

/* The compiled form of pattern, kept by the VM. A pattern that RE2 does not have is a builtin error with Go's text. */
MUST_CHECK int regex_compile(struct bi_ctx *ctx, struct str pattern, struct regex **ret);

/* Number of groups, the whole match not counted. */
uint32_t regex_groups(const struct regex *rx);

/* The number of the first group with this name, or 0. */
uint32_t regex_group_named(const struct regex *rx, struct str name);

/* Is there a match in text? */
MUST_CHECK int regex_is_match(struct bi_ctx *ctx, struct regex *rx, struct str text, bool *ret);

/* Looking for one match after another in one text. places: begin and end of the whole match, of group 1 and so on;
 * REGEX_UNSET where a group has no part in the match. */
struct regex_search {
    struct bi_ctx *ctx;
    struct regex *rx;
    struct str text;
    size_t slots; /* of places */
    size_t *places;
    struct re2_run *run; /* our own matcher, when it is the one that looks */
};

/* with_groups: places of groups are wanted too. */
MUST_CHECK int regex_search_begin(struct bi_ctx *ctx, struct regex *rx, struct str text, bool with_groups,
                                  struct regex_search *ret);

/* The leftmost match that begins at from or later. */
MUST_CHECK int regex_search_next(struct regex_search *s, size_t from, bool *ret_found);

#endif
