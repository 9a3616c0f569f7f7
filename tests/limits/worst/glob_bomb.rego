# A glob of many stars.
package test

p := glob.match(concat("", ["*a" | some _ in numbers.range(1, 200)]), [], concat("", ["a" | some _ in numbers.range(1, 20000)]))
