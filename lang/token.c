/* SPDX-License-Identifier: Apache-2.0
 *
 * Words of tokens, and scanning a whole text into an array of them.
 */
#include "lang/token.h"

#include "lang/scan.h"

static const struct {
    const char *text;
    bool is_keyword;
} kinds[] = {
#define TOKEN(id, text, keyword) {text, keyword},
#include "lang/tokens.def"
#undef TOKEN
};

const char *token_text(enum token_kind kind)
{
    return kinds[kind].text;
}

bool token_is_keyword(enum token_kind kind)
{
    return kinds[kind].is_keyword;
}

unsigned token_keyword_bit(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_IF:
        return KEYWORD_IF;
    case TOKEN_CONTAINS:
        return KEYWORD_CONTAINS;
    case TOKEN_IN:
        return KEYWORD_IN;
    case TOKEN_EVERY:
        return KEYWORD_EVERY;
    case TOKEN_LOGICAL_AND:
        return KEYWORD_AND;
    case TOKEN_LOGICAL_OR:
        return KEYWORD_OR;
    default:
        return 0;
    }
}

#define WORD(text, kind) (memcmp(p, text, sizeof(text) - 1) == 0 ? (kind) : TOKEN_IDENT)

enum token_kind token_of_word(const char *p, size_t len)
{
    switch (len) {
    case 2:
        return p[0] == 'i' ? (p[1] == 'f' ? TOKEN_IF : p[1] == 'n' ? TOKEN_IN : TOKEN_IDENT)
               : p[0] == 'a' ? WORD("as", TOKEN_AS)
                             : WORD("or", TOKEN_LOGICAL_OR);
    case 3:
        return p[0] == 'n' ? WORD("not", TOKEN_NOT) : WORD("and", TOKEN_LOGICAL_AND);
    case 4:
        switch (p[0]) {
        case 's':
            return WORD("some", TOKEN_SOME);
        case 'w':
            return WORD("with", TOKEN_WITH);
        case 'n':
            return WORD("null", TOKEN_NULL);
        case 't':
            return WORD("true", TOKEN_TRUE);
        default:
            return WORD("else", TOKEN_ELSE);
        }
    case 5:
        return p[0] == 'f' ? WORD("false", TOKEN_FALSE) : WORD("every", TOKEN_EVERY);
    case 6:
        return WORD("import", TOKEN_IMPORT);
    case 7:
        return p[0] == 'p' ? WORD("package", TOKEN_PACKAGE) : WORD("default", TOKEN_DEFAULT);
    case 8:
        return WORD("contains", TOKEN_CONTAINS);
    default:
        return TOKEN_IDENT;
    }
}

/* ASCII and no NUL? */
static bool is_plain(struct str text)
{
    unsigned char high = 0;
    bool has_nul = false;
    for (size_t i = 0; i < text.len; i++) {
        high |= (unsigned char)text.p[i];
        has_nul |= text.p[i] == '\0';
    }
    return high < 0x80 && !has_nul;
}

bool tokens_scan(struct tokens *t, struct arena *arena, struct str text, uint32_t file)
{
    *t = (struct tokens){.arena = arena, .text = text, .file = file};
    struct scan *s = arena_alloc(arena, sizeof *s);
    char *copy = arena_alloc(arena, text.len + 2);
    size_t guess = text.len / 8 + 64;
    if (s == NULL || copy == NULL || !arena_grow(arena, &t->items, &t->cap, guess, sizeof *t->items))
        return false;
    if (text.len != 0)
        memcpy(copy, text.p, text.len);
    copy[text.len] = copy[text.len + 1] = '\0';
    *s = (struct scan){.out = t, .base = copy, .size = text.len, .row = 1, .plain = is_plain(text)};
    scan_run(s, copy, text.len);
    scan_end(s);
    return !t->failed;
}
