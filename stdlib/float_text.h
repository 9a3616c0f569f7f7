/* SPDX-License-Identifier: Apache-2.0
 *
 * A double as text, exactly as Go's strconv.FormatFloat writes it. Independent of the locale.
 */
#ifndef QUIS_STDLIB_FLOAT_TEXT_H
#define QUIS_STDLIB_FLOAT_TEXT_H

#include "base/buf.h"

/* verb: one of e E f g G b x X. precision -1: as few digits as read back as the same double. */
void float_text(struct buf *b, double v, char verb, int precision);

#endif
