/* SPDX-License-Identifier: Apache-2.0
 *
 * Scopes of variables while locals are renamed: what pass_locals.c (rules, bodies) and pass_locals_term.c (terms,
 * declarations) share.
 *
 * A scope knows each variable that was declared or seen in it. Names declared by :=, some, every and arguments stand for a
 * generated name; seen ones for themselves.
 */
#ifndef QUIS_LANG_LOCALS_H
#define QUIS_LANG_LOCALS_H

#include "lang/passes.h"

enum occurrence { OCCURS_NOT, OCCURS_ARG, OCCURS_SEEN, OCCURS_ASSIGNED, OCCURS_DECLARED };

struct decl {
    const struct atom *var;
    const struct atom *name; /* what it is called now */
    struct decl *outer;      /* of the same variable, in an enclosing scope */
    struct loc loc;          /* of the `some` that declared it; row 0: none did */
    uint32_t depth;
    uint32_t count;          /* occurrences, its declaration included */
    enum occurrence occurrence;
    bool is_mentioned;       /* name was put somewhere besides the declaration */
};

struct locals {
    struct passes *s;
    const struct term *package_head; /* the data of references to rules of the package: no local shadows it; NULL: none */
    struct decl **items; /* of all open scopes */
    size_t count, cap;
    struct decl *unused_decls; /* to be used again, linked through outer */
    uint32_t depth;
    bool strict;
    bool failed;            /* some error that stops the compilation was reported */
    size_t errors;          /* of the current rule */
    size_t unused;          /* complaints about unused variables of the current rule */
};

/* Terms whose variables count as used in a body: a comprehension's element, a rule's head. */
struct used_terms {
    struct term *const *items;
    size_t count;
};

/* Opens a scope; the mark closes it. */
size_t locals_open(struct locals *l);
void locals_close(struct locals *l, size_t mark);

static inline struct decl *locals_find(const struct locals *l, const struct atom *var)
{
    return pass_info(l->s, var)->decl;
}

MUST_CHECK bool locals_insert(struct locals *l, const struct atom *var, const struct atom *name, enum occurrence how);

/* Declares var in the innermost scope under a new name. NULL: it occurred there before, which was reported for loc; or out of
 * memory. */
const struct atom *locals_declare(struct locals *l, const struct atom *var, enum occurrence how, struct loc loc);

/* Notes that an error of the rule was reported. Returns true: renaming goes on. */
bool locals_failed(struct locals *l);

MUST_CHECK bool locals_body(struct locals *l, struct body *b, struct used_terms used);
MUST_CHECK bool locals_expr(struct locals *l, struct expr *e);
MUST_CHECK bool locals_term(struct locals *l, struct term *t);
MUST_CHECK bool locals_with(struct locals *l, struct with *w);
MUST_CHECK bool locals_compr(struct locals *l, struct compr *c);

/* Declarations. *keep false: the expression disappears. */
MUST_CHECK bool locals_assignment(struct locals *l, struct expr *e);
MUST_CHECK bool locals_some(struct locals *l, struct expr *e, bool *keep);

/* Reports calls below whose function a local shadows. */
void locals_check_calls(struct locals *l, struct term *t);

/* Marks the variables below as seen in the innermost scope. */
void locals_see(struct locals *l, struct expr *e);

/* Renames variables that are declared; declares nothing. Used where a rule's head and an every's domain meet their scopes. */
MUST_CHECK bool locals_rename(struct locals *l, struct term *t);
MUST_CHECK bool locals_rename_body(struct locals *l, struct body *b);

/* Does the expression declare var by := or some? */
bool expr_declares(const struct passes *s, const struct expr *e, const struct atom *var);

/* Counts the variables that a body declares as declared (by 1), or no more (by -1), in atom_info.declared. */
void pass_declare_body(struct passes *s, const struct body *b, int by);

#endif
