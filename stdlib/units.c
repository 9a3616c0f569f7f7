/* SPDX-License-Identifier: Apache-2.0
 *
 * units.parse and units.parse_bytes: amounts with a unit. The first is exact (ten digits of what has no end), the second
 * is rounded like arithmetic and cut to whole bytes.
 */
#include <openssl/crypto.h>

#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/decimal.h"
#include "stdlib/unicode.h"
#include "vm/number_big.h"
#include "vm/number_float.h"

#define EXPONENT_DIGITS 6
#define FRACTION_DIGITS 10

/* 0.001 as OPA has it: the double, which is this times 2^-60. */
#define MILLI_MANTISSA UINT64_C(1152921504606847)
#define MILLI_SHIFT 60

struct unit {
    const char *name;
    uint64_t factor; /* 0: milli */
};

#define KB UINT64_C(1000)
#define KI UINT64_C(1024)

static const struct unit units[] = {
    {"m", 0},
    {"", 1},
    {"k", KB},
    {"K", KB},
    {"ki", KI},
    {"Ki", KI},
    {"M", KB *KB},
    {"mi", KI *KI},
    {"Mi", KI *KI},
    {"g", KB *KB *KB},
    {"G", KB *KB *KB},
    {"gi", KI *KI *KI},
    {"Gi", KI *KI *KI},
    {"t", KB *KB *KB *KB},
    {"T", KB *KB *KB *KB},
    {"ti", KI *KI *KI *KI},
    {"Ti", KI *KI *KI *KI},
    {"p", KB *KB *KB *KB *KB},
    {"P", KB *KB *KB *KB *KB},
    {"pi", KI *KI *KI *KI *KI},
    {"Pi", KI *KI *KI *KI *KI},
    {"e", KB *KB *KB *KB *KB *KB},
    {"E", KB *KB *KB *KB *KB *KB},
    {"ei", KI *KI *KI *KI *KI *KI},
    {"Ei", KI *KI *KI *KI *KI *KI},
};

static const struct unit byte_units[] = {
    {"", 1},
    {"k", KB},
    {"kb", KB},
    {"ki", KI},
    {"kib", KI},
    {"m", KB *KB},
    {"mb", KB *KB},
    {"mi", KI *KI},
    {"mib", KI *KI},
    {"g", KB *KB *KB},
    {"gb", KB *KB *KB},
    {"gi", KI *KI *KI},
    {"gib", KI *KI *KI},
    {"t", KB *KB *KB *KB},
    {"tb", KB *KB *KB *KB},
    {"ti", KI *KI *KI *KI},
    {"tib", KI *KI *KI *KI},
    {"p", KB *KB *KB *KB *KB},
    {"pb", KB *KB *KB *KB *KB},
    {"pi", KI *KI *KI *KI *KI},
    {"pib", KI *KI *KI *KI *KI},
    {"e", KB *KB *KB *KB *KB *KB},
    {"eb", KB *KB *KB *KB *KB *KB},
    {"ei", KI *KI *KI *KI *KI *KI},
    {"eib", KI *KI *KI *KI *KI *KI},
};

static const struct unit *find_unit(const struct unit *table, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(name, str_cstr(table[i].name)))
            return &table[i];
    }
    return NULL;
}

static void write_lower(struct buf *b, struct str s)
{
    while (s.len > 0) {
        unsigned len;
        char out[UTF8_MAX];
        uint32_t c = utf8_decode(s.p, s.len, &len);
        buf_bytes(b, out, utf8_encode(out, unicode_lower(c)));
        s = str_of(s.p + len, s.len - len);
    }
}

static void drop_quotes(struct buf *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->len; i++) {
        if (b->p[i] != '"')
            b->p[kept++] = b->p[i];
    }
    b->len = kept;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does an exponent start at s.p[i], which is an e? *ret_long: it has too many digits. */
static bool is_exponent(struct str s, size_t i, bool *ret_long)
{
    if (i + 1 >= s.len || !(is_digit(s.p[i + 1]) || s.p[i + 1] == '+' || s.p[i + 1] == '-'))
        return false;
    i += is_digit(s.p[i + 1]) ? 1 : 2;
    size_t digits = 0;
    while (i + digits < s.len && is_digit(s.p[i + digits]))
        digits++;
    *ret_long = *ret_long || digits > EXPONENT_DIGITS;
    return true;
}

/* Where the unit begins; nothing but digits, points, signs and exponents comes before. */
static size_t find_unit_start(struct str s, bool *ret_long)
{
    size_t i = 0;
    for (; i < s.len; i++) {
        char c = s.p[i];
        if ((c == 'e' || c == 'E') ? !is_exponent(s, i, ret_long) : !(is_digit(c) || c == '.' || c == '+' || c == '-'))
            break;
    }
    return i;
}

struct amount {
    struct value number;
    uint64_t factor;
};

struct family {
    const struct unit *units;
    size_t count;
    bool bytes;
    const char *amount; /* in texts of errors */
};

static const struct family plain_family = {units, COUNT_OF(units), false, "amount"};
static const struct family byte_family = {byte_units, COUNT_OF(byte_units), true, "byte amount"};

/* Lower case, but of units.parse the first letter of the unit, which tells m from M. */
static int read_unit(struct bi_ctx *ctx, const struct family *f, struct str name, uint64_t *ret)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    if (!f->bytes && name.len > 1) {
        buf_char(&b, name.p[0]);
        name = str_of(name.p + 1, name.len - 1);
        write_lower(&b, name);
    } else {
        buf_str(&b, name);
    }
    if (b.failed)
        return bi_nomem(ctx);
    const struct unit *u = find_unit(f->units, f->count, buf_view(&b));
    if (u == NULL)
        return bi_fail(ctx, "%s: %s %.*s not recognized", ctx->def->name, f->bytes ? "byte unit" : "unit",
                       (int)(b.len < 512 ? b.len : 512), b.len != 0 ? b.p : "");
    *ret = u->factor;
    return BI_OK;
}

static int read_number(struct bi_ctx *ctx, const struct family *f, struct str text, struct value *ret)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    bool ok = decimal_rewrite(&b, text);
    if (b.failed)
        return bi_nomem(ctx);
    if (!ok)
        return bi_fail(ctx, "%s: could not parse %s to a number", ctx->def->name, f->amount);
    struct number_parts p = number_split(buf_view(&b));
    int64_t most = (int64_t)ctx->limits->bignum_digits;
    if (p.count == 0) {
        *ret = value_int(0);
        return BI_OK;
    }
    if (p.lead > most || p.scale < -most || p.scale > most)
        return bi_number_status(ctx, NUMBER_TOO_BIG);
    int status = bi_number_status(ctx, number_make_any(ctx->arena, buf_view(&b), ret));
    return status == BI_OK ? bi_charge(ctx, number_work(*ret)) : status;
}

/* Errors name the builtin twice, as in OPA. */
static int read_amount(struct bi_ctx *ctx, const struct family *f, const struct value *argv, struct amount *ret)
{
    struct str s;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4);
    if (status != BI_OK)
        return status;
    struct buf b;
    buf_init(&b, ctx->arena);
    if (f->bytes)
        write_lower(&b, s);
    else
        buf_str(&b, s);
    if (b.failed)
        return bi_nomem(ctx);
    drop_quotes(&b);
    s = buf_view(&b);
    if (s.len != 0 && memchr(s.p, ' ', s.len) != NULL)
        return bi_fail(ctx, "%s: spaces not allowed in resource strings", ctx->def->name);
    bool too_long = false;
    size_t start = find_unit_start(s, &too_long);
    if (too_long)
        return bi_fail(ctx, "%s: exponent too large", ctx->def->name);
    if (start == 0)
        return bi_fail(ctx, "%s: no %s provided", ctx->def->name, f->amount);
    status = read_unit(ctx, f, str_of(s.p + start, s.len - start), &ret->factor);
    return status == BI_OK ? read_number(ctx, f, str_of(s.p, start), &ret->number) : status;
}

int bif_units_parse_bytes(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct amount amount;
    int status = read_amount(ctx, &byte_family, argv, &amount);
    if (status != BI_OK)
        return status;
    struct float64e f;
    if (!float_read(amount.number, &f))
        return bi_nomem(ctx);
    f = float_mul(f, float_of_u64(amount.factor), FLOAT_BITS);
    uint64_t whole;
    if (float_to_u64(&f, &whole) && whole == 0)
        f = (struct float64e){0};
    return bi_number_status(ctx, float_make_integer(ctx->arena, &f, ret));
}

/* ---- exact products ---- */

/* n / d rounded to FRACTION_DIGITS, halves away from zero. */
static int make_fraction(struct bi_ctx *ctx, BIGNUM *n, const BIGNUM *d, BIGNUM *rest, BN_CTX *bn, struct value *ret)
{
    bool negative = BN_is_negative(n) != 0;
    BN_set_negative(n, 0);
    if (BN_mul_word(n, UINT64_C(10000000000)) != 1 || BN_div(n, rest, n, d, bn) != 1 || BN_lshift1(rest, rest) != 1)
        return bi_nomem(ctx);
    if (BN_cmp(rest, d) >= 0 && BN_add_word(n, 1) != 1)
        return bi_nomem(ctx);
    char *digits = BN_bn2dec(n);
    if (digits == NULL)
        return bi_nomem(ctx);
    struct buf b;
    buf_init(&b, ctx->arena);
    size_t len = strlen(digits);
    if (negative)
        buf_char(&b, '-');
    for (size_t i = len; i <= FRACTION_DIGITS; i++)
        buf_char(&b, '0');
    buf_bytes(&b, digits, len);
    OPENSSL_free(digits);
    if (b.failed || !buf_reserve(&b, 1))
        return bi_nomem(ctx);
    memmove(b.p + b.len - FRACTION_DIGITS + 1, b.p + b.len - FRACTION_DIGITS, FRACTION_DIGITS);
    b.p[b.len - FRACTION_DIGITS] = '.';
    b.len++;
    return bi_number_status(ctx, number_make(ctx->arena, buf_view(&b), ret));
}

static bool multiply_pow10(BIGNUM *n, uint64_t power, BIGNUM *tmp, BN_CTX *bn)
{
    return big_pow5(tmp, power, bn) && BN_mul(n, n, tmp, bn) == 1 && BN_lshift(n, n, (int)power) == 1;
}

static int multiply(struct bi_ctx *ctx, const struct amount *amount, BN_CTX *bn, struct value *ret)
{
    char tmp_text[NUMBER_INT_TEXT];
    struct number_parts p = number_split(number_text(amount->number, tmp_text));
    BIGNUM *n = BN_CTX_get(bn), *d = BN_CTX_get(bn), *rest = BN_CTX_get(bn), *quotient = BN_CTX_get(bn);
    bool ok = quotient != NULL && big_of_digits(n, &p, true) && BN_one(d) == 1;
    if (ok && amount->factor == 0)
        ok = BN_mul_word(n, MILLI_MANTISSA) == 1 && BN_lshift(d, d, MILLI_SHIFT) == 1;
    else if (ok)
        ok = BN_mul_word(n, amount->factor) == 1;
    if (ok && p.count != 0)
        ok = multiply_pow10(p.scale < 0 ? d : n, (uint64_t)(p.scale < 0 ? -p.scale : p.scale), rest, bn);
    if (!ok || BN_div(quotient, rest, n, d, bn) != 1)
        return bi_nomem(ctx);
    BN_set_negative(n, p.negative);
    BN_set_negative(quotient, p.negative);
    if (BN_is_zero(rest))
        return bi_number_status(ctx, big_make(ctx->arena, quotient, ret));
    return make_fraction(ctx, n, d, rest, bn, ret);
}

int bif_units_parse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct amount amount;
    int status = read_amount(ctx, &plain_family, argv, &amount);
    if (status != BI_OK)
        return status;
    BN_CTX *bn = BN_CTX_new();
    if (bn == NULL)
        return bi_nomem(ctx);
    BN_CTX_start(bn);
    status = multiply(ctx, &amount, bn, ret);
    BN_CTX_end(bn);
    BN_CTX_free(bn);
    return status;
}
