/* SPDX-License-Identifier: Apache-2.0
 *
 * What every fuzz target shares: the bounds it runs under and how it takes its input apart.
 *
 * A target is a pure function of bytes, LLVMFuzzerTestOneInput. With -Dfuzz=true libFuzzer calls it; otherwise fuzz_main.c
 * replays the files named on its command line, which is how the corpus is a test.
 */
#ifndef QUIS_TESTS_FUZZ_COMMON_H
#define QUIS_TESTS_FUZZ_COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

#define FUZZ_ARENA_BYTES ((size_t)64 << 20)
#define FUZZ_FUEL 1000000u
#define FUZZ_DEPTH 200u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A finding: says what does not hold and stops. */
#define FUZZ_CHECK(cond, what)                                                                                                   \
    do {                                                                                                                         \
        if (!(cond)) {                                                                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, what);                                                            \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

static inline void fuzz_arena(struct arena *a)
{
    struct alloc alloc = alloc_default();
    arena_init(a, &alloc, FUZZ_ARENA_BYTES, 0);
}

/* The text before the next line that is "====", which is how an input holds several texts. Takes it off the front of rest. */
static inline struct str fuzz_next_part(struct str *rest)
{
    static const char mark[] = "\n====\n";
    size_t n = sizeof mark - 1;
    for (size_t i = 0; i + n <= rest->len; i++)
        if (memcmp(rest->p + i, mark, n) == 0) {
            struct str part = str_of(rest->p, i);
            *rest = str_of(rest->p + i + n, rest->len - i - n);
            return part;
        }
    struct str part = *rest;
    *rest = str_of(rest->p + rest->len, 0);
    return part;
}

#endif
