/* SPDX-License-Identifier: Apache-2.0
 *
 * Interned names: equal text is the same pointer, and ids are dense from 0, so sets of variables are bitmaps.
 *
 * Atoms live in the compile arena. One table per compilation, one thread.
 */
#ifndef QUIS_LANG_ATOM_H
#define QUIS_LANG_ATOM_H

#include "base/arena.h"

struct atom {
    uint32_t id;
    uint32_t len;
    uint64_t hash;
    char text[]; /* NUL-terminated */
};

struct atoms {
    struct arena *arena;
    const struct atom **slots; /* open addressing */
    size_t mask;
    uint32_t count;
};

/* Allocates nothing until the first atom. */
void atoms_init(struct atoms *t, struct arena *arena);

/* The atom of text; NULL when out of memory. */
MUST_CHECK const struct atom *atom_get(struct atoms *t, struct str text);

static inline struct str atom_str(const struct atom *a)
{
    return (struct str){a->text, a->len};
}

static inline bool atom_is(const struct atom *a, const char *z)
{
    return str_equal(atom_str(a), str_cstr(z));
}

#endif
