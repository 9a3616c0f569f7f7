/* SPDX-License-Identifier: Apache-2.0
 *
 * The mixing step of value hashing, for the tables of values and for numbers.
 *
 * A seed enters both factors of every product, so that who does not know it cannot make one factor zero.
 */
#ifndef QUIS_VM_VALUE_HASH_H
#define QUIS_VM_VALUE_HASH_H

#include "vm/value.h"

#define HASH_K0 UINT64_C(0x9e3779b97f4a7c15)
#define HASH_K1 UINT64_C(0xbf58476d1ce4e5b9)

__extension__ typedef unsigned __int128 hash_wide;

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    hash_wide r = (hash_wide)a * b;
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static inline uint64_t hash_word(uint64_t seed, uint64_t word)
{
    return hash_mix(word ^ seed ^ HASH_K0, seed ^ HASH_K1);
}

/* The bytes of a host-order load differ between machines; nothing that is stored or shown depends on them. */
static inline uint64_t hash_load64(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

static inline uint64_t hash_load32(const char *p)
{
    uint32_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

uint64_t value_hash_long(const char *p, size_t len, uint64_t seed);

static ALWAYS_INLINE uint64_t hash_bytes(const char *p, size_t len, uint64_t seed)
{
    uint64_t a, b;
    if (LIKELY(len <= 16)) {
        if (len >= 8) {
            a = hash_load64(p);
            b = hash_load64(p + len - 8);
        } else if (len >= 4) {
            a = hash_load32(p);
            b = hash_load32(p + len - 4);
        } else {
            a = len == 0 ? 0 : (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[len >> 1] << 8 | (uint8_t)p[len - 1];
            b = 0;
        }
        uint64_t r = hash_mix(a ^ seed ^ HASH_K0, b ^ (seed >> 32 | seed << 32) ^ HASH_K1);
        return hash_mix(r ^ len ^ HASH_K1, seed ^ HASH_K0);
    }
    return value_hash_long(p, len, seed);
}

/* The seed of a table: its address, which an outsider does not know. Order of iteration never depends on it. */
static inline uint64_t hash_seed_of(const void *table)
{
    return (uint64_t)(uintptr_t)table * HASH_K0;
}

#endif
