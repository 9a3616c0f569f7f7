/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Schema, drafts 4, 6 and 7, as OPA's copy of gojsonschema reads it: private to the schema files.
 *
 * A schema is compiled into a graph of nodes (schema_parse.c, schema_pool.c, schema_ref.c), then a document is checked
 * against it (schema_check.c), which gives a list of errors (schema_result.c).
 */
#ifndef QUIS_STDLIB_SCHEMA_H
#define QUIS_STDLIB_SCHEMA_H

#include "stdlib/url_parts.h"
#include "vm/builtin.h"

#define SCHEMA_MAX_DEPTH 2000u /* nested schemas, and steps into schemas while checking */

enum schema_draft { DRAFT_UNSET = 0, DRAFT_4 = 4, DRAFT_6 = 6, DRAFT_7 = 7, DRAFT_HYBRID = 100 };

enum schema_pass { PASS_CHECK, PASS_ALWAYS, PASS_NEVER };

struct schema_node;

struct schema_list {
    struct schema_node **items;
    size_t count, cap;
};

struct schema_strings {
    struct str *items;
    size_t count, cap;
};

/* A keyword whose value is true, false or a schema. */
struct schema_choice {
    bool is_set;
    bool allows; /* when node is NULL */
    struct schema_node *node;
};

/* Where a dependency leads: to names that must be there, or to a schema (node not NULL). */
struct schema_dependency {
    struct str name;
    struct schema_strings needs;
    struct schema_node *node;
};

struct schema_bound {
    bool is_set;
    int64_t value;
};

struct schema_node {
    struct schema_node *parent;
    enum schema_draft draft;
    enum schema_pass pass;
    struct str property;         /* name of the property this is the schema of, or the pattern */
    struct str ref;              /* where $ref leads, when there is a target */
    struct schema_node *target;  /* of $ref: everything else is ignored then */
    struct schema_strings types; /* empty: any */
    struct schema_list properties, items, one_of, any_of, all_of, patterns;
    bool single_item; /* items holds one schema for all elements */
    struct schema_choice additional_properties, additional_items;
    struct schema_node *property_names, *contains, *not_schema, *if_schema, *then_schema, *else_schema;
    struct schema_dependency *dependencies;
    size_t dependency_count, dependency_cap;
    struct value multiple_of, maximum, exclusive_maximum, minimum, exclusive_minimum; /* numbers, or undefined */
    struct schema_bound min_length, max_length, min_properties, max_properties, min_items, max_items;
    struct str pattern, format; /* p NULL: none */
    struct schema_strings required;
    bool unique_items, has_enum, has_const;
    struct str constant; /* JSON text */
    struct schema_strings enumeration;
};

/* ---- schema_ref.c ---- */

/* A reference: a URL whose fragment may be a JSON pointer. */
struct schema_ref {
    struct url_parts url;
    struct str text;
};

struct schema_compiler;

MUST_CHECK int schema_ref_parse(struct schema_compiler *c, struct str text, struct schema_ref *ret);

/* child as seen from parent. BI_ERROR: no reference comes out of it, and nothing is reported. */
MUST_CHECK int schema_ref_inherit(struct schema_compiler *c, const struct schema_ref *parent, const struct schema_ref *child,
                                  struct schema_ref *ret);

/* The reference without its fragment. */
MUST_CHECK int schema_ref_base(struct schema_compiler *c, const struct schema_ref *ref, struct schema_ref *ret);

/* The value that the fragment points to in document. */
MUST_CHECK int schema_ref_follow(struct schema_compiler *c, const struct schema_ref *ref, struct value document,
                                 struct value *ret);

/* ---- schema_pool.c ---- */

struct schema_document {
    struct value document;
    enum schema_draft draft;
};

struct schema_compiler {
    struct bi_ctx *ctx;
    struct str problem;  /* why the schema is refused */
    struct object *pool; /* text of reference -> place in documents */
    struct schema_document *documents;
    size_t document_count, document_cap;
    struct object *seen; /* text of reference -> place in targets */
    struct schema_node **targets;
    size_t target_count, target_cap;
    size_t depth;
};

/* Enters document and every part of it that has an id, and makes its references absolute. document is changed: it must not be
 * shared. */
MUST_CHECK int schema_pool_add(struct schema_compiler *c, struct value document, const struct schema_ref *ref);

MUST_CHECK int schema_pool_get(struct schema_compiler *c, const struct schema_ref *ref, struct schema_document *ret);

/* The draft that $schema names, or DRAFT_UNSET. */
MUST_CHECK int schema_pool_draft(struct schema_compiler *c, struct value document, enum schema_draft *ret);

/* The meta-schema of a URL without fragment as JSON text; p NULL: none. schema_meta.c */
struct str schema_meta_text(struct str url);

/* ---- schema_parse.c ---- */

/* Compiles a document made of JSON values. BI_ERROR: c->problem says why not. */
MUST_CHECK int schema_parse(struct schema_compiler *c, struct value document, struct schema_node **ret);

/* Sets c->problem; p NULL: out of memory. */
int schema_refuse(struct schema_compiler *c, struct str problem);

/* ---- schema_check.c ---- */

struct schema_result;

/* The errors of document, an array of objects as json.match_schema returns them. */
MUST_CHECK int schema_check(struct bi_ctx *ctx, const struct schema_node *root, struct value document, struct value *ret);

/* ---- schema_format.c ---- */

/* Does text have the format? Unknown formats fit everything. */
MUST_CHECK int schema_format_fits(struct bi_ctx *ctx, struct str format, struct str text, bool *ret);

/* An address as in the header of a mail: schema_email.c */
bool schema_email_fits(struct str text);

/* ---- schema_text.c ---- */

/* JSON text with sorted members and numbers as doubles: equal values have equal text. p NULL: out of memory. */
struct str schema_text_of(struct arena *a, struct value v);

/* A number as error texts show it: shortest decimal in format g. */
struct str schema_text_number(struct arena *a, struct value v);

/* Is v a whole multiple of unit, exactly? */
MUST_CHECK int schema_text_is_multiple(struct bi_ctx *ctx, struct value v, struct value unit, bool *ret);

#endif
