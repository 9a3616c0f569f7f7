/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants to text, by Go's layouts; and what the errors of the time builtins are written with.
 */
#include "stdlib/time_format.h"

#include "stdlib/time_civil.h"
#include "stdlib/time_layout.h"

/* What an instant is in its zone. */
struct fields {
    struct civil_date date;
    struct civil_clock clock;
    int32_t nanos;
    struct zone_period zone;
};

static void append_int(struct buf *b, int64_t n, int width)
{
    buf_printf(b, n < 0 ? "-%0*llu" : "%0*llu", width, n < 0 ? -(unsigned long long)n : (unsigned long long)n);
}

static void append_padded(struct buf *b, int n, int width)
{
    buf_printf(b, "%*d", width, n);
}

static void append_fraction(struct buf *b, int32_t nanos, const struct layout_step *step)
{
    char digits[16];
    int count = step->digits > 9 ? 9 : step->digits;
    bool trim = step->id == LAYOUT_FRACTION_TRIMMED;
    if (trim && (count == 0 || nanos == 0))
        return;
    for (int i = 8; i >= 0; i--, nanos /= 10)
        digits[i] = (char)('0' + nanos % 10);
    while (trim && count > 0 && digits[count - 1] == '0')
        count--;
    if (trim && count == 0)
        return;
    buf_char(b, step->separator);
    buf_bytes(b, digits, (size_t)count);
}

static void append_offset(struct buf *b, int64_t offset, enum layout_id id)
{
    if (offset == 0 && layout_is_iso_zone(id)) {
        buf_char(b, 'Z');
        return;
    }
    int64_t minutes = offset / 60, size = offset < 0 ? -offset : offset;
    /* Less than a minute west of Greenwich counts as east, and leaves the seconds negative: so does Go. */
    bool west = minutes < 0;
    if (!west)
        size = offset;
    buf_char(b, west ? '-' : '+');
    minutes = west ? -minutes : minutes;
    append_int(b, minutes / 60, 2);
    if (layout_has_zone_colon(id))
        buf_char(b, ':');
    if (layout_has_zone_minutes(id))
        append_int(b, minutes % 60, 2);
    if (layout_has_zone_seconds(id)) {
        if (layout_has_zone_colon(id))
            buf_char(b, ':');
        append_int(b, size % 60, 2);
    }
}

static int hour12(int hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

static void append_date_element(struct buf *b, const struct fields *f, enum layout_id id)
{
    const struct civil_date *d = &f->date;
    const char *month = civil_month_names[d->month - 1], *weekday = civil_day_names[d->weekday];
    switch (id) {
    case LAYOUT_YEAR:
        append_int(b, (d->year < 0 ? -d->year : d->year) % 100, 2);
        break;
    case LAYOUT_LONG_YEAR:
        append_int(b, d->year, 4);
        break;
    case LAYOUT_MONTH:
        buf_bytes(b, month, 3);
        break;
    case LAYOUT_LONG_MONTH:
        buf_cstr(b, month);
        break;
    case LAYOUT_NUM_MONTH:
    case LAYOUT_ZERO_MONTH:
        append_int(b, d->month, id == LAYOUT_ZERO_MONTH ? 2 : 1);
        break;
    case LAYOUT_WEEKDAY:
        buf_bytes(b, weekday, 3);
        break;
    case LAYOUT_LONG_WEEKDAY:
        buf_cstr(b, weekday);
        break;
    case LAYOUT_DAY:
    case LAYOUT_ZERO_DAY:
        append_int(b, d->day, id == LAYOUT_ZERO_DAY ? 2 : 1);
        break;
    case LAYOUT_UNDER_DAY:
        append_padded(b, d->day, 2);
        break;
    case LAYOUT_UNDER_YEAR_DAY:
        append_padded(b, d->year_day, 3);
        break;
    case LAYOUT_ZERO_YEAR_DAY:
        append_int(b, d->year_day, 3);
        break;
    default:
        break;
    }
}

static void append_clock_element(struct buf *b, const struct fields *f, enum layout_id id)
{
    const struct civil_clock *c = &f->clock;
    switch (id) {
    case LAYOUT_HOUR:
        append_int(b, c->hour, 2);
        break;
    case LAYOUT_HOUR12:
    case LAYOUT_ZERO_HOUR12:
        append_int(b, hour12(c->hour), id == LAYOUT_ZERO_HOUR12 ? 2 : 1);
        break;
    case LAYOUT_MINUTE:
    case LAYOUT_ZERO_MINUTE:
        append_int(b, c->minute, id == LAYOUT_ZERO_MINUTE ? 2 : 1);
        break;
    case LAYOUT_SECOND:
    case LAYOUT_ZERO_SECOND:
        append_int(b, c->second, id == LAYOUT_ZERO_SECOND ? 2 : 1);
        break;
    case LAYOUT_UPPER_PM:
        buf_cstr(b, c->hour >= 12 ? "PM" : "AM");
        break;
    case LAYOUT_LOWER_PM:
        buf_cstr(b, c->hour >= 12 ? "pm" : "am");
        break;
    default:
        append_date_element(b, f, id);
        break;
    }
}

static void append_element(struct buf *b, const struct fields *f, const struct layout_step *step)
{
    if (layout_is_iso_zone(step->id) || layout_is_num_zone(step->id))
        append_offset(b, f->zone.offset, step->id);
    else if (step->id == LAYOUT_ZONE_NAME && f->zone.name.len > 0)
        buf_str(b, f->zone.name);
    else if (step->id == LAYOUT_ZONE_NAME)
        append_offset(b, f->zone.offset, LAYOUT_NUM_ZONE);
    else if (step->id == LAYOUT_FRACTION || step->id == LAYOUT_FRACTION_TRIMMED)
        append_fraction(b, f->nanos, step);
    else
        append_clock_element(b, f, step->id);
}

void time_format(struct buf *b, struct instant t, const struct zone *zone, struct str layout)
{
    struct fields f = {.nanos = t.nanos, .zone = zone_at(zone, t.seconds)};
    int64_t local = (int64_t)((uint64_t)t.seconds + (uint64_t)f.zone.offset);
    f.date = civil_date_of(local);
    f.clock = civil_clock_of(local);
    while (layout.len > 0) {
        struct layout_step step = layout_next(layout);
        buf_str(b, step.before);
        if (step.id == LAYOUT_END)
            return;
        append_element(b, &f, &step);
        layout = step.after;
    }
}

void time_quote(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.p[i];
        if (c >= 0x80 || c < 0x20) {
            buf_printf(b, "\\x%02x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            buf_char(b, '\\');
        buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

int time_fail(struct bi_ctx *ctx, const struct buf *b)
{
    if (b->failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "%.*s", (int)(b->len > 2000 ? 2000 : b->len), b->p);
}
