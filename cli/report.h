/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors for people and for programs: opa's text form on standard error, its JSON form on standard output.
 */
#ifndef QUIS_CLI_REPORT_H
#define QUIS_CLI_REPORT_H

#include "cli/session.h"

/* The errors of a session's last step. json: as {"errors": [...]}. */
void report_errors(const struct session *s, bool json);

/* One line: "quis: text". */
void report_line(const char *text);

#endif
