/* SPDX-License-Identifier: Apache-2.0
 *
 * Times: layouts, zones, durations, calendar arithmetic, and the range of nanoseconds.
 *
 * Zones come from a small file made here, so that the tests need no tz database.
 */
#include "tests/unit/call_builtin.h"

/* ---- a zone: LMT, then one hour east, then by rule one hour east with summer time ---- */

static void put_be(struct buf *b, uint64_t n, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_char(b, (char)(n >> 8 * i));
}

static void put_header(struct buf *b, uint32_t times, uint32_t types, uint32_t chars)
{
    buf_cstr(b, "TZif2");
    for (int i = 0; i < 15; i++)
        buf_char(b, 0);
    const uint32_t counts[] = {0, 0, 0, times, types, chars};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        put_be(b, counts[i], 4);
}

static void make_zone(struct buf *b)
{
    put_header(b, 0, 0, 0);
    put_header(b, 2, 3, 13);
    put_be(b, (uint64_t)-2000000000, 8);
    put_be(b, 1000000000, 8);
    buf_char(b, 1);
    buf_char(b, 2);
    put_be(b, 1234, 4); /* 0:20:34, until the first change */
    buf_bytes(b, "\0\0", 2);
    put_be(b, 3600, 4);
    buf_bytes(b, "\0\4", 2);
    put_be(b, 7200, 4);
    buf_bytes(b, "\1\10", 2);
    buf_bytes(b, "LMT\0CET\0CEST\0", 13);
    buf_cstr(b, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
}

static int read_zone(void *ctx, struct str name, struct arena *a, struct str *ret)
{
    (void)ctx;
    struct buf b;
    buf_init(&b, a);
    if (str_equal(name, STR("Test/Zone")))
        make_zone(&b);
    else if (str_equal(name, STR("Test/Cut")))
        buf_cstr(&b, "TZif2 and nothing more");
    else
        return -1;
    *ret = buf_view(&b);
    return b.failed ? -1 : 0;
}

static const struct bi_host host = {.now_ns = CALL_NOW, .has_clock = true, .file_zone = read_zone};
static const struct bi_host bare = {0};

static const struct call_row formats[] = {
    {"time.format", "[0]", "\"1970-01-01T00:00:00Z\""},
    {"time.format", "[[1670006453141828752, \"\", \"Mon Jan _2 15:04:05.000 2006\"]]", "\"Fri Dec  2 18:40:53.141 2022\""},
    {"time.format", "[[1670006453141828752, \"UTC\", \"RFC1123Z\"]]", "\"Fri, 02 Dec 2022 18:40:53 +0000\""},
    {"time.format", "[[1670006453000000000, \"\", \"2006 002 __2 06 Z07 -07:00:00 PM pm 3 ,999 .00\"]]",
     "\"2022 336 336 22 Z +00:00:00 PM pm 6  .00\""},
    {"time.format", "[[1670006453141828752, \"Test/Zone\", \"2006-01-02 15:04:05 MST -0700\"]]",
     "\"2022-12-02 19:40:53 CET +0100\""},
    {"time.format", "[[1656666053000000000, \"Test/Zone\", \"RFC3339\"]]", "\"2022-07-01T11:00:53+02:00\""},
    {"time.format", "[[-9000000000000000000, \"Test/Zone\", \"MST -070000\"]]", "\"LMT +002034\""},
    {"time.format", "[[1670006453141828752, \"\", \"Janet Monkey _2006\"]]", "\"Janet Monkey _2022\""},
    {"time.weekday", "[1518004800000000000]", "\"Wednesday\""},
    {"time.date", "[-9223372036854775808]", "[1677,9,21]"},
    {"time.clock", "[[9223372036854775807, \"UTC\"]]", "[23,47,16]"},
    {"time.clock", "[1582977600.5]", "!timestamp too big"},
    {"time.clock", "[9223372036854775808]", "!timestamp too big"},
    {"time.clock", "[\"x\"]", "!operand 1 must be either number (ns) or [number (ns), string (tz)] but got string"},
    {"time.clock", "[[1, \"Test/None\"]]", "!unknown time zone Test/None"},
    {"time.clock", "[[1, \"../zone\"]]", "!time: invalid location name"},
    {"time.clock", "[[1, \"Test/Cut\"]]", "!malformed time zone information"},
    {"time.clock", "[[1, \"Local\"]]", "[0,0,0]"},
};

Test(time, formats_by_layout_and_zone)
{
    call_check_all(formats, COUNT_OF(formats), &host);
}

static const struct call_row parses[] = {
    {"time.parse_ns", "[\"2006-01-02T15:04:05Z07:00\", \"1677-09-21T00:12:43.145224192-00:00\"]", "-9223372036854775808"},
    {"time.parse_ns", "[\"RFC822Z\", \"02 Jun 17 19:00 -0700\"]", "1496455200000000000"},
    {"time.parse_ns", "[\"RFC822\", \"02 Jun 17 19:00 PST\"]", "1496430000000000000"},
    {"time.parse_ns", "[\"3:04pm\", \"1:02am\"]", "!time outside of valid range"},
    {"time.parse_ns", "[\"2006 002\", \"2020 060\"]", "1582934400000000000"},
    {"time.parse_ns", "[\"2006 002 Jan\", \"2020 060 Mar\"]", "!day-of-year does not match month"},
    {"time.parse_ns", "[\"2006-01-02\", \"2021-02-29\"]", "!parsing time \"2021-02-29\": day out of range"},
    {"time.parse_ns", "[\"2006-01-02\", \"2021-13-01\"]", "!parsing time \"2021-13-01\": month out of range"},
    {"time.parse_ns", "[\"2006\", \"2021x\"]", "!parsing time \"2021x\": extra text: \"x\""},
    {"time.parse_ns", "[\"Jan\", \"Jxn\"]", "!parsing time \"Jxn\" as \"Jan\": cannot parse \"Jxn\" as \"Jan\""},
    {"time.parse_rfc3339_ns", "[\"2262-04-11T23:47:16.854775808-00:00\"]", "!time outside of valid range"},
    {"time.parse_rfc3339_ns", "[\"2017-06-02T19:00:00+24:00\"]", "1496343600000000000"},
    {"time.parse_rfc3339_ns", "[\"2017-06-02T19:00:00+25:00\"]", "!time zone offset hour out of range"},
};

Test(time, parses_what_go_parses)
{
    call_check_all(parses, COUNT_OF(parses), &host);
}

static const struct call_row durations[] = {
    {"time.parse_duration_ns", "[\"1h2m3.5s\"]", "3723500000000"},
    {"time.parse_duration_ns", "[\"-1.5h\"]", "-5400000000000"},
    {"time.parse_duration_ns", "[\".5s\"]", "500000000"},
    {"time.parse_duration_ns", "[\"1d2h30m\"]", "95400000000000"},
    {"time.parse_duration_ns", "[\"2w\"]", "1209600000000000"},
    {"time.parse_duration_ns", "[\"0.1d\"]", "8640000000000"},
    {"time.parse_duration_ns", "[\"-9223372036854775808ns\"]", "-9223372036854775808"},
    {"time.parse_duration_ns", "[\"9223372036854775808ns\"]", "!time: invalid duration \"9223372036854775808ns\""},
    {"time.parse_duration_ns", "[\"1\"]", "!time: missing unit in duration \"1\""},
    {"time.parse_duration_ns", "[\"1x\"]", "!time: unknown unit \"x\" in duration \"1x\""},
    {"time.parse_duration_ns", "[\"1d5q\"]", "!time: unknown unit \"q\" in duration \"1d5q\""},
    {"time.parse_duration_ns", "[\"300y\"]", "!time: invalid duration \"300y\""},
    {"time.parse_duration_ns", "[\"\"]", "!time: invalid duration \"\""},
};

Test(time, durations_have_days_weeks_and_years)
{
    call_check_all(durations, COUNT_OF(durations), &host);
}

static const struct call_row arithmetic[] = {
    {"time.add_date", "[1585852421593912000, 3, 9, 12]", "1705257221593912000"},
    {"time.add_date", "[1585852421593912000, -1, -1, -1]", "1551465221593912000"},
    {"time.add_date", "[1582934400000000000, 1, 0, 0]", "1614556800000000000"}, /* Feb 29 becomes Mar 1 */
    {"time.add_date", "[0, 2262, 1, 1]", "!time outside of valid range"},
    {"time.add_date", "[0, 9223372036854775807, 9223372036854775807, 9223372036854775807]", "*"},
    {"time.add_date", "[0, -9223372036854775808, -9223372036854775808, -9223372036854775808]", "*"},
    {"time.add_date", "[[1648260000000000000, \"Test/Zone\"], 0, 0, 1]", "1648342800000000000"}, /* a day of 23 hours */
    {"time.add_date", "[0, 1.5, 0, 0]", "!operand 2 must be integer number but got floating-point number"},
    {"time.diff", "[1585852421593912000, 1551465221593912000]", "[1,1,1,0,0,0]"},
    {"time.diff", "[0, -1000000000]", "[0,0,0,0,0,1]"},
    {"time.diff", "[-9223372036854775808, 9223372036854775807]", "[584,6,20,23,34,33]"},
    {"time.now_ns", "[]", "1767225600000000000"},
};

Test(time, calendar_arithmetic_normalises)
{
    call_check_all(arithmetic, COUNT_OF(arithmetic), &host);
}

static const struct call_row ungranted[] = {
    {"time.now_ns", "[]", "!the host grants no clock"},
    {"time.clock", "[[1, \"Test/Zone\"]]", "!unknown time zone Test/Zone"},
    {"time.clock", "[[1, \"Local\"]]", "[0,0,0]"},
};

Test(time, nothing_comes_without_the_host)
{
    call_check_all(ungranted, COUNT_OF(ungranted), &bare);
}
