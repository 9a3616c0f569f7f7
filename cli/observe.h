/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in an evaluation, in the order in which OPA tells it: for explanations, profiles and coverage.
 *
 * The VM finishes a rule before its caller goes on. OPA goes on inside the rule's first solution and comes back to the rule when
 * it looks for more; so the rest of a rule's events is kept with the expression that asked, until that is left.
 */
#ifndef QUIS_CLI_OBSERVE_H
#define QUIS_CLI_OBSERVE_H

#include "lang/compiler.h"
#include "lang/trace.h"
#include "vm/vm.h"

enum seen_kind { SEEN_ENTER, SEEN_EXIT, SEEN_EVAL, SEEN_REDO, SEEN_FAIL, SEEN_INDEX, SEEN_NOTE };

struct seen {
    enum seen_kind kind;
    const struct trace_row *row; /* INDEX, NOTE: of the expression */
    const struct rule_node *node; /* INDEX: the rules asked */
    uint64_t query, parent;      /* the body it belongs to, and the one around that */
    const struct value *values;  /* of row->vars; NULL: not asked for */
    const struct seen_document *documents; /* rules that the node names and whose values are known by then */
    size_t document_count;
    struct str message;
};

struct seen_document {
    const struct rule_node *node;
    struct value value;
};

struct seen_list {
    struct seen *items;
    size_t count, cap;
};

/* Time spent at a line. */
struct seen_time {
    uint32_t file, row;
    int64_t ns;
};

struct observer {
    struct arena arena;
    struct compiler *c;
    bool wants_values;
    bool no_early_exit; /* of the program observed */
    void (*sink)(void *ctx, const struct seen *e); /* takes events instead of all; NULL: none */
    void *sink_ctx;
    struct seen_list all;
    struct seen_list *out; /* where events go now */
    struct seen_literal *literals;
    size_t literal_count, literal_cap;
    struct seen_scope *scopes;
    size_t scope_count, scope_cap;
    struct seen_call *calls;
    size_t call_count, call_cap;
    struct str *indexed; /* by node id: what an index said last */
    size_t indexed_cap;
    struct value *known; /* by node id: values of rules */
    size_t known_cap;
    const struct trace_row *asked; /* rules that are about to begin, unless they are remembered */
    uint64_t next_query;
    struct seen_time *times;
    size_t time_count, time_cap;
    uint32_t *time_of; /* by number of a row: its place in times, and 1 */
    size_t time_of_cap;
    int64_t last_ns;
    const struct trace_row *last_row;
    bool is_over; /* a conflict was found: what runs now only looks for its values */
    bool failed;  /* out of memory */
};

void observe_init(struct observer *o, struct compiler *c, bool wants_values);
void observe_fini(struct observer *o);

/* Forgets what was seen. */
void observe_reset(struct observer *o);

/* For struct vm_options.trace. */
void observe_event(void *observer, const struct vm_event *event);

/* A note of the builtin trace. */
void observe_note(void *observer, struct str text);

/* After the evaluation; when it failed, too. */
void observe_end(struct observer *o);

static inline bool seen_is_expr(const struct seen *e)
{
    return e->kind != SEEN_INDEX && e->kind != SEEN_NOTE && e->row->kind == TRACE_ROW_EXPR;
}

#endif
