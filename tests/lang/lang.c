/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of *.rt through the public interface: lang FOLDER [-v] [TEXT]. The format is in README.md beside this file.
 *
 * Every case is decided as compiled, again, and after save and load (tests/harness/decide.h).
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/decide.h"
#include "tests/harness/host.h"

enum block { OPTIONS, POLICY, DATA, INPUT, QUERY, EXPECT, BINDINGS, ERROR, BLOCK_COUNT };

static const char *const block_names[BLOCK_COUNT] = {"options", "policy", "data",     "input",
                                                     "query",   "expect", "bindings", "error"};

struct piece {
    enum block block;
    char argument[128];
    struct quis_text text;
};

struct test_case {
    const char *file;
    unsigned line;
    char name[256];
    struct piece pieces[QUESTION_MODULES];
    size_t count;
};

struct runner {
    struct quis_engine *engines[2];
    const char *only;
    bool verbose;
    unsigned passed, failed;
};

static const struct piece *find_piece(const struct test_case *c, enum block b)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->pieces[i].block == b)
            return &c->pieces[i];
    return NULL;
}

static struct quis_text trim(struct quis_text t)
{
    while (t.size > 0 && strchr(" \n", t.data[t.size - 1]) != NULL)
        t.size--;
    while (t.size > 0 && strchr(" \n", t.data[0]) != NULL) {
        t.data++;
        t.size--;
    }
    return t;
}

static bool has_word(struct quis_text words, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < words.size;) {
        size_t end = i;
        while (end < words.size && strchr(" \n", words.data[end]) == NULL)
            end++;
        if (end - i == n && memcmp(words.data + i, word, n) == 0)
            return true;
        i = end + 1;
    }
    return false;
}

static bool text_is(struct quis_text t, const char *z)
{
    return t.size == strlen(z) && memcmp(t.data, z, t.size) == 0;
}

static bool check_value(const struct answer *a, struct quis_text want, struct text *got)
{
    struct text expected = {0};
    bool ok;
    text_printf(got, "%s", a->rows == 0 ? "undefined" : a->has_value ? text_get(&a->value) : "bindings");
    if (text_is(want, "undefined")) {
        ok = a->rows == 0;
    } else {
        text_add_json(&expected, want.data, want.size, true);
        ok = a->has_value && strcmp(text_get(&expected), text_get(&a->value)) == 0;
    }
    text_free(&expected);
    return ok;
}

static bool check_bindings(const struct question *q, struct answer *a, struct quis_text want, struct text *got)
{
    struct quis_document *rows = NULL;
    struct text_list expected = {0};
    bool ok = quis_document_parse(q->engine, want.data, want.size, &rows, NULL) == 0;
    if (ok) {
        decide_rows(q, a, quis_document_value(rows), &expected);
        ok = text_list_equal(&expected, &a->bindings);
    }
    for (size_t i = 0; i < a->bindings.count; i++)
        text_printf(got, "%s ", a->bindings.items[i]);
    text_list_free(&expected);
    quis_document_unref(rows);
    return ok;
}

static bool check_error(const struct answer *a, const struct piece *p, struct text *got)
{
    if (a->error.row > 0)
        text_printf(got, "%s:%u:%u: ", a->error.file, a->error.row, a->error.column);
    text_printf(got, "%s", a->error.text);
    struct quis_text text = trim((struct quis_text){got->p, got->len});
    struct quis_text want = trim(p->text);
    bool same_text = text.size == want.size && memcmp(text.data, want.data, text.size) == 0;
    bool ok = a->is_error && strcmp(a->error.code, p->argument) == 0 && (want.size == 0 || same_text);
    text_printf(got, " (%s)", a->error.code);
    return ok;
}

static bool check(const struct question *q, const struct test_case *c, struct answer *a, struct text *got)
{
    const struct piece *p = find_piece(c, ERROR);
    if (p != NULL)
        return check_error(a, p, got);
    if (a->is_error) {
        text_printf(got, "%s:%u:%u: %s (%s)", a->error.file, a->error.row, a->error.column, a->error.text, a->error.code);
        return false;
    }
    if ((p = find_piece(c, EXPECT)) != NULL)
        return check_value(a, trim(p->text), got);
    if ((p = find_piece(c, BINDINGS)) != NULL)
        return check_bindings(q, a, trim(p->text), got);
    text_printf(got, "the case expects nothing");
    return false;
}

static void run_case(struct runner *r, const struct test_case *c)
{
    const struct piece *options = find_piece(c, OPTIONS), *query = find_piece(c, QUERY), *data = find_piece(c, DATA),
                       *input = find_piece(c, INPUT);
    struct quis_text words = options == NULL ? (struct quis_text){"", 0} : options->text;
    struct question q = {.engine = r->engines[has_word(words, "strict-builtin-errors")],
                         .options = QUIS_COMPILER_OPTIONS_INIT,
                         .query = query == NULL ? (struct quis_text){"data.test.p", 11} : trim(query->text),
                         .data_conflicts = true,
                         .exact = true};
    struct answer a;
    struct text got = {0};
    q.options.version = has_word(words, "v0") ? QUIS_REGO_V0 : QUIS_REGO_V1;
    q.options.strict = has_word(words, "strict");
    if (data != NULL)
        q.data = data->text;
    if (input != NULL)
        q.input = input->text;
    for (size_t i = 0; i < c->count; i++) {
        if (c->pieces[i].block != POLICY)
            continue;
        q.names[q.module_count] = c->pieces[i].argument[0] == '\0' ? "policy.rego" : c->pieces[i].argument;
        q.modules[q.module_count++] = c->pieces[i].text;
    }
    decide(&q, &a);
    bool ok = check(&q, c, &a, &got);
    if (ok && a.mismatch.len > 0) {
        text_printf(&got, "\n          %s", text_get(&a.mismatch));
        ok = false;
    }
    *(ok ? &r->passed : &r->failed) += 1;
    if (!ok || r->verbose)
        printf("%s %s:%u: %s\n", ok ? "ok  " : "FAIL", c->file, c->line, c->name);
    if (!ok)
        for (size_t i = 0; i < c->count; i++)
            if (c->pieces[i].block >= EXPECT)
                printf("  expected: %.*s (%s %s)\n  actual:   %s\n", (int)trim(c->pieces[i].text).size,
                       trim(c->pieces[i].text).data, block_names[c->pieces[i].block], c->pieces[i].argument, text_get(&got));
    text_free(&got);
    answer_free(&a);
}

/* A "-- label argument" line starts a block; false when there is no such label. */
static bool start_block(struct test_case *c, const char *line, size_t n)
{
    struct piece *p = &c->pieces[c->count];
    size_t label = 0;
    while (label < n && line[label] != ' ')
        label++;
    for (int b = 0; b < BLOCK_COUNT; b++)
        if (strlen(block_names[b]) == label && memcmp(block_names[b], line, label) == 0 && c->count < QUESTION_MODULES) {
            *p = (struct piece){.block = (enum block)b, .text = {line + n + 1, 0}};
            if (label < n)
                snprintf(p->argument, sizeof p->argument, "%.*s", (int)(n - label - 1), line + label + 1);
            c->count++;
            return true;
        }
    return false;
}

static void run_file(struct runner *r, const char *path, const char *name)
{
    struct text file = {0};
    struct test_case c = {.file = name};
    unsigned number = 0;
    bool open = false;
    if (!text_add_file(&file, path)) {
        printf("FAIL %s: cannot be read\n", path);
        r->failed++;
    }
    for (const char *line = text_get(&file), *end; *line != '\0'; line = end + (*end != '\0')) {
        end = strchrnul(line, '\n');
        size_t n = (size_t)(end - line);
        number++;
        if (n > 3 && memcmp(line, "== ", 3) == 0) {
            if (open && strstr(c.name, r->only) != NULL)
                run_case(r, &c);
            c = (struct test_case){.file = name, .line = number};
            snprintf(c.name, sizeof c.name, "%.*s", (int)n - 3, line + 3);
            open = true;
        } else if (n > 3 && memcmp(line, "-- ", 3) == 0 && open) {
            if (!start_block(&c, line + 3, n - 3)) {
                printf("FAIL %s:%u: unknown label\n", name, number);
                r->failed++;
            }
        } else if (c.count > 0) {
            struct quis_text *t = &c.pieces[c.count - 1].text;
            t->size = (size_t)(end - t->data) + (*end != '\0');
        }
    }
    if (open && strstr(c.name, r->only) != NULL)
        run_case(r, &c);
    text_free(&file);
}

static int is_topic(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 3 && strcmp(e->d_name + n - 3, ".rt") == 0;
}

int main(int argc, char **argv)
{
    struct runner r = {.engines = {host_engine(false), host_engine(true)}, .only = ""};
    struct dirent **names = NULL;
    const char *folder = argc > 1 ? argv[1] : "tests/lang";
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            r.verbose = true;
        else
            r.only = argv[i];
    }
    int count = scandir(folder, &names, is_topic, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        run_file(&r, path, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    quis_engine_unref(r.engines[0]);
    quis_engine_unref(r.engines[1]);
    printf("%u passed, %u failed, 0 skipped\n", r.passed, r.failed);
    return r.failed > 0 || r.passed == 0 ? 1 : 0;
}
