/* SPDX-License-Identifier: Apache-2.0
 *
 * What the scanner's actions do: append tokens with their places, read what patterns cannot, and note what is wrong.
 *
 * Wrong characters are reported where OPA does: a character that must not be in a source at all spoils the token (or the
 * single blank) in front of it.
 */
#include "lang/scan.h"

#include "base/utf8.h"

#define RAW_TEMPLATE (1u << 31)

void *scan_alloc(struct scan *s, size_t size)
{
    size_t need = (size + 15u) & ~(size_t)15u;
    if (need > sizeof s->memory - s->used)
        return NULL;
    void *p = s->memory + s->used;
    s->used += need;
    return p;
}

static COLD bool grow_tokens(struct tokens *t)
{
    size_t want = t->cap * 2;
    if (arena_grow(t->arena, &t->items, &t->cap, want, sizeof *t->items))
        return true;
    t->failed = true;
    return false;
}

static inline uint32_t column_of(const struct scan *s, size_t offset)
{
    return (uint32_t)(offset - s->line + 1 - s->tails);
}

void scan_token(struct scan *s, enum token_kind kind, size_t offset, size_t size)
{
    struct tokens *t = s->out;
    if (UNLIKELY(t->count == t->cap) && !grow_tokens(t))
        return;
    t->items[t->count++] = (struct token){.kind = (uint8_t)kind,
                                          .flags = s->flags,
                                          .offset = (uint32_t)offset,
                                          .len = (uint32_t)size,
                                          .row = s->row,
                                          .col = column_of(s, offset)};
    s->flags = 0;
    s->after_comment = false;
    if (UNLIKELY(s->pending != NULL)) {
        const char *message = s->pending;
        s->pending = NULL;
        scan_error(s, message);
    }
}

void scan_error(struct scan *s, const char *message)
{
    struct tokens *t = s->out;
    if (t->count == 0 || t->failed)
        return;
    if (!arena_grow(t->arena, &t->errors, &t->error_cap, t->error_count + 1, sizeof *t->errors)) {
        t->failed = true;
        return;
    }
    t->items[t->count - 1].kind = TOKEN_ILLEGAL;
    t->errors[t->error_count++] = (struct scan_error){(uint32_t)(t->count - 1), message};
}

void scan_line(struct scan *s, size_t offset)
{
    s->flags |= TOKEN_SPACE | TOKEN_LINE;
    s->row++;
    s->line = offset + 1;
    s->tails = 0;
}

/* Follows rows and columns through text, and reports characters that must not be there. is_token: the last token is it. */
static void follow_text(struct scan *s, size_t offset, size_t size)
{
    size_t end = offset + size;
    for (size_t at = offset; at < end;) {
        unsigned len = 1;
        uint32_t c = (unsigned char)s->base[at];
        if (c >= 0x80)
            c = utf8_decode(s->base + at, s->size - at, &len);
        if (c == 0)
            scan_error(s, "illegal null character");
        else if (c == UTF8_BAD && len == 1)
            scan_error(s, "illegal utf-8 character");
        else if (c == 0xFEFF)
            scan_error(s, "illegal byte-order mark");
        at += len;
        s->tails += len - 1;
        if (c == '\n') {
            s->row++;
            s->line = at;
            s->tails = 0;
        }
    }
}

size_t scan_comment(struct scan *s, size_t offset)
{
    struct tokens *t = s->out;
    const char *line_end = memchr(s->base + offset, '\n', s->size - offset);
    size_t size = line_end != NULL ? (size_t)(line_end - s->base) - offset : s->size - offset;
    size_t kept = size;
    if (kept > 1 && s->base[offset + kept - 1] == '\r')
        kept--;
    if (!arena_grow(t->arena, &t->comments, &t->comment_cap, t->comment_count + 1, sizeof *t->comments)) {
        t->failed = true;
        return size;
    }
    struct comment *c = &t->comments[t->comment_count++];
    c->loc = (struct loc){t->file, s->row, column_of(s, offset), (uint32_t)offset, (uint32_t)size};
    while (kept > 2 && t->text.p[offset + kept - 1] == '\r')
        kept--;
    c->text = (struct str){t->text.p + offset + 1, kept - 1};
    s->flags |= TOKEN_SPACE;
    s->after_comment = true;
    if (s->plain)
        return size;
    size_t errors = t->error_count, count = t->count;
    scan_token(s, TOKEN_ILLEGAL, offset, size);
    follow_text(s, offset, size);
    if (t->error_count == errors && !t->failed) {
        s->flags = t->items[count].flags; /* a good comment is no token */
        t->count = count;
        s->after_comment = true;
    }
    return size;
}

static size_t word_tail(const struct scan *s, size_t at)
{
    size_t from = at;
    for (;;) {
        char c = s->base[at];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
            at++;
        else
            return at - from;
    }
}

void scan_word(struct scan *s, size_t offset, size_t size)
{
    enum token_kind kind = size <= 8 ? token_of_word(s->base + offset, size) : TOKEN_IDENT;
    scan_token(s, kind, offset, size);
}

static size_t skip_digits(const struct scan *s, size_t at)
{
    while (s->base[at] >= '0' && s->base[at] <= '9')
        at++;
    return at;
}

void scan_bad_number(struct scan *s, size_t offset, size_t size)
{
    scan_token(s, TOKEN_NUMBER, offset, size);
    size_t at = skip_digits(s, offset);
    if (s->base[at] == '.') {
        size_t from = ++at;
        at = skip_digits(s, at);
        if (at == from)
            scan_error(s, "expected fraction");
    }
    if (s->base[at] == 'e' || s->base[at] == 'E') {
        at++;
        if (s->base[at] == '+' || s->base[at] == '-')
            at++;
        size_t from = at;
        at = skip_digits(s, at);
        if (at == from)
            scan_error(s, "expected exponent");
    }
    if (word_tail(s, at) != 0)
        scan_error(s, "illegal number format");
}

static bool is_escape(char c)
{
    return c != '\0' && strchr("\\\"/bfnrt", c) != NULL;
}

static size_t skip_character(const struct scan *s, size_t at)
{
    unsigned len = 1;
    if (at >= s->size)
        return at;
    if ((unsigned char)s->base[at] >= 0x80)
        (void)utf8_decode(s->base + at, s->size - at, &len);
    return at + len;
}

/* What ends a piece of string text. */
enum piece_end { END_QUOTE, END_BRACE, END_BROKEN };

struct piece {
    size_t end; /* behind the piece */
    enum piece_end how;
    bool bad_escape;
};

/* Reads from at to the closing quote, or in a template to a brace. */
static struct piece read_quoted(const struct scan *s, size_t at, bool is_template)
{
    struct piece p = {0};
    for (;;) {
        char c = s->base[at];
        if (at >= s->size || c == '\n') {
            p.end = at;
            p.how = END_BROKEN;
            return p;
        }
        at++;
        if (c == '"' || (is_template && c == '{')) {
            p.end = at;
            p.how = c == '"' ? END_QUOTE : END_BRACE;
            return p;
        }
        if (c != '\\')
            continue;
        if (s->base[at] == 'u') {
            for (int i = 0; i < 4; i++) /* the u and three digits: the next turn reads the fourth */
                at = skip_character(s, at);
        } else if (is_escape(s->base[at]) || (is_template && s->base[at] == '{')) {
            at++;
        } else {
            p.bad_escape = true;
        }
    }
}

static struct piece read_raw(const struct scan *s, size_t at, bool is_template)
{
    struct piece p = {0};
    for (;; at++) {
        if (at >= s->size) {
            p.end = at;
            p.how = END_BROKEN;
            return p;
        }
        char c = s->base[at];
        if (c == '`' || (is_template && c == '{')) {
            p.end = at + 1;
            p.how = c == '`' ? END_QUOTE : END_BRACE;
            return p;
        }
        if (is_template && c == '\\' && s->base[at + 1] == '{')
            at++;
    }
}

static void report_piece(struct scan *s, const struct piece *p)
{
    if (p->bad_escape)
        scan_error(s, "illegal escape sequence");
    if (p->how == END_BROKEN)
        scan_error(s, "non-terminated string");
}

size_t scan_string(struct scan *s, size_t offset)
{
    const char *from = s->base + offset + 1;
    const char *quote = s->plain ? memchr(from, '"', s->size - offset - 1) : NULL;
    size_t inner = quote == NULL ? 0 : (size_t)(quote - from);
    if (LIKELY(quote != NULL && memchr(from, '\\', inner) == NULL && memchr(from, '\n', inner) == NULL)) {
        scan_token(s, TOKEN_STRING, offset, inner + 2);
        return inner + 2;
    }
    struct piece p = read_quoted(s, offset + 1, false);
    scan_token(s, TOKEN_STRING, offset, p.end - offset);
    report_piece(s, &p);
    if (!s->plain || p.bad_escape)
        follow_text(s, offset, p.end - offset);
    return p.end - offset;
}

size_t scan_raw_string(struct scan *s, size_t offset)
{
    struct piece p = read_raw(s, offset + 1, false);
    scan_token(s, TOKEN_STRING, offset, p.end - offset);
    report_piece(s, &p);
    follow_text(s, offset, p.end - offset);
    return p.end - offset;
}

static void push_template(struct scan *s, bool is_raw)
{
    struct tokens *t = s->out;
    if (!arena_grow(t->arena, &s->braces, &s->template_cap, s->template_count + 1, sizeof *s->braces)) {
        t->failed = true;
        return;
    }
    s->braces[s->template_count++] = is_raw ? RAW_TEMPLATE : 0;
}

/* A part of a template string: the token starts at offset, its text at from. */
static size_t scan_part(struct scan *s, size_t offset, size_t from, bool is_raw, uint8_t flags)
{
    struct piece p = is_raw ? read_raw(s, from, true) : read_quoted(s, from, true);
    enum token_kind part = is_raw ? TOKEN_RAW_TEMPLATE_PART : TOKEN_TEMPLATE_PART;
    enum token_kind end = is_raw ? TOKEN_RAW_TEMPLATE_END : TOKEN_TEMPLATE_END;
    s->flags |= flags;
    scan_token(s, p.how == END_QUOTE ? end : part, offset, p.end - offset);
    if (s->base[offset] == '\n' && !s->out->failed) { /* a line end counts as before its row */
        s->out->items[s->out->count - 1].row++;
        s->out->items[s->out->count - 1].col = 0;
    }
    if (offset == s->size && !s->out->failed)
        s->out->items[s->out->count - 1].col--; /* the end is at the last character */
    report_piece(s, &p);
    follow_text(s, offset, p.end - offset);
    if (p.how == END_BRACE)
        push_template(s, is_raw);
    return p.end;
}

size_t scan_template(struct scan *s, size_t offset)
{
    return scan_part(s, offset, offset + 2, s->base[offset + 1] == '`', 0) - offset;
}

size_t scan_brace(struct scan *s, size_t offset, char brace)
{
    uint32_t *open = s->template_count == 0 ? NULL : &s->braces[s->template_count - 1];
    scan_token(s, brace == '{' ? TOKEN_LBRACE : TOKEN_RBRACE, offset, 1);
    if (open == NULL)
        return 1;
    if (brace == '{') {
        ++*open;
        return 1;
    }
    if ((*open & ~RAW_TEMPLATE) != 0) {
        --*open;
        return 1;
    }
    bool is_raw = (*open & RAW_TEMPLATE) != 0;
    s->template_count--;
    return scan_part(s, offset + 1, offset + 1, is_raw, TOKEN_NEXT_PART) - offset;
}

/* The blank just before offset becomes an illegal token, or the token or comment does that ends there. */
static void spoil_before(struct scan *s, size_t offset, const char *message)
{
    struct tokens *t = s->out;
    if (offset == 0) {
        s->pending = message;
        return;
    }
    if ((s->flags & TOKEN_SPACE) != 0) {
        size_t tails = s->tails;
        bool is_line = s->base[offset - 1] == '\n';
        scan_token(s, TOKEN_ILLEGAL, offset - 1, 1);
        if (is_line && !t->failed)
            t->items[t->count - 1].col = 0; /* a line end counts as before its row */
        s->tails = tails;
    }
    scan_error(s, message);
}

/* OPA takes one byte too many from a wide character behind a word or number. */
static void cut_before(struct scan *s, size_t offset)
{
    struct tokens *t = s->out;
    struct token *last = t->count == 0 || t->failed ? NULL : &t->items[t->count - 1];
    if (last == NULL || last->offset + last->len != offset || s->flags != 0)
        return;
    if (last->kind == TOKEN_IDENT || last->kind == TOKEN_NUMBER || token_is_keyword(last->kind)) {
        last->flags |= TOKEN_CUT;
        if (last->kind != TOKEN_NUMBER)
            last->kind = TOKEN_IDENT;
    }
}

size_t scan_other(struct scan *s, size_t offset)
{
    unsigned len;
    uint32_t c = utf8_decode(s->base + offset, s->size - offset, &len);
    if (c == 0xFEFF && offset == 0) {
        s->tails += len - 1;
        return len;
    }
    if (len > 1)
        cut_before(s, offset);
    if (c == 0)
        spoil_before(s, offset, "illegal null character");
    else if (c == UTF8_BAD && len == 1)
        spoil_before(s, offset, "illegal utf-8 character");
    else if (c == 0xFEFF)
        spoil_before(s, offset, "illegal byte-order mark");
    scan_token(s, TOKEN_ILLEGAL, offset, len);
    s->tails += len - 1;
    if (c == '!')
        scan_error(s, "illegal ! character");
    else if (c == '$')
        scan_error(s, "illegal $ character");
    else if (c == 0xA0)
        scan_error(s, "illegal non-breaking space character, use a regular space instead");
    return len;
}

void scan_end(struct scan *s)
{
    scan_token(s, TOKEN_EOF, s->size, 0);
    if (!s->out->failed)
        s->out->items[s->out->count - 1].col--; /* the end is at the last character */
}
