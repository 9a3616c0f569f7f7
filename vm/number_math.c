/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic as OPA dispatches it: integers exactly, whatever their spelling (1e3, 2.0); everything else rounded to a 64-bit
 * mantissa. Which of the two a result came from shows in its text, so that the dispatch is part of the behaviour.
 */
#include "vm/number_float.h"
#include "vm/number_parts.h"

static bool are_integral(struct value x, struct value y)
{
    return number_is_integral(x) && number_is_integral(y);
}

static bool read_pair(struct value x, struct value y, struct float64e *ret_x, struct float64e *ret_y)
{
    return float_read(x, ret_x) && float_read(y, ret_y);
}

static enum number_status add_values(struct arena *a, struct value x, struct value y, bool subtract, struct value *ret)
{
    if (are_integral(x, y))
        return number_int_add(a, x, y, subtract, ret);
    struct float64e f, g;
    if (!read_pair(x, y, &f, &g))
        return NUMBER_NOMEM;
    f = subtract ? float_sub(f, g) : float_add(f, g);
    return float_make(a, &f, FLOAT_BITS, ret);
}

enum number_status number_add(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t sum;
    if (LIKELY(value_is_int(x) && value_is_int(y) && !__builtin_add_overflow(x.i, y.i, &sum))) {
        *ret = value_int(sum);
        return NUMBER_OK;
    }
    return add_values(a, x, y, false, ret);
}

enum number_status number_sub(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t difference;
    if (LIKELY(value_is_int(x) && value_is_int(y) && !__builtin_sub_overflow(x.i, y.i, &difference))) {
        *ret = value_int(difference);
        return NUMBER_OK;
    }
    return add_values(a, x, y, true, ret);
}

enum number_status number_mul(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t product;
    if (LIKELY(value_is_int(x) && value_is_int(y) && !__builtin_mul_overflow(x.i, y.i, &product))) {
        *ret = value_int(product);
        return NUMBER_OK;
    }
    if (are_integral(x, y))
        return number_int_mul(a, x, y, ret);
    struct float64e f, g;
    if (!read_pair(x, y, &f, &g))
        return NUMBER_NOMEM;
    f = float_mul(f, g, FLOAT_BITS);
    return float_make(a, &f, FLOAT_BITS, ret);
}

/* In OPA's window of small integers the quotient is exact when there is no remainder, and 0 / x is left to the floats. */
static bool divide_small(struct value x, struct value y, int64_t *ret)
{
    int64_t i, j;
    if (!number_text_int64(x, &i) || !number_text_int64(y, &j) || i == 0 || j == 0)
        return false;
    if (i < INT32_MIN || i > INT32_MAX || j < INT32_MIN || j > INT32_MAX || i % j != 0)
        return false;
    *ret = i / j;
    return true;
}

enum number_status number_div(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t quotient;
    if (divide_small(x, y, &quotient)) {
        *ret = value_int(quotient);
        return NUMBER_OK;
    }
    struct float64e f, g;
    if (!read_pair(x, y, &f, &g))
        return NUMBER_NOMEM;
    if (g.mantissa == 0)
        return NUMBER_DIVIDE_BY_ZERO;
    f = float_quo(f, g);
    return float_make(a, &f, FLOAT_BITS, ret);
}

enum number_status number_rem(struct arena *a, struct value x, struct value y, struct value *ret)
{
    if (!are_integral(x, y))
        return NUMBER_MODULO_FLOAT;
    if (value_is_int(x) && value_is_int(y)) {
        if (y.i == 0)
            return NUMBER_MODULO_BY_ZERO;
        *ret = value_int(y.i == -1 ? 0 : x.i % y.i);
        return NUMBER_OK;
    }
    return number_int_rem(a, x, y, ret);
}

/* ---- one operand ---- */

/* A small integer stays what it is: *ret_small. */
static bool read_unary(struct value x, struct float64e *f, int64_t *ret_small, bool *ret_is_small)
{
    *ret_is_small = number_text_int64(x, ret_small) && *ret_small >= INT32_MIN && *ret_small <= INT32_MAX;
    return *ret_is_small || float_read(x, f);
}

enum number_status number_abs(struct arena *a, struct value x, struct value *ret)
{
    struct float64e f;
    int64_t i;
    bool small;
    if (!read_unary(x, &f, &i, &small))
        return NUMBER_NOMEM;
    if (small) {
        *ret = value_int(i < 0 ? -i : i);
        return NUMBER_OK;
    }
    f.negative = false;
    return float_make(a, &f, FLOAT_BITS, ret);
}

static struct float64e truncated(const struct float64e *f)
{
    uint64_t whole;
    if (!float_to_u64(f, &whole))
        return *f; /* no bits below the point */
    struct float64e r = float_of_u64(whole);
    r.negative = f->negative && whole != 0; /* an integer has no -0 */
    return r;
}

enum number_status number_round(struct arena *a, struct value x, struct value *ret)
{
    static const struct float64e half = {.mantissa = UINT64_C(1) << 63, .exp = -64};
    struct float64e f;
    int64_t i;
    bool small;
    if (!read_unary(x, &f, &i, &small))
        return NUMBER_NOMEM;
    if (small) {
        *ret = value_int(i);
        return NUMBER_OK;
    }
    f = f.negative ? float_sub(f, half) : float_add(f, half);
    return float_make_integer(a, &f, ret);
}

/* Toward up or down from the truncated value. As in OPA, what truncates to 0 counts as positive: floor(-0.5) is 0 and
 * ceil(-0.5) is 1. */
static enum number_status step_whole(struct arena *a, struct value x, bool up, struct value *ret)
{
    struct float64e f;
    int64_t i;
    bool small;
    if (!read_unary(x, &f, &i, &small))
        return NUMBER_NOMEM;
    if (small) {
        *ret = value_int(i);
        return NUMBER_OK;
    }
    struct float64e whole = truncated(&f);
    bool exact = float_is_integral(&f);
    if (!exact && whole.negative != up) {
        struct float64e one = float_of_u64(1);
        whole = up ? float_add(whole, one) : float_sub(whole, one);
    }
    return float_make_integer(a, &whole, ret);
}

enum number_status number_ceil(struct arena *a, struct value x, struct value *ret)
{
    return step_whole(a, x, true, ret);
}

enum number_status number_floor(struct arena *a, struct value x, struct value *ret)
{
    return step_whole(a, x, false, ret);
}

/* ---- many operands ---- */

static bool are_all_integral(const struct value *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!number_is_integral(items[i]))
            return false;
    }
    return true;
}

enum number_status number_sum(struct arena *a, const struct value *items, size_t count, struct value *ret)
{
    enum number_status status = NUMBER_OK;
    struct value sum = value_int(0);
    if (are_all_integral(items, count)) {
        for (size_t i = 0; i < count && status == NUMBER_OK; i++)
            status = number_add(a, sum, items[i], &sum);
        *ret = sum;
        return status;
    }
    struct float64e total = {0}, f;
    for (size_t i = 0; i < count; i++) {
        if (!float_read(items[i], &f))
            return NUMBER_NOMEM;
        total = i == 0 && f.mantissa == 0 ? (struct float64e){0} : float_add(total, f);
    }
    return float_make(a, &total, FLOAT_BITS, ret);
}

#define PRODUCT_BITS 53u /* OPA starts products from a double, whose precision stays */

enum number_status number_product(struct arena *a, const struct value *items, size_t count, struct value *ret)
{
    enum number_status status = NUMBER_OK;
    struct value product = value_int(1);
    if (are_all_integral(items, count)) {
        for (size_t i = 0; i < count && status == NUMBER_OK; i++)
            status = number_mul(a, product, items[i], &product);
        *ret = product;
        return status;
    }
    struct float64e total = float_of_u64(1), f;
    for (size_t i = 0; i < count; i++) {
        if (!float_read(items[i], &f))
            return NUMBER_NOMEM;
        total = float_mul(total, f, PRODUCT_BITS);
    }
    return float_make(a, &total, PRODUCT_BITS, ret);
}

uint64_t number_work(struct value x)
{
    if (x.kind != VALUE_NUMBER || x.sub == NUMBER_INT)
        return 0;
    struct number_parts p = number_split(str_of(x.number->text, x.number->len));
    uint64_t digits = p.written + (uint64_t)(p.scale < 0 ? -p.scale : p.scale);
    if (digits > limits_default().bignum_digits * 2)
        digits = limits_default().bignum_digits * 2;
    if (digits < 25)
        return 10;
    return 100 + digits + digits * digits / 512; /* conversion between bases is quadratic */
}
