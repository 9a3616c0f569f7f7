# Shifts by more bits than there is memory.
package test

p := [bits.lsh(1, 1000000000000), bits.lsh(1, 260000) * bits.lsh(1, 10000)]
