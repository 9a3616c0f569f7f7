/* SPDX-License-Identifier: Apache-2.0
 *
 * Emitting words: labels and their fixups, registers, variables and positions.
 *
 * After a failure (out of memory, too many registers) everything here does nothing, so that callers need not check.
 */
#include "lang/cg.h"

#define REGISTER_MAX 65000u

void cg_fail(struct cg *g)
{
    if (!g->failed)
        (void)diag_nomem(g->c); /* always false */
    g->failed = true;
}

void cg_begin(struct cg *g)
{
    g->next = g->most = (struct cg_registers){0};
    g->code_start = (uint32_t)g->b->t.code_count;
    g->label_count = g->fixup_count = g->stub_count = 0;
    g->open_count = 0;
    cg_unbind(g, 0);
    g->any_order = false;
    g->frame = NO_REG;
    g->last_withs = NULL;
    g->last_frame = NO_REG;
    g->loc = (struct loc){0};
}

static void push_word(struct cg *g, union word w)
{
    if (!g->failed && TABLE_PUSH(g->b, code, w) == NONE)
        cg_fail(g);
}

void cg_op1(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c)
{
    push_word(g, (union word){.insn = {(uint8_t)op, x, (uint16_t)a, (uint16_t)b, (uint16_t)c}});
}

void cg_op2(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c, uint32_t d, uint32_t e)
{
    cg_op1(g, op, x, a, b, c);
    push_word(g, (union word){.ext = {d, e}});
}

void cg_jump(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c, uint32_t d, cg_label e)
{
    cg_op2(g, op, x, a, b, c, d, 0);
    if (g->failed)
        return;
    if (!arena_grow(g->arena, &g->fixups, &g->fixup_cap, g->fixup_count + 1, sizeof *g->fixups)) {
        cg_fail(g);
        return;
    }
    g->fixups[g->fixup_count++] = (struct cg_fixup){(uint32_t)g->b->t.code_count - 1, e};
}

void cg_goto(struct cg *g, cg_label target)
{
    cg_jump(g, OP_JUMP, 0, 0, 0, 0, 0, target);
}

cg_label cg_label_new(struct cg *g)
{
    if (!arena_grow(g->arena, &g->label_words, &g->label_cap, g->label_count + 1, sizeof *g->label_words)) {
        cg_fail(g);
        return 0;
    }
    g->label_words[g->label_count] = NONE;
    return (cg_label)g->label_count++;
}

void cg_place(struct cg *g, cg_label label)
{
    if (!g->failed)
        g->label_words[label] = (uint32_t)g->b->t.code_count - g->code_start;
}

cg_label cg_stub(struct cg *g, bool enter, cg_reg frame, cg_label target)
{
    cg_label label = cg_label_new(g);
    if (g->failed || !arena_grow(g->arena, &g->stubs, &g->stub_cap, g->stub_count + 1, sizeof *g->stubs)) {
        cg_fail(g);
        return 0;
    }
    g->stubs[g->stub_count++] = (struct cg_stub){label, target, frame, enter};
    return label;
}

static void place_stubs(struct cg *g)
{
    for (size_t i = 0; i < g->stub_count && !g->failed; i++) {
        struct cg_stub s = g->stubs[i];
        cg_place(g, s.label);
        cg_op1(g, s.enter ? OP_ENTER : OP_LEAVE, 0, s.frame, 0, 0);
        cg_goto(g, s.target);
    }
}

enum role { ROLE__, ROLE_W, ROLE_R, ROLE_Q, ROLE_V, ROLE_I, ROLE_L, ROLE_G, ROLE_K, ROLE_P, ROLE_F, ROLE_B, ROLE_T, ROLE_S,
            ROLE_A, ROLE_N, ROLE_J };

static const uint8_t roles[OP_COUNT][3] = {
#define OP(name, words, a, b, c, d, e, doc) [OP_##name] = {ROLE_##a, ROLE_##b, ROLE_##c},
#include "vm/opcodes.def"
#undef OP
};

static uint16_t placed(const struct cg *g, uint8_t role, uint16_t operand)
{
    cg_reg iterators = g->most.value, builders = iterators + g->most.iterator, frames = builders + g->most.builder;
    switch (role) {
    case ROLE_I:
        return (uint16_t)(operand + iterators);
    case ROLE_L:
        return (uint16_t)(operand + builders);
    case ROLE_G:
        return (uint16_t)(operand + frames);
    default:
        return operand;
    }
}

static void place_registers(struct cg *g)
{
    for (size_t i = g->code_start; i < g->b->t.code_count;) {
        struct insn *insn = &g->b->t.code[i].insn;
        const uint8_t *role = roles[insn->op];
        insn->a = placed(g, role[0], insn->a);
        insn->b = placed(g, role[1], insn->b);
        insn->c = placed(g, role[2], insn->c);
        i += op_words(insn->op);
    }
}

void cg_end(struct cg *g, struct function *ret)
{
    place_stubs(g);
    uint32_t registers = g->most.value + g->most.iterator + g->most.builder + g->most.frame;
    if (registers > REGISTER_MAX && !g->failed) {
        (void)diag_add(g->c, ERR_COMPILE, g->loc, "rule needs more than %u registers", REGISTER_MAX); /* always false */
        g->failed = true;
    }
    if (g->failed)
        return;
    for (size_t i = 0; i < g->fixup_count; i++)
        g->b->t.code[g->fixups[i].word].ext.e = g->label_words[g->fixups[i].label];
    place_registers(g);
    ret->code = g->code_start;
    ret->words = (uint32_t)g->b->t.code_count - g->code_start;
    ret->registers = registers;
}

static cg_reg take(struct cg *g, cg_reg *next, cg_reg *most, uint32_t count)
{
    cg_reg first = *next;
    if (count > REGISTER_MAX - first) {
        if (!g->failed)
            (void)diag_add(g->c, ERR_COMPILE, g->loc, "rule needs more than %u registers", REGISTER_MAX); /* always false */
        g->failed = true;
        return 0;
    }
    *next += count;
    if (*next > *most)
        *most = *next;
    return first;
}

cg_reg cg_alloc(struct cg *g, uint32_t count)
{
    return take(g, &g->next.value, &g->most.value, count);
}

cg_reg cg_alloc_iterator(struct cg *g)
{
    return take(g, &g->next.iterator, &g->most.iterator, 1);
}

cg_reg cg_alloc_builder(struct cg *g)
{
    return take(g, &g->next.builder, &g->most.builder, 1);
}

cg_reg cg_alloc_frame(struct cg *g)
{
    return take(g, &g->next.frame, &g->most.frame, 1);
}

uint32_t cg_position(struct cg *g, struct loc loc)
{
    if (loc.row == 0)
        loc = g->loc;
    struct program_tables *t = &g->b->t;
    struct position p = {loc.file, loc.row, loc.col, loc.offset, loc.len};
    if (t->positions_count > 0 && memcmp(&t->positions[t->positions_count - 1], &p, sizeof p) == 0)
        return (uint32_t)t->positions_count - 1;
    uint32_t row = TABLE_PUSH(g->b, positions, p);
    if (row == NONE)
        cg_fail(g);
    return row;
}

void cg_line(struct cg *g, struct loc loc)
{
    if (loc.row == 0 || g->failed)
        return;
    g->loc = loc;
    struct line line = {(uint32_t)g->b->t.code_count, cg_position(g, loc)};
    if (TABLE_PUSH(g->b, lines, line) == NONE)
        cg_fail(g);
}

cg_reg cg_var(const struct cg *g, const struct atom *var)
{
    return var->id < g->var_cap ? g->var_regs[var->id] : NO_REG;
}

static bool grow_vars(struct cg *g, size_t need)
{
    size_t before = g->var_cap;
    if (!arena_grow(g->arena, &g->var_regs, &g->var_cap, need, sizeof *g->var_regs))
        return false;
    for (size_t i = before; i < g->var_cap; i++)
        g->var_regs[i] = NO_REG;
    return true;
}

void cg_bind(struct cg *g, const struct atom *var, cg_reg reg)
{
    if (g->failed || !grow_vars(g, (size_t)var->id + 1) ||
        !arena_grow(g->arena, &g->trail, &g->trail_cap, g->trail_count + 1, sizeof *g->trail)) {
        cg_fail(g);
        return;
    }
    g->trail[g->trail_count++] = (struct cg_binding){var, g->var_regs[var->id]};
    g->var_regs[var->id] = reg;
}

void cg_know(struct cg *g, struct cg_known known)
{
    if (g->failed || !arena_grow(g->arena, &g->known, &g->known_cap, g->known_count + 1, sizeof *g->known) ||
        !arena_grow(g->arena, &g->trail, &g->trail_cap, g->trail_count + 1, sizeof *g->trail)) {
        cg_fail(g);
        return;
    }
    g->known[g->known_count++] = known;
    g->trail[g->trail_count++] = (struct cg_binding){NULL, NO_REG};
}

void cg_unbind(struct cg *g, size_t trail_mark)
{
    while (g->trail_count > trail_mark) {
        struct cg_binding b = g->trail[--g->trail_count];
        if (b.var != NULL)
            g->var_regs[b.var->id] = b.before;
        else
            g->known_count--;
    }
}

uint32_t cg_constant(struct cg *g, const struct term *t)
{
    struct value v = term_value(g->arena, t);
    uint32_t row = v.kind == VALUE_UNDEFINED ? NONE : builder_constant(g->b, v);
    if (row == NONE || g->b->failed)
        cg_fail(g);
    return row;
}
