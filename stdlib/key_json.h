/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys as JSON: the way Go prints its key structs, and as JWK.
 */
#ifndef QUIS_STDLIB_KEY_JSON_H
#define QUIS_STDLIB_KEY_JSON_H

#include "stdlib/go_json.h"
#include "stdlib/key.h"

/* Go's rsa.PublicKey, ecdsa.PrivateKey and so on; null for no key. */
struct value key_json(struct go_json *g, const struct key *k);

/* A private key as JWK; curve keys have their public part. */
struct value key_json_jwk(struct go_json *g, const struct key *k);

#endif
