/* SPDX-License-Identifier: Apache-2.0
 *
 * Annotations as JSON.
 */
#include "lang/annotation.h"

struct writer {
    struct arena *arena;
    const struct compiler *c;
    struct ast_json_options options;
    bool failed;
};

static void put(struct writer *w, struct object *o, const char *key, struct value v)
{
    if (o == NULL || v.kind == VALUE_UNDEFINED || object_put(w->arena, o, value_str(str_cstr(key)), v) < 0)
        w->failed = true;
}

static void put_some(struct writer *w, struct object *o, const char *key, struct value v)
{
    bool is_empty = v.kind == VALUE_UNDEFINED || (v.kind == VALUE_STRING && v.len == 0) ||
                    (v.kind == VALUE_ARRAY && v.len == 0) || (v.kind == VALUE_OBJECT && v.object->count == 0);
    if (!is_empty)
        put(w, o, key, v);
}

static struct value ref_json(struct writer *w, const struct terms *ref, bool has_places)
{
    struct ast_json_options options = w->options;
    options.locations = options.locations && has_places;
    return ast_ref_json(w->arena, w->c, ref, options);
}

static void push(struct writer *w, struct array_builder *b, struct value v)
{
    if (v.kind == VALUE_UNDEFINED || !array_push(b, v))
        w->failed = true;
}

static struct value schemas_json(struct writer *w, const struct annotation *n)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < n->schema_count; i++) {
        const struct schema_annotation *s = &n->schemas[i];
        struct object *o = object_new(w->arena, 3);
        put(w, o, "path", ref_json(w, &s->path, false));
        if (s->schema.count != 0)
            put(w, o, "schema", ref_json(w, &s->schema, true));
        if (s->definition.kind != VALUE_UNDEFINED)
            put(w, o, "definition", s->definition);
        push(w, &b, o == NULL ? value_undefined() : value_object(o));
    }
    return array_value(&b);
}

static struct value compile_json(struct writer *w, const struct annotation *n)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < n->unknown_count; i++)
        push(w, &b, n->unknowns[i].count == 0 ? value_null() : ref_json(w, &n->unknowns[i], true));
    struct object *o = object_new(w->arena, 2);
    put_some(w, o, "unknowns", array_value(&b));
    if (n->mask_rule.count != 0)
        put(w, o, "mask_rule", ref_json(w, &n->mask_rule, true));
    return o == NULL ? value_undefined() : value_object(o);
}

/* The block's text is not a piece of the source: blanks are as they should be. */
static struct value place_json(struct writer *w, const struct annotation *n)
{
    struct value v = ast_loc_json(w->arena, w->c, n->loc, false);
    if (v.kind == VALUE_OBJECT)
        put(w, v.object, "text", ast_text_json(w->arena, n->text));
    return v;
}

struct value annotation_json(struct arena *a, const struct compiler *c, const struct annotation *n,
                             struct ast_json_options options)
{
    struct writer w = {.arena = a, .c = c, .options = options};
    struct object *o = object_new(a, 8);
    put(&w, o, "scope", value_str(n->scope));
    put_some(&w, o, "title", value_str(n->title));
    put_some(&w, o, "description", value_str(n->description));
    if (n->entrypoint)
        put(&w, o, "entrypoint", value_bool(true));
    put_some(&w, o, "organizations", n->organizations);
    put_some(&w, o, "related_resources", n->related_resources);
    put_some(&w, o, "authors", n->authors);
    put_some(&w, o, "schemas", schemas_json(&w, n));
    if (n->has_compile)
        put(&w, o, "compile", compile_json(&w, n));
    put_some(&w, o, "custom", n->custom);
    put_some(&w, o, "labels", n->labels);
    if (options.locations)
        put(&w, o, "location", place_json(&w, n));
    return w.failed || o == NULL ? value_undefined() : value_object(o);
}
