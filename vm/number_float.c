/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic on 64-bit mantissas: add, subtract, multiply, divide, each rounded once to nearest even.
 *
 * Reading and printing decimal text is in number_decimal.c. Nothing here allocates.
 */
#include "vm/number_float.h"

static unsigned bit_length(number_u128 m)
{
    uint64_t high = (uint64_t)(m >> 64);
    if (high != 0)
        return 128 - (unsigned)__builtin_clzll(high);
    return (uint64_t)m != 0 ? 64 - (unsigned)__builtin_clzll((uint64_t)m) : 0;
}

struct float64e float_round(number_u128 m, int64_t exp, bool sticky, bool negative, unsigned bits)
{
    struct float64e r = {.negative = negative};
    unsigned length = bit_length(m);
    if (length == 0)
        return r;
    if (length > bits) {
        unsigned drop = length - bits;
        number_u128 half = (number_u128)1 << (drop - 1), rest = m & ((half << 1) - 1);
        m >>= drop;
        exp += drop;
        if (rest > half || (rest == half && (sticky || (m & 1) != 0)))
            m++;
        if (bit_length(m) > bits) {
            m >>= 1;
            exp++;
        }
        length = bits;
    }
    unsigned up = FLOAT_BITS - length;
    r.mantissa = (uint64_t)m << up;
    r.exp = exp - up;
    return r;
}

struct float64e float_of_u64(uint64_t u)
{
    return float_round(u, 0, false, false, FLOAT_BITS);
}

/* |x| >= |y|, both not zero: |x| + |y| or |x| - |y| with the sign of x. */
static struct float64e combine(const struct float64e *x, const struct float64e *y, bool subtract)
{
    uint64_t apart = (uint64_t)(x->exp - y->exp);
    number_u128 big = (number_u128)x->mantissa << 63, small = (number_u128)y->mantissa << 63;
    bool sticky = false;
    if (apart >= 128) {
        sticky = true;
        small = 0;
    } else if (apart > 0) {
        sticky = (small & (((number_u128)1 << apart) - 1)) != 0;
        small >>= apart;
    }
    number_u128 m = subtract ? big - small - sticky : big + small;
    return float_round(m, x->exp - 63, sticky, x->negative, FLOAT_BITS);
}

static bool is_smaller(const struct float64e *x, const struct float64e *y)
{
    return x->exp != y->exp ? x->exp < y->exp : x->mantissa < y->mantissa;
}

struct float64e float_add(struct float64e x, struct float64e y)
{
    if (x.mantissa == 0 && y.mantissa == 0)
        return (struct float64e){.negative = x.negative && y.negative};
    if (y.mantissa == 0)
        return x;
    if (x.mantissa == 0)
        return y;
    if (is_smaller(&x, &y)) {
        struct float64e held = x;
        x = y;
        y = held;
    }
    bool subtract = x.negative != y.negative;
    if (subtract && x.exp == y.exp && x.mantissa == y.mantissa)
        return (struct float64e){0};
    return combine(&x, &y, subtract);
}

struct float64e float_sub(struct float64e x, struct float64e y)
{
    y.negative = !y.negative;
    return float_add(x, y);
}

struct float64e float_mul(struct float64e x, struct float64e y, unsigned bits)
{
    bool negative = x.negative != y.negative;
    return float_round((number_u128)x.mantissa * y.mantissa, x.exp + y.exp, false, negative, bits);
}

struct float64e float_quo(struct float64e x, struct float64e y)
{
    bool negative = x.negative != y.negative;
    if (x.mantissa == 0)
        return (struct float64e){.negative = negative};
    /* Both have their top bit set, so that the quotient has at least 64 bits before the two that are added below. */
    number_u128 top = (number_u128)x.mantissa << 64;
    number_u128 quotient = top / y.mantissa;
    uint64_t rest = (uint64_t)(top % y.mantissa);
    number_u128 more = ((number_u128)rest << 2) / y.mantissa;
    bool sticky = (((number_u128)rest << 2) % y.mantissa) != 0;
    return float_round(quotient << 2 | more, x.exp - y.exp - 66, sticky, negative, FLOAT_BITS);
}

bool float_is_integral(const struct float64e *f)
{
    if (f->mantissa == 0 || f->exp >= 0)
        return true;
    return f->exp > -64 && (f->mantissa & ((UINT64_C(1) << -f->exp) - 1)) == 0;
}

bool float_to_u64(const struct float64e *f, uint64_t *ret)
{
    if (f->exp > 0)
        return false;
    *ret = f->exp <= -64 ? 0 : f->mantissa >> -f->exp;
    return true;
}
