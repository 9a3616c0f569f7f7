/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules in traced code: evaluated in OPA's way, so that the same expressions run as often as there.
 *
 * First the conditions of an index are tried for all definitions (cg_guard.c); those that pass are candidates. Candidates that
 * can only have one value stop at the first solution. What is decided when compiling elsewhere is decided here while running,
 * because OPA decides it per candidate. The values are those of the untraced code.
 */
#include "lang/cg.h"

/* A definition or else branch, and the register that tells whether it is a candidate. */
struct candidate {
    const struct rule *rule;
    uint32_t group;
    cg_reg flag;
};

struct candidates {
    struct candidate *items;
    size_t count;
    cg_reg early; /* defined while all candidates agree on one value; NO_REG: there is no such */
};

static uint32_t true_row(struct cg *g)
{
    return builder_constant(g->b, value_bool(true));
}

static void set(struct cg *g, cg_reg flag)
{
    cg_op2(g, OP_CONST, 0, flag, 0, 0, true_row(g), 0);
}

static struct trace_row row_of(const struct rule *r)
{
    return (struct trace_row){.kind = TRACE_ROW_RULE, .loc = r->loc, .rule = r};
}

static bool list(struct cg *g, struct rule **rules, size_t count, struct candidates *ret)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct rule *r = rules[i]; r != NULL; r = r->otherwise)
            total++;
    ret->items = arena_array(g->arena, total, sizeof *ret->items);
    if (ret->items == NULL) {
        cg_fail(g);
        return false;
    }
    cg_reg first = cg_alloc(g, (uint32_t)total);
    for (size_t i = 0; i < count; i++) {
        for (const struct rule *r = rules[i]; r != NULL; r = r->otherwise) {
            ret->items[ret->count] = (struct candidate){r, (uint32_t)i, first + (cg_reg)ret->count};
            ret->count++;
        }
    }
    return true;
}

/* Takes the value of a candidate into account: early stays defined while they agree; value keeps the first. */
static void agree(struct cg *g, const struct candidates *cs, const struct rule *r, cg_reg value)
{
    const struct term *v = r->head->value;
    if (cs->early == NO_REG || (v == NULL && !trace_is_keyed(r)))
        return;
    if (trace_is_keyed(r) || !term_is_ground_value(v)) {
        cg_op1(g, OP_CLEAR, 0, cs->early, 0, 0);
        return;
    }
    cg_label first = cg_label_new(g), differ = cg_label_new(g), on = cg_label_new(g);
    cg_jump(g, OP_DEFINED, 0, value, 0, 0, 0, first);
    cg_jump(g, OP_EQK, 0, value, 0, 0, cg_constant(g, v), differ);
    cg_goto(g, on);
    cg_place(g, first);
    cg_op2(g, OP_CONST, 0, value, 0, 0, cg_constant(g, v), 0);
    cg_goto(g, on);
    cg_place(g, differ);
    cg_op1(g, OP_CLEAR, 0, cs->early, 0, 0);
    cg_place(g, on);
}

/* Finds out which definitions are candidates. */
static void choose(struct cg *g, const struct cg_group *group, struct candidates *cs)
{
    struct trace_row node = cg_trace_node_row(group);
    cg_reg value = cg_alloc(g, 1);
    cg_trace(g, TRACE_BEGIN, node);
    cg_op1(g, OP_CLEAR, 0, value, 0, 0);
    if (cs->early != NO_REG)
        set(g, cs->early);
    for (size_t i = 0; i < cs->count && !g->failed; i++) {
        const struct candidate *c = &cs->items[i];
        struct cg_registers mark = g->next;
        cg_label miss = cg_label_new(g);
        cg_op1(g, OP_CLEAR, 0, c->flag, 0, 0);
        g->fail = miss;
        if (!g->c->options.trace_all_rules)
            cg_guard(g, group, c->rule);
        set(g, c->flag);
        struct trace_row row = row_of(c->rule);
        row.group = c->group;
        cg_trace(g, TRACE_MATCH, row);
        agree(g, cs, c->rule, value);
        cg_place(g, miss);
        g->next = mark;
    }
    cg_trace(g, TRACE_READY, node);
}

/* The rules have their value, which is in reg; NO_REG: for one key only. */
static void end(struct cg *g, const struct cg_group *group, cg_reg reg)
{
    struct trace_row row = cg_trace_node_row(group);
    struct trace_var *value = arena_alloc(g->arena, sizeof *value);
    if (value == NULL) {
        cg_fail(g);
        return;
    }
    *value = (struct trace_var){NULL, reg};
    row.vars = value;
    row.var_count = reg != NO_REG && group->kind != FUNCTION_CALL;
    cg_trace(g, TRACE_END, row);
}

/* ---- complete rules and functions ---- */

struct traced {
    struct cg_group *group;
    struct candidates cs;
    cg_reg result, hit; /* the value; whether the current definition gave one */
    cg_label finish;
    uint8_t conflict;
    bool keyed;
};

static void bind_head(struct cg *g, const struct traced *t, const struct rule *r)
{
    if (t->group->kind == FUNCTION_CALL)
        for (size_t i = 0; i < r->head->args.count; i++)
            cg_unify_reg(g, r->head->args.items[i], (cg_reg)i);
}

/* The value of a solution, kept in t->result. */
static void keep(struct cg *g, const struct traced *t, const struct rule *r)
{
    cg_reg v = t->keyed && t->group->kind == FUNCTION_SET ? 0 : cg_term(g, r->head->value);
    cg_op2(g, OP_RESULT, t->conflict, t->result, v, 0, cg_position(g, r->loc), 0);
    if (t->hit != NO_REG)
        set(g, t->hit);
}

/* One definition; comes out behind it when its solutions are used up. */
static void run(struct cg *g, const struct traced *t, const struct rule *r)
{
    size_t trail = g->trail_count, open = g->open_count;
    cg_label leave = cg_label_new(g);
    struct trace_row row = row_of(r);
    g->fail = leave;
    g->last_withs = NULL;
    cg_trace(g, TRACE_ENTER, row);
    cg_line(g, r->head->loc);
    bind_head(g, t, r);
    cg_body(g, &r->body);
    cg_trace(g, TRACE_EXIT, row);
    keep(g, t, r);
    cg_trace(g, TRACE_REDO, row);
    if (t->cs.early != NO_REG) {
        cg_label more = cg_label_new(g);
        cg_jump(g, OP_DEFINED, 0, t->cs.early, 0, 0, 0, more);
        cg_trace_cut(g, open);
        cg_trace(g, TRACE_LEAVE, row);
        cg_goto(g, t->finish);
        cg_place(g, more);
    }
    cg_goto(g, g->fail);
    cg_place(g, leave);
    cg_trace(g, TRACE_LEAVE, row);
    g->open_count = open;
    cg_unbind(g, trail);
}

static void run_candidates(struct cg *g, const struct traced *t)
{
    for (size_t i = 0; i < t->cs.count && !g->failed; i++) {
        const struct candidate *c = &t->cs.items[i];
        struct cg_registers mark = g->next;
        cg_label next = cg_label_new(g), go = cg_label_new(g);
        bool is_branch = i > 0 && t->cs.items[i - 1].group == c->group;
        if (!is_branch)
            cg_op1(g, OP_CLEAR, 0, t->hit, 0, 0);
        cg_jump(g, OP_DEFINED, 0, c->flag, 0, 0, 0, next);
        cg_jump(g, OP_DEFINED, 0, t->hit, 0, 0, 0, go);
        cg_goto(g, next);
        cg_place(g, go);
        run(g, t, c->rule);
        cg_place(g, next);
        g->next = mark;
    }
}

static void run_default(struct cg *g, struct traced *t, const struct rule *def)
{
    cg_label needed = cg_label_new(g), done = cg_label_new(g);
    cg_jump(g, OP_DEFINED, 0, t->result, 0, 0, 0, needed);
    cg_goto(g, done);
    cg_place(g, needed);
    t->cs.early = NO_REG;
    run(g, t, def);
    cg_place(g, done);
}

static void complete(struct cg *g, struct cg_group *group)
{
    const struct rule *def;
    size_t count = 0;
    struct rule **rules = cg_plain_rules(g, group->node, &count, &def);
    if (rules == NULL)
        return;
    if (group->kind == FUNCTION_CALL)
        (void)cg_alloc(g, (uint32_t)group->node->rules[0]->head->args.count);
    struct traced t = {.group = group, .conflict = group->kind == FUNCTION_CALL ? 1 : 0};
    t.result = cg_alloc(g, 2);
    t.hit = t.result + 1;
    t.cs.early = g->c->options.trace_no_early_exit ? NO_REG : cg_alloc(g, 1);
    t.finish = cg_label_new(g);
    cg_op1(g, OP_CLEAR, 0, t.result, 0, 0);
    if (!list(g, rules, count, &t.cs))
        return;
    choose(g, group, &t.cs);
    run_candidates(g, &t);
    if (def != NULL)
        run_default(g, &t, def);
    cg_place(g, t.finish);
    end(g, group, t.result);
    cg_op1(g, OP_RET_MAYBE, 0, t.result, 0, 0);
}

/* ---- partial rules ---- */

void cg_trace_partial(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix)
{
    struct cg_registers mark = g->next;
    size_t trail = g->trail_count, open = g->open_count;
    cg_label leave = cg_label_new(g);
    struct trace_row row = row_of(r);
    g->fail = leave;
    g->last_withs = NULL;
    cg_trace(g, TRACE_ENTER, row);
    cg_line(g, r->head->loc);
    cg_body(g, &r->body);
    cg_trace(g, TRACE_EXIT, row);
    cg_add_to_builder(g, group, r, builder, prefix);
    cg_trace(g, TRACE_REDO, row);
    cg_goto(g, g->fail);
    cg_place(g, leave);
    cg_trace(g, TRACE_LEAVE, row);
    cg_unbind(g, trail);
    g->open_count = open;
    g->next = mark;
}

static void partial(struct cg *g, struct cg_group *group)
{
    const struct rule_node *node = group->node;
    size_t prefix = cg_depth(node);
    cg_reg builder = cg_alloc_builder(g), value = cg_alloc(g, 1);
    struct candidates cs = {.early = NO_REG};
    if (!list(g, node->rules, node->rule_count, &cs))
        return;
    choose(g, group, &cs);
    cg_op1(g, OP_BUILD, group->kind == FUNCTION_SET ? BUILD_SET : BUILD_OBJECT, builder, 0, 0);
    for (size_t i = 0; i < cs.count && !g->failed; i++) {
        cg_label next = cg_label_new(g);
        cg_jump(g, OP_DEFINED, 0, cs.items[i].flag, 0, 0, 0, next);
        cg_trace_partial(g, group, cs.items[i].rule, builder, prefix);
        cg_place(g, next);
    }
    if (group->kind == FUNCTION_DEEP)
        cg_parts_below(g, group, node, builder, prefix);
    cg_op1(g, OP_DONE, 0, value, builder, 0);
    end(g, group, value);
    cg_op1(g, OP_RET, 0, value, 0, 0);
}

void cg_trace_group(struct cg *g, struct cg_group *group)
{
    if (group->kind == FUNCTION_COMPLETE || group->kind == FUNCTION_CALL)
        complete(g, group);
    else
        partial(g, group);
}

/* ---- partial rules for one key ---- */

/* A definition for the key in register 0: all its solutions, as OPA looks for them. */
static void run_keyed(struct cg *g, const struct traced *t, const struct rule *r)
{
    size_t trail = g->trail_count, open = g->open_count;
    const struct term *pattern = cg_key_pattern(t->group, r);
    cg_label leave = cg_label_new(g), other = cg_label_new(g);
    struct trace_row row = row_of(r);
    bool early = cg_is_bindable(pattern);
    g->fail = other;
    g->last_withs = NULL;
    cg_trace(g, TRACE_ENTER, row);
    cg_line(g, r->head->loc);
    if (early)
        cg_unify_reg(g, pattern, 0);
    g->fail = leave;
    cg_body(g, &r->body);
    if (!early) {
        cg_reg key = cg_term(g, pattern);
        cg_jump(g, OP_EQ, 0, key, 0, 0, 0, g->fail);
    }
    cg_trace(g, TRACE_EXIT, row);
    keep(g, t, r);
    cg_trace(g, TRACE_REDO, row);
    cg_goto(g, g->fail);
    cg_place(g, other);
    cg_trace(g, TRACE_FAIL, row);
    cg_place(g, leave);
    cg_trace(g, TRACE_LEAVE, row);
    g->open_count = open;
    cg_unbind(g, trail);
}

void cg_trace_keyed(struct cg *g, struct cg_group *group)
{
    struct rule_node *node = group->node;
    (void)cg_alloc(g, 1); /* the key */
    struct traced t = {.group = group, .conflict = 2, .keyed = true, .hit = NO_REG, .cs.early = NO_REG};
    t.result = cg_alloc(g, 1);
    cg_op1(g, OP_CLEAR, 0, t.result, 0, 0);
    if (!list(g, node->rules, node->rule_count, &t.cs))
        return;
    choose(g, group, &t.cs);
    for (size_t i = 0; i < t.cs.count && !g->failed; i++) {
        struct cg_registers mark = g->next;
        cg_label next = cg_label_new(g);
        cg_jump(g, OP_DEFINED, 0, t.cs.items[i].flag, 0, 0, 0, next);
        run_keyed(g, &t, t.cs.items[i].rule);
        cg_place(g, next);
        g->next = mark;
    }
    end(g, group, NO_REG);
    cg_op1(g, OP_RET_MAYBE, 0, t.result, 0, 0);
}
