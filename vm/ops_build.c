/* SPDX-License-Identifier: Apache-2.0
 *
 * Builders: arrays, sets and objects in the making, and literals of sets and objects.
 *
 * A builder register holds a private kind. An array: its elements and their number; the room is the next power of two, at
 * least BUILD_FIRST. A set or object: the table, or NULL while it is empty. PUT_DEEP makes objects whose members are builders
 * again; sub is 1 then, and DONE turns them into values.
 */
#include "vm/interp_value.h"

/* Keys and elements are hashed: for large ones that is paid. */
static bool pay_key(struct vm *vm, const struct value *v)
{
    return !vm_is_weighty(v) || vm_weigh(vm, *v);
}

/* ---- arrays ---- */

static bool grow_array(struct vm *vm, struct value *builder)
{
    uint32_t n = builder->len;
    struct arena *a = &vm->arena;
    size_t more = n == 0 ? BUILD_FIRST : n; /* slots to add */
    if (n >= UINT32_MAX / 2) {
        a->failed = ARENA_BUDGET;
        return false;
    }
    if (n != 0 && (char *)builder->ptr + n * sizeof(struct value) == a->at &&
        more * sizeof(struct value) <= (size_t)(a->end - a->at)) {
        a->at += more * sizeof(struct value); /* the last allocation: it grows in place */
        return true;
    }
    struct value *items = arena_array(a, n + more, sizeof *items);
    if (items == NULL)
        return false;
    if (n != 0)
        memcpy(items, builder->ptr, n * sizeof *items);
    builder->ptr = items;
    return true;
}

static int push_set(struct vm *vm, struct value *builder, const struct value *v)
{
    if (builder->ptr == NULL && (builder->set = set_new(&vm->arena, 0)) == NULL)
        return vm_stop_nomem(vm);
    if (!pay_key(vm, v))
        return ACTION_STOP;
    return set_add(&vm->arena, builder->set, *v) < 0 ? vm_stop_nomem(vm) : ACTION_NEXT;
}

int collection_push(struct vm *vm, struct value *builder, const struct value *v)
{
    if (builder->kind == KIND_BUILD_SET)
        return push_set(vm, builder, v);
    if (builder->kind != KIND_BUILD_ARRAY)
        return vm_stop(vm, ERR_EVAL_INTERNAL, "an object is built with keys");
    uint32_t n = builder->len;
    if ((n == 0 || n >= BUILD_FIRST) && (n & (n - 1)) == 0 && !grow_array(vm, builder))
        return vm_stop_nomem(vm);
    ((struct value *)builder->ptr)[n] = *v;
    builder->len = n + 1;
    return ACTION_NEXT;
}

/* ---- objects ---- */

static int conflict(struct vm *vm)
{
    return vm_stop(vm, ERR_EVAL_CONFLICT, "object keys must be unique");
}

static struct object *builder_object(struct vm *vm, struct value *builder)
{
    if (builder->kind != KIND_BUILD_OBJECT) {
        (void)vm_stop(vm, ERR_EVAL_INTERNAL, "only an object is built with keys");
        return NULL;
    }
    if (builder->ptr == NULL && (builder->object = object_new(&vm->arena, 0)) == NULL)
        (void)vm_stop_nomem(vm);
    return builder->object;
}

int collection_put(struct vm *vm, struct value *builder, const struct value *key, const struct value *v)
{
    struct object *o = builder_object(vm, builder);
    if (o == NULL || !pay_key(vm, key))
        return ACTION_STOP;
    uint32_t before = o->count;
    const struct value *old = before != 0 ? object_find(o, *key) : NULL;
    if (old == NULL)
        return object_put(&vm->arena, o, *key, *v) < 0 ? vm_stop_nomem(vm) : ACTION_NEXT;
    int same = equal_fast(old, v);
    if (same < 0)
        same = equal_weighed(vm, old, v);
    return same > 0 ? ACTION_NEXT : same < 0 ? ACTION_STOP : conflict(vm);
}

/* ---- objects of objects ---- */

/* Turns builders below v into values. Nesting is as deep as PUT_DEEP has keys. */
static void finish(struct value *v)
{
    if (v->kind == KIND_BUILD_SET) {
        *v = value_set(v->set);
    } else if (v->kind == KIND_BUILD_OBJECT) {
        struct object *o = v->object;
        for (uint32_t i = 0; v->sub != 0 && i < o->count; i++)
            finish(&o->members[i].value);
        *v = value_object(o);
    }
}

/* Is what has been built of b so far equal to v? */
static bool equal_built(const struct value *b, const struct value *v)
{
    if (b->kind == KIND_BUILD_SET)
        return value_equal(value_set(b->set), *v);
    if (b->kind != KIND_BUILD_OBJECT)
        return value_equal(*b, *v);
    if (v->kind != VALUE_OBJECT || v->object->count != b->object->count)
        return false;
    for (uint32_t i = 0; i < b->object->count; i++) {
        const struct value *other = object_find(v->object, b->object->members[i].key);
        if (other == NULL || !equal_built(&b->object->members[i].value, other))
            return false;
    }
    return true;
}

/* The builder below o at key, made when there is none. NULL: a value is there, or the evaluation stops. */
static struct value *below(struct vm *vm, struct object *o, const struct value *key, enum private_kind kind)
{
    struct value *found = object_find(o, *key);
    if (found == NULL) {
        struct value made = {.kind = (uint8_t)kind, .sub = kind == KIND_BUILD_OBJECT};
        made.ptr = kind == KIND_BUILD_SET ? (void *)set_new(&vm->arena, 0) : (void *)object_new(&vm->arena, 0);
        if (made.ptr == NULL || object_put(&vm->arena, o, *key, made) < 0) {
            (void)vm_stop_nomem(vm);
            return NULL;
        }
        return object_find(o, *key);
    }
    if (found->kind == kind)
        return found;
    (void)conflict(vm);
    return NULL;
}

static int put_leaf(struct vm *vm, struct object *o, const struct value *key, const struct value *v)
{
    struct value *found = object_find(o, *key);
    if (found == NULL)
        return object_put(&vm->arena, o, *key, *v) < 0 ? vm_stop_nomem(vm) : ACTION_NEXT;
    if (!vm_weigh(vm, *v))
        return ACTION_STOP;
    return equal_built(found, v) ? ACTION_NEXT : conflict(vm);
}

int collection_put_deep(struct vm *vm, struct value *builder, const struct value *argv, uint32_t count, bool is_set)
{
    struct object *o = builder_object(vm, builder);
    if (o == NULL)
        return ACTION_STOP;
    builder->sub = 1;
    vm->nest.levels += count;
    for (uint32_t i = 0; i + 1 < count; i++) {
        const struct value *key = &argv[i];
        if (!vm_charge(vm, 1) || !pay_key(vm, key))
            return ACTION_STOP;
        bool last = i + 2 == count;
        if (last && !is_set)
            return put_leaf(vm, o, key, &argv[count - 1]);
        struct value *next = below(vm, o, key, last ? KIND_BUILD_SET : KIND_BUILD_OBJECT);
        if (next == NULL)
            return ACTION_STOP;
        if (last)
            return push_set(vm, next, &argv[count - 1]);
        o = next->object;
    }
    return ACTION_NEXT;
}

int collection_done(struct vm *vm, struct value *ret, struct value *builder)
{
    struct value empty = {.kind = builder->kind};
    if (builder->kind == KIND_BUILD_SET) {
        if (builder->ptr == NULL && (builder->set = set_new(&vm->arena, 0)) == NULL)
            return vm_stop_nomem(vm);
    } else if (builder_object(vm, builder) == NULL) {
        return ACTION_STOP;
    }
    finish(builder);
    *ret = *builder;
    *builder = empty;
    return nest_made(vm, ret, 1) ? ACTION_NEXT : ACTION_STOP;
}

/* ---- literals ---- */

int collection_set(struct vm *vm, struct value *ret, const struct value *argv, uint32_t count)
{
    struct set *s = set_new(&vm->arena, count);
    if (s == NULL)
        return vm_stop_nomem(vm);
    if (!vm_charge(vm, count))
        return ACTION_STOP;
    for (uint32_t i = 0; i < count; i++) {
        if (!pay_key(vm, &argv[i]))
            return ACTION_STOP;
        if (set_add(&vm->arena, s, argv[i]) < 0)
            return vm_stop_nomem(vm);
    }
    *ret = value_set(s);
    return nest_made(vm, ret, 1) ? ACTION_NEXT : ACTION_STOP;
}

int collection_object(struct vm *vm, struct value *ret, const struct value *argv, uint32_t pairs)
{
    struct object *o = object_new(&vm->arena, pairs);
    if (o == NULL)
        return vm_stop_nomem(vm);
    if (!vm_charge(vm, pairs))
        return ACTION_STOP;
    for (uint32_t i = 0; i < pairs; i++) {
        if (!pay_key(vm, &argv[2 * i]))
            return ACTION_STOP;
        if (object_put(&vm->arena, o, argv[2 * i], argv[2 * i + 1]) < 0)
            return vm_stop_nomem(vm);
    }
    *ret = value_object(o);
    return nest_made(vm, ret, 1) ? ACTION_NEXT : ACTION_STOP;
}
