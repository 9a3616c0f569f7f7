/* SPDX-License-Identifier: Apache-2.0
 *
 * A region: bump allocation out of chunks, one byte budget, freed as a whole.
 *
 * Invariant: used_bytes never exceeds the budget that stood when memory was asked for; an allocation that would pass it, or
 * that the allocator refuses, returns NULL and sets failed to the reason. Nothing is freed singly. Memory is not zeroed unless
 * asked for. What fits into a budget does not depend on what the arena was used for before: a reset arena hands out as a new one.
 * One thread at a time per arena; a frozen arena (no more allocations) may be read by all threads.
 */
#ifndef QUIS_BASE_ARENA_H
#define QUIS_BASE_ARENA_H

#include "base/alloc.h"
#include "base/str.h"

enum arena_failure { ARENA_OK, ARENA_BUDGET, ARENA_NOMEM };

struct arena_chunk;

struct arena {
    char *at;    /* next free byte of the current run */
    char *end;   /* one past its last */
    struct arena_chunk *chunk; /* the one the run lies in; older and larger ones behind it */
    struct alloc alloc;
    size_t budget_bytes; /* SIZE_MAX: no budget */
    size_t used_bytes;   /* bytes of all runs, large allocations and reserves since init or reset */
    uint64_t most_digits; /* of a number made here, for vm/number.h; 0: the default */
    size_t first_run;
    size_t next_run;     /* size of the next run, doubling */
    enum arena_failure failed;
};

/* first_chunk: size in bytes of the first chunk, 0 for the default. Allocates nothing. */
void arena_init(struct arena *a, const struct alloc *alloc, size_t budget_bytes, size_t first_chunk);

/* Gives everything back. The arena may be initialised again. */
void arena_fini(struct arena *a);

/* Forgets all allocations but keeps the largest chunk for reuse: O(chunks). */
void arena_reset(struct arena *a);

/* Bytes handed out since init or reset, with padding and tails: what the budget counts. */
size_t arena_used(const struct arena *a);

/* Counts bytes that are held outside for work whose result goes into the arena. false: they do not fit into the budget. */
MUST_CHECK bool arena_reserve(struct arena *a, size_t bytes);

/* Gives back what arena_reserve counted. */
void arena_unreserve(struct arena *a, size_t bytes);

void *arena_alloc_slow(struct arena *a, size_t size) MUST_CHECK;

/* size bytes aligned to 16, or NULL. size 0 gives a valid pointer. */
static ALWAYS_INLINE MUST_CHECK void *arena_alloc(struct arena *a, size_t size)
{
    size_t need = (size + (size == 0) + 15u) & ~(size_t)15u; /* never 0: a fresh arena has no place to point to */
    if (LIKELY(need >= size && need <= (size_t)(a->end - a->at))) {
        void *p = a->at;
        a->at += need;
        return p;
    }
    return arena_alloc_slow(a, size);
}

/* count * size bytes, overflow checked. */
MUST_CHECK void *arena_array(struct arena *a, size_t count, size_t size);

/* count * size zeroed bytes. */
MUST_CHECK void *arena_zeroed(struct arena *a, size_t count, size_t size);

/* A NUL-terminated copy (the NUL is not counted); p NULL on failure. */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena; p NULL on failure. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

MUST_CHECK bool arena_grow_slow(struct arena *a, void *items_ptr, size_t *cap, size_t need, size_t size);

/* Grows an array of *cap elements of size bytes to hold at least need; *items and *cap change on success only. */
static inline MUST_CHECK bool arena_grow(struct arena *a, void *items_ptr, size_t *cap, size_t need, size_t size)
{
    return LIKELY(need <= *cap) || arena_grow_slow(a, items_ptr, cap, need, size);
}

#endif
