/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Schema as OPA checks it: errors, their texts and their order.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row types_are_rows[] = {
    {"json.match_schema", "[{\"a\": 1}, {\"properties\": {\"a\": {\"type\": \"string\"}}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"a: Invalid type. Expected: string, "
     "given: integer\",\"field\":\"a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[{\"a\": 1.0}, {\"properties\": {\"a\": {\"type\": \"integer\"}}}]", "[true,[]]"},
    {"json.match_schema", "[{\"a\": 1.5}, {\"properties\": {\"a\": {\"type\": [\"integer\", \"null\"]}}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: [integer,null], given: number\",\"error\":\"a: Invalid type. Expected: ["
     "integer,null], given: number\",\"field\":\"a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[[null], {\"items\": {\"type\": \"object\"}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: object, given: null\",\"error\":\"0: Invalid type. Expected: object, giv"
     "en: null\",\"field\":\"0\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[\"[true]\", {\"type\": \"object\"}]",
     "[false,[{\"desc\":\"Invalid type. Expected: object, given: array\",\"error\":\"(Root): Invalid type. Expected: objec"
     "t, given: array\",\"field\":\"(Root)\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[{}, \"true\"]", "[true,[]]"},
    {"json.match_schema", "[{}, \"false\"]",
     "[false,[{\"desc\":\"False always fails validation\",\"error\":\"(Root): False always fails validation\",\"field\":\""
     "(Root)\",\"type\":\"false\"}]]"},
};

Test(schema, types_are_checked_first)
{
    call_check_all(types_are_rows, COUNT_OF(types_are_rows), &host);
}

static const struct call_row numbers_are_rows[] = {
    {"json.match_schema", "[[3], {\"items\": {\"multipleOf\": 0.1}}]", "[true,[]]"},
    {"json.match_schema", "[[0.35], {\"items\": {\"multipleOf\": 0.1}}]",
     "[false,[{\"desc\":\"Must be a multiple of 0.1\",\"error\":\"0: Must be a multiple of 0.1\",\"field\":\"0\",\"type\":"
     "\"multiple_of\"}]]"},
    {"json.match_schema", "[[10], {\"items\": {\"maximum\": 9.5, \"minimum\": 1000000}}]",
     "[false,[{\"desc\":\"Must be less than or equal to 9.5\",\"error\":\"0: Must be less than or equal to 9.5\",\"field\""
     ":\"0\",\"type\":\"number_lte\"},{\"desc\":\"Must be greater than or equal to 1e+06\",\"error\":\"0: Must be greater "
     "than or equal to 1e+06\",\"field\":\"0\",\"type\":\"number_gte\"}]]"},
    {"json.match_schema", "[[1, 2], {\"items\": {\"exclusiveMinimum\": 1, \"exclusiveMaximum\": 2}}]",
     "[false,[{\"desc\":\"Must be greater than 1\",\"error\":\"0: Must be greater than 1\",\"field\":\"0\",\"type\":\"numb"
     "er_gt\"},{\"desc\":\"Must be less than 2\",\"error\":\"1: Must be less than 2\",\"field\":\"1\",\"type\":\"number_lt"
     "\"}]]"},
    {"json.match_schema",
     "[[5], {\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"items\": {\"maximum\": 5, \"exclusiveMaximum\": t"
     "rue}}]",
     "[false,[{\"desc\":\"Must be less than 5\",\"error\":\"0: Must be less than 5\",\"field\":\"0\",\"type\":\"number_lt"
     "\"}]]"},
    {"json.match_schema", "[[100000000000000000000], {\"items\": {\"maximum\": 99999999999999999999}}]",
     "[false,[{\"desc\":\"Must be less than or equal to 9.9999999999999999999e+19\",\"error\":\"0: Must be less than or eq"
     "ual to 9.9999999999999999999e+19\",\"field\":\"0\",\"type\":\"number_lte\"}]]"},
};

Test(schema, numbers_are_compared_exactly)
{
    call_check_all(numbers_are_rows, COUNT_OF(numbers_are_rows), &host);
}

static const struct call_row strings_have_rows[] = {
    {"json.match_schema", "[[\"a\303\251\"], {\"items\": {\"minLength\": 3}}]",
     "[false,[{\"desc\":\"String length must be greater than or equal to 3\",\"error\":\"0: String length must be greater "
     "than or equal to 3\",\"field\":\"0\",\"type\":\"string_gte\"}]]"},
    {"json.match_schema", "[[\"abc\"], {\"items\": {\"maxLength\": 2}}]",
     "[false,[{\"desc\":\"String length must be less than or equal to 2\",\"error\":\"0: String length must be less than o"
     "r equal to 2\",\"field\":\"0\",\"type\":\"string_lte\"}]]"},
    {"json.match_schema", "[[\"abc\"], {\"items\": {\"pattern\": \"^b\"}}]",
     "[false,[{\"desc\":\"Does not match pattern '^b'\",\"error\":\"0: Does not match pattern '^b'\",\"field\":\"0\",\"typ"
     "e\":\"pattern\"}]]"},
    {"json.match_schema", "[[\"2020-02-30\"], {\"items\": {\"format\": \"date\"}}]",
     "[false,[{\"desc\":\"Does not match format 'date'\",\"error\":\"0: Does not match format 'date'\",\"field\":\"0\",\"t"
     "ype\":\"format\"}]]"},
    {"json.match_schema", "[[\"10:00:00\"], {\"items\": {\"format\": \"time\"}}]", "[true,[]]"},
    {"json.match_schema", "[[\"2020-01-01T10:00:00Z\"], {\"items\": {\"format\": \"date-time\"}}]", "[true,[]]"},
    {"json.match_schema", "[[\"-a\"], {\"items\": {\"format\": \"hostname\"}}]",
     "[false,[{\"desc\":\"Does not match format 'hostname'\",\"error\":\"0: Does not match format 'hostname'\",\"field\":"
     "\"0\",\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"Joe <a@b>\"], {\"items\": {\"format\": \"email\"}}]", "[true,[]]"},
    {"json.match_schema", "[[\"a b@c\"], {\"items\": {\"format\": \"email\"}}]",
     "[false,[{\"desc\":\"Does not match format 'email'\",\"error\":\"0: Does not match format 'email'\",\"field\":\"0\","
     "\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"1.2.3\"], {\"items\": {\"format\": \"ipv4\"}}]",
     "[false,[{\"desc\":\"Does not match format 'ipv4'\",\"error\":\"0: Does not match format 'ipv4'\",\"field\":\"0\",\"t"
     "ype\":\"format\"}]]"},
    {"json.match_schema", "[[\"::1\"], {\"items\": {\"format\": \"ipv6\"}}]", "[true,[]]"},
    {"json.match_schema", "[[\"a\"], {\"items\": {\"format\": \"uri\"}}]",
     "[false,[{\"desc\":\"Does not match format 'uri'\",\"error\":\"0: Does not match format 'uri'\",\"field\":\"0\",\"typ"
     "e\":\"format\"}]]"},
    {"json.match_schema", "[[\"a\"], {\"items\": {\"format\": \"uri-reference\"}}]", "[true,[]]"},
    {"json.match_schema", "[[\"http://a/{b\"], {\"items\": {\"format\": \"uri-template\"}}]",
     "[false,[{\"desc\":\"Does not match format 'uri-template'\",\"error\":\"0: Does not match format 'uri-template'\",\"f"
     "ield\":\"0\",\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"x\"], {\"items\": {\"format\": \"uuid\"}}]",
     "[false,[{\"desc\":\"Does not match format 'uuid'\",\"error\":\"0: Does not match format 'uuid'\",\"field\":\"0\",\"t"
     "ype\":\"format\"}]]"},
    {"json.match_schema", "[[\"(\"], {\"items\": {\"format\": \"regex\"}}]",
     "[false,[{\"desc\":\"Does not match format 'regex'\",\"error\":\"0: Does not match format 'regex'\",\"field\":\"0\","
     "\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"/~2\"], {\"items\": {\"format\": \"json-pointer\"}}]",
     "[false,[{\"desc\":\"Does not match format 'json-pointer'\",\"error\":\"0: Does not match format 'json-pointer'\",\"f"
     "ield\":\"0\",\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"01\"], {\"items\": {\"format\": \"relative-json-pointer\"}}]",
     "[false,[{\"desc\":\"Does not match format 'relative-json-pointer'\",\"error\":\"0: Does not match format 'relative-j"
     "son-pointer'\",\"field\":\"0\",\"type\":\"format\"}]]"},
    {"json.match_schema", "[[\"x\"], {\"items\": {\"format\": \"nonsense\"}}]", "[true,[]]"},
};

Test(schema, strings_have_length_pattern_and_format)
{
    call_check_all(strings_have_rows, COUNT_OF(strings_have_rows), &host);
}

static const struct call_row arrays_have_rows[] = {
    {"json.match_schema",
     "[[1, \"a\", true], {\"items\": [{\"type\": \"string\"}, {\"type\": \"string\"}], \"additionalItems\": false}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"0: Invalid type. Expected: string, "
     "given: integer\",\"field\":\"0\",\"type\":\"invalid_type\"},{\"desc\":\"No additional items allowed on array\",\"err"
     "or\":\"(Root): No additional items allowed on array\",\"field\":\"(Root)\",\"type\":\"array_no_additional_items\"}]]"},
    {"json.match_schema", "[[1, \"a\", true], {\"items\": [{}], \"additionalItems\": {\"type\": \"string\"}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: boolean\",\"error\":\"2: Invalid type. Expected: string, "
     "given: boolean\",\"field\":\"2\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[[1, 1.0, \"1\", [1], [1]], {\"uniqueItems\": true}]",
     "[false,[{\"desc\":\"array items[0,1] must be unique\",\"error\":\"(Root): array items[0,1] must be unique\",\"field"
     "\":\"(Root)\",\"type\":\"unique\"},{\"desc\":\"array items[3,4] must be unique\",\"error\":\"(Root): array items[3,4"
     "] must be unique\",\"field\":\"(Root)\",\"type\":\"unique\"}]]"},
    {"json.match_schema", "[[1], {\"minItems\": 2}]",
     "[false,[{\"desc\":\"Array must have at least 2 items\",\"error\":\"(Root): Array must have at least 2 items\",\"fiel"
     "d\":\"(Root)\",\"type\":\"array_min_items\"}]]"},
    {"json.match_schema", "[[1], {\"minItems\": 1.0}]", "!minItems must be of an integer"},
    {"json.match_schema", "[[1, 2, 3], {\"maxItems\": 2}]",
     "[false,[{\"desc\":\"Array must have at most 2 items\",\"error\":\"(Root): Array must have at most 2 items\",\"field"
     "\":\"(Root)\",\"type\":\"array_max_items\"}]]"},
    {"json.match_schema", "[[1, \"a\"], {\"contains\": {\"type\": \"boolean\"}}]",
     "[false,[{\"desc\":\"At least one of the items must match\",\"error\":\"(Root): At least one of the items must match"
     "\",\"field\":\"(Root)\",\"type\":\"contains\"},{\"desc\":\"Invalid type. Expected: boolean, given: integer\",\"error"
     "\":\"0: Invalid type. Expected: boolean, given: integer\",\"field\":\"0\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[[], {\"contains\": {}}]",
     "[false,[{\"desc\":\"At least one of the items must match\",\"error\":\"(Root): At least one of the items must match"
     "\",\"field\":\"(Root)\",\"type\":\"contains\"}]]"},
};

Test(schema, arrays_have_items_bounds_and_uniqueness)
{
    call_check_all(arrays_have_rows, COUNT_OF(arrays_have_rows), &host);
}

static const struct call_row objects_have_rows[] = {
    {"json.match_schema", "[{\"a\": 1}, {\"required\": [\"a\", \"b\", \"c\"]}]",
     "[false,[{\"desc\":\"b is required\",\"error\":\"(Root): b is required\",\"field\":\"(Root)\",\"type\":\"required\"},"
     "{\"desc\":\"c is required\",\"error\":\"(Root): c is required\",\"field\":\"(Root)\",\"type\":\"required\"}]]"},
    {"json.match_schema", "[{\"a\": 1, \"b\": 2}, {\"additionalProperties\": false, \"properties\": {\"a\": {}}}]",
     "[false,[{\"desc\":\"Additional property b is not allowed\",\"error\":\"(Root): Additional property b is not allowed"
     "\",\"field\":\"(Root)\",\"type\":\"additional_property_not_allowed\"}]]"},
    {"json.match_schema",
     "[{\"a1\": 1, \"b\": \"x\"}, {\"patternProperties\": {\"^a\": {\"type\": \"string\"}}, \"additionalProperties\": {\"t"
     "ype\": \"number\"}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"a1: Invalid type. Expected: string,"
     " given: integer\",\"field\":\"a1\",\"type\":\"invalid_type\"},{\"desc\":\"Invalid type. Expected: number, given: str"
     "ing\",\"error\":\"b: Invalid type. Expected: number, given: string\",\"field\":\"b\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[{\"A\": 1}, {\"propertyNames\": {\"pattern\": \"^[a-z]\"}}]",
     "[false,[{\"desc\":\"Property name of \\\"A\\\" does not match\",\"error\":\"(Root): Property name of \\\"A\\\" does "
     "not match\",\"field\":\"(Root)\",\"type\":\"invalid_property_name\"},{\"desc\":\"Does not match pattern '^[a-z]'\","
     "\"error\":\"(Root): Does not match pattern '^[a-z]'\",\"field\":\"(Root)\",\"type\":\"pattern\"}]]"},
    {"json.match_schema", "[{\"a\": 1}, {\"minProperties\": 2}]",
     "[false,[{\"desc\":\"Must have at least 2 properties\",\"error\":\"(Root): Must have at least 2 properties\",\"field"
     "\":\"(Root)\",\"type\":\"array_min_properties\"}]]"},
    {"json.match_schema", "[{\"a\": 1, \"b\": 2}, {\"maxProperties\": 1}]",
     "[false,[{\"desc\":\"Must have at most 1 properties\",\"error\":\"(Root): Must have at most 1 properties\",\"field\":"
     "\"(Root)\",\"type\":\"array_max_properties\"}]]"},
    {"json.match_schema", "[{\"a\": 1}, {\"dependencies\": {\"a\": [\"b\"]}}]",
     "[false,[{\"desc\":\"Has a dependency on b\",\"error\":\"(Root): Has a dependency on b\",\"field\":\"(Root)\",\"type"
     "\":\"missing_dependency\"}]]"},
    {"json.match_schema", "[{\"a\": 1}, {\"dependencies\": {\"a\": {\"required\": [\"c\"]}}}]",
     "[false,[{\"desc\":\"c is required\",\"error\":\"(Root): c is required\",\"field\":\"(Root)\",\"type\":\"required\"}]"
     "]"},
};

Test(schema, objects_have_names_bounds_and_dependencies)
{
    call_check_all(objects_have_rows, COUNT_OF(objects_have_rows), &host);
}

static const struct call_row combinations_report_rows[] = {
    {"json.match_schema", "[[5], {\"items\": {\"anyOf\": [{\"type\": \"string\"}, {\"minimum\": 10, \"type\": \"number\"}]}}]",
     "[false,[{\"desc\":\"Must validate at least one schema (anyOf)\",\"error\":\"0: Must validate at least one schema (an"
     "yOf)\",\"field\":\"0\",\"type\":\"number_any_of\"},{\"desc\":\"Must be greater than or equal to 10\",\"error\":\"0: "
     "Must be greater than or equal to 10\",\"field\":\"0\",\"type\":\"number_gte\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"oneOf\": [{\"type\": \"number\"}, {\"minimum\": 1}]}}]",
     "[false,[{\"desc\":\"Must validate one and only one schema (oneOf)\",\"error\":\"0: Must validate one and only one sc"
     "hema (oneOf)\",\"field\":\"0\",\"type\":\"number_one_of\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"oneOf\": [{\"type\": \"string\"}, {\"minimum\": 10}]}}]",
     "[false,[{\"desc\":\"Must validate one and only one schema (oneOf)\",\"error\":\"0: Must validate one and only one sc"
     "hema (oneOf)\",\"field\":\"0\",\"type\":\"number_one_of\"},{\"desc\":\"Must be greater than or equal to 10\",\"error"
     "\":\"0: Must be greater than or equal to 10\",\"field\":\"0\",\"type\":\"number_gte\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"allOf\": [{\"minimum\": 10}, {\"maximum\": 3}]}}]",
     "[false,[{\"desc\":\"Must be greater than or equal to 10\",\"error\":\"0: Must be greater than or equal to 10\",\"fie"
     "ld\":\"0\",\"type\":\"number_gte\"},{\"desc\":\"Must be less than or equal to 3\",\"error\":\"0: Must be less than o"
     "r equal to 3\",\"field\":\"0\",\"type\":\"number_lte\"},{\"desc\":\"Must validate all the schemas (allOf)\",\"error"
     "\":\"0: Must validate all the schemas (allOf)\",\"field\":\"0\",\"type\":\"number_all_of\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"not\": {}}}]",
     "[false,[{\"desc\":\"Must not validate the schema (not)\",\"error\":\"0: Must not validate the schema (not)\",\"field"
     "\":\"0\",\"type\":\"number_not\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"if\": {\"type\": \"number\"}, \"then\": {\"minimum\": 10}}}]",
     "[false,[{\"desc\":\"Must validate \\\"then\\\" as \\\"if\\\" was valid\",\"error\":\"0: Must validate \\\"then\\\" a"
     "s \\\"if\\\" was valid\",\"field\":\"0\",\"type\":\"condition_then\"},{\"desc\":\"Must be greater than or equal to 1"
     "0\",\"error\":\"0: Must be greater than or equal to 10\",\"field\":\"0\",\"type\":\"number_gte\"}]]"},
    {"json.match_schema", "[[\"x\"], {\"items\": {\"if\": {\"type\": \"number\"}, \"else\": {\"minLength\": 10}}}]",
     "[false,[{\"desc\":\"Must validate \\\"else\\\" as \\\"if\\\" was not valid\",\"error\":\"0: Must validate \\\"else\\"
     "\" as \\\"if\\\" was not valid\",\"field\":\"0\",\"type\":\"condition_else\"},{\"desc\":\"String length must be grea"
     "ter than or equal to 10\",\"error\":\"0: String length must be greater than or equal to 10\",\"field\":\"0\",\"type"
     "\":\"string_gte\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"const\": 6}}]",
     "[false,[{\"desc\":\"0 does not match: 6\",\"error\":\"0: 0 does not match: 6\",\"field\":\"0\",\"type\":\"const\"}]]"},
    {"json.match_schema", "[[5, {\"b\": 1, \"a\": 2.0}], {\"items\": {\"enum\": [6, {\"a\": 2, \"b\": 1}]}}]",
     "[false,[{\"desc\":\"0 must be one of the following: 6, {\\\"a\\\":2,\\\"b\\\":1}\",\"error\":\"0: 0 must be one of t"
     "he following: 6, {\\\"a\\\":2,\\\"b\\\":1}\",\"field\":\"0\",\"type\":\"enum\"}]]"},
    {"json.match_schema", "[[5], {\"items\": {\"enum\": []}}]",
     "[false,[{\"desc\":\"0 must be one of the following: \",\"error\":\"0: 0 must be one of the following: \",\"field\":"
     "\"0\",\"type\":\"enum\"}]]"},
};

Test(schema, combinations_report_the_alternative_that_fits_best)
{
    call_check_all(combinations_report_rows, COUNT_OF(combinations_report_rows), &host);
}

static const struct call_row references_stay_rows[] = {
    {"json.match_schema",
     "[{\"a\": 1}, {\"properties\": {\"a\": {\"$ref\": \"#/definitions/s\"}}, \"definitions\": {\"s\": {\"type\": \"string"
     "\"}}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"a: Invalid type. Expected: string, "
     "given: integer\",\"field\":\"a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[{\"a\": {\"a\": {\"a\": 1}}}, {\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"type\": \"object\"}]",
     "[false,[{\"desc\":\"Invalid type. Expected: object, given: integer\",\"error\":\"a.a.a: Invalid type. Expected: obje"
     "ct, given: integer\",\"field\":\"a.a.a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema",
     "[{\"a\": 1}, {\"properties\": {\"a\": {\"$ref\": \"#named\"}}, \"definitions\": {\"s\": {\"$id\": \"#named\", \"type"
     "\": \"string\"}}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"a: Invalid type. Expected: string, "
     "given: integer\",\"field\":\"a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema",
     "[{\"a\": 1}, {\"$id\": \"http://h/x/y\", \"properties\": {\"a\": {\"$ref\": \"z\"}}, \"definitions\": {\"s\": {\"$id"
     "\": \"z\", \"type\": \"string\"}}}]",
     "[false,[{\"desc\":\"Invalid type. Expected: string, given: integer\",\"error\":\"a: Invalid type. Expected: string, "
     "given: integer\",\"field\":\"a\",\"type\":\"invalid_type\"}]]"},
    {"json.match_schema", "[{\"type\": 7}, {\"$ref\": \"http://json-schema.org/draft-07/schema#\"}]",
     "[false,[{\"desc\":\"Must validate at least one schema (anyOf)\",\"error\":\"type: Must validate at least one schema "
     "(anyOf)\",\"field\":\"type\",\"type\":\"number_any_of\"},{\"desc\":\"type must be one of the following: \\\"array\\"
     "\", \\\"boolean\\\", \\\"integer\\\", \\\"null\\\", \\\"number\\\", \\\"object\\\", \\\"string\\\"\",\"error\":\"typ"
     "e: type must be one of the following: \\\"array\\\", \\\"boolean\\\", \\\"integer\\\", \\\"null\\\", \\\"number\\\","
     " \\\"object\\\", \\\"string\\\"\",\"field\":\"type\",\"type\":\"enum\"}]]"},
    {"json.match_schema", "[{}, {\"$ref\": \"http://example.com/s\"}]",
     "!remote reference loading disabled: http://example.com/s"},
    {"json.match_schema", "[{}, {\"$ref\": \"s.json\"}]", "!Reference /s.json must be canonical"},
    {"json.match_schema", "[{}, {\"$ref\": \"#/definitions/none\"}]", "!Object has no key 'definitions'"},
    {"json.match_schema", "[{}, {\"$ref\": \"%zz\"}]", "!parse \"%zz\": invalid URL escape \"%zz\""},
    {"json.match_schema", "[{}, {\"items\": {\"$id\": \"#a\"}, \"not\": {\"$id\": \"#a\"}}]",
     "!Reference already exists: \"#a\""},
};

Test(schema, references_stay_within_the_schema)
{
    call_check_all(references_stay_rows, COUNT_OF(references_stay_rows), &host);
}

static const struct call_row schemas_are_rows[] = {
    {"json.verify_schema", "[{}]", "[true,null]"},
    {"json.verify_schema", "[{\"type\": \"nope\"}]",
     "[false,\"jsonschema: has a primitive type that is NOT VALID -- given: /nope/ Expected valid values are:[array boolea"
     "n integer number null object string]\"]"},
    {"json.verify_schema", "[{\"type\": [\"string\", \"string\"]}]", "[false,\"jsonschema: string type is duplicated\"]"},
    {"json.verify_schema", "[{\"type\": 1}]",
     "[false,\"jsonschema: Invalid type. Expected: type, given: string/Array Of Strings\"]"},
    {"json.verify_schema", "[{\"properties\": 1}]", "[false,\"jsonschema: Properties must be of type object\"]"},
    {"json.verify_schema", "[{\"items\": 1}]",
     "[false,\"jsonschema: Invalid type. Expected: Valid Schema/Array Of Schemas, given: items\"]"},
    {"json.verify_schema", "[{\"required\": [\"a\", \"a\"]}]", "[false,\"jsonschema: required items must be unique\"]"},
    {"json.verify_schema", "[{\"minLength\": -1}]", "[false,\"jsonschema: minLength must be greater than or equal to 0\"]"},
    {"json.verify_schema", "[{\"minLength\": 1.5}]", "[false,\"jsonschema: minLength must be of an integer\"]"},
    {"json.verify_schema", "[{\"minLength\": 3, \"maxLength\": 2}]",
     "[false,\"jsonschema: minLength cannot be greater than maxLength\"]"},
    {"json.verify_schema", "[{\"multipleOf\": 0}]", "[false,\"jsonschema: multipleOf must be strictly greater than 0\"]"},
    {"json.verify_schema", "[{\"pattern\": \"(\"}]", "[false,\"jsonschema: pattern must be a valid regex\"]"},
    {"json.verify_schema", "[{\"patternProperties\": {\"(\": {}}}]", "[false,\"jsonschema: Invalid regex pattern '('\"]"},
    {"json.verify_schema", "[{\"enum\": [1, 1.0]}]", "[false,\"jsonschema: enum items must be unique\"]"},
    {"json.verify_schema", "[{\"$schema\": 1}]", "[false,\"jsonschema: $schema must be of type string\"]"},
    {"json.verify_schema", "[{\"not\": 1}]", "[false,\"jsonschema: not must be of an object\"]"},
    {"json.verify_schema", "[{\"exclusiveMinimum\": true}]",
     "[false,\"jsonschema: exclusiveMinimum cannot be used without minimum\"]"},
    {"json.verify_schema", "[{\"definitions\": {\"a\": 1}}]",
     "[false,\"jsonschema: Invalid type. Expected: Array Of Schemas, given: definitions\"]"},
    {"json.verify_schema", "[\"{\"]", "[false,\"jsonschema: invalid JSON string\"]"},
    {"json.verify_schema", "[\"[]\"]", "[false,\"jsonschema: schema is invalid\"]"},
    {"json.verify_schema", "[1]", "[false,\"jsonschema: wrong type, expected string or object\"]"},
    {"json.match_schema", "[\"{\", {}]", "!invalid JSON string"},
    {"json.match_schema", "[{}, \"{\"]", "!invalid JSON string"},
    {"json.match_schema", "[1, {}]", "!wrong type, expected string or object"},
};

Test(schema, schemas_are_refused_with_the_keyword)
{
    call_check_all(schemas_are_rows, COUNT_OF(schemas_are_rows), &host);
}
