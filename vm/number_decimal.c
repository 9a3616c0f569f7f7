/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal text to binary floating point and back.
 *
 * Reading rounds as Go's big.Float does, which above 5^55 multiplies by a rounded power: see pow5_rounded. Printing finds the
 * shortest decimal between the neighbours of a number by walking the digits of the number and of both bounds side by side.
 * Few digits and small exponents go without big integers.
 */
#include <openssl/crypto.h>

#include "vm/number_big.h"
#include "vm/number_float.h"

#define POW5_WORD 27        /* the largest power of five below 2^64 */
#define POW5_EXACT 55       /* the largest below 2^128 */
#define POWER_BITS 128      /* mantissa of powers of five while reading */
#define SQUARE_BITS 192     /* and of their squares */
#define SHOWN_DIGITS 40     /* more than the shortest text of 64 bits has */
#define LARGEST_EXP (INT64_C(1) << 40)

static uint64_t pow5_word(unsigned n)
{
    uint64_t r = 1;
    while (n-- > 0)
        r *= 5;
    return r;
}

/* ---- reading ---- */

/* Digits that fit a word times a power of five that does: one rounding of the exact value. */
static bool read_small(const struct number_parts *p, struct float64e *ret)
{
    int64_t zeros = (int64_t)(p->written - p->count), scale = p->scale + zeros;
    if (p->count > 19 || p->scale < -POW5_EXACT || p->scale > POW5_EXACT || scale < -POW5_WORD || scale > POW5_WORD)
        return false;
    uint64_t m = 0;
    const char *at = p->digits;
    for (size_t i = 0; i < p->count; i++)
        m = m * 10 + number_next_digit(&at);
    if (scale >= 0) {
        *ret = float_round((number_u128)m * pow5_word((unsigned)scale), scale, false, p->negative, FLOAT_BITS);
        return true;
    }
    struct float64e x = float_of_u64(m), y = float_of_u64(pow5_word((unsigned)-scale));
    x.negative = p->negative;
    *ret = float_quo(x, y);
    ret->exp += scale;
    return true;
}

/* A big integer times a power of two. */
struct big_float {
    BIGNUM *m;
    int64_t exp;
};

/* Rounds to bits; sticky: the true value is a little more. */
static bool round_big(struct big_float *f, int bits, bool sticky)
{
    int drop = BN_num_bits(f->m) - bits;
    if (drop <= 0)
        return true;
    bool half = BN_is_bit_set(f->m, drop - 1);
    bool more = half && (sticky || BN_is_bit_set(f->m, drop) || big_has_low_bits(f->m, drop - 1));
    f->exp += drop;
    return BN_rshift(f->m, f->m, drop) == 1 && (!more || BN_add_word(f->m, 1) == 1);
}

static bool multiply_big(struct big_float *x, const struct big_float *y, int bits, BN_CTX *ctx)
{
    x->exp += y->exp;
    return BN_mul(x->m, x->m, y->m, ctx) == 1 && round_big(x, bits, false);
}

/* 5^n as big.Float has it: exact in a word, else rounded at every step of the repeated squaring. */
static bool pow5_rounded(struct big_float *z, struct big_float *square, uint64_t n, BN_CTX *ctx)
{
    z->exp = square->exp = 0;
    if (n <= POW5_WORD)
        return BN_set_word(z->m, pow5_word((unsigned)n)) == 1;
    if (BN_set_word(z->m, pow5_word(POW5_WORD)) != 1 || BN_set_word(square->m, 5) != 1)
        return false;
    for (n -= POW5_WORD; n > 0; n >>= 1) {
        if ((n & 1) != 0 && !multiply_big(z, square, POWER_BITS, ctx))
            return false;
        if (!multiply_big(square, square, SQUARE_BITS, ctx))
            return false;
    }
    return true;
}

/* Divides, keeping at least bits + 2 bits of quotient. */
static bool divide_big(struct big_float *x, const struct big_float *y, int bits, bool *ret_sticky, BN_CTX *ctx)
{
    int shift = bits + 3 + BN_num_bits(y->m) - BN_num_bits(x->m);
    if (shift < 0)
        shift = 0;
    BIGNUM *rest = BN_CTX_get(ctx);
    if (rest == NULL || BN_lshift(x->m, x->m, shift) != 1 || BN_div(x->m, rest, x->m, y->m, ctx) != 1)
        return false;
    x->exp -= y->exp + shift;
    *ret_sticky = !BN_is_zero(rest);
    return true;
}

static bool read_big(const struct number_parts *p, struct float64e *ret, BN_CTX *ctx)
{
    BN_CTX_start(ctx);
    struct big_float m = {BN_CTX_get(ctx), p->scale}, power = {BN_CTX_get(ctx), 0}, square = {BN_CTX_get(ctx), 0};
    uint64_t n = p->scale < 0 ? (uint64_t)-p->scale : (uint64_t)p->scale;
    bool sticky = false;
    bool ok = square.m != NULL && big_of_digits(m.m, p, true) && pow5_rounded(&power, &square, n, ctx);
    if (ok && p->scale > 0)
        ok = multiply_big(&m, &power, FLOAT_BITS, ctx);
    else if (ok && p->scale < 0)
        ok = divide_big(&m, &power, FLOAT_BITS, &sticky, ctx);
    ok = ok && round_big(&m, FLOAT_BITS, sticky);
    if (ok)
        *ret = float_round(big_to_u128(m.m), m.exp, false, p->negative, FLOAT_BITS);
    BN_CTX_end(ctx);
    return ok;
}

bool float_read(struct value v, struct float64e *ret)
{
    if (v.sub == NUMBER_INT) {
        *ret = float_of_u64(v.i < 0 ? 0 - (uint64_t)v.i : (uint64_t)v.i);
        ret->negative = v.i < 0;
        return true;
    }
    struct number_parts p = number_split(str_of(v.number->text, v.number->len));
    if (p.count == 0) {
        *ret = (struct float64e){.negative = p.negative};
        return true;
    }
    if (read_small(&p, ret))
        return true;
    BN_CTX *ctx = BN_CTX_new();
    bool ok = ctx != NULL && read_big(&p, ret, ctx);
    BN_CTX_free(ctx);
    return ok;
}

/* ---- printing ---- */

/* The decimal digits of a positive number, the first not 0: those at at, then those of rest / 2^shift. */
struct digit_walk {
    char digits[SHOWN_DIGITS + 4];
    unsigned at, count;
    number_u128 rest;
    unsigned shift;
    int64_t point; /* 0.d1d2... * 10^point */
};

static void trim_zeros(struct digit_walk *w)
{
    while (w->rest == 0 && w->count > 0 && w->digits[w->count - 1] == '0')
        w->count--;
}

static unsigned step_rest(struct digit_walk *w)
{
    w->rest *= 10;
    unsigned digit = (unsigned)(w->rest >> w->shift);
    w->rest &= ((number_u128)1 << w->shift) - 1;
    return digit;
}

static unsigned step_walk(struct digit_walk *w)
{
    return w->at < w->count ? (unsigned)(w->digits[w->at++] - '0') : step_rest(w);
}

static bool is_walked(const struct digit_walk *w)
{
    return w->at == w->count && w->rest == 0;
}

#define SMALL_EXP_MIN (-120)
#define SMALL_EXP_MAX 59

/* The digits of m * 2^exp, m below 2^67 and not 0, exp between SMALL_EXP_MIN and SMALL_EXP_MAX. */
static void walk_small(struct digit_walk *w, number_u128 m, int64_t exp)
{
    *w = (struct digit_walk){.shift = exp < 0 ? (unsigned)-exp : 0};
    number_u128 whole = exp < 0 ? m >> w->shift : m << exp;
    if (exp < 0)
        w->rest = m & (((number_u128)1 << w->shift) - 1);
    char tmp[48];
    char *end = tmp + sizeof tmp, *p = end;
    for (; whole > UINT64_MAX; whole /= 10)
        *--p = (char)('0' + (int)(whole % 10));
    if (whole != 0)
        p = number_write_u64(p, (uint64_t)whole);
    w->count = (unsigned)(end - p);
    w->point = w->count;
    memcpy(w->digits, p, w->count);
    while (w->count == 0) {
        unsigned digit = step_rest(w);
        if (digit != 0)
            w->digits[w->count++] = (char)('0' + digit);
        else
            w->point--;
    }
    trim_zeros(w);
}

/* The first digits of m * 2^exp; what follows them only as whether there is more. */
static bool walk_big(struct digit_walk *w, number_u128 m, int64_t exp, BN_CTX *ctx)
{
    int64_t bits = exp + 67;
    int64_t scale = SHOWN_DIGITS - 1 - bits * 30103 / 100000; /* times 10^scale leaves SHOWN_DIGITS, give or take */
    BN_CTX_start(ctx);
    BIGNUM *n = BN_CTX_get(ctx), *power = BN_CTX_get(ctx), *rest = BN_CTX_get(ctx);
    bool ok = rest != NULL && big_pow5(power, (uint64_t)(scale < 0 ? -scale : scale), ctx) &&
              BN_set_word(n, (uint64_t)(m >> 64)) == 1 && BN_lshift(n, n, 64) == 1 && BN_add_word(n, (uint64_t)m) == 1;
    int64_t shift = exp + scale;
    bool more = false;
    if (ok && scale >= 0) {
        ok = BN_mul(n, n, power, ctx) == 1;
    } else if (ok) {
        ok = BN_lshift(n, n, (int)(shift > 0 ? shift : 0)) == 1 && BN_div(n, rest, n, power, ctx) == 1;
        more = ok && !BN_is_zero(rest);
        shift = shift > 0 ? 0 : shift;
    }
    if (ok && shift < 0) {
        more = more || big_has_low_bits(n, (int)-shift);
        ok = BN_rshift(n, n, (int)-shift) == 1;
    } else if (ok) {
        ok = BN_lshift(n, n, (int)shift) == 1;
    }
    char *text = ok ? BN_bn2dec(n) : NULL;
    BN_CTX_end(ctx);
    if (text == NULL)
        return false;
    size_t len = strlen(text);
    *w = (struct digit_walk){.rest = more, .shift = 64, .point = (int64_t)len - scale};
    w->count = (unsigned)(len < sizeof w->digits ? len : sizeof w->digits);
    if (len > w->count)
        w->rest = 1;
    memcpy(w->digits, text, w->count);
    OPENSSL_free(text);
    trim_zeros(w);
    return true;
}

/* What is between lower and upper and is shortest. */
struct shortest {
    char digits[SHOWN_DIGITS + 4];
    unsigned count;
    int64_t point;
};

static void round_up(struct shortest *s)
{
    while (s->count > 0 && s->digits[s->count - 1] == '9')
        s->count--;
    if (s->count == 0) {
        s->digits[s->count++] = '1';
        s->point++;
        return;
    }
    s->digits[s->count - 1]++;
}

static void round_down(struct shortest *s)
{
    while (s->count > 0 && s->digits[s->count - 1] == '0')
        s->count--;
}

/* Is what is left of w after the digits taken more than a half, or a half and odd says so? */
static bool is_upper_half(struct digit_walk *w, unsigned last_digit)
{
    if (is_walked(w))
        return false;
    unsigned next = step_walk(w);
    if (next == 5 && is_walked(w))
        return (last_digit & 1) != 0;
    return next >= 5;
}

static void find_shortest(struct digit_walk *d, struct digit_walk *lower, struct digit_walk *upper, bool inclusive,
                          struct shortest *s)
{
    *s = (struct shortest){.point = d->point};
    while (!is_walked(d) && s->count < SHOWN_DIGITS) {
        unsigned m = step_walk(d), l = step_walk(lower), u = step_walk(upper);
        s->digits[s->count++] = (char)('0' + m);
        bool down = l != m || (inclusive && is_walked(lower));
        bool up = m != u && (inclusive || m + 1 < u || !is_walked(upper));
        if (down && up)
            up = is_upper_half(d, m);
        else if (!down && !up)
            continue;
        if (up)
            round_up(s);
        else
            round_down(s);
        return;
    }
}

/* Digits and zeros, no point. */
static void write_integer(struct buf *b, const struct shortest *s)
{
    buf_bytes(b, s->digits, s->count);
    for (int64_t i = s->count; i < s->point; i++)
        buf_char(b, '0');
}

static void write_exponent(struct buf *b, const struct shortest *s)
{
    buf_char(b, s->digits[0]);
    if (s->count > 1) {
        buf_char(b, '.');
        buf_bytes(b, s->digits + 1, s->count - 1);
    }
    int64_t exp = s->point - 1;
    char tmp[NUMBER_INT_TEXT];
    char *end = tmp + sizeof tmp, *p = number_write_u64(end, (uint64_t)(exp < 0 ? -exp : exp));
    buf_bytes(b, exp < 0 ? "e-" : "e+", 2);
    if (end - p == 1)
        buf_char(b, '0');
    buf_bytes(b, p, (size_t)(end - p));
}

static void write_fraction(struct buf *b, const struct shortest *s)
{
    int64_t exp = s->point - 1;
    if (exp < -4 || exp >= 6) {
        write_exponent(b, s);
        return;
    }
    int64_t whole = s->point > 0 ? s->point : 0;
    if (whole == 0)
        buf_char(b, '0');
    for (int64_t i = 0; i < whole; i++)
        buf_char(b, i < s->count ? s->digits[i] : '0');
    if (whole >= s->count)
        return;
    buf_char(b, '.');
    for (int64_t i = s->point; i < 0; i++)
        buf_char(b, '0');
    buf_bytes(b, s->digits + whole, (size_t)(s->count - whole));
}

static bool walk_all(number_u128 m, int64_t exp, unsigned below, unsigned above, bool inclusive, struct shortest *s)
{
    struct digit_walk d, lower, upper;
    bool ok = true;
    if (exp >= SMALL_EXP_MIN && exp <= SMALL_EXP_MAX) {
        walk_small(&d, m, exp);
        walk_small(&lower, m - below, exp);
        walk_small(&upper, m + above, exp);
    } else {
        BN_CTX *ctx = BN_CTX_new();
        ok = ctx != NULL && walk_big(&d, m, exp, ctx) && walk_big(&lower, m - below, exp, ctx) &&
             walk_big(&upper, m + above, exp, ctx);
        BN_CTX_free(ctx);
    }
    if (ok)
        find_shortest(&d, &lower, &upper, inclusive, s);
    return ok;
}

static enum number_status make_text(struct arena *a, bool negative, bool integral, const struct shortest *s, struct value *ret)
{
    if (s->point > (int64_t)number_max_digits(a))
        return NUMBER_TOO_BIG;
    struct buf b;
    buf_init(&b, a);
    if (negative)
        buf_char(&b, '-');
    if (integral)
        write_integer(&b, s);
    else
        write_fraction(&b, s);
    return b.failed ? NUMBER_NOMEM : number_make_any(a, buf_view(&b), ret);
}

enum number_status float_make(struct arena *a, const struct float64e *f, unsigned bits, struct value *ret)
{
    if (f->mantissa == 0)
        return number_make_any(a, f->negative ? STR("-0") : STR("0"), ret);
    bool integral = float_is_integral(f);
    uint64_t m = f->mantissa >> (FLOAT_BITS - bits);
    int64_t exp = f->exp + (FLOAT_BITS - bits);
    if (exp > LARGEST_EXP || exp < -(int64_t)number_max_digits(a) * 4)
        return NUMBER_TOO_BIG;
    uint64_t whole;
    if (integral && float_to_u64(f, &whole) && whole <= INT64_MAX && bits == FLOAT_BITS) {
        *ret = value_int(f->negative ? -(int64_t)whole : (int64_t)whole);
        return NUMBER_OK;
    }
    if (exp > (int64_t)number_max_digits(a) * 4)
        return NUMBER_TOO_BIG;
    struct shortest s;
    if (!walk_all((number_u128)m << 1, exp - 1, 1, 1, (m & 1) == 0, &s))
        return NUMBER_NOMEM;
    return make_text(a, f->negative, integral, &s, ret);
}

enum number_status float_make_integer(struct arena *a, const struct float64e *f, struct value *ret)
{
    uint64_t whole;
    if (f->mantissa == 0 || float_to_u64(f, &whole))
        return number_of_i128(a, f->mantissa == 0 ? 0 : f->negative ? -(number_i128)whole : (number_i128)whole, ret);
    if (f->exp > (int64_t)number_max_digits(a) * 4)
        return NUMBER_TOO_BIG;
    BIGNUM *n = BN_new();
    enum number_status status = NUMBER_NOMEM;
    if (n != NULL && BN_set_word(n, f->mantissa) == 1 && BN_lshift(n, n, (int)f->exp) == 1) {
        BN_set_negative(n, f->negative);
        status = big_make(a, n, ret);
    }
    BN_free(n);
    return status;
}

/* ---- doubles ---- */

#define DOUBLE_BITS 53
#define DOUBLE_MIN_EXP (-1074) /* of the last bit of the smallest */
#define DOUBLE_MAX_EXP 971     /* of the last bit of the largest */

static double make_double(uint64_t m, int64_t exp, bool negative)
{
    uint64_t bits;
    if (exp > DOUBLE_MAX_EXP)
        bits = UINT64_C(0x7FF) << 52;
    else if ((m >> 52) == 0)
        bits = m; /* subnormal: exp is the least */
    else
        bits = (uint64_t)(exp - DOUBLE_MIN_EXP + 1) << 52 | (m & ((UINT64_C(1) << 52) - 1));
    bits |= (uint64_t)negative << 63;
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* The nearest double to n * 2^exp and a little more when sticky. */
static double round_to_double(BIGNUM *n, int64_t exp, bool sticky, bool negative)
{
    struct big_float f = {n, exp};
    int64_t last = exp + BN_num_bits(n) - DOUBLE_BITS;
    if (last < DOUBLE_MIN_EXP)
        last = DOUBLE_MIN_EXP;
    int64_t bits = exp + BN_num_bits(n) - last;
    if (bits < 0)
        return make_double(0, DOUBLE_MIN_EXP, negative);
    if (!round_big(&f, (int)bits, sticky))
        return 0;
    uint64_t m = (uint64_t)big_to_u128(f.m);
    int64_t up = f.exp - last; /* more than 0 when there were fewer bits than wanted */
    if (up > 0)
        m <<= up;
    if (m >> DOUBLE_BITS != 0) {
        m >>= 1;
        last++;
    }
    return make_double(m, last, negative);
}

static double to_double_big(const struct number_parts *p, BN_CTX *ctx)
{
    int64_t scale = p->scale + (int64_t)(p->written - p->count);
    bool sticky = false;
    double r = 0;
    BN_CTX_start(ctx);
    struct big_float m = {BN_CTX_get(ctx), scale}, power = {BN_CTX_get(ctx), 0};
    bool ok = power.m != NULL && big_of_digits(m.m, p, false) &&
              big_pow5(power.m, (uint64_t)(scale < 0 ? -scale : scale), ctx);
    if (ok && scale >= 0)
        ok = BN_mul(m.m, m.m, power.m, ctx) == 1;
    else if (ok)
        ok = divide_big(&m, &power, DOUBLE_BITS, &sticky, ctx);
    if (ok)
        r = round_to_double(m.m, m.exp, sticky, p->negative);
    BN_CTX_end(ctx);
    return r;
}

double float_to_double(const struct number_parts *p)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (p->count == 0 || p->lead < -330)
        return make_double(0, DOUBLE_MIN_EXP, p->negative);
    if (p->lead > 310)
        return make_double(0, DOUBLE_MAX_EXP + 1, p->negative);
    int64_t scale = p->lead - (int64_t)p->count;
    if (p->count <= 15 && scale >= -22 && scale <= 22) { /* both exact: one rounding */
        double m = 0;
        const char *at = p->digits;
        for (size_t i = 0; i < p->count; i++)
            m = m * 10 + number_next_digit(&at);
        m = scale < 0 ? m / powers[-scale] : m * powers[scale];
        return p->negative ? -m : m;
    }
    BN_CTX *ctx = BN_CTX_new();
    double r = ctx != NULL ? to_double_big(p, ctx) : 0;
    BN_CTX_free(ctx);
    return r;
}

enum number_status number_from_double(struct arena *a, double d, struct value *ret)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    int64_t exp = (int64_t)(bits >> 52 & 0x7FF);
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    bool negative = bits >> 63 != 0, lowest = m == 0 && exp > 1;
    if (exp == 0x7FF)
        return NUMBER_SYNTAX;
    if (exp == 0 && m == 0)
        return number_make_any(a, negative ? STR("-0") : STR("0"), ret);
    if (exp != 0)
        m |= UINT64_C(1) << 52;
    else
        exp = 1;
    struct shortest s;
    if (!walk_all((number_u128)m << 2, exp - 1075 - 2, lowest ? 1 : 2, 2, (m & 1) == 0, &s))
        return NUMBER_NOMEM;
    return make_text(a, negative, false, &s, ret);
}
