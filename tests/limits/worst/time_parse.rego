# Layouts and zones that nobody has.
package test

p := count([1 | some i in numbers.range(1, 10000000); time.parse_ns(sprintf("%d2006-01-02T15:04:05Z07:00", [i]), "x"); i > 0])
