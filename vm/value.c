/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole values: steps of references, counting, copying, merging and freezing.
 *
 * Recursion here is as deep as a value nests, which its makers bound (limit json_depth).
 * Comparing lives in value_compare.c, hashing in value_hash.c, sorting in value_sort.c, text in value_text.c.
 */
#include "vm/value.h"

#include "base/utf8.h"
#include "vm/number.h"

static const char *const kind_names[VALUE_KIND_COUNT] = {
    [VALUE_UNDEFINED] = "undefined", [VALUE_NULL] = "null",   [VALUE_BOOL] = "boolean",  [VALUE_NUMBER] = "number",
    [VALUE_STRING] = "string",       [VALUE_ARRAY] = "array", [VALUE_OBJECT] = "object", [VALUE_SET] = "set",
};

const char *value_kind_name(enum value_kind kind)
{
    return kind < VALUE_KIND_COUNT ? kind_names[kind] : "undefined";
}

size_t value_count(struct value v)
{
    switch (v.kind) {
    case VALUE_STRING:
        return utf8_count(v.s, v.len);
    case VALUE_ARRAY:
        return v.len;
    case VALUE_OBJECT:
        return v.object->count;
    case VALUE_SET:
        return v.set->count;
    default:
        return 0;
    }
}

static struct value get_element(struct value array, struct value key)
{
    int64_t i;
    if (value_is_int(key))
        i = key.i;
    else if (key.kind != VALUE_NUMBER || !number_text_int64(key, &i))
        return value_undefined();
    return i >= 0 && i < (int64_t)array.len ? array.items[i] : value_undefined();
}

struct value value_get(struct value v, struct value key)
{
    if (v.kind == VALUE_OBJECT) {
        const struct value *found = object_find(v.object, key);
        return found != NULL ? *found : value_undefined();
    }
    if (v.kind == VALUE_ARRAY)
        return get_element(v, key);
    if (v.kind == VALUE_SET && set_find(v.set, key) != NULL)
        return key; /* the spelling asked for, as OPA: {1.0}[1] is 1 */
    return value_undefined();
}

int value_freeze(struct arena *a, struct value v)
{
    switch (v.kind) {
    case VALUE_ARRAY:
        for (uint32_t i = 0; i < v.len; i++) {
            if (value_freeze(a, v.items[i]) != 0)
                return -1;
        }
        return 0;
    case VALUE_OBJECT:
        for (uint32_t i = 0; i < v.object->count; i++) {
            const struct member *m = &v.object->members[i];
            if (value_freeze(a, m->key) != 0 || value_freeze(a, m->value) != 0)
                return -1;
        }
        (void)object_members(v.object); /* sorts */
        return 0;
    case VALUE_SET:
        for (uint32_t i = 0; i < v.set->count; i++) {
            if (value_freeze(a, v.set->items[i]) != 0)
                return -1;
        }
        (void)set_items(v.set); /* sorts */
        return 0;
    default:
        return 0;
    }
}

static struct value copy_array(struct arena *a, struct value v)
{
    struct value *items = arena_array(a, v.len, sizeof *items);
    if (items == NULL)
        return value_undefined();
    for (uint32_t i = 0; i < v.len; i++) {
        items[i] = value_copy(a, v.items[i]);
        if (items[i].kind == VALUE_UNDEFINED)
            return value_undefined();
    }
    return value_array(items, v.len);
}

static struct value copy_object(struct arena *a, struct object *from)
{
    struct object *to = object_new(a, from->count);
    if (to == NULL)
        return value_undefined();
    for (uint32_t i = 0; i < from->count; i++) {
        struct value key = value_copy(a, from->members[i].key);
        struct value item = value_copy(a, from->members[i].value);
        if (key.kind == VALUE_UNDEFINED || item.kind == VALUE_UNDEFINED || object_put(a, to, key, item) < 0)
            return value_undefined();
    }
    to->sorted = from->sorted;
    return value_object(to);
}

static struct value copy_set(struct arena *a, struct set *from)
{
    struct set *to = set_new(a, from->count);
    if (to == NULL)
        return value_undefined();
    for (uint32_t i = 0; i < from->count; i++) {
        struct value item = value_copy(a, from->items[i]);
        if (item.kind == VALUE_UNDEFINED || set_add(a, to, item) < 0)
            return value_undefined();
    }
    to->sorted = from->sorted;
    return value_set(to);
}

static struct value copy_number(struct arena *a, struct value v)
{
    size_t bytes = sizeof(struct number) + v.number->len + 1;
    struct number *n = arena_alloc(a, bytes);
    if (n == NULL)
        return value_undefined();
    memcpy(n, v.number, bytes);
    v.number = n;
    return v;
}

struct value value_copy(struct arena *a, struct value v)
{
    switch (v.kind) {
    case VALUE_NUMBER:
        return v.sub == NUMBER_TEXT ? copy_number(a, v) : v;
    case VALUE_STRING: {
        struct str s = arena_str(a, value_text(v));
        return s.p != NULL ? value_str(s) : value_undefined();
    }
    case VALUE_ARRAY:
        return copy_array(a, v);
    case VALUE_OBJECT:
        return copy_object(a, v.object);
    case VALUE_SET:
        return copy_set(a, v.set);
    default:
        return v;
    }
}

static bool put_left(struct arena *a, struct object *to, const struct member *m, const struct object *right)
{
    struct value *other = object_find(right, m->key);
    struct value item = m->value;
    if (other != NULL)
        item = value_merge(a, item, *other);
    return item.kind != VALUE_UNDEFINED && object_put(a, to, m->key, item) >= 0;
}

struct value value_merge(struct arena *a, struct value left, struct value right)
{
    if (left.kind != VALUE_OBJECT || right.kind != VALUE_OBJECT)
        return right;
    struct object *l = left.object, *r = right.object;
    struct object *to = object_new(a, (size_t)l->count + r->count);
    if (to == NULL)
        return value_undefined();
    for (uint32_t i = 0; i < l->count; i++) {
        if (!put_left(a, to, &l->members[i], r))
            return value_undefined();
    }
    for (uint32_t i = 0; i < r->count; i++) {
        const struct member *m = &r->members[i];
        if (object_find(l, m->key) == NULL && object_put(a, to, m->key, m->value) < 0)
            return value_undefined();
    }
    return value_object(to);
}
