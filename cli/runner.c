/* SPDX-License-Identifier: Apache-2.0
 *
 * From the flags of a query to a VM.
 */
#include "cli/runner.h"

#include <stdio.h>

#include "cli/observing.h"
#include "cli/report.h"

bool runner_takes_query(const struct flags *f, const char *verb)
{
    if (f->words.count == (f->stdin_query ? 0 : 1))
        return true;
    fprintf(stderr, "quis: %s takes one query, as quis %s 'data.policy.allow'; got %zu\n", verb, verb, f->words.count);
    return false;
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

static int find_entry(struct session *s, const char *query, uint32_t *ret)
{
    struct str entry = session_entry(s, query);
    if (entry.p == NULL)
        return err_set(&s->error, ERR_NOMEM, "out of memory");
    if (program_entry(s->program, entry, ret))
        return 0;
    const struct program_tables *t = program_get_tables(s->program);
    struct str some = t->entries_count > 0 ? value_text(t->constants[t->entries[0].name]) : STR("none");
    return err_set(&s->error, ERR_NOT_FOUND, "%s: no entry '%s'; it has %zu, the first is '%.*s'", s->flags->program, query,
                   t->entries_count, (int)some.len, some.p);
}

int runner_prepare(struct session *s, uint32_t *ret)
{
    const char *query = query_text(s);
    if (query == NULL || session_load(s, NULL) != 0)
        return -1;
    if (s->flags->program != NULL) {
        if (session_read_program(s, s->flags->program) != 0 || find_entry(s, query, ret) != 0)
            return -1;
    } else {
        if (session_parse(s, query) != 0)
            return -1;
        if (s->observing != NULL)
            observing_parsed(s->observing, s);
        if (session_compile(s, NULL, 0) != 0 || !program_entry(s->program, STR("query"), ret))
            return -1;
    }
    return session_read_input(s) != 0 ? -1 : session_start(s);
}
