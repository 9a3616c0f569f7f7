/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Web Keys and sets of them, as lestrrat-go/jwx (OPA's library) reads them.
 */
#ifndef QUIS_STDLIB_JWK_H
#define QUIS_STDLIB_JWK_H

#include "stdlib/key.h"

#define JWK_MAX_KEYS 1000

struct jwk {
    struct key key;
    struct str alg, kid; /* "" = none */
    EVP_PKEY *opened;    /* for key_verify, in sets that are kept; else NULL */
};

struct jwk_set {
    struct jwk *keys;
    size_t len;
};

/* One key, or the keys of an object with the member "keys"; one bad key spoils the set. BI_OK: *ret_error is empty or says
 * what is wrong. Strings are slices of text or in the arena. */
MUST_CHECK int jwk_parse(struct bi_ctx *ctx, struct str text, struct jwk_set *ret, struct str *ret_error);

/* Can the key be used at all? NULL, or why not (Go's Export). */
MUST_CHECK const char *jwk_check(struct bi_ctx *ctx, struct jwk *k);

/* Overwrites the secret numbers of the keys. */
void jwk_wipe(struct jwk_set *set);

#endif
