# An alternation whose branches overlap.
package test

p := regex.match(`^(a|a|aa|aaa|aaaa)*(a|aa)*(a|aaa)*c$`, concat("", ["a" | some _ in numbers.range(1, 20000)]))
