/* SPDX-License-Identifier: Apache-2.0
 *
 * The verifier: proves that tables can be run, before anything runs.
 *
 * What the interpreter relies on without checking: every operand is in its table's range; jumps and switch targets go to
 * instructions of the same function and no path leaves it; a register is used in one class only (value, iterator, builder,
 * frame) and is written before it is read on every path, where the table of opcodes says that it must be defined; functions
 * are called with as many arguments as they have and in the way their kind allows; the rule tree is a tree of bounded depth
 * in preorder; calls do not recurse but through documents and mocks, where the limit call_depth holds.
 * Values of constants are trusted: whoever made them (the compiler, vm/program_file.c) built them with the value functions.
 */
#ifndef QUIS_VM_VERIFY_H
#define QUIS_VM_VERIFY_H

#include "vm/program_priv.h"

#define VERIFY_REGISTERS_MOST 65535u
#define VERIFY_TREE_DEPTH 1000u
#define VERIFY_KEYS_MOST 1000u /* of PUT_DEEP */

/* -1: e says what is wrong, where. scratch is only used while this runs; info has a row per function, to be filled. */
MUST_CHECK int verify_tables(const struct program_tables *t, struct arena *scratch, struct function_info *info, struct err *e);

/* The parts, in order. */
MUST_CHECK int verify_rows(const struct program_tables *t, struct err *e); /* verify_rows.c: references between tables */
MUST_CHECK int verify_tree(const struct program_tables *t, struct arena *scratch, struct err *e);  /* verify_rows.c */
MUST_CHECK int verify_calls(const struct program_tables *t, struct arena *scratch, struct err *e); /* verify.c: no recursion */

/* One function's code. starts: a bitmap of the words of all code where instructions begin. */
struct verify_code {
    const struct program_tables *t;
    const struct function *fn;
    uint32_t function;
    const union word *code;
    uint64_t *starts; /* bit per word of this function */
    uint8_t *classes; /* enum verify_class per register */
    struct arena *scratch;
    struct err *e;
};

enum verify_class { CLASS_FREE, CLASS_VALUE, CLASS_ITERATOR, CLASS_CHOICE, CLASS_BUILDER, CLASS_FRAME };

MUST_CHECK int verify_operands(struct verify_code *v);                        /* verify_code.c */
MUST_CHECK int verify_flow(struct verify_code *v, struct function_info *ret); /* verify_flow.c */

/* What the letters of opcodes.def say. */
struct op_format {
    const char *name;
    uint8_t words;
    char a, b, c, d, e;
};

extern const struct op_format verify_formats[OP_COUNT];

static inline bool verify_is_start(const struct verify_code *v, uint32_t word)
{
    return word < v->fn->words && (v->starts[word / 64] >> (word % 64) & 1) != 0;
}

/* The instruction behind the one at word. */
static inline uint32_t verify_next(const struct verify_code *v, uint32_t word)
{
    return word + verify_formats[v->code[word].insn.op].words;
}

/* Sets e to "function <name>, word <n> (<op>): ...". Always -1. */
COLD int verify_fail(const struct verify_code *v, uint32_t word, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
