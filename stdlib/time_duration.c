/* SPDX-License-Identifier: Apache-2.0
 *
 * Durations: Go's notation, and OPA's days, weeks and years on top of it.
 *
 * A text with d, w or y in it is first checked against OPA's own grammar and its long units are rewritten to hours, printed as
 * the shortest decimals of a double; then Go's rules apply to the result. Two steps because their roundings and errors differ.
 */
#include "stdlib/quote.h"
#include "stdlib/time_format.h"
#include "vm/number.h"

#define MAX_NANOS (UINT64_C(1) << 63) /* of the negative side */

static const struct unit {
    struct str name;
    uint64_t nanos;
} units[] = {
    {{"ns", 2}, 1},           {{"us", 2}, 1000},      {{"\xc2\xb5s", 3}, 1000}, /* micro sign */
    {{"\xce\xbcs", 3}, 1000},                                                   /* Greek mu */
    {{"ms", 2}, 1000000},     {{"s", 1}, 1000000000}, {{"m", 1}, UINT64_C(60000000000)}, {{"h", 1}, UINT64_C(3600000000000)},
};

static void advance(struct str *s, size_t n)
{
    s->p += n;
    s->len -= n;
}

static bool is_digit_at(struct str s, size_t i)
{
    return i < s.len && s.p[i] >= '0' && s.p[i] <= '9';
}

/* A failure in Go's words; unit is shown when what needs one. */
struct complaint {
    const char *what;
    struct str unit;
};

static bool take_integer(struct str *s, uint64_t *ret)
{
    uint64_t n = 0;
    for (; is_digit_at(*s, 0); advance(s, 1)) {
        if (n > MAX_NANOS / 10)
            return false;
        n = n * 10 + (uint64_t)(s->p[0] - '0');
        if (n > MAX_NANOS)
            return false;
    }
    *ret = n;
    return true;
}

/* Digits after the point; those that do not fit are dropped. */
static void take_fraction(struct str *s, uint64_t *ret, double *ret_scale)
{
    uint64_t n = 0;
    double scale = 1;
    bool full = false;
    for (; is_digit_at(*s, 0); advance(s, 1)) {
        if (full || n > (MAX_NANOS - 1) / 10) {
            full = true;
            continue;
        }
        uint64_t next = n * 10 + (uint64_t)(s->p[0] - '0');
        if (next > MAX_NANOS) {
            full = true;
            continue;
        }
        n = next;
        scale *= 10;
    }
    *ret = n;
    *ret_scale = scale;
}

static const struct unit *take_unit(struct str *s, struct str *ret_name)
{
    size_t n = 0;
    while (n < s->len && s->p[n] != '.' && !is_digit_at(*s, n))
        n++;
    *ret_name = (struct str){s->p, n};
    advance(s, n);
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (str_equal(units[i].name, *ret_name))
            return &units[i];
    return NULL;
}

/* One number and its unit. */
static bool take_segment(struct str *s, uint64_t *ret, struct complaint *c)
{
    uint64_t whole, part = 0;
    double scale = 1;
    size_t len = s->len;
    *c = (struct complaint){.what = "invalid duration"};
    if (!take_integer(s, &whole))
        return false;
    bool has_digits = s->len != len;
    if (s->len > 0 && s->p[0] == '.') {
        advance(s, 1);
        len = s->len;
        take_fraction(s, &part, &scale);
        has_digits |= s->len != len;
    }
    if (!has_digits)
        return false;
    const struct unit *unit = take_unit(s, &c->unit);
    if (unit == NULL) {
        c->what = c->unit.len == 0 ? "missing unit in duration" : "unknown unit";
        return false;
    }
    c->unit.len = 0;
    if (whole > MAX_NANOS / unit->nanos)
        return false;
    whole *= unit->nanos;
    if (part > 0)
        whole += (uint64_t)((double)part * ((double)unit->nanos / scale));
    *ret = whole;
    return whole <= MAX_NANOS;
}

static bool parse_plain(struct str s, int64_t *ret, struct complaint *c)
{
    uint64_t sum = 0, n;
    bool negative = s.len > 0 && s.p[0] == '-';
    if (negative || (s.len > 0 && s.p[0] == '+'))
        advance(&s, 1);
    *c = (struct complaint){.what = "invalid duration"};
    if (str_equal(s, STR("0"))) {
        *ret = 0;
        return true;
    }
    if (s.len == 0)
        return false;
    while (s.len > 0) {
        if (!take_segment(&s, &n, c))
            return false;
        sum += n; /* both at most 2^63 */
        if (sum > MAX_NANOS)
            return false;
    }
    *c = (struct complaint){.what = "invalid duration"};
    if (!negative && sum == MAX_NANOS)
        return false;
    *ret = (int64_t)(negative ? 0 - sum : sum);
    return true;
}

/* ---- days, weeks, years ---- */

/* Length of a unit at the front by OPA's grammar: ms, us, micro-s, ns, else one letter. */
static size_t unit_len(struct str s)
{
    static const struct str two[] = {{"ms", 2}, {"us", 2}, {"\xc2\xb5s", 3}, {"ns", 2}};
    for (size_t i = 0; i < COUNT_OF(two); i++)
        if (str_starts(s, two[i]))
            return two[i].len;
    return s.len > 0 && s.p[0] >= 'a' && s.p[0] <= 'z' ? 1 : 0;
}

static double hours_of_unit(struct str unit)
{
    if (unit.len != 1)
        return 0;
    return unit.p[0] == 'd' ? 24 : unit.p[0] == 'w' ? 7 * 24 : unit.p[0] == 'y' ? 365 * 24 : 0;
}

/* The double nearest to digits with at most one point among them. */
static bool read_double(struct arena *a, struct str digits, double *ret)
{
    const char *point = memchr(digits.p, '.', digits.len);
    struct str whole = {digits.p, point == NULL ? digits.len : (size_t)(point - digits.p)};
    struct str part = {point == NULL ? digits.p : point + 1, point == NULL ? 0 : digits.len - whole.len - 1};
    if (whole.len + part.len == 0 || (part.len > 0 && memchr(part.p, '.', part.len) != NULL))
        return false;
    while (whole.len > 0 && whole.p[0] == '0')
        advance(&whole, 1);
    if (whole.len > 400) /* no such double, and no such duration */
        return false;
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, whole.len > 0 ? whole : STR("0"));
    if (part.len > 0) {
        buf_char(&b, '.');
        buf_bytes(&b, part.p, part.len > 1000 ? 1000 : part.len);
    }
    struct value v;
    if (b.failed || number_parse(a, buf_view(&b), &v) != NUMBER_OK)
        return false;
    *ret = number_double(v);
    return *ret <= 1.7976931348623157e308;
}

/* d without an exponent: the shortest digits, moved around the point. */
static bool write_double(struct buf *b, double d)
{
    struct value v;
    char tmp[NUMBER_INT_TEXT], digits[32];
    if (number_from_double(b->arena, d, &v) != NUMBER_OK)
        return false;
    struct str text = number_text(v, tmp);
    size_t count = 0, i = 0;
    int point = -1, exponent = 0;
    for (; i < text.len && text.p[i] != 'e' && text.p[i] != 'E'; i++) {
        if (text.p[i] == '.')
            point = (int)count;
        else if (count < sizeof digits)
            digits[count++] = text.p[i];
        else
            return false;
    }
    point = point < 0 ? (int)count : point;
    bool negative = i + 1 < text.len && text.p[i + 1] == '-';
    for (i++; i < text.len; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9')
            exponent = exponent * 10 + (text.p[i] - '0');
    point += negative ? -exponent : exponent;
    if (point <= 0)
        buf_cstr(b, "0.");
    for (int k = point; k < 0; k++)
        buf_char(b, '0');
    for (int k = 0; k < (int)count || k < point; k++) {
        if (k == point && k > 0)
            buf_char(b, '.');
        buf_char(b, k < (int)count ? digits[k] : '0');
    }
    return !b->failed;
}

/* Rewrites all of s with hours for long units. false: not OPA's grammar. */
static bool rewrite_long_units(struct str s, struct buf *b)
{
    if (s.len > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        buf_char(b, s.p[0]);
        advance(&s, 1);
    }
    if (s.len == 0)
        return false;
    while (s.len > 0) {
        size_t n = 0;
        while (is_digit_at(s, n) || (n < s.len && s.p[n] == '.'))
            n++;
        struct str digits = {s.p, n}, unit = {s.p + n, unit_len((struct str){s.p + n, s.len - n})};
        double hours = hours_of_unit(unit), amount;
        if (n == 0 || unit.len == 0)
            return false;
        if (hours == 0) {
            buf_str(b, digits);
            buf_str(b, unit);
        } else {
            if (!read_double(b->arena, digits, &amount) || !write_double(b, amount * hours))
                return false;
            buf_char(b, 'h');
        }
        advance(&s, n + unit.len);
    }
    return !b->failed;
}

/* What is wrong with text, as Go says it. */
static void write_complaint(struct buf *b, const struct complaint *c, struct str text, bool go_quote)
{
    buf_printf(b, "time: %s ", c->what);
    if (c->unit.len > 0) {
        time_quote(b, c->unit);
        buf_cstr(b, " in duration ");
    }
    if (go_quote)
        quote_text(b, text, QUOTE_PRINTABLE);
    else
        time_quote(b, text);
}

static int fail_duration(struct bi_ctx *ctx, const struct complaint *c, struct str text, bool go_quote)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    write_complaint(&b, c, text, go_quote);
    return time_fail(ctx, &b);
}

bool time_read_duration(struct str text, int64_t *ret_nanos, struct buf *complaint)
{
    struct complaint c = {.what = "invalid duration"};
    if (parse_plain(text, ret_nanos, &c))
        return true;
    write_complaint(complaint, &c, text, false);
    return false;
}

static bool has_long_unit(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == 'd' || s.p[i] == 'w' || s.p[i] == 'y')
            return true;
    return false;
}

int time_parse_duration(struct bi_ctx *ctx, struct str text, int64_t *ret_nanos)
{
    struct complaint c = {.what = "invalid duration"};
    int status = bi_charge(ctx, 10 + text.len * 2);
    if (status != BI_OK)
        return status;
    if (!has_long_unit(text))
        return parse_plain(text, ret_nanos, &c) ? BI_OK : fail_duration(ctx, &c, text, false);
    struct buf b;
    buf_init(&b, ctx->arena);
    bool ok = rewrite_long_units(text, &b);
    if (b.failed)
        return bi_nomem(ctx);
    return ok && parse_plain(buf_view(&b), ret_nanos, &c) ? BI_OK : fail_duration(ctx, &c, text, true);
}
