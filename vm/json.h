/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON text straight into values and back.
 *
 * The reader accepts what Go's encoding/json accepts (OPA reads input and data with it), keeps the digits of numbers, takes
 * the last of duplicate keys, and refuses what is not UTF-8 where OPA does. Strings without escapes are slices of the text,
 * which must therefore outlive the value unless copy is asked for. Nesting is bounded.
 */
#ifndef QUIS_VM_JSON_H
#define QUIS_VM_JSON_H

#include "base/err.h"
#include "vm/value.h"

struct json_options {
    uint32_t max_depth; /* 0: the default of limits.def */
    bool borrow;        /* strings may be slices of text; else text is copied into the arena first */
};

/* One document and nothing but blanks around it. Errors: JSON with row and column, LIMIT_DEPTH, NOMEM, LIMIT_MEMORY. */
MUST_CHECK int json_parse(struct arena *a, struct str text, const struct json_options *o, struct value *ret, struct err *e);

/* One document from the front; *ret_used is how many bytes it took (for streams of documents). */
MUST_CHECK int json_parse_prefix(struct arena *a, struct str text, const struct json_options *o, struct value *ret,
                                 size_t *ret_used, struct err *e);

enum json_style {
    JSON_COMPACT,     /* as Go's json.Marshal: <, >, & and U+2028/9 escaped */
    JSON_COMPACT_RAW, /* <, > and & as they are (encoder with SetEscapeHTML(false)) */
};

/* Sets become arrays, keys that are not strings their JSON text; members in order of their text. */
void json_write(struct buf *b, struct value v, enum json_style style);

/* The same with line breaks; prefix starts each line but the first, indent is repeated per level. */
void json_write_indented(struct buf *b, struct value v, enum json_style style, struct str prefix, struct str indent);

/* A quoted JSON string. */
void json_write_string(struct buf *b, struct str s, enum json_style style);

#endif
