/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rules a rule refers to: what pass_graph.c finds and pass_recursion.c explains.
 *
 * A reference with variables may select many rules. Where a variable has one of few constant values, bound ahead of the
 * reference, it is narrowed to these first.
 */
#ifndef QUIS_LANG_GRAPH_H
#define QUIS_LANG_GRAPH_H

#include "lang/passes.h"

/* A list of constant terms. */
struct values {
    const struct term **items;
    size_t count;
};

/* A variable that the body's expression at index binds to one of values. */
struct value_binding {
    size_t index;
    const struct atom *var;
    struct values values;
};

/* A walk over the references of a rule. */
struct ref_walk {
    struct passes *s;
    const struct rule *rule;
    struct value_binding *bindings;
    size_t binding_count, binding_cap;
    bool resolved;  /* bindings are made */
    bool failed;    /* out of memory */
    size_t at;      /* the expression that the current reference is in; the body's count: the head */
    /* Called for each node whose rules, all or (below) with everything under it, ref may select. src: as written; sel: what
     * selects, narrowed where that leaves one reference. i: the next part of ref, from which rules' references must not
     * differ from it. */
    void (*select)(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct terms *ref, size_t i,
                   const struct rule_node *n, bool below);
    void *ctx;
};

/* Calls select for all references to data in the rule. */
void graph_walk(struct ref_walk *w);

/* Can rules of node n selected at part i be meant by ref? (Their references go on behind the node.) */
bool graph_may_select(const struct rule *r, const struct terms *ref, size_t i);

/* The members of a constant collection; false: it is none. */
bool graph_members(struct passes *s, const struct term *t, struct values *ret);

/* Finds and explains the rules that need themselves; the errors are kept for the stage that reports them. */
MUST_CHECK bool graph_explain(struct passes *s, const uint32_t *component, const bool *is_cyclic);

/* Edges of rules, by number, are to[first[n]] to to[first[n + 1]]: rules by number (with their else branches), or, from
 * passes.rule_count on, everything below the node of the tree with this id. */
struct graph {
    uint32_t *first, *to;
    const struct rule_node **nodes; /* by id */
    struct diag *diags;             /* recursion, reported by its own stage */
    size_t count, cap;
};

#endif
