package b

import data.u

default limit := 10

limit := 20 if input.tier == "gold"

limit := 30 if {
	input.tier == "gold"
	input.vip
}

roles := {"admin": ["read", "write"], "guest": ["read"]}

allowed if {
	some role in input.roles
	some perm in roles[role]
	perm == input.action
	trace(sprintf("perm %s", [perm]))
}

blocked if input.user in {"eve", "mallory"}

blocked if startswith(input.user, "bad-")

f("a") := 1

f("b") := 2

f(x) := 3 if {
	x == "c"
}

uses contains f(k) if some k in ["a", "b", "c"]

chain := x if {
	y := u.base
	x := y + u.more
	x > 1
}

n contains x if {
	x := numbers.range(1, 3)[_]
	not bad(x)
}

bad(x) if x % 2 == 0

tree[a][c] := d if {
	some a in ["p", "q"]
	some c, d in {"k": 1, "l": 2}
}

e if {
	every k, v in roles {
		count(v) > 0
		k != ""
	}
}

w := v if v := limit with input.tier as "silver"

q if n[1]

q2 if {
	r := {k: v | some k, v in roles; count(v) > 1}
	count(r) == 1
	s := {x | x := n[_]; x > 1}
	s == {3}
}

multi[x] := y if {
	some x in ["a", "b"]
	y := f(x)
}

multi["z"] := 9

lookup := data.b.multi[input.key]

oo if { input.a == 1 } else := false if { input.b == 2 } else := "z" if not input.c

undefd if {
	u.nothing
}

mixed := [x, y] if { some x in [1,2]; some y in [3]; x < y ; x == 2}
