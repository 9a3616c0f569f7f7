/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Web Tokens: decoding, keys, signatures, claims.
 *
 * RFC_* are the examples of RFC 7515 (A.1) and RFC 8037 (A.4). The keys protect nothing.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {.now_ns = CALL_NOW, .has_clock = true, .random = call_random};
static const struct bi_host bare = {0};

#define RFC_TOKEN \
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmN" \
    "vbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RFC_SECRET \
    "{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuT" \
    "wjAzZr1Z9CAow\\\"}"
#define RFC_ED_TOKEN \
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki" \
    "4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
#define RFC_ED_PUBLIC \
    "{\\\"kty\\\":\\\"OKP\\\",\\\"crv\\\":\\\"Ed25519\\\",\\\"x\\\":\\\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" \
    "\\\"}"
#define RFC_ED_PRIVATE \
    "{\\\"kty\\\":\\\"OKP\\\",\\\"crv\\\":\\\"Ed25519\\\",\\\"d\\\":\\\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" \
    "\\\",\\\"x\\\":\\\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\\\"}"
#define ES_TOKEN \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJhdWQiOlsiYSIsImIiXSwiZXhwIjoxNzY3MjI1NjAxLCJpc3MiOiJtZSIsIm5iZiI6MTc2NzIy" \
    "NTYwMH0.MpjTMPR-pySC5TcVKFX7OyTepI1Wzw55o6J-vh66WkQUe4xWrCFHiiOmdsWrVlAHe35zCsG17NfaJZ-LJ7zpKQ"
#define HS_TOKEN "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJtZSJ9.9VB0Lu3fuSHPaL0V-1QwMKn9jNhBzuhr4tJ5nA4SHN4"
#define CRIT_TOKEN "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.MOvXq7apN5YrgYo-bnQr1LAw6ajZ5xGwP3moGFOCTTM"
#define NESTED_TOKEN \
    "eyJhbGciOiJIUzI1NiIsImN0eSI6IkpXVCIsInR5cCI6IngifQ.ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5LmV5SnBjM01pT" \
    "2lKdFpTSjkuOVZCMEx1M2Z1U0hQYUwwVi0xUXdNS245ak5oQnp1aHI0dEo1bkE0U0hONA.3hdN3buTAze3NaJuvzwSnA9H9AtNBxHSOl6p8pg3iY" \
    "k"
#define EXPIRED_TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.gqZDeCQQeEJfnK-L_cui9ReEF-1QWRn7IuUWoVfjdeU"
#define EARLY_TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjE3NjcyMjU2MDF9.jiVpz3Elo22w-T3RyLhTi7m2VvOdpRLB3cxfrHt5vxM"
#define BADNBF_TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOiJ4In0.hVZRaCRvKGeM6pDKlOiZsXGaNf_K_u9C1Ty_kgP2Tyw"
#define AUD_TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJhIn0.KFQjh9WJfN5dmGffg2iEFwIoe2Jp3ahS_4KtjlHV7Z4"
#define EC_PUBLIC \
    "{\\\"kty\\\":\\\"EC\\\",\\\"crv\\\":\\\"P-256\\\",\\\"x\\\":\\\"FNuCCxROyZImpNeRJuibl-EQ3SiKFi2uKkKrH91lylc\\\"," \
    "\\\"y\\\":\\\"hoWfLHCrC7QyF5bCZy7B5gE9fIAOYLfJpkmZVrlLZqU\\\"}"
#define EC_PRIVATE \
    "{\\\"kty\\\":\\\"EC\\\",\\\"crv\\\":\\\"P-256\\\",\\\"x\\\":\\\"FNuCCxROyZImpNeRJuibl-EQ3SiKFi2uKkKrH91lylc\\\"," \
    "\\\"y\\\":\\\"hoWfLHCrC7QyF5bCZy7B5gE9fIAOYLfJpkmZVrlLZqU\\\",\\\"d\\\":\\\"TtMIX97h06cWgCFH74ntc9il-wlwx2mnkHo_" \
    "eHt_s3Q\\\"}"
#define EC_NAMED \
    "{\\\"kty\\\":\\\"EC\\\",\\\"crv\\\":\\\"P-256\\\",\\\"x\\\":\\\"FNuCCxROyZImpNeRJuibl-EQ3SiKFi2uKkKrH91lylc\\\"," \
    "\\\"y\\\":\\\"hoWfLHCrC7QyF5bCZy7B5gE9fIAOYLfJpkmZVrlLZqU\\\",\\\"kid\\\":\\\"k1\\\",\\\"alg\\\":\\\"ES256\\\"}"
#define EC_OTHER_ALG \
    "{\\\"kty\\\":\\\"EC\\\",\\\"crv\\\":\\\"P-256\\\",\\\"x\\\":\\\"FNuCCxROyZImpNeRJuibl-EQ3SiKFi2uKkKrH91lylc\\\"," \
    "\\\"y\\\":\\\"hoWfLHCrC7QyF5bCZy7B5gE9fIAOYLfJpkmZVrlLZqU\\\",\\\"alg\\\":\\\"ES384\\\"}"
#define SECRET_JWK "{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"YSBzZWNyZXQ\\\"}"
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

static const struct call_row decoding[] = {
    {"io.jwt.decode", "[\"" RFC_TOKEN "\"]",
     "[{\"alg\":\"HS256\",\"typ\":\"JWT\"},{\"exp\":1300819380,\"http://example.com/is_root\":true,\"iss\":\"joe\"},"
     "\"7418dfb49799e0254ffa607dd8adbbba16d4254d69d6bff05b58055853848d79\"]"},
    {"io.jwt.decode", "[\"" NESTED_TOKEN "\"]", "*"},
    {"io.jwt.decode", "[\"abc\"]", "!encoded JWT had no period separators"},
    {"io.jwt.decode", "[\"a.b\"]", "!encoded JWT must have 3 sections, found 2"},
    {"io.jwt.decode", "[\"a.b.c.d\"]", "!encoded JWT must have 3 sections, found 4"},
    {"io.jwt.decode", "[\"a.b.c\"]", "!JWT header had invalid encoding: illegal base64url string: a"},
    {"io.jwt.decode", "[\"e30.!!!!.c\"]", "!JWT payload had invalid encoding: illegal base64 data at input byte 0"},
    {"io.jwt.decode", "[\"e30.e30.c!!!\"]", "!JWT signature had invalid encoding: illegal base64 data at input byte 1"},
    {"io.jwt.decode", "[\"W10.e30.\"]", "!bad JWT header: decoded JSON type was not an Object"},
    {"io.jwt.decode", "[\"eyJlbmMiOiJ4In0.e30.\"]", "!JWT is a JWE object, which is not supported"},
    {"io.jwt.decode", "[\"e30.W10.\"]", "!decoded JSON type was not an Object"},
    {"io.jwt.decode", "[\"e30.e30.\"]", "[{},{},\"\"]"},
    {"io.jwt.decode", "[1]", "!operand 1 must be string but got number"},
};

Test(jwt, decoding_checks_form_only)
{
    call_check_all(decoding, COUNT_OF(decoding), &host);
}

static const struct call_row verifying[] = {
    {"io.jwt.verify_hs256", "[\"" HS_TOKEN "\", \"a secret\"]", "true"},
    {"io.jwt.verify_hs256", "[\"" HS_TOKEN "\", \"another\"]", "false"},
    {"io.jwt.verify_hs384", "[\"" HS_TOKEN "\", \"a secret\"]", "false"},
    {"io.jwt.verify_hs256", "[\"a.b\", \"a secret\"]", "!encoded JWT must have 3 sections, found 2"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"" EC_PUBLIC "\"]", "true"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"" LEAF "\"]", "true"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"{\\\"keys\\\":[" EC_NAMED "]}\"]", "true"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"{\\\"keys\\\":[" RFC_ED_PUBLIC "," EC_PUBLIC "]}\"]", "true"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"" EC_OTHER_ALG "\"]", "false"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"" EC_PRIVATE "\"]", "false"}, /* public keys only */
    {"io.jwt.verify_es384", "[\"" ES_TOKEN "\", \"" EC_PUBLIC "\"]", "false"},
    {"io.jwt.verify_rs256", "[\"" ES_TOKEN "\", \"" EC_PUBLIC "\"]", "false"},
    {"io.jwt.verify_ps256", "[\"" ES_TOKEN "\", \"" EC_PUBLIC "\"]", "false"},
    {"io.jwt.verify_eddsa", "[\"" RFC_ED_TOKEN "\", \"" RFC_ED_PUBLIC "\"]", "true"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"" LEAF "x\"]", "!extra data after a PEM certificate block"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"{}\"]", "!failed to parse a JWK key (set)"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"\"]", "!failed to parse a JWK key (set)"},
    {"io.jwt.verify_es256", "[\"" ES_TOKEN "\", \"{\\\"keys\\\":[]}\"]", "false"},
};

Test(jwt, signatures_hold_under_their_key_only)
{
    call_check_all(verifying, COUNT_OF(verifying), &host);
}

#define NOT_VALID "[false,{},{}]"

static const struct call_row constraints[] = {
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\"}]",
     "[true,{\"alg\":\"HS256\",\"typ\":\"JWT\"},{\"iss\":\"me\"}]"},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"another\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"alg\":\"HS512\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"iss\":\"you\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"aud\":\"a\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"cert\":\"" EC_PUBLIC "\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" ES_TOKEN "\", {\"secret\":\"a secret\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" AUD_TOKEN "\", {\"secret\":\"a secret\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" CRIT_TOKEN "\", {\"secret\":\"a secret\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" EXPIRED_TOKEN "\", {\"secret\":\"a secret\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" EXPIRED_TOKEN "\", {\"secret\":\"a secret\",\"time\":1767225599000000000}]",
     "[true,{\"alg\":\"HS256\"},{\"exp\":1767225600}]"},
    {"io.jwt.decode_verify", "[\"" EARLY_TOKEN "\", {\"secret\":\"a secret\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" BADNBF_TOKEN "\", {\"secret\":\"a secret\"}]", "!nbf value must be a number"},
    {"io.jwt.decode_verify", "[\"" NESTED_TOKEN "\", {\"secret\":\"a secret\"}]",
     "[true,{\"alg\":\"HS256\",\"typ\":\"JWT\"},{\"iss\":\"me\"}]"},
    {"io.jwt.decode_verify", "[\"" ES_TOKEN "\", {\"cert\":\"" LEAF "\",\"aud\":\"b\",\"iss\":\"me\"}]",
     "[true,{\"alg\":\"ES256\",\"kid\":\"k1\"},{\"aud\":[\"a\",\"b\"],\"exp\":1767225601,\"iss\":\"me\",\"nbf\":1767225600}]"},
    {"io.jwt.decode_verify", "[\"" ES_TOKEN "\", {\"cert\":\"" LEAF "\",\"aud\":\"c\"}]", NOT_VALID},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {}]", "!no key constraint"},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"cert\":\"" EC_PUBLIC "\"}]",
     "!duplicate key constraints"},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"x\":1}]", "!unknown token validation constraint: x"},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":1}]", "!secret constraint: must be a string"},
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\",\"time\":-1}]",
     "!token time constraint: must not be negative"},
};

Test(jwt, claims_are_held_against_constraints)
{
    call_check_all(constraints, COUNT_OF(constraints), &host);
}

static const struct call_row clockless[] = {
    {"io.jwt.decode_verify", "[\"" HS_TOKEN "\", {\"secret\":\"a secret\"}]", "*"},
    {"io.jwt.decode_verify", "[\"" EXPIRED_TOKEN "\", {\"secret\":\"a secret\"}]", "!the host grants no clock"},
};

Test(jwt, expiry_needs_a_clock)
{
    call_check_all(clockless, COUNT_OF(clockless), &bare);
}

static const struct call_row signing[] = {
    {"io.jwt.encode_sign_raw",
     "[\"{\\\"typ\\\":\\\"JWT\\\",\\r\\n \\\"alg\\\":\\\"HS256\\\"}\", \"{\\\"iss\\\":\\\"joe\\\",\\r\\n "
     "\\\"exp\\\":1300819380,\\r\\n \\\"http://example.com/is_root\\\":true}\", \"" RFC_SECRET "\"]",
     "\"" RFC_TOKEN "\""},
    {"io.jwt.encode_sign_raw",
     "[\"{\\\"alg\\\":\\\"EdDSA\\\",\\\"typ\\\":\\\"x\\\"}\", \"Example of Ed25519 signing\", \"" RFC_ED_PRIVATE "\"]", "*"},
    {"io.jwt.encode_sign", "[{\"alg\":\"HS256\",\"typ\":\"JWT\"}, {\"iss\":\"me\"}, {\"kty\":\"oct\",\"k\":\"YSBzZWNyZXQ\"}]",
     "\"" HS_TOKEN "\""},
    {"io.jwt.encode_sign_raw", "[\"\", \"{}\", \"" SECRET_JWK "\"]",
     "!missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string"},
    {"io.jwt.encode_sign_raw", "[\"{}\", \"{}\", \"" SECRET_JWK "\"]",
     "!missing or invalid 'alg' header: jwsbb: header \"alg\" not found"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"dummy\\\"}\", \"{}\", \"" SECRET_JWK "\"]", "!unknown JWS algorithm: dummy"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"HS256\\\"}\", \"x\", \"" SECRET_JWK "\"]",
     "!type is JWT but payload is not JSON"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"HS256\\\"}\", \"{}\", \"{\\\"keys\\\":[]}\"]", "!no keys found in JWK set"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"HS256\\\"}\", \"{}\", \"" EC_PRIVATE "\"]", "!invalid key type"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"RS256\\\"}\", \"{}\", \"" EC_PRIVATE "\"]", "!does not fit the algorithm"},
    {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"ES256\\\"}\", \"{}\", \"" EC_PUBLIC "\"]", "!does not fit the algorithm"},
};

Test(jwt, tokens_are_signed)
{
    call_check_all(signing, COUNT_OF(signing), &host);
}

/* What was signed with random numbers verifies. */
Test(jwt, signed_tokens_verify)
{
    static struct call_answer token;
    static char operands[21000];
    const struct call_row sign = {"io.jwt.encode_sign_raw", "[\"{\\\"alg\\\":\\\"ES256\\\"}\", \"{}\", \"" EC_PRIVATE "\"]", "*"};
    call_once(&sign, &host, SIZE_MAX, UINT64_C(1) << 40, &token);
    cr_assert_eq(token.status, BI_OK, "%s", token.text);
    (void)snprintf(operands, sizeof operands, "[%s, \"%s\"]", token.text, EC_PUBLIC);
    const struct call_row verify = {"io.jwt.verify_es256", operands, "true"};
    call_check(&verify, &host);
    call_once(&sign, &bare, SIZE_MAX, UINT64_C(1) << 40, &token);
    cr_assert_not_null(strstr(token.text, "the host grants no random numbers"), "%s", token.text);
}
