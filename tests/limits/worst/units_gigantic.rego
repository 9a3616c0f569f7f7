# A unit of a number of a million digits, and one with a gigantic exponent.
package test

p := [units.parse(concat("", ["9" | some _ in numbers.range(1, 1000000)])), units.parse("1e1000000000Ei"), units.parse_bytes("1e999999999PiB")]
