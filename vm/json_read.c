/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON reader: one pass, no recursion, values built on a scratch stack and copied out at their exact size.
 *
 * The stack holds the elements of every open array and the keys and values of every open object; below those of each lies a
 * marker with the place of the marker before. Strings are scanned sixteen bytes at a time where SSE2 is there. Like Go's
 * decoder it replaces bytes that are not UTF-8, and lone surrogates, by U+FFFD.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "vm/json.h"
#include "vm/json_scan.h"
#include "vm/limits.h"
#include "vm/number.h"

enum { FAILED = -1, DONE = 0, MORE = 1 };
enum marker { MARK_ARRAY = VALUE_KIND_COUNT, MARK_OBJECT };

#define FIRST_STACK 128u /* values of scratch that need no allocation */

struct reader {
    const char *p, *end, *start;
    struct value *stack;
    size_t len, cap;
    size_t base;      /* of the innermost open collection; its marker lies before */
    uint32_t depth;
    uint32_t max_depth;
    struct arena *arena;
    struct err *err;
    struct value *heap; /* the stack when it has outgrown the first */
};

/* ---- errors ---- */

static COLD int fail_at(struct reader *r, const char *at, enum err_code code, const char *what)
{
    uint32_t row = 1;
    const char *line = r->start;
    for (const char *q = r->start; q < at; q++) {
        if (*q == '\n') {
            row++;
            line = q + 1;
        }
    }
    uint32_t col = (uint32_t)utf8_count(line, (size_t)(at - line)) + 1;
    return err_set_at(r->err, code, STR(""), row, col, "%s", what);
}

/* what: what was expected. */
static COLD int fail(struct reader *r, const char *what)
{
    char text[160]; /* everything here is shorter */
    unsigned char c = r->p < r->end ? (unsigned char)*r->p : 0;
    if (r->p >= r->end)
        (void)snprintf(text, sizeof text, "expected %s, found the end of the text", what);
    else if (c > ' ' && c < 0x7F)
        (void)snprintf(text, sizeof text, "expected %s, found '%c'", what, c);
    else
        (void)snprintf(text, sizeof text, "expected %s, found byte 0x%02x", what, c);
    return fail_at(r, r->p, ERR_JSON, text);
}

static COLD int fail_memory(struct reader *r)
{
    if (r->arena->failed == ARENA_NOMEM)
        return err_set(r->err, ERR_NOMEM, "out of memory");
    return err_set(r->err, ERR_LIMIT_MEMORY, "the document does not fit into memory (limit 'memory')");
}

/* ---- the stack ---- */

static COLD int grow_stack(struct reader *r)
{
    size_t old = r->heap != NULL ? r->cap * sizeof *r->stack : 0, new_size = r->cap * 2 * sizeof *r->stack;
    if (!arena_reserve(r->arena, new_size - old))
        return fail_memory(r);
    struct value *grown = alloc_resize(&r->arena->alloc, r->heap, old, new_size);
    if (grown == NULL) {
        arena_unreserve(r->arena, new_size - old);
        r->arena->failed = ARENA_NOMEM;
        return fail_memory(r);
    }
    if (r->heap == NULL)
        memcpy(grown, r->stack, r->len * sizeof *grown);
    r->stack = r->heap = grown;
    r->cap *= 2;
    return 0;
}

static ALWAYS_INLINE int push(struct reader *r, struct value v)
{
    if (UNLIKELY(r->len == r->cap) && grow_stack(r) != 0)
        return -1;
    r->stack[r->len++] = v;
    return 0;
}

static ALWAYS_INLINE int open_collection(struct reader *r, enum marker kind)
{
    if (UNLIKELY(r->depth == r->max_depth))
        return fail_at(r, r->p, ERR_LIMIT_DEPTH, "the document nests too deep (limit 'json_depth')");
    if (push(r, (struct value){.kind = (uint8_t)kind, .i = (int64_t)r->base}) != 0)
        return -1;
    r->base = r->len;
    r->depth++;
    r->p++;
    return 0;
}

/* Replaces the innermost collection's part of the stack by v. */
static ALWAYS_INLINE void close_collection(struct reader *r, struct value v)
{
    size_t at = r->base - 1;
    r->base = (size_t)r->stack[at].i;
    r->stack[at] = v;
    r->len = at + 1;
    r->depth--;
    r->p++;
}

static ALWAYS_INLINE int close_array(struct reader *r)
{
    size_t count = r->len - r->base;
    struct value *items = arena_array(r->arena, count, sizeof *items);
    if (UNLIKELY(items == NULL))
        return fail_memory(r);
    memcpy(items, r->stack + r->base, count * sizeof *items);
    close_collection(r, value_array(items, count));
    return 0;
}

static ALWAYS_INLINE int close_object(struct reader *r)
{
    struct object *o = object_of_pairs(r->arena, r->stack + r->base, (r->len - r->base) / 2);
    if (UNLIKELY(o == NULL))
        return fail_memory(r);
    close_collection(r, value_object(o));
    return 0;
}

/* ---- strings ---- */

/* Four hexadecimal digits at p, or -1. */
static int32_t read_hex4(const char *p, const char *end)
{
    int32_t code = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = p[i] >= '0' && p[i] <= '9'   ? p[i] - '0'
                    : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10
                    : p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

/* The code point of \uXXXX at *p, past the u; two escapes of a surrogate pair are one. */
static int32_t read_unicode(const char **p, const char *end)
{
    int32_t high = read_hex4(*p, end);
    if (high < 0)
        return -1;
    *p += 4;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (high < 0xDC00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        int32_t low = read_hex4(*p + 2, end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *p += 6;
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return (int32_t)UTF8_BAD;
}

static char escaped(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

/* The closing quote of a string whose inside starts at p, or NULL. */
static const char *find_quote(const char *p, const char *end, bool *ret_high)
{
    while ((p = json_scan_string(p, end, ret_high)) < end && *p != '"') {
        if (*p == '\\' && ++p == end)
            return NULL;
        p++; /* also over a control character, which is reported later */
    }
    return p < end ? p : NULL;
}

/* One escape at r->p, written to out; the number of bytes written or -1. */
static int read_escape(struct reader *r, char *out)
{
    if (r->p[1] != 'u') {
        char c = escaped(r->p[1]);
        if (c == 0) {
            r->p++;
            return fail(r, "one of \"\\/bfnrtu after the backslash");
        }
        *out = c;
        r->p += 2;
        return 1;
    }
    const char *at = r->p + 2;
    int32_t code = read_unicode(&at, r->end);
    if (code < 0) {
        r->p += 2;
        return fail(r, "four hexadecimal digits after \\u");
    }
    r->p = at;
    return (int)utf8_encode(out, (uint32_t)code);
}

/* Copies up to the next escape, with U+FFFD for bytes that are not UTF-8 when there are any. */
static char *copy_run(struct reader *r, const char *end, bool valid, char *out)
{
    if (valid) {
        memcpy(out, r->p, (size_t)(end - r->p));
        out += end - r->p;
        r->p = end;
    }
    while (r->p < end) {
        unsigned len;
        uint32_t code = utf8_decode(r->p, (size_t)(end - r->p), &len);
        out += utf8_encode(out, code);
        r->p += len;
    }
    return out;
}

/* A string with escapes or with bytes that are not UTF-8: decoded into the arena. start: past the opening quote. */
static __attribute__((noinline)) int read_string_slowly(struct reader *r, const char *start, struct value *ret)
{
    bool high = false;
    const char *quote = find_quote(start, r->end, &high);
    r->p = quote != NULL ? quote : r->end;
    if (quote == NULL)
        return fail(r, "'\"' at the end of the string");
    size_t len = (size_t)(quote - start), room = len;
    bool valid = !high || utf8_is_valid(start, len);
    char *text = valid || size_mul(len, 3, &room) ? arena_alloc(r->arena, room) : NULL, *out = text;
    if (text == NULL)
        return fail_memory(r);
    for (r->p = start; r->p < quote;) {
        out = copy_run(r, json_scan_string(r->p, quote, &high), valid, out);
        if (r->p == quote)
            break;
        if (*r->p != '\\')
            return fail_at(r, r->p, ERR_JSON, "a control character in a string must be escaped");
        int n = read_escape(r, out);
        if (n < 0)
            return -1;
        out += n;
    }
    r->p = quote + 1;
    *ret = value_string(text, (size_t)(out - text));
    return 0;
}

/* The string at r->p, which is a quote. */
static ALWAYS_INLINE int read_string(struct reader *r, struct value *ret)
{
    const char *start = r->p + 1;
    bool high = false;
    const char *stop = json_scan_string(start, r->end, &high);
    if (LIKELY(stop < r->end && *stop == '"') && (LIKELY(!high) || utf8_is_valid(start, (size_t)(stop - start)))) {
        *ret = value_string(start, (size_t)(stop - start));
        r->p = stop + 1;
        return 0;
    }
    return read_string_slowly(r, start, ret);
}

/* ---- scalars ---- */

static int read_long_number(struct reader *r, struct value *ret)
{
    const char *q = r->p;
    while (q < r->end && ((*q >= '0' && *q <= '9') || *q == '.' || *q == '-' || *q == '+' || *q == 'e' || *q == 'E'))
        q++;
    switch (number_parse(r->arena, str_of(r->p, (size_t)(q - r->p)), ret)) {
    case NUMBER_OK:
        r->p = q;
        return 0;
    case NUMBER_TOO_BIG:
        return fail_at(r, r->p, ERR_JSON, "number too big");
    case NUMBER_TOO_LONG:
        return fail_at(r, r->p, ERR_LIMIT_BIGNUM, "the number has too many digits (limit 'bignum_digits')");
    case NUMBER_NOMEM:
        return fail_memory(r);
    default:
        return fail_at(r, r->p, ERR_JSON, "expected a number as JSON writes it");
    }
}

static ALWAYS_INLINE int read_number(struct reader *r, struct value *ret)
{
    const char *q = r->p;
    bool negative = *q == '-';
    q += negative;
    const char *first = q;
    uint64_t m = 0;
    while (q < r->end && (unsigned)(*q - '0') <= 9 && q - first < 19)
        m = m * 10 + (unsigned)(*q++ - '0');
    size_t digits = (size_t)(q - first);
    bool plain = digits != 0 && digits < 19 && (*first != '0' || (digits == 1 && !negative)) &&
                 (q == r->end || ((unsigned)(*q - '0') > 9 && *q != '.' && *q != 'e' && *q != 'E'));
    if (!plain)
        return read_long_number(r, ret);
    *ret = value_int(negative ? -(int64_t)m : (int64_t)m);
    r->p = q;
    return 0;
}

static bool take_word(struct reader *r, const char *word, size_t len)
{
    if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0)
        return false;
    r->p += len;
    return true;
}

static int read_scalar(struct reader *r, struct value *ret)
{
    char c = *r->p;
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(r, ret);
    if (c == 't' && take_word(r, "true", 4))
        *ret = value_bool(true);
    else if (c == 'f' && take_word(r, "false", 5))
        *ret = value_bool(false);
    else if (c == 'n' && take_word(r, "null", 4))
        *ret = value_null();
    else
        return fail(r, "a value");
    return 0;
}

/* ---- structure ---- */

/* The next byte that is not blank, or '\0' at the end. */
static ALWAYS_INLINE char next_byte(struct reader *r)
{
    if (LIKELY(r->p < r->end && (unsigned char)*r->p > ' '))
        return *r->p;
    r->p = json_skip_blanks(r->p, r->end);
    return r->p < r->end ? *r->p : '\0';
}

/* A key and the colon after it. */
static ALWAYS_INLINE int read_key(struct reader *r)
{
    struct value key;
    if (UNLIKELY(next_byte(r) != '"'))
        return fail(r, "a key in quotes");
    if (read_string(r, &key) != 0)
        return -1;
    if (UNLIKELY(next_byte(r) != ':'))
        return fail(r, "':' after the key");
    r->p++;
    return push(r, key);
}

/* After a value: takes commas and closing brackets up to where the next value starts (MORE), or to the end (DONE). */
static ALWAYS_INLINE int after_value(struct reader *r)
{
    while (r->depth > 0) {
        bool object = r->stack[r->base - 1].kind == MARK_OBJECT;
        char c = next_byte(r);
        if (c == ',') {
            r->p++;
            return object && read_key(r) != 0 ? FAILED : MORE;
        }
        if (object) {
            if (UNLIKELY(c != '}'))
                return fail(r, "',' or '}' after the member");
            if (close_object(r) != 0)
                return -1;
        } else {
            if (UNLIKELY(c != ']'))
                return fail(r, "',' or ']' after the element");
            if (close_array(r) != 0)
                return -1;
        }
    }
    return DONE;
}

/* A value up to its end (DONE), or the start of a collection that is not empty (MORE). */
static ALWAYS_INLINE int start_value(struct reader *r)
{
    struct value v;
    switch (next_byte(r)) {
    case '"':
        return read_string(r, &v) != 0 ? FAILED : push(r, v);
    case '{':
        if (open_collection(r, MARK_OBJECT) != 0)
            return FAILED;
        if (next_byte(r) == '}')
            return close_object(r);
        return read_key(r) != 0 ? FAILED : MORE;
    case '[':
        if (open_collection(r, MARK_ARRAY) != 0)
            return FAILED;
        return next_byte(r) == ']' ? close_array(r) : MORE;
    default:
        if (r->p >= r->end)
            return fail(r, "a value");
        return read_scalar(r, &v) != 0 ? FAILED : push(r, v);
    }
}

static int read_document(struct reader *r)
{
    int status = MORE;
    while (status == MORE) {
        status = start_value(r);
        if (status == DONE)
            status = after_value(r);
    }
    return status;
}

int json_parse_prefix(struct arena *a, struct str text, const struct json_options *o, struct value *ret, size_t *ret_used,
                      struct err *e)
{
    struct json_options none = {0};
    o = o != NULL ? o : &none;
    struct value first[FIRST_STACK];
    struct reader r = {.stack = first, .cap = FIRST_STACK, .arena = a, .err = e};
    r.max_depth = o->max_depth != 0 ? o->max_depth : (uint32_t)limits_default().json_depth;
    if (text.len > UINT32_MAX)
        return err_set(e, ERR_LIMIT_SIZE, "the document is too large");
    if (!o->borrow) {
        text = arena_str(a, text);
        if (text.p == NULL)
            return fail_memory(&r);
    }
    r.p = r.start = text.p;
    r.end = text.p + text.len;
    int status = read_document(&r);
    if (status == DONE) {
        *ret = r.stack[0];
        *ret_used = (size_t)(r.p - r.start);
    }
    if (r.heap != NULL) {
        alloc_release(&a->alloc, r.heap, r.cap * sizeof *r.heap);
        arena_unreserve(a, r.cap * sizeof *r.heap);
    }
    return status;
}

int json_parse(struct arena *a, struct str text, const struct json_options *o, struct value *ret, struct err *e)
{
    size_t used;
    if (json_parse_prefix(a, text, o, ret, &used, e) != 0)
        return -1;
    struct reader r = {.start = text.p, .end = text.p + text.len, .err = e};
    r.p = json_skip_blanks(text.p + used, r.end);
    return r.p == r.end ? 0 : fail(&r, "nothing after the value");
}
