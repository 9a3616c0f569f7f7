/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal numbers in strings, as Go's strconv reads them.
 */
#include "stdlib/decimal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Copies a run of digits, in which '_' may stand between two of them. Returns how many digits; *at is past the run. */
static size_t copy_digits(struct buf *b, struct str s, size_t *at)
{
    size_t count = 0;
    while (*at < s.len) {
        char c = s.p[*at];
        bool between = c == '_' && *at > 0 && is_digit(s.p[*at - 1]) && *at + 1 < s.len && is_digit(s.p[*at + 1]);
        if (!is_digit(c) && !between)
            break;
        if (is_digit(c)) {
            buf_char(b, c);
            count++;
        }
        ++*at;
    }
    return count;
}

static size_t count_zeros(const struct buf *b, size_t from)
{
    size_t zeros = 0;
    while (from + zeros + 1 < b->len && b->p[from + zeros] == '0')
        zeros++;
    return zeros;
}

bool decimal_rewrite(struct buf *b, struct str s)
{
    size_t at = 0, whole, fraction = 0;
    if (at < s.len && (s.p[at] == '+' || s.p[at] == '-')) {
        if (s.p[at++] == '-')
            buf_char(b, '-');
    }
    size_t from = b->len;
    whole = copy_digits(b, s, &at);
    if (whole == 0)
        buf_char(b, '0');
    size_t zeros = count_zeros(b, from);
    if (zeros != 0 && !b->failed) {
        memmove(b->p + from, b->p + from + zeros, b->len - from - zeros);
        b->len -= zeros;
    }
    if (at < s.len && s.p[at] == '.') {
        at++;
        size_t point = b->len;
        buf_char(b, '.');
        fraction = copy_digits(b, s, &at);
        if (fraction == 0)
            b->len = point;
    }
    if (whole + fraction == 0)
        return false;
    if (at < s.len && (s.p[at] == 'e' || s.p[at] == 'E')) {
        buf_char(b, s.p[at++]);
        if (at < s.len && (s.p[at] == '+' || s.p[at] == '-'))
            buf_char(b, s.p[at++]);
        if (copy_digits(b, s, &at) == 0)
            return false;
    }
    return at == s.len;
}
