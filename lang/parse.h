/* SPDX-License-Identifier: Apache-2.0
 *
 * State of one parse, shared by the grammar, what its actions build, and what explains its failures.
 *
 * Not for the passes: they see lang/compiler.h.
 */
#ifndef QUIS_LANG_PARSE_H
#define QUIS_LANG_PARSE_H

#include "lang/compiler.h"
#include "lang/token.h"

/* From a token's start to a byte offset: what bison calls a location. */
struct span {
    const struct token *first;
    uint32_t end;
};

enum statement_kind { STATEMENT_PACKAGE, STATEMENT_IMPORT, STATEMENT_RULE, STATEMENT_BODY };

/* A statement of a source in order; only a module's assembly (parse_module.c) decides whether it may stand where it does. */
struct statement {
    enum statement_kind kind;
    struct loc loc;
    union {
        struct terms package;
        struct import *import;
        struct rule *rule;
        struct body body;
    };
};

#define NO_BODY SIZE_MAX
#define BRACES UINT32_MAX /* index of an expression that only stands for an operand { body } */

struct parse {
    struct compiler *c;
    struct arena *arena;
    struct tokens tokens;
    struct filter filter;
    uint32_t file;
    size_t next;        /* token to read */
    bool is_started;    /* the grammar has got its start symbol */
    bool is_separated;  /* the separator in front of the next token has been read */
    uint32_t done;      /* where the last complete statement ends */
    uint32_t wildcards; /* made so far */
    void **nodes;       /* lists under construction, innermost last */
    size_t node_count, node_cap;
    struct statement *statements;
    size_t statement_count, statement_cap;
    struct head *rule_head; /* of the rule that an else would belong to */
    unsigned first_keywords; /* in force at the start of the source */
    size_t diags_before;
    bool no_memory;
    const struct atom *operators[TOKEN_KIND_COUNT];
    const struct atom *input, *data, *set;
};

/* Runs the grammar over p's tokens from p->next on. false: failed there, see p->no_memory. */
bool parse_run(struct parse *p);

/* Memory for the parser's stack. */
void *parse_alloc(struct parse *p, size_t size);

/* The statements of a module become its parts; false: errors were added. */
bool parse_assemble(struct parse *p, struct module *m);

/* Adds the first error of OPA's parser for the statements from token index first on. */
void parse_explain(struct parse *p, size_t first);

static inline struct loc span_loc(const struct parse *p, struct span s)
{
    return (struct loc){p->file, s.first->row, s.first->col, s.first->offset, s.end - s.first->offset};
}

static inline struct loc token_loc(const struct parse *p, const struct token *t)
{
    return (struct loc){p->file, t->row, t->col, t->offset, t->len};
}

/* Adds a parse error with the source line and a caret. Always false. */
bool parse_error(struct parse *p, struct loc loc, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* ---- what grammar actions build (build_*.c). NULL or false: out of memory, or OPA would not accept it. Lists are on the
 * stack of nodes from a mark on, and are taken off by what uses them. ---- */

static inline struct span build_span(struct span from, struct span to)
{
    return (struct span){from.first, to.end};
}

static inline size_t build_here(const struct parse *p)
{
    return p->node_count;
}

bool build_push(struct parse *p, void *node);
bool build_start(struct parse *p, size_t *mark, void *node);
size_t build_one(struct parse *p, struct expr *e);
bool build_take_body(struct parse *p, size_t mark, struct body *ret);
bool build_take_terms(struct parse *p, size_t mark, struct terms *ret);

struct term *build_scalar(struct parse *p, struct value v, struct span s);
struct term *build_string(struct parse *p, const struct token *t);
struct term *build_name(struct parse *p, const struct token *t);
struct term *build_declared(struct parse *p, const struct token *t);
struct term *build_var(struct parse *p, const struct token *t);
bool build_fresh_wildcards(struct parse *p, struct terms *args);
struct term *build_number(struct parse *p, const char *prefix, const struct token *t, struct span s);
struct term *build_base(struct parse *p, struct term *base);
struct term *build_parens(struct term *t, struct span s);
struct term *build_negative(struct parse *p, struct term *t, struct span minus, struct span s);
bool build_ref_start(struct parse *p, size_t *mark, struct term *base, struct term *part);
struct term *build_ref(struct parse *p, size_t mark, struct span s);
bool build_callee(struct parse *p, size_t *mark, struct term *base, struct span paren);
bool build_callee_ref(struct parse *p, size_t mark, struct span paren);
struct term *build_call(struct parse *p, size_t mark, struct span s);
struct term *build_list(struct parse *p, enum term_kind kind, size_t mark, struct span s);
struct term *build_compr(struct parse *p, enum term_kind kind, struct term *key, struct term *t, size_t body, struct span s);
bool build_part_start(struct parse *p, size_t *mark, const struct token *t, struct expr *e);
bool build_part(struct parse *p, const struct token *t, struct expr *e);
struct term *build_template(struct parse *p, size_t mark, const struct token *end, struct span s);
struct term *build_infix(struct parse *p, const struct token *op, struct term *left, struct term *right, struct span s);
struct term *build_member(struct parse *p, const struct token *op, struct term *key, struct term *value, struct term *domain,
                          struct span s);

struct expr *build_expr(struct parse *p, struct term *t, struct span s);
struct expr *build_unify(struct parse *p, const struct token *op, struct term *left, struct term *right, struct span s);
struct expr *build_literal(struct parse *p, struct expr *e, struct span s);
bool build_with(struct parse *p, struct term *target, struct term *value, bool is_first, struct span start, struct span s);
struct expr *build_withs(struct parse *p, struct expr *e);
struct expr *build_some(struct parse *p, size_t names, struct span s);
struct expr *build_some_in(struct parse *p, struct term *t, struct span s);
struct expr *build_every(struct parse *p, struct term *key, struct term *value, struct term *domain, size_t body,
                         struct span s);
struct expr *build_not(struct parse *p, struct expr *e, struct span s);
struct expr *build_not_body(struct parse *p, size_t body, struct span s);
struct expr *build_operand(struct parse *p, struct expr *e, struct span s);
struct expr *build_operand_body(struct parse *p, size_t body, struct span s);
struct expr *build_logic(struct parse *p, enum expr_kind kind, struct expr *left, struct expr *right, struct span s);

bool build_path(struct parse *p, size_t *mark, const struct token *first);
bool build_package(struct parse *p, size_t path, struct span s);
bool build_import(struct parse *p, size_t path, const struct token *alias, struct span s, struct span where);
bool parse_check_import(struct parse *p, const struct import *i);
bool build_statement(struct parse *p, size_t body, struct span s);
struct head *build_head(struct parse *p, struct expr *e, struct span s);
struct head *build_contains(struct parse *p, struct expr *e, struct term *key, struct span s);
bool build_default(struct parse *p, struct head *h, struct span s);
struct rule *build_rule(struct parse *p, struct head *h, size_t body, bool has_if, struct span s);
bool build_rule_end(struct parse *p, struct rule *r, struct span s);
bool build_bodyless(struct parse *p, struct head *h, struct span s);
struct rule *build_chained(struct parse *p, size_t body, struct span open, struct span close);
struct head *build_else_head(struct parse *p);
struct rule *build_else(struct parse *p, struct head *h, const struct token *assign, struct term *value, size_t body,
                        bool has_if, struct span start, struct span value_span);
struct rule *build_else_end(struct parse *p, struct rule *r, struct rule *next, struct span s);
struct rule *build_else_literal(struct parse *p, struct rule *r, struct span s);
bool build_branch(struct parse *p, struct rule *r, struct rule *branch, struct span s);

#endif
