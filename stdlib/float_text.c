/* SPDX-License-Identifier: Apache-2.0
 *
 * Doubles as text, by exact arithmetic.
 *
 * A double is m * 2^e. Its decimal digits are those of the integer m * 2^e, or for negative e of m * 5^-e with the point moved:
 * never more than 768 of them. All digits are made, then rounded. The shortest form is the first that lies between the
 * midpoints to the neighbours (on them too when m is even, because reading rounds to even).
 */
#include "stdlib/float_text.h"

#include <math.h>

#define LIMBS 88 /* base 10^9: 792 digits */
#define LIMB_BASE 1000000000u
#define DIGITS_MAX (LIMBS * 9)
#define MANTISSA_BITS 52

/* 0.d1d2d3... * 10^point; no leading and no trailing zeros; count 0 is zero. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    int count, point;
};

struct big {
    uint32_t limbs[LIMBS]; /* least first */
    int count;
};

static void multiply(struct big *b, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < b->count; i++) {
        carry += (uint64_t)b->limbs[i] * factor;
        b->limbs[i] = (uint32_t)(carry % LIMB_BASE);
        carry /= LIMB_BASE;
    }
    while (carry != 0 && b->count < LIMBS) {
        b->limbs[b->count++] = (uint32_t)(carry % LIMB_BASE);
        carry /= LIMB_BASE;
    }
}

static void multiply_power(struct big *b, uint32_t base, int exponent, uint32_t chunk, int chunk_exponent)
{
    for (; exponent >= chunk_exponent; exponent -= chunk_exponent)
        multiply(b, chunk);
    for (; exponent > 0; exponent--)
        multiply(b, base);
}

static void trim_zeros(struct decimal *d)
{
    while (d->count > 0 && d->digits[d->count - 1] == '0')
        d->count--;
    if (d->count == 0)
        d->point = 0;
}

/* m * 2^exponent, all digits. */
static void make_decimal(struct decimal *d, uint64_t m, int exponent)
{
    struct big b = {.limbs = {(uint32_t)(m % LIMB_BASE), (uint32_t)(m / LIMB_BASE % LIMB_BASE)}, .count = 2};
    b.limbs[2] = (uint32_t)(m / LIMB_BASE / LIMB_BASE);
    b.count = 3;
    if (exponent >= 0)
        multiply_power(&b, 2, exponent, 1u << 29, 29);
    else
        multiply_power(&b, 5, -exponent, 1220703125u, 13);
    d->count = 0;
    for (int i = b.count - 1; i >= 0; i--)
        for (uint32_t unit = LIMB_BASE / 10; unit > 0; unit /= 10) {
            char c = (char)('0' + b.limbs[i] / unit % 10);
            if (d->count > 0 || c != '0')
                d->digits[d->count++] = c;
        }
    d->point = d->count + (exponent < 0 ? exponent : 0);
    trim_zeros(d);
}

/* Leaves n digits, adding one to the last of them if up. */
static void shorten_to(struct decimal *d, int n, bool up)
{
    d->count = n;
    if (up) {
        int i = n - 1;
        while (i >= 0 && d->digits[i] == '9')
            i--;
        if (i < 0) {
            d->digits[0] = '1';
            d->count = 1;
            d->point++;
            return;
        }
        d->digits[i]++;
        d->count = i + 1;
    }
    trim_zeros(d);
}

/* Cuts after n digits, adding one there if up. */
static void cut(struct decimal *d, int n, bool up)
{
    if (n < d->count)
        shorten_to(d, n > 0 ? n : 0, up && n >= 0);
}

/* The first n digits of another one, without copying the rest. */
static void take_prefix(struct decimal *to, const struct decimal *from, int n, bool up)
{
    int kept = n < from->count ? n : from->count;
    if (to != from)
        memcpy(to->digits, from->digits, (size_t)kept);
    to->point = from->point;
    shorten_to(to, kept, up && kept == n);
}

/* Does cutting after n digits round up: to the nearest, ties to even? */
static bool does_round_up(const struct decimal *d, int n)
{
    if (n < 0 || n >= d->count)
        return false;
    if (d->digits[n] == '5' && n + 1 == d->count)
        return n > 0 && (d->digits[n - 1] - '0') % 2 != 0;
    return d->digits[n] >= '5';
}

static int compare(const struct decimal *a, const struct decimal *b)
{
    if (a->count == 0 || b->count == 0)
        return (a->count > 0) - (b->count > 0);
    if (a->point != b->point)
        return a->point > b->point ? 1 : -1;
    int n = a->count < b->count ? a->count : b->count;
    int order = memcmp(a->digits, b->digits, (size_t)n);
    return order != 0 ? order : (a->count > b->count) - (a->count < b->count);
}

struct parts {
    uint64_t mantissa; /* with the implied bit */
    int exponent;      /* of the lowest bit */
    bool negative;
    bool is_lowest; /* the mantissa is the lowest of its binade and the gap below it half as wide */
};

static struct parts take_apart(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    int biased = (int)(bits >> MANTISSA_BITS & 0x7FF);
    struct parts p = {.mantissa = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1), .negative = bits >> 63 != 0};
    p.is_lowest = p.mantissa == 0 && biased > 1;
    if (biased > 0)
        p.mantissa |= UINT64_C(1) << MANTISSA_BITS;
    p.exponent = (biased > 0 ? biased : 1) - 1023 - MANTISSA_BITS;
    return p;
}

static void shorten(struct decimal *d, const struct parts *p)
{
    struct decimal lower, upper, down, up;
    make_decimal(&upper, p->mantissa * 2 + 1, p->exponent - 1);
    if (p->is_lowest)
        make_decimal(&lower, p->mantissa * 4 - 1, p->exponent - 2);
    else
        make_decimal(&lower, p->mantissa * 2 - 1, p->exponent - 1);
    bool inclusive = p->mantissa % 2 == 0;
    for (int n = 1; n < d->count; n++) {
        take_prefix(&down, d, n, false);
        take_prefix(&up, d, n, true);
        bool down_fits = compare(&down, &lower) >= (inclusive ? 0 : 1);
        bool up_fits = compare(&up, &upper) <= (inclusive ? 0 : -1);
        if (!down_fits && !up_fits)
            continue;
        bool take_up = down_fits && up_fits ? does_round_up(d, n) : up_fits;
        take_prefix(d, take_up ? &up : &down, n, false);
        return;
    }
}

static void write_zeros(struct buf *b, int n)
{
    if (n <= 0 || !buf_reserve(b, (size_t)n))
        return;
    memset(b->p + b->len, '0', (size_t)n);
    b->len += (size_t)n;
}

/* Digits from to from + n, zeros where there are none. */
static void write_digits(struct buf *b, const struct decimal *d, int from, int n)
{
    if (from < 0) {
        int zeros = n < -from ? n : -from;
        write_zeros(b, zeros);
        from += zeros;
        n -= zeros;
    }
    int have = d->count - from < n ? d->count - from : n;
    if (have > 0)
        buf_bytes(b, d->digits + from, (size_t)have);
    write_zeros(b, n - (have > 0 ? have : 0));
}

static void write_exponent(struct buf *b, char letter, int exponent, int digits)
{
    unsigned e = exponent < 0 ? (unsigned)-exponent : (unsigned)exponent;
    buf_char(b, letter);
    buf_char(b, exponent < 0 ? '-' : '+');
    for (int place = e >= 1000 ? 4 : e >= 100 ? 3 : digits; place > 0; place--) {
        unsigned unit = 1;
        for (int i = 1; i < place; i++)
            unit *= 10;
        buf_char(b, (char)('0' + e / unit % 10));
    }
}

static void write_scientific(struct buf *b, const struct decimal *d, int precision, char letter)
{
    write_digits(b, d, 0, 1);
    if (precision > 0) {
        buf_char(b, '.');
        write_digits(b, d, 1, precision);
    }
    write_exponent(b, letter, d->count == 0 ? 0 : d->point - 1, 2);
}

static void write_plain(struct buf *b, const struct decimal *d, int precision)
{
    if (d->point > 0)
        write_digits(b, d, 0, d->point);
    else
        buf_char(b, '0');
    if (precision > 0) {
        buf_char(b, '.');
        write_digits(b, d, d->point, precision);
    }
}

/* %g: like %e for exponents below -4 or from the precision (6 for the shortest form) on. */
static void write_general(struct buf *b, const struct decimal *d, int precision, bool shortest, char letter)
{
    int threshold = precision;
    if (threshold > d->count && d->count >= d->point)
        threshold = d->count;
    if (shortest)
        threshold = 6;
    int exponent = d->point - 1;
    if (exponent < -4 || exponent >= threshold) {
        if (precision > d->count)
            precision = d->count;
        write_scientific(b, d, precision - 1, letter);
        return;
    }
    if (precision > d->point)
        precision = d->count;
    write_plain(b, d, precision > d->point ? precision - d->point : 0);
}

static void write_decimal(struct buf *b, const struct parts *p, char verb, int precision)
{
    struct decimal d;
    bool shortest = precision < 0;
    make_decimal(&d, p->mantissa, p->exponent);
    if (shortest && p->mantissa != 0)
        shorten(&d, p);
    switch (verb) {
    case 'e':
    case 'E':
        if (shortest)
            precision = d.count > 0 ? d.count - 1 : 0;
        cut(&d, precision + 1, does_round_up(&d, precision + 1));
        write_scientific(b, &d, precision, verb);
        break;
    case 'f':
        if (shortest)
            precision = d.count > d.point ? d.count - d.point : 0;
        cut(&d, d.point + precision, does_round_up(&d, d.point + precision));
        write_plain(b, &d, precision);
        break;
    default:
        if (shortest)
            precision = d.count;
        else if (precision == 0)
            precision = 1;
        cut(&d, precision, !shortest && does_round_up(&d, precision));
        write_general(b, &d, precision, shortest, (char)(verb + 'e' - 'g'));
        break;
    }
}

/* %b: the mantissa in decimal, the exponent of two. */
static void write_binary(struct buf *b, const struct parts *p)
{
    buf_printf(b, "%llup%s%d", (unsigned long long)p->mantissa, p->exponent >= 0 ? "+" : "", p->exponent);
}

static void write_hexadecimal(struct buf *b, struct parts p, char verb, int precision)
{
    const char *digits = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    const uint64_t one = UINT64_C(1) << 60;
    int exponent = p.mantissa == 0 ? 0 : p.exponent + MANTISSA_BITS;
    uint64_t m = p.mantissa << (60 - MANTISSA_BITS);
    for (; m != 0 && (m & one) == 0; exponent--)
        m <<= 1;
    if (precision >= 0 && precision < 15) {
        unsigned shift = (unsigned)precision * 4;
        uint64_t extra = (m << shift) & (one - 1);
        m >>= 60 - shift;
        if ((extra | (m & 1)) > one >> 1)
            m++;
        m <<= 60 - shift;
        if ((m & one << 1) != 0) {
            m >>= 1;
            exponent++;
        }
    }
    buf_char(b, '0');
    buf_char(b, verb);
    buf_char(b, (char)('0' + (m >> 60 & 1)));
    m <<= 4;
    if (precision > 0 || (precision < 0 && m != 0))
        buf_char(b, '.');
    for (int i = 0; precision < 0 ? m != 0 : i < precision && i < 16; i++, m <<= 4)
        buf_char(b, digits[m >> 60]);
    write_zeros(b, precision - 16);
    write_exponent(b, verb == 'X' ? 'P' : 'p', exponent, 2);
}

void float_text(struct buf *b, double v, char verb, int precision)
{
    if (isnan(v)) {
        buf_cstr(b, "NaN");
        return;
    }
    if (isinf(v)) {
        buf_cstr(b, v > 0 ? "+Inf" : "-Inf");
        return;
    }
    struct parts p = take_apart(v);
    if (p.negative)
        buf_char(b, '-');
    if (verb == 'b')
        write_binary(b, &p);
    else if (verb == 'x' || verb == 'X')
        write_hexadecimal(b, p, verb, precision);
    else
        write_decimal(b, &p, verb, precision);
}
