/* SPDX-License-Identifier: Apache-2.0
 *
 * Equality and Rego's total order.
 *
 * Objects and sets are compared for equality by look-up, so that equality sorts nothing; the order sorts them on demand.
 */
#include "vm/number.h"
#include "vm/value.h"

static bool equal_arrays(struct value a, struct value b)
{
    if (a.len != b.len)
        return false;
    if (a.items == b.items)
        return true;
    for (uint32_t i = 0; i < a.len; i++) {
        if (!value_equal(a.items[i], b.items[i]))
            return false;
    }
    return true;
}

static bool equal_objects(const struct object *a, const struct object *b)
{
    if (a == b)
        return true;
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct member *m = &a->members[i], *n = &b->members[i];
        const struct value *other = value_equal(m->key, n->key) ? &n->value : object_find(b, m->key);
        if (other == NULL || !value_equal(m->value, *other))
            return false;
    }
    return true;
}

static bool equal_sets(const struct set *a, const struct set *b)
{
    if (a == b)
        return true;
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (!value_equal(a->items[i], b->items[i]) && set_find(b, a->items[i]) == NULL)
            return false;
    }
    return true;
}

bool value_equal_slow(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_NUMBER:
        return number_compare(a, b) == 0;
    case VALUE_STRING:
        return str_equal(value_text(a), value_text(b));
    case VALUE_ARRAY:
        return equal_arrays(a, b);
    case VALUE_OBJECT:
        return equal_objects(a.object, b.object);
    case VALUE_SET:
        return equal_sets(a.set, b.set);
    default:
        return a.i == b.i;
    }
}

static int compare_items(const struct value *a, size_t a_count, const struct value *b, size_t b_count)
{
    size_t n = a_count < b_count ? a_count : b_count;
    for (size_t i = 0; i < n; i++) {
        int order = value_compare(a[i], b[i]);
        if (order != 0)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

static int compare_objects(struct object *a, struct object *b)
{
    const struct member *m = object_members(a), *n = object_members(b);
    uint32_t least = a->count < b->count ? a->count : b->count;
    for (uint32_t i = 0; i < least; i++) {
        int order = value_compare(m[i].key, n[i].key);
        if (order == 0)
            order = value_compare(m[i].value, n[i].value);
        if (order != 0)
            return order;
    }
    return (a->count > b->count) - (a->count < b->count);
}

int value_compare(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    switch (a.kind) {
    case VALUE_NUMBER:
        if (LIKELY(a.sub == NUMBER_INT && b.sub == NUMBER_INT))
            return (a.i > b.i) - (a.i < b.i);
        return number_compare(a, b);
    case VALUE_STRING:
        return str_compare(value_text(a), value_text(b));
    case VALUE_ARRAY:
        return a.items == b.items && a.len == b.len ? 0 : compare_items(a.items, a.len, b.items, b.len);
    case VALUE_OBJECT:
        return a.object == b.object ? 0 : compare_objects(a.object, b.object);
    case VALUE_SET:
        if (a.set == b.set)
            return 0;
        return compare_items(set_items(a.set), a.set->count, set_items(b.set), b.set->count);
    default:
        return (a.i > b.i) - (a.i < b.i);
    }
}
