/* SPDX-License-Identifier: Apache-2.0
 *
 * Modules as JSON, in the shape that `opa parse --format json` prints and rego.parse_module returns.
 */
#ifndef QUIS_LANG_AST_JSON_H
#define QUIS_LANG_AST_JSON_H

#include "lang/compiler.h"

struct ast_json_options {
    bool locations; /* a location with its text at every node */
    bool comments;
};

/* The value is built in a, and borrows names and texts from the compilation. undefined: out of memory. */
struct value ast_module_json(struct arena *a, const struct compiler *c, const struct module *m,
                             struct ast_json_options options);

/* A reference as an array of terms, the body of a query, and one term: undefined when out of memory. */
struct value ast_ref_json(struct arena *a, const struct compiler *c, const struct terms *ref, struct ast_json_options options);
struct value ast_body_json(struct arena *a, const struct compiler *c, const struct body *body,
                           struct ast_json_options options);

/* {"file", "row", "col", "text"} of a place; text only when asked for. */
struct value ast_loc_json(struct arena *a, const struct compiler *c, struct loc loc, bool has_text);

/* Text as a location holds it: base64. */
struct value ast_text_json(struct arena *a, struct str text);

#endif
