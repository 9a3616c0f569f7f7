/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths into values: JSON pointers, or arrays of segments of any kind.
 */
#ifndef QUIS_STDLIB_JSON_PATH_H
#define QUIS_STDLIB_JSON_PATH_H

#include "vm/builtin.h"

struct json_path {
    const struct value *segments;
    size_t count;
};

/* Reads a path as OPA does: every leading slash of a pointer is dropped, "" is the whole document, and the escapes ~1 and ~0
 * are undone. BI_OK, BI_ERROR (eval_type_error about operand 2) or BI_HALT. */
MUST_CHECK int json_path_read(struct bi_ctx *ctx, struct value v, struct json_path *ret);

#endif
