/* SPDX-License-Identifier: Apache-2.0
 *
 * The hash index that objects and sets share: open addressing over slots of the vector, linear probing, at most half full.
 *
 * A key is the value at base[slot * step]: step 2 for members, 1 for elements. An entry is slot + 1, 0 is free. Tables of at
 * most INDEX_FROM - 1 keys have no index and are scanned. Keys are spread by a hash seeded with the table's address.
 */
#ifndef QUIS_VM_VALUE_INDEX_H
#define QUIS_VM_VALUE_INDEX_H

#include "vm/value_hash.h"

#define INDEX_FROM 9u
#define INDEX_NONE UINT32_MAX
#define TABLE_MAX ((size_t)1 << 30) /* keys of one table */

/* Same bytes, where length, first and last byte are known to be the same. */
static ALWAYS_INLINE bool index_same_text(const char *a, const char *b, size_t len)
{
    if (a == b || len <= 2)
        return true;
    if (len >= 8) {
        if (len > 16)
            return memcmp(a, b, len) == 0;
        return ((hash_load64(a) ^ hash_load64(b)) | (hash_load64(a + len - 8) ^ hash_load64(b + len - 8))) == 0;
    }
    if (len >= 4)
        return ((hash_load32(a) ^ hash_load32(b)) | (hash_load32(a + len - 4) ^ hash_load32(b + len - 4))) == 0;
    return a[1] == b[1];
}

static ALWAYS_INLINE uint64_t index_head(const struct value *v)
{
    uint64_t head;
    memcpy(&head, v, sizeof head);
    return head;
}

/* The slot of text among count keys, by scanning. */
static ALWAYS_INLINE uint32_t index_scan_text(const struct value *base, size_t step, uint32_t count, struct value key)
{
    uint64_t head = index_head(&key);
    for (uint32_t i = 0; i < count; i++) {
        const struct value *k = &base[i * step];
        if (index_head(k) == head && index_same_text(k->s, key.s, key.len))
            return i;
    }
    return INDEX_NONE;
}

static ALWAYS_INLINE uint32_t index_probe_text(const uint32_t *index, uint32_t mask, const struct value *base, size_t step,
                                               struct value key, uint64_t hash)
{
    uint64_t head = index_head(&key);
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t slot = index[at];
        if (slot == 0)
            return INDEX_NONE;
        const struct value *k = &base[(slot - 1) * step];
        if (index_head(k) == head && index_same_text(k->s, key.s, key.len))
            return slot - 1;
    }
}

/* The same for keys of any kind. */
static ALWAYS_INLINE uint32_t index_scan(const struct value *base, size_t step, uint32_t count, struct value key)
{
    for (uint32_t i = 0; i < count; i++) {
        if (value_equal(base[i * step], key))
            return i;
    }
    return INDEX_NONE;
}

static ALWAYS_INLINE uint32_t index_probe(const uint32_t *index, uint32_t mask, const struct value *base, size_t step,
                                          struct value key, uint64_t hash)
{
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t slot = index[at];
        if (slot == 0)
            return INDEX_NONE;
        if (value_equal(base[(slot - 1) * step], key))
            return slot - 1;
    }
}

static ALWAYS_INLINE void index_insert(uint32_t *index, uint32_t mask, uint32_t slot, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & mask;
    while (index[at] != 0)
        at = (at + 1) & mask;
    index[at] = slot + 1;
}

/* Enters all keys anew, into an index that is all zero. */
static inline void index_fill(uint32_t *index, uint32_t mask, const struct value *base, size_t step, uint32_t count,
                              uint64_t seed)
{
    for (uint32_t i = 0; i < count; i++)
        index_insert(index, mask, i, value_hash_seed(base[i * step], seed));
}

/* Entries of an index for cap keys: a power of two, at least twice cap. */
static inline uint32_t index_size(uint32_t cap)
{
    uint32_t size = 32;
    while (size < cap * 2)
        size *= 2;
    return size;
}

#endif
