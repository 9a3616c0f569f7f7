# Each level of comprehension goes through all of the one below, ten times.
package test

p := count(l9)

l0 := [i | some i in numbers.range(1, 10)]

l1 := [[x, i] | some x in l0; some i in l0]

l2 := [[x, i] | some x in l1; some i in l0]

l3 := [[x, i] | some x in l2; some i in l0]

l4 := [[x, i] | some x in l3; some i in l0]

l5 := [[x, i] | some x in l4; some i in l0]

l6 := [[x, i] | some x in l5; some i in l0]

l7 := [[x, i] | some x in l6; some i in l0]

l8 := [[x, i] | some x in l7; some i in l0]

l9 := [[x, i] | some x in l8; some i in l0]
