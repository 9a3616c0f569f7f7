/* SPDX-License-Identifier: Apache-2.0
 *
 * Types of the checker, in the shape of OPA's (v1/types).
 *
 * Types are made through one table that keeps each only once: equal types are the same pointer, but where numbers that are
 * object keys are written differently or a JSON schema is recursive. They are immutable (but for the answers they remember) and
 * live as long as the table's arena. NULL is the unknown type. Nesting deeper than TYPE_MAX_HEIGHT becomes any, so that
 * functions here may recurse; work on hostile types is bounded by a budget, past which everything fits.
 * When memory runs out, constructors give any and the arena remembers it.
 */
#ifndef QUIS_LANG_TYPES_H
#define QUIS_LANG_TYPES_H

#include "base/buf.h"
#include "vm/builtin.h"

enum { TYPE_MAX_HEIGHT = 200 };

/* In OPA's order of types. */
enum type_kind {
    TYPE_NULL,
    TYPE_BOOLEAN,
    TYPE_NUMBER,
    TYPE_STRING,
    TYPE_ARRAY,
    TYPE_OBJECT,
    TYPE_SET,
    TYPE_ANY, /* of nothing: everything; else the union of its members */
    TYPE_FUNCTION,
    TYPE_RECURSIVE, /* a schema within itself */
    TYPE_NAMED,     /* an operand or result of a builtin with its name */
};

struct type_property {
    struct value key; /* null, boolean, number, string, array or object */
    struct type *type;
};

struct type {
    uint8_t kind;
    uint8_t height;     /* of composites above scalars */
    bool has_dynamic;   /* objects: key and value hold for other properties */
    bool is_unknown;    /* something below is NULL, or it is an empty set */
    bool is_loose;      /* types may equal it that are not the same pointer */
    bool has_keys, has_values;
    uint32_t hash;
    uint32_t count;     /* array: elements; object: properties; any: members; function: operands */
    struct type *key;   /* object: of dynamic properties; function: of further operands */
    struct type *value; /* array: of further elements; object: of dynamic properties; set: of elements; function: the result;
                         * named, recursive: what it stands for */
    struct type *keys, *values; /* remembered answers of types_keys and types_values */
    union {
        struct type **items;
        struct type_property *properties; /* sorted by key */
        struct str name;                  /* named, recursive */
    };
};

struct type_pair {
    struct type *a, *b;
    bool fits;
};

struct types {
    struct arena *arena;
    struct type **slots; /* open addressing; NULL until the first composite */
    size_t mask, count;
    struct type_pair *pairs; /* remembered answers of types_unify */
    size_t pair_mask, pair_count;
    uint64_t work;           /* what is left of the budget */
    struct type null, boolean, number, string, any, empty_set;
};

void types_init(struct types *ts, struct arena *arena);

/* ---- making types ---- */

/* The items are copied. */
struct type *types_array(struct types *ts, struct type *const *items, size_t count, struct type *dynamic);
/* of NULL: the empty set */
struct type *types_set(struct types *ts, struct type *of);
/* The properties are copied and sorted. */
struct type *types_object(struct types *ts, const struct type_property *properties, size_t count, bool has_dynamic,
                          struct type *key, struct type *value);
struct type *types_function(struct types *ts, struct type *const *operands, size_t count, struct type *variadic,
                            struct type *result);
/* The union; items may be in any order and are copied. */
struct type *types_any(struct types *ts, struct type *const *items, size_t count);
struct type *types_named(struct types *ts, struct str name, struct type *type);
/* Its value is set when it is known. */
struct type *types_recursive(struct types *ts, struct str name);

/* The type of a value made of JSON's kinds. */
struct type *types_of_value(struct types *ts, struct value v);

/* The type of a builtin, from the notation of builtins.def. NULL: not in the notation. */
struct type *types_parse(struct types *ts, struct str text);

/* ---- questions ---- */

/* Negative, 0, positive, in OPA's order; NULL first. */
int types_compare(struct types *ts, struct type *a, struct type *b);

/* The order of keys of properties. */
int types_compare_keys(struct value a, struct value b);

/* Is something of t unknown? */
static inline bool types_is_unknown(const struct type *t)
{
    return t == NULL || t->is_unknown;
}

static inline bool types_is_everything(const struct type *t)
{
    return t != NULL && t->kind == TYPE_ANY && t->count == 0;
}

/* What a name or a recursion stands for. */
static inline struct type *types_unnamed(struct type *t)
{
    return t != NULL && t->kind == TYPE_NAMED ? t->value : t;
}

static inline struct type *types_unrolled(struct type *t)
{
    return t != NULL && t->kind == TYPE_RECURSIVE ? t->value : t;
}

/* The union of both: the other one if one is NULL; NULL if only one is a function. */
struct type *types_or(struct types *ts, struct type *a, struct type *b);

/* The union of count types, as if by types_or from the first to the last. */
struct type *types_or_all(struct types *ts, struct type *const *items, size_t count);

/* What enumerating t gives, NULL: it has no elements, or they are unknown. */
struct type *types_keys(struct types *ts, struct type *t);
struct type *types_values(struct types *ts, struct type *t);

/* What t has at key, or NULL. */
struct type *types_select(struct types *ts, struct type *t, struct value key);

/* Element i of an array. */
static inline struct type *types_element(const struct type *t, size_t i)
{
    return i < t->count ? t->items[i] : t->value;
}

/* A collection that can hold nothing. */
bool types_is_empty_collection(struct type *t);

/* Can a value be of both types? */
bool types_unify(struct types *ts, struct type *a, struct type *b);

/* ---- texts ---- */

/* Writes t as OPA prints it; ??? for NULL. Stops somewhere behind limit bytes. */
void types_write(struct buf *b, const struct type *t, size_t limit);

/* The same, but nothing below depth levels. */
void types_write_elided(struct buf *b, struct type *t, int depth);

/* A property as types_write writes it, up to its type. */
void types_write_key(struct buf *b, struct value key);

/* The detail lines "have: (...)", "want: (...)" and "left  : ...", "right : ...", with what is alike left out where they would
 * be too wide. result NULL: want is the operands of function only, else with its result. */
void types_write_operands(struct types *ts, struct buf *b, struct type *const *have, size_t count, struct type *const *want,
                          size_t want_count, struct type *variadic);
void types_write_sides(struct types *ts, struct buf *b, struct type *left, struct type *right);

/* The JSON form of a type, as of OPA's capabilities and of details of errors; null for NULL. undefined: out of memory. */
struct value types_json(struct arena *a, const struct type *t);

/* The "decl" of a builtin in the list of capabilities. undefined: out of memory. */
struct value types_builtin_json(struct arena *a, const struct builtin *b);

#endif
