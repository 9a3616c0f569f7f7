/* SPDX-License-Identifier: Apache-2.0
 *
 * semver.compare, semver.is_valid: Semantic Versioning 2.0.0, a leading "v" allowed.
 */
#include "stdlib/builtins.h"

struct version {
    int64_t number[3]; /* major, minor, patch */
    struct str prerelease;
};

/* Cuts s at the first c: what stands before is left in s, what follows is returned. *ret_found tells whether c is there. */
static struct str cut(struct str *s, char c, bool *ret_found)
{
    const char *at = s->len > 0 ? memchr(s->p, c, s->len) : NULL;
    *ret_found = at != NULL;
    if (at == NULL)
        return str_of("", 0);
    struct str rest = str_of(at + 1, s->len - (size_t)(at - s->p) - 1);
    s->len = (size_t)(at - s->p);
    return rest;
}

static bool is_decimal(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.len > 0;
}

/* Digits as a number; more than INT64_MAX is INT64_MAX and *ret_fits false. */
static int64_t read_number(struct str s, bool *ret_fits)
{
    int64_t n = 0;
    *ret_fits = true;
    for (size_t i = 0; i < s.len; i++)
        if (__builtin_mul_overflow(n, (int64_t)10, &n) || __builtin_add_overflow(n, (int64_t)(s.p[i] - '0'), &n)) {
            *ret_fits = false;
            return INT64_MAX;
        }
    return n;
}

static bool is_identifier(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c != '-' && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
            return false;
    }
    return s.len > 0;
}

/* Identifiers between dots; strict: numbers without leading zeros. */
static bool are_identifiers(struct str s, bool strict)
{
    for (bool more = true; more;) {
        struct str rest = cut(&s, '.', &more);
        if (!is_identifier(s) || (strict && s.len > 1 && s.p[0] == '0' && is_decimal(s)))
            return false;
        s = rest;
    }
    return true;
}

static bool parse_version(struct str s, struct version *ret)
{
    bool found;
    if (s.len > 0 && s.p[0] == 'v')
        s = str_of(s.p + 1, s.len - 1);
    struct str metadata = cut(&s, '+', &found);
    if (found && !are_identifiers(metadata, false))
        return false;
    ret->prerelease = cut(&s, '-', &found);
    if (found && !are_identifiers(ret->prerelease, true))
        return false;
    for (int i = 0; i < 3; i++) {
        bool more, fits;
        struct str rest = cut(&s, '.', &more);
        if (more != (i < 2) || !is_decimal(s) || (s.len > 1 && s.p[0] == '0'))
            return false;
        ret->number[i] = read_number(s, &fits);
        if (!fits)
            return false;
        s = rest;
    }
    return true;
}

/* Numbers before names, each by its own order. */
static int compare_identifiers(struct str a, struct str b)
{
    bool a_number = is_decimal(a), b_number = is_decimal(b), fits;
    if (a_number != b_number)
        return a_number ? -1 : 1;
    if (!a_number)
        return str_compare(a, b);
    int64_t x = read_number(a, &fits), y = read_number(b, &fits);
    return (x > y) - (x < y);
}

static int compare_prereleases(struct str a, struct str b)
{
    if (a.len == 0 || b.len == 0)
        return (a.len == 0) - (b.len == 0);
    for (bool more_a = true, more_b = true; more_a && more_b;) {
        struct str rest_a = cut(&a, '.', &more_a), rest_b = cut(&b, '.', &more_b);
        int order = compare_identifiers(a, b);
        if (order != 0)
            return order < 0 ? -1 : 1;
        if (more_a != more_b)
            return more_a ? 1 : -1;
        a = rest_a;
        b = rest_b;
    }
    return 0;
}

static int take_version(struct bi_ctx *ctx, const struct value *argv, int operand, struct version *ret)
{
    if (parse_version(value_text(argv[operand - 1]), ret))
        return BI_OK;
    struct buf b;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, argv[operand - 1]);
    if (b.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "operand %d: string %.*s is not a valid SemVer", operand, (int)(b.len < 800 ? b.len : 800), b.p);
}

int bif_semver_compare(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct version a, b;
    struct str text;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &text);
    if (status == BI_OK)
        status = bi_charge(ctx, argv[0].len / 8 + argv[1].len / 8 + 1);
    if (status == BI_OK)
        status = take_version(ctx, argv, 1, &a);
    if (status == BI_OK)
        status = take_version(ctx, argv, 2, &b);
    if (status != BI_OK)
        return status;
    int order = 0;
    for (int i = 0; i < 3 && order == 0; i++)
        order = (a.number[i] > b.number[i]) - (a.number[i] < b.number[i]);
    *ret = value_int(order != 0 ? order : compare_prereleases(a.prerelease, b.prerelease));
    return BI_OK;
}

int bif_semver_is_valid(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct version v;
    (void)ctx;
    *ret = value_bool(argv[0].kind == VALUE_STRING && parse_version(value_text(argv[0]), &v));
    return BI_OK;
}
