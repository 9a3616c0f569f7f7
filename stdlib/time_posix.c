/* SPDX-License-Identifier: Apache-2.0
 *
 * POSIX TZ rules.
 *
 * Numbers are bounded while they are read, so sums cannot overflow. The start and end that come out are exact next to a
 * change and otherwise the edges of the year, which is what Go gives and all that finding an offset needs.
 */
#include "stdlib/time_posix.h"

#include "stdlib/time_civil.h"

enum change_kind { CHANGE_JULIAN, CHANGE_DAY, CHANGE_WEEKDAY };

/* When summer time starts or ends. */
struct change {
    enum change_kind kind;
    int day, week, month;
    int64_t time; /* seconds after midnight, may be negative */
};

/* Standard or summer time. */
struct half {
    struct str name;
    int64_t offset;
};

static void advance(struct str *s, size_t n)
{
    s->p += n;
    s->len -= n;
}

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->p[0] != c)
        return false;
    advance(s, 1);
    return true;
}

static bool take_number(struct str *s, int min, int max, int *ret)
{
    int n = 0;
    size_t i = 0;
    for (; i < s->len && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
        n = n * 10 + (s->p[i] - '0');
        if (n > max)
            return false;
    }
    if (i == 0 || n < min)
        return false;
    advance(s, i);
    *ret = n;
    return true;
}

static bool take_name(struct str *s, struct str *ret)
{
    size_t i = 0;
    if (s->len > 0 && s->p[0] == '<') {
        const char *close = memchr(s->p, '>', s->len);
        if (close == NULL)
            return false;
        *ret = (struct str){s->p + 1, (size_t)(close - s->p) - 1};
        advance(s, (size_t)(close - s->p) + 1);
        return true;
    }
    while (i < s->len && !(s->p[i] >= '0' && s->p[i] <= '9') && s->p[i] != ',' && s->p[i] != '-' && s->p[i] != '+')
        i++;
    if (i < 3)
        return false;
    *ret = (struct str){s->p, i};
    advance(s, i);
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool take_offset(struct str *s, int64_t *ret)
{
    bool negative = s->len > 0 && s->p[0] == '-';
    int hours, minutes = 0, seconds = 0;
    if (negative || (s->len > 0 && s->p[0] == '+'))
        advance(s, 1);
    if (!take_number(s, 0, 24 * 7, &hours))
        return false;
    if (take_char(s, ':')) {
        if (!take_number(s, 0, 59, &minutes))
            return false;
        if (take_char(s, ':') && !take_number(s, 0, 59, &seconds))
            return false;
    }
    *ret = (int64_t)hours * 3600 + minutes * 60 + seconds;
    if (negative)
        *ret = -*ret;
    return true;
}

static bool take_change(struct str *s, struct change *ret)
{
    struct change c = {.kind = CHANGE_DAY, .time = 2 * 3600};
    if (take_char(s, 'J')) {
        c.kind = CHANGE_JULIAN;
        if (!take_number(s, 1, 365, &c.day))
            return false;
    } else if (take_char(s, 'M')) {
        c.kind = CHANGE_WEEKDAY;
        if (!take_number(s, 1, 12, &c.month) || !take_char(s, '.') || !take_number(s, 1, 5, &c.week) || !take_char(s, '.') ||
            !take_number(s, 0, 6, &c.day))
            return false;
    } else if (!take_number(s, 0, 365, &c.day)) {
        return false;
    }
    if (take_char(s, '/') && !take_offset(s, &c.time))
        return false;
    *ret = c;
    return true;
}

/* The day of the year, from 0, of the week-th weekday of a month; week 5 is the last. */
static int64_t nth_weekday(const struct change *c, int64_t year)
{
    /* Zeller's congruence with truncating division, which years before 0 make visible. */
    int64_t march_month = (c->month + 9) % 12 + 1, y = c->month <= 2 ? year - 1 : year;
    int64_t century = y / 100, in_century = y % 100;
    int64_t first = ((26 * march_month - 2) / 10 + 1 + in_century + in_century / 4 + century / 4 - 2 * century) % 7;
    if (first < 0)
        first += 7;
    int64_t day = c->day - first;
    if (day < 0)
        day += 7;
    for (int i = 1; i < c->week && day + 7 < civil_days_in(c->month, year); i++)
        day += 7;
    return day + civil_days_before(c->month) + (c->month > 2 && civil_is_leap(year));
}

/* Seconds from the start of the year (in UTC) to a change, offset being in force before it. */
static int64_t change_seconds(const struct change *c, int64_t year, int64_t offset)
{
    int64_t day = c->day;
    switch (c->kind) {
    case CHANGE_JULIAN:
        day = day - 1 + (civil_is_leap(year) && day >= 60);
        break;
    case CHANGE_DAY:
        break;
    case CHANGE_WEEKDAY:
        day = nth_weekday(c, year);
        break;
    }
    return day * SECONDS_PER_DAY + c->time - offset;
}

static bool take_summer(struct str *s, const struct half *standard, struct half *ret)
{
    if (!take_name(s, &ret->name))
        return false;
    ret->offset = standard->offset + 3600;
    if (s->len > 0 && s->p[0] != ',') {
        if (!take_offset(s, &ret->offset))
            return false;
        ret->offset = -ret->offset;
    }
    return true;
}

static bool take_changes(struct str s, struct change *start, struct change *end)
{
    if (s.len == 0)
        s = STR(",M3.2.0,M11.1.0"); /* what tzcode takes when nothing is said */
    if (!take_char(&s, ',') && !take_char(&s, ';'))
        return false;
    return take_change(&s, start) && take_char(&s, ',') && take_change(&s, end) && s.len == 0;
}

bool posix_zone_at(struct str rule, int64_t last_change, int64_t seconds, struct zone_period *ret)
{
    struct half outer, inner; /* in force at the edges and in the middle of the year */
    if (!take_name(&rule, &outer.name) || !take_offset(&rule, &outer.offset))
        return false;
    outer.offset = -outer.offset; /* POSIX counts west of Greenwich */
    if (rule.len == 0 || rule.p[0] == ',') {
        *ret = (struct zone_period){outer.name, outer.offset, last_change, INT64_MAX};
        return true;
    }
    struct change first, second;
    if (!take_summer(&rule, &outer, &inner) || !take_changes(rule, &first, &second))
        return false;

    struct civil_date date = civil_date_of(seconds);
    int64_t in_year = (int64_t)(date.year_day - 1) * SECONDS_PER_DAY + seconds % SECONDS_PER_DAY;
    uint64_t year_start = (uint64_t)seconds - (uint64_t)in_year;
    int64_t from = change_seconds(&first, date.year, outer.offset), to = change_seconds(&second, date.year, inner.offset);
    if (to < from) { /* the southern half of the world */
        int64_t t = from;
        from = to;
        to = t;
        struct half h = outer;
        outer = inner;
        inner = h;
    }
    if (in_year < from)
        *ret = (struct zone_period){outer.name, outer.offset, (int64_t)year_start, (int64_t)(year_start + (uint64_t)from)};
    else if (in_year >= to)
        *ret = (struct zone_period){outer.name, outer.offset, (int64_t)(year_start + (uint64_t)to),
                                    (int64_t)(year_start + 365u * (uint64_t)SECONDS_PER_DAY)};
    else
        *ret = (struct zone_period){inner.name, inner.offset, (int64_t)(year_start + (uint64_t)from),
                                    (int64_t)(year_start + (uint64_t)to)};
    return true;
}
