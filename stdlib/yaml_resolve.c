/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plain YAML scalar is: null, boolean, integer, float, time or string, in the mixture of YAML 1.1 and 1.2 that OPA's
 * reader accepts (yes and no are strings, 0777 is octal, digits may be parted by '_').
 */
#include "stdlib/yaml_node.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- words ---- */

static const struct {
    const char *word;
    enum yaml_scalar_kind kind;
    int number; /* booleans: 0, 1; floats: sign of infinity, 0 for not a number */
} words[] = {
    {"true", YAML_BOOL, 1},    {"True", YAML_BOOL, 1},    {"TRUE", YAML_BOOL, 1},    {"false", YAML_BOOL, 0},
    {"False", YAML_BOOL, 0},   {"FALSE", YAML_BOOL, 0},   {"", YAML_NULL, 0},        {"~", YAML_NULL, 0},
    {"null", YAML_NULL, 0},    {"Null", YAML_NULL, 0},    {"NULL", YAML_NULL, 0},    {".nan", YAML_FLOAT, 0},
    {".NaN", YAML_FLOAT, 0},   {".NAN", YAML_FLOAT, 0},   {".inf", YAML_FLOAT, 1},   {".Inf", YAML_FLOAT, 1},
    {".INF", YAML_FLOAT, 1},   {"+.inf", YAML_FLOAT, 1},  {"+.Inf", YAML_FLOAT, 1},  {"+.INF", YAML_FLOAT, 1},
    {"-.inf", YAML_FLOAT, -1}, {"-.Inf", YAML_FLOAT, -1}, {"-.INF", YAML_FLOAT, -1},
};

static bool find_word(struct str s, struct yaml_scalar *ret)
{
    if (s.len > 5)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!str_equal(s, str_cstr(words[i].word)))
            continue;
        ret->kind = words[i].kind;
        ret->boolean = words[i].number == 1;
        ret->real = words[i].number == 0 ? (double)__builtin_nanf("") : words[i].number * (double)__builtin_inff();
        return true;
    }
    return false;
}

/* ---- times ---- */

struct cursor {
    const char *p, *end;
};

/* Between least and most digits as a number. */
static bool read_number(struct cursor *c, int least, int most, int *ret)
{
    int n = 0, value = 0;
    while (n < most && c->p < c->end && is_digit(*c->p)) {
        value = value * 10 + (*c->p++ - '0');
        n++;
    }
    *ret = value;
    return n >= least;
}

static bool read_char(struct cursor *c, char wanted)
{
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

struct moment {
    int year, month, day, hour, minute, second, zone_minutes;
    struct str fraction; /* digits */
    bool has_zone;
};

static bool is_date(const struct moment *m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m->month < 1 || m->month > 12)
        return false;
    bool leap = m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);
    return m->day >= 1 && m->day <= days[m->month - 1] + (m->month == 2 && leap);
}

static bool read_zone(struct cursor *c, struct moment *m)
{
    m->has_zone = true;
    if (read_char(c, 'Z'))
        return true;
    int sign = read_char(c, '-') ? -1 : 1, hours, minutes;
    if (sign == 1 && !read_char(c, '+'))
        return false;
    if (!read_number(c, 2, 2, &hours) || !read_char(c, ':') || !read_number(c, 2, 2, &minutes) || hours > 24 || minutes > 60)
        return false;
    m->zone_minutes = sign * (hours * 60 + minutes);
    return true;
}

/* Hours may have one or two digits, as all parts of the date but the year. */
static bool read_clock(struct cursor *c, struct moment *m)
{
    if (!read_number(c, 1, 2, &m->hour) || !read_char(c, ':') || !read_number(c, 1, 2, &m->minute) || !read_char(c, ':') ||
        !read_number(c, 1, 2, &m->second) || m->hour > 23 || m->minute > 59 || m->second > 59)
        return false;
    const char *dot = c->p;
    if (c->p < c->end && (*c->p == '.' || *c->p == ',') && c->p + 1 < c->end && is_digit(c->p[1])) {
        for (c->p++; c->p < c->end && is_digit(*c->p);)
            c->p++;
        m->fraction = str_of(dot + 1, (size_t)(c->p - dot - 1));
    }
    return true;
}

static bool read_moment(struct str s, struct moment *m)
{
    struct cursor c = {s.p, s.p + s.len};
    *m = (struct moment){0};
    if (!read_number(&c, 4, 4, &m->year) || !read_char(&c, '-') || !read_number(&c, 1, 2, &m->month) || !read_char(&c, '-') ||
        !read_number(&c, 1, 2, &m->day) || !is_date(m))
        return false;
    if (c.p == c.end)
        return true;
    bool spaced = *c.p == ' ';
    if (!spaced && *c.p != 'T' && *c.p != 't')
        return false;
    c.p++;
    return read_clock(&c, m) && (spaced || read_zone(&c, m)) && c.p == c.end;
}

/* RFC 3339 with as many digits of a second as there are, at most nine. */
static struct str format_moment(struct arena *a, const struct moment *m)
{
    struct str f = m->fraction;
    f.len = f.len > 9 ? 9 : f.len;
    while (f.len > 0 && f.p[f.len - 1] == '0')
        f.len--;
    char zone[16] = "Z";
    int minutes = m->zone_minutes < 0 ? -m->zone_minutes : m->zone_minutes;
    if (minutes != 0) {
        const char digits[] = {m->zone_minutes < 0 ? '-' : '+',
                               (char)('0' + minutes / 600),
                               (char)('0' + minutes / 60 % 10),
                               ':',
                               (char)('0' + minutes % 60 / 10),
                               (char)('0' + minutes % 10),
                               '\0'};
        memcpy(zone, digits, sizeof digits);
    }
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%s%.*s%s", m->year, m->month, m->day, m->hour, m->minute, m->second,
                        f.len != 0 ? "." : "", (int)f.len, f.len != 0 ? f.p : "", zone);
}

/* ---- numbers ---- */

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* Digits of one base, all of s. */
static bool read_digits(struct str s, unsigned base, uint64_t *ret)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (digit_value(s.p[i]) >= (int)base || __builtin_mul_overflow(n, base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit_value(s.p[i]), &n))
            return false;
    *ret = n;
    return s.len != 0;
}

static struct str skip(struct str s, size_t n)
{
    return str_of(s.p + n, s.len - n);
}

/* The digits behind a prefix that tells the base. */
static bool read_based(struct str s, uint64_t *ret)
{
    if (s.len < 2 || s.p[0] != '0')
        return read_digits(s, 10, ret);
    switch (s.p[1] | 0x20) {
    case 'x':
        return read_digits(skip(s, 2), 16, ret);
    case 'o':
        return read_digits(skip(s, 2), 8, ret);
    case 'b':
        return read_digits(skip(s, 2), 2, ret);
    default:
        return read_digits(skip(s, 1), 8, ret);
    }
}

static bool set_integer(bool negative, uint64_t n, bool is_signed, struct yaml_scalar *ret)
{
    if (negative && n > (uint64_t)INT64_MAX + 1)
        return false;
    if (!negative && n > INT64_MAX) {
        ret->kind = YAML_UINT;
        ret->natural = n;
        return !is_signed; /* a sign makes it too large, and not a natural number either */
    }
    ret->kind = YAML_INT;
    ret->integer = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static bool read_integer(struct str s, struct yaml_scalar *ret)
{
    bool negative = s.p[0] == '-', is_signed = negative || s.p[0] == '+';
    uint64_t n;
    if (is_signed)
        s = skip(s, 1);
    return read_based(s, &n) && set_integer(negative, n, is_signed, ret);
}

/* The spellings 0b-101 and 0o-17, which the reader happens to accept. */
static bool read_inner_sign(struct str s, struct yaml_scalar *ret)
{
    if (s.len < 4 || s.p[0] != '0' || (s.p[1] != 'b' && s.p[1] != 'o') || (s.p[2] != '-' && s.p[2] != '+'))
        return false;
    uint64_t n;
    return read_digits(skip(s, 3), s.p[1] == 'b' ? 2 : 8, &n) && set_integer(s.p[2] == '-', n, true, ret);
}

/* [sign] digits with a dot somewhere or none, [e [sign] digits]. */
static bool is_float_syntax(struct str s)
{
    size_t i = 0, digits = 0, dots = 0;
    if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    for (; i < s.len && (is_digit(s.p[i]) || (s.p[i] == '.' && dots == 0)); i++) {
        digits += is_digit(s.p[i]);
        dots += s.p[i] == '.';
    }
    if (digits == 0)
        return false;
    if (i == s.len)
        return true;
    if ((s.p[i] | 0x20) != 'e')
        return false;
    i++;
    if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    size_t first = i;
    while (i < s.len && is_digit(s.p[i]))
        i++;
    return i > first && i == s.len;
}

/* s without '_'; p NULL when out of memory. */
static struct str drop_underscores(struct arena *a, struct str s)
{
    if (memchr(s.p, '_', s.len) == NULL)
        return s;
    char *p = arena_alloc(a, s.len);
    size_t len = 0;
    for (size_t i = 0; p != NULL && i < s.len; i++)
        if (s.p[i] != '_')
            p[len++] = s.p[i];
    return str_of(p, len);
}

/* After a dot, '_' may stand only between digits. */
static bool has_good_underscores(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == '_' && (i == 0 || i + 1 == s.len || !is_digit(s.p[i - 1]) || !is_digit(s.p[i + 1])))
            return false;
    return true;
}

/* Numbers and times; false: a string, or out of memory. */
static bool read_numeric(struct yaml_work *w, bool times, struct str s, struct yaml_scalar *ret)
{
    struct moment m;
    if (times && read_moment(s, &m)) {
        ret->kind = YAML_TIME;
        ret->text = format_moment(w->arena, &m);
        return true;
    }
    bool dotted = s.p[0] == '.';
    if (dotted && !has_good_underscores(s))
        return false;
    struct str plain = drop_underscores(w->arena, s);
    if (plain.p == NULL || plain.len == 0)
        return false;
    if (!dotted && read_integer(plain, ret))
        return true;
    if (is_float_syntax(plain) && yaml_float_parse(w->arena, plain, &ret->real)) {
        ret->kind = YAML_FLOAT;
        return true;
    }
    return !dotted && read_inner_sign(plain, ret);
}

/* ---- tags ---- */

static const struct str tags_of_kinds[] = {
    [YAML_NULL] = {"!!null", 6},   [YAML_BOOL] = {"!!bool", 6},       [YAML_INT] = {"!!int", 5},    [YAML_UINT] = {"!!int", 5},
    [YAML_FLOAT] = {"!!float", 7}, [YAML_TIME] = {"!!timestamp", 11}, [YAML_STRING] = {"!!str", 5},
};

static bool is_resolvable(struct str tag)
{
    if (tag.len == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(tags_of_kinds); i++)
        if (str_equal(tag, tags_of_kinds[i]))
            return true;
    return false;
}

static void find_kind(struct yaml_work *w, struct str tag, struct str s, struct yaml_scalar *ret)
{
    char c = s.len != 0 ? s.p[0] : '~';
    bool numeric = is_digit(c) || c == '+' || c == '-' || c == '.';
    if (strchr("yYnNtTfFoO~", c) == NULL && !numeric)
        return;
    if (find_word(s, ret) || !numeric)
        return;
    bool times = c != '.' && (tag.len == 0 || str_equal(tag, tags_of_kinds[YAML_TIME]));
    if (!read_numeric(w, times, s, ret)) {
        ret->kind = YAML_STRING;
        ret->text = s;
    }
}

int yaml_resolve(struct yaml_work *w, struct str tag, struct str s, struct yaml_scalar *ret)
{
    *ret = (struct yaml_scalar){.kind = YAML_STRING, .text = s, .tag = tag};
    if (str_equal(tag, STR("!")))
        tag.len = 0;
    if (!is_resolvable(tag))
        return 0;
    bool is_string = str_equal(tag, tags_of_kinds[YAML_STRING]);
    if (!is_string)
        find_kind(w, tag, s, ret);
    if (w->arena->failed != ARENA_OK)
        return yaml_work_nomem(w);
    ret->tag = tags_of_kinds[ret->kind];
    if (tag.len == 0 || is_string || str_equal(tag, ret->tag))
        return 0;
    if (ret->kind == YAML_INT && str_equal(tag, tags_of_kinds[YAML_FLOAT])) {
        ret->kind = YAML_FLOAT;
        ret->real = (double)ret->integer;
        ret->tag = tag;
        return 0;
    }
    return err_set(w->err, ERR_YAML, "yaml: cannot decode %.*s `%.*s` as a %.*s", (int)ret->tag.len, ret->tag.p,
                   s.len > 500 ? 500 : (int)s.len, s.p, (int)tag.len, tag.p);
}
