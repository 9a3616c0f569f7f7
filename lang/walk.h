/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks over the syntax tree in the order of OPA's visitors, for stages that look for few things.
 *
 * A callback that returns true keeps the walk out of what is below the node. Constant terms (lang/ast.h) are not entered and
 * their inside is not shown. The head's reference is not part of a head's walk, as in OPA's; walk_rule does not follow else.
 */
#ifndef QUIS_LANG_WALK_H
#define QUIS_LANG_WALK_H

#include "lang/ast.h"

struct walk {
    bool (*term)(struct walk *w, struct term *t);
    bool (*expr)(struct walk *w, struct expr *e);
    bool (*with)(struct walk *w, struct with *with);
    bool (*body)(struct walk *w, struct body *b);
    void *ctx;
};

void walk_term(struct walk *w, struct term *t);
void walk_terms(struct walk *w, const struct terms *list);
void walk_expr(struct walk *w, struct expr *e);
void walk_with(struct walk *w, struct with *with);
void walk_body(struct walk *w, const struct body *b); /* calls body for it, too */
void walk_head(struct walk *w, struct head *h);       /* arguments, key, value */
void walk_rule(struct walk *w, struct rule *r);

#endif
