/* SPDX-License-Identifier: Apache-2.0
 *
 * The VM handle: one evaluator with its program, its data and what the engine grants.
 */
#include <quis/vm.h>

#include "api/api.h"
#include "vm/json.h"

struct quis_vm {
    struct quis_engine *engine;
    struct quis_program *program;
    struct quis_document *data;
    struct vm *vm;
    struct bi_host host;
    struct vm_options options;
    bool reads_clock; /* and may */
};

static int64_t monotonic_ms(void *ctx)
{
    const struct quis_engine *engine = ctx;
    return engine->grants.monotonic_ms(engine->grant_ctx);
}

int quis_vm_new(struct quis_program *program, struct quis_vm **ret, struct quis_error *error)
{
    struct quis_engine *engine = program->engine;
    struct err e = {0};
    struct quis_vm *vm = alloc_get(&engine->alloc, sizeof *vm);
    if (vm == NULL)
        return api_fail(error, ERR_NOMEM, "out of memory");
    *vm = (struct quis_vm){.engine = quis_engine_ref(engine), .program = quis_program_ref(program)};
    api_host(engine, &vm->host);
    vm->reads_clock = vm->host.has_clock && program_reads_clock(program->program);
    vm->options = (struct vm_options){
        .limits = engine->limits,
        .strict_builtin_errors = engine->strict_builtin_errors,
        .host = &vm->host,
        .clock_ms = engine->grants.monotonic_ms != NULL ? monotonic_ms : NULL,
        .clock_ctx = engine,
    };
    if (vm_new(program->program, &engine->alloc, &vm->options, &vm->vm, &e) != 0) {
        quis_vm_free(vm);
        return api_error(error, &e);
    }
    *ret = vm;
    return 0;
}

void quis_vm_free(struct quis_vm *vm)
{
    if (vm == NULL)
        return;
    struct quis_engine *engine = vm->engine;
    if (vm->vm != NULL)
        vm_free(vm->vm);
    quis_document_unref(vm->data);
    quis_program_unref(vm->program);
    alloc_release(&engine->alloc, vm, sizeof *vm);
    quis_engine_unref(engine);
}

void quis_vm_set_data(struct quis_vm *vm, struct quis_document *data)
{
    struct quis_document *old = vm->data;
    vm->data = quis_document_ref(data);
    vm_keep_data(vm->vm, data != NULL ? data->value : value_undefined());
    quis_document_unref(old);
}

void quis_vm_set_limits(struct quis_vm *vm, const struct quis_limits *limits)
{
    vm->options.limits = api_limits(limits, &vm->engine->limits);
    vm_set_options(vm->vm, &vm->options);
}

static int evaluate(struct quis_vm *vm, uint32_t entry, struct value input, struct quis_value *ret, struct quis_error *error)
{
    struct err e;
    struct value result;
    e.code = ERR_OK; /* the rest is large, and vm_eval writes it */
    if (vm->reads_clock)
        vm->host.now_ns = vm->engine->grants.now_ns(vm->engine->grant_ctx);
    struct value data = vm->data != NULL ? vm->data->value : value_undefined();
    if (vm_eval(vm->vm, entry, data, input, &result, &e) != 0)
        return api_error(error, &e);
    api_give(ret, result);
    return 0;
}

int quis_vm_eval(struct quis_vm *vm, uint32_t entry, const char *input, size_t size, struct quis_value *ret,
                 struct quis_error *error)
{
    struct arena *arena = vm_begin(vm->vm);
    struct value v = value_undefined();
    if (input != NULL) {
        struct err e = {0};
        struct json_options o = {.max_depth = (uint32_t)vm->options.limits.json_depth, .borrow = true};
        if (json_parse(arena, str_of(input, size), &o, &v, &e) != 0)
            return api_error(error, &e);
    }
    return evaluate(vm, entry, v, ret, error);
}

int quis_vm_eval_document(struct quis_vm *vm, uint32_t entry, const struct quis_document *input, struct quis_value *ret,
                          struct quis_error *error)
{
    (void)vm_begin(vm->vm); /* the input is parsed already */
    return evaluate(vm, entry, input != NULL ? input->value : value_undefined(), ret, error);
}

int quis_vm_json(struct quis_vm *vm, const struct quis_value *value, struct quis_text *ret, struct quis_error *error)
{
    struct buf b;
    buf_init(&b, vm_arena(vm->vm));
    json_write(&b, *api_value(value), JSON_COMPACT_RAW);
    if (b.failed)
        return api_fail(error, ERR_LIMIT_MEMORY, "no memory left for the text of the result");
    if (b.len > vm->options.limits.output)
        return api_fail(error, ERR_LIMIT_OUTPUT, "the text of the result is larger than the limit 'output'");
    *ret = (struct quis_text){b.p, b.len};
    return 0;
}

void quis_vm_cancel(struct quis_vm *vm)
{
    vm_cancel(vm->vm);
}

void quis_vm_usage(const struct quis_vm *vm, struct quis_usage *ret)
{
    *ret = (struct quis_usage){vm_fuel_used(vm->vm), vm_bytes_used(vm->vm)};
}
