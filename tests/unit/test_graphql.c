/* SPDX-License-Identifier: Apache-2.0
 *
 * GraphQL as OPA parses and checks it: trees, errors and their places.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row queries_become_rows[] = {
    {"graphql.parse_query", "[\"{a}\"]",
     "{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Name\":\"a\"}]}]}"},
    {"graphql.parse_query",
     "[\"# c\\nquery Q($v: [Int!]! = 1 @d) @x { b: a(x: $v) @include(if: true) { ...F ... on T { c } } }\\nfragment F on T"
     " { d }\"]",
     "{\"Fragments\":[{\"Name\":\"F\",\"SelectionSet\":[{\"Alias\":\"d\",\"Name\":\"d\"}],\"TypeCondition\":\"T\"}],\"Oper"
     "ations\":[{\"Comment\":{\"List\":[{\"Value\":\"# c\"}]},\"Directives\":[{\"Location\":\"\",\"Name\":\"x\"}],\"Name\""
     ":\"Q\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"b\",\"Arguments\":[{\"Name\":\"x\",\"Value\":{\"Expect"
     "edTypeHasDefault\":false,\"Kind\":0,\"Raw\":\"v\"}}],\"Directives\":[{\"Arguments\":[{\"Name\":\"if\",\"Value\":{\"E"
     "xpectedTypeHasDefault\":false,\"Kind\":5,\"Raw\":\"true\"}}],\"Location\":\"\",\"Name\":\"include\"}],\"Name\":\"a\""
     ",\"SelectionSet\":[{\"Name\":\"F\"},{\"SelectionSet\":[{\"Alias\":\"c\",\"Name\":\"c\"}],\"TypeCondition\":\"T\"}]}]"
     ",\"VariableDefinitions\":[{\"DefaultValue\":{\"ExpectedTypeHasDefault\":false,\"Kind\":1,\"Raw\":\"1\"},\"Directives"
     "\":[{\"Location\":\"\",\"Name\":\"d\"}],\"Type\":{\"Elem\":{\"NamedType\":\"Int\",\"NonNull\":true},\"NamedType\":\""
     "\",\"NonNull\":true},\"Used\":false,\"Variable\":\"v\"}]}]}"},
    {"graphql.parse_query",
     "[\"{ a(l: [1, 2.5, \\\"s\\\", \\\"\\\"\\\"\\n    block\\n      two\\n\\\"\\\"\\\", true, null, E, {k: v}]) }\"]",
     "{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Arguments\":[{\"Name\":"
     "\"l\",\"Value\":{\"Children\":[{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":1,\"Raw\":\"1\"}}"
     ",{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":2,\"Raw\":\"2.5\"}},{\"Name\":\"\",\"Value\":{"
     "\"ExpectedTypeHasDefault\":false,\"Kind\":3,\"Raw\":\"s\"}},{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":fal"
     "se,\"Kind\":4,\"Raw\":\"block\\n  two\"}},{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":5,\"Ra"
     "w\":\"true\"}},{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":6,\"Raw\":\"null\"}},{\"Name\":\""
     "\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":7,\"Raw\":\"E\"}},{\"Name\":\"\",\"Value\":{\"Children\":[{"
     "\"Name\":\"k\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":7,\"Raw\":\"v\"}}],\"ExpectedTypeHasDefault\":fa"
     "lse,\"Kind\":9,\"Raw\":\"\"}}],\"ExpectedTypeHasDefault\":false,\"Kind\":8,\"Raw\":\"\"}}],\"Name\":\"a\"}]}]}"},
    {"graphql.parse_query", "[\"{ a # comment\\n b }\"]",
     "{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Name\":\"a\"},{\"Alias"
     "\":\"b\",\"Comment\":{\"List\":[{\"Value\":\"# comment\"}]},\"Name\":\"b\"}]}]}"},
    {"graphql.parse_query", "[\"{ a(s: \\\"\\\\u00e9\\\\n\\\") }\"]",
     "{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Arguments\":[{\"Name\":"
     "\"s\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":3,\"Raw\":\"\303\251\\n\"}}],\"Name\":\"a\"}]}]}"},
};

Test(graphql, queries_become_trees_without_what_is_empty)
{
    call_check_all(queries_become_rows, COUNT_OF(queries_become_rows), &host);
}

static const struct call_row schemas_become_rows[] = {
    {"graphql.parse_schema", "[\"\\\"d\\\" type T implements A & B @x { \\\"f\\\" f(a: Int = 1): [T!]! }\"]",
     "{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"d\",\"Directives\":[{\"Location\":\"\",\"Name\":\"x\"}],\"Fie"
     "lds\":[{\"Arguments\":[{\"DefaultValue\":{\"ExpectedTypeHasDefault\":false,\"Kind\":1,\"Raw\":\"1\"},\"Description\""
     ":\"\",\"Name\":\"a\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Description\":\"f\",\"Name\":\"f\",\"Typ"
     "e\":{\"Elem\":{\"NamedType\":\"T\",\"NonNull\":true},\"NamedType\":\"\",\"NonNull\":true}}],\"Interfaces\":[\"A\",\""
     "B\"],\"Kind\":\"OBJECT\",\"Name\":\"T\"}]}"},
    {"graphql.parse_schema", "[\"union U = | A | B\"]",
     "{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Kind\":\"UNION\",\"Name\":\"U\",\"Types\":[\"A\",\"B\"]}"
     "]}"},
    {"graphql.parse_schema", "[\"enum E { A B @x }\"]",
     "{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"EnumValues\":[{\"Description\":\"\",\"Name\":\"A\"},{\"D"
     "escription\":\"\",\"Directives\":[{\"Location\":\"\",\"Name\":\"x\"}],\"Name\":\"B\"}],\"Kind\":\"ENUM\",\"Name\":\""
     "E\"}]}"},
    {"graphql.parse_schema", "[\"input I { a: Int = 1 }\"]",
     "{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"DefaultValue\":{\"ExpectedTypeHasDefault\":"
     "false,\"Kind\":1,\"Raw\":\"1\"},\"Description\":\"\",\"Name\":\"a\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":fals"
     "e}}],\"Kind\":\"INPUT_OBJECT\",\"Name\":\"I\"}]}"},
    {"graphql.parse_schema", "[\"scalar S extend scalar S @x\"]",
     "{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Kind\":\"SCALAR\",\"Name\":\"S\"}],\"Extensions\":[{\"Bu"
     "iltIn\":false,\"Description\":\"\",\"Directives\":[{\"Location\":\"\",\"Name\":\"x\"}],\"Kind\":\"SCALAR\",\"Name\":"
     "\"S\"}]}"},
    {"graphql.parse_schema", "[\"directive @d(a: Int) repeatable on FIELD | OBJECT\"]",
     "{\"Directives\":[{\"Arguments\":[{\"Description\":\"\",\"Name\":\"a\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":fa"
     "lse}}],\"Description\":\"\",\"IsRepeatable\":true,\"Locations\":[\"FIELD\",\"OBJECT\"],\"Name\":\"d\"}]}"},
    {"graphql.parse_schema", "[\"schema { query: Q } extend schema @x\"]",
     "{\"Schema\":[{\"Description\":\"\",\"OperationTypes\":[{\"Operation\":\"query\",\"Type\":\"Q\"}]}],\"SchemaExtension"
     "\":[{\"Description\":\"\",\"Directives\":[{\"Location\":\"\",\"Name\":\"x\"}]}]}"},
    {"graphql.parse_schema", "[\"extend type T { a: Int }\"]",
     "{\"Extensions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"a\",\"Type\":{"
     "\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"T\"}]}"},
    {"graphql.parse_schema", "[\"# before\\ninterface I { a: Int # after\\n}\"]",
     "{\"Definitions\":[{\"AfterDescriptionComment\":{\"List\":[{\"Value\":\"# before\"}]},\"BuiltIn\":false,\"Description"
     "\":\"\",\"EndOfDefinitionComment\":{\"List\":[{\"Value\":\"# after\"}]},\"Fields\":[{\"Description\":\"\",\"Name\":"
     "\"a\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"INTERFACE\",\"Name\":\"I\"}]}"},
    {"graphql.parse_schema", "[\"\"]", "{}"},
};

Test(graphql, schemas_become_trees)
{
    call_check_all(schemas_become_rows, COUNT_OF(schemas_become_rows), &host);
}

static const struct call_row errors_of_rows[] = {
    {"graphql.parse_query", "[\"\"]", "{}"},
    {"graphql.parse_query", "[\"{\"]", "!Expected Name, found <EOF> in GraphQL string at location 1:2"},
    {"graphql.parse_query", "[\"{a\"]", "!Expected Name, found <EOF> in GraphQL string at location 1:3"},
    {"graphql.parse_query", "[\"{}\"]", "!expected at least one definition, found } in GraphQL string at location 1:2"},
    {"graphql.parse_query", "[\"{a(}\"]", "!Expected Name, found } in GraphQL string at location 1:4"},
    {"graphql.parse_query", "[\"query\"]", "!Expected {, found <EOF> in GraphQL string at location 1:6"},
    {"graphql.parse_query", "[\"{a:}\"]", "!Expected Name, found } in GraphQL string at location 1:4"},
    {"graphql.parse_query", "[\"{ ...on }\"]", "!Expected Name, found } in GraphQL string at location 1:9"},
    {"graphql.parse_query", "[\"{a(x:$)}\"]", "!Expected Name, found ) in GraphQL string at location 1:7"},
    {"graphql.parse_query", "[\"{a(x:01)}\"]", "!Unexpected <Invalid> in GraphQL string at location 1:7"},
    {"graphql.parse_query", "[\"{a(x:1.)}\"]", "!Unexpected <Invalid> in GraphQL string at location 1:8"},
    {"graphql.parse_query", "[\"{a(x:\\\"u)}\"]", "!Unexpected <Invalid> in GraphQL string at location 1:10"},
    {"graphql.parse_query", "[\"{a(x:\\\"\\\\q\\\")}\"]", "!Unexpected <Invalid> in GraphQL string at location 1:8"},
    {"graphql.parse_query", "[\"a\"]", "!Unexpected Name \"a\" in GraphQL string at location 1:1"},
    {"graphql.parse_query", "[\"?\"]", "!Unexpected <Invalid> in GraphQL string at location 1:1"},
    {"graphql.parse_query", "[\"'\"]", "!Unexpected <Invalid> in GraphQL string at location 1:1"},
    {"graphql.parse_query", "[\"{a(x: \\\"\\u0001\\\")}\"]", "!Unexpected <Invalid> in GraphQL string at location 1:8"},
    {"graphql.parse_query", "[\"query ($a: Int = $b) {a}\"]", "!Unexpected $ in GraphQL string at location 1:18"},
    {"graphql.parse_query", "[\"fragment on on T {a}\"]", "!Unexpected Name \"on\" in GraphQL string at location 1:10"},
    {"graphql.parse_query", "[\"{\\n  a\\n  \303\251\"]", "!Expected Name, found <Invalid> in GraphQL string at location 3:3"},
    {"graphql.parse_schema", "[\"type\"]", "!Expected Name, found <EOF> in GraphQL string at location 1:5"},
    {"graphql.parse_schema", "[\"type T {\"]", "!Expected Name, found <EOF> in GraphQL string at location 1:9"},
    {"graphql.parse_schema", "[\"type T { }\"]", "!expected at least one definition, found } in GraphQL string at location 1:10"},
    {"graphql.parse_schema", "[\"extend type T\"]", "!Unexpected <EOF> in GraphQL string at location 1:14"},
    {"graphql.parse_schema", "[\"foo\"]", "!Unexpected Name \"foo\" in GraphQL string at location 1:1"},
    {"graphql.parse_schema", "[\"\\\"d\\\" extend type T {a: Int}\"]",
     "!Unexpected String \"d\" in GraphQL string at location 1:2"},
    {"graphql.parse_schema", "[\"directive @d on NOPE\"]", "!Unexpected Name \"NOPE\" in GraphQL string at location 1:17"},
    {"graphql.parse_schema", "[\"union U = \"]", "!Expected Name, found <EOF> in GraphQL string at location 1:11"},
    {"graphql.parse_schema", "[\"enum E { }\"]", "!expected at least one definition, found } in GraphQL string at location 1:10"},
    {"graphql.parse_schema", "[\"schema { foo: Q }\"]", "!Unexpected Name \"foo\" in GraphQL string at location 1:10"},
};

Test(graphql, errors_of_syntax_have_their_place)
{
    call_check_all(errors_of_rows, COUNT_OF(errors_of_rows), &host);
}

static const struct call_row schemas_are_rows[] = {
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Nope}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:16: Undefined type Nope."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Int a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:20: Field Query.a can only be defined once."},
    {"graphql.parse", "[\"{__typename}\", \"type Query\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:6: OBJECT Query: must define one or more fields."},
    {"graphql.parse", "[\"{__typename}\", \"type Q {a: Int} type Q {b: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:22: Cannot redeclare type Q."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {__a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:13: Name \"__a\" must not begin with \"__\", which "
     "is reserved by GraphQL introspection."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a(x: Query): Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:15: cannot use Query as argument x because OBJECT i"
     "s not a valid input type"},
    {"graphql.parse", "[\"{__typename}\", \"type Query implements I {a: Int} interface I {b: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:6: For Query to implement I it must have a field ca"
     "lled b."},
    {"graphql.parse", "[\"{__typename}\", \"type Query implements I {a: String} interface I {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:26: For Query to implement I the field a must have "
     "type Int."},
    {"graphql.parse", "[\"{__typename}\", \"type Query implements I {a(y: Int!): Int} interface I {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:28: For Query to implement I any additional argumen"
     "ts on a must be optional or have a default value but y is required."},
    {"graphql.parse", "[\"{__typename}\", \"type Query implements Int {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:6: \"Int\" is a non interface type SCALAR."},
    {"graphql.parse", "[\"{__typename}\", \"union U = Int type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:7: UNION type \"Int\" must be OBJECT."},
    {"graphql.parse", "[\"{__typename}\", \"union U = Query | Query type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:19: Union type U can only include type Query once."},
    {"graphql.parse", "[\"{__typename}\", \"enum E {true} type Query {a: E}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:6: ENUM E: non-enum value true."},
    {"graphql.parse", "[\"{__typename}\", \"enum E {A A} type Query {a: E}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:11: Enum value E.A can only be defined once."},
    {"graphql.parse", "[\"{__typename}\", \"input I {a: I!} type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:10: Cannot reference Input Object \"I\" within itse"
     "lf through a series of non-null fields: \"a\"."},
    {"graphql.parse", "[\"{__typename}\", \"input I {a: Query} type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:10: OBJECT a: field must be one of SCALAR, ENUM, IN"
     "PUT_OBJECT."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Int @nope}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:21: Undefined directive nope."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Int @skip(if: true)}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:21: Directive skip is not applicable on FIELD_DEFIN"
     "ITION."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Int @deprecated @deprecated}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:33: The directive deprecated can only be used once "
     "at this location."},
    {"graphql.parse", "[\"{__typename}\", \"type Query {a: Int @deprecated(x: 1)}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:32: Undefined argument x for directive deprecated."},
    {"graphql.parse", "[\"{__typename}\", \"directive @d(a: Int @d) on ARGUMENT_DEFINITION type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:22: Directive d cannot refer to itself."},
    {"graphql.parse", "[\"{__typename}\", \"directive @d on FIELD directive @d on FIELD type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:34: Cannot redeclare directive d."},
    {"graphql.parse", "[\"{__typename}\", \"schema {query: Nope}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:9: Schema root query refers to a type Nope that doe"
     "s not exist."},
    {"graphql.parse", "[\"{__typename}\", \"schema {query: A} schema {query: A} type A {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:26: Cannot have multiple schema entry points, consi"
     "der schema extensions instead."},
    {"graphql.parse", "[\"{__typename}\", \"extend input Query {a: Int} type Query {a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:14: Cannot extend type Query because the base type "
     "is a OBJECT, not INPUT_OBJECT."},
    {"graphql.parse",
     "[\"{__typename}\", \"type A implements B {a: Int} interface B implements C {a: Int} interface C {a: Int} type Query "
     "{a: Int}\"]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:1:6: Type A must implement C because it is implemente"
     "d by B."},
};

Test(graphql, schemas_are_checked)
{
    call_check_all(schemas_are_rows, COUNT_OF(schemas_are_rows), &host);
}

static const struct call_row queries_are_rows[] = {
    {"graphql.parse",
     "[\"{a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String "
     "t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive "
     "@d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "[{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Name\":\"a\"}]}]},{\"D"
     "efinitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"a\",\"Type\":{\"N"
     "amedType\":\"Int\",\"NonNull\":false}},{\"Arguments\":[{\"Description\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":"
     "\"Int\",\"NonNull\":true}},{\"DefaultValue\":{\"ExpectedTypeHasDefault\":false,\"Kind\":8,\"Raw\":\"\"},\"Descriptio"
     "n\":\"\",\"Name\":\"y\",\"Type\":{\"Elem\":{\"NamedType\":\"String\",\"NonNull\":false},\"NamedType\":\"\",\"NonNull"
     "\":false}}],\"Description\":\"\",\"Name\":\"b\",\"Type\":{\"NamedType\":\"T\",\"NonNull\":false}},{\"Description\":"
     "\"\",\"Name\":\"u\",\"Type\":{\"NamedType\":\"U\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"i\",\"Type\":"
     "{\"NamedType\":\"I\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Query\"},{\"BuiltIn\":false,\"Description\""
     ":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\"NonNull\":true}},{\"Descrip"
     "tion\":\"\",\"Name\":\"n\",\"Type\":{\"NamedType\":\"String\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"t"
     "\",\"Type\":{\"NamedType\":\"T\",\"NonNull\":false}}],\"Interfaces\":[\"I\"],\"Kind\":\"OBJECT\",\"Name\":\"T\"},{\""
     "BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID"
     "\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"R\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"D"
     "escription\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\"NonNull\":true}}],\"Kind\":\"INTERFACE\",\"Name\""
     ":\"I\"},{\"BuiltIn\":false,\"Description\":\"\",\"Kind\":\"UNION\",\"Name\":\"U\",\"Types\":[\"T\",\"R\"]},{\"BuiltI"
     "n\":false,\"Description\":\"\",\"EnumValues\":[{\"Description\":\"\",\"Name\":\"A\"},{\"Description\":\"\",\"Name\":"
     "\"B\"}],\"Kind\":\"ENUM\",\"Name\":\"E\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\","
     "\"Name\":\"e\",\"Type\":{\"NamedType\":\"E\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"r\",\"Type\":{\"Na"
     "medType\":\"Int\",\"NonNull\":true}}],\"Kind\":\"INPUT_OBJECT\",\"Name\":\"In\"},{\"BuiltIn\":false,\"Description\":"
     "\"\",\"Fields\":[{\"Arguments\":[{\"Description\":\"\",\"Name\":\"i\",\"Type\":{\"NamedType\":\"In\",\"NonNull\":fal"
     "se}}],\"Description\":\"\",\"Name\":\"m\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\","
     "\"Name\":\"Mutation\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"s\",\"Ty"
     "pe\":{\"NamedType\":\"Int\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"t\",\"Type\":{\"NamedType\":\"Int\""
     ",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Subscription\"}],\"Directives\":[{\"Arguments\":[{\"Description"
     "\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Description\":\"\",\"IsRepeatable\":fa"
     "lse,\"Locations\":[\"FIELD\"],\"Name\":\"d\"}]}]"},
    {"graphql.parse",
     "[\"{z}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String "
     "t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive "
     "@d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"z\" on type \"Query\". Did you mean \"a\", \"b\", \"u\", or \"i\"?\n in GraphQL string at loca"
     "tion 1:2"},
    {"graphql.parse",
     "[\"{aa}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String"
     " t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive"
     " @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"aa\" on type \"Query\". Did you mean \"a\"?\n in GraphQL string at location 1:2"},
    {"graphql.parse",
     "[\"{u {n}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: Str"
     "ing t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } direct"
     "ive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"n\" on type \"U\". Did you mean to use an inline fragment on \"T\"?\n in GraphQL string at loc"
     "ation 1:5"},
    {"graphql.parse",
     "[\"{i {n}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: Str"
     "ing t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } direct"
     "ive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"n\" on type \"I\". Did you mean to use an inline fragment on \"T\"?\n in GraphQL string at loc"
     "ation 1:5"},
    {"graphql.parse",
     "[\"{b {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: St"
     "ring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } direc"
     "tive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Field \"b\" argument \"x\" of type \"Int!\" is required, but it was not provided in GraphQL string at location 1:2"},
    {"graphql.parse",
     "[\"{b(x: 1, z: 2) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { i"
     "d: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: "
     "Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Unknown argument \"z\" on field \"Query.b\". Did you mean \"x\" or \"y\"?\n in GraphQL string at location 1:2"},
    {"graphql.parse",
     "[\"{b(x: 1, x: 2) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { i"
     "d: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: "
     "Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!There can be only one argument named \"x\" in GraphQL string at location 1:10"},
    {"graphql.parse",
     "[\"{b(x: \\\"s\\\") {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I {"
     " id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r"
     ": Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Int cannot represent non-integer value: \"s\"\n in GraphQL string at location 1:8"},
    {"graphql.parse",
     "[\"{b(x: null) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: "
     "ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int"
     "! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Expected value of type \"Int!\", found null in GraphQL string at location 1:7"},
    {"graphql.parse",
     "[\"{b(x: 99999999999) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I"
     " { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E"
     " r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "[{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"b\",\"Arguments\":[{\"Name\""
     ":\"x\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":1,\"Raw\":\"99999999999\"}}],\"Name\":\"b\",\"SelectionS"
     "et\":[{\"Alias\":\"id\",\"Name\":\"id\"}]}]}]},{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":"
     "[{\"Description\":\"\",\"Name\":\"a\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}},{\"Arguments\":[{\"Descrip"
     "tion\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":true}},{\"DefaultValue\":{\"ExpectedTypeHasDe"
     "fault\":false,\"Kind\":8,\"Raw\":\"\"},\"Description\":\"\",\"Name\":\"y\",\"Type\":{\"Elem\":{\"NamedType\":\"Strin"
     "g\",\"NonNull\":false},\"NamedType\":\"\",\"NonNull\":false}}],\"Description\":\"\",\"Name\":\"b\",\"Type\":{\"Named"
     "Type\":\"T\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"u\",\"Type\":{\"NamedType\":\"U\",\"NonNull\":fals"
     "e}},{\"Description\":\"\",\"Name\":\"i\",\"Type\":{\"NamedType\":\"I\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Na"
     "me\":\"Query\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{"
     "\"NamedType\":\"ID\",\"NonNull\":true}},{\"Description\":\"\",\"Name\":\"n\",\"Type\":{\"NamedType\":\"String\",\"No"
     "nNull\":false}},{\"Description\":\"\",\"Name\":\"t\",\"Type\":{\"NamedType\":\"T\",\"NonNull\":false}}],\"Interfaces"
     "\":[\"I\"],\"Kind\":\"OBJECT\",\"Name\":\"T\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":"
     "\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"R\"},{\"Buil"
     "tIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\""
     "NonNull\":true}}],\"Kind\":\"INTERFACE\",\"Name\":\"I\"},{\"BuiltIn\":false,\"Description\":\"\",\"Kind\":\"UNION\","
     "\"Name\":\"U\",\"Types\":[\"T\",\"R\"]},{\"BuiltIn\":false,\"Description\":\"\",\"EnumValues\":[{\"Description\":\""
     "\",\"Name\":\"A\"},{\"Description\":\"\",\"Name\":\"B\"}],\"Kind\":\"ENUM\",\"Name\":\"E\"},{\"BuiltIn\":false,\"Des"
     "cription\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"e\",\"Type\":{\"NamedType\":\"E\",\"NonNull\":false}},{"
     "\"Description\":\"\",\"Name\":\"r\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":true}}],\"Kind\":\"INPUT_OBJECT\",\""
     "Name\":\"In\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Arguments\":[{\"Description\":\"\",\"Name\":\""
     "i\",\"Type\":{\"NamedType\":\"In\",\"NonNull\":false}}],\"Description\":\"\",\"Name\":\"m\",\"Type\":{\"NamedType\":"
     "\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Mutation\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fi"
     "elds\":[{\"Description\":\"\",\"Name\":\"s\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}},{\"Description\":\""
     "\",\"Name\":\"t\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Subscription\""
     "}],\"Directives\":[{\"Arguments\":[{\"Description\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":"
     "false}}],\"Description\":\"\",\"IsRepeatable\":false,\"Locations\":[\"FIELD\"],\"Name\":\"d\"}]}]"},
    {"graphql.parse",
     "[\"{b(x: 1.5) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: I"
     "D! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int!"
     " } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Int cannot represent non-integer value: 1.5\n in GraphQL string at location 1:7"},
    {"graphql.parse",
     "[\"{b(x: 1, y: 2) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { i"
     "d: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: "
     "Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!String cannot represent a non string value: 2\n in GraphQL string at location 1:13"},
    {"graphql.parse",
     "[\"{b(x: 1)}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: S"
     "tring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } dire"
     "ctive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Field \"b\" of type \"T\" must have a selection of subfields. Did you mean \"b { ... }\"?\n in GraphQL string at lo"
     "cation 1:2"},
    {"graphql.parse",
     "[\"{a {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: St"
     "ring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } direc"
     "tive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"id\" on type \"Int\".\ninput:1:2: Field \"a\" must not have a selection since type \"Int\" has"
     " no subfields in GraphQL string at location 1:5"},
    {"graphql.parse",
     "[\"{a @nope}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: S"
     "tring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } dire"
     "ctive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Unknown directive \"@nope\" in GraphQL string at location 1:5"},
    {"graphql.parse",
     "[\"{a @d @d}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: S"
     "tring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } dire"
     "ctive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!The directive \"@d\" can only be used once at this location in GraphQL string at location 1:8"},
    {"graphql.parse",
     "[\"{a @skip}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: S"
     "tring t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } dire"
     "ctive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided in GraphQL string at "
     "location 1:5"},
    {"graphql.parse",
     "[\"query @d {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n"
     ": String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } d"
     "irective @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Directive \"@d\" may not be used on QUERY in GraphQL string at location 1:8"},
    {"graphql.parse",
     "[\"{...F}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: Stri"
     "ng t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directi"
     "ve @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Unknown fragment \"F\" in GraphQL string at location 1:5"},
    {"graphql.parse",
     "[\"fragment F on T {id} {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I"
     " { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E"
     " r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Fragment \"F\" is never used in GraphQL string at location 1:1"},
    {"graphql.parse",
     "[\"fragment F on Nope {id} {...F}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implem"
     "ents I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In "
     "{ e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\""
     "]",
     "!Unknown type \"Nope\" in GraphQL string at location 1:1"},
    {"graphql.parse",
     "[\"fragment F on Int {id} {...F}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T impleme"
     "nts I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In {"
     " e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Cannot query field \"id\" on type \"Int\".\ninput:1:20: Cannot query field \"id\" on type \"Int\".\ninput:1:1: Frag"
     "ment \"F\" cannot condition on non composite type \"Int\" in GraphQL string at location 1:20"},
    {"graphql.parse",
     "[\"fragment F on R {id} {b(x: 1) {...F}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T"
     " implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } in"
     "put In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: "
     "Int }\"]",
     "!Fragment \"F\" cannot be spread here as objects of type \"T\" can never be of type \"R\" in GraphQL string at locat"
     "ion 1:35"},
    {"graphql.parse",
     "[\"{b(x: 1) {... on R {id}}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements "
     "I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: "
     "E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Fragment cannot be spread here as objects of type \"T\" can never be of type \"R\" in GraphQL string at location 1:"
     "15"},
    {"graphql.parse",
     "[\"{... on Nop {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: "
     "ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int"
     "! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Unknown type \"Nop\" in GraphQL string at location 1:6"},
    {"graphql.parse",
     "[\"fragment F on Query {...G} fragment G on Query {...F} {...F}\", \"type Query { a: Int b(x: Int!, y: [String] = []"
     "): T u: U i: I } type T implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = "
     "T | R enum E { A B } input In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Su"
     "bscription { s: Int t: Int }\"]",
     "!Cannot spread fragment \"F\" within itself via \"G\" in GraphQL string at location 1:52"},
    {"graphql.parse",
     "[\"fragment F on Query {a} fragment F on Query {a} {...F}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u"
     ": U i: I } type T implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R "
     "enum E { A B } input In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscrip"
     "tion { s: Int t: Int }\"]",
     "!There can be only one fragment named \"F\" in GraphQL string at location 1:25"},
    {"graphql.parse",
     "[\"query ($v: Int) {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id"
     ": ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: I"
     "nt! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Variable \"$v\" is never used in GraphQL string at location 1:8"},
    {"graphql.parse",
     "[\"query ($v: Int) {b(x: $v) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T imple"
     "ments I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In"
     " { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }"
     "\"]",
     "!Variable \"$v\" of type \"Int\" used in position expecting type \"Int!\" in GraphQL string at location 1:23"},
    {"graphql.parse",
     "[\"query ($v: Int = 1) {b(x: $v) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T i"
     "mplements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } inpu"
     "t In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: In"
     "t }\"]",
     "[{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"b\",\"Arguments\":[{\"Name\""
     ":\"x\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":0,\"Raw\":\"v\"}}],\"Name\":\"b\",\"SelectionSet\":[{\"A"
     "lias\":\"id\",\"Name\":\"id\"}]}],\"VariableDefinitions\":[{\"DefaultValue\":{\"ExpectedTypeHasDefault\":false,\"Kin"
     "d\":1,\"Raw\":\"1\"},\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false},\"Used\":false,\"Variable\":\"v\"}]}]},{\"De"
     "finitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"a\",\"Type\":{\"Na"
     "medType\":\"Int\",\"NonNull\":false}},{\"Arguments\":[{\"Description\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":"
     "\"Int\",\"NonNull\":true}},{\"DefaultValue\":{\"ExpectedTypeHasDefault\":false,\"Kind\":8,\"Raw\":\"\"},\"Descriptio"
     "n\":\"\",\"Name\":\"y\",\"Type\":{\"Elem\":{\"NamedType\":\"String\",\"NonNull\":false},\"NamedType\":\"\",\"NonNull"
     "\":false}}],\"Description\":\"\",\"Name\":\"b\",\"Type\":{\"NamedType\":\"T\",\"NonNull\":false}},{\"Description\":"
     "\"\",\"Name\":\"u\",\"Type\":{\"NamedType\":\"U\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"i\",\"Type\":"
     "{\"NamedType\":\"I\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Query\"},{\"BuiltIn\":false,\"Description\""
     ":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\"NonNull\":true}},{\"Descrip"
     "tion\":\"\",\"Name\":\"n\",\"Type\":{\"NamedType\":\"String\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"t"
     "\",\"Type\":{\"NamedType\":\"T\",\"NonNull\":false}}],\"Interfaces\":[\"I\"],\"Kind\":\"OBJECT\",\"Name\":\"T\"},{\""
     "BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID"
     "\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"R\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"D"
     "escription\":\"\",\"Name\":\"id\",\"Type\":{\"NamedType\":\"ID\",\"NonNull\":true}}],\"Kind\":\"INTERFACE\",\"Name\""
     ":\"I\"},{\"BuiltIn\":false,\"Description\":\"\",\"Kind\":\"UNION\",\"Name\":\"U\",\"Types\":[\"T\",\"R\"]},{\"BuiltI"
     "n\":false,\"Description\":\"\",\"EnumValues\":[{\"Description\":\"\",\"Name\":\"A\"},{\"Description\":\"\",\"Name\":"
     "\"B\"}],\"Kind\":\"ENUM\",\"Name\":\"E\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\","
     "\"Name\":\"e\",\"Type\":{\"NamedType\":\"E\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"r\",\"Type\":{\"Na"
     "medType\":\"Int\",\"NonNull\":true}}],\"Kind\":\"INPUT_OBJECT\",\"Name\":\"In\"},{\"BuiltIn\":false,\"Description\":"
     "\"\",\"Fields\":[{\"Arguments\":[{\"Description\":\"\",\"Name\":\"i\",\"Type\":{\"NamedType\":\"In\",\"NonNull\":fal"
     "se}}],\"Description\":\"\",\"Name\":\"m\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\","
     "\"Name\":\"Mutation\"},{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"s\",\"Ty"
     "pe\":{\"NamedType\":\"Int\",\"NonNull\":false}},{\"Description\":\"\",\"Name\":\"t\",\"Type\":{\"NamedType\":\"Int\""
     ",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Subscription\"}],\"Directives\":[{\"Arguments\":[{\"Description"
     "\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Description\":\"\",\"IsRepeatable\":fa"
     "lse,\"Locations\":[\"FIELD\"],\"Name\":\"d\"}]}]"},
    {"graphql.parse",
     "[\"query A {b(x: $v) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I "
     "{ id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E "
     "r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Variable \"$v\" is not defined by operation \"A\" in GraphQL string at location 1:15"},
    {"graphql.parse",
     "[\"query ($v: Int!, $v: Int!) {b(x: $v) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } t"
     "ype T implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B"
     " } input In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: In"
     "t t: Int }\"]",
     "!Variable \"$v\" is never used.\ninput:1:18: There can be only one variable named \"$v\" in GraphQL string at locati"
     "on 1:18"},
    {"graphql.parse",
     "[\"query ($v: T) {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: "
     "ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int"
     "! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Variable \"$v\" is never used.\ninput:1:8: Variable \"$v\" cannot be non-input type \"T\" in GraphQL string at loca"
     "tion 1:8"},
    {"graphql.parse",
     "[\"query ($v: Nope) {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { i"
     "d: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: "
     "Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Unknown type \"Nope\".\ninput:1:8: Variable \"$v\" is never used in GraphQL string at location 1:8"},
    {"graphql.parse",
     "[\"{a} {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: Str"
     "ing t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } direct"
     "ive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!This anonymous operation must be the only defined operation.\ninput:1:5: This anonymous operation must be the only "
     "defined operation.\ninput:1:5: There can be only one operation named \"\" in GraphQL string at location 1:1"},
    {"graphql.parse",
     "[\"query A {a} query A {a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I "
     "{ id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E "
     "r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!There can be only one operation named \"A\" in GraphQL string at location 1:13"},
    {"graphql.parse",
     "[\"{x: a x: __typename}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { i"
     "d: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: "
     "Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Fields \"x\" conflict because \"a\" and \"__typename\" are different fields. Use different aliases on the fields to"
     " fetch both if this was intentional in GraphQL string at location 1:7"},
    {"graphql.parse",
     "[\"{b(x: 1) {id} b(x: 2) {id}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implement"
     "s I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e"
     ": E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Fields \"b\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if t"
     "his was intentional in GraphQL string at location 1:15"},
    {"graphql.parse",
     "[\"{b(x: 1) {id ... on T {id: n}}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T imple"
     "ments I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In"
     " { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }"
     "\"]",
     "!Fields \"id\" conflict because \"id\" and \"n\" are different fields. Use different aliases on the fields to fetch "
     "both if this was intentional in GraphQL string at location 1:24"},
    {"graphql.parse",
     "[\"{b(x: 1) {t {x: id} t {x: n}}}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implem"
     "ents I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In "
     "{ e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\""
     "]",
     "!Fields \"t\" conflict because subfields \"x\" conflict because \"id\" and \"n\" are different fields. Use different"
     " aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:21"},
    {"graphql.parse",
     "[\"subscription {s t}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id:"
     " ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: In"
     "t! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Anonymous Subscription must select only one top level field in GraphQL string at location 1:17"},
    {"graphql.parse",
     "[\"subscription {__typename}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements "
     "I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: "
     "E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Anonymous Subscription must not select an introspection top level field in GraphQL string at location 1:15"},
    {"graphql.parse",
     "[\"mutation {m(i: {})}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id"
     ": ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: I"
     "nt! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Field \"In.r\" of required type \"Int!\" was not provided in GraphQL string at location 1:16"},
    {"graphql.parse",
     "[\"mutation {m(i: {e: C, r: 1})}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T impleme"
     "nts I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In {"
     " e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Value \"C\" does not exist in \"E\" enum. Did you mean the enum value \"A\" or \"B\"?\n in GraphQL string at locati"
     "on 1:20"},
    {"graphql.parse",
     "[\"mutation {m(i: {e: \\\"A\\\", r: 1})}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T"
     " implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } in"
     "put In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: "
     "Int }\"]",
     "!Enum \"E\" cannot represent non-enum value: \"A\". Did you mean the enum value \"A\" or \"B\"?\n in GraphQL string "
     "at location 1:21"},
    {"graphql.parse",
     "[\"mutation {m(i: {r: 1, r: 2})}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T impleme"
     "nts I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In {"
     " e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!There can be only one input field named \"r\" in GraphQL string at location 1:23"},
    {"graphql.parse",
     "[\"mutation {m(i: {r: 1, q: 2})}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T impleme"
     "nts I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In {"
     " e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!Field \"q\" is not defined by type \"In\". Did you mean \"e\" or \"r\"?\n in GraphQL string at location 1:23"},
    {"graphql.parse",
     "[\"{__schema {types {fields {type {fields {type {fields {name}}}}}}}}\", \"type Query { a: Int b(x: Int!, y: [String"
     "] = []): T u: U i: I } type T implements I { id: ID! n: String t: T } type R { id: ID } interface I { id: ID! } unio"
     "n U = T | R enum E { A B } input In { e: E r: Int! } directive @d(x: Int) on FIELD type Mutation { m(i: In): Int } t"
     "ype Subscription { s: Int t: Int }\"]",
     "!Maximum introspection depth exceeded\n in GraphQL string at location 1:2"},
};

Test(graphql, queries_are_checked_against_their_schema)
{
    call_check_all(queries_are_rows, COUNT_OF(queries_are_rows), &host);
}

static const struct call_row answers_without_rows[] = {
    {"graphql.is_valid",
     "[\"{a}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String "
     "t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive "
     "@d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "true"},
    {"graphql.is_valid",
     "[\"{z}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String "
     "t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive "
     "@d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "false"},
    {"graphql.is_valid",
     "[\"{\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String t:"
     " T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive @d"
     "(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "false"},
    {"graphql.is_valid",
     "[1, \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String t: T }"
     " type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive @d(x: "
     "Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "false"},
    {"graphql.schema_is_valid",
     "[\"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String t: T } ty"
     "pe R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive @d(x: Int"
     ") on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "true"},
    {"graphql.schema_is_valid", "[\"type Query\"]", "false"},
    {"graphql.schema_is_valid", "[1]", "false"},
    {"graphql.parse_and_verify",
     "[\"{z}\", \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String "
     "t: T } type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive "
     "@d(x: Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "[false,{},{}]"},
    {"graphql.parse_and_verify", "[\"{a}\", \"type Query {a: Int}\"]",
     "[true,{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Name\":\"a\"}]}]}"
     ",{\"Definitions\":[{\"BuiltIn\":false,\"Description\":\"\",\"Fields\":[{\"Description\":\"\",\"Name\":\"a\",\"Type\""
     ":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"Query\"}]}]"},
    {"graphql.parse_query", "[1]", "!operand 1 must be string but got number"},
    {"graphql.parse_schema", "[1]", "!operand 1 must be string but got number"},
    {"graphql.parse",
     "[1, \"type Query { a: Int b(x: Int!, y: [String] = []): T u: U i: I } type T implements I { id: ID! n: String t: T }"
     " type R { id: ID } interface I { id: ID! } union U = T | R enum E { A B } input In { e: E r: Int! } directive @d(x: "
     "Int) on FIELD type Mutation { m(i: In): Int } type Subscription { s: Int t: Int }\"]",
     "!operand 0 must be one of {string, object} but got number"},
    {"graphql.parse", "[\"{a}\", 1]", "!operand 1 must be one of {string, object} but got number"},
};

Test(graphql, answers_without_errors_are_false)
{
    call_check_all(answers_without_rows, COUNT_OF(answers_without_rows), &host);
}

static const struct call_row trees_may_rows[] = {
    {"graphql.is_valid",
     "[{\"Operations\": [{\"Name\": \"\", \"Operation\": \"query\", \"SelectionSet\": [{\"Alias\": \"a\", \"Name\": \"a\"}"
     "]}]}, {\"Definitions\": [{\"Kind\": \"OBJECT\", \"Name\": \"Query\", \"Fields\": [{\"Name\": \"a\", \"Type\": {\"Nam"
     "edType\": \"Int\", \"NonNull\": false}}]}]}]",
     "true"},
    {"graphql.parse", "[{\"Operations\": [{\"SelectionSet\": [{\"Name\": \"z\"}]}]}, \"type Query {a: Int}\"]",
     "!GraphQL parse error: input: Cannot query field \"z\" on type \"Query\". Did you mean \"a\"?\n"},
    {"graphql.parse", "[{\"Operations\": 1}, \"type Query {a: Int}\"]",
     "!json: cannot unmarshal number into Go value of type []struct"},
    {"graphql.parse", "[\"{a}\", {\"Definitions\": [{\"Kind\": \"OBJECT\", \"Name\": \"Query\"}]}]",
     "!Error in gqlparser SchemaDocument to Schema conversion: input:-1:-1: OBJECT Query: must define one or more fields."},
    {"graphql.is_valid", "[{}, {}]", "true"},
};

Test(graphql, trees_may_be_given_as_values)
{
    call_check_all(trees_may_rows, COUNT_OF(trees_may_rows), &host);
}
