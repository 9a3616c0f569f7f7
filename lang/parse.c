/* SPDX-License-Identifier: Apache-2.0
 *
 * Entry points of parsing: scan, filter, run the grammar, assemble; and after a failure say why and go on at the next rule.
 *
 * The grammar runs over the whole source at once. When it fails, the statements before the failing one are kept, the failing
 * one is explained, and the next line that looks like the start of a statement is where parsing goes on, so that one run
 * reports several errors. Nothing is built of a source with errors.
 */
#include "lang/parse.h"

#include <stdarg.h>
#include <stdio.h>

#include "lang/annotation.h"
#include "lang/diag.h"

#define DEFAULT_MAX_ERRORS 10u

void *parse_alloc(struct parse *p, size_t size)
{
    void *memory = arena_alloc(p->arena, size);
    if (memory == NULL)
        p->no_memory = true;
    return memory;
}

bool parse_error(struct parse *p, struct loc loc, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = len < 0 ? NULL : parse_alloc(p, (size_t)len + 1);
    if (text == NULL)
        return diag_nomem(p->c);
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args); /* measured just above */
    va_end(args);
    struct str details = diag_details(p->arena, p->tokens.text, loc.offset);
    struct diag d = {.code = ERR_PARSE, .loc = loc, .message = {text, (size_t)len}, .details = details};
    return diag_push(p->c, &d);
}

static bool add_source(struct compiler *c, struct str name, struct str text, uint32_t *ret)
{
    if (c->source_count == UINT32_MAX ||
        !arena_grow(&c->arena, &c->sources, &c->source_cap, c->source_count + 1, sizeof *c->sources))
        return diag_nomem(c);
    *ret = (uint32_t)c->source_count;
    c->sources[c->source_count++] = (struct source){name, text};
    return true;
}

/* Scans and prepares; false: diagnostics, or out of memory. */
static bool start(struct parse *p, struct compiler *c, struct str name, struct str text)
{
    *p = (struct parse){.c = c, .arena = &c->arena};
    if (!add_source(c, name, text, &p->file))
        return false;
    if (text.len > c->limits.source_bytes || text.len > UINT32_MAX / 2)
        return diag_add(c, ERR_LIMIT_SIZE, (struct loc){.file = p->file}, "source is too large");
    if (c->atoms.arena == NULL)
        atoms_init(&c->atoms, &c->arena);
    p->input = atom_get(&c->atoms, STR("input"));
    p->data = atom_get(&c->atoms, STR("data"));
    p->set = atom_get(&c->atoms, STR("set"));
    if (p->input == NULL || p->data == NULL || p->set == NULL || !tokens_scan(&p->tokens, p->arena, text, p->file))
        return diag_nomem(c);
    p->filter = (struct filter){.tokens = &p->tokens,
                                .version = c->options.version,
                                .keywords = c->options.version == REGO_V1 ? KEYWORDS_V1 : 0,
                                .max_depth = c->limits.parse_depth};
    p->first_keywords = p->filter.keywords;
    p->diags_before = c->diag_count;
    return true;
}

/* The first token from index on that starts a line at its first column and may start a statement. */
static size_t next_statement(const struct parse *p, size_t from)
{
    for (size_t i = from; i + 1 < p->tokens.count; i++) {
        const struct token *t = &p->tokens.items[i];
        bool is_start = t->kind == TOKEN_IDENT || t->kind == TOKEN_DEFAULT || t->kind == TOKEN_IMPORT;
        if (is_start && t->col == 1 && (t->flags & TOKEN_LINE) != 0)
            return i;
    }
    return p->tokens.count - 1;
}

static size_t token_at(const struct parse *p, uint32_t offset)
{
    size_t low = 0, high = p->tokens.count - 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (p->tokens.items[mid].offset < offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Runs the grammar from token first on; the keywords in force stay as they are. */
static bool run_from(struct parse *p, size_t first)
{
    p->next = first;
    p->is_started = p->is_separated = false;
    p->node_count = 0;
    p->done = p->tokens.items[first].offset;
    if (!tokens_filter(&p->filter, first)) {
        p->no_memory = true;
        return false;
    }
    return parse_run(p);
}

/* Parses all statements. false: diagnostics, or out of memory. */
static bool run(struct parse *p)
{
    struct compiler *c = p->c;
    size_t first = 0, errors = c->diag_count;
    size_t most = c->options.max_errors != 0 ? c->options.max_errors : DEFAULT_MAX_ERRORS;
    while (!run_from(p, first)) {
        if (p->no_memory || c->out_of_memory)
            return diag_nomem(c);
        parse_explain(p, token_at(p, p->done));
        if (c->diag_count - errors >= most || p->filter.is_query)
            return false;
        size_t failed = p->next == 0 ? 0 : p->next - 1;
        first = next_statement(p, failed > first ? failed : first + 1);
        if (first + 1 >= p->tokens.count)
            return false;
    }
    return c->diag_count == errors;
}

static bool add_module(struct compiler *c, struct module *m)
{
    if (!arena_grow(&c->arena, &c->modules, &c->module_cap, c->module_count + 1, sizeof *c->modules))
        return diag_nomem(c);
    c->modules[c->module_count++] = m;
    return true;
}

bool parse_module(struct compiler *c, struct str name, struct str text)
{
    struct parse p;
    struct module *m = arena_alloc(&c->arena, sizeof *m);
    if (m == NULL)
        return diag_nomem(c);
    if (!start(&p, c, name, text) || !run(&p))
        return false;
    *m = (struct module){.file = p.file,
                         .version = c->options.version,
                         .comments = p.tokens.comments,
                         .comment_count = p.tokens.comment_count,
                         .comment_cap = p.tokens.comment_cap};
    size_t errors = c->diag_count;
    if (!annotation_parse(c, m) || !parse_assemble(&p, m) || !annotation_attach(c, m))
        return p.no_memory || c->out_of_memory ? diag_nomem(c) : c->diag_count > errors ? false : diag_nomem(c);
    return add_module(c, m);
}

static bool run_query(struct parse *p, struct compiler *c, struct str text)
{
    if (!start(p, c, STR(""), text))
        return false;
    p->filter.is_query = true;
    return run(p);
}

bool parse_query(struct compiler *c, struct str text, struct query *q)
{
    struct parse p;
    if (!run_query(&p, c, text))
        return false;
    q->file = p.file;
    q->body = (struct body){0};
    for (size_t i = 0; i < p.statement_count; i++)
        for (size_t k = 0; k < p.statements[i].body.count; k++)
            if (!body_push(p.arena, &q->body, p.statements[i].body.items[k]))
                return diag_nomem(c);
    return ast_copy_body(p.arena, &q->body, &q->written) || diag_nomem(c);
}

struct term *parse_term(struct compiler *c, struct str text)
{
    struct parse p;
    if (!run_query(&p, c, text))
        return NULL;
    const struct body *b = p.statement_count == 1 ? &p.statements[0].body : NULL;
    if (b != NULL && b->count == 1 && b->items[0]->kind == EXPR_TERM && b->items[0]->with_count == 0 && !b->items[0]->negated)
        return b->items[0]->term;
    diag_add(c, ERR_PARSE, (struct loc){.file = p.file, .row = 1, .col = 1}, "expected exactly one term");
    return NULL;
}
