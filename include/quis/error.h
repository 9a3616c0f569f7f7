/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors: owned by the caller, fixed size, never allocating.
 */
#ifndef QUIS_ERROR_H
#define QUIS_ERROR_H

#include <quis/api.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_error {
    uint32_t row, column; /* from 1; 0 = no place */
    char code[32];        /* a stable name, as rego_parse_error, eval_conflict_error, limit_fuel; "" = no error */
    char file[128];       /* "" = none */
    char text[1024];      /* for people; always NUL-terminated */
};

/* Initial value: struct quis_error error = QUIS_ERROR_INIT; */
#define QUIS_ERROR_INIT {0, 0, {0}, {0}, {0}}

/* Is the error a limit that was hit (its code begins with "limit_")? */
QUIS_API bool quis_error_is_limit(const struct quis_error *error);

#ifdef __cplusplus
}
#endif

#endif
