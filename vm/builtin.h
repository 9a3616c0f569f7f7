/* SPDX-License-Identifier: Apache-2.0
 *
 * The interface between the interpreter and the builtins of stdlib/.
 *
 * A builtin is a function of its arguments and of what the context grants. It allocates in ctx->arena only, charges fuel for
 * work that grows with its input before it does it, and reports failure through the bi_* helpers, which write OPA's texts.
 * Arguments are never undefined. Builtins keep no state but through bi_cached.
 */
#ifndef QUIS_VM_BUILTIN_H
#define QUIS_VM_BUILTIN_H

#include "base/err.h"
#include "vm/value.h"

enum bi_status {
    BI_OK = 0,
    BI_UNDEFINED = 1, /* no result; not an error */
    BI_ERROR = -1,    /* ctx->err is set: undefined unless builtin errors are strict */
    BI_HALT = -2,     /* ctx->err is set: the evaluation ends (limits, memory, cancel) */
};

struct bi_ctx;
typedef int (*bi_fn)(struct bi_ctx *ctx, const struct value *argv, struct value *ret);

enum bi_flags {
    BI_PURE = 0,
    BI_NONDET = 1 << 0,     /* memoised per query on its arguments */
    BI_RELATION = 1 << 1,   /* returns an array whose elements are the results, one after another (walk) */
    BI_DEPRECATED = 1 << 2, /* rejected in v1 */
    BI_VARIADIC = 1 << 3,
    BI_VOID = 1 << 4,     /* gives no value */
    BI_CLOCK = 1 << 5,    /* needs the grant of the same name */
    BI_RANDOM = 1 << 6,
    BI_NETWORK = 1 << 7,
    BI_RUNTIME = 1 << 8,
    BI_COMPILER = 1 << 9, /* compiled away: never called by name */
    BI_READS_CLOCK = 1 << 11, /* looks at the clock when it is granted */
    BI_OURS = 1 << 10,    /* not OPA's: lives under quis. */
};

struct builtin {
    const char *name;
    const char *infix; /* "" = none */
    const char *type;  /* "(string, x: number) => y: boolean", in OPA's notation of types; some have names */
    bi_fn fn;          /* NULL when compiled away or provided by the host */
    uint16_t argc;
    uint16_t flags; /* enum bi_flags */
};

/* The type of the result, without its name; NULL: there is none. */
static inline const char *bi_result_type(const struct builtin *b)
{
    const char *arrow = strstr(b->type, "=> "), *result = arrow != NULL ? arrow + 3 : NULL;
    size_t name = result != NULL ? strcspn(result, ":<[") : 0;
    return result != NULL && result[name] == ':' ? result + name + 2 : result;
}

/* What the host grants to an evaluation. Every member may be NULL or 0: then the builtin that needs it fails with a clear
 * error. Functions return enum bi_status. */
struct bi_host {
    void *ctx;
    int64_t now_ns; /* constant for one query */
    bool has_clock;
    int (*random)(void *ctx, void *bytes, size_t len);                               /* 0 on success */
    /* BI_ERROR: trouble on the way; BI_UNDEFINED with ctx->err set: the request could not be made. */
    int (*http_send)(void *ctx, struct bi_ctx *bi, struct value request, struct value *ret);
    int (*lookup_ip)(void *ctx, struct bi_ctx *bi, struct str name, struct value *ret); /* a set of strings */
    int (*parse_module)(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret);
    int (*file_zone)(void *ctx, struct str name, struct arena *a, struct str *ret); /* bytes of a tz database file; 0: there */
    void (*print)(void *ctx, struct str line, struct str file, uint32_t row);
    void (*note)(void *ctx, struct str text); /* of trace(text) */
    struct value runtime; /* answer of opa.runtime; undefined: an empty object */
};

struct bi_ctx {
    struct arena *arena; /* the evaluation's */
    const struct builtin *def;
    const struct bi_host *host;
    struct err *err;
    struct vm *vm;       /* opaque to builtins */
    uint64_t *fuel;      /* what is left; bi_charge takes from it */
    const int64_t *poll_at; /* fuel at which bi_charge looks whether the evaluation is to stop; NULL: never */
    int (*poll)(struct bi_ctx *ctx);
    const struct limits *limits;
};

/* ---- work and memory ---- */

/* Takes units of fuel (one is about ten nanoseconds of work). BI_HALT when there is not as much left. */
MUST_CHECK int bi_charge(struct bi_ctx *ctx, uint64_t units);

/* For builtins that put v below levels of a document, of which there may be many: BI_HALT when that is deeper than values may
 * nest. */
MUST_CHECK int bi_nest(struct bi_ctx *ctx, struct value v, size_t levels);

/* Pays for writing the text of v, before it is written: values may share parts, and be much longer as text than in memory. */
MUST_CHECK int bi_charge_text(struct bi_ctx *ctx, struct value v);

/* The error for an allocation that failed: BI_HALT with LIMIT_MEMORY or NOMEM. */
int bi_nomem(struct bi_ctx *ctx);

/* The end of every builtin that writes text: BI_OK, or bi_nomem when the buffer failed, or LIMIT_OUTPUT. */
MUST_CHECK int bi_return_buf(struct bi_ctx *ctx, const struct buf *b, struct value *ret);

/* ---- operands: operand counts from 1, as in OPA's texts; each returns BI_OK or BI_ERROR with
 * "<name>: operand N must be <type> but got <type>" ---- */

MUST_CHECK int bi_bool(struct bi_ctx *ctx, const struct value *argv, int operand, bool *ret);
MUST_CHECK int bi_string(struct bi_ctx *ctx, const struct value *argv, int operand, struct str *ret);
MUST_CHECK int bi_number(struct bi_ctx *ctx, const struct value *argv, int operand, struct value *ret);
/* "must be integer number but got floating-point number"; integers outside int64 are an error too. */
MUST_CHECK int bi_int(struct bi_ctx *ctx, const struct value *argv, int operand, int64_t *ret);
MUST_CHECK int bi_array(struct bi_ctx *ctx, const struct value *argv, int operand, const struct value **ret, size_t *ret_count);
MUST_CHECK int bi_object(struct bi_ctx *ctx, const struct value *argv, int operand, struct object **ret);
MUST_CHECK int bi_set(struct bi_ctx *ctx, const struct value *argv, int operand, struct set **ret);
/* The elements of an array or, in order, of a set: "must be one of {array, set}". */
MUST_CHECK int bi_sequence(struct bi_ctx *ctx, const struct value *argv, int operand, const struct value **ret,
                           size_t *ret_count);

/* "<name>: operand N must be <expected> but got <kind of got>"; expected as "string" or "one of {array, set}". BI_ERROR. */
int bi_operand_error(struct bi_ctx *ctx, int operand, const char *expected, struct value got);

/* "<name>: operand N <text>": eval_type_error with a text of its own. BI_ERROR. */
int bi_operand_text(struct bi_ctx *ctx, int operand, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* "<name>: <text>": eval_builtin_error. BI_ERROR. */
int bi_fail(struct bi_ctx *ctx, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What an enum number_status means to a builtin: BI_OK, OPA's error, or LIMIT_BIGNUM. */
MUST_CHECK int bi_number_status(struct bi_ctx *ctx, int status);

/* A limit or a halting error. BI_HALT. */
int bi_halt(struct bi_ctx *ctx, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* ---- compiled things that outlive one call: regular expressions, globs, time zones ---- */

struct bi_class {
    const char *name;
    /* Makes the thing of key. BI_OK, or an error through ctx. Its memory comes from alloc, not from the arena. */
    int (*make)(struct bi_ctx *ctx, struct str key, const struct alloc *alloc, void **ret, size_t *ret_bytes);
    void (*drop)(void *thing, const struct alloc *alloc);
};

/* The thing of key, made once per VM and kept (bounded, oldest dropped first, never one in use by this call). */
MUST_CHECK int bi_cached(struct bi_ctx *ctx, const struct bi_class *cls, struct str key, void **ret);

#endif
