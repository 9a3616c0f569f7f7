/* SPDX-License-Identifier: Apache-2.0
 *
 * Making and freeing a compilation.
 */
#include "lang/compiler.h"

void compiler_init(struct compiler *c, const struct alloc *alloc, const struct limits *limits)
{
    *c = (struct compiler){.limits = *limits};
    size_t budget = limits->compile_memory < SIZE_MAX ? (size_t)limits->compile_memory : SIZE_MAX;
    arena_init(&c->arena, alloc, budget, 65536);
    c->arena.most_digits = limits->bignum_digits;
    atoms_init(&c->atoms, &c->arena);
}

void compiler_fini(struct compiler *c)
{
    arena_fini(&c->arena);
}
