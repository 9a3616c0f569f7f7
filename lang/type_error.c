/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors of the type checker. They are noted first, since many are dropped; what is left gets its texts: message and details, as
 * OPA writes them (v1/ast/check.go). Variables in them are as the user wrote them.
 */
#include "lang/type_error.h"

#include "lang/ast_json.h"
#include "lang/ast_walk.h"
#include "lang/diag.h"
#include "lang/sort.h"
#include "lang/type_check.h"

enum { TYPE_BYTES = 1 << 16 }; /* of a type in a line */

/* ---- noting ---- */

static struct type_error *add_error(struct checker *k, enum type_error_kind kind, struct loc loc)
{
    if (!arena_grow(&k->s->c->arena, &k->errors, &k->error_cap, k->error_count + 1, sizeof *k->errors))
        return NULL;
    struct type_error *e = &k->errors[k->error_count++];
    *e = (struct type_error){.kind = kind, .loc = loc};
    return e;
}

static bool copy_types(struct checker *k, struct type_error *e, struct type *const *have, size_t count)
{
    e->have = arena_array(&k->s->c->arena, count, sizeof *e->have);
    if (e->have == NULL)
        return false;
    if (count > 0)
        memcpy(e->have, have, count * sizeof *have);
    e->have_count = count;
    for (size_t i = 0; i < count; i++)
        e->is_unknown = e->is_unknown || types_is_unknown(have[i]);
    return true;
}

void type_error_text(struct checker *k, struct loc loc, struct str message)
{
    struct type_error *e = add_error(k, TYPE_ERROR_TEXT, loc);
    if (e != NULL)
        e->message = message;
}

void type_error_match(struct checker *k, struct loc loc, struct type *left, struct type *right)
{
    struct type_error *e = add_error(k, TYPE_ERROR_MATCH, loc);
    if (e != NULL && !copy_types(k, e, (struct type *[]){left, right}, 2))
        k->error_count--;
}

void type_error_operands(struct checker *k, struct loc loc, const struct terms *op, const char *problem, struct type **have,
                         size_t count, struct type *function, bool with_result)
{
    struct type_error *e = add_error(k, TYPE_ERROR_OPERANDS, loc);
    if (e == NULL || !copy_types(k, e, have, count))
        return;
    e->ref = *op;
    e->problem = problem;
    e->want = function;
    e->want_result = with_result && function->value != NULL;
}

void type_error_unsupported(struct checker *k, const struct terms *ref, size_t pos, struct type *have)
{
    struct type_error *e = add_error(k, TYPE_ERROR_UNSUPPORTED, ref->items[0]->loc);
    if (e == NULL || !copy_types(k, e, &have, 1))
        return;
    e->is_unknown = false;
    e->ref = *ref;
    e->pos = pos;
}

/* ---- keys that there are ---- */

struct choices {
    struct arena *arena;
    struct type_choice *items;
    size_t count, cap;
};

static void add_choice(struct choices *c, struct type_choice choice)
{
    for (size_t i = 0; choice.term == NULL && i < c->count; i++)
        if (choice.value.kind <= VALUE_STRING && value_equal(c->items[i].value, choice.value))
            return;
    if (arena_grow(c->arena, &c->items, &c->cap, c->count + 1, sizeof *c->items))
        c->items[c->count++] = choice;
}

static void add_keys(struct choices *c, struct type *t, int depth)
{
    t = types_unrolled(t);
    if (t == NULL || depth > 8)
        return;
    for (size_t i = 0; t->kind == TYPE_OBJECT && i < t->count; i++)
        add_choice(c, (struct type_choice){.value = t->properties[i].key});
    for (size_t i = 0; t->kind == TYPE_ANY && i < t->count; i++)
        add_keys(c, t->items[i], depth + 1);
}

static int compare_choices(const void *left, const void *right, void *ctx)
{
    const struct type_choice *a = left, *b = right;
    (void)ctx;
    return a->term != NULL ? term_compare(a->term, b->term) : value_compare(a->value, b->value);
}

void type_error_invalid(struct checker *k, const struct terms *ref, size_t pos, struct type *have, struct type *want,
                        const struct type_node *node, struct type *object)
{
    struct type_error *e = add_error(k, TYPE_ERROR_INVALID, ref->items[0]->loc);
    struct choices c = {.arena = &k->s->c->arena};
    if (e == NULL || !copy_types(k, e, &have, 1))
        return;
    for (const struct type_node *child = node != NULL ? node->children : NULL; child != NULL; child = child->next)
        add_choice(&c, (struct type_choice){.term = child->key});
    add_keys(&c, object, 0);
    if (!sort_stable(c.arena, c.items, c.count, sizeof *c.items, compare_choices, NULL))
        return;
    e->is_unknown = false;
    e->ref = *ref;
    e->pos = pos;
    e->want = want;
    e->choices = c.items;
    e->choice_count = c.count;
}

/* ---- references as written ---- */

/* How many variables may be replaced in one reference. */
struct rewriting {
    struct passes *s;
    size_t left;
};

static bool rewrite_var(struct ast_walk *w, struct term *t)
{
    struct rewriting *r = w->ctx;
    struct passes *s = r->s;
    if (t->kind != TERM_VAR)
        return false;
    for (size_t i = s->subject_count; i-- > 0 && r->left > 0;) {
        if (s->subjects[i].var != t->var)
            continue;
        const struct term *copy = ast_copy_term(&s->c->arena, s->subjects[i].term);
        if (copy == NULL)
            return true;
        r->left--;
        *t = *copy;
        return false;
    }
    t->var = pass_written(s, t->var);
    return true;
}

static struct terms write_back(struct passes *s, const struct terms *ref)
{
    struct term whole = {.kind = TERM_REF, .list = *ref};
    struct term *copy = ast_copy_term(&s->c->arena, &whole);
    struct rewriting r = {s, 64};
    struct ast_walk w = {.term = rewrite_var, .ctx = &r};
    if (copy == NULL)
        return (struct terms){0};
    ast_walk_term(&w, copy);
    return copy->list;
}

/* ---- messages ---- */

static bool is_local_name(struct str s)
{
    for (size_t i = 0; i + 10 <= s.len; i++) {
        size_t at = i + 7;
        if (memcmp(s.p + i, "__local", 7) != 0)
            continue;
        while (at < s.len && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        if (at > i + 7 && at + 2 <= s.len && s.p[at] == '_' && s.p[at + 1] == '_')
            return true;
    }
    return false;
}

static void write_uncalled(struct buf *b, struct terms ref)
{
    const struct term *last = ref.items[ref.count - 1];
    ref.count -= last->kind == TERM_VAR && is_local_name(atom_str(last->var));
    buf_cstr(b, "function ");
    ast_write_ref(b, &ref);
    buf_cstr(b, " used as reference, not called");
}

static void write_message(struct buf *b, const struct type_error *e)
{
    switch (e->kind) {
    case TYPE_ERROR_TEXT:
        buf_str(b, e->message);
        break;
    case TYPE_ERROR_MATCH:
        buf_cstr(b, "match error");
        break;
    case TYPE_ERROR_OPERANDS:
        ast_write_ref(b, &e->ref);
        buf_printf(b, ": %s", e->problem);
        break;
    default:
        if (e->kind == TYPE_ERROR_UNSUPPORTED && e->have[0] != NULL && e->have[0]->kind == TYPE_FUNCTION && e->ref.count > 0) {
            write_uncalled(b, e->ref);
            break;
        }
        buf_cstr(b, "undefined ref: ");
        ast_write_ref(b, &e->ref);
    }
}

/* ---- details ---- */

static void pad(struct buf *b, char c, size_t count)
{
    if (!buf_reserve(b, count))
        return;
    memset(b->p + b->len, c, count);
    b->len += count;
}

static size_t width_of(struct arena *a, const struct terms *ref, size_t count)
{
    struct buf b;
    struct terms front = {ref->items, count < ref->count ? count : ref->count, 0};
    buf_init(&b, a);
    ast_write_ref(&b, &front);
    return b.len;
}

static void write_unsupported(struct buf *b, const struct type_error *e)
{
    ast_write_ref(b, &e->ref);
    buf_char(b, '\n');
    pad(b, '^', width_of(b->arena, &e->ref, e->pos + 1));
    buf_cstr(b, "\nhave: ");
    if (e->have[0] != NULL)
        types_write(b, e->have[0], TYPE_BYTES);
    else
        buf_cstr(b, "<nil>");
}

static void write_choices(struct buf *b, const struct type_error *e)
{
    buf_cstr(b, "want (one of): [");
    for (size_t i = 0; i < e->choice_count; i++) {
        if (i > 0)
            buf_char(b, ' ');
        if (e->choices[i].term != NULL)
            ast_write_term(b, e->choices[i].term);
        else
            value_write_rego(b, e->choices[i].value);
    }
    buf_char(b, ']');
}

static void write_invalid(struct buf *b, const struct type_error *e)
{
    size_t indent = width_of(b->arena, &e->ref, e->pos) + 1;
    ast_write_ref(b, &e->ref);
    buf_char(b, '\n');
    pad(b, ' ', indent);
    buf_cstr(b, "^\n");
    pad(b, ' ', indent);
    if (e->have[0] != NULL) {
        buf_cstr(b, "have (type): ");
        types_write(b, e->have[0], TYPE_BYTES);
    } else {
        buf_cstr(b, "have: ");
        if (e->pos < e->ref.count)
            ast_write_term(b, e->ref.items[e->pos]);
    }
    buf_char(b, '\n');
    pad(b, ' ', indent);
    if (e->choice_count > 0 || e->want == NULL) {
        write_choices(b, e);
    } else {
        buf_cstr(b, "want (type): ");
        types_write(b, e->want, TYPE_BYTES);
    }
}

/* The operands that the function takes, with its result if that may be given. */
static struct type **wanted(struct arena *a, const struct type_error *e, size_t *ret_count)
{
    struct type **list = arena_array(a, (size_t)e->want->count + 1, sizeof *list);
    if (list == NULL)
        return NULL;
    if (e->want->count > 0)
        memcpy(list, e->want->items, e->want->count * sizeof *list);
    list[e->want->count] = e->want->value;
    *ret_count = (size_t)e->want->count + e->want_result;
    return list;
}

static void write_details(struct buf *b, struct types *ts, const struct type_error *e)
{
    size_t count;
    struct type **want;
    switch (e->kind) {
    case TYPE_ERROR_MATCH:
        types_write_sides(ts, b, e->have[0], e->have[1]);
        break;
    case TYPE_ERROR_OPERANDS:
        if ((want = wanted(b->arena, e, &count)) != NULL)
            types_write_operands(ts, b, e->have, e->have_count, want, count, e->want->key);
        break;
    case TYPE_ERROR_UNSUPPORTED:
        write_unsupported(b, e);
        break;
    case TYPE_ERROR_INVALID:
        write_invalid(b, e);
        break;
    default:
        break;
    }
}

static bool make_diag(struct checker *k, struct type_error *e, struct diag *ret)
{
    struct arena *a = &k->s->c->arena;
    struct buf message, details;
    struct type_error *kept = arena_alloc(a, sizeof *kept);
    buf_init(&message, a);
    buf_init(&details, a);
    if (kept == NULL)
        return false;
    if (e->kind == TYPE_ERROR_UNSUPPORTED || e->kind == TYPE_ERROR_INVALID)
        e->ref = write_back(k->s, &e->ref);
    write_message(&message, e);
    write_details(&details, &k->types, e);
    *kept = *e;
    *ret = (struct diag){.code = ERR_TYPE, .loc = e->loc, .message = buf_view(&message), .details = buf_view(&details),
                         .type_error = e->kind == TYPE_ERROR_TEXT ? NULL : kept};
    return !message.failed && !details.failed;
}

void type_error_report(struct checker *k, bool sorted)
{
    struct compiler *c = k->s->c;
    size_t from = c->diag_count;
    for (size_t i = 0; i < k->error_count; i++) {
        struct diag d;
        if (!make_diag(k, &k->errors[i], &d))
            break;
        (void)diag_push(c, &d);
    }
    k->error_count = 0;
    if (sorted)
        compiler_sort_diags(c, from);
}

/* ---- JSON ---- */

static struct value term_json(struct arena *a, struct value v);

/* As OPA has values that are no terms: null is an empty structure, arrays are lists of terms. */
static struct value choice_json(struct arena *a, struct value v)
{
    if (v.kind == VALUE_NULL) {
        struct object *empty = object_new(a, 0);
        return empty != NULL ? value_object(empty) : value_undefined();
    }
    if (v.kind != VALUE_ARRAY)
        return v;
    struct value *items = arena_array(a, v.len, sizeof *items);
    for (size_t i = 0; items != NULL && i < v.len; i++)
        if ((items[i] = term_json(a, v.items[i])).kind == VALUE_UNDEFINED)
            return value_undefined();
    return items != NULL ? value_array(items, v.len) : value_undefined();
}

static struct value term_json(struct arena *a, struct value v)
{
    struct object *o = object_new(a, 2);
    struct value inner = choice_json(a, v), kind = value_str(str_cstr(value_kind_name(v.kind)));
    if (o == NULL || inner.kind == VALUE_UNDEFINED || object_put(a, o, value_str(STR("type")), kind) < 0 ||
        object_put(a, o, value_str(STR("value")), inner) < 0)
        return value_undefined();
    return value_object(o);
}

static struct value choices_json(struct arena *a, const struct type_error *e)
{
    struct value *list = arena_array(a, e->choice_count, sizeof *list);
    if (e->choice_count == 0 || list == NULL)
        return e->choice_count == 0 ? value_null() : value_undefined();
    for (size_t i = 0; i < e->choice_count; i++) {
        const struct term *t = e->choices[i].term;
        list[i] = e->choices[i].value;
        if (t != NULL)
            list[i] = t->kind <= TERM_STRING ? t->scalar : t->kind == TERM_VAR ? value_str(atom_str(t->var)) : value_null();
        list[i] = choice_json(a, list[i]);
        if (list[i].kind == VALUE_UNDEFINED)
            return value_undefined();
    }
    return value_array(list, e->choice_count);
}

static struct value list_json(struct arena *a, struct type *const *types, size_t count)
{
    struct value *list = arena_array(a, count, sizeof *list);
    if (list == NULL)
        return value_undefined();
    for (size_t i = 0; i < count; i++)
        if ((list[i] = types_json(a, types[i])).kind == VALUE_UNDEFINED)
            return value_undefined();
    return value_array(list, count);
}

static bool put(struct arena *a, struct object *o, struct str key, struct value v)
{
    return v.kind != VALUE_UNDEFINED && object_put(a, o, value_str(key), v) >= 0;
}

static struct value operands_json(struct arena *a, const struct type_error *e)
{
    size_t count = 0;
    struct object *o = object_new(a, 2);
    struct type **want = wanted(a, e, &count);
    if (o == NULL || want == NULL || (count > 0 && !put(a, o, STR("args"), list_json(a, want, count))) ||
        (e->want->key != NULL && !put(a, o, STR("variadic"), types_json(a, e->want->key))))
        return value_undefined();
    return value_object(o);
}

struct value type_error_json(struct arena *a, const struct compiler *c, const struct type_error *e)
{
    struct object *o = object_new(a, 5);
    bool ok = o != NULL;
    if (e->kind == TYPE_ERROR_MATCH) {
        ok = ok && put(a, o, STR("a"), types_json(a, e->have[0])) && put(a, o, STR("b"), types_json(a, e->have[1]));
    } else if (e->kind == TYPE_ERROR_OPERANDS) {
        bool none = e->have_count == 0 && strcmp(e->problem, "arity mismatch") == 0;
        ok = ok && put(a, o, STR("have"), none ? value_null() : list_json(a, e->have, e->have_count)) &&
             put(a, o, STR("want"), operands_json(a, e));
    } else {
        bool is_invalid = e->kind == TYPE_ERROR_INVALID;
        ok = ok && put(a, o, STR("ref"), ast_ref_json(a, c, &e->ref, (struct ast_json_options){0})) &&
             put(a, o, STR("pos"), value_int((int64_t)e->pos)) &&
             ((is_invalid && e->have[0] == NULL) || put(a, o, STR("have"), types_json(a, e->have[0]))) &&
             (!is_invalid || (put(a, o, STR("want"), types_json(a, e->want)) && put(a, o, STR("oneOf"), choices_json(a, e))));
    }
    return ok ? value_object(o) : value_undefined();
}
