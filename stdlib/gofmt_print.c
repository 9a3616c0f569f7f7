/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing of integers, floats and strings under verbs, flags, width and precision.
 *
 * A verb that a kind of argument does not have is told through ret_good, and nothing is printed then.
 */
#include "stdlib/gofmt_print.h"

#include <math.h>

#include "base/utf8.h"
#include "stdlib/float_text.h"
#include "stdlib/quote.h"
#include "stdlib/unicode.h"
#include "vm/number.h"

static const char lower_digits[] = "0123456789abcdefx";
static const char upper_digits[] = "0123456789ABCDEFX";

static void repeat(struct buf *b, char c, int n)
{
    if (n <= 0 || !buf_reserve(b, (size_t)n))
        return;
    memset(b->p + b->len, c, (size_t)n);
    b->len += (size_t)n;
}

void gofmt_pad(struct gofmt_printer *p, int n)
{
    repeat(p->b, p->flags.zero && !p->flags.minus ? '0' : ' ', n);
}

void gofmt_padded(struct gofmt_printer *p, struct str s)
{
    size_t characters = p->flags.has_width ? utf8_count(s.p, s.len) : 0;
    int missing = p->flags.has_width && characters < (size_t)p->flags.width ? p->flags.width - (int)characters : 0;
    if (!p->flags.minus)
        gofmt_pad(p, missing);
    buf_str(p->b, s);
    if (p->flags.minus)
        gofmt_pad(p, missing);
}

/* The same with blanks only. */
static void pad_blank(struct gofmt_printer *p, struct str s)
{
    bool zero = p->flags.zero;
    p->flags.zero = false;
    gofmt_padded(p, s);
    p->flags.zero = zero;
}

/* ---- integers ---- */

struct integer {
    uint64_t magnitude;
    bool negative;
    unsigned base;
    const char *digits;
    bool octal_prefix; /* %O */
};

static void print_integer(struct gofmt_printer *p, struct integer n)
{
    const struct gofmt_flags *f = &p->flags;
    char text[80];
    size_t at = sizeof text;
    int precision = 0;
    if (f->has_precision) {
        precision = f->precision;
        if (precision == 0 && n.magnitude == 0) {
            repeat(p->b, ' ', f->has_width ? f->width : 0);
            return;
        }
    } else if (f->zero && !f->minus && f->has_width) {
        precision = f->width - (n.negative || f->plus || f->space ? 1 : 0);
    }
    do
        text[--at] = n.digits[n.magnitude % n.base];
    while ((n.magnitude /= n.base) != 0);
    int zeros = precision - (int)(sizeof text - at);
    struct buf b;
    buf_init(&b, p->ctx->arena);
    if (n.negative || f->plus || f->space)
        buf_char(&b, n.negative ? '-' : f->plus ? '+' : ' ');
    if (n.octal_prefix)
        buf_cstr(&b, "0o");
    if (f->sharp && n.base == 2)
        buf_cstr(&b, "0b");
    if (f->sharp && n.base == 16) {
        buf_char(&b, '0');
        buf_char(&b, n.digits[16]);
    }
    if (f->sharp && n.base == 8 && zeros <= 0 && text[at] != '0')
        buf_char(&b, '0');
    repeat(&b, '0', zeros);
    buf_bytes(&b, text + at, sizeof text - at);
    p->b->failed |= b.failed;
    pad_blank(p, buf_view(&b));
}

/* %U: U+0041, with the flag # the character too. */
static void print_code_point(struct gofmt_printer *p, uint64_t u)
{
    struct buf b;
    char digits[16];
    size_t at = sizeof digits;
    uint64_t rest = u;
    do
        digits[--at] = upper_digits[rest & 15];
    while ((rest >>= 4) != 0);
    int precision = p->flags.has_precision && p->flags.precision > 4 ? p->flags.precision : 4;
    buf_init(&b, p->ctx->arena);
    buf_cstr(&b, "U+");
    repeat(&b, '0', precision - (int)(sizeof digits - at));
    buf_bytes(&b, digits + at, sizeof digits - at);
    if (p->flags.sharp && u <= UNICODE_MAX && unicode_is_print((uint32_t)u)) {
        char out[UTF8_MAX];
        buf_cstr(&b, " '");
        buf_bytes(&b, out, utf8_encode(out, (uint32_t)u));
        buf_char(&b, '\'');
    }
    p->b->failed |= b.failed;
    pad_blank(p, buf_view(&b));
}

static void print_character(struct gofmt_printer *p, uint64_t u, bool quoted)
{
    struct buf b;
    uint32_t c = u > UNICODE_MAX ? UTF8_BAD : (uint32_t)u;
    char out[UTF8_MAX];
    buf_init(&b, p->ctx->arena);
    if (quoted)
        quote_character(&b, c, p->flags.plus ? QUOTE_ASCII : QUOTE_PRINTABLE);
    else
        buf_bytes(&b, out, utf8_encode(out, c));
    p->b->failed |= b.failed;
    gofmt_padded(p, buf_view(&b));
}

void gofmt_signed(struct gofmt_printer *p, int64_t i, uint32_t verb, bool *ret_good)
{
    struct integer n = {.magnitude = i < 0 ? (uint64_t)0 - (uint64_t)i : (uint64_t)i, .negative = i < 0, .digits = lower_digits};
    *ret_good = true;
    switch (verb) {
    case 'v':
    case 'd':
        n.base = 10;
        break;
    case 'b':
        n.base = 2;
        break;
    case 'o':
    case 'O':
        n.base = 8;
        n.octal_prefix = verb == 'O';
        break;
    case 'x':
    case 'X':
        n.base = 16;
        n.digits = verb == 'X' ? upper_digits : lower_digits;
        break;
    case 'c':
    case 'q':
        print_character(p, (uint64_t)i, verb == 'q');
        return;
    case 'U':
        print_code_point(p, (uint64_t)i);
        return;
    default:
        *ret_good = false;
        return;
    }
    print_integer(p, n);
}

void gofmt_unsigned(struct gofmt_printer *p, uint64_t u, unsigned base)
{
    print_integer(p, (struct integer){.magnitude = u, .base = base, .digits = lower_digits});
}

/* The base of a verb for big integers; 0: none. */
static int base_of_verb(uint32_t verb)
{
    switch (verb) {
    case 'b':
        return 2;
    case 'o':
    case 'O':
        return 8;
    case 'd':
    case 's':
    case 'v':
        return 10;
    case 'x':
    case 'X':
        return 16;
    default:
        return 0;
    }
}

static const char *big_prefix(const struct gofmt_flags *f, uint32_t verb)
{
    if (verb == 'O')
        return "0o";
    if (!f->sharp && !f->sharp_v)
        return "";
    return verb == 'b' ? "0b" : verb == 'o' ? "0" : verb == 'x' ? "0x" : verb == 'X' ? "0X" : "";
}

static void upper_case(struct str s, struct buf *b)
{
    for (size_t i = 0; i < s.len; i++)
        buf_char(b, s.p[i] >= 'a' && s.p[i] <= 'f' ? (char)(s.p[i] - 32) : s.p[i]);
}

void gofmt_big(struct gofmt_printer *p, struct value v, uint32_t verb)
{
    const struct gofmt_flags *f = &p->flags;
    int base = base_of_verb(verb);
    struct str digits;
    char out[UTF8_MAX];
    uint64_t size = v.sub == NUMBER_TEXT ? v.number->len : 0;
    if (bi_charge(p->ctx, 100 + size * size / 1000) != BI_OK ||
        number_format(p->ctx->arena, v, base != 0 ? base : 10, &digits) != NUMBER_OK) {
        p->b->failed = true;
        return;
    }
    if (base == 0) {
        buf_cstr(p->b, "%!");
        buf_bytes(p->b, out, utf8_encode(out, verb));
        buf_cstr(p->b, "(big.Int=");
        buf_str(p->b, digits);
        buf_char(p->b, ')');
        return;
    }
    const char *sign = f->plus || f->plus_v ? "+" : f->space ? " " : "";
    if (digits.p[0] == '-') {
        sign = "-";
        digits = str_of(digits.p + 1, digits.len - 1);
    }
    const char *prefix = big_prefix(f, verb);
    int zeros = f->has_precision && digits.len < (size_t)f->precision ? f->precision - (int)digits.len : 0;
    size_t length = strlen(sign) + strlen(prefix) + (size_t)zeros + digits.len;
    int missing = f->has_width && length < (size_t)f->width ? f->width - (int)length : 0;
    bool by_zeros = !f->minus && f->zero && !f->has_precision;
    if (!f->minus && !by_zeros)
        repeat(p->b, ' ', missing);
    buf_cstr(p->b, sign);
    buf_cstr(p->b, prefix);
    repeat(p->b, '0', by_zeros ? missing : zeros);
    if (verb == 'X')
        upper_case(digits, p->b);
    else
        buf_str(p->b, digits);
    if (f->minus)
        repeat(p->b, ' ', missing);
}

/* ---- floats ---- */

/* The flag #: a point always, and for %g the zeros that it cuts off. number has a sign. */
static void restore_zeros(struct gofmt_printer *p, struct buf *number, uint32_t verb, int precision)
{
    int digits = 0;
    if (verb == 'g' || verb == 'G' || verb == 'x')
        digits = precision == -1 ? 6 : precision;
    size_t tail = number->len;
    bool has_point = false, seen_digit = false;
    for (size_t i = 1; i < number->len; i++) {
        char c = number->p[i];
        bool ends = c == 'p' || c == 'P' || ((c == 'e' || c == 'E') && verb != 'x' && verb != 'X');
        if (ends) {
            tail = i;
            break;
        }
        if (c == '.') {
            has_point = true;
            continue;
        }
        seen_digit = seen_digit || c != '0';
        if (seen_digit)
            digits--;
    }
    struct buf b;
    buf_init(&b, p->ctx->arena);
    buf_bytes(&b, number->p, tail);
    if (!has_point) {
        if (tail == 2 && number->p[1] == '0')
            digits--;
        buf_char(&b, '.');
    }
    repeat(&b, '0', digits);
    buf_bytes(&b, number->p + tail, number->len - tail);
    *number = b;
}

static void print_float(struct gofmt_printer *p, double v, char verb, int precision)
{
    struct gofmt_flags *f = &p->flags;
    struct buf number;
    if (f->has_precision)
        precision = f->precision;
    buf_init(&number, p->ctx->arena);
    bool is_special = isnan(v) || isinf(v);
    if (isnan(v) || !(signbit(v) || isinf(v)))
        buf_char(&number, '+');
    float_text(&number, v, verb, precision);
    if (number.failed) {
        p->b->failed = true;
        return;
    }
    if (f->space && number.p[0] == '+' && !f->plus)
        number.p[0] = ' ';
    if (f->sharp && verb != 'b' && !is_special)
        restore_zeros(p, &number, (unsigned char)verb, precision);
    p->b->failed |= number.failed;
    struct str text = buf_view(&number);
    bool with_sign = f->plus || text.p[0] != '+';
    if (is_special) {
        if (isnan(v) && !f->space && !f->plus)
            text = str_of(text.p + 1, text.len - 1);
        pad_blank(p, text);
    } else if (!with_sign) {
        gofmt_padded(p, str_of(text.p + 1, text.len - 1));
    } else if (f->zero && !f->minus && f->has_width && (size_t)f->width > text.len) {
        buf_char(p->b, text.p[0]);
        gofmt_pad(p, f->width - (int)text.len);
        buf_bytes(p->b, text.p + 1, text.len - 1);
    } else {
        gofmt_padded(p, text);
    }
}

void gofmt_float(struct gofmt_printer *p, double f, uint32_t verb, bool *ret_good)
{
    *ret_good = true;
    switch (verb) {
    case 'v':
        print_float(p, f, 'g', -1);
        break;
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
        print_float(p, f, (char)verb, -1);
        break;
    case 'f':
    case 'e':
    case 'E':
        print_float(p, f, (char)verb, 6);
        break;
    case 'F':
        print_float(p, f, 'f', 6);
        break;
    default:
        *ret_good = false;
        break;
    }
}

/* ---- strings ---- */

/* No more characters than the precision. */
static struct str truncate_string(const struct gofmt_flags *f, struct str s)
{
    int left = f->precision;
    for (size_t i = 0; f->has_precision && i < s.len;) {
        unsigned len;
        if (left-- == 0)
            return str_of(s.p, i);
        (void)utf8_decode(s.p + i, s.len - i, &len);
        i += len;
    }
    return s;
}

static void print_quoted(struct gofmt_printer *p, struct str s)
{
    struct buf b;
    buf_init(&b, p->ctx->arena);
    s = truncate_string(&p->flags, s);
    if (p->flags.sharp && quote_is_raw(s)) {
        buf_char(&b, '`');
        buf_str(&b, s);
        buf_char(&b, '`');
    } else {
        quote_text(&b, s, p->flags.plus ? QUOTE_ASCII : QUOTE_PRINTABLE);
    }
    p->b->failed |= b.failed;
    gofmt_padded(p, buf_view(&b));
}

/* %x of a string: its bytes, with the flag blank apart, with the flag # after 0x. */
static void print_bytes(struct gofmt_printer *p, struct str s, const char *digits)
{
    const struct gofmt_flags *f = &p->flags;
    size_t n = f->has_precision && (size_t)f->precision < s.len ? (size_t)f->precision : s.len;
    if (n == 0) {
        gofmt_pad(p, f->has_width ? f->width : 0);
        return;
    }
    size_t width = 2 * n;
    if (f->space)
        width = (f->sharp ? 2 * width : width) + n - 1;
    else if (f->sharp)
        width += 2;
    int missing = f->has_width && (size_t)f->width > width ? f->width - (int)width : 0;
    if (!f->minus)
        gofmt_pad(p, missing);
    for (size_t i = 0; i < n; i++) {
        if (f->space && i > 0)
            buf_char(p->b, ' ');
        if (f->sharp && (f->space || i == 0)) {
            buf_char(p->b, '0');
            buf_char(p->b, digits[16]);
        }
        buf_char(p->b, digits[(unsigned char)s.p[i] >> 4]);
        buf_char(p->b, digits[(unsigned char)s.p[i] & 15]);
    }
    if (f->minus)
        gofmt_pad(p, missing);
}

void gofmt_string(struct gofmt_printer *p, struct str s, uint32_t verb, bool *ret_good)
{
    *ret_good = true;
    switch (verb) {
    case 'v':
        if (p->flags.sharp_v)
            print_quoted(p, s);
        else
            gofmt_padded(p, truncate_string(&p->flags, s));
        break;
    case 's':
        gofmt_padded(p, truncate_string(&p->flags, s));
        break;
    case 'x':
        print_bytes(p, s, lower_digits);
        break;
    case 'X':
        print_bytes(p, s, upper_digits);
        break;
    case 'q':
        print_quoted(p, s);
        break;
    default:
        *ret_good = false;
        break;
    }
}
