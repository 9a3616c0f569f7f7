/* SPDX-License-Identifier: Apache-2.0
 *
 * A growable run of bytes in an arena: output of writers, formatters and string builtins.
 *
 * Invariant: len <= cap. A failed append sets failed and appends nothing; later appends do nothing either, so that a writer
 * may append freely and check once at its end. The bytes belong to the arena.
 */
#ifndef QUIS_BASE_BUF_H
#define QUIS_BASE_BUF_H

#include "base/arena.h"

struct buf {
    char *p;
    size_t len, cap;
    struct arena *arena;
    bool failed;
};

static inline void buf_init(struct buf *b, struct arena *arena)
{
    *b = (struct buf){.arena = arena};
}

/* Room for n more bytes, or false and failed. */
MUST_CHECK bool buf_reserve(struct buf *b, size_t n);

void buf_bytes(struct buf *b, const void *p, size_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static inline void buf_char(struct buf *b, char c)
{
    if (LIKELY(b->len < b->cap) || buf_reserve(b, 1))
        b->p[b->len++] = c;
}

static inline void buf_str(struct buf *b, struct str s)
{
    buf_bytes(b, s.p, s.len);
}

static inline void buf_cstr(struct buf *b, const char *z)
{
    buf_bytes(b, z, strlen(z));
}

static inline struct str buf_view(const struct buf *b)
{
    return (struct str){b->p, b->len};
}

#endif
