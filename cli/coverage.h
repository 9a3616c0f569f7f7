/* SPDX-License-Identifier: Apache-2.0
 *
 * --coverage: which rules and expressions of the policies ran.
 *
 * Expressions are those of the policies as written, so they are collected before the stages rewrite them.
 */
#ifndef QUIS_CLI_COVERAGE_H
#define QUIS_CLI_COVERAGE_H

#include "cli/jout.h"
#include "cli/observe.h"

/* How an evaluation differs from the usual one; in the order in which reports name them. */
enum coverage_run { COVERAGE_USUAL, COVERAGE_ALL_RULES, COVERAGE_NO_EARLY_EXIT, COVERAGE_RUNS };

struct coverage_range {
    uint32_t row, col, end_row, end_col;
    unsigned kinds; /* bits: runs that covered it */
};

struct coverage_ranges {
    struct coverage_range *items;
    size_t count, cap;
};

struct coverage_file {
    uint32_t file;
    struct coverage_ranges written, covered[COVERAGE_RUNS], missed;
    uint64_t covered_lines, missed_lines;
};

struct coverage {
    struct arena *arena;
    const struct compiler *c;
    struct coverage_file *files;
    size_t count;
    uint8_t *known; /* by number of a traced row: bits of runs that have seen it */
    size_t known_cap;
    uint64_t covered_lines, missed_lines;
    bool failed; /* out of memory */
};

void coverage_collect(struct coverage *cv, struct arena *a, const struct compiler *c);
void coverage_see(struct coverage *cv, const struct seen *e, enum coverage_run run);
void coverage_finish(struct coverage *cv);

void coverage_json(struct jout *j, struct coverage *cv);
MUST_CHECK bool coverage_print(struct coverage *cv);

#endif
