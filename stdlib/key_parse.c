/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys out of DER.
 *
 * Sequences may have more members than are known, as Go allows. A key in the wrong one of the formats is told what it is,
 * because that is the mistake people make.
 */
#include "stdlib/key_parse.h"

const struct str key_oid_rsa = {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9};
const struct str key_oid_ec = {"\x2a\x86\x48\xce\x3d\x02\x01", 7};
const struct str key_oid_dsa = {"\x2a\x86\x48\xce\x38\x04\x01", 7};
const struct str key_oid_ed25519 = {"\x2b\x65\x70", 3};
const struct str key_oid_x25519 = {"\x2b\x65\x6e", 3};

#define USE_PKCS8 "x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)"
#define USE_SEC1 "x509: failed to parse private key (use ParseECPrivateKey instead for this key format)"
#define USE_PKCS1 "x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)"

static bool is_oid(struct der oid, struct str known)
{
    return str_equal(der_str(oid), known);
}

struct der key_right_align(struct arena *a, struct der bits, unsigned unused)
{
    if (unused == 0 || bits.len == 0)
        return bits;
    uint8_t *out = arena_alloc(a, bits.len);
    if (out == NULL)
        return (struct der){NULL, 0};
    for (size_t i = 0; i < bits.len; i++)
        out[i] = (uint8_t)(bits.p[i] >> unused | (i > 0 ? bits.p[i - 1] << (8 - unused) : 0));
    return (struct der){out, bits.len};
}

/* ---- public ---- */

static const char *parse_rsa_public(struct der params, struct der bits, struct key *ret)
{
    struct der seq, n;
    int64_t e;
    if (params.len != 2 || params.p[0] != DER_NULL || params.p[1] != 0)
        return "x509: RSA key missing NULL parameters";
    if (!der_take(&bits, DER_SEQUENCE, &seq))
        return "x509: invalid RSA public key";
    if (!der_take_integer(&seq, &n))
        return "x509: invalid RSA modulus";
    struct der e_bytes = seq, e_number;
    if (!der_take_int64(&seq, DER_INTEGER, &e) || !der_take_integer(&e_bytes, &e_number))
        return "x509: invalid RSA public exponent";
    ret->n = key_trim(der_str(n));
    ret->e = key_trim(der_str(e_number));
    ret->kind = KEY_RSA;
    if (n.p[0] >= 0x80 || ret->n.len == 0)
        return "x509: RSA modulus is not a positive number";
    return e <= 0 ? "x509: RSA public exponent is not a positive number" : NULL;
}

static const char *parse_ec_public(struct der params, struct der bits, struct key *ret)
{
    struct der oid;
    if (!der_take_oid(&params, &oid))
        return "x509: invalid ECDSA parameters";
    ret->curve = key_curve_by_oid(oid);
    if (ret->curve == NULL)
        return "x509: unsupported elliptic curve";
    if (bits.len < 1 || bits.p[0] != 4)
        return "ecdsa: invalid uncompressed public key";
    size_t width = key_curve_bytes(ret->curve);
    ret->kind = KEY_EC;
    if (bits.len != 1 + 2 * width)
        return ret->curve->bad_point;
    ret->x = (struct str){(const char *)bits.p + 1, width};
    ret->y = (struct str){(const char *)bits.p + 1 + width, width};
    return key_is_on_curve(ret) ? NULL : ret->curve->not_on_curve;
}

static const char *parse_dsa_public(struct der params, struct der bits, struct key *ret)
{
    struct der seq, y, n[3];
    if (!der_take_integer(&bits, &y))
        return "x509: invalid DSA public key";
    if (!der_take(&params, DER_SEQUENCE, &seq) || !der_take_integer(&seq, &n[0]) || !der_take_integer(&seq, &n[1]) ||
        !der_take_integer(&seq, &n[2]))
        return "x509: invalid DSA parameters";
    ret->kind = KEY_DSA;
    ret->y = key_trim(der_str(y));
    ret->p = key_trim(der_str(n[0]));
    ret->q = key_trim(der_str(n[1]));
    ret->g = key_trim(der_str(n[2]));
    bool positive = y.p[0] < 0x80 && ret->y.len > 0 && ret->p.len > 0 && ret->q.len > 0 && ret->g.len > 0;
    for (size_t i = 0; i < COUNT_OF(n); i++)
        positive = positive && n[i].p[0] < 0x80;
    return positive ? NULL : "x509: zero or negative DSA parameter";
}

static const char *parse_raw_public(enum key_kind kind, struct der params, struct der bits, struct key *ret)
{
    if (params.len != 0)
        return kind == KEY_ED25519 ? "x509: Ed25519 key encoded with illegal parameters"
                                   : "x509: X25519 key encoded with illegal parameters";
    if (bits.len != 32)
        return kind == KEY_ED25519 ? "x509: wrong Ed25519 public key size" : "crypto/ecdh: invalid public key";
    ret->kind = kind;
    ret->x = der_str(bits);
    return NULL;
}

const char *key_parse_public(struct der oid, struct der params, struct der bits, struct key *ret)
{
    *ret = (struct key){.kind = KEY_NONE};
    if (is_oid(oid, key_oid_rsa))
        return parse_rsa_public(params, bits, ret);
    if (is_oid(oid, key_oid_ec))
        return parse_ec_public(params, bits, ret);
    if (is_oid(oid, key_oid_ed25519))
        return parse_raw_public(KEY_ED25519, params, bits, ret);
    if (is_oid(oid, key_oid_x25519))
        return parse_raw_public(KEY_X25519, params, bits, ret);
    if (is_oid(oid, key_oid_dsa))
        return parse_dsa_public(params, bits, ret);
    return "x509: unknown public key algorithm";
}

const char *key_parse_pkix(struct arena *a, struct der der, struct key *ret)
{
    struct der seq, algorithm, oid, bits;
    unsigned unused;
    if (!der_take(&der, DER_SEQUENCE, &seq) || !der_take(&seq, DER_SEQUENCE, &algorithm) || !der_take_oid(&algorithm, &oid) ||
        !der_take_bits(&seq, &bits, &unused))
        return "asn1: structure error: no public key";
    if (der.len != 0)
        return "x509: trailing data after ASN.1 of public-key";
    struct der params = {NULL, 0};
    unsigned tag;
    if (algorithm.len > 0 && !der_take_element(&algorithm, &tag, &params))
        return "asn1: structure error: damaged parameters";
    bits = key_right_align(a, bits, unused);
    return key_parse_public(oid, params, bits, ret);
}

/* ---- private ---- */

struct pkcs1 {
    int64_t version;
    struct der numbers[9]; /* after version: n e d p q dp dq qi; optional from dp on */
    size_t count;
    bool more; /* additional primes */
};

static bool read_pkcs1(struct der *der, struct pkcs1 *ret)
{
    struct der seq;
    *ret = (struct pkcs1){.count = 0};
    if (!der_take(der, DER_SEQUENCE, &seq) || !der_take_int64(&seq, DER_INTEGER, &ret->version))
        return false;
    while (ret->count < 8 && der_is(seq, DER_INTEGER)) {
        if (!der_take_integer(&seq, &ret->numbers[ret->count]))
            return false;
        ret->count++;
    }
    ret->more = der_is(seq, DER_SEQUENCE);
    return ret->count >= 5;
}

struct pkcs8 {
    int64_t version;
    struct der oid, params, key;
};

static bool read_pkcs8(struct der *der, struct pkcs8 *ret)
{
    struct der seq, algorithm;
    unsigned tag;
    *ret = (struct pkcs8){.version = 0};
    if (!der_take(der, DER_SEQUENCE, &seq) || !der_take_int64(&seq, DER_INTEGER, &ret->version) ||
        !der_take(&seq, DER_SEQUENCE, &algorithm) || !der_take_oid(&algorithm, &ret->oid))
        return false;
    if (algorithm.len > 0 && !der_take_element(&algorithm, &tag, &ret->params))
        return false;
    return der_take(&seq, DER_OCTET_STRING, &ret->key);
}

struct sec1 {
    int64_t version;
    struct der key, curve;
};

/* Could an element start here? Go looks at the header of what follows even where it then finds another tag. */
static bool has_header(struct der d)
{
    size_t at = 1, len = 0;
    if (d.len < 2)
        return d.len == 0;
    if ((d.p[0] & 0x1f) == 0x1f || d.p[at] == 0x80)
        return false;
    if (d.p[at] < 0x80)
        return true;
    size_t bytes = d.p[at++] & 0x7f;
    for (size_t i = 0; i < bytes; i++, at++) {
        if (at >= d.len || len >= 1 << 23 || (len == 0 && d.p[at] == 0))
            return false;
        len = len << 8 | d.p[at];
    }
    return len >= 0x80;
}

/* An optional element in an explicit tag; another element in the tag counts as absent, and *ret stays. */
static bool take_explicit(struct der *seq, unsigned outer, unsigned inner, struct der *ret)
{
    struct der copy = *seq, wrapped;
    if (!has_header(copy))
        return false;
    if (!der_is(copy, outer))
        return true;
    if (!der_take(&copy, outer, &wrapped) || wrapped.len == 0 || !has_header(wrapped))
        return false;
    if (der_is(wrapped, inner)) {
        *seq = copy;
        *ret = wrapped;
    }
    return true;
}

static bool read_sec1(struct der *der, struct sec1 *ret)
{
    struct der seq, curve = {NULL, 0}, public = {NULL, 0}, bits;
    unsigned unused;
    *ret = (struct sec1){.version = 0};
    if (!der_take(der, DER_SEQUENCE, &seq) || !der_take_int64(&seq, DER_INTEGER, &ret->version) ||
        !der_take(&seq, DER_OCTET_STRING, &ret->key) || !take_explicit(&seq, DER_EXPLICIT(0), DER_OID, &curve))
        return false;
    if (curve.p != NULL && !der_take_oid(&curve, &ret->curve))
        return false;
    /* the public key is checked, not used: it follows from the private one */
    return take_explicit(&seq, DER_EXPLICIT(1), DER_BIT_STRING, &public) &&
           (public.p == NULL || der_take_bits(&public, &bits, &unused));
}

const char *key_parse_pkcs1(struct arena *a, struct der der, struct key *ret)
{
    struct pkcs1 parts;
    struct der rest = der;
    if (!read_pkcs1(&rest, &parts)) {
        struct sec1 sec1;
        struct pkcs8 pkcs8;
        struct der other = der;
        if (read_sec1(&other, &sec1))
            return USE_SEC1;
        other = der;
        return read_pkcs8(&other, &pkcs8) ? USE_PKCS8 : "asn1: structure error: no RSA private key";
    }
    if (rest.len > 0)
        return "asn1: syntax error: trailing data";
    if (parts.version > 1)
        return "x509: unsupported private key version";
    struct key k = {.kind = KEY_RSA, .is_private = true};
    struct str *places[8] = {&k.n, &k.e, &k.d, &k.p, &k.q, &k.dp, &k.dq, &k.qi};
    for (size_t i = 0; i < parts.count; i++) {
        *places[i] = key_trim(der_str(parts.numbers[i]));
        bool positive = parts.numbers[i].p[0] < 0x80 && places[i]->len > 0;
        if (!positive && i != 1)
            return "x509: private key contains zero or negative value";
    }
    if (parts.numbers[1].p[0] >= 0x80)
        return "crypto/rsa: public exponent too small or negative";
    if (parts.more)
        return "crypto/rsa: keys of more than two primes are not supported";
    *ret = k;
    return key_check_rsa(a, ret);
}

static const char *parse_sec1(struct arena *a, struct der der, const struct key_curve *curve, struct key *ret)
{
    struct sec1 parts;
    struct der rest = der;
    if (!read_sec1(&rest, &parts)) {
        struct pkcs1 pkcs1;
        struct pkcs8 pkcs8;
        struct der other = der;
        if (read_pkcs8(&other, &pkcs8))
            return USE_PKCS8;
        other = der;
        return read_pkcs1(&other, &pkcs1) ? USE_PKCS1
                                          : "x509: failed to parse EC private key: asn1: structure error: no EC private key";
    }
    if (parts.version != 1) {
        struct str text = arena_printf(a, "x509: unknown EC private key version %lld", (long long)parts.version);
        return text.p != NULL ? text.p : "no memory";
    }
    if (curve == NULL)
        curve = key_curve_by_oid(parts.curve);
    if (curve == NULL)
        return "x509: unknown elliptic curve";
    size_t width = key_curve_bytes(curve);
    struct der d = parts.key;
    for (; d.len > width; d.p++, d.len--) /* zeros in front are forgiven */
        if (d.p[0] != 0)
            return "x509: invalid private key length";
    *ret = (struct key){.kind = KEY_EC, .is_private = true, .curve = curve, .d = der_str(d)};
    return key_derive_public(a, ret);
}

const char *key_parse_sec1(struct arena *a, struct der der, struct key *ret)
{
    return parse_sec1(a, der, NULL, ret);
}

static const char *prefix_error(struct arena *a, const char *prefix, const char *wrong)
{
    if (wrong == NULL)
        return NULL;
    struct str text = arena_printf(a, "%s%s", prefix, wrong);
    return text.p != NULL ? text.p : "no memory";
}

static const char *parse_raw_private(struct arena *a, const struct pkcs8 *parts, enum key_kind kind, struct key *ret)
{
    const char *name = kind == KEY_ED25519 ? "Ed25519" : "X25519";
    struct der octets = parts->key, d;
    struct str text = {"", 0};
    if (parts->params.len != 0)
        text = arena_printf(a, "x509: invalid %s private key parameters", name);
    else if (!der_take(&octets, DER_OCTET_STRING, &d))
        text = arena_printf(a, "x509: invalid %s private key: asn1: structure error: no key", name);
    else if (d.len != 32 && kind == KEY_ED25519)
        text = arena_printf(a, "x509: invalid Ed25519 private key length: %zu", d.len);
    else if (d.len != 32)
        text = STR("crypto/ecdh: invalid private key size");
    if (text.p == NULL)
        return "no memory";
    if (text.len > 0)
        return text.p;
    *ret = (struct key){.kind = kind, .is_private = true, .d = der_str(d)};
    return key_derive_public(a, ret);
}

const char *key_parse_pkcs8(struct arena *a, struct der der, struct key *ret)
{
    struct pkcs8 parts;
    struct der rest = der;
    if (!read_pkcs8(&rest, &parts)) {
        struct sec1 sec1;
        struct pkcs1 pkcs1;
        struct der other = der;
        if (read_sec1(&other, &sec1))
            return USE_SEC1;
        other = der;
        return read_pkcs1(&other, &pkcs1) ? USE_PKCS1 : "asn1: structure error: no PKCS #8 private key";
    }
    if (is_oid(parts.oid, key_oid_rsa))
        return prefix_error(a, "x509: failed to parse RSA private key embedded in PKCS#8: ", key_parse_pkcs1(a, parts.key, ret));
    if (is_oid(parts.oid, key_oid_ec)) {
        struct der curve, params = parts.params;
        const struct key_curve *named = NULL;
        bool has_curve = der_take_oid(&params, &curve);
        if (has_curve)
            named = key_curve_by_oid(curve);
        const char *wrong = has_curve && named == NULL ? "x509: unknown elliptic curve" : parse_sec1(a, parts.key, named, ret);
        return prefix_error(a, "x509: failed to parse EC private key embedded in PKCS#8: ", wrong);
    }
    if (is_oid(parts.oid, key_oid_ed25519))
        return parse_raw_private(a, &parts, KEY_ED25519, ret);
    if (is_oid(parts.oid, key_oid_x25519))
        return parse_raw_private(a, &parts, KEY_X25519, ret);
    struct buf b;
    buf_init(&b, a);
    buf_cstr(&b, "x509: PKCS#8 wrapping contained private key with unknown algorithm: ");
    der_write_oid(&b, parts.oid);
    buf_char(&b, 0);
    return b.failed ? "no memory" : b.p;
}
