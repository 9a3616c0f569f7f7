# The same in large steps, again and again.
package test

p := count([1 | some i in numbers.range(1, 10000000); count(numbers.range_step(1, 1000000000, 1000 + i)) > 0])
