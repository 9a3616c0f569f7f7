/* SPDX-License-Identifier: Apache-2.0
 *
 * Scopes of variables, trees of types, and the types of terms and references (v1/ast/env.go).
 */
#include "lang/type_env.h"

#include "lang/type_check.h"

enum { BODIES = 100000 };

struct checker *type_env_new(struct passes *s)
{
    struct arena *a = &s->c->arena;
    struct checker *k = arena_zeroed(a, 1, sizeof *k);
    if (k == NULL)
        return NULL;
    k->s = s;
    types_init(&k->types, a);
    k->builtins = arena_zeroed(a, s->c->builtin_count + 1, sizeof(struct type *));
    k->var_cap = s->c->atoms.count;
    k->vars = arena_zeroed(a, k->var_cap, sizeof *k->vars);
    k->rules.root = &k->root;
    k->layer = &k->rules;
    k->bodies = BODIES;
    return k->builtins != NULL && k->vars != NULL ? k : NULL;
}

/* ---- variables ---- */

struct type_scope type_env_enter(struct checker *k)
{
    struct type_scope scope = {k->scope, k->undo_count, k->state};
    k->scope++;
    return scope;
}

void type_env_leave(struct checker *k, struct type_scope scope)
{
    while (k->undo_count > scope.undo_count) {
        const struct type_undo *u = &k->undo[--k->undo_count];
        k->vars[u->var->id] = u->was;
    }
    k->scope = scope.scope;
    k->state = scope.state;
}

const struct type_binding *type_env_var(const struct checker *k, const struct atom *a)
{
    const struct type_binding *b = a->id < k->var_cap ? &k->vars[a->id] : NULL;
    return b != NULL && b->scope > 0 ? b : NULL;
}

/* Atoms may come later: those of the query. */
static bool make_room(struct checker *k, const struct atom *a)
{
    size_t had = k->var_cap;
    if (a->id < had)
        return true;
    if (!arena_grow(&k->s->c->arena, &k->vars, &k->var_cap, (size_t)a->id + 1, sizeof *k->vars))
        return false;
    memset(k->vars + had, 0, (k->var_cap - had) * sizeof *k->vars);
    return true;
}

void type_env_bind(struct checker *k, const struct atom *a, struct type *type)
{
    if (!make_room(k, a))
        return;
    struct type_binding *b = &k->vars[a->id];
    if (b->scope != k->scope) {
        if (!arena_grow(&k->s->c->arena, &k->undo, &k->undo_cap, k->undo_count + 1, sizeof *k->undo))
            return;
        k->undo[k->undo_count++] = (struct type_undo){a, *b};
    }
    *b = (struct type_binding){type, k->scope};
    k->state = ++k->states;
}

/* ---- trees ---- */

static uint32_t hash_node(const struct type_node *parent, const struct term *key)
{
    uint64_t h = key->kind <= TERM_STRING ? value_hash(key->scalar) : key->kind == TERM_VAR ? key->var->hash : key->kind;
    h = (h ^ (uint64_t)(uintptr_t)parent) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

static bool is_same_key(const struct term *a, const struct term *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    if (a->kind == TERM_STRING)
        return str_equal(value_text(a->scalar), value_text(b->scalar));
    return a->kind == TERM_VAR ? a->var == b->var : term_compare(a, b) == 0;
}

static struct type_node *find_node(const struct checker *k, const struct type_node *n, const struct term *key, uint32_t hash)
{
    if (k->nodes == NULL || n->children == NULL)
        return NULL;
    for (size_t at = hash & k->node_mask; k->nodes[at] != NULL; at = (at + 1) & k->node_mask) {
        struct type_node *found = k->nodes[at];
        if (found->hash == hash && found->parent == n && is_same_key(found->key, key))
            return found;
    }
    return NULL;
}

struct type_node *type_env_child(const struct checker *k, const struct type_node *n, const struct term *key)
{
    return n->children == NULL ? NULL : find_node(k, n, key, hash_node(n, key));
}

static bool grow_nodes(struct checker *k)
{
    size_t size = k->nodes == NULL ? 32 : 2 * (k->node_mask + 1);
    struct type_node **nodes = arena_zeroed(&k->s->c->arena, size, sizeof(struct type_node *));
    if (nodes == NULL)
        return false;
    for (size_t i = 0; k->nodes != NULL && i <= k->node_mask; i++) {
        if (k->nodes[i] == NULL)
            continue;
        size_t at = k->nodes[i]->hash & (size - 1);
        while (nodes[at] != NULL)
            at = (at + 1) & (size - 1);
        nodes[at] = k->nodes[i];
    }
    k->nodes = nodes;
    k->node_mask = size - 1;
    return true;
}

/* The child, made when it is not there. NULL: out of memory. */
static struct type_node *reach_child(struct checker *k, struct type_node *n, const struct term *key)
{
    uint32_t hash = hash_node(n, key);
    struct type_node *child = find_node(k, n, key, hash);
    if (child != NULL)
        return child;
    if ((k->nodes == NULL || k->node_count >= k->node_mask / 2) && !grow_nodes(k))
        return NULL;
    child = arena_alloc(&k->s->c->arena, sizeof *child);
    if (child == NULL)
        return NULL;
    *child = (struct type_node){.parent = n, .key = key, .hash = hash, .next = n->children};
    n->children = child;
    size_t at = hash & k->node_mask;
    while (k->nodes[at] != NULL)
        at = (at + 1) & k->node_mask;
    k->nodes[at] = child;
    k->node_count++;
    return child;
}

void type_env_put(struct checker *k, struct type_node *root, const struct terms *path, size_t count, struct type *type)
{
    struct type_node *n = root;
    for (size_t i = 0; n != NULL && i < count; i++)
        n = reach_child(k, n, path->items[i]);
    if (n != NULL)
        n->type = type;
}

struct type *type_env_extent(struct checker *k, const struct type_node *n)
{
    struct types *ts = &k->types;
    if (n->type != NULL)
        return n->type;
    size_t count = 0;
    for (const struct type_node *child = n->children; child != NULL; child = child->next)
        count++;
    struct type_property *properties = arena_array(&k->s->scratch, count, sizeof *properties);
    if (properties == NULL)
        return &ts->any;
    count = 0;
    for (const struct type_node *child = n->children; child != NULL; child = child->next)
        if (child->key->kind == TERM_STRING || child->key->kind == TERM_NUMBER || child->key->kind == TERM_BOOL)
            properties[count++] = (struct type_property){child->key->scalar, type_env_extent(k, child)};
    return types_object(ts, properties, count, true, &ts->string, &ts->any);
}

/* ---- merging ---- */

static bool is_dynamic_object(const struct type *t)
{
    return t->kind == TYPE_OBJECT && t->count == 0;
}

static struct type *merge(struct checker *k, struct type *a, struct type *b);

/* The first object of the union without properties of their own takes in the object's. NULL: there is none. */
static struct type *merge_into_union(struct types *ts, const struct type *any, const struct type *object)
{
    for (size_t i = 0; i < any->count; i++) {
        const struct type *member = any->items[i];
        if (!is_dynamic_object(member) || !member->has_dynamic)
            continue;
        struct type **items = arena_array(ts->arena, any->count, sizeof *items);
        if (items == NULL)
            return &ts->any;
        memcpy(items, any->items, any->count * sizeof *items);
        items[i] = types_object(ts, NULL, 0, true, types_or(ts, member->key, object->key),
                                types_or(ts, member->value, object->value));
        return types_any(ts, items, any->count);
    }
    return NULL;
}

static struct type *merge_objects(struct checker *k, struct type *a, struct type *b)
{
    if (!a->has_dynamic || !b->has_dynamic)
        return a->has_dynamic ? a : b; /* the other is the empty object */
    struct types *ts = &k->types;
    return types_object(ts, NULL, 0, true, types_or(ts, a->key, b->key), merge(k, a->value, b->value));
}

static struct type *merge(struct checker *k, struct type *a, struct type *b)
{
    struct types *ts = &k->types;
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    a = types_unrolled(a);
    b = types_unrolled(b);
    if (a->kind == TYPE_ANY && b->kind != TYPE_ANY)
        return merge(k, b, a);
    if (is_dynamic_object(a) && is_dynamic_object(b))
        return merge_objects(k, a, b);
    if (a->kind == TYPE_SET && b->kind == TYPE_SET)
        return types_set(ts, types_or(ts, a->value, b->value));
    struct type *merged = NULL;
    if (is_dynamic_object(a) && a->has_dynamic && b->kind == TYPE_ANY)
        merged = merge_into_union(ts, b, a);
    return merged != NULL ? merged : types_or(ts, a, b);
}

/* What a path of keys below an object adds to its other properties. */
static struct type *add_path(struct checker *k, const struct type *o, const struct term *const *path, size_t count,
                             struct type *type)
{
    struct types *ts = &k->types;
    struct type *key = type_env_term(k, path[0]);
    if (count > 1)
        type = add_path(k, types_object(ts, NULL, 0, false, NULL, NULL), path + 1, count - 1, type);
    if (o->has_dynamic) {
        key = types_or(ts, o->key, key);
        type = types_or(ts, o->value, type);
    }
    return types_object(ts, o->properties, o->count, true, key, type);
}

enum { MAX_PATH = 64 };

static void add_leaves(struct checker *k, struct type **object, const struct type_node *n, const struct term **path, size_t depth)
{
    if (depth >= MAX_PATH)
        return;
    path[depth] = n->key;
    if (n->type != NULL) {
        const struct type *o = types_unrolled(*object);
        if (o->kind == TYPE_OBJECT)
            *object = add_path(k, o, path, depth + 1, n->type);
        return;
    }
    for (const struct type_node *child = n->children; child != NULL; child = child->next)
        add_leaves(k, object, child, path, depth + 1);
}

void type_env_insert(struct checker *k, struct type_node *root, const struct terms *path, size_t count, struct type *type)
{
    struct type_node *n = root;
    for (size_t i = 0; i < count; i++) {
        n = reach_child(k, n, path->items[i]);
        if (n == NULL)
            return;
        const struct type *object = i + 1 < count ? types_unrolled(n->type) : NULL;
        if (object != NULL && object->kind == TYPE_OBJECT && count - i - 1 <= MAX_PATH)
            n->type = add_path(k, object, (const struct term *const *)path->items + i + 1, count - i - 1, type);
    }
    n->type = merge(k, n->type, type);
    const struct type *inserted = types_unrolled(type);
    if (inserted == NULL || inserted->kind != TYPE_OBJECT)
        return;
    const struct term *below[MAX_PATH];
    for (const struct type_node *child = n->children; child != NULL; child = child->next)
        add_leaves(k, &n->type, child, below, 0);
}

/* ---- constants as keys ---- */

static struct value key_of_list(struct checker *k, const struct term *t)
{
    struct value *items = arena_array(&k->s->c->arena, t->list.count, sizeof *items);
    if (items == NULL)
        return value_undefined();
    for (size_t i = 0; i < t->list.count; i++)
        if ((items[i] = type_env_key(k, t->list.items[i])).kind == VALUE_UNDEFINED)
            return value_undefined();
    return value_array(items, t->list.count);
}

/* Names that are no strings become their JSON text; only scalars are worth it. */
static struct value key_of_object(struct checker *k, const struct term *t)
{
    struct arena *a = &k->s->c->arena;
    struct object *o = object_new(a, t->list.count / 2);
    for (size_t i = 0; o != NULL && i + 1 < t->list.count; i += 2) {
        struct value name = type_env_key(k, t->list.items[i]), value = type_env_key(k, t->list.items[i + 1]);
        if (name.kind != VALUE_STRING && name.kind != VALUE_UNDEFINED) {
            struct buf b;
            buf_init(&b, a);
            value_write_rego(&b, name);
            name = b.failed ? value_undefined() : value_str(buf_view(&b));
        }
        if (name.kind == VALUE_UNDEFINED || value.kind == VALUE_UNDEFINED || object_put(a, o, name, value) < 0)
            return value_undefined();
    }
    return o != NULL ? value_object(o) : value_undefined();
}

struct value type_env_key(struct checker *k, const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        return t->scalar;
    case TERM_ARRAY:
    case TERM_SET:
        return key_of_list(k, t);
    case TERM_OBJECT:
        return key_of_object(k, t);
    default:
        return value_undefined();
    }
}

struct type *type_env_select(struct checker *k, struct type *t, const struct term *part)
{
    struct value key = type_env_key(k, part);
    return key.kind != VALUE_UNDEFINED ? types_select(&k->types, t, key) : NULL;
}

/* ---- references ---- */

static struct type *select_ref(struct checker *k, struct type *t, const struct terms *ref, size_t i, size_t count)
{
    for (; t != NULL && i < count; i++) {
        const struct term *part = ref->items[i];
        if (part->kind < TERM_VAR || part->kind > TERM_SET)
            t = type_env_select(k, t, part);
        else if (types_is_empty_collection(t))
            return &k->types.any; /* nothing comes of it, so nothing is known of that */
        else
            t = types_values(&k->types, t);
    }
    return t;
}

static struct type *not_in_layers(struct checker *k, const struct terms *ref, size_t count)
{
    const struct term *head = ref->items[0];
    if (head->kind == TERM_VAR && pass_is_reserved(k->s, head->var))
        return &k->types.any;
    struct term whole = {.kind = TERM_REF, .list = {ref->items, count, count}};
    const struct builtin *b = head->kind == TERM_VAR ? pass_builtin(k->s, &whole) : NULL;
    return b != NULL ? type_env_builtin(k, b) : NULL;
}

static struct type *ref_in_layer(struct checker *k, const struct type_layer *layer, const struct type_node *n,
                                 const struct terms *ref, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct type_node *child;
        if (n->type != NULL) {
            child = type_env_child(k, n, ref->items[i]);
            if (child == NULL)
                return select_ref(k, n->type, ref, i, count);
        } else if (!term_is_constant(ref->items[i])) {
            return select_ref(k, type_env_extent(k, n), ref, i, count);
        } else {
            child = type_env_child(k, n, ref->items[i]);
            if (child == NULL)
                return type_env_ref_from(k, layer->next, ref, count);
        }
        n = child;
    }
    return type_env_extent(k, n);
}

struct type *type_env_ref_from(struct checker *k, struct type_layer *layer, const struct terms *ref, size_t count)
{
    for (; layer != NULL; layer = layer->next) {
        const struct type_node *n = type_env_child(k, layer->root, ref->items[0]);
        if (n != NULL)
            return ref_in_layer(k, layer, n, ref, count);
    }
    return not_in_layers(k, ref, count);
}

struct type *type_env_ref(struct checker *k, const struct terms *ref)
{
    const struct term *head = ref->items[0];
    const struct type_binding *b = head->kind == TERM_VAR ? type_env_var(k, head->var) : NULL;
    if (b == NULL)
        return type_env_ref_from(k, k->layer, ref, ref->count);
    if (b->type != NULL)
        return select_ref(k, b->type, ref, 1, ref->count);
    if (ref->count > 1 && term_is_constant(ref->items[1]))
        return NULL;
    struct type *open = types_object(&k->types, NULL, 0, true, &k->types.string, &k->types.any);
    return select_ref(k, open, ref, 1, ref->count);
}

/* ---- terms ---- */

struct type *type_env_builtin(struct checker *k, const struct builtin *b)
{
    struct type **at = &k->builtins[b - k->s->c->builtins];
    if (*at == NULL) {
        *at = types_parse(&k->types, str_cstr(b->type));
        if (*at == NULL)
            *at = &k->types.any; /* a host's function without a type that we know */
    }
    return *at;
}

static struct type *type_of_list(struct checker *k, const struct term *t)
{
    struct type *few[32], **items = few;
    size_t count = t->list.count;
    if (count > COUNT_OF(few) && (items = arena_array(&k->s->scratch, count, sizeof *items)) == NULL)
        return &k->types.any;
    for (size_t i = 0; i < count; i++)
        items[i] = type_env_term(k, t->list.items[i]);
    if (t->kind == TERM_ARRAY)
        return types_array(&k->types, items, count, NULL);
    return types_set(&k->types, types_or_all(&k->types, items, count));
}

static struct type *type_of_object(struct checker *k, const struct term *t)
{
    struct type_property few[32], *properties = few;
    struct type *key = NULL, *value = NULL;
    bool has_dynamic = false;
    size_t count = 0;
    if (t->list.count / 2 > COUNT_OF(few) &&
        (properties = arena_array(&k->s->scratch, t->list.count / 2, sizeof *properties)) == NULL)
        return &k->types.any;
    for (size_t i = 0; i + 1 < t->list.count; i += 2) {
        const struct term *name = t->list.items[i];
        if (term_is_constant(name)) {
            properties[count].key = type_env_key(k, name);
            properties[count++].type = type_env_term(k, t->list.items[i + 1]);
            continue;
        }
        has_dynamic = true; /* the last one counts */
        key = type_env_term(k, name);
        value = type_env_term(k, t->list.items[i + 1]);
    }
    return types_object(&k->types, properties, count, has_dynamic, key, value);
}

static struct type *type_of_var(struct checker *k, const struct atom *a)
{
    const struct type_binding *b = type_env_var(k, a);
    if (b != NULL)
        return b->type;
    const struct builtin *builtin = pass_builtin_of(k->s, a);
    return builtin != NULL ? type_env_builtin(k, builtin) : NULL;
}

struct type *type_env_term(struct checker *k, const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
        return &k->types.null;
    case TERM_BOOL:
        return &k->types.boolean;
    case TERM_NUMBER:
        return &k->types.number;
    case TERM_STRING:
    case TERM_TEMPLATE:
        return &k->types.string;
    case TERM_VAR:
        return type_of_var(k, t->var);
    case TERM_REF:
        return type_env_ref(k, &t->list);
    case TERM_ARRAY:
    case TERM_SET:
        return type_of_list(k, t);
    case TERM_OBJECT:
        return type_of_object(k, t);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return type_check_comprehension(k, t);
    default:
        return NULL; /* a call */
    }
}
