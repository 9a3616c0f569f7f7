/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/vm.h: evaluations one after another, what is left by errors, data that is replaced, limits, usage, lives.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

#define POLICY                                                                                                                   \
    "package test\np := data.answer if not input.loop\np := count([1 | some x in numbers.range(1, 3000); some y in "             \
    "numbers.range(1, 3000); x < y]) if input.loop\n"

static struct quis_engine *engine;
static struct policy policy;

static bool gives(const char *input, int64_t want)
{
    struct quis_value v;
    struct quis_error e = QUIS_ERROR_INIT;
    int64_t got = 0;
    return check(policy_eval(&policy, input, &v, &e) == 0 && quis_value_int64(&v, &got) && got == want, "%s: %lld: %s %s", input,
                 (long long)got, e.code, e.text);
}

static void check_data(void)
{
    struct quis_document *one, *two;
    struct quis_value v;
    if (quis_document_parse(engine, "{\"answer\":1}", 12, &one, NULL) != 0 ||
        quis_document_update(one, "/answer", "2", 1, &two, NULL) != 0)
        abort();
    check(policy_eval(&policy, "{}", &v, NULL) == 0 && quis_value_kind(&v) == QUIS_UNDEFINED, "undefined without data");
    for (int i = 0; i < 3; i++) {
        quis_vm_set_data(policy.vm, one);
        gives("{}", 1);
        quis_vm_set_data(policy.vm, two);
        gives("{}", 2);
    }
    quis_document_unref(one);
    quis_document_unref(two); /* the VM keeps it */
    gives("{}", 2);
    quis_vm_set_data(policy.vm, NULL);
    check(policy_eval(&policy, "{}", &v, NULL) == 0 && quis_value_kind(&v) == QUIS_UNDEFINED, "undefined again");
}

static void check_errors(void)
{
    static const struct {
        const char *input, *code;
        struct quis_limits limits;
    } rows[] = {
        {"{", "json_error", {0}},
        {"{\"loop\":true}", "limit_fuel", {.fuel = 1000}},
        {"{\"loop\":true}", "limit_memory", {.memory = 20000}},
        {"[[[[1]]]]", "limit_depth", {.json_depth = 3}},
        {"{} {}", "json_error", {0}},
    };
    struct quis_document *d;
    struct quis_limits none = {0};
    if (quis_document_parse(engine, "{\"answer\":5}", 12, &d, NULL) != 0)
        abort();
    quis_vm_set_data(policy.vm, d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct quis_value v;
        memset(&v, 0x5a, sizeof v);
        struct quis_value before = v;
        quis_vm_set_limits(policy.vm, &rows[i].limits);
        int status = policy_eval(&policy, rows[i].input, &v, &e);
        check(status == -1 && strcmp(e.code, rows[i].code) == 0, "%s: %s", rows[i].input, e.code);
        check(memcmp(&v, &before, sizeof v) == 0, "%s: *ret is written on success only", rows[i].input);
        check(policy_eval(&policy, rows[i].input, &v, NULL) == -1, "%s: without an error to fill in", rows[i].input);
        quis_vm_set_limits(policy.vm, &none);
        gives("{}", 5); /* nothing is left of it */
    }
    quis_document_unref(d);
}

static void check_entries_and_usage(void)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_value v;
    struct quis_usage little, much;
    check(quis_vm_eval(policy.vm, 77, "{}", 2, &v, &e) == -1 && strcmp(e.code, "not_found") == 0, "no such entry: %s", e.code);
    gives("{}", 5);
    quis_vm_usage(policy.vm, &little);
    gives("{\"loop\":true}", 4498500);
    quis_vm_usage(policy.vm, &much);
    check(little.fuel > 0 && little.bytes > 0 && much.fuel > 1000 * little.fuel && much.bytes > little.bytes, "usage");
    quis_vm_cancel(policy.vm); /* of nothing: the next evaluation is not meant */
    gives("{}", 5);
}

static void check_results(void)
{
    struct quis_value v, inner;
    struct quis_text json;
    static const char echo[] = "package test\np := {\"s\": {3, 1, 2}, \"in\": input, \"o\": {1: [\"<&>\"]}}";
    struct policy p;
    struct quis_document *d;
    if (policy_new(engine, echo, strlen(echo), &p, NULL) != 0 ||
        quis_document_parse(engine, "[1.50,\"\\u00e4\"]", 15, &d, NULL) != 0)
        abort();
    check(quis_vm_eval_document(p.vm, p.entry, d, &v, NULL) == 0 && quis_vm_json(p.vm, &v, &json, NULL) == 0,
          "a document as input");
    static const char want[] = "{\"in\":[1.50,\"\xc3\xa4\"],\"o\":{\"1\":[\"<&>\"]},\"s\":[1,2,3]}";
    check(json.size == strlen(want) && memcmp(json.data, want, json.size) == 0, "%.*s", (int)json.size, json.data);
    check(quis_value_get(&v, "s", 1, &inner) && quis_vm_json(p.vm, &inner, &json, NULL) == 0 && json.size == 7, "a part of it");
    check(quis_vm_eval_document(p.vm, p.entry, NULL, &v, NULL) == 0 && quis_value_kind(&v) == QUIS_UNDEFINED, "no input");
    quis_document_unref(d);
    policy_free(&p);
}

int main(void)
{
    struct quis_error e = QUIS_ERROR_INIT;
    if (quis_engine_new(NULL, &engine, NULL) != 0 || policy_new(engine, POLICY, strlen(POLICY), &policy, &e) != 0)
        abort();
    check_data();
    check_errors();
    check_entries_and_usage();
    check_results();
    quis_vm_free(NULL);
    quis_engine_unref(engine); /* the VM keeps what it needs */
    quis_program_unref(policy.program);
    policy.program = NULL;
    gives("{}", 5);
    policy_free(&policy);
    return check_finish();
}
