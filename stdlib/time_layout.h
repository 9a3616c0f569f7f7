/* SPDX-License-Identifier: Apache-2.0
 *
 * Layouts: how Go writes down a format of dates and times, by showing 2006-01-02 15:04:05 MST in it.
 */
#ifndef QUIS_STDLIB_TIME_LAYOUT_H
#define QUIS_STDLIB_TIME_LAYOUT_H

#include "base/str.h"

enum layout_id {
    LAYOUT_END, /* nothing but literal text is left */
#define ELEMENT(id, text, flags) LAYOUT_##id,
#define ALIAS(id, text, flags)
#include "stdlib/time_layout.def"
#undef ALIAS
#undef ELEMENT
    LAYOUT_FRACTION,         /* ".000": exactly so many digits */
    LAYOUT_FRACTION_TRIMMED, /* ".999": without zeros at the end */
};

/* The first element of a layout. */
struct layout_step {
    enum layout_id id;
    struct str before; /* literal text in front of it; all of the layout at LAYOUT_END */
    struct str text;   /* the element itself */
    struct str after;  /* what is left */
    int digits;        /* of a fraction, modulo 4096 as in Go */
    char separator;    /* of a fraction: '.' or ',' */
};

struct layout_step layout_next(struct str layout);

/* The layout that name is OPA's name of ("RFC3339"), else name itself. */
struct str layout_of_name(struct str name);

/* Zone elements: is the form written with a Z for UTC, with colons, with minutes, with seconds? */
bool layout_is_iso_zone(enum layout_id id);
bool layout_is_num_zone(enum layout_id id);
bool layout_has_zone_colon(enum layout_id id);
bool layout_has_zone_minutes(enum layout_id id);
bool layout_has_zone_seconds(enum layout_id id);

#endif
