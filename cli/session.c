/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps that eval, check, compile and bench share.
 */
#include "cli/session.h"

#include "cli/settings.h"
#include "lang/codegen.h"
#include "stdlib/builtins.h"

int session_init(struct session *s, const struct flags *f)
{
    *s = (struct session){.flags = f};
    if (load_init(&s->loaded, &f->ignore, &s->error) != 0)
        return -1;
    struct alloc heap = alloc_default();
    struct limits limits = limits_default();
    limits.fuel = f->fuel > 0 ? (uint64_t)f->fuel : UINT64_MAX / 4; /* bounded by the user's patience, as opa */
    limits.memory = f->memory > 0 ? (uint64_t)f->memory : (uint64_t)16 << 30;
    limits.wall_ms = (uint64_t)(f->timeout / 1000000);
    compiler_init(&s->c, &heap, &limits);
    s->has_compiler = true;
    s->c.builtins = stdlib_builtins;
    s->c.builtin_count = stdlib_builtin_count;
    s->c.options.version = f->v0_compatible ? REGO_V0 : REGO_V1;
    s->c.options.strict = f->strict;
    s->c.options.keep_prints = true;
    s->c.options.max_errors = (uint32_t)f->max_errors;
    s->options = (struct vm_options){
        .limits = limits,
        .strict_builtin_errors = f->strict_builtin_errors,
        .host = &s->host,
        .clock_ms = host_monotonic_ms,
    };
    return host_init(&s->host, &s->grants, &s->loaded.arena, &s->error);
}

void session_fini(struct session *s)
{
    if (s->vm != NULL)
        vm_free(s->vm);
    program_unref(s->program);
    if (s->has_compiler)
        compiler_fini(&s->c);
    load_fini(&s->loaded);
}

int session_load(struct session *s, const struct list *paths)
{
    int64_t start = host_monotonic_ns();
    for (size_t i = 0; i < s->flags->data.count; i++)
        if (load_path(&s->loaded, s->flags->data.items[i], &s->error) != 0)
            return -1;
    for (size_t i = 0; i < s->flags->bundle.count; i++)
        if (load_bundle(&s->loaded, s->flags->bundle.items[i], &s->error) != 0)
            return -1;
    for (size_t i = 0; paths != NULL && i < paths->count; i++) {
        int status = s->flags->bundle_mode ? load_bundle(&s->loaded, paths->items[i], &s->error)
                                           : load_path(&s->loaded, paths->items[i], &s->error);
        if (status != 0)
            return -1;
    }
    if (value_freeze(&s->loaded.arena, value_object(s->loaded.data)) != 0)
        return err_set(&s->error, ERR_NOMEM, "out of memory");
    s->c.data = value_object(s->loaded.data);
    if (settings_read(s) != 0)
        return -1;
    s->load_ns = host_monotonic_ns() - start;
    return 0;
}

int session_parse(struct session *s, const char *query)
{
    bool ok = true;
    int64_t start = host_monotonic_ns();
    enum rego_version by_flags = s->c.options.version;
    for (size_t i = 0; i < s->loaded.module_count; i++) {
        const struct loaded_module *m = &s->loaded.modules[i];
        s->c.options.version = m->version == MODULE_AS_FLAGS ? by_flags : m->version == MODULE_V0 ? REGO_V0 : REGO_V1;
        ok &= parse_module(&s->c, m->name, m->text);
    }
    s->c.options.version = by_flags;
    int64_t parsed = host_monotonic_ns();
    s->parse_ns = parsed - start;
    if (!ok || query == NULL)
        return ok ? 0 : -1;
    if (settings_query(s) != 0)
        return -1;
    ok = parse_query(&s->c, str_cstr(query), &s->query);
    s->c.query = &s->query;
    s->query_ns = host_monotonic_ns() - parsed;
    return ok ? 0 : -1;
}

int session_check(struct session *s)
{
    return compiler_run(&s->c) ? 0 : -1;
}

int session_compile(struct session *s, const struct str *entries, size_t count)
{
    struct alloc heap = alloc_default();
    struct program_builder b;
    int64_t start = host_monotonic_ns();
    struct linkage link = {.builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    builder_init(&b, &s->c.arena);
    if (!compiler_run(&s->c))
        return -1;
    s->stages_ns = host_monotonic_ns() - start;
    start += s->stages_ns;
    if (!codegen(&s->c, entries, count, &b))
        return -1;
    int status = program_seal(&b, &link, &heap, &s->c.limits, &s->program, &s->error);
    s->compile_ns = host_monotonic_ns() - start;
    return status;
}

int session_read_program(struct session *s, const char *path)
{
    struct str bytes;
    struct err inner = {0};
    struct alloc heap = alloc_default();
    struct linkage link = {.builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    if (load_file(&s->loaded.arena, path, &bytes, &s->error) != 0)
        return -1;
    if (program_read(bytes.p, bytes.len, &link, &heap, &s->options.limits, &s->program, &inner) != 0)
        return err_set(&s->error, inner.code, "%s: %s", path, inner.text);
    return 0;
}

int session_read_input(struct session *s)
{
    if (s->flags->stdin_input)
        return load_document(&s->loaded.arena, "-", &s->input, &s->error);
    if (s->flags->input != NULL)
        return load_document(&s->loaded.arena, s->flags->input, &s->input, &s->error);
    return 0;
}

int session_start(struct session *s)
{
    struct alloc heap = alloc_default();
    return vm_new(s->program, &heap, &s->options, &s->vm, &s->error);
}

struct value session_data(const struct session *s)
{
    return value_object(s->loaded.data);
}

struct str session_entry(struct session *s, const char *path)
{
    struct buf b;
    buf_init(&b, &s->loaded.arena);
    if (strcmp(path, "data") == 0 || strncmp(path, "data.", 5) == 0 || strncmp(path, "data[", 5) == 0) {
        buf_cstr(&b, path);
        return buf_view(&b);
    }
    buf_cstr(&b, "data");
    for (const char *p = path; *p != '\0';) {
        size_t n = strcspn(p, "/");
        bool name = n > 0;
        for (size_t i = 0; i < n; i++)
            name &= p[i] == '_' || (p[i] | 32) >= 'a' ? (p[i] | 32) <= 'z' || p[i] == '_' : i > 0 && p[i] >= '0' && p[i] <= '9';
        if (name)
            buf_printf(&b, ".%.*s", (int)n, p);
        else if (n > 0)
            buf_printf(&b, "[\"%.*s\"]", (int)n, p);
        p += n + (p[n] == '/');
    }
    return b.failed ? (struct str){NULL, 0} : buf_view(&b);
}
