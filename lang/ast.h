/* SPDX-License-Identifier: Apache-2.0
 *
 * The syntax tree, in the shape of OPA's (v1/ast/policy.go, term.go), so that `quis parse` prints what `opa parse` prints and
 * the passes can follow the stages of OPA's compiler.
 *
 * All nodes live in the compile arena and are freed with it. The parser builds them; passes may rewrite them in place, since
 * no node is shared between two parents unless a pass copies the pointer of a subtree that it will not change again.
 * Kinds of terms are numbered in OPA's sort order.
 */
#ifndef QUIS_LANG_AST_H
#define QUIS_LANG_AST_H

#include "lang/atom.h"
#include "vm/value.h"

struct compiler;

/* A place in a source: rows and columns count from 1, columns in characters; offset and len in bytes. row 0: generated. */
struct loc {
    uint32_t file; /* index into compiler->sources */
    uint32_t row, col;
    uint32_t offset, len;
};

enum term_kind {
    TERM_NULL,
    TERM_BOOL,
    TERM_NUMBER,
    TERM_STRING,
    TERM_VAR,
    TERM_REF,
    TERM_ARRAY,
    TERM_OBJECT,
    TERM_SET,
    TERM_ARRAY_COMPR,
    TERM_OBJECT_COMPR,
    TERM_SET_COMPR,
    TERM_TEMPLATE,
    TERM_CALL,
};

/* A growable list of terms. */
struct terms {
    struct term **items;
    uint32_t count, cap; /* a source has fewer tokens */
};

struct body {
    struct expr **items;
    uint32_t count, cap;
};

struct compr {
    struct term *key;  /* objects only */
    struct term *term; /* the element; objects: the value */
    struct body body;
};

/* A part of a template string: a literal text (expr NULL) or an expression. */
struct template_part {
    struct str text;
    struct loc loc;
    struct expr *expr;
    bool scalar; /* expr is a scalar that can never be undefined: OPA keeps it as a term */
};

struct template_string {
    struct template_part *parts;
    size_t count, cap;
    bool multi_line; /* written with backquotes */
};

struct term {
    enum term_kind kind;
    bool raw_string;   /* TERM_STRING written with backquotes */
    bool generated;    /* TERM_VAR made by a pass, or a wildcard */
    bool parenthesised; /* TERM_CALL or others written in parentheses: the formatter and the parser care */
    bool constant;      /* set by the stages: only scalars below; walkers need not look into it */
    struct loc loc;
    union {
        struct value scalar;      /* NULL, BOOL, NUMBER, STRING (its bytes are an atom's) */
        const struct atom *var;   /* VAR; wildcards are named $0, $1, ... as OPA's */
        struct terms list;        /* REF (head first), ARRAY, SET, CALL (operator ref first), OBJECT (key, value, key ...) */
        struct compr *compr;
        struct template_string *template;
    };
};

enum expr_kind {
    EXPR_TERM,  /* term */
    EXPR_CALL,  /* terms: operator ref first, then operands; infix operators too (plus, eq, assign, internal.member_2 ...) */
    EXPR_SOME,  /* some x, y / some k, v in xs: terms */
    EXPR_EVERY, /* every */
    EXPR_NOT,   /* not { body }, with future.keywords.not: body */
    EXPR_AND,   /* logic */
    EXPR_OR,    /* logic */
};

struct with {
    struct term *target;
    struct term *value;
    struct loc loc;
};

struct every {
    struct term *key; /* NULL when not written */
    struct term *value;
    struct term *domain;
    struct body body;
};

struct logic {
    struct body left, right;
    bool explicit_left, explicit_right; /* written with braces */
};

struct expr {
    enum expr_kind kind;
    bool negated;
    bool generated;
    bool from_assignment; /* an eq that was := */
    bool explicit_body;   /* EXPR_NOT: written with braces */
    struct loc loc;
    uint32_t index; /* position in its body as written */
    struct with *withs;
    size_t with_count;
    union {
        struct term *term;
        struct terms terms;
        struct every *every;
        struct body not_body;
        struct logic *logic;
    };
    struct expr *generated_from; /* the written expression a pass made this one from; else NULL */
};

struct head {
    const struct atom *name; /* NULL when the ref has more than its head */
    struct terms ref;        /* the rule's reference, head var first */
    struct terms args;
    bool has_args;           /* f() has none but is a function */
    struct term *key;        /* partial sets (contains) and v0 partial rules */
    struct term *value;
    bool assign;             /* := */
    bool generated_value;    /* value true was not written */
    bool has_contains, has_if; /* keywords as written */
    struct loc loc;
};

struct rule {
    struct head *head;
    struct body body;
    struct rule *otherwise; /* else */
    bool is_default;
    bool generated_body;    /* body true was not written */
    bool chained;           /* one more {...} after the rule before */
    struct loc loc;
    struct module *module;
    struct annotation **annotations; /* attached by the metadata pass */
    size_t annotation_count;
    uint32_t number; /* of all rules, in the order of modules and text, else branches after their rule: set by the stages */
    uint32_t traits; /* what is somewhere in the rule (enum trait, lang/passes.h): set and used by the stages */
    void *info; /* for the code generator */
};

struct import {
    struct term *path; /* a ref */
    const struct atom *alias; /* NULL when not written */
    struct loc loc, alias_loc;
};

struct comment {
    struct str text; /* after the # */
    struct loc loc;
};

enum rego_version { REGO_V1, REGO_V0, REGO_V0_COMPAT_V1 /* v0 module with import rego.v1 */ };

struct module {
    uint32_t file; /* index into compiler->sources */
    enum rego_version version;
    struct terms package; /* ref: data first */
    struct loc package_loc;
    struct import **imports;
    size_t import_count, import_cap;
    struct rule **rules;
    size_t rule_count, rule_cap;
    struct comment *comments;
    size_t comment_count, comment_cap;
    struct annotation **annotations; /* of the whole module, in order */
    size_t annotation_count;
};

/* ---- constructors: NULL when out of memory ---- */

struct term *ast_term(struct arena *a, enum term_kind kind, struct loc loc);
struct term *ast_scalar(struct arena *a, struct value v, struct loc loc);
struct term *ast_var(struct arena *a, const struct atom *name, struct loc loc);
struct term *ast_list(struct arena *a, enum term_kind kind, struct term **items, size_t count, struct loc loc);
struct expr *ast_expr(struct arena *a, enum expr_kind kind, struct loc loc);
MUST_CHECK bool terms_push(struct arena *a, struct terms *list, struct term *t);
MUST_CHECK bool body_push(struct arena *a, struct body *b, struct expr *e);

/* Deep copies. */
struct term *ast_copy_term(struct arena *a, const struct term *t);
struct expr *ast_copy_expr(struct arena *a, const struct expr *e);
struct head *ast_copy_head(struct arena *a, const struct head *h);
MUST_CHECK bool ast_copy_body(struct arena *a, const struct body *from, struct body *to);

/* Gives all nodes below one place. */
void ast_place_term(struct term *t, struct loc loc);
void ast_place_expr(struct expr *e, struct loc loc);

/* ---- questions ---- */

static inline bool term_is_scalar(const struct term *t)
{
    return t->kind <= TERM_STRING;
}

/* "ref" and the like: the word of error texts and of JSON. */
const char *term_kind_name(enum term_kind kind);

/* No variables, references, calls or comprehensions below t: a value known when compiling. */
bool term_is_ground_value(const struct term *t);

/* No variables below t, in OPA's sense: a reference whose brackets have none is ground, whatever its head. */
bool term_is_ground(const struct term *t);
bool body_is_ground(const struct body *b);

/* OPA's order of terms (v1/ast/compare.go). */
int term_compare(const struct term *a, const struct term *b);
int expr_compare(const struct expr *a, const struct expr *b);

/* Puts members of an object and elements of a set in order, in place, and drops repeated elements; repeated keys stay, in the
 * order of the text (the last one counts). The parser has done it; needed again after rewriting keys. */
void ast_sort(const struct term *t);

/* The value of a ground value term, built in the arena; undefined kind when out of memory. */
struct value term_value(struct arena *a, const struct term *t);

/* Is e a call of the builtin or operator of this name ("eq", "internal.member_2")? */
bool expr_is_call_of(const struct expr *e, const char *name);

/* The text of a reference as OPA prints it: data.foo["bar-baz"][x]. */
void ast_write_ref(struct buf *b, const struct terms *ref);
void ast_write_term(struct buf *b, const struct term *t);
void ast_write_expr(struct buf *b, const struct expr *e);
void ast_write_body(struct buf *b, const struct body *body); /* separated by "; " */
void ast_write_head(struct buf *b, const struct head *h, enum rego_version version);
void ast_write_rule(struct buf *b, const struct rule *r, enum rego_version version);
void ast_write_import(struct buf *b, const struct import *i);

#endif
