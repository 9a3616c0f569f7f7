/* SPDX-License-Identifier: Apache-2.0
 *
 * regex.template_match: plain text with regular expressions between two delimiters, which may nest.
 */
#include "stdlib/builtins.h"
#include "stdlib/quote.h"
#include "stdlib/re2.h"
#include "stdlib/regex_engine.h"

static void write_plain(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] != '\0' && strchr("\\.+*?()|[]{}^$", s.p[i]) != NULL)
            buf_char(b, '\\');
        buf_char(b, s.p[i]);
    }
}

static int fail_unbalanced(struct bi_ctx *ctx, struct str text)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    quote_text(&b, text, QUOTE_PRINTABLE);
    return b.failed ? bi_nomem(ctx) : bi_fail(ctx, "unbalanced braces in %.*s", (int)(b.len < 800 ? b.len : 800), b.p);
}

/* The part between delimiters has to be an expression on its own. */
static int check_part(struct bi_ctx *ctx, struct str part)
{
    struct buf b;
    struct re2 re;
    struct re2_error e;
    buf_init(&b, ctx->arena);
    buf_char(&b, '^');
    buf_str(&b, part);
    buf_char(&b, '$');
    if (b.failed)
        return bi_nomem(ctx);
    enum re2_status parsed = re2_parse(ctx->arena, ctx->fuel, buf_view(&b), &re, &e);
    if (parsed == RE2_OK)
        return BI_OK;
    if (parsed != RE2_BAD)
        return parsed == RE2_NOMEM ? bi_nomem(ctx) : bi_charge(ctx, UINT64_MAX);
    struct buf text;
    buf_init(&text, ctx->arena);
    re2_write_error(&text, &e);
    if (text.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "%.*s", (int)(text.len < 1000 ? text.len : 1000), text.p);
}

/* Where the outermost delimiters stand; checked before anything else is. */
static int check_balance(struct bi_ctx *ctx, struct str text, char start, char end)
{
    int64_t level = 0;
    for (size_t i = 0; i < text.len && level >= 0; i++) {
        if (text.p[i] == start)
            level++;
        else if (text.p[i] == end)
            level--;
    }
    return level == 0 ? BI_OK : fail_unbalanced(ctx, text);
}

static int write_pattern(struct bi_ctx *ctx, struct str text, char start, char end, struct buf *b)
{
    size_t plain = 0, open = 0;
    int64_t level = 0;
    int status = check_balance(ctx, text, start, end);
    buf_char(b, '^');
    for (size_t i = 0; i < text.len && status == BI_OK; i++) {
        if (text.p[i] == start && ++level == 1)
            open = i;
        if (text.p[i] == start || text.p[i] != end || --level != 0)
            continue;
        struct str part = str_of(text.p + open + 1, i - open - 1);
        write_plain(b, str_of(text.p + plain, open - plain));
        buf_char(b, '(');
        buf_str(b, part);
        buf_char(b, ')');
        plain = i + 1;
        status = check_part(ctx, part);
    }
    write_plain(b, str_of(text.p + plain, text.len - plain));
    buf_char(b, '$');
    return status == BI_OK && b->failed ? bi_nomem(ctx) : status;
}

int bif_regex_template_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str pattern, text, start, end;
    int status = bi_string(ctx, argv, 1, &pattern);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 3, &start);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 4, &end);
    if (status == BI_OK)
        status = bi_charge(ctx, pattern.len / 2 + 1);
    if (status != BI_OK)
        return status;
    if (start.len != 1)
        return bi_fail(ctx, "start delimiter has to be exactly one character long but is %zu long", start.len);
    if (end.len != 1) /* OPA tells the length of the other one here */
        return bi_fail(ctx, "end delimiter has to be exactly one character long but is %zu long", start.len);
    struct buf b;
    struct regex *rx;
    bool found = false;
    buf_init(&b, ctx->arena);
    status = write_pattern(ctx, pattern, start.p[0], end.p[0], &b);
    if (status == BI_OK)
        status = regex_compile(ctx, buf_view(&b), &rx);
    if (status == BI_OK)
        status = regex_is_match(ctx, rx, text, &found);
    *ret = value_bool(found);
    return status;
}
