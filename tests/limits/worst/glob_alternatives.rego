# Alternatives within alternatives.
package test

p := glob.match(concat("", ["{a,{b,{c,d*}*}*}*" | some _ in numbers.range(1, 100)]), ["."], concat("", ["abcd" | some _ in numbers.range(1, 5000)]))
