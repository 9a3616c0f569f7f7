/* SPDX-License-Identifier: Apache-2.0
 *
 * quis eval: one query, its results in the formats of opa eval.
 */
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

static int run(struct session *s)
{
    uint32_t entry;
    struct value result;
    if (runner_prepare(s, &entry) != 0)
        return fail(s);
    (void)vm_begin(s->vm); /* the input is elsewhere */
    int64_t start = host_monotonic_ns();
    if (vm_eval(s->vm, entry, session_data(s), s->input, &result, &s->error) != 0)
        return fail(s);
    struct results r = {.program = s->program, .entry = entry, .value = result, .eval_ns = host_monotonic_ns() - start};
    if (!present(s, &r)) {
        report_line("out of memory");
        return 2;
    }
    bool defined = results_are_defined(&r);
    return (s->flags->fail && !defined) || (s->flags->fail_defined && defined);
}

static bool are_flags_sound(const struct flags *f)
{
    if (f->partial || f->unknowns.count > 0) {
        report_line("partial evaluation is not part of quis: leave out --partial and --unknowns");
        return false;
    }
    return runner_takes_query(f, "eval") &&
           flags_choice("format", f->format, "json|values|bindings|pretty|source|raw|discard") &&
           flags_choice("target", f->target, "rego") && flags_choice("explain", f->explain, "off|full|notes|fails|debug");
}

int verb_eval(const struct flags *f)
{
    struct session s;
    if (!are_flags_sound(f))
        return 2;
    int status = session_init(&s, f) != 0 ? fail(&s) : run(&s);
    session_fini(&s);
    return status;
}
