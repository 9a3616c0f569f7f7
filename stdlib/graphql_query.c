/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of GraphQL queries: operations and fragments.
 */
#include "stdlib/graphql_parser.h"

static void parse_selection(struct gql_parser *p, void *into);

static void parse_selections(struct gql_parser *p, struct gql_list *selections)
{
    if (p->depth == GQL_MAX_DEPTH) {
        gql_parser_halt(p, bi_halt(p->work->ctx, ERR_LIMIT_DEPTH, "GraphQL text nested too deep"));
        return;
    }
    p->depth++;
    (void)gql_some(p, TOKEN_BRACE_L, TOKEN_BRACE_R, parse_selection, selections);
    p->depth--;
}

static void parse_required_selections(struct gql_parser *p, struct gql_list *selections)
{
    if (gql_is_next(p, TOKEN_BRACE_L))
        parse_selections(p, selections);
    else
        (void)gql_expect(p, TOKEN_BRACE_L); /* fails */
}

/* ---- selections ---- */

static void parse_field(struct gql_parser *p, struct gql_selection *field)
{
    field->kind = GQL_FIELD;
    field->pos = gql_peek_pos(p);
    field->comment = p->comment;
    field->alias = gql_parse_name(p);
    field->name = gql_skip(p, TOKEN_COLON) ? gql_parse_name(p) : field->alias;
    gql_parse_arguments(p, false, &field->arguments);
    gql_parse_directives(p, false, &field->directives);
    if (gql_is_next(p, TOKEN_BRACE_L))
        parse_selections(p, &field->selections);
}

static struct str parse_fragment_name(struct gql_parser *p)
{
    if (!gql_is_keyword(p, "on"))
        return gql_parse_name(p);
    gql_unexpected(p);
    return STR("");
}

static void parse_spread(struct gql_parser *p, struct gql_selection *selection)
{
    (void)gql_peek(p);
    selection->comment = p->comment;
    (void)gql_expect(p, TOKEN_SPREAD);
    selection->pos = gql_peek_pos(p);
    if (gql_is_next(p, TOKEN_NAME) && !gql_is_keyword(p, "on")) {
        selection->kind = GQL_SPREAD;
        selection->name = parse_fragment_name(p);
        gql_parse_directives(p, false, &selection->directives);
        return;
    }
    selection->kind = GQL_INLINE;
    if (gql_is_keyword(p, "on")) {
        (void)gql_next(p);
        selection->type_condition = gql_parse_name(p);
    }
    gql_parse_directives(p, false, &selection->directives);
    parse_required_selections(p, &selection->selections);
}

static void parse_selection(struct gql_parser *p, void *into)
{
    struct gql_selection *selection = gql_new(p, sizeof *selection);
    if (p->failed)
        return;
    if (gql_is_next(p, TOKEN_SPREAD))
        parse_spread(p, selection);
    else
        parse_field(p, selection);
    gql_add(p, into, selection);
}

/* ---- definitions ---- */

static void parse_variable(struct gql_parser *p, void *into)
{
    struct gql_variable *variable = gql_new(p, sizeof *variable);
    if (p->failed)
        return;
    variable->pos = gql_peek_pos(p);
    variable->comment = p->comment;
    (void)gql_expect(p, TOKEN_DOLLAR);
    variable->name = gql_parse_name(p);
    (void)gql_expect(p, TOKEN_COLON);
    variable->type = gql_parse_type(p);
    if (gql_skip(p, TOKEN_EQUALS))
        variable->default_value = gql_parse_value(p, true);
    gql_parse_directives(p, false, &variable->directives);
    gql_add(p, into, variable);
}

static void parse_operation(struct gql_parser *p, struct gql_query *query)
{
    struct gql_operation *operation = gql_new(p, sizeof *operation);
    if (p->failed)
        return;
    operation->pos = gql_peek_pos(p);
    if (gql_is_next(p, TOKEN_BRACE_L)) {
        operation->operation = STR("query"); /* and no comment: it is looked up after the selections */
        parse_required_selections(p, &operation->selections);
    } else {
        operation->comment = p->comment;
        operation->operation = gql_parse_operation_type(p);
        if (gql_is_next(p, TOKEN_NAME))
            operation->name = gql_next(p).value;
        (void)gql_some(p, TOKEN_PAREN_L, TOKEN_PAREN_R, parse_variable, &operation->variables);
        gql_parse_directives(p, false, &operation->directives);
        parse_required_selections(p, &operation->selections);
    }
    gql_add(p, &query->operations, operation);
}

static void parse_fragment(struct gql_parser *p, struct gql_query *query)
{
    struct gql_fragment *fragment = gql_new(p, sizeof *fragment);
    if (p->failed)
        return;
    fragment->pos = gql_peek_pos(p);
    fragment->comment = p->comment;
    gql_expect_keyword(p, "fragment");
    fragment->name = parse_fragment_name(p);
    (void)gql_some(p, TOKEN_PAREN_L, TOKEN_PAREN_R, parse_variable, &fragment->variables);
    gql_expect_keyword(p, "on");
    fragment->type_condition = gql_parse_name(p);
    gql_parse_directives(p, false, &fragment->directives);
    parse_required_selections(p, &fragment->selections);
    gql_add(p, &query->fragments, fragment);
}

int gql_parse_query(struct gql_work *w, struct str text, struct gql_query **ret)
{
    struct gql_parser parser, *p = &parser;
    gql_parser_init(p, w, text, false);
    struct gql_query *query = gql_new(p, sizeof *query);
    while (!p->failed && !gql_is_next(p, TOKEN_EOF)) {
        if (gql_is_next(p, TOKEN_NAME) && gql_is_keyword(p, "fragment"))
            parse_fragment(p, query);
        else if (gql_is_next(p, TOKEN_BRACE_L) ||
                 (gql_is_next(p, TOKEN_NAME) &&
                  (gql_is_keyword(p, "query") || gql_is_keyword(p, "mutation") || gql_is_keyword(p, "subscription"))))
            parse_operation(p, query);
        else
            gql_unexpected(p);
    }
    *ret = query;
    return p->failed ? p->status : BI_OK;
}
