/* SPDX-License-Identifier: Apache-2.0
 *
 * The type checker (v1/ast/check.go): rules in the order of their dependencies, expressions in the order of their bodies.
 *
 * Only what can never be is an error: unknown types and any fit everything. Bodies of comprehensions are checked as scopes of
 * their own; expressions within every, not, and, or are looked at for references and comprehensions only, as OPA does. Input and
 * base documents are any, unless schemas tell otherwise.
 */
#include "lang/ast_walk.h"
#include "lang/type_check.h"

/* ---- comprehensions ---- */

static struct type *comprehension_type(struct checker *k, const struct term *t)
{
    struct types *ts = &k->types;
    struct type *element = type_env_term(k, t->compr->term);
    if (t->kind == TERM_ARRAY_COMPR)
        return types_array(ts, NULL, 0, element);
    if (t->kind == TERM_SET_COMPR)
        return types_set(ts, element);
    return types_object(ts, NULL, 0, true, type_env_term(k, t->compr->key), element);
}

static struct type_memo *memo_of(struct checker *k, const struct term *t)
{
    return &k->memo[((uintptr_t)t >> 4) % COUNT_OF(k->memo)];
}

/* Checks the body; keeps the type, which is asked for soon. The number of errors. */
static size_t check_comprehension(struct checker *k, const struct term *t, struct type **ret)
{
    *ret = &k->types.any;
    if (k->bodies == 0)
        return 0;
    k->bodies--;
    uint64_t state = k->state;
    const struct type_layer *layer = k->layer;
    struct type_scope scope = type_env_enter(k);
    size_t errors = type_check_body(k, &t->compr->body);
    *ret = errors == 0 ? comprehension_type(k, t) : NULL;
    type_env_leave(k, scope);
    *memo_of(k, t) = (struct type_memo){t, layer, state, *ret};
    return errors;
}

struct type *type_check_comprehension(struct checker *k, const struct term *t)
{
    const struct type_memo *m = memo_of(k, t);
    if (m->term == t && m->layer == k->layer && m->state == k->state)
        return m->type;
    size_t errors = k->error_count;
    struct type *type;
    (void)check_comprehension(k, t, &type);
    k->error_count = errors;
    return type;
}

struct closures {
    struct checker *k;
    size_t first; /* of their errors */
};

/* Those of the last one with errors stay. */
static bool check_closure(struct ast_walk *w, struct term *t)
{
    struct closures *c = w->ctx;
    struct checker *k = c->k;
    struct type *type;
    if (t->kind < TERM_ARRAY_COMPR || t->kind > TERM_SET_COMPR)
        return false;
    size_t before = k->error_count, count = check_comprehension(k, t, &type);
    if (count == 0)
        return k->bodies == 0;
    memmove(&k->errors[c->first], &k->errors[before], count * sizeof *k->errors);
    k->error_count = c->first + count;
    return true;
}

/* ---- calls ---- */

enum { MAX_OPERANDS = 32 };

static bool check_member_operand(struct checker *k, const struct expr *e, const struct term *t, struct type *type)
{
    if (types_is_unknown(type))
        return true;
    struct type *have = type_env_term(k, t);
    bool fits = types_is_unknown(have) || types_unify(&k->types, have, type);
    if (fits && type_unify_term(k, t, type, false))
        return true;
    type_error_match(k, e->loc, have, type);
    return false;
}

/* x in xs, k, v in xs: what is looked for must be of the collection's types. */
static bool check_member(struct checker *k, const struct expr *e, bool with_key)
{
    size_t arity = with_key ? 3 : 2;
    struct term *const *operands = e->terms.items + 1;
    if (e->terms.count - 1 < arity)
        return true;
    struct type *collection = type_env_term(k, operands[arity - 1]), *values = types_values(&k->types, collection);
    if (values == NULL)
        return true;
    if (with_key && !check_member_operand(k, e, operands[0], types_keys(&k->types, collection)))
        return false;
    return check_member_operand(k, e, operands[arity - 2], values);
}

static void types_of(struct checker *k, const struct expr *e, struct type **ret)
{
    for (size_t i = 1; i < e->terms.count; i++)
        ret[i - 1] = type_env_term(k, e->terms.items[i]);
}

/* What may be given for operand i, results included. */
static struct type *operand_type(const struct type *function, size_t i)
{
    if (i < function->count)
        return types_unnamed(function->items[i]);
    return types_unnamed(i == function->count && function->value != NULL ? function->value : function->key);
}

static void check_operands(struct checker *k, const struct expr *e, const struct terms *op, struct type *function)
{
    struct type *few[MAX_OPERANDS], **have = few;
    size_t count = e->terms.count - 1;
    if (count > MAX_OPERANDS && (have = arena_array(&k->s->c->arena, count, sizeof *have)) == NULL)
        return;
    types_of(k, e, have);
    const char *problem = NULL;
    if (count > (size_t)function->count + (function->value != NULL) && function->key == NULL)
        problem = "too many arguments";
    else if (count < function->count)
        problem = "too few arguments";
    for (size_t i = 0; i < count && problem == NULL; i++) {
        struct type *want = operand_type(function, i);
        if (!types_is_unknown(have[i]) && !types_unify(&k->types, have[i], want)) {
            problem = "invalid argument(s)";
        } else if (!type_unify_term(k, e->terms.items[i + 1], want, false)) {
            problem = "invalid argument(s)";
            types_of(k, e, have);
        }
    }
    if (problem != NULL)
        type_error_operands(k, e->loc, op, problem, have, count, function, true);
}

static struct type *operator_type(struct checker *k, const struct terms *op, const struct builtin *b)
{
    const struct term *head = op->items[0];
    if (b != NULL && (head->kind != TERM_VAR || type_env_var(k, head->var) == NULL))
        return type_env_builtin(k, b);
    return type_env_ref(k, op);
}

static void check_function(struct checker *k, const struct expr *e, const struct terms *op, const struct builtin *b)
{
    struct type *type = operator_type(k, op, b);
    if (types_is_everything(type))
        return;
    if (type != NULL && type->kind == TYPE_FUNCTION) {
        check_operands(k, e, op, type);
        return;
    }
    struct str name = pass_ref_text(k->s, op), text;
    text = arena_printf(&k->s->c->arena, "undefined function %.*s", (int)name.len, name.p);
    type_error_text(k, e->loc, text.p != NULL ? text : STR(""));
}

static void check_eq(struct checker *k, const struct expr *e, const struct terms *op, const struct builtin *b)
{
    if (e->terms.count != 3) {
        check_function(k, e, op, b);
        return;
    }
    const struct term *left = e->terms.items[1], *right = e->terms.items[2];
    struct type *left_type = type_env_term(k, left), *right_type = type_env_term(k, right);
    if (!type_unify_terms(k, left, left_type, right, right_type))
        type_error_match(k, e->loc, left_type, right_type);
}

static void check_call(struct checker *k, const struct expr *e)
{
    const struct terms *op = expr_operator(e);
    if (op == NULL)
        return;
    if (pass_is_eq(k->s, e)) {
        check_eq(k, e, op, NULL);
        return;
    }
    const struct builtin *b = pass_call(k->s, e->terms.items[0])->builtin;
    bool is_member = op->count == 2 && op->items[0]->kind == TERM_VAR && op->items[0]->var == k->s->a_internal &&
                     op->items[1]->kind == TERM_STRING && str_starts(value_text(op->items[1]->scalar), STR("member_"));
    if (is_member && !check_member(k, e, term_is_string(op->items[1], "member_3")))
        return;
    check_function(k, e, op, b);
}

/* ---- expressions ---- */

/* A function may stand in for another that takes the same operands. */
static bool check_with(struct checker *k, const struct with *w)
{
    struct type *target = type_env_term(k, w->target), *value = type_env_term(k, w->value);
    if (target == NULL || value == NULL || target->kind != TYPE_FUNCTION || value->kind != TYPE_FUNCTION ||
        types_unify(&k->types, target, value))
        return true;
    struct type **have = arena_array(&k->s->c->arena, value->count, sizeof *have);
    const struct terms bare = {(struct term **)(uintptr_t)&w->target, 1, 1};
    if (have == NULL)
        return false;
    for (size_t i = 0; i < value->count; i++)
        have[i] = types_unnamed(value->items[i]);
    type_error_operands(k, w->loc, w->target->kind == TERM_REF ? &w->target->list : &bare, "arity mismatch", have, value->count,
                        target, false);
    return false;
}

static void check_expr(struct checker *k, struct expr *e, bool has_closures)
{
    struct type_layer *layer = k->layer;
    size_t before = k->error_count;
    if (e->with_count > 0)
        type_with_enter(k, e);
    if (has_closures) {
        struct closures c = {k, before};
        struct ast_walk w = {.term = check_closure, .ctx = &c};
        ast_walk_expr(&w, e);
    }
    type_ref_check(k, e);
    size_t inner = k->error_count;
    bool fits = true;
    for (size_t i = 0; i < e->with_count && fits; i++)
        fits = check_with(k, &e->withs[i]);
    if (fits && e->kind == EXPR_CALL)
        check_call(k, e);
    if (k->error_count > inner && inner > before && k->errors[inner].is_unknown)
        k->error_count = inner; /* the ones before it say why */
    k->layer = layer;
}

size_t type_check_body(struct checker *k, const struct body *b)
{
    size_t before = k->error_count;
    for (size_t i = 0; i < b->count; i++)
        check_expr(k, b->items[i], k->has_closures);
    return k->error_count - before;
}

/* ---- rules ---- */

/* The type of an object with the parts of a path as keys, each in its own object. */
static struct type *nest(struct checker *k, struct term *const *path, size_t count, struct type *type)
{
    while (count-- > 0 && type != NULL) {
        struct type *key = type_env_term(k, path[count]);
        type = key != NULL ? types_object(&k->types, NULL, 0, true, key, type) : NULL;
    }
    return type;
}

static bool open_argument(struct ast_walk *w, struct term *t)
{
    struct checker *k = w->ctx;
    if (t->kind == TERM_VAR && type_env_term(k, t) == NULL)
        type_env_bind(k, t->var, &k->types.any); /* the body does not use it */
    return false;
}

static struct type *function_type(struct checker *k, const struct rule *r)
{
    struct ast_walk w = {.term = open_argument, .ctx = k};
    const struct terms *args = &r->head->args;
    struct type *few[MAX_OPERANDS], **types = few;
    if (args->count > MAX_OPERANDS && (types = arena_array(&k->s->c->arena, args->count, sizeof *types)) == NULL)
        return NULL;
    ast_walk_terms(&w, args);
    for (size_t i = 0; i < args->count; i++)
        types[i] = type_env_term(k, args->items[i]);
    return types_function(&k->types, types, args->count, NULL, type_env_term(k, r->head->value));
}

/* *count: of the parts of the path where the type belongs. */
static struct type *rule_type(struct checker *k, const struct rule *r, const struct terms *path, size_t *count)
{
    struct type *type = NULL;
    *count = path->count;
    if (r->head->args.count > 0)
        return function_type(k, r);
    *count = ref_ground_prefix(path);
    if (r->head->key != NULL) {
        struct type *element = type_env_term(k, r->head->key);
        type = element != NULL ? types_set(&k->types, element) : NULL;
    } else if (r->head->value != NULL) {
        type = type_env_term(k, r->head->value);
    }
    return nest(k, path->items + *count, path->count - *count, type);
}

static void check_rule(struct checker *k, const struct rule *r)
{
    struct passes *s = k->s;
    struct type_layer *layer = k->layer;
    arena_reset(&s->scratch);
    if ((r->traits & TRAIT_NESTED) != 0)
        memset(k->memo, 0, sizeof k->memo);
    type_schema_enter(k, r);
    struct type_scope scope = type_env_enter(k);
    k->has_closures = (r->traits & TRAIT_NESTED) != 0;
    size_t errors = type_check_body(k, &r->body), count;
    struct terms path = pass_rule_ref(s, r);
    if (path.items != NULL && errors == 0) {
        struct type *type = rule_type(k, r, &path, &count);
        if (type != NULL)
            type_env_insert(k, &k->root, &path, count, type);
    } else if (path.items != NULL) {
        type_env_put(k, &k->root, &path, path.count, &k->types.any); /* nothing more about it */
    }
    type_env_leave(k, scope);
    k->layer = layer;
}

static bool make_checker(struct passes *s)
{
    struct type *input;
    s->checker = type_env_new(s);
    if (s->checker == NULL || !type_schema_input(s->checker, &input))
        return false;
    if (input != NULL) {
        struct term *head = ast_var(&s->c->arena, s->a_input, (struct loc){0});
        if (head == NULL)
            return false;
        type_env_put(s->checker, &s->checker->root, &(struct terms){&head, 1, 1}, 1, input);
    }
    return true;
}

bool pass_types_arity(struct passes *s, const struct expr *e, const struct builtin *b)
{
    if (s->checker == NULL && !make_checker(s))
        return false;
    struct checker *k = s->checker;
    size_t count = e->terms.count - 1;
    struct term *const operator = e->terms.items[0];
    const struct terms bare = {(struct term **)(uintptr_t)e->terms.items, 1, 1};
    struct type **have = arena_array(&s->c->arena, count, sizeof *have);
    struct terms op = pass_written_ref(s, operator->kind == TERM_REF ? &operator->list : &bare);
    if (have == NULL || op.items == NULL)
        return false;
    k->has_closures = true;
    struct type *type = b != NULL ? type_env_builtin(k, b) : type_env_ref(k, &op);
    if (type == NULL || type->kind != TYPE_FUNCTION)
        return false;
    types_of(k, e, have);
    type_error_operands(k, e->loc, &op, "arity mismatch", have, count, type, false);
    type_error_report(k, false);
    return true;
}

bool pass_types_begin(struct compiler *c)
{
    if (c->options.schemas.kind == VALUE_UNDEFINED)
        return true;
    bool ok = make_checker(c->passes);
    if (c->passes->checker != NULL)
        type_error_report(c->passes->checker, true);
    return ok;
}

bool pass_types(struct compiler *c)
{
    struct passes *s = c->passes;
    if (s->checker == NULL && !make_checker(s))
        return false;
    struct checker *k = s->checker;
    for (size_t i = 0; i < s->sorted_count; i++)
        check_rule(k, s->sorted[i]);
    bool ok = k->error_count == 0;
    type_error_report(k, true);
    return ok;
}

bool pass_types_query(struct passes *s, struct body *b)
{
    if (s->checker == NULL && !make_checker(s))
        return false;
    struct checker *k = s->checker;
    arena_reset(&s->scratch);
    memset(k->memo, 0, sizeof k->memo);
    k->has_closures = true;
    struct type_scope scope = type_env_enter(k);
    size_t errors = type_check_body(k, b);
    type_env_leave(k, scope);
    type_error_report(k, false);
    return errors == 0;
}
