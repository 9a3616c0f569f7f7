# Unicode classes with case folding, many of them.
package test

p := regex.match(concat("", [`(?i)[\p{L}\p{N}]{1,3}` | some _ in numbers.range(1, 300)]), concat("", ["ä" | some _ in numbers.range(1, 5000)]))
