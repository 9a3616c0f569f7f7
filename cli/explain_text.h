/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of an event as text: operation, node with the names that the user wrote, place, variables.
 */
#ifndef QUIS_CLI_EXPLAIN_TEXT_H
#define QUIS_CLI_EXPLAIN_TEXT_H

#include "cli/observe.h"

/* What the files of an explanation are called: by index of the compilation's sources; p NULL: not in it. */
struct explain_files {
    struct str *names;
};

struct explain_var {
    struct str name;
    struct value value;
};

const char *explain_operation(enum seen_kind kind);
void explain_write_node(struct buf *b, struct observer *o, const struct seen *e);

/* data.a.b of rules. */
void explain_write_path(struct buf *b, const struct rule_node *node);

struct str explain_file(const struct observer *o, struct loc loc);
struct str explain_place(struct observer *o, const struct explain_files *files, const struct seen *e);

/* Paths that are long share what they have in common as "...". */
MUST_CHECK bool explain_name_files(struct observer *o, const struct seen_list *list, struct explain_files *ret);

/* The variables of an event's node that have values. */
struct explain_var *explain_vars(struct observer *o, const struct seen *e, size_t *ret_count);

/* A copy of an expression with the names that the user wrote; NULL: out of memory. */
struct expr *explain_written(struct observer *o, const struct expr *e);

#endif
