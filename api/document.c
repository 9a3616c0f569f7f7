/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents: parsed, frozen, shared; updated by path into a new document that shares what did not change.
 *
 * An updated document keeps the one it came from alive, since most of its values live there. So that a document that is updated
 * for years does not keep all it ever was, every GENERATIONS_MOST-th update is a whole copy and keeps nothing alive.
 */
#include <quis/document.h>

#include "api/api.h"
#include "vm/json.h"

#define GENERATIONS_MOST 64

static struct quis_document *new_document(struct quis_engine *engine, size_t first_chunk)
{
    struct quis_document *d = alloc_get(&engine->alloc, sizeof *d);
    if (d == NULL)
        return NULL;
    *d = (struct quis_document){.engine = quis_engine_ref(engine)};
    atomic_init(&d->refs, 1);
    arena_init(&d->arena, &engine->alloc, SIZE_MAX, first_chunk);
    d->arena.most_digits = engine->limits.bignum_digits;
    return d;
}

static int out_of_memory(struct quis_document *d, struct quis_error *error)
{
    quis_document_unref(d);
    return api_fail(error, ERR_NOMEM, "out of memory");
}

int quis_document_parse(struct quis_engine *engine, const char *json, size_t size, struct quis_document **ret,
                        struct quis_error *error)
{
    struct err e = {0};
    struct json_options o = {.max_depth = (uint32_t)engine->limits.json_depth};
    struct quis_document *d = new_document(engine, size < 65536 ? 4096 : 0);
    if (d == NULL)
        return out_of_memory(d, error);
    if (json_parse(&d->arena, str_of(json, size), &o, &d->value, &e) != 0) {
        quis_document_unref(d);
        return api_error(error, &e);
    }
    if (value_freeze(&d->arena, d->value) != 0)
        return out_of_memory(d, error);
    *ret = d;
    return 0;
}

/* ---- update ---- */

/* The next step of a JSON pointer, unescaped; false at its end. */
static bool next_step(struct arena *a, const char **path, struct str *ret)
{
    const char *p = *path;
    if (*p != '/')
        return false;
    struct buf b;
    buf_init(&b, a);
    for (p++; *p != '\0' && *p != '/'; p++) {
        bool escape = p[0] == '~' && (p[1] == '0' || p[1] == '1');
        buf_char(&b, escape ? (p[1] == '0' ? '~' : '/') : *p);
        p += escape;
    }
    *path = p;
    *ret = buf_view(&b);
    return !b.failed;
}

/* A copy of o with room for one more member, without the member key. NULL: out of memory. */
static struct object *copy_without(struct arena *a, struct object *o, struct value key)
{
    size_t count = o != NULL ? o->count : 0;
    struct object *copy = object_new(a, count + 1);
    const struct member *m = o != NULL ? object_members(o) : NULL;
    for (size_t i = 0; i < count && copy != NULL; i++)
        if (!value_equal(m[i].key, key) && object_put(a, copy, m[i].key, m[i].value) < 0)
            copy = NULL;
    return copy;
}

static uint64_t count_steps(const char *path)
{
    uint64_t n = 0;
    for (; *path != '\0'; path++)
        n += *path == '/';
    return n;
}

/* at with new_value (undefined: removed) at path; undefined kind on failure. */
static struct value updated(struct arena *a, struct value at, const char *path, struct value new_value)
{
    struct str step;
    if (*path == '\0')
        return new_value;
    if (!next_step(a, &path, &step))
        return value_undefined();
    struct value key = value_str(step);
    struct object *old = at.kind == VALUE_OBJECT ? at.object : NULL;
    const struct value *child = old != NULL ? object_find(old, key) : NULL;
    bool remove = new_value.kind == VALUE_UNDEFINED;
    if (remove && child == NULL)
        return at;
    struct object *copy = copy_without(a, old, key);
    if (copy == NULL)
        return value_undefined();
    if (!(remove && *path == '\0')) {
        struct value below = updated(a, child != NULL ? *child : value_undefined(), path, new_value);
        if (below.kind == VALUE_UNDEFINED || object_put(a, copy, key, below) < 0)
            return value_undefined();
    }
    return value_object(copy);
}

int quis_document_update(struct quis_document *from, const char *path, const char *json, size_t size, struct quis_document **ret,
                         struct quis_error *error)
{
    struct err e = {0};
    struct json_options o = {.max_depth = (uint32_t)from->engine->limits.json_depth};
    struct value new_value = value_undefined();
    if (*path != '\0' && *path != '/')
        return api_fail(error, ERR_MISUSE, "a path is empty or begins with a slash");
    if (count_steps(path) > from->engine->limits.json_depth)
        return api_fail(error, ERR_LIMIT_DEPTH, "the path has more steps than the limit 'json_depth'");
    struct quis_document *d = new_document(from->engine, 1024);
    if (d == NULL)
        return out_of_memory(d, error);
    if (json != NULL && json_parse(&d->arena, str_of(json, size), &o, &new_value, &e) != 0) {
        quis_document_unref(d);
        return api_error(error, &e);
    }
    if (json == NULL && *path == '\0') {
        struct object *empty = object_new(&d->arena, 0);
        if (empty == NULL)
            return out_of_memory(d, error);
        new_value = value_object(empty);
    }
    bool is_whole = from->generation >= GENERATIONS_MOST;
    d->value = updated(&d->arena, from->value, path, new_value);
    if (is_whole && d->value.kind != VALUE_UNDEFINED)
        d->value = value_copy(&d->arena, d->value);
    if (d->value.kind == VALUE_UNDEFINED || value_freeze(&d->arena, d->value) != 0)
        return out_of_memory(d, error);
    if (!is_whole) {
        d->shared = quis_document_ref(from);
        d->generation = from->generation + 1;
    }
    *ret = d;
    return 0;
}

const struct quis_value *quis_document_value(const struct quis_document *document)
{
    return (const struct quis_value *)&document->value;
}

struct quis_document *quis_document_ref(struct quis_document *document)
{
    if (document != NULL)
        (void)atomic_fetch_add_explicit(&document->refs, 1, memory_order_relaxed); /* the old count does not matter */
    return document;
}

void quis_document_unref(struct quis_document *document)
{
    while (document != NULL && atomic_fetch_sub_explicit(&document->refs, 1, memory_order_acq_rel) == 1) {
        struct quis_engine *engine = document->engine;
        struct quis_document *shared = document->shared;
        arena_fini(&document->arena);
        alloc_release(&engine->alloc, document, sizeof *document);
        quis_engine_unref(engine);
        document = shared;
    }
}
