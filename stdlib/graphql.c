/* SPDX-License-Identifier: Apache-2.0
 *
 * The builtins of GraphQL: parsing queries and schemas, and checking queries against schemas.
 *
 * Both may be given as text or as the trees that parsing gives. Trees that are returned are those before the check.
 */
#include "stdlib/graphql.h"

#include "stdlib/builtins.h"

/* ---- errors in OPA's words ---- */

/* A number of decimal digits up to a colon; what is left behind it. */
static bool read_number(struct str *s, uint64_t *ret)
{
    size_t i = 0;
    *ret = 0;
    for (; i < s->len && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        if (__builtin_mul_overflow(*ret, 10, ret) || __builtin_add_overflow(*ret, (uint64_t)(s->p[i] - '0'), ret))
            return false;
    if (i == 0 || i == s->len || s->p[i] != ':')
        return false;
    *s = str_of(s->p + i + 1, s->len - i - 1);
    return true;
}

/* The errors as one text: with the place of the first behind it when that is known. lines: one error a line. */
static int fail_errors(struct bi_ctx *ctx, const struct gql_errors *errors, bool lines)
{
    struct buf b;
    uint64_t row, column;
    buf_init(&b, ctx->arena);
    gql_error_write(&b, errors, lines);
    if (b.failed)
        return bi_nomem(ctx);
    const char *colon = memchr(b.p, ':', b.len);
    struct str rest = colon != NULL ? str_of(colon + 1, b.len - (size_t)(colon + 1 - b.p)) : STR("");
    if (!read_number(&rest, &row) || !read_number(&rest, &column))
        return bi_fail(ctx, "GraphQL parse error: %.*s", b.len > 900 ? 900 : (int)b.len, b.p);
    while (rest.len > 0 && rest.p[0] == ' ')
        rest = str_of(rest.p + 1, rest.len - 1);
    if (rest.len >= 2 && memcmp(rest.p + rest.len - 2, ".\n", 2) == 0)
        rest.len -= 2;
    return bi_fail(ctx, "%.*s in GraphQL string at location %llu:%llu", rest.len > 900 ? 900 : (int)rest.len, rest.p,
                   (unsigned long long)row, (unsigned long long)column);
}

static int fail_schema(struct bi_ctx *ctx, const struct gql_errors *errors)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    gql_error_write(&b, errors, false);
    if (b.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "Error in gqlparser SchemaDocument to Schema conversion: %.*s", b.len > 900 ? 900 : (int)b.len, b.p);
}

/* ---- reading operands ---- */

static int read_query(struct bi_ctx *ctx, struct value v, struct gql_query **ret)
{
    struct gql_work w = {.ctx = ctx};
    struct str problem;
    if (v.kind == VALUE_STRING) {
        int status = gql_parse_query(&w, v.len != 0 ? value_text(v) : STR(""), ret);
        return status == BI_ERROR ? fail_errors(ctx, &w.errors, false) : status;
    }
    if (v.kind != VALUE_OBJECT)
        return bi_operand_error(ctx, 0, "one of {string, object}", v); /* operands count from 0 here, in OPA */
    int status = gql_query_of_value(ctx, v, ret, &problem);
    return status == BI_ERROR ? bi_fail(ctx, "%.*s", (int)problem.len, problem.p) : status;
}

static int read_schema(struct bi_ctx *ctx, struct value v, struct gql_schema_document **ret)
{
    struct gql_work w = {.ctx = ctx};
    struct str problem;
    if (v.kind == VALUE_STRING) {
        int status = gql_parse_schema(&w, v.len != 0 ? value_text(v) : STR(""), false, ret);
        return status == BI_ERROR ? fail_errors(ctx, &w.errors, false) : status;
    }
    if (v.kind != VALUE_OBJECT)
        return bi_operand_error(ctx, 1, "one of {string, object}", v);
    int status = gql_schema_of_value(ctx, v, ret, &problem);
    return status == BI_ERROR ? bi_fail(ctx, "%.*s", (int)problem.len, problem.p) : status;
}

static int check_schema(struct bi_ctx *ctx, struct gql_schema_document *document, struct gql_schema **ret)
{
    struct gql_work w = {.ctx = ctx};
    int status = gql_check_schema(&w, document, ret);
    return status == BI_ERROR ? fail_schema(ctx, &w.errors) : status;
}

static int check_query(struct bi_ctx *ctx, const struct gql_schema *schema, struct gql_query *query)
{
    struct gql_work w = {.ctx = ctx};
    int status = gql_check_query(&w, schema, query);
    return status == BI_OK && w.errors.count != 0 ? fail_errors(ctx, &w.errors, true) : status;
}

/* Both trees of a query that fits its schema; ret may be NULL. */
static int parse_pair(struct bi_ctx *ctx, const struct value *argv, struct value ret[2])
{
    struct gql_query *query;
    struct gql_schema_document *document;
    struct gql_schema *schema;
    int status = read_query(ctx, argv[0], &query);
    if (status == BI_OK && ret != NULL)
        status = gql_query_to_value(ctx, query, &ret[0]);
    if (status == BI_OK)
        status = read_schema(ctx, argv[1], &document);
    if (status == BI_OK && ret != NULL)
        status = gql_schema_to_value(ctx, document, &ret[1]);
    if (status == BI_OK)
        status = check_schema(ctx, document, &schema);
    return status == BI_OK ? check_query(ctx, schema, query) : status;
}

/* Turns an error into an answer: false. */
static int answer(struct bi_ctx *ctx, int status, struct value *ret)
{
    if (status == BI_HALT)
        return status;
    if (status == BI_ERROR)
        *ctx->err = (struct err){.code = ERR_OK};
    *ret = value_bool(status == BI_OK);
    return BI_OK;
}

/* ---- builtins ---- */

int bif_graphql_parse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value *pair = arena_array(ctx->arena, 2, sizeof *pair);
    if (pair == NULL)
        return bi_nomem(ctx);
    int status = parse_pair(ctx, argv, pair);
    if (status == BI_OK)
        *ret = value_array(pair, 2);
    return status;
}

int bif_graphql_parse_and_verify(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, 3, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    int status = answer(ctx, parse_pair(ctx, argv, items + 1), &items[0]);
    if (status != BI_OK)
        return status;
    for (size_t i = 1; i < 3 && !value_is_true(items[0]); i++) {
        struct object *empty = object_new(ctx->arena, 0);
        if (empty == NULL)
            return bi_nomem(ctx);
        items[i] = value_object(empty);
    }
    *ret = value_array(items, 3);
    return BI_OK;
}

int bif_graphql_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return answer(ctx, parse_pair(ctx, argv, NULL), ret);
}

int bif_graphql_parse_query(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct gql_query *query;
    struct str text;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = read_query(ctx, argv[0], &query);
    return status == BI_OK ? gql_query_to_value(ctx, query, ret) : status;
}

int bif_graphql_parse_schema(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct gql_schema_document *document;
    struct str text;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = read_schema(ctx, argv[0], &document);
    return status == BI_OK ? gql_schema_to_value(ctx, document, ret) : status;
}

int bif_graphql_schema_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct gql_schema_document *document;
    struct gql_schema *schema;
    int status = read_schema(ctx, argv[0], &document);
    if (status == BI_OK)
        status = check_schema(ctx, document, &schema);
    return answer(ctx, status, ret);
}
