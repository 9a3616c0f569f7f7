/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules that cannot live together: of different kinds or arities under one name, below one another, several defaults, named
 * like a package, or where a base document is.
 */
#include "lang/passes.h"
#include "lang/sort.h"

/* A rule found below another. */
struct below {
    struct terms ref;
    struct loc loc;
};

struct found {
    struct passes *s;
    struct below *items;
    size_t count, cap;
    bool functions_only;
    bool failed;
};

static bool is_multi(const struct rule *r)
{
    return r->head->value == NULL;
}

static bool is_ref_ground(const struct rule *r)
{
    return ref_ground_prefix(&r->head->ref) == r->head->ref.count;
}

/* ---- rules below a rule ---- */

static bool has_prefix(const struct terms *ref, const struct terms *prefix)
{
    if (ref->count < prefix->count)
        return false;
    for (size_t i = 0; i < prefix->count; i++)
        if (term_compare(ref->items[i], prefix->items[i]) != 0)
            return false;
    return true;
}

static void collect(struct found *f, const struct rule_node *n)
{
    for (size_t i = 0; i < n->rule_count; i++) {
        const struct rule *r = n->rules[i];
        if (f->functions_only && r->head->args.count == 0)
            continue;
        if (f->count == f->cap && !arena_grow(&f->s->c->arena, &f->items, &f->cap, f->count + 1, sizeof *f->items)) {
            f->failed = true;
            return;
        }
        f->items[f->count++] = (struct below){pass_rule_ref(f->s, r), r->loc};
    }
    for (size_t i = 0; i < n->child_count; i++)
        collect(f, n->children[i]);
}

static int compare_below(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct term x = {.kind = TERM_REF, .list = ((const struct below *)a)->ref};
    const struct term y = {.kind = TERM_REF, .list = ((const struct below *)b)->ref};
    return term_compare(&x, &y);
}

/* Sorted, and without those that are below others. false: none, or out of memory. */
static bool find_below(struct passes *s, const struct rule_node *n, bool functions_only, struct found *ret)
{
    *ret = (struct found){.s = s, .functions_only = functions_only};
    for (size_t i = 0; i < n->child_count; i++)
        collect(ret, n->children[i]);
    if (ret->failed || !sort_stable(&s->c->arena, ret->items, ret->count, sizeof *ret->items, compare_below, NULL))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < ret->count; i++) /* sorted: what a reference is the prefix of follows it */
        if (kept == 0 || !has_prefix(&ret->items[i].ref, &ret->items[kept - 1].ref))
            ret->items[kept++] = ret->items[i];
    ret->count = kept;
    return kept > 0;
}

/* ---- one node ---- */

struct kinds {
    bool single, multi;               /* kinds of rules */
    bool complete, partial;           /* references that are ground and single, or not */
    bool set, object_of_sets;
    bool some_ground, some_general;
    bool arities_differ;
    size_t defaults;
};

static struct kinds kinds_of(const struct rule_node *n)
{
    struct kinds k = {0};
    size_t arity = n->rules[0]->head->args.count;
    for (size_t i = 0; i < n->rule_count; i++) {
        const struct rule *r = n->rules[i];
        bool multi = is_multi(r), ground = is_ref_ground(r);
        k.single = k.single || !multi;
        k.multi = k.multi || multi;
        k.complete = k.complete || (!multi && ground);
        k.partial = k.partial || multi || !ground;
        k.set = k.set || (multi && ground);
        k.object_of_sets = k.object_of_sets || (multi && !ground);
        k.some_ground = k.some_ground || ground;
        k.some_general = k.some_general || !ground;
        k.arities_differ = k.arities_differ || r->head->args.count != arity;
        k.defaults += r->is_default;
    }
    return k;
}

static struct str rule_text(struct passes *s, const struct terms *ref)
{
    struct terms written = pass_written_ref(s, ref);
    return written.items != NULL ? pass_ref_text(s, &written) : STR("");
}

static void report_below(struct passes *s, const struct rule_node *n, struct str name, const struct found *f)
{
    struct buf b;
    buf_init(&b, &s->c->arena);
    for (size_t i = 0; i < f->count; i++) {
        buf_cstr(&b, i == 0 ? ":\n  rule " : "\n  rule ");
        buf_str(&b, rule_text(s, &f->items[i].ref));
        buf_cstr(&b, " at ");
        buf_str(&b, pass_loc_text(s, f->items[i].loc));
    }
    (void)diag_add(s->c, ERR_TYPE, n->rules[0]->loc, "rule %.*s conflicts with%.*s", (int)name.len, name.p, (int)b.len,
                   b.p != NULL ? b.p : "");
}

static void report_defaults(struct passes *s, const struct rule_node *n, struct str name)
{
    struct buf b;
    const struct rule *first = NULL;
    buf_init(&b, &s->c->arena);
    for (size_t i = 0; i < n->rule_count; i++) {
        const struct rule *r = n->rules[i];
        if (!r->is_default)
            continue;
        if (first != NULL)
            buf_cstr(&b, ", ");
        buf_str(&b, pass_loc_text(s, r->loc));
        first = first != NULL ? first : r;
    }
    if (first != NULL)
        (void)diag_add(s->c, ERR_TYPE, first->module->package_loc, "multiple default rules %.*s found at %.*s", (int)name.len,
                       name.p, (int)b.len, b.p != NULL ? b.p : "");
}

static void check_node(struct passes *s, const struct rule_node *n)
{
    struct kinds k = kinds_of(n);
    struct found below = {0};
    bool has_below = n->child_count > 0 && ((k.some_ground && find_below(s, n, false, &below)) ||
                                            (k.some_general && find_below(s, n, true, &below)));
    bool mixed = (k.single && k.multi) || k.arities_differ || (k.complete && k.partial) || (k.set && k.object_of_sets);
    if (!has_below && !mixed && k.defaults < 2)
        return;
    struct terms ref = pass_rule_ref(s, n->rules[n->rule_count - 1]);
    if (ref.items == NULL)
        return;
    struct str name = rule_text(s, &ref);
    if (has_below)
        report_below(s, n, name, &below);
    else if (mixed)
        (void)diag_add(s->c, ERR_TYPE, n->rules[0]->loc, "conflicting rules %.*s found", (int)name.len, name.p);
    else
        report_defaults(s, n, name);
}

static void check_nodes(struct passes *s, const struct rule_node *n)
{
    if (n->rule_count > 0)
        check_node(s, n);
    for (size_t i = 0; i < n->child_count; i++)
        check_nodes(s, n->children[i]);
}

/* ---- base documents ---- */

/* Rules at or below n where data has something, or where something that is no object is in the way. The first on a way down is
 * reported. data: what is at the node above. */
static void check_data(struct passes *s, const struct rule_node *n, struct value data, const struct buf *path)
{
    if (n->key->kind != TERM_STRING)
        return;
    struct value here = data;
    if (data.kind == VALUE_OBJECT) {
        const struct value *found = object_find_str(data.object, value_text(n->key->scalar));
        if (found == NULL)
            return;
        here = *found;
    }
    struct buf longer;
    buf_init(&longer, &s->c->arena);
    if (path->len > 0) {
        buf_str(&longer, buf_view(path));
        buf_char(&longer, '/');
    }
    buf_str(&longer, value_text(n->key->scalar));
    if (n->rule_count > 0) {
        (void)diag_add(s->c, ERR_COMPILE, n->rules[0]->loc, "conflicting rule for data path %.*s found", (int)longer.len,
                       longer.p != NULL ? longer.p : "");
        return;
    }
    for (size_t i = 0; i < n->child_count; i++)
        check_data(s, n->children[i], here, &longer);
}

/* ---- packages ---- */

struct package {
    const struct rule_node *node;
    const struct module *module;
    struct package *next; /* of the same node */
};

static struct package **packages_by_node(struct passes *s)
{
    struct package **by_node = arena_zeroed(&s->c->arena, s->node_count, sizeof(struct package *));
    struct package *all = arena_array(&s->c->arena, s->c->module_count, sizeof *all);
    if (by_node == NULL || all == NULL)
        return NULL;
    EACH_MODULE(s, m) {
        struct package *p = &all[m_i], **at;
        const struct rule_node *n = rule_node_find(s->c->rule_tree, &m->package);
        *p = (struct package){n, m, NULL};
        for (at = &by_node[n->id]; *at != NULL; at = &(*at)->next)
            ;
        *at = p;
    }
    return by_node;
}

static const struct rule_node *node_of_rule(const struct rule *r, const struct rule_node *package)
{
    const struct terms *ref = &r->head->ref;
    const struct term name = {.kind = TERM_STRING, .scalar = value_str(atom_str(ref->items[0]->var))};
    const struct rule_node *n = rule_node_child(package, &name);
    for (size_t i = 1; n != NULL && i < ref->count; i++)
        n = ref->items[i]->kind == TERM_STRING ? rule_node_child(n, ref->items[i]) : NULL;
    return n;
}

/* A rule that is named like a package. */
static bool check_packages(struct passes *s)
{
    struct package **by_node = packages_by_node(s);
    if (by_node == NULL)
        return false;
    EACH_MODULE(s, m) {
        const struct rule_node *package = rule_node_find(s->c->rule_tree, &m->package);
        for (size_t i = 0; i < m->rule_count; i++) {
            const struct rule *r = m->rules[i];
            const struct rule_node *n = is_ref_ground(r) ? node_of_rule(r, package) : NULL;
            for (const struct package *p = n != NULL ? by_node[n->id] : NULL; p != NULL; p = p->next) {
                struct str path = pass_ref_text(s, &p->module->package), name = pass_ref_text(s, &r->head->ref);
                struct str at = pass_loc_text(s, r->loc);
                if (str_starts(path, STR("data.")))
                    path = (struct str){path.p + 5, path.len - 5};
                (void)diag_add(s->c, ERR_TYPE, m->package_loc, "package %.*s conflicts with rule %.*s defined at %.*s",
                               (int)path.len, path.p, (int)name.len, name.p, (int)at.len, at.p);
            }
        }
    }
    return true;
}

bool pass_conflicts(struct compiler *c)
{
    struct passes *s = c->passes;
    size_t before = c->diag_count;
    check_nodes(s, c->rule_tree);
    const struct buf root = {0};
    for (size_t i = 0; c->data.kind == VALUE_OBJECT && i < c->rule_tree->child_count; i++)
        check_data(s, c->rule_tree->children[i], c->data, &root);
    return check_packages(s) && c->diag_count == before;
}
