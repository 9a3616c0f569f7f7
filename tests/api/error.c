/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/error.h and quis/api.h: codes, places, texts that are cut, versions.
 */
#include <stdio.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"
#include "tests/harness/text.h"

static void check_places(struct quis_engine *engine)
{
    static const struct {
        const char *text, *code;
        uint32_t row, column;
    } rows[] = {
        {"package test\np if {", "rego_parse_error", 2, 7},
        {"package test\np := x", "rego_unsafe_var_error", 2, 1},
        {"package test\np if nothing(1)", "rego_type_error", 2, 6},
        {"package test\np if q\nq if p", "rego_recursion_error", 2, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct policy p;
        int status = policy_new(engine, rows[i].text, strlen(rows[i].text), &p, &e);
        check(status == -1 && strcmp(e.code, rows[i].code) == 0 && e.row == rows[i].row && strcmp(e.file, "test.rego") == 0 &&
                  e.text[0] != '\0' && !quis_error_is_limit(&e),
              "%s: %s %s:%u:%u: %s", rows[i].text, e.code, e.file, e.row, e.column, e.text);
        status = policy_new(engine, rows[i].text, strlen(rows[i].text), &p, NULL);
        check(status == -1, "%s: without an error to fill in", rows[i].text);
    }
}

static void check_long_texts(struct quis_engine *engine)
{
    struct quis_error e;
    struct quis_compiler *c;
    struct text name = {0};
    memset(&e, 'x', sizeof e);
    for (int i = 0; i < 300; i++)
        text_printf(&name, "ä");
    if (quis_compiler_new(engine, NULL, &c, &e) != 0)
        return;
    int status = quis_compiler_add(c, text_get(&name), "package 1", strlen("package 1"), &e);
    check(status == -1 && memchr(e.file, 0, sizeof e.file) != NULL && memchr(e.text, 0, sizeof e.text) != NULL &&
              memchr(e.code, 0, sizeof e.code) != NULL,
          "texts end");
    quis_compiler_free(c);
    text_free(&name);
}

int main(void)
{
    struct quis_engine *engine;
    struct quis_error e = QUIS_ERROR_INIT, limit = QUIS_ERROR_INIT;
    check(quis_version_number() == QUIS_VERSION_NUMBER, "the number of the version");
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", QUIS_VERSION_MAJOR, QUIS_VERSION_MINOR, QUIS_VERSION_PATCH);
    check(strcmp(quis_version(), version) == 0, "the version: %s", quis_version());
    check(!quis_error_is_limit(&e) && !quis_error_is_limit(NULL), "no error is no limit");
    snprintf(limit.code, sizeof limit.code, "limit_fuel");
    check(quis_error_is_limit(&limit), "limit_fuel is a limit");
    if (check(quis_engine_new(NULL, &engine, &e) == 0, "an engine: %s", e.text)) {
        check_places(engine);
        check_long_texts(engine);
        quis_engine_unref(engine);
    }
    return check_finish();
}
