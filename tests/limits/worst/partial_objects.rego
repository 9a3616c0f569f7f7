# A partial object of sets of objects, squared.
package test

p[x][y] contains z if {
	some x in r
	some y in r
	some z in r
}

r := numbers.range(1, 1000)
