/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic on two numbers given as texts, one a line: no crash, and the laws that hold for every number.
 */
#include "tests/fuzz/fuzz_common.h"

#include "vm/number.h"

typedef enum number_status (*operation)(struct arena *, struct value, struct value, struct value *);

static void check_pair(struct arena *a, struct value x, struct value y)
{
    static const operation operations[] = {number_add, number_sub, number_mul, number_div, number_rem};
    struct value r, s;
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        (void)!operations[i](a, x, y, &r); /* any status will do */
    int order = number_compare(x, y), back = number_compare(y, x);
    FUZZ_CHECK((order < 0) == (back > 0) && (order == 0) == (back == 0), "the order is not antisymmetric");
    FUZZ_CHECK((order == 0) == value_equal(x, y), "equality and order disagree");
    FUZZ_CHECK(order != 0 || value_hash(x) == value_hash(y), "equal numbers hash apart");
    if (number_add(a, x, y, &r) == NUMBER_OK && number_add(a, y, x, &s) == NUMBER_OK)
        FUZZ_CHECK(value_equal(r, s), "addition does not commute");
    if (number_is_integral(x) && number_is_integral(y)) {
        struct value z;
        if (number_add(a, x, y, &r) == NUMBER_OK && number_sub(a, r, y, &z) == NUMBER_OK)
            FUZZ_CHECK(value_equal(z, x), "x + y - y is not x");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of((const char *)data, size);
    const char *newline = size == 0 ? NULL : memchr(data, '\n', size);
    size_t first = newline == NULL ? size : (size_t)(newline - text.p);
    struct str second = newline == NULL ? str_of(text.p, size) : str_of(newline + 1, size - first - 1);
    struct arena a;
    fuzz_arena(&a);
    struct value x, y;
    if (first <= 400 && second.len <= 400 && number_parse(&a, str_of(text.p, first), &x) == NUMBER_OK &&
        number_parse(&a, second, &y) == NUMBER_OK)
        check_pair(&a, x, y);
    arena_fini(&a);
    return 0;
}
