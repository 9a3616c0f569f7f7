/* SPDX-License-Identifier: Apache-2.0
 *
 * From the statements of a source to a module: which may stand where, which expressions are rules, and what v1 asks of rules.
 *
 * Errors here come after the whole source has parsed; they have no line with a caret, as in OPA.
 */
#include "lang/annotation.h"
#include "lang/parse.h"

static bool no_memory(struct parse *p)
{
    p->no_memory = true;
    return false;
}

static bool is_keyword(struct str name, enum rego_version version)
{
    enum token_kind kind = name.len >= 2 && name.len <= 8 ? token_of_word(name.p, name.len) : TOKEN_IDENT;
    unsigned bit = token_keyword_bit(kind);
    return kind != TOKEN_IDENT && (bit == 0 || (version != REGO_V0 && (bit & KEYWORDS_V1) != 0));
}

/* ---- imports ---- */

static bool is_version_import(const struct import *i, const char *version)
{
    const struct terms *path = &i->path->list;
    return path->count == 2 && atom_is(path->items[0]->var, "rego") &&
           str_equal(value_text(path->items[1]->scalar), str_cstr(version));
}

static bool is_future_import(const struct import *i)
{
    const struct terms *path = &i->path->list;
    if (path->count < 2 || i->alias != NULL || !str_equal(value_text(path->items[1]->scalar), STR("keywords")))
        return false;
    if (path->count != 3)
        return true;
    struct str word = value_text(path->items[2]->scalar);
    enum token_kind kind = word.len >= 2 && word.len <= 8 ? token_of_word(word.p, word.len) : TOKEN_IDENT;
    return kind == TOKEN_NOT || token_keyword_bit(kind) != 0;
}

bool parse_check_import(struct parse *p, const struct import *i)
{
    const struct terms *path = &i->path->list;
    const struct atom *root = path->items[0]->var;
    if (atom_is(root, "future"))
        return is_future_import(i);
    if (atom_is(root, "rego"))
        return i->alias == NULL && (is_version_import(i, "v1") || is_version_import(i, "v2"));
    if (root != p->data && root != p->input)
        return false;
    if (i->alias != NULL)
        return i->alias != p->data && i->alias != p->input;
    return path->count == 1 || !is_keyword(value_text(path->items[path->count - 1]->scalar), p->filter.version);
}

/* ---- rules without a body ---- */

struct bare {
    struct rule *rule;
    struct head *head;
    const char *refusal; /* why it is no rule; NULL: it is one, or memory ran out */
    struct str subject;  /* shown behind refusal */
};

static bool make_bare(struct parse *p, struct bare *b, struct loc loc, struct loc body_loc)
{
    struct rule *r = arena_alloc(p->arena, sizeof *r);
    struct head *h = arena_alloc(p->arena, sizeof *h);
    struct term *t = ast_scalar(p->arena, value_bool(true), body_loc);
    struct expr *e = ast_expr(p->arena, EXPR_TERM, body_loc);
    if (r == NULL || h == NULL || t == NULL || e == NULL)
        return no_memory(p);
    *h = (struct head){.loc = loc};
    *r = (struct rule){.head = h, .loc = loc, .generated_body = true};
    e->term = t;
    e->generated = true;
    b->rule = r;
    b->head = h;
    return body_push(p->arena, &r->body, e) || no_memory(p);
}

static bool refuse(struct bare *b, const char *why)
{
    b->refusal = why;
    return false;
}

static bool refuse_ref(struct parse *p, struct bare *b, const struct terms *ref)
{
    struct buf text;
    buf_init(&text, p->arena);
    ast_write_ref(&text, ref);
    b->subject = buf_view(&text);
    return refuse(b, "invalid rule head: ");
}

static bool refuse_kind(struct parse *p, struct bare *b, enum term_kind kind)
{
    struct str text = arena_printf(p->arena, "%s cannot be used for rule name", term_kind_name(kind));
    b->subject = text;
    return text.p == NULL ? no_memory(p) : refuse(b, "");
}

static bool is_var_ref(const struct terms *ref)
{
    return ref->items[0]->kind == TERM_VAR;
}

static void set_ref(struct head *h, const struct terms *ref)
{
    h->ref = *ref;
    if (ref->count < 2)
        h->name = ref->items[0]->var;
}

static bool set_true(struct parse *p, struct head *h, struct loc loc)
{
    h->value = ast_scalar(p->arena, value_bool(true), loc);
    return h->value != NULL || no_memory(p);
}

/* a.b.c, or p[x] */
static bool bare_ref(struct parse *p, struct bare *b, const struct term *t)
{
    const struct terms *ref = &t->list;
    if (ref->count == 1)
        return refuse(b, "refs cannot be used for rule head");
    if (!is_var_ref(ref))
        return refuse_ref(p, b, ref);
    if (!make_bare(p, b, t->loc, t->loc))
        return false;
    set_ref(b->head, ref);
    if (ref->count > 2) {
        b->head->generated_value = true;
        return set_true(p, b->head, t->loc);
    }
    b->head->name = ref->items[0]->var;
    b->head->key = ref->items[1];
    b->head->ref.count = 1;
    return true;
}

/* What stands left of = or :=. */
static bool bare_left(struct parse *p, struct bare *b, const struct term *left)
{
    struct head *h = b->head;
    switch (left->kind) {
    case TERM_VAR:
        h->name = left->var;
        return terms_push(p->arena, &h->ref, (struct term *)(uintptr_t)left) || no_memory(p);
    case TERM_REF:
        if (!is_var_ref(&left->list))
            return refuse_ref(p, b, &left->list);
        set_ref(h, &left->list);
        if (left->list.count == 2) {
            h->name = left->list.items[0]->var;
            h->key = left->list.items[1];
        }
        return true;
    case TERM_CALL: {
        const struct term *op = left->list.items[0];
        if (!is_var_ref(&op->list))
            break;
        set_ref(h, &op->list);
        h->has_args = true;
        h->args = (struct terms){left->list.items + 1, left->list.count - 1, left->list.count - 1};
        return true;
    }
    default:
        break;
    }
    return refuse_kind(p, b, left->kind);
}

static bool bare_unify(struct parse *p, struct bare *b, const struct expr *e)
{
    if (e->terms.count < 3)
        return refuse(b, "assignment requires two operands");
    struct term *right = e->terms.items[2];
    if (!make_bare(p, b, e->loc, right->loc))
        return false;
    b->head->value = right;
    b->head->assign = expr_is_call_of(e, "assign");
    return bare_left(p, b, e->terms.items[1]);
}

static bool bare_call(struct parse *p, struct bare *b, const struct expr *e)
{
    const struct term *op = e->terms.items[0];
    struct buf name;
    buf_init(&name, p->arena);
    ast_write_ref(&name, &op->list);
    if (compiler_builtin(p->c, buf_view(&name)) != NULL)
        return refuse(b, "rule name conflicts with built-in function");
    if (e->terms.count <= 1)
        return refuse(b, "rule argument list must take at least one argument");
    if (!is_var_ref(&op->list))
        return refuse_ref(p, b, &op->list);
    if (!make_bare(p, b, op->loc, op->loc))
        return false;
    set_ref(b->head, &op->list);
    b->head->has_args = true;
    b->head->args = (struct terms){e->terms.items + 1, e->terms.count - 1, e->terms.count - 1};
    return set_true(p, b->head, op->loc);
}

/* false: refused, or out of memory. */
static bool bare_rule(struct parse *p, struct bare *b, const struct body *body)
{
    const struct expr *e = body->items[0];
    if (body->count != 1)
        return refuse(b, "multiple expressions cannot be used for rule head");
    if (e->with_count != 0)
        return refuse(b, "expressions using with keyword cannot be used for rule head");
    if (e->negated)
        return refuse(b, "negated expressions cannot be used for rule head");
    if (e->kind == EXPR_SOME)
        return refuse(b, "'some' declarations cannot be used for rule head");
    if (e->kind == EXPR_TERM)
        return e->term->kind == TERM_REF ? bare_ref(p, b, e->term) : refuse_kind(p, b, e->term->kind);
    if (e->kind != EXPR_CALL)
        return refuse(b, "expression cannot be used for rule head");
    if (expr_is_call_of(e, "eq") || expr_is_call_of(e, "assign"))
        return bare_unify(p, b, e);
    return bare_call(p, b, e);
}

/* ---- hints in v0: `p if { ... }` without the import reads as a body p and a rule if ---- */

static struct str head_word(const struct statement *s)
{
    const struct atom *name = NULL;
    if (s->kind == STATEMENT_RULE)
        name = s->rule->head->name;
    else if (s->kind == STATEMENT_BODY && s->body.count == 1 && s->body.items[0]->kind == EXPR_TERM &&
             s->body.items[0]->term->kind == TERM_VAR)
        name = s->body.items[0]->term->var;
    if (name == NULL || (!atom_is(name, "if") && !atom_is(name, "contains")))
        return STR("");
    return atom_str(name);
}

static uint32_t statement_row(const struct statement *s)
{
    return s->kind == STATEMENT_BODY ? s->body.items[0]->loc.row : s->loc.row;
}

static struct str missing_word(const struct parse *p, const struct module *m, size_t i)
{
    const struct statement *s = &p->statements[i];
    if (m->version != REGO_V0)
        return STR("");
    struct str word = head_word(s);
    if (word.len != 0 || i + 1 >= p->statement_count || statement_row(s + 1) != statement_row(s))
        return word;
    return head_word(s + 1);
}

/* ---- v1's checks ---- */

static void check_rule(struct parse *p, const struct rule *r)
{
    const struct head *h = r->head;
    const char *what = h->args.count != 0 ? "function" : "rule";
    if (h->ref.count < 2 && h->name != NULL && is_keyword(atom_str(h->name), REGO_V1))
        diag_add(p->c, ERR_PARSE, r->loc, "%s keyword cannot be used for rule name", h->name->text);
    if (r->generated_body && h->generated_value)
        diag_add(p->c, ERR_PARSE, r->loc, "%s must have value assignment and/or body declaration", what);
    if (!r->generated_body && !h->has_if && !r->is_default)
        diag_add(p->c, ERR_PARSE, r->loc, "`if` keyword is required before %s body", what);
    if (h->value == NULL && h->key != NULL && !h->has_contains)
        diag_add(p->c, ERR_PARSE, r->loc, "`contains` keyword is required for partial set rules");
}

static void check_rules(struct parse *p, const struct module *m)
{
    for (size_t i = 0; i < m->rule_count; i++)
        for (const struct rule *r = m->rules[i]; r != NULL; r = r->otherwise)
            check_rule(p, r);
}

/* ---- assembly ---- */

static bool add_import(struct parse *p, struct module *m, struct import *i)
{
    if (!arena_grow(p->arena, &m->imports, &m->import_cap, m->import_count + 1, sizeof(struct import *)))
        return no_memory(p);
    m->imports[m->import_count++] = i;
    if (m->version == REGO_V0 && (is_version_import(i, "v1") || is_version_import(i, "v2")))
        m->version = REGO_V0_COMPAT_V1;
    return true;
}

static bool add_rule(struct parse *p, struct module *m, struct rule *rule)
{
    if (!arena_grow(p->arena, &m->rules, &m->rule_cap, m->rule_count + 1, sizeof(struct rule *)))
        return no_memory(p);
    m->rules[m->rule_count++] = rule;
    for (struct rule *r = rule; r != NULL; r = r->otherwise)
        r->module = m;
    return true;
}

static bool add_body(struct parse *p, struct module *m, size_t i)
{
    const struct body *body = &p->statements[i].body;
    struct bare b = {0};
    if (bare_rule(p, &b, body))
        return add_rule(p, m, b.rule);
    if (p->no_memory)
        return false;
    struct str word = missing_word(p, m, i);
    struct loc loc = body->items[0]->loc;
    if (word.len == 0)
        diag_add(p->c, ERR_PARSE, loc, "%s%.*s", b.refusal, (int)b.subject.len, b.subject.p == NULL ? "" : b.subject.p);
    else
        diag_add(p->c, ERR_PARSE, loc, "%s%.*s (hint: `import future.keywords.%.*s` for `%s` rules)", b.refusal,
                 (int)b.subject.len, b.subject.p == NULL ? "" : b.subject.p, (int)word.len, word.p,
                 word.len == 2 ? "p if { ... }" : "p contains x");
    return true;
}

static bool add_statement(struct parse *p, struct module *m, size_t i)
{
    const struct statement *s = &p->statements[i];
    switch (s->kind) {
    case STATEMENT_PACKAGE:
        if (i != 0) {
            diag_add(p->c, ERR_PARSE, s->loc, "unexpected package");
            return true;
        }
        m->package = s->package;
        m->package_loc = s->loc;
        return true;
    case STATEMENT_IMPORT:
        return i == 0 || add_import(p, m, s->import);
    case STATEMENT_RULE:
        return i == 0 || add_rule(p, m, s->rule);
    case STATEMENT_BODY:
        return i == 0 || add_body(p, m, i);
    }
    return true;
}

bool parse_assemble(struct parse *p, struct module *m)
{
    size_t errors = p->c->diag_count;
    if (p->statement_count == 0 && m->annotation_count != 0)
        return diag_add(p->c, ERR_PARSE, m->annotations[0]->loc, "package expected");
    if (p->statement_count == 0)
        return diag_add(p->c, ERR_PARSE, (struct loc){.file = p->file}, "empty module");
    const struct statement *first = &p->statements[0];
    if (first->kind != STATEMENT_PACKAGE)
        diag_add(p->c, ERR_PARSE, first->kind == STATEMENT_BODY ? first->body.items[0]->loc : first->loc, "package expected");
    for (size_t i = 0; i < p->statement_count; i++)
        if (!add_statement(p, m, i))
            return false;
    if (m->version != REGO_V0)
        check_rules(p, m);
    return p->c->diag_count == errors;
}
