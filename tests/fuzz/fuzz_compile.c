/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy text to a decision: MODULE ==== INPUT ==== DATA ==== QUERY, each but the first may be missing. A first byte of '0' in
 * the module is cut off and asks for v0.
 *
 * What compiles must pass our own verifier, survive saving and loading, and answer the same every time.
 */
#include "tests/fuzz/fuzz_engine.h"

static void check_program(struct quis_program *program, struct quis_document *data, struct str input)
{
    static char first[2048], again[2048], loaded_answer[2048];
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_program *loaded = NULL;
    struct quis_text bytes;
    uint32_t entry;
    if (quis_program_entry(program, "query", 5, &entry, &error) != 0)
        return;
    fuzz_evaluate(program, entry, data, input, first, sizeof first);
    fuzz_evaluate(program, entry, data, input, again, sizeof again);
    FUZZ_CHECK(strcmp(first, again) == 0, "the second answer differs");
    if (quis_program_bytes(program, &bytes, &error) != 0)
        return; /* too large */
    if (quis_program_load(fuzz_engine(), bytes.data, bytes.size, &loaded, &error) != 0) {
        FUZZ_CHECK(quis_error_is_limit(&error), error.text);
        return;
    }
    fuzz_evaluate(loaded, entry, data, input, loaded_answer, sizeof loaded_answer);
    FUZZ_CHECK(strcmp(first, loaded_answer) == 0, "the loaded program answers differently");
    quis_program_unref(loaded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = str_of((const char *)data, size);
    struct str module = fuzz_next_part(&rest), input = fuzz_next_part(&rest), base = fuzz_next_part(&rest);
    struct str query = rest.len > 0 ? rest : STR("data");
    struct quis_compiler_options options = QUIS_COMPILER_OPTIONS_INIT;
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_compiler *compiler = NULL;
    struct quis_program *program = NULL;
    struct quis_document *document = NULL;
    if (module.len > 0 && module.p[0] == '0') {
        options.version = QUIS_REGO_V0;
        module = str_of(module.p + 1, module.len - 1);
    }
    if (base.len > 0)
        (void)!quis_document_parse(fuzz_engine(), base.p, base.len, &document, &error); /* else no data */
    FUZZ_CHECK(quis_compiler_new(fuzz_engine(), &options, &compiler, &error) == 0, "no compiler");
    int failed = quis_compiler_add(compiler, "fuzz.rego", module.p, module.len, &error) != 0 ||
                 quis_compiler_set_query(compiler, query.p, query.len, &error) != 0 ||
                 quis_compiler_finish(compiler, &program, &error) != 0;
    if (failed)
        FUZZ_CHECK(error.code[0] != '\0' && strcmp(error.code, "eval_internal_error") != 0, "a refusal without a reason");
    else
        check_program(program, document, input);
    quis_program_unref(program);
    quis_compiler_free(compiler);
    quis_document_unref(document);
    return 0;
}
