/* SPDX-License-Identifier: Apache-2.0
 *
 * Explanations as JSON: the events with their nodes, in the shape of opa's.
 */
#include "cli/explain.h"
#include "cli/explain_text.h"
#include "lang/ast_json.h"
#include "lang/passes.h"

static const struct ast_json_options plain = {.locations = false};

static struct value body_json(struct observer *o, const struct body *body)
{
    return ast_body_json(&o->arena, o->c, body, plain);
}

static struct value expr_json(struct observer *o, const struct trace_row *row)
{
    struct expr copy = *row->expr, *items[] = {&copy};
    struct body body = {items, 1, 1};
    copy.index = row->index;
    struct value v = body_json(o, &body);
    return v.kind == VALUE_ARRAY && v.len == 1 ? v.items[0] : v;
}

static struct value rule_json(struct observer *o, const struct rule *r)
{
    struct rule copy = *r, *rules[] = {&copy};
    struct module m = *r->module;
    copy.otherwise = NULL;
    m.rules = rules;
    m.rule_count = 1;
    m.import_count = 0;
    m.comment_count = 0;
    m.annotation_count = 0;
    struct value v = ast_module_json(&o->arena, o->c, &m, plain);
    const struct value *list = v.kind == VALUE_OBJECT ? object_find_str(v.object, STR("rules")) : NULL;
    return list != NULL && list->kind == VALUE_ARRAY && list->len == 1 ? list->items[0] : value_null();
}

static struct value node_json(struct observer *o, const struct trace_row *row)
{
    switch (row->kind) {
    case TRACE_ROW_EXPR:
        return expr_json(o, row);
    case TRACE_ROW_BODY:
        return body_json(o, row->body);
    case TRACE_ROW_RULE:
        return rule_json(o, row->rule);
    case TRACE_ROW_NODE:
        break;
    }
    return value_null();
}

static void put_place(struct jout *j, const struct observer *o, struct loc loc)
{
    jout_open(j, '{');
    jout_key(j, "file");
    jout_text(j, explain_file(o, loc));
    jout_key(j, "row");
    jout_int(j, loc.row);
    jout_key(j, "col");
    jout_int(j, loc.col);
    jout_close(j, '}');
}

/* A value as a term: what ast_body_json makes of an expression that is it. */
static struct value term_json(struct observer *o, struct value v)
{
    struct buf b;
    buf_init(&b, &o->arena);
    value_write_rego(&b, v);
    struct term *t = b.failed ? NULL : parse_term(o->c, buf_view(&b));
    struct expr e = {.kind = EXPR_TERM, .term = t}, *items[] = {&e};
    struct body body = {items, 1, 1};
    struct value json = t != NULL ? body_json(o, &body) : value_null();
    bool good = json.kind == VALUE_ARRAY && json.len == 1;
    const struct value *terms = good ? object_find_str(json.items[0].object, STR("terms")) : NULL;
    return terms != NULL ? *terms : value_null();
}

static bool is_hidden(const struct trace_row *row, size_t i)
{
    for (size_t k = i + 1; k < row->var_count; k++)
        if (row->vars[k].var == row->vars[i].var)
            return true;
    return false;
}

static void put_locals(struct jout *j, struct observer *o, const struct seen *e)
{
    jout_key(j, "Locals");
    jout_open(j, '[');
    for (size_t i = 0; e->values != NULL && i < e->row->var_count; i++) {
        if (is_hidden(e->row, i) || e->values[i].kind == VALUE_UNDEFINED)
            continue;
        struct value term = term_json(o, e->values[i]);
        jout_open(j, '{');
        jout_key(j, "name");
        jout_text(j, atom_is_wildcard(e->row->vars[i].var) ? STR("_") : atom_str(e->row->vars[i].var));
        for (size_t k = 0; term.kind == VALUE_OBJECT && k < 2; k++) {
            static const char *const parts[] = {"type", "value"};
            const struct value *part = object_find_str(term.object, str_cstr(parts[k]));
            jout_key(j, parts[k]);
            jout_value(j, part != NULL ? *part : value_null());
        }
        jout_close(j, '}');
    }
    jout_close(j, ']');
}

static void put_names(struct jout *j, struct observer *o, const struct seen *e)
{
    jout_key(j, "LocalMetadata");
    jout_open(j, '{');
    for (size_t i = 0; e->values != NULL && i < e->row->var_count; i++) {
        if (is_hidden(e->row, i))
            continue;
        jout_key(j, e->row->vars[i].var->text);
        jout_open(j, '{');
        jout_key(j, "name");
        jout_text(j, atom_str(pass_written(o->c->passes, e->row->vars[i].var)));
        jout_key(j, "location");
        if (atom_is_wildcard(e->row->vars[i].var))
            jout_value(j, value_null());
        else
            put_place(j, o, e->row->loc);
        jout_close(j, '}');
    }
    jout_close(j, '}');
}

static void put_event(struct jout *j, struct observer *o, const struct seen *e)
{
    bool is_note = e->kind == SEEN_NOTE;
    jout_open(j, '{');
    jout_key(j, "Op");
    jout_text(j, str_cstr(explain_operation(e->kind)));
    jout_key(j, "Node");
    jout_value(j, is_note ? value_null() : node_json(o, e->row));
    jout_key(j, "Location");
    put_place(j, o, e->row->loc);
    jout_key(j, "QueryID");
    jout_int(j, (int64_t)e->query);
    jout_key(j, "ParentID");
    jout_int(j, (int64_t)e->parent);
    if (is_note) {
        jout_key(j, "Locals");
        jout_value(j, value_null());
        jout_key(j, "LocalMetadata");
        jout_value(j, value_null());
    } else {
        put_locals(j, o, e);
        put_names(j, o, e);
    }
    jout_key(j, "Message");
    jout_text(j, e->message);
    jout_key(j, "Ref");
    if (e->kind == SEEN_INDEX) {
        struct buf b;
        buf_init(&b, &o->arena);
        explain_write_path(&b, e->node);
        struct term *t = b.failed ? NULL : parse_term(o->c, buf_view(&b));
        jout_value(j, t != NULL && t->kind == TERM_REF ? ast_ref_json(&o->arena, o->c, &t->list, plain) : value_null());
    } else {
        jout_value(j, value_null());
    }
    jout_close(j, '}');
}

void explain_json(struct jout *j, struct observer *o, const struct seen_list *list)
{
    jout_key(j, "explanation");
    jout_open(j, '[');
    for (size_t i = 0; i < list->count; i++)
        put_event(j, o, &list->items[i]);
    jout_close(j, ']');
}
