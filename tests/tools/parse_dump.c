/* SPDX-License-Identifier: Apache-2.0
 *
 * Parses sources and prints their trees as JSON, or their errors: what tests/differential/parse.py compares with OPA.
 *
 * usage: parse_dump [--v0] [--query] [--locations] [--bench N] FILE... | --serve
 * One line of JSON per file: {"file", "module"} or {"file", "errors": [...]}; --serve answers requests on standard input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lang/ast_json.h"
#include "lang/diag.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

struct options {
    bool is_v0, is_query, has_locations;
    long bench;
};

static struct str read_file(const char *name)
{
    FILE *f = fopen(name, "rb");
    if (f == NULL) {
        perror(name);
        exit(2);
    }
    size_t cap = 1 << 16, len = 0;
    char *p = malloc(cap);
    for (size_t n; p != NULL && (n = fread(p + len, 1, cap - len, f)) != 0;)
        if ((len += n) == cap)
            p = realloc(p, cap *= 2);
    fclose(f);
    return (struct str){p, len};
}

static void init(struct compiler *c, const struct options *o)
{
    struct alloc heap = alloc_default();
    *c = (struct compiler){.limits = limits_default(), .builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    c->options.version = o->is_v0 ? REGO_V0 : REGO_V1;
    arena_init(&c->arena, &heap, SIZE_MAX, 0);
}

static void put(struct arena *a, struct object *o, const char *key, struct value v)
{
    if (object_put(a, o, value_str(str_cstr(key)), v) < 0)
        exit(2);
}

static struct value errors_json(struct compiler *c)
{
    struct array_builder b;
    array_init(&b, &c->arena);
    for (size_t i = 0; i < c->diag_count; i++) {
        const struct diag *d = &c->diags[i];
        struct object *o = object_new(&c->arena, 6);
        struct buf text;
        buf_init(&text, &c->arena);
        diag_write(&text, c, d);
        put(&c->arena, o, "code", value_str(str_cstr(err_name(d->code))));
        put(&c->arena, o, "message", value_str(d->message));
        put(&c->arena, o, "row", value_int(d->loc.row));
        put(&c->arena, o, "col", value_int(d->loc.col));
        put(&c->arena, o, "text", value_str(buf_view(&text)));
        if (!array_push(&b, value_object(o)))
            exit(2);
    }
    return array_value(&b);
}

static struct value parse(struct compiler *c, const struct options *o, struct str name, struct str text)
{
    struct object *ret = object_new(&c->arena, 2);
    struct ast_json_options json = {.locations = o->has_locations, .comments = true};
    put(&c->arena, ret, "file", value_str(name));
    struct query q = {0};
    bool good = o->is_query ? parse_query(c, text, &q) : parse_module(c, name, text);
    if (!good)
        put(&c->arena, ret, "errors", errors_json(c));
    else if (o->is_query)
        put(&c->arena, ret, "body", ast_body_json(&c->arena, c, &q.body, json));
    else
        put(&c->arena, ret, "module", ast_module_json(&c->arena, c, c->modules[0], json));
    return value_object(ret);
}

static void dump(const struct options *o, const char *name)
{
    struct str text = read_file(name);
    struct compiler c;
    init(&c, o);
    struct value v = parse(&c, o, str_cstr(name), text);
    struct buf b;
    buf_init(&b, &c.arena);
    json_write(&b, v, JSON_COMPACT_RAW);
    fwrite(b.p, 1, b.len, stdout);
    putchar('\n');
    arena_fini(&c.arena);
    free((void *)(uintptr_t)text.p);
}

static void bench(const struct options *o, const char *name)
{
    struct str text = read_file(name);
    double best = 1e9;
    size_t bytes = 0;
    for (long i = 0; i < o->bench; i++) {
        struct compiler c;
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        init(&c, o);
        if (!parse_module(&c, str_cstr(name), text))
            exit(1);
        clock_gettime(CLOCK_MONOTONIC, &b);
        double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
        best = ms < best ? ms : best;
        bytes = arena_used(&c.arena);
        arena_fini(&c.arena);
    }
    printf("%s: %zu bytes, %.3f ms, %zu bytes of tree\n", name, text.len, best, bytes);
}

static struct value member(struct value o, const char *key)
{
    struct value *v = object_find_str(o.object, str_cstr(key));
    return v == NULL ? value_undefined() : *v;
}

/* Answers lines of {"Text", "File", "V0", "Query"}. */
static void serve(const struct options *o)
{
    struct str lines = read_file("/dev/stdin");
    for (size_t at = 0; at < lines.len;) {
        const char *newline = memchr(lines.p + at, '\n', lines.len - at);
        size_t len = newline == NULL ? lines.len - at : (size_t)(newline - lines.p) - at;
        struct compiler c;
        struct options each = *o;
        struct value request;
        struct err err = {0};
        struct alloc heap = alloc_default();
        struct arena requests;
        arena_init(&requests, &heap, SIZE_MAX, 0);
        if (json_parse(&requests, str_of(lines.p + at, len), &(struct json_options){0}, &request, &err) != 0)
            exit(2);
        each.is_v0 = value_is_true(member(request, "V0"));
        each.is_query = value_is_true(member(request, "Query"));
        init(&c, &each);
        struct value v = parse(&c, &each, value_text(member(request, "File")), value_text(member(request, "Text")));
        struct buf b;
        buf_init(&b, &c.arena);
        json_write(&b, v, JSON_COMPACT_RAW);
        fwrite(b.p, 1, b.len, stdout);
        putchar('\n');
        arena_fini(&c.arena);
        arena_fini(&requests);
        at += len + 1;
    }
    free((char *)lines.p);
}

int main(int argc, char **argv)
{
    struct options o = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--v0") == 0)
            o.is_v0 = true;
        else if (strcmp(argv[i], "--query") == 0)
            o.is_query = true;
        else if (strcmp(argv[i], "--locations") == 0)
            o.has_locations = true;
        else if (strcmp(argv[i], "--serve") == 0)
            serve(&o);
        else if (strcmp(argv[i], "--bench") == 0 && i + 1 < argc)
            o.bench = strtol(argv[++i], NULL, 10);
        else if (o.bench != 0)
            bench(&o, argv[i]);
        else
            dump(&o, argv[i]);
    }
    return 0;
}
