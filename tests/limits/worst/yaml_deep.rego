# Flow sequences within flow sequences, never closed.
package test

p := yaml.is_valid(concat("", ["[" | some _ in numbers.range(1, 500000)]))
