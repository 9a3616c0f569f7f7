/* SPDX-License-Identifier: Apache-2.0
 *
 * The format text: literal runs, flags, argument numbers, width, precision, verb.
 *
 * The order of the checks below decides what malformed directives show; it is fmt's. Every directive pays for what it wrote.
 */
#include "stdlib/gofmt.h"

#include "base/utf8.h"
#include "stdlib/gofmt_print.h"
#include "vm/limits.h"

#define MOST 1000000 /* of a width or a precision */

/* The state of one call: position in the format, number of the next argument. */
struct scan {
    struct gofmt_printer p;
    struct str format;
    size_t at;
    const struct gofmt_arg *args;
    size_t count, next;
    bool reordered;    /* an argument number was used somewhere */
    bool good_number;  /* of this directive */
    bool after_number; /* an argument number stands directly before */
};

static bool is_at(const struct scan *s, char c)
{
    return s->at < s->format.len && s->format.p[s->at] == c;
}

/* Digits up to end. Too large a number counts as none and takes all up to end. */
static bool read_number(const char *text, size_t *at, size_t end, int *ret)
{
    int n = 0;
    size_t i = *at;
    for (; i < end && text[i] >= '0' && text[i] <= '9'; i++) {
        if (n > MOST) {
            *at = end;
            *ret = 0;
            return false;
        }
        n = n * 10 + (text[i] - '0');
    }
    bool found = i > *at;
    *at = i;
    *ret = n;
    return found;
}

/* [n]: the number of an argument from 1. */
static void read_argument_number(struct scan *s)
{
    s->after_number = false;
    if (!is_at(s, '['))
        return;
    s->reordered = true;
    size_t left = s->format.len - s->at;
    const char *close = left >= 3 ? memchr(s->format.p + s->at + 1, ']', left - 1) : NULL;
    if (close == NULL) {
        s->good_number = false;
        s->at++;
        return;
    }
    size_t end = (size_t)(close - s->format.p), i = s->at + 1;
    int n;
    bool found = read_number(s->format.p, &i, end, &n) && i == end;
    s->at = end + 1;
    if (found && n >= 1 && (size_t)n <= s->count) {
        s->next = (size_t)n - 1;
        s->after_number = true;
        return;
    }
    s->good_number = false;
    s->after_number = found;
}

/* The value of an argument for '*'. */
static bool take_star(struct scan *s, int *ret)
{
    *ret = 0;
    s->at++;
    s->after_number = false;
    if (s->next >= s->count)
        return false;
    const struct gofmt_arg *a = &s->args[s->next++];
    if (a->kind != GOFMT_INT || a->i > MOST || a->i < -MOST)
        return false;
    *ret = (int)a->i;
    return true;
}

static void read_width(struct scan *s)
{
    struct gofmt_flags *f = &s->p.flags;
    if (!is_at(s, '*')) {
        f->has_width = read_number(s->format.p, &s->at, s->format.len, &f->width);
        if (s->after_number && f->has_width)
            s->good_number = false;
        return;
    }
    f->has_width = take_star(s, &f->width);
    if (!f->has_width)
        buf_cstr(s->p.b, "%!(BADWIDTH)");
    if (f->width < 0) {
        f->width = -f->width;
        f->minus = true;
        f->zero = false;
    }
}

static void read_precision(struct scan *s)
{
    struct gofmt_flags *f = &s->p.flags;
    if (!is_at(s, '.') || s->at + 1 >= s->format.len)
        return;
    s->at++;
    if (s->after_number)
        s->good_number = false;
    read_argument_number(s);
    if (!is_at(s, '*')) {
        if (!read_number(s->format.p, &s->at, s->format.len, &f->precision))
            f->precision = 0;
        f->has_precision = true;
        return;
    }
    f->has_precision = take_star(s, &f->precision);
    if (f->precision < 0) {
        f->precision = 0;
        f->has_precision = false;
    }
    if (!f->has_precision)
        buf_cstr(s->p.b, "%!(BADPREC)");
}

static void read_flags(struct scan *s)
{
    struct gofmt_flags *f = &s->p.flags;
    *f = (struct gofmt_flags){0};
    for (; s->at < s->format.len; s->at++) {
        switch (s->format.p[s->at]) {
        case '#':
            f->sharp = true;
            break;
        case '0':
            f->zero = true;
            break;
        case '+':
            f->plus = true;
            break;
        case '-':
            f->minus = true;
            break;
        case ' ':
            f->space = true;
            break;
        default:
            return;
        }
    }
}

/* %!verb(text) */
static void complain(struct scan *s, uint32_t verb, const char *text)
{
    char out[UTF8_MAX];
    buf_cstr(s->p.b, "%!");
    buf_bytes(s->p.b, out, utf8_encode(out, verb));
    buf_cstr(s->p.b, text);
}

static void print_verb(struct scan *s, uint32_t verb)
{
    struct gofmt_flags *f = &s->p.flags;
    if (verb == '%') {
        buf_char(s->p.b, '%');
    } else if (!s->good_number) {
        complain(s, verb, "(BADINDEX)");
    } else if (s->next >= s->count) {
        complain(s, verb, "(MISSING)");
    } else {
        if (verb == 'v' || verb == 'w') {
            f->sharp_v = f->sharp;
            f->sharp = false;
            f->plus_v = f->plus;
            f->plus = false;
        }
        gofmt_arg(&s->p, &s->args[s->next++], verb);
    }
}

/* What stands after '%'. */
static void read_directive(struct scan *s)
{
    read_flags(s);
    s->good_number = true;
    read_argument_number(s);
    read_width(s);
    read_precision(s);
    if (!s->after_number)
        read_argument_number(s);
    if (s->at >= s->format.len) {
        buf_cstr(s->p.b, "%!(NOVERB)");
        return;
    }
    unsigned len;
    uint32_t verb = utf8_decode(s->format.p + s->at, s->format.len - s->at, &len);
    s->at += len;
    print_verb(s, verb);
}

static void print_extra(struct scan *s)
{
    s->p.flags = (struct gofmt_flags){0};
    buf_cstr(s->p.b, "%!(EXTRA ");
    for (size_t i = s->next; i < s->count && !s->p.b->failed; i++) {
        const struct gofmt_arg *a = &s->args[i];
        if (i > s->next)
            buf_cstr(s->p.b, ", ");
        if (a->kind != GOFMT_NIL) {
            buf_cstr(s->p.b, gofmt_type(a));
            buf_char(s->p.b, '=');
        }
        gofmt_arg(&s->p, a, 'v');
    }
    buf_char(s->p.b, ')');
}

/* Pays for what was written since before. */
static int settle(struct scan *s, size_t before)
{
    struct bi_ctx *ctx = s->p.ctx;
    if (s->p.b->failed)
        return ctx->err != NULL && ctx->err->code != ERR_OK ? BI_HALT : bi_nomem(ctx);
    if (s->p.b->len > ctx->limits->output)
        return bi_halt(ctx, ERR_LIMIT_OUTPUT, "%s: the result is too long (limit 'output')", ctx->def->name);
    return bi_charge(ctx, (s->p.b->len - before) / 8 + 4);
}

int gofmt_printf(struct bi_ctx *ctx, struct buf *b, struct str format, const struct gofmt_arg *args, size_t count)
{
    struct scan s = {.p = {.ctx = ctx, .b = b}, .format = format, .args = args, .count = count};
    while (s.at < format.len) {
        size_t before = b->len;
        const char *percent = memchr(format.p + s.at, '%', format.len - s.at);
        size_t end = percent != NULL ? (size_t)(percent - format.p) : format.len;
        buf_bytes(b, format.p + s.at, end - s.at);
        s.at = end;
        if (percent != NULL) {
            s.at++;
            read_directive(&s);
        }
        int status = settle(&s, before);
        if (status != BI_OK)
            return status;
    }
    size_t before = b->len;
    if (!s.reordered && s.next < count)
        print_extra(&s);
    return settle(&s, before);
}

int gofmt_value(struct bi_ctx *ctx, struct buf *b, const struct gofmt_arg *a)
{
    return gofmt_printf(ctx, b, STR("%v"), a, 1);
}
