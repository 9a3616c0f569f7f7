/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text: reading, comparing, hashing, converting.
 *
 * Comparison is of exact decimal values, without big integers: by sign, then by the place of the first digit, then digit by
 * digit. Arithmetic is in number_math.c, integers beyond int64 in number_int.c, rounded arithmetic in number_float.c.
 */
#include "vm/number.h"

#include "vm/number_float.h"
#include "vm/number_parts.h"
#include "vm/value_hash.h"

#define EXPONENT_MAX INT64_C(1000000000000) /* what is beyond is as good as this */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int64_t read_exponent(const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    int64_t e = 0;
    for (; p < end; p++) {
        if (e < EXPONENT_MAX)
            e = e * 10 + (*p - '0');
    }
    return negative ? -e : e;
}

struct number_parts number_split(struct str text)
{
    struct number_parts r = {0};
    const char *p = text.p, *end = text.p + text.len;
    if (p < end && (*p == '-' || *p == '+'))
        r.negative = *p++ == '-';
    size_t whole = 0, fraction = 0;
    bool point = false;
    for (; p < end && (is_digit(*p) || *p == '.'); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        if (r.digits == NULL && *p != '0')
            r.digits = p;
        fraction += point;
        whole += r.digits != NULL && !point;
        r.written += r.digits != NULL;
        if (*p != '0')
            r.count = r.written;
    }
    int64_t e = 0;
    if (p < end) {
        r.exponent = true;
        e = read_exponent(p + 1, end);
    }
    r.scale = e - (int64_t)fraction;
    r.lead = r.count == 0 ? 0 : whole != 0 ? (int64_t)whole + e : (int64_t)r.written - (int64_t)fraction + e;
    return r;
}

static struct number_parts split_value(struct value v, char tmp[NUMBER_INT_TEXT])
{
    return number_split(number_text(v, tmp));
}

static bool is_integral(const struct number_parts *p)
{
    return p->count == 0 || p->lead >= (int64_t)p->count;
}

/* The value when it is an integer of int64. */
static bool to_int64(const struct number_parts *p, int64_t *ret)
{
    if (!is_integral(p) || p->lead > 19)
        return false;
    number_u128 m = 0;
    const char *at = p->digits;
    for (int64_t i = 0; i < p->lead && p->count != 0; i++)
        m = m * 10 + (i < (int64_t)p->count ? number_next_digit(&at) : 0);
    if (m > (number_u128)INT64_MAX + p->negative)
        return false;
    *ret = p->negative ? (int64_t)(0 - (uint64_t)m) : (int64_t)m;
    return true;
}

/* ---- reading ---- */

/* Is text a number of JSON? *ret_plain: without fraction and exponent. */
static bool is_json_number(struct str text, bool *ret_plain)
{
    const char *p = text.p, *end = text.p + text.len;
    if (p < end && *p == '-')
        p++;
    if (p == end || !is_digit(*p))
        return false;
    if (*p == '0')
        p++;
    else
        while (p < end && is_digit(*p))
            p++;
    *ret_plain = p == end;
    if (p < end && *p == '.') {
        if (++p == end || !is_digit(*p))
            return false;
        while (p < end && is_digit(*p))
            p++;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '-' || *p == '+'))
            p++;
        if (p == end || !is_digit(*p))
            return false;
        while (p < end && is_digit(*p))
            p++;
    }
    return p == end;
}

static bool read_int64(struct str text, int64_t *ret)
{
    bool negative = text.p[0] == '-';
    size_t i = negative;
    if (text.len - i > 19 || (negative && text.p[1] == '0'))
        return false;
    uint64_t m = 0;
    for (; i < text.len; i++)
        m = m * 10 + (uint64_t)(text.p[i] - '0');
    if (m > (uint64_t)INT64_MAX + negative)
        return false;
    *ret = negative ? (int64_t)(0 - m) : (int64_t)m;
    return true;
}

static int compare_digits(const struct number_parts *p, const struct number_parts *q);

/* OPA permits binary exponents of -100000 to 100000 where a number is written with an exponent. */
static bool is_exponent_permitted(const struct number_parts *p)
{
    static const struct number_parts too_big = {.digits = "999002093014384507944032764330", .count = 30};   /* 2^100000 */
    static const struct number_parts too_small = {.digits = "500499451899347083408132356596", .count = 30}; /* 2^-100001 */
    if (p->lead > 30102)
        return p->lead == 30103 && compare_digits(p, &too_big) < 0;
    if (p->lead < -30102)
        return p->lead == -30103 && compare_digits(p, &too_small) > 0;
    return true;
}

static uint64_t hash_parts(const struct number_parts *p, uint64_t seed)
{
    int64_t i;
    if (to_int64(p, &i))
        return hash_word(seed, (uint64_t)i);
    uint64_t h = hash_word(seed, (uint64_t)p->lead << 1 | p->negative), group = 1;
    const char *at = p->digits;
    for (size_t n = 1; n <= p->count; n++) {
        group = group * 10 + number_next_digit(&at);
        if (n % 18 == 0 || n == p->count) {
            h = hash_word(seed, (h << 9 | h >> 55) ^ group);
            group = 1;
        }
    }
    return h;
}

enum number_status number_make(struct arena *a, struct str text, struct value *ret)
{
    if (text.len > number_max_digits(a) + 32)
        return NUMBER_TOO_LONG;
    struct number_parts p = number_split(text);
    if (p.written > number_max_digits(a))
        return NUMBER_TOO_LONG;
    struct number *n = arena_alloc(a, sizeof *n + text.len + 1);
    if (n == NULL)
        return NUMBER_NOMEM;
    memcpy(n->text, text.p, text.len);
    n->text[text.len] = '\0';
    n->len = (uint32_t)text.len;
    n->integral = is_integral(&p);
    n->hash = hash_parts(&p, 0);
    *ret = (struct value){.kind = VALUE_NUMBER, .sub = NUMBER_TEXT, .number = n};
    return NUMBER_OK;
}

enum number_status number_make_any(struct arena *a, struct str text, struct value *ret)
{
    int64_t i;
    bool plain;
    if (is_json_number(text, &plain) && plain && read_int64(text, &i)) {
        *ret = value_int(i);
        return NUMBER_OK;
    }
    return number_make(a, text, ret);
}

enum number_status number_parse(struct arena *a, struct str text, struct value *ret)
{
    bool plain;
    if (!is_json_number(text, &plain))
        return NUMBER_SYNTAX;
    int64_t i;
    if (plain && read_int64(text, &i)) {
        *ret = value_int(i);
        return NUMBER_OK;
    }
    if (!plain) {
        struct number_parts p = number_split(text);
        if (p.exponent && !is_exponent_permitted(&p))
            return NUMBER_TOO_BIG;
    }
    return number_make(a, text, ret);
}

/* ---- text ---- */

char *number_write_u64(char *end, uint64_t u)
{
    do {
        *--end = (char)('0' + u % 10);
        u /= 10;
    } while (u != 0);
    return end;
}

struct str number_text(struct value v, char tmp[NUMBER_INT_TEXT])
{
    if (v.sub == NUMBER_TEXT)
        return str_of(v.number->text, v.number->len);
    char *end = tmp + NUMBER_INT_TEXT;
    char *p = number_write_u64(end, v.i < 0 ? 0 - (uint64_t)v.i : (uint64_t)v.i);
    if (v.i < 0)
        *--p = '-';
    return str_of(p, (size_t)(end - p));
}

enum number_status number_of_i128(struct arena *a, number_i128 i, struct value *ret)
{
    if (i >= INT64_MIN && i <= INT64_MAX) {
        *ret = value_int((int64_t)i);
        return NUMBER_OK;
    }
    char tmp[48];
    char *end = tmp + sizeof tmp, *p = end;
    number_u128 u = i < 0 ? 0 - (number_u128)i : (number_u128)i;
    for (; u > UINT64_MAX; u /= 10)
        *--p = (char)('0' + (int)(u % 10));
    p = number_write_u64(p, (uint64_t)u);
    if (i < 0)
        *--p = '-';
    return number_make(a, str_of(p, (size_t)(end - p)), ret);
}

/* ---- comparing ---- */

static int compare_digits(const struct number_parts *p, const struct number_parts *q)
{
    const char *a = p->digits, *b = q->digits;
    size_t least = p->count < q->count ? p->count : q->count;
    for (size_t i = 0; i < least; i++) {
        unsigned x = number_next_digit(&a), y = number_next_digit(&b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (p->count > q->count) - (p->count < q->count);
}

static int compare_parts(const struct number_parts *p, const struct number_parts *q)
{
    int p_sign = p->count == 0 ? 0 : p->negative ? -1 : 1;
    int q_sign = q->count == 0 ? 0 : q->negative ? -1 : 1;
    if (p_sign != q_sign)
        return p_sign < q_sign ? -1 : 1;
    if (p_sign == 0)
        return 0;
    int order = p->lead != q->lead ? (p->lead < q->lead ? -1 : 1) : compare_digits(p, q);
    return p_sign * order;
}

/* OPA compares what has at most 15 digits as decimals. */
static bool is_short(const struct number_parts *p)
{
    return p->written <= 15 && p->lead <= 300 && p->lead >= -300;
}

/* OPA takes a text for a fraction when a point is left after the zeros and points at its end are cut off, if any were. */
static bool is_cut_fraction(struct value v)
{
    if (v.sub != NUMBER_TEXT)
        return false;
    size_t len = v.number->len;
    while (len > 0 && (v.number->text[len - 1] == '0' || v.number->text[len - 1] == '.'))
        len--;
    return len != v.number->len && memchr(v.number->text, '.', len) != NULL;
}

/* Two such fractions are equal in OPA when they are the same double. */
static bool is_same_double(struct value a, struct value b)
{
    if (!is_cut_fraction(a) || !is_cut_fraction(b))
        return false;
    double x = number_double(a), y = number_double(b);
    return x == y && x - x == 0; /* finite */
}

int number_compare(struct value a, struct value b)
{
    if (a.sub == NUMBER_INT && b.sub == NUMBER_INT)
        return (a.i > b.i) - (a.i < b.i);
    char tmp_a[NUMBER_INT_TEXT], tmp_b[NUMBER_INT_TEXT];
    struct number_parts p = split_value(a, tmp_a), q = split_value(b, tmp_b);
    int order = compare_parts(&p, &q);
    if (order != 0 && !(is_short(&p) && is_short(&q)) && is_same_double(a, b))
        return 0;
    return order;
}

uint64_t number_hash_seed(struct value v, uint64_t seed)
{
    if (v.sub == NUMBER_INT)
        return hash_word(seed, (uint64_t)v.i);
    struct number_parts p = number_split(str_of(v.number->text, v.number->len));
    return hash_parts(&p, seed);
}

/* ---- converting ---- */

bool number_is_integral(struct value v)
{
    return v.sub == NUMBER_INT || v.number->integral;
}

bool number_to_int64(struct value v, int64_t *ret)
{
    if (v.sub == NUMBER_INT) {
        *ret = v.i;
        return true;
    }
    if (!v.number->integral)
        return false;
    struct number_parts p = number_split(str_of(v.number->text, v.number->len));
    return to_int64(&p, ret);
}

/* OPA's Atoi64: input[1.0] and array.slice(a, 1.0, 2) find their element; only the type checker refuses [10, 11][1.0]. */
bool number_text_int64(struct value v, int64_t *ret)
{
    if (v.sub == NUMBER_INT) {
        *ret = v.i;
        return true;
    }
    if (!v.number->integral || v.number->len > 20)
        return false;
    struct number_parts p = number_split(str_of(v.number->text, v.number->len));
    return !p.exponent && v.number->len - p.negative <= 19 && to_int64(&p, ret);
}

double number_double(struct value v)
{
    if (v.sub == NUMBER_INT)
        return (double)v.i;
    struct number_parts p = number_split(str_of(v.number->text, v.number->len));
    return float_to_double(&p);
}
