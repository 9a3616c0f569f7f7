# Encoding of an encoding of an encoding.
package test

p := count(s40)

s0 := sprintf("%1000d", [1])

s1 := base64.encode(s0)

s2 := base64.encode(s1)

s3 := base64.encode(s2)

s4 := base64.encode(s3)

s5 := base64.encode(s4)

s6 := base64.encode(s5)

s7 := base64.encode(s6)

s8 := base64.encode(s7)

s9 := base64.encode(s8)

s10 := base64.encode(s9)

s11 := base64.encode(s10)

s12 := base64.encode(s11)

s13 := base64.encode(s12)

s14 := base64.encode(s13)

s15 := base64.encode(s14)

s16 := base64.encode(s15)

s17 := base64.encode(s16)

s18 := base64.encode(s17)

s19 := base64.encode(s18)

s20 := base64.encode(s19)

s21 := base64.encode(s20)

s22 := base64.encode(s21)

s23 := base64.encode(s22)

s24 := base64.encode(s23)

s25 := base64.encode(s24)

s26 := base64.encode(s25)

s27 := base64.encode(s26)

s28 := base64.encode(s27)

s29 := base64.encode(s28)

s30 := base64.encode(s29)

s31 := base64.encode(s30)

s32 := base64.encode(s31)

s33 := base64.encode(s32)

s34 := base64.encode(s33)

s35 := base64.encode(s34)

s36 := base64.encode(s35)

s37 := base64.encode(s36)

s38 := base64.encode(s37)

s39 := base64.encode(s38)

s40 := base64.encode(s39)
