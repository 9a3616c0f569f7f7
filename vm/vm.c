/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a vm, and what surrounds one evaluation: limits, polls, errors, the entry's call.
 *
 * Memory that lives from evaluation to evaluation comes from alloc when the vm is made or when a bound grows; an evaluation
 * itself takes from the arena only, which vm_begin forgets as a whole.
 */
#include "vm/vm.h"

#include <stdarg.h>
#include <stdio.h>

#include "vm/interp_value.h"

#define POLL_UNITS 16384 /* of fuel between looks at the clock and at cancel */
#define CALLS_FIRST 32u
#define STACK_FIRST 256u

/* ---- errors ---- */

uint32_t vm_position(const struct vm *vm)
{
    return vm->at != NULL ? program_position(vm->program, (uint32_t)(vm->at - vm->program->t.code)) : NONE;
}

void vm_place(const struct vm *vm, struct err *e, uint32_t position, enum err_code code, const char *text)
{
    const struct program_tables *t = &vm->program->t;
    if (position >= t->positions_count) {
        (void)err_set(e, code, "%s", text); /* always -1 */
        return;
    }
    const struct position *p = &t->positions[position];
    (void)err_set_at(e, code, program_text(t, t->files[p->file].name), p->row, p->col, "%s", text); /* always -1 */
}

static void stop(struct vm *vm, uint32_t position, enum err_code code, const char *fmt, va_list args)
{
    if (vm->collecting) {           /* whatever went wrong while listing a conflict: it is the conflict that is reported */
        (void)result_collected(vm); /* always ACTION_STOP */
        return;
    }
    char text[sizeof vm->error->text];
    (void)vsnprintf(text, sizeof text, fmt, args); /* cutting is intended */
    vm_place(vm, vm->error, position, code, text);
}

int vm_stop(struct vm *vm, enum err_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    stop(vm, vm_position(vm), code, fmt, args);
    va_end(args);
    return ACTION_STOP;
}

int vm_stop_at(struct vm *vm, uint32_t position, enum err_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    stop(vm, position, code, fmt, args);
    va_end(args);
    return ACTION_STOP;
}

int vm_stop_nomem(struct vm *vm)
{
    if (vm->arena.failed == ARENA_BUDGET)
        return vm_stop(vm, ERR_LIMIT_MEMORY, "out of the evaluation's memory (limit 'memory')");
    return vm_stop(vm, ERR_NOMEM, "out of memory");
}

/* Cancelled, or out of time? Sets when to look again. */
static enum err_code interruption(struct vm *vm, int64_t fuel)
{
    const struct vm_options *o = &vm->options;
    if (vm->poll_at >= fuel)
        vm->poll_at = fuel > POLL_UNITS ? fuel - POLL_UNITS : 0;
    if (atomic_load_explicit(&vm->cancelled, memory_order_relaxed))
        return ERR_EVAL_CANCEL;
    if (o->clock_ms == NULL || o->limits.wall_ms == 0)
        return ERR_OK;
    int64_t passed = o->clock_ms(o->clock_ctx) - vm->started_ms;
    return passed >= 0 && (uint64_t)passed > o->limits.wall_ms ? ERR_LIMIT_TIME : ERR_OK;
}

static const char *interruption_text(enum err_code code)
{
    return code == ERR_EVAL_CANCEL ? "caller cancelled query execution" : "the evaluation took too long (limit 'wall_ms')";
}

/* For builtins that pay while they work. */
static int poll_builtin(struct bi_ctx *ctx)
{
    enum err_code code = interruption(ctx->vm, (int64_t)*ctx->fuel);
    return code == ERR_OK ? BI_OK : bi_halt(ctx, code, "%s", interruption_text(code));
}

bool vm_poll(struct vm *vm)
{
    if (vm->fuel < 0) {
        vm->fuel = 0;
        (void)vm_stop(vm, ERR_LIMIT_FUEL, "out of fuel (limit 'fuel')"); /* always ACTION_STOP */
        return false;
    }
    enum err_code code = interruption(vm, vm->fuel);
    if (code != ERR_OK)
        (void)vm_stop(vm, code, "%s", interruption_text(code)); /* always ACTION_STOP */
    return code == ERR_OK;
}

/* ---- life ---- */

static size_t memo_slots(const struct program *p)
{
    return p->t.functions_count + p->t.nodes_count;
}

static void *get_zeroed(const struct alloc *alloc, size_t count, size_t size)
{
    size_t bytes;
    if (!size_mul(count != 0 ? count : 1, size, &bytes))
        return NULL;
    void *p = alloc_get(alloc, bytes);
    if (p != NULL)
        memset(p, 0, bytes);
    return p;
}

static void release(const struct alloc *alloc, void *p, size_t count, size_t size)
{
    alloc_release(alloc, p, (count != 0 ? count : 1) * size);
}

static bool make_tables(struct vm *vm)
{
    const struct program *p = vm->program;
    size_t slots = memo_slots(p);
    vm->calls = get_zeroed(&vm->alloc, CALLS_FIRST, sizeof *vm->calls);
    vm->stack = get_zeroed(&vm->alloc, STACK_FIRST, sizeof *vm->stack);
    vm->code_hints = get_zeroed(&vm->alloc, p->t.code_count, sizeof *vm->code_hints);
    vm->path_hints = get_zeroed(&vm->alloc, p->t.path_keys_count, sizeof *vm->path_hints);
    vm->memo_used = get_zeroed(&vm->alloc, slots, sizeof *vm->memo_used);
    vm->first.memo.dense = get_zeroed(&vm->alloc, slots, sizeof *vm->first.memo.dense);
    vm->calls_room = CALLS_FIRST;
    vm->stack_cap = STACK_FIRST;
    vm->code_hints_bias = (uintptr_t)vm->code_hints - (uintptr_t)p->t.code / 2;
    return vm->calls != NULL && vm->stack != NULL && vm->code_hints != NULL && vm->path_hints != NULL && vm->memo_used != NULL &&
           vm->first.memo.dense != NULL;
}

void vm_set_options(struct vm *vm, const struct vm_options *o)
{
    vm->options = *o;
    vm->ctx.host = o->host != NULL ? o->host : &vm->no_host;
    vm->ctx.limits = &vm->options.limits;
    vm->arena.budget_bytes = o->limits.memory < SIZE_MAX ? (size_t)o->limits.memory : SIZE_MAX;
    vm->arena.most_digits = o->limits.bignum_digits;
}

int vm_new(struct program *p, const struct alloc *alloc, const struct vm_options *o, struct vm **ret, struct err *e)
{
    struct vm *vm = get_zeroed(alloc, 1, sizeof *vm);
    if (vm == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    vm->alloc = *alloc;
    vm->program = program_ref(p);
    arena_init(&vm->arena, alloc, SIZE_MAX, 0);
    atomic_init(&vm->cancelled, false);
    vm->ctx = (struct bi_ctx){
        .arena = &vm->arena, .err = &vm->bi_err, .vm = vm, .fuel = &vm->ctx_fuel, .poll_at = &vm->poll_at, .poll = poll_builtin};
    vm_set_options(vm, o);
    if (!make_tables(vm)) {
        vm_free(vm);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    *ret = vm;
    return 0;
}

void vm_free(struct vm *vm)
{
    if (vm == NULL)
        return;
    const struct program *p = vm->program;
    struct alloc alloc = vm->alloc;
    size_t slots = memo_slots(p);
    where_drop(vm);
    bi_cache_drop(vm);
    release(&alloc, vm->calls, vm->calls_room, sizeof *vm->calls);
    release(&alloc, vm->stack, vm->stack_cap, sizeof *vm->stack);
    release(&alloc, vm->code_hints, p->t.code_count, sizeof *vm->code_hints);
    release(&alloc, vm->path_hints, p->t.path_keys_count, sizeof *vm->path_hints);
    release(&alloc, vm->memo_used, slots, sizeof *vm->memo_used);
    release(&alloc, vm->first.memo.dense, slots, sizeof *vm->first.memo.dense);
    release(&alloc, vm->errors, ERRORS_MOST, sizeof *vm->errors);
    release(&alloc, vm->kept.items, vm->kept.cap, sizeof *vm->kept.items);
    release(&alloc, vm->kept.slots, (size_t)2 * vm->kept.cap, sizeof *vm->kept.slots);
    arena_fini(&vm->arena);
    program_unref(vm->program);
    release(&alloc, vm, 1, sizeof *vm);
}

/* ---- evaluations ---- */

struct arena *vm_begin(struct vm *vm)
{
    arena_reset(&vm->arena);
    atomic_store_explicit(&vm->cancelled, false, memory_order_relaxed);
    return &vm->arena;
}

struct arena *vm_arena(struct vm *vm)
{
    return &vm->arena;
}

void vm_keep_data(struct vm *vm, struct value data)
{
    where_drop(vm);
    vm->kept_data = data;
}

/* State of the last evaluation goes; the arena may already hold the input of the next. */
static void reset(struct vm *vm, struct value data, struct value input)
{
    const struct vm_options *o = &vm->options;
    for (uint32_t i = 0; i < vm->memo_used_count; i++)
        vm->first.memo.dense[vm->memo_used[i]].kind = VALUE_UNDEFINED;
    vm->memo_used_count = 0;
    vm->evaluation++;
    where_begin_evaluation(vm);
    vm->error_count = 0;
    if (vm->nondet_count != 0)
        memset(vm->nondet, 0, sizeof vm->nondet);
    vm->nondet_count = 0;
    vm->nest = (struct nest){0};
    vm->kept.count = 0;
    vm->collecting = false;
    vm->printed = 0;
    vm->bi_err.code = ERR_OK;
    vm->at = NULL;
    vm->fuel_limit = o->limits.fuel < INT64_MAX ? (int64_t)o->limits.fuel : INT64_MAX;
    vm->fuel = vm->fuel_limit;
    vm->poll_at = INT64_MAX; /* the first jump polls */
    vm->started_ms = o->clock_ms != NULL && o->limits.wall_ms != 0 ? o->clock_ms(o->clock_ctx) : 0;
    vm->call_cap = vm->calls_room < vm_calls_most(vm) ? vm->calls_room : vm_calls_most(vm);
    vm->data = data.kind != VALUE_UNDEFINED ? data : value_object(&vm->no_data);
    vm->no_data = (struct object){.sorted = true};
    struct with_frame *f = &vm->first;
    f->input = input;
    f->overlay = value_undefined();
    f->overrides = NULL;
    f->mocks = NULL;
    f->below = f;
    f->unmocked = NULL;
    f->is_unmocked_ready = false;
    f->serial = ++vm->serial;
    vm->frames = NULL;
    vm->frame_count = vm->frame_cap = 0;
    vm_set_frame(vm, f);
}

/* The call of an entry; its value is left in vm->scratch. */
static int run_entry(struct vm *vm, uint32_t function, struct value data, struct value input)
{
    reset(vm, data, input);
    const struct program_tables *t = &vm->program->t;
    const struct function *fn = &t->functions[function];
    vm->top = 0;
    vm->calls[0] = (struct call){.frame = vm->frame, .own = vm->frame};
    if (call_grow(vm, fn->registers, vm->pair) == NULL)
        return -1;
    vm->top = 1;
    const union word *code = t->code + fn->code;
    vm->calls[1] = (struct call){.pc = code,
                                 .code = code,
                                 .end = fn->registers,
                                 .function = function,
                                 .frame = vm->frame,
                                 .own = vm->frame,
                                 .how = HOW_TOP};
    for (uint32_t i = 0; i < fn->registers; i++)
        vm->stack[i] = value_undefined();
    return interp_run(vm);
}

/* Every byte of to is written: own has never been cleared. */
static COLD void give_error(struct err *to, const struct err *own)
{
    memset(to, 0, sizeof *to);
    to->code = own->code;
    to->row = own->row;
    to->col = own->col;
    memcpy(to->file, own->file, strlen(own->file) + 1);
    memcpy(to->text, own->text, strlen(own->text) + 1);
}

int vm_eval(struct vm *vm, uint32_t entry, struct value data, struct value input, struct value *ret, struct err *e)
{
    struct err own; /* large: only what says that it is not set is written */
    own.code = ERR_OK;
    const struct program_tables *t = &vm->program->t;
    *ret = value_undefined();
    vm->error = &own;
    if (entry >= t->entries_count) {
        (void)err_set(&own, ERR_NOT_FOUND, "no such entry"); /* always -1 */
    } else if (run_entry(vm, t->entries[entry].function, data, input) == 0) {
        if (LIKELY(vm->fuel >= 0) || vm_poll(vm)) /* the last instructions may have gone below */
            *ret = vm->scratch;
    } else if (own.code == ERR_OK) {
        (void)err_set(&own, ERR_EVAL_INTERNAL, "the evaluation failed without saying why"); /* always -1 */
    }
    vm->fuel_used = vm->fuel_limit - (vm->fuel > 0 ? vm->fuel : 0);
    vm->error = NULL;
    if (own.code == ERR_OK)
        return 0;
    if (e != NULL && e->code == ERR_OK)
        give_error(e, &own);
    return -1;
}

void vm_cancel(struct vm *vm)
{
    atomic_store_explicit(&vm->cancelled, true, memory_order_relaxed);
}

uint64_t vm_fuel_used(const struct vm *vm)
{
    return (uint64_t)vm->fuel_used;
}

size_t vm_bytes_used(const struct vm *vm)
{
    return arena_used(&vm->arena);
}

const struct err *vm_builtin_errors(const struct vm *vm, size_t *ret_count)
{
    *ret_count = vm->error_count;
    return vm->errors;
}

struct value vm_register(const struct vm *vm, uint32_t index)
{
    const struct call *c = &vm->calls[vm->top];
    if (vm->top == 0 || index >= c->end - c->base)
        return value_undefined();
    struct value v = vm->stack[c->base + index];
    return v.kind < VALUE_KIND_COUNT ? v : value_undefined();
}
