/* SPDX-License-Identifier: Apache-2.0
 *
 * Verifying instructions one by one: boundaries, operands by the letters of opcodes.def, classes of registers, calls.
 */
#include "vm/verify.h"

#define OPERAND_(letter) (#letter)[0]

const struct op_format verify_formats[OP_COUNT] = {
#define OP(name, words, a, b, c, d, e, doc) {#name, words, OPERAND_(a), OPERAND_(b), OPERAND_(c), OPERAND_(d), OPERAND_(e)},
#include "vm/opcodes.def"
#undef OP
};

/* Instructions whose x means something, and the largest it may be. */
static const struct {
    uint8_t op, most;
} flags[] = {
    {OP_BUILD, BUILD_OBJECT},
    {OP_GET, 1},
    {OP_PUT_DEEP, 1},
    {OP_CMP, CMP_GE},
    {OP_NEXT, 3},
    {OP_ITER, 1},
    {OP_ITER_WHERE, 1},
    {OP_RESULT, 2},
    {OP_WITH_VALUE, MOCK_FUNCTION},
    {OP_TRACE, TRACE_CALL},
    {OP_WITH_FUNCTION, MOCK_FUNCTION},
    {OP_WITH_BUILTIN, MOCK_FUNCTION},
};

static uint8_t most_x(uint8_t op)
{
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (flags[i].op == op)
            return flags[i].most;
    }
    return 0;
}

static int find_starts(struct verify_code *v)
{
    for (uint32_t at = 0; at < v->fn->words;) {
        uint8_t op = v->code[at].insn.op;
        if (op >= OP_COUNT)
            return verify_fail(v, at, "unknown opcode %u", op);
        uint32_t words = verify_formats[op].words;
        if (words > v->fn->words - at)
            return verify_fail(v, at, "is cut off");
        v->starts[at / 64] |= UINT64_C(1) << (at % 64);
        at += words;
    }
    return 0;
}

/* ---- registers ---- */

static int use(struct verify_code *v, uint32_t at, uint32_t reg, uint32_t count, enum verify_class class)
{
    if (count > v->fn->registers || reg > v->fn->registers - count)
        return verify_fail(v, at, "register %u is out of range", reg + (count != 0 ? count - 1 : 0));
    for (uint32_t i = reg; i < reg + count; i++) {
        if (v->classes[i] != CLASS_FREE && v->classes[i] != class)
            return verify_fail(v, at, "register %u is used in two classes", i);
        v->classes[i] = (uint8_t) class;
    }
    return 0;
}

static enum verify_class class_of(uint8_t op, char letter)
{
    switch (letter) {
    case 'I':
        return op == OP_SWITCH || op == OP_NEXT_DEF ? CLASS_CHOICE : CLASS_ITERATOR;
    case 'L':
        return CLASS_BUILDER;
    case 'G':
        return CLASS_FRAME;
    default:
        return CLASS_VALUE;
    }
}

/* Operands a, b or c. */
static int check_small(struct verify_code *v, uint32_t at, char letter, uint16_t operand, uint16_t run)
{
    uint8_t op = v->code[at].insn.op;
    switch (letter) {
    case '_':
        return operand == 0 ? 0 : verify_fail(v, at, "an operand that is not used is not 0");
    case 'N':
        return 0;
    case 'V':
        return use(v, at, operand, op == OP_OBJECT ? 2u * run : run, CLASS_VALUE);
    default:
        return use(v, at, operand, 1, class_of(op, letter));
    }
}

/* ---- the second word ---- */

static int check_large(struct verify_code *v, uint32_t at, char letter, uint32_t operand)
{
    const struct program_tables *t = v->t;
    size_t rows;
    const char *what;
    switch (letter) {
    case '_':
        return operand == 0 ? 0 : verify_fail(v, at, "an operand that is not used is not 0");
    case 'N':
        return 0;
    case 'J':
        return verify_is_start(v, operand) ? 0 : verify_fail(v, at, "jumps to word %u, where no instruction begins", operand);
    case 'K':
        rows = t->constants_count, what = "constant";
        break;
    case 'P':
        rows = t->paths_count, what = "path";
        break;
    case 'F':
        rows = t->functions_count, what = "function";
        break;
    case 'B':
        rows = t->builtins_count, what = "builtin";
        break;
    case 'T':
        rows = t->nodes_count, what = "node";
        break;
    case 'S':
        rows = t->switches_count, what = "switch";
        break;
    default:
        rows = t->positions_count, what = "position";
        break;
    }
    return operand < rows ? 0 : verify_fail(v, at, "%s %u is out of range", what, operand);
}

/* ---- what is special ---- */

static int check_list(struct verify_code *v, uint32_t at, uint32_t first, uint32_t count, uint64_t *left)
{
    if (count + 1u > *left)
        return verify_fail(v, at, "its lists are used too often");
    *left -= count + 1u;
    for (uint32_t i = first; i < first + count; i++) {
        if (!verify_is_start(v, v->t->switch_targets[i]))
            return verify_fail(v, at, "a target is word %u, where no instruction begins", v->t->switch_targets[i]);
    }
    return 0;
}

static int check_switch(struct verify_code *v, uint32_t at, uint64_t *left)
{
    const struct switch_table *s = &v->t->switches[v->code[at + 1].ext.d];
    if (check_list(v, at, s->otherwise, s->otherwise_count, left) != 0)
        return -1;
    for (uint32_t c = 0; c < s->cases; c++) {
        const struct switch_case *row = &v->t->switch_cases[s->first_case + c];
        if (check_list(v, at, row->first, row->count, left) != 0)
            return -1;
    }
    return 0;
}

static int check_call(struct verify_code *v, uint32_t at)
{
    const union word *pc = v->code + at;
    const struct function *fn = &v->t->functions[pc[1].ext.d];
    switch (pc->insn.op) {
    case OP_CALL:
        if (fn->kind != FUNCTION_CALL)
            return verify_fail(v, at, "function %u is not one to call with arguments", pc[1].ext.d);
        return fn->args == pc->insn.c ? 0 : verify_fail(v, at, "function %u has %u arguments", pc[1].ext.d, fn->args);
    case OP_RULE:
        return fn->kind <= FUNCTION_DEEP ? 0 : verify_fail(v, at, "function %u is no rule", pc[1].ext.d);
    default:
        return fn->keyed != NONE ? 0 : verify_fail(v, at, "function %u is not keyed", pc[1].ext.d);
    }
}

static int check_mock(struct verify_code *v, uint32_t at)
{
    const struct program_tables *t = v->t;
    const union word *pc = v->code + at;
    uint32_t target = pc[1].ext.d, by = pc[1].ext.e;
    bool is_builtin = pc->insn.x == MOCK_BUILTIN;
    if (target >= (is_builtin ? t->builtins_count : t->functions_count))
        return verify_fail(v, at, "target %u is out of range", target);
    if (!is_builtin && t->functions[target].kind != FUNCTION_CALL)
        return verify_fail(v, at, "target %u is no function", target);
    uint32_t argc = is_builtin ? t->builtins[target].argc : t->functions[target].args;
    if (pc->insn.op == OP_WITH_FUNCTION && (t->functions[by].kind != FUNCTION_CALL || t->functions[by].args != argc))
        return verify_fail(v, at, "replacement %u has not as many arguments as its target", by);
    if (pc->insn.op == OP_WITH_BUILTIN && t->builtins[by].argc != argc)
        return verify_fail(v, at, "replacement %u has not as many arguments as its target", by);
    return 0;
}

static int check_special(struct verify_code *v, uint32_t at, uint64_t *left)
{
    const union word *pc = v->code + at;
    switch (pc->insn.op) {
    case OP_PUT_DEEP:
        return pc->insn.c >= 2 && pc->insn.c <= VERIFY_KEYS_MOST ? 0
                                                                 : verify_fail(v, at, "needs a key and a value, and not many");
    case OP_CALL:
    case OP_RULE:
    case OP_RULE_KEY:
        return check_call(v, at);
    case OP_BUILTIN:
        return v->t->builtins[pc[1].ext.d].argc == pc->insn.c
                   ? 0
                   : verify_fail(v, at, "the builtin has %u arguments", v->t->builtins[pc[1].ext.d].argc);
    case OP_WITH_VALUE:
    case OP_WITH_FUNCTION:
    case OP_WITH_BUILTIN:
        return check_mock(v, at);
    case OP_SWITCH:
        return check_switch(v, at, left);
    default:
        return 0;
    }
}

static int check_insn(struct verify_code *v, uint32_t at, uint64_t *left)
{
    const union word *pc = v->code + at;
    const struct op_format *f = &verify_formats[pc->insn.op];
    if (pc->insn.x != 0 && pc->insn.x > most_x(pc->insn.op))
        return verify_fail(v, at, "x is %u", pc->insn.x);
    bool has_b = pc->insn.op != OP_NEXT || (pc->insn.x & NEXT_KEY), has_c = pc->insn.op != OP_NEXT || (pc->insn.x & NEXT_VALUE);
    if (f->b == 'V') {
        if (pc->insn.c > *left)
            return verify_fail(v, at, "runs of registers are used too often");
        *left -= pc->insn.c;
    }
    if (check_small(v, at, f->a, pc->insn.a, 0) != 0 || (has_b && check_small(v, at, f->b, pc->insn.b, pc->insn.c) != 0) ||
        (has_c && check_small(v, at, f->c, pc->insn.c, 0) != 0))
        return -1;
    if (f->words == 2 && (check_large(v, at, f->d, pc[1].ext.d) != 0 || check_large(v, at, f->e, pc[1].ext.e) != 0))
        return -1;
    return check_special(v, at, left);
}

int verify_operands(struct verify_code *v)
{
    uint64_t left = 64 * (uint64_t)v->fn->words + 65536; /* of work that is more than one word's: keeps all of it linear */
    if (find_starts(v) != 0)
        return -1;
    for (uint32_t i = 0; i < v->fn->args; i++)
        v->classes[i] = CLASS_VALUE;
    for (uint32_t at = 0; at < v->fn->words; at = verify_next(v, at)) {
        if (check_insn(v, at, &left) != 0)
            return -1;
    }
    return 0;
}
