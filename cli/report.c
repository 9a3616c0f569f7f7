/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing errors.
 */
#include "cli/report.h"

#include <stdio.h>

#include "cli/jout.h"
#include "lang/diag.h"
#include "lang/type_error.h"

void report_line(const char *text)
{
    fprintf(stderr, "quis: %s\n", text);
}

static struct str file_of(const struct session *s, struct loc loc)
{
    return loc.row != 0 && loc.file < s->c.source_count ? s->c.sources[loc.file].name : STR("");
}

static void location(struct jout *j, struct str file, uint32_t row, uint32_t col)
{
    jout_key(j, "location");
    jout_open(j, '{');
    jout_key(j, "file");
    jout_text(j, file);
    jout_key(j, "row");
    jout_int(j, row);
    jout_key(j, "col");
    jout_int(j, col);
    jout_close(j, '}');
}

static void json_diag(struct jout *j, const struct session *s, struct arena *a, const struct diag *d)
{
    jout_open(j, '{');
    jout_key(j, "message");
    jout_text(j, d->message);
    jout_key(j, "code");
    jout_text(j, str_cstr(err_name(d->code)));
    if (d->loc.row != 0)
        location(j, file_of(s, d->loc), d->loc.row, d->loc.col);
    struct value details = d->type_error != NULL ? type_error_json(a, &s->c, d->type_error) : value_undefined();
    if (details.kind != VALUE_UNDEFINED) {
        jout_key(j, "details");
        jout_value(j, details);
    }
    jout_close(j, '}');
}

static void json_error(struct jout *j, const struct err *e)
{
    jout_open(j, '{');
    jout_key(j, "message");
    jout_text(j, str_cstr(e->text));
    if (e->code != ERR_INPUT) {
        jout_key(j, "code");
        jout_text(j, str_cstr(err_name(e->code)));
    }
    if (e->row != 0)
        location(j, str_cstr(e->file), e->row, e->col);
    jout_close(j, '}');
}

void report_list_json(struct jout *j, const struct err *errors, size_t count)
{
    jout_key(j, "errors");
    jout_open(j, '[');
    for (size_t i = 0; i < count; i++)
        json_error(j, &errors[i]);
    jout_close(j, ']');
}

static void json_errors(const struct session *s, struct arena *a)
{
    struct jout j;
    jout_init(&j, a);
    jout_open(&j, '{');
    jout_key(&j, "errors");
    jout_open(&j, '[');
    for (size_t i = 0; i < s->c.diag_count; i++)
        json_diag(&j, s, a, &s->c.diags[i]);
    if (s->c.diag_count == 0)
        json_error(&j, &s->error);
    jout_close(&j, ']');
    jout_close(&j, '}');
    if (!jout_print(&j))
        report_line("out of memory");
}

static void write_error(struct buf *b, const struct err *e)
{
    if (e->row != 0)
        buf_printf(b, "%s%s%u:%s", e->file, e->file[0] != '\0' ? ":" : "", e->row, e->file[0] != '\0' ? " " : "");
    if (e->row != 0 && e->file[0] == '\0')
        buf_printf(b, "%u: ", e->col);
    if (e->code != ERR_INPUT)
        buf_printf(b, "%s: ", err_name(e->code));
    buf_printf(b, "%s\n", e->text);
}

void report_list(const struct err *errors, size_t count)
{
    struct alloc heap = alloc_default();
    struct arena a;
    struct buf b;
    arena_init(&a, &heap, SIZE_MAX, 0);
    buf_init(&b, &a);
    buf_printf(&b, "%zu error%s occurred:%s", count, count == 1 ? "" : "s", count == 1 ? " " : "\n");
    for (size_t i = 0; i < count; i++)
        write_error(&b, &errors[i]);
    (void)fwrite(b.p, 1, b.len, stderr); /* nowhere to say that standard error is closed */
    arena_fini(&a);
}

static void text_errors(const struct session *s, struct arena *a)
{
    struct buf b;
    buf_init(&b, a);
    size_t count = s->c.diag_count > 0 ? s->c.diag_count : 1;
    buf_printf(&b, "%zu error%s occurred:%s", count, count == 1 ? "" : "s", count == 1 ? " " : "\n");
    for (size_t i = 0; i < s->c.diag_count; i++) {
        diag_write(&b, &s->c, &s->c.diags[i]);
        buf_char(&b, '\n');
    }
    if (s->c.diag_count == 0)
        write_error(&b, &s->error);
    (void)fwrite(b.p, 1, b.len, stderr); /* nowhere to say that standard error is closed */
}

void report_errors(const struct session *s, bool json)
{
    struct alloc heap = alloc_default();
    struct arena a;
    arena_init(&a, &heap, SIZE_MAX, 0);
    if (json)
        json_errors(s, &a);
    else
        text_errors(s, &a);
    arena_fini(&a);
}
