/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner: three states (text, action, space), one token per call.
 *
 * Lines are counted as characters are read and given back, so that errors tell the line that Go tells.
 */
#include "stdlib/template_lex.h"

#include "base/utf8.h"
#include "stdlib/quote.h"
#include "stdlib/strings.h"
#include "stdlib/unicode.h"

#define END UINT32_MAX

static const struct str left_delim = {"{{", 2}, right_delim = {"}}", 2};

void template_lexer_init(struct template_lexer *l, struct arena *a, struct str input)
{
    *l = (struct template_lexer){.arena = a, .input = input, .line = 1, .start_line = 1};
}

static struct str rest_from(const struct template_lexer *l, size_t at)
{
    return at < l->input.len ? str_of(l->input.p + at, l->input.len - at) : str_of("", 0);
}

static uint32_t count_lines(struct str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.p[i] == '\n';
    return n;
}

static uint32_t next_char(struct template_lexer *l)
{
    if (l->at >= l->input.len) {
        l->at_end = true;
        return END;
    }
    unsigned len;
    uint32_t c = utf8_decode(l->input.p + l->at, l->input.len - l->at, &len);
    l->at += len;
    l->line += c == '\n';
    return c;
}

static void back_up(struct template_lexer *l)
{
    if (l->at_end || l->at == 0)
        return;
    unsigned len;
    uint32_t c = utf8_decode_last(l->input.p, l->at, &len);
    l->at -= len;
    l->line -= c == '\n';
}

static uint32_t peek_char(struct template_lexer *l)
{
    uint32_t c = next_char(l);
    back_up(l);
    return c;
}

static void emit(struct template_lexer *l, enum template_token_kind kind)
{
    l->token = (struct template_token){kind, l->start, l->start_line, str_of(l->input.p + l->start, l->at - l->start)};
    l->start = l->at;
    l->start_line = l->line;
}

static void ignore(struct template_lexer *l)
{
    l->line += count_lines(str_of(l->input.p + l->start, l->at - l->start));
    l->start = l->at;
    l->start_line = l->line;
}

/* The last token there is. */
static void fail(struct template_lexer *l, struct str text)
{
    l->failed |= text.p == NULL;
    l->token = (struct template_token){TT_ERROR, l->start, l->start_line, text};
    l->start = l->at = l->input.len = 0;
}

/* The code point as error texts show it: U+0041 'A'. */
static void fail_char(struct template_lexer *l, const char *text, uint32_t c)
{
    struct buf b;
    char out[UTF8_MAX];
    buf_init(&b, l->arena);
    buf_cstr(&b, text);
    if (c == END)
        buf_cstr(&b, "U+FFFFFFFFFFFFFFFF");
    else
        buf_printf(&b, "U+%04X", (unsigned)c);
    if (c != END && unicode_is_print(c)) {
        buf_cstr(&b, " '");
        buf_bytes(&b, out, utf8_encode(out, c));
        buf_char(&b, '\'');
    }
    l->failed |= b.failed;
    fail(l, buf_view(&b));
}

static void fail_number(struct template_lexer *l)
{
    struct buf b;
    buf_init(&b, l->arena);
    buf_cstr(&b, "bad number syntax: ");
    quote_text(&b, str_of(l->input.p + l->start, l->at - l->start), QUOTE_PRINTABLE);
    l->failed |= b.failed;
    fail(l, buf_view(&b));
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_alphanumeric(uint32_t c)
{
    return c != END && (c == '_' || unicode_is_letter(c) || unicode_is_digit(c));
}

/* "- " after the left delimiter, " -" before the right one. */
static bool has_left_marker(struct str s)
{
    return s.len >= 2 && s.p[0] == '-' && is_space((unsigned char)s.p[1]);
}

static bool has_right_marker(struct str s)
{
    return s.len >= 2 && is_space((unsigned char)s.p[0]) && s.p[1] == '-';
}

static bool is_at_right_delim(const struct template_lexer *l, bool *ret_trims)
{
    *ret_trims = has_right_marker(rest_from(l, l->at)) && str_starts(rest_from(l, l->at + 2), right_delim);
    return *ret_trims || str_starts(rest_from(l, l->at), right_delim);
}

static void skip_space(struct template_lexer *l)
{
    while (l->at < l->input.len && is_space((unsigned char)l->input.p[l->at]))
        l->at++;
    ignore(l);
}

static bool is_at_terminator(struct template_lexer *l)
{
    uint32_t c = peek_char(l);
    if (c == END || is_space(c) || (c < 0x80 && c != 0 && strchr(".,|:)(", (char)c) != NULL))
        return true;
    return str_starts(rest_from(l, l->at), right_delim);
}

/* ---- text ---- */

/* Past a comment; false when it is not one. */
static bool lex_comment(struct template_lexer *l)
{
    l->at += 2;
    size_t end = strings_find(rest_from(l, l->at), STR("*/"));
    if (end == STRINGS_NONE) {
        fail(l, STR("unclosed comment"));
        return false;
    }
    l->at += end + 2;
    bool trims;
    if (!is_at_right_delim(l, &trims)) {
        fail(l, STR("comment ends before closing delimiter"));
        return false;
    }
    ignore(l);
    l->at += (trims ? 2 : 0) + right_delim.len;
    if (trims)
        skip_space(l);
    else
        ignore(l);
    return true;
}

/* Past the left delimiter; true when it began a comment, which is skipped. */
static bool lex_left_delim(struct template_lexer *l)
{
    l->at += left_delim.len;
    size_t marker = has_left_marker(rest_from(l, l->at)) ? 2 : 0;
    if (str_starts(rest_from(l, l->at + marker), STR("/*"))) {
        l->at += marker;
        ignore(l);
        return lex_comment(l);
    }
    emit(l, TT_LEFT_DELIM);
    l->inside = true;
    l->at += marker;
    ignore(l);
    l->parens = 0;
    return false;
}

static void lex_text(struct template_lexer *l)
{
    for (;;) {
        size_t n = strings_find(rest_from(l, l->at), left_delim);
        if (n == STRINGS_NONE) {
            l->at = l->input.len;
            bool has_text = l->at > l->start;
            if (has_text)
                l->line += count_lines(rest_from(l, l->start));
            emit(l, has_text ? TT_TEXT : TT_EOF);
            return;
        }
        if (n > 0) {
            size_t end = l->at + n, trimmed = end;
            while (has_left_marker(rest_from(l, end + left_delim.len)) && trimmed > l->start &&
                   is_space((unsigned char)l->input.p[trimmed - 1]))
                trimmed--;
            l->at = trimmed;
            l->line += count_lines(str_of(l->input.p + l->start, l->at - l->start));
            emit(l, TT_TEXT);
            l->at = end;
            ignore(l);
            if (l->token.text.len > 0)
                return;
        }
        if (!lex_left_delim(l))
            return;
    }
}

/* ---- actions ---- */

static void lex_right_delim(struct template_lexer *l)
{
    bool trims;
    (void)is_at_right_delim(l, &trims); /* known to be true */
    if (trims) {
        l->at += 2;
        ignore(l);
    }
    l->at += right_delim.len;
    emit(l, TT_RIGHT_DELIM);
    if (trims)
        skip_space(l);
    l->inside = false;
}

static void lex_space(struct template_lexer *l)
{
    unsigned spaces = 0;
    while (is_space(peek_char(l))) {
        (void)next_char(l); /* known */
        spaces++;
    }
    if (has_right_marker(rest_from(l, l->at - 1)) && str_starts(rest_from(l, l->at + 1), right_delim)) {
        back_up(l);
        if (spaces == 1) {
            lex_right_delim(l);
            return;
        }
    }
    emit(l, TT_SPACE);
}

static enum template_token_kind kind_of_word(struct str word)
{
    static const struct {
        const char *word;
        enum template_token_kind kind;
    } words[] = {
        {"block", TT_BLOCK}, {"break", TT_BREAK}, {"continue", TT_CONTINUE}, {"define", TT_DEFINE}, {"else", TT_ELSE},
        {"end", TT_END},     {"if", TT_IF},       {"range", TT_RANGE},       {"nil", TT_NIL},       {"template", TT_TEMPLATE},
        {"with", TT_WITH},   {"true", TT_BOOL},   {"false", TT_BOOL},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(word, str_cstr(words[i].word)))
            return words[i].kind;
    return TT_IDENTIFIER;
}

/* A word has been read up to a character that is not part of it. */
static void lex_word(struct template_lexer *l, enum template_token_kind kind)
{
    uint32_t c;
    while (is_alphanumeric(c = next_char(l)))
        ;
    back_up(l);
    if (!is_at_terminator(l)) {
        fail_char(l, "bad character ", c);
        return;
    }
    emit(l, kind == TT_IDENTIFIER ? kind_of_word(str_of(l->input.p + l->start, l->at - l->start)) : kind);
}

static void lex_field_or_variable(struct template_lexer *l, enum template_token_kind kind)
{
    if (is_at_terminator(l))
        emit(l, kind == TT_VARIABLE ? TT_VARIABLE : TT_DOT);
    else
        lex_word(l, kind);
}

static void lex_quoted(struct template_lexer *l, uint32_t quote, enum template_token_kind kind, const char *error)
{
    for (;;) {
        uint32_t c = next_char(l);
        if (c == '\\' && quote != '`') {
            c = next_char(l);
            if (c != END && c != '\n')
                continue;
        } else if (c == quote) {
            emit(l, kind);
            return;
        }
        if (c == END || (c == '\n' && quote != '`')) {
            fail(l, str_cstr(error));
            return;
        }
    }
}

static bool accept(struct template_lexer *l, const char *set)
{
    uint32_t c = next_char(l);
    if (c != END && c != 0 && c < 0x80 && strchr(set, (char)c) != NULL)
        return true;
    back_up(l);
    return false;
}

static bool scan_number(struct template_lexer *l)
{
    const char *digits = "0123456789_";
    bool is_decimal = true, is_hex = false;
    (void)accept(l, "+-"); /* optional, as what follows */
    if (accept(l, "0")) {
        is_hex = accept(l, "xX");
        bool is_octal = !is_hex && accept(l, "oO"), is_binary = !is_hex && !is_octal && accept(l, "bB");
        is_decimal = !is_hex && !is_octal && !is_binary;
        digits = is_hex ? "0123456789abcdefABCDEF_" : is_octal ? "01234567_" : is_binary ? "01_" : digits;
    }
    while (accept(l, digits))
        ;
    if (accept(l, "."))
        while (accept(l, digits))
            ;
    if ((is_decimal && accept(l, "eE")) || (is_hex && accept(l, "pP"))) {
        (void)accept(l, "+-"); /* optional */
        while (accept(l, "0123456789_"))
            ;
    }
    (void)accept(l, "i"); /* optional */
    if (!is_alphanumeric(peek_char(l)))
        return true;
    (void)next_char(l); /* for the error text */
    return false;
}

static void lex_number(struct template_lexer *l)
{
    if (!scan_number(l)) {
        fail_number(l);
        return;
    }
    uint32_t sign = peek_char(l);
    if (sign != '+' && sign != '-')
        emit(l, TT_NUMBER);
    else if (!scan_number(l) || l->input.p[l->at - 1] != 'i')
        fail_number(l);
    else
        emit(l, TT_COMPLEX);
}

/* Characters that are tokens by themselves. */
static void lex_sign(struct template_lexer *l, uint32_t c)
{
    if (c == '=') {
        emit(l, TT_ASSIGN);
    } else if (c == '|') {
        emit(l, TT_PIPE);
    } else if (c == ':') {
        if (next_char(l) != '=')
            fail(l, STR("expected :="));
        else
            emit(l, TT_DECLARE);
    } else if (c == '(') {
        l->parens++;
        emit(l, TT_LEFT_PAREN);
    } else if (c == ')') {
        if (--l->parens < 0)
            fail(l, STR("unexpected right paren"));
        else
            emit(l, TT_RIGHT_PAREN);
    } else if (c < 0x80 && unicode_is_print(c)) {
        emit(l, TT_CHAR);
    } else {
        fail_char(l, "unrecognized character in action: ", c);
    }
}

static void lex_action(struct template_lexer *l)
{
    bool trims;
    if (is_at_right_delim(l, &trims)) {
        if (l->parens == 0)
            lex_right_delim(l);
        else
            fail(l, STR("unclosed left paren"));
        return;
    }
    uint32_t c = next_char(l);
    bool is_digit = l->at < l->input.len && l->input.p[l->at] >= '0' && l->input.p[l->at] <= '9';
    if (c == END) {
        fail(l, STR("unclosed action"));
    } else if (is_space(c)) {
        back_up(l);
        lex_space(l);
    } else if (c == '"') {
        lex_quoted(l, c, TT_STRING, "unterminated quoted string");
    } else if (c == '`') {
        lex_quoted(l, c, TT_RAW_STRING, "unterminated raw quoted string");
    } else if (c == '\'') {
        lex_quoted(l, c, TT_CHAR_CONSTANT, "unterminated character constant");
    } else if (c == '$') {
        lex_field_or_variable(l, TT_VARIABLE);
    } else if (c == '.' && l->at < l->input.len && !is_digit) {
        lex_field_or_variable(l, TT_FIELD);
    } else if (c == '.' || c == '+' || c == '-' || (c >= '0' && c <= '9')) {
        back_up(l);
        lex_number(l);
    } else if (is_alphanumeric(c)) {
        back_up(l);
        lex_word(l, TT_IDENTIFIER);
    } else {
        lex_sign(l, c);
    }
}

struct template_token template_next(struct template_lexer *l)
{
    l->token = (struct template_token){TT_EOF, l->at, l->start_line, STR("EOF")};
    if (l->inside)
        lex_action(l);
    else
        lex_text(l);
    return l->token;
}
