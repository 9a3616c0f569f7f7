/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers beyond int64: exactly what OPA does with them (v1/topdown/arithmetic.go, v1/topdown/builtins, v1/ast/term.go).
 *
 * A number is the decimal text it was written as (OPA's json.Number); texts that are the canonical decimal form of an int64
 * are held inline (NUMBER_INT) and never as text. Integers are exact at any size (bounded by the limit bignum_digits);
 * other arithmetic rounds to a 64-bit mantissa, as Go's big.Float does, and prints its shortest text.
 * Plain double is never used where a digit could differ. Works the same on every machine and byte order.
 */
#ifndef QUIS_VM_NUMBER_H
#define QUIS_VM_NUMBER_H

#include "vm/value.h"

struct number {
    uint64_t hash;  /* of the numeric value: equal to value_hash of the equal int64 */
    uint32_t len;   /* of text */
    bool integral;  /* mathematically an integer (1e3, 2.0 are) */
    char text[];    /* NUL-terminated */
};

enum number_status {
    NUMBER_OK = 0,
    NUMBER_DIVIDE_BY_ZERO,
    NUMBER_MODULO_BY_ZERO,
    NUMBER_MODULO_FLOAT,
    NUMBER_TOO_BIG,  /* an exponent outside the permitted range, or a result of too many digits */
    NUMBER_TOO_LONG, /* a text of more digits than the limit */
    NUMBER_SYNTAX,
    NUMBER_NOMEM,
};

/* Parses JSON number text; keeps the text. */
MUST_CHECK enum number_status number_parse(struct arena *a, struct str text, struct value *ret);

/* The text of a number; tmp serves inline integers and must live as long as the result. */
#define NUMBER_INT_TEXT 24
struct str number_text(struct value v, char tmp[NUMBER_INT_TEXT]);

/* By numeric value. Both must be numbers. */
int number_compare(struct value a, struct value b);

/* Equal numbers hash alike; of an int64, hash_word of it (vm/value_hash.h). */
uint64_t number_hash_seed(struct value v, uint64_t seed);

/* a + b and so on, as OPA's arithmetic builtins. */
MUST_CHECK enum number_status number_add(struct arena *a, struct value x, struct value y, struct value *ret);
MUST_CHECK enum number_status number_sub(struct arena *a, struct value x, struct value y, struct value *ret);
MUST_CHECK enum number_status number_mul(struct arena *a, struct value x, struct value y, struct value *ret);
MUST_CHECK enum number_status number_div(struct arena *a, struct value x, struct value y, struct value *ret);
MUST_CHECK enum number_status number_rem(struct arena *a, struct value x, struct value y, struct value *ret);

MUST_CHECK enum number_status number_abs(struct arena *a, struct value x, struct value *ret);
MUST_CHECK enum number_status number_ceil(struct arena *a, struct value x, struct value *ret);
MUST_CHECK enum number_status number_floor(struct arena *a, struct value x, struct value *ret);
MUST_CHECK enum number_status number_round(struct arena *a, struct value x, struct value *ret);

/* As the builtins sum and product: all must be numbers. */
MUST_CHECK enum number_status number_sum(struct arena *a, const struct value *items, size_t count, struct value *ret);
MUST_CHECK enum number_status number_product(struct arena *a, const struct value *items, size_t count, struct value *ret);

/* What an operation on x costs, in units of fuel: 0 for inline integers, quadratic in the digits of others. */
uint64_t number_work(struct value x);

enum number_bits { NUMBER_AND, NUMBER_OR, NUMBER_XOR, NUMBER_NEGATE, NUMBER_LSH, NUMBER_RSH };

/* Two's complement operations on integers of any size; y is ignored by NUMBER_NEGATE. Operands must be integral and shift
 * counts not negative: the caller has checked. */
MUST_CHECK enum number_status number_bits(struct arena *a, enum number_bits op, struct value x, struct value y,
                                          struct value *ret);

/* The digits of an integral number in base 2, 8, 10 or 16, lower case, with sign; non-integers are floored toward zero. */
MUST_CHECK enum number_status number_format(struct arena *a, struct value x, int base, struct str *ret);

/* Mathematically an integer? */
bool number_is_integral(struct value v);

/* The value as int64 when it is integral and fits. */
MUST_CHECK bool number_to_int64(struct value v, int64_t *ret);

/* As OPA's Number.Int(): the text itself must be an integer that fits, at most 19 characters; zeros after a point are let
 * through (so "1.0" is, "1e3" is not). */
MUST_CHECK bool number_text_int64(struct value v, int64_t *ret);

/* Nearest double (infinite when out of range). */
double number_double(struct value v);

/* The number of a double, printed as Go's strconv 'g'/-1 JSON form; NaN and infinities are NUMBER_SYNTAX. */
MUST_CHECK enum number_status number_from_double(struct arena *a, double d, struct value *ret);

/* The integer of decimal digits or of big-endian bytes. */
MUST_CHECK enum number_status number_from_bytes(struct arena *a, const uint8_t *bytes, size_t len, struct value *ret);

#endif
