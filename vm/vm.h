/* SPDX-License-Identifier: Apache-2.0
 *
 * The interpreter: one struct vm per thread, reused for any number of evaluations of one program.
 *
 * A vm owns the evaluation arena, register stack, memo tables, inline-cache hints and compiled-pattern cache; it holds no
 * value between evaluations but the result, which lives until the next evaluation. The program and the document are only
 * read. A limit hit or a halting error unwinds everything: no opcode can catch it.
 */
#ifndef QUIS_VM_VM_H
#define QUIS_VM_VM_H

#include "vm/program.h"

struct vm;
struct vm_event;

struct vm_options {
    struct limits limits;
    bool strict_builtin_errors;
    const struct bi_host *host; /* borrowed; may be NULL */
    void (*trace)(void *ctx, const struct vm_event *event);
    void *trace_ctx;
    int64_t (*clock_ms)(void *ctx); /* monotonic, for the limit wall_ms; NULL: no wall clock limit */
    void *clock_ctx;
};

/* One event of a program compiled with traces. */
struct vm_event {
    enum trace_event kind;
    uint32_t position; /* row of positions */
    uint32_t number;   /* expression or rule number */
    uint32_t depth;    /* of calls */
    const struct program *program;
    struct vm *vm;
};

MUST_CHECK int vm_new(struct program *p, const struct alloc *alloc, const struct vm_options *o, struct vm **ret, struct err *e);
void vm_free(struct vm *vm);

/* Changes what was given to vm_new. Not while an evaluation runs. */
void vm_set_options(struct vm *vm, const struct vm_options *o);

/* The arena of the next evaluation: input may be parsed into it after vm_begin. */
struct arena *vm_begin(struct vm *vm);

/* The arena of the last evaluation: for what is made of its result. */
struct arena *vm_arena(struct vm *vm);

/*
 * Evaluates an entry. data: frozen base documents, undefined = {}; input: undefined = none.
 * 0: *ret is the value (kind undefined when the rule is), owned by vm until the next vm_begin. -1: e is set; of e nothing but its
 * code needs to be set before.
 */
MUST_CHECK int vm_eval(struct vm *vm, uint32_t entry, struct value data, struct value input, struct value *ret, struct err *e);

/*
 * Promises that data, frozen, stays as it is until this is called again: what an evaluation with it finds out about it is kept
 * for the next. undefined: no promise. Not while an evaluation runs.
 */
void vm_keep_data(struct vm *vm, struct value data);

/* From any thread or a signal handler: the running evaluation ends with EVAL_CANCEL soon. Cleared by vm_begin. */
void vm_cancel(struct vm *vm);

/* Of the last evaluation. */
uint64_t vm_fuel_used(const struct vm *vm);
size_t vm_bytes_used(const struct vm *vm);

/* Builtin errors that became undefined in the last evaluation, up to a bound: for --show-builtin-errors. */
const struct err *vm_builtin_errors(const struct vm *vm, size_t *ret_count);

/* A register of the running function, for tracers; undefined when out of range. */
struct value vm_register(const struct vm *vm, uint32_t index);

#endif
