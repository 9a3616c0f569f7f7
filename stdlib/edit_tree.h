/* SPDX-License-Identifier: Apache-2.0
 *
 * A value under edit: json.patch applies its operations to this and renders the result once.
 */
#ifndef QUIS_STDLIB_EDIT_TREE_H
#define QUIS_STDLIB_EDIT_TREE_H

#include "stdlib/json_path.h"

struct edit_node;

/* A tree that stands for v. NULL: out of memory. */
MUST_CHECK struct edit_node *edit_new(struct bi_ctx *ctx, struct value v);

/* Puts v at path: into an array before the element there, elsewhere in place of what is there. */
MUST_CHECK int edit_insert(struct bi_ctx *ctx, struct edit_node *root, struct json_path path, struct value v);

/* Removes what is at path; it must exist. */
MUST_CHECK int edit_delete(struct bi_ctx *ctx, struct edit_node *root, struct json_path path);

/* The value at path as it is now; it must exist. undefined when the whole document was deleted. */
MUST_CHECK int edit_render(struct bi_ctx *ctx, struct edit_node *root, struct json_path path, struct value *ret);

#endif
