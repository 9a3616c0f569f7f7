/* SPDX-License-Identifier: Apache-2.0
 *
 * --explain, --profile and --coverage of one evaluation: what each needs before, during and after it.
 */
#ifndef QUIS_CLI_OBSERVING_H
#define QUIS_CLI_OBSERVING_H

#include "cli/coverage.h"
#include "cli/explain.h"
#include "cli/profile.h"
#include "cli/session.h"

struct observing {
    struct arena arena;
    struct observer observer;
    bool explains, profiles, covers;
    struct seen_list explanation;
    struct profile profile;
    struct coverage coverage;
    enum coverage_run coverage_run; /* the one that goes on */
    size_t runs, run;               /* wanted, and done */
};

/* Does anything of it need events? */
bool observing_is_wanted(const struct flags *f);

/* Before policies are parsed: makes the session's programs tell what they do. */
void observing_init(struct observing *ob, struct session *s);
void observing_fini(struct observing *ob);

/* When policies were parsed and before stages rewrite them. */
void observing_parsed(struct observing *ob, const struct session *s);

/* After each run. */
void observing_take(struct observing *ob, size_t run);

/* After the last: sorts, filters, and unless the evaluation failed runs what else coverage needs. false: out of memory. */
MUST_CHECK bool observing_finish(struct observing *ob, struct session *s, uint32_t entry, bool failed);

#endif
