/* SPDX-License-Identifier: Apache-2.0
 *
 * Values and state of a text template being executed: private to stdlib/template_*.c.
 */
#ifndef QUIS_STDLIB_TEMPLATE_EXEC_H
#define QUIS_STDLIB_TEMPLATE_EXEC_H

#include "stdlib/gofmt.h"
#include "stdlib/template_tree.h"

/* A value as Go's reflection sees it. boxed: within an interface (an element of a list or of an object), which shows in types
 * and errors. A null of the document is GOFMT_NIL boxed; GOFMT_NIL not boxed is no value at all. */
struct template_value {
    struct gofmt_arg a;
    bool boxed;
};

struct template_variable {
    struct str name;
    struct template_value value;
};

struct template_state {
    struct bi_ctx *ctx;
    struct str source;
    const struct template_tree *trees, *tree;
    const struct template_node *node; /* what errors are about */
    struct template_variable *vars;
    size_t var_count, var_cap, var_floor; /* those below the floor are another template's */
    struct buf *out;
    unsigned depth;
};

static inline bool template_is_none(struct template_value v)
{
    return v.a.kind == GOFMT_NIL && !v.boxed;
}

/* The value within the interface; none when it is null. */
static inline struct template_value template_unbox(struct template_value v)
{
    v.boxed = false;
    return v;
}

static inline struct template_value template_bool(bool b)
{
    return (struct template_value){.a = {.kind = GOFMT_BOOL, .i = b}};
}

static inline struct template_value template_int(int64_t i)
{
    return (struct template_value){.a = {.kind = GOFMT_INT, .type = "int", .i = i}};
}

static inline struct template_value template_text(struct str s)
{
    return (struct template_value){.a = {.kind = GOFMT_STRING, .text = s}};
}

static inline struct template_value template_element(struct bi_ctx *ctx, struct value v)
{
    return (struct template_value){.a = gofmt_of_value(ctx, v), .boxed = true};
}

const char *template_type(struct template_value v);
bool template_truth(struct template_value v);

/* "template: template:1:2: executing ..." about s->node. BI_ERROR. */
int template_fail(struct template_state *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* ---- functions ---- */

enum template_param { TP_VALUE, TP_ANY, TP_STRING };

struct template_function_row {
    const char *name;
    uint8_t fixed; /* number of parameters that are not variadic */
    bool is_variadic;
    enum template_param first; /* type of the first parameter; of the others: rest */
    enum template_param rest;
};

const struct template_function_row *template_function_row(int number);

/* Calls function number. An error of the function itself is written to *ret_error, which is empty otherwise. */
MUST_CHECK int template_call(struct template_state *s, int number, const struct template_value *args, size_t count,
                             struct template_value *ret, struct buf *ret_error);

/* What print writes for one value. */
MUST_CHECK int template_print(struct template_state *s, struct buf *b, struct template_value v);

#endif
