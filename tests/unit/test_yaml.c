/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML as OPA reads and writes it.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row plain_scalars_rows[] = {
    {"yaml.unmarshal", "[\"true\"]", "true"},
    {"yaml.unmarshal", "[\"yes\"]", "\"yes\""},
    {"yaml.unmarshal", "[\"on\"]", "\"on\""},
    {"yaml.unmarshal", "[\"~\"]", "null"},
    {"yaml.unmarshal", "[\"\"]", "null"},
    {"yaml.unmarshal", "[\"null\"]", "null"},
    {"yaml.unmarshal", "[\"1\"]", "1"},
    {"yaml.unmarshal", "[\"0x1F\"]", "31"},
    {"yaml.unmarshal", "[\"0o17\"]", "15"},
    {"yaml.unmarshal", "[\"017\"]", "15"},
    {"yaml.unmarshal", "[\"08\"]", "8"},
    {"yaml.unmarshal", "[\"0b11\"]", "3"},
    {"yaml.unmarshal", "[\"1_000\"]", "1000"},
    {"yaml.unmarshal", "[\"1.5\"]", "1.5"},
    {"yaml.unmarshal", "[\"1e3\"]", "1000"},
    {"yaml.unmarshal", "[\".5\"]", "0.5"},
    {"yaml.unmarshal", "[\"5.\"]", "5"},
    {"yaml.unmarshal", "[\"-.5\"]", "-0.5"},
    {"yaml.unmarshal", "[\"9223372036854775807\"]", "9223372036854775807"},
    {"yaml.unmarshal", "[\"18446744073709551615\"]", "18446744073709551615"},
    {"yaml.unmarshal", "[\"18446744073709551616\"]", "18446744073709552000"},
    {"yaml.unmarshal", "[\"2001-01-01\"]", "\"2001-01-01\""},
    {"yaml.unmarshal", "[\"12:30:45\"]", "\"12:30:45\""},
    {"yaml.unmarshal", "[\"1.5.2\"]", "\"1.5.2\""},
    {"yaml.unmarshal", "[\"<<\"]", "\"<<\""},
    {"yaml.unmarshal", "[\"'1'\"]", "\"1\""},
    {"yaml.unmarshal", "[\"\\\"\\\\u00e9\\\\n\\\"\"]", "\"\303\251\\n\""},
    {"yaml.unmarshal", "[\"|\\n  a\\n  b\\n\"]", "\"a\\nb\\n\""},
    {"yaml.unmarshal", "[\">-\\n  a\\n  b\\n\"]", "\"a b\""},
};

Test(yaml, plain_scalars_have_the_types_of_the_core_schema)
{
    call_check_all(plain_scalars_rows, COUNT_OF(plain_scalars_rows), &host);
}

static const struct call_row tags_decide_rows[] = {
    {"yaml.unmarshal", "[\"!!str 1\"]", "\"1\""},
    {"yaml.unmarshal", "[\"!!int \\\"3\\\"\"]", "3"},
    {"yaml.unmarshal", "[\"!!float 3\"]", "3"},
    {"yaml.unmarshal", "[\"!!bool yes\"]", "!yaml: cannot decode !!str `yes` as a !!bool"},
    {"yaml.unmarshal", "[\"!!null x\"]", "!yaml: cannot decode !!str `x` as a !!null"},
    {"yaml.unmarshal", "[\"!!binary aGVsbG8=\"]", "\"hello\""},
    {"yaml.unmarshal", "[\"!!binary _\"]", "!yaml: !!binary value contains invalid base64 data"},
    {"yaml.unmarshal", "[\"!!timestamp 2001-12-14t21:59:43.10-05:00\"]", "\"2001-12-14T21:59:43.1-05:00\""},
    {"yaml.unmarshal", "[\"!!timestamp x\"]", "!yaml: cannot decode !!str `x` as a !!timestamp"},
    {"yaml.unmarshal", "[\"!foo 1\"]", "\"1\""},
    {"yaml.unmarshal", "[\"! 1\"]", "1"},
    {"yaml.unmarshal", "[\"!!foo a\"]", "\"a\""},
};

Test(yaml, tags_decide)
{
    call_check_all(tags_decide_rows, COUNT_OF(tags_decide_rows), &host);
}

static const struct call_row keys_become_rows[] = {
    {"yaml.unmarshal", "[\"1: a\"]", "{\"1\":\"a\"}"},
    {"yaml.unmarshal", "[\"true: a\"]", "{\"true\":\"a\"}"},
    {"yaml.unmarshal", "[\"1.50: a\"]", "{\"1.5\":\"a\"}"},
    {"yaml.unmarshal", "[\"1e6: a\"]", "{\"1e+06\":\"a\"}"},
    {"yaml.unmarshal", "[\"null: a\"]", "!unsupported map key of type: %!s(<nil>), key: <nil>, value: \"a\""},
    {"yaml.unmarshal", "[\"{a: 1, a: 2}\"]", "{\"a\":2}"},
    {"yaml.unmarshal", "[\"{1: a, \\\"1\\\": b}\"]", "{\"1\":\"b\"}"},
    {"yaml.unmarshal", "[\"[1]: a\"]", "!yaml: invalid map key: []interface {}"},
    {"yaml.unmarshal", "[\"? [1]\\n: a\"]", "!yaml: invalid map key: []interface {}"},
    {"yaml.unmarshal", "[\"2001-01-01: a\"]", "{\"2001-01-01\":\"a\"}"},
};

Test(yaml, keys_become_text_and_the_last_of_equal_ones_counts)
{
    call_check_all(keys_become_rows, COUNT_OF(keys_become_rows), &host);
}

static const struct call_row anchors_and_rows[] = {
    {"yaml.unmarshal", "[\"- &a [1]\\n- *a\"]", "[[1],[1]]"},
    {"yaml.unmarshal", "[\"- *b\"]", "!yaml: unknown anchor 'b' referenced"},
    {"yaml.unmarshal", "[\"a: &b {x: 1}\\nc:\\n  <<: *b\\n  y: 2\"]", "{\"a\":{\"x\":1},\"c\":{\"x\":1,\"y\":2}}"},
    {"yaml.unmarshal", "[\"a: &b {x: 1}\\nc:\\n  x: 9\\n  <<: *b\"]", "{\"a\":{\"x\":1},\"c\":{\"x\":9}}"},
    {"yaml.unmarshal", "[\"p: &p {x: 1}\\nq: &q {x: 2, y: 3}\\nr:\\n  <<: [*p, *q]\"]",
     "{\"p\":{\"x\":1},\"q\":{\"x\":2,\"y\":3},\"r\":{\"x\":1,\"y\":3}}"},
    {"yaml.unmarshal", "[\"p: &p {x: 1}\\nq: &q {y: 2}\\nr:\\n  <<: *p\\n  <<: *q\"]",
     "{\"p\":{\"x\":1},\"q\":{\"y\":2},\"r\":{\"x\":1,\"y\":2}}"},
    {"yaml.unmarshal", "[\"<<: 1\"]", "!yaml: map merge requires map or sequence of maps as the value"},
    {"yaml.unmarshal", "[\"&a [*a]\"]", "!yaml: anchor 'a' value contains itself"},
    {"yaml.unmarshal", "[\"a: &a {<<: *a}\"]", "!yaml: anchor 'a' value contains itself"},
};

Test(yaml, anchors_and_merges)
{
    call_check_all(anchors_and_rows, COUNT_OF(anchors_and_rows), &host);
}

static const struct call_row streams_have_rows[] = {
    {"yaml.unmarshal", "[\"a: 1\\n---\\nb: 2\"]", "{\"a\":1}"},
    {"yaml.unmarshal", "[\"---\\n---\\na: 1\"]", "null"},
    {"yaml.unmarshal", "[\"a: 1\\n...\\n\"]", "{\"a\":1}"},
    {"yaml.unmarshal", "[\"a: 1\\n---\\n\\tb: 2\"]", "!yaml: line 3: found character that cannot start any token"},
    {"yaml.unmarshal", "[\"# only a comment\"]", "null"},
};

Test(yaml, streams_have_their_first_document_read_and_all_checked)
{
    call_check_all(streams_have_rows, COUNT_OF(streams_have_rows), &host);
}

static const struct call_row errors_name_rows[] = {
    {"yaml.unmarshal", "[\"a: b: c\"]", "!yaml: mapping values are not allowed in this context"},
    {"yaml.unmarshal", "[\"a:\\n  - b\\n c\"]", "!yaml: line 2: did not find expected key"},
    {"yaml.unmarshal", "[\"[1, 2\"]", "!yaml: line 1: did not find expected ',' or ']'"},
    {"yaml.unmarshal", "[\"{a?b: 1}\"]", "!yaml: did not find expected ',' or '}'"},
    {"yaml.unmarshal", "[\"a: \\\"\\\\q\\\"\"]", "!yaml: found unknown escape character"},
    {"yaml.unmarshal", "[\"a: .nan\"]", "!json: unsupported value: NaN"},
    {"yaml.unmarshal", "[\"%YAML 3.0\\n---\\na\"]", "!yaml: found incompatible YAML document"},
    {"yaml.unmarshal", "[\"\\u0001\"]", "!yaml: control characters are not allowed"},
    {"yaml.is_valid", "[\"a: 1\"]", "true"},
    {"yaml.is_valid", "[\"a: b: c\"]", "false"},
    {"yaml.is_valid", "[1]", "false"},
    {"yaml.unmarshal", "[1]", "!operand 1 must be string but got number"},
};

Test(yaml, errors_name_the_line)
{
    call_check_all(errors_name_rows, COUNT_OF(errors_name_rows), &host);
}

static const struct call_row strings_are_rows[] = {
    {"yaml.marshal", "[\"a\"]", "\"a\\n\""},
    {"yaml.marshal", "[\"\"]", "\"\\\"\\\"\\n\""},
    {"yaml.marshal", "[\"true\"]", "\"\\\"true\\\"\\n\""},
    {"yaml.marshal", "[\"yes\"]", "\"\\\"yes\\\"\\n\""},
    {"yaml.marshal", "[\"1\"]", "\"\\\"1\\\"\\n\""},
    {"yaml.marshal", "[\"1.0\"]", "\"\\\"1.0\\\"\\n\""},
    {"yaml.marshal", "[\"0x1\"]", "\"\\\"0x1\\\"\\n\""},
    {"yaml.marshal", "[\"null\"]", "\"\\\"null\\\"\\n\""},
    {"yaml.marshal", "[\"~\"]", "\"\\\"~\\\"\\n\""},
    {"yaml.marshal", "[\" a\"]", "\"' a'\\n\""},
    {"yaml.marshal", "[\"a \"]", "\"'a '\\n\""},
    {"yaml.marshal", "[\"a: b\"]", "\"'a: b'\\n\""},
    {"yaml.marshal", "[\"a:b\"]", "\"a:b\\n\""},
    {"yaml.marshal", "[\"#a\"]", "\"'#a'\\n\""},
    {"yaml.marshal", "[\"a #b\"]", "\"'a #b'\\n\""},
    {"yaml.marshal", "[\"- a\"]", "\"'- a'\\n\""},
    {"yaml.marshal", "[\"-a\"]", "\"-a\\n\""},
    {"yaml.marshal", "[\"?\"]", "\"'?'\\n\""},
    {"yaml.marshal", "[\"[a\"]", "\"'[a'\\n\""},
    {"yaml.marshal", "[\"{\"]", "\"'{'\\n\""},
    {"yaml.marshal", "[\"&a\"]", "\"'&a'\\n\""},
    {"yaml.marshal", "[\"*a\"]", "\"'*a'\\n\""},
    {"yaml.marshal", "[\"!a\"]", "\"'!a'\\n\""},
    {"yaml.marshal", "[\"%a\"]", "\"'%a'\\n\""},
    {"yaml.marshal", "[\"@a\"]", "\"'@a'\\n\""},
    {"yaml.marshal", "[\"`a\"]", "\"'`a'\\n\""},
    {"yaml.marshal", "[\"'a\"]", "\"'''a'\\n\""},
    {"yaml.marshal", "[\"\\\"a\"]", "\"'\\\"a'\\n\""},
    {"yaml.marshal", "[\"a\\nb\"]", "\"|-\\n  a\\n  b\\n\""},
    {"yaml.marshal", "[\"a\\nb\\n\"]", "\"|\\n  a\\n  b\\n\""},
    {"yaml.marshal", "[\"\\na\"]", "\"|2-\\n\\n  a\\n\""},
    {"yaml.marshal", "[\"a\\n\\n\"]", "\"|+\\n  a\\n\\n\""},
    {"yaml.marshal", "[\"a\\tb\"]", "\"\\\"a\\\\tb\\\"\\n\""},
    {"yaml.marshal", "[\"\303\251\"]", "\"\303\251\\n\""},
    {"yaml.marshal", "[\"\360\237\230\200\"]", "\"\\\"\\\\U0001F600\\\"\\n\""},
    {"yaml.marshal", "[\"\342\200\250\"]", "\"'\\u2028'\\n\""},
    {"yaml.marshal", "[\"a\\\\b\"]", "\"a\\\\b\\n\""},
    {"yaml.marshal", "[\"1:30\"]", "\"\\\"1:30\\\"\\n\""},
    {"yaml.marshal", "[\"190:20:30.15\"]", "\"\\\"190:20:30.15\\\"\\n\""},
    {"yaml.marshal", "[\"2001-01-01\"]", "\"\\\"2001-01-01\\\"\\n\""},
    {"yaml.marshal", "[\"<<\"]", "\"<<\\n\""},
    {"yaml.marshal", "[\"...\"]", "\"'...'\\n\""},
    {"yaml.marshal", "[\"---\"]", "\"'---'\\n\""},
    {"yaml.marshal", "[\"\302\205x\"]", "\"' x'\\n\""},
    {"yaml.marshal",
     "[\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
     "kkkkkkkkkkkkkkkkk\"]",
     "\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
     "kkkkkkkkkkkkkkkk\\n\""},
};

Test(yaml, strings_are_quoted_where_they_would_read_back_otherwise)
{
    call_check_all(strings_are_rows, COUNT_OF(strings_are_rows), &host);
}

static const struct call_row collections_are_rows[] = {
    {"yaml.marshal", "[{\"b\": 1, \"a\": [1, [2, {\"c\": null}], [], {}], \"d\": {\"e\": {}}}]",
     "\"a:\\n  - 1\\n  - - 2\\n    - c: null\\n  - []\\n  - {}\\nb: 1\\nd:\\n  e: {}\\n\""},
    {"yaml.marshal", "[[]]", "\"[]\\n\""},
    {"yaml.marshal", "[{}]", "\"{}\\n\""},
    {"yaml.marshal", "[[[[1]]]]", "\"- - - 1\\n\""},
    {"yaml.marshal", "[[{\"a\": {\"b\": [1]}}]]", "\"- a:\\n    b:\\n      - 1\\n\""},
    {"yaml.marshal", "[{\"a10\": 1, \"a2\": 2, \"A\": 3, \"_\": 4, \"1\": 5, \"b\": 6, \"10\": 7, \"9\": 8}]",
     "\"_: 4\\n\\\"1\\\": 5\\n\\\"9\\\": 8\\n\\\"10\\\": 7\\nA: 3\\na2: 2\\na10: 1\\nb: 6\\n\""},
    {"yaml.marshal",
     "[{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
     "kkkkkkkkkkkkkkkkkk\": 1}]",
     "\"? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
     "kkkkkkkkkkkkkkkkkk\\n: 1\\n\""},
    {"yaml.marshal", "[{\"a\\nb\": 1}]", "\"? |-\\n  a\\n  b\\n: 1\\n\""},
    {"yaml.marshal", "[{\"a\342\200\250b\": {\"c\": 1}}]", "\"? 'a\\u2028  b'\\n: c: 1\\n\""},
    {"yaml.marshal", "[{\"\": 1}]", "\"\\\"\\\": 1\\n\""},
    {"yaml.marshal", "[1.5]", "\"1.5\\n\""},
    {"yaml.marshal", "[1000000]", "\"1000000\\n\""},
    {"yaml.marshal", "[true]", "\"true\\n\""},
    {"yaml.marshal", "[null]", "\"null\\n\""},
};

Test(yaml, collections_are_written_in_blocks)
{
    call_check_all(collections_are_rows, COUNT_OF(collections_are_rows), &host);
}
