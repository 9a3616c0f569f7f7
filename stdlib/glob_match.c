/* SPDX-License-Identifier: Apache-2.0
 *
 * The matcher of glob patterns.
 *
 * A bad byte of the text is a character of its own: no literal matches it, and to classes it is U+FFFD.
 *
 * Why the last star is enough in a flat pattern: what stands after a later "*" can be reached from every earlier way to get
 * there. An earlier "*" cannot help by taking more: it may not take a separator, so that a literal with one in it fits in one
 * place only, and without one the reach of the later star stays the same. "**" takes anything, and is gone back to when no
 * "*" after it can take more.
 */
#include "base/utf8.h"
#include "stdlib/glob_pattern.h"
#include "stdlib/glob_program.h"

#define BAD_BYTE 0x110000u

static bool is_separator(const struct glob *g, uint32_t ch)
{
    if (ch == BAD_BYTE)
        ch = UTF8_BAD;
    for (size_t i = 0; i < g->separator_count; i++)
        if (g->separators[i] == ch)
            return true;
    return false;
}

static uint32_t decode(struct str text, size_t at, unsigned *ret_len)
{
    uint32_t ch = utf8_decode(text.p + at, text.len - at, ret_len);
    return ch == UTF8_BAD && *ret_len == 1 ? BAD_BYTE : ch;
}

/* A place to go back to: the star takes one character more. */
struct retreat {
    size_t inst; /* after the star; 0: none */
    size_t at;
};

/* Lets a star take one character more; false when it cannot. */
static bool extend(const struct glob *g, struct str text, struct retreat *r, bool super, size_t *ret_inst, size_t *ret_at)
{
    unsigned len;
    if (r->inst == 0 || r->at == text.len)
        return false;
    uint32_t ch = decode(text, r->at, &len);
    if (!super && is_separator(g, ch))
        return false;
    r->at += len;
    *ret_inst = r->inst;
    *ret_at = r->at;
    return true;
}

static int match_flat(const struct glob *g, struct str text)
{
    struct retreat star = {0, 0}, super = {0, 0};
    size_t i = 0, at = 0;
    for (;;) {
        const struct glob_inst *inst = &g->insts[i];
        unsigned len = 0;
        bool good = false;
        switch (inst->op) {
        case GLOB_MATCH:
            if (at == text.len)
                return 1;
            break;
        case GLOB_STAR:
            star = (struct retreat){i + 1, at};
            good = true;
            break;
        case GLOB_SUPER:
            super = (struct retreat){i + 1, at};
            star.inst = 0;
            good = true;
            break;
        default:
            if (at < text.len) {
                uint32_t ch = decode(text, at, &len);
                good = inst->op == GLOB_CHAR ? ch == inst->a : !is_separator(g, ch);
            }
            break;
        }
        if (good) {
            i++;
            at += len;
            continue;
        }
        if (extend(g, text, &star, false, &i, &at))
            continue;
        star.inst = 0;
        if (!extend(g, text, &super, true, &i, &at))
            return 0;
    }
}

/* The instructions that are alive at one place of the text: a set without order that empties in no time. */
struct states {
    uint32_t *dense, *sparse;
    uint32_t count;
};

struct run {
    const struct glob *g;
    struct states now, next;
    uint32_t *stack;
};

static bool add_state(struct states *s, uint32_t inst)
{
    uint32_t i = s->sparse[inst];
    if (i < s->count && s->dense[i] == inst)
        return false;
    s->dense[s->count] = inst;
    s->sparse[inst] = s->count++;
    return true;
}

/* Adds inst and what is reached from it without a character. */
static void follow(struct run *r, struct states *s, uint32_t inst)
{
    size_t depth = 0;
    r->stack[depth++] = inst;
    while (depth > 0) {
        inst = r->stack[--depth];
        if (inst == GLOB_NOWHERE || !add_state(s, inst))
            continue;
        const struct glob_inst *in = &r->g->insts[inst];
        if (in->op == GLOB_SPLIT || in->op == GLOB_JUMP)
            r->stack[depth++] = in->a;
        if (in->op == GLOB_SPLIT)
            r->stack[depth++] = in->b;
        if (in->op == GLOB_STAR || in->op == GLOB_SUPER)
            r->stack[depth++] = inst + 1;
    }
}

static bool is_member(const struct glob *g, const struct glob_inst *in, uint32_t ch)
{
    for (uint32_t i = 0; i < in->b; i++)
        if (g->members[in->a + i] == ch)
            return true;
    return false;
}

/* One character for one instruction. */
static void step(struct run *r, uint32_t inst, uint32_t ch)
{
    const struct glob_inst *in = &r->g->insts[inst];
    uint32_t shown = ch == BAD_BYTE ? UTF8_BAD : ch;
    bool good = false, stays = false;
    switch (in->op) {
    case GLOB_CHAR:
        good = ch == in->a;
        break;
    case GLOB_ONE:
        good = !is_separator(r->g, ch);
        break;
    case GLOB_STAR:
        stays = !is_separator(r->g, ch);
        break;
    case GLOB_SUPER:
        stays = true;
        break;
    case GLOB_RANGE:
    case GLOB_NOT_RANGE:
        good = (in->a <= shown && shown <= in->b) == (in->op == GLOB_RANGE);
        break;
    case GLOB_SET:
    case GLOB_NOT_SET:
        good = is_member(r->g, in, shown) == (in->op == GLOB_SET);
        break;
    default:
        break;
    }
    if (good)
        follow(r, &r->next, inst + 1);
    else if (stays)
        follow(r, &r->next, inst);
}

static int match_states(const struct glob *g, struct arena *a, struct str text)
{
    size_t n = g->inst_count;
    uint32_t *words = arena_zeroed(a, n * 7 + 1, sizeof *words);
    if (words == NULL)
        return -1;
    struct run r = {.g = g, .now = {words, words + n, 0}, .next = {words + 2 * n, words + 3 * n, 0}, .stack = words + 4 * n};
    follow(&r, &r.now, 0);
    for (size_t at = 0; at < text.len && r.now.count > 0;) {
        unsigned len;
        uint32_t ch = decode(text, at, &len);
        r.next.count = 0;
        for (uint32_t i = 0; i < r.now.count; i++)
            step(&r, r.now.dense[i], ch);
        struct states held = r.now;
        r.now = r.next;
        r.next = held;
        at += len;
    }
    for (uint32_t i = 0; i < r.now.count; i++)
        if (g->insts[r.now.dense[i]].op == GLOB_MATCH)
            return 1;
    return 0;
}

uint64_t glob_work(const struct glob *g, size_t n)
{
    uint64_t text = (uint64_t)n + 1;
    return g->is_flat ? text * (g->inst_count / 16 + 1) / 4 + 1 : text * (g->inst_count + g->bytes / 64) + 1;
}

int glob_match(const struct glob *g, struct arena *a, struct str text)
{
    return g->is_flat ? match_flat(g, text) : match_states(g, a, text);
}
