/* SPDX-License-Identifier: Apache-2.0
 *
 * The graph of references between rules, and the order in which rules can be looked at one after another.
 *
 * Edges go to rules, or to everything below a node of the rule tree, which is a node of the graph of its own: so a reference
 * to a whole package costs one edge. Components (Tarjan, with an explicit stack) say which rules need themselves; only these
 * are looked at closely (pass_recursion.c).
 */
#include "lang/graph.h"
#include "lang/ast_walk.h"

enum { MAX_VALUES = 64 };

/* ---- values that variables can have ---- */

static bool one_value(struct passes *s, const struct term *t, struct values *ret)
{
    ret->items = arena_array(&s->scratch, 1, sizeof *ret->items);
    ret->count = 1;
    if (ret->items != NULL)
        ret->items[0] = t;
    return ret->items != NULL;
}

bool graph_members(struct passes *s, const struct term *t, struct values *ret)
{
    if (t->kind < TERM_ARRAY || t->kind > TERM_SET)
        return false;
    size_t step = t->kind == TERM_OBJECT ? 2 : 1;
    ret->count = 0;
    ret->items = arena_array(&s->scratch, t->list.count / step, sizeof *ret->items);
    if (ret->items == NULL)
        return false;
    for (size_t i = step - 1; i < t->list.count; i += step)
        ret->items[ret->count++] = t->list.items[i];
    return true;
}

static const struct term *get_member(const struct term *t, const struct term *key)
{
    if (t->kind == TERM_ARRAY) {
        bool is_index = key->kind == TERM_NUMBER && value_is_int(key->scalar) && key->scalar.i >= 0;
        return is_index && (uint64_t)key->scalar.i < t->list.count ? t->list.items[key->scalar.i] : NULL;
    }
    if (t->kind != TERM_OBJECT && t->kind != TERM_SET)
        return NULL;
    size_t step = t->kind == TERM_OBJECT ? 2 : 1;
    for (size_t i = 0; i < t->list.count; i += step)
        if (term_compare(t->list.items[i], key) == 0)
            return t->list.items[i + step - 1];
    return NULL;
}

static const struct values *known_values(const struct ref_walk *w, const struct atom *var, size_t before)
{
    for (size_t i = 0; i < w->binding_count && w->bindings[i].index < before; i++)
        if (w->bindings[i].var == var)
            return &w->bindings[i].values;
    return NULL;
}

static bool values_of(struct ref_walk *w, const struct term *t, size_t before, struct values *ret);

static bool append_members(struct ref_walk *w, const struct term *value, const struct term *key, struct values *next)
{
    struct values members;
    if (term_is_constant(key)) {
        const struct term *member = get_member(value, key);
        if (member == NULL)
            return true;
        if (!one_value(w->s, member, &members))
            return false;
    } else if (!graph_members(w->s, value, &members)) {
        return false;
    }
    if (next->count + members.count > MAX_VALUES)
        return false;
    memcpy(next->items + next->count, members.items, members.count * sizeof *members.items);
    next->count += members.count;
    return true;
}

static bool values_of_ref(struct ref_walk *w, const struct terms *ref, size_t before, struct values *ret)
{
    struct values values;
    if (!values_of(w, ref->items[0], before, &values))
        return false;
    for (size_t i = 1; i < ref->count; i++) {
        struct values next = {arena_array(&w->s->scratch, MAX_VALUES, sizeof *next.items), 0};
        if (next.items == NULL)
            return false;
        for (size_t k = 0; k < values.count; k++)
            if (!append_members(w, values.items[k], ref->items[i], &next))
                return false;
        values = next;
    }
    *ret = values;
    return true;
}

/* false: not known. */
static bool values_of(struct ref_walk *w, const struct term *t, size_t before, struct values *ret)
{
    if (t->kind == TERM_VAR) {
        const struct values *known = known_values(w, t->var, before);
        if (known != NULL)
            *ret = *known;
        return known != NULL;
    }
    if (t->kind == TERM_REF)
        return values_of_ref(w, &t->list, before, ret);
    return term_is_constant(t) && one_value(w->s, t, ret);
}

static void bind(struct ref_walk *w, const struct expr *e, size_t index)
{
    for (size_t side = 1; side < 3; side++) {
        const struct term *var = e->terms.items[side], *other = e->terms.items[3 - side];
        struct values values;
        if (var->kind != TERM_VAR || !values_of(w, other, SIZE_MAX, &values))
            continue;
        if (known_values(w, var->var, SIZE_MAX) != NULL)
            return;
        if (w->binding_count == w->binding_cap &&
            !arena_grow(&w->s->scratch, &w->bindings, &w->binding_cap, w->binding_count + 1, sizeof *w->bindings)) {
            w->failed = true;
            return;
        }
        w->bindings[w->binding_count++] = (struct value_binding){index, var->var, values};
        return;
    }
}

/* The first binding of each variable in the body itself; each reads only what is bound ahead of it. */
static void resolve(struct ref_walk *w)
{
    w->resolved = true;
    for (size_t i = 0; i < w->rule->body.count && !w->failed; i++) {
        const struct expr *e = w->rule->body.items[i];
        if (pass_is_eq(w->s, e) && e->terms.count == 3 && !e->negated && e->with_count == 0)
            bind(w, e, i);
    }
}

/* ---- what references select ---- */

static bool is_constant_part(const struct term *t)
{
    return t->kind <= TERM_STRING || term_is_constant(t);
}

bool graph_may_select(const struct rule *r, const struct terms *ref, size_t i)
{
    const struct terms *head = &r->head->ref;
    size_t skip = r->module->package.count;
    for (; i < ref->count && i < skip + head->count; i++) {
        if (i <= skip)
            continue; /* packages and names are on the way in the tree */
        const struct term *a = head->items[i - skip], *b = ref->items[i];
        if (is_constant_part(a) && is_constant_part(b) && term_compare(a, b) != 0)
            return false;
    }
    return true;
}

static void select_from(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct terms *ref, size_t i,
                        const struct rule_node *n)
{
    for (; i < ref->count && is_constant_part(ref->items[i]); i++) {
        n = rule_node_child(n, ref->items[i]);
        if (n == NULL)
            return;
        if (n->rule_count > 0)
            w->select(w, src, sel, ref, i + 1, n, false);
    }
    size_t rest = i;
    while (rest < ref->count && !is_constant_part(ref->items[rest]))
        rest++;
    if (rest >= ref->count) { /* nothing tells what is below apart */
        if (n->child_count > 0)
            w->select(w, src, sel, ref, ref->count, n, true);
        return;
    }
    for (size_t k = 0; k < n->child_count; k++) {
        const struct rule_node *child = n->children[k];
        if (child->rule_count > 0)
            w->select(w, src, sel, ref, i + 1, child, false);
        select_from(w, src, sel, ref, i + 1, child);
    }
}

static bool has_var_part(const struct terms *ref)
{
    for (size_t i = 1; i < ref->count; i++)
        if (!is_constant_part(ref->items[i]))
            return true;
    return false;
}

/* The references that ref can stand for, each variable part replaced by its values; at most MAX_VALUES of them. */
static bool narrow(struct ref_walk *w, const struct terms *ref, struct terms *ret, size_t *ret_count)
{
    struct arena *a = &w->s->scratch;
    size_t count = 1;
    ret[0] = *ref;
    for (size_t i = 1; i < ref->count; i++) {
        struct values values;
        if (is_constant_part(ref->items[i]) || !values_of(w, ref->items[i], w->at, &values) || values.count == 0 ||
            count * values.count > MAX_VALUES)
            continue;
        size_t made = count;
        for (size_t v = values.count; v-- > 0;) {
            for (size_t k = 0; k < count; k++) {
                struct term **items = arena_array(a, ref->count, sizeof *items);
                if (items == NULL)
                    return false;
                memcpy(items, ret[k].items, ref->count * sizeof *items);
                items[i] = (struct term *)values.items[v]; /* only read */
                ret[v == 0 ? k : made++] = (struct terms){items, ref->count, ref->count};
            }
        }
        count = made;
    }
    *ret_count = count;
    return true;
}

static bool visit_ref(struct ast_walk *walk, struct term *t)
{
    struct ref_walk *w = walk->ctx;
    const struct terms *ref = &t->list;
    const struct rule_node *root = w->s->c->rule_tree;
    if (t->kind != TERM_REF || ref->items[0]->kind != TERM_VAR || ref->items[0]->var != w->s->a_data || w->failed)
        return w->failed;
    if (!has_var_part(ref)) {
        select_from(w, ref, ref, ref, 1, root);
        return false;
    }
    if (!w->resolved)
        resolve(w);
    struct terms narrowed[MAX_VALUES];
    size_t count;
    if (w->failed || !narrow(w, ref, narrowed, &count)) {
        w->failed = true;
        return true;
    }
    struct terms *sel = NULL;
    if (count == 1 && narrowed[0].items != ref->items) {
        sel = arena_alloc(&w->s->scratch, sizeof *sel);
        if (sel == NULL) {
            w->failed = true;
            return true;
        }
        *sel = narrowed[0];
    }
    for (size_t i = 0; i < count; i++)
        select_from(w, ref, sel != NULL ? sel : ref, &narrowed[i], 1, root);
    return false;
}

void graph_walk(struct ref_walk *w)
{
    struct ast_walk walk = {.term = visit_ref, .ctx = w};
    for (w->at = 0; w->at < w->rule->body.count; w->at++)
        ast_walk_expr(&walk, w->rule->body.items[w->at]);
    ast_walk_head(&walk, w->rule->head);
}

/* ---- edges ---- */

/* Nodes of the graph: rules by number, then everything below node id. Edges of rules are stored; those of the others follow
 * from the tree. An edge to a rule is one to its else branches too. */
struct edges {
    struct passes *s;
    uint32_t *first;   /* per rule, and one more: where its edges begin */
    uint32_t *to;
    size_t count, cap;
    uint32_t *mark;    /* per node: the last rule with an edge to it, + 1 */
    struct rule **rules;
    const struct rule_node **nodes;
    uint32_t current;
    bool failed;
};

static void add_edge(struct edges *e, uint32_t to)
{
    if (e->mark[to] == e->current + 1)
        return;
    e->mark[to] = e->current + 1;
    if (e->count == e->cap && !arena_grow(&e->s->c->arena, &e->to, &e->cap, e->count + 1, sizeof *e->to)) {
        e->failed = true;
        return;
    }
    e->to[e->count++] = to;
}

static void add_selected(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct terms *ref, size_t i,
                         const struct rule_node *n, bool below)
{
    (void)src;
    (void)sel;
    struct edges *e = w->ctx;
    if (below) {
        add_edge(e, e->s->rule_count + n->id);
        return;
    }
    for (size_t k = 0; k < n->rule_count; k++)
        if (i >= ref->count || graph_may_select(n->rules[k], ref, i))
            add_edge(e, n->rules[k]->number);
}

static void list_nodes(struct edges *e, const struct rule_node *n)
{
    e->nodes[n->id] = n;
    for (size_t i = 0; i < n->child_count; i++)
        list_nodes(e, n->children[i]);
}

static bool make_edges(struct edges *e)
{
    struct passes *s = e->s;
    struct arena *a = &s->c->arena;
    e->first = arena_array(a, (size_t)s->rule_count + 1, sizeof *e->first);
    e->mark = arena_zeroed(a, (size_t)s->rule_count + s->node_count, sizeof *e->mark);
    e->rules = arena_array(a, s->rule_count, sizeof(struct rule *));
    e->nodes = arena_array(a, s->node_count, sizeof(const struct rule_node *));
    if (e->first == NULL || e->mark == NULL || e->rules == NULL || e->nodes == NULL)
        return false;
    list_nodes(e, s->c->rule_tree);
    EACH_RULE(s, r) {
        struct ref_walk w = {.s = s, .rule = r, .select = add_selected, .ctx = e};
        e->current = r->number;
        e->rules[r->number] = r;
        e->first[r->number] = (uint32_t)e->count;
        arena_reset(&s->scratch);
        graph_walk(&w);
        if (w.failed || e->failed)
            return false;
    }
    e->first[s->rule_count] = (uint32_t)e->count;
    return true;
}

/* ---- components ---- */

struct frame {
    uint32_t node;
    uint32_t edge;  /* how many edges were followed; below a node: the child */
    uint32_t rule;  /* below a node: the child's rule */
    uint32_t chain; /* which branch of the rule */
};

struct search {
    struct edges *e;
    uint32_t *index, *low, *component; /* 0: not seen */
    bool *on_stack, *is_cyclic, *is_own_target;
    uint32_t *stack;
    struct frame *frames;
    size_t stack_count, frame_count;
    uint32_t next, components;
    bool found;
};

/* The edge that f is at; false: it is past the last. Below a node of the tree: its children's rules, and what is below them. */
static bool current_edge(const struct edges *e, const struct frame *f, uint32_t *ret)
{
    uint32_t rules = e->s->rule_count;
    if (f->node < rules) {
        if (e->first[f->node] + f->edge >= e->first[f->node + 1])
            return false;
        *ret = e->to[e->first[f->node] + f->edge];
        return true;
    }
    const struct rule_node *n = e->nodes[f->node - rules];
    if (f->edge >= n->child_count)
        return false;
    const struct rule_node *child = n->children[f->edge];
    *ret = f->rule < child->rule_count ? child->rules[f->rule]->number : rules + child->id;
    return true;
}

static void step(const struct edges *e, struct frame *f)
{
    f->chain = 0;
    if (f->node >= e->s->rule_count && f->rule < e->nodes[f->node - e->s->rule_count]->children[f->edge]->rule_count) {
        f->rule++;
        return;
    }
    f->rule = 0;
    f->edge++;
}

/* The next node that f's node leads to; false: none is left. An edge to a rule leads to all its branches. */
static bool next_target(const struct edges *e, struct frame *f, uint32_t *ret)
{
    uint32_t to;
    while (current_edge(e, f, &to)) {
        if (to >= e->s->rule_count) {
            step(e, f);
            *ret = to;
            return true;
        }
        uint32_t branch = to + f->chain; /* branches are numbered one after another */
        if (f->chain == 0 || e->rules[branch - 1]->otherwise != NULL) {
            f->chain++;
            *ret = branch;
            return true;
        }
        step(e, f);
    }
    return false;
}

static void enter(struct search *x, uint32_t node)
{
    x->index[node] = x->low[node] = ++x->next;
    x->stack[x->stack_count++] = node;
    x->on_stack[node] = true;
    x->frames[x->frame_count++] = (struct frame){.node = node};
}

static void leave(struct search *x, uint32_t node)
{
    struct passes *s = x->e->s;
    if (x->frame_count > 0) {
        uint32_t parent = x->frames[x->frame_count - 1].node;
        if (x->low[node] < x->low[parent])
            x->low[parent] = x->low[node];
    }
    if (x->low[node] != x->index[node])
        return;
    uint32_t member, members = 0;
    x->components++;
    bool cyclic = x->is_own_target[node];
    do {
        members++;
        member = x->stack[--x->stack_count];
        x->on_stack[member] = false;
        x->component[member] = x->components;
        if (member < s->rule_count)
            s->sorted[s->sorted_count++] = x->e->rules[member];
    } while (member != node);
    x->is_cyclic[x->components] = cyclic || members > 1;
    x->found = x->found || x->is_cyclic[x->components];
}

static void search_from(struct search *x, uint32_t start)
{
    enter(x, start);
    while (x->frame_count > 0) {
        struct frame *f = &x->frames[x->frame_count - 1];
        uint32_t to, node = f->node;
        if (!next_target(x->e, f, &to)) {
            x->frame_count--;
            leave(x, node);
            continue;
        }
        if (x->index[to] == 0) {
            enter(x, to);
        } else if (x->on_stack[to] && x->index[to] < x->low[node]) {
            x->low[node] = x->index[to];
        }
        if (to == node)
            x->is_own_target[node] = true;
    }
}

static bool search_all(struct edges *e)
{
    struct passes *s = e->s;
    struct arena *a = &s->c->arena;
    size_t nodes = (size_t)s->rule_count + s->node_count;
    struct search x = {.e = e};
    x.index = arena_zeroed(a, nodes, sizeof *x.index);
    x.low = arena_zeroed(a, nodes, sizeof *x.low);
    x.component = arena_zeroed(a, nodes, sizeof *x.component);
    x.stack = arena_array(a, nodes, sizeof *x.stack);
    x.frames = arena_array(a, nodes, sizeof *x.frames);
    x.on_stack = arena_zeroed(a, nodes, 1);
    x.is_cyclic = arena_zeroed(a, nodes + 1, 1);
    x.is_own_target = arena_zeroed(a, nodes, 1);
    s->sorted = arena_array(a, s->rule_count, sizeof(struct rule *));
    if (x.index == NULL || x.low == NULL || x.component == NULL || x.stack == NULL || x.frames == NULL || x.on_stack == NULL ||
        x.is_cyclic == NULL || x.is_own_target == NULL || s->sorted == NULL)
        return false;
    for (uint32_t i = 0; i < s->rule_count; i++)
        if (x.index[i] == 0)
            search_from(&x, i);
    return !x.found || graph_explain(s, x.component, x.is_cyclic);
}

bool pass_graph(struct compiler *c)
{
    struct passes *s = c->passes;
    struct edges e = {.s = s};
    s->graph = arena_zeroed(&c->arena, 1, sizeof *s->graph);
    arena_reset(&s->scratch);
    s->numbers = (struct var_numbers){0};
    if (s->graph == NULL || !make_edges(&e))
        return false;
    s->graph->first = e.first;
    s->graph->to = e.to;
    s->graph->nodes = e.nodes;
    return search_all(&e);
}

bool pass_recursion(struct compiler *c)
{
    const struct graph *g = c->passes->graph;
    for (size_t i = 0; i < g->count; i++)
        (void)diag_add(c, g->diags[i].code, g->diags[i].loc, "%.*s", (int)g->diags[i].message.len, g->diags[i].message.p);
    return g->count == 0;
}
