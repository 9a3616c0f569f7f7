/* SPDX-License-Identifier: Apache-2.0
 *
 * uuid.parse, uuid.rfc4122.
 *
 * A text that is no UUID has no parse (undefined, not an error). Time and node are told for versions 1 and 2 only.
 */
#include "stdlib/builtins.h"

struct uuid {
    uint8_t bytes[16];
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Only the letters are folded: "URN:UUID:" in any case. */
static bool has_urn_prefix(struct str s)
{
    static const char urn[] = "urn:uuid:";
    for (size_t i = 0; i < sizeof urn - 1; i++) {
        char c = s.p[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if (c != urn[i])
            return false;
    }
    return true;
}

/* The 32 digits plain, with hyphens, within braces (whose form is not looked at) or after urn:uuid:. */
static bool parse_uuid(struct str s, struct uuid *ret)
{
    if (s.len == 45) {
        if (!has_urn_prefix(s))
            return false;
        s = str_of(s.p + 9, 36);
    } else if (s.len == 38) {
        s = str_of(s.p + 1, 36);
    } else if (s.len != 36 && s.len != 32) {
        return false;
    }
    bool hyphens = s.len == 36;
    const char *p = s.p;
    for (unsigned i = 0; i < 16; i++, p += 2) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && *p++ != '-')
            return false;
        int high = hex_value(p[0]), low = hex_value(p[1]);
        if (high < 0 || low < 0)
            return false;
        ret->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static uint64_t read_big(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;
    while (n-- > 0)
        v = v << 8 | *p++;
    return v;
}

static const char *variant_name(const struct uuid *u)
{
    uint8_t bits = u->bytes[8];
    return (bits & 0xC0) == 0x80   ? "RFC4122"
           : (bits & 0xE0) == 0xC0 ? "Microsoft"
           : (bits & 0xE0) == 0xE0 ? "Future"
                                   : "Reserved";
}

/* Nanoseconds since 1970 of a count of 100 ns since 1582-10-15. */
static int64_t read_time(const struct uuid *u)
{
    uint64_t ticks = read_big(u->bytes, 4) | read_big(u->bytes + 4, 2) << 32 | (read_big(u->bytes + 6, 2) & 0xFFF) << 48;
    const uint64_t epoch_ticks = UINT64_C(122192928000000000);
    return (int64_t)((ticks - epoch_ticks) * 100);
}

static const char *address_kind(uint8_t first)
{
    static const char *const kinds[4] = {"global:unicast", "global:multicast", "local:unicast", "local:multicast"};
    return kinds[first & 3];
}

/* An object under construction; ok turns false when memory runs out. */
struct maker {
    struct bi_ctx *ctx;
    struct object *o;
    bool ok;
};

static void put(struct maker *m, const char *key, struct value v)
{
    m->ok = m->ok && object_put(m->ctx->arena, m->o, value_str(str_cstr(key)), v) >= 0;
}

static void put_text(struct maker *m, const char *key, struct str text)
{
    m->ok = m->ok && text.p != NULL;
    if (m->ok)
        put(m, key, value_str(text));
}

static void put_details(struct maker *m, const struct uuid *u, int version)
{
    static const char *const domains[3] = {"Person", "Group", "Org"};
    struct arena *a = m->ctx->arena;
    const uint8_t *n = u->bytes + 10;
    put(m, "time", value_int(read_time(u)));
    put_text(m, "nodeid", arena_printf(a, "%02x-%02x-%02x-%02x-%02x-%02x", n[0], n[1], n[2], n[3], n[4], n[5]));
    put_text(m, "macvariables", str_cstr(address_kind(n[0])));
    put(m, "clocksequence", value_int((int64_t)(read_big(u->bytes + 8, 2) & 0x3FFF)));
    if (version != 2)
        return;
    uint8_t domain = u->bytes[9];
    put(m, "id", value_int((int64_t)read_big(u->bytes, 4)));
    put_text(m, "domain", domain < 3 ? str_cstr(domains[domain]) : arena_printf(a, "Domain%u", domain));
}

int bif_uuid_parse(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str s;
    struct uuid u;
    int status = bi_string(ctx, argv, 1, &s);
    if (status != BI_OK)
        return status;
    if (!parse_uuid(s, &u))
        return BI_UNDEFINED;
    struct maker m = {.ctx = ctx, .o = object_new(ctx->arena, 8)};
    m.ok = m.o != NULL;
    int version = u.bytes[6] >> 4;
    put(&m, "version", value_int(version));
    put_text(&m, "variant", str_cstr(variant_name(&u)));
    if (version == 1 || version == 2)
        put_details(&m, &u, version);
    *ret = value_object(m.o);
    return m.ok ? BI_OK : bi_nomem(ctx);
}

int bif_uuid_rfc4122(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    (void)argv; /* the key under which the VM remembers the answer */
    uint8_t b[16];
    if (ctx->host == NULL || ctx->host->random == NULL || ctx->host->random(ctx->host->ctx, b, sizeof b) != 0)
        return bi_fail(ctx, "no random numbers are granted");
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
    struct str text = arena_printf(ctx->arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
                                   b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    *ret = value_str(text);
    return text.p != NULL ? BI_OK : bi_nomem(ctx);
}
