# Ten to the power of twelve elements.
package test

p := count(numbers.range(1, 1000000000000))
