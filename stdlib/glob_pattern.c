/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiler of glob patterns: text to a small program (stdlib/glob_program.h).
 *
 * Reads characters with one step of looking back. Where an error is reported follows gobwas/glob, which notices some of them
 * late: a class is read to its end before its parts are judged.
 */
#include "stdlib/glob_pattern.h"

#include "base/utf8.h"
#include "stdlib/glob_program.h"

#define END UINT32_MAX

struct compiler {
    struct arena *arena;
    struct str text;
    size_t at, last_at; /* next character; start of the one read last */
    struct glob_inst *insts;
    size_t inst_count, inst_cap;
    uint32_t *members; /* of classes */
    size_t member_count, member_cap;
    uint32_t *groups; /* open groups: two words each, see open_group */
    size_t group_count, group_cap;
    enum glob_status status;
    struct glob_error error;
};

static void fail(struct compiler *c, const char *reason)
{
    c->status = GLOB_SYNTAX;
    c->error = (struct glob_error){c->at, reason};
}

static uint32_t peek(struct compiler *c, unsigned *ret_len)
{
    *ret_len = 0;
    if (c->at == c->text.len)
        return END;
    uint32_t ch = utf8_decode(c->text.p + c->at, c->text.len - c->at, ret_len);
    if (ch == UTF8_BAD && *ret_len == 1) {
        fail(c, "invalid UTF-8 sequence");
        *ret_len = 0;
        return END;
    }
    return ch;
}

static uint32_t next_char(struct compiler *c)
{
    unsigned len;
    uint32_t ch = peek(c, &len);
    c->last_at = c->at;
    c->at += len;
    return ch;
}

static void unread(struct compiler *c)
{
    c->at = c->last_at;
}

static uint32_t emit(struct compiler *c, enum glob_op op, uint32_t a, uint32_t b)
{
    if (c->status == GLOB_OK && !arena_grow(c->arena, &c->insts, &c->inst_cap, c->inst_count + 1, sizeof *c->insts))
        c->status = GLOB_NOMEM;
    if (c->status != GLOB_OK)
        return 0;
    c->insts[c->inst_count] = (struct glob_inst){.op = op, .a = a, .b = b};
    return (uint32_t)c->inst_count++;
}

static void add_member(struct compiler *c, uint32_t ch)
{
    if (!arena_grow(c->arena, &c->members, &c->member_cap, c->member_count + 1, sizeof *c->members))
        c->status = GLOB_NOMEM;
    else
        c->members[c->member_count++] = ch;
}

/* ---- classes ---- */

/* The members of [abc] up to the bracket that closes, escapes resolved. */
static void read_members(struct compiler *c)
{
    bool escaped = false;
    while (c->status != GLOB_NOMEM) {
        uint32_t ch = next_char(c);
        if (ch == END) {
            fail(c, "unexpected end of input");
            return;
        }
        if (!escaped && ch == '\\') {
            escaped = true;
            continue;
        }
        if (!escaped && ch == ']') {
            unread(c);
            return;
        }
        escaped = false;
        add_member(c, ch);
    }
}

static void read_close(struct compiler *c)
{
    uint32_t ch = next_char(c);
    if (ch == END)
        fail(c, "unexpected end of input");
    else if (ch != ']')
        fail(c, "expected close range character");
}

/* What follows '['. */
static void read_class(struct compiler *c)
{
    bool negated = false;
    uint32_t lo = next_char(c);
    if (lo == '!') {
        negated = true;
        lo = next_char(c);
    }
    unsigned len;
    if (lo == END) {
        fail(c, "unexpected end of input");
        return;
    }
    if (peek(c, &len) == '-') {
        c->at += len;
        uint32_t hi = next_char(c);
        if (hi == END)
            fail(c, "unexpected end of input");
        if (c->status == GLOB_OK)
            read_close(c);
        if (c->status == GLOB_OK && hi < lo)
            fail(c, "range hi character is less than lo");
        emit(c, negated ? GLOB_NOT_RANGE : GLOB_RANGE, lo, hi);
        return;
    }
    unread(c);
    size_t first = c->member_count;
    read_members(c);
    if (c->status == GLOB_OK)
        read_close(c);
    if (c->status == GLOB_OK && c->member_count == first)
        fail(c, "could not parse range");
    emit(c, negated ? GLOB_NOT_SET : GLOB_SET, (uint32_t)first, (uint32_t)(c->member_count - first));
}

/* ---- alternatives ---- */

/* An open group is two words: its last SPLIT, whose second way is not known yet, and the head of a chain of JUMPs to its end,
 * each of which holds the number of the one before it. */
static void open_group(struct compiler *c)
{
    if (!arena_grow(c->arena, &c->groups, &c->group_cap, c->group_count + 2, sizeof *c->groups)) {
        c->status = GLOB_NOMEM;
        return;
    }
    c->groups[c->group_count] = emit(c, GLOB_SPLIT, (uint32_t)c->inst_count + 1, GLOB_NOWHERE);
    c->groups[c->group_count + 1] = GLOB_NOWHERE;
    c->group_count += 2;
}

static void next_alternative(struct compiler *c)
{
    uint32_t *group = &c->groups[c->group_count - 2];
    group[1] = emit(c, GLOB_JUMP, group[1], 0);
    uint32_t split = emit(c, GLOB_SPLIT, (uint32_t)c->inst_count + 1, GLOB_NOWHERE);
    if (c->status == GLOB_OK)
        c->insts[group[0]].b = split;
    group[0] = split;
}

static void close_group(struct compiler *c)
{
    c->group_count -= 2;
    uint32_t jump = c->groups[c->group_count + 1];
    while (c->status == GLOB_OK && jump != GLOB_NOWHERE) {
        uint32_t next = c->insts[jump].a;
        c->insts[jump].a = (uint32_t)c->inst_count;
        jump = next;
    }
}

/* ---- the whole ---- */

static void read_item(struct compiler *c, uint32_t ch)
{
    bool in_group = c->group_count > 0;
    if (ch == '{') {
        open_group(c);
    } else if (ch == ',' && in_group) {
        next_alternative(c);
    } else if (ch == '}' && in_group) {
        close_group(c);
    } else if (ch == '[') {
        read_class(c);
    } else if (ch == '?') {
        emit(c, GLOB_ONE, 0, 0);
    } else if (ch == '*') {
        if (next_char(c) == '*') {
            emit(c, GLOB_SUPER, 0, 0);
        } else {
            unread(c);
            emit(c, GLOB_STAR, 0, 0);
        }
    } else if (ch == '\\') {
        ch = next_char(c);
        if (ch == END && c->status == GLOB_OK)
            fail(c, "trailing backslash");
        emit(c, GLOB_CHAR, ch, 0);
    } else {
        emit(c, GLOB_CHAR, ch, 0);
    }
}

static void compile(struct compiler *c)
{
    for (uint32_t ch; c->status == GLOB_OK && (ch = next_char(c)) != END;)
        read_item(c, ch);
    if (c->status == GLOB_OK && c->group_count > 0)
        fail(c, "unclosed `{`");
    emit(c, GLOB_MATCH, 0, 0);
}

enum glob_status glob_make(struct arena *a, struct str pattern, const uint32_t *separators, size_t separator_count,
                           const struct alloc *alloc, struct glob **ret, size_t *ret_bytes, struct glob_error *ret_error)
{
    struct compiler c = {.arena = a, .text = pattern};
    compile(&c);
    *ret_error = c.error;
    if (c.status != GLOB_OK)
        return c.status;
    size_t inst_bytes, word_bytes, size;
    if (!size_mul(c.inst_count, sizeof *c.insts, &inst_bytes) ||
        !size_mul(c.member_count + separator_count, sizeof(uint32_t), &word_bytes) || !size_add(inst_bytes, word_bytes, &size) ||
        !size_add(size, sizeof(struct glob), &size))
        return GLOB_NOMEM;
    struct glob *g = alloc_get(alloc, size);
    if (g == NULL)
        return GLOB_NOMEM;
    *g = (struct glob){.bytes = size, .inst_count = c.inst_count, .separator_count = separator_count, .is_flat = true};
    g->insts = (struct glob_inst *)(g + 1);
    g->separators = (uint32_t *)(g->insts + c.inst_count);
    g->members = g->separators + separator_count;
    memcpy(g->insts, c.insts, inst_bytes);
    if (separator_count > 0)
        memcpy(g->separators, separators, separator_count * sizeof *separators);
    if (c.member_count > 0)
        memcpy(g->members, c.members, c.member_count * sizeof *c.members);
    for (size_t i = 0; i < c.inst_count; i++)
        g->is_flat = g->is_flat && c.insts[i].op <= GLOB_LAST_FLAT;
    *ret = g;
    *ret_bytes = size;
    return GLOB_OK;
}

void glob_drop(struct glob *g, const struct alloc *alloc)
{
    alloc_release(alloc, g, g->bytes);
}
