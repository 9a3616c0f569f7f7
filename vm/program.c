/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs: filling tables, sealing them, reference counts, look-ups.
 *
 * Sealing copies the tables into the program's own arena, freezes the constants, verifies, links builtins and makes the
 * indexes of switches and of the rule tree. A builder that failed seals with an error.
 */
#include "vm/program.h"

#include <openssl/sha.h>

#include "vm/number.h"
#include "vm/program_priv.h"
#include "vm/value_index.h"
#include "vm/verify.h"

/* ---- filling ---- */

void builder_init(struct program_builder *b, struct arena *arena)
{
    *b = (struct program_builder){.arena = arena};
}

bool builder_grow(struct program_builder *b, void **items, size_t *cap, size_t count, size_t size)
{
    if (count >= UINT32_MAX - 1 || !arena_grow(b->arena, items, cap, count + 1, size))
        b->failed = true;
    return !b->failed;
}

/* Equal, and numbers of the same text. */
static bool is_same_constant(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == VALUE_NUMBER) {
        char tmp_a[NUMBER_INT_TEXT], tmp_b[NUMBER_INT_TEXT];
        return str_equal(number_text(a, tmp_a), number_text(b, tmp_b));
    }
    if (a.kind < VALUE_ARRAY)
        return value_equal(a, b);
    size_t count = value_count(a);
    if (count != value_count(b))
        return false;
    const struct member *m = a.kind == VALUE_OBJECT ? object_members(a.object) : NULL;
    const struct member *n = b.kind == VALUE_OBJECT ? object_members(b.object) : NULL;
    const struct value *x = a.kind == VALUE_ARRAY ? a.items : a.kind == VALUE_SET ? set_items(a.set) : NULL;
    const struct value *y = b.kind == VALUE_ARRAY ? b.items : b.kind == VALUE_SET ? set_items(b.set) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (m != NULL ? !is_same_constant(m[i].key, n[i].key) || !is_same_constant(m[i].value, n[i].value)
                      : !is_same_constant(x[i], y[i]))
            return false;
    }
    return true;
}

static bool grow_constant_index(struct program_builder *b)
{
    size_t size = b->constant_index == NULL ? 64 : (b->constant_mask + 1) * 2;
    uint32_t *index = arena_zeroed(b->arena, size, sizeof *index);
    if (index == NULL) {
        b->failed = true;
        return false;
    }
    b->constant_index = index;
    b->constant_mask = size - 1;
    for (size_t i = 0; i < b->t.constants_count; i++)
        index_insert(index, (uint32_t)b->constant_mask, (uint32_t)i, value_hash(b->t.constants[i]));
    return true;
}

uint32_t builder_constant(struct program_builder *b, struct value v)
{
    if (b->failed || ((b->constant_index == NULL || b->t.constants_count * 2 > b->constant_mask) && !grow_constant_index(b)))
        return NONE;
    uint64_t hash = value_hash(v);
    size_t at = (size_t)hash & b->constant_mask;
    for (; b->constant_index[at] != 0; at = (at + 1) & b->constant_mask) {
        if (is_same_constant(b->t.constants[b->constant_index[at] - 1], v))
            return b->constant_index[at] - 1;
    }
    uint32_t row = TABLE_PUSH(b, constants, v);
    if (row != NONE)
        b->constant_index[at] = row + 1;
    return row;
}

uint32_t builder_string(struct program_builder *b, struct str s)
{
    return builder_constant(b, value_str(s.p != NULL ? s : STR(""))); /* a buffer that got no memory has no bytes */
}

static uint64_t hash_path(const uint32_t *constants, size_t count)
{
    uint64_t h = count;
    for (size_t i = 0; i < count; i++)
        h = hash_word(h, constants[i]);
    return h;
}

static bool grow_path_index(struct program_builder *b)
{
    size_t size = b->path_index == NULL ? 64 : (b->path_mask + 1) * 2;
    uint32_t *index = arena_zeroed(b->arena, size, sizeof *index);
    if (index == NULL) {
        b->failed = true;
        return false;
    }
    b->path_index = index;
    b->path_mask = size - 1;
    for (size_t i = 0; i < b->t.paths_count; i++) {
        const struct path *p = &b->t.paths[i];
        index_insert(index, (uint32_t)b->path_mask, (uint32_t)i, hash_path(b->t.path_keys + p->first, p->count));
    }
    return true;
}

uint32_t builder_path(struct program_builder *b, const uint32_t *constants, size_t count)
{
    if (b->failed || ((b->path_index == NULL || b->t.paths_count * 2 > b->path_mask) && !grow_path_index(b)))
        return NONE;
    size_t at = (size_t)hash_path(constants, count) & b->path_mask;
    for (; b->path_index[at] != 0; at = (at + 1) & b->path_mask) {
        const struct path *p = &b->t.paths[b->path_index[at] - 1];
        if (p->count == count && (count == 0 || memcmp(b->t.path_keys + p->first, constants, count * sizeof *constants) == 0))
            return b->path_index[at] - 1;
    }
    struct path path = {(uint32_t)b->t.path_keys_count, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        if (TABLE_PUSH(b, path_keys, constants[i]) == NONE)
            return NONE;
    }
    uint32_t row = TABLE_PUSH(b, paths, path);
    if (row != NONE)
        b->path_index[at] = row + 1;
    return row;
}

uint32_t builder_builtin(struct program_builder *b, struct str name, uint32_t argc)
{
    struct builtin_ref ref = {builder_string(b, name), argc};
    if (ref.name == NONE)
        return NONE;
    for (size_t i = 0; i < b->t.builtins_count; i++) {
        if (b->t.builtins[i].name == ref.name && b->t.builtins[i].argc == argc)
            return (uint32_t)i;
    }
    return TABLE_PUSH(b, builtins, ref);
}

/* ---- linking ---- */

static const struct builtin *find_builtin(const struct builtin *rows, size_t count, struct str name)
{
    size_t low = 0, high = count;
    int first = name.len > 0 ? (unsigned char)name.p[0] : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = (unsigned char)rows[middle].name[0] - first;
        if (order == 0)
            order = str_compare(str_cstr(rows[middle].name), name);
        if (order == 0)
            return &rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The first table that has the function of name. NULL: none. */
static const struct builtin *resolve(const struct linkage *link, struct str name)
{
    const struct builtin *def = find_builtin(link->builtins, link->builtin_count, name);
    if (def != NULL && def->fn != NULL)
        return def;
    const struct builtin *host = find_builtin(link->host, link->host_count, name);
    return host != NULL && host->fn != NULL ? host : NULL;
}

static int link_row(struct program *p, const struct linkage *link, size_t row, struct err *e)
{
    const struct builtin_ref *ref = &p->t.builtins[row];
    struct str name = program_text(&p->t, ref->name);
    const struct builtin *def = resolve(link, name);
    if (def == NULL)
        return err_set(e, ERR_NOT_FOUND, "there is no builtin %.*s", (int)name.len, name.p);
    if ((def->flags & link->denied) != 0)
        return err_set(e, ERR_DENIED, "the builtin %.*s is not granted", (int)name.len, name.p);
    if (def->argc != ref->argc && !(def->flags & BI_VARIADIC))
        return err_set(e, ERR_PROGRAM, "the builtin %.*s takes %u arguments, not %u", (int)name.len, name.p, def->argc,
                       ref->argc);
    struct builtin *own = arena_alloc(&p->arena, sizeof *own);
    if (own == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    *own = *def;
    p->links[row] = own;
    return 0;
}

static uint32_t find_string(const struct program_tables *t, struct str s)
{
    for (size_t i = 0; i < t->builtins_count; i++) {
        if (str_equal(program_text(t, t->builtins[i].name), s))
            return t->builtins[i].name;
    }
    return NONE;
}

static int link_builtins(struct program *p, const struct linkage *link, struct err *e)
{
    static const char *const names[ARITH_COUNT] = {"plus", "minus", "mul", "div", "rem", "count"};
    p->links = arena_array(&p->arena, p->t.builtins_count, sizeof *p->links);
    if (p->links == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < p->t.builtins_count; i++) {
        if (link_row(p, link, i, e) != 0)
            return -1;
    }
    for (size_t i = 0; i < ARITH_COUNT; i++) {
        const struct builtin *def = resolve(link, str_cstr(names[i]));
        p->arith[i] = def != NULL ? *def : (struct builtin){.name = names[i], .infix = "", .type = "", .argc = 2};
        p->arith_name[i] = find_string(&p->t, str_cstr(names[i]));
    }
    return 0;
}

/* ---- indexes ---- */

static bool index_tree(struct program *p)
{
    const struct program_tables *t = &p->t;
    size_t n = t->nodes_count;
    p->node_end = arena_array(&p->arena, n, sizeof *p->node_end);
    p->children = arena_array(&p->arena, n, sizeof *p->children);
    p->child_first = arena_array(&p->arena, n + 1, sizeof *p->child_first);
    if (p->node_end == NULL || p->children == NULL || p->child_first == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        p->node_end[i] = (uint32_t)i + 1;
    for (size_t i = n; i-- > 1;) { /* children come after their parents */
        uint32_t *end = &p->node_end[t->nodes[i].parent];
        if (p->node_end[i] > *end)
            *end = p->node_end[i];
    }
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t depth = 1;
        for (uint32_t above = t->nodes[i].parent; above != NONE; above = t->nodes[above].parent)
            depth++;
        if (depth > p->tree_depth)
            p->tree_depth = depth;
        p->child_first[i] = at;
        for (uint32_t c = t->nodes[i].first_child; c != NONE; c = t->nodes[c].next)
            p->children[at++] = c;
    }
    p->child_first[n] = at;
    return true;
}

static bool index_switches(struct program *p)
{
    p->switch_index = arena_zeroed(&p->arena, p->t.switches_count, sizeof *p->switch_index);
    if (p->switch_index == NULL)
        return false;
    for (size_t i = 0; i < p->t.switches_count; i++) {
        const struct switch_table *s = &p->t.switches[i];
        if (s->cases < INDEX_FROM)
            continue;
        uint32_t size = index_size(s->cases);
        struct switch_index *index = &p->switch_index[i];
        index->slots = arena_zeroed(&p->arena, size, sizeof *index->slots);
        if (index->slots == NULL)
            return false;
        index->mask = size - 1;
        for (uint32_t c = 0; c < s->cases; c++)
            index_insert(index->slots, index->mask, c, value_hash(p->t.constants[p->t.switch_cases[s->first_case + c].constant]));
    }
    return true;
}

/* ---- sealing ---- */

static bool copy_tables(struct program *p, const struct program_tables *from)
{
#define TABLE(type, name)                                                                                                        \
    p->t.name = arena_array(&p->arena, from->name##_count, sizeof(type));                                                        \
    if (p->t.name == NULL)                                                                                                       \
        return false;                                                                                                            \
    if (from->name##_count != 0)                                                                                                 \
        memcpy(p->t.name, from->name, from->name##_count * sizeof(type));                                                        \
    p->t.name##_count = p->t.name##_cap = from->name##_count;
    PROGRAM_TABLES(TABLE)
#undef TABLE
    for (size_t i = 0; i < from->constants_count; i++) {
        p->t.constants[i] = value_copy(&p->arena, from->constants[i]);
        if (p->t.constants[i].kind == VALUE_UNDEFINED || value_freeze(&p->arena, p->t.constants[i]) != 0)
            return false;
    }
    return true;
}

static int nomem(const struct arena *a, struct err *e)
{
    if (a->failed == ARENA_BUDGET)
        return err_set(e, ERR_LIMIT_SIZE, "the program is too large (limit 'program_bytes')");
    return err_set(e, ERR_NOMEM, "out of memory");
}

static int verify(struct program *p, const struct alloc *alloc, struct err *e)
{
    p->info = arena_zeroed(&p->arena, p->t.functions_count, sizeof *p->info);
    if (p->info == NULL)
        return nomem(&p->arena, e);
    struct arena scratch;
    arena_init(&scratch, alloc, SIZE_MAX, 0);
    int status = verify_tables(&p->t, &scratch, p->info, e);
    arena_fini(&scratch);
    return status;
}

static int seal(struct program *p, const struct program_builder *b, const struct linkage *link, const struct alloc *alloc,
                struct err *e)
{
    if (!copy_tables(p, &b->t))
        return nomem(&p->arena, e);
    if (verify(p, alloc, e) != 0 || link_builtins(p, link, e) != 0)
        return -1;
    return index_tree(p) && index_switches(p) ? 0 : nomem(&p->arena, e);
}

int program_seal(const struct program_builder *b, const struct linkage *link, const struct alloc *alloc,
                 const struct limits *limits, struct program **ret, struct err *e)
{
    if (b->failed)
        return err_set(e, b->arena->failed == ARENA_BUDGET ? ERR_LIMIT_MEMORY : ERR_NOMEM, "the program could not be built");
    struct program *p = alloc_get(alloc, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    memset(p, 0, sizeof *p);
    p->alloc = *alloc;
    atomic_init(&p->refs, 1);
    size_t most = limits->program_bytes < SIZE_MAX / 8 ? (size_t)limits->program_bytes * 8 : SIZE_MAX;
    arena_init(&p->arena, alloc, most, 0);
    p->arena.most_digits = limits->bignum_digits;
    if (seal(p, b, link, alloc, e) != 0) {
        program_unref(p);
        return -1;
    }
    *ret = p;
    return 0;
}

struct program *program_ref(struct program *p)
{
    (void)atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void program_unref(struct program *p)
{
    if (p == NULL || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
        return;
    struct alloc alloc = p->alloc;
    arena_fini(&p->arena);
    alloc_release(&alloc, p, sizeof *p);
}

/* ---- looking up ---- */

int program_write(const struct program *p, struct buf *out, struct err *e)
{
    return program_encode(&p->t, out) ? 0 : nomem(out->arena, e);
}

int program_read(const void *bytes, size_t len, const struct linkage *link, const struct alloc *alloc,
                 const struct limits *limits, struct program **ret, struct err *e)
{
    struct arena arena;
    struct program_builder b;
    size_t most = limits->program_bytes < SIZE_MAX / 8 ? (size_t)limits->program_bytes * 8 : SIZE_MAX;
    arena_init(&arena, alloc, most, 0);
    arena.most_digits = limits->bignum_digits;
    builder_init(&b, &arena);
    int status = program_decode(bytes, len, &b, limits, e);
    if (status == 0)
        status = program_seal(&b, link, alloc, limits, ret, e);
    arena_fini(&arena);
    return status;
}

int program_digest(const struct program *p, uint8_t ret[PROGRAM_DIGEST_BYTES], struct err *e)
{
    struct arena scratch;
    struct buf file;
    int status = 0;
    arena_init(&scratch, &p->alloc, SIZE_MAX, 0);
    buf_init(&file, &scratch);
    if (!program_encode(&p->t, &file))
        status = nomem(&scratch, e);
    else
        (void)SHA384((const unsigned char *)file.p, file.len, ret); /* gives its third argument */
    arena_fini(&scratch);
    return status;
}

bool program_entry(const struct program *p, struct str name, uint32_t *ret)
{
    for (size_t i = 0; i < p->t.entries_count; i++) {
        if (str_equal(program_text(&p->t, p->t.entries[i].name), name)) {
            *ret = (uint32_t)i;
            return true;
        }
    }
    return false;
}

const struct program_tables *program_get_tables(const struct program *p)
{
    return &p->t;
}

uint32_t program_position(const struct program *p, uint32_t word)
{
    size_t low = 0, high = p->t.lines_count; /* the first line after word */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->t.lines[middle].word <= word)
            low = middle + 1;
        else
            high = middle;
    }
    return low != 0 ? p->t.lines[low - 1].position : NONE;
}

bool program_reads_clock(const struct program *p)
{
    for (size_t i = 0; i < p->t.builtins_count; i++)
        if ((p->links[i]->flags & (BI_CLOCK | BI_READS_CLOCK)) != 0)
            return true;
    return false;
}
