/* SPDX-License-Identifier: Apache-2.0
 *
 * The allocator hook: the only way memory enters a library of quis.
 *
 * One callback in the manner of lua_Alloc: ptr NULL allocates, new_size 0 frees, else it resizes. A failure returns NULL and
 * leaves ptr as it was. alloc_default() is the process heap.
 */
#ifndef QUIS_BASE_ALLOC_H
#define QUIS_BASE_ALLOC_H

#include "base/defs.h"

typedef void *(*alloc_fn)(void *ctx, void *ptr, size_t old_size, size_t new_size);

struct alloc {
    alloc_fn fn;
    void *ctx;
};

/* The process heap. [threads: any] */
struct alloc alloc_default(void);

static inline MUST_CHECK void *alloc_get(const struct alloc *a, size_t size)
{
    return a->fn(a->ctx, NULL, 0, size);
}

static inline MUST_CHECK void *alloc_resize(const struct alloc *a, void *ptr, size_t old_size, size_t new_size)
{
    return a->fn(a->ctx, ptr, old_size, new_size);
}

static inline void alloc_release(const struct alloc *a, void *ptr, size_t size)
{
    if (ptr != NULL)
        (void)a->fn(a->ctx, ptr, size, 0); /* freeing cannot fail */
}

#endif
