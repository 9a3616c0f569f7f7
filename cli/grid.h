/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables with lines around their cells, as opa prints them.
 */
#ifndef QUIS_CLI_GRID_H
#define QUIS_CLI_GRID_H

#include "base/arena.h"

/* Prints rows of columns cells; with has_header the first row is centred and set apart. false: out of memory. */
MUST_CHECK bool grid_print(struct arena *a, const struct str *cells, size_t rows, size_t columns, bool has_header);

#endif
