/* SPDX-License-Identifier: Apache-2.0
 *
 * The readers that json-bench compares ours with.
 */
#ifndef QUIS_BENCH_JSON_BENCH_H
#define QUIS_BENCH_JSON_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* false: refused. */
bool read_jansson(const char *text, size_t len);

/* false: refused, or simdjson is not in this build. text has 64 readable bytes behind it. */
bool read_simdjson(const char *text, size_t len);

#ifdef __cplusplus
}
#endif

#endif
