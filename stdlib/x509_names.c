/* SPDX-License-Identifier: Apache-2.0
 *
 * The syntax of names: ASN.1 strings, domains, mail addresses.
 *
 * As lax as Go: domains may be of any length and start with an empty label where it allows that.
 */
#include "base/utf8.h"
#include "stdlib/x509_cert.h"

bool x509_is_ascii(struct der s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

bool x509_is_domain(struct str s, bool constraint)
{
    if (s.len == 0)
        return true;
    if (s.p[s.len - 1] == '.')
        return false;
    size_t label = 0;
    for (size_t i = constraint && s.p[0] == '.' ? 1 : 0; i <= s.len; i++) {
        if (i == s.len || s.p[i] == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        if (s.p[i] < 33 || s.p[i] > 126)
            return false;
        label++;
    }
    return true;
}

/* ---- mail addresses (RFC 2821) ---- */

struct mailbox {
    struct str rest;
    char *local;
    size_t len;
};

static char take(struct mailbox *m)
{
    m->rest.len--;
    return *m->rest.p++;
}

/* NUL, or not ASCII. */
static bool is_foreign(char c)
{
    return c == 0 || (uint8_t)c >= 0x80;
}

static bool read_quoted(struct mailbox *m)
{
    while (m->rest.len > 0) {
        char c = take(m);
        if (c == '"')
            return true;
        if (c == '\\') {
            if (m->rest.len == 0)
                return false;
            c = take(m);
            if (is_foreign(c) || c == '\n' || c == '\r')
                return false;
        } else if (is_foreign(c) || c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        m->local[m->len++] = c;
    }
    return false;
}

static bool is_atom(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool read_atoms(struct mailbox *m)
{
    while (m->rest.len > 0 && (is_atom(m->rest.p[0]) || m->rest.p[0] == '\\')) {
        char c = take(m);
        if (c == '\\') {
            if (m->rest.len == 0)
                return false;
            c = take(m);
        }
        m->local[m->len++] = c;
    }
    if (m->len == 0 || m->local[0] == '.' || m->local[m->len - 1] == '.')
        return false;
    for (size_t i = 0; i + 1 < m->len; i++)
        if (m->local[i] == '.' && m->local[i + 1] == '.')
            return false;
    return true;
}

/* Labels that are not empty, of printable characters; no text at all passes. */
static bool is_labels(struct str s)
{
    return s.len == 0 || (s.p[0] != '.' && x509_is_domain(s, false));
}

bool x509_parse_mailbox(struct arena *a, struct str s, struct str *ret_local, struct str *ret_domain)
{
    struct mailbox m = {.rest = s, .local = arena_alloc(a, s.len)};
    if (m.local == NULL || s.len == 0)
        return false;
    bool ok = s.p[0] == '"' ? (take(&m), read_quoted(&m)) : read_atoms(&m);
    if (!ok || m.rest.len == 0 || take(&m) != '@' || !is_labels(m.rest))
        return false;
    *ret_local = (struct str){m.local, m.len};
    *ret_domain = m.rest;
    return true;
}

/* ---- ASN.1 strings ---- */

static bool is_printable(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c >= '\'' && c <= ')') ||
           (c >= '+' && c <= '/') || (c != 0 && strchr(" :=?*&", c) != NULL);
}

static bool is_utf8(struct der s)
{
    for (size_t i = 0; i < s.len;) {
        unsigned n;
        uint32_t c = utf8_decode((const char *)s.p + i, s.len - i, &n);
        if (c == UTF8_BAD && n == 1)
            return false;
        i += n;
    }
    return true;
}

/* Appends the code point, which is below 0x10000. */
static void append_point(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_char(b, (char)c);
    } else if (c < 0x800) {
        buf_char(b, (char)(0xc0 | c >> 6));
        buf_char(b, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_char(b, (char)(0xe0 | c >> 12));
        buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_char(b, (char)(0x80 | (c & 0x3f)));
    }
}

#define BAD_VALUE "x509: invalid RDNSequence: invalid attribute value: "

static bool read_bmp(struct x509_reader *r, struct der s, struct str *ret)
{
    struct buf b;
    buf_init(&b, r->ctx->arena);
    if (s.len % 2 != 0)
        return x509_wrong(r, BAD_VALUE "invalid BMPString");
    if (s.len >= 2 && s.p[s.len - 1] == 0 && s.p[s.len - 2] == 0)
        s.len -= 2;
    for (size_t i = 0; i < s.len; i += 2) {
        uint32_t c = (uint32_t)s.p[i] << 8 | s.p[i + 1];
        if (c == 0xfffe || c == 0xffff || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xd800 && c <= 0xdfff))
            return x509_wrong(r, BAD_VALUE "invalid BMPString");
        append_point(&b, c);
    }
    *ret = buf_view(&b);
    return !b.failed || x509_nomem(r);
}

static bool read_latin1(struct x509_reader *r, struct der s, struct str *ret)
{
    struct buf b;
    buf_init(&b, r->ctx->arena);
    for (size_t i = 0; i < s.len; i++)
        append_point(&b, s.p[i]);
    *ret = buf_view(&b);
    return !b.failed || x509_nomem(r);
}

static bool read_string(struct x509_reader *r, unsigned tag, struct der s, struct str *ret)
{
    *ret = der_str(s);
    switch (tag) {
    case DER_T61:
        return read_latin1(r, s, ret);
    case DER_BMP:
        return read_bmp(r, s, ret);
    case DER_UTF8:
        return is_utf8(s) || x509_wrong(r, BAD_VALUE "invalid UTF-8 string");
    case DER_IA5:
        return x509_is_ascii(s) || x509_wrong(r, BAD_VALUE "invalid IA5String");
    case DER_PRINTABLE:
        for (size_t i = 0; i < s.len; i++)
            if (!is_printable(s.p[i]))
                return x509_wrong(r, BAD_VALUE "invalid PrintableString");
        return true;
    case DER_NUMERIC:
        for (size_t i = 0; i < s.len; i++)
            if (s.p[i] != ' ' && (s.p[i] < '0' || s.p[i] > '9'))
                return x509_wrong(r, BAD_VALUE "invalid NumericString");
        return true;
    default: {
        struct str text = arena_printf(r->ctx->arena, BAD_VALUE "unsupported string type: %u", tag);
        return text.p == NULL ? x509_nomem(r) : x509_wrong(r, text.p);
    }
    }
}

static bool read_attribute(struct x509_reader *r, struct der set, struct der *rest, struct x509_name *name)
{
    struct der seq, value;
    unsigned tag;
    struct x509_attribute attribute;
    if (!der_take(&set, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid RDNSequence: invalid attribute");
    if (!der_take_oid(&seq, &attribute.type))
        return x509_wrong(r, "x509: invalid RDNSequence: invalid attribute type");
    if (!der_take_any(&seq, &tag, &value))
        return x509_wrong(r, "x509: invalid RDNSequence: invalid attribute value");
    if (!read_string(r, tag, value, &attribute.value))
        return false;
    if (!arena_grow(r->ctx->arena, &name->attributes, &name->cap, name->len + 1, sizeof *name->attributes))
        return x509_nomem(r);
    name->attributes[name->len++] = attribute;
    *rest = set;
    return true;
}

bool x509_read_name(struct x509_reader *r, struct der raw, struct x509_name *ret)
{
    struct der seq = raw, set;
    *ret = (struct x509_name){.raw = raw};
    if (!der_take(&raw, DER_SEQUENCE, &seq))
        return x509_wrong(r, "x509: invalid RDNSequence");
    while (seq.len > 0) {
        if (!der_take(&seq, DER_SET, &set))
            return x509_wrong(r, "x509: invalid RDNSequence");
        while (set.len > 0)
            if (!read_attribute(r, set, &set, ret))
                return false;
    }
    return true;
}
