/* SPDX-License-Identifier: Apache-2.0
 *
 * urlquery.encode, urlquery.decode, urlquery.encode_object, urlquery.decode_object.
 */
#include "stdlib/builtins.h"
#include "stdlib/strings.h"
#include "stdlib/url_escape.h"
#include "vm/json.h"

#define MOST_PARAMETERS 10000

static int fail_fault(struct bi_ctx *ctx, enum url_fault fault, struct str at)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    url_write_fault(&b, fault, at);
    return b.failed ? bi_nomem(ctx) : bi_fail(ctx, "%.*s", (int)b.len, b.p);
}

int bif_urlquery_encode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    struct buf b;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    url_escape(&b, s, URL_QUERY);
    return bi_return_buf(ctx, &b, ret);
}

int bif_urlquery_decode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s, at;
    struct buf b;
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len / 4 + 1);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    enum url_fault fault = url_unescape(&b, s, URL_QUERY, &at);
    return fault == URL_OK ? bi_return_buf(ctx, &b, ret) : fail_fault(ctx, fault, at);
}

/* ---- urlquery.encode_object ---- */

struct parameter {
    struct str key;
    struct value value;
};

/* The text of a key: JSON's for what is not a string. */
static int key_text(struct bi_ctx *ctx, struct value key, struct str *ret)
{
    if (key.kind == VALUE_STRING) {
        *ret = value_text(key);
        return BI_OK;
    }
    struct buf b;
    buf_init(&b, ctx->arena);
    json_write(&b, key, JSON_COMPACT);
    *ret = buf_view(&b);
    return b.failed ? bi_nomem(ctx) : BI_OK;
}

static int check_value(struct bi_ctx *ctx, struct value v)
{
    if (v.kind == VALUE_STRING)
        return BI_OK;
    bool is_list = v.kind == VALUE_ARRAY || v.kind == VALUE_SET;
    const struct value *items = v.kind == VALUE_SET ? set_items(v.set) : v.items;
    size_t count = is_list ? value_count(v) : 0;
    for (size_t i = 0; i < count && is_list; i++)
        is_list = items[i].kind == VALUE_STRING;
    return is_list ? BI_OK : bi_operand_text(ctx, 1, "values must be string, array[string], or set[string]");
}

static void write_parameter(struct buf *b, struct str key, struct value value)
{
    if (b->len > 0)
        buf_char(b, '&');
    url_escape(b, key, URL_QUERY);
    buf_char(b, '=');
    url_escape(b, value_text(value), URL_QUERY);
}

static int write_member(struct bi_ctx *ctx, struct buf *b, const struct parameter *p)
{
    const struct value *items = &p->value;
    size_t count = 1;
    if (p->value.kind != VALUE_STRING) {
        items = p->value.kind == VALUE_SET ? set_items(p->value.set) : p->value.items;
        count = value_count(p->value);
    }
    for (size_t i = 0; i < count; i++) {
        write_parameter(b, p->key, items[i]);
        int status = bi_charge(ctx, (p->key.len + items[i].len) / 4 + 1);
        if (status != BI_OK)
            return status;
    }
    return b->failed ? bi_nomem(ctx) : BI_OK;
}

int bif_urlquery_encode_object(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct object *o;
    int status = bi_object(ctx, argv, 1, &o);
    if (status == BI_OK)
        status = bi_charge(ctx, (uint64_t)o->count * 16 + 1);
    if (status != BI_OK)
        return status;
    const struct member *members = object_members(o);
    struct parameter *list = arena_array(ctx->arena, o->count, sizeof *list);
    if (list == NULL)
        return bi_nomem(ctx);
    bool sorted = true; /* string keys are; the text of another key may sort elsewhere */
    for (uint32_t i = 0; i < o->count; i++) {
        list[i].value = members[i].value;
        status = key_text(ctx, members[i].key, &list[i].key);
        if (status == BI_OK)
            status = check_value(ctx, members[i].value);
        if (status != BI_OK)
            return status;
        sorted = sorted && (i == 0 || str_compare(list[i - 1].key, list[i].key) <= 0);
    }
    for (uint32_t i = 1; i < o->count && !sorted; i++) {
        struct parameter held = list[i];
        uint32_t k = i;
        for (; k > 0 && str_compare(list[k - 1].key, held.key) > 0; k--)
            list[k] = list[k - 1];
        list[k] = held;
        status = bi_charge(ctx, i - k + 1);
        if (status != BI_OK)
            return status;
    }
    struct buf b;
    buf_init(&b, ctx->arena);
    for (uint32_t i = 0; i < o->count && status == BI_OK; i++)
        status = write_member(ctx, &b, &list[i]);
    return status == BI_OK ? bi_return_buf(ctx, &b, ret) : status;
}

/* ---- urlquery.decode_object ---- */

struct query {
    struct bi_ctx *ctx;
    struct object *lists; /* key -> number of its list */
    struct array_builder *builders;
    size_t count, cap;
    enum url_fault fault; /* the first one */
    struct str fault_at;
    bool has_semicolon;
};

static int add_parameter(struct query *q, struct str key, struct str value)
{
    struct arena *a = q->ctx->arena;
    struct value *number = object_find_str(q->lists, key);
    size_t i = number != NULL ? (size_t)number->i : q->count;
    if (number == NULL) {
        if (!arena_grow(a, &q->builders, &q->cap, q->count + 1, sizeof *q->builders) ||
            object_put(a, q->lists, value_str(key), value_int((int64_t)i)) < 0)
            return bi_nomem(q->ctx);
        array_init(&q->builders[q->count++], a);
    }
    return array_push(&q->builders[i], value_str(value)) ? BI_OK : bi_nomem(q->ctx);
}

static int decode_part(struct query *q, struct str part, bool *ret_good, struct str *ret)
{
    struct buf b;
    struct str at;
    buf_init(&b, q->ctx->arena);
    enum url_fault fault = url_unescape(&b, part, URL_QUERY, &at);
    *ret_good = fault == URL_OK;
    *ret = b.len > 0 ? buf_view(&b) : str_of("", 0);
    if (fault != URL_OK && q->fault == URL_OK) {
        q->fault = fault;
        q->fault_at = at;
    }
    return b.failed ? bi_nomem(q->ctx) : BI_OK;
}

static int read_parameter(struct query *q, struct str part)
{
    if (part.len == 0)
        return BI_OK;
    if (memchr(part.p, ';', part.len) != NULL) {
        q->has_semicolon = true;
        return BI_OK;
    }
    const char *equal = memchr(part.p, '=', part.len);
    size_t key_len = equal != NULL ? (size_t)(equal - part.p) : part.len;
    struct str value = equal != NULL ? str_of(equal + 1, part.len - key_len - 1) : str_of("", 0), key;
    bool good;
    int status = decode_part(q, str_of(part.p, key_len), &good, &key);
    if (status == BI_OK && good)
        status = decode_part(q, value, &good, &value);
    return status == BI_OK && good ? add_parameter(q, key, value) : status;
}

static int read_query(struct query *q, struct str s)
{
    size_t parameters = 1;
    for (size_t i = 0; i < s.len; i++)
        parameters += s.p[i] == '&';
    if (parameters > MOST_PARAMETERS)
        return bi_fail(q->ctx, "number of URL query parameters exceeded limit");
    for (size_t at = 0; at < s.len;) {
        const char *end = memchr(s.p + at, '&', s.len - at);
        size_t len = end != NULL ? (size_t)(end - s.p) - at : s.len - at;
        int status = read_parameter(q, str_of(s.p + at, len));
        if (status != BI_OK)
            return status;
        at += len + 1;
    }
    if (q->has_semicolon)
        return bi_fail(q->ctx, "invalid semicolon separator in query");
    return q->fault == URL_OK ? BI_OK : fail_fault(q->ctx, q->fault, q->fault_at);
}

int bif_urlquery_decode_object(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    struct query q = {.ctx = ctx};
    int status = bi_string(ctx, argv, 1, &s);
    if (status == BI_OK)
        status = bi_charge(ctx, s.len + 1);
    if (status != BI_OK)
        return status;
    q.lists = object_new(ctx->arena, 0);
    if (q.lists == NULL)
        return bi_nomem(ctx);
    status = read_query(&q, s);
    if (status != BI_OK)
        return status;
    struct object *o = object_new(ctx->arena, q.count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < q.lists->count; i++) {
        struct member m = q.lists->members[i];
        if (object_put(ctx->arena, o, m.key, array_value(&q.builders[m.value.i])) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_object(o);
    return BI_OK;
}
