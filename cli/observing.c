/* SPDX-License-Identifier: Apache-2.0
 *
 * Putting observers, reports and sessions together.
 */
#include "cli/observing.h"

#include <stdio.h>

#include "lang/codegen.h"
#include "stdlib/builtins.h"

static bool explains(const struct flags *f)
{
    return f->explain != NULL && strcmp(f->explain, "off") != 0;
}

bool observing_is_wanted(const struct flags *f)
{
    return explains(f) || f->profile || f->profile_limit >= 0 || f->profile_sort.count > 0 || f->coverage;
}

/* Profiles and coverage need no more than one event at a time. */
static void take_event(void *observing, const struct seen *e)
{
    struct observing *ob = observing;
    if (ob->profiles && ob->coverage_run == COVERAGE_USUAL)
        profile_see(&ob->profile, e);
    if (ob->covers && ob->run == 0)
        coverage_see(&ob->coverage, e, ob->coverage_run);
}

static void take_all(struct observing *ob)
{
    for (size_t i = 0; i < ob->observer.all.count; i++)
        take_event(ob, &ob->observer.all.items[i]);
}

void observing_init(struct observing *ob, struct session *s)
{
    const struct flags *f = s->flags;
    struct alloc heap = alloc_default();
    *ob = (struct observing){.explains = explains(f), .covers = f->coverage, .runs = f->count > 1 ? (size_t)f->count : 1};
    ob->profiles = f->profile || f->profile_limit >= 0 || f->profile_sort.count > 0;
    arena_init(&ob->arena, &heap, SIZE_MAX, 0);
    bool json = f->format == NULL || strcmp(f->format, "json") == 0;
    observe_init(&ob->observer, &s->c, ob->explains && (json || f->var_values));
    ob->observer.sink = ob->explains ? NULL : take_event;
    ob->observer.sink_ctx = ob;
    profile_init(&ob->profile, &ob->arena, ob->runs);
    s->c.options.keep_traces = true;
    s->options.trace = observe_event;
    s->options.trace_ctx = &ob->observer;
    s->grants.observer = ob->explains ? &ob->observer : NULL;
}

void observing_fini(struct observing *ob)
{
    observe_fini(&ob->observer);
    arena_fini(&ob->arena);
}

void observing_parsed(struct observing *ob, const struct session *s)
{
    if (ob->covers)
        coverage_collect(&ob->coverage, &ob->arena, &s->c);
}

void observing_take(struct observing *ob, size_t run)
{
    observe_end(&ob->observer);
    take_all(ob);
    if (ob->profiles)
        profile_take(&ob->profile, &ob->observer);
    ob->run = run + 1;
    if (run + 1 < ob->runs)
        observe_reset(&ob->observer);
}

/* One more evaluation by a program that differs from the usual one, in silence. */
static void run_more(struct observing *ob, struct session *s, uint32_t entry, enum coverage_run run)
{
    struct alloc heap = alloc_default();
    struct linkage link = {.builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    struct vm_options options = s->options;
    struct bi_host host = s->host;
    struct program_builder b;
    struct program *program = NULL;
    struct observer observer;
    struct value result;
    struct vm *vm = NULL;
    struct err e = {0};
    observe_init(&observer, &s->c, false);
    ob->run = 0;
    ob->coverage_run = run;
    observer.sink = take_event;
    observer.sink_ctx = ob;
    observer.no_early_exit = run == COVERAGE_NO_EARLY_EXIT;
    host.print = NULL;
    host.note = NULL;
    options.host = &host;
    options.trace_ctx = &observer;
    s->c.options.trace_all_rules = run == COVERAGE_ALL_RULES;
    s->c.options.trace_no_early_exit = run == COVERAGE_NO_EARLY_EXIT;
    builder_init(&b, &s->c.arena);
    if (codegen(&s->c, NULL, 0, &b) && program_seal(&b, &link, &heap, &s->c.limits, &program, &e) == 0 &&
        vm_new(program, &heap, &options, &vm, &e) == 0) {
        (void)vm_begin(vm); /* the input is elsewhere */
        if (vm_eval(vm, entry, session_data(s), s->input, &result, &e) != 0)
            fprintf(stderr, "quis: warning: coverage pass with %s failed: %s\n",
                    run == COVERAGE_ALL_RULES ? "rule indexing disabled" : "early exit disabled", e.text);
        observe_end(&observer);
    }
    if (vm != NULL)
        vm_free(vm);
    program_unref(program);
    observe_fini(&observer);
}

bool observing_finish(struct observing *ob, struct session *s, uint32_t entry, bool failed)
{
    const struct flags *f = s->flags;
    if (ob->covers && !failed) {
        run_more(ob, s, entry, COVERAGE_ALL_RULES);
        run_more(ob, s, entry, COVERAGE_NO_EARLY_EXIT);
    }
    if (ob->covers)
        coverage_finish(&ob->coverage);
    if (ob->profiles)
        profile_sort(&ob->profile, &ob->observer, &f->profile_sort, f->profile_limit >= 0 ? f->profile_limit : 10);
    bool ok = !ob->explains || explain_filter(&ob->observer, f->explain, &ob->explanation);
    return ok && !ob->observer.failed && !ob->profile.failed && !ob->coverage.failed;
}
