/* SPDX-License-Identifier: Apache-2.0
 *
 * How much a backtracking matcher may have to do for a regular expression: an upper bound from its shape.
 */
#ifndef QUIS_STDLIB_RE2_COST_H
#define QUIS_STDLIB_RE2_COST_H

#include "stdlib/re2.h"

struct re2_cost {
    uint32_t degree;     /* ways to match from one place grow with the text's length to this power */
    uint64_t factor;     /* and are so many times more */
    bool is_exponential; /* or have no such bound that is easily seen */
    bool is_unbounded;   /* one way to match may be as long as the text */
    bool is_anchored;    /* tried at the begin of the text only */
    uint64_t size;       /* of the expression */
};

struct re2_cost re2_cost_of(const struct re2_node *root);

/* Ways to match from one place of a text of n bytes; saturates. */
uint64_t re2_cost_ways(const struct re2_cost *c, size_t n);

/* Units of fuel for looking through a text of n bytes by backtracking; saturates. */
uint64_t re2_cost_units(const struct re2_cost *c, size_t n);

#endif
