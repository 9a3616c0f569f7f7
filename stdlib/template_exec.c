/* SPDX-License-Identifier: Apache-2.0
 *
 * Executing text templates.
 *
 * Follows what Go's text/template does by reflection, kind by kind; s->node is what error texts are about, and is set where
 * Go sets it. Recursion is bounded by the depth of the tree and of template calls.
 */
#include "stdlib/template_exec.h"

#include <stdarg.h>
#include <stdio.h>

#include "stdlib/quote.h"
#include "vm/limits.h"

#define MOST_CALLS 200 /* of templates within templates */

typedef const struct template_node node;
typedef struct template_state state;
typedef struct template_value val;

enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE };

/* The value that comes through a pipe; absent for the first command. */
struct final {
    bool is_there;
    val value;
};

static const struct final no_final = {false, {{0}, false}};

static int eval_pipeline(state *s, val dot, node *pipe, val *ret);
static int walk(state *s, val dot, node *n, enum flow *flow);

/* ---- errors ---- */

/* The head of an error text: place, template and source. */
static void write_head(state *s, struct buf *b)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < s->node->at && i < s->source.len; i++)
        if (s->source.p[i] == '\n') {
            line++;
            start = i + 1;
        }
    buf_printf(b, "template: template:%zu:%zu: executing ", line, s->node->at - start);
    quote_text(b, s->tree->name, QUOTE_PRINTABLE);
    buf_cstr(b, " at <");
    template_write_node(b, s->node);
    buf_cstr(b, ">: ");
}

int template_fail(state *s, const char *fmt, ...)
{
    char text[800];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* cutting is intended */
    va_end(args);
    struct buf b;
    buf_init(&b, s->ctx->arena);
    write_head(s, &b);
    buf_cstr(&b, text);
    return b.failed ? bi_nomem(s->ctx) : bi_fail(s->ctx, "%.*s", (int)(b.len < 1000 ? b.len : 1000), b.p);
}

/* The source of a node, for error texts. */
static struct str source_of(state *s, node *n)
{
    struct buf b;
    buf_init(&b, s->ctx->arena);
    template_write_node(&b, n);
    return b.failed || b.len == 0 ? str_of("", 0) : buf_view(&b);
}

/* ---- variables ---- */

static int push_variable(state *s, struct str name, val v)
{
    if (!arena_grow(s->ctx->arena, &s->vars, &s->var_cap, s->var_count + 1, sizeof *s->vars))
        return bi_nomem(s->ctx);
    s->vars[s->var_count++] = (struct template_variable){name, v};
    return BI_OK;
}

static struct template_variable *find_variable(state *s, struct str name)
{
    for (size_t i = s->var_count; i > s->var_floor; i--)
        if (str_equal(s->vars[i - 1].name, name))
            return &s->vars[i - 1];
    return NULL;
}

static int set_variable(state *s, struct str name, val v)
{
    struct template_variable *found = find_variable(s, name);
    if (found == NULL)
        return template_fail(s, "undefined variable: %.*s", (int)name.len, name.p);
    found->value = v;
    return BI_OK;
}

/* ---- fields ---- */

static int eval_field(state *s, val receiver, struct str name, bool has_args, val *ret)
{
    *ret = (val){.boxed = false};
    if (template_is_none(receiver))
        return BI_OK;
    if (receiver.a.kind == GOFMT_NIL)
        return template_fail(s, "nil pointer evaluating interface {}.%.*s", (int)name.len, name.p);
    if (receiver.a.kind != GOFMT_MAP)
        return template_fail(s, "can't evaluate field %.*s in type %s", (int)name.len, name.p, template_type(receiver));
    if (has_args)
        return template_fail(s, "%.*s is not a method but has arguments", (int)name.len, name.p);
    const struct value *found = object_find_str(receiver.a.value.object, name);
    if (found != NULL)
        *ret = template_element(s->ctx, *found);
    return BI_OK;
}

static int eval_words(state *s, val receiver, node *n, size_t from, bool has_args, val *ret)
{
    *ret = receiver;
    for (size_t i = from; i < n->word_count; i++) {
        int status = eval_field(s, *ret, n->words[i], has_args && i + 1 == n->word_count, ret);
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}

static int refuse_args(state *s, node *first, size_t count, struct final final)
{
    if (count <= 1 && !final.is_there)
        return BI_OK;
    struct str shown = source_of(s, first);
    return template_fail(s, "can't give argument to non-function %.*s", (int)shown.len, shown.p);
}

static int eval_variable(state *s, node *n, size_t count, struct final final, val *ret)
{
    s->node = n;
    const struct template_variable *found = find_variable(s, n->words[0]);
    if (found == NULL)
        return template_fail(s, "undefined variable: %.*s", (int)n->words[0].len, n->words[0].p);
    if (n->word_count > 1)
        return eval_words(s, found->value, n, 1, count > 1 || final.is_there, ret);
    *ret = found->value;
    return refuse_args(s, n, count, final);
}

static int eval_argument(state *s, val dot, enum template_param type, node *n, val *ret);

static int eval_chain(state *s, val dot, node *n, size_t count, struct final final, val *ret)
{
    val head;
    s->node = n;
    if (n->pipe->kind == TN_NIL) {
        struct str shown = source_of(s, n);
        return template_fail(s, "indirection through explicit nil in %.*s", (int)shown.len, shown.p);
    }
    int status = eval_argument(s, dot, TP_ANY, n->pipe, &head);
    if (status == BI_OK && n->pipe->kind == TN_PIPE && head.a.kind == GOFMT_NIL)
        head.boxed = false;
    return status == BI_OK ? eval_words(s, head, n, 0, count > 1 || final.is_there, ret) : status;
}

/* ---- constants ---- */

static int eval_number(state *s, node *n, val *ret)
{
    s->node = n;
    bool is_hex = n->text.len > 2 && n->text.p[0] == '0' && (n->text.p[1] | 0x20) == 'x', has_sign = false;
    for (size_t i = 0; i < n->text.len; i++) {
        char c = n->text.p[i];
        has_sign = has_sign || c == '.' || ((c == 'e' || c == 'E') && !is_hex) || c == 'p' || c == 'P';
        is_hex = is_hex && c != 'p' && c != 'P';
    }
    if (n->is_float && !is_hex && n->text.p[0] != '\'' && has_sign)
        *ret = (val){.a = {.kind = GOFMT_FLOAT, .f = n->f}};
    else if (n->is_int)
        *ret = template_int(n->i);
    else
        return template_fail(s, "%.*s overflows int", (int)n->text.len, n->text.p);
    return BI_OK;
}

/* ---- functions ---- */

/* Fits the value to the type of a parameter. */
static int check_type(state *s, val v, enum template_param type, val *ret)
{
    *ret = v;
    if (type == TP_ANY && v.a.kind == GOFMT_NIL)
        ret->boxed = true; /* a nil interface */
    if (type != TP_STRING)
        return BI_OK;
    if (template_is_none(v))
        return template_fail(s, "invalid value; expected string");
    if (v.a.kind != GOFMT_STRING)
        return template_fail(s, "wrong type for value; expected string; got %s",
                             v.a.kind == GOFMT_NIL ? "interface {}" : gofmt_type(&v.a));
    *ret = template_unbox(v);
    return BI_OK;
}

static int eval_function(state *s, val dot, node *n, node *cmd, node *const *args, size_t count, struct final final, val *ret);

/* A constant as an argument. */
static int eval_constant(state *s, enum template_param type, node *n, val *ret)
{
    s->node = n;
    if (n->kind == TN_STRING) {
        *ret = template_text(n->value);
        return BI_OK;
    }
    if (type == TP_STRING) {
        struct str shown = source_of(s, n);
        return template_fail(s, "expected string; found %.*s", (int)shown.len, shown.p);
    }
    if (n->kind == TN_NUMBER)
        return eval_number(s, n, ret);
    *ret = template_bool(n->is_true);
    return BI_OK;
}

static int eval_argument(state *s, val dot, enum template_param type, node *n, val *ret)
{
    int status;
    s->node = n;
    switch (n->kind) {
    case TN_DOT:
        *ret = dot;
        status = BI_OK;
        break;
    case TN_NIL:
        if (type == TP_STRING)
            return template_fail(s, "cannot assign nil to string");
        *ret = (val){.boxed = type == TP_ANY};
        return BI_OK;
    case TN_FIELD:
        status = eval_words(s, dot, n, 0, false, ret);
        break;
    case TN_VARIABLE:
        status = eval_variable(s, n, 0, no_final, ret);
        break;
    case TN_PIPE:
        status = eval_pipeline(s, dot, n, ret);
        break;
    case TN_IDENTIFIER:
        status = eval_function(s, dot, n, n, NULL, 0, no_final, ret);
        break;
    case TN_CHAIN:
        status = eval_chain(s, dot, n, 0, no_final, ret);
        break;
    default:
        return eval_constant(s, type, n, ret);
    }
    return status == BI_OK ? check_type(s, *ret, type, ret) : status;
}

/* and, or: stop at the first argument that decides, and are that argument. */
static int eval_logic(state *s, val dot, bool is_or, node *const *args, size_t count, struct final final, val *ret)
{
    for (size_t i = 0; i < count; i++) {
        int status = eval_argument(s, dot, TP_VALUE, args[i], ret);
        if (status != BI_OK || template_truth(*ret) == is_or)
            return status;
    }
    if (final.is_there)
        *ret = final.value;
    return BI_OK;
}

static int check_count(state *s, const struct template_function_row *row, size_t count, bool has_final)
{
    size_t all = count + has_final;
    if (row->is_variadic && all < row->fixed)
        return template_fail(s, "wrong number of args for %s: want at least %u got %zu", row->name, (unsigned)row->fixed, count);
    if (!row->is_variadic && all != row->fixed)
        return template_fail(s, "wrong number of args for %s: want %u got %zu", row->name, (unsigned)row->fixed, all);
    return BI_OK;
}

static int call_function(state *s, int number, node *cmd, struct str callee, const val *argv, size_t count, val *ret)
{
    struct buf error;
    buf_init(&error, s->ctx->arena);
    int status = template_call(s, number, argv, count, ret, &error);
    if (status != BI_OK || error.failed)
        return status != BI_OK ? status : bi_nomem(s->ctx);
    if (error.len == 0)
        return BI_OK;
    s->node = cmd;
    const char *name = template_function_row(number)->name;
    if (error.p[0] == ' ') /* call, which shows the source of what it was given */
        return template_fail(s, "error calling %s: non-function %.*s%.*s", name, (int)callee.len, callee.p, (int)error.len,
                             error.p);
    return template_fail(s, "error calling %s: %.*s", name, (int)error.len, error.p);
}

/* A value that came through a pipe, as an error text of call names it. */
static struct str name_of_value(state *s, val v)
{
    if (v.a.kind == GOFMT_STRING || v.a.kind == GOFMT_NUMBER)
        return v.a.text;
    struct str name = v.a.kind == GOFMT_NIL ? STR("<invalid Value>")
                                            : arena_printf(s->ctx->arena, "<%s Value>", gofmt_type(&v.a));
    return name.p != NULL ? name : str_of("", 0);
}

/* args: what stands after the function's name. */
static int eval_function(state *s, val dot, node *n, node *cmd, node *const *args, size_t count, struct final final, val *ret)
{
    s->node = n;
    int number = template_function(n->text);
    const struct template_function_row *row = template_function_row(number);
    int status = check_count(s, row, count, final.is_there);
    if (status != BI_OK)
        return status;
    bool is_or = strcmp(row->name, "or") == 0;
    if (is_or || strcmp(row->name, "and") == 0)
        return eval_logic(s, dot, is_or, args, count, final, ret);
    val *argv = arena_array(s->ctx->arena, count + 1, sizeof *argv);
    if (argv == NULL)
        return bi_nomem(s->ctx);
    for (size_t i = 0; i < count && status == BI_OK; i++)
        status = eval_argument(s, dot, i == 0 && row->fixed > 0 ? row->first : row->rest, args[i], &argv[i]);
    if (status == BI_OK && final.is_there)
        status = check_type(s, final.value, count == 0 && row->fixed > 0 ? row->first : row->rest, &argv[count]);
    if (status != BI_OK)
        return status;
    struct str callee = count > 0 ? source_of(s, args[0]) : final.is_there ? name_of_value(s, final.value) : str_of("", 0);
    return call_function(s, number, cmd, callee, argv, count + final.is_there, ret);
}

/* ---- pipelines ---- */

static int eval_command(state *s, val dot, node *cmd, struct final final, val *ret)
{
    node *first = cmd->children[0];
    switch (first->kind) {
    case TN_FIELD:
        s->node = first;
        return eval_words(s, dot, first, 0, cmd->count > 1 || final.is_there, ret);
    case TN_CHAIN:
        return eval_chain(s, dot, first, cmd->count, final, ret);
    case TN_IDENTIFIER:
        return eval_function(s, dot, first, cmd, (node *const *)cmd->children + 1, cmd->count - 1, final, ret);
    case TN_VARIABLE:
        return eval_variable(s, first, cmd->count, final, ret);
    case TN_PIPE: {
        int status = refuse_args(s, first, cmd->count, final);
        return status == BI_OK ? eval_pipeline(s, dot, first, ret) : status;
    }
    default:
        break;
    }
    s->node = first;
    int status = refuse_args(s, first, cmd->count, final);
    if (status != BI_OK)
        return status;
    if (first->kind == TN_NIL)
        return template_fail(s, "nil is not a command");
    *ret = dot;
    return first->kind == TN_DOT ? BI_OK : eval_constant(s, TP_ANY, first, ret);
}

static int eval_pipeline(state *s, val dot, node *pipe, val *ret)
{
    struct final final = no_final;
    *ret = (val){.boxed = false};
    if (pipe == NULL)
        return BI_OK;
    s->node = pipe;
    int status = bi_charge(s->ctx, 8);
    for (size_t i = 0; i < pipe->count && status == BI_OK; i++) {
        status = eval_command(s, dot, pipe->children[i], final, ret);
        *ret = template_unbox(*ret);
        final = (struct final){true, *ret};
    }
    for (size_t i = 0; i < pipe->decl_count && status == BI_OK; i++) {
        struct str name = pipe->decls[i]->words[0];
        status = pipe->is_assign ? set_variable(s, name, *ret) : push_variable(s, name, *ret);
    }
    return status;
}

/* ---- walking ---- */

static int walk_branch(state *s, val dot, node *n, enum flow *flow)
{
    size_t mark = s->var_count;
    val v;
    int status = eval_pipeline(s, dot, n->pipe, &v);
    if (status == BI_OK && template_truth(v))
        status = walk(s, n->kind == TN_WITH ? v : dot, n->list, flow);
    else if (status == BI_OK && n->else_list != NULL)
        status = walk(s, dot, n->else_list, flow);
    s->var_count = mark;
    return status;
}

/* One round of a range: sets the variables and walks the body. */
static int walk_round(state *s, node *n, val index, val element, bool *ret_done)
{
    size_t mark = s->var_count, decls = n->pipe->decl_count;
    enum flow flow = FLOW_ON;
    int status = BI_OK;
    if (decls > 0 && n->pipe->is_assign) {
        status = set_variable(s, n->pipe->decls[0]->words[0], decls > 1 ? index : element);
        if (status == BI_OK && decls > 1)
            status = set_variable(s, n->pipe->decls[1]->words[0], element);
    } else if (decls > 0) {
        s->vars[s->var_count - 1].value = element;
        if (decls > 1)
            s->vars[s->var_count - 2].value = index;
    }
    if (status == BI_OK)
        status = walk(s, element, n->list, &flow);
    s->var_count = mark;
    *ret_done = flow == FLOW_BREAK;
    return status == BI_OK ? bi_charge(s->ctx, 4) : status;
}

/* How many rounds; an error for what is no collection. */
static int count_rounds(state *s, node *n, val v, uint64_t *ret)
{
    switch (v.a.kind) {
    case GOFMT_NIL:
        *ret = 0;
        return BI_OK;
    case GOFMT_LIST:
    case GOFMT_MAP:
        *ret = value_count(v.a.value);
        return BI_OK;
    case GOFMT_INT:
        *ret = v.a.i > 0 ? (uint64_t)v.a.i : 0;
        if (n->pipe->decl_count > 1)
            return template_fail(s, "can't use %lld to iterate over more than one variable", (long long)v.a.i);
        return BI_OK;
    default:
        break;
    }
    struct buf b;
    buf_init(&b, s->ctx->arena);
    int status = gofmt_value(s->ctx, &b, &v.a);
    return status == BI_OK ? template_fail(s, "range can't iterate over %.*s", (int)b.len, b.p) : status;
}

static int walk_range(state *s, val dot, node *n, enum flow *flow)
{
    size_t mark = s->var_count;
    uint64_t rounds = 0;
    val v;
    s->node = n;
    int status = eval_pipeline(s, dot, n->pipe, &v);
    if (status == BI_OK)
        status = count_rounds(s, n, v, &rounds);
    bool done = false;
    for (uint64_t i = 0; status == BI_OK && i < rounds && !done; i++) {
        val index = template_int((int64_t)i), element = template_int((int64_t)i);
        if (v.a.kind == GOFMT_LIST) {
            element = template_element(s->ctx, v.a.value.items[i]);
        } else if (v.a.kind == GOFMT_MAP) {
            const struct member *m = &object_members(v.a.value.object)[i];
            index = template_text(value_text(m->key));
            element = template_element(s->ctx, m->value);
        } else {
            element.a.type = v.a.type;
        }
        status = walk_round(s, n, index, element, &done);
    }
    if (status == BI_OK && rounds == 0 && n->else_list != NULL)
        status = walk(s, dot, n->else_list, flow);
    if (*flow == FLOW_BREAK) /* in the else list: it leaves this range only, where continue goes to the one around */
        *flow = FLOW_ON;
    s->var_count = mark;
    return status;
}

static int walk_template(state *s, val dot, node *n)
{
    s->node = n;
    const struct template_tree *t = s->trees;
    while (t != NULL && !str_equal(t->name, n->text))
        t = t->next;
    struct buf b;
    buf_init(&b, s->ctx->arena);
    quote_text(&b, n->text, QUOTE_PRINTABLE);
    if (t == NULL)
        return template_fail(s, "template %.*s not defined", (int)b.len, b.p);
    if (s->depth >= MOST_CALLS)
        return bi_halt(s->ctx, ERR_LIMIT_DEPTH, "%s: templates call each other too deep", s->ctx->def->name);
    val v;
    int status = eval_pipeline(s, dot, n->pipe, &v);
    if (status != BI_OK)
        return status;
    state before = *s;
    enum flow flow = FLOW_ON;
    s->depth++;
    s->tree = t;
    s->var_floor = s->var_count;
    status = push_variable(s, STR("$"), v);
    if (status == BI_OK)
        status = walk(s, v, t->root, &flow);
    s->depth = before.depth;
    s->tree = before.tree;
    s->var_count = before.var_count;
    s->var_floor = before.var_floor;
    return status;
}

static int walk_action(state *s, val dot, node *n)
{
    val v;
    int status = eval_pipeline(s, dot, n->pipe, &v);
    if (status != BI_OK || n->pipe->decl_count > 0)
        return status;
    s->node = n;
    return template_print(s, s->out, v);
}

/* What was written is paid for, and within the limit. */
static int settle(state *s, size_t before)
{
    if (s->out->failed)
        return bi_nomem(s->ctx);
    if (s->out->len > s->ctx->limits->output)
        return bi_halt(s->ctx, ERR_LIMIT_OUTPUT, "%s: the result is too long (limit 'output')", s->ctx->def->name);
    return bi_charge(s->ctx, (s->out->len - before) / 32 + 4);
}

static int walk(state *s, val dot, node *n, enum flow *flow)
{
    size_t before = s->out->len;
    int status = BI_OK;
    s->node = n;
    switch (n->kind) {
    case TN_TEXT:
        buf_str(s->out, n->text);
        return settle(s, before);
    case TN_ACTION:
        status = walk_action(s, dot, n);
        return status == BI_OK ? settle(s, before) : status;
    case TN_IF:
    case TN_WITH:
        return walk_branch(s, dot, n, flow);
    case TN_RANGE:
        return walk_range(s, dot, n, flow);
    case TN_TEMPLATE:
        return walk_template(s, dot, n);
    case TN_BREAK:
    case TN_CONTINUE:
        *flow = n->kind == TN_BREAK ? FLOW_BREAK : FLOW_CONTINUE;
        return BI_OK;
    default:
        break;
    }
    for (size_t i = 0; i < n->count && status == BI_OK && *flow == FLOW_ON; i++)
        status = walk(s, dot, n->children[i], flow);
    return status;
}

/* Runs the first of trees over data. */
int template_execute(struct bi_ctx *ctx, struct str source, const struct template_tree *trees, struct value data, struct buf *out)
{
    state s = {.ctx = ctx, .source = source, .trees = trees, .out = out};
    enum flow flow = FLOW_ON;
    val dot = {.a = gofmt_of_value(ctx, data)};
    for (s.tree = trees; s.tree != NULL && !str_equal(s.tree->name, STR("template"));)
        s.tree = s.tree->next;
    int status = push_variable(&s, STR("$"), dot);
    return status == BI_OK ? walk(&s, dot, s.tree->root, &flow) : status;
}
