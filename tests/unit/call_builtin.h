/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls of builtins out of unit tests: operands and answers are JSON, and each call is made again with too little memory and
 * with too little fuel, which must end it and never change its answer.
 */
#ifndef QUIS_TESTS_UNIT_CALL_BUILTIN_H
#define QUIS_TESTS_UNIT_CALL_BUILTIN_H

#include <criterion/criterion.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "stdlib/builtins.h"
#include "vm/json.h"
#include "vm/limits.h"
#include "vm/vm_priv.h"

struct call_row {
    const char *name;
    const char *operands; /* a JSON array */
    const char *want;     /* JSON; or, with a '!' in front, text that the error holds; "*": any answer */
};

/* 2026-01-01T00:00:00Z */
#define CALL_NOW INT64_C(1767225600000000000)

/* An answer as text: JSON, or '!' and the error; "HALT" when the evaluation was ended. */
struct call_answer {
    int status;
    char text[20000];
};

static inline int call_random(void *ctx, void *bytes, size_t len)
{
    (void)ctx;
    memset(bytes, 7, len);
    return 0;
}

static inline void call_once(const struct call_row *row, const struct bi_host *host, size_t budget, uint64_t fuel,
                             struct call_answer *ret)
{
    struct alloc heap = alloc_default();
    struct arena data, work;
    struct vm vm;
    struct err e = {0};
    struct value operands, result = value_undefined();
    struct json_options borrow = {.borrow = true};
    struct limits limits = limits_default();
    struct buf b;
    memset(&vm, 0, sizeof vm);
    vm.alloc = heap;
    arena_init(&data, &heap, SIZE_MAX, 0);
    arena_init(&work, &heap, budget, 256);
    cr_assert_eq(json_parse(&data, str_cstr(row->operands), &borrow, &operands, &e), 0, "%s: %s", row->operands, e.text);
    const struct builtin *def = stdlib_find(str_cstr(row->name));
    cr_assert_not_null(def, "%s", row->name);
    struct bi_ctx ctx = {.arena = &work, .def = def, .host = host, .err = &e, .vm = &vm, .fuel = &fuel, .limits = &limits};
    ret->status = def->fn(&ctx, operands.items, &result);
    buf_init(&b, &data);
    if (ret->status == BI_OK)
        json_write(&b, result, JSON_COMPACT_RAW);
    else if (ret->status == BI_ERROR)
        buf_printf(&b, "!%s", e.text);
    else
        buf_cstr(&b, "HALT");
    cr_assert_lt(b.len, sizeof ret->text);
    memcpy(ret->text, b.p, b.len);
    ret->text[b.len] = 0;
    cr_assert_eq(ERR_peek_error(), 0, "%s leaves something in OpenSSL's error queue", row->name);
    cr_assert(ret->status == BI_OK || e.code != ERR_OK, "%s fails without saying so", row->name);
    bi_cache_drop(&vm);
    arena_fini(&work);
    arena_fini(&data);
}

/* The answer is the row's. */
static inline void call_check(const struct call_row *row, const struct bi_host *host)
{
    static struct call_answer got, again;
    call_once(row, host, SIZE_MAX, UINT64_C(1) << 40, &got);
    if (row->want[0] == '!')
        cr_assert(got.text[0] == '!' && strstr(got.text, row->want + 1) != NULL, "%s(%s): want %s, got %s", row->name,
                  row->operands, row->want, got.text);
    else if (strcmp(row->want, "*") != 0)
        cr_assert_str_eq(got.text, row->want, "%s(%s): want %s, got %s", row->name, row->operands, row->want, got.text);
    for (size_t budget = 0; budget < 300000; budget += budget / 8 + 300) {
        call_once(row, host, budget, UINT64_C(1) << 40, &again);
        cr_assert(again.status == BI_HALT || strcmp(again.text, got.text) == 0, "%s(%s) with %zu bytes: %s", row->name,
                  row->operands, budget, again.text);
    }
    for (uint64_t fuel = 0; fuel < 1000000; fuel += fuel / 4 + 50) {
        call_once(row, host, SIZE_MAX, fuel, &again);
        cr_assert(again.status == BI_HALT || strcmp(again.text, got.text) == 0, "%s(%s) with %llu of fuel: %s", row->name,
                  row->operands, (unsigned long long)fuel, again.text);
    }
}

static inline void call_check_all(const struct call_row *rows, size_t count, const struct bi_host *host)
{
    for (size_t i = 0; i < count; i++)
        call_check(&rows[i], host);
}

#endif
