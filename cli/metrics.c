/* SPDX-License-Identifier: Apache-2.0
 *
 * Times of a session. A policy is loaded and compiled once however often it is evaluated.
 */
#include "cli/metrics.h"

#include "cli/figures.h"
#include "cli/grid.h"
#include "vm/json.h"

struct metric {
    const char *name;
    int64_t value;
    bool is_eval;
};

#define METRICS_MOST 9

/* By name. */
static size_t list(const struct session *s, int64_t eval_ns, struct metric ret[METRICS_MOST])
{
    size_t n = 0;
    if (s->flags->instrument) {
        ret[n++] = (struct metric){"counter_vm_bytes", (int64_t)vm_bytes_used(s->vm), false};
        ret[n++] = (struct metric){"counter_vm_fuel", (int64_t)vm_fuel_used(s->vm), false};
    }
    ret[n++] = (struct metric){"timer_rego_load_files_ns", s->load_ns, false};
    ret[n++] = (struct metric){"timer_rego_module_compile_ns", s->stages_ns, false};
    ret[n++] = (struct metric){"timer_rego_module_parse_ns", s->parse_ns, false};
    ret[n++] = (struct metric){"timer_rego_query_compile_ns", s->compile_ns, false};
    ret[n++] = (struct metric){"timer_rego_query_eval_ns", eval_ns, true};
    ret[n++] = (struct metric){"timer_rego_query_parse_ns", s->query_ns, false};
    return n;
}

/* The measurements of each run. */
static int64_t *samples_of(struct arena *a, const struct metric *m, const int64_t *eval_ns, size_t runs)
{
    int64_t *samples = arena_array(a, runs, sizeof *samples);
    for (size_t i = 0; samples != NULL && i < runs; i++)
        samples[i] = m->is_eval ? eval_ns[i] : m->value;
    return samples;
}

void metrics_json(struct jout *j, struct arena *a, const struct session *s, int64_t *eval_ns, size_t runs)
{
    struct metric metrics[METRICS_MOST];
    size_t count = list(s, eval_ns[0], metrics);
    jout_key(j, runs > 1 ? "aggregated_metrics" : "metrics");
    jout_open(j, '{');
    for (size_t i = 0; i < count; i++) {
        double shown[FIGURES_SHOWN];
        int64_t *samples = runs > 1 ? samples_of(a, &metrics[i], eval_ns, runs) : NULL;
        jout_key(j, metrics[i].name);
        if (samples != NULL)
            jout_value(j, figures_statistics(a, samples, runs, shown));
        else
            jout_int(j, metrics[i].value);
    }
    jout_close(j, '}');
}

/* As Go prints floating-point numbers: from a million on with an exponent. */
static struct str float_text(struct arena *a, double d)
{
    struct buf b;
    buf_init(&b, a);
    struct value v = figures_value(a, d);
    if (v.kind == VALUE_UNDEFINED)
        return STR("");
    json_write(&b, v, JSON_COMPACT);
    if (b.failed || d < 1e6)
        return buf_view(&b);
    struct buf e;
    const char *point = memchr(b.p, '.', b.len);
    size_t whole = point != NULL ? (size_t)(point - b.p) : b.len, last = b.len;
    while (last > 1 && (b.p[last - 1] == '0' || b.p[last - 1] == '.'))
        last--;
    buf_init(&e, a);
    buf_char(&e, b.p[0]);
    if (last > 1)
        buf_char(&e, '.');
    for (size_t i = 1; i < last; i++)
        if (b.p[i] != '.')
            buf_char(&e, b.p[i]);
    buf_printf(&e, "e+%02zu", whole - 1);
    return e.failed ? STR("") : buf_view(&e);
}

bool metrics_print(struct arena *a, const struct session *s, int64_t *eval_ns, size_t runs)
{
    static const char *const once[] = {"Metric", "Value"}, *const often[] = {"Metric", "Min", "Max", "Mean", "90%", "99%"};
    struct metric metrics[METRICS_MOST];
    size_t count = list(s, eval_ns[0], metrics), columns = runs > 1 ? COUNT_OF(often) : COUNT_OF(once);
    struct str *cells = arena_array(a, (count + 1) * columns, sizeof *cells);
    if (cells == NULL)
        return false;
    for (size_t i = 0; i < columns; i++)
        cells[i] = str_cstr(runs > 1 ? often[i] : once[i]);
    for (size_t i = 0; i < count; i++) {
        struct str *at = &cells[(i + 1) * columns];
        double shown[FIGURES_SHOWN];
        int64_t *samples = runs > 1 ? samples_of(a, &metrics[i], eval_ns, runs) : NULL;
        *at++ = str_cstr(metrics[i].name);
        if (samples != NULL && figures_statistics(a, samples, runs, shown).kind == VALUE_UNDEFINED)
            return false;
        for (int k = 0; samples != NULL && k < FIGURES_SHOWN; k++)
            *at++ = k <= FIGURES_MAX ? arena_printf(a, "%lld", (long long)shown[k]) : float_text(a, shown[k]);
        if (samples == NULL)
            *at++ = arena_printf(a, "%lld", (long long)metrics[i].value);
    }
    return grid_print(a, cells, count + 1, columns, true);
}
