/* SPDX-License-Identifier: Apache-2.0
 *
 * Formatting by verbs as Go's fmt does it, errors such as %!d(string=x) included: for sprintf and for templates.
 */
#ifndef QUIS_STDLIB_GOFMT_H
#define QUIS_STDLIB_GOFMT_H

#include "vm/builtin.h"

enum gofmt_kind {
    GOFMT_NIL,
    GOFMT_BOOL,
    GOFMT_INT,    /* i; type "int64" or "int" */
    GOFMT_FLOAT,  /* f */
    GOFMT_STRING, /* text; type "string" */
    GOFMT_NUMBER, /* text of a JSON number: type "json.Number", in other respects a string */
    GOFMT_BIG,    /* an integer beyond int64: value */
    GOFMT_LIST,   /* value: an array, its elements as gofmt_of_value has them */
    GOFMT_MAP,    /* value: an object with string keys */
};

struct gofmt_arg {
    enum gofmt_kind kind;
    const char *type; /* the name that error texts show, of kinds INT and STRING; NULL: "int64", "string" */
    int64_t i;        /* INT, BOOL */
    double f;
    struct str text;
    struct value value;
};

/* The argument for a value of a JSON document: numbers are json.Number. */
struct gofmt_arg gofmt_of_value(struct bi_ctx *ctx, struct value v);

/* What %v writes between the names of types in error texts: "string", "[]interface {}". */
const char *gofmt_type(const struct gofmt_arg *a);

/* fmt.Sprintf. BI_OK, or BI_HALT when memory, fuel or the limit of output run out. */
MUST_CHECK int gofmt_printf(struct bi_ctx *ctx, struct buf *b, struct str format, const struct gofmt_arg *args, size_t count);

/* %v of one argument. */
MUST_CHECK int gofmt_value(struct bi_ctx *ctx, struct buf *b, const struct gofmt_arg *a);

#endif
