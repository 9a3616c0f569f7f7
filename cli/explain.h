/* SPDX-License-Identifier: Apache-2.0
 *
 * Explanations: what was seen (cli/observe.h), filtered by --explain, as lines and as JSON.
 */
#ifndef QUIS_CLI_EXPLAIN_H
#define QUIS_CLI_EXPLAIN_H

#include "cli/jout.h"
#include "cli/observe.h"

/* Keeps what mode shows: everything, or for notes and fails the events and how they were reached. false: out of memory. */
MUST_CHECK bool explain_filter(struct observer *o, const char *mode, struct seen_list *ret);

/* As indented lines with their places; with var_values, with the values of their variables. */
MUST_CHECK bool explain_print(struct observer *o, const struct seen_list *list, bool var_values);

/* As the array explanation. */
void explain_json(struct jout *j, struct observer *o, const struct seen_list *list);

#endif
