/* SPDX-License-Identifier: Apache-2.0
 *
 * Globs: answers and errors are those of OPA 1.22.2, that is, of gobwas/glob.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row stars_stop_at_separators_rows[] = {
    {"glob.match", "[\"*.github.com\", [], \"api.github.com\"]", "true"},
    {"glob.match", "[\"*.github.com\", [], \"api.cdn.github.com\"]", "false"},
    {"glob.match", "[\"**.github.com\", [], \"api.cdn.github.com\"]", "true"},
    {"glob.match", "[\"*.github.com\", null, \"api.cdn.github.com\"]", "true"},
    {"glob.match", "[\"*hub.com\", null, \"api.cdn.github.com\"]", "true"},
    {"glob.match", "[\"*:github:com\", [\":\"], \"api:github:com\"]", "true"},
    {"glob.match", "[\"a*b*c\", [\"/\"], \"axxbxxc\"]", "true"},
    {"glob.match", "[\"a*b*c\", [\"/\"], \"ax/bxxc\"]", "false"},
    {"glob.match", "[\"**a*b\", [\"/\"], \"x/a/ab\"]", "true"},
    {"glob.match", "[\"\", [], \"\"]", "true"},
    {"glob.match", "[\"*\", [], \"\"]", "true"},
    {"glob.match", "[\"*\", [], \".\"]", "false"},
    {"glob.match", "[\"**\", [], \"a.b\"]", "true"},
    {"glob.match", "[\"?at\", [], \"cat\"]", "true"},
    {"glob.match", "[\"?at\", [\"c\"], \"cat\"]", "false"},
    {"glob.match", "[\"?\", [], \"\\u00e4\"]", "true"},
    {"glob.match", "[\"a?b\", null, \"a.b\"]", "true"},
    {"glob.match", "[\"*a*a*a*a*a*a*a*b\", null, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]", "false"},
};

Test(glob, stars_stop_at_separators)
{
    call_check_all(stars_stop_at_separators_rows, COUNT_OF(stars_stop_at_separators_rows), &host);
}

static const struct call_row classes_and_alternatives_rows[] = {
    {"glob.match", "[\"[abc]at\", [], \"bat\"]", "true"},
    {"glob.match", "[\"[!abc]at\", [], \"bat\"]", "false"},
    {"glob.match", "[\"[a-c]at\", [], \"cat\"]", "true"},
    {"glob.match", "[\"[!a-c]at\", [], \"dat\"]", "true"},
    {"glob.match", "[\"[\\u00e4-\\u00f6]\", [], \"\\u00e5\"]", "true"},
    {"glob.match", "[\"[abc\", [], \"a\"]", "!glob: syntax error at 4: unexpected end of input"},
    {"glob.match", "[\"[]\", [], \"a\"]", "!glob: syntax error at 2: could not parse range"},
    {"glob.match", "[\"[b-a]\", [], \"a\"]", "!glob: syntax error at 5: range hi character is less than lo"},
    {"glob.match", "[\"[a-bc]\", [], \"a\"]", "!glob: syntax error at 5: expected close range character"},
    {"glob.match", "[\"{cat,bat}\", [], \"bat\"]", "true"},
    {"glob.match", "[\"{cat,bat,[fr]at}\", [], \"rat\"]", "true"},
    {"glob.match", "[\"{a,}b\", [], \"b\"]", "true"},
    {"glob.match", "[\"{a*,b}c\", [\".\"], \"axxc\"]", "true"},
    {"glob.match", "[\"{a,{b,c}}d\", [], \"cd\"]", "true"},
    {"glob.match", "[\"{a\", [], \"a\"]", "!glob: syntax error at 2: unclosed `{`"},
    {"glob.match", "[\"a}\", [], \"a}\"]", "true"},
    {"glob.match", "[\"a,b\", [], \"a,b\"]", "true"},
    {"glob.match", "[\"\\\\*\", [], \"*\"]", "true"},
    {"glob.match", "[\"\\\\\", [], \"x\"]", "!glob: syntax error at 1: trailing backslash"},
    {"glob.match", "[\"*{*0,}\", [], \"ab\"]", "true"},
    {"glob.match", "[\"[\\\\]]\", [], \"]\"]", "true"},
    {"glob.match", "[\"{a,b}*{c,d}\", [\"/\"], \"a/c\"]", "false"},
    {"glob.match", "[\"[!.]\", [\".\"], \".\"]", "false"},
};

Test(glob, classes_and_alternatives)
{
    call_check_all(classes_and_alternatives_rows, COUNT_OF(classes_and_alternatives_rows), &host);
}

static const struct call_row operands_are_checked_rows[] = {
    {"glob.match", "[1, [], \"a\"]", "!operand 1 must be string but got number"},
    {"glob.match", "[\"a\", {}, \"a\"]", "!operand 2 must be one of {array, null} but got object"},
    {"glob.match", "[\"a\", [\"ab\"], \"a\"]", "!operand 2 must be array of runes but got array containing string"},
    {"glob.match", "[\"a\", [1], \"a\"]", "!operand 2 must be array of strings but got array containing number"},
    {"glob.match", "[\"a\", [], 1]", "!operand 3 must be string but got number"},
    {"glob.quote_meta", "[\"*.github.com\"]", "\"\\\\*.github.com\""},
    {"glob.quote_meta", "[\"a?[b]{c}\\\\*\"]", "\"a\\\\?\\\\[b\\\\]\\\\{c\\\\}\\\\\\\\\\\\*\""},
    {"glob.quote_meta", "[\"\"]", "\"\""},
};

Test(glob, operands_are_checked)
{
    call_check_all(operands_are_checked_rows, COUNT_OF(operands_are_checked_rows), &host);
}
