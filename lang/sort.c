/* SPDX-License-Identifier: Apache-2.0
 *
 * Stable merge sort, insertion sort for few elements.
 */
#include "lang/sort.h"

enum { FEW = 12, LARGEST = 128 };

static bool is_sorted(const char *items, size_t count, size_t size, sort_fn compare, void *ctx)
{
    for (size_t i = 1; i < count; i++)
        if (compare(items + (i - 1) * size, items + i * size, ctx) > 0)
            return false;
    return true;
}

static void insert(char *items, size_t count, size_t size, sort_fn compare, void *ctx)
{
    char held[LARGEST];
    for (size_t i = 1; i < count; i++) {
        size_t at = i;
        while (at > 0 && compare(items + (at - 1) * size, items + i * size, ctx) > 0)
            at--;
        if (at == i)
            continue;
        memcpy(held, items + i * size, size);
        memmove(items + (at + 1) * size, items + at * size, (i - at) * size);
        memcpy(items + at * size, held, size);
    }
}

static void merge(char *from, char *to, size_t middle, size_t count, size_t size, sort_fn compare, void *ctx)
{
    size_t left = 0, right = middle;
    for (size_t i = 0; i < count; i++) {
        bool take_left = right >= count || (left < middle && compare(from + left * size, from + right * size, ctx) <= 0);
        memcpy(to + i * size, from + (take_left ? left++ : right++) * size, size);
    }
}

/* Sorts items; spare has room for as many. */
static void sort(char *items, char *spare, size_t count, size_t size, sort_fn compare, void *ctx)
{
    if (count <= FEW) {
        insert(items, count, size, compare, ctx);
        return;
    }
    size_t middle = count / 2;
    sort(items, spare, middle, size, compare, ctx);
    sort(items + middle * size, spare, count - middle, size, compare, ctx);
    merge(items, spare, middle, count, size, compare, ctx);
    memcpy(items, spare, count * size);
}

bool sort_stable(struct arena *a, void *items, size_t count, size_t size, sort_fn compare, void *ctx)
{
    if (count < 2 || is_sorted(items, count, size, compare, ctx))
        return true;
    char *spare = NULL;
    if (count > FEW && (spare = arena_array(a, count, size)) == NULL)
        return false;
    sort(items, spare, count, size, compare, ctx);
    return true;
}
