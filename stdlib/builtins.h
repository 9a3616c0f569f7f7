/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of builtins: one row per row of builtins.def, in the order of names, and the functions behind them.
 */
#ifndef QUIS_STDLIB_BUILTINS_H
#define QUIS_STDLIB_BUILTINS_H

#include "vm/builtin.h"

extern const struct builtin stdlib_builtins[];
extern const size_t stdlib_builtin_count;

/* The row of a name, or NULL. [threads: any] */
const struct builtin *stdlib_find(struct str name);

/* One prototype per row. Where a row has no function it says NULL, which here names a function that nobody defines or calls. */
#pragma push_macro("NULL")
#undef NULL
#define NULL stdlib_compiled_away
#define BUILTIN(name, function, argc, flags, infix, type)                                                                        \
    int function(struct bi_ctx *ctx, const struct value *argv, struct value *ret);
#include "stdlib/builtins.def"
#undef BUILTIN
#pragma pop_macro("NULL")

#endif
