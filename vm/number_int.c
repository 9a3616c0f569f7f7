/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers of any size: sums, products, remainders, bits and digits in other bases.
 *
 * What fits 128 bits goes without OpenSSL. Bits are those of two's complement of endless width, as in Go's math/big.
 */
#include "vm/number_big.h"
#include "vm/number_float.h"
#include "vm/number_parts.h"

typedef int (*big_op)(BIGNUM *r, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx);

static int add_op(BIGNUM *r, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx)
{
    (void)ctx;
    return BN_add(r, x, y);
}

static int sub_op(BIGNUM *r, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx)
{
    (void)ctx;
    return BN_sub(r, x, y);
}

static int rem_op(BIGNUM *r, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx)
{
    return BN_div(NULL, r, x, y, ctx); /* the sign follows the dividend */
}

static enum number_status apply(struct arena *a, big_op op, struct value x, struct value y, struct value *ret)
{
    BN_CTX *ctx = BN_CTX_new();
    if (ctx == NULL)
        return NUMBER_NOMEM;
    BN_CTX_start(ctx);
    BIGNUM *m = BN_CTX_get(ctx), *n = BN_CTX_get(ctx), *r = BN_CTX_get(ctx);
    enum number_status status = NUMBER_NOMEM;
    if (r != NULL && big_of_integer(m, x) && big_of_integer(n, y)) {
        if (op == rem_op && BN_is_zero(n))
            status = NUMBER_MODULO_BY_ZERO;
        else if (op(r, m, n, ctx) == 1)
            status = big_make(a, r, ret);
    }
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return status;
}

static bool are_int64(struct value x, struct value y, int64_t *ret_x, int64_t *ret_y)
{
    return number_to_int64(x, ret_x) && number_to_int64(y, ret_y);
}

enum number_status number_int_add(struct arena *a, struct value x, struct value y, bool subtract, struct value *ret)
{
    int64_t i, j;
    if (are_int64(x, y, &i, &j))
        return number_of_i128(a, subtract ? (number_i128)i - j : (number_i128)i + j, ret);
    return apply(a, subtract ? sub_op : add_op, x, y, ret);
}

enum number_status number_int_mul(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t i, j;
    if (are_int64(x, y, &i, &j))
        return number_of_i128(a, (number_i128)i * j, ret);
    return apply(a, BN_mul, x, y, ret);
}

enum number_status number_int_rem(struct arena *a, struct value x, struct value y, struct value *ret)
{
    int64_t i, j;
    if (!are_int64(x, y, &i, &j))
        return apply(a, rem_op, x, y, ret);
    if (j == 0)
        return NUMBER_MODULO_BY_ZERO;
    *ret = value_int(j == -1 ? 0 : i % j);
    return NUMBER_OK;
}

enum number_status number_from_bytes(struct arena *a, const uint8_t *bytes, size_t len, struct value *ret)
{
    if (len > number_max_digits(a))
        return NUMBER_TOO_BIG;
    BIGNUM *n = BN_bin2bn(bytes, (int)len, NULL);
    enum number_status status = n == NULL ? NUMBER_NOMEM : big_make(a, n, ret);
    BN_free(n);
    return status;
}

/* ---- bits ---- */

/* A two's complement integer: bytes from the least, the last one's top bit being the sign. */
struct twos {
    uint8_t *bytes;
    int len;
};

static void negate_bytes(struct twos t)
{
    unsigned carry = 1;
    for (int i = 0; i < t.len; i++) {
        unsigned byte = (uint8_t)~t.bytes[i] + carry;
        t.bytes[i] = (uint8_t)byte;
        carry = byte >> 8;
    }
}

static bool to_twos(struct arena *a, const BIGNUM *n, int len, struct twos *ret)
{
    *ret = (struct twos){arena_alloc(a, (size_t)len), len};
    if (ret->bytes == NULL || BN_bn2lebinpad(n, ret->bytes, len) < 0)
        return false;
    if (BN_is_negative(n))
        negate_bytes(*ret);
    return true;
}

static enum number_status from_twos(struct arena *a, struct twos t, BIGNUM *n, struct value *ret)
{
    bool negative = (t.bytes[t.len - 1] & 0x80) != 0;
    if (negative)
        negate_bytes(t);
    if (BN_lebin2bn(t.bytes, t.len, n) == NULL)
        return NUMBER_NOMEM;
    BN_set_negative(n, negative);
    return big_make(a, n, ret);
}

static enum number_status combine_bits(struct arena *a, enum number_bits op, BIGNUM *m, BIGNUM *n, struct value *ret)
{
    int len = (BN_num_bytes(m) > BN_num_bytes(n) ? BN_num_bytes(m) : BN_num_bytes(n)) + 1;
    struct twos x, y;
    if (!to_twos(a, m, len, &x) || !to_twos(a, n, len, &y))
        return NUMBER_NOMEM;
    for (int i = 0; i < len; i++) {
        uint8_t b = y.bytes[i];
        x.bytes[i] = (uint8_t)(op == NUMBER_AND ? x.bytes[i] & b : op == NUMBER_OR ? x.bytes[i] | b : x.bytes[i] ^ b);
    }
    return from_twos(a, x, m, ret);
}

/* -x - 1 */
static enum number_status invert(struct arena *a, BIGNUM *m, struct value *ret)
{
    BN_set_negative(m, !BN_is_negative(m));
    return BN_sub_word(m, 1) == 1 ? big_make(a, m, ret) : NUMBER_NOMEM;
}

static enum number_status shift_right(struct arena *a, BIGNUM *m, uint64_t by, struct value *ret)
{
    int shift = by > (uint64_t)BN_num_bits(m) ? BN_num_bits(m) + 1 : (int)by;
    bool negative = BN_is_negative(m) != 0; /* toward minus infinity: -((|x| - 1) >> n) - 1 */
    BN_set_negative(m, 0);
    if ((negative && BN_sub_word(m, 1) != 1) || BN_rshift(m, m, shift) != 1 || (negative && BN_add_word(m, 1) != 1))
        return NUMBER_NOMEM;
    BN_set_negative(m, negative);
    return big_make(a, m, ret);
}

static enum number_status shift_left(struct arena *a, BIGNUM *m, uint64_t by, struct value *ret)
{
    if (BN_is_zero(m)) {
        *ret = value_int(0);
        return NUMBER_OK;
    }
    if (by > number_max_digits(a) * 4)
        return NUMBER_TOO_BIG;
    return BN_lshift(m, m, (int)by) == 1 ? big_make(a, m, ret) : NUMBER_NOMEM;
}

static enum number_status change_bits(struct arena *a, enum number_bits op, BIGNUM *m, BIGNUM *n, struct value *ret)
{
    switch (op) {
    case NUMBER_NEGATE:
        return invert(a, m, ret);
    case NUMBER_LSH:
        return shift_left(a, m, (uint64_t)big_to_u128(n), ret); /* the low 64 bits count, as in OPA */
    case NUMBER_RSH:
        return shift_right(a, m, (uint64_t)big_to_u128(n), ret);
    default:
        return combine_bits(a, op, m, n, ret);
    }
}

static bool change_small(enum number_bits op, int64_t i, int64_t j, int64_t *ret)
{
    switch (op) {
    case NUMBER_AND:
        *ret = i & j;
        return true;
    case NUMBER_OR:
        *ret = i | j;
        return true;
    case NUMBER_XOR:
        *ret = i ^ j;
        return true;
    case NUMBER_NEGATE:
        *ret = ~i;
        return true;
    case NUMBER_LSH:
        return j >= 0 && j < 63 && !__builtin_mul_overflow(i, INT64_C(1) << j, ret);
    case NUMBER_RSH:
        *ret = i >= 0 ? (j > 63 ? 0 : i >> j) : (j > 63 ? -1 : ~(~i >> j));
        return j >= 0;
    }
    return false;
}

enum number_status number_bits(struct arena *a, enum number_bits op, struct value x, struct value y, struct value *ret)
{
    int64_t i, j, small;
    if (op == NUMBER_NEGATE)
        y = value_int(0);
    if (are_int64(x, y, &i, &j) && change_small(op, i, j, &small)) {
        *ret = value_int(small);
        return NUMBER_OK;
    }
    BN_CTX *ctx = BN_CTX_new();
    if (ctx == NULL)
        return NUMBER_NOMEM;
    BN_CTX_start(ctx);
    BIGNUM *m = BN_CTX_get(ctx), *n = BN_CTX_get(ctx);
    enum number_status status = NUMBER_NOMEM;
    if (n != NULL && big_of_integer(m, x) && big_of_integer(n, y))
        status = change_bits(a, op, m, n, ret);
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return status;
}

/* ---- digits in a base ---- */

/* Of |n|, for bases of 2^bits. */
static struct str write_power_base(struct arena *a, const BIGNUM *n, unsigned bits)
{
    unsigned count = ((unsigned)BN_num_bits(n) + bits - 1) / bits;
    if (count == 0)
        return STR("0");
    size_t sign = BN_is_negative(n) ? 1 : 0;
    char *text = arena_alloc(a, count + sign);
    if (text == NULL)
        return (struct str){NULL, 0};
    text[0] = '-';
    for (unsigned i = 0; i < count; i++) {
        unsigned digit = 0;
        for (unsigned bit = 0; bit < bits; bit++)
            digit |= (unsigned)BN_is_bit_set(n, (int)(i * bits + bit)) << bit;
        text[sign + count - 1 - i] = "0123456789abcdef"[digit];
    }
    return str_of(text, count + sign);
}

static struct str write_small(struct arena *a, int64_t i, unsigned base)
{
    char tmp[72];
    char *end = tmp + sizeof tmp, *p = end;
    uint64_t u = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
    do {
        *--p = "0123456789abcdef"[u % base];
        u /= base;
    } while (u != 0);
    if (i < 0)
        *--p = '-';
    return arena_str(a, str_of(p, (size_t)(end - p)));
}

static bool is_integer_text(struct value x)
{
    return x.sub == NUMBER_INT || strpbrk(x.number->text, ".eE") == NULL;
}

/* What OPA formats: the integer itself when it is written as one, else the integer part of the rounded number. */
static enum number_status choose_integer(struct arena *a, struct value x, int base, struct value *ret)
{
    int64_t i;
    *ret = x;
    if (is_integer_text(x))
        return NUMBER_OK;
    if (base == 10 && number_text_int64(x, &i)) {
        *ret = value_int(i);
        return NUMBER_OK;
    }
    struct float64e f;
    return float_read(x, &f) ? float_make_integer(a, &f, ret) : NUMBER_NOMEM;
}

enum number_status number_format(struct arena *a, struct value x, int base, struct str *ret)
{
    struct value integer;
    enum number_status status = choose_integer(a, x, base, &integer);
    if (status != NUMBER_OK)
        return status;
    int64_t i;
    if (number_to_int64(integer, &i)) {
        *ret = write_small(a, i, (unsigned)base);
        return ret->p != NULL ? NUMBER_OK : NUMBER_NOMEM;
    }
    if (base == 10) {
        *ret = str_of(integer.number->text, integer.number->len);
        return NUMBER_OK;
    }
    BIGNUM *n = BN_new();
    *ret = (struct str){NULL, 0};
    if (n != NULL && big_of_integer(n, integer))
        *ret = write_power_base(a, n, base == 2 ? 1 : base == 8 ? 3 : 4);
    BN_free(n);
    return ret->p != NULL ? NUMBER_OK : NUMBER_NOMEM;
}
