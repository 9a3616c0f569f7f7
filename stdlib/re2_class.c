/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes of regular expressions: ranges of code points, named classes, folding of case.
 */
#include "stdlib/re2.h"
#include "stdlib/unicode.h"

void re2_class_add(struct re2_class *c, uint32_t lo, uint32_t hi)
{
    for (size_t i = c->count; i > 0 && i + 2 > c->count; i--) { /* the last two: (?i) adds to two alphabets in turn */
        uint32_t *pair = &c->pairs[2 * (i - 1)];
        if (lo > pair[1] + 1 || pair[0] > hi + 1)
            continue;
        pair[0] = lo < pair[0] ? lo : pair[0];
        pair[1] = hi > pair[1] ? hi : pair[1];
        return;
    }
    if (c->failed || !arena_grow(c->arena, &c->pairs, &c->cap, c->count + 1, 2 * sizeof *c->pairs)) {
        c->failed = true;
        return;
    }
    c->pairs[2 * c->count] = lo;
    c->pairs[2 * c->count + 1] = hi;
    c->count++;
}

static bool is_before(const uint32_t *a, const uint32_t *b)
{
    return a[0] < b[0] || (a[0] == b[0] && a[1] > b[1]);
}

static void swap_pairs(uint32_t *a, uint32_t *b)
{
    uint32_t lo = a[0], hi = a[1];
    a[0] = b[0];
    a[1] = b[1];
    b[0] = lo;
    b[1] = hi;
}

static void sift(uint32_t *heap, size_t count, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && is_before(&heap[2 * child], &heap[2 * child + 2]))
            child++;
        if (!is_before(&heap[2 * i], &heap[2 * child]))
            return;
        swap_pairs(&heap[2 * i], &heap[2 * child]);
    }
}

static void sort_pairs(uint32_t *pairs, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(pairs, count, i);
    for (size_t end = count; end-- > 1;) {
        swap_pairs(&pairs[0], &pairs[2 * end]);
        sift(pairs, end, 0);
    }
}

void re2_class_clean(struct re2_class *c)
{
    bool sorted = true;
    for (size_t i = 1; i < c->count && sorted; i++)
        sorted = c->pairs[2 * i] > c->pairs[2 * i - 1] + 1;
    if (sorted)
        return;
    sort_pairs(c->pairs, c->count);
    size_t kept = 1;
    for (size_t i = 1; i < c->count; i++) {
        uint32_t lo = c->pairs[2 * i], hi = c->pairs[2 * i + 1], *last = &c->pairs[2 * kept - 1];
        if (lo <= *last + 1) {
            *last = hi > *last ? hi : *last;
            continue;
        }
        c->pairs[2 * kept] = lo;
        c->pairs[2 * kept + 1] = hi;
        kept++;
    }
    c->count = kept;
}

void re2_class_negate(struct re2_class *c)
{
    struct re2_class out;
    re2_class_init(&out, c->arena);
    uint32_t next = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (c->pairs[2 * i] > next)
            re2_class_add(&out, next, c->pairs[2 * i] - 1);
        next = c->pairs[2 * i + 1] + 1;
    }
    if (next <= UNICODE_MAX)
        re2_class_add(&out, next, UNICODE_MAX);
    out.failed |= c->failed;
    *c = out;
}

#define FOLD_FIRST 0x41u /* the least and the greatest code point that folds */
#define FOLD_LAST 0x1E943u
#define CLOSING_WORK 30000

static bool has_member(const struct re2_class *c, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (code < c->pairs[2 * mid])
            high = mid;
        else if (code > c->pairs[2 * mid + 1])
            low = mid + 1;
        else
            return true;
    }
    return false;
}

static void add_orbit(struct re2_class *c, uint32_t code)
{
    for (uint32_t f = unicode_fold(code); f != code; f = unicode_fold(f))
        re2_class_add(c, f, f);
}

/* A class being closed: its first count pairs are what it was. */
struct closing {
    struct re2_class *c;
    size_t count;
};

static void add_folding(void *ctx, uint32_t code)
{
    struct closing *closing = ctx;
    if (has_member(closing->c, closing->count, code))
        add_orbit(closing->c, code);
}

/* Adds to a cleaned class what its members fold to. */
static void close_class(struct re2_class *c)
{
    uint64_t codes = 0;
    size_t count = c->count;
    for (size_t i = 0; i < count; i++)
        codes += c->pairs[2 * i + 1] - c->pairs[2 * i] + 1;
    if (codes <= 64) {
        for (size_t i = 0; i < count; i++)
            for (uint32_t code = c->pairs[2 * i], last = c->pairs[2 * i + 1]; code <= last; code++)
                add_orbit(c, code);
        c->work += codes * 8;
    } else {
        struct closing closing = {c, count};
        unicode_each_folding(add_folding, &closing);
        c->work += CLOSING_WORK;
    }
    re2_class_clean(c);
}

void re2_class_add_class(struct re2_class *c, struct re2_class *from, bool fold, bool negated)
{
    re2_class_clean(from);
    if (fold && from->count > 0 && !(from->pairs[0] <= FOLD_FIRST && from->pairs[1] >= FOLD_LAST))
        close_class(from);
    if (negated)
        re2_class_negate(from);
    for (size_t i = 0; i < from->count; i++)
        re2_class_add(c, from->pairs[2 * i], from->pairs[2 * i + 1]);
    c->failed |= from->failed;
    c->work += from->work + from->count * 2;
}

/* Ranges of ASCII as pairs of characters. */
static void add_pairs(struct re2_class *c, const char *pairs, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        re2_class_add(c, (unsigned char)pairs[i], (unsigned char)pairs[i + 1]);
}

static const struct {
    const char *name;
    const char *pairs;
    size_t len;
} posix_classes[] = {
#define CLASS(name, pairs)                                                                                                       \
    {                                                                                                                            \
        name, pairs, sizeof(pairs) - 1                                                                                           \
    }
    CLASS("alnum", "09AZaz"),
    CLASS("alpha", "AZaz"),
    CLASS("ascii", "\0\x7F"),
    CLASS("blank", "\t\t  "),
    CLASS("cntrl", "\0\x1F\x7F\x7F"),
    CLASS("digit", "09"),
    CLASS("graph", "!~"),
    CLASS("lower", "az"),
    CLASS("print", " ~"),
    CLASS("punct", "!/:@[`{~"),
    CLASS("space", "\t\r  "),
    CLASS("upper", "AZ"),
    CLASS("word", "09AZ__az"),
    CLASS("xdigit", "09AFaf"),
#undef CLASS
};

bool re2_class_perl(struct re2_class *c, char letter, bool *ret_negated)
{
    char lower = (char)(letter | 0x20);
    *ret_negated = letter != lower;
    const char *pairs = lower == 'd' ? "09" : lower == 's' ? "\t\n\f\r  " : lower == 'w' ? "09AZ__az" : NULL;
    if (pairs == NULL)
        return false;
    add_pairs(c, pairs, strlen(pairs));
    return true;
}

bool re2_class_posix(struct re2_class *c, struct str name, bool *ret_negated)
{
    struct str inner = str_of(name.p + 2, name.len - 4);
    *ret_negated = inner.len > 0 && inner.p[0] == '^';
    if (*ret_negated)
        inner = str_of(inner.p + 1, inner.len - 1);
    for (size_t i = 0; i < COUNT_OF(posix_classes); i++)
        if (str_equal(inner, str_cstr(posix_classes[i].name))) {
            add_pairs(c, posix_classes[i].pairs, posix_classes[i].len);
            return true;
        }
    return false;
}
