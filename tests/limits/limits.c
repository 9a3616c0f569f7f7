/* SPDX-License-Identifier: Apache-2.0
 *
 * Every limit at its edge, through the public interface: what takes exactly as much as the limit allows passes, and one more
 * ends with the error of the limit's row, whose text names the limit.
 *
 * A probe does something that takes amount of a limit while the limit is set to limit. Where how much is taken cannot be told
 * beforehand (fuel, memory), the edge is searched for first: below it everything fails in the same way, from it on all passes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"

struct subject {
    struct text text; /* of a policy, a document or an input, made for amount */
    struct quis_limits limits;
    struct quis_error error;
    struct quis_usage usage;
    int64_t clock; /* of the host: a millisecond later whenever it is read */
};

static int64_t tick(void *ctx)
{
    struct subject *s = ctx;
    return s->clock++;
}

static void ignore_print(void *ctx, struct quis_text line, struct quis_text file, uint32_t row)
{
    (void)ctx, (void)line, (void)file, (void)row;
}

static struct quis_engine *engine_with(struct subject *s)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    struct quis_engine *engine;
    o.limits = s->limits;
    o.grants.monotonic_ms = tick;
    o.grants.print = ignore_print;
    o.grant_ctx = s;
    if (quis_engine_new(&o, &engine, &s->error) != 0)
        abort();
    return engine;
}

/* 0: the policy is true; 1: it is anything else, which no probe expects; -1: an error. */
static int decide_policy(struct subject *s, const char *policy, size_t size, const char *input)
{
    struct policy p;
    struct quis_value v;
    struct quis_engine *engine = engine_with(s);
    int status = policy_new(engine, policy, size, &p, &s->error);
    if (status == 0) {
        status = policy_eval(&p, input, &v, &s->error);
        quis_vm_usage(p.vm, &s->usage);
        if (status == 0)
            status = quis_value_is_true(&v) ? 0 : 1;
        policy_free(&p);
    }
    quis_engine_unref(engine);
    return status;
}

static int decide(struct subject *s)
{
    return decide_policy(s, text_get(&s->text), s->text.len, NULL);
}

#define HEAD "package test\nimport rego.v1\n"

/* ---- probes: of what takes an amount that is known ---- */

static void repeat(struct text *t, const char *what, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        text_add(t, what, strlen(what));
}

static int try_calls_of_rules(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if r%d\n", 2); /* the entry is the first call */
    for (uint64_t i = 2; i < amount; i++)
        text_printf(&s->text, "r%d if r%d\n", (int)i, (int)i + 1);
    text_printf(&s->text, "r%d if input.x\n", (int)amount);
    return decide_policy(s, text_get(&s->text), s->text.len, "{\"x\":true}");
}

static int try_calls_of_functions(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if f%d(input.x)\n", 2);
    for (uint64_t i = 2; i < amount; i++)
        text_printf(&s->text, "f%d(x) if f%d(x)\n", (int)i, (int)i + 1);
    text_printf(&s->text, "f%d(x) if x\n", (int)amount);
    return decide_policy(s, text_get(&s->text), s->text.len, "{\"x\":true}");
}

static void nest(struct text *t, uint64_t amount)
{
    repeat(t, "[", amount);
    repeat(t, "]", amount);
}

static int parse_document(struct subject *s)
{
    struct quis_document *d;
    struct quis_engine *engine = engine_with(s);
    int status = quis_document_parse(engine, text_get(&s->text), s->text.len, &d, &s->error);
    if (status == 0)
        quis_document_unref(d);
    quis_engine_unref(engine);
    return status;
}

static int try_document_depth(struct subject *s, uint64_t amount)
{
    nest(&s->text, amount);
    return parse_document(s);
}

static int try_input_depth(struct subject *s, uint64_t amount)
{
    static const char policy[] = HEAD "p if input\n";
    nest(&s->text, amount);
    return decide_policy(s, policy, strlen(policy), text_get(&s->text));
}

static int try_update_depth(struct subject *s, uint64_t amount)
{
    struct quis_document *d, *updated;
    struct quis_engine *engine = engine_with(s);
    repeat(&s->text, "/a", amount);
    if (quis_document_parse(engine, "{}", 2, &d, &s->error) != 0)
        abort();
    int status = quis_document_update(d, text_get(&s->text), "1", 1, &updated, &s->error);
    if (status == 0)
        quis_document_unref(updated);
    quis_document_unref(d);
    quis_engine_unref(engine);
    return status;
}

static int try_unmarshal_depth(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if json.unmarshal(`");
    nest(&s->text, amount);
    text_printf(&s->text, "`)\n");
    return decide(s);
}

static int try_is_valid_depth(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if json.is_valid(`");
    nest(&s->text, amount);
    text_printf(&s->text, "`)\n");
    return decide(s);
}

/* The values that the machine makes: each rule holds the one before. */
static int try_value_depth(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if r%d\nr1 := [input]\n", (int)amount);
    for (uint64_t i = 2; i <= amount; i++)
        text_printf(&s->text, "r%d := [r%d]\n", (int)i, (int)i - 1);
    s->limits.call_depth = 65535;
    return decide_policy(s, text_get(&s->text), s->text.len, "1");
}

static int try_parse_depth(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if x\nx := ");
    nest(&s->text, amount);
    text_printf(&s->text, "\n");
    return decide(s);
}

static int try_concat_output(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if concat(\"\", [input.x, \"y\"])\n");
    struct text input = {0};
    text_printf(&input, "{\"x\":\"");
    repeat(&input, "x", amount - 1);
    text_printf(&input, "\"}");
    int status = decide_policy(s, text_get(&s->text), s->text.len, text_get(&input));
    text_free(&input);
    return status;
}

static int try_sprintf_output(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if sprintf(\"%%*d\", [%d, 1])\n", (int)amount);
    return decide(s);
}

static int try_result_output(struct subject *s, uint64_t amount)
{
    static const char policy[] = HEAD "p := input\n";
    struct policy p;
    struct quis_value v;
    struct quis_text json;
    struct quis_engine *engine = engine_with(s);
    text_printf(&s->text, "[\"");
    repeat(&s->text, "x", amount - 4);
    text_printf(&s->text, "\"]");
    if (policy_new(engine, policy, strlen(policy), &p, &s->error) != 0 || policy_eval(&p, text_get(&s->text), &v, &s->error) != 0)
        abort();
    int status = quis_vm_json(p.vm, &v, &json, &s->error);
    policy_free(&p);
    quis_engine_unref(engine);
    return status;
}

static int try_prints(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if {\n\tprint(\"");
    repeat(&s->text, "x", amount / 2 - 1); /* and the end of the line */
    text_printf(&s->text, "\")\n\tprint(\"");
    repeat(&s->text, "x", amount - amount / 2 - 1);
    text_printf(&s->text, "\")\n}\n");
    return decide(s);
}

static int try_document_digits(struct subject *s, uint64_t amount)
{
    repeat(&s->text, "7", amount);
    return parse_document(s);
}

static int try_fraction_digits(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, "-0.00");
    repeat(&s->text, "7", amount);
    return parse_document(s);
}

static int try_input_digits(struct subject *s, uint64_t amount)
{
    static const char policy[] = HEAD "p if input\n";
    repeat(&s->text, "7", amount);
    return decide_policy(s, policy, strlen(policy), text_get(&s->text));
}

static int try_product_digits(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if input.x * 10\n");
    struct text input = {0};
    text_printf(&input, "{\"x\":");
    repeat(&input, "7", amount - 1);
    text_printf(&input, "}");
    int status = decide_policy(s, text_get(&s->text), s->text.len, text_get(&input));
    text_free(&input);
    return status;
}

static int try_sum_digits(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if input.x + 1\n");
    struct text input = {0};
    text_printf(&input, "{\"x\":");
    repeat(&input, "9", amount - 1);
    text_printf(&input, "}");
    int status = decide_policy(s, text_get(&s->text), s->text.len, text_get(&input));
    text_free(&input);
    return status;
}

static int call_on_digits(struct subject *s, const char *call, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if %s(`", call);
    repeat(&s->text, "7", amount);
    text_printf(&s->text, "`)\n");
    return decide(s);
}

static int try_to_number_digits(struct subject *s, uint64_t amount)
{
    return call_on_digits(s, "to_number", amount);
}

static int try_unmarshal_digits(struct subject *s, uint64_t amount)
{
    return call_on_digits(s, "json.unmarshal", amount);
}

static int try_units_digits(struct subject *s, uint64_t amount)
{
    return call_on_digits(s, "units.parse", amount);
}

static int try_source_bytes(struct subject *s, uint64_t amount)
{
    text_printf(&s->text, HEAD "p if true\n#");
    repeat(&s->text, "x", amount - s->text.len);
    return decide(s);
}

/* ---- probes: of what takes as much as it takes, which the search finds ---- */

static int try_fuel(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if count([x | some x in numbers.range(1, 50); f(x)]) == 25\nf(x) if x %% 2 == 0\n");
    return decide(s);
}

static int try_fuel_of_builtins(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if count(crypto.sha256(concat(\",\", split(sprintf(\"%%300d\", [1]), \" \")))) > 0\n");
    return decide(s);
}

static int try_fuel_straight(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if count([1, 2, input.x]) == 3\n"); /* the last instructions never jump */
    return decide_policy(s, text_get(&s->text), s->text.len, "{\"x\":1}");
}

static int try_memory(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if count({[x, y] | some x in numbers.range(1, 60); some y in numbers.range(1, 60)}) == 3600\n");
    return decide(s);
}

static int try_memory_of_input(struct subject *s, uint64_t amount)
{
    static const char policy[] = HEAD "p if input\n";
    (void)amount;
    text_printf(&s->text, "[0");
    repeat(&s->text, ",0", 5000);
    text_printf(&s->text, "]");
    return decide_policy(s, policy, strlen(policy), text_get(&s->text));
}

static int try_memory_of_strings(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if count(sprintf(\"%%300000d\", [1])) > count(sprintf(\"%%150000d\", [1]))\n");
    return decide(s);
}

static int try_regex(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if not regex.match(`^(a|a|aa)*$`, `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab`)\n");
    return decide(s);
}

static int try_compile_memory(struct subject *s, uint64_t amount)
{
    (void)amount;
    text_printf(&s->text, HEAD "p if r0\n");
    for (int i = 0; i < 60; i++)
        text_printf(&s->text, "r%d if { some x in [1, 2, 3]; x > %d; r%d }\n", i, i % 3, i + 1);
    text_printf(&s->text, "r60 if true\np if true\n");
    return decide(s);
}

static int try_program_bytes(struct subject *s, uint64_t amount)
{
    static const char policy[] = HEAD "p if input.x in [1, 2, 3]\n";
    struct policy p;
    struct quis_program *loaded;
    struct quis_text bytes;
    struct quis_limits limits = s->limits;
    (void)amount;
    s->limits = (struct quis_limits){0};
    struct quis_engine *engine = engine_with(s);
    s->limits = limits;
    if (policy_new(engine, policy, strlen(policy), &p, &s->error) != 0 || quis_program_bytes(p.program, &bytes, &s->error) != 0)
        abort();
    struct quis_engine *small = engine_with(s);
    int status = quis_program_load(small, bytes.data, bytes.size, &loaded, &s->error);
    if (status == 0)
        quis_program_unref(loaded);
    policy_free(&p);
    quis_engine_unref(small);
    quis_engine_unref(engine);
    return status;
}

/* ---- the table ---- */

typedef int (*probe_fn)(struct subject *s, uint64_t amount);

struct row {
    const char *limit;
    size_t offset; /* of the member of struct quis_limits */
    const char *what;
    probe_fn probe;
    uint64_t amount; /* 0: to be searched for */
    const char *code;
    const char *names; /* what the text says of the limit; NULL: limit 'name' */
    uint64_t slack;    /* what may be more than the limit without being noticed */
};

#define ROW(limit, what, probe, amount, code)                                                                                    \
    {                                                                                                                            \
#limit, offsetof(struct quis_limits, limit), what, probe, amount, code, NULL                                             \
    }
#define ROW_SLACK(limit, what, probe, amount, code, slack)                                                                       \
    {                                                                                                                            \
#limit, offsetof(struct quis_limits, limit), what, probe, amount, code, NULL, slack                                      \
    }
#define ROW_SAYS(limit, what, probe, amount, code, says)                                                                         \
    {                                                                                                                            \
#limit, offsetof(struct quis_limits, limit), what, probe, amount, code, says                                             \
    }

static const struct row rows[] = {
    ROW(fuel, "loops and functions", try_fuel, 0, "limit_fuel"),
    ROW(fuel, "builtins", try_fuel_of_builtins, 0, "limit_fuel"),
    ROW(fuel, "instructions without a jump", try_fuel_straight, 0, "limit_fuel"),
    ROW(memory, "comprehensions", try_memory, 0, "limit_memory"),
    ROW(memory, "the input", try_memory_of_input, 0, "limit_memory"),
    ROW(memory, "strings", try_memory_of_strings, 0, "limit_memory"),
    ROW(call_depth, "rules", try_calls_of_rules, 40, "limit_depth"),
    ROW(call_depth, "many rules", try_calls_of_rules, 1024, "limit_depth"),
    ROW(call_depth, "functions", try_calls_of_functions, 40, "limit_depth"),
    ROW(json_depth, "a document", try_document_depth, 30, "limit_depth"),
    ROW(json_depth, "a deep document", try_document_depth, 10000, "limit_depth"),
    ROW(json_depth, "the input", try_input_depth, 30, "limit_depth"),
    ROW(json_depth, "the path of an update", try_update_depth, 30, "limit_depth"),
    ROW(json_depth, "json.unmarshal", try_unmarshal_depth, 30, "limit_depth"),
    ROW(json_depth, "json.is_valid", try_is_valid_depth, 30, "limit_depth"),
    ROW_SLACK(json_depth, "values", try_value_depth, 300, "limit_depth", 4200),
    ROW_SAYS(parse_depth, "arrays", try_parse_depth, 100, "rego_parse_error", "max parsing recursion depth exceeded"),
    ROW(output, "concat", try_concat_output, 100, "limit_output"),
    ROW(output, "sprintf", try_sprintf_output, 100, "limit_output"),
    ROW(output, "a long text", try_sprintf_output, 900000, "limit_output"),
    ROW(output, "the text of the result", try_result_output, 100, "limit_output"),
    ROW(prints, "two lines", try_prints, 100, "limit_output"),
    ROW(regex, "steps", try_regex, 0, "limit_regex"),
    ROW(bignum_digits, "a document", try_document_digits, 40, "limit_bignum"),
    ROW(bignum_digits, "a long number", try_document_digits, 65536, "limit_bignum"),
    ROW(bignum_digits, "a fraction", try_fraction_digits, 40, "limit_bignum"),
    ROW(bignum_digits, "the input", try_input_digits, 40, "limit_bignum"),
    ROW(bignum_digits, "a product", try_product_digits, 400, "limit_bignum"),
    ROW(bignum_digits, "a sum", try_sum_digits, 400, "limit_bignum"),
    ROW(bignum_digits, "to_number", try_to_number_digits, 40, "limit_bignum"),
    ROW(bignum_digits, "json.unmarshal", try_unmarshal_digits, 40, "limit_bignum"),
    ROW(bignum_digits, "units.parse", try_units_digits, 40, "limit_bignum"),
    ROW(source_bytes, "a source", try_source_bytes, 200, "limit_size"),
    ROW(program_bytes, "a program file", try_program_bytes, 0, "limit_size"),
    ROW(compile_memory, "a compilation", try_compile_memory, 0, "limit_memory"),
};

static void set_limit(struct subject *s, const struct row *r, uint64_t value)
{
    memcpy((char *)&s->limits + r->offset, &value, sizeof value);
}

static int try_row(const struct row *r, struct subject *s, uint64_t limit, uint64_t amount)
{
    *s = (struct subject){0};
    set_limit(s, r, limit);
    int status = r->probe(s, amount);
    text_free(&s->text);
    return status;
}

static bool is_hit(const struct row *r, const struct subject *s)
{
    char name[64];
    snprintf(name, sizeof name, "limit '%s'", r->limit);
    return strcmp(s->error.code, r->code) == 0 && strstr(s->error.text, r->names != NULL ? r->names : name) != NULL;
}

static void check_known(const struct row *r)
{
    struct subject s;
    int status = try_row(r, &s, r->amount, r->amount);
    check(status == 0, "%s, %s: at the limit: %d %s: %s", r->limit, r->what, status, s.error.code, s.error.text);
    status = try_row(r, &s, r->amount, r->amount + r->slack + 1);
    check(status == -1 && is_hit(r, &s), "%s, %s: one past the limit: %d %s: %s", r->limit, r->what, status, s.error.code,
          s.error.text);
}

/* The least limit that is enough, between 1 and 2^32. */
static uint64_t find_edge(const struct row *r)
{
    uint64_t low = 1, high = (uint64_t)1 << 32;
    struct subject s;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (try_row(r, &s, middle, 0) == 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void check_searched(const struct row *r)
{
    struct subject s;
    uint64_t edge = find_edge(r);
    int status = try_row(r, &s, edge, 0);
    check(status == 0 && edge > 1, "%s, %s: at the limit %llu: %d %s: %s", r->limit, r->what, (unsigned long long)edge, status,
          s.error.code, s.error.text);
    for (uint64_t below = 1; below < edge; below += below < 40 || below > edge - 40 ? 1 : (edge - 40 - below) / 4 + 1) {
        status = try_row(r, &s, below, 0);
        if (!check(status == -1 && is_hit(r, &s), "%s, %s: limit %llu, where %llu is enough: %d %s: %s", r->limit, r->what,
                   (unsigned long long)below, (unsigned long long)edge, status, s.error.code, s.error.text))
            return;
        if (strcmp(r->limit, "fuel") == 0)
            check(s.usage.fuel == below, "fuel, %s: %llu used of %llu", r->what, (unsigned long long)s.usage.fuel,
                  (unsigned long long)below);
        if (strcmp(r->limit, "memory") == 0)
            check(s.usage.bytes <= below, "memory, %s: %llu used of %llu", r->what, (unsigned long long)s.usage.bytes,
                  (unsigned long long)below);
    }
    if (strcmp(r->limit, "fuel") == 0) {
        (void)try_row(r, &s, edge + 1000000, 0);
        check(s.usage.fuel == edge, "fuel, %s: %llu used without a limit, but %llu is enough", r->what,
              (unsigned long long)s.usage.fuel, (unsigned long long)edge);
    }
}

/* ---- each row of limits.def has one here ---- */

static void check_complete(void)
{
    static const char *const names[] = {
#define LIMIT(name, default_value, maximum, unit, error, doc) #name,
#include "vm/limits.def"
#undef LIMIT
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool found = strcmp(names[i], "wall_ms") == 0; /* below */
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
            found = found || strcmp(rows[r].limit, names[i]) == 0;
        check(found, "no row for the limit %s", names[i]);
    }
}

/* ---- limits above their maximum are cut, not believed ---- */

static void check_maximum(void)
{
    struct subject s = {.limits = {.json_depth = UINT64_MAX, .bignum_digits = UINT64_MAX, .call_depth = UINT64_MAX}};
    nest(&s.text, 20000);
    check(parse_document(&s) == 0, "20000 levels: %s", s.error.text);
    text_clear(&s.text);
    nest(&s.text, 20001);
    check(parse_document(&s) != 0 && strcmp(s.error.code, "limit_depth") == 0, "20001 levels: %s: %s", s.error.code,
          s.error.text);
    text_free(&s.text);
}

/* ---- wall clock and cancel ---- */

static const char forever[] = HEAD
    "p if count([1 | some x in numbers.range(1, 100000); some y in numbers.range(1, 100000); x == y]) < 0\n";

static void check_wall_clock(void)
{
    struct subject s = {.limits = {.wall_ms = 20}};
    int status = decide_policy(&s, forever, strlen(forever), NULL);
    check(status == -1 && strcmp(s.error.code, "limit_time") == 0 && strstr(s.error.text, "limit 'wall_ms'") != NULL,
          "wall_ms: %d %s: %s", status, s.error.code, s.error.text);
    check(s.clock >= 22 && s.clock <= 23, "wall_ms: 20 allowed, stopped when the clock was read %d times", (int)s.clock);
}

static void *cancel_when_ticking(void *arg)
{
    struct policy *p = arg;
    for (int i = 0; i < 200; i++) {
        struct timespec pause = {0, 1000000};
        nanosleep(&pause, NULL);
        quis_vm_cancel(p->vm);
    }
    return NULL;
}

static void check_cancel(const char *policy, const char *what)
{
    struct subject s = {.limits = {.fuel = UINT64_MAX}};
    struct policy p;
    struct quis_value v;
    pthread_t thread;
    struct quis_engine *engine = engine_with(&s);
    if (policy_new(engine, policy, strlen(policy), &p, &s.error) != 0 ||
        pthread_create(&thread, NULL, cancel_when_ticking, &p) != 0)
        abort();
    int status = policy_eval(&p, NULL, &v, &s.error);
    pthread_join(thread, NULL);
    check(status == -1 && strcmp(s.error.code, "eval_cancel_error") == 0, "cancel, %s: %d %s: %s", what, status, s.error.code,
          s.error.text);
    policy_free(&p);
    quis_engine_unref(engine);
}

/* ---- a VM's past does not matter ---- */

static void check_reuse(void)
{
    static const char policy[] = HEAD "p if count(numbers.range(1, input.n)) == input.n\n";
    struct subject s = {0};
    struct policy p;
    struct quis_value v;
    struct quis_usage fresh, again;
    struct quis_engine *engine = engine_with(&s);
    if (policy_new(engine, policy, strlen(policy), &p, &s.error) != 0)
        abort();
    (void)policy_eval(&p, "{\"n\":3000}", &v, NULL);
    quis_vm_usage(p.vm, &fresh);
    for (int n = 10; n <= 1000000; n *= 10) {
        char input[64];
        snprintf(input, sizeof input, "{\"n\":%d}", n);
        (void)policy_eval(&p, input, &v, NULL);
        (void)policy_eval(&p, "{\"n\":3000}", &v, NULL);
        quis_vm_usage(p.vm, &again);
        check(fresh.fuel == again.fuel && fresh.bytes == again.bytes, "after %d: %llu units, %llu bytes; at first %llu, %llu", n,
              (unsigned long long)again.fuel, (unsigned long long)again.bytes, (unsigned long long)fresh.fuel,
              (unsigned long long)fresh.bytes);
    }
    struct quis_limits small = {.memory = 20000};
    quis_vm_set_limits(p.vm, &small); /* smaller than what the VM holds */
    int status = policy_eval(&p, "{\"n\":3000}", &v, &s.error);
    check(status == -1 && strcmp(s.error.code, "limit_memory") == 0, "a smaller limit: %d %s", status, s.error.code);
    status = policy_eval(&p, "{\"n\":300}", &v, &s.error);
    check(status == 0 && quis_value_is_true(&v), "what fits into the smaller limit: %d %s", status, s.error.text);
    policy_free(&p);
    quis_engine_unref(engine);
}

int main(void)
{
    check_complete();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].amount != 0)
            check_known(&rows[i]);
        else
            check_searched(&rows[i]);
    }
    check_maximum();
    check_wall_clock();
    check_cancel(forever, "loops");
    check_cancel(HEAD "p if count([1 | some i in numbers.range(1, 1000000); count(numbers.range(1, 10000)) == i]) < 0\n",
                 "builtins");
    check_reuse();
    return check_finish();
}
