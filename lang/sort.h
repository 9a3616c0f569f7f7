/* SPDX-License-Identifier: Apache-2.0
 *
 * A stable sort of arrays whose scratch memory comes from an arena (the C library's may allocate on its own).
 */
#ifndef QUIS_LANG_SORT_H
#define QUIS_LANG_SORT_H

#include "base/arena.h"

/* Negative, 0, positive. */
typedef int (*sort_fn)(const void *a, const void *b, void *ctx);

/* Sorts count elements of size bytes (at most 128 each). Sorted input costs count - 1 comparisons and no memory. */
MUST_CHECK bool sort_stable(struct arena *a, void *items, size_t count, size_t size, sort_fn compare, void *ctx);

#endif
