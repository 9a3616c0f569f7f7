# Comprehensions within comprehensions, none of which is remembered.
package test

p := [a | some a in r; b := [c | some c in r; d := [e | some e in r; f := [g | some g in r; g > a + c + e]; count(f) > 0]; count(d) > 0]; count(b) > 0]

r := numbers.range(1, 200)
