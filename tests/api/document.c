/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/document.h: texts that are none, updates by path that share the rest, lives that end in any order.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

static struct quis_engine *engine;

static const struct {
    const char *json, *code;
    uint32_t row, column;
} broken[] = {
    {"", "json_error", 1, 1},         {"{", "json_error", 1, 2},
    {"[1,\n2,]", "json_error", 2, 3}, {"{\"a\":1}}", "json_error", 1, 8},
    {"nul", "json_error", 1, 1},      {"01", "json_error", 1, 2},
    {"\"a\nb\"", "json_error", 1, 3}, {"\xef\xbb\xbf{}", "json_error", 1, 1},
};

static void check_broken(void)
{
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct quis_document *d = NULL;
        int status = quis_document_parse(engine, broken[i].json, strlen(broken[i].json), &d, &e);
        check(status == -1 && d == NULL && strcmp(e.code, broken[i].code) == 0 && e.row != 0 && e.column != 0, "%s: %s %u:%u: %s",
              broken[i].json, e.code, e.row, e.column, e.text);
    }
}

/* The JSON text of a document, by a policy that gives it back. */
static bool is_text(struct quis_document *d, const char *want)
{
    static const char policy[] = "package test\np := input";
    struct policy p;
    struct quis_value v;
    struct quis_text json = {"", 0};
    struct quis_error e = QUIS_ERROR_INIT;
    if (policy_new(engine, policy, strlen(policy), &p, &e) != 0)
        abort();
    bool same = quis_vm_eval_document(p.vm, p.entry, d, &v, &e) == 0 && quis_vm_json(p.vm, &v, &json, &e) == 0 &&
                json.size == strlen(want) && memcmp(json.data, want, json.size) == 0;
    if (!same)
        check(false, "%.*s instead of %s %s", (int)json.size, json.data, want, e.text);
    policy_free(&p);
    return same;
}

static const struct {
    const char *path, *json, *want; /* json NULL: removes; want NULL: an error */
} updates[] = {
    {"/a/b", "9", "{\"a\":{\"b\":9,\"c\":2},\"d\":[1]}"},
    {"/a", NULL, "{\"d\":[1]}"},
    {"/a/c", NULL, "{\"a\":{\"b\":1},\"d\":[1]}"},
    {"/none/x", NULL, "{\"a\":{\"b\":1,\"c\":2},\"d\":[1]}"},
    {"/x/y/z", "true", "{\"a\":{\"b\":1,\"c\":2},\"d\":[1],\"x\":{\"y\":{\"z\":true}}}"},
    {"/d/e", "1", "{\"a\":{\"b\":1,\"c\":2},\"d\":{\"e\":1}}"},
    {"/e~1f~0", "1", "{\"a\":{\"b\":1,\"c\":2},\"d\":[1],\"e/f~\":1}"},
    {"/", "1", "{\"\":1,\"a\":{\"b\":1,\"c\":2},\"d\":[1]}"},
    {"", "[1]", "[1]"},
    {"", NULL, "{}"},
    {"a", "1", NULL},
    {"/a", "{", NULL},
};

static void check_updates(void)
{
    static const char text[] = "{\"a\":{\"b\":1,\"c\":2},\"d\":[1]}";
    struct quis_document *from;
    if (quis_document_parse(engine, text, strlen(text), &from, NULL) != 0)
        abort();
    for (size_t i = 0; i < sizeof updates / sizeof *updates; i++) {
        struct quis_error e = QUIS_ERROR_INIT;
        struct quis_document *d = NULL;
        const char *json = updates[i].json;
        int status = quis_document_update(from, updates[i].path, json, json != NULL ? strlen(json) : 0, &d, &e);
        if (updates[i].want == NULL)
            check(status == -1 && d == NULL && e.code[0] != '\0', "%s: %d", updates[i].path, status);
        else if (check(status == 0, "%s: %s", updates[i].path, e.text))
            check(is_text(d, updates[i].want), "%s of %s", updates[i].path, json);
        check(is_text(from, text), "%s: what it came from stays", updates[i].path);
        quis_document_unref(d);
    }
    quis_document_unref(from);
}

static void check_lives(void)
{
    struct quis_document *d, *first;
    struct quis_value a, b;
    if (quis_document_parse(engine, "{\"a\":{\"b\":[1,2]}}", 17, &first, NULL) != 0)
        abort();
    d = first;
    for (int i = 0; i < 1000; i++) { /* a chain of updates, of which only the last one is held */
        struct quis_document *next;
        if (quis_document_update(d, "/n", "1", 1, &next, NULL) != 0)
            abort();
        if (i == 0)
            check(quis_value_get(quis_document_value(d), "a", 1, &a) && quis_value_get(quis_document_value(next), "a", 1, &b) &&
                      memcmp(&a, &b, sizeof a) == 0,
                  "what did not change is shared");
        quis_document_unref(d);
        d = next;
    }
    check(is_text(d, "{\"a\":{\"b\":[1,2]},\"n\":1}"), "after a thousand updates");
    check(quis_document_ref(d) == d && quis_document_ref(NULL) == NULL, "references");
    quis_document_unref(d);
    quis_document_unref(d);
    quis_document_unref(NULL);
}

int main(void)
{
    if (quis_engine_new(NULL, &engine, NULL) != 0)
        abort();
    check_broken();
    check_updates();
    check_lives();
    quis_engine_unref(engine);
    return check_finish();
}
