# Every variable runs through the whole input of every other.
package test

p if {
	some a in r
	some b in r
	some c in r
	some d in r
	some e in r
	a + b + c + d == 0 - e
}

r := numbers.range(1, 300)
