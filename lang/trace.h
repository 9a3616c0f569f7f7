/* SPDX-License-Identifier: Apache-2.0
 *
 * What the numbers of TRACE instructions mean: rows that tie an event to the syntax tree, made by the code generator when
 * struct compiler_options.keep_traces is set.
 *
 * Rows live in the compile arena, so events can be read for as long as the compilation lives. They are no part of a program's
 * file: only a program that was compiled by the reader of its events is worth tracing.
 */
#ifndef QUIS_LANG_TRACE_H
#define QUIS_LANG_TRACE_H

#include "lang/ast.h"

enum trace_row_kind {
    TRACE_ROW_EXPR,
    TRACE_ROW_RULE,
    TRACE_ROW_BODY,
    TRACE_ROW_NODE, /* the rules of a path as a whole: begin, ready, end, call */
};

struct trace_var {
    const struct atom *var;
    uint32_t reg; /* of the function that runs when the event comes */
};

struct trace_row {
    enum trace_row_kind kind;
    bool is_early;  /* EXIT: of a body that stops at its first solution whatever happens */
    bool is_late;   /* EXIT: comes after what follows the literal that it belongs to */
    bool is_below;  /* CALL: some rules below the node */
    bool has_tail;  /* NODE: what comes after the first value is done when the caller has used it */
    struct loc loc;
    uint32_t number; /* its own */
    uint32_t index;  /* EXPR: place in its body */
    union {
        const struct expr *expr;
        const struct rule *rule;
        const struct body *body;
        const struct rule_node *node;
    };
    uint32_t group; /* MATCH: which of the path's rules, else branches under the number of their first */
    const struct trace_var *vars; /* bound at this place; later ones hide earlier ones of the same name */
    size_t var_count;
};

/* Is it one name and one key without a body (p.a := 1)? OPA counts it as a partial rule, which is not left early. */
static inline bool trace_is_keyed(const struct rule *r)
{
    return r->generated_body && r->head->ref.count == 2 && !r->head->has_args && r->head->args.count == 0;
}

#endif
