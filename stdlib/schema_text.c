/* SPDX-License-Identifier: Apache-2.0
 *
 * Values and numbers as the schema files need them: canonical text to compare by, decimals of error texts, exact multiples.
 */
#include "stdlib/float_text.h"
#include "stdlib/schema.h"
#include "vm/json.h"
#include "vm/limits.h"
#include "vm/number.h"

/* ---- canonical text ---- */

/* As Go's encoder of JSON writes a double. */
static void write_double(struct buf *b, double d)
{
    double magnitude = d < 0 ? -d : d;
    bool scientific = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
    size_t start = b->len;
    float_text(b, d, scientific ? 'e' : 'f', -1);
    /* e-09 becomes e-9 */
    if (scientific && !b->failed && b->len - start > 4 && b->p[b->len - 4] == 'e' && b->p[b->len - 3] == '-' &&
        b->p[b->len - 2] == '0') {
        b->p[b->len - 2] = b->p[b->len - 1];
        b->len--;
    }
}

static void write_number(struct buf *b, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    double d = number_double(v);
    if (d - d == 0)
        write_double(b, d);
    else
        buf_str(b, number_text(v, tmp));
}

static void write_value(struct buf *b, struct value v)
{
    if (v.kind == VALUE_NUMBER) {
        write_number(b, v);
    } else if (v.kind == VALUE_ARRAY) {
        buf_char(b, '[');
        for (uint32_t i = 0; i < v.len; i++) {
            if (i > 0)
                buf_char(b, ',');
            write_value(b, v.items[i]);
        }
        buf_char(b, ']');
    } else if (v.kind == VALUE_OBJECT) {
        const struct member *members = object_members(v.object);
        buf_char(b, '{');
        for (uint32_t i = 0; i < v.object->count; i++) {
            if (i > 0)
                buf_char(b, ',');
            json_write_string(b, value_text(members[i].key), JSON_COMPACT);
            buf_char(b, ':');
            write_value(b, members[i].value);
        }
        buf_char(b, '}');
    } else {
        json_write(b, v, JSON_COMPACT);
    }
}

struct str schema_text_of(struct arena *a, struct value v)
{
    struct buf b;
    buf_init(&b, a);
    write_value(&b, v);
    return b.failed ? str_of(NULL, 0) : buf_view(&b);
}

/* ---- decimals ---- */

/* A number as digits * 10^exponent, without zeros at either end of the digits; no digits: zero. */
struct decimal {
    bool negative;
    struct buf digits;
    int64_t exponent;
};

static void read_exponent(const char *p, const char *end, struct decimal *d)
{
    bool negative = p < end && *p == '-';
    int64_t e = 0;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end && e < INT32_MAX; p++)
        e = e * 10 + (*p - '0');
    d->exponent += negative ? -e : e;
}

static void read_decimal(struct arena *a, struct value v, struct decimal *d)
{
    char tmp[NUMBER_INT_TEXT];
    struct str s = number_text(v, tmp);
    const char *p = s.p, *end = s.p + s.len;
    bool fraction = false;
    *d = (struct decimal){.negative = *p == '-'};
    buf_init(&d->digits, a);
    p += d->negative;
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            fraction = true;
            continue;
        }
        if (*p != '0' || d->digits.len != 0)
            buf_char(&d->digits, *p);
        d->exponent -= fraction;
    }
    if (p < end)
        read_exponent(p + 1, end, d);
    while (d->digits.len > 0 && d->digits.p[d->digits.len - 1] == '0') {
        d->digits.len--;
        d->exponent++;
    }
}

struct str schema_text_number(struct arena *a, struct value v)
{
    struct decimal d;
    struct buf b;
    read_decimal(a, v, &d);
    buf_init(&b, a);
    int64_t len = (int64_t)d.digits.len, point = len + d.exponent, exponent = point - 1;
    if (d.negative && len > 0)
        buf_char(&b, '-');
    if (len > 0 && (exponent < -4 || exponent >= 6)) {
        buf_char(&b, d.digits.p[0]);
        if (len > 1)
            buf_char(&b, '.');
        buf_bytes(&b, d.digits.p + 1, (size_t)len - 1);
        buf_printf(&b, "e%c%02lld", exponent < 0 ? '-' : '+', (long long)(exponent < 0 ? -exponent : exponent));
    } else {
        for (int64_t i = 0; i < point; i++)
            buf_char(&b, i < len ? d.digits.p[i] : '0');
        if (point <= 0)
            buf_char(&b, '0');
        if (len > point && len > 0) {
            buf_char(&b, '.');
            for (int64_t i = point; i < 0; i++)
                buf_char(&b, '0');
            int64_t from = point > 0 ? point : 0;
            buf_bytes(&b, d.digits.p + from, (size_t)(len - from));
        }
    }
    return b.failed || d.digits.failed ? str_of(NULL, 0) : buf_view(&b);
}

/* The integer digits * 10^zeros. */
static int scale(struct bi_ctx *ctx, const struct decimal *d, int64_t zeros, struct value *ret)
{
    struct buf b;
    if (zeros > (int64_t)ctx->limits->bignum_digits)
        return bi_halt(ctx, ERR_LIMIT_BIGNUM, "number too large (limit 'bignum_digits')");
    buf_init(&b, ctx->arena);
    buf_str(&b, buf_view(&d->digits));
    for (int64_t i = 0; i < zeros; i++)
        buf_char(&b, '0');
    if (b.failed)
        return bi_nomem(ctx);
    switch (number_parse(ctx->arena, buf_view(&b), ret)) {
    case NUMBER_OK:
        return BI_OK;
    case NUMBER_NOMEM:
        return bi_nomem(ctx);
    default:
        return bi_halt(ctx, ERR_LIMIT_BIGNUM, "number too large (limit 'bignum_digits')");
    }
}

int schema_text_is_multiple(struct bi_ctx *ctx, struct value v, struct value unit, bool *ret)
{
    struct decimal a, b;
    struct value x, y, rest;
    read_decimal(ctx->arena, v, &a);
    read_decimal(ctx->arena, unit, &b);
    *ret = true;
    if (a.digits.failed || b.digits.failed)
        return bi_nomem(ctx);
    if (a.digits.len == 0)
        return BI_OK;
    int64_t least = a.exponent < b.exponent ? a.exponent : b.exponent;
    int status = scale(ctx, &a, a.exponent - least, &x);
    if (status == BI_OK)
        status = scale(ctx, &b, b.exponent - least, &y);
    if (status == BI_OK)
        status = bi_charge(ctx, (a.digits.len + 1) * (b.digits.len + 1) / 16);
    if (status != BI_OK)
        return status;
    switch (number_rem(ctx->arena, x, y, &rest)) {
    case NUMBER_OK:
        *ret = number_compare(rest, value_int(0)) == 0;
        return BI_OK;
    case NUMBER_NOMEM:
        return bi_nomem(ctx);
    default:
        return bi_halt(ctx, ERR_LIMIT_BIGNUM, "number too large (limit 'bignum_digits')");
    }
}
