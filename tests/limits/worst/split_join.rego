# Splitting a long text into bytes and joining them, without end.
package test

p := count([1 | some i in numbers.range(1, 1000000); concat(",", split(long, "")) == sprintf("%d", [i])])

long := sprintf("%200000d", [1])
