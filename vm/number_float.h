/* SPDX-License-Identifier: Apache-2.0
 *
 * Binary floating point with a mantissa of at most 64 bits and a wide exponent, rounded to nearest even: what OPA's
 * arithmetic on fractions is made of. Only the files of numbers use it.
 *
 * value = sign * mantissa * 2^exp; the mantissa's top bit is set, or it is 0 for (signed) zero.
 */
#ifndef QUIS_VM_NUMBER_FLOAT_H
#define QUIS_VM_NUMBER_FLOAT_H

#include "vm/number_parts.h"

#define FLOAT_BITS 64u

struct float64e {
    uint64_t mantissa;
    int64_t exp;
    bool negative;
};

/* Of a number's text, rounded as Go's big.Float reads it. false: out of memory. */
MUST_CHECK bool float_read(struct value v, struct float64e *ret);

/* The nearest integer toward zero of |f| when it is below 2^64. */
MUST_CHECK bool float_to_u64(const struct float64e *f, uint64_t *ret);

/* m * 2^exp rounded to bits of mantissa; sticky: the true value is a little more. */
struct float64e float_round(number_u128 m, int64_t exp, bool sticky, bool negative, unsigned bits);

struct float64e float_of_u64(uint64_t u);
struct float64e float_add(struct float64e x, struct float64e y);
struct float64e float_sub(struct float64e x, struct float64e y);
/* bits: of the result's mantissa, 53 or 64. */
struct float64e float_mul(struct float64e x, struct float64e y, unsigned bits);
/* y is not zero. */
struct float64e float_quo(struct float64e x, struct float64e y);

bool float_is_integral(const struct float64e *f);

/* The shortest text that reads back as f at bits of mantissa, in OPA's form: digits only when integral. */
MUST_CHECK enum number_status float_make(struct arena *a, const struct float64e *f, unsigned bits, struct value *ret);

/* All digits of the integer part. */
MUST_CHECK enum number_status float_make_integer(struct arena *a, const struct float64e *f, struct value *ret);

/* Nearest double, to even; infinite when out of range. */
double float_to_double(const struct number_parts *p);

#endif
