/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding the next byte of JSON that needs a look: sixteen at a time with SSE2, eight at a time without. Never reads past end.
 */
#ifndef QUIS_VM_JSON_SCAN_H
#define QUIS_VM_JSON_SCAN_H

#include "base/str.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SCAN_ONES UINT64_C(0x0101010101010101)
#define SCAN_TOPS UINT64_C(0x8080808080808080)

/* The top bit of each byte of w that is c; bytes of w must be below 0x80. */
static inline uint64_t scan_equal(uint64_t w, unsigned char c)
{
    uint64_t x = w ^ (SCAN_ONES * c);
    return (x - SCAN_ONES) & ~x & SCAN_TOPS;
}

/* The first quote, backslash or control character, or end; *ret_high is set when a byte outside ASCII lies before. */
static ALWAYS_INLINE const char *json_scan_string(const char *p, const char *end, bool *ret_high)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
                                   _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));
        unsigned stop = (unsigned)_mm_movemask_epi8(hit), high = (unsigned)_mm_movemask_epi8(v);
        if (stop != 0) {
            unsigned at = (unsigned)__builtin_ctz(stop);
            *ret_high = *ret_high || (high & ((1u << at) - 1)) != 0;
            return p + at;
        }
        *ret_high = *ret_high || high != 0;
        p += 16;
    }
#else
    while (end - p >= 8) {
        uint64_t w;
        memcpy(&w, p, sizeof w);
        if ((w & SCAN_TOPS) != 0 || ((scan_equal(w, '"') | scan_equal(w, '\\') | (w - SCAN_ONES * 0x20)) & SCAN_TOPS) != 0)
            break;
        p += 8;
    }
#endif
    for (; p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' '; p++)
        *ret_high = *ret_high || (unsigned char)*p >= 0x80;
    return p;
}

static ALWAYS_INLINE bool scan_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static ALWAYS_INLINE const char *json_skip_blanks(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' '), feed = _mm_set1_epi8('\n'), turn = _mm_set1_epi8('\r'), tab = _mm_set1_epi8('\t');
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i blank = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, space), _mm_cmpeq_epi8(v, feed)),
                                     _mm_or_si128(_mm_cmpeq_epi8(v, turn), _mm_cmpeq_epi8(v, tab)));
        unsigned other = ~(unsigned)_mm_movemask_epi8(blank) & 0xFFFFu;
        if (other != 0)
            return p + __builtin_ctz(other);
        p += 16;
    }
#endif
    while (p < end && scan_is_blank(*p))
        p++;
    return p;
}

/* The first byte that json_write_string must look at: quote, backslash, control, outside ASCII, and with html <, > and &. */
static ALWAYS_INLINE const char *json_scan_plain(const char *p, const char *end, bool html)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
    const __m128i less = _mm_set1_epi8('<'), more = _mm_set1_epi8('>'), both = _mm_set1_epi8('&');
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
                                   _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));
        if (html)
            hit = _mm_or_si128(hit, _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, less), _mm_cmpeq_epi8(v, more)),
                                                 _mm_cmpeq_epi8(v, both)));
        unsigned stop = (unsigned)(_mm_movemask_epi8(hit) | _mm_movemask_epi8(v));
        if (stop != 0)
            return p + __builtin_ctz(stop);
        p += 16;
    }
#endif
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < ' ' || c == '"' || c == '\\' || c >= 0x80 || (html && (c == '<' || c == '>' || c == '&')))
            break;
    }
    return p;
}

#endif
