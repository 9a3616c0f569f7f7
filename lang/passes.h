/* SPDX-License-Identifier: Apache-2.0
 *
 * The stages of the compiler: their state, their helpers, and the tree that they leave.
 *
 * Stages run in the order of passes.def, which is that of OPA's compiler, and rewrite the modules in place. Errors come out
 * with OPA's texts and places. What a stage generates (variables, their order, expressions and their order) is what OPA
 * generates, since safety messages, the order of evaluation and the meaning of `not` depend on it.
 *
 * The tree after the last stage, which the code generator may rely on:
 * - Imports are gone from the meaning of names: the head of every reference is the variable `data` or `input`, a local
 *   variable, a nested array, object, set, comprehension or call (only where OPA leaves one, below a comprehension's term or
 *   in a head that is not evaluated), or, as the operator of a call, the name of a builtin or data.<path> of a function.
 * - Names of local variables are unique in their rule: __localN__ for declared ones, arguments and generated ones, as written
 *   for variables that `=` binds; wildcards are $N. A variable of a closure that the enclosing body also has is that one.
 * - `:=` is a call of eq with from_assignment; `some x` is gone; `some k, v in xs` is v = xs[k]; `==` in rules is eq (in
 *   queries it stays equal); print calls are gone or are internal.print([{x | x = operand}, ...]); template strings are
 *   internal.template_string([...]); rego.metadata calls are variables bound by the first expressions of the body.
 * - Calls stand as expressions only: f(g(x)) is g(x, l); f(l, l2). References in operands and below brackets are hoisted into
 *   generated eq expressions in front, comprehensions in operands too; the operands of eq and single terms may be references
 *   whose brackets hold scalars and variables, comprehensions, or collections of scalars and variables.
 * - Values of `with` are variables, ground values, or the names of functions.
 * - Bodies, also of closures, are in an order in which each expression's inputs are bound by those before it.
 * - A head's key, value, arguments and the parts of its reference are scalars, variables or collections of them; head->key is
 *   NULL unless the rule is a partial set (value NULL).
 * - c->rule_tree holds every rule under its ground prefix; else branches hang off their rule.
 * - terms with `constant` set hold nothing but scalars.
 */
#ifndef QUIS_LANG_PASSES_H
#define QUIS_LANG_PASSES_H

#include "lang/compiler.h"
#include "lang/vars.h"

/* What occurs in a rule (rule->traits): stages skip rules that have nothing for them. */
enum trait {
    TRAIT_CALL = 1 << 0,        /* a call as a term */
    TRAIT_BASE = 1 << 1,        /* a reference into a collection, comprehension or call */
    TRAIT_CLOSURE = 1 << 2,     /* every, not {}, and, or */
    TRAIT_COMPR = 1 << 3,
    TRAIT_TEMPLATE = 1 << 4,
    TRAIT_WITH = 1 << 5,
    TRAIT_PRINT = 1 << 6,
    TRAIT_METADATA = 1 << 7,
    TRAIT_EQUAL = 1 << 8,
    TRAIT_BUILTIN_VAR = 1 << 9, /* a variable named like a builtin, not as an operator */
    TRAIT_SOME = 1 << 10,
    TRAIT_DEPRECATED = 1 << 11,
    TRAIT_VOID = 1 << 12,       /* a call as a term of what may have no value */
    TRAIT_SHADOW = 1 << 13,     /* input := or data := */
    TRAIT_NESTED = TRAIT_CLOSURE | TRAIT_COMPR | TRAIT_TEMPLATE | TRAIT_PRINT, /* expressions below expressions */
};

/* What an import or a rule of the package stands for. */
struct global;

/* A variable declared or seen in a scope (pass_locals.c). */
struct decl;

/* What the stages know of an atom. */
struct atom_info {
    const struct atom *original; /* of a generated name: the variable as written; else NULL */
    struct global *global;       /* in the module being resolved */
    uint32_t global_epoch;
    const struct import *first_import; /* of this name in the module, while looking for duplicates */
    uint32_t declared;           /* how many enclosing bodies declare it, while resolving */
    struct decl *decl;           /* innermost, while renaming locals */
    uint32_t slot, slot_epoch;   /* number in the current set of variables (vars.h) */
    int16_t builtin;             /* 0: not looked up; -1: none; else index + 1 */
    bool is_taken;               /* a variable of the modules (or of the query) of this name exists */
};

/* A cached answer of pass_arity. */
struct arity_entry {
    const struct term *op;
    const struct builtin *builtin;
    const struct rule_node *node;
    int arity;
};

/* A reference in a rule to rules, as an edge for the search for recursion; see pass_graph.c. */
struct graph;

/* Annotations by the node of the rule tree that they belong to. */
struct annotations {
    struct annotation **by_path;    /* of documents and subpackages, by node id */
    struct annotation **by_package; /* by node id */
};

/* What the capabilities allow, when some are given; else everything. */
struct allowed {
    struct object *builtins; /* by name; NULL: all */
    bool v1_import, v2_import;
    bool ref_prefixes;       /* rule heads that are references of strings */
    bool general_refs;       /* rule heads with variables in references */
    bool templates;
};

struct passes {
    struct compiler *c;
    struct allowed allowed;
    struct arena scratch;       /* reset by whoever uses it, per rule */
    struct atom_info **pages;   /* by atom id, 64 to a page */
    size_t page_count, page_cap;
    struct atom_info sink;      /* what info() gives when memory ran out */
    struct arity_entry *arities; /* by address of the operator; NULL before the rule tree */
    size_t arity_mask;
    struct arity_entry sink_call; /* when there is no memory for the cache */
    struct var_numbers numbers;
    uint32_t epoch;
    uint32_t traits;            /* gathered while resolving */
    bool has_local_names;       /* some variable as written begins with __local */
    uint32_t query_locals;      /* next generated variable of the query stage that runs */
    bool in_query;
    uint32_t deprecated_calls;
    uint32_t node_count;        /* of the rule tree */
    uint32_t rule_count;        /* of all modules, with else branches */
    struct import **unused;     /* strict: imports that nothing uses */
    size_t unused_count, unused_cap;
    struct annotations *annotations; /* NULL: there are none */
    struct checker *checker;    /* of types (lang/type_env.h); NULL before its stage */
    struct graph *graph;
    struct rule **sorted;       /* all rules, each after those that it depends on (for types); else branches after their rule */
    size_t sorted_count;
    struct term_pair *subjects; /* generated variables that stand for the base of a reference, for error texts */
    size_t subject_count, subject_cap;

    const struct atom *a_data, *a_input, *a_eq, *a_assign, *a_equal, *a_print, *a_internal, *a_rego, *a_future;
    struct term *op_eq;         /* operators for generated calls: never changed, so shared */
    struct term *op_print, *op_template;
};

/* What a generated variable stands for: [1, 2][i] became __local0__[i]. */
struct term_pair {
    const struct atom *var;
    const struct term *term;
};

/* ---- helpers of the stages ---- */

/* Makes c->passes. */
MUST_CHECK bool pass_init(struct compiler *c);

/* Reads c->options.capabilities into s->allowed. */
MUST_CHECK bool pass_capabilities(struct passes *s);

/* Before a stage of a query: which generated names its body has. */
MUST_CHECK bool pass_query_names(struct passes *s, const struct body *b);

struct atom_info *pass_info_slow(struct passes *s, uint32_t id);

/* Never NULL. Stays in place. */
static inline struct atom_info *pass_info(struct passes *s, const struct atom *a)
{
    size_t page = a->id >> 6;
    if (LIKELY(page < s->page_count && s->pages[page] != NULL))
        return &s->pages[page][a->id & 63];
    return pass_info_slow(s, a->id);
}

/* The next name __localN__ (in queries __localqN__) that no variable has; NULL when out of memory. */
const struct atom *pass_local(struct passes *s);

/* Notes what a generated variable stands for. */
MUST_CHECK bool pass_subject(struct passes *s, const struct atom *var, const struct term *term);

/* A term that is a new generated variable. */
struct term *pass_local_term(struct passes *s, struct loc loc);

/* left = right, as a call of eq without location of its own. */
struct expr *pass_eq(struct passes *s, struct term *left, struct term *right, struct loc loc);

/* local = other; its left side is the new variable. generated is set. */
struct expr *pass_eq_local(struct passes *s, struct term *other);

/* Appends and numbers, as OPA's Body.Append. */
MUST_CHECK bool pass_append(struct passes *s, struct body *b, struct expr *e);

/* The same, but replaces a body that is only `true`. */
MUST_CHECK bool pass_append_body(struct passes *s, struct body *b, struct expr *e);

/* Is b only the term true? */
bool pass_is_empty_body(const struct body *b);

/* Is t a string equal to text? */
bool term_is_string(const struct term *t, const char *text);

/* The operator of a call expression or NULL. */
static inline const struct terms *expr_operator(const struct expr *e)
{
    return e->kind == EXPR_CALL && e->terms.items[0]->kind == TERM_REF ? &e->terms.items[0]->list : NULL;
}

/* Does the expression call the builtin of this one-part name? */
static inline bool pass_calls(const struct expr *e, const struct atom *name)
{
    const struct terms *op = expr_operator(e);
    return op != NULL && op->count == 1 && op->items[0]->kind == TERM_VAR && op->items[0]->var == name;
}

static inline bool pass_is_eq(const struct passes *s, const struct expr *e)
{
    return pass_calls(e, s->a_eq);
}

/* The bare variable data or input. */
static inline bool pass_is_root(const struct passes *s, const struct term *t)
{
    return t->kind == TERM_REF && t->list.count == 1 && t->list.items[0]->kind == TERM_VAR &&
           (t->list.items[0]->var == s->a_data || t->list.items[0]->var == s->a_input);
}

static inline bool pass_is_reserved(const struct passes *s, const struct atom *a)
{
    return a == s->a_data || a == s->a_input;
}

static inline bool atom_is_wildcard(const struct atom *a)
{
    return a->len > 0 && a->text[0] == '$';
}

/* Generated by a stage (or written to look so). */
static inline bool atom_is_generated(const struct atom *a)
{
    return a->len >= 7 && memcmp(a->text, "__local", 7) == 0;
}

/* The variable as the user wrote it: the original of a generated one, else itself. */
static inline const struct atom *pass_written(struct passes *s, const struct atom *a)
{
    const struct atom *original = pass_info(s, a)->original;
    return original != NULL ? original : a;
}

/* A copy of ref with variables as the user wrote them, for error texts. */
struct terms pass_written_ref(struct passes *s, const struct terms *ref);

/* Is the module Rego v1 (or imports rego.v1)? */
static inline bool module_is_v1(const struct module *m)
{
    return m->version != REGO_V0;
}

/* Does term have a reference or a comprehension somewhere, so that it must be evaluated? */
bool term_requires_eval(const struct term *t);

/* No variables, references, comprehensions or calls. */
static inline bool term_is_constant(const struct term *t)
{
    return t->constant || t->kind <= TERM_STRING || (t->kind > TERM_REF && term_is_ground_value(t));
}

/* The number of parts of ref up to the first that is not ground. */
size_t ref_ground_prefix(const struct terms *ref);

/* Sorts a set's elements or an object's keys in OPA's order and drops duplicates (of objects' keys, the last stays). */
MUST_CHECK bool pass_sort_collection(struct passes *s, struct term *t);

/* Text of a reference in an arena; "" when out of memory. */
struct str pass_ref_text(struct passes *s, const struct terms *ref);

/* Text of a place as OPA prints it: file:row. */
struct str pass_loc_text(struct passes *s, struct loc loc);

/* ---- calls ---- */

/* What op calls. arity < 0: nothing known of that name. After the rule tree only for answers about rules. */
const struct arity_entry *pass_call(struct passes *s, const struct term *op);

static inline int pass_arity(struct passes *s, const struct term *op)
{
    return pass_call(s, op)->arity;
}

/* The builtin of a name of one part, or NULL. */
const struct builtin *pass_builtin_of(struct passes *s, const struct atom *a);

/* The builtin that a reference or variable names, or NULL. */
const struct builtin *pass_builtin(struct passes *s, const struct term *t);

/* ---- the rule tree (pass_tree.c) ---- */

struct rule_node *rule_node_child(const struct rule_node *n, const struct term *key);

/* The node of exactly ref, or NULL. */
struct rule_node *rule_node_find(const struct rule_node *root, const struct terms *ref);

/* Writes the package's path and the rule's reference behind it. items NULL when out of memory. */
struct terms pass_rule_ref(struct passes *s, const struct rule *r);

/* Visits rules in the order of modules (by name) and text; else branches after their rule. */
#define EACH_MODULE(s, m) \
    for (size_t m##_i = 0; m##_i < (s)->c->module_count; m##_i++) \
        for (struct module *m = (s)->c->modules[m##_i]; m != NULL; m = NULL)
#define EACH_RULE(s, r) \
    EACH_MODULE(s, r##_module) \
        for (size_t r##_i = 0; r##_i < r##_module->rule_count; r##_i++) \
            for (struct rule *r = r##_module->rules[r##_i]; r != NULL; r = r->otherwise)

/* ---- pieces that stages share ---- */

/* One expression's, or body's, share of the stages; also used for queries. */
MUST_CHECK bool pass_resolve_query(struct passes *s, struct query *q);
MUST_CHECK bool pass_capture_query(struct passes *s, struct query *q);
MUST_CHECK bool pass_locals_query(struct passes *s, struct query *q);
MUST_CHECK bool pass_templates_query(struct passes *s, struct body *b);
MUST_CHECK bool pass_voids_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_prints_query(struct passes *s, struct body *b);
MUST_CHECK bool pass_exprs_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_comprehensions_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_with_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_undefined_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_safety_query(struct passes *s, struct body *b);
MUST_CHECK bool pass_dynamic_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_types_query(struct passes *s, struct body *b);

/* Reports a call with a wrong number of operands. false: the types of the function are not known (yet). b: the builtin or
 * NULL. */
bool pass_types_arity(struct passes *s, const struct expr *e, const struct builtin *b);

/* Before the stages: the schema of the input, when there is one, must be right. */
MUST_CHECK bool pass_types_begin(struct compiler *c);
MUST_CHECK bool pass_unsafe_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_deprecated_body(struct passes *s, struct body *b);
MUST_CHECK bool pass_overrides_query(struct passes *s, struct body *b);

/* The variables that evaluating e binds, given those that are safe; sets of the current numbering (vars.h). */
MUST_CHECK bool pass_outputs(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *ret);
MUST_CHECK bool pass_outputs_body(struct passes *s, const struct body *b, size_t count, const struct varset *safe,
    struct varset *ret);
MUST_CHECK bool pass_outputs_eq(struct passes *s, const struct expr *e, const struct varset *safe, struct varset *ret);

/* ---- the stages: false stops the compilation. One prototype per row of passes.def ---- */

#define STAGE(name, function, doc) MUST_CHECK bool function(struct compiler *c);
#define CHECK(name, function, doc) MUST_CHECK bool function(struct compiler *c);
#include "lang/passes.def"
#undef STAGE
#undef CHECK

#endif
