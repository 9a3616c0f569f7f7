/* SPDX-License-Identifier: Apache-2.0
 *
 * --metrics and --instrument: how long the steps took, under opa's names.
 */
#ifndef QUIS_CLI_METRICS_H
#define QUIS_CLI_METRICS_H

#include "cli/jout.h"
#include "cli/session.h"

/* eval_ns: of each run; sorted by it when there are several. */
void metrics_json(struct jout *j, struct arena *a, const struct session *s, int64_t *eval_ns, size_t runs);
MUST_CHECK bool metrics_print(struct arena *a, const struct session *s, int64_t *eval_ns, size_t runs);

#endif
