# Reachable paths of a complete graph: as many as there are permutations.
package test

p := count(graph.reachable_paths(g, {"1"}))

g := {sprintf("%d", [i]): [sprintf("%d", [j]) | some j in r; j != i] | some i in r}

r := numbers.range(1, 15)
