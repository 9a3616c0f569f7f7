/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own matcher, running.
 *
 * At every place of the text there is a list of threads (instructions that wait for a character) in order of preference, each
 * with the places its captures have; an instruction is in the list once, by the most preferred way to it. The first thread to
 * reach the end is the match unless a more preferred one goes on: those after it are dropped.
 */
#include "base/utf8.h"
#include "stdlib/re2_insts.h"
#include "stdlib/re2_prog.h"
#include "vm/limits.h"

#define NOWHERE UINT32_MAX
#define PAY_EVERY 8192

struct thread {
    uint32_t inst;
    size_t *places; /* NULL: the instruction does not wait */
};

/* A set of instructions that empties in no time. */
struct threads {
    struct thread *dense;
    uint32_t *sparse;
    uint32_t count;
};

/* Something to come back to: an instruction, or a place to restore when inst is NOWHERE. */
struct pending {
    uint32_t inst, slot;
    size_t place;
};

struct re2_run {
    struct bi_ctx *ctx;
    const struct re2_prog *prog;
    size_t slots;
    struct threads now, next;
    struct pending *stack;
    size_t *places;    /* of the thread being added */
    size_t *free_rows; /* rows of places not in use: a chain through their first word */
    struct str text;
    uint64_t steps, unpaid;
    bool failed; /* out of memory */
};

int re2_run_new(struct bi_ctx *ctx, const struct re2_prog *p, size_t slots, struct re2_run **ret)
{
    struct re2_run *r = arena_zeroed(ctx->arena, 1, sizeof *r);
    size_t n = p->inst_count;
    if (r == NULL)
        return bi_nomem(ctx);
    r->ctx = ctx;
    r->prog = p;
    r->slots = slots;
    r->now.dense = arena_array(ctx->arena, n, sizeof *r->now.dense);
    r->next.dense = arena_array(ctx->arena, n, sizeof *r->next.dense);
    r->now.sparse = arena_zeroed(ctx->arena, n, sizeof *r->now.sparse);
    r->next.sparse = arena_zeroed(ctx->arena, n, sizeof *r->next.sparse);
    r->stack = arena_array(ctx->arena, 2 * n + 2, sizeof *r->stack);
    r->places = arena_array(ctx->arena, slots + 1, sizeof *r->places);
    if (r->now.dense == NULL || r->next.dense == NULL || r->now.sparse == NULL || r->next.sparse == NULL || r->stack == NULL ||
        r->places == NULL)
        return bi_nomem(ctx);
    *ret = r;
    return bi_charge(ctx, n / 4 + 16);
}

static size_t *take_row(struct re2_run *r)
{
    size_t *row = r->free_rows;
    if (row != NULL)
        memcpy(&r->free_rows, row, sizeof r->free_rows);
    else
        row = arena_array(r->ctx->arena, r->slots + 1, sizeof *row);
    if (row == NULL)
        r->failed = true;
    else if (r->slots > 0)
        memcpy(row, r->places, r->slots * sizeof *row);
    return row;
}

static void give_row(struct re2_run *r, size_t *row)
{
    if (row == NULL)
        return;
    memcpy(row, &r->free_rows, sizeof r->free_rows);
    r->free_rows = row;
}

static void clear_threads(struct re2_run *r, struct threads *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        give_row(r, t->dense[i].places);
    t->count = 0;
}

static bool is_word(struct str text, size_t at)
{
    char c = text.p[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool does_hold(struct str text, size_t at, uint32_t op)
{
    bool at_end = at == text.len;
    switch (op) {
    case RE2_BEGIN_TEXT:
        return at == 0;
    case RE2_END_TEXT:
        return at_end;
    case RE2_BEGIN_LINE:
        return at == 0 || text.p[at - 1] == '\n';
    case RE2_END_LINE:
        return at_end || text.p[at] == '\n';
    default: {
        bool before = at > 0 && is_word(text, at - 1), after = !at_end && is_word(text, at);
        return (before != after) == (op == RE2_WORD_BOUNDARY);
    }
    }
}

/* Adds inst as a thread unless it is there; returns the instruction to go on with, or NOWHERE. */
static uint32_t add_one(struct re2_run *r, struct threads *t, uint32_t inst, size_t at, size_t *depth)
{
    uint32_t i = t->sparse[inst];
    if (i < t->count && t->dense[i].inst == inst)
        return NOWHERE;
    i = t->sparse[inst] = t->count++;
    t->dense[i] = (struct thread){inst, NULL};
    const struct re2_inst *in = &r->prog->insts[inst];
    switch (in->op) {
    case RI_FAIL:
        return NOWHERE;
    case RI_NOP:
        return in->next;
    case RI_ALT:
        r->stack[(*depth)++] = (struct pending){.inst = in->other};
        return in->next;
    case RI_CAPTURE:
        if (in->arg < r->slots) {
            r->stack[(*depth)++] = (struct pending){NOWHERE, in->arg, r->places[in->arg]};
            r->places[in->arg] = at;
        }
        return in->next;
    case RI_ASSERT:
        return does_hold(r->text, at, in->arg) ? in->next : NOWHERE;
    default:
        t->dense[i].places = take_row(r);
        return NOWHERE;
    }
}

/* Adds inst and what is reached from it without a character, with the captures in r->places. */
static void add_thread(struct re2_run *r, struct threads *t, uint32_t inst, size_t at)
{
    size_t depth = 0;
    r->stack[depth++] = (struct pending){.inst = inst};
    while (depth > 0) {
        struct pending p = r->stack[--depth];
        if (p.inst == NOWHERE) {
            r->places[p.slot] = p.place;
            continue;
        }
        while (p.inst != NOWHERE)
            p.inst = add_one(r, t, p.inst, at, &depth);
    }
}

static bool is_in_class(const uint32_t *pairs, uint32_t count, uint32_t c)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (c < pairs[2 * mid])
            high = mid;
        else if (c > pairs[2 * mid + 1])
            low = mid + 1;
        else
            return true;
    }
    return false;
}

static bool does_take(const struct re2_prog *p, const struct re2_inst *in, uint32_t c)
{
    switch (in->op) {
    case RI_RUNE:
        return c == in->arg;
    case RI_CLASS:
        return is_in_class(p->pairs + 2 * (size_t)in->arg, in->count, c);
    case RI_ANY:
        return true;
    case RI_ANY_NOT_NL:
        return c != '\n';
    default:
        return false;
    }
}

/* All threads over the character c, NOWHERE at the end of the text; true when one of them has come to the end. */
static bool step_threads(struct re2_run *r, size_t at, uint32_t c, size_t after, size_t *places)
{
    for (uint32_t i = 0; i < r->now.count; i++) {
        struct thread t = r->now.dense[i];
        if (t.places == NULL)
            continue;
        const struct re2_inst *in = &r->prog->insts[t.inst];
        if (in->op == RI_MATCH) {
            if (r->slots > 0) {
                memcpy(places, t.places, r->slots * sizeof *places);
                places[1] = at;
            }
            return true;
        }
        if (c == NOWHERE || !does_take(r->prog, in, c))
            continue;
        if (r->slots > 0)
            memcpy(r->places, t.places, r->slots * sizeof *r->places);
        add_thread(r, &r->next, in->next, after);
    }
    return false;
}

static int pay(struct re2_run *r)
{
    uint64_t units = r->unpaid;
    r->steps += units;
    r->unpaid = 0;
    if (r->steps > r->ctx->limits->regex)
        return bi_halt(r->ctx, ERR_LIMIT_REGEX, "%s: the regular expression takes too much work (limit 'regex')",
                       r->ctx->def->name);
    return bi_charge(r->ctx, units / 2);
}

/* A thread at the start of the program, with no captures but where it begins. */
static void begin_thread(struct re2_run *r, size_t at)
{
    for (size_t i = 0; i < r->slots; i++)
        r->places[i] = RE2_UNSET;
    if (r->slots > 0)
        r->places[0] = at;
    add_thread(r, &r->now, r->prog->start, at);
}

static int run_text(struct re2_run *r, size_t from, size_t *places, bool *ret_found)
{
    *ret_found = false;
    for (size_t at = from;;) {
        if (!*ret_found && (!r->prog->is_anchored || at == 0))
            begin_thread(r, at);
        unsigned len = 0;
        uint32_t c = NOWHERE;
        if (at < r->text.len) {
            c = utf8_decode(r->text.p + at, r->text.len - at, &len);
        }
        bool matched = step_threads(r, at, c, at + len, places);
        *ret_found |= matched;
        r->unpaid += ((uint64_t)r->now.count + 1) * (1 + r->slots / 16); /* a thread is copied with its places */
        if (r->failed)
            return bi_nomem(r->ctx);
        if (c == NOWHERE || (matched && r->slots == 0))
            return BI_OK;
        clear_threads(r, &r->now);
        struct threads held = r->now;
        r->now = r->next;
        r->next = held;
        at += len;
        if (r->now.count == 0 && (*ret_found || r->prog->is_anchored))
            return BI_OK;
        int status = r->unpaid >= PAY_EVERY ? pay(r) : BI_OK;
        if (status != BI_OK)
            return status;
    }
}

int re2_run_match(struct re2_run *r, struct str text, size_t from, size_t *places, bool *ret_found)
{
    r->text = text;
    r->steps = 0;
    int status = run_text(r, from, places, ret_found);
    clear_threads(r, &r->now);
    clear_threads(r, &r->next);
    return status == BI_OK ? pay(r) : status;
}
