/* SPDX-License-Identifier: Apache-2.0
 *
 * Name constraints: each name of a certificate against the permitted and excluded subtrees of every issuer above it.
 *
 * Subtrees of domains are compared label by label from the end, without case. Ranges of addresses are searched the way Go
 * searches them (sorted, only the nearest range below the address counts), which shows when a range has host bits set.
 */
#include "stdlib/ip.h"
#include "stdlib/url_parts.h"
#include "stdlib/x509_verify.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_equal_fold(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* ---- domains ---- */

/* Is name the domain or below it? A constraint with a dot in front is for names below only. */
static bool is_below(struct str constraint, struct str name)
{
    if (constraint.len > name.len)
        return false;
    size_t before = name.len - constraint.len;
    if (!is_equal_fold(constraint.p, name.p + before, constraint.len))
        return false;
    return before == 0 || constraint.p[0] == '.' || name.p[before - 1] == '.';
}

/* From the first dot on. */
static struct str without_label(struct str s)
{
    const char *dot = s.len > 0 ? memchr(s.p, '.', s.len) : NULL;
    return dot == NULL ? (struct str){"", 0} : (struct str){dot, s.len - (size_t)(dot - s.p)};
}

/* An excluded name is hit by a wildcard that could stand for it. */
static bool does_wildcard_cover(struct str name, struct str excluded)
{
    struct str a = without_label(name), b = without_label(excluded);
    return name.p[0] == '*' && a.len > 0 && a.len == b.len && is_equal_fold(a.p, b.p, a.len);
}

static bool has_domain(const struct x509_list *list, struct str name, bool excluded, bool mail)
{
    for (size_t i = 0; i < list->len; i++) {
        struct str constraint = der_str(list->items[i]);
        if (mail && constraint.len > 0 && memchr(constraint.p, '@', constraint.len) != NULL)
            continue;
        if (constraint.len == 0 || is_below(constraint, name))
            return true;
        if (excluded && name.len > 0 && does_wildcard_cover(name, constraint))
            return true;
    }
    return false;
}

static bool is_domain_allowed(const struct x509_list *permitted, const struct x509_list *excluded, struct str name)
{
    return (permitted->len == 0 || has_domain(permitted, name, false, false)) && !has_domain(excluded, name, true, false);
}

/* ---- mail ---- */

struct mailbox {
    struct str local, domain;
};

static bool has_mailbox(struct arena *a, const struct x509_list *list, const struct mailbox *m, bool excluded)
{
    for (size_t i = 0; i < list->len; i++) {
        struct mailbox full;
        struct str constraint = der_str(list->items[i]);
        if (constraint.len == 0 || memchr(constraint.p, '@', constraint.len) == NULL ||
            !x509_parse_mailbox(a, constraint, &full.local, &full.domain))
            continue;
        if (str_equal(full.local, m->local) && full.domain.len == m->domain.len &&
            is_equal_fold(full.domain.p, m->domain.p, m->domain.len))
            return true;
    }
    return has_domain(list, m->domain, excluded, true);
}

static bool is_mail_allowed(struct arena *a, const struct x509_cert *issuer, struct str name)
{
    struct mailbox m;
    if (!x509_parse_mailbox(a, name, &m.local, &m.domain) || !x509_is_domain(m.domain, false))
        return false;
    return (issuer->permitted.email.len == 0 || has_mailbox(a, &issuer->permitted.email, &m, false)) &&
           !has_mailbox(a, &issuer->excluded.email, &m, true);
}

/* ---- addresses ---- */

/* What Go's net takes for an IPv4 address: also the mapped form. Moves *p to its four bytes. */
static size_t shorten(const uint8_t **p, size_t len)
{
    if (len != 16 || !ip_is_mapped(*p))
        return len;
    *p += 12;
    return 4;
}

/* An address of len bytes. Families are told apart after shortening, so ::/0 does not contain ::ffff:1.2.3.4, as in Go. */
static bool does_contain(struct der range, const uint8_t *address, size_t len)
{
    size_t half = range.len / 2;
    const uint8_t *network = range.p, *mask = range.p + half;
    size_t n = shorten(&network, half);
    if (shorten(&address, len) != n)
        return false;
    mask += half - n;
    for (size_t i = 0; i < n; i++)
        if (((network[i] ^ address[i]) & mask[i]) != 0)
            return false;
    return true;
}

static bool is_subrange(struct der outer, struct der inner)
{
    uint8_t last[16];
    size_t n = inner.len / 2;
    for (size_t i = 0; i < n; i++)
        last[i] = (uint8_t)(inner.p[i] | ~inner.p[n + i]);
    return does_contain(outer, inner.p, n) && does_contain(outer, last, n);
}

/* The ranges of one family, sorted, without those inside the one before them. */
static size_t select_ranges(const struct x509_list *list, size_t bytes, struct der *out)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < list->len; i++) {
        if (list->items[i].len != 2 * bytes)
            continue;
        size_t k = count++;
        for (; k > 0 && memcmp(out[k - 1].p, list->items[i].p, 2 * bytes) > 0; k--)
            out[k] = out[k - 1];
        out[k] = list->items[i];
    }
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !is_subrange(out[kept - 1], out[i]))
            out[kept++] = out[i];
    return kept;
}

static bool has_address(struct x509_reader *r, const struct x509_list *list, struct der address)
{
    struct der *ranges = arena_array(r->ctx->arena, list->len, sizeof *ranges);
    if (ranges == NULL)
        return x509_nomem(r);
    if (!x509_charge(r, list->len + list->len * list->len / 8))
        return false;
    size_t count = select_ranges(list, address.len, ranges), below = 0;
    while (below < count && memcmp(ranges[below].p, address.p, address.len) < 0)
        below++;
    if (below < count && memcmp(ranges[below].p, address.p, address.len) == 0)
        return true;
    return count > 0 && does_contain(ranges[below > 0 ? below - 1 : 0], address.p, address.len);
}

static bool is_address_allowed(struct x509_reader *r, const struct x509_cert *issuer, struct der address)
{
    if (issuer->permitted.ip.len > 0 && !has_address(r, &issuer->permitted.ip, address))
        return false;
    return issuer->excluded.ip.len == 0 || !has_address(r, &issuer->excluded.ip, address);
}

/* ---- URIs ---- */

/* The host of a URI; false when it is none that constraints can be about. */
static bool read_host(struct x509_reader *r, struct str uri, struct str *ret)
{
    struct url_parts u;
    struct str error;
    struct ip ip;
    int status = url_parts_parse(r->ctx, uri, &u, &error);
    if (status != BI_OK)
        r->halt = status;
    if (status != BI_OK || error.len > 0 || u.host.len == 0)
        return false;
    struct str host = u.host;
    const char *colon = memchr(host.p, ':', host.len);
    if (colon != NULL && host.p[host.len - 1] != ']') {
        struct str port = {colon + 1, host.len - (size_t)(colon + 1 - host.p)};
        if (memchr(host.p, '[', host.len) != NULL || memchr(host.p, ']', host.len) != NULL ||
            (port.len > 0 && memchr(port.p, ':', port.len) != NULL))
            return false;
        host.len = (size_t)(colon - host.p);
    }
    if (ip_parse(host, &ip, NULL) || (str_starts(host, STR("[")) && host.p[host.len - 1] == ']'))
        return false;
    *ret = host;
    return x509_is_domain(host, false);
}

/* ---- certificates ---- */

static bool does_respect(struct x509_reader *r, const struct x509_cert *c, const struct x509_cert *issuer)
{
    const struct x509_subtrees *yes = &issuer->permitted, *no = &issuer->excluded;
    for (size_t i = 0; i < c->sans.ip.len; i++)
        if (!is_address_allowed(r, issuer, c->sans.ip.items[i]))
            return false;
    for (size_t i = 0; i < c->sans.dns.len; i++) {
        struct str name = der_str(c->sans.dns.items[i]);
        if (!x509_is_domain(name, false) || !is_domain_allowed(&yes->dns, &no->dns, name))
            return false;
    }
    for (size_t i = 0; i < c->sans.uri.len; i++) {
        struct str host;
        if (!read_host(r, der_str(c->sans.uri.items[i]), &host) || !is_domain_allowed(&yes->uri, &no->uri, host))
            return false;
    }
    for (size_t i = 0; i < c->sans.email.len; i++)
        if (!is_mail_allowed(r->ctx->arena, issuer, der_str(c->sans.email.items[i])))
            return false;
    return true;
}

/* Names times constraints: what checking them costs. */
static uint64_t work_of(const struct x509_cert *c, const struct x509_cert *issuer)
{
    const struct x509_subtrees *yes = &issuer->permitted, *no = &issuer->excluded;
    uint64_t names = c->sans.dns.len + c->sans.email.len + c->sans.uri.len + c->sans.ip.len;
    uint64_t limits = yes->dns.len + yes->email.len + yes->uri.len + no->dns.len + no->email.len + no->uri.len;
    return names * (50 + limits * 8);
}

bool x509_check_constraints(struct x509_reader *r, const struct x509_chain *chain)
{
    for (size_t i = 0; i < chain->len; i++) {
        const struct x509_cert *c = chain->certs[i];
        for (size_t above = i + 1; above < chain->len && c->has_sans; above++) {
            const struct x509_cert *issuer = chain->certs[above];
            if (!issuer->has_constraints)
                continue;
            if (!x509_charge(r, work_of(c, issuer)) || !does_respect(r, c, issuer) || r->halt != BI_OK)
                return false;
        }
    }
    return true;
}
