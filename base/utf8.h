/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8: decoding, encoding, checking. Header only, no state.
 *
 * A byte that does not begin a well-formed sequence (overlong forms and surrogates are not) decodes as U+FFFD of length 1,
 * which is how Go reads strings. utf8_decode is never called on an empty slice.
 */
#ifndef QUIS_BASE_UTF8_H
#define QUIS_BASE_UTF8_H

#include "base/str.h"

#define UTF8_BAD 0xFFFDu /* what a bad byte decodes to: of length 1 then, of length 3 when it was written */
#define UTF8_MAX 4       /* bytes of one code point at most */

static inline bool utf8_is_tail(const char *p)
{
    return ((unsigned char)*p & 0xC0u) == 0x80u;
}

/* The code point at p, n > 0 bytes being left; *ret_len is its length in bytes. */
static inline uint32_t utf8_decode(const char *p, size_t n, unsigned *ret_len)
{
    uint32_t c = (unsigned char)p[0];
    *ret_len = 1;
    if (LIKELY(c < 0x80))
        return c;
    if (c < 0xC2 || c > 0xF4)
        return UTF8_BAD;
    unsigned len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n < len)
        return UTF8_BAD;
    uint32_t code = c & (0x7Fu >> len);
    for (unsigned i = 1; i < len; i++) {
        if (!utf8_is_tail(p + i))
            return UTF8_BAD;
        code = code << 6 | ((unsigned char)p[i] & 0x3Fu);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[len] || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        return UTF8_BAD;
    *ret_len = len;
    return code;
}

/* The last code point of n > 0 bytes. */
static inline uint32_t utf8_decode_last(const char *p, size_t n, unsigned *ret_len)
{
    for (unsigned back = 1; back <= UTF8_MAX && back <= n; back++) {
        unsigned len;
        uint32_t c = utf8_decode(p + n - back, back, &len);
        if (len == back && (back > 1 || (unsigned char)p[n - 1] < 0x80)) {
            *ret_len = len;
            return c;
        }
        if (!utf8_is_tail(p + n - back))
            break;
    }
    *ret_len = 1;
    return UTF8_BAD;
}

/* Writes c, or U+FFFD when it is no code point; returns the length. */
static inline unsigned utf8_encode(char out[UTF8_MAX], uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_BAD;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    unsigned len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (unsigned i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80u | (c & 0x3Fu));
        c >>= 6;
    }
    out[0] = (char)((0xF00u >> len & 0xFFu) | c);
    return len;
}

/* The length of the prefix that is ASCII. */
static inline size_t utf8_ascii_prefix(const char *p, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < n && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

static inline bool utf8_is_ascii(const char *p, size_t n)
{
    return utf8_ascii_prefix(p, n) == n;
}

static inline bool utf8_is_valid(const char *p, size_t n)
{
    for (size_t i = utf8_ascii_prefix(p, n); i < n;) {
        unsigned len;
        if (utf8_decode(p + i, n - i, &len) == UTF8_BAD && len == 1)
            return false;
        i += len;
    }
    return true;
}

/* How many code points, a bad byte counting as one. */
static inline size_t utf8_count(const char *p, size_t n)
{
    size_t i = utf8_ascii_prefix(p, n), count = i;
    while (i < n) {
        unsigned len;
        (void)utf8_decode(p + i, n - i, &len);
        i += len;
        count++;
    }
    return count;
}

#endif
