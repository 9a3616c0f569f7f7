/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiles a JSON Schema: one function per keyword, called in the order in which OPA looks at them, which decides the error
 * that is reported. Members of objects are taken in the order of their names, where OPA takes them in any.
 */
#include "stdlib/builtins.h"
#include "stdlib/schema.h"
#include "vm/number.h"

#define UNITS_PER_SCHEMA 400u

int schema_refuse(struct schema_compiler *c, struct str problem)
{
    if (problem.p == NULL)
        return bi_nomem(c->ctx);
    c->problem = problem;
    return BI_ERROR;
}

#define REFUSE(c, ...) schema_refuse((c), arena_printf((c)->ctx->arena, __VA_ARGS__))

static int compile(struct schema_compiler *c, struct value v, struct schema_node *node);

/* ---- small things ---- */

static struct schema_node *new_node(struct schema_compiler *c, struct schema_node *parent, struct str property)
{
    struct schema_node *node = arena_zeroed(c->ctx->arena, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->parent = parent;
    node->property = property;
    return node;
}

/* Compiles v as a part of parent. */
static int compile_child(struct schema_compiler *c, struct schema_node *parent, struct str property, struct value v,
                         struct schema_node **ret)
{
    struct schema_node *node = new_node(c, parent, property);
    if (node == NULL)
        return bi_nomem(c->ctx);
    *ret = node;
    return compile(c, v, node);
}

static int append(struct schema_compiler *c, struct schema_list *list, struct schema_node *node)
{
    if (!arena_grow(c->ctx->arena, &list->items, &list->cap, list->count + 1, sizeof(struct schema_node *)))
        return bi_nomem(c->ctx);
    list->items[list->count++] = node;
    return BI_OK;
}

static int append_child(struct schema_compiler *c, struct schema_node *parent, struct str property, struct value v,
                        struct schema_list *list)
{
    struct schema_node *node = NULL;
    int status = compile_child(c, parent, property, v, &node);
    return status == BI_OK ? append(c, list, node) : status;
}

static int append_string(struct schema_compiler *c, struct schema_strings *list, struct str s)
{
    if (!arena_grow(c->ctx->arena, &list->items, &list->cap, list->count + 1, sizeof *list->items))
        return bi_nomem(c->ctx);
    list->items[list->count++] = s;
    return BI_OK;
}

static bool has_string(const struct schema_strings *list, struct str s)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i], s))
            return true;
    return false;
}

static bool is_schema(struct value v)
{
    return v.kind == VALUE_OBJECT || v.kind == VALUE_BOOL;
}

static const struct value *find(struct value schema, const char *keyword)
{
    return object_find_str(schema.object, str_cstr(keyword));
}

static int wrong_type(struct schema_compiler *c, const char *expected, const char *given)
{
    return REFUSE(c, "Invalid type. Expected: %s, given: %s", expected, given);
}

/* p NULL in *ret: the keyword is not there. */
static int read_string(struct schema_compiler *c, struct value schema, const char *keyword, struct str *ret)
{
    const struct value *v = find(schema, keyword);
    *ret = str_of(NULL, 0);
    if (v == NULL)
        return BI_OK;
    if (v->kind != VALUE_STRING)
        return wrong_type(c, "string", keyword);
    *ret = v->len != 0 ? value_text(*v) : STR("");
    return BI_OK;
}

/* undefined in *ret: the keyword is not there. */
static int read_array(struct schema_compiler *c, struct value schema, const char *keyword, struct value *ret)
{
    const struct value *v = find(schema, keyword);
    *ret = v != NULL ? *v : value_undefined();
    return v == NULL || v->kind == VALUE_ARRAY ? BI_OK : REFUSE(c, "%s must be of an array", keyword);
}

/* ---- identity and references ---- */

static int parse_id(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const char *keyword = node->draft == DRAFT_4 ? "id" : "$id";
    if (node->draft == DRAFT_HYBRID && find(v, "id") != NULL)
        keyword = "id";
    struct str id;
    struct schema_ref ref;
    int status = read_string(c, v, keyword, &id);
    return status == BI_OK && id.p != NULL ? schema_ref_parse(c, id, &ref) : status;
}

static int parse_definitions(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *definitions = find(v, "definitions");
    if (definitions == NULL)
        return BI_OK;
    if (definitions->kind != VALUE_OBJECT)
        return wrong_type(c, "Array Of Schemas", "definitions");
    const struct member *members = object_members(definitions->object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < definitions->object->count; i++) {
        struct schema_node *unused;
        status = is_schema(members[i].value) ? compile_child(c, node, STR("definitions"), members[i].value, &unused)
                                             : wrong_type(c, "Array Of Schemas", "definitions");
    }
    return status;
}

static int parse_texts(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    struct str unused;
    (void)node;
    int status = read_string(c, v, "title", &unused);
    return status == BI_OK ? read_string(c, v, "description", &unused) : status;
}

/* Compiles what ref leads to. It is entered before, so that schemas may contain themselves. */
static int compile_target(struct schema_compiler *c, const struct schema_ref *ref, struct schema_node *node)
{
    struct arena *a = c->ctx->arena;
    struct schema_node *target = new_node(c, node, STR("$ref"));
    struct schema_document found;
    if (target == NULL || !arena_grow(a, &c->targets, &c->target_cap, c->target_count + 1, sizeof(struct schema_node *)) ||
        object_put(a, c->seen, value_str(ref->text), value_int((int64_t)c->target_count)) < 0)
        return bi_nomem(c->ctx);
    c->targets[c->target_count++] = target;
    int status = schema_pool_get(c, ref, &found);
    if (status != BI_OK)
        return status;
    if (!is_schema(found.document))
        return REFUSE(c, "Valid Schema must be of type object");
    target->draft = found.draft;
    status = compile(c, found.document, target);
    if (status == BI_OK)
        node->target = target;
    node->ref = ref->text;
    return status;
}

/* *ret_done: the schema is its reference, and its other keywords are not looked at. */
static int parse_ref(struct schema_compiler *c, struct value v, struct schema_node *node, bool *ret_done)
{
    struct str text;
    struct schema_ref ref;
    *ret_done = false;
    int status = read_string(c, v, "$ref", &text);
    if (status != BI_OK || text.p == NULL)
        return status;
    status = schema_ref_parse(c, text, &ref);
    if (status != BI_OK)
        return status;
    const struct value *place = object_find_str(c->seen, ref.text);
    if (place != NULL) {
        node->target = c->targets[place->i];
        node->ref = ref.text;
        return BI_OK;
    }
    *ret_done = true;
    return compile_target(c, &ref, node);
}

/* ---- types ---- */

static int add_type(struct schema_compiler *c, struct schema_node *node, struct str type)
{
    static const char *const types[] = {"array", "boolean", "integer", "null", "number", "object", "string"};
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        known |= str_equal(type, str_cstr(types[i]));
    if (!known)
        return REFUSE(c,
                      "has a primitive type that is NOT VALID -- given: /%.*s/ Expected valid values are:"
                      "[array boolean integer number null object string]",
                      (int)type.len, type.p);
    if (has_string(&node->types, type))
        return REFUSE(c, "%.*s type is duplicated", (int)type.len, type.p);
    return append_string(c, &node->types, type);
}

static int parse_type(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *type = find(v, "type");
    if (type == NULL)
        return BI_OK;
    if (type->kind == VALUE_STRING)
        return add_type(c, node, value_text(*type));
    if (type->kind != VALUE_ARRAY)
        return wrong_type(c, "type", "string/Array Of Strings");
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < type->len; i++)
        status = type->items[i].kind == VALUE_STRING ? add_type(c, node, value_text(type->items[i]))
                                                     : wrong_type(c, "type", "string/Array Of Strings");
    return status;
}

/* ---- objects ---- */

static int parse_properties(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *properties = find(v, "properties");
    if (properties == NULL)
        return BI_OK;
    if (properties->kind != VALUE_OBJECT)
        return REFUSE(c, "Properties must be of type object");
    const struct member *members = object_members(properties->object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < properties->object->count; i++)
        status = append_child(c, node, value_text(members[i].key), members[i].value, &node->properties);
    return status;
}

static int parse_choice(struct schema_compiler *c, struct value v, struct schema_node *node, const char *keyword,
                        struct schema_choice *ret)
{
    const struct value *choice = find(v, keyword);
    if (choice == NULL)
        return BI_OK;
    ret->is_set = true;
    ret->allows = value_is_true(*choice);
    if (choice->kind == VALUE_BOOL)
        return BI_OK;
    if (choice->kind != VALUE_OBJECT)
        return wrong_type(c, "boolean/Valid Schema", keyword);
    return compile_child(c, node, str_cstr(keyword), *choice, &ret->node);
}

static int parse_additional_properties(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    return parse_choice(c, v, node, "additionalProperties", &node->additional_properties);
}

/* Is s a regular expression? */
static int test_pattern(struct schema_compiler *c, struct str s, bool *ret)
{
    struct value pattern = value_str(s), valid;
    int status = bif_regex_is_valid(c->ctx, &pattern, &valid);
    *ret = status == BI_OK && value_is_true(valid);
    return status;
}

static int parse_pattern_properties(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *patterns = find(v, "patternProperties");
    if (patterns == NULL)
        return BI_OK;
    if (patterns->kind != VALUE_OBJECT)
        return wrong_type(c, "Valid Schema", "patternProperties");
    const struct member *members = object_members(patterns->object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < patterns->object->count; i++) {
        struct str pattern = value_text(members[i].key);
        bool valid;
        status = test_pattern(c, pattern, &valid);
        if (status == BI_OK && !valid)
            status = REFUSE(c, "Invalid regex pattern '%.*s'", (int)pattern.len, pattern.p);
        if (status == BI_OK)
            status = append_child(c, node, pattern, members[i].value, &node->patterns);
    }
    return status;
}

static int parse_property_names(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *names = find(v, "propertyNames");
    if (names == NULL || node->draft < DRAFT_6)
        return BI_OK;
    if (!is_schema(*names))
        return wrong_type(c, "Valid Schema", "patternProperties");
    return compile_child(c, node, STR("propertyNames"), *names, &node->property_names);
}

static int parse_dependency(struct schema_compiler *c, const struct member *m, struct schema_node *node)
{
    struct schema_dependency dependency = {.name = value_text(m->key)};
    int status = BI_OK;
    if (is_schema(m->value))
        status = compile_child(c, node, dependency.name, m->value, &dependency.node);
    else if (m->value.kind != VALUE_ARRAY)
        status = REFUSE(c, "Dependency must be of type Schema Or Array Of Strings");
    else
        for (uint32_t i = 0; status == BI_OK && i < m->value.len; i++)
            status = m->value.items[i].kind == VALUE_STRING ? append_string(c, &dependency.needs, value_text(m->value.items[i]))
                                                            : REFUSE(c, "Dependency must be of type Schema Or Array Of Strings");
    if (status != BI_OK)
        return status;
    if (!arena_grow(c->ctx->arena, &node->dependencies, &node->dependency_cap, node->dependency_count + 1,
                    sizeof *node->dependencies))
        return bi_nomem(c->ctx);
    node->dependencies[node->dependency_count++] = dependency;
    return BI_OK;
}

static int parse_dependencies(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *dependencies = find(v, "dependencies");
    if (dependencies == NULL)
        return BI_OK;
    if (dependencies->kind != VALUE_OBJECT)
        return REFUSE(c, "dependencies must be of type object");
    const struct member *members = object_members(dependencies->object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < dependencies->object->count; i++)
        status = parse_dependency(c, &members[i], node);
    return status;
}

/* ---- arrays ---- */

static int parse_items(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *items = find(v, "items");
    if (items == NULL)
        return BI_OK;
    node->single_item = is_schema(*items);
    if (node->single_item)
        return append_child(c, node, STR("items"), *items, &node->items);
    if (items->kind != VALUE_ARRAY)
        return wrong_type(c, "Valid Schema/Array Of Schemas", "items");
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < items->len; i++)
        status = is_schema(items->items[i]) ? append_child(c, node, STR("items"), items->items[i], &node->items)
                                            : wrong_type(c, "Valid Schema/Array Of Schemas", "items");
    return status;
}

static int parse_additional_items(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    return parse_choice(c, v, node, "additionalItems", &node->additional_items);
}

static int parse_unique_items(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *unique = find(v, "uniqueItems");
    if (unique == NULL)
        return BI_OK;
    node->unique_items = value_is_true(*unique);
    return unique->kind == VALUE_BOOL ? BI_OK : REFUSE(c, "uniqueItems must be of a boolean");
}

static int parse_contains(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *contains = find(v, "contains");
    if (contains == NULL || node->draft < DRAFT_6)
        return BI_OK;
    return compile_child(c, node, STR("contains"), *contains, &node->contains);
}

/* ---- numbers ---- */

static int parse_multiple_of(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *multiple = find(v, "multipleOf");
    if (multiple == NULL)
        return BI_OK;
    if (multiple->kind != VALUE_NUMBER)
        return wrong_type(c, "Number", "multipleOf");
    if (number_compare(*multiple, value_int(0)) <= 0)
        return REFUSE(c, "multipleOf must be strictly greater than 0");
    node->multiple_of = *multiple;
    return BI_OK;
}

static int parse_limit(struct schema_compiler *c, struct value v, const char *keyword, struct value *ret)
{
    const struct value *limit = find(v, keyword);
    if (limit == NULL)
        return BI_OK;
    if (limit->kind != VALUE_NUMBER)
        return REFUSE(c, "%s must be of a Number", keyword);
    *ret = *limit;
    return BI_OK;
}

/* In draft 4 the keyword is a switch for the limit, later a limit of its own; without a draft both are good. */
static int parse_exclusive(struct schema_compiler *c, struct value v, enum schema_draft draft, const char *keyword,
                           const char *limit_keyword, struct value *limit, struct value *ret)
{
    const struct value *exclusive = find(v, keyword);
    if (exclusive == NULL)
        return BI_OK;
    if (exclusive->kind == VALUE_NUMBER && draft != DRAFT_4) {
        *ret = *exclusive;
        return BI_OK;
    }
    if (exclusive->kind != VALUE_BOOL || (draft != DRAFT_4 && draft != DRAFT_HYBRID))
        return wrong_type(c, draft == DRAFT_4 ? "boolean" : draft == DRAFT_HYBRID ? "boolean/number" : "number", keyword);
    if (limit->kind == VALUE_UNDEFINED)
        return REFUSE(c, "%s cannot be used without %s", keyword, limit_keyword);
    if (value_is_true(*exclusive)) {
        *ret = *limit;
        *limit = value_undefined();
    }
    return BI_OK;
}

static int parse_minimum(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = parse_limit(c, v, "minimum", &node->minimum);
    if (status != BI_OK)
        return status;
    return parse_exclusive(c, v, node->draft, "exclusiveMinimum", "minimum", &node->minimum, &node->exclusive_minimum);
}

static int parse_maximum(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = parse_limit(c, v, "maximum", &node->maximum);
    if (status != BI_OK)
        return status;
    return parse_exclusive(c, v, node->draft, "exclusiveMaximum", "maximum", &node->maximum, &node->exclusive_maximum);
}

/* ---- bounds of length ---- */

/* As Go's ParseInt reads it: 1.0 is none. */
static bool is_integer_text(struct value v, int64_t *ret)
{
    char tmp[NUMBER_INT_TEXT];
    if (v.kind != VALUE_NUMBER || !number_text_int64(v, ret))
        return false;
    struct str text = number_text(v, tmp);
    return memchr(text.p, '.', text.len) == NULL;
}

static int parse_bound(struct schema_compiler *c, struct value v, const char *keyword, struct schema_bound *ret)
{
    const struct value *bound = find(v, keyword);
    if (bound == NULL)
        return BI_OK;
    ret->is_set = true;
    if (!is_integer_text(*bound, &ret->value))
        return REFUSE(c, "%s must be of an integer", keyword);
    return ret->value >= 0 ? BI_OK : REFUSE(c, "%s must be greater than or equal to 0", keyword);
}

static int parse_range(struct schema_compiler *c, struct value v, const char *least_keyword, const char *most_keyword,
                       struct schema_bound *ret_least, struct schema_bound *ret_most)
{
    int status = parse_bound(c, v, least_keyword, ret_least);
    return status == BI_OK ? parse_bound(c, v, most_keyword, ret_most) : status;
}

static int parse_length(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = parse_range(c, v, "minLength", "maxLength", &node->min_length, &node->max_length);
    if (status == BI_OK && node->min_length.is_set && node->max_length.is_set && node->min_length.value > node->max_length.value)
        return REFUSE(c, "minLength cannot be greater than maxLength");
    return status;
}

static int parse_property_count(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = parse_range(c, v, "minProperties", "maxProperties", &node->min_properties, &node->max_properties);
    if (status == BI_OK && node->min_properties.is_set && node->max_properties.is_set &&
        node->min_properties.value > node->max_properties.value)
        return REFUSE(c, "minProperties cannot be greater than maxProperties");
    return status;
}

static int parse_item_count(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    return parse_range(c, v, "minItems", "maxItems", &node->min_items, &node->max_items);
}

/* ---- strings and names ---- */

static int parse_pattern(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    bool valid = true;
    int status = read_string(c, v, "pattern", &node->pattern);
    if (status == BI_OK && node->pattern.p != NULL)
        status = test_pattern(c, node->pattern, &valid);
    return status == BI_OK && !valid ? REFUSE(c, "pattern must be a valid regex") : status;
}

static int parse_format(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = read_string(c, v, "format", &node->format);
    if (status == BI_OK && node->format.len == 0)
        node->format.p = NULL;
    return status;
}

static int parse_required(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    struct value names;
    int status = read_array(c, v, "required", &names);
    for (uint32_t i = 0; status == BI_OK && i < names.len; i++) {
        if (names.items[i].kind != VALUE_STRING)
            return wrong_type(c, "string", "required");
        struct str name = value_text(names.items[i]);
        status = has_string(&node->required, name) ? REFUSE(c, "required items must be unique")
                                                   : append_string(c, &node->required, name);
        if (status == BI_OK)
            status = bi_charge(c->ctx, node->required.count / 8);
    }
    return status;
}

/* ---- values ---- */

static int parse_const(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    const struct value *constant = find(v, "const");
    if (constant == NULL || node->draft < DRAFT_6)
        return BI_OK;
    node->has_const = true;
    node->constant = schema_text_of(c->ctx->arena, *constant);
    return node->constant.p != NULL ? BI_OK : bi_nomem(c->ctx);
}

static int parse_enum(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    struct value values;
    int status = read_array(c, v, "enum", &values);
    node->has_enum = values.kind == VALUE_ARRAY;
    for (uint32_t i = 0; status == BI_OK && i < values.len; i++) {
        struct str text = schema_text_of(c->ctx->arena, values.items[i]);
        if (text.p == NULL)
            return bi_nomem(c->ctx);
        status = has_string(&node->enumeration, text) ? REFUSE(c, "enum items must be unique")
                                                      : append_string(c, &node->enumeration, text);
        if (status == BI_OK)
            status = bi_charge(c->ctx, node->enumeration.count / 8 + text.len / 8);
    }
    return status;
}

/* ---- combinations ---- */

static int parse_list(struct schema_compiler *c, struct value v, struct schema_node *node, const char *keyword,
                      struct schema_list *list)
{
    struct value schemas;
    int status = read_array(c, v, keyword, &schemas);
    for (uint32_t i = 0; status == BI_OK && i < schemas.len; i++)
        status = append_child(c, node, str_cstr(keyword), schemas.items[i], list);
    return status;
}

static int parse_combinations(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = parse_list(c, v, node, "oneOf", &node->one_of);
    if (status == BI_OK)
        status = parse_list(c, v, node, "anyOf", &node->any_of);
    return status == BI_OK ? parse_list(c, v, node, "allOf", &node->all_of) : status;
}

static int parse_single(struct schema_compiler *c, struct value v, struct schema_node *node, const char *keyword,
                        struct schema_node **ret)
{
    const struct value *schema = find(v, keyword);
    if (schema == NULL)
        return BI_OK;
    if (!is_schema(*schema))
        return REFUSE(c, "%s must be of an object", keyword);
    return compile_child(c, node, str_cstr(keyword), *schema, ret);
}

static int parse_not(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    return parse_single(c, v, node, "not", &node->not_schema);
}

static int parse_condition(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    if (node->draft < DRAFT_7)
        return BI_OK;
    int status = parse_single(c, v, node, "if", &node->if_schema);
    if (status == BI_OK)
        status = parse_single(c, v, node, "then", &node->then_schema);
    return status == BI_OK ? parse_single(c, v, node, "else", &node->else_schema) : status;
}

/* ---- a whole schema ---- */

typedef int (*keyword_fn)(struct schema_compiler *c, struct value v, struct schema_node *node);

static const keyword_fn before_ref[] = {parse_id, parse_definitions, parse_texts};

static const keyword_fn after_ref[] = {
    parse_type,
    parse_properties,
    parse_additional_properties,
    parse_pattern_properties,
    parse_property_names,
    parse_dependencies,
    parse_items,
    parse_additional_items,
    parse_multiple_of,
    parse_minimum,
    parse_maximum,
    parse_length,
    parse_pattern,
    parse_format,
    parse_property_count,
    parse_required,
    parse_item_count,
    parse_unique_items,
    parse_contains,
    parse_const,
    parse_enum,
    parse_combinations,
    parse_not,
    parse_condition,
};

static int compile_keywords(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    int status = bi_charge(c->ctx, UNITS_PER_SCHEMA);
    bool done = false;
    for (size_t i = 0; status == BI_OK && i < COUNT_OF(before_ref); i++)
        status = before_ref[i](c, v, node);
    if (status == BI_OK)
        status = parse_ref(c, v, node, &done);
    for (size_t i = 0; status == BI_OK && !done && i < COUNT_OF(after_ref); i++)
        status = after_ref[i](c, v, node);
    return status;
}

static int compile(struct schema_compiler *c, struct value v, struct schema_node *node)
{
    if (node->draft == DRAFT_UNSET)
        node->draft = node->parent->draft;
    if (v.kind == VALUE_BOOL && node->draft >= DRAFT_6) {
        node->pass = value_is_true(v) ? PASS_ALWAYS : PASS_NEVER;
        return BI_OK;
    }
    if (v.kind != VALUE_OBJECT)
        return REFUSE(c, "Expected: Valid Schema, given: Invalid JSON");
    if (c->depth == SCHEMA_MAX_DEPTH)
        return bi_halt(c->ctx, ERR_LIMIT_DEPTH, "schema nested too deep");
    c->depth++;
    int status = compile_keywords(c, v, node);
    c->depth--;
    return status;
}

int schema_parse(struct schema_compiler *c, struct value document, struct schema_node **ret)
{
    struct schema_ref ref;
    c->pool = object_new(c->ctx->arena, 4);
    c->seen = object_new(c->ctx->arena, 4);
    *ret = new_node(c, NULL, STR("(Root)"));
    if (c->pool == NULL || c->seen == NULL || *ret == NULL)
        return bi_nomem(c->ctx);
    int status = schema_ref_parse(c, STR(""), &ref);
    if (status == BI_OK)
        status = schema_pool_add(c, document, &ref);
    if (status == BI_OK)
        status = schema_pool_draft(c, document, &(*ret)->draft);
    if (status != BI_OK)
        return status;
    if ((*ret)->draft == DRAFT_UNSET)
        (*ret)->draft = DRAFT_HYBRID;
    return compile(c, document, *ret);
}
