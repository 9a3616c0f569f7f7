/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading values. A value is borrowed from the document or evaluation that owns it and lives as long.
 *
 * Values are made from JSON only (documents, inputs, answers of host functions): one way in for hostile bytes.
 */
#ifndef QUIS_VALUE_H
#define QUIS_VALUE_H

#include <quis/api.h>

#ifdef __cplusplus
extern "C" {
#endif

enum quis_kind {
    QUIS_UNDEFINED, /* no value: only as the result of an evaluation */
    QUIS_NULL,
    QUIS_BOOLEAN,
    QUIS_NUMBER,
    QUIS_STRING,
    QUIS_ARRAY,
    QUIS_OBJECT,
    QUIS_SET
};

/* Two words, to be treated as opaque; public so that it can be passed and kept by value. */
struct quis_value {
    uint64_t word[2];
};

QUIS_API enum quis_kind quis_value_kind(const struct quis_value *value);

/* Is the value the boolean true? The only question a decision may ask: undefined, errors and other types are false. */
QUIS_API bool quis_value_is_true(const struct quis_value *value);

/* A whole number that fits. */
QUIS_API bool quis_value_int64(const struct quis_value *value, int64_t *ret);

/* The nearest double of a number. */
QUIS_API bool quis_value_double(const struct quis_value *value, double *ret);

/* The bytes of a string. */
QUIS_API bool quis_value_text(const struct quis_value *value, struct quis_text *ret);

/* Members of an array, object or set; bytes of a string; else 0. */
QUIS_API size_t quis_value_size(const struct quis_value *value);

/* The i-th element of an array or, in order, of a set; the i-th member of an object in order of keys (ret_key may be NULL). */
QUIS_API bool quis_value_at(const struct quis_value *value, size_t i, struct quis_value *ret_key, struct quis_value *ret);

/* The member of an object by a string key. */
QUIS_API bool quis_value_get(const struct quis_value *value, const char *key, size_t size, struct quis_value *ret);

#ifdef __cplusplus
}
#endif

#endif
