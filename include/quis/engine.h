/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine: allocator, limits, and what the host grants to policies.
 *
 * An engine is fixed once made, counted, and shared by all threads. Without grants a policy has no clock, no randomness, no
 * network and no environment: a builtin that needs one of them is refused when the program is linked.
 */
#ifndef QUIS_ENGINE_H
#define QUIS_ENGINE_H

#include <quis/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_engine;
struct quis_value;
struct quis_call;

/* One callback as lua_Alloc: ptr NULL allocates, new_size 0 frees, else it resizes. Called from any thread. */
typedef void *(*quis_alloc_fn)(void *ctx, void *ptr, size_t old_size, size_t new_size);

/* Bounds of one evaluation; 0 = the default of docs/limits.md. Hitting one is an error with a code of its own. */
struct quis_limits {
    uint64_t fuel;          /* units of work; the same on every machine */
    uint64_t memory;        /* bytes */
    uint64_t call_depth;
    uint64_t json_depth;
    uint64_t output;        /* bytes of one string or result */
    uint64_t prints;        /* bytes */
    uint64_t regex;         /* steps of one match */
    uint64_t bignum_digits;
    uint64_t wall_ms;       /* milliseconds; 0 = none; needs monotonic_ms */
    uint64_t source_bytes;
    uint64_t program_bytes;
    uint64_t compile_memory;
    uint64_t parse_depth;
};

/* What the host grants. A member that is NULL is not granted. Called on the evaluating thread; ctx is grant_ctx. */
struct quis_grants {
    int64_t (*now_ns)(void *ctx);                              /* time.now_ns: read once per evaluation */
    int64_t (*monotonic_ms)(void *ctx);                        /* for the limit wall_ms */
    int (*random)(void *ctx, void *bytes, size_t size);        /* rand.intn, uuid.rfc4122, signatures: 0 on success */
    void (*print)(void *ctx, struct quis_text line, struct quis_text file, uint32_t row); /* print() */
    /* A time zone file (TZif) by its name: *ret points to bytes that live until the next call. 0 on success. */
    int (*time_zone)(void *ctx, struct quis_text name, struct quis_text *ret);
    /* http.send: the request and the response are JSON. Fill in with quis_call_return_json. */
    int (*http_send)(void *ctx, struct quis_call *call, struct quis_text request);
    /* net.lookup_ip_addr: return a JSON array of addresses with quis_call_return_json. */
    int (*lookup_ip)(void *ctx, struct quis_call *call, struct quis_text name);
    struct quis_text runtime;                                  /* JSON object that opa.runtime() gives; empty: not granted */
};

struct quis_options {
    size_t size;                 /* sizeof(struct quis_options) */
    quis_alloc_fn alloc;         /* NULL: the process heap */
    void *alloc_ctx;
    struct quis_limits limits;
    struct quis_grants grants;
    void *grant_ctx;
    bool strict_builtin_errors;  /* a builtin's error ends the evaluation instead of being undefined */
};

#define QUIS_OPTIONS_INIT {sizeof(struct quis_options)}

/*
 * A function of the host. args: argc borrowed values. Answer with one of quis_call_return_*; answering nothing is undefined.
 * It must depend on its arguments only, or give the same answer throughout one evaluation. Must not use the calling VM.
 */
typedef int (*quis_function)(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc);

/* options NULL: defaults, nothing granted. */
QUIS_API int quis_engine_new(const struct quis_options *options, struct quis_engine **ret, struct quis_error *error);

/*
 * Adds a function before the engine is first used by a compiler or program. name as policies call it ("query_reference_value",
 * "acme.lookup"); type in OPA's notation: "(string) => any". Error MISUSE when it exists.
 */
QUIS_API int quis_engine_add_function(struct quis_engine *engine, const char *name, const char *type, quis_function fn, void *ctx,
                                      struct quis_error *error);

QUIS_API struct quis_engine *quis_engine_ref(struct quis_engine *engine);
QUIS_API void quis_engine_unref(struct quis_engine *engine);

/* ---- answers of host functions ---- */

/* The value of JSON text, which is copied. -1: not JSON, or out of memory (the evaluation ends with that error). */
QUIS_API int quis_call_return_json(struct quis_call *call, const char *json, size_t size);

/* A value that lives at least until the evaluation ends: one of args, or one of a document that the caller keeps. */
QUIS_API int quis_call_return(struct quis_call *call, const struct quis_value *value);

/* A builtin error: undefined unless builtin errors are strict. */
QUIS_API int quis_call_fail(struct quis_call *call, const char *text);

#ifdef __cplusplus
}
#endif

#endif
