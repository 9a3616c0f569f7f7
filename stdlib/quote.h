/* SPDX-License-Identifier: Apache-2.0
 *
 * Text in quotes with the escapes of Go's strconv: what %q prints and what error texts show.
 */
#ifndef QUIS_STDLIB_QUOTE_H
#define QUIS_STDLIB_QUOTE_H

#include "base/buf.h"

enum quote_style {
    QUOTE_PRINTABLE, /* characters that can be printed stand as they are */
    QUOTE_ASCII,     /* only ASCII stands as it is */
};

/* "text" */
void quote_text(struct buf *b, struct str s, enum quote_style style);

/* 'c' */
void quote_character(struct buf *b, uint32_t c, enum quote_style style);

/* Can s stand between back quotes: one line, no control characters but tabs, valid UTF-8, no back quote? */
bool quote_is_raw(struct str s);

#endif
