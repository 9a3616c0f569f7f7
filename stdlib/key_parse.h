/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys out of DER: SubjectPublicKeyInfo, PKCS #1, SEC 1 and PKCS #8.
 *
 * Each function gives NULL, or in Go's words what is wrong; the text is static or in the arena. Keys borrow the DER's bytes.
 */
#ifndef QUIS_STDLIB_KEY_PARSE_H
#define QUIS_STDLIB_KEY_PARSE_H

#include "stdlib/key.h"

/* Identifiers of algorithms, contents only. */
extern const struct str key_oid_rsa, key_oid_ec, key_oid_dsa, key_oid_ed25519, key_oid_x25519;

/* The key of an algorithm, its parameters (a whole element, or empty) and the bits of the key. */
MUST_CHECK const char *key_parse_public(struct der oid, struct der params, struct der bits, struct key *ret);

/* A whole SubjectPublicKeyInfo. */
MUST_CHECK const char *key_parse_pkix(struct arena *a, struct der der, struct key *ret);

MUST_CHECK const char *key_parse_pkcs1(struct arena *a, struct der der, struct key *ret);
MUST_CHECK const char *key_parse_sec1(struct arena *a, struct der der, struct key *ret);
MUST_CHECK const char *key_parse_pkcs8(struct arena *a, struct der der, struct key *ret);

/* Bits moved to the right by unused, as Go's BitString.RightAlign; p NULL when memory ran out. */
struct der key_right_align(struct arena *a, struct der bits, unsigned unused);

#endif
