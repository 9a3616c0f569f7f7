/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of address blocks.
 */
#include "stdlib/cidr.h"

static void clear_host_bits(uint8_t address[16], unsigned ones)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned keep = ones > 8 * i ? ones - 8 * i : 0;
        if (keep < 8)
            address[i] &= (uint8_t)(0xFF00u >> keep);
    }
}

void cidr_last(const struct cidr *c, uint8_t ret[16])
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned keep = c->ones > 8 * i ? c->ones - 8 * i : 0;
        ret[i] = keep < 8 ? (uint8_t)(c->first[i] | (0xFFu >> keep)) : c->first[i];
    }
}

bool cidr_parse(struct str text, struct cidr *ret)
{
    const char *slash = memchr(text.p, '/', text.len);
    struct ip ip;
    if (slash == NULL || !ip_parse(str_of(text.p, (size_t)(slash - text.p)), &ip, NULL) || ip.zone.len > 0)
        return false;
    unsigned most = ip.is_v4 ? 32 : 128, ones = 0;
    const char *end = text.p + text.len;
    if (slash + 1 == end)
        return false;
    for (const char *p = slash + 1; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        ones = ones * 10 + (unsigned)(*p - '0');
        if (ones > most)
            return false;
    }
    memcpy(ret->first, ip.bytes, sizeof ret->first);
    ret->ones = ones + (128 - most);
    ret->is_v4 = ip.is_v4;
    clear_host_bits(ret->first, ret->ones);
    return true;
}

static bool share_prefix(const uint8_t a[16], const uint8_t b[16], unsigned ones)
{
    unsigned whole = ones / 8, rest = ones % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) & (0xFF00u >> rest) & 0xFFu) == 0;
}

bool cidr_has_address(const struct cidr *c, const uint8_t address[16])
{
    return ip_is_mapped(c->first) == ip_is_mapped(address) && share_prefix(c->first, address, c->ones);
}

bool cidr_has_block(const struct cidr *a, const struct cidr *b)
{
    if (!ip_is_mapped(a->first) && !ip_is_mapped(b->first))
        return a->ones <= b->ones && share_prefix(a->first, b->first, a->ones);
    uint8_t last[16];
    cidr_last(b, last);
    return cidr_has_address(a, b->first) && cidr_has_address(a, last);
}

size_t cidr_format(const uint8_t first[16], unsigned ones, char out[CIDR_TEXT_MAX])
{
    size_t len = ip_format(first, out);
    unsigned shown = ip_is_mapped(first) && ones >= 96 ? ones - 96 : ones;
    out[len++] = '/';
    if (shown >= 100)
        out[len++] = '1';
    if (shown >= 10)
        out[len++] = (char)('0' + shown / 10 % 10);
    out[len++] = (char)('0' + shown % 10);
    return len;
}
