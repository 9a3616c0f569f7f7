/* SPDX-License-Identifier: Apache-2.0
 *
 * io.jwt.decode, and the parts of tokens.
 */
#include "stdlib/jwt.h"

#include "stdlib/base64.h"
#include "stdlib/builtins.h"
#include "stdlib/hash.h"
#include "vm/json.h"

static const struct jwt_algorithm algorithms[] = {
#define JWT_ALGORITHM(name, alias, family, scheme, digest, flags) {name, alias, family, scheme, digest, flags},
#include "stdlib/jwt_algorithms.def"
#undef JWT_ALGORITHM
};

const struct jwt_algorithm *jwt_find_algorithm(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(algorithms) && name.len > 0; i++)
        if (str_equal(str_cstr(algorithms[i].name), name) || str_equal(str_cstr(algorithms[i].alias), name))
            return &algorithms[i];
    return NULL;
}

bool jwt_is_known(struct str name)
{
    const struct jwt_algorithm *a = jwt_find_algorithm(name);
    return a != NULL && (a->flags & JWT_SIGN) != 0 && str_equal(str_cstr(a->name), name);
}

int jwt_split(struct bi_ctx *ctx, struct str token, struct jwt *ret)
{
    size_t parts = 1, dots[2] = {0, 0};
    for (size_t i = 0; i < token.len; i++)
        if (token.p[i] == '.') {
            if (parts <= 2)
                dots[parts - 1] = i;
            parts++;
        }
    int status = bi_charge(ctx, 50 + token.len * 2);
    if (status != BI_OK)
        return status;
    if (parts == 1)
        return bi_fail(ctx, "encoded JWT had no period separators");
    if (parts != 3)
        return bi_fail(ctx, "encoded JWT must have 3 sections, found %zu", parts);
    *ret = (struct jwt){
        .header_text = {token.p, dots[0]},
        .payload_text = {token.p + dots[0] + 1, dots[1] - dots[0] - 1},
        .signature_text = {token.p + dots[1] + 1, token.len - dots[1] - 1},
        .signed_text = {token.p, dots[1]},
    };
    return BI_OK;
}

int jwt_decode_part(struct bi_ctx *ctx, struct str text, const char *prefix, struct str *ret)
{
    bool padded = text.len > 0 && text.p[text.len - 1] == '=';
    size_t at;
    if (!padded && text.len % 4 == 1)
        return bi_fail(ctx, "%sillegal base64url string: %.*s", prefix, (int)(text.len > 500 ? 500 : text.len), text.p);
    /* without padding, as many signs as the length asks for are thought behind the text: line breaks count, and then show */
    struct str full = text;
    if (!padded && text.len % 4 != 0) {
        struct buf b;
        buf_init(&b, ctx->arena);
        buf_str(&b, text);
        buf_cstr(&b, text.len % 4 == 2 ? "==" : "=");
        if (b.failed)
            return bi_nomem(ctx);
        full = buf_view(&b);
    }
    switch (base64_decode(ctx->arena, full, BASE64_URL, true, ret, &at)) {
    case BASE64_OK:
        return BI_OK;
    case BASE64_NOMEM:
        return bi_nomem(ctx);
    default:
        return bi_fail(ctx, "%sillegal base64 data at input byte %zu", prefix, at);
    }
}

int jwt_parse_object(struct bi_ctx *ctx, struct str text, const char *prefix, struct object **ret)
{
    struct err e = {.code = ERR_OK};
    struct json_options options = {.borrow = true};
    struct value v;
    if (json_parse(ctx->arena, text, &options, &v, &e) != 0)
        return e.code == ERR_JSON ? bi_fail(ctx, "%sinvalid JSON: %s", prefix, e.text) : bi_halt(ctx, e.code, "%s", e.text);
    if (v.kind != VALUE_OBJECT)
        return bi_fail(ctx, "%sdecoded JSON type was not an Object", prefix);
    *ret = v.object;
    return BI_OK;
}

int jwt_decode_header(struct bi_ctx *ctx, struct jwt *t)
{
    struct str text;
    int status = jwt_decode_part(ctx, t->header_text, "JWT header had invalid encoding: ", &text);
    if (status == BI_OK)
        status = jwt_parse_object(ctx, text, "bad JWT header: ", &t->header);
    if (status == BI_OK && object_find_str(t->header, STR("enc")) != NULL)
        return bi_fail(ctx, "JWT is a JWE object, which is not supported");
    return status;
}

/* ---- header parameters ---- */

static int read_critical(struct bi_ctx *ctx, struct object *header, struct value list, bool *ret_unknown)
{
    static const char *const known[] = {"alg", "kid", "typ", "cty", "crit"};
    size_t count = 0;
    if (list.kind != VALUE_ARRAY)
        return bi_fail(ctx, "crit: must be a list");
    for (; count < list.len && list.items[count].kind == VALUE_STRING; count++) {
        bool is_known = object_find(header, list.items[count]) == NULL;
        for (size_t i = 0; i < COUNT_OF(known) && !is_known; i++)
            is_known = str_equal(value_text(list.items[count]), str_cstr(known[i]));
        *ret_unknown |= !is_known;
    }
    return count > 0 ? BI_OK : bi_fail(ctx, "crit: must be a nonempty list");
}

int jwt_read_header(struct bi_ctx *ctx, const struct jwt *t, struct jwt_header *ret)
{
    struct str typ;
    const struct {
        const char *name;
        struct str *place;
    } texts[] = {{"alg", &ret->alg}, {"crit", NULL}, {"cty", &ret->cty}, {"kid", &ret->kid}, {"typ", &typ}};
    *ret = (struct jwt_header){{"", 0}, {"", 0}, {"", 0}, false};
    for (size_t i = 0; i < COUNT_OF(texts); i++) { /* in the order of names: the first complaint counts */
        const struct value *v = object_find_str(t->header, str_cstr(texts[i].name));
        if (v == NULL)
            continue;
        int status = BI_OK;
        if (texts[i].place == NULL)
            status = read_critical(ctx, t->header, *v, &ret->has_unknown_critical);
        else if (v->kind != VALUE_STRING)
            status = bi_fail(ctx, "%s: must be a string", texts[i].name);
        else
            *texts[i].place = value_text(*v);
        if (status != BI_OK)
            return status;
    }
    return BI_OK;
}

/* ---- io.jwt.decode ---- */

static int return_decoded(struct bi_ctx *ctx, const struct jwt *t, struct str payload_text, struct value *ret)
{
    struct object *payload;
    struct str signature;
    struct buf hex;
    struct value *parts = arena_array(ctx->arena, 3, sizeof *parts);
    if (parts == NULL)
        return bi_nomem(ctx);
    int status = jwt_parse_object(ctx, payload_text, "", &payload);
    if (status == BI_OK)
        status = jwt_decode_part(ctx, t->signature_text, "JWT signature had invalid encoding: ", &signature);
    if (status != BI_OK)
        return status;
    buf_init(&hex, ctx->arena);
    hash_hex(&hex, (const uint8_t *)signature.p, signature.len);
    parts[0] = value_object(t->header);
    parts[1] = value_object(payload);
    *ret = value_array(parts, 3);
    return bi_return_buf(ctx, &hex, &parts[2]);
}

/* Without the quotes that some writers put around a token within a token. */
static struct str without_quotes(struct str s)
{
    while (s.len > 0 && (s.p[0] == '"' || s.p[0] == '\''))
        s = (struct str){s.p + 1, s.len - 1};
    while (s.len > 0 && (s.p[s.len - 1] == '"' || s.p[s.len - 1] == '\''))
        s.len--;
    return s;
}

int bif_io_jwt_decode(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str token, payload;
    int status = bi_string(ctx, argv, 1, &token);
    while (status == BI_OK) { /* a token within a token is shorter by a quarter at least */
        struct jwt t;
        status = jwt_split(ctx, token, &t);
        if (status == BI_OK)
            status = jwt_decode_header(ctx, &t);
        if (status == BI_OK)
            status = jwt_decode_part(ctx, t.payload_text, "JWT payload had invalid encoding: ", &payload);
        if (status != BI_OK)
            return status;
        const struct value *cty = object_find_str(t.header, STR("cty"));
        if (cty != NULL && cty->kind != VALUE_STRING)
            return bi_fail(ctx, "cty: must be a string");
        if (cty == NULL || !str_equal(value_text(*cty), STR("JWT")))
            return return_decoded(ctx, &t, payload, ret);
        token = without_quotes(payload);
    }
    return status;
}
