/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls: operators that have instructions of their own, builtins, user functions.
 *
 * A call has as many operands as its function, or one more, which is unified with the result. A builtin that some `with`
 * replaces is always called by the general instruction, which looks for replacements.
 */
#include "lang/cg.h"

enum shape {
    SHAPE_UNIFY,   /* eq, assign */
    SHAPE_COMPARE, /* two operands, a test */
    SHAPE_COMPUTE, /* two operands, a value, may fail */
    SHAPE_MEMBER,
    SHAPE_SIZE,
    SHAPE_PRINT,
    SHAPE_NOTHING,
};

struct intrinsic {
    const char *name;
    enum shape shape;
    enum op op;
    enum cmp_kind cmp;
    bool swap; /* the instruction takes its operands the other way round */
};

static const struct intrinsic intrinsics[] = {
    {"eq", SHAPE_UNIFY, OP_EQ, CMP_EQ, false},
    {"assign", SHAPE_UNIFY, OP_EQ, CMP_EQ, false},
    {"equal", SHAPE_COMPARE, OP_EQ, CMP_EQ, false},
    {"neq", SHAPE_COMPARE, OP_NEQ, CMP_NEQ, false},
    {"lt", SHAPE_COMPARE, OP_LT, CMP_LT, false},
    {"lte", SHAPE_COMPARE, OP_LE, CMP_LE, false},
    {"gt", SHAPE_COMPARE, OP_LT, CMP_GT, true},
    {"gte", SHAPE_COMPARE, OP_LE, CMP_GE, true},
    {"plus", SHAPE_COMPUTE, OP_ADD, CMP_EQ, false},
    {"minus", SHAPE_COMPUTE, OP_SUB, CMP_EQ, false},
    {"mul", SHAPE_COMPUTE, OP_MUL, CMP_EQ, false},
    {"div", SHAPE_COMPUTE, OP_DIV, CMP_EQ, false},
    {"rem", SHAPE_COMPUTE, OP_REM, CMP_EQ, false},
    {"internal.member_2", SHAPE_MEMBER, OP_IN, CMP_EQ, false},
    {"count", SHAPE_SIZE, OP_SIZE, CMP_EQ, false},
    {"internal.print", SHAPE_PRINT, OP_PRINT, CMP_EQ, false},
    {"internal.test_case", SHAPE_NOTHING, OP_NOP, CMP_EQ, false},
};

static const struct intrinsic *find_intrinsic(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(intrinsics); i++)
        if (str_equal(name, str_cstr(intrinsics[i].name)))
            return &intrinsics[i];
    return NULL;
}

/* The dotted name of a call's operator; p NULL when it is not a plain path of names. */
static struct str dotted_name(struct cg *g, const struct term *op)
{
    if (op->kind == TERM_VAR)
        return atom_str(op->var);
    if (op->kind != TERM_REF || op->list.items[0]->kind != TERM_VAR)
        return (struct str){NULL, 0};
    if (op->list.count == 1)
        return atom_str(op->list.items[0]->var);
    struct buf b;
    buf_init(&b, g->arena);
    buf_str(&b, atom_str(op->list.items[0]->var));
    for (size_t i = 1; i < op->list.count; i++) {
        if (op->list.items[i]->kind != TERM_STRING)
            return (struct str){NULL, 0};
        buf_char(&b, '.');
        buf_str(&b, value_text(op->list.items[i]->scalar));
    }
    if (b.failed)
        cg_fail(g);
    return buf_view(&b);
}

const struct builtin *cg_builtin_of(struct cg *g, const struct term *op)
{
    struct str name = dotted_name(g, op);
    return name.p == NULL ? NULL : compiler_builtin(g->c, name);
}

static bool same_ref(const struct terms *a, const struct terms *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (term_compare(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

bool cg_is_replaced(const struct cg *g, const struct terms *ref)
{
    for (size_t i = 0; i < g->replaced_count; i++)
        if (same_ref(g->replaced[i].ref, ref))
            return true;
    return false;
}

static cg_reg run_of_operands(struct cg *g, const struct terms *call, uint32_t count)
{
    cg_reg first = cg_alloc(g, count);
    for (uint32_t i = 0; i < count && !g->failed; i++)
        cg_term_to(g, call->items[i + 1], first + i);
    return first;
}

/* Leaves the value of a call of a function or builtin with count operands in dst. */
static void general_call(struct cg *g, const struct terms *call, const struct builtin *def, struct cg_group *group,
                         uint32_t count, cg_reg dst)
{
    if (def == NULL && group->kind == FUNCTION_COMPLETE) {
        cg_trace_call(g, group);
        cg_jump(g, OP_RULE, 0, dst, 0, 0, cg_need(g, group), g->fail); /* f() */
        return;
    }
    cg_reg first = run_of_operands(g, call, count);
    if (def != NULL) {
        uint32_t row = builder_builtin(g->b, str_cstr(def->name), count);
        cg_jump(g, OP_BUILTIN, 0, dst, first, count, row, g->fail);
    } else {
        cg_trace_call(g, group);
        cg_jump(g, OP_CALL, 0, dst, first, count, cg_need(g, group), g->fail);
    }
}

static void intrinsic_value(struct cg *g, const struct intrinsic *in, const struct terms *call, cg_reg dst)
{
    cg_reg a = cg_term(g, call->items[1]);
    cg_reg b = in->shape == SHAPE_SIZE ? 0 : cg_term(g, call->items[2]);
    switch (in->shape) {
    case SHAPE_UNIFY:
    case SHAPE_COMPARE:
        cg_op1(g, OP_CMP, (uint8_t)in->cmp, dst, a, b);
        break;
    case SHAPE_COMPUTE:
        cg_jump(g, in->op, 0, dst, a, b, 0, g->fail);
        break;
    case SHAPE_MEMBER:
        cg_op1(g, OP_MEMBER, 0, dst, a, b);
        break;
    case SHAPE_SIZE:
        cg_jump(g, OP_SIZE, 0, dst, a, 0, 0, g->fail);
        break;
    case SHAPE_PRINT:
    case SHAPE_NOTHING:
        break;
    }
}

static void compare_literal(struct cg *g, const struct intrinsic *in, const struct terms *call)
{
    const struct term *left = call->items[1], *right = call->items[2];
    bool equality = in->op == OP_EQ || in->op == OP_NEQ;
    enum op with_constant = in->op == OP_EQ ? OP_EQK : OP_NEQK;
    if (equality && term_is_ground_value(right)) {
        cg_reg a = cg_term(g, left);
        cg_jump(g, with_constant, 0, a, 0, 0, cg_constant(g, right), g->fail);
        return;
    }
    cg_reg a = cg_term(g, left), b = cg_term(g, right);
    cg_jump(g, in->op, 0, in->swap ? b : a, in->swap ? a : b, 0, 0, g->fail);
}

static void print_literal(struct cg *g, const struct terms *call)
{
    cg_reg args = cg_term(g, call->items[1]);
    cg_op2(g, OP_PRINT, 0, args, 0, 0, cg_position(g, g->loc), 0);
}

static void intrinsic_literal(struct cg *g, const struct intrinsic *in, const struct terms *call)
{
    switch (in->shape) {
    case SHAPE_UNIFY:
        cg_unify(g, call->items[1], call->items[2]);
        return;
    case SHAPE_COMPARE:
        compare_literal(g, in, call);
        return;
    case SHAPE_MEMBER: {
        cg_reg item = cg_term(g, call->items[1]), domain = cg_term(g, call->items[2]);
        cg_jump(g, OP_IN, 0, item, domain, 0, 0, g->fail);
        return;
    }
    case SHAPE_COMPUTE:
    case SHAPE_SIZE:
        intrinsic_value(g, in, call, cg_alloc(g, 1)); /* a number or a set is never false */
        return;
    case SHAPE_PRINT:
        print_literal(g, call);
        return;
    case SHAPE_NOTHING:
        return;
    }
}

/* The results of a relation, one after another. */
static cg_reg relation_loop(struct cg *g, cg_reg results)
{
    cg_reg it = cg_alloc_iterator(g), value = cg_alloc(g, 1);
    cg_label next = cg_label_new(g);
    cg_jump(g, OP_ITER, 0, it, results, 0, 0, g->fail);
    cg_place(g, next);
    cg_jump(g, OP_NEXT, NEXT_VALUE, it, 0, value, 0, g->fail);
    g->fail = next;
    return value;
}

struct callee {
    const struct builtin *def;
    struct cg_group *group;
    const struct intrinsic *intrinsic;
    uint32_t argc;
    bool is_replaced; /* by some with */
};

static struct cg_operator look_up(struct cg *g, const struct term *op)
{
    struct cg_operator found = {.is_known = true, .def = cg_builtin_of(g, op)};
    if (found.def != NULL)
        found.intrinsic = find_intrinsic(str_cstr(found.def->name));
    return found;
}

/* Operators of one name are remembered: there are few, and they are everywhere. */
static struct cg_operator operator_of(struct cg *g, const struct term *op)
{
    if (op->kind != TERM_REF || op->list.count != 1 || op->list.items[0]->kind != TERM_VAR)
        return look_up(g, op);
    uint32_t id = op->list.items[0]->var->id;
    size_t before = g->operator_cap;
    if (!arena_grow(g->arena, &g->operators, &g->operator_cap, (size_t)id + 1, sizeof *g->operators)) {
        cg_fail(g);
        return look_up(g, op);
    }
    if (g->operator_cap > before)
        memset(g->operators + before, 0, (g->operator_cap - before) * sizeof *g->operators);
    if (!g->operators[id].is_known)
        g->operators[id] = look_up(g, op);
    return g->operators[id];
}

static bool find_callee(struct cg *g, const struct terms *call, struct callee *ret)
{
    const struct term *op = call->items[0];
    *ret = (struct callee){0};
    struct cg_operator known = operator_of(g, op);
    ret->def = known.def;
    if (ret->def != NULL) {
        ret->argc = ret->def->argc;
        ret->is_replaced = op->kind == TERM_REF && cg_is_replaced(g, &op->list);
        ret->intrinsic = ret->is_replaced ? NULL : known.intrinsic;
        return true;
    }
    size_t used = 0;
    ret->group = op->kind == TERM_REF ? cg_find_group(g, &op->list, &used) : NULL;
    if (ret->group == NULL || used != op->list.count ||
        (ret->group->kind != FUNCTION_CALL && ret->group->kind != FUNCTION_COMPLETE)) {
        if (!g->failed)
            (void)diag_add(g->c, ERR_TYPE, op->loc, "undefined function"); /* always false */
        g->failed = true;
        return false;
    }
    ret->argc = (uint32_t)ret->group->node->rules[0]->head->args.count;
    return true;
}

void cg_call_value(struct cg *g, const struct terms *call, cg_reg dst)
{
    struct callee f;
    if (g->failed || !find_callee(g, call, &f))
        return;
    if (f.intrinsic != NULL && call->count - 1 == f.argc) {
        intrinsic_value(g, f.intrinsic, call, dst);
        return;
    }
    general_call(g, call, f.def, f.group, f.argc, dst);
    if (f.def != NULL && (f.def->flags & BI_RELATION) != 0)
        cg_op1(g, OP_MOVE, 0, dst, relation_loop(g, dst), 0);
}

/* Can the value be false, so that a statement must test it? */
static bool may_be_false(const struct callee *f)
{
    if (f->def == NULL || f->is_replaced)
        return true;
    if ((f->def->flags & BI_VOID) != 0)
        return false;
    const char *result = bi_result_type(f->def);
    return result == NULL || strcmp(result, "boolean") == 0 || strncmp(result, "any", 3) == 0 || f->def->fn == NULL;
}

void cg_call_literal(struct cg *g, const struct terms *call)
{
    struct callee f;
    if (g->failed || !find_callee(g, call, &f))
        return;
    bool has_output = call->count - 1 == (size_t)f.argc + 1;
    if (f.intrinsic != NULL && !has_output) {
        intrinsic_literal(g, f.intrinsic, call);
        return;
    }
    cg_reg value = cg_alloc(g, 1);
    if (f.intrinsic != NULL)
        intrinsic_value(g, f.intrinsic, call, value);
    else
        general_call(g, call, f.def, f.group, f.argc, value);
    if (f.def != NULL && (f.def->flags & BI_RELATION) != 0)
        value = relation_loop(g, value);
    if (has_output)
        cg_unify_reg(g, call->items[call->count - 1], value);
    else if (may_be_false(&f))
        cg_jump(g, OP_TEST, 0, value, 0, 0, 0, g->fail);
}
