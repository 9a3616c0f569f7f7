# Sums of numbers of sixty thousand digits.
package test

p := sum([x | some i in numbers.range(1, 100000); x := big + i])

big := to_number(concat("", ["7" | some _ in numbers.range(1, 60000)]))
