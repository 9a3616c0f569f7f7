/* SPDX-License-Identifier: Apache-2.0
 *
 * json-bench FILE...: reading JSON beside jansson, and beside simdjson as the limit where it is installed.
 *
 * Each reader makes what its library makes of a document (simdjson: its tape) and gives it back. Prints ratios within one run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/json_bench.h"
#include "vm/json.h"

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct arena arena;

static bool read_quis(const char *text, size_t len)
{
    struct json_options o = {.borrow = true};
    struct value v;
    arena_reset(&arena);
    return json_parse(&arena, str_of(text, len), &o, &v, NULL) == 0;
}

/* Least seconds of one reading out of a fifth of a second's; negative: it refuses the text. */
static double least(bool (*read)(const char *, size_t), const char *text, size_t len)
{
    double best = 1e9, end = now() + 0.2;
    if (!read(text, len))
        return -1;
    for (double start = now(), stop; start < end; start = stop) {
        int times = len < 10000 ? 100 : 1;
        for (int i = 0; i < times; i++)
            (void)read(text, len); /* it did once */
        stop = now();
        best = (stop - start) / times < best ? (stop - start) / times : best;
    }
    return best;
}

static char *read_file(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 1 << 16, len = 0, n = 1;
    char *p = f != NULL ? malloc(cap + 64) : NULL; /* simdjson reads past the end */
    while (p != NULL && n > 0) {
        if (len == cap)
            p = realloc(p, (cap *= 2) + 64);
        n = p != NULL ? fread(p + len, 1, cap - len, f) : 0;
        len += n;
    }
    if (f != NULL)
        (void)fclose(f); /* only read */
    *ret_len = len;
    return p;
}

static void ratio(double other, double ours)
{
    if (other < 0)
        printf(" %12s", "-");
    else
        printf(" %11.2fx", other / ours);
}

int main(int argc, char **argv)
{
    struct alloc heap = alloc_default();
    arena_init(&arena, &heap, SIZE_MAX, 0);
    printf("%-40s %10s %10s %12s %12s\n", "file", "bytes", "quis MB/s", "jansson", "simdjson");
    for (int i = 1; i < argc; i++) {
        size_t len;
        char *text = read_file(argv[i], &len);
        double ours = text != NULL ? least(read_quis, text, len) : -1;
        const char *name = strlen(argv[i]) > 40 ? argv[i] + strlen(argv[i]) - 40 : argv[i];
        if (ours > 0) {
            printf("%-40s %10zu %10.0f", name, len, (double)len / ours * 1e-6);
            ratio(least(read_jansson, text, len), ours);
            ratio(least(read_simdjson, text, len), ours);
            putchar('\n');
        } else {
            fprintf(stderr, "json-bench: %s: cannot be read as JSON\n", argv[i]);
        }
        free(text);
    }
    arena_fini(&arena);
    return 0;
}
