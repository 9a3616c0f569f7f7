/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk behind opa parse's pretty form (v1/ast/pretty.go): one line a node, scalars and variables as their text.
 */
#include "cli/tree.h"

#include <stdio.h>

struct tree {
    struct buf *b;
    int depth;
};

static void line(struct tree *t, const char *text)
{
    for (int i = 0; i < t->depth; i++)
        buf_char(t->b, ' ');
    buf_cstr(t->b, text);
    buf_char(t->b, '\n');
}

static void open(struct tree *t, const char *text)
{
    line(t, text);
    t->depth++;
}

static void body(struct tree *t, const struct body *b);
static void term(struct tree *t, const struct term *v);

static void terms(struct tree *t, const struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        term(t, list->items[i]);
}

static const char *name_of(enum term_kind kind)
{
    static const char *const names[] = {
        [TERM_REF] = "ref",
        [TERM_ARRAY] = "array",
        [TERM_OBJECT] = "object",
        [TERM_SET] = "set",
        [TERM_ARRAY_COMPR] = "arraycomprehension",
        [TERM_OBJECT_COMPR] = "objectcomprehension",
        [TERM_SET_COMPR] = "setcomprehension",
        [TERM_TEMPLATE] = "templatestring",
        [TERM_CALL] = "call",
    };
    return names[kind];
}

static void comprehension(struct tree *t, const struct compr *c)
{
    if (c->key != NULL)
        term(t, c->key);
    term(t, c->term);
    body(t, &c->body);
}

static void term(struct tree *t, const struct term *v)
{
    if (v->kind <= TERM_VAR) {
        for (int i = 0; i < t->depth; i++)
            buf_char(t->b, ' ');
        ast_write_term(t->b, v);
        buf_char(t->b, '\n');
        return;
    }
    open(t, name_of(v->kind));
    if (v->kind == TERM_ARRAY_COMPR || v->kind == TERM_OBJECT_COMPR || v->kind == TERM_SET_COMPR)
        comprehension(t, v->compr);
    else if (v->kind != TERM_TEMPLATE)
        terms(t, &v->list);
    t->depth--;
}

static void ref(struct tree *t, const struct terms *list)
{
    open(t, "ref");
    terms(t, list);
    t->depth--;
}

static void every(struct tree *t, const struct every *e)
{
    open(t, "every");
    if (e->key != NULL)
        term(t, e->key);
    term(t, e->value);
    term(t, e->domain);
    body(t, &e->body);
    t->depth--;
}

static void expr_terms(struct tree *t, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        term(t, e->term);
        return;
    case EXPR_CALL:
        terms(t, &e->terms);
        return;
    case EXPR_SOME:
        open(t, "somedecl");
        terms(t, &e->terms);
        t->depth--;
        return;
    case EXPR_EVERY:
        every(t, e->every);
        return;
    case EXPR_NOT:
        open(t, "not");
        body(t, &e->not_body);
        t->depth--;
        return;
    case EXPR_AND:
    case EXPR_OR:
        open(t, e->kind == EXPR_AND ? "logicaland" : "logicalor");
        body(t, &e->logic->left);
        body(t, &e->logic->right);
        t->depth--;
        return;
    }
}

static void expr(struct tree *t, const struct expr *e)
{
    char head[64];
    (void)snprintf(head, sizeof head, "expr%s index=%u", e->negated ? " negated" : "", e->index); /* fits */
    open(t, head);
    expr_terms(t, e);
    for (size_t i = 0; i < e->with_count; i++) {
        open(t, "with");
        term(t, e->withs[i].target);
        term(t, e->withs[i].value);
        t->depth--;
    }
    t->depth--;
}

static void body(struct tree *t, const struct body *b)
{
    open(t, "body");
    for (size_t i = 0; i < b->count; i++)
        expr(t, b->items[i]);
    t->depth--;
}

static void rule(struct tree *t, const struct rule *r)
{
    open(t, "rule");
    open(t, "head");
    ref(t, &r->head->ref);
    if (r->head->args.count > 0) {
        open(t, "args");
        terms(t, &r->head->args);
        t->depth--;
    }
    if (r->head->value != NULL)
        term(t, r->head->value);
    t->depth--;
    body(t, &r->body);
    if (r->otherwise != NULL)
        rule(t, r->otherwise); /* as long as the chain of else is, which the parser bounds */
    t->depth--;
}

void tree_write(struct buf *b, const struct module *m, bool comments)
{
    struct tree t = {b, 0};
    open(&t, "module");
    open(&t, "package");
    ref(&t, &m->package);
    t.depth--;
    for (size_t i = 0; i < m->import_count; i++) {
        open(&t, "import");
        term(&t, m->imports[i]->path);
        line(&t, m->imports[i]->alias != NULL ? m->imports[i]->alias->text : "");
        t.depth--;
    }
    for (size_t i = 0; i < m->rule_count; i++)
        rule(&t, m->rules[i]);
    for (size_t i = 0; i < m->annotation_count; i++)
        line(&t, "annotations");
    for (size_t i = 0; comments && i < m->comment_count; i++)
        line(&t, "comment");
}
