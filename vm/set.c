/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets: a vector of elements with an index above a size (vm/value_index.h).
 *
 * Invariants: elements are distinct; when index_mask is not 0 the index holds every element; sorted implies Rego's order.
 */
#include "vm/value.h"
#include "vm/value_index.h"
#include "vm/value_sort.h"

#define STEP 1u

static bool set_room(struct arena *a, struct set *s, uint32_t cap)
{
    struct value *items = arena_array(a, cap, sizeof *items);
    if (items == NULL)
        return false;
    uint32_t *index = NULL, mask = 0;
    if (cap >= INDEX_FROM) {
        uint32_t size = index_size(cap);
        index = arena_zeroed(a, size, sizeof *index);
        if (index == NULL)
            return false;
        mask = size - 1;
    }
    if (s->count != 0)
        memcpy(items, s->items, s->count * sizeof *items);
    s->items = items;
    s->cap = cap;
    s->index = index;
    s->index_mask = mask;
    if (mask != 0)
        index_fill(index, mask, items, STEP, s->count, hash_seed_of(s));
    return true;
}

struct set *set_new(struct arena *a, size_t cap)
{
    if (cap > TABLE_MAX) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    struct set *s = arena_alloc(a, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct set){.sorted = true};
    if (cap != 0 && !set_room(a, s, (uint32_t)cap))
        return NULL;
    return s;
}

static COLD bool grow(struct arena *a, struct set *s)
{
    if (s->cap >= TABLE_MAX) {
        a->failed = ARENA_BUDGET;
        return false;
    }
    return set_room(a, s, s->cap < 4 ? 4 : s->cap * 2);
}

static ALWAYS_INLINE uint32_t find_slot(const struct set *s, struct value v, uint64_t *ret_hash)
{
    if (s->index_mask == 0)
        return v.kind == VALUE_STRING ? index_scan_text(s->items, STEP, s->count, v) : index_scan(s->items, STEP, s->count, v);
    *ret_hash = value_hash_seed(v, hash_seed_of(s));
    if (v.kind == VALUE_STRING)
        return index_probe_text(s->index, s->index_mask, s->items, STEP, v, *ret_hash);
    return index_probe(s->index, s->index_mask, s->items, STEP, v, *ret_hash);
}

int set_add(struct arena *a, struct set *s, struct value v)
{
    uint64_t hash = 0;
    if (find_slot(s, v, &hash) != INDEX_NONE)
        return 0;
    if (UNLIKELY(s->count == s->cap)) {
        bool had_index = s->index_mask != 0;
        if (!grow(a, s))
            return -1;
        if (!had_index && s->index_mask != 0)
            hash = value_hash_seed(v, hash_seed_of(s));
    }
    uint32_t slot = s->count++;
    s->items[slot] = v;
    if (s->index_mask != 0)
        index_insert(s->index, s->index_mask, slot, hash);
    s->sorted = slot == 0;
    return 1;
}

const struct value *set_find(const struct set *s, struct value v)
{
    uint64_t hash;
    uint32_t slot = find_slot(s, v, &hash);
    return slot != INDEX_NONE ? &s->items[slot] : NULL;
}

const struct value *set_items(struct set *s)
{
    if (s->sorted)
        return s->items;
    if (value_sort_keys(s->items, STEP, s->count) && s->index_mask != 0) {
        memset(s->index, 0, ((size_t)s->index_mask + 1) * sizeof *s->index);
        index_fill(s->index, s->index_mask, s->items, STEP, s->count, hash_seed_of(s));
    }
    s->sorted = true;
    return s->items;
}
