/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiler handle: sources to a sealed program, diagnostics in their public form.
 */
#include <quis/compiler.h>

#include "api/api.h"
#include "lang/codegen.h"
#include "stdlib/builtins.h"

struct quis_compiler {
    struct quis_engine *engine;
    struct quis_document *data;
    struct compiler c;
    struct query query;
    struct str *entries;
    size_t entry_count, entry_cap;
    bool broken; /* something did not parse: finishing fails */
};

int quis_compiler_new(struct quis_engine *engine, const struct quis_compiler_options *options, struct quis_compiler **ret,
                      struct quis_error *error)
{
    struct quis_compiler_options o = QUIS_COMPILER_OPTIONS_INIT;
    if (options != NULL && options->size != sizeof o)
        return api_fail(error, ERR_MISUSE, "struct quis_compiler_options is of another version of quis");
    if (options != NULL)
        o = *options;
    struct quis_compiler *qc = alloc_get(&engine->alloc, sizeof *qc);
    if (qc == NULL)
        return api_fail(error, ERR_NOMEM, "out of memory");
    struct linkage link = api_linkage(engine);
    *qc = (struct quis_compiler){.engine = quis_engine_ref(engine)};
    compiler_init(&qc->c, &engine->alloc, &engine->limits);
    qc->c.builtins = link.builtins;
    qc->c.builtin_count = link.builtin_count;
    qc->c.options.version = o.version == QUIS_REGO_V0 ? REGO_V0 : REGO_V1;
    qc->c.options.strict = o.strict;
    qc->c.options.keep_prints = o.keep_prints;
    qc->c.options.keep_sources = o.keep_sources;
    qc->c.options.max_errors = 10;
    *ret = qc;
    return 0;
}

void quis_compiler_free(struct quis_compiler *qc)
{
    if (qc == NULL)
        return;
    struct quis_engine *engine = qc->engine;
    compiler_fini(&qc->c);
    quis_document_unref(qc->data);
    alloc_release(&engine->alloc, qc, sizeof *qc);
    quis_engine_unref(engine);
}

bool quis_compiler_diagnostic(const struct quis_compiler *qc, size_t i, struct quis_error *ret)
{
    if (i >= qc->c.diag_count)
        return false;
    const struct diag *d = &qc->c.diags[i];
    struct err e = {0};
    struct str file = d->loc.row != 0 ? qc->c.sources[d->loc.file].name : STR("");
    (void)err_set_at(&e, d->code, file, d->loc.row, d->loc.col, "%.*s", (int)d->message.len, d->message.p); /* always -1 */
    (void)api_error(ret, &e);                                                                             /* always -1 */
    return true;
}

size_t quis_compiler_diagnostics(const struct quis_compiler *qc)
{
    return qc->c.diag_count;
}

static int diagnosed(struct quis_compiler *qc, struct quis_error *error)
{
    qc->broken = true;
    if (qc->c.out_of_memory || (qc->c.diag_count == 0 && qc->c.arena.failed != ARENA_OK)) {
        bool budget = qc->c.arena.failed == ARENA_BUDGET;
        return api_fail(error, budget ? ERR_LIMIT_MEMORY : ERR_NOMEM,
                        budget ? "the compilation needs more memory than the limit 'compile_memory'" : "out of memory");
    }
    if (error != NULL && !quis_compiler_diagnostic(qc, 0, error))
        return api_fail(error, ERR_EVAL_INTERNAL, "the compilation failed without a diagnostic");
    return -1;
}

static bool copy_text(struct quis_compiler *qc, const char *text, size_t size, struct str *ret)
{
    *ret = arena_str(&qc->c.arena, str_of(text, size));
    if (ret->p == NULL)
        (void)diag_nomem(&qc->c); /* always false */
    return ret->p != NULL;
}

int quis_compiler_add(struct quis_compiler *qc, const char *name, const char *text, size_t size, struct quis_error *error)
{
    struct str own_name, own_text;
    if (size > qc->engine->limits.source_bytes)
        return api_fail(error, ERR_LIMIT_SIZE, "the source is larger than the limit 'source_bytes'");
    if (!copy_text(qc, name, strlen(name), &own_name) || !copy_text(qc, text, size, &own_text) ||
        !parse_module(&qc->c, own_name, own_text))
        return diagnosed(qc, error);
    return 0;
}

int quis_compiler_add_entry(struct quis_compiler *qc, const char *path, struct quis_error *error)
{
    struct str own;
    if (!copy_text(qc, path, strlen(path), &own) ||
        !arena_grow(&qc->c.arena, &qc->entries, &qc->entry_cap, qc->entry_count + 1, sizeof *qc->entries))
        return diagnosed(qc, error);
    qc->entries[qc->entry_count++] = own;
    return 0;
}

int quis_compiler_set_query(struct quis_compiler *qc, const char *text, size_t size, struct quis_error *error)
{
    struct str own;
    if (!copy_text(qc, text, size, &own) || !parse_query(&qc->c, own, &qc->query))
        return diagnosed(qc, error);
    qc->c.query = &qc->query;
    return 0;
}

void quis_compiler_set_data(struct quis_compiler *qc, struct quis_document *data)
{
    struct quis_document *old = qc->data;
    qc->data = quis_document_ref(data);
    quis_document_unref(old);
    qc->c.data = data != NULL ? data->value : value_undefined();
}

int quis_compiler_finish(struct quis_compiler *qc, struct quis_program **ret, struct quis_error *error)
{
    struct err e = {0};
    struct program_builder b;
    struct program *program;
    if (qc->broken)
        return diagnosed(qc, error);
    builder_init(&b, &qc->c.arena);
    if (!compiler_run(&qc->c) || !codegen(&qc->c, qc->entries, qc->entry_count, &b))
        return diagnosed(qc, error);
    struct linkage link = api_linkage(qc->engine);
    if (program_seal(&b, &link, &qc->engine->alloc, &qc->engine->limits, &program, &e) != 0)
        return api_error(error, &e);
    return api_program_wrap(qc->engine, program, ret, error);
}
