/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: what is not declared in the rule and names a rule of the package or an import becomes the reference it stands for.
 * Also gathers what occurs in each rule (traits) and marks constant terms, for the stages after it.
 *
 * Modules are taken package by package, so that the names of a package are entered once. References' string parts are shared
 * between all uses of a name; nothing changes them later.
 */
#include "lang/locals.h"
#include "lang/passes.h"
#include "lang/sort.h"
#include "lang/ast_walk.h"

/* What a name stands for: an import's path, or a rule of the package. */
struct global {
    const struct terms *path; /* of the import, or of the package */
    struct term *name;        /* of the rule: comes behind path; imports: NULL */
    bool is_used;
};

struct resolver {
    struct passes *s;
    struct term *root; /* the head of the module's package; NULL in queries */
    uint32_t package_epoch, module_epoch;
};

static bool resolve_term(struct resolver *r, struct term *t);
static bool resolve_body(struct resolver *r, struct body *b);
static bool resolve_expr(struct resolver *r, struct expr *e);

/* ---- declared variables ---- */

enum { PUSH = 1, POP = -1 };

/* Variables below a term count as declared once more, or once less. */
static void declare_var(struct passes *s, const struct atom *a, int by)
{
    struct atom_info *info = pass_info(s, a);
    info->declared += (uint32_t)by;
    if (atom_is_generated(a))
        info->is_taken = s->has_local_names = true;
}

static void declare_term(struct passes *s, const struct term *t, int by)
{
    if (t->kind == TERM_VAR)
        declare_var(s, t->var, by);
    else if (t->kind >= TERM_REF && (t->kind <= TERM_SET || t->kind == TERM_CALL))
        for (size_t i = 0; i < t->list.count; i++)
            declare_term(s, t->list.items[i], by);
}

static void declare_some(struct passes *s, const struct terms *symbols, int by)
{
    for (size_t i = 0; i < symbols->count; i++) {
        const struct term *t = symbols->items[i];
        if (t->kind == TERM_VAR)
            declare_term(s, t, by);
        if (t->kind != TERM_CALL)
            continue;
        for (size_t k = 1; k + 1 < t->list.count; k++)
            declare_term(s, t->list.items[k], by);
    }
}

void pass_declare_body(struct passes *s, const struct body *b, int by)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct expr *e = b->items[i];
        if (e->kind == EXPR_SOME)
            declare_some(s, &e->terms, by);
        else if (e->kind == EXPR_EVERY)
            pass_declare_body(s, &e->every->body, by);
        else if (e->kind == EXPR_NOT)
            pass_declare_body(s, &e->not_body, by);
        else if (e->kind == EXPR_AND || e->kind == EXPR_OR) {
            pass_declare_body(s, &e->logic->left, by);
            pass_declare_body(s, &e->logic->right, by);
        } else if (pass_calls(e, s->a_assign) && e->terms.count == 3)
            declare_term(s, e->terms.items[1], by);
    }
}

/* ---- names ---- */

static struct global *find_global(struct resolver *r, const struct atom *name)
{
    struct atom_info *info = pass_info(r->s, name);
    if (info->global == NULL || info->declared > 0)
        return NULL;
    return info->global_epoch == r->module_epoch || info->global_epoch == r->package_epoch ? info->global : NULL;
}

/* The first part is shared by all uses of the package, or of the import, in a module, and is where the last of them is: errors
 * about types are reported there, as OPA's are. */
static struct term *head_of(const struct resolver *r, const struct global *g)
{
    return g->name != NULL && r->root != NULL ? r->root : g->path->items[0];
}

/* The reference that g stands for, with room for more parts. */
static bool global_ref(struct resolver *r, struct global *g, size_t more, struct terms *ret)
{
    size_t count = g->path->count + (g->name != NULL);
    struct term **items = arena_array(&r->s->c->arena, count + more, sizeof *items);
    if (items == NULL)
        return false;
    memcpy(items, g->path->items, g->path->count * sizeof *items);
    items[0] = head_of(r, g);
    if (g->name != NULL)
        items[count - 1] = g->name;
    g->is_used = true;
    *ret = (struct terms){items, count, count + more};
    return true;
}

static void note_var(struct resolver *r, const struct atom *a)
{
    struct passes *s = r->s;
    if (atom_is_generated(a)) {
        s->has_local_names = true;
        pass_info(s, a)->is_taken = true;
    }
    if (pass_builtin_of(s, a) != NULL)
        s->traits |= TRAIT_BUILTIN_VAR;
}

static bool resolve_var(struct resolver *r, struct term *t)
{
    struct global *g = find_global(r, t->var);
    if (g == NULL) {
        note_var(r, t->var);
        return true;
    }
    struct terms ref;
    head_of(r, g)->loc = t->loc;
    if (!global_ref(r, g, 0, &ref))
        return false;
    t->kind = TERM_REF;
    t->list = ref;
    return true;
}

/* The brackets of a reference. */
static bool resolve_parts(struct resolver *r, struct terms *ref)
{
    for (size_t i = 1; i < ref->count; i++) {
        struct term *part = ref->items[i];
        if (part->kind == TERM_TEMPLATE)
            r->s->traits |= TRAIT_TEMPLATE; /* as in OPA, names in it stay as they are */
        else if (part->kind > TERM_STRING && !resolve_term(r, part))
            return false;
    }
    return true;
}

static bool resolve_ref(struct resolver *r, struct term *t, bool is_operator)
{
    struct terms *ref = &t->list;
    struct term *head = ref->items[0];
    if (head->kind == TERM_VAR) {
        struct global *g = find_global(r, head->var);
        struct terms whole;
        if (g == NULL) {
            if (!is_operator)
                note_var(r, head->var);
            return resolve_parts(r, ref);
        }
        head_of(r, g)->loc = head->loc;
        if (!resolve_parts(r, ref) || !global_ref(r, g, ref->count - 1, &whole))
            return false;
        memcpy(whole.items + whole.count, ref->items + 1, (ref->count - 1) * sizeof *ref->items);
        whole.count = whole.cap;
        *ref = whole;
        return true;
    }
    r->s->traits |= TRAIT_BASE;
    return resolve_term(r, head) && resolve_parts(r, ref);
}

static void note_operator(struct resolver *r, const struct terms *call)
{
    struct passes *s = r->s;
    const struct term *op = call->items[0];
    if (op->kind != TERM_REF || op->list.items[0]->kind != TERM_VAR)
        return;
    const struct atom *first = op->list.items[0]->var;
    if (op->list.count == 1) {
        if (first == s->a_print)
            s->traits |= TRAIT_PRINT;
        else if (first == s->a_equal)
            s->traits |= TRAIT_EQUAL;
        else if (first == s->a_assign && call->count > 1 && pass_is_root(s, call->items[1]))
            s->traits |= TRAIT_SHADOW;
        const struct builtin *b = pass_builtin_of(s, first);
        if (b != NULL && (b->flags & BI_DEPRECATED) != 0)
            s->traits |= TRAIT_DEPRECATED;
        return;
    }
    if (first == s->a_rego)
        s->traits |= TRAIT_METADATA;
    if (atom_is(first, "net"))
        s->traits |= TRAIT_DEPRECATED; /* perhaps net.cidr_overlap */
}

/* print and the internal ones, used as values. */
static void note_void(struct resolver *r, const struct term *op)
{
    if (op->kind != TERM_REF || op->list.items[0]->kind != TERM_VAR)
        return;
    const struct atom *first = op->list.items[0]->var;
    if (first == r->s->a_print || (first == r->s->a_internal && op->list.count > 1))
        r->s->traits |= TRAIT_VOID;
}

static bool resolve_call(struct resolver *r, struct terms *call)
{
    struct term *op = call->items[0];
    note_operator(r, call);
    if (op->kind == TERM_REF ? !resolve_ref(r, op, true) : !resolve_term(r, op))
        return false;
    for (size_t i = 1; i < call->count; i++)
        if (!resolve_term(r, call->items[i]))
            return false;
    return true;
}

/* The parser keeps keys that are written twice; what the last one has counts. */
static bool has_repeated_key(const struct term *object)
{
    for (size_t i = 2; i + 1 < object->list.count; i += 2) {
        const struct term *a = object->list.items[i - 2], *b = object->list.items[i];
        bool strings = a->kind == TERM_STRING && b->kind == TERM_STRING;
        if (strings ? value_equal(a->scalar, b->scalar) : term_compare(a, b) == 0)
            return true;
    }
    return false;
}

static bool resolve_collection(struct resolver *r, struct term *t)
{
    bool constant = true;
    for (size_t i = 0; i < t->list.count; i++) {
        struct term *item = t->list.items[i];
        if (item->kind <= TERM_STRING)
            continue;
        if (!resolve_term(r, item))
            return false;
        constant = constant && item->constant;
    }
    t->constant = constant;
    bool sorted = t->kind == TERM_ARRAY || (constant && (t->kind == TERM_SET || !has_repeated_key(t)));
    return sorted || pass_sort_collection(r->s, t);
}

static bool resolve_compr(struct resolver *r, struct compr *c)
{
    r->s->traits |= TRAIT_COMPR;
    pass_declare_body(r->s, &c->body, PUSH);
    bool ok = (c->key == NULL || resolve_term(r, c->key)) && resolve_term(r, c->term) && resolve_body(r, &c->body);
    pass_declare_body(r->s, &c->body, POP);
    return ok;
}

static bool resolve_template(struct resolver *r, struct template_string *t)
{
    r->s->traits |= TRAIT_TEMPLATE;
    for (size_t i = 0; i < t->count; i++) {
        struct expr *e = t->parts[i].expr;
        if (e != NULL && e->kind == EXPR_CALL)
            note_void(r, e->terms.items[0]);
        if (e != NULL && !resolve_expr(r, e))
            return false;
    }
    return true;
}

static bool resolve_term(struct resolver *r, struct term *t)
{
    switch (t->kind) {
    case TERM_VAR:
        return resolve_var(r, t);
    case TERM_REF:
        return resolve_ref(r, t, false);
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_SET:
        return resolve_collection(r, t);
    case TERM_CALL:
        r->s->traits |= TRAIT_CALL;
        note_void(r, t->list.items[0]);
        return resolve_call(r, &t->list);
    case TERM_ARRAY_COMPR:
    case TERM_SET_COMPR:
    case TERM_OBJECT_COMPR:
        return resolve_compr(r, t->compr);
    case TERM_TEMPLATE:
        return resolve_template(r, t->template);
    default:
        t->constant = true;
        return true;
    }
}

/* ---- expressions ---- */

/* The domain and the body are both within the scope of key and value; these are not resolved themselves. */
static bool resolve_every(struct resolver *r, struct every *e)
{
    r->s->traits |= TRAIT_CLOSURE;
    if (e->key != NULL)
        declare_term(r->s, e->key, PUSH);
    declare_term(r->s, e->value, PUSH);
    bool ok = resolve_term(r, e->domain) && resolve_body(r, &e->body);
    declare_term(r->s, e->value, POP);
    if (e->key != NULL)
        declare_term(r->s, e->key, POP);
    return ok;
}

/* Of `some`, only the call of `some k, v in xs` is resolved: patterns in it are declared. */
static bool resolve_some(struct resolver *r, struct terms *symbols)
{
    r->s->traits |= TRAIT_SOME;
    struct term *first = symbols->items[0];
    if (first->kind != TERM_CALL)
        return true;
    if (!resolve_call(r, &first->list))
        return false;
    if (first->list.items[first->list.count - 1]->kind > TERM_REF)
        r->s->traits |= TRAIT_BASE; /* it becomes the base of a reference */
    return true;
}

static bool resolve_expr(struct resolver *r, struct expr *e)
{
    bool ok = true;
    switch (e->kind) {
    case EXPR_TERM:
        ok = resolve_term(r, e->term);
        break;
    case EXPR_CALL:
        ok = resolve_call(r, &e->terms);
        break;
    case EXPR_SOME:
        ok = resolve_some(r, &e->terms);
        break;
    case EXPR_EVERY:
        ok = resolve_every(r, e->every);
        break;
    case EXPR_NOT:
        r->s->traits |= TRAIT_CLOSURE;
        ok = resolve_body(r, &e->not_body);
        break;
    case EXPR_AND:
    case EXPR_OR:
        r->s->traits |= TRAIT_CLOSURE;
        ok = resolve_body(r, &e->logic->left) && resolve_body(r, &e->logic->right);
        break;
    }
    for (size_t i = 0; ok && i < e->with_count; i++) {
        r->s->traits |= TRAIT_WITH;
        ok = resolve_term(r, e->withs[i].target) && resolve_term(r, e->withs[i].value);
    }
    return ok;
}

static bool resolve_body(struct resolver *r, struct body *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!resolve_expr(r, b->items[i]))
            return false;
    return true;
}

/* ---- rules ---- */

struct root_search {
    const struct passes *s;
    const struct term *found;
};

static bool find_root_term(struct ast_walk *w, struct term *t)
{
    struct root_search *r = w->ctx;
    if (r->found == NULL && pass_is_root(r->s, t))
        r->found = t;
    return r->found != NULL || t->kind == TERM_SET || (t->kind > TERM_SET && t->kind != TERM_TEMPLATE);
}

/* Arguments may not be called input or data. The first that is, or NULL. */
static const struct term *find_root(const struct passes *s, struct term *arg)
{
    struct root_search r = {s, NULL};
    struct ast_walk w = {.term = find_root_term, .ctx = &r};
    ast_walk_term(&w, arg);
    return r.found;
}

struct declarer {
    struct passes *s;
    int by;
};

/* Variables of an argument: those in what cannot be matched against (sets, calls, comprehensions) are not declared by it. */
static bool declare_arg(struct ast_walk *w, struct term *t)
{
    const struct declarer *d = w->ctx;
    if (t->kind == TERM_VAR)
        declare_var(d->s, t->var, d->by);
    return t->kind == TERM_SET || t->kind > TERM_TEMPLATE || (t->kind > TERM_SET && t->kind < TERM_TEMPLATE);
}

static void declare_args(struct passes *s, const struct head *h, int by)
{
    struct declarer d = {s, by};
    struct ast_walk w = {.term = declare_arg, .ctx = &d};
    ast_walk_terms(&w, &h->args);
}

/* Arguments are not resolved; what occurs in them is noted all the same. */
static bool note_arg(struct ast_walk *w, struct term *t)
{
    struct resolver *r = w->ctx;
    if (t->kind == TERM_VAR)
        note_var(r, t->var);
    else if (t->kind == TERM_CALL)
        r->s->traits |= TRAIT_CALL;
    else if (t->kind == TERM_TEMPLATE)
        r->s->traits |= TRAIT_TEMPLATE;
    else if (t->kind == TERM_REF && t->list.items[0]->kind != TERM_VAR)
        r->s->traits |= TRAIT_BASE;
    else if (t->kind > TERM_SET)
        r->s->traits |= TRAIT_COMPR;
    return false;
}

static bool resolve_head(struct resolver *r, struct head *h)
{
    declare_var(r->s, h->ref.items[0]->var, 0); /* notes that the name is taken */
    struct ast_walk note = {.term = note_arg, .ctx = r};
    ast_walk_terms(&note, &h->args);
    for (size_t i = 1; i < h->ref.count; i++)
        if (!resolve_term(r, h->ref.items[i]))
            return false;
    if (h->value != NULL)
        h->key = NULL; /* then it is the last part of the reference */
    return (h->key == NULL || resolve_term(r, h->key)) && (h->value == NULL || resolve_term(r, h->value));
}

static bool resolve_rule(struct resolver *r, struct rule *rule, bool *ret_bad)
{
    struct passes *s = r->s;
    for (size_t i = 0; i < rule->head->args.count; i++) {
        const struct term *root = find_root(s, rule->head->args.items[i]);
        if (root == NULL)
            continue;
        *ret_bad = true;
        (void)diag_add(s->c, ERR_COMPILE, rule->loc, "args must not shadow %s (use a different variable name)",
                       root->list.items[0]->var->text);
        return true;
    }
    s->traits = 0;
    declare_args(s, rule->head, PUSH);
    pass_declare_body(s, &rule->body, PUSH);
    bool ok = resolve_head(r, rule->head) && resolve_body(r, &rule->body);
    pass_declare_body(s, &rule->body, POP);
    declare_args(s, rule->head, POP);
    rule->traits = s->traits;
    return ok;
}

/* ---- modules ---- */

static bool is_keyword_import(const struct passes *s, const struct import *i)
{
    const struct term *first = i->path->kind == TERM_REF ? i->path->list.items[0] : i->path;
    return first->kind == TERM_VAR && (first->var == s->a_future || first->var == s->a_rego);
}

/* The name by which the module knows the import; NULL when out of memory. */
static const struct atom *import_name(struct passes *s, const struct import *i)
{
    if (i->alias != NULL)
        return i->alias;
    if (i->path->kind == TERM_VAR)
        return i->path->var;
    const struct term *last = i->path->list.items[i->path->list.count - 1];
    return last->kind == TERM_VAR ? last->var : atom_get(&s->c->atoms, value_text(last->scalar));
}

static bool set_global(struct passes *s, const struct atom *name, uint32_t epoch, const struct terms *path, struct term *last)
{
    struct global *g = arena_zeroed(&s->c->arena, 1, sizeof *g);
    if (g == NULL)
        return false;
    g->path = path;
    g->name = last;
    struct atom_info *info = pass_info(s, name);
    info->global = g;
    info->global_epoch = epoch;
    return true;
}

/* Rules of the module become names of the package. */
static bool enter_rules(struct resolver *r, const struct module *m)
{
    struct passes *s = r->s;
    for (size_t i = 0; i < m->rule_count; i++) {
        const struct term *first = m->rules[i]->head->ref.items[0];
        struct atom_info *info = pass_info(s, first->var);
        if (info->global != NULL && info->global_epoch == r->package_epoch)
            continue;
        struct term *name = ast_scalar(&s->c->arena, value_str(atom_str(first->var)), first->loc);
        if (name == NULL || !set_global(s, first->var, r->package_epoch, &m->package, name))
            return false;
        name->constant = true;
    }
    return true;
}

/* Remembers what an import's name stood for in the package, to restore it behind the module. */
struct shadowed {
    struct atom_info *info;
    struct global *global;
    uint32_t epoch;
};

static bool enter_imports(struct resolver *r, struct import **imports, size_t count, struct shadowed *before)
{
    struct passes *s = r->s;
    for (size_t i = 0; i < count; i++) {
        before[i] = (struct shadowed){0};
        if (is_keyword_import(s, imports[i]))
            continue;
        const struct atom *name = import_name(s, imports[i]);
        if (name == NULL)
            return false;
        struct atom_info *info = pass_info(s, name);
        before[i] = (struct shadowed){info, info->global, info->global_epoch};
        if (!set_global(s, name, r->module_epoch, &imports[i]->path->list, NULL))
            return false;
    }
    return true;
}

/* Strict mode: imports that nothing used. */
static bool note_unused(struct passes *s, struct module *m)
{
    for (size_t i = 0; i < m->import_count; i++) {
        const struct atom *name = is_keyword_import(s, m->imports[i]) ? NULL : import_name(s, m->imports[i]);
        if (name == NULL || pass_info(s, name)->global->is_used)
            continue;
        if (s->unused_count == s->unused_cap &&
            !arena_grow(&s->c->arena, &s->unused, &s->unused_cap, s->unused_count + 1, sizeof *s->unused))
            return false;
        s->unused[s->unused_count++] = m->imports[i];
    }
    return true;
}

static bool resolve_rules(struct resolver *r, struct module *m, bool *ret_bad)
{
    for (size_t i = 0; i < m->rule_count; i++) {
        for (struct rule *rule = m->rules[i]; rule != NULL; rule = rule->otherwise) {
            bool bad = false;
            rule->module = m;
            if (!resolve_rule(r, rule, &bad))
                return false;
            if (!bad)
                continue;
            *ret_bad = true;
            break;
        }
    }
    return true;
}

static bool resolve_module(struct resolver *r, struct module *m, bool *ret_bad)
{
    struct passes *s = r->s;
    r->module_epoch = ++s->epoch;
    r->root = m->package.items[0];
    struct shadowed *before = arena_array(&s->c->arena, m->import_count, sizeof *before);
    if (before == NULL || !enter_imports(r, m->imports, m->import_count, before) || !resolve_rules(r, m, ret_bad))
        return false;
    if (s->c->options.strict && !note_unused(s, m))
        return false;
    for (size_t i = m->import_count; i-- > 0;) {
        if (before[i].info == NULL)
            continue;
        before[i].info->global = before[i].global;
        before[i].info->global_epoch = before[i].epoch;
    }
    return true;
}

static int compare_packages(const void *left, const void *right, void *ctx)
{
    (void)ctx;
    const struct term a = {.kind = TERM_REF, .list = (*(struct module *const *)left)->package};
    const struct term b = {.kind = TERM_REF, .list = (*(struct module *const *)right)->package};
    return term_compare(&a, &b);
}

bool pass_resolve(struct compiler *c)
{
    struct passes *s = c->passes;
    struct resolver r = {.s = s};
    size_t count = c->module_count;
    if (count == 0)
        return true;
    struct module **modules = arena_array(&c->arena, count, sizeof *modules);
    if (modules == NULL)
        return false;
    memcpy(modules, c->modules, count * sizeof(struct module *));
    if (!sort_stable(&c->arena, modules, count, sizeof *modules, compare_packages, NULL))
        return false;
    bool bad = false;
    for (size_t i = 0, end = 0; i < count; i = end) {
        r.package_epoch = ++s->epoch;
        for (end = i; end < count && compare_packages(&modules[i], &modules[end], NULL) == 0; end++)
            if (!enter_rules(&r, modules[end]))
                return false;
        for (size_t k = i; k < end; k++)
            if (!resolve_module(&r, modules[k], &bad))
                return false;
    }
    return !bad;
}

bool pass_resolve_query(struct passes *s, struct query *q)
{
    struct resolver r = {.s = s};
    struct terms *package = &q->package;
    r.package_epoch = ++s->epoch;
    const struct term wanted = {.kind = TERM_REF, .list = *package};
    EACH_MODULE(s, m) {
        const struct term path = {.kind = TERM_REF, .list = m->package};
        if (package->count > 0 && term_compare(&wanted, &path) == 0 && !enter_rules(&r, m))
            return false;
    }
    r.module_epoch = ++s->epoch;
    struct shadowed *before = arena_array(&s->c->arena, q->import_count, sizeof *before);
    if (before == NULL || !enter_imports(&r, q->imports, q->import_count, before))
        return false;
    pass_declare_body(s, &q->body, PUSH);
    bool ok = resolve_body(&r, &q->body);
    pass_declare_body(s, &q->body, POP);
    return ok;
}

/* ---- imports ---- */

/* import data.foo as bar */
static struct str import_text(struct passes *s, const struct import *i)
{
    struct buf b;
    buf_init(&b, &s->c->arena);
    buf_cstr(&b, "import ");
    ast_write_term(&b, i->path);
    if (i->alias != NULL)
        buf_printf(&b, " as %s", i->alias->text);
    return b.failed ? STR("") : buf_view(&b);
}

bool pass_unused_imports(struct compiler *c)
{
    struct passes *s = c->passes;
    for (size_t i = 0; i < s->unused_count; i++) {
        struct str text = import_text(s, s->unused[i]);
        (void)diag_add(c, ERR_COMPILE, s->unused[i]->loc, "%.*s unused", (int)text.len, text.p);
    }
    return true;
}

/* import rego.v1 and rego.v2 where the capabilities do not have them. */
static void check_rego_import(struct passes *s, const struct import *i)
{
    const struct terms *path = &i->path->list;
    if (i->path->kind != TERM_REF || path->count != 2 || path->items[0]->kind != TERM_VAR || path->items[0]->var != s->a_rego)
        return;
    if (!s->allowed.v1_import && term_is_string(path->items[1], "v1"))
        (void)diag_add(s->c, ERR_COMPILE, i->loc, "rego.v1 import is not supported");
    if (!s->allowed.v2_import && term_is_string(path->items[1], "v2"))
        (void)diag_add(s->c, ERR_COMPILE, i->loc, "rego.v2 import is not supported");
}

bool pass_duplicate_imports(struct compiler *c)
{
    struct passes *s = c->passes;
    EACH_MODULE(s, m) {
        for (size_t i = 0; i < m->import_count; i++)
            check_rego_import(s, m->imports[i]);
        if (!c->options.strict && !module_is_v1(m))
            continue;
        uint32_t epoch = ++s->epoch;
        for (size_t i = 0; i < m->import_count; i++) {
            const struct atom *name = import_name(s, m->imports[i]);
            if (name == NULL)
                return false;
            struct atom_info *info = pass_info(s, name);
            if (info->global_epoch != epoch) {
                info->global_epoch = epoch;
                info->first_import = m->imports[i];
                continue;
            }
            struct str text = import_text(s, info->first_import);
            (void)diag_add(c, ERR_COMPILE, m->imports[i]->loc, "import must not shadow %.*s", (int)text.len, text.p);
        }
    }
    return true;
}

bool pass_remove_imports(struct compiler *c)
{
    (void)c; /* names are resolved; the modules keep their imports for tools that list them */
    return true;
}

bool pass_init_locals(struct compiler *c)
{
    c->local_count = 0; /* which names are taken was noted while resolving */
    return true;
}
