/* SPDX-License-Identifier: Apache-2.0
 *
 * The limit: decisions of some workloads written by hand in C, over the same parsed values.
 */
#ifndef QUIS_BENCH_FLOOR_H
#define QUIS_BENCH_FLOOR_H

#include "base/arena.h"
#include "vm/value.h"

/* Decides on an input. values: what query_reference_value answers from; undefined when out of memory. */
typedef struct value (*floor_fn)(struct arena *a, struct value input, struct value data, struct value values);

/* The decision of a workload, or NULL: none was written. */
floor_fn floor_find(struct str workload);

#endif
