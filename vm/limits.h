/* SPDX-License-Identifier: Apache-2.0
 *
 * struct limits: one member per row of limits.def.
 */
#ifndef QUIS_VM_LIMITS_H
#define QUIS_VM_LIMITS_H

#include <stdint.h>

struct limits {
#define LIMIT(name, default_value, maximum, unit, error, doc) uint64_t name;
#include "vm/limits.def"
#undef LIMIT
};

static inline struct limits limits_default(void)
{
    return (struct limits){
#define LIMIT(name, default_value, maximum, unit, error, doc) .name = default_value,
#include "vm/limits.def"
#undef LIMIT
    };
}

#endif
