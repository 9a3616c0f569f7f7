/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of types, and the making of types.
 *
 * A type is looked for by its kind and the pointers of its parts before it is made; parts are types of the same table, so
 * this finds all equal types. Scalars, any and the empty set are in the table itself.
 */
#include "lang/types.h"

#include "lang/sort.h"

enum { WORK = 20000000, FIRST_SLOTS = 64 };

void types_init(struct types *ts, struct arena *arena)
{
    *ts = (struct types){.arena = arena, .work = WORK};
    ts->null = (struct type){.kind = TYPE_NULL, .hash = 1};
    ts->boolean = (struct type){.kind = TYPE_BOOLEAN, .hash = 2};
    ts->number = (struct type){.kind = TYPE_NUMBER, .hash = 3};
    ts->string = (struct type){.kind = TYPE_STRING, .hash = 4};
    ts->any = (struct type){.kind = TYPE_ANY, .hash = 5};
    ts->empty_set = (struct type){.kind = TYPE_SET, .hash = 6, .is_unknown = true};
}

/* ---- the table ---- */

static uint32_t mix(uint32_t hash, uint64_t more)
{
    uint64_t x = (hash ^ more) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 32) ^ (uint32_t)x;
}

static uint32_t hash_of(const struct type *t)
{
    return t != NULL ? t->hash : 7;
}

/* A few bytes of the key are enough: keys of one object differ. */
static uint64_t hash_key(struct value key)
{
    if (key.kind != VALUE_STRING)
        return value_hash(key);
    uint64_t head = 0;
    memcpy(&head, key.s, key.len < 8 ? key.len : 8);
    return head + ((uint64_t)key.len << 32) + ((uint64_t)key.mark << 16);
}

static uint32_t hash_parts(const struct type *t)
{
    uint32_t hash = mix(mix(t->kind + 16u, hash_of(t->key)), hash_of(t->value) + (uint64_t)t->has_dynamic);
    if (t->kind == TYPE_NAMED) {
        hash = mix(hash, value_hash(value_str(t->name)));
    } else if (t->kind == TYPE_OBJECT) {
        for (size_t i = 0; i < t->count; i++)
            hash = mix(mix(hash, hash_key(t->properties[i].key)), hash_of(t->properties[i].type));
    } else {
        for (size_t i = 0; i < t->count; i++)
            hash = mix(hash, hash_of(t->items[i]));
    }
    return hash;
}

/* Numbers that are written differently are different keys here. */
static bool is_same_key(struct value a, struct value b)
{
    return a.kind == b.kind && a.sub == b.sub && value_equal(a, b);
}

static bool is_same(const struct type *a, const struct type *b)
{
    if (a->hash != b->hash || a->kind != b->kind || a->count != b->count || a->key != b->key || a->value != b->value ||
        a->has_dynamic != b->has_dynamic)
        return false;
    if (a->kind == TYPE_NAMED)
        return str_equal(a->name, b->name);
    if (a->kind != TYPE_OBJECT)
        return a->count == 0 || memcmp(a->items, b->items, a->count * sizeof *a->items) == 0;
    for (size_t i = 0; i < a->count; i++)
        if (a->properties[i].type != b->properties[i].type || !is_same_key(a->properties[i].key, b->properties[i].key))
            return false;
    return true;
}

static bool grow(struct types *ts)
{
    size_t size = ts->slots == NULL ? FIRST_SLOTS : 2 * (ts->mask + 1);
    struct type **slots = arena_zeroed(ts->arena, size, sizeof(struct type *));
    if (slots == NULL)
        return false;
    for (size_t i = 0; ts->slots != NULL && i <= ts->mask; i++) {
        if (ts->slots[i] == NULL)
            continue;
        size_t at = ts->slots[i]->hash & (size - 1);
        while (slots[at] != NULL)
            at = (at + 1) & (size - 1);
        slots[at] = ts->slots[i];
    }
    ts->slots = slots;
    ts->mask = size - 1;
    return true;
}

static void raise(struct type *t, const struct type *part)
{
    if (part == NULL)
        return;
    t->is_loose = t->is_loose || part->is_loose;
    if (part->height >= t->height)
        t->height = (uint8_t)(part->height + 1);
}

/* What follows from the parts. */
static void summarise(struct type *t)
{
    raise(t, t->key);
    raise(t, t->value);
    bool unknown = false;
    for (size_t i = 0; i < t->count; i++) {
        const struct type *part = t->kind == TYPE_OBJECT ? t->properties[i].type : t->items[i];
        raise(t, part);
        unknown = unknown || types_is_unknown(part);
        if (t->kind == TYPE_OBJECT && t->properties[i].key.kind != VALUE_STRING)
            t->is_loose = true;
    }
    if (t->kind == TYPE_ARRAY)
        t->is_unknown = unknown || (t->value != NULL && t->value->is_unknown);
    else if (t->kind == TYPE_OBJECT)
        t->is_unknown = unknown || (t->has_dynamic && (types_is_unknown(t->key) || types_is_unknown(t->value)));
    else if (t->kind == TYPE_FUNCTION)
        t->is_unknown = unknown || types_is_unknown(t->value);
    else if (t->kind != TYPE_ANY)
        t->is_unknown = types_is_unknown(t->value);
}

static void *copy_parts(struct types *ts, const struct type *t)
{
    if (t->count == 0)
        return t->items; /* nothing is behind it */
    size_t size = t->kind == TYPE_OBJECT ? sizeof *t->properties : sizeof *t->items;
    void *copy = arena_array(ts->arena, t->count, size);
    if (copy != NULL)
        memcpy(copy, t->items, t->count * size);
    return copy;
}

/* The type of the table that is like t, whose parts are borrowed. */
static struct type *intern(struct types *ts, struct type *t)
{
    t->hash = hash_parts(t);
    if ((ts->slots == NULL || ts->count >= ts->mask / 2) && !grow(ts))
        return &ts->any;
    size_t at = t->hash & ts->mask;
    for (; ts->slots[at] != NULL; at = (at + 1) & ts->mask)
        if (is_same(ts->slots[at], t))
            return ts->slots[at];
    summarise(t);
    if (t->height > TYPE_MAX_HEIGHT)
        return &ts->any;
    struct type *made = arena_alloc(ts->arena, sizeof *made);
    if (made == NULL)
        return &ts->any;
    *made = *t;
    if (t->kind != TYPE_NAMED) {
        made->items = copy_parts(ts, t);
        if (made->items == NULL && t->count > 0)
            return &ts->any;
    }
    ts->slots[at] = made;
    ts->count++;
    return made;
}

/* ---- constructors ---- */

struct type *types_array(struct types *ts, struct type *const *items, size_t count, struct type *dynamic)
{
    struct type t = {.kind = TYPE_ARRAY, .count = (uint32_t)count, .value = dynamic};
    t.items = (struct type **)(uintptr_t)items; /* only read: intern copies */
    return intern(ts, &t);
}

struct type *types_set(struct types *ts, struct type *of)
{
    struct type t = {.kind = TYPE_SET, .value = of};
    return of == NULL ? &ts->empty_set : intern(ts, &t);
}

static int compare_properties(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return types_compare_keys(((const struct type_property *)a)->key, ((const struct type_property *)b)->key);
}

struct type *types_object(struct types *ts, const struct type_property *properties, size_t count, bool has_dynamic,
                          struct type *key, struct type *value)
{
    struct type t = {.kind = TYPE_OBJECT, .count = (uint32_t)count, .has_dynamic = has_dynamic};
    if (has_dynamic) {
        t.key = key;
        t.value = value;
    }
    size_t sorted = 1;
    while (sorted < count && compare_properties(&properties[sorted - 1], &properties[sorted], NULL) <= 0)
        sorted++;
    t.properties = (struct type_property *)(uintptr_t)properties; /* only read */
    if (sorted >= count)
        return intern(ts, &t);
    t.properties = arena_array(ts->arena, count, sizeof *properties);
    if (t.properties == NULL)
        return &ts->any;
    memcpy(t.properties, properties, count * sizeof *properties);
    if (!sort_stable(ts->arena, t.properties, count, sizeof *properties, compare_properties, NULL))
        return &ts->any;
    return intern(ts, &t);
}

struct type *types_function(struct types *ts, struct type *const *operands, size_t count, struct type *variadic,
                            struct type *result)
{
    struct type t = {.kind = TYPE_FUNCTION, .count = (uint32_t)count, .key = variadic, .value = result};
    t.items = (struct type **)(uintptr_t)operands; /* only read */
    return intern(ts, &t);
}

static int compare_items(const void *a, const void *b, void *ctx)
{
    return types_compare(ctx, *(struct type *const *)a, *(struct type *const *)b);
}

struct type *types_any(struct types *ts, struct type *const *items, size_t count)
{
    struct type *few[16], **sorted = few;
    if (count == 0)
        return &ts->any;
    if (count > COUNT_OF(few) && (sorted = arena_array(ts->arena, count, sizeof *sorted)) == NULL)
        return &ts->any;
    memcpy(sorted, items, count * sizeof *sorted);
    if (!sort_stable(ts->arena, sorted, count, sizeof *sorted, compare_items, ts))
        return &ts->any;
    struct type t = {.kind = TYPE_ANY, .count = (uint32_t)count, .items = sorted};
    return intern(ts, &t);
}

struct type *types_named(struct types *ts, struct str name, struct type *type)
{
    struct type t = {.kind = TYPE_NAMED, .name = name, .value = type, .is_loose = true};
    return intern(ts, &t);
}

struct type *types_recursive(struct types *ts, struct str name)
{
    struct type *t = arena_zeroed(ts->arena, 1, sizeof *t);
    if (t == NULL)
        return &ts->any;
    t->kind = TYPE_RECURSIVE;
    t->name = name;
    t->is_loose = true;
    t->hash = mix(8, (uintptr_t)t);
    return t;
}

static struct type *type_of_array(struct types *ts, struct value v)
{
    struct type **items = arena_array(ts->arena, v.len, sizeof *items);
    if (items == NULL)
        return &ts->any;
    for (size_t i = 0; i < v.len; i++)
        items[i] = types_of_value(ts, v.items[i]);
    return types_array(ts, items, v.len, NULL);
}

static struct type *type_of_object(struct types *ts, struct value v)
{
    size_t count = value_count(v);
    const struct member *members = object_members(v.object);
    struct type_property *properties = arena_array(ts->arena, count, sizeof *properties);
    if (properties == NULL)
        return &ts->any;
    for (size_t i = 0; i < count; i++)
        properties[i] = (struct type_property){members[i].key, types_of_value(ts, members[i].value)};
    return types_object(ts, properties, count, false, NULL, NULL);
}

struct type *types_of_value(struct types *ts, struct value v)
{
    switch (v.kind) {
    case VALUE_NULL:
        return &ts->null;
    case VALUE_BOOL:
        return &ts->boolean;
    case VALUE_NUMBER:
        return &ts->number;
    case VALUE_STRING:
        return &ts->string;
    case VALUE_ARRAY:
        return type_of_array(ts, v);
    case VALUE_OBJECT:
        return type_of_object(ts, v);
    default:
        return &ts->any;
    }
}

/* ---- order ---- */

int types_compare_keys(struct value a, struct value b)
{
    return value_compare(a, b);
}

static int compare_deep(struct types *ts, struct type *a, struct type *b, int depth);

static int compare_lists(struct types *ts, struct type *const *a, size_t a_count, struct type *const *b, size_t b_count,
                         int depth)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        int order = a[i] == b[i] ? 0 : compare_deep(ts, a[i], b[i], depth);
        if (order != 0)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

static int compare_objects(struct types *ts, const struct type *a, const struct type *b, int depth)
{
    if (a->has_dynamic != b->has_dynamic)
        return a->has_dynamic ? 1 : -1;
    int order = a->has_dynamic ? compare_deep(ts, a->key, b->key, depth) : 0;
    if (order == 0 && a->has_dynamic)
        order = compare_deep(ts, a->value, b->value, depth);
    for (size_t i = 0; order == 0 && i < a->count && i < b->count; i++) {
        order = types_compare_keys(a->properties[i].key, b->properties[i].key);
        if (order == 0)
            order = compare_deep(ts, a->properties[i].type, b->properties[i].type, depth);
    }
    return order != 0 ? order : (a->count > b->count) - (a->count < b->count);
}

static int compare_functions(struct types *ts, const struct type *a, const struct type *b, int depth)
{
    if (a->count != b->count)
        return a->count > b->count ? 1 : -1;
    int order = compare_lists(ts, a->items, a->count, b->items, b->count, depth);
    if (order == 0)
        order = compare_deep(ts, a->value, b->value, depth);
    return order != 0 ? order : compare_deep(ts, a->key, b->key, depth);
}

static int compare_deep(struct types *ts, struct type *a, struct type *b, int depth)
{
    enum { MAX_DEPTH = 2 * TYPE_MAX_HEIGHT };
    a = types_unrolled(types_unnamed(a));
    b = types_unrolled(types_unnamed(b));
    if (a == b || depth > MAX_DEPTH || ts->work == 0)
        return 0;
    ts->work--;
    if (a == NULL || b == NULL)
        return a == NULL ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind > b->kind ? 1 : -1;
    switch (a->kind) {
    case TYPE_ARRAY:
        if ((a->value == NULL) != (b->value == NULL))
            return a->value != NULL ? 1 : -1;
        int order = compare_deep(ts, a->value, b->value, depth + 1);
        return order != 0 ? order : compare_lists(ts, a->items, a->count, b->items, b->count, depth + 1);
    case TYPE_OBJECT:
        return compare_objects(ts, a, b, depth + 1);
    case TYPE_SET:
        return compare_deep(ts, a->value, b->value, depth + 1);
    case TYPE_ANY:
        return compare_lists(ts, a->items, a->count, b->items, b->count, depth + 1);
    case TYPE_FUNCTION:
        return compare_functions(ts, a, b, depth + 1);
    default:
        return 0;
    }
}

int types_compare(struct types *ts, struct type *a, struct type *b)
{
    return a == b ? 0 : compare_deep(ts, a, b, 0);
}
