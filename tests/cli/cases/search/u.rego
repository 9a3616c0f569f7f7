package u

base := 5

more := z if {
	z := base * 2
	some i in [1, 2]
	i > 0
}
