/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates as the JSON of Go's x509.Certificate: every exported member, in Go's types.
 */
#include "stdlib/x509_json.h"

#include "stdlib/ip.h"
#include "stdlib/key_json.h"
#include "stdlib/time_civil.h"
#include "stdlib/url_parts.h"
#include "vm/number.h"

static struct value text_at(struct go_json *g, const void *items, size_t i)
{
    return go_json_text(g, der_str(((const struct der *)items)[i]));
}

static struct value oid_at(struct go_json *g, const void *items, size_t i)
{
    return go_json_oid(g, ((const struct der *)items)[i]);
}

static struct value int_at(struct go_json *g, const void *items, size_t i)
{
    (void)g;
    return value_int(((const int *)items)[i]);
}

static struct value texts(struct go_json *g, const struct x509_list *list)
{
    return go_json_list(g, list->len, text_at, list->items);
}

static struct value printed(struct go_json *g, const struct buf *b)
{
    if (b->failed && g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    return g->status == BI_OK ? value_string(b->len > 0 ? b->p : "", b->len) : value_null();
}

/* ---- names ---- */

static struct value attribute_at(struct go_json *g, const void *items, size_t i)
{
    const struct x509_attribute *a = (const struct x509_attribute *)items + i;
    struct object *o = go_json_object(g, 2);
    go_json_put(g, o, "Type", go_json_oid(g, a->type));
    go_json_put(g, o, "Value", go_json_text(g, a->value));
    return o != NULL ? value_object(o) : value_null();
}

/* The values of the attribute 2.5.4.n, in order; null for none. */
static struct value values_of(struct go_json *g, const struct x509_name *n, uint8_t number)
{
    struct array_builder b;
    array_init(&b, g->ctx->arena);
    for (size_t i = 0; i < n->len; i++) {
        struct der type = n->attributes[i].type;
        if (type.len != 3 || type.p[0] != 0x55 || type.p[1] != 4 || type.p[2] != number)
            continue;
        if (g->status == BI_OK && !array_push(&b, go_json_text(g, n->attributes[i].value)))
            g->status = bi_nomem(g->ctx);
    }
    return b.len == 0 ? value_null() : array_value(&b);
}

static struct value last_of(struct value list)
{
    return list.kind == VALUE_ARRAY ? list.items[list.len - 1] : value_str(STR(""));
}

struct value x509_json_name(struct go_json *g, const struct x509_name *n)
{
    static const struct {
        const char *name;
        uint8_t number;
    } lists[] = {{"Country", 6},  {"Organization", 10}, {"OrganizationalUnit", 11}, {"Locality", 7},
                 {"Province", 8}, {"StreetAddress", 9}, {"PostalCode", 17}};
    struct object *o = go_json_object(g, 11);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        go_json_put(g, o, lists[i].name, values_of(g, n, lists[i].number));
    go_json_put(g, o, "SerialNumber", last_of(values_of(g, n, 5)));
    go_json_put(g, o, "CommonName", last_of(values_of(g, n, 3)));
    go_json_put(g, o, "Names", go_json_list(g, n->len, attribute_at, n->attributes));
    go_json_put(g, o, "ExtraNames", value_null());
    return o != NULL ? value_object(o) : value_null();
}

/* ---- small parts ---- */

static struct value extension_at(struct go_json *g, const void *items, size_t i)
{
    const struct x509_extension *e = (const struct x509_extension *)items + i;
    struct object *o = go_json_object(g, 3);
    go_json_put(g, o, "Id", go_json_oid(g, e->id));
    go_json_put(g, o, "Critical", value_bool(e->critical));
    go_json_put(g, o, "Value", go_json_bytes(g, der_str(e->value)));
    return o != NULL ? value_object(o) : value_null();
}

struct value x509_json_extensions(struct go_json *g, const struct x509_extension *list, size_t count)
{
    return go_json_list(g, count, extension_at, list);
}

/* RFC 3339, in the zone the certificate was written in. */
static struct value time_json(struct go_json *g, const struct x509_time *t)
{
    struct buf b;
    buf_init(&b, g->ctx->arena);
    int64_t local = t->seconds + t->offset;
    struct civil_date d = civil_date_of(local);
    struct civil_clock c = civil_clock_of(local);
    buf_printf(&b, "%04d-%02d-%02dT%02d:%02d:%02d", (int)d.year, d.month, d.day, c.hour, c.minute, c.second);
    int32_t offset = t->offset < 0 ? -t->offset : t->offset;
    if (offset >= 24 * 3600 && g->status == BI_OK)
        g->status = bi_fail(g->ctx, "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: "
                                    "timezone hour outside of range [0,23]");
    if (offset == 0)
        buf_char(&b, 'Z');
    else
        buf_printf(&b, "%c%02d:%02d", t->offset < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
    return printed(g, &b);
}

static struct value address_json(struct go_json *g, struct der bytes)
{
    uint8_t full[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char text[IP_TEXT_MAX];
    memcpy(bytes.len == 4 ? full + 12 : full, bytes.p, bytes.len);
    size_t len = ip_format(full, text);
    struct str copy = arena_str(g->ctx->arena, (struct str){text, len});
    if (copy.p == NULL && g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    return copy.p != NULL ? value_str(copy) : value_null();
}

static struct value address_at(struct go_json *g, const void *items, size_t i)
{
    return address_json(g, ((const struct der *)items)[i]);
}

static struct value range_at(struct go_json *g, const void *items, size_t i)
{
    struct der range = ((const struct der *)items)[i], address = {range.p, range.len / 2};
    struct object *o = go_json_object(g, 2);
    go_json_put(g, o, "IP", address_json(g, address));
    go_json_put(g, o, "Mask", go_json_bytes(g, (struct str){(const char *)range.p + address.len, address.len}));
    return o != NULL ? value_object(o) : value_null();
}

/* The URL was parsed before without complaint, so only the end of the evaluation can stop this one. */
static bool parse_url(struct go_json *g, struct der text, struct url_parts *ret)
{
    struct str error;
    if (g->status == BI_OK)
        g->status = url_parts_parse(g->ctx, der_str(text), ret, &error);
    return g->status == BI_OK;
}

static struct value url_at(struct go_json *g, const void *items, size_t i)
{
    struct url_parts u;
    if (!parse_url(g, ((const struct der *)items)[i], &u))
        return value_null();
    const struct {
        const char *name;
        struct str text;
    } parts[] = {{"Scheme", u.scheme},    {"Opaque", u.opaque},  {"Host", u.host},         {"Path", u.path},
                 {"RawPath", u.raw_path}, {"RawQuery", u.query}, {"Fragment", u.fragment}, {"RawFragment", u.raw_fragment}};
    struct object *o = go_json_object(g, 11), *user = u.has_user ? go_json_object(g, 0) : NULL;
    for (size_t k = 0; k < COUNT_OF(parts); k++)
        go_json_put(g, o, parts[k].name, go_json_text(g, parts[k].text));
    go_json_put(g, o, "User", user != NULL ? value_object(user) : value_null());
    go_json_put(g, o, "ForceQuery", value_bool(u.force_query));
    go_json_put(g, o, "OmitHost", value_bool(u.omit_host));
    return o != NULL ? value_object(o) : value_null();
}

static struct value url_text_at(struct go_json *g, const void *items, size_t i)
{
    struct url_parts u;
    struct buf b;
    if (!parse_url(g, ((const struct der *)items)[i], &u))
        return value_null();
    buf_init(&b, g->ctx->arena);
    url_parts_write(&b, &u);
    struct value text = printed(g, &b);
    return text.kind == VALUE_STRING ? go_json_text(g, value_text(text)) : text;
}

void x509_json_put_sans(struct go_json *g, struct object *o, const struct x509_sans *s)
{
    go_json_put(g, o, "DNSNames", texts(g, &s->dns));
    go_json_put(g, o, "EmailAddresses", texts(g, &s->email));
    go_json_put(g, o, "IPAddresses", go_json_list(g, s->ip.len, address_at, s->ip.items));
    go_json_put(g, o, "URIs", go_json_list(g, s->uri.len, url_at, s->uri.items));
}

/* ---- policies: arcs of any size ---- */

/* Appends the decimal of a base-128 number, less than less. */
static void write_arc(struct go_json *g, struct buf *b, struct der digits, int64_t less)
{
    size_t len = digits.len * 7 / 8 + 1;
    uint8_t *bytes = arena_zeroed(b->arena, len, 1);
    struct value n;
    char tmp[NUMBER_INT_TEXT];
    if (bytes == NULL) {
        b->failed = true;
        return;
    }
    for (size_t i = 0; i < digits.len * 7; i++) {
        size_t from = digits.len - 1 - i / 7;
        bytes[len - 1 - i / 8] |= (uint8_t)((digits.p[from] >> i % 7 & 1) << i % 8);
    }
    n = go_json_number(g, (struct str){(const char *)bytes, len});
    if (g->status == BI_OK && number_sub(b->arena, n, value_int(less), &n) != NUMBER_OK)
        b->failed = true;
    if (g->status == BI_OK && !b->failed)
        buf_str(b, number_text(n, tmp));
}

static struct value oid_text_at(struct go_json *g, const void *items, size_t i)
{
    struct der oid = ((const struct der *)items)[i];
    struct buf b;
    buf_init(&b, g->ctx->arena);
    for (size_t start = 0, at = 0; at < oid.len; at++) {
        if (oid.p[at] >= 0x80)
            continue;
        struct der digits = {oid.p + start, at + 1 - start};
        if (start > 0) {
            buf_char(&b, '.');
            write_arc(g, &b, digits, 0);
        } else if (digits.len == 1 && digits.p[0] < 80) {
            buf_printf(&b, "%d.%d", digits.p[0] / 40, digits.p[0] % 40);
        } else {
            buf_cstr(&b, "2.");
            write_arc(g, &b, digits, 80);
        }
        start = at + 1;
    }
    return printed(g, &b);
}

/* Those whose arcs all fit 31 bits; an empty array, not null, when the extension is there. */
static struct value policy_identifiers(struct go_json *g, const struct x509_cert *c)
{
    struct array_builder b;
    array_init(&b, g->ctx->arena);
    for (size_t i = 0; i < c->policies.len && g->status == BI_OK; i++) {
        struct der oid = c->policies.items[i];
        size_t run = 0, longest = 0, big = 0;
        for (size_t k = 0; k < oid.len; k++) {
            run++;
            big |= run == 1 && k + 4 < oid.len && oid.p[k] >= 0x88 && oid.p[k + 1] >= 0x80 && oid.p[k + 2] >= 0x80 &&
                   oid.p[k + 3] >= 0x80;
            longest = run > longest ? run : longest;
            run = oid.p[k] < 0x80 ? 0 : run;
        }
        if (longest <= 5 && !big && !array_push(&b, go_json_oid(g, oid)))
            g->status = bi_nomem(g->ctx);
    }
    return c->has_policies ? array_value(&b) : value_null();
}

static struct value mapping_at(struct go_json *g, const void *items, size_t i)
{
    const struct x509_cert *c = items;
    struct object *o = go_json_object(g, 2);
    go_json_put(g, o, "IssuerDomainPolicy", oid_text_at(g, c->mapping_issuer.items, i));
    go_json_put(g, o, "SubjectDomainPolicy", oid_text_at(g, c->mapping_subject.items, i));
    return o != NULL ? value_object(o) : value_null();
}

/* ---- the certificate ---- */

static void put_subtrees(struct go_json *g, struct object *o, const struct x509_cert *c)
{
    const struct x509_subtrees *yes = &c->permitted, *no = &c->excluded;
    go_json_put(g, o, "PermittedDNSDomainsCritical", value_bool(c->constraints_critical));
    go_json_put(g, o, "PermittedDNSDomains", texts(g, &yes->dns));
    go_json_put(g, o, "ExcludedDNSDomains", texts(g, &no->dns));
    go_json_put(g, o, "PermittedIPRanges", go_json_list(g, yes->ip.len, range_at, yes->ip.items));
    go_json_put(g, o, "ExcludedIPRanges", go_json_list(g, no->ip.len, range_at, no->ip.items));
    go_json_put(g, o, "PermittedEmailAddresses", texts(g, &yes->email));
    go_json_put(g, o, "ExcludedEmailAddresses", texts(g, &no->email));
    go_json_put(g, o, "PermittedURIDomains", texts(g, &yes->uri));
    go_json_put(g, o, "ExcludedURIDomains", texts(g, &no->uri));
}

static void put_policies(struct go_json *g, struct object *o, const struct x509_cert *c)
{
    go_json_put(g, o, "PolicyIdentifiers", policy_identifiers(g, c));
    go_json_put(g, o, "Policies", go_json_list(g, c->policies.len, oid_text_at, c->policies.items));
    go_json_put(g, o, "PolicyMappings", go_json_list(g, c->mapping_issuer.len, mapping_at, c));
    go_json_put(g, o, "InhibitAnyPolicy", value_int(c->inhibit_any));
    go_json_put(g, o, "InhibitAnyPolicyZero", value_bool(c->inhibit_any_zero));
    go_json_put(g, o, "InhibitPolicyMapping", value_int(c->inhibit_mapping));
    go_json_put(g, o, "InhibitPolicyMappingZero", value_bool(c->inhibit_mapping_zero));
    go_json_put(g, o, "RequireExplicitPolicy", value_int(c->require_policy));
    go_json_put(g, o, "RequireExplicitPolicyZero", value_bool(c->require_policy_zero));
}

static void put_extension_parts(struct go_json *g, struct object *o, const struct x509_cert *c)
{
    go_json_put(g, o, "KeyUsage", value_int(c->key_usage));
    go_json_put(g, o, "Extensions", x509_json_extensions(g, c->extensions, c->extension_count));
    go_json_put(g, o, "ExtraExtensions", value_null());
    go_json_put(g, o, "UnhandledCriticalExtensions", go_json_list(g, c->unhandled.len, oid_at, c->unhandled.items));
    go_json_put(g, o, "ExtKeyUsage", go_json_list(g, c->ext_usage_count, int_at, c->ext_usages));
    go_json_put(g, o, "UnknownExtKeyUsage", go_json_list(g, c->unknown_usages.len, oid_at, c->unknown_usages.items));
    go_json_put(g, o, "BasicConstraintsValid", value_bool(c->basic_constraints));
    go_json_put(g, o, "IsCA", value_bool(c->is_ca));
    go_json_put(g, o, "MaxPathLen", value_int(c->max_path));
    go_json_put(g, o, "MaxPathLenZero", value_bool(c->max_path_zero));
    go_json_put(g, o, "SubjectKeyId", go_json_bytes(g, der_str(c->subject_key_id)));
    go_json_put(g, o, "AuthorityKeyId", go_json_bytes(g, der_str(c->authority_key_id)));
    go_json_put(g, o, "OCSPServer", texts(g, &c->ocsp));
    go_json_put(g, o, "IssuingCertificateURL", texts(g, &c->issuing));
    go_json_put(g, o, "CRLDistributionPoints", texts(g, &c->crl_points));
    x509_json_put_sans(g, o, &c->sans);
    put_subtrees(g, o, c);
    put_policies(g, o, c);
}

struct value x509_json_cert(struct go_json *g, const struct x509_cert *c, bool with_uris)
{
    struct object *o = go_json_object(g, 64);
    go_json_put(g, o, "Raw", go_json_bytes(g, der_str(c->raw)));
    go_json_put(g, o, "RawTBSCertificate", go_json_bytes(g, der_str(c->tbs)));
    go_json_put(g, o, "RawSubjectPublicKeyInfo", go_json_bytes(g, der_str(c->spki)));
    go_json_put(g, o, "RawSubject", go_json_bytes(g, der_str(c->subject.raw)));
    go_json_put(g, o, "RawIssuer", go_json_bytes(g, der_str(c->issuer.raw)));
    go_json_put(g, o, "Signature", go_json_bytes(g, der_str(c->signature)));
    go_json_put(g, o, "SignatureAlgorithm", value_int(c->signature_algorithm));
    go_json_put(g, o, "PublicKeyAlgorithm", value_int(c->key_algorithm));
    go_json_put(g, o, "PublicKey", key_json(g, &c->key));
    go_json_put(g, o, "Version", value_int(c->version));
    go_json_put(g, o, "SerialNumber", go_json_number(g, der_str(c->serial)));
    go_json_put(g, o, "Issuer", x509_json_name(g, &c->issuer));
    go_json_put(g, o, "Subject", x509_json_name(g, &c->subject));
    go_json_put(g, o, "NotBefore", time_json(g, &c->not_before));
    go_json_put(g, o, "NotAfter", time_json(g, &c->not_after));
    put_extension_parts(g, o, c);
    if (with_uris)
        go_json_put(g, o, "URIStrings", go_json_list(g, c->sans.uri.len, url_text_at, c->sans.uri.items));
    return o != NULL ? value_object(o) : value_null();
}
