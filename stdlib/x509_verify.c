/* SPDX-License-Identifier: Apache-2.0
 *
 * Building chains from the leaf to the root, depth first, the likeliest issuer first; the first chain that passes all checks
 * is the answer. The number of signature checks is bounded, so depth and work are.
 */
#include "stdlib/x509_verify.h"

struct search {
    struct x509_reader *r;
    const struct x509_options *options;
    const struct x509_cert *root;
    const struct x509_cert *certs; /* intermediates are certs[1..count - 2] */
    size_t count;
    unsigned checks;
    struct x509_chain chain;
};

/* ---- one certificate ---- */

static bool is_in_time(const struct x509_cert *c, const struct x509_options *o)
{
    if (o->now_seconds < c->not_before.seconds || o->now_seconds > c->not_after.seconds)
        return false;
    return o->now_seconds < c->not_after.seconds || o->now_nanos == 0;
}

enum role { LEAF, INTERMEDIATE, ROOT };

static bool is_valid(const struct x509_cert *c, enum role role, const struct x509_chain *chain, const struct x509_options *o)
{
    if (c->unhandled.len > 0)
        return false;
    if (chain->len > 0 && !der_equal(chain->certs[chain->len - 1]->issuer.raw, c->subject.raw))
        return false;
    if (!is_in_time(c, o))
        return false;
    if (role == INTERMEDIATE && (!c->basic_constraints || !c->is_ca))
        return false;
    /* a leaf counts as minus one intermediate */
    return !c->basic_constraints || c->max_path < 0 || chain->len == 0 || (int64_t)chain->len - 1 <= c->max_path;
}

static const EVP_MD *digest_of_algorithm(int algorithm)
{
    switch (algorithm) {
    case 4:
    case 10:
    case 13:
        return EVP_sha256();
    case 5:
    case 11:
    case 14:
        return EVP_sha384();
    case 6:
    case 12:
    case 15:
        return EVP_sha512();
    default:
        return NULL; /* MD5 and SHA-1 prove nothing */
    }
}

static bool is_signed_by(struct x509_reader *r, const struct x509_cert *c, const struct x509_cert *parent)
{
    if ((parent->version == 3 && !parent->basic_constraints) || (parent->basic_constraints && !parent->is_ca))
        return false;
    if (parent->key_usage != 0 && (parent->key_usage & X509_USAGE_CERT_SIGN) == 0)
        return false;
    int algorithm = c->signature_algorithm;
    const EVP_MD *md = digest_of_algorithm(algorithm);
    if (md == NULL && algorithm != 16)
        return false;
    if (!x509_charge(r, key_verify_cost(&parent->key) + c->tbs.len / 4))
        return false;
    enum key_scheme scheme = algorithm == 16   ? KEY_EDDSA
                             : algorithm >= 13 ? KEY_RSA_PSS
                             : algorithm >= 10 ? KEY_ECDSA_DER
                                               : KEY_RSA_PKCS1;
    return key_verify(&parent->key, NULL, scheme, md, der_str(c->tbs), der_str(c->signature));
}

static const struct der *find_sans(const struct x509_cert *c)
{
    for (size_t i = 0; i < c->extension_count; i++)
        if (str_equal(der_str(c->extensions[i].id), STR("\x55\x1d\x11")))
            return &c->extensions[i].value;
    return NULL;
}

/* The same subject, key and alternative names: cross-signed twins count as one, or chains would go in circles. */
static bool is_in_chain(const struct x509_cert *c, const struct x509_chain *chain)
{
    const struct der *sans = find_sans(c);
    for (size_t i = 0; i < chain->len; i++) {
        const struct x509_cert *other = chain->certs[i];
        if (!der_equal(c->subject.raw, other->subject.raw) || !der_equal(c->spki, other->spki))
            continue;
        const struct der *other_sans = find_sans(other);
        if (sans == NULL || other_sans == NULL)
            return sans == other_sans;
        if (der_equal(*sans, *other_sans))
            return true;
    }
    return false;
}

/* ---- the whole chain ---- */

/* Is one of the wanted usages allowed by each certificate that restricts usages? */
static bool does_allow_usage(const struct x509_chain *chain, const int *wanted, size_t count)
{
    static const int default_usage = X509_USAGE_SERVER_AUTH;
    if (count == 0) {
        wanted = &default_usage;
        count = 1;
    }
    for (size_t w = 0; w < count; w++) {
        bool allowed = true;
        if (wanted[w] == X509_USAGE_ANY)
            return true;
        for (size_t i = 0; i < chain->len && allowed; i++) {
            const struct x509_cert *c = chain->certs[i];
            allowed = c->ext_usage_count == 0 && c->unknown_usages.len == 0;
            for (size_t k = 0; k < c->ext_usage_count && !allowed; k++)
                allowed = c->ext_usages[k] == wanted[w] || c->ext_usages[k] == X509_USAGE_ANY;
        }
        if (allowed)
            return true;
    }
    return false;
}

static bool is_chain_good(struct search *s)
{
    return x509_check_policies(s->r, &s->chain) && does_allow_usage(&s->chain, s->options->usages, s->options->usage_count) &&
           x509_check_constraints(s->r, &s->chain);
}

/* ---- the search ---- */

/* 0: key identifiers agree, 1: one is missing, 2: they differ; -1: not the issuer. */
static int rate_parent(const struct x509_cert *c, const struct x509_cert *parent)
{
    if (!der_equal(c->issuer.raw, parent->subject.raw))
        return -1;
    if (der_equal(parent->subject_key_id, c->authority_key_id))
        return 0;
    return parent->subject_key_id.len == 0 || c->authority_key_id.len == 0 ? 1 : 2;
}

static bool extend_chain(struct search *s);

static bool try_parent(struct search *s, const struct x509_cert *parent, enum role role)
{
    const struct x509_cert *c = s->chain.certs[s->chain.len - 1];
    if (++s->checks > X509_MAX_CHECKS)
        return false;
    if (parent->key_algorithm == 0 || is_in_chain(parent, &s->chain) || !is_signed_by(s->r, c, parent) ||
        !is_valid(parent, role, &s->chain, s->options))
        return false;
    s->chain.certs[s->chain.len++] = parent;
    if (role == ROOT ? is_chain_good(s) : extend_chain(s))
        return true;
    s->chain.len--;
    return false;
}

/* Has an earlier intermediate the same bytes? */
static bool is_repeated(const struct search *s, size_t at)
{
    for (size_t i = 1; i < at; i++)
        if (der_equal(s->certs[i].raw, s->certs[at].raw))
            return true;
    return false;
}

/* Tries the issuers of the last certificate; recursion is as deep as checks allow. */
static bool extend_chain(struct search *s)
{
    const struct x509_cert *c = s->chain.certs[s->chain.len - 1];
    if (rate_parent(c, s->root) >= 0 && try_parent(s, s->root, ROOT))
        return true;
    for (int rate = 0; rate <= 2; rate++) {
        if (!x509_charge(s->r, s->count))
            return false;
        for (size_t i = 1; i + 1 < s->count; i++) {
            if (s->checks > X509_MAX_CHECKS || s->r->halt != BI_OK)
                return false;
            if (rate_parent(c, &s->certs[i]) != rate || !x509_charge(s->r, i / 8) || is_repeated(s, i))
                continue;
            if (try_parent(s, &s->certs[i], INTERMEDIATE))
                return true;
        }
    }
    return false;
}

bool x509_verify(struct x509_reader *r, const struct x509_cert *certs, size_t count, const struct x509_options *o,
                 struct x509_chain *ret)
{
    if (count < 2)
        return false;
    const struct x509_cert *leaf = &certs[count - 1];
    struct search s = {.r = r, .options = o, .root = &certs[0], .certs = certs, .count = count};
    if (!is_valid(leaf, LEAF, &s.chain, o) || !x509_charge(r, 10 + leaf->sans.dns.len * 16))
        return false;
    if (o->dns_name.len > 0 && !x509_is_for_host(leaf, o->dns_name))
        return false;
    s.chain.certs[s.chain.len++] = leaf;
    bool ok = der_equal(leaf->raw, certs[0].raw) ? is_chain_good(&s) : extend_chain(&s);
    if (!ok || r->halt != BI_OK)
        return false;
    *ret = s.chain;
    return true;
}
