/* SPDX-License-Identifier: Apache-2.0
 *
 * The documents that references lead to: the schema itself, its parts that have an id, and the meta-schemas. Nothing is loaded
 * from elsewhere.
 */
#include "stdlib/schema.h"
#include "vm/json.h"

static const struct {
    const char *url;
    enum schema_draft draft;
} drafts[] = {
    {"http://json-schema.org/draft-04/schema", DRAFT_4},
    {"http://json-schema.org/draft-06/schema", DRAFT_6},
    {"http://json-schema.org/draft-07/schema", DRAFT_7},
};

int schema_pool_draft(struct schema_compiler *c, struct value document, enum schema_draft *ret)
{
    *ret = DRAFT_UNSET;
    if (document.kind == VALUE_BOOL)
        return BI_OK;
    if (document.kind != VALUE_OBJECT)
        return schema_refuse(c, STR("schema is invalid"));
    const struct value *url = object_find_str(document.object, STR("$schema"));
    if (url == NULL)
        return BI_OK;
    if (url->kind != VALUE_STRING)
        return schema_refuse(c, STR("$schema must be of type string"));
    struct schema_ref ref;
    int status = schema_ref_parse(c, value_text(*url), &ref);
    for (size_t i = 0; status == BI_OK && i < COUNT_OF(drafts); i++)
        if (str_equal(ref.text, str_cstr(drafts[i].url)))
            *ret = drafts[i].draft;
    return status;
}

static int put_document(struct schema_compiler *c, struct str ref, struct value document, enum schema_draft draft)
{
    struct arena *a = c->ctx->arena;
    if (!arena_grow(a, &c->documents, &c->document_cap, c->document_count + 1, sizeof *c->documents) ||
        object_put(a, c->pool, value_str(ref), value_int((int64_t)c->document_count)) < 0)
        return bi_nomem(c->ctx);
    c->documents[c->document_count++] = (struct schema_document){document, draft};
    return BI_OK;
}

static int refuse_duplicate(struct schema_compiler *c, struct str ref)
{
    return schema_refuse(c, arena_printf(c->ctx->arena, "Reference already exists: \"%.*s\"", (int)ref.len, ref.p));
}

/* A reference by text of v as seen from scope. *ret_found is false when v is none; that is no error here. */
static int read_ref(struct schema_compiler *c, const struct value *v, const struct schema_ref *scope, struct schema_ref *ret,
                    bool *ret_found)
{
    struct schema_ref own;
    *ret_found = false;
    if (v == NULL || v->kind != VALUE_STRING)
        return BI_OK;
    int status = schema_ref_parse(c, value_text(*v), &own);
    if (status == BI_OK)
        status = schema_ref_inherit(c, scope, &own, ret);
    *ret_found = status == BI_OK;
    return status == BI_ERROR ? BI_OK : status;
}

static int enter_value(struct schema_compiler *c, struct value v, const struct schema_ref *scope, enum schema_draft draft);

static bool is_map_of_schemas(struct str keyword)
{
    return str_equal(keyword, STR("properties")) || str_equal(keyword, STR("dependencies")) ||
           str_equal(keyword, STR("patternProperties"));
}

static int enter_members(struct schema_compiler *c, struct value v, const struct schema_ref *scope, enum schema_draft draft)
{
    const struct member *members = object_members(v.object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < v.object->count; i++)
        status = enter_value(c, members[i].value, scope, draft);
    return status;
}

static int enter_object(struct schema_compiler *c, struct value v, const struct schema_ref *outer, enum schema_draft draft)
{
    struct schema_ref scope = *outer, target;
    bool found;
    const struct value *id = object_find_str(v.object, STR("id"));
    if (id == NULL)
        id = object_find_str(v.object, STR("$id"));
    int status = read_ref(c, id, outer, &scope, &found);
    if (status == BI_OK && found)
        status = object_find_str(c->pool, scope.text) != NULL ? refuse_duplicate(c, scope.text)
                                                              : put_document(c, scope.text, v, draft);
    if (!found)
        scope = *outer;
    struct value *ref = object_find_str(v.object, STR("$ref"));
    if (status == BI_OK)
        status = read_ref(c, ref, &scope, &target, &found);
    if (status == BI_OK && found)
        *ref = value_str(target.text);
    const struct member *members = object_members(v.object);
    for (uint32_t i = 0; status == BI_OK && i < v.object->count; i++) {
        struct str keyword = value_text(members[i].key);
        if (str_equal(keyword, STR("const")) || str_equal(keyword, STR("enum")))
            continue; /* these hold values, not schemas */
        if (!is_map_of_schemas(keyword))
            status = enter_value(c, members[i].value, &scope, draft);
        else if (members[i].value.kind == VALUE_OBJECT)
            status = enter_members(c, members[i].value, &scope, draft);
    }
    return status;
}

static int enter_value(struct schema_compiler *c, struct value v, const struct schema_ref *scope, enum schema_draft draft)
{
    int status = bi_charge(c->ctx, 20);
    if (status != BI_OK || v.kind < VALUE_ARRAY)
        return status;
    if (c->depth == SCHEMA_MAX_DEPTH)
        return bi_halt(c->ctx, ERR_LIMIT_DEPTH, "schema nested too deep");
    c->depth++;
    if (v.kind == VALUE_OBJECT)
        status = enter_object(c, v, scope, draft);
    else
        for (uint32_t i = 0; status == BI_OK && i < v.len; i++)
            status = enter_value(c, v.items[i], scope, draft);
    c->depth--;
    return status;
}

int schema_pool_add(struct schema_compiler *c, struct value document, const struct schema_ref *ref)
{
    enum schema_draft draft;
    if (object_find_str(c->pool, ref->text) != NULL)
        return refuse_duplicate(c, ref->text);
    int status = schema_pool_draft(c, document, &draft);
    if (status == BI_OK)
        status = enter_value(c, document, ref, draft);
    return status == BI_OK ? put_document(c, ref->text, document, draft) : status;
}

static bool is_canonical(const struct schema_ref *ref)
{
    if (str_equal(ref->url.scheme, STR("file")))
        return ref->url.path.len != 0 && ref->url.path.p[0] == '/';
    return ref->url.scheme.len != 0 && ref->url.host.len != 0;
}

/* Enters the meta-schema of base; there is nothing else to load. */
static int load(struct schema_compiler *c, const struct schema_ref *base)
{
    struct str text = schema_meta_text(base->text);
    struct value document;
    struct json_options options = {.borrow = true};
    if (text.p == NULL)
        return schema_refuse(
            c, arena_printf(c->ctx->arena, "remote reference loading disabled: %.*s", (int)base->text.len, base->text.p));
    int status = bi_charge(c->ctx, text.len);
    if (status != BI_OK)
        return status;
    if (json_parse(c->ctx->arena, text, &options, &document, NULL) != 0)
        return bi_nomem(c->ctx); /* the text is ours: only memory can be short */
    return schema_pool_add(c, document, base);
}

int schema_pool_get(struct schema_compiler *c, const struct schema_ref *ref, struct schema_document *ret)
{
    const struct value *place = object_find_str(c->pool, ref->text);
    if (place != NULL) {
        *ret = c->documents[place->i];
        return BI_OK;
    }
    struct schema_ref base;
    int status = schema_ref_base(c, ref, &base);
    if (status != BI_OK)
        return status;
    place = object_find_str(c->pool, base.text);
    if (place == NULL && !is_canonical(ref))
        return schema_refuse(c, arena_printf(c->ctx->arena, "Reference %.*s must be canonical", (int)ref->text.len, ref->text.p));
    if (place == NULL) {
        status = load(c, &base);
        if (status != BI_OK)
            return status;
        place = object_find_str(c->pool, base.text);
    }
    *ret = c->documents[place->i];
    status = schema_ref_follow(c, ref, ret->document, &ret->document);
    return status == BI_OK ? put_document(c, ref->text, ret->document, ret->draft) : status;
}
