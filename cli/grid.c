/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing tables.
 */
#include "cli/grid.h"

#include <stdio.h>

static size_t width_of(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.p[i] & 0xc0u) != 0x80u;
    return n;
}

static void repeat(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fputs(text, stdout);
}

static void rule(const size_t *widths, size_t count, const char *left, const char *middle, const char *right)
{
    fputs(left, stdout);
    for (size_t i = 0; i < count; i++) {
        repeat("─", widths[i] + 2);
        fputs(i + 1 < count ? middle : right, stdout);
    }
    fputc('\n', stdout);
}

static void cells_line(const struct str *cells, const size_t *widths, size_t count, bool centred)
{
    fputs("│", stdout);
    for (size_t i = 0; i < count; i++) {
        size_t room = widths[i] - width_of(cells[i]), before = centred ? room / 2 : 0;
        repeat(" ", 1 + before);
        (void)fwrite(cells[i].p, 1, cells[i].len, stdout); /* main looks whether standard output failed */
        repeat(" ", room - before + 1);
        fputs("│", stdout);
    }
    fputc('\n', stdout);
}

bool grid_print(struct arena *a, const struct str *cells, size_t rows, size_t columns, bool has_header)
{
    size_t *widths = arena_zeroed(a, columns + 1, sizeof *widths);
    if (widths == NULL)
        return false;
    for (size_t i = 0; i < rows * columns; i++)
        if (width_of(cells[i]) > widths[i % columns])
            widths[i % columns] = width_of(cells[i]);
    rule(widths, columns, "┌", "┬", "┐");
    for (size_t r = 0; r < rows; r++) {
        cells_line(&cells[r * columns], widths, columns, has_header && r == 0);
        if (has_header && r == 0)
            rule(widths, columns, "├", "┼", "┤");
    }
    rule(widths, columns, "└", "┴", "┘");
    return true;
}
