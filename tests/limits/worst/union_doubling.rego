# object.union of an object with a changed copy of itself, level by level.
package test

p := count(s40)

s0 := {"a": {"b": 1}}

s1 := object.union(s0, {"x": s0, "y": {"z": 1}})

s2 := object.union(s1, {"x": s1, "y": {"z": 1}})

s3 := object.union(s2, {"x": s2, "y": {"z": 1}})

s4 := object.union(s3, {"x": s3, "y": {"z": 1}})

s5 := object.union(s4, {"x": s4, "y": {"z": 1}})

s6 := object.union(s5, {"x": s5, "y": {"z": 1}})

s7 := object.union(s6, {"x": s6, "y": {"z": 1}})

s8 := object.union(s7, {"x": s7, "y": {"z": 1}})

s9 := object.union(s8, {"x": s8, "y": {"z": 1}})

s10 := object.union(s9, {"x": s9, "y": {"z": 1}})

s11 := object.union(s10, {"x": s10, "y": {"z": 1}})

s12 := object.union(s11, {"x": s11, "y": {"z": 1}})

s13 := object.union(s12, {"x": s12, "y": {"z": 1}})

s14 := object.union(s13, {"x": s13, "y": {"z": 1}})

s15 := object.union(s14, {"x": s14, "y": {"z": 1}})

s16 := object.union(s15, {"x": s15, "y": {"z": 1}})

s17 := object.union(s16, {"x": s16, "y": {"z": 1}})

s18 := object.union(s17, {"x": s17, "y": {"z": 1}})

s19 := object.union(s18, {"x": s18, "y": {"z": 1}})

s20 := object.union(s19, {"x": s19, "y": {"z": 1}})

s21 := object.union(s20, {"x": s20, "y": {"z": 1}})

s22 := object.union(s21, {"x": s21, "y": {"z": 1}})

s23 := object.union(s22, {"x": s22, "y": {"z": 1}})

s24 := object.union(s23, {"x": s23, "y": {"z": 1}})

s25 := object.union(s24, {"x": s24, "y": {"z": 1}})

s26 := object.union(s25, {"x": s25, "y": {"z": 1}})

s27 := object.union(s26, {"x": s26, "y": {"z": 1}})

s28 := object.union(s27, {"x": s27, "y": {"z": 1}})

s29 := object.union(s28, {"x": s28, "y": {"z": 1}})

s30 := object.union(s29, {"x": s29, "y": {"z": 1}})

s31 := object.union(s30, {"x": s30, "y": {"z": 1}})

s32 := object.union(s31, {"x": s31, "y": {"z": 1}})

s33 := object.union(s32, {"x": s32, "y": {"z": 1}})

s34 := object.union(s33, {"x": s33, "y": {"z": 1}})

s35 := object.union(s34, {"x": s34, "y": {"z": 1}})

s36 := object.union(s35, {"x": s35, "y": {"z": 1}})

s37 := object.union(s36, {"x": s36, "y": {"z": 1}})

s38 := object.union(s37, {"x": s37, "y": {"z": 1}})

s39 := object.union(s38, {"x": s38, "y": {"z": 1}})

s40 := object.union(s39, {"x": s39, "y": {"z": 1}})
