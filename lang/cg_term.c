/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms to registers: constants, variables, collections and comprehensions.
 *
 * A term that is undefined for the current bindings jumps to the fail label.
 */
#include "lang/cg.h"

bool cg_is_open(const struct cg *g, const struct term *t)
{
    switch (t->kind) {
    case TERM_VAR:
        return cg_var(g, t->var) == NO_REG;
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        for (size_t i = 0; i < t->list.count; i++)
            if (cg_is_open(g, t->list.items[i]))
                return true;
        return false;
    default:
        return false;
    }
}

static void collection_to(struct cg *g, const struct term *t, cg_reg dst)
{
    uint32_t count = (uint32_t)t->list.count;
    cg_reg first = cg_alloc(g, count);
    for (uint32_t i = 0; i < count && !g->failed; i++)
        cg_term_to(g, t->list.items[i], first + i);
    if (t->kind == TERM_ARRAY)
        cg_op1(g, OP_ARRAY, 0, dst, first, count);
    else if (t->kind == TERM_SET)
        cg_op1(g, OP_SET, 0, dst, first, count);
    else
        cg_op1(g, OP_OBJECT, 0, dst, first, count / 2);
}

static enum build_kind build_kind_of(const struct term *t)
{
    switch (t->kind) {
    case TERM_SET_COMPR:
        return BUILD_SET;
    case TERM_OBJECT_COMPR:
        return BUILD_OBJECT;
    default:
        return BUILD_ARRAY;
    }
}

void cg_comprehension(struct cg *g, const struct term *t, cg_reg dst)
{
    cg_label outer = g->fail, end = cg_label_new(g);
    size_t mark = g->trail_count;
    bool any_order = g->any_order;
    g->any_order = t->kind != TERM_ARRAY_COMPR && !g->c->options.keep_prints;
    struct loc loc = g->loc;
    cg_reg builder = cg_alloc_builder(g);
    cg_op1(g, OP_BUILD, (uint8_t)build_kind_of(t), builder, 0, 0);
    g->fail = end;
    size_t open = g->open_count;
    struct trace_row row = cg_trace_body_row(&t->compr->body);
    if (g->traced)
        cg_trace(g, TRACE_ENTER, row);
    cg_body(g, &t->compr->body);
    g->open_count = open;
    if (g->traced)
        cg_trace(g, TRACE_EXIT, row);
    if (t->kind == TERM_OBJECT_COMPR) {
        cg_reg key = cg_term(g, t->compr->key);
        cg_reg value = cg_term(g, t->compr->term);
        cg_line(g, t->compr->key->loc); /* of a conflict */
        cg_op1(g, OP_PUT, 0, builder, key, value);
    } else {
        cg_op1(g, OP_PUSH, 0, builder, cg_term(g, t->compr->term), 0);
    }
    if (g->traced)
        cg_trace(g, TRACE_REDO, row);
    cg_goto(g, g->fail);
    cg_place(g, end);
    if (g->traced)
        cg_trace(g, TRACE_LEAVE, row);
    cg_line(g, loc);
    cg_op1(g, OP_DONE, 0, dst, builder, 0);
    g->fail = outer;
    g->any_order = any_order;
    cg_unbind(g, mark);
    g->last_withs = NULL;
}

void cg_term_to(struct cg *g, const struct term *t, cg_reg dst)
{
    if (g->failed)
        return;
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        cg_op2(g, OP_CONST, 0, dst, 0, 0, cg_constant(g, t), 0);
        return;
    case TERM_VAR: {
        cg_reg r = cg_var(g, t->var);
        if (r == NO_REG) {
            (void)diag_add(g->c, ERR_UNSAFE_VAR, t->loc, "var %s is unsafe", t->var->text); /* always false */
            g->failed = true;
            return;
        }
        if (r != dst)
            cg_op1(g, OP_MOVE, 0, dst, r, 0);
        return;
    }
    case TERM_REF: {
        cg_reg r = cg_ref(g, &t->list, dst);
        if (r != dst)
            cg_op1(g, OP_MOVE, 0, dst, r, 0);
        return;
    }
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        if (term_is_ground_value(t))
            cg_op2(g, OP_CONST, 0, dst, 0, 0, cg_constant(g, t), 0);
        else
            collection_to(g, t, dst);
        return;
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        cg_comprehension(g, t, dst);
        return;
    case TERM_CALL:
        cg_call_value(g, &t->list, dst);
        return;
    case TERM_TEMPLATE:
        break;
    }
    (void)diag_add(g->c, ERR_COMPILE, t->loc, "template string was not rewritten"); /* always false */
    g->failed = true;
}

cg_reg cg_term(struct cg *g, const struct term *t)
{
    if (g->failed)
        return 0;
    if (t->kind == TERM_VAR && cg_var(g, t->var) != NO_REG)
        return cg_var(g, t->var);
    if (t->kind == TERM_REF)
        return cg_ref(g, &t->list, NO_REG);
    cg_reg r = cg_alloc(g, 1);
    cg_term_to(g, t, r);
    return r;
}
