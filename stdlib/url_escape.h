/* SPDX-License-Identifier: Apache-2.0
 *
 * Percent encoding of the parts of a URL, with the same set of characters per part as Go's net/url.
 */
#ifndef QUIS_STDLIB_URL_ESCAPE_H
#define QUIS_STDLIB_URL_ESCAPE_H

#include "base/buf.h"

enum url_part { URL_PATH, URL_HOST, URL_ZONE, URL_USER, URL_QUERY, URL_FRAGMENT };

/* Appends s with what part does not allow in escapes; in a query a blank becomes '+'. */
void url_escape(struct buf *b, struct str s, enum url_part part);

enum url_fault { URL_OK, URL_BAD_ESCAPE, URL_BAD_CHARACTER };

/* Appends s with its escapes resolved. On a fault *ret_at is the offending text and what was appended has no meaning. */
MUST_CHECK enum url_fault url_unescape(struct buf *b, struct str s, enum url_part part, struct str *ret_at);

/* "invalid URL escape ..." or "invalid character ... in host name". */
void url_write_fault(struct buf *b, enum url_fault fault, struct str at);

#endif
