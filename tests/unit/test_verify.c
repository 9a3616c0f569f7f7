/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs that the verifier must refuse, one per rule, and why it says it does; and some that it must not.
 */
#include <criterion/criterion.h>

#include "tests/tools/machine.h"

#define Q(code) "file p\nposition 1 1\nfunc q query regs=4\n" code "\nentry q q\n"
#define F "func f call args=2 regs=2\nRET r0\n"

static const struct {
    const char *name, *text, *want; /* want "": accepted */
} cases[] = {
    /* instructions and flow */
    {"unknown opcode", Q("!word 0xff\nRET_UNDEF"), "word 0 (no instruction): unknown opcode 255"},
    {"instruction cut off", Q("RET_UNDEF\n!word 1"), "word 1 (CONST): is cut off"},
    {"no code", "func q query regs=0\nentry q q", "its code is out of range"},
    {"falls off the end", Q("NOP"), "word 0 (NOP): runs past the end of the function"},
    {"falls off after a jump", Q("CONST r0 1\nTEST r0 on\non:\nCONST r0 1"), "runs past the end"},
    {"jump into an instruction", Q("JUMP =1\nRET_UNDEF"), "word 0 (JUMP): jumps to word 1, where no instruction begins"},
    {"jump out of the function", Q("JUMP =9\nRET_UNDEF"), "jumps to word 9"},
    {"jump to the end", Q("JUMP =3\nRET_UNDEF"), "jumps to word 3"},
    {"x that means nothing", Q("NOP/1\nRET_UNDEF"), "word 0 (NOP): x is 1"},
    {"x out of range", Q("BUILD/3 b0\nRET_UNDEF"), "word 0 (BUILD): x is 3"},
    {"unused operand", Q("!word 0x0000000100000000\nRET_UNDEF"), "an operand that is not used is not 0"},
    {"unreachable code is only looked at", Q("RET_UNDEF\nRET r0"), ""},
    {"loops are fine", Q("again:\nJUMP again"), ""},
    /* registers */
    {"register out of range", Q("CONST r4 1\nRET_UNDEF"), "word 0 (CONST): register 4 is out of range"},
    {"run out of range", Q("CONST r3 1\nARRAY r0 r3 2\nRET r0"), "register 4 is out of range"},
    {"run of pairs out of range", Q("CONST r2 1\nOBJECT r0 r2 2\nRET r0"), "register 5 is out of range"},
    {"two classes", Q("CONST r0 1\nITER i0 r0 u\nu:\nRET_UNDEF"), "register 0 is used in two classes"},
    {"builder as value", Q("BUILD/0 b0\nRET r0"), "register 0 is used in two classes"},
    {"frame as value", Q("WITH f0\nRET r0"), "register 0 is used in two classes"},
    {"iterator as choice", Q("CONST r1 1\nITER i0 r1 u\nu:\nNEXT_DEF i0 u"), "register 0 is used in two classes"},
    {"choice as iterator", Q("switch s else=u\nSWITCH i0 r1 s\nu:\nNEXT/2 i0 r1 r2 u\nRET r2"),
     "register 0 is used in two classes"},
    {"argument as builder", "func f call args=1 regs=1\nBUILD/0 b0\nRET_UNDEF\n" Q("RET_UNDEF"),
     "register 0 is used in two classes"},
    {"read before written", Q("RET r0"), "word 0 (RET): register 0 may be read before it is written"},
    {"read before written on one path", Q("CONST r1 1\nTEST r1 on\nCONST r0 1\non:\nRET r0"), "register 0 may be read"},
    {"a jump writes nothing", Q("CONST r1 1\nGETK r0 r1 1 on\non:\nRET r0"), "register 0 may be read"},
    {"NEXT writes what it wants", Q("CONST r3 []\nITER i0 r3 u\nNEXT/1 i0 r1 r2 u\nRET r2\nu:\nRET_UNDEF"),
     "register 2 may be read"},
    {"NEXT writes nothing when it fails", Q("CONST r3 []\nITER i0 r3 u\nNEXT/1 i0 r1 r2 on\non:\nRET r1\nu:\nRET_UNDEF"),
     "register 1 may be read"},
    {"an element of a run", Q("CONST r1 1\nARRAY r0 r1 2\nRET r0"), "register 2 may be read"},
    {"iterator before ITER", Q("NEXT/2 i0 r1 r2 u\nu:\nRET_UNDEF"), "register 0 may be read"},
    {"choice before SWITCH", Q("NEXT_DEF i0 u\nu:\nRET_UNDEF"), "register 0 may be read"},
    {"builder before BUILD", Q("DONE r1 b0\nRET r1"), "register 0 may be read"},
    {"frame before WITH", Q("ENTER f0\nRET_UNDEF"), "register 0 may be read"},
    {"CLEAR makes undefined", Q("CONST r0 1\nCLEAR r0\nRET r0"), "register 0 may be read"},
    {"DEFINED makes defined", Q("DEFINED r0 u\nRET r0\nu:\nRET_UNDEF"), ""},
    {"RESULT makes defined", Q("CONST r1 1\nRESULT/0 r0 r1 0\nRET r0"), ""},
    {"a later sweep finds what a loop loses",
     Q("CONST r0 1\nCONST r1 1\nagain:\nNEQK r1 2 out\nMOVE r2 r0\nCLEAR r0\nJUMP again\nout:\nRET_UNDEF"),
     "register 0 may be read"},
    {"definitions are entered with what SWITCH knew",
     Q("CONST r1 1\nswitch s 1=one else=two\nSWITCH i0 r1 s\nmore:\nNEXT_DEF i0 u\none:\nCONST r2 1\nJUMP more\n"
       "two:\nRET r2\nu:\nRET_UNDEF"),
     "register 2 may be read"},
    {"definitions may use what was before SWITCH",
     Q("CONST r1 1\nswitch s 1=one else=two\nSWITCH i0 r1 s\nmore:\nNEXT_DEF i0 u\none:\nCONST r2 1\nJUMP more\n"
       "two:\nRET r1\nu:\nRET_UNDEF"),
     ""},
    {"too many registers", "func q query regs=65536\nRET_UNDEF\nentry q q", "has too many registers"},
    /* rows */
    {"constant", Q("CONST r0 =99\nRET r0"), "constant 99 is out of range"},
    {"path", Q("INPUT_PATH r0 =99 u\nu:\nRET_UNDEF"), "path 99 is out of range"},
    {"function", Q("RULE r0 =99 u\nu:\nRET_UNDEF"), "function 99 is out of range"},
    {"builtin", Q("BUILTIN r0 r0 0 =99 u\nu:\nRET_UNDEF"), "builtin 99 is out of range"},
    {"node", Q("DOC r0 =99 u\nu:\nRET_UNDEF"), "node 99 is out of range"},
    {"switch", Q("SWITCH i0 r1 =99\nRET_UNDEF"), "switch 99 is out of range"},
    {"position", Q("CONST r0 1\nRESULT/0 r1 r0 7\nRET_UNDEF"), "position 7 is out of range"},
    {"no position", Q("CONST r0 1\nRESULT/0 r1 r0 =4294967295\nRET_UNDEF"), "position 4294967295 is out of range"},
    {"switch target outside", Q("switch s else=nowhere\nSWITCH i0 r1 s\nRET_UNDEF"), "a target is word 4294967295"},
    {"switch cases in order", Q("switch s 2=u 1=u\nSWITCH i0 r0 s\nu:\nRET_UNDEF"), "cases are not in order"},
    {"switch cases equal", Q("switch s 1=u 1.0=u\nSWITCH i0 r0 s\nu:\nRET_UNDEF"), "cases are not in order"},
    {"switch lists in order", Q("switch s else=v,u\nSWITCH i0 r0 s\nu:\nRET_UNDEF\nv:\nRET_UNDEF"),
     "a switch list is not in order"},
    /* calls */
    {"CALL of a rule", Q("CALL r0 r0 0 p u\nu:\nRET_UNDEF") "func p complete regs=1\nRET_UNDEF",
     "is not one to call with arguments"},
    {"CALL with too few arguments", Q("CONST r0 1\nCALL r0 r0 1 f u\nu:\nRET_UNDEF") F, "has 2 arguments"},
    {"RULE of a function", Q("RULE r0 f u\nu:\nRET_UNDEF") F, "is no rule"},
    {"RULE of a query", Q("RULE r0 p u\nu:\nRET_UNDEF") "func p query regs=1\nRET_UNDEF", "is no rule"},
    {"RULE_KEY of a rule without", Q("CONST r0 1\nRULE_KEY r0 r0 p u\nu:\nRET_UNDEF") "func p object regs=1\nRET_UNDEF",
     "is not keyed"},
    {"keyed by a function that is not", Q("RET_UNDEF") "func p object regs=1 keyed=f\nRET_UNDEF\n" F,
     "its keyed function is none"},
    {"keyed complete rule", Q("RET_UNDEF") "func p complete regs=1 keyed=k\nRET_UNDEF\nfunc k keyed args=1 regs=1\nRET r0",
     "only partial rules are keyed"},
    {"keyed function with two arguments", Q("RET_UNDEF") "func k keyed args=2 regs=2\nRET r0",
     "a keyed function has one argument"},
    {"rule with arguments", Q("RET_UNDEF") "func p set args=1 regs=1\nRET r0", "a rule has no arguments"},
    {"more arguments than registers", Q("RET_UNDEF") "func p call args=2 regs=1\nRET r0", "more arguments than registers"},
    {"BUILTIN with another arity", Q("CONST r0 1\nBUILTIN r0 r0 1 plus/2 u\nu:\nRET_UNDEF"), "the builtin has 2 arguments"},
    {"recursion",
     Q("RET_UNDEF") "func f call args=0 regs=1\nCALL r0 r0 0 g u\nu:\nRET_UNDEF\nfunc g call args=0 regs=1\nCALL r0 r0 0 f "
                    "u\nu:\nRET_UNDEF",
     "function f calls itself"},
    {"recursion through a keyed function",
     Q("RET_UNDEF") "func p set regs=1 keyed=k\nRET_UNDEF\nfunc k keyed args=1 regs=1\nRULE_KEY r0 r0 p u\nu:\nRET_UNDEF",
     "function k calls itself"},
    {"recursion through documents is for the limits",
     "node data\nnode data.p p\n" Q("RET_UNDEF") "func p complete regs=1\nDOC r0 data u\nu:\nRET_UNDEF", ""},
    /* with */
    {"target out of range", Q("WITH f0\nCONST r1 1\nWITH_VALUE/1 f0 r1 =9\nRET_UNDEF"), "target 9 is out of range"},
    {"target that is a rule", Q("WITH f0\nCONST r1 1\nWITH_VALUE/1 f0 r1 p\nRET_UNDEF") "func p set regs=1\nRET_UNDEF",
     "target 1 is no function"},
    {"replacement with other arguments", Q("WITH f0\nWITH_FUNCTION/0 f0 t.id/1 f\nRET_UNDEF") F,
     "has not as many arguments as its target"},
    {"replacement by a rule", Q("WITH f0\nWITH_FUNCTION/1 f0 f p\nRET_UNDEF") F "func p set regs=1\nRET_UNDEF",
     "has not as many arguments"},
    {"builtin with other arguments", Q("WITH f0\nWITH_BUILTIN/1 f0 f count/1\nRET_UNDEF") F, "has not as many arguments"},
    {"PUT_DEEP without a value", Q("BUILD/2 b0\nCONST r1 1\nPUT_DEEP/0 b0 r1 1\nRET_UNDEF"), "needs a key and a value"},
    /* the tree */
    {"node with a keyed function", "node data\nnode data.k k\n" Q("RET_UNDEF") "func k keyed args=1 regs=1\nRET r0",
     "its function is no rule"},
    {"children in order", "node data\nnode data.b\nnode data.a\n" Q("RET_UNDEF"), "children are not in order"},
    {"two children of a name", "node data\nnode data.b\nnode data.b\n" Q("RET_UNDEF"), "children are not in order"},
    {"no preorder", "node data\nnode data.a\nnode data.b\nnode data.a.c\n" Q("RET_UNDEF"), "node "},
    /* entries */
    {"entry that is a function", F "entry f f", "its function is none or has arguments"},
    {"entry of nothing", "func q query regs=0\nRET_UNDEF\nentry q nothing", "its function is none"},
    /* linking */
    {"builtin that there is not", Q("BUILTIN r0 r0 0 t.missing/0 u\nu:\nRET_UNDEF"), "there is no builtin t.missing"},
    {"builtin that is not granted", Q("CONST r0 1\nBUILTIN r0 r0 1 t.net/1 u\nu:\nRET_UNDEF"),
     "the builtin t.net is not granted"},
    {"builtin of another arity", Q("BUILTIN r0 r0 0 t.id/0 u\nu:\nRET_UNDEF"), "takes 1 arguments, not 0"},
};

Test(verify, each_rule_refuses_a_program)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct machine m;
        machine_init(&m);
        bool accepted = machine_seal(&m, cases[i].text);
        cr_expect_eq(accepted, cases[i].want[0] == '\0', "%s: %s", cases[i].name, accepted ? "accepted" : m.e.text);
        cr_expect(strstr(m.e.text, cases[i].want) != NULL, "%s: %s", cases[i].name, m.e.text);
        machine_fini(&m);
    }
}

/* Rows that the assembler cannot write wrongly. */

static void shorten_path(struct program_builder *b)
{
    b->t.paths[0].count = 99;
}

static void lose_path_key(struct program_builder *b)
{
    b->t.path_keys[0] = 99;
}

static void lose_name(struct program_builder *b)
{
    b->t.functions[0].name = 99;
}

static void share_code(struct program_builder *b)
{
    b->t.functions[1].code = b->t.functions[0].code;
    b->t.functions[1].words = b->t.functions[0].words;
}

static void lose_file(struct program_builder *b)
{
    b->t.positions[0].file = 7;
}

static void turn_lines(struct program_builder *b)
{
    b->t.lines[0].word = 5;
}

static void lose_line(struct program_builder *b)
{
    b->t.lines[0].position = 7;
}

static void unknown_kind(struct program_builder *b)
{
    b->t.functions[0].kind = FUNCTION_QUERY + 1;
}

static void unknown_flags(struct program_builder *b)
{
    b->t.functions[0].flags = 8;
}

static void lose_node(struct program_builder *b)
{
    b->t.functions[0].node = 7;
}

static void lose_position(struct program_builder *b)
{
    b->t.functions[0].position = 7;
}

static void root_with_parent(struct program_builder *b)
{
    b->t.nodes[0].parent = 0;
}

static void own_parent(struct program_builder *b)
{
    b->t.nodes[1].parent = 1;
}

static void loop_of_siblings(struct program_builder *b)
{
    b->t.nodes[1].next = 1;
}

static void case_out_of_range(struct program_builder *b)
{
    b->t.switches[0].cases = 9;
}

static void list_out_of_range(struct program_builder *b)
{
    b->t.switch_cases[0].count = 9;
}

static void case_without_constant(struct program_builder *b)
{
    b->t.switch_cases[0].constant = 99;
}

static void lose_columns(struct program_builder *b)
{
    b->t.entries[0].columns = 99;
}

static void lose_file_name(struct program_builder *b)
{
    b->t.files[0].name = 99;
}

static void lose_builtin_name(struct program_builder *b)
{
    b->t.builtins[0].name = 99;
}

static const struct {
    void (*damage)(struct program_builder *b);
    const char *want;
} rows[] = {
    {shorten_path, "path 0 is out of range"},
    {lose_path_key, "path key 0 is out of range"},
    {lose_name, "function 0 has no name"},
    {share_code, "functions share code"},
    {lose_file, "its file is out of range"},
    {turn_lines, "lines are not in order"},
    {lose_line, "its position is out of range"},
    {unknown_kind, "unknown kind"},
    {unknown_flags, "unknown flags"},
    {lose_node, "its node is out of range"},
    {lose_position, "its position is out of range"},
    {root_with_parent, "the root of the tree has a parent"},
    {own_parent, "not after its parent"},
    {loop_of_siblings, "its next sibling is wrong"},
    {case_out_of_range, "its cases are out of range"},
    {list_out_of_range, "a switch list is out of range"},
    {case_without_constant, "a constant is out of range"},
    {lose_columns, "entry 0 is damaged"},
    {lose_file_name, "file 0 is damaged"},
    {lose_builtin_name, "builtin 0 is damaged"},
};

Test(verify, rows_refer_to_rows)
{
    static const char text[] =
        "file p\nposition 1 1\nnode data\nnode data.a\nnode data.b\nfunc q query regs=4\nline 0\nNOP\nline 0\nswitch s 1=u "
        "else=u\nSWITCH i0 r1 s\nINPUT_PATH r1 [1,2] u\nBUILTIN r1 r1 0 t.halt/0 u\nu:\nRET_UNDEF\nfunc g call args=0 "
        "regs=0\nRET_UNDEF\nentry q q";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct machine m;
        struct alloc alloc = alloc_default();
        char error[256];
        machine_init(&m);
        cr_assert(assemble(text, &m.builder, &m.arena, error), "%s", error);
        rows[i].damage(&m.builder);
        int status = program_seal(&m.builder, &machine_link, &alloc, &m.options.limits, &m.program, &m.e);
        cr_expect(status == -1 && strstr(m.e.text, rows[i].want) != NULL, "%s: %s", rows[i].want, m.e.text);
        machine_fini(&m);
    }
}

Test(verify, the_undamaged_program_is_accepted)
{
    struct machine m;
    machine_init(&m);
    cr_expect(machine_seal(&m, Q("RET_UNDEF")), "%s", m.e.text);
    machine_fini(&m);
}

/* Work stays bounded on code made to cost the most. */
Test(verify, many_registers_and_jumps_are_refused_or_quick, .timeout = 20)
{
    struct machine m;
    struct alloc alloc = alloc_default();
    machine_init(&m);
    builder_init(&m.builder, &m.arena);
    struct function fn = {.words = 400001,
                          .registers = 65535,
                          .name = builder_string(&m.builder, STR("f")),
                          .keyed = NONE,
                          .node = NONE,
                          .position = NONE,
                          .kind = FUNCTION_QUERY};
    for (uint32_t i = 0; i < 200000; i++) {
        (void)TABLE_PUSH(&m.builder, code, ((union word){.insn = {OP_DEFINED, 0, (uint16_t)(i % 65535), 0, 0}}));
        (void)TABLE_PUSH(&m.builder, code, ((union word){.ext = {0, i * 2 / 3 * 2}}));
    }
    (void)TABLE_PUSH(&m.builder, code, ((union word){.insn = {OP_RET_UNDEF, 0, 0, 0, 0}}));
    (void)TABLE_PUSH(&m.builder, functions, fn);
    int status = program_seal(&m.builder, &machine_link, &alloc, &m.options.limits, &m.program, &m.e);
    cr_expect(status == -1 && strstr(m.e.text, "too complex") != NULL, "%d %s", status, m.e.text);
    machine_fini(&m);
}
