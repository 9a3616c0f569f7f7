/* SPDX-License-Identifier: Apache-2.0
 *
 * What the verbs that run a query share: from flags to a VM that can run it.
 */
#ifndef QUIS_CLI_RUNNER_H
#define QUIS_CLI_RUNNER_H

#include "cli/session.h"

/* Is there exactly one query, on the command line or (--stdin) on standard input? false: a line was written. */
bool runner_takes_query(const struct flags *f, const char *verb);

/* Loads, compiles (or reads --program), reads the input, makes the VM. *ret: the entry to evaluate. */
MUST_CHECK int runner_prepare(struct session *s, uint32_t *ret);

#endif
