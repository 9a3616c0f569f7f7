/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions in RE2's syntax (with Go's Perl flags): parsing and translating.
 *
 * re2_parse gives a tree or Go's error. The tree goes two ways: as an equivalent pattern for PCRE2 (re2_write_pcre), which is
 * fast, and as a program for our own matcher (stdlib/re2_prog.h), which takes time in proportion to text times pattern, and
 * which decides where PCRE2 gives up or would answer differently.
 */
#ifndef QUIS_STDLIB_RE2_H
#define QUIS_STDLIB_RE2_H

#include "base/buf.h"

enum re2_op {
    RE2_NO_MATCH,
    RE2_EMPTY,
    RE2_LITERAL, /* code points, one after the other */
    RE2_CLASS,   /* one code point of ranges */
    RE2_ANY_NOT_NL,
    RE2_ANY,
    RE2_BEGIN_LINE,
    RE2_END_LINE,
    RE2_BEGIN_TEXT,
    RE2_END_TEXT,
    RE2_WORD_BOUNDARY,
    RE2_NO_WORD_BOUNDARY,
    RE2_CAPTURE,
    RE2_STAR,
    RE2_PLUS,
    RE2_QUEST,
    RE2_REPEAT, /* min to max times, max -1: without end */
    RE2_CONCAT,
    RE2_ALTERNATE,
    RE2_LEFT_PAREN, /* from here on: on the parser's stack only */
    RE2_VERTICAL_BAR,
};

enum re2_flags {
    RE2_FOLD_CASE = 1,
    RE2_DOT_NL = 2,
    RE2_MULTI_LINE = 4, /* Go's OneLine, turned around */
    RE2_NON_GREEDY = 8,
};

struct re2_node {
    uint8_t op;          /* enum re2_op */
    uint8_t flags;       /* enum re2_flags at this place */
    bool is_nullable;    /* can match nothing */
    bool has_empty_loop; /* there is a repetition without end of something nullable below or here */
    int32_t min, max;
    uint32_t cap;     /* number of the group, from 1; 0: none */
    uint32_t count;   /* of code points, of ranges, of children */
    uint32_t height;  /* of the tree from here */
    uint32_t repeats; /* product of the counted repetitions on the worst way down */
    int64_t size;     /* instructions in Go's program */
    struct str name;  /* of a group */
    union {
        uint32_t *runes; /* LITERAL: count; CLASS: 2 * count, sorted, apart */
        struct re2_node **children;
    };
};

struct re2 {
    struct re2_node *root;
    uint32_t groups;   /* without the whole match */
    struct str *names; /* groups + 1 of them; empty: none */
};

enum re2_status { RE2_OK, RE2_BAD, RE2_NOMEM, RE2_NOFUEL };

struct re2_error {
    const char *text; /* "missing closing )" */
    struct str where; /* of the pattern */
};

/* The tree lives in a; it may point into pattern. Takes what it costs from *fuel; NOFUEL: there is not enough. */
MUST_CHECK enum re2_status re2_parse(struct arena *a, uint64_t *fuel, struct str pattern, struct re2 *ret,
                                     struct re2_error *ret_error);

/* "error parsing regexp: missing closing ): `a(`" */
void re2_write_error(struct buf *b, const struct re2_error *e);

/* The same as a pattern of PCRE2 under the options of stdlib/regex_engine.c, groups numbered alike, names left out. */
void re2_write_pcre(struct buf *b, const struct re2_node *root);

/* ---- classes (stdlib/re2_class.c) ---- */

/* A growing set of ranges. failed: out of memory. */
struct re2_class {
    uint32_t *pairs;
    size_t count, cap; /* of pairs */
    struct arena *arena;
    uint64_t work; /* units of fuel that making it took */
    bool failed;
};

static inline void re2_class_init(struct re2_class *c, struct arena *a)
{
    *c = (struct re2_class){.arena = a};
}

void re2_class_add(struct re2_class *c, uint32_t lo, uint32_t hi);

/* Adds from, closed under folding if fold, turned around if negated. from is changed. */
void re2_class_add_class(struct re2_class *c, struct re2_class *from, bool fold, bool negated);

/* Sorts and joins. */
void re2_class_clean(struct re2_class *c);

/* A cleaned class turned around. */
void re2_class_negate(struct re2_class *c);

/* The class of \d, \s, \w (by letter) or of [:name:] (with brackets, ^ allowed); false when there is none. *ret_negated as
 * written. */
bool re2_class_perl(struct re2_class *c, char letter, bool *ret_negated);
bool re2_class_posix(struct re2_class *c, struct str name, bool *ret_negated);

#endif
