/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of Rego: 16 bytes, passed by value, immutable once built.
 *
 * A value points into exactly one arena (compile, program, document or evaluation); pointers go from shorter to longer life
 * only. Kinds are numbered in Rego's order of types (v1/ast/compare.go), so comparing kinds is comparing types.
 * - Integers of int64 are inline; every other number keeps its text (vm/number.h).
 * - Strings and arrays are slices (pointer + len), so substring and array.slice copy nothing. A string's mark is a fingerprint
 *   of its ends: two strings with different heads (first 8 bytes of struct value) differ.
 * - Objects and sets are vectors in insertion order with a hash index above a size, sorted on first demand. Sorting is
 *   the one mutation after building: a value shared by threads must be frozen (value_freeze) before.
 * Undefined is not a value: kind 0 marks an empty register.
 * Functions here do not charge fuel and recurse at most as deep as a value nests.
 */
#ifndef QUIS_VM_VALUE_H
#define QUIS_VM_VALUE_H

#include "base/arena.h"
#include "base/buf.h"

enum value_kind {
    VALUE_UNDEFINED = 0,
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT,
    VALUE_SET,
    VALUE_KIND_COUNT, /* kinds from here on are private to the interpreter's registers */
};

enum { NUMBER_INT = 0, NUMBER_TEXT = 1 }; /* sub of a VALUE_NUMBER */

struct value {
    uint8_t kind;
    uint8_t sub;   /* numbers: NUMBER_*; else 0 */
    uint16_t mark; /* strings: fingerprint; else 0 */
    uint32_t len;  /* strings: bytes; arrays: elements; else 0 */
    union {
        int64_t i; /* NUMBER_INT; VALUE_BOOL: 0 or 1; 0 for null */
        const struct number *number;
        const char *s;
        const struct value *items;
        struct object *object;
        struct set *set;
        void *ptr;
    };
};

_Static_assert(sizeof(struct value) == 16, "values are two words");

struct member {
    struct value key, value;
};

/* An object: members in insertion order, or in key order when sorted. index: open addressing, slot + 1, 0 = free. */
struct object {
    struct member *members;
    uint32_t *index;
    uint32_t count, cap;
    uint32_t index_mask; /* 0: no index, look-ups scan */
    bool sorted;
};

struct set {
    struct value *items;
    uint32_t *index;
    uint32_t count, cap;
    uint32_t index_mask;
    bool sorted;
};

/* ---- scalars ---- */

static inline struct value value_undefined(void)
{
    return (struct value){.kind = VALUE_UNDEFINED};
}

static inline struct value value_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}

static inline struct value value_bool(bool b)
{
    return (struct value){.kind = VALUE_BOOL, .i = b};
}

static inline struct value value_int(int64_t i)
{
    return (struct value){.kind = VALUE_NUMBER, .sub = NUMBER_INT, .i = i};
}

/* Borrows the bytes; they must be UTF-8 and outlive the value. len < 2^32. */
static inline struct value value_string(const char *p, size_t len)
{
    uint16_t mark = len == 0 ? 0 : (uint16_t)((uint8_t)p[0] | (unsigned)(uint8_t)p[len - 1] << 8);
    return (struct value){.kind = VALUE_STRING, .mark = mark, .len = (uint32_t)len, .s = len == 0 ? "" : p};
}

static inline struct value value_str(struct str s)
{
    return value_string(s.p, s.len);
}

/* Borrows the items; they must outlive the value. */
static inline struct value value_array(const struct value *items, size_t count)
{
    return (struct value){.kind = VALUE_ARRAY, .len = (uint32_t)count, .items = items};
}

static inline struct value value_object(struct object *o)
{
    return (struct value){.kind = VALUE_OBJECT, .object = o};
}

static inline struct value value_set(struct set *s)
{
    return (struct value){.kind = VALUE_SET, .set = s};
}

static inline struct str value_text(struct value v)
{
    return (struct str){v.s, v.len};
}

static inline bool value_is_int(struct value v)
{
    return v.kind == VALUE_NUMBER && v.sub == NUMBER_INT;
}

static inline bool value_is_true(struct value v)
{
    return v.kind == VALUE_BOOL && v.i == 1;
}

static inline bool value_is_false(struct value v)
{
    return v.kind == VALUE_BOOL && v.i == 0;
}

/* "null", "boolean", "number", "string", "array", "object", "set": the words of type_name and of error texts. */
const char *value_kind_name(enum value_kind kind);

/* ---- comparing ---- */

bool value_equal_slow(struct value a, struct value b);

/* Equality of Rego: numbers by value (1 == 1.0), collections by content. */
static ALWAYS_INLINE bool value_equal(struct value a, struct value b)
{
    uint64_t head_a, head_b;
    memcpy(&head_a, &a, sizeof head_a);
    memcpy(&head_b, &b, sizeof head_b);
    if (head_a != head_b)
        return UNLIKELY(a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER) && value_equal_slow(a, b);
    if (a.i == b.i)
        return true;
    if (a.kind == VALUE_STRING)
        return memcmp(a.s, b.s, a.len) == 0;
    return a.kind > VALUE_STRING || a.sub == NUMBER_TEXT ? value_equal_slow(a, b) : false;
}

/* Rego's total order: negative, 0, positive. Sorts objects and sets below it on demand. */
int value_compare(struct value a, struct value b);

/* Equal values hash alike. Not seeded: tables that hold hostile keys mix in their own seed through value_hash_seed. */
uint64_t value_hash(struct value v);

/* The same under a seed that who makes the values does not know. */
uint64_t value_hash_seed(struct value v, uint64_t seed);

/* ---- arrays ---- */

struct array_builder {
    struct value *items;
    size_t len, cap;
    struct arena *arena;
};

static inline void array_init(struct array_builder *b, struct arena *arena)
{
    *b = (struct array_builder){.arena = arena};
}

/* false: out of memory (arena->failed says why). */
static inline MUST_CHECK bool array_push(struct array_builder *b, struct value v)
{
    if (UNLIKELY(b->len == b->cap) && !arena_grow(b->arena, &b->items, &b->cap, b->len + 1, sizeof *b->items))
        return false;
    b->items[b->len++] = v;
    return true;
}

static inline struct value array_value(const struct array_builder *b)
{
    return value_array(b->items, b->len);
}

/* Sorts items in Rego's order in place. */
void value_sort(struct value *items, size_t count);

/* ---- objects ---- */

/* An empty object with room for cap members; NULL when out of memory. */
MUST_CHECK struct object *object_new(struct arena *a, size_t cap);

/* Adds or replaces. 1: added, 0: replaced, -1: out of memory. Only while the object is being built. */
MUST_CHECK int object_put(struct arena *a, struct object *o, struct value key, struct value value);

/* An object of count keys and values one after another; the last of equal keys wins. NULL when out of memory. */
MUST_CHECK struct object *object_of_pairs(struct arena *a, const struct value *pairs, size_t count);

/* The place of the value of key, or NULL. Any thread when frozen. */
struct value *object_find(const struct object *o, struct value key);

/* The same for text as key. */
struct value *object_find_str(const struct object *o, struct str key);

/* Members in key order: sorts on first demand. count of them. */
const struct member *object_members(struct object *o);

/* ---- sets ---- */

MUST_CHECK struct set *set_new(struct arena *a, size_t cap);

/* 1: added, 0: was there, -1: out of memory. Only while the set is being built. */
MUST_CHECK int set_add(struct arena *a, struct set *s, struct value v);

/* The place of the equal element, or NULL. */
const struct value *set_find(const struct set *s, struct value v);

/* Elements in order: sorts on first demand. count of them. */
const struct value *set_items(struct set *s);

/* ---- whole values ---- */

/* Number of elements of a collection or of code points of a string; 0 for other kinds. */
size_t value_count(struct value v);

/* v[key] as a reference step: undefined unless v is a collection that has key. Array indexes must be whole numbers in range;
 * of a set, the element itself. */
struct value value_get(struct value v, struct value key);

/* Sorts and indexes everything below v, so that threads may share it. -1: out of memory. */
MUST_CHECK int value_freeze(struct arena *a, struct value v);

/* A deep copy that points into a only. undefined kind on failure (arena->failed). */
struct value value_copy(struct arena *a, struct value v);

/* Rego's text of a value, as sprintf and template strings show it: [1, "a"], {"k": 1}, {1, 2}, set(). */
void value_write_rego(struct buf *b, struct value v);

/* Text in quotes, with escapes as in Go's strconv.Quote. */
void value_write_quoted(struct buf *b, struct str s);

/* A letter, mark, number, punctuation, symbol or the ASCII space: shown as it is by quoting. */
bool value_is_printable(uint32_t c);

/* Merges two objects deeply, right wins where it is not an object on both sides. undefined kind on failure. */
struct value value_merge(struct arena *a, struct value left, struct value right);

#endif
