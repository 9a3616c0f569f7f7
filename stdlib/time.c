/* SPDX-License-Identifier: Apache-2.0
 *
 * time.*: instants are integer nanoseconds since 1970 (UTC).
 *
 * The clock is the host's, the same for a whole query; zones come through the host too (time_zone.c).
 */
#include "stdlib/builtins.h"
#include "stdlib/time_civil.h"
#include "stdlib/time_format.h"
#include "stdlib/time_layout.h"
#include "vm/number.h"

#define NANOS INT64_C(1000000000)

static struct instant instant_of(int64_t nanos)
{
    struct instant t = {nanos / NANOS, (int32_t)(nanos % NANOS)};
    if (t.nanos < 0) {
        t.nanos += (int32_t)NANOS;
        t.seconds--;
    }
    return t;
}

static int return_instant(struct bi_ctx *ctx, struct instant t, struct value *ret)
{
    __int128 nanos = (__int128)t.seconds * NANOS + t.nanos;
    if (nanos < INT64_MIN || nanos > INT64_MAX)
        return bi_fail(ctx, "time outside of valid range");
    *ret = value_int((int64_t)nanos);
    return BI_OK;
}

static int return_triple(struct bi_ctx *ctx, int64_t a, int64_t b, int64_t c, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, 3, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    items[0] = value_int(a);
    items[1] = value_int(b);
    items[2] = value_int(c);
    *ret = value_array(items, 3);
    return BI_OK;
}

/* An operand that is a time: ns, [ns], [ns, zone] or [ns, zone, layout]. */
struct moment {
    struct instant at;
    const struct zone *zone;
    struct str layout;
};

/* Whole nanoseconds of v, rounded like OPA's: to 64 bits of mantissa first. */
static int read_nanos(struct bi_ctx *ctx, struct value v, int64_t *ret)
{
    if (!number_is_integral(v) && number_add(ctx->arena, v, value_int(0), &v) != NUMBER_OK)
        return bi_fail(ctx, "timestamp too big");
    return number_to_int64(v, ret) ? BI_OK : bi_fail(ctx, "timestamp too big");
}

static int read_moment(struct bi_ctx *ctx, struct value v, struct moment *ret)
{
    struct value parts[3] = {v, value_undefined(), value_undefined()};
    if (v.kind == VALUE_ARRAY && v.len > 0)
        for (uint32_t i = 0; i < 3; i++)
            parts[i] = i < v.len ? v.items[i] : value_undefined();
    else if (v.kind != VALUE_NUMBER)
        return bi_operand_error(ctx, 1, "either number (ns) or [number (ns), string (tz)]", v);
    if (parts[0].kind != VALUE_NUMBER)
        return bi_operand_error(ctx, 1, "number", parts[0]);
    struct moment m = {.zone = NULL};
    for (int i = 1; i < 3; i++) {
        if (parts[i].kind == VALUE_UNDEFINED)
            break;
        if (parts[i].kind != VALUE_STRING)
            return bi_operand_error(ctx, 1, "string", parts[i]);
        int status = i == 1 ? zone_load(ctx, value_text(parts[1]), &m.zone) : BI_OK;
        if (status != BI_OK)
            return status;
        if (i == 2)
            m.layout = value_text(parts[2]);
    }
    int64_t nanos = 0;
    int status = read_nanos(ctx, parts[0], &nanos);
    m.at = instant_of(nanos);
    *ret = m;
    return status;
}

/* Seconds on the clocks of a moment's zone, as if they were UTC's. */
static int64_t local_seconds(struct instant t, const struct zone *zone)
{
    return t.seconds + zone_at(zone, t.seconds).offset;
}

int bif_time_now_ns(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv;
    if (ctx->host == NULL || !ctx->host->has_clock)
        return bi_fail(ctx, "the host grants no clock");
    *ret = value_int(ctx->host->now_ns);
    return BI_OK;
}

int bif_time_parse_ns(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str layout, text;
    struct instant t;
    int status = bi_string(ctx, argv, 1, &layout);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = time_parse(ctx, layout_of_name(layout), text, &t);
    return status == BI_OK ? return_instant(ctx, t, ret) : status;
}

int bif_time_parse_rfc3339_ns(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct instant t;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = time_parse(ctx, layout_of_name(STR("RFC3339")), text, &t);
    return status == BI_OK ? return_instant(ctx, t, ret) : status;
}

int bif_time_parse_duration_ns(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    int64_t nanos;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = time_parse_duration(ctx, text, &nanos);
    if (status == BI_OK)
        *ret = value_int(nanos);
    return status;
}

int bif_time_format(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment m;
    int status = read_moment(ctx, argv[0], &m);
    if (status == BI_OK)
        status = bi_charge(ctx, 20 + m.layout.len * 4);
    if (status != BI_OK)
        return status;
    struct buf b;
    buf_init(&b, ctx->arena);
    time_format(&b, m.at, m.zone, layout_of_name(m.layout.len == 0 ? STR("RFC3339Nano") : m.layout));
    return bi_return_buf(ctx, &b, ret);
}

int bif_time_date(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment m;
    int status = read_moment(ctx, argv[0], &m);
    if (status != BI_OK)
        return status;
    struct civil_date d = civil_date_of(local_seconds(m.at, m.zone));
    return return_triple(ctx, d.year, d.month, d.day, ret);
}

int bif_time_clock(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment m;
    int status = read_moment(ctx, argv[0], &m);
    if (status != BI_OK)
        return status;
    struct civil_clock c = civil_clock_of(local_seconds(m.at, m.zone));
    return return_triple(ctx, c.hour, c.minute, c.second, ret);
}

int bif_time_weekday(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment m;
    int status = read_moment(ctx, argv[0], &m);
    if (status == BI_OK)
        *ret = value_str(str_cstr(civil_day_names[civil_date_of(local_seconds(m.at, m.zone)).weekday]));
    return status;
}

/* The instant of a local time: with the offset in force at it, or, next to a change, at what that offset makes of it. */
static int64_t from_local(int64_t local, const struct zone *zone)
{
    struct zone_period p = zone_at(zone, local);
    if (p.offset == 0)
        return local;
    int64_t utc = (int64_t)((uint64_t)local - (uint64_t)p.offset);
    if (utc < p.start || utc >= p.end)
        p = zone_at(zone, utc);
    return (int64_t)((uint64_t)local - (uint64_t)p.offset);
}

int bif_time_add_date(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment m;
    int64_t years, months, days;
    int status = read_moment(ctx, argv[0], &m);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 2, &years);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 3, &months);
    if (status == BI_OK)
        status = bi_int(ctx, argv, 4, &days);
    if (status != BI_OK)
        return status;
    int64_t local = local_seconds(m.at, m.zone);
    struct civil_date d = civil_date_of(local);
    /* Modulo 2^64, like Go's: the range check at the end is all there is. */
    int64_t month = (int64_t)((uint64_t)months + (uint64_t)(d.month - 1)), carry = month / 12;
    if (month % 12 < 0)
        carry--;
    int64_t year = (int64_t)((uint64_t)d.year + (uint64_t)years + (uint64_t)carry);
    int in_year = (int)((month % 12 + 12) % 12) + 1;
    uint64_t seconds = (uint64_t)civil_seconds_of(year, in_year, (int64_t)((uint64_t)d.day + (uint64_t)days));
    struct civil_clock c = civil_clock_of(local);
    seconds += (uint64_t)(c.hour * 3600 + c.minute * 60 + c.second);
    return return_instant(ctx, (struct instant){from_local((int64_t)seconds, m.zone), m.at.nanos}, ret);
}

/* Borrows from each unit for the one below it, from the end: what a calendar difference is. */
static void settle(int64_t n[6], int64_t days_of_first_month)
{
    const int64_t size[6] = {0, 12, days_of_first_month, 24, 60, 60};
    for (int i = 5; i > 0; i--)
        if (n[i] < 0) {
            n[i] += size[i];
            n[i - 1]--;
        }
}

int bif_time_diff(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct moment a, b;
    int status = read_moment(ctx, argv[0], &a);
    if (status == BI_OK)
        status = read_moment(ctx, argv[1], &b);
    if (status != BI_OK)
        return status;
    struct instant from = a.at, to = b.at; /* both in the first one's zone */
    if (from.seconds > to.seconds || (from.seconds == to.seconds && from.nanos > to.nanos)) {
        from = b.at;
        to = a.at;
    }
    int64_t local_from = local_seconds(from, a.zone), local_to = local_seconds(to, a.zone);
    struct civil_date d1 = civil_date_of(local_from), d2 = civil_date_of(local_to);
    struct civil_clock c1 = civil_clock_of(local_from), c2 = civil_clock_of(local_to);
    int64_t n[6] = {d2.year - d1.year, d2.month - d1.month,   d2.day - d1.day,
                    c2.hour - c1.hour, c2.minute - c1.minute, c2.second - c1.second};
    settle(n, civil_days_in(d1.month, d1.year));
    struct value *items = arena_array(ctx->arena, 6, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (int i = 0; i < 6; i++)
        items[i] = value_int(n[i]);
    *ret = value_array(items, 6);
    return BI_OK;
}
