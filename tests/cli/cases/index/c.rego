package c

import data.u

# indexing
r1 if input.method == "GET"

r1 if {
	input.method == "POST"
	input.path[0] == "admin"
}

r2 := "glob" if glob.match("/api/*", ["/"], input.uri)

r2 := "glob2" if glob.match("/web/*", ["/"], input.uri)

r3 if "dev" in input.groups

r3 if input.groups[_] == "ops"

r3 if {
	some g in input.groups
	g == "qa"
}

r4 := n if {
	x := input.kind
	x == "b"
	n := 1
}

r4 := 2 if {
	x := input.kind
	x == "a"
}

r5 := "x" if endswith(input.uri, ".json")

r5 := "y" if strings.any_prefix_match(input.uri, ["/api", "/web"])

g(x, y) := z if {
	x == 1
	z := y
} else := w if {
	x == 2
	w := y + 1
} else := 0

calls := [v | some i in [1, 2, 3]; v := g(i, 10)]

h(_) := true

nested if {
	h(1)
	h(h(2))
	not h(u.nothing)
}

p contains x if {
	walk(input, [path, x])
	count(path) == 1
}

with1 if {
	r1 with input.method as "PUT" with input.uri as "z"
}

with1 if {
	r1 with input as {"method": "GET"}
}

ob := {"a": x, "b": y} if {
	x := count([1 | input.groups[_]])
	y := {k | input.path[k]}
}

default fd(_) := "d"

fd(x) := "one" if x == 1

uses := [fd(1), fd(2)]

deep.er.rule := 1 if input.kind

deep.er.set contains v if v := deep.er.rule

refs if {
	deep.er.set[1]
	"a" in ["b", "a"]
	data.c.deep.er.rule == 1
	some k, v in input
	k == "kind"
	v == "a"
}

ee := "v" if {
	some i in numbers.range(1, 5)
	i > 2
}

many := i if {
	some i in [4, 4, 4]
}

strs := sprintf("%v-%s", [input.kind, lower(input.method)])

neg if not input.kind == "z"

neg2 if {
	not r1
	not p[3]
}

alleven if every x in [2, 4] { x % 2 == 0 }

notall if every x in [2, 3, 4] { x % 2 == 0 }

emptyev if every x in [] { x > 1 }

dyn := data.u[input.ref]

iter := [k | some k; data.c.deep.er[k]]

union := {1, 2} | {3}

cmpr := {x: y | some x; y := input.groups[x]; y != "qa"}

single.key := 1 if input.kind

single.other := 2
