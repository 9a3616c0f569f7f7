/* SPDX-License-Identifier: Apache-2.0
 *
 * Arena chunks: a list from newest to oldest, each twice the size of the one before up to a megabyte.
 *
 * A request larger than the next chunk gets a chunk of its own size. The head of a chunk is part of what the budget counts.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_CHUNK 4096u
#define LARGEST_CHUNK (1024u * 1024u)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* with this head */
};

_Static_assert(sizeof(struct arena_chunk) % 16 == 0, "the first allocation of a chunk must be aligned");

void arena_init(struct arena *a, const struct alloc *alloc, size_t budget_bytes, size_t first_chunk)
{
    *a = (struct arena){.alloc = *alloc,
                        .budget_bytes = budget_bytes,
                        .next_chunk = first_chunk != 0 ? first_chunk : FIRST_CHUNK};
}

static void release_from(struct arena *a, struct arena_chunk *c)
{
    while (c != NULL) {
        struct arena_chunk *older = c->older;
        a->used_bytes -= c->size;
        alloc_release(&a->alloc, c, c->size);
        c = older;
    }
}

void arena_fini(struct arena *a)
{
    release_from(a, a->chunk);
    a->chunk = NULL;
    a->at = a->end = NULL;
    a->failed = ARENA_OK;
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *keep = a->chunk;
    if (keep != NULL) {
        release_from(a, keep->older);
        keep->older = NULL;
        a->at = (char *)(keep + 1);
        a->end = (char *)keep + keep->size;
    }
    a->failed = ARENA_OK;
}

size_t arena_used(const struct arena *a)
{
    return a->used_bytes - (size_t)(a->end - a->at);
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
    size_t need;
    if (!size_add(size, 15, &need) || !size_add(need & ~(size_t)15, sizeof(struct arena_chunk), &need)) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    size_t chunk_size = need > a->next_chunk ? need : a->next_chunk;
    size_t left = a->budget_bytes - a->used_bytes;
    if (chunk_size > left)
        chunk_size = left & ~(size_t)15;
    if (need > chunk_size) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    struct arena_chunk *c = alloc_get(&a->alloc, chunk_size);
    if (c == NULL) {
        a->failed = ARENA_NOMEM;
        return NULL;
    }
    *c = (struct arena_chunk){a->chunk, chunk_size};
    a->used_bytes += chunk_size;
    a->chunk = c;
    a->at = (char *)(c + 1) + (need - sizeof *c);
    a->end = (char *)c + chunk_size;
    if (a->next_chunk < LARGEST_CHUNK)
        a->next_chunk *= 2;
    return c + 1;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (!size_mul(count, size, &bytes)) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    return arena_alloc(a, bytes);
}

void *arena_zeroed(struct arena *a, size_t count, size_t size)
{
    void *p = arena_array(a, count, size);
    if (p != NULL)
        memset(p, 0, count * size);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    size_t with_nul;
    char *p = size_add(s.len, 1, &with_nul) ? arena_alloc(a, with_nul) : NULL;
    if (p == NULL)
        return (struct str){NULL, 0};
    if (s.len != 0)
        memcpy(p, s.p, s.len);
    p[s.len] = '\0';
    return (struct str){p, s.len};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        return (struct str){NULL, 0};
    char *p = arena_alloc(a, (size_t)len + 1);
    if (p == NULL)
        return (struct str){NULL, 0};
    va_start(args, fmt);
    (void)vsnprintf(p, (size_t)len + 1, fmt, args); /* measured just above */
    va_end(args);
    return (struct str){p, (size_t)len};
}

bool arena_grow(struct arena *a, void *items_ptr, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return true;
    size_t want = *cap < 4 ? 4 : *cap * 2;
    if (want < need)
        want = need;
    void *grown = arena_array(a, want, size);
    if (grown == NULL)
        return false;
    void *old;
    memcpy(&old, items_ptr, sizeof old);
    if (*cap != 0)
        memcpy(grown, old, *cap * size);
    memcpy(items_ptr, &grown, sizeof grown);
    *cap = want;
    return true;
}
