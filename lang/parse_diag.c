/* SPDX-License-Identifier: Apache-2.0
 *
 * Says why a parse has failed: walks the statements as OPA's parser would, and reports its first error.
 *
 * Should the walk find nothing (the grammar refuses what OPA accepts, or refuses later than the module's own checks), the
 * token at which the grammar stopped is reported.
 */
#include "lang/diag.h"
#include "lang/parse_walk.h"

/* ---- package and import ---- */

static bool is_name_start(struct walk *w)
{
    if (w->now.kind == TOKEN_IDENT)
        return true;
    if (!walk_is_ref_keyword(w, w->now.kind))
        return false;
    w->now.kind = TOKEN_IDENT;
    return true;
}

/* Behind package or import. 1: a path follows; 0: it was a name; -1: an error. */
static int walk_path_start(struct walk *w)
{
    walk_scan_blank(w);
    if (w->now.kind == TOKEN_DOT || w->now.kind == TOKEN_LBRACK)
        return 0;
    if (w->now.kind == WALK_BLANK)
        walk_scan(w);
    if (is_name_start(w))
        return 1;
    walk_illegal_token(w);
    return -1;
}

static void walk_package(struct walk *w)
{
    struct seen s = walk_term(w);
    if (!s.ok) {
        if (w->now.errors == NULL)
            walk_error(w, walk_loc(w), "expected path");
    } else if (s.kind == TERM_REF && s.head_kind != TERM_VAR) {
        walk_error(w, walk_token_loc(w, s.first), "unexpected %s token: expecting var", term_kind_name(s.head_kind));
    } else if (s.kind == TERM_REF && s.odd != 0) {
        walk_error(w, walk_token_loc(w, s.odd), "unexpected %s token: expecting string", term_kind_name(s.odd_kind));
    } else if (s.kind != TERM_VAR && s.kind != TERM_REF) {
        walk_illegal_token(w);
    }
    if (w->now.errors == NULL && w->now.kind == TOKEN_MINUS)
        walk_illegal_token(w);
}

/* Part n of a path that is a reference to names. */
static struct str path_part(const struct walk *w, const struct seen *path, uint32_t n)
{
    uint32_t at = path->first;
    for (uint32_t i = 0; i < n; i++)
        at += i > 0 && w->items[at].kind == TOKEN_STRING ? 3 : 2;
    struct str text = token_str(&w->p->tokens, &w->items[at]);
    bool is_string = w->items[at].kind == TOKEN_STRING && text.len >= 2;
    return is_string ? str_of(text.p + 1, text.len - 2) : text;
}

static bool is_part(const struct walk *w, const struct seen *path, uint32_t n, const char *name)
{
    return n < path->count && str_equal(path_part(w, path, n), str_cstr(name));
}

static bool is_keyword_name(const struct walk *w, struct str name)
{
    enum token_kind kind = name.len >= 2 && name.len <= 8 ? token_of_word(name.p, name.len) : TOKEN_IDENT;
    unsigned bit = token_keyword_bit(kind);
    return kind != TOKEN_IDENT && (bit == 0 || (w->p->filter.version != REGO_V0 && (bit & KEYWORDS_V1) != 0));
}

static struct str path_text(struct walk *w, const struct seen *path)
{
    struct buf b;
    buf_init(&b, w->p->arena);
    for (uint32_t i = 0; i < path->count; i++) {
        if (i != 0)
            buf_char(&b, '.');
        buf_str(&b, path_part(w, path, i));
    }
    return buf_view(&b);
}

static void apply_rego(struct walk *w, const struct seen *path, bool has_alias, uint32_t alias)
{
    bool is_v1 = path->count == 2 && is_part(w, path, 1, "v1"), is_v2 = path->count == 2 && is_part(w, path, 1, "v2");
    if (!is_v1 && !is_v2) {
        struct str text = path_text(w, path);
        walk_error(w, walk_token_loc(w, path->first), "invalid import `%.*s`, must be one of: `rego.v1`, `rego.v2`",
                   (int)text.len, text.p);
    } else if (has_alias) {
        walk_error(w, walk_token_loc(w, alias), "`rego` imports cannot be aliased");
    } else {
        w->is_raised = true;
        w->keywords |= is_v1 ? KEYWORDS_V1 : KEYWORDS_V2;
        w->not_bodies |= is_v2;
    }
}

static void apply_future(struct walk *w, const struct seen *path, bool has_alias, uint32_t alias)
{
    struct loc loc = walk_token_loc(w, path->first);
    if (!is_part(w, path, 1, "keywords")) {
        walk_error(w, loc, "invalid import, must be `future.keywords`");
        return;
    }
    if (has_alias) {
        walk_error(w, walk_token_loc(w, alias), "`future` imports cannot be aliased");
        return;
    }
    if (path->count != 3) {
        w->keywords |= KEYWORDS_V2;
        w->not_bodies = true;
        return;
    }
    struct str word = path_part(w, path, 2);
    enum token_kind kind = word.len >= 2 && word.len <= 8 ? token_of_word(word.p, word.len) : TOKEN_IDENT;
    unsigned bit = kind == TOKEN_NOT ? KEYWORD_NOT : token_keyword_bit(kind);
    if (bit == 0) {
        walk_error(w, loc, "unexpected keyword, must be one of [and contains every if in not or]");
        return;
    }
    w->keywords |= bit == KEYWORD_EVERY ? KEYWORD_EVERY | KEYWORD_IN : bit;
    w->not_bodies |= bit == KEYWORD_NOT;
}

/* as name */
static bool walk_alias(struct walk *w, uint32_t *ret_alias)
{
    walk_scan(w);
    if (w->now.kind != TOKEN_IDENT) {
        walk_illegal(w, "expected var");
        return false;
    }
    *ret_alias = w->now.at;
    struct seen s = walk_term(w);
    if (s.ok && s.kind == TERM_VAR)
        return true;
    if (s.ok && s.kind == TERM_REF && s.count == 1) {
        struct str name = walk_text(w, s.first, s.first + 1);
        walk_error(w, walk_token_loc(w, s.first), "unexpected import alias, must not be a reserved name, got: %.*s",
                   (int)name.len, name.p);
        return false;
    }
    walk_illegal(w, "expected var");
    return false;
}

static bool check_last(struct walk *w, const struct seen *path)
{
    if (path->count > 1 && is_part(w, path, 0, "future"))
        return true;
    struct str last = path_part(w, path, path->count - 1);
    if (!is_keyword_name(w, last))
        return true;
    walk_hint(w, "import a different path or use an alias");
    uint32_t at = path->end - 1 - (w->items[path->end - 1].kind == TOKEN_RBRACK);
    walk_error(w, walk_token_loc(w, at), "unexpected import path, must not end with a keyword, got: %.*s", (int)last.len, last.p);
    return false;
}

static void walk_import(struct walk *w)
{
    struct walk q = walk_present(w);
    struct seen path = walk_term(&q);
    bool is_ref = path.ok && path.kind == TERM_REF, is_var = path.ok && path.kind == TERM_VAR;
    w->now.kind = q.now.kind;
    if (is_ref && path.odd != 0) {
        walk_error(w, walk_token_loc(w, path.odd), "unexpected %s token: expecting string", term_kind_name(path.odd_kind));
        return;
    }
    w->now = q.now;
    if (!is_ref && !is_var) {
        walk_error(w, walk_loc(w), "expected path");
        return;
    }
    path.count = is_var ? 1 : path.count;
    bool is_rego = is_part(w, &path, 0, "rego"), is_future = is_part(w, &path, 0, "future");
    if (!is_rego && !is_future && !is_part(w, &path, 0, "data") && !is_part(w, &path, 0, "input")) {
        struct str root = path_part(w, &path, 0);
        walk_hint(w, "if this is unexpected, try updating OPA");
        walk_error(w, walk_token_loc(w, path.first),
                   "unexpected import path, must begin with one of: {data, future, input, rego}, got: %.*s", (int)root.len,
                   root.p);
        return;
    }
    uint32_t alias = 0;
    bool has_alias = w->now.kind == TOKEN_AS;
    if (has_alias ? !walk_alias(w, &alias) : !check_last(w, &path))
        return;
    if (w->now.kind == TOKEN_MINUS) {
        walk_illegal_token(w);
        return;
    }
    if (is_rego)
        apply_rego(w, &path, has_alias, alias);
    else if (is_future)
        apply_future(w, &path, has_alias, alias);
    if ((is_rego || is_future) && w->now.kind == TOKEN_IDENT)
        w->now.kind = (uint8_t)walk_kind_at(w, w->now.at);
}

/* ---- rules ---- */

struct head_seen {
    bool ok, uses_contains, has_value, is_generated, has_args, has_key;
    struct seen ref;
    struct seen value;
    uint32_t first, value_first; /* tokens */
};

static bool is_head_operator(unsigned kind)
{
    switch (kind) {
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_MUL:
    case TOKEN_DIV:
    case TOKEN_REM:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_EQUAL:
    case TOKEN_NEQ:
    case TOKEN_GT:
    case TOKEN_GTE:
    case TOKEN_LT:
    case TOKEN_LTE:
        return true;
    default:
        return false;
    }
}

/* A head's name and what belongs to it; blanks may stand behind the name. */
static struct seen walk_head_name(struct walk *w)
{
    struct seen s = walk_var(w);
    walk_scan_blank(w);
    if (w->now.kind != WALK_BLANK && is_head_operator(w->now.kind))
        walk_illegal_token(w);
    else if (w->now.kind == WALK_BLANK)
        walk_scan(w);
    if (w->now.kind == TOKEN_LPAREN || w->now.kind == TOKEN_DOT || w->now.kind == TOKEN_LBRACK)
        return walk_ref(w, s);
    if (w->now.kind == WALK_BLANK)
        walk_scan(w);
    struct str name = walk_text(w, s.first, s.end);
    if (str_equal(name, STR("input")) || str_equal(name, STR("data"))) {
        s.kind = TERM_REF;
        s.head_kind = TERM_VAR;
        s.count = 1;
    }
    return s;
}

static struct term *parse_text(struct walk *w, struct str text)
{
    struct compiler *c = w->p->c;
    size_t diags = c->diag_count, sources = c->source_count;
    enum rego_version version = c->options.version;
    struct query q = {0};
    if ((w->keywords & KEYWORD_IN) != 0)
        c->options.version = REGO_V1;
    bool good = parse_query(c, text, &q);
    c->options.version = version;
    c->diag_count = diags;
    c->source_count = sources;
    if (!good || q.body.count != 1)
        return NULL;
    struct expr *e = q.body.items[0];
    if (e->kind == EXPR_TERM)
        return e->term;
    return e->kind == EXPR_CALL ? ast_list(w->p->arena, TERM_CALL, e->terms.items, e->terms.count, e->loc) : NULL;
}

/* Text as OPA would print the term that it is. */
static struct str as_printed(struct walk *w, struct str text)
{
    struct term *t = parse_text(w, text);
    if (t == NULL)
        return text;
    struct buf b;
    buf_init(&b, w->p->arena);
    ast_write_term(&b, t);
    return buf_view(&b);
}

/* A head's reference, for examples in messages. */
static struct str head_text(struct walk *w, const struct head_seen *h)
{
    return as_printed(w, walk_text(w, h->first, h->ref.kind == TERM_CALL ? h->ref.ref_end : h->ref.end));
}

static void walk_contains(struct walk *w, struct head_seen *h)
{
    struct str name = head_text(w, h);
    h->uses_contains = true;
    if (h->has_args)
        walk_illegal(w,
                     "the contains keyword can only be used with multi-value rule definitions (e.g., %.*s contains <VALUE> { ... "
                     "})",
                     (int)name.len, name.p);
    walk_scan(w);
    h->has_key = walk_any(w).ok;
    if (!h->has_key)
        walk_illegal(w, "expected rule key term (e.g., %.*s contains <VALUE> { ... })", (int)name.len, name.p);
}

static void walk_value(struct walk *w, struct head_seen *h, bool is_default)
{
    bool is_assign = w->now.kind == TOKEN_ASSIGN;
    walk_scan(w);
    h->value_first = w->now.at;
    h->value = walk_any(w);
    h->has_value = h->value.ok;
    if (h->has_value)
        return;
    struct str text = head_text(w, h);
    int len = (int)text.len;
    if (!is_assign)
        walk_illegal(w, "expected rule value term (e.g., %.*s[%%!s(*ast.Term=<nil>)] = <VALUE> { ... })", len, text.p);
    else if (h->has_args && h->ref.count > 0)
        walk_illegal(w, "expected function value term (e.g., %.*s(...) := <VALUE> { ... })", len, text.p);
    else if (is_default)
        walk_illegal(w, "expected default rule value term (e.g., default %.*s := <VALUE>)", len, text.p);
    else
        walk_illegal(w, "expected rule value term (e.g., %.*s := <VALUE> { ... })", len, text.p);
}

static struct head_seen walk_head(struct walk *w, bool is_default)
{
    struct head_seen h = {.first = w->now.at};
    h.ref = walk_head_name(w);
    if (!h.ref.ok) {
        walk_illegal(w, "expected rule head name");
        return h;
    }
    h.has_args = h.ref.kind == TERM_CALL;
    if (h.has_args && h.ref.head_kind != TERM_VAR) {
        struct str text = head_text(w, &h);
        walk_illegal(w, "rule head ref %.*s invalid", (int)text.len, text.p);
        return h;
    }
    if (!h.has_args && h.ref.kind != TERM_VAR && h.ref.kind != TERM_REF)
        return h;
    h.ok = true;
    if (w->now.kind == TOKEN_CONTAINS) {
        walk_contains(w, &h);
        return h;
    }
    if (w->now.kind == TOKEN_UNIFY || w->now.kind == TOKEN_ASSIGN)
        walk_value(w, &h, is_default);
    uint32_t parts = h.has_args ? h.ref.ref_count : h.ref.kind == TERM_VAR ? 1 : h.ref.count;
    if (!h.has_value && (parts != 2 || (h.has_args && h.ref.count > 0)))
        h.has_value = h.is_generated = true;
    return h;
}

/* What of the value of a default rule would have to be evaluated: parsed for once, to look into it. */
static const char *find_dynamic(const struct term *t)
{
    const char *found = NULL;
    switch (t->kind) {
    case TERM_VAR:
    case TERM_REF:
    case TERM_CALL:
        return term_kind_name(t->kind);
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        for (size_t i = 0; found == NULL && i < t->list.count; i++)
            found = find_dynamic(t->list.items[i]);
        return found;
    case TERM_TEMPLATE:
        for (size_t i = 0; found == NULL && i < t->template->count; i++) {
            const struct expr *e = t->template->parts[i].expr;
            if (e != NULL)
                found = e->kind == EXPR_TERM ? find_dynamic(e->term) : "ref";
        }
        return found;
    default:
        return NULL;
    }
}

static bool check_default_args(struct walk *w, const struct head_seen *h, struct loc loc)
{
    struct term *call = parse_text(w, walk_text(w, h->first, h->ref.end));
    for (size_t i = 1; call != NULL && call->kind == TERM_CALL && i < call->list.count; i++) {
        const struct term *arg = call->list.items[i];
        if (arg->kind != TERM_VAR) {
            walk_error(w, loc, "illegal default rule (arguments cannot contain %s)", term_kind_name(arg->kind));
            return false;
        }
        for (size_t j = 1; j < i; j++)
            if (call->list.items[j]->var == arg->var) {
                walk_error(w, loc, "illegal default rule (arguments cannot be repeated %s)", arg->var->text);
                return false;
            }
    }
    return true;
}

/* The default rule whose word stands at token first is read; is it one? */
static bool walk_default(struct walk *w, const struct head_seen *h, uint32_t first)
{
    struct loc loc = walk_token_loc(w, first);
    if (!h->has_value) {
        walk_error(w, loc, "illegal default rule (must have a value)");
        return false;
    }
    if (!h->is_generated) {
        struct term *t = parse_text(w, walk_text(w, h->value_first, h->value.end));
        const char *dynamic = t == NULL ? NULL : find_dynamic(t);
        if (dynamic != NULL) {
            walk_error(w, loc, "illegal default rule (value cannot contain %s)", dynamic);
            return false;
        }
    }
    return !h->has_args || h->ref.count == 0 || check_default_args(w, h, loc);
}

/* Follows a word that cannot name a rule: is it used as a name nevertheless? */
static bool names_rule(unsigned keyword, unsigned next)
{
    bool is_head = next == TOKEN_IF || next == TOKEN_CONTAINS, is_value = next == TOKEN_ASSIGN || next == TOKEN_UNIFY;
    switch (keyword) {
    case TOKEN_EVERY:
    case TOKEN_IF:
    case TOKEN_IN:
    case TOKEN_SOME:
    case TOKEN_AS:
        return is_value || is_head || next == TOKEN_LPAREN;
    case TOKEN_PACKAGE:
    case TOKEN_IMPORT:
        return is_value || next == TOKEN_LPAREN;
    case TOKEN_NOT:
    case TOKEN_LOGICAL_AND:
    case TOKEN_LOGICAL_OR:
        return is_value || is_head;
    case TOKEN_CONTAINS:
        return is_head;
    default:
        return false;
    }
}

static bool is_rule_keyword(unsigned kind)
{
    return names_rule(kind, TOKEN_IF) || names_rule(kind, TOKEN_ASSIGN);
}

static bool walk_keyword_name(struct walk *w, bool is_default)
{
    unsigned keyword = w->now.kind;
    if (keyword == WALK_BLANK || !is_rule_keyword(keyword))
        return false;
    struct loc loc = walk_loc(w);
    if (!is_default) {
        struct place start = w->now;
        walk_scan(w);
        unsigned next = w->now.kind;
        w->now = start;
        if (!names_rule(keyword, next))
            return false;
    }
    walk_error(w, loc, "%s keyword cannot be used for rule name", token_text(keyword));
    return true;
}

static bool walk_braced(struct walk *w)
{
    walk_scan(w);
    if (!walk_body(w, TOKEN_RBRACE).ok)
        return false;
    walk_scan(w);
    return true;
}

static bool walk_else(struct walk *w)
{
    while (w->now.kind == TOKEN_ELSE) {
        walk_scan(w);
        if (w->now.kind == TOKEN_ASSIGN || w->now.kind == TOKEN_UNIFY) {
            walk_scan(w);
            if (!walk_any(w).ok)
                return false;
        } else if (w->now.kind != TOKEN_LBRACE && w->now.kind != TOKEN_IF) {
            walk_illegal(w, "expected else value term or rule body");
            return false;
        }
        bool has_if = w->now.kind == TOKEN_IF;
        if (!has_if && w->now.kind != TOKEN_LBRACE)
            return true;
        if (has_if)
            walk_scan(w);
        if (w->now.kind == TOKEN_LBRACE) {
            if (!walk_braced(w))
                return false;
        } else if (w->now.kind == TOKEN_EOF) {
            walk_illegal(w, "rule body expected");
            return false;
        } else if (!walk_literal(w).ok) {
            return false;
        }
    }
    return true;
}

/* Behind if: a literal, or a body in braces. */
static bool walk_if(struct walk *w)
{
    walk_scan(w);
    struct place start = w->now;
    bool has_brace = w->now.kind == TOKEN_LBRACE;
    struct seen_expr e = walk_literal(w);
    if (e.ok && !(has_brace && e.is_term && e.term.kind == TERM_SET))
        return true;
    if (!has_brace && !e.ok)
        return false;
    w->now = start;
    return walk_braced(w);
}

/* A rule with a body; false: there is none here, or an error. */
static bool walk_rule(struct walk *w)
{
    uint32_t first = w->now.at;
    bool is_default = false;
    (void)walk_ahead_ref(w);
    if (w->now.kind == TOKEN_DEFAULT) {
        is_default = true;
        walk_scan(w);
        (void)walk_ahead_ref(w);
    }
    if (w->now.kind != TOKEN_IDENT) {
        if (is_default)
            walk_keyword_name(w, true);
        return false;
    }
    struct head_seen h = walk_head(w, is_default);
    if (!h.ok)
        return false;
    if (is_default)
        return walk_default(w, &h, first);
    bool has_if = w->now.kind == TOKEN_IF;
    uint32_t parts = h.has_args ? h.ref.ref_count : h.ref.kind == TERM_VAR ? 1 : h.ref.count;
    bool is_pair = !h.uses_contains && parts == 2;
    if (is_pair && h.ref.head_kind != TERM_VAR)
        return false;
    bool has_no_args = !h.has_args || h.ref.count == 0;
    if (is_pair && has_if && has_no_args)
        h.has_key |= !h.has_args && (!h.ref.second_is_ground || h.ref.second == TERM_REF);
    if (is_pair && !has_if && has_no_args)
        h.has_key = true;
    if (has_if) {
        if (!walk_if(w))
            return false;
    } else if (w->now.kind == TOKEN_LBRACE) {
        if (!walk_braced(w))
            return false;
    } else {
        return h.uses_contains;
    }
    bool has_else = false;
    if (w->now.kind == TOKEN_ELSE && !walk_ahead_ref(w)) {
        bool is_cut = is_pair && !has_if && has_no_args && !h.has_value; /* p[x] { } is the set p */
        if (parts > 1 && !h.ref.is_ground && !h.has_args && !is_cut) {
            walk_error(w, walk_loc(w), "else keyword cannot be used on rules with variables in head");
            return false;
        }
        if (h.has_key) {
            walk_error(w, walk_loc(w), "else keyword cannot be used on multi-value rules");
            return false;
        }
        has_else = true;
        if (!walk_else(w))
            return false;
    }
    while (w->now.kind == TOKEN_LBRACE) {
        if (has_else) {
            walk_error(w, walk_loc(w), "expected else keyword");
            return false;
        }
        if (!walk_braced(w))
            return false;
    }
    return true;
}

/* ---- statements ---- */

/* 1: read; 0: not such a statement; -1: an error that ends the walk. */
static int walk_path_statement(struct walk *w, enum token_kind kind)
{
    if (w->now.kind != kind)
        return 0;
    struct place start = w->now;
    int path = walk_path_start(w);
    if (path > 0) {
        if (kind == TOKEN_PACKAGE)
            walk_package(w);
        else
            walk_import(w);
        return w->now.errors == NULL ? 1 : -1;
    }
    if (path < 0)
        return -1;
    w->now = start;
    return 0;
}

/* A statement without a body that cannot be a rule. */
struct odd {
    struct seen_body body;
    const char *word; /* the keyword that would have to be imported */
    uint32_t package; /* token of a package that comes too late, before any such statement; 0: none */
};

static bool is_unify(const struct seen_expr *e)
{
    return e->is_call && (e->term.call == CALL_EQ || e->term.call == CALL_ASSIGN);
}

static bool is_odd(const struct seen_body *b)
{
    const struct seen_expr *e = &b->expr;
    if (b->count != 1 || e->has_with || e->is_negated || !(e->is_term || e->is_call))
        return true;
    if (e->is_term)
        return e->term.kind != TERM_REF || e->term.head_kind != TERM_VAR || e->term.count == 1;
    if (!is_unify(e))
        return e->term.is_operator;
    if (e->term.left == TERM_REF)
        return e->term.head_kind != TERM_VAR;
    return e->term.infix != 0 && e->term.left != TERM_VAR && e->term.left != TERM_CALL;
}

static void refuse_ref(struct walk *w, const struct seen_expr *e)
{
    struct loc loc = walk_token_loc(w, e->first);
    struct str text = as_printed(w, walk_text(w, e->term.first, e->is_term ? e->term.end : e->term.ref_end));
    if (e->is_term && e->term.count == 1)
        walk_error(w, loc, "refs cannot be used for rule head");
    else
        walk_error(w, loc, "invalid rule head: %.*s", (int)text.len, text.p);
}

/* The module's own first error about such a statement. */
static void refuse_odd(struct walk *w, const struct odd *o)
{
    const struct seen_expr *e = &o->body.expr;
    struct loc loc = walk_token_loc(w, e->first);
    w->is_late = true;
    if (o->package != 0) {
        walk_error(w, walk_token_loc(w, o->package), "unexpected package");
        return;
    }
    if (o->word != NULL && w->p->filter.version == REGO_V0 && !w->is_raised)
        walk_hint(w, "`import future.keywords.%s` for `%s` rules", o->word, o->word[0] == 'i' ? "p if { ... }" : "p contains x");
    if (o->body.count != 1)
        walk_error(w, loc, "multiple expressions cannot be used for rule head");
    else if (e->has_with)
        walk_error(w, loc, "expressions using with keyword cannot be used for rule head");
    else if (e->is_negated)
        walk_error(w, loc, "negated expressions cannot be used for rule head");
    else if (e->is_some)
        walk_error(w, loc, "'some' declarations cannot be used for rule head");
    else if (e->is_term && e->term.kind == TERM_REF)
        refuse_ref(w, e);
    else if (e->is_term)
        walk_error(w, loc, "%s cannot be used for rule name", term_kind_name(e->term.kind));
    else if (!e->is_call)
        walk_error(w, loc, "expression cannot be used for rule head");
    else if (is_unify(e) && e->term.left == TERM_REF)
        refuse_ref(w, e);
    else if (is_unify(e))
        walk_error(w, loc, "%s cannot be used for rule name", term_kind_name(e->term.left));
    else
        walk_error(w, loc, "rule name conflicts with built-in function");
}

static const char *word_at(const struct walk *w, uint32_t token)
{
    struct str text = token_str(&w->p->tokens, &w->items[token]);
    return str_equal(text, STR("if")) ? "if" : str_equal(text, STR("contains")) ? "contains" : NULL;
}

/* Is the odd statement a keyword of heads, or does one follow in its row? */
static const char *head_word(const struct walk *w, const struct odd *o)
{
    const struct token *t = &w->items[w->now.at];
    const struct seen *s = &o->body.expr.term;
    if (o->body.expr.is_term && s->kind == TERM_VAR && word_at(w, s->first) != NULL)
        return word_at(w, s->first);
    if (t->row != w->items[o->body.expr.first].row)
        return NULL;
    return word_at(w, w->now.at);
}

void walk_statements(struct walk *w)
{
    bool is_query = w->p->filter.is_query;
    struct odd odd = {0};
    struct loc first = walk_loc(w);
    bool has_package = w->now.kind == TOKEN_PACKAGE || w->now.at != 0;
    while (w->now.kind != TOKEN_EOF && w->now.errors == NULL && !w->p->no_memory) {
        if (!is_query && walk_keyword_name(w, false))
            return;
        uint32_t at = w->now.at;
        int done = walk_path_statement(w, TOKEN_PACKAGE);
        if (done > 0 && at != 0 && !odd.body.ok && odd.package == 0)
            odd.package = at;
        if (done == 0)
            done = walk_path_statement(w, TOKEN_IMPORT);
        if (done < 0)
            return;
        if (done > 0)
            continue;
        struct place start = w->now;
        if (!is_query) {
            if (walk_rule(w))
                continue;
            if (w->now.errors != NULL)
                return;
            w->now = start;
        }
        struct seen_body body = walk_query(w, true, TOKEN_EOF);
        if (!body.ok)
            return;
        if (!odd.body.ok && is_odd(&body)) {
            odd.body = body;
            odd.word = head_word(w, &odd);
        }
    }
    if (w->now.errors != NULL || is_query)
        return;
    if (!has_package) {
        w->is_late = true;
        walk_error(w, first, "package expected");
    } else if (odd.body.ok || odd.package != 0) {
        refuse_odd(w, &odd);
    }
}

/* The oldest error. */
static const struct note *first_error(const struct walk *w)
{
    const struct note *n = w->now.errors;
    while (n != NULL && n->older != NULL)
        n = n->older;
    return n;
}

void parse_explain(struct parse *p, size_t first)
{
    uint64_t work = 1000 + 50 * (uint64_t)p->tokens.count;
    bool is_first = p->c->diag_count == p->diags_before;
    struct walk w = {.p = p,
                     .items = p->tokens.items,
                     .keywords = is_first ? p->first_keywords : p->filter.keywords,
                     .work = &work};
    w.not_bodies = (w.keywords & KEYWORD_NOT) != 0;
    w.now.at = is_first ? 0 : (uint32_t)first;
    w.now.kind = WALK_BLANK;
    walk_scan(&w);
    walk_statements(&w);
    const struct note *n = first_error(&w);
    if (n != NULL && work != 0) {
        struct str details = diag_details(p->arena, p->tokens.text, n->loc.offset);
        struct diag d = {.code = ERR_PARSE, .loc = n->loc, .message = n->text, .details = w.is_late ? STR("") : details};
        diag_push(p->c, &d);
        return;
    }
    if (p->filter.deep != 0) {
        parse_error(p, token_loc(p, &p->tokens.items[p->filter.deep]), "max parsing recursion depth exceeded");
        return;
    }
    const struct token *t = &p->tokens.items[p->next == 0 ? 0 : p->next - 1];
    parse_error(p, token_loc(p, t), "unexpected %s %s", token_text(t->kind), token_is_keyword(t->kind) ? "keyword" : "token");
}
