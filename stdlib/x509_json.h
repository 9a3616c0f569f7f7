/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates as the JSON of Go's x509.Certificate.
 */
#ifndef QUIS_STDLIB_X509_JSON_H
#define QUIS_STDLIB_X509_JSON_H

#include "stdlib/go_json.h"
#include "stdlib/x509_cert.h"

/* with_uris: OPA's additional member URIStrings. */
struct value x509_json_cert(struct go_json *g, const struct x509_cert *c, bool with_uris);

/* Parts that requests share. */
struct value x509_json_name(struct go_json *g, const struct x509_name *n);
struct value x509_json_extensions(struct go_json *g, const struct x509_extension *list, size_t count);
void x509_json_put_sans(struct go_json *g, struct object *o, const struct x509_sans *s);

#endif
