/* SPDX-License-Identifier: Apache-2.0
 *
 * Explains recursion: for each rule that needs itself, the way back to it, and, where that way depends on what a variable
 * holds, the reference and the values that close it.
 *
 * Works on the rules of cyclic components only. Everything is found while the graph is made, before later stages rewrite the
 * bodies; the errors are reported by the stage that checks recursion.
 */
#include "lang/graph.h"

/* A reference of a rule that selects another. */
struct dependency {
    const struct terms *src, *sel;
    size_t at;
    const struct rule *rule;
    bool is_static; /* whatever its variables hold */
};

struct dependencies {
    struct dependency *items;
    size_t count, cap;
    bool made;
};

struct explainer {
    struct passes *s;
    const uint32_t *component;
    const bool *is_cyclic;
    struct dependencies *of; /* by number of the rule */
    const struct rule *current;
    uint32_t *visited;
    uint32_t search;
    bool failed;
};

struct positions {
    size_t *items;
    size_t count;
};

/* ---- what a reference selects ---- */

static bool is_constant_part(const struct term *t)
{
    return t->kind <= TERM_STRING || term_is_constant(t);
}

/* May var have a value before the body's expression at index: from the head, or from what stands ahead? */
static bool is_bound(const struct rule *r, size_t index, const struct atom *var)
{
    const struct head *h = r->head;
    for (size_t i = 0; i < h->args.count; i++)
        if (term_mentions(h->args.items[i], var))
            return true;
    if ((h->key != NULL && term_mentions(h->key, var)) || (h->value != NULL && term_mentions(h->value, var)))
        return true;
    if (h->key == NULL && h->ref.count == 2 && term_mentions(h->ref.items[1], var))
        return true;
    for (size_t i = 0; i < index && i < r->body.count; i++)
        if (expr_mentions(r->body.items[i], var))
            return true;
    return false;
}

static size_t count_var(const struct terms *ref, const struct atom *var)
{
    size_t n = 0;
    for (size_t i = 0; i < ref->count; i++)
        n += ref->items[i]->kind == TERM_VAR && ref->items[i]->var == var;
    return n;
}

/* Does sel, in from's expression at index, select target whatever its variables hold? An unbound variable takes every value.
 * positions: the parts that must have the value that target has there; then the answer says whether there are none. */
static bool selects(const struct rule *from, size_t index, const struct terms *sel, const struct terms *target,
                    struct positions *positions)
{
    bool is_static = true;
    for (size_t i = 1; i < sel->count && i < target->count; i++) {
        const struct term *part = sel->items[i];
        if (!is_constant_part(target->items[i]))
            continue;
        if (part->kind == TERM_VAR && count_var(sel, part->var) == 1 && !is_bound(from, index, part->var))
            continue;
        if (is_constant_part(part)) {
            if (term_compare(part, target->items[i]) != 0)
                return false;
            continue;
        }
        if (positions == NULL)
            return false;
        is_static = false;
        positions->items[positions->count++] = i;
    }
    return is_static;
}

static bool has_var_part(const struct terms *ref)
{
    for (size_t i = 1; i < ref->count; i++)
        if (!is_constant_part(ref->items[i]))
            return true;
    return false;
}

static void add_dependency(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct rule *r)
{
    struct explainer *x = w->ctx;
    struct dependencies *d = &x->of[w->rule->number];
    bool inside = false;
    for (const struct rule *b = r; b != NULL; b = b->otherwise)
        inside = inside || x->component[b->number] == x->component[w->rule->number];
    if (!inside)
        return;
    if (d->count == d->cap && !arena_grow(&x->s->c->arena, &d->items, &d->cap, d->count + 1, sizeof *d->items)) {
        x->failed = true;
        return;
    }
    struct terms target = pass_rule_ref(x->s, r);
    if (target.items == NULL) {
        x->failed = true;
        return;
    }
    bool is_static = !has_var_part(src) || selects(w->rule, w->at, sel, &target, NULL);
    d->items[d->count++] = (struct dependency){src, sel, w->at, r, is_static};
}

static void add_below(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct rule_node *n)
{
    for (size_t i = 0; i < n->child_count; i++) {
        for (size_t k = 0; k < n->children[i]->rule_count; k++)
            add_dependency(w, src, sel, n->children[i]->rules[k]);
        add_below(w, src, sel, n->children[i]);
    }
}

static void add_selected(struct ref_walk *w, const struct terms *src, const struct terms *sel, const struct terms *ref, size_t i,
                         const struct rule_node *n, bool below)
{
    if (below) {
        add_below(w, src, sel, n);
        return;
    }
    for (size_t k = 0; k < n->rule_count; k++)
        if (i >= ref->count || graph_may_select(n->rules[k], ref, i))
            add_dependency(w, src, sel, n->rules[k]);
}

static const struct dependencies *dependencies_of(struct explainer *x, const struct rule *r)
{
    struct dependencies *d = &x->of[r->number];
    if (d->made)
        return d;
    d->made = true;
    struct ref_walk w = {.s = x->s, .rule = r, .select = add_selected, .ctx = x};
    graph_walk(&w);
    x->failed = x->failed || w.failed;
    return d;
}

static bool has_branch(const struct rule *r, const struct rule *branch)
{
    while (r != NULL && r != branch)
        r = r->otherwise;
    return r != NULL;
}

/* The first reference that may make from need to; NULL: some reference does outright. */
static const struct dependency *dynamic_cause(struct explainer *x, const struct rule *from, const struct rule *to)
{
    const struct dependencies *d = dependencies_of(x, from);
    const struct dependency *first = NULL;
    for (size_t i = 0; i < d->count; i++) {
        if (!has_branch(d->items[i].rule, to))
            continue;
        if (d->items[i].is_static)
            return NULL;
        if (first == NULL)
            first = &d->items[i];
    }
    return first;
}

/* ---- the way back ---- */

struct hop {
    const struct rule *rule;
    size_t dependency;
    const struct rule *branch; /* the next to go to; NULL: the dependency's first */
};

static const struct rule *next_branch(struct explainer *x, struct hop *h)
{
    const struct dependencies *d = dependencies_of(x, h->rule);
    while (h->dependency < d->count) {
        const struct rule *b = h->branch != NULL ? h->branch->otherwise : d->items[h->dependency].rule;
        if (b != NULL) {
            h->branch = b;
            return b;
        }
        h->branch = NULL;
        h->dependency++;
    }
    return NULL;
}

/* Depth first from start back to it; path has room for all rules and one. The number of rules on the way, 0: none. */
static size_t find_path(struct explainer *x, const struct rule *start, bool only_static, struct hop *path)
{
    size_t depth = 1;
    x->search++;
    x->visited[start->number] = x->search;
    path[0] = (struct hop){start, 0, NULL};
    while (depth > 0) {
        struct hop *top = &path[depth - 1];
        const struct rule *to = next_branch(x, top);
        if (to == NULL) {
            depth--;
            continue;
        }
        if (only_static && dynamic_cause(x, top->rule, to) != NULL)
            continue;
        if (to == start) {
            path[depth++] = (struct hop){start, 0, NULL};
            return depth;
        }
        if (x->visited[to->number] == x->search || x->component[to->number] != x->component[start->number])
            continue;
        x->visited[to->number] = x->search;
        path[depth++] = (struct hop){to, 0, NULL};
    }
    return 0;
}

static bool is_path_static(struct explainer *x, const struct hop *path, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (dynamic_cause(x, path[i - 1].rule, path[i].rule) != NULL)
            return false;
    return true;
}

/* ---- where a variable gets its value ---- */

enum origin_kind { ORIGIN_NONE, ORIGIN_INPUT, ORIGIN_RULE, ORIGIN_COLLECTION, ORIGIN_BUILTIN, ORIGIN_KEY, ORIGIN_ARG };

struct origin {
    enum origin_kind kind;
    struct terms ref;
    const struct term *collection;
    const struct builtin *builtin;
};

static bool is_plain(const struct expr *e)
{
    return e->kind == EXPR_CALL && !e->negated && e->with_count == 0;
}

static const struct term *binding_of(struct passes *s, const struct rule *r, size_t index, const struct atom *var)
{
    for (size_t i = 0; i < index && i < r->body.count; i++) {
        const struct expr *e = r->body.items[i];
        if (!is_plain(e) || !pass_is_eq(s, e) || e->terms.count != 3)
            continue;
        for (size_t k = 1; k < 3; k++)
            if (e->terms.items[k]->kind == TERM_VAR && e->terms.items[k]->var == var)
                return e->terms.items[3 - k];
    }
    return NULL;
}

static const struct builtin *output_of(struct passes *s, const struct rule *r, size_t index, const struct atom *var)
{
    const struct builtin *found = NULL;
    for (size_t i = 0; i < index && i < r->body.count; i++) {
        const struct expr *e = r->body.items[i];
        if (!is_plain(e) || pass_is_eq(s, e))
            continue;
        const struct builtin *b = pass_call(s, e->terms.items[0])->builtin;
        const struct term *last = e->terms.items[e->terms.count - 1];
        if (b != NULL && e->terms.count == (size_t)b->argc + 2 && last->kind == TERM_VAR && last->var == var)
            found = b;
    }
    return found;
}

static const struct term *constant_collection(struct passes *s, const struct rule *r, size_t index, const struct term *t)
{
    for (size_t i = 0; t != NULL && t->kind == TERM_VAR && i <= r->body.count; i++)
        t = binding_of(s, r, index, t->var);
    return t != NULL && t->kind >= TERM_ARRAY && t->kind <= TERM_SET && term_is_constant(t) ? t : NULL;
}

static struct terms constant_prefix(const struct terms *ref)
{
    size_t n = 1;
    while (n < ref->count && is_constant_part(ref->items[n]))
        n++;
    return (struct terms){ref->items, n, n};
}

static struct origin origin_of_ref(struct passes *s, const struct rule *r, size_t index, const struct terms *ref)
{
    const struct term *first = ref->items[0];
    if (first->kind == TERM_VAR && first->var == s->a_input)
        return (struct origin){.kind = ORIGIN_INPUT, .ref = constant_prefix(ref)};
    if (first->kind == TERM_VAR && first->var == s->a_data)
        return (struct origin){.kind = ORIGIN_RULE, .ref = constant_prefix(ref)};
    const struct term *c = ref->count == 2 && !is_constant_part(ref->items[1]) ? constant_collection(s, r, index, first) : NULL;
    return (struct origin){.kind = c != NULL ? ORIGIN_COLLECTION : ORIGIN_NONE, .collection = c};
}

static enum origin_kind origin_in_head(const struct rule *r, const struct atom *var)
{
    const struct head *h = r->head;
    for (size_t i = 0; i < h->args.count; i++)
        if (h->args.items[i]->kind == TERM_VAR && h->args.items[i]->var == var)
            return ORIGIN_ARG;
    if (h->key != NULL && h->key->kind == TERM_VAR && h->key->var == var)
        return ORIGIN_KEY;
    for (size_t i = 1; i < h->ref.count; i++)
        if (h->ref.items[i]->kind == TERM_VAR && h->ref.items[i]->var == var)
            return ORIGIN_KEY;
    return ORIGIN_NONE;
}

static struct origin find_origin(struct passes *s, const struct rule *r, size_t index, const struct atom *var)
{
    for (size_t depth = 0; depth <= r->body.count; depth++) {
        const struct builtin *b = output_of(s, r, index, var);
        if (b != NULL)
            return (struct origin){.kind = ORIGIN_BUILTIN, .builtin = b};
        const struct term *t = binding_of(s, r, index, var);
        if (t != NULL && t->kind == TERM_VAR) {
            var = t->var;
            continue;
        }
        struct origin o = {.kind = ORIGIN_NONE};
        if (t != NULL && t->kind == TERM_REF)
            o = origin_of_ref(s, r, index, &t->list);
        if (o.kind == ORIGIN_NONE)
            o.kind = origin_in_head(r, var);
        return o;
    }
    return (struct origin){.kind = ORIGIN_NONE};
}

/* ---- texts ---- */

static void write_ref(struct passes *s, struct buf *b, const struct terms *ref)
{
    struct terms written = pass_written_ref(s, ref);
    if (written.items != NULL)
        ast_write_ref(b, &written);
}

static void write_rule(struct passes *s, struct buf *b, const struct rule *r)
{
    struct terms ref = pass_rule_ref(s, r);
    if (ref.items != NULL)
        write_ref(s, b, &ref);
}

/* Does the type, in the notation of builtins.def, admit a scalar of this name? */
static bool type_admits(struct str type, struct str name)
{
    if (str_equal(type, STR("any")) || str_equal(type, name))
        return true;
    if (!str_starts(type, STR("any<")))
        return false;
    size_t depth = 0, begin = 4;
    for (size_t i = 4; i < type.len; i++) {
        char ch = type.p[i];
        if ((ch == ',' || ch == '>') && depth == 0) {
            if (type_admits((struct str){type.p + begin, i - begin}, name))
                return true;
            begin = i + 2;
        }
        depth += ch == '<' || ch == '[';
        depth -= (ch == '>' || ch == ']') && depth > 0;
    }
    return false;
}

static bool may_return(const struct builtin *b, const struct term *value)
{
    const char *type = bi_result_type(b);
    if (type == NULL || value->kind > TERM_STRING)
        return true;
    static const char *const names[] = {"null", "boolean", "number", "string"};
    return type_admits(str_cstr(type), str_cstr(names[value->kind]));
}

static bool is_member(const struct term *collection, const struct term *value)
{
    size_t step = collection->kind == TERM_OBJECT ? 2 : 1;
    for (size_t i = step - 1; i < collection->list.count; i += step)
        if (term_compare(collection->list.items[i], value) == 0)
            return true;
    return false;
}

/* A part of a reference and the value that it needs. */
struct condition {
    size_t at;
    const struct term *term, *value;
};

/* Can the variable not hold the value? Then saying "if" would mislead. */
static bool is_impossible(const struct origin *o, const struct term *value)
{
    if (o->kind == ORIGIN_COLLECTION)
        return !is_member(o->collection, value);
    return o->kind == ORIGIN_BUILTIN && !may_return(o->builtin, value);
}

static void write_note(struct explainer *x, struct buf *b, const struct rule *from, const struct condition *c,
                       const struct origin *o)
{
    enum { SHOWN_MEMBERS = 5 };
    struct passes *s = x->s;
    size_t members = o->kind == ORIGIN_COLLECTION ? o->collection->list.count / (o->collection->kind == TERM_OBJECT ? 2 : 1) : 0;
    if (o->kind == ORIGIN_NONE)
        return;
    buf_cstr(b, " (");
    ast_write_term(b, c->term);
    switch (o->kind) {
    case ORIGIN_INPUT:
        buf_cstr(b, " comes from ");
        write_ref(s, b, &o->ref);
        break;
    case ORIGIN_RULE:
        buf_cstr(b, " comes from rule ");
        ast_write_ref(b, &o->ref);
        buf_cstr(b, ", whose value isn't known at compile time");
        break;
    case ORIGIN_COLLECTION:
        buf_cstr(b, " is one of ");
        if (members > SHOWN_MEMBERS)
            buf_printf(b, "%zu values", members);
        else
            ast_write_term(b, o->collection);
        break;
    case ORIGIN_BUILTIN:
        buf_printf(b, " is computed by %s", o->builtin->name);
        break;
    default:
        buf_cstr(b, o->kind == ORIGIN_KEY ? " is a key of " : " is an argument of ");
        write_rule(s, b, from);
        break;
    }
    buf_char(b, ')');
}

static bool is_data_ref(const struct passes *s, const struct term *t)
{
    return t->kind == TERM_REF && t->list.items[0]->kind == TERM_VAR && t->list.items[0]->var == s->a_data;
}

/* One condition per part; false: a part would need two values. */
static bool make_conditions(const struct terms *ref, const struct terms *target, const struct positions *positions,
                            struct condition *ret, size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < positions->count; i++) {
        size_t at = positions->items[i], k = 0;
        while (k < *ret_count && term_compare(ret[k].term, ref->items[at]) != 0)
            k++;
        if (k == *ret_count)
            ret[(*ret_count)++] = (struct condition){at, ref->items[at], target->items[at]};
        else if (term_compare(ret[k].value, target->items[at]) != 0)
            return false;
    }
    return true;
}

static bool write_conditions(struct explainer *x, struct buf *b, const struct rule *from, const struct dependency *d,
                             const struct condition *conditions, size_t count)
{
    enum { SHOWN_CONDITIONS = 2 };
    struct origin origins[SHOWN_CONDITIONS];
    if (count == 0 || count > SHOWN_CONDITIONS)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct term *part = d->src->items[conditions[i].at];
        const struct term *selecting = d->sel->items[conditions[i].at];
        origins[i] = (struct origin){.kind = ORIGIN_NONE};
        if (part->kind == TERM_VAR && selecting->kind == TERM_VAR)
            origins[i] = find_origin(x->s, from, d->at, part->var);
        if (is_impossible(&origins[i], conditions[i].value))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        buf_cstr(b, i == 0 ? " if " : " and ");
        ast_write_term(b, conditions[i].term);
        buf_cstr(b, " is ");
        ast_write_term(b, conditions[i].value);
        if (is_data_ref(x->s, d->src->items[conditions[i].at]))
            buf_cstr(b, " (rule values aren't known at compile time)");
        write_note(x, b, from, &conditions[i], &origins[i]);
    }
    return true;
}

/* The first reference on the path that closes it only when variables hold the right values. */
static void write_cause(struct explainer *x, struct buf *b, const struct hop *path, size_t count)
{
    struct passes *s = x->s;
    const struct dependency *d = NULL;
    size_t i = 1;
    while (i < count && (d = dynamic_cause(x, path[i - 1].rule, path[i].rule)) == NULL)
        i++;
    if (d == NULL)
        return;
    const struct rule *from = path[i - 1].rule, *to = path[i].rule;
    struct terms target = pass_rule_ref(s, to);
    size_t shown = d->src->count < target.count ? d->src->count : target.count;
    const struct terms front = {d->src->items, shown, shown};
    struct terms ref = pass_written_ref(s, &front);
    struct positions positions = {arena_array(&s->c->arena, d->sel->count, sizeof *positions.items), 0};
    struct condition *conditions = arena_array(&s->c->arena, d->sel->count, sizeof *conditions);
    if (target.items == NULL || ref.items == NULL || positions.items == NULL || conditions == NULL) {
        x->failed = true;
        return;
    }
    buf_cstr(b, " (");
    ast_write_ref(b, &ref);
    if (i > 1) {
        buf_cstr(b, " in ");
        write_rule(s, b, from);
    }
    (void)selects(from, d->at, d->sel, &target, &positions);
    size_t conditions_count;
    bool clear = make_conditions(&ref, &target, &positions, conditions, &conditions_count);
    struct buf text;
    buf_init(&text, &s->c->arena);
    clear = clear && write_conditions(x, &text, from, d, conditions, conditions_count);
    buf_cstr(b, clear ? " refers to " : " could refer to ");
    write_rule(s, b, to);
    if (clear)
        buf_str(b, buf_view(&text));
    buf_char(b, ')');
}

static bool explain(struct explainer *x, const struct rule *r, struct hop *path, struct hop *other)
{
    struct passes *s = x->s;
    size_t count = find_path(x, r, false, path);
    if (count == 0 || x->failed)
        return !x->failed;
    bool is_static = is_path_static(x, path, count);
    if (!is_static) { /* the first way found may not be the surest */
        size_t sure = find_path(x, r, true, other);
        if (sure > 0) {
            struct hop *swap = path;
            path = other;
            other = swap;
            count = sure;
            is_static = true;
        }
    }
    struct buf b;
    buf_init(&b, &s->c->arena);
    buf_cstr(&b, "rule ");
    write_rule(s, &b, r);
    buf_cstr(&b, is_static ? " is recursive: " : " may be recursive: ");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_cstr(&b, " -> ");
        write_rule(s, &b, path[i].rule);
    }
    if (!is_static)
        write_cause(x, &b, path, count);
    struct graph *g = s->graph;
    if (b.failed || x->failed || !arena_grow(&s->c->arena, &g->diags, &g->cap, g->count + 1, sizeof *g->diags))
        return false;
    g->diags[g->count++] = (struct diag){.code = ERR_RECURSION, .loc = r->loc, .message = buf_view(&b)};
    return true;
}

static bool explain_below(struct explainer *x, const struct rule_node *n, struct hop *path, struct hop *other)
{
    for (size_t i = 0; i < n->rule_count; i++) {
        for (const struct rule *r = n->rules[i]; r != NULL; r = r->otherwise) {
            uint32_t limit = x->s->c->options.max_errors;
            if (limit > 0 && x->s->graph->count >= limit)
                return true;
            if (x->is_cyclic[x->component[r->number]] && !explain(x, r, path, other))
                return false;
        }
    }
    for (size_t i = 0; i < n->child_count; i++)
        if (!explain_below(x, n->children[i], path, other))
            return false;
    return true;
}

bool graph_explain(struct passes *s, const uint32_t *component, const bool *is_cyclic)
{
    struct arena *a = &s->c->arena;
    struct explainer x = {.s = s, .component = component, .is_cyclic = is_cyclic};
    x.of = arena_zeroed(a, s->rule_count, sizeof *x.of);
    x.visited = arena_zeroed(a, s->rule_count, sizeof *x.visited);
    struct hop *path = arena_array(a, (size_t)s->rule_count + 1, sizeof *path);
    struct hop *other = arena_array(a, (size_t)s->rule_count + 1, sizeof *other);
    return x.of != NULL && x.visited != NULL && path != NULL && other != NULL && explain_below(&x, s->c->rule_tree, path, other);
}
