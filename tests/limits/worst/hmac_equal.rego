# Keyed digests of long keys.
package test

p := count({h | some i in numbers.range(1, 100000); h := crypto.hmac.sha512(long, sprintf("%d", [i]))})

long := sprintf("%900000d", [1])
