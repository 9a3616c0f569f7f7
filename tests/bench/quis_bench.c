/* SPDX-License-Identifier: Apache-2.0
 *
 * quis-bench: measures quis, in process and through the public interface, on the workloads of a folder.
 *
 * Options, modes and lines are those of the peers' drivers, so that one table can hold all. Each workload and mode runs in a
 * process of its own: peak memory and crashes are its own. Mode floor, when asked for, is the decision written by hand in C.
 */
#include <quis/quis.h>

#include <dirent.h>
#include <malloc.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/floor.h"
#include "tests/bench/workload.h"

#define MODES "prepared,prepared+json,cold,load"

struct settings {
    const char *folder, *only, *modes;
    double seconds;
    int threads;
    bool results;
};

/* A group compiled: its program, data and the numbers of its queries. */
struct compiled {
    struct quis_program *program;
    struct quis_document *data;
    uint32_t *entries;
};

/* One thread's evaluators. */
struct worker {
    struct quis_vm **vms; /* per group */
    struct arena arena;   /* of decisions by hand (mode floor) */
    double seconds;
    const struct bench *bench;
    double *batches;
    size_t batch_count, evals;
    const char *error;
};

struct bench {
    const struct workload *w;
    floor_fn by_hand; /* mode floor */
    const char *mode;
    struct quis_engine *engine;
    struct quis_document *reference_values;
    struct compiled *groups;
    struct quis_document ***inputs; /* per unit and input, when parsed before */
    struct quis_text *files;        /* program files per group, for mode load */
};

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "quis-bench: %s: %s\n", what, why);
    exit(2);
}

static void *checked(void *p)
{
    if (p == NULL)
        die("memory", "none left");
    return p;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the engine ---- */

static int64_t clock_ns(void *ctx)
{
    struct timespec t;
    (void)ctx;
    (void)clock_gettime(CLOCK_REALTIME, &t); /* cannot fail */
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int reference_value(void *ctx, struct quis_call *call, const struct quis_value *args, size_t argc)
{
    struct bench *b = ctx;
    struct quis_text name;
    struct quis_value found;
    (void)argc;
    if (!quis_value_text(&args[0], &name))
        return quis_call_fail(call, "operand 1 must be a string");
    if (!quis_value_get(quis_document_value(b->reference_values), name.data, name.size, &found))
        return quis_call_return_json(call, "null", 4);
    return quis_call_return(call, &found);
}

static void make_engine(struct bench *b)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_options o = QUIS_OPTIONS_INIT;
    o.grants.now_ns = clock_ns;
    o.limits.fuel = UINT64_MAX / 4;
    if (quis_engine_new(&o, &b->engine, &e) != 0)
        die("engine", e.text);
    struct str values = b->w->reference_values;
    if (values.len > 0 &&
        (quis_document_parse(b->engine, values.p, values.len, &b->reference_values, &e) != 0 ||
         quis_engine_add_function(b->engine, "query_reference_value", "(string) => any", reference_value, b, &e) != 0))
        die("reference values", e.text);
}

static int compile_group(struct bench *b, const struct group *g, struct compiled *ret, struct quis_error *e)
{
    struct quis_compiler *c = NULL;
    struct quis_compiler_options o = QUIS_COMPILER_OPTIONS_INIT;
    o.version = b->w->v0 ? QUIS_REGO_V0 : QUIS_REGO_V1;
    int status = quis_compiler_new(b->engine, &o, &c, e);
    for (size_t i = 0; status == 0 && i < g->module_count; i++)
        status = quis_compiler_add(c, g->modules[i].name.p, g->modules[i].text.p, g->modules[i].text.len, e);
    for (size_t i = 0; status == 0 && i < g->query_count; i++)
        status = quis_compiler_add_entry(c, g->queries[i].p, e);
    if (status == 0)
        status = quis_compiler_finish(c, &ret->program, e);
    quis_compiler_free(c);
    return status;
}

static int resolve_group(struct bench *b, const struct group *g, struct compiled *ret, struct quis_error *e)
{
    int status = 0;
    ret->entries = checked(calloc(g->query_count + 1, sizeof *ret->entries));
    for (size_t i = 0; status == 0 && i < g->query_count; i++)
        status = quis_program_entry(ret->program, g->queries[i].p, g->queries[i].len, &ret->entries[i], e);
    if (status == 0 && g->data.len > 0)
        status = quis_document_parse(b->engine, g->data.p, g->data.len, &ret->data, e);
    return status;
}

static void drop_group(struct compiled *c)
{
    quis_program_unref(c->program);
    quis_document_unref(c->data);
    free(c->entries);
    *c = (struct compiled){0};
}

static void prepare(struct bench *b)
{
    struct quis_error e = QUIS_ERROR_INIT;
    bool parsed = strcmp(b->mode, "prepared") == 0 || b->by_hand != NULL;
    b->groups = checked(calloc(b->w->group_count, sizeof *b->groups));
    b->files = checked(calloc(b->w->group_count, sizeof *b->files));
    for (size_t i = 0; i < b->w->group_count; i++)
        if (compile_group(b, &b->w->groups[i], &b->groups[i], &e) != 0 ||
            resolve_group(b, &b->w->groups[i], &b->groups[i], &e) != 0 ||
            quis_program_bytes(b->groups[i].program, &b->files[i], &e) != 0)
            die(b->w->name.p, e.text);
    b->inputs = checked(calloc(b->w->unit_count, sizeof *b->inputs));
    for (size_t u = 0; parsed && u < b->w->unit_count; u++) {
        const struct unit *unit = &b->w->units[u];
        b->inputs[u] = checked(calloc(unit->input_count + 1, sizeof **b->inputs));
        for (size_t i = 0; i < unit->input_count; i++)
            if (quis_document_parse(b->engine, unit->inputs[i].p, unit->inputs[i].len, &b->inputs[u][i], &e) != 0)
                die(b->w->name.p, e.text);
    }
}

static struct quis_vm *make_vm(const struct compiled *c)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_vm *vm = NULL;
    if (quis_vm_new(c->program, &vm, &e) != 0)
        die("vm", e.text);
    quis_vm_set_data(vm, c->data);
    return vm;
}

/* ---- one pass over a workload ---- */

typedef void (*result_fn)(void *ctx, const struct quis_value *result);

/* From texts (cold) or from the program file (load) to the first answer. */
static void eval_cold(struct bench *b, const struct unit *u, size_t input, bool load, result_fn fn, void *ctx)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct compiled c = {0};
    struct quis_value result;
    const struct group *g = &b->w->groups[u->group];
    struct group one = *g;
    one.queries = &g->queries[u->query];
    one.query_count = 1;
    int status = load ? quis_program_load(b->engine, b->files[u->group].data, b->files[u->group].size, &c.program, &e)
                      : compile_group(b, &one, &c, &e);
    if (status != 0 || resolve_group(b, &one, &c, &e) != 0)
        die(b->w->name.p, e.text);
    struct quis_vm *vm = make_vm(&c);
    if (quis_vm_eval(vm, c.entries[0], u->inputs[input].p, u->inputs[input].len, &result, &e) != 0)
        die(b->w->name.p, e.text);
    if (fn != NULL)
        fn(ctx, &result);
    quis_vm_free(vm);
    drop_group(&c);
}

static void eval_prepared(struct worker *k, size_t u, size_t i, result_fn fn, void *ctx)
{
    const struct bench *b = k->bench;
    const struct unit *unit = &b->w->units[u];
    struct quis_error e;
    struct quis_value result;
    struct quis_vm *vm = k->vms[unit->group];
    uint32_t entry = b->groups[unit->group].entries[unit->query];
    int status = b->inputs[u] != NULL ? quis_vm_eval_document(vm, entry, b->inputs[u][i], &result, &e)
                                      : quis_vm_eval(vm, entry, unit->inputs[i].p, unit->inputs[i].len, &result, &e);
    if (status != 0)
        die(b->w->name.p, e.text);
    if (fn != NULL)
        fn(ctx, &result);
}

static struct value inner(const struct quis_document *d)
{
    struct value v = value_undefined();
    if (d != NULL)
        memcpy(&v, quis_document_value(d), sizeof v);
    return v;
}

static void eval_by_hand(struct worker *k, size_t u, size_t i, result_fn fn, void *ctx)
{
    const struct bench *b = k->bench;
    struct quis_value result;
    arena_reset(&k->arena);
    struct value v = b->by_hand(&k->arena, inner(b->inputs[u][i]), inner(b->groups[b->w->units[u].group].data),
                                inner(b->reference_values));
    memcpy(&result, &v, sizeof result);
    if (fn != NULL)
        fn(ctx, &result);
}

static void pass(struct worker *k, result_fn fn, void *ctx)
{
    struct bench *b = (struct bench *)k->bench;
    bool cold = strcmp(b->mode, "cold") == 0, load = strcmp(b->mode, "load") == 0;
    for (size_t u = 0; u < b->w->unit_count; u++)
        for (size_t i = 0; i < b->w->units[u].input_count; i++)
            if (cold || load)
                eval_cold(b, &b->w->units[u], i, load, fn, ctx);
            else if (b->by_hand != NULL)
                eval_by_hand(k, u, i, fn, ctx);
            else
                eval_prepared(k, u, i, fn, ctx);
}

/* ---- measuring ---- */

static void *work(void *arg)
{
    struct worker *k = arg;
    double start = now(), end = start + k->seconds, last = start;
    size_t cap = 0, in_batch = 0;
    while (last < end) {
        pass(k, NULL, NULL);
        in_batch += k->bench->w->cases;
        double t = now();
        if (t - last < 0.002)
            continue;
        if (k->batch_count == cap) {
            cap = cap == 0 ? 1024 : cap * 2;
            k->batches = checked(realloc(k->batches, cap * sizeof *k->batches));
        }
        k->batches[k->batch_count++] = (t - last) * 1e9 / (double)in_batch;
        k->evals += in_batch;
        in_batch = 0;
        last = t;
    }
    return NULL;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct worker make_worker(struct bench *b, double seconds)
{
    struct worker k = {.bench = b, .seconds = seconds};
    k.vms = checked(calloc(b->w->group_count, sizeof *k.vms));
    for (size_t i = 0; i < b->w->group_count; i++)
        k.vms[i] = make_vm(&b->groups[i]);
    struct alloc heap = alloc_default();
    arena_init(&k.arena, &heap, SIZE_MAX, 0);
    return k;
}

struct digest {
    EVP_MD_CTX *sha;
    bool print;
};

static void add_result(void *ctx, const struct quis_value *result)
{
    struct digest *d = ctx;
    struct alloc heap = alloc_default();
    struct arena a;
    struct buf b;
    struct value v;
    arena_init(&a, &heap, SIZE_MAX, 0);
    buf_init(&b, &a);
    memcpy(&v, result, sizeof v);
    workload_canonical(&b, v);
    buf_char(&b, '\n');
    if (EVP_DigestUpdate(d->sha, b.p, b.len) != 1)
        die("digest", "failed");
    if (d->print)
        (void)fwrite(b.p, 1, b.len, stdout); /* looked at by who reads it */
    arena_fini(&a);
}

static void take_digest(struct worker *k, bool print, char ret[65])
{
    struct digest d = {EVP_MD_CTX_new(), print};
    unsigned char bytes[32];
    if (d.sha == NULL || EVP_DigestInit_ex(d.sha, EVP_sha256(), NULL) != 1)
        die("digest", "failed");
    pass(k, add_result, &d);
    if (EVP_DigestFinal_ex(d.sha, bytes, NULL) != 1)
        die("digest", "failed");
    EVP_MD_CTX_free(d.sha);
    for (int i = 0; i < 32; i++)
        (void)snprintf(ret + (size_t)i * 2, 3, "%02x", bytes[i]); /* fits */
}

static void measure(const struct settings *s, const struct workload *w, const char *mode)
{
    struct bench b = {.w = w, .mode = mode};
    char digest[65];
    if (strcmp(mode, "floor") == 0 && (b.by_hand = floor_find(w->name)) == NULL)
        return; /* not every workload has one */
    make_engine(&b);
    prepare(&b);
    struct worker *workers = checked(calloc((size_t)s->threads, sizeof *workers));
    pthread_t *threads = checked(calloc((size_t)s->threads, sizeof *threads));
    for (int i = 0; i < s->threads; i++)
        workers[i] = make_worker(&b, s->seconds);
    take_digest(&workers[0], s->results, digest);
    if (s->results)
        return;
    double cpu = cpu_now(), start = now();
    for (int i = 1; i < s->threads; i++)
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
            die("threads", "cannot start one");
    (void)work(&workers[0]); /* it fills in its worker */
    for (int i = 1; i < s->threads; i++)
        (void)pthread_join(threads[i], NULL); /* the thread is ours */
    double wall = now() - start;
    cpu = cpu_now() - cpu;
    size_t evals = 0;
    for (int i = 0; i < s->threads; i++)
        evals += workers[i].evals;
    qsort(workers[0].batches, workers[0].batch_count, sizeof(double), compare_doubles);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail */
    printf(
        "{\"engine\":\"quis\",\"version\":\"%s\",\"workload\":\"%s\",\"mode\":\"%s\",\"threads\":%d,\"cases\":%zu,"
        "\"ns_per_eval\":%.1f,\"min\":%.1f,\"cpu_ns\":%.1f,\"evals_per_s\":%.1f,"
         "\"evals\":%zu,\"rss_kib\":%ld,\"digest\":\"%s\"}\n",
        quis_version(), w->name.p, mode, s->threads, w->cases, workers[0].batches[workers[0].batch_count / 2],
        workers[0].batches[0], cpu * 1e9 / (double)evals, (double)evals / wall, evals, usage.ru_maxrss, digest);
}

/* ---- command line ---- */

static bool is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p != NULL && *p != '\0'; p = strchr(p, ','), p = p != NULL ? p + 1 : NULL)
        if (strncmp(p, name, n) == 0 && (p[n] == ',' || p[n] == '\0'))
            return true;
    return list == NULL;
}

static void child(const struct settings *s, const char *name, const char *mode)
{
    struct workload w;
    struct err e = {0};
    if (workload_read(s->folder, name, &w, &e) != 0)
        die(name, e.text);
    measure(s, &w, mode);
    fflush(stdout);
    _exit(0);
}

static void spawn(const struct settings *s, const char *name, const char *mode)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        child(s, name, mode);
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        die("fork", "failed");
    if (status != 0)
        printf(
            "{\"engine\":\"quis\",\"version\":\"%s\",\"workload\":\"%s\",\"mode\":\"%s\",\"threads\":%d,"
             "\"error\":\"process ended "
            "with status %d\"}\n",
            quis_version(), name, mode, s->threads, status);
}

static void run_workload(const struct settings *s, const char *name)
{
    char modes[256];
    (void)snprintf(modes, sizeof modes, "%s", s->results ? "prepared" : s->modes); /* cut at worst */
    for (char *at = modes, *mode; (mode = strsep(&at, ",")) != NULL;)
        spawn(s, name, mode);
}

static int is_visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static int run(const struct settings *s)
{
    struct dirent **entries;
    int count = scandir(s->folder, &entries, is_visible, alphasort), ran = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s/workload.json", s->folder, entries[i]->d_name); /* cut at worst: not found */
        if (is_listed(s->only, entries[i]->d_name) && access(path, R_OK) == 0) {
            run_workload(s, entries[i]->d_name);
            ran++;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    if (ran == 0)
        fprintf(stderr, "quis-bench: no workloads in %s\n", s->folder);
    return ran > 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
    struct settings s = {.folder = "workloads", .modes = MODES, .seconds = 1, .threads = 1};
    for (int i = 1; i < argc; i++) {
        const char *flag = argv[i] + (argv[i][0] == '-') + (argv[i][0] == '-' && argv[i][1] == '-');
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(flag, "results") == 0) {
            s.results = true;
            continue;
        }
        if (strcmp(flag, "workloads") == 0)
            s.folder = value;
        else if (strcmp(flag, "only") == 0)
            s.only = value;
        else if (strcmp(flag, "modes") == 0)
            s.modes = value;
        else if (strcmp(flag, "seconds") == 0)
            s.seconds = strtod(value, NULL);
        else if (strcmp(flag, "threads") == 0)
            s.threads = (int)strtol(value, NULL, 10);
        else
            die(argv[i], "options are -workloads DIR -only NAMES -modes NAMES -seconds S -threads N -results");
        i++;
    }
    /* Peers bring an allocator that keeps freed memory; so does this process. */
    (void)mallopt(M_MMAP_THRESHOLD, 64 << 20);  /* slower at worst */
    (void)mallopt(M_TRIM_THRESHOLD, 256 << 20); /* slower at worst */
    if (s.threads < 1 || s.threads > 256 || s.seconds <= 0)
        die("options", "threads must be 1 to 256, seconds more than 0");
    return run(&s);
}
