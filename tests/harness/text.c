/* SPDX-License-Identifier: Apache-2.0
 *
 * See text.h. Test programs only: memory from the heap, and no way on when it ends.
 */
#include "tests/harness/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (p == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

void text_free(struct text *t)
{
    free(t->p);
    *t = (struct text){0};
}

void text_clear(struct text *t)
{
    t->len = 0;
    if (t->p != NULL)
        t->p[0] = '\0';
}

void text_add(struct text *t, const char *p, size_t n)
{
    if (t->len + n + 1 > t->cap) {
        t->cap = (t->len + n + 1) * 2;
        t->p = must(realloc(t->p, t->cap));
    }
    if (n > 0)
        memcpy(t->p + t->len, p, n);
    t->len += n;
    t->p[t->len] = '\0';
}

void text_printf(struct text *t, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *p = must(malloc((size_t)n + 1));
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    text_add(t, p, (size_t)n);
    free(p);
}

const char *text_get(const struct text *t)
{
    return t->p == NULL ? "" : t->p;
}

/* Integers as digits; other numbers as the nearest double, unless that is an integer too. */
static void add_number(struct text *t, const char *p, size_t n, bool exact)
{
    bool is_integer = memchr(p, '.', n) == NULL && memchr(p, 'e', n) == NULL && memchr(p, 'E', n) == NULL;
    if (exact || (is_integer && n > 15)) {
        text_add(t, p, n);
        return;
    }
    char digits[512];
    snprintf(digits, sizeof digits, "%.*s", (int)n, p);
    double d = strtod(digits, NULL);
    if (d == (double)(int64_t)d && d > -1e15 && d < 1e15)
        text_printf(t, "%lld", (long long)d);
    else
        text_printf(t, "%.15g", d);
}

static size_t string_end(const char *json, size_t n, size_t i)
{
    for (i++; i < n && json[i] != '"'; i++)
        if (json[i] == '\\')
            i++;
    return i < n ? i + 1 : n;
}

static unsigned read_hex(const char *p)
{
    unsigned v = 0;
    for (int i = 0; i < 4; i++)
        v = v * 16 + (unsigned)(p[i] <= '9' ? p[i] - '0' : (p[i] | 32) - 'a' + 10);
    return v;
}

static void add_code_point(struct text *t, unsigned c)
{
    char b[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        b[i] = (char)(0x80 | (c & 0x3f));
    b[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0u) | c);
    text_add(t, b, n);
}

/* A quoted string; characters that need no escape lose theirs. */
static void add_string(struct text *t, const char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        unsigned c = 0;
        size_t used = 0;
        if (i + 6 <= n && p[i] == '\\' && p[i + 1] == 'u') {
            c = read_hex(p + i + 2);
            used = 6;
            if (c >= 0xd800 && c < 0xdc00 && i + 12 <= n && p[i + 6] == '\\' && p[i + 7] == 'u') {
                c = 0x10000 + ((c - 0xd800) << 10) + (read_hex(p + i + 8) - 0xdc00);
                used = 12;
            }
        }
        if (used > 0 && c >= 0x20 && c != '"' && c != '\\' && (c < 0xd800 || c > 0xdfff)) {
            add_code_point(t, c);
        } else {
            used = used > 0 ? used : p[i] == '\\' && i + 1 < n ? 2 : 1;
            text_add(t, p + i, used);
        }
        i += used;
    }
}

void text_add_json(struct text *t, const char *json, size_t n, bool exact)
{
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        if (json[i] == '"') {
            end = string_end(json, n, i);
            add_string(t, json + i, end - i);
        } else if (json[i] == '-' || (json[i] >= '0' && json[i] <= '9')) {
            while (end < n && strchr("+-.eE0123456789", json[end]) != NULL)
                end++;
            add_number(t, json + i, end - i, exact);
        } else if (strchr(" \t\r\n", json[i]) == NULL) {
            text_add(t, json + i, 1);
        }
        i = end;
    }
}

bool text_add_file(struct text *t, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        text_add(t, block, n);
    bool ok = !ferror(f);
    fclose(f);
    return ok;
}

void text_list_take(struct text_list *l, struct text *t)
{
    if (l->count == l->cap) {
        l->cap = l->cap == 0 ? 8 : l->cap * 2;
        l->items = must(realloc(l->items, l->cap * sizeof *l->items));
    }
    text_add(t, "", 0); /* never NULL */
    l->items[l->count++] = t->p;
    *t = (struct text){0};
}

static int compare_items(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void text_list_sort(struct text_list *l, bool unique)
{
    if (l->count > 1)
        qsort(l->items, l->count, sizeof *l->items, compare_items);
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (unique && kept > 0 && strcmp(l->items[kept - 1], l->items[i]) == 0)
            free(l->items[i]);
        else
            l->items[kept++] = l->items[i];
    }
    l->count = kept;
}

bool text_list_equal(const struct text_list *a, const struct text_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

void text_list_free(struct text_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->items[i]);
    free(l->items);
    *l = (struct text_list){0};
}
