/* SPDX-License-Identifier: Apache-2.0
 *
 * The conditions by which OPA's rule index (v1/ast/index.go) leaves definitions out, as code that is run without events before
 * traced code enters a definition.
 *
 * A literal counts when it constrains a reference into input or base data, or an argument, by what is known when compiling:
 * equality, membership, prefixes and suffixes, simple globs, definedness. Such literals are generated as they stand, so a
 * definition is left out only when its body could not hold. Left out here though OPA's index has them: `and`, `or`.
 */
#include "lang/cg.h"
#include "lang/passes.h"

struct known {
    const struct atom *var;
    const struct term *constant; /* NULL: stands for a reference or argument */
    bool is_argument;
};

struct guard {
    struct cg *g;
    struct known *items;
    size_t count, cap;
};

enum use { USE_NOT, USE_TEST, USE_DEFINED };

static const struct known *find(const struct guard *gd, const struct term *t)
{
    if (t->kind != TERM_VAR)
        return NULL;
    for (size_t i = gd->count; i > 0; i--)
        if (gd->items[i - 1].var == t->var)
            return &gd->items[i - 1];
    return NULL;
}

static const struct known *stands_for(const struct guard *gd, const struct term *t)
{
    const struct known *k = find(gd, t);
    return k != NULL && k->constant == NULL ? k : NULL;
}

static void learn(struct guard *gd, const struct atom *var, const struct term *constant, bool is_argument)
{
    if (!arena_grow(gd->g->arena, &gd->items, &gd->cap, gd->count + 1, sizeof *gd->items)) {
        cg_fail(gd->g);
        return;
    }
    gd->items[gd->count++] = (struct known){var, constant, is_argument};
}

/* The constant that t is or is known to be, or NULL. */
static const struct term *constant_of(const struct guard *gd, const struct term *t)
{
    const struct known *k = find(gd, t);
    if (k != NULL)
        return k->constant;
    return term_is_ground_value(t) ? t : NULL;
}

/* Does a reference into data meet rules? */
static bool is_virtual(const struct guard *gd, const struct terms *ref, size_t count)
{
    const struct rule_node *node = gd->g->c->rule_tree;
    for (size_t i = 1; i < count; i++) {
        const struct rule_node *child = NULL;
        const struct term *key = constant_of(gd, ref->items[i]);
        for (size_t k = 0; key != NULL && k < node->child_count; k++)
            if (term_compare(node->children[k]->key, key) == 0)
                child = node->children[k];
        if (child == NULL)
            return false;
        node = child;
        if (node->rule_count > 0)
            return true;
    }
    return true; /* a package */
}

/* Do the first count parts of a reference name a document, or something in an argument, when compiling? */
static bool is_document(const struct guard *gd, const struct term *t, size_t count)
{
    if (t->kind != TERM_REF || t->list.count < count || count == 0)
        return false;
    const struct term *head = t->list.items[0];
    if (head->kind != TERM_VAR)
        return false;
    for (size_t i = 1; i < count; i++) {
        const struct term *key = constant_of(gd, t->list.items[i]);
        if (key == NULL || !term_is_scalar(key))
            return false;
    }
    const struct known *k = stands_for(gd, head);
    if (k != NULL)
        return !k->is_argument;
    if (atom_is(head->var, "input"))
        return true;
    return atom_is(head->var, "data") && !is_virtual(gd, &t->list, count);
}

static bool is_document_or_local(const struct guard *gd, const struct term *t)
{
    const struct known *k = stands_for(gd, t);
    if (k != NULL)
        return !k->is_argument;
    return t->kind == TERM_VAR ? atom_is(t->var, "input") : is_document(gd, t, t->list.count);
}

/* A scalar, a variable, or an array of them: what a trie can be built of. */
static bool is_index_value(const struct term *t)
{
    if (term_is_scalar(t) || t->kind == TERM_VAR)
        return true;
    if (t->kind != TERM_ARRAY)
        return false;
    for (size_t i = 0; i < t->list.count; i++)
        if (!term_is_scalar(t->list.items[i]) && t->list.items[i]->kind != TERM_VAR)
            return false;
    return true;
}

/* ref[_] = constant: ref holds it. */
static bool is_held(const struct guard *gd, const struct term *ref, const struct term *value)
{
    if (ref->kind != TERM_REF || ref->list.count < 2)
        return false;
    size_t last = ref->list.count - 1;
    const struct term *key = ref->list.items[last], *constant = constant_of(gd, value);
    return key->kind == TERM_VAR && find(gd, key) == NULL && constant != NULL && term_is_scalar(constant) &&
           is_document(gd, ref, last);
}

/* a = b where a is what is constrained. */
static enum use equality(struct guard *gd, const struct term *a, const struct term *b)
{
    if (a->kind == TERM_VAR && !atom_is(a->var, "input")) {
        const struct term *constant = constant_of(gd, b);
        bool constrained = stands_for(gd, a) != NULL && is_index_value(b);
        if (constrained && b->kind == TERM_VAR && find(gd, b) == NULL)
            learn(gd, b->var, NULL, stands_for(gd, a)->is_argument);
        if (!constrained && constant != NULL && find(gd, a) == NULL) {
            learn(gd, a->var, constant, false);
            return USE_TEST;
        }
        return constrained ? USE_TEST : USE_NOT;
    }
    bool is_ref = a->kind == TERM_REF || a->kind == TERM_VAR;
    if (!is_ref || !is_document_or_local(gd, a) || !is_index_value(b))
        return USE_NOT;
    if (b->kind == TERM_VAR && find(gd, b) == NULL)
        learn(gd, b->var, NULL, false);
    return USE_TEST;
}

static enum use member(const struct guard *gd, const struct term *item, const struct term *domain)
{
    if (stands_for(gd, item) != NULL) {
        const struct term *c = constant_of(gd, domain);
        return c != NULL && (c->kind == TERM_ARRAY || c->kind == TERM_SET || c->kind == TERM_OBJECT) ? USE_TEST : USE_NOT;
    }
    const struct term *c = constant_of(gd, item);
    return c != NULL && term_is_scalar(c) && is_document_or_local(gd, domain) ? USE_TEST : USE_NOT;
}

static enum use affix(const struct guard *gd, const struct term *value, const struct term *base, bool any)
{
    const struct term *c = constant_of(gd, base);
    if (!is_document_or_local(gd, value) || c == NULL)
        return USE_NOT;
    return c->kind == TERM_STRING || (any && (c->kind == TERM_ARRAY || c->kind == TERM_SET)) ? USE_TEST : USE_NOT;
}

static bool is_delimiter(struct str delimiters, char c)
{
    return c != '\0' && memchr(delimiters.p, c, delimiters.len) != NULL;
}

/* Parts that are a lone * or plain text. */
static bool is_simple_glob(struct str pattern, struct str delimiters)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.p[i];
        bool lone = (i == 0 || is_delimiter(delimiters, pattern.p[i - 1])) &&
                    (i + 1 == pattern.len || is_delimiter(delimiters, pattern.p[i + 1]));
        if (c == '\\')
            i++;
        else if (c == '[' || c == '?' || c == '{' || (c == '*' && !lone))
            return false;
    }
    return true;
}

static enum use glob(const struct guard *gd, const struct terms *call)
{
    const struct term *pattern = call->items[1], *delimiters = call->items[2], *value = call->items[3];
    char text[16];
    size_t len = 0;
    if (pattern->kind != TERM_STRING || delimiters->kind != TERM_ARRAY || stands_for(gd, value) == NULL)
        return USE_NOT;
    for (size_t i = 0; i < delimiters->list.count; i++) {
        const struct term *d = delimiters->list.items[i];
        struct str s = d->kind == TERM_STRING ? value_text(d->scalar) : STR("");
        if (d->kind != TERM_STRING || s.len > sizeof text - len)
            return USE_NOT;
        memcpy(text + len, s.p, s.len);
        len += s.len;
    }
    struct str all = delimiters->list.count == 0 ? STR(".") : str_of(text, len);
    return is_simple_glob(value_text(pattern->scalar), all) ? USE_TEST : USE_NOT;
}

static enum use use_of_call(struct guard *gd, const struct expr *e)
{
    const struct terms *t = &e->terms;
    size_t operands = t->count - 1;
    if (operands == 2 && (pass_is_eq(gd->g->c->passes, e) || expr_is_call_of(e, "equal"))) {
        const struct term *a = t->items[1], *b = t->items[2];
        if (is_held(gd, a, b) || is_held(gd, b, a))
            return USE_TEST;
        enum use use = equality(gd, a, b);
        return use != USE_NOT ? use : equality(gd, b, a);
    }
    if (operands == 2 && expr_is_call_of(e, "internal.member_2"))
        return member(gd, t->items[1], t->items[2]);
    if (operands == 2 && (expr_is_call_of(e, "startswith") || expr_is_call_of(e, "endswith")))
        return affix(gd, t->items[1], t->items[2], false);
    if (operands == 2 && (expr_is_call_of(e, "strings.any_prefix_match") || expr_is_call_of(e, "strings.any_suffix_match")))
        return affix(gd, t->items[1], t->items[2], true);
    if (operands == 3 && expr_is_call_of(e, "glob.match"))
        return glob(gd, t);
    return USE_NOT;
}

static enum use use_of(struct guard *gd, const struct expr *e)
{
    if (e->with_count > 0 || e->negated)
        return USE_NOT;
    if (e->kind == EXPR_TERM && e->term->kind == TERM_REF)
        return is_document(gd, e->term, e->term->list.count) ? USE_DEFINED : USE_NOT;
    return e->kind == EXPR_CALL ? use_of_call(gd, e) : USE_NOT;
}

/* Bodies that print are always tried: printing would be lost. */
static bool prints(const struct body *body)
{
    for (size_t i = 0; i < body->count; i++) {
        const struct expr *e = body->items[i];
        if (e->kind == EXPR_CALL && (expr_is_call_of(e, "internal.print") || expr_is_call_of(e, "internal.test_case")))
            return true;
        if ((e->kind == EXPR_EVERY && prints(&e->every->body)) || (e->kind == EXPR_NOT && prints(&e->not_body)) ||
            ((e->kind == EXPR_AND || e->kind == EXPR_OR) && (prints(&e->logic->left) || prints(&e->logic->right))))
            return true;
    }
    return false;
}

void cg_guard(struct cg *g, const struct cg_group *group, const struct rule *r)
{
    struct guard gd = {.g = g};
    size_t trail = g->trail_count;
    if (prints(&r->body))
        return;
    bool traced = g->traced;
    g->traced = false;
    g->last_withs = NULL;
    for (size_t i = 0; group->kind == FUNCTION_CALL && i < r->head->args.count; i++) {
        const struct term *arg = r->head->args.items[i];
        if (arg->kind == TERM_VAR && cg_var(g, arg->var) == NO_REG) {
            cg_bind(g, arg->var, (cg_reg)i);
            learn(&gd, arg->var, NULL, true);
        }
    }
    for (size_t i = 0; i < r->body.count && !g->failed; i++) {
        const struct expr *e = r->body.items[i];
        enum use use = use_of(&gd, e);
        if (use == USE_TEST)
            cg_plain_expr(g, e);
        else if (use == USE_DEFINED)
            (void)cg_term(g, e->term);
    }
    cg_unbind(g, trail);
    g->traced = traced;
}
