/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the type checker: expressions (pass_types.c), references (type_ref.c), unification (type_unify.c), with
 * (type_with.c), errors (type_error.c), JSON schemas (type_schema.c).
 */
#ifndef QUIS_LANG_TYPE_CHECK_H
#define QUIS_LANG_TYPE_CHECK_H

#include "lang/annotation.h"
#include "lang/type_env.h"

enum type_error_kind {
    TYPE_ERROR_TEXT,        /* message */
    TYPE_ERROR_MATCH,       /* have[0] and have[1] */
    TYPE_ERROR_OPERANDS,    /* ref: the operator; have; want: its operands, and result */
    TYPE_ERROR_UNSUPPORTED, /* ref[pos + 1] where ref[..pos] is of type have[0] */
    TYPE_ERROR_INVALID,     /* ref[pos], of type have[0] if that is not NULL, where keys are of type want */
};

/* A key that there is: a term of a tree or a value of an object type. */
struct type_choice {
    const struct term *term; /* NULL: value */
    struct value value;
};

struct type_error {
    enum type_error_kind kind;
    struct loc loc;
    struct str message;
    struct terms ref;
    size_t pos;
    struct type **have;
    size_t have_count;
    struct type *want;
    bool want_result;  /* the result is an operand that may be given */
    bool is_unknown;   /* something in have is: another error will say why */
    struct type_choice *choices;
    size_t choice_count;
    const char *problem; /* of operands */
};

/* Adds to k->errors. */
void type_error_text(struct checker *k, struct loc loc, struct str message);
void type_error_match(struct checker *k, struct loc loc, struct type *left, struct type *right);
void type_error_operands(struct checker *k, struct loc loc, const struct terms *op, const char *problem, struct type **have,
                         size_t count, struct type *function, bool with_result);
void type_error_unsupported(struct checker *k, const struct terms *ref, size_t pos, struct type *have);
/* choices: of a tree's node or of a type; both NULL: none */
void type_error_invalid(struct checker *k, const struct terms *ref, size_t pos, struct type *have, struct type *want,
                        const struct type_node *node, struct type *object);

/* Makes diagnostics of k->errors, in OPA's order, and forgets them. */
void type_error_report(struct checker *k, bool sorted);

/* ---- unification ---- */

/* Finds types of variables of t, which must be of the type. false: it cannot be. joined: t may be of other types, too. */
bool type_unify_term(struct checker *k, const struct term *t, struct type *type, bool joined);
bool type_unify_terms(struct checker *k, const struct term *a, struct type *a_type, const struct term *b,
                                 struct type *b_type);

/* ---- expressions ---- */

/* Checks the expressions of a body in the current scope: the number of errors. */
size_t type_check_body(struct checker *k, const struct body *b);

/* The type of a comprehension, whose body is checked without reporting; NULL: it has errors, or unknown. */
struct type *type_check_comprehension(struct checker *k, const struct term *t);

/* References in an expression; errors are added. */
void type_ref_check(struct checker *k, struct expr *e);

/* Puts layers for the withs of e on top; the caller restores k->layer. */
void type_with_enter(struct checker *k, const struct expr *e);

/* ---- schemas ---- */

/* The type that the schema of an annotation gives. NULL: none, or an error was added at loc. */
struct type *type_schema_of(struct checker *k, const struct schema_annotation *n, struct loc loc);

/* The type of the schema of the whole input; NULL: none. false: an error was added. */
MUST_CHECK bool type_schema_input(struct checker *k, struct type **ret);

/* Puts a layer with what the annotations for the rule say on top. */
void type_schema_enter(struct checker *k, const struct rule *r);

#endif
