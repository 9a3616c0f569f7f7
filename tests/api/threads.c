/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of threads: one engine, program and document for all, a VM for each; documents are replaced while others read them;
 * cancelling from outside. Runs in every build, and under the thread sanitizer in one of its own (.ci/run).
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

#define READERS 4
#define ROUNDS 400

#define POLICY                                                                                                                   \
    "package test\np := [data.version, data.copy, same(data.version), sum([x | some x in data.list]), count({k | some k, _ in "  \
    "data.map}), regex.match(`^[a-z]+$`, input.user), {x | some x in data.list; x > 2}, data.map[input.user], "                  \
    "json.marshal(data.map)]\n"

static struct quis_engine *engine;
static struct quis_program *program;
static struct quis_document *base; /* never changes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct quis_document *current; /* guarded by lock */
static atomic_uint calls;
static atomic_bool is_over;

static int same(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)ctx, (void)argc;
    atomic_fetch_add(&calls, 1);
    return quis_call_return(call, &args[0]);
}

static struct quis_document *take_current(void)
{
    pthread_mutex_lock(&lock);
    struct quis_document *d = quis_document_ref(current);
    pthread_mutex_unlock(&lock);
    return d;
}

/* version and copy are changed together: a reader that saw half of it would see two. */
static bool is_whole(const struct quis_value *v)
{
    struct quis_value version, copy, answered, found;
    int64_t a, b, c;
    return quis_value_at(v, 0, NULL, &version) && quis_value_at(v, 1, NULL, &copy) && quis_value_at(v, 2, NULL, &answered) &&
           quis_value_int64(&version, &a) && quis_value_int64(&copy, &b) && quis_value_int64(&answered, &c) && a == b && a == c &&
           quis_value_at(v, 7, NULL, &found) && quis_value_kind(&found) == QUIS_NUMBER;
}

static void *read_along(void *arg)
{
    struct quis_vm *vm;
    struct quis_error e = QUIS_ERROR_INIT;
    (void)arg;
    if (!check(quis_vm_new(program, &vm, &e) == 0, "a VM: %s", e.text))
        return NULL;
    for (int i = 0; i < ROUNDS; i++) {
        static const char input[] = "{\"user\":\"ann\"}";
        struct quis_value v;
        struct quis_text json, bytes, listing;
        struct quis_document *d = i % 2 == 0 ? take_current() : quis_document_ref(base);
        quis_vm_set_data(vm, d);
        quis_document_unref(d);
        int status = quis_vm_eval(vm, 0, input, strlen(input), &v, &e);
        if (!check(status == 0 && is_whole(&v) && quis_vm_json(vm, &v, &json, &e) == 0, "round %d: %s: %s", i, e.code, e.text))
            break;
        if (i == 10)
            check(quis_program_bytes(program, &bytes, NULL) == 0 && quis_program_listing(program, &listing, NULL) == 0,
                  "what a program makes on demand");
    }
    quis_vm_free(vm);
    return NULL;
}

static void *replace_along(void *arg)
{
    (void)arg;
    for (int i = 1; !atomic_load(&is_over); i++) {
        char number[16];
        struct quis_document *half, *whole;
        snprintf(number, sizeof number, "%d", i);
        struct quis_document *from = take_current();
        if (quis_document_update(from, "/version", number, strlen(number), &half, NULL) != 0 ||
            quis_document_update(half, "/copy", number, strlen(number), &whole, NULL) != 0)
            abort();
        quis_document_unref(half);
        quis_document_unref(from);
        if (i % 50 == 0) { /* not a chain without end */
            quis_document_unref(whole);
            whole = quis_document_ref(base);
        }
        pthread_mutex_lock(&lock);
        struct quis_document *old = current;
        current = whole;
        pthread_mutex_unlock(&lock);
        quis_document_unref(old);
    }
    return NULL;
}

static void *compile_along(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++) {
        struct policy p;
        struct quis_error e = QUIS_ERROR_INIT;
        if (check(policy_new(engine, POLICY, strlen(POLICY), &p, &e) == 0, "compiling meanwhile: %s", e.text))
            policy_free(&p);
    }
    return NULL;
}

static void share_all(void)
{
    pthread_t readers[READERS], writer, compiler;
    if (pthread_create(&writer, NULL, replace_along, NULL) != 0 || pthread_create(&compiler, NULL, compile_along, NULL) != 0)
        abort();
    for (int i = 0; i < READERS; i++)
        if (pthread_create(&readers[i], NULL, read_along, NULL) != 0)
            abort();
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    atomic_store(&is_over, true);
    pthread_join(writer, NULL);
    pthread_join(compiler, NULL);
    check(atomic_load(&calls) == READERS * ROUNDS, "%u calls of the host's function", atomic_load(&calls));
}

static void *cancel_soon(void *arg)
{
    for (int i = 0; i < 100; i++) { /* more than once: the evaluation may not have begun */
        struct timespec pause = {0, 2000000};
        nanosleep(&pause, NULL);
        quis_vm_cancel(arg);
    }
    return NULL;
}

static void cancel_from_outside(void)
{
    static const char forever[] =
        "package test\np if { some x in numbers.range(1, 100000); some y in numbers.range(1, 100000); x + y < 0 }";
    struct policy p;
    struct quis_value v;
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_limits limits = {.fuel = UINT64_MAX};
    pthread_t thread;
    if (policy_new(engine, forever, strlen(forever), &p, &e) != 0)
        abort();
    quis_vm_set_limits(p.vm, &limits);
    if (pthread_create(&thread, NULL, cancel_soon, p.vm) != 0)
        abort();
    int status = policy_eval(&p, NULL, &v, &e);
    check(status == -1 && strcmp(e.code, "eval_cancel_error") == 0, "cancelled: %d %s", status, e.code);
    pthread_join(thread, NULL);
    policy_free(&p);
}

int main(void)
{
    static const char data[] = "{\"version\":0,\"copy\":0,\"list\":[3,1,2,5,4],\"map\":{\"ann\":1,\"bob\":2,\"cid\":3}}";
    struct quis_error e = QUIS_ERROR_INIT;
    struct policy p;
    if (quis_engine_new(NULL, &engine, NULL) != 0 ||
        quis_engine_add_function(engine, "same", "(any) => any", same, NULL, &e) != 0 ||
        policy_new(engine, POLICY, strlen(POLICY), &p, &e) != 0 ||
        quis_document_parse(engine, data, strlen(data), &base, &e) != 0) {
        check(false, "%s: %s", e.code, e.text);
        return check_finish();
    }
    program = quis_program_ref(p.program);
    policy_free(&p);
    current = quis_document_ref(base);
    share_all();
    cancel_from_outside();
    quis_document_unref(current);
    quis_document_unref(base);
    quis_program_unref(program);
    quis_engine_unref(engine);
    return check_finish();
}
