# Aliases of aliases: a billion laughs.
package test

p := count(json.marshal(yaml.unmarshal(concat("\n", array.concat(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"], [l | some i in numbers.range(1, 12); l := sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]", [i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1])])))))
