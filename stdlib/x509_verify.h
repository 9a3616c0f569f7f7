/* SPDX-License-Identifier: Apache-2.0
 *
 * Verification of a chain of certificates, with the same answers as Go's Certificate.Verify.
 *
 * The first certificate is the root, the last one the leaf, those between are intermediates. No revocation.
 */
#ifndef QUIS_STDLIB_X509_VERIFY_H
#define QUIS_STDLIB_X509_VERIFY_H

#include "stdlib/x509_cert.h"

#define X509_MAX_CHECKS 100 /* signatures checked at most, as in Go */
#define X509_MAX_CHAIN (X509_MAX_CHECKS + 2)

struct x509_options {
    struct str dns_name; /* "" = any */
    int64_t now_seconds;
    int32_t now_nanos;
    const int *usages; /* extended key usages of which one must be allowed; none: server authentication */
    size_t usage_count;
};

struct x509_chain {
    const struct x509_cert *certs[X509_MAX_CHAIN]; /* leaf first */
    size_t len;
};

/* false: no chain holds, or r->halt. */
MUST_CHECK bool x509_verify(struct x509_reader *r, const struct x509_cert *certs, size_t count, const struct x509_options *o,
                            struct x509_chain *ret);

/* x509_constraints.c: do the names in the chain respect the name constraints in it? */
MUST_CHECK bool x509_check_constraints(struct x509_reader *r, const struct x509_chain *chain);

/* x509_policy.c: is the chain's policy graph (RFC 5280 6.1, RFC 9618) acceptable when any policy will do? */
MUST_CHECK bool x509_check_policies(struct x509_reader *r, const struct x509_chain *chain);

/* x509_host.c: is the certificate for this host or address? */
bool x509_is_for_host(const struct x509_cert *c, struct str host);

#endif
