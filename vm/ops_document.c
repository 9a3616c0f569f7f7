/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents: the values of rules below a node of the rule tree, merged with base documents.
 *
 * An instruction here first sees to it that every rule it needs is in the frame's memo: it calls the first one that is not
 * with HOW_RETRY and runs again when that has returned, going on at the node noted in struct call. Then it builds the document
 * without calling anything. Base documents win over rules, objects merge deeply. The tree is as deep as the verifier allows,
 * which bounds the recursion in build_node.
 */
#include "vm/interp_value.h"

#include "vm/number.h"

#define HIDDEN STR("system") /* data.system is no part of data */

/* ---- base documents ---- */

/* A whole number as data's paths spell it, with no sign and no leading zeros. */
static bool parse_index(struct str s, int64_t *ret)
{
    if (s.len == 0 || s.len > 18 || (s.p[0] == '0' && s.len > 1))
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        n = n * 10 + (s.p[i] - '0');
    }
    *ret = n;
    return true;
}

/* A step into what the host gave as data: paths are texts there, so that 2 and "2" are the same. */
static const struct value *step_text(struct vm *vm, const struct value *v, const struct value *key)
{
    int64_t i;
    char tmp[NUMBER_INT_TEXT];
    const struct value *found = step_slow(v, key, &vm->no_hint);
    if (found != NULL)
        return found;
    if (v->kind == VALUE_OBJECT && key->kind == VALUE_NUMBER)
        return object_find_str(v->object, number_text(*key, tmp));
    if (v->kind == VALUE_ARRAY && key->kind == VALUE_STRING && parse_index(value_text(*key), &i) && i < v->len)
        return &v->items[i];
    return NULL;
}

const struct value *document_step(struct vm *vm, const struct value *v, const struct value *key)
{
    return vm->frame->overrides == NULL ? step_text(vm, v, key) : NULL; /* what a with gives is no base document */
}

static struct value find_data(struct vm *vm, const struct value *keys, uint32_t count)
{
    const struct value *v = &vm->data;
    for (uint32_t i = 0; i < count && v != NULL; i++)
        v = step_text(vm, v, &keys[i]);
    return v != NULL ? *v : value_undefined();
}

static struct value find_overlay(struct vm *vm, const struct value *keys, uint32_t count)
{
    const struct value *v = &vm->frame->overlay;
    for (uint32_t i = 0; i < count && v != NULL; i++)
        v = step_slow(v, &keys[i], &vm->no_hint);
    return v != NULL ? *v : value_undefined();
}

/* Is there a with on data at or above the place of keys? */
static bool is_replaced(struct vm *vm, const struct value *keys, uint32_t count)
{
    const struct program_tables *t = &vm->program->t;
    for (const struct override *o = vm->frame->overrides; o != NULL; o = o->next) {
        const struct path *path = &t->paths[o->path];
        uint32_t i = 0;
        vm->fuel--;
        while (i < path->count && i < count && value_equal(t->constants[t->path_keys[path->first + i]], keys[i]))
            i++;
        if (i == path->count)
            return true;
    }
    return false;
}

/* All of data, without what is hidden. */
static bool visible_data(struct vm *vm, struct value *ret)
{
    *ret = vm->data;
    if (ret->kind != VALUE_OBJECT || object_find_str(ret->object, HIDDEN) == NULL)
        return true;
    struct object *from = ret->object, *o = object_new(&vm->arena, from->count);
    bool ok = o != NULL;
    for (uint32_t i = 0; ok && i < from->count; i++) {
        const struct member *m = &from->members[i];
        if (m->key.kind != VALUE_STRING || !str_equal(value_text(m->key), HIDDEN))
            ok = object_put(&vm->arena, o, m->key, m->value) >= 0;
    }
    if (!ok)
        (void)vm_stop_nomem(vm); /* always ACTION_STOP */
    else
        *ret = value_object(o);
    return ok && vm_charge(vm, from->count);
}

/* *ret: left and right merged, right winning. */
static bool merge(struct vm *vm, struct value left, struct value right, struct value *ret)
{
    if (left.kind == VALUE_OBJECT && right.kind == VALUE_OBJECT &&
        !vm_charge(vm, (uint64_t)left.object->count + right.object->count))
        return false;
    *ret = value_merge(&vm->arena, left, right);
    if (ret->kind == VALUE_UNDEFINED)
        (void)vm_stop_nomem(vm); /* always ACTION_STOP */
    return ret->kind != VALUE_UNDEFINED;
}

bool document_base(struct vm *vm, const struct value *keys, uint32_t count, struct value *ret)
{
    struct value over = vm->frame->overlay.kind == VALUE_UNDEFINED ? value_undefined() : find_overlay(vm, keys, count);
    if (vm->frame->overrides != NULL && is_replaced(vm, keys, count)) {
        *ret = over;
        return true;
    }
    struct value real;
    if (count != 0)
        real = find_data(vm, keys, count);
    else if (!visible_data(vm, &real))
        return false;
    if (over.kind == VALUE_UNDEFINED || real.kind == VALUE_UNDEFINED) {
        *ret = over.kind == VALUE_UNDEFINED ? real : over;
        return true;
    }
    return merge(vm, real, over, ret);
}

static int give(struct vm *vm, const struct value *v)
{
    if (v->kind == VALUE_UNDEFINED)
        return ACTION_FAIL;
    vm->scratch = *v;
    return ACTION_VALUE;
}

int document_path(struct vm *vm, uint32_t row)
{
    const struct program_tables *t = &vm->program->t;
    const struct path *path = &t->paths[row];
    struct value v, *keys = arena_array(&vm->arena, path->count, sizeof *keys);
    if (keys == NULL)
        return vm_stop_nomem(vm);
    for (uint32_t i = 0; i < path->count; i++)
        keys[i] = t->constants[t->path_keys[path->first + i]];
    return document_base(vm, keys, path->count, &v) ? give(vm, &v) : ACTION_STOP;
}

/* The keys from the root to node, then count more. NULL: the evaluation stops. */
static struct value *node_keys(struct vm *vm, uint32_t node, const struct value *more, uint32_t count, uint32_t *ret_count)
{
    const struct program_tables *t = &vm->program->t;
    uint32_t depth = 0;
    for (uint32_t n = node; n != 0; n = t->nodes[n].parent)
        depth++;
    struct value *keys = arena_array(&vm->arena, (size_t)depth + count, sizeof *keys);
    if (keys == NULL) {
        (void)vm_stop_nomem(vm); /* always ACTION_STOP */
        return NULL;
    }
    *ret_count = depth + count;
    for (uint32_t n = node; n != 0; n = t->nodes[n].parent)
        keys[--depth] = t->constants[t->nodes[n].key];
    for (uint32_t i = 0; i < count; i++)
        keys[*ret_count - count + i] = more[i];
    return keys;
}

bool document_base_at(struct vm *vm, uint32_t node, struct value *ret)
{
    uint32_t count;
    const struct value *keys = node_keys(vm, node, NULL, 0, &count);
    return keys != NULL && document_base(vm, keys, count, ret);
}

/* ---- rules ---- */

static const struct function *node_function(const struct vm *vm, uint32_t node)
{
    uint32_t f = vm->program->t.nodes[node].function;
    return f != NONE ? &vm->program->t.functions[f] : NULL;
}

static bool is_overridden(struct vm *vm, uint32_t node)
{
    return vm->frame->overrides != NULL && call_is_overridden(vm, node);
}

static bool is_hidden(const struct vm *vm, uint32_t node)
{
    const struct program_tables *t = &vm->program->t;
    return t->nodes[node].parent == 0 && value_equal(t->constants[t->nodes[node].key], value_str(HIDDEN));
}

/* ACTION_NEXT when every rule at and below node is in the memo. */
static int need_rules(struct vm *vm, uint32_t node)
{
    const struct program_tables *t = &vm->program->t;
    struct call *call = &vm->calls[vm->top];
    uint32_t end = vm->program->node_end[node];
    for (uint32_t n = call->resume > node ? call->resume : node; n < end; n++) {
        if (!vm_charge(vm, 1))
            return ACTION_STOP;
        const struct function *fn = node_function(vm, n);
        if (node == 0 && n != 0 && is_hidden(vm, n)) {
            n = vm->program->node_end[n] - 1;
            continue;
        }
        if (fn == NULL || fn->kind == FUNCTION_CALL || is_overridden(vm, n))
            continue;
        uint32_t here = n;
        if (fn->kind == FUNCTION_DEEP)
            n = vm->program->node_end[n] - 1; /* it has what is below it as its parts */
        if (memo_get(vm, vm->frame, t->nodes[here].function).kind != VALUE_UNDEFINED)
            continue;
        call->resume = here;
        vm->target = t->nodes[here].function;
        vm->target_frame = vm->frame;
        vm->target_args = vm->pair;
        vm->target_kept = 0;
        vm->how = HOW_RETRY;
        return ACTION_ENTER;
    }
    call->resume = 0;
    return ACTION_NEXT;
}

static bool build_node(struct vm *vm, uint32_t node, struct value *ret);

/* *ret: an object with what is defined below node. */
static bool build_children(struct vm *vm, uint32_t node, struct value *ret)
{
    const struct program *p = vm->program;
    uint32_t first = p->child_first[node], end = p->child_first[node + 1];
    struct object *o = object_new(&vm->arena, end - first);
    for (uint32_t i = first; o != NULL && i < end; i++) {
        struct value v;
        uint32_t child = p->children[i];
        if ((node == 0 && is_hidden(vm, child)) || p->t.nodes[child].has_documents == 0)
            continue;
        if (!build_node(vm, child, &v))
            return false;
        if (v.kind != VALUE_UNDEFINED && object_put(&vm->arena, o, p->t.constants[p->t.nodes[child].key], v) < 0)
            o = NULL;
    }
    if (o == NULL) {
        (void)vm_stop_nomem(vm); /* always ACTION_STOP */
        return false;
    }
    *ret = value_object(o);
    return true;
}

/* *ret: what rules give at and below node; undefined when a rule is. */
static bool build_node(struct vm *vm, uint32_t node, struct value *ret)
{
    const struct program *p = vm->program;
    const struct function *fn = node_function(vm, node);
    if (fn == NULL)
        return build_children(vm, node, ret);
    *ret = value_undefined();
    if (fn->kind == FUNCTION_CALL)
        return true;
    if (is_overridden(vm, node))
        return document_base_at(vm, node, ret);
    *ret = memo_get(vm, vm->frame, p->t.nodes[node].function);
    if (ret->kind == KIND_UNDEFINED_MEMO)
        *ret = value_undefined();
    if (fn->kind == FUNCTION_DEEP || p->child_first[node] == p->child_first[node + 1] ||
        (ret->kind != VALUE_OBJECT && ret->kind != VALUE_UNDEFINED))
        return true;
    struct value below;
    if (!build_children(vm, node, &below))
        return false;
    if (below.object->count == 0)
        return true;
    if (ret->kind == VALUE_OBJECT)
        return merge(vm, below, *ret, ret);
    *ret = below;
    return true;
}

/* ---- the instructions ---- */

int document_at(struct vm *vm, uint32_t node)
{
    struct value virtual, base, v;
    uint32_t slot = (uint32_t)vm->program->t.functions_count + node;
    v = memo_get(vm, vm->frame, slot);
    if (v.kind != VALUE_UNDEFINED)
        return v.kind == KIND_UNDEFINED_MEMO ? ACTION_FAIL : give(vm, &v);
    if (is_overridden(vm, node))
        return document_base_at(vm, node, &v) ? give(vm, &v) : ACTION_STOP;
    int action = need_rules(vm, node);
    if (action != ACTION_NEXT)
        return action;
    if (!build_node(vm, node, &virtual) || !document_base_at(vm, node, &base))
        return ACTION_STOP;
    v = virtual.kind == VALUE_UNDEFINED ? base : virtual;
    if (virtual.kind != VALUE_UNDEFINED && base.kind != VALUE_UNDEFINED && !merge(vm, virtual, base, &v))
        return ACTION_STOP;
    return nest_made(vm, &v, vm->program->tree_depth) && memo_put(vm, vm->frame, slot, v) ? give(vm, &v) : ACTION_STOP;
}

uint32_t document_child(const struct program *p, uint32_t node, const struct value *key)
{
    if (key->kind > VALUE_STRING)
        return NONE;
    uint32_t low = p->child_first[node], high = p->child_first[node + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, child = p->children[middle];
        int order = value_compare(p->t.constants[p->t.nodes[child].key], *key);
        if (order == 0)
            return child;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NONE;
}

/* What rules give at node, at keys. */
static int rule_at(struct vm *vm, uint32_t node, const struct value *keys, uint32_t count)
{
    struct value v;
    int action = need_rules(vm, node);
    if (action != ACTION_NEXT)
        return action;
    if (!build_node(vm, node, &v) || !nest_made(vm, &v, vm->program->tree_depth))
        return ACTION_STOP;
    const struct value *at = &v;
    for (uint32_t i = 0; i < count && at != NULL; i++) {
        if (vm_is_weighty(&keys[i]) && !vm_weigh(vm, keys[i]))
            return ACTION_STOP;
        at = step_slow(at, &keys[i], &vm->no_hint);
    }
    return at != NULL ? give(vm, at) : ACTION_FAIL;
}

int document_get(struct vm *vm, uint32_t node, const struct value *keys, uint32_t count)
{
    uint32_t at = node;
    for (uint32_t i = 0; at != NONE && !is_overridden(vm, at); i++) {
        const struct function *fn = node_function(vm, at);
        if (fn != NULL && fn->keyed != NONE && i + 1 == count)
            return call_key(vm, vm->program->t.nodes[at].function, &keys[i]);
        if (fn != NULL)
            return rule_at(vm, at, keys + i, count - i);
        if (vm->program->t.nodes[at].has_documents == 0)
            break; /* a function is no document */
        if (i == count)
            return document_at(vm, at);
        at = document_child(vm->program, at, &keys[i]);
    }
    struct value v;
    uint32_t path_count;
    for (uint32_t i = 0; i < count; i++) {
        if (vm_is_weighty(&keys[i]) && !vm_weigh(vm, keys[i]))
            return ACTION_STOP;
    }
    const struct value *path = node_keys(vm, node, keys, count, &path_count);
    return path != NULL && document_base(vm, path, path_count, &v) ? give(vm, &v) : ACTION_STOP;
}

/* Appends the keys of v. */
static bool push_keys(struct array_builder *b, struct value v)
{
    bool ok = true;
    if (v.kind == VALUE_ARRAY) {
        for (uint32_t i = 0; ok && i < v.len; i++)
            ok = array_push(b, value_int(i));
    } else if (v.kind == VALUE_OBJECT) {
        const struct member *m = object_members(v.object);
        for (uint32_t i = 0; ok && i < v.object->count; i++)
            ok = array_push(b, m[i].key);
    } else if (v.kind == VALUE_SET) {
        const struct value *items = set_items(v.set);
        for (uint32_t i = 0; ok && i < v.set->count; i++)
            ok = array_push(b, items[i]);
    }
    return ok;
}

/* The keys of a value, as an array. */
static int give_keys(struct vm *vm, struct value v)
{
    struct array_builder b;
    array_init(&b, &vm->arena);
    if (!vm_charge(vm, 2 * value_count(v)))
        return ACTION_STOP;
    if (!push_keys(&b, v))
        return vm_stop_nomem(vm);
    if (b.len == 0)
        return ACTION_FAIL;
    vm->scratch = array_value(&b);
    return ACTION_VALUE;
}

/* The keys below a node: those of its base documents, then those of its children that they do not have. */
static int node_document_keys(struct vm *vm, uint32_t node)
{
    const struct program *p = vm->program;
    bool replaced = is_overridden(vm, node);
    const struct function *fn = replaced ? NULL : node_function(vm, node);
    struct value base;
    if (fn != NULL) {
        int action = rule_at(vm, node, NULL, 0);
        if (action != ACTION_VALUE)
            return action;
        return give_keys(vm, vm->scratch);
    } else if (!document_base_at(vm, node, &base)) {
        return ACTION_STOP;
    }
    struct array_builder b;
    array_init(&b, &vm->arena);
    if (!vm_charge(vm, 2 * value_count(base)))
        return ACTION_STOP;
    bool ok = push_keys(&b, base);
    for (uint32_t i = p->child_first[node]; ok && fn == NULL && !replaced && i < p->child_first[node + 1]; i++) {
        const struct value *key = &p->t.constants[p->t.nodes[p->children[i]].key];
        const struct function *below = node_function(vm, p->children[i]);
        bool known = base.kind >= VALUE_ARRAY && step_slow(&base, key, &vm->no_hint) != NULL;
        if (!known && p->t.nodes[p->children[i]].has_documents != 0 && (below == NULL || below->kind != FUNCTION_CALL))
            ok = vm_charge(vm, 1) && array_push(&b, *key);
    }
    if (!ok)
        return vm_stop_nomem(vm);
    if (b.len == 0)
        return ACTION_FAIL;
    vm->scratch = array_value(&b);
    return ACTION_VALUE;
}

int document_keys(struct vm *vm, uint32_t node, const struct value *keys, uint32_t count)
{
    uint32_t at = node;
    for (uint32_t i = 0; i < count && at != NONE; i++)
        at = is_overridden(vm, at) || node_function(vm, at) != NULL ? NONE : document_child(vm->program, at, &keys[i]);
    if (at != NONE)
        return node_document_keys(vm, at);
    int action = document_get(vm, node, keys, count);
    return action == ACTION_VALUE ? give_keys(vm, vm->scratch) : action;
}
