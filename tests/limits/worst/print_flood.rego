# A flood of lines.
package test

p if {
	some i in numbers.range(1, 100000000)
	print("line", i, long)
	i < 0
}

long := sprintf("%1000d", [1])
