/* SPDX-License-Identifier: Apache-2.0
 *
 * What happens when memory or a budget runs out: for each of a set of policies, at every single place.
 *
 * The sweep of allocations fails the nth one, for each n, through the allocator hook, over compiling, sealing, making a VM,
 * reading the data and evaluating; all that is answered is out_of_memory, limit_memory, or what is answered with memory. What was
 * taken is given back. The sweep of budgets does the same with each small limit of fuel and of memory, then in steps of an
 * eighth.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"

static const char data[] = "{\"users\":{\"ann\":[\"r\",\"w\"],\"bob\":[\"r\"]},\"list\":[3,1,2],\"big\":12345678901234567890123}";
static const char input[] =
    "{\"user\":\"ann\",\"n\":7,\"list\":[{\"k\":1,\"v\":\"x\"},{\"k\":2,\"v\":\"y\"}],\"text\":\"a,b,c\"}";

/* Bodies of policies: p and what it needs. */
static const char *const policies[] = {
    "p if input.user == \"ann\"",
    "p := data.users[input.user]",
    "default p := false\np if { some r in data.users[input.user]; r == \"w\" }",
    "p := 1 if input.n > 9 else := 2 if input.n > 8 else := 3",
    "p contains x if some x in data.list\np contains x if x := input.n",
    "p[k] := v if some k, v in data.users",
    "p.a.b := 1\np.a[x] := 2 if some x in [\"c\", \"d\"]",
    "p := {k: v | some i; e := input.list[i]; k := e.k; v := [e.v | i >= 0]}",
    "p if every x in data.list { x > 0; not x == 9 }",
    "p := f(input.n) + f(2)\nf(x) := y if { x > 5; y := x * 2 }\nf(x) := x if x <= 5",
    "p := x if x := q with input.user as \"bob\" with data.users.bob as [1, 2]\nq := data.users[input.user]",
    "p := x if x := q with count as f\nq := count([1, 2])\nf(_) := 7",
    "p := count([x | walk(data.users, [_, x])])",
    "p := sprintf(\"%v %s %d %5.2f %x\", [data.users, input.user, input.n, 1.5, 255])",
    "p := [data.big * data.big, data.big % 97, 1 / 3, -data.big, bits.lsh(1, 90), 0.1 + 0.2]",
    "p := [sort(data.list), sum(data.list), max(data.list), numbers.range(1, 5), array.slice(data.list, 1, 2)]",
    "p := [regex.match(`^[a-z]+(foo|n)*$`, input.user), regex.split(`,`, input.text), regex.find_n(`\\w`, input.text, 2)]",
    "p := [glob.match(\"{a,b}*\", [], input.user), regex.replace(input.text, `,`, `;`), regex.globs_match(`a.*`, `[a-c]x`)]",
    "p := [split(input.text, \",\"), upper(input.user), replace(input.text, \",\", \"--\"), strings.reverse(input.user)]",
    "p := json.unmarshal(json.marshal({\"a\": [1, 2.5, \"x\", null, {\"b\": data.users}]}))",
    "p := json.patch({\"a\": {\"b\": 1}}, [{\"op\": \"add\", \"path\": \"/a/c\", \"value\": 2}, {\"op\": \"remove\", "
    "\"path\": \"/a/b\"}])",
    "p := [object.union({\"a\": {\"b\": 1}}, {\"a\": {\"c\": 2}}), object.filter(input, [\"n\"]), object.keys(data.users)]",
    "p := [{1, 2} | {3}, {1, 2} & {2}, {1, 2} - {2}, union({{1}, {2}}), intersection({{1}, {1, 2}})]",
    "p := [base64.encode(input.text), base64url.decode(\"YSxi\"), urlquery.encode_object({\"a\": \"b\"}), hex.encode(\"x\")]",
    "p := [crypto.sha256(input.text), crypto.hmac.sha512(\"a\", \"k\"), crypto.md5(\"\")]",
    "p := io.jwt.decode_verify(\"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA\", {\"secret\": \"k\"})",
    "p := [time.parse_rfc3339_ns(\"2020-01-02T03:04:05Z\"), time.date(0), time.format([0, \"UTC\", \"2006\"]), "
    "time.parse_duration_ns(\"1h\")]",
    "p := [net.cidr_contains(\"10.0.0.0/8\", \"10.1.2.3\"), net.cidr_expand(\"10.0.0.0/30\"), "
    "net.cidr_merge([\"10.0.0.0/9\", \"10.128.0.0/9\"])]",
    "p := [semver.compare(\"1.2.3\", \"1.2.4-a\"), units.parse(\"1.5Ki\"), units.parse_bytes(\"2MB\"), "
    "uuid.parse(\"00000000-0000-4000-8000-000000000000\")]",
    "p := yaml.unmarshal(yaml.marshal({\"a\": [1, {\"b\": \"x: y\"}], \"c\": null}))",
    "p := json.match_schema({\"a\": 1}, {\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", "
    "\"pattern\": \"^x\"}}, \"required\": [\"b\"]})",
    "p := graphql.is_valid(\"query { a(x: 1) { b } }\", \"type Query { a(x: Int): T } type T { b: String }\")",
    "p := [graph.reachable({\"a\": [\"b\"], \"b\": [\"c\"], \"c\": []}, {\"a\"}), graph.reachable_paths({\"a\": [\"b\"], "
    "\"b\": []}, {\"a\"})]",
    "p := strings.render_template(\"{{range .x}}{{.}},{{end}}{{printf `%d` .n}}\", {\"x\": [1, 2], \"n\": 3})",
    "p if { print(\"x\", input.user, {x | some x in data.list}); true }",
    "p := x if { [x, {\"k\": _, \"v\": _}] := [1, input.list[0]]; some y in {1, 2, 3}; y > 2 }",
    "p := 1 if input.n > 0\np := 2 if input.n > 1", /* a conflict */
    "p := object.get(data.users, [\"ann\", 0], \"none\")",
    "p := rego.parse_module(\"a.rego\", \"package a\\np if input.x == 1\").package.path",
    "# METADATA\n# title: t\np := rego.metadata.rule().title",
};

/* ---- a heap that fails when told ---- */

struct heap {
    size_t used;
    uint64_t count, fail_at; /* allocations from 1; 0: none fails */
};

static void *failing(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    struct heap *h = ctx;
    if (new_size == 0) {
        free(ptr);
        h->used -= old_size;
        return NULL;
    }
    if (++h->count == h->fail_at)
        return NULL;
    void *p = realloc(ptr, new_size);
    if (p != NULL)
        h->used += new_size - old_size;
    return p;
}

static void ignore_print(void *ctx, struct quis_text line, struct quis_text file, uint32_t row)
{
    (void)ctx, (void)line, (void)file, (void)row;
}

/* ---- one run, from text to answer ---- */

struct answer {
    struct quis_error error;
    struct text json;
    struct quis_usage usage;
};

static int evaluate(struct policy *p, struct quis_document *d, struct answer *ret)
{
    struct quis_value v;
    struct quis_text json;
    quis_vm_set_data(p->vm, d);
    int status = policy_eval(p, input, &v, &ret->error);
    quis_vm_usage(p->vm, &ret->usage);
    if (status == 0 && quis_value_kind(&v) != QUIS_UNDEFINED)
        status = quis_vm_json(p->vm, &v, &json, &ret->error);
    if (status == 0 && quis_value_kind(&v) != QUIS_UNDEFINED)
        text_add(&ret->json, json.data, json.size);
    return status;
}

static int run(const struct text *policy, const struct quis_options *o, struct answer *ret)
{
    struct quis_engine *engine;
    struct quis_document *d;
    struct policy p;
    *ret = (struct answer){0};
    if (quis_engine_new(o, &engine, &ret->error) != 0)
        return -1;
    int status = policy_new(engine, text_get(policy), policy->len, &p, &ret->error);
    if (status == 0) {
        status = quis_document_parse(engine, data, strlen(data), &d, &ret->error);
        if (status == 0) {
            status = evaluate(&p, d, ret);
            quis_document_unref(d);
        }
        policy_free(&p);
    }
    quis_engine_unref(engine);
    return status;
}

/* Is it the answer of the run that had all it wanted? Errors are answers too: of conflicts, and of what does not compile. */
static bool is_same(const struct answer *a, const struct answer *b)
{
    return strcmp(a->error.code, b->error.code) == 0 && strcmp(a->error.text, b->error.text) == 0 &&
           strcmp(text_get(&a->json), text_get(&b->json)) == 0;
}

static bool is_short_of_memory(const struct answer *a)
{
    return strcmp(a->error.code, "out_of_memory") == 0 || strcmp(a->error.code, "limit_memory") == 0;
}

static struct quis_options options_for(struct heap *h)
{
    struct quis_options o = QUIS_OPTIONS_INIT;
    o.alloc = failing;
    o.alloc_ctx = h;
    o.grants.print = ignore_print;
    return o;
}

/* ---- the sweeps ---- */

static uint64_t sweep_allocations(const struct text *policy, const struct answer *whole)
{
    uint64_t n = 1;
    for (bool done = false; !done; n++) {
        struct heap h = {.fail_at = n};
        struct quis_options o = options_for(&h);
        struct answer a;
        (void)run(policy, &o, &a);
        done = h.count < n;
        bool good = (is_short_of_memory(&a) && a.json.len == 0) || is_same(&a, whole);
        good = check(good, "%s\nwithout allocation %llu: %s: %s: %s", text_get(policy), (unsigned long long)n, a.error.code,
                     a.error.text, text_get(&a.json));
        good = check(h.used == 0, "%s\nwithout allocation %llu: %zu bytes are lost", text_get(policy), (unsigned long long)n,
                     h.used) &&
               good;
        text_free(&a.json);
        if (!good)
            break;
    }
    return n;
}

static void sweep_budget(const struct text *policy, const struct answer *whole, size_t offset, uint64_t enough, uint64_t unit,
                         const char *code)
{
    struct heap h = {0};
    struct quis_options o = options_for(&h);
    struct quis_engine *engine;
    struct quis_document *d;
    struct policy p;
    struct answer a = {0};
    if (quis_engine_new(&o, &engine, NULL) != 0 || policy_new(engine, text_get(policy), policy->len, &p, NULL) != 0 ||
        quis_document_parse(engine, data, strlen(data), &d, NULL) != 0)
        abort();
    for (uint64_t budget = 1; budget <= enough * 2; budget += budget < 300 * unit ? unit : budget / 8) {
        struct quis_limits limits = {0};
        memcpy((char *)&limits + offset, &budget, sizeof budget);
        quis_vm_set_limits(p.vm, &limits);
        a = (struct answer){0};
        (void)evaluate(&p, d, &a);
        bool is_limited = strcmp(a.error.code, code) == 0 && a.json.len == 0;
        if (strcmp(whole->error.code, "eval_conflict_error") == 0) /* once found, it is reported, with what can be afforded */
            is_limited = is_limited || strcmp(a.error.code, whole->error.code) == 0;
        bool good = check(is_limited || is_same(&a, whole), "%s\nwith a budget of %llu: %s: %s: %s", text_get(policy),
                          (unsigned long long)budget, a.error.code, a.error.text, text_get(&a.json));
        text_free(&a.json);
        if (!good)
            break;
    }
    policy_free(&p);
    quis_document_unref(d);
    quis_engine_unref(engine);
    check(h.used == 0, "%s\nwith small budgets: %zu bytes are lost", text_get(policy), h.used);
}

/* The same for compiling. */
static void sweep_compilation(const struct text *policy, const struct answer *whole)
{
    uint64_t step = 16;
    bool is_enough = false;
    for (uint64_t budget = 1; !is_enough; budget += step) {
        struct heap h = {0};
        struct quis_options o = options_for(&h);
        struct answer a;
        o.limits.compile_memory = budget;
        (void)run(policy, &o, &a);
        is_enough = is_same(&a, whole);
        bool good = check(is_enough || strcmp(a.error.code, "limit_memory") == 0, "%s\ncompiled in %llu bytes: %s: %s",
                          text_get(policy), (unsigned long long)budget, a.error.code, a.error.text);
        good = check(h.used == 0, "%s\ncompiled in %llu bytes: %zu are lost", text_get(policy), (unsigned long long)budget,
                     h.used) &&
               good;
        text_free(&a.json);
        if (!good)
            return;
        step = budget / 128 & ~(uint64_t)15;
        step = step < 16 ? 16 : step;
    }
}

int main(void)
{
    uint64_t allocations = 0;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct text policy = {0};
        struct answer whole;
        struct heap h = {0};
        struct quis_options o = options_for(&h);
        text_printf(&policy, "package test\n%s\n", policies[i]);
        (void)run(&policy, &o, &whole);
        bool decides = check(whole.error.code[0] == '\0' || strcmp(whole.error.code, "eval_conflict_error") == 0, "%s\n%s: %s",
                             text_get(&policy), whole.error.code, whole.error.text);
        check(whole.json.len != 0 || whole.error.code[0] != '\0', "%s\nis undefined", text_get(&policy));
        if (!decides) {
            text_free(&policy);
            continue;
        }
        allocations += sweep_allocations(&policy, &whole);
        sweep_budget(&policy, &whole, offsetof(struct quis_limits, fuel), whole.usage.fuel, 1, "limit_fuel");
        sweep_budget(&policy, &whole, offsetof(struct quis_limits, memory), whole.usage.bytes, 16, "limit_memory");
        sweep_compilation(&policy, &whole);
        text_free(&whole.json);
        text_free(&policy);
    }
    printf("%llu allocations failed\n", (unsigned long long)allocations);
    return check_finish();
}
