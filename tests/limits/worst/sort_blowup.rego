# Sorting long strings that differ in their last byte only.
package test

p := sort([s | some i in numbers.range(1, 100000); s := sprintf("%s%d", [long, i])])

long := sprintf("%100000d", [1])
