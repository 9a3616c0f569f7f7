/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules that GraphQL queries are checked by, and the state they share. Private to the graphql files.
 *
 * The walk calls the functions for each part of a query; within one, rules report in the order of their names.
 */
#ifndef QUIS_STDLIB_GRAPHQL_RULES_H
#define QUIS_STDLIB_GRAPHQL_RULES_H

#include "stdlib/graphql.h"

struct gql_walk {
    struct gql_work *work;
    const struct gql_schema *schema;
    struct gql_query *query;
    struct gql_operation *operation; /* being walked; NULL in fragments of their own */
    struct object *fragments;        /* name -> place in query->fragments of the first of the name */
    struct set *walked_spreads;      /* names of fragments whose selections this operation or fragment has walked */
    size_t depth;

    struct set *misplaced;      /* [name, line, column] of directives reported to be misplaced */
    struct set *used_fragments; /* names */
    struct set *seen_fragments;
    struct set *seen_operations;
    struct set *cycle_visited;     /* names of fragments looked at for cycles */
    bool in_fragments;             /* the fragments of the document are being walked */
    struct object *compared_pairs; /* [name, name] of fragments -> compared as mutually exclusive? */
    struct set *compared;          /* names of fragments compared with the present fields */
};

/* ---- reporting ---- */

/* BI_OK, or BI_HALT. text.p NULL: out of memory. */
int gql_report(struct gql_walk *w, struct gql_pos pos, struct str text);

#define GQL_REPORT(w, pos, ...) gql_report((w), (pos), arena_printf((w)->work->ctx->arena, __VA_ARGS__))
#define GQL_S(s) (int)(s).len, (s).len != 0 ? (s).p : ""

/* The text of a type or value for a report; p NULL: out of memory. */
struct str gql_type_text(struct gql_walk *w, const struct gql_type *type);
struct str gql_value_text(struct gql_walk *w, const struct gql_value *value);

struct gql_definition *gql_walk_type(const struct gql_walk *w, const struct gql_type *type);
struct gql_fragment *gql_walk_fragment(const struct gql_walk *w, struct str name);
bool gql_is_kind(const struct gql_definition *def, const char *kind);
bool gql_is_composite(const struct gql_definition *def);

/* Adds name. 1: it is new, 0: it was there, -1: out of memory. */
int gql_note(struct gql_walk *w, struct set *names, struct str name);

/* ---- rules ---- */

typedef int (*gql_selection_rule)(struct gql_walk *w, struct gql_selection *selection);
typedef int (*gql_operation_rule)(struct gql_walk *w, struct gql_operation *operation);
typedef int (*gql_fragment_rule)(struct gql_walk *w, struct gql_fragment *fragment);

/* graphql_rules.c */
int gql_rules_operation(struct gql_walk *w, struct gql_operation *operation);
int gql_rules_fragment(struct gql_walk *w, struct gql_fragment *fragment);
int gql_rules_spread(struct gql_walk *w, struct gql_selection *spread);
int gql_rules_inline(struct gql_walk *w, struct gql_selection *selection);
int gql_rules_variable(struct gql_walk *w, struct gql_variable *variable);
int gql_rules_directive(struct gql_walk *w, struct gql_directive *directive);
int gql_rules_directives(struct gql_walk *w, const struct gql_list *directives);

/* graphql_field.c */
int gql_rules_field(struct gql_walk *w, struct gql_selection *field);

/* Arguments that def does not have, that are missing, that come twice: owner is the field or directive in texts. */
int gql_check_known_arguments(struct gql_walk *w, const struct gql_list *arguments, const struct gql_list *defined,
                              struct gql_pos pos, struct str owner);
int gql_check_required_arguments(struct gql_walk *w, const struct gql_list *arguments, const struct gql_list *defined,
                                 struct gql_pos pos, struct str owner);
int gql_check_unique_arguments(struct gql_walk *w, const struct gql_list *arguments);

/* graphql_value.c */
int gql_rules_value(struct gql_walk *w, struct gql_value *value);

/* graphql_overlap.c: fields of the same response name that cannot be merged */
int gql_check_overlap(struct gql_walk *w, const struct gql_list *selections);

/* ---- graphql_suggest.c ---- */

/* ` <prefix> "a", "b", or "c"?` of the options that are like typed, or nothing. quoted: in quotes. */
int gql_suggest(struct gql_walk *w, const char *prefix, struct str typed, const struct str *options, size_t count, bool quoted,
                struct str *ret);

/* `"a", "b", or "c"`: at most five. */
void gql_write_or_list(struct buf *b, const struct str *items, size_t count, bool quoted);

#endif
