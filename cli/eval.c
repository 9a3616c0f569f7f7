/* SPDX-License-Identifier: Apache-2.0
 *
 * quis eval: one query, its results in the formats of opa eval.
 */
#include "cli/observing.h"
#include "cli/present.h"
#include "cli/report.h"
#include "cli/runner.h"

/* As opa: json (and discard) errors on standard output, other formats' as text on standard error. */
static int fail(struct session *s)
{
    const char *format = s->flags->format;
    report_errors(s, format == NULL || strcmp(format, "json") == 0 || strcmp(format, "discard") == 0);
    return 2;
}

/* --count times; the last result stays. */
static int evaluate(struct session *s, uint32_t entry, struct results *r)
{
    for (size_t i = 0; i < r->runs; i++) {
        (void)vm_begin(s->vm); /* the input is elsewhere */
        int64_t start = host_monotonic_ns();
        int status = vm_eval(s->vm, entry, session_data(s), s->input, &r->value, &s->error);
        r->eval_ns[i] = host_monotonic_ns() - start;
        if (s->observing != NULL)
            observing_take(s->observing, i);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* What was observed says how far it came. */
static int fail_evaluation(struct session *s, struct results *r)
{
    const char *format = s->flags->format;
    bool shows = format == NULL || strcmp(format, "json") == 0 || strcmp(format, "pretty") == 0;
    if (s->observing == NULL || !shows)
        return fail(s);
    r->value = value_undefined();
    r->errors = &s->error;
    r->error_count = 1;
    if (!observing_finish(s->observing, s, r->entry, true) || !present(s, r))
        report_line("out of memory");
    return 2;
}

static int run(struct session *s)
{
    uint32_t entry;
    struct results r = {.runs = s->flags->count > 1 ? (size_t)s->flags->count : 1};
    if (runner_prepare(s, &entry) != 0)
        return fail(s);
    r.program = s->program;
    r.entry = entry;
    r.eval_ns = arena_zeroed(&s->loaded.arena, r.runs, sizeof *r.eval_ns);
    if (r.eval_ns == NULL) {
        report_line("out of memory");
        return 2;
    }
    if (evaluate(s, entry, &r) != 0)
        return fail_evaluation(s, &r);
    if (s->flags->show_builtin_errors)
        r.errors = vm_builtin_errors(s->vm, &r.error_count);
    if ((s->observing != NULL && !observing_finish(s->observing, s, entry, false)) || !present(s, &r)) {
        report_line("out of memory");
        return 2;
    }
    bool defined = results_are_defined(&r);
    return (s->flags->fail && !defined) || (s->flags->fail_defined && defined);
}

static bool is_observing_sound(const struct flags *f)
{
    if (f->show_builtin_errors && f->strict_builtin_errors) {
        report_line("with --strict-builtin-errors the first error ends the evaluation: leave out --show-builtin-errors");
        return false;
    }
    if (f->program != NULL && observing_is_wanted(f)) {
        report_line("a compiled program cannot be observed: give --explain, --profile and --coverage the policies themselves");
        return false;
    }
    return true;
}

static bool are_flags_sound(const struct flags *f)
{
    if (f->partial || f->unknowns.count > 0) {
        report_line("partial evaluation is not part of quis: leave out --partial and --unknowns");
        return false;
    }
    return runner_takes_query(f, "eval") && is_observing_sound(f) &&
           flags_choice("format", f->format, "json|values|bindings|pretty|source|raw|discard") &&
           flags_choice("target", f->target, "rego") && flags_choice("explain", f->explain, "off|full|notes|fails|debug");
}

int verb_eval(const struct flags *f)
{
    struct session s;
    struct observing observing;
    if (!are_flags_sound(f))
        return 2;
    int status = session_init(&s, f) != 0 ? fail(&s) : 0;
    if (status == 0 && observing_is_wanted(f)) {
        observing_init(&observing, &s);
        s.observing = &observing;
    }
    if (status == 0)
        status = run(&s);
    if (s.observing != NULL)
        observing_fini(&observing);
    session_fini(&s);
    return status;
}
