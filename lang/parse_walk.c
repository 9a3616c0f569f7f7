/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk's steps: moving through tokens as OPA's scanner sees them, and collecting errors and hints.
 *
 * A token is looked at again under the keywords of the moment; what was wrong with it when it was scanned is reported when the
 * walk comes to it.
 */
#include "lang/parse_walk.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- moving ---- */

unsigned walk_kind_at(const struct walk *w, uint32_t token)
{
    const struct token *t = &w->items[token];
    if (t->kind != TOKEN_IDENT && !token_is_keyword(t->kind))
        return t->kind;
    struct str text = token_str(&w->p->tokens, t);
    if ((t->flags & TOKEN_CUT) != 0)
        return TOKEN_IDENT;
    enum token_kind kind = text.len >= 2 && text.len <= 8 ? token_of_word(text.p, text.len) : TOKEN_IDENT;
    unsigned bit = token_keyword_bit(kind);
    return bit != 0 && (w->keywords & bit) == 0 ? TOKEN_IDENT : kind;
}

static void enter_token(struct walk *w)
{
    w->now.kind = (uint8_t)walk_kind_at(w, w->now.at);
    const struct tokens *t = &w->p->tokens;
    if (w->now.kind == TOKEN_ILLEGAL)
        for (size_t i = 0; i < t->error_count; i++)
            if (t->errors[i].token == w->now.at)
                walk_error(w, walk_loc(w), "%s", t->errors[i].message);
}

static bool step(struct walk *w)
{
    if (w->now.at + 1 >= w->p->tokens.count)
        return false;
    w->now.at++;
    return true;
}

void walk_scan(struct walk *w)
{
    if (w->now.kind == WALK_BLANK || step(w))
        enter_token(w);
}

/* Nothing but a comment between the last token and the end. */
static bool is_only_comment(const struct walk *w)
{
    const struct token *end = &w->items[w->now.at], *last = end - 1;
    struct str rest = w->p->tokens.text;
    size_t from = last->offset + last->len;
    rest = str_of(rest.p + from, rest.len - from);
    return end->kind == TOKEN_EOF && rest.len != 0 && rest.p[0] == '#' && memchr(rest.p, '\n', rest.len) == NULL;
}

void walk_scan_blank(struct walk *w)
{
    if (!step(w))
        return;
    if ((w->items[w->now.at].flags & TOKEN_SPACE) != 0 && !is_only_comment(w))
        w->now.kind = WALK_BLANK;
    else
        enter_token(w);
}

bool walk_is_word(const struct walk *w, const char *word)
{
    return str_equal(token_str(&w->p->tokens, &w->items[w->now.at]), str_cstr(word));
}

bool walk_is_ref_keyword(const struct walk *w, unsigned kind)
{
    if (kind == TOKEN_AND || kind == TOKEN_OR) /* & and | go by the same words */
        return (w->keywords & (kind == TOKEN_AND ? KEYWORD_AND : KEYWORD_OR)) != 0;
    if (kind == WALK_BLANK || !token_is_keyword(kind))
        return false;
    unsigned bit = token_keyword_bit(kind);
    if (bit == 0 || (w->keywords & bit) != 0)
        return true;
    return w->p->filter.version != REGO_V0 && (bit & KEYWORDS_V1) != 0;
}

/* The kind of what follows the current token, blanks counting. */
unsigned walk_peek_blank(const struct walk *w)
{
    uint32_t next = w->now.at + 1;
    if (next >= w->p->tokens.count)
        return TOKEN_EOF;
    return (w->items[next].flags & TOKEN_SPACE) != 0 ? WALK_BLANK : walk_kind_at(w, next);
}

bool walk_ahead_ref(struct walk *w)
{
    if (!walk_is_ref_keyword(w, w->now.kind))
        return false;
    unsigned next = walk_peek_blank(w);
    if (next != TOKEN_DOT && next != TOKEN_LBRACK)
        return false;
    w->now.kind = TOKEN_IDENT;
    return true;
}

struct loc walk_token_loc(const struct walk *w, uint32_t token)
{
    return token_loc(w->p, &w->items[token]);
}

/* Behind the token before: the first blank that is no comment. */
static struct loc blank_loc(const struct walk *w)
{
    struct loc loc = walk_token_loc(w, w->now.at == 0 ? 0 : w->now.at - 1);
    const char *text = w->p->tokens.text.p;
    uint32_t at = loc.offset, end = loc.offset + loc.len;
    bool in_comment = false;
    for (; at < w->p->tokens.text.len; at++) {
        in_comment = at >= end && (in_comment || text[at] == '#') && text[at] != '\n';
        if (at >= end && !in_comment)
            break;
        bool is_tail = ((unsigned char)text[at] & 0xC0) == 0x80;
        loc.col = text[at] == '\n' ? 1 : loc.col + !is_tail;
        loc.row += text[at] == '\n';
    }
    loc.offset = at;
    loc.len = 1;
    if (at < w->p->tokens.text.len && text[at] == '\n') {
        loc.row++;
        loc.col = 0;
    }
    return loc;
}

struct loc walk_loc(const struct walk *w)
{
    return w->now.kind == WALK_BLANK ? blank_loc(w) : walk_token_loc(w, w->now.at);
}

struct str walk_text(const struct walk *w, uint32_t first, uint32_t end)
{
    if (end <= first)
        return STR("");
    uint32_t from = w->items[first].offset, to = w->items[end - 1].offset + w->items[end - 1].len;
    return str_of(w->p->tokens.text.p + from, to - from);
}

/* ---- errors ---- */

static struct str format(struct walk *w, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *text = len < 0 ? NULL : parse_alloc(w->p, (size_t)len + 1);
    if (text != NULL)
        (void)vsnprintf(text, (size_t)len + 1, fmt, again); /* measured just above */
    va_end(again);
    return text == NULL ? STR("") : str_of(text, (size_t)len);
}

static void write_hints(struct buf *b, const struct note *hints)
{
    if (hints->older != NULL) {
        write_hints(b, hints->older);
        buf_cstr(b, ", ");
    }
    buf_str(b, hints->text);
}

static void add_note(struct walk *w, struct note **list, struct loc loc, struct str text)
{
    struct note *n = parse_alloc(w->p, sizeof *n);
    if (n == NULL)
        return;
    *n = (struct note){*list, loc, text};
    *list = n;
}

static void add_error(struct walk *w, struct loc loc, struct str text)
{
    if (w->now.hints != NULL) {
        struct buf b;
        buf_init(&b, w->p->arena);
        buf_str(&b, text);
        buf_cstr(&b, w->now.hints->older == NULL ? " (hint: " : " (hints: ");
        write_hints(&b, w->now.hints);
        buf_char(&b, ')');
        text = buf_view(&b);
        w->p->no_memory |= b.failed;
        w->now.hints = NULL;
    }
    add_note(w, &w->now.errors, loc, text);
}

void walk_error(struct walk *w, struct loc loc, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct str text = format(w, fmt, args);
    va_end(args);
    add_error(w, loc, text);
}

void walk_hint(struct walk *w, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct str text = format(w, fmt, args);
    va_end(args);
    add_note(w, &w->now.hints, (struct loc){0}, text);
}

static void illegal(struct walk *w, struct str note)
{
    unsigned kind = w->now.kind;
    if (kind == TOKEN_ILLEGAL) {
        walk_error(w, walk_loc(w), "illegal token");
        return;
    }
    bool is_blank = kind == WALK_BLANK;
    walk_error(w, walk_loc(w), "unexpected %s %s%s%.*s", is_blank ? "whitespace" : token_text(kind),
               !is_blank && token_is_keyword(kind) ? "keyword" : "token", note.len == 0 ? "" : ": ", (int)note.len, note.p);
}

void walk_illegal(struct walk *w, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct str text = format(w, fmt, args);
    va_end(args);
    illegal(w, text);
}

void walk_illegal_token(struct walk *w)
{
    illegal(w, STR(""));
}

/* ---- parsers aside ---- */

static struct walk aside(const struct walk *w, unsigned keywords)
{
    struct walk q = *w;
    q.keywords = keywords;
    q.memo = NULL;
    return q;
}

struct walk walk_future(const struct walk *w)
{
    return aside(w, KEYWORDS_V2);
}

struct walk walk_present(const struct walk *w)
{
    return aside(w, 0);
}
