/* SPDX-License-Identifier: Apache-2.0
 *
 * Says why a parse has failed.
 */
#include "lang/parse.h"

void parse_explain(struct parse *p, size_t first)
{
    (void)first;
    const struct token *t = &p->tokens.items[p->next == 0 ? 0 : p->next - 1];
    parse_error(p, token_loc(p, t), "unexpected %s %s", token_text(t->kind), token_is_keyword(t->kind) ? "keyword" : "token");
}
