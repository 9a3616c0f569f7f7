/* SPDX-License-Identifier: Apache-2.0
 *
 * The verifier's order of work, its error texts, and the proof that calls do not recurse.
 */
#include "vm/verify.h"

#include <stdarg.h>
#include <stdio.h>

int verify_fail(const struct verify_code *v, uint32_t word, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* cutting is intended */
    va_end(args);
    struct str name = program_text(v->t, v->fn->name);
    uint8_t op = word < v->fn->words ? v->code[word].insn.op : OP_COUNT;
    return err_set(v->e, ERR_PROGRAM, "function %.*s, word %u (%s): %s", (int)(name.len < 100 ? name.len : 100), name.p, word,
                   op < OP_COUNT ? verify_formats[op].name : "no instruction", text);
}

/* ---- calls ---- */

/* The function that an instruction calls by number, or NONE. */
static uint32_t callee(const struct program_tables *t, const union word *pc)
{
    switch (pc->insn.op) {
    case OP_CALL:
    case OP_RULE:
        return pc[1].ext.d;
    case OP_RULE_KEY:
        return t->functions[pc[1].ext.d].keyed;
    default:
        return NONE;
    }
}

struct visit {
    uint32_t function, word;
};

/* The next call in the function of v from its word on, or NONE; moves on. */
static uint32_t next_callee(const struct program_tables *t, struct visit *v)
{
    const struct function *fn = &t->functions[v->function];
    while (v->word < fn->words) {
        const union word *pc = t->code + fn->code + v->word;
        v->word += verify_formats[pc->insn.op].words;
        uint32_t f = callee(t, pc);
        if (f != NONE)
            return f;
    }
    return NONE;
}

int verify_calls(const struct program_tables *t, struct arena *scratch, struct err *e)
{
    enum { NEW, OPEN, DONE };
    uint8_t *state = arena_zeroed(scratch, t->functions_count, 1);
    struct visit *stack = arena_array(scratch, t->functions_count + 1, sizeof *stack);
    if (state == NULL || stack == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (uint32_t root = 0; root < t->functions_count; root++) {
        size_t depth = 0;
        if (state[root] == NEW) {
            state[root] = OPEN;
            stack[depth++] = (struct visit){root, 0};
        }
        while (depth > 0) {
            uint32_t f = next_callee(t, &stack[depth - 1]);
            if (f == NONE) {
                state[stack[--depth].function] = DONE;
            } else if (state[f] == OPEN) {
                struct str name = program_text(t, t->functions[f].name);
                return err_set(e, ERR_PROGRAM, "function %.*s calls itself", (int)name.len, name.p);
            } else if (state[f] == NEW) {
                state[f] = OPEN;
                stack[depth++] = (struct visit){f, 0};
            }
        }
    }
    return 0;
}

/* ---- all ---- */

static int verify_function(const struct program_tables *t, uint32_t function, struct arena *scratch, struct function_info *info,
                           struct err *e)
{
    const struct function *fn = &t->functions[function];
    struct verify_code v = {.t = t, .fn = fn, .function = function, .code = t->code + fn->code, .scratch = scratch, .e = e};
    arena_reset(scratch);
    v.starts = arena_zeroed(scratch, fn->words / 64 + 1, sizeof *v.starts);
    v.classes = arena_zeroed(scratch, fn->registers + 1u, 1);
    if (v.starts == NULL || v.classes == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (verify_operands(&v) != 0)
        return -1;
    return verify_flow(&v, info);
}

int verify_tables(const struct program_tables *t, struct arena *scratch, struct function_info *info, struct err *e)
{
    if (verify_rows(t, e) != 0 || verify_tree(t, scratch, e) != 0)
        return -1;
    for (uint32_t i = 0; i < t->functions_count; i++) {
        if (verify_function(t, i, scratch, &info[i], e) != 0)
            return -1;
    }
    arena_reset(scratch);
    return verify_calls(t, scratch, e);
}
