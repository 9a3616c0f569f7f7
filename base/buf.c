/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing of struct buf. A buffer that lies last in its arena chunk is extended in place.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

static bool extend_in_place(struct buf *b, size_t want)
{
    struct arena *a = b->arena;
    if (b->p == NULL || b->p + b->cap != a->at || want - b->cap > (size_t)(a->end - a->at))
        return false;
    a->at += want - b->cap;
    b->cap = want;
    return true;
}

bool buf_reserve(struct buf *b, size_t n)
{
    size_t need;
    if (b->failed)
        return false;
    if (!size_add(b->len, n, &need)) {
        b->failed = true;
        return false;
    }
    if (need <= b->cap)
        return true;
    size_t want = b->cap < 64 ? 64 : b->cap * 2;
    if (want < need)
        want = need;
    want = (want + 15u) & ~(size_t)15u;
    if (extend_in_place(b, want))
        return true;
    char *grown = arena_alloc(b->arena, want);
    if (grown == NULL) {
        b->failed = true;
        return false;
    }
    if (b->len != 0)
        memcpy(grown, b->p, b->len);
    b->p = grown;
    b->cap = want;
    return true;
}

void buf_bytes(struct buf *b, const void *p, size_t n)
{
    if (n == 0 || !buf_reserve(b, n))
        return;
    memcpy(b->p + b->len, p, n);
    b->len += n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0 || !buf_reserve(b, (size_t)len + 1)) {
        b->failed = true;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(b->p + b->len, (size_t)len + 1, fmt, args); /* measured just above */
    va_end(args);
    b->len += (size_t)len;
}
