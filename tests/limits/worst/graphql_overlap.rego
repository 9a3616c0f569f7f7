# Fields of the same name that all have to be compared with each other.
package test

p := graphql.is_valid(sprintf("{%s}", [concat(" ", [f | some _ in numbers.range(1, 3000); f := "a: b(x: 1) {a: b {c}}"])]), "type Query {b(x: Int): Query c: Int}")
