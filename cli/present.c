/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing results: json, values, bindings, pretty, source, raw, discard.
 *
 * A query's value is an array of rows whose columns the program names; another entry's value counts as one row with one
 * expression, its name.
 */
#include "cli/present.h"

#include <stdio.h>

#include "base/utf8.h"
#include "cli/grid.h"
#include "cli/jout.h"
#include "cli/metrics.h"
#include "cli/observing.h"
#include "cli/report.h"
#include "vm/json.h"

struct column {
    bool is_binding;
    struct str text;
    int64_t row, col;
};

struct table {
    struct arena a;
    struct column *columns;
    size_t column_count;
    const struct value *rows; /* each an array of column_count values */
    size_t row_count;
    size_t expressions; /* the first so many columns */
};

static struct value member(struct value o, const char *key)
{
    const struct value *v = o.kind == VALUE_OBJECT ? object_find_str(o.object, str_cstr(key)) : NULL;
    return v != NULL ? *v : value_null();
}

static bool read_columns(struct table *t, struct value names)
{
    t->columns = arena_zeroed(&t->a, names.len + 1, sizeof *t->columns);
    if (t->columns == NULL)
        return false;
    t->column_count = names.len;
    for (size_t i = 0; i < names.len; i++) {
        struct value kind = member(names.items[i], "kind"), text = member(names.items[i], "text");
        t->columns[i] = (struct column){
            .is_binding = kind.kind == VALUE_STRING && str_equal(value_text(kind), STR("binding")),
            .text = text.kind == VALUE_STRING ? value_text(text) : STR(""),
            .row = member(names.items[i], "row").i,
            .col = member(names.items[i], "col").i,
        };
        t->expressions += !t->columns[i].is_binding;
    }
    return true;
}

static bool single_value(struct table *t, struct str name, struct value v)
{
    t->columns = arena_zeroed(&t->a, 1, sizeof *t->columns);
    struct value *cells = arena_array(&t->a, 2, sizeof *cells);
    if (t->columns == NULL || cells == NULL)
        return false;
    t->columns[0] = (struct column){false, name, 1, 1};
    t->column_count = t->expressions = 1;
    cells[0] = v;
    cells[1] = value_array(cells, 1);
    t->rows = &cells[1];
    t->row_count = v.kind != VALUE_UNDEFINED;
    return true;
}

static bool fill_table(struct table *t, const struct results *r)
{
    const struct program_tables *p = program_get_tables(r->program);
    const struct entry *entry = &p->entries[r->entry];
    if (entry->columns == NONE)
        return single_value(t, value_text(p->constants[entry->name]), r->value);
    t->rows = r->value.kind == VALUE_ARRAY ? r->value.items : NULL;
    t->row_count = r->value.kind == VALUE_ARRAY ? r->value.len : 0;
    return read_columns(t, p->constants[entry->columns]);
}

/* ---- json ---- */

static void json_expressions(struct jout *j, const struct table *t, const struct value *cells)
{
    jout_key(j, "expressions");
    jout_open(j, '[');
    for (size_t i = 0; i < t->expressions; i++) {
        jout_open(j, '{');
        jout_key(j, "value");
        jout_value(j, cells[i]);
        jout_key(j, "text");
        jout_text(j, t->columns[i].text);
        jout_key(j, "location");
        jout_open(j, '{');
        jout_key(j, "row");
        jout_int(j, t->columns[i].row);
        jout_key(j, "col");
        jout_int(j, t->columns[i].col);
        jout_close(j, '}');
        jout_close(j, '}');
    }
    jout_close(j, ']');
}

/* The variables of a row as an object value; undefined kind when out of memory. */
static struct value bindings_of(struct table *t, const struct value *cells)
{
    struct object *o = object_new(&t->a, t->column_count - t->expressions);
    for (size_t i = t->expressions; o != NULL && i < t->column_count; i++)
        if (object_put(&t->a, o, value_str(t->columns[i].text), cells[i]) < 0)
            o = NULL;
    return o != NULL ? value_object(o) : value_undefined();
}

static bool has_metrics(const struct session *s)
{
    return s->flags->metrics || s->flags->instrument || (s->observing != NULL && s->observing->profiles);
}

/* What comes behind the result. */
static void json_reports(struct jout *j, struct session *s, const struct results *r, struct arena *a)
{
    struct observing *ob = s->observing;
    if (has_metrics(s))
        metrics_json(j, a, s, r->eval_ns, r->runs);
    if (ob != NULL && ob->explains && ob->explanation.count > 0)
        explain_json(j, &ob->observer, &ob->explanation);
    if (ob != NULL && ob->profiles)
        profile_json(j, &ob->profile, &ob->observer);
    if (ob != NULL && ob->covers)
        coverage_json(j, &ob->coverage);
}

static bool print_json(struct session *s, const struct results *r, struct table *t, bool discard)
{
    struct jout j;
    jout_init(&j, &t->a);
    jout_open(&j, '{');
    if (r->error_count > 0)
        report_list_json(&j, r->errors, r->error_count);
    if (discard && t->row_count > 0) {
        jout_key(&j, "result");
        jout_text(&j, STR("discarded"));
    } else if (t->row_count > 0) {
        jout_key(&j, "result");
        jout_open(&j, '[');
        for (size_t i = 0; i < t->row_count; i++) {
            jout_open(&j, '{');
            json_expressions(&j, t, t->rows[i].items);
            if (t->column_count > t->expressions) {
                jout_key(&j, "bindings");
                jout_value(&j, bindings_of(t, t->rows[i].items));
            }
            jout_close(&j, '}');
        }
        jout_close(&j, ']');
    }
    json_reports(&j, s, r, &t->a);
    jout_close(&j, '}');
    return jout_print(&j);
}

static bool print_value(struct table *t, struct value v)
{
    struct jout j;
    jout_init(&j, &t->a);
    jout_value(&j, v);
    return jout_print(&j);
}

/* ---- lines ---- */

static bool print_values(struct table *t)
{
    for (size_t i = 0; i < t->row_count; i++)
        if (!print_value(t, value_array(t->rows[i].items, t->expressions)))
            return false;
    return true;
}

static bool print_bindings(struct table *t)
{
    for (size_t i = 0; i < t->row_count; i++)
        if (!print_value(t, bindings_of(t, t->rows[i].items)))
            return false;
    return true;
}

static bool print_raw(struct table *t)
{
    struct buf b;
    buf_init(&b, &t->a);
    for (size_t i = 0; i < t->row_count; i++) {
        for (size_t k = 0; k < t->expressions; k++) {
            struct value v = t->rows[i].items[k];
            if (v.kind == VALUE_STRING)
                buf_str(&b, value_text(v));
            else
                json_write(&b, v, JSON_COMPACT);
            buf_char(&b, k + 1 < t->expressions ? ' ' : '\n');
        }
    }
    if (!b.failed)
        (void)fwrite(b.p, 1, b.len, stdout); /* main looks whether standard output failed */
    return !b.failed;
}

/* ---- pretty ---- */

static struct str cell_text(struct table *t, struct value v, size_t limit)
{
    struct buf b;
    buf_init(&b, &t->a);
    json_write(&b, v, JSON_COMPACT);
    if (limit > 0 && b.len > limit) {
        b.len = limit;
        buf_cstr(&b, "...");
    }
    return b.failed ? STR("") : buf_view(&b);
}

/* The columns of the table in opa's order: expressions that are not boolean, then variables by name. */
static size_t *shown_columns(struct table *t, size_t *ret_count)
{
    bool has_bindings = t->column_count > t->expressions;
    size_t *shown = arena_array(&t->a, t->column_count + 1, sizeof *shown), count = 0;
    if (shown == NULL)
        return NULL;
    for (size_t i = 0; i < t->expressions; i++)
        if (!has_bindings || t->rows[0].items[i].kind != VALUE_BOOL)
            shown[count++] = i;
    for (size_t i = t->expressions; i < t->column_count; i++) {
        size_t at = count++;
        for (; at > 0 && shown[at - 1] >= t->expressions && str_compare(t->columns[shown[at - 1]].text, t->columns[i].text) > 0;
             at--)
            shown[at] = shown[at - 1];
        shown[at] = i;
    }
    *ret_count = count;
    return shown;
}

static bool print_table(struct table *t, size_t limit)
{
    size_t count = 0, *shown = shown_columns(t, &count);
    struct str *cells = arena_array(&t->a, (t->row_count + 1) * count + 1, sizeof *cells);
    if (shown == NULL || cells == NULL)
        return false;
    for (size_t r = 0; r <= t->row_count; r++)
        for (size_t i = 0; i < count; i++)
            cells[r * count + i] =
                r == 0 ? t->columns[shown[i]].text : cell_text(t, t->rows[r - 1].items[shown[i]], limit);
    return grid_print(&t->a, cells, t->row_count + 1, count, true);
}

static bool are_boolean(const struct value *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i].kind != VALUE_BOOL)
            return false;
    return true;
}

static bool print_pretty_result(struct table *t, size_t limit)
{
    if (t->row_count == 0) {
        fputs("undefined\n", stdout);
        return true;
    }
    const struct value *cells = t->rows[0].items;
    bool no_bindings = t->column_count == t->expressions;
    if (t->row_count == 1 && no_bindings && (t->expressions == 1 || are_boolean(cells, t->expressions)))
        return print_value(t, cells[0]);
    return print_table(t, limit);
}

static bool print_pretty(struct session *s, const struct results *r, struct table *t)
{
    struct observing *ob = s->observing;
    bool ok = true;
    if (ob != NULL && ob->explains)
        ok = explain_print(&ob->observer, &ob->explanation, s->flags->var_values);
    if (r->error_count > 0)
        report_list(r->errors, r->error_count);
    else
        ok = ok && print_pretty_result(t, (size_t)s->flags->pretty_limit);
    if (has_metrics(s))
        ok = ok && metrics_print(&t->a, s, r->eval_ns, r->runs);
    if (ob != NULL && ob->profiles)
        ok = ok && profile_print(&ob->profile, &ob->observer);
    if (ob != NULL && ob->covers)
        ok = ok && coverage_print(&ob->coverage);
    return ok;
}

/* ---- choice ---- */

bool results_are_defined(const struct results *r)
{
    return r->value.kind != VALUE_UNDEFINED && !(r->value.kind == VALUE_ARRAY && r->value.len == 0);
}

bool present(struct session *s, const struct results *r)
{
    const char *format = s->flags->format != NULL ? s->flags->format : "json";
    struct alloc heap = alloc_default();
    struct table t = {0};
    arena_init(&t.a, &heap, SIZE_MAX, 0);
    bool ok = fill_table(&t, r);
    bool is_json = strcmp(format, "json") == 0 || strcmp(format, "discard") == 0, is_pretty = strcmp(format, "pretty") == 0;
    if (!ok)
        ;
    else if (r->error_count > 0 && !is_json && !is_pretty)
        report_list(r->errors, r->error_count);
    else if (strcmp(format, "values") == 0)
        ok = print_values(&t);
    else if (strcmp(format, "bindings") == 0)
        ok = print_bindings(&t);
    else if (strcmp(format, "raw") == 0)
        ok = print_raw(&t);
    else if (is_pretty)
        ok = print_pretty(s, r, &t);
    else if (is_json)
        ok = print_json(s, r, &t, format[0] == 'd');
    arena_fini(&t.a);
    return ok;
}
