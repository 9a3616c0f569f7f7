/* SPDX-License-Identifier: Apache-2.0
 *
 * graph.reachable, graph.reachable_paths and walk.
 *
 * A graph is an object from node to an array or set of neighbours. Each node is expanded once by reachable; the paths of
 * reachable_paths can be exponentially many, so every step is charged. Both keep their own stacks; only walk recurses, as
 * deep as its argument nests.
 */
#include "stdlib/builtins.h"
#include "stdlib/graph.h"

#define UNITS_PER_EDGE 5u

struct edges {
    const struct value *items;
    size_t count;
};

/* Neighbours in order; what is neither array nor set has none. */
static struct edges read_edges(struct value v)
{
    if (v.kind == VALUE_ARRAY)
        return (struct edges){v.items, v.len};
    if (v.kind == VALUE_SET)
        return (struct edges){set_items(v.set), v.set->count};
    return (struct edges){NULL, 0};
}

static int read_graph(struct bi_ctx *ctx, const struct value *argv, struct object **ret_graph, struct edges *ret_start)
{
    int status = bi_object(ctx, argv, 1, ret_graph);
    if (status != BI_OK)
        return status;
    if (argv[1].kind != VALUE_ARRAY && argv[1].kind != VALUE_SET)
        return bi_operand_error(ctx, 2, "{array, set}", argv[1]);
    *ret_start = read_edges(argv[1]);
    return BI_OK;
}

static int expand_nodes(struct bi_ctx *ctx, const struct object *graph, struct array_builder *queue, struct set *reached)
{
    for (size_t at = 0; at < queue->len; at++) {
        struct value node = queue->items[at];
        const struct value *place = object_find(graph, node);
        int added = place != NULL ? set_add(ctx->arena, reached, node) : 0;
        if (added < 0)
            return bi_nomem(ctx);
        if (added == 0)
            continue;
        struct edges edges = read_edges(*place);
        int status = bi_charge(ctx, (edges.count + 1) * UNITS_PER_EDGE);
        if (status != BI_OK)
            return status;
        for (size_t i = 0; i < edges.count; i++)
            if (set_find(reached, edges.items[i]) == NULL && !array_push(queue, edges.items[i]))
                return bi_nomem(ctx);
    }
    return BI_OK;
}

int bif_graph_reachable(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *graph;
    struct edges start;
    int status = read_graph(ctx, argv, &graph, &start);
    if (status == BI_OK)
        status = bi_charge(ctx, (start.count + 1) * UNITS_PER_EDGE);
    if (status != BI_OK)
        return status;
    struct array_builder queue;
    array_init(&queue, ctx->arena);
    struct set *reached = set_new(ctx->arena, 8);
    if (reached == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < start.count; i++)
        if (!array_push(&queue, start.items[i]))
            return bi_nomem(ctx);
    status = expand_nodes(ctx, graph, &queue, reached);
    if (status == BI_OK)
        *ret = value_set(reached);
    return status;
}

/* ---- paths ---- */

struct path_frame {
    struct edges edges;
    size_t next;      /* edge to follow next */
    size_t slot;      /* member of the graph this node is */
    bool was_on_path; /* mark to restore: a node that points to itself starts on the path twice */
};

struct path_search {
    struct bi_ctx *ctx;
    const struct object *graph;
    bool *on_path; /* per member of the graph */
    struct path_frame *frames;
    size_t frames_cap, depth;
    struct array_builder path;
    struct set *found;
};

/* The path as it is becomes a result. */
static int commit_path(struct path_search *s)
{
    int status = bi_charge(s->ctx, (s->path.len + 1) * UNITS_PER_EDGE);
    if (status != BI_OK)
        return status;
    struct value *items = arena_array(s->ctx->arena, s->path.len, sizeof *items);
    if (items == NULL)
        return bi_nomem(s->ctx);
    memcpy(items, s->path.items, s->path.len * sizeof *items);
    return set_add(s->ctx->arena, s->found, value_array(items, s->path.len)) < 0 ? bi_nomem(s->ctx) : BI_OK;
}

/* Goes to node: place is its edges in the graph, or NULL. */
static int enter_node(struct path_search *s, struct value node, const struct value *place)
{
    if (place == NULL)
        return commit_path(s);
    struct edges edges = read_edges(*place);
    if (!array_push(&s->path, node))
        return bi_nomem(s->ctx);
    if (edges.count == 0) {
        int status = commit_path(s);
        s->path.len--;
        return status;
    }
    if (!arena_grow(s->ctx->arena, &s->frames, &s->frames_cap, s->depth + 1, sizeof *s->frames))
        return bi_nomem(s->ctx);
    size_t slot = (size_t)((const struct member *)(const void *)((const char *)place - offsetof(struct member, value)) -
                           s->graph->members);
    s->frames[s->depth++] = (struct path_frame){edges, 0, slot, s->on_path[slot]};
    s->on_path[slot] = true;
    return BI_OK;
}

/* All paths from node, which is not checked against the path itself but on the first level. */
static int search_from(struct path_search *s, struct value node, const struct value *place)
{
    int status = enter_node(s, node, place);
    while (status == BI_OK && s->depth > 0) {
        struct path_frame *f = &s->frames[s->depth - 1];
        if (f->next == f->edges.count) {
            s->on_path[f->slot] = f->was_on_path;
            s->depth--;
            s->path.len--;
            continue;
        }
        status = bi_charge(s->ctx, UNITS_PER_EDGE);
        if (status != BI_OK)
            break;
        struct value neighbour = f->edges.items[f->next++];
        const struct value *to = object_find(s->graph, neighbour);
        size_t slot = to == NULL
                          ? 0
                          : (size_t)((const struct member *)(const void *)((const char *)to - offsetof(struct member, value)) -
                                     s->graph->members);
        /* the first node's own neighbours are followed even when they lead back to it */
        bool cycle = to != NULL && s->on_path[slot] && s->depth > 1;
        status = cycle ? commit_path(s) : enter_node(s, neighbour, to);
    }
    return status;
}

int bif_graph_reachable_paths(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *graph;
    struct edges start;
    int status = read_graph(ctx, argv, &graph, &start);
    if (status == BI_OK)
        status = bi_charge(ctx, (start.count + 1) * UNITS_PER_EDGE + graph->count / 64);
    if (status != BI_OK)
        return status;
    struct path_search s = {.ctx = ctx, .graph = graph};
    array_init(&s.path, ctx->arena);
    s.on_path = arena_zeroed(ctx->arena, graph->count, sizeof *s.on_path);
    s.found = set_new(ctx->arena, 8);
    if (s.on_path == NULL || s.found == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; status == BI_OK && i < start.count; i++) {
        const struct value *place = object_find(graph, start.items[i]);
        if (place != NULL)
            status = search_from(&s, start.items[i], place);
    }
    if (status == BI_OK)
        *ret = value_set(s.found);
    return status;
}

/* ---- walk ---- */

struct walk {
    struct bi_ctx *ctx;
    struct array_builder results;
    bool with_paths;
};

/* The path of a child. The first child extends its parent's items in place when there is room behind them; a parent's path
 * is a shorter slice of the same items and does not change. */
struct walk_path {
    struct value *items;
    uint32_t len, cap;
};

static MUST_CHECK bool extend_path(struct walk *w, struct walk_path *parent, struct value key, struct walk_path *ret)
{
    if (parent->len < parent->cap) {
        *ret = (struct walk_path){parent->items, parent->len + 1, parent->cap};
        parent->cap = parent->len; /* the room is taken: later children copy */
    } else {
        uint32_t cap = parent->len + 1 <= 2 ? 2 : parent->len + 1;
        struct value *items = arena_array(w->ctx->arena, cap, sizeof *items);
        if (items == NULL)
            return false;
        if (parent->len != 0)
            memcpy(items, parent->items, parent->len * sizeof *items);
        *ret = (struct walk_path){items, parent->len + 1, cap};
    }
    ret->items[parent->len] = key;
    return true;
}

static int emit(struct walk *w, const struct walk_path *path, struct value v)
{
    struct value result = v;
    if (w->with_paths) {
        struct value *pair = arena_array(w->ctx->arena, 2, sizeof *pair);
        if (pair == NULL)
            return bi_nomem(w->ctx);
        pair[0] = value_array(path->items, path->len);
        pair[1] = v;
        result = value_array(pair, 2);
    }
    return array_push(&w->results, result) ? BI_OK : bi_nomem(w->ctx);
}

static int walk_value(struct walk *w, struct walk_path *path, struct value v);

static int walk_child(struct walk *w, struct walk_path *path, struct value key, struct value v)
{
    struct walk_path below = {0};
    if (w->with_paths && !extend_path(w, path, key, &below))
        return bi_nomem(w->ctx);
    return walk_value(w, &below, v);
}

static int walk_value(struct walk *w, struct walk_path *path, struct value v)
{
    int status = bi_charge(w->ctx, w->with_paths ? 4 + path->len / 2 : 1);
    if (status == BI_OK)
        status = emit(w, path, v);
    if (status != BI_OK)
        return status;
    if (v.kind == VALUE_ARRAY) {
        for (uint32_t i = 0; status == BI_OK && i < v.len; i++)
            status = walk_child(w, path, value_int(i), v.items[i]);
    } else if (v.kind == VALUE_OBJECT) {
        const struct member *members = object_members(v.object);
        for (uint32_t i = 0; status == BI_OK && i < v.object->count; i++)
            status = walk_child(w, path, members[i].key, members[i].value);
    } else if (v.kind == VALUE_SET) {
        const struct value *items = set_items(v.set);
        for (uint32_t i = 0; status == BI_OK && i < v.set->count; i++)
            status = walk_child(w, path, items[i], items[i]);
    }
    return status;
}

static int walk_from(struct bi_ctx *ctx, struct value v, bool with_paths, struct value *ret)
{
    struct walk w = {.ctx = ctx, .with_paths = with_paths};
    array_init(&w.results, ctx->arena);
    struct walk_path root = {0};
    int status = walk_value(&w, &root, v);
    if (status == BI_OK)
        *ret = array_value(&w.results);
    return status;
}

int bif_walk(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return walk_from(ctx, argv[0], true, ret);
}

int bif_walk_values(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return walk_from(ctx, argv[0], false, ret);
}
