/* SPDX-License-Identifier: Apache-2.0
 *
 * What tells the definitions of one rule apart: an argument, or a path of the input, that must equal a constant.
 *
 * Only conditions that a definition cannot do without count: a constant pattern in its head, or a literal `path = constant`
 * of its body that is not negated and has no `with`. Leaving a definition out because such a condition fails cannot change
 * the rule's value.
 */
#include "lang/cg.h"
#include "lang/passes.h"

/* A table whose every case repeats many unconditional definitions would be larger than it is worth. */
#define REPEAT_MAX 16

static bool is_input_path(const struct term *t)
{
    if (t->kind != TERM_REF || t->list.count < 2)
        return false;
    const struct term *head = t->list.items[0];
    if (head->kind != TERM_VAR || !atom_is(head->var, "input"))
        return false;
    for (size_t i = 1; i < t->list.count; i++)
        if (!term_is_ground_value(t->list.items[i]))
            return false;
    return true;
}

/* Is e "path = constant", either way round? */
static bool input_equality(const struct cg *g, const struct expr *e, const struct term **ret_path,
                           const struct term **ret_constant)
{
    if (e->negated || e->with_count > 0 || !pass_is_eq(g->c->passes, e) || e->terms.count != 3)
        return false;
    const struct term *a = e->terms.items[1], *b = e->terms.items[2];
    if (is_input_path(b)) {
        const struct term *t = a;
        a = b;
        b = t;
    }
    if (!is_input_path(a) || !term_is_scalar(b))
        return false;
    *ret_path = a;
    *ret_constant = b;
    return true;
}

/* The constant that definition r needs of key, or NULL. */
static const struct term *needed(const struct cg *g, const struct rule *r, const struct term *key)
{
    for (size_t i = 0; i < r->body.count; i++) {
        const struct term *path, *constant;
        if (input_equality(g, r->body.items[i], &path, &constant) && term_compare(path, key) == 0)
            return constant;
    }
    return NULL;
}

static const struct term *argument(const struct cg_group *group, bool keyed, const struct rule *r, uint32_t i)
{
    const struct term *t = keyed ? cg_key_pattern(group, r) : r->head->args.items[i];
    return term_is_scalar(t) ? t : NULL;
}

/* Fills in cases; gives how many definitions have one. A definition with an else is never left out: its else must be tried. */
static size_t fill_cases(const struct cg *g, const struct cg_group *group, bool keyed, struct rule **rules, size_t count,
                         struct cg_index *ix)
{
    size_t hits = 0;
    for (size_t i = 0; i < count; i++) {
        bool by_argument = ix->argument != NONE;
        if (by_argument)
            ix->cases[i] = argument(group, keyed, rules[i], ix->argument);
        else
            ix->cases[i] = rules[i]->otherwise == NULL ? needed(g, rules[i], ix->key) : NULL;
        hits += ix->cases[i] != NULL;
    }
    return hits;
}

static bool is_worth_it(size_t hits, size_t count)
{
    size_t rest = count - hits;
    return hits * 2 >= count && hits >= 4 && rest <= REPEAT_MAX;
}

bool cg_index_choose(struct cg *g, const struct cg_group *group, bool keyed, struct rule **rules, size_t count,
                     struct cg_index *ret)
{
    *ret = (struct cg_index){.argument = NONE};
    ret->cases = arena_array(g->arena, count, sizeof *ret->cases);
    if (ret->cases == NULL) {
        cg_fail(g);
        return false;
    }
    uint32_t args = keyed ? 1 : group->kind == FUNCTION_CALL ? (uint32_t)rules[0]->head->args.count : 0;
    for (uint32_t i = 0; i < args; i++) {
        ret->argument = i;
        if (is_worth_it(fill_cases(g, group, keyed, rules, count, ret), count))
            return true;
    }
    ret->argument = NONE;
    for (size_t i = 0; i < rules[0]->body.count; i++) {
        const struct term *constant;
        if (!input_equality(g, rules[0]->body.items[i], &ret->key, &constant))
            continue;
        if (is_worth_it(fill_cases(g, group, keyed, rules, count, ret), count))
            return true;
    }
    return false;
}
