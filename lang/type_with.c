/* SPDX-License-Identifier: Apache-2.0
 *
 * What `with` does to types: a document that an expression replaces may also have the type of what replaces it, and nothing is
 * known of the rules that depend on it (v1/ast/check.go, withEnv).
 *
 * Which rules these are follows from the graph of rules; it is found once per target.
 */
#include "lang/graph.h"
#include "lang/type_check.h"

/* The rules that something depends on, by number. */
struct dependents {
    const struct rule_node **node_of; /* the node that the rule stands in */
    uint32_t *first_of;               /* the number of the first branch of its chain */
    bool *marked;                     /* chains with a rule that is affected */
    bool *below;                      /* per node: something below it is */
};

static bool make_dependents(struct checker *k)
{
    struct passes *s = k->s;
    struct arena *a = &s->c->arena;
    struct dependents *d = arena_zeroed(a, 1, sizeof *d);
    if (d == NULL)
        return false;
    d->node_of = arena_zeroed(a, s->rule_count, sizeof(const struct rule_node *));
    d->first_of = arena_zeroed(a, s->rule_count, sizeof *d->first_of);
    d->marked = arena_zeroed(a, s->rule_count, 1);
    d->below = arena_zeroed(a, s->node_count, 1);
    if (d->node_of == NULL || d->first_of == NULL || d->marked == NULL || d->below == NULL)
        return false;
    for (size_t i = 0; i < s->node_count; i++) {
        const struct rule_node *n = s->graph->nodes[i];
        for (size_t r = 0; n != NULL && r < n->rule_count; r++) {
            for (const struct rule *branch = n->rules[r]; branch != NULL; branch = branch->otherwise) {
                d->node_of[branch->number] = n;
                d->first_of[branch->number] = n->rules[r]->number;
            }
        }
    }
    k->dependents = d;
    return true;
}

static void mark(struct dependents *d, const struct rule *r)
{
    d->marked[d->first_of[r->number]] = true;
    for (const struct rule_node *n = d->node_of[r->number]; n != NULL && n->parent != NULL && !d->below[n->parent->id];
         n = n->parent)
        d->below[n->parent->id] = true;
}

static void mark_rules(struct dependents *d, const struct rule_node *n, const struct terms *ref, size_t i)
{
    for (size_t r = 0; r < n->rule_count; r++)
        if (i >= ref->count || graph_may_select(n->rules[r], ref, i))
            mark(d, n->rules[r]);
}

static void mark_below(struct dependents *d, const struct rule_node *n)
{
    for (size_t r = 0; r < n->rule_count; r++)
        mark(d, n->rules[r]);
    for (size_t i = 0; i < n->child_count; i++)
        mark_below(d, n->children[i]);
}

/* The rules that ref may mean. */
static void mark_target(struct dependents *d, const struct rule_node *n, const struct terms *ref, size_t i)
{
    if (i >= ref->count) {
        mark_below(d, n);
        return;
    }
    if (term_is_constant(ref->items[i])) {
        const struct rule_node *child = rule_node_child(n, ref->items[i]);
        if (child != NULL) {
            mark_rules(d, child, ref, i + 1);
            mark_target(d, child, ref, i + 1);
        }
        return;
    }
    for (size_t c = 0; c < n->child_count; c++) {
        mark_rules(d, n->children[c], ref, i + 1);
        mark_target(d, n->children[c], ref, i + 1);
    }
}

static bool is_affected(const struct passes *s, const struct dependents *d, const struct rule *r)
{
    const struct graph *g = s->graph;
    for (uint32_t e = g->first[r->number]; e < g->first[r->number + 1]; e++)
        if (g->to[e] < s->rule_count ? d->marked[d->first_of[g->to[e]]] : d->below[g->to[e] - s->rule_count])
            return true;
    return false;
}

static bool is_target(const struct terms *ref, const struct term *target)
{
    const struct term whole = {.kind = TERM_REF, .list = *ref};
    return term_compare(&whole, target) == 0;
}

/* Rules come after those that they depend on, so one pass over them finds all. NULL: there are none. */
static struct type_node *make_layer(struct checker *k, const struct term *target, bool is_function)
{
    struct passes *s = k->s;
    struct type_node *root = NULL;
    if (target->list.items[0]->kind != TERM_VAR || target->list.items[0]->var != s->a_data)
        return NULL;
    if (k->dependents == NULL && !make_dependents(k))
        return NULL;
    struct dependents *d = k->dependents;
    memset(d->marked, 0, s->rule_count);
    memset(d->below, 0, s->node_count);
    mark_target(d, s->c->rule_tree, &target->list, 1);
    for (size_t i = 0; i < s->sorted_count; i++) {
        const struct rule *r = s->sorted[i];
        if (!d->marked[d->first_of[r->number]] && !is_affected(s, d, r))
            continue;
        mark(d, r);
        struct terms ref = pass_rule_ref(s, r);
        if (ref.items == NULL)
            return NULL;
        ref.count = ref_ground_prefix(&ref);
        if (is_function && is_target(&ref, target))
            continue;
        if (root == NULL && (root = arena_zeroed(&s->c->arena, 1, sizeof *root)) == NULL)
            return NULL;
        type_env_put(k, root, &ref, ref.count, &k->types.any);
    }
    return root;
}

static struct type_node *layer_of(struct checker *k, const struct term *target, bool is_function)
{
    for (const struct with_layer *w = k->withs; w != NULL; w = w->next)
        if (w->is_function == is_function && term_compare(w->target, target) == 0)
            return w->root;
    struct with_layer *w = arena_alloc(&k->s->c->arena, sizeof *w);
    if (w == NULL)
        return NULL;
    *w = (struct with_layer){target, is_function, make_layer(k, target, is_function), k->withs};
    k->withs = w;
    return w->root;
}

static void push_layer(struct checker *k, struct type_node *root)
{
    struct type_layer *layer = arena_alloc(&k->s->c->arena, sizeof *layer);
    if (layer == NULL)
        return;
    *layer = (struct type_layer){root, k->layer};
    k->layer = layer;
}

/* The target can be what it was or what replaces it. */
static struct type *replaced_type(struct checker *k, const struct with *w, struct type *was)
{
    if (!term_is_ground(w->target) || was == NULL)
        return &k->types.any;
    struct type *value = type_env_term(k, w->value);
    struct type *either = value != NULL ? types_or(&k->types, was, value) : NULL;
    return either != NULL ? either : &k->types.any;
}

/* The layer of the rules that the target changes; what it gives is the type of the target there, NULL: of a function. */
static struct type *enter_target(struct checker *k, struct type_layer *below, const struct with *w)
{
    struct type_layer *top = k->layer;
    k->layer = below;
    struct type *was = type_env_ref(k, &w->target->list);
    bool is_function = was != NULL && was->kind == TYPE_FUNCTION;
    struct type *type = is_function ? NULL : replaced_type(k, w, was);
    k->layer = top;
    struct type_node *root = layer_of(k, w->target, is_function);
    if (root != NULL)
        push_layer(k, root);
    return type;
}

void type_with_enter(struct checker *k, const struct expr *e)
{
    struct type_layer *below = k->layer;
    struct type **types = arena_zeroed(&k->s->c->arena, e->with_count, sizeof *types);
    struct type_node *root = NULL;
    for (size_t i = 0; types != NULL && i < e->with_count; i++)
        if (e->withs[i].target->kind == TERM_REF)
            types[i] = enter_target(k, below, &e->withs[i]);
    for (size_t i = 0; types != NULL && i < e->with_count; i++) {
        const struct terms *target = &e->withs[i].target->list;
        if (types[i] == NULL || (root == NULL && (root = arena_zeroed(&k->s->c->arena, 1, sizeof *root)) == NULL))
            continue;
        type_env_put(k, root, target, ref_ground_prefix(target), types[i]);
    }
    if (root != NULL)
        push_layer(k, root);
}
