/* SPDX-License-Identifier: Apache-2.0
 *
 * VMs: evaluate a program. One thread at a time per VM; make one per worker and reuse it.
 */
#ifndef QUIS_VM_H
#define QUIS_VM_H

#include <quis/document.h>
#include <quis/program.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_vm;

/* The VM keeps a reference to the program and its engine. */
QUIS_API int quis_vm_new(struct quis_program *program, struct quis_vm **ret, struct quis_error *error);
QUIS_API void quis_vm_free(struct quis_vm *vm);

/* Base documents for the evaluations that follow; NULL: none. The VM keeps a reference. */
QUIS_API void quis_vm_set_data(struct quis_vm *vm, struct quis_document *data);

/* Limits for the evaluations that follow, instead of the engine's. */
QUIS_API void quis_vm_set_limits(struct quis_vm *vm, const struct quis_limits *limits);

/*
 * Evaluates an entry on an input of JSON text; NULL: no input. The text must stay as it is until the next evaluation.
 * *ret is the value of the entry's document, kind QUIS_UNDEFINED when it is undefined; it lives until the next evaluation.
 * -1: an error, and no value. Decide with quis_value_is_true on success, and deny on -1.
 */
QUIS_API int quis_vm_eval(struct quis_vm *vm, uint32_t entry, const char *input, size_t size, struct quis_value *ret,
                          struct quis_error *error);

/* The same on an input parsed before. */
QUIS_API int quis_vm_eval_document(struct quis_vm *vm, uint32_t entry, const struct quis_document *input, struct quis_value *ret,
                                   struct quis_error *error);

/* JSON text of a value: sets are arrays, other keys than strings are their JSON text. Lives until the next evaluation. */
QUIS_API int quis_vm_json(struct quis_vm *vm, const struct quis_value *value, struct quis_text *ret, struct quis_error *error);

/* From any thread, or a signal handler: a running evaluation ends soon with eval_cancel_error. */
QUIS_API void quis_vm_cancel(struct quis_vm *vm);

struct quis_usage {
    uint64_t fuel;  /* units */
    uint64_t bytes; /* of the evaluation's memory */
};

/* Of the last evaluation. */
QUIS_API void quis_vm_usage(const struct quis_vm *vm, struct quis_usage *ret);

#ifdef __cplusplus
}
#endif

#endif
