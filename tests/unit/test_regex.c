/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions: answers and errors are those of OPA 1.22.2, that is, of Go's regexp.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row matching_is_unanchored_rows[] = {
    {"regex.match", "[\"foo\", \"a foo b\"]", "true"},
    {"regex.match", "[\"^foo\", \"a foo\"]", "false"},
    {"regex.match", "[\"^foo\", \"foo b\"]", "true"},
    {"regex.match", "[\"foo$\", \"a foo\"]", "true"},
    {"regex.match", "[\"foo$\", \"foo\\n\"]", "false"},
    {"regex.match", "[\"^foo$\", \"foo\"]", "true"},
    {"regex.match", "[\"\", \"\"]", "true"},
    {"regex.match", "[\"\", \"a\"]", "true"},
    {"regex.match", "[\"a.c\", \"a\\nc\"]", "false"},
    {"regex.match", "[\"(?s)a.c\", \"a\\nc\"]", "true"},
    {"regex.match", "[\"(?m)^b$\", \"a\\nb\\nc\"]", "true"},
    {"regex.match", "[\"(?m)^$\", \"a\\n\"]", "true"},
    {"regex.match", "[\"\\\\bfoo\\\\b\", \"a foo.\"]", "true"},
    {"regex.match", "[\"\\\\Bo\\\\B\", \"xoy\"]", "true"},
    {"regex.match", "[\"\\\\Aa\\\\z\", \"a\"]", "true"},
    {"regex.match", "[\"[[:alpha:]]+\\\\d{2,3}$\", \"abc123\"]", "true"},
    {"regex.match", "[\"^/run/containers/[a-f0-9]{8}-.*$\", \"/run/containers/0123abcd-x\"]", "true"},
    {"regex.match", "[\"^/run/containers/[a-f0-9]{8}-.*$\", \"/run/containers/0123abcX-x\"]", "false"},
    {"regex.match", "[\"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$\", \"my-svc.default.svc\"]", "true"},
    {"regex.match", "[\"(a+)+$\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"]", "false"},
    {"regex.match", "[\"(a|a)*b\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\"]", "false"},
    {"regex.match", "[\"x*x*x*x*x*x*x*y\", \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]", "false"},
};

Test(regex, matching_is_unanchored)
{
    call_check_all(matching_is_unanchored_rows, COUNT_OF(matching_is_unanchored_rows), &host);
}

static const struct call_row case_folds_as_unicode_says_rows[] = {
    {"regex.match", "[\"(?i)stra\\u00dfe\", \"STRA\\u00dfE\"]", "true"},
    {"regex.match", "[\"(?i)k\", \"\\u212a\"]", "true"},
    {"regex.match", "[\"(?i)s\", \"\\u017f\"]", "true"},
    {"regex.match", "[\"(?i)[k-l]\", \"\\u212a\"]", "true"},
    {"regex.match", "[\"(?i)\\u00e4\", \"\\u00c4\"]", "true"},
    {"regex.match", "[\"(?i:a)b\", \"Ab\"]", "true"},
    {"regex.match", "[\"(?i:a)b\", \"AB\"]", "false"},
    {"regex.match", "[\"(?i)\\\\x{1F80}\", \"\\u1f88\"]", "true"},
    {"regex.match", "[\"(?i)[^a]\", \"A\"]", "false"},
    {"regex.match", "[\"(?-i)a\", \"A\"]", "false"},
};

Test(regex, case_folds_as_unicode_says)
{
    call_check_all(case_folds_as_unicode_says_rows, COUNT_OF(case_folds_as_unicode_says_rows), &host);
}

static const struct call_row classes_have_names_rows[] = {
    {"regex.match", "[\"^\\\\pL+$\", \"a\\u00df\\u03bb\\u65e5\"]", "true"},
    {"regex.match", "[\"^\\\\p{Greek}+$\", \"\\u03bb\\u03bc\"]", "true"},
    {"regex.match", "[\"^\\\\p{^Greek}+$\", \"ab\"]", "true"},
    {"regex.match", "[\"^\\\\PN$\", \"1\"]", "false"},
    {"regex.match", "[\"^\\\\p{Lu}$\", \"\\u00c4\"]", "true"},
    {"regex.match", "[\"(?i)^\\\\p{Lu}$\", \"\\u00e4\"]", "true"},
    {"regex.match", "[\"^[\\\\d_]+$\", \"1_2\"]", "true"},
    {"regex.match", "[\"^[^\\\\s,]+$\", \"a b\"]", "false"},
    {"regex.match", "[\"^[]a]+$\", \"]a\"]", "true"},
    {"regex.match", "[\"^[a-]+$\", \"a-\"]", "true"},
    {"regex.match", "[\"^[\\\\x41-\\\\x{43}]+$\", \"ABC\"]", "true"},
    {"regex.match", "[\"\\\\Q.*\\\\E\", \"a.*b\"]", "true"},
    {"regex.match", "[\"^[[:^alpha:]]$\", \"1\"]", "true"},
    {"regex.match", "[\"^\\\\p{lowercase letter}$\", \"a\"]", "true"},
    {"regex.match", "[\"\\\\p{Old_Italic}\", \"a\"]", "!error parsing regexp: invalid character class range: `\\p{Old_Italic}`"},
};

Test(regex, classes_have_names)
{
    call_check_all(classes_have_names_rows, COUNT_OF(classes_have_names_rows), &host);
}

static const struct call_row syntax_errors_are_gos_rows[] = {
    {"regex.match", "[\"a(\", \"x\"]", "!error parsing regexp: missing closing ): `a(`"},
    {"regex.match", "[\"a)\", \"x\"]", "!error parsing regexp: unexpected ): `a)`"},
    {"regex.match", "[\"[a\", \"x\"]", "!error parsing regexp: missing closing ]: `[a`"},
    {"regex.match", "[\"a**\", \"x\"]", "!error parsing regexp: invalid nested repetition operator: `**`"},
    {"regex.match", "[\"a{2}{3}\", \"x\"]", "!error parsing regexp: invalid nested repetition operator: `{2}{3}`"},
    {"regex.match", "[\"*a\", \"x\"]", "!error parsing regexp: missing argument to repetition operator: `*`"},
    {"regex.match", "[\"a{1001}\", \"x\"]", "!error parsing regexp: invalid repeat count: `{1001}`"},
    {"regex.match", "[\"(?:a{1000}){2}\", \"x\"]", "!error parsing regexp: invalid repeat count: `{2}`"},
    {"regex.match", "[\"a{3,2}\", \"x\"]", "!error parsing regexp: invalid repeat count: `{3,2}`"},
    {"regex.match", "[\"[b-a]\", \"x\"]", "!error parsing regexp: invalid character class range: `b-a`"},
    {"regex.match", "[\"[[:foo:]]\", \"x\"]", "!error parsing regexp: invalid character class range: `[:foo:]`"},
    {"regex.match", "[\"\\\\\", \"x\"]", "!error parsing regexp: trailing backslash at end of expression: ``"},
    {"regex.match", "[\"\\\\8\", \"x\"]", "!error parsing regexp: invalid escape sequence: `\\8`"},
    {"regex.match", "[\"\\\\C\", \"x\"]", "!error parsing regexp: invalid escape sequence: `\\C`"},
    {"regex.match", "[\"\\\\pX\", \"x\"]", "!error parsing regexp: invalid character class range: `\\pX`"},
    {"regex.match", "[\"\\\\p{Foo}\", \"x\"]", "!error parsing regexp: invalid character class range: `\\p{Foo}`"},
    {"regex.match", "[\"(?P<n\", \"x\"]", "!error parsing regexp: invalid named capture: `(?P<n`"},
    {"regex.match", "[\"(?P<>a)\", \"x\"]", "!error parsing regexp: invalid named capture: `(?P<>`"},
    {"regex.match", "[\"(?P<a b>a)\", \"x\"]", "!error parsing regexp: invalid named capture: `(?P<a b>`"},
    {"regex.match", "[\"(?i\", \"x\"]", "!error parsing regexp: invalid or unsupported Perl syntax: `(?i`"},
    {"regex.match", "[\"(?z)\", \"x\"]", "!error parsing regexp: invalid or unsupported Perl syntax: `(?z`"},
    {"regex.match", "[\"(?=a)\", \"x\"]", "!error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
    {"regex.match", "[\"(?<=a)\", \"x\"]", "!error parsing regexp: invalid named capture: `(?<=a)`"},
    {"regex.match", "[\"a++\", \"x\"]", "!error parsing regexp: invalid nested repetition operator: `++`"},
    {"regex.match", "[\"\\\\x{110000}\", \"x\"]", "!error parsing regexp: invalid escape sequence: `\\x{110000`"},
    {"regex.match", "[\"\\\\xg\", \"x\"]", "!error parsing regexp: invalid escape sequence: `\\xg`"},
    {"regex.match", "[\"[\\\\\", \"x\"]", "!error parsing regexp: trailing backslash at end of expression: ``"},
    {"regex.match", "[\"(?i)(?-)\", \"x\"]", "!error parsing regexp: invalid or unsupported Perl syntax: `(?-)`"},
    {"regex.match", "[\"x{2}*\", \"x\"]", "!error parsing regexp: invalid nested repetition operator: `{2}*`"},
    {"regex.match", "[\"(|*)\", \"x\"]", "!error parsing regexp: missing argument to repetition operator: `*`"},
    {"regex.match", "[\"[[:alpha:]-z\", \"x\"]", "!error parsing regexp: missing closing ]: `[[:alpha:]-z`"},
    {"regex.match", "[\"\\\\1\", \"x\"]", "!error parsing regexp: invalid escape sequence: `\\1`"},
};

Test(regex, syntax_errors_are_gos)
{
    call_check_all(syntax_errors_are_gos_rows, COUNT_OF(syntax_errors_are_gos_rows), &host);
}

static const struct call_row braces_that_are_no_repetition_stand_for_themselves_rows[] = {
    {"regex.match", "[\"^a{,2}$\", \"a{,2}\"]", "true"},     {"regex.match", "[\"^a{$\", \"a{\"]", "true"},
    {"regex.match", "[\"^a{x}$\", \"a{x}\"]", "true"},       {"regex.match", "[\"^a{01}$\", \"a{01}\"]", "true"},
    {"regex.match", "[\"^a{2}$\", \"aa\"]", "true"},         {"regex.match", "[\"^a{0}$\", \"\"]", "true"},
    {"regex.match", "[\"^(ab){2,}$\", \"ababab\"]", "true"},
};

Test(regex, braces_that_are_no_repetition_stand_for_themselves)
{
    call_check_all(braces_that_are_no_repetition_stand_for_themselves_rows,
                   COUNT_OF(braces_that_are_no_repetition_stand_for_themselves_rows), &host);
}

static const struct call_row validity_is_a_boolean_rows[] = {
    {"regex.is_valid", "[\"a+\"]", "true"},
    {"regex.is_valid", "[\"a(\"]", "false"},
    {"regex.is_valid", "[1]", "false"},
    {"regex.is_valid", "[\"\"]", "true"},
};

Test(regex, validity_is_a_boolean)
{
    call_check_all(validity_is_a_boolean_rows, COUNT_OF(validity_is_a_boolean_rows), &host);
}

static const struct call_row finding_goes_from_left_to_right_rows[] = {
    {"regex.find_n", "[\"[oa]+\", \"foo bar\", -1]", "[\"oo\",\"a\"]"},
    {"regex.find_n", "[\"[oa]+\", \"foo bar\", 1]", "[\"oo\"]"},
    {"regex.find_n", "[\"[oa]+\", \"foo bar\", 0]", "[]"},
    {"regex.find_n", "[\"a*\", \"baac\", -1]", "[\"\",\"aa\",\"\"]"},
    {"regex.find_n", "[\"\", \"\\u00e4b\", -1]", "[\"\",\"\",\"\"]"},
    {"regex.find_n", "[\"(a|ab)(c|bcd)\", \"abcd\", -1]", "[\"abcd\"]"},
    {"regex.find_n", "[\"a*?\", \"aa\", -1]", "[\"\",\"\",\"\"]"},
    {"regex.find_n", "[\"(?U)a+\", \"aaa\", -1]", "[\"a\",\"a\",\"a\"]"},
    {"regex.find_n", "[\"x\", \"aaa\", -1]", "[]"},
    {"regex.find_n", "[\"(\", \"aaa\", -1]", "!error parsing regexp: missing closing ): `(`"},
    {"regex.find_n", "[\"\\\\b\", \"a b\", -1]", "[\"\",\"\",\"\",\"\"]"},
    {"regex.find_all_string_submatch_n", "[\"a(x*)b\", \"-axxb-ab-\", -1]", "[[\"axxb\",\"xx\"],[\"ab\",\"\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(a)|(b)\", \"ab\", -1]", "[[\"a\",\"a\",\"\"],[\"b\",\"\",\"b\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(a*)*\", \"aab\", -1]", "[[\"aa\",\"aa\"],[\"\",\"\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(a*)+\", \"b\", -1]", "[[\"\",\"\"],[\"\",\"\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(?:(a)|b)*\", \"ab\", -1]", "[[\"ab\",\"a\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(|a)*\", \"aa\", -1]", "[[\"\",\"\"],[\"\",\"\"],[\"\",\"\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(a|b){0}c\", \"c\", 1]", "[[\"c\",\"\"]]"},
    {"regex.find_all_string_submatch_n", "[\"((a)(b)?)+\", \"aba\", -1]", "[[\"aba\",\"a\",\"a\",\"b\"]]"},
    {"regex.find_all_string_submatch_n", "[\"(?P<y>\\\\d{4})-(?P<m>\\\\d\\\\d)\", \"on 2026-01 and 2027-02\", -1]",
     "[[\"2026-01\",\"2026\",\"01\"],[\"2027-02\",\"2027\",\"02\"]]"},
};

Test(regex, finding_goes_from_left_to_right)
{
    call_check_all(finding_goes_from_left_to_right_rows, COUNT_OF(finding_goes_from_left_to_right_rows), &host);
}

static const struct call_row replacements_refer_to_groups_rows[] = {
    {"regex.replace", "[\"foo bar\", \"o+\", \"0\"]", "\"f0 bar\""},
    {"regex.replace", "[\"abc\", \"(b)\", \"[$1]\"]", "\"a[b]c\""},
    {"regex.replace", "[\"abc\", \"(?P<x>b)\", \"[${x}]\"]", "\"a[b]c\""},
    {"regex.replace", "[\"abc\", \"(b)\", \"$1x\"]", "\"ac\""},
    {"regex.replace", "[\"abc\", \"(b)\", \"${1}x\"]", "\"abxc\""},
    {"regex.replace", "[\"abc\", \"b\", \"$$\"]", "\"a$c\""},
    {"regex.replace", "[\"abc\", \"b\", \"$\"]", "\"a$c\""},
    {"regex.replace", "[\"abc\", \"b\", \"$9\"]", "\"ac\""},
    {"regex.replace", "[\"abc\", \"x*\", \"-\"]", "\"-a-b-c-\""},
    {"regex.replace", "[\"baac\", \"a*\", \"-\"]", "\"-b-c-\""},
    {"regex.replace", "[\"foo\", \"^[a-z]\", \"F\"]", "\"Foo\""},
    {"regex.replace", "[\"\\u00e4\\u00f6\\u00e4\", \"\\u00f6\", \"${0}${0}\"]", "\"äööä\""},
    {"regex.replace", "[\"abc\", \"(\", \"x\"]", "!error parsing regexp: missing closing ): `(`"},
    {"regex.replace", "[\"ab\", \"(a)(b)\", \"$2$1\"]", "\"ba\""},
    {"regex.replace", "[\"\", \"\", \"x\"]", "\"x\""},
};

Test(regex, replacements_refer_to_groups)
{
    call_check_all(replacements_refer_to_groups_rows, COUNT_OF(replacements_refer_to_groups_rows), &host);
}

static const struct call_row splitting_keeps_what_is_between_rows[] = {
    {"regex.split", "[\"-\", \"a-b-c\"]", "[\"a\",\"b\",\"c\"]"},
    {"regex.split", "[\"\", \"abc\"]", "[\"a\",\"b\",\"c\"]"},
    {"regex.split", "[\"x*\", \"axbxc\"]", "[\"a\",\"b\",\"c\"]"},
    {"regex.split", "[\"-\", \"\"]", "[\"\"]"},
    {"regex.split", "[\"-\", \"abc\"]", "[\"abc\"]"},
    {"regex.split", "[\"^\", \"abc\"]", "[\"abc\"]"},
    {"regex.split", "[\"$\", \"abc\"]", "[\"abc\"]"},
    {"regex.split", "[\"a\", \"aba\"]", "[\"\",\"b\",\"\"]"},
    {"regex.split", "[\"(\", \"aba\"]", "!error parsing regexp: missing closing ): `(`"},
};

Test(regex, splitting_keeps_what_is_between)
{
    call_check_all(splitting_keeps_what_is_between_rows, COUNT_OF(splitting_keeps_what_is_between_rows), &host);
}

static const struct call_row templates_have_expressions_between_delimiters_rows[] = {
    {"regex.template_match", "[\"urn:foo:{.*}\", \"urn:foo:bar\", \"{\", \"}\"]", "true"},
    {"regex.template_match", "[\"urn:foo:<[0-9]+>\", \"urn:foo:12\", \"<\", \">\"]", "true"},
    {"regex.template_match", "[\"urn:foo:<[0-9]+>\", \"urn:foo:ab\", \"<\", \">\"]", "false"},
    {"regex.template_match", "[\"a.b<c>\", \"axbc\", \"<\", \">\"]", "false"},
    {"regex.template_match", "[\"<a<b>>\", \"ab\", \"<\", \">\"]", "false"},
    {"regex.template_match", "[\"<a\", \"a\", \"<\", \">\"]", "!unbalanced braces in \"<a\""},
    {"regex.template_match", "[\"a>\", \"a\", \"<\", \">\"]", "!unbalanced braces in \"a>\""},
    {"regex.template_match", "[\"<(>\", \"a\", \"<\", \">\"]", "!error parsing regexp: missing closing ): `^($`"},
    {"regex.template_match", "[\"a\", \"a\", \"\", \"}\"]",
     "!start delimiter has to be exactly one character long but is 0 long"},
    {"regex.template_match", "[\"a\", \"a\", \"<\", \"}}\"]",
     "!end delimiter has to be exactly one character long but is 1 long"},
};

Test(regex, templates_have_expressions_between_delimiters)
{
    call_check_all(templates_have_expressions_between_delimiters_rows,
                   COUNT_OF(templates_have_expressions_between_delimiters_rows), &host);
}

static const struct call_row globs_meet_or_not_rows[] = {
    {"regex.globs_match", "[\"a.a.[0-9]+z\", \"b.b.[0-9]+z\"]", "false"},
    {"regex.globs_match", "[\"[a-z]+-[0-9]*\", \"foo-12\"]", "true"},
    {"regex.globs_match", "[\"[a-z]+-[0-9]*\", \"FOO-12\"]", "false"},
    {"regex.globs_match", "[\"pqrs.+\", \"pqrs.*\"]", "true"},
    {"regex.globs_match", "[\".*\\u00e4\\u00e4.*\", \".*b.*\\u00e4.*\"]", "true"},
    {"regex.globs_match", "[\"\", \"\"]", "true"},
    {"regex.globs_match", "[\"a*\", \"\"]", "false"},
    {"regex.globs_match", "[\"[a\", \"a\"]", "!input:[a, pos:2, found [ without matching ]: the input provided is invalid"},
    {"regex.globs_match", "[\"a]\", \"a\"]",
     "!input:a], pos:2, set-close ']' with no preceding '[': the input provided is invalid"},
    {"regex.globs_match", "[\"*a\", \"a\"]",
     "!input:*a, pos:1, flag '*' must be preceded by a non-flag: the input provided is invalid"},
    {"regex.globs_match", "[\"a**\", \"a\"]",
     "!input:a**, pos:3, flag '*' must be preceded by a non-flag: the input provided is invalid"},
    {"regex.globs_match", "[\"[b-a]\", \"a\"]",
     "!input:[b-a], pos:4, range is out of order: 'a' comes before 'b' in Unicode: the input provided is invalid"},
    {"regex.globs_match", "[\"[-a]\", \"a\"]",
     "!input:[-a], pos:2, range character '-' must be preceded by a Unicode character: the input provided is invalid"},
    {"regex.globs_match", "[\"a\\\\\", \"a\"]",
     "!input:a\\, pos:1, input ends with a \\ (escape) character: the input provided is invalid"},
    {"regex.globs_match", "[\"\\\\*\", \"\\\\*\"]", "true"},
};

Test(regex, globs_meet_or_not)
{
    call_check_all(globs_meet_or_not_rows, COUNT_OF(globs_meet_or_not_rows), &host);
}
