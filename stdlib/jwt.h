/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Web Tokens: what decoding, verifying and signing share.
 */
#ifndef QUIS_STDLIB_JWT_H
#define QUIS_STDLIB_JWT_H

#include "stdlib/jwk.h"

enum jwt_family { JWT_HMAC, JWT_RSA, JWT_ECDSA, JWT_EDDSA };

enum jwt_flags { JWT_SIGN = 1, JWT_RANDOM = 2 };

struct jwt_algorithm {
    const char *name, *alias;
    enum jwt_family family;
    enum key_scheme scheme; /* not of HMAC */
    const EVP_MD *(*digest)(void);
    unsigned flags; /* enum jwt_flags */
};

/* By name or alias; NULL when there is none. */
const struct jwt_algorithm *jwt_find_algorithm(struct str name);

/* Is it a name that OPA signs with and lets keys have? */
bool jwt_is_known(struct str name);

/* The three parts of a token as they are written, and its header. */
struct jwt {
    struct str header_text, payload_text, signature_text;
    struct str signed_text; /* header.payload */
    struct object *header;
};

/* Cuts a token. BI_ERROR in OPA's words. */
MUST_CHECK int jwt_split(struct bi_ctx *ctx, struct str token, struct jwt *ret);

/* Bytes of one part; prefix goes in front of the error. */
MUST_CHECK int jwt_decode_part(struct bi_ctx *ctx, struct str text, const char *prefix, struct str *ret);

/* Fills in t->header. */
MUST_CHECK int jwt_decode_header(struct bi_ctx *ctx, struct jwt *t);

/* A JSON object; prefix goes in front of the error. */
MUST_CHECK int jwt_parse_object(struct bi_ctx *ctx, struct str text, const char *prefix, struct object **ret);

/* The header parameters that mean something here; "" = absent. */
struct jwt_header {
    struct str alg, kid, cty;
    bool has_unknown_critical; /* a parameter that must be understood is not */
};

MUST_CHECK int jwt_read_header(struct bi_ctx *ctx, const struct jwt *t, struct jwt_header *ret);

/* jwt_keys.c: the keys of a PEM certificate, a PEM public key, a JWK or a JWKS. They are kept for the next time and must not
 * be changed but for opened; they stay until the next call. */
MUST_CHECK int jwt_read_keys(struct bi_ctx *ctx, struct str text, struct jwk_set **ret);

/* The first key of that name, or NULL. */
struct jwk *jwt_key_by_id(const struct jwk_set *keys, struct str kid);

#endif
