# A query that nests without end.
package test

p := graphql.parse_query(concat("", [concat("", ["{a" | some _ in r]), concat("", ["}" | some _ in r])]))

r := numbers.range(1, 200000)
