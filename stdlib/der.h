/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading DER: single-byte tags, minimal definite lengths below 2^32, nothing else.
 *
 * A struct der is what is left of some bytes; der_take* move it forward on success only. Nothing is allocated or copied.
 */
#ifndef QUIS_STDLIB_DER_H
#define QUIS_STDLIB_DER_H

#include "base/buf.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_UTF8 = 0x0c,
    DER_NUMERIC = 0x12,
    DER_PRINTABLE = 0x13,
    DER_T61 = 0x14,
    DER_IA5 = 0x16,
    DER_UTC_TIME = 0x17,
    DER_TIME = 0x18,
    DER_BMP = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,
    DER_CONSTRUCTED = 0x20,
};

/* Context-specific tags, primitive and constructed. */
#define DER_CONTEXT_TAG(n) (0x80 | (n))
#define DER_EXPLICIT(n) (0xa0 | (n))

struct der {
    const uint8_t *p;
    size_t len;
};

static inline struct der der_of(struct str s)
{
    return (struct der){(const uint8_t *)s.p, s.len};
}

static inline struct str der_str(struct der d)
{
    return (struct str){(const char *)d.p, d.len};
}

static inline bool der_equal(struct der a, struct der b)
{
    return str_equal(der_str(a), der_str(b));
}

/* Is the next element's tag this? */
static inline bool der_is(struct der d, unsigned tag)
{
    return d.len > 0 && d.p[0] == tag;
}

/* The contents of the next element, of any tag or of tag only. */
MUST_CHECK bool der_take_any(struct der *d, unsigned *ret_tag, struct der *ret);
MUST_CHECK bool der_take(struct der *d, unsigned tag, struct der *ret);

/* The same with the header. */
MUST_CHECK bool der_take_element(struct der *d, unsigned *ret_tag, struct der *ret);

/* The contents if the next element has this tag; *ret is empty with p NULL when it has not. false: it has, and is damaged. */
MUST_CHECK bool der_take_optional(struct der *d, unsigned tag, struct der *ret);

/* A minimal INTEGER: its bytes (two's complement), or its value when it fits. */
MUST_CHECK bool der_take_integer(struct der *d, struct der *ret);
MUST_CHECK bool der_take_int64(struct der *d, unsigned tag, int64_t *ret);

/* A positive INTEGER's bytes without a leading zero; false for zero and below. */
MUST_CHECK bool der_take_positive(struct der *d, struct der *ret);

/* FF or 00 only. */
MUST_CHECK bool der_take_bool(struct der *d, bool *ret);

/* The bytes of a BIT STRING and how many bits at its end are unused (and zero). */
MUST_CHECK bool der_take_bits(struct der *d, struct der *ret, unsigned *ret_unused);

/* The contents of an OBJECT IDENTIFIER whose arcs are below 2^31 and minimal. */
MUST_CHECK bool der_take_oid(struct der *d, struct der *ret);

/* Walks over the arcs of a valid identifier: at 0 first; true while there are more. The first two arcs come one by one. */
MUST_CHECK bool der_next_arc(struct der oid, size_t *at, unsigned *count, uint64_t *ret);

/* Appends "1.2.840.113549" for an identifier; arcs of any size up to 64 bits, else nothing and failed. */
void der_write_oid(struct buf *b, struct der oid);

#endif
