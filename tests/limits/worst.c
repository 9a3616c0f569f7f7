/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies that want far too much (tests/limits/worst/): each ends within the budget it is given.
 *
 * worst FOLDER. Each policy runs with little fuel, with little memory, and with little time. Fuel is exact and the same twice;
 * memory is what the allocator hook sees, whatever part of the machine asks for it. Time is shown and not judged, since it is the
 * machine's; but how long a unit of fuel takes is shown as a ratio to the median, and that is what tells charges that are too
 * low.
 */
#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"

#define FUEL 5000000u
#define FUEL_FOR_MEMORY 20000000u
#define MEMORY ((uint64_t)8 << 20)
#define WALL_MS 100
#define WORST_MOST 256

/* The address sanitizer looks through the whole haystack whenever memmem is called: then one policy takes minutes. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

/* ---- a heap that counts ---- */

struct heap {
    size_t used, peak;
};

static void *counted(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    struct heap *h = ctx;
    void *p = NULL;
    if (new_size == 0)
        free(ptr);
    else
        p = realloc(ptr, new_size);
    if (p != NULL || new_size == 0)
        h->used += new_size - old_size;
    h->peak = h->used > h->peak ? h->used : h->peak;
    return p;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int64_t clock_ms(void *ctx)
{
    (void)ctx;
    return (int64_t)now_ms();
}

static void ignore_print(void *ctx, struct quis_text line, struct quis_text file, uint32_t row)
{
    (void)ctx, (void)line, (void)file, (void)row;
}

/* ---- one run ---- */

struct run {
    int status;
    struct quis_error error;
    struct quis_usage usage;
    double ms;
    size_t heap; /* bytes that the evaluation added at most */
};

/* false: it does not compile. */
static bool run_policy(const struct text *policy, struct quis_limits limits, struct run *ret)
{
    struct heap heap = {0};
    struct quis_options o = QUIS_OPTIONS_INIT;
    struct quis_engine *engine;
    struct policy p;
    struct quis_value v;
    o.alloc = counted;
    o.alloc_ctx = &heap;
    o.limits = limits;
    o.grants.monotonic_ms = clock_ms;
    o.grants.print = ignore_print;
    *ret = (struct run){0};
    if (quis_engine_new(&o, &engine, &ret->error) != 0)
        abort();
    if (policy_new(engine, text_get(policy), policy->len, &p, &ret->error) != 0) {
        quis_engine_unref(engine);
        return false;
    }
    size_t before = heap.peak = heap.used;
    double start = now_ms();
    ret->status = policy_eval(&p, NULL, &v, &ret->error);
    ret->ms = now_ms() - start;
    ret->heap = heap.peak - before;
    quis_vm_usage(p.vm, &ret->usage);
    policy_free(&p);
    quis_engine_unref(engine);
    return true;
}

static bool is_bounded(const struct run *r)
{
    return r->status == 0 || quis_error_is_limit(&r->error) || strcmp(r->error.code, "eval_conflict_error") == 0;
}

static const char *outcome(const struct run *r)
{
    return r->status == 0 ? "a value" : r->error.code;
}

/* ---- the three budgets ---- */

struct figure {
    char name[64];
    double ns_per_unit;
};

static struct figure figures[WORST_MOST];
static size_t figure_count;

static void try_fuel(const char *name, const struct text *policy)
{
    struct run r, again;
    struct quis_limits limits = {.fuel = FUEL, .memory = (uint64_t)1 << 30};
    if (!run_policy(policy, limits, &r) || !run_policy(policy, limits, &again)) {
        check(false, "%s: %s:%u: %s", name, r.error.code, r.error.row, r.error.text);
        return;
    }
    check(is_bounded(&r), "%s: with little fuel: %s: %s", name, r.error.code, r.error.text);
    check(r.usage.fuel <= FUEL, "%s: %llu units of %u", name, (unsigned long long)r.usage.fuel, FUEL);
    check(r.usage.fuel == again.usage.fuel && strcmp(r.error.text, again.error.text) == 0,
          "%s: %llu units, then %llu; %s, then %s", name, (unsigned long long)r.usage.fuel, (unsigned long long)again.usage.fuel,
          outcome(&r), outcome(&again));
    double ms = r.ms < again.ms ? r.ms : again.ms;
    if (r.usage.fuel > FUEL / 100 && figure_count < WORST_MOST) {
        struct figure *f = &figures[figure_count++];
        snprintf(f->name, sizeof f->name, "%s", name);
        f->ns_per_unit = ms * 1e6 / (double)r.usage.fuel;
    }
    printf("%-26s fuel:   %-14s %9llu units %8.1f ms %7.2f ns each\n", name, outcome(&r), (unsigned long long)r.usage.fuel, ms,
           ms * 1e6 / (double)r.usage.fuel);
}

static void try_memory(const char *name, const struct text *policy)
{
    struct run r;
    struct quis_limits limits = {.fuel = FUEL_FOR_MEMORY, .memory = MEMORY};
    if (!run_policy(policy, limits, &r))
        return;
    check(is_bounded(&r), "%s: with little memory: %s: %s", name, r.error.code, r.error.text);
    check(r.usage.bytes <= MEMORY && r.heap <= MEMORY + MEMORY / 5, "%s: %llu bytes of memory, %zu from the heap, of %llu", name,
          (unsigned long long)r.usage.bytes, r.heap, (unsigned long long)MEMORY);
    printf("%-26s memory: %-14s %9llu bytes %8.1f ms %7.2f of the budget from the heap\n", name, outcome(&r),
           (unsigned long long)r.usage.bytes, r.ms, (double)r.heap / (double)MEMORY);
}

static void try_time(const char *name, const struct text *policy)
{
    struct run r;
    struct quis_limits limits = {.fuel = (uint64_t)1 << 40, .memory = (uint64_t)1 << 30, .wall_ms = WALL_MS};
    if (!run_policy(policy, limits, &r))
        return;
    check(is_bounded(&r), "%s: with little time: %s: %s", name, r.error.code, r.error.text);
    printf("%-26s time:   %-14s %9llu units %8.1f ms %7.2f of the time\n", name, outcome(&r), (unsigned long long)r.usage.fuel,
           r.ms, r.ms / WALL_MS);
}

static int compare_figures(const void *a, const void *b)
{
    double x = ((const struct figure *)a)->ns_per_unit, y = ((const struct figure *)b)->ns_per_unit;
    return (x > y) - (x < y);
}

static void show_figures(void)
{
    if (figure_count == 0)
        return;
    qsort(figures, figure_count, sizeof *figures, compare_figures);
    double median = figures[figure_count / 2].ns_per_unit;
    printf("median: %.2f ns for a unit of fuel\n", median);
    for (size_t i = 0; i < figure_count; i++)
        if (figures[i].ns_per_unit > 5 * median || figures[i].ns_per_unit < median / 20)
            printf("%-26s %.2f ns: %.2f times the median\n", figures[i].name, figures[i].ns_per_unit,
                   figures[i].ns_per_unit / median);
}

/* ---- the folder ---- */

static int is_policy(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot != NULL && strcmp(dot, ".rego") == 0;
}

int main(int argc, char **argv)
{
    struct dirent **list = NULL;
    int count = argc > 1 ? scandir(argv[1], &list, is_policy, alphasort) : -1;
    check(count >= 40, "%d policies", count);
    for (int i = 0; i < count; i++) {
        struct text policy = {0}, path = {0};
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(strlen(list[i]->d_name) - strlen(".rego")), list[i]->d_name);
        text_printf(&path, "%s/%s", argv[1], list[i]->d_name);
        if (argc > 2 && strcmp(argv[2], name) != 0)
            ;
        else if (IS_SANITIZED && strcmp(name, "replace_growth") == 0)
            check_skip("replace_growth under the address sanitizer");
        else if (check(text_add_file(&policy, text_get(&path)), "%s: cannot be read", text_get(&path))) {
            try_fuel(name, &policy);
            try_memory(name, &policy);
            try_time(name, &policy);
        }
        text_free(&path);
        text_free(&policy);
        free(list[i]);
    }
    free(list);
    show_figures();
    return check_finish();
}
