/* SPDX-License-Identifier: Apache-2.0
 *
 * Digests and MACs by OpenSSL, for the builtins that need them.
 *
 * Nothing here leaves anything in OpenSSL's error queue.
 */
#ifndef QUIS_STDLIB_HASH_H
#define QUIS_STDLIB_HASH_H

#include <openssl/evp.h>

#include "vm/builtin.h"

#define HASH_MAX_BYTES EVP_MAX_MD_SIZE

/* Fuel for hashing or copying len bytes. */
#define HASH_COST(len) (100 + (uint64_t)(len) / 4)

/* Digest of data into out; its length, or 0 on failure. */
MUST_CHECK size_t hash_digest(const EVP_MD *md, struct str data, uint8_t out[HASH_MAX_BYTES]);

/* HMAC of data under key into out; its length, or 0 on failure. */
MUST_CHECK size_t hash_hmac(const EVP_MD *md, struct str key, struct str data, uint8_t out[HASH_MAX_BYTES]);

/* Equal in time that depends on the lengths only. */
bool hash_equal(struct str a, struct str b);

/* Appends bytes in lower-case hexadecimal. */
void hash_hex(struct buf *b, const uint8_t *bytes, size_t len);

#endif
