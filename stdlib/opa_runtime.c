/* SPDX-License-Identifier: Apache-2.0
 *
 * opa.runtime: what the host says about itself, without credentials and keys.
 */
#include "stdlib/builtins.h"

/* Secrets of the two parts of a configuration that hold any: members to leave out of each entry. */
static const struct {
    const char *part;
    const char *secrets[2];
} redacted[] = {
    {"services", {"credentials", NULL}},
    {"keys", {"key", "private_key"}},
};

static int copy_without(struct bi_ctx *ctx, const struct object *from, const char *const secrets[2], struct value *ret)
{
    struct object *o = object_new(ctx->arena, from->count);
    if (o == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < from->count; i++) {
        const struct member *m = &from->members[i];
        bool secret = false;
        for (size_t s = 0; s < 2 && secrets[s] != NULL; s++)
            secret |= m->key.kind == VALUE_STRING && str_equal(value_text(m->key), str_cstr(secrets[s]));
        if (!secret && object_put(ctx->arena, o, m->key, m->value) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_object(o);
    return BI_OK;
}

static int redact_entry(struct bi_ctx *ctx, struct value entry, const char *const secrets[2], struct value *ret)
{
    if (entry.kind != VALUE_OBJECT)
        return bi_fail(ctx, "type assertion error");
    return copy_without(ctx, entry.object, secrets, ret);
}

static int redact_part(struct bi_ctx *ctx, struct value part, const char *const secrets[2], struct value *ret)
{
    int status = BI_OK;
    if (part.kind == VALUE_OBJECT) {
        struct object *o = object_new(ctx->arena, part.object->count);
        if (o == NULL)
            return bi_nomem(ctx);
        for (uint32_t i = 0; status == BI_OK && i < part.object->count; i++) {
            struct value entry;
            status = redact_entry(ctx, part.object->members[i].value, secrets, &entry);
            if (status == BI_OK && object_put(ctx->arena, o, part.object->members[i].key, entry) < 0)
                return bi_nomem(ctx);
        }
        *ret = value_object(o);
        return status;
    }
    if (part.kind != VALUE_ARRAY)
        return bi_fail(ctx, "illegal config type: %s", value_kind_name((enum value_kind)part.kind));
    struct value *items = arena_array(ctx->arena, part.len, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; status == BI_OK && i < part.len; i++)
        status = redact_entry(ctx, part.items[i], secrets, &items[i]);
    *ret = value_array(items, part.len);
    return status;
}

/* A copy of o with the member name replaced. */
static int replace_member(struct bi_ctx *ctx, const struct object *o, struct str name, struct value v, struct value *ret)
{
    struct object *copy = object_new(ctx->arena, o->count);
    if (copy == NULL)
        return bi_nomem(ctx);
    for (uint32_t i = 0; i < o->count; i++)
        if (object_put(ctx->arena, copy, o->members[i].key, o->members[i].value) < 0)
            return bi_nomem(ctx);
    if (object_put(ctx->arena, copy, value_str(name), v) < 0)
        return bi_nomem(ctx);
    *ret = value_object(copy);
    return BI_OK;
}

int bif_opa_runtime(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv;
    if (ctx->host == NULL || ctx->host->runtime.kind != VALUE_OBJECT) {
        struct object *empty = object_new(ctx->arena, 0);
        if (empty == NULL)
            return bi_nomem(ctx);
        *ret = value_object(empty);
        return BI_OK;
    }
    struct value runtime = ctx->host->runtime;
    const struct value *config = object_find_str(runtime.object, STR("config"));
    *ret = runtime;
    if (config == NULL || config->kind != VALUE_OBJECT)
        return BI_OK;
    struct value clean = *config;
    for (size_t i = 0; i < COUNT_OF(redacted); i++) {
        struct str name = str_cstr(redacted[i].part);
        const struct value *part = object_find_str(clean.object, name);
        if (part == NULL || part->kind == VALUE_NULL)
            continue;
        struct value redacted_part;
        int status = redact_part(ctx, *part, redacted[i].secrets, &redacted_part);
        if (status == BI_OK)
            status = replace_member(ctx, clean.object, name, redacted_part, &clean);
        if (status != BI_OK)
            return status;
    }
    return replace_member(ctx, runtime.object, STR("config"), clean, ret);
}
