/* SPDX-License-Identifier: Apache-2.0
 *
 * X.509 certificates: the outer structure, algorithms, and lists of them.
 *
 * Order of checks is Go's, so that the first complaint is the same.
 */
#include "stdlib/x509_cert.h"

bool x509_wrong(struct x509_reader *r, const char *text)
{
    if (r->wrong == NULL)
        r->wrong = text;
    return false;
}

bool x509_nomem(struct x509_reader *r)
{
    if (r->halt == BI_OK)
        r->halt = bi_nomem(r->ctx);
    return false;
}

bool x509_charge(struct x509_reader *r, uint64_t units)
{
    if (r->halt == BI_OK)
        r->halt = bi_charge(r->ctx, units);
    return r->halt == BI_OK;
}

bool x509_push(struct x509_reader *r, struct x509_list *list, struct der item)
{
    if (!arena_grow(r->ctx->arena, &list->items, &list->cap, list->len + 1, sizeof *list->items))
        return x509_nomem(r);
    list->items[list->len++] = item;
    return true;
}

/* ---- algorithms ---- */

static const struct {
    struct str oid;
    int number;
} signature_oids[] = {
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", 9}, 2}, /* MD5 with RSA */
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", 9}, 3}, /* SHA-1 with RSA */
    {{"\x2b\x0e\x03\x02\x1d", 5}, 3},                 /* the same, of ISO */
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 9}, 4}, /* SHA-256 with RSA */
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", 9}, 5}, /* SHA-384 */
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", 9}, 6}, /* SHA-512 */
    {{"\x2a\x86\x48\xce\x38\x04\x03", 7}, 7},         /* DSA with SHA-1 */
    {{"\x60\x86\x48\x01\x65\x03\x04\x03\x02", 9}, 8}, /* DSA with SHA-256 */
    {{"\x2a\x86\x48\xce\x3d\x04\x01", 7}, 9},         /* ECDSA with SHA-1 */
    {{"\x2a\x86\x48\xce\x3d\x04\x03\x02", 8}, 10},    /* SHA-256 */
    {{"\x2a\x86\x48\xce\x3d\x04\x03\x03", 8}, 11},    /* SHA-384 */
    {{"\x2a\x86\x48\xce\x3d\x04\x03\x04", 8}, 12},    /* SHA-512 */
};

static const struct str oid_pss = {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 9};
static const struct str oid_mgf1 = {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08", 9};

static const struct {
    struct str oid;
    int64_t salt;
    int number;
} pss_hashes[] = {
    {{"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9}, 32, 13},
    {{"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9}, 48, 14},
    {{"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9}, 64, 15},
};

static bool is_null_or_empty(struct der params)
{
    return params.len == 0 || (params.len == 2 && params.p[0] == DER_NULL && params.p[1] == 0);
}

static bool take_algorithm(struct der *d, struct der *ret_oid, struct der *ret_params)
{
    struct der seq;
    unsigned tag;
    *ret_params = (struct der){NULL, 0};
    return der_take(d, DER_SEQUENCE, &seq) && der_take_oid(&seq, ret_oid) &&
           (seq.len == 0 || der_take_element(&seq, &tag, ret_params));
}

/* Parameters of PSS whose two hashes agree and whose salt is as long as the hash; else 0. */
static int pss_algorithm(struct der params)
{
    struct der seq, field, hash, hash_params, mgf, mgf_params, mgf_hash, mgf_hash_params;
    int64_t salt, trailer = 1;
    if (!der_take(&params, DER_SEQUENCE, &seq) || !der_take(&seq, DER_EXPLICIT(0), &field) ||
        !take_algorithm(&field, &hash, &hash_params) || !der_take(&seq, DER_EXPLICIT(1), &field) ||
        !take_algorithm(&field, &mgf, &mgf_params) || !der_take(&seq, DER_EXPLICIT(2), &field) ||
        !der_take_int64(&field, DER_INTEGER, &salt) || !take_algorithm(&mgf_params, &mgf_hash, &mgf_hash_params))
        return 0;
    if (der_is(seq, DER_EXPLICIT(3)) &&
        (!der_take(&seq, DER_EXPLICIT(3), &field) || !der_take_int64(&field, DER_INTEGER, &trailer)))
        return 0;
    if (!is_null_or_empty(hash_params) || !is_null_or_empty(mgf_hash_params) || !str_equal(der_str(mgf), oid_mgf1) ||
        !der_equal(hash, mgf_hash) || trailer != 1)
        return 0;
    for (size_t i = 0; i < COUNT_OF(pss_hashes); i++)
        if (str_equal(der_str(hash), pss_hashes[i].oid) && salt == pss_hashes[i].salt)
            return pss_hashes[i].number;
    return 0;
}

int x509_signature_algorithm(struct der oid, struct der params)
{
    if (str_equal(der_str(oid), key_oid_ed25519))
        return params.len == 0 ? 16 : 0;
    if (str_equal(der_str(oid), oid_pss))
        return pss_algorithm(params);
    for (size_t i = 0; i < COUNT_OF(signature_oids); i++)
        if (str_equal(der_str(oid), signature_oids[i].oid))
            return signature_oids[i].number;
    return 0;
}

int x509_key_algorithm(struct der oid)
{
    const struct str *known[] = {&key_oid_rsa, &key_oid_dsa, &key_oid_ec, &key_oid_ed25519};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_equal(der_str(oid), *known[i]))
            return (int)i + 1;
    return 0;
}

bool x509_read_algorithm(struct x509_reader *r, struct der seq, struct der *ret_oid, struct der *ret_params)
{
    unsigned tag;
    *ret_params = (struct der){NULL, 0};
    if (!der_take_oid(&seq, ret_oid))
        return x509_wrong(r, "x509: malformed OID");
    if (seq.len > 0 && !der_take_element(&seq, &tag, ret_params))
        return x509_wrong(r, "x509: malformed parameters");
    return true;
}

/* ---- the certificate ---- */

static bool read_version(struct x509_reader *r, struct der *tbs, struct x509_cert *c)
{
    struct der wrapped;
    if (!der_take_optional(tbs, DER_EXPLICIT(0), &wrapped))
        return x509_wrong(r, "x509: malformed version");
    c->version = 0;
    if (wrapped.p != NULL && (!der_take_int64(&wrapped, DER_INTEGER, &c->version) || wrapped.len > 0))
        return x509_wrong(r, "x509: malformed version");
    if (c->version < 0)
        return x509_wrong(r, "x509: malformed version");
    if (c->version > 2)
        return x509_wrong(r, "x509: invalid version");
    c->version++;
    return true;
}

/* Serial number and the algorithm of the signature, which must be the same inside and outside. */
static bool read_serial(struct x509_reader *r, struct der *outer, struct der *tbs, struct x509_cert *c)
{
    struct der inner_algorithm, outer_algorithm, oid, params;
    if (!der_take_integer(tbs, &c->serial))
        return x509_wrong(r, "x509: malformed serial number");
    if (c->serial.p[0] >= 0x80)
        return x509_wrong(r, "x509: negative serial number");
    if (!der_take(tbs, DER_SEQUENCE, &inner_algorithm))
        return x509_wrong(r, "x509: malformed signature algorithm identifier");
    if (!der_take(outer, DER_SEQUENCE, &outer_algorithm))
        return x509_wrong(r, "x509: malformed algorithm identifier");
    if (!der_equal(inner_algorithm, outer_algorithm))
        return x509_wrong(r, "x509: inner and outer signature algorithm identifiers don't match");
    if (!x509_read_algorithm(r, inner_algorithm, &oid, &params))
        return false;
    c->signature_algorithm = x509_signature_algorithm(oid, params);
    return true;
}

/* A whole sequence. */
static bool take_sequence(struct der *d, struct der *ret)
{
    unsigned tag;
    return der_is(*d, DER_SEQUENCE) && der_take_element(d, &tag, ret);
}

static bool read_names(struct x509_reader *r, struct der *tbs, struct x509_cert *c)
{
    struct der raw, validity;
    if (!take_sequence(tbs, &raw))
        return x509_wrong(r, "x509: malformed issuer");
    if (!x509_read_name(r, raw, &c->issuer))
        return false;
    if (!der_take(tbs, DER_SEQUENCE, &validity))
        return x509_wrong(r, "x509: malformed validity");
    if (!x509_take_time(r, &validity, &c->not_before) || !x509_take_time(r, &validity, &c->not_after))
        return false;
    if (!take_sequence(tbs, &raw))
        return x509_wrong(r, "x509: malformed issuer");
    return x509_read_name(r, raw, &c->subject);
}

static bool read_key(struct x509_reader *r, struct der *tbs, struct x509_cert *c)
{
    struct der spki, algorithm, oid, params, bits;
    unsigned unused;
    if (!take_sequence(tbs, &c->spki))
        return x509_wrong(r, "x509: malformed spki");
    spki = c->spki;
    if (!der_take(&spki, DER_SEQUENCE, &spki))
        return x509_wrong(r, "x509: malformed spki");
    if (!der_take(&spki, DER_SEQUENCE, &algorithm))
        return x509_wrong(r, "x509: malformed public key algorithm identifier");
    if (!x509_read_algorithm(r, algorithm, &oid, &params))
        return false;
    c->key_algorithm = x509_key_algorithm(oid);
    if (!der_take_bits(&spki, &bits, &unused))
        return x509_wrong(r, "x509: malformed subjectPublicKey");
    if (c->key_algorithm == 0)
        return true;
    if (!x509_charge(r, KEY_POINT_COST))
        return false;
    bits = key_right_align(r->ctx->arena, bits, unused);
    const char *wrong = key_parse_public(oid, params, bits, &c->key);
    return wrong == NULL || x509_wrong(r, wrong);
}

static bool push_extension(struct x509_reader *r, struct der seq, struct x509_cert *c)
{
    struct x509_extension e = {.critical = false};
    if (!der_take_oid(&seq, &e.id))
        return x509_wrong(r, "x509: malformed extension OID field");
    if (der_is(seq, DER_BOOLEAN) && !der_take_bool(&seq, &e.critical))
        return x509_wrong(r, "x509: malformed extension critical field");
    if (!der_take(&seq, DER_OCTET_STRING, &e.value))
        return x509_wrong(r, "x509: malformed extension value field");
    if (!x509_charge(r, c->extension_count / 4))
        return false;
    for (size_t i = 0; i < c->extension_count; i++)
        if (der_equal(c->extensions[i].id, e.id)) {
            struct buf b;
            buf_init(&b, r->ctx->arena);
            buf_cstr(&b, "x509: certificate contains duplicate extension with OID \"");
            der_write_oid(&b, e.id);
            buf_bytes(&b, "\"", 2);
            return b.failed ? x509_nomem(r) : x509_wrong(r, b.p);
        }
    if (!arena_grow(r->ctx->arena, &c->extensions, &c->extension_cap, c->extension_count + 1, sizeof *c->extensions))
        return x509_nomem(r);
    c->extensions[c->extension_count++] = e;
    return true;
}

static bool read_tail(struct x509_reader *r, struct der *tbs, struct x509_cert *c)
{
    struct der skipped, wrapped, list, one;
    if (c->version < 2)
        return true;
    if (!der_take_optional(tbs, DER_CONTEXT_TAG(1), &skipped))
        return x509_wrong(r, "x509: malformed issuerUniqueID");
    if (!der_take_optional(tbs, DER_CONTEXT_TAG(2), &skipped))
        return x509_wrong(r, "x509: malformed subjectUniqueID");
    if (c->version < 3)
        return true;
    if (!der_take_optional(tbs, DER_EXPLICIT(3), &wrapped))
        return x509_wrong(r, "x509: malformed extensions");
    if (wrapped.p == NULL)
        return true;
    if (!der_take(&wrapped, DER_SEQUENCE, &list))
        return x509_wrong(r, "x509: malformed extensions");
    while (list.len > 0) {
        if (!der_take(&list, DER_SEQUENCE, &one))
            return x509_wrong(r, "x509: malformed extension");
        if (!push_extension(r, one, c))
            return false;
    }
    return x509_read_extensions(r, c);
}

bool x509_read_cert(struct x509_reader *r, struct der *der, struct x509_cert *ret)
{
    struct der input = *der, outer, tbs, bits;
    unsigned unused;
    struct x509_cert c = {.version = 0};
    if (!take_sequence(&input, &c.raw))
        return x509_wrong(r, "x509: malformed certificate");
    if (!x509_charge(r, 1000 + c.raw.len))
        return false;
    outer = c.raw;
    if (!der_take(&outer, DER_SEQUENCE, &outer))
        return x509_wrong(r, "x509: malformed certificate");
    if (!take_sequence(&outer, &c.tbs))
        return x509_wrong(r, "x509: malformed tbs certificate");
    tbs = c.tbs;
    if (!der_take(&tbs, DER_SEQUENCE, &tbs))
        return x509_wrong(r, "x509: malformed tbs certificate");
    if (!read_version(r, &tbs, &c) || !read_serial(r, &outer, &tbs, &c) || !read_names(r, &tbs, &c) || !read_key(r, &tbs, &c) ||
        !read_tail(r, &tbs, &c))
        return false;
    if (!der_take_bits(&outer, &bits, &unused))
        return x509_wrong(r, "x509: malformed signature");
    c.signature = key_right_align(r->ctx->arena, bits, unused);
    if (c.signature.p == NULL)
        return x509_nomem(r);
    *der = input;
    *ret = c;
    return true;
}

bool x509_read_certs(struct x509_reader *r, struct der der, struct x509_cert **ret, size_t *ret_count)
{
    struct x509_cert *list = NULL;
    size_t len = 0, cap = 0;
    while (der.len > 0) {
        if (!arena_grow(r->ctx->arena, &list, &cap, len + 1, sizeof *list))
            return x509_nomem(r);
        if (!x509_read_cert(r, &der, &list[len]))
            return false;
        len++;
    }
    *ret = list;
    *ret_count = len;
    return true;
}
