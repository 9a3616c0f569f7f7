/* SPDX-License-Identifier: Apache-2.0
 *
 * --profile: how often and how long the expressions of each line ran.
 */
#ifndef QUIS_CLI_PROFILE_H
#define QUIS_CLI_PROFILE_H

#include "cli/flags.h"
#include "cli/jout.h"
#include "cli/observe.h"

struct profile_row {
    struct loc loc; /* of the first event there */
    uint64_t evals, redos, expressions;
    uint64_t *indexes; /* bits: places of expressions in their bodies */
    size_t index_words;
    int64_t *ns;       /* per run */
};

struct profile {
    struct arena *arena;
    uint32_t *row_of; /* by number of a traced row: its place in rows, and 1 */
    size_t row_of_cap;
    struct profile_row *rows;
    size_t count, cap, runs, run; /* of the runs that there will be, how many were taken */
    bool failed;                  /* out of memory */
};

void profile_init(struct profile *p, struct arena *a, size_t runs);

/* Counts an event of the first run. */
void profile_see(struct profile *p, const struct seen *e);

/* After each run: its times. */
void profile_take(struct profile *p, const struct observer *o);

/* Sorts by the keys of --profile-sort, then opa's; keeps limit rows (0: all). */
void profile_sort(struct profile *p, const struct observer *o, const struct list *keys, int64_t limit);

void profile_json(struct jout *j, struct profile *p, const struct observer *o);
MUST_CHECK bool profile_print(struct profile *p, const struct observer *o);

#endif
