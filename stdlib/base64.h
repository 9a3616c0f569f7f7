/* SPDX-License-Identifier: Apache-2.0
 *
 * Base64 of RFC 4648 as Go's encoding/base64 reads and writes it: line breaks inside are skipped, spare bits are ignored.
 */
#ifndef QUIS_STDLIB_BASE64_H
#define QUIS_STDLIB_BASE64_H

#include "base/arena.h"

enum base64_alphabet { BASE64_STANDARD, BASE64_URL };

/* Padded or not; p is NULL when out of memory. */
struct str base64_encode(struct arena *a, struct str bytes, enum base64_alphabet alphabet, bool padded);

enum base64_status { BASE64_OK, BASE64_CORRUPT, BASE64_NOMEM };

/* CORRUPT: *ret_at is the offset of the byte at which the text goes wrong. padded: padding is demanded, else refused. */
MUST_CHECK enum base64_status base64_decode(struct arena *a, struct str text, enum base64_alphabet alphabet, bool padded,
                                            struct str *ret, size_t *ret_at);

#endif
