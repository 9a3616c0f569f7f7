/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module: a module's syntax tree as a value.
 */
#ifndef QUIS_LANG_MODULE_VALUE_H
#define QUIS_LANG_MODULE_VALUE_H

#include "vm/builtin.h"

/* For hosts whose bi_host has parse_module. builtins: the table that operators are looked up in. enum bi_status. */
int module_value(struct bi_ctx *bi, const struct builtin *builtins, size_t builtin_count, const struct alloc *alloc,
                 struct str name, struct str text, struct value *ret);

#endif
