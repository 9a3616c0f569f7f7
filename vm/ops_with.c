/* SPDX-License-Identifier: Apache-2.0
 *
 * with: frames, replaced input and data, mocks.
 *
 * A frame holds all that evaluation in it needs, so that nothing walks from frame to frame. Lists of overrides and mocks only
 * grow at their heads and are shared with the frame below. Frames made in a call are used again when it has returned.
 */
#include "vm/interp_value.h"

#define FRAMES_FIRST 8u

static struct with_frame *take_frame(struct vm *vm)
{
    if (vm->frame_count == vm->frame_cap) {
        uint32_t cap = vm->frame_cap == 0 ? FRAMES_FIRST : vm->frame_cap * 2;
        if (vm->frame_cap > UINT32_MAX / 2) {
            vm->arena.failed = ARENA_BUDGET;
            return NULL;
        }
        struct with_frame **frames = arena_zeroed(&vm->arena, cap, sizeof *frames);
        if (frames == NULL)
            return NULL;
        if (vm->frame_cap != 0)
            memcpy(frames, vm->frames, vm->frame_cap * sizeof *frames);
        vm->frames = frames;
        vm->frame_cap = cap;
    }
    struct with_frame *f = vm->frames[vm->frame_count];
    if (f == NULL) {
        f = arena_zeroed(&vm->arena, 1, sizeof *f);
        if (f == NULL)
            return NULL;
        vm->frames[vm->frame_count] = f;
    }
    vm->frame_count++;
    return f;
}

/* Makes f a copy of from with an empty memo. */
static void fill_frame(struct vm *vm, struct with_frame *f, const struct with_frame *from)
{
    f->input = from->input;
    f->overlay = from->overlay;
    f->overrides = from->overrides;
    f->mocks = from->mocks;
    f->is_unmocked_ready = false;
    f->serial = ++vm->serial;
    memo_clear(f);
}

int with_begin(struct vm *vm, struct value *reg)
{
    struct with_frame *below = vm->frame, *f = reg->kind == KIND_FRAME ? reg->ptr : NULL;
    if (f == NULL || f == below) {
        f = take_frame(vm);
        if (f == NULL)
            return vm_stop_nomem(vm);
    }
    *reg = (struct value){.kind = KIND_FRAME, .ptr = f};
    fill_frame(vm, f, below);
    f->below = below;
    return ACTION_NEXT;
}

struct with_frame *with_unmocked(struct vm *vm, struct with_frame *frame)
{
    if (frame->is_unmocked_ready)
        return frame->unmocked;
    if (frame->unmocked == NULL && (frame->unmocked = arena_zeroed(&vm->arena, 1, sizeof *frame)) == NULL) {
        (void)vm_stop_nomem(vm);
        return NULL;
    }
    fill_frame(vm, frame->unmocked, frame);
    frame->unmocked->mocks = NULL;
    frame->unmocked->below = frame;
    frame->is_unmocked_ready = true;
    return frame->unmocked;
}

/* ---- replacing below a path ---- */

/* A copy of from, which may be anything: then the copy is empty. NULL: the evaluation stops. */
static struct object *copy_object(struct vm *vm, const struct value *from)
{
    uint32_t count = from->kind == VALUE_OBJECT ? from->object->count : 0;
    if (!vm_charge(vm, count))
        return NULL;
    struct object *o = object_new(&vm->arena, (size_t)count + 1);
    if (o == NULL) {
        (void)vm_stop_nomem(vm);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (object_put(&vm->arena, o, from->object->members[i].key, from->object->members[i].value) < 0) {
            (void)vm_stop_nomem(vm);
            return NULL;
        }
    }
    return o;
}

/* *at with v at the path; what is on the way is copied, and replaced where it is no object. */
static bool upsert(struct vm *vm, struct value *at, uint32_t row, const struct value *v)
{
    const struct program_tables *t = &vm->program->t;
    const struct path *path = &t->paths[row];
    const struct value *root = at;
    for (uint32_t i = 0; i < path->count; i++) {
        const struct value *key = &t->constants[t->path_keys[path->first + i]];
        if (vm_is_weighty(key) && !vm_weigh(vm, *key))
            return false;
        struct object *o = copy_object(vm, at);
        if (o == NULL)
            return false;
        *at = value_object(o);
        const struct value *old = object_find(o, *key);
        if (object_put(&vm->arena, o, *key, old != NULL ? *old : value_null()) < 0) {
            (void)vm_stop_nomem(vm);
            return false;
        }
        at = object_find(o, *key);
    }
    *at = *v;
    return nest_made(vm, root, path->count);
}

/* A frame that was used before it was complete forgets what it knew. */
static void change(struct vm *vm, struct with_frame *f)
{
    f->serial = ++vm->serial;
    f->is_unmocked_ready = false;
    memo_clear(f);
}

int with_input(struct vm *vm, struct with_frame *f, uint32_t path, const struct value *v)
{
    change(vm, f);
    return upsert(vm, &f->input, path, v) ? ACTION_NEXT : ACTION_STOP;
}

/* The node of the rule tree at a path, or NONE. */
static uint32_t find_node(const struct program *p, const struct path *path)
{
    const struct program_tables *t = &p->t;
    uint32_t node = t->nodes_count != 0 ? 0 : NONE;
    for (uint32_t i = 0; i < path->count && node != NONE; i++) {
        node = document_child(p, node, &t->constants[t->path_keys[path->first + i]]);
    }
    return node;
}

int with_data(struct vm *vm, struct with_frame *f, uint32_t path, const struct value *v)
{
    const struct program_tables *t = &vm->program->t;
    change(vm, f);
    struct override *o = arena_alloc(&vm->arena, sizeof *o);
    if (o == NULL)
        return vm_stop_nomem(vm);
    uint32_t node = find_node(vm->program, &t->paths[path]);
    *o = (struct override){f->overrides, path, node, node != NONE ? vm->program->node_end[node] : 0};
    f->overrides = o;
    return upsert(vm, &f->overlay, path, v) ? ACTION_NEXT : ACTION_STOP;
}

/* ---- mocks ---- */

int with_mock(struct vm *vm, struct with_frame *f, const union word *pc, const struct value *v)
{
    const struct program_tables *t = &vm->program->t;
    change(vm, f);
    struct mock *m = arena_alloc(&vm->arena, sizeof *m);
    if (m == NULL)
        return vm_stop_nomem(vm);
    *m = (struct mock){.next = f->mocks, .on = pc->insn.x, .index = pc[1].ext.e};
    uint32_t target = pc[1].ext.d;
    m->target = m->on == MOCK_BUILTIN ? t->builtins[target].name : target;
    m->argc = m->on == MOCK_BUILTIN ? t->builtins[target].argc : t->functions[target].args;
    if (pc->insn.op == OP_WITH_VALUE) {
        m->by = MOCK_BY_VALUE;
        m->value = *v;
    } else {
        m->by = pc->insn.op == OP_WITH_FUNCTION ? MOCK_BY_FUNCTION : MOCK_BY_BUILTIN;
    }
    f->mocks = m;
    return ACTION_NEXT;
}
