/* SPDX-License-Identifier: Apache-2.0
 *
 * Constants of text templates: strings, characters, numbers, in the syntax of Go.
 *
 * Imaginary numbers are refused.
 */
#include <math.h>

#include "base/utf8.h"
#include "stdlib/quote.h"
#include "stdlib/template_tree.h"
#include "vm/number.h"

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* count digits of base from the front of *s. */
static bool read_digits(struct str *s, unsigned count, int base, uint32_t *ret)
{
    *ret = 0;
    for (unsigned i = 0; i < count; i++) {
        if (i >= s->len || digit_value(s->p[i]) >= base)
            return false;
        *ret = *ret * (unsigned)base + (unsigned)digit_value(s->p[i]);
    }
    *s = str_of(s->p + count, s->len - count);
    return true;
}

/* What follows a backslash. *ret_is_byte: a byte and not a code point. */
static bool read_escape(struct str *s, char quote, uint32_t *ret, bool *ret_is_byte)
{
    static const char letters[] = "abfnrtv", codes[] = "\a\b\f\n\r\t\v";
    if (s->len == 0)
        return false;
    char c = s->p[0];
    *ret_is_byte = false;
    const char *letter = c != '\0' ? strchr(letters, c) : NULL;
    if (c >= '0' && c <= '7') {
        *ret_is_byte = true;
        return read_digits(s, 3, 8, ret) && *ret <= 255;
    }
    *s = str_of(s->p + 1, s->len - 1);
    *ret = letter != NULL ? (uint32_t)(unsigned char)codes[letter - letters] : (uint32_t)(unsigned char)c;
    if (letter != NULL || c == '\\' || c == quote)
        return true;
    *ret_is_byte = c == 'x';
    if (c == 'x')
        return read_digits(s, 2, 16, ret);
    if (c != 'u' && c != 'U')
        return false;
    return read_digits(s, c == 'u' ? 4 : 8, 16, ret) && *ret <= 0x10FFFF && !(*ret >= 0xD800 && *ret <= 0xDFFF);
}

static bool unquote_raw(struct str s, struct buf *b)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] != '\r')
            buf_char(b, s.p[i]);
    return true;
}

bool template_unquote(struct arena *a, struct str quoted, struct str *ret)
{
    struct buf b;
    buf_init(&b, a);
    struct str s = str_of(quoted.p + 1, quoted.len - 2);
    bool good = quoted.p[0] != '`' || unquote_raw(s, &b);
    while (quoted.p[0] != '`' && s.len > 0 && good) {
        uint32_t c;
        bool is_byte = true;
        char out[UTF8_MAX];
        if (s.p[0] != '\\') {
            buf_char(&b, s.p[0]);
            s = str_of(s.p + 1, s.len - 1);
            continue;
        }
        s = str_of(s.p + 1, s.len - 1);
        good = read_escape(&s, '"', &c, &is_byte);
        if (good && is_byte)
            buf_char(&b, (char)c);
        else if (good)
            buf_bytes(&b, out, utf8_encode(out, c));
    }
    *ret = b.len > 0 ? buf_view(&b) : str_of("", 0);
    return good && !b.failed;
}

static bool read_character(struct template_node *n, struct str *ret_error)
{
    struct str s = str_of(n->text.p + 1, n->text.len - 1);
    uint32_t c = 0;
    bool is_byte, good = s.len > 0 && s.p[0] != '\'';
    if (good && s.p[0] == '\\') {
        s = str_of(s.p + 1, s.len - 1);
        good = read_escape(&s, '\'', &c, &is_byte);
    } else if (good) {
        unsigned len;
        c = utf8_decode(s.p, s.len, &len);
        s = str_of(s.p + len, s.len - len);
    }
    *ret_error = good ? STR("malformed character constant: ") : STR("invalid syntax");
    n->is_int = n->is_uint = n->is_float = true;
    n->i = (int64_t)c;
    n->f = (double)c;
    return good && str_equal(s, STR("'"));
}

/* The base that a prefix tells; taken off *s. */
static unsigned read_base(struct str *s)
{
    if (s->len < 2 || s->p[0] != '0')
        return 10;
    char c = (char)(s->p[1] | 0x20);
    unsigned base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
    if (base == 0) {
        *s = str_of(s->p + 1, s->len - 1);
        return 8;
    }
    *s = str_of(s->p + 2, s->len - 2);
    return base;
}

/* As an integer of any base, "_" between digits; *ret_fits: into 64 bits. */
static bool read_integer(struct str s, uint64_t *ret, bool *ret_fits)
{
    bool was_digit = s.len > 1 && s.p[0] == '0'; /* a prefix counts as one */
    unsigned base = read_base(&s);
    bool good = s.len > 0;
    *ret = 0;
    *ret_fits = true;
    for (size_t i = 0; i < s.len && good; i++) {
        if (s.p[i] == '_') {
            good = was_digit && i + 1 < s.len;
            was_digit = false;
            continue;
        }
        good = digit_value(s.p[i]) < (int)base;
        was_digit = true;
        if (good && (__builtin_mul_overflow(*ret, (uint64_t)base, ret) ||
                     __builtin_add_overflow(*ret, (uint64_t)digit_value(s.p[i]), ret)))
            *ret_fits = false;
    }
    return good;
}

/* 0x1.8p3: *s is what follows the prefix. */
static bool read_hex_float(struct str s, double *ret)
{
    double value = 0;
    int exponent = 0, shift = 0;
    size_t i = 0, digits = 0;
    bool point = false, negative = false;
    for (; i < s.len && (s.p[i] | 0x20) != 'p'; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (digit_value(s.p[i]) >= 16)
            return false;
        value = value * 16 + digit_value(s.p[i]);
        shift -= point ? 4 : 0;
        digits++;
    }
    if (digits == 0 || digits > 13 || i + 1 >= s.len)
        return false;
    if (s.p[++i] == '+' || s.p[i] == '-')
        negative = s.p[i++] == '-';
    for (; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || exponent > 9999)
            return false;
        exponent = exponent * 10 + (s.p[i] - '0');
    }
    *ret = ldexp(value, (negative ? -exponent : exponent) + shift);
    return !isinf(*ret);
}

/* 1.5, .5, 1., 1e3: brought to JSON's form and read by the numbers. */
static bool read_float(struct arena *a, struct str s, double *ret)
{
    if (s.len > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x')
        return read_hex_float(str_of(s.p + 2, s.len - 2), ret);
    struct buf b;
    struct value v;
    buf_init(&b, a);
    size_t i = 0, digits = 0;
    while (i + 1 < s.len && s.p[i] == '0' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
        i++;
    if (i < s.len && s.p[i] == '.')
        buf_char(&b, '0');
    for (; i < s.len; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        digits += is_digit;
        buf_char(&b, s.p[i]);
        if (s.p[i] == '.' && (i + 1 == s.len || s.p[i + 1] < '0' || s.p[i + 1] > '9'))
            buf_char(&b, '0');
    }
    if (digits == 0 || b.failed || number_parse(a, buf_view(&b), &v) != NUMBER_OK)
        return false;
    *ret = number_double(v);
    return !isinf(*ret);
}

static bool has_float_sign(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] != '\0' && strchr(".eEpP", s.p[i]) != NULL)
            return true;
    return false;
}

static void set_integer(struct template_node *n, uint64_t magnitude, bool negative, bool has_sign)
{
    n->is_uint = !has_sign || magnitude == 0;
    n->is_int = negative ? magnitude <= (uint64_t)1 << 63 : magnitude <= INT64_MAX;
    n->i = (int64_t)(negative ? (uint64_t)0 - magnitude : magnitude);
    n->f = negative ? -(double)magnitude : (double)magnitude;
    n->is_float = n->is_int || n->is_uint;
}

bool template_read_number(struct arena *a, struct template_node *n, bool is_character, struct str *ret_error)
{
    if (is_character)
        return read_character(n, ret_error);
    struct str s = n->text;
    bool has_sign = s.len > 0 && (s.p[0] == '+' || s.p[0] == '-'), negative = has_sign && s.p[0] == '-', fits;
    if (has_sign)
        s = str_of(s.p + 1, s.len - 1);
    uint64_t magnitude;
    bool is_integer = read_integer(s, &magnitude, &fits);
    if (is_integer && fits)
        set_integer(n, magnitude, negative, has_sign);
    if (n->is_float)
        return true;
    *ret_error = STR("illegal number syntax: ");
    if (!read_float(a, s, &n->f))
        return false;
    *ret_error = STR("integer overflow: ");
    if (!has_float_sign(n->text))
        return false;
    n->f = negative ? -n->f : n->f;
    n->is_float = true;
    n->is_int = n->f >= -0x1p63 && n->f < 0x1p63 && (double)(int64_t)n->f == n->f;
    n->i = n->is_int ? (int64_t)n->f : 0;
    return true;
}
