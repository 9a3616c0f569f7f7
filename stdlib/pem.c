/* SPDX-License-Identifier: Apache-2.0
 *
 * PEM as Go's encoding/pem finds it in text.
 *
 * A block is the text between an END line and the last BEGIN line before it; a damaged block is passed over. Each attempt
 * starts behind the END line of the one before, so the work is linear in the text but for looking back at BEGIN.
 */
#include "stdlib/pem.h"

#include "stdlib/base64.h"

static const struct str begin_mark = {"-----BEGIN ", 11};
static const struct str end_mark = {"\n-----END ", 10};
static const struct str dashes = {"-----", 5};

static struct str tail(struct str s, size_t from)
{
    return (struct str){s.p + from, s.len - from};
}

static bool find(struct str s, struct str mark, size_t *ret)
{
    for (size_t i = 0; i + mark.len <= s.len; i++) {
        const char *at = memchr(s.p + i, mark.p[0], s.len - i);
        if (at == NULL)
            return false;
        i = (size_t)(at - s.p);
        if (str_starts(tail(s, i), mark)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static bool find_last(struct str s, struct str mark, size_t *ret)
{
    for (size_t i = s.len; i-- > 0;)
        if (str_starts(tail(s, i), mark)) {
            *ret = i;
            return true;
        }
    return false;
}

/* The first line without its end and without blanks behind it; *ret_next is where the next one starts. */
static struct str first_line(struct str s, size_t *ret_next)
{
    const char *newline = s.len > 0 ? memchr(s.p, '\n', s.len) : NULL;
    size_t len = newline == NULL ? s.len : (size_t)(newline - s.p);
    *ret_next = newline == NULL ? s.len : len + 1;
    if (newline != NULL && len > 0 && s.p[len - 1] == '\r')
        len--;
    while (len > 0 && (s.p[len - 1] == ' ' || s.p[len - 1] == '\t'))
        len--;
    return (struct str){s.p, len};
}

/* Decodes the lines between headers and END. */
static bool decode_body(struct arena *a, struct str body, struct str *ret)
{
    size_t n = 0, bad_at;
    char *clean = arena_alloc(a, body.len);
    if (clean == NULL)
        return false;
    for (size_t i = 0; i < body.len; i++)
        if (body.p[i] != ' ' && body.p[i] != '\t')
            clean[n++] = body.p[i];
    return base64_decode(a, (struct str){clean, n}, BASE64_STANDARD, true, ret, &bad_at) == BASE64_OK;
}

/* One attempt: rest starts with a BEGIN line whose END mark is at end. */
static bool read_block(struct arena *a, struct str rest, size_t end, struct str *ret_rest, struct pem_block *ret)
{
    size_t at, next;
    struct str line = first_line(tail(rest, begin_mark.len), &next);
    at = begin_mark.len + next;
    if (line.len < dashes.len || !str_equal(tail(line, line.len - dashes.len), dashes))
        return false;
    struct pem_block block = {.type = {line.p, line.len - dashes.len}};
    for (;;) {
        if (at >= rest.len)
            return false;
        line = first_line(tail(rest, at), &next);
        if (line.len == 0 || memchr(line.p, ':', line.len) == NULL)
            break;
        block.has_headers = true;
        at += next;
    }
    if (block.has_headers && at > end)
        return false;
    struct str trailer = tail(rest, end + end_mark.len);
    if (trailer.len < block.type.len + dashes.len || !str_starts(trailer, block.type) ||
        !str_starts(tail(trailer, block.type.len), dashes))
        return false;
    if (first_line(tail(trailer, block.type.len + dashes.len), &next).len != 0)
        return false;
    block.bytes = (struct str){"", 0};
    if (end > at && !decode_body(a, (struct str){rest.p + at, end - at}, &block.bytes))
        return false;
    /* The END mark's newline may be the BEGIN line's own, in an empty block. */
    (void)first_line(tail(rest, end + 1), &next);
    *ret_rest = tail(rest, end + 1 + next);
    *ret = block;
    return true;
}

bool pem_next(struct arena *a, struct str *text, struct pem_block *ret)
{
    struct str rest = *text;
    size_t end, begin;
    while (find(rest, end_mark, &end)) {
        struct str before = {rest.p, end};
        bool begins = find_last(before, begin_mark, &begin) && (begin == 0 || rest.p[begin - 1] == '\n');
        if (begins && read_block(a, tail(rest, begin), end - begin, text, ret))
            return true;
        if (a->failed != ARENA_OK)
            return false;
        rest = tail(rest, end + end_mark.len);
    }
    return false;
}
