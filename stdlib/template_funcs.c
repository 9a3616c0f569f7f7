/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions of text templates. and, or and the name that call shows are the executor's (stdlib/template_exec.c).
 */
#include "base/utf8.h"
#include "stdlib/quote.h"
#include "stdlib/template_exec.h"
#include "stdlib/unicode.h"
#include "stdlib/url_escape.h"

enum {
    F_AND,
    F_CALL,
    F_EQ,
    F_GE,
    F_GT,
    F_HTML,
    F_INDEX,
    F_JS,
    F_LE,
    F_LEN,
    F_LT,
    F_NE,
    F_NOT,
    F_OR,
    F_PRINT,
    F_PRINTF,
    F_PRINTLN,
    F_SLICE,
    F_URLQUERY,
};

static const struct template_function_row rows[] = {
    [F_AND] = {"and", 1, true, TP_VALUE, TP_VALUE},       [F_CALL] = {"call", 1, true, TP_VALUE, TP_VALUE},
    [F_EQ] = {"eq", 1, true, TP_VALUE, TP_VALUE},         [F_GE] = {"ge", 2, false, TP_VALUE, TP_VALUE},
    [F_GT] = {"gt", 2, false, TP_VALUE, TP_VALUE},        [F_HTML] = {"html", 0, true, TP_ANY, TP_ANY},
    [F_INDEX] = {"index", 1, true, TP_VALUE, TP_VALUE},   [F_JS] = {"js", 0, true, TP_ANY, TP_ANY},
    [F_LE] = {"le", 2, false, TP_VALUE, TP_VALUE},        [F_LEN] = {"len", 1, false, TP_VALUE, TP_VALUE},
    [F_LT] = {"lt", 2, false, TP_VALUE, TP_VALUE},        [F_NE] = {"ne", 2, false, TP_VALUE, TP_VALUE},
    [F_NOT] = {"not", 1, false, TP_VALUE, TP_VALUE},      [F_OR] = {"or", 1, true, TP_VALUE, TP_VALUE},
    [F_PRINT] = {"print", 0, true, TP_ANY, TP_ANY},       [F_PRINTF] = {"printf", 1, true, TP_STRING, TP_ANY},
    [F_PRINTLN] = {"println", 0, true, TP_ANY, TP_ANY},   [F_SLICE] = {"slice", 1, true, TP_VALUE, TP_VALUE},
    [F_URLQUERY] = {"urlquery", 0, true, TP_ANY, TP_ANY},
};

int template_function(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_equal(name, str_cstr(rows[i].name)))
            return (int)i;
    return -1;
}

const struct template_function_row *template_function_row(int number)
{
    return &rows[number];
}

const char *template_type(struct template_value v)
{
    return v.boxed ? "interface {}" : gofmt_type(&v.a);
}

/* Has it a length: text, list, object? */
static bool has_length(struct template_value v, size_t *ret)
{
    switch (v.a.kind) {
    case GOFMT_STRING:
    case GOFMT_NUMBER:
        *ret = v.a.text.len;
        return true;
    case GOFMT_LIST:
    case GOFMT_MAP:
        *ret = value_count(v.a.value);
        return true;
    default:
        return false;
    }
}

bool template_truth(struct template_value v)
{
    size_t length;
    if (has_length(v, &length))
        return length > 0;
    return v.a.kind == GOFMT_FLOAT ? v.a.f != 0 : v.a.kind != GOFMT_NIL && v.a.i != 0;
}

/* ---- len, index, slice ---- */

static int call_len(struct template_value v, struct template_value *ret, struct buf *e)
{
    size_t length;
    if (has_length(v, &length))
        *ret = template_int((int64_t)length);
    else if (template_is_none(v))
        buf_cstr(e, "reflect: call of reflect.Value.Type on zero Value");
    else if (v.a.kind == GOFMT_NIL)
        buf_cstr(e, "len of nil pointer");
    else
        buf_printf(e, "len of type %s", gofmt_type(&v.a));
    return BI_OK;
}

/* An index of a list or text of n elements, n itself included. */
static bool read_index(struct template_value v, size_t n, size_t *ret, struct buf *e)
{
    if (v.a.kind == GOFMT_NIL)
        buf_cstr(e, "cannot index slice/array with nil");
    else if (v.a.kind != GOFMT_INT)
        buf_printf(e, "cannot index slice/array with type %s", gofmt_type(&v.a));
    else if (v.a.i < 0 || (uint64_t)v.a.i > n)
        buf_printf(e, "index out of range: %lld", (long long)v.a.i);
    else
        *ret = (size_t)v.a.i;
    return e->len == 0 && !e->failed;
}

static bool index_map(struct bi_ctx *ctx, struct template_value *item, struct template_value key, struct buf *e)
{
    if (key.a.kind != GOFMT_STRING) {
        if (key.a.kind == GOFMT_NIL)
            buf_cstr(e, "value is nil; should be of type string");
        else
            buf_printf(e, "value has type %s; should be string", gofmt_type(&key.a));
        return false;
    }
    const struct value *found = object_find_str(item->a.value.object, key.a.text);
    *item = found != NULL ? template_element(ctx, *found) : (struct template_value){.boxed = true};
    return true;
}

static bool index_one(struct bi_ctx *ctx, struct template_value *item, struct template_value key, struct buf *e)
{
    size_t length = 0, i = 0;
    if (item->a.kind == GOFMT_NIL) {
        buf_cstr(e, "index of nil pointer");
        return false;
    }
    if (item->a.kind == GOFMT_MAP)
        return index_map(ctx, item, key, e);
    if (!has_length(*item, &length)) {
        buf_printf(e, "can't index item of type %s", gofmt_type(&item->a));
        return false;
    }
    if (!read_index(key, length, &i, e))
        return false;
    if (i == length) {
        buf_cstr(e, item->a.kind == GOFMT_LIST ? "reflect: slice index out of range" : "reflect: string index out of range");
        return false;
    }
    if (item->a.kind == GOFMT_LIST)
        *item = template_element(ctx, item->a.value.items[i]);
    else
        *item = (struct template_value){.a = {.kind = GOFMT_INT, .type = "uint8", .i = (unsigned char)item->a.text.p[i]}};
    return true;
}

static int call_index(struct bi_ctx *ctx, const struct template_value *args, size_t count, struct template_value *ret,
                      struct buf *e)
{
    *ret = template_unbox(args[0]);
    if (template_is_none(*ret))
        buf_cstr(e, "index of untyped nil");
    for (size_t i = 1; i < count && e->len == 0; i++)
        if (!index_one(ctx, ret, args[i], e))
            break;
    return BI_OK;
}

static int call_slice(const struct template_value *args, size_t count, struct template_value *ret, struct buf *e)
{
    struct template_value item = template_unbox(args[0]);
    size_t length = 0, index[3] = {0};
    if (template_is_none(item))
        buf_cstr(e, "slice of untyped nil");
    else if (count > 4)
        buf_printf(e, "too many slice indexes: %zu", count - 1);
    else if (item.a.kind == GOFMT_MAP || !has_length(item, &length))
        buf_printf(e, "can't slice item of type %s", gofmt_type(&item.a));
    else if (count == 4 && item.a.kind != GOFMT_LIST)
        buf_cstr(e, "cannot 3-index slice a string");
    if (e->len > 0)
        return BI_OK;
    index[1] = length;
    for (size_t i = 1; i < count; i++) {
        if (args[i].boxed) /* Go looks at the interface here, not into it */
            buf_cstr(e, "cannot index slice/array with type interface {}");
        if (e->len > 0 || !read_index(args[i], length, &index[i - 1], e))
            return BI_OK;
    }
    if (index[0] > index[1])
        buf_printf(e, "invalid slice index: %zu > %zu", index[0], index[1]);
    else if (count == 4 && index[1] > index[2])
        buf_printf(e, "invalid slice index: %zu > %zu", index[1], index[2]);
    if (e->len > 0)
        return BI_OK;
    if (item.a.kind == GOFMT_LIST)
        item.a.value = value_array(item.a.value.items + index[0], index[1] - index[0]);
    else
        item.a.text = str_of(item.a.text.p + index[0], index[1] - index[0]);
    *ret = item;
    return BI_OK;
}

/* ---- comparing ---- */

enum basic { BASIC_NONE, BASIC_BOOL, BASIC_INT, BASIC_FLOAT, BASIC_STRING, BASIC_UINT };

static enum basic basic_kind(struct template_value v)
{
    switch (v.a.kind) {
    case GOFMT_BOOL:
        return BASIC_BOOL;
    case GOFMT_INT:
        return v.a.type != NULL && v.a.type[0] == 'u' ? BASIC_UINT : BASIC_INT;
    case GOFMT_FLOAT:
        return BASIC_FLOAT;
    case GOFMT_STRING:
    case GOFMT_NUMBER:
        return BASIC_STRING;
    default:
        return BASIC_NONE;
    }
}

static bool is_integer(enum basic k)
{
    return k == BASIC_INT || k == BASIC_UINT;
}

static bool is_same_basic(struct template_value a, struct template_value b, enum basic k)
{
    if (k == BASIC_FLOAT)
        return a.a.f == b.a.f;
    return k == BASIC_STRING ? str_equal(a.a.text, b.a.text) : a.a.i == b.a.i;
}

/* Collections are equal to nothing, and comparing two is an error. */
static int compare_others(struct template_state *s, struct template_value a, struct template_value b, bool *ret, struct buf *e)
{
    int status = BI_OK;
    bool a_nil = a.a.kind == GOFMT_NIL, b_nil = b.a.kind == GOFMT_NIL;
    *ret = a_nil && b_nil;
    if (a_nil || b_nil)
        return BI_OK;
    if (a.a.kind != b.a.kind) {
        buf_cstr(e, "non-comparable types ");
        status = gofmt_printf(s->ctx, e, STR("%s"), &a.a, 1);
        buf_printf(e, ": %s, %s: ", gofmt_type(&a.a), gofmt_type(&b.a));
        return status == BI_OK ? gofmt_value(s->ctx, e, &b.a) : status;
    }
    buf_cstr(e, "non-comparable type ");
    status = gofmt_printf(s->ctx, e, STR("%s"), &b.a, 1);
    buf_printf(e, ": %s", gofmt_type(&b.a));
    return status;
}

static int call_eq(struct template_state *s, const struct template_value *args, size_t count, bool *ret, struct buf *e)
{
    *ret = false;
    if (count < 2)
        buf_cstr(e, "missing argument for comparison");
    enum basic k = basic_kind(args[0]);
    for (size_t i = 1; i < count && !*ret && e->len == 0; i++) {
        enum basic other = basic_kind(args[i]);
        int status = BI_OK;
        if (k == other && k == BASIC_NONE)
            status = compare_others(s, args[0], args[i], ret, e);
        else if (k == other || (is_integer(k) && is_integer(other)))
            *ret = is_same_basic(args[0], args[i], k);
        else if (args[0].a.kind != GOFMT_NIL && args[i].a.kind != GOFMT_NIL)
            buf_printf(e, "incompatible types for comparison: %s and %s", gofmt_type(&args[0].a), gofmt_type(&args[i].a));
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}

static bool is_less(const struct template_value *args, struct buf *e)
{
    enum basic a = basic_kind(args[0]), b = basic_kind(args[1]);
    if (a == BASIC_NONE || b == BASIC_NONE || (a == b && a == BASIC_BOOL)) {
        buf_cstr(e, "invalid type for comparison");
        return false;
    }
    if (a != b && !(is_integer(a) && is_integer(b))) {
        buf_printf(e, "incompatible types for comparison: %s and %s", gofmt_type(&args[0].a), gofmt_type(&args[1].a));
        return false;
    }
    if (a == BASIC_FLOAT)
        return args[0].a.f < args[1].a.f;
    return a == BASIC_STRING ? str_compare(args[0].a.text, args[1].a.text) < 0 : args[0].a.i < args[1].a.i;
}

static int call_compare(struct template_state *s, int number, const struct template_value *args, struct template_value *ret,
                        struct buf *e)
{
    bool less = is_less(args, e), equal = false;
    if (e->len == 0 && !less && (number == F_LE || number == F_GT)) {
        int status = call_eq(s, args, 2, &equal, e);
        if (status != BI_OK)
            return status;
    }
    bool at_most = less || equal;
    *ret = template_bool(number == F_LT ? less : number == F_LE ? at_most : number == F_GT ? !at_most : !less);
    return BI_OK;
}

/* ---- printing and escaping ---- */

int template_print(struct template_state *s, struct buf *b, struct template_value v)
{
    if (template_is_none(v)) {
        buf_cstr(b, "<no value>");
        return BI_OK;
    }
    return gofmt_value(s->ctx, b, &v.a);
}

static bool is_text(struct template_value v)
{
    return v.a.kind == GOFMT_STRING || v.a.kind == GOFMT_NUMBER;
}

/* Blanks between operands that are no texts, or between all with a line end. */
static int print_all(struct template_state *s, const struct template_value *args, size_t count, bool line, struct buf *b)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (line || (!is_text(args[i]) && !is_text(args[i - 1]))))
            buf_char(b, ' ');
        int status = gofmt_value(s->ctx, b, &args[i].a);
        if (status != BI_OK)
            return status;
    }
    if (line)
        buf_char(b, '\n');
    return BI_OK;
}

/* What the escaping functions escape: like print, but a nil is no value. */
static int print_for_escape(struct template_state *s, const struct template_value *args, size_t count, struct buf *b)
{
    bool after_text = true;
    for (size_t i = 0; i < count; i++) {
        bool text = is_text(args[i]) || args[i].a.kind == GOFMT_NIL;
        if (i > 0 && !text && !after_text)
            buf_char(b, ' ');
        after_text = text;
        int status = args[i].a.kind == GOFMT_NIL ? BI_OK : gofmt_value(s->ctx, b, &args[i].a);
        if (args[i].a.kind == GOFMT_NIL)
            buf_cstr(b, "<no value>");
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}

static void escape_html(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.p[i]) {
        case '\0':
            buf_cstr(b, "\xEF\xBF\xBD");
            break;
        case '"':
            buf_cstr(b, "&#34;");
            break;
        case '\'':
            buf_cstr(b, "&#39;");
            break;
        case '&':
            buf_cstr(b, "&amp;");
            break;
        case '<':
            buf_cstr(b, "&lt;");
            break;
        case '>':
            buf_cstr(b, "&gt;");
            break;
        default:
            buf_char(b, s.p[i]);
            break;
        }
    }
}

static void escape_js(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (c == '\\' || c == '\'' || c == '"')
            buf_printf(b, "\\%c", (int)c);
        else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '=' || (c >= 0x80 && !unicode_is_print(c)))
            buf_printf(b, "\\u%04X", (unsigned)c);
        else
            buf_bytes(b, s.p + i, len);
        i += len;
    }
}

static int call_print(struct template_state *s, int number, const struct template_value *args, size_t count, struct buf *b)
{
    if (number == F_PRINT || number == F_PRINTLN)
        return print_all(s, args, count, number == F_PRINTLN, b);
    if (number == F_PRINTF) {
        struct gofmt_arg *list = arena_array(s->ctx->arena, count, sizeof *list);
        if (list == NULL)
            return bi_nomem(s->ctx);
        for (size_t i = 1; i < count; i++)
            list[i - 1] = args[i].a;
        return gofmt_printf(s->ctx, b, args[0].a.text, list, count - 1);
    }
    struct buf plain;
    buf_init(&plain, s->ctx->arena);
    int status = print_for_escape(s, args, count, &plain);
    if (status != BI_OK || plain.failed)
        return status != BI_OK ? status : bi_nomem(s->ctx);
    struct str text = buf_view(&plain);
    if (number == F_HTML)
        escape_html(b, text);
    else if (number == F_JS)
        escape_js(b, text);
    else
        url_escape(b, text, URL_QUERY);
    return bi_charge(s->ctx, text.len / 4);
}

int template_call(struct template_state *s, int number, const struct template_value *args, size_t count,
                  struct template_value *ret, struct buf *ret_error)
{
    struct buf b;
    bool equal = false;
    int status = bi_charge(s->ctx, 8 + count * 2);
    if (status != BI_OK)
        return status;
    switch (number) {
    case F_LEN:
        return call_len(args[0], ret, ret_error);
    case F_INDEX:
        return call_index(s->ctx, args, count, ret, ret_error);
    case F_SLICE:
        return call_slice(args, count, ret, ret_error);
    case F_NOT:
        *ret = template_bool(!template_truth(args[0]));
        return BI_OK;
    case F_EQ:
    case F_NE:
        status = call_eq(s, args, count, &equal, ret_error);
        *ret = template_bool(equal == (number == F_EQ));
        return status;
    case F_LT:
    case F_LE:
    case F_GT:
    case F_GE:
        return call_compare(s, number, args, ret, ret_error);
    case F_CALL:
        if (args[0].a.kind == GOFMT_NIL)
            buf_cstr(ret_error, "call of nil");
        else
            buf_printf(ret_error, " of type %s", gofmt_type(&args[0].a)); /* after "non-function" and its source */
        return BI_OK;
    default:
        break;
    }
    buf_init(&b, s->ctx->arena);
    status = call_print(s, number, args, count, &b);
    *ret = template_text(b.len > 0 ? buf_view(&b) : str_of("", 0));
    return status == BI_OK && b.failed ? bi_nomem(s->ctx) : status;
}
