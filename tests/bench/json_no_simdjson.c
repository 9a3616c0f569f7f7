/* SPDX-License-Identifier: Apache-2.0
 *
 * Where simdjson is not installed.
 */
#include "tests/bench/json_bench.h"

bool read_simdjson(const char *text, size_t len)
{
    (void)text;
    (void)len;
    return false;
}
