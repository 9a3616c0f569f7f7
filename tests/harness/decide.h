/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers a query through the public interface, the way a host would, and keeps the answer in a form that compares.
 *
 * Every question is decided three times: by the program as compiled, by the same VM again, and by the program saved and loaded.
 * All three must agree in value, error and fuel; where they do not, mismatch says how.
 */
#ifndef QUIS_TESTS_DECIDE_H
#define QUIS_TESTS_DECIDE_H

#include <quis/quis.h>

#include "tests/harness/text.h"

#define QUESTION_MODULES 64

struct question {
    struct quis_engine *engine;
    struct quis_compiler_options options;
    const char *names[QUESTION_MODULES];
    struct quis_text modules[QUESTION_MODULES];
    size_t module_count;
    struct quis_text query;
    struct quis_text data, input; /* JSON; data NULL = none */
    bool data_conflicts;          /* rules must not define what data has */
    bool exact;                   /* numbers keep their digits */
    bool sort;                    /* arrays and sets that are bound to a variable compare as bags */
};

struct answer {
    bool is_error;
    struct quis_error error;
    struct text mismatch;      /* "" when all ways agree */
    struct text_list bindings; /* of each row, as a JSON object; sorted, each once */
    struct text value;         /* of the only expression of the only row that binds nothing */
    bool has_value;
    size_t rows;
    struct quis_compiler *compiler;
    struct quis_program *program;
    struct quis_vm *vm;
    struct quis_document *data;
};

void decide(const struct question *q, struct answer *ret);
void answer_free(struct answer *a);

/* The rows that a JSON array of objects stands for, to be compared with answer.bindings. */
void decide_rows(const struct question *q, struct answer *a, const struct quis_value *rows, struct text_list *ret);

#endif
