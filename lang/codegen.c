/* SPDX-License-Identifier: Apache-2.0
 *
 * The driver of the code generator: groups of rules, functions on demand, the rule tree's table, entries.
 */
#include "lang/codegen.h"

#include "lang/cg.h"

/* ---- groups ---- */

static bool is_set_rule(const struct rule *r)
{
    return r->head->key != NULL && r->head->value == NULL;
}

static enum function_kind kind_of(const struct rule_node *node, size_t depth)
{
    enum function_kind kind = FUNCTION_COMPLETE;
    for (size_t i = 0; i < node->rule_count; i++) {
        const struct rule *r = node->rules[i];
        size_t dynamic = r->module->package.count + r->head->ref.count - depth;
        enum function_kind this_kind;
        if (r->head->args.count > 0) /* f() is a complete rule */
            this_kind = FUNCTION_CALL;
        else if (dynamic == 0)
            this_kind = is_set_rule(r) ? FUNCTION_SET : FUNCTION_COMPLETE;
        else
            this_kind = dynamic == 1 && !is_set_rule(r) ? FUNCTION_OBJECT : FUNCTION_DEEP;
        if (i == 0)
            kind = this_kind;
        else if (kind != this_kind)
            kind = FUNCTION_DEEP;
    }
    bool partial = kind == FUNCTION_SET || kind == FUNCTION_OBJECT;
    return partial && node->child_count > 0 ? FUNCTION_DEEP : kind; /* rules below give parts of the same document */
}

static uint32_t number_nodes(struct rule_node *node, uint32_t next)
{
    node->id = next++;
    for (size_t i = 0; i < node->child_count; i++)
        next = number_nodes(node->children[i], next);
    return next;
}

static void fill_groups(struct cg *g, struct rule_node *node, size_t depth)
{
    g->groups[node->id] = (struct cg_group){
        .node = node,
        .kind = node->rule_count > 0 ? kind_of(node, depth) : FUNCTION_COMPLETE,
        .function = NONE,
        .keyed = NONE,
    };
    node->info = &g->groups[node->id];
    for (size_t i = 0; i < node->child_count; i++)
        fill_groups(g, node->children[i], depth + 1);
}

/* ---- what some with replaces ---- */

static void scan_body(struct cg *g, const struct body *body);

static void scan_term(struct cg *g, const struct term *t)
{
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        for (size_t i = 0; i < t->list.count; i++)
            scan_term(g, t->list.items[i]);
        return;
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        scan_term(g, t->compr->term);
        if (t->compr->key != NULL)
            scan_term(g, t->compr->key);
        scan_body(g, &t->compr->body);
        return;
    default:
        return;
    }
}

static void note_replaced(struct cg *g, struct term *target)
{
    if (target->kind != TERM_REF)
        return;
    if (!arena_grow(g->arena, &g->replaced, &g->replaced_cap, g->replaced_count + 1, sizeof *g->replaced)) {
        cg_fail(g);
        return;
    }
    g->replaced[g->replaced_count++] = (struct cg_replaced){&target->list};
}

static void scan_expr(struct cg *g, const struct expr *e)
{
    for (size_t i = 0; i < e->with_count; i++)
        note_replaced(g, e->withs[i].target);
    switch (e->kind) {
    case EXPR_TERM:
        scan_term(g, e->term);
        return;
    case EXPR_CALL:
    case EXPR_SOME:
        for (size_t i = 1; i < e->terms.count; i++)
            scan_term(g, e->terms.items[i]);
        return;
    case EXPR_EVERY:
        scan_body(g, &e->every->body);
        return;
    case EXPR_NOT:
        scan_body(g, &e->not_body);
        return;
    case EXPR_AND:
    case EXPR_OR:
        scan_body(g, &e->logic->left);
        scan_body(g, &e->logic->right);
        return;
    }
}

static void scan_body(struct cg *g, const struct body *body)
{
    for (size_t i = 0; i < body->count; i++)
        scan_expr(g, body->items[i]);
}

static void scan_rule(struct cg *g, const struct rule *r)
{
    for (; r != NULL; r = r->otherwise) {
        scan_body(g, &r->body);
        if (r->head->value != NULL)
            scan_term(g, r->head->value);
        if (r->head->key != NULL)
            scan_term(g, r->head->key);
    }
}

static void scan_all(struct cg *g)
{
    for (size_t m = 0; m < g->c->module_count; m++)
        for (size_t i = 0; i < g->c->modules[m]->rule_count; i++)
            scan_rule(g, g->c->modules[m]->rules[i]);
    if (g->c->query != NULL)
        scan_body(g, &g->c->query->body);
}

/* ---- tables ---- */

/* Rows of node and everything below; true when some document is there. */
static bool add_nodes(struct cg *g, struct rule_node *node, uint32_t parent, bool last_child)
{
    struct cg_group *group = node->info;
    bool documents = node->rule_count == 0 || group->kind != FUNCTION_CALL; /* a package of functions alone is {} */
    struct tree_node row = {
        .key = parent == NONE ? NONE : cg_constant(g, node->key),
        .parent = parent,
        .first_child = node->child_count > 0 ? node->id + 1 : NONE,
        .next = NONE,
        .function = group->function,
    };
    uint32_t index = TABLE_PUSH(g->b, nodes, row);
    if (index == NONE || g->failed) {
        cg_fail(g);
        return false;
    }
    for (size_t i = 0; i < node->child_count && !g->failed; i++)
        if (add_nodes(g, node->children[i], index, i + 1 == node->child_count))
            documents = true;
    g->b->t.nodes[index].next = last_child ? NONE : (uint32_t)g->b->t.nodes_count;
    g->b->t.nodes[index].has_documents = documents;
    return documents;
}

static void add_files(struct cg *g)
{
    for (size_t i = 0; i < g->c->source_count; i++) {
        struct file f = {builder_string(g->b, g->c->sources[i].name), NONE};
        if (g->c->options.keep_sources) {
            f.text = TABLE_PUSH(g->b, constants, value_str(g->c->sources[i].text));
            if (f.text == NONE)
                cg_fail(g);
        }
        if (TABLE_PUSH(g->b, files, f) == NONE)
            cg_fail(g);
    }
}

/* ---- entries ---- */

/* One entry function whose value is that of the reference. */
static void add_reference_entry(struct cg *g, struct str name, const struct terms *ref)
{
    struct function f = {.kind = FUNCTION_QUERY, .keyed = NONE, .node = NONE, .position = NONE};
    uint32_t row = TABLE_PUSH(g->b, functions, f);
    cg_begin(g);
    cg_label none = cg_label_new(g);
    g->fail = none;
    cg_op1(g, OP_RET, 0, cg_ref(g, ref, NO_REG), 0, 0);
    cg_place(g, none);
    cg_op1(g, OP_RET_UNDEF, 0, 0, 0, 0);
    cg_end(g, &f);
    f.name = builder_string(g->b, name);
    if (g->failed || row == NONE) {
        cg_fail(g);
        return;
    }
    g->b->t.functions[row] = f;
    if (TABLE_PUSH(g->b, entries, ((struct entry){f.name, row, NONE})) == NONE)
        cg_fail(g);
}

static struct value column(struct cg *g, const char *kind, struct str text, struct loc loc)
{
    struct object *o = object_new(g->arena, 4);
    if (o == NULL || object_put(g->arena, o, value_str(STR("kind")), value_str(str_cstr(kind))) < 0 ||
        object_put(g->arena, o, value_str(STR("text")), value_str(text)) < 0 ||
        object_put(g->arena, o, value_str(STR("row")), value_int(loc.row)) < 0 ||
        object_put(g->arena, o, value_str(STR("col")), value_int(loc.col)) < 0) {
        cg_fail(g);
        return value_undefined();
    }
    return value_object(o);
}

/* The columns of a query's rows: the value of each written expression, then each binding. */
static void query_columns(struct cg *g, const struct query *q, struct array_builder *columns, cg_reg first)
{
    cg_reg at = first;
    for (size_t i = 0; i < q->capture_count; i++, at++) {
        const struct capture *cap = &q->captures[i];
        struct str text = {g->c->sources[q->file].text.p + cap->loc.offset, cap->loc.len};
        if (!array_push(columns, column(g, "expression", text, cap->loc)))
            cg_fail(g);
        cg_reg reg = cap->var == NULL ? NO_REG : cg_var(g, cap->var);
        if (reg == NO_REG)
            cg_op2(g, OP_CONST, 0, at, 0, 0, builder_constant(g->b, value_bool(true)), 0);
        else
            cg_op1(g, OP_MOVE, 0, at, reg, 0);
    }
    for (size_t i = 0; i < q->binding_count; i++) {
        cg_reg reg = cg_var(g, q->bindings[i].renamed);
        if (reg == NO_REG)
            continue;
        if (!array_push(columns, column(g, "binding", atom_str(q->bindings[i].name), (struct loc){0})))
            cg_fail(g);
        cg_op1(g, OP_MOVE, 0, at++, reg, 0);
    }
    cg_op1(g, OP_ARRAY, 0, first, first, at - first);
}

static void add_query_entry(struct cg *g, const struct query *q)
{
    struct function f = {.kind = FUNCTION_QUERY, .keyed = NONE, .node = NONE, .position = NONE};
    uint32_t row = TABLE_PUSH(g->b, functions, f);
    struct array_builder columns;
    array_init(&columns, g->arena);
    cg_begin(g);
    cg_label end = cg_label_new(g);
    cg_reg rows = cg_alloc_builder(g), value = cg_alloc(g, 1);
    g->fail = end;
    cg_op1(g, OP_BUILD, BUILD_ARRAY, rows, 0, 0);
    struct trace_row trace = cg_trace_body_row(&q->body);
    if (g->traced)
        cg_trace(g, TRACE_ENTER, trace);
    cg_body(g, &q->body);
    if (g->traced)
        cg_trace(g, TRACE_EXIT, trace);
    cg_reg first = cg_alloc(g, (uint32_t)(q->capture_count + q->binding_count) + 1);
    query_columns(g, q, &columns, first);
    cg_op1(g, OP_PUSH, 0, rows, first, 0);
    if (g->traced)
        cg_trace(g, TRACE_REDO, trace);
    cg_goto(g, g->fail);
    cg_place(g, end);
    if (g->traced)
        cg_trace(g, TRACE_LEAVE, trace);
    cg_op1(g, OP_DONE, 0, value, rows, 0);
    cg_op1(g, OP_RET, 0, value, 0, 0);
    cg_end(g, &f);
    f.name = builder_string(g->b, STR("query"));
    uint32_t names = builder_constant(g->b, array_value(&columns));
    if (g->failed || row == NONE) {
        cg_fail(g);
        return;
    }
    g->b->t.functions[row] = f;
    if (TABLE_PUSH(g->b, entries, ((struct entry){f.name, row, names})) == NONE)
        cg_fail(g);
}

/* ---- driver ---- */

static void drain(struct cg *g)
{
    while (g->pending != NULL && !g->failed) {
        struct cg_group *group = g->pending;
        g->pending = group->next_pending;
        bool full = group->pending_full, keyed = group->pending_keyed;
        group->pending_full = group->pending_keyed = false;
        if (keyed && !g->failed)
            cg_group_keyed(g, group);
        if (full && !g->failed)
            cg_group_full(g, group);
        if (!g->failed && group->keyed != NONE)
            g->b->t.functions[group->function].keyed = group->keyed;
    }
}

static void add_entry(struct cg *g, struct str name)
{
    struct term *t = parse_term(g->c, name);
    if (t == NULL) {
        g->failed = true;
        return;
    }
    if (t->kind == TERM_VAR) {
        struct term *ref = ast_list(g->arena, TERM_REF, &t, 1, t->loc);
        if (ref == NULL) {
            cg_fail(g);
            return;
        }
        t = ref;
    }
    const struct term *head = t->kind == TERM_REF ? t->list.items[0] : t;
    if (t->kind != TERM_REF || head->kind != TERM_VAR || !atom_is(head->var, "data")) {
        (void)diag_add(g->c, ERR_COMPILE, t->loc, "entry point must be a reference into data, as data.policy.allow"); /* false */
        g->failed = true;
        return;
    }
    add_reference_entry(g, name, &t->list);
}

bool codegen(struct compiler *c, const struct str *names, size_t name_count, struct program_builder *b)
{
    struct cg g = {.c = c, .arena = &c->arena, .b = b, .traced = c->options.keep_traces};
    uint32_t nodes = number_nodes(c->rule_tree, 0);
    g.groups = arena_array(g.arena, nodes, sizeof *g.groups);
    if (g.groups == NULL)
        return diag_nomem(c);
    g.group_count = nodes;
    fill_groups(&g, c->rule_tree, 1);
    scan_all(&g);
    for (size_t i = 0; i < name_count && !g.failed; i++)
        add_entry(&g, names[i]);
    if (c->query != NULL && !g.failed)
        add_query_entry(&g, c->query);
    drain(&g);
    if (!g.failed)
        (void)add_nodes(&g, c->rule_tree, NONE, true); /* whether there are documents matters to its parents only */
    if (!g.failed)
        add_files(&g);
    if (b->failed)
        cg_fail(&g);
    return !g.failed;
}
