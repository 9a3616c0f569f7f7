/* SPDX-License-Identifier: Apache-2.0
 *
 * A value under edit. Only what operations touched has nodes; the rest stays the original value and is shared.
 *
 * This follows OPA's edit tree (internal/edittree) in its observable behaviour, with two quirks that decide answers:
 * - Stepping into an element of an array that no operation has put there looks the index up in the array as it was before
 *   all edits, and puts that element in place of the one now at the index. After a removal this is not the element a reader
 *   of RFC 6902 expects.
 * - A set is rewritten from its edits whenever a collection is used as key into it, since its keys change with its contents.
 * Where OPA crashes (use of a document or element that was deleted) this reports an error.
 */
#include "stdlib/edit_tree.h"

#include "vm/number.h"

#define UNITS_PER_STEP 6u
#define SCAN_CHILDREN 8u /* as many children are searched one after another rather than by index */

enum child_state {
    CHILD_ORIGINAL, /* arrays only: an element nobody put there */
    CHILD_VALUE,    /* a scalar that an operation put there */
    CHILD_NODE,     /* a collection that an operation put there or went through */
    CHILD_DELETED,
};

struct edit_child {
    struct value key; /* objects and sets */
    struct value value;
    struct edit_node *node;
    enum child_state state;
};

/* Children of an array are all its present elements, made by the first edit (is_edited); of objects and sets, the keys that
 * were edited, in order of first edit, with index from key to place once there are many. */
struct edit_node {
    struct value original; /* undefined: the document was deleted */
    struct edit_child *children;
    size_t count, cap;
    struct object *index;
    bool is_edited;
};

static bool is_collection(struct value v)
{
    return v.kind >= VALUE_ARRAY;
}

struct edit_node *edit_new(struct bi_ctx *ctx, struct value v)
{
    struct edit_node *node = arena_zeroed(ctx->arena, 1, sizeof *node);
    if (node != NULL)
        node->original = v;
    return node;
}

/* "<before><v><between><other>" as error, cut; other may be undefined. */
static int fail_with_values(struct bi_ctx *ctx, const char *before, struct value v, const char *between, struct value other)
{
    struct buf b;
    int status = bi_charge(ctx, 64);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    buf_cstr(&b, before);
    value_write_rego(&b, v);
    buf_cstr(&b, between);
    if (other.kind != VALUE_UNDEFINED)
        value_write_rego(&b, other);
    if (b.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "%.*s", b.len > 1000 ? 1000 : (int)b.len, b.p);
}

static int fail_with_value(struct bi_ctx *ctx, const char *before, struct value v, const char *after)
{
    return fail_with_values(ctx, before, v, after, value_undefined());
}

/* "<before><v> (type: <Go's name of its type>)" */
static int fail_scalar(struct bi_ctx *ctx, const char *before, struct value v)
{
    static const char *const types[] = {[VALUE_NULL] = " (type: ast.Null)",
                                        [VALUE_BOOL] = " (type: ast.Boolean)",
                                        [VALUE_NUMBER] = " (type: ast.Number)",
                                        [VALUE_STRING] = " (type: ast.String)"};
    return fail_with_value(ctx, before, v, v.kind < COUNT_OF(types) && types[v.kind] != NULL ? types[v.kind] : "");
}

/* ---- children of objects and sets ---- */

static MUST_CHECK bool index_children(struct bi_ctx *ctx, struct edit_node *node)
{
    node->index = object_new(ctx->arena, node->count * 2);
    for (size_t i = 0; node->index != NULL && i < node->count; i++)
        if (object_put(ctx->arena, node->index, node->children[i].key, value_int((int64_t)i)) < 0)
            return false;
    return node->index != NULL;
}

static struct edit_child *find_child(const struct edit_node *node, struct value key)
{
    if (node->index != NULL) {
        const struct value *place = object_find(node->index, key);
        return place != NULL ? &node->children[place->i] : NULL;
    }
    for (size_t i = 0; i < node->count; i++)
        if (value_equal(node->children[i].key, key))
            return &node->children[i];
    return NULL;
}

/* The child of key, made when there is none. NULL: out of memory. */
static struct edit_child *put_child(struct bi_ctx *ctx, struct edit_node *node, struct value key)
{
    struct edit_child *child = find_child(node, key);
    if (child != NULL) {
        child->key = key;
        return child;
    }
    if (!arena_grow(ctx->arena, &node->children, &node->cap, node->count + 1, sizeof *node->children))
        return NULL;
    child = &node->children[node->count++];
    *child = (struct edit_child){.key = key};
    if (node->index != NULL)
        return object_put(ctx->arena, node->index, key, value_int((int64_t)node->count - 1)) >= 0 ? child : NULL;
    if (node->count > SCAN_CHILDREN && !index_children(ctx, node))
        return NULL;
    return child;
}

/* Makes child stand for v. */
static MUST_CHECK bool set_child(struct bi_ctx *ctx, struct edit_child *child, struct value v)
{
    child->value = v;
    child->state = is_collection(v) ? CHILD_NODE : CHILD_VALUE;
    child->node = child->state == CHILD_NODE ? edit_new(ctx, v) : NULL;
    return child->state != CHILD_NODE || child->node != NULL;
}

/* ---- rendering ---- */

static int render(struct bi_ctx *ctx, const struct edit_node *node, struct value *ret);

static int render_child(struct bi_ctx *ctx, const struct edit_child *child, struct value *ret)
{
    if (child->state == CHILD_NODE)
        return render(ctx, child->node, ret);
    *ret = child->value;
    return BI_OK;
}

static int render_array(struct bi_ctx *ctx, const struct edit_node *node, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, node->count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < node->count; i++)
        status = render_child(ctx, &node->children[i], &items[i]);
    *ret = value_array(items, node->count);
    return status;
}

static int render_object(struct bi_ctx *ctx, const struct edit_node *node, struct value *ret)
{
    const struct object *from = node->original.object;
    struct object *o = object_new(ctx->arena, from->count + node->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < node->count; i++) {
        struct value v;
        if (node->children[i].state == CHILD_DELETED)
            continue;
        int status = render_child(ctx, &node->children[i], &v);
        if (status != BI_OK)
            return status;
        if (object_put(ctx->arena, o, node->children[i].key, v) < 0)
            return bi_nomem(ctx);
    }
    for (uint32_t i = 0; i < from->count; i++) {
        const struct member *m = &from->members[i];
        if (find_child(node, m->key) == NULL && object_put(ctx->arena, o, m->key, m->value) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_object(o);
    return BI_OK;
}

static int render_set(struct bi_ctx *ctx, const struct edit_node *node, struct value *ret)
{
    const struct set *from = node->original.set;
    struct set *s = set_new(ctx->arena, from->count + node->count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < node->count; i++) {
        struct value v;
        if (node->children[i].state == CHILD_DELETED)
            continue;
        int status = render_child(ctx, &node->children[i], &v);
        if (status != BI_OK)
            return status;
        if (set_add(ctx->arena, s, v) < 0)
            return bi_nomem(ctx);
    }
    for (uint32_t i = 0; i < from->count; i++)
        if (find_child(node, from->items[i]) == NULL && set_add(ctx->arena, s, from->items[i]) < 0)
            return bi_nomem(ctx);
    *ret = value_set(s);
    return BI_OK;
}

static int render(struct bi_ctx *ctx, const struct edit_node *node, struct value *ret)
{
    *ret = node->original;
    if (!node->is_edited)
        return BI_OK;
    int status = bi_charge(ctx, (value_count(node->original) + node->count) * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    switch (node->original.kind) {
    case VALUE_ARRAY:
        return render_array(ctx, node, ret);
    case VALUE_OBJECT:
        return render_object(ctx, node, ret);
    case VALUE_SET:
        return render_set(ctx, node, ret);
    default:
        return BI_OK;
    }
}

/* Forgets the children of node, which stands for v from now on. */
static void restart(struct edit_node *node, struct value v)
{
    *node = (struct edit_node){.original = v};
}

static int collapse_set(struct bi_ctx *ctx, struct edit_node *node)
{
    struct value v;
    int status = render(ctx, node, &v);
    if (status == BI_OK)
        restart(node, v);
    return status;
}

/* ---- arrays ---- */

/* The index a path segment names in an array of len elements; "-" is one past its end. It may be out of range. */
static int read_index(struct bi_ctx *ctx, size_t len, struct value key, int64_t *ret)
{
    if (key.kind == VALUE_NUMBER)
        return number_text_int64(key, ret) ? BI_OK : bi_fail(ctx, "invalid number type for indexing");
    if (key.kind != VALUE_STRING)
        return bi_fail(ctx, "invalid type for indexing");
    struct str s = value_text(key);
    if (str_equal(s, STR("-"))) {
        *ret = (int64_t)len;
        return BI_OK;
    }
    struct str digits = s.len != 0 && (s.p[0] == '-' || s.p[0] == '+') ? str_of(s.p + 1, s.len - 1) : s;
    int64_t index = 0;
    bool bad = digits.len == 0;
    for (size_t i = 0; !bad && i < digits.len; i++)
        bad = digits.p[i] < '0' || digits.p[i] > '9' || __builtin_mul_overflow(index, 10, &index) ||
              __builtin_add_overflow(index, digits.p[i] - '0', &index);
    if (bad)
        return bi_fail(ctx, "invalid string for indexing");
    if (s.p[0] == '0' && s.len > 1)
        return bi_fail(ctx, "leading zeros are not allowed in JSON paths");
    *ret = s.p[0] == '-' ? -index : index;
    return BI_OK;
}

static size_t array_len(const struct edit_node *node)
{
    return node->is_edited ? node->count : node->original.len;
}

/* Makes a child of every element, so that elements can come and go. */
static int open_array(struct bi_ctx *ctx, struct edit_node *node)
{
    if (node->is_edited)
        return BI_OK;
    size_t count = node->original.len;
    int status = bi_charge(ctx, count);
    if (status != BI_OK)
        return status;
    if (!arena_grow(ctx->arena, &node->children, &node->cap, count + 1, sizeof *node->children))
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++)
        node->children[i] = (struct edit_child){.value = node->original.items[i], .state = CHILD_ORIGINAL};
    node->count = count;
    node->is_edited = true;
    return BI_OK;
}

static int insert_element(struct bi_ctx *ctx, struct edit_node *node, int64_t index, struct value v, struct edit_child **ret)
{
    int status = open_array(ctx, node);
    if (status != BI_OK)
        return status;
    if (index < 0 || (uint64_t)index > node->count)
        return bi_fail(ctx, "index for array insertion out of bounds");
    size_t at = (size_t)index, moved = node->count - at;
    status = bi_charge(ctx, moved / 4 + 1);
    if (status != BI_OK)
        return status;
    if (!arena_grow(ctx->arena, &node->children, &node->cap, node->count + 1, sizeof *node->children))
        return bi_nomem(ctx);
    memmove(node->children + at + 1, node->children + at, moved * sizeof *node->children);
    node->count++;
    *ret = &node->children[at];
    **ret = (struct edit_child){0};
    return set_child(ctx, *ret, v) ? BI_OK : bi_nomem(ctx);
}

static int delete_element(struct bi_ctx *ctx, struct edit_node *node, int64_t index)
{
    int status = open_array(ctx, node);
    if (status != BI_OK)
        return status;
    if (index < 0 || (uint64_t)index >= node->count)
        return bi_fail(ctx, "index for array delete out of bounds");
    size_t at = (size_t)index, moved = node->count - at - 1;
    status = bi_charge(ctx, moved / 4 + 1);
    if (status != BI_OK)
        return status;
    memmove(node->children + at, node->children + at + 1, moved * sizeof *node->children);
    node->count--;
    return BI_OK;
}

/* ---- one step of a path ---- */

/* Where a step arrives: a collection under edit, or a scalar (node NULL). */
struct place {
    struct edit_node *node;
    struct value scalar;
};

static int place_of(struct bi_ctx *ctx, const struct edit_child *child, struct value key, struct place *ret)
{
    if (child->state == CHILD_DELETED)
        return fail_with_value(ctx,
                               is_collection(child->value) ? "cannot unfold the already deleted composite node for key "
                                                           : "cannot unfold the already deleted scalar node for key ",
                               key, "");
    *ret = (struct place){child->node, child->value};
    return BI_OK;
}

static int step_into_array(struct bi_ctx *ctx, struct edit_node *node, struct value key, struct place *ret)
{
    int64_t index;
    int status = read_index(ctx, array_len(node), key, &index);
    if (status != BI_OK)
        return status;
    if (node->is_edited && index >= 0 && (uint64_t)index < node->count && node->children[index].state != CHILD_ORIGINAL)
        return place_of(ctx, &node->children[index], key, ret);
    if (index < 0 || (uint64_t)index >= node->original.len)
        return fail_with_values(ctx, "path ", value_int(index), " does not exist in array term ", node->original);
    struct value v = node->original.items[index]; /* of the array before all edits: see the head of this file */
    struct edit_child *child;
    status = delete_element(ctx, node, index);
    if (status == BI_OK)
        status = insert_element(ctx, node, index, v, &child);
    return status == BI_OK ? place_of(ctx, child, key, ret) : status;
}

/* A string without quotes, as OPA prints a path of one string. */
static int fail_missing_element(struct bi_ctx *ctx, struct str key, struct value set)
{
    struct str before = arena_printf(ctx->arena, "path %.*s does not exist in set term ", key.len > 500 ? 500 : (int)key.len,
                                     key.p);
    return before.p != NULL ? fail_with_value(ctx, before.p, set, "") : bi_nomem(ctx);
}

static int step_into_keyed(struct bi_ctx *ctx, struct edit_node *node, struct value key, struct place *ret)
{
    bool is_set = node->original.kind == VALUE_SET;
    if (is_set && is_collection(key)) {
        int status = collapse_set(ctx, node);
        if (status != BI_OK)
            return status;
    }
    struct edit_child *child = find_child(node, key);
    if (child != NULL)
        return place_of(ctx, child, key, ret);
    struct value v = value_get(node->original, key);
    if (v.kind == VALUE_UNDEFINED && is_set && key.kind == VALUE_STRING)
        return fail_missing_element(ctx, value_text(key), node->original);
    if (v.kind == VALUE_UNDEFINED)
        return fail_with_values(ctx, "path ", key, is_set ? " does not exist in set term " : " does not exist in object term ",
                                node->original);
    node->is_edited = true;
    child = put_child(ctx, node, key);
    if (child == NULL || !set_child(ctx, child, v))
        return bi_nomem(ctx);
    return place_of(ctx, child, key, ret);
}

static int fail_step(struct bi_ctx *ctx, struct value key, struct value found)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_cstr(&b, "expected composite type for path ");
    value_write_rego(&b, key);
    buf_cstr(&b, ", found value: ");
    buf_char(&b, '\0');
    return b.failed ? bi_nomem(ctx) : fail_scalar(ctx, b.p, found);
}

/* Follows the first count segments of path. */
static int follow(struct bi_ctx *ctx, struct edit_node *root, const struct json_path *path, size_t count, struct place *ret)
{
    struct place at = {root, root->original};
    int status = bi_charge(ctx, (count + 1) * UNITS_PER_STEP);
    for (size_t i = 0; status == BI_OK && i < count; i++) {
        struct value key = path->segments[i];
        enum value_kind kind = at.node != NULL ? (enum value_kind)at.node->original.kind : VALUE_NULL;
        if (kind == VALUE_UNDEFINED)
            status = bi_fail(ctx, "nil value encountered where composite value was expected");
        else if (kind == VALUE_ARRAY)
            status = step_into_array(ctx, at.node, key, &at);
        else if (kind == VALUE_OBJECT || kind == VALUE_SET)
            status = step_into_keyed(ctx, at.node, key, &at);
        else
            status = fail_step(ctx, key, at.node != NULL ? at.node->original : at.scalar);
    }
    if (status == BI_OK)
        *ret = at;
    return status;
}

/* ---- operations ---- */

static int insert_keyed(struct bi_ctx *ctx, struct edit_node *node, struct value key, struct value v)
{
    if (node->original.kind == VALUE_SET) {
        if (!value_equal(key, v))
            return fail_with_values(ctx, "set key ", key, " does not equal value to be inserted ", v);
        int status = is_collection(key) ? collapse_set(ctx, node) : BI_OK;
        if (status != BI_OK)
            return status;
    }
    node->is_edited = true;
    struct edit_child *child = put_child(ctx, node, key);
    return child != NULL && set_child(ctx, child, v) ? BI_OK : bi_nomem(ctx);
}

int edit_insert(struct bi_ctx *ctx, struct edit_node *root, struct json_path path, struct value v)
{
    if (v.kind == VALUE_UNDEFINED)
        return bi_fail(ctx, "cannot insert nil value into EditTree");
    if (path.count == 0) {
        restart(root, v);
        return BI_OK;
    }
    struct place at;
    int status = bi_nest(ctx, v, path.count);
    if (status == BI_OK)
        status = follow(ctx, root, &path, path.count - 1, &at);
    if (status != BI_OK)
        return status;
    struct value key = path.segments[path.count - 1];
    switch (at.node != NULL ? at.node->original.kind : VALUE_NULL) {
    case VALUE_UNDEFINED:
        return bi_fail(ctx, "deleted node encountered during insert operation");
    case VALUE_OBJECT:
    case VALUE_SET:
        return insert_keyed(ctx, at.node, key, v);
    case VALUE_ARRAY: {
        int64_t index;
        struct edit_child *child;
        status = read_index(ctx, array_len(at.node), key, &index);
        return status == BI_OK ? insert_element(ctx, at.node, index, v, &child) : status;
    }
    default:
        return fail_scalar(ctx, "expected composite type, found value: ", at.node != NULL ? at.node->original : at.scalar);
    }
}

static int delete_keyed(struct bi_ctx *ctx, struct edit_node *node, struct value key)
{
    if (node->original.kind == VALUE_SET && is_collection(key)) {
        int status = collapse_set(ctx, node);
        if (status != BI_OK)
            return status;
    }
    struct edit_child *child = find_child(node, key);
    if (child != NULL && child->state == CHILD_DELETED)
        return fail_with_value(ctx,
                               is_collection(child->value) ? "cannot delete the already deleted composite node for key "
                                                           : "cannot delete the already deleted scalar node for key ",
                               key, "");
    if (child == NULL && value_get(node->original, key).kind == VALUE_UNDEFINED)
        return fail_with_value(ctx, "cannot delete child key ", key, " that does not exist");
    node->is_edited = true;
    bool is_new = child == NULL;
    child = put_child(ctx, node, key);
    if (child == NULL)
        return bi_nomem(ctx);
    if (is_new)
        child->value = value_get(node->original, key);
    child->state = CHILD_DELETED;
    child->node = NULL;
    return BI_OK;
}

int edit_delete(struct bi_ctx *ctx, struct edit_node *root, struct json_path path)
{
    if (path.count == 0) {
        if (root->original.kind == VALUE_UNDEFINED)
            return bi_fail(ctx, "deleted node encountered during delete operation");
        restart(root, value_undefined());
        return BI_OK;
    }
    struct place at;
    int status = follow(ctx, root, &path, path.count - 1, &at);
    if (status != BI_OK)
        return status;
    struct value key = path.segments[path.count - 1];
    switch (at.node != NULL ? at.node->original.kind : VALUE_NULL) {
    case VALUE_UNDEFINED:
        return bi_fail(ctx, "deleted node encountered during delete operation");
    case VALUE_OBJECT:
    case VALUE_SET:
        return delete_keyed(ctx, at.node, key);
    case VALUE_ARRAY: {
        int64_t index;
        status = read_index(ctx, array_len(at.node), key, &index);
        return status == BI_OK ? delete_element(ctx, at.node, index) : status;
    }
    default:
        return fail_scalar(ctx, "expected composite type, found value: ", at.node != NULL ? at.node->original : at.scalar);
    }
}

int edit_render(struct bi_ctx *ctx, struct edit_node *root, struct json_path path, struct value *ret)
{
    struct place at;
    int status = follow(ctx, root, &path, path.count, &at);
    if (status != BI_OK)
        return status;
    if (at.node == NULL) {
        *ret = at.scalar;
        return BI_OK;
    }
    return render(ctx, at.node, ret);
}
