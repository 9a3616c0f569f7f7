/* SPDX-License-Identifier: Apache-2.0
 *
 * From a command line to something that can run: files loaded, policies compiled or a program file read, a VM made.
 */
#ifndef QUIS_CLI_SESSION_H
#define QUIS_CLI_SESSION_H

#include "cli/host.h"
#include "cli/load.h"
#include "lang/compiler.h"

struct observing;

struct session {
    const struct flags *flags;
    struct loaded loaded;
    struct compiler c;
    bool has_compiler;
    struct query query;
    struct program *program;
    struct vm *vm;
    struct bi_host host;
    struct host_state grants;    /* what host's functions work with */
    struct observing *observing; /* NULL: nobody asked */
    struct vm_options options;
    struct value input;      /* undefined: none */
    struct err error;        /* of the last step that failed, unless c has diagnostics */
    int64_t parse_ns, stages_ns, compile_ns, load_ns, query_ns; /* for --metrics */
};

MUST_CHECK int session_init(struct session *s, const struct flags *f);
void session_fini(struct session *s);

/* --data, --bundle and the words of verbs that take paths. */
MUST_CHECK int session_load(struct session *s, const struct list *paths);

/* Parses what was loaded; with query, that too. -1: diagnostics in s->c, or s->error. */
MUST_CHECK int session_parse(struct session *s, const char *query);

/* The stages alone, for check. */
MUST_CHECK int session_check(struct session *s);

/* Code for the query and the entries, sealed. */
MUST_CHECK int session_compile(struct session *s, const struct str *entries, size_t count);

/* A program file instead of all that. */
MUST_CHECK int session_read_program(struct session *s, const char *path);

MUST_CHECK int session_read_input(struct session *s);
MUST_CHECK int session_start(struct session *s);

/* The data documents, for evaluations. */
struct value session_data(const struct session *s);

/* A path as policy/allow or data.policy.allow as a reference into data. p NULL: out of memory. */
struct str session_entry(struct session *s, const char *path);

#endif
