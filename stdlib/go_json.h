/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as Go's encoding/json would make them of its structs: bytes in base64, nil as null, big integers with all digits.
 *
 * A failure is remembered, later calls do nothing; the caller looks at status once, at its end.
 */
#ifndef QUIS_STDLIB_GO_JSON_H
#define QUIS_STDLIB_GO_JSON_H

#include "stdlib/der.h"
#include "vm/builtin.h"

struct go_json {
    struct bi_ctx *ctx;
    int status;
};

/* An object with room for cap members; NULL after a failure. */
struct object *go_json_object(struct go_json *g, size_t cap);

void go_json_put(struct go_json *g, struct object *o, const char *name, struct value v);

/* Base64; null when p is NULL. */
struct value go_json_bytes(struct go_json *g, struct str bytes);

/* Text, bad bytes as U+FFFD. */
struct value go_json_text(struct go_json *g, struct str text);

/* The integer of big-endian bytes; null when p is NULL. */
struct value go_json_number(struct go_json *g, struct str bytes);

/* [1, 2, 840, 113549] */
struct value go_json_oid(struct go_json *g, struct der oid);

/* An array of what element makes of each of count items; null when there are none. */
struct value go_json_list(struct go_json *g, size_t count,
                          struct value (*element)(struct go_json *g, const void *items, size_t i), const void *items);

#endif
