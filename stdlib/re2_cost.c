/* SPDX-License-Identifier: Apache-2.0
 *
 * The bound on backtracking.
 *
 * A choice matters only where both ways can go on with the same character: [a-z]+ before a digit has one way, before another
 * letter as many as it is long. Such a repetition raises the degree by one. A repetition of something that has choices itself
 * is taken for exponential. Characters are told apart within ASCII; all others count as one.
 */
#include "stdlib/re2_cost.h"

#include "stdlib/unicode.h"

#define COST_MAX (UINT64_C(1) << 60)

/* The characters something may begin with. */
struct first {
    uint64_t ascii[2];
    bool other;
};

static uint64_t multiply(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) || product > COST_MAX ? COST_MAX : product;
}

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t product = 1;
    for (uint64_t i = 0; i < exponent && product < COST_MAX; i++)
        product = multiply(product, base);
    return product;
}

static void add_range(struct first *f, uint32_t lo, uint32_t hi)
{
    f->other |= hi >= 0x80;
    for (uint32_t c = lo; c <= hi && c < 0x80; c++)
        f->ascii[c >> 6] |= UINT64_C(1) << (c & 63);
}

static void add_first(struct first *f, struct first other)
{
    f->ascii[0] |= other.ascii[0];
    f->ascii[1] |= other.ascii[1];
    f->other |= other.other;
}

static bool do_meet(struct first a, struct first b)
{
    return (a.ascii[0] & b.ascii[0]) != 0 || (a.ascii[1] & b.ascii[1]) != 0 || (a.other && b.other);
}

static struct first first_of(const struct re2_node *n)
{
    struct first f = {{0, 0}, false};
    switch (n->op) {
    case RE2_LITERAL:
        add_range(&f, n->runes[0], n->runes[0]);
        for (uint32_t c = unicode_fold(n->runes[0]); (n->flags & RE2_FOLD_CASE) != 0 && c != n->runes[0]; c = unicode_fold(c))
            add_range(&f, c, c);
        break;
    case RE2_CLASS:
        for (uint32_t i = 0; i < n->count; i++)
            add_range(&f, n->runes[2 * i], n->runes[2 * i + 1]);
        break;
    case RE2_ANY:
    case RE2_ANY_NOT_NL:
        add_range(&f, 0, UNICODE_MAX);
        break;
    case RE2_CONCAT:
        for (uint32_t i = 0; i < n->count; i++) {
            add_first(&f, first_of(n->children[i]));
            if (!n->children[i]->is_nullable)
                break;
        }
        break;
    default:
        for (uint32_t i = 0; n->op >= RE2_CAPTURE && i < n->count; i++)
            add_first(&f, first_of(n->children[i]));
        break;
    }
    return f;
}

static struct re2_cost cost_of(const struct re2_node *n, struct first follow);

static void take_child(struct re2_cost *c, struct re2_cost child)
{
    c->degree += child.degree;
    c->factor = multiply(c->factor, child.factor);
    c->is_exponential |= child.is_exponential;
    c->is_unbounded |= child.is_unbounded;
}

static struct re2_cost cost_of_repeat(const struct re2_node *n, struct first follow)
{
    const struct re2_node *child = n->children[0];
    bool counted = n->op == RE2_REPEAT || n->op == RE2_QUEST;
    int64_t min = n->op == RE2_REPEAT ? n->min : n->op == RE2_PLUS ? 1 : 0, max = n->op == RE2_QUEST ? 1 : counted ? n->max : -1;
    struct first first = first_of(child), inner = follow;
    bool is_open = do_meet(first, follow) || child->is_nullable;
    add_first(&inner, first);
    struct re2_cost one = cost_of(child, max > 1 || max < 0 ? inner : follow), c = {.factor = 1};
    bool has_choices = one.degree > 0 || one.factor > 1;
    c.is_exponential = one.is_exponential;
    c.is_unbounded = one.is_unbounded || max < 0;
    if (max < 0) {
        c.is_exponential |= has_choices || child->is_nullable;
        c.degree = is_open ? 1 : 0;
        return c;
    }
    c.degree = (uint32_t)(one.degree * (max > 16 ? 16 : max));
    c.factor = power(one.factor, (uint64_t)max);
    if (is_open && max > min)
        c.factor = multiply(c.factor, (uint64_t)(max - min + 1));
    return c;
}

static struct re2_cost cost_of_alternate(const struct re2_node *n, struct first follow)
{
    struct re2_cost c = {.factor = 1};
    struct first seen = {{0, 0}, false};
    uint64_t overlapping = 1;
    for (uint32_t i = 0; i < n->count; i++) {
        struct re2_cost child = cost_of(n->children[i], follow);
        struct first first = first_of(n->children[i]);
        overlapping += i > 0 && (do_meet(seen, first) || n->children[i]->is_nullable);
        add_first(&seen, first);
        c.degree = child.degree > c.degree ? child.degree : c.degree;
        c.factor = child.factor > c.factor ? child.factor : c.factor;
        c.is_exponential |= child.is_exponential;
        c.is_unbounded |= child.is_unbounded;
    }
    c.factor = multiply(c.factor, overlapping);
    return c;
}

static struct re2_cost cost_of(const struct re2_node *n, struct first follow)
{
    struct re2_cost c = {.factor = 1};
    switch (n->op) {
    case RE2_CAPTURE:
        return cost_of(n->children[0], follow);
    case RE2_STAR:
    case RE2_PLUS:
    case RE2_QUEST:
    case RE2_REPEAT:
        return cost_of_repeat(n, follow);
    case RE2_ALTERNATE:
        return cost_of_alternate(n, follow);
    case RE2_CONCAT:
        for (uint32_t i = n->count; i-- > 0;) {
            const struct re2_node *child = n->children[i];
            struct first first = first_of(child);
            take_child(&c, cost_of(child, follow));
            if (child->is_nullable)
                add_first(&first, follow);
            follow = first;
        }
        return c;
    default:
        return c;
    }
}

static bool is_anchored(const struct re2_node *n)
{
    while ((n->op == RE2_CONCAT && n->count > 0) || n->op == RE2_CAPTURE)
        n = n->children[0];
    return n->op == RE2_BEGIN_TEXT;
}

struct re2_cost re2_cost_of(const struct re2_node *root)
{
    struct re2_cost c = cost_of(root, (struct first){{0, 0}, false});
    c.is_anchored = is_anchored(root);
    c.size = (uint64_t)root->size;
    return c;
}

uint64_t re2_cost_ways(const struct re2_cost *c, size_t n)
{
    uint64_t length = (uint64_t)n + 1;
    return c->is_exponential ? 200 + 8 * length : multiply(c->factor, power(length, c->degree));
}

/* A way costs about four nanoseconds, a character that it runs over a third of one. */
uint64_t re2_cost_units(const struct re2_cost *c, size_t n)
{
    uint64_t length = (uint64_t)n + 1;
    uint64_t run = c->is_unbounded || c->size > length ? length : c->size;
    uint64_t one = multiply(re2_cost_ways(c, n), 2) / 5 + run / 32;
    return multiply(c->is_anchored ? 1 : length, one) + length / 32 + 8;
}
