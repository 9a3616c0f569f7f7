/* SPDX-License-Identifier: Apache-2.0
 *
 * Around calls: what is remembered, what is replaced, builtins that fail, and what a return does.
 *
 * Documents of rules are remembered per with-frame, calls of functions and keyed rules per function, frame and arguments in
 * one table, which begins anew when it is full: what is remembered does not depend on addresses, so that an evaluation always
 * takes the same fuel.
 */
#include "vm/interp_value.h"

/* ---- memo of a frame ---- */

static uint32_t memo_slot(const struct memo *m, uint32_t key)
{
    uint32_t at = (uint32_t)(key * 0x9E3779B1u) & m->mask;
    while (m->keys[at] != 0 && m->keys[at] != key + 1)
        at = (at + 1) & m->mask;
    return at;
}

struct value memo_get(const struct vm *vm, const struct with_frame *frame, uint32_t slot)
{
    (void)vm;
    const struct memo *m = &frame->memo;
    if (m->dense != NULL)
        return m->dense[slot];
    if (m->used == 0)
        return value_undefined();
    uint32_t at = memo_slot(m, slot);
    return m->keys[at] != 0 ? m->values[at] : value_undefined();
}

void memo_clear(struct with_frame *frame)
{
    struct memo *m = &frame->memo;
    if (m->used != 0)
        memset(m->keys, 0, ((size_t)m->mask + 1) * sizeof *m->keys);
    m->used = 0;
}

static bool memo_grow(struct vm *vm, struct memo *m)
{
    uint32_t size = m->keys == NULL ? 8 : (m->mask + 1) * 2;
    struct memo to = {.mask = size - 1, .used = m->used};
    to.keys = arena_zeroed(&vm->arena, size, sizeof *to.keys);
    to.values = arena_array(&vm->arena, size, sizeof *to.values);
    if (to.keys == NULL || to.values == NULL) {
        (void)vm_stop_nomem(vm);
        return false;
    }
    for (uint32_t i = 0; m->keys != NULL && i <= m->mask; i++) {
        if (m->keys[i] != 0) {
            uint32_t at = memo_slot(&to, m->keys[i] - 1);
            to.keys[at] = m->keys[i];
            to.values[at] = m->values[i];
        }
    }
    *m = to;
    return true;
}

bool memo_put(struct vm *vm, struct with_frame *frame, uint32_t slot, struct value v)
{
    struct memo *m = &frame->memo;
    if (v.kind == VALUE_UNDEFINED)
        v.kind = KIND_UNDEFINED_MEMO;
    if (m->dense != NULL) {
        if (m->dense[slot].kind == VALUE_UNDEFINED)
            vm->memo_used[vm->memo_used_count++] = slot;
        m->dense[slot] = v;
        return true;
    }
    if ((m->keys == NULL || m->used >= (m->mask + 1) / 2) && !memo_grow(vm, m))
        return false;
    uint32_t at = memo_slot(m, slot);
    m->used += m->keys[at] == 0;
    m->keys[at] = slot + 1;
    m->values[at] = v;
    return true;
}

/* ---- calls that are kept ---- */

/* Slots are never cleared: one is used when the record that it names, of this evaluation, says so too. */
static inline bool kept_is_used(const struct kept_table *t, uint32_t slot)
{
    return t->slots[slot] < t->count && t->items[t->slots[slot]].slot == slot;
}

static uint64_t kept_hash_value(const struct value *v)
{
    uint64_t w = index_head(v);
    if (v->kind == VALUE_STRING)
        return v->len <= 64 ? hash_bytes(v->s, v->len, w) : hash_bytes(v->s + v->len - 16, 16, w);
    return hash_word(w, (uint64_t)v->i);
}

static bool kept_same(const struct value *a, const struct value *b)
{
    if (index_head(a) != index_head(b))
        return false;
    return a->i == b->i || (a->kind == VALUE_STRING && a->len <= 64 && index_same_text(a->s, b->s, a->len));
}

static bool kept_grow(struct vm *vm)
{
    struct kept_table *t = &vm->kept;
    uint32_t cap = t->cap == 0 ? KEPT_FIRST : t->cap * 2;
    if (cap > KEPT_MOST) { /* many of the records are of frames that are gone */
        t->count = 0;
        t->round++;
        return true;
    }
    uint32_t *slots = alloc_get(&vm->alloc, 2 * cap * sizeof *slots);
    if (slots == NULL)
        return false;
    struct kept *items = alloc_resize(&vm->alloc, t->items, t->cap * sizeof *items, cap * sizeof *items);
    if (items == NULL) {
        alloc_release(&vm->alloc, slots, 2 * cap * sizeof *slots);
        return false;
    }
    alloc_release(&vm->alloc, t->slots, 2 * t->cap * sizeof *slots);
    t->items = items;
    memset(slots, 0, 2 * cap * sizeof *slots);
    t->slots = slots;
    t->cap = cap;
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t at = (uint32_t)items[i].hash & (2 * cap - 1);
        while (kept_is_used(t, at))
            at = (at + 1) & (2 * cap - 1);
        slots[at] = i;
        items[i].slot = at;
    }
    return true;
}

static bool kept_same_call(const struct kept *k, uint64_t serial, uint32_t function, const struct value *argv, uint32_t count)
{
    bool same = k->serial == serial && k->function == function;
    for (uint32_t i = 0; same && i < count; i++)
        same = kept_same(&k->args[i], &argv[i]);
    return same;
}

/* The record of a call, made when it is new. NONE: there is no room, or it has too many arguments. */
static uint32_t kept_find(struct vm *vm, uint32_t function, const struct value *argv, uint32_t count)
{
    struct kept_table *t = &vm->kept;
    uint64_t serial = vm->frame->serial, h = hash_word(serial, function);
    if (count > KEPT_ARGS)
        return NONE;
    for (uint32_t i = 0; i < count; i++)
        h = hash_word(h, kept_hash_value(&argv[i]));
    uint32_t at = 0;
    if (t->cap != 0) {
        for (at = (uint32_t)h & (2 * t->cap - 1); kept_is_used(t, at); at = (at + 1) & (2 * t->cap - 1)) {
            if (kept_same_call(&t->items[t->slots[at]], serial, function, argv, count))
                return t->slots[at];
        }
    }
    if (t->count == t->cap) {
        if (!kept_grow(vm))
            return NONE;
        for (at = (uint32_t)h & (2 * t->cap - 1); kept_is_used(t, at); at = (at + 1) & (2 * t->cap - 1))
            continue;
    }
    struct kept *k = &t->items[t->count];
    k->serial = serial;
    k->hash = h;
    k->function = function;
    k->slot = at;
    k->value.kind = VALUE_UNDEFINED; /* not known yet */
    for (uint32_t i = 0; i < count; i++)
        k->args[i] = argv[i];
    t->slots[at] = t->count;
    return t->count++;
}

static int give(struct vm *vm, struct value known)
{
    if (known.kind == KIND_UNDEFINED_MEMO || known.kind == VALUE_UNDEFINED)
        return ACTION_FAIL;
    vm->scratch = known;
    return ACTION_VALUE;
}

static int enter(struct vm *vm, uint32_t function, enum call_how how, const struct value *argv)
{
    vm->target = function;
    vm->target_frame = vm->frame;
    vm->target_args = argv;
    vm->target_kept = 0;
    vm->how = (uint8_t)how;
    return ACTION_ENTER;
}

static int enter_kept(struct vm *vm, uint32_t function, const struct value *argv, uint32_t count)
{
    uint32_t record = kept_find(vm, function, argv, count);
    if (record == NONE)
        return enter(vm, function, HOW_CALL, argv);
    const struct value *known = &vm->kept.items[record].value;
    if (known->kind != VALUE_UNDEFINED)
        return give(vm, *known);
    (void)enter(vm, function, HOW_KEPT, argv); /* always ACTION_ENTER */
    vm->target_kept = record;
    return ACTION_ENTER;
}

static void kept_store(struct vm *vm, const struct call *done, struct value v)
{
    if (v.kind == VALUE_UNDEFINED)
        v.kind = KIND_UNDEFINED_MEMO;
    if (done->kept_round == vm->kept.round)
        vm->kept.items[done->kept].value = v;
}

/* ---- replaced functions ---- */

/* A replacement has as many arguments as its target: argc must be the caller's too. */
static const struct mock *mock_find(struct vm *vm, enum mock_target on, uint32_t target, uint32_t argc)
{
    const struct mock *m = vm->mocked ? vm->frame->mocks : NULL;
    while (m != NULL && (m->on != on || m->target != target || m->argc != argc)) {
        vm->fuel--;
        m = m->next;
    }
    return m;
}

static int call_fn(struct vm *vm, const struct builtin *def, const struct value *argv);

/* A call of what m replaces. The replacement runs without any mocks, so that it can reach the original. */
static int call_mock(struct vm *vm, const struct mock *m, const struct value *argv)
{
    if (m->by == MOCK_BY_VALUE)
        return give(vm, m->value);
    if (m->by == MOCK_BY_BUILTIN)
        return call_fn(vm, vm->program->links[m->index], argv);
    struct with_frame *frame = with_unmocked(vm, vm->frame);
    if (frame == NULL)
        return ACTION_STOP;
    (void)enter(vm, m->index, HOW_CALL, argv); /* always ACTION_ENTER */
    vm->target_frame = frame;
    return ACTION_ENTER;
}

int call_function(struct vm *vm, uint32_t function, const struct value *argv)
{
    const struct function *fn = &vm->program->t.functions[function];
    const struct mock *m = mock_find(vm, MOCK_FUNCTION, function, fn->args);
    if (m != NULL)
        return call_mock(vm, m, argv);
    return fn->flags & FUNCTION_MEMO ? enter_kept(vm, function, argv, fn->args) : enter(vm, function, HOW_CALL, argv);
}

/* ---- rules ---- */

bool call_is_overridden(struct vm *vm, uint32_t node)
{
    for (const struct override *o = vm->frame->overrides; o != NULL; o = o->next) {
        vm->fuel--;
        if (o->node != NONE && node >= o->node && node < o->node_end)
            return true;
    }
    return false;
}

static bool is_rule_overridden(struct vm *vm, const struct function *fn)
{
    return vm->frame->overrides != NULL && (fn->flags & FUNCTION_OVERRIDABLE) && fn->node != NONE &&
           call_is_overridden(vm, fn->node);
}

int call_rule(struct vm *vm, uint32_t function)
{
    const struct function *fn = &vm->program->t.functions[function];
    if (is_rule_overridden(vm, fn)) {
        struct value v;
        return document_base_at(vm, fn->node, &v) ? give(vm, v) : ACTION_STOP;
    }
    struct value known = memo_get(vm, vm->frame, function);
    if (known.kind != VALUE_UNDEFINED)
        return give(vm, known);
    return enter(vm, function, HOW_RULE, vm->pair);
}

static int step_key(struct vm *vm, const struct value *v, const struct value *key)
{
    if (vm_is_weighty(key) && !vm_weigh(vm, *key))
        return ACTION_STOP;
    const struct value *found = step_slow(v, key, &vm->no_hint);
    return found != NULL ? give(vm, *found) : ACTION_FAIL;
}

int call_key(struct vm *vm, uint32_t function, const struct value *key)
{
    const struct function *fn = &vm->program->t.functions[function];
    if (is_rule_overridden(vm, fn)) {
        struct value v;
        return document_base_at(vm, fn->node, &v) ? step_key(vm, &v, key) : ACTION_STOP;
    }
    struct value known = memo_get(vm, vm->frame, function);
    if (known.kind != VALUE_UNDEFINED)
        return step_key(vm, &known, key); /* of a private kind when undefined: no step succeeds */
    return enter_kept(vm, fn->keyed, key, 1);
}

/* ---- builtins ---- */

static COLD void note_error(struct vm *vm)
{
    struct err *e = &vm->bi_err;
    if (vm->errors == NULL && (vm->errors = alloc_get(&vm->alloc, ERRORS_MOST * sizeof *vm->errors)) == NULL)
        return;
    if (vm->error_count == ERRORS_MOST)
        return;
    struct err *to = &vm->errors[vm->error_count++];
    *to = (struct err){0};
    vm_place(vm, to, vm_position(vm), e->code, e->text);
}

int call_failed(struct vm *vm, int status)
{
    struct err *e = &vm->bi_err;
    if (status == BI_UNDEFINED)
        return ACTION_FAIL;
    if (e->code == ERR_OK)
        (void)err_set(e, ERR_EVAL_INTERNAL, "%s: failed without saying why", vm->ctx.def->name); /* always -1 */
    bool stops = status != BI_ERROR || vm->options.strict_builtin_errors;
    if (stops)
        (void)vm_stop(vm, e->code, "%s", e->text); /* always ACTION_STOP */
    else
        note_error(vm);
    e->code = ERR_OK;
    return stops ? ACTION_STOP : ACTION_FAIL;
}

static int run_fn(struct vm *vm, const struct builtin *def, const struct value *argv)
{
    vm->ctx.def = def;
    if (vm->fuel < 0)
        return bi_halt(&vm->ctx, ERR_LIMIT_FUEL, "out of fuel (limit 'fuel')");
    vm->ctx_fuel = (uint64_t)vm->fuel;
    vm->scratch = value_bool(true);
    int status = def->fn(&vm->ctx, argv, &vm->scratch);
    vm->fuel = (int64_t)vm->ctx_fuel;
    return status;
}

/* The chain of a call. */
static struct nondet **nondet_chain(struct vm *vm, const struct builtin *def, const struct value *argv)
{
    uint64_t h = (uint64_t)(uintptr_t)def;
    for (uint32_t i = 0; i < def->argc; i++)
        h = value_hash_seed(argv[i], h);
    return &vm->nondet[h % NONDET_CHAINS];
}

static struct nondet *nondet_find(struct nondet *chain, const struct builtin *def, const struct value *argv)
{
    for (struct nondet *n = chain; n != NULL; n = n->next) {
        bool same = n->def == def;
        for (uint32_t i = 0; same && i < def->argc; i++)
            same = value_equal(n->args[i], argv[i]); /* paid for by run_nondet */
        if (same)
            return n;
    }
    return NULL;
}

/* The same arguments get the same answer for the whole evaluation. */
static int run_nondet(struct vm *vm, const struct builtin *def, const struct value *argv, int *ret)
{
    for (uint32_t i = 0; i < def->argc; i++) {
        if (!vm_weigh(vm, argv[i]))
            return ACTION_STOP;
    }
    if (!vm_charge(vm, vm->nondet_count / (4 * NONDET_CHAINS)))
        return ACTION_STOP;
    struct nondet **chain = nondet_chain(vm, def, argv), *n = nondet_find(*chain, def, argv);
    if (n != NULL) {
        vm->scratch = n->value;
        *ret = n->status;
        return ACTION_NEXT;
    }
    *ret = run_fn(vm, def, argv);
    if (*ret != BI_OK && *ret != BI_UNDEFINED)
        return ACTION_NEXT;
    n = arena_alloc(&vm->arena, sizeof *n);
    struct value *args = arena_array(&vm->arena, def->argc, sizeof *args);
    if (n == NULL || args == NULL)
        return vm_stop_nomem(vm);
    for (uint32_t i = 0; i < def->argc; i++)
        args[i] = argv[i];
    *n = (struct nondet){*chain, def, args, vm->scratch, *ret};
    *chain = n;
    vm->nondet_count++;
    return ACTION_NEXT;
}

static int call_fn(struct vm *vm, const struct builtin *def, const struct value *argv)
{
    int status;
    if (def->fn == NULL)
        return vm_stop(vm, ERR_EVAL_INTERNAL, "unsupported built-in: %s", def->name);
    if (!(def->flags & BI_NONDET))
        status = run_fn(vm, def, argv);
    else if (run_nondet(vm, def, argv, &status) == ACTION_STOP)
        return ACTION_STOP;
    if (status != BI_OK)
        return call_failed(vm, status);
    return nest_made(vm, &vm->scratch, 2) ? ACTION_VALUE : ACTION_STOP;
}

int call_builtin(struct vm *vm, uint32_t row, const struct value *argv)
{
    const struct builtin_ref *ref = &vm->program->t.builtins[row];
    const struct mock *m = mock_find(vm, MOCK_BUILTIN, ref->name, ref->argc);
    return m != NULL ? call_mock(vm, m, argv) : call_fn(vm, vm->program->links[row], argv);
}

int call_arith(struct vm *vm, enum arith op, const struct value *x, const struct value *y)
{
    const struct program *p = vm->program;
    vm->pair[0] = *x;
    vm->pair[1] = *y;
    const struct mock *m = mock_find(vm, MOCK_BUILTIN, p->arith_name[op], op == ARITH_SIZE ? 1 : 2);
    return m != NULL ? call_mock(vm, m, vm->pair) : call_fn(vm, &p->arith[op], vm->pair);
}

/* ---- frames of calls ---- */

#define STACK_FREE 1024u /* registers that every evaluation may have */
#define STACK_PART 8     /* of the memory limit, as registers, beside the arena */

static bool grow_calls(struct vm *vm)
{
    size_t most = vm_calls_most(vm);
    size_t room = vm->calls_room * 2 < most ? vm->calls_room * 2 : most;
    struct call *calls = alloc_resize(&vm->alloc, vm->calls, vm->calls_room * sizeof *calls, room * sizeof *calls);
    if (calls == NULL)
        return false;
    vm->calls = calls;
    vm->calls_room = vm->call_cap = room;
    return true;
}

static bool grow_stack(struct vm *vm, uint32_t end)
{
    size_t cap = vm->stack_cap * 2 > end ? vm->stack_cap * 2 : end;
    struct value *stack = alloc_resize(&vm->alloc, vm->stack, vm->stack_cap * sizeof *stack, cap * sizeof *stack);
    if (stack == NULL)
        return false;
    memset(stack + vm->stack_cap, 0, (cap - vm->stack_cap) * sizeof *stack);
    vm->stack = stack;
    vm->stack_cap = cap;
    return true;
}

const struct value *call_grow(struct vm *vm, uint32_t end, const struct value *argv)
{
    uintptr_t at = (uintptr_t)argv - (uintptr_t)vm->stack;
    bool inside = at < vm->stack_cap * sizeof *argv;
    if (vm->top + 1 >= vm_calls_most(vm)) {
        (void)vm_stop(vm, ERR_LIMIT_DEPTH, "calls are nested too deep (limit 'call_depth')"); /* always ACTION_STOP */
        return NULL;
    }
    if (end > STACK_FREE && end > vm->options.limits.memory / STACK_PART / sizeof *vm->stack) {
        (void)vm_stop(vm, ERR_LIMIT_MEMORY, "nested calls take too much (limit 'memory')"); /* always ACTION_STOP */
        return NULL;
    }
    if ((vm->top + 1 >= vm->call_cap && !grow_calls(vm)) || (end > vm->stack_cap && !grow_stack(vm, end))) {
        (void)vm_stop(vm, ERR_NOMEM, "out of memory"); /* always ACTION_STOP */
        return NULL;
    }
    return inside ? (const struct value *)((uintptr_t)vm->stack + at) : argv;
}

int call_leave(struct vm *vm)
{
    struct call *done = &vm->calls[vm->top];
    if (done->how == HOW_COLLECT)
        return result_collected(vm);
    if (done->how == HOW_KEPT)
        kept_store(vm, done, vm->scratch);
    else if (done->how != HOW_CALL && !memo_put(vm, done->frame, done->function, vm->scratch))
        return ACTION_STOP;
    vm_set_frame(vm, done->frame);
    vm->frame_count = done->frames;
    vm->top--;
    if (done->how == HOW_TOP || done->how == HOW_RETRY)
        return ACTION_AGAIN;
    return vm->scratch.kind != VALUE_UNDEFINED ? ACTION_VALUE : ACTION_FAIL;
}
