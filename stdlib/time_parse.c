/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to instants, by Go's layouts.
 *
 * Follows Go's rules where they are lax (any number of fraction digits after seconds, signs inside two-digit years, offsets of
 * 24 hours) because OPA's answers do. Errors quote the whole text and the element that failed, as Go's ParseError.
 */
#include "stdlib/time_civil.h"
#include "stdlib/time_format.h"
#include "stdlib/time_layout.h"

/* What an element did: took its text, did not match, or matched a value outside its range. */
enum taken { TAKEN, BAD, OUT_OF_RANGE };

struct parser {
    struct str layout, value; /* whole, for errors */
    struct str rest;          /* of value */
    const char *range;        /* which field is out of range */
    int64_t year;
    int month, day, year_day; /* -1: not seen */
    int hour, minute, second;
    int64_t nanos;
    bool am, pm, is_utc;
    int64_t offset; /* of the zone; -1: not seen, and so is the real -1 (Go) */
    struct str zone_name;
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

static enum taken out_of_range(struct parser *p, const char *field)
{
    p->range = field;
    return OUT_OF_RANGE;
}

/* One or two digits; both when fixed. */
static bool take_two(struct str *s, bool fixed, int *ret)
{
    if (!is_digit_at(*s, 0) || (fixed && !is_digit_at(*s, 1)))
        return false;
    size_t n = is_digit_at(*s, 1) ? 2 : 1;
    *ret = n == 2 ? (s->p[0] - '0') * 10 + (s->p[1] - '0') : s->p[0] - '0';
    advance(s, n);
    return true;
}

/* All of s as a decimal number with an optional sign; no digits at all are 0. At most ten characters. */
static bool read_signed(struct str s, int64_t *ret)
{
    int64_t n = 0;
    bool negative = s.len > 0 && s.p[0] == '-';
    if (negative || (s.len > 0 && s.p[0] == '+'))
        advance(&s, 1);
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit_at(s, i))
            return false;
        n = n * 10 + (s.p[i] - '0');
    }
    *ret = negative ? -n : n;
    return true;
}

/* Runs of blanks match runs of blanks; other text matches itself. */
static bool skip_literal(struct str *value, struct str literal)
{
    while (literal.len > 0) {
        if (literal.p[0] == ' ') {
            if (value->len > 0 && value->p[0] != ' ')
                return false;
            while (literal.len > 0 && literal.p[0] == ' ')
                advance(&literal, 1);
            while (value->len > 0 && value->p[0] == ' ')
                advance(value, 1);
            continue;
        }
        if (value->len == 0 || value->p[0] != literal.p[0])
            return false;
        advance(&literal, 1);
        advance(value, 1);
    }
    return true;
}

/* The name, of which only the first len characters count (0: all), at the front of s in any case; its place or -1. */
static int take_name(struct str *s, const char *const *list, int count, size_t len)
{
    for (int i = 0; i < count; i++) {
        size_t n = len > 0 ? len : strlen(list[i]), k = 0;
        while (k < n && k < s->len && (s->p[k] == list[i][k] || ((s->p[k] | 0x20) == (list[i][k] | 0x20))))
            k++;
        if (k == n) {
            advance(s, n);
            return i;
        }
    }
    return -1;
}

/* The fraction in the first len bytes of the rest, which start with a separator. */
static enum taken take_fraction(struct parser *p, size_t len)
{
    struct str digits = {p->rest.p, len > 10 ? 10 : len};
    if (digits.p[0] != '.' && digits.p[0] != ',')
        return BAD;
    advance(&digits, 1);
    if (!read_signed(digits, &p->nanos))
        return BAD;
    if (p->nanos < 0)
        return out_of_range(p, "fractional second");
    for (size_t i = digits.len; i < 9; i++)
        p->nanos *= 10;
    advance(&p->rest, len);
    return TAKEN;
}

static size_t fraction_len(struct str s)
{
    if (s.len < 2 || (s.p[0] != '.' && s.p[0] != ',') || !is_digit_at(s, 1))
        return 0;
    size_t n = 2;
    while (is_digit_at(s, n))
        n++;
    return n;
}

static enum taken take_year(struct parser *p, enum layout_id id)
{
    size_t n = id == LAYOUT_YEAR ? 2 : 4;
    if (p->rest.len < n || (n == 4 && !is_digit_at(p->rest, 0)))
        return BAD;
    if (!read_signed((struct str){p->rest.p, n}, &p->year))
        return BAD;
    advance(&p->rest, n);
    if (id == LAYOUT_YEAR)
        p->year += p->year >= 69 ? 1900 : 2000;
    return TAKEN;
}

static enum taken take_month(struct parser *p, enum layout_id id)
{
    if (id == LAYOUT_NUM_MONTH || id == LAYOUT_ZERO_MONTH) {
        if (!take_two(&p->rest, id == LAYOUT_ZERO_MONTH, &p->month))
            return BAD;
        return p->month < 1 || p->month > 12 ? out_of_range(p, "month") : TAKEN;
    }
    int month = take_name(&p->rest, civil_month_names, 12, id == LAYOUT_MONTH ? 3 : 0);
    p->month = month + 1;
    return month < 0 ? BAD : TAKEN;
}

static enum taken take_year_day(struct parser *p, enum layout_id id)
{
    for (int i = 0; i < 2 && id == LAYOUT_UNDER_YEAR_DAY && p->rest.len > 0 && p->rest.p[0] == ' '; i++)
        advance(&p->rest, 1);
    int n = 0;
    size_t i = 0;
    for (; i < 3 && is_digit_at(p->rest, i); i++)
        n = n * 10 + (p->rest.p[i] - '0');
    if (i == 0 || (id == LAYOUT_ZERO_YEAR_DAY && i != 3))
        return BAD;
    p->year_day = n;
    advance(&p->rest, i);
    return TAKEN;
}

static enum taken take_second(struct parser *p, const struct layout_step *step)
{
    if (!take_two(&p->rest, step->id == LAYOUT_ZERO_SECOND, &p->second))
        return BAD;
    if (p->second >= 60)
        return out_of_range(p, "second");
    /* A fraction may follow although the layout shows none, unless the next element is one. */
    size_t len = fraction_len(p->rest);
    if (len == 0)
        return TAKEN;
    enum layout_id next = layout_next(step->after).id;
    if (next == LAYOUT_FRACTION || next == LAYOUT_FRACTION_TRIMMED)
        return TAKEN;
    return take_fraction(p, len);
}

static enum taken take_half_day(struct parser *p, enum layout_id id)
{
    if (p->rest.len < 2)
        return BAD;
    bool am = memcmp(p->rest.p, id == LAYOUT_UPPER_PM ? "AM" : "am", 2) == 0;
    bool pm = memcmp(p->rest.p, id == LAYOUT_UPPER_PM ? "PM" : "pm", 2) == 0;
    if (!am && !pm)
        return BAD;
    p->am |= am;
    p->pm |= pm;
    advance(&p->rest, 2);
    return TAKEN;
}

/* The offset's digits and their shape: [+-]hh, hhmm, hh:mm, hhmmss, hh:mm:ss. */
static enum taken take_offset(struct parser *p, enum layout_id id)
{
    struct str s = p->rest;
    size_t colon = layout_has_zone_colon(id), parts = 1u + layout_has_zone_minutes(id) + layout_has_zone_seconds(id);
    size_t len = 1 + 2 * parts + colon * (parts - 1);
    int n[3] = {0, 0, 0};
    if (s.len < len)
        return BAD;
    for (size_t i = 1; colon && i < parts; i++)
        if (s.p[3 * i] != ':')
            return BAD;
    bool ok = true;
    for (size_t i = 0; i < parts && ok; i++) {
        struct str digits = {s.p + 1 + (2 + colon) * i, 2};
        ok = take_two(&digits, true, &n[i]);
        if (!ok)
            n[i] = 0;
    }
    /* The last complaint wins; 24 and 60 pass, for people write them. */
    const char *range = n[2] > 60   ? "time zone offset second"
                        : n[1] > 60 ? "time zone offset minute"
                        : n[0] > 24 ? "time zone offset hour"
                                    : NULL;
    advance(&p->rest, len);
    if (range != NULL)
        return out_of_range(p, range);
    p->offset = n[0] * 3600 + n[1] * 60 + n[2];
    if (s.p[0] == '-')
        p->offset = -p->offset;
    return ok && (s.p[0] == '-' || s.p[0] == '+') ? TAKEN : BAD;
}

/* Length of [+-]number up to 23 at the front, or 0. */
static size_t signed_hour_len(struct str s)
{
    if (s.len == 0 || (s.p[0] != '-' && s.p[0] != '+'))
        return 0;
    size_t i = 1;
    int n = 0;
    for (; is_digit_at(s, i); i++) {
        n = n * 10 + (s.p[i] - '0');
        if (n > 23)
            return 0;
    }
    return i > 1 ? i : 0;
}

/* Length of something that looks like a zone abbreviation, or 0. */
static size_t abbreviation_len(struct str s)
{
    if (s.len < 3)
        return 0;
    if (str_starts(s, STR("ChST")) || str_starts(s, STR("MeST")))
        return 4;
    if (str_starts(s, STR("GMT")))
        return 3 + signed_hour_len((struct str){s.p + 3, s.len - 3});
    if (s.p[0] == '+' || s.p[0] == '-')
        return signed_hour_len(s);
    size_t n = 0;
    while (n < 6 && n < s.len && s.p[n] >= 'A' && s.p[n] <= 'Z')
        n++;
    if (n == 5)
        return s.p[4] == 'T' ? 5 : 0;
    if (n == 4)
        return s.p[3] == 'T' || str_starts(s, STR("WITA")) ? 4 : 0;
    return n == 3 ? 3 : 0;
}

static enum taken take_zone_name(struct parser *p)
{
    if (str_starts(p->rest, STR("UTC"))) {
        p->is_utc = true;
        advance(&p->rest, 3);
        return TAKEN;
    }
    size_t n = abbreviation_len(p->rest);
    if (n == 0)
        return BAD;
    p->zone_name = (struct str){p->rest.p, n};
    advance(&p->rest, n);
    return TAKEN;
}

static enum taken take_zone(struct parser *p, enum layout_id id)
{
    if (layout_is_iso_zone(id) && p->rest.len > 0 && p->rest.p[0] == 'Z') {
        p->is_utc = true;
        advance(&p->rest, 1);
        return TAKEN;
    }
    return take_offset(p, id);
}

static enum taken take_clock(struct parser *p, const struct layout_step *step)
{
    bool ok;
    switch (step->id) {
    case LAYOUT_HOUR:
        ok = take_two(&p->rest, false, &p->hour);
        return ok && p->hour >= 24 ? out_of_range(p, "hour") : ok ? TAKEN : BAD;
    case LAYOUT_HOUR12:
    case LAYOUT_ZERO_HOUR12:
        ok = take_two(&p->rest, step->id == LAYOUT_ZERO_HOUR12, &p->hour);
        return ok && p->hour > 12 ? out_of_range(p, "hour") : ok ? TAKEN : BAD;
    case LAYOUT_MINUTE:
    case LAYOUT_ZERO_MINUTE:
        ok = take_two(&p->rest, step->id == LAYOUT_ZERO_MINUTE, &p->minute);
        return ok && p->minute >= 60 ? out_of_range(p, "minute") : ok ? TAKEN : BAD;
    case LAYOUT_SECOND:
    case LAYOUT_ZERO_SECOND:
        return take_second(p, step);
    case LAYOUT_UPPER_PM:
    case LAYOUT_LOWER_PM:
        return take_half_day(p, step->id);
    case LAYOUT_FRACTION:
        return p->rest.len < 1 + (size_t)step->digits ? BAD : take_fraction(p, 1 + (size_t)step->digits);
    case LAYOUT_FRACTION_TRIMMED:
        return fraction_len(p->rest) == 0 ? TAKEN : take_fraction(p, fraction_len(p->rest));
    default:
        return take_zone(p, step->id);
    }
}

static enum taken take_element(struct parser *p, const struct layout_step *step)
{
    switch (step->id) {
    case LAYOUT_YEAR:
    case LAYOUT_LONG_YEAR:
        return take_year(p, step->id);
    case LAYOUT_MONTH:
    case LAYOUT_LONG_MONTH:
    case LAYOUT_NUM_MONTH:
    case LAYOUT_ZERO_MONTH:
        return take_month(p, step->id);
    case LAYOUT_WEEKDAY:
    case LAYOUT_LONG_WEEKDAY:
        return take_name(&p->rest, civil_day_names, 7, step->id == LAYOUT_WEEKDAY ? 3 : 0) < 0 ? BAD : TAKEN;
    case LAYOUT_UNDER_DAY:
        if (p->rest.len > 0 && p->rest.p[0] == ' ')
            advance(&p->rest, 1);
        return take_two(&p->rest, false, &p->day) ? TAKEN : BAD;
    case LAYOUT_DAY:
    case LAYOUT_ZERO_DAY:
        return take_two(&p->rest, step->id == LAYOUT_ZERO_DAY, &p->day) ? TAKEN : BAD;
    case LAYOUT_UNDER_YEAR_DAY:
    case LAYOUT_ZERO_YEAR_DAY:
        return take_year_day(p, step->id);
    case LAYOUT_ZONE_NAME:
        return take_zone_name(p);
    default:
        return take_clock(p, step);
    }
}

/* ---- errors ---- */

static int fail_message(struct bi_ctx *ctx, const struct parser *p, const char *message)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_cstr(&b, "parsing time ");
    time_quote(&b, p->value);
    buf_cstr(&b, ": ");
    buf_cstr(&b, message);
    if (strcmp(message, "extra text: ") == 0)
        time_quote(&b, p->rest);
    return time_fail(ctx, &b);
}

static int fail_range(struct bi_ctx *ctx, const struct parser *p, const char *field)
{
    struct str text = arena_printf(ctx->arena, "%s out of range", field);
    return text.p == NULL ? bi_nomem(ctx) : fail_message(ctx, p, text.p);
}

static int fail_element(struct bi_ctx *ctx, const struct parser *p, struct str element, struct str at)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_cstr(&b, "parsing time ");
    time_quote(&b, p->value);
    buf_cstr(&b, " as ");
    time_quote(&b, p->layout);
    buf_cstr(&b, ": cannot parse ");
    time_quote(&b, at);
    buf_cstr(&b, " as ");
    time_quote(&b, element);
    return time_fail(ctx, &b);
}

/* ---- the whole ---- */

static int take_all(struct bi_ctx *ctx, struct parser *p)
{
    struct str layout = p->layout;
    for (;;) {
        struct layout_step step = layout_next(layout);
        if (!skip_literal(&p->rest, step.before))
            return fail_element(ctx, p, step.before, p->rest);
        if (step.id == LAYOUT_END)
            return p->rest.len > 0 ? fail_message(ctx, p, "extra text: ") : BI_OK;
        layout = step.after;
        struct str at = p->rest;
        enum taken taken = take_element(p, &step);
        if (taken == OUT_OF_RANGE)
            return fail_range(ctx, p, p->range);
        if (taken == BAD)
            return fail_element(ctx, p, step.text, at);
    }
}

/* Month and day out of the day of the year; both must agree when given too. */
static int apply_year_day(struct bi_ctx *ctx, struct parser *p)
{
    int n = p->year_day, month, day;
    bool leap = civil_is_leap(p->year), leap_day = leap && n == 60;
    if (leap && n > 60)
        n--;
    if (n < 1 || n > 365)
        return fail_range(ctx, p, "day-of-year");
    for (month = 1; civil_days_before(month + 1) < n; month++)
        ;
    day = n - civil_days_before(month);
    if (leap_day) {
        month = 2;
        day = 29;
    }
    if (p->month >= 0 && p->month != month)
        return fail_message(ctx, p, "day-of-year does not match month");
    if (p->day >= 0 && p->day != day)
        return fail_message(ctx, p, "day-of-year does not match day");
    p->month = month;
    p->day = day;
    return BI_OK;
}

/* Seconds to take off for an abbreviation: what it means in the local zone, else nothing (not even for "GMT-3"). */
static int zone_name_offset(struct bi_ctx *ctx, const struct parser *p, int64_t seconds, int64_t *ret)
{
    const struct zone *local;
    *ret = 0;
    if (ctx->host == NULL || ctx->host->file_zone == NULL)
        return BI_OK;
    int status = zone_load(ctx, STR("Local"), &local);
    if (status != BI_OK)
        return status;
    if (!zone_offset_by_name(local, p->zone_name, seconds, ret))
        *ret = 0;
    return BI_OK;
}

int time_parse(struct bi_ctx *ctx, struct str layout, struct str value, struct instant *ret)
{
    struct parser p = {.layout = layout, .value = value, .rest = value, .month = -1, .day = -1, .year_day = -1, .offset = -1};
    int status = bi_charge(ctx, 20 + layout.len + value.len);
    if (status == BI_OK)
        status = take_all(ctx, &p);
    if (status != BI_OK)
        return status;
    if (p.pm && p.hour < 12)
        p.hour += 12;
    else if (p.am && p.hour == 12)
        p.hour = 0;
    if (p.year_day >= 0 && (status = apply_year_day(ctx, &p)) != BI_OK)
        return status;
    p.month = p.month < 0 ? 1 : p.month;
    p.day = p.day < 0 ? 1 : p.day;
    if (p.day < 1 || p.day > civil_days_in(p.month, p.year))
        return fail_range(ctx, &p, "day");

    int64_t seconds = civil_seconds_of(p.year, p.month, p.day) + p.hour * 3600 + p.minute * 60 + p.second, offset = 0;
    if (!p.is_utc && p.offset != -1)
        offset = p.offset;
    else if (!p.is_utc && p.zone_name.len > 0 && (status = zone_name_offset(ctx, &p, seconds, &offset)) != BI_OK)
        return status;
    *ret = (struct instant){seconds - offset, (int32_t)p.nanos};
    return BI_OK;
}
