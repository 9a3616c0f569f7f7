# Megabytes that say that they are certificates.
package test

p := crypto.x509.parse_certificates(concat("", ["-----BEGIN CERTIFICATE-----\n", base64.encode(long), "\n-----END CERTIFICATE-----\n"]))

long := concat("", [x | some _ in numbers.range(1, 30); x := sprintf("%900000d", [1])])
