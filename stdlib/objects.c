/* SPDX-License-Identifier: Apache-2.0
 *
 * object.get, keys, remove, filter and the unions.
 *
 * Values below the level that changes are shared with the operands, never copied. Look-ups go into the larger side, walks
 * over the smaller, and a key keeps the spelling (1 or 1.0) that OPA's order of insertion gives it.
 */
#include "stdlib/builtins.h"

#define UNITS_PER_MEMBER 5u /* hash and probe */
#define SCAN_KEYS 8u        /* as many keys are searched one after another rather than hashed */

/* The member that holds the value object_find gave. */
static const struct member *member_of(const struct value *place)
{
    return (const struct member *)(const void *)((const char *)place - offsetof(struct member, value));
}

/* ---- keys to keep or drop: an array, a set or the keys of an object ---- */

struct keys {
    struct value of; /* what they were given as */
    struct set *set; /* hashed, when of is a long array */
    size_t count;
};

static int read_keys(struct bi_ctx *ctx, const struct value *argv, struct keys *ret)
{
    struct value v = argv[1];
    *ret = (struct keys){.of = v};
    if (v.kind == VALUE_SET || v.kind == VALUE_OBJECT) {
        ret->count = v.kind == VALUE_SET ? v.set->count : v.object->count;
        return BI_OK;
    }
    if (v.kind != VALUE_ARRAY)
        return bi_operand_error(ctx, 2, "one of {object, set, array}", v);
    ret->count = v.len;
    if (v.len <= SCAN_KEYS)
        return BI_OK;
    int status = bi_charge(ctx, (uint64_t)v.len * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    ret->set = set_new(ctx->arena, v.len);
    if (ret->set == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < v.len; i++)
        if (set_add(ctx->arena, ret->set, v.items[i]) < 0)
            return bi_nomem(ctx);
    return BI_OK;
}

static const struct value *find_key(const struct keys *keys, struct value key)
{
    if (keys->set != NULL)
        return set_find(keys->set, key);
    if (keys->of.kind == VALUE_SET)
        return set_find(keys->of.set, key);
    if (keys->of.kind == VALUE_OBJECT) {
        const struct value *place = object_find(keys->of.object, key);
        return place != NULL ? &member_of(place)->key : NULL;
    }
    for (uint32_t i = 0; i < keys->of.len; i++)
        if (value_equal(keys->of.items[i], key))
            return &keys->of.items[i];
    return NULL;
}

static struct value key_at(const struct keys *keys, size_t i)
{
    if (keys->of.kind == VALUE_ARRAY)
        return keys->of.items[i];
    return keys->of.kind == VALUE_SET ? keys->of.set->items[i] : keys->of.object->members[i].key;
}

int bif_object_remove(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *from;
    struct keys keys;
    int status = bi_object(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_keys(ctx, argv, &keys);
    if (status == BI_OK)
        status = bi_charge(ctx, ((uint64_t)from->count + 1) * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    struct object *o = object_new(ctx->arena, from->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < from->count; i++) {
        const struct member *m = &from->members[i];
        if (find_key(&keys, m->key) == NULL && object_put(ctx->arena, o, m->key, m->value) < 0)
            return bi_nomem(ctx);
    }
    *ret = o->count == from->count ? argv[0] : value_object(o);
    return BI_OK;
}

/* The members of a small object that keys has. */
static int filter_by_members(struct bi_ctx *ctx, struct object *from, const struct keys *keys, struct object *o)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct value *key = find_key(keys, from->members[i].key);
        if (key == NULL)
            continue;
        /* OPA walks the side with more members, so the spelling of the key is that side's */
        struct value kept = from->count < keys->count ? *key : from->members[i].key;
        if (object_put(ctx->arena, o, kept, from->members[i].value) < 0)
            return bi_nomem(ctx);
    }
    return BI_OK;
}

static int filter_by_keys(struct bi_ctx *ctx, struct object *from, const struct keys *keys, struct object *o)
{
    for (size_t i = 0; i < keys->count; i++) {
        const struct value *place = object_find(from, key_at(keys, i));
        if (place != NULL && object_put(ctx->arena, o, member_of(place)->key, *place) < 0)
            return bi_nomem(ctx);
    }
    return BI_OK;
}

int bif_object_filter(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *from;
    struct keys keys;
    int status = bi_object(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_keys(ctx, argv, &keys);
    if (status != BI_OK)
        return status;
    bool few_keys = keys.count < from->count;
    size_t steps = few_keys ? keys.count : from->count;
    status = bi_charge(ctx, (steps + 1) * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    struct object *o = object_new(ctx->arena, steps);
    if (o == NULL)
        return bi_nomem(ctx);
    status = few_keys ? filter_by_keys(ctx, from, &keys, o) : filter_by_members(ctx, from, &keys, o);
    if (status == BI_OK)
        *ret = value_object(o);
    return status;
}

int bif_object_get(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *o;
    int status = bi_object(ctx, argv, 1, &o);
    if (status != BI_OK)
        return status;
    if (argv[1].kind != VALUE_ARRAY) {
        const struct value *place = object_find(o, argv[1]);
        *ret = place != NULL ? *place : argv[2];
        return BI_OK;
    }
    status = bi_charge(ctx, (uint64_t)argv[1].len * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    struct value at = argv[0];
    for (uint32_t i = 0; i < argv[1].len && at.kind != VALUE_UNDEFINED; i++)
        at = value_get(at, argv[1].items[i]);
    *ret = at.kind != VALUE_UNDEFINED ? at : argv[2];
    return BI_OK;
}

int bif_object_keys(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *o;
    int status = bi_object(ctx, argv, 1, &o);
    if (status == BI_OK)
        status = bi_charge(ctx, (uint64_t)o->count * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    struct set *s = set_new(ctx->arena, o->count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < o->count; i++)
        if (set_add(ctx->arena, s, o->members[i].key) < 0)
            return bi_nomem(ctx);
    *ret = value_set(s);
    return BI_OK;
}

/* ---- unions ---- */

static int merge_objects(struct bi_ctx *ctx, const struct object *left, const struct object *right, struct value *ret)
{
    int status = bi_charge(ctx, ((uint64_t)left->count + right->count + 1) * UNITS_PER_MEMBER);
    if (status != BI_OK)
        return status;
    struct object *o = object_new(ctx->arena, (size_t)left->count + right->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < left->count; i++)
        if (object_put(ctx->arena, o, left->members[i].key, left->members[i].value) < 0)
            return bi_nomem(ctx);
    for (uint32_t i = 0; i < right->count; i++) {
        struct value key = right->members[i].key, value = right->members[i].value;
        struct value *old = object_find(o, key);
        if (old == NULL) {
            if (object_put(ctx->arena, o, key, value) < 0)
                return bi_nomem(ctx);
            continue;
        }
        if (old->kind == VALUE_OBJECT && value.kind == VALUE_OBJECT && old->object != value.object) {
            status = merge_objects(ctx, old->object, value.object, &value);
            if (status != BI_OK)
                return status;
        }
        *old = value;
    }
    *ret = value_object(o);
    return BI_OK;
}

int bif_object_union(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *left, *right;
    int status = bi_object(ctx, argv, 1, &left);
    if (status == BI_OK)
        status = bi_object(ctx, argv, 2, &right);
    if (status == BI_OK)
        status = bi_charge(ctx, left->count < right->count ? left->count : right->count); /* the comparison below */
    if (status != BI_OK)
        return status;
    if (left->count == 0) {
        *ret = argv[1];
        return BI_OK;
    }
    if (right->count == 0 || value_equal(argv[0], argv[1])) {
        *ret = argv[0];
        return BI_OK;
    }
    return merge_objects(ctx, left, right, ret);
}

/* What earlier objects may still do to one value of a result: nothing when sealed, because something that is not an object
 * came between; else merge into node, which is made when it is first needed. */
struct union_slot {
    struct union_node *node;
    bool sealed;
};

/* A result of union_n in the making. below runs beside the members of object. */
struct union_node {
    struct object *object; /* ours to change */
    struct union_slot *below;
    size_t below_cap;
};

static struct union_node *new_union_node(struct bi_ctx *ctx, const struct object *from, size_t room)
{
    struct union_node *node = arena_zeroed(ctx->arena, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    size_t cap = (from != NULL ? from->count : 0) + room;
    node->object = object_new(ctx->arena, cap);
    node->below = arena_zeroed(ctx->arena, cap, sizeof *node->below);
    node->below_cap = cap;
    if (node->object == NULL || node->below == NULL)
        return NULL;
    for (uint32_t i = 0; from != NULL && i < from->count; i++)
        if (object_put(ctx->arena, node->object, from->members[i].key, from->members[i].value) < 0)
            return NULL;
    return node;
}

static MUST_CHECK bool extend_below(struct bi_ctx *ctx, struct union_node *node)
{
    size_t old_cap = node->below_cap;
    if (!arena_grow(ctx->arena, &node->below, &node->below_cap, node->object->count, sizeof *node->below))
        return false;
    for (size_t i = old_cap; i < node->below_cap; i++)
        node->below[i] = (struct union_slot){NULL, false};
    return true;
}

static int merge_below(struct bi_ctx *ctx, struct union_node *node, const struct object *src);

/* Merges src below the object *old of a result, which becomes a copy of our own first. */
static int merge_slot(struct bi_ctx *ctx, struct union_slot *slot, struct value *old, const struct object *src)
{
    if (slot->node == NULL) {
        int status = bi_charge(ctx, (uint64_t)old->object->count * UNITS_PER_MEMBER);
        if (status != BI_OK)
            return status;
        slot->node = new_union_node(ctx, old->object, src->count);
        if (slot->node == NULL)
            return bi_nomem(ctx);
        *old = value_object(slot->node->object);
    }
    return merge_below(ctx, slot->node, src);
}

/* Puts what src has and node has not; src comes before everything that node is made of. */
static int merge_below(struct bi_ctx *ctx, struct union_node *node, const struct object *src)
{
    int status = bi_charge(ctx, ((uint64_t)src->count + 1) * UNITS_PER_MEMBER);
    for (uint32_t i = 0; status == BI_OK && i < src->count; i++) {
        struct value key = src->members[i].key, value = src->members[i].value;
        struct value *old = object_find(node->object, key);
        if (old == NULL) {
            if (object_put(ctx->arena, node->object, key, value) < 0 || !extend_below(ctx, node))
                return bi_nomem(ctx);
            continue;
        }
        struct union_slot *below = &node->below[member_of(old) - node->object->members];
        if (old->kind != VALUE_OBJECT || value.kind != VALUE_OBJECT)
            below->sealed = true;
        else if (!below->sealed && value.object->count != 0)
            status = merge_slot(ctx, below, old, value.object);
    }
    return status;
}

int bif_object_union_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count, total = 0;
    int status = bi_array(ctx, argv, 1, &items, &count);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != VALUE_OBJECT)
            return bi_operand_text(ctx, 1, "must be array of objects but got array containing %s",
                                   value_kind_name((enum value_kind)items[i].kind));
        total += items[i].object->count;
    }
    if (count == 1) {
        *ret = items[0];
        return BI_OK;
    }
    status = bi_charge(ctx, total + count);
    if (status != BI_OK)
        return status;
    struct union_node *root = new_union_node(ctx, NULL, total);
    if (root == NULL)
        return bi_nomem(ctx);
    for (size_t i = count; i-- > 0;) {
        status = merge_below(ctx, root, items[i].object);
        if (status != BI_OK)
            return status;
    }
    *ret = value_object(root->object);
    return BI_OK;
}
