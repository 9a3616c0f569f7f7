/* SPDX-License-Identifier: Apache-2.0
 *
 * Running assembled programs in tests: a small table of builtins, one evaluation, its result as text.
 */
#ifndef QUIS_TESTS_MACHINE_H
#define QUIS_TESTS_MACHINE_H

#include "tests/tools/assemble.h"
#include "vm/number.h"
#include "vm/vm.h"

/* ---- builtins ---- */

/* As stdlib's: both are numbers, and their size is paid for. */
static inline int machine_numbers(struct bi_ctx *ctx, const struct value *argv, struct value *x, struct value *y)
{
    int status = bi_number(ctx, argv, 1, x);
    if (status == BI_OK)
        status = bi_number(ctx, argv, 2, y);
    return status == BI_OK ? bi_charge(ctx, number_work(*x) + number_work(*y)) : status;
}

static inline int machine_plus(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = machine_numbers(ctx, argv, &x, &y);
    return status == BI_OK ? bi_number_status(ctx, (int)number_add(ctx->arena, x, y, ret)) : status;
}

static inline int machine_div(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = machine_numbers(ctx, argv, &x, &y);
    return status == BI_OK ? bi_number_status(ctx, (int)number_div(ctx->arena, x, y, ret)) : status;
}

static inline int machine_rem(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = machine_numbers(ctx, argv, &x, &y);
    return status == BI_OK ? bi_number_status(ctx, (int)number_rem(ctx->arena, x, y, ret)) : status;
}

static inline int machine_minus(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = machine_numbers(ctx, argv, &x, &y);
    return status == BI_OK ? bi_number_status(ctx, (int)number_sub(ctx->arena, x, y, ret)) : status;
}

static inline int machine_mul(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value x, y;
    int status = machine_numbers(ctx, argv, &x, &y);
    return status == BI_OK ? bi_number_status(ctx, (int)number_mul(ctx->arena, x, y, ret)) : status;
}

static inline int machine_count(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    if (argv[0].kind < VALUE_STRING)
        return bi_operand_error(ctx, 1, "one of {array, object, set, string}", argv[0]);
    *ret = value_int((int64_t)value_count(argv[0]));
    return BI_OK;
}

static inline int machine_id(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    *ret = argv[0];
    return BI_OK;
}

static inline int machine_none(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)ctx;
    (void)argv;
    (void)ret;
    return BI_UNDEFINED;
}

static inline int machine_fail(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv;
    (void)ret;
    return bi_fail(ctx, "not today");
}

static inline int machine_halt(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv;
    (void)ret;
    return bi_halt(ctx, ERR_LIMIT_REGEX, "enough");
}

static inline int machine_work(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    *ret = argv[0];
    return bi_charge(ctx, (uint64_t)argv[0].i);
}

/* Counts its calls in host->ctx. */
static inline int machine_next(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv;
    *ret = value_int(++*(int64_t *)ctx->host->ctx);
    return BI_OK;
}

static int machine_things;

static inline int machine_make(struct bi_ctx *ctx, struct str key, const struct alloc *alloc, void **ret, size_t *ret_bytes)
{
    if (key.len == 0)
        return bi_fail(ctx, "no key");
    machine_things++;
    *ret = alloc_get(alloc, 16);
    *ret_bytes = 16;
    return *ret != NULL ? BI_OK : bi_halt(ctx, ERR_NOMEM, "out of memory");
}

static inline void machine_drop(void *thing, const struct alloc *alloc)
{
    machine_things--;
    alloc_release(alloc, thing, 16);
}

static inline int machine_cached(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    static const struct bi_class cls = {"thing", machine_make, machine_drop};
    void *thing;
    int status = bi_cached(ctx, &cls, value_text(argv[0]), &thing);
    *ret = value_int(machine_things);
    return status;
}

static const struct builtin machine_builtins[] = {
    {"count", "", "", machine_count, 1, 0},       {"div", "/", "", machine_div, 2, 0},
    {"minus", "-", "", machine_minus, 2, 0},      {"mul", "*", "", machine_mul, 2, 0},
    {"plus", "+", "", machine_plus, 2, 0},        {"rem", "%", "", machine_rem, 2, 0},
    {"t.cached", "", "", machine_cached, 1, 0},   {"t.fail", "", "", machine_fail, 1, 0},
    {"t.halt", "", "", machine_halt, 0, 0},       {"t.id", "", "", machine_id, 1, 0},
    {"t.net", "", "", machine_id, 1, BI_NETWORK}, {"t.next", "", "", machine_next, 1, BI_NONDET},
    {"t.none", "", "", machine_none, 1, 0},       {"t.work", "", "", machine_work, 1, 0},
};

static const struct linkage machine_link = {machine_builtins, COUNT_OF(machine_builtins), NULL, 0, BI_NETWORK};

/* ---- runs ---- */

struct machine {
    struct arena arena; /* tables, data and texts */
    struct program_builder builder;
    struct program *program;
    struct vm *vm;
    struct vm_options options;
    struct bi_host host;
    int64_t calls; /* of t.next */
    struct buf printed;
    struct err e;
};

static inline void machine_print(void *ctx, struct str line, struct str file, uint32_t row)
{
    struct machine *m = (struct machine *)((char *)ctx - offsetof(struct machine, calls));
    buf_str(&m->printed, line);
    buf_printf(&m->printed, " (%.*s:%u)\n", (int)file.len, file.p, row);
}

static inline void machine_init(struct machine *m)
{
    struct alloc alloc = alloc_default();
    *m = (struct machine){0};
    arena_init(&m->arena, &alloc, SIZE_MAX, 0);
    buf_init(&m->printed, &m->arena);
    m->options.limits = limits_default();
    m->options.limits.fuel = 1000000;
    m->options.limits.memory = (uint64_t)64 << 20;
}

static inline void machine_fini(struct machine *m)
{
    vm_free(m->vm);
    program_unref(m->program);
    arena_fini(&m->arena);
}

/* Assembles and seals. false: m->e. */
static inline bool machine_seal(struct machine *m, const char *text)
{
    struct alloc alloc = alloc_default();
    char error[256];
    if (!assemble(text, &m->builder, &m->arena, error)) {
        (void)err_set(&m->e, ERR_MISUSE, "assembler: %s", error);
        return false;
    }
    return program_seal(&m->builder, &machine_link, &alloc, &m->options.limits, &m->program, &m->e) == 0;
}

static inline bool machine_start(struct machine *m)
{
    struct alloc alloc = alloc_default();
    m->host.ctx = &m->calls;
    m->host.print = machine_print;
    m->options.host = &m->host;
    return vm_new(m->program, &alloc, &m->options, &m->vm, &m->e) == 0;
}

static inline struct value machine_json(struct machine *m, const char *json)
{
    struct value v = value_undefined();
    if (json != NULL && json_parse(&m->arena, str_cstr(json), NULL, &v, &m->e) != 0)
        return value_undefined();
    if (json != NULL && value_freeze(&m->arena, v) != 0)
        return value_undefined();
    return v;
}

/* The result of the first entry as compact JSON, "undefined", or "<error name>: <file>:<row>:<col>: <text>". */
static inline const char *machine_eval(struct machine *m, const char *data, const char *input)
{
    struct value v, d = machine_json(m, data), i = machine_json(m, input);
    struct buf out;
    struct err e = m->e;
    buf_init(&out, &m->arena);
    (void)vm_begin(m->vm);
    if (e.code == ERR_OK && vm_eval(m->vm, 0, d, i, &v, &e) == 0) {
        if (v.kind == VALUE_UNDEFINED)
            buf_cstr(&out, "undefined");
        else
            json_write(&out, v, JSON_COMPACT_RAW);
    } else {
        buf_printf(&out, "%s: %s:%u:%u: %s", err_name(e.code), e.file, e.row, e.col, e.text);
    }
    buf_char(&out, '\0');
    return out.p;
}

/* All of it. */
static inline const char *machine_run(struct machine *m, const char *text, const char *data, const char *input)
{
    if (!machine_seal(m, text) || !machine_start(m)) {
        struct str s = arena_printf(&m->arena, "%s: %s", err_name(m->e.code), m->e.text);
        return s.p;
    }
    return machine_eval(m, data, input);
}

#endif
