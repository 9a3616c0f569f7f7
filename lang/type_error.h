/* SPDX-License-Identifier: Apache-2.0
 *
 * What the type checker found, as JSON: the "details" of an error in OPA's JSON output.
 */
#ifndef QUIS_LANG_TYPE_ERROR_H
#define QUIS_LANG_TYPE_ERROR_H

#include "lang/compiler.h"

struct type_error;

/* Built in a; may be large where types are. undefined: out of memory. */
struct value type_error_json(struct arena *a, const struct compiler *c, const struct type_error *e);

#endif
