# Do two globs have a word in common that nobody can say quickly?
package test

p := regex.globs_match(concat("", ["[a-z]+[a-c]*." | some _ in numbers.range(1, 60)]), concat("", ["[b-z]*.[a-z]+" | some _ in numbers.range(1, 60)]))
