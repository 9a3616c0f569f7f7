/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner of GraphQL: bytes to tokens. Columns count characters.
 *
 * Errors are part of the token and matter only when the parser takes it: what it says about an invalid token it does not
 * expect comes first.
 */
#include "base/utf8.h"
#include "stdlib/graphql_parser.h"

static const char *const names[] = {
    [TOKEN_INVALID] = "<Invalid>",
    [TOKEN_EOF] = "<EOF>",
    [TOKEN_BANG] = "!",
    [TOKEN_DOLLAR] = "$",
    [TOKEN_AMP] = "&",
    [TOKEN_PAREN_L] = "(",
    [TOKEN_PAREN_R] = ")",
    [TOKEN_SPREAD] = "...",
    [TOKEN_COLON] = ":",
    [TOKEN_EQUALS] = "=",
    [TOKEN_AT] = "@",
    [TOKEN_BRACKET_L] = "[",
    [TOKEN_BRACKET_R] = "]",
    [TOKEN_BRACE_L] = "{",
    [TOKEN_BRACE_R] = "}",
    [TOKEN_PIPE] = "|",
    [TOKEN_NAME] = "Name",
    [TOKEN_INT] = "Int",
    [TOKEN_FLOAT] = "Float",
    [TOKEN_STRING] = "String",
    [TOKEN_BLOCK_STRING] = "BlockString",
    [TOKEN_COMMENT] = "Comment",
};

const char *gql_token_name(enum gql_token_kind kind)
{
    return names[kind];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static bool at_end(const struct gql_lexer *l)
{
    return l->end >= l->text.len;
}

static char here(const struct gql_lexer *l)
{
    return l->text.p[l->end];
}

static void advance(struct gql_lexer *l, size_t n)
{
    l->end += n;
    l->end_char += (uint32_t)n;
}

static bool has_ahead(const struct gql_lexer *l, size_t at, const char *text)
{
    size_t len = strlen(text);
    return l->text.len - at >= len && memcmp(l->text.p + at, text, len) == 0;
}

static int make(struct gql_lexer *l, enum gql_token_kind kind, struct str value, struct gql_token *ret)
{
    struct gql_pos pos = {l->line, (int32_t)(l->start_char - l->line_start + 1), l->is_built_in};
    *ret = (struct gql_token){.kind = kind, .value = value, .pos = pos};
    return BI_OK;
}

static int make_text(struct gql_lexer *l, enum gql_token_kind kind, struct gql_token *ret)
{
    return make(l, kind, str_of(l->text.p + l->start, l->end - l->start), ret);
}

static int invalid(struct gql_lexer *l, struct str problem, struct gql_token *ret)
{
    if (problem.p == NULL)
        return bi_nomem(l->work->ctx);
    struct gql_pos pos = {l->line, (int32_t)(l->end_char - l->line_start + 1), l->is_built_in};
    *ret = (struct gql_token){.kind = TOKEN_INVALID, .value = STR(""), .pos = pos, .problem = problem};
    return BI_OK;
}

#define INVALID(l, ret, ...) invalid((l), arena_printf((l)->work->ctx->arena, __VA_ARGS__), (ret))

static void start_line(struct gql_lexer *l)
{
    l->line++;
    l->line_start = l->end_char;
}

static void skip_blanks(struct gql_lexer *l)
{
    for (; !at_end(l);) {
        char c = here(l);
        if (c == '\t' || c == ' ' || c == ',') {
            advance(l, 1);
        } else if (c == '\n') {
            advance(l, 1);
            start_line(l);
        } else if (c == '\r') {
            advance(l, 1);
            start_line(l);
            if (!at_end(l) && here(l) == '\n')
                advance(l, 1);
        } else if (has_ahead(l, l->end, "\xEF\xBB\xBF")) {
            l->end += 3;
            l->end_char++;
        } else {
            return;
        }
    }
}

/* One character, whatever it is. */
static uint32_t take_char(struct gql_lexer *l)
{
    unsigned len;
    uint32_t c = utf8_decode(l->text.p + l->end, l->text.len - l->end, &len);
    l->end += len;
    l->end_char++;
    return c;
}

static int lex_comment(struct gql_lexer *l, struct gql_token *ret)
{
    while (!at_end(l) && ((unsigned char)here(l) > 0x1F || here(l) == '\t'))
        (void)take_char(l);
    return make_text(l, TOKEN_COMMENT, ret);
}

/* ---- numbers ---- */

static bool accept(struct gql_lexer *l, const char *chars)
{
    if (at_end(l) || here(l) == '\0' || strchr(chars, here(l)) == NULL)
        return false;
    advance(l, 1);
    return true;
}

static size_t accept_digits(struct gql_lexer *l)
{
    size_t n = 0;
    while (!at_end(l) && is_digit(here(l))) {
        advance(l, 1);
        n++;
    }
    return n;
}

/* A byte is shown as the character of that number. */
static int invalid_number(struct gql_lexer *l, const char *text, struct gql_token *ret)
{
    if (at_end(l))
        return INVALID(l, ret, "Invalid number, %s: <EOF>.", text);
    unsigned char c = (unsigned char)here(l);
    if (c < 0x80)
        return INVALID(l, ret, "Invalid number, %s: \"%c\".", text, c);
    return INVALID(l, ret, "Invalid number, %s: \"%c%c\".", text, 0xC0 | c >> 6, 0x80 | (c & 0x3F));
}

static int lex_number(struct gql_lexer *l, struct gql_token *ret)
{
    bool is_float = false;
    (void)accept(l, "-");
    if (accept(l, "0")) {
        size_t digits = accept_digits(l);
        if (digits != 0) {
            l->end -= digits;
            l->end_char -= (uint32_t)digits;
            return invalid_number(l, "unexpected digit after 0", ret);
        }
    } else if (accept_digits(l) == 0) {
        return invalid_number(l, "expected digit but got", ret);
    }
    if (accept(l, ".")) {
        is_float = true;
        if (accept_digits(l) == 0)
            return invalid_number(l, "expected digit but got", ret);
    }
    if (accept(l, "eE")) {
        is_float = true;
        (void)accept(l, "-+");
        if (accept_digits(l) == 0)
            return invalid_number(l, "expected digit but got", ret);
    }
    return make_text(l, is_float ? TOKEN_FLOAT : TOKEN_INT, ret);
}

/* ---- strings ---- */

static void append_char(struct buf *b, uint32_t c)
{
    char text[UTF8_MAX];
    buf_bytes(b, text, utf8_encode(text, c));
}

static bool read_hex(struct str s, uint32_t *ret)
{
    uint32_t c = 0;
    for (size_t i = 0; i < s.len; i++) {
        char d = s.p[i], lower = (char)(d | 0x20);
        if (!is_digit(d) && (lower < 'a' || lower > 'f'))
            return false;
        c = c << 4 | (uint32_t)(is_digit(d) ? d - '0' : lower - 'a' + 10);
    }
    *ret = c >= 0xD800 && c <= 0xDFFF ? UTF8_BAD : c;
    return true;
}

/* At a backslash. *ret is an invalid token when the escape is none. */
static int lex_escape(struct gql_lexer *l, struct buf *b, struct gql_token *ret)
{
    static const char letters[] = "\"/\\bfnrt", means[] = "\"/\\\b\f\n\r\t";
    size_t at = l->end, len = l->text.len;
    uint32_t c;
    if (at + 1 >= len) {
        advance(l, 1);
        return INVALID(l, ret, "Invalid character escape sequence.");
    }
    char escape = l->text.p[at + 1];
    const char *letter = escape != '\0' ? strchr(letters, escape) : NULL;
    if (letter != NULL) {
        buf_char(b, means[letter - letters]);
        advance(l, 2);
        return BI_OK;
    }
    if (escape != 'u') {
        advance(l, 1);
        unsigned char byte = (unsigned char)escape;
        return byte < 0x80
                   ? INVALID(l, ret, "Invalid character escape sequence: \\%c.", escape)
                   : INVALID(l, ret, "Invalid character escape sequence: \\%c%c.", 0xC0 | byte >> 6, 0x80 | (byte & 0x3F));
    }
    if (at + 6 >= len) {
        advance(l, 1);
        return INVALID(l, ret, "Invalid character escape sequence: \\%.*s.", (int)(len - l->end), l->text.p + l->end);
    }
    if (!read_hex(str_of(l->text.p + at + 2, 4), &c)) {
        advance(l, 1);
        return INVALID(l, ret, "Invalid character escape sequence: \\%.*s.", 5, l->text.p + l->end);
    }
    append_char(b, c);
    advance(l, 6);
    return BI_OK;
}

static int invalid_in_string(struct gql_lexer *l, struct gql_token *ret)
{
    return INVALID(l, ret, "Invalid character within String: \"\\u%04x\".", (unsigned char)here(l));
}

static int end_string(struct gql_lexer *l, struct buf *b, struct gql_token *ret)
{
    if (b->failed)
        return bi_nomem(l->work->ctx);
    struct str value = b->len != 0 ? buf_view(b) : STR("");
    int status = make(l, TOKEN_STRING, value, ret);
    advance(l, 1);
    return status;
}

static int lex_string(struct gql_lexer *l, struct gql_token *ret)
{
    struct buf b;
    buf_init(&b, l->work->ctx->arena);
    l->start++;
    l->start_char++;
    ret->kind = TOKEN_EOF;
    while (!at_end(l) && here(l) != '\n' && here(l) != '\r') {
        if ((unsigned char)here(l) < 0x20 && here(l) != '\t')
            return invalid_in_string(l, ret);
        if (here(l) == '"')
            return end_string(l, &b, ret);
        if (here(l) != '\\') {
            append_char(&b, take_char(l));
            continue;
        }
        int status = lex_escape(l, &b, ret);
        if (status != BI_OK || ret->kind == TOKEN_INVALID)
            return status;
    }
    return INVALID(l, ret, "Unterminated string.");
}

/* ---- block strings ---- */

static bool is_blank_line(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.p[i] != ' ' && line.p[i] != '\t')
            return false;
    return true;
}

static size_t indent_of(struct str line)
{
    size_t i = 0;
    while (i < line.len && (line.p[i] == ' ' || line.p[i] == '\t'))
        i++;
    return i;
}

/* The line at *at; *at moves behind it, or to SIZE_MAX after the last one. */
static struct str next_line(struct str text, size_t *at)
{
    const char *start = text.p + *at, *end = text.len > *at ? memchr(start, '\n', text.len - *at) : NULL;
    size_t len = end != NULL ? (size_t)(end - start) : text.len - *at;
    *at = end != NULL ? *at + len + 1 : SIZE_MAX;
    return str_of(start, len);
}

/* Removes the indentation that all lines share, and blank lines at both ends. */
static struct str trim_block(struct arena *a, struct str raw)
{
    size_t common = SIZE_MAX, first = SIZE_MAX, last = 0;
    for (size_t at = 0; at != SIZE_MAX;) {
        struct str line = next_line(raw, &at);
        size_t indent = indent_of(line);
        if (indent < line.len && indent < common)
            common = indent;
    }
    /* the first line keeps its indentation, blank lines are judged after the cut: neither changes whether they are blank */
    for (size_t at = 0, i = 0; at != SIZE_MAX; i++) {
        if (is_blank_line(next_line(raw, &at)))
            continue;
        first = first == SIZE_MAX ? i : first;
        last = i + 1;
    }
    struct buf b;
    buf_init(&b, a);
    for (size_t at = 0, i = 0; at != SIZE_MAX && i < last; i++) {
        struct str line = next_line(raw, &at);
        if (i < first)
            continue;
        if (i > first)
            buf_char(&b, '\n');
        size_t cut = i == 0 || common == SIZE_MAX ? 0 : line.len < common ? line.len : common;
        buf_bytes(&b, line.p + cut, line.len - cut);
    }
    return b.failed ? str_of(NULL, 0) : b.len != 0 ? buf_view(&b) : STR("");
}

static size_t count_quotes(const struct gql_lexer *l)
{
    size_t n = 0;
    while (l->end + n < l->text.len && l->text.p[l->end + n] == '"')
        n++;
    return n;
}

/* At quotes three or more: the last three end the string. */
static int end_block(struct gql_lexer *l, struct buf *b, size_t quotes, struct gql_token *ret)
{
    for (size_t i = 3; i < quotes; i++)
        buf_char(b, '"');
    struct str value = b->failed ? str_of(NULL, 0) : trim_block(l->work->ctx->arena, b->len != 0 ? buf_view(b) : STR(""));
    if (value.p == NULL)
        return bi_nomem(l->work->ctx);
    int status = make(l, TOKEN_BLOCK_STRING, value, ret);
    advance(l, quotes);
    return status;
}

static void take_block_char(struct gql_lexer *l, struct buf *b)
{
    if (has_ahead(l, l->end, "\\\"\"\"")) {
        buf_cstr(b, "\"\"\"");
        advance(l, 4);
    } else if (here(l) == '\r') {
        advance(l, has_ahead(l, l->end, "\r\n") ? 2 : 1);
        buf_char(b, '\n');
        start_line(l);
    } else {
        uint32_t c = take_char(l);
        append_char(b, c);
        if (c == '\n')
            start_line(l);
    }
}

static int lex_block_string(struct gql_lexer *l, struct gql_token *ret)
{
    struct buf b;
    buf_init(&b, l->work->ctx->arena);
    l->start += 3;
    l->start_char += 3;
    advance(l, 2);
    while (!at_end(l)) {
        char c = here(l);
        size_t quotes = c == '"' ? count_quotes(l) : 0;
        if (quotes >= 3)
            return end_block(l, &b, quotes, ret);
        if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return invalid_in_string(l, ret);
        take_block_char(l, &b);
    }
    return INVALID(l, ret, "Unterminated string.");
}

/* ---- tokens ---- */

static int invalid_char(struct gql_lexer *l, struct gql_token *ret)
{
    unsigned char c = (unsigned char)here(l);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
        return INVALID(l, ret, "Cannot contain the invalid character \"\\u%04x\"", c);
    if (c == '\'')
        return INVALID(l, ret, "Unexpected single quote character ('), did you mean to use a double quote (\")?");
    if (c < 0x80)
        return INVALID(l, ret, "Cannot parse the unexpected character \"%c\".", c);
    return INVALID(l, ret, "Cannot parse the unexpected character \"%c%c\".", 0xC0 | c >> 6, 0x80 | (c & 0x3F));
}

static const struct {
    char c;
    enum gql_token_kind kind;
} punctuators[] = {
    {'!', TOKEN_BANG},    {'$', TOKEN_DOLLAR},  {'&', TOKEN_AMP},  {'(', TOKEN_PAREN_L},   {')', TOKEN_PAREN_R},
    {':', TOKEN_COLON},   {'=', TOKEN_EQUALS},  {'@', TOKEN_AT},   {'[', TOKEN_BRACKET_L}, {']', TOKEN_BRACKET_R},
    {'{', TOKEN_BRACE_L}, {'}', TOKEN_BRACE_R}, {'|', TOKEN_PIPE},
};

int gql_lex(struct gql_lexer *l, struct gql_token *ret)
{
    skip_blanks(l);
    l->start = l->end;
    l->start_char = l->end_char;
    if (at_end(l))
        return make_text(l, TOKEN_EOF, ret);
    char c = here(l);
    int status = bi_charge(l->work->ctx, 10);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < COUNT_OF(punctuators); i++)
        if (c == punctuators[i].c) {
            advance(l, 1);
            return make(l, punctuators[i].kind, STR(""), ret);
        }
    if (has_ahead(l, l->end, "...")) {
        advance(l, 3);
        return make(l, TOKEN_SPREAD, STR(""), ret);
    }
    if (c == '-' || is_digit(c))
        return lex_number(l, ret);
    if (is_name_char(c)) {
        while (!at_end(l) && is_name_char(here(l)))
            advance(l, 1);
        return make_text(l, TOKEN_NAME, ret);
    }
    if (c == '#' || c == '"') {
        bool is_block = has_ahead(l, l->end, "\"\"\"");
        advance(l, 1);
        return c == '#' ? lex_comment(l, ret) : is_block ? lex_block_string(l, ret) : lex_string(l, ret);
    }
    return invalid_char(l, ret);
}
