/* SPDX-License-Identifier: Apache-2.0
 *
 * The program that a glob pattern compiles to: private to stdlib/glob_*.c.
 */
#ifndef QUIS_STDLIB_GLOB_PROGRAM_H
#define QUIS_STDLIB_GLOB_PROGRAM_H

#include "base/defs.h"

enum glob_op {
    GLOB_MATCH, /* the end */
    GLOB_CHAR,  /* a */
    GLOB_ONE,   /* one character that is no separator */
    GLOB_STAR,  /* characters that are no separator */
    GLOB_SUPER, /* characters */
    GLOB_LAST_FLAT = GLOB_SUPER,
    GLOB_RANGE, /* a to b */
    GLOB_NOT_RANGE,
    GLOB_SET, /* b members from member number a */
    GLOB_NOT_SET,
    GLOB_SPLIT, /* to a and to b */
    GLOB_JUMP,  /* to a */
};

#define GLOB_NOWHERE UINT32_MAX

struct glob_inst {
    uint32_t op; /* enum glob_op */
    uint32_t a, b;
};

struct glob {
    size_t bytes; /* of the whole block */
    struct glob_inst *insts;
    size_t inst_count;
    uint32_t *separators;
    size_t separator_count;
    uint32_t *members;
    bool is_flat; /* no classes, no alternatives */
};

#endif
