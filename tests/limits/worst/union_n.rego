# object.union_n of many objects of many keys.
package test

p := count(object.union_n([o | some i in r; o := {sprintf("%d-%d", [i, j]): j | some j in r}]))

r := numbers.range(1, 2000)
