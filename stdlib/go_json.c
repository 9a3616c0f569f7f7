/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as Go's encoding/json would make them of its structs.
 */
#include "stdlib/go_json.h"

#include "stdlib/base64.h"
#include "stdlib/strings.h"
#include "vm/number.h"

static struct value fail_memory(struct go_json *g)
{
    if (g->status == BI_OK)
        g->status = bi_nomem(g->ctx);
    return value_null();
}

static bool pay(struct go_json *g, uint64_t units)
{
    if (g->status == BI_OK)
        g->status = bi_charge(g->ctx, units);
    return g->status == BI_OK;
}

struct object *go_json_object(struct go_json *g, size_t cap)
{
    if (!pay(g, 5 + cap * 5))
        return NULL;
    struct object *o = object_new(g->ctx->arena, cap);
    if (o == NULL)
        (void)fail_memory(g);
    return o;
}

void go_json_put(struct go_json *g, struct object *o, const char *name, struct value v)
{
    if (g->status == BI_OK && object_put(g->ctx->arena, o, value_str(str_cstr(name)), v) < 0)
        (void)fail_memory(g);
}

struct value go_json_bytes(struct go_json *g, struct str bytes)
{
    if (bytes.p == NULL || !pay(g, 1 + bytes.len / 2))
        return value_null();
    struct str text = base64_encode(g->ctx->arena, bytes, BASE64_STANDARD, true);
    return text.p == NULL ? fail_memory(g) : value_str(text);
}

struct value go_json_text(struct go_json *g, struct str text)
{
    struct str clean;
    if (g->status == BI_OK)
        g->status = strings_scrub(g->ctx, text, &clean);
    return g->status == BI_OK ? value_str(clean.len > 0 ? clean : STR("")) : value_null();
}

struct value go_json_number(struct go_json *g, struct str bytes)
{
    struct value v;
    uint64_t words = bytes.len / 8 + 1;
    if (bytes.p == NULL || !pay(g, 20 + words * words * 4))
        return value_null();
    enum number_status status = number_from_bytes(g->ctx->arena, (const uint8_t *)bytes.p, bytes.len, &v);
    if (status == NUMBER_OK)
        return v;
    if (status == NUMBER_TOO_BIG || status == NUMBER_TOO_LONG)
        g->status = bi_number_status(g->ctx, status);
    return status == NUMBER_NOMEM ? fail_memory(g) : value_null();
}

struct value go_json_oid(struct go_json *g, struct der oid)
{
    struct array_builder b;
    size_t at = 0;
    unsigned count = 0;
    uint64_t arc;
    array_init(&b, g->ctx->arena);
    while (g->status == BI_OK && der_next_arc(oid, &at, &count, &arc))
        if (!array_push(&b, value_int((int64_t)arc)))
            return fail_memory(g);
    return array_value(&b);
}

struct value go_json_list(struct go_json *g, size_t count,
                          struct value (*element)(struct go_json *g, const void *items, size_t i), const void *items)
{
    if (count == 0 || !pay(g, count * 4))
        return value_null();
    struct value *list = arena_array(g->ctx->arena, count, sizeof *list);
    if (list == NULL)
        return fail_memory(g);
    for (size_t i = 0; i < count; i++)
        list[i] = g->status == BI_OK ? element(g, items, i) : value_null();
    return value_array(list, count);
}
