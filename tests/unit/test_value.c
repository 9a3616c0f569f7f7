/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: order, equality, hashes, tables, sorting, text. Rows are JSON where a value can be written so.
 */
#include <criterion/criterion.h>

#include "vm/json.h"
#include "vm/number.h"
#include "vm/value.h"

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

TestSuite(value, .init = open_arena, .fini = close_arena);

static struct value parse(const char *text)
{
    struct value v;
    struct err e = {0};
    struct json_options borrow = {.borrow = true};
    cr_assert_eq(json_parse(&arena, str_cstr(text), &borrow, &v, &e), 0, "%s: %s", text, e.text);
    return v;
}

/* Arrays under the key "set" of an object become sets. */
static struct value parse_with_sets(const char *text)
{
    struct value v = parse(text);
    if (v.kind != VALUE_OBJECT)
        return v;
    struct value *items = object_find_str(v.object, STR("set"));
    if (items == NULL)
        return v;
    struct set *s = set_new(&arena, 0);
    for (uint32_t i = 0; i < items->len; i++)
        cr_assert_geq(set_add(&arena, s, items->items[i]), 0);
    return value_set(s);
}

static void check_text(struct value v, const char *want)
{
    struct buf b;
    buf_init(&b, &arena);
    value_write_rego(&b, v);
    cr_assert(str_equal(buf_view(&b), str_cstr(want)), "want %s, got %.*s", want, (int)b.len, b.p);
}

/* From least to greatest; what is equal shares a row. */
static const char *const order[][3] = {
    {"null"},
    {"false"},
    {"true"},
    {"-1e400"},
    {"-9223372036854775809"},
    {"-9223372036854775808", "-9223372036854775808.0", "-9223372036854775808e0"},
    {"-1.5", "-1.50", "-15e-1"},
    {"-1"},
    {"-1e-400"},
    {"0", "-0", "0e99"},
    {"1e-400"},
    {"0.1", "0.10"},
    {"0.100000000000000000001"},
    {"1", "1.0", "1e0"},
    {"10", "1e1"},
    {"9007199254740992", "9007199254740992.0"},
    {"9007199254740993"},
    {"9223372036854775807", "9223372036854775807.0"},
    {"9223372036854775808", "9223372036854775808.00"},
    {"1e400"},
    {"\"\""},
    {"\"A\""},
    {"\"a\""},
    {"\"aa\""},
    {"\"b\""},
    {"\"\\u00e9\""},
    {"\"\\ud83d\\ude00\""},
    {"[]"},
    {"[1]", "[1.0]"},
    {"[1, 2]"},
    {"[2]"},
    {"{}"},
    {"{\"a\": 1}", "{\"a\": 1.0}"},
    {"{\"a\": 1, \"b\": 1}", "{\"b\": 1, \"a\": 1}"},
    {"{\"a\": 2}"},
    {"{\"b\": 0}"},
    {"{\"set\": []}"},
    {"{\"set\": [1, 2]}", "{\"set\": [2.0, 1, 1.0]}"},
    {"{\"set\": [1, 3]}"},
    {"{\"set\": [2]}"},
};

static void check_pair(const char *a, const char *b, int want)
{
    struct value x = parse_with_sets(a), y = parse_with_sets(b);
    int got = value_compare(x, y);
    cr_assert_eq((got > 0) - (got < 0), want, "%s against %s: %d", a, b, got);
    cr_assert_eq(value_equal(x, y), want == 0, "%s equal to %s", a, b);
    if (want == 0)
        cr_assert_eq(value_hash(x), value_hash(y), "hash of %s and %s", a, b);
}

Test(value, total_order_equality_and_hash_agree)
{
    for (size_t i = 0; i < COUNT_OF(order); i++)
        for (size_t j = 0; j < COUNT_OF(order); j++)
            for (size_t k = 0; k < 3 && order[i][k] != NULL; k++)
                for (size_t l = 0; l < 3 && order[j][l] != NULL; l++)
                    check_pair(order[i][k], order[j][l], (i > j) - (i < j));
}

static const struct {
    const char *collection, *key, *want; /* want NULL: undefined */
} gets[] = {
    {"[10, 11]", "0", "10"},
    {"[10, 11]", "1.0", "11"},
    {"[10, 11]", "2", NULL},
    {"[10, 11]", "-1", NULL},
    {"[10, 11]", "0.5", NULL},
    {"[10, 11]", "1e0", NULL}, /* as OPA: by its text */
    {"[10, 11]", "\"0\"", NULL},
    {"{\"a\": 1}", "\"a\"", "1"},
    {"{\"a\": 1}", "\"b\"", NULL},
    {"{\"a\": 1}", "1", NULL},
    {"{\"set\": [1, 2]}", "1", "1"},
    {"{\"set\": [1, 2]}", "1.0", "1.0"},
    {"{\"set\": [1]}", "3", NULL},
    {"\"text\"", "0", NULL},
    {"1", "0", NULL},
    {"{\"set\": [[]]}", "[]", "[]"},
    {"[10]", "18446744073709551616", NULL},
};

Test(value, reference_steps_find_or_are_undefined)
{
    for (size_t i = 0; i < COUNT_OF(gets); i++) {
        struct value got = value_get(parse_with_sets(gets[i].collection), parse(gets[i].key));
        if (gets[i].want == NULL)
            cr_assert_eq(got.kind, VALUE_UNDEFINED, "%s[%s]", gets[i].collection, gets[i].key);
        else
            check_text(got, gets[i].want);
    }
}

static const struct {
    const char *json, *want;
} texts[] = {
    {"null", "null"},
    {"[true, -1.50, \"a\"]", "[true, -1.50, \"a\"]"},
    {"{\"b\": 1, \"a\": [], \"c\": {}}", "{\"a\": [], \"b\": 1, \"c\": {}}"},
    {"{\"set\": []}", "set()"},
    {"{\"set\": [3, 1, 2]}", "{1, 2, 3}"},
    {"\"\\u0007\\b\\t\\n\\u000b\\f\\r\\u0000\\u001b\\u007f\"", "\"\\a\\b\\t\\n\\v\\f\\r\\x00\\x1b\\x7f\""},
    {"\"q\\\"\\\\/\"", "\"q\\\"\\\\/\""},
    {"\"\\u00e9\\u00a0\\u200b\\u2028\\ue000\"", "\"\xc3\xa9\\u00a0\\u200b\\u2028\\ue000\""},
    {"\"\\ud83d\\ude00\\udb40\\udc01\"", "\"\xf0\x9f\x98\x80\\U000e0001\""},
};

Test(value, rego_text_quotes_as_opa_does)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        check_text(parse_with_sets(texts[i].json), texts[i].want);
}

Test(value, bytes_that_are_not_utf8_are_escaped)
{
    check_text(value_string("a\xff\xc3z", 4), "\"a\\xff\\xc3z\"");
}

/* ---- tables ---- */

static struct value key_number(unsigned i)
{
    struct str s = arena_printf(&arena, "key-%u", i * 7919u);
    return i % 3 == 0 ? value_str(s) : i % 3 == 1 ? value_int((int64_t)i) : value_array(arena_array(&arena, 0, 1), 0);
}

Test(value, objects_find_what_was_put_at_every_size)
{
    for (unsigned count = 0; count < 200; count++) {
        struct object *o = object_new(&arena, count % 5);
        unsigned distinct = 0;
        for (unsigned i = 0; i < count; i++)
            distinct += object_put(&arena, o, key_number(i), value_int((int64_t)i)) == 1;
        cr_assert_eq(o->count, distinct);
        for (unsigned pass = 0; pass < 2; pass++) { /* before and after sorting */
            for (unsigned i = 0; i < count; i++) {
                struct value *found = object_find(o, key_number(i));
                cr_assert_not_null(found);
                cr_assert(i % 3 == 2 || found->i == (int64_t)i);
            }
            cr_assert_null(object_find_str(o, STR("absent")));
            const struct member *m = object_members(o);
            for (uint32_t i = 1; i < o->count; i++)
                cr_assert_lt(value_compare(m[i - 1].key, m[i].key), 0);
        }
    }
}

Test(value, last_of_equal_keys_wins)
{
    for (unsigned count = 1; count < 40; count++) {
        struct value *pairs = arena_array(&arena, 2 * ((size_t)count + 1), sizeof *pairs);
        for (unsigned i = 0; i < count; i++) {
            pairs[2 * i] = value_str(arena_printf(&arena, "k%u", i));
            pairs[2 * i + 1] = value_int((int64_t)i);
        }
        pairs[2 * count] = value_str(STR("k0"));
        pairs[2 * count + 1] = value_int(-1);
        struct object *o = object_of_pairs(&arena, pairs, (size_t)count + 1);
        cr_assert_eq(o->count, count);
        cr_assert_eq(object_find_str(o, STR("k0"))->i, -1);
    }
}

Test(value, sets_hold_equal_numbers_once)
{
    struct set *s = set_new(&arena, 0);
    static const char *const same[] = {"1", "1.0", "1e0", "10e-1"};
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT_OF(same); i++)
            cr_assert_geq(set_add(&arena, s, parse(same[i])), 0);
        cr_assert_eq(s->count, round == 0 ? 1u : 101u);
        for (int i = 0; i < 100; i++)
            cr_assert_geq(set_add(&arena, s, value_int(i + 2)), 0);
    }
    cr_assert_eq(s->count, 101u);
    const struct value *items = set_items(s);
    for (uint32_t i = 1; i < s->count; i++)
        cr_assert_lt(value_compare(items[i - 1], items[i]), 0);
    cr_assert_not_null(set_find(s, parse("50.00")));
    cr_assert_null(set_find(s, parse("50.5")));
}

/* ---- sorting ---- */

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct value random_value(unsigned kind, uint32_t *state)
{
    unsigned r = next_random(state) % 500;
    if (kind == 0)
        return value_int((int64_t)r - 250);
    if (kind == 1)
        return value_str(arena_printf(&arena, "%u", r));
    return r % 3 == 0 ? value_int((int64_t)r) : r % 3 == 1 ? value_str(arena_printf(&arena, "%u", r)) : value_bool(r & 1);
}

/* Elements carry their first place in mark, which comparing does not look at but for strings. */
static void check_sort(unsigned kind, size_t count)
{
    uint32_t state = (uint32_t)count + kind;
    struct value *items = arena_array(&arena, count + 1, sizeof *items);
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        items[i] = random_value(kind, &state);
        if (kind == 0) {
            items[i].len = (uint32_t)i;
            sum += items[i].i;
        }
    }
    value_sort(items, count);
    for (size_t i = 1; i < count; i++) {
        int c = value_compare(items[i - 1], items[i]);
        cr_assert_leq(c, 0, "kind %u, %zu elements, at %zu", kind, count, i);
        cr_assert(kind != 0 || c != 0 || items[i - 1].len < items[i].len, "not stable: %zu elements, at %zu", count, i);
    }
    for (size_t i = 0; i < count && kind == 0; i++)
        sum -= items[i].i;
    cr_assert_eq(sum, 0);
}

Test(value, sorting_is_stable_at_every_size)
{
    static const size_t sizes[] = {0, 1, 2, 11, 12, 13, 24, 25, 100, 127, 128, 129, 255, 256, 257, 1000, 3000, 20000};
    for (unsigned kind = 0; kind < 3; kind++)
        for (size_t i = 0; i < COUNT_OF(sizes); i++)
            check_sort(kind, sizes[i]);
}

Test(value, sorting_takes_ordered_and_reversed_input)
{
    size_t count = 5000;
    struct value *items = arena_array(&arena, count, sizeof *items);
    for (unsigned reversed = 0; reversed < 2; reversed++) {
        for (size_t i = 0; i < count; i++)
            items[i] = value_int((int64_t)(reversed ? count - i : i));
        value_sort(items, count);
        for (size_t i = 1; i < count; i++)
            cr_assert_lt(items[i - 1].i, items[i].i);
    }
}

/* ---- whole values ---- */

Test(value, copies_do_not_depend_on_their_source)
{
    struct alloc heap = alloc_default();
    struct arena other;
    arena_init(&other, &heap, SIZE_MAX, 0);
    struct value v = parse("{\"a\": [1, 1.50, \"text\", null, {\"b\": {}}], \"c\": true}");
    struct value copy = value_copy(&other, v);
    cr_assert(value_equal(v, copy));
    arena_reset(&arena);
    check_text(copy, "{\"a\": [1, 1.50, \"text\", null, {\"b\": {}}], \"c\": true}");
    arena_fini(&other);
}

Test(value, copying_within_a_budget_fails_cleanly)
{
    struct value v = parse(
        "{\"a\": [1, 1.50, \"text\", null, {\"b\": {}}], \"c\": true, \"d\": \"0123456789012345678901234567\"}");
    struct alloc heap = alloc_default();
    bool failed = false, succeeded = false;
    for (size_t budget = 0; budget < 2000; budget += 16) {
        struct arena small;
        arena_init(&small, &heap, budget, 64);
        struct value copy = value_copy(&small, v);
        failed = failed || copy.kind == VALUE_UNDEFINED;
        succeeded = succeeded || copy.kind == VALUE_OBJECT;
        cr_assert(copy.kind == VALUE_UNDEFINED ? small.failed == ARENA_BUDGET : value_equal(copy, v));
        arena_fini(&small);
    }
    cr_assert(failed && succeeded);
}

static const struct {
    const char *left, *right, *want;
} merges[] = {
    {"{}", "{}", "{}"},
    {"{\"a\": 1}", "{\"b\": 2}", "{\"a\": 1, \"b\": 2}"},
    {"{\"a\": 1}", "{\"a\": 2}", "{\"a\": 2}"},
    {"{\"a\": {\"x\": 1, \"y\": 1}}", "{\"a\": {\"y\": 2, \"z\": 3}}", "{\"a\": {\"x\": 1, \"y\": 2, \"z\": 3}}"},
    {"{\"a\": {\"x\": 1}}", "{\"a\": []}", "{\"a\": []}"},
    {"1", "{\"a\": 1}", "{\"a\": 1}"},
};

Test(value, merging_is_deep_and_right_wins)
{
    for (size_t i = 0; i < COUNT_OF(merges); i++)
        check_text(value_merge(&arena, parse(merges[i].left), parse(merges[i].right)), merges[i].want);
}

Test(value, count_is_of_elements_and_code_points)
{
    cr_assert_eq(value_count(parse("\"a\\u00e9\\ud83d\\ude00\"")), 3u);
    cr_assert_eq(value_count(parse("[1, 2]")), 2u);
    cr_assert_eq(value_count(parse("{\"a\": 1}")), 1u);
    cr_assert_eq(value_count(parse("12")), 0u);
}
