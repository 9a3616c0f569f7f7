/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/value.h: each question asked of each kind of value, and of nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

static const struct {
    const char *expression;
    enum quis_kind kind;
    size_t size;
    bool is_true, is_int64, is_text;
    int64_t integer;
    double number; /* NAN: none */
} rows[] = {
    {"null", QUIS_NULL, 0, false, false, false, 0, NAN},
    {"true", QUIS_BOOLEAN, 0, true, false, false, 0, NAN},
    {"false", QUIS_BOOLEAN, 0, false, false, false, 0, NAN},
    {"0", QUIS_NUMBER, 0, false, true, false, 0, 0},
    {"-9223372036854775808", QUIS_NUMBER, 0, false, true, false, INT64_MIN, -9223372036854775808.0},
    {"9223372036854775808", QUIS_NUMBER, 0, false, false, false, 0, 9223372036854775808.0},
    {"1.5", QUIS_NUMBER, 0, false, false, false, 0, 1.5},
    {"1e3", QUIS_NUMBER, 0, false, true, false, 1000, 1000},
    {"\"\"", QUIS_STRING, 0, false, false, true, 0, NAN},
    {"\"true\"", QUIS_STRING, 4, false, false, true, 0, NAN},
    {"\"a\\u0000b\"", QUIS_STRING, 3, false, false, true, 0, NAN},
    {"[]", QUIS_ARRAY, 0, false, false, false, 0, NAN},
    {"[true, 2]", QUIS_ARRAY, 2, false, false, false, 0, NAN},
    {"{}", QUIS_OBJECT, 0, false, false, false, 0, NAN},
    {"{\"b\": 1, \"a\": 2, 3: 4}", QUIS_OBJECT, 3, false, false, false, 0, NAN},
    {"set()", QUIS_SET, 0, false, false, false, 0, NAN},
    {"{2, 1, \"x\"}", QUIS_SET, 3, false, false, false, 0, NAN},
};

static struct policy evaluate(struct quis_engine *engine, const char *expression, struct quis_value *v)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct policy p;
    char text[256] = "package test\np := ";
    strcat(text, expression);
    if (policy_new(engine, text, strlen(text), &p, &e) != 0 || policy_eval(&p, NULL, v, &e) != 0)
        abort();
    return p;
}

static void check_order(struct quis_engine *engine)
{
    struct quis_value v, key, item;
    struct quis_text text;
    int64_t i;
    struct policy p = evaluate(engine, "{\"b\": 1, \"a\": 2, 3: 4}", &v);
    check(quis_value_at(&v, 0, &key, &item) && quis_value_int64(&key, &i) && i == 3, "numbers before strings");
    check(quis_value_at(&v, 1, &key, &item) && quis_value_text(&key, &text) && memcmp(text.data, "a", 1) == 0, "keys in order");
    check(quis_value_get(&v, "b", 1, &item) && quis_value_int64(&item, &i) && i == 1, "by key");
    check(!quis_value_get(&v, "c", 1, &item) && !quis_value_get(&v, "", 0, &item), "no such key");
    policy_free(&p);
    p = evaluate(engine, "{2, 1, \"x\"}", &v);
    check(quis_value_at(&v, 0, NULL, &item) && quis_value_int64(&item, &i) && i == 1, "elements in order");
    check(!quis_value_get(&v, "x", 1, &item), "a set has no keys");
    policy_free(&p);
}

int main(void)
{
    struct quis_engine *engine;
    struct quis_value undefined = {{0, 0}}, out;
    struct quis_text text;
    int64_t i;
    double d;
    if (quis_engine_new(NULL, &engine, NULL) != 0)
        abort();
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct quis_value v;
        const char *what = rows[r].expression;
        struct policy p = evaluate(engine, what, &v);
        check(quis_value_kind(&v) == rows[r].kind, "%s: kind %d", what, (int)quis_value_kind(&v));
        check(quis_value_size(&v) == rows[r].size, "%s: size %zu", what, quis_value_size(&v));
        check(quis_value_is_true(&v) == rows[r].is_true, "%s: true", what);
        check(quis_value_int64(&v, &i) == rows[r].is_int64 && (!rows[r].is_int64 || i == rows[r].integer), "%s: int64", what);
        check(quis_value_double(&v, &d) == !isnan(rows[r].number) && (isnan(rows[r].number) || d == rows[r].number), "%s: double",
              what);
        check(quis_value_text(&v, &text) == rows[r].is_text && (!rows[r].is_text || text.size == rows[r].size), "%s: text", what);
        bool is_collection = rows[r].kind >= QUIS_ARRAY;
        check(!quis_value_at(&v, rows[r].size, NULL, &out) && !quis_value_at(&v, SIZE_MAX, NULL, &out), "%s: past the end", what);
        check(quis_value_at(&v, 0, NULL, &out) == (is_collection && rows[r].size > 0), "%s: the first", what);
        policy_free(&p);
    }
    check(quis_value_kind(NULL) == QUIS_UNDEFINED && !quis_value_is_true(NULL) && quis_value_size(NULL) == 0, "NULL");
    check(quis_value_kind(&undefined) == QUIS_UNDEFINED && !quis_value_is_true(&undefined), "undefined");
    check(!quis_value_text(NULL, &text) && !quis_value_int64(NULL, &i) && !quis_value_get(NULL, "a", 1, &out), "parts of NULL");
    check_order(engine);
    quis_engine_unref(engine);
    return check_finish();
}
