package a

default allow := false

allow if {
	input.user == "bob"
	some r in input.roles
	r == "admin"
}

allow if count(names) > 5

names contains n if {
	some n in input.names
	startswith(n, "a")
}

f(x) := y if {
	y := x + 1
	not x == 3
}

g := [f(x) | some x in [1, 2, 3]]

obj[k] := v if some k, v in input.m

deny contains msg if {
	not allow
	msg := sprintf("no %v", [input.user])
}

never if {
	input.zzz
	1 == 2
}

ev if every x in input.roles { x != "q" }

el := 1 if { input.nope } else := 2 if { input.user } else := 3
