# All matches of an empty pattern with submatches.
package test

p := count(regex.find_all_string_submatch_n(`(((((a?)?)?)?)?)`, concat("", ["a" | some _ in numbers.range(1, 100000)]), -1))
