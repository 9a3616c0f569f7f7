/* SPDX-License-Identifier: Apache-2.0
 *
 * Two types side by side, for error texts: in full where the lines are short, else only what differs.
 *
 * What is left out, and from which width on, is OPA's choice (v1/ast/check_elide.go).
 */
#include "lang/types.h"

enum {
    LINE_RUNES = 80, /* a line of details may have */
    TYPE_RUNES = 32, /* a type that is not the point may have */
    MAX_DEPTH = 8,
};

static size_t count_runes(const char *p, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)p[i] & 0xC0) != 0x80;
    return count;
}

/* In full if that is short, else its outermost kind. */
static void write_short(struct buf *b, struct type *t)
{
    size_t begin = b->len;
    types_write(b, t, 4 * (TYPE_RUNES + 1));
    if (b->failed || count_runes(b->p + begin, b->len - begin) <= TYPE_RUNES)
        return;
    b->len = begin;
    types_write_elided(b, t, 0);
}

/* The left side, the right side. */
struct sides {
    struct types *ts;
    struct buf *left, *right;
};

static void both(struct sides *s, const char *text)
{
    buf_cstr(s->left, text);
    buf_cstr(s->right, text);
}

static void write_diff(struct sides *s, struct type *a, struct type *b, int depth);

static void diff_arrays(struct sides *s, struct type *a, struct type *b, int depth)
{
    if (a->count != b->count || (a->value == NULL) != (b->value == NULL)) {
        types_write_elided(s->left, a, 1);
        types_write_elided(s->right, b, 1);
        return;
    }
    both(s, a->count > 0 ? "array<" : "array");
    for (size_t i = 0; i < a->count; i++) {
        both(s, i > 0 ? ", " : "");
        write_diff(s, a->items[i], b->items[i], depth + 1);
    }
    both(s, a->count > 0 ? ">" : "");
    if (a->value == NULL)
        return;
    both(s, "[");
    write_diff(s, a->value, b->value, depth + 1);
    both(s, "]");
}

/* A list "<a, b>" that may turn out to be empty. */
struct list {
    struct buf *b;
    size_t count;
};

static void begin_item(struct list *l)
{
    buf_cstr(l->b, l->count++ == 0 ? "<" : ", ");
}

static void end_list(struct list *l, bool elided)
{
    if (elided) {
        begin_item(l);
        buf_cstr(l->b, "...");
    }
    if (l->count > 0)
        buf_char(l->b, '>');
}

static void write_property(struct list *l, const struct type_property *p)
{
    begin_item(l);
    types_write_key(l->b, p->key);
    buf_cstr(l->b, ": ");
    write_short(l->b, p->type);
}

/* Walks both sorted lists; true: equal properties were left out. */
static bool diff_properties(struct sides *s, struct list *l, struct list *r, const struct type *a, const struct type *b,
                            int depth)
{
    bool elided = false;
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        int order = j == b->count ? -1 : i == a->count ? 1 : types_compare_keys(a->properties[i].key, b->properties[j].key);
        if (order < 0) {
            write_property(l, &a->properties[i++]);
        } else if (order > 0) {
            write_property(r, &b->properties[j++]);
        } else if (a->properties[i].type == b->properties[j].type) {
            elided = true;
            i++;
            j++;
        } else {
            begin_item(l);
            begin_item(r);
            types_write_key(l->b, a->properties[i].key);
            types_write_key(r->b, b->properties[j].key);
            both(s, ": ");
            write_diff(s, a->properties[i++].type, b->properties[j++].type, depth + 1);
        }
    }
    return elided;
}

static void write_dynamic(struct buf *b, const struct type *t)
{
    buf_char(b, '[');
    write_short(b, t->key);
    buf_cstr(b, ": ");
    write_short(b, t->value);
    buf_char(b, ']');
}

static void diff_objects(struct sides *s, struct type *a, struct type *b, int depth)
{
    struct list l = {s->left, 0}, r = {s->right, 0};
    both(s, "object");
    bool elided = diff_properties(s, &l, &r, a, b, depth);
    end_list(&l, elided);
    end_list(&r, elided);
    if (a->has_dynamic && b->has_dynamic) {
        both(s, "[");
        write_diff(s, a->key, b->key, depth + 1);
        both(s, ": ");
        write_diff(s, a->value, b->value, depth + 1);
        both(s, "]");
    } else if (a->has_dynamic) {
        write_dynamic(s->left, a);
    } else if (b->has_dynamic) {
        write_dynamic(s->right, b);
    }
}

static bool is_member(const struct type *any, const struct type *t)
{
    for (size_t i = 0; i < any->count; i++)
        if (any->items[i] == t)
            return true;
    return false;
}

/* What only one of two unions has. */
static bool diff_members(struct list *l, const struct type *a, const struct type *b)
{
    bool elided = false;
    for (size_t i = 0; i < a->count; i++) {
        if (is_member(b, a->items[i])) {
            elided = true;
            continue;
        }
        begin_item(l);
        write_short(l->b, a->items[i]);
    }
    return elided;
}

static void diff_unions(struct sides *s, const struct type *a, const struct type *b)
{
    struct list l = {s->left, 0}, r = {s->right, 0};
    both(s, "any");
    bool elided = diff_members(&l, a, b);
    (void)diff_members(&r, b, a); /* what both have is on both sides */
    end_list(&l, elided);
    end_list(&r, elided);
}

static void diff_functions(struct sides *s, struct type *a, struct type *b, int depth)
{
    both(s, "(");
    for (size_t i = 0; i < a->count; i++) {
        both(s, i > 0 ? ", " : "");
        write_diff(s, types_unnamed(a->items[i]), types_unnamed(b->items[i]), depth + 1);
    }
    both(s, ") => ");
    write_diff(s, types_unnamed(a->value), types_unnamed(b->value), depth + 1);
}

static void write_diff(struct sides *s, struct type *a, struct type *b, int depth)
{
    if (a != NULL && a->kind == TYPE_NAMED) {
        buf_str(s->left, a->name);
        buf_cstr(s->left, ": ");
        write_diff(s, a->value, b, depth);
        return;
    }
    if (b != NULL && b->kind == TYPE_NAMED) {
        buf_str(s->right, b->name);
        buf_cstr(s->right, ": ");
        write_diff(s, a, b->value, depth);
        return;
    }
    bool goes_on = depth < MAX_DEPTH && a != NULL && b != NULL && a != b && a->kind == b->kind;
    if (goes_on && a->kind == TYPE_SET && a->value != NULL && b->value != NULL) {
        both(s, "set[");
        write_diff(s, a->value, b->value, depth + 1);
        both(s, "]");
    } else if (goes_on && a->kind == TYPE_ARRAY) {
        diff_arrays(s, a, b, depth);
    } else if (goes_on && a->kind == TYPE_OBJECT) {
        diff_objects(s, a, b, depth);
    } else if (goes_on && a->kind == TYPE_ANY) {
        diff_unions(s, a, b);
    } else if (goes_on && a->kind == TYPE_FUNCTION && a->count == b->count && a->key == NULL && b->key == NULL) {
        diff_functions(s, a, b, depth);
    } else {
        write_short(s->left, a);
        write_short(s->right, b);
    }
}

/* ---- operands ---- */

static void write_types(struct buf *b, struct type *const *items, size_t count, struct type *variadic)
{
    for (size_t i = 0; i < count; i++) {
        buf_cstr(b, i > 0 ? ", " : "");
        types_write(b, items[i], 4 * (LINE_RUNES + 1));
    }
    if (variadic != NULL) {
        buf_cstr(b, count > 0 ? ", " : "");
        types_write(b, variadic, 4 * (LINE_RUNES + 1));
        buf_cstr(b, "...");
    }
    buf_char(b, ')');
}

static bool is_wide(const struct buf *b)
{
    return count_runes(b->p, b->len) > LINE_RUNES;
}

/* Operands that the function would have taken are not the point. */
static void diff_operand(struct sides *s, struct type *have, struct type *want)
{
    if (have != NULL && want != NULL && types_unify(s->ts, have, want)) {
        write_short(s->left, have);
        write_short(s->right, want);
    } else {
        write_diff(s, have, want, 0);
    }
}

void types_write_operands(struct types *ts, struct buf *b, struct type *const *have, size_t count, struct type *const *want,
                          size_t want_count, struct type *variadic)
{
    struct buf left, right;
    struct sides s = {ts, &left, &right};
    buf_init(&left, b->arena);
    buf_init(&right, b->arena);
    buf_cstr(&left, "have: (");
    buf_cstr(&right, "want: (");
    write_types(&left, have, count, NULL);
    write_types(&right, want, want_count, variadic);
    if (is_wide(&left) || is_wide(&right)) {
        left.len = right.len = strlen("have: (");
        for (size_t i = 0; i < count || i < want_count; i++) {
            if (i > 0 && i < count)
                buf_cstr(&left, ", ");
            if (i > 0 && i < want_count)
                buf_cstr(&right, ", ");
            if (i < count && i < want_count)
                diff_operand(&s, have[i], want[i]);
            else
                write_short(i < count ? &left : &right, i < count ? have[i] : want[i]);
        }
        write_types(&left, NULL, 0, NULL);
        if (variadic != NULL) {
            buf_cstr(&right, want_count > 0 ? ", " : "");
            write_short(&right, variadic);
            buf_cstr(&right, "...");
        }
        buf_char(&right, ')');
    }
    buf_str(b, buf_view(&left));
    buf_char(b, '\n');
    buf_str(b, buf_view(&right));
    b->failed = b->failed || left.failed || right.failed;
}

/* ---- sides of an equation ---- */

static const char *common_kind(struct type *a, struct type *b)
{
    a = types_unnamed(a);
    b = types_unnamed(b);
    if (a == NULL || b == NULL || a->kind != b->kind)
        return NULL;
    return a->kind == TYPE_OBJECT ? "objects" : a->kind == TYPE_ARRAY ? "arrays" : a->kind == TYPE_SET ? "sets" : NULL;
}

void types_write_sides(struct types *ts, struct buf *b, struct type *left, struct type *right)
{
    struct buf l, r;
    struct sides s = {ts, &l, &r};
    buf_init(&l, b->arena);
    buf_init(&r, b->arena);
    buf_cstr(&l, "left  : ");
    buf_cstr(&r, "right : ");
    types_write(&l, left, 4 * (LINE_RUNES + 1));
    types_write(&r, right, 4 * (LINE_RUNES + 1));
    if (is_wide(&l) || is_wide(&r)) {
        l.len = r.len = strlen("left  : ");
        write_diff(&s, left, right, 0);
    }
    buf_str(b, buf_view(&l));
    buf_char(b, '\n');
    buf_str(b, buf_view(&r));
    const char *kind = common_kind(left, right);
    if (kind != NULL)
        buf_printf(b, "\nhint  : both sides are %s but their types differ, so they can never be equal"
                      " (see https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error)", kind);
    b->failed = b->failed || l.failed || r.failed;
}
