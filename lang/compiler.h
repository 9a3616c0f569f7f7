/* SPDX-License-Identifier: Apache-2.0
 *
 * One compilation: sources in, diagnostics or a program out.
 *
 * Owns the compile arena. Stages run in the order of passes.def, which is OPA's (v1/ast/compile.go); when a stage reports
 * errors, the stages after it do not run. One thread.
 */
#ifndef QUIS_LANG_COMPILER_H
#define QUIS_LANG_COMPILER_H

#include "base/err.h"
#include "lang/ast.h"
#include "vm/builtin.h"
#include "vm/limits.h"

struct source {
    struct str name; /* as the user wrote it */
    struct str text;
};

/* An error at a place. Detail lines follow the message in text output, indented. */
struct diag {
    enum err_code code;
    struct loc loc;
    struct str message;
    struct str details; /* "" or lines separated by newlines */
    const struct type_error *type_error; /* NULL, or what type_error_json makes the details of JSON output from */
};

/* A node of the rule tree: data's virtual documents by path. */
struct rule_node {
    struct term *key;            /* a string, or at the root the var data */
    struct rule_node *parent;
    struct rule_node **children; /* sorted by key */
    size_t child_count, child_cap;
    struct rule **rules;         /* rules whose ground prefix ends here, in order of modules and text */
    size_t rule_count, rule_cap;
    uint32_t id;                 /* preorder number, for the code generator */
    void *info;                  /* for the code generator */
};

struct compiler_options {
    enum rego_version version; /* of modules that do not say */
    bool strict;
    bool keep_prints;          /* false: print calls are erased */
    bool keep_sources;         /* put the sources' text into the program, for listings and messages */
    bool keep_traces;          /* emit code for --explain, --coverage, --profile */
    bool trace_all_rules;      /* traced code tries rules that an index would leave out, too */
    bool trace_no_early_exit;  /* traced code looks for all values of rules that can only have one */
    bool trace_tests;          /* rewrite test rules so that the values they compare are in variables */
    uint32_t max_errors;       /* 0: no limit; OPA's default is 10 */
    struct str *unsafe_builtins;
    size_t unsafe_builtin_count;
    struct value capabilities; /* undefined: all that we have */
    struct value schemas;      /* object: path below "schema" ("a/b", "": that of the input) -> JSON schema; undefined: none */
};

struct compiler {
    struct arena arena;
    struct atoms atoms;
    struct limits limits;
    struct compiler_options options;
    struct source *sources;
    size_t source_count, source_cap;
    struct module **modules;
    size_t module_count, module_cap;
    struct diag *diags;
    size_t diag_count, diag_cap;
    bool out_of_memory;          /* reported by the owner */
    struct rule_node *rule_tree; /* made by the rule tree stage */
    uint32_t local_count;        /* for names of generated variables */
    struct passes *passes;       /* state of the stages (lang/passes.h), made by compiler_run */
    struct query *query;         /* NULL: none */
    struct trace_row *traces;    /* lang/trace.h, by the number in TRACE instructions */
    size_t trace_count, trace_cap;
    const struct builtin *builtins; /* the table; host functions are appended by the owner */
    size_t builtin_count;
    struct value data;           /* base documents, for conflict checks; undefined: none */
};

/* An ad-hoc query compiled in the context of the modules. */
struct query {
    uint32_t file;
    struct terms package; /* --package; empty: none */
    struct import **imports;
    size_t import_count;
    struct body body;        /* rewritten by the stages */
    struct body written;     /* as parsed: its expressions give the texts of results */
    struct capture *captures; /* one per written expression */
    size_t capture_count;
    struct binding *bindings; /* written variables and what they were renamed to, in order of first occurrence */
    size_t binding_count;
};

/* The value of a written expression of the query: what var (made by the capture stage) is bound to; NULL: true. */
struct capture {
    const struct atom *var;
    struct loc loc; /* of the expression: its text is the source's */
};

struct binding {
    const struct atom *name;    /* as written */
    const struct atom *renamed; /* in body */
};

/* An empty compilation. The owner sets builtins and options afterwards. */
void compiler_init(struct compiler *c, const struct alloc *alloc, const struct limits *limits);
void compiler_fini(struct compiler *c);

/* Parses text as a module and adds it. false: diagnostics were added (parsing goes on to report several), or out of memory. */
bool parse_module(struct compiler *c, struct str name, struct str text);

/* Parses text as a query body. */
bool parse_query(struct compiler *c, struct str text, struct query *q);

/* Parses text as one ground term (input_term of tests, --input terms). NULL: diagnostics. */
struct term *parse_term(struct compiler *c, struct str text);

/* Sorts the diagnostics from one on by place and text. When memory runs out they stay as they are. */
void compiler_sort_diags(struct compiler *c, size_t from);

/* Runs the stages over all modules (and c->query when set). false: diagnostics. */
bool compiler_run(struct compiler *c);

/* Adds a diagnostic. Always returns false. */
bool diag_add(struct compiler *c, enum err_code code, struct loc loc, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Notes that memory ran out. Always returns false. */
bool diag_nomem(struct compiler *c);

/* The builtin of this dotted name, or NULL. */
const struct builtin *compiler_builtin(const struct compiler *c, struct str name);

#endif
