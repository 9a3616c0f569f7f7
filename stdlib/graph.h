/* SPDX-License-Identifier: Apache-2.0
 *
 * A variant of walk for callers that ignore paths: it is no builtin of its own.
 */
#ifndef QUIS_STDLIB_GRAPH_H
#define QUIS_STDLIB_GRAPH_H

#include "vm/builtin.h"

/* An array of every value in argv[0], itself first, in walk's order. */
int bif_walk_values(struct bi_ctx *ctx, const struct value *argv, struct value *ret);

#endif
