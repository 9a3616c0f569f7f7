/* SPDX-License-Identifier: Apache-2.0
 *
 * What each instruction does, by small programs. A last test sees to it that no instruction is left out.
 */
#include <criterion/criterion.h>

#include "tests/tools/machine.h"

/* A program of one query function of eight registers, i0, b0.. and f0.. being registers too. */
#define QUERY(code) "file p.rego\nposition 3 1\nposition 4 1\nposition 7 2\nfunc q query regs=16\nline 2\n" code "\nentry q q\n"
#define OR_ELSE "\nRET r0\nfail:\nCONST r0 \"failed\"\nRET r0"
#define TREE "file p.rego\nposition 3 1\nposition 4 1\n"

static const struct {
    const char *name, *text, *data, *input, *want;
} cases[] = {
    /* moving */
    {"NOP", QUERY("NOP\nCONST r0 1\nRET r0"), NULL, NULL, "1"},
    {"CONST", QUERY("CONST r0 {\"a\":[1,2.5,null]}\nRET r0"), NULL, NULL, "{\"a\":[1,2.5,null]}"},
    {"MOVE", QUERY("CONST r1 7\nMOVE r0 r1\nRET r0"), NULL, NULL, "7"},
    {"CLEAR", QUERY("CONST r0 7\nCLEAR r0\nDEFINED r0 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"INPUT", QUERY("INPUT r0 fail" OR_ELSE), NULL, "{\"a\":1}", "{\"a\":1}"},
    {"INPUT without input", QUERY("INPUT r0 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"INPUT_PATH", QUERY("INPUT_PATH r0 [\"a\",1,\"b\"] fail" OR_ELSE), NULL, "{\"a\":[0,{\"b\":5}]}", "5"},
    {"INPUT_PATH missing", QUERY("INPUT_PATH r0 [\"a\",1,\"b\"] fail" OR_ELSE), NULL, "{\"a\":[0,{\"c\":5}]}", "\"failed\""},
    {"INPUT_PATH into a scalar", QUERY("INPUT_PATH r0 [\"a\",\"b\"] fail" OR_ELSE), NULL, "{\"a\":3}", "\"failed\""},
    {"DATA_PATH", QUERY("DATA_PATH r0 [\"a\",\"b\"] fail" OR_ELSE), "{\"a\":{\"b\":6}}", NULL, "6"},
    {"DATA_PATH of all", QUERY("DATA_PATH r0 [] fail" OR_ELSE), "{\"a\":1,\"system\":2}", NULL, "{\"a\":1}"},
    {"DATA_PATH without data", QUERY("DATA_PATH r0 [] fail" OR_ELSE), NULL, NULL, "{}"},
    {"DATA_PATH number and text", QUERY("DATA_PATH r0 [\"a\",2,\"1\"] fail" OR_ELSE), "{\"a\":{\"2\":[5,6]}}", NULL, "6"},
    {"GET from an array", QUERY("CONST r1 [5,6]\nCONST r2 1\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "6"},
    {"GET beyond an array", QUERY("CONST r1 [5,6]\nCONST r2 -1\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"GET at no integer", QUERY("CONST r1 [5,6]\nCONST r2 1.5\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"GET from an object", QUERY("CONST r1 {\"k\":8}\nCONST r2 \"k\"\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "8"},
    {"GET from a set", QUERY("CONST r1 8\nSET r1 r1 1\nCONST r2 8\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "8"},
    {"GET of a collection", QUERY("CONST r1 [8]\nSET r1 r1 1\nCONST r2 [8]\nGET r0 r1 r2 fail" OR_ELSE), NULL, NULL, "[8]"},
    {"GETK", QUERY("CONST r1 {\"j\":7,\"k\":8}\nGETK r0 r1 \"k\" fail" OR_ELSE), NULL, NULL, "8"},
    {"GETK missing", QUERY("CONST r1 {\"k\":8}\nGETK r0 r1 \"j\" fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"PATH", QUERY("CONST r1 {\"k\":[8,9]}\nPATH r0 r1 [\"k\",1] fail" OR_ELSE), NULL, NULL, "9"},
    {"PATH missing", QUERY("CONST r1 {\"k\":[8,9]}\nPATH r0 r1 [\"k\",2] fail" OR_ELSE), NULL, NULL, "\"failed\""},
    /* building */
    {"ARRAY", QUERY("CONST r1 1\nCONST r2 2\nARRAY r0 r1 2\nRET r0"), NULL, NULL, "[1,2]"},
    {"ARRAY of none", QUERY("ARRAY r0 r0 0\nRET r0"), NULL, NULL, "[]"},
    {"SET", QUERY("CONST r1 2\nCONST r2 1\nCONST r3 2.0\nSET r0 r1 3\nRET r0"), NULL, NULL, "[1,2]"},
    {"OBJECT", QUERY("CONST r1 \"b\"\nCONST r2 1\nCONST r3 \"a\"\nCONST r4 2\nOBJECT r0 r1 2\nRET r0"), NULL, NULL,
     "{\"a\":2,\"b\":1}"},
    {"BUILD and DONE give an empty array", QUERY("BUILD/0 b1\nDONE r0 b1\nRET r0"), NULL, NULL, "[]"},
    {"BUILD and DONE give an empty set", QUERY("BUILD/1 b1\nDONE r0 b1\nRET r0"), NULL, NULL, "[]"},
    {"BUILD and DONE give an empty object", QUERY("BUILD/2 b1\nDONE r0 b1\nRET r0"), NULL, NULL, "{}"},
    {"PUSH to an array",
     QUERY("CONST r1 [1,2,3,4,5,6,7,8,9,10,11]\nITER i2 r1 end\nBUILD/0 b3\nnext:\nNEXT/2 i2 r0 r4 end2\nPUSH b3 r4\nJUMP "
           "next\nend2:\nDONE r0 b3\nRET r0\nend:\nRET_UNDEF"),
     NULL, NULL, "[1,2,3,4,5,6,7,8,9,10,11]"},
    {"PUSH to a set", QUERY("BUILD/1 b1\nCONST r2 [1]\nPUSH b1 r2\nPUSH b1 r2\nDONE r0 b1\nRET r0"), NULL, NULL, "[[1]]"},
    {"PUSH twice then DONE twice",
     QUERY("BUILD/0 b1\nCONST r2 1\nPUSH b1 r2\nDONE r3 b1\nPUSH b1 r2\nPUSH b1 r2\nDONE r4 b1\nARRAY r0 r3 2\nRET r0"), NULL,
     NULL, "[[1],[1,1]]"},
    {"PUSH to an object is a defect", QUERY("BUILD/2 b1\nCONST r2 1\nPUSH b1 r2\nDONE r0 b1\nRET r0"), NULL, NULL,
     "eval_internal_error: p.rego:7:2: an object is built with keys"},
    {"PUT", QUERY("BUILD/2 b1\nCONST r2 \"k\"\nCONST r3 1\nPUT b1 r2 r3\nPUT b1 r2 r3\nDONE r0 b1\nRET r0"), NULL, NULL,
     "{\"k\":1}"},
    {"PUT with another value", QUERY("BUILD/2 b1\nCONST r2 \"k\"\nCONST r3 1\nPUT b1 r2 r3\nPUT b1 r2 r2\nDONE r0 b1\nRET r0"),
     NULL, NULL, "eval_conflict_error: p.rego:7:2: object keys must be unique"},
    {"PUT_DEEP",
     QUERY(
         "BUILD/2 b1\nCONST r2 \"a\"\nCONST r3 \"b\"\nCONST r4 1\nPUT_DEEP/0 b1 r2 3\nCONST r3 \"c\"\nPUT_DEEP/1 b1 r2 3\nCONST "
         "r4 2\nPUT_DEEP/1 b1 r2 3\nDONE r0 b1\nRET r0"),
     NULL, NULL, "{\"a\":{\"b\":1,\"c\":[1,2]}}"},
    {"PUT_DEEP below a value",
     QUERY("BUILD/2 b1\nCONST r2 \"a\"\nCONST r3 {\"b\":1}\nPUT_DEEP/0 b1 r2 2\nCONST r3 \"c\"\nCONST r4 1\n"
           "PUT_DEEP/0 b1 r2 3\nDONE "
           "r0 b1\nRET r0"),
     NULL, NULL, "eval_conflict_error: p.rego:7:2: object keys must be unique"},
    {"PUT_DEEP of an equal object",
     QUERY("BUILD/2 b1\nCONST r2 \"a\"\nCONST r3 \"b\"\nCONST r4 1\nPUT_DEEP/0 b1 r2 3\nCONST r3 {\"b\":1}\n"
           "PUT_DEEP/0 b1 r2 2\nDONE "
           "r0 b1\nRET r0"),
     NULL, NULL, "{\"a\":{\"b\":1}}"},
    /* testing */
    {"EQ", QUERY("CONST r1 [1,\"a\"]\nCONST r0 [1.0,\"a\"]\nEQ r0 r1 fail" OR_ELSE), NULL, NULL, "[1.0,\"a\"]"},
    {"EQ of others", QUERY("CONST r1 \"abcdefghij\"\nCONST r0 \"abcdefghiJ\"\nEQ r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"EQ of kinds", QUERY("CONST r1 0\nCONST r0 false\nEQ r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"EQK", QUERY("CONST r0 \"abcdefghijklmnopqrstuvwxyz\"\nEQK r0 \"abcdefghijklmnopqrstuvwxyz\" fail" OR_ELSE), NULL, NULL,
     "\"abcdefghijklmnopqrstuvwxyz\""},
    {"EQK of others", QUERY("CONST r0 1\nEQK r0 2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"NEQ", QUERY("CONST r1 1\nCONST r0 2\nNEQ r0 r1 fail" OR_ELSE), NULL, NULL, "2"},
    {"NEQ of equals", QUERY("CONST r1 1\nCONST r0 1.0\nNEQ r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"NEQK", QUERY("CONST r0 \"x\"\nNEQK r0 \"y\" fail" OR_ELSE), NULL, NULL, "\"x\""},
    {"NEQK of equals", QUERY("CONST r0 [\"x\"]\nNEQK r0 [\"x\"] fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"LT", QUERY("CONST r0 1\nCONST r1 1.5\nLT r0 r1 fail" OR_ELSE), NULL, NULL, "1"},
    {"LT of equals", QUERY("CONST r0 1\nCONST r1 1\nLT r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"LT of kinds", QUERY("CONST r0 null\nCONST r1 false\nLT r0 r1 fail" OR_ELSE), NULL, NULL, "null"},
    {"LE", QUERY("CONST r0 1\nCONST r1 1.0\nLE r0 r1 fail" OR_ELSE), NULL, NULL, "1"},
    {"LE of less", QUERY("CONST r0 3\nCONST r1 2\nLE r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"TEST", QUERY("CONST r0 null\nTEST r0 fail" OR_ELSE), NULL, NULL, "null"},
    {"TEST of false", QUERY("CONST r0 false\nTEST r0 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"DEFINED", QUERY("DEFINED r0 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"IS_ARRAY", QUERY("CONST r0 [1]\nIS_ARRAY r0 1 fail" OR_ELSE), NULL, NULL, "[1]"},
    {"IS_ARRAY of another length", QUERY("CONST r0 [1]\nIS_ARRAY r0 2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"IS_OBJECT", QUERY("CONST r0 {\"a\":1}\nIS_OBJECT r0 1 fail" OR_ELSE), NULL, NULL, "{\"a\":1}"},
    {"IS_OBJECT of an array", QUERY("CONST r0 [1]\nIS_OBJECT r0 1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"IN an array", QUERY("CONST r0 \"b\"\nCONST r1 [\"a\",\"b\"]\nIN r0 r1 fail" OR_ELSE), NULL, NULL, "\"b\""},
    {"IN an object", QUERY("CONST r0 1\nCONST r1 {\"a\":1}\nIN r0 r1 fail" OR_ELSE), NULL, NULL, "1"},
    {"IN a set", QUERY("CONST r1 1\nSET r1 r1 1\nCONST r0 2\nIN r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"IN no collection", QUERY("CONST r0 1\nCONST r1 1\nIN r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    /* computing */
    {"CMP",
     QUERY("CONST r1 1\nCONST r2 2\nCMP/0 r3 r1 r2\nCMP/1 r4 r1 r2\nCMP/2 r5 r1 r2\nCMP/3 r6 r1 r2\nCMP/4 r7 r1 r2\nCMP/5 r8 r1 "
           "r1\nARRAY r0 r3 6\nRET r0"),
     NULL, NULL, "[false,true,true,true,false,true]"},
    {"MEMBER", QUERY("CONST r1 1\nCONST r2 [2,1]\nMEMBER r0 r1 r2\nRET r0"), NULL, NULL, "true"},
    {"ADD", QUERY("CONST r1 1\nCONST r2 2\nADD r0 r1 r2 fail" OR_ELSE), NULL, NULL, "3"},
    {"ADD beyond 64 bits", QUERY("CONST r1 9223372036854775807\nCONST r2 1\nADD r0 r1 r2 fail" OR_ELSE), NULL, NULL,
     "9223372036854775808"},
    {"ADD of a text", QUERY("CONST r1 1\nCONST r2 \"2\"\nADD r0 r1 r2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"SUB", QUERY("CONST r1 1\nCONST r2 2\nSUB r0 r1 r2 fail" OR_ELSE), NULL, NULL, "-1"},
    {"SUB beyond 64 bits", QUERY("CONST r1 -9223372036854775808\nCONST r2 1\nSUB r0 r1 r2 fail" OR_ELSE), NULL, NULL,
     "-9223372036854775809"},
    {"MUL", QUERY("CONST r1 6\nCONST r2 7\nMUL r0 r1 r2 fail" OR_ELSE), NULL, NULL, "42"},
    {"MUL beyond 64 bits", QUERY("CONST r1 9223372036854775807\nMUL r0 r1 r1 fail" OR_ELSE), NULL, NULL,
     "85070591730234615847396907784232501249"},
    {"DIV", QUERY("CONST r1 42\nCONST r2 7\nDIV r0 r1 r2 fail" OR_ELSE), NULL, NULL, "6"},
    {"DIV with a rest", QUERY("CONST r1 1\nCONST r2 2\nDIV r0 r1 r2 fail" OR_ELSE), NULL, NULL, "0.5"},
    {"DIV by zero", QUERY("CONST r1 1\nCONST r2 0\nDIV r0 r1 r2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"DIV of the least by -1", QUERY("CONST r1 -9223372036854775808\nCONST r2 -1\nDIV r0 r1 r2 fail" OR_ELSE), NULL, NULL,
     "9223372036854775808"},
    {"REM", QUERY("CONST r1 -7\nCONST r2 3\nREM r0 r1 r2 fail" OR_ELSE), NULL, NULL, "-1"},
    {"REM by zero", QUERY("CONST r1 1\nCONST r2 0\nREM r0 r1 r2 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"SIZE", QUERY("CONST r1 [1,2]\nSIZE r0 r1 fail" OR_ELSE), NULL, NULL, "2"},
    {"SIZE of a text", QUERY("CONST r1 \"\\u00e4b\"\nSIZE r0 r1 fail" OR_ELSE), NULL, NULL, "2"},
    {"SIZE of a number", QUERY("CONST r1 1\nSIZE r0 r1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    /* flow */
    {"JUMP", QUERY("JUMP on\nback:\nCONST r0 1\nRET r0\non:\nJUMP back"), NULL, NULL, "1"},
    {"ITER over no collection", QUERY("CONST r1 1\nITER i2 r1 fail\nCONST r0 1" OR_ELSE), NULL, NULL, "\"failed\""},
    {"NEXT over an object",
     QUERY("CONST r1 {\"b\":2,\"a\":1}\nITER i2 r1 end\nBUILD/0 b3\nnext:\nNEXT/3 i2 r4 r5 end\nPUSH b3 r4\nPUSH b3 r5\nJUMP "
           "next\nend:\nDEFINED r15 none\nnone:\nBUILD/0 b3\nRET_UNDEF"),
     NULL, NULL, "undefined"},
    {"NEXT with keys of an array",
     QUERY(
         "CONST r1 [7,8]\nBUILD/0 b3\nITER i2 r1 end\nnext:\nNEXT/3 i2 r4 r5 end\nPUSH b3 r4\nPUSH b3 r5\nJUMP next\nend:\nDONE "
         "r0 b3\nRET r0"),
     NULL, NULL, "[0,7,1,8]"},
    {"NEXT with keys and values of an object, in order",
     QUERY("CONST r1 {\"b\":2,\"a\":1}\nBUILD/0 b3\nITER i2 r1 end\nnext:\nNEXT/3 i2 r4 r5 end\nPUSH b3 r4\nPUSH b3 r5\nJUMP "
           "next\nend:\nDONE r0 b3\nRET r0"),
     NULL, NULL, "[\"a\",1,\"b\",2]"},
    {"NEXT over a set",
     QUERY("CONST r1 2\nCONST r2 1\nSET r1 r1 2\nBUILD/0 b3\nITER i6 r1 end\nnext:\nNEXT/1 i6 r4 r0 end\nPUSH b3 r4\nJUMP "
           "next\nend:\nDONE r0 b3\nRET r0"),
     NULL, NULL, "[1,2]"},
    {"ITER_WHERE",
     QUERY(
         "DATA_PATH r1 [] fail\nCONST r7 2\nBUILD/0 b3\nITER_WHERE i2 r1 r7 [\"k\"] end\nnext:\nNEXT/3 i2 r4 r5 end\nGETK r6 r5 "
         "\"k\" next\nEQ r6 r7 next\nPUSH b3 r4\nJUMP next\nend:\nDONE r0 b3" OR_ELSE),
     "{\"a\":{\"k\":1},\"b\":{\"k\":2},\"c\":{\"k\":2},\"d\":3}", NULL, "[\"b\",\"c\"]"},
    {"SWITCH and NEXT_DEF",
     QUERY("CONST r1 \"b\"\nBUILD/0 b3\nswitch s \"a\"=one \"b\"=one,two else=three\nSWITCH i2 r1 s\nmore:\nNEXT_DEF i2 "
           "end\none:\nCONST r4 1\nPUSH b3 r4\nJUMP more\ntwo:\nCONST r4 2\nPUSH b3 r4\nJUMP more\nthree:\nCONST r4 3\nPUSH b3 "
           "r4\nJUMP more\nend:\nDONE r0 b3\nRET r0"),
     NULL, NULL, "[1,2]"},
    {"SWITCH of an undefined value",
     QUERY("BUILD/0 b3\nswitch s \"a\"=one else=three\nSWITCH i2 r1 s\nmore:\nNEXT_DEF i2 end\none:\nCONST r4 1\nPUSH b3 "
           "r4\nJUMP more\nthree:\nCONST r4 3\nPUSH b3 r4\nJUMP more\nend:\nDONE r0 b3\nRET r0"),
     NULL, NULL, "[3]"},
    {"SWITCH of many",
     QUERY("CONST r1 7.0\nBUILD/0 b3\nswitch s 1=one 2=one 3=one 4=one 5=one 6=one 7=three 8=one 9=one 10=one else=one\nSWITCH "
           "i2 r1 s\nmore:\nNEXT_DEF i2 end\none:\nCONST r4 1\nPUSH b3 r4\nJUMP more\nthree:\nCONST r4 3\nPUSH b3 r4\nJUMP "
           "more\nend:\nDONE r0 b3\nRET r0"),
     NULL, NULL, "[3]"},
    /* calls */
    {"CALL",
     QUERY("CONST r1 20\nCONST r2 22\nCALL r0 r1 2 f fail" OR_ELSE) "func f call args=2 regs=3\nADD r2 r0 r1 u\n"
                                                                    "RET r2\nu:\nRET_UNDEF",
     NULL, NULL, "42"},
    {"CALL of an undefined function",
     QUERY("CONST r1 20\nCALL r0 r1 1 f fail" OR_ELSE) "func f call args=1 regs=3\nEQK r0 1 u\nRET r0\nu:\nRET_UNDEF", NULL, NULL,
     "\"failed\""},
    {"CALL with a memo",
     QUERY("CONST r1 \"a\"\nCALL r2 r1 1 f fail\nCALL r3 r1 1 f fail\nCONST r1 \"b\"\nCALL r4 r1 1 f fail\n"
           "ARRAY r0 r2 3" OR_ELSE) "func f call args=1 regs=3 memo\nBUILTIN r1 r0 1 t.next/1 u\nARRAY r1 r0 2\n"
                                    "RET r1\nu:\nRET_UNDEF",
     NULL, NULL, "[[\"a\",1],[\"a\",1],[\"b\",2]]"},
    {"RULE",
     QUERY("RULE r1 p fail\nRULE r2 p fail\nARRAY r0 r1 2" OR_ELSE) "func p complete regs=3\nCONST r0 1\n"
                                                                    "BUILTIN r1 r0 1 t.next/1 u\nRET r1\nu:\nRET_UNDEF",
     NULL, NULL, "[1,1]"},
    {"RULE that is undefined", QUERY("RULE r0 p on\non:\nRULE r0 p fail" OR_ELSE) "func p complete regs=3\nRET_UNDEF", NULL, NULL,
     "\"failed\""},
    {"RULE_KEY",
     QUERY("CONST r1 \"k\"\nRULE_KEY r2 r1 p fail\nRULE_KEY r3 r1 p fail\n"
           "ARRAY r0 r2 2" OR_ELSE) "func p object regs=3 keyed=pk\nRET_UNDEF\nfunc pk keyed args=1 regs=3\n"
                                    "BUILTIN r1 r0 1 t.next/1 u\nRET r1\nu:\nRET_UNDEF",
     NULL, NULL, "[1,1]"},
    {"RULE_KEY uses the document there is",
     QUERY("CONST r1 \"k\"\nRULE r2 p fail\nRULE_KEY r0 r1 p fail" OR_ELSE) "func p object regs=3 keyed=pk\n"
                                                                            "CONST r0 {\"k\":5}\nRET r0\n"
                                                                            "func pk keyed args=1 regs=3\nRET_UNDEF",
     NULL, NULL, "5"},
    {"BUILTIN", QUERY("CONST r1 9\nBUILTIN r0 r1 1 t.id/1 fail" OR_ELSE), NULL, NULL, "9"},
    {"BUILTIN that is undefined", QUERY("CONST r1 9\nBUILTIN r0 r1 1 t.none/1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"BUILTIN that fails", QUERY("CONST r1 9\nBUILTIN r0 r1 1 t.fail/1 fail" OR_ELSE), NULL, NULL, "\"failed\""},
    {"BUILTIN that halts", QUERY("BUILTIN r0 r0 0 t.halt/0 fail" OR_ELSE), NULL, NULL, "limit_regex: p.rego:7:2: enough"},
    {"BUILTIN that is not a function",
     QUERY("CONST r1 9\nBUILTIN r2 r1 1 t.next/1 fail\nBUILTIN r3 r1 1 t.next/1 fail\nCONST r1 8\nBUILTIN r4 r1 1 t.next/1 "
           "fail\nARRAY r0 r2 3" OR_ELSE),
     NULL, NULL, "[1,1,2]"},
    {"RESULT", QUERY("CONST r1 1\nRESULT/0 r0 r1 0\nCONST r1 1.0\nRESULT/0 r0 r1 1\nRET r0"), NULL, NULL, "1"},
    {"RESULT of rules that conflict",
     TREE
     "func q query regs=4\nRULE r0 data.a.p u\nRET r0\nu:\nRET_UNDEF\nfunc data.a.p complete regs=4\nCONST r1 1\nRESULT/0 r0 r1 "
     "1\nCONST r1 [2,\"x\"]\nRESULT/0 r0 r1 0\nCONST r1 1\nRESULT/0 r0 r1 0\nRET_MAYBE r0\nentry q q",
     NULL, NULL,
     "eval_conflict_error: p.rego:3:1: rule data.a.p produced conflicting values:\n  [2, \"x\"] at p.rego:3\n  1 at p.rego:4"},
    {"RESULT of functions that conflict",
     TREE
     "func q query regs=4\nCONST r0 5\nCALL r0 r0 1 data.f u\nRET r0\nu:\nRET_UNDEF\nfunc data.f call args=1 regs=4\nRESULT/1 r2 "
     "r0 0\nCONST r1 1\nRESULT/1 r2 r1 1\nRET_MAYBE r2\nentry q q",
     NULL, NULL,
     "eval_conflict_error: p.rego:4:1: function data.f produced conflicting values for the same inputs:\n  5 at "
     "p.rego:3\n  1 at p.rego:4"},
    {"RESULT of keys that conflict", QUERY("CONST r1 1\nRESULT/2 r0 r1 0\nCONST r1 2\nRESULT/2 r0 r1 1\nRET r0"), NULL, NULL,
     "eval_conflict_error: p.rego:4:1: object keys must be unique"},
    {"RET", QUERY("CONST r0 1\nRET r0"), NULL, NULL, "1"},
    {"RET_MAYBE", QUERY("RET_MAYBE r0"), NULL, NULL, "undefined"},
    {"RET_UNDEF", QUERY("RET_UNDEF"), NULL, NULL, "undefined"},
    /* documents */
    {"DOC",
     TREE
     "node data\nnode data.a\nnode data.a.f f\nnode data.a.p p\nnode data.a.u u\nnode data.b\nfunc q query regs=4\nDOC r0 data "
     "fail" OR_ELSE
     "\nfunc p complete regs=1\nCONST r0 {\"x\":1,\"y\":2}\nRET r0\nfunc u complete regs=1\nRET_UNDEF\nfunc f call "
     "args=1 regs=1\nRET r0\nentry q q",
     "{\"a\":{\"p\":{\"y\":3,\"z\":4},\"c\":5},\"system\":1}", NULL,
     "{\"a\":{\"c\":5,\"p\":{\"x\":1,\"y\":3,\"z\":4}},\"b\":{}}"},
    {"DOC of an empty package", TREE "node data\nnode data.a\nfunc q query regs=4\nDOC r0 data.a fail" OR_ELSE "\nentry q q",
     NULL, NULL, "{}"},
    {"DOC and an array", TREE "node data\nnode data.a\nfunc q query regs=4\nDOC r0 data.a fail" OR_ELSE "\nentry q q",
     "{\"a\":[7]}", NULL, "[7]"},
    {"DOC_GET of a rule",
     TREE "node data\nnode data.a\nnode data.a.p p\nfunc q query regs=4\nCONST r1 \"p\"\nCONST r2 \"x\"\nDOC_GET r0 r1 2 data.a "
          "fail" OR_ELSE "\nfunc p complete regs=1\nCONST r0 {\"x\":1,\"y\":2}\nRET r0\nentry q q",
     "{\"a\":{\"p\":{\"x\":9}}}", NULL, "1"},
    {"DOC_GET of a base document",
     TREE "node data\nnode data.a\nnode data.a.p p\nfunc q query regs=4\nCONST r1 \"b\"\nCONST r2 2\nDOC_GET r0 r1 2 data.a "
          "fail" OR_ELSE "\nfunc p complete regs=1\nCONST r0 1\nRET r0\nentry q q",
     "{\"a\":{\"b\":{\"2\":\"two\"}}}", NULL, "\"two\""},
    {"DOC_GET of a package",
     TREE "node data\nnode data.a\nnode data.a.p p\nfunc q query regs=4\nCONST r1 \"a\"\nDOC_GET r0 r1 1 data "
          "fail" OR_ELSE "\nfunc p complete regs=1\nCONST r0 1\nRET r0\nentry q q",
     "{\"a\":{\"b\":2}}", NULL, "{\"b\":2,\"p\":1}"},
    {"DOC_GET of a function",
     TREE "node data\nnode data.a\nnode data.a.f f\nfunc q query regs=4\nCONST r1 \"f\"\nDOC_GET r0 r1 1 data.a "
          "fail" OR_ELSE "\nfunc f call args=0 regs=1\nRET_UNDEF\nentry q q",
     "{\"a\":{\"f\":2}}", NULL, "\"failed\""},
    {"DOC_GET of rules with deeper ones",
     TREE "node data\nnode data.p p\nnode data.p.z z\nfunc q query regs=4\nCONST r1 \"p\"\nDOC_GET r0 r1 1 data "
          "fail" OR_ELSE
          "\nfunc p object regs=1\nCONST r0 {\"x\":{\"y\":2}}\nRET r0\nfunc z complete regs=1\nCONST r0 3\nRET r0\nentry q q",
     NULL, NULL, "{\"x\":{\"y\":2},\"z\":3}"},
    {"DOC_KEYS",
     TREE "node data\nnode data.a\nnode data.a.b\nnode data.a.f f\nnode data.a.p p\nfunc q query regs=4\nDOC_KEYS r0 r0 0 data.a "
          "fail" OR_ELSE "\nfunc p complete regs=1\nCONST r0 1\nRET r0\nfunc f call args=1 regs=1\nRET r0\nentry q q",
     "{\"a\":{\"z\":1,\"b\":2}}", NULL, "[\"b\",\"z\",\"p\"]"},
    {"DOC_KEYS of none", TREE "node data\nnode data.a\nfunc q query regs=4\nDOC_KEYS r0 r0 0 data.a fail" OR_ELSE "\nentry q q",
     NULL,
     NULL, "\"failed\""},
    /* with */
    {"WITH_INPUT",
     QUERY("CONST r1 5\nWITH f2\nWITH_INPUT f2 r1 [\"a\",\"b\"]\nENTER f2\nINPUT r0 fail\nLEAVE f2\nINPUT r3 fail\nARRAY r4 r0 "
           "1\nMOVE r5 r3\nARRAY r0 r4 2" OR_ELSE),
     NULL, "{\"a\":1,\"c\":2}", "[[{\"a\":{\"b\":5},\"c\":2}],{\"a\":1,\"c\":2}]"},
    {"WITH_INPUT of all", QUERY("CONST r1 5\nWITH f2\nWITH_INPUT f2 r1 []\nENTER f2\nINPUT r0 fail\nLEAVE f2" OR_ELSE), NULL, "3",
     "5"},
    {"WITH_DATA merges above and replaces below",
     QUERY(
         "CONST r1 {\"z\":5}\nWITH f2\nWITH_DATA f2 r1 [\"a\",\"b\"]\nENTER f2\nDATA_PATH r3 [\"a\",\"b\"] fail\nDATA_PATH r4 [] "
         "fail\nLEAVE f2\nDATA_PATH r5 [] fail\nARRAY r0 r3 3" OR_ELSE),
     "{\"a\":{\"b\":{\"y\":1},\"c\":2}}", NULL,
     "[{\"z\":5},{\"a\":{\"b\":{\"y\":1,\"z\":5},\"c\":2}},{\"a\":{\"b\":{\"y\":1},\"c\":2}}]"},
    {"WITH_DATA replaces rules",
     TREE "node data\nnode data.a\nnode data.a.p p\nnode data.b\nnode data.b.p r\nfunc q query regs=8\nCONST r1 {\"p\":5}\nWITH "
          "f2\nWITH_DATA f2 r1 [\"a\"]\nENTER f2\nRULE r3 p fail\nRULE r4 r fail\nDOC r5 data fail\nLEAVE f2\n"
          "RULE r6 p fail\nARRAY r0 "
          "r3 4" OR_ELSE
          "\nfunc p complete regs=1 overridable node=data.a.p\nCONST r0 1\nRET r0\nfunc r complete regs=1 overridable "
          "node=data.b.p\nCONST r0 2\nRET r0\nentry q q",
     NULL, NULL, "[5,2,{\"a\":{\"p\":5},\"b\":{\"p\":2}},1]"},
    {"WITH_VALUE of a builtin",
     QUERY("CONST r1 5\nWITH f2\nWITH_VALUE/0 f2 r1 t.id/1\nENTER f2\nCONST r3 1\nBUILTIN r3 r3 1 t.id/1 fail\n"
           "LEAVE f2\nBUILTIN r4 "
           "r3 1 t.id/1 fail\nARRAY r0 r3 2" OR_ELSE),
     NULL, NULL, "[5,5]"},
    {"WITH_VALUE of an operator",
     QUERY("CONST r1 5\nWITH f2\nWITH_VALUE/0 f2 r1 plus/2\nENTER f2\nCONST r3 1\nADD r0 r3 r3 fail\nLEAVE f2" OR_ELSE), NULL,
     NULL, "5"},
    {"WITH_FUNCTION reaches the original",
     QUERY(
         "CONST r1 5\nWITH f2\nWITH_FUNCTION/1 f2 f g\nENTER f2\nCALL r3 r1 1 f fail\nLEAVE f2\nCALL r4 r1 1 f fail\nARRAY r0 r3 "
         "2" OR_ELSE) "func f call args=1 regs=2\nCONST r1 1\nADD r1 r0 r1 u\nRET r1\nu:\nRET_UNDEF\n"
                      "func g call args=1 regs=2\nCALL r1 r0 1 f "
                      "u\nARRAY r1 r1 1\nRET r1\nu:\nRET_UNDEF",
     NULL, NULL, "[[6],6]"},
    {"WITH_FUNCTION of an operator",
     QUERY("CONST r1 5\nWITH f2\nWITH_FUNCTION/0 f2 plus/2 g\nENTER f2\nADD r0 r1 r1 fail\n"
           "LEAVE f2" OR_ELSE) "func g call args=2 regs=3\nARRAY r2 r0 2\nRET r2",
     NULL, NULL, "[5,5]"},
    {"WITH_BUILTIN",
     QUERY("CONST r1 [5,6]\nWITH f2\nWITH_BUILTIN/1 f2 f count/1\nENTER f2\nCALL r0 r1 1 f fail\n"
           "LEAVE f2" OR_ELSE) "func f call args=1 regs=2\nRET r0",
     NULL, NULL, "2"},
    {"a frame has its own memo",
     QUERY("RULE r1 p fail\nCONST r2 5\nWITH f3\nWITH_INPUT f3 r2 []\nENTER f3\nRULE r2 p fail\nLEAVE f3\n"
           "ARRAY r0 r1 2" OR_ELSE) "func p complete regs=2\nINPUT r0 u\nRET r0\nu:\nRET_UNDEF",
     NULL, "3", "[3,5]"},
    {"a return leaves the frames of the call",
     QUERY("RULE r1 p fail\nINPUT r2 fail\nARRAY r0 r1 2" OR_ELSE) "func p complete regs=4\nCONST r1 7\nWITH f2\n"
                                                                   "WITH_INPUT f2 r1 []\nENTER f2\n"
                                                                   "INPUT r0 u\nRET r0\nu:\nRET_UNDEF",
     NULL, "3", "[7,3]"},
    {"TRACE", QUERY("TRACE/2 0 1\nCONST r0 1\nRET r0"), NULL, NULL, "1"},
};

Test(interp, instructions_do_what_their_table_says)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct machine m;
        machine_init(&m);
        const char *got = machine_run(&m, cases[i].text, cases[i].data, cases[i].input);
        cr_expect_str_eq(got, cases[i].want, "%s: got %s, want %s", cases[i].name, got, cases[i].want);
        if (m.vm != NULL) { /* nothing is left over from an evaluation */
            m.calls = 0;
            const char *again = machine_eval(&m, cases[i].data, cases[i].input);
            cr_expect_str_eq(again, cases[i].want, "%s, again: got %s, want %s", cases[i].name, again, cases[i].want);
        }
        machine_fini(&m);
    }
}

Test(interp, print_writes_a_line_for_each_combination)
{
    struct machine m;
    machine_init(&m);
    const char *got = machine_run(
        &m,
        QUERY("CONST r1 1\nCONST r2 \"x\"\nSET r3 r1 2\nBUILD/1 b9\nDONE r4 b9\nSET r5 r2 1\nARRAY r6 r3 3\nPRINT r6 "
              "0\nCONST r0 true\nRET r0"),
        NULL, NULL);
    buf_char(&m.printed, '\0');
    cr_expect_str_eq(got, "true");
    cr_expect_str_eq(m.printed.p, "1 <undefined> x (p.rego:3)\nx <undefined> x (p.rego:3)\n");
    machine_fini(&m);
}

/* ---- limits ---- */

#define FOREVER "again:\nJUMP again"

static const struct {
    const char *name, *text, *want;
    uint64_t fuel, memory, depth;
} limits[] = {
    {"fuel", QUERY(FOREVER), "limit_fuel: p.rego:7:2: out of fuel (limit 'fuel')", 1000, 0, 0},
    {"fuel of failing jumps", QUERY("CONST r0 false\nagain:\nTEST r0 again\nRET r0"),
     "limit_fuel: p.rego:7:2: out of fuel (limit 'fuel')", 1000,
     0, 0},
    {"fuel of a switch", QUERY("switch s else=again\nagain:\nSWITCH i0 r1 s\nNEXT_DEF i0 again"),
     "limit_fuel: p.rego:7:2: out of fuel (limit 'fuel')", 1000, 0, 0},
    {"fuel of a builtin", QUERY("CONST r1 2000\nBUILTIN r0 r1 1 t.work/1 u\nRET r0\nu:\nRET_UNDEF"),
     "limit_fuel: p.rego:7:2: t.work: out of fuel (limit 'fuel')", 1000, 0, 0},
    {"memory", QUERY("BUILD/0 b1\nCONST r2 1\nagain:\nPUSH b1 r2\nJUMP again"),
     "limit_memory: p.rego:7:2: out of the evaluation's memory (limit 'memory')", 100000000, 100000, 0},
    {"depth",
     TREE "node data\nnode data.p p\nfunc q query regs=1\nRULE r0 p u\nRET r0\nu:\nRET_UNDEF\nfunc p complete regs=2\nCONST r1 "
          "1\nWITH f0\nWITH_INPUT f0 r1 []\nENTER f0\nDOC r1 data u\nRET r1\nu:\nRET_UNDEF\nentry q q",
     "limit_depth: :0:0: calls are nested too deep (limit 'call_depth')", 100000000, 0, 10},
    {"nesting of arrays", QUERY("CONST r0 1\nagain:\nARRAY r0 r0 1\nJUMP again"),
     "limit_depth: p.rego:7:2: values nest too deep (limit 'json_depth')",
     100000000, 0, 0},
    {"nesting of sets", QUERY("CONST r0 1\nagain:\nSET r0 r0 1\nJUMP again"),
     "limit_depth: p.rego:7:2: values nest too deep (limit 'json_depth')",
     2000000000, 0, 0},
    {"nesting by builders", QUERY("CONST r0 1\nagain:\nBUILD/0 b1\nPUSH b1 r0\nDONE r0 b1\nJUMP again"),
     "limit_depth: p.rego:7:2: values nest too deep (limit 'json_depth')", 100000000, 0, 0},
    {"nesting by deep objects",
     QUERY("CONST r0 1\nagain:\nBUILD/2 b1\nCONST r2 1\nMOVE r3 r2\nMOVE r4 r2\nMOVE r5 r0\nPUT_DEEP/0 b1 r2 4\nDONE r0 b1\nJUMP "
           "again"),
     "limit_depth: p.rego:7:2: values nest too deep (limit 'json_depth')", 100000000, 0, 0},
    {"nesting by with",
     QUERY("again:\nINPUT r1 on\nJUMP go\non:\nCONST r1 1\ngo:\nWITH f0\nWITH_INPUT f0 r1 [\"a\",\"b\"]\nENTER f0\nJUMP "
           "again"),
     "limit_depth: p.rego:7:2: values nest too deep (limit 'json_depth')", 100000000, 0, 0},
    {"depth of 1024",
     TREE "node data\nnode data.p p\nfunc q query regs=1\nRULE r0 p u\nRET r0\nu:\nRET_UNDEF\nfunc p complete regs=2\nCONST r1 "
          "1\nWITH f0\nWITH_INPUT f0 r1 []\nENTER f0\nDOC r1 data u\nRET r1\nu:\nRET_UNDEF\nentry q q",
     "limit_depth: :0:0: calls are nested too deep (limit 'call_depth')", 100000000, 0, 1024},
};

Test(interp, limits_end_the_evaluation)
{
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct machine m;
        machine_init(&m);
        m.options.limits.fuel = limits[i].fuel;
        if (limits[i].memory != 0)
            m.options.limits.memory = limits[i].memory;
        if (limits[i].depth != 0)
            m.options.limits.call_depth = limits[i].depth;
        const char *got = machine_run(&m, limits[i].text, NULL, NULL);
        cr_expect_str_eq(got, limits[i].want, "%s: got %s", limits[i].name, got);
        machine_fini(&m);
    }
}

static int64_t fast_clock(void *ctx)
{
    return *(int64_t *)ctx += 10;
}

Test(interp, the_wall_clock_ends_the_evaluation)
{
    struct machine m;
    int64_t now = 0;
    machine_init(&m);
    m.options.limits.fuel = 1000000000;
    m.options.limits.wall_ms = 100;
    m.options.clock_ms = fast_clock;
    m.options.clock_ctx = &now;
    cr_expect_str_eq(machine_run(&m, QUERY(FOREVER), NULL, NULL),
                     "limit_time: p.rego:7:2: the evaluation took too long (limit 'wall_ms')");
    machine_fini(&m);
}

static int64_t cancelling_clock(void *ctx)
{
    vm_cancel(ctx);
    return 0;
}

Test(interp, cancel_ends_the_evaluation)
{
    struct machine m;
    machine_init(&m);
    m.options.limits.fuel = 1000000000;
    m.options.limits.wall_ms = 100;
    cr_assert(machine_seal(&m, QUERY(FOREVER)) && machine_start(&m));
    m.options.clock_ms = cancelling_clock;
    m.options.clock_ctx = m.vm;
    vm_set_options(m.vm, &m.options);
    cr_expect_str_eq(machine_eval(&m, NULL, NULL), "eval_cancel_error: p.rego:7:2: caller cancelled query execution");
    machine_fini(&m);
}

Test(interp, strict_builtin_errors_end_the_evaluation)
{
    struct machine m;
    machine_init(&m);
    m.options.strict_builtin_errors = true;
    cr_expect_str_eq(machine_run(&m, QUERY("CONST r1 9\nBUILTIN r0 r1 1 t.fail/1 fail" OR_ELSE), NULL, NULL),
                     "eval_builtin_error: p.rego:7:2: t.fail: not today");
    machine_fini(&m);
}

Test(interp, builtin_errors_are_noted)
{
    struct machine m;
    size_t count;
    machine_init(&m);
    cr_expect_str_eq(machine_run(&m, QUERY("CONST r1 9\nBUILTIN r0 r1 1 t.fail/1 fail" OR_ELSE), NULL, NULL), "\"failed\"");
    const struct err *errors = vm_builtin_errors(m.vm, &count);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(errors[0].text, "t.fail: not today");
    cr_expect_eq(errors[0].row, 7);
    machine_fini(&m);
}

Test(interp, fuel_is_the_same_for_each_run)
{
    struct machine m;
    machine_init(&m);
    (void)machine_run(&m, QUERY("DATA_PATH r1 [\"a\"] u\nITER i2 r1 u\nn:\nNEXT/2 i2 r0 r3 u\nJUMP n\nu:\nRET_UNDEF"),
                      "{\"a\":[1,2,3]}", NULL);
    cr_expect_eq(vm_fuel_used(m.vm), 10, "used %llu", (unsigned long long)vm_fuel_used(m.vm));
    machine_fini(&m);
}

Test(interp, compiled_things_are_kept_and_bounded)
{
    struct machine m;
    machine_init(&m);
    machine_things = 0;
    cr_expect_str_eq(machine_run(&m, QUERY("INPUT r1 u\nBUILTIN r0 r1 1 t.cached/1 u\nRET r0\nu:\nRET_UNDEF"), NULL, "\"a\""),
                     "1");
    cr_expect_str_eq(machine_eval(&m, NULL, "\"a\""), "1");
    cr_expect_str_eq(machine_eval(&m, NULL, "\"\""), "undefined");
    for (int i = 0; i < 500; i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "\"k%d\"", i);
        (void)machine_eval(&m, NULL, key);
    }
    cr_expect_leq(machine_things, 128);
    machine_fini(&m);
    cr_expect_eq(machine_things, 0);
}

/* ---- indexes ---- */

/* The keys of the elements of data.xs with each k of input, in order. */
static const char where_query[] = QUERY(
    "BUILD/0 b1\nDATA_PATH r2 [\"xs\"] end\nINPUT r3 end\nITER i4 r3 end\nouter:\nNEXT/2 i4 r0 r5 end\n"
    "ITER_WHERE i6 r2 r5 [\"k\",0] outer\ninner:\nNEXT/3 i6 r7 r8 outer\nPATH r9 r8 [\"k\",0] inner\n"
    "EQ r9 r5 inner\nPUSH b1 r7\nJUMP inner\nend:\nDONE r10 b1\nRET r10");

static const char *where_data(struct machine *m, bool as_object)
{
    struct buf b;
    buf_init(&b, &m->arena);
    buf_cstr(&b, as_object ? "{\"xs\":{" : "{\"xs\":[");
    for (int i = 0; i < 40; i++) {
        if (as_object)
            buf_printf(&b, "\"k%02d\":", i);
        buf_printf(&b, i % 7 == 0 ? "null%s" : "{\"k\":[%s]}%s",
                   i % 7 == 0   ? (i < 39 ? "," : "")
                   : i % 3 == 0 ? "1.0"
                   : i % 3 == 1 ? "1"
                                : "[2]",
                   i < 39 ? "," : "");
    }
    buf_cstr(&b, as_object ? "}}" : "]}");
    buf_char(&b, '\0');
    return b.p;
}

static void expect_where(bool as_object, bool is_kept, const char *want)
{
    struct machine m;
    machine_init(&m);
    cr_assert(machine_seal(&m, where_query), "%s", m.e.text);
    cr_assert(machine_start(&m));
    struct value data = machine_json(&m, where_data(&m, as_object));
    uint64_t fuel = 0;
    if (is_kept)
        vm_keep_data(m.vm, data);
    for (int run = 0; run < 3; run++) {
        struct value v;
        struct buf out;
        (void)vm_begin(m.vm);
        cr_assert_eq(vm_eval(m.vm, 0, data, machine_json(&m, "[[2],3,1,[2],1]"), &v, &m.e), 0, "%s", m.e.text);
        buf_init(&out, &m.arena);
        json_write(&out, v, JSON_COMPACT);
        buf_char(&out, '\0');
        if (want != NULL)
            cr_expect_str_eq(out.p, want);
        else
            cr_expect(strstr(out.p, "[\"k02\",\"k05\"") == out.p && strstr(out.p, "\"k38\",\"k01\",\"k03\"") != NULL, "%s",
                      out.p);
        cr_expect(run == 0 || vm_fuel_used(m.vm) == fuel, "run %d", run);
        fuel = vm_fuel_used(m.vm);
    }
    machine_fini(&m);
}

Test(interp, iterating_by_index_gives_what_scanning_gives)
{
#define TWOS "2,5,8,11,17,20,23,26,29,32,38"
#define ONES "1,3,4,6,9,10,12,13,15,16,18,19,22,24,25,27,30,31,33,34,36,37,39"
    expect_where(false, false, "[" TWOS "," ONES "," TWOS "," ONES "]");
    expect_where(false, true, "[" TWOS "," ONES "," TWOS "," ONES "]");
    for (int kept = 0; kept < 2; kept++)
        expect_where(true, kept != 0, NULL);
}

/* ---- traces ---- */

static void on_event(void *ctx, const struct vm_event *event)
{
    struct value v = vm_register(event->vm, 0);
    *(int64_t *)ctx = event->kind == TRACE_EVAL && event->number == 9 && vm_register(event->vm, 99).kind == VALUE_UNDEFINED ? v.i
                                                                                                                            : -1;
}

Test(interp, traces_see_registers)
{
    struct machine m;
    int64_t seen = 0;
    machine_init(&m);
    m.options.trace = on_event;
    m.options.trace_ctx = &seen;
    cr_expect_str_eq(machine_run(&m, QUERY("CONST r0 42\nTRACE/2 0 9\nRET r0"), NULL, NULL), "42");
    cr_expect_eq(seen, 42);
    machine_fini(&m);
}

Test(interp, every_instruction_has_a_case)
{
    for (size_t op = 0; op < OP_COUNT; op++) {
        bool found = strcmp(asm_ops[op].name, "PRINT") == 0; /* has a test of its own */
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            size_t len = strlen(asm_ops[op].name);
            for (const char *at = cases[i].text; (at = strstr(at, asm_ops[op].name)) != NULL; at += len)
                found |= (at[-1] == '\n') && (at[len] == ' ' || at[len] == '/' || at[len] == '\n' || at[len] == '\0');
        }
        cr_expect(found, "no case has %s", asm_ops[op].name);
    }
}
