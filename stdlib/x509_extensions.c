/* SPDX-License-Identifier: Apache-2.0
 *
 * The certificate extensions that have a meaning here, in the order in which a certificate has them.
 *
 * An extension that is not understood is only remembered when it is critical: verification refuses it.
 */
#include "stdlib/ip.h"
#include "stdlib/quote.h"
#include "stdlib/url_parts.h"
#include "stdlib/x509_cert.h"

static const struct str usage_oids[X509_USAGES] = {
    {"\x55\x1d\x25\x00", 4},
    {"\x2b\x06\x01\x05\x05\x07\x03\x01", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x02", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x03", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x04", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x05", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x06", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x07", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x08", 8},
    {"\x2b\x06\x01\x05\x05\x07\x03\x09", 8},
    {"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03", 10},
    {"\x60\x86\x48\x01\x86\xf8\x42\x04\x01", 9},
    {"\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x16", 10},
    {"\x2b\x06\x01\x04\x01\x82\x37\x3d\x01\x01", 10},
};

static const struct str oid_access = {"\x2b\x06\x01\x05\x05\x07\x01\x01", 8};
static const struct str oid_access_ocsp = {"\x2b\x06\x01\x05\x05\x07\x30\x01", 8};
static const struct str oid_access_issuers = {"\x2b\x06\x01\x05\x05\x07\x30\x02", 8};

int x509_usage_of_oid(struct der oid)
{
    for (int i = 0; i < X509_USAGES; i++)
        if (str_equal(usage_oids[i], der_str(oid)))
            return i;
    return -1;
}

/* A complaint that shows a text in quotes. */
static bool wrong_quoted(struct x509_reader *r, const char *before, struct str s, const char *behind)
{
    struct buf b;
    buf_init(&b, r->ctx->arena);
    buf_cstr(&b, before);
    quote_text(&b, s, QUOTE_PRINTABLE);
    buf_bytes(&b, behind, strlen(behind) + 1);
    return b.failed ? x509_nomem(r) : x509_wrong(r, b.p);
}

/* ---- alternative names ---- */

static bool read_uri(struct x509_reader *r, struct der data)
{
    struct url_parts u;
    struct str error;
    int status = url_parts_parse(r->ctx, der_str(data), &u, &error);
    if (status != BI_OK) {
        r->halt = status;
        return false;
    }
    if (error.len > 0) {
        struct str behind = arena_printf(r->ctx->arena, ": %.*s", (int)error.len, error.p);
        return behind.p == NULL ? x509_nomem(r) : wrong_quoted(r, "x509: cannot parse URI ", der_str(data), behind.p);
    }
    if (u.host.len > 0 && !x509_is_domain(u.host, false))
        return wrong_quoted(r, "x509: cannot parse URI ", der_str(data), ": invalid domain");
    return true;
}

static bool push_san(struct x509_reader *r, unsigned tag, struct der data, struct x509_sans *sans)
{
    switch (tag ^ 0x80u) {
    case 1:
        return (x509_is_ascii(data) || x509_wrong(r, "x509: SAN rfc822Name is malformed")) && x509_push(r, &sans->email, data);
    case 2:
        return (x509_is_ascii(data) || x509_wrong(r, "x509: SAN dNSName is malformed")) && x509_push(r, &sans->dns, data);
    case 6:
        return (x509_is_ascii(data) || x509_wrong(r, "x509: SAN uniformResourceIdentifier is malformed")) && read_uri(r, data) &&
               x509_push(r, &sans->uri, data);
    case 7:
        if (data.len != 4 && data.len != 16) {
            struct str text = arena_printf(r->ctx->arena, "x509: cannot parse IP address of length %zu", data.len);
            return text.p == NULL ? x509_nomem(r) : x509_wrong(r, text.p);
        }
        return x509_push(r, &sans->ip, data);
    default:
        return true;
    }
}

bool x509_read_sans(struct x509_reader *r, struct der der, struct x509_sans *ret)
{
    struct der seq, data;
    unsigned tag;
    *ret = (struct x509_sans){.dns = {.len = 0}};
    if (!der_take(&der, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid subject alternative names");
    while (seq.len > 0) {
        if (!der_take_any(&seq, &tag, &data))
            return x509_wrong(r, "x509: invalid subject alternative name");
        if (!push_san(r, tag, data, ret))
            return false;
    }
    return true;
}

/* ---- name constraints ---- */

/* Ones, then zeros. */
static bool is_mask(struct der mask)
{
    bool zeros = false;
    for (size_t i = 0; i < mask.len; i++) {
        unsigned inverse = ~(unsigned)mask.p[i] & 0xffu;
        if (zeros ? mask.p[i] != 0 : (inverse & (inverse + 1)) != 0)
            return false;
        zeros = zeros || inverse != 0;
    }
    return true;
}

static bool push_range(struct x509_reader *r, struct der value, struct x509_list *list)
{
    if (value.len != 8 && value.len != 32) {
        struct str text = arena_printf(r->ctx->arena, "x509: IP constraint contained value of length %zu", value.len);
        return text.p == NULL ? x509_nomem(r) : x509_wrong(r, text.p);
    }
    struct der mask = {value.p + value.len / 2, value.len / 2};
    if (is_mask(mask))
        return x509_push(r, list, value);
    struct buf b;
    buf_init(&b, r->ctx->arena);
    buf_cstr(&b, "x509: IP constraint contained invalid mask ");
    for (size_t i = 0; i < mask.len; i++)
        buf_printf(&b, "%02x", mask.p[i]);
    buf_char(&b, 0);
    return b.failed ? x509_nomem(r) : x509_wrong(r, b.p);
}

static bool check_ascii(struct x509_reader *r, struct der value)
{
    if (x509_is_ascii(value))
        return true;
    return wrong_quoted(r, "x509: invalid constraint value: x509: ", der_str(value), " cannot be encoded as an IA5String");
}

static bool push_mail_constraint(struct x509_reader *r, struct der value, struct x509_list *list)
{
    struct str s = der_str(value), local, domain;
    bool is_mailbox = s.len > 0 && memchr(s.p, '@', s.len) != NULL;
    if (!check_ascii(r, value))
        return false;
    if (is_mailbox ? !x509_parse_mailbox(r->ctx->arena, s, &local, &domain) : !x509_is_domain(s, true))
        return wrong_quoted(r, "x509: failed to parse rfc822Name constraint ", s, "");
    return x509_push(r, list, value);
}

static bool push_uri_constraint(struct x509_reader *r, struct der value, struct x509_list *list)
{
    struct str s = der_str(value);
    struct ip ip;
    if (!check_ascii(r, value))
        return false;
    if (s.len > 0 && ip_parse(s, &ip, NULL) && ip.zone.len == 0)
        return wrong_quoted(r, "x509: failed to parse URI constraint ", s, ": cannot be IP address");
    if (!x509_is_domain(s, true))
        return wrong_quoted(r, "x509: failed to parse URI constraint ", s, "");
    return x509_push(r, list, value);
}

static bool read_subtrees(struct x509_reader *r, struct der der, struct x509_subtrees *ret, bool *ret_unhandled)
{
    struct der seq, value;
    unsigned tag;
    while (der.len > 0) {
        bool ok = true;
        if (!der_take(&der, DER_SEQUENCE, &seq) || !der_take_any(&seq, &tag, &value))
            return x509_wrong(r, "x509: invalid NameConstraints extension");
        switch (tag) {
        case DER_CONTEXT_TAG(1):
            ok = push_mail_constraint(r, value, &ret->email);
            break;
        case DER_CONTEXT_TAG(2):
            ok = check_ascii(r, value) &&
                 (x509_is_domain(der_str(value), true) ||
                  wrong_quoted(r, "x509: failed to parse dnsName constraint ", der_str(value), "")) &&
                 x509_push(r, &ret->dns, value);
            break;
        case DER_CONTEXT_TAG(6):
            ok = push_uri_constraint(r, value, &ret->uri);
            break;
        case DER_CONTEXT_TAG(7):
            ok = push_range(r, value, &ret->ip);
            break;
        default:
            *ret_unhandled = true;
        }
        if (!ok)
            return false;
    }
    return true;
}

static bool read_constraints(struct x509_reader *r, const struct x509_extension *e, struct x509_cert *c, bool *ret_unhandled)
{
    struct der outer = e->value, seq, permitted, excluded;
    c->has_constraints = true;
    if (!der_take(&outer, DER_SEQUENCE, &seq) || outer.len > 0 || !der_take_optional(&seq, DER_EXPLICIT(0), &permitted) ||
        !der_take_optional(&seq, DER_EXPLICIT(1), &excluded) || seq.len > 0)
        return x509_wrong(r, "x509: invalid NameConstraints extension");
    if (permitted.len == 0 && excluded.len == 0)
        return x509_wrong(r, "x509: empty name constraints extension");
    c->constraints_critical = e->critical;
    return read_subtrees(r, permitted, &c->permitted, ret_unhandled) && read_subtrees(r, excluded, &c->excluded, ret_unhandled);
}

/* ---- the others ---- */

static bool read_key_usage(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der bits;
    unsigned unused;
    if (!der_take_bits(&value, &bits, &unused))
        return x509_wrong(r, "x509: invalid key usage");
    for (unsigned i = 0; i < 9 && i < bits.len * 8 - unused; i++)
        if ((bits.p[i / 8] >> (7 - i % 8) & 1) != 0)
            c->key_usage |= 1 << i;
    return true;
}

static bool read_basic(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq;
    c->max_path = -1;
    if (!der_take(&value, DER_SEQUENCE, &seq) || (der_is(seq, DER_BOOLEAN) && !der_take_bool(&seq, &c->is_ca)) ||
        (der_is(seq, DER_INTEGER) && (!der_take_int64(&seq, DER_INTEGER, &c->max_path) || c->max_path < 0)))
        return x509_wrong(r, "x509: invalid basic constraints");
    c->basic_constraints = true;
    c->max_path_zero = c->max_path == 0;
    return true;
}

static bool read_crl_point(struct x509_reader *r, struct der point, struct x509_cert *c)
{
    struct der name, uri;
    if (!der_take_optional(&point, DER_EXPLICIT(0), &name))
        return x509_wrong(r, "x509: invalid CRL distribution point");
    if (name.p == NULL)
        return true;
    if (!der_take(&name, DER_EXPLICIT(0), &name))
        return x509_wrong(r, "x509: invalid CRL distribution point");
    while (der_is(name, DER_CONTEXT_TAG(6))) {
        if (!der_take(&name, DER_CONTEXT_TAG(6), &uri))
            return x509_wrong(r, "x509: invalid CRL distribution point");
        if (!x509_push(r, &c->crl_points, uri))
            return false;
    }
    return true;
}

static bool read_crl_points(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq, point;
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid CRL distribution points");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SEQUENCE, &point))
            return x509_wrong(r, "x509: invalid CRL distribution point");
        if (!read_crl_point(r, point, c))
            return false;
    }
    return true;
}

static bool read_authority_id(struct x509_reader *r, const struct x509_extension *e, struct x509_cert *c)
{
    struct der value = e->value, seq;
    if (e->critical)
        return x509_wrong(r, "x509: authority key identifier incorrectly marked critical");
    if (!der_take(&value, DER_SEQUENCE, &seq) || !der_take_optional(&seq, DER_CONTEXT_TAG(0), &c->authority_key_id))
        return x509_wrong(r, "x509: invalid authority key identifier");
    return true;
}

static bool read_subject_id(struct x509_reader *r, const struct x509_extension *e, struct x509_cert *c)
{
    struct der value = e->value;
    if (e->critical)
        return x509_wrong(r, "x509: subject key identifier incorrectly marked critical");
    return der_take(&value, DER_OCTET_STRING, &c->subject_key_id) || x509_wrong(r, "x509: invalid subject key identifier");
}

static bool read_policy_constraints(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq;
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid policy constraints extension");
    if (der_is(seq, DER_CONTEXT_TAG(0))) {
        if (!der_take_int64(&seq, DER_CONTEXT_TAG(0), &c->require_policy))
            return x509_wrong(r, "x509: invalid policy constraints extension");
        c->require_policy_zero = c->require_policy == 0;
    }
    if (der_is(seq, DER_CONTEXT_TAG(1))) {
        if (!der_take_int64(&seq, DER_CONTEXT_TAG(1), &c->inhibit_mapping))
            return x509_wrong(r, "x509: invalid policy constraints extension");
        c->inhibit_mapping_zero = c->inhibit_mapping == 0;
    }
    return true;
}

static bool read_ext_usages(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq, oid;
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid extended key usages");
    while (seq.len > 0) {
        if (!der_take_oid(&seq, &oid))
            return x509_wrong(r, "x509: invalid extended key usages");
        int usage = x509_usage_of_oid(oid);
        if (usage < 0) {
            if (!x509_push(r, &c->unknown_usages, oid))
                return false;
            continue;
        }
        if (!arena_grow(r->ctx->arena, &c->ext_usages, &c->ext_usage_cap, c->ext_usage_count + 1, sizeof *c->ext_usages))
            return x509_nomem(r);
        c->ext_usages[c->ext_usage_count++] = usage;
    }
    return true;
}

/* Arcs of any size, each in its shortest form. */
static bool is_any_oid(struct der oid)
{
    if (oid.len == 0 || oid.p[oid.len - 1] >= 0x80)
        return false;
    for (size_t i = 0; i < oid.len; i++)
        if (oid.p[i] == 0x80 && (i == 0 || oid.p[i - 1] < 0x80))
            return false;
    return true;
}

static bool read_policies(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq, policy, oid;
    c->has_policies = true;
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid certificate policies");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SEQUENCE, &policy) || !der_take(&policy, DER_OID, &oid))
            return x509_wrong(r, "x509: invalid certificate policies");
        if (!x509_charge(r, c->policies.len / 4))
            return false;
        for (size_t i = 0; i < c->policies.len; i++)
            if (der_equal(c->policies.items[i], oid))
                return x509_wrong(r, "x509: invalid certificate policies");
        if (!is_any_oid(oid))
            return x509_wrong(r, "x509: invalid certificate policies");
        if (!x509_push(r, &c->policies, oid))
            return false;
    }
    return true;
}

static bool read_mappings(struct x509_reader *r, struct der value, struct x509_cert *c)
{
    struct der seq, pair, issuer, subject;
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid policy mappings extension");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SEQUENCE, &pair) || !der_take(&pair, DER_OID, &issuer) || !der_take(&pair, DER_OID, &subject))
            return x509_wrong(r, "x509: invalid policy mappings extension");
        if (!x509_push(r, &c->mapping_issuer, issuer) || !x509_push(r, &c->mapping_subject, subject))
            return false;
    }
    return true;
}

static bool read_access(struct x509_reader *r, const struct x509_extension *e, struct x509_cert *c)
{
    struct der value = e->value, seq, one, method, uri;
    if (e->critical)
        return x509_wrong(r, "x509: authority info access incorrectly marked critical");
    if (!der_take(&value, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid authority info access");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SEQUENCE, &one) || !der_take_oid(&one, &method))
            return x509_wrong(r, "x509: invalid authority info access");
        if (!der_is(one, DER_CONTEXT_TAG(6)))
            continue;
        if (!der_take(&one, DER_CONTEXT_TAG(6), &uri))
            return x509_wrong(r, "x509: invalid authority info access");
        struct x509_list *list = str_equal(der_str(method), oid_access_ocsp)      ? &c->ocsp
                                 : str_equal(der_str(method), oid_access_issuers) ? &c->issuing
                                                                                  : NULL;
        if (list != NULL && !x509_push(r, list, uri))
            return false;
    }
    return true;
}

static bool read_alternative_names(struct x509_reader *r, struct der value, struct x509_cert *c, bool *ret_unhandled)
{
    const struct x509_sans *s = &c->sans;
    c->has_sans = true;
    if (!x509_read_sans(r, value, &c->sans))
        return false;
    *ret_unhandled = s->dns.len == 0 && s->email.len == 0 && s->ip.len == 0 && s->uri.len == 0;
    return true;
}

/* 2.5.29.n */
static bool read_standard(struct x509_reader *r, const struct x509_extension *e, struct x509_cert *c, bool *ret_unhandled)
{
    struct der value = e->value;
    switch (e->id.p[2]) {
    case 14:
        return read_subject_id(r, e, c);
    case 15:
        return read_key_usage(r, value, c);
    case 17:
        return read_alternative_names(r, value, c, ret_unhandled);
    case 19:
        return read_basic(r, value, c);
    case 30:
        return read_constraints(r, e, c, ret_unhandled);
    case 31:
        return read_crl_points(r, value, c);
    case 32:
        return read_policies(r, value, c);
    case 33:
        return read_mappings(r, value, c);
    case 35:
        return read_authority_id(r, e, c);
    case 36:
        return read_policy_constraints(r, value, c);
    case 37:
        return read_ext_usages(r, value, c);
    case 54:
        if (!der_take_int64(&value, DER_INTEGER, &c->inhibit_any))
            return x509_wrong(r, "x509: invalid inhibit any policy extension");
        c->inhibit_any_zero = c->inhibit_any == 0;
        return true;
    default:
        *ret_unhandled = true;
        return true;
    }
}

bool x509_read_extensions(struct x509_reader *r, struct x509_cert *c)
{
    for (size_t i = 0; i < c->extension_count; i++) {
        const struct x509_extension *e = &c->extensions[i];
        bool unhandled = false, ok = true;
        if (e->id.len == 3 && e->id.p[0] == 0x55 && e->id.p[1] == 0x1d && e->id.p[2] < 0x80)
            ok = read_standard(r, e, c, &unhandled);
        else if (str_equal(der_str(e->id), oid_access))
            ok = read_access(r, e, c);
        else
            unhandled = true;
        if (!ok || (unhandled && e->critical && !x509_push(r, &c->unhandled, e->id)))
            return false;
    }
    return true;
}
