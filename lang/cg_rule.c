/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of one path as one function.
 *
 * Complete rules and functions try their definitions in order; the first value is kept and later ones must be equal to it.
 * Where all definitions can only give the same constant, the first success returns. Partial rules run all solutions of all
 * definitions into a builder; their keyed variant binds the key before the bodies run and answers for that key alone.
 */
#include "lang/cg.h"

/* How a function of several definitions keeps its result. */
struct outcome {
    cg_reg result;       /* NO_REG: every success returns at once */
    uint8_t conflict;    /* x of RESULT */
    bool sole;           /* there is one definition */
    bool keyed;          /* register 0 holds the key of a partial rule */
    cg_label next;       /* the definition after this one */
};

const struct term *cg_key_pattern(const struct cg_group *group, const struct rule *r)
{
    const struct head *h = r->head;
    return group->kind == FUNCTION_SET ? h->key : h->ref.items[h->ref.count - 1];
}

/* Can matching the pattern with a value bind its variables, so that it may come before the body? */
bool cg_is_bindable(const struct term *t)
{
    if (t->kind == TERM_VAR || term_is_ground_value(t))
        return true;
    if (t->kind != TERM_ARRAY && t->kind != TERM_OBJECT)
        return false;
    for (size_t i = 0; i < t->list.count; i++) {
        bool is_key = t->kind == TERM_OBJECT && i % 2 == 0;
        if (is_key ? !term_is_ground_value(t->list.items[i]) : !cg_is_bindable(t->list.items[i]))
            return false;
    }
    return true;
}

static void bind_arguments(struct cg *g, const struct rule *r)
{
    for (size_t i = 0; i < r->head->args.count; i++)
        cg_unify_reg(g, r->head->args.items[i], (cg_reg)i);
}

/* What a definition does with a solution of its body. from: the fail label that its body began with. */
static void succeed(struct cg *g, const struct rule *r, const struct outcome *o, cg_reg mine, cg_label from)
{
    const struct term *value = r->head->value;
    bool constant = term_is_ground_value(value);
    cg_reg v = cg_term(g, value);
    bool loops = g->fail != from;
    if (o->result == NO_REG || (o->sole && (!loops || constant))) {
        cg_op1(g, OP_RET, 0, v, 0, 0);
        return;
    }
    bool more = loops && !constant;
    cg_reg into = more && mine != NO_REG ? mine : o->result;
    cg_op2(g, OP_RESULT, o->conflict, into, v, 0, cg_position(g, r->loc), 0);
    cg_goto(g, more ? g->fail : o->next);
}

static void one_branch(struct cg *g, struct cg_group *group, const struct rule *r, const struct outcome *o, cg_reg mine,
                       cg_label from)
{
    g->fail = from;
    cg_line(g, r->head->loc);
    bool late_key = false;
    if (o->keyed) {
        late_key = !cg_is_bindable(cg_key_pattern(group, r));
        if (!late_key)
            cg_unify_reg(g, cg_key_pattern(group, r), 0);
    } else {
        bind_arguments(g, r);
    }
    cg_body(g, &r->body);
    if (late_key) {
        cg_reg key = cg_term(g, cg_key_pattern(group, r));
        cg_jump(g, OP_EQ, 0, key, 0, 0, 0, g->fail);
    }
    if (o->keyed && group->kind == FUNCTION_SET)
        cg_op1(g, OP_RET, 0, 0, 0, 0);
    else
        succeed(g, r, o, mine, from);
}

/* A definition with its else branches: the first branch whose body has a solution gives the values. */
static void definition(struct cg *g, struct cg_group *group, const struct rule *r, const struct outcome *o)
{
    struct cg_registers mark = g->next;
    bool chain = r->otherwise != NULL && o->result != NO_REG;
    cg_reg mine = NO_REG;
    if (chain) {
        mine = cg_alloc(g, 1);
        cg_op1(g, OP_CLEAR, 0, mine, 0, 0);
    }
    for (; r != NULL && !g->failed; r = r->otherwise) {
        cg_label from = cg_label_new(g);
        size_t trail = g->trail_count;
        g->last_withs = NULL;
        one_branch(g, group, r, o, mine, from);
        cg_place(g, from);
        cg_unbind(g, trail);
        if (chain) {
            cg_label none = cg_label_new(g);
            cg_jump(g, OP_DEFINED, 0, mine, 0, 0, 0, none);
            cg_op2(g, OP_RESULT, o->conflict, o->result, mine, 0, cg_position(g, r->loc), 0);
            cg_goto(g, o->next);
            cg_place(g, none);
        }
    }
    g->next = mark;
    cg_goto(g, o->next);
}

/* ---- index ---- */

#define INDEX_WORTH_IT 4 /* definitions from which on a table beats trying them */

static void append_target(struct cg *g, cg_label label)
{
    if (TABLE_PUSH(g->b, switch_targets, g->failed ? 0 : g->label_words[label]) == NONE)
        cg_fail(g);
}

/* The definitions that a value equal to cases[which] (NULL: any other) may satisfy, in order. */
static uint32_t targets_of(struct cg *g, const struct cg_index *ix, size_t count, const cg_label *labels,
                           const struct term *which, uint32_t *ret_count)
{
    uint32_t first = (uint32_t)g->b->t.switch_targets_count;
    for (size_t i = 0; i < count; i++)
        if (ix->cases[i] == NULL || (which != NULL && term_compare(ix->cases[i], which) == 0))
            append_target(g, labels[i]);
    *ret_count = (uint32_t)g->b->t.switch_targets_count - first;
    return first;
}

struct case_order {
    const struct term *constant;
    size_t definition;
};

static void sort_cases(struct case_order *cases, struct case_order *scratch, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t mid = low + width < count ? low + width : count, high = low + 2 * width < count ? low + 2 * width : count;
            size_t i = low, j = mid;
            for (size_t k = low; k < high; k++) {
                bool left = i < mid && (j >= high || term_compare(cases[i].constant, cases[j].constant) <= 0);
                scratch[k] = left ? cases[i++] : cases[j++];
            }
        }
        memcpy(cases, scratch, count * sizeof *cases);
    }
}

static void fill_switch(struct cg *g, const struct cg_index *ix, size_t count, const cg_label *labels, uint32_t table)
{
    struct case_order *cases = arena_array(g->arena, 2 * count, sizeof *cases);
    if (cases == NULL || g->failed) {
        cg_fail(g);
        return;
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (ix->cases[i] != NULL)
            cases[used++] = (struct case_order){ix->cases[i], i};
    sort_cases(cases, cases + count, used);
    struct switch_table t = {.first_case = (uint32_t)g->b->t.switch_cases_count};
    for (size_t i = 0; i < used && !g->failed;) {
        struct switch_case row = {.constant = cg_constant(g, cases[i].constant)};
        size_t end = i + 1;
        while (end < used && term_compare(cases[i].constant, cases[end].constant) == 0)
            end++;
        if (used < count) {
            row.first = targets_of(g, ix, count, labels, cases[i].constant, &row.count);
        } else {
            row.first = (uint32_t)g->b->t.switch_targets_count;
            row.count = (uint32_t)(end - i);
            for (size_t k = i; k < end; k++)
                append_target(g, labels[cases[k].definition]);
        }
        if (TABLE_PUSH(g->b, switch_cases, row) == NONE)
            cg_fail(g);
        i = end;
        t.cases++;
    }
    t.otherwise = targets_of(g, ix, count, labels, NULL, &t.otherwise_count);
    if (!g->failed)
        g->b->t.switches[table] = t;
}

/* The dispatch at the head of a function; gives the label that goes to the next definition. */
static cg_label dispatch(struct cg *g, const struct cg_index *ix, cg_label end, uint32_t *ret_table)
{
    *ret_table = TABLE_PUSH(g->b, switches, ((struct switch_table){0}));
    cg_reg it = cg_alloc_iterator(g), value = ix->argument;
    if (ix->argument == NONE) {
        size_t mark = g->trail_count;
        cg_label outer = g->fail, ready = cg_label_new(g);
        value = cg_alloc(g, 1);
        cg_op1(g, OP_CLEAR, 0, value, 0, 0);
        g->fail = ready;
        (void)cg_ref(g, &ix->key->list, value); /* a constant path of input: one instruction into value */
        cg_place(g, ready);
        cg_unbind(g, mark); /* it may be undefined here */
        g->fail = outer;
    }
    cg_op2(g, OP_SWITCH, 0, it, value, 0, *ret_table, 0);
    cg_label next = cg_label_new(g);
    cg_place(g, next);
    cg_jump(g, OP_NEXT_DEF, 0, it, 0, 0, 0, end);
    return next;
}

/* All definitions, one after another or by index; comes out at a place where none is left. */
static void definitions(struct cg *g, struct cg_group *group, struct rule **rules, size_t count, struct outcome *o)
{
    struct cg_index ix;
    cg_label end = cg_label_new(g);
    o->sole = count == 1;
    g->fail = end;
    bool indexed = count >= INDEX_WORTH_IT && cg_index_choose(g, group, o->keyed, rules, count, &ix);
    cg_label *labels = arena_array(g->arena, count + 1, sizeof *labels);
    if (labels == NULL) {
        cg_fail(g);
        return;
    }
    uint32_t table = NONE;
    cg_label after = indexed ? dispatch(g, &ix, end, &table) : 0;
    for (size_t i = 0; i < count && !g->failed; i++) {
        labels[i] = cg_label_new(g);
        cg_place(g, labels[i]);
        o->next = indexed ? after : cg_label_new(g);
        definition(g, group, rules[i], o);
        if (!indexed)
            cg_place(g, o->next);
    }
    cg_place(g, end);
    if (indexed && !g->failed)
        fill_switch(g, &ix, count, labels, table);
}

/* ---- complete rules and functions ---- */

/* The rules that are not defaults; *ret_default is the default, if any. */
struct rule **cg_plain_rules(struct cg *g, const struct rule_node *node, size_t *ret_count, const struct rule **ret_default)
{
    struct rule **rules = arena_array(g->arena, node->rule_count + 1, sizeof(struct rule *));
    size_t count = 0;
    *ret_default = NULL;
    if (rules == NULL) {
        cg_fail(g);
        return NULL;
    }
    for (size_t i = 0; i < node->rule_count; i++) {
        if (node->rules[i]->is_default)
            *ret_default = node->rules[i];
        else
            rules[count++] = node->rules[i];
    }
    *ret_count = count;
    return rules;
}

/* Do all definitions and branches give one and the same constant? */
static bool have_same_constant(struct rule **rules, size_t count)
{
    const struct term *first = NULL;
    for (size_t i = 0; i < count; i++) {
        for (const struct rule *r = rules[i]; r != NULL; r = r->otherwise) {
            const struct term *v = r->head->value;
            if (!term_is_ground_value(v) || (first != NULL && term_compare(first, v) != 0))
                return false;
            first = v;
        }
    }
    return true;
}

static void return_default(struct cg *g, const struct rule *def)
{
    cg_label none = cg_label_new(g);
    g->fail = none;
    cg_line(g, def->loc);
    cg_body(g, &def->body); /* what the value was expanded into */
    cg_op1(g, OP_RET, 0, cg_term(g, def->head->value), 0, 0);
    cg_place(g, none);
}

static void finish(struct cg *g, const struct outcome *o, const struct rule *def)
{
    if (o->result != NO_REG && def == NULL) {
        cg_op1(g, OP_RET_MAYBE, 0, o->result, 0, 0);
        return;
    }
    if (o->result != NO_REG) {
        cg_label none = cg_label_new(g);
        cg_jump(g, OP_DEFINED, 0, o->result, 0, 0, 0, none);
        cg_op1(g, OP_RET, 0, o->result, 0, 0);
        cg_place(g, none);
    }
    if (def != NULL)
        return_default(g, def);
    cg_op1(g, OP_RET_UNDEF, 0, 0, 0, 0);
}

static void complete(struct cg *g, struct cg_group *group, bool keyed)
{
    const struct rule *def;
    size_t count = 0;
    struct rule **rules = cg_plain_rules(g, group->node, &count, &def);
    if (rules == NULL)
        return;
    if (keyed)
        (void)cg_alloc(g, 1);
    else if (group->kind == FUNCTION_CALL)
        (void)cg_alloc(g, (uint32_t)group->node->rules[0]->head->args.count);
    bool set = group->kind == FUNCTION_SET;
    g->any_order = !g->c->options.keep_prints;
    struct outcome o = {.result = NO_REG, .keyed = keyed, .conflict = keyed ? 2 : group->kind == FUNCTION_CALL ? 1 : 0};
    if (!set && !have_same_constant(rules, count)) {
        o.result = cg_alloc(g, 1);
        cg_op1(g, OP_CLEAR, 0, o.result, 0, 0);
    }
    definitions(g, group, rules, count, &o);
    finish(g, &o, def);
}

/* ---- partial rules ---- */

size_t cg_depth(const struct rule_node *node)
{
    size_t depth = 0;
    for (; node != NULL; node = node->parent)
        depth++;
    return depth;
}

/* Step i of a rule's whole reference, its package first. */
static const struct term *step_of(const struct rule *r, size_t i)
{
    size_t package = r->module->package.count;
    return i < package ? r->module->package.items[i] : r->head->ref.items[i - package];
}

/* Adds a value below the document of a rule tree node at depth prefix, at the rest of r's reference. */
static void put_deep(struct cg *g, const struct rule *r, cg_reg builder, size_t prefix)
{
    const struct head *h = r->head;
    bool set = h->key != NULL && h->value == NULL;
    uint32_t keys = (uint32_t)(r->module->package.count + h->ref.count - prefix);
    cg_reg first = cg_alloc(g, keys + 1);
    for (uint32_t i = 0; i < keys; i++)
        cg_term_to(g, step_of(r, prefix + i), first + i);
    cg_term_to(g, set ? h->key : h->value, first + keys);
    cg_line(g, h->loc); /* of a conflict */
    cg_op1(g, OP_PUT_DEEP, set ? 1 : 0, builder, first, keys + 1);
}

void cg_add_to_builder(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix)
{
    const struct head *h = r->head;
    if (group->kind == FUNCTION_SET) {
        cg_op1(g, OP_PUSH, 0, builder, cg_term(g, h->key), 0);
    } else if (group->kind == FUNCTION_OBJECT) {
        cg_reg key = cg_term(g, cg_key_pattern(group, r));
        cg_reg value = cg_term(g, h->value);
        cg_line(g, h->loc); /* of a conflict */
        cg_op1(g, OP_PUT, 0, builder, key, value);
    } else {
        put_deep(g, r, builder, prefix);
    }
}

/* All solutions of one rule into the builder. */
static void partial_rule(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix)
{
    if (g->traced) {
        cg_trace_partial(g, group, r, builder, prefix);
        return;
    }
    struct cg_registers mark = g->next;
    size_t trail = g->trail_count;
    cg_label end = cg_label_new(g);
    g->fail = end;
    g->last_withs = NULL;
    cg_line(g, r->head->loc);
    cg_body(g, &r->body);
    cg_add_to_builder(g, group, r, builder, prefix);
    cg_goto(g, g->fail);
    cg_place(g, end);
    cg_unbind(g, trail);
    g->next = mark;
}

/* The value of a complete rule below the document, at its place. */
static void complete_part(struct cg *g, struct cg_group *part, cg_reg builder, size_t prefix)
{
    struct cg_registers mark = g->next;
    cg_label none = cg_label_new(g);
    uint32_t keys = (uint32_t)(cg_depth(part->node) - prefix);
    cg_reg first = cg_alloc(g, keys + 1);
    const struct rule_node *n = part->node;
    for (uint32_t i = keys; i-- > 0; n = n->parent)
        cg_term_to(g, n->key, first + i);
    cg_jump(g, OP_RULE, 0, first + keys, 0, 0, cg_need(g, part), none);
    cg_line(g, part->node->rules[0]->head->loc); /* of a conflict */
    cg_op1(g, OP_PUT_DEEP, 0, builder, first, keys + 1);
    cg_place(g, none);
    g->next = mark;
}

static void part_at(struct cg *g, const struct cg_group *top, const struct rule_node *node, cg_reg builder, size_t prefix)
{
    struct cg_group *part = node->info;
    if (node->rule_count > 0 && part->kind == FUNCTION_COMPLETE)
        complete_part(g, part, builder, prefix);
    else if (node->rule_count > 0 && part->kind != FUNCTION_CALL)
        for (size_t k = 0; k < node->rule_count && !g->failed; k++)
            partial_rule(g, top, node->rules[k], builder, prefix);
    cg_parts_below(g, top, node, builder, prefix);
}

/* Rules below a document with dynamic keys are parts of it: what they give may not contradict it. */
void cg_parts_below(struct cg *g, const struct cg_group *top, const struct rule_node *node, cg_reg builder, size_t prefix)
{
    for (size_t i = 0; i < node->child_count && !g->failed; i++)
        part_at(g, top, node->children[i], builder, prefix);
}

bool cg_is_keyed_deep(const struct cg_group *group)
{
    size_t depth = cg_depth(group->node);
    for (size_t i = 0; i < group->node->rule_count; i++) {
        const struct rule *r = group->node->rules[i];
        if (r->module->package.count + r->head->ref.count <= depth)
            return false;
    }
    return group->kind == FUNCTION_DEEP;
}

/* The solutions of one rule whose first key is the value of register 0. */
static void keyed_rule(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix)
{
    struct cg_registers mark = g->next;
    size_t trail = g->trail_count;
    cg_label end = cg_label_new(g);
    const struct term *key = step_of(r, prefix);
    bool late = !cg_is_bindable(key);
    g->fail = end;
    g->last_withs = NULL;
    cg_line(g, r->head->loc);
    if (!late)
        cg_unify_reg(g, key, 0);
    cg_body(g, &r->body);
    if (late)
        cg_jump(g, OP_EQ, 0, cg_term(g, key), 0, 0, 0, g->fail);
    cg_add_to_builder(g, group, r, builder, prefix);
    cg_goto(g, g->fail);
    cg_place(g, end);
    cg_unbind(g, trail);
    g->next = mark;
}

/* The part of a document of deep rules below the key in register 0: rules that give other keys are not tried. */
static void deep_keyed(struct cg *g, struct cg_group *group)
{
    const struct rule_node *node = group->node;
    size_t prefix = cg_depth(node);
    (void)cg_alloc(g, 1);
    cg_reg builder = cg_alloc_builder(g), value = cg_alloc(g, 1), key = cg_alloc(g, 1);
    cg_op1(g, OP_BUILD, BUILD_OBJECT, builder, 0, 0);
    for (size_t i = 0; i < node->rule_count && !g->failed; i++)
        keyed_rule(g, group, node->rules[i], builder, prefix);
    for (size_t i = 0; i < node->child_count && !g->failed; i++) {
        cg_label other = cg_label_new(g);
        cg_term_to(g, node->children[i]->key, key);
        cg_jump(g, OP_EQ, 0, key, 0, 0, 0, other);
        part_at(g, group, node->children[i], builder, prefix);
        cg_place(g, other);
    }
    cg_label none = cg_label_new(g);
    cg_op1(g, OP_DONE, 0, value, builder, 0);
    cg_jump(g, OP_GET, 0, value, value, 0, 0, none);
    cg_op1(g, OP_RET, 0, value, 0, 0);
    cg_place(g, none);
    cg_op1(g, OP_RET_UNDEF, 0, 0, 0, 0);
}

static void partial(struct cg *g, struct cg_group *group)
{
    const struct rule_node *node = group->node;
    size_t prefix = cg_depth(node);
    cg_reg builder = cg_alloc_builder(g), value = cg_alloc(g, 1);
    g->any_order = !g->c->options.keep_prints;
    cg_op1(g, OP_BUILD, group->kind == FUNCTION_SET ? BUILD_SET : BUILD_OBJECT, builder, 0, 0);
    for (size_t i = 0; i < node->rule_count && !g->failed; i++)
        partial_rule(g, group, node->rules[i], builder, prefix);
    if (group->kind == FUNCTION_DEEP)
        cg_parts_below(g, group, node, builder, prefix);
    cg_op1(g, OP_DONE, 0, value, builder, 0);
    cg_op1(g, OP_RET, 0, value, 0, 0);
}

/* ---- functions ---- */

static uint32_t path_name(struct cg *g, const struct rule_node *node)
{
    struct terms ref = {0};
    size_t depth = cg_depth(node);
    ref.items = arena_array(g->arena, depth, sizeof(struct term *));
    if (ref.items == NULL) {
        cg_fail(g);
        return 0;
    }
    ref.count = depth;
    for (size_t i = depth; i-- > 0; node = node->parent)
        ref.items[i] = node->key;
    struct buf b;
    buf_init(&b, g->arena);
    ast_write_ref(&b, &ref);
    if (b.failed) {
        cg_fail(g);
        return 0;
    }
    return builder_string(g->b, buf_view(&b));
}

static bool may_be_overridden(const struct cg *g, const struct rule_node *node)
{
    size_t depth = cg_depth(node);
    for (size_t i = 0; i < g->replaced_count; i++) {
        const struct terms *ref = g->replaced[i].ref;
        if (ref->items[0]->kind != TERM_VAR || !atom_is(ref->items[0]->var, "data"))
            continue;
        const struct rule_node *n = node;
        size_t at = depth;
        for (; at > ref->count; at--)
            n = n->parent;
        while (at > 1 && term_compare(n->key, ref->items[at - 1]) == 0) {
            at--;
            n = n->parent;
        }
        if (at <= 1)
            return true;
    }
    return false;
}

/* Is remembering its results per arguments worth more than it costs? Bodies without loops or calls are cheaper to run again. */
static bool is_worth_memo(const struct cg *g, const struct function *f)
{
    const union word *code = g->b->t.code + f->code;
    for (uint32_t i = 0; i < f->words;) {
        enum op op = code[i].insn.op;
        if (op == OP_ITER || op == OP_ITER_WHERE || op == OP_CALL)
            return true;
        i += op_words(op);
    }
    return false;
}

static void describe(struct cg *g, struct cg_group *group, uint32_t row, enum function_kind kind, struct function *f)
{
    const struct rule *first = group->node->rules[0];
    f->kind = (uint8_t)kind;
    f->name = path_name(g, group->node);
    f->node = group->node->id;
    f->keyed = NONE;
    f->position = cg_position(g, first->loc);
    f->args = kind == FUNCTION_KEYED ? 1 : kind == FUNCTION_CALL ? (uint32_t)first->head->args.count : 0;
    if (kind == FUNCTION_KEYED || (kind == FUNCTION_CALL && !g->failed && (g->traced || is_worth_memo(g, f))))
        f->flags |= FUNCTION_MEMO;
    if (may_be_overridden(g, group->node))
        f->flags |= FUNCTION_OVERRIDABLE;
    if (g->failed)
        return;
    f->keyed = g->b->t.functions[row].keyed;
    g->b->t.functions[row] = *f;
}

void cg_group_full(struct cg *g, struct cg_group *group)
{
    struct function f = {0};
    cg_begin(g);
    if (g->traced)
        cg_trace_group(g, group);
    else if (group->kind == FUNCTION_COMPLETE || group->kind == FUNCTION_CALL)
        complete(g, group, false);
    else
        partial(g, group);
    cg_end(g, &f);
    describe(g, group, group->function, group->kind, &f);
}

void cg_group_keyed(struct cg *g, struct cg_group *group)
{
    struct function f = {0};
    cg_begin(g);
    if (g->traced)
        cg_trace_keyed(g, group);
    else if (group->kind == FUNCTION_DEEP)
        deep_keyed(g, group);
    else
        complete(g, group, true);
    cg_end(g, &f);
    describe(g, group, group->keyed, FUNCTION_KEYED, &f);
}
