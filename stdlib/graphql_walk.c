/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks a GraphQL query along its schema: finds the definition of each part, then has the rules look at it.
 *
 * Every operation is walked with the fragments it spreads, each once; then every fragment on its own.
 */
#include "stdlib/graphql_rules.h"

#define UNITS_PER_PART 40u

static int walk_selections(struct gql_walk *w, struct gql_definition *parent, const struct gql_list *selections);

int gql_report(struct gql_walk *w, struct gql_pos pos, struct str text)
{
    int status = bi_charge(w->work->ctx, text.len + 50);
    if (status != BI_OK)
        return status;
    return gql_error_add(w->work, pos, text) == BI_HALT ? BI_HALT : BI_OK;
}

struct str gql_type_text(struct gql_walk *w, const struct gql_type *type)
{
    struct buf b;
    buf_init(&b, w->work->ctx->arena);
    gql_type_write(&b, type);
    return b.failed ? str_of(NULL, 0) : b.len != 0 ? buf_view(&b) : STR("");
}

struct str gql_value_text(struct gql_walk *w, const struct gql_value *value)
{
    struct buf b;
    buf_init(&b, w->work->ctx->arena);
    gql_value_write(&b, value);
    return b.failed ? str_of(NULL, 0) : b.len != 0 ? buf_view(&b) : STR("");
}

struct gql_definition *gql_walk_type(const struct gql_walk *w, const struct gql_type *type)
{
    return gql_schema_type(w->schema, gql_type_name(type));
}

struct gql_fragment *gql_walk_fragment(const struct gql_walk *w, struct str name)
{
    const struct value *place = object_find_str(w->fragments, name);
    return place != NULL ? w->query->fragments.items[place->i] : NULL;
}

bool gql_is_kind(const struct gql_definition *def, const char *kind)
{
    return str_equal(def->kind, str_cstr(kind));
}

bool gql_is_composite(const struct gql_definition *def)
{
    return gql_is_kind(def, "OBJECT") || gql_is_kind(def, "INTERFACE") || gql_is_kind(def, "UNION");
}

int gql_note(struct gql_walk *w, struct set *names, struct str name)
{
    return set_add(w->work->ctx->arena, names, value_str(name.p != NULL ? name : STR("")));
}

static int too_deep(struct gql_walk *w)
{
    return bi_halt(w->work->ctx, ERR_LIMIT_DEPTH, "GraphQL query nested too deep");
}

/* ---- values ---- */

static struct gql_variable *find_variable(const struct gql_operation *operation, struct str name)
{
    for (size_t i = 0; i < operation->variables.count; i++) {
        struct gql_variable *variable = operation->variables.items[i];
        if (str_equal(variable->name, name))
            return variable;
    }
    return NULL;
}

static bool is_not_null(const struct gql_value *value)
{
    return value != NULL && value->kind != GQL_NULL;
}

/* What value is expected to be. */
static void expect(struct gql_walk *w, struct gql_value *value, const struct gql_field_definition *def)
{
    if (def == NULL)
        return;
    value->expected = def->type;
    value->expected_has_default = is_not_null(def->default_value);
    value->definition = gql_walk_type(w, def->type);
}

static int walk_value(struct gql_walk *w, struct gql_value *value);

static int walk_children(struct gql_walk *w, struct gql_value *value)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        if (child->value == NULL)
            continue;
        if (value->kind == GQL_OBJECT && value->definition != NULL) {
            expect(w, child->value, gql_find_field(&value->definition->fields, child->name));
        } else if (value->kind == GQL_LIST && value->expected != NULL && value->expected->elem != NULL) {
            child->value->expected = value->expected->elem;
            child->value->definition = value->definition;
        }
        status = walk_value(w, child->value);
    }
    return status;
}

static int walk_value(struct gql_walk *w, struct gql_value *value)
{
    int status = bi_charge(w->work->ctx, UNITS_PER_PART);
    if (status != BI_OK)
        return status;
    if (w->depth == GQL_MAX_DEPTH)
        return too_deep(w);
    w->depth++;
    if (value->kind == GQL_VARIABLE && w->operation != NULL) {
        value->variable = find_variable(w->operation, value->raw);
        if (value->variable != NULL)
            value->variable->used = true;
    }
    if (value->kind == GQL_OBJECT || value->kind == GQL_LIST)
        status = walk_children(w, value);
    w->depth--;
    return status == BI_OK ? gql_rules_value(w, value) : status;
}

static int walk_arguments(struct gql_walk *w, const struct gql_list *arguments, const struct gql_list *defined)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < arguments->count; i++) {
        const struct gql_argument *argument = arguments->items[i];
        if (argument->value == NULL)
            continue;
        expect(w, argument->value, defined != NULL ? gql_find_field(defined, argument->name) : NULL);
        status = walk_value(w, argument->value);
    }
    return status;
}

static int walk_directives(struct gql_walk *w, const struct gql_list *directives, const char *location)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < directives->count; i++) {
        struct gql_directive *directive = directives->items[i];
        directive->definition = gql_schema_directive(w->schema, directive->name);
        directive->location = str_cstr(location);
        status = walk_arguments(w, &directive->arguments,
                                directive->definition != NULL ? &directive->definition->arguments : NULL);
        if (status == BI_OK)
            status = gql_rules_directive(w, directive);
    }
    return status == BI_OK ? gql_rules_directives(w, directives) : status;
}

/* ---- selections ---- */

static const struct gql_type typename_type = {.named = {"String", 6}};
static const struct gql_field_definition typename_field = {.name = {"__typename", 10},
                                                           .type = (struct gql_type *)(uintptr_t)&typename_type};

static int walk_field(struct gql_walk *w, struct gql_definition *parent, struct gql_selection *field)
{
    const struct gql_field_definition *def = NULL;
    if (str_equal(field->name, STR("__typename")))
        def = &typename_field;
    else if (parent != NULL)
        def = gql_find_field(&parent->fields, field->name);
    field->definition = def;
    field->parent = parent;
    struct gql_definition *next = def != NULL ? gql_walk_type(w, def->type) : NULL;
    int status = walk_arguments(w, &field->arguments, def != NULL ? &def->arguments : NULL);
    if (status == BI_OK)
        status = walk_directives(w, &field->directives, "FIELD");
    if (status == BI_OK)
        status = walk_selections(w, next, &field->selections);
    return status == BI_OK ? gql_rules_field(w, field) : status;
}

static int walk_inline(struct gql_walk *w, struct gql_definition *parent, struct gql_selection *selection)
{
    selection->parent = parent;
    struct gql_definition *next = selection->type_condition.len != 0 ? gql_schema_type(w->schema, selection->type_condition)
                                                                     : parent;
    int status = walk_directives(w, &selection->directives, "INLINE_FRAGMENT");
    if (status == BI_OK)
        status = walk_selections(w, next, &selection->selections);
    return status == BI_OK ? gql_rules_inline(w, selection) : status;
}

static int walk_spread(struct gql_walk *w, struct gql_definition *parent, struct gql_selection *spread)
{
    struct gql_fragment *fragment = gql_walk_fragment(w, spread->name);
    spread->fragment = fragment;
    spread->parent = parent;
    struct gql_definition *next = fragment != NULL ? gql_schema_type(w->schema, fragment->type_condition) : NULL;
    int status = walk_directives(w, &spread->directives, "FRAGMENT_SPREAD");
    int is_new = status == BI_OK && fragment != NULL ? gql_note(w, w->walked_spreads, fragment->name) : 0;
    if (is_new < 0)
        return bi_nomem(w->work->ctx);
    if (is_new > 0) {
        status = walk_directives(w, &fragment->directives, "FRAGMENT_DEFINITION");
        if (status == BI_OK)
            status = walk_selections(w, next, &fragment->selections);
    }
    return status == BI_OK ? gql_rules_spread(w, spread) : status;
}

static int walk_selections(struct gql_walk *w, struct gql_definition *parent, const struct gql_list *selections)
{
    int status = BI_OK;
    if (w->depth == GQL_MAX_DEPTH)
        return too_deep(w);
    w->depth++;
    for (size_t i = 0; status == BI_OK && i < selections->count; i++) {
        struct gql_selection *selection = selections->items[i];
        status = bi_charge(w->work->ctx, UNITS_PER_PART + (parent != NULL ? parent->fields.count : 0));
        if (status != BI_OK)
            break;
        switch (selection->kind) {
        case GQL_FIELD:
            status = walk_field(w, parent, selection);
            break;
        case GQL_INLINE:
            status = walk_inline(w, parent, selection);
            break;
        case GQL_SPREAD:
            status = walk_spread(w, parent, selection);
            break;
        }
    }
    w->depth--;
    return status;
}

/* ---- operations and fragments ---- */

static int walk_variables(struct gql_walk *w, const struct gql_list *variables)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < variables->count; i++) {
        struct gql_variable *variable = variables->items[i];
        variable->definition = gql_walk_type(w, variable->type);
        status = gql_rules_variable(w, variable);
        if (variable->default_value != NULL) {
            variable->default_value->expected = variable->type;
            variable->default_value->definition = variable->definition;
        }
    }
    for (size_t i = 0; status == BI_OK && i < variables->count; i++) {
        struct gql_variable *variable = variables->items[i];
        if (variable->default_value != NULL)
            status = walk_value(w, variable->default_value);
        if (status == BI_OK)
            status = walk_directives(w, &variable->directives, "VARIABLE_DEFINITION");
    }
    return status;
}

static int walk_operation(struct gql_walk *w, struct gql_operation *operation)
{
    struct gql_definition *root = w->schema->query;
    const char *location = "QUERY";
    if (str_equal(operation->operation, STR("mutation"))) {
        root = w->schema->mutation;
        location = "MUTATION";
    } else if (str_equal(operation->operation, STR("subscription"))) {
        root = w->schema->subscription;
        location = "SUBSCRIPTION";
    }
    w->operation = operation;
    int status = walk_variables(w, &operation->variables);
    if (status == BI_OK)
        status = walk_directives(w, &operation->directives, location);
    if (status == BI_OK)
        status = walk_selections(w, root, &operation->selections);
    if (status == BI_OK)
        status = gql_rules_operation(w, operation);
    w->operation = NULL;
    return status;
}

static int walk_fragment(struct gql_walk *w, struct gql_fragment *fragment)
{
    fragment->definition = gql_schema_type(w->schema, fragment->type_condition);
    int status = walk_directives(w, &fragment->directives, "FRAGMENT_DEFINITION");
    if (status == BI_OK)
        status = walk_selections(w, fragment->definition, &fragment->selections);
    return status == BI_OK ? gql_rules_fragment(w, fragment) : status;
}

static int walk_document(struct gql_walk *w)
{
    const struct gql_list *operations = &w->query->operations, *fragments = &w->query->fragments;
    struct arena *a = w->work->ctx->arena;
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < operations->count + fragments->count; i++) {
        w->walked_spreads = set_new(a, 4);
        if (w->walked_spreads == NULL)
            return bi_nomem(w->work->ctx);
        status = i < operations->count ? walk_operation(w, operations->items[i])
                                       : walk_fragment(w, fragments->items[i - operations->count]);
    }
    return status;
}

static MUST_CHECK bool init_walk(struct gql_walk *w)
{
    struct arena *a = w->work->ctx->arena;
    struct set **const sets[] = {&w->misplaced,       &w->used_fragments, &w->seen_fragments,
                                 &w->seen_operations, &w->cycle_visited,  &w->compared};
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        *sets[i] = set_new(a, 4);
        if (*sets[i] == NULL)
            return false;
    }
    w->fragments = object_new(a, w->query->fragments.count);
    w->compared_pairs = object_new(a, 4);
    if (w->fragments == NULL || w->compared_pairs == NULL)
        return false;
    for (size_t i = 0; i < w->query->fragments.count; i++) {
        struct str name = ((const struct gql_fragment *)w->query->fragments.items[i])->name;
        bool known = object_find_str(w->fragments, name) != NULL;
        if (!known && object_put(a, w->fragments, value_str(name.p != NULL ? name : STR("")), value_int((int64_t)i)) < 0)
            return false;
    }
    return true;
}

int gql_check_query(struct gql_work *work, const struct gql_schema *schema, struct gql_query *query)
{
    struct gql_walk w = {.work = work, .schema = schema, .query = query};
    return init_walk(&w) ? walk_document(&w) : bi_nomem(work->ctx);
}
