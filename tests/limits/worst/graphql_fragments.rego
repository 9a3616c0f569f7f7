# Fragments that spread each other, each twice.
package test

p := graphql.is_valid(concat("\n", array.concat(["{...f40}", "fragment f0 on Query {a}"], [f | some i in numbers.range(1, 40); f := sprintf("fragment f%d on Query {...f%d ...f%d}", [i, i - 1, i - 1])])), "type Query {a: Int}")
