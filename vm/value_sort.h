/* SPDX-License-Identifier: Apache-2.0
 *
 * Sorting in place by keys that lie step values apart: 1 for elements, 2 for members.
 */
#ifndef QUIS_VM_VALUE_SORT_H
#define QUIS_VM_VALUE_SORT_H

#include "vm/value.h"

/* Stable. true when anything moved. */
bool value_sort_keys(struct value *base, size_t step, size_t count);

#endif
