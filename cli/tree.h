/* SPDX-License-Identifier: Apache-2.0
 *
 * A module's syntax tree as indented lines, as opa parse prints it.
 */
#ifndef QUIS_CLI_TREE_H
#define QUIS_CLI_TREE_H

#include "lang/ast.h"

void tree_write(struct buf *b, const struct module *m, bool comments);

#endif
