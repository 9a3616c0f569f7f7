# A new expression for each call, so that none can be kept.
package test

p := count([1 | some i in numbers.range(1, 1000000); regex.match(sprintf(`^[a-z]+%d(foo|bar)*[0-9]{1,50}$`, [i]), "abc")])
