/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree of a text template.
 */
#ifndef QUIS_STDLIB_TEMPLATE_TREE_H
#define QUIS_STDLIB_TEMPLATE_TREE_H

#include "vm/builtin.h"

enum template_node_kind {
    TN_TEXT,
    TN_ACTION,
    TN_IF,
    TN_RANGE,
    TN_WITH,
    TN_TEMPLATE,
    TN_BREAK,
    TN_CONTINUE,
    TN_LIST,
    TN_PIPE,
    TN_COMMAND,
    TN_FIELD,    /* words: the names after the dots */
    TN_VARIABLE, /* words: the variable, then names */
    TN_CHAIN,    /* pipe, then words */
    TN_IDENTIFIER,
    TN_DOT,
    TN_NIL,
    TN_BOOL,
    TN_NUMBER,
    TN_STRING,
    TN_END, /* these two are the parser's only */
    TN_ELSE,
};

struct template_node {
    enum template_node_kind kind;
    size_t at;                       /* in the template */
    struct str text;                 /* TEXT, IDENTIFIER, NUMBER, STRING: as written; TEMPLATE: the name */
    struct str value;                /* STRING: without quotes */
    struct template_node **children; /* LIST; PIPE: commands; COMMAND: arguments */
    size_t count, cap;
    struct template_node **decls; /* PIPE: variables */
    size_t decl_count, decl_cap;
    struct str *words;
    size_t word_count, word_cap;
    struct template_node *pipe;      /* ACTION, IF, RANGE, WITH, TEMPLATE; CHAIN: what the words are of */
    struct template_node *list;      /* IF, RANGE, WITH */
    struct template_node *else_list; /* or NULL */
    bool is_assign;                  /* PIPE: "=" and not ":=" */
    bool is_true;                    /* BOOL */
    bool is_int, is_float, is_uint;  /* NUMBER: what it can be */
    int64_t i;
    double f;
};

/* A named tree: the template itself and what it defines. */
struct template_tree {
    struct str name;
    struct template_node *root;
    struct template_tree *next;
};

/* Parses text; the first tree is the template's own. A syntax error is a builtin error with Go's text. */
MUST_CHECK int template_parse(struct bi_ctx *ctx, struct str text, struct template_tree **ret);

/* Runs the tree named "template" over data, an object of JSON, and appends what it writes. */
MUST_CHECK int template_execute(struct bi_ctx *ctx, struct str source, const struct template_tree *trees, struct value data,
                                struct buf *out);

/* The source of a node as error texts show it. */
void template_write_node(struct buf *b, const struct template_node *n);

/* Is there a function of this name? Number, or -1. */
int template_function(struct str name);

/* A number or character constant: sets what n can be. False: *ret_error tells why not. */
MUST_CHECK bool template_read_number(struct arena *a, struct template_node *n, bool is_character, struct str *ret_error);

/* The value of a quoted text ("..." or `...`); false: bad syntax, or out of memory (a->failed). */
MUST_CHECK bool template_unquote(struct arena *a, struct str quoted, struct str *ret);

#endif
