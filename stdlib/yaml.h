/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML text into values, as OPA converts it to JSON, and back.
 */
#ifndef QUIS_STDLIB_YAML_H
#define QUIS_STDLIB_YAML_H

#include "base/err.h"
#include "vm/value.h"

/* The first document of the text; null when there is none. All documents must parse. The value lives in a and borrows nothing
 * of the text. 0, or -1 with YAML, LIMIT_DEPTH, LIMIT_MEMORY or NOMEM in e. */
MUST_CHECK int yaml_parse(struct arena *a, struct str text, struct value *ret, struct err *e);

/* The same with a bound on work; *ret_units is the work done, in fuel, also after an error. LIMIT_FUEL beyond max_units. */
MUST_CHECK int yaml_parse_bounded(struct arena *a, struct str text, uint64_t max_units, struct value *ret, uint64_t *ret_units,
                                  struct err *e);

/* Appends the block style text of v, two blanks per level, keys in natural order. 0, or -1 with YAML in e where OPA's detour
 * through JSON and its YAML reader refuses a string. */
MUST_CHECK int yaml_write(struct buf *b, struct value v, struct err *e);

#endif
