/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule tree: rules by the ground prefix of their path below data. Packages without rules have a node too.
 *
 * Children are kept sorted while the tree is built. The root is data itself.
 */
#include "lang/passes.h"

/* The place of key among the children: where it is, or where it would be. */
static size_t child_place(const struct rule_node *n, const struct term *key, bool *ret_found)
{
    size_t low = 0, high = n->child_count;
    *ret_found = true;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct term *other = n->children[middle]->key;
        int order = key->kind == TERM_STRING && other->kind == TERM_STRING
                        ? str_compare(value_text(key->scalar), value_text(other->scalar))
                        : term_compare(key, other);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    *ret_found = false;
    return low;
}

struct rule_node *rule_node_child(const struct rule_node *n, const struct term *key)
{
    if (n->child_count == 0 || key->kind == TERM_REF || key->kind == TERM_CALL)
        return NULL;
    bool found;
    size_t place = child_place(n, key, &found);
    return found ? n->children[place] : NULL;
}

struct rule_node *rule_node_find(const struct rule_node *root, const struct terms *ref)
{
    if (ref->items[0]->kind != TERM_VAR || ref->items[0]->var != root->key->var)
        return NULL;
    const struct rule_node *n = root;
    for (size_t i = 1; n != NULL && i < ref->count; i++)
        n = rule_node_child(n, ref->items[i]);
    return (struct rule_node *)n;
}

static struct rule_node *add_child(struct passes *s, struct rule_node *n, struct term *key)
{
    bool found;
    size_t place = child_place(n, key, &found);
    if (found)
        return n->children[place];
    struct arena *a = &s->c->arena;
    struct rule_node *child = arena_zeroed(a, 1, sizeof *child);
    if (child == NULL || !arena_grow(a, &n->children, &n->child_cap, n->child_count + 1, sizeof(struct rule_node *)))
        return NULL;
    child->key = key;
    child->parent = n;
    memmove(n->children + place + 1, n->children + place, (n->child_count - place) * sizeof(struct rule_node *));
    n->children[place] = child;
    n->child_count++;
    return child;
}

/* The node of a package, made when it is not there. */
static struct rule_node *package_node(struct passes *s, const struct module *m)
{
    struct rule_node *n = s->c->rule_tree;
    for (size_t i = 1; n != NULL && i < m->package.count; i++)
        n = add_child(s, n, m->package.items[i]);
    return n;
}

static bool add_rule(struct passes *s, struct rule_node *package, struct rule *r)
{
    struct arena *a = &s->c->arena;
    const struct terms *ref = &r->head->ref;
    struct term *name = ast_scalar(a, value_str(atom_str(ref->items[0]->var)), ref->items[0]->loc);
    struct rule_node *n = name != NULL ? add_child(s, package, name) : NULL;
    size_t end = ref_ground_prefix(ref);
    for (size_t i = 1; n != NULL && i < end; i++)
        n = add_child(s, n, ref->items[i]);
    if (n == NULL || !arena_grow(a, &n->rules, &n->rule_cap, n->rule_count + 1, sizeof(struct rule *)))
        return false;
    n->rules[n->rule_count++] = r;
    return true;
}

/* Preorder. Depth is bounded by the length of written references. */
static uint32_t number_nodes(struct rule_node *n, uint32_t id)
{
    n->id = id++;
    for (size_t i = 0; i < n->child_count; i++)
        id = number_nodes(n->children[i], id);
    return id;
}

bool pass_module_tree(struct compiler *c)
{
    (void)c; /* packages are nodes of the rule tree */
    return true;
}

bool pass_rule_tree(struct compiler *c)
{
    struct passes *s = c->passes;
    c->rule_tree = arena_zeroed(&c->arena, 1, sizeof *c->rule_tree);
    if (c->rule_tree == NULL)
        return false;
    c->rule_tree->key = ast_var(&c->arena, s->a_data, (struct loc){0});
    if (c->rule_tree->key == NULL)
        return false;
    EACH_MODULE(s, m) {
        struct rule_node *package = package_node(s, m);
        if (package == NULL)
            return false;
        for (size_t i = 0; i < m->rule_count; i++)
            if (!add_rule(s, package, m->rules[i]))
                return false;
    }
    s->node_count = number_nodes(c->rule_tree, 0);
    s->rule_count = 0;
    EACH_RULE(s, r)
        r->number = s->rule_count++;
    return true;
}
