/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of IP addresses, as Go's net.IPNet with a prefix length.
 *
 * Addresses are 16 bytes, IPv4 in mapped form. A block written as IPv6 keeps its length of 128 bits, but where its address is
 * a mapped one it counts as IPv4, which is what Go makes of it.
 */
#ifndef QUIS_STDLIB_CIDR_H
#define QUIS_STDLIB_CIDR_H

#include "stdlib/ip.h"

struct cidr {
    uint8_t first[16];
    unsigned ones; /* prefix length within 128 bits: 96 and more for IPv4 */
    bool is_v4;    /* written as IPv4 */
};

/* address "/" length. */
MUST_CHECK bool cidr_parse(struct str text, struct cidr *ret);

/* Sets every bit after the prefix. */
void cidr_last(const struct cidr *c, uint8_t ret[16]);

bool cidr_has_address(const struct cidr *c, const uint8_t address[16]);

/* All addresses of b are in a. */
bool cidr_has_block(const struct cidr *a, const struct cidr *b);

#define CIDR_TEXT_MAX (IP_TEXT_MAX + 4)

/* address "/" length, as IPv4 where the address is. Returns the length of the text. */
size_t cidr_format(const uint8_t first[16], unsigned ones, char out[CIDR_TEXT_MAX]);

#endif
