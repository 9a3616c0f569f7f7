/* SPDX-License-Identifier: Apache-2.0
 *
 * Between numbers and OpenSSL's big integers.
 */
#include "vm/number_big.h"

#include <openssl/crypto.h>

#define CHUNK 18 /* digits that fit a word with room to spare */
#define CHUNK_POWER UINT64_C(1000000000000000000)

_Static_assert(sizeof(BN_ULONG) == 8, "words of big integers are 64 bits");

/* r = r * 10^digits + word */
static bool append_chunk(BIGNUM *r, uint64_t word, unsigned digits)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < digits; i++)
        power *= 10;
    return BN_mul_word(r, power) == 1 && BN_add_word(r, word) == 1;
}

static bool append_zeros(BIGNUM *r, uint64_t zeros)
{
    for (; zeros >= CHUNK; zeros -= CHUNK) {
        if (BN_mul_word(r, CHUNK_POWER) != 1)
            return false;
    }
    return append_chunk(r, 0, (unsigned)zeros);
}

static bool append_digits(BIGNUM *r, const struct number_parts *p)
{
    const char *at = p->digits;
    size_t left = p->count;
    while (left > 0) {
        unsigned digits = left < CHUNK ? (unsigned)left : CHUNK;
        uint64_t word = 0;
        for (unsigned i = 0; i < digits; i++)
            word = word * 10 + number_next_digit(&at);
        if (!append_chunk(r, word, digits))
            return false;
        left -= digits;
    }
    return true;
}

bool big_of_digits(BIGNUM *r, const struct number_parts *p, bool with_end_zeros)
{
    BN_zero(r);
    return append_digits(r, p) && append_zeros(r, with_end_zeros ? p->written - p->count : 0);
}

bool big_of_integer(BIGNUM *r, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    struct number_parts p = number_split(number_text(v, tmp));
    BN_zero(r);
    if (p.count == 0)
        return true;
    if (!append_digits(r, &p) || !append_zeros(r, (uint64_t)(p.lead - (int64_t)p.count)))
        return false;
    BN_set_negative(r, p.negative);
    return true;
}

bool big_pow5(BIGNUM *r, uint64_t n, BN_CTX *ctx)
{
    BN_CTX_start(ctx);
    BIGNUM *base = BN_CTX_get(ctx), *power = BN_CTX_get(ctx);
    bool ok = power != NULL && BN_set_word(base, 5) == 1 && BN_set_word(power, n) == 1 && BN_exp(r, base, power, ctx) == 1;
    BN_CTX_end(ctx);
    return ok;
}

bool big_has_low_bits(const BIGNUM *n, int bits)
{
    for (int i = 0; i < bits; i++) {
        if (BN_is_bit_set(n, i))
            return true;
    }
    return false;
}

number_u128 big_to_u128(const BIGNUM *n)
{
    number_u128 r = 0;
    for (int i = 127; i >= 0; i--)
        r = r << 1 | (unsigned)BN_is_bit_set(n, i);
    return r;
}

enum number_status big_make(struct arena *a, const BIGNUM *n, struct value *ret)
{
    int bits = BN_num_bits(n);
    if (bits < 127) {
        number_i128 i = (number_i128)big_to_u128(n);
        return number_of_i128(a, BN_is_negative(n) ? -i : i, ret);
    }
    if ((uint64_t)bits / 4 > number_max_digits(a)) /* a digit is less than 4 bits */
        return NUMBER_TOO_BIG;
    char *text = BN_bn2dec(n);
    if (text == NULL)
        return NUMBER_NOMEM;
    struct str s = str_cstr(text);
    enum number_status status = s.len > number_max_digits(a) + 1 ? NUMBER_TOO_BIG : number_make(a, s, ret);
    OPENSSL_free(text);
    return status;
}
