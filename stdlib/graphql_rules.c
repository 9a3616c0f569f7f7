/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of GraphQL queries about operations, fragments, variables and directives.
 */
#include "stdlib/graphql_rules.h"

#define RUN(rules, w, item)                                                                                                      \
    for (size_t rule = 0; rule < COUNT_OF(rules); rule++) {                                                                      \
        int status = rules[rule](w, item);                                                                                       \
        if (status != BI_OK)                                                                                                     \
            return status;                                                                                                       \
    }                                                                                                                            \
    return BI_OK

/* ---- operations ---- */

static int check_root_type(struct gql_walk *w, struct gql_operation *operation)
{
    const struct gql_definition *root = NULL;
    struct str kind = operation->operation;
    if (kind.len == 0 || str_equal(kind, STR("query")))
        root = w->schema->query;
    else if (str_equal(kind, STR("mutation")))
        root = w->schema->mutation;
    else if (str_equal(kind, STR("subscription")))
        root = w->schema->subscription;
    return root != NULL ? BI_OK : GQL_REPORT(w, operation->pos, "Schema does not support operation type \"%.*s\"", GQL_S(kind));
}

static int check_lone_anonymous(struct gql_walk *w, struct gql_operation *operation)
{
    if (operation->name.len != 0 || w->query->operations.count < 2)
        return BI_OK;
    return GQL_REPORT(w, operation->pos, "This anonymous operation must be the only defined operation.");
}

static int check_unused_variables(struct gql_walk *w, struct gql_operation *operation)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < operation->variables.count; i++) {
        const struct gql_variable *variable = operation->variables.items[i];
        if (variable->used)
            continue;
        status = operation->name.len != 0
                     ? GQL_REPORT(w, variable->pos, "Variable \"$%.*s\" is never used in operation \"%.*s\".",
                                  GQL_S(variable->name), GQL_S(operation->name))
                     : GQL_REPORT(w, variable->pos, "Variable \"$%.*s\" is never used.", GQL_S(variable->name));
    }
    return status;
}

static int check_operation_overlap(struct gql_walk *w, struct gql_operation *operation)
{
    return gql_check_overlap(w, &operation->selections);
}

/* ---- subscriptions ---- */

struct top_fields {
    struct gql_list fields; /* gql_selection, the first of each name */
    struct set *names, *fragments;
    size_t depth;
};

static int collect_top_fields(struct gql_walk *w, struct top_fields *top, const struct gql_list *selections);

/* *ret_stop: what follows in the same set is not looked at. */
static int collect_top_field(struct gql_walk *w, struct top_fields *top, struct gql_selection *selection, bool *ret_stop)
{
    struct bi_ctx *ctx = w->work->ctx;
    *ret_stop = false;
    if (selection->kind == GQL_INLINE)
        return collect_top_fields(w, top, &selection->selections);
    if (selection->kind == GQL_FIELD) {
        int is_new = gql_note(w, top->names, selection->name);
        return is_new < 0 || (is_new > 0 && !gql_list_add(ctx->arena, &top->fields, selection)) ? bi_nomem(ctx) : BI_OK;
    }
    *ret_stop = selection->fragment == NULL;
    if (*ret_stop)
        return BI_OK;
    int is_new = gql_note(w, top->fragments, selection->fragment->name);
    if (is_new < 0)
        return bi_nomem(ctx);
    return is_new > 0 ? collect_top_fields(w, top, &selection->fragment->selections) : BI_OK;
}

static int collect_top_fields(struct gql_walk *w, struct top_fields *top, const struct gql_list *selections)
{
    int status = bi_charge(w->work->ctx, selections->count * 10 + 10);
    bool stop = false;
    if (top->depth == GQL_MAX_DEPTH)
        return bi_halt(w->work->ctx, ERR_LIMIT_DEPTH, "GraphQL query nested too deep");
    top->depth++;
    for (size_t i = 0; status == BI_OK && !stop && i < selections->count; i++)
        status = collect_top_field(w, top, selections->items[i], &stop);
    top->depth--;
    return status;
}

static int check_single_field(struct gql_walk *w, struct gql_operation *operation)
{
    struct arena *a = w->work->ctx->arena;
    if (w->schema->subscription == NULL || !str_equal(operation->operation, STR("subscription")))
        return BI_OK;
    struct top_fields top = {.names = set_new(a, 4), .fragments = set_new(a, 4)};
    if (top.names == NULL || top.fragments == NULL)
        return bi_nomem(w->work->ctx);
    int status = collect_top_fields(w, &top, &operation->selections);
    struct str name = operation->name.len != 0 ? arena_printf(a, "Subscription \"%.*s\"", GQL_S(operation->name))
                                               : STR("Anonymous Subscription");
    if (name.p == NULL)
        return bi_nomem(w->work->ctx);
    if (status == BI_OK && top.fields.count > 1)
        status = GQL_REPORT(w, ((const struct gql_selection *)top.fields.items[1])->pos,
                            "%.*s must select only one top level field.", GQL_S(name));
    for (size_t i = 0; status == BI_OK && i < top.fields.count; i++) {
        const struct gql_selection *field = top.fields.items[i];
        if (str_starts(field->name, STR("__")))
            status = GQL_REPORT(w, field->pos, "%.*s must not select an introspection top level field.", GQL_S(name));
    }
    return status;
}

static int check_unique_operation(struct gql_walk *w, struct gql_operation *operation)
{
    int is_new = gql_note(w, w->seen_operations, operation->name);
    if (is_new < 0)
        return bi_nomem(w->work->ctx);
    return is_new == 0 ? GQL_REPORT(w, operation->pos, "There can be only one operation named \"%.*s\".", GQL_S(operation->name))
                       : BI_OK;
}

/* Reports the second of each name, not the third and later. */
static int check_unique_variables(struct gql_walk *w, struct gql_operation *operation)
{
    struct set *once = set_new(w->work->ctx->arena, 4), *twice = set_new(w->work->ctx->arena, 4);
    int status = BI_OK;
    if (once == NULL || twice == NULL)
        return bi_nomem(w->work->ctx);
    for (size_t i = 0; status == BI_OK && i < operation->variables.count; i++) {
        const struct gql_variable *variable = operation->variables.items[i];
        int is_new = gql_note(w, once, variable->name), is_second = is_new == 0 ? gql_note(w, twice, variable->name) : 0;
        if (is_new < 0 || is_second < 0)
            return bi_nomem(w->work->ctx);
        if (is_second > 0)
            status = GQL_REPORT(w, variable->pos, "There can be only one variable named \"$%.*s\".", GQL_S(variable->name));
    }
    return status;
}

static bool is_input_type(const struct gql_definition *def)
{
    return gql_is_kind(def, "SCALAR") || gql_is_kind(def, "ENUM") || gql_is_kind(def, "INPUT_OBJECT");
}

static int check_variable_types(struct gql_walk *w, struct gql_operation *operation)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < operation->variables.count; i++) {
        const struct gql_variable *variable = operation->variables.items[i];
        if (variable->definition == NULL || is_input_type(variable->definition))
            continue;
        struct str type = gql_type_text(w, variable->type);
        status = GQL_REPORT(w, variable->pos, "Variable \"$%.*s\" cannot be non-input type \"%.*s\".", GQL_S(variable->name),
                            GQL_S(type));
    }
    return status;
}

int gql_rules_operation(struct gql_walk *w, struct gql_operation *operation)
{
    static const gql_operation_rule rules[] = {check_root_type,         check_lone_anonymous, check_unused_variables,
                                               check_operation_overlap, check_single_field,   check_unique_operation,
                                               check_unique_variables,  check_variable_types};
    RUN(rules, w, operation);
}

/* ---- fragments ---- */

static int check_fragment_type(struct gql_walk *w, struct gql_fragment *fragment)
{
    if (fragment->definition == NULL || fragment->type_condition.len == 0 || gql_is_composite(fragment->definition))
        return BI_OK;
    return GQL_REPORT(w, fragment->pos, "Fragment \"%.*s\" cannot condition on non composite type \"%.*s\".",
                      GQL_S(fragment->name), GQL_S(fragment->type_condition));
}

static int check_fragment_known_type(struct gql_walk *w, struct gql_fragment *fragment)
{
    const struct gql_list *types = &w->schema->type_list;
    struct str suggestion;
    if (fragment->definition != NULL)
        return BI_OK;
    struct str *names = arena_array(w->work->ctx->arena, types->count, sizeof *names);
    if (names == NULL)
        return bi_nomem(w->work->ctx);
    const struct member *members = object_members(w->schema->types);
    for (size_t i = 0; i < types->count; i++)
        names[i] = value_text(members[i].key);
    int status = gql_suggest(w, "Did you mean", fragment->type_condition, names, types->count, true, &suggestion);
    if (status != BI_OK)
        return status;
    return GQL_REPORT(w, fragment->pos, "Unknown type \"%.*s\".%.*s", GQL_S(fragment->type_condition), GQL_S(suggestion));
}

/* ---- fragments that contain themselves ---- */

struct cycle_search {
    struct gql_list path;   /* spreads on the way to here */
    struct object *on_path; /* name of fragment -> length of the path at its start, -1 when it has been left */
    size_t depth;
};

/* All spreads within, innermost sets last in first out. */
static int collect_spreads(struct gql_walk *w, const struct gql_list *selections, struct gql_list *spreads)
{
    struct arena *a = w->work->ctx->arena;
    struct gql_list sets = {0};
    if (!gql_list_add(a, &sets, (void *)(uintptr_t)selections))
        return bi_nomem(w->work->ctx);
    while (sets.count > 0) {
        const struct gql_list *set = sets.items[--sets.count];
        int status = bi_charge(w->work->ctx, set->count * 5);
        if (status != BI_OK)
            return status;
        for (size_t i = 0; i < set->count; i++) {
            struct gql_selection *selection = set->items[i];
            bool is_spread = selection->kind == GQL_SPREAD;
            if (!gql_list_add(a, is_spread ? spreads : &sets, is_spread ? (void *)selection : (void *)&selection->selections))
                return bi_nomem(w->work->ctx);
        }
    }
    return BI_OK;
}

static int report_cycle(struct gql_walk *w, const struct cycle_search *s, const struct gql_selection *spread, size_t from)
{
    struct buf via;
    buf_init(&via, w->work->ctx->arena);
    for (size_t i = from; i + 1 < s->path.count; i++) {
        struct str name = ((const struct gql_selection *)s->path.items[i])->name;
        buf_printf(&via, "%s\"%.*s\"", i == from ? " via " : ", ", GQL_S(name));
    }
    if (via.failed)
        return bi_nomem(w->work->ctx);
    return GQL_REPORT(w, spread->pos, "Cannot spread fragment \"%.*s\" within itself%.*s.", GQL_S(spread->name), (int)via.len,
                      via.len != 0 ? via.p : "");
}

static int search_cycles(struct gql_walk *w, struct cycle_search *s, struct gql_fragment *fragment);

static int follow_spread(struct gql_walk *w, struct cycle_search *s, struct gql_selection *spread)
{
    const struct value *place = object_find_str(s->on_path, spread->name);
    if (!gql_list_add(w->work->ctx->arena, &s->path, spread))
        return bi_nomem(w->work->ctx);
    int status = BI_OK;
    struct gql_fragment *fragment = gql_walk_fragment(w, spread->name);
    if (place != NULL && place->i >= 0)
        status = report_cycle(w, s, spread, (size_t)place->i);
    else if (fragment != NULL)
        status = search_cycles(w, s, fragment);
    s->path.count--;
    return status;
}

static int search_cycles(struct gql_walk *w, struct cycle_search *s, struct gql_fragment *fragment)
{
    struct arena *a = w->work->ctx->arena;
    struct gql_list spreads = {0};
    int is_new = gql_note(w, w->cycle_visited, fragment->name);
    if (is_new < 0)
        return bi_nomem(w->work->ctx);
    if (is_new == 0)
        return BI_OK;
    if (s->depth == GQL_MAX_DEPTH)
        return bi_halt(w->work->ctx, ERR_LIMIT_DEPTH, "GraphQL fragments nested too deep");
    int status = collect_spreads(w, &fragment->selections, &spreads);
    if (status != BI_OK || spreads.count == 0)
        return status;
    if (object_put(a, s->on_path, value_str(fragment->name), value_int((int64_t)s->path.count)) < 0)
        return bi_nomem(w->work->ctx);
    s->depth++;
    for (size_t i = 0; status == BI_OK && i < spreads.count; i++)
        status = follow_spread(w, s, spreads.items[i]);
    s->depth--;
    *object_find_str(s->on_path, fragment->name) = value_int(-1);
    return status;
}

static int check_cycles(struct gql_walk *w, struct gql_fragment *fragment)
{
    struct cycle_search s = {.on_path = object_new(w->work->ctx->arena, 4)};
    return s.on_path != NULL ? search_cycles(w, &s, fragment) : bi_nomem(w->work->ctx);
}

static int check_unused_fragment(struct gql_walk *w, struct gql_fragment *fragment)
{
    w->in_fragments = true;
    if (set_find(w->used_fragments, value_str(fragment->name.p != NULL ? fragment->name : STR(""))) != NULL)
        return BI_OK;
    return GQL_REPORT(w, fragment->pos, "Fragment \"%.*s\" is never used.", GQL_S(fragment->name));
}

static int check_fragment_overlap(struct gql_walk *w, struct gql_fragment *fragment)
{
    return gql_check_overlap(w, &fragment->selections);
}

static int check_unique_fragment(struct gql_walk *w, struct gql_fragment *fragment)
{
    int is_new = gql_note(w, w->seen_fragments, fragment->name);
    if (is_new < 0)
        return bi_nomem(w->work->ctx);
    return is_new == 0 ? GQL_REPORT(w, fragment->pos, "There can be only one fragment named \"%.*s\".", GQL_S(fragment->name))
                       : BI_OK;
}

int gql_rules_fragment(struct gql_walk *w, struct gql_fragment *fragment)
{
    static const gql_fragment_rule rules[] = {check_fragment_type,   check_fragment_known_type, check_cycles,
                                              check_unused_fragment, check_fragment_overlap,    check_unique_fragment};
    RUN(rules, w, fragment);
}

/* ---- spreads ---- */

static int check_known_fragment(struct gql_walk *w, struct gql_selection *spread)
{
    return spread->fragment != NULL ? BI_OK : GQL_REPORT(w, spread->pos, "Unknown fragment \"%.*s\".", GQL_S(spread->name));
}

static int note_used_fragment(struct gql_walk *w, struct gql_selection *spread)
{
    if (w->in_fragments)
        return BI_OK;
    return gql_note(w, w->used_fragments, spread->name) < 0 ? bi_nomem(w->work->ctx) : BI_OK;
}

/* Can something be of both types? Yes also where other rules have to judge. */
static int can_spread(struct gql_walk *w, struct gql_definition *parent, struct str type, bool *ret)
{
    *ret = true;
    if (parent == NULL || !gql_is_composite(parent))
        return BI_OK;
    const struct gql_definition *def = gql_schema_type(w->schema, type);
    if (def == NULL || !gql_is_composite(def))
        return BI_OK;
    void *self = parent;
    struct gql_list own = {&self, 1, 1};
    const struct gql_list *parents = gql_is_kind(parent, "OBJECT") ? &own : &parent->possible;
    int status = bi_charge(w->work->ctx, parents->count * def->possible.count / 2 + 1);
    for (size_t i = 0; status == BI_OK && i < def->possible.count; i++)
        for (size_t k = 0; k < parents->count; k++)
            if (def->possible.items[i] == parents->items[k])
                return BI_OK;
    *ret = false;
    return status;
}

static int check_possible_spread(struct gql_walk *w, struct gql_selection *spread)
{
    bool possible;
    if (spread->fragment == NULL)
        return BI_OK;
    int status = can_spread(w, spread->parent, spread->fragment->type_condition, &possible);
    if (status != BI_OK || possible)
        return status;
    return GQL_REPORT(w, spread->pos,
                      "Fragment \"%.*s\" cannot be spread here as objects of type \"%.*s\" can never be of type \"%.*s\".",
                      GQL_S(spread->name), GQL_S(spread->parent->name), GQL_S(spread->fragment->type_condition));
}

int gql_rules_spread(struct gql_walk *w, struct gql_selection *spread)
{
    static const gql_selection_rule rules[] = {check_known_fragment, note_used_fragment, check_possible_spread};
    RUN(rules, w, spread);
}

/* ---- inline fragments ---- */

static int check_inline_type(struct gql_walk *w, struct gql_selection *selection)
{
    const struct gql_definition *def = gql_schema_type(w->schema, selection->type_condition);
    if (def == NULL || gql_is_composite(def))
        return BI_OK;
    return GQL_REPORT(w, selection->pos, "Fragment cannot condition on non composite type \"%.*s\".",
                      GQL_S(selection->type_condition));
}

static int check_inline_known_type(struct gql_walk *w, struct gql_selection *selection)
{
    if (selection->type_condition.len == 0 || gql_schema_type(w->schema, selection->type_condition) != NULL)
        return BI_OK;
    return GQL_REPORT(w, selection->pos, "Unknown type \"%.*s\".", GQL_S(selection->type_condition));
}

static int check_inline_overlap(struct gql_walk *w, struct gql_selection *selection)
{
    return gql_check_overlap(w, &selection->selections);
}

static int check_possible_inline(struct gql_walk *w, struct gql_selection *selection)
{
    bool possible;
    int status = can_spread(w, selection->parent, selection->type_condition, &possible);
    if (status != BI_OK || possible)
        return status;
    return GQL_REPORT(w, selection->pos,
                      "Fragment cannot be spread here as objects of type \"%.*s\" can never be of type \"%.*s\".",
                      GQL_S(selection->parent->name), GQL_S(selection->type_condition));
}

int gql_rules_inline(struct gql_walk *w, struct gql_selection *selection)
{
    static const gql_selection_rule rules[] = {check_inline_type, check_inline_known_type, check_inline_overlap,
                                               check_possible_inline};
    RUN(rules, w, selection);
}

/* ---- variables and directives ---- */

int gql_rules_variable(struct gql_walk *w, struct gql_variable *variable)
{
    struct str name = gql_type_name(variable->type);
    if (variable->definition != NULL)
        return BI_OK;
    return GQL_REPORT(w, variable->pos, "Unknown type \"%.*s\".", GQL_S(name));
}

/* Reported once for a place, however often it is walked. */
static int report_misplaced(struct gql_walk *w, struct gql_directive *directive)
{
    struct arena *a = w->work->ctx->arena;
    struct value *key = arena_array(a, 3, sizeof *key);
    if (key == NULL)
        return bi_nomem(w->work->ctx);
    key[0] = value_str(directive->name);
    key[1] = value_int(directive->pos.line);
    key[2] = value_int(directive->pos.column);
    int is_new = set_add(a, w->misplaced, value_array(key, 3));
    if (is_new <= 0)
        return is_new < 0 ? bi_nomem(w->work->ctx) : BI_OK;
    return GQL_REPORT(w, directive->pos, "Directive \"@%.*s\" may not be used on %.*s.", GQL_S(directive->name),
                      GQL_S(directive->location));
}

int gql_rules_directive(struct gql_walk *w, struct gql_directive *directive)
{
    const struct gql_directive_definition *def = directive->definition;
    struct str owner = arena_printf(w->work->ctx->arena, "@%.*s", GQL_S(directive->name));
    if (owner.p == NULL)
        return bi_nomem(w->work->ctx);
    int status = def != NULL ? gql_check_known_arguments(w, &directive->arguments, &def->arguments, directive->pos, owner)
                             : BI_OK;
    if (status == BI_OK && def == NULL)
        status = GQL_REPORT(w, directive->pos, "Unknown directive \"@%.*s\".", GQL_S(directive->name));
    if (status == BI_OK && def != NULL && !gql_strings_has(&def->locations, directive->location))
        status = report_misplaced(w, directive);
    if (status == BI_OK && def != NULL)
        status = gql_check_required_arguments(w, &directive->arguments, &def->arguments, directive->pos, owner);
    return status == BI_OK ? gql_check_unique_arguments(w, &directive->arguments) : status;
}

int gql_rules_directives(struct gql_walk *w, const struct gql_list *directives)
{
    if (directives->count < 2)
        return BI_OK;
    struct set *seen = set_new(w->work->ctx->arena, directives->count);
    int status = seen != NULL ? BI_OK : bi_nomem(w->work->ctx);
    for (size_t i = 0; status == BI_OK && i < directives->count; i++) {
        const struct gql_directive *directive = directives->items[i];
        int is_new = gql_note(w, seen, directive->name);
        if (is_new < 0)
            return bi_nomem(w->work->ctx);
        if (is_new == 0 && (directive->definition == NULL || !directive->definition->repeatable))
            status = GQL_REPORT(w, directive->pos, "The directive \"@%.*s\" can only be used once at this location.",
                                GQL_S(directive->name));
    }
    return status;
}
