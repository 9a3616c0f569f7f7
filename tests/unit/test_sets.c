/* SPDX-License-Identifier: Apache-2.0
 *
 * Set algebra. JSON has no sets: operands are arrays of arrays, of which the inner ones become sets.
 */
#include "stdlib/sets.h"
#include "tests/unit/call_builtin.h"

static struct value to_set(struct arena *a, struct value array)
{
    struct set *s = set_new(a, array.len);
    cr_assert_not_null(s);
    for (uint32_t i = 0; i < array.len; i++)
        cr_assert(set_add(a, s, array.items[i]) >= 0);
    return value_set(s);
}

/* Calls name with the sets, or with one set of them when nested. */
static void check(const char *name, const char *sets, bool nested, const char *want)
{
    struct alloc heap = alloc_default();
    struct arena a;
    struct value arrays, argv[8], result;
    struct err e = {0};
    struct limits limits = limits_default();
    uint64_t fuel = 1000000;
    struct json_options borrow = {.borrow = true};
    struct buf b;
    arena_init(&a, &heap, SIZE_MAX, 0);
    cr_assert_eq(json_parse(&a, str_cstr(sets), &borrow, &arrays, &e), 0);
    cr_assert_leq(arrays.len, COUNT_OF(argv));
    for (uint32_t i = 0; i < arrays.len; i++)
        argv[i] = arrays.items[i].kind == VALUE_ARRAY ? to_set(&a, arrays.items[i]) : arrays.items[i];
    if (nested)
        argv[0] = to_set(&a, value_array(argv, arrays.len));
    struct bi_ctx ctx = {.arena = &a, .def = stdlib_find(str_cstr(name)), .err = &e, .fuel = &fuel, .limits = &limits};
    int status = ctx.def->fn(&ctx, argv, &result);
    buf_init(&b, &a);
    if (status == BI_OK)
        value_write_rego(&b, result);
    else
        buf_printf(&b, "!%s", e.text);
    buf_char(&b, '\0');
    cr_assert_str_eq(b.p, want, "%s of %s: %s", name, sets, b.p);
    arena_fini(&a);
}

static const struct {
    const char *name, *sets;
    bool nested;
    const char *want;
} rows[] = {
    {"and", "[[1, 2, 3], [2, 3, 4]]", false, "{2, 3}"},
    {"and", "[[1], []]", false, "set()"},
    {"and", "[[1, 2], [1, 2, 3]]", false, "{1, 2}"},
    {"and", "[[1], {}]", false, "!and: operand 2 must be set but got object"},
    {"or", "[[1, 2], [2, 3]]", false, "{1, 2, 3}"},
    {"or", "[[], [2]]", false, "{2}"},
    {"or", "[[1.0], [1]]", false, "{1.0}"},
    {"or", "[1, [1]]", false, "!or: operand 1 must be set but got number"},
    {"set_diff", "[[1, 2, 3], [2]]", false, "{1, 3}"},
    {"set_diff", "[[1, 2], [3]]", false, "{1, 2}"},
    {"set_diff", "[[1], [1]]", false, "set()"},
    {"union", "[[1], [2, 3], []]", true, "{1, 2, 3}"},
    {"union", "[]", true, "set()"},
    {"union", "[[1], 2]", true, "!union: operand 1 must be set but got number"},
    {"intersection", "[[1, 2, 3], [2, 3], [3, 4]]", true, "{3}"},
    {"intersection", "[]", true, "set()"},
    {"intersection", "[[1, 2]]", true, "{1, 2}"},
    {"cast_set", "[[1, 2]]", false, "{1, 2}"},
    {"cast_array", "[[2, 1]]", false, "[1, 2]"},
    {"cast_array", "[1]", false, "!cast_array: operand 1 must be one of {array, set} but got number"},
};

Test(sets, algebra_keeps_the_spelling_of_the_left)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check(rows[i].name, rows[i].sets, rows[i].nested, rows[i].want);
}
