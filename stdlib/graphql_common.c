/* SPDX-License-Identifier: Apache-2.0
 *
 * Names, types, values, arguments and directives: the parts of GraphQL that queries and schemas share.
 */
#include "stdlib/graphql_parser.h"

/* One level deeper; false at the limit. */
static bool descend(struct gql_parser *p)
{
    if (p->failed)
        return false;
    if (p->depth == GQL_MAX_DEPTH) {
        gql_parser_halt(p, bi_halt(p->work->ctx, ERR_LIMIT_DEPTH, "GraphQL text nested too deep"));
        return false;
    }
    p->depth++;
    return true;
}

struct str gql_parse_name(struct gql_parser *p)
{
    return gql_expect(p, TOKEN_NAME).value;
}

struct str gql_parse_operation_type(struct gql_parser *p)
{
    struct gql_token token = gql_next(p);
    if (!str_equal(token.value, STR("query")) && !str_equal(token.value, STR("mutation")) &&
        !str_equal(token.value, STR("subscription")))
        gql_unexpected_token(p, token);
    return token.value;
}

struct gql_type *gql_parse_type(struct gql_parser *p)
{
    struct gql_type *type = gql_new(p, sizeof *type);
    if (!descend(p))
        return type;
    if (gql_skip(p, TOKEN_BRACKET_L)) {
        type->pos = gql_peek_pos(p);
        type->elem = gql_parse_type(p);
        (void)gql_expect(p, TOKEN_BRACKET_R);
    } else {
        type->pos = gql_peek_pos(p);
        type->named = gql_parse_name(p);
    }
    type->non_null = gql_skip(p, TOKEN_BANG);
    p->depth--;
    return type;
}

/* ---- values ---- */

static struct gql_child *parse_child(struct gql_parser *p, bool is_const, bool is_named)
{
    struct gql_child *child = gql_new(p, sizeof *child);
    if (p->failed)
        return child;
    if (is_named) {
        child->pos = gql_peek_pos(p);
        child->comment = p->comment;
        child->name = gql_parse_name(p);
        (void)gql_expect(p, TOKEN_COLON);
    }
    child->value = gql_parse_value(p, is_const);
    return child;
}

static struct gql_value *parse_children(struct gql_parser *p, bool is_const, struct gql_value *value)
{
    bool is_object = value->kind == GQL_OBJECT;
    enum gql_token_kind end = is_object ? TOKEN_BRACE_R : TOKEN_BRACKET_R;
    value->pos = gql_peek_pos(p);
    value->comment = p->comment;
    if (!descend(p))
        return value;
    (void)gql_next(p);
    while (gql_peek(p).kind != end && !p->failed)
        gql_add(p, &value->children, parse_child(p, is_const, is_object));
    (void)gql_next(p);
    p->depth--;
    return value;
}

static int64_t kind_of_name(struct str name)
{
    if (str_equal(name, STR("true")) || str_equal(name, STR("false")))
        return GQL_BOOLEAN;
    return str_equal(name, STR("null")) ? GQL_NULL : GQL_ENUM;
}

struct gql_value *gql_parse_value(struct gql_parser *p, bool is_const)
{
    struct gql_token token = gql_peek(p);
    struct gql_value *value = gql_new(p, sizeof *value);
    if (p->failed)
        return value;
    value->pos = token.pos;
    value->raw = token.value;
    switch (token.kind) {
    case TOKEN_BRACKET_L:
    case TOKEN_BRACE_L:
        value->kind = token.kind == TOKEN_BRACE_L ? GQL_OBJECT : GQL_LIST;
        return parse_children(p, is_const, value);
    case TOKEN_DOLLAR:
        if (is_const) {
            gql_unexpected(p);
            return value;
        }
        value->kind = GQL_VARIABLE;
        (void)gql_next(p);
        value->raw = gql_parse_name(p);
        return value;
    case TOKEN_INT:
        value->kind = GQL_INT;
        break;
    case TOKEN_FLOAT:
        value->kind = GQL_FLOAT;
        break;
    case TOKEN_STRING:
        value->kind = GQL_STRING;
        break;
    case TOKEN_BLOCK_STRING:
        value->kind = GQL_BLOCK;
        break;
    case TOKEN_NAME:
        value->kind = kind_of_name(token.value);
        break;
    default:
        gql_unexpected(p);
        return value;
    }
    (void)gql_next(p);
    return value;
}

/* ---- arguments and directives ---- */

struct arguments {
    struct gql_list *list;
    bool is_const;
};

static void parse_argument(struct gql_parser *p, void *into)
{
    const struct arguments *arguments = into;
    struct gql_argument *argument = gql_new(p, sizeof *argument);
    if (p->failed)
        return;
    argument->pos = gql_peek_pos(p);
    argument->comment = p->comment;
    argument->name = gql_parse_name(p);
    (void)gql_expect(p, TOKEN_COLON);
    argument->value = gql_parse_value(p, arguments->is_const);
    gql_add(p, arguments->list, argument);
}

void gql_parse_arguments(struct gql_parser *p, bool is_const, struct gql_list *list)
{
    struct arguments arguments = {list, is_const};
    (void)gql_some(p, TOKEN_PAREN_L, TOKEN_PAREN_R, parse_argument, &arguments);
}

void gql_parse_directives(struct gql_parser *p, bool is_const, struct gql_list *directives)
{
    while (gql_is_next(p, TOKEN_AT) && !p->failed) {
        struct gql_directive *directive = gql_new(p, sizeof *directive);
        (void)gql_expect(p, TOKEN_AT);
        if (p->failed)
            return;
        directive->pos = gql_peek_pos(p);
        directive->name = gql_parse_name(p);
        gql_parse_arguments(p, is_const, &directive->arguments);
        gql_add(p, directives, directive);
    }
}
