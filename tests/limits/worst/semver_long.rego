# Versions of a million digits.
package test

p := count([1 | some i in numbers.range(1, 100000); semver.compare(long, long) == i])

long := sprintf("1.0.0-%s", [concat("", ["7" | some _ in numbers.range(1, 500000)])])
