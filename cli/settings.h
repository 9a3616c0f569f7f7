/* SPDX-License-Identifier: Apache-2.0
 *
 * What flags add to a compilation: schemas, capabilities, the package and imports of the query.
 */
#ifndef QUIS_CLI_SETTINGS_H
#define QUIS_CLI_SETTINGS_H

#include "cli/session.h"

/* --schema and --capabilities. Before session_parse. */
MUST_CHECK int settings_read(struct session *s);

/* --package and --import, into the session's query. -1: diagnostics. */
MUST_CHECK int settings_query(struct session *s);

#endif
