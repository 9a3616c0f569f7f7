/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics of a compilation, and the builtins it knows.
 */
#include "lang/diag.h"

#include <stdarg.h>
#include <stdio.h>

#include "stdlib/builtins.h"

bool diag_nomem(struct compiler *c)
{
    c->out_of_memory = true;
    return false;
}

bool diag_push(struct compiler *c, const struct diag *d)
{
    if (!arena_grow(&c->arena, &c->diags, &c->diag_cap, c->diag_count + 1, sizeof *c->diags))
        return diag_nomem(c);
    c->diags[c->diag_count++] = *d;
    return false;
}

bool diag_add(struct compiler *c, enum err_code code, struct loc loc, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *p = len < 0 ? NULL : arena_alloc(&c->arena, (size_t)len + 1);
    if (p == NULL)
        return diag_nomem(c);
    va_start(args, fmt);
    (void)vsnprintf(p, (size_t)len + 1, fmt, args); /* measured just above */
    va_end(args);
    return diag_push(c, &(struct diag){.code = code, .loc = loc, .message = {p, (size_t)len}});
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_line_end(char c)
{
    return c == '\r' || c == '\n';
}

struct str diag_line(struct str text, size_t offset, size_t *ret_index)
{
    *ret_index = 0;
    if (text.len == 0)
        return STR("");
    if (offset >= text.len)
        offset = text.len - 1;
    while (offset > 0 && is_space(text.p[offset]))
        offset--;
    size_t begin = offset, end = offset;
    while (begin > 0 && !is_line_end(text.p[begin]))
        begin--;
    if (is_line_end(text.p[begin]))
        begin++;
    while (end < text.len && !is_line_end(text.p[end]))
        end++;
    if (begin > end)
        begin = end;
    *ret_index = offset < begin ? 0 : offset - begin;
    return str_of(text.p + begin, end - begin);
}

struct str diag_details(struct arena *a, struct str text, size_t offset)
{
    size_t index, tabs = 0;
    struct str line = diag_line(text, offset, &index);
    while (tabs < line.len && line.p[tabs] == '\t')
        tabs++;
    size_t indent = index > tabs ? index - tabs : 0;
    struct buf b;
    buf_init(&b, a);
    buf_bytes(&b, line.p + tabs, line.len - tabs);
    buf_char(&b, '\n');
    if (!buf_reserve(&b, indent + 1))
        return STR("");
    memset(b.p + b.len, ' ', indent);
    b.len += indent;
    buf_char(&b, '^');
    return b.failed ? STR("") : buf_view(&b);
}

/* A line of details in what people read: of very long ones what is around the caret, which is the last byte of the last line. */
#define LINE_SHOWN 400u

static void write_line(struct buf *b, struct str line, size_t caret)
{
    size_t from = caret > LINE_SHOWN / 2 ? caret - LINE_SHOWN / 2 : 0;
    from = caret < LINE_SHOWN || from > line.len ? 0 : from;
    bool is_cut = line.len - from > LINE_SHOWN;
    buf_cstr(b, "\n\t");
    if (line.len > from)
        buf_bytes(b, line.p + from, is_cut ? LINE_SHOWN : line.len - from);
    buf_cstr(b, is_cut ? "..." : "");
}

static size_t caret_of(struct str details)
{
    size_t n = 0;
    while (n < details.len && details.p[details.len - 1 - n] != '\n')
        n++;
    return details.len != 0 && details.p[details.len - 1] == '^' ? n - 1 : 0;
}

void diag_write(struct buf *b, const struct compiler *c, const struct diag *d)
{
    struct str file = d->loc.file < c->source_count ? c->sources[d->loc.file].name : STR("");
    if (file.len != 0 && (d->loc.row != 0 || d->code == ERR_PARSE)) {
        buf_str(b, file);
        buf_printf(b, ":%u: ", d->loc.row);
    } else if (d->loc.row != 0) {
        buf_printf(b, "%u:%u: ", d->loc.row, d->loc.col);
    }
    buf_cstr(b, err_name(d->code));
    buf_cstr(b, ": ");
    buf_str(b, d->message);
    const char *at = d->details.p, *end = d->details.len != 0 ? at + d->details.len : at;
    while (d->details.len != 0) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        write_line(b, str_of(at, (size_t)((newline != NULL ? newline : end) - at)), caret_of(d->details));
        if (newline == NULL)
            break;
        at = newline + 1;
    }
}

const struct builtin *compiler_builtin(const struct compiler *c, struct str name)
{
    size_t sorted = c->builtin_count < stdlib_builtin_count ? c->builtin_count : stdlib_builtin_count;
    size_t low = 0, high = sorted;
    int first = name.len > 0 ? (unsigned char)name.p[0] : 0;
    while (low < high) { /* what the host appended is not sorted */
        size_t mid = low + (high - low) / 2;
        const char *other = c->builtins[mid].name;
        int order = first - (unsigned char)other[0];
        if (order == 0)
            order = str_compare(name, str_cstr(other));
        if (order == 0)
            return &c->builtins[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    for (size_t i = sorted; i < c->builtin_count; i++)
        if (str_equal(name, str_cstr(c->builtins[i].name)))
            return &c->builtins[i];
    return NULL;
}
