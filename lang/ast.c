/* SPDX-License-Identifier: Apache-2.0
 *
 * Making, copying and asking about nodes of the syntax tree.
 *
 * Members of objects and elements of sets stand in the order of their keys once ast_sort has seen them, as in OPA's tree; the
 * parser sorts what it builds. Recursion is as deep as the text was nested.
 */
#include "lang/ast.h"

#include "vm/number.h"

struct term *ast_term(struct arena *a, enum term_kind kind, struct loc loc)
{
    struct term *t = arena_alloc(a, sizeof *t);
    if (t != NULL)
        *t = (struct term){.kind = kind, .loc = loc};
    return t;
}

struct term *ast_scalar(struct arena *a, struct value v, struct loc loc)
{
    static const enum term_kind kinds[] = {
        [VALUE_NULL] = TERM_NULL, [VALUE_BOOL] = TERM_BOOL, [VALUE_NUMBER] = TERM_NUMBER, [VALUE_STRING] = TERM_STRING};
    struct term *t = ast_term(a, kinds[v.kind], loc);
    if (t != NULL)
        t->scalar = v;
    return t;
}

struct term *ast_var(struct arena *a, const struct atom *name, struct loc loc)
{
    struct term *t = name == NULL ? NULL : ast_term(a, TERM_VAR, loc);
    if (t != NULL) {
        t->var = name;
        t->generated = name->text[0] == '$';
    }
    return t;
}

struct term *ast_list(struct arena *a, enum term_kind kind, struct term **items, size_t count, struct loc loc)
{
    struct term *t = ast_term(a, kind, loc);
    if (t == NULL || count == 0)
        return t;
    t->list.items = arena_array(a, count, sizeof *items);
    if (t->list.items == NULL)
        return NULL;
    memcpy(t->list.items, items, count * sizeof *items);
    t->list.count = t->list.cap = (uint32_t)count;
    return t;
}

struct expr *ast_expr(struct arena *a, enum expr_kind kind, struct loc loc)
{
    struct expr *e = arena_alloc(a, sizeof *e);
    if (e != NULL)
        *e = (struct expr){.kind = kind, .loc = loc};
    return e;
}

/* Room for one more pointer behind *count. */
static bool make_room(struct arena *a, void *items_ptr, uint32_t count, uint32_t *cap)
{
    size_t room = *cap;
    if (count < room)
        return true;
    if (count > UINT32_MAX / 4 || !arena_grow(a, items_ptr, &room, (size_t)count + 1, sizeof(void *)))
        return false;
    *cap = (uint32_t)room;
    return true;
}

bool terms_push(struct arena *a, struct terms *list, struct term *t)
{
    if (t == NULL || !make_room(a, &list->items, list->count, &list->cap))
        return false;
    list->items[list->count++] = t;
    return true;
}

bool body_push(struct arena *a, struct body *b, struct expr *e)
{
    if (e == NULL || !make_room(a, &b->items, b->count, &b->cap))
        return false;
    e->index = (uint32_t)b->count;
    b->items[b->count++] = e;
    return true;
}

/* ---- copies ---- */

static bool copy_terms(struct arena *a, const struct terms *from, struct terms *to)
{
    *to = (struct terms){0};
    if (from->count == 0)
        return true;
    to->items = arena_array(a, from->count, sizeof *to->items);
    if (to->items == NULL)
        return false;
    to->cap = from->count;
    for (; to->count < from->count; to->count++)
        if ((to->items[to->count] = ast_copy_term(a, from->items[to->count])) == NULL)
            return false;
    return true;
}

static struct compr *copy_compr(struct arena *a, const struct compr *from)
{
    struct compr *c = arena_alloc(a, sizeof *c);
    if (c == NULL)
        return NULL;
    *c = (struct compr){0};
    if (from->key != NULL && (c->key = ast_copy_term(a, from->key)) == NULL)
        return NULL;
    if ((c->term = ast_copy_term(a, from->term)) == NULL || !ast_copy_body(a, &from->body, &c->body))
        return NULL;
    return c;
}

static struct template_string *copy_template(struct arena *a, const struct template_string *from)
{
    struct template_string *s = arena_alloc(a, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = *from;
    s->cap = s->count;
    if (s->count == 0)
        return s;
    s->parts = arena_array(a, s->count, sizeof *s->parts);
    if (s->parts == NULL)
        return NULL;
    for (size_t i = 0; i < s->count; i++) {
        s->parts[i] = from->parts[i];
        if (from->parts[i].expr != NULL && (s->parts[i].expr = ast_copy_expr(a, from->parts[i].expr)) == NULL)
            return NULL;
    }
    return s;
}

struct term *ast_copy_term(struct arena *a, const struct term *t)
{
    struct term *copy = arena_alloc(a, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *t;
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        return copy_terms(a, &t->list, &copy->list) ? copy : NULL;
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        return (copy->compr = copy_compr(a, t->compr)) != NULL ? copy : NULL;
    case TERM_TEMPLATE:
        return (copy->template = copy_template(a, t->template)) != NULL ? copy : NULL;
    default:
        return copy;
    }
}

static bool copy_withs(struct arena *a, const struct expr *from, struct expr *to)
{
    if (from->with_count == 0)
        return true;
    to->withs = arena_array(a, from->with_count, sizeof *to->withs);
    if (to->withs == NULL)
        return false;
    for (size_t i = 0; i < from->with_count; i++) {
        to->withs[i].loc = from->withs[i].loc;
        to->withs[i].target = ast_copy_term(a, from->withs[i].target);
        to->withs[i].value = ast_copy_term(a, from->withs[i].value);
        if (to->withs[i].target == NULL || to->withs[i].value == NULL)
            return false;
    }
    return true;
}

static struct every *copy_every(struct arena *a, const struct every *from)
{
    struct every *e = arena_alloc(a, sizeof *e);
    if (e == NULL)
        return NULL;
    *e = (struct every){0};
    if (from->key != NULL && (e->key = ast_copy_term(a, from->key)) == NULL)
        return NULL;
    e->value = ast_copy_term(a, from->value);
    e->domain = ast_copy_term(a, from->domain);
    return e->value != NULL && e->domain != NULL && ast_copy_body(a, &from->body, &e->body) ? e : NULL;
}

static struct logic *copy_logic(struct arena *a, const struct logic *from)
{
    struct logic *l = arena_alloc(a, sizeof *l);
    if (l == NULL)
        return NULL;
    *l = *from;
    return ast_copy_body(a, &from->left, &l->left) && ast_copy_body(a, &from->right, &l->right) ? l : NULL;
}

struct expr *ast_copy_expr(struct arena *a, const struct expr *e)
{
    struct expr *copy = arena_alloc(a, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *e;
    if (!copy_withs(a, e, copy))
        return NULL;
    switch (e->kind) {
    case EXPR_TERM:
        return (copy->term = ast_copy_term(a, e->term)) != NULL ? copy : NULL;
    case EXPR_CALL:
    case EXPR_SOME:
        return copy_terms(a, &e->terms, &copy->terms) ? copy : NULL;
    case EXPR_EVERY:
        return (copy->every = copy_every(a, e->every)) != NULL ? copy : NULL;
    case EXPR_NOT:
        return ast_copy_body(a, &e->not_body, &copy->not_body) ? copy : NULL;
    case EXPR_AND:
    case EXPR_OR:
        return (copy->logic = copy_logic(a, e->logic)) != NULL ? copy : NULL;
    }
    return copy;
}

bool ast_copy_body(struct arena *a, const struct body *from, struct body *to)
{
    *to = (struct body){0};
    if (from->count == 0)
        return true;
    to->items = arena_array(a, from->count, sizeof *to->items);
    if (to->items == NULL)
        return false;
    to->cap = from->count;
    for (; to->count < from->count; to->count++)
        if ((to->items[to->count] = ast_copy_expr(a, from->items[to->count])) == NULL)
            return false;
    return true;
}

struct head *ast_copy_head(struct arena *a, const struct head *h)
{
    struct head *copy = arena_alloc(a, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *h;
    if (!copy_terms(a, &h->ref, &copy->ref) || !copy_terms(a, &h->args, &copy->args))
        return NULL;
    if (h->key != NULL && (copy->key = ast_copy_term(a, h->key)) == NULL)
        return NULL;
    if (h->value != NULL && (copy->value = ast_copy_term(a, h->value)) == NULL)
        return NULL;
    return copy;
}

/* ---- questions ---- */

const char *term_kind_name(enum term_kind kind)
{
    static const char *const names[] = {
        [TERM_NULL] = "null",
        [TERM_BOOL] = "boolean",
        [TERM_NUMBER] = "number",
        [TERM_STRING] = "string",
        [TERM_VAR] = "var",
        [TERM_REF] = "ref",
        [TERM_ARRAY] = "array",
        [TERM_OBJECT] = "object",
        [TERM_SET] = "set",
        [TERM_ARRAY_COMPR] = "arraycomprehension",
        [TERM_OBJECT_COMPR] = "objectcomprehension",
        [TERM_SET_COMPR] = "setcomprehension",
        [TERM_TEMPLATE] = "templatestring",
        [TERM_CALL] = "call",
    };
    return names[kind];
}

bool term_is_ground_value(const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        return true;
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        for (size_t i = 0; i < t->list.count; i++)
            if (!term_is_ground_value(t->list.items[i]))
                return false;
        return true;
    default:
        return false;
    }
}

static bool are_ground(struct term **items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!term_is_ground(items[i]))
            return false;
    return true;
}

static bool is_ground_expr(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TERM:
        return term_is_ground(e->term);
    case EXPR_CALL:
        return e->terms.count == 0 || are_ground(e->terms.items + 1, e->terms.count - 1);
    case EXPR_SOME:
    case EXPR_EVERY:
        return false;
    case EXPR_NOT:
        return body_is_ground(&e->not_body);
    case EXPR_AND:
    case EXPR_OR:
        return body_is_ground(&e->logic->left) && body_is_ground(&e->logic->right);
    }
    return false;
}

bool body_is_ground(const struct body *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!is_ground_expr(b->items[i]))
            return false;
    return true;
}

bool term_is_ground(const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        return true;
    case TERM_VAR:
    case TERM_TEMPLATE:
        return false;
    case TERM_REF:
        return t->list.count < 2 || are_ground(t->list.items + 1, t->list.count - 1);
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        return are_ground(t->list.items, t->list.count);
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        return (t->compr->key == NULL || term_is_ground(t->compr->key)) && term_is_ground(t->compr->term) &&
               body_is_ground(&t->compr->body);
    }
    return false;
}

static struct value object_value(struct arena *a, const struct term *t)
{
    struct object *o = object_new(a, t->list.count / 2);
    for (size_t i = 0; o != NULL && i + 1 < t->list.count; i += 2) {
        struct value key = term_value(a, t->list.items[i]), value = term_value(a, t->list.items[i + 1]);
        if (key.kind == VALUE_UNDEFINED || value.kind == VALUE_UNDEFINED || object_put(a, o, key, value) < 0)
            return value_undefined();
    }
    return o == NULL ? value_undefined() : value_object(o);
}

static struct value set_value(struct arena *a, const struct term *t)
{
    struct set *s = set_new(a, t->list.count);
    for (size_t i = 0; s != NULL && i < t->list.count; i++) {
        struct value v = term_value(a, t->list.items[i]);
        if (v.kind == VALUE_UNDEFINED || set_add(a, s, v) < 0)
            return value_undefined();
    }
    return s == NULL ? value_undefined() : value_set(s);
}

static struct value list_value(struct arena *a, const struct term *t)
{
    struct value *items = arena_array(a, t->list.count, sizeof *items);
    for (size_t i = 0; items != NULL && i < t->list.count; i++) {
        items[i] = term_value(a, t->list.items[i]);
        if (items[i].kind == VALUE_UNDEFINED)
            return value_undefined();
    }
    return items == NULL ? value_undefined() : value_array(items, t->list.count);
}

struct value term_value(struct arena *a, const struct term *t)
{
    switch (t->kind) {
    case TERM_NULL:
    case TERM_BOOL:
    case TERM_NUMBER:
    case TERM_STRING:
        return t->scalar;
    case TERM_ARRAY:
        return list_value(a, t);
    case TERM_OBJECT:
        return object_value(a, t);
    case TERM_SET:
        return set_value(a, t);
    default:
        return value_undefined();
    }
}

/* Takes the name's first part from name; false when it does not start with text. */
static bool eat_part(const char **name, struct str text, bool is_first)
{
    if (!is_first && *(*name)++ != '.')
        return false;
    if (strncmp(*name, text.p, text.len) != 0)
        return false;
    *name += text.len;
    return true;
}

bool expr_is_call_of(const struct expr *e, const char *name)
{
    if (e->kind != EXPR_CALL || e->terms.count == 0 || e->terms.items[0]->kind != TERM_REF)
        return false;
    const struct terms *ref = &e->terms.items[0]->list;
    for (size_t i = 0; i < ref->count; i++) {
        const struct term *t = ref->items[i];
        if (t->kind != (i == 0 ? TERM_VAR : TERM_STRING))
            return false;
        if (!eat_part(&name, i == 0 ? atom_str(t->var) : value_text(t->scalar), i == 0))
            return false;
    }
    return *name == '\0';
}
