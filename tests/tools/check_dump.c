/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiles cases and prints what comes out: what tests/differential/compile.py compares with OPA.
 *
 * usage: check_dump [--dump] [--details] [--bench N] < CASES
 * Each line of input is {"id": any, "modules": {"name.rego": "text"}, "query": "...", "rego": "v0"|"v1", "strict": bool,
 * "prints": bool, "trace_tests": bool, "data": {}, "schemas": {"path/of/schema": {}}}; modules are compiled, and the query when
 * there is one. Each line of output is {"id": ..., "compiled": true} or {"id": ..., "error": {"code", "message", "file", "row",
 * "col", "more": [...]}}. --dump adds "rules": the texts of the rewritten bodies, in the order of modules; --details adds
 * "details" and "json" of errors of types; --bench N compiles each case N times and adds "ns" per compilation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lang/compiler.h"
#include "lang/passes.h"
#include "lang/type_error.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

struct options {
    bool dump;
    bool details;
    long bench;
};

static void die(const char *why)
{
    fprintf(stderr, "check_dump: %s\n", why);
    exit(2);
}

static struct value member(struct value o, const char *key)
{
    struct value *v = o.kind == VALUE_OBJECT ? object_find_str(o.object, str_cstr(key)) : NULL;
    return v != NULL ? *v : (struct value){.kind = VALUE_UNDEFINED};
}

static void put(struct arena *a, struct object *o, const char *key, struct value v)
{
    if (object_put(a, o, value_str(str_cstr(key)), v) < 0)
        die("out of memory");
}

static struct value diag_value(struct arena *a, const struct options *options, const struct compiler *c, const struct diag *d)
{
    struct object *o = object_new(a, 6);
    if (o == NULL)
        die("out of memory");
    put(a, o, "code", value_str(str_cstr(err_name(d->code))));
    put(a, o, "message", value_str(d->message));
    put(a, o, "row", value_int(d->loc.row));
    put(a, o, "col", value_int(d->loc.row != 0 ? d->loc.col : 0));
    put(a, o, "file", value_str(d->loc.row != 0 && d->loc.file < c->source_count ? c->sources[d->loc.file].name : STR("")));
    if (options->details && d->code != ERR_PARSE && d->details.len > 0)
        put(a, o, "details", value_str(d->details));
    if (options->details && d->type_error != NULL)
        put(a, o, "json", type_error_json(a, c, d->type_error));
    return value_object(o);
}

static struct value errors_value(struct arena *a, const struct options *o, const struct compiler *c)
{
    struct array_builder more;
    array_init(&more, a);
    if (c->diag_count == 0)
        return value_str(c->out_of_memory ? STR("out of memory") : STR("failed without a reason"));
    struct value first = diag_value(a, o, c, &c->diags[0]);
    for (size_t i = 1; i < c->diag_count; i++)
        if (!array_push(&more, diag_value(a, o, c, &c->diags[i])))
            die("out of memory");
    if (more.len > 0)
        put(a, first.object, "more", array_value(&more));
    return first;
}

static void write_body(struct buf *b, const struct body *body)
{
    for (size_t i = 0; i < body->count; i++) {
        if (i > 0)
            buf_cstr(b, "; ");
        ast_write_expr(b, body->items[i]);
    }
}

static void write_rule(struct buf *b, const struct rule *r)
{
    ast_write_ref(b, &r->head->ref);
    if (r->head->args.count > 0) {
        for (size_t i = 0; i < r->head->args.count; i++) {
            buf_cstr(b, i == 0 ? "(" : ", ");
            ast_write_term(b, r->head->args.items[i]);
        }
        buf_char(b, ')');
    }
    if (r->head->value != NULL) {
        buf_cstr(b, " = ");
        ast_write_term(b, r->head->value);
    } else {
        buf_cstr(b, " contains ");
        ast_write_term(b, r->head->key);
    }
    buf_cstr(b, " { ");
    write_body(b, &r->body);
    buf_cstr(b, " }");
}

static struct value rules_value(struct arena *a, struct compiler *c)
{
    struct array_builder rules;
    array_init(&rules, a);
    EACH_RULE(c->passes, r) {
        struct buf b;
        buf_init(&b, a);
        write_rule(&b, r);
        if (!array_push(&rules, value_str(buf_view(&b))))
            die("out of memory");
    }
    if (c->query != NULL) {
        struct buf b;
        buf_init(&b, a);
        write_body(&b, &c->query->body);
        if (!array_push(&rules, value_str(buf_view(&b))))
            die("out of memory");
    }
    return array_value(&rules);
}

static bool compile(struct compiler *c, struct value request, struct query *q)
{
    struct alloc heap = alloc_default();
    struct limits limits = limits_default();
    compiler_init(c, &heap, &limits);
    c->builtins = stdlib_builtins;
    c->builtin_count = stdlib_builtin_count;
    struct value rego = member(request, "rego"), query = member(request, "query"), modules = member(request, "modules");
    c->options.version = rego.kind == VALUE_STRING && str_equal(value_text(rego), STR("v0")) ? REGO_V0 : REGO_V1;
    c->options.strict = value_is_true(member(request, "strict"));
    c->options.keep_prints = value_is_true(member(request, "prints"));
    c->options.trace_tests = value_is_true(member(request, "trace_tests"));
    c->options.max_errors = 10;
    c->options.schemas = member(request, "schemas");
    c->data = member(request, "data");
    bool ok = true;
    const struct member *members = modules.kind == VALUE_OBJECT ? object_members(modules.object) : NULL;
    for (size_t i = 0; members != NULL && i < value_count(modules); i++)
        ok = parse_module(c, value_text(members[i].key), value_text(members[i].value)) && ok;
    if (ok && query.kind == VALUE_STRING) {
        *q = (struct query){0};
        ok = parse_query(c, value_text(query), q);
        c->query = q;
    }
    return ok && compiler_run(c);
}

static void answer(struct arena *a, const struct options *o, struct value request)
{
    struct object *ret = object_new(a, 4);
    struct compiler c;
    struct query q;
    if (ret == NULL)
        die("out of memory");
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    bool ok = compile(&c, request, &q);
    for (long i = 1; i < o->bench; i++) {
        compiler_fini(&c);
        ok = compile(&c, request, &q);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    put(a, ret, "id", member(request, "id").kind != VALUE_UNDEFINED ? member(request, "id") : value_int(0));
    if (ok)
        put(a, ret, "compiled", (struct value){.kind = VALUE_BOOL, .i = 1});
    else
        put(a, ret, "error", errors_value(a, o, &c));
    if (ok && o->dump)
        put(a, ret, "rules", rules_value(a, &c));
    if (o->bench > 0)
        put(a, ret, "ns", value_int(((end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec) / o->bench));
    struct buf b;
    buf_init(&b, a);
    json_write(&b, value_object(ret), JSON_COMPACT_RAW);
    printf("%.*s\n", (int)b.len, b.p);
    compiler_fini(&c);
}

int main(int argc, char **argv)
{
    struct options o = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--dump") == 0)
            o.dump = true;
        else if (strcmp(argv[i], "--details") == 0)
            o.details = true;
        else if (strcmp(argv[i], "--bench") == 0 && i + 1 < argc)
            o.bench = strtol(argv[++i], NULL, 10);
        else
            die("usage: check_dump [--dump] [--details] [--bench N] < CASES");
    }
    char *line = NULL;
    size_t cap = 0;
    struct alloc heap = alloc_default();
    for (ssize_t len; (len = getline(&line, &cap, stdin)) > 0;) {
        struct arena a;
        struct value request;
        struct err err = {0};
        arena_init(&a, &heap, SIZE_MAX, 0);
        if (json_parse(&a, (struct str){line, (size_t)len}, &(struct json_options){0}, &request, &err) != 0)
            die(err.text);
        answer(&a, &o, request);
        fflush(stdout);
        arena_fini(&a);
    }
    free(line);
    return 0;
}
