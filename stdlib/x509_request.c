/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificate signing requests.
 *
 * Go reads them with its general ASN.1 package, which takes values of attributes for what their tags say: strings, numbers,
 * times and so on; a name in a request may therefore hold what is not text.
 */
#include "stdlib/x509_request.h"

#include "base/utf8.h"
#include "stdlib/key_json.h"
#include "stdlib/time_civil.h"
#include "stdlib/x509_json.h"

struct request {
    struct x509_reader *r;
    struct go_json g;
};

static const struct str oid_extension_request = {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e", 9};
static const struct str oid_sans = {"\x55\x1d\x11", 3};

/* ---- values by their tags ---- */

static bool is_valid_text(unsigned tag, struct der s)
{
    for (size_t i = 0; i < s.len;) {
        uint8_t c = s.p[i];
        unsigned n = 1;
        bool ok = true;
        if (tag == DER_UTF8)
            ok = utf8_decode((const char *)s.p + i, s.len - i, &n) != UTF8_BAD || n > 1;
        else if (tag == DER_IA5)
            ok = c < 0x80;
        else if (tag == DER_NUMERIC)
            ok = c == ' ' || (c >= '0' && c <= '9');
        else if (tag == DER_PRINTABLE)
            ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '\'' && c <= ')') || (c >= '+' && c <= '9') ||
                 (c != 0 && strchr(" :=?*&", c) != NULL);
        if (!ok)
            return false;
        i += n;
    }
    return true;
}

static struct value bits_json(struct go_json *g, struct der bits, unsigned unused)
{
    struct object *o = go_json_object(g, 2);
    go_json_put(g, o, "Bytes", go_json_bytes(g, der_str(bits)));
    go_json_put(g, o, "BitLength", value_int((int64_t)bits.len * 8 - (int64_t)unused));
    return o != NULL ? value_object(o) : value_null();
}

/* The text of a BMPString. */
static bool read_bmp(struct request *q, struct der s, struct value *ret)
{
    struct x509_name name;
    struct buf b;
    uint8_t header[] = {DER_SEQUENCE, 0, DER_SET, 0, DER_SEQUENCE, 0, DER_OID, 1, 0x2a, DER_BMP, 0};
    if (s.len > 100)
        return false;
    size_t len = s.len;
    header[10] = (uint8_t)len;
    header[5] = (uint8_t)(len + 5);
    header[3] = (uint8_t)(len + 7);
    header[1] = (uint8_t)(len + 9);
    buf_init(&b, q->g.ctx->arena);
    buf_bytes(&b, header, sizeof header);
    buf_bytes(&b, s.p, s.len);
    struct x509_reader inner = {.ctx = q->r->ctx};
    if (b.failed || !x509_read_name(&inner, der_of(buf_view(&b)), &name))
        return false;
    *ret = go_json_text(&q->g, name.attributes[0].value);
    return true;
}

/* What an element of any type is in JSON; null for types that Go leaves out. false: it is damaged. */
static bool any_json(struct request *q, struct der element, struct value *ret)
{
    struct der whole = element, value;
    unsigned tag, unused;
    int64_t number;
    bool flag;
    struct x509_time t;
    *ret = value_null();
    if (!der_take_any(&element, &tag, &value))
        return false;
    switch (tag) {
    case DER_PRINTABLE:
    case DER_NUMERIC:
    case DER_IA5:
    case DER_T61:
    case DER_UTF8:
        *ret = go_json_text(&q->g, der_str(value));
        return is_valid_text(tag, value);
    case DER_BMP:
        return read_bmp(q, value, ret);
    case DER_INTEGER:
        if (!der_take_int64(&whole, DER_INTEGER, &number))
            return false;
        *ret = value_int(number);
        return true;
    case DER_BOOLEAN:
        if (!der_take_bool(&whole, &flag))
            return false;
        *ret = value_bool(flag);
        return true;
    case DER_BIT_STRING:
        if (!der_take_bits(&whole, &value, &unused))
            return false;
        *ret = bits_json(&q->g, value, unused);
        return true;
    case DER_OID:
        if (!der_take_oid(&whole, &value))
            return false;
        *ret = go_json_oid(&q->g, value);
        return true;
    case DER_OCTET_STRING:
        *ret = go_json_bytes(&q->g, der_str(value));
        return true;
    case DER_UTC_TIME:
    case DER_TIME: {
        struct x509_reader inner = {.ctx = q->r->ctx};
        if (!x509_take_time(&inner, &whole, &t))
            return false;
        struct civil_date d = civil_date_of(t.seconds);
        struct civil_clock c = civil_clock_of(t.seconds);
        struct str text = arena_printf(q->g.ctx->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)d.year, d.month, d.day, c.hour,
                                       c.minute, c.second);
        if (text.p != NULL)
            *ret = value_str(text);
        return text.p != NULL;
    }
    default:
        return true;
    }
}

/* SEQUENCE { type OBJECT IDENTIFIER, value ANY } as {"Type", "Value"}. */
static bool pair_json(struct request *q, struct der *rest, struct der *ret_type, struct value *ret_value, struct value *ret)
{
    struct der seq, element;
    unsigned tag;
    if (!der_take(rest, DER_SEQUENCE, &seq) || !der_take_oid(&seq, ret_type) || !der_take_element(&seq, &tag, &element) ||
        !any_json(q, element, ret_value))
        return false;
    struct object *o = go_json_object(&q->g, 2);
    go_json_put(&q->g, o, "Type", go_json_oid(&q->g, *ret_type));
    go_json_put(&q->g, o, "Value", *ret_value);
    if (o != NULL)
        *ret = value_object(o);
    return o != NULL;
}

/* ---- subject ---- */

static bool push_text(struct request *q, struct x509_name *name, struct der type, struct value text)
{
    if (text.kind != VALUE_STRING)
        return true;
    if (!arena_grow(q->g.ctx->arena, &name->attributes, &name->cap, name->len + 1, sizeof *name->attributes))
        return x509_nomem(q->r);
    name->attributes[name->len++] = (struct x509_attribute){type, value_text(text)};
    return true;
}

static bool subject_json(struct request *q, struct der raw, struct value *ret)
{
    struct x509_name name = {.raw = raw};
    struct array_builder all;
    struct der seq, set, type;
    array_init(&all, q->g.ctx->arena);
    if (!der_take(&raw, DER_SEQUENCE, &seq))
        return x509_wrong(q->r, "asn1: structure error: tags don't match in the subject");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SET, &set))
            return x509_wrong(q->r, "asn1: structure error: tags don't match in the subject");
        while (set.len > 0) {
            struct value value, pair;
            if (!pair_json(q, &set, &type, &value, &pair))
                return x509_wrong(q->r, "asn1: structure error: damaged attribute of the subject");
            if (!array_push(&all, pair))
                return x509_nomem(q->r);
            if (!push_text(q, &name, type, value))
                return false;
        }
    }
    *ret = x509_json_name(&q->g, &name);
    if (q->g.status == BI_OK && all.len > 0)
        go_json_put(&q->g, ret->object, "Names", array_value(&all)); /* those that are not text too */
    return true;
}

/* ---- attributes ---- */

/* One attribute whose values are sequences of pairs; false: it is of another shape. */
static bool attribute_json(struct request *q, struct der element, struct value *ret)
{
    struct der seq, type, set, inner, pair_type;
    struct array_builder values;
    array_init(&values, q->g.ctx->arena);
    if (!der_take(&element, DER_SEQUENCE, &seq) || !der_take_oid(&seq, &type) || !der_take(&seq, DER_SET, &set))
        return false;
    while (set.len > 0) {
        struct array_builder pairs;
        array_init(&pairs, q->g.ctx->arena);
        if (!der_take(&set, DER_SEQUENCE, &inner))
            return false;
        while (inner.len > 0) {
            struct value value, pair;
            if (!pair_json(q, &inner, &pair_type, &value, &pair))
                return false;
            if (!array_push(&pairs, pair))
                return x509_nomem(q->r);
        }
        if (!array_push(&values, array_value(&pairs)))
            return x509_nomem(q->r);
    }
    struct object *o = go_json_object(&q->g, 2);
    go_json_put(&q->g, o, "Type", go_json_oid(&q->g, type));
    go_json_put(&q->g, o, "Value", array_value(&values));
    if (o != NULL)
        *ret = value_object(o);
    return o != NULL;
}

static bool attributes_json(struct request *q, struct der attributes, struct value *ret)
{
    struct array_builder list;
    struct der element;
    unsigned tag;
    array_init(&list, q->g.ctx->arena);
    while (attributes.len > 0) {
        struct value v;
        if (!der_take_element(&attributes, &tag, &element))
            return x509_wrong(q->r, "asn1: syntax error: damaged attributes");
        bool has_shape = attribute_json(q, element, &v);
        if (q->r->halt != BI_OK || q->g.status != BI_OK)
            return false;
        if (has_shape && !array_push(&list, v))
            return x509_nomem(q->r);
    }
    *ret = list.len > 0 ? array_value(&list) : value_null();
    return true;
}

/* ---- requested extensions ---- */

struct extensions {
    struct x509_extension *list;
    size_t len, cap;
};

static bool push_extension(struct request *q, struct extensions *all, struct der *rest)
{
    struct der seq;
    struct x509_extension e = {.critical = false};
    if (!der_take(rest, DER_SEQUENCE, &seq) || !der_take_oid(&seq, &e.id) ||
        (der_is(seq, DER_BOOLEAN) && !der_take_bool(&seq, &e.critical)) || !der_take(&seq, DER_OCTET_STRING, &e.value))
        return x509_wrong(q->r, "asn1: structure error: damaged extension");
    if (!x509_charge(q->r, 1 + all->len / 4))
        return false;
    for (size_t i = 0; i < all->len; i++)
        if (der_equal(all->list[i].id, e.id))
            return x509_wrong(q->r, "x509: certificate request contains duplicate requested extensions");
    if (!arena_grow(q->g.ctx->arena, &all->list, &all->cap, all->len + 1, sizeof *all->list))
        return x509_nomem(q->r);
    all->list[all->len++] = e;
    return true;
}

/* Nothing but well-formed elements, one at least. */
static bool is_elements(struct der d)
{
    struct der element;
    unsigned tag;
    bool ok = d.len > 0;
    while (ok && d.len > 0)
        ok = der_take_element(&d, &tag, &element);
    return ok;
}

static bool read_extensions(struct request *q, struct der attributes, struct extensions *all)
{
    struct der seq, id, set, list;
    while (attributes.len > 0) {
        struct der element;
        unsigned tag;
        if (!der_take_element(&attributes, &tag, &element))
            return false;
        if (!der_take(&element, DER_SEQUENCE, &seq) || !der_take_oid(&seq, &id) || !der_take(&seq, DER_SET, &set) ||
            !is_elements(set) || !str_equal(der_str(id), oid_extension_request))
            continue;
        if (!der_take(&set, DER_SEQUENCE, &list))
            return x509_wrong(q->r, "asn1: structure error: tags don't match in the requested extensions");
        while (list.len > 0)
            if (!push_extension(q, all, &list))
                return false;
    }
    return true;
}

/* ---- the request ---- */

struct parts {
    struct der raw, tbs, subject, spki, attributes, signature_oid, signature_params, signature;
    struct der key_oid, key_params, key_bits;
    unsigned key_unused;
    int64_t version;
};

static bool read_parts(struct x509_reader *r, struct der der, struct parts *p)
{
    struct der outer, tbs, spki, algorithm, bits;
    unsigned tag, unused;
    if (der.len == 0)
        return x509_wrong(r, "asn1: syntax error: sequence truncated");
    if (!der_is(der, DER_SEQUENCE))
        return x509_wrong(r, "asn1: structure error: tags don't match");
    if (!der_take_element(&der, &tag, &p->raw))
        return x509_wrong(r, "asn1: syntax error: data truncated");
    if (der.len > 0)
        return x509_wrong(r, "asn1: syntax error: trailing data");
    outer = p->raw;
    if (!der_take(&outer, DER_SEQUENCE, &outer) || !der_is(outer, DER_SEQUENCE) || !der_take_element(&outer, &tag, &p->tbs))
        return x509_wrong(r, "asn1: structure error: tags don't match");
    tbs = p->tbs;
    if (!der_take(&tbs, DER_SEQUENCE, &tbs) || !der_take_int64(&tbs, DER_INTEGER, &p->version) ||
        !der_take_element(&tbs, &tag, &p->subject) || !der_is(tbs, DER_SEQUENCE) || !der_take_element(&tbs, &tag, &p->spki) ||
        !der_take(&tbs, DER_EXPLICIT(0), &p->attributes))
        return x509_wrong(r, "asn1: structure error: tags don't match");
    spki = p->spki;
    if (!der_take(&spki, DER_SEQUENCE, &spki) || !der_take(&spki, DER_SEQUENCE, &algorithm) ||
        !x509_read_algorithm(r, algorithm, &p->key_oid, &p->key_params) || !der_take_bits(&spki, &p->key_bits, &p->key_unused))
        return x509_wrong(r, "asn1: structure error: damaged public key");
    if (!der_take(&outer, DER_SEQUENCE, &algorithm) ||
        !x509_read_algorithm(r, algorithm, &p->signature_oid, &p->signature_params) || !der_take_bits(&outer, &bits, &unused))
        return x509_wrong(r, "asn1: structure error: damaged signature");
    p->key_bits = key_right_align(r->ctx->arena, p->key_bits, p->key_unused);
    p->signature = key_right_align(r->ctx->arena, bits, unused);
    return (p->signature.p != NULL && p->key_bits.p != NULL) || x509_nomem(r);
}

static void put_parts(struct request *q, struct object *o, const struct parts *p, const struct key *key)
{
    struct go_json *g = &q->g;
    go_json_put(g, o, "Raw", go_json_bytes(g, der_str(p->raw)));
    go_json_put(g, o, "RawTBSCertificateRequest", go_json_bytes(g, der_str(p->tbs)));
    go_json_put(g, o, "RawSubjectPublicKeyInfo", go_json_bytes(g, der_str(p->spki)));
    go_json_put(g, o, "RawSubject", go_json_bytes(g, der_str(p->subject)));
    go_json_put(g, o, "Version", value_int(p->version));
    go_json_put(g, o, "Signature", go_json_bytes(g, der_str(p->signature)));
    go_json_put(g, o, "SignatureAlgorithm", value_int(x509_signature_algorithm(p->signature_oid, p->signature_params)));
    go_json_put(g, o, "PublicKeyAlgorithm", value_int(x509_key_algorithm(p->key_oid)));
    go_json_put(g, o, "PublicKey", key_json(g, key));
    go_json_put(g, o, "ExtraExtensions", value_null());
}

bool x509_request_json(struct x509_reader *r, struct der der, struct value *ret)
{
    struct request q = {.r = r, .g = {.ctx = r->ctx}};
    struct parts p = {.version = 0};
    struct key key = {.kind = KEY_NONE};
    struct extensions all = {.len = 0};
    struct x509_sans sans = {.dns = {.len = 0}};
    struct value subject, attributes;
    if (!x509_charge(r, 1000 + der.len) || !read_parts(r, der, &p))
        return false;
    if (x509_key_algorithm(p.key_oid) != 0) {
        const char *wrong = key_parse_public(p.key_oid, p.key_params, p.key_bits, &key);
        if (wrong != NULL)
            return x509_wrong(r, wrong);
    }
    if (!attributes_json(&q, p.attributes, &attributes) || !subject_json(&q, p.subject, &subject) ||
        !read_extensions(&q, p.attributes, &all)) {
        r->halt = r->halt == BI_OK ? q.g.status : r->halt;
        return false;
    }
    for (size_t i = 0; i < all.len; i++)
        if (str_equal(der_str(all.list[i].id), oid_sans) && !x509_read_sans(r, all.list[i].value, &sans))
            return false;
    struct object *o = go_json_object(&q.g, 20);
    put_parts(&q, o, &p, &key);
    go_json_put(&q.g, o, "Subject", subject);
    go_json_put(&q.g, o, "Attributes", attributes);
    go_json_put(&q.g, o, "Extensions", x509_json_extensions(&q.g, all.list, all.len));
    x509_json_put_sans(&q.g, o, &sans);
    if (q.g.status != BI_OK) {
        r->halt = q.g.status;
        return false;
    }
    *ret = value_object(o);
    return true;
}
