/* SPDX-License-Identifier: Apache-2.0
 *
 * json.filter and json.remove: keep or drop what a set of paths names.
 *
 * The paths become a tree first: an object per level, null where a path ends; where one path is a prefix of another the
 * shorter one counts. What neither operation touches is shared with the argument. Elements of arrays are named by the decimal
 * text of their index, elements of sets by themselves.
 */
#include "stdlib/json_path.h"

#include "stdlib/builtins.h"

#define UNITS_PER_STEP 5u

/* ---- reading paths ---- */

/* The segment between two slashes, with its escapes undone. */
static MUST_CHECK bool read_segment(struct bi_ctx *ctx, struct str s, struct value *ret)
{
    if (s.len == 0 || memchr(s.p, '~', s.len) == NULL) {
        *ret = value_str(s);
        return true;
    }
    char *p = arena_alloc(ctx->arena, s.len);
    if (p == NULL)
        return false;
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.p[i] == '~' && i + 1 < s.len && (s.p[i + 1] == '0' || s.p[i + 1] == '1');
        if (escape)
            i++;
        p[len++] = !escape ? s.p[i] : s.p[i] == '1' ? '/' : '~';
    }
    *ret = value_string(p, len);
    return true;
}

static int read_pointer(struct bi_ctx *ctx, struct str s, struct json_path *ret)
{
    *ret = (struct json_path){NULL, 0};
    if (s.len == 0)
        return BI_OK;
    int status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    while (s.len > 0 && s.p[0] == '/')
        s = str_of(s.p + 1, s.len - 1);
    size_t count = 1;
    for (size_t i = 0; i < s.len; i++)
        count += s.p[i] == '/';
    struct value *segments = arena_array(ctx->arena, count, sizeof *segments);
    if (segments == NULL)
        return bi_nomem(ctx);
    for (size_t n = 0; n < count; n++) {
        const char *slash = s.len != 0 ? memchr(s.p, '/', s.len) : NULL;
        size_t len = slash != NULL ? (size_t)(slash - s.p) : s.len;
        if (!read_segment(ctx, str_of(s.p, len), &segments[n]))
            return bi_nomem(ctx);
        if (slash != NULL)
            s = str_of(slash + 1, s.len - len - 1);
    }
    *ret = (struct json_path){segments, count};
    return BI_OK;
}

int json_path_read(struct bi_ctx *ctx, struct value v, struct json_path *ret)
{
    if (v.kind == VALUE_STRING)
        return read_pointer(ctx, value_text(v), ret);
    if (v.kind != VALUE_ARRAY)
        return bi_operand_text(ctx, 2, "must be one of {set, array} containing string paths or array of path segments but got %s",
                               value_kind_name((enum value_kind)v.kind));
    *ret = (struct json_path){v.items, v.len};
    return BI_OK;
}

/* ---- the tree of paths ---- */

static int add_path(struct bi_ctx *ctx, struct object *root, const struct json_path *path)
{
    if (path->count == 0)
        return BI_OK;
    int status = bi_charge(ctx, path->count * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    struct object *node = root;
    for (size_t i = 0; i + 1 < path->count; i++) {
        struct value *below = object_find(node, path->segments[i]);
        if (below != NULL && below->kind == VALUE_NULL)
            return BI_OK; /* a shorter path covers this one */
        struct object *next = below != NULL ? below->object : object_new(ctx->arena, 1);
        if (next == NULL || (below == NULL && object_put(ctx->arena, node, path->segments[i], value_object(next)) < 0))
            return bi_nomem(ctx);
        node = next;
    }
    return object_put(ctx->arena, node, path->segments[path->count - 1], value_null()) < 0 ? bi_nomem(ctx) : BI_OK;
}

static int read_paths(struct bi_ctx *ctx, const struct value *argv, struct object **ret)
{
    const struct value *items;
    size_t count;
    if (argv[1].kind == VALUE_ARRAY) {
        items = argv[1].items;
        count = argv[1].len;
    } else if (argv[1].kind == VALUE_SET) {
        items = set_items(argv[1].set);
        count = argv[1].set->count;
    } else
        return bi_operand_error(ctx, 2, "one of {set, array}", argv[1]);
    struct object *root = object_new(ctx->arena, count);
    if (root == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++) {
        struct json_path path;
        int status = json_path_read(ctx, items[i], &path);
        if (status == BI_OK)
            status = add_path(ctx, root, &path);
        if (status != BI_OK)
            return status;
    }
    *ret = root;
    return BI_OK;
}

/* ---- elements of an array that a level of the tree names ---- */

/* The index that a key of the tree names in an array of len elements: canonical decimal text only. */
static bool read_index(struct value key, uint32_t len, uint32_t *ret)
{
    if (key.kind != VALUE_STRING || key.len == 0 || key.len > 10 || (key.s[0] == '0' && key.len > 1))
        return false;
    uint64_t index = 0;
    for (uint32_t i = 0; i < key.len; i++) {
        if (key.s[i] < '0' || key.s[i] > '9')
            return false;
        index = index * 10 + (uint64_t)(key.s[i] - '0');
    }
    *ret = (uint32_t)index;
    return index < len && index < INT32_MAX;
}

/* The elements that level names, in order: numbers of the element's index, and of the member of level in the low half. */
static int find_hits(struct bi_ctx *ctx, uint32_t len, const struct object *level, struct value **ret, size_t *ret_count)
{
    struct value *hits = arena_array(ctx->arena, level->count, sizeof *hits);
    if (hits == NULL)
        return bi_nomem(ctx);
    size_t count = 0;
    uint32_t index;
    for (uint32_t i = 0; i < level->count; i++)
        if (read_index(level->members[i].key, len, &index))
            hits[count++] = value_int((int64_t)index << 32 | i);
    if (count > 1)
        value_sort(hits, count);
    *ret = hits;
    *ret_count = count;
    return BI_OK;
}

static uint32_t hit_index(struct value hit)
{
    return (uint32_t)(hit.i >> 32);
}

/* What level says about the element: null, or the next level. */
static struct value hit_below(struct value hit, const struct object *level)
{
    return level->members[(uint32_t)hit.i].value;
}

/* ---- json.filter ---- */

static int filter_value(struct bi_ctx *ctx, struct value v, struct value below, struct value *ret);

static int filter_array(struct bi_ctx *ctx, struct value v, const struct object *level, struct value *ret)
{
    struct value *hits;
    size_t count;
    int status = find_hits(ctx, v.len, level, &hits, &count);
    if (status != BI_OK)
        return status;
    struct value *items = arena_array(ctx->arena, count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < count; i++) {
        status = filter_value(ctx, v.items[hit_index(hits[i])], hit_below(hits[i], level), &items[i]);
        if (status != BI_OK)
            return status;
    }
    *ret = value_array(items, count);
    return BI_OK;
}

static int filter_set(struct bi_ctx *ctx, const struct set *from, const struct object *level, struct value *ret)
{
    struct set *s = set_new(ctx->arena, from->count < level->count ? from->count : level->count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < level->count; i++) {
        const struct value *element = set_find(from, level->members[i].key);
        struct value kept;
        if (element == NULL)
            continue;
        int status = filter_value(ctx, *element, level->members[i].value, &kept);
        if (status != BI_OK)
            return status;
        if (set_add(ctx->arena, s, kept) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_set(s);
    return BI_OK;
}

static int filter_member(struct bi_ctx *ctx, struct object *o, struct value key, struct value v, struct value below)
{
    struct value kept;
    int status = filter_value(ctx, v, below, &kept);
    if (status != BI_OK)
        return status;
    return object_put(ctx->arena, o, key, kept) < 0 ? bi_nomem(ctx) : BI_OK;
}

static int filter_object(struct bi_ctx *ctx, const struct object *from, const struct object *level, struct value *ret)
{
    bool walk_level = level->count <= from->count;
    const struct object *walked = walk_level ? level : from, *probed = walk_level ? from : level;
    struct object *o = object_new(ctx->arena, walked->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < walked->count; i++) {
        const struct member *m = &walked->members[i];
        const struct value *other = object_find(probed, m->key);
        if (other == NULL)
            continue;
        /* the key is spelled as on the side with more members, which is the one OPA walks */
        struct value key = ((const struct member *)(const void *)((const char *)other - offsetof(struct member, value)))->key;
        int status = filter_member(ctx, o, key, walk_level ? *other : m->value, walk_level ? m->value : *other);
        if (status != BI_OK)
            return status;
    }
    *ret = value_object(o);
    return BI_OK;
}

static int filter_value(struct bi_ctx *ctx, struct value v, struct value below, struct value *ret)
{
    *ret = v;
    if (below.kind == VALUE_NULL || v.kind < VALUE_ARRAY)
        return BI_OK;
    const struct object *level = below.object;
    int status = bi_charge(ctx, ((uint64_t)level->count + 1) * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    if (v.kind == VALUE_ARRAY)
        return filter_array(ctx, v, level, ret);
    return v.kind == VALUE_SET ? filter_set(ctx, v.set, level, ret) : filter_object(ctx, v.object, level, ret);
}

int bif_json_filter(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *from, *paths;
    int status = bi_object(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_paths(ctx, argv, &paths);
    return status == BI_OK ? filter_value(ctx, argv[0], value_object(paths), ret) : status;
}

/* ---- json.remove ---- */

/* *ret is undefined when the value itself goes. */
static int remove_from(struct bi_ctx *ctx, struct value v, struct value below, struct value *ret);

static int remove_from_array(struct bi_ctx *ctx, struct value v, const struct object *level, struct value *ret)
{
    struct value *hits;
    size_t count;
    int status = find_hits(ctx, v.len, level, &hits, &count);
    if (status != BI_OK || count == 0)
        return status;
    status = bi_charge(ctx, v.len / 4);
    if (status != BI_OK)
        return status;
    struct value *items = arena_array(ctx->arena, v.len, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    uint32_t from = 0;
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        size_t untouched = hit_index(hits[i]) - from;
        memcpy(items + len, v.items + from, untouched * sizeof *items);
        len += untouched;
        from = hit_index(hits[i]) + 1;
        struct value left;
        status = remove_from(ctx, v.items[hit_index(hits[i])], hit_below(hits[i], level), &left);
        if (status != BI_OK)
            return status;
        if (left.kind != VALUE_UNDEFINED)
            items[len++] = left;
    }
    memcpy(items + len, v.items + from, (v.len - from) * sizeof *items);
    *ret = value_array(items, len + (v.len - from));
    return BI_OK;
}

static int remove_from_set(struct bi_ctx *ctx, const struct set *from, const struct object *level, struct value *ret)
{
    struct set *s = set_new(ctx->arena, from->count);
    if (s == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < from->count; i++) {
        struct value left = from->items[i];
        const struct value *below = object_find(level, left);
        int status = below != NULL ? remove_from(ctx, left, *below, &left) : BI_OK;
        if (status != BI_OK)
            return status;
        if (left.kind != VALUE_UNDEFINED && set_add(ctx->arena, s, left) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_set(s);
    return BI_OK;
}

static int remove_from_object(struct bi_ctx *ctx, const struct object *from, const struct object *level, struct value *ret)
{
    struct object *o = object_new(ctx->arena, from->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < from->count; i++) {
        struct value key = from->members[i].key, left = from->members[i].value;
        const struct value *below = object_find(level, key);
        int status = below != NULL ? remove_from(ctx, left, *below, &left) : BI_OK;
        if (status != BI_OK)
            return status;
        if (left.kind != VALUE_UNDEFINED && object_put(ctx->arena, o, key, left) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_object(o);
    return BI_OK;
}

/* Does v, an object or a set, have anything that level names? */
static bool is_touched(struct value v, const struct object *level)
{
    for (uint32_t i = 0; i < level->count; i++) {
        struct value key = level->members[i].key;
        if (v.kind == VALUE_OBJECT ? object_find(v.object, key) != NULL : set_find(v.set, key) != NULL)
            return true;
    }
    return false;
}

static int remove_from(struct bi_ctx *ctx, struct value v, struct value below, struct value *ret)
{
    *ret = below.kind == VALUE_NULL ? value_undefined() : v;
    if (below.kind == VALUE_NULL || v.kind < VALUE_ARRAY)
        return BI_OK;
    const struct object *level = below.object;
    int status = bi_charge(ctx, ((uint64_t)level->count + 1) * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    if (v.kind == VALUE_ARRAY)
        return remove_from_array(ctx, v, level, ret);
    if (!is_touched(v, level))
        return BI_OK;
    status = bi_charge(ctx, (uint64_t)value_count(v) * UNITS_PER_STEP);
    if (status != BI_OK)
        return status;
    return v.kind == VALUE_SET ? remove_from_set(ctx, v.set, level, ret) : remove_from_object(ctx, v.object, level, ret);
}

int bif_json_remove(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *from, *paths;
    int status = bi_object(ctx, argv, 1, &from);
    if (status == BI_OK)
        status = read_paths(ctx, argv, &paths);
    return status == BI_OK ? remove_from(ctx, argv[0], value_object(paths), ret) : status;
}
