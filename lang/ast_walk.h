/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks over the syntax tree in the order of OPA's visitors, for stages that look for few things.
 *
 * A callback that returns true keeps the walk out of what is below the node. Constant terms (lang/ast.h) are not entered and
 * their inside is not shown. The head's reference is not part of a head's walk, as in OPA's; ast_walk_rule does not follow else.
 */
#ifndef QUIS_LANG_AST_WALK_H
#define QUIS_LANG_AST_WALK_H

#include "lang/ast.h"

struct ast_walk {
    bool (*term)(struct ast_walk *w, struct term *t);
    bool (*expr)(struct ast_walk *w, struct expr *e);
    bool (*with)(struct ast_walk *w, struct with *with);
    bool (*body)(struct ast_walk *w, struct body *b);
    void *ctx;
};

void ast_walk_term(struct ast_walk *w, struct term *t);
void ast_walk_terms(struct ast_walk *w, const struct terms *list);
void ast_walk_expr(struct ast_walk *w, struct expr *e);
void ast_walk_with(struct ast_walk *w, struct with *with);
void ast_walk_body(struct ast_walk *w, const struct body *b); /* calls body for it, too */
void ast_walk_head(struct ast_walk *w, struct head *h);       /* arguments, key, value */
void ast_walk_rule(struct ast_walk *w, struct rule *r);

#endif
