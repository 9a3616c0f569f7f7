/* SPDX-License-Identifier: Apache-2.0
 *
 * Ranges of sources: what there is, what ran, what did not.
 */
#include "cli/coverage.h"

#include "cli/figures.h"
#include "cli/grid.h"
#include "lang/ast_walk.h"

/* ---- ranges ---- */

static struct coverage_range range_of(const struct compiler *c, struct loc loc)
{
    struct coverage_range r = {.row = loc.row, .col = loc.col, .end_row = loc.row, .end_col = loc.col};
    struct str text = c->sources[loc.file].text;
    for (size_t i = loc.offset; i < (size_t)loc.offset + loc.len && i < text.len; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        if (ch == '\n') {
            r.end_row++;
            r.end_col = 1;
        } else {
            r.end_col += (ch & 0xc0u) != 0x80u;
        }
    }
    return r;
}

static int compare(const struct coverage_range *a, const struct coverage_range *b)
{
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->col != b->col)
        return a->col < b->col ? -1 : 1;
    if (a->end_row != b->end_row)
        return a->end_row < b->end_row ? -1 : 1;
    return a->end_col != b->end_col ? (a->end_col < b->end_col ? -1 : 1) : 0;
}

/* Into its place; once. */
static void add(struct coverage *cv, struct coverage_ranges *to, struct coverage_range r)
{
    size_t low = 0, high = to->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = compare(&r, &to->items[mid]);
        if (order == 0)
            return;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    if (!arena_grow(cv->arena, &to->items, &to->cap, to->count + 1, sizeof *to->items)) {
        cv->failed = true;
        return;
    }
    memmove(&to->items[low + 1], &to->items[low], (to->count - low) * sizeof *to->items);
    to->items[low] = r;
    to->count++;
}

static bool contains(const struct coverage_range *outer, const struct coverage_range *r)
{
    bool starts = outer->row < r->row || (outer->row == r->row && outer->col <= r->col);
    bool ends = outer->end_row > r->end_row || (outer->end_row == r->end_row && outer->end_col >= r->end_col);
    return starts && ends;
}

static bool is_within(const struct coverage_ranges *ranges, const struct coverage_range *r)
{
    for (size_t i = 0; i < ranges->count && ranges->items[i].row <= r->row; i++)
        if (contains(&ranges->items[i], r))
            return true;
    return false;
}

static uint64_t lines_of(const struct coverage_ranges *ranges)
{
    uint64_t count = 0;
    uint32_t next = 0; /* the first line not counted yet */
    for (size_t i = 0; i < ranges->count; i++) {
        const struct coverage_range *r = &ranges->items[i];
        uint32_t from = r->row > next ? r->row : next;
        if (r->end_row >= from) {
            count += r->end_row - from + 1;
            next = r->end_row + 1;
        }
    }
    return count;
}

/* ---- what there is ---- */

struct walk {
    struct coverage *cv;
    struct coverage_file *file;
};

static bool see_expr(struct ast_walk *w, struct expr *e)
{
    struct walk *at = w->ctx;
    if (e->kind != EXPR_SOME && e->loc.row != 0)
        add(at->cv, &at->file->written, range_of(at->cv->c, e->loc));
    return false;
}

static void collect_rule(struct walk *at, struct rule *r)
{
    struct ast_walk w = {.expr = see_expr, .ctx = at};
    for (; r != NULL; r = r->otherwise) {
        add(at->cv, &at->file->written, range_of(at->cv->c, r->head->loc));
        ast_walk_terms(&w, &r->head->ref);
        ast_walk_rule(&w, r);
    }
}

void coverage_collect(struct coverage *cv, struct arena *a, const struct compiler *c)
{
    *cv = (struct coverage){.arena = a, .c = c, .files = arena_zeroed(a, c->module_count + 1, sizeof *cv->files)};
    cv->failed = cv->files == NULL;
    for (size_t i = 0; i < c->module_count && !cv->failed; i++) {
        struct coverage_file *f = &cv->files[cv->count++];
        f->file = c->modules[i]->file;
        for (size_t k = 0; k < c->modules[i]->rule_count; k++)
            collect_rule(&(struct walk){cv, f}, c->modules[i]->rules[k]);
    }
}

/* ---- what ran ---- */

/* Is it the first time in this run? */
static bool is_news(struct coverage *cv, const struct trace_row *row, enum coverage_run run)
{
    size_t before = cv->known_cap;
    if (!arena_grow(cv->arena, &cv->known, &cv->known_cap, (size_t)row->number + 1, sizeof *cv->known)) {
        cv->failed = true;
        return false;
    }
    for (size_t i = before; i < cv->known_cap; i++)
        cv->known[i] = 0;
    bool news = (cv->known[row->number] >> run & 1) == 0;
    cv->known[row->number] |= (uint8_t)(1u << run);
    return news;
}

void coverage_see(struct coverage *cv, const struct seen *e, enum coverage_run run)
{
    bool is_rule = e->kind == SEEN_EXIT && e->row->kind == TRACE_ROW_RULE;
    if (cv->failed || (!is_rule && e->kind != SEEN_EVAL) || !is_news(cv, e->row, run))
        return;
    struct loc loc = is_rule ? e->row->rule->head->loc : e->row->loc;
    for (size_t k = 0; k < cv->count; k++)
        if (cv->files[k].file == loc.file)
            add(cv, &cv->files[k].covered[run], range_of(cv->c, loc));
}

void coverage_finish(struct coverage *cv)
{
    for (size_t i = 0; i < cv->count && !cv->failed; i++) {
        struct coverage_file *f = &cv->files[i];
        for (size_t k = 0; k < f->written.count; k++) {
            struct coverage_range r = f->written.items[k];
            for (int run = 0; run < COVERAGE_RUNS; run++)
                r.kinds |= is_within(&f->covered[run], &r) ? 1u << run : 0;
            if ((r.kinds & 1u << COVERAGE_USUAL) == 0)
                add(cv, &f->missed, r);
        }
        f->covered_lines = lines_of(&f->covered[COVERAGE_USUAL]);
        f->missed_lines = lines_of(&f->missed);
        cv->covered_lines += f->covered_lines;
        cv->missed_lines += f->missed_lines;
    }
}

/* ---- output ---- */

static double percentage(uint64_t covered, uint64_t missed)
{
    return covered + missed == 0 ? 0 : 100.0 * (double)covered / (double)(covered + missed);
}

static void put_place(struct jout *j, const char *key, uint32_t row, uint32_t col)
{
    jout_key(j, key);
    jout_open(j, '{');
    jout_key(j, "row");
    jout_int(j, row);
    jout_key(j, "col");
    jout_int(j, col);
    jout_close(j, '}');
}

static void put_ranges(struct jout *j, const char *key, const struct coverage_ranges *ranges, bool has_kinds)
{
    static const char *const kinds[] = {[COVERAGE_ALL_RULES] = "index_excluded", [COVERAGE_NO_EARLY_EXIT] = "early_exit"};
    if (ranges->count == 0)
        return;
    jout_key(j, key);
    jout_open(j, '[');
    for (size_t i = 0; i < ranges->count; i++) {
        const struct coverage_range *r = &ranges->items[i];
        jout_open(j, '{');
        put_place(j, "start", r->row, r->col);
        put_place(j, "end", r->end_row, r->end_col);
        if (has_kinds && r->kinds != 0) {
            jout_key(j, "kinds");
            jout_open(j, '[');
            for (int run = COVERAGE_ALL_RULES; run < COVERAGE_RUNS; run++)
                if ((r->kinds >> run & 1) != 0)
                    jout_text(j, str_cstr(kinds[run]));
            jout_close(j, ']');
        }
        jout_close(j, '}');
    }
    jout_close(j, ']');
}

static void put_counts(struct jout *j, struct coverage *cv, uint64_t covered, uint64_t missed, bool always)
{
    if (always || covered != 0) {
        jout_key(j, "covered_lines");
        jout_int(j, (int64_t)covered);
    }
    if (always || missed != 0) {
        jout_key(j, "not_covered_lines");
        jout_int(j, (int64_t)missed);
    }
    if (always || covered != 0) {
        jout_key(j, "coverage");
        jout_value(j, figures_value(cv->arena, percentage(covered, missed)));
    }
}

static void sort_files(struct coverage *cv)
{
    for (size_t i = 1; i < cv->count; i++) {
        struct coverage_file f = cv->files[i];
        size_t k = i;
        for (; k > 0 && str_compare(cv->c->sources[cv->files[k - 1].file].name, cv->c->sources[f.file].name) > 0; k--)
            cv->files[k] = cv->files[k - 1];
        cv->files[k] = f;
    }
}

void coverage_json(struct jout *j, struct coverage *cv)
{
    sort_files(cv);
    jout_key(j, "coverage");
    jout_open(j, '{');
    jout_key(j, "files");
    jout_open(j, '{');
    for (size_t i = 0; i < cv->count; i++) {
        const struct coverage_file *f = &cv->files[i];
        jout_name(j, cv->c->sources[f->file].name);
        jout_open(j, '{');
        put_ranges(j, "covered", &f->covered[COVERAGE_USUAL], false);
        put_ranges(j, "not_covered", &f->missed, true);
        put_counts(j, cv, f->covered_lines, f->missed_lines, false);
        jout_close(j, '}');
    }
    jout_close(j, '}');
    put_counts(j, cv, cv->covered_lines, cv->missed_lines, true);
    jout_close(j, '}');
}

bool coverage_print(struct coverage *cv)
{
    struct str cells[] = {STR("Overall Coverage"),
                          arena_printf(cv->arena, "%.2f", percentage(cv->covered_lines, cv->missed_lines))};
    return cells[1].p != NULL && !cv->failed && grid_print(cv->arena, cells, 1, 2, false);
}
