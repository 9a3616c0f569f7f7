/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of GraphQL queries about values: variables, and literals of the right type.
 */
#include "stdlib/graphql_rules.h"

/* ---- variables that nobody defines ---- */

static int check_defined(struct gql_walk *w, struct gql_value *value)
{
    if (w->operation == NULL || value->kind != GQL_VARIABLE || value->variable != NULL)
        return BI_OK;
    if (w->operation->name.len != 0)
        return GQL_REPORT(w, value->pos, "Variable \"$%.*s\" is not defined by operation \"%.*s\".", GQL_S(value->raw),
                          GQL_S(w->operation->name));
    return GQL_REPORT(w, value->pos, "Variable \"$%.*s\" is not defined.", GQL_S(value->raw));
}

/* ---- members of objects ---- */

static int check_unique_members(struct gql_walk *w, struct gql_value *value)
{
    if (value->kind != GQL_OBJECT || value->children.count < 2)
        return BI_OK;
    struct set *seen = set_new(w->work->ctx->arena, value->children.count);
    int status = seen != NULL ? BI_OK : bi_nomem(w->work->ctx);
    for (size_t i = 0; status == BI_OK && i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        int is_new = gql_note(w, seen, child->name);
        if (is_new < 0)
            return bi_nomem(w->work->ctx);
        if (is_new == 0)
            status = GQL_REPORT(w, child->pos, "There can be only one input field named \"%.*s\".", GQL_S(child->name));
    }
    return status;
}

/* ---- numbers out of range ---- */

static bool is_integer_in(struct str s, int64_t least, int64_t most, bool *ret_syntax)
{
    bool negative = s.len != 0 && s.p[0] == '-';
    size_t i = s.len != 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    int64_t n = 0;
    bool fits = true;
    *ret_syntax = i < s.len;
    for (; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            *ret_syntax = false;
            return false;
        }
        int digit = s.p[i] - '0';
        fits = fits && !__builtin_mul_overflow(n, 10, &n) && !__builtin_add_overflow(n, negative ? -digit : digit, &n);
    }
    return fits && *ret_syntax && n >= least && n <= most;
}

/* Is the magnitude of decimal text beyond the doubles? Judged by the exponent of its first digit. */
static bool is_float_too_big(struct str s)
{
    int64_t point = 0, exponent = 0;
    size_t i = s.len != 0 && s.p[0] == '-' ? 1 : 0;
    bool counting = true, started = false;
    char lead[18];
    size_t leads = 0;
    for (; i < s.len && s.p[i] != 'e' && s.p[i] != 'E'; i++) {
        if (s.p[i] == '.') {
            counting = false;
            continue;
        }
        started |= s.p[i] != '0';
        if (started && leads < sizeof lead - 1)
            lead[leads++] = s.p[i];
        point += counting && started;
        point -= !counting && !started;
    }
    if (!started)
        return false;
    lead[leads] = '\0';
    bool negative = i + 1 < s.len && s.p[i + 1] == '-';
    for (i += i + 1 < s.len && (negative || s.p[i + 1] == '+') ? 2 : 1; i < s.len && exponent < 100000; i++)
        exponent = exponent * 10 + (s.p[i] - '0');
    point += negative ? -exponent : exponent;
    /* 1.797693134862315808e308 is halfway between the greatest double and what would be the next */
    return point > 309 || (point == 309 && strcmp(lead, "17976931348623158") >= 0);
}

/* Numbers and truth values of trees that were given as values may be any text. */
static bool is_float_syntax(struct str s)
{
    size_t digits = 0, dots = 0, i = s.len != 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    for (; i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] == '.' && dots == 0)); i++) {
        digits += s.p[i] != '.';
        dots += s.p[i] == '.';
    }
    if (digits == 0 || i == s.len)
        return digits != 0;
    if (s.p[i] != 'e' && s.p[i] != 'E')
        return false;
    i += i + 1 < s.len && (s.p[i + 1] == '-' || s.p[i + 1] == '+') ? 2 : 1;
    size_t first = i;
    while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    return i > first && i == s.len;
}

static bool is_bool_syntax(struct str s)
{
    static const char *const words[] = {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(s, str_cstr(words[i])))
            return true;
    return false;
}

/* Can the value not be read as a value of Go? */
static bool is_unreadable(const struct gql_value *value, size_t depth)
{
    bool syntax;
    if (value == NULL || depth == GQL_MAX_DEPTH)
        return false;
    switch (value->kind) {
    case GQL_VARIABLE:
        return value->variable != NULL && is_unreadable(value->variable->default_value, depth + 1);
    case GQL_INT:
        return !is_integer_in(value->raw, INT64_MIN, INT64_MAX, &syntax);
    case GQL_FLOAT:
        return !is_float_syntax(value->raw) || is_float_too_big(value->raw);
    case GQL_BOOLEAN:
        return !is_bool_syntax(value->raw);
    case GQL_LIST:
    case GQL_OBJECT:
        for (size_t i = 0; i < value->children.count; i++)
            if (is_unreadable(((const struct gql_child *)value->children.items[i])->value, depth + 1))
                return true;
        return false;
    default:
        return false;
    }
}

/* ---- literals of the wrong type ---- */

static bool is_one_of(struct str s, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(s, str_cstr(names[i])))
            return true;
    return false;
}

#define IS_ONE_OF(s, ...) is_one_of((s), (const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

/* What is wrong with a value that has not the expected type; p NULL: out of memory. */
static struct str describe_mismatch(struct gql_walk *w, const struct gql_value *value)
{
    struct arena *a = w->work->ctx->arena;
    struct str type = gql_type_text(w, value->expected), text = gql_value_text(w, value);
    bool syntax;
    if (type.p == NULL || text.p == NULL)
        return str_of(NULL, 0);
    if (IS_ONE_OF(type, "Int", "Int!")) {
        bool small = is_integer_in(value->raw, INT32_MIN, INT32_MAX, &syntax);
        return arena_printf(a,
                            syntax && !small ? "Int cannot represent non 32-bit signed integer value: %.*s"
                                             : "Int cannot represent non-integer value: %.*s",
                            GQL_S(text));
    }
    if (IS_ONE_OF(type, "String", "String!", "[String]"))
        return arena_printf(a, "String cannot represent a non string value: %.*s", GQL_S(text));
    if (IS_ONE_OF(type, "Boolean", "Boolean!"))
        return arena_printf(a, "Boolean cannot represent a non boolean value: %.*s", GQL_S(text));
    if (IS_ONE_OF(type, "Float", "Float!"))
        return arena_printf(a, "Float cannot represent non numeric value: %.*s", GQL_S(text));
    if (IS_ONE_OF(type, "ID", "ID!"))
        return arena_printf(a, "ID cannot represent a non-string and non-integer value: %.*s", GQL_S(text));
    if (gql_is_kind(value->definition, "ENUM"))
        return arena_printf(a, "Enum \"%.*s\" cannot represent non-enum value: %.*s.", GQL_S(type), GQL_S(text));
    return arena_printf(a, "Expected value of type \"%.*s\", found %.*s.", GQL_S(type), GQL_S(text));
}

static int report_mismatch(struct gql_walk *w, const struct gql_value *value)
{
    return gql_report(w, value->pos, describe_mismatch(w, value));
}

/* Reports text, with the values of the enum that are like the one given. */
static int report_with_enum_values(struct gql_walk *w, const struct gql_value *value, struct str text, bool quoted)
{
    const struct gql_list *values = &value->definition->enum_values;
    bool is_enum = gql_is_kind(value->definition, "ENUM");
    struct str *names = arena_array(w->work->ctx->arena, values->count, sizeof *names), suggestion;
    if (names == NULL || text.p == NULL)
        return bi_nomem(w->work->ctx);
    for (size_t i = 0; i < values->count; i++)
        names[i] = ((const struct gql_enum_value *)values->items[i])->name;
    int status = gql_suggest(w, "Did you mean the enum value", value->raw, names, is_enum ? values->count : 0, quoted,
                             &suggestion);
    return status == BI_OK ? GQL_REPORT(w, value->pos, "%.*s%.*s", GQL_S(text), GQL_S(suggestion)) : status;
}

static int check_string(struct gql_walk *w, const struct gql_value *value)
{
    if (!gql_is_kind(value->definition, "ENUM"))
        return IS_ONE_OF(value->definition->name, "String", "ID") ? BI_OK : report_mismatch(w, value);
    struct str type = gql_type_text(w, value->expected), text = gql_value_text(w, value);
    if (type.p == NULL || text.p == NULL)
        return bi_nomem(w->work->ctx);
    return report_with_enum_values(
        w, value,
        arena_printf(w->work->ctx->arena, "Enum \"%.*s\" cannot represent non-enum value: %.*s.", GQL_S(type), GQL_S(text)),
        true);
}

static bool has_enum_value(const struct gql_definition *def, struct str name)
{
    for (size_t i = 0; i < def->enum_values.count; i++)
        if (str_equal(((const struct gql_enum_value *)def->enum_values.items[i])->name, name))
            return true;
    return false;
}

static int check_enum(struct gql_walk *w, const struct gql_value *value)
{
    if (!gql_is_kind(value->definition, "ENUM"))
        return report_with_enum_values(w, value, describe_mismatch(w, value), false);
    if (has_enum_value(value->definition, value->raw))
        return BI_OK;
    struct str type = gql_type_text(w, value->expected);
    if (type.p == NULL)
        return bi_nomem(w->work->ctx);
    struct str text = arena_printf(w->work->ctx->arena, "Value \"%.*s\" does not exist in \"%.*s\" enum.", GQL_S(value->raw),
                                   GQL_S(type));
    return report_with_enum_values(w, value, text, true);
}

/* ---- objects ---- */

static const struct gql_child *find_child(const struct gql_value *value, struct str name)
{
    for (size_t i = 0; i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        if (str_equal(child->name, name))
            return child;
    }
    return NULL;
}

static int check_required_members(struct gql_walk *w, const struct gql_value *value)
{
    const struct gql_list *fields = &value->definition->fields;
    int status = bi_charge(w->work->ctx, fields->count * (value->children.count / 4 + 2));
    for (size_t i = 0; status == BI_OK && i < fields->count; i++) {
        const struct gql_field_definition *field = fields->items[i];
        if (field->type == NULL || !field->type->non_null || field->default_value != NULL ||
            find_child(value, field->name) != NULL)
            continue;
        struct str type = gql_type_text(w, field->type);
        status = GQL_REPORT(w, value->pos, "Field \"%.*s.%.*s\" of required type \"%.*s\" was not provided.",
                            GQL_S(value->definition->name), GQL_S(field->name), GQL_S(type));
    }
    return status;
}

static int check_one_of(struct gql_walk *w, const struct gql_value *value)
{
    const struct gql_definition *def = value->definition;
    if (value->children.count != 1)
        return GQL_REPORT(w, value->pos, "OneOf Input Object \"%.*s\" must specify exactly one key.", GQL_S(def->name));
    const struct gql_value *only = ((const struct gql_child *)value->children.items[0])->value;
    if ((only != NULL && only->kind != GQL_NULL) || def->fields.count == 0)
        return BI_OK;
    struct str first = ((const struct gql_field_definition *)def->fields.items[0])
                           ->name; /* not the one given, as in the library */
    return GQL_REPORT(w, only != NULL ? only->pos : value->pos, "Field \"%.*s.%.*s\" must be non-null.", GQL_S(def->name),
                      GQL_S(first));
}

static int check_one_of_directives(struct gql_walk *w, const struct gql_value *value)
{
    const struct gql_list *directives = &value->definition->directives;
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < directives->count; i++)
        if (str_equal(((const struct gql_directive *)directives->items[i])->name, STR("oneOf")))
            status = check_one_of(w, value);
    return status;
}

static int check_known_members(struct gql_walk *w, const struct gql_value *value)
{
    const struct gql_list *fields = &value->definition->fields;
    struct str *names = arena_array(w->work->ctx->arena, fields->count, sizeof *names);
    int status = names != NULL ? BI_OK : bi_nomem(w->work->ctx);
    for (size_t i = 0; status == BI_OK && i < fields->count; i++)
        names[i] = ((const struct gql_field_definition *)fields->items[i])->name;
    for (size_t i = 0; status == BI_OK && i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        struct str suggestion;
        if (gql_find_field(fields, child->name) != NULL)
            continue;
        status = gql_suggest(w, "Did you mean", child->name, names, fields->count, true, &suggestion);
        if (status == BI_OK)
            status = GQL_REPORT(w, child->pos, "Field \"%.*s\" is not defined by type \"%.*s\".%.*s", GQL_S(child->name),
                                GQL_S(value->definition->name), GQL_S(suggestion));
    }
    return status;
}

static int check_object(struct gql_walk *w, const struct gql_value *value)
{
    int status = check_required_members(w, value);
    if (status == BI_OK)
        status = check_one_of_directives(w, value);
    return status == BI_OK ? check_known_members(w, value) : status;
}

/* ---- the type of a value ---- */

static int check_kind(struct gql_walk *w, const struct gql_value *value)
{
    struct str name = value->definition->name;
    switch (value->kind) {
    case GQL_LIST:
        return value->expected->elem != NULL ? BI_OK : report_mismatch(w, value);
    case GQL_INT:
        return IS_ONE_OF(name, "Int", "Float", "ID") ? BI_OK : report_mismatch(w, value);
    case GQL_FLOAT:
        return IS_ONE_OF(name, "Float") ? BI_OK : report_mismatch(w, value);
    case GQL_STRING:
    case GQL_BLOCK:
        return check_string(w, value);
    case GQL_ENUM:
        return check_enum(w, value);
    case GQL_BOOLEAN:
        return IS_ONE_OF(name, "Boolean") ? BI_OK : report_mismatch(w, value);
    case GQL_OBJECT:
        return check_object(w, value);
    default:
        return BI_OK;
    }
}

static int check_type(struct gql_walk *w, struct gql_value *value)
{
    int status = BI_OK;
    if (value->definition == NULL || value->expected == NULL)
        return BI_OK;
    if (value->kind == GQL_NULL && value->expected->non_null) {
        struct str type = gql_type_text(w, value->expected), text = gql_value_text(w, value);
        status = GQL_REPORT(w, value->pos, "Expected value of type \"%.*s\", found %.*s.", GQL_S(type), GQL_S(text));
    }
    bool is_scalar = gql_is_kind(value->definition, "SCALAR");
    if (is_scalar && !IS_ONE_OF(value->definition->name, "Int", "Float", "String", "Boolean", "ID"))
        return status; /* scalars of their own take everything */
    if (status == BI_OK && is_unreadable(value, 0))
        status = report_mismatch(w, value);
    return status == BI_OK ? check_kind(w, value) : status;
}

/* ---- variables where their type is not allowed ---- */

/* May a value of type a stand where type b is expected, b being non-null or not? */
static bool is_compatible(const struct gql_type *a, const struct gql_type *b, bool non_null)
{
    for (; a != NULL && b != NULL; a = a->elem, b = b->elem, non_null = b != NULL && b->non_null) {
        if (!str_equal(a->named, b->named) || (a->elem != NULL && b->elem == NULL))
            return false;
        if (non_null && !a->non_null)
            return false;
    }
    return true;
}

static int check_variable_position(struct gql_walk *w, struct gql_value *value)
{
    const struct gql_variable *variable = value->variable;
    if (value->kind != GQL_VARIABLE || value->expected == NULL || variable == NULL || variable->type == NULL ||
        w->operation == NULL)
        return BI_OK;
    bool has_default = variable->default_value != NULL && variable->default_value->kind != GQL_NULL;
    bool non_null = value->expected->non_null && !has_default && !value->expected_has_default;
    if (is_compatible(variable->type, value->expected, non_null))
        return BI_OK;
    struct str type = gql_type_text(w, variable->type), expected = gql_type_text(w, value->expected);
    return GQL_REPORT(w, value->pos, "Variable \"$%.*s\" of type \"%.*s\" used in position expecting type \"%.*s\".",
                      GQL_S(value->raw), GQL_S(type), GQL_S(expected));
}

static bool has_one_of(const struct gql_definition *def)
{
    for (size_t i = 0; i < def->directives.count; i++)
        if (str_equal(((const struct gql_directive *)def->directives.items[i])->name, STR("oneOf")))
            return true;
    return false;
}

static int check_one_of_variables(struct gql_walk *w, struct gql_value *value)
{
    int status = BI_OK;
    if (value->kind != GQL_OBJECT || value->definition == NULL || !has_one_of(value->definition))
        return BI_OK;
    for (size_t i = 0; status == BI_OK && i < value->children.count; i++) {
        const struct gql_value *child = ((const struct gql_child *)value->children.items[i])->value;
        if (child == NULL || child->kind != GQL_VARIABLE || child->variable == NULL || child->variable->type == NULL ||
            child->variable->type->non_null)
            continue;
        struct str type = gql_type_text(w, child->variable->type);
        struct gql_pos pos = child->variable->pos.line != 0 ? child->variable->pos : child->pos;
        status = GQL_REPORT(
            w, pos, "Variable \"$%.*s\" is of type \"%.*s\" but must be non-nullable to be used for OneOf Input Object \"%.*s\".",
            GQL_S(child->raw), GQL_S(type), GQL_S(value->definition->name));
    }
    return status;
}

int gql_rules_value(struct gql_walk *w, struct gql_value *value)
{
    int (*const rules[])(struct gql_walk *, struct gql_value *) = {check_defined, check_unique_members, check_type,
                                                                   check_variable_position, check_one_of_variables};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        int status = rules[i](w, value);
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}
