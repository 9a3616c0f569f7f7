/* SPDX-License-Identifier: Apache-2.0
 *
 * Percent encoding.
 */
#include "stdlib/url_escape.h"

#include "stdlib/quote.h"

/* Beside letters, digits and - . _ ~ these stand as they are. */
static const char *const plain[] = {
    [URL_PATH] = "$&+,/:;=@", [URL_HOST] = "!$&'()*+,;=:[]<>\"", [URL_ZONE] = "!$&'()*+,;=:[]<>\"", [URL_USER] = "$&+,;=",
    [URL_QUERY] = "",         [URL_FRAGMENT] = "$&+,/:;=?@!()*",
};

static bool is_plain(char c, enum url_part part)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && (strchr("-._~", c) != NULL || strchr(plain[part], c) != NULL);
}

void url_escape(struct buf *b, struct str s, enum url_part part)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_plain(s.p[i], part)) {
            buf_char(b, s.p[i]);
        } else if (c == ' ' && part == URL_QUERY) {
            buf_char(b, '+');
        } else {
            buf_char(b, '%');
            buf_char(b, "0123456789ABCDEF"[c >> 4]);
            buf_char(b, "0123456789ABCDEF"[c & 15]);
        }
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of the escape at the front of s; false when part does not allow it there. */
static bool read_escape(struct str s, enum url_part part, char *ret)
{
    int high = s.len > 2 ? hex_value(s.p[1]) : -1, low = s.len > 2 ? hex_value(s.p[2]) : -1;
    if (high < 0 || low < 0)
        return false;
    *ret = (char)(high << 4 | low);
    if (*ret == '%')
        return true;
    if (part == URL_HOST)
        return high >= 8; /* in a host only bytes outside ASCII are escaped */
    return part != URL_ZONE || *ret == ' ' || is_plain(*ret, URL_HOST);
}

enum url_fault url_unescape(struct buf *b, struct str s, enum url_part part, struct str *ret_at)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c == '%') {
            struct str rest = str_of(s.p + i, s.len - i);
            if (!read_escape(rest, part, &c)) {
                *ret_at = str_of(rest.p, rest.len < 3 ? rest.len : 3);
                return URL_BAD_ESCAPE;
            }
            i += 2;
        } else if (c == '+' && part == URL_QUERY) {
            c = ' ';
        } else if ((part == URL_HOST || part == URL_ZONE) && (unsigned char)c < 0x80 && !is_plain(c, part)) {
            *ret_at = str_of(s.p + i, 1);
            return URL_BAD_CHARACTER;
        }
        buf_char(b, c);
    }
    return URL_OK;
}

void url_write_fault(struct buf *b, enum url_fault fault, struct str at)
{
    buf_cstr(b, fault == URL_BAD_ESCAPE ? "invalid URL escape " : "invalid character ");
    quote_text(b, at, QUOTE_PRINTABLE);
    if (fault == URL_BAD_CHARACTER)
        buf_cstr(b, " in host name");
}
