/* SPDX-License-Identifier: Apache-2.0
 *
 * The instructions of our own matcher: private to stdlib/re2_*.c.
 */
#ifndef QUIS_STDLIB_RE2_INSTS_H
#define QUIS_STDLIB_RE2_INSTS_H

#include "base/defs.h"

enum re2_inst_op {
    RI_FAIL,
    RI_MATCH,
    RI_NOP,
    RI_ALT,     /* next first, then other */
    RI_CAPTURE, /* place number arg */
    RI_ASSERT,  /* enum re2_op arg */
    RI_RUNE,    /* arg */
    RI_CLASS,   /* count ranges from pair number arg */
    RI_ANY,
    RI_ANY_NOT_NL,
};

struct re2_inst {
    uint8_t op; /* enum re2_inst_op */
    uint32_t next, other;
    uint32_t arg, count;
};

struct re2_prog {
    size_t bytes; /* of the whole block */
    struct re2_inst *insts;
    uint32_t inst_count, start;
    uint32_t *pairs;  /* of all classes */
    bool is_anchored; /* can begin at the begin of the text only */
};

#endif
