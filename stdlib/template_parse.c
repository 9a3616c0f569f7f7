/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of text templates: recursive descent with three tokens of look-ahead.
 *
 * A definition has its own look-ahead and variables, but reads from the same scanner. Recursion is bounded.
 */
#include "base/utf8.h"
#include "stdlib/quote.h"
#include "stdlib/template_lex.h"
#include "stdlib/template_tree.h"

#define MOST_DEPTH 500

/* What all definitions of one template share. */
struct source {
    struct bi_ctx *ctx;
    struct template_lexer lexer;
    struct template_tree *trees, **trees_end;
    unsigned depth;
    int status;
};

struct parser {
    struct source *src;
    struct template_token tokens[3];
    unsigned peeked;
    struct str *vars;
    size_t var_count, var_cap;
    uint32_t action_line; /* of the action being read; 0: none */
    unsigned ranges;      /* open ones */
};

typedef struct template_node node;

/* ---- errors ---- */

static node *nomem(struct parser *p)
{
    if (p->src->status == BI_OK)
        p->src->status = bi_nomem(p->src->ctx);
    return NULL;
}

static node *fail(struct parser *p, struct buf *text)
{
    if (p->src->status != BI_OK)
        return NULL;
    if (text->failed)
        return nomem(p);
    p->src->status = bi_fail(p->src->ctx, "template: template:%u: %.*s", (unsigned)p->tokens[0].line,
                             (int)(text->len < 800 ? text->len : 800), text->p);
    return NULL;
}

static node *fail_text(struct parser *p, const char *text)
{
    struct buf b;
    buf_init(&b, p->src->ctx->arena);
    buf_cstr(&b, text);
    return fail(p, &b);
}

/* text, then s in quotes. */
static node *fail_quoted(struct parser *p, const char *before, struct str s, const char *after)
{
    struct buf b;
    buf_init(&b, p->src->ctx->arena);
    buf_cstr(&b, before);
    quote_text(&b, s, QUOTE_PRINTABLE);
    buf_cstr(&b, after);
    return fail(p, &b);
}

/* The byte at which character number count begins. */
static size_t skip_characters(struct str s, unsigned count)
{
    size_t at = 0;
    for (unsigned len; count > 0 && at < s.len; count--, at += len)
        (void)utf8_decode(s.p + at, s.len - at, &len);
    return at;
}

static void write_token(struct buf *b, struct template_token t)
{
    if (t.kind == TT_EOF) {
        buf_cstr(b, "EOF");
    } else if (t.kind == TT_ERROR) {
        buf_str(b, t.text);
    } else if (t.kind >= TT_FIRST_KEYWORD) {
        buf_char(b, '<');
        buf_str(b, t.text);
        buf_char(b, '>');
    } else {
        struct str shown = t.text;
        if (t.text.len > 10)
            shown.len = skip_characters(t.text, 10);
        quote_text(b, shown, QUOTE_PRINTABLE);
        if (t.text.len > 10)
            buf_cstr(b, "...");
    }
}

static bool ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len && memcmp(s.p + (s.len - suffix.len), suffix.p, suffix.len) == 0;
}

static node *fail_token(struct parser *p, struct template_token t, const char *context)
{
    struct buf b;
    buf_init(&b, p->src->ctx->arena);
    if (t.kind == TT_ERROR) {
        write_token(&b, t);
        if (p->action_line != 0 && p->action_line != t.line)
            buf_printf(&b, "%s started at template:%u", ends_with(t.text, STR(" action")) ? "" : " in action",
                       (unsigned)p->action_line);
        return fail(p, &b);
    }
    buf_cstr(&b, "unexpected ");
    write_token(&b, t);
    buf_cstr(&b, " in ");
    buf_cstr(&b, context);
    return fail(p, &b);
}

/* ---- tokens ---- */

static struct template_token next_token(struct parser *p)
{
    if (p->peeked > 0) {
        p->peeked--;
    } else {
        p->tokens[0] = template_next(&p->src->lexer);
        if (p->src->lexer.failed)
            (void)nomem(p); /* status tells */
        if (p->src->status == BI_OK)
            p->src->status = bi_charge(p->src->ctx, p->tokens[0].text.len / 8 + 4);
    }
    return p->tokens[p->peeked];
}

static struct template_token peek_token(struct parser *p)
{
    if (p->peeked == 0) {
        (void)next_token(p); /* into tokens[0] */
        p->peeked = 1;
    }
    return p->tokens[p->peeked - 1];
}

static struct template_token next_non_space(struct parser *p)
{
    struct template_token t;
    do
        t = next_token(p);
    while (t.kind == TT_SPACE);
    return t;
}

static struct template_token peek_non_space(struct parser *p)
{
    struct template_token t = next_non_space(p);
    p->peeked++;
    return t;
}

/* Gives tokens back that were taken before the one in tokens[0]. */
static void give_back(struct parser *p, struct template_token first)
{
    p->tokens[1] = first;
    p->peeked = 2;
}

static void give_back_two(struct parser *p, struct template_token first, struct template_token second)
{
    p->tokens[1] = second;
    p->tokens[2] = first;
    p->peeked = 3;
}

/* ---- nodes ---- */

static node *new_node(struct parser *p, enum template_node_kind kind, size_t at)
{
    node *n = arena_zeroed(p->src->ctx->arena, 1, sizeof *n);
    if (n == NULL)
        return nomem(p);
    n->kind = kind;
    n->at = at;
    return n;
}

static bool add_child(struct parser *p, node *n, node *child)
{
    if (child == NULL)
        return false;
    if (!arena_grow(p->src->ctx->arena, &n->children, &n->cap, n->count + 1, sizeof(node *)))
        return nomem(p) != NULL;
    n->children[n->count++] = child;
    return true;
}

static bool add_word(struct parser *p, node *n, struct str word)
{
    if (!arena_grow(p->src->ctx->arena, &n->words, &n->word_cap, n->word_count + 1, sizeof(struct str)))
        return nomem(p) != NULL;
    n->words[n->word_count++] = word;
    return true;
}

static node *new_words(struct parser *p, enum template_node_kind kind, struct template_token t)
{
    node *n = new_node(p, kind, t.at);
    struct str word = kind == TN_FIELD ? str_of(t.text.p + 1, t.text.len - 1) : t.text;
    return n != NULL && add_word(p, n, word) ? n : NULL;
}

static bool declare(struct parser *p, struct str name)
{
    if (!arena_grow(p->src->ctx->arena, &p->vars, &p->var_cap, p->var_count + 1, sizeof(struct str)))
        return nomem(p) != NULL;
    p->vars[p->var_count++] = name;
    return true;
}

static bool enter(struct parser *p)
{
    if (p->src->depth >= MOST_DEPTH && p->src->status == BI_OK)
        p->src->status = bi_halt(p->src->ctx, ERR_LIMIT_DEPTH, "%s: the template nests too deep", p->src->ctx->def->name);
    if (p->src->status != BI_OK)
        return false;
    p->src->depth++;
    return true;
}

/* ---- pipelines ---- */

static node *parse_pipeline(struct parser *p, const char *context, enum template_token_kind end);

static node *parse_constant(struct parser *p, struct template_token t)
{
    node *n = new_node(p, TN_NUMBER, t.at);
    struct str error;
    if (n == NULL)
        return NULL;
    n->text = t.text;
    if (t.kind == TT_COMPLEX || (t.kind == TT_NUMBER && t.text.p[t.text.len - 1] == 'i'))
        return fail_text(p, "complex numbers are not supported");
    if (template_read_number(p->src->ctx->arena, n, t.kind == TT_CHAR_CONSTANT, &error))
        return n;
    if (t.kind != TT_CHAR_CONSTANT) {
        struct buf b;
        buf_init(&b, p->src->ctx->arena);
        buf_str(&b, error);
        quote_text(&b, t.text, QUOTE_PRINTABLE);
        return fail(p, &b);
    }
    struct buf b;
    buf_init(&b, p->src->ctx->arena);
    buf_str(&b, error);
    if (error.p[0] == 'm')
        buf_str(&b, t.text);
    return fail(p, &b);
}

static node *parse_string(struct parser *p, struct template_token t)
{
    node *n = new_node(p, TN_STRING, t.at);
    if (n == NULL)
        return NULL;
    n->text = t.text;
    if (template_unquote(p->src->ctx->arena, t.text, &n->value))
        return n;
    return p->src->ctx->arena->failed != ARENA_OK ? nomem(p) : fail_text(p, "invalid syntax");
}

static node *parse_variable(struct parser *p, struct template_token t)
{
    for (size_t i = 0; i < p->var_count; i++)
        if (str_equal(p->vars[i], t.text))
            return new_words(p, TN_VARIABLE, t);
    return fail_quoted(p, "undefined variable ", t.text, "");
}

/* What may begin an operand; *ret_found tells whether there is something. */
static node *parse_term(struct parser *p, bool *ret_found)
{
    struct template_token t = next_non_space(p);
    node *n;
    *ret_found = true;
    switch (t.kind) {
    case TT_IDENTIFIER:
        if (template_function(t.text) < 0)
            return fail_quoted(p, "function ", t.text, " not defined");
        n = new_node(p, TN_IDENTIFIER, t.at);
        if (n != NULL)
            n->text = t.text;
        return n;
    case TT_DOT:
        return new_node(p, TN_DOT, t.at);
    case TT_NIL:
        return new_node(p, TN_NIL, t.at);
    case TT_VARIABLE:
        return parse_variable(p, t);
    case TT_FIELD:
        return new_words(p, TN_FIELD, t);
    case TT_BOOL:
        n = new_node(p, TN_BOOL, t.at);
        if (n != NULL)
            n->is_true = t.text.p[0] == 't';
        return n;
    case TT_CHAR_CONSTANT:
    case TT_COMPLEX:
    case TT_NUMBER:
        return parse_constant(p, t);
    case TT_LEFT_PAREN:
        return parse_pipeline(p, "parenthesized pipeline", TT_RIGHT_PAREN);
    case TT_STRING:
    case TT_RAW_STRING:
        return parse_string(p, t);
    default:
        p->peeked++;
        *ret_found = false;
        return NULL;
    }
}

/* A term with the fields that follow it directly. */
static node *parse_operand(struct parser *p, bool *ret_found)
{
    node *term = parse_term(p, ret_found);
    if (term == NULL || peek_token(p).kind != TT_FIELD)
        return term;
    node *n = term;
    if (term->kind == TN_BOOL || term->kind == TN_STRING || term->kind == TN_NUMBER || term->kind == TN_NIL ||
        term->kind == TN_DOT) {
        struct buf b;
        while (peek_token(p).kind == TT_FIELD)
            (void)next_token(p); /* Go reads them before it complains */
        buf_init(&b, p->src->ctx->arena);
        template_write_node(&b, term);
        return fail_quoted(p, "unexpected . after term ", buf_view(&b), "");
    }
    if (term->kind != TN_FIELD && term->kind != TN_VARIABLE) {
        n = new_node(p, TN_CHAIN, peek_token(p).at);
        if (n == NULL)
            return NULL;
        n->pipe = term;
    } else {
        n->at = peek_token(p).at;
    }
    while (peek_token(p).kind == TT_FIELD) {
        struct template_token t = next_token(p);
        if (!add_word(p, n, str_of(t.text.p + 1, t.text.len - 1)))
            return NULL;
    }
    return n;
}

static node *parse_command(struct parser *p)
{
    node *cmd = new_node(p, TN_COMMAND, peek_non_space(p).at);
    while (cmd != NULL) {
        bool found;
        (void)peek_non_space(p); /* skips blanks */
        node *operand = parse_operand(p, &found);
        if (found && (operand == NULL || !add_child(p, cmd, operand)))
            return NULL;
        struct template_token t = next_token(p);
        if (t.kind == TT_SPACE)
            continue;
        if (t.kind == TT_RIGHT_DELIM || t.kind == TT_RIGHT_PAREN)
            p->peeked++;
        else if (t.kind != TT_PIPE)
            return fail_token(p, t, "operand");
        break;
    }
    if (cmd != NULL && cmd->count == 0)
        return fail_text(p, "empty command");
    return cmd;
}

static bool add_decl(struct parser *p, node *pipe, struct template_token v)
{
    node *n = new_words(p, TN_VARIABLE, v);
    if (n == NULL || !declare(p, v.text))
        return false;
    if (!arena_grow(p->src->ctx->arena, &pipe->decls, &pipe->decl_cap, pipe->decl_count + 1, sizeof(node *)))
        return nomem(p) != NULL;
    pipe->decls[pipe->decl_count++] = n;
    return true;
}

/* The variables that a pipeline sets; false on failure. */
static bool parse_decls(struct parser *p, node *pipe, const char *context)
{
    for (;;) {
        struct template_token v = peek_non_space(p);
        if (v.kind != TT_VARIABLE)
            return true;
        (void)next_token(p); /* v */
        struct template_token after = peek_token(p), next = peek_non_space(p);
        if (next.kind == TT_ASSIGN || next.kind == TT_DECLARE) {
            pipe->is_assign = next.kind == TT_ASSIGN;
            (void)next_non_space(p); /* next */
            return add_decl(p, pipe, v);
        }
        if (next.kind != TT_CHAR || !str_equal(next.text, STR(","))) {
            if (after.kind == TT_SPACE)
                give_back_two(p, v, after);
            else
                give_back(p, v);
            return true;
        }
        (void)next_non_space(p); /* the comma */
        if (!add_decl(p, pipe, v))
            return false;
        if (strcmp(context, "range") != 0 || pipe->decl_count >= 2) {
            struct buf b;
            buf_init(&b, p->src->ctx->arena);
            buf_printf(&b, "too many declarations in %s", context);
            return fail(p, &b) != NULL;
        }
        enum template_token_kind kind = peek_non_space(p).kind;
        if (kind != TT_VARIABLE && kind != TT_RIGHT_DELIM && kind != TT_RIGHT_PAREN)
            return fail_text(p, "range can only initialize variables") != NULL;
    }
}

static node *check_pipeline(struct parser *p, node *pipe, const char *context)
{
    struct buf b;
    buf_init(&b, p->src->ctx->arena);
    if (pipe->count == 0) {
        buf_printf(&b, "missing value for %s", context);
        return fail(p, &b);
    }
    for (size_t i = 1; i < pipe->count; i++) {
        enum template_node_kind kind = pipe->children[i]->children[0]->kind;
        if (kind == TN_BOOL || kind == TN_DOT || kind == TN_NIL || kind == TN_NUMBER || kind == TN_STRING) {
            buf_printf(&b, "non executable command in pipeline stage %zu", i + 1);
            return fail(p, &b);
        }
    }
    return pipe;
}

static node *read_pipeline(struct parser *p, const char *context, enum template_token_kind end)
{
    node *pipe = new_node(p, TN_PIPE, peek_non_space(p).at);
    if (pipe == NULL || !parse_decls(p, pipe, context))
        return NULL;
    for (;;) {
        struct template_token t = next_non_space(p);
        if (p->src->status != BI_OK)
            return NULL;
        if (t.kind == end)
            return check_pipeline(p, pipe, context);
        switch (t.kind) {
        case TT_BOOL:
        case TT_CHAR_CONSTANT:
        case TT_COMPLEX:
        case TT_DOT:
        case TT_FIELD:
        case TT_IDENTIFIER:
        case TT_NUMBER:
        case TT_NIL:
        case TT_RAW_STRING:
        case TT_STRING:
        case TT_VARIABLE:
        case TT_LEFT_PAREN:
            p->peeked++;
            if (!add_child(p, pipe, parse_command(p)))
                return NULL;
            break;
        default:
            return fail_token(p, t, context);
        }
    }
}

static node *parse_pipeline(struct parser *p, const char *context, enum template_token_kind end)
{
    if (!enter(p))
        return NULL;
    node *pipe = read_pipeline(p, context, end);
    p->src->depth--;
    return pipe;
}

/* ---- actions ---- */

static node *parse_text_or_action(struct parser *p);

/* Nodes up to {{end}} or {{else}}, which is *ret_next. */
static node *parse_list(struct parser *p, node **ret_next)
{
    node *list = new_node(p, TN_LIST, peek_non_space(p).at);
    while (list != NULL && peek_non_space(p).kind != TT_EOF) {
        node *n = parse_text_or_action(p);
        if (n == NULL)
            return NULL;
        if (n->kind == TN_END || n->kind == TN_ELSE) {
            *ret_next = n;
            return list;
        }
        if (!add_child(p, list, n))
            return NULL;
    }
    return list != NULL ? fail_text(p, "unexpected EOF") : NULL;
}

static node *parse_control(struct parser *p, enum template_node_kind kind, const char *context);

/* What stands after {{else}}: a list up to {{end}}, or one more if or with. */
static node *parse_else(struct parser *p, enum template_node_kind kind, const char *context, size_t at)
{
    enum template_token_kind next = peek_token(p).kind;
    node *list;
    if ((kind == TN_IF && next == TT_IF) || (kind == TN_WITH && next == TT_WITH)) {
        (void)next_token(p); /* the keyword */
        list = new_node(p, TN_LIST, at);
        return list != NULL && add_child(p, list, parse_control(p, kind, context)) ? list : NULL;
    }
    node *end;
    list = parse_list(p, &end);
    if (list != NULL && end->kind != TN_END)
        return fail_text(p, "expected end; found {{else}}");
    return list;
}

static node *read_control(struct parser *p, enum template_node_kind kind, const char *context)
{
    size_t vars = p->var_count;
    node *n = new_node(p, kind, 0), *next;
    if (n == NULL)
        return NULL;
    n->pipe = parse_pipeline(p, context, TT_RIGHT_DELIM);
    if (n->pipe == NULL)
        return NULL;
    n->at = n->pipe->at;
    p->ranges += kind == TN_RANGE;
    n->list = parse_list(p, &next);
    p->ranges -= kind == TN_RANGE;
    if (n->list == NULL)
        return NULL;
    if (next->kind == TN_ELSE) {
        n->else_list = parse_else(p, kind, context, next->at);
        if (n->else_list == NULL)
            return NULL;
    }
    p->var_count = vars;
    return n;
}

static node *parse_control(struct parser *p, enum template_node_kind kind, const char *context)
{
    if (!enter(p))
        return NULL;
    node *n = read_control(p, kind, context);
    p->src->depth--;
    return n;
}

static node *parse_jump(struct parser *p, enum template_node_kind kind, struct template_token t, const char *context)
{
    struct template_token delim = next_non_space(p);
    if (delim.kind != TT_RIGHT_DELIM)
        return fail_token(p, delim, context);
    if (p->ranges == 0)
        return fail_text(p, kind == TN_BREAK ? "{{break}} outside {{range}}" : "{{continue}} outside {{range}}");
    return new_node(p, kind, t.at);
}

static node *parse_else_clause(struct parser *p)
{
    struct template_token t = peek_non_space(p);
    if (t.kind == TT_IF || t.kind == TT_WITH)
        return new_node(p, TN_ELSE, t.at);
    t = next_non_space(p);
    return t.kind == TT_RIGHT_DELIM ? new_node(p, TN_ELSE, t.at) : fail_token(p, t, "else");
}

static node *parse_end_clause(struct parser *p)
{
    struct template_token t = next_non_space(p);
    return t.kind == TT_RIGHT_DELIM ? new_node(p, TN_END, t.at) : fail_token(p, t, "end");
}

static bool parse_name(struct parser *p, struct template_token t, const char *context, struct str *ret)
{
    if (t.kind != TT_STRING && t.kind != TT_RAW_STRING)
        return fail_token(p, t, context) != NULL;
    node *n = parse_string(p, t);
    *ret = n != NULL ? n->value : str_of("", 0);
    return n != NULL;
}

static node *parse_template(struct parser *p)
{
    struct template_token t = next_non_space(p);
    node *n = new_node(p, TN_TEMPLATE, t.at);
    if (n == NULL || !parse_name(p, t, "template clause", &n->text))
        return NULL;
    if (next_non_space(p).kind == TT_RIGHT_DELIM)
        return n;
    p->peeked++;
    n->pipe = parse_pipeline(p, "template clause", TT_RIGHT_DELIM);
    return n->pipe != NULL ? n : NULL;
}

static bool add_tree(struct parser *p, struct str name, node *root);

/* The nodes of a definition up to its {{end}}; a parser of its own. */
static bool parse_definition(struct parser *outer, struct parser *p, struct str name, const char *context)
{
    node *end;
    if (!enter(p))
        return false;
    node *root = parse_list(p, &end);
    p->src->depth--;
    if (root == NULL)
        return false;
    if (end->kind != TN_END) {
        struct buf b;
        buf_init(&b, p->src->ctx->arena);
        buf_printf(&b, "unexpected {{else}} in %s", context);
        return fail(outer, &b) != NULL;
    }
    return add_tree(p, name, root);
}

static bool start_parser(struct parser *p, struct source *src)
{
    *p = (struct parser){.src = src};
    return declare(p, STR("$"));
}

static node *parse_block(struct parser *p)
{
    struct template_token t = next_non_space(p);
    node *n = new_node(p, TN_TEMPLATE, t.at);
    if (n == NULL || !parse_name(p, t, "block clause", &n->text))
        return NULL;
    n->pipe = parse_pipeline(p, "block clause", TT_RIGHT_DELIM);
    struct parser inner;
    if (n->pipe == NULL || !start_parser(&inner, p->src) || !parse_definition(p, &inner, n->text, "block clause"))
        return NULL;
    return n;
}

static node *parse_action(struct parser *p)
{
    struct template_token t = next_non_space(p);
    switch (t.kind) {
    case TT_BLOCK:
        return parse_block(p);
    case TT_BREAK:
        return parse_jump(p, TN_BREAK, t, "{{break}}");
    case TT_CONTINUE:
        return parse_jump(p, TN_CONTINUE, t, "{{continue}}");
    case TT_ELSE:
        return parse_else_clause(p);
    case TT_END:
        return parse_end_clause(p);
    case TT_IF:
        return parse_control(p, TN_IF, "if");
    case TT_RANGE:
        return parse_control(p, TN_RANGE, "range");
    case TT_TEMPLATE:
        return parse_template(p);
    case TT_WITH:
        return parse_control(p, TN_WITH, "with");
    default:
        break;
    }
    p->peeked++;
    node *n = new_node(p, TN_ACTION, peek_token(p).at);
    if (n == NULL)
        return NULL;
    n->pipe = parse_pipeline(p, "command", TT_RIGHT_DELIM);
    return n->pipe != NULL ? n : NULL;
}

static node *parse_text_or_action(struct parser *p)
{
    struct template_token t = next_non_space(p);
    if (p->src->status != BI_OK)
        return NULL;
    if (t.kind == TT_TEXT) {
        node *n = new_node(p, TN_TEXT, t.at);
        if (n != NULL)
            n->text = t.text;
        return n;
    }
    if (t.kind != TT_LEFT_DELIM)
        return fail_token(p, t, "input");
    p->action_line = t.line;
    node *n = parse_action(p);
    p->action_line = 0;
    return n;
}

/* ---- the whole ---- */

static bool is_blank(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == '\0' || strchr(" \t\n\v\f\r", s.p[i]) == NULL)
            return false;
    return true;
}

static bool is_empty_tree(const node *root)
{
    for (size_t i = 0; i < root->count; i++)
        if (root->children[i]->kind != TN_TEXT || !is_blank(root->children[i]->text))
            return false;
    return true;
}

/* A definition replaces an empty one of the same name, and an empty one replaces nothing. */
static bool add_tree(struct parser *p, struct str name, node *root)
{
    struct template_tree *t = p->src->trees;
    while (t != NULL && !str_equal(t->name, name))
        t = t->next;
    if (t != NULL && t->root != NULL && !is_empty_tree(t->root))
        return is_empty_tree(root) || fail_quoted(p, "template: multiple definition of template ", name, "") != NULL;
    if (t == NULL) {
        t = arena_zeroed(p->src->ctx->arena, 1, sizeof *t);
        if (t == NULL)
            return nomem(p) != NULL;
        t->name = name;
        *p->src->trees_end = t;
        p->src->trees_end = &t->next;
    }
    t->root = root;
    return true;
}

static bool parse_define(struct parser *p)
{
    struct parser inner;
    struct str name;
    if (!start_parser(&inner, p->src))
        return false;
    struct template_token t = next_non_space(&inner);
    if (!parse_name(&inner, t, "define clause", &name))
        return false;
    t = next_non_space(&inner);
    if (t.kind != TT_RIGHT_DELIM)
        return fail_token(&inner, t, "define clause") != NULL;
    return parse_definition(&inner, &inner, name, "define clause");
}

static bool parse_all(struct parser *p)
{
    node *root = new_node(p, TN_LIST, peek_token(p).at);
    if (root == NULL)
        return false;
    while (p->src->status == BI_OK && peek_token(p).kind != TT_EOF) {
        if (peek_token(p).kind == TT_LEFT_DELIM) {
            struct template_token delim = next_token(p);
            if (next_non_space(p).kind == TT_DEFINE) {
                if (!parse_define(p))
                    return false;
                continue;
            }
            give_back(p, delim);
        }
        node *n = parse_text_or_action(p);
        if (n != NULL && (n->kind == TN_END || n->kind == TN_ELSE))
            return fail_text(p, n->kind == TN_END ? "unexpected {{end}}" : "unexpected {{else}}") != NULL;
        if (!add_child(p, root, n))
            return false;
    }
    return p->src->status == BI_OK && add_tree(p, STR("template"), root);
}

int template_parse(struct bi_ctx *ctx, struct str text, struct template_tree **ret)
{
    struct source src = {.ctx = ctx};
    struct parser p;
    src.trees_end = &src.trees;
    template_lexer_init(&src.lexer, ctx->arena, text);
    bool good = start_parser(&p, &src) && parse_all(&p);
    *ret = src.trees;
    if (good)
        return BI_OK;
    return src.status != BI_OK ? src.status : bi_nomem(ctx);
}
