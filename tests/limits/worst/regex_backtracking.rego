# Many stars in a row, each of which may take anything.
package test

p := regex.match(`.*.*.*.*.*.*.*.*.*.*x`, concat("", ["a" | some _ in numbers.range(1, 20000)]))
