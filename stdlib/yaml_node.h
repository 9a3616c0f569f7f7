/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree that YAML events become before they become values: private to the yaml files.
 *
 * The tree is a graph: an alias points to the node that has its anchor.
 */
#ifndef QUIS_STDLIB_YAML_NODE_H
#define QUIS_STDLIB_YAML_NODE_H

#include "base/err.h"
#include "vm/value.h"

#define YAML_MAX_DEPTH 2000u /* readers recurse; OPA allows 10000 */

enum yaml_node_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING, YAML_ALIAS };

struct yaml_node {
    enum yaml_node_kind kind;
    bool is_tagged;           /* the tag was written, not found out */
    bool is_tidy;             /* mappings: keys are unique, merges in one place */
    bool is_decoding;         /* aliases: their own value is being read */
    uint32_t line;            /* from 1 */
    struct str tag;           /* in short form, "!!str" */
    struct str value;         /* scalars: the text; aliases: the name of the anchor */
    struct yaml_node **items; /* mappings: key, value, key, value */
    size_t count, cap;
    struct yaml_node *target; /* aliases */
};

/* What a reader works with. */
struct yaml_work {
    struct arena *arena;
    struct err *err;
    uint64_t units, max_units;
};

/* Counts work; false when it is too much, with LIMIT_FUEL in err. */
MUST_CHECK bool yaml_work_add(struct yaml_work *w, uint64_t units);

/* -1 with the reason the arena gives. */
int yaml_work_nomem(struct yaml_work *w);

/* ---- yaml_compose.c ---- */

/* The tree of the first document, NULL in *ret when there is none. */
MUST_CHECK int yaml_compose(struct yaml_work *w, struct str text, struct yaml_node **ret);

/* ---- yaml_resolve.c ---- */

enum yaml_scalar_kind { YAML_NULL, YAML_BOOL, YAML_INT, YAML_UINT, YAML_FLOAT, YAML_TIME, YAML_STRING };

struct yaml_scalar {
    enum yaml_scalar_kind kind;
    bool boolean;
    int64_t integer;
    uint64_t natural;
    double real;
    struct str text; /* strings; times in RFC 3339 */
    struct str tag;  /* what it was found to be */
};

/* What text means under tag ("" or "!": none). -1: the tag demands something else, or out of memory. */
MUST_CHECK int yaml_resolve(struct yaml_work *w, struct str tag, struct str text, struct yaml_scalar *ret);

/* ---- yaml_decode.c ---- */

/* The value of a tree. */
MUST_CHECK int yaml_decode(struct yaml_work *w, struct yaml_node *root, struct value *ret);

/* ---- yaml_float.c ---- */

/* A double as Go's strconv prints it: format g, shortest digits that give it back in 32 or 64 bits. */
MUST_CHECK bool yaml_float_text(struct arena *a, double d, int bits, struct str *ret);

/* A finite double as Go's encoder of JSON prints it. */
MUST_CHECK bool yaml_float_json(struct arena *a, double d, struct str *ret);

/* The double of decimal text with optional sign, dot and exponent, already checked. false: out of range or memory. */
MUST_CHECK bool yaml_float_parse(struct arena *a, struct str text, double *ret);

#endif
