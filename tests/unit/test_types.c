/* SPDX-License-Identifier: Apache-2.0
 *
 * Types and the type checker. Every answer in the tables was confirmed by OPA.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lang/compiler.h"
#include "lang/type_error.h"
#include "lang/types.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

struct fixture {
    struct arena arena;
    struct types types;
};

static struct alloc heap;

static void set_up(struct fixture *f)
{
    heap = alloc_default();
    arena_init(&f->arena, &heap, SIZE_MAX, 0);
    types_init(&f->types, &f->arena);
}

/* The operand of a function of this notation. */
static struct type *type_of(struct fixture *f, const char *text)
{
    struct str whole = arena_printf(&f->arena, "(%s)", text);
    struct type *t = types_parse(&f->types, whole);
    return t != NULL && t->count == 1 ? t->items[0] : NULL;
}

static const char *text_of(struct fixture *f, const struct type *t)
{
    struct buf b;
    buf_init(&b, &f->arena);
    types_write(&b, t, SIZE_MAX / 4);
    buf_char(&b, '\0');
    return b.p;
}

/* ---- notation ---- */

static const char *const NOTATIONS[] = {
    "any", "null", "boolean", "number", "string", "set", "set[any]", "array", "array[number]", "array<string, number>",
    "array<string>[number]", "object", "object[any: any]", "object<a: number, b: set[string]>",
    "object<a: number>[string: array[any]]", "any<number, string>", "any<null, array[string]>",
    "any<set[array[number]], set[any]>",
};

Test(types, notation_is_read_and_written_alike)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(NOTATIONS); i++) {
        struct type *t = type_of(&f, NOTATIONS[i]);
        cr_assert_not_null(t, "%s", NOTATIONS[i]);
        cr_expect_str_eq(text_of(&f, t), NOTATIONS[i]);
        cr_expect_eq(t, type_of(&f, NOTATIONS[i]), "%s: made twice", NOTATIONS[i]);
    }
    arena_fini(&f.arena);
}

Test(types, what_is_not_the_notation_is_refused)
{
    static const char *const bad[] = {"", "nmber", "array<", "array<number", "object[string]", "any<number,string>", "set[",
        "a b",
                                      "x: ", "object<a number>", "number number", "number)", "array[any]]"};
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        cr_expect_null(bad[i][0] == '\0' ? NULL : type_of(&f, bad[i]), "%s", bad[i]);
    arena_fini(&f.arena);
}

Test(types, each_builtin_has_a_type_of_its_arity)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < stdlib_builtin_count; i++) {
        const struct builtin *b = &stdlib_builtins[i];
        struct type *t = types_parse(&f.types, str_cstr(b->type));
        cr_assert_not_null(t, "%s: %s", b->name, b->type);
        cr_expect_eq(t->count, b->argc, "%s: %s", b->name, b->type);
        cr_expect_eq(t->key != NULL, (b->flags & BI_VARIADIC) != 0, "%s: %s", b->name, b->type);
        cr_expect_eq(t->value == NULL, (b->flags & BI_VOID) != 0, "%s: %s", b->name, b->type);
        cr_expect_eq(types_builtin_json(&f.arena, b).kind, VALUE_OBJECT, "%s", b->name);
    }
    arena_fini(&f.arena);
}

Test(types, declarations_as_json)
{
    static const struct {
        const char *type, *want;
    } rows[] = {
        {"(x: number) => y: number",
         "{\"args\":[{\"name\":\"x\",\"type\":\"number\"}],\"result\":{\"name\":\"y\",\"type\":\"number\"},"
         "\"type\":\"function\"}"},
        {"() => any", "{\"result\":{\"type\":\"any\"},\"type\":\"function\"}"},
        {"(any...)", "{\"type\":\"function\",\"variadic\":{\"type\":\"any\"}}"},
        {"(object<a: set[any]>[string: any], any<null, array<number>[string]>)",
         "{\"args\":[{\"dynamic\":{\"key\":{\"type\":\"string\"},\"value\":{\"type\":\"any\"}},\"static\":[{\"key\":\"a\","
         "\"value\":{\"of\":{\"type\":\"any\"},\"type\":\"set\"}}],\"type\":\"object\"},{\"of\":[{\"type\":\"null\"},{"
         "\"dynamic\":"
         "{\"type\":\"string\"},\"static\":[{\"type\":\"number\"}],\"type\":\"array\"}],\"type\":\"any\"}],"
         "\"type\":\"function\"}"},
    };
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct builtin b = {.name = "f", .infix = "", .type = rows[i].type};
        struct buf text;
        buf_init(&text, &f.arena);
        json_write(&text, types_builtin_json(&f.arena, &b), JSON_COMPACT_RAW);
        buf_char(&text, '\0');
        cr_expect_str_eq(text.p, rows[i].want);
    }
    arena_fini(&f.arena);
}

/* ---- operations ---- */

struct pair_row {
    const char *a, *b, *want;
};

static const struct pair_row UNIONS[] = {
    {"string", "string", "string"}, {"string", "number", "any<number, string>"}, {"any", "number", "any"},
    {"any<number, string>", "string", "any<number, string>"}, {"any<number, string>", "null", "any<null, number, string>"},
    {"any<null, string>", "any<boolean, string>", "any<null, boolean, string>"},
    {"array[any]", "array[number]", "any<array[number], array[any]>"}, {"object<a: number>", "object<a: number>", "object<a:"
     " number>"},
    {"set", "set[number]", "any<set, set[number]>"}, {"array<number>", "array[number]", "any<array<number>, array[number]>"},
    {"set[any]", "array[any]", "any<array[any], set[any]>"},
};

Test(types, unions)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(UNIONS); i++) {
        struct type *a = type_of(&f, UNIONS[i].a), *b = type_of(&f, UNIONS[i].b);
        cr_expect_str_eq(text_of(&f, types_or(&f.types, a, b)), UNIONS[i].want);
        cr_expect_eq(types_or(&f.types, a, b), types_or(&f.types, b, a), "%s", UNIONS[i].want);
        cr_expect_eq(types_or(&f.types, a, NULL), a);
    }
    arena_fini(&f.arena);
}

Test(types, union_of_many_is_that_of_one_after_another)
{
    struct fixture f;
    struct type *all[64], *one = NULL;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct str text = arena_printf(&f.arena, i % 3 == 0 ? "array<any<null, number>, %.*s>" : "object<a%.*s: any>",
                                       (int)(i % 7) + 1, i % 3 == 0 ? "numbers" : "bcdefgh");
        all[i] = i % 3 == 0 ? types_any(&f.types, (struct type *[]){&f.types.null, &f.types.number}, 2)
                            : type_of(&f, arena_printf(&f.arena, "%.*s%c", (int)text.len, text.p, '\0').p);
        cr_assert_not_null(all[i]);
        one = types_or(&f.types, one, all[i]);
    }
    cr_expect_eq(types_or_all(&f.types, all, COUNT_OF(all)), one);
    arena_fini(&f.arena);
}

/* What enumerating gives: keys, values. - is unknown. */
static const struct pair_row INSIDES[] = {
    {"array<number, string>[null]", "number", "any<null, number, string>"}, {"array", "number", "-"}, {"string", "-", "-"},
    {"object<a: number, b: null>", "string", "any<null, number>"}, {"object[number: string]", "number", "string"},
    {"object<a: number>[number: string]", "any<number, string>", "any<number, string>"}, {"object", "-", "-"},
    {"set[string]", "string", "string"}, {"set", "-", "-"}, {"any", "any", "any"},
    {"any<array[string], object[string: null]>", "any<number, string>", "any<null, string>"}, {"any<number, string>", "-", "-"},
};

Test(types, what_is_inside)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(INSIDES); i++) {
        struct type *t = type_of(&f, INSIDES[i].a), *keys = types_keys(&f.types, t), *values = types_values(&f.types, t);
        cr_expect_str_eq(keys != NULL ? text_of(&f, keys) : "-", INSIDES[i].b, "%s", INSIDES[i].a);
        cr_expect_str_eq(values != NULL ? text_of(&f, values) : "-", INSIDES[i].want, "%s", INSIDES[i].a);
    }
    arena_fini(&f.arena);
}

static const struct {
    const char *a, *b;
    bool want;
} COMMON[] = {
    {"string", "string", true}, {"string", "number", false}, {"any", "string", true}, {"any<number, null>", "string", false},
    {"any<number, null>", "any<null, string>", true}, {"array<number>", "array<number, number>", false},
    {"array<number>", "array[number]", true}, {"array<number>", "array[string]", false}, {"array", "array[string]", true},
    {"array[number]", "array[string]", false}, {"set", "set[number]", true}, {"set[string]", "set[number]", false},
    {"object<a: number>", "object<a: number, b: string>", false}, {"object<a: number>", "object[string: number]", true},
    {"object<a: number>", "object[string: string]", false}, {"object<a: number>", "object[number: string]", true},
    {"object", "object[any: any]", true}, {"object", "object<a: null>", false}, {"set[any]", "array[any]", false},
};

Test(types, types_with_values_in_common)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < COUNT_OF(COMMON); i++) {
        struct type *a = type_of(&f, COMMON[i].a), *b = type_of(&f, COMMON[i].b);
        cr_expect_eq(types_unify(&f.types, a, b), COMMON[i].want, "%s and %s", COMMON[i].a, COMMON[i].b);
        cr_expect_eq(types_unify(&f.types, b, a), COMMON[i].want, "%s and %s", COMMON[i].b, COMMON[i].a);
    }
    cr_expect_not(types_unify(&f.types, NULL, &f.types.any));
    arena_fini(&f.arena);
}

/* ---- modules ---- */

struct module_row {
    const char *rules, *want; /* behind `package t`; "row:col message", details in lines of their own; "": no error */
};

static void set_up_compiler(struct compiler *c, uint64_t memory)
{
    struct limits limits = limits_default();
    heap = alloc_default();
    if (memory > 0)
        limits.compile_memory = memory;
    compiler_init(c, &heap, &limits);
    c->builtins = stdlib_builtins;
    c->builtin_count = stdlib_builtin_count;
    c->options.version = REGO_V1;
    c->options.max_errors = 10;
}

static void compile(struct compiler *c, const char *rules, const char *schemas, struct buf *b)
{
    struct err err = {0};
    char text[4000];
    set_up_compiler(c, 0);
    buf_init(b, &c->arena);
    (void)snprintf(text, sizeof text, "package t\n%s\n", rules);
    if (schemas != NULL)
        cr_assert_eq(json_parse(&c->arena, str_cstr(schemas), &(struct json_options){0}, &c->options.schemas, &err), 0, "%s",
            err.text);
    if (parse_module(c, STR("m.rego"), str_cstr(text)))
        (void)compiler_run(c);
    for (size_t i = 0; i < c->diag_count; i++) {
        const struct diag *d = &c->diags[i];
        buf_printf(b, "%s%u:%u %.*s", i > 0 ? "\n" : "", d->loc.row, d->loc.col, (int)d->message.len, d->message.p);
        if (d->details.len > 0)
            buf_printf(b, "\n%.*s", (int)d->details.len, d->details.p);
        cr_expect(d->type_error == NULL || type_error_json(&c->arena, c, d->type_error).kind == VALUE_OBJECT);
    }
    buf_char(b, '\0');
}

static const struct module_row MODULES[] = {
    {"x := sum(\"a\")", "2:6 sum: invalid argument(s)\nhave: (string, \?\?\?)\nwant: (collection: any<array[number],"
     " set[number]>, n: number)"},
    {"x if 1 == \"a\"", "2:6 match error\nleft  : number\nright : string"},
    {"x if { [1, 2] = [1, \"a\"] }", "2:8 match error\nleft  : array<number, number>\nright : array<number, string>\n"
     "hint  : both sides are arrays but their types differ, so they can never be equal"
     " (see https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error)"},
    {"s := {\"a\": {\"b\": 1}}\nx if s.a.c", "3:6 undefined ref: data.t.s.a.c\ndata.t.s.a.c\n           ^\n           have:"
     " \"c\"\n"
     "           want (one of): [\"b\"]"},
    {"s := {\"a\": 1}\nx if s.a.c", "3:6 undefined ref: data.t.s.a.c\ndata.t.s.a.c\n^^^^^^^^^^\nhave: number"},
    {"x if { a := [1]; a[\"k\"] }", "2:18 undefined ref: a.k\na.k\n  ^\n  have: \"k\"\n  want (type): number"},
    {"f(a) := a + 1\nx if f(\"s\")", "3:6 data.t.f: invalid argument(s)\nhave: (string)\nwant: (number, number)"},
    {"f(a) := a\nx if f", "3:6 function data.t.f used as reference, not called\ndata.t.f\n^^^^^^^^\nhave: (any) => any"},
    {"x if \"a\" in [1, 2]", "2:6 match error\nleft  : string\nright : number"},
    {"x if { some k, v in {\"a\": 1}; k == v }", "2:31 match error\nleft  : string\nright : number"},
    {"x := count(1, 2, 3)", "2:6 count: arity mismatch\nhave: (number, number, number, \?\?\?)\n"
     "want: (collection: any<string, array[any], object[any: any], set[any]>)"},
    {"x := [y | y := upper(1)]", "2:16 upper: invalid argument(s)\nhave: (number, \?\?\?)\nwant: (x: string, y: string)"},
    {"f(a) := a\ng(a, b) := a + b\nx if f(1) with f as g", "4:11 data.t.f: arity mismatch\nhave: (number, number)\nwant: (any)"},
    {"p := {\"a\": 1}\nx if p.b with p as {\"b\": 1}", ""},
    {"p := {\"a\": 1}\nq := p\nx if q.b with p as {\"b\": 1}", ""},
    {"p := {\"a\": 1}\nq := p\nx if q.b with input as {\"b\": 1}", "4:6 undefined ref: data.t.q.b\ndata.t.q.b\n         ^\n"
     "         have: \"b\"\n         want (one of): [\"a\"]"},
    {"x if input.a.b[1] == \"a\"", ""},
    {"x if { every y in [1] { y == \"a\" } }", ""},
    {"p[x] := 1 if some x in [\"a\"]\nq if { some k; p[k] == \"b\" }", "3:16 match error\nleft  : number\nright : string"},
    {"x if set() == {1}", ""},
    {"x if { [] == [input.y]; {} == {} }", "2:8 match error\nleft  : array\nright : array<any>\n"
     "hint  : both sides are arrays but their types differ, so they can never be equal"
     " (see https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error)"},
    {"x if { data.t[1] }", ""},
    {"x := 1\ny if { data.t[1] }", "3:8 undefined ref: data.t[1]\ndata.t[1]\n       ^\n       have (type): number\n       want"
     " (one of): [\"x\"]"},
};

Test(types, modules_are_refused_with_details)
{
    for (size_t i = 0; i < COUNT_OF(MODULES); i++) {
        struct compiler c;
        struct buf got;
        compile(&c, MODULES[i].rules, NULL, &got);
        cr_expect_str_eq(got.p, MODULES[i].want, "%s\n gives\n%s\n not\n%s", MODULES[i].rules, got.p, MODULES[i].want);
        compiler_fini(&c);
    }
}

static const struct {
    const char *schemas, *rules, *want;
} SCHEMAS[] = {
    {"{\"\": {\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}}", "x if input.b",
     "2:6 undefined ref: input.b\ninput.b\n      ^\n      have: \"b\"\n      want (one of): [\"a\"]"},
    {"{\"\": {\"properties\": {\"a\": {\"items\": {\"type\": \"integer\"}}}}}", "x if input.a[_] == \"1\"",
     "2:6 match error\nleft  : number\nright : string"},
    {"{\"\": {\"anyOf\": [{\"properties\": {\"a\": {\"type\": \"string\"}}}, {\"properties\": {\"b\": {\"type\":"
     " \"string\"}}}]}}",
     "x if input.c", "2:6 undefined ref: input.c\ninput.c\n      ^\n      have: \"c\"\n      want (one of): [\"a\" \"b\"]"},
    {"{\"\": {\"allOf\": [{\"properties\": {\"a\": {\"type\": \"string\"}}}, {\"properties\": {\"b\": {\"type\": \"null\"}}}]}}",
     "x if { input.a; input.b; abs(input.a) }", "2:26 abs: invalid argument(s)\nhave: (string)\nwant: (x: number, y: number)"},
    {"{\"\": {\"definitions\": {\"n\": {\"properties\": {\"next\": {\"$ref\": \"#/definitions/n\"}, \"v\": {\"type\":"
     " \"string\"}}}},"
     "\"$ref\": \"#/definitions/n\"}}", "x if input.next.next.next.w",
     "2:6 undefined ref: input.next.next.next.w\ninput.next.next.next.w\n                     ^\n                     have:"
     " \"w\"\n"
     "                     want (one of): [\"next\" \"v\"]"},
    {"{\"\": {\"$ref\": \"#/definitions/n\", \"definitions\": {\"n\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", "
     "\"items\": {\"$ref\": \"#/definitions/n\"}}]}}}}", "x if input[_][_] == input[_]", ""},
    {"{\"s\": {\"type\": \"string\"}}", "# METADATA\n# scope: rule\n# schemas:\n# - input.a: schema.s\nx if input.a == 1\n"
     "y if input.a == 1", "6:6 match error\nleft  : string\nright : number"},
    {"{\"s\": {\"type\": \"string\"}}", "# METADATA\n# scope: rule\n# schemas:\n# - input.a: schema.missing\nx if input.a == 1",
     "6:1 undefined schema: schema.missing"},
    {"{\"\": {\"type\": \"elephant\"}}", "x := 1",
     "0:0 unable to compile the schema: has a primitive type that is NOT VALID -- given: /elephant/ Expected valid values are:"
     "[array boolean integer number null object string]"},
    {NULL, "# METADATA\n# scope: rule\n# schemas:\n# - input.a.b: {type: string}\nx if input.a.b == 1",
     "6:6 match error\nleft  : string\nright : number"},
};

Test(types, schemas_give_types)
{
    for (size_t i = 0; i < COUNT_OF(SCHEMAS); i++) {
        struct compiler c;
        struct buf got;
        compile(&c, SCHEMAS[i].rules, SCHEMAS[i].schemas, &got);
        cr_expect_str_eq(got.p, SCHEMAS[i].want, "%s\n gives\n%s\n not\n%s", SCHEMAS[i].rules, got.p, SCHEMAS[i].want);
        compiler_fini(&c);
    }
}

/* ---- hostile modules ---- */

/* Types that double with each rule, comprehensions in comprehensions: as text they would not end. */
Test(types, work_is_bounded, .timeout = 20)
{
    char rules[4000];
    size_t at = (size_t)snprintf(rules, sizeof rules, "r0 := [1, \"a\"]\n");
    for (int i = 1; i < 60; i++)
        at += (size_t)snprintf(rules + at, sizeof rules - at, "r%d := [r%d, {\"a\": r%d}]\n", i, i - 1, i - 1);
    (void)snprintf(rules + at, sizeof rules - at, "x if r59 == 1\ny if { some z in r59; z == r58[0]; [z] = [r57] }");
    struct compiler c;
    struct buf got;
    compile(&c, rules, NULL, &got);
    cr_expect(strstr(got.p, "match error") != NULL);
    compiler_fini(&c);
    at = (size_t)snprintf(rules, sizeof rules, "x := ");
    for (int i = 0; i < 60; i++)
        at += (size_t)snprintf(rules + at, sizeof rules - at, "[v%d | v%d := ", i, i);
    at += (size_t)snprintf(rules + at, sizeof rules - at, "1");
    for (int i = 0; i < 60; i++)
        at += (size_t)snprintf(rules + at, sizeof rules - at, "]");
    compile(&c, rules, NULL, &got);
    cr_expect_str_eq(got.p, "");
    compiler_fini(&c);
}

Test(types, long_chains_of_rules_are_any_at_last)
{
    struct fixture f;
    set_up(&f);
    struct type *t = &f.types.number;
    for (int i = 0; i < 2000; i++)
        t = types_array(&f.types, &t, 1, NULL);
    cr_expect(t->height <= TYPE_MAX_HEIGHT);
    arena_fini(&f.arena);
}

/* Each size of memory gives the answer or says that there was not enough. */
Test(types, memory_may_run_out_anywhere)
{
    static const char text[] =
        "package t\n# METADATA\n# scope: rule\n# schemas:\n# - input.a.b: {properties: {c: {type: string}}}\n"
        "x if { input.a.b.c == 1; [y | some z in input.zs; y := {\"k\": [1, z]}][_].k[q] == \"a\" }\n"
        "f(a, b) := [a, upper(b)] if { every c in a { c.d[0] } }\nw if { f([1], \"a\")[0] = {2} with x as {\"v\": 1} }\n"
        "o[k].l := k if { some k in [1, \"a\", {\"m\": null}] }\nv if o[1].n\n";
    size_t full = 0, starved = 0;
    for (uint64_t memory = 4096; memory < 200000; memory += 1031) {
        struct compiler c;
        set_up_compiler(&c, memory);
        bool parsed = parse_module(&c, STR("m.rego"), STR(text));
        bool ok = parsed && compiler_run(&c);
        cr_expect_not(ok);
        full += !c.out_of_memory && c.diag_count == 1;
        starved += c.out_of_memory || c.arena.failed != ARENA_OK;
        compiler_fini(&c);
    }
    cr_expect_gt(full, 20);
    cr_expect_gt(starved, 20);
}
