# Nested quantifiers on a text that does not match at its end.
package test

p := regex.match(`^((((a*)*)*)*)*$`, concat("", [a, "b"]))

a := concat("", ["a" | some _ in numbers.range(1, 20000)])
