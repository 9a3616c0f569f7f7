/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashing of values: multiply and fold, eight or sixteen bytes at a time. Not cryptographic.
 *
 * Equal values hash alike whatever their spelling (1, 1.0, 1e0) and whatever the order their members were added in.
 */
#include "vm/value_hash.h"

#include "vm/number.h"

uint64_t value_hash_long(const char *p, size_t len, uint64_t seed)
{
    uint64_t h = seed, turned = seed >> 32 | seed << 32;
    const char *last = p + len - 16;
    for (; p < last; p += 16)
        h = hash_mix(hash_load64(p) ^ h ^ HASH_K0, hash_load64(p + 8) ^ turned ^ HASH_K1) + (h << 7 | h >> 57);
    h = hash_mix(hash_load64(last) ^ h ^ HASH_K0, hash_load64(last + 8) ^ turned ^ HASH_K1);
    return hash_mix(h ^ len ^ HASH_K1, seed ^ HASH_K0);
}

static uint64_t hash_object(const struct object *o, uint64_t seed)
{
    uint64_t sum = o->count;
    for (uint32_t i = 0; i < o->count; i++) {
        uint64_t key = value_hash_seed(o->members[i].key, seed);
        sum += hash_word(seed ^ key, value_hash_seed(o->members[i].value, seed));
    }
    return hash_word(seed, sum ^ VALUE_OBJECT);
}

static uint64_t hash_set(const struct set *s, uint64_t seed)
{
    uint64_t sum = s->count;
    for (uint32_t i = 0; i < s->count; i++)
        sum += hash_word(seed, value_hash_seed(s->items[i], seed));
    return hash_word(seed, sum ^ VALUE_SET);
}

static uint64_t hash_array(struct value v, uint64_t seed)
{
    uint64_t h = seed ^ v.len;
    for (uint32_t i = 0; i < v.len; i++)
        h = hash_word(seed, (h << 5 | h >> 59) ^ value_hash_seed(v.items[i], seed));
    return hash_word(seed, h ^ VALUE_ARRAY);
}

uint64_t value_hash_seed(struct value v, uint64_t seed)
{
    switch (v.kind) {
    case VALUE_NUMBER:
        if (LIKELY(v.sub == NUMBER_INT))
            return hash_word(seed, (uint64_t)v.i);
        return number_hash_seed(v, seed);
    case VALUE_STRING:
        return hash_bytes(v.s, v.len, seed);
    case VALUE_ARRAY:
        return hash_array(v, seed);
    case VALUE_OBJECT:
        return hash_object(v.object, seed);
    case VALUE_SET:
        return hash_set(v.set, seed);
    default:
        return hash_word(seed, (uint64_t)v.kind << 8 | (uint64_t)v.i);
    }
}

uint64_t value_hash(struct value v)
{
    if (v.kind == VALUE_NUMBER && v.sub == NUMBER_TEXT)
        return v.number->hash;
    return value_hash_seed(v, 0);
}
