/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule that fields of one response name can be merged: they must be the same field with the same arguments, unless only
 * one of them can apply, and return types of the same form.
 *
 * Fields of a selection set are compared with each other, with those of every fragment spread in it, and fragments among
 * themselves; the selections of two such fields likewise. A pair of fragments is compared once. Every comparison is charged.
 */
#include "stdlib/graphql_rules.h"

#define UNITS_PER_PAIR 20u

/* Why two fields conflict: a text, or the conflicts below them. */
struct conflict {
    struct str name, text;
    struct gql_list below; /* conflict */
    struct gql_pos pos;
};

/* The fields of a selection set with those of its inline fragments, grouped by response name in order of appearance. */
struct field_group {
    struct str name;
    struct gql_list fields; /* gql_selection */
};

struct field_map {
    struct object *names; /* -> place in groups */
    struct gql_list groups;
    struct gql_list spreads; /* gql_selection */
};

static int compare_selections(struct gql_walk *w, bool exclusive, const struct gql_list *a, const struct gql_list *b,
                              struct gql_list *conflicts);

static struct str response_name(const struct gql_selection *field)
{
    return field->alias.len != 0 ? field->alias : field->name;
}

/* ---- collecting fields ---- */

static int add_field(struct gql_walk *w, struct field_map *map, struct gql_selection *field)
{
    struct arena *a = w->work->ctx->arena;
    struct str name = response_name(field);
    const struct value *place = object_find_str(map->names, name);
    struct field_group *group = place != NULL ? map->groups.items[place->i] : arena_zeroed(a, 1, sizeof *group);
    if (group == NULL)
        return bi_nomem(w->work->ctx);
    group->name = name;
    if (place == NULL &&
        (object_put(a, map->names, value_str(name.p != NULL ? name : STR("")), value_int((int64_t)map->groups.count)) < 0 ||
         !gql_list_add(a, &map->groups, group)))
        return bi_nomem(w->work->ctx);
    return gql_list_add(a, &group->fields, field) ? BI_OK : bi_nomem(w->work->ctx);
}

static int collect_into(struct gql_walk *w, const struct gql_list *selections, struct field_map *map)
{
    int status = bi_charge(w->work->ctx, (selections->count + 1) * UNITS_PER_PAIR);
    for (size_t i = 0; status == BI_OK && i < selections->count; i++) {
        struct gql_selection *selection = selections->items[i];
        if (selection->kind == GQL_FIELD)
            status = add_field(w, map, selection);
        else if (selection->kind == GQL_INLINE)
            status = collect_into(w, &selection->selections, map);
        else if (!gql_list_add(w->work->ctx->arena, &map->spreads, selection))
            return bi_nomem(w->work->ctx);
    }
    return status;
}

static int collect(struct gql_walk *w, const struct gql_list *selections, struct field_map *ret)
{
    *ret = (struct field_map){.names = object_new(w->work->ctx->arena, selections->count)};
    return ret->names != NULL ? collect_into(w, selections, ret) : bi_nomem(w->work->ctx);
}

/* Do the maps have the very same fields? */
static bool is_same_map(const struct field_map *a, const struct field_map *b)
{
    if (a->groups.count != b->groups.count)
        return false;
    for (size_t i = 0; i < a->groups.count; i++) {
        const struct gql_list *x = &((const struct field_group *)a->groups.items[i])->fields;
        const struct gql_list *y = &((const struct field_group *)b->groups.items[i])->fields;
        if (x->count != y->count || memcmp(x->items, y->items, x->count * sizeof(void *)) != 0)
            return false;
    }
    return true;
}

/* ---- two fields ---- */

static bool is_same_value(const struct gql_value *a, const struct gql_value *b);

static const struct gql_value *find_child(const struct gql_value *value, struct str name)
{
    for (size_t i = 0; i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        if (str_equal(child->name, name))
            return child->value;
    }
    return NULL;
}

/* Members of objects may come in any order. */
static bool is_same_value(const struct gql_value *a, const struct gql_value *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (a->kind != b->kind || !str_equal(a->raw, b->raw) || a->children.count != b->children.count)
        return false;
    for (size_t i = 0; i < a->children.count; i++) {
        const struct gql_child *x = a->children.items[i], *y = b->children.items[i];
        const struct gql_value *other = a->kind == GQL_OBJECT ? find_child(b, x->name) : y->value;
        if (!is_same_value(x->value, other))
            return false;
    }
    return true;
}

static bool has_same_arguments(const struct gql_list *a, const struct gql_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct gql_argument *x = a->items[i];
        bool found = false;
        for (size_t k = 0; !found && k < b->count; k++) {
            const struct gql_argument *y = b->items[k];
            found = str_equal(x->name, y->name) && is_same_value(x->value, y->value);
        }
        if (!found)
            return false;
    }
    return true;
}

static bool is_leaf(const struct gql_definition *def)
{
    return def != NULL && (gql_is_kind(def, "SCALAR") || gql_is_kind(def, "ENUM"));
}

static bool do_types_conflict(struct gql_walk *w, const struct gql_type *a, const struct gql_type *b)
{
    for (; a != NULL && b != NULL && a->elem != NULL && b->elem != NULL; a = a->elem, b = b->elem)
        continue;
    if (a == NULL || b == NULL)
        return a != b;
    if (a->elem != NULL || b->elem != NULL || a->non_null != b->non_null)
        return true;
    const struct gql_definition *x = gql_schema_type(w->schema, a->named), *y = gql_schema_type(w->schema, b->named);
    return is_leaf(x) && is_leaf(y) && x != y;
}

/* Can only one of two fields apply, since their parents are different object types? */
static bool is_exclusive(const struct gql_selection *a, const struct gql_selection *b)
{
    return a->parent != b->parent && gql_is_kind(a->parent, "OBJECT") && gql_is_kind(b->parent, "OBJECT") &&
           a->definition != NULL && b->definition != NULL;
}

static int add_conflict(struct gql_walk *w, const struct gql_selection *a, const struct gql_selection *b, struct str text,
                        const struct gql_list *below, struct gql_list *conflicts)
{
    struct conflict *conflict = arena_zeroed(w->work->ctx->arena, 1, sizeof *conflict);
    if (conflict == NULL || text.p == NULL)
        return bi_nomem(w->work->ctx);
    conflict->name = response_name(a);
    conflict->text = text;
    conflict->pos = b->pos;
    if (below != NULL)
        conflict->below = *below;
    return gql_list_add(w->work->ctx->arena, conflicts, conflict) ? BI_OK : bi_nomem(w->work->ctx);
}

static int compare_types(struct gql_walk *w, const struct gql_selection *a, const struct gql_selection *b, bool *ret_conflict,
                         struct gql_list *conflicts)
{
    *ret_conflict = a->definition != NULL && b->definition != NULL &&
                    do_types_conflict(w, a->definition->type, b->definition->type);
    if (!*ret_conflict)
        return BI_OK;
    struct str x = gql_type_text(w, a->definition->type), y = gql_type_text(w, b->definition->type);
    struct str text = arena_printf(w->work->ctx->arena, "they return conflicting types \"%.*s\" and \"%.*s\"", GQL_S(x),
                                   GQL_S(y));
    return add_conflict(w, a, b, text, NULL, conflicts);
}

static int compare_fields(struct gql_walk *w, bool exclusive, const struct gql_selection *a, const struct gql_selection *b,
                          struct gql_list *conflicts)
{
    struct arena *arena = w->work->ctx->arena;
    int status = bi_charge(w->work->ctx, UNITS_PER_PAIR + a->arguments.count * b->arguments.count);
    if (status != BI_OK || a->parent == NULL || b->parent == NULL)
        return status;
    exclusive = exclusive || is_exclusive(a, b);
    if (!exclusive && !str_equal(a->name, b->name)) {
        struct str text = arena_printf(arena, "\"%.*s\" and \"%.*s\" are different fields", GQL_S(a->name), GQL_S(b->name));
        return add_conflict(w, a, b, text, NULL, conflicts);
    }
    if (!exclusive && !has_same_arguments(&a->arguments, &b->arguments))
        return add_conflict(w, a, b, STR("they have differing arguments"), NULL, conflicts);
    bool conflict;
    status = compare_types(w, a, b, &conflict, conflicts);
    if (status != BI_OK || conflict)
        return status;
    struct gql_list below = {0};
    status = compare_selections(w, exclusive, &a->selections, &b->selections, &below);
    return status == BI_OK && below.count != 0 ? add_conflict(w, a, b, STR(""), &below, conflicts) : status;
}

/* ---- maps of fields, and fragments ---- */

static int compare_within(struct gql_walk *w, const struct field_map *map, struct gql_list *conflicts)
{
    int status = BI_OK;
    for (size_t g = 0; g < map->groups.count; g++) {
        const struct gql_list *fields = &((const struct field_group *)map->groups.items[g])->fields;
        for (size_t i = 0; i < fields->count; i++)
            for (size_t k = i + 1; status == BI_OK && k < fields->count; k++)
                status = compare_fields(w, false, fields->items[i], fields->items[k], conflicts);
    }
    return status;
}

static int compare_between(struct gql_walk *w, bool exclusive, const struct field_map *a, const struct field_map *b,
                           struct gql_list *conflicts)
{
    int status = BI_OK;
    for (size_t g = 0; g < a->groups.count; g++) {
        const struct field_group *group = a->groups.items[g];
        const struct value *place = object_find_str(b->names, group->name);
        if (place == NULL)
            continue;
        const struct gql_list *others = &((const struct field_group *)b->groups.items[place->i])->fields;
        for (size_t i = 0; i < group->fields.count; i++)
            for (size_t k = 0; status == BI_OK && k < others->count; k++)
                status = compare_fields(w, exclusive, group->fields.items[i], others->items[k], conflicts);
    }
    return status;
}

static int enter_level(struct gql_walk *w)
{
    if (w->depth == GQL_MAX_DEPTH)
        return bi_halt(w->work->ctx, ERR_LIMIT_DEPTH, "GraphQL query nested too deep");
    w->depth++;
    return bi_charge(w->work->ctx, UNITS_PER_PAIR);
}

/* Compares fields with those of the fragment of spread, and of the fragments within. */
static int compare_with_fragment(struct gql_walk *w, bool exclusive, const struct field_map *map,
                                 const struct gql_selection *spread, struct gql_list *conflicts)
{
    struct field_map other;
    int is_new = gql_note(w, w->compared, spread->name);
    if (is_new < 0)
        return bi_nomem(w->work->ctx);
    if (is_new == 0 || spread->fragment == NULL)
        return BI_OK;
    int status = enter_level(w);
    if (status == BI_OK)
        status = collect(w, &spread->fragment->selections, &other);
    if (status == BI_OK && !is_same_map(map, &other)) {
        status = compare_between(w, exclusive, map, &other, conflicts);
        for (size_t i = 0; status == BI_OK && i < other.spreads.count; i++) {
            const struct gql_selection *inner = other.spreads.items[i];
            if (!str_equal(inner->name, spread->name))
                status = compare_with_fragment(w, exclusive, map, inner, conflicts);
        }
    }
    w->depth--;
    return status;
}

/* Has the pair been compared as strictly as this? Notes it otherwise. */
static int note_pair(struct gql_walk *w, struct str a, struct str b, bool exclusive, bool *ret_known)
{
    struct arena *arena = w->work->ctx->arena;
    bool swapped = str_compare(a, b) > 0;
    struct value *key = arena_array(arena, 2, sizeof *key);
    if (key == NULL)
        return bi_nomem(w->work->ctx);
    key[0] = value_str(swapped ? b : a);
    key[1] = value_str(swapped ? a : b);
    struct value pair = value_array(key, 2);
    const struct value *known = object_find(w->compared_pairs, pair);
    *ret_known = known != NULL && (exclusive || value_is_false(*known));
    if (*ret_known)
        return BI_OK;
    return object_put(arena, w->compared_pairs, pair, value_bool(exclusive)) < 0 ? bi_nomem(w->work->ctx) : BI_OK;
}

static int compare_fragments(struct gql_walk *w, bool exclusive, const struct gql_selection *a, const struct gql_selection *b,
                             struct gql_list *conflicts)
{
    struct field_map x, y;
    bool known;
    if (str_equal(a->name, b->name))
        return BI_OK;
    int status = note_pair(w, a->name, b->name, exclusive, &known);
    if (status != BI_OK || known || a->fragment == NULL || b->fragment == NULL)
        return status;
    status = enter_level(w);
    if (status == BI_OK)
        status = collect(w, &a->fragment->selections, &x);
    if (status == BI_OK)
        status = collect(w, &b->fragment->selections, &y);
    if (status == BI_OK)
        status = compare_between(w, exclusive, &x, &y, conflicts);
    for (size_t i = 0; status == BI_OK && i < y.spreads.count; i++)
        status = compare_fragments(w, exclusive, a, y.spreads.items[i], conflicts);
    for (size_t i = 0; status == BI_OK && i < x.spreads.count; i++)
        status = compare_fragments(w, exclusive, x.spreads.items[i], b, conflicts);
    w->depth--;
    return status;
}

static int restart_compared(struct gql_walk *w)
{
    w->compared = set_new(w->work->ctx->arena, 4);
    return w->compared != NULL ? BI_OK : bi_nomem(w->work->ctx);
}

static int compare_with_spreads(struct gql_walk *w, bool exclusive, const struct field_map *map, const struct gql_list *spreads,
                                struct gql_list *conflicts)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < spreads->count; i++) {
        status = restart_compared(w);
        if (status == BI_OK)
            status = compare_with_fragment(w, exclusive, map, spreads->items[i], conflicts);
    }
    return status;
}

/* The selections of two fields that are merged. */
static int compare_selections(struct gql_walk *w, bool exclusive, const struct gql_list *a, const struct gql_list *b,
                              struct gql_list *conflicts)
{
    struct field_map x, y;
    int status = enter_level(w);
    if (status == BI_OK)
        status = collect(w, a, &x);
    if (status == BI_OK)
        status = collect(w, b, &y);
    if (status == BI_OK)
        status = compare_between(w, exclusive, &x, &y, conflicts);
    if (status == BI_OK)
        status = compare_with_spreads(w, exclusive, &x, &y.spreads, conflicts);
    if (status == BI_OK)
        status = compare_with_spreads(w, exclusive, &y, &x.spreads, conflicts);
    for (size_t i = 0; status == BI_OK && i < x.spreads.count; i++)
        for (size_t k = 0; status == BI_OK && k < y.spreads.count; k++)
            status = compare_fragments(w, exclusive, x.spreads.items[i], y.spreads.items[k], conflicts);
    w->depth--;
    return status;
}

/* ---- a selection set ---- */

static void write_conflict(struct buf *b, const struct conflict *conflict)
{
    if (conflict->below.count == 0)
        buf_str(b, conflict->text);
    for (size_t i = 0; i < conflict->below.count; i++) {
        const struct conflict *below = conflict->below.items[i];
        buf_cstr(b, i > 0 ? " and subfields \"" : "subfields \"");
        buf_str(b, below->name);
        buf_cstr(b, "\" conflict because ");
        write_conflict(b, below);
    }
}

static int report_conflicts(struct gql_walk *w, const struct gql_list *conflicts)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < conflicts->count; i++) {
        const struct conflict *conflict = conflicts->items[i];
        struct buf b;
        buf_init(&b, w->work->ctx->arena);
        write_conflict(&b, conflict);
        if (b.failed)
            return bi_nomem(w->work->ctx);
        status = GQL_REPORT(
            w, conflict->pos,
            "Fields \"%.*s\" conflict because %.*s. Use different aliases on the fields to fetch both if this was "
            "intentional.",
            GQL_S(conflict->name), (int)b.len, b.p);
    }
    return status;
}

int gql_check_overlap(struct gql_walk *w, const struct gql_list *selections)
{
    struct field_map map;
    struct gql_list conflicts = {0};
    if (selections->count == 0)
        return BI_OK;
    int status = collect(w, selections, &map);
    if (status == BI_OK)
        status = compare_within(w, &map, &conflicts);
    if (status == BI_OK)
        status = restart_compared(w);
    for (size_t i = 0; status == BI_OK && i < map.spreads.count; i++) {
        status = compare_with_fragment(w, false, &map, map.spreads.items[i], &conflicts);
        for (size_t k = i + 1; status == BI_OK && k < map.spreads.count; k++)
            status = compare_fragments(w, false, map.spreads.items[i], map.spreads.items[k], &conflicts);
    }
    return status == BI_OK ? report_conflicts(w, &conflicts) : status;
}
