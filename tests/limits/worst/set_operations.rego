# Unions and intersections of large sets, all of all.
package test

p := count([z | some i in r; some j in r; z := (s | {i}) & (s | {j})])

r := numbers.range(1, 3000)

s := {x | some x in r}
