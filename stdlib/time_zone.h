/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones out of files of the tz database (TZif versions 1 to 3, with the POSIX rule at their end).
 *
 * A zone is read-only once parsed and kept by bi_cached; NULL is UTC.
 */
#ifndef QUIS_STDLIB_TIME_ZONE_H
#define QUIS_STDLIB_TIME_ZONE_H

#include "vm/builtin.h"

struct zone;

/* What is in force at an instant. */
struct zone_period {
    struct str name;    /* "CET"; lives as long as the zone */
    int64_t offset;     /* seconds east of UTC */
    int64_t start, end; /* seconds since 1970, half open; near a change exact, else possibly narrower than the truth */
};

/* The zone called name through the host; "" and "UTC" need no host, "Local" is UTC unless the host has a file for it.
 * BI_ERROR with Go's text when there is none. */
MUST_CHECK int zone_load(struct bi_ctx *ctx, struct str name, const struct zone **ret);

/* Parses data, which must outlive ret. false: not a zone file. Exposed for tests. */
MUST_CHECK bool zone_parse(struct str data, struct zone *ret);

struct zone_period zone_at(const struct zone *z, int64_t seconds);

/* The offset of the zone abbreviation name at the local time of day seconds (as if it were UTC). false: the zone has none. */
MUST_CHECK bool zone_offset_by_name(const struct zone *z, struct str name, int64_t seconds, int64_t *ret);

/* Sizes and places within data, for zone_parse's callers to allocate. */
struct zone {
    struct str data;
    uint32_t when, index, types, names; /* offsets into data */
    uint32_t when_count, type_count, name_bytes;
    bool wide;       /* 8-byte transition times */
    struct str rule; /* POSIX TZ text, "" = none */
};

#endif
