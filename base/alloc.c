/* SPDX-License-Identifier: Apache-2.0
 *
 * The default allocator: the only file that calls malloc's family.
 */
#include "base/alloc.h"

#include <stdlib.h>

static void *heap_alloc(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

struct alloc alloc_default(void)
{
    return (struct alloc){heap_alloc, NULL};
}
