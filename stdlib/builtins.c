/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of builtins and its look-up by bisection.
 *
 * Invariant: builtins.def is sorted by name, bytewise; the unit tests check it.
 */
#include "stdlib/builtins.h"

const struct builtin stdlib_builtins[] = {
#define BUILTIN(name_, function_, argc_, flags_, infix_, type_)                                                                  \
    {.name = name_, .infix = infix_, .type = type_, .fn = function_, .argc = argc_, .flags = flags_},
#include "stdlib/builtins.def"
#undef BUILTIN
};

const size_t stdlib_builtin_count = COUNT_OF(stdlib_builtins);

const struct builtin *stdlib_find(struct str name)
{
    size_t low = 0, high = stdlib_builtin_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = str_compare(name, str_cstr(stdlib_builtins[mid].name));
        if (order == 0)
            return &stdlib_builtins[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}
