/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz targets that go through the public interface: one engine with small limits and a clock that stands still.
 */
#ifndef QUIS_TESTS_FUZZ_ENGINE_H
#define QUIS_TESTS_FUZZ_ENGINE_H

#include <quis/quis.h>

#include "tests/fuzz/fuzz_common.h"

static int64_t stand_still(void *ctx)
{
    (void)ctx;
    return 1700000000000000000;
}

static int draw_zeros(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 0, size);
    return 0;
}

/* Made once per process. */
static inline struct quis_engine *fuzz_engine(void)
{
    static struct quis_engine *engine;
    if (engine == NULL) {
        struct quis_options options = QUIS_OPTIONS_INIT;
        options.limits = (struct quis_limits){.fuel = FUZZ_FUEL,
                                              .memory = FUZZ_ARENA_BYTES,
                                              .json_depth = FUZZ_DEPTH,
                                              .parse_depth = FUZZ_DEPTH,
                                              .output = 4 << 20,
                                              .regex = 100000,
                                              .bignum_digits = 2000,
                                              .source_bytes = 1 << 20,
                                              .program_bytes = 4 << 20,
                                              .compile_memory = FUZZ_ARENA_BYTES * 4};
        options.grants = (struct quis_grants){.now_ns = stand_still, .random = draw_zeros};
        FUZZ_CHECK(quis_engine_new(&options, &engine, NULL) == 0, "no engine");
    }
    return engine;
}

/* The JSON text of a result, or the code of the error, evaluated on input; "" when there is no VM. Copied into ret. */
static inline void fuzz_evaluate(struct quis_program *program, uint32_t entry, struct quis_document *data, struct str input,
                                 char *ret, size_t ret_size)
{
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_vm *vm = NULL;
    struct quis_value value;
    struct quis_text json = {"", 0};
    ret[0] = '\0';
    if (quis_vm_new(program, &vm, &error) == 0) {
        quis_vm_set_data(vm, data);
        if (quis_vm_eval(vm, entry, input.len == 0 ? NULL : input.p, input.len, &value, &error) == 0)
            (void)!quis_vm_json(vm, &value, &json, &error); /* undefined, or too long: "" */
        else
            FUZZ_CHECK(error.code[0] != '\0', "an error without a code");
        FUZZ_CHECK(strcmp(error.code, "eval_internal_error") != 0, error.text);
        snprintf(ret, ret_size, "%s%.*s", error.code, (int)(json.size < 1000 ? json.size : 1000), json.data);
        quis_vm_free(vm);
    }
}

#endif
