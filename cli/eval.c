/* SPDX-License-Identifier: Apache-2.0
 *
 * quis eval: one query, its results in the formats of opa eval.
 */
#include <stdio.h>

#include "cli/jout.h"
#include "cli/present.h"
#include "cli/report.h"

static bool is_text_format(const struct flags *f)
{
    return f->format != NULL && strcmp(f->format, "json") != 0;
}

static int fail(struct session *s)
{
    report_errors(s, !is_text_format(s->flags) || strcmp(s->flags->format, "pretty") != 0);
    return 2;
}

static const char *query_text(struct session *s)
{
    struct str text;
    if (!s->flags->stdin_query)
        return s->flags->words.items[0];
    if (load_file(&s->loaded.arena, "-", &text, &s->error) != 0)
        return NULL;
    text = arena_str(&s->loaded.arena, text);
    if (text.p == NULL)
        (void)err_set(&s->error, ERR_NOMEM, "out of memory"); /* the caller looks at the text */
    return text.p;
}

/* Everything up to a VM that can run entry. */
static int prepare(struct session *s, uint32_t *ret_entry)
{
    const char *query = query_text(s);
    if (query == NULL || session_load(s, NULL) != 0)
        return -1;
    if (s->flags->program != NULL) {
        if (session_read_program(s, s->flags->program) != 0)
            return -1;
        struct str entry = session_entry(s, query);
        if (entry.p == NULL || !program_entry(s->program, entry, ret_entry))
            return err_set(&s->error, ERR_NOT_FOUND, "%s: no entry '%s'", s->flags->program, query);
    } else if (session_parse(s, query) != 0 || session_compile(s, NULL, 0) != 0 ||
               !program_entry(s->program, STR("query"), ret_entry)) {
        return -1;
    }
    return session_read_input(s) != 0 ? -1 : session_start(s);
}

static int run(struct session *s)
{
    uint32_t entry;
    struct value result;
    if (prepare(s, &entry) != 0)
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
    if ((s->flags->fail && !defined) || (s->flags->fail_defined && defined))
        return 1;
    return 0;
}

static bool are_flags_sound(const struct flags *f)
{
    if (f->partial || f->unknowns.count > 0) {
        report_line("partial evaluation is not part of quis: leave out --partial and --unknowns");
        return false;
    }
    if (f->words.count != (f->stdin_query ? 0 : 1)) {
        report_line(f->words.count == 0 ? "eval needs a query, as quis eval 'data.policy.allow'" : "eval takes one query");
        return false;
    }
    return flags_choice("format", f->format, "json|values|bindings|pretty|source|raw|discard") &&
           flags_choice("target", f->target, "rego");
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
