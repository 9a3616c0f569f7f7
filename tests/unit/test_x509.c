/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates, requests and keys: what they say, and which chains hold.
 *
 * ROOT signs MID, MID signs LEAF (client authentication, www.example.com) and OUTSIDE (www.example.org); MID may sign for
 * example.com only. All are valid from 2025 to 2034. The keys protect nothing.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {.now_ns = CALL_NOW, .has_clock = true};
static const struct bi_host bare = {0};

#define ROOT \
    "-----BEGIN CERTIFICATE-----\\n" \
    "MIIBITCBx6ADAgECAgID7DAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARyb290MB4X\\n" \
    "DTI1MDEwMTAwMDAwMFoXDTM1MDEwMTAwMDAwMFowDzENMAsGA1UEAwwEcm9vdDBZ\\n" \
    "MBMGByqGSM49AgEGCCqGSM49AwEHA0IABDuCJMrOygLMza4n28x9JjrgmRXwY6Wy\\n" \
    "1q1TOznWRw57JXYgjRTeiVuSMM29zQUoW0HkQjsj2wNGtDrP/1rMAnijEzARMA8G\\n" \
    "A1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAJVisg4zUHPEGd6K7Vy0\\n" \
    "wFqXifa1VOyhwlkSmZdCIv/wAiEAvOmcHcdwWloDdU6l2b9hQQLX8PuEoJty7LFP\\n" \
    "KuR3ORM=\\n" \
    "-----END CERTIFICATE-----\\n"

#define MID \
    "-----BEGIN CERTIFICATE-----\\n" \
    "MIIBPTCB5aADAgECAgID6zAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARyb290MB4X\\n" \
    "DTI1MDEwMTAwMDAwMFoXDTM1MDEwMTAwMDAwMFowDjEMMAoGA1UEAwwDbWlkMFkw\\n" \
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEidedRJGjqQq80YCvRr2IeQe7reBLzn1n\\n" \
    "FozSVZBpQQtMxNOG3m0WdSReWqijdyoeGhXMMUrCpXuWu6eUv3PM4qMyMDAwDwYD\\n" \
    "VR0TAQH/BAUwAwEB/zAdBgNVHR4BAf8EEzARoA8wDYILZXhhbXBsZS5jb20wCgYI\\n" \
    "KoZIzj0EAwIDRwAwRAIgdugTsM8djozMqji9jhjMuddEyxfBUrHhWnh8LW7EqTsC\\n" \
    "ID5fEgM9O9czbozSNOmDPTcr638THnot0MBkBXK1DT2N\\n" \
    "-----END CERTIFICATE-----\\n"

#define LEAF \
    "-----BEGIN CERTIFICATE-----\\n" \
    "MIIBQDCB5qADAgECAgID7DAKBggqhkjOPQQDAjAOMQwwCgYDVQQDDANtaWQwHhcN\\n" \
    "MjUwMTAxMDAwMDAwWhcNMzUwMTAxMDAwMDAwWjAPMQ0wCwYDVQQDDARsZWFmMFkw\\n" \
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFNuCCxROyZImpNeRJuibl+EQ3SiKFi2u\\n" \
    "KkKrH91lyleGhZ8scKsLtDIXlsJnLsHmAT18gA5gt8mmSZlWuUtmpaMzMDEwGgYD\\n" \
    "VR0RBBMwEYIPd3d3LmV4YW1wbGUuY29tMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoG\\n" \
    "CCqGSM49BAMCA0kAMEYCIQD8Djset1vC56tD5EnlkossUNE4N9xRdFBOV049YjGo\\n" \
    "+AIhAMoP+pKT8tD/Nnt30BT10qMRZgsgVz3IODt/nKd1yO7m\\n" \
    "-----END CERTIFICATE-----\\n"

#define OUTSIDE \
    "-----BEGIN CERTIFICATE-----\\n" \
    "MIIBKTCB0KADAgECAgID6zAKBggqhkjOPQQDAjAOMQwwCgYDVQQDDANtaWQwHhcN\\n" \
    "MjUwMTAxMDAwMDAwWhcNMzUwMTAxMDAwMDAwWjAOMQwwCgYDVQQDDANiYWQwWTAT\\n" \
    "BgcqhkjOPQIBBggqhkjOPQMBBwNCAAQU24ILFE7Jkiak15Em6JuX4RDdKIoWLa4q\\n" \
    "Qqsf3WXKV4aFnyxwqwu0MheWwmcuweYBPXyADmC3yaZJmVa5S2alox4wHDAaBgNV\\n" \
    "HREEEzARgg93d3cuZXhhbXBsZS5vcmcwCgYIKoZIzj0EAwIDSAAwRQIhAPsQ+dR1\\n" \
    "ulusXGPn8ZoJ8XfoaU4CjND95r7NP0bY5MdIAiBK/QMhMPt/3/lceJ+NY0nPRPN7\\n" \
    "kC85UC4Qr8e5ls77Pg==\\n" \
    "-----END CERTIFICATE-----\\n"

#define LEAF_KEY \
    "-----BEGIN PRIVATE KEY-----\\n" \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTtMIX97h06cWgCFH\\n" \
    "74ntc9il+wlwx2mnkHo/eHt/s3ShRANCAAQU24ILFE7Jkiak15Em6JuX4RDdKIoW\\n" \
    "La4qQqsf3WXKV4aFnyxwqwu0MheWwmcuweYBPXyADmC3yaZJmVa5S2al\\n" \
    "-----END PRIVATE KEY-----\\n"

#define REQUEST \
    "-----BEGIN CERTIFICATE REQUEST-----\\n" \
    "MIHyMIGZAgEAMA4xDDAKBgNVBAMMA2NzcjBZMBMGByqGSM49AgEGCCqGSM49AwEH\\n" \
    "A0IABBTbggsUTsmSJqTXkSbom5fhEN0oihYtripCqx/dZcpXhoWfLHCrC7QyF5bC\\n" \
    "Zy7B5gE9fIAOYLfJpkmZVrlLZqWgKTAnBgkqhkiG9w0BCQ4xGjAYMBYGA1UdEQQP\\n" \
    "MA2CC2Nzci5leGFtcGxlMAoGCCqGSM49BAMCA0gAMEUCIQDDKBuhgWafhjokddrR\\n" \
    "gjA7cFxwwX7kmMJ58v3xsgwAcQIgUEO360gAHLrH0jrdUQHwm65d9gV2diatiXhE\\n" \
    "FnVyeow=\\n" \
    "-----END CERTIFICATE REQUEST-----\\n"

/* Answers with many members: what they must hold. */
struct part_row {
    const char *name, *operands;
    const char *parts[10];
};

static const struct part_row parsed[] = {
    {"crypto.x509.parse_certificates",
     "[\"" LEAF ROOT "\"]",
     {"\"DNSNames\":[\"www.example.com\"]", "\"CommonName\":\"leaf\"", "\"NotAfter\":\"2035-01-01T00:00:00Z\"",
      "\"ExtKeyUsage\":[2]", "\"SignatureAlgorithm\":10", "\"PublicKeyAlgorithm\":3", "\"URIStrings\":null", "\"IsCA\":true",
      "\"SerialNumber\":1004", "\"Curve\":{}"}},
    {"crypto.x509.parse_certificates",
     "[\"" MID "\"]",
     {"\"PermittedDNSDomains\":[\"example.com\"]", "\"PermittedDNSDomainsCritical\":true", "\"MaxPathLen\":-1"}},
    {"crypto.x509.parse_certificate_request",
     "[\"" REQUEST "\"]",
     {"\"DNSNames\":[\"csr.example\"]", "\"Version\":0", "\"Id\":[2,5,29,17]", "\"CommonName\":\"csr\""}},
    {"crypto.x509.parse_keypair",
     "[\"" LEAF "\",\"" LEAF_KEY "\"]",
     {"\"OCSPStaple\":null", "\"Leaf\":{", "\"PrivateKey\":{", "\"D\":"}},
    {"crypto.parse_private_keys", "[\"" LEAF_KEY "\"]", {"[{\"Curve\":{},\"D\":"}},
    {"crypto.x509.parse_rsa_private_key", "[\"" LEAF_KEY "\"]", {"\"crv\":\"P-256\"", "\"kty\":\"EC\"", "\"d\":\""}},
};

Test(x509, structures_are_those_of_go)
{
    static struct call_answer got;
    for (size_t i = 0; i < COUNT_OF(parsed); i++) {
        struct call_row row = {parsed[i].name, parsed[i].operands, "*"};
        call_check(&row, &host);
        call_once(&row, &host, SIZE_MAX, UINT64_C(1) << 40, &got);
        for (size_t k = 0; k < COUNT_OF(parsed[i].parts) && parsed[i].parts[k] != NULL; k++)
            cr_assert_not_null(strstr(got.text, parsed[i].parts[k]), "%s lacks %s", got.text, parsed[i].parts[k]);
    }
}

static const struct call_row refused[] = {
    {"crypto.x509.parse_certificates", "[\"" LEAF_KEY "\"]", "!PEM block type is 'PRIVATE KEY', expected CERTIFICATE"},
    {"crypto.x509.parse_certificates", "[\"AAAA\"]", "!x509: malformed certificate"},
    {"crypto.x509.parse_certificates", "[\"A\"]", "!illegal base64 data at input byte 0"},
    {"crypto.x509.parse_certificates", "[\"\"]", "[]"},
    {"crypto.x509.parse_certificate_request", "[\"AAAA\"]", "!asn1: structure error"},
    {"crypto.x509.parse_certificate_request", "[\"-\"]", "!illegal base64 data at input byte 0"},
    {"crypto.x509.parse_keypair", "[\"" LEAF_KEY "\",\"" LEAF "\"]", "!PEM inputs may have been switched"},
    {"crypto.x509.parse_keypair", "[\"" ROOT "\",\"" LEAF_KEY "\"]", "!tls: private key does not match public key"},
    {"crypto.parse_private_keys", "[\"\"]", "null"},
    {"crypto.parse_private_keys", "[\"" ROOT "\"]", "[]"},
    {"crypto.x509.parse_rsa_private_key", "[\"\"]", "!input PEM data was empty"},
    {"crypto.x509.parse_rsa_private_key", "[\"" ROOT "\"]", "null"},
};

Test(x509, damaged_input_is_told)
{
    call_check_all(refused, COUNT_OF(refused), &host);
}

/* Whether a chain holds, and why it does not. */
struct chain_row {
    const char *certs, *options;
    bool holds;
};

#define CLIENT "\"KeyUsages\":[\"KeyUsageClientAuth\"]"

static const struct chain_row chains[] = {
    {ROOT MID LEAF, "{" CLIENT "}", true},
    {ROOT MID LEAF, "{\"KeyUsages\":[\"KeyUsageAny\"]}", true},
    {ROOT MID LEAF, "{" CLIENT ",\"DNSName\":\"WWW.example.com\"}", true},
    {ROOT MID LEAF, "{}", false},                                               /* not for servers */
    {ROOT MID LEAF, "{" CLIENT ",\"DNSName\":\"example.com\"}", false},         /* another name */
    {ROOT MID LEAF, "{" CLIENT ",\"CurrentTime\":2051222400000000001}", false}, /* too late, by a nanosecond */
    {ROOT MID LEAF, "{" CLIENT ",\"CurrentTime\":2051222400000000000}", true},
    {ROOT MID LEAF, "{" CLIENT ",\"CurrentTime\":1735689599999999999}", false}, /* too early */
    {ROOT LEAF, "{" CLIENT "}", false},                                         /* no issuer */
    {MID ROOT LEAF, "{" CLIENT "}", true},                                      /* the anchor need not be a root */
    {ROOT MID OUTSIDE, "{}", false},                                            /* outside the name constraints */
    {ROOT ROOT, "{}", true},
    {LEAF, "{}", false}, /* two at least */
};

Test(x509, a_chain_holds_only_when_all_of_it_does)
{
    static struct call_answer got;
    static char operands[8000];
    for (size_t i = 0; i < COUNT_OF(chains); i++) {
        struct call_row row = {"crypto.x509.parse_and_verify_certificates_with_options", operands, "*"};
        (void)snprintf(operands, sizeof operands, "[\"%s\", %s]", chains[i].certs, chains[i].options);
        call_once(&row, &host, SIZE_MAX, UINT64_C(1) << 40, &got);
        cr_assert_eq(got.status, BI_OK, "row %zu: %s", i, got.text);
        cr_assert(chains[i].holds ? strncmp(got.text, "[true,[{", 8) == 0 : strcmp(got.text, "[false,[]]") == 0, "row %zu: %s", i,
                  got.text);
        call_check(&row, &host);
    }
}

/* One bit anywhere in the leaf: it must not verify. */
Test(x509, no_mutation_verifies)
{
    static struct call_answer got;
    static char operands[8000], good[8000];
    (void)snprintf(good, sizeof good, "[\"%s\", {%s}]", ROOT MID LEAF, CLIENT);
    struct call_row row = {"crypto.x509.parse_and_verify_certificates_with_options", operands, "*"};
    size_t leaf = strlen("[\"" ROOT MID "-----BEGIN CERTIFICATE-----");
    for (size_t at = leaf; good[at] != '-'; at++) {
        memcpy(operands, good, sizeof good);
        if (good[at] == '\\' || good[at] == 'n' || good[at] == '=')
            continue;
        operands[at] = good[at] == 'A' ? 'Q' : 'A';
        call_once(&row, &host, SIZE_MAX, UINT64_C(1) << 40, &got);
        cr_assert_str_eq(got.text, "[false,[]]", "byte %zu of the leaf does not matter", at - leaf);
    }
}

static const struct call_row options[] = {
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"KeyUsages\":[\"a\",\"b\"]}]",
     "!invalid entries for 'KeyUsages' found: [a b]"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"KeyUsages\":1}]",
     "!'KeyUsages' should be an Array or Set"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"DNSName\":1}]",
     "!'DNSName' should be a string"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"CurrentTime\":1.5}]",
     "!'CurrentTime' should be a valid int64 number"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"x\":1}]", "!invalid key option"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"x\", {\"x\":1}]", "[false,[]]"},
};

Test(x509, options_are_checked)
{
    call_check_all(options, COUNT_OF(options), &host);
}

static const struct call_row clockless[] = {
    {"crypto.x509.parse_and_verify_certificates", "[\"" ROOT ROOT "\"]", "!the host grants no clock"},
    {"crypto.x509.parse_and_verify_certificates_with_options", "[\"" ROOT ROOT "\", {\"CurrentTime\": 1}]", "[false,[]]"},
};

Test(x509, a_chain_needs_a_time)
{
    call_check_all(clockless, COUNT_OF(clockless), &bare);
}
