/* SPDX-License-Identifier: Apache-2.0
 *
 * Types as JSON, in the shape of OPA's capabilities and of the details of its errors.
 *
 * What a name stands for carries the name beside its own members; descriptions are OPA's documentation and not ours to give.
 */
#include "lang/types.h"

static const char *const KINDS[] = {"null", "boolean", "number", "string", "array", "object", "set", "any", "function",
                                    "recursive"};

/* Types share parts, which JSON cannot: past this many nodes all is any. */
enum { MAX_NODES = 100000 };

struct writer {
    struct arena *arena;
    size_t nodes;
};

static struct value write_type(struct writer *w, const struct type *t);

static bool put(struct arena *a, struct object *o, struct str key, struct value v)
{
    return v.kind != VALUE_UNDEFINED && object_put(a, o, value_str(key), v) >= 0;
}

static bool put_type(struct writer *w, struct object *o, struct str key, const struct type *t)
{
    return put(w->arena, o, key, write_type(w, t));
}

static bool put_list(struct writer *w, struct object *o, struct str key, struct type *const *items, size_t count)
{
    struct value *list = arena_array(w->arena, count, sizeof *list);
    if (count == 0 || list == NULL)
        return count == 0;
    for (size_t i = 0; i < count; i++)
        if ((list[i] = write_type(w, items[i])).kind == VALUE_UNDEFINED)
            return false;
    return put(w->arena, o, key, value_array(list, count));
}

static struct value property_json(struct writer *w, const struct type *key_type, struct value key, const struct type *value)
{
    struct object *o = object_new(w->arena, 2);
    if (key_type != NULL || key.kind == VALUE_UNDEFINED)
        key = write_type(w, key_type);
    if (o == NULL || !put(w->arena, o, STR("key"), key) || !put_type(w, o, STR("value"), value))
        return value_undefined();
    return value_object(o);
}

static bool put_properties(struct writer *w, struct object *o, const struct type *t)
{
    struct value *list = arena_array(w->arena, t->count, sizeof *list);
    if (list == NULL)
        return false;
    for (size_t i = 0; i < t->count; i++) {
        list[i] = property_json(w, NULL, t->properties[i].key, t->properties[i].type);
        if (list[i].kind == VALUE_UNDEFINED)
            return false;
    }
    if (t->count > 0 && !put(w->arena, o, STR("static"), value_array(list, t->count)))
        return false;
    return !t->has_dynamic || put(w->arena, o, STR("dynamic"), property_json(w, t->key, value_undefined(), t->value));
}

static bool put_parts(struct writer *w, struct object *o, const struct type *t)
{
    switch (t->kind) {
    case TYPE_ARRAY:
        return put_list(w, o, STR("static"), t->items, t->count) &&
               (t->value == NULL || put_type(w, o, STR("dynamic"), t->value));
    case TYPE_OBJECT:
        return put_properties(w, o, t);
    case TYPE_SET:
        return t->value == NULL || put_type(w, o, STR("of"), t->value);
    case TYPE_ANY:
        return put_list(w, o, STR("of"), t->items, t->count);
    case TYPE_FUNCTION:
        return put_list(w, o, STR("args"), t->items, t->count) && (t->value == NULL || put_type(w, o, STR("result"), t->value)) &&
               (t->key == NULL || put_type(w, o, STR("variadic"), t->key));
    default:
        return true;
    }
}

static struct value write_type(struct writer *w, const struct type *t)
{
    if (t == NULL)
        return value_null();
    struct object *o = object_new(w->arena, 4);
    if (o == NULL)
        return value_undefined();
    bool is_named = t->kind == TYPE_NAMED || t->kind == TYPE_RECURSIVE;
    if (is_named && !put(w->arena, o, STR("name"), value_str(t->name)))
        return value_undefined();
    if (t->kind == TYPE_RECURSIVE)
        return value_object(o);
    if (t->kind == TYPE_NAMED)
        t = t->value;
    bool is_cut = t == NULL || t->kind >= COUNT_OF(KINDS) || ++w->nodes > MAX_NODES;
    struct value kind = value_str(str_cstr(KINDS[is_cut ? TYPE_ANY : t->kind]));
    bool ok = put(w->arena, o, STR("type"), kind) && (is_cut || put_parts(w, o, t));
    return ok ? value_object(o) : value_undefined();
}

struct value types_json(struct arena *a, const struct type *t)
{
    struct writer w = {a, 0};
    return write_type(&w, t);
}

struct value types_builtin_json(struct arena *a, const struct builtin *b)
{
    struct types ts;
    types_init(&ts, a);
    struct type *t = types_parse(&ts, str_cstr(b->type));
    return t != NULL ? types_json(a, t) : value_undefined();
}
