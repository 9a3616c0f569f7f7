/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks a module and builds the JSON of every node.
 *
 * A failed allocation is noted once and makes the whole result undefined, so the walk need not check each step.
 */
#include "lang/ast_json.h"

#include "lang/annotation.h"

struct writer {
    struct arena *arena;
    const struct compiler *c;
    struct ast_json_options options;
    bool failed;
};

static struct value term_json(struct writer *w, const struct term *t);
static struct value expr_json(struct writer *w, const struct expr *e);

static struct object *new_object(struct writer *w, size_t cap)
{
    struct object *o = object_new(w->arena, cap);
    w->failed |= o == NULL;
    return o;
}

static void put(struct writer *w, struct object *o, const char *key, struct value v)
{
    if (o == NULL || v.kind == VALUE_UNDEFINED || object_put(w->arena, o, value_str(str_cstr(key)), v) < 0)
        w->failed = true;
}

static struct value object_json(struct object *o)
{
    return o == NULL ? value_undefined() : value_object(o);
}


static struct value array_of(struct writer *w, const struct array_builder *b)
{
    return w->failed ? value_undefined() : array_value(b);
}

static void push(struct writer *w, struct array_builder *b, struct value v)
{
    if (v.kind == VALUE_UNDEFINED || !array_push(b, v))
        w->failed = true;
}

/* ---- places ---- */

static void write_base64(struct buf *b, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.len; i += 3) {
        size_t left = s.len - i;
        uint32_t bits = (uint32_t)(unsigned char)s.p[i] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(unsigned char)s.p[i + 2] : 0;
        char out[] = {digits[bits >> 18], digits[bits >> 12 & 63], left > 1 ? digits[bits >> 6 & 63] : '=',
                      left > 2 ? digits[bits & 63] : '='};
        buf_bytes(b, out, 4);
    }
}

static struct value bytes_json(struct writer *w, struct str bytes)
{
    struct buf b;
    buf_init(&b, w->arena);
    write_base64(&b, bytes);
    w->failed |= b.failed;
    return value_str(buf_view(&b));
}

static struct value place_json(struct writer *w, struct loc loc, bool has_text)
{
    const struct source *s = &w->c->sources[loc.file];
    struct object *o = new_object(w, 4);
    put(w, o, "file", value_str(s->name));
    put(w, o, "row", value_int(loc.row));
    put(w, o, "col", value_int(loc.col));
    if (has_text && loc.len != 0 && loc.offset <= s->text.len && loc.len <= s->text.len - loc.offset)
        put(w, o, "text", bytes_json(w, str_of(s->text.p + loc.offset, loc.len)));
    return object_json(o);
}

static void put_place(struct writer *w, struct object *o, struct loc loc)
{
    if (w->options.locations && loc.row != 0)
        put(w, o, "location", place_json(w, loc, true));
}

/* ---- terms ---- */

static struct value list_json(struct writer *w, const struct terms *list)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < list->count; i++)
        push(w, &b, term_json(w, list->items[i]));
    return array_of(w, &b);
}

static struct value pairs_json(struct writer *w, const struct term *t)
{
    struct array_builder b;
    array_init(&b, w->arena);
    ast_sort(t);
    for (size_t i = 0; i + 1 < t->list.count; i += 2) {
        struct array_builder pair;
        array_init(&pair, w->arena);
        push(w, &pair, term_json(w, t->list.items[i]));
        push(w, &pair, term_json(w, t->list.items[i + 1]));
        push(w, &b, array_of(w, &pair));
    }
    return array_of(w, &b);
}

static struct value body_json(struct writer *w, const struct body *body)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < body->count; i++)
        push(w, &b, expr_json(w, body->items[i]));
    return array_of(w, &b);
}

static struct value compr_json(struct writer *w, const struct compr *c)
{
    struct object *o = new_object(w, 3);
    if (c->key != NULL) {
        put(w, o, "key", term_json(w, c->key));
        put(w, o, "value", term_json(w, c->term));
    } else {
        put(w, o, "term", term_json(w, c->term));
    }
    put(w, o, "body", body_json(w, &c->body));
    return object_json(o);
}

static struct value typed_json(struct writer *w, const char *type, struct value v, struct loc loc)
{
    struct object *o = new_object(w, 3);
    put(w, o, "type", value_str(str_cstr(type)));
    put(w, o, "value", v);
    put_place(w, o, loc);
    return object_json(o);
}

static struct value part_json(struct writer *w, const struct template_part *part)
{
    if (part->expr == NULL)
        return typed_json(w, "string", value_str(part->text), part->loc);
    return part->scalar ? term_json(w, part->expr->term) : expr_json(w, part->expr);
}

static struct value template_json(struct writer *w, const struct template_string *s)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < s->count; i++)
        push(w, &b, part_json(w, &s->parts[i]));
    struct object *o = new_object(w, 2);
    put(w, o, "multi_line", value_bool(s->multi_line));
    put(w, o, "parts", s->count == 0 ? value_null() : array_of(w, &b));
    return object_json(o);
}

static struct value content_json(struct writer *w, const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
        return object_json(new_object(w, 0));
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        return t->scalar;
    case TERM_VAR:
        return value_str(atom_str(t->var));
    case TERM_SET:
        ast_sort(t);
        return list_json(w, &t->list);
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_CALL:
        return list_json(w, &t->list);
    case TERM_OBJECT:
        return pairs_json(w, t);
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        return compr_json(w, t->compr);
    case TERM_TEMPLATE:
        return template_json(w, t->template);
    }
    return value_undefined();
}

static struct value term_json(struct writer *w, const struct term *t)
{
    return typed_json(w, term_kind_name(t->kind), content_json(w, t), t->loc);
}

/* ---- expressions ---- */

/* The word an expression starts with, as a place; an expression that was given a place of something else keeps that. */
static struct loc word_place(const struct writer *w, const struct expr *e, struct str word)
{
    struct loc loc = e->loc;
    struct str text = w->c->sources[loc.file].text;
    if (loc.offset < text.len && str_starts(str_of(text.p + loc.offset, text.len - loc.offset), word))
        loc.len = (uint32_t)word.len;
    return loc;
}

static struct value some_json(struct writer *w, const struct expr *e)
{
    struct object *o = new_object(w, 2);
    put(w, o, "symbols", list_json(w, &e->terms));
    put_place(w, o, e->loc.row == 0 ? e->loc : word_place(w, e, STR("some")));
    return object_json(o);
}

static struct value every_json(struct writer *w, const struct expr *e)
{
    const struct every *every = e->every;
    struct object *o = new_object(w, 5);
    put(w, o, "key", every->key == NULL ? value_null() : term_json(w, every->key));
    put(w, o, "value", term_json(w, every->value));
    put(w, o, "domain", term_json(w, every->domain));
    put(w, o, "body", body_json(w, &every->body));
    put_place(w, o, e->loc.row == 0 ? e->loc : word_place(w, e, STR("every")));
    return object_json(o);
}

static struct value not_json(struct writer *w, const struct expr *e)
{
    struct object *o = new_object(w, 3);
    put(w, o, "type", value_str(STR("not")));
    put(w, o, "body", body_json(w, &e->not_body));
    put(w, o, "explicit_body", value_bool(e->explicit_body));
    return object_json(o);
}

static struct value logic_json(struct writer *w, const struct expr *e)
{
    struct object *o = new_object(w, 5);
    put(w, o, "type", value_str(e->kind == EXPR_AND ? STR("and") : STR("or")));
    put(w, o, "lhs", body_json(w, &e->logic->left));
    put(w, o, "rhs", body_json(w, &e->logic->right));
    if (e->logic->explicit_left)
        put(w, o, "explicit_lhs", value_bool(true));
    if (e->logic->explicit_right)
        put(w, o, "explicit_rhs", value_bool(true));
    return object_json(o);
}

static struct value terms_json(struct writer *w, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        return term_json(w, e->term);
    case EXPR_CALL:
        return list_json(w, &e->terms);
    case EXPR_SOME:
        return some_json(w, e);
    case EXPR_EVERY:
        return every_json(w, e);
    case EXPR_NOT:
        return not_json(w, e);
    case EXPR_AND:
    case EXPR_OR:
        return logic_json(w, e);
    }
    return value_undefined();
}

static struct value withs_json(struct writer *w, const struct expr *e)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < e->with_count; i++) {
        struct object *o = new_object(w, 3);
        put(w, o, "target", term_json(w, e->withs[i].target));
        put(w, o, "value", term_json(w, e->withs[i].value));
        put_place(w, o, e->withs[i].loc);
        push(w, &b, object_json(o));
    }
    return array_of(w, &b);
}

static struct value expr_json(struct writer *w, const struct expr *e)
{
    struct object *o = new_object(w, 4);
    put(w, o, "index", value_int(e->index));
    put(w, o, "terms", terms_json(w, e));
    if (e->generated)
        put(w, o, "generated", value_bool(true));
    if (e->negated)
        put(w, o, "negated", value_bool(true));
    if (e->with_count != 0)
        put(w, o, "with", withs_json(w, e));
    put_place(w, o, e->loc);
    return object_json(o);
}

/* ---- rules and modules ---- */

static struct value head_json(struct writer *w, const struct head *h)
{
    struct object *o = new_object(w, 6);
    if (h->name != NULL)
        put(w, o, "name", value_str(atom_str(h->name)));
    put(w, o, "ref", list_json(w, &h->ref));
    if (h->args.count != 0)
        put(w, o, "args", list_json(w, &h->args));
    if (h->key != NULL)
        put(w, o, "key", term_json(w, h->key));
    if (h->value != NULL)
        put(w, o, "value", term_json(w, h->value));
    if (h->assign)
        put(w, o, "assign", value_bool(true));
    put_place(w, o, h->loc);
    return object_json(o);
}

static struct value annotations_json(struct writer *w, struct annotation **items, size_t count)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < count; i++) {
        struct value v = annotation_json(w->arena, w->c, items[i], w->options);
        push(w, &b, v);
    }
    return array_of(w, &b);
}

static struct value rule_json(struct writer *w, const struct rule *r)
{
    struct object *o = new_object(w, 4);
    put(w, o, "head", head_json(w, r->head));
    put(w, o, "body", body_json(w, &r->body));
    if (r->is_default)
        put(w, o, "default", value_bool(true));
    if (r->otherwise != NULL)
        put(w, o, "else", rule_json(w, r->otherwise));
    if (r->annotation_count != 0)
        put(w, o, "annotations", annotations_json(w, r->annotations, r->annotation_count));
    put_place(w, o, r->loc);
    return object_json(o);
}

static struct value import_json(struct writer *w, const struct import *i)
{
    struct object *o = new_object(w, 4);
    put(w, o, "path", term_json(w, i->path));
    if (i->alias != NULL)
        put(w, o, "alias", value_str(atom_str(i->alias)));
    put_place(w, o, i->loc);
    if (w->options.locations && i->alias != NULL)
        put(w, o, "alias_location", place_json(w, i->alias_loc, true));
    return object_json(o);
}

static struct value package_json(struct writer *w, const struct module *m)
{
    struct object *o = new_object(w, 2);
    put(w, o, "path", list_json(w, &m->package));
    put_place(w, o, m->package_loc);
    return object_json(o);
}

/* The place of a comment that starts a metadata block has the text of the block. */
static struct value comment_json(struct writer *w, const struct comment *c, const struct annotation *block)
{
    struct object *o = new_object(w, 2);
    struct value place = place_json(w, c->loc, w->options.locations);
    if (block != NULL && w->options.locations && place.kind == VALUE_OBJECT)
        put(w, place.object, "text", bytes_json(w, block->text));
    put(w, o, "Text", bytes_json(w, c->text));
    put(w, o, "Location", place);
    return object_json(o);
}

static struct value imports_json(struct writer *w, const struct module *m)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < m->import_count; i++)
        push(w, &b, import_json(w, m->imports[i]));
    return array_of(w, &b);
}

static struct value rules_json(struct writer *w, const struct module *m)
{
    struct array_builder b;
    array_init(&b, w->arena);
    for (size_t i = 0; i < m->rule_count; i++)
        push(w, &b, rule_json(w, m->rules[i]));
    return array_of(w, &b);
}

static struct value comments_json(struct writer *w, const struct module *m)
{
    struct array_builder b;
    array_init(&b, w->arena);
    size_t next = 0;
    for (size_t i = 0; i < m->comment_count; i++) {
        const struct annotation *n = next < m->annotation_count ? m->annotations[next] : NULL;
        bool is_block = n != NULL && n->loc.offset == m->comments[i].loc.offset;
        next += is_block;
        push(w, &b, comment_json(w, &m->comments[i], is_block ? n : NULL));
    }
    return array_of(w, &b);
}

static struct value finish(const struct writer *w, struct value v)
{
    return w->failed ? value_undefined() : v;
}

struct value ast_module_json(struct arena *a, const struct compiler *c, const struct module *m,
                             struct ast_json_options options)
{
    struct writer w = {.arena = a, .c = c, .options = options};
    struct object *o = new_object(&w, 5);
    put(&w, o, "package", package_json(&w, m));
    if (m->import_count != 0)
        put(&w, o, "imports", imports_json(&w, m));
    if (m->annotation_count != 0)
        put(&w, o, "annotations", annotations_json(&w, m->annotations, m->annotation_count));
    if (m->rule_count != 0)
        put(&w, o, "rules", rules_json(&w, m));
    if (options.comments && m->comment_count != 0)
        put(&w, o, "comments", comments_json(&w, m));
    return finish(&w, object_json(o));
}

struct value ast_ref_json(struct arena *a, const struct compiler *c, const struct terms *ref, struct ast_json_options options)
{
    struct writer w = {.arena = a, .c = c, .options = options};
    struct value v = list_json(&w, ref);
    return finish(&w, v);
}

struct value ast_body_json(struct arena *a, const struct compiler *c, const struct body *body,
                           struct ast_json_options options)
{
    struct writer w = {.arena = a, .c = c, .options = options};
    struct value v = body_json(&w, body);
    return finish(&w, v);
}

struct value ast_loc_json(struct arena *a, const struct compiler *c, struct loc loc, bool has_text)
{
    struct writer w = {.arena = a, .c = c};
    struct value v = place_json(&w, loc, has_text);
    return finish(&w, v);
}

struct value ast_text_json(struct arena *a, struct str text)
{
    struct writer w = {.arena = a};
    struct value v = bytes_json(&w, text);
    return finish(&w, v);
}
