/* SPDX-License-Identifier: Apache-2.0
 *
 * Decides many cases in one process through the public interface: what tests/differential/policies.py compares with OPA.
 *
 * usage: run_cases < CASES
 * Each line of input is {"id": any, "modules": {"name.rego": "text"}, "data": {}, "input": any, "query": "...",
 * "rego": "v0"|"v1", "strict_errors": bool, "prints": bool}. Each line of output has the id and one of "result":
 * [{"expressions": [values], "bindings": {}}], "undefined": true, "error": {"code", "message", "file", "row", "col", "more": []};
 * and "prints". Every case is evaluated twice on one VM; "mismatch" says where the two differ. Time stands still.
 */
#include <quis/quis.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/text.h"

#define NOW_NS 1767225600000000000

struct runner {
    struct quis_engine *engines[2]; /* lenient and strict about errors of builtins */
    struct text prints;             /* JSON strings, each with a comma behind it */
};

struct request {
    struct quis_document *document;
    struct quis_text id, data, input; /* JSON text; data NULL: absent */
    struct quis_text query;
    bool v0, strict, prints;
};

static void die(const char *why, const char *more)
{
    fprintf(stderr, "run_cases: %s %s\n", why, more);
    exit(2);
}

/* ---- JSON ---- */

static size_t skip_blank(const char *p, size_t n, size_t i)
{
    while (i < n && strchr(" \t\r\n", p[i]) != NULL)
        i++;
    return i;
}

static size_t skip_string(const char *p, size_t n, size_t i)
{
    for (i++; i < n && p[i] != '"'; i++)
        if (p[i] == '\\')
            i++;
    return i < n ? i + 1 : n;
}

static size_t skip_value(const char *p, size_t n, size_t i)
{
    size_t depth = 0;
    for (; i < n; i++) {
        if (p[i] == '"') {
            i = skip_string(p, n, i) - 1;
        } else if (p[i] == '{' || p[i] == '[') {
            depth++;
        } else if (p[i] == '}' || p[i] == ']') {
            if (depth == 0)
                return i;
            depth--;
        } else if (p[i] == ',' && depth == 0) {
            return i;
        }
    }
    return n;
}

/* The text of the member of the object in p, which is known to be JSON; data NULL: there is none. */
static struct quis_text member_text(const char *p, size_t n, const char *key)
{
    size_t i = skip_blank(p, n, 0) + 1;
    while ((i = skip_blank(p, n, i)) < n && p[i] == '"') {
        size_t end = skip_string(p, n, i);
        bool found = end - i == strlen(key) + 2 && memcmp(p + i + 1, key, strlen(key)) == 0;
        size_t value = skip_blank(p, n, skip_blank(p, n, end) + 1);
        i = skip_value(p, n, value);
        if (found)
            return (struct quis_text){p + value, i - value};
        i++;
    }
    return (struct quis_text){NULL, 0};
}

static void add_string(struct text *t, const char *p, size_t n)
{
    text_add(t, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"' || p[i] == '\\')
            text_printf(t, "\\%c", p[i]);
        else if ((unsigned char)p[i] < 0x20)
            text_printf(t, "\\u%04x", (unsigned)p[i]);
        else
            text_add(t, p + i, 1);
    }
    text_add(t, "\"", 1);
}

static void add_error(struct text *t, const struct quis_error *e)
{
    text_printf(t, "{\"code\":\"%s\",\"row\":%" PRIu32 ",\"col\":%" PRIu32 ",\"file\":", e->code, e->row, e->column);
    add_string(t, e->file, strlen(e->file));
    text_printf(t, ",\"message\":");
    add_string(t, e->text, strlen(e->text));
}

/* ---- the host ---- */

static int64_t read_clock(void *ctx)
{
    (void)ctx;
    return NOW_NS;
}

static int draw_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 7, size);
    return 0;
}

static void take_print(void *ctx, struct quis_text line, struct quis_text file, uint32_t row)
{
    struct runner *r = ctx;
    (void)file, (void)row;
    add_string(&r->prints, line.data, line.size);
    text_add(&r->prints, ",", 1);
}

static int read_zone(void *ctx, struct quis_text name, struct quis_text *ret)
{
    static char bytes[1 << 16];
    char path[256];
    (void)ctx;
    int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.size, name.data);
    FILE *f = n > 0 && (size_t)n < sizeof path && strstr(path, "..") == NULL ? fopen(path, "rb") : NULL;
    if (f == NULL)
        return -1;
    *ret = (struct quis_text){bytes, fread(bytes, 1, sizeof bytes, f)};
    fclose(f);
    return 0;
}

static void make_engine(struct runner *r, bool strict)
{
    struct quis_options options = QUIS_OPTIONS_INIT;
    struct quis_error error = QUIS_ERROR_INIT;
    options.grants = (struct quis_grants){
        .now_ns = read_clock, .random = draw_random, .print = take_print, .time_zone = read_zone, .runtime = {"{}", 2}};
    options.grant_ctx = r;
    options.strict_builtin_errors = strict;
    if (quis_engine_new(&options, &r->engines[strict], &error) != 0)
        die(error.code, error.text);
}

/* ---- one case ---- */

static bool is_set(const struct quis_value *root, const char *key)
{
    struct quis_value v;
    return quis_value_get(root, key, strlen(key), &v) && quis_value_is_true(&v);
}

static void read_request(struct runner *r, const char *line, size_t n, struct request *ret)
{
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_value v;
    struct quis_text text;
    *ret = (struct request){0};
    if (quis_document_parse(r->engines[0], line, n, &ret->document, &error) != 0)
        die(error.code, error.text);
    const struct quis_value *root = quis_document_value(ret->document);
    ret->id = member_text(line, n, "id");
    ret->data = member_text(line, n, "data");
    ret->input = member_text(line, n, "input");
    ret->strict = is_set(root, "strict_errors");
    ret->prints = is_set(root, "prints");
    if (!quis_value_get(root, "query", 5, &v) || !quis_value_text(&v, &ret->query))
        die("a case without", "query");
    bool has_version = quis_value_get(root, "rego", 4, &v) && quis_value_text(&v, &text);
    ret->v0 = has_version && text.size == 2 && memcmp(text.data, "v0", 2) == 0;
}

/* -1: what is wrong is in *error, unless the compiler has diagnostics. */
static int compile(struct runner *r, const struct request *q, struct quis_compiler **compiler, struct quis_program **ret,
                   struct quis_error *error)
{
    struct quis_compiler_options options = QUIS_COMPILER_OPTIONS_INIT;
    struct quis_value modules, name, text;
    struct quis_text n, t;
    char path[256];
    options.version = q->v0 ? QUIS_REGO_V0 : QUIS_REGO_V1;
    options.keep_prints = q->prints;
    if (quis_compiler_new(r->engines[q->strict], &options, compiler, error) != 0)
        return -1;
    bool any = quis_value_get(quis_document_value(q->document), "modules", 7, &modules);
    for (size_t i = 0; any && quis_value_at(&modules, i, &name, &text); i++) {
        if (!quis_value_text(&name, &n) || !quis_value_text(&text, &t) || n.size >= sizeof path)
            die("modules must be", "texts");
        memcpy(path, n.data, n.size);
        path[n.size] = '\0';
        if (quis_compiler_add(*compiler, path, t.data, t.size, error) != 0)
            return -1;
    }
    return quis_compiler_set_query(*compiler, q->query.data, q->query.size, error) == 0 &&
                   quis_compiler_finish(*compiler, ret, error) == 0
               ? 0 : -1;
}

static void add_compile_error(struct text *t, const struct quis_compiler *compiler, const struct quis_error *error)
{
    struct quis_error d;
    size_t count = compiler != NULL ? quis_compiler_diagnostics(compiler) : 0;
    text_printf(t, "\"error\":");
    if (count == 0 || !quis_compiler_diagnostic(compiler, 0, &d))
        d = *error;
    add_error(t, &d);
    for (size_t i = 1; i < count && quis_compiler_diagnostic(compiler, i, &d); i++) {
        text_printf(t, i == 1 ? ",\"more\":[" : ",");
        add_error(t, &d);
        text_printf(t, "}");
    }
    text_printf(t, count > 1 ? "]}" : "}");
}

static void add_cells(struct text *t, struct quis_vm *vm, const struct quis_program *program, const struct quis_value *row,
                      bool bindings)
{
    struct quis_column column;
    struct quis_value cell;
    struct quis_text json;
    bool first = true;
    for (size_t c = 0; quis_program_column(program, c, &column) && quis_value_at(row, c, NULL, &cell); c++) {
        if (column.is_binding != bindings)
            continue;
        if (!first)
            text_add(t, ",", 1);
        first = false;
        if (bindings) {
            add_string(t, column.text.data, column.text.size);
            text_add(t, ":", 1);
        }
        if (quis_vm_json(vm, &cell, &json, NULL) == 0)
            text_add(t, json.data, json.size);
        else
            text_printf(t, "\"(a value without JSON text)\"");
    }
}

static void add_rows(struct text *t, struct quis_vm *vm, const struct quis_program *program, const struct quis_value *rows)
{
    struct quis_value row;
    text_printf(t, quis_value_size(rows) == 0 ? "\"undefined\":true" : "\"result\":[");
    for (size_t i = 0; quis_value_at(rows, i, NULL, &row); i++) {
        text_printf(t, "%s{\"expressions\":[", i == 0 ? "" : ",");
        add_cells(t, vm, program, &row, false);
        text_printf(t, "],\"bindings\":{");
        add_cells(t, vm, program, &row, true);
        text_printf(t, "}}");
    }
    text_printf(t, quis_value_size(rows) == 0 ? "" : "]");
}

static void evaluate(struct runner *r, const struct request *q, struct quis_program *program, struct quis_vm *vm, struct text *t)
{
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_value value;
    uint32_t entry = 0;
    text_clear(&r->prints);
    if (quis_program_entry(program, "query", 5, &entry, &error) == 0 &&
        quis_vm_eval(vm, entry, q->input.data, q->input.size, &value, &error) == 0) {
        add_rows(t, vm, program, &value);
    } else {
        text_printf(t, "\"error\":");
        add_error(t, &error);
        text_printf(t, "}");
    }
    if (r->prints.len > 0)
        text_printf(t, ",\"prints\":[%.*s]", (int)(r->prints.len - 1), r->prints.p);
}

static void decide(struct runner *r, const struct request *q, struct text *t)
{
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_compiler *compiler = NULL;
    struct quis_program *program = NULL;
    struct quis_document *data = NULL;
    struct quis_vm *vm = NULL;
    struct text again = {0};
    if (q->data.data != NULL && quis_document_parse(r->engines[q->strict], q->data.data, q->data.size, &data, &error) != 0)
        die(error.code, error.text);
    if (compile(r, q, &compiler, &program, &error) != 0 || quis_vm_new(program, &vm, &error) != 0) {
        add_compile_error(t, compiler, &error);
    } else {
        quis_vm_set_data(vm, data);
        evaluate(r, q, program, vm, t);
        evaluate(r, q, program, vm, &again);
        if (strcmp(text_get(t), text_get(&again)) != 0) {
            text_printf(t, ",\"mismatch\":");
            add_string(t, again.p, again.len);
        }
    }
    text_free(&again);
    quis_vm_free(vm);
    quis_program_unref(program);
    quis_compiler_free(compiler);
    quis_document_unref(data);
}

int main(void)
{
    struct runner r = {0};
    struct text t = {0};
    char *line = NULL;
    size_t cap = 0;
    make_engine(&r, false);
    make_engine(&r, true);
    for (ssize_t len; (len = getline(&line, &cap, stdin)) > 0;) {
        struct request q;
        read_request(&r, line, (size_t)len, &q);
        text_clear(&t);
        decide(&r, &q, &t);
        printf("{\"id\":%.*s,%s}\n", (int)q.id.size, q.id.data, text_get(&t));
        fflush(stdout);
        quis_document_unref(q.document);
    }
    free(line);
    text_free(&t);
    text_free(&r.prints);
    quis_engine_unref(r.engines[0]);
    quis_engine_unref(r.engines[1]);
    return 0;
}
