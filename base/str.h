/* SPDX-License-Identifier: Apache-2.0
 *
 * A borrowed slice of bytes. Never NUL-terminated by contract; the owner is whoever made the bytes.
 */
#ifndef QUIS_BASE_STR_H
#define QUIS_BASE_STR_H

#include <string.h>

#include "base/defs.h"

struct str {
    const char *p;
    size_t len;
};

/* A slice of a string literal. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

static inline struct str str_of(const char *p, size_t len)
{
    return (struct str){p, len};
}

static inline struct str str_cstr(const char *z)
{
    return (struct str){z, strlen(z)};
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

/* Bytewise order, as Rego compares strings. */
static inline int str_compare(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
