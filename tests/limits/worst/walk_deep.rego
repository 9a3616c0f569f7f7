# walk over a deep value gives paths whose sizes add up to the square of the depth.
package test

p := count([x | walk(deep, x)])

deep := json.unmarshal(sprintf("%s%s", [concat("", ["[" | some _ in r]), concat("", ["]" | some _ in r])]))

r := numbers.range(1, 9000)
