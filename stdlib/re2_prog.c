/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiler of our own matcher.
 *
 * Preference is in the order of the two ways of RI_ALT. x* with x nullable is (x+)?, which keeps the preference right.
 * Counted repetitions are written out. Recurses as deep as the expression nests.
 */
#include "stdlib/re2_prog.h"

#include "stdlib/re2_insts.h"
#include "stdlib/unicode.h"

#define MOST_INSTS 400000 /* the work per character is in proportion */
#define NOWHERE UINT32_MAX

/* A piece of program: where it begins, and the chain of its open ends. An end is inst << 1 | (1 for other); an open end holds
 * the next one of the chain. begin NOWHERE: cannot match. */
struct piece {
    uint32_t begin;
    uint32_t first, last;
    bool is_nullable;
};

struct compiler {
    struct arena *arena;
    struct re2_inst *insts;
    size_t count, cap;
    uint32_t *pairs;
    size_t pair_count, pair_cap;
    enum re2_status status;
};

static const struct piece no_piece = {NOWHERE, NOWHERE, NOWHERE, false};

static uint32_t *end_slot(struct compiler *c, uint32_t end)
{
    struct re2_inst *inst = &c->insts[end >> 1];
    return (end & 1) != 0 ? &inst->other : &inst->next;
}

static struct piece emit(struct compiler *c, enum re2_inst_op op, uint32_t arg)
{
    if (c->status == RE2_OK && c->count >= MOST_INSTS)
        c->status = RE2_BAD;
    if (c->status == RE2_OK && !arena_grow(c->arena, &c->insts, &c->cap, c->count + 1, sizeof *c->insts))
        c->status = RE2_NOMEM;
    if (c->status != RE2_OK)
        return no_piece;
    uint32_t at = (uint32_t)c->count++;
    c->insts[at] = (struct re2_inst){.op = (uint8_t)op, .next = NOWHERE, .other = NOWHERE, .arg = arg};
    return (struct piece){at, at << 1, at << 1, true};
}

static void patch(struct compiler *c, struct piece p, uint32_t to)
{
    for (uint32_t end = p.first; end != NOWHERE;) {
        uint32_t *slot = end_slot(c, end);
        end = *slot;
        *slot = to;
    }
}

static struct piece join_ends(struct compiler *c, struct piece a, struct piece b)
{
    if (a.first == NOWHERE || b.first == NOWHERE) {
        a.last = a.first == NOWHERE ? b.last : a.last;
        a.first = a.first == NOWHERE ? b.first : a.first;
        return a;
    }
    *end_slot(c, a.last) = b.first;
    a.last = b.last;
    return a;
}

static struct piece concat(struct compiler *c, struct piece a, struct piece b)
{
    if (a.begin == NOWHERE || b.begin == NOWHERE)
        return no_piece;
    patch(c, a, b.begin);
    return (struct piece){a.begin, b.first, b.last, a.is_nullable && b.is_nullable};
}

static struct piece alternate(struct compiler *c, struct piece a, struct piece b)
{
    if (a.begin == NOWHERE || b.begin == NOWHERE)
        return a.begin == NOWHERE ? b : a;
    struct piece p = emit(c, RI_ALT, 0);
    if (c->status != RE2_OK)
        return no_piece;
    c->insts[p.begin].next = a.begin;
    c->insts[p.begin].other = b.begin;
    struct piece ends = join_ends(c, a, b);
    return (struct piece){p.begin, ends.first, ends.last, a.is_nullable || b.is_nullable};
}

/* An RI_ALT with one way to body; the other one is its open end. */
static struct piece fork_to(struct compiler *c, uint32_t body, bool non_greedy)
{
    struct piece p = emit(c, RI_ALT, 0);
    if (c->status != RE2_OK)
        return no_piece;
    if (non_greedy)
        c->insts[p.begin].other = body;
    else
        c->insts[p.begin].next = body;
    uint32_t end = p.begin << 1 | (non_greedy ? 0 : 1);
    return (struct piece){p.begin, end, end, true};
}

/* Of a part that cannot match, only going past it is left. */
static struct piece quest(struct compiler *c, struct piece body, bool non_greedy)
{
    if (body.begin == NOWHERE)
        return emit(c, RI_NOP, 0);
    struct piece p = fork_to(c, body.begin, non_greedy);
    if (c->status != RE2_OK)
        return no_piece;
    struct piece ends = join_ends(c, p, body);
    return (struct piece){p.begin, ends.first, ends.last, true};
}

static struct piece loop(struct compiler *c, struct piece body, bool non_greedy)
{
    struct piece p = fork_to(c, body.begin, non_greedy);
    if (c->status == RE2_OK)
        patch(c, body, p.begin);
    return p;
}

static struct piece plus(struct compiler *c, struct piece body, bool non_greedy)
{
    if (body.begin == NOWHERE)
        return no_piece;
    struct piece p = loop(c, body, non_greedy);
    return (struct piece){c->status == RE2_OK ? body.begin : NOWHERE, p.first, p.last, body.is_nullable};
}

static struct piece star(struct compiler *c, struct piece body, bool non_greedy)
{
    if (body.begin == NOWHERE)
        return emit(c, RI_NOP, 0);
    if (body.is_nullable)
        return quest(c, plus(c, body, non_greedy), non_greedy);
    return loop(c, body, non_greedy);
}

static struct piece compile_class(struct compiler *c, const uint32_t *pairs, uint32_t count)
{
    struct piece p = emit(c, RI_CLASS, (uint32_t)c->pair_count);
    if (c->status != RE2_OK)
        return no_piece;
    if (!arena_grow(c->arena, &c->pairs, &c->pair_cap, c->pair_count + count, 2 * sizeof *c->pairs)) {
        c->status = RE2_NOMEM;
        return no_piece;
    }
    if (count > 0)
        memcpy(c->pairs + 2 * c->pair_count, pairs, 2 * count * sizeof *pairs);
    c->pair_count += count;
    c->insts[p.begin].count = count;
    p.is_nullable = false;
    return p;
}

static struct piece compile_folded(struct compiler *c, uint32_t rune)
{
    struct re2_class cls;
    re2_class_init(&cls, c->arena);
    re2_class_add(&cls, rune, rune);
    for (uint32_t f = unicode_fold(rune); f != rune; f = unicode_fold(f))
        re2_class_add(&cls, f, f);
    re2_class_clean(&cls);
    if (cls.failed)
        c->status = RE2_NOMEM;
    return compile_class(c, cls.pairs, (uint32_t)cls.count);
}

static struct piece compile_literal(struct compiler *c, const struct re2_node *n)
{
    struct piece all = no_piece;
    for (uint32_t i = 0; i < n->count && c->status == RE2_OK; i++) {
        uint32_t rune = n->runes[i];
        bool folds = (n->flags & RE2_FOLD_CASE) != 0 && unicode_fold(rune) != rune;
        struct piece p = folds ? compile_folded(c, rune) : emit(c, RI_RUNE, rune);
        p.is_nullable = false;
        all = i == 0 ? p : concat(c, all, p);
    }
    return all;
}

static struct piece compile_node(struct compiler *c, const struct re2_node *n);

/* x{n,} is n - 1 times x and x+; x{n,m} is n times x and (x(x)?)? for the rest. */
static struct piece compile_repeat(struct compiler *c, const struct re2_node *n)
{
    const struct re2_node *child = n->children[0];
    bool non_greedy = (n->flags & RE2_NON_GREEDY) != 0;
    if (n->max == 0)
        return emit(c, RI_NOP, 0);
    if (n->max < 0 && n->min == 0)
        return star(c, compile_node(c, child), non_greedy);
    struct piece all = no_piece;
    int32_t copies = n->max < 0 ? n->min - 1 : n->min;
    for (int32_t i = 0; i < copies && c->status == RE2_OK; i++)
        all = i == 0 ? compile_node(c, child) : concat(c, all, compile_node(c, child));
    if (n->max == n->min)
        return all;
    struct piece tail;
    if (n->max < 0) {
        tail = plus(c, compile_node(c, child), non_greedy);
    } else {
        tail = quest(c, compile_node(c, child), non_greedy);
        for (int32_t i = n->min + 1; i < n->max && c->status == RE2_OK; i++)
            tail = quest(c, concat(c, compile_node(c, child), tail), non_greedy);
    }
    return copies == 0 ? tail : concat(c, all, tail);
}

static struct piece compile_node(struct compiler *c, const struct re2_node *n)
{
    bool non_greedy = (n->flags & RE2_NON_GREEDY) != 0;
    struct piece p;
    if (c->status != RE2_OK)
        return no_piece;
    switch (n->op) {
    case RE2_NO_MATCH:
        return no_piece;
    case RE2_EMPTY:
        return emit(c, RI_NOP, 0);
    case RE2_LITERAL:
        return compile_literal(c, n);
    case RE2_CLASS:
        return compile_class(c, n->runes, n->count);
    case RE2_ANY:
    case RE2_ANY_NOT_NL:
        p = emit(c, n->op == RE2_ANY ? RI_ANY : RI_ANY_NOT_NL, 0);
        p.is_nullable = false;
        return p;
    case RE2_CAPTURE:
        p = emit(c, RI_CAPTURE, n->cap << 1);
        p = concat(c, p, compile_node(c, n->children[0]));
        return concat(c, p, emit(c, RI_CAPTURE, n->cap << 1 | 1));
    case RE2_STAR:
        return star(c, compile_node(c, n->children[0]), non_greedy);
    case RE2_PLUS:
        return plus(c, compile_node(c, n->children[0]), non_greedy);
    case RE2_QUEST:
        return quest(c, compile_node(c, n->children[0]), non_greedy);
    case RE2_REPEAT:
        return compile_repeat(c, n);
    case RE2_CONCAT:
        p = compile_node(c, n->children[0]);
        for (uint32_t i = 1; i < n->count && c->status == RE2_OK; i++)
            p = concat(c, p, compile_node(c, n->children[i]));
        return p;
    case RE2_ALTERNATE:
        p = compile_node(c, n->children[0]);
        for (uint32_t i = 1; i < n->count && c->status == RE2_OK; i++)
            p = alternate(c, p, compile_node(c, n->children[i]));
        return p;
    default:
        return emit(c, RI_ASSERT, n->op);
    }
}

/* Must a match begin where the text does? */
static bool is_anchored(const struct re2_node *n)
{
    while ((n->op == RE2_CONCAT && n->count > 0) || n->op == RE2_CAPTURE)
        n = n->children[0];
    return n->op == RE2_BEGIN_TEXT;
}

enum re2_status re2_prog_make(struct arena *a, const struct re2 *re, const struct alloc *alloc, struct re2_prog **ret)
{
    struct compiler c = {.arena = a};
    struct piece p = compile_node(&c, re->root);
    if (c.status == RE2_OK && p.begin == NOWHERE)
        p = emit(&c, RI_FAIL, 0);
    struct piece match = emit(&c, RI_MATCH, 0);
    if (c.status != RE2_OK)
        return c.status;
    patch(&c, p, match.begin);
    size_t inst_bytes = c.count * sizeof *c.insts, pair_bytes = c.pair_count * 2 * sizeof *c.pairs;
    size_t size = sizeof(struct re2_prog) + inst_bytes + pair_bytes;
    struct re2_prog *prog = alloc_get(alloc, size);
    if (prog == NULL)
        return RE2_NOMEM;
    *prog = (struct re2_prog){
        .bytes = size, .inst_count = (uint32_t)c.count, .start = p.begin, .is_anchored = is_anchored(re->root)};
    prog->insts = (struct re2_inst *)(prog + 1);
    prog->pairs = (uint32_t *)(prog->insts + c.count);
    memcpy(prog->insts, c.insts, inst_bytes);
    if (pair_bytes > 0)
        memcpy(prog->pairs, c.pairs, pair_bytes);
    *ret = prog;
    return RE2_OK;
}

void re2_prog_drop(struct re2_prog *p, const struct alloc *alloc)
{
    if (p != NULL)
        alloc_release(alloc, p, p->bytes);
}
