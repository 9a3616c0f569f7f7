/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of numbers share: a number taken apart into digits and exponent, and making numbers of results.
 */
#ifndef QUIS_VM_NUMBER_PARTS_H
#define QUIS_VM_NUMBER_PARTS_H

#include "vm/limits.h"
#include "vm/number.h"

/* Digits of a number at most. An arena is all that the making of a number knows. */
static inline uint64_t number_max_digits(const struct arena *a)
{
    return a->most_digits != 0 ? a->most_digits : limits_default().bignum_digits;
}

/*
 * sign 0.d1d2...dn * 10^lead with d1 and dn not 0; zero has count 0. The digits lie at digits[0 ..], where one '.' may lie
 * between them. scale is the exponent of the last digit as written: zeros at the end of the text count (1.50 has -2).
 */
struct number_parts {
    const char *digits;
    size_t count;    /* n */
    size_t written;  /* digits from d1 to the end of the mantissa, with zeros at its end */
    int64_t lead;    /* of zero: 0 */
    int64_t scale;
    bool negative;   /* also of -0 */
    bool exponent;   /* has one */
};

struct number_parts number_split(struct str text);

/* The next digit of a walk through p->digits, as 0 to 9. */
static inline unsigned number_next_digit(const char **at)
{
    if (**at == '.')
        ++*at;
    return (unsigned)(*(*at)++ - '0');
}

/* The number of text that is well-formed JSON. */
MUST_CHECK enum number_status number_make(struct arena *a, struct str text, struct value *ret);

/* The same, inline where the text is that of an int64. */
MUST_CHECK enum number_status number_make_any(struct arena *a, struct str text, struct value *ret);

/* The number of a 128-bit integer. */
__extension__ typedef __int128 number_i128;
__extension__ typedef unsigned __int128 number_u128;
MUST_CHECK enum number_status number_of_i128(struct arena *a, number_i128 i, struct value *ret);

/* Writes the digits of u and returns where they start; end points past the last. */
char *number_write_u64(char *end, uint64_t u);

/* Integers of any size (number_int.c): both operands must be integral. */
MUST_CHECK enum number_status number_int_add(struct arena *a, struct value x, struct value y, bool subtract, struct value *ret);
MUST_CHECK enum number_status number_int_mul(struct arena *a, struct value x, struct value y, struct value *ret);
MUST_CHECK enum number_status number_int_rem(struct arena *a, struct value x, struct value y, struct value *ret);

#endif
