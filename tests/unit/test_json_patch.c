/* SPDX-License-Identifier: Apache-2.0
 *
 * json.patch: RFC 6902, and where OPA differs from it.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row operations_follow_rows[] = {
    {"json.patch", "[{\"foo\": \"bar\"}, [{\"op\": \"add\", \"path\": \"/baz\", \"value\": \"qux\"}]]",
     "{\"baz\":\"qux\",\"foo\":\"bar\"}"},
    {"json.patch", "[{\"foo\": [\"bar\", \"baz\"]}, [{\"op\": \"add\", \"path\": \"/foo/1\", \"value\": \"qux\"}]]",
     "{\"foo\":[\"bar\",\"qux\",\"baz\"]}"},
    {"json.patch", "[{\"foo\": [\"bar\"]}, [{\"op\": \"add\", \"path\": \"/foo/-\", \"value\": [\"abc\"]}]]",
     "{\"foo\":[\"bar\",[\"abc\"]]}"},
    {"json.patch", "[{\"baz\": \"qux\", \"foo\": \"bar\"}, [{\"op\": \"remove\", \"path\": \"/baz\"}]]", "{\"foo\":\"bar\"}"},
    {"json.patch", "[{\"foo\": [\"bar\", \"qux\", \"baz\"]}, [{\"op\": \"remove\", \"path\": \"/foo/1\"}]]",
     "{\"foo\":[\"bar\",\"baz\"]}"},
    {"json.patch", "[{\"baz\": \"qux\"}, [{\"op\": \"replace\", \"path\": \"/baz\", \"value\": \"boo\"}]]", "{\"baz\":\"boo\"}"},
    {"json.patch",
     "[{\"foo\": {\"bar\": \"baz\", \"waldo\": \"fred\"}, \"qux\": {\"corge\": \"grault\"}}, [{\"op\": \"move\", \"from\":"
     " \"/foo/waldo\", \"path\": \"/qux/thud\"}]]",
     "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}"},
    {"json.patch",
     "[{\"foo\": [\"all\", \"grass\", \"cows\", \"eat\"]}, [{\"op\": \"move\", \"from\": \"/foo/1\", \"path\": \"/foo/3\"}"
     "]]",
     "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}"},
    {"json.patch",
     "[{\"a\": {\"b\": 1}}, [{\"op\": \"copy\", \"from\": \"/a\", \"path\": \"/c\"}, {\"op\": \"add\", \"path\": \"/c/d\","
     " \"value\": 2}]]",
     "{\"a\":{\"b\":1},\"c\":{\"b\":1,\"d\":2}}"},
    {"json.patch",
     "[{\"baz\": \"qux\", \"foo\": [\"a\", 2, \"c\"]}, [{\"op\": \"test\", \"path\": \"/baz\", \"value\": \"qux\"}, {\"op"
     "\": \"test\", \"path\": \"/foo/1\", \"value\": 2}]]",
     "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}"},
    {"json.patch",
     "[{\"/\": 9, \"~1\": 10}, [{\"op\": \"test\", \"path\": \"/~01\", \"value\": 10}, {\"op\": \"remove\", \"path\": \"~1"
     "\"}]]",
     "{\"~1\":10}"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"add\", \"path\": \"\", \"value\": [1]}]]", "[1]"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"replace\", \"path\": [], \"value\": 2}]]", "2"},
    {"json.patch", "[5, []]", "5"},
    {"json.patch",
     "[{\"k0\": 0, \"k1\": 1, \"k2\": 2, \"k3\": 3, \"k4\": 4, \"k5\": 5, \"k6\": 6, \"k7\": 7, \"k8\": 8, \"k9\": 9, \"k1"
     "0\": 10, \"k11\": 11}, [{\"op\": \"remove\", \"path\": \"k0\"}, {\"op\": \"remove\", \"path\": \"k1\"}, {\"op\": \"r"
     "emove\", \"path\": \"k2\"}, {\"op\": \"remove\", \"path\": \"k3\"}, {\"op\": \"remove\", \"path\": \"k4\"}, {\"op\":"
     " \"remove\", \"path\": \"k5\"}, {\"op\": \"remove\", \"path\": \"k6\"}, {\"op\": \"remove\", \"path\": \"k7\"}, {\"o"
     "p\": \"remove\", \"path\": \"k8\"}, {\"op\": \"remove\", \"path\": \"k9\"}, {\"op\": \"remove\", \"path\": \"k10\"}]"
     "]",
     "{\"k11\":11}"},
};

Test(json_patch, operations_follow_rfc_6902)
{
    call_check_all(operations_follow_rows, COUNT_OF(operations_follow_rows), &host);
}

static const struct call_row errors_are_rows[] = {
    {"json.patch", "[{\"baz\": \"qux\"}, [{\"op\": \"test\", \"path\": \"/baz\", \"value\": \"bar\"}]]",
     "!value from EditTree != patch value.\n\nExpected: \"bar\"\n\nFound: \"qux\""},
    {"json.patch", "[{\"foo\": \"bar\"}, [{\"op\": \"add\", \"path\": \"/baz/bat\", \"value\": \"qux\"}]]",
     "!path \"baz\" does not exist in object term {\"foo\": \"bar\"}"},
    {"json.patch", "[{\"foo\": [\"bar\"]}, [{\"op\": \"add\", \"path\": \"/foo/2\", \"value\": 1}]]",
     "!index for array insertion out of bounds"},
    {"json.patch", "[{\"foo\": [\"bar\"]}, [{\"op\": \"add\", \"path\": \"/foo/01\", \"value\": 1}]]",
     "!leading zeros are not allowed in JSON paths"},
    {"json.patch", "[{\"foo\": [\"bar\"]}, [{\"op\": \"remove\", \"path\": \"/foo/-\"}]]",
     "!index for array delete out of bounds"},
    {"json.patch", "[{\"foo\": [\"bar\"]}, [{\"op\": \"remove\", \"path\": \"/foo/x\"}]]", "!invalid string for indexing"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"remove\", \"path\": \"/b\"}]]",
     "!cannot delete child key \"b\" that does not exist"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"remove\", \"path\": \"/a\"}, {\"op\": \"remove\", \"path\": \"/a\"}]]",
     "!cannot delete the already deleted scalar node for key \"a\""},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"remove\", \"path\": \"/a\"}, {\"op\": \"test\", \"path\": \"/a\", \"value\": 1}]]",
     "!cannot unfold the already deleted scalar node for key \"a\""},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"add\", \"path\": \"/a/b\", \"value\": 1}]]",
     "!expected composite type, found value: 1 (type: ast.Number)"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"add\", \"path\": \"/b\"}]]", "!missing required attribute 'value'"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"move\", \"path\": \"/b\"}]]", "!missing required attribute 'from'"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"frob\", \"path\": \"/b\"}]]", "!unrecognized op: 'frob'"},
    {"json.patch", "[{\"a\": 1}, [{\"path\": \"/b\"}]]", "!missing required attribute 'op'"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"add\"}]]", "!missing required attribute 'path'"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": 1, \"path\": \"\"}]]", "!attribute 'op' must be a string but found: number"},
    {"json.patch", "[{\"a\": 1}, [1]]", "!must be an array of JSON-Patch objects, but at least one element is not an object"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"add\", \"path\": 1, \"value\": 1}]]",
     "!operand 2 must be one of {set, array} containing string paths or array of path segments but got number"},
    {"json.patch", "[{\"a\": 1}, {}]", "!operand 2 must be array but got object"},
    {"json.patch", "[{\"a\": 1}, [{\"op\": \"remove\", \"path\": \"\"}, {\"op\": \"add\", \"path\": \"/a\", \"value\": 1}]]",
     "!deleted node encountered during insert operation"},
};

Test(json_patch, errors_are_those_of_the_first_operation_that_fails)
{
    call_check_all(errors_are_rows, COUNT_OF(errors_are_rows), &host);
}

static const struct call_row elements_are_rows[] = {
    {"json.patch",
     "[[[1], [2], [3]], [{\"op\": \"remove\", \"path\": \"/0\"}, {\"op\": \"add\", \"path\": \"/0/-\", \"value\": 9}]]",
     "[[1,9],[3]]"},
    {"json.patch", "[[1, 2, 3], [{\"op\": \"remove\", \"path\": \"/0\"}, {\"op\": \"test\", \"path\": \"/0\", \"value\": 2}]]",
     "!value from EditTree != patch value.\n\nExpected: 2\n\nFound: 1"},
    {"json.patch",
     "[[1, 2], [{\"op\": \"test\", \"path\": \"/0\", \"value\": 1}, {\"op\": \"add\", \"path\": \"/0\", \"value\": 9}, {\""
     "op\": \"test\", \"path\": \"/1\", \"value\": 1}]]",
     "[9,1,2]"},
};

Test(json_patch, elements_are_looked_up_as_they_were_before_the_edits)
{
    call_check_all(elements_are_rows, COUNT_OF(elements_are_rows), &host);
}
