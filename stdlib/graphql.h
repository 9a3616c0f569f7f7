/* SPDX-License-Identifier: Apache-2.0
 *
 * GraphQL documents: trees of queries and schemas, their parsers and checks. Private to the graphql files.
 *
 * The tree has the members and the names of members of the library that OPA uses (gqlparser), since policies see them.
 * Members below "found" are set while a document is checked and are not part of what policies see.
 */
#ifndef QUIS_STDLIB_GRAPHQL_H
#define QUIS_STDLIB_GRAPHQL_H

#include "vm/builtin.h"

#define GQL_MAX_DEPTH 1000u /* nesting of selections, values and types */

struct gql_pos {
    uint32_t line;    /* from 1; 0: unknown */
    int32_t column;   /* from 1; of a block string over several lines it is below, as in the library */
    bool is_built_in; /* in the text of what every schema has */
};

/* Pointers to nodes of one type. */
struct gql_list {
    void **items;
    size_t count, cap;
};

struct gql_strings {
    struct str *items;
    size_t count, cap;
};

struct gql_comment {
    struct str value;
};

struct gql_comments {
    struct gql_list list; /* gql_comment */
};

struct gql_type {
    struct str named;
    struct gql_type *elem; /* of a list */
    bool non_null;
    struct gql_pos pos;
};

enum gql_value_kind {
    GQL_VARIABLE,
    GQL_INT,
    GQL_FLOAT,
    GQL_STRING,
    GQL_BLOCK,
    GQL_BOOLEAN,
    GQL_NULL,
    GQL_ENUM,
    GQL_LIST,
    GQL_OBJECT,
};

struct gql_definition;
struct gql_variable;

struct gql_value {
    struct str raw;
    struct gql_list children; /* gql_child */
    int64_t kind;             /* enum gql_value_kind */
    bool expected_has_default;
    struct gql_comments *comment;
    struct gql_pos pos;
    /* found */
    struct gql_definition *definition;
    struct gql_variable *variable;
    const struct gql_type *expected;
};

struct gql_child {
    struct str name;
    struct gql_value *value;
    struct gql_comments *comment;
    struct gql_pos pos;
};

struct gql_argument {
    struct str name;
    struct gql_value *value;
    struct gql_comments *comment;
    struct gql_pos pos;
};

struct gql_directive {
    struct str name, location;
    struct gql_list arguments; /* gql_argument */
    struct gql_pos pos;
    /* found */
    struct gql_directive_definition *definition;
};

/* ---- queries ---- */

enum gql_selection_kind { GQL_FIELD, GQL_SPREAD, GQL_INLINE };

struct gql_selection {
    enum gql_selection_kind kind;
    struct str alias, name, type_condition;
    struct gql_list arguments, directives, selections; /* gql_argument, gql_directive, gql_selection */
    struct gql_comments *comment;
    struct gql_pos pos;
    /* found */
    struct gql_definition *parent;                 /* type the selection is made on */
    const struct gql_field_definition *definition; /* fields */
    struct gql_fragment *fragment;                 /* spreads */
};

struct gql_variable {
    struct str name;
    struct gql_type *type;
    struct gql_value *default_value;
    struct gql_list directives;
    bool used;
    struct gql_comments *comment;
    struct gql_pos pos;
    /* found */
    struct gql_definition *definition;
};

struct gql_operation {
    struct str operation, name;
    struct gql_list variables, directives, selections; /* gql_variable, gql_directive, gql_selection */
    struct gql_comments *comment;
    struct gql_pos pos;
};

struct gql_fragment {
    struct str name, type_condition;
    struct gql_list variables, directives, selections;
    struct gql_comments *comment;
    struct gql_pos pos;
    /* found */
    struct gql_definition *definition;
};

struct gql_query {
    struct gql_list operations, fragments; /* gql_operation, gql_fragment */
    struct gql_comments *comment;
};

/* ---- schemas ---- */

/* A field of a type or input, or an argument. */
struct gql_field_definition {
    struct str description, name;
    struct gql_list arguments, directives; /* gql_field_definition, gql_directive */
    struct gql_value *default_value;
    struct gql_type *type;
    struct gql_comments *comment_before, *comment_after;
    struct gql_pos pos;
};

struct gql_enum_value {
    struct str description, name;
    struct gql_list directives;
    struct gql_comments *comment_before, *comment_after;
    struct gql_pos pos;
};

struct gql_definition {
    struct str kind, description, name;              /* kind: "OBJECT", ... */
    struct gql_list directives, fields, enum_values; /* gql_directive, gql_field_definition, gql_enum_value */
    struct gql_strings interfaces, types;
    bool built_in;
    struct gql_comments *comment_before, *comment_after, *comment_end;
    struct gql_pos pos;
    struct gql_pos *type_positions; /* beside types, or NULL */
    size_t type_position_count, type_position_cap;
    /* found */
    struct gql_list possible; /* gql_definition: what a value of the type may be */
};

struct gql_directive_definition {
    struct str description, name;
    struct gql_list arguments; /* gql_field_definition */
    struct gql_strings locations;
    bool repeatable;
    struct gql_comments *comment_before, *comment_after;
    struct gql_pos pos;
};

struct gql_operation_type {
    struct str operation, type;
    struct gql_comments *comment;
    struct gql_pos pos;
};

struct gql_schema_definition {
    struct str description;
    struct gql_list directives, operation_types; /* gql_directive, gql_operation_type */
    struct gql_comments *comment_before, *comment_after, *comment_end;
    struct gql_pos pos;
};

struct gql_schema_document {
    struct gql_list schema, schema_extensions, directives, definitions, extensions;
    struct gql_comments *comment;
};

/* A schema that has been checked. */
struct gql_schema {
    struct object *types, *directives;         /* name -> place in the lists */
    struct gql_list type_list, directive_list; /* gql_definition, gql_directive_definition */
    struct gql_definition *query, *mutation, *subscription;
};

/* ---- errors ---- */

struct gql_error {
    struct str text;
    struct gql_pos pos; /* line 0: none */
    bool lost_pos;      /* there should be a place, but nobody knows it: it is written as -1:-1 */
};

struct gql_errors {
    struct gql_error *items;
    size_t count, cap;
};

/* What the parsers and checks share. Functions return BI_OK, BI_ERROR with an error in errors, or BI_HALT. */
struct gql_work {
    struct bi_ctx *ctx;
    struct gql_errors errors;
    size_t depth;
};

/* Adds an error; p NULL in text: out of memory. Returns BI_ERROR or BI_HALT. */
int gql_error_add(struct gql_work *w, struct gql_pos pos, struct str text);

/* Appends the errors as the library prints them: "input:1:2: text", a line each when lines is set. */
void gql_error_write(struct buf *b, const struct gql_errors *errors, bool lines);

/* ---- graphql_ast.c ---- */

MUST_CHECK bool gql_list_add(struct arena *a, struct gql_list *list, void *item);
MUST_CHECK bool gql_strings_add(struct arena *a, struct gql_strings *list, struct str s);
bool gql_strings_has(const struct gql_strings *list, struct str s);

/* The member of a list by its name; NULL: none. */
struct gql_argument *gql_find_argument(const struct gql_list *arguments, struct str name);
struct gql_field_definition *gql_find_field(const struct gql_list *fields, struct str name);

/* The innermost name of a type; empty when a part of it is missing. */
struct str gql_type_name(const struct gql_type *type);
void gql_type_write(struct buf *b, const struct gql_type *type);
void gql_value_write(struct buf *b, const struct gql_value *value);

/* ---- graphql_tree.c: trees as policies see them, without what is empty ---- */

MUST_CHECK int gql_query_to_value(struct bi_ctx *ctx, const struct gql_query *query, struct value *ret);
MUST_CHECK int gql_schema_to_value(struct bi_ctx *ctx, const struct gql_schema_document *schema, struct value *ret);

/* BI_ERROR: *ret_problem says what does not fit. */
MUST_CHECK int gql_query_of_value(struct bi_ctx *ctx, struct value v, struct gql_query **ret, struct str *ret_problem);
MUST_CHECK int gql_schema_of_value(struct bi_ctx *ctx, struct value v, struct gql_schema_document **ret, struct str *ret_problem);

/* ---- graphql_query.c, graphql_schema.c ---- */

MUST_CHECK int gql_parse_query(struct gql_work *w, struct str text, struct gql_query **ret);
MUST_CHECK int gql_parse_schema(struct gql_work *w, struct str text, bool built_in, struct gql_schema_document **ret);

/* The text of what every schema has. */
extern const char gql_prelude[];

/* ---- graphql_check.c: schemas ---- */

/* Joins document with the prelude and checks it. document is changed. */
MUST_CHECK int gql_check_schema(struct gql_work *w, struct gql_schema_document *document, struct gql_schema **ret);

/* The type of a name; NULL: none. */
struct gql_definition *gql_schema_type(const struct gql_schema *schema, struct str name);
struct gql_directive_definition *gql_schema_directive(const struct gql_schema *schema, struct str name);

/* ---- graphql_walk.c: queries ---- */

/* All errors of query go to w. BI_OK also when there are some. */
MUST_CHECK int gql_check_query(struct gql_work *w, const struct gql_schema *schema, struct gql_query *query);

#endif
