/* SPDX-License-Identifier: Apache-2.0
 *
 * regex.find_all_string_submatch_n, regex.find_n, regex.is_valid, regex.match, regex.replace, regex.split, re_match.
 *
 * All of them but match go from match to match as Go's regexp does: an empty match directly after another match does not
 * count, and after an empty match looking goes on one character later.
 */
#include "stdlib/builtins.h"
#include "base/utf8.h"
#include "stdlib/re2.h"
#include "stdlib/regex_engine.h"
#include "stdlib/strings.h"
#include "stdlib/unicode.h"

int bif_regex_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct re2 re;
    struct re2_error e;
    *ret = value_bool(false);
    if (argv[0].kind != VALUE_STRING)
        return BI_OK;
    enum re2_status parsed = re2_parse(ctx->arena, ctx->fuel, value_text(argv[0]), &re, &e);
    *ret = value_bool(parsed == RE2_OK);
    if (parsed == RE2_OK || parsed == RE2_BAD)
        return BI_OK;
    return parsed == RE2_NOMEM ? bi_nomem(ctx) : bi_charge(ctx, UINT64_MAX);
}

int bif_regex_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str pattern, text;
    struct regex *rx;
    bool found = false;
    int status = bi_string(ctx, argv, 1, &pattern);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = regex_compile(ctx, pattern, &rx);
    if (status == BI_OK)
        status = regex_is_match(ctx, rx, text, &found);
    *ret = value_bool(found);
    return status;
}

int bif_re_match(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return bif_regex_match(ctx, argv, ret);
}

/* ---- match after match ---- */

struct walk {
    struct regex_search search;
    size_t at;           /* where looking goes on; beyond the text: nowhere */
    size_t previous_end; /* of the match before; REGEX_UNSET: none */
};

static int walk_begin(struct bi_ctx *ctx, struct str pattern, struct str text, bool with_groups, struct walk *ret)
{
    struct regex *rx;
    ret->at = 0;
    ret->previous_end = REGEX_UNSET;
    int status = regex_compile(ctx, pattern, &rx);
    return status == BI_OK ? regex_search_begin(ctx, rx, text, with_groups, &ret->search) : status;
}

/* The next match that counts; its places are in search.places. */
static int walk_next(struct walk *w, bool *ret_found)
{
    struct regex_search *s = &w->search;
    for (*ret_found = false; w->at <= s->text.len;) {
        bool found;
        int status = regex_search_next(s, w->at, &found);
        if (status != BI_OK || !found) {
            w->at = s->text.len + 1;
            return status;
        }
        size_t begin = s->places[0], end = s->places[1];
        bool counts = end != w->at || begin != w->previous_end;
        if (end == w->at) {
            unsigned len = 1;
            if (w->at < s->text.len)
                (void)utf8_decode(s->text.p + w->at, s->text.len - w->at, &len);
            w->at += len;
        } else {
            w->at = end;
        }
        w->previous_end = end;
        if (counts) {
            *ret_found = true;
            return BI_OK;
        }
    }
    return BI_OK;
}

static struct value place_value(const struct regex_search *s, size_t group)
{
    size_t begin = s->places[2 * group], end = s->places[2 * group + 1];
    if (begin == REGEX_UNSET || end == REGEX_UNSET)
        return value_string("", 0);
    return value_string(s->text.p + begin, end - begin);
}

/* ---- find ---- */

static int take_find(struct bi_ctx *ctx, const struct value *argv, bool with_groups, struct walk *ret, uint64_t *ret_most)
{
    struct str pattern, text;
    int64_t n;
    int status = bi_string(ctx, argv, 1, &pattern);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 3, &n);
    if (status != BI_OK)
        return status;
    *ret_most = n < 0 ? UINT64_MAX : (uint64_t)n;
    return walk_begin(ctx, pattern, text, with_groups, ret);
}

int bif_regex_find_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct walk w;
    uint64_t most;
    struct array_builder all;
    array_init(&all, ctx->arena);
    int status = take_find(ctx, argv, false, &w, &most);
    while (status == BI_OK && all.len < most) {
        bool found;
        status = walk_next(&w, &found);
        if (status != BI_OK || !found)
            break;
        if (!array_push(&all, place_value(&w.search, 0)))
            return bi_nomem(ctx);
    }
    *ret = array_value(&all);
    return status;
}

static int push_groups(struct bi_ctx *ctx, const struct regex_search *s, struct array_builder *all)
{
    size_t count = (size_t)regex_groups(s->rx) + 1;
    struct value *items = arena_array(ctx->arena, count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        items[i] = place_value(s, i);
    return array_push(all, value_array(items, count)) ? bi_charge(ctx, count / 2) : bi_nomem(ctx);
}

int bif_regex_find_all_string_submatch_n(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct walk w;
    uint64_t most;
    struct array_builder all;
    array_init(&all, ctx->arena);
    int status = take_find(ctx, argv, true, &w, &most);
    while (status == BI_OK && all.len < most) {
        bool found;
        status = walk_next(&w, &found);
        if (status != BI_OK || !found)
            break;
        status = push_groups(ctx, &w.search, &all);
    }
    *ret = array_value(&all);
    return status;
}

/* ---- split ---- */

int bif_regex_split(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str pattern, text;
    struct walk w;
    struct array_builder all;
    array_init(&all, ctx->arena);
    int status = bi_string(ctx, argv, 1, &pattern);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = walk_begin(ctx, pattern, text, false, &w);
    if (status != BI_OK)
        return status;
    size_t begin = 0, end = 0;
    bool found = !(pattern.len > 0 && text.len == 0), good = found || array_push(&all, value_string("", 0));
    while (found && good && status == BI_OK) {
        status = walk_next(&w, &found);
        if (status != BI_OK || !found)
            break;
        end = w.search.places[0];
        if (w.search.places[1] != 0)
            good = array_push(&all, value_string(text.p + begin, end - begin));
        begin = w.search.places[1];
    }
    if (status == BI_OK && good && end != text.len)
        good = array_push(&all, value_string(text.p + begin, text.len - begin));
    *ret = array_value(&all);
    return good ? status : bi_nomem(ctx);
}

/* ---- replace ---- */

/* A name or number after "$", in braces or not: taken off *t. False: it is no such thing, and "$" stands for itself. */
static bool read_reference(struct str *t, struct str *ret)
{
    bool braces = t->len > 0 && t->p[0] == '{';
    struct str s = braces ? str_of(t->p + 1, t->len - 1) : *t;
    size_t n = 0;
    while (n < s.len) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + n, s.len - n, &len);
        if (c != '_' && !unicode_is_letter(c) && !unicode_is_digit(c))
            break;
        n += len;
    }
    if (n == 0 || (braces && (n >= s.len || s.p[n] != '}')))
        return false;
    *ret = str_of(s.p, n);
    n += braces;
    *t = str_of(s.p + n, s.len - n);
    return true;
}

/* The group that a reference names: by number, or by name, 0 standing for the whole match. False: there is none. */
static bool find_group(const struct regex *rx, struct str name, uint32_t *ret)
{
    uint64_t number = 0;
    bool is_number = !(name.p[0] == '0' && name.len > 1);
    for (size_t i = 0; i < name.len && is_number; i++) {
        is_number = name.p[i] >= '0' && name.p[i] <= '9' && number < 100000000;
        number = number * 10 + (uint64_t)(name.p[i] - '0');
    }
    if (is_number) {
        *ret = (uint32_t)number;
        return number <= regex_groups(rx);
    }
    *ret = regex_group_named(rx, name);
    return *ret != 0;
}

/* The replacement with its references to groups filled in. */
static void expand(struct buf *b, struct str t, const struct regex_search *s)
{
    while (t.len > 0) {
        const char *dollar = memchr(t.p, '$', t.len);
        size_t plain = dollar != NULL ? (size_t)(dollar - t.p) : t.len;
        buf_bytes(b, t.p, plain);
        if (dollar == NULL)
            return;
        t = str_of(dollar + 1, t.len - plain - 1);
        struct str name;
        uint32_t group;
        if (t.len > 0 && t.p[0] == '$') {
            buf_char(b, '$');
            t = str_of(t.p + 1, t.len - 1);
        } else if (!read_reference(&t, &name)) {
            buf_char(b, '$');
        } else if (find_group(s->rx, name, &group)) {
            buf_str(b, value_text(place_value(s, group)));
        }
    }
}

int bif_regex_replace(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text, pattern, replacement;
    struct walk w;
    struct buf b;
    size_t last = 0;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &pattern);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 3, &replacement);
    if (status == BI_OK)
        status = walk_begin(ctx, pattern, text, memchr(replacement.p, '$', replacement.len) != NULL, &w);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    bool found;
    while ((status = walk_next(&w, &found)) == BI_OK && found && !b.failed) {
        size_t before = b.len;
        buf_bytes(&b, text.p + last, w.search.places[0] - last);
        expand(&b, replacement, &w.search);
        last = w.search.places[1];
        status = bi_charge(ctx, (b.len - before) / 32 + replacement.len / 4);
        if (status != BI_OK)
            return status;
    }
    if (status != BI_OK)
        return status;
    if (last == 0 && b.len == 0) {
        *ret = argv[0];
        return b.failed ? bi_nomem(ctx) : BI_OK;
    }
    buf_bytes(&b, text.p + last, text.len - last);
    return bi_return_buf(ctx, &b, ret);
}
