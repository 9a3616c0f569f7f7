/* SPDX-License-Identifier: Apache-2.0
 *
 * "Did you mean": names that are few edits away from the one that was typed.
 */
#include "base/utf8.h"
#include "stdlib/graphql_rules.h"
#include "stdlib/unicode.h"

#define LONGEST 256u /* longer names are like nothing */

static size_t read_lower(struct str s, uint32_t chars[LONGEST])
{
    size_t n = 0;
    unsigned len;
    for (size_t i = 0; i < s.len && n < LONGEST; i += len)
        chars[n++] = unicode_lower(utf8_decode(s.p + i, s.len - i, &len));
    return n;
}

/* Insertions, deletions and replacements between two texts without regard to case; a difference in case alone is one. */
static size_t distance(struct str a, struct str b)
{
    uint32_t x[LONGEST], y[LONGEST];
    size_t row[LONGEST + 1];
    if (str_equal(a, b))
        return 0;
    size_t m = read_lower(a, x), n = read_lower(b, y);
    if (m == n && memcmp(x, y, m * sizeof *x) == 0)
        return 1;
    for (size_t k = 0; k <= n; k++)
        row[k] = k;
    for (size_t i = 1; i <= m; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= n; k++) {
            size_t replaced = corner + (x[i - 1] != y[k - 1]);
            size_t least = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;
            corner = row[k];
            row[k] = replaced < least ? replaced : least;
        }
    }
    return row[n];
}

void gql_write_or_list(struct buf *b, const struct str *items, size_t count, bool quoted)
{
    if (count > 5)
        count = 5;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_cstr(b, i + 1 < count ? ", " : count == 2 ? " or " : ", or ");
        if (quoted)
            buf_char(b, '"');
        buf_str(b, items[i]);
        if (quoted)
            buf_char(b, '"');
    }
}

/* The options near to typed, nearest first, in a new array. */
static int select_near(struct gql_walk *w, struct str typed, const struct str *options, size_t count, struct str **ret,
                       size_t *ret_count)
{
    struct arena *a = w->work->ctx->arena;
    struct str *near = arena_array(a, count, sizeof *near);
    size_t *distances = arena_array(a, count, sizeof *distances), found = 0;
    if (near == NULL || distances == NULL)
        return bi_nomem(w->work->ctx);
    size_t threshold = typed.len * 2 / 5 + 1;
    for (size_t i = 0; i < count; i++) {
        int status = bi_charge(w->work->ctx, typed.len * (options[i].len < LONGEST ? options[i].len : LONGEST) / 8 + 10);
        if (status != BI_OK)
            return status;
        size_t d = typed.len < LONGEST && options[i].len < LONGEST ? distance(typed, options[i]) : SIZE_MAX;
        if (d > threshold)
            continue;
        size_t at = found++;
        for (; at > 0 && distances[at - 1] > d; at--) {
            near[at] = near[at - 1];
            distances[at] = distances[at - 1];
        }
        near[at] = options[i];
        distances[at] = d;
    }
    *ret = near;
    *ret_count = found;
    return BI_OK;
}

int gql_suggest(struct gql_walk *w, const char *prefix, struct str typed, const struct str *options, size_t count, bool quoted,
                struct str *ret)
{
    struct str *near;
    struct buf b;
    *ret = STR("");
    int status = select_near(w, typed, options, count, &near, &count);
    if (status != BI_OK || count == 0)
        return status;
    buf_init(&b, w->work->ctx->arena);
    buf_printf(&b, " %s ", prefix);
    gql_write_or_list(&b, near, count, quoted);
    buf_char(&b, '?');
    *ret = buf_view(&b);
    return b.failed ? bi_nomem(w->work->ctx) : BI_OK;
}
