/* SPDX-License-Identifier: Apache-2.0
 *
 * What the stages share: facts per atom, generated variables and expressions, small questions about terms, texts for errors.
 */
#include "lang/passes.h"

#include "lang/sort.h"
#include "lang/ast_walk.h"

/* ---- state ---- */

static struct term *shared_operator(struct passes *s, const char *first, const char *second)
{
    struct arena *a = &s->c->arena;
    const struct loc nowhere = {0};
    const struct atom *name = atom_get(&s->c->atoms, str_cstr(first));
    if (name == NULL)
        return NULL;
    struct term *items[2] = {ast_var(a, name, nowhere), NULL};
    if (second != NULL)
        items[1] = ast_scalar(a, value_str(str_cstr(second)), nowhere);
    if (items[0] == NULL || (second != NULL && items[1] == NULL))
        return NULL;
    return ast_list(a, TERM_REF, items, second != NULL ? 2 : 1, nowhere);
}

static bool init_names(struct passes *s)
{
    struct {
        const struct atom **at;
        const char *text;
    } names[] = {
        {&s->a_data, "data"}, {&s->a_input, "input"}, {&s->a_eq, "eq"}, {&s->a_assign, "assign"}, {&s->a_equal, "equal"},
        {&s->a_print, "print"}, {&s->a_internal, "internal"}, {&s->a_rego, "rego"}, {&s->a_future, "future"},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if ((*names[i].at = atom_get(&s->c->atoms, str_cstr(names[i].text))) == NULL)
            return false;
    s->op_eq = shared_operator(s, "eq", NULL);
    s->op_print = shared_operator(s, "internal", "print");
    s->op_template = shared_operator(s, "internal", "template_string");
    return s->op_eq != NULL && s->op_print != NULL && s->op_template != NULL;
}

bool pass_init(struct compiler *c)
{
    struct passes *s = arena_zeroed(&c->arena, 1, sizeof *s);
    if (s == NULL)
        return false;
    s->c = c;
    c->passes = s;
    arena_init(&s->scratch, &c->arena.alloc, c->arena.budget_bytes, 4096);
    return init_names(s) && pass_capabilities(s);
}

struct atom_info *pass_info_slow(struct passes *s, uint32_t id)
{
    size_t page = id >> 6;
    size_t had = s->page_count;
    if (page >= s->page_cap && !arena_grow(&s->c->arena, &s->pages, &s->page_cap, page + 1, sizeof *s->pages))
        return &s->sink;
    for (size_t i = had; i <= page; i++)
        s->pages[i] = NULL;
    if (page >= had)
        s->page_count = page + 1;
    if (s->pages[page] == NULL) {
        s->pages[page] = arena_zeroed(&s->c->arena, 64, sizeof *s->pages[page]);
        if (s->pages[page] == NULL)
            return &s->sink;
    }
    return &s->pages[page][id & 63];
}

/* ---- generated variables ---- */

const struct atom *pass_local(struct passes *s)
{
    for (;;) {
        char text[32];
        uint32_t number = s->in_query ? s->query_locals++ : s->c->local_count++;
        char *at = text + sizeof text;
        *--at = '_';
        *--at = '_';
        do
            *--at = (char)('0' + number % 10);
        while ((number /= 10) != 0);
        if (s->in_query)
            *--at = 'q';
        at -= 7;
        memcpy(at, "__local", 7);
        const struct atom *a = atom_get(&s->c->atoms, (struct str){at, (size_t)(text + sizeof text - at)});
        if (a == NULL || !(s->has_local_names || s->in_query) || !pass_info(s, a)->is_taken)
            return a;
    }
}

bool pass_subject(struct passes *s, const struct atom *var, const struct term *term)
{
    if (!arena_grow(&s->c->arena, &s->subjects, &s->subject_cap, s->subject_count + 1, sizeof *s->subjects))
        return false;
    s->subjects[s->subject_count++] = (struct term_pair){var, term};
    return true;
}

struct term *pass_local_term(struct passes *s, struct loc loc)
{
    const struct atom *a = pass_local(s);
    struct term *t = a != NULL ? ast_var(&s->c->arena, a, loc) : NULL;
    if (t != NULL)
        t->generated = true;
    return t;
}

static bool note_local(struct ast_walk *w, struct term *t)
{
    struct passes *s = w->ctx;
    if (t->kind == TERM_VAR && atom_is_generated(t->var)) {
        pass_info(s, t->var)->is_taken = true;
        s->has_local_names = true;
    }
    return false;
}

bool pass_query_names(struct passes *s, const struct body *b)
{
    s->query_locals = 0;
    struct ast_walk w = {.term = note_local, .ctx = s};
    ast_walk_body(&w, b);
    return true;
}

struct expr *pass_eq(struct passes *s, struct term *left, struct term *right, struct loc loc)
{
    struct arena *a = &s->c->arena;
    struct expr *e = ast_expr(a, EXPR_CALL, loc);
    struct term **items = arena_array(a, 3, sizeof *items);
    if (e == NULL || items == NULL || left == NULL || right == NULL)
        return NULL;
    items[0] = s->op_eq;
    items[1] = left;
    items[2] = right;
    e->terms = (struct terms){items, 3, 3};
    return e;
}

struct expr *pass_eq_local(struct passes *s, struct term *other)
{
    struct term *left = pass_local_term(s, other->loc);
    struct expr *e = pass_eq(s, left, other, other->loc);
    if (e != NULL)
        e->generated = true;
    return e;
}

bool pass_is_empty_body(const struct body *b)
{
    return b->count == 1 && b->items[0]->kind == EXPR_TERM && b->items[0]->term->kind == TERM_BOOL &&
           value_is_true(b->items[0]->term->scalar);
}

bool pass_append(struct passes *s, struct body *b, struct expr *e)
{
    if (e == NULL || !body_push(&s->c->arena, b, e))
        return false;
    e->index = (uint32_t)b->count - 1;
    return true;
}

bool pass_append_body(struct passes *s, struct body *b, struct expr *e)
{
    if (e == NULL)
        return false;
    if (!pass_is_empty_body(b))
        return pass_append(s, b, e);
    b->items[0] = e;
    e->index = 0;
    return true;
}

/* ---- questions ---- */

bool term_is_string(const struct term *t, const char *text)
{
    return t->kind == TERM_STRING && str_equal(value_text(t->scalar), str_cstr(text));
}

bool term_requires_eval(const struct term *t)
{
    if (t->constant)
        return false;
    switch (t->kind) {
    case TERM_REF:
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_CALL: /* its operator is a reference */
        return true;
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        for (size_t i = 0; i < t->list.count; i++)
            if (term_requires_eval(t->list.items[i]))
                return true;
        return false;
    default:
        return false;
    }
}

size_t ref_ground_prefix(const struct terms *ref)
{
    size_t n = 1;
    while (n < ref->count && term_is_ground(ref->items[n]))
        n++;
    return n;
}

/* ---- collections ---- */

static int compare_terms(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return term_compare(*(struct term *const *)a, *(struct term *const *)b);
}

bool pass_sort_collection(struct passes *s, struct term *t)
{
    struct terms *list = &t->list;
    size_t step = t->kind == TERM_OBJECT ? 2 : 1;
    if (!sort_stable(&s->c->arena, list->items, list->count / step, step * sizeof *list->items, compare_terms, NULL))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i += step) {
        if (kept > 0 && term_compare(list->items[kept - step], list->items[i]) == 0) {
            if (step == 2)
                list->items[kept - 1] = list->items[i + 1];
            continue;
        }
        memmove(&list->items[kept], &list->items[i], step * sizeof *list->items);
        kept += step;
    }
    list->count = kept;
    return true;
}

/* ---- texts ---- */

struct str pass_ref_text(struct passes *s, const struct terms *ref)
{
    struct buf b;
    buf_init(&b, &s->c->arena);
    ast_write_ref(&b, ref);
    return b.failed ? STR("") : buf_view(&b);
}

struct str pass_loc_text(struct passes *s, struct loc loc)
{
    if (loc.row == 0)
        return STR("");
    struct str file = s->c->sources[loc.file].name;
    if (file.len == 0)
        return arena_printf(&s->c->arena, "%u:%u", loc.row, loc.col);
    return arena_printf(&s->c->arena, "%.*s:%u", (int)file.len, file.p, loc.row);
}

static bool write_back(struct ast_walk *w, struct term *t)
{
    if (t->kind == TERM_VAR)
        t->var = pass_written(w->ctx, t->var);
    return false;
}

struct terms pass_written_ref(struct passes *s, const struct terms *ref)
{
    struct term whole = {.kind = TERM_REF, .list = *ref};
    struct term *copy = ast_copy_term(&s->c->arena, &whole);
    struct ast_walk w = {.term = write_back, .ctx = s};
    if (copy == NULL)
        return (struct terms){0};
    ast_walk_term(&w, copy);
    return copy->list;
}

struct terms pass_rule_ref(struct passes *s, const struct rule *r)
{
    const struct terms *path = &r->module->package, *ref = &r->head->ref;
    size_t count = path->count + ref->count;
    struct term **items = arena_array(&s->c->arena, count, sizeof *items);
    if (items == NULL)
        return (struct terms){0};
    memcpy(items, path->items, path->count * sizeof *items);
    memcpy(items + path->count, ref->items, ref->count * sizeof *items);
    if (ref->items[0]->kind == TERM_VAR) {
        struct term *name = ast_scalar(&s->c->arena, value_str(atom_str(ref->items[0]->var)), ref->items[0]->loc);
        if (name == NULL)
            return (struct terms){0};
        items[path->count] = name;
    }
    return (struct terms){items, count, count};
}

/* ---- calls ---- */

/* The builtin of a whole name, unless the capabilities leave it out. */
static const struct builtin *allowed_builtin(const struct passes *s, struct str name)
{
    if (s->allowed.builtins != NULL && object_find_str(s->allowed.builtins, name) == NULL)
        return NULL;
    return compiler_builtin(s->c, name);
}

const struct builtin *pass_builtin_of(struct passes *s, const struct atom *a)
{
    struct atom_info *info = pass_info(s, a);
    if (info->builtin == 0) {
        const struct builtin *b = allowed_builtin(s, atom_str(a));
        info->builtin = (int16_t)(b != NULL ? b - s->c->builtins + 1 : -1);
    }
    return info->builtin > 0 ? &s->c->builtins[info->builtin - 1] : NULL;
}

/* The dotted name of a reference of strings, in name; 0 when it has none or is too long for a builtin's. */
static size_t dotted_name(const struct terms *ref, char *name, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < ref->count; i++) {
        const struct term *t = ref->items[i];
        struct str part = t->kind == TERM_STRING ? value_text(t->scalar) : STR("");
        if (i == 0 && t->kind == TERM_VAR)
            part = atom_str(t->var);
        if (part.len == 0 || part.len + len + 1 > size)
            return 0;
        if (i > 0)
            name[len++] = '.';
        memcpy(name + len, part.p, part.len);
        len += part.len;
    }
    return len;
}

const struct builtin *pass_builtin(struct passes *s, const struct term *t)
{
    if (t->kind == TERM_VAR)
        return pass_builtin_of(s, t->var);
    if (t->kind != TERM_REF || t->list.items[0]->kind != TERM_VAR)
        return NULL;
    if (t->list.count == 1)
        return pass_builtin_of(s, t->list.items[0]->var);
    if (t->list.items[0]->var == s->a_data)
        return NULL;
    char name[96];
    size_t len = dotted_name(&t->list, name, sizeof name);
    return len > 0 ? allowed_builtin(s, (struct str){name, len}) : NULL;
}

static void look_up_call(struct passes *s, const struct term *op, struct arity_entry *ret)
{
    *ret = (struct arity_entry){.op = op, .arity = -1};
    ret->builtin = pass_builtin(s, op);
    if (ret->builtin != NULL) {
        ret->arity = (ret->builtin->flags & BI_VARIADIC) != 0 ? 0 : ret->builtin->argc;
        return;
    }
    if (op->kind != TERM_REF || s->c->rule_tree == NULL)
        return;
    ret->node = rule_node_find(s->c->rule_tree, &op->list);
    if (ret->node != NULL && ret->node->rule_count > 0)
        ret->arity = (int)ret->node->rules[0]->head->args.count;
}

static size_t cache_place(const struct passes *s, const struct term *op)
{
    uint64_t mixed = (uint64_t)((uintptr_t)op >> 4) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & s->arity_mask;
}

/* About one entry per 64 bytes of source. */
static bool make_cache(struct passes *s)
{
    size_t bytes = 0, size = 16;
    for (size_t i = 0; i < s->c->source_count; i++)
        bytes += s->c->sources[i].text.len;
    while (size < 8192 && size < bytes / 64)
        size *= 2;
    s->arities = arena_zeroed(&s->c->arena, size, sizeof *s->arities);
    s->arity_mask = size - 1;
    return s->arities != NULL;
}

const struct arity_entry *pass_call(struct passes *s, const struct term *op)
{
    if (s->arities == NULL && !make_cache(s)) {
        look_up_call(s, op, &s->sink_call);
        return &s->sink_call;
    }
    struct arity_entry *entry = &s->arities[cache_place(s, op)];
    if (entry->op != op)
        look_up_call(s, op, entry);
    return entry;
}
