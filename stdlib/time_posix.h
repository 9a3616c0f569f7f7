/* SPDX-License-Identifier: Apache-2.0
 *
 * POSIX TZ rules ("CET-1CEST,M3.5.0,M10.5.0/3"), as at the end of tz database files.
 */
#ifndef QUIS_STDLIB_TIME_POSIX_H
#define QUIS_STDLIB_TIME_POSIX_H

#include "stdlib/time_zone.h"

/* What the rule says for an instant; last_change is the file's last transition. false: the rule does not parse and *ret is
 * untouched. The name points into rule. */
MUST_CHECK bool posix_zone_at(struct str rule, int64_t last_change, int64_t seconds, struct zone_period *ret);

#endif
