/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects: a vector of members with an index above a size (vm/value_index.h).
 *
 * Invariants: keys are distinct; when index_mask is not 0 the index holds every member; sorted implies key order.
 */
#include "vm/value.h"
#include "vm/value_index.h"
#include "vm/value_sort.h"

#define STEP 2u /* values in a member */

_Static_assert(sizeof(struct member) == STEP * sizeof(struct value), "a member is two values");

static const struct value *keys_of(const struct object *o)
{
    return (const struct value *)(const void *)o->members; /* NULL when there are none */
}

/* Room for cap members, with an index for as many, around those there are. */
static bool set_room(struct arena *a, struct object *o, uint32_t cap)
{
    struct member *members = arena_array(a, cap, sizeof *members);
    if (members == NULL)
        return false;
    uint32_t *index = NULL, mask = 0;
    if (cap >= INDEX_FROM) {
        uint32_t size = index_size(cap);
        index = arena_zeroed(a, size, sizeof *index);
        if (index == NULL)
            return false;
        mask = size - 1;
    }
    if (o->count != 0)
        memcpy(members, o->members, o->count * sizeof *members);
    o->members = members;
    o->cap = cap;
    o->index = index;
    o->index_mask = mask;
    if (mask != 0)
        index_fill(index, mask, keys_of(o), STEP, o->count, hash_seed_of(o));
    return true;
}

struct object *object_new(struct arena *a, size_t cap)
{
    if (cap > TABLE_MAX) {
        a->failed = ARENA_BUDGET;
        return NULL;
    }
    struct object *o = arena_alloc(a, sizeof *o);
    if (o == NULL)
        return NULL;
    *o = (struct object){.sorted = true};
    if (cap != 0 && !set_room(a, o, (uint32_t)cap))
        return NULL;
    return o;
}

static COLD bool grow(struct arena *a, struct object *o)
{
    if (o->cap >= TABLE_MAX) {
        a->failed = ARENA_BUDGET;
        return false;
    }
    return set_room(a, o, o->cap < 4 ? 4 : o->cap * 2);
}

static ALWAYS_INLINE uint32_t find_slot(const struct object *o, struct value key, uint64_t *ret_hash)
{
    if (o->index_mask == 0)
        return key.kind == VALUE_STRING ? index_scan_text(keys_of(o), STEP, o->count, key)
                                        : index_scan(keys_of(o), STEP, o->count, key);
    if (key.kind == VALUE_STRING) {
        *ret_hash = hash_bytes(key.s, key.len, hash_seed_of(o));
        return index_probe_text(o->index, o->index_mask, keys_of(o), STEP, key, *ret_hash);
    }
    *ret_hash = value_hash_seed(key, hash_seed_of(o));
    return index_probe(o->index, o->index_mask, keys_of(o), STEP, key, *ret_hash);
}

int object_put(struct arena *a, struct object *o, struct value key, struct value value)
{
    uint64_t hash = 0;
    uint32_t slot = find_slot(o, key, &hash);
    if (slot != INDEX_NONE) {
        o->members[slot].value = value;
        return 0;
    }
    if (UNLIKELY(o->count == o->cap)) {
        bool had_index = o->index_mask != 0;
        if (!grow(a, o))
            return -1;
        if (!had_index && o->index_mask != 0)
            hash = value_hash_seed(key, hash_seed_of(o));
    }
    slot = o->count++;
    o->members[slot] = (struct member){key, value};
    if (o->index_mask != 0)
        index_insert(o->index, o->index_mask, slot, hash);
    o->sorted = slot == 0;
    return 1;
}

struct value *object_find(const struct object *o, struct value key)
{
    uint64_t hash;
    uint32_t slot = find_slot(o, key, &hash);
    return slot != INDEX_NONE ? &o->members[slot].value : NULL;
}

struct value *object_find_str(const struct object *o, struct str key)
{
    return object_find(o, value_str(key));
}

const struct member *object_members(struct object *o)
{
    if (o->sorted)
        return o->members;
    if (value_sort_keys(&o->members[0].key, STEP, o->count) && o->index_mask != 0) {
        memset(o->index, 0, ((size_t)o->index_mask + 1) * sizeof *o->index);
        index_fill(o->index, o->index_mask, keys_of(o), STEP, o->count, hash_seed_of(o));
    }
    o->sorted = true;
    return o->members;
}

static struct object *put_pairs(struct arena *a, const struct value *pairs, size_t count)
{
    struct object *o = object_new(a, count);
    for (size_t i = 0; o != NULL && i < count; i++) {
        if (object_put(a, o, pairs[2 * i], pairs[2 * i + 1]) < 0)
            return NULL;
    }
    return o;
}

static bool has_equal_keys(const struct value *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (index_scan(pairs, STEP, (uint32_t)i, pairs[STEP * i]) != INDEX_NONE)
            return true;
    }
    return false;
}

/* Few keys, as most objects of documents have: one allocation, members copied as they are. */
struct object *object_of_pairs(struct arena *a, const struct value *pairs, size_t count)
{
    if (count >= INDEX_FROM || has_equal_keys(pairs, count))
        return put_pairs(a, pairs, count);
    struct object *o = arena_alloc(a, sizeof *o + count * sizeof(struct member));
    if (o == NULL)
        return NULL;
    *o = (struct object){.members = (struct member *)(void *)(o + 1), .count = (uint32_t)count, .cap = (uint32_t)count};
    o->sorted = count < 2;
    memcpy(o->members, pairs, count * sizeof(struct member));
    return o;
}
