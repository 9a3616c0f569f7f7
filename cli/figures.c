/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of reports.
 */
#include "cli/figures.h"

#include <math.h>
#include <stdlib.h>

#include "vm/number_float.h"

struct value figures_value(struct arena *a, double d)
{
    int exp = 0;
    double m = frexp(fabs(d), &exp);
    struct float64e f = float_round((number_u128)(uint64_t)ldexp(m, 53), exp - 53, false, d < 0, 53);
    struct value v;
    if (d == 0)
        return value_int(0);
    return float_make(a, &f, 53, &v) == NUMBER_OK ? v : value_undefined();
}

/* ---- durations ---- */

/* n of units of 10^digits, without zeros at the end of the fraction. */
static void fraction(struct buf *b, uint64_t n, int digits, const char *unit)
{
    uint64_t one = 1;
    for (int i = 0; i < digits; i++)
        one *= 10;
    buf_printf(b, "%llu", (unsigned long long)(n / one));
    uint64_t rest = n % one;
    if (rest != 0)
        buf_char(b, '.');
    while (rest != 0) {
        one /= 10;
        buf_char(b, (char)('0' + rest / one));
        rest %= one;
    }
    buf_cstr(b, unit);
}

void figures_duration(struct buf *b, int64_t ns)
{
    uint64_t u = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    const uint64_t second = 1000000000;
    if (ns < 0)
        buf_char(b, '-');
    if (u == 0) {
        buf_cstr(b, "0s");
    } else if (u < 1000) {
        fraction(b, u, 0, "ns");
    } else if (u < 1000000) {
        fraction(b, u, 3, "\xC2\xB5s");
    } else if (u < second) {
        fraction(b, u, 6, "ms");
    } else {
        uint64_t minutes = u / second / 60;
        if (minutes >= 60)
            buf_printf(b, "%lluh", (unsigned long long)(minutes / 60));
        if (minutes > 0)
            buf_printf(b, "%llum", (unsigned long long)(minutes % 60));
        fraction(b, u % (60 * second), 9, "s");
    }
}

/* ---- statistics ---- */

static int compare(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Of sorted samples, between the two that are next to it. */
static double percentile(const int64_t *sorted, size_t count, double p)
{
    double at = p * (double)(count + 1);
    if (at < 1.0)
        return (double)sorted[0];
    if (at >= (double)count)
        return (double)sorted[count - 1];
    size_t below = (size_t)at;
    double low = (double)sorted[below - 1], high = (double)sorted[below];
    return low + (at - floor(at)) * (high - low);
}

static void put(struct arena *a, struct object *o, const char *key, double d, bool *ok)
{
    struct value v = figures_value(a, d);
    *ok = *ok && v.kind != VALUE_UNDEFINED && object_put(a, o, value_str(str_cstr(key)), v) >= 0;
}

struct value figures_statistics(struct arena *a, int64_t *samples, size_t count, double ret_shown[FIGURES_SHOWN])
{
    static const struct {
        const char *name;
        double p;
    } percentiles[] = {{"median", 0.5}, {"75%", 0.75},   {"90%", 0.9},     {"95%", 0.95},
                       {"99%", 0.99},   {"99.9%", 0.999}, {"99.99%", 0.9999}};
    struct object *o = object_new(a, 12);
    double sum = 0, squares = 0;
    bool ok = o != NULL;
    if (!ok || count == 0)
        return value_undefined();
    qsort(samples, count, sizeof *samples, compare);
    for (size_t i = 0; i < count; i++)
        sum += (double)samples[i];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += ((double)samples[i] - mean) * ((double)samples[i] - mean);
    for (size_t i = 0; i < COUNT_OF(percentiles); i++)
        put(a, o, percentiles[i].name, percentile(samples, count, percentiles[i].p), &ok);
    put(a, o, "count", (double)count, &ok);
    put(a, o, "max", (double)samples[count - 1], &ok);
    put(a, o, "mean", mean, &ok);
    put(a, o, "min", (double)samples[0], &ok);
    put(a, o, "stddev", sqrt(squares / (double)count), &ok);
    ret_shown[FIGURES_MIN] = (double)samples[0];
    ret_shown[FIGURES_MAX] = (double)samples[count - 1];
    ret_shown[FIGURES_MEAN] = mean;
    ret_shown[FIGURES_90] = percentile(samples, count, 0.9);
    ret_shown[FIGURES_99] = percentile(samples, count, 0.99);
    return ok ? value_object(o) : value_undefined();
}
