# Signatures verified with very many keys.
package test

p := count([1 | some i in numbers.range(1, 1000000); io.jwt.verify_es256(t, k); i > 0])

t := "eyJhbGciOiJFUzI1NiJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

k := json.marshal({"keys": [j | some i in numbers.range(1, 200); j := {"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "kid": sprintf("%d", [i])}]})
