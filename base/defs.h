/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiler attributes and checked size arithmetic used by every folder.
 *
 * Nothing here allocates or has state.
 */
#ifndef QUIS_BASE_DEFS_H
#define QUIS_BASE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define COLD __attribute__((cold, noinline))
#define ALWAYS_INLINE __attribute__((always_inline)) inline

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Sizes come from hostile input: every sum and product of them goes through these. true = it fits. */
static inline MUST_CHECK bool size_add(size_t a, size_t b, size_t *ret)
{
    return !__builtin_add_overflow(a, b, ret);
}

static inline MUST_CHECK bool size_mul(size_t a, size_t b, size_t *ret)
{
    return !__builtin_mul_overflow(a, b, ret);
}

#endif
