# Searching a needle that almost matches everywhere.
package test

p := [indexof_n(hay, needle), strings.count(hay, needle), contains(hay, needle)]

hay := concat("", ["a" | some _ in numbers.range(1, 400000)])

needle := concat("", [substring(hay, 0, 200000), "b"])
