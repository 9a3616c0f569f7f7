# Replacing each letter by many, again and again.
package test

p := count(s12)

s0 := "aaaaaaaaaaaaaaaa"

s1 := replace(s0, "a", "aaaaaaaaaa")

s2 := replace(s1, "a", "aaaaaaaaaa")

s3 := replace(s2, "a", "aaaaaaaaaa")

s4 := replace(s3, "a", "aaaaaaaaaa")

s5 := replace(s4, "a", "aaaaaaaaaa")

s6 := replace(s5, "a", "aaaaaaaaaa")

s7 := replace(s6, "a", "aaaaaaaaaa")

s8 := replace(s7, "a", "aaaaaaaaaa")

s9 := replace(s8, "a", "aaaaaaaaaa")

s10 := replace(s9, "a", "aaaaaaaaaa")

s11 := replace(s10, "a", "aaaaaaaaaa")

s12 := replace(s11, "a", "aaaaaaaaaa")
