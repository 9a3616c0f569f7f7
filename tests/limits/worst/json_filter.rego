# Filtering by very many paths.
package test

p := json.filter({sprintf("%d", [i]): i | some i in r}, [sprintf("%d/a/b/c", [i]) | some i in r])

r := numbers.range(1, 200000)
