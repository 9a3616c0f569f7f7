/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents: JSON parsed once, frozen, counted, shared by all threads. Base data and prepared inputs are documents.
 */
#ifndef QUIS_DOCUMENT_H
#define QUIS_DOCUMENT_H

#include <quis/engine.h>
#include <quis/value.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quis_document;

/* The text is copied. */
QUIS_API int quis_document_parse(struct quis_engine *engine, const char *json, size_t size, struct quis_document **ret,
                                 struct quis_error *error);

/*
 * A new document that is `from` with the value of json at path ("/a/b", a JSON pointer; "" replaces all; objects on the way are
 * made); json NULL removes it. Everything else is shared, not copied, and `from` stays as it is: whoever reads it never sees
 * half an update.
 */
QUIS_API int quis_document_update(struct quis_document *from, const char *path, const char *json, size_t size,
                                  struct quis_document **ret, struct quis_error *error);

/* The root; lives as long as the document. */
QUIS_API const struct quis_value *quis_document_value(const struct quis_document *document);

QUIS_API struct quis_document *quis_document_ref(struct quis_document *document);
QUIS_API void quis_document_unref(struct quis_document *document);

#ifdef __cplusplus
}
#endif

#endif
