/* SPDX-License-Identifier: Apache-2.0
 *
 * What the type checker knows: the types of variables in scope, of rules, of input, of builtins.
 *
 * Variables are bound in nested scopes: the innermost binding counts, and leaving a scope restores those around it. References
 * are looked up in layers of trees: the rules' at the bottom, over it what annotations say for a rule, and over those what the
 * withs of an expression replace. One checker serves the modules and the query of one compilation.
 */
#ifndef QUIS_LANG_TYPE_ENV_H
#define QUIS_LANG_TYPE_ENV_H

#include "lang/passes.h"
#include "lang/types.h"

/* What a path leads to. A node with a type is a leaf, though there may be others below it. */
struct type_node {
    const struct type_node *parent;
    const struct term *key;
    struct type *type;
    struct type_node *children, *next;
    uint32_t hash;
};

struct type_layer {
    struct type_node *root;
    struct type_layer *next; /* below it */
};

struct type_binding {
    struct type *type;
    uint32_t scope; /* 0: not bound */
};

struct type_undo {
    const struct atom *var;
    struct type_binding was;
};

/* The type of a comprehension in a state of the variables. */
struct type_memo {
    const struct term *term;
    const struct type_layer *layer;
    uint64_t state;
    struct type *type;
};

/* The rules that a with of a target changes, as types. */
struct with_layer {
    const struct term *target;
    bool is_function;
    struct type_node *root; /* NULL: none */
    struct with_layer *next;
};

struct type_error;

struct checker {
    struct passes *s;
    struct types types;
    struct type **builtins;      /* by place in the table; NULL: not looked at yet */
    struct type_binding *vars;   /* by atom id */
    size_t var_cap;
    struct type_undo *undo;
    size_t undo_count, undo_cap;
    uint32_t scope;
    uint64_t state, states;      /* the current state of the variables has a number of its own */
    struct type_node root;
    struct type_layer rules;     /* and the input's type */
    struct type_layer *layer;    /* the topmost */
    struct type_node **nodes;    /* open addressing, by parent and key */
    size_t node_mask, node_count;
    struct type_memo memo[16];
    struct with_layer *withs;
    struct type_error *errors;   /* of the bodies being checked */
    size_t error_count, error_cap;
    struct schema_cache *schemas;
    struct dependents *dependents;
    bool has_closures;           /* there may be comprehensions in the rule being checked */
    uint32_t bodies;             /* bodies that may still be checked: comprehensions are, more than once */
};

/* NULL: out of memory. */
struct checker *type_env_new(struct passes *s);

/* ---- variables ---- */

/* Enters a scope; what it returns leaves it. */
struct type_scope {
    uint32_t scope;
    size_t undo_count;
    uint64_t state;
};

struct type_scope type_env_enter(struct checker *k);
void type_env_leave(struct checker *k, struct type_scope scope);

/* The variable's binding, or NULL. */
const struct type_binding *type_env_var(const struct checker *k, const struct atom *a);

/* Binds it in the current scope. The type may be NULL. */
void type_env_bind(struct checker *k, const struct atom *a, struct type *type);

/* ---- types ---- */

/* The type of a term; NULL: unknown. */
struct type *type_env_term(struct checker *k, const struct term *t);
struct type *type_env_ref(struct checker *k, const struct terms *ref);

/* The same as seen from a layer. */
struct type *type_env_ref_from(struct checker *k, struct type_layer *layer, const struct terms *ref, size_t count);

/* The declared type of a builtin. */
struct type *type_env_builtin(struct checker *k, const struct builtin *b);

/* The value of a constant term as a key of JSON's kinds: sets are arrays. undefined: it is not constant. */
struct value type_env_key(struct checker *k, const struct term *t);

/* What t has at a constant part of a reference. */
struct type *type_env_select(struct checker *k, struct type *t, const struct term *part);

/* ---- trees ---- */

struct type_node *type_env_child(const struct checker *k, const struct type_node *n, const struct term *key);

/* The type of everything below n. */
struct type *type_env_extent(struct checker *k, const struct type_node *n);

/* Sets the type at the first count parts of a path. */
void type_env_put(struct checker *k, struct type_node *root, const struct terms *path, size_t count, struct type *type);

/* The same, merged with what is there, above and below it. */
void type_env_insert(struct checker *k, struct type_node *root, const struct terms *path, size_t count, struct type *type);

#endif
