/* SPDX-License-Identifier: Apache-2.0
 *
 * Nodes, places and variables of events as text.
 */
#include "cli/explain_text.h"

#include "lang/ast_walk.h"
#include "lang/passes.h"

#define IDEAL_PLACE 64
#define QUERY_PLACE 5 /* "query" */

const char *explain_operation(enum seen_kind kind)
{
    static const char *const names[] = {"Enter", "Exit", "Eval", "Redo", "Fail", "Index", "Note"};
    return names[kind];
}

/* ---- nodes ---- */

static bool rename_var(struct ast_walk *w, struct term *t)
{
    struct observer *o = w->ctx;
    if (t->kind == TERM_VAR) {
        const struct atom *original = pass_info(o->c->passes, t->var)->original;
        if (original != NULL)
            t->var = original;
    }
    return false;
}

/* Keys of every that were not written are not shown. */
static bool hide_key(struct ast_walk *w, struct expr *e)
{
    struct observer *o = w->ctx;
    if (e->kind == EXPR_EVERY && e->every->key != NULL && e->every->key->kind == TERM_VAR &&
        pass_info(o->c->passes, e->every->key->var)->original == NULL)
        e->every->key = NULL;
    return false;
}

struct expr *explain_written(struct observer *o, const struct expr *e)
{
    struct ast_walk w = {.term = rename_var, .expr = hide_key, .ctx = o};
    struct expr *copy = ast_copy_expr(&o->arena, e);
    if (copy == NULL) {
        o->failed = true;
        return NULL;
    }
    ast_walk_expr(&w, copy);
    return copy;
}

static void write_expr(struct buf *b, struct observer *o, const struct expr *e)
{
    struct expr *copy = explain_written(o, e);
    if (copy != NULL)
        ast_write_expr(b, copy);
}

void explain_write_path(struct buf *b, const struct rule_node *node)
{
    const struct rule_node *n = node;
    size_t depth = 0;
    for (; n != NULL; n = n->parent)
        depth++;
    struct terms ref = {.items = arena_array(b->arena, depth, sizeof(struct term *)), .count = depth};
    if (ref.items == NULL)
        return;
    for (size_t i = depth; i-- > 0; node = node->parent)
        ref.items[i] = node->key;
    ast_write_ref(b, &ref);
}

/* The reference of a rule as far as it is constant. */
static void write_rule(struct buf *b, const struct rule *r)
{
    const struct terms *package = &r->module->package, *head = &r->head->ref;
    struct terms ref = {.items = arena_array(b->arena, package->count + head->count, sizeof(struct term *))};
    if (ref.items == NULL)
        return;
    for (size_t i = 0; i < package->count; i++)
        ref.items[ref.count++] = package->items[i];
    for (size_t i = 0; i < head->count && (i == 0 || term_is_ground_value(head->items[i])); i++)
        ref.items[ref.count++] = head->items[i];
    struct term name = *ref.items[package->count];
    if (name.kind == TERM_VAR) { /* not the variable but its name */
        name.kind = TERM_STRING;
        name.scalar = value_str(atom_str(ref.items[package->count]->var));
        ref.items[package->count] = &name;
    }
    ast_write_ref(b, &ref);
}

void explain_write_node(struct buf *b, struct observer *o, const struct seen *e)
{
    if (e->kind == SEEN_INDEX) {
        explain_write_path(b, e->node);
        return;
    }
    switch (e->row->kind) {
    case TRACE_ROW_EXPR:
        write_expr(b, o, e->row->expr);
        return;
    case TRACE_ROW_RULE:
        write_rule(b, e->row->rule);
        return;
    case TRACE_ROW_BODY:
        for (size_t i = 0; i < e->row->body->count; i++) {
            if (i > 0)
                buf_cstr(b, "; ");
            write_expr(b, o, e->row->body->items[i]);
        }
        return;
    case TRACE_ROW_NODE:
        return;
    }
}

/* ---- places ---- */

struct str explain_file(const struct observer *o, struct loc loc)
{
    bool is_query = loc.row == 0 || (o->c->query != NULL && loc.file == o->c->query->file);
    return is_query || loc.file >= o->c->source_count ? STR("") : o->c->sources[loc.file].name;
}

struct str explain_place(struct observer *o, const struct explain_files *files, const struct seen *e)
{
    struct str file = explain_file(o, e->row->loc), text;
    if (file.len == 0)
        text = arena_printf(&o->arena, "query:%u", e->row->loc.row);
    else if (files->names[e->row->loc.file].p != NULL)
        text = arena_printf(&o->arena, "%.*s:%u", (int)files->names[e->row->loc.file].len, files->names[e->row->loc.file].p,
                            e->row->loc.row);
    else
        text = arena_printf(&o->arena, "%.*s:%u", (int)file.len, file.p, e->row->loc.row);
    return text.p != NULL ? text : STR("");
}

/* The folder of a path without its first part. */
static struct str folder_of(struct str path)
{
    while (path.len > 0 && path.p[path.len - 1] != '/')
        path.len--;
    while (path.len > 0 && path.p[path.len - 1] == '/')
        path.len--;
    if (path.len > 0 && path.p[0] == '/')
        path = str_of(path.p + 1, path.len - 1);
    const char *slash = path.len > 0 ? memchr(path.p, '/', path.len) : NULL;
    return slash != NULL && slash > path.p ? str_of(slash + 1, path.len - (size_t)(slash + 1 - path.p)) : path;
}

static bool contains(struct str s, struct str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (memcmp(s.p + i, part.p, part.len) == 0)
            return true;
    return false;
}

/* The longest text that is in all folders. */
static struct str longest_shared(const struct str *folders, size_t count)
{
    for (size_t len = folders[0].len; len > 0; len--) {
        for (size_t at = 0; at + len <= folders[0].len; at++) {
            struct str part = str_of(folders[0].p + at, len);
            size_t i = 1;
            while (i < count && contains(folders[i], part))
                i++;
            if (i == count)
                return part;
        }
    }
    return STR("");
}

static bool shorten(struct observer *o, struct explain_files *files, struct str shared)
{
    for (size_t i = 0; i < o->c->source_count; i++) {
        struct str name = files->names[i];
        size_t at = 0;
        while (name.p != NULL && at + shared.len <= name.len && memcmp(name.p + at, shared.p, shared.len) != 0)
            at++;
        if (name.p == NULL || at + shared.len > name.len)
            continue;
        files->names[i] = arena_printf(&o->arena, "%.*s...%.*s", (int)at, name.p, (int)(name.len - at - shared.len),
                                       name.p + at + shared.len);
        if (files->names[i].p == NULL)
            return false;
    }
    return true;
}

static size_t digits(uint32_t n)
{
    size_t count = 1;
    while ((n /= 10) != 0)
        count++;
    return count;
}

bool explain_name_files(struct observer *o, const struct seen_list *list, struct explain_files *ret)
{
    size_t longest = 0, count = 0;
    struct str *folders = arena_array(&o->arena, o->c->source_count + 1, sizeof *folders);
    ret->names = arena_zeroed(&o->arena, o->c->source_count + 1, sizeof *ret->names);
    if (folders == NULL || ret->names == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct loc loc = list->items[i].row->loc;
        struct str file = explain_file(o, loc);
        size_t len = (file.len > 0 ? file.len : QUERY_PLACE) + digits(loc.row) + 1;
        longest = len > longest ? len : longest;
        if (file.len == 0 || ret->names[loc.file].p != NULL)
            continue;
        ret->names[loc.file] = file;
        folders[count++] = folder_of(file);
    }
    if (count == 0 || longest <= IDEAL_PLACE)
        return true;
    struct str shared = longest_shared(folders, count);
    size_t rest = longest - shared.len + 3;
    if (rest < IDEAL_PLACE) /* not shorter than it has to be: the end of what is shared stays */
        shared.len -= IDEAL_PLACE - rest < shared.len ? IDEAL_PLACE - rest : shared.len;
    return shared.len <= 3 || shorten(o, ret, shared);
}

/* ---- variables ---- */

struct search {
    struct observer *o;
    const struct seen *e;
    struct explain_var *vars;
    size_t count, cap;
};

static void add_var(struct search *s, struct str name, struct value v)
{
    for (size_t i = 0; i < s->count; i++)
        if (str_equal(s->vars[i].name, name)) {
            s->vars[i].value = v;
            return;
        }
    if (!arena_grow(&s->o->arena, &s->vars, &s->cap, s->count + 1, sizeof *s->vars)) {
        s->o->failed = true;
        return;
    }
    s->vars[s->count++] = (struct explain_var){name, v};
}

static bool see_var(struct ast_walk *w, struct term *t)
{
    struct search *s = w->ctx;
    const struct trace_row *row = s->e->row;
    if (t->kind != TERM_VAR)
        return false;
    for (size_t i = row->var_count; i > 0; i--) {
        struct value v = s->e->values[i - 1];
        if (row->vars[i - 1].var != t->var)
            continue;
        const struct atom *written = pass_written(s->o->c->passes, t->var);
        if (v.kind != VALUE_UNDEFINED)
            add_var(s, atom_is_wildcard(written) ? STR("_") : atom_str(written), v);
        break;
    }
    return false;
}

struct explain_var *explain_vars(struct observer *o, const struct seen *e, size_t *ret_count)
{
    struct search s = {.o = o, .e = e};
    struct ast_walk w = {.term = see_var, .ctx = &s};
    *ret_count = 0;
    if (e->values == NULL || e->kind == SEEN_NOTE)
        return NULL;
    for (size_t i = 0; i < e->document_count; i++) {
        struct buf b;
        buf_init(&b, &o->arena);
        explain_write_path(&b, e->documents[i].node);
        if (!b.failed)
            add_var(&s, buf_view(&b), e->documents[i].value);
    }
    if (e->row->kind == TRACE_ROW_EXPR)
        ast_walk_expr(&w, (struct expr *)e->row->expr); /* only looked at */
    else if (e->row->kind == TRACE_ROW_BODY)
        ast_walk_body(&w, e->row->body);
    else if (e->row->kind == TRACE_ROW_RULE) {
        ast_walk_head(&w, e->row->rule->head);
        if (e->row->rule->head->ref.count == 2) /* what OPA calls the key */
            ast_walk_terms(&w, &e->row->rule->head->ref);
    }
    *ret_count = s.count;
    return s.vars;
}
