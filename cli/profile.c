/* SPDX-License-Identifier: Apache-2.0
 *
 * Counting what was seen by lines.
 */
#include "cli/profile.h"

#include "cli/explain_text.h"
#include "cli/figures.h"
#include "cli/grid.h"

void profile_init(struct profile *p, struct arena *a, size_t runs)
{
    *p = (struct profile){.arena = a, .runs = runs};
}

static struct profile_row *find_row(struct profile *p, struct loc loc)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->rows[i].loc.file == loc.file && p->rows[i].loc.row == loc.row)
            return &p->rows[i];
    if (!arena_grow(p->arena, &p->rows, &p->cap, p->count + 1, sizeof *p->rows)) {
        p->failed = true;
        return NULL;
    }
    struct profile_row *r = &p->rows[p->count];
    *r = (struct profile_row){.loc = loc, .ns = arena_zeroed(p->arena, p->runs, sizeof *r->ns)};
    if (r->ns == NULL) {
        p->failed = true;
        return NULL;
    }
    p->count++;
    return r;
}

static struct profile_row *row_of(struct profile *p, const struct trace_row *row)
{
    size_t before = p->row_of_cap;
    if (!arena_grow(p->arena, &p->row_of, &p->row_of_cap, (size_t)row->number + 1, sizeof *p->row_of)) {
        p->failed = true;
        return NULL;
    }
    for (size_t i = before; i < p->row_of_cap; i++)
        p->row_of[i] = 0;
    if (p->row_of[row->number] == 0) {
        const struct profile_row *r = find_row(p, row->loc);
        if (r == NULL)
            return NULL;
        p->row_of[row->number] = (uint32_t)(r - p->rows) + 1;
    }
    return &p->rows[p->row_of[row->number] - 1];
}

static void note_index(struct profile *p, struct profile_row *r, uint32_t index)
{
    size_t before = r->index_words;
    if (!arena_grow(p->arena, &r->indexes, &r->index_words, (size_t)index / 64 + 1, sizeof *r->indexes)) {
        p->failed = true;
        return;
    }
    for (size_t i = before; i < r->index_words; i++)
        r->indexes[i] = 0;
    uint64_t bit = UINT64_C(1) << (index % 64);
    r->expressions += (r->indexes[index / 64] & bit) == 0;
    r->indexes[index / 64] |= bit;
}

void profile_see(struct profile *p, const struct seen *e)
{
    if (p->run > 0 || !seen_is_expr(e) || (e->kind != SEEN_EVAL && e->kind != SEEN_REDO))
        return;
    struct profile_row *r = row_of(p, e->row);
    if (r == NULL)
        return;
    r->evals += e->kind == SEEN_EVAL;
    r->redos += e->kind == SEEN_REDO;
    note_index(p, r, e->row->index);
}

void profile_take(struct profile *p, const struct observer *o)
{
    for (size_t i = 0; i < o->time_count; i++)
        for (size_t k = 0; k < p->count; k++)
            if (p->rows[k].loc.file == o->times[i].file && p->rows[k].loc.row == o->times[i].row)
                p->rows[k].ns[p->run] = o->times[i].ns;
    p->run++;
}

/* ---- order ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a < b) - (a > b);
}

static int compare_by(const struct observer *o, const char *key, const struct profile_row *a, const struct profile_row *b)
{
    if (strcmp(key, "total_time_ns") == 0)
        return compare_numbers(a->ns[0], b->ns[0]);
    if (strcmp(key, "num_eval") == 0)
        return compare_numbers((int64_t)a->evals, (int64_t)b->evals);
    if (strcmp(key, "num_redo") == 0)
        return compare_numbers((int64_t)a->redos, (int64_t)b->redos);
    if (strcmp(key, "num_gen_expr") == 0)
        return compare_numbers((int64_t)a->expressions, (int64_t)b->expressions);
    if (strcmp(key, "file") == 0)
        return -str_compare(explain_file(o, a->loc), explain_file(o, b->loc));
    if (strcmp(key, "line") == 0)
        return compare_numbers(a->loc.row, b->loc.row);
    return 0;
}

static bool is_before(const struct observer *o, const struct list *keys, const struct profile_row *a, const struct profile_row *b)
{
    static const char *const usual[] = {"total_time_ns", "num_eval", "num_redo", "file", "line"};
    for (size_t i = 0; i < keys->count; i++) {
        int order = compare_by(o, keys->items[i], a, b);
        if (order != 0)
            return order < 0;
    }
    for (size_t i = 0; i < COUNT_OF(usual); i++) {
        int order = compare_by(o, usual[i], a, b);
        if (order != 0)
            return order < 0;
    }
    return false;
}

void profile_sort(struct profile *p, const struct observer *o, const struct list *keys, int64_t limit)
{
    for (size_t i = 1; i < p->count; i++) {
        struct profile_row r = p->rows[i];
        size_t k = i;
        for (; k > 0 && is_before(o, keys, &r, &p->rows[k - 1]); k--)
            p->rows[k] = p->rows[k - 1];
        p->rows[k] = r;
    }
    if (limit > 0 && p->count > (size_t)limit)
        p->count = (size_t)limit;
}

/* ---- output ---- */

static void put_row(struct jout *j, struct profile *p, const struct observer *o, struct profile_row *r)
{
    double shown[FIGURES_SHOWN];
    jout_open(j, '{');
    jout_key(j, p->runs > 1 ? "total_time_ns_stats" : "total_time_ns");
    if (p->runs > 1)
        jout_value(j, figures_statistics(p->arena, r->ns, p->runs, shown));
    else
        jout_int(j, r->ns[0]);
    jout_key(j, "num_eval");
    jout_int(j, (int64_t)r->evals);
    jout_key(j, "num_redo");
    jout_int(j, (int64_t)r->redos);
    jout_key(j, "num_gen_expr");
    jout_int(j, (int64_t)r->expressions);
    jout_key(j, "location");
    jout_open(j, '{');
    jout_key(j, "file");
    jout_text(j, explain_file(o, r->loc));
    jout_key(j, "row");
    jout_int(j, r->loc.row);
    jout_key(j, "col");
    jout_int(j, r->loc.col);
    jout_close(j, '}');
    jout_close(j, '}');
}

void profile_json(struct jout *j, struct profile *p, const struct observer *o)
{
    if (p->count == 0)
        return;
    jout_key(j, p->runs > 1 ? "aggregated_profile" : "profile");
    jout_open(j, '[');
    for (size_t i = 0; i < p->count; i++)
        put_row(j, p, o, &p->rows[i]);
    jout_close(j, ']');
}

static struct str number_text(struct profile *p, uint64_t n)
{
    return arena_printf(p->arena, "%llu", (unsigned long long)n);
}

static struct str time_text(struct profile *p, int64_t ns)
{
    struct buf b;
    buf_init(&b, p->arena);
    figures_duration(&b, ns);
    p->failed |= b.failed;
    return buf_view(&b);
}

/* file:row; of a query, its text. */
static struct str place_text(struct profile *p, const struct observer *o, struct loc loc)
{
    struct str file = explain_file(o, loc);
    if (file.len > 0)
        return arena_printf(p->arena, "%.*s:%u", (int)file.len, file.p, loc.row);
    if (loc.file < o->c->source_count && loc.len > 0)
        return str_of(o->c->sources[loc.file].text.p + loc.offset, loc.len);
    return arena_printf(p->arena, "%u:%u", loc.row, loc.col);
}

bool profile_print(struct profile *p, const struct observer *o)
{
    static const char *const once[] = {"Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"};
    static const char *const often[] = {"Min", "Max", "Mean", "90%", "99%", "Num Eval", "Num Redo", "Num Gen Expr", "Location"};
    bool many = p->runs > 1;
    size_t columns = many ? COUNT_OF(often) : COUNT_OF(once);
    struct str *cells = arena_array(p->arena, (p->count + 1) * columns, sizeof *cells);
    if (cells == NULL || p->failed)
        return false;
    if (p->count == 0)
        return true;
    for (size_t i = 0; i < columns; i++)
        cells[i] = str_cstr(many ? often[i] : once[i]);
    for (size_t i = 0; i < p->count; i++) {
        struct profile_row *r = &p->rows[i];
        struct str *at = &cells[(i + 1) * columns];
        double shown[FIGURES_SHOWN];
        if (many && figures_statistics(p->arena, r->ns, p->runs, shown).kind == VALUE_UNDEFINED)
            return false;
        for (size_t k = 0; many && k < FIGURES_SHOWN; k++)
            *at++ = time_text(p, (int64_t)shown[k]);
        if (!many)
            *at++ = time_text(p, r->ns[0]);
        *at++ = number_text(p, r->evals);
        *at++ = number_text(p, r->redos);
        *at++ = number_text(p, r->expressions);
        *at++ = place_text(p, o, r->loc);
    }
    return !p->failed && grid_print(p->arena, cells, p->count + 1, columns, true);
}
