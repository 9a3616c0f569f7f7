/* SPDX-License-Identifier: Apache-2.0
 *
 * Does a certificate name a host? (RFC 6125, as lax as Go.) The common name is not looked at.
 */
#include "stdlib/ip.h"
#include "stdlib/x509_verify.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_equal_fold(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static struct str without_dot(struct str s)
{
    if (s.len > 0 && s.p[s.len - 1] == '.')
        s.len--;
    return s;
}

/* The label in front of the first dot; *s moves behind it. *ret_more: there was a dot. */
static struct str take_label(struct str *s, bool *ret_more)
{
    const char *dot = s->len > 0 ? memchr(s->p, '.', s->len) : NULL;
    struct str label = {s->p, dot == NULL ? s->len : (size_t)(dot - s->p)};
    *ret_more = dot != NULL;
    size_t used = label.len + *ret_more;
    *s = (struct str){s->p + used, s->len - used};
    return label;
}

static bool is_label(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = lower(s.p[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0) || c == '_'))
            return false;
    }
    return s.len > 0;
}

/* Labels of letters, digits, _ and inner -; a pattern may have * for the first one. */
static bool is_hostname(struct str s, bool pattern)
{
    if (!pattern)
        s = without_dot(s);
    if (s.len == 0 || str_equal(s, STR("*")))
        return false;
    bool more = true;
    for (bool first = true; more; first = false) {
        struct str label = take_label(&s, &more);
        if (!(pattern && first && str_equal(label, STR("*"))) && !is_label(label))
            return false;
    }
    return true;
}

static bool does_match(struct str pattern, struct str host)
{
    host = without_dot(host);
    bool more_pattern = true, more_host = true;
    for (bool first = true; more_pattern && more_host; first = false) {
        struct str label = take_label(&pattern, &more_pattern), part = take_label(&host, &more_host);
        if (!(first && str_equal(label, STR("*"))) && !is_equal_fold(label, part))
            return false;
    }
    return more_pattern == more_host;
}

static bool is_for_address(const struct x509_cert *c, const struct ip *ip)
{
    for (size_t i = 0; i < c->sans.ip.len; i++) {
        struct der san = c->sans.ip.items[i];
        bool mapped = ip_is_mapped(ip->bytes);
        if (san.len == 16 ? memcmp(san.p, ip->bytes, 16) == 0 : mapped && memcmp(san.p, ip->bytes + 12, 4) == 0)
            return true;
    }
    return false;
}

bool x509_is_for_host(const struct x509_cert *c, struct str host)
{
    struct str address = host;
    struct ip ip;
    if (host.len >= 3 && host.p[0] == '[' && host.p[host.len - 1] == ']')
        address = (struct str){host.p + 1, host.len - 2};
    if (ip_parse(address, &ip, NULL) && ip.zone.len == 0)
        return is_for_address(c, &ip);
    bool valid = is_hostname(host, false);
    for (size_t i = 0; i < c->sans.dns.len; i++) {
        struct str name = der_str(c->sans.dns.items[i]);
        if (valid && is_hostname(name, true)) {
            if (does_match(name, host))
                return true;
        } else if (name.len > 0 && !str_equal(name, STR(".")) && !str_equal(host, STR(".")) && is_equal_fold(name, host)) {
            return true;
        }
    }
    return false;
}
