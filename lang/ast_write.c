/* SPDX-License-Identifier: Apache-2.0
 *
 * Nodes as text, the way OPA's String() writes them: for error texts, query results and explanations, not for formatting.
 *
 * Operators appear as calls, but for = and, in the head of a comprehension, infix operators.
 */
#include "lang/ast.h"
#include "lang/token.h"

static void write_terms(struct buf *b, struct term *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            buf_cstr(b, ", ");
        ast_write_term(b, items[i]);
    }
}

/* ---- references ---- */

static bool is_plain_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    if (s.len == 0)
        return false;
    enum token_kind kind = s.len >= 2 && s.len <= 8 ? token_of_word(s.p, s.len) : TOKEN_IDENT;
    return kind == TOKEN_IDENT || kind == TOKEN_LOGICAL_AND || kind == TOKEN_LOGICAL_OR;
}

static bool needs_escapes(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool is_c1 = c == 0xC2 && i + 1 < s.len && (unsigned char)s.p[i + 1] < 0xA0;
        if (c == '\\' || c < 0x20 || c == 0x7F || is_c1)
            return true;
    }
    return false;
}

static void write_part(struct buf *b, const struct term *t)
{
    if (t->kind != TERM_STRING) {
        buf_char(b, '[');
        ast_write_term(b, t);
        buf_char(b, ']');
        return;
    }
    struct str s = value_text(t->scalar);
    if (is_plain_name(s)) {
        buf_char(b, '.');
        buf_str(b, s);
    } else if (needs_escapes(s)) {
        buf_char(b, '[');
        value_write_rego(b, t->scalar);
        buf_char(b, ']');
    } else {
        buf_cstr(b, "[\"");
        buf_str(b, s);
        buf_cstr(b, "\"]");
    }
}

void ast_write_ref(struct buf *b, const struct terms *ref)
{
    if (ref->count == 0)
        return;
    const struct term *head = ref->items[0];
    if (head->kind == TERM_STRING)
        buf_str(b, value_text(head->scalar));
    else
        ast_write_term(b, head);
    for (size_t i = 1; i < ref->count; i++)
        write_part(b, ref->items[i]);
}

/* ---- terms ---- */

static void write_object(struct buf *b, const struct term *t)
{
    ast_sort(t);
    buf_char(b, '{');
    for (size_t i = 0; i + 1 < t->list.count; i += 2) {
        if (i != 0)
            buf_cstr(b, ", ");
        ast_write_term(b, t->list.items[i]);
        buf_cstr(b, ": ");
        ast_write_term(b, t->list.items[i + 1]);
    }
    buf_char(b, '}');
}

static void write_set(struct buf *b, const struct term *t)
{
    if (t->list.count == 0) {
        buf_cstr(b, "set()");
        return;
    }
    ast_sort(t);
    buf_char(b, '{');
    write_terms(b, t->list.items, t->list.count);
    buf_char(b, '}');
}

static void write_call(struct buf *b, const struct terms *call)
{
    if (call->count == 0)
        return;
    ast_write_term(b, call->items[0]);
    buf_char(b, '(');
    write_terms(b, call->items + 1, call->count - 1);
    buf_char(b, ')');
}

static const char *infix_of(const struct term *op)
{
    static const struct {
        const char *name, *infix;
    } table[] = {{"and", "&"},  {"assign", ":="}, {"div", "/"},    {"eq", "="},  {"equal", "=="},
                 {"gt", ">"},   {"gte", ">="},    {"lt", "<"},     {"lte", "<="}, {"minus", "-"},
                 {"mul", "*"},  {"neq", "!="},    {"or", "|"},     {"plus", "+"}, {"rem", "%"}};
    if (op->kind != TERM_REF || op->list.count != 1 || op->list.items[0]->kind != TERM_VAR)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (atom_is(op->list.items[0]->var, table[i].name))
            return table[i].infix;
    return NULL;
}

/* The head of a comprehension: a bar of its own must not be read as the comprehension's. */
static void write_compr_term(struct buf *b, const struct term *t)
{
    const char *infix = t->kind == TERM_CALL && t->list.count == 3 ? infix_of(t->list.items[0]) : NULL;
    if (infix == NULL) {
        ast_write_term(b, t);
        return;
    }
    buf_char(b, '(');
    write_compr_term(b, t->list.items[1]);
    buf_char(b, ' ');
    buf_cstr(b, infix);
    buf_char(b, ' ');
    write_compr_term(b, t->list.items[2]);
    buf_char(b, ')');
}

static void write_compr(struct buf *b, const struct term *t)
{
    buf_char(b, t->kind == TERM_ARRAY_COMPR ? '[' : '{');
    if (t->kind == TERM_OBJECT_COMPR) {
        write_compr_term(b, t->compr->key);
        buf_cstr(b, ": ");
    }
    write_compr_term(b, t->compr->term);
    buf_cstr(b, " | ");
    ast_write_body(b, &t->compr->body);
    buf_char(b, t->kind == TERM_ARRAY_COMPR ? ']' : '}');
}

/* Text with its escapes, and a backslash before each brace that has none. */
static void write_template_text(struct buf *b, struct str text)
{
    struct buf quoted;
    buf_init(&quoted, b->arena);
    value_write_rego(&quoted, value_str(text));
    for (size_t i = 1; i + 1 < quoted.len; i++) {
        if (quoted.p[i] == '{' && quoted.p[i - 1] != '\\')
            buf_char(b, '\\');
        buf_char(b, quoted.p[i]);
    }
}

static void write_template(struct buf *b, const struct template_string *s)
{
    buf_cstr(b, "$\"");
    for (size_t i = 0; i < s->count; i++) {
        const struct template_part *part = &s->parts[i];
        if (part->expr == NULL) {
            write_template_text(b, part->text);
        } else if (!part->scalar) {
            buf_char(b, '{');
            ast_write_expr(b, part->expr);
            buf_char(b, '}');
        } else if (part->expr->term->kind == TERM_STRING) {
            write_template_text(b, value_text(part->expr->term->scalar));
        } else {
            ast_write_term(b, part->expr->term);
        }
    }
    buf_char(b, '"');
}

void ast_write_term(struct buf *b, const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        value_write_rego(b, t->scalar);
        break;
    case TERM_VAR:
        buf_str(b, t->var->text[0] == '$' ? STR("_") : atom_str(t->var));
        break;
    case TERM_REF:
        ast_write_ref(b, &t->list);
        break;
    case TERM_ARRAY:
        buf_char(b, '[');
        write_terms(b, t->list.items, t->list.count);
        buf_char(b, ']');
        break;
    case TERM_OBJECT:
        write_object(b, t);
        break;
    case TERM_SET:
        write_set(b, t);
        break;
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        write_compr(b, t);
        break;
    case TERM_TEMPLATE:
        write_template(b, t->template);
        break;
    case TERM_CALL:
        write_call(b, &t->list);
        break;
    }
}

/* ---- expressions ---- */

static void write_some(struct buf *b, const struct expr *e)
{
    const struct terms *list = &e->terms;
    buf_cstr(b, "some ");
    if (list->count == 0 || list->items[0]->kind != TERM_CALL || list->items[0]->list.count < 3) {
        write_terms(b, list->items, list->count);
        return;
    }
    const struct terms *call = &list->items[0]->list;
    write_terms(b, call->items + 1, call->count - 2);
    buf_cstr(b, " in ");
    ast_write_term(b, call->items[call->count - 1]);
}

static void write_every(struct buf *b, const struct every *e)
{
    buf_cstr(b, "every ");
    if (e->key != NULL) {
        ast_write_term(b, e->key);
        buf_cstr(b, ", ");
    }
    ast_write_term(b, e->value);
    buf_cstr(b, " in ");
    ast_write_term(b, e->domain);
    buf_cstr(b, " { ");
    ast_write_body(b, &e->body);
    buf_cstr(b, " }");
}

static bool leads_with_brace(const struct term *t)
{
    switch (t->kind) {
    case TERM_SET:
        return t->list.count > 0;
    case TERM_OBJECT:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return true;
    case TERM_REF:
        return t->list.count > 0 && leads_with_brace(t->list.items[0]);
    default:
        return false;
    }
}

static bool needs_parens_in_not(const struct body *body)
{
    if (body->count != 1)
        return false;
    const struct expr *e = body->items[0];
    if (e->with_count != 0)
        return true;
    return e->kind == EXPR_TERM ? leads_with_brace(e->term) : e->kind == EXPR_AND || e->kind == EXPR_OR || e->kind == EXPR_NOT;
}

static void write_not(struct buf *b, const struct expr *e)
{
    bool is_braced = e->explicit_body || e->not_body.count != 1;
    bool has_parens = !is_braced && needs_parens_in_not(&e->not_body);
    buf_cstr(b, is_braced ? "not {" : has_parens ? "not (" : "not ");
    ast_write_body(b, &e->not_body);
    if (is_braced || has_parens)
        buf_char(b, is_braced ? '}' : ')');
}

static bool needs_parens_in_logic(const struct body *body, enum expr_kind parent, bool is_right)
{
    const struct expr *e = body->items[0];
    if (e->with_count != 0)
        return true;
    switch (e->kind) {
    case EXPR_OR:
        return parent == EXPR_AND || is_right;
    case EXPR_AND:
        return parent == EXPR_AND && is_right;
    case EXPR_TERM:
        return leads_with_brace(e->term);
    default:
        return false;
    }
}

static void write_operand(struct buf *b, const struct body *body, bool is_explicit, enum expr_kind parent, bool is_right)
{
    bool is_braced = is_explicit || body->count != 1;
    bool has_parens = !is_braced && needs_parens_in_logic(body, parent, is_right);
    buf_cstr(b, is_braced ? "{ " : has_parens ? "(" : "");
    ast_write_body(b, body);
    buf_cstr(b, is_braced ? " }" : has_parens ? ")" : "");
}

static void write_logic(struct buf *b, const struct expr *e)
{
    write_operand(b, &e->logic->left, e->logic->explicit_left, e->kind, false);
    buf_cstr(b, e->kind == EXPR_AND ? " and " : " or ");
    write_operand(b, &e->logic->right, e->logic->explicit_right, e->kind, true);
}

static void write_content(struct buf *b, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        ast_write_term(b, e->term);
        break;
    case EXPR_CALL:
        if (e->terms.count == 3 && expr_is_call_of(e, "eq")) {
            ast_write_term(b, e->terms.items[1]);
            buf_cstr(b, " = ");
            ast_write_term(b, e->terms.items[2]);
        } else {
            write_call(b, &e->terms);
        }
        break;
    case EXPR_SOME:
        write_some(b, e);
        break;
    case EXPR_EVERY:
        write_every(b, e->every);
        break;
    case EXPR_NOT:
        write_not(b, e);
        break;
    case EXPR_AND:
    case EXPR_OR:
        write_logic(b, e);
        break;
    }
}

void ast_write_expr(struct buf *b, const struct expr *e)
{
    if (e->negated)
        buf_cstr(b, "not ");
    write_content(b, e);
    for (size_t i = 0; i < e->with_count; i++) {
        buf_cstr(b, " with ");
        ast_write_term(b, e->withs[i].target);
        buf_cstr(b, " as ");
        ast_write_term(b, e->withs[i].value);
    }
}

void ast_write_body(struct buf *b, const struct body *body)
{
    for (size_t i = 0; i < body->count; i++) {
        if (i != 0)
            buf_cstr(b, "; ");
        ast_write_expr(b, body->items[i]);
    }
}

/* ---- rules ---- */

void ast_write_head(struct buf *b, const struct head *h, enum rego_version version)
{
    ast_write_ref(b, &h->ref);
    bool has_contains = false;
    if (h->args.count != 0) {
        buf_char(b, '(');
        write_terms(b, h->args.items, h->args.count);
        buf_char(b, ')');
    } else if (h->ref.count == 1 && h->key != NULL) {
        has_contains = version != REGO_V0;
        buf_cstr(b, has_contains ? " contains " : "[");
        ast_write_term(b, h->key);
        buf_cstr(b, has_contains ? "" : "]");
    }
    if (h->value != NULL) {
        buf_cstr(b, h->assign ? " := " : " = ");
        ast_write_term(b, h->value);
    } else if (!has_contains && h->name == NULL && h->key != NULL) {
        buf_cstr(b, " contains ");
        ast_write_term(b, h->key);
    }
}

static void write_branch_body(struct buf *b, const struct rule *r, enum rego_version version)
{
    buf_cstr(b, version == REGO_V0 ? " { " : " if { ");
    ast_write_body(b, &r->body);
    buf_cstr(b, " }");
}

void ast_write_rule(struct buf *b, const struct rule *r, enum rego_version version)
{
    if (r->is_default)
        buf_cstr(b, "default ");
    ast_write_head(b, r->head, version);
    if (!r->is_default)
        write_branch_body(b, r, version);
    for (const struct rule *o = r->otherwise; o != NULL; o = o->otherwise) {
        buf_cstr(b, " else ");
        if (o->head->value != NULL) {
            buf_cstr(b, "= ");
            ast_write_term(b, o->head->value);
        }
        write_branch_body(b, o, version);
    }
}

void ast_write_import(struct buf *b, const struct import *i)
{
    buf_cstr(b, "import ");
    ast_write_term(b, i->path);
    if (i->alias != NULL) {
        buf_cstr(b, " as ");
        buf_str(b, atom_str(i->alias));
    }
}
