/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own matcher of regular expressions: all alternatives at once, in order of preference (Pike's machine).
 *
 * Time is in proportion to text times program, always; the answers are Go's to the byte, on text that is not UTF-8 too.
 * It is slower than PCRE2 by a factor, which is why it is asked second.
 */
#ifndef QUIS_STDLIB_RE2_PROG_H
#define QUIS_STDLIB_RE2_PROG_H

#include "stdlib/re2.h"
#include "vm/builtin.h"

struct re2_prog;

/* The program of a tree, as one block of memory from alloc; a is for temporary use. RE2_BAD: too large a program. */
MUST_CHECK enum re2_status re2_prog_make(struct arena *a, const struct re2 *re, const struct alloc *alloc, struct re2_prog **ret);

void re2_prog_drop(struct re2_prog *p, const struct alloc *alloc);

#define RE2_UNSET SIZE_MAX

/* What the matches of one call of a builtin share. slots: how many places are wanted (0: only whether there is a match). In
 * the arena of ctx. */
struct re2_run;
MUST_CHECK int re2_run_new(struct bi_ctx *ctx, const struct re2_prog *p, size_t slots, struct re2_run **ret);

/* The leftmost match of text at or after from: *ret_found and its places (begin and end of the whole, of group 1 and so on;
 * RE2_UNSET where a group has no part in it). Charges fuel; halts with LIMIT_REGEX. */
MUST_CHECK int re2_run_match(struct re2_run *r, struct str text, size_t from, size_t *places, bool *ret_found);

#endif
