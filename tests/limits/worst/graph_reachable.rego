# Reachable nodes of a dense graph.
package test

p := count([1 | some i in r; count(graph.reachable(g, {i})) > 0])

g := {i: r | some i in r}

r := numbers.range(1, 1500)
