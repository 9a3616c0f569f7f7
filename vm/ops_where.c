/* SPDX-License-Identifier: Apache-2.0
 *
 * Iterating over the elements of a collection that have a given value at a path.
 */
#include "vm/interp_value.h"

int where_begin(struct vm *vm, const struct value *v, const struct value *key, uint32_t path, struct iter *ret)
{
    (void)key;
    (void)path;
    return iter_begin(vm, v, ret);
}

void where_drop(struct vm *vm)
{
    (void)vm;
}
