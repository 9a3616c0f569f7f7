/* SPDX-License-Identifier: Apache-2.0
 *
 * The code generator: checked, rewritten rules to bytecode.
 *
 * Search becomes control flow. A literal that fails jumps to the current fail label; a literal that has several solutions
 * opens a loop, and from then on failing means "next solution", so the fail label becomes the loop's NEXT. What follows a
 * literal in its body is generated after it, inside its loops; the end of a body does its action (push, result) and then
 * fails on purpose, which enumerates the rest. Undefined is therefore never a value.
 * Invariant: code is reached with exactly the with-frame that was current when its label was made; stubs (cg_emit.c) enter
 * or leave a frame on the way where the two sides differ.
 * Only rules that an entry can reach are generated.
 */
#ifndef QUIS_LANG_CG_H
#define QUIS_LANG_CG_H

#include "lang/compiler.h"
#include "lang/trace.h"
#include "vm/program.h"

typedef uint32_t cg_reg;
typedef uint32_t cg_label;

#define NO_REG UINT32_MAX

/* The rules of one node of the rule tree: one function, and a keyed one where it is asked for. */
struct cg_group {
    struct rule_node *node;
    enum function_kind kind;
    uint32_t function; /* NONE until something reaches it */
    uint32_t keyed;
    struct cg_group *next_pending;
    bool pending_full, pending_keyed;
};

/* Code placed behind the function's main line: enters or leaves a frame, then goes on. */
struct cg_stub {
    cg_label label, target;
    cg_reg frame;
    bool enter;
};

/* Registers by class. Each class is numbered from 0 while a function is generated; cg_end places the classes one behind another,
 * so that a register is never used in two classes. */
struct cg_registers {
    cg_reg value, iterator, builder, frame;
};

struct cg_fixup {
    uint32_t word; /* the extension word whose e is a label */
    cg_label label;
};

struct cg_binding {
    const struct atom *var; /* NULL: the last known path */
    cg_reg before; /* register it had before, or NO_REG */
};

/* A constant path of the input or of base documents whose value is in a register, in the frame that was current then. */
struct cg_known {
    enum op op; /* INPUT_PATH or DATA_PATH */
    cg_reg frame, reg;
    const struct terms *ref;
    size_t count; /* steps behind the head */
};

/* A loop's elements that matter: those whose value at path (a reference into the element) equals key. */
struct cg_where {
    const struct term *path, *key;
};

/* A rule reference or builtin that some with replaces. */
struct cg_replaced {
    struct terms *ref;
};

/* What a name calls, remembered per atom. */
struct cg_operator {
    bool is_known;
    const struct builtin *def;         /* NULL: no builtin */
    const struct intrinsic *intrinsic; /* NULL: none */
};

struct cg {
    struct compiler *c;
    struct arena *arena;
    struct program_builder *b;
    struct cg_group *groups; /* by node id */
    uint32_t group_count;
    struct cg_group *pending;
    struct cg_operator *operators; /* by atom id */
    size_t operator_cap;
    struct cg_replaced *replaced;
    size_t replaced_count, replaced_cap;

    /* the function being generated */
    cg_label fail;          /* where a failing literal goes */
    struct cg_registers next, most;
    uint32_t code_start;
    uint32_t *label_words;  /* label -> word of this function, NONE until placed */
    size_t label_count, label_cap;
    struct cg_fixup *fixups;
    size_t fixup_count, fixup_cap;
    struct cg_stub *stubs;
    size_t stub_count, stub_cap;
    cg_reg *var_regs;       /* atom id -> register, or NO_REG */
    size_t var_cap;
    struct cg_binding *trail;
    size_t trail_count, trail_cap;
    struct cg_known *known;
    size_t known_count, known_cap;
    cg_reg frame;           /* the current with-frame; NO_REG: the function's own */
    const struct with *last_withs; /* the frame in last_frame was made for these */
    cg_reg last_frame;
    bool any_order;         /* what is being generated does not show the order of solutions */
    const struct cg_where *where; /* for the next loop over a collection; NULL: none */
    struct loc loc;         /* of the expression being generated */
    bool traced;            /* events are emitted; false while guards of traced code are generated */
    uint32_t trace_index;   /* of the literal being generated, in its body */
    struct trace_row *open; /* traced expressions of the rule or scope so far, outermost first */
    size_t open_count, open_cap;
    bool failed;            /* out of memory, or a diagnostic was added */
};

/* ---- cg_emit.c: words, labels, registers, variables ---- */

void cg_begin(struct cg *g);
/* Places stubs and patches jumps; appends the function row's code, words and registers. */
void cg_end(struct cg *g, struct function *ret);
void cg_fail(struct cg *g); /* notes that memory ran out */

void cg_op1(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c);
void cg_op2(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c, uint32_t d, uint32_t e);
/* As cg_op2 with a label as e. */
void cg_jump(struct cg *g, enum op op, uint8_t x, cg_reg a, cg_reg b, cg_reg c, uint32_t d, cg_label e);
void cg_goto(struct cg *g, cg_label target);

cg_label cg_label_new(struct cg *g);
void cg_place(struct cg *g, cg_label label);
cg_label cg_stub(struct cg *g, bool enter, cg_reg frame, cg_label target);

cg_reg cg_alloc(struct cg *g, uint32_t count); /* values */
cg_reg cg_alloc_iterator(struct cg *g);
cg_reg cg_alloc_builder(struct cg *g);
cg_reg cg_alloc_frame(struct cg *g);
uint32_t cg_position(struct cg *g, struct loc loc);
void cg_line(struct cg *g, struct loc loc);

cg_reg cg_var(const struct cg *g, const struct atom *var); /* NO_REG: not bound */
void cg_bind(struct cg *g, const struct atom *var, cg_reg reg);
void cg_unbind(struct cg *g, size_t trail_mark);
void cg_know(struct cg *g, struct cg_known known); /* until cg_unbind */
uint32_t cg_constant(struct cg *g, const struct term *t); /* of a ground value */

/* ---- cg_term.c ---- */

bool cg_is_open(const struct cg *g, const struct term *t); /* a pattern with unbound variables */
cg_reg cg_term(struct cg *g, const struct term *t);        /* may open loops */
void cg_term_to(struct cg *g, const struct term *t, cg_reg dst);
void cg_comprehension(struct cg *g, const struct term *t, cg_reg dst);

/* ---- cg_ref.c ---- */

cg_reg cg_ref(struct cg *g, const struct terms *ref, cg_reg dst); /* dst NO_REG: anywhere */
struct cg_group *cg_find_group(struct cg *g, const struct terms *ref, size_t *ret_used);
uint32_t cg_need(struct cg *g, struct cg_group *group);       /* its function */
uint32_t cg_need_keyed(struct cg *g, struct cg_group *group);
void cg_need_below(struct cg *g, struct rule_node *node);     /* every document at and below node */

/* ---- cg_where.c ---- */

/* Does literal i of body loop over elements that the next literal filters by a value known now? */
bool cg_where_find(const struct cg *g, const struct body *body, size_t i, struct cg_where *ret);

/* ---- cg_unify.c ---- */

void cg_unify(struct cg *g, const struct term *a, const struct term *b);
void cg_unify_reg(struct cg *g, const struct term *pattern, cg_reg reg);

/* ---- cg_call.c ---- */

void cg_call_literal(struct cg *g, const struct terms *call);
void cg_call_value(struct cg *g, const struct terms *call, cg_reg dst);
const struct builtin *cg_builtin_of(struct cg *g, const struct term *op);
bool cg_is_replaced(const struct cg *g, const struct terms *ref);

/* ---- cg_expr.c ---- */

void cg_body(struct cg *g, const struct body *body);
void cg_expr(struct cg *g, const struct expr *e);
void cg_plain_expr(struct cg *g, const struct expr *e); /* without events of its own */

/* ---- cg_rule.c ---- */

/* The last reference step of a partial object, the element of a partial set. */
const struct term *cg_key_pattern(const struct cg_group *group, const struct rule *r);
void cg_group_full(struct cg *g, struct cg_group *group);
bool cg_is_keyed_deep(const struct cg_group *group); /* a document of deep rules that can be asked for one key */
void cg_group_keyed(struct cg *g, struct cg_group *group);
size_t cg_depth(const struct rule_node *node);
/* The rules that are not defaults; *ret_default is the default, if any. */
struct rule **cg_plain_rules(struct cg *g, const struct rule_node *node, size_t *ret_count, const struct rule **ret_default);
/* What rule r gives, into the builder of the document at depth prefix; and what the rules below node give. */
void cg_add_to_builder(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix);
void cg_parts_below(struct cg *g, const struct cg_group *top, const struct rule_node *node, cg_reg builder, size_t prefix);
bool cg_is_bindable(const struct term *t);
size_t cg_depth(const struct rule_node *node);
/* The rules that are not defaults; *ret_default is the default, if any. */
struct rule **cg_plain_rules(struct cg *g, const struct rule_node *node, size_t *ret_count, const struct rule **ret_default);
/* What rule r gives, into the builder of the document at depth prefix; and what the rules below node give. */
void cg_add_to_builder(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix);
void cg_parts_below(struct cg *g, const struct cg_group *top, const struct rule_node *node, cg_reg builder, size_t prefix);

/* ---- cg_index.c ---- */

/* What tells the definitions of a group apart, if anything does. */
struct cg_index {
    const struct term *key;      /* the reference or argument that is compared */
    uint32_t argument;           /* its number when it is an argument, else NONE */
    const struct term **cases;   /* per definition: the constant it needs, or NULL */
};

/* false: nothing that a table could use. keyed: argument 0 is the key of partial rules. */
bool cg_index_choose(struct cg *g, const struct cg_group *group, bool keyed, struct rule **rules, size_t count,
                     struct cg_index *ret);

/* ---- cg_trace.c: code for observing, when g->traced ---- */

struct trace_row cg_trace_expr_row(const struct expr *e, uint32_t index);
struct trace_row cg_trace_body_row(const struct body *body);
struct trace_row cg_trace_node_row(const struct cg_group *group);
/* Emits an event of row with the variables that are bound now, or those of row when it has some. */
void cg_trace(struct cg *g, enum trace_event event, struct trace_row row);
void cg_trace_call(struct cg *g, const struct cg_group *group); /* when traced: group is about to be asked */
void cg_trace_call_below(struct cg *g, const struct rule_node *node); /* some group below node is */
void cg_trace_expr(struct cg *g, const struct expr *e, uint32_t index);
/* The solutions so far are enough: what was opened since mark is cut, innermost first. */
void cg_trace_cut(struct cg *g, size_t mark);
void cg_trace_negate(struct cg *g, const struct expr *e, const struct body *body);
void cg_trace_every(struct cg *g, const struct expr *e);
void cg_trace_once(struct cg *g, const struct body *body, cg_label fail);

/* ---- cg_trace_rule.c: rules in traced code ---- */

void cg_trace_group(struct cg *g, struct cg_group *group);
void cg_trace_keyed(struct cg *g, struct cg_group *group);
void cg_trace_partial(struct cg *g, const struct cg_group *group, const struct rule *r, cg_reg builder, size_t prefix);

/* ---- cg_guard.c ---- */

/* Fails to g->fail when the conditions by which OPA's index would leave r out do not hold. Arguments are in registers 0... */
void cg_guard(struct cg *g, const struct cg_group *group, const struct rule *r);

#endif
