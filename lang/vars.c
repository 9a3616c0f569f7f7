/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of variables: numbering, bitmaps, and collecting the variables of a tree.
 *
 * What collecting skips follows OPA's visitor of variables to the letter, oddities included (a `with` target that is a bare
 * name is no variable; an `every` shows its domain only). Does not know about safety.
 */
#include "lang/vars.h"

#include "lang/passes.h"

/* ---- numbering ---- */

void vars_begin(struct passes *s)
{
    arena_reset(&s->scratch);
    s->numbers = (struct var_numbers){0};
    s->epoch++;
    (void)(vars_number(s, s->a_data) && vars_number(s, s->a_input)); /* out of memory shows in the arena */
}

bool vars_number(struct passes *s, const struct atom *a)
{
    struct atom_info *info = pass_info(s, a);
    if (info->slot_epoch == s->epoch)
        return true;
    struct var_numbers *n = &s->numbers;
    if (n->count == n->cap && !arena_grow(&s->scratch, &n->atoms, &n->cap, n->count + 1, sizeof *n->atoms))
        return false;
    info->slot_epoch = s->epoch;
    info->slot = (uint32_t)n->count;
    n->atoms[n->count++] = a;
    return true;
}

static bool number_terms(struct passes *s, const struct terms *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!vars_number_term(s, list->items[i]))
            return false;
    return true;
}

bool vars_number_term(struct passes *s, const struct term *t)
{
    if (t->constant)
        return true;
    switch (t->kind) {
    case TERM_VAR:
        return vars_number(s, t->var);
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        return number_terms(s, &t->list);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return (t->compr->key == NULL || vars_number_term(s, t->compr->key)) && vars_number_term(s, t->compr->term) &&
               vars_number_body(s, &t->compr->body);
    case TERM_TEMPLATE:
        for (size_t i = 0; i < t->template->count; i++)
            if (t->template->parts[i].expr != NULL && !vars_number_expr(s, t->template->parts[i].expr))
                return false;
        return true;
    default:
        return true;
    }
}

bool vars_number_expr(struct passes *s, const struct expr *e)
{
    bool ok = true;
    switch (e->kind) {
    case EXPR_TERM:
        ok = vars_number_term(s, e->term);
        break;
    case EXPR_CALL:
    case EXPR_SOME:
        ok = number_terms(s, &e->terms);
        break;
    case EXPR_EVERY:
        ok = (e->every->key == NULL || vars_number_term(s, e->every->key)) && vars_number_term(s, e->every->value) &&
             vars_number_term(s, e->every->domain) && vars_number_body(s, &e->every->body);
        break;
    case EXPR_NOT:
        ok = vars_number_body(s, &e->not_body);
        break;
    case EXPR_AND:
    case EXPR_OR:
        ok = vars_number_body(s, &e->logic->left) && vars_number_body(s, &e->logic->right);
        break;
    }
    for (size_t i = 0; ok && i < e->with_count; i++)
        ok = vars_number_term(s, e->withs[i].target) && vars_number_term(s, e->withs[i].value);
    return ok;
}

bool vars_number_body(struct passes *s, const struct body *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!vars_number_expr(s, b->items[i]))
            return false;
    return true;
}

bool vars_number_head(struct passes *s, const struct head *h)
{
    return number_terms(s, &h->ref) && number_terms(s, &h->args) && (h->key == NULL || vars_number_term(s, h->key)) &&
           (h->value == NULL || vars_number_term(s, h->value));
}

void vars_ready(struct passes *s)
{
    s->numbers.words = (s->numbers.count + 63) / 64;
}

/* ---- sets ---- */

struct varset vars_set(struct passes *s)
{
    struct varset set = {s->numbers.free};
    if (set.words != NULL) {
        uintptr_t next = (uintptr_t)set.words[0];
        s->numbers.free = (uint64_t *)next;
    } else {
        set.words = arena_array(&s->scratch, s->numbers.words, sizeof *set.words);
    }
    if (set.words != NULL)
        memset(set.words, 0, s->numbers.words * sizeof *set.words);
    return set;
}

struct varset vars_copy(struct passes *s, const struct varset *from)
{
    struct varset set = vars_set(s);
    if (set.words != NULL)
        vars_assign(s, &set, from);
    return set;
}

void vars_drop(struct passes *s, struct varset *set)
{
    if (set->words == NULL)
        return;
    set->words[0] = (uint64_t)(uintptr_t)s->numbers.free;
    s->numbers.free = set->words;
    set->words = NULL;
}

void vars_add(struct passes *s, struct varset *set, const struct atom *a)
{
    const struct atom_info *info = pass_info(s, a);
    if (info->slot_epoch == s->epoch)
        set->words[info->slot >> 6] |= UINT64_C(1) << (info->slot & 63);
}

void vars_remove(struct passes *s, struct varset *set, const struct atom *a)
{
    const struct atom_info *info = pass_info(s, a);
    if (info->slot_epoch == s->epoch)
        set->words[info->slot >> 6] &= ~(UINT64_C(1) << (info->slot & 63));
}

bool vars_has(struct passes *s, const struct varset *set, const struct atom *a)
{
    const struct atom_info *info = pass_info(s, a);
    return info->slot_epoch == s->epoch && (set->words[info->slot >> 6] >> (info->slot & 63) & 1) != 0;
}

void vars_clear(const struct passes *s, struct varset *set)
{
    memset(set->words, 0, s->numbers.words * sizeof *set->words);
}

void vars_assign(const struct passes *s, struct varset *set, const struct varset *from)
{
    memcpy(set->words, from->words, s->numbers.words * sizeof *set->words);
}

void vars_update(const struct passes *s, struct varset *set, const struct varset *more)
{
    for (size_t i = 0; i < s->numbers.words; i++)
        set->words[i] |= more->words[i];
}

void vars_subtract(const struct passes *s, struct varset *set, const struct varset *less)
{
    for (size_t i = 0; i < s->numbers.words; i++)
        set->words[i] &= ~less->words[i];
}

void vars_intersect(const struct passes *s, struct varset *set, const struct varset *with)
{
    for (size_t i = 0; i < s->numbers.words; i++)
        set->words[i] &= with->words[i];
}

bool vars_is_empty(const struct passes *s, const struct varset *set)
{
    for (size_t i = 0; i < s->numbers.words; i++)
        if (set->words[i] != 0)
            return false;
    return true;
}

bool vars_is_subset(const struct passes *s, const struct varset *set, const struct varset *of)
{
    for (size_t i = 0; i < s->numbers.words; i++)
        if ((set->words[i] & ~of->words[i]) != 0)
            return false;
    return true;
}

bool vars_is_equal(const struct passes *s, const struct varset *a, const struct varset *b)
{
    return memcmp(a->words, b->words, s->numbers.words * sizeof *a->words) == 0;
}

size_t vars_next(const struct passes *s, const struct varset *set, size_t number)
{
    size_t word = number >> 6;
    if (word >= s->numbers.words)
        return SIZE_MAX;
    uint64_t bits = set->words[word] & (~UINT64_C(0) << (number & 63));
    while (bits == 0) {
        if (++word >= s->numbers.words)
            return SIZE_MAX;
        bits = set->words[word];
    }
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

/* ---- collecting ---- */

static bool collect_terms(struct passes *s, const struct terms *list, size_t from, unsigned skip, struct varset *set)
{
    for (size_t i = from; i < list->count; i++)
        if (!vars_of_term(s, list->items[i], skip, set))
            return false;
    return true;
}

/* A call, as a term or an expression: items[0] is the operator. */
static bool collect_call(struct passes *s, const struct terms *call, unsigned skip, struct varset *set)
{
    if ((skip & VARS_SKIP_CALL_HEAD) == 0)
        return collect_terms(s, call, 0, skip, set);
    const struct term *op = call->items[0];
    return (op->kind != TERM_REF || collect_terms(s, &op->list, 1, skip, set)) && collect_terms(s, call, 1, skip, set);
}

static bool collect_compr(struct passes *s, const struct compr *c, unsigned skip, struct varset *set)
{
    return (c->key == NULL || vars_of_term(s, c->key, skip, set)) && vars_of_term(s, c->term, skip, set) &&
           vars_of_body(s, &c->body, skip, set);
}

static bool collect_template(struct passes *s, const struct template_string *t, unsigned skip, struct varset *set)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->parts[i].expr != NULL && !vars_of_expr(s, t->parts[i].expr, skip, set))
            return false;
    return true;
}

static bool collect_object(struct passes *s, const struct terms *list, unsigned skip, struct varset *set)
{
    if ((skip & VARS_SKIP_KEYS) == 0)
        return collect_terms(s, list, 0, skip, set);
    for (size_t i = 1; i < list->count; i += 2)
        if (!vars_of_term(s, list->items[i], skip, set))
            return false;
    return true;
}

bool vars_of_term(struct passes *s, const struct term *t, unsigned skip, struct varset *set)
{
    if (t->constant)
        return true;
    switch (t->kind) {
    case TERM_VAR:
        vars_add(s, set, t->var);
        return true;
    case TERM_REF:
        return collect_terms(s, &t->list, (skip & VARS_SKIP_REF_HEAD) != 0 ? 1 : 0, skip, set);
    case TERM_ARRAY:
        return collect_terms(s, &t->list, 0, skip, set);
    case TERM_SET:
        return (skip & VARS_SKIP_SETS) != 0 || collect_terms(s, &t->list, 0, skip, set);
    case TERM_OBJECT:
        return collect_object(s, &t->list, skip, set);
    case TERM_CALL:
        return collect_call(s, &t->list, skip, set);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return (skip & VARS_SKIP_CLOSURES) != 0 || collect_compr(s, t->compr, skip, set);
    case TERM_TEMPLATE:
        return (skip & VARS_SKIP_CLOSURES) != 0 || collect_template(s, t->template, skip, set);
    default:
        return true;
    }
}

static bool collect_operand(struct passes *s, const struct body *b, bool is_explicit, unsigned skip, struct varset *set)
{
    if ((skip & VARS_PROMOTE) != 0)
        return is_explicit || vars_of_operand(s, b, set);
    return (skip & VARS_SKIP_CLOSURES) != 0 || vars_of_body(s, b, skip, set);
}

static bool collect_every(struct passes *s, const struct every *e, unsigned skip, struct varset *set)
{
    return (e->key == NULL || vars_of_term(s, e->key, skip, set)) && vars_of_term(s, e->value, skip, set) &&
           vars_of_term(s, e->domain, skip, set) && vars_of_body(s, &e->body, skip, set);
}

bool vars_of_expr(struct passes *s, const struct expr *e, unsigned skip, struct varset *set)
{
    bool ok = true;
    switch (e->kind) {
    case EXPR_TERM:
        ok = vars_of_term(s, e->term, skip, set);
        break;
    case EXPR_CALL:
        ok = collect_call(s, &e->terms, skip, set);
        break;
    case EXPR_SOME:
        ok = collect_terms(s, &e->terms, 0, skip, set);
        break;
    case EXPR_EVERY:
        if ((skip & VARS_SKIP_CLOSURES) != 0)
            return vars_of_term(s, e->every->domain, skip, set); /* without its withs */
        ok = collect_every(s, e->every, skip, set);
        break;
    case EXPR_NOT:
        ok = collect_operand(s, &e->not_body, e->explicit_body, skip, set);
        break;
    case EXPR_AND:
    case EXPR_OR:
        ok = collect_operand(s, &e->logic->left, e->logic->explicit_left, skip, set) &&
             collect_operand(s, &e->logic->right, e->logic->explicit_right, skip, set);
        break;
    }
    for (size_t i = 0; ok && i < e->with_count; i++)
        ok = vars_of_with(s, &e->withs[i], skip, set);
    return ok;
}

bool vars_of_with(struct passes *s, const struct with *w, unsigned skip, struct varset *set)
{
    if ((skip & VARS_SKIP_CALL_HEAD) == 0)
        return vars_of_term(s, w->target, skip, set) && vars_of_term(s, w->value, skip, set);
    if (w->target->kind == TERM_REF && !collect_terms(s, &w->target->list, 1, skip, set))
        return false;
    if (w->value->kind == TERM_REF)
        return collect_terms(s, &w->value->list, 1, skip, set);
    return vars_of_term(s, w->value, skip, set);
}

bool vars_of_body(struct passes *s, const struct body *b, unsigned skip, struct varset *set)
{
    for (size_t i = 0; i < b->count; i++)
        if (!vars_of_expr(s, b->items[i], skip, set))
            return false;
    return true;
}

/* ---- looking for one variable ---- */

static bool terms_mention(const struct terms *list, const struct atom *a)
{
    for (size_t i = 0; i < list->count; i++)
        if (term_mentions(list->items[i], a))
            return true;
    return false;
}

bool term_mentions(const struct term *t, const struct atom *a)
{
    if (t->constant)
        return false;
    switch (t->kind) {
    case TERM_VAR:
        return t->var == a;
    case TERM_REF:
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
    case TERM_CALL:
        return terms_mention(&t->list, a);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return (t->compr->key != NULL && term_mentions(t->compr->key, a)) || term_mentions(t->compr->term, a) ||
               body_mentions(&t->compr->body, a);
    case TERM_TEMPLATE:
        for (size_t i = 0; i < t->template->count; i++)
            if (t->template->parts[i].expr != NULL && expr_mentions(t->template->parts[i].expr, a))
                return true;
        return false;
    default:
        return false;
    }
}

bool expr_mentions(const struct expr *e, const struct atom *a)
{
    for (size_t i = 0; i < e->with_count; i++)
        if (term_mentions(e->withs[i].target, a) || term_mentions(e->withs[i].value, a))
            return true;
    switch (e->kind) {
    case EXPR_TERM:
        return term_mentions(e->term, a);
    case EXPR_CALL:
    case EXPR_SOME:
        return terms_mention(&e->terms, a);
    case EXPR_EVERY:
        return (e->every->key != NULL && term_mentions(e->every->key, a)) || term_mentions(e->every->value, a) ||
               term_mentions(e->every->domain, a) || body_mentions(&e->every->body, a);
    case EXPR_NOT:
        return body_mentions(&e->not_body, a);
    default:
        return body_mentions(&e->logic->left, a) || body_mentions(&e->logic->right, a);
    }
}

bool body_mentions(const struct body *b, const struct atom *a)
{
    for (size_t i = 0; i < b->count; i++)
        if (expr_mentions(b->items[i], a))
            return true;
    return false;
}
