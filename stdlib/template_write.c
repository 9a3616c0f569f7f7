/* SPDX-License-Identifier: Apache-2.0
 *
 * The source of a node of a text template, as its error texts show it.
 */
#include "stdlib/quote.h"
#include "stdlib/template_tree.h"

static void write_words(struct buf *b, const struct template_node *n, bool leading_dot)
{
    for (size_t i = 0; i < n->word_count; i++) {
        if (i > 0 || leading_dot)
            buf_char(b, '.');
        buf_str(b, n->words[i]);
    }
}

/* A pipeline within a command stands in parentheses. */
static void write_operand(struct buf *b, const struct template_node *n)
{
    bool grouped = n->kind == TN_PIPE;
    buf_cstr(b, grouped ? "(" : "");
    template_write_node(b, n);
    buf_cstr(b, grouped ? ")" : "");
}

static void write_pipe(struct buf *b, const struct template_node *n)
{
    for (size_t i = 0; i < n->decl_count; i++) {
        buf_cstr(b, i > 0 ? ", " : "");
        template_write_node(b, n->decls[i]);
    }
    if (n->decl_count > 0)
        buf_cstr(b, n->is_assign ? " = " : " := ");
    for (size_t i = 0; i < n->count; i++) {
        buf_cstr(b, i > 0 ? " | " : "");
        template_write_node(b, n->children[i]);
    }
}

static void write_branch(struct buf *b, const struct template_node *n)
{
    buf_cstr(b, n->kind == TN_IF ? "{{if " : n->kind == TN_RANGE ? "{{range " : "{{with ");
    template_write_node(b, n->pipe);
    buf_cstr(b, "}}");
    template_write_node(b, n->list);
    if (n->else_list != NULL) {
        buf_cstr(b, "{{else}}");
        template_write_node(b, n->else_list);
    }
    buf_cstr(b, "{{end}}");
}

static void write_action(struct buf *b, const struct template_node *n)
{
    buf_cstr(b, "{{");
    if (n->kind == TN_TEMPLATE) {
        buf_cstr(b, "template ");
        quote_text(b, n->text, QUOTE_PRINTABLE);
        buf_cstr(b, n->pipe != NULL ? " " : "");
    }
    if (n->pipe != NULL)
        template_write_node(b, n->pipe);
    buf_cstr(b, "}}");
}

void template_write_node(struct buf *b, const struct template_node *n)
{
    switch (n->kind) {
    case TN_TEXT:
    case TN_IDENTIFIER:
    case TN_NUMBER:
    case TN_STRING:
        buf_str(b, n->text);
        break;
    case TN_ACTION:
    case TN_TEMPLATE:
        write_action(b, n);
        break;
    case TN_IF:
    case TN_RANGE:
    case TN_WITH:
        write_branch(b, n);
        break;
    case TN_LIST:
        for (size_t i = 0; i < n->count; i++)
            template_write_node(b, n->children[i]);
        break;
    case TN_PIPE:
        write_pipe(b, n);
        break;
    case TN_COMMAND:
        for (size_t i = 0; i < n->count; i++) {
            buf_cstr(b, i > 0 ? " " : "");
            write_operand(b, n->children[i]);
        }
        break;
    case TN_FIELD:
    case TN_VARIABLE:
        write_words(b, n, n->kind == TN_FIELD);
        break;
    case TN_CHAIN:
        write_operand(b, n->pipe);
        write_words(b, n, true);
        break;
    case TN_BREAK:
        buf_cstr(b, "{{break}}");
        break;
    case TN_CONTINUE:
        buf_cstr(b, "{{continue}}");
        break;
    case TN_DOT:
        buf_char(b, '.');
        break;
    case TN_NIL:
        buf_cstr(b, "nil");
        break;
    case TN_BOOL:
        buf_cstr(b, n->is_true ? "true" : "false");
        break;
    case TN_END:
        buf_cstr(b, "{{end}}");
        break;
    case TN_ELSE:
        buf_cstr(b, "{{else}}");
        break;
    }
}
