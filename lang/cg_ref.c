/* SPDX-License-Identifier: Apache-2.0
 *
 * References: constant paths in one instruction, rules by call, unbound keys by loop.
 *
 * References into data follow the rule tree as far as their keys are constants: what they meet there (a rule, a package, only
 * base documents) decides the instruction. Keys that are bound but not constant are looked up when running.
 */
#include "lang/cg.h"

/* ---- reaching rules ---- */

static void enqueue(struct cg *g, struct cg_group *group)
{
    if (!group->pending_full && !group->pending_keyed) {
        group->next_pending = g->pending;
        g->pending = group;
    }
}

static uint32_t new_function(struct cg *g)
{
    uint32_t row = TABLE_PUSH(g->b, functions, ((struct function){.keyed = NONE}));
    if (row == NONE)
        cg_fail(g);
    return row;
}

uint32_t cg_need(struct cg *g, struct cg_group *group)
{
    if (group->function == NONE) {
        group->function = new_function(g);
        enqueue(g, group);
        group->pending_full = true;
    }
    return group->function;
}

uint32_t cg_need_keyed(struct cg *g, struct cg_group *group)
{
    uint32_t full = cg_need(g, group);
    if (group->keyed == NONE) {
        group->keyed = new_function(g);
        enqueue(g, group);
        group->pending_keyed = true;
    }
    return full;
}

void cg_need_below(struct cg *g, struct rule_node *node)
{
    struct cg_group *group = node->info;
    if (group->kind != FUNCTION_CALL && node->rule_count > 0)
        (void)cg_need(g, group); /* the node's row names it */
    if (node->rule_count > 0 && group->kind == FUNCTION_DEEP)
        return; /* it has what is below it as its parts */
    for (size_t i = 0; i < node->child_count && !g->failed; i++)
        cg_need_below(g, node->children[i]);
}

static struct rule_node *find_child(const struct rule_node *node, const struct term *key)
{
    size_t low = 0, high = node->child_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = term_compare(key, node->children[mid]->key);
        if (order == 0)
            return node->children[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

struct cg_group *cg_find_group(struct cg *g, const struct terms *ref, size_t *ret_used)
{
    struct rule_node *node = g->c->rule_tree;
    for (size_t i = 1; i < ref->count; i++) {
        node = term_is_ground_value(ref->items[i]) ? find_child(node, ref->items[i]) : NULL;
        if (node == NULL)
            return NULL;
        if (node->rule_count > 0) {
            *ret_used = i + 1;
            return node->info;
        }
    }
    return NULL;
}

/* ---- steps ---- */

static cg_reg dst_or_new(struct cg *g, cg_reg dst, bool last)
{
    return last && dst != NO_REG ? dst : cg_alloc(g, 1);
}

static bool is_constant_key(const struct term *t)
{
    return term_is_ground_value(t);
}

/* The run of constant keys from position i: its path; *ret_next is behind it. */
static uint32_t constant_path(struct cg *g, const struct terms *ref, size_t i, size_t *ret_next)
{
    size_t n = i;
    while (n < ref->count && is_constant_key(ref->items[n]))
        n++;
    *ret_next = n;
    uint32_t *keys = arena_array(g->arena, n - i + 1, sizeof *keys);
    if (keys == NULL) {
        cg_fail(g);
        return NONE;
    }
    for (size_t k = i; k < n; k++)
        keys[k - i] = cg_constant(g, ref->items[k]);
    return builder_path(g->b, keys, n - i);
}

static void begin_filtered(struct cg *g, cg_reg it, cg_reg base, const struct cg_where *where)
{
    size_t next;
    g->where = NULL;
    uint32_t path = constant_path(g, &where->path->list, 1, &next);
    cg_reg key = cg_term(g, where->key);
    cg_jump(g, OP_ITER_WHERE, g->any_order ? 1 : 0, it, base, key, path, g->fail);
}

/* Loops over the collection in base; binds the pattern key to its keys. The register of the values. */
static cg_reg iterate(struct cg *g, cg_reg base, const struct term *key, cg_reg dst, bool want_value)
{
    const struct cg_where *where = want_value ? g->where : NULL;
    cg_reg it = cg_alloc_iterator(g);
    bool want_key = key->kind != TERM_VAR || key->var->text[0] != '$' || g->traced;
    cg_reg key_reg = want_key ? cg_alloc(g, 1) : 0;
    cg_reg value = want_value ? (dst != NO_REG ? dst : cg_alloc(g, 1)) : 0;
    cg_label next = cg_label_new(g);
    if (where != NULL)
        begin_filtered(g, it, base, where);
    else
        cg_jump(g, OP_ITER, g->any_order ? 1 : 0, it, base, 0, 0, g->fail);
    cg_place(g, next);
    cg_jump(g, OP_NEXT, (uint8_t)((want_key ? NEXT_KEY : 0) | (want_value ? NEXT_VALUE : 0)), it, key_reg, value, 0, g->fail);
    g->fail = next;
    if (want_key)
        cg_unify_reg(g, key, key_reg);
    return value;
}

/* One step by a key that is not a constant. x: of GET. */
static cg_reg step(struct cg *g, cg_reg base, const struct term *key, uint8_t x, cg_reg dst)
{
    if (cg_is_open(g, key))
        return iterate(g, base, key, dst, true);
    cg_reg key_reg = cg_term(g, key);
    cg_reg value = dst != NO_REG ? dst : cg_alloc(g, 1);
    cg_jump(g, OP_GET, x, value, base, key_reg, 0, g->fail);
    return value;
}

/* Could a base document have the key in another spelling: 2 as "2", the index of an array as a text? */
static bool has_two_spellings(const struct term *key)
{
    if (key->kind != TERM_STRING)
        return key->kind == TERM_NUMBER;
    struct str text = value_text(key->scalar);
    return text.len > 0 && text.p[0] >= '0' && text.p[0] <= '9';
}

/* Applies ref's keys from position i on to the value in base. x: 1 when that is of base documents, where 2 and "2" are one. */
static cg_reg steps(struct cg *g, cg_reg base, const struct terms *ref, size_t i, uint8_t x, cg_reg dst)
{
    while (i < ref->count && !g->failed) {
        if (!is_constant_key(ref->items[i]) || (x != 0 && has_two_spellings(ref->items[i]))) {
            const struct cg_where *where = g->where;
            bool last = i + 1 == ref->count;
            g->where = last ? where : NULL; /* the hint is for the last step */
            base = step(g, base, ref->items[i], x, last ? dst : NO_REG);
            g->where = last ? NULL : where;
            i++;
            continue;
        }
        size_t next = i + 1;
        if (x == 0 && next < ref->count && is_constant_key(ref->items[next])) {
            uint32_t path = constant_path(g, ref, i, &next);
            cg_reg value = dst_or_new(g, dst, next == ref->count);
            cg_jump(g, OP_PATH, 0, value, base, 0, path, g->fail);
            base = value;
        } else {
            cg_reg value = dst_or_new(g, dst, next == ref->count);
            cg_jump(g, OP_GETK, 0, value, base, 0, cg_constant(g, ref->items[i]), g->fail);
            base = value;
        }
        i = next;
    }
    return base;
}

static cg_reg suffix(struct cg *g, cg_reg base, const struct terms *ref, size_t i, cg_reg dst)
{
    return steps(g, base, ref, i, 0, dst);
}

/* The known path that is the longest beginning of ref's constant steps; NULL: none. */
static const struct cg_known *find_known(const struct cg *g, enum op op, const struct terms *ref, size_t count)
{
    const struct cg_known *best = NULL;
    for (size_t k = g->known_count; k-- > 0;) {
        const struct cg_known *known = &g->known[k];
        size_t same = 1;
        if (known->op != op || known->frame != g->frame || known->count > count || (best != NULL && known->count <= best->count))
            continue;
        while (same <= known->count && term_compare(known->ref->items[same], ref->items[same]) == 0)
            same++;
        if (same > known->count)
            best = known;
    }
    return best;
}

/* A constant path of input or data and what follows it. Paths that are in registers already are not read again. */
static cg_reg from_document(struct cg *g, enum op op, const struct terms *ref, cg_reg dst)
{
    size_t next = 1;
    uint8_t x = op == OP_DATA_PATH ? 1 : 0;
    while (next < ref->count && is_constant_key(ref->items[next]))
        next++;
    const struct cg_known *known = find_known(g, op, ref, next - 1);
    cg_reg value;
    if (known != NULL && known->count == next - 1) {
        value = known->reg;
        return next == ref->count ? value : steps(g, value, ref, next, x, dst);
    }
    if (known != NULL) {
        struct terms rest = {ref->items, next, 0};
        value = steps(g, known->reg, &rest, known->count + 1, x, next == ref->count ? dst : NO_REG);
    } else {
        uint32_t path = constant_path(g, ref, 1, &next);
        value = dst_or_new(g, dst, next == ref->count);
        cg_jump(g, op, 0, value, 0, 0, path, g->fail);
    }
    cg_know(g, (struct cg_known){op, g->frame, value, ref, next - 1});
    return steps(g, value, ref, next, x, dst);
}

static cg_reg input_ref(struct cg *g, const struct terms *ref, cg_reg dst)
{
    if (ref->count == 1 || !is_constant_key(ref->items[1])) {
        cg_reg value = dst_or_new(g, dst, ref->count == 1);
        cg_jump(g, OP_INPUT, 0, value, 0, 0, 0, g->fail);
        return suffix(g, value, ref, 1, dst);
    }
    return from_document(g, OP_INPUT_PATH, ref, dst);
}

/* ---- data ---- */

/* Does a package lie depth levels below node? There base documents and rules meet, and the order of keys is theirs. */
static bool has_package_below(const struct rule_node *node, size_t depth)
{
    if (depth == 0)
        return node->rule_count == 0 && node->child_count > 0;
    for (size_t i = 0; i < node->child_count; i++)
        if (node->rule_count == 0 && has_package_below(node->children[i], depth - 1))
            return true;
    return false;
}

/* The document of node at the count keys from first; ref's keys from position n on follow. */
static cg_reg get_below(struct cg *g, struct rule_node *node, const struct terms *ref, size_t n, cg_reg first, uint32_t count,
                        cg_reg dst)
{
    cg_need_below(g, node);
    cg_reg value = dst_or_new(g, dst, n == ref->count);
    cg_trace_call_below(g, node);
    cg_jump(g, OP_DOC_GET, 0, value, first, count, node->id, g->fail);
    return suffix(g, value, ref, n, dst);
}

static cg_reg unbound_below(struct cg *g, struct rule_node *node, const struct terms *ref, size_t i, cg_reg first, uint32_t count,
                            cg_reg dst);

/* The document of node at bound keys from position i on; unbound keys after them are loops over it. */
static cg_reg dynamic_ref(struct cg *g, struct rule_node *node, const struct terms *ref, size_t i, cg_reg dst)
{
    size_t n = i;
    while (n < ref->count && !cg_is_open(g, ref->items[n]))
        n++;
    uint32_t count = (uint32_t)(n - i);
    cg_reg first = cg_alloc(g, count);
    for (size_t k = i; k < n; k++)
        cg_term_to(g, ref->items[k], first + (cg_reg)(k - i));
    if (n < ref->count && has_package_below(node, count))
        return unbound_below(g, node, ref, n, first, count, dst);
    return get_below(g, node, ref, n, first, count, dst);
}

/* Key i of ref is not known, the count keys from first lead to it from node: loops over the keys that have documents. */
static cg_reg unbound_below(struct cg *g, struct rule_node *node, const struct terms *ref, size_t i, cg_reg first, uint32_t count,
                            cg_reg dst)
{
    size_t n = i + 1;
    cg_reg keys = cg_alloc(g, 1), it = cg_alloc_iterator(g), key = cg_alloc(g, 1);
    cg_need_below(g, node);
    cg_jump(g, OP_DOC_KEYS, 0, keys, first, count, node->id, g->fail);
    cg_label next = cg_label_new(g);
    cg_jump(g, OP_ITER, 0, it, keys, 0, 0, g->fail);
    cg_place(g, next);
    cg_jump(g, OP_NEXT, NEXT_VALUE, it, 0, key, 0, g->fail);
    g->fail = next;
    cg_unify_reg(g, ref->items[i], key);
    while (n < ref->count && !cg_is_open(g, ref->items[n]))
        n++;
    uint32_t all = count + (uint32_t)(n - i);
    cg_reg run = cg_alloc(g, all);
    for (uint32_t k = 0; k < count; k++)
        cg_op1(g, OP_MOVE, 0, run + k, first + k, 0);
    cg_op1(g, OP_MOVE, 0, run + count, key, 0);
    for (size_t k = i + 1; k < n; k++)
        cg_term_to(g, ref->items[k], run + count + (cg_reg)(k - i));
    if (n < ref->count && has_package_below(node, all))
        return unbound_below(g, node, ref, n, run, all, dst);
    return get_below(g, node, ref, n, run, all, dst);
}

static cg_reg rule_ref(struct cg *g, struct rule_node *node, const struct terms *ref, size_t i, cg_reg dst)
{
    struct cg_group *group = node->info;
    bool last = i == ref->count;
    bool plain = node->child_count == 0 && group->kind != FUNCTION_DEEP;
    if ((group->kind == FUNCTION_SET || group->kind == FUNCTION_OBJECT) && plain && !last && !cg_is_open(g, ref->items[i])) {
        cg_reg key = cg_term(g, ref->items[i]);
        cg_reg value = dst_or_new(g, dst, i + 1 == ref->count);
        cg_trace_call(g, group);
        cg_jump(g, OP_RULE_KEY, 0, value, key, 0, cg_need_keyed(g, group), g->fail);
        return suffix(g, value, ref, i + 1, dst);
    }
    if (plain || group->kind == FUNCTION_COMPLETE) {
        cg_reg value = dst_or_new(g, dst, last);
        cg_trace_call(g, group);
        cg_jump(g, OP_RULE, 0, value, 0, 0, cg_need(g, group), g->fail);
        return suffix(g, value, ref, i, dst);
    }
    if (!last && !cg_is_open(g, ref->items[i]) && !g->traced && cg_is_keyed_deep(group)) {
        cg_reg key = cg_term(g, ref->items[i]);
        (void)cg_need_keyed(g, group); /* asked for through the node: rules below may ask for other keys of the same document */
        return get_below(g, node, ref, i + 1, key, 1, dst);
    }
    if (!last && !cg_is_open(g, ref->items[i]))
        return dynamic_ref(g, node, ref, i, dst);
    cg_need_below(g, node);
    cg_reg value = dst_or_new(g, dst, last);
    cg_jump(g, OP_DOC, 0, value, 0, 0, node->id, g->fail);
    return suffix(g, value, ref, i, dst);
}

static cg_reg data_ref(struct cg *g, const struct terms *ref, cg_reg dst)
{
    struct rule_node *node = g->c->rule_tree;
    size_t i = 1;
    for (; i < ref->count; i++) {
        const struct term *key = ref->items[i];
        if (cg_is_open(g, key))
            return unbound_below(g, node, ref, i, 0, 0, dst);
        if (!is_constant_key(key))
            return dynamic_ref(g, node, ref, i, dst);
        struct rule_node *child = find_child(node, key);
        if (child == NULL)
            return from_document(g, OP_DATA_PATH, ref, dst);
        node = child;
        if (node->rule_count > 0 && ((struct cg_group *)node->info)->kind != FUNCTION_CALL)
            return rule_ref(g, node, ref, i + 1, dst);
    }
    cg_need_below(g, node);
    cg_reg value = dst_or_new(g, dst, true);
    cg_jump(g, OP_DOC, 0, value, 0, 0, node->id, g->fail);
    return value;
}

cg_reg cg_ref(struct cg *g, const struct terms *ref, cg_reg dst)
{
    const struct term *head = ref->items[0];
    if (head->kind == TERM_VAR && cg_var(g, head->var) == NO_REG) {
        if (atom_is(head->var, "input"))
            return input_ref(g, ref, dst);
        if (atom_is(head->var, "data"))
            return data_ref(g, ref, dst);
    }
    cg_reg base = cg_term(g, head);
    return ref->count == 1 ? base : suffix(g, base, ref, 1, dst);
}
