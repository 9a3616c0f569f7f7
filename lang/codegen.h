/* SPDX-License-Identifier: Apache-2.0
 *
 * From a compilation whose stages have run to a filled program builder.
 */
#ifndef QUIS_LANG_CODEGEN_H
#define QUIS_LANG_CODEGEN_H

#include "lang/compiler.h"
#include "vm/program.h"

/*
 * Generates what the entries reach. names: references into data ("data.a.b"); each becomes an entry of that name whose value
 * is the document. c->query, when set, becomes the entry "query", whose value is an array of rows (columns in struct entry).
 * false: diagnostics were added, or out of memory.
 */
MUST_CHECK bool codegen(struct compiler *c, const struct str *names, size_t name_count, struct program_builder *b);

#endif
