/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones out of files of the tz database (RFC 8536).
 *
 * A zone keeps the bytes of its file and reads them on look-up, big-endian, whatever the machine. zone_parse checks all
 * places and indexes, so that look-ups need not. Leap seconds and the standard/UT indicators are skipped, as Go does.
 */
#include "stdlib/time_zone.h"

#include "stdlib/time_posix.h"

#define HEADER_BYTES 44
#define COUNT_BYTES 24
#define TYPE_BYTES 6
#define BEGIN_OF_TIME INT64_MIN
#define END_OF_TIME INT64_MAX

struct counts {
    uint64_t ut, std, leap, time, type, name;
};

static uint64_t read_be(struct str data, size_t at, size_t bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (uint8_t)data.p[at + i];
    return n;
}

static struct counts read_counts(struct str data, size_t at)
{
    return (struct counts){read_be(data, at, 4),      read_be(data, at + 4, 4),  read_be(data, at + 8, 4),
                           read_be(data, at + 12, 4), read_be(data, at + 16, 4), read_be(data, at + 20, 4)};
}

/* Bytes of the block that the counts describe: cannot overflow, the counts have 32 bits. */
static uint64_t block_bytes(const struct counts *n, uint64_t time_bytes)
{
    return n->time * (time_bytes + 1) + n->type * TYPE_BYTES + n->name + n->leap * (time_bytes + 4) + n->std + n->ut;
}

static bool are_indexes_valid(const struct zone *z)
{
    for (uint32_t i = 0; i < z->type_count; i++)
        if ((uint8_t)z->data.p[z->types + i * TYPE_BYTES + 5] >= z->name_bytes)
            return false;
    for (uint32_t i = 0; i < z->when_count; i++)
        if ((uint8_t)z->data.p[z->index + i] >= z->type_count)
            return false;
    return true;
}

bool zone_parse(struct str data, struct zone *ret)
{
    if (data.len < HEADER_BYTES || data.len > UINT32_MAX || memcmp(data.p, "TZif", 4) != 0)
        return false;
    char version = data.p[4];
    if (version != 0 && version != '2' && version != '3')
        return false;
    bool wide = version != 0;
    struct counts n = read_counts(data, HEADER_BYTES - COUNT_BYTES);
    uint64_t at = HEADER_BYTES;
    if (wide) {
        at += block_bytes(&n, 4) + HEADER_BYTES;
        if (at > data.len)
            return false;
        n = read_counts(data, (size_t)at - COUNT_BYTES);
    }
    uint64_t time_bytes = wide ? 8 : 4, end = at + block_bytes(&n, time_bytes);
    if (end > data.len || n.type == 0)
        return false;
    struct zone z = {.data = data, .wide = wide};
    z.when = (uint32_t)at;
    z.index = (uint32_t)(z.when + n.time * time_bytes);
    z.types = (uint32_t)(z.index + n.time);
    z.names = (uint32_t)(z.types + n.type * TYPE_BYTES);
    z.when_count = (uint32_t)n.time;
    z.type_count = (uint32_t)n.type;
    z.name_bytes = (uint32_t)n.name;
    if (!are_indexes_valid(&z))
        return false;
    struct str rest = {data.p + end, data.len - (size_t)end};
    if (rest.len > 2 && rest.p[0] == '\n' && rest.p[rest.len - 1] == '\n')
        z.rule = (struct str){rest.p + 1, rest.len - 2};
    *ret = z;
    return true;
}

static int64_t transition_time(const struct zone *z, uint32_t i)
{
    if (z->when_count == 0)
        return BEGIN_OF_TIME;
    if (z->wide)
        return (int64_t)read_be(z->data, z->when + 8u * i, 8);
    return (int32_t)(uint32_t)read_be(z->data, z->when + 4u * i, 4);
}

static uint32_t transition_type(const struct zone *z, uint32_t i)
{
    return z->when_count == 0 ? 0 : (uint8_t)z->data.p[z->index + i];
}

static bool is_type_dst(const struct zone *z, uint32_t type)
{
    return z->data.p[z->types + type * TYPE_BYTES + 4] != 0;
}

static struct zone_period type_period(const struct zone *z, uint32_t type, int64_t start, int64_t end)
{
    size_t at = z->types + type * TYPE_BYTES;
    size_t name = z->names + (uint8_t)z->data.p[at + 5], limit = (size_t)z->names + z->name_bytes;
    const char *nul = memchr(z->data.p + name, 0, limit - name);
    size_t len = nul != NULL ? (size_t)(nul - (z->data.p + name)) : limit - name;
    return (struct zone_period){
        .name = {z->data.p + name, len},
        .offset = (int32_t)(uint32_t)read_be(z->data, at, 4),
        .start = start,
        .end = end,
    };
}

/* The type before the first transition: type 0 unless transitions use it; else the standard time nearest before the first
 * transition's; else the first standard time; else type 0. */
static uint32_t first_type(const struct zone *z)
{
    bool used = z->when_count == 0;
    for (uint32_t i = 0; i < z->when_count && !used; i++)
        used = transition_type(z, i) == 0;
    if (!used)
        return 0;
    uint32_t first = transition_type(z, 0);
    if (is_type_dst(z, first))
        for (uint32_t i = first; i > 0; i--)
            if (!is_type_dst(z, i - 1))
                return i - 1;
    for (uint32_t i = 0; i < z->type_count; i++)
        if (!is_type_dst(z, i))
            return i;
    return 0;
}

struct zone_period zone_at(const struct zone *z, int64_t seconds)
{
    if (z == NULL)
        return (struct zone_period){.name = STR("UTC"), .offset = 0, .start = BEGIN_OF_TIME, .end = END_OF_TIME};
    if (seconds < transition_time(z, 0))
        return type_period(z, first_type(z), BEGIN_OF_TIME, transition_time(z, 0));
    uint32_t count = z->when_count == 0 ? 1 : z->when_count, low = 0, high = count;
    int64_t end = END_OF_TIME;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        int64_t t = transition_time(z, middle);
        if (seconds < t) {
            end = t;
            high = middle;
        } else {
            low = middle;
        }
    }
    struct zone_period p = type_period(z, transition_type(z, low), transition_time(z, low), end);
    struct zone_period by_rule;
    bool is_last = low == count - 1 && z->rule.len > 0;
    return is_last && posix_zone_at(z->rule, p.start, seconds, &by_rule) ? by_rule : p;
}

bool zone_offset_by_name(const struct zone *z, struct str name, int64_t seconds, int64_t *ret)
{
    for (uint32_t i = 0; z != NULL && i < z->type_count; i++) {
        struct zone_period type = type_period(z, i, 0, 0);
        if (!str_equal(type.name, name))
            continue;
        struct zone_period p = zone_at(z, (int64_t)((uint64_t)seconds - (uint64_t)type.offset));
        if (str_equal(p.name, name)) {
            *ret = p.offset;
            return true;
        }
    }
    for (uint32_t i = 0; z != NULL && i < z->type_count; i++) {
        struct zone_period type = type_period(z, i, 0, 0);
        if (str_equal(type.name, name)) {
            *ret = type.offset;
            return true;
        }
    }
    return false;
}

/* ---- loading ---- */

/* A zone with the bytes of its file behind it: one allocation. is_utc stands for a "Local" that the host does not have. */
struct loaded {
    struct zone zone;
    size_t bytes;
    bool is_utc;
};

static bool is_name_safe(struct str name)
{
    if (name.p[0] == '/' || name.p[0] == '\\')
        return false;
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.p[i] == '.' && name.p[i + 1] == '.')
            return false;
    return memchr(name.p, 0, name.len) == NULL;
}

static int make_zone(struct bi_ctx *ctx, struct str name, const struct alloc *alloc, void **ret, size_t *ret_bytes)
{
    struct str file = {NULL, 0};
    bool found = ctx->host != NULL && ctx->host->file_zone != NULL &&
                 ctx->host->file_zone(ctx->host->ctx, name, ctx->arena, &file) == 0;
    if (!found && ctx->arena->failed != ARENA_OK)
        return bi_nomem(ctx);
    bool is_local = str_equal(name, STR("Local"));
    if (!found && !is_local)
        return bi_fail(ctx, "unknown time zone %.*s", (int)(name.len > 200 ? 200 : name.len), name.p);
    int status = bi_charge(ctx, 50 + file.len / 8);
    if (status != BI_OK)
        return status;
    size_t bytes;
    if (!size_add(sizeof(struct loaded), file.len, &bytes))
        return bi_nomem(ctx);
    struct loaded *l = alloc_get(alloc, bytes);
    if (l == NULL)
        return bi_halt(ctx, ERR_NOMEM, "no memory for a time zone");
    *l = (struct loaded){.bytes = bytes, .is_utc = !found};
    char *copy = (char *)(l + 1);
    if (file.len > 0)
        memcpy(copy, file.p, file.len);
    if (found && !zone_parse((struct str){copy, file.len}, &l->zone)) {
        alloc_release(alloc, l, bytes);
        return bi_fail(ctx, "malformed time zone information");
    }
    *ret = l;
    *ret_bytes = bytes;
    return BI_OK;
}

static void drop_zone(void *thing, const struct alloc *alloc)
{
    alloc_release(alloc, thing, ((struct loaded *)thing)->bytes);
}

static const struct bi_class zone_class = {.name = "time zone", .make = make_zone, .drop = drop_zone};

int zone_load(struct bi_ctx *ctx, struct str name, const struct zone **ret)
{
    *ret = NULL;
    if (name.len == 0 || str_equal(name, STR("UTC")))
        return BI_OK;
    if (!is_name_safe(name))
        return bi_fail(ctx, "time: invalid location name");
    void *thing;
    int status = bi_cached(ctx, &zone_class, name, &thing);
    if (status != BI_OK)
        return status;
    const struct loaded *l = thing;
    *ret = l->is_utc ? NULL : &l->zone;
    return BI_OK;
}
