/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of GraphQL queries about fields and arguments.
 */
#include "stdlib/graphql_rules.h"

/* ---- fields that the type does not have ---- */

/* Types to suggest, with how often each interface is implemented among the types that have the field. */
struct type_options {
    struct str *names;
    size_t *uses;
    size_t count, cap, uses_cap;
};

static MUST_CHECK bool add_option(struct arena *a, struct type_options *o, struct str name, size_t uses)
{
    if (!arena_grow(a, &o->names, &o->cap, o->count + 1, sizeof *o->names) ||
        !arena_grow(a, &o->uses, &o->uses_cap, o->count + 1, sizeof *o->uses))
        return false;
    o->names[o->count] = name;
    o->uses[o->count++] = uses;
    return true;
}

static size_t find_option(const struct type_options *o, struct str name)
{
    size_t i = 0;
    while (i < o->count && !str_equal(o->names[i], name))
        i++;
    return i;
}

/* The interfaces of type that have the field too. */
static MUST_CHECK bool count_interfaces(struct gql_walk *w, const struct gql_definition *type, struct str field,
                                        struct type_options *o)
{
    for (size_t i = 0; i < type->interfaces.count; i++) {
        struct str name = type->interfaces.items[i];
        const struct gql_definition *interface = gql_schema_type(w->schema, name);
        if (interface == NULL || gql_find_field(&interface->fields, field) == NULL)
            continue;
        size_t at = find_option(o, name);
        if (at < o->count)
            o->uses[at]++;
        else if (!add_option(w->work->ctx->arena, o, name, 1))
            return false;
    }
    return true;
}

/* Most used first, then by name. */
static void sort_options(struct type_options *o)
{
    for (size_t i = 1; i < o->count; i++) {
        struct str name = o->names[i];
        size_t uses = o->uses[i], at = i;
        while (at > 0 && (o->uses[at - 1] < uses || (o->uses[at - 1] == uses && str_compare(name, o->names[at - 1]) < 0))) {
            o->names[at] = o->names[at - 1];
            o->uses[at] = o->uses[at - 1];
            at--;
        }
        o->names[at] = name;
        o->uses[at] = uses;
    }
}

/* Types of values of the abstract type parent that do have the field. */
static int find_types_with(struct gql_walk *w, const struct gql_definition *parent, struct str field, struct type_options *ret)
{
    struct type_options interfaces = {0}, types = {0};
    struct arena *a = w->work->ctx->arena;
    int status = bi_charge(w->work->ctx, parent->possible.count * parent->possible.count / 8 + parent->possible.count * 20);
    for (size_t i = 0; status == BI_OK && i < parent->possible.count; i++) {
        const struct gql_definition *type = parent->possible.items[i];
        if (gql_find_field(&type->fields, field) == NULL)
            continue;
        if (!add_option(a, &types, type->name, 0) || !count_interfaces(w, type, field, &interfaces))
            return bi_nomem(w->work->ctx);
    }
    /* a type that is an interface itself counts as often as it is implemented */
    for (size_t i = 0; status == BI_OK && i < types.count; i++) {
        size_t at = find_option(&interfaces, types.names[i]);
        if (!add_option(a, &interfaces, types.names[i], at < interfaces.count ? interfaces.uses[at] : 0))
            return bi_nomem(w->work->ctx);
    }
    sort_options(&interfaces);
    *ret = interfaces;
    return status;
}

static int suggest_fields(struct gql_walk *w, const struct gql_definition *parent, struct str field, struct str *ret)
{
    struct str *names = arena_array(w->work->ctx->arena, parent->fields.count, sizeof *names);
    if (names == NULL)
        return bi_nomem(w->work->ctx);
    for (size_t i = 0; i < parent->fields.count; i++)
        names[i] = ((const struct gql_field_definition *)parent->fields.items[i])->name;
    return gql_suggest(w, "Did you mean", field, names, parent->fields.count, true, ret);
}

static int suggest_types(struct gql_walk *w, const struct type_options *options, struct str *ret)
{
    struct buf b;
    buf_init(&b, w->work->ctx->arena);
    buf_cstr(&b, " Did you mean to use an inline fragment on ");
    gql_write_or_list(&b, options->names, options->count, true);
    buf_char(&b, '?');
    *ret = buf_view(&b);
    return b.failed ? bi_nomem(w->work->ctx) : BI_OK;
}

static int check_known_field(struct gql_walk *w, struct gql_selection *field)
{
    const struct gql_definition *parent = field->parent;
    struct type_options types = {0};
    struct str suggestion = STR("");
    if (parent == NULL || field->definition != NULL)
        return BI_OK;
    bool is_interface = gql_is_kind(parent, "INTERFACE"), is_abstract = is_interface || gql_is_kind(parent, "UNION");
    int status = is_abstract ? find_types_with(w, parent, field->name, &types) : BI_OK;
    if (status == BI_OK && types.count != 0)
        status = suggest_types(w, &types, &suggestion);
    else if (status == BI_OK && (is_interface || gql_is_kind(parent, "OBJECT")))
        status = suggest_fields(w, parent, field->name, &suggestion);
    if (status != BI_OK)
        return status;
    return GQL_REPORT(w, field->pos, "Cannot query field \"%.*s\" on type \"%.*s\".%.*s", GQL_S(field->name), GQL_S(parent->name),
                      GQL_S(suggestion));
}

/* ---- arguments ---- */

int gql_check_known_arguments(struct gql_walk *w, const struct gql_list *arguments, const struct gql_list *defined,
                              struct gql_pos pos, struct str owner)
{
    const char *what = owner.len != 0 && owner.p[0] == '@' ? "directive" : "field";
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < arguments->count; i++) {
        const struct gql_argument *argument = arguments->items[i];
        struct str suggestion;
        if (gql_find_field(defined, argument->name) != NULL)
            continue;
        struct str *names = arena_array(w->work->ctx->arena, defined->count, sizeof *names);
        if (names == NULL)
            return bi_nomem(w->work->ctx);
        for (size_t k = 0; k < defined->count; k++)
            names[k] = ((const struct gql_field_definition *)defined->items[k])->name;
        status = gql_suggest(w, "Did you mean", argument->name, names, defined->count, true, &suggestion);
        if (status == BI_OK)
            status = GQL_REPORT(w, pos, "Unknown argument \"%.*s\" on %s \"%.*s\".%.*s", GQL_S(argument->name), what,
                                GQL_S(owner), GQL_S(suggestion));
    }
    return status;
}

int gql_check_required_arguments(struct gql_walk *w, const struct gql_list *arguments, const struct gql_list *defined,
                                 struct gql_pos pos, struct str owner)
{
    const char *what = owner.len != 0 && owner.p[0] == '@' ? "Directive" : "Field";
    int status = bi_charge(w->work->ctx, defined->count * (arguments->count + 1));
    for (size_t i = 0; status == BI_OK && i < defined->count; i++) {
        const struct gql_field_definition *def = defined->items[i];
        if (def->type == NULL || !def->type->non_null || def->default_value != NULL ||
            gql_find_argument(arguments, def->name) != NULL)
            continue;
        struct str type = gql_type_text(w, def->type);
        status = GQL_REPORT(w, pos, "%s \"%.*s\" argument \"%.*s\" of type \"%.*s\" is required, but it was not provided.", what,
                            GQL_S(owner), GQL_S(def->name), GQL_S(type));
    }
    return status;
}

/* Reports the second of each name, not the third and later. */
int gql_check_unique_arguments(struct gql_walk *w, const struct gql_list *arguments)
{
    if (arguments->count < 2)
        return BI_OK;
    struct set *once = set_new(w->work->ctx->arena, arguments->count), *twice = set_new(w->work->ctx->arena, 4);
    int status = once != NULL && twice != NULL ? BI_OK : bi_nomem(w->work->ctx);
    for (size_t i = 0; status == BI_OK && i < arguments->count; i++) {
        const struct gql_argument *argument = arguments->items[i];
        int is_new = gql_note(w, once, argument->name), is_second = is_new == 0 ? gql_note(w, twice, argument->name) : 0;
        if (is_new < 0 || is_second < 0)
            return bi_nomem(w->work->ctx);
        if (is_second > 0)
            status = GQL_REPORT(w, argument->pos, "There can be only one argument named \"%.*s\".", GQL_S(argument->name));
    }
    return status;
}

static int check_field_arguments(struct gql_walk *w, struct gql_selection *field)
{
    if (field->definition == NULL || field->parent == NULL || field->arguments.count == 0)
        return BI_OK;
    struct str owner = arena_printf(w->work->ctx->arena, "%.*s.%.*s", GQL_S(field->parent->name), GQL_S(field->name));
    if (owner.p == NULL)
        return bi_nomem(w->work->ctx);
    return gql_check_known_arguments(w, &field->arguments, &field->definition->arguments, field->pos, owner);
}

static int check_field_required(struct gql_walk *w, struct gql_selection *field)
{
    if (field->definition == NULL)
        return BI_OK;
    return gql_check_required_arguments(w, &field->arguments, &field->definition->arguments, field->pos, field->name);
}

static int check_field_unique(struct gql_walk *w, struct gql_selection *field)
{
    return gql_check_unique_arguments(w, &field->arguments);
}

/* ---- depth of introspection ---- */

#define MOST_LISTS 3 /* lists of types within each other */

struct depth_search {
    struct object *inside; /* name of fragment -> is the search within it now? */
    size_t depth;
};

static int find_deep_lists(struct gql_walk *w, struct depth_search *s, const struct gql_selection *selection, size_t lists,
                           bool *ret);

static int find_deep_in(struct gql_walk *w, struct depth_search *s, const struct gql_list *selections, size_t lists, bool *ret)
{
    int status = bi_charge(w->work->ctx, selections->count * 5 + 5);
    if (s->depth == GQL_MAX_DEPTH)
        return bi_halt(w->work->ctx, ERR_LIMIT_DEPTH, "GraphQL query nested too deep");
    s->depth++;
    for (size_t i = 0; status == BI_OK && !*ret && i < selections->count; i++)
        status = find_deep_lists(w, s, selections->items[i], lists, ret);
    s->depth--;
    return status;
}

/* A fragment is not entered again within itself. */
static int find_deep_in_fragment(struct gql_walk *w, struct depth_search *s, const struct gql_selection *spread, size_t lists,
                                 bool *ret)
{
    const struct gql_fragment *fragment = spread->fragment;
    if (fragment == NULL)
        return BI_OK;
    struct value *inside = object_find_str(s->inside, spread->name);
    if (inside != NULL && value_is_true(*inside))
        return BI_OK;
    if (object_put(w->work->ctx->arena, s->inside, value_str(spread->name), value_bool(true)) < 0)
        return bi_nomem(w->work->ctx);
    int status = find_deep_in(w, s, &fragment->selections, lists, ret);
    *object_find_str(s->inside, spread->name) = value_bool(false);
    return status;
}

static int find_deep_lists(struct gql_walk *w, struct depth_search *s, const struct gql_selection *selection, size_t lists,
                           bool *ret)
{
    static const char *const names[] = {"fields", "interfaces", "possibleTypes", "inputFields"};
    if (selection->kind == GQL_SPREAD)
        return find_deep_in_fragment(w, s, selection, lists, ret);
    for (size_t i = 0; selection->kind == GQL_FIELD && i < COUNT_OF(names); i++)
        lists += str_equal(selection->name, str_cstr(names[i]));
    *ret = lists >= MOST_LISTS;
    return *ret ? BI_OK : find_deep_in(w, s, &selection->selections, lists, ret);
}

static int check_introspection_depth(struct gql_walk *w, struct gql_selection *field)
{
    bool too_deep = false;
    if (!str_equal(field->name, STR("__schema")) && !str_equal(field->name, STR("__type")))
        return BI_OK;
    struct depth_search s = {.inside = object_new(w->work->ctx->arena, 4)};
    if (s.inside == NULL)
        return bi_nomem(w->work->ctx);
    int status = find_deep_lists(w, &s, field, 0, &too_deep);
    return status == BI_OK && too_deep ? GQL_REPORT(w, field->pos, "Maximum introspection depth exceeded") : status;
}

/* ---- selections where there must be some, or none ---- */

static int check_leaf(struct gql_walk *w, struct gql_selection *field)
{
    if (field->definition == NULL)
        return BI_OK;
    const struct gql_definition *type = gql_walk_type(w, field->definition->type);
    if (type == NULL)
        return BI_OK;
    bool is_leaf = gql_is_kind(type, "ENUM") || gql_is_kind(type, "SCALAR");
    if (is_leaf && field->selections.count != 0)
        return GQL_REPORT(w, field->pos, "Field \"%.*s\" must not have a selection since type \"%.*s\" has no subfields.",
                          GQL_S(field->name), GQL_S(type->name));
    if (is_leaf || field->selections.count != 0)
        return BI_OK;
    struct str text = gql_type_text(w, field->definition->type);
    return GQL_REPORT(w, field->pos,
                      "Field \"%.*s\" of type \"%.*s\" must have a selection of subfields. Did you mean \"%.*s { ... }\"?",
                      GQL_S(field->name), GQL_S(text), GQL_S(field->name));
}

static int check_field_overlap(struct gql_walk *w, struct gql_selection *field)
{
    /* fragments that operations spread would be reported twice */
    return w->operation != NULL ? gql_check_overlap(w, &field->selections) : BI_OK;
}

int gql_rules_field(struct gql_walk *w, struct gql_selection *field)
{
    static const gql_selection_rule rules[] = {check_known_field,   check_field_arguments, check_introspection_depth,
                                               check_field_overlap, check_field_required,  check_leaf,
                                               check_field_unique};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        int status = rules[i](w, field);
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}
