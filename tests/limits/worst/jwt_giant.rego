# A token of many megabytes.
package test

p := io.jwt.decode_verify(concat(".", [h, base64url.encode(sprintf("{\"a\":\"%s\"}", [long])), h]), {"secret": "x"})

h := base64url.encode(json.marshal({"alg": "HS256"}))

long := concat("", [x | some _ in numbers.range(1, 20); x := sprintf("%900000d", [1])])
