/* SPDX-License-Identifier: Apache-2.0
 *
 * What a sealed program is made of: the verified tables, in an arena of its own, and what linking adds for the interpreter.
 *
 * Nothing here changes after program_seal but the reference count, so that all threads may read it.
 */
#ifndef QUIS_VM_PROGRAM_PRIV_H
#define QUIS_VM_PROGRAM_PRIV_H

#include <stdatomic.h>

#include "vm/program.h"

/* The builtins behind opcodes, which a with may replace too. */
enum arith { ARITH_ADD, ARITH_SUB, ARITH_MUL, ARITH_DIV, ARITH_REM, ARITH_SIZE, ARITH_COUNT };

/* What the verifier finds out about a function and the interpreter relies on. */
struct function_info {
    uint32_t clear_from, clear_to; /* registers that must be undefined at the start */
};

/* A hash index over the cases of a switch: entry is case + 1, 0 is free. mask 0: few cases, scanned. */
struct switch_index {
    uint32_t *slots;
    uint32_t mask;
};

struct program {
    struct program_tables t;
    const struct builtin **links;      /* per row of builtins */
    struct builtin arith[ARITH_COUNT]; /* fn NULL: not linked */
    uint32_t arith_name[ARITH_COUNT];  /* constant with the name, or NONE: then no with can replace it */
    struct function_info *info;        /* per function */
    uint32_t *node_end;                /* per node: one past the nodes below it */
    uint32_t *children;                /* nodes, those of one parent side by side and in order of keys */
    uint32_t *child_first;             /* per node, and one more: where its children begin in children */
    uint32_t tree_depth;               /* levels of the rule tree */
    struct switch_index *switch_index;
    struct arena arena;
    struct alloc alloc;
    atomic_uint refs;
};

/* The file form of tables, canonical: the same tables give the same bytes. false: out of memory. */
bool program_encode(const struct program_tables *t, struct buf *out);

/* Fills tables from the file form; everything is allocated in b->arena. Bounds only: program_seal verifies. */
MUST_CHECK int program_decode(const void *bytes, size_t len, struct program_builder *b, const struct limits *limits,
                              struct err *e);

/* "data.a.b" of a function, a file's name and the like. */
static inline struct str program_text(const struct program_tables *t, uint32_t constant)
{
    return value_text(t->constants[constant]);
}

#endif
