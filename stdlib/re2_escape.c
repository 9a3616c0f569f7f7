/* SPDX-License-Identifier: Apache-2.0
 *
 * Escapes and bracketed classes of regular expressions.
 */
#include "base/utf8.h"
#include "stdlib/re2_parser.h"
#include "stdlib/unicode.h"

static struct str rest_of(struct str t, size_t n)
{
    return str_of(t.p + n, t.len - n);
}

bool re2_next_rune(struct re2_parser *p, struct str *t, uint32_t *ret)
{
    unsigned len;
    *ret = utf8_decode(t->p, t->len, &len);
    if (*ret == UTF8_BAD && len == 1)
        return re2_fail(p, "invalid UTF-8", *t);
    *t = rest_of(*t, len);
    return true;
}

static int hex_value(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return (int)c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

static bool is_octal(struct str t)
{
    return t.len > 0 && t.p[0] >= '0' && t.p[0] <= '7';
}

/* Up to two more octal digits. */
static uint32_t read_octal(struct str *t, uint32_t c)
{
    uint32_t value = c - '0';
    for (int i = 1; i < 3 && is_octal(*t); i++) {
        value = value * 8 + (uint32_t)(t->p[0] - '0');
        *t = rest_of(*t, 1);
    }
    return value;
}

/* What follows \x{: *ret_good tells whether it is a number; *t is where reading ended. */
static bool read_braced_hex(struct re2_parser *p, struct str *t, uint32_t *ret, bool *ret_good)
{
    uint32_t value = 0, digits = 0;
    *ret_good = false;
    while (t->len > 0) {
        uint32_t c;
        if (!re2_next_rune(p, t, &c))
            return false;
        if (c == '}') {
            *ret = value;
            *ret_good = digits > 0;
            return true;
        }
        int digit = hex_value(c);
        if (digit < 0)
            return true;
        value = value * 16 + (uint32_t)digit;
        if (value > UNICODE_MAX)
            return true;
        digits++;
    }
    return true;
}

static bool read_hex(struct re2_parser *p, struct str *t, uint32_t *ret, bool *ret_good)
{
    uint32_t c, d;
    *ret_good = false;
    if (t->len == 0)
        return true;
    if (!re2_next_rune(p, t, &c))
        return false;
    if (c == '{')
        return read_braced_hex(p, t, ret, ret_good);
    d = 0;
    if (t->len > 0 && !re2_next_rune(p, t, &d))
        return false;
    int high = hex_value(c), low = hex_value(d);
    *ret_good = high >= 0 && low >= 0;
    *ret = *ret_good ? (uint32_t)(high * 16 + low) : 0;
    return true;
}

bool re2_read_escape(struct re2_parser *p, struct str *t, uint32_t *ret)
{
    static const char letters[] = "afnrtv", codes[] = "\a\f\n\r\t\v";
    struct str start = *t, s = rest_of(*t, 1);
    uint32_t c;
    bool good = false;
    if (s.len == 0)
        return re2_fail(p, "trailing backslash at end of expression", str_of("", 0));
    if (!re2_next_rune(p, &s, &c))
        return false;
    const char *letter = c != 0 && c < 0x80 ? strchr(letters, (char)c) : NULL;
    if (letter != NULL) {
        *ret = (unsigned char)codes[letter - letters];
        good = true;
    } else if (c == 'x') {
        if (!read_hex(p, &s, ret, &good))
            return false;
    } else if (c == '0' || (c >= '1' && c <= '7' && is_octal(s))) {
        *ret = read_octal(&s, c);
        good = true;
    } else if (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) {
        *ret = c;
        good = true;
    }
    if (!good)
        return re2_fail(p, "invalid escape sequence", str_of(start.p, start.len - s.len));
    *t = s;
    return true;
}

bool re2_read_perl_class(struct re2_parser *p, struct str *t, struct re2_class *c)
{
    struct re2_class part;
    bool negated;
    re2_class_init(&part, p->arena);
    if (t->len < 2 || t->p[0] != '\\' || !re2_class_perl(&part, t->p[1], &negated))
        return false;
    re2_class_add_class(c, &part, (p->flags & RE2_FOLD_CASE) != 0, negated);
    *t = rest_of(*t, 2);
    return true;
}

/* The name in \pN or \p{Name}, and the whole of it; false without failure when there is none. */
static bool read_class_name(struct re2_parser *p, struct str *t, struct str *ret_whole, struct str *ret_name)
{
    if (t->len < 2 || t->p[0] != '\\' || (t->p[1] != 'p' && t->p[1] != 'P'))
        return false;
    struct str s = rest_of(*t, 2);
    uint32_t c;
    if (s.len == 0) { /* a name that does not exist */
        *ret_whole = *t;
        *ret_name = s;
        *t = s;
        return true;
    }
    if (!re2_next_rune(p, &s, &c))
        return false;
    if (c == '{') {
        const char *end = memchr(t->p, '}', t->len);
        if (end == NULL) {
            if (!utf8_is_valid(t->p, t->len)) {
                size_t i = 0;
                for (unsigned len; utf8_decode(t->p + i, t->len - i, &len) != UTF8_BAD || len != 1;)
                    i += len;
                return re2_fail(p, "invalid UTF-8", rest_of(*t, i));
            }
            return re2_fail(p, "invalid character class range", *t);
        }
        s = str_of(end + 1, t->len - (size_t)(end - t->p) - 1);
        *ret_name = str_of(t->p + 3, (size_t)(end - t->p) - 3);
        for (size_t i = 0; i < ret_name->len;) {
            unsigned len;
            if (utf8_decode(ret_name->p + i, ret_name->len - i, &len) == UTF8_BAD && len == 1)
                return re2_fail(p, "invalid UTF-8", rest_of(*ret_name, i));
            i += len;
        }
    } else {
        *ret_name = str_of(t->p + 2, t->len - s.len - 2);
    }
    *ret_whole = str_of(t->p, t->len - s.len);
    *t = s;
    return true;
}

bool re2_read_unicode_class(struct re2_parser *p, struct str *t, struct re2_class *c)
{
    struct str whole, name;
    struct unicode_class cls;
    if (!read_class_name(p, t, &whole, &name))
        return false;
    bool negated = whole.p[1] == 'P';
    if (name.len > 0 && name.p[0] == '^') {
        negated = !negated;
        name = rest_of(name, 1);
    }
    if (!unicode_class_find(name, &cls))
        return re2_fail(p, "invalid character class range", whole);
    struct re2_class part;
    re2_class_init(&part, p->arena);
    struct unicode_cursor cursor = {0};
    for (uint32_t lo, hi; unicode_class_next(&cls, &cursor, &lo, &hi);)
        re2_class_add(&part, lo, hi);
    re2_class_add_class(c, &part, (p->flags & RE2_FOLD_CASE) != 0 && cls.folds, negated != cls.negated);
    return true;
}

/* [:name:] within brackets; false without failure when t is no such thing. */
static bool read_posix_class(struct re2_parser *p, struct str *t, struct re2_class *c)
{
    if (t->len < 3 || t->p[0] != '[' || t->p[1] != ':')
        return false;
    size_t end = 2;
    while (end + 1 < t->len && !(t->p[end] == ':' && t->p[end + 1] == ']'))
        end++;
    if (end + 1 >= t->len)
        return false;
    struct str name = str_of(t->p, end + 2);
    struct re2_class part;
    bool negated;
    re2_class_init(&part, p->arena);
    if (!re2_class_posix(&part, name, &negated))
        return re2_fail(p, "invalid character class range", name);
    re2_class_add_class(c, &part, (p->flags & RE2_FOLD_CASE) != 0, negated);
    *t = rest_of(*t, name.len);
    return true;
}

static bool read_class_rune(struct re2_parser *p, struct str *t, struct str whole, uint32_t *ret)
{
    if (t->len == 0)
        return re2_fail(p, "missing closing ]", whole);
    return t->p[0] == '\\' ? re2_read_escape(p, t, ret) : re2_next_rune(p, t, ret);
}

/* A code point or a range of two. */
static bool read_range(struct re2_parser *p, struct str *t, struct str whole, struct re2_class *c)
{
    struct str start = *t;
    uint32_t lo, hi;
    if (!read_class_rune(p, t, whole, &lo))
        return false;
    hi = lo;
    if (t->len >= 2 && t->p[0] == '-' && t->p[1] != ']') {
        *t = rest_of(*t, 1);
        if (!read_class_rune(p, t, whole, &hi))
            return false;
        if (hi < lo)
            return re2_fail(p, "invalid character class range", str_of(start.p, start.len - t->len));
    }
    struct re2_class part;
    re2_class_init(&part, p->arena);
    if ((p->flags & RE2_FOLD_CASE) == 0) {
        re2_class_add(c, lo, hi);
        return true;
    }
    re2_class_add(&part, lo, hi);
    re2_class_add_class(c, &part, true, false);
    return true;
}

bool re2_read_class(struct re2_parser *p, struct str *t)
{
    struct str whole = *t, s = rest_of(*t, 1);
    struct re2_class c;
    re2_class_init(&c, p->arena);
    bool negated = s.len > 0 && s.p[0] == '^';
    if (negated)
        s = rest_of(s, 1);
    for (bool first = true; s.len == 0 || s.p[0] != ']' || first; first = false) {
        bool found = read_posix_class(p, &s, &c);
        if (!found && p->status == RE2_OK)
            found = re2_read_unicode_class(p, &s, &c);
        if (!found && p->status == RE2_OK)
            found = re2_read_perl_class(p, &s, &c) || read_range(p, &s, whole, &c);
        if (found && !re2_pay(p, c.work + 4))
            return false;
        c.work = 0;
        if (!found || c.failed) {
            if (c.failed && p->status == RE2_OK)
                p->status = RE2_NOMEM;
            return false;
        }
    }
    re2_class_clean(&c);
    if (negated)
        re2_class_negate(&c);
    *t = rest_of(s, 1);
    return re2_push_class(p, &c);
}
