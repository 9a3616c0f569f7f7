/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.metadata.rule() and rego.metadata.chain(): the first expressions of a rule that calls them bind what they give, and
 * the calls become these variables.
 *
 * Annotations are found by the node of the rule tree that they belong to.
 */
#include "lang/annotation.h"
#include "lang/passes.h"
#include "lang/sort.h"
#include "lang/ast_walk.h"

/* ---- terms ---- */

static struct term *make_term(struct passes *s, struct value v);

static bool push_item(struct passes *s, struct term *list, struct value v)
{
    struct term *t = make_term(s, v);
    return t != NULL && terms_push(&s->c->arena, &list->list, t);
}

static bool push_members(struct passes *s, struct term *t, struct value v)
{
    const struct member *members = object_members(v.object);
    for (size_t i = 0; i < value_count(v); i++)
        if (!push_item(s, t, members[i].key) || !push_item(s, t, members[i].value))
            return false;
    return true;
}

static struct term *make_term(struct passes *s, struct value v)
{
    struct arena *a = &s->c->arena;
    const struct loc nowhere = {0};
    struct term *t;
    if (v.kind == VALUE_OBJECT) {
        t = ast_term(a, TERM_OBJECT, nowhere);
        if (t == NULL || !push_members(s, t, v))
            return NULL;
    } else if (v.kind == VALUE_ARRAY) {
        t = ast_term(a, TERM_ARRAY, nowhere);
        for (size_t i = 0; t != NULL && i < v.len; i++)
            if (!push_item(s, t, v.items[i]))
                return NULL;
    } else {
        t = ast_scalar(a, v, nowhere);
    }
    if (t != NULL)
        t->constant = true;
    return t;
}

static bool put_term(struct passes *s, struct term *object, struct str key, struct term *value)
{
    struct term *k = make_term(s, value_str(key));
    return k != NULL && value != NULL && terms_push(&s->c->arena, &object->list, k) &&
           terms_push(&s->c->arena, &object->list, value);
}

static bool put(struct passes *s, struct term *object, struct str key, struct value value)
{
    return put_term(s, object, key, make_term(s, value));
}

static bool put_text(struct passes *s, struct term *object, struct str key, struct str text)
{
    return text.len == 0 || put(s, object, key, value_str(text));
}

static bool put_value(struct passes *s, struct term *object, struct str key, struct value v)
{
    return v.kind == VALUE_UNDEFINED || value_count(v) == 0 || put(s, object, key, v);
}

/* A reference as an array: variables as strings. */
static struct term *path_term(struct passes *s, const struct terms *ref, size_t from)
{
    struct term *t = ast_term(&s->c->arena, TERM_ARRAY, (struct loc){0});
    for (size_t i = from; t != NULL && i < ref->count; i++) {
        const struct term *part = ref->items[i];
        struct value v = part->kind == TERM_VAR ? value_str(atom_str(part->var)) : part->scalar;
        if ((part->kind > TERM_STRING && part->kind != TERM_VAR) || !push_item(s, t, v))
            return NULL;
    }
    if (t != NULL)
        t->constant = true;
    return t;
}

static bool put_schemas(struct passes *s, struct term *object, const struct annotation *n)
{
    if (n->schema_count == 0)
        return true;
    struct term *list = ast_term(&s->c->arena, TERM_ARRAY, (struct loc){0});
    for (size_t i = 0; list != NULL && i < n->schema_count; i++) {
        const struct schema_annotation *schema = &n->schemas[i];
        struct term *one = ast_term(&s->c->arena, TERM_OBJECT, (struct loc){0});
        if (one == NULL || !terms_push(&s->c->arena, &list->list, one))
            return false;
        if (schema->path.count > 0 && !put_term(s, one, STR("path"), path_term(s, &schema->path, 0)))
            return false;
        if (schema->schema.count > 0 && !put_term(s, one, STR("schema"), path_term(s, &schema->schema, 0)))
            return false;
        if (schema->definition.kind != VALUE_UNDEFINED && !put(s, one, STR("definition"), schema->definition))
            return false;
    }
    return list != NULL && put_term(s, object, STR("schemas"), list);
}

static struct term *annotation_term(struct passes *s, const struct annotation *n)
{
    struct term *t = ast_term(&s->c->arena, TERM_OBJECT, (struct loc){0});
    if (t == NULL)
        return NULL;
    bool ok = put_text(s, t, STR("scope"), n->scope) && put_text(s, t, STR("title"), n->title) &&
              (!n->entrypoint || put(s, t, STR("entrypoint"), (struct value){.kind = VALUE_BOOL, .i = 1})) &&
              put_text(s, t, STR("description"), n->description) &&
              put_value(s, t, STR("organizations"), n->organizations) &&
              put_value(s, t, STR("related_resources"), n->related_resources) &&
              put_value(s, t, STR("authors"), n->authors) && put_schemas(s, t, n) &&
              put_value(s, t, STR("custom"), n->custom) && put_value(s, t, STR("labels"), n->labels);
    t->constant = true;
    return ok ? t : NULL;
}

/* ---- which annotations belong to a rule ---- */

static const struct rule_node *node_of_rule(struct passes *s, const struct rule *r)
{
    struct terms ref = pass_rule_ref(s, r);
    if (ref.items == NULL)
        return NULL;
    ref.count = ref_ground_prefix(&ref);
    return rule_node_find(s->c->rule_tree, &ref);
}

static bool is_of_rule(const struct annotation *n, const struct rule *r)
{
    return n->target == ANNOTATED_RULE && n->rule == r && str_equal(n->scope, STR("rule"));
}

static int compare_last_first(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct loc *x = &(*(struct annotation *const *)a)->loc, *y = &(*(struct annotation *const *)b)->loc;
    return x->row != y->row ? (x->row < y->row) - (x->row > y->row) : (x->col < y->col) - (x->col > y->col);
}

struct chain {
    struct passes *s;
    struct term *list;
};

static bool add_link(struct chain *chain, const struct terms *path, const struct annotation *n)
{
    struct passes *s = chain->s;
    struct term *link = ast_term(&s->c->arena, TERM_OBJECT, (struct loc){0});
    if (link == NULL || (n != NULL && !put_term(s, link, STR("annotations"), annotation_term(s, n))))
        return false;
    link->constant = true;
    return put_term(s, link, STR("path"), path_term(s, path, 1)) && terms_push(&s->c->arena, &chain->list->list, link);
}

static bool add_annotation(struct chain *chain, const struct annotation *n)
{
    struct terms path;
    return n == NULL || (annotation_path(&chain->s->c->arena, n, &path) && add_link(chain, &path, n));
}

/* The rule's own, those nearest to it first; at least one link for the rule. */
static bool add_own(struct chain *chain, const struct rule *r)
{
    struct passes *s = chain->s;
    const struct module *m = r->module;
    struct annotation **own = arena_array(&s->c->arena, m->annotation_count, sizeof *own);
    size_t count = 0;
    if (own == NULL)
        return false;
    for (size_t i = 0; i < m->annotation_count; i++)
        if (is_of_rule(m->annotations[i], r))
            own[count++] = m->annotations[i];
    if (!sort_stable(&s->c->arena, own, count, sizeof *own, compare_last_first, NULL))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_annotation(chain, own[i]))
            return false;
    if (count > 0)
        return true;
    struct terms ref = pass_rule_ref(s, r);
    ref.count = ref.items != NULL ? ref_ground_prefix(&ref) : 0;
    return ref.items != NULL && add_link(chain, &ref, NULL);
}

/* From the rule outward: its own, its document's, its package's, those of the packages around. */
static struct term *chain_of(struct passes *s, const struct rule *r)
{
    const struct annotations *all = s->annotations;
    struct chain chain = {s, ast_term(&s->c->arena, TERM_ARRAY, (struct loc){0})};
    const struct rule_node *n = node_of_rule(s, r), *package = rule_node_find(s->c->rule_tree, &r->module->package);
    if (chain.list == NULL || !add_own(&chain, r))
        return NULL;
    if ((n != NULL && !add_annotation(&chain, all->by_path[n->id])) || !add_annotation(&chain, all->by_package[package->id]))
        return NULL;
    for (const struct rule_node *p = package; p != NULL; p = p->parent)
        if (!add_annotation(&chain, all->by_path[p->id]))
            return NULL;
    chain.list->constant = true;
    return chain.list;
}

/* What rego.metadata.rule() gives: the first block above the rule. */
static struct term *own_of(struct passes *s, const struct rule *r)
{
    const struct module *m = r->module;
    const struct annotation *first = NULL;
    for (size_t i = 0; i < m->annotation_count; i++)
        if (is_of_rule(m->annotations[i], r) && (first == NULL || m->annotations[i]->loc.row < first->loc.row))
            first = m->annotations[i];
    if (first != NULL)
        return annotation_term(s, first);
    struct term *empty = ast_term(&s->c->arena, TERM_OBJECT, (struct loc){0});
    if (empty != NULL)
        empty->constant = true;
    return empty;
}

/* ---- the calls ---- */

enum { METADATA_CHAIN, METADATA_RULE };

struct calls {
    struct passes *s;
    const struct expr *first[2];
    const struct atom *vars[2];
    bool failed;
};

/* Which of the two e calls, or -1. */
static int metadata_call(const struct passes *s, const struct expr *e)
{
    const struct terms *op = expr_operator(e);
    if (op == NULL || op->count != 3 || op->items[0]->kind != TERM_VAR || op->items[0]->var != s->a_rego ||
        !term_is_string(op->items[1], "metadata"))
        return -1;
    return term_is_string(op->items[2], "chain") ? METADATA_CHAIN : term_is_string(op->items[2], "rule") ? METADATA_RULE : -1;
}

static bool find_calls(struct ast_walk *w, struct expr *e)
{
    struct calls *c = w->ctx;
    int which = metadata_call(c->s, e);
    if (which >= 0 && c->first[which] == NULL)
        c->first[which] = e;
    return false;
}

static bool replace_call(struct ast_walk *w, struct expr *e)
{
    struct calls *c = w->ctx;
    struct arena *a = &c->s->c->arena;
    int which = metadata_call(c->s, e);
    if (which < 0 || c->vars[which] == NULL)
        return c->failed;
    struct term *var = ast_var(a, c->vars[which], (struct loc){0});
    struct term *output = e->terms.count > 1 ? e->terms.items[1] : NULL;
    struct expr *eq = output != NULL ? pass_eq(c->s, output, var, e->loc) : NULL;
    if (var == NULL || (output != NULL && eq == NULL)) {
        c->failed = true;
        return true;
    }
    if (output != NULL) {
        e->terms = eq->terms;
    } else {
        e->kind = EXPR_TERM;
        e->term = var;
    }
    e->negated = false;
    e->withs = NULL;
    e->with_count = 0;
    e->generated = true;
    return false;
}

static bool bind(struct calls *c, int which, struct term *value, struct body *out)
{
    if (value == NULL)
        return false;
    value->loc = c->first[which]->loc;
    struct expr *eq = pass_eq_local(c->s, value);
    if (!pass_append(c->s, out, eq))
        return false;
    c->vars[which] = eq->terms.items[1]->var;
    return true;
}

static bool rewrite_rule(struct passes *s, struct rule *r)
{
    struct calls c = {.s = s};
    struct ast_walk find = {.expr = find_calls, .ctx = &c}, replace = {.expr = replace_call, .ctx = &c};
    ast_walk_rule(&find, r);
    if (c.first[METADATA_CHAIN] == NULL && c.first[METADATA_RULE] == NULL)
        return true;
    struct body out = {0};
    if (c.first[METADATA_CHAIN] != NULL && !bind(&c, METADATA_CHAIN, chain_of(s, r), &out))
        return false;
    if (c.first[METADATA_RULE] != NULL && !bind(&c, METADATA_RULE, own_of(s, r), &out))
        return false;
    for (size_t i = 0; i < r->body.count; i++)
        if (!pass_append(s, &out, r->body.items[i]))
            return false;
    r->body = out;
    ast_walk_rule(&replace, r);
    return !c.failed;
}

bool pass_metadata(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_RULE(s, r)
        if ((r->traits & TRAIT_METADATA) != 0 && !rewrite_rule(s, r))
            return false;
    return true;
}

/* ---- annotations ---- */

static bool is_metadata_called(struct passes *s)
{
    EACH_RULE(s, r) {
        struct calls c = {.s = s};
        struct ast_walk find = {.expr = find_calls, .ctx = &c};
        if ((r->traits & TRAIT_METADATA) != 0)
            ast_walk_rule(&find, r);
        if (c.first[METADATA_CHAIN] != NULL || c.first[METADATA_RULE] != NULL)
            return true;
    }
    return false;
}

/* Modules that were parsed without their annotations get them now. */
bool pass_metadata_parse(struct compiler *c)
{
    size_t before = c->diag_count;
    if (!is_metadata_called(c->passes))
        return true;
    EACH_MODULE(c->passes, m)
        if (m->annotation_count == 0 && m->comment_count > 0 && (!annotation_parse(c, m) || !annotation_attach(c, m)))
            return false;
    return c->diag_count == before;
}

static void report_again(struct passes *s, const struct annotation *n, const struct annotation *first)
{
    struct str at = pass_loc_text(s, first->loc);
    (void)diag_add(s->c, ERR_TYPE, n->loc, "%.*s annotation redeclared: %.*s", (int)n->scope.len, n->scope.p, (int)at.len, at.p);
}

static bool add_to_set(struct passes *s, struct annotation *n)
{
    struct annotations *all = s->annotations;
    const struct rule_node *node = NULL;
    struct annotation **list = all->by_path;
    if (n->target == ANNOTATED_RULE && str_equal(n->scope, STR("document"))) {
        node = node_of_rule(s, n->rule);
    } else if (n->target == ANNOTATED_PACKAGE) {
        list = str_equal(n->scope, STR("package")) ? all->by_package : all->by_path;
        node = rule_node_find(s->c->rule_tree, &n->module->package);
    }
    if (node == NULL)
        return true;
    if (list[node->id] != NULL)
        report_again(s, n, list[node->id]);
    else
        list[node->id] = n;
    return true;
}

bool pass_annotations(struct compiler *c)
{
    struct passes *s = c->passes;
    size_t before = c->diag_count, count = 0;
    EACH_MODULE(s, m)
        count += m->annotation_count;
    if (count == 0 && !is_metadata_called(s))
        return true;
    s->annotations = arena_zeroed(&c->arena, 1, sizeof *s->annotations);
    if (s->annotations == NULL)
        return false;
    s->annotations->by_path = arena_zeroed(&c->arena, s->node_count, sizeof(struct annotation *));
    s->annotations->by_package = arena_zeroed(&c->arena, s->node_count, sizeof(struct annotation *));
    if (s->annotations->by_path == NULL || s->annotations->by_package == NULL)
        return false;
    EACH_MODULE(s, m)
        for (size_t i = 0; i < m->annotation_count; i++)
            if (!add_to_set(s, m->annotations[i]))
                return false;
    return c->diag_count == before;
}
