/* SPDX-License-Identifier: Apache-2.0
 *
 * The short verbs: check, compile, disasm, version.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/report.h"

static int fail(struct session *s, int status)
{
    report_errors(s, s->flags->format != NULL && strcmp(s->flags->format, "json") == 0);
    return status;
}

static int check(struct session *s)
{
    if (session_load(s, &s->flags->words) != 0 || session_parse(s, NULL) != 0 || session_check(s) != 0)
        return fail(s, 1);
    return 0;
}

int verb_check(const struct flags *f)
{
    struct session s;
    if (f->words.count == 0) {
        report_line("check needs a path, as quis check policy.rego");
        return 1;
    }
    if (!flags_choice("format", f->format, "pretty|json"))
        return 1;
    int status = session_init(&s, f) != 0 ? fail(&s, 1) : check(&s);
    session_fini(&s);
    return status;
}

static int print_digest(struct session *s)
{
    uint8_t digest[PROGRAM_DIGEST_BYTES];
    if (program_digest(s->program, digest, &s->error) != 0)
        return fail(s, 1);
    for (size_t i = 0; i < sizeof digest; i++)
        printf("%02x", digest[i]);
    putchar('\n');
    return 0;
}

static int write_program(struct session *s, const char *path)
{
    struct buf b;
    buf_init(&b, &s->loaded.arena);
    if (program_write(s->program, &b, &s->error) != 0)
        return -1;
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        return err_set(&s->error, ERR_INPUT, "%s: %s", path, strerror(errno));
    bool ok = fwrite(b.p, 1, b.len, out) == b.len;
    ok &= fclose(out) == 0;
    return ok ? 0 : err_set(&s->error, ERR_INPUT, "%s: %s", path, strerror(errno));
}

static int compile(struct session *s)
{
    const struct list *names = &s->flags->entrypoint;
    struct str *entries = arena_array(&s->loaded.arena, names->count + 1, sizeof *entries);
    if (entries == NULL)
        return err_set(&s->error, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < names->count; i++) {
        entries[i] = session_entry(s, names->items[i]);
        if (entries[i].p == NULL)
            return err_set(&s->error, ERR_NOMEM, "out of memory");
    }
    if (names->count == 0)
        entries[0] = STR("data");
    return session_compile(s, entries, names->count == 0 ? 1 : names->count);
}

static int compile_to_file(struct session *s)
{
    if (session_load(s, &s->flags->words) != 0 || session_parse(s, NULL) != 0 || compile(s) != 0 ||
        write_program(s, s->flags->output) != 0)
        return fail(s, 1);
    return print_digest(s);
}

int verb_compile(const struct flags *f)
{
    struct session s;
    if (f->words.count + f->data.count + f->bundle.count == 0 || f->output == NULL) {
        report_line("compile needs policies and -o, as quis compile policy.rego -e policy/allow -o policy.quis");
        return 1;
    }
    int status = session_init(&s, f) != 0 ? fail(&s, 1) : 0;
    s.c.options.keep_sources = true;
    if (status == 0)
        status = compile_to_file(&s);
    session_fini(&s);
    return status;
}

static int disasm(struct session *s)
{
    const char *path = s->flags->words.items[0];
    size_t n = strlen(path);
    bool is_source = n > 5 && strcmp(path + n - 5, ".rego") == 0;
    struct buf b;
    s->c.options.keep_sources = true;
    if (is_source ? session_load(s, &s->flags->words) != 0 || session_parse(s, NULL) != 0 || compile(s) != 0
                  : session_read_program(s, path) != 0)
        return fail(s, 1);
    buf_init(&b, &s->loaded.arena);
    program_disassemble(s->program, NONE, &b);
    (void)fwrite(b.p, 1, b.len, stdout); /* main looks whether standard output failed */
    return b.failed ? 1 : print_digest(s);
}

int verb_disasm(const struct flags *f)
{
    struct session s;
    if (f->words.count != 1) {
        report_line("disasm needs one program or policy, as quis disasm policy.quis");
        return 1;
    }
    int status = session_init(&s, f) != 0 ? fail(&s, 1) : disasm(&s);
    session_fini(&s);
    return status;
}

int verb_version(const struct flags *f)
{
    (void)f;
    puts("Version: 0.1.0\nRego Version: v1");
    return 0;
}
