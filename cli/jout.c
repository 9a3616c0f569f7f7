/* SPDX-License-Identifier: Apache-2.0
 *
 * The writer behind the JSON formats of all verbs.
 */
#include "cli/jout.h"

#include <stdio.h>

#include "vm/json.h"

void jout_init(struct jout *j, struct arena *a)
{
    *j = (struct jout){0};
    buf_init(&j->b, a);
}

static void line(struct jout *j)
{
    buf_char(&j->b, '\n');
    for (int i = 0; i < j->depth; i++)
        buf_cstr(&j->b, "  ");
}

/* What comes before a value or key: a comma, a line. */
static void lead(struct jout *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_members)
        buf_char(&j->b, ',');
    if (j->depth > 0)
        line(j);
    j->has_members = true;
}

void jout_open(struct jout *j, char bracket)
{
    lead(j);
    buf_char(&j->b, bracket);
    j->depth++;
    j->has_members = false;
}

void jout_close(struct jout *j, char bracket)
{
    j->depth--;
    if (j->has_members)
        line(j);
    buf_char(&j->b, bracket);
    j->has_members = true;
}

void jout_key(struct jout *j, const char *key)
{
    jout_name(j, str_cstr(key));
}

void jout_name(struct jout *j, struct str key)
{
    lead(j);
    json_write_string(&j->b, key, JSON_COMPACT);
    buf_cstr(&j->b, ": ");
    j->after_key = true;
}

void jout_value(struct jout *j, struct value v)
{
    struct buf indent;
    lead(j);
    buf_init(&indent, j->b.arena);
    for (int i = 0; i < j->depth; i++)
        buf_cstr(&indent, "  ");
    json_write_indented(&j->b, v, JSON_COMPACT, buf_view(&indent), STR("  "));
}

void jout_text(struct jout *j, struct str s)
{
    lead(j);
    json_write_string(&j->b, s, JSON_COMPACT);
}

void jout_int(struct jout *j, int64_t n)
{
    lead(j);
    buf_printf(&j->b, "%lld", (long long)n);
}

bool jout_print(struct jout *j)
{
    buf_char(&j->b, '\n');
    if (j->b.failed)
        return false;
    (void)fwrite(j->b.p, 1, j->b.len, stdout); /* main looks whether standard output failed */
    return true;
}
