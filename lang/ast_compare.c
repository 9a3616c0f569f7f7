/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of terms, and sorting of objects and sets by it.
 *
 * Objects and sets are compared in the order of their keys. They are sorted in place when a pass has left them unsorted: the
 * order of their members means nothing, so that is no change that a reader of a const term could see.
 */
#include "lang/ast.h"
#include "vm/number.h"

static int compare_body(const struct body *a, const struct body *b);

static int order_of(enum term_kind kind)
{
    static const uint8_t order[] = {
        [TERM_NULL] = 0,   [TERM_BOOL] = 1,   [TERM_NUMBER] = 2,       [TERM_STRING] = 3,      [TERM_TEMPLATE] = 4,
        [TERM_VAR] = 5,    [TERM_REF] = 6,    [TERM_ARRAY] = 7,        [TERM_OBJECT] = 8,      [TERM_SET] = 9,
        [TERM_CALL] = 13,  [TERM_ARRAY_COMPR] = 10, [TERM_OBJECT_COMPR] = 11, [TERM_SET_COMPR] = 12};
    return order[kind];
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_terms(const struct terms *a, const struct terms *b)
{
    size_t n = a->count < b->count ? a->count : b->count;
    for (size_t i = 0; i < n; i++) {
        int order = term_compare(a->items[i], b->items[i]);
        if (order != 0)
            return order;
    }
    return compare_sizes(a->count, b->count);
}

static int compare_objects(const struct term *a, const struct term *b)
{
    ast_sort(a);
    ast_sort(b);
    size_t n = a->list.count < b->list.count ? a->list.count : b->list.count;
    for (size_t i = 0; i + 1 < n; i += 2) {
        int order = term_compare(a->list.items[i], b->list.items[i]);
        if (order == 0)
            order = term_compare(a->list.items[i + 1], b->list.items[i + 1]);
        if (order != 0)
            return order;
    }
    return compare_sizes(a->list.count, b->list.count);
}

static int compare_comprs(const struct compr *a, const struct compr *b)
{
    int order = 0;
    if (a->key != NULL && b->key != NULL)
        order = term_compare(a->key, b->key);
    if (order == 0)
        order = term_compare(a->term, b->term);
    return order != 0 ? order : compare_body(&a->body, &b->body);
}

static int compare_parts(const struct template_part *a, const struct template_part *b)
{
    if ((a->expr == NULL) != (b->expr == NULL))
        return a->expr == NULL ? -1 : 1; /* terms come before expressions */
    return a->expr == NULL ? str_compare(a->text, b->text) : expr_compare(a->expr, b->expr);
}

static int compare_templates(const struct template_string *a, const struct template_string *b)
{
    if (a->multi_line != b->multi_line)
        return a->multi_line ? 1 : -1;
    if (a->count != b->count)
        return compare_sizes(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        int order = compare_parts(&a->parts[i], &b->parts[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

int term_compare(const struct term *a, const struct term *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return order_of(a->kind) - order_of(b->kind);
    switch (a->kind) {
    case TERM_NULL:
        return 0;
    case TERM_BOOL:
        return (int)(a->scalar.i - b->scalar.i);
    case TERM_NUMBER:
        return number_compare(a->scalar, b->scalar);
    case TERM_STRING:
        return str_compare(value_text(a->scalar), value_text(b->scalar));
    case TERM_VAR:
        return a->var == b->var ? 0 : str_compare(atom_str(a->var), atom_str(b->var));
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_CALL:
        return compare_terms(&a->list, &b->list);
    case TERM_SET:
        ast_sort(a);
        ast_sort(b);
        return compare_terms(&a->list, &b->list);
    case TERM_OBJECT:
        return compare_objects(a, b);
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        return compare_comprs(a->compr, b->compr);
    case TERM_TEMPLATE:
        return compare_templates(a->template, b->template);
    }
    return 0;
}

/* ---- expressions ---- */

static int expr_order(enum expr_kind kind)
{
    static const uint8_t order[] = {[EXPR_SOME] = 0, [EXPR_TERM] = 1, [EXPR_CALL] = 2, [EXPR_EVERY] = 3,
                                    [EXPR_NOT] = 4,  [EXPR_AND] = 5,  [EXPR_OR] = 6};
    return order[kind];
}

static int compare_every(const struct every *a, const struct every *b)
{
    int order = 0;
    if (a->key == NULL || b->key == NULL)
        order = (a->key != NULL) - (b->key != NULL);
    else
        order = term_compare(a->key, b->key);
    if (order == 0)
        order = term_compare(a->value, b->value);
    if (order == 0)
        order = term_compare(a->domain, b->domain);
    return order != 0 ? order : compare_body(&a->body, &b->body);
}

static int compare_contents(const struct expr *a, const struct expr *b)
{
    switch (a->kind) {
    case EXPR_TERM:
        return term_compare(a->term, b->term);
    case EXPR_CALL:
    case EXPR_SOME:
        return compare_terms(&a->terms, &b->terms);
    case EXPR_EVERY:
        return compare_every(a->every, b->every);
    case EXPR_NOT:
        return compare_body(&a->not_body, &b->not_body);
    case EXPR_AND:
    case EXPR_OR: {
        int order = compare_body(&a->logic->left, &b->logic->left);
        return order != 0 ? order : compare_body(&a->logic->right, &b->logic->right);
    }
    }
    return 0;
}

static int compare_withs(const struct expr *a, const struct expr *b)
{
    size_t n = a->with_count < b->with_count ? a->with_count : b->with_count;
    for (size_t i = 0; i < n; i++) {
        int order = term_compare(a->withs[i].target, b->withs[i].target);
        if (order == 0)
            order = term_compare(a->withs[i].value, b->withs[i].value);
        if (order != 0)
            return order;
    }
    return compare_sizes(a->with_count, b->with_count);
}

int expr_compare(const struct expr *a, const struct expr *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return expr_order(a->kind) - expr_order(b->kind);
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    if (a->negated != b->negated)
        return a->negated ? 1 : -1;
    int order = compare_contents(a, b);
    return order != 0 ? order : compare_withs(a, b);
}

static int compare_body(const struct body *a, const struct body *b)
{
    size_t n = a->count < b->count ? a->count : b->count;
    for (size_t i = 0; i < n; i++) {
        int order = expr_compare(a->items[i], b->items[i]);
        if (order != 0)
            return order;
    }
    return compare_sizes(a->count, b->count);
}

/* ---- sorting: width 1 for sets, 2 for objects ---- */

/* By key; equal keys by place, so that sorting keeps their order. */
static int compare_places(const struct term *a, const struct term *b)
{
    int order = a->kind == TERM_STRING && b->kind == TERM_STRING
                    ? str_compare(value_text(a->scalar), value_text(b->scalar))
                    : term_compare(a, b);
    return order != 0 ? order : (a->loc.offset > b->loc.offset) - (a->loc.offset < b->loc.offset);
}

static void swap_members(struct term **items, size_t i, size_t j, size_t width)
{
    for (size_t k = 0; k < width; k++) {
        struct term *t = items[i * width + k];
        items[i * width + k] = items[j * width + k];
        items[j * width + k] = t;
    }
}

static void sort_few(struct term **items, size_t count, size_t width)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && compare_places(items[(j - 1) * width], items[j * width]) > 0; j--)
            swap_members(items, j - 1, j, width);
}

static void sift_down(struct term **items, size_t at, size_t count, size_t width)
{
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= count)
            return;
        if (child + 1 < count && compare_places(items[child * width], items[(child + 1) * width]) < 0)
            child++;
        if (compare_places(items[at * width], items[child * width]) >= 0)
            return;
        swap_members(items, at, child, width);
        at = child;
    }
}

static void sort_many(struct term **items, size_t count, size_t width)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(items, i, count, width);
    for (size_t last = count - 1; last > 0; last--) {
        swap_members(items, 0, last, width);
        sift_down(items, 0, last, width);
    }
}

static bool is_ascending(struct term **items, size_t count, size_t width)
{
    for (size_t i = 1; i < count; i++) {
        const struct term *a = items[(i - 1) * width], *b = items[i * width];
        int order = a->kind == TERM_STRING && b->kind == TERM_STRING
                        ? str_compare(value_text(a->scalar), value_text(b->scalar))
                        : term_compare(a, b);
        if (order > 0 || (order == 0 && width == 1))
            return false;
    }
    return true;
}

/* Of equal elements the first stays. */
static size_t drop_equal(struct term **items, size_t count)
{
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (term_compare(items[kept - 1], items[i]) != 0)
            items[kept++] = items[i];
    return kept;
}

void ast_sort(const struct term *t)
{
    size_t width = t->kind == TERM_OBJECT ? 2 : 1;
    size_t count = t->list.count / width;
    if (count < 2 || is_ascending(t->list.items, count, width))
        return;
    if (count <= 12)
        sort_few(t->list.items, count, width);
    else
        sort_many(t->list.items, count, width);
    if (width == 1)
        ((struct term *)(uintptr_t)t)->list.count = drop_equal(t->list.items, count);
}
