/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants to text and back, by Go's layouts.
 */
#ifndef QUIS_STDLIB_TIME_FORMAT_H
#define QUIS_STDLIB_TIME_FORMAT_H

#include "stdlib/time_zone.h"

struct instant {
    int64_t seconds; /* since 1970-01-01T00:00:00Z */
    int32_t nanos;   /* 0..999999999 */
};

/* Appends t as layout shows it, in zone (NULL: UTC). */
void time_format(struct buf *b, struct instant t, const struct zone *zone, struct str layout);

/* The instant that value is by layout. Zone abbreviations mean what they mean in the host's local zone, else UTC.
 * BI_ERROR with Go's text. */
MUST_CHECK int time_parse(struct bi_ctx *ctx, struct str layout, struct str value, struct instant *ret);

/* Go's duration ("1h2m3.5s"), with OPA's d, w and y. BI_ERROR with Go's text. */
MUST_CHECK int time_parse_duration(struct bi_ctx *ctx, struct str text, int64_t *ret_nanos);

/* Go's duration alone, without a charge; false: Go's text of what is wrong goes to complaint. */
MUST_CHECK bool time_read_duration(struct str text, int64_t *ret_nanos, struct buf *complaint);

/* Text in quotes as Go's time package shows it in errors: bytes outside ASCII as \xNN. */
void time_quote(struct buf *b, struct str s);

/* BI_ERROR with the text of b. */
int time_fail(struct bi_ctx *ctx, const struct buf *b);

#endif
