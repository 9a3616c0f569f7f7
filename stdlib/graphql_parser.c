/* SPDX-License-Identifier: Apache-2.0
 *
 * One token ahead, comments on the side: the machinery of the GraphQL parsers.
 */
#include "stdlib/graphql_parser.h"
#include "stdlib/quote.h"

void gql_parser_init(struct gql_parser *p, struct gql_work *w, struct str text, bool is_built_in)
{
    *p = (struct gql_parser){.work = w, .status = BI_OK};
    p->lexer = (struct gql_lexer){.work = w, .text = text, .line = 1, .is_built_in = is_built_in};
}

void gql_parser_halt(struct gql_parser *p, int status)
{
    if (p->failed)
        return;
    p->failed = true;
    p->status = status;
}

static void fail(struct gql_parser *p, struct gql_token token, struct str text)
{
    if (!p->failed)
        gql_parser_halt(p, gql_error_add(p->work, token.pos, text));
}

static void lex(struct gql_parser *p, struct gql_token *ret)
{
    int status = gql_lex(&p->lexer, ret);
    if (status != BI_OK) {
        gql_parser_halt(p, status);
        *ret = p->prev;
    }
}

/* The peeked token is a comment: takes it and all that follow. */
static void take_comments(struct gql_parser *p)
{
    struct gql_comments *group = gql_new(p, sizeof *group);
    p->in_comments = true;
    while (!p->failed && gql_peek(p).kind == TOKEN_COMMENT) {
        struct gql_comment *comment = gql_new(p, sizeof *comment);
        struct gql_token token = gql_next(p);
        if (p->failed)
            break;
        comment->value = token.value;
        gql_add(p, &group->list, comment);
    }
    p->comment = group;
    p->in_comments = false;
}

struct gql_token gql_peek(struct gql_parser *p)
{
    if (p->failed)
        return p->prev;
    if (!p->has_peek) {
        lex(p, &p->peek);
        p->has_peek = true;
        if (!p->failed && p->peek.kind == TOKEN_COMMENT && !p->in_comments)
            take_comments(p);
    }
    return p->peek;
}

struct gql_token gql_next(struct gql_parser *p)
{
    if (p->failed)
        return p->prev;
    (void)gql_peek(p);
    if (p->failed)
        return p->prev;
    p->has_peek = false;
    p->comment = NULL;
    p->prev = p->peek;
    if (p->prev.kind == TOKEN_INVALID)
        fail(p, p->prev, p->prev.problem);
    return p->prev;
}

struct gql_pos gql_peek_pos(struct gql_parser *p)
{
    struct gql_token token = gql_peek(p);
    return p->failed ? (struct gql_pos){0} : token.pos;
}

void *gql_new(struct gql_parser *p, size_t bytes)
{
    void *node = arena_zeroed(p->work->ctx->arena, 1, bytes);
    if (node == NULL)
        gql_parser_halt(p, bi_nomem(p->work->ctx));
    return node;
}

void gql_add(struct gql_parser *p, struct gql_list *list, void *item)
{
    if (!p->failed && !gql_list_add(p->work->ctx->arena, list, item))
        gql_parser_halt(p, bi_nomem(p->work->ctx));
}

void gql_add_string(struct gql_parser *p, struct gql_strings *list, struct str s)
{
    if (!p->failed && !gql_strings_add(p->work->ctx->arena, list, s))
        gql_parser_halt(p, bi_nomem(p->work->ctx));
}

/* "<kind> <quoted value>" */
static struct str describe(struct gql_parser *p, struct gql_token token)
{
    struct buf b;
    buf_init(&b, p->work->ctx->arena);
    buf_cstr(&b, gql_token_name(token.kind));
    if (token.value.len != 0) {
        buf_char(&b, ' ');
        quote_text(&b, token.value, QUOTE_PRINTABLE);
    }
    return b.failed ? str_of(NULL, 0) : buf_view(&b);
}

struct gql_token gql_expect(struct gql_parser *p, enum gql_token_kind kind)
{
    struct gql_token token = gql_peek(p);
    if (token.kind == kind)
        return gql_next(p);
    fail(p, token, arena_printf(p->work->ctx->arena, "Expected %s, found %s", gql_token_name(kind), gql_token_name(token.kind)));
    return token;
}

void gql_expect_keyword(struct gql_parser *p, const char *keyword)
{
    struct gql_token token = gql_peek(p);
    if (token.kind == TOKEN_NAME && str_equal(token.value, str_cstr(keyword))) {
        (void)gql_next(p);
        return;
    }
    struct str found = describe(p, token);
    fail(p, token,
         found.p == NULL ? found
                         : arena_printf(p->work->ctx->arena, "Expected \"%s\", found %.*s", keyword, (int)found.len, found.p));
}

bool gql_is_next(struct gql_parser *p, enum gql_token_kind kind)
{
    return gql_peek(p).kind == kind;
}

bool gql_is_keyword(struct gql_parser *p, const char *keyword)
{
    return str_equal(gql_peek(p).value, str_cstr(keyword));
}

bool gql_skip(struct gql_parser *p, enum gql_token_kind kind)
{
    if (p->failed || gql_peek(p).kind != kind)
        return false;
    (void)gql_next(p);
    return true;
}

void gql_unexpected_token(struct gql_parser *p, struct gql_token token)
{
    struct str found = describe(p, token);
    fail(p, token, found.p == NULL ? found : arena_printf(p->work->ctx->arena, "Unexpected %.*s", (int)found.len, found.p));
}

void gql_unexpected(struct gql_parser *p)
{
    gql_unexpected_token(p, gql_peek(p));
}

struct gql_comments *gql_some(struct gql_parser *p, enum gql_token_kind start, enum gql_token_kind end, gql_item_fn item,
                              void *into)
{
    bool called = false;
    if (!gql_skip(p, start))
        return NULL;
    while (gql_peek(p).kind != end && !p->failed) {
        called = true;
        item(p, into);
    }
    if (!called) {
        struct gql_token token = gql_peek(p);
        fail(p, token,
             arena_printf(p->work->ctx->arena, "expected at least one definition, found %s", gql_token_name(token.kind)));
        return NULL;
    }
    struct gql_comments *comment = p->comment;
    (void)gql_next(p);
    return comment;
}
