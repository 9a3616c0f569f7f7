/* SPDX-License-Identifier: Apache-2.0
 *
 * Damaged program files of compiled policies: with any bit flipped, a file is refused, or does what some valid program would.
 *
 * mutate [SHARED]. The policies are our own, and those of Trustee and kata where the shared folder is. A file has a checksum, so
 * that a flipped bit alone shows no more than that it is looked at: the second sweep writes the checksum anew, and then it is the
 * verifier that decides. What it lets through runs, with little fuel, on an input of every kind; the sanitizers watch.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"
#include "tests/tools/repair.h"

static const char *const own[] = {
    "package test\ndefault p := false\np if { some r in data.users[input.user]; r == \"w\"; not input.list[0].k == 9 }\n",
    "package test\np := {k: v | some i; e := input.list[i]; k := e.k; v := [f(e.v) | i >= 0]}\nf(x) := sprintf(\"%v\", [x])\n",
    "package test\np contains x if { some x in input.list; every y in [1, 2] { y > 0 } }\np contains 7 if input.n in {1, 7}\n",
    "package test\np := x if x := q.a with input.n as 3 with data.a as {\"b\": 1}\nq[k] := v if some k, v in data.a\nq.a := 1\n",
};

static const char *const shared[] = {
    "vectors/rego/cc-policies/trustee/attestation-service/src/ear_token/ear_default_policy_cpu.rego",
    "vectors/rego/cc-policies/trustee/kbs/sample_policies/default.rego",
    "vectors/kata/policies/allow-all-except-exec-process.rego",
    "vectors/kata/policies/k8s-workloads/k8s-policy-set-keys.rego",
};

static const char *const inputs[] = {
    "{\"user\":\"ann\",\"n\":7,\"list\":[{\"k\":1,\"v\":\"x\"},{\"k\":2,\"v\":[]}],\"a\":{\"b\":[true,null]}}",
    "[1,\"x\",{}]",
    NULL,
};

static const char data[] = "{\"users\":{\"ann\":[\"r\",\"w\"]},\"a\":{\"b\":2},\"reference\":{\"x\":[1]}}";

static struct quis_engine *engine;
static struct quis_document *document;
static size_t accepted, refused;

static int no_reference_values(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    (void)ctx, (void)args, (void)argc;
    return quis_call_return_json(call, "[\"x\"]", 5);
}

static void run(struct quis_program *program, size_t at)
{
    struct quis_vm *vm;
    struct quis_text text;
    struct quis_value v;
    struct quis_error e = QUIS_ERROR_INIT;
    if (quis_vm_new(program, &vm, &e) != 0) {
        check(false, "byte %zu: no VM: %s", at, e.text);
        return;
    }
    quis_vm_set_data(vm, document);
    for (uint32_t entry = 0; entry < 2; entry++)
        for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
            if (quis_vm_eval(vm, entry, inputs[i], inputs[i] != NULL ? strlen(inputs[i]) : 0, &v, &e) == 0)
                (void)quis_vm_json(vm, &v, &text, &e); /* whatever it is */
    quis_vm_free(vm);
}

/* Flips a bit of a byte. mended: the checksum is put right, so that the file may be accepted. */
static bool flip(uint8_t *file, const struct quis_text *bytes, size_t at, unsigned bit, bool mended)
{
    struct quis_program *program = NULL;
    struct quis_error e = QUIS_ERROR_INIT;
    memcpy(file, bytes->data, bytes->size);
    file[at] ^= (uint8_t)(1u << bit);
    if (mended)
        repair_program(file, bytes->size);
    if (quis_program_load(engine, file, bytes->size, &program, &e) != 0) {
        refused++;
        return e.code[0] != '\0' && e.text[0] != '\0';
    }
    accepted++;
    run(program, at);
    quis_program_unref(program);
    return mended;
}

/* Bytes of small files each, of larger ones every so many; all bits of the code of small ones. */
static void mutate(const char *name, struct quis_program *program, size_t tries)
{
    struct quis_text bytes;
    struct quis_error e = QUIS_ERROR_INIT;
    if (!check(quis_program_bytes(program, &bytes, &e) == 0, "%s: %s", name, e.text))
        return;
    uint8_t *file = malloc(bytes.size);
    size_t step = bytes.size / tries + 1, before = accepted;
    bool good = file != NULL;
    for (size_t at = 0; at < bytes.size && good; at += step)
        good = check(flip(file, &bytes, at, (unsigned)at % 8, false), "%s: byte %zu: a flipped bit is not noticed", name, at);
    check(accepted == before, "%s: damaged files are refused", name);
    for (size_t at = 0; at < bytes.size && good; at += step)
        for (unsigned bit = 0; bit < 8 && good; bit += 1 + (unsigned)at % 3)
            good = check(flip(file, &bytes, at, bit, true), "%s: byte %zu, bit %u: refused without a reason", name, at, bit);
    free(file);
}

static int compile(const char *name, const struct text *policy, const char *entry, struct quis_program **ret,
                   struct quis_error *e)
{
    struct quis_compiler *c;
    struct quis_compiler_options o = QUIS_COMPILER_OPTIONS_INIT;
    if (quis_compiler_new(engine, &o, &c, e) != 0)
        return -1;
    int status = quis_compiler_add(c, name, text_get(policy), policy->len, e);
    status = status == 0 ? quis_compiler_add_entry(c, entry, e) : status;
    status = status == 0 ? quis_compiler_finish(c, ret, e) : status;
    quis_compiler_free(c);
    return status;
}

static void try_policy(const char *name, const struct text *policy, size_t tries)
{
    struct quis_program *program = NULL;
    struct quis_error e = QUIS_ERROR_INIT;
    char entry[128] = "data.test.p";
    const char *package = strstr(text_get(policy), "\npackage ");
    if (package != NULL) {
        snprintf(entry, sizeof entry, "data.%.*s", (int)strcspn(package + 9, "\r\n "), package + 9);
    }
    if (check(compile(name, policy, entry, &program, &e) == 0, "%s: %s:%u: %s", name, e.code, e.row, e.text))
        mutate(name, program, tries);
    quis_program_unref(program);
}

int main(int argc, char **argv)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    const char *folder = getenv("QUIS_SHARED") != NULL ? getenv("QUIS_SHARED") : argc > 1 ? argv[1] : "../shared";
    o.limits = (struct quis_limits){.fuel = 20000, .memory = 1 << 20};
    if (quis_engine_new(&o, &engine, NULL) != 0 ||
        quis_engine_add_function(engine, "query_reference_value", "(string) => any", no_reference_values, NULL, NULL) != 0 ||
        quis_document_parse(engine, data, strlen(data), &document, NULL) != 0)
        abort();
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct text policy = {0};
        text_printf(&policy, "%s", own[i]);
        try_policy("own", &policy, SIZE_MAX);
        text_free(&policy);
    }
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        struct text policy = {0}, path = {0};
        text_printf(&path, "%s/%s", folder, shared[i]);
        if (text_add_file(&policy, text_get(&path)))
            try_policy(shared[i], &policy, 3000);
        else
            check_skip(text_get(&path));
        text_free(&policy);
        text_free(&path);
    }
    printf("%zu damaged programs ran, %zu were refused\n", accepted, refused);
    quis_document_unref(document);
    quis_engine_unref(engine);
    return check_finish();
}
