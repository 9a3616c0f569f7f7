/* SPDX-License-Identifier: Apache-2.0
 *
 * How deep values nest: functions over values recurse, so that nothing may build one that nests without end.
 *
 * Each instruction or builtin that puts values into a new collection adds a level at most (PUT_DEEP and with more, which they
 * say). As long as an evaluation has added few levels, nothing can be much deeper than what it began with, and nothing is
 * measured. After that every new collection is: the depth of its parts is looked up, or found by walking them once.
 * What was measured is known by its place in memory, which stays the same for one evaluation; so the fuel that this takes does
 * not depend on addresses.
 */
#include "vm/interp_value.h"

enum nest_status { NEST_OK, NEST_TOO_DEEP, NEST_NO_FUEL, NEST_NOMEM };

struct nest_entry {
    const void *place; /* NULL: free */
    uint32_t len, depth;
};

struct measuring {
    struct nest *known;
    struct arena *arena;
    uint64_t fuel; /* left */
};

/* ---- what is known ---- */

static uint32_t find_slot(const struct nest *n, const void *place, uint32_t len)
{
    uint32_t at = (uint32_t)hash_word((uint64_t)(uintptr_t)place, len) & n->mask;
    while (n->entries[at].place != NULL && (n->entries[at].place != place || n->entries[at].len != len))
        at = (at + 1) & n->mask;
    return at;
}

static bool grow(struct measuring *m)
{
    struct nest *n = m->known;
    struct nest to = {.mask = n->entries == NULL ? 63 : n->mask * 2 + 1, .used = n->used, .levels = n->levels};
    to.entries = arena_zeroed(m->arena, (size_t)to.mask + 1, sizeof *to.entries);
    if (to.entries == NULL)
        return false;
    for (uint32_t i = 0; n->entries != NULL && i <= n->mask; i++) {
        if (n->entries[i].place != NULL)
            to.entries[find_slot(&to, n->entries[i].place, n->entries[i].len)] = n->entries[i];
    }
    *n = to;
    return true;
}

static enum nest_status remember(struct measuring *m, const struct value *v, uint32_t depth)
{
    struct nest *n = m->known;
    if ((n->entries == NULL || n->used > n->mask / 2) && !grow(m))
        return NEST_NOMEM;
    uint32_t at = find_slot(n, v->ptr, v->len);
    n->used += n->entries[at].place == NULL;
    n->entries[at] = (struct nest_entry){v->ptr, v->len, depth};
    return NEST_OK;
}

static const struct nest_entry *recall(const struct nest *n, const struct value *v)
{
    const struct nest_entry *known = n->entries != NULL ? &n->entries[find_slot(n, v->ptr, v->len)] : NULL;
    return known != NULL && known->place != NULL ? known : NULL;
}

/* ---- measuring ---- */

/* *ret: levels of the collection v, when they are no more than most. */
static enum nest_status measure(struct measuring *m, const struct value *v, uint32_t most, uint32_t *ret)
{
    const struct nest_entry *known = recall(m->known, v);
    if (known != NULL) {
        *ret = known->depth;
        return known->depth <= most ? NEST_OK : NEST_TOO_DEEP;
    }
    if (most == 0)
        return NEST_TOO_DEEP;
    const struct value *items = v->kind == VALUE_ARRAY    ? v->items
                                : v->kind == VALUE_OBJECT ? (const struct value *)(const void *)v->object->members
                                                          : v->set->items;
    size_t count = value_count(*v) * (v->kind == VALUE_OBJECT ? 2 : 1);
    uint32_t deepest = 0, depth;
    if (m->fuel < 1 + count / 8)
        return NEST_NO_FUEL;
    m->fuel -= 1 + count / 8;
    for (size_t i = 0; i < count; i++) {
        enum nest_status status = items[i].kind >= VALUE_ARRAY ? measure(m, &items[i], most - 1, &depth) : NEST_OK;
        if (status != NEST_OK)
            return status;
        if (items[i].kind >= VALUE_ARRAY && depth > deepest)
            deepest = depth;
    }
    *ret = deepest + 1;
    return (deepest == 0 && count <= 8) || count == 0 ? NEST_OK : remember(m, v, *ret);
}

bool nest_check(struct vm *vm, const struct value *v)
{
    struct measuring m = {&vm->nest, &vm->arena, vm->fuel > 0 ? (uint64_t)vm->fuel : 0};
    uint32_t depth;
    enum nest_status status = v->kind >= VALUE_ARRAY ? measure(&m, v, (uint32_t)vm->options.limits.json_depth, &depth) : NEST_OK;
    vm->fuel = status == NEST_NO_FUEL ? -1 : (int64_t)m.fuel;
    if (status == NEST_TOO_DEEP)
        (void)vm_stop(vm, ERR_LIMIT_DEPTH, "values nest too deep (limit 'json_depth')"); /* always ACTION_STOP */
    else if (status == NEST_NOMEM)
        (void)vm_stop_nomem(vm); /* always ACTION_STOP */
    return status == NEST_OK || (status == NEST_NO_FUEL && vm_poll(vm));
}

int bi_nest(struct bi_ctx *ctx, struct value v, size_t levels)
{
    struct measuring m = {&ctx->vm->nest, ctx->arena, *ctx->fuel};
    uint64_t most = ctx->limits->json_depth;
    uint32_t depth;
    enum nest_status status = NEST_OK;
    if (levels > most)
        status = NEST_TOO_DEEP;
    else if (v.kind >= VALUE_ARRAY)
        status = measure(&m, &v, (uint32_t)(most - levels), &depth);
    *ctx->fuel = m.fuel;
    switch (status) {
    case NEST_OK:
        return BI_OK;
    case NEST_NO_FUEL:
        return bi_charge(ctx, m.fuel + 1);
    case NEST_NOMEM:
        return bi_nomem(ctx);
    default:
        return bi_halt(ctx, ERR_LIMIT_DEPTH, "%s: values nest too deep (limit 'json_depth')", ctx->def->name);
    }
}
