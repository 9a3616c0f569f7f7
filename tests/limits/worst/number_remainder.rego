# Remainders of long numbers.
package test

p := count([x | some i in numbers.range(1, 100000); x := big % (bits.rsh(big, 50000) + i)])

big := json.unmarshal(concat("", ["7" | some _ in numbers.range(1, 60000)]))
