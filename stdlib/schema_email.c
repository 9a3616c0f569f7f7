/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail addresses as Go's net/mail accepts them (RFC 5322): "a@b", "Name <a@b>", comments, quoted names, groups of one address.
 *
 * Encoded words (RFC 2047) in names are taken as the words they are.
 */
#include "base/utf8.h"
#include "stdlib/ip.h"
#include "stdlib/schema.h"

struct address {
    struct str rest;
};

static bool is_empty(const struct address *p)
{
    return p->rest.len == 0;
}

static void advance(struct address *p, size_t n)
{
    p->rest = str_of(p->rest.p + n, p->rest.len - n);
}

static char peek(const struct address *p)
{
    return p->rest.p[0];
}

static bool consume(struct address *p, char c)
{
    if (is_empty(p) || peek(p) != c)
        return false;
    advance(p, 1);
    return true;
}

static void skip_space(struct address *p)
{
    while (!is_empty(p) && (peek(p) == ' ' || peek(p) == '\t'))
        advance(p, 1);
}

static bool is_visible(uint32_t c)
{
    return (c >= '!' && c <= '~') || c >= 0x80;
}

static bool is_atom_char(uint32_t c)
{
    return is_visible(c) && (c >= 0x80 || strchr("()<>[]:;@\\,\"", (int)c) == NULL);
}

/* The next character; *ret_len is 0 at the end. false: not UTF-8. */
static bool next_char(const struct address *p, size_t i, uint32_t *ret, unsigned *ret_len)
{
    *ret = 0;
    *ret_len = 0;
    if (i == p->rest.len)
        return true;
    *ret = utf8_decode(p->rest.p + i, p->rest.len - i, ret_len);
    return *ret != UTF8_BAD || *ret_len > 1;
}

/* Behind the opening parenthesis. */
static bool skip_comment(struct address *p)
{
    size_t depth = 1;
    while (!is_empty(p) && depth > 0) {
        if (peek(p) == '\\' && p->rest.len > 1)
            advance(p, 1);
        else if (peek(p) == '(')
            depth++;
        else if (peek(p) == ')')
            depth--;
        advance(p, 1);
    }
    return depth == 0;
}

static bool skip_comments(struct address *p)
{
    skip_space(p);
    while (consume(p, '(')) {
        if (!skip_comment(p))
            return false;
        skip_space(p);
    }
    return true;
}

/* *ret_empty: nothing between the quotes. */
static bool read_quoted(struct address *p, bool *ret_empty)
{
    bool escaped = false;
    uint32_t c;
    unsigned len;
    *ret_empty = true;
    for (size_t i = 1; next_char(p, i, &c, &len) && len != 0; i += len) {
        bool blank = c == ' ' || c == '\t';
        if (!escaped && c == '"') {
            advance(p, i + 1);
            return true;
        }
        if (!is_visible(c) && !blank)
            return false;
        bool starts_escape = !escaped && c == '\\';
        *ret_empty &= starts_escape;
        escaped = starts_escape;
    }
    return false;
}

static bool has_good_dots(struct str atom)
{
    if (atom.p[0] == '.' || atom.p[atom.len - 1] == '.')
        return false;
    for (size_t i = 1; i < atom.len; i++)
        if (atom.p[i] == '.' && atom.p[i - 1] == '.')
            return false;
    return true;
}

static bool read_atom(struct address *p, bool any_dots)
{
    size_t i = 0;
    uint32_t c;
    unsigned len;
    for (;; i += len) {
        if (!next_char(p, i, &c, &len))
            return false;
        if (len == 0 || !is_atom_char(c))
            break;
    }
    struct str atom = str_of(p->rest.p, i);
    if (i == 0)
        return false;
    advance(p, i);
    return any_dots || has_good_dots(atom);
}

static bool read_domain_literal(struct address *p)
{
    size_t i = 1;
    uint32_t c;
    unsigned len;
    struct ip ip;
    for (;; i += len) {
        if (!next_char(p, i, &c, &len) || len == 0)
            return false;
        if (c == ']')
            break;
        if (c == '[' || c == '\\' || !is_visible(c))
            return false;
    }
    struct str text = str_of(p->rest.p + 1, i - 1);
    advance(p, i + 1);
    return ip_parse(text, &ip, NULL) && ip.zone.len == 0;
}

/* local@domain; nothing is consumed on failure. */
static bool read_spec(struct address *p)
{
    struct address at = *p;
    bool empty = false, good;
    skip_space(&at);
    if (is_empty(&at))
        return false;
    good = peek(&at) == '"' ? read_quoted(&at, &empty) && !empty : read_atom(&at, false);
    if (!good || !consume(&at, '@'))
        return false;
    skip_space(&at);
    if (is_empty(&at))
        return false;
    good = peek(&at) == '[' ? read_domain_literal(&at) : read_atom(&at, false);
    if (good)
        *p = at;
    return good;
}

static bool read_phrase(struct address *p)
{
    for (size_t words = 0;; words++) {
        bool empty;
        if (words > 0 && !skip_comments(p))
            return false;
        skip_space(p);
        if (is_empty(p))
            return true;
        if (!(peek(p) == '"' ? read_quoted(p, &empty) : read_atom(p, true)))
            return words > 0;
    }
}

static bool read_address(struct address *p, bool may_be_group, size_t *ret_count);

static bool read_group(struct address *p, size_t *ret_count)
{
    *ret_count = 0;
    skip_space(p);
    if (consume(p, ';'))
        return skip_comments(p);
    for (;;) {
        size_t count;
        skip_space(p);
        if (!read_address(p, false, &count) || !skip_comments(p))
            return false;
        *ret_count += count;
        if (consume(p, ';'))
            return skip_comments(p);
        if (!consume(p, ','))
            return false;
    }
}

static bool read_address(struct address *p, bool may_be_group, size_t *ret_count)
{
    *ret_count = 1;
    skip_space(p);
    if (is_empty(p))
        return false;
    if (read_spec(p)) {
        skip_space(p);
        return !consume(p, '(') || skip_comment(p);
    }
    if (peek(p) != '<' && !read_phrase(p))
        return false;
    skip_space(p);
    if (may_be_group && consume(p, ':'))
        return read_group(p, ret_count);
    return consume(p, '<') && read_spec(p) && consume(p, '>');
}

bool schema_email_fits(struct str text)
{
    struct address p = {text};
    size_t count;
    return read_address(&p, true, &count) && skip_comments(&p) && is_empty(&p) && count == 1;
}
