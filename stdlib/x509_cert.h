/* SPDX-License-Identifier: Apache-2.0
 *
 * X.509 certificates, read as Go's crypto/x509 reads them: what it accepts and what it refuses.
 *
 * A certificate borrows the bytes it was read from; what must be made anew is in the arena. Lists are empty where Go's are
 * nil, but for policy identifiers, which has_policies tells apart.
 */
#ifndef QUIS_STDLIB_X509_CERT_H
#define QUIS_STDLIB_X509_CERT_H

#include "stdlib/key_parse.h"

/* A reading in progress: the first complaint, or that the evaluation must end. */
struct x509_reader {
    struct bi_ctx *ctx;
    const char *wrong; /* in Go's words */
    int halt;          /* BI_HALT: ctx->err says why */
};

/* Both return false, for `return x509_wrong(...)`. The first complaint stays. */
bool x509_wrong(struct x509_reader *r, const char *text);
bool x509_nomem(struct x509_reader *r);

/* Takes fuel; false and halt when there is not enough. */
MUST_CHECK bool x509_charge(struct x509_reader *r, uint64_t units);

struct x509_list {
    struct der *items;
    size_t len, cap;
};

MUST_CHECK bool x509_push(struct x509_reader *r, struct x509_list *list, struct der item);

struct x509_attribute {
    struct der type;
    struct str value; /* UTF-8 */
};

struct x509_name {
    struct der raw;
    struct x509_attribute *attributes;
    size_t len, cap;
};

struct x509_time {
    int64_t seconds; /* since 1970, UTC */
    int32_t offset;  /* of the zone it was written in */
};

struct x509_extension {
    struct der id, value;
    bool critical;
};

/* Names that constraints permit or exclude. Ranges of addresses: address and mask, 8 or 32 bytes. */
struct x509_subtrees {
    struct x509_list dns, ip, email, uri;
};

/* Alternative names. */
struct x509_sans {
    struct x509_list dns, email, ip, uri;
};

enum x509_key_usage { X509_USAGE_CERT_SIGN = 1 << 5 };

#define X509_USAGES 14 /* extended key usages with a number of their own */
#define X509_USAGE_ANY 0
#define X509_USAGE_SERVER_AUTH 1

struct x509_cert {
    struct der raw, tbs, spki, signature;
    int signature_algorithm, key_algorithm; /* Go's numbers */
    struct key key;                         /* kind KEY_NONE: an algorithm that is not known */
    int64_t version;
    struct der serial;
    struct x509_name issuer, subject;
    struct x509_time not_before, not_after;
    struct x509_extension *extensions;
    size_t extension_count, extension_cap;
    int key_usage;
    struct x509_list unhandled; /* critical extensions that are not understood */
    int *ext_usages;
    size_t ext_usage_count, ext_usage_cap;
    struct x509_list unknown_usages;
    bool basic_constraints, is_ca, max_path_zero;
    int64_t max_path;
    struct der subject_key_id, authority_key_id; /* p NULL: absent */
    struct x509_list ocsp, issuing, crl_points;
    struct x509_sans sans;
    bool has_sans, has_constraints, constraints_critical;
    struct x509_subtrees permitted, excluded;
    struct x509_list policies;
    bool has_policies;
    struct x509_list mapping_issuer, mapping_subject; /* pairs */
    int64_t inhibit_any, inhibit_mapping, require_policy;
    bool inhibit_any_zero, inhibit_mapping_zero, require_policy_zero;
};

/* Reads one certificate from the front of *der. */
MUST_CHECK bool x509_read_cert(struct x509_reader *r, struct der *der, struct x509_cert *ret);

/* Reads certificates until *der is empty. */
MUST_CHECK bool x509_read_certs(struct x509_reader *r, struct der der, struct x509_cert **ret, size_t *ret_count);

/* Parts that requests share with certificates. */
MUST_CHECK bool x509_read_name(struct x509_reader *r, struct der raw, struct x509_name *ret);
MUST_CHECK bool x509_read_algorithm(struct x509_reader *r, struct der seq, struct der *ret_oid, struct der *ret_params);
MUST_CHECK bool x509_read_sans(struct x509_reader *r, struct der der, struct x509_sans *ret);
int x509_signature_algorithm(struct der oid, struct der params);
int x509_key_algorithm(struct der oid);

/* x509_extensions.c: what the extensions say. */
MUST_CHECK bool x509_read_extensions(struct x509_reader *r, struct x509_cert *c);

/* The number of an extended key usage, or -1. */
int x509_usage_of_oid(struct der oid);

/* x509_names.c: the syntax of names in constraints and alternative names. */
bool x509_is_ascii(struct der s);
bool x509_is_domain(struct str s, bool constraint);

/* The local part (unescaped, in the arena) and the domain of a mail address. */
MUST_CHECK bool x509_parse_mailbox(struct arena *a, struct str s, struct str *ret_local, struct str *ret_domain);

/* x509_time.c */
MUST_CHECK bool x509_take_time(struct x509_reader *r, struct der *der, struct x509_time *ret);

#endif
