/* SPDX-License-Identifier: Apache-2.0
 *
 * The proleptic Gregorian calendar: seconds since 1970 to dates and back.
 *
 * Arithmetic is modulo 2^64 around an epoch far in the past, as in Go's time package, so that dates outside the representable
 * range give the same (meaningless but defined) instants as OPA does. Knows nothing about zones.
 */
#ifndef QUIS_STDLIB_TIME_CIVIL_H
#define QUIS_STDLIB_TIME_CIVIL_H

#include "base/defs.h"

#define SECONDS_PER_DAY 86400

struct civil_date {
    int64_t year;
    int month;    /* 1..12 */
    int day;      /* 1..31 */
    int year_day; /* 1..366 */
    int weekday;  /* 0 = Sunday */
};

struct civil_clock {
    int hour, minute, second;
};

/* The date and the time of day of seconds since 1970-01-01T00:00:00. */
struct civil_date civil_date_of(int64_t seconds);
struct civil_clock civil_clock_of(int64_t seconds);

/* Seconds since 1970 of midnight of a date; month 1..12; day may be outside its month. */
int64_t civil_seconds_of(int64_t year, int month, int64_t day);

bool civil_is_leap(int64_t year);

/* Days of a month (1..12), and days before it in a year that is not leap (1..13). */
int civil_days_in(int month, int64_t year);
int civil_days_before(int month);

extern const char *const civil_month_names[12];
extern const char *const civil_day_names[7];

#endif
