/* SPDX-License-Identifier: Apache-2.0
 *
 * Public and private keys as their numbers, and signatures with them.
 *
 * A struct key borrows its bytes (big-endian, RSA numbers without leading zeros, curve coordinates at full width). OpenSSL
 * objects live only inside these functions; nothing is left in its error queue.
 */
#ifndef QUIS_STDLIB_KEY_H
#define QUIS_STDLIB_KEY_H

#include <openssl/evp.h>

#include "stdlib/der.h"
#include "vm/builtin.h"

enum key_kind { KEY_NONE, KEY_RSA, KEY_EC, KEY_ED25519, KEY_X25519, KEY_DSA, KEY_SECRET };

struct key_curve {
    const char *name;  /* "P-256" */
    const char *group; /* OpenSSL's name */
    struct str oid;    /* contents of the DER identifier */
    int nid;
    unsigned bits;
    uint32_t verify_cost;                 /* fuel */
    const char *not_on_curve, *bad_point; /* in Go's words */
};

struct key {
    enum key_kind kind;
    bool is_private;
    const struct key_curve *curve;
    struct str n, e;             /* RSA */
    struct str d;                /* RSA exponent, curve scalar, seed, secret */
    struct str p, q, dp, dq, qi; /* RSA; DSA p and q */
    struct str x, y;             /* curve point; the public key of ED25519 and X25519 in x; DSA's number in y */
    struct str g;                /* DSA */
};

const struct key_curve *key_curve_by_oid(struct der oid);
const struct key_curve *key_curve_by_name(struct str name);

/* Bytes of a coordinate. */
static inline size_t key_curve_bytes(const struct key_curve *c)
{
    return (c->bits + 7) / 8;
}

/* Bits of a big-endian number, and the number without leading zeros. */
size_t key_bits(struct str number);
struct str key_trim(struct str number);

#define KEY_POINT_COST 2000 /* fuel of key_is_on_curve */

/* Is (x, y) a point of the curve, not at infinity? */
bool key_is_on_curve(const struct key *k);

/* Fills in x and y (or x) of a private key whose d is known; d gets its full width. NULL, or what is wrong. */
MUST_CHECK const char *key_derive_public(struct arena *a, struct key *k);

/* Checks the numbers of a private RSA key against each other and fills in the missing ones of dp, dq, qi. NULL, or Go's words
 * for what is wrong. */
MUST_CHECK const char *key_check_rsa(struct arena *a, struct key *k);

enum key_scheme {
    KEY_RSA_PKCS1,
    KEY_RSA_PSS,     /* salt as long as the digest */
    KEY_RSA_PSS_ANY, /* verifying only: salt of any length */
    KEY_ECDSA_DER,
    KEY_ECDSA_PAIR, /* r and s at full width; when verifying, any two halves */
    KEY_EDDSA,
};

/* Fuel for one operation with the key. */
uint64_t key_verify_cost(const struct key *k);
uint64_t key_sign_cost(const struct key *k);

/* Does the signature of message hold under the public part of k? md is not used for EDDSA. opened keeps OpenSSL's form of the
 * key for the next time (NULL at first; the caller frees it); NULL: it is made and dropped each time. */
bool key_verify(const struct key *k, EVP_PKEY **opened, enum key_scheme scheme, const EVP_MD *md, struct str message,
                struct str signature);

/* Signs message with a private key into the arena. NULL, or what is wrong. */
MUST_CHECK const char *key_sign(struct arena *a, const struct key *k, enum key_scheme scheme, const EVP_MD *md,
                                struct str message, struct str *ret);

#endif
