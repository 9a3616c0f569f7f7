/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing of one argument of any kind: dispatch, collections, and the error text for a verb that a kind does not have.
 *
 * Recurses as deep as the value nests.
 */
#include "base/utf8.h"
#include "stdlib/gofmt_print.h"
#include "vm/number.h"

/* An address is nothing that a policy may depend on; this is shown for all of them. */
#define ANY_ADDRESS "0xc000000000"

struct gofmt_arg gofmt_of_value(struct bi_ctx *ctx, struct value v)
{
    struct gofmt_arg a = {.value = v};
    char *digits;
    switch (v.kind) {
    case VALUE_BOOL:
        a.kind = GOFMT_BOOL;
        a.i = v.i;
        break;
    case VALUE_NUMBER:
        a.kind = GOFMT_NUMBER;
        digits = arena_alloc(ctx->arena, NUMBER_INT_TEXT);
        a.text = digits != NULL ? number_text(v, digits) : str_of("", 0);
        break;
    case VALUE_STRING:
        a.kind = GOFMT_STRING;
        a.text = value_text(v);
        break;
    case VALUE_ARRAY:
        a.kind = GOFMT_LIST;
        break;
    case VALUE_OBJECT:
        a.kind = GOFMT_MAP;
        break;
    default:
        a.kind = GOFMT_NIL;
        break;
    }
    return a;
}

const char *gofmt_type(const struct gofmt_arg *a)
{
    static const char *const names[] = {
        [GOFMT_NIL] = "<nil>",     [GOFMT_BOOL] = "bool",           [GOFMT_INT] = "int64",
        [GOFMT_FLOAT] = "float64", [GOFMT_STRING] = "string",       [GOFMT_NUMBER] = "json.Number",
        [GOFMT_BIG] = "*big.Int",  [GOFMT_LIST] = "[]interface {}", [GOFMT_MAP] = "map[string]interface {}",
    };
    return a->type != NULL ? a->type : names[a->kind];
}

static void print_any(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb, bool is_inner);

/* What a big integer is made of, which the error text for %w shows: its sign and its words. */
static void print_words(struct gofmt_printer *p, struct value v)
{
    bool source = p->flags.sharp_v, named = source || p->flags.plus_v;
    struct str hex;
    if (number_format(p->ctx->arena, v, 16, &hex) != NUMBER_OK) {
        p->b->failed = true;
        return;
    }
    bool negative = hex.p[0] == '-';
    if (negative)
        hex = str_of(hex.p + 1, hex.len - 1);
    buf_cstr(p->b, source ? "&big.Int{" : "&{");
    buf_cstr(p->b, named ? "neg:" : "");
    gofmt_padded(p, negative ? STR("true") : STR("false"));
    buf_cstr(p->b, source ? ", abs:big.nat{" : named ? " abs:[" : " [");
    p->flags.sharp = source;
    for (size_t end = hex.len; end > 0; end -= end < 16 ? end : 16) {
        uint64_t word = 0;
        for (size_t i = end < 16 ? 0 : end - 16; i < end; i++)
            word = word << 4 | (uint64_t)(hex.p[i] <= '9' ? hex.p[i] - '0' : hex.p[i] - 'a' + 10);
        if (end < hex.len)
            buf_cstr(p->b, source ? ", " : " ");
        gofmt_unsigned(p, word, source ? 16 : 10);
    }
    p->flags.sharp = false;
    buf_cstr(p->b, source ? "}}" : "]}");
}

/* %!verb(type=value) */
static void print_bad_verb(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb)
{
    char out[UTF8_MAX];
    bool was = p->in_error;
    p->in_error = true;
    buf_cstr(p->b, "%!");
    buf_bytes(p->b, out, utf8_encode(out, verb));
    buf_char(p->b, '(');
    if (a->kind == GOFMT_NIL) {
        buf_cstr(p->b, "<nil>");
    } else {
        buf_cstr(p->b, gofmt_type(a));
        buf_char(p->b, '=');
        if (a->kind == GOFMT_BIG)
            print_words(p, a->value);
        else
            print_any(p, a, 'v', false);
    }
    buf_char(p->b, ')');
    p->in_error = was;
}

static void print_list(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb)
{
    bool source = p->flags.sharp_v;
    buf_cstr(p->b, source ? "[]interface {}{" : "[");
    for (uint32_t i = 0; i < a->value.len && !p->b->failed; i++) {
        if (i > 0)
            buf_cstr(p->b, source ? ", " : " ");
        struct gofmt_arg item = gofmt_of_value(p->ctx, a->value.items[i]);
        print_any(p, &item, verb, true);
    }
    buf_char(p->b, source ? '}' : ']');
}

static void print_map(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb)
{
    bool source = p->flags.sharp_v;
    const struct member *members = object_members(a->value.object);
    buf_cstr(p->b, source ? "map[string]interface {}{" : "map[");
    for (uint32_t i = 0; i < a->value.object->count && !p->b->failed; i++) {
        if (i > 0)
            buf_cstr(p->b, source ? ", " : " ");
        struct gofmt_arg key = gofmt_of_value(p->ctx, members[i].key), item = gofmt_of_value(p->ctx, members[i].value);
        print_any(p, &key, verb, true);
        buf_char(p->b, ':');
        print_any(p, &item, verb, true);
    }
    buf_char(p->b, source ? '}' : ']');
}

static void print_nil(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb, bool is_inner)
{
    if (is_inner)
        buf_cstr(p->b, p->flags.sharp_v ? "interface {}(nil)" : "<nil>");
    else if (verb == 'v')
        gofmt_padded(p, STR("<nil>"));
    else
        print_bad_verb(p, a, verb);
}

static void print_any(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb, bool is_inner)
{
    bool good = true;
    switch (a->kind) {
    case GOFMT_NIL:
        print_nil(p, a, verb, is_inner);
        break;
    case GOFMT_BOOL:
        good = verb == 't' || verb == 'v';
        if (good)
            gofmt_padded(p, a->i != 0 ? STR("true") : STR("false"));
        break;
    case GOFMT_INT:
        gofmt_signed(p, a->i, verb, &good);
        break;
    case GOFMT_FLOAT:
        gofmt_float(p, a->f, verb, &good);
        break;
    case GOFMT_STRING:
    case GOFMT_NUMBER:
        gofmt_string(p, a->text, verb, &good);
        break;
    case GOFMT_BIG:
        gofmt_big(p, a->value, verb);
        break;
    case GOFMT_LIST:
        print_list(p, a, verb);
        break;
    case GOFMT_MAP:
        print_map(p, a, verb);
        break;
    }
    if (!good)
        print_bad_verb(p, a, verb);
}

void gofmt_arg(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb)
{
    bool is_pointer = a->kind == GOFMT_BIG || a->kind == GOFMT_LIST || a->kind == GOFMT_MAP;
    if (verb == 'T') {
        bool good;
        gofmt_string(p, str_cstr(gofmt_type(a)), 's', &good);
    } else if (verb == 'p' && is_pointer) {
        gofmt_padded(p, STR(ANY_ADDRESS));
    } else if (verb == 'p' || (verb == 'w' && is_pointer)) {
        print_bad_verb(p, a, verb);
    } else {
        print_any(p, a, verb, false);
    }
}
