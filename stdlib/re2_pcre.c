/* SPDX-License-Identifier: Apache-2.0
 *
 * A parsed regular expression as a pattern for PCRE2.
 *
 * The options that it is compiled under (stdlib/regex_engine.c): UTF, DOTALL, MULTILINE, ALT_CIRCUMFLEX, newline is LF, no
 * UCP, so that \b and \w are about ASCII. Case is folded by writing all cases out, but for ASCII letters, where (?i:) means
 * the same. Surrogates match no text and are left out. Recurses as deep as the expression nests (1000).
 */
#include "stdlib/re2.h"
#include "stdlib/unicode.h"

#define SURROGATE_FIRST 0xD800u
#define SURROGATE_LAST 0xDFFFu

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void write_rune(struct buf *b, uint32_t c)
{
    if (is_letter(c) || (c >= '0' && c <= '9')) {
        buf_char(b, (char)c);
    } else if (c > ' ' && c < 0x7F) {
        buf_char(b, '\\');
        buf_char(b, (char)c);
    } else {
        buf_printf(b, "\\x{%x}", (unsigned)c);
    }
}

static void write_range(struct buf *b, uint32_t lo, uint32_t hi)
{
    if (lo <= SURROGATE_LAST && hi >= SURROGATE_FIRST) {
        if (lo < SURROGATE_FIRST)
            write_range(b, lo, SURROGATE_FIRST - 1);
        if (hi > SURROGATE_LAST)
            write_range(b, SURROGATE_LAST + 1, hi);
        return;
    }
    write_rune(b, lo);
    if (hi > lo) {
        buf_char(b, '-');
        write_rune(b, hi);
    }
}

static bool is_all_surrogates(const uint32_t *pairs, uint32_t count)
{
    return count == 0 || (count == 1 && pairs[0] >= SURROGATE_FIRST && pairs[1] <= SURROGATE_LAST);
}

static void write_class(struct buf *b, const uint32_t *pairs, uint32_t count)
{
    if (is_all_surrogates(pairs, count)) {
        buf_cstr(b, "(?!)");
        return;
    }
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++)
        write_range(b, pairs[2 * i], pairs[2 * i + 1]);
    buf_char(b, ']');
}

/* All code points that fold to c. */
static void write_folded(struct buf *b, uint32_t c)
{
    buf_char(b, '[');
    write_rune(b, c);
    for (uint32_t f = unicode_fold(c); f != c; f = unicode_fold(f))
        write_rune(b, f);
    buf_char(b, ']');
}

static void write_literal(struct buf *b, const struct re2_node *n)
{
    bool fold = (n->flags & RE2_FOLD_CASE) != 0, in_group = false;
    for (uint32_t i = 0; i < n->count; i++) {
        uint32_t c = n->runes[i];
        bool wants_group = fold && is_letter(c);
        if (wants_group != in_group)
            buf_cstr(b, wants_group ? "(?i:" : ")");
        in_group = wants_group;
        if (c >= SURROGATE_FIRST && c <= SURROGATE_LAST)
            buf_cstr(b, "(?!)");
        else if (fold && !wants_group && unicode_fold(c) != c)
            write_folded(b, c);
        else
            write_rune(b, c);
    }
    if (in_group)
        buf_char(b, ')');
}

static bool is_atom(const struct re2_node *n)
{
    return n->op == RE2_CLASS || n->op == RE2_ANY || n->op == RE2_ANY_NOT_NL || n->op == RE2_CAPTURE ||
           (n->op == RE2_LITERAL && n->count == 1);
}

static void write_repeat(struct buf *b, const struct re2_node *n)
{
    const struct re2_node *child = n->children[0];
    bool grouped = !is_atom(child);
    if (grouped)
        buf_cstr(b, "(?:");
    re2_write_pcre(b, child);
    if (grouped)
        buf_char(b, ')');
    if (n->op == RE2_REPEAT && n->max == n->min)
        buf_printf(b, "{%d}", (int)n->min);
    else if (n->op == RE2_REPEAT && n->max < 0)
        buf_printf(b, "{%d,}", (int)n->min);
    else if (n->op == RE2_REPEAT)
        buf_printf(b, "{%d,%d}", (int)n->min, (int)n->max);
    else
        buf_char(b, n->op == RE2_STAR ? '*' : n->op == RE2_PLUS ? '+' : '?');
    if ((n->flags & RE2_NON_GREEDY) != 0)
        buf_char(b, '?');
}

static void write_children(struct buf *b, const struct re2_node *n)
{
    for (uint32_t i = 0; i < n->count; i++) {
        bool grouped = n->op == RE2_CONCAT && n->children[i]->op == RE2_ALTERNATE;
        if (n->op == RE2_ALTERNATE && i > 0)
            buf_char(b, '|');
        buf_cstr(b, grouped ? "(?:" : "");
        re2_write_pcre(b, n->children[i]);
        buf_cstr(b, grouped ? ")" : "");
    }
}

void re2_write_pcre(struct buf *b, const struct re2_node *n)
{
    static const char *const plain[] = {
        [RE2_NO_MATCH] = "(?!)",     [RE2_EMPTY] = "(?:)",           [RE2_ANY_NOT_NL] = "\\N", [RE2_ANY] = ".",
        [RE2_BEGIN_LINE] = "^",      [RE2_END_LINE] = "$",           [RE2_BEGIN_TEXT] = "\\A", [RE2_END_TEXT] = "\\z",
        [RE2_WORD_BOUNDARY] = "\\b", [RE2_NO_WORD_BOUNDARY] = "\\B",
    };
    switch (n->op) {
    case RE2_LITERAL:
        write_literal(b, n);
        break;
    case RE2_CLASS:
        write_class(b, n->runes, n->count);
        break;
    case RE2_CAPTURE:
        buf_char(b, '(');
        re2_write_pcre(b, n->children[0]);
        buf_char(b, ')');
        break;
    case RE2_STAR:
    case RE2_PLUS:
    case RE2_QUEST:
    case RE2_REPEAT:
        write_repeat(b, n);
        break;
    case RE2_CONCAT:
    case RE2_ALTERNATE:
        write_children(b, n);
        break;
    default:
        buf_cstr(b, plain[n->op]);
        break;
    }
}
