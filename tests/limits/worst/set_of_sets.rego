# A power set.
package test

p := count(s24)

s0 := {set()}

s1 := s0 | {x | some y in s0; x := y | {0}}

s2 := s1 | {x | some y in s1; x := y | {1}}

s3 := s2 | {x | some y in s2; x := y | {2}}

s4 := s3 | {x | some y in s3; x := y | {3}}

s5 := s4 | {x | some y in s4; x := y | {4}}

s6 := s5 | {x | some y in s5; x := y | {5}}

s7 := s6 | {x | some y in s6; x := y | {6}}

s8 := s7 | {x | some y in s7; x := y | {7}}

s9 := s8 | {x | some y in s8; x := y | {8}}

s10 := s9 | {x | some y in s9; x := y | {9}}

s11 := s10 | {x | some y in s10; x := y | {10}}

s12 := s11 | {x | some y in s11; x := y | {11}}

s13 := s12 | {x | some y in s12; x := y | {12}}

s14 := s13 | {x | some y in s13; x := y | {13}}

s15 := s14 | {x | some y in s14; x := y | {14}}

s16 := s15 | {x | some y in s15; x := y | {15}}

s17 := s16 | {x | some y in s16; x := y | {16}}

s18 := s17 | {x | some y in s17; x := y | {17}}

s19 := s18 | {x | some y in s18; x := y | {18}}

s20 := s19 | {x | some y in s19; x := y | {19}}

s21 := s20 | {x | some y in s20; x := y | {20}}

s22 := s21 | {x | some y in s21; x := y | {21}}

s23 := s22 | {x | some y in s22; x := y | {22}}

s24 := s23 | {x | some y in s23; x := y | {23}}
