/* SPDX-License-Identifier: Apache-2.0
 *
 * OPA's own evaluation cases through the public interface: conformance DIR [-v] [TEXT].
 *
 * DIR is the shared folder; its conformance/opa/{v0,v1}/<group>.json hold the cases. TEXT selects by group and note. Prints
 * failures, a table of groups that have any, and the counts. Without DIR everything is skipped, loudly.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/decide.h"
#include "tests/harness/host.h"

#define SKIP 77

struct suite {
    struct quis_engine *engines[2]; /* lenient, strict about builtin errors */
    const char *only;
    bool verbose;
    unsigned passed, failed;
};

static struct quis_text member_text(const struct quis_value *object, const char *name)
{
    struct quis_value v;
    struct quis_text t = {NULL, 0};
    if (quis_value_get(object, name, strlen(name), &v))
        (void)!quis_value_text(&v, &t); /* stays empty when it is no string */
    return t;
}

static bool member_true(const struct quis_value *object, const char *name)
{
    struct quis_value v;
    return quis_value_get(object, name, strlen(name), &v) && quis_value_is_true(&v);
}

/* JSON text of a member for the engine to read again; empty when it is absent. */
static void add_member(struct quis_vm *writer, const struct quis_value *object, const char *name, struct text *t)
{
    struct quis_value v;
    struct quis_text json;
    if (quis_value_get(object, name, strlen(name), &v) && quis_vm_json(writer, &v, &json, NULL) == 0)
        text_add(t, json.data, json.size);
}

static bool contains(const char *where, struct quis_text what)
{
    return what.size == 0 || memmem(where, strlen(where), what.data, what.size) != NULL;
}

static bool check_error(const struct quis_value *c, const struct answer *a, struct text *problem)
{
    struct quis_text code = member_text(c, "want_error_code"), part = member_text(c, "want_error");
    struct text full = {0};
    if (!a->is_error) {
        text_printf(problem, "wanted error %.*s %.*s", (int)code.size, code.data, (int)part.size, part.data);
        return false;
    }
    if (a->error.file[0] != '\0')
        text_printf(&full, "%s:%u: ", a->error.file, a->error.row);
    text_printf(&full, "%s: %s", a->error.code, a->error.text);
    bool ok = (code.size == 0 || (strlen(a->error.code) == code.size && memcmp(a->error.code, code.data, code.size) == 0)) &&
              contains(text_get(&full), part);
    if (!ok)
        text_printf(problem, "wanted error %.*s %.*s, got %s", (int)code.size, code.data, (int)part.size, part.data,
                    text_get(&full));
    text_free(&full);
    return ok;
}

static void print_rows(struct text *t, const struct text_list *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        text_printf(t, " %.600s", rows->items[i]);
}

static bool check_rows(const struct question *q, const struct quis_value *c, struct answer *a, struct text *problem)
{
    struct quis_value rows;
    struct text_list want = {0};
    if (a->is_error) {
        text_printf(problem, "error %s:%u: %s: %s", a->error.file, a->error.row, a->error.code, a->error.text);
        return false;
    }
    if (quis_value_get(c, "want_result", 11, &rows))
        decide_rows(q, a, &rows, &want);
    bool ok = text_list_equal(&want, &a->bindings);
    if (!ok) {
        text_printf(problem, "wanted");
        print_rows(problem, &want);
        text_printf(problem, "\n    got   ");
        print_rows(problem, &a->bindings);
    }
    text_list_free(&want);
    return ok;
}

static bool has_member(const struct quis_value *object, const char *name)
{
    struct quis_value v;
    return quis_value_get(object, name, strlen(name), &v);
}

static bool run_case(struct suite *s, struct quis_vm *writer, bool v0, const struct quis_value *c, struct text *problem)
{
    static const char *const names[] = {"test-0.rego",  "test-1.rego",  "test-2.rego",  "test-3.rego",
                                        "test-4.rego",  "test-5.rego",  "test-6.rego",  "test-7.rego",
                                        "test-8.rego",  "test-9.rego",  "test-10.rego", "test-11.rego",
                                        "test-12.rego", "test-13.rego", "test-14.rego", "test-15.rego"};
    struct question q = {.engine = s->engines[member_true(c, "strict_error")],
                         .options = QUIS_COMPILER_OPTIONS_INIT,
                         .sort = member_true(c, "sort_bindings")};
    struct text query = {0}, data = {0}, input = {0};
    struct quis_value modules, module;
    q.options.version = v0 ? QUIS_REGO_V0 : QUIS_REGO_V1;
    if (quis_value_get(c, "modules", 7, &modules))
        for (; q.module_count < sizeof names / sizeof names[0] && quis_value_at(&modules, q.module_count, NULL, &module);) {
            q.names[q.module_count] = names[q.module_count];
            if (!quis_value_text(&module, &q.modules[q.module_count++]))
                text_printf(problem, "a module that is no text; ");
        }
    struct quis_text text = member_text(c, "query"), term = member_text(c, "input_term");
    text_add(&query, text.data, text.size);
    while (query.len > 0 && strchr(" \n", query.p[query.len - 1]) != NULL)
        query.len--;
    if (term.data != NULL)
        text_printf(&query, " with input as %.*s", (int)term.size, term.data);
    else
        add_member(writer, c, "input", &input);
    add_member(writer, c, "data", &data);
    q.query = (struct quis_text){query.p, query.len};
    q.data = strcmp(text_get(&data), "null") == 0 ? (struct quis_text){NULL, 0} : (struct quis_text){data.p, data.len};
    q.input = (struct quis_text){input.p, input.len};

    struct answer a;
    decide(&q, &a);
    bool ok = has_member(c, "want_error") || has_member(c, "want_error_code") ? check_error(c, &a, problem)
                                                                              : check_rows(&q, c, &a, problem);
    if (ok && a.mismatch.len > 0) {
        text_printf(problem, "%s", text_get(&a.mismatch));
        ok = false;
    }
    answer_free(&a);
    text_free(&query);
    text_free(&data);
    text_free(&input);
    return ok;
}

/* A VM whose only use is to write JSON. */
static struct quis_vm *make_writer(struct quis_engine *engine)
{
    struct quis_compiler *compiler = NULL;
    struct quis_program *program = NULL;
    struct quis_vm *vm = NULL;
    struct quis_error error = QUIS_ERROR_INIT;
    if (quis_compiler_new(engine, NULL, &compiler, &error) != 0 || quis_compiler_set_query(compiler, "true", 4, &error) != 0 ||
        quis_compiler_finish(compiler, &program, &error) != 0 || quis_vm_new(program, &vm, &error) != 0)
        fprintf(stderr, "cannot make a VM: %s: %s\n", error.code, error.text);
    quis_compiler_free(compiler);
    quis_program_unref(program);
    return vm;
}

static void run_group(struct suite *s, const char *path, const char *group, bool v0)
{
    struct text file = {0};
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_document *document = NULL;
    struct quis_vm *writer = make_writer(s->engines[0]);
    struct quis_value cases, c;
    unsigned passed = s->passed, failed = s->failed;
    if (writer == NULL || !text_add_file(&file, path) ||
        quis_document_parse(s->engines[0], file.p, file.len, &document, &error) != 0 ||
        !quis_value_get(quis_document_value(document), "cases", 5, &cases)) {
        printf("FAIL %s: cannot be read: %s\n", group, error.text);
        s->failed++;
    } else {
        for (size_t i = 0; quis_value_at(&cases, i, NULL, &c); i++) {
            struct text name = {0}, problem = {0};
            struct quis_text note = member_text(&c, "note");
            text_printf(&name, "%s: %.*s", group, (int)note.size, note.data);
            if (strstr(text_get(&name), s->only) != NULL) {
                if (run_case(s, writer, v0, &c, &problem))
                    s->passed++;
                else if (printf("FAIL %s\n    %s\n", text_get(&name), text_get(&problem)) > 0)
                    s->failed++;
            }
            text_free(&name);
            text_free(&problem);
        }
    }
    if (s->verbose || s->failed > failed)
        printf("%-44s %6u passed %6u failed\n", group, s->passed - passed, s->failed - failed);
    quis_document_unref(document);
    quis_vm_free(writer);
    text_free(&file);
}

static int is_group(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 5 && strcmp(e->d_name + n - 5, ".json") == 0;
}

static bool run_folder(struct suite *s, const char *shared, const char *version)
{
    char folder[4096], path[8192], group[512];
    struct dirent **names = NULL;
    snprintf(folder, sizeof folder, "%s/conformance/opa/%s", shared, version);
    int count = scandir(folder, &names, is_group, alphasort);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        snprintf(group, sizeof group, "%s/%.*s", version, (int)strlen(names[i]->d_name) - 5, names[i]->d_name);
        run_group(s, path, group, version[1] == '0');
        free(names[i]);
    }
    free(names);
    return true;
}

int main(int argc, char **argv)
{
    const char *named = getenv("QUIS_SHARED"), *shared = named != NULL && *named != '\0' ? named : argc > 1 ? argv[1] : ".";
    struct suite s = {.engines = {host_engine(false), host_engine(true)}, .only = ""};
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            s.verbose = true;
        else
            s.only = argv[i];
    }
    bool found = run_folder(&s, shared, "v0") && run_folder(&s, shared, "v1");
    quis_engine_unref(s.engines[0]);
    quis_engine_unref(s.engines[1]);
    if (!found) {
        printf("SKIPPED: OPA's cases are not below %s (set QUIS_SHARED)\n0 passed, 0 failed, 3294 skipped\n", shared);
        return SKIP;
    }
    printf("%u passed, %u failed, 0 skipped\n", s.passed, s.failed);
    return s.failed > 0 ? 1 : 0;
}
