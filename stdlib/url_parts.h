/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a URL as Go's url.URL holds them, and the URL written anew from them.
 */
#ifndef QUIS_STDLIB_URL_PARTS_H
#define QUIS_STDLIB_URL_PARTS_H

#include "vm/builtin.h"

struct url_parts {
    struct str scheme, opaque, user, host, path, query, fragment; /* user as it is written: "name:password", escaped */
    struct str raw_path, raw_fragment; /* as given, where escaping the part does not give it back; else empty */
    bool has_user, force_query, omit_host;
};

/* BI_OK: *ret_error is empty, or says in Go's words what is wrong. What uri.parse accepts is accepted. */
MUST_CHECK int url_parts_parse(struct bi_ctx *ctx, struct str text, struct url_parts *ret, struct str *ret_error);

/* The path as it goes on the wire. */
void url_parts_write_path(struct buf *b, const struct url_parts *u);

/* The whole URL. */
void url_parts_write(struct buf *b, const struct url_parts *u);

#endif
