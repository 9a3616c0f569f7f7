/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of reports: fractions as JSON numbers, durations as Go prints them, statistics of repeated measurements.
 */
#ifndef QUIS_CLI_FIGURES_H
#define QUIS_CLI_FIGURES_H

#include "base/buf.h"
#include "vm/value.h"

/* The shortest digits that mean d; undefined: out of memory. */
struct value figures_value(struct arena *a, double d);

/* 1.5ms, 2m3s. */
void figures_duration(struct buf *b, int64_t ns);

enum { FIGURES_MIN, FIGURES_MAX, FIGURES_MEAN, FIGURES_90, FIGURES_99, FIGURES_SHOWN };

/* Of count measurements; sorts them. An object with count, max, mean, median, min, stddev and percentiles. */
struct value figures_statistics(struct arena *a, int64_t *samples, size_t count, double ret_shown[FIGURES_SHOWN]);

#endif
