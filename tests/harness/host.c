/* SPDX-License-Identifier: Apache-2.0
 *
 * See host.h. http.send is not granted: no test reaches the network.
 */
#include "tests/harness/host.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_clock(void *ctx)
{
    struct timespec t;
    (void)ctx;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t read_monotonic(void *ctx)
{
    struct timespec t;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int draw_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    return getrandom(bytes, size, 0) == (ssize_t)size ? 0 : -1;
}

static int read_zone(void *ctx, struct quis_text name, struct quis_text *ret)
{
    static _Thread_local char bytes[1 << 16];
    char path[256];
    (void)ctx;
    int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.size, name.data);
    FILE *f = n > 0 && (size_t)n < sizeof path && strstr(path, "..") == NULL ? fopen(path, "rb") : NULL;
    if (f == NULL)
        return -1;
    *ret = (struct quis_text){bytes, fread(bytes, 1, sizeof bytes, f)};
    fclose(f);
    return 0;
}

/* Literals and names of this machine only. */
static int look_up(void *ctx, struct quis_call *call, struct quis_text name)
{
    char host[256], json[1024] = "[";
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    (void)ctx;
    snprintf(host, sizeof host, "%.*s", (int)name.size, name.data);
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return quis_call_fail(call, "no such host");
    for (struct addrinfo *at = list; at != NULL; at = at->ai_next) {
        char text[INET6_ADDRSTRLEN];
        const void *address = at->ai_family == AF_INET ? (const void *)&((struct sockaddr_in *)(void *)at->ai_addr)->sin_addr
                                                       : (const void *)&((struct sockaddr_in6 *)(void *)at->ai_addr)->sin6_addr;
        size_t used = strlen(json);
        if (inet_ntop(at->ai_family, address, text, sizeof text) != NULL)
            snprintf(json + used, sizeof json - used, "%s\"%s\"", used > 1 ? "," : "", text);
    }
    freeaddrinfo(list);
    size_t used = strlen(json);
    snprintf(json + used, sizeof json - used, "]");
    return quis_call_return_json(call, json, strlen(json));
}

/* test.sleep(duration): OPA's cases use it to see that time stands still during an evaluation. */
static int sleep_briefly(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    struct timespec pause = {.tv_nsec = 1000000};
    (void)ctx, (void)args, (void)argc;
    nanosleep(&pause, NULL);
    return quis_call_return_json(call, "null", 4);
}

struct quis_engine *host_engine(bool strict_builtin_errors)
{
    struct quis_options options = QUIS_OPTIONS_INIT;
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_engine *engine = NULL;
    options.grants = (struct quis_grants){
        .now_ns = read_clock,
        .monotonic_ms = read_monotonic,
        .random = draw_random,
        .time_zone = read_zone,
        .lookup_ip = look_up,
        .runtime = {"{}", 2},
    };
    options.strict_builtin_errors = strict_builtin_errors;
    if (quis_engine_new(&options, &engine, &error) != 0 ||
        quis_engine_add_function(engine, "test.sleep", "(string) => null", sleep_briefly, NULL, &error) != 0) {
        fprintf(stderr, "cannot make an engine: %s: %s\n", error.code, error.text);
        exit(1);
    }
    return engine;
}
