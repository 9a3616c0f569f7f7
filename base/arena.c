/* SPDX-License-Identifier: Apache-2.0
 *
 * Arenas hand out runs of memory, each twice the size of the one before up to a megabyte, which lie in chunks of the allocator.
 *
 * A new arena gets a chunk for each run. A reset one keeps a chunk and lays the same runs out in it, so that what fits into a
 * budget, and what grows in place, is the same. A large request gets a chunk of its own and leaves the run as it is: the tails
 * that nobody gets stay small. The head of a chunk is part of the run, also where the run needs none.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_RUN 4096u
#define LARGEST_RUN (1024u * 1024u)
#define LARGE (LARGEST_RUN / 8) /* requests from here on get a chunk of their own */

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* with this head */
};

_Static_assert(sizeof(struct arena_chunk) % 16 == 0, "the first allocation of a chunk must be aligned");

void arena_init(struct arena *a, const struct alloc *alloc, size_t budget_bytes, size_t first_chunk)
{
    size_t first = first_chunk != 0 ? first_chunk : FIRST_RUN;
    *a = (struct arena){.alloc = *alloc, .budget_bytes = budget_bytes, .first_run = first, .next_run = first};
}

static void release_from(struct arena *a, struct arena_chunk *c)
{
    while (c != NULL) {
        struct arena_chunk *older = c->older;
        alloc_release(&a->alloc, c, c->size);
        c = older;
    }
}

void arena_fini(struct arena *a)
{
    release_from(a, a->chunk);
    a->chunk = NULL;
    a->at = a->end = NULL;
    a->used_bytes = 0;
    a->next_run = a->first_run;
    a->failed = ARENA_OK;
}

/* Bytes of the budget that are left, whole units of 16. */
static size_t left(const struct arena *a)
{
    return a->budget_bytes > a->used_bytes ? (a->budget_bytes - a->used_bytes) & ~(size_t)15 : 0;
}

static void use_run(struct arena *a, char *at, size_t size)
{
    a->at = at + sizeof(struct arena_chunk);
    a->end = at + size;
    a->used_bytes += size;
    if (a->next_run < LARGEST_RUN)
        a->next_run *= 2;
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *keep = a->chunk;
    a->used_bytes = 0;
    a->next_run = a->first_run;
    a->failed = ARENA_OK;
    if (keep == NULL)
        return;
    release_from(a, keep->older);
    keep->older = NULL;
    a->at = a->end = (char *)keep;
    size_t size = a->next_run < left(a) ? a->next_run : left(a);
    if (size >= sizeof *keep && size <= keep->size)
        use_run(a, (char *)keep, size);
    else
        arena_fini(a); /* the chunk of a smaller budget, or a budget of next to nothing */
}

size_t arena_used(const struct arena *a)
{
    return a->used_bytes - (size_t)(a->end - a->at);
}

static struct arena_chunk *get_chunk(struct arena *a, size_t size)
{
    struct arena_chunk *c = alloc_get(&a->alloc, size);
    if (c == NULL)
        a->failed = ARENA_NOMEM;
    else
        *c = (struct arena_chunk){NULL, size};
    return c;
}

/* A chunk behind the current one; the run goes on. need is its size with the head. */
static void *alloc_large(struct arena *a, size_t need)
{
    struct arena_chunk *c = get_chunk(a, need);
    if (c == NULL)
        return NULL;
    if (a->chunk != NULL) {
        c->older = a->chunk->older;
        a->chunk->older = c;
    } else {
        a->chunk = c;
        a->at = a->end = (char *)c + need;
    }
    a->used_bytes += need;
    return c + 1;
}

static bool start_run(struct arena *a, size_t size)
{
    char *chunk_end = a->chunk != NULL ? (char *)a->chunk + a->chunk->size : NULL;
    if (a->chunk == NULL || size > (size_t)(chunk_end - a->end)) {
        struct arena_chunk *c = get_chunk(a, size);
        if (c == NULL)
            return false;
        c->older = a->chunk;
        a->chunk = c;
        use_run(a, (char *)c, size);
    } else {
        use_run(a, a->end, size);
    }
    return true;
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
    size_t need;
    if (!size_add(size + (size == 0), 15, &need) || !size_add(need & ~(size_t)15, sizeof(struct arena_chunk), &need)) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    if (need > left(a)) { /* what the run has left goes to those who need it more */
        a->used_bytes -= (size_t)(a->end - a->at);
        a->end = a->at;
    }
    if (need > left(a)) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    if (need >= LARGE)
        return alloc_large(a, need);
    size_t run = need > a->next_run ? need : a->next_run;
    if (!start_run(a, run < left(a) ? run : left(a)))
        return NULL;
    void *p = a->at;
    a->at += need - sizeof(struct arena_chunk);
    return p;
}

bool arena_reserve(struct arena *a, size_t bytes)
{
    if (bytes > left(a)) {
        a->failed = ARENA_BUDGET;
        return false;
    }
    a->used_bytes += bytes;
    return true;
}

void arena_unreserve(struct arena *a, size_t bytes)
{
    a->used_bytes -= bytes;
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

bool arena_grow_slow(struct arena *a, void *items_ptr, size_t *cap, size_t need, size_t size)
{
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
