/* SPDX-License-Identifier: Apache-2.0
 *
 * Look-ups in the tables that stdlib/unicode_tables.py writes.
 *
 * Scripts are runs sorted by first code point, each a word of (first code point, value), and are found by bisection. Categories
 * are so many runs that they are packed to a byte or two each; places to begin are found by bisection. A case mapping is a run of
 * equal differences.
 */
#include "stdlib/unicode.h"

struct case_range {
    uint32_t first, last;
    uint32_t stride;
    int32_t delta;
};

struct fold_step {
    uint32_t from, to;
};

/* Where the packed run that begins at a code point lies. */
struct run_start {
    uint32_t first, at;
};

struct category_alias {
    const char *name, *category;
};

#include "stdlib/unicode_tables.def"

enum category {
#define CATEGORY(name) CAT_##name,
    UNICODE_CATEGORIES(CATEGORY)
#undef CATEGORY
        CAT_COUNT
};

static const char category_names[][3] = {
#define CATEGORY(name) #name,
    UNICODE_CATEGORIES(CATEGORY)
#undef CATEGORY
};

#define BIT(category) (1u << (category))

static uint32_t map_case(const struct case_range *ranges, size_t count, uint32_t c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct case_range *r = &ranges[mid];
        if (c < r->first)
            high = mid;
        else if (c > r->last)
            low = mid + 1;
        else
            return (c - r->first) % r->stride == 0 ? (uint32_t)((int32_t)c + r->delta) : c;
    }
    return c;
}

uint32_t unicode_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return map_case(upper_ranges, COUNT_OF(upper_ranges), c);
}

uint32_t unicode_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return map_case(lower_ranges, COUNT_OF(lower_ranges), c);
}

uint32_t unicode_fold(uint32_t c)
{
    size_t low = 0, high = COUNT_OF(fold_steps);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (fold_steps[mid].from == c)
            return fold_steps[mid].to;
        if (fold_steps[mid].from < c)
            low = mid + 1;
        else
            high = mid;
    }
    uint32_t to = unicode_lower(c);
    return to != c ? to : unicode_upper(c);
}

static void each_member(const struct case_range *ranges, size_t count, void (*fn)(void *ctx, uint32_t c), void *ctx)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t c = ranges[i].first; c <= ranges[i].last; c += ranges[i].stride)
            fn(ctx, c);
}

void unicode_each_folding(void (*fn)(void *ctx, uint32_t c), void *ctx)
{
    each_member(upper_ranges, COUNT_OF(upper_ranges), fn, ctx);
    each_member(lower_ranges, COUNT_OF(lower_ranges), fn, ctx);
    for (size_t i = 0; i < COUNT_OF(fold_steps); i++)
        fn(ctx, fold_steps[i].from);
}

/* A packed run that has been read, and where the next one lies. */
struct packed_run {
    uint32_t first, end, category;
    uint32_t next_at;
};

static struct packed_run read_run(uint32_t first, uint32_t at)
{
    struct packed_run r = {.first = first, .category = category_runs[at] & 31u, .next_at = at + 1};
    uint32_t length = category_runs[at] >> 5;
    if (length == 0) {
        unsigned shift = 0;
        do {
            length |= (category_runs[r.next_at] & 127u) << shift;
            shift += 7;
        } while (category_runs[r.next_at++] > 127);
    }
    r.end = first + length;
    return r;
}

static uint32_t category_bit(uint32_t c)
{
    size_t low = 0, high = COUNT_OF(category_starts);
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (category_starts[mid].first <= c)
            low = mid;
        else
            high = mid;
    }
    struct packed_run r = read_run(category_starts[low].first, category_starts[low].at);
    while (r.end <= c && r.end <= UNICODE_MAX)
        r = read_run(r.end, r.next_at);
    return BIT(r.category);
}

/* The categories whose name begins with letter. */
static uint32_t category_group(char letter)
{
    uint32_t set = 0;
    for (unsigned i = 0; i < CAT_COUNT; i++)
        if (category_names[i][0] == letter)
            set |= BIT(i);
    return set;
}

bool unicode_is_letter(uint32_t c)
{
    return (category_bit(c) & (BIT(CAT_Lu) | BIT(CAT_Ll) | BIT(CAT_Lt) | BIT(CAT_Lm) | BIT(CAT_Lo))) != 0;
}

bool unicode_is_digit(uint32_t c)
{
    return category_bit(c) == BIT(CAT_Nd);
}

bool unicode_is_space(uint32_t c)
{
    if (c < 0x100)
        return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0;
    return (category_bit(c) & (BIT(CAT_Zs) | BIT(CAT_Zl) | BIT(CAT_Zp))) != 0;
}

bool unicode_is_print(uint32_t c)
{
    if (c < 0x80)
        return c >= ' ' && c < 0x7F;
    uint32_t hidden = BIT(CAT_Cc) | BIT(CAT_Cf) | BIT(CAT_Cn) | BIT(CAT_Co) | BIT(CAT_Cs);
    hidden |= BIT(CAT_Zs) | BIT(CAT_Zl) | BIT(CAT_Zp);
    return (category_bit(c) & hidden) == 0;
}

/* ---- classes by name ---- */

#define NAME_MAX_BYTES 32 /* longer than every name */

/* First letter in upper case, the others in lower case, without '_', '-' and blanks; 0 when too long for a name. */
static size_t canonical_name(struct str name, char out[NAME_MAX_BYTES])
{
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];
        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (len == NAME_MAX_BYTES)
            return 0;
        if (len == 0 && c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        else if (len > 0 && c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        out[len++] = c;
    }
    return len;
}

static bool class_of_category(struct str name, struct unicode_class *ret)
{
    if (name.len == 1)
        ret->categories = category_group(name.p[0]);
    for (unsigned i = 0; i < CAT_COUNT; i++)
        if (str_equal(name, str_of(category_names[i], 2)))
            ret->categories = BIT(i);
    if (str_equal(name, STR("LC")) || str_equal(name, STR("Lc"))) {
        ret->categories = BIT(CAT_Lu) | BIT(CAT_Ll) | BIT(CAT_Lt);
        ret->folds = false;
    }
    return ret->categories != 0;
}

bool unicode_class_find(struct str name, struct unicode_class *ret)
{
    char text[NAME_MAX_BYTES], other[NAME_MAX_BYTES];
    struct str key = str_of(text, canonical_name(name, text));
    *ret = (struct unicode_class){.folds = true};
    if (str_equal(key, STR("Any")) || str_equal(key, STR("Ascii"))) {
        ret->last = key.len == 3 ? UNICODE_MAX : 0x7F;
        return true;
    }
    if (str_equal(key, STR("Assigned"))) {
        ret->categories = BIT(CAT_Cn);
        ret->negated = true;
        return true;
    }
    if (class_of_category(key, ret))
        return true;
    for (size_t i = 0; i < COUNT_OF(script_names); i++)
        if (str_equal(key, str_cstr(script_names[i]))) {
            ret->script = (uint32_t)i + 1;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(category_aliases); i++)
        if (str_equal(key, str_of(other, canonical_name(str_cstr(category_aliases[i].name), other))))
            return class_of_category(str_cstr(category_aliases[i].category), ret);
    return false;
}

static bool next_of_script(uint32_t script, struct unicode_cursor *cursor, uint32_t *ret_lo, uint32_t *ret_hi)
{
    while (cursor->at < COUNT_OF(script_runs)) {
        uint32_t run = script_runs[cursor->at++];
        if ((run & 255u) != script)
            continue;
        *ret_lo = run >> 8;
        *ret_hi = cursor->at < COUNT_OF(script_runs) ? (script_runs[cursor->at] >> 8) - 1 : UNICODE_MAX;
        return true;
    }
    return false;
}

bool unicode_class_next(const struct unicode_class *cls, struct unicode_cursor *cursor, uint32_t *ret_lo, uint32_t *ret_hi)
{
    if (cls->last != 0) {
        *ret_lo = 0;
        *ret_hi = cls->last;
        return cursor->at++ == 0;
    }
    if (cls->script != 0)
        return next_of_script(cls->script, cursor, ret_lo, ret_hi);
    while (cursor->first <= UNICODE_MAX) {
        struct packed_run r = read_run(cursor->first, cursor->at);
        *cursor = (struct unicode_cursor){r.next_at, r.end};
        if ((cls->categories & BIT(r.category)) == 0)
            continue;
        *ret_lo = r.first;
        *ret_hi = r.end - 1;
        return true;
    }
    return false;
}
