/* SPDX-License-Identifier: Apache-2.0
 *
 * Floats of YAML: read through vm/number, printed in Go's format g. Independent of the locale.
 */
#include <stdio.h>

#include "stdlib/yaml_node.h"
#include "vm/number.h"

#define G_EXPONENT 6 /* from here on shortest digits are printed with an exponent */

bool yaml_float_parse(struct arena *a, struct str text, double *ret)
{
    struct buf b;
    size_t i = 0;
    buf_init(&b, a);
    if (text.p[0] == '-' || text.p[0] == '+') {
        if (text.p[0] == '-')
            buf_char(&b, '-');
        i++;
    }
    while (i + 1 < text.len && text.p[i] == '0' && text.p[i + 1] >= '0' && text.p[i + 1] <= '9')
        i++;
    if (text.p[i] == '.')
        buf_char(&b, '0');
    for (; i < text.len; i++) {
        bool bare_dot = text.p[i] == '.' && (i + 1 == text.len || text.p[i + 1] < '0' || text.p[i + 1] > '9');
        if (!bare_dot)
            buf_char(&b, text.p[i]);
    }
    struct value v;
    if (b.failed)
        return false;
    if (number_parse(a, buf_view(&b), &v) != NUMBER_OK) {
        /* an exponent beyond what numbers may have: nothing is left of it, or it is out of range */
        const char *e = memchr(text.p, 'e', text.len);
        e = e != NULL ? e : memchr(text.p, 'E', text.len);
        *ret = 0;
        return e != NULL && e[1] == '-';
    }
    *ret = number_double(v);
    return *ret - *ret == 0;
}

/* The shortest digits d1d2d3... and exponent of d = 0.d1d2d3... * 10^*ret_point that read back as the same float. */
static bool find_shortest(struct arena *a, double d, int bits, char digits[24], int *ret_len, int *ret_point)
{
    int most = bits == 32 ? 9 : 17;
    for (int precision = 1; precision <= most; precision++) {
        char text[40];
        (void)snprintf(text, sizeof text, "%.*e", precision - 1, d); /* fits: at most 17 digits and an exponent */
        int len = 0;
        const char *p = text;
        for (; *p != 'e' && *p != '\0'; p++)
            if (*p >= '0' && *p <= '9')
                digits[len++] = *p;
        int exponent = 0, sign = p[1] == '-' ? -1 : 1;
        for (p += 2; *p != '\0'; p++)
            exponent = exponent * 10 + (*p - '0');
        exponent *= sign;
        struct str plain = arena_printf(a, "%.*se%d", len, digits, exponent - len + 1);
        double back;
        if (plain.p == NULL || !yaml_float_parse(a, plain, &back))
            return false;
        *ret_len = len;
        *ret_point = exponent + 1;
        if (bits == 32 ? (float)back == (float)d : back == d)
            break;
    }
    while (*ret_len > 1 && digits[*ret_len - 1] == '0')
        --*ret_len;
    return true;
}

/* "d.ddde+XX"; short_exponent: e-7 rather than e-07. */
static void write_scientific(struct buf *b, const char *digits, int len, int exponent, bool short_exponent)
{
    int magnitude = exponent < 0 ? -exponent : exponent;
    buf_char(b, digits[0]);
    if (len > 1) {
        buf_char(b, '.');
        buf_bytes(b, digits + 1, (size_t)len - 1);
    }
    buf_printf(b, short_exponent && exponent < 0 ? "e%c%d" : "e%c%02d", exponent < 0 ? '-' : '+', magnitude);
}

static void write_positional(struct buf *b, const char *digits, int len, int point)
{
    for (int i = 0; i < point; i++)
        buf_char(b, i < len ? digits[i] : '0');
    if (point <= 0)
        buf_char(b, '0');
    if (len <= point)
        return;
    buf_char(b, '.');
    for (int i = point; i < 0; i++)
        buf_char(b, '0');
    int from = point > 0 ? point : 0;
    buf_bytes(b, digits + from, (size_t)(len - from));
}

/* Shortest text: positional from 10^least on and below 10^bound. */
static bool write_float(struct arena *a, double d, int bits, int least, int bound, bool short_exponent, struct str *ret)
{
    struct buf b;
    buf_init(&b, a);
    if (__builtin_signbit(d)) {
        buf_char(&b, '-');
        d = -d;
    }
    char digits[24] = "0";
    int len = 1, point = 1;
    if (d != 0 && !find_shortest(a, d, bits, digits, &len, &point))
        return false;
    int exponent = point - 1;
    if (d != 0 && (exponent < least || exponent >= bound))
        write_scientific(&b, digits, len, exponent, short_exponent);
    else
        write_positional(&b, digits, len, point);
    *ret = buf_view(&b);
    return !b.failed;
}

bool yaml_float_text(struct arena *a, double d, int bits, struct str *ret)
{
    if (d - d == 0)
        return write_float(a, d, bits, -4, G_EXPONENT, false, ret);
    *ret = d != d ? STR("NaN") : d > 0 ? STR("+Inf") : STR("-Inf");
    return true;
}

bool yaml_float_json(struct arena *a, double d, struct str *ret)
{
    return write_float(a, d, 64, -6, 21, true, ret);
}
