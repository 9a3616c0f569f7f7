/* SPDX-License-Identifier: Apache-2.0
 *
 * Iterating over the elements of a collection that have a given value at a path, without looking at the others.
 *
 * An index holds the elements of one collection by their value at one path. A collection of the host's document, when the host
 * keeps it (vm_keep_data), is indexed when it is asked for first, and the index stays; any other is indexed when it is scanned
 * for the second time in one evaluation, and forgotten with it. What an evaluation pays and executes does not depend on what
 * earlier ones left here: a use of a kept index is paid as if it were made, and one that was not used in this evaluation makes
 * room for one that is asked for.
 * Small collections, and those that there is no room for, are scanned as a whole.
 */
#include "vm/interp_value.h"

#define COUNT_LEAST 16u               /* smaller collections are scanned */
#define BYTES_MOST ((size_t)64 << 20) /* of all indexes */
#define KEPT_USED 64u                 /* of the document that one evaluation uses */
#define KEPT_RECORDS 512u             /* of the document in all */
#define PASSING_RECORDS 256u          /* of other collections */
#define SEARCH_DEPTH 4u
#define SEARCH_STEPS 64u

/* Elements with one value at the path: rows[first .. first + count). */
struct where_group {
    struct value value;
    uint32_t first, count;
};

struct where_index {
    struct where_index *next;
    const void *collection; /* items, object or set */
    uint32_t len;           /* of an array */
    uint32_t path;
    uint64_t used; /* evaluation that used it last */
    uint64_t cost; /* what making it took */
    uint32_t scans;
    bool is_kept, is_built;
    bool is_allowed; /* of the kept: within what one evaluation may use */
    struct where_group *groups;
    uint32_t group_count;
    uint32_t *slots; /* open addressing over groups: group + 1 */
    uint32_t mask;
    struct member *rows;
    size_t bytes; /* of groups, slots and rows, one allocation */
};

/* ---- elements ---- */

static uint32_t count_of(const struct value *v)
{
    return v->kind == VALUE_ARRAY    ? v->len
           : v->kind == VALUE_OBJECT ? v->object->count
           : v->kind == VALUE_SET    ? v->set->count
                                     : 0;
}

/* Element i with its key, in the order of iteration. */
static struct member element(const struct value *v, uint32_t i)
{
    if (v->kind == VALUE_ARRAY)
        return (struct member){value_int(i), v->items[i]};
    if (v->kind == VALUE_OBJECT)
        return v->object->members[i];
    return (struct member){v->set->items[i], v->set->items[i]};
}

static const struct value *at_path(struct vm *vm, const struct value *v, uint32_t row)
{
    const struct program_tables *t = &vm->program->t;
    const struct path *path = &t->paths[row];
    for (uint32_t i = 0; i < path->count && v != NULL; i++)
        v = step_slow(v, &t->constants[t->path_keys[path->first + i]], &vm->no_hint);
    return v;
}

/* ---- making ---- */

static uint32_t find_group(const struct where_index *w, const struct value *key, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & w->mask;
    while (w->slots[at] != 0 && !value_equal(w->groups[w->slots[at] - 1].value, *key))
        at = (at + 1) & w->mask;
    return at;
}

static bool get_room(struct vm *vm, struct where_index *w, uint32_t count)
{
    uint32_t size = index_size(count);
    size_t bytes = count * (sizeof *w->rows + sizeof *w->groups) + size * sizeof *w->slots;
    if (count > UINT32_MAX / 128 || bytes > BYTES_MOST - vm->where_bytes)
        return false;
    char *p = alloc_get(&vm->alloc, bytes);
    if (p == NULL)
        return false;
    w->rows = (struct member *)(void *)p;
    w->groups = (struct where_group *)(void *)(w->rows + count);
    w->slots = (uint32_t *)(void *)(w->groups + count);
    memset(w->slots, 0, size * sizeof *w->slots);
    w->mask = size - 1;
    w->bytes = bytes;
    vm->where_bytes += bytes;
    return true;
}

/* Sorts the elements into groups: counts them, then places them. false: the evaluation stops. */
static bool fill(struct vm *vm, struct where_index *w, const struct value *v, uint32_t count, uint32_t *group_of)
{
    uint64_t seed = hash_seed_of(w);
    for (uint32_t i = 0; i < count; i++) {
        struct member m = element(v, i);
        const struct value *key = at_path(vm, &m.value, w->path);
        group_of[i] = NONE;
        if (key == NULL)
            continue;
        if (vm_is_weighty(key) && !vm_weigh(vm, *key))
            return false;
        uint32_t at = find_group(w, key, value_hash_seed(*key, seed));
        if (w->slots[at] == 0) {
            w->groups[w->group_count++] = (struct where_group){.value = *key};
            w->slots[at] = w->group_count;
        }
        group_of[i] = w->slots[at] - 1;
        w->groups[group_of[i]].count++;
    }
    uint32_t first = 0;
    for (uint32_t g = 0; g < w->group_count; g++) {
        w->groups[g].first = first;
        first += w->groups[g].count;
        w->groups[g].count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (group_of[i] != NONE) {
            struct where_group *g = &w->groups[group_of[i]];
            w->rows[g->first + g->count++] = element(v, i);
        }
    }
    return true;
}

static void drop_table(struct vm *vm, struct where_index *w)
{
    vm->where_bytes -= w->bytes;
    alloc_release(&vm->alloc, w->rows, w->bytes);
    w->rows = NULL;
    w->bytes = 0;
    w->group_count = 0;
    w->is_built = false;
}

/* Gives up kept indexes that this evaluation has not used. */
static void make_room(struct vm *vm)
{
    for (size_t i = 0; i < WHERE_CHAINS; i++) {
        for (struct where_index *w = vm->where[i]; w != NULL; w = w->next) {
            if (w->is_kept && w->used != vm->evaluation && w->rows != NULL)
                drop_table(vm, w);
        }
    }
}

/* false: the evaluation stops. is_built says whether there is an index now. */
static bool build(struct vm *vm, struct where_index *w, const struct value *v, uint32_t count)
{
    if (!get_room(vm, w, count)) {
        make_room(vm);
        if (!get_room(vm, w, count))
            return true;
    }
    uint32_t *group_of = alloc_get(&vm->alloc, count * sizeof *group_of);
    if (group_of == NULL) {
        drop_table(vm, w);
        return true;
    }
    bool ok = fill(vm, w, v, count, group_of);
    alloc_release(&vm->alloc, group_of, count * sizeof *group_of);
    if (!ok)
        drop_table(vm, w);
    w->is_built = ok;
    return ok;
}

/* ---- finding ---- */

static bool is_same(const struct where_index *w, const struct value *v)
{
    return w->collection == v->ptr && w->len == v->len;
}

/* Does v belong to the document that the host keeps? Looks a few steps deep. */
static bool is_in(const struct value *doc, const struct value *v, unsigned depth, unsigned *steps)
{
    if (doc->kind == v->kind && doc->ptr == v->ptr && doc->len == v->len)
        return true;
    if (depth == 0 || doc->kind != VALUE_OBJECT)
        return false;
    for (uint32_t i = 0; i<doc->object->count && * steps> 0; i++) {
        const struct value *below = &doc->object->members[i].value;
        if (below->kind < VALUE_ARRAY)
            continue;
        (*steps)--;
        if (is_in(below, v, depth - 1, steps))
            return true;
    }
    return false;
}

static bool is_of_document(const struct vm *vm, const struct value *v)
{
    unsigned steps = SEARCH_STEPS;
    return vm->kept_data.kind != VALUE_UNDEFINED && vm->kept_data.ptr == vm->data.ptr &&
           is_in(&vm->kept_data, v, SEARCH_DEPTH, &steps);
}

/* Forgets indexes: all of them, or those of the evaluation that ended and too many others. */
static void forget(struct vm *vm, bool all)
{
    all |= vm->where_kept > KEPT_RECORDS;
    for (size_t i = 0; i < WHERE_CHAINS; i++) {
        struct where_index **at = &vm->where[i];
        while (*at != NULL) {
            struct where_index *w = *at;
            if (!all && w->is_kept) {
                at = &w->next;
                continue;
            }
            *at = w->next;
            vm->where_kept -= w->is_kept;
            drop_table(vm, w);
            alloc_release(&vm->alloc, w, sizeof *w);
        }
    }
    vm->where_passing = vm->where_used = 0;
}

/* The record of v and path, made when it is new. NULL: no room for another. */
static struct where_index *find(struct vm *vm, const struct value *v, uint32_t path)
{
    struct where_index **head = &vm->where[hash_word((uint64_t)(uintptr_t)v->ptr, path) % WHERE_CHAINS];
    for (struct where_index *w = *head; w != NULL; w = w->next) {
        if (is_same(w, v) && w->path == path)
            return w;
    }
    bool is_kept = is_of_document(vm, v);
    struct where_index *w = is_kept || vm->where_passing < PASSING_RECORDS ? alloc_get(&vm->alloc, sizeof *w) : NULL;
    if (w == NULL)
        return NULL;
    *w = (struct where_index){.next = *head, .collection = v->ptr, .len = v->len, .path = path, .is_kept = is_kept};
    *head = w;
    if (is_kept)
        vm->where_kept++;
    else
        vm->where_passing++;
    return w;
}

/* Counts the scan, pays, makes the index when it is time. false: the evaluation stops. */
static bool prepare(struct vm *vm, struct where_index *w, const struct value *v, uint32_t count)
{
    bool is_first = w->used != vm->evaluation;
    w->used = vm->evaluation;
    w->scans = is_first ? 1 : w->scans < 3 ? w->scans + 1 : 3;
    if (is_first && w->is_kept)
        w->is_allowed = vm->where_used++ < KEPT_USED;
    if (w->scans != (w->is_kept ? 1 : 2) || (w->is_kept && !w->is_allowed))
        return true;
    if (!vm_charge(vm, count))
        return false;
    if (w->is_built)
        return vm_charge(vm, w->cost);
    int64_t fuel = vm->fuel;
    bool ok = build(vm, w, v, count);
    w->cost = (uint64_t)(fuel - vm->fuel);
    return ok;
}

int where_begin(struct vm *vm, const struct value *v, const struct value *key, uint32_t path, bool any_order, struct iter *ret)
{
    struct iter all;
    if (count_of(v) < COUNT_LEAST)
        return iter_begin(vm, v, any_order, ret);
    int action = iter_begin(vm, v, false, &all); /* sorts, too */
    if (action != ACTION_NEXT)
        return action;
    *ret = all;
    uint32_t count = count_of(v);
    struct where_index *w = find(vm, v, path);
    if (w == NULL)
        return ACTION_NEXT;
    if (!prepare(vm, w, v, count) || (vm_is_weighty(key) && !vm_weigh(vm, *key)))
        return ACTION_STOP;
    if (!w->is_built || (w->is_kept && !w->is_allowed))
        return ACTION_NEXT;
    uint32_t slot = w->slots[find_group(w, key, value_hash_seed(*key, hash_seed_of(w)))];
    if (slot == 0)
        *ret = iter_of(KIND_ITER_OBJECT, 0, NULL);
    else
        *ret = iter_of(KIND_ITER_OBJECT, w->groups[slot - 1].count, w->rows + w->groups[slot - 1].first);
    return ACTION_NEXT;
}

void where_begin_evaluation(struct vm *vm)
{
    if (vm->where_passing + vm->where_kept != 0)
        forget(vm, false);
}

void where_drop(struct vm *vm)
{
    forget(vm, true);
}
