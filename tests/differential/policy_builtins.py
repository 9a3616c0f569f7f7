# SPDX-License-Identifier: Apache-2.0
"""What policy_maker.py knows of builtins: the kinds of their operands and of their results, and texts of each kind.

Kinds of one letter are types: n number, s string, b boolean, a array, o object, t set, x anything. The others are texts with a
meaning (TEXTS), or written-out operands of one builtin (an upper case name in OPERANDS).
"""

TABLE = """
abs n n|array.concat a a a|array.flatten a a|array.reverse a a|array.slice a i i a|base64.decode b64 s|base64.encode s s
base64.is_valid b64 b|base64url.decode b64 s|base64url.encode s s|base64url.encode_no_pad s s|bits.and i i n|bits.lsh i small n
bits.negate i n|bits.or i i n|bits.rsh i small n|bits.xor i i n|ceil n n|concat s STRINGS s|contains s s b|count x n
count a n|count o n|count s n
crypto.hmac.equal s s b|crypto.hmac.md5 s s s|crypto.hmac.sha1 s s s|crypto.hmac.sha256 s s s|crypto.hmac.sha512 s s s
crypto.md5 s s|crypto.sha1 s s|crypto.sha256 s s|crypto.x509.parse_certificates pem a|crypto.parse_private_keys pem a
crypto.x509.parse_certificate_request pem o|crypto.x509.parse_and_verify_certificates pem a|crypto.x509.parse_keypair pem pem o
crypto.x509.parse_rsa_private_key pem o|endswith s s b|floor n n|format_int n BASE s|glob.match glob DELIMITERS s b
glob.quote_meta s s|graph.reachable GRAPH NODES t|graph.reachable_paths GRAPH NODES t|graphql.is_valid gql gqls b
graphql.parse gql gqls a|graphql.parse_query gql o|graphql.parse_schema gqls o|graphql.schema_is_valid gqls b
graphql.parse_and_verify gql gqls a|hex.decode hex s|hex.encode s s|indexof s s n|indexof_n s s a|intersection SETS t
io.jwt.decode jwt a|io.jwt.verify_hs256 jwt s b|io.jwt.decode_verify jwt CONSTRAINTS a|io.jwt.encode_sign JHEAD o JKEY s
io.jwt.encode_sign_raw json json json s|io.jwt.verify_rs256 jwt pem b|io.jwt.verify_es256 jwt pem b
is_array x b|is_boolean x b|is_null x b|is_number x b|is_object x b|is_set x b|is_string x b|json.filter o PATHS o
json.is_valid json b|json.marshal x s|json.marshal_with_options x MARSHAL s|json.match_schema x SCHEMA a|json.patch x PATCH x
json.remove o PATHS o|json.unmarshal json x|json.verify_schema SCHEMA a|lower s s|max a x|max t x|min a x|min t x
net.cidr_contains cidr cidr b|net.cidr_contains_matches cidr CIDRS t|net.cidr_expand smallcidr t|net.cidr_intersects cidr cidr b
net.cidr_is_valid cidr b|net.cidr_merge CIDRS t|numbers.range small small a|numbers.range_step small small small a
object.filter o KEYS o|object.get o KEY x x|object.keys o t|object.remove o KEYS o|object.subset o o b|object.subset a a b
object.subset t t b|object.union o o o|object.union_n OBJECTS o|opa.runtime o|product NUMBERS n|sum NUMBERS n|regex.match regex s b
regex.find_all_string_submatch_n regex s small a|regex.find_n regex s small a|regex.globs_match rglob rglob b|regex.is_valid regex b
regex.replace s regex rrep s|regex.split regex s a|regex.template_match tmpl s tdel tdel b|rego.parse_module "parsed.rego" module o
replace s s s s|round n n|semver.compare semver semver n|semver.is_valid semver b|sort a a|sort t a|split s s a
sprintf fmt a s|startswith s s b|strings.any_prefix_match STRINGS STRINGS b|strings.any_suffix_match STRINGS STRINGS b
strings.count s s n|strings.render_template template o s|strings.replace_n STRMAP s s|strings.reverse s s|strings.split_n s s small a
substring s small small s|time.add_date ns small small small n|time.clock NS a|time.date NS a|time.diff NS NS a|time.format NS s
time.now_ns n|time.parse_duration_ns dur n|time.parse_ns layout date n|time.parse_rfc3339_ns date n|time.weekday NS s
to_number x n|to_number s n|trace s b|trim s s s|trim_left s s s|trim_prefix s s s|trim_right s s s|trim_space s s|trim_suffix s s s
type_name x s|union SETS t|units.parse units n|units.parse_bytes units n|upper s s|uri.is_valid uri b|uri.parse uri o
urlquery.decode url s|urlquery.decode_object url o|urlquery.encode s s|urlquery.encode_object QUERY s|uuid.parse uuid o
yaml.is_valid yaml b|yaml.marshal x s|yaml.unmarshal yaml x|rego.metadata.chain a|rego.metadata.rule x
"""

# Deprecated ones: v0 only.
TABLE_V0 = """
all a b|any a b|any t b|cast_array x a|cast_boolean x b|cast_null x x|cast_object x o|cast_set x t|cast_string x s|re_match regex s b
set_diff t t t|net.cidr_overlap cidr cidr b
"""

TEXTS = {
    "b64": ["aGVsbG8=", "aGVsbG8", "YQ==", "_-8=", "/+8=", "", "!", "YQ", "aGVs\\nbG8="],
    "hex": ["00ff", "616263", "0", "zz", "", "ABCD"],
    "json": ["{}", "[1, 2.50, 1e3]", "{\\\"a\\\": 1}", "null", "tru", "{\\\"a\\\": 1, \\\"a\\\": 2}", "\\\"x\\\"", "1 2", "", "[1,]", "-0", "1e400"],
    "yaml": ["a: 1\\nb: [x, y]", "- 1\\n- 2.50", "a: yes", "a: b: c", "null", "", "? 1\\n: 2", "1: x", "a: &x [1]\\nb: *x", "x: 0x10", "t: 2001-01-01"],
    "regex": ["a+", "[a-c]*", "^b", "(a)(b)?", "\\\\d+", "[", "(?i)A", "a|b", ".*", "", "x{2,1}", "(?P<n>.)", "\\\\bfoo\\\\b", "(?=a)"],
    "rrep": ["$1", "x", "${1}y", "$0", "", "$$", "$n"],
    "rglob": ["a*", "[a-c]+", "b.", "a.a.", ".*", "[", "abc"],
    "glob": ["a*", "*.com", "**", "{a,b}c", "[!a]*", "?", "a.*.c", "[", "", "a:*", "\\\\*"],
    "cidr": ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "::1", "fe80::/10", "1.2.3", "", "10.1.2.3/32", "0.0.0.0/0", "2001:db8::/127"],
    "smallcidr": ["10.0.0.0/30", "10.0.0.1/32", "::1/127", "x", "10.0.0.254/29"],
    "semver": ["1.2.3", "1.0.0-alpha.1", "1.0.0-alpha.beta", "2.0", "1.2.3+b", "v1.0.0", "", "10.0.0"],
    "uri": ["http://a.b:80/c?d=e#f", "a/b", "", "mailto:x@y", "http://[::1]:x/", "http://u:p@h/%zz", "//h/p", "http://h/ a"],
    "url": ["a=b&c=d", "a=b&a=c", "%41", "a+b", "%zz", "", "a;b=c", "a&b"],
    "uuid": ["00000000-0000-1000-8000-00805f9b34fb", "f47ac10b-58cc-0372-8567-0e02b2c3d479", "x", "", "urn:uuid:f47ac10b-58cc-4372-8567-0e02b2c3d479"],
    "units": ["10", "10KB", "1.5Mi", "1e3", "", "K", "10 K", "-1G", "1m", "0.5MiB", "7Ei", "\\\"1K\\\""],
    "dur": ["1h", "1m30s", "1.5h", "", "x", "-1us", "1d", "100ns", "9999999h"],
    "layout": ["2006-01-02", "Mon Jan 2 15:04:05 2006", "RFC3339", "15:04", "RFC822", "Jan _2 2006", "2006-01-02T15:04:05.000Z07:00"],
    "date": ["2020-02-29", "2020-02-30", "2021-06-01T12:00:00Z", "2021-06-01T12:00:00.123+02:00", "12:30", "Mon Jan 2 15:04:05 2006", "", "1600-01-01T00:00:00Z"],
    "fmt": ["%d", "%s", "%v", "%v %v", "%5.2f|%s", "%x", "%q", "%%", "%d %d %d", "%e", "%t", "%08d", "%-5s|", "%+d", "%[2]v %[1]v", "%T", "%c", "%U", "%"],
    "template": ["{{.a}}", "x {{.b}} y", "{{range .a}}{{.}},{{end}}", "{{if .a}}1{{else}}2{{end}}", "{{", "plain", "{{len .a}}", "{{.nope}}", "{{printf \\\"%v\\\" .a}}"],
    "tmpl": ["urn:foo:{.*}", "a{b+}c", "{", "x", "<a>"],
    "tdel": ["{", "}", "<", ">", ""],
    "gql": ["query { a }", "{ a b }", "query($x: Int) { a(x: $x) }", "{", "fragment F on Q { a } { ...F }", "mutation { m }"],
    "gqls": ["type Query { a: Int b: String }", "type Query { a(x: Int): Int }", "type X { a: Y }", "type", "schema { query: Q } type Q { a: Int! }"],
    "jwt": ["eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA", "a.b.c", "x", "eyJhbGciOiJub25lIn0.e30.", "e30.e30."],
    "pem": ["", "x", "-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----\\n", "MIIB"],
    "module": ["package p\\n", "package p\\nq := 1", "x", "package p\\nq if { r }"],
}

OPERANDS = {
    "BASE": ["2", "8", "10", "16", "3"],
    "DELIMITERS": ["[]", "[\".\"]", "[\":\", \"/\"]", "null", "[\"ab\"]"],
    "GRAPH": ["{\"a\": [\"b\"], \"b\": [\"a\", \"c\"], \"c\": []}", "{1: {2}, 2: {3, 1}}", "input.graph", "{}", "data.base.graph", "{\"a\": null}"],
    "NODES": ["[\"a\"]", "{\"b\", \"x\"}", "{1}", "[]", "input.nodes"],
    "STRINGS": ["[\"a\", \"b\", \"abc\"]", "{\"foo\", \"b\"}", "[]", "input.strings", "[\"a\", input.s]", "data.base.strings"],
    "SETS": ["{{1, 2}, {2, 3}}", "{{1}, set()}", "{{\"a\"}}", "set()", "{{1, 2}}"],
    "NUMBERS": ["[1, 2.5, 3]", "{1, 2}", "[]", "input.numbers", "[0.1, 0.2]", "[9007199254740993, 1]", "[1e30, 2]"],
    "OBJECTS": ["[{\"a\": 1}, {\"a\": {\"b\": 2}}]", "[]", "[{\"a\": {\"x\": 1}}, {\"a\": {\"y\": 2}}, {\"b\": 1}]"],
    "KEYS": ["[\"a\"]", "{\"a\", \"b\"}", "{\"a\": 0}", "input.strings", "[1]"],
    "KEY": ["\"a\"", "[\"a\", \"b\"]", "1", "[]", "input.s", "[\"x\", 0]"],
    "PATHS": ["[\"a\"]", "{\"a/b\"}", "[[\"a\", \"b\"], \"x\"]", "[\"/a\", \"x/0\"]", "[\"a~1b\"]"],
    "PATCH": ["[{\"op\": \"add\", \"path\": \"/a\", \"value\": 1}]", "[{\"op\": \"remove\", \"path\": \"/a\"}]",
              "[{\"op\": \"replace\", \"path\": [\"b\"], \"value\": {}}, {\"op\": \"test\", \"path\": \"b\", \"value\": {}}]",
              "[{\"op\": \"move\", \"from\": \"a\", \"path\": \"z\"}]", "[{\"op\": \"copy\", \"from\": \"/a\", \"path\": \"/x/y\"}]",
              "[{\"op\": \"add\", \"path\": \"/x/-\", \"value\": 5}]", "[{\"op\": \"bad\", \"path\": \"\"}]"],
    "SCHEMA": ["{\"type\": \"object\"}", "{\"properties\": {\"a\": {\"type\": \"string\"}}, \"required\": [\"b\"]}", "{\"type\": \"nope\"}",
               "\"{\\\"type\\\": \\\"array\\\"}\"", "{\"minimum\": 2}", "{\"enum\": [1, \"a\"]}"],
    "MARSHAL": ["{\"pretty\": true}", "{\"indent\": \"  \", \"prefix\": \">\"}", "{}", "{\"pretty\": false, \"indent\": \"x\"}"],
    "CIDRS": ["[\"10.0.0.0/24\", \"10.0.1.0/24\"]", "{\"10.1.2.3/32\", \"10.1.2.2/32\"}", "[\"x\"]", "[\"::/127\", \"::2/127\"]", "[]"],
    "STRMAP": ["{\"a\": \"b\", \"b\": \"c\"}", "{}", "{\"ab\": \"x\", \"a\": \"y\"}", "{\"\": \"z\"}"],
    "QUERY": ["{\"a\": \"b\"}", "{\"a\": [\"b\", \"c\"], \"x\": \"&\"}", "{\"s\": {\"q\", \"p\"}}", "{}"],
    "NS": ["0", "1580000000123456789", "[1580000000000000000, \"Europe/Berlin\"]", "[0, \"\"]", "[1, \"Nope/Nope\"]", "-1", "1.5", "input.n"],
    "CONSTRAINTS": ["{\"secret\": \"s\"}", "{\"secret\": \"s\", \"alg\": \"HS256\"}", "{}", "{\"x\": 1}"],
    "JHEAD": ["{\"alg\": \"HS256\"}", "{\"alg\": \"HS512\", \"typ\": \"JWT\"}", "{}"],
    "JKEY": ["{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}", "{}"],
    "i": ["0", "1", "2", "7", "-3", "255", "1.5", "18446744073709551616", "input.n"],
    "small": ["0", "1", "2", "-1", "3", "5", "10"],
    "ns": ["0", "1580000000123456789", "1709164800000000000", "-1", "1e20"],
}


def rows(table):
    for entry in table.replace("\n", "|").split("|"):
        words = entry.split()
        if words:
            yield words[0], words[1:-1], words[-1]


BUILTINS = list(rows(TABLE))
BUILTINS_V0 = BUILTINS + list(rows(TABLE_V0))
