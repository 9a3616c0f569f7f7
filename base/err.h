/* SPDX-License-Identifier: Apache-2.0
 *
 * One error: a code, a place, a text. Owned by the caller, fixed size, never allocates.
 *
 * The first failure wins: err_set on an error that is already set does nothing. Every function that takes a struct err
 * accepts NULL. Codes are rows of errors.def; the names of compile and evaluation errors are OPA's (v1/ast/errors.go,
 * v1/topdown/errors.go).
 */
#ifndef QUIS_BASE_ERR_H
#define QUIS_BASE_ERR_H

#include "base/str.h"

enum err_code {
    ERR_OK = 0,
#define ERR(id, name, doc) ERR_##id,
#include "base/errors.def"
#undef ERR
    ERR_COUNT
};

struct err {
    enum err_code code;
    uint32_t row, col; /* from 1; 0 = no place */
    char file[128];    /* "" = none; cut at the front when longer */
    char text[1024];   /* always NUL-terminated; cut on a character boundary */
};

/* Sets code and text unless an error is already set. Returns -1, so that callers can `return err_set(...)`. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same with a place. */
int err_set_at(struct err *e, enum err_code code, struct str file, uint32_t row, uint32_t col, const char *fmt, ...)
    PRINTF_LIKE(6, 7);

/* Is it a bound that was hit, or memory that was not there: nothing that a text or a value is to blame for? */
static inline bool err_is_limit(enum err_code code)
{
    return code >= ERR_LIMIT_FUEL && code <= ERR_NOMEM;
}

/* "rego_type_error" and the like; never NULL. */
const char *err_name(enum err_code code);

#endif
