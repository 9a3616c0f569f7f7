/* SPDX-License-Identifier: Apache-2.0
 *
 * String builtins: answers are those of OPA 1.22.2.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row joining_takes_arrays_of_strings_only_rows[] = {
    {"concat", "[\",\", [\"a\",\"b\",\"c\"]]", "\"a,b,c\""},
    {"concat", "[\"\", [\"a\",\"b\"]]", "\"ab\""},
    {"concat", "[\"--\", []]", "\"\""},
    {"concat", "[\"--\", [\"x\"]]", "\"x\""},
    {"concat", "[\",\", [\"a\",1]]", "!operand 2 must be array of strings but got array containing number"},
    {"concat", "[1, [\"a\"]]", "!operand 1 must be string but got number"},
    {"concat", "[\",\", \"a\"]", "!operand 2 must be one of {set, array} but got string"},
    {"concat", "[\", \", [\"\\u00e4\",\"\\u65e5\",\"\\ud835\\udcb3\"]]", "\"ä, 日, 𝒳\""},
};

Test(strings, joining_takes_arrays_of_strings_only)
{
    call_check_all(joining_takes_arrays_of_strings_only_rows, COUNT_OF(joining_takes_arrays_of_strings_only_rows), &host);
}

static const struct call_row searching_counts_characters_rows[] = {
    {"contains", "[\"hello\", \"ell\"]", "true"},
    {"contains", "[\"hello\", \"\"]", "true"},
    {"contains", "[\"\", \"a\"]", "false"},
    {"contains", "[1, \"a\"]", "!operand 1 must be string but got number"},
    {"startswith", "[\"hello\", \"he\"]", "true"},
    {"startswith", "[\"he\", \"hello\"]", "false"},
    {"startswith", "[\"\", \"\"]", "true"},
    {"endswith", "[\"hello\", \"lo\"]", "true"},
    {"endswith", "[\"lo\", \"hello\"]", "false"},
    {"endswith", "[\"\\u00e4\", \"\\u00e4\"]", "true"},
    {"indexof", "[\"h\\u00e4ll\", \"l\"]", "2"},
    {"indexof", "[\"hello\", \"z\"]", "-1"},
    {"indexof", "[\"hello\", \"\"]", "!empty search character"},
    {"indexof", "[\"\\u65e5\\u672c\\u8a9e\", \"\\u8a9e\"]", "2"},
    {"indexof_n", "[\"aaaa\", \"aa\"]", "[0,1,2]"},
    {"indexof_n", "[\"\\u00e4a\\u00e4a\", \"a\"]", "[1,3]"},
    {"indexof_n", "[\"abc\", \"d\"]", "[]"},
    {"indexof_n", "[\"abc\", \"\"]", "!empty search character"},
    {"strings.count", "[\"cheese\", \"e\"]", "3"},
    {"strings.count", "[\"aaaa\", \"aa\"]", "2"},
    {"strings.count", "[\"\\u65e5\\u672c\", \"\"]", "3"},
    {"strings.count", "[\"\", \"\"]", "1"},
    {"strings.count", "[\"\", \"a\"]", "0"},
};

Test(strings, searching_counts_characters)
{
    call_check_all(searching_counts_characters_rows, COUNT_OF(searching_counts_characters_rows), &host);
}

static const struct call_row cutting_never_goes_beyond_the_text_rows[] = {
    {"substring", "[\"hello\", 1, 3]", "\"ell\""},
    {"substring", "[\"hello\", 1, -1]", "\"ello\""},
    {"substring", "[\"hello\", 9, 1]", "\"\""},
    {"substring", "[\"hello\", -1, 1]", "!negative offset"},
    {"substring", "[\"h\\u00e4ll\\u65e5\", 1, 2]", "\"äl\""},
    {"substring", "[\"h\\u00e4ll\\u65e5\", 0, 100]", "\"häll日\""},
    {"substring", "[\"hello\", 2, 9223372036854775807]", "\"llo\""},
    {"substring", "[\"hello\", 1.5, 1]", "!operand 2 must be integer number but got floating-point number"},
    {"substring", "[\"\", 3, 1]", "\"\""},
    {"substring", "[\"ab\", 0, 0]", "\"\""},
};

Test(strings, cutting_never_goes_beyond_the_text)
{
    call_check_all(cutting_never_goes_beyond_the_text_rows, COUNT_OF(cutting_never_goes_beyond_the_text_rows), &host);
}

static const struct call_row splitting_at_nothing_gives_characters_rows[] = {
    {"split", "[\"a.b.c\", \".\"]", "[\"a\",\"b\",\"c\"]"},
    {"split", "[\"abc\", \".\"]", "[\"abc\"]"},
    {"split", "[\"\", \".\"]", "[\"\"]"},
    {"split", "[\"\", \"\"]", "[]"},
    {"split", "[\"a\\u00e4\\u65e5\", \"\"]", "[\"a\",\"ä\",\"日\"]"},
    {"split", "[\".a.\", \".\"]", "[\"\",\"a\",\"\"]"},
    {"split", "[\"a..b\", \"..\"]", "[\"a\",\"b\"]"},
    {"strings.split_n", "[\"a.b.c\", \".\", 2]", "[\"a\",\"b\"]"},
    {"strings.split_n", "[\"a.b.c\", \".\", -1]", "[\"c\"]"},
    {"strings.split_n", "[\"a.b.c\", \".\", 0]", "[]"},
    {"strings.split_n", "[\"a.b.c\", \".\", 9]", "[\"a\",\"b\",\"c\"]"},
    {"strings.split_n", "[\"a.b.c\", \".\", -9]", "[\"a\",\"b\",\"c\"]"},
    {"strings.split_n", "[\"a\\u00e4b\", \"\", 2]", "[\"a\",\"ä\"]"},
    {"strings.split_n", "[\"\", \"\", 3]", "[]"},
    {"strings.split_n", "[\"a\", \".\", 9223372036854775807]", "[\"a\"]"},
    {"strings.split_n", "[\"a.b\", \".\", -9223372036854775808]", "[\"a\",\"b\"]"},
};

Test(strings, splitting_at_nothing_gives_characters)
{
    call_check_all(splitting_at_nothing_gives_characters_rows, COUNT_OF(splitting_at_nothing_gives_characters_rows), &host);
}

static const struct call_row replacing_goes_once_from_left_to_right_rows[] = {
    {"replace", "[\"aaa\", \"aa\", \"b\"]", "\"ba\""},
    {"replace", "[\"abc\", \"\", \"-\"]", "\"-a-b-c-\""},
    {"replace", "[\"\", \"\", \"x\"]", "\"x\""},
    {"replace", "[\"abc\", \"z\", \"x\"]", "\"abc\""},
    {"replace", "[\"\\u00e4\\u00f6\\u00e4\", \"\\u00e4\", \"ae\"]", "\"aeöae\""},
    {"replace", "[\"abc\", \"b\", \"\"]", "\"ac\""},
    {"strings.replace_n", "[{\"<\":\"&lt;\",\">\":\"&gt;\"}, \"<a> & <b>\"]", "\"&lt;a&gt; & &lt;b&gt;\""},
    {"strings.replace_n", "[{\"a\":\"1\",\"ab\":\"2\",\"b\":\"3\"}, \"abab\"]", "\"1313\""},
    {"strings.replace_n", "[{\"\":\"-\",\"a\":\"x\"}, \"ba\"]", "\"-b-x-\""},
    {"strings.replace_n", "[{}, \"abc\"]", "\"abc\""},
    {"strings.replace_n", "[{\"a\":1}, \"abc\"]", "!operand 1 non-string value found in pattern object"},
    {"strings.replace_n", "[{\"a\":\"b\",\"b\":\"a\"}, \"ab ba\"]", "\"ba ab\""},
};

Test(strings, replacing_goes_once_from_left_to_right)
{
    call_check_all(replacing_goes_once_from_left_to_right_rows, COUNT_OF(replacing_goes_once_from_left_to_right_rows), &host);
}

static const struct call_row trimming_knows_sets_and_texts_rows[] = {
    {"trim", "[\"--a-b--\", \"-\"]", "\"a-b\""},
    {"trim", "[\"\\u00e4a\\u00e4\", \"\\u00e4\"]", "\"a\""},
    {"trim", "[\"abc\", \"\"]", "\"abc\""},
    {"trim", "[\"\", \"a\"]", "\"\""},
    {"trim_left", "[\"xxabcxx\", \"x\"]", "\"abcxx\""},
    {"trim_right", "[\"xxabcxx\", \"x\"]", "\"xxabc\""},
    {"trim_left", "[\"\\u65e5\\u00e4\\u65e5a\", \"\\u00e4\\u65e5\"]", "\"a\""},
    {"trim_right", "[\"a\\u65e5\\u00e4\", \"\\u65e5\\u00e4\"]", "\"a\""},
    {"trim_prefix", "[\"foobar\", \"foo\"]", "\"bar\""},
    {"trim_prefix", "[\"foobar\", \"bar\"]", "\"foobar\""},
    {"trim_suffix", "[\"foobar\", \"bar\"]", "\"foo\""},
    {"trim_suffix", "[\"bar\", \"foobar\"]", "\"bar\""},
    {"trim_space", "[\"\\t a b\\u00a0\\u2003\\n\"]", "\"a b\""},
    {"trim_space", "[\"  \"]", "\"\""},
    {"trim_space", "[\"a\"]", "\"a\""},
};

Test(strings, trimming_knows_sets_and_texts)
{
    call_check_all(trimming_knows_sets_and_texts_rows, COUNT_OF(trimming_knows_sets_and_texts_rows), &host);
}

static const struct call_row case_is_mapped_one_to_one_rows[] = {
    {"lower", "[\"ABC xyz\"]", "\"abc xyz\""},
    {"lower", "[\"already\"]", "\"already\""},
    {"lower", "[\"\\u00c4\\u00d6\\u00dc \\u1e9e \\u0130 \\u03a3\"]", "\"äöü ß i σ\""},
    {"upper", "[\"abc XYZ\"]", "\"ABC XYZ\""},
    {"upper", "[\"\\u00e4\\u00f6\\u00fc \\u00df \\u017f \\u01c6 \\ufb01\"]", "\"ÄÖÜ ß S Ǆ ﬁ\""},
    {"upper", "[\"\\u0131i\"]", "\"II\""},
    {"lower", "[\"\\u01c5 \\u01c4 K \\u00c5\"]", "\"ǆ ǆ k å\""},
    {"upper", "[\"\"]", "\"\""},
    {"lower", "[1]", "!operand 1 must be string but got number"},
};

Test(strings, case_is_mapped_one_to_one)
{
    call_check_all(case_is_mapped_one_to_one_rows, COUNT_OF(case_is_mapped_one_to_one_rows), &host);
}

static const struct call_row affixes_are_matched_in_bulk_rows[] = {
    {"strings.any_prefix_match", "[\"abc\", \"a\"]", "true"},
    {"strings.any_prefix_match", "[\"abc\", [\"x\",\"ab\"]]", "true"},
    {"strings.any_prefix_match", "[[\"q\",\"w\"], [\"x\",\"ab\"]]", "false"},
    {"strings.any_prefix_match", "[[\"aa\",\"bb\",\"cc\",\"dd\",\"ee\"], [\"x\",\"y\",\"z\",\"ccc\",\"dd\"]]", "true"},
    {"strings.any_prefix_match", "[[\"aa\",\"bb\",\"cc\",\"dd\",\"ee\"], [\"x\",\"y\",\"z\",\"ccc\",\"ddd\"]]", "false"},
    {"strings.any_suffix_match", "[\"abc\", [\"x\",\"bc\"]]", "true"},
    {"strings.any_suffix_match", "[[\"a.go\",\"b.rs\",\"c.py\",\"d.c\",\"e.h\"], [\".js\",\".ts\",\".c\",\".java\"]]", "true"},
    {"strings.any_suffix_match", "[[], [\"a\"]]", "false"},
    {"strings.any_prefix_match", "[\"abc\", [\"a\",1]]", "!operand 2 must be array of strings but got array containing number"},
    {"strings.any_prefix_match", "[1, \"a\"]", "!operand 1 must be one of {string, set, array} but got number"},
    {"strings.any_prefix_match", "[\"a\", 1]", "!operand 2 must be one of {string, set, array} but got number"},
};

Test(strings, affixes_are_matched_in_bulk)
{
    call_check_all(affixes_are_matched_in_bulk_rows, COUNT_OF(affixes_are_matched_in_bulk_rows), &host);
}

static const struct call_row the_rest_rows[] = {
    {"strings.reverse", "[\"h\\u00e4\\u00df\\u65e5\"]", "\"日ßäh\""},
    {"strings.reverse", "[\"\"]", "\"\""},
    {"trace", "[\"note\"]", "true"},
};

Test(strings, the_rest)
{
    call_check_all(the_rest_rows, COUNT_OF(the_rest_rows), &host);
}
