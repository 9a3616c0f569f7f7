/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of GraphQL schemas: definitions of types and directives, and their extensions.
 */
#include "stdlib/graphql_parser.h"

/* A text in front of a definition, with the comments before it. */
struct description {
    struct str text;
    struct gql_comments *comment;
};

static struct description parse_description(struct gql_parser *p)
{
    struct description d = {STR(""), NULL};
    if (!gql_is_next(p, TOKEN_BLOCK_STRING) && !gql_is_next(p, TOKEN_STRING))
        return d;
    d.comment = p->comment;
    d.text = gql_next(p).value;
    return d;
}

/* The description of a part of a definition: an empty one takes its comments with it. */
static void parse_part_description(struct gql_parser *p, struct str *text, struct gql_comments **before,
                                   struct gql_comments **after)
{
    struct description d = parse_description(p);
    *text = d.text;
    *before = d.text.len != 0 ? d.comment : NULL;
    (void)gql_peek(p);
    *after = p->comment;
}

/* ---- fields, arguments, values ---- */

enum part_kind { PART_FIELD, PART_ARGUMENT, PART_INPUT };

struct part_list {
    struct gql_list *list;
    enum part_kind kind;
};

static void parse_part(struct gql_parser *p, void *into);

static void parse_argument_definitions(struct gql_parser *p, struct gql_list *arguments)
{
    struct part_list parts = {arguments, PART_ARGUMENT};
    (void)gql_some(p, TOKEN_PAREN_L, TOKEN_PAREN_R, parse_part, &parts);
}

static void parse_part(struct gql_parser *p, void *into)
{
    const struct part_list *parts = into;
    struct gql_field_definition *field = gql_new(p, sizeof *field);
    if (p->failed)
        return;
    parse_part_description(p, &field->description, &field->comment_before, &field->comment_after);
    field->pos = gql_peek_pos(p);
    field->name = gql_parse_name(p);
    if (parts->kind == PART_FIELD)
        parse_argument_definitions(p, &field->arguments);
    (void)gql_expect(p, TOKEN_COLON);
    field->type = gql_parse_type(p);
    if (parts->kind != PART_FIELD && gql_skip(p, TOKEN_EQUALS))
        field->default_value = gql_parse_value(p, true);
    gql_parse_directives(p, true, &field->directives);
    gql_add(p, parts->list, field);
}

static void parse_enum_value(struct gql_parser *p, void *into)
{
    struct gql_enum_value *value = gql_new(p, sizeof *value);
    if (p->failed)
        return;
    parse_part_description(p, &value->description, &value->comment_before, &value->comment_after);
    value->pos = gql_peek_pos(p);
    value->name = gql_parse_name(p);
    gql_parse_directives(p, true, &value->directives);
    gql_add(p, into, value);
}

static void parse_interfaces(struct gql_parser *p, struct gql_strings *interfaces)
{
    if (!gql_is_keyword(p, "implements"))
        return;
    (void)gql_next(p);
    (void)gql_skip(p, TOKEN_AMP);
    gql_add_string(p, interfaces, gql_parse_name(p));
    while (gql_skip(p, TOKEN_AMP) && !p->failed)
        gql_add_string(p, interfaces, gql_parse_name(p));
}

static void parse_union_type(struct gql_parser *p, struct gql_definition *def)
{
    struct gql_pos pos = gql_peek_pos(p);
    gql_add_string(p, &def->types, gql_parse_name(p));
    if (p->failed)
        return;
    if (!arena_grow(p->work->ctx->arena, &def->type_positions, &def->type_position_cap, def->type_position_count + 1,
                    sizeof *def->type_positions)) {
        gql_parser_halt(p, bi_nomem(p->work->ctx));
        return;
    }
    def->type_positions[def->type_position_count++] = pos;
}

static void parse_union_types(struct gql_parser *p, struct gql_definition *def)
{
    if (!gql_skip(p, TOKEN_EQUALS))
        return;
    (void)gql_skip(p, TOKEN_PIPE);
    parse_union_type(p, def);
    while (gql_skip(p, TOKEN_PIPE) && !p->failed)
        parse_union_type(p, def);
}

/* ---- definitions of types ---- */

static void parse_fields(struct gql_parser *p, struct gql_definition *def, enum part_kind kind)
{
    struct part_list parts = {&def->fields, kind};
    def->comment_end = gql_some(p, TOKEN_BRACE_L, TOKEN_BRACE_R, parse_part, &parts);
}

static void parse_enum_values(struct gql_parser *p, struct gql_definition *def)
{
    def->comment_end = gql_some(p, TOKEN_BRACE_L, TOKEN_BRACE_R, parse_enum_value, &def->enum_values);
}

/* What comes behind the name of a type. extends: an interface cannot get interfaces, and directives of inputs may have
 * variables, as in the library. */
static void parse_body(struct gql_parser *p, struct gql_definition *def, const char *keyword, bool extends)
{
    bool is_type = strcmp(keyword, "type") == 0, is_interface = strcmp(keyword, "interface") == 0;
    bool is_input = strcmp(keyword, "input") == 0;
    if (is_type || (is_interface && !extends))
        parse_interfaces(p, &def->interfaces);
    gql_parse_directives(p, !(is_input && extends), &def->directives);
    if (is_type || is_interface || is_input)
        parse_fields(p, def, is_input ? PART_INPUT : PART_FIELD);
    else if (strcmp(keyword, "union") == 0)
        parse_union_types(p, def);
    else if (strcmp(keyword, "enum") == 0)
        parse_enum_values(p, def);
}

static const struct {
    const char *keyword, *kind;
} type_kinds[] = {
    {"scalar", "SCALAR"}, {"type", "OBJECT"}, {"interface", "INTERFACE"},
    {"union", "UNION"},   {"enum", "ENUM"},   {"input", "INPUT_OBJECT"},
};

/* The place in type_kinds of the next token; their number when it is none. */
static size_t find_type_kind(struct gql_parser *p)
{
    size_t i = 0;
    while (i < COUNT_OF(type_kinds) && !gql_is_keyword(p, type_kinds[i].keyword))
        i++;
    return i;
}

static void parse_definition(struct gql_parser *p, size_t kind, struct description d, struct gql_schema_document *doc)
{
    struct gql_definition *def = gql_new(p, sizeof *def);
    if (p->failed)
        return;
    struct gql_comments *after = p->comment;
    gql_expect_keyword(p, type_kinds[kind].keyword);
    def->pos = gql_peek_pos(p);
    def->kind = str_cstr(type_kinds[kind].kind);
    def->description = d.text;
    def->comment_before = d.comment;
    def->comment_after = after;
    def->name = gql_parse_name(p);
    parse_body(p, def, type_kinds[kind].keyword, false);
    gql_add(p, &doc->definitions, def);
}

static void parse_extension(struct gql_parser *p, size_t kind, struct gql_comments *comment, struct gql_schema_document *doc)
{
    struct gql_definition *def = gql_new(p, sizeof *def);
    if (p->failed)
        return;
    gql_expect_keyword(p, type_kinds[kind].keyword);
    def->pos = gql_peek_pos(p);
    def->comment_after = comment;
    def->kind = str_cstr(type_kinds[kind].kind);
    def->description = STR("");
    def->name = gql_parse_name(p);
    parse_body(p, def, type_kinds[kind].keyword, true);
    if (def->interfaces.count == 0 && def->directives.count == 0 && def->fields.count == 0 && def->types.count == 0 &&
        def->enum_values.count == 0)
        gql_unexpected(p);
    gql_add(p, &doc->extensions, def);
}

/* ---- the schema itself ---- */

static void parse_root_type(struct gql_parser *p, void *into)
{
    struct gql_operation_type *type = gql_new(p, sizeof *type);
    if (p->failed)
        return;
    type->pos = gql_peek_pos(p);
    type->comment = p->comment;
    type->operation = gql_parse_operation_type(p);
    (void)gql_expect(p, TOKEN_COLON);
    type->type = gql_parse_name(p);
    gql_add(p, into, type);
}

static void parse_schema_body(struct gql_parser *p, struct gql_schema_definition *def)
{
    gql_parse_directives(p, true, &def->directives);
    def->comment_end = gql_some(p, TOKEN_BRACE_L, TOKEN_BRACE_R, parse_root_type, &def->operation_types);
}

static void parse_schema_definition(struct gql_parser *p, struct description d, struct gql_schema_document *doc)
{
    struct gql_schema_definition *def = gql_new(p, sizeof *def);
    if (p->failed)
        return;
    struct gql_comments *after = p->comment;
    gql_expect_keyword(p, "schema");
    def->pos = gql_peek_pos(p);
    def->comment_before = d.comment;
    def->description = d.text;
    def->comment_after = after;
    parse_schema_body(p, def);
    gql_add(p, &doc->schema, def);
}

static void parse_schema_extension(struct gql_parser *p, struct gql_comments *comment, struct gql_schema_document *doc)
{
    struct gql_schema_definition *def = gql_new(p, sizeof *def);
    if (p->failed)
        return;
    gql_expect_keyword(p, "schema");
    def->pos = gql_peek_pos(p);
    def->description = STR("");
    def->comment_after = comment;
    parse_schema_body(p, def);
    if (def->directives.count == 0 && def->operation_types.count == 0)
        gql_unexpected(p);
    gql_add(p, &doc->schema_extensions, def);
}

static void parse_any_extension(struct gql_parser *p, struct gql_schema_document *doc)
{
    struct gql_comments *comment = p->comment;
    gql_expect_keyword(p, "extend");
    size_t kind = find_type_kind(p);
    if (gql_is_keyword(p, "schema"))
        parse_schema_extension(p, comment, doc);
    else if (kind < COUNT_OF(type_kinds))
        parse_extension(p, kind, comment, doc);
    else
        gql_unexpected(p);
}

/* ---- directives ---- */

static void parse_location(struct gql_parser *p, struct gql_strings *locations)
{
    static const char *const known[] = {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
        "SCHEMA",
        "SCALAR",
        "OBJECT",
        "FIELD_DEFINITION",
        "ARGUMENT_DEFINITION",
        "INTERFACE",
        "UNION",
        "ENUM",
        "ENUM_VALUE",
        "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION",
    };
    struct gql_token token = gql_expect(p, TOKEN_NAME);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_equal(token.value, str_cstr(known[i]))) {
            gql_add_string(p, locations, token.value);
            return;
        }
    gql_unexpected_token(p, token);
}

static void parse_directive_definition(struct gql_parser *p, struct description d, struct gql_schema_document *doc)
{
    struct gql_directive_definition *def = gql_new(p, sizeof *def);
    if (p->failed)
        return;
    struct gql_comments *after = p->comment;
    gql_expect_keyword(p, "directive");
    (void)gql_expect(p, TOKEN_AT);
    def->pos = gql_peek_pos(p);
    def->comment_before = d.comment;
    def->description = d.text;
    def->comment_after = after;
    def->name = gql_parse_name(p);
    parse_argument_definitions(p, &def->arguments);
    if (gql_is_next(p, TOKEN_NAME) && gql_is_keyword(p, "repeatable")) {
        def->repeatable = true;
        (void)gql_next(p);
    }
    gql_expect_keyword(p, "on");
    (void)gql_skip(p, TOKEN_PIPE);
    parse_location(p, &def->locations);
    while (gql_skip(p, TOKEN_PIPE) && !p->failed)
        parse_location(p, &def->locations);
    gql_add(p, &doc->directives, def);
}

/* ---- a document ---- */

static void parse_item(struct gql_parser *p, struct gql_schema_document *doc)
{
    struct description d = parse_description(p);
    if (!gql_is_next(p, TOKEN_NAME)) {
        gql_unexpected(p);
        return;
    }
    size_t kind = find_type_kind(p);
    if (kind < COUNT_OF(type_kinds))
        parse_definition(p, kind, d, doc);
    else if (gql_is_keyword(p, "schema"))
        parse_schema_definition(p, d, doc);
    else if (gql_is_keyword(p, "directive"))
        parse_directive_definition(p, d, doc);
    else if (gql_is_keyword(p, "extend")) {
        if (d.text.len != 0)
            gql_unexpected_token(p, p->prev);
        parse_any_extension(p, doc);
    } else
        gql_unexpected(p);
}

int gql_parse_schema(struct gql_work *w, struct str text, bool built_in, struct gql_schema_document **ret)
{
    struct gql_parser parser, *p = &parser;
    gql_parser_init(p, w, text, built_in);
    struct gql_schema_document *doc = gql_new(p, sizeof *doc);
    while (!p->failed && !gql_is_next(p, TOKEN_EOF))
        parse_item(p, doc);
    if (p->failed)
        return p->status;
    doc->comment = p->comment;
    for (size_t i = 0; i < doc->definitions.count; i++)
        ((struct gql_definition *)doc->definitions.items[i])->built_in = built_in;
    *ret = doc;
    return BI_OK;
}
