/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs: compiled policies, verified, immutable, counted, shared by all threads.
 */
#ifndef QUIS_PROGRAM_H
#define QUIS_PROGRAM_H

#include <quis/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_program;

/* Reads the file form. A damaged file, or one that fails verification, is refused: it cannot run. */
QUIS_API int quis_program_load(struct quis_engine *engine, const void *bytes, size_t size, struct quis_program **ret,
                               struct quis_error *error);

/* The file form: the same sources and options give the same bytes on every machine. The bytes live as long as the program. */
QUIS_API int quis_program_bytes(struct quis_program *program, struct quis_text *ret, struct quis_error *error);

/* SHA-384 of the file form: the identity of the policy. */
QUIS_API int quis_program_digest(struct quis_program *program, uint8_t ret[48], struct quis_error *error);

/* The number of an entry by the path it was compiled for ("data.policy.allow"); error NOT_FOUND. */
QUIS_API int quis_program_entry(const struct quis_program *program, const char *name, size_t size, uint32_t *ret,
                                struct quis_error *error);

/* A listing of the code. The text lives as long as the program. */
QUIS_API int quis_program_listing(struct quis_program *program, struct quis_text *ret, struct quis_error *error);

QUIS_API struct quis_program *quis_program_ref(struct quis_program *program);
QUIS_API void quis_program_unref(struct quis_program *program);

#ifdef __cplusplus
}
#endif

#endif
