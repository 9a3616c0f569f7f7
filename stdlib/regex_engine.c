/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiling, keeping and searching.
 *
 * A struct regex owns everything it points to; all of it comes from the allocator that the VM's cache gives (machine code
 * comes from PCRE2's own pages). It is used by one evaluation at a time.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "stdlib/regex_engine.h"

#include <pcre2.h>

#include "base/utf8.h"
#include "stdlib/re2.h"
#include "stdlib/re2_cost.h"
#include "stdlib/re2_prog.h"
#include "stdlib/strings.h"
#include "vm/limits.h"

#define OPTIONS (PCRE2_UTF | PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C)
#define USES_BEFORE_JIT 2
#define CHEAP_UNITS 20000     /* PCRE2 is asked up to here without further thought */
#define GROUPS_MAX 1000       /* more are left to our own matcher */
#define HEAP_KIBIBYTES 16384u /* PCRE2's heap, when it interprets */

enum shape { SHAPE_OTHER, SHAPE_PREFIX, SHAPE_WHOLE, SHAPE_PART, SHAPE_SUFFIX };

struct regex {
    struct alloc alloc;
    struct str pattern;
    struct str *names; /* groups + 1 */
    uint32_t groups;
    uint32_t uses;
    bool has_empty_loop; /* PCRE2 would leave such a loop elsewhere than Go */
    enum shape shape;    /* what the literal text is to the expression; OTHER: not all of it */
    bool has_prefix;     /* anchored, and begins with the literal text */
    struct str literal;
    struct re2_cost cost;
    struct re2_prog *prog;
    pcre2_general_context *general;
    pcre2_match_context *match;
    pcre2_match_data *data;
    pcre2_code *code; /* NULL: our own matcher only */
    bool is_jit_tried;
};

/* ---- memory: PCRE2 does not tell sizes when it frees, so a block begins with its own ---- */

#define HEAD 16

static void *take_block(size_t size, void *ctx)
{
    const struct alloc *alloc = ctx;
    size_t total;
    if (!size_add(size, HEAD, &total))
        return NULL;
    char *p = alloc_get(alloc, total);
    if (p == NULL)
        return NULL;
    memcpy(p, &total, sizeof total);
    return p + HEAD;
}

static void give_block(void *p, void *ctx)
{
    if (p == NULL)
        return;
    char *start = (char *)p - HEAD;
    size_t total;
    memcpy(&total, start, sizeof total);
    alloc_release(ctx, start, total);
}

static bool copy_text(struct regex *rx, struct str s, struct str *ret)
{
    char *p = take_block(s.len + 1, &rx->alloc);
    if (p != NULL && s.len > 0)
        memcpy(p, s.p, s.len);
    *ret = str_of(p, s.len);
    return p != NULL;
}

static void drop_regex(void *thing, const struct alloc *alloc)
{
    struct regex *rx = thing;
    (void)alloc; /* the one that rx keeps a copy of */
    pcre2_match_data_free(rx->data);
    pcre2_match_context_free(rx->match);
    pcre2_code_free(rx->code);
    pcre2_general_context_free(rx->general);
    re2_prog_drop(rx->prog, &rx->alloc);
    for (uint32_t i = 0; rx->names != NULL && i <= rx->groups; i++)
        give_block((void *)rx->names[i].p, &rx->alloc); /* copy_text made it */
    give_block(rx->names, &rx->alloc);
    give_block((void *)rx->literal.p, &rx->alloc);
    give_block((void *)rx->pattern.p, &rx->alloc);
    struct alloc own = rx->alloc;
    alloc_release(&own, rx, sizeof *rx);
}

/* ---- compiling ---- */

/* The bytes of a literal that folds no case; NULL p when n is no such thing. */
static struct str literal_text(struct bi_ctx *ctx, const struct re2_node *n)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    if (n->op != RE2_LITERAL || (n->flags & RE2_FOLD_CASE) != 0)
        return str_of(NULL, 0);
    for (uint32_t i = 0; i < n->count; i++) {
        char out[UTF8_MAX];
        if (n->runes[i] >= 0xD800 && n->runes[i] <= 0xDFFF)
            return str_of(NULL, 0);
        buf_bytes(&b, out, utf8_encode(out, n->runes[i]));
    }
    return b.failed ? str_of(NULL, 0) : buf_view(&b);
}

/* Recognises text, \Atext, text\z and \Atext\z, and expressions that begin with \Atext. */
static bool find_literal(struct bi_ctx *ctx, struct regex *rx, const struct re2_node *root)
{
    const struct re2_node *parts[3] = {root};
    uint32_t count = 1;
    if (root->op == RE2_CONCAT) {
        count = root->count;
        for (uint32_t i = 0; i < count && i < 3; i++)
            parts[i] = root->children[i];
    }
    bool begins = parts[0]->op == RE2_BEGIN_TEXT, ends = count <= 3 && parts[count - 1]->op == RE2_END_TEXT;
    uint32_t at = begins ? 1 : 0;
    if (at >= count)
        return true;
    struct str text = literal_text(ctx, parts[at]);
    if (text.p == NULL || memchr(text.p, 0xEF, text.len) != NULL) /* U+FFFD may be a bad byte */
        return true;
    if (count == at + 1)
        rx->shape = begins ? SHAPE_PREFIX : SHAPE_PART;
    else if (count == at + 2 && ends)
        rx->shape = begins ? SHAPE_WHOLE : SHAPE_SUFFIX;
    rx->has_prefix = begins;
    return (rx->shape == SHAPE_OTHER && !begins) || copy_text(rx, text, &rx->literal);
}

static bool copy_names(struct regex *rx, const struct re2 *re)
{
    rx->names = take_block(((size_t)re->groups + 1) * sizeof *rx->names, &rx->alloc);
    if (rx->names == NULL)
        return false;
    memset(rx->names, 0, ((size_t)re->groups + 1) * sizeof *rx->names);
    rx->groups = re->groups;
    for (uint32_t i = 0; i <= re->groups; i++)
        if (re->names[i].len > 0 && !copy_text(rx, re->names[i], &rx->names[i]))
            return false;
    return true;
}

/* PCRE2's half. It may refuse (too large, too deep): then code stays NULL. false: out of memory. */
static bool compile_pcre(struct bi_ctx *ctx, struct regex *rx, const struct re2 *re)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    re2_write_pcre(&b, re->root);
    if (b.failed)
        return false;
    rx->general = pcre2_general_context_create(take_block, give_block, &rx->alloc);
    if (rx->general == NULL)
        return false;
    rx->match = pcre2_match_context_create(rx->general);
    pcre2_compile_context *compile = pcre2_compile_context_create(rx->general);
    if (compile == NULL || rx->match == NULL) {
        pcre2_compile_context_free(compile);
        return false;
    }
    int error;
    PCRE2_SIZE offset;
    (void)pcre2_set_newline(compile, PCRE2_NEWLINE_LF); /* valid */
    rx->code = pcre2_compile((PCRE2_SPTR)(b.len > 0 ? b.p : ""), b.len, OPTIONS, &error, &offset, compile);
    pcre2_compile_context_free(compile);
    if (rx->code == NULL)
        return true;
    rx->data = pcre2_match_data_create_from_pattern(rx->code, rx->general);
    (void)pcre2_set_heap_limit(rx->match, HEAP_KIBIBYTES); /* valid */
    return rx->data != NULL;
}

static int parse_pattern(struct bi_ctx *ctx, struct str pattern, struct re2 *ret)
{
    struct re2_error e;
    enum re2_status parsed = re2_parse(ctx->arena, ctx->fuel, pattern, ret, &e);
    if (parsed == RE2_OK)
        return BI_OK;
    if (parsed != RE2_BAD)
        return parsed == RE2_NOMEM ? bi_nomem(ctx) : bi_charge(ctx, UINT64_MAX);
    struct buf b;
    buf_init(&b, ctx->arena);
    re2_write_error(&b, &e);
    return b.failed ? bi_nomem(ctx) : bi_fail(ctx, "%.*s", (int)(b.len < 1000 ? b.len : 1000), b.p);
}

static int make_regex(struct bi_ctx *ctx, struct str key, const struct alloc *alloc, void **ret, size_t *ret_bytes)
{
    struct re2 re;
    int status = parse_pattern(ctx, key, &re);
    if (status == BI_OK)
        status = bi_charge(ctx, (uint64_t)(re.root->size < 1000000 ? re.root->size : 1000000) * 4);
    if (status != BI_OK)
        return status;
    struct regex *rx = alloc_get(alloc, sizeof *rx);
    if (rx == NULL)
        return bi_halt(ctx, ERR_NOMEM, "%s: out of memory", ctx->def->name);
    *rx = (struct regex){.alloc = *alloc, .has_empty_loop = re.root->has_empty_loop, .cost = re2_cost_of(re.root)};
    bool good = copy_text(rx, key, &rx->pattern) && copy_names(rx, &re) && find_literal(ctx, rx, re.root);
    if (good && re.groups <= GROUPS_MAX)
        good = compile_pcre(ctx, rx, &re);
    if (!good) {
        drop_regex(rx, alloc);
        return bi_nomem(ctx);
    }
    size_t code_bytes = 0;
    if (rx->code != NULL)
        (void)pcre2_pattern_info(rx->code, PCRE2_INFO_SIZE, &code_bytes); /* valid */
    *ret_bytes = sizeof *rx + key.len * 2 + code_bytes * 4 + ((size_t)re.groups + 1) * sizeof *rx->names;
    *ret = rx;
    return BI_OK;
}

static const struct bi_class regex_class = {"regex", make_regex, drop_regex};

int regex_compile(struct bi_ctx *ctx, struct str pattern, struct regex **ret)
{
    void *thing;
    int status = strings_charge(ctx, pattern.len);
    if (status == BI_OK)
        status = bi_cached(ctx, &regex_class, pattern, &thing);
    if (status == BI_OK)
        *ret = thing;
    return status;
}

uint32_t regex_groups(const struct regex *rx)
{
    return rx->groups;
}

uint32_t regex_group_named(const struct regex *rx, struct str name)
{
    for (uint32_t i = 1; i <= rx->groups; i++)
        if (rx->names[i].len > 0 && str_equal(rx->names[i], name))
            return i;
    return 0;
}

/* ---- searching ---- */

/* Our own program, made when it is first needed. */
static int need_program(struct bi_ctx *ctx, struct regex *rx)
{
    if (rx->prog != NULL)
        return BI_OK;
    struct re2 re;
    int status = parse_pattern(ctx, rx->pattern, &re);
    if (status == BI_OK)
        status = bi_charge(ctx, (uint64_t)(re.root->size < 1000000 ? re.root->size : 1000000) * 4);
    if (status != BI_OK)
        return status;
    switch (re2_prog_make(ctx->arena, &re, &rx->alloc, &rx->prog)) {
    case RE2_OK:
        return BI_OK;
    case RE2_BAD:
        return bi_halt(ctx, ERR_LIMIT_REGEX, "%s: the regular expression is too large (limit 'regex')", ctx->def->name);
    default:
        return bi_nomem(ctx);
    }
}

static int start_run(struct regex_search *s)
{
    int status = need_program(s->ctx, s->rx);
    return status == BI_OK ? re2_run_new(s->ctx, s->rx->prog, s->slots, &s->run) : status;
}

#define HEAP_KIB 65536u

/* Is it for PCRE2? If so, pays for it. */
static int choose_matcher(struct bi_ctx *ctx, struct regex *rx, struct str text, bool *ret_pcre)
{
    uint64_t units = re2_cost_units(&rx->cost, text.len),
             own = (uint64_t)text.len * (rx->cost.size < 50 ? rx->cost.size : 50) / 2;
    *ret_pcre = rx->code != NULL && (units <= CHEAP_UNITS || units <= own) && utf8_is_valid(text.p, text.len);
    if (!*ret_pcre)
        return bi_charge(ctx, text.len / 16 + 8);
    uint64_t ways = re2_cost_ways(&rx->cost, text.len), limit = ways < 100000000 ? ways * 8 + 1000 : 800001000;
    limit = limit < ctx->limits->regex ? limit : ctx->limits->regex;
    (void)pcre2_set_match_limit(rx->match, limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX); /* valid */
    uint64_t kib = ctx->limits->memory / 16 / 1024; /* of the heap, beside the arena; without it PCRE2 gives up */
    (void)pcre2_set_heap_limit(rx->match, kib < HEAP_KIB ? (uint32_t)kib : HEAP_KIB); /* valid */
    if (++rx->uses >= USES_BEFORE_JIT && !rx->is_jit_tried) {
        rx->is_jit_tried = true;
        (void)pcre2_jit_compile(rx->code, PCRE2_JIT_COMPLETE); /* without it the code is interpreted */
    }
    return bi_charge(ctx, units);
}

/* 1: a match, 0: none, -1: PCRE2 gave up. */
static int ask_pcre(struct regex *rx, struct str text, size_t from)
{
    int rc = pcre2_match(rx->code, (PCRE2_SPTR)(text.len > 0 ? text.p : ""), text.len, from, PCRE2_NO_UTF_CHECK, rx->data,
                         rx->match);
    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

static bool has_suffix(struct str s, struct str suffix)
{
    return s.len >= suffix.len && memcmp(s.p + (s.len - suffix.len), suffix.p, suffix.len) == 0;
}

/* The answer for expressions that are a literal, or whose literal beginning is not there. */
static bool answer_literal(const struct regex *rx, struct str text, bool *ret)
{
    switch (rx->shape) {
    case SHAPE_WHOLE:
        *ret = str_equal(text, rx->literal);
        return true;
    case SHAPE_PREFIX:
        *ret = str_starts(text, rx->literal);
        return true;
    case SHAPE_SUFFIX:
        *ret = has_suffix(text, rx->literal);
        return true;
    case SHAPE_PART:
        *ret = strings_find(text, rx->literal) != STRINGS_NONE;
        return true;
    case SHAPE_OTHER:
        break;
    }
    *ret = false;
    return rx->has_prefix && !str_starts(text, rx->literal);
}

int regex_is_match(struct bi_ctx *ctx, struct regex *rx, struct str text, bool *ret)
{
    if (answer_literal(rx, text, ret))
        return strings_charge(ctx, text.len);
    bool is_pcre;
    int status = choose_matcher(ctx, rx, text, &is_pcre);
    if (status != BI_OK)
        return status;
    int found = is_pcre ? ask_pcre(rx, text, 0) : -1;
    *ret = found == 1;
    if (found >= 0)
        return BI_OK;
    struct regex_search s = {.ctx = ctx, .rx = rx, .text = text};
    status = start_run(&s);
    return status == BI_OK ? re2_run_match(s.run, text, 0, NULL, ret) : status;
}

int regex_search_begin(struct bi_ctx *ctx, struct regex *rx, struct str text, bool with_groups, struct regex_search *ret)
{
    *ret = (struct regex_search){.ctx = ctx, .rx = rx, .text = text, .slots = with_groups ? 2 * ((size_t)rx->groups + 1) : 2};
    ret->places = arena_array(ctx->arena, ret->slots, sizeof *ret->places);
    if (ret->places == NULL)
        return bi_nomem(ctx);
    bool is_pcre = false;
    int status = rx->has_empty_loop ? strings_charge(ctx, text.len) : choose_matcher(ctx, rx, text, &is_pcre);
    return status == BI_OK && !is_pcre ? start_run(ret) : status;
}

int regex_search_next(struct regex_search *s, size_t from, bool *ret_found)
{
    int status = bi_charge(s->ctx, 8);
    if (status != BI_OK)
        return status;
    if (s->run == NULL) {
        int found = ask_pcre(s->rx, s->text, from);
        const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(s->rx->data);
        *ret_found = found == 1;
        uint32_t pairs = pcre2_get_ovector_count(s->rx->data);
        for (size_t i = 0; found == 1 && i < s->slots; i++)
            s->places[i] = i / 2 < pairs && vector[i] != PCRE2_UNSET ? vector[i] : REGEX_UNSET;
        if (found >= 0)
            return BI_OK;
        status = start_run(s);
        if (status != BI_OK)
            return status;
    }
    return re2_run_match(s->run, s->text, from, s->places, ret_found);
}
