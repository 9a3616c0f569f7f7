/* SPDX-License-Identifier: Apache-2.0
 *
 * What the stages of the compiler make of small modules, and what they refuse. Every answer in the tables was confirmed by OPA.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lang/compiler.h"
#include "lang/passes.h"
#include "stdlib/builtins.h"
#include "vm/json.h"

/* rules: what stands behind the line `package t`. want: the rewritten rules, one a line; or, with '!' in front, the errors. */
struct row {
    const char *name;
    const char *rules;
    const char *want;
};

struct fixture {
    struct compiler c;
    char text[4000];
    char got[8000];
};

static void set_up(struct fixture *f, enum rego_version version, uint64_t memory)
{
    struct alloc heap = alloc_default();
    struct limits limits = limits_default();
    limits.compile_memory = memory;
    compiler_init(&f->c, &heap, &limits);
    f->c.builtins = stdlib_builtins;
    f->c.builtin_count = stdlib_builtin_count;
    f->c.options.version = version;
    f->c.options.max_errors = 10;
    f->c.data = value_undefined();
}

static void write_body(struct buf *b, const struct body *body)
{
    for (size_t i = 0; i < body->count; i++) {
        if (i > 0)
            buf_cstr(b, "; ");
        ast_write_expr(b, body->items[i]);
    }
}

static void write_head(struct buf *b, const struct head *h)
{
    ast_write_ref(b, &h->ref);
    for (size_t i = 0; i < h->args.count; i++) {
        buf_cstr(b, i == 0 ? "(" : ", ");
        ast_write_term(b, h->args.items[i]);
    }
    buf_cstr(b, h->args.count > 0 ? ")" : "");
    buf_cstr(b, h->value != NULL ? " = " : " contains ");
    ast_write_term(b, h->value != NULL ? h->value : h->key);
}

static void write_rules(struct buf *b, struct compiler *c)
{
    EACH_RULE(c->passes, r) {
        if (b->len > 0)
            buf_char(b, '\n');
        write_head(b, r->head);
        buf_cstr(b, " { ");
        write_body(b, &r->body);
        buf_cstr(b, " }");
    }
}

static void write_errors(struct buf *b, const struct compiler *c)
{
    for (size_t i = 0; i < c->diag_count; i++) {
        const struct diag *d = &c->diags[i];
        buf_cstr(b, i > 0 ? "\n!" : "!");
        buf_cstr(b, err_name(d->code) + strlen("rego_"));
        buf_printf(b, " %u:%u ", d->loc.row, d->loc.row != 0 ? d->loc.col : 0);
        buf_str(b, d->message);
    }
}

/* Compiles the text that was parsed; what comes out as text in f->got. */
static void finish(struct fixture *f, bool parsed)
{
    struct buf b;
    bool ok = parsed && compiler_run(&f->c);
    buf_init(&b, &f->c.arena);
    if (ok)
        write_rules(&b, &f->c);
    else
        write_errors(&b, &f->c);
    if (ok && f->c.query != NULL)
        write_body(&b, &f->c.query->body);
    snprintf(f->got, sizeof f->got, "%.*s", (int)b.len, b.len > 0 ? b.p : "");
}

static void compile(struct fixture *f, const char *rules)
{
    snprintf(f->text, sizeof f->text, "package t\n%s\n", rules);
    finish(f, parse_module(&f->c, STR("m.rego"), str_cstr(f->text)));
}

/* Wildcards have numbers that the texts do not show. */
static void check_rows(const struct row *rows, size_t count, enum rego_version version)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture f;
        set_up(&f, version, SIZE_MAX);
        compile(&f, rows[i].rules);
        cr_expect_str_eq(f.got, rows[i].want, "%s: %s\n  got  %s\n  want %s", rows[i].name, rows[i].rules, f.got, rows[i].want);
        compiler_fini(&f.c);
    }
}

static const struct row names_become_references[] = {
    {"rule of the package", "p if q\nq := 1", "p = true { data.t.q }\nq = 1 { true }"},
    {"rule of the package below brackets", "p := input[q]\nq := 1",
     "p = __local0__ { __local1__ = data.t.q; __local0__ = input[__local1__] }\nq = 1 { true }"},
    {"import", "import data.lib.util\np := util.x[i] if some i in [1]",
     "p = __local4__ { __local3__ = [1]; __local2__ = __local3__[__local1__]; __local4__ = data.lib.util.x[__local2__] }"},
    {"import with alias", "import input.request as req\np if req.method == \"GET\"",
     "p = true { input.request.method = \"GET\" }"},
    {"import shadows rule", "import data.q\np := q.x\nq := 1", "p = __local0__ { __local0__ = data.q.x }\nq = 1 { true }"},
    {"declared variable shadows rule", "p := q if { q := 1 }\nq := 2", "p = __local0__ { __local0__ = 1 }\nq = 2 { true }"},
    {"argument shadows rule", "f(q) := q\nq := 2", "f(__local0__) = __local0__ { true }\nq = 2 { true }"},
    {"some shadows rule", "p if { some q in [1]; q > 0 }\nq := 2",
     "p = true { __local3__ = [1]; __local2__ = __local3__[__local1__]; gt(__local2__, 0) }\nq = 2 { true }"},
    {"closure shadows rule inside only", "p := [q | q := 1]\nr := q\nq := 2",
     "p = __local1__ { __local1__ = [__local0__ | __local0__ = 1] }\nr = __local2__ { __local2__ = data.t.q }\nq = 2 { true }"},
    {"function", "p := f(1)\nf(x) := x", "p = __local1__ { data.t.f(1, __local1__) }\nf(__local0__) = __local0__ { true }"},
    {"value of with", "p if input.x with input as q\nq := {}",
     "p = true { __local0__ = data.t.q; input.x with input as __local0__ }\nq = {} { true }"},
};

Test(passes, names_become_references)
{
    check_rows(names_become_references, COUNT_OF(names_become_references), REGO_V1);
}

static const struct row locals_get_names[] = {
    {"assignment", "p := x if { x := 1 }", "p = __local0__ { __local0__ = 1 }"},
    {"pattern", "p := [x, y] if { [x, {\"k\": y}] := input.a }",
     "p = [__local0__, __local1__] { [__local0__, {\"k\": __local1__}] = input.a }"},
    {"declared and unified", "p if { some x; x = input.a; x > 1 }", "p = true { __local0__ = input.a; gt(__local0__, 1) }"},
    {"some in", "p contains x if some x in input.xs", "p contains __local2__ { __local2__ = input.xs[__local1__] }"},
    {"some key and value in", "p contains [k, v] if some k, v in input.xs",
     "p contains [__local0__, __local1__] { __local1__ = input.xs[__local0__] }"},
    {"some with pattern", "p contains x if some [x, 1] in input.xs",
     "p contains __local2__ { [__local2__, 1] = input.xs[__local1__] }"},
    {"some in a set", "p contains x if some x in {1, 2}",
     "p contains __local2__ { __local3__ = {1, 2}; __local2__ = __local3__[__local1__] }"},
    {"every", "p if every k, v in input.xs { v > k }",
     "p = true { __local2__ = input.xs; every __local0__, __local1__ in __local2__ { gt(__local1__, __local0__) } }"},
    {"every sees declarations behind a closure", 
     "p if every a in input.z { z := [y | y := input.y; y < x]; x := input.x; z != [x, a] }",
     "p = true { __local5__ = input.z; every __local0__, __local1__ in __local5__ { __local4__ = input.x; __local3__ = "
     "[__local2__ | __local2__ = input.y; lt(__local2__, __local4__)]; neq(__local3__, [__local4__, __local1__]) } }"},
    {"nested scopes", "p if { x := 1; y := [x | x := 2]; y != [x] }",
     "p = true { __local0__ = 1; __local2__ = [__local1__ | __local1__ = 2]; neq(__local2__, [__local0__]) }"},
    {"arguments", "f(x, [y, x]) := y", "f(__local0__, [__local1__, __local0__]) = __local1__ { true }"},
    {"else shares arguments", "f(x) := 1 if { x > 1 } else := x if { x < 0 }",
     "f(__local0__) = 1 { gt(__local0__, 1) }\nf(__local0__) = __local0__ { lt(__local0__, 0) }"},
    {"head closures", "p := {x | x := input.xs[_]} if { x := 1; x == 1 }",
     "p = __local2__ { __local1__ = 1; __local1__ = 1; __local2__ = {__local0__ | __local0__ = input.xs[_]} }"},
    {"named like a builtin", "p if { count = 1; count + 1 == 2 }",
     "p = true { __local0__ = 1; plus(__local0__, 1, __local1__); __local1__ = 2 }"},
    {"taken names", "p if { __local0__ = 1; x := __local0__; x == 1 }",
     "p = true { __local0__ = 1; __local1__ = __local0__; __local1__ = 1 }"},
};

Test(passes, locals_get_names)
{
    check_rows(locals_get_names, COUNT_OF(locals_get_names), REGO_V1);
}

static const struct row declarations_are_checked[] = {
    {"twice", "p if { x := 1; x := 2 }", "!compile_error 2:16 var x assigned above"},
    {"after use", "p if { x == 1; x := 2 }", "!compile_error 2:16 var x referenced above"},
    {"argument", "f(x) if { x := 1 }", "!compile_error 2:11 arg x redeclared"},
    {"some twice", "p if { some x, x; x = 1 }", "!compile_error 2:8 var x declared above"},
    {"unused some", "p if { some x; input.y }", "!compile_error 2:8 declared var x unused"},
    {"unused every", "p if every x in input.y { true }", "!compile_error 2:27 declared var x unused"},
    {"not a pattern", "p if { input.x := 1 }", "!compile_error 2:8 cannot assign to ref"},
    {"number", "p if { [1] := [1] }", "!compile_error 2:9 cannot assign to number"},
    {"negated", "p if { not x := 1 }", "!compile_error 2:8 cannot assign vars inside negated expression"},
    {"domain uses the variable", "p if { x := [1]; some x in x }", "!compile_error 2:18 var x assigned before"},
    {"call in argument", "f(count(x)) := 1", "!compile_error 2:3 rule arguments cannot contain calls"},
    {"shadowed function", "p := x if { f := 1; x := f(2) }\nf(_) := 1", "!compile_error 2:26 called function f shadowed"},
};

Test(passes, declarations_are_checked)
{
    check_rows(declarations_are_checked, COUNT_OF(declarations_are_checked), REGO_V1);
}

static const struct row calls_become_expressions[] = {
    {"nested", "p if { count(split(input.a, \",\")) > 1 }",
     "p = true { __local2__ = input.a; split(__local2__, \",\", __local0__); count(__local0__, __local1__); gt(__local1__, "
     "1) }"},
    {"operand order", "p := plus(count(input.a), max(input.b))",
     "p = __local2__ { __local3__ = input.a; count(__local3__, __local0__); __local4__ = input.b; max(__local4__, "
     "__local1__); plus(__local0__, __local1__, __local2__) }"},
    {"head value", "p := count(input.a) if input.b",
     "p = __local0__ { input.b; __local1__ = input.a; count(__local1__, __local0__) }"},
    {"below brackets", "p := input.a[count(input.b)]",
     "p = __local1__ { __local2__ = input.b; count(__local2__, __local0__); __local1__ = input.a[__local0__] }"},
    {"base of a reference", "p := [1, 2][i] if some i, _ in [0]",
     "p = __local4__ { __local3__ = [0]; __local0__ = __local3__[__local1__]; __local2__ = [1, 2]; __local4__ = "
     "__local2__[__local1__] }"},
    {"call as base", "p := split(input.a, \",\")[0]",
     "p = __local1__ { __local2__ = input.a; split(__local2__, \",\", __local0__); __local1__ = __local0__[0] }"},
    {"in a closure's element", "p := [count(x) | some x in input.xs]",
     "p = __local4__ { __local4__ = [__local3__ | __local2__ = input.xs[__local1__]; count(__local2__, __local3__)] }"},
    {"object", "p := {\"b\": count(input.b), \"a\": count(input.a)}",
     "p = {\"a\": __local0__, \"b\": __local1__} { __local2__ = input.a; count(__local2__, __local0__); __local3__ = "
     "input.b; count(__local3__, __local1__) }"},
    {"set", "p := {count(input.b), count(input.a)}",
     "p = {__local0__, __local1__} { __local2__ = input.a; count(__local2__, __local0__); __local3__ = input.b; "
     "count(__local3__, __local1__) }"},
    {"with goes along", "p if { count(upper(input.a)) == 1 with input as {} }",
     "p = true { __local2__ = input.a with input as {}; upper(__local2__, __local0__) with input as {}; count(__local0__, "
     "__local1__) with input as {}; __local1__ = 1 with input as {} }"},
    {"domain of every", "p if every x in split(input.a, \",\") { x != \"\" }",
     "p = true { __local4__ = input.a; split(__local4__, \",\", __local3__); __local2__ = __local3__; every __local0__, "
     "__local1__ in __local2__ { neq(__local1__, \"\") } }"},
    {"legacy not", "p if { not count(split(input.a, \",\")) == 1 }",
     "p = true { __local2__ = input.a; split(__local2__, \",\", __local0__); count(__local0__, __local1__); not __local1__ "
     "= 1 }"},
    {"key of a partial rule", "p[lower(input.k)] := 1",
     "p[__local0__] = 1 { __local2__ = input.k; lower(__local2__, __local1__); __local0__ = __local1__ }"},
};

Test(passes, calls_become_expressions)
{
    check_rows(calls_become_expressions, COUNT_OF(calls_become_expressions), REGO_V1);
}

static const struct row bodies_are_ordered[] = {
    {"input behind its use", "p if { x > 1; x = input.a }", "p = true { x = input.a; gt(x, 1) }"},
    {"chain", "p if { a = b; b = c; c = 1 }", "p = true { c = 1; b = c; a = b }"},
    {"not last", "p if { not x; x = input.a }", "p = true { x = input.a; not x }"},
    {"closure last", "p if { y = [z | z = x + 1]; x = input.a; y != [] }",
     "p = true { x = input.a; y = [z | plus(x, 1, __local0__); z = __local0__]; neq(y, []) }"},
    {"reference binds its brackets", "p if { q[x]; x > 1 }\nq contains 1",
     "p = true { data.t.q[x]; gt(x, 1) }\nq contains 1 { true }"},
    {"already safe stays", "p if { input.b; input.a; x = 1; x > 0 }", "p = true { input.b; input.a; x = 1; gt(x, 0) }"},
    {"inside a closure", "p := [x | x > 1; x = input.a[_]]", "p = __local0__ { __local0__ = [x | x = input.a[_]; gt(x, 1)] }"},
    {"call's output", "p if { y > 1; plus(1, 2, y) }", "p = true { plus(1, 2, y); gt(y, 1) }"},
    {"assignment does not bind its right side", "p if { [x] := [y]; y = 1; x > 0 }",
     "p = true { y = 1; [__local0__] = [y]; gt(__local0__, 0) }"},
};

Test(passes, bodies_are_ordered)
{
    check_rows(bodies_are_ordered, COUNT_OF(bodies_are_ordered), REGO_V1);
}

static const struct row unsafe_variables[] = {
    {"body", "p if { x > 1 }", "!unsafe_var_error 2:8 var x is unsafe"},
    {"head", "p := x if { input.y }", "!unsafe_var_error 2:6 var x is unsafe"},
    {"key", "p contains x if { input.y }", "!unsafe_var_error 2:12 var x is unsafe"},
    {"negated", "p if { not input[x] == 1; x != 2 }", "!unsafe_var_error 2:8 var x is unsafe"},
    {"closure", "p := [x | y]", "!unsafe_var_error 2:6 var x is unsafe\n!unsafe_var_error 2:11 var y is unsafe"},
    {"wildcard", "p if { _ > 1 }", "!unsafe_var_error 2:8 var _ is unsafe"},
    {"generated", "p if { count([x | x := count(y)]) > 1 }", "!unsafe_var_error 2:24 var y is unsafe"},
    {"cycle", "p if { x = y; y = x }", "!unsafe_var_error 2:8 var x is unsafe\n!unsafe_var_error 2:8 var y is unsafe"},
    {"right of assignment before left", "p if { x := y }", "!unsafe_var_error 2:8 var y is unsafe"},
};

Test(passes, unsafe_variables)
{
    check_rows(unsafe_variables, COUNT_OF(unsafe_variables), REGO_V1);
}

static const struct row terms_are_hoisted[] = {
    {"reference in a call", "p if { count(input.a) > 1 }",
     "p = true { __local1__ = input.a; count(__local1__, __local0__); gt(__local0__, 1) }"},
    {"nested reference", "p if { input.a[input.b] }", "p = true { __local0__ = input.b; input.a[__local0__] }"},
    {"in an array", "p if { x = [input.a, {\"k\": data.b}]; x != 1 }",
     "p = true { __local0__ = input.a; __local1__ = data.b; x = [__local0__, {\"k\": __local1__}]; neq(x, 1) }"},
    {"closure in a call", "p if { count([1 | input.a]) > 1 }",
     "p = true { __local1__ = [1 | input.a]; count(__local1__, __local0__); gt(__local0__, 1) }"},
    {"closure in eq stays", "p := x if { x = [1 | input.a] }", "p = x { x = [1 | input.a] }"},
    {"element of a closure", "p := [input.a[x] | x = input.b]",
     "p = __local1__ { __local1__ = [__local0__ | x = input.b; __local0__ = input.a[x]] }"},
    {"equal becomes eq", "p if { input.a == 1 }", "p = true { input.a = 1 }"},
    {"set", "p if { x = {input.b, input.a}; x != 1 }",
     "p = true { __local0__ = input.a; __local1__ = input.b; x = {__local0__, __local1__}; neq(x, 1) }"},
    {"with", "p if { count(input.a) == 1 with input as {\"a\": data.b} }",
     "p = true { __local2__ = data.b; __local1__ = {\"a\": __local2__}; __local3__ = input.a with input as __local1__; "
     "count(__local3__, __local0__) with input as __local1__; __local0__ = 1 with input as __local1__ }"},
};

Test(passes, terms_are_hoisted)
{
    check_rows(terms_are_hoisted, COUNT_OF(terms_are_hoisted), REGO_V1);
}

static const struct row templates_become_calls[] = {
    {"parts", "p := $\"a {input.x} b\"",
     "p = __local1__ { __local2__ = {__local0__ | __local0__ = input.x}; internal.template_string([\"a \", __local2__, \" "
     "b\"], __local1__) }"},
    {"scalar", "p := $\"{1} {\"x\"}\"", "p = __local0__ { internal.template_string([1, \" \", \"x\"], __local0__) }"},
    {"variable", "p := $\"{x}\" if { x := 1 }",
     "p = __local1__ { __local0__ = 1; internal.template_string([{__local0__}], __local1__) }"},
    {"rule with default", "p := $\"{q}\"\ndefault q := 1",
     "p = __local0__ { __local1__ = data.t.q; internal.template_string([{__local1__}], __local0__) }\nq = 1 { true }"},
    {"undeclared", "p if { $\"{x.y}\" }", "!compile_error 2:11 var x is undeclared"},
    {"relation", "p if { $\"{walk(input)}\" }",
     "!compile_error 0:0 illegal call to relation built-in 'walk' that may cause multiple outputs"},
};

Test(passes, templates_become_calls)
{
    check_rows(templates_become_calls, COUNT_OF(templates_become_calls), REGO_V1);
}

static const struct row prints_are_erased[] = {
    {"alone", "p if { print(input.x) }", "p = true { true }"},
    {"among others", "p if { input.y; print(\"x\", input.x); input.z }", "p = true { input.y; input.z }"},
    {"in closures", "p := [x | x := 1; print(x)]", "p = __local1__ { __local1__ = [__local0__ | __local0__ = 1] }"},
    {"as a value", "p := print(1)", "!type_error 2:6 print(1) used as value"},
};

Test(passes, prints_are_erased)
{
    check_rows(prints_are_erased, COUNT_OF(prints_are_erased), REGO_V1);
}

static const struct row conflicts[] = {
    {"kinds", "p := 1\np contains 2", "!type_error 2:1 conflicting rules data.t.p found"},
    {"arities", "f(x) := x\nf(x, y) := x + y", "!type_error 2:1 conflicting rules data.t.f found"},
    {"below a value", "p := 1\np.q := 2", "!type_error 2:1 rule data.t.p conflicts with:\n  rule data.t.p.q at m.rego:3"},
    {"defaults", "default p := 1\ndefault p := 2", "!type_error 1:1 multiple default rules data.t.p found at m.rego:2, m.rego:3"},
    {"function below a general rule", "p[x] := 1 if x := input.y\np.q(x) := x",
     "!type_error 2:1 rule data.t.p[x] conflicts with:\n  rule data.t.p.q at m.rego:3"},
    {"objects of sets and a set", "p contains 1\np[x] contains 2 if x := input.y",
     "!type_error 2:1 conflicting rules data.t.p[x] found"},
    {"package", "q := 1", "q = 1 { true }"},
    {"general rules may overlap", "p[x] := 1 if x := input.y\np.q := 2",
     "p[__local0__] = 1 { __local0__ = input.y }\np.q = 2 { true }"},
};

Test(passes, conflicts)
{
    check_rows(conflicts, COUNT_OF(conflicts), REGO_V1);
}

static const struct row calls_are_checked[] = {
    {"undefined", "p if { nope(1) }", "!type_error 2:8 undefined function nope"},
    {"undefined of the package", "p if { data.t.nope(1) }", "!type_error 2:8 undefined function data.t.nope"},
    {"too few", "p if { f(1) }\nf(x, y) := x + y", "!type_error 2:8 function data.t.f has arity 2, got 1 argument"},
    {"output operand", "p := x if { f(1, x) }\nf(x) := x", "p = x { data.t.f(1, x) }\nf(__local0__) = __local0__ { true }"},
    {"builtin", "p if { count(1, 2, 3) }", "!type_error 2:8 count: arity mismatch"},
    {"shown as written", "p := x if { x := [y | y := [1]][0].z(1) }", "!type_error 2:18 undefined function [y | y = [1]][0].z"},
};

Test(passes, calls_are_checked)
{
    check_rows(calls_are_checked, COUNT_OF(calls_are_checked), REGO_V1);
}

static const struct row recursion[] = {
    {"itself", "p if p", "!recursion_error 2:1 rule data.t.p is recursive: data.t.p -> data.t.p"},
    {"mutual", "p if q\nq if not p",
     "!recursion_error 2:1 rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.p\n!recursion_error 3:1 rule data.t.q "
     "is recursive: data.t.q -> data.t.p -> data.t.q"},
    {"through a package", "p := data.t", "!recursion_error 2:1 rule data.t.p is recursive: data.t.p -> data.t.p"},
    {"function", "f(x) := f(x)", "!recursion_error 2:1 rule data.t.f is recursive: data.t.f -> data.t.f"},
    {"through else", "p := 1 if { input.x } else := p", "!recursion_error 2:23 rule data.t.p is recursive: data.t.p -> data.t.p"},
    {"perhaps", "p if { data.t[input.x] }",
     "!recursion_error 2:1 rule data.t.p may be recursive: data.t.p -> data.t.p (data.t[input.x] refers to data.t.p if "
     "input.x is \"p\")"},
    {"narrowed away", "p if { some x in [\"a\", \"b\"]; data[x].y }",
     "p = true { __local3__ = [\"a\", \"b\"]; __local2__ = __local3__[__local1__]; data[__local2__].y }"},
    {"narrowed to it", "p if { x := \"t\"; data[x].p }", "!recursion_error 2:1 rule data.t.p is recursive: data.t.p -> data.t.p"},
    {"argument", "f(x) := data.t[x]\nf2 := f(1)",
     "!recursion_error 2:1 rule data.t.f may be recursive: data.t.f -> data.t.f (data.t[x] refers to data.t.f if x is \"f\" "
     "(x is an argument of data.t.f))\n!recursion_error 3:1 rule data.t.f2 may be recursive: data.t.f2 -> data.t.f -> "
     "data.t.f2 (data.t[x] in data.t.f refers to data.t.f2 if x is \"f2\" (x is an argument of data.t.f))"},
    {"other package", "p := data.other.x", "p = __local0__ { __local0__ = data.other.x }"},
};

Test(passes, recursion)
{
    check_rows(recursion, COUNT_OF(recursion), REGO_V1);
}

static const struct row with_is_checked[] = {
    {"part of a rule", "p if { input.x with data.t.q.r as 1 }\nq := {}",
     "!compile_error 2:21 with keyword cannot partially replace virtual document(s)"},
    {"no document", "p if { input.x with foo as 1 }",
     "!type_error 2:21 with keyword target must reference existing input, data, or a function"},
    {"builtin", "p if { count(input.x) == 1 with count as 1 }",
     "p = true { __local1__ = input.x with count as 1; count(__local1__, __local0__) with count as 1; __local0__ = 1 with "
     "count as 1 }"},
    {"function", "p if { f(1) with f as g }\nf(x) := x\ng(x) := x",
     "p = true { data.t.f(1) with data.t.f as data.t.g }\nf(__local0__) = __local0__ { true }\ng(__local1__) = __local1__ { "
     "true }"},
    {"relation", "p if { input.x with walk as 1 }",
     "!compile_error 2:21 with keyword replacing built-in function: target must not be a relation"},
    {"internal", "p if { input.x with internal.member_2 as 1 }",
     "!compile_error 2:21 with keyword replacing built-in function: replacement of internal function \"internal.member_2\" "
     "invalid"},
    {"eq", "p if { input.x with eq as 1 }",
     "!compile_error 2:21 with keyword replacing built-in function: replacement of \"eq\" invalid"},
    {"value is evaluated before", "p if { input.x with input as {\"x\": data.y[z]}; z = 1 }",
     "p = true { __local1__ = data.y[z]; __local0__ = {\"x\": __local1__}; input.x with input as __local0__; z = 1 }"},
};

Test(passes, with_is_checked)
{
    check_rows(with_is_checked, COUNT_OF(with_is_checked), REGO_V1);
}

static const struct row heads[] = {
    {"reference in a key", "p[input.x] := 1", "p[__local0__] = 1 { __local0__ = input.x }"},
    {"collection in a key", "p[[1]] := 1", "p[__local0__] = 1 { __local0__ = [1] }"},
    {"reference as value", "p := input.x", "p = __local0__ { __local0__ = input.x }"},
    {"closure as value", "p := [1 | input.x] if input.y", "p = __local0__ { input.y; __local0__ = [1 | input.x] }"},
    {"reference in an argument", "f([input.x]) := 1", "!unsafe_var_error 2:3 var input is unsafe"},
    {"general reference", "p.q[input.x].r[y] := 1 if y := 2",
     "p.q[__local0__].r[__local1__] = 1 { __local1__ = 2; __local0__ = input.x }"},
};

Test(passes, heads)
{
    check_rows(heads, COUNT_OF(heads), REGO_V1);
}

static const struct row reserved_names[] = {
    {"rule", "input := 1", "!compile_error 2:1 rules must not shadow input (use a different rule name)"},
    {"argument", "f(data) := 1", "!compile_error 2:1 args must not shadow data (use a different variable name)"},
    {"variable", "p if { input := 1; input == 1 }",
     "!compile_error 2:8 variables must not shadow input (use a different variable name)"},
};

Test(passes, reserved_names)
{
    check_rows(reserved_names, COUNT_OF(reserved_names), REGO_V1);
}

static const struct row version_zero[] = {
    {"rules of the package stay", "p { data := 1; q == 1 }\nq = 2", "p = true { __local0__ = 1; data.t.q = 1 }\nq = 2 { true }"},
    {"shadowed input", "p { input := 1; input == 1 }", "p = true { __local0__ = 1; __local0__ = 1 }"},
    {"with keeps the document", "p { input := 1; input == 1; data.q with input as 2 }",
     "p = true { __local0__ = 1; __local0__ = 1; data.q with input as 2 }"},
    {"partial set", "p[x] { x = input.a[_] }", "p contains x { x = input.a[_] }"},
    {"same imports", "import data.a.x\nimport data.b.x\np { x }", "p = true { data.b.x }"},
};

Test(passes, version_zero)
{
    check_rows(version_zero, COUNT_OF(version_zero), REGO_V0);
}
/* ---- options ---- */

Test(passes, strict_mode_reports_what_is_unused)
{
    static const struct row rows[] = {
        {"import", "import data.a\nimport data.b as c\np := c", "!compile_error 2:1 import data.a unused"},
        {"assigned", "p if { x := 1; y := 2; y == 2 }", "!compile_error 2:8 assigned var x unused"},
        {"argument", "f(x, _) := 1", "!compile_error 2:1 unused argument x. (hint: use _ (wildcard variable) instead)"},
        {"argument of an else branch", "f(x) := 1 if { input.y } else := x",
         "f(__local0__) = 1 { input.y }\nf(__local0__) = __local0__ { true }"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture f;
        set_up(&f, REGO_V1, SIZE_MAX);
        f.c.options.strict = true;
        compile(&f, rows[i].rules);
        cr_expect_str_eq(f.got, rows[i].want, "%s: %s", rows[i].name, f.got);
        compiler_fini(&f.c);
    }
}

Test(passes, prints_are_kept_on_demand)
{
    static const struct row rows[] = {
        {"operands may be undefined", "p if { x := 1; print(x, input.y) }",
         "p = true { __local0__ = 1; __local3__ = {__local1__ | __local1__ = __local0__}; "
         "__local4__ = {__local2__ | __local2__ = input.y}; internal.print([__local3__, __local4__]) }"},
        {"operands are bound before", "p if { print(x); x := 1 }", "!compile_error 2:18 var x referenced above"},
        {"operands are declared", "p if { print(y); input.x }", "!compile_error 2:14 var y is undeclared"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture f;
        set_up(&f, REGO_V1, SIZE_MAX);
        f.c.options.keep_prints = true;
        compile(&f, rows[i].rules);
        cr_expect_str_eq(f.got, rows[i].want, "%s: %s", rows[i].name, f.got);
        compiler_fini(&f.c);
    }
}

Test(passes, errors_stop_at_the_limit)
{
    static const uint32_t limits[] = {0, 1, 3, 20};
    static const size_t counts[] = {12, 2, 4, 12}; /* one more says that the limit was reached */
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct fixture f;
        set_up(&f, REGO_V1, SIZE_MAX);
        f.c.options.max_errors = limits[i];
        compile(&f, "p if { a > 1; b > 1; c > 1; d > 1; e > 1; f > 1; g > 1; h > 1; i > 1; j > 1; k > 1; l > 1 }");
        cr_expect_eq(f.c.diag_count, counts[i], "limit %u: %zu errors", limits[i], f.c.diag_count);
        bool is_marked = str_equal(f.c.diags[f.c.diag_count - 1].message, STR("error limit reached"));
        cr_expect_eq(is_marked, counts[i] < 12);
        compiler_fini(&f.c);
    }
}

Test(passes, forbidden_builtins_are_reported)
{
    struct fixture f;
    struct str names[] = {STR("http.send"), STR("count")};
    set_up(&f, REGO_V1, SIZE_MAX);
    f.c.options.unsafe_builtins = names;
    f.c.options.unsafe_builtin_count = COUNT_OF(names);
    compile(&f, "p if { count(input) == 1 }\nq if { http.send({}) }\nr if upper(\"x\") == \"X\"");
    cr_expect_str_eq(f.got, "!type_error 2:8 unsafe built-in function calls in expression: count\n"
                            "!type_error 3:8 unsafe built-in function calls in expression: http.send");
    compiler_fini(&f.c);
}

Test(passes, capabilities_say_what_there_is)
{
    struct fixture f;
    struct err e = {0};
    const struct json_options options = {.borrow = true};
    set_up(&f, REGO_V1, SIZE_MAX);
    struct str text = STR("{\"builtins\": [{\"name\": \"eq\"}, {\"name\": \"gt\"}], \"features\": [\"rego_v1\"]}");
    cr_assert_eq(json_parse(&f.c.arena, text, &options, &f.c.options.capabilities, &e), 0);
    compile(&f, "p if { input.x > 1 }\nq if { count(input.x) > 1 }");
    cr_expect_str_eq(f.got, "!type_error 3:8 undefined function count");
    compiler_fini(&f.c);
}

/* ---- several modules, base documents, the tree ---- */

Test(passes, modules_are_taken_by_name)
{
    struct fixture f;
    set_up(&f, REGO_V1, SIZE_MAX);
    bool ok = parse_module(&f.c, STR("b.rego"), STR("package t\np := x if { x := 1 }\n"));
    ok = parse_module(&f.c, STR("a.rego"), STR("package t\nq := x if { x := p }\n")) && ok;
    finish(&f, ok);
    cr_expect_str_eq(f.got, "q = __local0__ { __local0__ = data.t.p }\np = __local1__ { __local1__ = 1 }");
    compiler_fini(&f.c);
}

Test(passes, packages_and_rules_do_not_share_a_name)
{
    struct fixture f;
    set_up(&f, REGO_V1, SIZE_MAX);
    bool ok = parse_module(&f.c, STR("a.rego"), STR("package t\np.q := 1\n"));
    ok = parse_module(&f.c, STR("b.rego"), STR("package t.p.q\n")) && ok;
    finish(&f, ok);
    cr_expect_str_eq(f.got, "!type_error 1:1 package t.p.q conflicts with rule p.q defined at a.rego:2");
    compiler_fini(&f.c);
}

Test(passes, rules_do_not_stand_where_base_documents_are)
{
    static const struct row rows[] = {
        {"elsewhere", "{\"t\": {\"x\": 1}}", "p = 1 { true }"},
        {"there", "{\"t\": {\"p\": {}}}", "!compile_error 2:1 conflicting rule for data path t/p found"},
        {"no object above", "{\"t\": [1]}", "!compile_error 2:1 conflicting rule for data path t/p found"},
        {"other tree", "{\"s\": {\"p\": 1}}", "p = 1 { true }"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture f;
        struct err e = {0};
        const struct json_options options = {.borrow = true};
        set_up(&f, REGO_V1, SIZE_MAX);
        cr_assert_eq(json_parse(&f.c.arena, str_cstr(rows[i].rules), &options, &f.c.data, &e), 0);
        compile(&f, "p := 1");
        cr_expect_str_eq(f.got, rows[i].want, "%s: %s", rows[i].name, f.got);
        compiler_fini(&f.c);
    }
}

Test(passes, the_tree_has_rules_at_their_ground_prefix)
{
    struct fixture f;
    set_up(&f, REGO_V1, SIZE_MAX);
    compile(&f, "b := 1\na.x := 2\na[y].z := 3 if y := input.y\nc contains 1");
    const struct rule_node *t = f.c.rule_tree->children[0];
    cr_assert_eq(f.c.rule_tree->child_count, 1);
    cr_assert_eq(t->child_count, 3);
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        cr_expect(term_is_string(t->children[i]->key, names[i]));
        cr_expect_eq(t->children[i]->rule_count, 1);
        cr_expect_eq(t->children[i]->parent, t);
    }
    cr_expect_eq(t->children[0]->child_count, 1);
    cr_expect_eq(t->children[1]->id, t->children[0]->id + 2, "numbered in preorder");
    compiler_fini(&f.c);
}

Test(passes, rules_are_sorted_behind_what_they_need)
{
    struct fixture f;
    set_up(&f, REGO_V1, SIZE_MAX);
    compile(&f, "p if q\nq if data.t.r[_]\nr contains s\ns := 1");
    cr_assert_eq(f.c.passes->sorted_count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(f.c.passes->sorted[i]->number, 3 - i);
    compiler_fini(&f.c);
}

/* ---- queries ---- */

Test(passes, queries_bind_their_variables)
{
    struct fixture f;
    struct query q = {0};
    set_up(&f, REGO_V1, SIZE_MAX);
    f.c.query = &q;
    finish(&f, parse_query(&f.c, STR("x := input.a; y = x; some z in [x]; count([w | w := z]) > 0"), &q));
    static const char *const names[] = {"x", "y", "z"};
    cr_expect_eq(q.written.count, 4);
    cr_assert_eq(q.binding_count, COUNT_OF(names), "%zu: %s", q.binding_count, f.got);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        cr_expect_str_eq(q.bindings[i].name->text, names[i]);
    cr_expect_str_eq(q.bindings[1].renamed->text, "y");
    cr_expect_neq(q.bindings[0].renamed, q.bindings[0].name);
    compiler_fini(&f.c);
}

/* ---- memory ---- */

Test(passes, running_out_of_memory_ends_the_compilation)
{
    size_t refused = 0;
    for (uint64_t memory = 1000; memory < 300000; memory += memory / 8) {
        struct fixture f;
        set_up(&f, REGO_V1, memory);
        f.c.options.keep_prints = true;
        const char *text = "package t\nimport data.lib\n"
                           "p[x] := y if {\n"
                           "\tsome x, v in input.xs\n"
                           "\ty := [count(z) | some z in v; not q with input as z]\n"
                           "\tprint(y)\n}\n"
                           "q if { every a in input { lib.f(a) == $\"{a} {lib.g}\" } }\n"
                           "r := 1 if { q } else := {b: 1 | b := p[_]}\n";
        bool ok = parse_module(&f.c, STR("m.rego"), str_cstr(text)) && compiler_run(&f.c);
        cr_expect(ok || f.c.out_of_memory || f.c.arena.failed != ARENA_OK || f.c.diag_count > 0);
        refused += !ok;
        compiler_fini(&f.c);
    }
    cr_expect_gt(refused, 5);
}
