/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine handle: allocator, limits, grants and the host's functions.
 *
 * Host functions are rows of a table of builtins like any other; their rows all have one function, which finds the host's by
 * the row's place.
 */
#include <quis/engine.h>

#include "api/api.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

_Static_assert(sizeof(_Atomic unsigned) == sizeof(unsigned), "reference counts are plain words");

struct limits api_limits(const struct quis_limits *limits, const struct limits *base)
{
    struct limits l = *base;
#define LIMIT(name, default_value, maximum, unit, error, doc)                                                                    \
    l.name = limits->name != 0 ? limits->name : l.name;                                                                          \
    l.name = maximum != 0 && l.name > maximum ? maximum : l.name;
#include "vm/limits.def"
#undef LIMIT
    return l;
}

static int read_runtime(struct quis_engine *engine, struct quis_text text, struct quis_error *error)
{
    struct err e = {0};
    struct json_options o = {0};
    if (text.size == 0)
        return 0;
    if (json_parse(&engine->arena, str_of(text.data, text.size), &o, &engine->runtime, &e) != 0 ||
        value_freeze(&engine->arena, engine->runtime) != 0)
        return api_error(error, &e);
    return 0;
}

int quis_engine_new(const struct quis_options *options, struct quis_engine **ret, struct quis_error *error)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    if (options != NULL && options->size != sizeof o)
        return api_fail(error, ERR_MISUSE, "struct quis_options is of another version of quis");
    if (options != NULL)
        o = *options;
    struct alloc alloc = alloc_default();
    if (o.alloc != NULL)
        alloc = (struct alloc){o.alloc, o.alloc_ctx};
    struct quis_engine *engine = alloc_get(&alloc, sizeof *engine);
    if (engine == NULL)
        return api_fail(error, ERR_NOMEM, "out of memory");
    struct limits defaults = limits_default();
    *engine = (struct quis_engine){
        .alloc = alloc,
        .limits = api_limits(&o.limits, &defaults),
        .grants = o.grants,
        .grant_ctx = o.grant_ctx,
        .strict_builtin_errors = o.strict_builtin_errors,
    };
    atomic_init(&engine->refs, 1);
    arena_init(&engine->arena, &alloc, SIZE_MAX, 256);
    if (read_runtime(engine, o.grants.runtime, error) != 0) {
        quis_engine_unref(engine);
        return -1;
    }
    *ret = engine;
    return 0;
}

struct quis_engine *quis_engine_ref(struct quis_engine *engine)
{
    if (engine != NULL)
        (void)atomic_fetch_add_explicit(&engine->refs, 1, memory_order_relaxed); /* the old count does not matter */
    return engine;
}

void quis_engine_unref(struct quis_engine *engine)
{
    if (engine == NULL || atomic_fetch_sub_explicit(&engine->refs, 1, memory_order_acq_rel) != 1)
        return;
    struct alloc alloc = engine->alloc;
    arena_fini(&engine->arena);
    alloc_release(&alloc, engine, sizeof *engine);
}

/* ---- host functions ---- */

static int call_host(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct quis_engine *engine = ctx->host->ctx;
    const struct host_function *f = NULL;
    for (size_t i = 0; i < engine->function_count && f == NULL; i++)
        if (engine->functions[i].name == ctx->def->name)
            f = &engine->functions[i];
    if (f == NULL)
        return bi_halt(ctx, ERR_EVAL_INTERNAL, "%s: no such host function", ctx->def->name);
    struct quis_call call = {.bi = ctx, .status = BI_UNDEFINED};
    (void)f->fn(f->ctx, &call, (const struct quis_value *)argv, ctx->def->argc); /* what it answered is in call */
    if (call.status == BI_OK)
        *ret = call.answer;
    return call.status;
}

int quis_call_return(struct quis_call *call, const struct quis_value *value)
{
    call->answer = *api_value(value);
    call->status = call->answer.kind == VALUE_UNDEFINED ? BI_UNDEFINED : BI_OK;
    return 0;
}

int quis_call_return_json(struct quis_call *call, const char *json, size_t size)
{
    struct json_options o = {.max_depth = (uint32_t)call->bi->limits->json_depth};
    struct err e = {0};
    if (json_parse(call->bi->arena, str_of(json, size), &o, &call->answer, &e) == 0) {
        call->status = BI_OK;
        return 0;
    }
    call->status = call->bi->arena->failed != ARENA_OK ? bi_nomem(call->bi) : bi_fail(call->bi, "%s", e.text);
    return -1;
}

int quis_call_fail(struct quis_call *call, const char *text)
{
    call->status = bi_fail(call->bi, "%s", text);
    return -1;
}

/* Arguments of "(string, any) => any": the commas outside of brackets. */
static bool count_arguments(const char *type, uint16_t *ret)
{
    size_t depth = 0, commas = 0, i = 1;
    if (type[0] != '(')
        return false;
    bool empty = type[1] == ')';
    for (; type[i] != '\0' && (type[i] != ')' || depth > 0); i++) {
        if (type[i] == '[' || type[i] == '<' || type[i] == '(')
            depth++;
        else if ((type[i] == ']' || type[i] == '>' || type[i] == ')') && depth > 0 && type[i - 1] != '=')
            depth--;
        else if (type[i] == ',' && depth == 0)
            commas++;
    }
    *ret = empty ? 0 : (uint16_t)(commas + 1);
    return type[i] == ')' && commas < 64;
}

static bool add_row(struct quis_engine *engine, const struct builtin *row)
{
    size_t count = engine->table != NULL ? engine->table_count : stdlib_builtin_count;
    const struct builtin *from = engine->table != NULL ? engine->table : stdlib_builtins;
    struct builtin *table = arena_array(&engine->arena, count + 1, sizeof *table);
    if (table == NULL)
        return false;
    size_t at = 0;
    while (at < count && strcmp(from[at].name, row->name) < 0)
        at++;
    memcpy(table, from, at * sizeof *table);
    table[at] = *row;
    memcpy(table + at + 1, from + at, (count - at) * sizeof *table);
    engine->table = table;
    engine->table_count = count + 1;
    return true;
}

static bool is_known(const struct quis_engine *engine, const char *name)
{
    for (size_t i = 0; i < engine->function_count; i++)
        if (strcmp(engine->functions[i].name, name) == 0)
            return true;
    return stdlib_find(str_cstr(name)) != NULL;
}

int quis_engine_add_function(struct quis_engine *engine, const char *name, const char *type, quis_function fn, void *ctx,
                             struct quis_error *error)
{
    struct builtin row = {.infix = "", .fn = call_host, .flags = BI_OURS};
    if (name == NULL || name[0] == '\0' || fn == NULL || type == NULL || !count_arguments(type, &row.argc))
        return api_fail(error, ERR_MISUSE, "a host function needs a name, a function and a type as (string) => any");
    if (is_known(engine, name))
        return api_fail(error, ERR_MISUSE, "a function of this name exists");
    struct str own_name = arena_str(&engine->arena, str_cstr(name)), own_type = arena_str(&engine->arena, str_cstr(type));
    if (own_name.p == NULL || own_type.p == NULL ||
        !arena_grow(&engine->arena, &engine->functions, &engine->function_cap, engine->function_count + 1,
                    sizeof *engine->functions))
        return api_fail(error, ERR_NOMEM, "out of memory");
    row.name = own_name.p;
    row.type = own_type.p;
    if (!add_row(engine, &row))
        return api_fail(error, ERR_NOMEM, "out of memory");
    engine->functions[engine->function_count++] = (struct host_function){row.name, row.type, fn, ctx};
    return 0;
}

/* ---- linking and granting ---- */

struct linkage api_linkage(const struct quis_engine *engine)
{
    const struct quis_grants *g = &engine->grants;
    uint32_t denied = 0;
    if (g->now_ns == NULL)
        denied |= BI_CLOCK;
    if (g->random == NULL)
        denied |= BI_RANDOM;
    if (g->http_send == NULL && g->lookup_ip == NULL)
        denied |= BI_NETWORK;
    if (engine->runtime.kind == VALUE_UNDEFINED)
        denied |= BI_RUNTIME;
    return (struct linkage){
        .builtins = engine->table != NULL ? engine->table : stdlib_builtins,
        .builtin_count = engine->table != NULL ? engine->table_count : stdlib_builtin_count,
        .denied = denied,
    };
}

static int host_random(void *ctx, void *bytes, size_t len)
{
    const struct quis_engine *engine = ctx;
    return engine->grants.random(engine->grant_ctx, bytes, len);
}

static void host_print(void *ctx, struct str line, struct str file, uint32_t row)
{
    const struct quis_engine *engine = ctx;
    engine->grants.print(engine->grant_ctx, (struct quis_text){line.p, line.len}, (struct quis_text){file.p, file.len}, row);
}

static int host_zone(void *ctx, struct str name, struct arena *a, struct str *ret)
{
    const struct quis_engine *engine = ctx;
    struct quis_text bytes;
    if (engine->grants.time_zone(engine->grant_ctx, (struct quis_text){name.p, name.len}, &bytes) != 0)
        return -1;
    *ret = arena_str(a, str_of(bytes.data, bytes.size));
    return ret->p != NULL ? 0 : -1;
}

static int host_http(void *ctx, struct bi_ctx *bi, struct value request, struct value *ret)
{
    const struct quis_engine *engine = ctx;
    struct buf b;
    buf_init(&b, bi->arena);
    json_write(&b, request, JSON_COMPACT_RAW);
    if (b.failed)
        return bi_nomem(bi);
    struct quis_call call = {.bi = bi, .status = BI_UNDEFINED};
    (void)engine->grants.http_send(engine->grant_ctx, &call, (struct quis_text){b.p, b.len}); /* the answer is in call */
    *ret = call.answer;
    return call.status;
}

static int host_lookup(void *ctx, struct bi_ctx *bi, struct str name, struct value *ret)
{
    const struct quis_engine *engine = ctx;
    struct quis_call call = {.bi = bi, .status = BI_UNDEFINED};
    (void)engine->grants.lookup_ip(engine->grant_ctx, &call, (struct quis_text){name.p, name.len}); /* the answer is in call */
    if (call.status != BI_OK)
        return call.status;
    struct set *s = set_new(bi->arena, call.answer.len);
    if (s == NULL || call.answer.kind != VALUE_ARRAY)
        return s == NULL ? bi_nomem(bi) : bi_fail(bi, "the host's answer is not an array");
    for (size_t i = 0; i < call.answer.len; i++)
        if (set_add(bi->arena, s, call.answer.items[i]) < 0)
            return bi_nomem(bi);
    *ret = value_set(s);
    return BI_OK;
}

void api_host(struct quis_engine *engine, struct bi_host *ret)
{
    const struct quis_grants *g = &engine->grants;
    *ret = (struct bi_host){
        .ctx = engine,
        .has_clock = g->now_ns != NULL,
        .random = g->random != NULL ? host_random : NULL,
        .http_send = g->http_send != NULL ? host_http : NULL,
        .lookup_ip = g->lookup_ip != NULL ? host_lookup : NULL,
        .parse_module = api_parse_module,
        .file_zone = g->time_zone != NULL ? host_zone : NULL,
        .print = g->print != NULL ? host_print : NULL,
        .runtime = engine->runtime,
    };
}
