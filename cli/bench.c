/* SPDX-License-Identifier: Apache-2.0
 *
 * quis bench: how long a query takes, compiled once and evaluated for a second.
 */
#include <math.h>
#include <stdio.h>

#include "cli/jout.h"
#include "cli/report.h"
#include "cli/runner.h"

#define SECOND_NS INT64_C(1000000000)

struct sample {
    int64_t count, ns;
    size_t bytes; /* of memory per evaluation */
};

static int fail(struct session *s)
{
    report_errors(s, s->flags->format != NULL && strcmp(s->flags->format, "json") == 0);
    return 1;
}

/* Doubles the number of evaluations until they take a second. */
static int measure(struct session *s, uint32_t entry, struct sample *ret)
{
    struct value result;
    for (int64_t n = 1;; n *= 2) {
        int64_t start = host_monotonic_ns();
        for (int64_t i = 0; i < n; i++) {
            (void)vm_begin(s->vm); /* the input is elsewhere */
            if (vm_eval(s->vm, entry, session_data(s), s->input, &result, &s->error) != 0)
                return -1;
        }
        *ret = (struct sample){n, host_monotonic_ns() - start, vm_bytes_used(s->vm)};
        if (ret->ns >= SECOND_NS || n > INT64_C(1) << 40)
            return 0;
    }
}

/* Ten places before the point, three significant digits for small numbers, as Go's benchmarks. */
static void number_text(double x, char *text, size_t cap)
{
    static const struct {
        double from;
        int width, digits;
    } rows[] = {{99.95, 10, 0}, {9.995, 12, 1}, {0.9995, 13, 2}, {0.09995, 14, 3}, {0.009995, 15, 4}, {0.0009995, 16, 5}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (fabs(x) >= rows[i].from) {
            (void)snprintf(text, cap, "%*.*f", rows[i].width, rows[i].digits, x); /* fits */
            return;
        }
    }
    (void)snprintf(text, cap, "%17.6f", x); /* fits */
}

static void print_json(struct arena *a, const struct sample *m)
{
    struct jout j;
    jout_init(&j, a);
    jout_open(&j, '{');
    jout_key(&j, "N");
    jout_int(&j, m->count);
    jout_key(&j, "T");
    jout_int(&j, m->ns);
    jout_key(&j, "Bytes");
    jout_int(&j, 0);
    jout_key(&j, "MemBytes");
    jout_int(&j, (int64_t)m->bytes * m->count);
    jout_close(&j, '}');
    if (!jout_print(&j))
        report_line("out of memory");
}

static void print_sample(struct session *s, const struct sample *m)
{
    const char *format = s->flags->format != NULL ? s->flags->format : "pretty";
    char per[64];
    number_text((double)m->ns / (double)m->count, per, sizeof per);
    if (strcmp(format, "json") == 0)
        print_json(&s->loaded.arena, m);
    else if (strcmp(format, "gobench") == 0)
        printf("BenchmarkQuisEval\t%8lld\t%s ns/op\t%8zu B/op\n", (long long)m->count, per, m->bytes);
    else
        printf("samples  %14lld\nns/op    %14s\nB/op     %14zu\n", (long long)m->count, per, m->bytes);
}

static int run(struct session *s)
{
    uint32_t entry;
    struct sample m;
    if (runner_prepare(s, &entry) != 0)
        return fail(s);
    for (int64_t i = 0; i < s->flags->count; i++) {
        if (measure(s, entry, &m) != 0)
            return fail(s);
        print_sample(s, &m);
    }
    return 0;
}

int verb_bench(const struct flags *f)
{
    struct session s;
    if (!runner_takes_query(f, "bench") || !flags_choice("format", f->format, "pretty|json|gobench"))
        return 1;
    int status = session_init(&s, f) != 0 ? fail(&s) : run(&s);
    session_fini(&s);
    return status;
}
