/* SPDX-License-Identifier: Apache-2.0
 *
 * Parsing and writing of IP addresses.
 *
 * The error texts are those of Go's netip.ParseAddr, because uri.parse shows them.
 */
#include "stdlib/ip.h"

static bool fail(struct ip_error *e, const char *text, struct str at)
{
    if (e != NULL)
        *e = (struct ip_error){text, at};
    return false;
}

static const struct str nowhere = {"", 0};

/* Four decimal fields. */
static bool parse_v4(struct str s, uint8_t out[4], struct ip_error *e)
{
    unsigned value = 0, digits = 0, field = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        struct str rest = str_of(s.p + i, s.len - i);
        if (c >= '0' && c <= '9') {
            if (digits == 1 && value == 0)
                return fail(e, "IPv4 field has octet with leading zero", nowhere);
            value = value * 10 + (unsigned)(c - '0');
            digits++;
            if (value > 255)
                return fail(e, "IPv4 field has value >255", nowhere);
        } else if (c == '.') {
            if (i == 0 || i == s.len - 1 || s.p[i - 1] == '.')
                return fail(e, "IPv4 field must have at least one digit", rest);
            if (field == 3)
                return fail(e, "IPv4 address too long", nowhere);
            out[field++] = (uint8_t)value;
            value = digits = 0;
        } else {
            return fail(e, "unexpected character", rest);
        }
    }
    if (field < 3)
        return fail(e, "IPv4 address too short", nowhere);
    out[3] = (uint8_t)value;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An IPv6 address being read: what is left, the bytes so far, where "::" stood. */
struct reader {
    struct str rest;
    uint8_t *bytes;
    unsigned len;
    int gap; /* -1: none yet */
    struct ip_error *e;
};

/* The hexadecimal field at the front; *ret_digits is its length. */
static bool read_field(struct reader *r, unsigned *ret_value, size_t *ret_digits)
{
    unsigned value = 0;
    size_t n = 0;
    for (; n < r->rest.len && hex_value(r->rest.p[n]) >= 0; n++) {
        if (n > 3)
            return fail(r->e, "each group must have 4 or less digits", r->rest);
        value = value << 4 | (unsigned)hex_value(r->rest.p[n]);
    }
    *ret_value = value;
    *ret_digits = n;
    return n > 0 || fail(r->e, "each colon-separated field must have at least one digit", r->rest);
}

/* The IPv4 address that ends an IPv6 one. */
static bool read_tail(struct reader *r)
{
    if (r->gap < 0 && r->len != 12)
        return fail(r->e, "embedded IPv4 address must replace the final 2 fields of the address", r->rest);
    if (r->len + 4 > 16)
        return fail(r->e, "too many hex fields to fit an embedded IPv4 at the end of the address", r->rest);
    if (!parse_v4(r->rest, r->bytes + r->len, r->e))
        return false;
    r->rest.len = 0;
    r->len += 4;
    return true;
}

static void skip(struct reader *r, size_t n)
{
    r->rest = str_of(r->rest.p + n, r->rest.len - n);
}

/* What stands between two fields. */
static bool read_colons(struct reader *r)
{
    if (r->rest.p[0] != ':')
        return fail(r->e, "unexpected character, want colon", r->rest);
    if (r->rest.len == 1)
        return fail(r->e, "colon must be followed by more characters", r->rest);
    skip(r, 1);
    if (r->rest.p[0] == ':') {
        if (r->gap >= 0)
            return fail(r->e, "multiple :: in address", r->rest);
        r->gap = (int)r->len;
        skip(r, 1);
    }
    return true;
}

static bool read_fields(struct reader *r)
{
    while (r->len < 16) {
        unsigned value;
        size_t digits;
        if (!read_field(r, &value, &digits))
            return false;
        if (digits < r->rest.len && r->rest.p[digits] == '.')
            return read_tail(r);
        r->bytes[r->len++] = (uint8_t)(value >> 8);
        r->bytes[r->len++] = (uint8_t)value;
        skip(r, digits);
        if (r->rest.len == 0)
            break;
        if (!read_colons(r))
            return false;
        if (r->rest.len == 0)
            break;
    }
    return true;
}

static bool parse_v6(struct str text, struct ip *ret, struct ip_error *e)
{
    struct reader r = {.rest = text, .bytes = ret->bytes, .gap = -1, .e = e};
    const char *percent = memchr(text.p, '%', text.len);
    if (percent != NULL) {
        r.rest.len = (size_t)(percent - text.p);
        ret->zone = str_of(percent + 1, text.len - r.rest.len - 1);
        if (ret->zone.len == 0)
            return fail(e, "zone must be a non-empty string", nowhere);
    }
    if (r.rest.len >= 2 && r.rest.p[0] == ':' && r.rest.p[1] == ':') {
        r.gap = 0;
        skip(&r, 2);
        if (r.rest.len == 0)
            return true;
    }
    if (!read_fields(&r))
        return false;
    if (r.rest.len != 0)
        return fail(e, "trailing garbage after address", r.rest);
    if (r.len == 16)
        return r.gap < 0 || fail(e, "the :: must expand to at least one field of zeros", nowhere);
    if (r.gap < 0)
        return fail(e, "address string too short", nowhere);
    unsigned after = r.len - (unsigned)r.gap;
    memmove(ret->bytes + 16 - after, ret->bytes + r.gap, after);
    memset(ret->bytes + r.gap, 0, 16 - r.len);
    return true;
}

bool ip_parse(struct str text, struct ip *ret, struct ip_error *ret_error)
{
    *ret = (struct ip){.zone = nowhere};
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '.') {
            ret->is_v4 = true;
            ret->bytes[10] = ret->bytes[11] = 0xFF;
            return parse_v4(text, ret->bytes + 12, ret_error);
        }
        if (text.p[i] == ':')
            return parse_v6(text, ret, ret_error);
        if (text.p[i] == '%')
            return fail(ret_error, "missing IPv6 address", nowhere);
    }
    return fail(ret_error, "unable to parse IP", nowhere);
}

bool ip_is_mapped(const uint8_t bytes[16])
{
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

/* The first longest run of zero fields, at least two of them. */
static void find_zeros(const uint8_t bytes[16], int *ret_from, int *ret_to)
{
    *ret_from = *ret_to = -1;
    for (int i = 0; i < 8; i++) {
        int k = i;
        while (k < 8 && bytes[2 * k] == 0 && bytes[2 * k + 1] == 0)
            k++;
        if (k - i >= 2 && k - i > *ret_to - *ret_from) {
            *ret_from = i;
            *ret_to = k;
        }
        i = k > i ? k : i;
    }
}

/* value in base, without leading zeros. */
static char *put_number(char *at, unsigned value, unsigned base)
{
    char reversed[8];
    size_t n = 0;
    do
        reversed[n++] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    while (n > 0)
        *at++ = reversed[--n];
    return at;
}

size_t ip_format(const uint8_t bytes[16], char out[IP_TEXT_MAX])
{
    char *at = out;
    if (ip_is_mapped(bytes)) {
        for (int i = 12; i < 16; i++) {
            if (i > 12)
                *at++ = '.';
            at = put_number(at, bytes[i], 10);
        }
        return (size_t)(at - out);
    }
    int from, to;
    find_zeros(bytes, &from, &to);
    for (int i = 0; i < 8; i++) {
        if (i == from || i > 0)
            *at++ = ':';
        if (i == from) {
            *at++ = ':';
            i = to;
            if (i == 8)
                break;
        }
        at = put_number(at, (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1], 16);
    }
    return (size_t)(at - out);
}
