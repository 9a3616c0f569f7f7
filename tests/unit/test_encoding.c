/* SPDX-License-Identifier: Apache-2.0
 *
 * Base64, hexadecimal, URL, URI, network, SemVer and UUID builtins: answers are those of OPA 1.22.2.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row base64_and_hex_tell_where_an_error_is_rows[] = {
    {"base64.encode", "[\"hello\"]", "\"aGVsbG8=\""},
    {"base64.encode", "[\"\"]", "\"\""},
    {"base64url.encode", "[\"a?>~\\u00ff\"]", "\"YT8-fsO_\""},
    {"base64url.encode_no_pad", "[\"a?\"]", "\"YT8\""},
    {"base64.decode", "[\"aGVsbG8=\"]", "\"hello\""},
    {"base64.decode", "[\"aGVs\\nbG8=\"]", "\"hello\""},
    {"base64.decode", "[\"aGVsbG8\"]", "!illegal base64 data at input byte 4"},
    {"base64.decode", "[\"aGVs=bG8\"]", "!illegal base64 data at input byte 4"},
    {"base64.decode", "[\"a*==\"]", "!illegal base64 data at input byte 1"},
    {"base64.decode", "[\"aA=\"]", "!illegal base64 data at input byte 3"},
    {"base64.decode", "[\"aGVsbG8=x\"]", "!illegal base64 data at input byte 8"},
    {"base64.is_valid", "[\"aGVsbG8=\"]", "true"},
    {"base64.is_valid", "[\"a\"]", "false"},
    {"base64.is_valid", "[1]", "false"},
    {"base64url.decode", "[\"YT8-fg\"]", "\"a?>~\""},
    {"base64url.decode", "[\"YT8-fg==\"]", "\"a?>~\""},
    {"base64url.decode", "[\"YT8-f\"]", "!illegal base64url string: YT8-f"},
    {"base64url.decode", "[\"Y+8=\"]", "!illegal base64 data at input byte 1"},
    {"hex.encode", "[\"a\\u00ff\"]", "\"61c3bf\""},
    {"hex.decode", "[\"61c3bf\"]", "\"aÿ\""},
    {"hex.decode", "[\"6\"]", "!encoding/hex: odd length hex string"},
    {"hex.decode", "[\"6g\"]", "!encoding/hex: invalid byte: U+0067 'g'"},
    {"hex.decode", "[\"6\\u00e9\"]", "!encoding/hex: invalid byte: U+00C3 'Ã'"},
};

Test(encoding, base64_and_hex_tell_where_an_error_is)
{
    call_check_all(base64_and_hex_tell_where_an_error_is_rows, COUNT_OF(base64_and_hex_tell_where_an_error_is_rows), &host);
}

static const struct call_row url_queries_are_escaped_rows[] = {
    {"urlquery.encode", "[\"a=b & c/\\u00e4~\"]", "\"a%3Db+%26+c%2F%C3%A4~\""},
    {"urlquery.decode", "[\"a%3Db+%26+c\"]", "\"a=b & c\""},
    {"urlquery.decode", "[\"a%3\"]", "!invalid URL escape \"%3\""},
    {"urlquery.decode", "[\"%zz\"]", "!invalid URL escape \"%zz\""},
    {"urlquery.encode_object", "[{\"a\":\"b\",\"c\":[\"d e\",\"f\"]}]", "\"a=b&c=d+e&c=f\""},
    {"urlquery.encode_object", "[{}]", "\"\""},
    {"urlquery.encode_object", "[{\"a\":1}]", "!operand 1 values must be string, array[string], or set[string]"},
    {"urlquery.encode_object", "[\"x\"]", "!operand 1 must be object but got string"},
    {"urlquery.decode_object", "[\"a=b&c=d&c=e&f\"]", "{\"a\":[\"b\"],\"c\":[\"d\",\"e\"],\"f\":[\"\"]}"},
    {"urlquery.decode_object", "[\"\"]", "{}"},
    {"urlquery.decode_object", "[\"a;b\"]", "!invalid semicolon separator in query"},
    {"urlquery.decode_object", "[\"a=%zz\"]", "!invalid URL escape \"%zz\""},
    {"urlquery.decode_object", "[\"=x&&y=\"]", "{\"\":[\"x\"],\"y\":[\"\"]}"},
};

Test(encoding, url_queries_are_escaped)
{
    call_check_all(url_queries_are_escaped_rows, COUNT_OF(url_queries_are_escaped_rows), &host);
}

static const struct call_row uris_are_taken_apart_rows[] = {
    {"uri.parse", "[\"https://u:p@example.com:8080/a%20b/c?q=1#frag\"]",
     "{\"fragment\":\"frag\",\"hostname\":\"example.com\",\"path\":\"/a b/c\",\"port\":\"8080\",\"raw_path\":\"/a b/c"
     "\",\"raw_query\":\"q=1\",\"scheme\":\"https\"}"},
    {"uri.parse", "[\"mailto:a@b.c\"]", "{\"scheme\":\"mailto\"}"},
    {"uri.parse", "[\"/a%2fb\"]", "{\"path\":\"/a/b\",\"raw_path\":\"/a%2fb\"}"},
    {"uri.parse", "[\"//host/path\"]", "{\"hostname\":\"host\",\"path\":\"/path\",\"raw_path\":\"/path\"}"},
    {"uri.parse", "[\"http://[::1%25eth0]:80/\"]",
     "{\"hostname\":\"::1%eth0\",\"path\":\"/\",\"port\":\"80\",\"raw_path\":\"/\",\"scheme\":\"http\"}"},
    {"uri.parse", "[\"http://[::1\"]", "!parse \"http://[::1\": missing ']' in host"},
    {"uri.parse", "[\"http://[1.2.3.4]/\"]", "!parse \"http://[1.2.3.4]/\": invalid IP-literal"},
    {"uri.parse", "[\"http://a:b/\"]", "!parse \"http://a:b/\": invalid port \":b\" after host"},
    {"uri.parse", "[\"http://a b/\"]", "!parse \"http://a b/\": invalid character \" \" in host name"},
    {"uri.parse", "[\"http://a:1:2/\"]", "!parse \"http://a:1:2/\": invalid port \":1:2\" after host"},
    {"uri.parse", "[\"ftp://a:1:2/\"]",
     "{\"hostname\":\"a:1\",\"path\":\"/\",\"port\":\"2\",\"raw_path\":\"/\",\"scheme\":\"ftp\"}"},
    {"uri.parse", "[\":x\"]", "!parse \":x\": missing protocol scheme"},
    {"uri.parse", "[\"a:b/c\"]", "{\"scheme\":\"a\"}"},
    {"uri.parse", "[\"1a:b\"]", "!parse \"1a:b\": first path segment in URL cannot contain colon"},
    {"uri.parse", "[\"/%zz\"]", "!parse \"/%zz\": invalid URL escape \"%zz\""},
    {"uri.parse", "[\"http://h/\\u0001\"]", "!parse \"http://h/\\x01\": net/url: invalid control character in URL"},
    {"uri.parse", "[\"x#%\"]", "!parse \"x#%\": invalid URL escape \"%\""},
    {"uri.parse", "[\"\"]", "{}"},
    {"uri.parse", "[\"http://h%41/\"]", "!parse \"http://h%41/\": invalid URL escape \"%41\""},
    {"uri.parse", "[\"HTTP://H/\"]", "{\"hostname\":\"H\",\"path\":\"/\",\"raw_path\":\"/\",\"scheme\":\"http\"}"},
    {"uri.parse", "[\"http://u@v@h/\"]", "{\"hostname\":\"h\",\"path\":\"/\",\"raw_path\":\"/\",\"scheme\":\"http\"}"},
    {"uri.parse", "[\"http://[::g]/\"]",
     "!parse \"http://[::g]/\": invalid host: ParseAddr(\"::g\"): each colon-separated field must have at least one digit"
     " (at \"g\")"},
    {"uri.is_valid", "[\"http://x\"]", "true"},
    {"uri.is_valid", "[\"\"]", "false"},
    {"uri.is_valid", "[\"http://[x\"]", "false"},
    {"uri.is_valid", "[1]", "false"},
};

Test(encoding, uris_are_taken_apart)
{
    call_check_all(uris_are_taken_apart_rows, COUNT_OF(uris_are_taken_apart_rows), &host);
}

static const struct call_row networks_contain_and_merge_rows[] = {
    {"net.cidr_contains", "[\"10.0.0.0/8\", \"10.1.2.3\"]", "true"},
    {"net.cidr_contains", "[\"10.0.0.0/8\", \"10.1.0.0/16\"]", "true"},
    {"net.cidr_contains", "[\"10.0.0.0/8\", \"0.0.0.0/0\"]", "false"},
    {"net.cidr_contains", "[\"2001:db8::/32\", \"2001:db8:1::1\"]", "true"},
    {"net.cidr_contains", "[\"::/80\", \"::/80\"]", "true"},
    {"net.cidr_contains", "[\"10.0.0.0/8\", \"x\"]", "!not a valid textual representation of an IP address or CIDR: x"},
    {"net.cidr_contains", "[\"x\", \"10.0.0.1\"]", "!invalid CIDR address: x"},
    {"net.cidr_contains", "[\"10.0.0.0/33\", \"10.0.0.1\"]", "!invalid CIDR address: 10.0.0.0/33"},
    {"net.cidr_contains", "[\"10.0.0.0/8\", 1]", "!operand 1 must be string but got number"},
    {"net.cidr_intersects", "[\"10.0.0.0/8\", \"10.1.0.0/16\"]", "true"},
    {"net.cidr_intersects", "[\"10.0.0.0/8\", \"11.0.0.0/8\"]", "false"},
    {"net.cidr_is_valid", "[\"10.0.0.0/8\"]", "true"},
    {"net.cidr_is_valid", "[\"10.0.0/8\"]", "false"},
    {"net.cidr_is_valid", "[\"01.0.0.0/8\"]", "false"},
    {"net.cidr_is_valid", "[1]", "false"},
    {"net.cidr_expand", "[\"192.168.1.1/30\"]", "[\"192.168.1.0\",\"192.168.1.1\",\"192.168.1.2\",\"192.168.1.3\"]"},
    {"net.cidr_expand", "[\"2001:db8::1/127\"]", "[\"2001:db8::\",\"2001:db8::1\"]"},
    {"net.cidr_expand", "[\"x\"]", "!invalid CIDR address: x"},
    {"net.cidr_merge", "[[\"192.0.128.0/24\",\"192.0.129.0/24\"]]", "[\"192.0.128.0/23\"]"},
    {"net.cidr_merge", "[[\"10.0.0.0/25\",\"10.0.0.128/26\",\"10.0.0.192/27\"]]",
     "[\"10.0.0.0/25\",\"10.0.0.128/26\",\"10.0.0.192/27\"]"},
    {"net.cidr_merge", "[[\"2001:db8::/113\",\"2001:db8::8000/113\",\"10.0.0.1\"]]", "[\"10.0.0.1/8\",\"2001:db8::/112\"]"},
    {"net.cidr_merge", "[[]]", "[]"},
    {"net.cidr_merge", "[[\"::1\"]]", "!IPv6 invalid: needs prefix length"},
    {"net.cidr_merge", "[[\"x/1\"]]", "!invalid CIDR address: x/1"},
    {"net.cidr_merge", "[\"x\"]", "!operand must be an array"},
    {"net.cidr_contains_matches", "[[\"1.1.0.0/16\"], [\"1.1.1.1\",\"2.2.2.2\"]]", "[[0,0]]"},
    {"net.cidr_contains_matches", "[{\"a\":\"1.1.0.0/16\"}, [[\"1.1.1.1\",\"x\"]]]", "[[\"a\",0]]"},
    {"net.cidr_contains_matches", "[\"1.1.0.0/16\", \"1.1.1.1\"]", "[[\"1.1.0.0/16\",\"1.1.1.1\"]]"},
    {"net.cidr_contains_matches", "[[[]], [\"1.1.1.1\"]]", "!operand 1: element must be string or non-empty array"},
};

Test(encoding, networks_contain_and_merge)
{
    call_check_all(networks_contain_and_merge_rows, COUNT_OF(networks_contain_and_merge_rows), &host);
}

static const struct call_row versions_are_ordered_rows[] = {
    {"semver.compare", "[\"1.2.3\", \"1.2.4\"]", "-1"},
    {"semver.compare", "[\"v1.10.0\", \"1.9.9\"]", "1"},
    {"semver.compare", "[\"1.0.0-alpha\", \"1.0.0\"]", "-1"},
    {"semver.compare", "[\"1.0.0-alpha.1\", \"1.0.0-alpha.beta\"]", "-1"},
    {"semver.compare", "[\"1.0.0-alpha.2\", \"1.0.0-alpha.10\"]", "-1"},
    {"semver.compare", "[\"1.0.0-a\", \"1.0.0-a.1\"]", "-1"},
    {"semver.compare", "[\"1.0.0+x\", \"1.0.0+y\"]", "0"},
    {"semver.compare", "[\"1.0\", \"1.0.0\"]", "!operand 1: string \"1.0\" is not a valid SemVer"},
    {"semver.compare", "[\"1.0.0\", \"01.0.0\"]", "!operand 2: string \"01.0.0\" is not a valid SemVer"},
    {"semver.compare", "[1, \"1.0.0\"]", "!operand 1 must be string but got number"},
    {"semver.is_valid", "[\"1.0.0-rc.1+b5\"]", "true"},
    {"semver.is_valid", "[\"1.0.0-01\"]", "false"},
    {"semver.is_valid", "[\"1.0.0+\"]", "false"},
    {"semver.is_valid", "[\"9223372036854775808.0.0\"]", "false"},
    {"semver.is_valid", "[1]", "false"},
};

Test(encoding, versions_are_ordered)
{
    call_check_all(versions_are_ordered_rows, COUNT_OF(versions_are_ordered_rows), &host);
}

static const struct call_row uuids_tell_what_they_are_rows[] = {
    {"uuid.parse", "[\"00000000-0000-4000-8000-000000000000\"]", "{\"variant\":\"RFC4122\",\"version\":4}"},
    {"uuid.parse", "[\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"]",
     "{\"clocksequence\":180,\"macvariables\":\"global:unicast\",\"nodeid\":\"00-c0-4f-d4-30-c8\",\"time\":88663043315118"
     "2400,\"variant\":\"RFC4122\",\"version\":1}"},
    {"uuid.parse", "[\"urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8\"]",
     "{\"clocksequence\":180,\"macvariables\":\"global:unicast\",\"nodeid\":\"00-c0-4f-d4-30-c8\",\"time\":88663043315118"
     "2400,\"variant\":\"RFC4122\",\"version\":1}"},
    {"uuid.parse", "[\"{000003e8-cc3c-21ec-9c00-325096b39f47}\"]",
     "{\"clocksequence\":7168,\"domain\":\"Person\",\"id\":1000,\"macvariables\":\"local:unicast\",\"nodeid\":\"32-50-96-"
     "b3-9f-47\",\"time\":1651731861174781600,\"variant\":\"RFC4122\",\"version\":2}"},
    {"uuid.parse", "[\"6ba7b8109dad11d180b400c04fd430c8\"]",
     "{\"clocksequence\":180,\"macvariables\":\"global:unicast\",\"nodeid\":\"00-c0-4f-d4-30-c8\",\"time\":88663043315118"
     "2400,\"variant\":\"RFC4122\",\"version\":1}"},
    {"uuid.parse", "[1]", "!operand 1 must be string but got number"},
};

Test(encoding, uuids_tell_what_they_are)
{
    call_check_all(uuids_tell_what_they_are_rows, COUNT_OF(uuids_tell_what_they_are_rows), &host);
}
