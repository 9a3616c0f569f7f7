/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the public interface share: the insides of its handles, and errors from one form to the other.
 *
 * A public struct quis_value and the engine's struct value are the same two words.
 */
#ifndef QUIS_API_API_H
#define QUIS_API_API_H

#include <quis/document.h>
#include <quis/program.h>

#include <stdatomic.h>

#include "vm/vm.h"

_Static_assert(sizeof(struct quis_value) == sizeof(struct value), "public values are the engine's");

struct host_function {
    const char *name;
    const char *type;
    quis_function fn;
    void *ctx;
};

struct quis_engine {
    atomic_uint refs;
    struct alloc alloc;
    struct arena arena; /* names, tables, the runtime document */
    struct limits limits;
    struct quis_grants grants;
    void *grant_ctx;
    bool strict_builtin_errors;
    struct value runtime;
    struct host_function *functions; /* in order of their rows in table */
    size_t function_count, function_cap;
    struct builtin *table; /* stdlib's and the host's, sorted by name; NULL: stdlib's alone */
    size_t table_count;
};

struct quis_document {
    atomic_uint refs;
    struct quis_engine *engine;
    struct quis_document *shared; /* the document that parts of this one live in, or NULL */
    uint32_t generation;          /* how many documents it keeps alive so */
    struct arena arena;
    struct value value;
};

struct quis_program {
    atomic_uint refs;
    struct quis_engine *engine;
    struct program *program;
    struct quis_text bytes, listing; /* made on demand: see once */
    struct arena arena;
    atomic_flag once; /* held while bytes or listing are made */
};

/* A running call of a host function. */
struct quis_call {
    struct bi_ctx *bi;
    struct value answer;
    int status; /* enum bi_status */
};

/* Copies e to error when there is one; gives -1. */
int api_error(struct quis_error *error, const struct err *e);
int api_fail(struct quis_error *error, enum err_code code, const char *text);

struct linkage api_linkage(const struct quis_engine *engine);
struct limits api_limits(const struct quis_limits *limits, const struct limits *base);
int api_program_wrap(struct quis_engine *engine, struct program *program, struct quis_program **ret, struct quis_error *error);

/* What a VM of this engine may do; ctx must be a struct quis_engine. now_ns is filled in per evaluation. */
void api_host(struct quis_engine *engine, struct bi_host *ret);

/* rego.parse_module; absent from libquis-vm, whose definition of it refuses. */
int api_parse_module(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret);

static inline const struct value *api_value(const struct quis_value *v)
{
    return (const struct value *)v;
}

static inline void api_give(struct quis_value *ret, struct value v)
{
    memcpy(ret, &v, sizeof v);
}

#endif
