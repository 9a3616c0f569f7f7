/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificate signing requests (PKCS #10) as the JSON of Go's x509.CertificateRequest.
 */
#ifndef QUIS_STDLIB_X509_REQUEST_H
#define QUIS_STDLIB_X509_REQUEST_H

#include "stdlib/go_json.h"
#include "stdlib/x509_cert.h"

/* false: r->wrong or r->halt says why. */
MUST_CHECK bool x509_request_json(struct x509_reader *r, struct der der, struct value *ret);

#endif
