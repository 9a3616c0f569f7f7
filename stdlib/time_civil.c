/* SPDX-License-Identifier: Apache-2.0
 *
 * The proleptic Gregorian calendar: seconds since 1970 to dates and back.
 *
 * Years start in March inside this file, so that the leap day is the last of a year. All counts are unsigned and relative to
 * March 1 of the year -EPOCH_YEARS; EPOCH_YEARS is a multiple of 400 and far below every instant of int64 seconds.
 */
#include "stdlib/time_civil.h"

#define EPOCH_YEARS UINT64_C(292277022400)
#define DAYS_PER_CENTURIES_4 146097
/* Days from March 1 of the year 0 to 1970-01-01. */
#define UNIX_DAY_IN_CYCLE UINT64_C(719468)
/* EPOCH_YEARS / 400 whole cycles, then up to 1970. */
#define UNIX_DAY (EPOCH_YEARS / 400 * DAYS_PER_CENTURIES_4 + UNIX_DAY_IN_CYCLE)

const char *const civil_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
const char *const civil_day_names[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static const int16_t days_before[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

/* Seconds since the epoch of this file. */
static uint64_t absolute_seconds(int64_t seconds)
{
    return (uint64_t)seconds + UNIX_DAY * SECONDS_PER_DAY;
}

bool civil_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_days_before(int month)
{
    return month >= 1 && month <= 13 ? days_before[month - 1] : 0;
}

int civil_days_in(int month, int64_t year)
{
    if (month == 2)
        return civil_is_leap(year) ? 29 : 28;
    return month >= 1 && month <= 12 ? days_before[month] - days_before[month - 1] : 0;
}

struct civil_date civil_date_of(int64_t seconds)
{
    uint64_t day = absolute_seconds(seconds) / SECONDS_PER_DAY;
    uint64_t cycle = day / DAYS_PER_CENTURIES_4;
    uint32_t in_cycle = (uint32_t)(day % DAYS_PER_CENTURIES_4);
    uint32_t century = in_cycle / 36524; /* the last century of a cycle has one day more */
    if (century == 4)
        century = 3;
    uint32_t in_century = in_cycle - century * 36524;
    uint32_t year = (4 * in_century + 3) / 1461;
    uint32_t march_day = in_century - 1461 * year / 4; /* 0 = March 1 */
    uint32_t march_month = (5 * march_day + 2) / 153;  /* 0 = March */
    bool next_year = march_month >= 10;
    uint64_t years = cycle * 400 + century * 100 + year + next_year;

    struct civil_date d;
    d.year = (int64_t)(years - EPOCH_YEARS);
    d.month = (int)(next_year ? march_month - 9 : march_month + 3);
    d.day = (int)(march_day - (153 * march_month + 2) / 5 + 1);
    d.year_day = civil_days_before(d.month) + d.day + (d.month > 2 && civil_is_leap(d.year));
    d.weekday = (int)((day % 7 + 3) % 7); /* the epoch was a Wednesday */
    return d;
}

struct civil_clock civil_clock_of(int64_t seconds)
{
    int s = (int)(absolute_seconds(seconds) % SECONDS_PER_DAY);
    return (struct civil_clock){.hour = s / 3600, .minute = s / 60 % 60, .second = s % 60};
}

int64_t civil_seconds_of(int64_t year, int month, int64_t day)
{
    bool before_march = month < 3;
    uint64_t years = (uint64_t)year - before_march + EPOCH_YEARS;
    uint32_t march_month = (uint32_t)(before_march ? month + 9 : month - 3);
    uint64_t days = UINT64_C(146097) * (years / 100) / 4 + 1461 * (years % 100) / 4 + (153 * march_month + 2) / 5;
    days += (uint64_t)day - 1;
    return (int64_t)((days - UNIX_DAY) * SECONDS_PER_DAY);
}
