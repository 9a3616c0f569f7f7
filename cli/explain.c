/* SPDX-License-Identifier: Apache-2.0
 *
 * Explanations as lines, the way opa eval --explain prints them.
 */
#include "cli/explain.h"

#include <stdio.h>

#include "cli/explain_text.h"

#define PADDING 4
#define LONGEST_VALUE 32

/* ---- filters ---- */

struct last {
    struct seen_list by_query; /* at the place of its query: the last ENTER or REDO of a body or rule; row NULL: none */
};

static bool remember(struct observer *o, struct last *l, struct seen e)
{
    size_t before = l->by_query.cap;
    if (!arena_grow(&o->arena, &l->by_query.items, &l->by_query.cap, (size_t)e.query + 1, sizeof *l->by_query.items))
        return false;
    for (size_t i = before; i < l->by_query.cap; i++)
        l->by_query.items[i].row = NULL;
    l->by_query.items[e.query] = e;
    return true;
}

static const struct seen *last_of(const struct last *l, uint64_t query)
{
    return query < l->by_query.cap && l->by_query.items[query].row != NULL ? &l->by_query.items[query] : NULL;
}

static bool append(struct observer *o, struct seen_list *to, struct seen e)
{
    if (!arena_grow(&o->arena, &to->items, &to->cap, to->count + 1, sizeof *to->items))
        return false;
    to->items[to->count++] = e;
    return true;
}

/* The way to e: the bodies around it, outermost first, each once. */
static bool append_path(struct observer *o, struct last *l, struct seen_list *to, struct seen e)
{
    size_t first = to->count;
    if (!append(o, to, e))
        return false;
    const struct seen *at = last_of(l, e.query), *before = NULL;
    for (; at != NULL && at != before; at = last_of(l, at->parent)) {
        if (!append(o, to, *at))
            return false;
        before = at;
    }
    for (size_t i = first, k = to->count - 1; i < k; i++, k--) {
        struct seen swapped = to->items[i];
        to->items[i] = to->items[k];
        to->items[k] = swapped;
    }
    for (size_t i = 0; i < l->by_query.cap; i++)
        l->by_query.items[i].row = NULL;
    return true;
}

bool explain_filter(struct observer *o, const char *mode, struct seen_list *ret)
{
    struct last last = {0};
    *ret = (struct seen_list){0};
    bool notes = strcmp(mode, "notes") == 0, fails = strcmp(mode, "fails") == 0;
    if (!notes && !fails) {
        *ret = o->all;
        return !o->failed;
    }
    for (size_t i = 0; i < o->all.count; i++) {
        struct seen e = o->all.items[i];
        if (e.kind == (notes ? SEEN_NOTE : SEEN_FAIL) && !append_path(o, &last, ret, e))
            return false;
        bool is_body = e.kind == SEEN_ENTER || e.kind == SEEN_REDO;
        if (is_body && e.row->kind != TRACE_ROW_EXPR && !remember(o, &last, e))
            return false;
    }
    return !o->failed;
}

/* ---- lines ---- */

struct cells {
    struct str place, text, vars;
};

struct page {
    struct observer *o;
    struct explain_files files;
    struct cells *rows;
    uint64_t *depths; /* by query */
    size_t depth_cap;
    bool var_values;
};

static uint64_t depth_of(struct page *p, const struct seen *e)
{
    size_t before = p->depth_cap;
    uint64_t most = e->query > e->parent ? e->query : e->parent;
    if (!arena_grow(&p->o->arena, &p->depths, &p->depth_cap, (size_t)most + 1, sizeof *p->depths))
        return 1;
    for (size_t i = before; i < p->depth_cap; i++)
        p->depths[i] = 0;
    if (p->depths[e->query] == 0)
        p->depths[e->query] = p->depths[e->parent] + 1;
    return p->depths[e->query];
}

static struct str line_of(struct page *p, const struct seen *e)
{
    struct buf b;
    buf_init(&b, &p->o->arena);
    uint64_t bars = depth_of(p, e);
    bool outside = e->kind == SEEN_ENTER || (e->kind == SEEN_REDO && e->row->kind != TRACE_ROW_EXPR);
    for (uint64_t i = outside ? 1 : 0; i < bars; i++)
        buf_cstr(&b, "| ");
    buf_cstr(&b, explain_operation(e->kind));
    buf_char(&b, ' ');
    if (e->kind == SEEN_NOTE) {
        buf_char(&b, '"');
        buf_str(&b, e->message);
        buf_char(&b, '"');
    } else {
        explain_write_node(&b, p->o, e);
        if (e->message.len > 0) {
            buf_char(&b, ' ');
            buf_str(&b, e->message);
        }
    }
    return b.failed ? STR("") : buf_view(&b);
}

static int compare_vars(const struct explain_var *a, const struct explain_var *b)
{
    return str_compare(a->name, b->name);
}

static void sort_vars(struct explain_var *vars, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct explain_var v = vars[i];
        size_t k = i;
        for (; k > 0 && compare_vars(&vars[k - 1], &v) > 0; k--)
            vars[k] = vars[k - 1];
        vars[k] = v;
    }
}

static void write_short(struct buf *b, struct value v)
{
    struct buf text;
    buf_init(&text, b->arena);
    value_write_rego(&text, v);
    if (text.failed)
        return;
    buf_bytes(b, text.p, text.len > LONGEST_VALUE ? LONGEST_VALUE - 3 : text.len);
    if (text.len > LONGEST_VALUE)
        buf_cstr(b, "...");
}

static struct str vars_of(struct page *p, const struct seen *e)
{
    struct buf b;
    size_t count = 0;
    struct explain_var *vars = explain_vars(p->o, e, &count);
    buf_init(&b, &p->o->arena);
    buf_char(&b, '{');
    sort_vars(vars, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_cstr(&b, ", ");
        buf_str(&b, vars[i].name);
        buf_cstr(&b, ": ");
        write_short(&b, vars[i].value);
    }
    buf_char(&b, '}');
    return b.failed ? STR("") : buf_view(&b);
}

static size_t characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.p[i] & 0xc0u) != 0x80u;
    return n;
}

static void write_cell(struct str s, size_t width)
{
    (void)fwrite(s.p, 1, s.len, stdout); /* main looks whether standard output failed */
    for (size_t i = characters(s); i < width + 1; i++)
        fputc(' ', stdout);
}

bool explain_print(struct observer *o, const struct seen_list *list, bool var_values)
{
    struct page p = {.o = o, .var_values = var_values};
    size_t widest_place = 0, widest_text = 0;
    p.rows = arena_zeroed(&o->arena, list->count + 1, sizeof *p.rows);
    if (p.rows == NULL || !explain_name_files(o, list, &p.files))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct cells *c = &p.rows[i];
        c->place = explain_place(o, &p.files, &list->items[i]);
        c->text = line_of(&p, &list->items[i]);
        c->vars = var_values ? vars_of(&p, &list->items[i]) : STR("");
        widest_place = c->place.len > widest_place ? c->place.len : widest_place;
        widest_text = c->text.len > widest_text ? c->text.len : widest_text;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct cells *c = &p.rows[i];
        write_cell(c->place, widest_place + PADDING);
        if (var_values)
            write_cell(c->text, widest_text + PADDING);
        struct str last = var_values ? c->vars : c->text;
        (void)fwrite(last.p, 1, last.len, stdout); /* main looks whether standard output failed */
        fputc('\n', stdout);
    }
    return !o->failed;
}
