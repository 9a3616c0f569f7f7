/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON in and out: what is accepted, where errors are and what they say, what is written. tests/differential/json_text.py
 * compares much more with OPA.
 */
#include <criterion/criterion.h>

#include "vm/json.h"

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

TestSuite(json, .init = open_arena, .fini = close_arena);

static struct str write(struct value v, enum json_style style)
{
    struct buf b;
    buf_init(&b, &arena);
    json_write(&b, v, style);
    return buf_view(&b);
}

/* The text ends where memory ends, so that a read past it is seen by the sanitizer. */
static int parse_exactly(const char *text, size_t len, bool borrow, struct value *ret, struct err *e)
{
    char *copy = malloc(len + (len == 0));
    cr_assert_not_null(copy);
    memcpy(copy, text, len);
    struct json_options o = {.borrow = borrow};
    struct value v;
    int status = json_parse(&arena, str_of(copy, len), &o, &v, e);
    if (status == 0)
        *ret = value_copy(&arena, v);
    free(copy);
    return status;
}

static const struct {
    const char *in, *out;
} accepted[] = {
    {"null", "null"},
    {" \n\t\r true \n", "true"},
    {"0", "0"},
    {"-0", "-0"},
    {"-12", "-12"},
    {"1.50", "1.50"},
    {"1E+2", "1E+2"},
    {"999999999999999999", "999999999999999999"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775809", "-9223372036854775809"},
    {"\"\"", "\"\""},
    {"\"sixteen bytes and then some\"", "\"sixteen bytes and then some\""},
    {"\"sixteen bytes and \\n then some\"", "\"sixteen bytes and \\n then some\""},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\\u00e9\\u4E2D\\ud83d\\ude00\"", "\"A\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\""},
    {"\"\\u0000\\u001f\\u007f\"", "\"\\u0000\\u001f\x7f\""},
    {"\"\\ud800\"", "\"\xef\xbf\xbd\""},
    {"\"\\ud800x\\udc00\\ud800\\ud83d\\ude00\"", "\"\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80\""},
    {"\"a\xff\xc3\"", "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\"\xed\xa0\x80\"", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"[]", "[]"},
    {"[1,[2,[]],{}]", "[1,[2,[]],{}]"},
    {"{\"b\":1 , \"a\" : [ ] }", "{\"a\":[],\"b\":1}"},
    {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
    {"{\"0\":0,\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8,\"9\":9,\"0\":10}",
     "{\"0\":10,\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8,\"9\":9}"},
};

Test(json, accepts_what_go_accepts)
{
    for (size_t i = 0; i < COUNT_OF(accepted); i++)
        for (int borrow = 0; borrow < 2; borrow++) {
            struct value v;
            struct err e = {0};
            int status = parse_exactly(accepted[i].in, strlen(accepted[i].in), borrow, &v, &e);
            cr_assert_eq(status, 0, "%s: %u:%u: %s", accepted[i].in, e.row, e.col, e.text);
            struct str got = write(v, JSON_COMPACT);
            cr_assert(str_equal(got, str_cstr(accepted[i].out)), "%s: %.*s", accepted[i].in, (int)got.len, got.p);
        }
}

static const struct {
    const char *in;
    uint32_t row, col;
    const char *text;
} rejected[] = {
    {"", 1, 1, "expected a value, found the end of the text"},
    {" ", 1, 2, "expected a value, found the end of the text"},
    {"tru", 1, 1, "expected a value, found 't'"},
    {"nulll", 1, 5, "expected nothing after the value, found 'l'"},
    {"1 2", 1, 3, "expected nothing after the value, found '2'"},
    {"[1,]", 1, 4, "expected a value, found ']'"},
    {"[1 2]", 1, 4, "expected ',' or ']' after the element, found '2'"},
    {"[1", 1, 3, "expected ',' or ']' after the element, found the end of the text"},
    {"{\"a\":1,}", 1, 8, "expected a key in quotes, found '}'"},
    {"{\"a\":1 \"b\"", 1, 8, "expected ',' or '}' after the member, found '\"'"},
    {"{\"a\" 1}", 1, 6, "expected ':' after the key, found '1'"},
    {"{a:1}", 1, 2, "expected a key in quotes, found 'a'"},
    {"{\n  \"\xc3\xa9\": x}", 2, 8, "expected a value, found 'x'"},
    {"\"abc", 1, 5, "expected '\"' at the end of the string, found the end of the text"},
    {"\"ab\\", 1, 5, "expected '\"' at the end of the string, found the end of the text"},
    {"\"\\x\"", 1, 3, "expected one of \"\\/bfnrtu after the backslash, found 'x'"},
    {"\"\\u12g4\"", 1, 4, "expected four hexadecimal digits after \\u, found '1'"},
    {"\"a\nb\"", 1, 3, "a control character in a string must be escaped"},
    {"01", 1, 1, "expected a number as JSON writes it"},
    {"-", 1, 1, "expected a number as JSON writes it"},
    {"1.", 1, 1, "expected a number as JSON writes it"},
    {"[1e99999]", 1, 2, "number too big"},
    {"]", 1, 1, "expected a value, found ']'"},
    {"'a'", 1, 1, "expected a value, found '''"},
    {"\xef\xbb\xbf"
     "1",
     1, 1, "expected a value, found byte 0xef"},
};

Test(json, errors_say_where_and_what_was_expected)
{
    for (size_t i = 0; i < COUNT_OF(rejected); i++) {
        struct value v;
        struct err e = {0};
        cr_assert_eq(parse_exactly(rejected[i].in, strlen(rejected[i].in), true, &v, &e), -1, "%s", rejected[i].in);
        cr_assert_eq(e.code, ERR_JSON, "%s", rejected[i].in);
        cr_assert_str_eq(e.text, rejected[i].text);
        cr_assert(e.row == rejected[i].row && e.col == rejected[i].col, "%s: %u:%u", rejected[i].in, e.row, e.col);
    }
}

Test(json, nul_is_no_blank_and_no_end)
{
    struct value v;
    struct err e = {0};
    cr_assert_eq(parse_exactly("1\0", 2, true, &v, &e), -1);
    cr_assert_str_eq(e.text, "expected nothing after the value, found byte 0x00");
    e = (struct err){0};
    cr_assert_eq(parse_exactly("[\0]", 3, true, &v, &e), -1);
    e = (struct err){0};
    cr_assert_eq(parse_exactly("\"a\0b\"", 5, true, &v, &e), -1);
}

Test(json, every_prefix_of_a_document_is_an_error)
{
    static const char text[] =
        "{\"a\": [1, -2.5e3, true, null, \"x\\u0041\\n\"], \"long enough for the vector path\": {\"b\": []}}";
    for (size_t len = 0; len < sizeof text - 1; len++) {
        struct value v;
        struct err e = {0};
        cr_assert_eq(parse_exactly(text, len, true, &v, &e), -1, "%zu", len);
    }
}

Test(json, nesting_is_bounded)
{
    enum { DEPTH = 10000 };
    static char text[2 * DEPTH + 4];
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t depth = DEPTH + extra;
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        struct value v;
        struct err e = {0};
        cr_assert_eq(json_parse(&arena, str_of(text, 2 * depth), NULL, &v, &e), extra == 0 ? 0 : -1);
        cr_assert_eq(e.code, extra == 0 ? ERR_OK : ERR_LIMIT_DEPTH);
    }
    struct value v;
    struct err e = {0};
    struct json_options two = {.max_depth = 2};
    cr_assert_eq(json_parse(&arena, STR("[[1]]"), &two, &v, &e), 0);
    cr_assert_eq(json_parse(&arena, STR("[[[1]]]"), &two, &v, &e), -1);
}

Test(json, memory_budget_is_kept)
{
    static const char text[] = "{\"a\":[1,2,3,4,5,6,7,8,9,10],\"b\":\"\\n\",\"c\":1.5,\"d\":{\"e\":{}}}";
    struct alloc heap = alloc_default();
    bool succeeded = false;
    for (size_t budget = 0; budget < 4096; budget += 16) {
        struct arena small;
        arena_init(&small, &heap, budget, 64);
        struct value v;
        struct err e = {0};
        struct json_options borrow = {.borrow = true};
        int status = json_parse(&small, STR(text), &borrow, &v, &e);
        cr_assert(status == 0 || e.code == ERR_LIMIT_MEMORY);
        cr_assert_leq(small.used_bytes, budget);
        succeeded = succeeded || status == 0;
        arena_fini(&small);
    }
    cr_assert(succeeded);
}

Test(json, prefix_tells_how_much_it_took)
{
    static const char text[] = " {\"a\":1} [2]3 ";
    static const size_t used[] = {8, 4, 1};
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(used); i++) {
        struct value v;
        size_t took;
        struct json_options borrow = {.borrow = true};
        cr_assert_eq(json_parse_prefix(&arena, str_of(text + at, sizeof text - 1 - at), &borrow, &v, &took, NULL), 0);
        cr_assert_eq(took, used[i]);
        at += took;
    }
}

Test(json, arrays_longer_than_the_first_stack)
{
    struct buf b;
    buf_init(&b, &arena);
    buf_char(&b, '[');
    for (int i = 0; i < 10000; i++)
        buf_printf(&b, "%s%d", i == 0 ? "" : ",", i);
    buf_char(&b, ']');
    struct value v;
    cr_assert_eq(json_parse(&arena, buf_view(&b), NULL, &v, NULL), 0);
    cr_assert_eq(v.len, 10000u);
    cr_assert(str_equal(write(v, JSON_COMPACT), buf_view(&b)));
}

/* ---- writing ---- */

Test(json, html_and_separators_are_escaped)
{
    struct value v = value_string("<a>&\xe2\x80\xa8\xff", 8);
    cr_assert(str_equal(write(v, JSON_COMPACT), STR("\"\\u003ca\\u003e\\u0026\\u2028\\ufffd\"")));
    cr_assert(str_equal(write(v, JSON_COMPACT_RAW), STR("\"<a>&\\u2028\\ufffd\"")));
}

Test(json, keys_that_are_not_strings_are_their_text)
{
    struct value one = value_int(1), list = value_array(&one, 1), text = value_str(STR("1"));
    struct object *o = object_new(&arena, 0);
    cr_assert_eq(object_put(&arena, o, text, value_str(STR("text"))), 1);
    cr_assert_eq(object_put(&arena, o, one, value_str(STR("number"))), 1);
    cr_assert_eq(object_put(&arena, o, list, value_null()), 1);
    cr_assert_eq(object_put(&arena, o, value_null(), value_bool(true)), 1);
    struct str got = write(value_object(o), JSON_COMPACT);
    cr_assert(str_equal(got, STR("{\"1\":\"text\",\"[1]\":null,\"null\":true}")), "%.*s", (int)got.len, got.p);
}

Test(json, sets_are_sorted_arrays)
{
    struct set *s = set_new(&arena, 0);
    for (int i = 3; i > 0; i--)
        cr_assert_eq(set_add(&arena, s, value_int(i)), 1);
    cr_assert(str_equal(write(value_set(s), JSON_COMPACT), STR("[1,2,3]")));
}

Test(json, indented_text_is_that_of_go)
{
    struct value v;
    cr_assert_eq(json_parse(&arena, STR("{\"b\":[1,{}],\"a\":{},\"c\":[]}"), NULL, &v, NULL), 0);
    struct buf b;
    buf_init(&b, &arena);
    json_write_indented(&b, v, JSON_COMPACT, STR(">"), STR("  "));
    cr_assert(str_equal(buf_view(&b), STR("{\n>  \"a\": {},\n>  \"b\": [\n>    1,\n>    {}\n>  ],\n>  \"c\": []\n>}")), "%.*s",
              (int)b.len, b.p);
}
