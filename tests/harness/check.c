/* SPDX-License-Identifier: Apache-2.0
 *
 * See check.h.
 */
#include "tests/harness/check.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_uint passed, failed, skipped;

bool check(bool ok, const char *fmt, ...)
{
    atomic_fetch_add(ok ? &passed : &failed, 1);
    if (!ok) {
        char text[2048];
        va_list args;
        va_start(args, fmt);
        vsnprintf(text, sizeof text, fmt, args);
        va_end(args);
        printf("FAILED: %s\n", text);
        fflush(stdout);
    }
    return ok;
}

void check_skip(const char *why)
{
    atomic_fetch_add(&skipped, 1);
    printf("SKIPPED: %s\n", why);
}

int check_finish(void)
{
    printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
    return failed == 0 ? 0 : 1;
}
