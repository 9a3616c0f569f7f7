/* SPDX-License-Identifier: Apache-2.0
 *
 * Results in opa's formats.
 */
#ifndef QUIS_CLI_PRESENT_H
#define QUIS_CLI_PRESENT_H

#include "cli/session.h"

struct results {
    const struct program *program;
    uint32_t entry;
    struct value value; /* of the entry: rows for a query, else the document */
    int64_t *eval_ns; /* of each run */
    size_t runs;
    const struct err *errors; /* of builtins, when they are to be shown */
    size_t error_count;
};

/* Prints in the format of the session's flags. false: out of memory. */
bool present(struct session *s, const struct results *r);

/* Is there a row, and not only the value false or an empty collection? As opa's --fail asks. */
bool results_are_defined(const struct results *r);

#endif
