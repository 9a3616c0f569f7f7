# Widths of almost a million, many in one format.
package test

p := count(sprintf(concat("", ["%999999d" | some _ in numbers.range(1, 2000)]), numbers.range(1, 2000)))
