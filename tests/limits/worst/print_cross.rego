# A long line for each combination.
package test

p if {
	some x in r
	some y in r
	print(x, y, r, r)
	x < 0
}

r := numbers.range(1, 1000)
