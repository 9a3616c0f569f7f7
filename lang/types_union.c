/* SPDX-License-Identifier: Apache-2.0
 *
 * Unions of types, what types have inside, and whether two of them have values in common.
 */
#include "lang/types.h"

#include "lang/sort.h"

/* ---- equality ---- */

/* Equal in OPA's order. Different pointers are different types, but for loose ones. */
static bool is_equal(struct types *ts, struct type *a, struct type *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || !(a->is_loose || b->is_loose))
        return false;
    return types_compare(ts, a, b) == 0;
}

/* The place of t among the members of a union, or where it would be. */
static bool find_member(struct types *ts, const struct type *any, struct type *t, size_t *ret)
{
    size_t low = 0, high = any->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (types_compare(ts, any->items[mid], t) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *ret = low;
    return low < any->count && types_compare(ts, any->items[low], t) == 0;
}

/* Is each value of t one of the union? */
static bool has_member(struct types *ts, const struct type *any, struct type *t)
{
    size_t at;
    if (t != NULL && t->kind == TYPE_FUNCTION)
        return false;
    return any->count == 0 || find_member(ts, any, t, &at);
}

static bool contains(struct types *ts, struct type *a, struct type *b)
{
    a = types_unnamed(a);
    return a != NULL && a->kind == TYPE_ANY ? has_member(ts, a, b) : is_equal(ts, a, b);
}

/* ---- unions ---- */

static int compare_items(const void *a, const void *b, void *ctx)
{
    return types_compare(ctx, *(struct type *const *)a, *(struct type *const *)b);
}

/* Sorts, drops what is there twice. */
static struct type *unite(struct types *ts, struct type **items, size_t count)
{
    if (!sort_stable(ts->arena, items, count, sizeof(struct type *), compare_items, ts))
        return &ts->any;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || types_compare(ts, items[kept - 1], items[i]) != 0)
            items[kept++] = items[i];
    return types_any(ts, items, kept);
}

static struct type *merge_unions(struct types *ts, struct type *a, struct type *b)
{
    if (a->count == 0 || b->count == 0)
        return a->count == 0 ? a : b;
    size_t count = (size_t)a->count + b->count;
    struct type *few[32], **items = few;
    if (count > COUNT_OF(few) && (items = arena_array(ts->arena, count, sizeof *items)) == NULL)
        return &ts->any;
    memcpy(items, a->items, a->count * sizeof *items);
    memcpy(items + a->count, b->items, b->count * sizeof *items);
    return unite(ts, items, count);
}

static struct type *add_member(struct types *ts, struct type *any, struct type *t)
{
    size_t at;
    if (t->kind == TYPE_ANY)
        return merge_unions(ts, any, t);
    if (any->count == 0 || find_member(ts, any, t, &at))
        return any;
    size_t count = (size_t)any->count + 1;
    struct type *few[32], **items = few;
    if (count > COUNT_OF(few) && (items = arena_array(ts->arena, count, sizeof *items)) == NULL)
        return &ts->any;
    memcpy(items, any->items, at * sizeof *items);
    items[at] = t;
    memcpy(items + at + 1, any->items + at, (any->count - at) * sizeof *items);
    return types_any(ts, items, count);
}

static struct type *or_functions(struct types *ts, struct type *a, struct type *b)
{
    if (a->count != b->count || (a->key == NULL) != (b->key == NULL))
        return NULL;
    struct type **operands = arena_array(ts->arena, a->count, sizeof *operands);
    if (operands == NULL)
        return &ts->any;
    for (size_t i = 0; i < a->count; i++)
        operands[i] = types_or(ts, a->items[i], b->items[i]);
    return types_function(ts, operands, a->count, types_or(ts, a->key, b->key), types_or(ts, a->value, b->value));
}

struct type *types_or(struct types *ts, struct type *a, struct type *b)
{
    a = types_unnamed(a);
    b = types_unnamed(b);
    if (a == NULL || b == NULL || (a == b && a->kind != TYPE_FUNCTION))
        return a == NULL ? b : a;
    if (a->kind == TYPE_FUNCTION && b->kind == TYPE_FUNCTION)
        return or_functions(ts, a, b);
    if (a->kind == TYPE_FUNCTION || b->kind == TYPE_FUNCTION)
        return NULL;
    if (a->kind == TYPE_ANY)
        return add_member(ts, a, b);
    if (b->kind == TYPE_ANY)
        return add_member(ts, b, a);
    if (is_equal(ts, a, b))
        return a;
    return types_any(ts, (struct type *[]){a, b}, 2);
}

/* One after another, types of a long list would be copied again and again. false: there are functions among them. */
static bool or_many(struct types *ts, struct type *const *items, size_t count, struct type **ret)
{
    size_t total = 0;
    bool has_union = false;
    for (size_t i = 0; i < count; i++) {
        const struct type *t = items[i];
        if (t != NULL && (t->kind == TYPE_FUNCTION || t->kind == TYPE_NAMED))
            return false;
        total += t == NULL ? 0 : t->kind == TYPE_ANY ? t->count : 1;
    }
    struct type **all = arena_array(ts->arena, total, sizeof *all);
    *ret = &ts->any;
    if (all == NULL)
        return true;
    total = 0;
    for (size_t i = 0; i < count; i++) {
        struct type *t = items[i];
        if (t == NULL || (total > 0 && all[total - 1] == t))
            continue;
        if (types_is_everything(t))
            return true;
        if (t->kind != TYPE_ANY) {
            all[total++] = t;
            continue;
        }
        has_union = true;
        memcpy(all + total, t->items, t->count * sizeof *all);
        total += t->count;
    }
    struct type *united = total > 0 ? unite(ts, all, total) : NULL;
    *ret = united != NULL && united->count == 1 && !has_union ? united->items[0] : united;
    return true;
}

struct type *types_or_all(struct types *ts, struct type *const *items, size_t count)
{
    enum { MANY = 8 };
    struct type *t = NULL;
    if (count > MANY && or_many(ts, items, count, &t))
        return t;
    for (size_t i = 0; i < count; i++)
        t = types_or(ts, t, items[i]);
    return t;
}

/* ---- inside ---- */

static struct type *keys_of(struct types *ts, struct type *t)
{
    struct type *keys = NULL;
    switch (t->kind) {
    case TYPE_ARRAY:
        return &ts->number;
    case TYPE_OBJECT:
        for (size_t i = 0; i < t->count; i++) {
            struct type *one = types_of_value(ts, t->properties[i].key);
            if (one != keys)
                keys = types_or(ts, keys, one);
        }
        return t->has_dynamic ? types_or(ts, keys, t->key) : keys;
    case TYPE_SET:
        return t->value;
    case TYPE_ANY:
        if (t->count == 0)
            return t;
        for (size_t i = 0; i < t->count; i++)
            keys = types_or(ts, types_keys(ts, t->items[i]), keys);
        return keys;
    default:
        return NULL;
    }
}

struct type *types_keys(struct types *ts, struct type *t)
{
    t = types_unrolled(types_unnamed(t));
    if (t == NULL || t->has_keys)
        return t == NULL ? NULL : t->keys;
    t->has_keys = true; /* a type within itself finds nothing yet */
    t->keys = keys_of(ts, t);
    return t->keys;
}

static struct type *values_of_object(struct types *ts, const struct type *t)
{
    struct type **items = arena_array(ts->arena, (size_t)t->count + 1, sizeof *items);
    if (items == NULL)
        return &ts->any;
    for (size_t i = 0; i < t->count; i++)
        items[i] = t->properties[i].type;
    items[t->count] = t->has_dynamic ? t->value : NULL;
    return types_or_all(ts, items, (size_t)t->count + 1);
}

static struct type *values_of(struct types *ts, struct type *t)
{
    struct type *values = NULL;
    switch (t->kind) {
    case TYPE_ARRAY:
        return types_or(ts, types_or_all(ts, t->items, t->count), t->value);
    case TYPE_OBJECT:
        return values_of_object(ts, t);
    case TYPE_SET:
        return t->value;
    case TYPE_ANY:
        if (t->count == 0)
            return t;
        for (size_t i = 0; i < t->count; i++)
            values = types_or(ts, types_values(ts, t->items[i]), values);
        return values;
    default:
        return NULL;
    }
}

struct type *types_values(struct types *ts, struct type *t)
{
    t = types_unrolled(types_unnamed(t));
    if (t == NULL || t->has_values)
        return t == NULL ? NULL : t->values;
    t->has_values = true;
    t->values = values_of(ts, t);
    return t->values;
}

static struct type *select_property(struct types *ts, const struct type *t, struct value key)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (types_compare_keys(t->properties[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < t->count && types_compare_keys(t->properties[low].key, key) == 0)
        return t->properties[low].type;
    return t->has_dynamic && contains(ts, t->key, types_of_value(ts, key)) ? t->value : NULL;
}

static struct type *select_member(struct types *ts, struct type *t, struct value key)
{
    struct type *of = types_of_value(ts, key);
    if (is_equal(ts, t->value, of))
        return t->value;
    return t->value != NULL && t->value->kind == TYPE_ANY && has_member(ts, t->value, of) ? of : NULL;
}

/* Unions within unions come from schemas only, and may hold themselves. */
static struct type *select_at(struct types *ts, struct type *t, struct value key, int depth)
{
    t = types_unrolled(types_unnamed(t));
    if (t == NULL)
        return NULL;
    struct type *found = NULL;
    switch (t->kind) {
    case TYPE_ARRAY:
        return value_is_int(key) && key.i >= 0 ? types_element(t, (size_t)key.i) : NULL;
    case TYPE_OBJECT:
        return select_property(ts, t, key);
    case TYPE_SET:
        return select_member(ts, t, key);
    case TYPE_ANY:
        if (t->count == 0 || depth > 16)
            return &ts->any;
        for (size_t i = 0; i < t->count; i++)
            found = types_or(ts, select_at(ts, t->items[i], key, depth + 1), found);
        return found;
    default:
        return NULL;
    }
}

struct type *types_select(struct types *ts, struct type *t, struct value key)
{
    return select_at(ts, t, key, 0);
}

bool types_is_empty_collection(struct type *t)
{
    t = types_unrolled(types_unnamed(t));
    if (t == NULL)
        return false;
    switch (t->kind) {
    case TYPE_OBJECT:
        return t->count == 0 && !t->has_dynamic;
    case TYPE_ARRAY:
        return t->count == 0 && t->value == NULL;
    case TYPE_SET:
        return t->value == NULL;
    default:
        return false;
    }
}

/* ---- what two types have in common ---- */

static bool fits(struct types *ts, struct type *a, struct type *b);

/* Does some member of the union fit? */
static bool some_fits(struct types *ts, const struct type *any, struct type *t)
{
    if (t->kind == TYPE_FUNCTION)
        return false;
    for (size_t i = 0; i < any->count; i++)
        if (fits(ts, any->items[i], t))
            return true;
    return any->count == 0;
}

static bool elements_fit(struct types *ts, const struct type *a, const struct type *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (!fits(ts, a->items[i], types_element(b, i)))
            return false;
    return true;
}

static bool arrays_fit(struct types *ts, const struct type *a, const struct type *b)
{
    return elements_fit(ts, a, b) && elements_fit(ts, b, a) &&
           (a->value == NULL || b->value == NULL || fits(ts, a->value, b->value));
}

static struct type *dynamic_value(const struct type *t)
{
    return t->has_dynamic ? t->value : NULL;
}

static bool properties_fit(struct types *ts, const struct type *a, const struct type *b)
{
    for (size_t i = 0; i < a->count; i++) {
        struct type *other = select_property(ts, b, a->properties[i].key);
        if (other == NULL && (dynamic_value(a) != NULL || dynamic_value(b) != NULL))
            continue;
        if (other == NULL || !fits(ts, a->properties[i].type, other))
            return false;
    }
    return true;
}

static bool objects_fit(struct types *ts, const struct type *a, const struct type *b)
{
    return properties_fit(ts, a, b) && properties_fit(ts, b, a) &&
           (dynamic_value(a) == NULL || dynamic_value(b) == NULL || fits(ts, a->value, b->value));
}

static bool functions_fit(struct types *ts, const struct type *a, const struct type *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!fits(ts, types_unnamed(a->items[i]), types_unnamed(b->items[i])))
            return false;
    return true;
}

static bool fits_now(struct types *ts, struct type *a, struct type *b)
{
    if (a->kind == TYPE_ANY || b->kind == TYPE_ANY)
        return (a->kind == TYPE_ANY && some_fits(ts, a, b)) || (b->kind == TYPE_ANY && some_fits(ts, b, a));
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case TYPE_ARRAY:
        return arrays_fit(ts, a, b);
    case TYPE_OBJECT:
        return objects_fit(ts, a, b);
    case TYPE_SET:
        return a->value == NULL || b->value == NULL || fits(ts, a->value, b->value);
    case TYPE_FUNCTION:
        return functions_fit(ts, a, b);
    default:
        return true;
    }
}

static size_t pair_place(const struct types *ts, const struct type *a, const struct type *b)
{
    size_t at = (a->hash * 31u + b->hash) & ts->pair_mask;
    while (ts->pairs[at].a != NULL && (ts->pairs[at].a != a || ts->pairs[at].b != b))
        at = (at + 1) & ts->pair_mask;
    return at;
}

static bool grow_pairs(struct types *ts)
{
    struct types old = *ts;
    size_t size = ts->pairs == NULL ? 64 : 2 * (ts->pair_mask + 1);
    ts->pairs = arena_zeroed(ts->arena, size, sizeof *ts->pairs);
    if (ts->pairs == NULL) {
        ts->pairs = old.pairs;
        return false;
    }
    ts->pair_mask = size - 1;
    for (size_t i = 0; old.pairs != NULL && i <= old.pair_mask; i++)
        if (old.pairs[i].a != NULL)
            ts->pairs[pair_place(ts, old.pairs[i].a, old.pairs[i].b)] = old.pairs[i];
    return true;
}

/* Answers about deep types are kept: unions of unions would be compared again and again, recursive ones without end. */
static bool fits_kept(struct types *ts, struct type *a, struct type *b)
{
    if ((ts->pairs == NULL || ts->pair_count >= ts->pair_mask / 2) && !grow_pairs(ts))
        return true;
    struct type_pair *pair = &ts->pairs[pair_place(ts, a, b)];
    if (pair->a != NULL)
        return pair->fits;
    *pair = (struct type_pair){a, b, true};
    ts->pair_count++;
    bool answer = fits_now(ts, a, b);
    ts->pairs[pair_place(ts, a, b)].fits = answer;
    return answer;
}

static bool fits(struct types *ts, struct type *a, struct type *b)
{
    enum { SHALLOW = 2 };
    a = types_unrolled(a);
    b = types_unrolled(b);
    if (a == NULL || b == NULL)
        return false;
    if (ts->work == 0 || (a == b && !a->is_unknown && a->kind != TYPE_FUNCTION))
        return true;
    ts->work--;
    bool keep = a->is_loose || b->is_loose || (a->height > SHALLOW && b->height > SHALLOW);
    return keep ? fits_kept(ts, a, b) : fits_now(ts, a, b);
}

bool types_unify(struct types *ts, struct type *a, struct type *b)
{
    return fits(ts, types_unnamed(a), types_unnamed(b));
}
