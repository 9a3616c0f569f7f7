/* SPDX-License-Identifier: Apache-2.0
 *
 * IP addresses: text to bytes and back, as Go's net and net/netip do.
 */
#ifndef QUIS_STDLIB_IP_H
#define QUIS_STDLIB_IP_H

#include "base/buf.h"

struct ip {
    uint8_t bytes[16]; /* an IPv4 address is in its mapped form ::ffff:a.b.c.d */
    bool is_v4;        /* written as IPv4 */
    struct str zone;   /* of the text it was parsed from; empty: none */
};

/* Why a text is no address. */
struct ip_error {
    const char *text;
    struct str at; /* the rest of the text, empty: not told */
};

/* False and *ret_error on failure; ret_error may be NULL. */
MUST_CHECK bool ip_parse(struct str text, struct ip *ret, struct ip_error *ret_error);

/* Four bytes of zeros, ff, ff: an IPv4 address within IPv6. */
bool ip_is_mapped(const uint8_t bytes[16]);

#define IP_TEXT_MAX 40

/* Dotted for IPv4 in either form, else the shortest form of RFC 5952. Without zone. Returns the length. */
size_t ip_format(const uint8_t bytes[16], char out[IP_TEXT_MAX]);

#endif
