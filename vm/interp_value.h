/* SPDX-License-Identifier: Apache-2.0
 *
 * How the interpreter looks into values: steps of references with inline-cache hints, comparing, membership.
 *
 * The inline parts decide what costs no more than a few nanoseconds and leave the rest to interp_value.c, which pays first.
 */
#ifndef QUIS_VM_INTERP_VALUE_H
#define QUIS_VM_INTERP_VALUE_H

#include "vm/value_index.h"
#include "vm/vm_priv.h"

/* v[key], NULL when undefined. hint: where the key was in the object seen last; updated. */
const struct value *step_slow(const struct value *v, const struct value *key, uint32_t *hint);

static ALWAYS_INLINE bool step_same_key(const struct value *a, const struct value *b)
{
    if (index_head(a) != index_head(b))
        return false;
    return a->ptr == b->ptr || (b->kind == VALUE_STRING && index_same_text(a->s, b->s, b->len));
}

static ALWAYS_INLINE const struct value *step(const struct value *v, const struct value *key, uint32_t *hint)
{
    if (LIKELY(v->kind == VALUE_OBJECT)) {
        const struct object *o = v->object;
        uint32_t at = *hint;
        if (LIKELY(at < o->count) && LIKELY(step_same_key(&o->members[at].key, key)))
            return &o->members[at].value;
    }
    return step_slow(v, key, hint);
}

/* What a path costs besides its instruction. */
static ALWAYS_INLINE uint32_t step_cost(const struct vm *vm, uint32_t row)
{
    return vm->program->t.paths[row].count >> 2;
}

/* v at a path, NULL when undefined. */
static ALWAYS_INLINE const struct value *step_path(struct vm *vm, const struct value *v, uint32_t row)
{
    const struct program_tables *t = &vm->program->t;
    const struct path *path = &t->paths[row];
    const uint32_t *keys = t->path_keys + path->first;
    uint32_t *hints = vm->path_hints + path->first;
    for (uint32_t i = 0; i < path->count && v != NULL; i++)
        v = step(v, &t->constants[keys[i]], &hints[i]);
    return v;
}

/* The base documents at a path, when they are all there; NULL: ask document_path. */
static ALWAYS_INLINE const struct value *step_data(struct vm *vm, uint32_t row)
{
    return vm->program->t.paths[row].count != 0 ? step_path(vm, &vm->data, row) : NULL;
}

/* 1: equal, 0: not, -1: equal_weighed knows. */
static ALWAYS_INLINE int equal_fast(const struct value *a, const struct value *b)
{
    if (index_head(a) == index_head(b)) {
        if (a->i == b->i)
            return 1;
        if (a->kind == VALUE_STRING)
            return a->len <= 64 ? index_same_text(a->s, b->s, a->len) : -1;
        return a->kind > VALUE_STRING || a->sub == NUMBER_TEXT ? -1 : 0;
    }
    return a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER ? -1 : 0;
}

/* 1: equal, 0: not, -1: the evaluation stops. Pays. */
int equal_weighed(struct vm *vm, const struct value *a, const struct value *b);

/* *ret: the order of a and b. false: the evaluation stops. Pays. */
bool compare_weighed(struct vm *vm, const struct value *a, const struct value *b, int *ret);

/* 1: a relates to b so, 0: not, -1: the evaluation stops. */
int compare_kind(struct vm *vm, enum cmp_kind kind, const struct value *a, const struct value *b);

/* 1: item is an element, or a value, of the collection, 0: not, -1: the evaluation stops. */
int member_find(struct vm *vm, const struct value *item, const struct value *collection);

/* ACTION_NEXT: *ret iterates over v; ACTION_FAIL: not a collection; ACTION_STOP. */
int iter_begin(struct vm *vm, const struct value *v, bool any_order, struct iter *ret);

/* The case of a switch for v, NULL: none. */
const struct switch_case *switch_find(const struct program *p, uint32_t row, const struct value *v);

static ALWAYS_INLINE void vm_set_frame(struct vm *vm, struct with_frame *frame)
{
    vm->frame = frame;
    vm->mocked = frame->mocks != NULL;
}

#endif
