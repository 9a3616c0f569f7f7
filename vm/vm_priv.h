/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of the interpreter, for vm/interp.c and the files with larger bodies of opcodes (vm/ops_*.c).
 *
 * Registers are struct value slots of one stack; a call's window begins where its caller's ends. Registers of the classes
 * iterator, builder and frame hold the private kinds below; the verifier keeps them apart from values, so that no value of a
 * private kind is ever seen by a builtin. Calls are explicit records: nothing recurses on the C stack.
 */
#ifndef QUIS_VM_VM_PRIV_H
#define QUIS_VM_VM_PRIV_H

#include <stdatomic.h>

#include "vm/program_priv.h"
#include "vm/vm.h"

enum private_kind {
    KIND_ITER_ARRAY = VALUE_KIND_COUNT,
    KIND_ITER_OBJECT,
    KIND_ITER_SET,
    KIND_ITER_LONG,   /* an array of more elements than an iterator counts: struct long_iter */
    KIND_ITER_DEFS,   /* definitions that a switch selected */
    KIND_BUILD_ARRAY, /* three in the order of enum build_kind */
    KIND_BUILD_SET,
    KIND_BUILD_OBJECT,
    KIND_FRAME,
    KIND_UNDEFINED_MEMO, /* in memo tables: known to be undefined */
};

/* ---- iterators: a register seen as a counter and a pointer ---- */

/* head: the kind where struct value has it, how many were given (24 bits), how many are left (32 bits). */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ITER_KIND_SHIFT 0
#define ITER_GIVEN_SHIFT 8
#define ITER_LEFT_SHIFT 32
#else
#define ITER_KIND_SHIFT 56
#define ITER_GIVEN_SHIFT 32
#define ITER_LEFT_SHIFT 0
#endif
#define ITER_GIVEN_MAX 0xFFFFFFu
#define ITER_STEP ((UINT64_C(1) << ITER_GIVEN_SHIFT) - (UINT64_C(1) << ITER_LEFT_SHIFT))

struct iter {
    uint64_t head;
    const void *at;
};

_Static_assert(sizeof(struct iter) == sizeof(struct value), "an iterator fits a register");

static ALWAYS_INLINE struct iter iter_of(enum private_kind kind, uint32_t left, const void *at)
{
    return (struct iter){(uint64_t)kind << ITER_KIND_SHIFT | (uint64_t)left << ITER_LEFT_SHIFT, at};
}

static ALWAYS_INLINE uint32_t iter_left(const struct iter *it)
{
    return (uint32_t)(it->head >> ITER_LEFT_SHIFT);
}

static ALWAYS_INLINE uint32_t iter_given(const struct iter *it)
{
    return (uint32_t)(it->head >> ITER_GIVEN_SHIFT) & ITER_GIVEN_MAX;
}

struct long_iter {
    const struct value *items;
    uint32_t count, given;
};

/* ---- with ---- */

/* A call of target (name of a builtin, or a function) does something else. A list that only grows at its head. */
struct mock {
    const struct mock *next;
    uint32_t target; /* constant with the builtin's name, or function */
    uint32_t argc;
    uint8_t on; /* enum mock_target */
    enum { MOCK_BY_VALUE, MOCK_BY_FUNCTION, MOCK_BY_BUILTIN } by;
    uint32_t index; /* function or builtin */
    struct value value;
};

/* A path of data that a with gives. Rules whose nodes are in [node, node_end) are not evaluated. */
struct override {
    const struct override *next;
    uint32_t path; /* row of paths */
    uint32_t node, node_end;
};

/* What has been evaluated in a frame: function (or function_count + node) -> value. The first frame has a dense table. */
struct memo {
    struct value *dense;
    uint32_t *keys; /* open addressing, key + 1 */
    struct value *values;
    uint32_t mask, used;
};

struct with_frame {
    struct value input;   /* undefined: none */
    struct value overlay; /* what withs gave of data; undefined: nothing */
    const struct override *overrides;
    const struct mock *mocks;
    struct with_frame *below;    /* the frame that was current when this one was made */
    struct with_frame *unmocked; /* the same without mocks: where replacements run */
    bool is_unmocked_ready;
    uint64_t serial; /* never the same for two contents */
    struct memo memo;
};

/* ---- calls ---- */

enum call_how {
    HOW_CALL,    /* the value goes to register a of the calling instruction */
    HOW_RULE,    /* and into the frame's memo */
    HOW_KEPT,    /* and into the memo of calls (struct kept) */
    HOW_RETRY,   /* into the frame's memo; the calling instruction then runs again */
    HOW_COLLECT, /* the definitions run once more to list values that conflict */
    HOW_TOP,     /* the entry */
};

struct call {
    const union word *pc;   /* where it is, while suspended: at the instruction that called */
    const union word *code; /* its first word */
    uint32_t base, end;     /* its window of the stack */
    uint32_t function;
    uint32_t frames;          /* with-frames in use before it */
    uint32_t resume;          /* where a document instruction goes on, 0: at its beginning */
    uint32_t kept;            /* HOW_KEPT: record ... */
    struct with_frame *frame; /* the current one when it was called */
    struct with_frame *own;   /* the current one when it began */
    uint32_t kept_round;      /* ... of this round */
    uint8_t how;
};

/* A remembered call: function, frame and arguments -> value. */
#define KEPT_ARGS 4u
#define KEPT_FIRST 32u
#define KEPT_MOST 16384u

struct kept {
    uint64_t serial; /* of the frame */
    uint64_t hash;
    uint32_t function;
    uint32_t slot; /* of the table, where this is */
    struct value args[KEPT_ARGS];
    struct value value; /* undefined: not known yet; of KIND_UNDEFINED_MEMO: undefined */
};

struct kept_table {
    struct kept *items;
    uint32_t *slots; /* open addressing, twice cap; see kept_is_used */
    uint32_t count, cap;
    uint32_t round; /* how often the table was full and began anew */
};

#define NONDET_CHAINS 64u

/* An answer of a builtin that is not a function of its arguments: it stays the same for one evaluation. */
struct nondet {
    struct nondet *next; /* of the same chain */
    const struct builtin *def;
    const struct value *args;
    struct value value;
    int status;
};

/* Values found to conflict, for the text of the error. */
#define CONFLICT_MOST 10u

struct conflict {
    struct value values[CONFLICT_MOST];
    uint32_t positions[CONFLICT_MOST];
    uint32_t count;
    uint32_t at;     /* position of the definition that raised it */
    uint32_t call;   /* the call that collects */
    uint32_t errors; /* of builtins before */
    uint8_t kind;    /* x of RESULT */
    bool more;
};

/* What a larger body tells the loop to do next. */
enum action {
    ACTION_VALUE, /* vm->scratch goes to register a; next instruction */
    ACTION_FAIL,  /* jump to e */
    ACTION_NEXT,  /* next instruction */
    ACTION_ENTER, /* call vm->target as vm->how in vm->target_frame with vm->target_args */
    ACTION_AGAIN, /* the running call begins anew */
    ACTION_STOP,  /* vm->error is set */
};

/* How deep values nest (vm/ops_nest.c). */
#define NEST_FREE 4096u /* levels that are added before anything is measured */

struct nest {
    struct nest_entry *entries;
    uint32_t mask, used;
    uint32_t levels; /* added in this evaluation, at most */
};

#define ERRORS_MOST 16u

#define WHERE_CHAINS 64u

struct cached;
struct where_index;

struct vm {
    /* the loop's */
    struct value *stack;
    struct call *calls;
    struct with_frame *frame;  /* the current one */
    struct value data;         /* base documents: an object unless the host gave something else */
    uint32_t *code_hints;      /* per word of code: slot where GETK found its key last */
    uintptr_t code_hints_bias; /* of a word at p: the hint is at this + p / 2 */
    uint32_t *path_hints;      /* per row of path_keys */
    uint32_t top;              /* the running call */
    bool mocked;               /* frame->mocks != NULL */
    bool collecting;
    int64_t fuel;    /* left; may go below 0 until the next poll */
    int64_t poll_at; /* look at limits when fuel is at or below */
    struct program *program;
    struct arena arena;

    /* from the larger bodies to the loop */
    struct value scratch;
    struct with_frame *target_frame;
    const struct value *target_args;
    uint32_t target;
    uint32_t target_kept;
    uint8_t how;
    struct value pair[2]; /* arguments that are not neighbours in registers */
    uint32_t no_hint;     /* written, never read */
    const union word *at; /* the instruction that a larger body works for */

    size_t stack_cap;
    size_t call_cap; /* calls that may be used: what there is room for, or the limit */
    size_t calls_room;
    struct with_frame first;    /* without any with */
    struct with_frame **frames; /* made in this evaluation; frame_count of them are in use */
    uint32_t frame_count, frame_cap;
    uint64_t serial;
    uint32_t *memo_used; /* slots of the dense memo to clear */
    uint32_t memo_used_count;
    struct kept_table kept;
    struct nest nest;
    struct nondet *nondet[NONDET_CHAINS];
    uint32_t nondet_count;
    struct conflict conflict;
    uint64_t printed;

    struct bi_ctx ctx;
    uint64_t ctx_fuel;
    struct err bi_err;  /* of the builtin that runs */
    struct err *error;  /* of the evaluation: the caller's */
    struct err *errors; /* ERRORS_MOST of builtins, NULL until one fails */
    uint32_t error_count;
    uint64_t evaluation; /* number of the evaluation */
    struct cached *cached;
    size_t cached_bytes;
    struct where_index *where[WHERE_CHAINS];
    uint32_t where_kept, where_passing; /* records */
    uint32_t where_used;                /* of the kept, by this evaluation */
    size_t where_bytes;
    struct value kept_data; /* the host promises that it stays as it is; undefined: nothing */

    struct vm_options options;
    struct bi_host no_host;
    struct object no_data; /* {} */
    int64_t started_ms;
    atomic_bool cancelled;
    int64_t fuel_limit, fuel_used;
    struct alloc alloc;
};

/* ---- vm.c ---- */

/* Sets the evaluation's error at the place of vm->at. Always ACTION_STOP. */
COLD int vm_stop(struct vm *vm, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
COLD int vm_stop_at(struct vm *vm, uint32_t position, enum err_code code, const char *fmt, ...) PRINTF_LIKE(4, 5);
COLD int vm_stop_nomem(struct vm *vm); /* of vm->arena */

/* The position of vm->at, NONE: unknown. */
uint32_t vm_position(const struct vm *vm);

/* Fills e, with the place of a row of positions. */
COLD void vm_place(const struct vm *vm, struct err *e, uint32_t position, enum err_code code, const char *text);

/* Records of calls that the limit allows: [0] is nobody's, [1] the entry's. */
static inline size_t vm_calls_most(const struct vm *vm)
{
    uint64_t depth = vm->options.limits.call_depth;
    return depth < 65535 ? (size_t)depth + 2 : 65537;
}

/* Fuel, wall clock and cancel. false: the evaluation stops. */
bool vm_poll(struct vm *vm);

/* Pays for work before it is done. false: the evaluation stops. */
static inline bool vm_charge(struct vm *vm, uint64_t units)
{
    if (UNLIKELY(units > INT64_MAX / 2))
        units = INT64_MAX / 2;
    vm->fuel -= (int64_t)units;
    return LIKELY(vm->fuel > vm->poll_at) || vm_poll(vm);
}

/* Pays for walking a collection. The walk that counts stops when fuel does. */
bool vm_weigh(struct vm *vm, struct value v);

/* Is looking v up or comparing it more work than an instruction? Then vm_weigh comes first. */
static ALWAYS_INLINE bool vm_is_weighty(const struct value *v)
{
    return v->kind >= VALUE_STRING && (v->kind > VALUE_STRING || v->len > 256);
}

/* Does v have more than most elements and the like? */
bool vm_is_heavier(struct value v, int64_t most);

/* ---- interp.c ---- */

/* Runs the call that was pushed last until it returns. 0: vm->scratch is the value; -1: vm->error is set. */
int interp_run(struct vm *vm);

/* ---- ops_call.c: before and after calls. int: enum action ---- */

/* Room for one more call, and a window that ends there. Gives where argv is now, NULL: the evaluation stops. */
const struct value *call_grow(struct vm *vm, uint32_t end, const struct value *argv);
int call_leave(struct vm *vm);              /* the running call ends with vm->scratch, or undefined */
int call_failed(struct vm *vm, int status); /* of a builtin */
int call_function(struct vm *vm, uint32_t function, const struct value *argv); /* CALL with mocks or a memo */
int call_rule(struct vm *vm, uint32_t function);                               /* RULE that is not in the first frame's memo */
int call_key(struct vm *vm, uint32_t function, const struct value *key);
int call_builtin(struct vm *vm, uint32_t row, const struct value *argv);
int call_arith(struct vm *vm, enum arith op, const struct value *x, const struct value *y);
bool call_is_overridden(struct vm *vm, uint32_t node);

/* The memo of slot in frame: undefined kind when there is none. */
struct value memo_get(const struct vm *vm, const struct with_frame *frame, uint32_t slot);
bool memo_put(struct vm *vm, struct with_frame *frame, uint32_t slot, struct value v);
void memo_clear(struct with_frame *frame);

/* ---- ops_with.c ---- */

int with_begin(struct vm *vm, struct value *reg);
struct with_frame *with_unmocked(struct vm *vm, struct with_frame *frame); /* NULL: the evaluation stops */
int with_input(struct vm *vm, struct with_frame *frame, uint32_t path, const struct value *v);
int with_data(struct vm *vm, struct with_frame *frame, uint32_t path, const struct value *v);
int with_mock(struct vm *vm, struct with_frame *frame, const union word *pc, const struct value *v);

/* ---- ops_build.c ---- */

#define BUILD_FIRST 4u /* room of an array builder at first; doubles when full */

int collection_push(struct vm *vm, struct value *builder, const struct value *v);
int collection_put(struct vm *vm, struct value *builder, const struct value *key, const struct value *v);
int collection_put_deep(struct vm *vm, struct value *builder, const struct value *argv, uint32_t count, bool is_set);
int collection_done(struct vm *vm, struct value *ret, struct value *builder);
int collection_set(struct vm *vm, struct value *ret, const struct value *argv, uint32_t count);
int collection_object(struct vm *vm, struct value *ret, const struct value *argv, uint32_t pairs);

/* ---- ops_nest.c ---- */

bool nest_check(struct vm *vm, const struct value *v); /* false: v nests too deep; the evaluation stops */

/* v was just made of other values, with so many levels above them. false: the evaluation stops. */
static ALWAYS_INLINE bool nest_made(struct vm *vm, const struct value *v, uint32_t levels)
{
    if (LIKELY(vm->nest.levels < NEST_FREE)) {
        vm->nest.levels += levels;
        return true;
    }
    return nest_check(vm, v);
}

/* ---- ops_document.c ---- */

/* The base document at keys; undefined when there is none. In *ret. false: the evaluation stops. */
bool document_base(struct vm *vm, const struct value *keys, uint32_t count, struct value *ret);
bool document_base_at(struct vm *vm, uint32_t node, struct value *ret);
int document_path(struct vm *vm, uint32_t path);
/* A step into a part of the base documents by a key in another spelling; NULL: there is none. */
const struct value *document_step(struct vm *vm, const struct value *v, const struct value *key);
int document_at(struct vm *vm, uint32_t node);
int document_get(struct vm *vm, uint32_t node, const struct value *keys, uint32_t count);
int document_keys(struct vm *vm, uint32_t node, const struct value *keys, uint32_t count);
uint32_t document_child(const struct program *p, uint32_t node, const struct value *key); /* NONE: there is none */

/* ---- ops_result.c: conflicts, prints and traces ---- */

int result_differs(struct vm *vm, struct value *first, const struct value *v, uint8_t kind, uint32_t position);
int result_collected(struct vm *vm); /* the definitions ran once more: always ACTION_STOP */
int result_print(struct vm *vm, const struct value *args, uint32_t position);
void result_trace(struct vm *vm, enum trace_event kind, uint32_t position, uint32_t number);

/* ---- ops_where.c ---- */

/* An iterator over the elements of v that may have key at path. */
int where_begin(struct vm *vm, const struct value *v, const struct value *key, uint32_t path, bool any_order, struct iter *ret);
void where_begin_evaluation(struct vm *vm); /* forgets what the last one made */
void where_drop(struct vm *vm);             /* forgets all */

/* ---- bi_cache.c ---- */

void bi_cache_drop(struct vm *vm);

#endif
