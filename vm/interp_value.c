/* SPDX-License-Identifier: Apache-2.0
 *
 * The slower half of looking into values: what is too long for the loop, and what must be paid for.
 */
#include "vm/interp_value.h"

#include "vm/number.h"

#define SORT_COST 2u /* units per element of sorting */

/* ---- steps ---- */

static const struct value *step_object(const struct object *o, const struct value *key, uint32_t *hint)
{
    const struct value *found = object_find(o, *key);
    if (found != NULL) {
        const struct member *m = (const struct member *)(const void *)((const char *)found - offsetof(struct member, value));
        *hint = (uint32_t)(m - o->members);
    }
    return found;
}

const struct value *step_slow(const struct value *v, const struct value *key, uint32_t *hint)
{
    int64_t i;
    switch (v->kind) {
    case VALUE_OBJECT:
        return step_object(v->object, key, hint);
    case VALUE_ARRAY:
        if (value_is_int(*key))
            i = key->i;
        else if (key->kind != VALUE_NUMBER || !number_text_int64(*key, &i))
            return NULL;
        return (uint64_t)i < v->len ? &v->items[i] : NULL;
    case VALUE_SET:
        return set_find(v->set, *key) != NULL ? key : NULL; /* as it was asked for */
    default:
        return NULL;
    }
}

/* ---- weighing ---- */

/* Takes what v weighs from *left; stops when nothing is left. */
static void weigh(struct value v, int64_t *left)
{
    (*left)--;
    if (*left <= 0)
        return;
    if (v.kind == VALUE_STRING) {
        *left -= v.len / 64;
    } else if (v.kind == VALUE_ARRAY) {
        for (uint32_t i = 0; i < v.len && *left >= 0; i++)
            weigh(v.items[i], left);
    } else if (v.kind == VALUE_OBJECT) {
        const struct object *o = v.object;
        for (uint32_t i = 0; i < o->count && *left >= 0; i++) {
            weigh(o->members[i].key, left);
            weigh(o->members[i].value, left);
        }
    } else if (v.kind == VALUE_SET) {
        for (uint32_t i = 0; i < v.set->count && *left >= 0; i++)
            weigh(v.set->items[i], left);
    } else if (v.kind == VALUE_NUMBER && v.sub == NUMBER_TEXT) {
        *left -= v.number->len / 16;
    }
}

bool vm_is_heavier(struct value v, int64_t most)
{
    weigh(v, &most);
    return most <= 0;
}

bool vm_weigh(struct vm *vm, struct value v)
{
    weigh(v, &vm->fuel);
    return LIKELY(vm->fuel > vm->poll_at) || vm_poll(vm);
}

/* ---- comparing ---- */

int equal_weighed(struct vm *vm, const struct value *a, const struct value *b)
{
    if (!vm_weigh(vm, *a))
        return -1;
    return value_equal(*a, *b);
}

bool compare_weighed(struct vm *vm, const struct value *a, const struct value *b, int *ret)
{
    if (a->kind == b->kind && a->kind >= VALUE_NUMBER && (!vm_weigh(vm, *a) || !vm_weigh(vm, *b)))
        return false;
    *ret = value_compare(*a, *b);
    return true;
}

int compare_kind(struct vm *vm, enum cmp_kind kind, const struct value *a, const struct value *b)
{
    if (kind <= CMP_NEQ) {
        int same = equal_fast(a, b);
        if (same < 0)
            same = equal_weighed(vm, a, b);
        return same < 0 ? -1 : same == (kind == CMP_EQ);
    }
    int order;
    if (value_is_int(*a) && value_is_int(*b))
        order = (a->i > b->i) - (a->i < b->i);
    else if (!compare_weighed(vm, a, b, &order))
        return -1;
    switch (kind) {
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* ---- membership ---- */

static int find_among(struct vm *vm, const struct value *item, const struct value *items, uint32_t count, size_t step)
{
    if (!vm_charge(vm, count / 4))
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        const struct value *v = &items[i * step];
        int same = equal_fast(v, item);
        if (same < 0)
            same = equal_weighed(vm, v, item);
        if (same != 0)
            return same;
    }
    return 0;
}

int member_find(struct vm *vm, const struct value *item, const struct value *collection)
{
    switch (collection->kind) {
    case VALUE_ARRAY:
        return find_among(vm, item, collection->items, collection->len, 1);
    case VALUE_OBJECT:
        if (collection->object->count == 0)
            return 0;
        return find_among(vm, item, &collection->object->members[0].value, collection->object->count, 2);
    case VALUE_SET:
        if (vm_is_weighty(item) && !vm_weigh(vm, *item))
            return -1;
        return set_find(collection->set, *item) != NULL;
    default:
        return 0;
    }
}

/* ---- iterating ---- */

static int begin_long(struct vm *vm, const struct value *v, struct iter *ret)
{
    struct long_iter *l = arena_alloc(&vm->arena, sizeof *l);
    if (l == NULL)
        return vm_stop_nomem(vm);
    *l = (struct long_iter){v->items, v->len, 0};
    *ret = iter_of(KIND_ITER_LONG, v->len, l);
    return ACTION_NEXT;
}

/* Few elements are copied rather than sorted when their order does not matter: they may be sorted while they are iterated. */
#define COPIED_MOST 64

static const void *copied(struct vm *vm, const void *items, size_t bytes)
{
    void *copy = arena_alloc(&vm->arena, bytes);
    return copy != NULL ? memcpy(copy, items, bytes) : NULL;
}

static int begin_copied(struct vm *vm, const struct value *v, struct iter *ret)
{
    bool is_set = v->kind == VALUE_SET;
    uint32_t count = is_set ? v->set->count : v->object->count;
    const void *items = is_set ? copied(vm, v->set->items, count * sizeof(struct value))
                               : copied(vm, v->object->members, count * sizeof(struct member));
    if (items == NULL)
        return vm_stop_nomem(vm);
    *ret = iter_of(is_set ? KIND_ITER_SET : KIND_ITER_OBJECT, count, items);
    return ACTION_NEXT;
}

static bool is_small_unsorted(const struct value *v)
{
    if (v->kind == VALUE_SET)
        return !v->set->sorted && v->set->count <= COPIED_MOST;
    return v->kind == VALUE_OBJECT && !v->object->sorted && v->object->count <= COPIED_MOST;
}

int iter_begin(struct vm *vm, const struct value *v, bool any_order, struct iter *ret)
{
    if (LIKELY(v->kind == VALUE_ARRAY)) {
        if (UNLIKELY(v->len > ITER_GIVEN_MAX))
            return begin_long(vm, v, ret);
        *ret = iter_of(KIND_ITER_ARRAY, v->len, v->items);
        return ACTION_NEXT;
    }
    if (any_order && is_small_unsorted(v))
        return begin_copied(vm, v, ret);
    if (v->kind == VALUE_OBJECT) {
        struct object *o = v->object;
        if (!o->sorted && !vm_charge(vm, (uint64_t)o->count * SORT_COST))
            return ACTION_STOP;
        *ret = iter_of(KIND_ITER_OBJECT, o->count, object_members(o));
        return ACTION_NEXT;
    }
    if (v->kind == VALUE_SET) {
        struct set *s = v->set;
        if (!s->sorted && !vm_charge(vm, (uint64_t)s->count * SORT_COST))
            return ACTION_STOP;
        *ret = iter_of(KIND_ITER_SET, s->count, set_items(s));
        return ACTION_NEXT;
    }
    return ACTION_FAIL;
}

/* ---- switches ---- */

const struct switch_case *switch_find(const struct program *p, uint32_t row, const struct value *v)
{
    const struct switch_table *table = &p->t.switches[row];
    const struct switch_case *cases = p->t.switch_cases + table->first_case;
    const struct switch_index *index = &p->switch_index[row];
    if (v->kind == VALUE_UNDEFINED)
        return NULL;
    if (index->mask == 0) {
        for (uint32_t i = 0; i < table->cases; i++) {
            if (value_equal(p->t.constants[cases[i].constant], *v))
                return &cases[i];
        }
        return NULL;
    }
    for (uint32_t at = (uint32_t)value_hash(*v) & index->mask;; at = (at + 1) & index->mask) {
        uint32_t slot = index->slots[at];
        if (slot == 0)
            return NULL;
        if (value_equal(p->t.constants[cases[slot - 1].constant], *v))
            return &cases[slot - 1];
    }
}
