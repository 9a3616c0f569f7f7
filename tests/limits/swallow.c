/* SPDX-License-Identifier: Apache-2.0
 *
 * A limit that is hit ends the evaluation, wherever it is hit: nothing in the language turns it into undefined, false or a
 * default. Each bomb is an expression that hits a limit; each wrapper is a policy that would be decided without it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"

/* ---- what hits a limit: the member of struct quis_limits is set to limit ---- */

struct bomb {
    const char *what, *expression, *code;
    struct quis_limits limits;
};

#define LOOP "count([1 | some i in numbers.range(1, 2000); some j in numbers.range(1, 2000); i == j]) > 0"

static const struct bomb bombs[] = {
    {"fuel in a loop", LOOP, "limit_fuel", {.fuel = 300000}},
    {"fuel in a builtin", "count(numbers.range(1, 1000000)) > 0", "limit_fuel", {.fuel = 30000}},
    {"memory in a builtin", "count(numbers.range(1, 1000000)) > 0", "limit_memory", {.memory = 300000}},
    {"memory in a comprehension",
     "count({[i, j] | some i in numbers.range(1, 300); some j in numbers.range(1, 300)}) > 0",
     "limit_memory",
     {.memory = 600000}},
    {"depth of JSON",
     "count(json.unmarshal(`[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]`)) > 0",
     "limit_depth",
     {.json_depth = 20}},
    {"depth of JSON, asked for",
     "json.is_valid(`[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]`)",
     "limit_depth",
     {.json_depth = 20}},
    {"depth of calls", "c0(input)", "limit_depth", {.call_depth = 20}},
    {"output of sprintf", "count(sprintf(`%9000d`, [1])) > 0", "limit_output", {.output = 1000}},
    {"output of concat", "count(concat(`,`, numbers_as_strings)) > 0", "limit_output", {.output = 1000}},
    {"prints", "prints", "limit_output", {.prints = 20}},
    {"a regular expression",
     "regex.match(`^(a|a|aa)*$`, `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab`)",
     "limit_regex",
     {.regex = 20}},
    {"digits of a shift", "bits.lsh(1, 3000) > 0", "limit_bignum", {.bignum_digits = 500}},
    {"digits of a number in JSON", "json.unmarshal(`777777777777777777777777777777`) > 0", "limit_bignum", {.bignum_digits = 20}},
    {"digits of a number asked for", "json.is_valid(`777777777777777777777777777777`)", "limit_bignum", {.bignum_digits = 20}},
    {"the wall clock", LOOP, "limit_time", {.wall_ms = 20}},
    {"cancel", LOOP, "eval_cancel_error", {.wall_ms = 1000000}},
};

/* Text before and after the expression. */
static const struct wrapper {
    const char *what, *before, *after;
} wrappers[] = {
    {"nothing", "p if {\n", "\n}\n"},
    {"not", "p if {\nnot ", "\n}\n"},
    {"not not", "p if not q\nq if {\nnot ", "\n}\n"},
    {"default", "default p := false\np if {\n", "\n}\n"},
    {"else", "p := 1 if {\n", "\n} else := 2\n"},
    {"else of a function", "p := f(1)\nf(x) := 1 if {\nx == 1\n", "\n} else := 2\n"},
    {"another definition", "p if {\n", "\n}\np if true\n"},
    {"another definition of a function", "p if f(1)\nf(x) if {\nx == 1\n", "\n}\nf(x) if x == 1\n"},
    {"default of a function", "p if f(1)\ndefault f(_) := true\nf(x) if {\nx == 1\n", "\n}\n"},
    {"every", "p if {\nevery x in [1, 2] {\nx > 0\n", "\n}\n}\n"},
    {"not every", "p if {\nnot _e\n}\n_e if {\nevery x in [1, 2] {\nx > 0\n", "\n}\n}\n"},
    {"array comprehension", "p := [x | some x in [1, 2];", "]\n"},
    {"set comprehension", "p := {x | some x in [1, 2];", "}\n"},
    {"object comprehension", "p := {x: 1 | some x in [1, 2];", "}\n"},
    {"nested comprehensions", "p := [y | y := {x | some x in [1, 2]; not ", "}]\n"},
    {"partial set", "p contains x if {\nsome x in [1, 2]\n", "\n}\n"},
    {"partial object", "p[x] := 1 if {\nsome x in [\"a\", \"b\"]\n", "\n}\n"},
    {"one of several names", "p.a := 1 if {\n", "\n}\np.b := 2\n"},
    {"a document of rules", "p := count(data.test.q)\nq.a := 1 if {\n", "\n}\nq.b := 2\n"},
    {"an argument of a builtin", "p := object.get({}, \"a\", [1 | ", "])\n"},
    {"an argument of a builtin that fails", "p := json.unmarshal(sprintf(\"%v!\", [[1 | ", "]]))\n"},
    {"not around a builtin that fails", "p if {\nnot json.unmarshal(sprintf(\"%v!\", [[1 | ", "]]))\n}\n"},
    {"membership", "p if {\nnot 5 in [1 | ", "]\n}\n"},
    {"comparison", "p if {\n[1] != [1 | ", "]\n}\n"},
    {"unification", "p if {\nnot _u\n}\n_u if {\n[2] = [1 | ", "]\n}\n"},
    {"with input", "p if {\nnot q with input.a as 1\n}\nq if {\ninput.a == 1\n", "\n}\n"},
    {"with a value", "p if {\nnot input.b with input.a as [1 | ", "]\n}\n"},
    {"with data", "p if {\nnot q with data.a as 1\n}\nq if {\ndata.a == 1\n", "\n}\n"},
    {"with a function", "p if {\nnot g(1) with g as f\n}\ng(x) if x == 2\nf(x) if {\nx == 1\n", "\n}\n"},
    {"with a builtin", "p if {\nnot count([]) == 0 with count as f\n}\nf(_) := 1 if {\n", "\n}\n"},
    {"remembered rules", "p if {\nnot q\nnot q\n}\nq if {\n", "\n}\n"},
    {"walk", "p if {\nnot _w\n}\n_w if {\nwalk([1 | ", "], [_, 5])\n}\n"},
    {"iteration", "p if {\nnot _i\n}\n_i if {\nsome x in [1 | ", "]\nx == 5\n}\n"},
    {"a key that is not there", "p if {\nnot {\"a\": 1}[sprintf(\"%v\", [[1 | ", "]])]\n}\n"},
    {"print", "p if {\nprint([1 | ", "])\n}\n"},
};

static const char library[] = "prints if {\n\tprint(\"a line of some length\")\n\tprint(\"another one\")\n}\n"
                              "numbers_as_strings := [s | some i in numbers.range(1, 1000); s := sprintf(\"%d\", [i])]\n";

/* ---- a host whose clock runs, or cancels ---- */

struct host {
    int64_t clock;
    struct quis_vm *cancel; /* NULL: nothing */
};

static int64_t tick(void *ctx)
{
    struct host *h = ctx;
    if (h->clock++ > 3 && h->cancel != NULL)
        quis_vm_cancel(h->cancel);
    return h->clock * 10;
}

static void ignore_print(void *ctx, struct quis_text line, struct quis_text file, uint32_t row)
{
    (void)ctx, (void)line, (void)file, (void)row;
}

static void add_chain_of_calls(struct text *t)
{
    for (int i = 0; i < 40; i++)
        text_printf(t, "c%d(x) if c%d(x)\n", i, i + 1);
    text_printf(t, "c40(x) if not x\n");
}

static void try(const struct bomb *b, const struct wrapper *w, bool strict)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    struct quis_engine *engine;
    struct quis_error e = QUIS_ERROR_INIT;
    struct policy p;
    struct quis_value v;
    struct host host = {0};
    struct text t = {0};
    text_printf(&t, "package test\n%s%s%s%s", library, w->before, b->expression, w->after);
    add_chain_of_calls(&t);
    o.limits = b->limits;
    o.grants.monotonic_ms = tick;
    o.grants.print = ignore_print;
    o.grant_ctx = &host;
    o.strict_builtin_errors = strict;
    if (quis_engine_new(&o, &engine, &e) != 0 || policy_new(engine, text_get(&t), t.len, &p, &e) != 0) {
        check(false, "%s in %s: %s:%u: %s", b->what, w->what, e.code, e.row, e.text);
        text_free(&t);
        return;
    }
    host.cancel = strcmp(b->what, "cancel") == 0 ? p.vm : NULL;
    for (int run = 0; run < 2; run++) { /* the second time the VM has seen it all */
        host.clock = 0;
        int status = policy_eval(&p, "{\"x\":1}", &v, &e);
        check(status == -1 && strcmp(e.code, b->code) == 0, "%s in %s%s: %s instead of %s: %s", b->what, w->what,
              strict ? " (strict)" : "", status == 0 ? "a value" : e.code, b->code, e.text);
    }
    policy_free(&p);
    quis_engine_unref(engine);
    text_free(&t);
}

int main(void)
{
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
        for (size_t j = 0; j < sizeof wrappers / sizeof *wrappers; j++)
            for (int strict = 0; strict < 2; strict++)
                try(&bombs[i], &wrappers[j], strict);
    return check_finish();
}
