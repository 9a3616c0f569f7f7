/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiled things that builtins keep between calls and evaluations: regular expressions, globs, time zones.
 *
 * A list per vm, the one used last in front, bounded in number and bytes; the ones at its end are dropped, never the one that
 * was just asked for. Lists are short enough to be walked.
 * What an evaluation pays does not depend on the ones before it: the first use of a thing in an evaluation costs what making
 * it cost. What is dropped is decided by the order of use alone, so that it is the same too.
 */
#include "vm/vm_priv.h"

#define CACHED_MOST 128u
#define CACHED_BYTES ((size_t)32 << 20)

struct cached {
    struct cached *next;
    const struct bi_class *cls;
    void *thing;
    size_t bytes;  /* of the thing, the key and this */
    uint64_t cost; /* fuel that making it took */
    uint64_t paid; /* evaluation that paid last */
    size_t key_len;
    uint32_t head; /* first bytes of the key, to tell most keys apart */
    char key[];
};

static uint32_t key_head(struct str key)
{
    uint32_t head = 0;
    if (key.len != 0)
        memcpy(&head, key.p, key.len < 4 ? key.len : 4);
    return head ^ (uint32_t)key.len * 0x9E3779B1u;
}

static void drop(struct vm *vm, struct cached *c)
{
    vm->cached_bytes -= c->bytes;
    c->cls->drop(c->thing, &vm->alloc);
    alloc_release(&vm->alloc, c, sizeof *c + c->key_len);
}

/* Keeps the first of the list, and what fits after it. */
static void trim(struct vm *vm)
{
    size_t count = 0, bytes = 0;
    struct cached **at = &vm->cached;
    while (*at != NULL) {
        count++;
        bytes += (*at)->bytes;
        if (count > 1 && (count > CACHED_MOST || bytes > CACHED_BYTES))
            break;
        at = &(*at)->next;
    }
    struct cached *c = *at;
    *at = NULL;
    while (c != NULL) {
        struct cached *next = c->next;
        drop(vm, c);
        c = next;
    }
}

static struct cached *find(struct vm *vm, const struct bi_class *cls, struct str key)
{
    uint32_t head = key_head(key);
    for (struct cached **at = &vm->cached; *at != NULL; at = &(*at)->next) {
        struct cached *c = *at;
        if (c->cls == cls && c->head == head && c->key_len == key.len && (key.len == 0 || memcmp(c->key, key.p, key.len) == 0)) {
            *at = c->next;
            c->next = vm->cached;
            vm->cached = c;
            return c;
        }
    }
    return NULL;
}

int bi_cached(struct bi_ctx *ctx, const struct bi_class *cls, struct str key, void **ret)
{
    struct vm *vm = ctx->vm;
    struct cached *c = find(vm, cls, key);
    if (c != NULL) {
        *ret = c->thing;
        uint64_t cost = c->paid != vm->evaluation ? c->cost : 0;
        c->paid = vm->evaluation;
        return bi_charge(ctx, cost);
    }
    void *thing = NULL;
    size_t bytes = 0, size;
    uint64_t fuel = *ctx->fuel;
    int status = cls->make(ctx, key, &vm->alloc, &thing, &bytes);
    if (status != BI_OK)
        return status;
    c = size_add(sizeof *c, key.len, &size) ? alloc_get(&vm->alloc, size) : NULL;
    if (c == NULL) {
        cls->drop(thing, &vm->alloc);
        return bi_halt(ctx, ERR_NOMEM, "%s: out of memory", ctx->def->name);
    }
    *c = (struct cached){vm->cached, cls, thing, size + bytes, fuel - *ctx->fuel, vm->evaluation, key.len, key_head(key)};
    if (key.len != 0)
        memcpy(c->key, key.p, key.len);
    vm->cached = c;
    vm->cached_bytes += c->bytes;
    trim(vm);
    *ret = thing;
    return BI_OK;
}

void bi_cache_drop(struct vm *vm)
{
    while (vm->cached != NULL) {
        struct cached *next = vm->cached->next;
        drop(vm, vm->cached);
        vm->cached = next;
    }
}
