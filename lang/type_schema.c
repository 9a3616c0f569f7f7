/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON schemas as types (v1/ast/compile.go, schemaParser), and what annotations with schemas say for a rule.
 *
 * A schema is compiled as json.match_schema does it; then each node of it becomes a type. What the checker cannot express
 * (formats, bounds, oneOf, not ...) is any.
 */
#include "lang/type_check.h"

#include "stdlib/schema.h"
#include "vm/limits.h"

/* Types of named schemas, once found. */
struct schema_cache {
    const struct terms *name;
    struct type *type;
    struct schema_cache *next;
};

/* A schema that references lead to. */
struct definition {
    struct str ref;
    struct type *type, *recursive;
    bool open; /* its type is being made */
    struct definition *next;
};

struct schema_reader {
    struct checker *k;
    struct definition *definitions;
    const char *problem; /* NULL: none so far */
    uint32_t depth;
};

static struct type *read_schema(struct schema_reader *r, struct schema_node *n);

static bool has_type(const struct schema_node *n, const char *type)
{
    for (size_t i = 0; i < n->types.count; i++)
        if (str_equal(n->types.items[i], str_cstr(type)))
            return true;
    return false;
}

static bool is_typed(const struct schema_node *n)
{
    return n->types.count > 0;
}

static bool has_same_types(const struct schema_node *a, const struct schema_node *b)
{
    if (a->types.count != b->types.count)
        return false;
    for (size_t i = 0; i < a->types.count; i++)
        if (!str_equal(a->types.items[i], b->types.items[i]))
            return false;
    return true;
}

static bool add_type(struct schema_reader *r, struct schema_node *n, const char *type)
{
    struct arena *a = &r->k->s->c->arena;
    if (!arena_grow(a, &n->types.items, &n->types.cap, n->types.count + 1, sizeof *n->types.items))
        return false;
    n->types.items[n->types.count++] = str_cstr(type);
    return true;
}

static struct type *fail(struct schema_reader *r, const char *problem)
{
    if (r->problem == NULL)
        r->problem = problem;
    return NULL;
}

/* ---- allOf ---- */

static bool type_by_children(struct schema_reader *r, struct schema_node *n)
{
    if (n->properties.count > 0)
        return has_type(n, "object") || add_type(r, n, "object");
    return n->items.count == 0 || has_type(n, "array") || add_type(r, n, "array");
}

static bool push_node(struct schema_reader *r, struct schema_list *list, struct schema_node *n)
{
    if (!arena_grow(&r->k->s->c->arena, &list->items, &list->cap, list->count + 1, sizeof(struct schema_node *)))
        return false;
    list->items[list->count++] = n;
    return true;
}

static bool merge_items(struct schema_reader *r, struct schema_node *into, const struct schema_node *from)
{
    for (size_t i = 0; i < from->items.count; i++) {
        if (i >= into->items.count && !push_node(r, &into->items, from->items.items[i]))
            return false;
        if (!has_same_types(into->items.items[i], from->items.items[i])) {
            (void)fail(r, "unable to merge these schemas");
            return false;
        }
    }
    return true;
}

static void write_types(struct buf *b, const struct schema_node *n)
{
    if (n->types.count == 0)
        buf_cstr(b, "undefined");
    if (n->types.count > 1)
        buf_char(b, '[');
    for (size_t i = 0; i < n->types.count; i++) {
        buf_cstr(b, i > 0 ? "," : "");
        buf_str(b, n->types.items[i]);
    }
    if (n->types.count > 1)
        buf_char(b, ']');
}

static struct schema_node *fail_types(struct schema_reader *r, const struct schema_node *a, const struct schema_node *b)
{
    struct buf text;
    buf_init(&text, &r->k->s->c->arena);
    buf_cstr(&text, "unable to merge these schemas: type mismatch: ");
    write_types(&text, a);
    buf_cstr(&text, " and ");
    write_types(&text, b);
    buf_char(&text, '\0');
    (void)fail(r, text.failed ? "unable to merge these schemas" : text.p);
    return NULL;
}

/* Merges into the first. NULL: they do not go together. */
static struct schema_node *merge_schemas(struct schema_reader *r, struct schema_node **list, size_t count)
{
    struct schema_node *into = list[0];
    for (size_t i = 0; i < count; i++)
        if (!type_by_children(r, list[i]))
            return NULL;
    for (size_t i = 1; i < count; i++) {
        struct schema_node *from = list[i];
        if (!has_same_types(into, from))
            return fail_types(r, into, from);
        if (has_type(into, "object") && into->properties.count > 0 && from->properties.count > 0) {
            for (size_t p = 0, had = from->properties.count; p < had; p++)
                if (!push_node(r, &into->properties, from->properties.items[p]))
                    return NULL;
        } else if (has_type(into, "array") && into->items.count > 0 && from->items.count > 0 && !merge_items(r, into, from)) {
            return NULL;
        }
    }
    return into;
}

static struct type *read_all_of(struct schema_reader *r, struct schema_node *n)
{
    struct schema_node **list = arena_array(&r->k->s->c->arena, n->all_of.count, sizeof *list);
    size_t count = 0;
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i < n->all_of.count; i++) {
        struct schema_node *one = n->all_of.items[i];
        for (size_t steps = 0; one->target != NULL && steps < SCHEMA_MAX_DEPTH; steps++)
            one = one->target;
        bool only_wraps = !is_typed(one) && one->any_of.count > 0 && one->properties.count == 0 && one->items.count == 0;
        if (!only_wraps)
            list[count++] = one;
    }
    if (count == 0)
        return &r->k->types.any;
    struct schema_node *merged = merge_schemas(r, list, count);
    if (merged == NULL)
        return NULL;
    if (!is_typed(n))
        return read_schema(r, merged);
    if ((has_type(n, "object") && has_type(merged, "object")) || (has_type(n, "array") && has_type(merged, "array"))) {
        merged = merge_schemas(r, (struct schema_node *[]){merged, n}, 2);
        return merged != NULL ? read_schema(r, merged) : NULL;
    }
    return has_same_types(n, merged) ? read_schema(r, merged) : fail(r, "unable to merge these schemas");
}

/* ---- anyOf ---- */

static struct type *read_any_of(struct schema_reader *r, struct schema_node *n)
{
    struct types *ts = &r->k->types;
    struct type *either = NULL;
    if (is_typed(n)) {
        struct schema_node core = *n;
        core.any_of.count = 0;
        struct type *t = read_schema(r, &core);
        if (r->problem != NULL)
            return NULL;
        if (t != NULL && t->kind == TYPE_OBJECT && t->count > 0 && !t->has_dynamic)
            either = t;
    }
    for (size_t i = 0; i < n->any_of.count; i++) {
        struct type *t = read_schema(r, n->any_of.items[i]);
        if (r->problem != NULL)
            return NULL;
        either = types_or(ts, t, either);
    }
    return either;
}

/* ---- types ---- */

static struct type *read_object(struct schema_reader *r, const struct schema_node *n)
{
    struct types *ts = &r->k->types;
    size_t count = n->properties.count;
    if (count == 0)
        return types_object(ts, NULL, 0, true, &ts->any, &ts->any);
    struct type_property *properties = arena_array(ts->arena, count, sizeof *properties);
    if (properties == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct schema_node *child = n->properties.items[i];
        properties[i] = (struct type_property){value_str(child->property), read_schema(r, child)};
        if (r->problem != NULL)
            return NULL;
    }
    return types_object(ts, properties, count, false, NULL, NULL);
}

static struct type *read_array(struct schema_reader *r, const struct schema_node *n)
{
    struct types *ts = &r->k->types;
    size_t count = n->items.count;
    if (count == 0)
        return types_array(ts, NULL, 0, &ts->any);
    if (n->single_item)
        return types_array(ts, NULL, 0, read_schema(r, n->items.items[0]));
    struct type **items = arena_array(ts->arena, count, sizeof *items);
    if (items == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        items[i] = read_schema(r, n->items.items[i]);
    return types_array(ts, items, count, NULL);
}

static struct type *read_plain(struct schema_reader *r, struct schema_node *n)
{
    struct types *ts = &r->k->types;
    if (n->any_of.count > 0)
        return read_any_of(r, n);
    if (n->all_of.count > 0)
        return read_all_of(r, n);
    if (!is_typed(n) && !type_by_children(r, n))
        return NULL;
    if (has_type(n, "boolean"))
        return &ts->boolean;
    if (has_type(n, "string"))
        return &ts->string;
    if (has_type(n, "integer") || has_type(n, "number"))
        return &ts->number;
    if (has_type(n, "object"))
        return read_object(r, n);
    return has_type(n, "array") ? read_array(r, n) : &ts->any;
}

/* A schema that is referred to is read once; within itself it is a recursion. */
static struct type *read_definition(struct schema_reader *r, struct schema_node *n)
{
    struct types *ts = &r->k->types;
    struct definition *d = r->definitions;
    while (d != NULL && !str_equal(d->ref, n->ref))
        d = d->next;
    if (d != NULL && !d->open)
        return d->type;
    if (d != NULL) {
        if (d->recursive == NULL)
            d->recursive = types_recursive(ts, n->ref);
        return d->recursive;
    }
    d = arena_zeroed(ts->arena, 1, sizeof *d);
    if (d == NULL)
        return NULL;
    *d = (struct definition){.ref = n->ref, .open = true, .next = r->definitions};
    r->definitions = d;
    d->type = n->target->target != NULL ? read_definition(r, n->target) : read_plain(r, n->target);
    d->open = false;
    if (d->recursive != NULL && d->recursive->kind == TYPE_RECURSIVE)
        d->recursive->value = types_unrolled(d->type);
    return d->type;
}

static struct type *read_schema(struct schema_reader *r, struct schema_node *n)
{
    if (r->problem != NULL || r->depth >= SCHEMA_MAX_DEPTH)
        return r->problem != NULL ? NULL : &r->k->types.any;
    r->depth++;
    struct type *t = n->target != NULL ? read_definition(r, n) : read_plain(r, n);
    r->depth--;
    return t;
}

/* The type of a schema. NULL: an error was added at loc, or memory ran out. */
static struct type *load_schema(struct checker *k, struct value schema, struct loc loc)
{
    struct arena *a = &k->s->c->arena;
    uint64_t fuel = UINT64_C(100000000);
    struct err err = {.code = ERR_OK};
    struct builtin def = {.name = "schema", .infix = "", .type = ""};
    struct bi_ctx ctx = {.arena = a, .def = &def, .err = &err, .fuel = &fuel, .limits = &k->s->c->limits};
    struct schema_compiler compiler = {.ctx = &ctx};
    struct schema_node *root = NULL;
    int status = schema_parse(&compiler, value_copy(a, schema), &root); /* it is changed */
    if (status == BI_ERROR) {
        struct str text = arena_printf(a, "unable to compile the schema: %.*s", (int)compiler.problem.len, compiler.problem.p);
        type_error_text(k, loc, text.p != NULL ? text : STR(""));
    } else if (status != BI_OK) {
        type_error_text(k, loc, str_cstr(err.text));
    }
    if (status != BI_OK)
        return NULL;
    struct schema_reader r = {.k = k};
    struct type *t = read_schema(&r, root);
    if (r.problem == NULL)
        return t;
    struct str text = arena_printf(a, "type checking: %s", r.problem);
    type_error_text(k, loc, text.p != NULL ? text : STR(""));
    return NULL;
}

/* ---- schemas by name ---- */

/* Options have them by the path below "schema", parts separated by slashes. */
static const struct value *find_schema(struct checker *k, const struct terms *name)
{
    struct value schemas = k->s->c->options.schemas;
    struct buf path;
    if (schemas.kind != VALUE_OBJECT)
        return NULL;
    buf_init(&path, &k->s->c->arena);
    for (size_t i = 1; i < name->count; i++) {
        buf_cstr(&path, i > 1 ? "/" : "");
        if (name->items[i]->kind == TERM_STRING)
            buf_str(&path, value_text(name->items[i]->scalar));
    }
    return object_find_str(schemas.object, path.len > 0 ? buf_view(&path) : STR(""));
}

bool type_schema_input(struct checker *k, struct type **ret)
{
    struct value schemas = k->s->c->options.schemas;
    const struct value *root = schemas.kind == VALUE_OBJECT ? object_find_str(schemas.object, STR("")) : NULL;
    *ret = NULL;
    if (root == NULL)
        return true;
    *ret = load_schema(k, *root, (struct loc){0});
    return *ret != NULL;
}

static struct type *load_named(struct checker *k, const struct terms *name, struct loc loc)
{
    struct arena *a = &k->s->c->arena;
    struct schema_cache *found = k->schemas;
    const struct term whole = {.kind = TERM_REF, .list = *name};
    for (; found != NULL; found = found->next) {
        const struct term other = {.kind = TERM_REF, .list = *found->name};
        if (term_compare(&whole, &other) == 0)
            return found->type;
    }
    if (k->s->c->options.schemas.kind != VALUE_OBJECT)
        return NULL;
    const struct value *schema = find_schema(k, name);
    if (schema == NULL) {
        struct str ref = pass_ref_text(k->s, name), text = arena_printf(a, "undefined schema: %.*s", (int)ref.len, ref.p);
        type_error_text(k, loc, text.p != NULL ? text : STR(""));
        return NULL;
    }
    struct type *t = load_schema(k, *schema, loc);
    found = t != NULL ? arena_alloc(a, sizeof *found) : NULL;
    if (found != NULL) {
        *found = (struct schema_cache){name, t, k->schemas};
        k->schemas = found;
    }
    return t;
}

struct type *type_schema_of(struct checker *k, const struct schema_annotation *n, struct loc loc)
{
    if (n->schema.count > 0)
        return load_named(k, &n->schema, loc);
    if (n->definition.kind != VALUE_UNDEFINED)
        return load_schema(k, n->definition, loc);
    type_error_text(k, loc, STR("no schema as input to compile"));
    return NULL;
}

/* ---- annotations of a rule ---- */

/* An object with type at the end of a path. */
static struct type *nest(struct checker *k, struct term *const *path, size_t count, struct type *type, const struct type *dynamic)
{
    struct type_property property = {type_env_key(k, path[0]), type};
    if (property.key.kind == VALUE_UNDEFINED)
        property.key = value_null();
    if (count > 1)
        property.type = nest(k, path + 1, count - 1, type, dynamic);
    return types_object(&k->types, &property, 1, dynamic->has_dynamic, dynamic->key, dynamic->value);
}

/* t with another type at a path. */
static struct type *override(struct checker *k, struct term *const *path, size_t count, struct type *t, struct type *type)
{
    struct types *ts = &k->types;
    t = types_unrolled(t);
    if (t == NULL || t->kind != TYPE_OBJECT)
        return nest(k, path, count, type, types_object(ts, NULL, 0, true, &ts->any, &ts->any));
    struct type_property *properties = arena_array(ts->arena, (size_t)t->count + 1, sizeof *properties);
    struct value key = type_env_key(k, path[0]);
    size_t total = t->count;
    bool found = false;
    if (properties == NULL)
        return t;
    for (size_t i = 0; i < t->count; i++) {
        properties[i] = t->properties[i];
        if (types_compare_keys(t->properties[i].key, key) != 0)
            continue;
        found = true;
        properties[i].type = count == 1 ? type : override(k, path + 1, count - 1, properties[i].type, type);
    }
    if (!found) {
        const struct type *added = nest(k, path, count, type, t);
        if (added->kind == TYPE_OBJECT)
            properties[total++] = added->properties[0];
    }
    return types_object(ts, properties, total, t->has_dynamic, t->key, t->value);
}

/* The shortest prefix of the path that has a type. 0: none. */
static size_t find_prefix(struct checker *k, const struct terms *path, struct type **ret)
{
    *ret = NULL;
    if (path->count == 1 && (*ret = type_env_ref_from(k, k->layer, path, 1)) != NULL)
        return 1;
    for (size_t i = 1; i < path->count; i++)
        if ((*ret = type_env_ref_from(k, k->layer, path, i)) != NULL)
            return i;
    return 0;
}

static void apply_schema(struct checker *k, struct type_layer **own, const struct schema_annotation *n, struct loc loc)
{
    struct arena *a = &k->s->c->arena;
    struct type *type = type_schema_of(k, n, loc), *found;
    if (type == NULL || n->path.count == 0)
        return;
    if (*own == NULL) {
        *own = arena_zeroed(a, 1, sizeof **own);
        struct type_node *root = arena_zeroed(a, 1, sizeof *root);
        if (*own == NULL || root == NULL)
            return;
        **own = (struct type_layer){root, k->layer};
        k->layer = *own;
    }
    size_t prefix = find_prefix(k, &n->path, &found);
    if (prefix == 0 || prefix == n->path.count)
        type_env_put(k, (*own)->root, &n->path, n->path.count, type);
    else
        type_env_put(k, (*own)->root, &n->path, prefix, override(k, n->path.items + prefix, n->path.count - prefix, found, type));
}

static void apply_annotation(struct checker *k, struct type_layer **own, const struct annotation *n, const struct rule *r)
{
    for (size_t i = 0; n != NULL && i < n->schema_count; i++)
        apply_schema(k, own, &n->schemas[i], r->loc);
}

/* Packages around first, from the outermost. */
static void apply_packages(struct checker *k, struct type_layer **own, const struct rule_node *n, const struct rule *r)
{
    if (n == NULL)
        return;
    apply_packages(k, own, n->parent, r);
    apply_annotation(k, own, k->s->annotations->by_path[n->id], r);
}

void type_schema_enter(struct checker *k, const struct rule *r)
{
    struct passes *s = k->s;
    const struct annotations *all = s->annotations;
    struct type_layer *own = NULL;
    if (all == NULL)
        return;
    const struct rule_node *package = rule_node_find(s->c->rule_tree, &r->module->package);
    apply_packages(k, &own, package, r);
    if (package != NULL)
        apply_annotation(k, &own, all->by_package[package->id], r);
    struct terms ref = pass_rule_ref(s, r);
    if (ref.items == NULL)
        return;
    ref.count = ref_ground_prefix(&ref);
    const struct rule_node *document = rule_node_find(s->c->rule_tree, &ref);
    if (document != NULL)
        apply_annotation(k, &own, all->by_path[document->id], r);
    for (size_t i = 0; i < r->module->annotation_count; i++) {
        const struct annotation *n = r->module->annotations[i];
        if (n->target == ANNOTATED_RULE && n->rule == r && str_equal(n->scope, STR("rule")))
            apply_annotation(k, &own, n, r);
    }
}
