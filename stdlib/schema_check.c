/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks a document against a compiled schema.
 *
 * Errors come in OPA's order, members of objects taken by name where OPA takes them in any order. The score of a result counts
 * passed steps up and errors down, step for step as there: it decides which alternative of anyOf, oneOf and contains has its
 * errors reported.
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/schema.h"
#include "stdlib/schema_result.h"
#include "vm/number.h"

#define UNITS_PER_STEP 30u

struct check {
    struct bi_ctx *ctx;
    size_t depth;
};

static int check_node(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                      struct schema_place *at);

/* ---- small things ---- */

static int add_details(struct check *c, struct schema_result *r, enum schema_error_id id, struct schema_place *at,
                       struct value d0, struct value d1, struct value d2)
{
    return schema_result_add(c->ctx->arena, r, id, at, d0, d1, d2) ? BI_OK : bi_nomem(c->ctx);
}

static int add(struct check *c, struct schema_result *r, enum schema_error_id id, struct schema_place *at)
{
    return add_details(c, r, id, at, value_null(), value_null(), value_null());
}

static int add_detail(struct check *c, struct schema_result *r, enum schema_error_id id, struct schema_place *at,
                      struct value detail)
{
    return add_details(c, r, id, at, detail, value_null(), value_null());
}

static int merge(struct check *c, struct schema_result *r, const struct schema_result *other)
{
    return schema_result_merge(c->ctx->arena, r, other) ? BI_OK : bi_nomem(c->ctx);
}

/* Checks into a result of its own. */
static int check_apart(struct check *c, const struct schema_node *s, struct value v, struct schema_place *at,
                       struct schema_result *ret)
{
    *ret = (struct schema_result){0};
    return check_node(c, s, v, ret, at);
}

static int check_merged(struct check *c, const struct schema_node *s, struct value v, struct schema_place *at,
                        struct schema_result *r)
{
    struct schema_result own;
    int status = check_apart(c, s, v, at, &own);
    return status == BI_OK ? merge(c, r, &own) : status;
}

static struct schema_place place_name(struct schema_place *parent, struct str name)
{
    return (struct schema_place){.parent = parent, .name = name.p != NULL ? name : STR("")};
}

static struct schema_place place_index(struct schema_place *parent, uint32_t index)
{
    return (struct schema_place){.parent = parent, .index = index};
}

/* ---- types ---- */

static bool allows_type(const struct schema_node *s, struct str type)
{
    for (size_t i = 0; i < s->types.count; i++)
        if (str_equal(s->types.items[i], type))
            return true;
    return false;
}

static int add_wrong_type(struct check *c, const struct schema_node *s, struct str given, struct schema_result *r,
                          struct schema_place *at)
{
    struct buf b;
    struct str expected = s->types.items[0];
    if (s->types.count > 1) {
        buf_init(&b, c->ctx->arena);
        for (size_t i = 0; i < s->types.count; i++) {
            buf_char(&b, i == 0 ? '[' : ',');
            buf_str(&b, s->types.items[i]);
        }
        buf_char(&b, ']');
        if (b.failed)
            return bi_nomem(c->ctx);
        expected = buf_view(&b);
    }
    return add_details(c, r, SCHEMA_ERROR_INVALID_TYPE, at, value_str(expected), value_str(given), value_null());
}

/* *ret_good is false when the type is wrong and has been reported. */
static int check_type(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                      struct schema_place *at, bool *ret_good)
{
    struct str type = str_cstr(value_kind_name((enum value_kind)v.kind));
    *ret_good = s->types.count == 0 || allows_type(s, type);
    if (v.kind == VALUE_NUMBER && !*ret_good && number_is_integral(v)) {
        type = STR("integer");
        *ret_good = allows_type(s, type);
    }
    return *ret_good ? BI_OK : add_wrong_type(c, s, type, r, at);
}

/* ---- combinations ---- */

/* Keeps the better of two failed results. */
static void keep_best(struct schema_result *best, bool *has_best, const struct schema_result *candidate)
{
    if (*has_best && candidate->score <= best->score)
        return;
    *best = *candidate;
    *has_best = true;
}

static int check_any_of(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    struct schema_result best = {0}, own;
    bool has_best = false;
    for (size_t i = 0; i < s->any_of.count; i++) {
        int status = check_apart(c, s->any_of.items[i], v, at, &own);
        if (status != BI_OK || own.count == 0)
            return status;
        keep_best(&best, &has_best, &own);
    }
    if (s->any_of.count == 0)
        return BI_OK;
    int status = add(c, r, SCHEMA_ERROR_ANY_OF, at);
    return status == BI_OK ? merge(c, r, &best) : status;
}

static int check_one_of(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    struct schema_result best = {0}, own;
    bool has_best = false;
    size_t passed = 0;
    for (size_t i = 0; i < s->one_of.count; i++) {
        int status = check_apart(c, s->one_of.items[i], v, at, &own);
        if (status != BI_OK)
            return status;
        if (own.count == 0)
            passed++;
        else if (passed == 0)
            keep_best(&best, &has_best, &own);
    }
    if (s->one_of.count == 0 || passed == 1)
        return BI_OK;
    int status = add(c, r, SCHEMA_ERROR_ONE_OF, at);
    return status == BI_OK && passed == 0 ? merge(c, r, &best) : status;
}

static int check_all_of(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    struct schema_result own;
    size_t passed = 0;
    for (size_t i = 0; i < s->all_of.count; i++) {
        int status = check_apart(c, s->all_of.items[i], v, at, &own);
        if (status == BI_OK)
            status = merge(c, r, &own);
        if (status != BI_OK)
            return status;
        passed += own.count == 0;
    }
    return passed != s->all_of.count ? add(c, r, SCHEMA_ERROR_ALL_OF, at) : BI_OK;
}

static int check_not(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                     struct schema_place *at)
{
    struct schema_result own;
    if (s->not_schema == NULL)
        return BI_OK;
    int status = check_apart(c, s->not_schema, v, at, &own);
    return status == BI_OK && own.count == 0 ? add(c, r, SCHEMA_ERROR_NOT, at) : status;
}

static int check_dependency(struct check *c, const struct schema_dependency *d, struct value v, struct schema_result *r,
                            struct schema_place *at)
{
    int status = BI_OK;
    if (d->node != NULL)
        return check_node(c, d->node, v, r, at);
    for (size_t i = 0; status == BI_OK && i < d->needs.count; i++)
        if (object_find_str(v.object, d->needs.items[i]) == NULL)
            status = add_detail(c, r, SCHEMA_ERROR_DEPENDENCY, at, value_str(d->needs.items[i]));
    return status;
}

static int check_dependencies(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                              struct schema_place *at)
{
    int status = BI_OK;
    for (size_t i = 0; v.kind == VALUE_OBJECT && status == BI_OK && i < s->dependency_count; i++)
        if (object_find_str(v.object, s->dependencies[i].name) != NULL)
            status = check_dependency(c, &s->dependencies[i], v, r, at);
    return status;
}

static int check_branch(struct check *c, const struct schema_node *branch, enum schema_error_id id, struct value v,
                        struct schema_result *r, struct schema_place *at)
{
    struct schema_result own;
    if (branch == NULL)
        return BI_OK;
    int status = check_apart(c, branch, v, at, &own);
    if (status != BI_OK || own.count == 0)
        return status;
    status = add(c, r, id, at);
    return status == BI_OK ? merge(c, r, &own) : status;
}

static int check_condition(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                           struct schema_place *at)
{
    struct schema_result own;
    if (s->if_schema == NULL)
        return BI_OK;
    int status = check_apart(c, s->if_schema, v, at, &own);
    if (status != BI_OK)
        return status;
    return own.count == 0 ? check_branch(c, s->then_schema, SCHEMA_ERROR_THEN, v, r, at)
                          : check_branch(c, s->else_schema, SCHEMA_ERROR_ELSE, v, r, at);
}

typedef int (*part_fn)(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                       struct schema_place *at);

static int check_parts(struct check *c, const part_fn *parts, size_t count, const struct schema_node *s, struct value v,
                       struct schema_result *r, struct schema_place *at)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < count; i++)
        status = parts[i](c, s, v, r, at);
    r->score++;
    return status;
}

static int check_schemas(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                         struct schema_place *at)
{
    static const part_fn parts[] = {check_any_of, check_one_of, check_all_of, check_not, check_dependencies, check_condition};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

/* ---- what applies to every value ---- */

static int write_text(struct check *c, struct value v, struct str *ret)
{
    *ret = schema_text_of(c->ctx->arena, v);
    return ret->p != NULL ? bi_charge(c->ctx, ret->len / 2 + 1) : bi_nomem(c->ctx);
}

static int check_const(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                       struct schema_place *at)
{
    struct str text;
    if (!s->has_const)
        return BI_OK;
    int status = write_text(c, v, &text);
    if (status != BI_OK || str_equal(text, s->constant))
        return status;
    return add_detail(c, r, SCHEMA_ERROR_CONST, at, value_str(s->constant));
}

static int add_not_in_enum(struct check *c, const struct schema_node *s, struct schema_result *r, struct schema_place *at)
{
    struct buf b;
    buf_init(&b, c->ctx->arena);
    for (size_t i = 0; i < s->enumeration.count; i++) {
        if (i > 0)
            buf_cstr(&b, ", ");
        buf_str(&b, s->enumeration.items[i]);
    }
    int status = bi_charge(c->ctx, b.len / 4);
    if (status != BI_OK)
        return status;
    return b.failed ? bi_nomem(c->ctx) : add_detail(c, r, SCHEMA_ERROR_ENUM, at, value_str(buf_view(&b)));
}

static int check_enum(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                      struct schema_place *at)
{
    struct str text;
    if (!s->has_enum)
        return BI_OK;
    int status = write_text(c, v, &text);
    if (status == BI_OK)
        status = bi_charge(c->ctx, s->enumeration.count);
    for (size_t i = 0; status == BI_OK && i < s->enumeration.count; i++)
        if (str_equal(text, s->enumeration.items[i]))
            return BI_OK;
    return status == BI_OK ? add_not_in_enum(c, s, r, at) : status;
}

static int check_format(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    bool fits = true;
    if (s->format.p == NULL || v.kind != VALUE_STRING)
        return BI_OK;
    int status = bi_charge(c->ctx, v.len);
    if (status == BI_OK)
        status = schema_format_fits(c->ctx, s->format, value_text(v), &fits);
    return status == BI_OK && !fits ? add_detail(c, r, SCHEMA_ERROR_FORMAT, at, value_str(s->format)) : status;
}

static int check_common(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    static const part_fn parts[] = {check_const, check_enum, check_format};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

/* ---- arrays ---- */

static int check_item(struct check *c, const struct schema_node *s, struct value v, uint32_t i, struct schema_result *r,
                      struct schema_place *at)
{
    struct schema_place here = place_index(at, i);
    return check_merged(c, s, v.items[i], &here, r);
}

static int check_items(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                       struct schema_place *at)
{
    int status = BI_OK;
    uint32_t i = 0;
    for (; status == BI_OK && i < v.len && (s->single_item || i < s->items.count); i++)
        status = check_item(c, s->items.items[s->single_item ? 0 : i], v, i, r, at);
    if (status != BI_OK || s->single_item || s->items.count == 0 || i == v.len || !s->additional_items.is_set)
        return status;
    if (s->additional_items.node == NULL)
        return s->additional_items.allows ? BI_OK : add(c, r, SCHEMA_ERROR_NO_ADDITIONAL_ITEMS, at);
    for (; status == BI_OK && i < v.len; i++)
        status = check_item(c, s->additional_items.node, v, i, r, at);
    return status;
}

/* Reports count outside of least and most. */
static int check_count(struct check *c, size_t count, const struct schema_bound *least, enum schema_error_id least_id,
                       const struct schema_bound *most, enum schema_error_id most_id, struct schema_result *r,
                       struct schema_place *at)
{
    int status = BI_OK;
    if (least->is_set && (int64_t)count < least->value)
        status = add_detail(c, r, least_id, at, value_int(least->value));
    if (status == BI_OK && most->is_set && (int64_t)count > most->value)
        status = add_detail(c, r, most_id, at, value_int(most->value));
    return status;
}

static int check_item_count(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                            struct schema_place *at)
{
    return check_count(c, v.len, &s->min_items, SCHEMA_ERROR_MIN_ITEMS, &s->max_items, SCHEMA_ERROR_MAX_ITEMS, r, at);
}

static int check_unique(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    if (!s->unique_items)
        return BI_OK;
    struct object *seen = object_new(c->ctx->arena, v.len);
    if (seen == NULL)
        return bi_nomem(c->ctx);
    for (uint32_t i = 0; i < v.len; i++) {
        struct str text;
        int status = write_text(c, v.items[i], &text);
        if (status != BI_OK)
            return status;
        const struct value *first = object_find_str(seen, text);
        if (first != NULL)
            status = add_details(c, r, SCHEMA_ERROR_UNIQUE, at, value_str(STR("array")), *first, value_int(i));
        if (status != BI_OK)
            return status;
        if (object_put(c->ctx->arena, seen, value_str(text), value_int(i)) < 0)
            return bi_nomem(c->ctx);
    }
    return BI_OK;
}

static int check_contains(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                          struct schema_place *at)
{
    struct schema_result best = {0}, own;
    bool has_best = false;
    if (s->contains == NULL)
        return BI_OK;
    for (uint32_t i = 0; i < v.len; i++) {
        struct schema_place here = place_index(at, i);
        int status = check_apart(c, s->contains, v.items[i], &here, &own);
        if (status != BI_OK || own.count == 0)
            return status;
        keep_best(&best, &has_best, &own);
    }
    int status = add(c, r, SCHEMA_ERROR_CONTAINS, at);
    return status == BI_OK ? merge(c, r, &best) : status;
}

static int check_array(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                       struct schema_place *at)
{
    static const part_fn parts[] = {check_items, check_item_count, check_unique, check_contains};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

/* ---- objects ---- */

static int check_property_count(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                                struct schema_place *at)
{
    return check_count(c, v.object->count, &s->min_properties, SCHEMA_ERROR_MIN_PROPERTIES, &s->max_properties,
                       SCHEMA_ERROR_MAX_PROPERTIES, r, at);
}

static int check_required(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                          struct schema_place *at)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < s->required.count; i++) {
        if (object_find_str(v.object, s->required.items[i]) != NULL)
            r->score++;
        else
            status = add_detail(c, r, SCHEMA_ERROR_REQUIRED, at, value_str(s->required.items[i]));
    }
    return status;
}

static int test_pattern(struct check *c, struct str pattern, struct value text, bool *ret)
{
    struct value argv[2] = {value_str(pattern), text}, matches = value_bool(false);
    int status = bif_regex_match(c->ctx, argv, &matches);
    *ret = status == BI_OK && value_is_true(matches);
    return status;
}

/* The schemas of all patterns that fit the name. */
static int check_patterns(struct check *c, const struct schema_node *s, const struct member *m, struct schema_result *r,
                          struct schema_place *at, bool *ret_matched)
{
    *ret_matched = false;
    for (size_t i = 0; i < s->patterns.count; i++) {
        struct schema_place here = place_name(at, value_text(m->key));
        bool matches;
        int status = test_pattern(c, s->patterns.items[i]->property, m->key, &matches);
        if (status == BI_OK && matches)
            status = check_merged(c, s->patterns.items[i], m->value, &here, r);
        if (status != BI_OK)
            return status;
        *ret_matched |= matches;
    }
    r->score += *ret_matched;
    return BI_OK;
}

static bool has_property(const struct schema_node *s, struct str name)
{
    for (size_t i = 0; i < s->properties.count; i++)
        if (str_equal(s->properties.items[i]->property, name))
            return true;
    return false;
}

static int check_additional(struct check *c, const struct schema_node *s, const struct member *m, struct schema_result *r,
                            struct schema_place *at)
{
    bool matched;
    int status = check_patterns(c, s, m, r, at, &matched);
    if (status != BI_OK || matched || !s->additional_properties.is_set || has_property(s, value_text(m->key)))
        return status;
    if (s->additional_properties.node != NULL) {
        struct schema_place here = place_name(at, value_text(m->key));
        return check_merged(c, s->additional_properties.node, m->value, &here, r);
    }
    return s->additional_properties.allows ? BI_OK : add_detail(c, r, SCHEMA_ERROR_ADDITIONAL_PROPERTY, at, m->key);
}

static int check_members(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                         struct schema_place *at)
{
    if (s->patterns.count == 0 && !s->additional_properties.is_set)
        return BI_OK;
    const struct member *members = object_members(v.object);
    int status = bi_charge(c->ctx, (uint64_t)v.object->count * (s->properties.count / 4 + 4));
    for (uint32_t i = 0; status == BI_OK && i < v.object->count; i++)
        status = check_additional(c, s, &members[i], r, at);
    return status;
}

static int check_names(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                       struct schema_place *at)
{
    if (s->property_names == NULL)
        return BI_OK;
    const struct member *members = object_members(v.object);
    int status = BI_OK;
    for (uint32_t i = 0; status == BI_OK && i < v.object->count; i++) {
        struct schema_result own;
        status = check_apart(c, s->property_names, members[i].key, at, &own);
        if (status != BI_OK || own.count == 0)
            continue;
        status = add_detail(c, r, SCHEMA_ERROR_PROPERTY_NAME, at, members[i].key);
        if (status == BI_OK)
            status = merge(c, r, &own);
    }
    return status;
}

static int check_object(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    static const part_fn parts[] = {check_property_count, check_required, check_members, check_names};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

static int check_properties(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                            struct schema_place *at)
{
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < s->properties.count; i++) {
        const struct value *member = object_find_str(v.object, s->properties.items[i]->property);
        struct schema_place here = place_name(at, s->properties.items[i]->property);
        if (member != NULL)
            status = check_node(c, s->properties.items[i], *member, r, &here);
    }
    return status;
}

/* ---- strings and numbers ---- */

static int check_length(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    if (!s->min_length.is_set && !s->max_length.is_set)
        return BI_OK;
    int status = bi_charge(c->ctx, v.len / 4);
    if (status != BI_OK)
        return status;
    return check_count(c, value_count(v), &s->min_length, SCHEMA_ERROR_MIN_LENGTH, &s->max_length, SCHEMA_ERROR_MAX_LENGTH, r,
                       at);
}

static int check_pattern(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                         struct schema_place *at)
{
    bool matches;
    if (s->pattern.p == NULL)
        return BI_OK;
    int status = test_pattern(c, s->pattern, v, &matches);
    return status == BI_OK && !matches ? add_detail(c, r, SCHEMA_ERROR_PATTERN, at, value_str(s->pattern)) : status;
}

static int check_string(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    static const part_fn parts[] = {check_length, check_pattern};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

static int check_multiple(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                          struct schema_place *at)
{
    bool is_multiple;
    if (s->multiple_of.kind == VALUE_UNDEFINED)
        return BI_OK;
    int status = schema_text_is_multiple(c->ctx, v, s->multiple_of, &is_multiple);
    if (status != BI_OK || is_multiple)
        return status;
    struct str text = schema_text_number(c->ctx->arena, s->multiple_of);
    return text.p != NULL ? add_detail(c, r, SCHEMA_ERROR_MULTIPLE_OF, at, value_str(text)) : bi_nomem(c->ctx);
}

/* Limits: reported when order * (v compared with limit) is above 0, or 0 for an exclusive one. */
static int check_limit(struct check *c, struct value limit, int order, bool exclusive, enum schema_error_id id, struct value v,
                       struct schema_result *r, struct schema_place *at)
{
    if (limit.kind == VALUE_UNDEFINED)
        return BI_OK;
    int sign = number_compare(v, limit) * order;
    if (sign < 0 || (sign == 0 && !exclusive))
        return BI_OK;
    struct str text = schema_text_number(c->ctx->arena, limit);
    return text.p != NULL ? add_detail(c, r, id, at, value_str(text)) : bi_nomem(c->ctx);
}

static int check_limits(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    int status = check_limit(c, s->maximum, 1, false, SCHEMA_ERROR_MAXIMUM, v, r, at);
    if (status == BI_OK)
        status = check_limit(c, s->exclusive_maximum, 1, true, SCHEMA_ERROR_EXCLUSIVE_MAXIMUM, v, r, at);
    if (status == BI_OK)
        status = check_limit(c, s->minimum, -1, false, SCHEMA_ERROR_MINIMUM, v, r, at);
    if (status == BI_OK)
        status = check_limit(c, s->exclusive_minimum, -1, true, SCHEMA_ERROR_EXCLUSIVE_MINIMUM, v, r, at);
    return status;
}

static int check_number(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                        struct schema_place *at)
{
    static const part_fn parts[] = {check_multiple, check_limits};
    return check_parts(c, parts, COUNT_OF(parts), s, v, r, at);
}

/* ---- a value ---- */

static int check_kind(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                      struct schema_place *at)
{
    int status = check_schemas(c, s, v, r, at);
    if (status == BI_OK && v.kind == VALUE_ARRAY)
        status = check_array(c, s, v, r, at);
    else if (status == BI_OK && v.kind == VALUE_OBJECT)
        status = check_object(c, s, v, r, at);
    else if (status == BI_OK && v.kind == VALUE_NUMBER)
        status = check_number(c, s, v, r, at);
    if (status == BI_OK)
        status = check_common(c, s, v, r, at);
    if (status == BI_OK && v.kind == VALUE_STRING)
        status = check_string(c, s, v, r, at);
    else if (status == BI_OK && v.kind == VALUE_OBJECT)
        status = check_properties(c, s, v, r, at);
    return status;
}

static int check_node(struct check *c, const struct schema_node *s, struct value v, struct schema_result *r,
                      struct schema_place *at)
{
    int status = bi_charge(c->ctx, UNITS_PER_STEP);
    bool good;
    for (size_t steps = 0; status == BI_OK && s->pass == PASS_CHECK && s->target != NULL; steps++) {
        if (steps == SCHEMA_MAX_DEPTH)
            return bi_halt(c->ctx, ERR_LIMIT_DEPTH, "schema refers to itself");
        status = bi_charge(c->ctx, 1);
        s = s->target;
    }
    if (status != BI_OK || s->pass == PASS_ALWAYS)
        return status;
    if (s->pass == PASS_NEVER)
        return add(c, r, SCHEMA_ERROR_FALSE_SCHEMA, at);
    if (c->depth == SCHEMA_MAX_DEPTH)
        return bi_halt(c->ctx, ERR_LIMIT_DEPTH, "document or schema nested too deep");
    c->depth++;
    status = check_type(c, s, v, r, at, &good);
    if (status == BI_OK && good) {
        status = check_kind(c, s, v, r, at);
        r->score++;
    }
    c->depth--;
    return status;
}

int schema_check(struct bi_ctx *ctx, const struct schema_node *root, struct value document, struct value *ret)
{
    struct check c = {.ctx = ctx};
    struct schema_result result = {0};
    struct schema_place place = place_name(NULL, STR("(Root)"));
    int status = check_node(&c, root, document, &result, &place);
    return status == BI_OK ? schema_result_value(ctx, &result, ret) : status;
}
