/* SPDX-License-Identifier: Apache-2.0
 *
 * A workload of the benchmark, read whole into memory (format: the README of the folder of workloads).
 */
#ifndef QUIS_BENCH_WORKLOAD_H
#define QUIS_BENCH_WORKLOAD_H

#include "base/err.h"
#include "vm/value.h"

struct module_text {
    struct str name, text;
};

/* Modules and data that several units share: compiled once. */
struct group {
    struct module_text *modules;
    size_t module_count;
    struct str data;          /* JSON; "" = none */
    struct str *queries;      /* distinct */
    size_t query_count;
    struct value key;         /* what makes units the same */
};

struct unit {
    size_t group, query;      /* which of the group's queries */
    struct str *inputs;       /* JSON texts */
    size_t input_count;
};

struct workload {
    struct arena arena;
    struct str name;
    bool v0;
    struct str reference_values; /* JSON; "" = the host function is not there */
    struct group *groups;
    size_t group_count, group_cap;
    struct unit *units;
    size_t unit_count, unit_cap;
    size_t cases;                /* inputs of all units */
};

/* -1: e says what is wrong with which file. */
MUST_CHECK int workload_read(const char *folder, const char *name, struct workload *ret, struct err *e);

/* The text in which every engine's results are compared (bench/README.md, Digest). */
void workload_canonical(struct buf *b, struct value v);

#endif
