/* SPDX-License-Identifier: Apache-2.0
 *
 * Builtins of objects, arrays, graphs, paths and JSON texts: answers are those of OPA 1.22.2.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row unions_prefer_rows[] = {
    {"object.union", "[{\"a\": 1, \"b\": {\"c\": 2}}, {\"b\": {\"d\": 3}, \"a\": {\"x\": 1}}]",
     "{\"a\":{\"x\":1},\"b\":{\"c\":2,\"d\":3}}"},
    {"object.union", "[{\"a\": {\"b\": {\"c\": 1}}}, {\"a\": {\"b\": {\"d\": 2}}}]", "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}"},
    {"object.union", "[{}, {\"a\": 1}]", "{\"a\":1}"},
    {"object.union", "[{\"a\": 1}, {}]", "{\"a\":1}"},
    {"object.union", "[{\"a\": {}}, {\"a\": 1}]", "{\"a\":1}"},
    {"object.union", "[1, {}]", "!operand 1 must be object but got number"},
    {"object.union", "[{}, [1]]", "!operand 2 must be object but got array"},
};

Test(objects, unions_prefer_the_right_and_merge_objects)
{
    call_check_all(unions_prefer_rows, COUNT_OF(unions_prefer_rows), &host);
}

static const struct call_row what_comes_rows[] = {
    {"object.union_n", "[[{\"a\": {\"b\": 2}}, {\"a\": 4}, {\"a\": {\"c\": 3}}]]", "{\"a\":{\"c\":3}}"},
    {"object.union_n", "[[{\"a\": {\"b\": 2}}, {\"a\": {\"d\": 1}}, {\"a\": {\"c\": 3}}]]", "{\"a\":{\"b\":2,\"c\":3,\"d\":1}}"},
    {"object.union_n", "[[{\"a\": {\"b\": {\"x\": 1}}}, {\"a\": {\"b\": 5}}, {\"a\": {\"b\": {\"y\": 1}}}]]",
     "{\"a\":{\"b\":{\"y\":1}}}"},
    {"object.union_n", "[[]]", "{}"},
    {"object.union_n", "[[{\"a\": 1}]]", "{\"a\":1}"},
    {"object.union_n", "[[{\"a\": 1}, 2]]", "!operand 1 must be array of objects but got array containing number"},
    {"object.union_n", "[{}]", "!operand 1 must be array but got object"},
    {"object.union_n",
     "[[{\"k0\": 0}, {\"k1\": 1}, {\"k2\": 2}, {\"k3\": 3}, {\"k4\": 4}, {\"k5\": 5}, {\"k6\": 6}, {\"k7\": 7}, {\"k8\": 8"
     "}, {\"k9\": 9}, {\"k10\": 10}, {\"k11\": 11}]]",
     "{\"k0\":0,\"k1\":1,\"k10\":10,\"k11\":11,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,\"k9\":9}"},
};

Test(objects, what_comes_between_objects_ends_their_merging)
{
    call_check_all(what_comes_rows, COUNT_OF(what_comes_rows), &host);
}

static const struct call_row keys_may_rows[] = {
    {"object.remove", "[{\"a\": 1, \"b\": 2, \"c\": 3}, [\"a\", \"z\"]]", "{\"b\":2,\"c\":3}"},
    {"object.remove", "[{\"a\": 1, \"b\": 2}, {\"b\": 0}]", "{\"a\":1}"},
    {"object.remove",
     "[{\"k0\": 0, \"k1\": 1, \"k2\": 2, \"k3\": 3, \"k4\": 4, \"k5\": 5, \"k6\": 6, \"k7\": 7, \"k8\": 8, \"k9\": 9, \"k1"
     "0\": 10, \"k11\": 11}, [\"k0\", \"k1\", \"k2\", \"k3\", \"k4\", \"k5\", \"k6\", \"k7\", \"k8\", \"k9\"]]",
     "{\"k10\":10,\"k11\":11}"},
    {"object.filter", "[{\"a\": 1, \"b\": 2, \"c\": 3}, [\"a\", \"z\"]]", "{\"a\":1}"},
    {"object.filter", "[{\"a\": 1, \"b\": 2}, {\"b\": 0}]", "{\"b\":2}"},
    {"object.filter",
     "[{\"k0\": 0, \"k1\": 1, \"k2\": 2, \"k3\": 3, \"k4\": 4, \"k5\": 5, \"k6\": 6, \"k7\": 7, \"k8\": 8, \"k9\": 9, \"k1"
     "0\": 10, \"k11\": 11}, [\"k0\", \"k1\", \"k2\", \"k3\", \"k4\", \"k5\", \"k6\", \"k7\", \"k8\", \"k9\"]]",
     "{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,\"k9\":9}"},
    {"object.filter", "[{\"a\": 1}, \"a\"]", "!operand 2 must be one of {object, set, array} but got string"},
    {"object.remove", "[{\"a\": 1}, 1]", "!operand 2 must be one of {object, set, array} but got number"},
    {"object.remove", "[[], []]", "!operand 1 must be object but got array"},
    {"object.keys", "[{\"b\": 1, \"a\": 2}]", "[\"a\",\"b\"]"},
    {"object.keys", "[{}]", "[]"},
    {"object.keys", "[[1]]", "!operand 1 must be object but got array"},
};

Test(objects, keys_may_come_as_array_or_object)
{
    call_check_all(keys_may_rows, COUNT_OF(keys_may_rows), &host);
}

static const struct call_row get_follows_rows[] = {
    {"object.get", "[{\"a\": {\"b\": [1, 2]}}, [\"a\", \"b\", 1], 0]", "2"},
    {"object.get", "[{\"a\": {\"b\": [1, 2]}}, [\"a\", \"b\", 7], \"d\"]", "\"d\""},
    {"object.get", "[{\"a\": 1}, [], 0]", "{\"a\":1}"},
    {"object.get", "[{\"a\": 1}, \"a\", 0]", "1"},
    {"object.get", "[{\"a\": 1}, \"b\", null]", "null"},
    {"object.get", "[1, \"b\", null]", "!operand 1 must be object but got number"},
};

Test(objects, get_follows_paths_and_falls_back)
{
    call_check_all(get_follows_rows, COUNT_OF(get_follows_rows), &host);
}

static const struct call_row subsets_are_rows[] = {
    {"object.subset", "[{\"a\": {\"b\": 1, \"c\": 2}}, {\"a\": {\"b\": 1}}]", "true"},
    {"object.subset", "[{\"a\": {\"b\": 1}}, {\"a\": {\"b\": 2}}]", "false"},
    {"object.subset", "[[1, 2, 3, 4], [2, 3]]", "true"},
    {"object.subset", "[[1, 2, 3, 4], [2, 4]]", "false"},
    {"object.subset", "[[1, 2, 1, 2, 3], [1, 2, 3]]", "true"},
    {"object.subset", "[{\"a\": [1, 2]}, {\"a\": [2]}]", "true"},
    {"object.subset", "[[], []]", "true"},
    {"object.subset", "[{}, []]", "!both arguments object.subset must be of the same type or array and set"},
};

Test(objects, subsets_are_deep_for_objects_and_runs_for_arrays)
{
    call_check_all(subsets_are_rows, COUNT_OF(subsets_are_rows), &host);
}

static const struct call_row arrays_are_rows[] = {
    {"array.concat", "[[1], [2, 3]]", "[1,2,3]"},
    {"array.concat", "[[], [2]]", "[2]"},
    {"array.concat", "[1, [2]]", "!operand 1 must be array but got number"},
    {"array.concat", "[[1], 2]", "!operand 2 must be array but got number"},
    {"array.flatten", "[[1, [2, [3]], [], 4]]", "[1,2,[3],4]"},
    {"array.flatten", "[[1, 2]]", "[1,2]"},
    {"array.reverse", "[[1, 2, 3]]", "[3,2,1]"},
    {"array.reverse", "[[]]", "[]"},
    {"array.slice", "[[1, 2, 3], 1, 2]", "[2]"},
    {"array.slice", "[[1, 2, 3], -1, 99]", "[1,2,3]"},
    {"array.slice", "[[1, 2, 3], 2, 1]", "[]"},
    {"array.slice", "[[1, 2, 3], 0.5, 1]", "!operand 2 must be integer number but got floating-point number"},
};

Test(objects, arrays_are_sliced_within_their_bounds)
{
    call_check_all(arrays_are_rows, COUNT_OF(arrays_are_rows), &host);
}

static const struct call_row paths_filter_rows[] = {
    {"json.filter", "[{\"a\": {\"b\": 1, \"c\": 2}, \"d\": 3}, [\"a/b\", \"/d\"]]", "{\"a\":{\"b\":1},\"d\":3}"},
    {"json.filter", "[{\"a\": {\"b\": 1, \"c\": 2}}, [\"a\", \"a/b\"]]", "{\"a\":{\"b\":1,\"c\":2}}"},
    {"json.filter", "[{\"a\": [10, 20, 30]}, [\"a/2\", \"a/0\", \"a/01\", \"a/x\"]]", "{\"a\":[10,30]}"},
    {"json.filter", "[{\"a/b\": {\"~\": 1, \"x\": 2}}, [\"a~1b/~0\"]]", "{\"a/b\":{\"~\":1}}"},
    {"json.filter", "[{\"a\": 1}, [[\"a\", \"b\"]]]", "{\"a\":1}"},
    {"json.filter", "[{\"a\": {\"b\": 1}}, []]", "{}"},
    {"json.filter", "[{\"a\": 1}, [1]]",
     "!operand 2 must be one of {set, array} containing string paths or array of path segments but got number"},
    {"json.filter", "[{\"a\": 1}, \"a\"]", "!operand 2 must be one of {set, array} but got string"},
    {"json.remove", "[{\"a\": {\"b\": 1, \"c\": 2}, \"d\": 3}, [\"a/b\", \"/d\"]]", "{\"a\":{\"c\":2}}"},
    {"json.remove", "[{\"a\": [10, 20, 30]}, [\"a/0\", \"a/2\"]]", "{\"a\":[20]}"},
    {"json.remove", "[{\"a\": 1}, [\"b\"]]", "{\"a\":1}"},
    {"json.remove", "[{\"a\": 1}, [\"\"]]", "{\"a\":1}"},
    {"json.remove", "[{\"a\": {\"b\": {\"c\": 1, \"d\": 2}}}, [[\"a\", \"b\", \"c\"]]]", "{\"a\":{\"b\":{\"d\":2}}}"},
};

Test(objects, paths_filter_and_remove)
{
    call_check_all(paths_filter_rows, COUNT_OF(paths_filter_rows), &host);
}

static const struct call_row graphs_are_rows[] = {
    {"graph.reachable", "[{\"a\": [\"b\"], \"b\": [\"c\"], \"c\": [\"a\"]}, [\"a\"]]", "[\"a\",\"b\",\"c\"]"},
    {"graph.reachable", "[{\"a\": [\"b\", \"z\"], \"b\": []}, [\"a\", \"q\"]]", "[\"a\",\"b\"]"},
    {"graph.reachable", "[{\"a\": 1}, [\"a\"]]", "[\"a\"]"},
    {"graph.reachable", "[{}, \"a\"]", "!operand 2 must be {array, set} but got string"},
    {"graph.reachable_paths", "[{\"a\": [\"b\"], \"b\": [\"c\"], \"c\": [\"a\"]}, [\"a\"]]", "[[\"a\",\"b\",\"c\"]]"},
    {"graph.reachable_paths", "[{\"a\": [\"a\"]}, [\"a\"]]", "[[\"a\",\"a\"]]"},
    {"graph.reachable_paths", "[{\"a\": [\"b\", \"c\"], \"b\": [\"d\"], \"c\": [\"d\"], \"d\": []}, [\"a\"]]",
     "[[\"a\",\"b\",\"d\"],[\"a\",\"c\",\"d\"]]"},
    {"graph.reachable_paths", "[{\"a\": [\"z\"]}, [\"a\", \"q\"]]", "[[\"a\"]]"},
    {"graph.reachable_paths", "[{\"a\": []}, [\"a\"]]", "[[\"a\"]]"},
};

Test(objects, graphs_are_searched_without_end_in_cycles)
{
    call_check_all(graphs_are_rows, COUNT_OF(graphs_are_rows), &host);
}

static const struct call_row texts_are_rows[] = {
    {"json.marshal", "[{\"b\": [1, 2.5], \"a\": \"<&>\"}]",
     "\"{\\\"a\\\":\\\"\\\\u003c\\\\u0026\\\\u003e\\\",\\\"b\\\":[1,2.5]}\""},
    {"json.marshal_with_options", "[{\"a\": [1]}, {\"pretty\": true}]", "\"{\\n\\t\\\"a\\\": [\\n\\t\\t1\\n\\t]\\n}\""},
    {"json.marshal_with_options", "[{\"a\": [1]}, {\"indent\": \" \", \"prefix\": \">\"}]",
     "\">{\\n> \\\"a\\\": [\\n>  1\\n> ]\\n>}\""},
    {"json.marshal_with_options", "[{\"a\": [1]}, {\"indent\": \" \", \"pretty\": false}]", "\"{\\\"a\\\":[1]}\""},
    {"json.marshal_with_options", "[1, {\"x\": 1}]", "!operand 2 object contained unknown key \"x\""},
    {"json.marshal_with_options", "[1, {\"indent\": 1}]",
     "!operand 2 key \"indent\" failed cast to string: operand 0 must be string but got number"},
    {"json.marshal_with_options", "[1, {\"pretty\": 1}]", "!operand 2 key \"pretty\" failed cast to bool"},
    {"json.unmarshal", "[\"{\\\"a\\\": [1, 2.50]}\"]", "{\"a\":[1,2.50]}"},
    {"json.is_valid", "[\"{\"]", "false"},
    {"json.is_valid", "[\"[1]\"]", "true"},
    {"json.is_valid", "[1]", "false"},
};

Test(objects, texts_are_marshalled_with_the_options_given)
{
    call_check_all(texts_are_rows, COUNT_OF(texts_are_rows), &host);
}

static const struct call_row kinds_are_rows[] = {
    {"is_array", "[[1]]", "true"},       {"is_array", "[{}]", "false"},
    {"is_boolean", "[false]", "true"},   {"is_null", "[null]", "true"},
    {"is_number", "[1.5]", "true"},      {"is_object", "[{}]", "true"},
    {"is_set", "[[]]", "false"},         {"is_string", "[\"a\"]", "true"},
    {"type_name", "[null]", "\"null\""}, {"type_name", "[true]", "\"boolean\""},
    {"type_name", "[1]", "\"number\""},  {"type_name", "[\"a\"]", "\"string\""},
    {"type_name", "[[]]", "\"array\""},  {"type_name", "[{}]", "\"object\""},
};

Test(objects, kinds_are_told_apart)
{
    call_check_all(kinds_are_rows, COUNT_OF(kinds_are_rows), &host);
}
