/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of the parser of regular expressions: private to stdlib/re2_*.c.
 */
#ifndef QUIS_STDLIB_RE2_PARSER_H
#define QUIS_STDLIB_RE2_PARSER_H

#include "stdlib/re2.h"

struct re2_parser {
    struct arena *arena;
    uint64_t *fuel;
    struct str whole;
    uint8_t flags; /* enum re2_flags, here */
    struct re2_node **stack;
    size_t count, cap;
    uint32_t groups;
    size_t node_count, spare_nodes; /* as Go counts its nodes, for the check of size */
    int64_t rune_count;
    int64_t repeat_product;
    bool does_track_size;
    enum re2_status status;
    struct re2_error error;
};

/* All of these: false on failure, p->status tells which. */

bool re2_fail(struct re2_parser *p, const char *text, struct str where);
bool re2_pay(struct re2_parser *p, uint64_t units);
bool re2_push_literal(struct re2_parser *p, uint32_t c);
bool re2_push_class(struct re2_parser *p, struct re2_class *c); /* cleaned */

/* The code point at the front of *t, which is not empty. */
bool re2_next_rune(struct re2_parser *p, struct str *t, uint32_t *ret);

/* A backslash and what follows it, as one code point. */
bool re2_read_escape(struct re2_parser *p, struct str *t, uint32_t *ret);

/* [...] */
bool re2_read_class(struct re2_parser *p, struct str *t);

/* True when t begins with \pN, \p{Name} or the like, or with \d, \s, \w: their members are added. False without failure when
 * it does not. */
bool re2_read_unicode_class(struct re2_parser *p, struct str *t, struct re2_class *c);
bool re2_read_perl_class(struct re2_parser *p, struct str *t, struct re2_class *c);

#endif
