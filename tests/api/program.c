/* SPDX-License-Identifier: Apache-2.0
 *
 * quis/program.h: file form, digest, entries, listings, references, and files that are none.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/harness/policy.h"

#define POLICY "package test\ndefault p := false\np if input.user in {\"ann\", \"bob\"}\n"

static void check_file_form(struct quis_engine *engine, struct quis_program *program)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_text bytes, again, copy;
    struct quis_program *loaded;
    uint8_t digest[48], same[48];
    if (!check(quis_program_bytes(program, &bytes, &e) == 0 && quis_program_bytes(program, &again, &e) == 0, "bytes: %s", e.text))
        return;
    check(bytes.data == again.data && bytes.size == again.size, "bytes are made once");
    if (!check(quis_program_load(engine, bytes.data, bytes.size, &loaded, &e) == 0, "loads: %s", e.text))
        return;
    check(quis_program_bytes(loaded, &copy, &e) == 0 && copy.size == bytes.size && memcmp(copy.data, bytes.data, copy.size) == 0,
          "what was loaded has the same bytes");
    check(quis_program_digest(program, digest, &e) == 0 && quis_program_digest(loaded, same, &e) == 0 &&
              memcmp(digest, same, sizeof same) == 0,
          "and the same digest");
    quis_program_unref(loaded);
    for (size_t size = 0; size < bytes.size; size += size < 300 ? 1 : 37) {
        loaded = NULL;
        int status = quis_program_load(engine, bytes.data, size, &loaded, &e);
        if (!check(status == -1 && loaded == NULL && strcmp(e.code, "program_error") == 0, "cut off at %zu: %s", size, e.code))
            return;
    }
    check(quis_program_load(engine, "not a program", 13, &loaded, &e) == -1, "a text is no program");
}

static void check_entries(struct quis_program *program)
{
    struct quis_error e = QUIS_ERROR_INIT;
    struct quis_text listing, again;
    struct quis_column column;
    uint32_t entry = 99;
    check(quis_program_entry(program, "data.test.p", 11, &entry, &e) == 0 && entry == 0, "the entry: %s", e.text);
    entry = 99;
    check(quis_program_entry(program, "data.test.q", 11, &entry, &e) == -1 && strcmp(e.code, "not_found") == 0 && entry == 99,
          "no such entry: %s", e.code);
    check(quis_program_entry(program, "", 0, &entry, NULL) == -1, "an empty name");
    check(quis_program_listing(program, &listing, &e) == 0 && listing.size > 50, "a listing: %s", e.text);
    check(quis_program_listing(program, &again, &e) == 0 && listing.data == again.data, "is made once");
    check(!quis_program_column(program, 0, &column), "there are no columns without a query");
}

int main(void)
{
    struct quis_engine *engine;
    struct quis_error e = QUIS_ERROR_INIT;
    struct policy p, same;
    struct quis_text one, two;
    if (quis_engine_new(NULL, &engine, NULL) != 0 || policy_new(engine, POLICY, strlen(POLICY), &p, &e) != 0 ||
        policy_new(engine, POLICY, strlen(POLICY), &same, &e) != 0)
        abort();
    check(quis_program_bytes(p.program, &one, &e) == 0 && quis_program_bytes(same.program, &two, &e) == 0 &&
              one.size == two.size && memcmp(one.data, two.data, one.size) == 0,
          "the same policy gives the same bytes");
    policy_free(&same);
    check_file_form(engine, p.program);
    check_entries(p.program);
    check(quis_program_ref(p.program) == p.program && quis_program_ref(NULL) == NULL, "references");
    quis_program_unref(p.program);
    quis_program_unref(NULL);
    quis_engine_unref(engine); /* the program keeps it */
    check_entries(p.program);
    policy_free(&p);
    return check_finish();
}
