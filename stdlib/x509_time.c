/* SPDX-License-Identifier: Apache-2.0
 *
 * UTCTime and GeneralizedTime in certificates: exactly one way to write each instant and zone.
 */
#include "stdlib/time_civil.h"
#include "stdlib/x509_cert.h"

static bool take_digits(struct der *s, int count, int *ret)
{
    int n = 0;
    if (s->len < (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        n = n * 10 + (s->p[i] - '0');
    }
    s->p += count;
    s->len -= (size_t)count;
    *ret = n;
    return true;
}

/* Z, or an offset that is not zero. */
static bool take_zone(struct der *s, int32_t *ret)
{
    if (s->len == 1 && s->p[0] == 'Z') {
        s->len = 0;
        *ret = 0;
        return true;
    }
    if (s->len != 5 || (s->p[0] != '+' && s->p[0] != '-'))
        return false;
    bool west = s->p[0] == '-';
    int hours, minutes;
    s->p++;
    s->len--;
    if (!take_digits(s, 2, &hours) || !take_digits(s, 2, &minutes) || hours > 24 || minutes > 59)
        return false;
    int32_t offset = hours * 3600 + minutes * 60;
    *ret = west ? -offset : offset;
    return offset != 0;
}

static bool read_time(struct der s, int year_digits, bool has_seconds, struct x509_time *ret)
{
    int year, month, day, hour, minute, second = 0;
    if (!take_digits(&s, year_digits, &year) || !take_digits(&s, 2, &month) || !take_digits(&s, 2, &day) ||
        !take_digits(&s, 2, &hour) || !take_digits(&s, 2, &minute) || (has_seconds && !take_digits(&s, 2, &second)))
        return false;
    int32_t offset;
    if (!take_zone(&s, &offset))
        return false;
    if (year_digits == 2)
        year += year >= 50 ? 1900 : 2000;
    /* Go reads 50..68 as 2050..2068 first: the same days, for 2052 and 1952 are both leap years. */
    if (month < 1 || month > 12 || day < 1 || day > civil_days_in(month, year) || hour > 23 || minute > 59 || second > 59)
        return false;
    *ret = (struct x509_time){civil_seconds_of(year, month, day) + hour * 3600 + minute * 60 + second - offset, offset};
    return true;
}

bool x509_take_time(struct x509_reader *r, struct der *der, struct x509_time *ret)
{
    struct der s;
    if (der_is(*der, DER_UTC_TIME)) {
        bool ok = der_take(der, DER_UTC_TIME, &s) && (read_time(s, 2, true, ret) || read_time(s, 2, false, ret));
        return ok || x509_wrong(r, "x509: malformed UTCTime");
    }
    if (der_is(*der, DER_TIME)) {
        bool ok = der_take(der, DER_TIME, &s) && read_time(s, 4, true, ret);
        return ok || x509_wrong(r, "x509: malformed GeneralizedTime");
    }
    return x509_wrong(r, "x509: unsupported time format");
}
