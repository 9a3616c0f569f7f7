/* SPDX-License-Identifier: Apache-2.0
 *
 * One policy from text to a VM in one call, for tests of what happens around an evaluation.
 */
#ifndef QUIS_TESTS_POLICY_H
#define QUIS_TESTS_POLICY_H

#include <quis/quis.h>

struct policy {
    struct quis_program *program;
    struct quis_vm *vm;
    uint32_t entry;
};

/* Compiles text, whose entry is data.test.p, and makes a VM. -1: *error says why, and there is nothing to free. */
int policy_new(struct quis_engine *engine, const char *text, size_t size, struct policy *ret, struct quis_error *error);
void policy_free(struct policy *p);

/* Evaluates the entry; input NULL: none. */
int policy_eval(struct policy *p, const char *input, struct quis_value *ret, struct quis_error *error);

#endif
