/* SPDX-License-Identifier: Apache-2.0
 *
 * The interpreter's loop. Bodies of more than a few lines are in ops_*.c.
 *
 * The verifier has proved what is used here without a check: operands are in range, registers hold what their class says,
 * jumps go to instructions. Each instruction costs one unit of fuel; every taken jump and every call looks whether the next
 * poll is due, and a path without jumps ends, so no loop escapes.
 * pc, the window of registers, code (the running function's first word), the constants and fuel live in machine registers;
 * before anything that charges, stops or grows the stack they are written to struct vm (SYNC) and read again after (BACK).
 */
/* Each body ends with a dispatch of its own, which branch predictors like: gcc is not to merge them. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

#include "vm/interp_value.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * Moving values. A load of 16 bytes that were written just before as two words waits until they are in the cache, so registers
 * are written as a whole. Builtins write as they like; copy reads what they wrote as two words.
 */
static ALWAYS_INLINE void put(struct value *to, struct value v)
{
    typedef uint64_t pair __attribute__((vector_size(16)));
    pair both = {index_head(&v), (uint64_t)v.i};
    memcpy(to, &both, sizeof both);
}

static ALWAYS_INLINE void copy(struct value *to, const struct value *from)
{
#ifdef __SSE2__
    __m128d low = _mm_load_sd((const double *)(const void *)from);
    _mm_storeu_pd((double *)(void *)to, _mm_loadh_pd(low, (const double *)(const void *)&from->i));
#else
    *to = *from;
#endif
}

#define A (pc->insn.a)
#define B (pc->insn.b)
#define C (pc->insn.c)
#define X (pc->insn.x)
#define D (pc[1].ext.d)

#define CASE(name) L_##name
#define DISPATCH()                                                                                                               \
    do {                                                                                                                         \
        fuel--;                                                                                                                  \
        goto *labels[pc->insn.op];                                                                                               \
    } while (0)
#define NEXT1()                                                                                                                  \
    do {                                                                                                                         \
        pc += 1;                                                                                                                 \
        DISPATCH();                                                                                                              \
    } while (0)
#define NEXT2()                                                                                                                  \
    do {                                                                                                                         \
        pc += 2;                                                                                                                 \
        DISPATCH();                                                                                                              \
    } while (0)
/* A taken jump. */
#define GO(word)                                                                                                                 \
    do {                                                                                                                         \
        pc = code + (word);                                                                                                      \
        if (UNLIKELY(fuel <= vm->poll_at))                                                                                       \
            goto poll;                                                                                                           \
        DISPATCH();                                                                                                              \
    } while (0)
#define FAIL() GO(pc[1].ext.e)
#define FAIL_UNLESS(condition)                                                                                                   \
    do {                                                                                                                         \
        if (condition)                                                                                                           \
            NEXT2();                                                                                                             \
        FAIL();                                                                                                                  \
    } while (0)
#define SYNC() (vm->fuel = fuel, vm->at = pc)
#define BACK() (fuel = vm->fuel)
/* Hands over to a larger body, then does what it says. */
#define BODY(call)                                                                                                               \
    do {                                                                                                                         \
        SYNC();                                                                                                                  \
        action = (call);                                                                                                         \
        BACK();                                                                                                                  \
        goto act;                                                                                                                \
    } while (0)
/* The same for bodies of instructions of one word that only go on or stop. */
#define BODY1(call)                                                                                                              \
    do {                                                                                                                         \
        SYNC();                                                                                                                  \
        action = (call);                                                                                                         \
        BACK();                                                                                                                  \
        if (UNLIKELY(action == ACTION_STOP))                                                                                     \
            return -1;                                                                                                           \
        NEXT1();                                                                                                                 \
    } while (0)

static ALWAYS_INLINE struct iter *iter_at(struct value *reg)
{
    return (struct iter *)(void *)reg;
}

/* The definitions for v. */
static struct iter switch_select(const struct program *p, uint32_t row, const struct value *v)
{
    const struct switch_table *table = &p->t.switches[row];
    const struct switch_case *found = switch_find(p, row, v);
    uint32_t first = found != NULL ? found->first : table->otherwise;
    uint32_t count = found != NULL ? found->count : table->otherwise_count;
    return iter_of(KIND_ITER_DEFS, count, p->t.switch_targets + first);
}

/* The call that pc asks for is made; gives where its code begins. NULL: stopped. */
static ALWAYS_INLINE const union word *enter(struct vm *vm, const union word *pc, uint32_t target, uint8_t how,
                                             const struct value *argv)
{
    const struct program *p = vm->program;
    const struct function *fn = &p->t.functions[target];
    uint32_t base = vm->calls[vm->top].end;
    uint32_t end = base + fn->registers;
    if (UNLIKELY(vm->top + 1 >= vm->call_cap || end > vm->stack_cap)) {
        argv = call_grow(vm, end, argv);
        if (argv == NULL)
            return NULL;
    }
    struct call *caller = &vm->calls[vm->top], *call = caller + 1;
    vm->top++;
    caller->pc = pc;
    const union word *code = p->t.code + fn->code;
    *call = (struct call){.pc = code,
                          .code = code,
                          .base = base,
                          .end = end,
                          .function = target,
                          .frames = vm->frame_count,
                          .frame = vm->frame,
                          .own = vm->frame,
                          .how = how};
    struct value *window = vm->stack + base;
    for (uint32_t i = 0; i < fn->args; i++)
        window[i] = argv[i];
    const struct function_info *info = &p->info[target];
    for (uint32_t i = info->clear_from; i < info->clear_to; i++)
        window[i] = value_undefined();
    return code;
}

/* Labels look like the cases of a switch. */
/* clang-format off */
int interp_run(struct vm *vm)
{
    static const void *const labels[OP_COUNT] = {
#define OP(name, words, a, b, c, d, e, doc) [OP_##name] = &&L_##name,
#include "vm/opcodes.def"
#undef OP
    };
    const struct value *const constants = vm->program->t.constants;
    const union word *pc = vm->calls[vm->top].pc;
    const union word *code = vm->calls[vm->top].code;
    struct value *regs = vm->stack + vm->calls[vm->top].base;
    int64_t fuel = vm->fuel;
    int action;
    DISPATCH();

    /* ---- moving ---- */
    CASE(NOP): NEXT1();
    CASE(CONST): {
        regs[A] = constants[D];
        NEXT2();
    }
    CASE(MOVE): {
        regs[A] = regs[B];
        NEXT1();
    }
    CASE(CLEAR): {
        regs[A] = value_undefined();
        NEXT1();
    }
    CASE(INPUT): {
        const struct value *v = &vm->frame->input;
        if (UNLIKELY(v->kind == VALUE_UNDEFINED))
            FAIL();
        regs[A] = *v;
        NEXT2();
    }
    CASE(INPUT_PATH): {
        const struct value *v = step_path(vm, &vm->frame->input, D);
        fuel -= step_cost(vm, D);
        if (v == NULL)
            FAIL();
        regs[A] = *v;
        NEXT2();
    }
    CASE(DATA_PATH): {
        const struct value *v = vm->frame->overlay.kind == VALUE_UNDEFINED ? step_data(vm, D) : NULL;
        fuel -= step_cost(vm, D);
        if (UNLIKELY(v == NULL))
            BODY(document_path(vm, D));
        regs[A] = *v;
        NEXT2();
    }
    CASE(GET): {
        const struct value *v = &regs[B], *key = &regs[C];
        if (v->kind == VALUE_ARRAY && value_is_int(*key)) {
            if ((uint64_t)key->i >= v->len)
                FAIL();
            regs[A] = v->items[key->i];
            NEXT2();
        }
        if (UNLIKELY(vm_is_weighty(key))) {
            SYNC();
            bool paid = vm_weigh(vm, *key);
            BACK();
            if (!paid)
                return -1;
        }
        const struct value *in = v;
        v = step_slow(in, key, &vm->no_hint);
        if (v == NULL && X != 0)
            v = document_step(vm, in, key);
        if (v == NULL)
            FAIL();
        regs[A] = *v;
        NEXT2();
    }
    CASE(GETK): {
        uint32_t *hint = (uint32_t *)(vm->code_hints_bias + (uintptr_t)pc / 2);
        const struct value *v = step(&regs[B], &constants[D], hint);
        if (v == NULL)
            FAIL();
        regs[A] = *v;
        NEXT2();
    }
    CASE(PATH): {
        const struct value *v = step_path(vm, &regs[B], D);
        fuel -= step_cost(vm, D);
        if (v == NULL)
            FAIL();
        regs[A] = *v;
        NEXT2();
    }

    /* ---- building ---- */
    CASE(ARRAY): {
        uint32_t n = C;
        struct value *items = arena_alloc(&vm->arena, (size_t)n * sizeof *items);
        if (UNLIKELY(items == NULL)) {
            SYNC();
            return vm_stop_nomem(vm), -1;
        }
        const struct value *from = &regs[B];
        fuel -= n >> 3;
        for (uint32_t i = 0; i < n; i++)
            items[i] = from[i];
        put(&regs[A], value_array(items, n));
        if (UNLIKELY(vm->nest.levels++ >= NEST_FREE)) {
            SYNC();
            bool shallow = nest_check(vm, &regs[A]);
            BACK();
            if (!shallow)
                return -1;
        }
        NEXT1();
    }
    CASE(SET): BODY1(collection_set(vm, &regs[A], &regs[B], C));
    CASE(OBJECT): BODY1(collection_object(vm, &regs[A], &regs[B], C));
    CASE(BUILD): {
        regs[A] = (struct value){.kind = (uint8_t)(KIND_BUILD_ARRAY + X)};
        NEXT1();
    }
    CASE(PUSH): {
        struct value *builder = &regs[A];
        uint32_t n = builder->len;
        /* There is room for another: collection_push doubles it at powers of two. */
        if (LIKELY(builder->kind == KIND_BUILD_ARRAY && (n & (n - 1)) != 0)) {
            ((struct value *)builder->ptr)[n] = regs[B];
            builder->len = n + 1;
            NEXT1();
        }
        BODY1(collection_push(vm, builder, &regs[B]));
    }
    CASE(PUT): BODY1(collection_put(vm, &regs[A], &regs[B], &regs[C]));
    CASE(PUT_DEEP): BODY1(collection_put_deep(vm, &regs[A], &regs[B], C, X != 0));
    CASE(DONE): {
        struct value *builder = &regs[B];
        if (builder->kind == KIND_BUILD_ARRAY) {
            put(&regs[A], value_array(builder->len != 0 ? builder->ptr : regs, builder->len));
            *builder = (struct value){.kind = KIND_BUILD_ARRAY};
            if (UNLIKELY(vm->nest.levels++ >= NEST_FREE)) {
                SYNC();
                bool shallow = nest_check(vm, &regs[A]);
                BACK();
                if (!shallow)
                    return -1;
            }
            NEXT1();
        }
        BODY1(collection_done(vm, &regs[A], builder));
    }

    /* ---- testing ---- */
    CASE(EQ): {
        int same = equal_fast(&regs[A], &regs[B]);
        if (UNLIKELY(same < 0)) {
            SYNC();
            same = equal_weighed(vm, &regs[A], &regs[B]);
            BACK();
            if (same < 0)
                return -1;
        }
        FAIL_UNLESS(same);
    }
    CASE(EQK): {
        int same = equal_fast(&regs[A], &constants[D]);
        if (UNLIKELY(same < 0)) {
            SYNC();
            same = equal_weighed(vm, &regs[A], &constants[D]);
            BACK();
            if (same < 0)
                return -1;
        }
        FAIL_UNLESS(same);
    }
    CASE(NEQ): {
        int same = equal_fast(&regs[A], &regs[B]);
        if (UNLIKELY(same < 0)) {
            SYNC();
            same = equal_weighed(vm, &regs[A], &regs[B]);
            BACK();
            if (same < 0)
                return -1;
        }
        FAIL_UNLESS(!same);
    }
    CASE(NEQK): {
        int same = equal_fast(&regs[A], &constants[D]);
        if (UNLIKELY(same < 0)) {
            SYNC();
            same = equal_weighed(vm, &regs[A], &constants[D]);
            BACK();
            if (same < 0)
                return -1;
        }
        FAIL_UNLESS(!same);
    }
    CASE(LT): {
        if (LIKELY(value_is_int(regs[A]) && value_is_int(regs[B])))
            FAIL_UNLESS(regs[A].i < regs[B].i);
        int order;
        SYNC();
        bool paid = compare_weighed(vm, &regs[A], &regs[B], &order);
        BACK();
        if (!paid)
            return -1;
        FAIL_UNLESS(order < 0);
    }
    CASE(LE): {
        if (LIKELY(value_is_int(regs[A]) && value_is_int(regs[B])))
            FAIL_UNLESS(regs[A].i <= regs[B].i);
        int order;
        SYNC();
        bool paid = compare_weighed(vm, &regs[A], &regs[B], &order);
        BACK();
        if (!paid)
            return -1;
        FAIL_UNLESS(order <= 0);
    }
    CASE(TEST): FAIL_UNLESS(LIKELY(!value_is_false(regs[A])));
    CASE(DEFINED): FAIL_UNLESS(regs[A].kind != VALUE_UNDEFINED);
    CASE(IS_ARRAY): FAIL_UNLESS(regs[A].kind == VALUE_ARRAY && regs[A].len == D);
    CASE(IS_OBJECT): FAIL_UNLESS(regs[A].kind == VALUE_OBJECT && regs[A].object->count == D);
    CASE(IN): {
        SYNC();
        int found = member_find(vm, &regs[A], &regs[B]);
        BACK();
        if (found < 0)
            return -1;
        FAIL_UNLESS(found);
    }

    /* ---- computing ---- */
    CASE(CMP): {
        SYNC();
        int holds = compare_kind(vm, (enum cmp_kind)X, &regs[B], &regs[C]);
        BACK();
        if (holds < 0)
            return -1;
        put(&regs[A], value_bool(holds));
        NEXT1();
    }
    CASE(MEMBER): {
        SYNC();
        int found = member_find(vm, &regs[B], &regs[C]);
        BACK();
        if (found < 0)
            return -1;
        put(&regs[A], value_bool(found));
        NEXT1();
    }
    CASE(ADD): {
        int64_t sum;
        if (LIKELY(value_is_int(regs[B]) && value_is_int(regs[C]) && !vm->mocked) &&
            LIKELY(!__builtin_add_overflow(regs[B].i, regs[C].i, &sum))) {
            put(&regs[A], value_int(sum));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_ADD, &regs[B], &regs[C]));
    }
    CASE(SUB): {
        int64_t difference;
        if (LIKELY(value_is_int(regs[B]) && value_is_int(regs[C]) && !vm->mocked) &&
            LIKELY(!__builtin_sub_overflow(regs[B].i, regs[C].i, &difference))) {
            put(&regs[A], value_int(difference));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_SUB, &regs[B], &regs[C]));
    }
    CASE(MUL): {
        int64_t product;
        if (LIKELY(value_is_int(regs[B]) && value_is_int(regs[C]) && !vm->mocked) &&
            LIKELY(!__builtin_mul_overflow(regs[B].i, regs[C].i, &product))) {
            put(&regs[A], value_int(product));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_MUL, &regs[B], &regs[C]));
    }
    CASE(DIV): {
        if (LIKELY(value_is_int(regs[B]) && value_is_int(regs[C]) && !vm->mocked) && LIKELY(regs[C].i > 0) &&
            LIKELY(regs[B].i % regs[C].i == 0)) {
            put(&regs[A], value_int(regs[B].i / regs[C].i));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_DIV, &regs[B], &regs[C]));
    }
    CASE(REM): {
        if (LIKELY(value_is_int(regs[B]) && value_is_int(regs[C]) && !vm->mocked) && LIKELY(regs[C].i > 0)) {
            put(&regs[A], value_int(regs[B].i % regs[C].i));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_REM, &regs[B], &regs[C]));
    }
    CASE(SIZE): {
        const struct value *v = &regs[B];
        if (LIKELY(v->kind >= VALUE_ARRAY && !vm->mocked)) {
            uint32_t size = v->kind == VALUE_ARRAY ? v->len : v->kind == VALUE_OBJECT ? v->object->count : v->set->count;
            put(&regs[A], value_int(size));
            NEXT2();
        }
        BODY(call_arith(vm, ARITH_SIZE, v, v));
    }

    /* ---- flow ---- */
    CASE(JUMP): FAIL();
    CASE(ITER): {
        SYNC();
        action = iter_begin(vm, &regs[B], X != 0, iter_at(&regs[A]));
        BACK();
        if (LIKELY(action == ACTION_NEXT))
            NEXT2();
        if (action == ACTION_STOP)
            return -1;
        FAIL();
    }
    CASE(ITER_WHERE): {
        SYNC();
        action = where_begin(vm, &regs[B], &regs[C], D, X != 0, iter_at(&regs[A]));
        BACK();
        if (LIKELY(action == ACTION_NEXT))
            NEXT2();
        if (action == ACTION_STOP)
            return -1;
        FAIL();
    }
    CASE(NEXT): {
        struct iter *it = iter_at(&regs[A]);
        unsigned want = X;
        if (iter_left(it) == 0)
            FAIL();
        if (LIKELY(regs[A].kind == KIND_ITER_ARRAY)) {
            const struct value *v = it->at;
            if (want & NEXT_KEY)
                put(&regs[B], value_int(iter_given(it)));
            if (want & NEXT_VALUE)
                regs[C] = *v;
            it->at = v + 1;
        } else if (LIKELY(regs[A].kind == KIND_ITER_OBJECT)) {
            const struct member *m = it->at;
            if (want & NEXT_KEY)
                regs[B] = m->key;
            if (want & NEXT_VALUE)
                regs[C] = m->value;
            it->at = m + 1;
        } else if (LIKELY(regs[A].kind == KIND_ITER_SET)) {
            const struct value *v = it->at;
            if (want & NEXT_KEY)
                regs[B] = *v;
            if (want & NEXT_VALUE)
                regs[C] = *v;
            it->at = v + 1;
        } else {
            struct long_iter *l = (struct long_iter *)(uintptr_t)it->at;
            if (want & NEXT_KEY)
                put(&regs[B], value_int(l->given));
            if (want & NEXT_VALUE)
                regs[C] = l->items[l->given];
            l->given++;
        }
        it->head += ITER_STEP;
        NEXT2();
    }
    CASE(SWITCH): {
        if (UNLIKELY(vm_is_weighty(&regs[B]))) {
            SYNC();
            bool paid = vm_weigh(vm, regs[B]);
            BACK();
            if (!paid)
                return -1;
        }
        *iter_at(&regs[A]) = switch_select(vm->program, D, &regs[B]);
        NEXT2();
    }
    CASE(NEXT_DEF): {
        struct iter *it = iter_at(&regs[A]);
        if (iter_left(it) == 0)
            FAIL();
        const uint32_t *target = it->at;
        it->at = target + 1;
        it->head -= UINT64_C(1) << ITER_LEFT_SHIFT;
        GO(*target);
    }

    /* ---- calls ---- */
    CASE(CALL): {
        uint32_t target = D;
        if (UNLIKELY(vm->mocked || (vm->program->t.functions[target].flags & FUNCTION_MEMO)))
            BODY(call_function(vm, target, &regs[B]));
        vm->fuel = fuel;
        vm->at = pc;
        pc = enter(vm, pc, target, HOW_CALL, &regs[B]);
        if (UNLIKELY(pc == NULL))
            return -1;
        goto entered;
    }
    CASE(RULE): {
        const struct value *known = vm->frame->memo.dense;
        if (LIKELY(known != NULL)) {
            known += D;
            if (LIKELY(known->kind - 1u < VALUE_KIND_COUNT - 1u)) {
                regs[A] = *known;
                NEXT2();
            }
            if (known->kind == KIND_UNDEFINED_MEMO)
                FAIL();
        }
        BODY(call_rule(vm, D));
    }
    CASE(RULE_KEY): BODY(call_key(vm, D, &regs[B]));
    CASE(BUILTIN): {
        const struct builtin *def = vm->program->links[D];
        if (UNLIKELY(vm->mocked || (def->flags & BI_NONDET)))
            BODY(call_builtin(vm, D, &regs[B]));
        if (UNLIKELY(fuel < 0))
            goto poll;
        vm->ctx.def = def;
        vm->ctx_fuel = (uint64_t)fuel;
        vm->scratch = value_bool(true);
        vm->at = pc;
        action = def->fn(&vm->ctx, &regs[B], &vm->scratch);
        fuel = (int64_t)vm->ctx_fuel;
        if (LIKELY(action == BI_OK)) {
            copy(&regs[A], &vm->scratch);
            if (UNLIKELY(regs[A].kind >= VALUE_ARRAY && (vm->nest.levels += 2) >= NEST_FREE)) {
                SYNC();
                bool shallow = nest_check(vm, &regs[A]);
                BACK();
                if (!shallow)
                    return -1;
            }
            NEXT2();
        }
        if (action == BI_UNDEFINED)
            FAIL();
        BODY(call_failed(vm, action));
    }
    CASE(PRINT): BODY(result_print(vm, &regs[A], D));
    CASE(RESULT): {
        if (LIKELY(!vm->collecting)) {
            if (LIKELY(regs[A].kind == VALUE_UNDEFINED)) {
                regs[A] = regs[B];
                NEXT2();
            }
            int same = equal_fast(&regs[A], &regs[B]);
            if (same > 0)
                NEXT2();
        }
        BODY(result_differs(vm, &regs[A], &regs[B], X, D));
    }
    CASE(RET): {
        const struct call *done = &vm->calls[vm->top];
        vm->scratch = regs[A];
        if (UNLIKELY(done->how != HOW_CALL || done->frame != vm->frame))
            goto leave;
        vm->frame_count = done->frames;
        vm->top--;
        done--;
        pc = done->pc;
        code = done->code;
        regs = vm->stack + done->base;
        copy(&regs[A], &vm->scratch);
        NEXT2();
    }
    CASE(RET_MAYBE): {
        vm->scratch = regs[A];
        goto leave;
    }
    CASE(RET_UNDEF): {
        vm->scratch = value_undefined();
        goto leave;
    }

    /* ---- documents ---- */
    CASE(DOC): BODY(document_at(vm, D));
    CASE(DOC_GET): BODY(document_get(vm, D, &regs[B], C));
    CASE(DOC_KEYS): BODY(document_keys(vm, D, &regs[B], C));

    /* ---- with ---- */
    CASE(WITH): BODY1(with_begin(vm, &regs[A]));
    CASE(WITH_INPUT): BODY(with_input(vm, regs[A].ptr, D, &regs[B]));
    CASE(WITH_DATA): BODY(with_data(vm, regs[A].ptr, D, &regs[B]));
    CASE(WITH_VALUE): BODY(with_mock(vm, regs[A].ptr, pc, &regs[B]));
    CASE(WITH_FUNCTION): BODY(with_mock(vm, regs[A].ptr, pc, NULL));
    CASE(WITH_BUILTIN): BODY(with_mock(vm, regs[A].ptr, pc, NULL));
    CASE(ENTER): {
        vm_set_frame(vm, regs[A].ptr);
        NEXT1();
    }
    CASE(LEAVE): {
        vm_set_frame(vm, ((const struct with_frame *)regs[A].ptr)->below);
        NEXT1();
    }
    CASE(TRACE): {
        SYNC();
        result_trace(vm, (enum trace_event)X, D, pc[1].ext.e);
        NEXT2();
    }

act: /* what a larger body decided */
    switch ((enum action)action) {
    case ACTION_VALUE:
        copy(&regs[A], &vm->scratch);
        NEXT2();
    case ACTION_NEXT:
        NEXT2();
    case ACTION_FAIL:
        FAIL();
    case ACTION_ENTER:
        pc = enter(vm, pc, vm->target, vm->how, vm->target_args);
        if (UNLIKELY(pc == NULL))
            return -1;
        vm->calls[vm->top].kept = vm->target_kept;
        vm->calls[vm->top].kept_round = vm->kept.round;
        vm->calls[vm->top].own = vm->target_frame;
        vm_set_frame(vm, vm->target_frame);
        goto entered;
    case ACTION_AGAIN:
        pc = code;
        DISPATCH();
    case ACTION_STOP:
        return -1;
    }
    return -1;

entered:
    code = pc;
    regs = vm->stack + vm->calls[vm->top].base;
    fuel -= (vm->calls[vm->top].end - vm->calls[vm->top].base) >> 4; /* windows are cleared */
    if (UNLIKELY(fuel <= vm->poll_at))
        goto poll;
    DISPATCH();

leave: /* the running call ends with vm->scratch, or undefined */
    SYNC();
    action = call_leave(vm);
    BACK();
    if (action == ACTION_STOP)
        return -1;
    if (action == ACTION_AGAIN && vm->top == 0)
        return 0;
    pc = vm->calls[vm->top].pc;
    code = vm->calls[vm->top].code;
    regs = vm->stack + vm->calls[vm->top].base;
    if (action == ACTION_VALUE) {
        copy(&regs[A], &vm->scratch);
        NEXT2();
    }
    if (action == ACTION_FAIL)
        FAIL();
    if (UNLIKELY(fuel <= vm->poll_at)) /* a document instruction runs again */
        goto poll;
    DISPATCH();

poll:
    SYNC();
    if (!vm_poll(vm))
        return -1;
    DISPATCH();
}
/* clang-format on */
