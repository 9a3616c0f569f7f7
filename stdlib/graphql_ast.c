/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists, look-ups and texts of GraphQL trees, and the list of errors.
 */
#include "stdlib/graphql.h"
#include "stdlib/quote.h"

bool gql_list_add(struct arena *a, struct gql_list *list, void *item)
{
    if (!arena_grow(a, &list->items, &list->cap, list->count + 1, sizeof(void *)))
        return false;
    list->items[list->count++] = item;
    return true;
}

bool gql_strings_add(struct arena *a, struct gql_strings *list, struct str s)
{
    if (!arena_grow(a, &list->items, &list->cap, list->count + 1, sizeof *list->items))
        return false;
    list->items[list->count++] = s;
    return true;
}

bool gql_strings_has(const struct gql_strings *list, struct str s)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i], s))
            return true;
    return false;
}

struct gql_argument *gql_find_argument(const struct gql_list *arguments, struct str name)
{
    for (size_t i = 0; i < arguments->count; i++) {
        struct gql_argument *argument = arguments->items[i];
        if (str_equal(argument->name, name))
            return argument;
    }
    return NULL;
}

struct gql_field_definition *gql_find_field(const struct gql_list *fields, struct str name)
{
    for (size_t i = 0; i < fields->count; i++) {
        struct gql_field_definition *field = fields->items[i];
        if (str_equal(field->name, name))
            return field;
    }
    return NULL;
}

struct str gql_type_name(const struct gql_type *type)
{
    while (type != NULL && type->named.len == 0)
        type = type->elem;
    return type != NULL ? type->named : STR("");
}

void gql_type_write(struct buf *b, const struct gql_type *type)
{
    size_t lists = 0;
    for (const struct gql_type *at = type; at != NULL && at->named.len == 0; at = at->elem)
        lists++;
    for (size_t i = 0; i < lists; i++)
        buf_char(b, '[');
    buf_str(b, gql_type_name(type));
    /* the marks of the lists are written from the inside out */
    for (size_t i = lists + 1; i > 0; i--) {
        const struct gql_type *at = type;
        for (size_t k = 1; k < i && at != NULL; k++)
            at = at->elem;
        if (i <= lists)
            buf_char(b, ']');
        if (at != NULL && at->non_null)
            buf_char(b, '!');
    }
}

static void write_children(struct buf *b, const struct gql_value *value, const char *brackets)
{
    buf_char(b, brackets[0]);
    for (size_t i = 0; i < value->children.count; i++) {
        const struct gql_child *child = value->children.items[i];
        if (i > 0)
            buf_char(b, ',');
        if (brackets[0] == '{') {
            buf_str(b, child->name);
            buf_char(b, ':');
        }
        gql_value_write(b, child->value);
    }
    buf_char(b, brackets[1]);
}

void gql_value_write(struct buf *b, const struct gql_value *value)
{
    if (value == NULL) {
        buf_cstr(b, "<nil>");
        return;
    }
    switch (value->kind) {
    case GQL_VARIABLE:
        buf_char(b, '$');
        buf_str(b, value->raw);
        break;
    case GQL_STRING:
    case GQL_BLOCK:
        quote_text(b, value->raw, QUOTE_PRINTABLE);
        break;
    case GQL_LIST:
        write_children(b, value, "[]");
        break;
    case GQL_OBJECT:
        write_children(b, value, "{}");
        break;
    default:
        buf_str(b, value->raw);
    }
}

/* ---- errors ---- */

int gql_error_add(struct gql_work *w, struct gql_pos pos, struct str text)
{
    struct gql_errors *e = &w->errors;
    if (text.p == NULL || !arena_grow(w->ctx->arena, &e->items, &e->cap, e->count + 1, sizeof *e->items))
        return bi_nomem(w->ctx);
    e->items[e->count++] = (struct gql_error){text, pos, false};
    return BI_ERROR;
}

void gql_error_write(struct buf *b, const struct gql_errors *errors, bool lines)
{
    for (size_t i = 0; i < errors->count; i++) {
        const struct gql_error *e = &errors->items[i];
        buf_cstr(b, e->pos.is_built_in ? "prelude.graphql" : "input");
        if (e->pos.line != 0)
            buf_printf(b, ":%u:%d", e->pos.line, e->pos.column);
        else if (e->lost_pos)
            buf_cstr(b, ":-1:-1");
        buf_cstr(b, ": ");
        buf_str(b, e->text);
        if (lines)
            buf_char(b, '\n');
    }
}
