/* SPDX-License-Identifier: Apache-2.0
 *
 * A builtin called with arguments: its name, a newline, and a JSON array of the arguments. In the array {"__set": [...]} stands
 * for a set.
 *
 * Goes through a query on input, so that no compile-time type keeps an argument away, and fuel and memory are those of a real
 * evaluation.
 */
#include "tests/fuzz/fuzz_engine.h"

#include "stdlib/builtins.h"

static const char prelude[] = "package fuzz\n"
                              "arg[i] := v if { some i, v in input; not v.__set }\n"
                              "arg[i] := s if { some i, v in input; s := {x | some x in v.__set} }\n";

static void call(const struct builtin *b, struct str arguments)
{
    static char answer[2048];
    char query[512];
    size_t n = (size_t)snprintf(query, sizeof query, "x := %s(", b->name);
    for (unsigned i = 0; i < b->argc && n < sizeof query; i++)
        n += (size_t)snprintf(query + n, sizeof query - n, "%sdata.fuzz.arg[%u]", i == 0 ? "" : ", ", i);
    if (n >= sizeof query - 1)
        return;
    query[n++] = ')';
    struct quis_compiler *compiler = NULL;
    struct quis_program *program = NULL;
    struct quis_error error = QUIS_ERROR_INIT;
    uint32_t entry;
    FUZZ_CHECK(quis_compiler_new(fuzz_engine(), NULL, &compiler, &error) == 0, "no compiler");
    if (quis_compiler_add(compiler, "fuzz.rego", prelude, sizeof prelude - 1, &error) == 0 &&
        quis_compiler_set_query(compiler, query, n, &error) == 0 && quis_compiler_finish(compiler, &program, &error) == 0 &&
        quis_program_entry(program, "query", 5, &entry, &error) == 0)
        fuzz_evaluate(program, entry, NULL, arguments, answer, sizeof answer);
    quis_program_unref(program);
    quis_compiler_free(compiler);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of((const char *)data, size);
    const char *newline = size == 0 ? NULL : memchr(data, '\n', size);
    if (newline == NULL)
        return 0;
    size_t name = (size_t)(newline - text.p);
    const struct builtin *b = stdlib_find(str_of(text.p, name));
    if (b != NULL && b->fn != NULL)
        call(b, str_of(newline + 1, size - name - 1));
    return 0;
}
