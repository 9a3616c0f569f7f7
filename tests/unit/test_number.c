/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers: arithmetic with the digits OPA 1.22.2 gives, text for text. tests/differential/numbers.py tries many more.
 */
#include <stdio.h>

#include <criterion/criterion.h>

#include "vm/number.h"

static struct arena arena;

static void open_arena(void)
{
    struct alloc heap = alloc_default();
    arena_init(&arena, &heap, SIZE_MAX, 0);
}

static void close_arena(void)
{
    arena_fini(&arena);
}

TestSuite(number, .init = open_arena, .fini = close_arena);

static struct value parse(const char *text)
{
    struct value v;
    cr_assert_eq(number_parse(&arena, str_cstr(text), &v), NUMBER_OK, "%s", text);
    return v;
}

static void check_number(const char *what, struct value v, const char *want)
{
    char tmp[NUMBER_INT_TEXT];
    struct str got = number_text(v, tmp);
    cr_assert(str_equal(got, str_cstr(want)), "%s: want %s, got %.*s", what, want, (int)got.len, got.p);
    int64_t i;
    bool canonical = number_text_int64(v, &i) && strpbrk(want, ".eE") == NULL && strcmp(want, "-0") != 0;
    cr_assert_eq(v.sub == NUMBER_INT, canonical, "%s: %s is inline exactly when it is an int64", what, want);
}

static const struct {
    const char *text;
    enum number_status status;
} syntax[] = {
    {"0", NUMBER_OK},       {"-0", NUMBER_OK},     {"10", NUMBER_OK},       {"1.5e-7", NUMBER_OK},   {"1E+2", NUMBER_OK},
    {"", NUMBER_SYNTAX},    {"-", NUMBER_SYNTAX},  {"01", NUMBER_SYNTAX},   {"+1", NUMBER_SYNTAX},   {"1.", NUMBER_SYNTAX},
    {".5", NUMBER_SYNTAX},  {"1e", NUMBER_SYNTAX}, {"1e+", NUMBER_SYNTAX},  {"1x", NUMBER_SYNTAX},   {"0x10", NUMBER_SYNTAX},
    {"NaN", NUMBER_SYNTAX}, {"1 ", NUMBER_SYNTAX}, {"1_0", NUMBER_SYNTAX},  {"1e30102", NUMBER_OK},  {"1e30103", NUMBER_TOO_BIG},
    {"9.99e30102", NUMBER_OK}, {"9.9901e30102", NUMBER_TOO_BIG}, {"1e-30103", NUMBER_OK}, {"1e-30104", NUMBER_TOO_BIG},
    {"1e999999999999999999999", NUMBER_TOO_BIG}, {"0e999999999", NUMBER_OK}, {"0.0000001e30109", NUMBER_OK},
};

Test(number, syntax_is_that_of_json_and_exponents_are_bounded)
{
    struct value v;
    for (size_t i = 0; i < COUNT_OF(syntax); i++)
        cr_assert_eq(number_parse(&arena, str_cstr(syntax[i].text), &v), syntax[i].status, "%s", syntax[i].text);
}

Test(number, digits_are_bounded)
{
    static char text[200000];
    struct value v;
    memset(text, '1', sizeof text);
    cr_assert_eq(number_parse(&arena, str_of(text, 60000), &v), NUMBER_OK);
    cr_assert_eq(number_parse(&arena, str_of(text, sizeof text), &v), NUMBER_TOO_LONG);
}

typedef enum number_status (*binary_fn)(struct arena *a, struct value x, struct value y, struct value *ret);

static const struct {
    char op;
    const char *x, *y, *want; /* want NULL: status */
    enum number_status status;
} binary[] = {
    {'+', "1", "2", "3", 0},
    {'+', "9223372036854775807", "1", "9223372036854775808", 0},
    {'+', "-9223372036854775808", "-1", "-9223372036854775809", 0},
    {'+', "9223372036854775808", "-1", "9223372036854775807", 0},
    {'+', "123456789012345678901234567890", "1", "123456789012345678901234567891", 0},
    {'+', "1e3", "2.0", "1002", 0},
    {'+', "1e30", "1", "1000000000000000000000000000001", 0},
    {'+', "0.1", "0.2", "0.3", 0},
    {'+', "1234567.5", "1", "1.2345685e+06", 0},
    {'+', "1.5", "-1.5", "0", 0},
    {'+', "-0", "-0", "0", 0},
    {'+', "-0.0", "0.5", "0.5", 0},
    {'+', "0.1", "1e-5", "0.10001", 0},
    {'-', "1", "0.9", "0.10000000000000000002", 0},
    {'-', "0.00001", "0", "1e-05", 0},
    {'-', "-9223372036854775808", "1", "-9223372036854775809", 0},
    {'*', "3037000500", "3037000500", "9223372037000250000", 0},
    {'*', "4294967296", "4294967296", "18446744073709551616", 0},
    {'*', "1.1", "1.1", "1.21", 0},
    {'*', "0", "-1.5", "-0", 0},
    {'*', "-9223372036854775808", "-1", "9223372036854775808", 0},
    {'/', "6", "3", "2", 0},
    {'/', "1", "3", "0.33333333333333333334", 0},
    {'/', "2", "3", "0.6666666666666666667", 0},
    {'/', "0", "5", "0", 0},
    {'/', "0", "-5", "-0", 0},
    {'/', "7", "0", NULL, NUMBER_DIVIDE_BY_ZERO},
    {'/', "7", "0.0", NULL, NUMBER_DIVIDE_BY_ZERO},
    {'/', "7", "0e5", NULL, NUMBER_DIVIDE_BY_ZERO},
    {'/', "1e40", "1e20", "100000000000000000000", 0},
    {'%', "7", "3", "1", 0},
    {'%', "-7", "3", "-1", 0},
    {'%', "7", "-3", "1", 0},
    {'%', "10", "18446744073709551616", "10", 0},
    {'%', "1e1", "3.0", "1", 0},
    {'%', "-9223372036854775808", "-1", "0", 0},
    {'%', "7", "0", NULL, NUMBER_MODULO_BY_ZERO},
    {'%', "36893488147419103232", "0", NULL, NUMBER_MODULO_BY_ZERO},
    {'%', "7.5", "2", NULL, NUMBER_MODULO_FLOAT},
};

static binary_fn function_of(char op)
{
    return op == '+' ? number_add : op == '-' ? number_sub : op == '*' ? number_mul : op == '/' ? number_div : number_rem;
}

Test(number, arithmetic_is_exact_on_integers_and_rounds_to_64_bits)
{
    for (size_t i = 0; i < COUNT_OF(binary); i++) {
        char what[128];
        struct value r;
        (void)snprintf(what, sizeof what, "%s %c %s", binary[i].x, binary[i].op, binary[i].y);
        enum number_status status = function_of(binary[i].op)(&arena, parse(binary[i].x), parse(binary[i].y), &r);
        cr_assert_eq(status, binary[i].status, "%s", what);
        if (binary[i].want != NULL)
            check_number(what, r, binary[i].want);
    }
}

static const struct {
    const char *x, *abs, *ceil, *floor, *round;
} unary[] = {
    {"5", "5", "5", "5", "5"},
    {"-5", "5", "-5", "-5", "-5"},
    {"1.5", "1.5", "2", "1", "2"},
    {"-1.5", "1.5", "-1", "-2", "-2"},
    {"2.5", "2.5", "3", "2", "3"},
    {"0.5", "0.5", "1", "0", "1"},
    {"-0.5", "0.5", "1", "0", "-1"}, /* as OPA has it: what truncates to 0 counts as positive */
    {"-9223372036854775808", "9223372036854775808", "-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
    {"9223372036854775809", "9223372036854775809", "9223372036854775809", "9223372036854775809", "9223372036854775810"},
    {"1e30", "1000000000000000000000000000000", "1000000000000000000024696061952", "1000000000000000000024696061952",
     "1000000000000000000024696061952"},
};

Test(number, unary_operations_round_as_opa)
{
    for (size_t i = 0; i < COUNT_OF(unary); i++) {
        struct value x = parse(unary[i].x), r;
        cr_assert_eq(number_abs(&arena, x, &r), NUMBER_OK);
        check_number(unary[i].x, r, unary[i].abs);
        cr_assert_eq(number_ceil(&arena, x, &r), NUMBER_OK);
        check_number(unary[i].x, r, unary[i].ceil);
        cr_assert_eq(number_floor(&arena, x, &r), NUMBER_OK);
        check_number(unary[i].x, r, unary[i].floor);
        cr_assert_eq(number_round(&arena, x, &r), NUMBER_OK);
        check_number(unary[i].x, r, unary[i].round);
    }
}

Test(number, too_big_results_are_refused)
{
    struct value x = parse("1e30000"), r;
    cr_assert_eq(number_mul(&arena, x, x, &r), NUMBER_OK);
    cr_assert_eq(number_mul(&arena, r, r, &r), NUMBER_TOO_BIG);
    cr_assert_eq(number_bits(&arena, NUMBER_LSH, value_int(1), value_int(INT64_MAX), &r), NUMBER_TOO_BIG);
    x = parse("1.5e-30000");
    cr_assert_eq(number_mul(&arena, x, x, &x), NUMBER_OK);
    cr_assert_eq(number_mul(&arena, x, x, &x), NUMBER_TOO_BIG);
}

static const struct {
    enum number_bits op;
    const char *x, *y, *want;
} bits[] = {
    {NUMBER_AND, "12", "10", "8"},
    {NUMBER_AND, "-1", "18446744073709551616", "18446744073709551616"},
    {NUMBER_OR, "-18446744073709551617", "1", "-18446744073709551617"},
    {NUMBER_XOR, "-1", "18446744073709551615", "-18446744073709551616"},
    {NUMBER_NEGATE, "5", "0", "-6"},
    {NUMBER_NEGATE, "-18446744073709551616", "0", "18446744073709551615"},
    {NUMBER_NEGATE, "18446744073709551616", "0", "-18446744073709551617"},
    {NUMBER_LSH, "1", "64", "18446744073709551616"},
    {NUMBER_LSH, "-3", "62", "-13835058055282163712"},
    {NUMBER_LSH, "1", "18446744073709551616", "1"}, /* the low 64 bits of the count */
    {NUMBER_RSH, "-1", "100", "-1"},
    {NUMBER_RSH, "-5", "1", "-3"},
    {NUMBER_RSH, "-18446744073709551617", "64", "-2"},
    {NUMBER_RSH, "18446744073709551616", "64", "1"},
    {NUMBER_RSH, "18446744073709551616", "9000000000000000000", "0"},
};

Test(number, bits_are_those_of_endless_twos_complement)
{
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        struct value r;
        cr_assert_eq(number_bits(&arena, bits[i].op, parse(bits[i].x), parse(bits[i].y), &r), NUMBER_OK);
        check_number(bits[i].x, r, bits[i].want);
    }
}

static const struct {
    const char *x;
    int base;
    const char *want;
} formats[] = {
    {"10", 2, "1010"},  {"-255", 16, "-ff"}, {"8", 8, "10"},     {"0", 2, "0"},
    {"15.9", 16, "f"},  {"-15.9", 10, "-15"}, {"0.5", 10, "0"},  {"1.0", 10, "1"},
    {"18446744073709551617", 16, "10000000000000001"},
    {"-18446744073709551616", 8, "-2000000000000000000000"},
    {"123456789012345678901234567890", 10, "123456789012345678901234567890"},
    {"-9223372036854775808", 2, "-1000000000000000000000000000000000000000000000000000000000000000"},
};

Test(number, digits_in_other_bases)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        struct str s;
        cr_assert_eq(number_format(&arena, parse(formats[i].x), formats[i].base, &s), NUMBER_OK);
        cr_assert(str_equal(s, str_cstr(formats[i].want)), "%s: %.*s", formats[i].x, (int)s.len, s.p);
    }
}

static const struct {
    const char *text;
    double want;
} doubles[] = {
    {"0", 0.0},
    {"1", 1.0},
    {"0.1", 0.1},
    {"-2.5e-3", -2.5e-3},
    {"1.7976931348623157e308", 1.7976931348623157e308},
    {"2.2250738585072014e-308", 2.2250738585072014e-308},
    {"2.2250738585072011e-308", 2.2250738585072011e-308},
    {"4.9e-324", 4.9e-324},
    {"2.4703282292062327e-324", 0.0},
    {"2.4703282292062328e-324", 4.9e-324},
    {"9007199254740993", 9007199254740992.0},
    {"9007199254740993.00000000000000000000000000000000000001", 9007199254740994.0},
    {"123456789012345678901234567890", 123456789012345678901234567890.0},
    {"1e23", 1e23},
    {"8.41e21", 8.41e21},
};

Test(number, nearest_double_is_correctly_rounded)
{
    for (size_t i = 0; i < COUNT_OF(doubles); i++) {
        double got = number_double(parse(doubles[i].text));
        cr_assert_eq(memcmp(&got, &doubles[i].want, sizeof got), 0, "%s: %a, want %a", doubles[i].text, got, doubles[i].want);
    }
    cr_assert_gt(number_double(parse("1.8e308")), 1.7976931348623157e308);
    cr_assert_lt(number_double(parse("-1e400")), -1.7976931348623157e308);
}

static const struct {
    double d;
    const char *want;
} shortest[] = {
    {0.1, "0.1"},        {1.0 / 3, "0.3333333333333333"}, {100.0, "100"},       {1e21, "1e+21"},  {123456.0, "123456"},
    {1234567.0, "1.234567e+06"}, {1e-5, "1e-05"},         {0.0001, "0.0001"},   {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},  {-2.5, "-2.5"},       {9007199254740993.0, "9.007199254740992e+15"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"}, {0.3, "0.3"},         {4503599627370496.5, "4.503599627370496e+15"},
};

Test(number, doubles_print_their_shortest_text)
{
    for (size_t i = 0; i < COUNT_OF(shortest); i++) {
        struct value v;
        cr_assert_eq(number_from_double(&arena, shortest[i].d, &v), NUMBER_OK);
        check_number("double", v, shortest[i].want);
    }
}

/* The quirks of OPA's comparison: see is_cut_fraction in vm/number.c. */
Test(number, long_fractions_with_zeros_at_the_end_compare_as_doubles)
{
    cr_assert_eq(number_compare(parse("0.123456789012345678910"), parse("0.123456789012345678920")), 0);
    cr_assert_lt(number_compare(parse("0.12345678901234567891"), parse("0.12345678901234567892")), 0);
    cr_assert_lt(number_compare(parse("9007199254740993"), parse("9007199254740993.1")), 0);
}

Test(number, text_int64_is_by_spelling)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"1", true},      {"-0", true},    {"1.0", true},
                {"1.00", true},   {"1e0", false},  {"1.5", false},
                {"9223372036854775808", false}, {"100000000000000000.0", false}, {"10000000000000000.0", true}};
    int64_t i;
    for (size_t n = 0; n < COUNT_OF(rows); n++)
        cr_assert_eq(number_text_int64(parse(rows[n].text), &i), rows[n].ok, "%s", rows[n].text);
}

Test(number, bytes_make_integers)
{
    struct value v;
    static const uint8_t bytes[] = {1, 0, 0, 0, 0, 0, 0, 0, 0};
    cr_assert_eq(number_from_bytes(&arena, bytes, sizeof bytes, &v), NUMBER_OK);
    check_number("bytes", v, "18446744073709551616");
    cr_assert_eq(number_from_bytes(&arena, bytes, 0, &v), NUMBER_OK);
    check_number("no bytes", v, "0");
}

Test(number, sums_and_products_round_as_opa)
{
    struct value v, items[2] = {parse("1.1"), parse("1.1")};
    cr_assert_eq(number_product(&arena, items, 2, &v), NUMBER_OK);
    check_number("product", v, "1.2100000000000002"); /* 53 bits */
    cr_assert_eq(number_sum(&arena, items, 2, &v), NUMBER_OK);
    check_number("sum", v, "2.2");
    cr_assert_eq(number_sum(&arena, items, 0, &v), NUMBER_OK);
    check_number("empty sum", v, "0");
}
