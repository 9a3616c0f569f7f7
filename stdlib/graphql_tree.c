/* SPDX-License-Identifier: Apache-2.0
 *
 * GraphQL trees as values and back, by tables of their members.
 *
 * Written out, a tree has every member that is not null, an empty list or an empty object; empty strings and false stay. Read
 * in, members that nobody knows are ignored and missing ones are empty; positions are not part of it. Every element of a
 * selection set is read as a field: this is what the library OPA uses does.
 */
#include "stdlib/graphql.h"

enum member_kind { MEMBER_STRING, MEMBER_BOOL, MEMBER_INT, MEMBER_STRINGS, MEMBER_NODE, MEMBER_LIST, MEMBER_SELECTIONS };

struct shape;

struct tree_member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    const struct shape *shape; /* of nodes and elements */
};

struct shape {
    size_t bytes;
    const struct tree_member *members;
    size_t count;
    bool any_case; /* names are matched as encoding/json does, without regard to case */
};

#define MEMBER(type, name, kind, member, shape)                                                                                  \
    {                                                                                                                            \
        name, MEMBER_##kind, offsetof(struct type, member), shape                                                                \
    }
#define SHAPE(type, members, any_case)                                                                                           \
    {                                                                                                                            \
        sizeof(struct type), members, COUNT_OF(members), any_case                                                                \
    }

static const struct tree_member comment_members[] = {MEMBER(gql_comment, "Value", STRING, value, NULL)};
static const struct shape comment_shape = SHAPE(gql_comment, comment_members, true);

static const struct tree_member comments_members[] = {MEMBER(gql_comments, "List", LIST, list, &comment_shape)};
static const struct shape comments_shape = SHAPE(gql_comments, comments_members, true);

static const struct shape type_shape;
static const struct tree_member type_members[] = {
    MEMBER(gql_type, "NamedType", STRING, named, NULL),
    MEMBER(gql_type, "Elem", NODE, elem, &type_shape),
    MEMBER(gql_type, "NonNull", BOOL, non_null, NULL),
};
static const struct shape type_shape = SHAPE(gql_type, type_members, true);

static const struct shape value_shape;
static const struct tree_member child_members[] = {
    MEMBER(gql_child, "Name", STRING, name, NULL),
    MEMBER(gql_child, "Value", NODE, value, &value_shape),
    MEMBER(gql_child, "Comment", NODE, comment, &comments_shape),
};
static const struct shape child_shape = SHAPE(gql_child, child_members, true);

static const struct tree_member value_members[] = {
    MEMBER(gql_value, "Raw", STRING, raw, NULL),
    MEMBER(gql_value, "Children", LIST, children, &child_shape),
    MEMBER(gql_value, "Kind", INT, kind, NULL),
    MEMBER(gql_value, "Comment", NODE, comment, &comments_shape),
    MEMBER(gql_value, "ExpectedTypeHasDefault", BOOL, expected_has_default, NULL),
};
static const struct shape value_shape = SHAPE(gql_value, value_members, true);

static const struct tree_member argument_members[] = {
    MEMBER(gql_argument, "Name", STRING, name, NULL),
    MEMBER(gql_argument, "Value", NODE, value, &value_shape),
    MEMBER(gql_argument, "Comment", NODE, comment, &comments_shape),
};
static const struct shape argument_shape = SHAPE(gql_argument, argument_members, true);

static const struct tree_member directive_members[] = {
    MEMBER(gql_directive, "Name", STRING, name, NULL),
    MEMBER(gql_directive, "Arguments", LIST, arguments, &argument_shape),
    MEMBER(gql_directive, "Location", STRING, location, NULL),
};
static const struct shape directive_shape = SHAPE(gql_directive, directive_members, true);

static const struct tree_member field_members[] = {
    MEMBER(gql_selection, "Alias", STRING, alias, NULL),
    MEMBER(gql_selection, "Name", STRING, name, NULL),
    MEMBER(gql_selection, "Arguments", LIST, arguments, &argument_shape),
    MEMBER(gql_selection, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_selection, "SelectionSet", SELECTIONS, selections, NULL),
    MEMBER(gql_selection, "Comment", NODE, comment, &comments_shape),
};
static const struct tree_member spread_members[] = {
    MEMBER(gql_selection, "Name", STRING, name, NULL),
    MEMBER(gql_selection, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_selection, "Comment", NODE, comment, &comments_shape),
};
static const struct tree_member inline_members[] = {
    MEMBER(gql_selection, "TypeCondition", STRING, type_condition, NULL),
    MEMBER(gql_selection, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_selection, "SelectionSet", SELECTIONS, selections, NULL),
    MEMBER(gql_selection, "Comment", NODE, comment, &comments_shape),
};
static const struct shape selection_shapes[] = {
    [GQL_FIELD] = SHAPE(gql_selection, field_members, false),
    [GQL_SPREAD] = SHAPE(gql_selection, spread_members, true),
    [GQL_INLINE] = SHAPE(gql_selection, inline_members, false),
};

static const struct tree_member variable_members[] = {
    MEMBER(gql_variable, "Variable", STRING, name, NULL),
    MEMBER(gql_variable, "Type", NODE, type, &type_shape),
    MEMBER(gql_variable, "DefaultValue", NODE, default_value, &value_shape),
    MEMBER(gql_variable, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_variable, "Comment", NODE, comment, &comments_shape),
    MEMBER(gql_variable, "Used", BOOL, used, NULL),
};
static const struct shape variable_shape = SHAPE(gql_variable, variable_members, true);

static const struct tree_member operation_members[] = {
    MEMBER(gql_operation, "Operation", STRING, operation, NULL),
    MEMBER(gql_operation, "Name", STRING, name, NULL),
    MEMBER(gql_operation, "VariableDefinitions", LIST, variables, &variable_shape),
    MEMBER(gql_operation, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_operation, "SelectionSet", SELECTIONS, selections, NULL),
    MEMBER(gql_operation, "Comment", NODE, comment, &comments_shape),
};
static const struct shape operation_shape = SHAPE(gql_operation, operation_members, false);

static const struct tree_member fragment_members[] = {
    MEMBER(gql_fragment, "Name", STRING, name, NULL),
    MEMBER(gql_fragment, "VariableDefinition", LIST, variables, &variable_shape),
    MEMBER(gql_fragment, "TypeCondition", STRING, type_condition, NULL),
    MEMBER(gql_fragment, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_fragment, "SelectionSet", SELECTIONS, selections, NULL),
    MEMBER(gql_fragment, "Comment", NODE, comment, &comments_shape),
};
static const struct shape fragment_shape = SHAPE(gql_fragment, fragment_members, false);

static const struct tree_member query_members[] = {
    MEMBER(gql_query, "Operations", LIST, operations, &operation_shape),
    MEMBER(gql_query, "Fragments", LIST, fragments, &fragment_shape),
    MEMBER(gql_query, "Comment", NODE, comment, &comments_shape),
};
static const struct shape query_shape = SHAPE(gql_query, query_members, true);

static const struct shape field_definition_shape;
static const struct tree_member field_definition_members[] = {
    MEMBER(gql_field_definition, "Description", STRING, description, NULL),
    MEMBER(gql_field_definition, "Name", STRING, name, NULL),
    MEMBER(gql_field_definition, "Arguments", LIST, arguments, &field_definition_shape),
    MEMBER(gql_field_definition, "DefaultValue", NODE, default_value, &value_shape),
    MEMBER(gql_field_definition, "Type", NODE, type, &type_shape),
    MEMBER(gql_field_definition, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_field_definition, "BeforeDescriptionComment", NODE, comment_before, &comments_shape),
    MEMBER(gql_field_definition, "AfterDescriptionComment", NODE, comment_after, &comments_shape),
};
static const struct shape field_definition_shape = SHAPE(gql_field_definition, field_definition_members, true);

static const struct tree_member enum_value_members[] = {
    MEMBER(gql_enum_value, "Description", STRING, description, NULL),
    MEMBER(gql_enum_value, "Name", STRING, name, NULL),
    MEMBER(gql_enum_value, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_enum_value, "BeforeDescriptionComment", NODE, comment_before, &comments_shape),
    MEMBER(gql_enum_value, "AfterDescriptionComment", NODE, comment_after, &comments_shape),
};
static const struct shape enum_value_shape = SHAPE(gql_enum_value, enum_value_members, true);

static const struct tree_member definition_members[] = {
    MEMBER(gql_definition, "Kind", STRING, kind, NULL),
    MEMBER(gql_definition, "Description", STRING, description, NULL),
    MEMBER(gql_definition, "Name", STRING, name, NULL),
    MEMBER(gql_definition, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_definition, "Interfaces", STRINGS, interfaces, NULL),
    MEMBER(gql_definition, "Fields", LIST, fields, &field_definition_shape),
    MEMBER(gql_definition, "Types", STRINGS, types, NULL),
    MEMBER(gql_definition, "EnumValues", LIST, enum_values, &enum_value_shape),
    MEMBER(gql_definition, "BuiltIn", BOOL, built_in, NULL),
    MEMBER(gql_definition, "BeforeDescriptionComment", NODE, comment_before, &comments_shape),
    MEMBER(gql_definition, "AfterDescriptionComment", NODE, comment_after, &comments_shape),
    MEMBER(gql_definition, "EndOfDefinitionComment", NODE, comment_end, &comments_shape),
};
static const struct shape definition_shape = SHAPE(gql_definition, definition_members, true);

static const struct tree_member directive_definition_members[] = {
    MEMBER(gql_directive_definition, "Description", STRING, description, NULL),
    MEMBER(gql_directive_definition, "Name", STRING, name, NULL),
    MEMBER(gql_directive_definition, "Arguments", LIST, arguments, &field_definition_shape),
    MEMBER(gql_directive_definition, "Locations", STRINGS, locations, NULL),
    MEMBER(gql_directive_definition, "IsRepeatable", BOOL, repeatable, NULL),
    MEMBER(gql_directive_definition, "BeforeDescriptionComment", NODE, comment_before, &comments_shape),
    MEMBER(gql_directive_definition, "AfterDescriptionComment", NODE, comment_after, &comments_shape),
};
static const struct shape directive_definition_shape = SHAPE(gql_directive_definition, directive_definition_members, true);

static const struct tree_member operation_type_members[] = {
    MEMBER(gql_operation_type, "Operation", STRING, operation, NULL),
    MEMBER(gql_operation_type, "Type", STRING, type, NULL),
    MEMBER(gql_operation_type, "Comment", NODE, comment, &comments_shape),
};
static const struct shape operation_type_shape = SHAPE(gql_operation_type, operation_type_members, true);

static const struct tree_member schema_definition_members[] = {
    MEMBER(gql_schema_definition, "Description", STRING, description, NULL),
    MEMBER(gql_schema_definition, "Directives", LIST, directives, &directive_shape),
    MEMBER(gql_schema_definition, "OperationTypes", LIST, operation_types, &operation_type_shape),
    MEMBER(gql_schema_definition, "BeforeDescriptionComment", NODE, comment_before, &comments_shape),
    MEMBER(gql_schema_definition, "AfterDescriptionComment", NODE, comment_after, &comments_shape),
    MEMBER(gql_schema_definition, "EndOfDefinitionComment", NODE, comment_end, &comments_shape),
};
static const struct shape schema_definition_shape = SHAPE(gql_schema_definition, schema_definition_members, true);

static const struct tree_member schema_members[] = {
    MEMBER(gql_schema_document, "Schema", LIST, schema, &schema_definition_shape),
    MEMBER(gql_schema_document, "SchemaExtension", LIST, schema_extensions, &schema_definition_shape),
    MEMBER(gql_schema_document, "Directives", LIST, directives, &directive_definition_shape),
    MEMBER(gql_schema_document, "Definitions", LIST, definitions, &definition_shape),
    MEMBER(gql_schema_document, "Extensions", LIST, extensions, &definition_shape),
    MEMBER(gql_schema_document, "Comment", NODE, comment, &comments_shape),
};
static const struct shape schema_shape = SHAPE(gql_schema_document, schema_members, true);

/* ---- writing ---- */

static int write_node(struct bi_ctx *ctx, const void *node, const struct shape *shape, struct value *ret);

static bool is_empty(struct value v)
{
    return v.kind == VALUE_NULL || (v.kind == VALUE_ARRAY && v.len == 0) || (v.kind == VALUE_OBJECT && v.object->count == 0);
}

static int write_list(struct bi_ctx *ctx, const struct gql_list *list, const struct shape *shape, struct value *ret)
{
    struct array_builder b;
    array_init(&b, ctx->arena);
    for (size_t i = 0; i < list->count; i++) {
        const struct gql_selection *selection = list->items[i];
        struct value v;
        int status = write_node(ctx, list->items[i], shape != NULL ? shape : &selection_shapes[selection->kind], &v);
        if (status != BI_OK)
            return status;
        if (!is_empty(v) && !array_push(&b, v))
            return bi_nomem(ctx);
    }
    *ret = array_value(&b);
    return BI_OK;
}

static int write_strings(struct bi_ctx *ctx, const struct gql_strings *list, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, list->count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < list->count; i++)
        items[i] = value_str(list->items[i]);
    *ret = value_array(items, list->count);
    return BI_OK;
}

static int write_member(struct bi_ctx *ctx, const char *at, const struct tree_member *m, struct value *ret)
{
    switch (m->kind) {
    case MEMBER_STRING: {
        struct str s = *(const struct str *)(const void *)at;
        *ret = value_str(s.p != NULL ? s : STR(""));
        return BI_OK;
    }
    case MEMBER_BOOL:
        *ret = value_bool(*(const bool *)at);
        return BI_OK;
    case MEMBER_INT:
        *ret = value_int(*(const int64_t *)(const void *)at);
        return BI_OK;
    case MEMBER_STRINGS:
        return write_strings(ctx, (const struct gql_strings *)(const void *)at, ret);
    case MEMBER_NODE: {
        const void *node = *(const void *const *)(const void *)at;
        *ret = value_null();
        return node != NULL ? write_node(ctx, node, m->shape, ret) : BI_OK;
    }
    case MEMBER_LIST:
    case MEMBER_SELECTIONS:
        return write_list(ctx, (const struct gql_list *)(const void *)at, m->shape, ret);
    }
    return BI_OK;
}

static int write_node(struct bi_ctx *ctx, const void *node, const struct shape *shape, struct value *ret)
{
    struct object *o = object_new(ctx->arena, shape->count);
    int status = bi_charge(ctx, 10 * shape->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; status == BI_OK && i < shape->count; i++) {
        struct value v;
        status = write_member(ctx, (const char *)node + shape->members[i].offset, &shape->members[i], &v);
        if (status == BI_OK && !is_empty(v) && object_put(ctx->arena, o, value_str(str_cstr(shape->members[i].name)), v) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_object(o);
    return status;
}

int gql_query_to_value(struct bi_ctx *ctx, const struct gql_query *query, struct value *ret)
{
    return write_node(ctx, query, &query_shape, ret);
}

int gql_schema_to_value(struct bi_ctx *ctx, const struct gql_schema_document *schema, struct value *ret)
{
    return write_node(ctx, schema, &schema_shape, ret);
}

/* ---- reading ---- */

struct reader {
    struct bi_ctx *ctx;
    struct str problem;
    size_t depth;
};

static int read_node(struct reader *r, struct value v, const struct shape *shape, void *node);

static int mismatch(struct reader *r, struct value v, const char *wanted)
{
    r->problem = arena_printf(r->ctx->arena, "json: cannot unmarshal %s into Go value of type %s",
                              value_kind_name((enum value_kind)v.kind), wanted);
    return r->problem.p != NULL ? BI_ERROR : bi_nomem(r->ctx);
}

static bool equals_any_case(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char x = a.p[i], y = b.p[i];
        bool letter = (x | 0x20) >= 'a' && (x | 0x20) <= 'z';
        if (x != y && !(letter && (x | 0x20) == (y | 0x20)))
            return false;
    }
    return true;
}

static const struct value *find_member(struct object *o, const struct tree_member *m, bool any_case)
{
    struct str name = str_cstr(m->name);
    const struct value *v = object_find_str(o, name);
    if (v != NULL || !any_case)
        return v;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->members[i].key.kind == VALUE_STRING && equals_any_case(value_text(o->members[i].key), name))
            return &o->members[i].value;
    return NULL;
}

static void *new_node(struct reader *r, const struct shape *shape)
{
    return arena_zeroed(r->ctx->arena, 1, shape->bytes);
}

/* The elements of an array or, as in JSON, of a set. */
static bool read_elements(struct value v, const struct value **ret, size_t *ret_count)
{
    *ret = v.kind == VALUE_ARRAY ? v.items : v.kind == VALUE_SET ? set_items(v.set) : NULL;
    *ret_count = v.kind == VALUE_ARRAY ? v.len : v.kind == VALUE_SET ? v.set->count : 0;
    return v.kind == VALUE_ARRAY || v.kind == VALUE_SET;
}

static int read_selection(struct reader *r, struct value v, struct gql_list *list)
{
    for (size_t kind = GQL_FIELD; kind <= GQL_INLINE; kind++) {
        struct gql_selection *selection = new_node(r, &selection_shapes[kind]);
        if (selection == NULL)
            return bi_nomem(r->ctx);
        selection->kind = (enum gql_selection_kind)kind;
        int status = read_node(r, v, &selection_shapes[kind], selection);
        if (status == BI_HALT)
            return status;
        if (status == BI_OK)
            return gql_list_add(r->ctx->arena, list, selection) ? BI_OK : bi_nomem(r->ctx);
    }
    return BI_OK; /* what is no selection at all is left out */
}

static int read_list(struct reader *r, struct value v, const struct tree_member *m, struct gql_list *list)
{
    const struct value *items;
    size_t count;
    int status = BI_OK;
    if (!read_elements(v, &items, &count))
        return mismatch(r, v, "[]struct");
    for (size_t i = 0; status == BI_OK && i < count; i++) {
        if (m->kind == MEMBER_SELECTIONS) {
            status = read_selection(r, items[i], list);
            continue;
        }
        void *node = new_node(r, m->shape);
        if (node == NULL || !gql_list_add(r->ctx->arena, list, node))
            return bi_nomem(r->ctx);
        status = read_node(r, items[i], m->shape, node);
    }
    return status;
}

static int read_strings(struct reader *r, struct value v, struct gql_strings *list)
{
    const struct value *items;
    size_t count;
    if (!read_elements(v, &items, &count))
        return mismatch(r, v, "[]string");
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != VALUE_STRING)
            return mismatch(r, items[i], "string");
        if (!gql_strings_add(r->ctx->arena, list, value_text(items[i])))
            return bi_nomem(r->ctx);
    }
    return BI_OK;
}

static int read_child(struct reader *r, struct value v, const struct tree_member *m, char *at)
{
    void *node = new_node(r, m->shape);
    if (node == NULL)
        return bi_nomem(r->ctx);
    *(void **)(void *)at = node;
    return read_node(r, v, m->shape, node);
}

static int read_member(struct reader *r, struct value v, const struct tree_member *m, char *at)
{
    switch (m->kind) {
    case MEMBER_STRING:
        *(struct str *)(void *)at = v.kind == VALUE_STRING ? value_text(v) : STR("");
        return v.kind == VALUE_STRING ? BI_OK : mismatch(r, v, "string");
    case MEMBER_BOOL:
        *(bool *)at = value_is_true(v);
        return v.kind == VALUE_BOOL ? BI_OK : mismatch(r, v, "bool");
    case MEMBER_INT:
        if (!value_is_int(v))
            return mismatch(r, v, "int");
        *(int64_t *)(void *)at = v.i;
        return BI_OK;
    case MEMBER_STRINGS:
        return read_strings(r, v, (struct gql_strings *)(void *)at);
    case MEMBER_NODE:
        return read_child(r, v, m, at);
    case MEMBER_LIST:
    case MEMBER_SELECTIONS:
        return read_list(r, v, m, (struct gql_list *)(void *)at);
    }
    return BI_OK;
}

static int read_node(struct reader *r, struct value v, const struct shape *shape, void *node)
{
    int status = bi_charge(r->ctx, 10 * shape->count);
    if (status != BI_OK || v.kind == VALUE_NULL)
        return status;
    if (v.kind != VALUE_OBJECT)
        return mismatch(r, v, "struct");
    if (r->depth == GQL_MAX_DEPTH)
        return bi_halt(r->ctx, ERR_LIMIT_DEPTH, "GraphQL tree nested too deep");
    r->depth++;
    for (size_t i = 0; status == BI_OK && i < shape->count; i++) {
        const struct tree_member *m = &shape->members[i];
        const struct value *given = find_member(v.object, m, shape->any_case);
        if (given != NULL && given->kind != VALUE_NULL)
            status = read_member(r, *given, m, (char *)node + m->offset);
    }
    r->depth--;
    return status;
}

static int read_tree(struct bi_ctx *ctx, struct value v, const struct shape *shape, void **ret, struct str *ret_problem)
{
    struct reader r = {.ctx = ctx};
    *ret = new_node(&r, shape);
    if (*ret == NULL)
        return bi_nomem(ctx);
    int status = read_node(&r, v, shape, *ret);
    *ret_problem = r.problem;
    return status;
}

int gql_query_of_value(struct bi_ctx *ctx, struct value v, struct gql_query **ret, struct str *ret_problem)
{
    void *node;
    int status = read_tree(ctx, v, &query_shape, &node, ret_problem);
    *ret = node;
    return status;
}

int gql_schema_of_value(struct bi_ctx *ctx, struct value v, struct gql_schema_document **ret, struct str *ret_problem)
{
    void *node;
    int status = read_tree(ctx, v, &schema_shape, &node, ret_problem);
    *ret = node;
    return status;
}
