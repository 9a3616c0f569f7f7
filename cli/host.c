/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line's grants, over the operating system.
 */
#include "cli/host.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "cli/http.h"
#include "cli/load.h"
#include "cli/observe.h"
#include "lang/module_value.h"
#include "stdlib/builtins.h"

extern char **environ;

int64_t host_monotonic_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail for this clock */
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t host_monotonic_ms(void *ctx)
{
    (void)ctx;
    return host_monotonic_ns() / 1000000;
}

static int random_bytes(void *ctx, void *bytes, size_t len)
{
    (void)ctx;
    for (size_t at = 0; at < len;) {
        ssize_t n = getrandom((char *)bytes + at, len - at, 0);
        if (n < 0)
            return -1;
        at += (size_t)n;
    }
    return 0;
}

static void print_line(void *ctx, struct str line, struct str file, uint32_t row)
{
    (void)ctx;
    (void)file;
    (void)row;
    (void)fwrite(line.p, 1, line.len, stderr); /* nowhere to say that standard error is closed */
    fputc('\n', stderr);
}

/* Time zones of the system; names that could leave the folder are refused. */
static int zone_file(void *ctx, struct str name, struct arena *a, struct str *ret)
{
    (void)ctx;
    struct err e = {0};
    if (name.len == 0 || name.p[0] == '/' || memchr(name.p, '\0', name.len) != NULL || name.len > 200)
        return -1;
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.p[i] == '.' && name.p[i + 1] == '.')
            return -1;
    struct str path = arena_printf(a, "/usr/share/zoneinfo/%.*s", (int)name.len, name.p);
    return path.p == NULL ? -1 : load_file(a, path.p, ret, &e);
}

static int parse_module_text(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret)
{
    struct alloc heap = alloc_default();
    (void)ctx;
    return module_value(bi, stdlib_builtins, stdlib_builtin_count, &heap, name, text, ret);
}

/* The address of one answer as a string; undefined kind for families other than IP. */
static struct value address_value(struct arena *a, const struct addrinfo *i)
{
    char text[INET6_ADDRSTRLEN];
    const void *from = NULL;
    if (i->ai_family == AF_INET)
        from = &((const struct sockaddr_in *)(const void *)i->ai_addr)->sin_addr;
    else if (i->ai_family == AF_INET6)
        from = &((const struct sockaddr_in6 *)(const void *)i->ai_addr)->sin6_addr;
    if (from == NULL || inet_ntop(i->ai_family, from, text, sizeof text) == NULL)
        return value_undefined();
    struct str own = arena_str(a, str_cstr(text));
    return own.p != NULL ? value_str(own) : value_undefined();
}

static int lookup(void *ctx, struct bi_ctx *bi, struct str name, struct value *ret)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    struct str z = arena_str(bi->arena, name);
    struct set *s = set_new(bi->arena, 4);
    (void)ctx;
    if (z.p == NULL || s == NULL)
        return bi_nomem(bi);
    int status = strlen(z.p) == z.len ? getaddrinfo(z.p, NULL, &hints, &list) : EAI_NONAME;
    if (status != 0)
        return bi_fail(bi, "lookup %.*s: %s", (int)(name.len < 256 ? name.len : 256), name.p, gai_strerror(status));
    bool ok = true;
    for (const struct addrinfo *i = list; ok && i != NULL; i = i->ai_next) {
        struct value v = address_value(bi->arena, i);
        ok = v.kind == VALUE_UNDEFINED || set_add(bi->arena, s, v) >= 0;
    }
    freeaddrinfo(list);
    *ret = value_set(s);
    return ok ? BI_OK : bi_nomem(bi);
}

/* opa.runtime: what OPA's command line gives, the environment and the version. */
static struct value runtime(struct arena *a)
{
    struct object *env = object_new(a, 32), *o = object_new(a, 3);
    bool ok = env != NULL && o != NULL;
    for (char **p = environ; ok && *p != NULL; p++) {
        const char *eq = strchr(*p, '=');
        if (eq != NULL)
            ok = object_put(a, env, value_string(*p, (size_t)(eq - *p)), value_str(str_cstr(eq + 1))) >= 0;
    }
    ok = ok && object_put(a, o, value_str(STR("env")), value_object(env)) >= 0 &&
         object_put(a, o, value_str(STR("version")), value_str(STR("0.1.0"))) >= 0 &&
         object_put(a, o, value_str(STR("commit")), value_str(STR(""))) >= 0;
    return ok ? value_object(o) : value_undefined();
}

static void take_note(void *ctx, struct str text)
{
    const struct host_state *state = ctx;
    if (state->observer != NULL)
        observe_note(state->observer, text);
}

int host_init(struct bi_host *ret, struct host_state *state, struct arena *a, struct err *e)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    *ret = (struct bi_host){
        .ctx = state,
        .has_clock = true,
        .now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
        .random = random_bytes,
        .file_zone = zone_file,
        .http_send = http_send,
        .lookup_ip = lookup,
        .parse_module = parse_module_text,
        .print = print_line,
        .note = take_note,
        .runtime = runtime(a),
    };
    return ret->runtime.kind == VALUE_UNDEFINED ? err_set(e, ERR_NOMEM, "out of memory") : 0;
}
