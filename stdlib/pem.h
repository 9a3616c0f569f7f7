/* SPDX-License-Identifier: Apache-2.0
 *
 * PEM as Go's encoding/pem finds it in text.
 */
#ifndef QUIS_STDLIB_PEM_H
#define QUIS_STDLIB_PEM_H

#include "base/arena.h"

struct pem_block {
    struct str type;  /* "CERTIFICATE" */
    struct str bytes; /* decoded, in the arena */
    bool has_headers;
};

/* The first block in *text, which moves behind it. false: there is none, and *text is as it was; or memory ran out
 * (a->failed). */
MUST_CHECK bool pem_next(struct arena *a, struct str *text, struct pem_block *ret);

#endif
