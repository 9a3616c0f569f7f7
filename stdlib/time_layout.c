/* SPDX-License-Identifier: Apache-2.0
 *
 * Layouts: finding the elements of the reference time in them.
 */
#include "stdlib/time_layout.h"

#define LAYOUT_WORD 1
#define LAYOUT_SKIP 2

struct element {
    struct str text;
    enum layout_id id;
    int flags;
};

static const struct element elements[] = {
#define ELEMENT(id, text, flags) {{(text), sizeof(text) - 1}, LAYOUT_##id, flags},
#define ALIAS(id, text, flags) ELEMENT(id, text, flags)
#include "stdlib/time_layout.def"
#undef ALIAS
#undef ELEMENT
};

static const struct {
    struct str name, layout;
} names[] = {
    {{"ANSIC", 5}, {"Mon Jan _2 15:04:05 2006", 24}},          {{"UnixDate", 8}, {"Mon Jan _2 15:04:05 MST 2006", 28}},
    {{"RubyDate", 8}, {"Mon Jan 02 15:04:05 -0700 2006", 30}}, {{"RFC822", 6}, {"02 Jan 06 15:04 MST", 19}},
    {{"RFC822Z", 7}, {"02 Jan 06 15:04 -0700", 21}},           {{"RFC850", 6}, {"Monday, 02-Jan-06 15:04:05 MST", 30}},
    {{"RFC1123", 7}, {"Mon, 02 Jan 2006 15:04:05 MST", 29}},   {{"RFC1123Z", 8}, {"Mon, 02 Jan 2006 15:04:05 -0700", 31}},
    {{"RFC3339", 7}, {"2006-01-02T15:04:05Z07:00", 25}},       {{"RFC3339Nano", 11}, {"2006-01-02T15:04:05.999999999Z07:00", 35}},
};

struct str layout_of_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_equal(names[i].name, name))
            return names[i].layout;
    return name;
}

static struct str tail(struct str s, size_t from)
{
    return (struct str){s.p + from, s.len - from};
}

static bool can_start(char c)
{
    return c != 0 && strchr("JM012_345Pp-Z.,", c) != NULL;
}

/* A fraction at the front of s: a separator and a run of 0 or 9 that no other digit follows. Its length, or 0. */
static size_t fraction_len(struct str s)
{
    if (s.len < 2 || (s.p[0] != '.' && s.p[0] != ',') || (s.p[1] != '0' && s.p[1] != '9'))
        return 0;
    size_t n = 1;
    while (n < s.len && s.p[n] == s.p[1])
        n++;
    return n < s.len && s.p[n] >= '0' && s.p[n] <= '9' ? 0 : n;
}

static const struct element *element_at(struct str s)
{
    for (size_t i = 0; i < COUNT_OF(elements); i++) {
        const struct element *e = &elements[i];
        if (!str_starts(s, e->text))
            continue;
        if ((e->flags & LAYOUT_WORD) != 0 && s.len > e->text.len && s.p[e->text.len] >= 'a' && s.p[e->text.len] <= 'z')
            continue;
        return e;
    }
    return NULL;
}

struct layout_step layout_next(struct str layout)
{
    for (size_t i = 0; i < layout.len; i++) {
        if (!can_start(layout.p[i]))
            continue;
        struct str rest = tail(layout, i);
        size_t fraction = fraction_len(rest);
        if (fraction > 0)
            return (struct layout_step){
                .id = rest.p[1] == '0' ? LAYOUT_FRACTION : LAYOUT_FRACTION_TRIMMED,
                .before = {layout.p, i},
                .text = {rest.p, fraction},
                .after = tail(rest, fraction),
                .digits = (int)((fraction - 1) & 0xfff),
                .separator = rest.p[0],
            };
        const struct element *e = element_at(rest);
        if (e == NULL)
            continue;
        size_t skip = (e->flags & LAYOUT_SKIP) != 0;
        return (struct layout_step){
            .id = e->id,
            .before = {layout.p, i + skip},
            .text = {rest.p + skip, e->text.len - skip},
            .after = tail(rest, e->text.len),
        };
    }
    return (struct layout_step){.id = LAYOUT_END, .before = layout, .after = tail(layout, layout.len)};
}

bool layout_is_iso_zone(enum layout_id id)
{
    return id >= LAYOUT_ISO_ZONE_SECONDS && id <= LAYOUT_ISO_ZONE_SHORT;
}

bool layout_is_num_zone(enum layout_id id)
{
    return id >= LAYOUT_NUM_ZONE_SECONDS && id <= LAYOUT_NUM_ZONE_SHORT;
}

bool layout_has_zone_colon(enum layout_id id)
{
    return id == LAYOUT_NUM_ZONE_COLON || id == LAYOUT_ISO_ZONE_COLON || id == LAYOUT_NUM_ZONE_COLON_SECONDS ||
           id == LAYOUT_ISO_ZONE_COLON_SECONDS;
}

bool layout_has_zone_minutes(enum layout_id id)
{
    return id != LAYOUT_NUM_ZONE_SHORT && id != LAYOUT_ISO_ZONE_SHORT;
}

bool layout_has_zone_seconds(enum layout_id id)
{
    return id == LAYOUT_NUM_ZONE_SECONDS || id == LAYOUT_ISO_ZONE_SECONDS || id == LAYOUT_NUM_ZONE_COLON_SECONDS ||
           id == LAYOUT_ISO_ZONE_COLON_SECONDS;
}
