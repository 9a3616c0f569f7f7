/* SPDX-License-Identifier: Apache-2.0
 *
 * The outcome of checking a document: errors with their places, and a score of how well it fits, by which the best of several
 * alternatives is chosen. Private to the schema files.
 */
#ifndef QUIS_STDLIB_SCHEMA_RESULT_H
#define QUIS_STDLIB_SCHEMA_RESULT_H

#include "vm/builtin.h"

enum schema_error_id {
#define SCHEMA_ERROR(id, type, description) SCHEMA_ERROR_##id,
#include "stdlib/schema_errors.def"
#undef SCHEMA_ERROR
};

/* A place in the document: a chain of names up to the root. Lives on the stack of the check; kept is its copy in the arena,
 * made when an error is reported there. */
struct schema_place {
    struct schema_place *parent;
    struct str name;
    uint32_t index; /* when name.p is NULL */
    struct schema_place *kept;
};

struct schema_problem {
    enum schema_error_id id;
    const struct schema_place *place;
    struct value details[3]; /* strings or numbers */
};

struct schema_result {
    struct schema_problem *problems;
    size_t count, cap;
    int64_t score;
};

/* Adds an error; details that the text does not show are ignored. false: out of memory. */
MUST_CHECK bool schema_result_add(struct arena *a, struct schema_result *r, enum schema_error_id id, struct schema_place *place,
                                  struct value detail0, struct value detail1, struct value detail2);

/* Adds the errors and the score of other. */
MUST_CHECK bool schema_result_merge(struct arena *a, struct schema_result *r, const struct schema_result *other);

/* An array of objects with error, type, field and desc. */
MUST_CHECK int schema_result_value(struct bi_ctx *ctx, const struct schema_result *r, struct value *ret);

#endif
