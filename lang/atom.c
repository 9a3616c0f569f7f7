/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of atoms: open addressing with linear probes, at most half full, hashes compared before texts.
 *
 * Texts are cut into words of eight bytes that are folded by one multiplication each, so that hashing a name costs a few
 * nanoseconds. The table only lives for one compilation; its hashes are seen nowhere else.
 */
#include "lang/atom.h"

#define FIRST_SLOTS 256u

void atoms_init(struct atoms *t, struct arena *arena)
{
    *t = (struct atoms){.arena = arena};
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* 1 to 7 bytes, in three loads at most. */
static inline uint64_t load_tail(const char *p, size_t n)
{
    if (n >= 4) {
        uint32_t head, tail;
        memcpy(&head, p, sizeof head);
        memcpy(&tail, p + n - sizeof tail, sizeof tail);
        return (uint64_t)head << 32 | tail;
    }
    return (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 | (unsigned char)p[n - 1];
}

static uint64_t hash_text(struct str s)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ s.len;
    const char *p = s.p;
    size_t left = s.len;
    for (; left >= 8; p += 8, left -= 8)
        h = fold(h ^ load(p), 0xa0761d6478bd642fu);
    if (left != 0)
        h = fold(h ^ load_tail(p, left), 0xe7037ed1a0b428dbu);
    return fold(h, 0x8ebc6af09c88c6e3u);
}

static inline bool is_same(const char *a, const char *b, size_t len)
{
    for (; len >= 8; a += 8, b += 8, len -= 8)
        if (load(a) != load(b))
            return false;
    return len == 0 || load_tail(a, len) == load_tail(b, len);
}

static bool grow(struct atoms *t)
{
    size_t size = t->slots == NULL ? FIRST_SLOTS : (t->mask + 1) * 2;
    const struct atom **slots = arena_zeroed(t->arena, size, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; t->slots != NULL && i <= t->mask; i++) {
        const struct atom *a = t->slots[i];
        if (a == NULL)
            continue;
        size_t at = a->hash & (size - 1);
        while (slots[at] != NULL)
            at = (at + 1) & (size - 1);
        slots[at] = a;
    }
    t->slots = slots;
    t->mask = size - 1;
    return true;
}

static struct atom *make(struct atoms *t, struct str text, uint64_t hash)
{
    size_t size;
    if (text.len > UINT32_MAX - 1 || t->count == UINT32_MAX || !size_add(sizeof(struct atom) + 1, text.len, &size))
        return NULL;
    struct atom *a = arena_alloc(t->arena, size);
    if (a == NULL)
        return NULL;
    a->id = t->count;
    a->len = (uint32_t)text.len;
    a->hash = hash;
    if (text.len != 0)
        memcpy(a->text, text.p, text.len);
    a->text[text.len] = '\0';
    return a;
}

const struct atom *atom_get(struct atoms *t, struct str text)
{
    if ((size_t)t->count * 2 >= t->mask && !grow(t))
        return NULL;
    uint64_t hash = hash_text(text);
    size_t at = hash & t->mask;
    for (const struct atom *a; (a = t->slots[at]) != NULL; at = (at + 1) & t->mask)
        if (a->hash == hash && a->len == text.len && is_same(a->text, text.p, text.len))
            return a;
    struct atom *a = make(t, text, hash);
    if (a == NULL)
        return NULL;
    t->slots[at] = a;
    t->count++;
    return a;
}
