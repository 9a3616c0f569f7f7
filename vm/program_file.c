/* SPDX-License-Identifier: Apache-2.0
 *
 * The file form of programs.
 *
 * Everything is little-endian:
 *   header    "QUISPROG", version (u32), sections (u32), length of the file (u64), checksum of the file without these 8 bytes
 * (u64) sections  one per table, in the order of PROGRAM_TABLES: rows (u32), where it begins (u64), bytes (u64) tables    rows of
 * fixed size, field by field; constants as tagged values Sections follow each other without gaps, so that the same tables have
 * one file form and a file has no room to hide anything. Constants: kind (u8), then null: nothing; boolean: u8; number: text;
 * string: text; array, set: count (u32), elements; object: count (u32), keys and values. text: length (u32), bytes. Elements of
 * sets and members of objects are in Rego's order. The checksum finds damage, not intent: what is read is verified (vm/verify.h)
 * before it runs.
 */
#include "base/utf8.h"
#include "vm/number.h"
#include "vm/program_priv.h"

#define MAGIC "QUISPROG"
#define VERSION 1u
#define CHECKSUM_AT 24u
#define HEADER_BYTES 32u
#define SECTION_BYTES 20u

#define COUNT_ONE(type, name) +1
enum { SECTIONS = 0 PROGRAM_TABLES(COUNT_ONE) };
#undef COUNT_ONE

static uint64_t load_word(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* ---- the checksum: two sums, of the words and of the sums, so that any flipped bit and any swapped words change it ---- */

struct sums {
    uint64_t words, sums;
};

static void sum_bytes(struct sums *s, const unsigned char *p, size_t len)
{
    for (; len >= 8; p += 8, len -= 8) {
        s->words += load_word(p);
        s->sums += s->words;
    }
    unsigned char tail[8] = {0};
    memcpy(tail, p, len);
    s->words += load_word(tail);
    s->sums += s->words;
}

static uint64_t file_checksum(const unsigned char *p, size_t len)
{
    struct sums s = {len, 0};
    sum_bytes(&s, p, CHECKSUM_AT);
    sum_bytes(&s, p + HEADER_BYTES, len - HEADER_BYTES);
    return s.words ^ (s.sums << 32 | s.sums >> 32);
}

/* ---- writing ---- */

static void store(unsigned char *p, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static void put(struct buf *b, uint64_t v, unsigned bytes)
{
    unsigned char tmp[8];
    store(tmp, v, bytes);
    buf_bytes(b, tmp, bytes);
}

static void put_text(struct buf *b, struct str s)
{
    put(b, s.len, 4);
    buf_str(b, s);
}

static void put_value(struct buf *b, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    put(b, v.kind, 1);
    if (v.kind == VALUE_BOOL) {
        put(b, v.i != 0, 1);
    } else if (v.kind == VALUE_NUMBER) {
        put_text(b, number_text(v, tmp));
    } else if (v.kind == VALUE_STRING) {
        put_text(b, value_text(v));
    } else if (v.kind == VALUE_ARRAY || v.kind == VALUE_SET) {
        const struct value *items = v.kind == VALUE_ARRAY ? v.items : set_items(v.set);
        size_t count = value_count(v);
        put(b, count, 4);
        for (size_t i = 0; i < count; i++)
            put_value(b, items[i]);
    } else if (v.kind == VALUE_OBJECT) {
        const struct member *m = object_members(v.object);
        put(b, v.object->count, 4);
        for (uint32_t i = 0; i < v.object->count; i++) {
            put_value(b, m[i].key);
            put_value(b, m[i].value);
        }
    }
}

/*
 * The fields of each row, for writing and reading: FIELD(row, member, bytes). Rows of code are two 32-bit or five smaller fields,
 * depending on what they are; both are written as one 64-bit word.
 */
#define FIELDS_function(FIELD)                                                                                                   \
    FIELD(code, 4)                                                                                                               \
    FIELD(words, 4) FIELD(registers, 4) FIELD(args, 4) FIELD(name, 4) FIELD(keyed, 4) FIELD(node, 4) FIELD(position, 4)          \
        FIELD(kind, 1) FIELD(flags, 1)
#define FIELDS_tree_node(FIELD)                                                                                                  \
    FIELD(key, 4) FIELD(parent, 4) FIELD(first_child, 4) FIELD(next, 4) FIELD(function, 4) FIELD(has_documents, 4)
#define FIELDS_path(FIELD) FIELD(first, 4) FIELD(count, 4)
#define FIELDS_switch_table(FIELD) FIELD(first_case, 4) FIELD(cases, 4) FIELD(otherwise, 4) FIELD(otherwise_count, 4)
#define FIELDS_switch_case(FIELD) FIELD(constant, 4) FIELD(first, 4) FIELD(count, 4)
#define FIELDS_builtin_ref(FIELD) FIELD(name, 4) FIELD(argc, 4)
#define FIELDS_position(FIELD) FIELD(file, 4) FIELD(row, 4) FIELD(col, 4) FIELD(offset, 4) FIELD(len, 4)
#define FIELDS_line(FIELD) FIELD(word, 4) FIELD(position, 4)
#define FIELDS_file(FIELD) FIELD(name, 4) FIELD(text, 4)
#define FIELDS_entry(FIELD) FIELD(name, 4) FIELD(function, 4) FIELD(columns, 4)

#define RECORDS(RECORD)                                                                                                          \
    RECORD(function)                                                                                                             \
    RECORD(tree_node) RECORD(path) RECORD(switch_table) RECORD(switch_case) RECORD(builtin_ref) RECORD(position) RECORD(line)    \
        RECORD(file) RECORD(entry)

#define PUT_FIELD(member, bytes) put(b, row->member, bytes);
#define PUT_RECORD(type)                                                                                                         \
    static void put_##type(struct buf *b, const struct type *row)                                                                \
    {                                                                                                                            \
        FIELDS_##type(PUT_FIELD)                                                                                                 \
    }
RECORDS(PUT_RECORD)

static uint64_t word_bits(union word w, bool is_ext)
{
    if (is_ext)
        return (uint64_t)w.ext.d | (uint64_t)w.ext.e << 32;
    return w.insn.op | (uint64_t)w.insn.x << 8 | (uint64_t)w.insn.a << 16 | (uint64_t)w.insn.b << 32 | (uint64_t)w.insn.c << 48;
}

static bool has_ext(uint8_t op)
{
    static const uint8_t words[OP_COUNT] = {
#define OP(name, words, a, b, c, d, e, doc) words,
#include "vm/opcodes.def"
#undef OP
    };
    return op < OP_COUNT && words[op] == 2;
}

static void put_words(struct buf *b, const union word *code, size_t count)
{
    bool ext = false;
    for (size_t i = 0; i < count; i++) {
        put(b, word_bits(code[i], ext), 8);
        ext = !ext && has_ext(code[i].insn.op);
    }
}

/* One writer per type of row. */
static void put_rows_of_value(struct buf *b, const struct value *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_value(b, rows[i]);
}

static void put_rows_of_number(struct buf *b, const uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(b, rows[i], 4);
}

#define PUT_ROWS_OF(type)                                                                                                        \
    static void put_rows_of_##type(struct buf *b, const struct type *rows, size_t count)                                         \
    {                                                                                                                            \
        for (size_t i = 0; i < count; i++)                                                                                       \
            put_##type(b, &rows[i]);                                                                                             \
    }
RECORDS(PUT_ROWS_OF)

#define ROWS_OF(rows, prefix)                                                                                                    \
    _Generic((rows), struct value *                                                                                              \
             : prefix##value, union word *                                                                                       \
             : prefix##word, uint32_t *                                                                                          \
             : prefix##number, struct function *                                                                                 \
             : prefix##function, struct tree_node *                                                                              \
             : prefix##tree_node, struct path *                                                                                  \
             : prefix##path, struct switch_table *                                                                               \
             : prefix##switch_table, struct switch_case *                                                                        \
             : prefix##switch_case, struct builtin_ref *                                                                         \
             : prefix##builtin_ref, struct position *                                                                            \
             : prefix##position, struct line *                                                                                   \
             : prefix##line, struct file *                                                                                       \
             : prefix##file, struct entry *                                                                                      \
             : prefix##entry)

static void put_rows_of_word(struct buf *b, const union word *rows, size_t count)
{
    put_words(b, rows, count);
}

bool program_encode(const struct program_tables *t, struct buf *out)
{
    size_t start = out->len, section = start + HEADER_BYTES;
    buf_bytes(out, MAGIC, 8);
    put(out, VERSION, 4);
    put(out, SECTIONS, 4);
    for (size_t i = 16; i < HEADER_BYTES + SECTIONS * SECTION_BYTES; i++)
        buf_char(out, 0);
#define TABLE(type, name)                                                                                                        \
    {                                                                                                                            \
        size_t at = out->len;                                                                                                    \
        ROWS_OF(t->name, put_rows_of_)(out, t->name, t->name##_count);                                                           \
        if (out->failed)                                                                                                         \
            return false;                                                                                                        \
        unsigned char *head = (unsigned char *)out->p + section;                                                                 \
        store(head, t->name##_count, 4);                                                                                         \
        store(head + 4, at - start, 8);                                                                                          \
        store(head + 12, out->len - at, 8);                                                                                      \
        section += SECTION_BYTES;                                                                                                \
    }
    PROGRAM_TABLES(TABLE)
#undef TABLE
    unsigned char *file = (unsigned char *)out->p + start;
    store(file + 16, out->len - start, 8);
    store(file + CHECKSUM_AT, file_checksum(file, out->len - start), 8);
    return true;
}

/* ---- reading ---- */

struct reader {
    const unsigned char *at, *end; /* of the section */
    struct arena *arena;
    uint32_t depth_most;
    struct err *e;
};

static uint64_t load(const unsigned char *p, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static COLD void note_damage(struct reader *r, const char *what)
{
    (void)err_set(r->e, ERR_PROGRAM, "the program file is damaged: %s", what); /* always -1 */
}

static COLD void note_no_room(struct reader *r)
{
    if (r->arena->failed == ARENA_BUDGET)
        (void)err_set(r->e, ERR_LIMIT_SIZE, "the program is too large (limit 'program_bytes')"); /* always -1 */
    else
        (void)err_set(r->e, ERR_NOMEM, "out of memory"); /* always -1 */
}

/* Both are -1, which the compiler sees. */
#define damaged(r, what) (note_damage(r, what), -1)
#define no_room(r) (note_no_room(r), -1)

static MUST_CHECK int get(struct reader *r, unsigned bytes, uint64_t *ret)
{
    if ((size_t)(r->end - r->at) < bytes)
        return damaged(r, "a table is cut off");
    *ret = load(r->at, bytes);
    r->at += bytes;
    return 0;
}

static MUST_CHECK int get_text(struct reader *r, struct str *ret)
{
    uint64_t len;
    if (get(r, 4, &len) != 0)
        return -1;
    if (len > (size_t)(r->end - r->at))
        return damaged(r, "a text is cut off");
    *ret = str_of((const char *)r->at, (size_t)len);
    r->at += len;
    return 0;
}

static int get_value(struct reader *r, uint32_t depth, struct value *ret);

static int get_items(struct reader *r, uint32_t depth, uint64_t count, struct value **ret)
{
    if (count > (size_t)(r->end - r->at)) /* each takes a byte at least */
        return damaged(r, "a collection is cut off");
    struct value *items = arena_array(r->arena, (size_t)count, sizeof *items);
    if (items == NULL)
        return no_room(r);
    for (uint64_t i = 0; i < count; i++) {
        if (get_value(r, depth + 1, &items[i]) != 0)
            return -1;
    }
    *ret = items;
    return 0;
}

static int get_set(struct reader *r, uint32_t depth, uint64_t count, struct value *ret)
{
    struct value *items;
    if (get_items(r, depth, count, &items) != 0)
        return -1;
    struct set *s = set_new(r->arena, (size_t)count);
    if (s == NULL)
        return no_room(r);
    for (uint64_t i = 0; i < count; i++) {
        if (i != 0 && value_compare(items[i - 1], items[i]) >= 0)
            return damaged(r, "a set is not in order");
        if (set_add(r->arena, s, items[i]) < 0)
            return no_room(r);
    }
    *ret = value_set(s);
    return 0;
}

static int get_object(struct reader *r, uint32_t depth, uint64_t count, struct value *ret)
{
    struct value *items;
    if (get_items(r, depth, count * 2, &items) != 0)
        return -1;
    struct object *o = object_new(r->arena, (size_t)count);
    if (o == NULL)
        return no_room(r);
    for (uint64_t i = 0; i < count; i++) {
        if (i != 0 && value_compare(items[2 * i - 2], items[2 * i]) >= 0)
            return damaged(r, "an object is not in order");
        if (object_put(r->arena, o, items[2 * i], items[2 * i + 1]) < 0)
            return no_room(r);
    }
    *ret = value_object(o);
    return 0;
}

static int get_scalar(struct reader *r, uint64_t kind, struct value *ret)
{
    uint64_t n;
    struct str text;
    switch (kind) {
    case VALUE_NULL:
        *ret = value_null();
        return 0;
    case VALUE_BOOL:
        if (get(r, 1, &n) != 0)
            return -1;
        *ret = value_bool(n == 1);
        return n <= 1 ? 0 : damaged(r, "a boolean is neither true nor false");
    case VALUE_NUMBER:
        if (get_text(r, &text) != 0)
            return -1;
        switch (number_parse(r->arena, text, ret)) {
        case NUMBER_OK:
            return 0;
        case NUMBER_NOMEM:
            return no_room(r);
        default:
            return damaged(r, "a number is none");
        }
    default:
        if (get_text(r, &text) != 0)
            return -1;
        if (!utf8_is_valid(text.p, text.len))
            return damaged(r, "a text is not UTF-8");
        *ret = value_str(text);
        return 0;
    }
}

static int get_value(struct reader *r, uint32_t depth, struct value *ret)
{
    uint64_t kind, count;
    struct value *items;
    if (get(r, 1, &kind) != 0)
        return -1;
    if (kind < VALUE_NULL || kind >= VALUE_KIND_COUNT)
        return damaged(r, "a constant is of no kind");
    if (depth > r->depth_most)
        return damaged(r, "a constant nests too deep");
    if (kind < VALUE_ARRAY)
        return get_scalar(r, kind, ret);
    if (get(r, 4, &count) != 0)
        return -1;
    if (kind == VALUE_OBJECT)
        return get_object(r, depth, count, ret);
    if (kind == VALUE_SET)
        return get_set(r, depth, count, ret);
    if (get_items(r, depth, count, &items) != 0)
        return -1;
    *ret = value_array(items, (size_t)count);
    return 0;
}

/* ---- rows ---- */

#define GET_FIELD(member, bytes)                                                                                                 \
    if (get(r, bytes, &n) != 0)                                                                                                  \
        return -1;                                                                                                               \
    row->member = (__typeof__(row->member))n;
#define GET_ROWS_OF(type)                                                                                                        \
    static int get_rows_of_##type(struct reader *r, struct type *rows, size_t count)                                             \
    {                                                                                                                            \
        uint64_t n;                                                                                                              \
        for (struct type *row = rows; row < rows + count; row++) {                                                               \
            FIELDS_##type(GET_FIELD)                                                                                             \
        }                                                                                                                        \
        return 0;                                                                                                                \
    }
RECORDS(GET_ROWS_OF)

static int get_rows_of_value(struct reader *r, struct value *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (get_value(r, 0, &rows[i]) != 0)
            return -1;
    }
    return 0;
}

static int get_rows_of_number(struct reader *r, uint32_t *rows, size_t count)
{
    uint64_t n;
    for (size_t i = 0; i < count; i++) {
        if (get(r, 4, &n) != 0)
            return -1;
        rows[i] = (uint32_t)n;
    }
    return 0;
}

static int get_rows_of_word(struct reader *r, union word *rows, size_t count)
{
    uint64_t n;
    bool ext = false;
    for (size_t i = 0; i < count; i++) {
        if (get(r, 8, &n) != 0)
            return -1;
        if (ext)
            rows[i] = (union word){.ext = {(uint32_t)n, (uint32_t)(n >> 32)}};
        else
            rows[i] = (union word){
                .insn = {(uint8_t)n, (uint8_t)(n >> 8), (uint16_t)(n >> 16), (uint16_t)(n >> 32), (uint16_t)(n >> 48)}};
        ext = !ext && has_ext(rows[i].insn.op);
    }
    return 0;
}

static int check_header(const unsigned char *p, size_t len, struct reader *r, const struct limits *limits)
{
    if (len < HEADER_BYTES + SECTIONS * SECTION_BYTES || memcmp(p, MAGIC, 8) != 0)
        return err_set(r->e, ERR_PROGRAM, "not a program file");
    if (len > limits->program_bytes)
        return err_set(r->e, ERR_LIMIT_SIZE, "the program file is larger than %llu bytes (limit 'program_bytes')",
                       (unsigned long long)limits->program_bytes);
    if (load(p + 8, 4) != VERSION || load(p + 12, 4) != SECTIONS)
        return err_set(r->e, ERR_PROGRAM, "program files of version %u are read, this one has version %u", VERSION,
                       (unsigned)load(p + 8, 4));
    if (load(p + 16, 8) != len)
        return damaged(r, "it has another length");
    return load(p + CHECKSUM_AT, 8) == file_checksum(p, len) ? 0 : damaged(r, "the checksum is wrong");
}

/* The bounds of a section, which begins where the one before it ended. */
static int open_section(struct reader *r, const unsigned char *file, size_t len, unsigned index, size_t *ret_rows)
{
    const unsigned char *head = file + HEADER_BYTES + index * SECTION_BYTES;
    uint64_t rows = load(head, 4), at = load(head + 4, 8), bytes = load(head + 12, 8);
    if (at != (uint64_t)(r->end - file) || bytes > len - at)
        return damaged(r, "a section is out of place");
    if (rows > bytes) /* each takes a byte at least */
        return damaged(r, "a section has too many rows");
    r->at = file + at;
    r->end = r->at + bytes;
    *ret_rows = (size_t)rows;
    return 0;
}

int program_decode(const void *bytes, size_t len, struct program_builder *b, const struct limits *limits, struct err *e)
{
    const unsigned char *file = bytes;
    struct reader r = {
        .arena = b->arena, .depth_most = limits->json_depth < UINT32_MAX ? (uint32_t)limits->json_depth : UINT32_MAX, .e = e};
    if (check_header(file, len, &r, limits) != 0)
        return -1;
    r.end = file + HEADER_BYTES + SECTIONS * SECTION_BYTES;
    unsigned index = 0;
    size_t rows;
#define TABLE(type, name)                                                                                                        \
    if (open_section(&r, file, len, index++, &rows) != 0)                                                                        \
        return -1;                                                                                                               \
    b->t.name = arena_array(b->arena, rows, sizeof(type));                                                                       \
    if (b->t.name == NULL)                                                                                                       \
        return no_room(&r);                                                                                                      \
    b->t.name##_count = b->t.name##_cap = rows;                                                                                  \
    if (ROWS_OF(b->t.name, get_rows_of_)(&r, b->t.name, rows) != 0)                                                              \
        return -1;                                                                                                               \
    if (r.at != r.end)                                                                                                           \
        return damaged(&r, "a section is longer than its rows");
    PROGRAM_TABLES(TABLE)
#undef TABLE
    return r.end == file + len ? 0 : damaged(&r, "something follows the last section");
}
