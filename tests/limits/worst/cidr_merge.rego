# Merging many networks, none of which touches another.
package test

p := count(net.cidr_merge([c | some a in numbers.range(1, 250); some b in numbers.range(1, 250); c := sprintf("%d.%d.0.0/24", [a, b])]))
