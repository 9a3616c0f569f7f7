/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing diagnostics as OPA does.
 */
#ifndef QUIS_LANG_DIAG_H
#define QUIS_LANG_DIAG_H

#include "lang/compiler.h"

/* Adds a diagnostic whose texts are in the compile arena. Always false. */
bool diag_push(struct compiler *c, const struct diag *d);

/* The line that an error at offset is shown with, and where in it: "line" and "idx" of the details in OPA's JSON. */
struct str diag_line(struct str text, size_t offset, size_t *ret_index);

/* The line of text at offset and a second one with a caret; "" when out of memory. */
struct str diag_details(struct arena *a, struct str text, size_t offset);

/* "file:row: code: message", details in lines of their own behind a tab. Without a file name, row:col. */
void diag_write(struct buf *b, const struct compiler *c, const struct diag *d);

#endif
