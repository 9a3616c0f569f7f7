/* SPDX-License-Identifier: Apache-2.0
 *
 * A stable merge sort in place: runs by insertion, then merges that split by rotation until the shorter side fits a buffer on
 * the stack. It allocates nothing, so that objects and sets can be sorted on demand by whoever reads them.
 *
 * Comparisons: O(n log n) while runs are short of the buffer, O(n log n log n) at worst. Recursion is O(log n) deep.
 * Inputs of integers only and of strings only are compared without dispatch on kinds.
 */
#include "vm/value_sort.h"

#define RUN 12u     /* elements sorted by insertion */
#define BUFFER 128u /* values on the stack; sorts nest where sets hold sets */

enum order { ORDER_INT, ORDER_TEXT, ORDER_ANY };

static ALWAYS_INLINE bool is_less(const struct value *a, const struct value *b, enum order order)
{
    if (order == ORDER_INT)
        return a->i < b->i;
    if (order == ORDER_TEXT)
        return str_compare(value_text(*a), value_text(*b)) < 0;
    return value_compare(*a, *b) < 0;
}

static ALWAYS_INLINE void copy_elements(struct value *to, const struct value *from, size_t step, size_t count)
{
    memcpy(to, from, count * step * sizeof *to);
}

static ALWAYS_INLINE void sort_run(struct value *base, size_t step, size_t count, enum order order)
{
    struct value held[2];
    for (size_t i = 1; i < count; i++) {
        size_t at = i;
        copy_elements(held, &base[i * step], step, 1);
        while (at > 0 && is_less(held, &base[(at - 1) * step], order)) {
            copy_elements(&base[at * step], &base[(at - 1) * step], step, 1);
            at--;
        }
        copy_elements(&base[at * step], held, step, 1);
    }
}

/* Merges [0, mid) with [mid, count), the left side in the buffer. */
static ALWAYS_INLINE void merge_left(struct value *base, size_t step, size_t mid, size_t count, enum order order,
                                     struct value *buffer)
{
    size_t left = 0, right = mid, at = 0;
    copy_elements(buffer, base, step, mid);
    while (left < mid && right < count) {
        if (is_less(&base[right * step], &buffer[left * step], order))
            copy_elements(&base[at++ * step], &base[right++ * step], step, 1);
        else
            copy_elements(&base[at++ * step], &buffer[left++ * step], step, 1);
    }
    copy_elements(&base[at * step], &buffer[left * step], step, mid - left);
}

/* The same from the back, the right side in the buffer. */
static ALWAYS_INLINE void merge_right(struct value *base, size_t step, size_t mid, size_t count, enum order order,
                                      struct value *buffer)
{
    size_t left = mid, right = count - mid, at = count;
    copy_elements(buffer, &base[mid * step], step, right);
    while (left > 0 && right > 0) {
        if (is_less(&buffer[(right - 1) * step], &base[(left - 1) * step], order))
            copy_elements(&base[--at * step], &base[--left * step], step, 1);
        else
            copy_elements(&base[--at * step], &buffer[--right * step], step, 1);
    }
    copy_elements(&base[(at - right) * step], buffer, step, right);
}

static void reverse(struct value *base, size_t step, size_t from, size_t to)
{
    while (from + 1 < to) {
        struct value held[2];
        to--;
        copy_elements(held, &base[from * step], step, 1);
        copy_elements(&base[from * step], &base[to * step], step, 1);
        copy_elements(&base[to * step], held, step, 1);
        from++;
    }
}

/* Exchanges [from, mid) and [mid, to). */
static void rotate(struct value *base, size_t step, size_t from, size_t mid, size_t to)
{
    reverse(base, step, from, mid);
    reverse(base, step, mid, to);
    reverse(base, step, from, to);
}

/* The first place in [from, to) whose key is not less than (after: greater than) key. */
static ALWAYS_INLINE size_t find_place(const struct value *base, size_t step, size_t from, size_t to, const struct value *key,
                                       bool after, enum order order)
{
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        const struct value *m = &base[mid * step];
        if (after ? !is_less(key, m, order) : is_less(m, key, order))
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

static ALWAYS_INLINE void merge_span(struct value *base, size_t step, size_t mid, size_t count, enum order order,
                                     struct value *buffer);

#define MERGE(name, the_step, the_order)                                                                                         \
    static void name(struct value *base, size_t mid, size_t count, struct value *buffer)                                         \
    {                                                                                                                            \
        merge_span(base, the_step, mid, count, the_order, buffer);                                                               \
    }
MERGE(merge_int, 1, ORDER_INT)
MERGE(merge_text, 1, ORDER_TEXT)
MERGE(merge_any, 1, ORDER_ANY)
MERGE(merge_int_keys, 2, ORDER_INT)
MERGE(merge_text_keys, 2, ORDER_TEXT)
MERGE(merge_any_keys, 2, ORDER_ANY)
#undef MERGE

static ALWAYS_INLINE void merge_again(struct value *base, size_t step, size_t mid, size_t count, enum order order,
                                      struct value *buffer)
{
    if (order == ORDER_INT)
        step == 1 ? merge_int(base, mid, count, buffer) : merge_int_keys(base, mid, count, buffer);
    else if (order == ORDER_TEXT)
        step == 1 ? merge_text(base, mid, count, buffer) : merge_text_keys(base, mid, count, buffer);
    else
        step == 1 ? merge_any(base, mid, count, buffer) : merge_any_keys(base, mid, count, buffer);
}

/* Merges [0, mid) with [mid, count). */
static ALWAYS_INLINE void merge_span(struct value *base, size_t step, size_t mid, size_t count, enum order order,
                                     struct value *buffer)
{
    if (mid == 0 || mid == count || !is_less(&base[mid * step], &base[(mid - 1) * step], order))
        return;
    size_t room = BUFFER / step;
    if (mid <= room && mid <= count - mid) {
        merge_left(base, step, mid, count, order, buffer);
        return;
    }
    if (count - mid <= room) {
        merge_right(base, step, mid, count, order, buffer);
        return;
    }
    size_t left, right; /* where the halves are cut: what lies between changes sides */
    if (mid >= count - mid) {
        left = mid / 2;
        right = find_place(base, step, mid, count, &base[left * step], false, order);
    } else {
        right = mid + (count - mid) / 2;
        left = find_place(base, step, 0, mid, &base[right * step], true, order);
    }
    rotate(base, step, left, mid, right);
    size_t cut = left + (right - mid);
    merge_again(base, step, left, cut, order, buffer);
    merge_again(base + cut * step, step, mid - left, count - cut, order, buffer);
}

static __attribute__((noinline)) void merge_runs(struct value *base, size_t step, size_t count, enum order order)
{
    struct value buffer[BUFFER];
    for (size_t width = RUN; width < count; width *= 2) {
        for (size_t at = 0; count - at > width; at += 2 * width) {
            size_t both = count - at < 2 * width ? count - at : 2 * width;
            merge_again(&base[at * step], step, width, both, order, buffer);
            if (both < 2 * width)
                break;
        }
    }
}

static ALWAYS_INLINE bool sort_span(struct value *base, size_t step, size_t count, enum order order)
{
    size_t ordered = 1;
    while (ordered < count && !is_less(&base[ordered * step], &base[(ordered - 1) * step], order))
        ordered++;
    if (ordered >= count)
        return false;
    for (size_t at = 0; at < count; at += RUN)
        sort_run(&base[at * step], step, count - at < RUN ? count - at : RUN, order);
    if (count > RUN)
        merge_runs(base, step, count, order);
    return true;
}

static enum order order_of(const struct value *base, size_t step, size_t count)
{
    uint64_t first_kind = base[0].kind;
    for (size_t i = 0; i < count; i++) {
        const struct value *v = &base[i * step];
        if (v->kind != first_kind || v->sub != NUMBER_INT)
            return ORDER_ANY;
    }
    return first_kind == VALUE_NUMBER ? ORDER_INT : first_kind == VALUE_STRING ? ORDER_TEXT : ORDER_ANY;
}

bool value_sort_keys(struct value *base, size_t step, size_t count)
{
    if (count < 2)
        return false;
    enum order order = order_of(base, step, count);
    if (step == 1) {
        if (order == ORDER_INT)
            return sort_span(base, 1, count, ORDER_INT);
        return order == ORDER_TEXT ? sort_span(base, 1, count, ORDER_TEXT) : sort_span(base, 1, count, ORDER_ANY);
    }
    if (order == ORDER_INT)
        return sort_span(base, 2, count, ORDER_INT);
    return order == ORDER_TEXT ? sort_span(base, 2, count, ORDER_TEXT) : sort_span(base, 2, count, ORDER_ANY);
}

void value_sort(struct value *items, size_t count)
{
    (void)value_sort_keys(items, 1, count); /* whether anything moved does not matter */
}
