/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats of JSON Schema, as lax and as strict as OPA's: a date-time may be a time alone, a mail address may have a name.
 */
#include "stdlib/builtins.h"
#include "stdlib/ip.h"
#include "stdlib/schema.h"
#include "stdlib/time_format.h"

typedef int (*format_fn)(struct bi_ctx *ctx, struct str s, bool *ret);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* ---- dates and times ---- */

static int fits_layouts(struct bi_ctx *ctx, struct str s, const char *const *layouts, size_t count, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < count && !*ret; i++) {
        struct err unused = {.code = ERR_OK};
        struct bi_ctx quiet = *ctx;
        struct instant t;
        quiet.err = &unused;
        int status = time_parse(&quiet, str_cstr(layouts[i]), s, &t);
        if (status == BI_HALT)
            return bi_halt(ctx, unused.code, "%s", unused.text);
        *ret = status == BI_OK;
    }
    return BI_OK;
}

static int fits_date(struct bi_ctx *ctx, struct str s, bool *ret)
{
    static const char *const layouts[] = {"2006-01-02"};
    return fits_layouts(ctx, s, layouts, COUNT_OF(layouts), ret);
}

static int fits_time(struct bi_ctx *ctx, struct str s, bool *ret)
{
    static const char *const layouts[] = {"15:04:05Z07:00", "15:04:05"};
    return fits_layouts(ctx, s, layouts, COUNT_OF(layouts), ret);
}

static int fits_date_time(struct bi_ctx *ctx, struct str s, bool *ret)
{
    static const char *const layouts[] = {"15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00"};
    return fits_layouts(ctx, s, layouts, COUNT_OF(layouts), ret);
}

/* ---- hosts and addresses ---- */

static bool is_label(struct str s)
{
    if (s.len == 0 || s.len > 63 || !is_alnum(s.p[0]) || !is_alnum(s.p[s.len - 1]))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.p[i]) && s.p[i] != '-')
            return false;
    return true;
}

static int fits_hostname(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = s.len < 256;
    for (size_t start = 0, i = 0; *ret && i <= s.len; i++)
        if (i == s.len || s.p[i] == '.') {
            *ret = is_label(str_of(s.p + start, i - start));
            start = i + 1;
        }
    return BI_OK;
}

static int fits_email(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = schema_email_fits(s);
    return BI_OK;
}

static bool is_address_with(struct str s, char separator)
{
    struct ip ip;
    return ip_parse(s, &ip, NULL) && ip.zone.len == 0 && memchr(s.p, separator, s.len) != NULL;
}

static int fits_ipv4(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = is_address_with(s, '.');
    return BI_OK;
}

static int fits_ipv6(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = is_address_with(s, ':');
    return BI_OK;
}

/* ---- URIs ---- */

static int parse_uri(struct bi_ctx *ctx, struct str s, struct url_parts *parts, bool *ret)
{
    struct str problem;
    int status = url_parts_parse(ctx, s, parts, &problem);
    *ret = status == BI_OK && problem.len == 0 && (s.len == 0 || memchr(s.p, '\\', s.len) == NULL);
    return status;
}

static int fits_uri_reference(struct bi_ctx *ctx, struct str s, bool *ret)
{
    struct url_parts parts;
    return parse_uri(ctx, s, &parts, ret);
}

static int fits_uri(struct bi_ctx *ctx, struct str s, bool *ret)
{
    struct url_parts parts;
    int status = parse_uri(ctx, s, &parts, ret);
    *ret = *ret && parts.scheme.len != 0;
    return status;
}

/* A URI whose braces in the path come in pairs. */
static int fits_uri_template(struct bi_ctx *ctx, struct str s, bool *ret)
{
    struct url_parts parts;
    int status = parse_uri(ctx, s, &parts, ret);
    if (status != BI_OK || !*ret)
        return status;
    bool open = false;
    for (size_t i = 0; i < parts.path.len; i++)
        open = open ? parts.path.p[i] != '}' : parts.path.p[i] == '{';
    *ret = !open;
    return BI_OK;
}

/* ---- others ---- */

static int fits_uuid(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = s.len == 36;
    for (size_t i = 0; *ret && i < s.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        *ret = dash ? s.p[i] == '-' : is_digit(s.p[i]) || ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'f');
    }
    return BI_OK;
}

static int fits_regex(struct bi_ctx *ctx, struct str s, bool *ret)
{
    struct value pattern = value_str(s), valid;
    int status = bif_regex_is_valid(ctx, &pattern, &valid);
    *ret = status == BI_OK && value_is_true(valid);
    return status;
}

/* Every part behind a slash, '~' only in ~0 and ~1. */
static bool is_pointer(struct str s)
{
    if (s.len != 0 && s.p[0] != '/')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == '~' && (i + 1 == s.len || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
            return false;
    return true;
}

static int fits_pointer(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    *ret = is_pointer(s);
    return BI_OK;
}

static int fits_relative_pointer(struct bi_ctx *ctx, struct str s, bool *ret)
{
    (void)ctx;
    size_t digits = 0;
    while (digits < s.len && is_digit(s.p[digits]))
        digits++;
    struct str rest = str_of(s.p + digits, s.len - digits);
    *ret = digits != 0 && (digits == 1 || s.p[0] != '0') && (str_equal(rest, STR("#")) || is_pointer(rest));
    return BI_OK;
}

static const struct {
    const char *name;
    format_fn fits;
} formats[] = {
    {"date", fits_date},
    {"time", fits_time},
    {"date-time", fits_date_time},
    {"hostname", fits_hostname},
    {"email", fits_email},
    {"idn-email", fits_email},
    {"ipv4", fits_ipv4},
    {"ipv6", fits_ipv6},
    {"uri", fits_uri},
    {"uri-reference", fits_uri_reference},
    {"iri", fits_uri},
    {"iri-reference", fits_uri_reference},
    {"uri-template", fits_uri_template},
    {"uuid", fits_uuid},
    {"regex", fits_regex},
    {"json-pointer", fits_pointer},
    {"relative-json-pointer", fits_relative_pointer},
};

int schema_format_fits(struct bi_ctx *ctx, struct str format, struct str text, bool *ret)
{
    *ret = true;
    if (text.len == 0)
        text = STR("");
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_equal(format, str_cstr(formats[i].name)))
            return formats[i].fits(ctx, text, ret);
    return BI_OK;
}
