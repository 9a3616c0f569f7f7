/* SPDX-License-Identifier: Apache-2.0
 *
 * Look-ups in the tables that stdlib/unicode_tables.py writes.
 *
 * Categories and scripts are runs sorted by first code point, each a word of (first code point, value), and are found by
 * bisection; a case mapping is a run of equal differences.
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

/* The index of the run that holds c; value_bits are the low bits of a word that are not the code point. */
static size_t find_run(const uint32_t *runs, size_t count, unsigned value_bits, uint32_t c)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (runs[mid] >> value_bits <= c)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static uint32_t category_bit(uint32_t c)
{
    return BIT(category_runs[find_run(category_runs, COUNT_OF(category_runs), 5, c)] & 31u);
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

/* A run is up to the next one's first code point. */
static uint32_t run_end(const uint32_t *runs, size_t count, unsigned value_bits, size_t i)
{
    return i + 1 < count ? (runs[i + 1] >> value_bits) - 1 : UNICODE_MAX;
}

bool unicode_class_next(const struct unicode_class *cls, size_t *cursor, uint32_t *ret_lo, uint32_t *ret_hi)
{
    if (cls->last != 0) {
        *ret_lo = 0;
        *ret_hi = cls->last;
        return (*cursor)++ == 0;
    }
    bool by_script = cls->script != 0;
    const uint32_t *runs = by_script ? script_runs : category_runs;
    size_t count = by_script ? COUNT_OF(script_runs) : COUNT_OF(category_runs);
    unsigned bits = by_script ? 8 : 5;
    for (size_t i = *cursor; i < count; i++) {
        uint32_t value = runs[i] & (BIT(bits) - 1);
        if (by_script ? value != cls->script : (cls->categories & BIT(value)) == 0)
            continue;
        *ret_lo = runs[i] >> bits;
        *ret_hi = run_end(runs, count, bits, i);
        *cursor = i + 1;
        return true;
    }
    *cursor = count;
    return false;
}
