/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser: which rules a text gives, and which error. tests/differential/parse.py compares trees and errors with OPA's.
 */
#include <criterion/criterion.h>

#include "lang/ast_json.h"
#include "lang/diag.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

static struct compiler compiler;

static void open_compiler(void)
{
    struct alloc heap = alloc_default();
    compiler = (struct compiler){.limits = limits_default(), .builtins = stdlib_builtins, .builtin_count = stdlib_builtin_count};
    arena_init(&compiler.arena, &heap, SIZE_MAX, 0);
}

static void close_compiler(void)
{
    arena_fini(&compiler.arena);
}

static void reopen(enum rego_version version)
{
    close_compiler();
    open_compiler();
    compiler.options.version = version;
}

TestSuite(parser, .init = open_compiler, .fini = close_compiler);

/* The rules of a module as text, a line each; or its first error as "row:col: message". */
static struct str parse(const char *text, enum rego_version version)
{
    struct buf b;
    reopen(version);
    buf_init(&b, &compiler.arena);
    if (!parse_module(&compiler, STR("x.rego"), str_cstr(text))) {
        cr_assert(compiler.diag_count != 0, "%s: an error", text);
        const struct diag *d = &compiler.diags[0];
        buf_printf(&b, "%u:%u: %.*s", d->loc.row, d->loc.col, (int)d->message.len, d->message.p);
        return buf_view(&b);
    }
    const struct module *m = compiler.modules[0];
    for (size_t i = 0; i < m->rule_count; i++) {
        buf_cstr(&b, i == 0 ? "" : "\n");
        ast_write_rule(&b, m->rules[i], m->version);
    }
    return buf_view(&b);
}

struct row {
    const char *text, *want;
};

static void check(const struct row *rows, size_t count, enum rego_version version)
{
    for (size_t i = 0; i < count; i++) {
        struct str got = parse(rows[i].text, version);
        cr_expect(str_equal(got, str_cstr(rows[i].want)), "%s\nwant %s\ngot  %.*s", rows[i].text, rows[i].want, (int)got.len,
                  got.p);
    }
}

static const struct row heads[] = {
    {"package a\np := 1", "p := 1 if { true }"},
    {"package a\np = 1 q := 2", "p = 1 if { true }\nq := 2 if { true }"},
    {"package a\np if x", "p = true if { x }"},
    {"package a\np contains x if x := 1", "p contains x if { assign(x, 1) }"},
    {"package a\np contains 1", "p contains 1 if { true }"},
    {"package a\na.b.c := 1", "a.b.c := 1 if { true }"},
    {"package a\np[x] := 2 if x := 1", "p[x] := 2 if { assign(x, 1) }"},
    {"package a\nf(x, _) := x", "f(x, _) := x if { true }"},
    {"package a\nf (x) if x", "f(x) = true if { x }"},
    {"package a\nif.not := 1", "if[\"not\"] := 1 if { true }"},
    {"package a\ndefault p := [x | x := 1]", "default p := [x | assign(x, 1)]"},
    {"package a\np := 1 if a else := 2 if b else := 3", "p := 1 if { a } else = 2 if { b } else = 3 if { true }"},
    {"package a\np if {a} {b}", "p = true if { a }\np = true if { b }"},
};

Test(parser, heads_become_rules)
{
    check(heads, COUNT_OF(heads), REGO_V1);
}

static const struct row bodies[] = {
    {"package a\np if {x}", "p = true if { x }"},
    {"package a\np if {\"a\": 1}", "p = true if { {\"a\": 1} }"},
    {"package a\np if {}", "p = true if { {} }"},
    {"package a\np if {1} == {1}", "p = true if { equal({1}, {1}) }"},
    {"package a\np if {x | y}", "p = true if { {x | y} }"},
    {"package a\np if {x | y} | {z}", "p = true if { or({x | y}, {z}) }"},
    {"package a\np if { x\n[1]\n(y) }", "p = true if { x; [1]; y }"},
    {"package a\np if { x\n- y }", "p = true if { minus(x, y) }"},
    {"package a\np if { not x with input.a as 1 with data.b as {} }",
     "p = true if { not x with input.a as 1 with data.b as {} }"},
    {"package a\np if { some x, y; x }", "p = true if { some x, y; x }"},
    {"package a\np if some k, v in xs", "p = true if { some k, v in xs }"},
    {"package a\np if { every v in {1} { v } }", "p = true if { every v in {1} { v } }"},
    {"package a\np := [x | y, z in q]", "p := [x | internal.member_3(y, z, q)] if { true }"},
    {"package a\np := [x | y, z]", "p := [or(x, y), z] if { true }"},
    {"package a\np := {x | y, z in q, 1}", "p := {1, internal.member_2(z, q), or(x, y)} if { true }"},
    {"package a\np := {\"k\": x | y, \"l\": z}", "p := {\"k\": or(x, y), \"l\": z} if { true }"},
    {"package a\np := {\"k\": x | y}", "p := {\"k\": x | y} if { true }"},
    {"package a\np := {3, 1, 2, 1}", "p := {1, 2, 3} if { true }"},
    {"package a\np := -x.y - -1", "p := minus(minus(0, x.y), -1) if { true }"},
    {"package a\np := 1 + 2 * 3 - 4", "p := minus(plus(1, mul(2, 3)), 4) if { true }"},
    {"package a\np := set()[x].y(z,)", "p := set()[x].y(z) if { true }"},
    {"package a\np := $\"a{x}\\{{y + 1}\"", "p := $\"a{x}\\{{plus(y, 1)}\" if { true }"},
    {"package a\np := input.if[\"x y\"].not", "p := input[\"if\"][\"x y\"][\"not\"] if { true }"},
};

Test(parser, braces_bars_and_lines)
{
    check(bodies, COUNT_OF(bodies), REGO_V1);
}

#define IMPORTS "package a\nimport future.keywords.and\nimport future.keywords.or\nimport future.keywords.not\n"

static const struct row logic[] = {
    {IMPORTS "p if x and y or z", "p = true if { x and y or z }"},
    {IMPORTS "p if x and (y or z) with input as 1", "p = true if { x and (y or z) with input as 1 }"},
    {IMPORTS "p if {x; y} or not z", "p = true if { { x; y } or not z }"},
    {IMPORTS "p if not {x; y}", "p = true if { not {x; y} }"},
    {IMPORTS "p if not (x or y)", "p = true if { not (x or y) }"},
    {IMPORTS "p := and({1}, {2})", "p := and({1}, {2}) if { true }"},
    {IMPORTS "p if x with input as 1 or y",
     "5:8: `with` modifier is not allowed on operand of `or` (hint: Wrap the operand in `(...)` or `{...}` to scope, "
     "or move `with` "
     "after the `or` expression to apply it to the whole expression)"},
    {IMPORTS "p if x and {1, 2}",
     "5:12: operand of `and` cannot begin with `{` unless the braces hold a body (hint: wrap the operand to keep the value: "
     "`({1, 2}) and ...`)"},
};

Test(parser, and_or_not_when_imported)
{
    check(logic, COUNT_OF(logic), REGO_V1);
}

static const struct row old[] = {
    {"package a\np[x] { x = 1 }", "p[x] { x = 1 }"},
    {"package a\np[x] = y { x = 1; y = 2 }", "p[x] = y { x = 1; y = 2 }"},
    {"package a\nin = 1 every = in", "in = 1 { true }\nevery = in { true }"},
    {"package a\nimport rego.v1\np if 1 in xs", "p = true if { internal.member_2(1, xs) }"},
    {"package a\np if { x }",
     "2:1: var cannot be used for rule name (hint: `import future.keywords.if` for `p if { ... }` rules)"},
    {"package a\np { some x in xs }",
     "2:12: unexpected identifier token: expected \\n or ; or } (hint: `import future.keywords.in` for `some x in xs` "
     "expressions)"},
    {"package a\np = $\"x\"", "2:5: template strings are not supported by current capabilities"},
};

Test(parser, version_0)
{
    check(old, COUNT_OF(old), REGO_V0);
}

static const struct row errors[] = {
    {"", "0:0: empty module"},
    {"p := 1", "1:1: package expected"},
    {"package a\npackage b", "2:1: unexpected package"},
    {"package a\nimport foo", "2:8: unexpected import path, must begin with one of: {data, future, input, rego}, got: "
    "foo (hint: if "
                              "this is unexpected, try updating OPA)"},
    {"package a\nimport data.a.if", "2:15: unexpected import path, must not end with a keyword, got: if (hint: import "
    "a different "
                                    "path or use an alias)"},
    {"package a\np { true }", "2:1: `if` keyword is required before rule body"},
    {"package a\np[1]", "2:1: `contains` keyword is required for partial set rules"},
    {"package a\nif := 1", "2:1: if keyword cannot be used for rule name"},
    {"package a\np if { x y }", "2:10: unexpected identifier token: expected \\n or ; or }"},
    {"package a\np if {", "2:6: unexpected eof token"},
    {"package a\np := [1, 2", "2:10: unexpected eof token: expected \",\" or \"]\""},
    {"package a\np := 01", "2:6: unexpected number token: expected number without leading zero"},
    {"package a\np := 1e999999", "2:6: number too big"},
    {"package a\np := \"\\x\"", "2:6: illegal escape sequence"},
    {"package a\np := \"x", "2:6: non-terminated string"},
    {"package a\np := 1x", "2:6: illegal number format"},
    {"package a\np := x.\"y\"", "2:8: unexpected string token: expected identifier"},
    {"package a\np := \"x\".y", "2:6: illegal ref (head cannot be string)"},
    {"package a\ndefault p := x", "2:1: illegal default rule (value cannot contain var)"},
    {"package a\ndefault f(x, x) := 1", "2:1: illegal default rule (arguments cannot be repeated x)"},
    {"package a\np contains x if x else := 1", "2:19: else keyword cannot be used on multi-value rules"},
    {"package a\np if every x in xs", "2:18: unexpected eof token: missing body"},
    {"package a\n1 + 2", "2:1: rule name conflicts with built-in function"},
    {"package a\nx; y", "2:1: multiple expressions cannot be used for rule head"},
    {"package a\n# METADATA\n# scope: foo\np := 1",
     "2:1: invalid annotation scope 'foo'. Use one of 'rule', 'document', 'package', or 'subpackages'"},
    {"package a\n# METADATA\n\np := 1", "2:1: expected METADATA block, found whitespace"},
};

Test(parser, errors_have_opas_words_and_places)
{
    check(errors, COUNT_OF(errors), REGO_V1);
}

Test(parser, details_show_line_and_caret)
{
    (void)parse("package a\n\tp if { x y }", REGO_V1);
    struct buf b;
    buf_init(&b, &compiler.arena);
    diag_write(&b, &compiler, &compiler.diags[0]);
    const char *want = "x.rego:2: rego_parse_error: unexpected identifier token: expected \\n or ; or }\n\tp if { x y "
    "}\n\t         ^";
    cr_assert(str_equal(buf_view(&b), str_cstr(want)), "%.*s", (int)b.len, b.p);
}

Test(parser, goes_on_after_an_error)
{
    (void)parse("package a\np if { x y }\nq := 1\nr := ]\ns := 2", REGO_V1);
    cr_assert_eq(compiler.diag_count, 2);
    cr_assert_eq(compiler.diags[1].loc.row, 4);
}

/* n times open, a term, n times close. */
static struct str nest(const char *before, const char *open, size_t n, const char *close)
{
    struct buf b;
    buf_init(&b, &compiler.arena);
    buf_cstr(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_cstr(&b, open);
    buf_char(&b, '1');
    for (size_t i = 0; i < n; i++)
        buf_cstr(&b, close);
    return buf_view(&b);
}

static const struct {
    const char *open, *close;
} deep[] = {{"[", "]"}, {"{1: ", "}"}, {"(", ")"}, {"f(", ")"}, {"1 + ", ""}, {"x[", "]"}, {"[x | ", "]"}};

Test(parser, nesting_is_bounded)
{
    for (size_t i = 0; i < COUNT_OF(deep); i++) {
        struct str text = nest("package a\np := ", deep[i].open, 100000, deep[i].close);
        compiler.diag_count = 0;
        cr_assert(!parse_module(&compiler, STR("x.rego"), text), "%s", deep[i].open);
        struct str want = STR("max parsing recursion depth exceeded");
        cr_expect(str_equal(compiler.diags[0].message, want), "%s: %.*s", deep[i].open, (int)compiler.diags[0].message.len,
                  compiler.diags[0].message.p);
    }
}

Test(parser, queries_and_terms)
{
    struct query q = {0};
    cr_assert(parse_query(&compiler, STR("x := 1; y = x\nnot z {a}"), &q));
    cr_assert_eq(q.body.count, 4);
    cr_assert_eq(q.body.items[3]->index, 3);
    struct term *t = parse_term(&compiler, STR("{\"a\": [1, {2}]}"));
    cr_assert(t != NULL && t->kind == TERM_OBJECT);
    cr_assert_null(parse_term(&compiler, STR("1; 2")));
    cr_assert_null(parse_term(&compiler, STR("")));
}

Test(parser, module_as_json)
{
    (void)parse("package a\np := 1 # c", REGO_V1);
    struct ast_json_options comments = {.comments = true};
    struct value v = ast_module_json(&compiler.arena, &compiler, compiler.modules[0], comments);
    struct buf b;
    buf_init(&b, &compiler.arena);
    json_write(&b, v, JSON_COMPACT);
    const char *want = "{\"comments\":[{\"Location\":{\"col\":8,\"file\":\"x.rego\",\"row\":2},\"Text\":\"IGM=\""
    "}],\"package\":{\"path\":["
                       "{\"type\":\"var\",\"value\":\"data\"},{\"type\":\"string\",\"value\":\"a\"}]},\"rules\":"
                       "[{\"body\":[{\"generated\":"
                       "true,\"index\":0,\"terms\":{\"type\":\"boolean\",\"value\":true}}],\"head\":{\"assign\":"
                       "true,\"name\":\"p\",\"ref\":["
                       "{\"type\":\"var\",\"value\":\"p\"}],\"value\":{\"type\":\"number\",\"value\":1}}}]}";
    cr_assert(str_equal(buf_view(&b), str_cstr(want)), "%.*s", (int)b.len, b.p);
}
