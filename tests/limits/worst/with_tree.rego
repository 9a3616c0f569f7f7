# Rules below with, whose values are not remembered across frames.
package test

p := x if x := r0 with input.a as 1

r0 := x + y if {
	x := r1 with input.x0 as 1
	y := r1 with input.x0 as 2
}

r1 := x + y if {
	x := r2 with input.x1 as 1
	y := r2 with input.x1 as 2
}

r2 := x + y if {
	x := r3 with input.x2 as 1
	y := r3 with input.x2 as 2
}

r3 := x + y if {
	x := r4 with input.x3 as 1
	y := r4 with input.x3 as 2
}

r4 := x + y if {
	x := r5 with input.x4 as 1
	y := r5 with input.x4 as 2
}

r5 := x + y if {
	x := r6 with input.x5 as 1
	y := r6 with input.x5 as 2
}

r6 := x + y if {
	x := r7 with input.x6 as 1
	y := r7 with input.x6 as 2
}

r7 := x + y if {
	x := r8 with input.x7 as 1
	y := r8 with input.x7 as 2
}

r8 := x + y if {
	x := r9 with input.x8 as 1
	y := r9 with input.x8 as 2
}

r9 := x + y if {
	x := r10 with input.x9 as 1
	y := r10 with input.x9 as 2
}

r10 := x + y if {
	x := r11 with input.x10 as 1
	y := r11 with input.x10 as 2
}

r11 := x + y if {
	x := r12 with input.x11 as 1
	y := r12 with input.x11 as 2
}

r12 := x + y if {
	x := r13 with input.x12 as 1
	y := r13 with input.x12 as 2
}

r13 := x + y if {
	x := r14 with input.x13 as 1
	y := r14 with input.x13 as 2
}

r14 := x + y if {
	x := r15 with input.x14 as 1
	y := r15 with input.x14 as 2
}

r15 := x + y if {
	x := r16 with input.x15 as 1
	y := r16 with input.x15 as 2
}

r16 := x + y if {
	x := r17 with input.x16 as 1
	y := r17 with input.x16 as 2
}

r17 := x + y if {
	x := r18 with input.x17 as 1
	y := r18 with input.x17 as 2
}

r18 := x + y if {
	x := r19 with input.x18 as 1
	y := r19 with input.x18 as 2
}

r19 := x + y if {
	x := r20 with input.x19 as 1
	y := r20 with input.x19 as 2
}

r20 := x + y if {
	x := r21 with input.x20 as 1
	y := r21 with input.x20 as 2
}

r21 := x + y if {
	x := r22 with input.x21 as 1
	y := r22 with input.x21 as 2
}

r22 := x + y if {
	x := r23 with input.x22 as 1
	y := r23 with input.x22 as 2
}

r23 := x + y if {
	x := r24 with input.x23 as 1
	y := r24 with input.x23 as 2
}

r24 := x + y if {
	x := r25 with input.x24 as 1
	y := r25 with input.x24 as 2
}

r25 := x + y if {
	x := r26 with input.x25 as 1
	y := r26 with input.x25 as 2
}

r26 := x + y if {
	x := r27 with input.x26 as 1
	y := r27 with input.x26 as 2
}

r27 := x + y if {
	x := r28 with input.x27 as 1
	y := r28 with input.x27 as 2
}

r28 := x + y if {
	x := r29 with input.x28 as 1
	y := r29 with input.x28 as 2
}

r29 := x + y if {
	x := r30 with input.x29 as 1
	y := r30 with input.x29 as 2
}

r30 := x + y if {
	x := r31 with input.x30 as 1
	y := r31 with input.x30 as 2
}

r31 := x + y if {
	x := r32 with input.x31 as 1
	y := r32 with input.x31 as 2
}

r32 := x + y if {
	x := r33 with input.x32 as 1
	y := r33 with input.x32 as 2
}

r33 := x + y if {
	x := r34 with input.x33 as 1
	y := r34 with input.x33 as 2
}

r34 := x + y if {
	x := r35 with input.x34 as 1
	y := r35 with input.x34 as 2
}

r35 := x + y if {
	x := r36 with input.x35 as 1
	y := r36 with input.x35 as 2
}

r36 := x + y if {
	x := r37 with input.x36 as 1
	y := r37 with input.x36 as 2
}

r37 := x + y if {
	x := r38 with input.x37 as 1
	y := r38 with input.x37 as 2
}

r38 := x + y if {
	x := r39 with input.x38 as 1
	y := r39 with input.x38 as 2
}

r39 := x + y if {
	x := r40 with input.x39 as 1
	y := r40 with input.x39 as 2
}

r40 := 1
