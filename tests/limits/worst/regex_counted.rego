# Counted repetition of counted repetition: a small text, a large program.
package test

p := regex.match(`((a{1,100}){1,10}b?){1,10}c`, concat("", ["a" | some _ in numbers.range(1, 20000)]))
