/* SPDX-License-Identifier: Apache-2.0
 *
 * strings.render_template: Go's text/template over a JSON document.
 *
 * OPA hands the object over as its Rego text, read as JSON: what has no JSON text that way (sets, keys that are no strings,
 * some control characters) is an error, and what a missing key prints, "<no value>", becomes "<undefined>".
 */
#include "base/utf8.h"
#include "stdlib/builtins.h"
#include "stdlib/strings.h"
#include "stdlib/template_tree.h"
#include "stdlib/unicode.h"

static int fail_character(struct bi_ctx *ctx, char c, const char *where)
{
    return bi_fail(ctx, "invalid character '%c' %s", c, where);
}

/* Escapes of Rego text that JSON does not have. */
static int check_string(struct bi_ctx *ctx, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        char letter = '\0';
        if ((c == UTF8_BAD && len == 1) || c == 0x7F)
            letter = 'x';
        else if (c < ' ')
            letter = c == '\a' ? 'a' : c == '\v' ? 'v' : c == '\b' || c == '\f' || (c >= '\t' && c <= '\r') ? '\0' : 'x';
        else if (c > 0xFFFF && !unicode_is_print(c))
            letter = 'U';
        if (letter != '\0')
            return fail_character(ctx, letter, "in string escape code");
        i += len;
    }
    return bi_charge(ctx, s.len / 8);
}

/* What the text of v begins with where only a string may stand. */
static int fail_key(struct bi_ctx *ctx, struct value v, char after)
{
    struct buf b;
    int status = bi_charge_text(ctx, v);
    if (status != BI_OK)
        return status;
    buf_init(&b, ctx->arena);
    value_write_rego(&b, v);
    if (b.failed)
        return bi_nomem(ctx);
    if (v.kind == VALUE_STRING)
        return fail_character(ctx, after, "after object key");
    return fail_character(ctx, b.p[0], "looking for beginning of object key string");
}

static int check_value(struct bi_ctx *ctx, struct value v)
{
    int status = BI_OK;
    const struct member *members;
    switch (v.kind) {
    case VALUE_STRING:
        return check_string(ctx, value_text(v));
    case VALUE_ARRAY:
        for (uint32_t i = 0; i < v.len && status == BI_OK; i++)
            status = check_value(ctx, v.items[i]);
        return status;
    case VALUE_OBJECT:
        members = object_members(v.object);
        for (uint32_t i = 0; i < v.object->count && status == BI_OK; i++) {
            if (members[i].key.kind != VALUE_STRING)
                return fail_key(ctx, members[i].key, ':');
            status = check_string(ctx, value_text(members[i].key));
            if (status == BI_OK)
                status = check_value(ctx, members[i].value);
        }
        return status;
    case VALUE_SET:
        if (v.set->count == 0)
            return fail_character(ctx, 's', "looking for beginning of value");
        return fail_key(ctx, set_items(v.set)[0], v.set->count > 1 ? ',' : '}');
    default:
        return bi_charge(ctx, 1);
    }
}

static int replace_missing(struct bi_ctx *ctx, struct str text, struct value *ret)
{
    static const struct str missing = {"<no value>", 10};
    struct buf b;
    buf_init(&b, ctx->arena);
    for (size_t at; (at = strings_find(text, missing)) != STRINGS_NONE;) {
        buf_bytes(&b, text.p, at);
        buf_cstr(&b, "<undefined>");
        text = str_of(text.p + at + missing.len, text.len - at - missing.len);
    }
    buf_str(&b, text);
    int status = strings_charge(ctx, b.len);
    return status == BI_OK ? bi_return_buf(ctx, &b, ret) : status;
}

int bif_strings_render_template(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str text;
    struct object *o;
    struct template_tree *trees;
    struct buf out;
    int status = bi_string(ctx, argv, 1, &text);
    if (status == BI_OK)
        status = bi_object(ctx, argv, 2, &o);
    if (status == BI_OK)
        status = check_value(ctx, argv[1]);
    if (status == BI_OK)
        status = template_parse(ctx, text, &trees);
    buf_init(&out, ctx->arena);
    if (status == BI_OK)
        status = template_execute(ctx, text, trees, argv[1], &out);
    return status == BI_OK ? replace_missing(ctx, out.len > 0 ? buf_view(&out) : str_of("", 0), ret) : status;
}
