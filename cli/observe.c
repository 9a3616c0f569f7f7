/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of events, and the time between them.
 */
#include "cli/observe.h"

#include "cli/host.h"
#include "lang/ast_walk.h"

/* What came after the first solution of a call: when its caller looks for more, and when its caller stops early. */
struct tail {
    struct tail *next;
    struct seen_list more, early;
};

struct seen_literal {
    const struct trace_row *row;
    struct seen eval; /* what is known of its variables */
    struct tail *tails; /* last first */
    bool was_redone;
};

struct seen_scope {
    uint64_t query, parent;
    size_t literals; /* those of the scope begin here */
};

struct seen_call {
    const struct trace_row *row;
    size_t groups, group; /* candidates; the last one's group + 1 */
    const struct term *value;
    bool is_early;
    bool has_tail;     /* what comes after its first value waits for its caller */
    bool has_exited;
    size_t exit_scope; /* scopes when it did */
    size_t left;       /* where the events after the rule that exited begin in more; SIZE_MAX: not yet */
    struct tail *tail;
    struct seen_list *outer;
};

void observe_init(struct observer *o, struct compiler *c, bool wants_values)
{
    struct alloc heap = alloc_default();
    *o = (struct observer){.c = c, .wants_values = wants_values};
    arena_init(&o->arena, &heap, SIZE_MAX, 0);
    o->out = &o->all;
}

void observe_fini(struct observer *o)
{
    arena_fini(&o->arena);
}

void observe_reset(struct observer *o)
{
    struct observer old = *o;
    arena_fini(&o->arena);
    observe_init(o, old.c, old.wants_values);
    o->sink = old.sink;
    o->sink_ctx = old.sink_ctx;
}

/* ---- lists ---- */

static void push(struct observer *o, struct seen_list *to, struct seen e)
{
    if (to == &o->all && o->sink != NULL) {
        o->sink(o->sink_ctx, &e);
        return;
    }
    if (!arena_grow(&o->arena, &to->items, &to->cap, to->count + 1, sizeof *to->items)) {
        o->failed = true;
        return;
    }
    to->items[to->count++] = e;
}

static void push_all(struct observer *o, struct seen_list *to, const struct seen_list *from, size_t first)
{
    for (size_t i = first; i < from->count; i++)
        push(o, to, from->items[i]);
}

static struct seen_literal *top_literal(struct observer *o)
{
    return o->literal_count > 0 ? &o->literals[o->literal_count - 1] : NULL;
}

static struct seen_scope scope_now(const struct observer *o)
{
    return o->scope_count > 0 ? o->scopes[o->scope_count - 1] : (struct seen_scope){0};
}

static const struct value *read_values(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    if (!o->wants_values || vm == NULL)
        return NULL;
    struct value *values = arena_array(&o->arena, row->var_count, sizeof *values);
    if (values == NULL) {
        o->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < row->var_count; i++)
        values[i] = vm_register(vm, row->vars[i].reg);
    return values;
}

/* ---- values of rules ---- */

struct documents {
    struct observer *o;
    struct seen_document *items;
    size_t count, cap;
};

static const struct rule_node *node_of(const struct compiler *c, const struct terms *ref)
{
    const struct rule_node *node = c->rule_tree;
    for (size_t i = 1; i < ref->count; i++) {
        const struct rule_node *child = NULL;
        for (size_t k = 0; child == NULL && k < node->child_count; k++)
            if (term_compare(node->children[k]->key, ref->items[i]) == 0)
                child = node->children[k];
        if (child == NULL)
            return NULL;
        node = child;
    }
    return node;
}

/* A reference's constant part that is a rule with a known value. */
static bool see_document(struct ast_walk *w, struct term *t)
{
    struct documents *d = w->ctx;
    if (t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR || !atom_is(t->list.items[0]->var, "data"))
        return false;
    struct terms ref = {t->list.items, 1, 0};
    while (ref.count < t->list.count && term_is_ground(t->list.items[ref.count]))
        ref.count++;
    const struct rule_node *node = node_of(d->o->c, &ref);
    if (node == NULL || node->id >= d->o->known_cap || d->o->known[node->id].kind == VALUE_UNDEFINED)
        return false;
    if (!arena_grow(&d->o->arena, &d->items, &d->cap, d->count + 1, sizeof *d->items)) {
        d->o->failed = true;
        return false;
    }
    d->items[d->count++] = (struct seen_document){node, d->o->known[node->id]};
    return false;
}

static void read_documents(struct observer *o, struct seen *e)
{
    struct documents d = {.o = o};
    struct ast_walk w = {.term = see_document, .ctx = &d};
    if (e->row->kind == TRACE_ROW_EXPR && e->row->expr->with_count > 0)
        return; /* values of another world */
    if (e->row->kind == TRACE_ROW_EXPR)
        ast_walk_expr(&w, (struct expr *)e->row->expr); /* only looked at */
    else if (e->row->kind == TRACE_ROW_BODY)
        ast_walk_body(&w, e->row->body);
    e->documents = d.items;
    e->document_count = d.count;
}

static void know(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    size_t before = o->known_cap;
    if (!o->wants_values || row->var_count != 1)
        return;
    if (!arena_grow(&o->arena, &o->known, &o->known_cap, (size_t)row->node->id + 1, sizeof *o->known)) {
        o->failed = true;
        return;
    }
    for (size_t i = before; i < o->known_cap; i++)
        o->known[i] = value_undefined();
    o->known[row->node->id] = vm_register(vm, row->vars[0].reg);
}

static struct seen make(struct observer *o, enum seen_kind kind, const struct trace_row *row, const struct vm *vm)
{
    struct seen_scope scope = scope_now(o);
    struct seen e = {.kind = kind, .row = row, .query = scope.query, .parent = scope.parent, .values = read_values(o, row, vm)};
    if (o->wants_values)
        read_documents(o, &e);
    return e;
}

/* ---- tails ---- */

static void flush(struct observer *o, struct seen_literal *l, bool early)
{
    for (struct tail *t = l->tails; t != NULL; t = t->next)
        push_all(o, o->out, early ? &t->early : &t->more, 0);
    l->tails = NULL;
    l->was_redone = false;
}

static void attach(struct observer *o, struct tail *t)
{
    struct seen_literal *l = top_literal(o);
    if (l == NULL) {
        push_all(o, o->out, &t->more, 0);
        return;
    }
    t->next = l->tails;
    l->tails = t;
}

/* What unwinding the current scope says: its literals again, each with what its calls left behind. */
static void unwind(struct observer *o, struct seen_list *to)
{
    for (size_t i = o->literal_count; i > scope_now(o).literals; i--) {
        const struct seen_literal *l = &o->literals[i - 1];
        if (l->row->expr->negated)
            continue;
        push(o, to, make(o, SEEN_REDO, l->row, NULL));
        for (struct tail *t = l->tails; t != NULL; t = t->next)
            push_all(o, to, &t->early, 0);
    }
}

/* ---- indexes ---- */

static struct str *said(struct observer *o, const struct rule_node *node)
{
    size_t before = o->indexed_cap;
    if (!arena_grow(&o->arena, &o->indexed, &o->indexed_cap, (size_t)node->id + 1, sizeof *o->indexed)) {
        o->failed = true;
        return NULL;
    }
    for (size_t i = before; i < o->indexed_cap; i++)
        o->indexed[i] = STR("");
    return &o->indexed[node->id];
}

static void emit_index(struct observer *o, const struct rule_node *node)
{
    const struct seen_literal *l = top_literal(o);
    const struct str *text = said(o, node);
    if (l == NULL || text == NULL || text->len == 0)
        return;
    struct seen e = make(o, SEEN_INDEX, l->row, NULL);
    e.values = l->eval.values;
    e.node = node;
    e.message = *text;
    push(o, o->out, e);
}

static void note_match(struct seen_call *call, const struct trace_row *row)
{
    const struct term *value = row->rule->head->value;
    call->groups += call->group != (size_t)row->group + 1;
    call->group = (size_t)row->group + 1;
    if (!call->row->has_tail || trace_is_keyed(row->rule))
        call->is_early = false;
    if (value == NULL || !call->is_early)
        return;
    if (!term_is_ground_value(value) || (call->value != NULL && term_compare(call->value, value) != 0))
        call->is_early = false;
    call->value = value;
}

static void index_done(struct observer *o, struct seen_call *call)
{
    struct str *text = said(o, call->row->node);
    if (o->no_early_exit)
        call->is_early = false;
    if (text == NULL)
        return;
    *text = arena_printf(&o->arena, "(matched %zu rule%s%s)", call->groups, call->groups == 1 ? "" : "s",
                         call->is_early ? ", early exit" : "");
    if (text->p == NULL) {
        *text = STR("");
        o->failed = true;
    }
    emit_index(o, call->row->node);
}

/* ---- events ---- */

/* Did an expression name these rules? Those of a whole document are evaluated one after another. */
static bool is_asked(const struct observer *o, const struct rule_node *node)
{
    while (o->asked != NULL && node != NULL && node != o->asked->node)
        node = o->asked->is_below ? node->parent : NULL;
    return o->asked != NULL && node != NULL;
}

static void begin(struct observer *o, const struct trace_row *row)
{
    struct seen_literal *l = top_literal(o);
    if (l != NULL && l->was_redone)
        flush(o, l, false);
    struct tail *tail = arena_zeroed(&o->arena, 1, sizeof *tail);
    if (tail == NULL || !arena_grow(&o->arena, &o->calls, &o->call_cap, o->call_count + 1, sizeof *o->calls)) {
        o->failed = true;
        return;
    }
    o->calls[o->call_count++] = (struct seen_call){
        .row = row,
        .is_early = true,
        .has_tail = row->has_tail && is_asked(o, row->node),
        .left = SIZE_MAX,
        .tail = tail,
        .outer = o->out,
    };
}

static void end(struct observer *o)
{
    if (o->call_count == 0)
        return;
    struct seen_call *call = &o->calls[--o->call_count];
    if (!call->has_exited)
        return;
    o->out = call->outer;
    if (call->left != SIZE_MAX)
        push_all(o, &call->tail->early, &call->tail->more, call->left);
    attach(o, call->tail);
}

static void enter(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    if (!arena_grow(&o->arena, &o->scopes, &o->scope_cap, o->scope_count + 1, sizeof *o->scopes)) {
        o->failed = true;
        return;
    }
    uint64_t parent = scope_now(o).query;
    o->scopes[o->scope_count++] = (struct seen_scope){o->next_query++, parent, o->literal_count};
    push(o, o->out, make(o, SEEN_ENTER, row, vm));
}

static void leave(struct observer *o)
{
    if (o->scope_count > 0)
        o->literal_count = o->scopes[--o->scope_count].literals;
    struct seen_call *call = o->call_count > 0 ? &o->calls[o->call_count - 1] : NULL;
    if (call != NULL && call->has_exited && call->left == SIZE_MAX && o->scope_count < call->exit_scope)
        call->left = call->tail->more.count;
}

static void exit_rule(struct observer *o, struct seen e)
{
    struct seen_call *call = o->call_count > 0 ? &o->calls[o->call_count - 1] : NULL;
    if (call != NULL && call->is_early)
        e.message = STR("early");
    push(o, o->out, e);
    if (call == NULL || !call->has_tail || call->has_exited)
        return;
    call->has_exited = true;
    call->exit_scope = o->scope_count;
    unwind(o, &call->tail->early);
    o->out = &call->tail->more;
}

/* The end of an every, which comes after what follows it. */
static void exit_late(struct observer *o, struct seen e)
{
    struct tail *tail = arena_zeroed(&o->arena, 1, sizeof *tail);
    if (tail == NULL) {
        o->failed = true;
        return;
    }
    push(o, &tail->more, e);
    push(o, &tail->early, e);
    attach(o, tail);
}

static void exit_body(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    struct seen e = make(o, SEEN_EXIT, row, vm);
    if (row->is_early)
        e.message = STR("early");
    if (row->is_late)
        exit_late(o, e);
    else if (row->kind == TRACE_ROW_RULE)
        exit_rule(o, e);
    else
        push(o, o->out, e);
}

static void eval(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    struct seen e = make(o, SEEN_EVAL, row, vm);
    push(o, o->out, e);
    if (!arena_grow(&o->arena, &o->literals, &o->literal_cap, o->literal_count + 1, sizeof *o->literals)) {
        o->failed = true;
        return;
    }
    o->literals[o->literal_count++] = (struct seen_literal){.row = row, .eval = e};
}

static void redo(struct observer *o, const struct trace_row *row, const struct vm *vm)
{
    struct seen_literal *l = top_literal(o);
    push(o, o->out, make(o, SEEN_REDO, row, vm));
    if (l != NULL && row->kind == TRACE_ROW_EXPR && l->row->expr == row->expr)
        l->was_redone = true;
}

static void close_literal(struct observer *o, const struct trace_row *row, const struct vm *vm, bool cut)
{
    if (o->literal_count == 0)
        return;
    if (cut && !row->expr->negated)
        push(o, o->out, make(o, SEEN_REDO, row, vm));
    flush(o, top_literal(o), cut);
    o->literal_count--;
}

/* ---- time ---- */

static size_t find_time(struct observer *o, const struct trace_row *row)
{
    size_t i = o->time_count;
    while (i > 0 && (o->times[i - 1].file != row->loc.file || o->times[i - 1].row != row->loc.row))
        i--;
    if (i == 0) {
        if (!arena_grow(&o->arena, &o->times, &o->time_cap, o->time_count + 1, sizeof *o->times)) {
            o->failed = true;
            return 0;
        }
        o->times[o->time_count++] = (struct seen_time){row->loc.file, row->loc.row, 0};
        i = o->time_count;
    }
    return i;
}

static void charge(struct observer *o, const struct trace_row *row, int64_t ns)
{
    size_t before = o->time_of_cap;
    if (!arena_grow(&o->arena, &o->time_of, &o->time_of_cap, (size_t)row->number + 1, sizeof *o->time_of)) {
        o->failed = true;
        return;
    }
    for (size_t i = before; i < o->time_of_cap; i++)
        o->time_of[i] = 0;
    if (o->time_of[row->number] == 0)
        o->time_of[row->number] = (uint32_t)find_time(o, row);
    if (o->time_of[row->number] != 0)
        o->times[o->time_of[row->number] - 1].ns += ns;
}

/* Charges the time since the last event of an expression to that, and begins anew. */
static void tick(struct observer *o, const struct trace_row *row)
{
    if (o->last_row != NULL)
        charge(o, o->last_row, host_monotonic_ns() - o->last_ns);
    o->last_row = row;
    o->last_ns = host_monotonic_ns();
}

static bool is_timed(enum trace_event kind, const struct trace_row *row)
{
    return row->kind == TRACE_ROW_EXPR && (kind == TRACE_EVAL || kind == TRACE_REDO || kind == TRACE_CUT);
}

void observe_event(void *observer, const struct vm_event *event)
{
    struct observer *o = observer;
    if (event->number >= o->c->trace_count || o->failed || o->is_over)
        return;
    const struct trace_row *row = &o->c->traces[event->number];
    const struct seen_call *call = o->call_count > 0 ? &o->calls[o->call_count - 1] : NULL;
    if (event->kind == TRACE_BEGIN && call != NULL && call->row->node == row->node) {
        o->is_over = true; /* rules do not ask for themselves */
        return;
    }
    const struct vm *vm = event->vm;
    if (o->asked != NULL && event->kind != TRACE_BEGIN && !o->asked->is_below)
        emit_index(o, o->asked->node); /* remembered: they do not begin */
    if (event->kind != TRACE_BEGIN)
        o->asked = NULL;
    switch (event->kind) {
    case TRACE_ENTER:
        enter(o, row, vm);
        break;
    case TRACE_EXIT:
        exit_body(o, row, vm);
        break;
    case TRACE_EVAL:
        eval(o, row, vm);
        break;
    case TRACE_REDO:
        redo(o, row, vm);
        break;
    case TRACE_FAIL:
        push(o, o->out, make(o, SEEN_FAIL, row, vm));
        break;
    case TRACE_LEAVE:
        leave(o);
        break;
    case TRACE_DONE:
    case TRACE_CUT:
        close_literal(o, row, vm, event->kind == TRACE_CUT);
        break;
    case TRACE_BEGIN:
        begin(o, row);
        o->asked = NULL;
        break;
    case TRACE_MATCH:
        if (o->call_count > 0)
            note_match(&o->calls[o->call_count - 1], row);
        break;
    case TRACE_READY:
        if (o->call_count > 0)
            index_done(o, &o->calls[o->call_count - 1]);
        break;
    case TRACE_END:
        know(o, row, vm);
        end(o);
        break;
    case TRACE_CALL:
        o->asked = row;
        break;
    }
    if (is_timed(event->kind, row))
        tick(o, row);
}

void observe_note(void *observer, struct str text)
{
    struct observer *o = observer;
    const struct seen_literal *l = top_literal(o);
    struct str own = arena_str(&o->arena, text);
    if (l == NULL || own.p == NULL)
        return;
    struct seen e = make(o, SEEN_NOTE, l->row, NULL);
    e.message = own;
    push(o, o->out, e);
}

void observe_end(struct observer *o)
{
    if (o->last_row != NULL)
        tick(o, o->last_row);
    while (o->call_count > 0) /* an error left them open */
        end(o);
    while (o->literal_count > 0) {
        flush(o, top_literal(o), false);
        o->literal_count--;
    }
}
