/* SPDX-License-Identifier: Apache-2.0
 *
 * See policy.h.
 */
#include "tests/harness/policy.h"

#include <string.h>

static int compile(struct quis_engine *engine, const char *text, size_t size, struct quis_program **ret, struct quis_error *error)
{
    struct quis_compiler *c;
    struct quis_compiler_options options = QUIS_COMPILER_OPTIONS_INIT;
    options.keep_prints = true;
    if (quis_compiler_new(engine, &options, &c, error) != 0)
        return -1;
    int status = quis_compiler_add(c, "test.rego", text, size, error);
    if (status == 0)
        status = quis_compiler_add_entry(c, "data.test.p", error);
    if (status == 0)
        status = quis_compiler_finish(c, ret, error);
    quis_compiler_free(c);
    return status;
}

int policy_new(struct quis_engine *engine, const char *text, size_t size, struct policy *ret, struct quis_error *error)
{
    *ret = (struct policy){0};
    if (compile(engine, text, size, &ret->program, error) == 0 &&
        quis_program_entry(ret->program, "data.test.p", strlen("data.test.p"), &ret->entry, error) == 0 &&
        quis_vm_new(ret->program, &ret->vm, error) == 0)
        return 0;
    policy_free(ret);
    return -1;
}

void policy_free(struct policy *p)
{
    quis_vm_free(p->vm);
    quis_program_unref(p->program);
    *p = (struct policy){0};
}

int policy_eval(struct policy *p, const char *input, struct quis_value *ret, struct quis_error *error)
{
    return quis_vm_eval(p->vm, p->entry, input, input != NULL ? strlen(input) : 0, ret, error);
}
