/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms out of tokens and smaller terms, with the places OPA gives them.
 *
 * A term's row and column are those of its first operand; its text may start before (at a parenthesis) or, for a reference into
 * a collection, at the bracket that closes the collection: so does OPA's.
 */
#include "lang/literal.h"
#include "lang/parse.h"
#include "vm/number.h"

/* ---- the stack of nodes ---- */

bool build_push(struct parse *p, void *node)
{
    if (node == NULL)
        return false;
    if (p->node_count == p->node_cap &&
        !arena_grow(p->arena, &p->nodes, &p->node_cap, p->node_count + 256, sizeof *p->nodes)) {
        p->no_memory = true;
        return false;
    }
    p->nodes[p->node_count++] = node;
    return true;
}

bool build_start(struct parse *p, size_t *mark, void *node)
{
    *mark = p->node_count;
    return build_push(p, node);
}

static void *take(struct parse *p, size_t mark, uint32_t *ret_count)
{
    size_t count = p->node_count - mark;
    p->node_count = mark;
    *ret_count = (uint32_t)count;
    void *items = arena_array(p->arena, count, sizeof *p->nodes);
    if (items == NULL)
        p->no_memory = true;
    else if (count != 0)
        memcpy(items, p->nodes + mark, count * sizeof *p->nodes);
    return items;
}

bool build_take_terms(struct parse *p, size_t mark, struct terms *ret)
{
    ret->items = take(p, mark, &ret->count);
    ret->cap = ret->count;
    return ret->items != NULL;
}

bool build_take_body(struct parse *p, size_t mark, struct body *ret)
{
    ret->items = take(p, mark, &ret->count);
    ret->cap = ret->count;
    for (size_t i = 0; ret->items != NULL && i < ret->count; i++)
        ret->items[i]->index = (uint32_t)i;
    return ret->items != NULL;
}

static void *keep(struct parse *p, void *node)
{
    if (node == NULL)
        p->no_memory = true;
    return node;
}

/* ---- scalars and names ---- */

struct term *build_scalar(struct parse *p, struct value v, struct span s)
{
    return keep(p, ast_scalar(p->arena, v, span_loc(p, s)));
}

static struct term *make_string(struct parse *p, struct str text, struct loc loc)
{
    const struct atom *a = atom_get(&p->c->atoms, text);
    return keep(p, a == NULL ? NULL : ast_scalar(p->arena, value_str(atom_str(a)), loc));
}

struct term *build_string(struct parse *p, const struct token *t)
{
    struct str text = token_str(&p->tokens, t), inner = {text.p + 1, text.len - 2};
    bool is_raw = text.p[0] == '`';
    if (!is_raw && memchr(inner.p, '\\', inner.len) != NULL && !literal_unescape(p->arena, inner, &inner)) {
        p->no_memory |= p->arena->failed != ARENA_OK;
        return NULL;
    }
    struct term *s = make_string(p, inner, token_loc(p, t));
    if (s != NULL)
        s->raw_string = is_raw;
    return s;
}

struct term *build_name(struct parse *p, const struct token *t)
{
    return make_string(p, token_str(&p->tokens, t), token_loc(p, t));
}

static const struct atom *next_wildcard(struct parse *p)
{
    char text[16];
    size_t at = sizeof text;
    uint32_t n = p->wildcards++;
    do
        text[--at] = (char)('0' + n % 10);
    while ((n /= 10) != 0);
    text[--at] = '$';
    return atom_get(&p->c->atoms, (struct str){text + at, sizeof text - at});
}

struct term *build_var(struct parse *p, const struct token *t)
{
    struct str name = token_str(&p->tokens, t);
    bool is_wildcard = name.len == 1 && name.p[0] == '_';
    return keep(p, ast_var(p->arena, is_wildcard ? next_wildcard(p) : atom_get(&p->c->atoms, name), token_loc(p, t)));
}

struct term *build_declared(struct parse *p, const struct token *t)
{
    return t->kind == TOKEN_IDENT ? build_var(p, t) : NULL;
}

bool build_fresh_wildcards(struct parse *p, struct terms *args)
{
    for (size_t i = 0; i < args->count; i++) {
        struct term *t = args->items[i];
        if (t->kind == TERM_VAR && t->var->text[0] == '$' && (t->var = next_wildcard(p)) == NULL) {
            p->no_memory = true;
            return false;
        }
    }
    return true;
}

static bool read_small(const char *prefix, struct str digits, struct value *ret)
{
    bool is_negative = prefix[0] == '-';
    if (prefix[is_negative] != '\0' || digits.len > 18 || (digits.p[0] == '0' && (is_negative || digits.len > 1)))
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        n = n * 10 + (digits.p[i] - '0');
    }
    *ret = value_int(is_negative ? -n : n);
    return true;
}

struct term *build_number(struct parse *p, const char *prefix, const struct token *t, struct span s)
{
    struct str digits = token_str(&p->tokens, t);
    struct value v;
    struct loc loc = token_loc(p, s.first);
    if (read_small(prefix, digits, &v))
        return keep(p, ast_scalar(p->arena, v, loc));
    if (!literal_is_number(prefix, digits))
        return NULL;
    struct str text = arena_printf(p->arena, "%s%.*s", prefix, (int)digits.len, digits.p);
    if (text.p == NULL)
        return keep(p, NULL);
    enum number_status status = literal_number(p->arena, text, &v);
    p->no_memory |= status == NUMBER_NOMEM;
    return status != NUMBER_OK ? NULL : keep(p, ast_scalar(p->arena, v, loc));
}

/* ---- references and calls ---- */

static bool is_root(const struct parse *p, const struct atom *a)
{
    return a == p->input || a == p->data;
}

struct term *build_base(struct parse *p, struct term *base)
{
    if (base == NULL || base->kind != TERM_VAR || !is_root(p, base->var))
        return base;
    return keep(p, ast_list(p->arena, TERM_REF, &base, 1, base->loc));
}

struct term *build_parens(struct term *t, struct span s)
{
    t->parenthesised = true;
    t->loc.offset = s.first->offset;
    t->loc.len = s.end - s.first->offset;
    if (t->kind == TERM_REF && t->list.count == 1)
        t->list.items[0]->loc = t->loc;
    return t;
}

/* Where the text of a reference or call with this head starts. */
static uint32_t ref_offset(const struct term *head)
{
    bool is_closed = head->parenthesised;
    switch (head->kind) {
    case TERM_SET:
        is_closed |= head->list.count != 0; /* else set() */
        break;
    case TERM_ARRAY:
    case TERM_OBJECT:
    case TERM_ARRAY_COMPR:
    case TERM_OBJECT_COMPR:
    case TERM_SET_COMPR:
        is_closed = true;
        break;
    default:
        break;
    }
    return is_closed ? head->loc.offset + head->loc.len - 1 : head->loc.offset;
}

static struct loc ref_loc(const struct term *head, uint32_t end)
{
    struct loc loc = head->loc;
    loc.offset = ref_offset(head);
    loc.len = end - loc.offset;
    return loc;
}

static bool can_be_head(const struct term *t)
{
    return t->kind == TERM_VAR || t->kind >= TERM_ARRAY ? t->kind != TERM_TEMPLATE : false;
}

bool build_ref_start(struct parse *p, size_t *mark, struct term *base, struct term *part)
{
    return can_be_head(base) && build_start(p, mark, base) && build_push(p, part);
}

struct term *build_ref(struct parse *p, size_t mark, struct span s)
{
    struct term *head = p->nodes[mark];
    struct term *t = keep(p, ast_term(p->arena, TERM_REF, ref_loc(head, s.end)));
    return t != NULL && build_take_terms(p, mark, &t->list) ? t : NULL;
}

bool build_callee(struct parse *p, size_t *mark, struct term *base, struct span paren)
{
    if (!can_be_head(base))
        return false;
    struct term *op = keep(p, ast_list(p->arena, TERM_REF, &base, 1, ref_loc(base, paren.first->offset)));
    return build_start(p, mark, op);
}

bool build_callee_ref(struct parse *p, size_t mark, struct span paren)
{
    struct term *op = build_ref(p, mark, (struct span){paren.first, paren.first->offset});
    return build_push(p, op);
}

struct term *build_call(struct parse *p, size_t mark, struct span s)
{
    struct term *op = p->nodes[mark];
    struct loc loc = op->loc;
    loc.len = s.end - loc.offset;
    bool is_set = p->node_count == mark + 1 && op->list.count == 1 && op->list.items[0]->kind == TERM_VAR &&
                  op->list.items[0]->var == p->set;
    struct term *t = keep(p, ast_term(p->arena, is_set ? TERM_SET : TERM_CALL, loc));
    if (is_set)
        p->node_count = mark;
    else if (t != NULL && !build_take_terms(p, mark, &t->list))
        return NULL;
    return t;
}

/* ---- operators ---- */

static struct term *operator_ref(struct parse *p, const struct token *op)
{
    struct loc loc = token_loc(p, op);
    const struct atom **name = &p->operators[op->kind];
    if (*name == NULL)
        *name = atom_get(&p->c->atoms, str_cstr(token_text(op->kind)));
    struct term *var = keep(p, ast_var(p->arena, *name, loc));
    return var == NULL ? NULL : keep(p, ast_list(p->arena, TERM_REF, &var, 1, loc));
}

/* A call of three or four terms whose place is its first operand's, and whose text is that of s. */
static struct term *make_call(struct parse *p, struct term **items, size_t count, struct span s)
{
    if (items[0] == NULL)
        return NULL;
    struct loc loc = items[1]->loc;
    loc.offset = s.first->offset;
    loc.len = s.end - s.first->offset;
    return keep(p, ast_list(p->arena, TERM_CALL, items, count, loc));
}

struct term *build_infix(struct parse *p, const struct token *op, struct term *left, struct term *right, struct span s)
{
    struct term *items[] = {operator_ref(p, op), left, right};
    return make_call(p, items, 3, s);
}

static struct term *member_ref(struct parse *p, const struct token *op, bool has_key)
{
    struct loc loc = token_loc(p, op);
    struct term *items[] = {keep(p, ast_var(p->arena, atom_get(&p->c->atoms, STR("internal")), loc)),
                            make_string(p, has_key ? STR("member_3") : STR("member_2"), loc)};
    return items[0] == NULL || items[1] == NULL ? NULL : keep(p, ast_list(p->arena, TERM_REF, items, 2, loc));
}

static bool is_infix(const struct parse *p, const struct term *t)
{
    if (t->kind != TERM_CALL || t->parenthesised || t->list.count != 3)
        return false;
    const struct loc *op = &t->list.items[0]->loc;
    return op->len != 0 && op->offset != t->loc.offset && strchr("=!<>|&+-*/%", p->tokens.text.p[op->offset]) != NULL;
}

struct term *build_member(struct parse *p, const struct token *op, struct term *key, struct term *value, struct term *domain,
                          struct span s)
{
    if (key == NULL) {
        struct term *items[] = {member_ref(p, op, false), value, domain};
        return make_call(p, items, 3, s);
    }
    /* OPA counts the text of the value's operators from the key on. */
    for (struct term *t = value; is_infix(p, t); t = t->list.items[1]) {
        t->loc.len += t->loc.offset - s.first->offset;
        t->loc.offset = s.first->offset;
    }
    struct term *items[] = {member_ref(p, op, true), key, value, domain};
    return make_call(p, items, 4, s);
}

struct term *build_negative(struct parse *p, struct term *t, struct span minus, struct span s)
{
    if (t == NULL || minus.first[1].kind != TOKEN_IDENT)
        return NULL;
    struct loc none = {.file = p->file};
    const struct atom **name = &p->operators[TOKEN_MINUS];
    if (*name == NULL)
        *name = atom_get(&p->c->atoms, STR("minus"));
    struct term *var = keep(p, ast_var(p->arena, *name, none));
    struct term *op = var == NULL ? NULL : keep(p, ast_list(p->arena, TERM_REF, &var, 1, none));
    struct term *zero = keep(p, ast_scalar(p->arena, value_int(0), token_loc(p, minus.first)));
    if (op == NULL || zero == NULL)
        return NULL;
    struct term *items[] = {op, zero, t};
    return keep(p, ast_list(p->arena, TERM_CALL, items, 3, span_loc(p, s)));
}

/* ---- collections ---- */

struct term *build_list(struct parse *p, enum term_kind kind, size_t mark, struct span s)
{
    struct term *t = keep(p, ast_term(p->arena, kind, span_loc(p, s)));
    if (t == NULL || p->node_count == mark)
        return t;
    if (!build_take_terms(p, mark, &t->list))
        return NULL;
    if (kind != TERM_ARRAY)
        ast_sort(t);
    return t;
}

struct term *build_compr(struct parse *p, enum term_kind kind, struct term *key, struct term *t, size_t body, struct span s)
{
    struct compr *c = keep(p, arena_alloc(p->arena, sizeof *c));
    if (c == NULL)
        return NULL;
    *c = (struct compr){.key = key, .term = t};
    struct term *compr = keep(p, ast_term(p->arena, kind, span_loc(p, s)));
    if (compr == NULL || !build_take_body(p, body, &c->body))
        return NULL;
    compr->compr = c;
    return compr;
}

/* ---- template strings: on the stack, a token and an expression per part ---- */

static bool is_part_expr(const struct expr *e)
{
    return !e->negated && e->kind != EXPR_EVERY && e->kind != EXPR_SOME && !expr_is_call_of(e, "eq") &&
           !expr_is_call_of(e, "assign");
}

bool build_part(struct parse *p, const struct token *t, struct expr *e)
{
    return e != NULL && is_part_expr(e) && build_push(p, (void *)(uintptr_t)t) && build_push(p, e);
}

bool build_part_start(struct parse *p, size_t *mark, const struct token *t, struct expr *e)
{
    *mark = p->node_count;
    return build_part(p, t, e);
}

/* The text of a part of a template string without its delimiters. */
static bool part_text(struct parse *p, const struct token *t, struct str *ret)
{
    struct str text = token_str(&p->tokens, t);
    size_t skip = (t->flags & TOKEN_NEXT_PART) != 0 ? 0 : 2;
    bool is_raw = t->kind == TOKEN_RAW_TEMPLATE_PART || t->kind == TOKEN_RAW_TEMPLATE_END;
    struct str inner = {text.p + skip, text.len - skip - 1};
    if (literal_template_text(p->arena, inner, is_raw, ret))
        return true;
    p->no_memory |= p->arena->failed != ARENA_OK;
    return false;
}

static bool push_text(struct parse *p, struct template_string *s, const struct token *t)
{
    struct str text;
    if (!part_text(p, t, &text))
        return false;
    if (text.len != 0)
        s->parts[s->count++] = (struct template_part){.text = text, .loc = token_loc(p, t)};
    return true;
}

/* Does a comment stand between two places? */
static bool has_comment(const struct tokens *t, uint32_t from, uint32_t to)
{
    size_t low = 0, high = t->comment_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->comments[mid].loc.offset < from)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->comment_count && t->comments[low].loc.offset < to;
}

struct term *build_template(struct parse *p, size_t mark, const struct token *end, struct span s)
{
    size_t count = p->node_count - mark;
    if (p->filter.version == REGO_V0)
        return NULL; /* not among v0's features */
    struct template_string *string = keep(p, arena_alloc(p->arena, sizeof *string));
    struct term *t = keep(p, ast_term(p->arena, TERM_TEMPLATE, span_loc(p, s)));
    if (string == NULL || t == NULL)
        return NULL;
    *string = (struct template_string){.cap = count + 1, .multi_line = end->kind == TOKEN_RAW_TEMPLATE_END};
    string->parts = keep(p, arena_array(p->arena, string->cap, sizeof *string->parts));
    if (string->parts == NULL)
        return NULL;
    for (size_t i = mark; i < mark + count; i += 2) {
        const struct token *text = p->nodes[i];
        struct expr *e = p->nodes[i + 1];
        if (!push_text(p, string, text))
            return NULL;
        bool is_scalar = e->kind == EXPR_TERM && term_is_scalar(e->term) &&
                         !has_comment(&p->tokens, text->offset + text->len, e->loc.offset);
        string->parts[string->count++] = (struct template_part){.expr = e, .loc = e->loc, .scalar = is_scalar};
    }
    p->node_count = mark;
    if (!push_text(p, string, end))
        return NULL;
    t->template = string;
    return t;
}
