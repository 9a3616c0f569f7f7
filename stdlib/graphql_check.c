/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks GraphQL schemas. The first error ends the check; types are visited by name.
 *
 * Trees that policies give as values may lack any part; what the library would crash on is an error here.
 */
#include "stdlib/graphql.h"

#define UNITS_PER_STEP 10u

#define S(s) (int)(s).len, (s).len != 0 ? (s).p : ""

/* Position of something that may come from a value: then the text says so. */
static int fail_at(struct gql_work *w, struct gql_pos pos, struct str text)
{
    int status = gql_error_add(w, pos, text);
    if (status == BI_ERROR && pos.line == 0)
        w->errors.items[w->errors.count - 1].lost_pos = true;
    return status;
}

#define FAIL(w, pos, ...) fail_at((w), (pos), arena_printf((w)->ctx->arena, __VA_ARGS__))

struct gql_definition *gql_schema_type(const struct gql_schema *schema, struct str name)
{
    const struct value *place = object_find_str(schema->types, name);
    return place != NULL ? schema->type_list.items[place->i] : NULL;
}

struct gql_directive_definition *gql_schema_directive(const struct gql_schema *schema, struct str name)
{
    const struct value *place = object_find_str(schema->directives, name);
    return place != NULL ? schema->directive_list.items[place->i] : NULL;
}

static bool is_kind(const struct gql_definition *def, const char *kind)
{
    return str_equal(def->kind, str_cstr(kind));
}

static struct str type_text(struct gql_work *w, const struct gql_type *type)
{
    struct buf b;
    buf_init(&b, w->ctx->arena);
    gql_type_write(&b, type);
    return b.failed ? str_of(NULL, 0) : buf_view(&b);
}

/* ---- collecting ---- */

static MUST_CHECK bool enter(struct gql_work *w, struct object *names, struct gql_list *list, struct str name, void *item)
{
    struct arena *a = w->ctx->arena;
    return object_put(a, names, value_str(name.p != NULL ? name : STR("")), value_int((int64_t)list->count)) >= 0 &&
           gql_list_add(a, list, item);
}

static int collect_definitions(struct gql_work *w, struct gql_schema *schema, const struct gql_list *definitions)
{
    for (size_t i = 0; i < definitions->count; i++) {
        struct gql_definition *def = definitions->items[i];
        if (gql_schema_type(schema, def->name) != NULL)
            return FAIL(w, def->pos, "Cannot redeclare type %.*s.", S(def->name));
        if (!enter(w, schema->types, &schema->type_list, def->name, def))
            return bi_nomem(w->ctx);
    }
    return BI_OK;
}

static MUST_CHECK bool append_list(struct arena *a, struct gql_list *to, const struct gql_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!gql_list_add(a, to, from->items[i]))
            return false;
    return true;
}

static MUST_CHECK bool append_strings(struct arena *a, struct gql_strings *to, const struct gql_strings *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!gql_strings_add(a, to, from->items[i]))
            return false;
    return true;
}

static MUST_CHECK bool append_positions(struct arena *a, struct gql_definition *to, const struct gql_definition *from)
{
    for (size_t i = 0; i < from->type_position_count; i++) {
        if (!arena_grow(a, &to->type_positions, &to->type_position_cap, to->type_position_count + 1, sizeof *to->type_positions))
            return false;
        to->type_positions[to->type_position_count++] = from->type_positions[i];
    }
    return true;
}

static int extend(struct gql_work *w, struct gql_schema *schema, const struct gql_definition *ext)
{
    struct arena *a = w->ctx->arena;
    struct gql_definition *def = gql_schema_type(schema, ext->name);
    if (def == NULL) {
        def = arena_zeroed(a, 1, sizeof *def);
        if (def == NULL || !enter(w, schema->types, &schema->type_list, ext->name, def))
            return bi_nomem(w->ctx);
        def->kind = ext->kind;
        def->name = ext->name;
        def->pos = ext->pos;
    }
    if (!str_equal(def->kind, ext->kind))
        return FAIL(w, ext->pos, "Cannot extend type %.*s because the base type is a %.*s, not %.*s.", S(ext->name), S(def->kind),
                    S(ext->kind));
    if (!append_list(a, &def->directives, &ext->directives) || !append_strings(a, &def->interfaces, &ext->interfaces) ||
        !append_list(a, &def->fields, &ext->fields) || !append_strings(a, &def->types, &ext->types) ||
        !append_positions(a, def, ext) || !append_list(a, &def->enum_values, &ext->enum_values))
        return bi_nomem(w->ctx);
    return BI_OK;
}

static int add_possible(struct gql_work *w, struct gql_definition *of, struct gql_definition *def)
{
    if (of == NULL || def == NULL)
        return BI_OK;
    return gql_list_add(w->ctx->arena, &of->possible, def) ? BI_OK : bi_nomem(w->ctx);
}

/* What a value of each abstract type may be: the types of unions, and what implements an interface. */
static int collect_possible(struct gql_work *w, struct gql_schema *schema)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < schema->type_list.count; i++) {
        struct gql_definition *def = schema->type_list.items[i];
        bool is_union = is_kind(def, "UNION"), is_interface = is_kind(def, "INTERFACE");
        bool has_values = is_kind(def, "OBJECT") || is_kind(def, "INPUT_OBJECT");
        status = bi_charge(w->ctx, (def->types.count + def->interfaces.count + 1) * UNITS_PER_STEP);
        for (size_t k = 0; is_union && status == BI_OK && k < def->types.count; k++)
            status = add_possible(w, def, gql_schema_type(schema, def->types.items[k]));
        for (size_t k = 0; (is_interface || has_values) && status == BI_OK && k < def->interfaces.count; k++)
            status = add_possible(w, gql_schema_type(schema, def->interfaces.items[k]), def);
        if (has_values && status == BI_OK)
            status = add_possible(w, def, def);
    }
    return status;
}

static int collect_directives(struct gql_work *w, struct gql_schema *schema, const struct gql_list *directives)
{
    static const char *const redeclarable[] = {"include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"};
    for (size_t i = 0; i < directives->count; i++) {
        struct gql_directive_definition *def = directives->items[i];
        bool may_redeclare = false;
        for (size_t k = 0; k < COUNT_OF(redeclarable); k++)
            may_redeclare |= str_equal(def->name, str_cstr(redeclarable[k]));
        if (!may_redeclare && gql_schema_directive(schema, def->name) != NULL)
            return FAIL(w, def->pos, "Cannot redeclare directive %.*s.", S(def->name));
        if (!enter(w, schema->directives, &schema->directive_list, def->name, def))
            return bi_nomem(w->ctx);
    }
    return BI_OK;
}

/* ---- names and types ---- */

static int check_name(struct gql_work *w, struct gql_pos pos, struct str name)
{
    if (!str_starts(name, STR("__")))
        return BI_OK;
    return FAIL(w, pos, "Name \"%.*s\" must not begin with \"__\", which is reserved by GraphQL introspection.", S(name));
}

static int check_type(struct gql_work *w, const struct gql_schema *schema, const struct gql_type *type, struct gql_pos pos)
{
    struct str name = gql_type_name(type);
    if (gql_schema_type(schema, name) != NULL)
        return BI_OK;
    return FAIL(w, type != NULL ? type->pos : pos, "Undefined type %.*s.", S(name));
}

/* ---- directives in use ---- */

struct directive_use {
    const char *location;
    const struct gql_directive_definition *inside; /* the directive whose definition this is part of, or NULL */
    bool single;                                   /* all directives stand at one place, so that none may be repeated */
};

static int check_directive_arguments(struct gql_work *w, const struct gql_directive *directive,
                                     const struct gql_directive_definition *def)
{
    for (size_t i = 0; i < directive->arguments.count; i++) {
        const struct gql_argument *argument = directive->arguments.items[i];
        if (gql_find_field(&def->arguments, argument->name) == NULL)
            return FAIL(w, argument->pos, "Undefined argument %.*s for directive %.*s.", S(argument->name), S(directive->name));
    }
    for (size_t i = 0; i < def->arguments.count; i++) {
        const struct gql_field_definition *wanted = def->arguments.items[i];
        if (wanted->type == NULL || !wanted->type->non_null || wanted->default_value != NULL)
            continue;
        const struct gql_argument *argument = gql_find_argument(&directive->arguments, wanted->name);
        if (argument == NULL || argument->value == NULL || argument->value->kind == GQL_NULL)
            return FAIL(w, directive->pos, "Argument %.*s for directive %.*s cannot be null.", S(wanted->name),
                        S(directive->name));
    }
    return BI_OK;
}

static bool is_repeated(const struct gql_list *directives, size_t i)
{
    const struct gql_directive *directive = directives->items[i];
    for (size_t k = 0; k < i; k++)
        if (str_equal(((const struct gql_directive *)directives->items[k])->name, directive->name))
            return true;
    return false;
}

static int check_directives(struct gql_work *w, const struct gql_schema *schema, const struct gql_list *directives,
                            struct directive_use use)
{
    int status = bi_charge(w->ctx, directives->count * (directives->count / 8 + UNITS_PER_STEP));
    for (size_t i = 0; status == BI_OK && i < directives->count; i++) {
        struct gql_directive *directive = directives->items[i];
        status = check_name(w, directive->pos, directive->name);
        if (status != BI_OK)
            return status;
        if (use.inside != NULL && str_equal(directive->name, use.inside->name))
            return FAIL(w, directive->pos, "Directive %.*s cannot refer to itself.", S(directive->name));
        struct gql_directive_definition *def = gql_schema_directive(schema, directive->name);
        if (def == NULL)
            return FAIL(w, directive->pos, "Undefined directive %.*s.", S(directive->name));
        if (use.single && !def->repeatable && is_repeated(directives, i))
            return FAIL(w, directive->pos, "The directive %.*s can only be used once at this location.", S(directive->name));
        if (!gql_strings_has(&def->locations, str_cstr(use.location)))
            return FAIL(w, directive->pos, "Directive %.*s is not applicable on %s.", S(directive->name), use.location);
        status = check_directive_arguments(w, directive, def);
        directive->definition = def;
    }
    return status;
}

static int check_single(struct gql_work *w, const struct gql_schema *schema, const struct gql_list *directives,
                        const char *location)
{
    return check_directives(w, schema, directives, (struct directive_use){location, NULL, true});
}

/* ---- arguments ---- */

static bool is_input_type(const struct gql_definition *def)
{
    return is_kind(def, "SCALAR") || is_kind(def, "ENUM") || is_kind(def, "INPUT_OBJECT");
}

static int check_arguments(struct gql_work *w, const struct gql_schema *schema, const struct gql_list *arguments,
                           const struct gql_directive_definition *inside)
{
    int status = bi_charge(w->ctx, arguments->count * UNITS_PER_STEP);
    for (size_t i = 0; status == BI_OK && i < arguments->count; i++) {
        const struct gql_field_definition *argument = arguments->items[i];
        status = check_name(w, argument->pos, argument->name);
        if (status == BI_OK)
            status = check_type(w, schema, argument->type, argument->pos);
        if (status != BI_OK)
            return status;
        const struct gql_definition *def = gql_schema_type(schema, gql_type_name(argument->type));
        if (!is_input_type(def)) {
            struct str type = type_text(w, argument->type);
            return FAIL(w, argument->pos, "cannot use %.*s as argument %.*s because %.*s is not a valid input type", S(type),
                        S(argument->name), S(def->kind));
        }
        struct directive_use use = {"ARGUMENT_DEFINITION", inside, true};
        status = check_directives(w, schema, &argument->directives, use);
    }
    return status;
}

/* ---- interfaces ---- */

static bool is_covariant(const struct gql_schema *schema, const struct gql_type *required, const struct gql_type *actual)
{
    for (; required != NULL && actual != NULL; required = required->elem, actual = actual->elem) {
        if (required->non_null && !actual->non_null)
            return false;
        if (required->named.len == 0)
            continue;
        if (str_equal(required->named, actual->named))
            return true;
        const struct gql_definition *def = gql_schema_type(schema, required->named);
        for (size_t i = 0; def != NULL && i < def->possible.count; i++)
            if (str_equal(((const struct gql_definition *)def->possible.items[i])->name, actual->named))
                return true;
        return false;
    }
    return false;
}

static bool is_compatible(const struct gql_type *a, const struct gql_type *b)
{
    for (; a != NULL && b != NULL; a = a->elem, b = b->elem) {
        if (!str_equal(a->named, b->named) || (a->elem != NULL && b->elem == NULL))
            return false;
        if (b->non_null && !a->non_null)
            return false;
    }
    return true;
}

static int check_interface_arguments(struct gql_work *w, const struct gql_definition *def, const struct gql_definition *interface,
                                     const struct gql_field_definition *required, const struct gql_field_definition *found)
{
    for (size_t i = 0; i < required->arguments.count; i++) {
        const struct gql_field_definition *wanted = required->arguments.items[i];
        const struct gql_field_definition *given = gql_find_field(&found->arguments, wanted->name);
        if (given == NULL)
            return FAIL(w, found->pos,
                        "For %.*s to implement %.*s the field %.*s must have the same arguments but it is missing %.*s.",
                        S(def->name), S(interface->name), S(required->name), S(wanted->name));
        if (!is_compatible(wanted->type, given->type))
            return FAIL(w, given->pos,
                        "For %.*s to implement %.*s the field %.*s must have the same arguments but %.*s has the wrong type.",
                        S(def->name), S(interface->name), S(required->name), S(wanted->name));
    }
    for (size_t i = 0; i < found->arguments.count; i++) {
        const struct gql_field_definition *given = found->arguments.items[i];
        bool is_required = given->type != NULL && given->type->non_null && given->default_value == NULL;
        if (is_required && gql_find_field(&required->arguments, given->name) == NULL)
            return FAIL(
                w, given->pos,
                "For %.*s to implement %.*s any additional arguments on %.*s must be optional or have a default value but "
                "%.*s is required.",
                S(def->name), S(interface->name), S(found->name), S(given->name));
    }
    return BI_OK;
}

static int check_interface_field(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def,
                                 const struct gql_definition *interface, const struct gql_field_definition *required)
{
    const struct gql_field_definition *found = gql_find_field(&def->fields, required->name);
    if (found == NULL)
        return FAIL(w, def->pos, "For %.*s to implement %.*s it must have a field called %.*s.", S(def->name), S(interface->name),
                    S(required->name));
    if (!is_covariant(schema, required->type, found->type)) {
        struct str type = type_text(w, required->type);
        return FAIL(w, found->pos, "For %.*s to implement %.*s the field %.*s must have type %.*s.", S(def->name),
                    S(interface->name), S(required->name), S(type));
    }
    return check_interface_arguments(w, def, interface, required, found);
}

static int check_implements(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def,
                            struct str name)
{
    const struct gql_definition *interface = gql_schema_type(schema, name);
    if (interface == NULL)
        return FAIL(w, def->pos, "Undefined type \"%.*s\".", S(name));
    if (!is_kind(interface, "INTERFACE"))
        return FAIL(w, def->pos, "\"%.*s\" is a non interface type %.*s.", S(name), S(interface->kind));
    int status = bi_charge(w->ctx, interface->fields.count * (def->fields.count / 4 + UNITS_PER_STEP));
    for (size_t i = 0; status == BI_OK && i < interface->fields.count; i++)
        status = check_interface_field(w, schema, def, interface, interface->fields.items[i]);
    for (size_t i = 0; status == BI_OK && i < interface->interfaces.count; i++) {
        struct str above = interface->interfaces.items[i];
        if (gql_strings_has(&def->interfaces, above))
            continue;
        if (str_equal(above, def->name))
            return FAIL(w, def->pos, "Type %.*s cannot implement %.*s because it would create a circular reference.",
                        S(def->name), S(name));
        return FAIL(w, def->pos, "Type %.*s must implement %.*s because it is implemented by %.*s.", S(def->name), S(above),
                    S(name));
    }
    return status;
}

/* ---- definitions of types ---- */

static int check_fields(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    const char *location = is_kind(def, "INPUT_OBJECT") ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION";
    int status = bi_charge(w->ctx, def->fields.count * UNITS_PER_STEP);
    for (size_t i = 0; status == BI_OK && i < def->fields.count; i++) {
        const struct gql_field_definition *field = def->fields.items[i];
        status = check_name(w, field->pos, field->name);
        if (status == BI_OK)
            status = check_type(w, schema, field->type, field->pos);
        if (status == BI_OK)
            status = check_arguments(w, schema, &field->arguments, NULL);
        if (status == BI_OK)
            status = check_single(w, schema, &field->directives, location);
    }
    return status;
}

static int check_union(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    for (size_t i = 0; i < def->types.count; i++) {
        const struct gql_definition *type = gql_schema_type(schema, def->types.items[i]);
        if (type == NULL)
            return FAIL(w, def->pos, "Undefined type \"%.*s\".", S(def->types.items[i]));
        if (!is_kind(type, "OBJECT"))
            return FAIL(w, def->pos, "%.*s type \"%.*s\" must be OBJECT.", S(def->kind), S(def->types.items[i]));
    }
    return BI_OK;
}

static int check_object_fields(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    if (def->fields.count == 0)
        return FAIL(w, def->pos, "%.*s %.*s: must define one or more fields.", S(def->kind), S(def->name));
    for (size_t i = 0; i < def->fields.count; i++) {
        const struct gql_field_definition *field = def->fields.items[i];
        const struct gql_definition *type = gql_schema_type(schema, gql_type_name(field->type));
        if (type != NULL && is_kind(type, "INPUT_OBJECT"))
            return FAIL(w, field->pos, "%.*s %.*s: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.", S(def->kind),
                        S(def->name));
    }
    return BI_OK;
}

static int check_input_fields(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    if (def->fields.count == 0)
        return FAIL(w, def->pos, "%.*s %.*s: must define one or more input fields.", S(def->kind), S(def->name));
    for (size_t i = 0; i < def->fields.count; i++) {
        const struct gql_field_definition *field = def->fields.items[i];
        const struct gql_definition *type = gql_schema_type(schema, gql_type_name(field->type));
        if (type != NULL && !is_input_type(type))
            return FAIL(w, field->pos, "%.*s %.*s: field must be one of SCALAR, ENUM, INPUT_OBJECT.", S(type->kind),
                        S(field->name));
    }
    return BI_OK;
}

static int check_enum(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    int status = BI_OK;
    if (def->enum_values.count == 0)
        return FAIL(w, def->pos, "%.*s %.*s: must define one or more unique enum values.", S(def->kind), S(def->name));
    for (size_t i = 0; status == BI_OK && i < def->enum_values.count; i++) {
        const struct gql_enum_value *value = def->enum_values.items[i];
        if (str_equal(value->name, STR("true")) || str_equal(value->name, STR("false")) || str_equal(value->name, STR("null")))
            return FAIL(w, def->pos, "%.*s %.*s: non-enum value %.*s.", S(def->kind), S(def->name), S(value->name));
        status = check_single(w, schema, &value->directives, "ENUM_VALUE");
    }
    return status;
}

static int check_kind(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    if (is_kind(def, "OBJECT") || is_kind(def, "INTERFACE"))
        return check_object_fields(w, schema, def);
    if (is_kind(def, "ENUM"))
        return check_enum(w, schema, def);
    return is_kind(def, "INPUT_OBJECT") ? check_input_fields(w, schema, def) : BI_OK;
}

/* ---- things that may be defined only once ---- */

/* The pair (first, second) of equal names with the least first, then the least second; false when all differ. */
static bool find_repeated(struct gql_work *w, const struct str *names, size_t count, size_t *ret_second, int *ret_status)
{
    struct object *seen = object_new(w->ctx->arena, count);
    size_t first = SIZE_MAX;
    *ret_status = seen != NULL ? bi_charge(w->ctx, count * UNITS_PER_STEP) : bi_nomem(w->ctx);
    for (size_t i = 0; *ret_status == BI_OK && i < count; i++) {
        const struct value *place = object_find_str(seen, names[i]);
        if (place != NULL && (size_t)place->i < first) {
            first = (size_t)place->i;
            *ret_second = i;
        } else if (place == NULL &&
                   object_put(w->ctx->arena, seen, value_str(names[i].p != NULL ? names[i] : STR("")), value_int((int64_t)i)) < 0)
            *ret_status = bi_nomem(w->ctx);
    }
    return *ret_status == BI_OK && first != SIZE_MAX;
}

static struct str *read_names(struct gql_work *w, const struct gql_list *list, size_t name_offset)
{
    struct str *names = arena_array(w->ctx->arena, list->count, sizeof *names);
    for (size_t i = 0; names != NULL && i < list->count; i++)
        names[i] = *(const struct str *)(const void *)((const char *)list->items[i] + name_offset);
    return names;
}

static int check_repeated(struct gql_work *w, const struct gql_definition *def)
{
    size_t i;
    int status;
    struct str *names = read_names(w, &def->fields, offsetof(struct gql_field_definition, name));
    if (names == NULL)
        return bi_nomem(w->ctx);
    if (find_repeated(w, names, def->fields.count, &i, &status))
        return FAIL(w, ((const struct gql_field_definition *)def->fields.items[i])->pos,
                    "Field %.*s.%.*s can only be defined once.", S(def->name), S(names[i]));
    names = read_names(w, &def->enum_values, offsetof(struct gql_enum_value, name));
    if (names == NULL)
        return bi_nomem(w->ctx);
    if (status == BI_OK && find_repeated(w, names, def->enum_values.count, &i, &status))
        return FAIL(w, ((const struct gql_enum_value *)def->enum_values.items[i])->pos,
                    "Enum value %.*s.%.*s can only be defined once.", S(def->name), S(names[i]));
    if (status == BI_OK && find_repeated(w, def->types.items, def->types.count, &i, &status)) {
        bool known = def->type_position_count == def->types.count && def->type_positions[i].line != 0;
        return FAIL(w, known ? def->type_positions[i] : def->pos, "Union type %.*s can only include type %.*s once.",
                    S(def->name), S(def->types.items[i]));
    }
    return status;
}

static int check_definition(struct gql_work *w, const struct gql_schema *schema, const struct gql_definition *def)
{
    int status = check_fields(w, schema, def);
    if (status == BI_OK)
        status = check_union(w, schema, def);
    for (size_t i = 0; status == BI_OK && i < def->interfaces.count; i++)
        status = check_implements(w, schema, def, def->interfaces.items[i]);
    if (status == BI_OK)
        status = check_kind(w, schema, def);
    if (status == BI_OK)
        status = check_repeated(w, def);
    if (status == BI_OK && !def->built_in)
        status = check_name(w, def->pos, def->name);
    if (status != BI_OK)
        return status;
    struct str location = arena_str(w->ctx->arena, def->kind);
    if (location.p == NULL)
        return bi_nomem(w->ctx);
    return check_directives(w, schema, &def->directives, (struct directive_use){location.p, NULL, false});
}

static int check_definitions(struct gql_work *w, struct gql_schema *schema)
{
    const struct member *types = object_members(schema->types);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < schema->types->count; i++)
        status = check_definition(w, schema, schema->type_list.items[types[i].value.i]);
    return status;
}

/* ---- inputs that contain themselves ---- */

struct input_walk {
    struct gql_work *work;
    const struct gql_schema *schema;
    struct object *visited; /* name of type -> place in path while on it, -1 afterwards */
    struct gql_list path;   /* gql_field_definition */
};

static int fail_input_cycle(struct input_walk *walk, size_t from, struct str type)
{
    struct buf b;
    buf_init(&b, walk->work->ctx->arena);
    for (size_t i = from; i < walk->path.count; i++) {
        if (i > from)
            buf_char(&b, '.');
        buf_str(&b, ((const struct gql_field_definition *)walk->path.items[i])->name);
    }
    if (b.failed)
        return bi_nomem(walk->work->ctx);
    return FAIL(walk->work, ((const struct gql_field_definition *)walk->path.items[from])->pos,
                "Cannot reference Input Object \"%.*s\" within itself through a series of non-null fields: \"%.*s\".", S(type),
                (int)b.len, b.p);
}

static int walk_input(struct input_walk *walk, const struct gql_definition *def);

static int walk_input_field(struct input_walk *walk, struct gql_field_definition *field)
{
    if (field->type == NULL || !field->type->non_null || field->type->named.len == 0)
        return BI_OK;
    const struct gql_definition *type = gql_schema_type(walk->schema, field->type->named);
    if (type == NULL || !is_kind(type, "INPUT_OBJECT"))
        return BI_OK;
    if (!gql_list_add(walk->work->ctx->arena, &walk->path, field))
        return bi_nomem(walk->work->ctx);
    const struct value *place = object_find_str(walk->visited, type->name);
    if (place != NULL && place->i >= 0)
        return fail_input_cycle(walk, (size_t)place->i, type->name);
    int status = place == NULL ? walk_input(walk, type) : BI_OK;
    walk->path.count--;
    return status;
}

static int walk_input(struct input_walk *walk, const struct gql_definition *def)
{
    struct arena *a = walk->work->ctx->arena;
    if (object_find_str(walk->visited, def->name) != NULL)
        return BI_OK;
    if (walk->path.count == GQL_MAX_DEPTH)
        return bi_halt(walk->work->ctx, ERR_LIMIT_DEPTH, "GraphQL inputs nested too deep");
    if (object_put(a, walk->visited, value_str(def->name), value_int((int64_t)walk->path.count)) < 0)
        return bi_nomem(walk->work->ctx);
    int status = bi_charge(walk->work->ctx, def->fields.count * UNITS_PER_STEP);
    for (size_t i = 0; status == BI_OK && i < def->fields.count; i++)
        status = walk_input_field(walk, def->fields.items[i]);
    *object_find_str(walk->visited, def->name) = value_int(-1);
    return status;
}

static int check_input_cycles(struct gql_work *w, struct gql_schema *schema)
{
    struct input_walk walk = {.work = w, .schema = schema, .visited = object_new(w->ctx->arena, 8)};
    if (walk.visited == NULL)
        return bi_nomem(w->ctx);
    const struct member *types = object_members(schema->types);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < schema->types->count; i++) {
        const struct gql_definition *def = schema->type_list.items[types[i].value.i];
        if (is_kind(def, "INPUT_OBJECT"))
            status = walk_input(&walk, def);
    }
    return status;
}

static int check_directive_definitions(struct gql_work *w, struct gql_schema *schema)
{
    const struct member *directives = object_members(schema->directives);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < schema->directives->count; i++) {
        const struct gql_directive_definition *def = schema->directive_list.items[directives[i].value.i];
        status = check_name(w, def->pos, def->name);
        if (status == BI_OK)
            status = check_arguments(w, schema, &def->arguments, def);
    }
    return status;
}

/* ---- root types ---- */

static struct gql_definition **root_of(struct gql_schema *schema, struct str operation)
{
    if (str_equal(operation, STR("query")))
        return &schema->query;
    return str_equal(operation, STR("mutation"))       ? &schema->mutation
           : str_equal(operation, STR("subscription")) ? &schema->subscription
                                                       : NULL;
}

static int set_roots(struct gql_work *w, struct gql_schema *schema, const struct gql_schema_definition *def)
{
    for (size_t i = 0; i < def->operation_types.count; i++) {
        const struct gql_operation_type *root = def->operation_types.items[i];
        struct gql_definition *type = gql_schema_type(schema, root->type), **place = root_of(schema, root->operation);
        if (type == NULL)
            return FAIL(w, root->pos, "Schema root %.*s refers to a type %.*s that does not exist.", S(root->operation),
                        S(root->type));
        if (place != NULL)
            *place = type;
    }
    return check_single(w, schema, &def->directives, "SCHEMA");
}

/* Without a definition of the schema, types named so are the roots. */
static void infer_roots(struct gql_schema *schema)
{
    if (schema->query == NULL)
        schema->query = gql_schema_type(schema, STR("Query"));
    if (schema->mutation == NULL)
        schema->mutation = gql_schema_type(schema, STR("Mutation"));
    if (schema->subscription == NULL)
        schema->subscription = gql_schema_type(schema, STR("Subscription"));
}

static struct gql_type *new_type(struct arena *a, struct str name, bool non_null)
{
    struct gql_type *type = arena_zeroed(a, 1, sizeof *type);
    if (type != NULL)
        *type = (struct gql_type){.named = name, .non_null = non_null};
    return type;
}

static struct gql_field_definition *new_field(struct arena *a, struct str name, struct str type, bool non_null)
{
    struct gql_field_definition *field = arena_zeroed(a, 1, sizeof *field);
    if (field == NULL)
        return NULL;
    field->name = name;
    field->type = new_type(a, type, non_null);
    return field->type != NULL ? field : NULL;
}

/* Every query type can be asked for the schema. */
static int add_introspection(struct gql_work *w, struct gql_definition *query)
{
    struct arena *a = w->ctx->arena;
    struct gql_field_definition *schema = new_field(a, STR("__schema"), STR("__Schema"), true);
    struct gql_field_definition *type = new_field(a, STR("__type"), STR("__Type"), false);
    struct gql_field_definition *name = new_field(a, STR("name"), STR("String"), true);
    if (schema == NULL || type == NULL || name == NULL || !gql_list_add(a, &type->arguments, name) ||
        !gql_list_add(a, &query->fields, schema) || !gql_list_add(a, &query->fields, type))
        return bi_nomem(w->ctx);
    return BI_OK;
}

/* ---- a schema ---- */

static int collect(struct gql_work *w, struct gql_schema *schema, const struct gql_schema_document *prelude,
                   const struct gql_schema_document *document)
{
    int status = collect_definitions(w, schema, &prelude->definitions);
    if (status == BI_OK)
        status = collect_definitions(w, schema, &document->definitions);
    for (size_t i = 0; status == BI_OK && i < document->extensions.count; i++)
        status = extend(w, schema, document->extensions.items[i]);
    if (status == BI_OK)
        status = collect_possible(w, schema);
    if (status == BI_OK)
        status = collect_directives(w, schema, &prelude->directives);
    return status == BI_OK ? collect_directives(w, schema, &document->directives) : status;
}

static int check_roots(struct gql_work *w, struct gql_schema *schema, const struct gql_schema_document *document)
{
    int status = BI_OK;
    if (document->schema.count > 1)
        return FAIL(w, ((const struct gql_schema_definition *)document->schema.items[1])->pos,
                    "Cannot have multiple schema entry points, consider schema extensions instead.");
    if (document->schema.count == 1)
        status = set_roots(w, schema, document->schema.items[0]);
    for (size_t i = 0; status == BI_OK && i < document->schema_extensions.count; i++)
        status = set_roots(w, schema, document->schema_extensions.items[i]);
    return status;
}

int gql_check_schema(struct gql_work *w, struct gql_schema_document *document, struct gql_schema **ret)
{
    struct arena *a = w->ctx->arena;
    struct gql_schema *schema = arena_zeroed(a, 1, sizeof *schema);
    struct gql_schema_document *prelude;
    if (schema == NULL)
        return bi_nomem(w->ctx);
    schema->types = object_new(a, 32);
    schema->directives = object_new(a, 8);
    if (schema->types == NULL || schema->directives == NULL)
        return bi_nomem(w->ctx);
    int status = gql_parse_schema(w, str_cstr(gql_prelude), true, &prelude);
    if (status == BI_OK)
        status = collect(w, schema, prelude, document);
    if (status == BI_OK)
        status = check_roots(w, schema, document);
    if (status == BI_OK)
        status = check_definitions(w, schema);
    if (status == BI_OK)
        status = check_input_cycles(w, schema);
    if (status == BI_OK)
        status = check_directive_definitions(w, schema);
    if (status != BI_OK)
        return status;
    if (document->schema.count == 0)
        infer_roots(schema);
    *ret = schema;
    return schema->query != NULL ? add_introspection(w, schema->query) : BI_OK;
}
