/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/engine.h: options, grants (given and not), functions of the host in each way they can answer, misuse.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

/* ---- functions of the host ---- */

static int answer_value(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)ctx;
    return argc == 1 ? quis_call_return(call, &args[0]) : quis_call_fail(call, "argc");
}

static int answer_json(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)args, (void)argc;
    return quis_call_return_json(call, ctx, strlen(ctx));
}

static int answer_nothing(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)ctx, (void)call, (void)args, (void)argc;
    return 0;
}

static int answer_error(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)args, (void)argc;
    return quis_call_fail(call, ctx);
}

static int sum_two(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    int64_t x, y;
    (void)ctx;
    if (argc != 2 || !quis_value_int64(&args[0], &x) || !quis_value_int64(&args[1], &y))
        return quis_call_fail(call, "not two integers");
    return quis_call_return_json(call, x + y == 5 ? "5" : "0", 1);
}

static const struct {
    const char *name, *type;
    quis_function fn;
    const char *ctx;
} functions[] = {
    {"same", "(any) => any", answer_value, NULL},
    {"acme.json", "() => any", answer_json, "{\"a\":[1,2]}"},
    {"acme.broken", "() => any", answer_json, "{\"a\":"},
    {"acme.nothing", "(any) => any", answer_nothing, NULL},
    {"acme.error", "(any) => any", answer_error, "no such thing"},
    {"acme.sum", "(number, number) => number", sum_two, NULL},
    {"query_reference_value", "(string) => any", answer_json, "[\"v\"]"},
};

static const struct {
    const char *body, *json, *strict; /* json NULL: undefined; strict: code of the error when builtin errors are strict */
} cases[] = {
    {"p := same([1, {\"k\": \"v\"}])", "[1,{\"k\":\"v\"}]", NULL},
    {"p := acme.json().a", "[1,2]", NULL},
    {"p := acme.broken()", NULL, "eval_builtin_error"},
    {"p := acme.nothing(1)", NULL, NULL},
    {"p if not acme.nothing(1)", "true", NULL},
    {"p := acme.error(1)", NULL, "eval_builtin_error"},
    {"p if not acme.error(1)", "true", "eval_builtin_error"},
    {"p := acme.sum(2, 3)", "5", NULL},
    {"p if \"v\" in query_reference_value(\"x\")", "true", NULL},
    {"p := x if x := acme.sum(1, 1) with acme.sum as 7", "7", NULL},
};

static const char *const wrong[] = {"p := same(1, 2)", "p := acme.sum(\"a\", 1)", "p := acme.none(1)"};

static struct quis_engine *make_engine(const struct quis_options *o)
{
    struct quis_engine *engine;
    struct quis_error e = QUIS_ERROR_INIT;
    if (quis_engine_new(o, &engine, &e) != 0)
        abort();
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        check(quis_engine_add_function(engine, functions[i].name, functions[i].type, functions[i].fn,
                                       (void *)(uintptr_t)functions[i].ctx, &e) == 0,
              "%s: %s", functions[i].name, e.text);
    return engine;
}

static struct policy make_policy(struct quis_engine *engine, const char *body, struct quis_error *e)
{
    struct policy p = {0};
    char text[512] = "package test\n";
    strcat(text, body);
    (void)policy_new(engine, text, strlen(text), &p, e);
    return p;
}

static void check_functions(bool strict)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    o.strict_builtin_errors = strict;
    struct quis_engine *engine = make_engine(&o);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct quis_value v;
        struct quis_text json = {"", 0};
        struct policy p = make_policy(engine, cases[i].body, &e);
        if (!check(p.vm != NULL, "%s: %s", cases[i].body, e.text))
            continue;
        int status = policy_eval(&p, NULL, &v, &e);
        if (strict && cases[i].strict != NULL) {
            check(status == -1 && strcmp(e.code, cases[i].strict) == 0, "%s: %s", cases[i].body, e.code);
        } else if (cases[i].json == NULL) {
            check(status == 0 && quis_value_kind(&v) == QUIS_UNDEFINED, "%s: not undefined: %s", cases[i].body, e.text);
        } else {
            status = status == 0 ? quis_vm_json(p.vm, &v, &json, &e) : status;
            check(status == 0 && json.size == strlen(cases[i].json) && memcmp(json.data, cases[i].json, json.size) == 0,
                  "%s: %.*s %s", cases[i].body, (int)json.size, json.data, e.text);
        }
        policy_free(&p);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct policy p = make_policy(engine, wrong[i], &e);
        check(p.vm == NULL && strcmp(e.code, "rego_type_error") == 0, "%s: %s", wrong[i], e.code);
        policy_free(&p);
    }
    quis_engine_unref(engine);
}

/* ---- grants ---- */

static int64_t fixed_now(void *ctx)
{
    (void)ctx;
    return 42;
}

static int fixed_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 7, size);
    return 0;
}

static int send_nothing(void *ctx, struct quis_call *call, struct quis_text request)
{
    (void)ctx;
    return request.size > 0 ? quis_call_return_json(call, "{\"status_code\":200}", 19) : quis_call_fail(call, "no request");
}

static int look_nowhere(void *ctx, struct quis_call *call, struct quis_text name)
{
    (void)ctx, (void)name;
    return quis_call_return_json(call, "[\"10.0.0.1\",\"10.0.0.1\"]", 23);
}

static const struct {
    const char *body;
} granted[] = {
    {"p if time.now_ns() == 42"},
    {"p if count(uuid.rfc4122(\"k\")) == 36"},
    {"p if rand.intn(\"k\", 10) < 10"},
    {"p if opa.runtime().env.A == \"b\""},
    {"p if http.send({\"method\": \"get\", \"url\": \"http://localhost\"}).status_code == 200"},
    {"p if net.lookup_ip_addr(\"a\") == {\"10.0.0.1\"}"},
};

static void check_grants(void)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    o.grants.now_ns = fixed_now;
    o.grants.random = fixed_random;
    o.grants.http_send = send_nothing;
    o.grants.lookup_ip = look_nowhere;
    o.grants.runtime = (struct quis_text){"{\"env\":{\"A\":\"b\"}}", strlen("{\"env\":{\"A\":\"b\"}}")};
    struct quis_engine *with = make_engine(&o), *without = make_engine(NULL);
    for (size_t i = 0; i < sizeof granted / sizeof *granted; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct quis_value v;
        struct policy p = make_policy(with, granted[i].body, &e);
        check(p.vm != NULL && policy_eval(&p, NULL, &v, &e) == 0 && quis_value_is_true(&v), "%s: %s", granted[i].body, e.text);
        policy_free(&p);
        p = make_policy(without, granted[i].body, &e);
        check(p.vm == NULL && strcmp(e.code, "denied_builtin") == 0, "%s without a grant: %s %s", granted[i].body, e.code,
              e.text);
        policy_free(&p);
    }
    quis_engine_unref(with);
    quis_engine_unref(without);
}

/* ---- misuse ---- */

static void *refuse(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx, (void)ptr, (void)old_size, (void)new_size;
    return NULL;
}

static void check_misuse(void)
{
    static const struct {
        const char *name, *type;
    } bad[] = {{"same", "(any) => any"},
               {"count", "(any) => any"},
               {"", "(any) => any"},
               {NULL, "(any) => any"},
               {"f", NULL},
               {"f", "any"},
               {"f", ""},
               {"f", "(any"}};
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_options o = QUIS_OPTIONS_INIT;
    struct quis_engine *engine = make_engine(NULL), *none = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(quis_engine_add_function(engine, bad[i].name, bad[i].type, answer_nothing, NULL, &e) == -1 &&
                  strcmp(e.code, "misuse") == 0,
              "%s, %s: %s", bad[i].name, bad[i].type, e.code);
    check(quis_engine_add_function(engine, "f", "(any) => any", NULL, NULL, NULL) == -1, "no function");
    check(quis_engine_ref(engine) == engine, "a second reference");
    quis_engine_unref(engine);
    quis_engine_unref(engine);
    quis_engine_unref(NULL);
    check(quis_engine_ref(NULL) == NULL, "NULL is nothing");
    o.size = 8;
    check(quis_engine_new(&o, &none, &e) == -1 && strcmp(e.code, "misuse") == 0 && none == NULL, "options of another version");
    o = (struct quis_options)QUIS_OPTIONS_INIT;
    o.alloc = refuse;
    check(quis_engine_new(&o, &none, &e) == -1 && strcmp(e.code, "out_of_memory") == 0 && none == NULL, "no memory");
    o = (struct quis_options)QUIS_OPTIONS_INIT;
    o.grants.runtime = (struct quis_text){"{", 1};
    check(quis_engine_new(&o, &none, &e) == -1 && strcmp(e.code, "json_error") == 0 && none == NULL, "a broken runtime document");
}

int main(void)
{
    check_functions(false);
    check_functions(true);
    check_grants();
    check_misuse();
    return check_finish();
}
