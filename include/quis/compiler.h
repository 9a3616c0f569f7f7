/* SPDX-License-Identifier: Apache-2.0
 *
 * Compilers: Rego text to a program. In libquis only, not in libquis-vm. One thread at a time.
 */
#ifndef QUIS_COMPILER_H
#define QUIS_COMPILER_H

#include <quis/document.h>
#include <quis/program.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_compiler;

enum quis_rego { QUIS_REGO_V1, QUIS_REGO_V0 };

struct quis_compiler_options {
    size_t size;             /* sizeof(struct quis_compiler_options) */
    enum quis_rego version;  /* of modules that do not say */
    bool strict;             /* as opa check --strict */
    bool keep_prints;        /* false: print() costs nothing and does nothing */
    bool keep_sources;       /* the program carries the text, for listings */
};

#define QUIS_COMPILER_OPTIONS_INIT {sizeof(struct quis_compiler_options), QUIS_REGO_V1, false, false, false}

/* options NULL: the defaults above. */
QUIS_API int quis_compiler_new(struct quis_engine *engine, const struct quis_compiler_options *options,
                               struct quis_compiler **ret, struct quis_error *error);
QUIS_API void quis_compiler_free(struct quis_compiler *compiler);

/* Adds a module. The text is copied. -1: it does not parse; *error is the first diagnostic. */
QUIS_API int quis_compiler_add(struct quis_compiler *compiler, const char *name, const char *text, size_t size,
                               struct quis_error *error);

/* Asks for an entry: a reference into data, as "data.policy.allow". */
QUIS_API int quis_compiler_add_entry(struct quis_compiler *compiler, const char *path, struct quis_error *error);

/*
 * Sets an ad-hoc query, as `opa eval` takes it. Its entry is named "query" and its value is an array of rows; a row is an array
 * of the columns that quis_program_columns names.
 */
QUIS_API int quis_compiler_set_query(struct quis_compiler *compiler, const char *text, size_t size, struct quis_error *error);

/* Base documents that rules must not conflict with. Optional; kept until quis_compiler_finish. */
QUIS_API void quis_compiler_set_data(struct quis_compiler *compiler, struct quis_document *data);

/* Compiles what was added. The compiler is used up either way, but for its diagnostics. */
QUIS_API int quis_compiler_finish(struct quis_compiler *compiler, struct quis_program **ret, struct quis_error *error);

/* All diagnostics so far, in order. */
QUIS_API size_t quis_compiler_diagnostics(const struct quis_compiler *compiler);
QUIS_API bool quis_compiler_diagnostic(const struct quis_compiler *compiler, size_t i, struct quis_error *ret);

/* A column of a query's rows: the value of an expression, or a variable. */
struct quis_column {
    bool is_binding;
    struct quis_text text; /* of the expression, or the variable's name */
    uint32_t row, column;  /* of the expression in the query */
};

/* The columns of the entry "query"; false: there are no more. Lives as long as the program. */
QUIS_API bool quis_program_column(const struct quis_program *program, size_t i, struct quis_column *ret);

#ifdef __cplusplus
}
#endif

#endif
