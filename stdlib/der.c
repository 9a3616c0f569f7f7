/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading DER.
 *
 * Strictness is that of Go's cryptobyte, because certificates that it refuses must be refused here.
 */
#include "stdlib/der.h"

/* Length of the header and of the contents of the element at the front. */
static bool read_header(struct der d, size_t *ret_header, size_t *ret_len)
{
    if (d.len < 2 || (d.p[0] & 0x1f) == 0x1f)
        return false;
    size_t len = d.p[1], header = 2;
    if (len >= 0x80) {
        size_t bytes = len & 0x7f;
        if (bytes == 0 || bytes > 4 || d.len < 2 + bytes)
            return false;
        len = 0;
        for (size_t i = 0; i < bytes; i++)
            len = len << 8 | d.p[2 + i];
        if (len < 0x80 || len >> (bytes - 1) * 8 == 0)
            return false;
        header += bytes;
    }
    if (len > d.len - header)
        return false;
    *ret_header = header;
    *ret_len = len;
    return true;
}

bool der_take_element(struct der *d, unsigned *ret_tag, struct der *ret)
{
    size_t header, len;
    if (!read_header(*d, &header, &len))
        return false;
    *ret_tag = d->p[0];
    struct der whole = *d;
    whole.len = header + len;
    d->p += whole.len;
    d->len -= whole.len;
    *ret = whole;
    return true;
}

bool der_take_any(struct der *d, unsigned *ret_tag, struct der *ret)
{
    size_t header, len;
    struct der whole;
    if (!read_header(*d, &header, &len) || !der_take_element(d, ret_tag, &whole))
        return false;
    *ret = (struct der){whole.p + header, len};
    return true;
}

bool der_take(struct der *d, unsigned tag, struct der *ret)
{
    unsigned got;
    return der_is(*d, tag) && der_take_any(d, &got, ret);
}

bool der_take_optional(struct der *d, unsigned tag, struct der *ret)
{
    if (der_is(*d, tag))
        return der_take(d, tag, ret);
    *ret = (struct der){NULL, 0};
    return true;
}

static bool is_minimal(struct der n)
{
    if (n.len == 0)
        return false;
    return n.len == 1 || !((n.p[0] == 0 && n.p[1] < 0x80) || (n.p[0] == 0xff && n.p[1] >= 0x80));
}

bool der_take_integer(struct der *d, struct der *ret)
{
    struct der copy = *d, n;
    if (!der_take(&copy, DER_INTEGER, &n) || !is_minimal(n))
        return false;
    *d = copy;
    *ret = n;
    return true;
}

bool der_take_int64(struct der *d, unsigned tag, int64_t *ret)
{
    struct der copy = *d, n;
    if (!der_take(&copy, tag, &n) || !is_minimal(n) || n.len > 8)
        return false;
    uint64_t v = n.p[0] >= 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n.len; i++)
        v = v << 8 | n.p[i];
    *d = copy;
    *ret = (int64_t)v;
    return true;
}

bool der_take_positive(struct der *d, struct der *ret)
{
    struct der copy = *d, n;
    if (!der_take_integer(&copy, &n) || n.p[0] >= 0x80)
        return false;
    if (n.p[0] == 0) {
        n.p++;
        n.len--;
    }
    if (n.len == 0)
        return false;
    *d = copy;
    *ret = n;
    return true;
}

bool der_take_bool(struct der *d, bool *ret)
{
    struct der copy = *d, b;
    if (!der_take(&copy, DER_BOOLEAN, &b) || b.len != 1 || (b.p[0] != 0 && b.p[0] != 0xff))
        return false;
    *d = copy;
    *ret = b.p[0] != 0;
    return true;
}

bool der_take_bits(struct der *d, struct der *ret, unsigned *ret_unused)
{
    struct der copy = *d, bits;
    if (!der_take(&copy, DER_BIT_STRING, &bits) || bits.len == 0)
        return false;
    unsigned unused = bits.p[0];
    bits.p++;
    bits.len--;
    if (unused > 7 || (bits.len == 0 && unused != 0))
        return false;
    if (bits.len > 0 && (bits.p[bits.len - 1] & ((1u << unused) - 1)) != 0)
        return false;
    *d = copy;
    *ret = bits;
    *ret_unused = unused;
    return true;
}

/* The next base-128 number of at most max_bits. */
static bool read_arc(struct der oid, size_t *at, unsigned max_bits, uint64_t *ret)
{
    uint64_t n = 0;
    for (size_t i = *at; i < oid.len; i++) {
        if ((i == *at && oid.p[i] == 0x80) || n >> (max_bits - 7) != 0)
            return false;
        n = n << 7 | (oid.p[i] & 0x7f);
        if (oid.p[i] < 0x80) {
            *at = i + 1;
            *ret = n;
            return true;
        }
    }
    return false;
}

bool der_take_oid(struct der *d, struct der *ret)
{
    struct der copy = *d, oid;
    if (!der_take(&copy, DER_OID, &oid) || oid.len == 0)
        return false;
    for (size_t at = 0; at < oid.len;) {
        uint64_t arc;
        if (!read_arc(oid, &at, 31, &arc))
            return false;
    }
    *d = copy;
    *ret = oid;
    return true;
}

bool der_next_arc(struct der oid, size_t *at, unsigned *count, uint64_t *ret)
{
    size_t next = *count == 1 ? 0 : *at; /* the first number holds two arcs */
    uint64_t n;
    if (next >= oid.len || !read_arc(oid, &next, 64, &n))
        return false;
    if (*count == 0) {
        *ret = n < 80 ? n / 40 : 2;
    } else {
        *ret = *count > 1 ? n : n < 80 ? n % 40 : n - 80;
        *at = next;
    }
    ++*count;
    return true;
}

void der_write_oid(struct buf *b, struct der oid)
{
    size_t at = 0;
    unsigned count = 0;
    uint64_t arc;
    while (der_next_arc(oid, &at, &count, &arc))
        buf_printf(b, count > 1 ? ".%llu" : "%llu", (unsigned long long)arc);
}
