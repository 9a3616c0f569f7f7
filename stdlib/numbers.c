/* SPDX-License-Identifier: Apache-2.0
 *
 * numbers.range and numbers.range_step, rand.intn, format_int, to_number.
 */
#include "stdlib/builtins.h"
#include "stdlib/decimal.h"
#include "stdlib/quote.h"
#include "vm/number.h"

#define UNITS_PER_NUMBER 2u     /* of a range */
#define UNITS_PER_BIG_NUMBER 40u

/* ---- ranges ---- */

static int read_integer(struct bi_ctx *ctx, const struct value *argv, int operand, struct value *ret)
{
    struct value v = argv[operand - 1];
    if (v.kind != VALUE_NUMBER)
        return bi_operand_error(ctx, operand, "integer", v);
    if (!number_is_integral(v))
        return bi_operand_text(ctx, operand, "must be integer number but got floating-point number");
    *ret = v;
    return bi_charge(ctx, number_work(v));
}

static int make_small_range(struct bi_ctx *ctx, int64_t from, int64_t to, uint64_t step, struct value *ret)
{
    uint64_t span = from <= to ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    uint64_t last = span / step;
    if (last >= UINT32_MAX)
        return bi_halt(ctx, ERR_LIMIT_MEMORY, "%s: the range is too long", ctx->def->name);
    size_t count = (size_t)last + 1;
    int status = bi_charge(ctx, count * UNITS_PER_NUMBER);
    if (status != BI_OK)
        return status;
    struct value *items = arena_array(ctx->arena, count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++) {
        uint64_t offset = i * step;
        items[i] = value_int((int64_t)(from <= to ? (uint64_t)from + offset : (uint64_t)from - offset));
    }
    *ret = value_array(items, count);
    return BI_OK;
}

static int make_big_range(struct bi_ctx *ctx, struct value from, struct value to, struct value step, struct value *ret)
{
    struct array_builder b;
    array_init(&b, ctx->arena);
    int up = number_compare(from, to) <= 0 ? 1 : -1;
    struct value at;
    int status = bi_number_status(ctx, number_add(ctx->arena, from, value_int(0), &at)); /* in plain digits */
    while (status == BI_OK && number_compare(at, to) * up <= 0) {
        status = bi_charge(ctx, UNITS_PER_BIG_NUMBER + number_work(at));
        if (status == BI_OK && !array_push(&b, at))
            return bi_nomem(ctx);
        if (status == BI_OK)
            status = bi_number_status(ctx, (int)(up > 0 ? number_add : number_sub)(ctx->arena, at, step, &at));
    }
    if (status == BI_OK)
        *ret = array_value(&b);
    return status;
}

static int make_range(struct bi_ctx *ctx, struct value from, struct value to, struct value step, struct value *ret)
{
    int64_t i, j, k;
    if (number_to_int64(from, &i) && number_to_int64(to, &j) && number_to_int64(step, &k))
        return make_small_range(ctx, i, j, (uint64_t)k, ret);
    return make_big_range(ctx, from, to, step, ret);
}

int bif_numbers_range(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value from, to;
    int status = read_integer(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_integer(ctx, argv, 2, &to);
    return status == BI_OK ? make_range(ctx, from, to, value_int(1), ret) : status;
}

int bif_numbers_range_step(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value from, to, step;
    int status = read_integer(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_integer(ctx, argv, 2, &to);
    if (status == BI_OK)
        status = read_integer(ctx, argv, 3, &step);
    if (status != BI_OK)
        return status;
    if (number_compare(step, value_int(0)) <= 0)
        return bi_fail(ctx, "numbers.range_step: step must be a positive integer"); /* named twice, as in OPA */
    return make_range(ctx, from, to, step, ret);
}

/* ---- random numbers ---- */

int bif_rand_intn(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str key; /* under which the VM remembers the answer */
    int64_t n;
    int status = bi_string(ctx, argv, 1, &key);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 2, &n);
    if (status != BI_OK)
        return status;
    if (n == 0) {
        *ret = value_int(0);
        return BI_OK;
    }
    uint64_t below = n < 0 ? 0 - (uint64_t)n : (uint64_t)n, random;
    uint64_t fair = UINT64_MAX - UINT64_MAX % below; /* from here on a remainder would favour small numbers */
    do {
        if (ctx->host == NULL || ctx->host->random == NULL || ctx->host->random(ctx->host->ctx, &random, sizeof random) != 0)
            return bi_fail(ctx, "no random numbers are granted");
        status = bi_charge(ctx, 100);
    } while (status == BI_OK && random >= fair);
    if (status == BI_OK)
        *ret = value_int((int64_t)(random % below));
    return status;
}

/* ---- text ---- */

int bif_format_int(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, base;
    int status = bi_number(ctx, argv, 1, &x);
    if (status == BI_OK)
        status = bi_number(ctx, argv, 2, &base);
    if (status == BI_OK)
        status = bi_charge(ctx, number_work(x));
    if (status != BI_OK)
        return status;
    if (!value_is_int(base) || (base.i != 2 && base.i != 8 && base.i != 10 && base.i != 16))
        return bi_operand_text(ctx, 2, "must be one of {2, 8, 10, 16}");
    struct str text;
    status = bi_number_status(ctx, number_format(ctx->arena, x, (int)base.i, &text));
    if (status == BI_OK)
        *ret = value_str(text);
    return status;
}

static bool is_word(struct str s, const char *word)
{
    size_t len = strlen(word);
    if (s.len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
        if (c != word[i])
            return false;
    }
    return true;
}

static int fail_parse(struct bi_ctx *ctx, struct str s, const char *why)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    quote_text(&b, s, QUOTE_PRINTABLE);
    if (b.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "strconv.ParseFloat: parsing %.*s: %s", (int)(b.len < 512 ? b.len : 512), b.p, why);
}

static bool has_negative_exponent(struct str s)
{
    return s.len > 1 && memchr(s.p + 1, '-', s.len - 1) != NULL;
}

static int parse_text(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s = value_text(argv[0]), bare = s;
    while (bare.len > 0 && (*bare.p == '+' || *bare.p == '-'))
        bare = str_of(bare.p + 1, bare.len - 1);
    if (is_word(bare, "inf") || is_word(bare, "infinity") || is_word(bare, "nan"))
        return bi_operand_error(ctx, 1, "valid number string", argv[0]);
    int status = bi_charge(ctx, s.len / 8);
    if (status != BI_OK)
        return status;
    struct buf b;
    buf_init(&b, ctx->arena);
    bool ok = decimal_rewrite(&b, s);
    if (b.failed)
        return bi_nomem(ctx);
    if (!ok)
        return fail_parse(ctx, s, "invalid syntax");
    enum number_status parsed = number_parse(ctx->arena, buf_view(&b), ret);
    if (parsed == NUMBER_TOO_LONG)
        return bi_number_status(ctx, parsed);
    if (parsed == NUMBER_NOMEM)
        return bi_nomem(ctx);
    if (parsed == NUMBER_OK) {
        double d = number_double(*ret);
        if (d - d == 0) /* finite */
            return BI_OK;
        return fail_parse(ctx, s, "value out of range");
    }
    return has_negative_exponent(buf_view(&b)) ? bi_fail(ctx, "invalid number: number too big")
                                               : fail_parse(ctx, s, "value out of range");
}

int bif_to_number(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    switch (argv[0].kind) {
    case VALUE_NULL:
        *ret = value_int(0);
        return BI_OK;
    case VALUE_BOOL:
        *ret = value_int(argv[0].i);
        return BI_OK;
    case VALUE_NUMBER:
        *ret = argv[0];
        return BI_OK;
    case VALUE_STRING:
        return parse_text(ctx, argv, ret);
    default:
        return bi_operand_error(ctx, 1, "one of {null, boolean, number, string}", argv[0]);
    }
}
