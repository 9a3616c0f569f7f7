/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of test programs: growable, NUL-terminated, and ending the program when memory does; JSON texts that compare by value.
 */
#ifndef QUIS_TESTS_TEXT_H
#define QUIS_TESTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *p; /* NULL or NUL-terminated */
    size_t len, cap;
};

void text_free(struct text *t);
void text_clear(struct text *t);
void text_add(struct text *t, const char *p, size_t n);
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "" when empty. */
const char *text_get(const struct text *t);

/* Appends JSON text without blanks and with numbers in one spelling for each value: two texts of equal values with members in the
 * same order become equal. exact: numbers keep their digits. */
void text_add_json(struct text *t, const char *json, size_t n, bool exact);

/* Appends a whole file; false when it cannot be read. */
bool text_add_file(struct text *t, const char *path);

/* A list of texts as a set: sorted, each once. Moves out of t. */
struct text_list {
    char **items;
    size_t count, cap;
};

void text_list_take(struct text_list *l, struct text *t);
void text_list_sort(struct text_list *l, bool unique);
bool text_list_equal(const struct text_list *a, const struct text_list *b);
void text_list_free(struct text_list *l);

#endif
