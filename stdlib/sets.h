/* SPDX-License-Identifier: Apache-2.0
 *
 * Set algebra for other families: the operator - works on sets too.
 */
#ifndef QUIS_STDLIB_SETS_H
#define QUIS_STDLIB_SETS_H

#include "vm/builtin.h"

/* The elements of a that b has not; a new set in ctx->arena, or a itself when nothing goes. BI_OK or BI_HALT. */
MUST_CHECK int sets_difference(struct bi_ctx *ctx, struct set *a, struct set *b, struct value *ret);

#endif
