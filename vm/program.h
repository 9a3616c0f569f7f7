/* SPDX-License-Identifier: Apache-2.0
 *
 * A compiled policy: tables and code, immutable once sealed, shared by all threads.
 *
 * Life: a struct program_builder (one thread) is filled by the code generator or by the file reader; program_seal verifies it
 * (vm/verify.h) and gives a struct program with a reference count. Nothing unverified ever runs.
 * The file form (vm/program_file.c) is little-endian, versioned and checksummed; its SHA-384 is the policy's identity. The same
 * sources and options give the same bytes on every machine.
 */
#ifndef QUIS_VM_PROGRAM_H
#define QUIS_VM_PROGRAM_H

#include "base/err.h"
#include "vm/builtin.h"
#include "vm/limits.h"
#include "vm/value.h"

#define NONE UINT32_MAX /* no function, node, position ... */

enum op {
#define OP(name, words, a, b, c, d, e, doc) OP_##name,
#include "vm/opcodes.def"
#undef OP
    OP_COUNT
};

/* Words of an instruction: 1 or 2. op must be below OP_COUNT. */
static inline uint32_t op_words(enum op op)
{
    static const uint8_t words[] = {
#define OP(name, words, a, b, c, d, e, doc) words,
#include "vm/opcodes.def"
#undef OP
    };
    return words[op];
}

enum build_kind { BUILD_ARRAY, BUILD_SET, BUILD_OBJECT };
enum cmp_kind { CMP_EQ, CMP_NEQ, CMP_LT, CMP_LE, CMP_GT, CMP_GE };
enum next_want { NEXT_KEY = 1, NEXT_VALUE = 2 };
enum mock_target { MOCK_BUILTIN, MOCK_FUNCTION };
/* What happens in a search: a body or rule is entered, has a solution (EXIT), is asked for more (REDO) and left; an expression is
 * evaluated, holds again or fails, and is DONE when it has no more solutions, or CUT when none is wanted. The rules of a path
 * begin, are matched by their index, are ready and end; CALL comes before they are asked for. */
enum trace_event {
    TRACE_ENTER,
    TRACE_EXIT,
    TRACE_EVAL,
    TRACE_REDO,
    TRACE_FAIL,
    TRACE_LEAVE,
    TRACE_DONE,
    TRACE_CUT,
    TRACE_BEGIN,
    TRACE_MATCH,
    TRACE_READY,
    TRACE_END,
    TRACE_CALL,
};


/* The first word of an instruction, and the second of those that have one. */
struct insn {
    uint8_t op, x;
    uint16_t a, b, c;
};

struct insn_ext {
    uint32_t d, e;
};

_Static_assert(sizeof(struct insn) == 8 && sizeof(struct insn_ext) == 8, "instruction words are 64 bits");

union word {
    struct insn insn;
    struct insn_ext ext;
};

enum function_kind {
    FUNCTION_COMPLETE, /* a complete rule: value or undefined */
    FUNCTION_SET,      /* a partial set: always a set */
    FUNCTION_OBJECT,   /* a partial object with one key: always an object */
    FUNCTION_DEEP,     /* rules with longer dynamic references: always an object */
    FUNCTION_CALL,     /* a user function with arguments in registers 0.. */
    FUNCTION_KEYED,    /* a partial set or object for one key, in register 0: its element or value, or undefined */
    FUNCTION_QUERY,    /* an entry: gives an array of rows */
};

enum function_flags {
    FUNCTION_MEMO = 1,        /* results are worth remembering per arguments */
    FUNCTION_OVERRIDABLE = 2, /* a with on data may replace this rule or something above or below it */
};

struct function {
    uint32_t code;      /* first word */
    uint32_t words;
    uint32_t registers; /* with arguments */
    uint32_t args;
    uint32_t name;      /* constant: "data.a.b" */
    uint32_t keyed;     /* SET, OBJECT: the FUNCTION_KEYED of the same rules, or NONE */
    uint32_t node;      /* of the rule tree, or NONE */
    uint32_t position;  /* of the first definition, or NONE */
    uint8_t kind, flags;
};

/* A node of the rule tree, in preorder; node 0 is data. Children are sorted by key. */
struct tree_node {
    uint32_t key;         /* constant, a string; NONE at the root */
    uint32_t parent;      /* NONE at the root */
    uint32_t first_child; /* NONE: leaf */
    uint32_t next;        /* next sibling, or NONE */
    uint32_t function;    /* COMPLETE, SET, OBJECT, DEEP or CALL function here, or NONE */
    uint32_t has_documents; /* 0: a function, which documents leave out */
};

/* A list of constants. */
struct path {
    uint32_t first; /* into path_keys; also where the VM's inline-cache hints of this path begin */
    uint32_t count;
};

/* value -> definitions, for SWITCH. Cases are sorted by Rego's order of their constants. */
struct switch_table {
    uint32_t first_case, cases;  /* into switch_cases */
    uint32_t otherwise;          /* list for every other value: first of switch_targets */
    uint32_t otherwise_count;
};

struct switch_case {
    uint32_t constant;
    uint32_t first, count; /* into switch_targets: words of the function, ascending in order of definition */
};

/* A builtin by name and arity; resolved when the program is linked to an engine. */
struct builtin_ref {
    uint32_t name; /* constant */
    uint32_t argc;
};

struct position {
    uint32_t file; /* index of files */
    uint32_t row, col;
    uint32_t offset, len; /* bytes in the source */
};

struct line {
    uint32_t word;     /* from this word of code on ... */
    uint32_t position; /* ... this position */
};

struct file {
    uint32_t name; /* constant */
    uint32_t text; /* constant with the source, or NONE */
};

struct entry {
    uint32_t name;     /* constant: the query text or data path */
    uint32_t function; /* FUNCTION_QUERY, or any rule without arguments */
    uint32_t columns;  /* constant: array of {"name": ..., "kind": "binding"|"expression", "text", "row", "col"} for queries */
};

/* Every table of a program: TABLE(type, name). One list for builder, file, verifier and freeing. */
#define PROGRAM_TABLES(TABLE)                                                                                                    \
    TABLE(struct value, constants)                                                                                               \
    TABLE(union word, code)                                                                                                      \
    TABLE(struct function, functions)                                                                                            \
    TABLE(struct tree_node, nodes)                                                                                               \
    TABLE(struct path, paths)                                                                                                    \
    TABLE(uint32_t, path_keys)                                                                                                   \
    TABLE(struct switch_table, switches)                                                                                         \
    TABLE(struct switch_case, switch_cases)                                                                                      \
    TABLE(uint32_t, switch_targets)                                                                                              \
    TABLE(struct builtin_ref, builtins)                                                                                          \
    TABLE(struct position, positions)                                                                                            \
    TABLE(struct line, lines)                                                                                                    \
    TABLE(struct file, files)                                                                                                    \
    TABLE(struct entry, entries)

struct program_tables {
#define TABLE(type, name)                                                                                                        \
    type *name;                                                                                                                  \
    size_t name##_count, name##_cap;
    PROGRAM_TABLES(TABLE)
#undef TABLE
};

struct program; /* sealed: vm/program_priv.h */

/* Filling. All memory from arena; strings of constants must live there or longer until sealed. */
struct program_builder {
    struct arena *arena;
    struct program_tables t;
    uint32_t *constant_index; /* interning: open addressing, slot + 1 */
    size_t constant_mask;
    uint32_t *path_index; /* the same for paths */
    size_t path_mask;
    bool failed; /* out of memory, or a table passed 2^32 rows */
};

void builder_init(struct program_builder *b, struct arena *arena);

/* Interned: equal values of the same text share a row (1 and 1.0 do not). */
uint32_t builder_constant(struct program_builder *b, struct value v);
uint32_t builder_string(struct program_builder *b, struct str s);
uint32_t builder_path(struct program_builder *b, const uint32_t *constants, size_t count); /* interned */
uint32_t builder_builtin(struct program_builder *b, struct str name, uint32_t argc);       /* interned */

/* Appends a row to a table: TABLE_PUSH(b, lines, ((struct line){...})); gives its index. */
#define TABLE_PUSH(b, table, row) (builder_grow(b, (void **)&(b)->t.table, &(b)->t.table##_cap, (b)->t.table##_count, \
    sizeof *(b)->t.table) ? ((b)->t.table[(b)->t.table##_count] = (row), (uint32_t)(b)->t.table##_count++) : NONE)
bool builder_grow(struct program_builder *b, void **items, size_t *cap, size_t count, size_t size);

/* What a program is linked against: the builtin tables, in order of precedence, and the flags that the profile denies. */
struct linkage {
    const struct builtin *builtins; /* sorted by name */
    size_t builtin_count;
    const struct builtin *host; /* functions of the host, sorted by name */
    size_t host_count;
    uint32_t denied; /* enum bi_flags: a builtin with one of these is a link error (DENIED) */
};

/* Verifies, links, copies into an arena of its own, counts one reference. The builder may be dropped afterwards. */
MUST_CHECK int program_seal(const struct program_builder *b, const struct linkage *link, const struct alloc *alloc,
                            const struct limits *limits, struct program **ret, struct err *e);

struct program *program_ref(struct program *p);
void program_unref(struct program *p);

/* The file form, appended to out. */
MUST_CHECK int program_write(const struct program *p, struct buf *out, struct err *e);
MUST_CHECK int program_read(const void *bytes, size_t len, const struct linkage *link, const struct alloc *alloc,
                            const struct limits *limits, struct program **ret, struct err *e);

/* SHA-384 of the file form; computed at each call. */
#define PROGRAM_DIGEST_BYTES 48
MUST_CHECK int program_digest(const struct program *p, uint8_t ret[PROGRAM_DIGEST_BYTES], struct err *e);

/* Does some builtin of the program look at the clock? */
bool program_reads_clock(const struct program *p);

/* Index of an entry by name; false: none. */
MUST_CHECK bool program_entry(const struct program *p, struct str name, uint32_t *ret);

const struct program_tables *program_get_tables(const struct program *p);

/* The place of a word of code; NONE: unknown. */
uint32_t program_position(const struct program *p, uint32_t word);

/* Readable listing, source lines beside the code; function NONE: all. */
void program_disassemble(const struct program *p, uint32_t function, struct buf *out);

#endif
