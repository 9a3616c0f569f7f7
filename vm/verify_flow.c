/* SPDX-License-Identifier: Apache-2.0
 *
 * Verifying flow: what is read is written before, on every path, and no path leaves the code.
 *
 * A forward analysis over sets of registers that are certainly defined. Words are swept in order; where a jump goes, the set
 * is met with what is known there. What goes forward is used in the same sweep; sweeps repeat while something that went
 * backward was new, so that one is enough for nearly all code. An instruction
 * that jumps to e has written nothing. What NEXT_DEF leaves meets in one place per register and goes on to every target of
 * every SWITCH of that register. The work is bounded, code that needs more is refused.
 */
#include "vm/verify.h"

#define MEMORY_MOST ((size_t)256 << 20)
#define WORK_LEAST UINT64_C(200000000)

struct flow {
    struct verify_code *v;
    size_t width;      /* words of a set */
    uint32_t *slots;   /* per word of code: slot of its set + 1, when something jumps there */
    uint64_t *sets;    /* [slot * width] */
    uint8_t *reached;  /* per slot */
    size_t slot_count; /* jump targets, then one for each register that chooses definitions */
    uint32_t *hubs;    /* per register: slot + 1 */
    uint64_t *now;
    bool is_reached, changed;
    uint64_t work, work_most;
};

static bool has(const uint64_t *set, uint32_t reg)
{
    return (set[reg / 64] >> (reg % 64) & 1) != 0;
}

static void add(uint64_t *set, uint32_t reg)
{
    set[reg / 64] |= UINT64_C(1) << (reg % 64);
}

static void drop(uint64_t *set, uint32_t reg)
{
    set[reg / 64] &= ~(UINT64_C(1) << (reg % 64));
}

/* is_back: the sweep has passed the place already. */
static void meet(struct flow *f, uint32_t slot, const uint64_t *set, bool is_back)
{
    uint64_t *to = f->sets + slot * f->width;
    f->work += f->width + 1;
    if (!f->reached[slot]) {
        memcpy(to, set, f->width * sizeof *set);
        f->reached[slot] = 1;
        f->changed |= is_back;
        return;
    }
    for (size_t i = 0; i < f->width; i++) {
        uint64_t both = to[i] & set[i];
        f->changed |= is_back && both != to[i];
        to[i] = both;
    }
}

/* ---- slots ---- */

static uint32_t slot_at(struct flow *f, uint32_t word)
{
    if (f->slots[word] == 0)
        f->slots[word] = (uint32_t)++f->slot_count;
    return f->slots[word];
}

static void slots_of_list(struct flow *f, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++)
        (void)slot_at(f, f->v->t->switch_targets[i]);
}

static void slots_of_switch(struct flow *f, const union word *pc)
{
    const struct program_tables *t = f->v->t;
    const struct switch_table *s = &t->switches[pc[1].ext.d];
    slots_of_list(f, s->otherwise, s->otherwise_count);
    for (uint32_t c = 0; c < s->cases; c++)
        slots_of_list(f, t->switch_cases[s->first_case + c].first, t->switch_cases[s->first_case + c].count);
    if (f->hubs[pc->insn.a] == 0)
        f->hubs[pc->insn.a] = (uint32_t)++f->slot_count;
}

static bool make_slots(struct flow *f)
{
    struct verify_code *v = f->v;
    f->slots = arena_zeroed(v->scratch, v->fn->words, sizeof *f->slots);
    f->hubs = arena_zeroed(v->scratch, v->fn->registers + 1u, sizeof *f->hubs);
    if (f->slots == NULL || f->hubs == NULL)
        return false;
    for (uint32_t at = 0; at < v->fn->words; at = verify_next(v, at)) {
        const union word *pc = v->code + at;
        if (verify_formats[pc->insn.op].e == 'J')
            (void)slot_at(f, pc[1].ext.e);
        if (pc->insn.op == OP_SWITCH)
            slots_of_switch(f, pc);
    }
    f->width = v->fn->registers / 64 + 1;
    size_t bytes;
    if (!size_mul(f->slot_count + 1, f->width * sizeof *f->sets, &bytes) || bytes > MEMORY_MOST) {
        (void)verify_fail(v, 0, "the function is too complex"); /* always -1 */
        return false;
    }
    f->sets = arena_alloc(v->scratch, bytes);
    f->reached = arena_zeroed(v->scratch, f->slot_count + 1, 1);
    f->now = arena_zeroed(v->scratch, f->width, sizeof *f->now);
    return f->sets != NULL && f->reached != NULL && f->now != NULL;
}

/* ---- one instruction ---- */

static bool ends(uint8_t op)
{
    return op == OP_JUMP || op == OP_RET || op == OP_RET_MAYBE || op == OP_RET_UNDEF || op == OP_NEXT_DEF;
}

/* How an operand is read, by its letter. */
enum read_kind { READ_NOT, READ_VALUE, READ_OTHER, READ_RUN };

static const uint8_t reads[128] = {
    ['R'] = READ_VALUE, ['I'] = READ_OTHER, ['L'] = READ_OTHER, ['G'] = READ_OTHER, ['V'] = READ_RUN,
};

static bool makes_a(uint8_t op)
{
    return op == OP_ITER || op == OP_ITER_WHERE || op == OP_SWITCH || op == OP_BUILD || op == OP_WITH;
}

/* The first register of an operand that is read without being defined, or NONE. */
static inline uint32_t lacking(const struct flow *f, const union word *pc, uint8_t kind, uint32_t reg)
{
    uint32_t run = 1;
    if (kind == READ_NOT)
        return NONE;
    if (kind == READ_RUN)
        run = pc->insn.op == OP_OBJECT ? 2u * pc->insn.c : pc->insn.c;
    for (uint32_t r = reg; r < reg + run; r++) {
        if (!has(f->now, r))
            return r;
    }
    return NONE;
}

/* Registers that must be defined when pc runs; the first that is not, or NONE. */
static uint32_t undefined_read(const struct flow *f, const union word *pc)
{
    const struct op_format *o = &verify_formats[pc->insn.op];
    uint8_t a = reads[(unsigned char)o->a];
    if (a == READ_OTHER && makes_a(pc->insn.op))
        a = READ_NOT;
    uint32_t reg = lacking(f, pc, a, pc->insn.a);
    if (reg == NONE)
        reg = lacking(f, pc, reads[(unsigned char)o->b], pc->insn.b);
    return reg != NONE ? reg : lacking(f, pc, reads[(unsigned char)o->c], pc->insn.c);
}

/* What pc does to the set when it does not jump. */
static void apply(struct flow *f, const union word *pc)
{
    switch (pc->insn.op) {
    case OP_NEXT:
        if (pc->insn.x & NEXT_KEY)
            add(f->now, pc->insn.b);
        if (pc->insn.x & NEXT_VALUE)
            add(f->now, pc->insn.c);
        break;
    case OP_CLEAR:
        drop(f->now, pc->insn.a);
        break;
    case OP_RESULT:
    case OP_DEFINED:
    case OP_ITER:
    case OP_ITER_WHERE:
    case OP_SWITCH:
    case OP_BUILD:
    case OP_WITH:
        add(f->now, pc->insn.a);
        break;
    default:
        if (verify_formats[pc->insn.op].a == 'W')
            add(f->now, pc->insn.a);
    }
}

static void meet_list(struct flow *f, const uint64_t *set, uint32_t at, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        uint32_t target = f->v->t->switch_targets[i];
        meet(f, f->slots[target] - 1, set, target <= at);
    }
}

/* What reaches the NEXT_DEFs of the register goes on to the targets. */
static void meet_targets(struct flow *f, const union word *pc)
{
    const struct program_tables *t = f->v->t;
    uint32_t at = (uint32_t)(pc - f->v->code);
    uint32_t hub = f->hubs[pc->insn.a] - 1;
    if (!f->reached[hub])
        return;
    const uint64_t *set = f->sets + hub * f->width;
    const struct switch_table *s = &t->switches[pc[1].ext.d];
    meet_list(f, set, at, s->otherwise, s->otherwise_count);
    for (uint32_t c = 0; c < s->cases; c++)
        meet_list(f, set, at, t->switch_cases[s->first_case + c].first, t->switch_cases[s->first_case + c].count);
}

/* The set before the instruction at word, in f->now. */
static void arrive(struct flow *f, uint32_t word)
{
    uint32_t slot = f->slots[word];
    if (slot == 0)
        return;
    if (f->is_reached)
        meet(f, slot - 1, f->now, false);
    f->is_reached = f->reached[slot - 1] != 0;
    if (f->is_reached)
        memcpy(f->now, f->sets + (slot - 1) * f->width, f->width * sizeof *f->now);
}

/* Sets only shrink from sweep to sweep: what is not defined in an early one is not defined. */
static int sweep(struct flow *f)
{
    struct verify_code *v = f->v;
    memset(f->now, 0, f->width * sizeof *f->now);
    for (uint32_t i = 0; i < v->fn->args; i++)
        add(f->now, i);
    f->is_reached = true;
    for (uint32_t at = 0; at < v->fn->words; at = verify_next(v, at)) {
        const union word *pc = v->code + at;
        f->work += 1u + (verify_formats[pc->insn.op].b == 'V' ? pc->insn.c / 8u : 0);
        arrive(f, at);
        if (!f->is_reached)
            continue;
        uint32_t reg = undefined_read(f, pc);
        if (reg != NONE)
            return verify_fail(v, at, "register %u may be read before it is written", reg);
        if (verify_formats[pc->insn.op].e == 'J')
            meet(f, f->slots[pc[1].ext.e] - 1, f->now, pc[1].ext.e <= at);
        if (pc->insn.op == OP_NEXT_DEF && f->hubs[pc->insn.a] != 0)
            meet(f, f->hubs[pc->insn.a] - 1, f->now, true);
        apply(f, pc);
        if (pc->insn.op == OP_SWITCH)
            meet_targets(f, pc);
        if (ends(pc->insn.op))
            f->is_reached = false;
        else if (at + verify_formats[pc->insn.op].words == v->fn->words)
            return verify_fail(v, at, "runs past the end of the function");
        if (f->work > f->work_most)
            return verify_fail(v, at, "the function is too complex");
    }
    return 0;
}

/* Registers that are looked at without being defined must be cleared when a call begins. */
static void find_clear(const struct verify_code *v, struct function_info *ret)
{
    uint32_t from = v->fn->registers, to = 0;
    for (uint32_t at = 0; at < v->fn->words; at = verify_next(v, at)) {
        const union word *pc = v->code + at;
        uint8_t op = pc->insn.op;
        if (op == OP_TRACE) {
            from = v->fn->args;
            to = v->fn->registers;
        }
        bool a = verify_formats[op].a == 'Q' || op == OP_WITH, b = verify_formats[op].b == 'Q' && op != OP_NEXT;
        uint32_t reg = a ? pc->insn.a : pc->insn.b;
        if (!a && !b)
            continue;
        from = reg < from ? reg : from;
        to = reg >= to ? reg + 1u : to;
    }
    from = from < v->fn->args ? v->fn->args : from;
    *ret = (struct function_info){from, to > from ? to : from};
}

int verify_flow(struct verify_code *v, struct function_info *ret)
{
    struct flow f = {.v = v};
    if (!make_slots(&f))
        return v->e != NULL && v->e->code != ERR_OK ? -1 : err_set(v->e, ERR_NOMEM, "out of memory");
    f.work_most = WORK_LEAST + 64 * ((uint64_t)v->fn->words + f.slot_count * f.width);
    do {
        f.changed = false;
        if (sweep(&f) != 0)
            return -1;
    } while (f.changed);
    find_clear(v, ret);
    return 0;
}
