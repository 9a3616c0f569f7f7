/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/compiler.h: modules, entries, queries and their columns, diagnostics, options, order of calls.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

static struct quis_engine *engine;

static struct quis_compiler *make(const struct quis_compiler_options *o)
{
    struct quis_compiler *c;
    if (quis_compiler_new(engine, o, &c, NULL) != 0)
        abort();
    return c;
}

static int add(struct quis_compiler *c, const char *text, struct quis_error *e)
{
    return quis_compiler_add(c, "a.rego", text, strlen(text), e);
}

/* The whole way, from one module and one entry. */
static int compile(const struct quis_compiler_options *o, const char *text, const char *entry, struct quis_error *e)
{
    struct quis_compiler *c = make(o);
    struct quis_program *p;
    int status = add(c, text, e);
    status = status == 0 ? quis_compiler_add_entry(c, entry, e) : status;
    status = status == 0 ? quis_compiler_finish(c, &p, e) : status;
    if (status == 0)
        quis_program_unref(p);
    quis_compiler_free(c);
    return status;
}

static void check_options(void)
{
    static const struct {
        struct quis_compiler_options options;
        const char *text, *entry, *code; /* "" = compiles */
    } rows[] = {
        {QUIS_COMPILER_OPTIONS_INIT, "package a\np if true", "data.a.p", ""},
        {QUIS_COMPILER_OPTIONS_INIT, "package a\np { true }", "data.a.p", "rego_parse_error"},
        {{sizeof(struct quis_compiler_options), QUIS_REGO_V0, false, false, false}, "package a\np { true }", "data.a.p", ""},
        {QUIS_COMPILER_OPTIONS_INIT, "package a\nimport data.x\np if true", "data.a.p", ""},
        {{sizeof(struct quis_compiler_options), QUIS_REGO_V1, true, false, false},
         "package a\nimport data.x\np if true",
         "data.a.p",
         "rego_compile_error"},
        {{sizeof(struct quis_compiler_options), QUIS_REGO_V1, false, true, true}, "package a\np if print(1)", "data.a.p", ""},
        {QUIS_COMPILER_OPTIONS_INIT, "", "data.a.p", "rego_parse_error"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        (void)compile(&rows[i].options, rows[i].text, rows[i].entry, &e);
        check(strcmp(e.code, rows[i].code) == 0, "%s: '%s' instead of '%s': %s", rows[i].text, e.code, rows[i].code, e.text);
    }
    static const char *const entries[] = {"", "data", "nothing", "data.a[", "input.x", "data.b.q", "x y"};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        int status = compile(NULL, "package a\np if true", entries[i], &e);
        check((status == 0) == (e.code[0] == '\0'), "entry '%s': %d, %s", entries[i], status, e.code);
    }
}

static void check_diagnostics(void)
{
    struct quis_error e = QUIS_ERROR_INIT, first;
    struct quis_program *p = NULL;
    struct quis_compiler *c = make(NULL);
    check(add(c, "package a\np := x\nq := y\n", &e) == 0, "parses: %s", e.text);
    check(quis_compiler_add_entry(c, "data.a.p", &e) == 0, "an entry: %s", e.text);
    check(quis_compiler_finish(c, &p, &e) == -1 && p == NULL, "two unsafe variables");
    check(quis_compiler_diagnostics(c) >= 2, "%zu diagnostics", quis_compiler_diagnostics(c));
    check(quis_compiler_diagnostic(c, 0, &first) && strcmp(first.text, e.text) == 0, "the first is the error");
    check(!quis_compiler_diagnostic(c, quis_compiler_diagnostics(c), &first), "no more than there are");
    quis_compiler_free(c);
    c = make(NULL);
    check(add(c, "package a\np := ", &e) == -1, "does not parse");
    check(quis_compiler_finish(c, &p, &e) == -1 && p == NULL, "what did not parse does not compile");
    quis_compiler_free(c);
    quis_compiler_free(NULL);
}

static void check_query(void)
{
    static const char query[] = "x := data.a.p[_]; y := x + 1; y > 1";
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_program *p = NULL;
    struct quis_vm *vm;
    struct quis_value rows, row;
    struct quis_column column;
    uint32_t entry;
    size_t bindings = 0, columns = 0;
    struct quis_compiler *c = make(NULL);
    int status = add(c, "package a\np := [1, 2, 3]", &e);
    status = status == 0 ? quis_compiler_set_query(c, query, strlen(query), &e) : status;
    status = status == 0 ? quis_compiler_finish(c, &p, &e) : status;
    quis_compiler_free(c);
    if (!check(status == 0, "a query: %s", e.text))
        return;
    for (; quis_program_column(p, columns, &column); columns++)
        bindings += column.is_binding;
    check(bindings == 2, "%zu variables of %zu columns", bindings, columns);
    check(quis_program_entry(p, "query", 5, &entry, &e) == 0, "the entry: %s", e.text);
    check(quis_vm_new(p, &vm, &e) == 0 && quis_vm_eval(vm, entry, NULL, 0, &rows, &e) == 0, "evaluates: %s", e.text);
    check(quis_value_size(&rows) == 3 && quis_value_at(&rows, 0, NULL, &row) && quis_value_size(&row) == columns, "three rows");
    quis_vm_free(vm);
    quis_program_unref(p);
}

static void check_data_conflict(void)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_document *d;
    struct quis_program *p = NULL;
    if (quis_document_parse(engine, "{\"a\":{\"p\":1}}", 13, &d, &e) != 0)
        abort();
    struct quis_compiler *c = make(NULL);
    (void)add(c, "package a\np := 2", &e);
    quis_compiler_set_data(c, d);
    quis_document_unref(d); /* the compiler has its own reference */
    (void)quis_compiler_add_entry(c, "data.a.p", &e);
    check(quis_compiler_finish(c, &p, &e) == -1 && e.code[0] != '\0', "a rule where data is: %s", e.code);
    quis_compiler_free(c);
}

int main(void)
{
    struct quis_compiler_options wrong = QUIS_COMPILER_OPTIONS_INIT;
    struct quis_compiler *none = NULL;
    struct quis_error e = QUIS_ERROR_INIT;
    wrong.size = 4;
    if (quis_engine_new(NULL, &engine, NULL) != 0)
        abort();
    check(quis_compiler_new(engine, &wrong, &none, &e) == -1 && strcmp(e.code, "misuse") == 0, "options of another version");
    check_options();
    check_diagnostics();
    check_query();
    check_data_conflict();
    quis_engine_unref(engine);
    return check_finish();
}
