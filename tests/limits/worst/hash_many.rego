# Digests of a long text, without end.
package test

p := count({h | some i in numbers.range(1, 100000); h := crypto.sha256(concat(sprintf("%d", [i]), [long, long]))})

long := sprintf("%900000d", [1])
