/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors for people and for programs: opa's text form on standard error, its JSON form on standard output.
 */
#ifndef QUIS_CLI_REPORT_H
#define QUIS_CLI_REPORT_H

#include "cli/jout.h"
#include "cli/session.h"

/* The errors of a session's last step. json: as {"errors": [...]}. */
void report_errors(const struct session *s, bool json);

/* One line: "quis: text". */
void report_line(const char *text);

/* Errors of builtins that did not end the evaluation: as the member errors, and as text on standard error. */
void report_list_json(struct jout *j, const struct err *errors, size_t count);
void report_list(const struct err *errors, size_t count);

#endif
